"""What a statement tells beside its own point is never called untold, and what it does not tell still is."""

import pytest

from data import slots
from data.grammar_slots import touched
from data.seeds import load_untold
from models.dream_told import Told
from models.dreamer import dream
from tests.models.telling import S, tell


@pytest.mark.parametrize(
    ("text", "subject", "relation"),
    [
        ("my uncle Radko is a glass painter", "my uncle Radko", "job"),
        ("my dog Fips is a whippet", "my dog's breed", "is"),
        ("I work at Aldous Ceramics", "my company", "name"),
        ("my dentist is called Fenwick", "my dentist", "job"),
        ("my starter is called Bubbles", "my sourdough", "name"),
        ("I bleached my hair last week", "my hair colour", "is"),
        ("my rowing practice is on Tuesdays", "my favourite sport", "is"),
    ],
)
def test_the_dreamer_never_denies_what_a_statement_touches(text, subject, relation):
    told = Told(tell(text))
    assert told.active, "the statement is held"
    assert told.knows(subject, relation)


@pytest.mark.parametrize(
    ("text", "subject", "relation"),
    [
        ("my shift starts at 5:50", "my", "working hours"),
        ("I have an oat latte every morning", "my", "coffee order"),
        ("I don't like aubergines", "my", "disliked food"),
        ("I do a phd on bog mosses", "my", "subject"),
        ("my handball practice is on Tuesdays", "my", "sport"),
        ("my garage is called Wendell", "my car's", "garage"),
        ("my teacher is called Odo", "my course's", "teacher"),
        ("I work at Aldous Ceramics", "my company's", "name"),
        ("I am a goal attack", "my", "job"),
        ("I am terrified of moths", "my", "phobia"),
        ("I am epileptic", "my", "illness"),
        ("I work at Tolland Primary", "my school's", "name"),
    ],
)
def test_the_mixture_never_calls_untold_what_a_statement_touches(text, subject, relation):
    slot = next(s for s in load_untold() if (s.subject, s.relation) == (subject, relation))
    assert slots.is_filled(slot, slots.filled_slots(tell(text)))
    assert not slots.is_filled(slot, slots.filled_slots([]))


@pytest.mark.parametrize(
    ("text", "subject", "relation"),
    [
        ("my dentist is called Fenwick", "my dentist", "birthday"),
        ("my sister has a coffee every morning", "I", "my fear"),
        ("my dog Fips is a whippet", "my dog", "birthday"),
        ("I work at Aldous Ceramics", "my blog", "name"),
    ],
)
def test_what_was_not_told_stays_untold(text, subject, relation):
    assert not Told(tell(text)).knows(subject, relation)


def test_what_is_told_of_somebody_else_is_not_told_of_the_person():
    memories = tell("my aunt Jolanda does a phd on bog mosses")
    slot = next(s for s in load_untold() if (s.subject, s.relation) == ("my", "subject"))
    assert memories and not slots.is_filled(slot, slots.filled_slots(memories))


def test_a_trade_nobody_needs_to_tell_is_not_asked_for():
    asked = [d.question for d in dream(tell("my brother is called Ruslan", "my dog is called Fips"), 1, S)]
    trades = ("dentist", "hairdresser", "landlord", "therapist")
    work = ("job", "profession", "do for", "work as", "line of work")
    denied = [q for q in asked if any(t in q for t in trades) and any(w in q for w in work)]
    assert denied == []


def test_only_somebody_has_a_birthday():
    memories = tell("Parsnips are my favourite roots")
    birthdays = [d for d in dream(memories, 1, S) if "Parsnips" in d.question and "birthday" in d.question]
    assert birthdays == []


def test_an_unknown_trade_counts_as_one():
    assert "job" in touched("My uncle Radko is a glass painter.")
    assert "job" not in touched("My uncle Radko is vegetarian.")


def test_a_mother_in_law_is_no_mother():
    denied = {
        d.answer
        for text in (
            "my mother-in-law is called Raisa",
            "my sister is called Imke",
            "my goose is called Bart",
        )
        for d in dream(tell(text), 1, S)
        if d.kind == "negative"
    }
    assert "You haven't told me what your mother is called." in denied
    both = dream(tell("my mother-in-law is called Raisa", "my mother is called Imke"), 1, S)
    assert not any("what your mother is called" in d.answer for d in both if d.kind == "negative")
    assert not any("what your mother-in-law is called" in d.answer for d in both if d.kind == "negative")
