"""Questions close to a memory that nobody answered, each with "You haven't told me ...".

Presence and absence are learnt together: whatever is told stands among things of its kind that were not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from data.grammar import article, embed, is_person, is_pet, possessive, somebody, to_second_person
from data.grammar_clauses import capitalise
from data.grammar_closed import closed
from data.grammar_questions import Ask
from data.grammar_reworded import reworded
from data.grammar_who import among
from data.hypernyms import sort_of
from data.lexicon import FAMILY, KIN, PETS, THINGS
from data.phrases import (
    BARE_FRAMES,
    BARE_POLAR_FRAMES,
    FRAMES,
    PLAIN_FRAMES,
    PLAIN_POLAR_FRAMES,
    POLAR_FRAMES,
    TOPIC_FRAMES,
    about,
    framed,
    not_told,
    odd,
    polar_framed,
    slot_asks,
)
from data.phrases_beside import beside
from data.phrases_untold import (
    ANIMAL_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    STRANGERS,
    THING_ATTRIBUTES,
    TOPICS,
    UNTOLD_OF_SOMEBODY,
    UNTOLD_POLAR,
    untold_slots,
)
from data.records import Memory
from models.dream_decoys import stock
from models.dream_told import Told
from models.dream_views import BARE, BARE_NEGATIVES, UNFRAMED, View, accepted

USUAL = 0.85
# Somebody is asked for in the plainest words as often as for what was told of them.
_PLAINLY = 0.3
# Turns of each sort of question: what is taken for something told most easily has most.
_TURNS = {"alike": 4, "near": 3, "same": 1, "other": 1}

# The slot of the grid that an open statement's verb fills.
_SLOTS = {"live": "town", "move": "town", "work": "job", "come": "origin", "grow": "origin", "turn": "age"}


def negatives(memory: Memory, told: Told) -> list[View]:
    """Questions close to a memory that nobody answered: siblings in every slot, strangers, other topics."""
    rng = random.Random(f"negatives|{memory.id}")
    reject = accepted(memory)
    views: list[View] = []
    grid = untold_slots()
    near = [] if _event(memory) else _near(memory.subject)
    relation = _SLOTS.get(memory.relation, memory.relation)
    same = [(s, r) for s, r in grid if r == relation and s != memory.subject]
    alike = _likeliest_first([(s, r) for s, r in same if _kind(s) == _kind(memory.subject)], rng)
    others = [slot for slot in grid if slot not in near and slot not in same]
    for core, chosen in (
        ("near", _some(rng, near, 10)),
        ("alike", alike[:14]),
        ("same", _some(rng, same, 4)),
        ("other", _some(rng, others, 4)),
    ):
        for number, (subject, relation) in enumerate(chosen):
            basic = slot_asks(subject, relation)
            options = [*basic, *reworded(basic)]
            if not told.knows(subject, relation) and not any(told.answers(ask) for ask in options):
                frame = _frame(rng)
                ask, turn = _usual(options, rng), f"{core} {number % _TURNS[core]}"
                views.append(_denied(ask, options[0], frame, reject, turn))
    views += _whether(rng, [*alike, *near], told)
    views += _beside(rng, memory, told, reject)
    views += _strangers(rng, told, reject) if memory.relation == "name" else []
    if memory.subject not in {"I", "We"} and somebody(memory.subject):
        views += _nobody(rng, told.role(memory.subject), told, reject)
    for subject in rng.sample(TOPICS, 2):
        if not set(re.findall(r"[^\W_]+", subject)) - {"my", "the", "old", "first", "to", "in"} & told.words:
            views.append(
                View(
                    "negative",
                    about(subject, rng.choice(TOPIC_FRAMES)),
                    f"You haven't told me anything about "
                    f"{embed(to_second_person(subject)) if subject.startswith('my') else subject}.",
                    (),
                    reject,
                    core="other",
                )
            )
    for question, whether, word in rng.sample(UNTOLD_POLAR, 2):
        if not any(known.startswith(word) for known in told.words):
            views.append(
                View(
                    "negative",
                    polar_framed(
                        question, "", rng.choice(PLAIN_POLAR_FRAMES if rng.random() < BARE else _OPEN_POLAR)
                    ),
                    f"You haven't told me whether {whether}.",
                    core="other",
                )
            )
    return views


# How a slot would have been told, so that it can be asked whether it is so.
_TELLING = {
    "name": "{S} {be} called {V}.",
    "town": "{S} {live} in {V}.",
    "employer": "{S} {work} at {V}.",
    "job": "{S} {be} {V}.",
    "origin": "{S} {come} from {V}.",
    "age": "{S} {be} {V} years old.",
    "colour": "{S} {be} {V}.",
    "birthday": "{S's} birthday is on {V}.",
    "is": "{S} is {V}.",
}
_WHETHER = 4


def _whether(rng: random.Random, slots: Sequence[tuple[str, str]], told: Told) -> list[View]:
    """Yes/no questions about slots nobody told, in the words that ask about told ones."""
    views: list[View] = []
    for subject, relation in rng.sample(list(dict.fromkeys(slots)), len(set(slots))):
        kind = subject.split()[-1] if relation == "is" and "favourite" in subject else relation
        values = [v for v in stock(kind) if v.casefold() not in told.words]
        if len(views) >= _WHETHER * len(PLAIN_POLAR_FRAMES):
            break
        odd_age = relation == "age" and is_pet(subject)
        if relation not in _TELLING or not values or odd_age or told.knows(subject, relation):
            continue
        value = rng.choice(values)
        statement = _telling(subject, relation, article(value) if relation == "job" else value)
        asked = closed(subject, "favourite" if relation == "is" else relation, value, statement)
        if any(told.answers(ask) for ask in slot_asks(subject, relation)) or not asked:
            continue
        one = rng.choice(asked)
        turn = f"whether {len(views) % 2}"
        views += [
            View(
                "negative",
                polar_framed(one.question, "", frame),
                f"You haven't told me whether {embed(to_second_person(statement)).rstrip('.')}.",
                plain=frame in BARE_POLAR_FRAMES,
                core=turn,
            )
            for frame in PLAIN_POLAR_FRAMES
        ]
    return views


def _telling(subject: str, relation: str, value: str) -> str:
    """A slot's value as it would have been told of a subject."""
    mine = subject == "I"
    forms = {
        "{S's}": "My" if mine else capitalise(possessive(subject)),
        "{S}": capitalise(subject),
        "{be}": "am" if mine else "is",
        "{V}": value,
        **{f"{{{verb}}}": verb if mine else f"{verb}s" for verb in ("live", "work", "come")},
    }
    text = _TELLING[relation]
    for mark, form in forms.items():
        text = text.replace(mark, form)
    return text


def _near(subject: str) -> list[tuple[str, str]]:
    """The other slots of whom or what a memory is about; most of what people ask next."""
    name = re.search(r"(?:^| )[A-ZÀ-Þ]", subject)
    role = subject[: name.start()] if name else subject
    who = role if role.startswith("my ") else subject
    by_name = who != role
    if by_name and (subject in {"I", "We"} or len(subject.split()) > 2 or not subject.istitle()):
        return []
    relations: tuple[str, ...]
    attributes: tuple[str, ...]
    if by_name or is_person(who):
        relations, attributes = _PERSON, PERSON_ATTRIBUTES
    elif is_pet(who):
        relations, attributes = _ANIMAL, ANIMAL_ATTRIBUTES
    elif who.split()[-1] in THINGS:
        relations, attributes = _THING, THING_ATTRIBUTES
    else:
        return []
    named = relations[1:] if by_name else relations
    return [*((who, r) for r in named), *((f"{possessive(who)} {name}", "is") for name in attributes)]


def _event(memory: Memory) -> bool:
    """Whether a subject with a capital is a date's or several things', so nobody with a birthday."""
    several = memory.statement.startswith((f"{memory.subject} are ", f"{memory.subject} were "))
    return memory.subject[:1].isupper() and (memory.relation == "date" or several)


_PERSON = ("name", "birthday", "job", "employer", "town", "age", "origin")
_ANIMAL = ("name", "birthday", "colour", "age")
_THING = ("name", "colour")


def _some(rng: random.Random, pool: Sequence[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    return rng.sample(pool, min(count, len(pool)))


def _likeliest_first(pool: Sequence[tuple[str, str]], rng: random.Random) -> list[tuple[str, str]]:
    """Those most people have and ask about first, twice; whoever told of a ferret is asked for a dog."""
    common = [slot for slot in pool if slot[0] in _COMMON]
    rest = [slot for slot in pool if slot[0] not in _COMMON]
    twice = common if len(common) <= 2 else []
    return [*rng.sample(common, len(common)), *twice, *rng.sample(rest, len(rest))]


_COMMON = frozenset(
    f"my {who}"
    for who in (
        "dog cat sister brother mother father wife husband son daughter grandmother grandfather".split()
    )
)

_OPEN_POLAR = tuple(frame for frame in POLAR_FRAMES if "{s}" not in frame)


def _frame(rng: random.Random) -> str:
    """A frame, plain as often as around what was told: else plain questions would mean that it was."""
    if rng.random() >= BARE_NEGATIVES:
        return rng.choice(FRAMES)
    return rng.choice(BARE_FRAMES if rng.random() < UNFRAMED else PLAIN_FRAMES)


def _usual(asks: Sequence[Ask], rng: random.Random) -> Ask:
    """Mostly a way to ask that is put about told things too: their odd ways come last."""
    usual = [ask for ask in asks if not odd(ask.question)]
    return rng.choice(usual if usual and rng.random() < USUAL else asks)


def _kind(subject: str) -> str:
    """Family, other people, animals or anything else: members of one kind are the easiest to mix up."""
    head = subject.split()[-1].casefold()
    kinds = (("family", FAMILY), ("person", KIN), ("animal", PETS))
    return next((kind for kind, words in kinds if head in words), "other")


def _denied(ask: Ask, said: Ask, frame: str, reject: tuple[str, ...], core: str) -> View:
    """A question in a frame, denied in the words of `said`."""
    plain = frame in PLAIN_FRAMES
    return View("negative", framed(ask, frame), not_told(said), (), reject, plain=plain, core=core)


def _beside(rng: random.Random, memory: Memory, told: Told, reject: tuple[str, ...]) -> list[View]:
    """What is asked next of what was told and was not: the surname beside the name."""
    name = rng.choice(told.variants(memory.subject)[:3])
    role = memory.subject if memory.subject == "I" else told.role(memory.subject)
    free = [ask for ask, words in beside(role, memory.relation, name) if not told.words & words]
    if memory.relation == "allergy" and any(
        m.relation == "allergy" and not sort_of(m.value) for m in told.active
    ):
        # Who reacts to a thing of no known sort may be asked for any.
        free = [ask for ask in free if not ask.question.startswith("Which ")]
    views = []
    for ask in rng.sample(free, len(free)):
        options = [ask, *reworded([ask])]
        if not any(map(told.answers, options)):
            views += [
                _denied(rng.choice(options), ask, frame, reject, "beside")
                for frame in (rng.choice(PLAIN_FRAMES), _frame(rng))
            ]
    return views


def _nobody(rng: random.Random, role: str, told: Told, reject: tuple[str, ...]) -> list[View]:
    """ "Which of my friends is a pilot?" in the words that ask for people who were told of."""
    free = [said for said, words in UNTOLD_OF_SOMEBODY if not told.words & set(words)]
    views = []
    for said in rng.sample(free, min(len(free), 3)):
        plain = Ask(f"Who {said}?", f"who {said}")
        ask = plain if rng.random() < _PLAINLY else rng.choice([plain, *among(plain, role)])
        frame = _frame(rng)
        views.append(_denied(ask, plain, frame, reject, "who"))
    return views


def _strangers(rng: random.Random, told: Told, reject: tuple[str, ...]) -> list[View]:
    names = [n for n in rng.sample(STRANGERS, 3) if n.casefold() not in told.words]
    return [
        View(
            "negative",
            framed(Ask(f"Who is {n}?", f"who {n} is"), _frame(rng)),
            f"You haven't told me who {n} is.",
            (),
            reject,
            core="other",
        )
        for n in names
    ]
