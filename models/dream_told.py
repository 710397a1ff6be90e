"""What the ledger already holds, to keep negatives honest and questions clear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from data.grammar import role_and_name, role_of, somebody
from data.grammar_backwards import backward
from data.grammar_clauses import Clause, parse
from data.grammar_fitting import fits
from data.grammar_natural import natural
from data.grammar_natural_names import name_asks
from data.grammar_natural_plain import plain
from data.grammar_natural_roles import known_as
from data.grammar_professions import profession
from data.grammar_questions import Ask, wh
from data.grammar_reworded import reworded
from data.grammar_slots import implied, touched
from data.grammar_topics import topic
from data.grammar_touched import of_role, of_the_person
from data.grammar_variants import simpler
from data.lexicon import COLOURS, PETS, PLAIN, PREPOSITIONS
from data.lexicon_verbs import kinds
from data.phrases import slot_asks
from data.records import Memory
from data.synonyms import OTHER_WORDS
from data.written import Asked


class Told:
    """What the ledger holds: keeps negatives from denying it and questions from being unclear."""

    def __init__(self, active: Sequence[Memory]) -> None:
        text = " ".join(m.statement for m in active).casefold()
        self.words = frozenset(_WORD.findall(text))
        self.active = tuple(active)
        # "My name is Rob" may be held of the person and of the name: one answer, so it is counted once.
        named = any((m.subject, m.relation) == ("I", "name") for m in active)
        single = [m for m in active if not named or (m.subject, m.relation) != ("my name", "is")]
        # The same sentence held twice is one answer too.
        single = list({m.statement.casefold(): m for m in single}.values())
        asked = [ask for m in single for ask in {a.question: a for a in asks(m)}.values()]
        self.questions = Counter(ask.question for ask in asked)
        self.backward = Counter(
            ask.question
            for m in single
            for ask in {a.question: a for a in backward(m.subject, m.relation, m.value, m.statement)}.values()
        )
        self.sure = Counter(ask.question for ask in asked if ask.sure)
        self.touched = {
            (noun, relation)
            for m in active
            for relation in touched(m.statement)
            for noun in (m.subject, role_and_name(m.subject)[0])
        } | {("I", relation) for m in active for relation in of_the_person(m.statement)}
        self.names = {m.subject: m.value for m in active if m.relation == "name" and m.subject != "I"}
        self.roles = Counter(m.subject for m in active if m.relation == "name")
        self.topics = self._topics(single)
        self.written: dict[str, Asked] = {}

    def ask_also(self, written: Mapping[str, Asked]) -> None:
        """Take in questions that a model wrote, each answered by one memory alone."""
        self.written = dict(written)
        self.questions.update(q for asked in written.values() for q in asked.direct)
        self.backward.update(q for asked in written.values() for q in asked.back)

    def further(self, memory: Memory) -> Asked:
        """The questions that a model wrote for a memory."""
        return self.written.get(memory.id, Asked())

    def topic(self, memory: Memory) -> str:
        """What "What did I tell you about ...?" asks for to get this memory; empty where it gets another."""
        found = topic_of(memory)
        return found if found and self.topics.get(self.role(found)) == memory.id else ""

    def _topics(self, single: Sequence[Memory]) -> dict[str, str]:
        """Whose memory an open question about each topic gets: the one that is asked for least otherwise.

        One question with several answers is learnt for none of them.
        """
        shared: dict[str, list[Memory]] = {}
        for memory in single:
            if found := topic_of(memory):
                shared.setdefault(self.role(found), []).append(memory)
        return {
            name: min(group, key=lambda m: (sum(map(self.clear, asks(m))), m.id)).id
            for name, group in shared.items()
        }

    def clear(self, ask: Ask) -> bool:
        """Whether only one memory answers the question, or only one outright."""
        return (self.sure if ask.sure else self.questions)[ask.question] <= 1

    def leads_back(self, ask: Ask) -> bool:
        """Whether a question from a value leads back to one memory alone."""
        return self.clear(ask) and self.backward[ask.question] <= 1

    def answers(self, ask: Ask) -> bool:
        """Whether a memory answers the question, clearly or not."""
        return self.questions[ask.question] > 0

    def knows(self, subject: str, relation: str) -> bool:
        """Whether the slot, or anything that may answer it, was told."""
        if (subject, relation) in self.touched or relation in of_role(subject):
            return True
        if relation == "is" and _slot(subject) in self.touched:
            return True
        if subject == "my company" and ("I", "employer") in self.touched:
            return True
        if subject == "I":
            close = {relation, *_CLOSE.get(relation, ())}
            thing = relation.removeprefix("my ")
            if thing != relation and self._shows(thing):
                return True
            return any(m.subject == "I" and m.relation in close for m in self.active)
        if relation in {"is", "favourite"}:
            words = _words(subject)
            return bool(words) and words[-1] in self.words
        heads = _about(subject)
        if not heads & self.words:
            return False
        about_them = [m for m in self.active if heads & set(m.subject.casefold().split())]
        close = {relation, *_CLOSE.get(relation, ())}
        return (
            relation == "name"
            or not about_them
            or any(
                m.relation in close
                or relation in m.statement.casefold()
                or (relation in {"job", "employer"} and m.relation not in _NO_WORK)
                for m in about_them
            )
        )

    def _shows(self, thing: str) -> bool:
        """Whether anything told is of such a thing or state."""
        return bool({thing, *_SHOWN.get(thing, ())} & self.words) or any(r == thing for _, r in self.touched)

    def variants(self, subject: str) -> list[str]:
        """Ways to call the subject of a memory, the usual one first: by role, by both, by name."""
        role, name = role_and_name(subject)
        if name:
            # "My old Peugeot" is no old that is called Peugeot.
            if role.split()[-1] in PREPOSITIONS | PLAIN:
                return [subject]
            alone = self._only(role, name)
            return [role, subject, name, *self._other_words(role)] if alone else [subject, name]
        head = self._head(subject)
        if head:
            return [head, subject, *self._other_words(head)]
        own = self.role(subject)
        if subject in self.names.values() and self.roles[own] == 1:
            return [subject, own, f"{own} {subject}", *self._other_words(own)]
        name = self.names.get(subject, "")
        known = [name] if name and self.roles[subject] == 1 else []
        return [subject, *known, *self._other_words(subject)]

    def best_of_a_stranger(self, memory: Memory) -> bool:
        """Whether nothing says better who somebody is of whom only the name is known ("Lorcan is a vet")."""
        name = memory.subject
        if name == "I" or " " in name or not somebody(name) or name in self.names.values():
            return False
        told = [m for m in self.active if m.subject == name and _says_who(m.statement)]
        best = max(told, key=lambda m: (_says_who(m.statement), -len(m.statement)), default=None)
        return best is not None and best.id == memory.id

    def role(self, subject: str) -> str:
        """ "my brother" of him by role, by both or by his name alone, where the ledger says whose it is."""
        known = [own for own, name in self.names.items() if name == subject]
        return role_of(known[0] if len(known) == 1 else subject)

    def _head(self, subject: str) -> str:
        """ "my cat" for "my ginger cat", where no other cat was told of; empty where it would be unclear."""
        found = _SET_APART.fullmatch(subject)
        head = f"my {found['head']}" if found else ""
        if not found or any(
            re.search(rf"\b{found['head']}s?\b", m.statement) and m.subject != subject for m in self.active
        ):
            return ""
        return head

    def _only(self, role: str, name: str) -> bool:
        """Whether nobody else of this role was told of."""
        others = {
            m.subject.removeprefix(role).strip() for m in self.active if m.subject.startswith(f"{role} ")
        } | {m.value for m in self.active if m.relation == "name" and m.subject == role}
        return others <= {name}

    def _other_words(self, subject: str) -> list[str]:
        """The subject under other nouns ("my sister" -> "my sibling"), where only it can be meant."""
        noun = subject.removeprefix("my ")
        words = OTHER_WORDS.get(noun, ()) if noun != subject else ()
        rivals = {noun for noun, others in OTHER_WORDS.items() for word in words if word in others} - {noun}
        told = {m.subject.split()[1] for m in self.active if m.subject.startswith("my ")}
        return [] if rivals & told else [f"my {word}" for word in words]


# A mother-in-law is no mother.
_WORD = re.compile(r"[^\W_]+(?:-in-law)?")
# Words that only set one of several apart.
_SET_APART = re.compile(
    rf"my (?:(?:{'|'.join(sorted(COLOURS))}|ginger|tabby|old|new|little|big|twin|elder|older|younger|eldest|"
    rf"youngest|baby|only) )+(?P<head>[a-z][a-z-]+)"
)
# What is told of somebody in these says nothing of their work; any other verb may ("my sister teaches").
_NO_WORK = frozenset("name live age birthday colour origin move turn favourite".split())
# Words that show a thing or a state to have been told, however it was said.
_SHOWN = {
    "phone": ("mobile", "smartphone"),
    "laptop": ("computer", "notebook"),
    "car": ("cars", "van", "vehicle"),
    "camera": ("cameras",),
    "bike": ("bikes", "bicycle", "cycle"),
    "fear": ("afraid", "scared", "terrified", "frightened", "phobia", "fears"),
    "medicine": ("medication", "pills", "tablets", "drug", "drugs", "take"),
    "height": ("tall", "cm", "feet"),
    "club": ("clubs", "society", "team"),
    "pet": ("pets", *sorted(PETS), *sorted(f"{animal}s" for animal in PETS)),
}
_CLOSE = {
    "employer": ("be", "work", "start", "job"),
    "job": ("be", "work", "employer"),
    "town": ("live", "move", "street"),
    "origin": ("come", "grow", "bear"),
    "age": ("turn", "birthday"),
    "birthday": ("age", "turn", "bear"),
    "name": ("be",),
    "allergy": ("be",),
    "colour": ("be", "have", "dye", "paint"),
}


_SYNONYMS = {
    "mother": ("mother", "mum", "mom", "mam", "mama", "parents"),
    "father": ("father", "dad", "papa", "parents"),
    "grandmother": ("grandmother", "grandma", "gran", "nan", "granny", "oma"),
    "grandfather": ("grandfather", "grandpa", "grandad", "granddad", "opa"),
    "wife": ("wife", "husband", "spouse", "partner", "married"),
    "husband": ("husband", "wife", "spouse", "partner", "married"),
    "son": ("son", "sons", "kid", "kids", "child", "children", "boy"),
    "daughter": ("daughter", "daughters", "kid", "kids", "child", "children", "girl"),
    "sister": ("sister", "sisters", "siblings", "sis"),
    "brother": ("brother", "brothers", "siblings", "bro"),
    "neighbour": ("neighbour", "neighbor", "neighbours", "neighbors"),
    "friend": ("friend", "friends"),
    "flatmate": ("flatmate", "roommate", "housemate", "roommates"),
    "boyfriend": ("boyfriend", "partner", "bf"),
    "girlfriend": ("girlfriend", "partner", "gf"),
    "bicycle": ("bicycle", "bike", "bikes"),
    "car": ("car", "cars", "truck", "van"),
    "dog": ("dog", "dogs", "puppy", "pets", "pet"),
    "cat": ("cat", "cats", "kitten", "pets", "pet"),
    "colleague": ("colleague", "coworker", "colleagues"),
    "pet": ("pet", "pets", *sorted(PETS)),
    "animal": ("pet", "pets", *sorted(PETS)),
    "kid": ("son", "daughter", "kid", "kids", "child", "children", "boy", "girl"),
    "child": ("son", "daughter", "kid", "kids", "child", "children", "boy", "girl"),
    "sibling": ("sister", "brother", "sisters", "brothers", "sibling", "siblings"),
    "partner": ("partner", "wife", "husband", "girlfriend", "boyfriend", "spouse"),
    "mum": ("mother", "mum", "mom", "mam", "mama", "parents"),
    "dad": ("father", "dad", "papa", "parents"),
    "manager": ("boss", "manager"),
    "sourdough": ("sourdough", "starter"),
    "roommate": ("flatmate", "roommate", "housemate", "roommates"),
}


def _slot(subject: str) -> tuple[str, str]:
    """Whose slot a noun phrase names: ("my dog", "breed") of "my dog's breed", ("I", "diet") of "my diet"."""
    owner, _, name = subject.rpartition("'s ")
    return (owner, name) if owner else ("I", subject.removeprefix("my "))


def _words(subject: str) -> list[str]:
    """The words of a subject that say who or what it is."""
    empty = {"my", "s", "favourite", "best", "oldest"}
    return [word for word in _WORD.findall(subject.casefold()) if word not in empty]


def _about(subject: str) -> set[str]:
    """Words any of which may mean the subject."""
    return {other for word in _words(subject) for other in _SYNONYMS.get(word, (word,))}


# With so many questions of its own a statement needs no plain ones but of its reason and time.
_ENOUGH = 3
_ALWAYS_ASKED = ("Why ", "When ", "How old ")
# What was done once and has been so since: it is asked for as well as what it led to.
_ONCE = frozenset("move relocate emigrate immigrate start begin join live turn".split())
_TOGETHER = re.compile(
    r"\b(?:together|each other|one another|both|all|apart|twins|siblings|friends|neighbours)\b"
    r"|\bof (?:us|two|three|four|five|six|seven|eight)\b"
)


def _alone(clause: Clause) -> tuple[Clause, ...]:
    """ "I bought X" of "We bought X", as one asks of oneself; nothing of what takes two."""
    if clause.subject != "We" or clause.base in {"meet", "marry"} or _TOGETHER.search(clause.rest):
        return ()
    aux = {"are": "am", "were": "was"}.get(clause.aux, clause.aux)
    return (replace(clause, subject="I", aux=aux, rest=re.sub(r"\bour\b", "my", clause.rest)),)


def topic_of(memory: Memory) -> str:
    """The topic a memory is about: somebody, something or an activity; empty where its slot says enough."""
    if slot_asks(memory.subject, memory.relation):
        return ""
    clause = parse(memory.statement)
    found = topic(clause) if clause else ""
    # A subject cut off before its object ("my trip to") names nothing.
    if not found or found == "I" or found.split()[-1].lower() in PREPOSITIONS:
        return ""
    return found


def asks(memory: Memory) -> list[Ask]:
    """The basic questions a memory answers, and after them other wordings of the same."""
    basic = _basic(memory)
    others = reworded(basic, memory.statement)
    return [*basic, *(ask for ask in others if fits(ask, memory.statement))]


def _basic(memory: Memory) -> list[Ask]:
    subject, relation = memory.subject, memory.relation
    if relation == "is" and memory.value.startswith("called "):
        relation = "name"
    elif (subject, relation) == ("my birthday", "is"):
        subject, relation = "I", "birthday"
    elif (subject, relation) == ("my name", "is"):
        subject, relation = "I", "name"
    elif relation == "is" and known_as(subject, memory.value):
        relation = "role"
    fixed = slot_asks(subject, relation)
    clause = parse(memory.statement)
    named = name_asks(clause) if clause and relation != "name" else []
    if fixed:
        known = {ask.question for ask in fixed}
        told_otherwise = clause is not None and (relation in {"is", "allergy"} or clause.base in _ONCE)
        open_asks = [*named, *(natural(clause) if clause and told_otherwise else [])]
        found = [*fixed, *(ask for ask in open_asks if ask.question not in known)]
        return [ask for ask in dict.fromkeys(found) if fits(ask, memory.statement)]
    if clause is None:
        return []
    alone = _alone(clause)
    forms = tuple(form for one in (*alone, clause) for form in (one, *simpler(one)))
    slots = [
        replace(ask, sure=relation == "job" and memory.statement.endswith(" for a living."))
        for relation in implied(memory.statement)
        for ask in slot_asks(memory.subject, relation)
    ]
    found = [*named, *(ask for one in forms for ask in natural(one)), *slots]
    found += [
        ask
        for one in forms
        for ask in wh(one)
        if not ask.question.startswith("Who ") or clause.subject == "I" or " I " in ask.question
    ]
    fitting = [ask for ask in dict.fromkeys(found) if fits(ask, memory.statement)]
    enough = len([ask for ask in fitting if ask not in slots]) >= _ENOUGH
    more = [
        ask
        for one in forms
        for ask in plain(one)
        if fits(ask, memory.statement) and (not enough or ask.question.startswith(_ALWAYS_ASKED))
    ]
    return list(dict.fromkeys([*fitting, *more]))


def _says_who(statement: str) -> int:
    """How well a statement about a name says who that is: a trade best, then a habit, then what goes on."""
    clause = parse(statement)
    if clause is None or clause.negative or not clause.rest:
        return 0
    if not clause.copula:
        return 2 if clause.tense == "third" and not clause.aux else 0
    if clause.aux != "is":
        return 0
    return 3 if profession(clause.rest) else int("gerund" in kinds(clause.rest.split()[0]))
