"""The views of one memory: every way the rule dreamer can ask about it, with the answer each deserves.

A view is a question with its answer before any is drawn; which of them are trained and which are held
out is decided in models/dreamer.py.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.grammar import Clause, affirmative, embed, negation, parse, polar, to_second_person
from data.grammar_questions import Ask, complex_rest, topic, wh
from data.lexicon import KIN, KIN_UNIQUE
from data.phrases import (
    FRAMES,
    LIST_FRAMES,
    POLAR_FRAMES,
    STRANGERS,
    TOPIC_FRAMES,
    TOPICS,
    UNTOLD_POLAR,
    about,
    framed,
    living,
    not_told,
    polar_framed,
    second_subject,
    slot_asks,
    untold_slots,
)
from data.records import Memory


@dataclass(frozen=True, slots=True)
class View:
    """One way to ask with its answer; `negative` views rest on no memory."""

    kind: str
    question: str
    answer: str
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()


class Told:
    """What the ledger already holds, to keep negatives from denying it and questions from being unclear."""

    def __init__(self, active: Sequence[Memory]) -> None:
        text = " ".join(m.statement for m in active).casefold()
        self.words = frozenset(re.findall(r"[^\W_]+", text))
        self.active = tuple(active)
        self.questions = Counter(ask.question for m in active for ask in {a.question: a for a in asks(m)}.values())
        self.names = {m.subject: m.value for m in active if m.relation == "name" and m.subject != "I"}
        self.roles = Counter(m.subject for m in active if m.relation == "name")

    def clear(self, ask: Ask) -> bool:
        """Whether only one memory answers the question."""
        return self.questions[ask.question] <= 1

    def knows(self, subject: str, relation: str) -> bool:
        """Whether the slot, or anything that may answer it, was told."""
        if subject == "I":
            close = {relation, *_CLOSE.get(relation, ())}
            return any(m.subject == "I" and m.relation in close for m in self.active)
        words = [w for w in re.findall(r"[^\W_]+", subject.casefold()) if w not in {"my", "s", "favourite", "best", "oldest"}]
        if relation in {"is", "favourite"}:
            return bool(words) and words[-1] in self.words
        heads = {h for w in words for h in _SYNONYMS.get(w, (w,))}
        if not heads & self.words:
            return False
        about_them = [m for m in self.active if heads & set(m.subject.casefold().split())]
        return relation == "name" or any(m.relation in {relation, "age", "turn"} or relation in m.statement.casefold() for m in about_them) or not about_them

    def variants(self, subject: str) -> list[str]:
        """Other ways to call the subject of a memory: by role, by name, by both."""
        match = re.match(r"^(my [a-z][a-z -]*?) ([A-ZÀ-Þ].*)$", subject)
        if match:
            role, name = match[1], match[2]
            alone = self.roles[role] <= 1 and (role.split()[-1] not in KIN or role.split()[-1] in KIN_UNIQUE or self.roles[role] == 1)
            return [subject, name, *([role] if alone else [])]
        name = self.names.get(subject, "")
        return [subject, name] if name and self.roles[subject] == 1 else [subject]


_CLOSE = {
    "employer": ("be", "work", "start", "job"),
    "job": ("be", "work", "employer"),
    "town": ("live", "move", "street"),
    "origin": ("come", "grow", "be", "bear"),
    "age": ("be", "turn", "birthday"),
    "birthday": ("be",),
    "name": ("be",),
    "allergy": ("be",),
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
}
_CONTRACTIONS = (
    (" do not ", " don't "),
    (" does not ", " doesn't "),
    (" did not ", " didn't "),
    (" are not ", " aren't "),
    (" is not ", " isn't "),
)


def answer_of(memory: Memory) -> str:
    """What the model should say about a memory: the statement, said to the person."""
    text = to_second_person(memory.statement)
    for long, short in _CONTRACTIONS:
        if long not in memory.value:
            text = text.replace(long, short, 1)
    return text


def accepted(memory: Memory) -> tuple[str, ...]:
    """The strings that make an answer right: the value, without an article, said to the person."""
    value = to_second_person(memory.value.strip())
    if not memory.value[:1].isupper():
        value = value[:1].lower() + value[1:]
    bare = re.sub(r"^(?:the|an?) (?=\S)", "", value, flags=re.IGNORECASE)
    return (bare,) if answer_of(memory).casefold().find(bare.casefold()) >= 0 else ()


def asks(memory: Memory) -> list[Ask]:
    """The basic questions a memory answers."""
    fixed = slot_asks(memory.subject, memory.relation)
    if fixed:
        return fixed
    clause = parse(memory.statement)
    return [a for a in wh(clause) if not a.question.startswith("Who ") or clause.subject == "I" or " I " in a.question] if clause else []


def direct(memory: Memory, told: Told) -> list[View]:
    """Plain questions for the value, in every register, naming the subject in every way."""
    answer, accept = answer_of(memory), accepted(memory)
    views = []
    for ask in asks(memory):
        if not told.clear(ask):
            continue
        for name in told.variants(memory.subject):
            said = _renamed(ask, memory.subject, name)
            if memory.relation == "name" and name == memory.value:
                continue
            views += [View("direct", framed(said, frame), answer, accept) for frame in FRAMES]
    subject = _topic(memory)
    if subject:
        views += [View("direct", about(name, frame), answer, accept) for name in (told.variants(memory.subject) if subject == memory.subject else [subject]) for frame in TOPIC_FRAMES]
    return views


def _renamed(ask: Ask, subject: str, name: str) -> Ask:
    if subject == "I" or name == subject:
        return ask
    return Ask(ask.question.replace(subject, name), ask.indirect.replace(subject, name))


def _topic(memory: Memory) -> str:
    if slot_asks(memory.subject, memory.relation):
        return ""
    clause = parse(memory.statement)
    found = topic(clause) if clause else ""
    return found if clause is None or clause.subject in {"I", "We"} or not found else found


def backwards(memory: Memory, told: Told) -> list[View]:
    """Questions from the value back to the subject ("Who is Imke?")."""
    if memory.relation == "name" and memory.subject != "I":
        word = "Who" if living(memory.subject) else "What"
        ask = Ask(f"{word} is {memory.value}?", f"{word.lower()} {memory.value} is")
        role = memory.subject.removeprefix("my ")
        answer = f"{memory.value} is {embed(second_subject(memory.subject))}."
        views = [View("reversed", framed(ask, frame), answer, (role,)) for frame in FRAMES]
        return views + [View("reversed", about(memory.value, frame), answer, (role,)) for frame in TOPIC_FRAMES if "me and" not in frame]
    clause = parse(memory.statement)
    if clause is None or clause.subject == "I" or clause.negative:
        return []
    accept = tuple(v.removeprefix("my ") for v in told.variants(memory.subject)[:2])
    found = [a for a in wh(clause) if a.question.startswith("Who ") and told.clear(a) and " I " not in a.question]
    return [View("reversed", framed(a, frame), answer_of(memory), accept) for a in found for frame in FRAMES]


def truth(memory: Memory) -> list[View]:
    """Yes/no questions that are answered the way the statement says."""
    clause = parse(memory.statement)
    lowered = embed(answer_of(memory))
    denied = _denied(clause, lowered) if clause and clause.negative else []
    if denied:
        return denied
    question = polar(clause) if clause and not clause.negative and not complex_rest(clause) else ""
    frames = POLAR_FRAMES if question else [f for f in POLAR_FRAMES if "{s}" in f]
    sentence = embed(memory.statement)
    return [View("yes_no", polar_framed(question, sentence, f), f"Yes, {lowered}.", ("yes",), ("no",)) for f in frames]


def falsehood(memory: Memory, told: Told) -> list[View]:
    """Yes/no questions with a wrong value, or the opposite of an open statement."""
    clause = parse(memory.statement)
    lowered = embed(answer_of(memory))
    if clause is None or clause.negative or complex_rest(clause):
        return []
    views = []
    for decoy in _decoys(memory, told.active):
        false = memory.statement.replace(memory.value, decoy)
        wrong = parse(false)
        if wrong is None or false == memory.statement:
            continue
        views += [View("yes_no", polar_framed(polar(wrong), embed(false), f), f"No, {lowered}.", ("no",), ("yes",)) for f in POLAR_FRAMES]
    if views:
        return views
    denied = negation(clause)
    if denied and not clause.adverbs and not re.search(r"\b(?:some|any|no|never|not|too|either|also)\b", clause.rest):
        views = [View("yes_no", polar_framed("", embed(denied), f), f"No, {lowered}.", ("no",), ("yes",)) for f in POLAR_FRAMES if "{s}" in f]
    return views


def _denied(clause: Clause, lowered: str) -> list[View]:
    """Questions about a negative statement ("Do I drink wine?" -> "No, you don't drink wine.")."""
    if clause.aux not in {"do", "does", "did"} or complex_rest(clause) or re.search(r"\b(?:any|either|much|anymore|yet)\b", clause.rest):
        return []
    question = polar(clause, negative=False)
    positive = embed(affirmative(clause))
    return [View("yes_no", polar_framed(question, positive, f), f"No, {lowered}.", ("no",), ("yes",)) for f in POLAR_FRAMES]


_STOCK = {
    "name": ("Rex", "Nora", "Milo", "Greta", "Oscar", "Tilda", "Bruno", "Wanda"),
    "employer": ("the post office", "a car factory", "the airport", "the town library"),
    "town": ("Bristol", "Malmo", "Porto", "Utrecht", "Graz"),
    "origin": ("Canada", "Portugal", "Norway"),
    "job": ("bus driver", "nurse", "teacher"),
    "colour": ("red", "green", "blue", "yellow", "white"),
    "birthday": ("3 February", "17 June", "29 September"),
    "age": ("23", "48", "61"),
}


def _decoys(memory: Memory, active: Sequence[Memory]) -> list[str]:
    """False values of the same type: of other memories first, then from stock; only for single slots."""
    if not memory.slot or memory.relation not in _STOCK:
        return []
    mine = {m.value for m in active if m.relation == memory.relation and m.subject == memory.subject}
    others = sorted({m.value for m in active if m.relation == memory.relation} - mine)
    return [v for v in (*others, *_STOCK[memory.relation]) if v.lower() != memory.value.lower()][:6]


def listed(memory: Memory, told: Told) -> list[View]:
    """Open requests about the subject, answered with the statement; all values where several share a question."""
    group = [m for m in told.active if (m.subject, m.relation) == (memory.subject, memory.relation)]
    if memory.subject != "I" and len([m for m in told.active if m.subject == memory.subject]) == 1:
        return [View("list", about(name, f), answer_of(memory), accepted(memory)) for name in told.variants(memory.subject) for f in LIST_FRAMES]
    together = _together(group)
    shared = [a for a in asks(memory) if not told.clear(a)]
    if not together or not shared or group[0].id != memory.id:
        return []
    return [View("list", framed(a, f), together, accepted(memory)) for a in shared for f in FRAMES]


def _together(group: Sequence[Memory]) -> str:
    """One sentence with the values of all memories of a group; empty when they do not line up."""
    if not 2 <= len(group) <= 5:
        return ""
    first = group[0]
    values = [m.value for m in group]
    if first.relation == "name":
        subject = second_subject(first.subject)
        plural = subject + ("es" if subject.endswith(("s", "x", "ch")) else "s") if not subject.endswith("child") else "Your children"
        return f"{plural} are called {', '.join(values[:-1])} and {values[-1]}."
    if any(not m.statement.rstrip(".").endswith(m.value) or m.statement.count(m.value) != 1 or " and " in m.value for m in group):
        return ""
    heads = {m.statement.rstrip(".").removesuffix(m.value) for m in group}
    if len(heads) != 1:
        return ""
    return to_second_person(f"{heads.pop()}{', '.join(values[:-1])} and {values[-1]}.")


def negatives(memory: Memory, told: Told) -> list[View]:
    """Questions close to a memory that nobody answered: siblings in every slot, strangers, other topics."""
    rng = random.Random(f"negatives|{memory.id}")
    reject = accepted(memory)
    views: list[View] = []
    head = memory.subject.split()[1] if memory.subject.startswith("my ") else ""
    grid = untold_slots()
    near = [(s, r) for s, r in grid if head and s.split()[1:2] and s.split()[1] in {head, f"{head}'s"}]
    same = [(s, r) for s, r in grid if r == memory.relation and s != memory.subject]
    others = [slot for slot in grid if slot not in near and slot not in same]
    for pool, count in ((near, 4), (same, 10), (others, 6)):
        for subject, relation in rng.sample(pool, min(count, len(pool))):
            if not told.knows(subject, relation):
                options = slot_asks(subject, relation)
                views.append(View("negative", framed(rng.choice(options), rng.choice(FRAMES)), not_told(options[0]), (), reject))
    views += _strangers(rng, told, reject) if memory.relation == "name" else []
    for subject in rng.sample(TOPICS, 4):
        if not set(re.findall(r"[^\W_]+", subject)) - {"my", "the", "old", "first", "to", "in"} & told.words:
            views.append(View("negative", about(subject, rng.choice(TOPIC_FRAMES)), f"You haven't told me anything about {embed(to_second_person(subject)) if subject.startswith('my') else subject}.", (), reject))
    for question, whether, word in rng.sample(UNTOLD_POLAR, 3):
        if not any(known.startswith(word) for known in told.words):
            views.append(View("negative", polar_framed(question, "", rng.choice([f for f in POLAR_FRAMES if "{s}" not in f])), f"You haven't told me whether {whether}."))
    return views


def _strangers(rng: random.Random, told: Told, reject: tuple[str, ...]) -> list[View]:
    names = [n for n in rng.sample(STRANGERS, 3) if n.casefold() not in told.words]
    return [View("negative", framed(Ask(f"Who is {n}?", f"who {n} is"), rng.choice(FRAMES)), f"You haven't told me who {n} is.", (), reject) for n in names]


def contrasts(old: Memory, new: Memory) -> list[View]:
    """Questions that still believe an older value, answered with the newer one."""
    clause = parse(old.statement)
    if clause is None:
        return []
    answer = f"No, {embed(answer_of(new))}."
    still = replace(clause, adverbs="still") if not clause.aux else replace(clause, rest=f"still {clause.rest}".strip())
    questions = dict.fromkeys(q for q in (polar(still), polar(clause)) if q)
    views = [View("contrast", question, answer, ("no", *accepted(new)), ("yes",)) for question in questions]
    views += [View("contrast", polar_framed(next(iter(questions), ""), embed(old.statement), f), answer, ("no", *accepted(new)), ("yes",)) for f in POLAR_FRAMES if "{s}" in f][:2]
    return views

