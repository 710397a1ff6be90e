"""Which memories a new telling makes outdated, beyond those that share its slot.

"She studies law now, not biology" ends what was told of her studies before. Two memories are compared when
they are about the same one; what can be true together (two cats, two hobbies) is never ended by silence:
it takes a kind of statement that has one value at a time and a word that says that something changed, or
the old value named and denied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

from data.grammar_professions import profession
from data.lexicon import KIN, NUMBERS, PETS, STOPWORDS, THINGS
from data.records import Exchange, Memory
from data.terms import stem
from quality.foreign import own_text

_CHANGED = re.compile(
    r"\b(?:now|these days|any ?more|no longer|from (?:now|today|monday|tomorrow) on|from (?:now|today)|as "
    r"of|since|"
    r"new (?:job|place|flat|house|school|boss|post|role|car)|changed?|switched|moved|swapped|turned|turns|"
    r"turning|left|"
    r"quit|instead|became|become|promoted|made me|started|start|starting|birthday|today|finally|retired|"
    r"not [\w' ]+)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"(?:^|[.!?,]\s*)(?:no|nope|nah|wait|sorry|oops|actually|correction|argh)\b|\b(?:i meant|i mixed|"
    r"mixed up|"
    r"i was wrong|told you (?:rubbish|wrong)|misspoke|did i say|my mistake|not true)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:not|no longer|isn't|instead of|rather than|used to(?: be)?|switched from|changed from|moved from|"
    r"moved away from|left|quit|sold|(?:broke|split) up with)\s+(?:an? |the |in |at |as |on |my |our |to )*"
    r"(?P<value>[\w'-]{1,40}(?: [\w'-]{1,40}){0,3})|"
    r"\b(?P<ended>[\w'-]{1,40}(?: [\w'-]{1,40})?) (?:any ?more|no more)\b",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"\b(?:changed jobs|new job|gave notice|quit (?:my|the) job|(?:left|leaving|quit) (?:my |the )?(?:job|"
    r"work|company|firm))\b",
    re.IGNORECASE,
)
_BEING = frozenset({"be", "work", "become"})
_ONE_AT_A_TIME = frozenset(
    "live study teach weigh cost pay date day start begin end open is be in work attend earn marry drive "
    "rent".split()
)
_HELD = frozenset({"employer", "town"})
_MANY = frozenset("be have like love hate enjoy own play speak know collect want get not be not have".split())
_HAVING = frozenset({"have", "own", "drive", "buy", "get", "use", "ride"})
_ENDING = frozenset({"sell", "quit", "leave", "lose", "stop"})
_AT_WORK = frozenset({"job", "workplace"})
_HEADS = KIN | PETS | THINGS | {"boy", "girl", "lad", "kid"}


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
        past = _stems(gone[new.id].value) if new.id in gone and gone[new.id].slot == new.slot else frozenset()
        change = _Change.of(" ".join(own_text(texts[s]) for s in new.sources if s in texts))
        if not (past or change.changed or change.corrected or change.denied or _kind(new)):
            continue
        for old in people.like(new.subject):
            if old.id == new.id or not _before(old, new, order):
                continue
            if _ended(old, new, change) or past and new.relation in _HELD and past <= _stems(old.value):
                told = (_closeness(old, new), new.id)
                pairs[old.id] = max(told, pairs.get(old.id, told), key=itemgetter(0))
    return {old_id: new_id for old_id, (_, new_id) in pairs.items()}


@dataclass(frozen=True, slots=True)
class _Change:
    """What a text says of change: whether it does, whether it corrects, and the values it denies."""

    changed: bool
    corrected: bool
    leaving: bool
    denied: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, text: str) -> _Change:
        denied = (_stems(m["value"] or m["ended"]) for m in _DENIED.finditer(text))
        return cls(
            bool(_CHANGED.search(text)),
            bool(_CORRECTED.search(text)),
            bool(_LEAVING.search(text)),
            tuple(words for words in denied if words),
        )


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


def _last(memory: Memory, order: dict[str, int]) -> int:
    return max((order.get(s, -1) for s in memory.sources), default=-1)


def _before(old: Memory, new: Memory, order: dict[str, int]) -> bool:
    """Whether the old one was told in an earlier turn than the new one was first told today."""
    if old.told > new.told:
        return False
    first = min((order[s] for s in new.sources if s in order), default=-1)
    return _last(old, order) < first


def _ended(old: Memory, new: Memory, change: _Change) -> bool:
    kind, was, value = _kind(new), _kind(old), _stems(old.value)
    if not value or value <= _stems(new.value) or "name" in (old.relation, new.relation):
        return False
    if kind == "age":
        return was == "age"
    if any(_named_in(words, value) for words in change.denied):
        return _alike(old, new) or was == kind != ""
    if change.leaving and kind in _AT_WORK:
        return was in _AT_WORK
    if not (change.changed or change.corrected):
        return False
    if kind and kind == was:
        return True
    if old.relation != new.relation or old.relation in _MANY or not _same_thing(old, new):
        return False
    return old.relation in _ONE_AT_A_TIME or change.corrected and old.told == new.told


def _closeness(old: Memory, new: Memory) -> int:
    """How well a telling answers for the old one: "bought a Peugeot" before "sold it", "no dog" last."""
    if new.value.lower().startswith("no "):
        return 0
    if new.relation in _ENDING:
        return 1
    return 3 if new.relation == old.relation or _kind(new) == _kind(old) != "" else 2


def _named_in(denied: frozenset[str], value: frozenset[str]) -> bool:
    """Whether the words after a denial name this value; the sentence may run on behind it."""
    return bool(denied & value) and (denied <= value or value <= denied or bool(_first(denied) & value))


def _first(words: frozenset[str]) -> frozenset[str]:
    return words if len(words) < 3 else frozenset()


def _alike(old: Memory, new: Memory) -> bool:
    """Whether two memories say something of one sort, so that the denied value of one ends the other."""
    one, other = old.relation, new.relation
    if one == other or {one, other} <= _HAVING or {one, other} <= {"live", "town", "move", "be"}:
        return True
    return other in _ENDING and (one in _HAVING or _kind(old) in {*_AT_WORK, "home"})


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
    """What single-valued thing a memory tells: age, job, workplace, home, grade, amount; empty if none."""
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
    if relation in {"job", "position"} or relation in _BEING and profession(value.removeprefix("as ")):
        return "job"
    if relation == "employer" or relation == "work" and first in {"at", "for"}:
        return "workplace"
    if relation == "be" and re.match(r"at [\w &'-]+ years?\b", value):
        return "workplace"
    if relation == "town" or relation == "live" and _placed(value) and first != "with":
        return "home"
    if relation == "move" and first == "to":
        return "home"
    if relation == "be" and re.match(r"in (?:\w+ )?(?:grade|year|class)\b", value):
        return "grade"
    costs = relation in {"be", "is", "cost"} and re.match(r"\D{0,3}\d", value)
    return "amount" if costs and memory.subject != "I" and not _alive(memory.subject) else ""


def _alive(subject: str) -> bool:
    """Whether a subject is the person, somebody or an animal, and no thing."""
    role, name = _parts(subject)
    return subject == "I" or role in _HEADS - THINGS or bool(name)


def _parts(subject: str) -> tuple[str, str]:
    """The role and the name in a subject ("my son Tom" -> "son", "tom")."""
    words = subject.split()
    name = next((w.lower() for w in words if w[:1].isupper() and w not in {"I", "My", "Our"}), "")
    role = next((w for w in words if w.lower() in _HEADS), "")
    return role, name


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(w) for w in re.findall(r"[\w'-]+", text.lower()) if w not in STOPWORDS)
