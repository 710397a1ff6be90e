"""Which memories a new telling makes outdated, beyond those that share its slot.

"She studies law now, not biology" ends what was told of her studies before. Two memories are compared when
they are about the same one; what can be true together (two cats, two hobbies) is never ended by silence:
it takes a kind of statement that has one value at a time and a word that says that something changed, or
the old value named and denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter

from data.grammar_professions import profession
from data.grammar_slots import implied
from data.lexicon import KIN, NUMBERS, PETS, PREPOSITIONS, THINGS
from data.records import Exchange, Memory
from quality.changes import Change, stems
from quality.endings import ENDING, HAVING, ends
from quality.foreign import own_text

_BEING = frozenset({"be", "work", "become"})
_ONE_AT_A_TIME = frozenset(
    "live study teach weigh cost pay date day start begin end open is be in work attend earn marry drive "
    "rent".split()
)
_HELD = frozenset({"employer", "town"})
_MANY = frozenset("be have like love hate enjoy own play speak know collect want get not be not have".split())
_AT_WORK = frozenset({"job", "workplace"})
_TIMES = frozenset({"date", "day", "start", "begin", "be"})
_PARTNERS = frozenset("boyfriend girlfriend partner husband wife fiance fiancee fiancé fiancée bf gf".split())
_BOND = re.compile(r"(?:single|married|engaged|divorced|widowed|separated|in a relationship)\b")
_DUE = re.compile(r"due (?:on|in|by|at|before) (?:the )?[\w-]+")
_HEADS = KIN | PETS | THINGS | {"boy", "girl", "lad", "kid"}
_LATEST = frozenset("my our the new latest current first old own".split())


def outdated(
    found: Sequence[Memory], ledger: Sequence[Memory], exchanges: Sequence[Exchange]
) -> dict[str, str]:
    """Ids of active memories that a telling of the day made outdated, each with the id of that telling."""
    texts = {e.user.id: e.user.text for e in exchanges}
    order = {turn: i for i, turn in enumerate(texts)}
    people = _People(ledger)
    active = {m.id for m in ledger if m.active}
    pairs: dict[str, tuple[int, str]] = {}
    gone = {m.superseded_by: m for m in ledger if m.state == "superseded" and m.slot and m.relation != "name"}
    for new in sorted((m for m in found if m.id in active), key=lambda m: (_last(m, order), m.id)):
        past = stems(gone[new.id].value) if new.id in gone and gone[new.id].slot == new.slot else frozenset()
        change = Change.of(" ".join(own_text(texts[s]) for s in new.sources if s in texts), new.value)
        for old in people.meant(new, change):
            if old.id == new.id or not _before(old, new, order):
                continue
            if _ended(old, new, change) or past and new.relation in _HELD and past <= stems(old.value):
                told = (_closeness(old, new), new.id)
                pairs[old.id] = max(told, pairs.get(old.id, told), key=itemgetter(0))
    return {old_id: new_id for old_id, (_, new_id) in pairs.items()}


def completed(
    pairs: Mapping[str, str], ledger: Sequence[Memory], exchanges: Sequence[Exchange]
) -> list[Memory]:
    """The ledger in which a value put right keeps the words that stood behind the wrong one.

    "She teaches chemistry out in Regina" and "she teaches biology, not chemistry" make "... biology out in
    Regina": only what was denied is over. `pairs` are those of `outdated`.
    """
    texts = {e.user.id: e.user.text for e in exchanges}
    by_id = {memory.id: memory for memory in ledger}
    for old_id, new_id in sorted(pairs.items()):
        old, new = by_id[old_id], by_id[new_id]
        denied = Change.of(" ".join(own_text(texts[s]) for s in new.sources if s in texts), new.value).denied
        rest = _behind(old.value, denied)
        head, found, tail = old.statement.rpartition(old.value)
        if rest and found and new.statement == f"{head}{new.value}{tail}":
            value = f"{new.value} {rest}"
            by_id[new_id] = replace(new, value=value, statement=f"{head}{value}{tail}")
    return [by_id[memory.id] for memory in ledger]


def _behind(value: str, denied: Sequence[frozenset[str]]) -> str:
    """What a value says of place, time or company behind the words that were denied, if anything."""
    words = value.split()
    for at in range(1, len(words)):
        if words[at].lower() in PREPOSITIONS and stems(" ".join(words[:at])) in denied:
            return " ".join(words[at:])
    return ""


class _People:
    """Active memories by whom they are about; a role without a name means its one known bearer."""

    def __init__(self, memories: Sequence[Memory]) -> None:
        self.by_subject: dict[tuple[str, str], list[Memory]] = {}
        self.names: dict[str, set[str]] = {}
        for memory in memories:
            if memory.active:
                role, name = _parts(memory.subject)
                name = name or (memory.value.lower() if memory.relation == "name" else "")
                self.by_subject.setdefault((role, name), []).append(memory)
                self.names.setdefault(role, set()).update({name} - {""})

    def meant(self, new: Memory, change: Change) -> Iterator[Memory]:
        """Memories that a new one may be news of."""
        yield from self.like(new.subject)
        if change.parted and new.subject == "I":
            yield from (m for (role, _), told in self.by_subject.items() if role in _PARTNERS for m in told)
        if new.subject == "I" and new.relation in ENDING | HAVING:
            yield from (m for told in self.by_subject.values() for m in told if _is_thing(m))
        if change.moved and new.relation in _TIMES:
            for (role, _), told in self.by_subject.items():
                if stems(role) & change.moved:
                    yield from (m for m in told if m.relation in _TIMES)

    def like(self, subject: str) -> list[Memory]:
        """Memories about the same one as `subject`."""
        role, name = _parts(subject)
        if name:
            keys = {(r, name) for r in {*self.names, role} if (r, name) in self.by_subject}
            keys |= {(role, "")} if self.names.get(role, set()) <= {name} else set()
        else:
            bearers = self.names.get(role, set())
            keys = {(role, ""), *((role, one) for one in bearers if len(bearers) == 1)}
        return [memory for key in sorted(keys) for memory in self.by_subject.get(key, ())]


def _is_thing(memory: Memory) -> bool:
    """Whether a memory tells what a thing of the person's is ("My car is a Volvo")."""
    return memory.relation in {"is", "be"} and memory.subject.startswith("my ") and not _alive(memory.subject)


def _last(memory: Memory, order: dict[str, int]) -> int:
    return max((order.get(s, -1) for s in memory.sources), default=-1)


def _before(old: Memory, new: Memory, order: dict[str, int]) -> bool:
    """Whether the old one was told in an earlier turn than the new one was first told today."""
    if old.told > new.told:
        return False
    first = min((order[s] for s in new.sources if s in order), default=-1)
    return _last(old, order) < first


def _ended(old: Memory, new: Memory, change: Change) -> bool:
    kind, was, value = _kind(new), _kind(old), stems(old.value)
    role, name = _parts(old.subject)
    if role in _PARTNERS and new.subject == "I":
        return kind == "bond" and _meant_partner(role, name or old.value.lower(), change)
    if not value or "name" in (old.relation, new.relation):
        return False
    if ends(new, old) or _renewed(old, new):
        return True
    if value <= stems(new.value) and new.relation not in ENDING:
        return False
    if kind in {"age", "bond", "due"}:
        return was == kind
    denied = any(_named_in(words, value) for words in change.denied)
    if denied and (_alike(old, new) or was == kind != ""):
        return True
    if change.beside or _parts(new.subject) != _parts(old.subject) and new.subject == "I":
        return False
    if _left_work(old, new, change):
        return True
    if not (change.changed or change.corrected):
        return False
    if kind and kind == was:
        return True
    if change.moved and old.relation in _TIMES and stems(_parts(old.subject)[0]) & change.moved:
        return new.relation in _TIMES and any(c.isdigit() for c in old.value)
    if old.relation != new.relation or old.relation in _MANY or not _same_thing(old, new):
        return False
    return old.relation in _ONE_AT_A_TIME or change.corrected and old.told == new.told


def _left_work(old: Memory, new: Memory, change: Change) -> bool:
    """Whether the news of a place, a post or a pension leaves the work the old one tells of."""
    kind, was, told = _kind(new), _kind(old), implied(old.statement)
    if was not in _AT_WORK and "job" not in told:
        return False
    if new.relation == "retire" or new.relation == "be" and new.value.lower().startswith("retired"):
        return True
    if kind not in _AT_WORK:
        return False
    place = stems("".join(re.findall(r" (?:at|for) (?:the )?([A-Z].*)", old.statement)))
    if place and (change.changed or change.leaving) and kind == "workplace" and place & change.words:
        return True
    if change.leaving and (not change.leaving_one or not place):
        return bool(place) or kind == was
    return change.relieved and new.relation == "position" and was != "workplace"


def _meant_partner(role: str, name: str, change: Change) -> bool:
    """Whether the partner the person parted from is this one: named, or nobody else is."""
    return change.parted and (bool(stems(f"{role} {name}") & change.words) or not _PARTNERS & change.words)


def _renewed(old: Memory, new: Memory) -> bool:
    """ "My new phone is a Fairphone" ends what the phone was."""
    fresh = new.subject.lower().startswith(("my new ", "our new "))
    values = all(m.value.lower().startswith(("a ", "an ")) for m in (old, new))
    return fresh and old.relation == new.relation in {"be", "is"} and values and not _alive(old.subject)


def _closeness(old: Memory, new: Memory) -> int:
    """How well a telling answers for the old one: "bought a Peugeot" before "sold it", "no dog" last."""
    if new.value.lower().startswith("no "):
        return 0
    if new.relation in ENDING:
        return 1
    return 3 if new.relation == old.relation or _kind(new) in {_kind(old) or "-", "bond"} else 2


def _named_in(denied: frozenset[str], value: frozenset[str]) -> bool:
    """Whether the words after a denial name this value; the sentence may run on behind it."""
    return bool(denied & value) and (denied <= value or value <= denied or bool(_first(denied) & value))


def _first(words: frozenset[str]) -> frozenset[str]:
    return words if len(words) < 3 else frozenset()


def _alike(old: Memory, new: Memory) -> bool:
    """Whether two memories say something of one sort, so that the denied value of one ends the other."""
    one, other = old.relation, new.relation
    if (
        one == other
        or {one, other} <= HAVING
        or _is_thing(old)
        and other in HAVING | ENDING
        or {one, other} <= {"live", "town", "move", "be"}
    ):
        return True
    parts = {one, other} == {"play", "be"} and all(m.value.startswith("the ") for m in (old, new))
    return parts or other in ENDING and (one in HAVING or _kind(old) in {*_AT_WORK, "home"})


def _same_thing(old: Memory, new: Memory) -> bool:
    """Whether two values of a verb speak of one thing: "biology" and "in Leeds" of a study do not."""
    return _placed(old.value) == _placed(new.value)


def _placed(value: str) -> bool:
    return value.lower().split()[:1] != [] and value.lower().split()[0] in {
        "in",
        "at",
        "near",
        "on",
        "with",
        "for",
    }


def _kind(memory: Memory) -> str:
    """What single-valued thing a memory tells: age, job, workplace, home, bond, grade, due, amount, none."""
    relation, value = memory.relation, memory.value.lower()
    first = value.split()[0] if value else ""
    number = first.isdigit() or first in NUMBERS.keys() - {"a", "an", "one"}
    if (
        relation == "age"
        or relation in {"be", "turn"}
        and number
        and len(value.split()) < 4
        and _alive(memory.subject)
    ):
        return "age"
    if relation in {"be", "get"} and _BOND.match(value) or relation in {"split", "break"} and value == "up":
        return "bond"
    if relation in {"job", "position"} or relation in _BEING and profession(value.removeprefix("as ")):
        return "job"
    if relation == "employer" or relation == "work" and first in {"at", "for"}:
        return "workplace"
    if relation == "be" and re.match(r"at [\w &'-]+ years?\b", value):
        return "workplace"
    if relation == "town" or relation == "live" and _placed(value) and first != "with":
        return "home"
    if relation == "be" and re.match(r"(?:renting|living|staying) (?:\w+ ){0,3}(?:in|at) \w", value):
        return "home"
    if relation == "move" and first == "to":
        return "home"
    if relation == "be" and re.match(r"in (?:\w+ )?(?:grade|year|class)\b", value):
        return "grade"
    if relation == "be" and _DUE.match(value):
        return "due"
    costs = relation in {"be", "is", "cost"} and re.match(r"\D{0,3}\d", value)
    return "amount" if costs and memory.subject != "I" and not _alive(memory.subject) else ""


def _alive(subject: str) -> bool:
    """Whether a subject is the person, somebody or an animal, and no thing."""
    role, name = _parts(subject)
    return subject == "I" or role in _HEADS - THINGS or bool(name)


def _parts(subject: str) -> tuple[str, str]:
    """The role and the name in a subject ("my son Tom" -> "son", "tom"; "my new phone" -> "phone", "")."""
    words = subject.split()
    name = next((w.lower() for w in words if w[:1].isupper() and w not in {"I", "My", "Our"}), "")
    role = next((w for w in words if w.lower() in _HEADS), "")
    plain = [w.lower() for w in words if w[:1].islower() or w == "I"]
    return role or " ".join(w for w in plain if w not in _LATEST), name
