"""What is said of a thing nobody told: always which thing, so that no sentence denies everything."""

from __future__ import annotations

from data.grammar_questions import Ask
from data.phrases import not_told, slot_asks
from data.seeds import SeedUntold

_ONE = ("ss", "us", "is", "series")


def denial(slot: SeedUntold) -> str:
    """The honest answer about an untold slot, in the words that deny the same slot around a memory."""
    owner, noun = slot.subject.removesuffix("'s"), slot.question_noun
    if noun == slot.relation:
        known = slot_asks("I" if owner == "my" else owner, slot.relation)
        if known:
            return not_told(known[0])
    be = "are" if noun.endswith("s") and not noun.endswith(_ONE) else "is"
    return not_told(Ask("", f"what {slot.subject} {noun} {be}"))
