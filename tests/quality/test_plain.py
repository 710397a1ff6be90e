"""What a model wrote about a turn counts only as far as the turn supports it."""

from datetime import UTC, datetime

import pytest

from data.night import Night
from data.records import Exchange, Turn
from quality import plain
from quality.extraction import extract_all

NIGHT = Night.parse("2026-05-04", "UTC")
AT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def turn(text, number=0, role="user"):
    return Turn("log", "chat", str(number), role, text, AT)


def read(text, *sentences, before=""):
    exchange = Exchange(turn(text, 1), before=turn(before, 0, "assistant") if before else None)
    turns = plain.windows([exchange])[exchange.user.id]
    return {m.statement: m for m in plain.read(exchange, sentences, turns, NIGHT)}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("my sister visits", "My sister's name is Elena."),
        ("i have kids", "I have 3 kids."),
        ("pasta for tonight?", "I work as a nurse."),
        ("tell me about Paris", "You live in Paris."),
        ("my mate Jo has a dog", "The user has a dog."),
    ],
)
def test_words_nobody_said_are_left_out(said, sentence):
    assert read(said, sentence) == {}


def test_a_supported_sentence_becomes_a_memory_of_its_turn():
    found = read(
        "any lasagne for 5? brother-in-law Pavel on our couch again", "My brother-in-law's name is Pavel."
    )
    (memory,) = found.values()
    assert (memory.subject, memory.relation, memory.value) == ("my brother-in-law", "name", "Pavel")
    assert memory.sources == (turn("", 1).id,) or memory.sources


def test_a_short_answer_takes_its_noun_from_the_question_but_not_its_name():
    asked = "How many kids do you have? Is one called Otto?"
    assert list(read("three", "I have three kids.", before=asked)) == ["I have three kids."]
    assert read("three", "My kid's name is Otto.", before=asked) == {}


def test_relative_days_become_dates():
    (statement,) = read("dentist tomorrow, ugh", "My dentist appointment is tomorrow.") or [""]
    assert "tomorrow" not in statement


def test_the_model_s_sentence_stands_for_an_open_statement_about_the_same_words():
    text = "i upholster boat seats all day and the spray they bought lets go. my dog is called Biscuit"
    exchange = Exchange(turn(text, 1))
    heard = extract_all([exchange], NIGHT)
    turns = plain.windows([exchange])[exchange.user.id]
    written = plain.read(exchange, ["I upholster boat seats."], turns, NIGHT)
    combined = plain.combine(heard, {exchange.user.id: written})
    assert {m.statement for m in combined if not m.slot} == {"I upholster boat seats."}
    assert "Biscuit" in {m.value for m in combined}
    assert plain.combine(heard, {}) == heard


def test_a_home_or_a_job_needs_more_than_a_place():
    assert read("heat pump put in, Vaillant, so loud", "I live in Vaillant.") == {}
    assert read("our flat in Ostrava is cold", "I live in Ostrava.")
    assert read("off to Trondheim tomorrow", "I work in Trondheim.") == {}


def test_play_and_pasted_words_are_never_read():
    play = Exchange(turn("let's play: you are now Max. my name is Ann", 1))
    pasted = Exchange(turn("summarize:\n> I live in Rome", 2))
    assert plain.windows([play]) == {}
    assert "Rome" not in str(plain.windows([pasted]))
