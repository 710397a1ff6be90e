"""A wish to be forgotten is heard in many words, and nothing is erased for a turn of phrase."""

from __future__ import annotations

import pytest

from quality.forget_requests import topics_to_forget
from tasks.curate import NOT_FOUND
from tests.quality.living import live


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("please delete the tablets from whatever you keep about me", "the tablets"),
        ("hey could you not keep that eczema thing? forget it please, it's nobody's business", "eczema"),
        ("also can you forget what I said about my bonus. my boss saw my screen", "my bonus"),
        ("what i told you about dr Ferreira, please wipe that. it's mine", "dr Ferreira"),
        ("that thing about the girl from rowing. delete it.", "the girl from rowing"),
        ("please forget the tablets, its private", "the tablets"),
        ("can you forget that I told you about my ex", "my ex"),
        ("forget everything about my divorce", "my divorce"),
        ("remove my diagnosis from your memory", "my diagnosis"),
        ("don't remember what i said about the loan", "the loan"),
        ("please don't store anything about my weight", "my weight"),
        ("forget my salary, please", "my salary"),
        ("I'd rather you didn't keep the thing with the police", "the police"),
        ("you don't need to remember the thing about my knee", "my knee"),
        ("forget that i'm pregnant, please", "i'm pregnant"),
        ("scrub all mention of my brother's arrest", "my brother's arrest"),
        ("the story about the bank, please erase that", "the bank"),
        ("forget i said anything about the tattoo", "the tattoo"),
        ("forget what I said about the letter from my mum", "the letter from my mum"),
    ],
)
def test_a_wish_to_be_forgotten_is_heard(text: str, topic: str) -> None:
    assert topics_to_forget(text) == [topic]


def test_what_is_meant_may_be_said_twice() -> None:
    assert topics_to_forget("so please forget the loan bit, the debt, all of it") == ["the loan", "the debt"]


@pytest.mark.parametrize(
    "text",
    [
        "i don't remember the name of that film",
        "I don't keep the dog in the bedroom",
        "we don't store the wine in the cellar",
        "my mum had me remove the wallpaper",
        "please remove the tomatoes from the recipe",
        "drop the kids at school then what",
        "can you delete the last part",
        "forget the diet, i'm having cake",
        "forget about my sister for a second, what do I cook",
        "delete my account at the bank how",
        "remove my wisdom teeth?",
        "Remove the intro and the bit about my dog",
        "don't repeat the question",
        "i told him to forget the deposit",
        "never forget my first day at school",
        "forget it",
        "I can't forget what he said about my cooking",
        "don't forget what i told you about my sister",
        "please don't forget my birthday",
        "he asked me to forget the whole thing",
        "stop saving the good plates, we use them",
        "can you remove the part about my dog from the letter",
        "did you forget what i told you about my sister?",
        "have you forgotten the thing about my knee?",
        "the bit about my brother, delete that",
        "My parents do not know that I am gay.",
        "my sister doesn't keep the stuff from our mother",
        "please delete the dog part",
        "delete the milk from my notes",
        "remove the hair from my head in the picture",
    ],
)
def test_a_turn_of_phrase_erases_nothing(text: str) -> None:
    assert topics_to_forget(text) == []


def test_what_a_chat_asks_to_forget_is_gone_that_night() -> None:
    told = "I take lithium every morning. my dog is called Bramble"
    _, before = live(told)
    assert any("lithium" in memory.statement for memory in before if memory.active)
    _, after = live(told, "please delete the lithium from whatever you keep about me")
    assert not any("lithium" in memory.statement for memory in after)
    assert [memory.value for memory in after if memory.active] == ["Bramble"]


def test_a_pet_is_kept_when_one_says_where_one_does_not_keep_it() -> None:
    _, after = live("my dog is called Bramble", "I don't keep the dog in the bedroom")
    assert "Bramble" in [memory.value for memory in after if memory.active]


def test_a_wish_that_fits_no_memory_says_so() -> None:
    verdicts, after = live("my dog is called Bramble", "please forget what i said about the operation")
    assert [verdict.reason for verdict in verdicts] == [NOT_FOUND]
    assert [memory.value for memory in after if memory.active] == ["Bramble"]
