"""Questions about another value of the kind that was told are denied, or honestly left open."""

import re

import pytest

from models.dream_decoys import decoys
from models.dream_told import Told
from models.dreamer import dream
from tests.models.telling import S, tell


@pytest.mark.parametrize(
    ("told", "said", "denied"),
    [
        ("my hair is teal", "hair is", "teal"),
        ("my sister teaches biology", "sister teaches", "biology"),
        ("I have two cats", "have", "two cats"),
        ("my aunt lives in Oulu", "aunt lives in", "Oulu"),
    ],
)
def test_another_value_of_the_same_kind_is_denied(told: str, said: str, denied: str) -> None:
    asked = [d for seed in range(4) for d in dream(tell(told), seed, S) if d.kind == "yes_no"]
    wrong = [d for d in asked if denied.casefold() not in d.question.casefold()]
    assert len({d.question for d in wrong}) >= 4
    assert all("no" in d.accept and said in d.answer and denied in d.answer for d in wrong)


@pytest.mark.parametrize(
    ("told", "verb"),
    [
        ("I am allergic to penicillin", "are allergic to"),
        ("I like tea", "like"),
        ("I speak Dutch", "speak"),
        ("I am scared of spiders", "are scared of"),
    ],
)
def test_what_may_be_true_beside_it_is_never_denied(told: str, verb: str) -> None:
    value = told.split()[-1].casefold()
    asked = [d for seed in range(6) for d in dream(tell(told), seed, S)]
    beside = [d for d in asked if "no" in d.accept and value not in d.question.casefold()]
    assert not beside
    whether = [d for d in asked if "whether" in d.answer and f"you {verb} " in d.answer]
    assert whether and all(d.memory_ids == () and value not in d.answer.casefold() for d in whether)


def test_a_told_name_is_kept_from_others_of_its_kind():
    memories = tell("my ferret is called Fennimore", "my sister is called Brunhild")
    asked = " ".join(d.question.casefold() for d in dream(memories, 1, S) if d.kind == "negative")
    assert any(f"my {animal}" in asked for animal in ("dog", "cat", "horse", "rabbit", "hamster", "parrot"))
    family = ("daughter", "son", "mother", "father", "brother", "aunt", "uncle", "wife", "cousin", "niece")
    assert any(f"my {one}" in asked for one in family)


def statements_beside(text: str) -> dict[str, bool]:
    """What is asked about instead of what was told."""
    memories = tell(text)
    words = Told(memories).words
    return {d.statement: d.excluded for m in memories for d in decoys(m, memories, words)}


@pytest.mark.parametrize(
    "text",
    [
        "I play field hockey.",
        "I like sausage pizza.",
        "I like to water ski.",
        "I have a fantasy football league.",
        "I have a German shepherd dog.",
        "I have a maltese.",
        "I like Sesame Street.",
        "I have a ford f150.",
        "I love early metallica and tesla.",
        "I love rock climbing.",
        "I love surfing the internet.",
        "I like to go to Starbucks.",
        "I like listening to Marlon Quist.",
        "I have two snakes.",
        "I am allergic to milk.",
        "My mother was a nurse.",
        "I am a former actress.",
    ],
)
def test_what_is_part_of_a_name_or_leaves_room_is_not_swapped(text: str) -> None:
    assert not statements_beside(text)


@pytest.mark.parametrize(
    ("text", "pattern", "excluded"),
    [
        ("I have two years left in school.", r"I have \w+ years left in school\.", True),
        ("I like to go swimming.", r"I like to go \w+ing\.", False),
        ("I like playing basketball.", r"I like playing (?!.*ing\.|judo|karate)\w+\.", False),
        ("I own a harp.", r"I own an? (?!drums|bagpipes)[\w-]+\.", False),
        ("I have a scooter.", r"I have a (?:bike|van)\.", False),
        ("I have a garden.", r"I have an? (?:cellar|attic|garage|balcony)\.", False),
        ("I like Italian food.", r"I like (?!Farsi|Latin|Urdu)\w+ food\.", False),
        ("I like to drink coffee.", r"I like to drink (?!espresso)\w+\.", False),
        ("I am an actress at a local theater.", r"I am an? [a-z ]+(?<! theater)\.", True),
        ("I teach in Memphis, TN.", r"I teach in \w+\.", True),
    ],
)
def test_another_value_is_of_the_very_same_kind(text: str, pattern: str, excluded: bool) -> None:
    found = statements_beside(text)
    assert found and set(found.values()) == {excluded}
    assert [s for s in found if not re.fullmatch(pattern, s)] == []


def test_no_person_gives_a_band_its_name() -> None:
    assert not statements_beside("My band is called Foghorn.")
    assert statements_beside("My dog is called Rex.")
    assert not statements_beside("I live near McDonalds.")
