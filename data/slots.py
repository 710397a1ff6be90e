"""The slots a person can tell about, and which of them are filled by what was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from data.grammar import is_person, is_pet, role_and_name
from data.grammar_slots import touched
from data.grammar_touched import of_role, of_the_person
from data.records import Memory
from data.seeds import SeedUntold
from data.synonyms import OTHER_WORDS
from data.text import plain


def is_filled(slot: SeedUntold, known: AbstractSet[str]) -> bool:
    """Whether a slot, or the thing a slot of a thing asks for ("my car's garage"), was told of."""
    owner = slot.subject.removesuffix("'s")
    thing = "'s" not in owner and not is_person(owner) and not is_pet(owner)
    return (
        slot_key(slot.subject, slot.relation) in known
        or slot.relation in of_role(owner)
        or (thing and owner != "my" and slot_key("my", slot.relation) in known)
    )


def filled_slots(memories: Iterable[Memory]) -> set[str]:
    """What `slot_key` calls all that the memories answer, so that none of it is taken for untold."""
    found = set()
    for memory in memories:
        found |= filled(memory.subject, (memory.relation,), memory.statement)
        found |= {slot_key("I", noun) for noun in _nouns(memory.subject) if noun.startswith("my ")}
    return found


def filled(subject: str, relations: Sequence[str], statement: str) -> set[str]:
    """The slots that a statement about `subject` fills, beside that there is somebody or something such."""
    relations = (*relations, *touched(statement))
    # "I have an old Volvo" tells of the car's make, and "My car is a Volvo" what car the person has.
    things = {f"my {relation}" for relation in relations} if subject in {"I", "We"} else set()
    firm = {slot_key("my company", "name"), slot_key("my", "workplace")} if "employer" in relations else set()
    return (
        {slot_key("I", relation) for relation in of_the_person(statement)}
        | firm
        | {slot_key(noun, name) for noun in _nouns(subject) for name in relations if noun.split()[-1] != name}
        | {slot_key(thing, "brand") for thing in things}
    )


def _nouns(subject: str) -> set[str]:
    """What a subject is called: as told, by role, and by other words for the role."""
    role, _ = role_and_name(subject)
    others = OTHER_WORDS.get(role.removeprefix("my "), ())
    own = "I" if subject == "We" else subject
    return {own, role, *(f"my {other}" for other in others)}


def slot_key(subject: str, relation: str) -> str:
    """The slot in plain words without possessives: ("my dog", "name") and ("my dog's", "name") are one."""
    words = f"{subject} {relation}".casefold().replace("’", "'").replace("'s ", " ").replace("' ", " ")
    kept = [word for word in plain(words).split() if word not in ("the", "i", "me", "user", "myself")]
    return " ".join(kept if kept[:1] == ["my"] else ["my", *kept])
