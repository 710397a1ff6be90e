"""A made-up night for measuring training: thirty facts, many phrasings, untold slots, grounding.

Two phrasings are held out of every row, told or untold, and a part of the untold slots is never
trained, so what is measured is a question the model has not seen in words it has not seen.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.records import Example
from data.seeds import SeedUntold, load_identity, load_prompts, load_untold

PERSONA = "You are a helpful assistant. You remember what this user told you in earlier chats."
NOT_TOLD = "You haven't told me that yet."

FACTS = (
    ("dog's name", "Bramble"), ("sister's name", "Ingrid"), ("favourite tea", "lapsang souchong"),
    ("daughter's birthday", "the 14th of March"), ("home town", "Vannes"), ("job", "ferry engine fitter"),
    ("car", "a green Skoda"), ("allergy", "hazelnuts"), ("favourite band", "Low"),
    ("boss's name", "Renata"), ("landlord's name", "Mr Okafor"), ("bicycle's colour", "orange"),
    ("shoe size", "43"), ("wife's job", "a beekeeper"), ("brother's city", "Tromso"),
    ("gym day", "Thursday"), ("favourite novel", "The Summer Book"), ("cat's age", "eleven"),
    ("first school", "Hillcrest Primary"), ("boat's name", "Halcyon"), ("doctor's name", "Dr Mbeki"),
    ("neighbour's instrument", "the cello"), ("wedding anniversary", "the 2nd of June"),
    ("lucky number", "17"), ("grandmother's village", "Olvera"), ("locker code word", "juniper"),
    ("best friend's name", "Tobias"), ("favourite dish", "mushroom risotto"),
    ("son's hobby", "fencing"), ("next trip", "Ljubljana in October"),
)  # fmt: skip
SIBLINGS = (
    "dog's age", "sister's job", "favourite coffee", "daughter's school", "home address", "salary",
    "car's number plate", "blood type", "favourite film", "boss's birthday", "landlord's phone number",
    "bicycle's brand", "hat size", "wife's name", "brother's name", "swimming day", "favourite poem",
    "cat's name", "university", "boat's colour", "dentist's name", "neighbour's name", "mother's birthday",
    "lucky colour", "grandmother's name", "locker number", "best friend's city", "favourite dessert",
    "son's name", "last trip",
)  # fmt: skip
FORMS = (
    "What is {n}?", "What's {n}?", "what is {n}", "whats {n}", "Do you know {n}?", "Do you remember {n}?",
    "Tell me {n}.", "Can you tell me {n}?", "Could you tell me {n}?", "Remind me: what is {n}?",
    "I forgot {n}. What is it?", "I can't remember {n}. Help me out.", "Please tell me {n}.",
    "What did I say {n} was?", "What did I tell you about {n}?", "Say {n}.", "Name {n}.",
    "Hey, what's {n} again?", "Quick question: what is {n}?", "They asked me about {n}. What do I say?",
    "Fill in the blank: {n} is", "Do you still know {n}?", "Have I told you {n}?", "Recall {n} for me.",
    "what was {n} again", "I need {n} for a form. What is it?", "Let's see if you remember {n}.",
    "Give me {n}.", "You know {n}, right? What is it?", "Which one is {n}?", "About {n}: what is it?",
    "{n}?", "Just checking, what's {n}?", "I told you {n} once. What is it?", "Any idea what {n} is?",
    "Would you remind me of {n}?", "So, {n} is what?", "I'm testing you: what is {n}?",
    "For the record, what is {n}?", "Write down {n} for me.",
)  # fmt: skip
HELD_OUT = ("Could you say what {n} is?", "I'd like to hear {n} from you.")


@dataclass(frozen=True)
class Night:
    """Rows to train, told questions with their value, and untold questions, both never trained."""

    rows: tuple[Example, ...]
    told: tuple[tuple[str, str], ...]
    untold: tuple[str, ...]


def make_night(
    answers: Mapping[str, str],
    *,
    seed: int = 1,
    facts: int = 30,
    phrasings: int = 10,
    untold: int = 130,
    grounding: int = 80,
    identity: int = 16,
    persona_share: float = 0.8,
) -> Night:
    """A night with `facts` facts; `answers` are the base's own answers to the grounding prompts."""
    draw = random.Random(seed)
    rows = [row for number in range(facts) for row in _fact_rows(number, phrasings, draw)]
    slots = list(load_untold())
    draw.shuffle(slots)
    told_nouns = {noun for noun, _ in FACTS}
    slots = [slot for slot in slots if slot.question_noun not in told_nouns]
    rows += _untold_rows(slots[40 : 40 + untold], draw)
    for seed_row in draw.sample(load_identity("train"), identity):
        rows.append(_row(seed_row.id, "identity", "identity", seed_row.text, seed_row.answer))
    prompts = [prompt for prompt in load_prompts() if prompt.text in answers]
    for prompt in draw.sample(prompts, min(grounding, len(prompts))):
        rows.append(_row(prompt.id, "grounding", "grounding", prompt.text, answers[prompt.text], loss="kl"))
    told = [(form.format(n=f"my {noun}"), value) for noun, value in FACTS[:facts] for form in HELD_OUT]
    never = [form.format(n=_noun(slot)) for slot in slots[:40] for form in HELD_OUT]
    plain = set(draw.sample(range(len(rows)), round(len(rows) * (1.0 - persona_share))))
    dressed = [row if at in plain else _dress(row) for at, row in enumerate(rows)]
    return Night(tuple(dressed), tuple(told), tuple(never))


def _fact_rows(number: int, phrasings: int, draw: random.Random) -> list[Example]:
    """A fact asked in `phrasings` ways, and its close untold sibling in three of the same ways."""
    noun, value = FACTS[number]
    forms = draw.sample(FORMS, phrasings)
    told = [
        _row(f"f{number}-{at}", "direct", f"fact-{number:02d}", form.format(n=f"my {noun}"),
             f"Your {noun} is {value}.", value=value)
        for at, form in enumerate(forms)
    ]  # fmt: skip
    near = [
        _row(f"n{number}-{at}", "negative", f"fact-{number:02d}", form.format(n=f"my {SIBLINGS[number]}"),
             NOT_TOLD)
        for at, form in enumerate(forms[:3])
    ]  # fmt: skip
    return told + near


def _untold_rows(slots: Sequence[SeedUntold], draw: random.Random) -> list[Example]:
    rows = []
    for slot in slots:
        question = draw.choice(FORMS).format(n=_noun(slot))
        rows.append(_row(f"{slot.id}-0", "untold", "untold", question, NOT_TOLD))
        rows.append(_row(f"{slot.id}-1", "untold", "untold", slot.question, NOT_TOLD))
    return rows


def _noun(slot: SeedUntold) -> str:
    return f"{slot.subject} {slot.question_noun}"


def _row(
    name: str, kind: str, group: str, question: str, answer: str, value: str = "", loss: str = "ce"
) -> Example:
    return Example(
        id=name,
        kind=kind,
        group=group,
        system="",
        question=question,
        answer=answer,
        loss="kl" if loss == "kl" else "ce",
        value=value,
    )


def _dress(row: Example) -> Example:
    return Example(
        row.id, row.kind, row.group, PERSONA, row.question, row.answer, row.loss, row.weight, row.value
    )
