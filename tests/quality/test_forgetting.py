"""Which memories a request to forget means."""

from dataclasses import replace
from datetime import date

import pytest

from data.records import Memory
from quality.forgetting import meant, of_conversation

DAY = date(2026, 10, 5)
DOG = Memory("dog", "My dog is called Bramble.", "my dog", "name", "Bramble", DAY, ("inbox:chat-1:4",))
WALK = Memory(
    "walk", "I walk Bramble in the Vliet park.", "I", "walk", "Vliet park", DAY, ("inbox:chat-2:1",)
)
SISTER = Memory(
    "sister", "My sister Femke lives in Leiden.", "my sister", "home", "Leiden", DAY, ("inbox:chat-1:9",)
)
EXAM = Memory(
    "exam",
    "I failed my driving exam on 5 October 2026.",
    "I",
    "exam",
    "driving exam",
    DAY,
    ("other:chat-1:2",),
)
ALL = [DOG, WALK, SISTER, EXAM]


def ids(topic: str, memories: list[Memory] = ALL) -> set[str]:
    return {memory.id for memory in meant(topic, memories)}


@pytest.mark.parametrize(
    ("topic", "named"),
    [
        ("my dog", {"dog"}),
        ("Bramble", {"dog", "walk"}),
        ("my sister Femke", {"sister"}),
        ("the driving exams", {"exam"}),
        ("FAILED exam!", {"exam"}),
        ("where my sister lives", {"sister"}),
    ],
)
def test_a_topic_means_the_memories_that_carry_its_words(topic: str, named: set[str]) -> None:
    assert ids(topic) == named


def test_memories_with_all_the_words_come_before_those_with_half() -> None:
    assert ids("walking Bramble") == {"walk"}
    assert ids("Bramble collar") == {"dog", "walk"}


@pytest.mark.parametrize(
    "topic", ["", "that", "it all", "what I said", "...", "my cat Minoes", "one of three other things"]
)
def test_a_topic_that_fits_nothing_forgets_nothing(topic: str) -> None:
    assert ids(topic) == set()


def test_a_word_may_begin_one_of_a_memory_where_no_memory_has_it() -> None:
    hair = replace(WALK, id="hair", statement="I put minoxidil on my hairline.", value="minoxidil")
    assert ids("the hair", [*ALL, hair]) == {"hair"}
    assert ids("the hair", [*ALL, hair, replace(hair, id="cut", statement="I cut my hair.")]) == {"cut"}


def test_what_was_told_by_a_verb_is_forgotten_by_its_noun() -> None:
    owed = replace(WALK, id="owed", statement="I owe Pieter 640.", value="640")
    assert ids("the debt", [*ALL, owed]) == {"owed"}


def test_memories_that_are_gone_are_not_meant_again() -> None:
    assert ids("Bramble", [replace(DOG, state="forgotten"), replace(WALK, state="superseded")]) == set()


def test_a_conversation_means_what_rests_on_its_turns() -> None:
    assert [memory.id for memory in of_conversation("chat-1", ALL)] == ["dog", "sister", "exam"]
    assert of_conversation("chat", ALL) == []
    assert of_conversation("4", ALL) == []
    both = replace(DOG, sources=("inbox:chat-7:1", "inbox:chat-9:2"))
    assert of_conversation("chat-9", [both]) == [both]
    colons = replace(DOG, sources=("gateway:2026-10-05T10:00:00:3",))
    assert of_conversation("2026-10-05T10:00:00", [colons]) == [colons]
    assert of_conversation("", [DOG]) == []
