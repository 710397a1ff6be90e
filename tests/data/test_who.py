"""Asking who somebody is by what was told of them, of told and of untold people."""

from dataclasses import replace

import pytest

from data.grammar_questions import Ask
from data.grammar_who import among, circles, seeks_a_doer
from data.settings import DreamSettings
from models.dream_told import Told
from models.dream_views import backwards
from models.dreamer import dream
from tests.models.telling import tell

MANY = DreamSettings(views=80, negatives=60)


def who_is(*told: str) -> set[str]:
    """Every reversed question about what was told."""
    memories = tell(*told)
    return {view.question for memory in memories for view in backwards(memory, Told(memories))}


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("My wife is a bookbinder.", "in my family"),
        ("My best friend is allergic to shellfish.", "of my friends"),
        ("My colleague Bettany is vegetarian.", "of my colleagues"),
        ("My neighbour Gervaise drives a hearse.", "of my neighbours"),
        ("My dog is a lurcher.", "of my pets"),
    ],
)
def test_people_are_asked_for_among_those_they_belong_to(told, question):
    assert any(question in asked for asked in who_is(told))


def test_a_friend_known_by_name_is_asked_for_among_friends():
    named = tell("My oldest friend is called Nuala.")
    by_name = replace(tell("My sister is allergic to shellfish.")[0], subject="Nuala", id="m2")
    by_name = replace(by_name, statement="Nuala is allergic to shellfish.")
    asked = {view.question for view in backwards(by_name, Told([*named, by_name]))}
    assert "Which of my friends is allergic to shellfish?" in asked


def test_what_the_person_is_asks_for_nobody_they_know():
    assert not any("I know" in q or "family" in q for q in who_is("I am an engine fitter."))


def test_a_question_for_somebody_else_is_left_alone():
    ask = Ask("Who does my sister live with?", "who my sister lives with")
    assert not seeks_a_doer(ask)
    assert among(ask, "my sister") == []


def test_a_role_nobody_placed_has_no_circle():
    assert circles("my landlord") == ()


def test_the_same_words_ask_for_people_nobody_told_of_and_none_is_denied_that_was():
    others = ("My aunt is a thatcher.", "My uncle is a tailor.", "My cousin is a florist.")
    told = tell("My wife is a bookbinder.", "My brother is a pilot.", "My sister is vegan.", *others)
    denied = [d for d in dream(told, 1, MANY) if d.kind == "negative" and "who" in d.answer]
    asked = " | ".join(d.question for d in denied)
    assert "in my family" in asked or "of my relatives" in asked
    assert not [d for d in denied if "pilot" in d.question or "vegan" in d.question]


def test_a_thing_that_stands_somewhere_is_asked_for_by_its_place():
    asked = " | ".join(who_is("My hives stand behind the barn."))
    assert "What stands behind the barn" in asked
    assert "keep behind the barn" in asked


def test_a_book_being_read_is_asked_for_by_its_title():
    assert any(q.startswith("What is The Salt Almanac") for q in who_is("I am reading The Salt Almanac."))


def test_one_open_question_has_one_answer():
    told = tell(
        "My daughter Wrenna is the heron.",
        "My daughter Wrenna talks only in heron.",
        "My daughter Wrenna was sad it ended.",
    )
    held = Told(told)
    assert sum(bool(held.topic(memory)) for memory in told) == 1
    about = [d for d in dream(told, 1, MANY) if d.kind == "direct" and "about" in d.question]
    assert len({d.answer for d in about}) == 1


def test_a_memory_with_few_questions_has_fewer_rows():
    few, many = (
        [d for d in dream(tell(text), 1, DreamSettings()) if d.kind == "direct" and d.split == "train"]
        for text in ("My father faints at plasters.", "My dog is called Skillet.")
    )
    assert 8 <= len(few) < len(many)


def test_what_stands_beside_a_told_thing_is_denied_unless_it_was_told():
    told = tell("My name is Tamsel.", "I live in Pennant.", "My wife is called Ilsabet.")
    denied = {d.answer for d in dream(told, 1, MANY) if d.kind == "negative"}
    assert "You haven't told me what your surname is." in denied
    assert "You haven't told me what street you live in." in denied
    assert "You haven't told me where you got married." in denied
    wed = dream([*told, *tell("Our wedding was in Leith.")], 1, MANY)
    assert not any("got married" in d.answer for d in wed if d.kind == "negative")


def test_the_names_of_others_are_denied_most_around_a_name():
    told = tell("My sister is called Imke.")
    denied = [d for d in dream(told, 1, DreamSettings()) if d.kind == "negative"]
    assert sum(d.answer.endswith(" is called.") for d in denied) >= len(denied) / 4


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("My name is Tamsel.", "Who is Tamsel?"),
        ("I work at Quarrie Marine.", "What is Quarrie Marine?"),
        ("My mother lives at Larkhaven, a care home.", "What is Larkhaven?"),
        ("My cousin Ines lives in Moncton.", "Who do I know in Moncton?"),
        ("My cousin Ines moved to Moncton in 2025.", "Who do I know in Moncton?"),
        ("My cousin Ines is a welder in Moncton.", "Who do I know in Moncton?"),
        ("My cousin Ines teaches chemistry in Moncton.", "Who do I know in Moncton?"),
        ("My aunt is called Corvane.", "Corvane and I: how are we related?"),
        ("My boat is called Nightjar.", "Who or what is Nightjar?"),
        ("I keep chicory in my kitchen for coffee.", "Why is there chicory in my kitchen?"),
        ("I have a sextant on my shelf.", "Where would I find a sextant?"),
        ("I use the Hummel kit for my model railway.", "What is the Hummel kit for?"),
        ("I am allergic to penicillin.", "How do I react to penicillin?"),
        ("My cousin Petra is getting married in Inchvarra.", "What is going to happen in Inchvarra?"),
        ("My teacher Madoc moves away with his llamas.", "Who has llamas?"),
        ("My nan is 88.", "Who is 88?"),
        ("My birthday is on 12 March.", "What is on 12 March?"),
        ("My cousin emigrated to Nelson in 1974.", "Who emigrated to Nelson?"),
        ("My friend works at a tax office in Lviv.", "Who works at a tax office?"),
        ("My stepdaughter's name is Aoibheann.", "Who is Aoibheann to me?"),
        ("My stage name is Velvet Crane.", "Who is Velvet Crane?"),
        ("My aunt lives out in Moncton with three dogs.", "Who lives in Moncton?"),
        ("I grew up in Oskaren.", "What do I have to do with Oskaren?"),
        ("I am training for the Fell Mile.", "What is the Fell Mile to me?"),
        ("My housemate Olga is a baker.", "Who is the baker in our house?"),
        ("My sister is a baker.", "Who is the baker in my family?"),
    ],
)
def test_what_was_told_is_asked_for_by_its_value(told, question):
    assert question in who_is(told)


def test_of_whom_only_the_name_is_known_is_asked_by_what_says_it_best():
    plays, is_vet = tell("my cat plays between cows", "my cat is a vet")
    lorcan = [
        replace(plays, subject="Lorcan", statement="Lorcan plays between cows."),
        replace(is_vet, subject="Lorcan", statement="Lorcan is a vet."),
    ]
    asked = {
        view.answer
        for m in lorcan
        for view in backwards(m, Told(lorcan))
        if view.question == "Who is Lorcan?"
    }
    assert asked == {"Lorcan is a vet."}
    known = [*lorcan, *tell("My uncle is called Lorcan.")]
    assert not any(v.question == "Who is Lorcan?" for m in lorcan for v in backwards(m, Told(known)))


def test_only_who_lives_with_the_person_is_asked_for_at_home():
    assert any("in my house" in q for q in who_is("My flatmate Olga plays the trumpet."))
    assert any("in my house" in q for q in who_is("My wife is a bookbinder."))
    assert not any("in my house" in q or "at home" in q for q in who_is("My aunt is a bookbinder."))


def test_what_goes_on_once_is_no_habit():
    asked = who_is("I am running the marathon in Valletta in April.")
    assert not any(q.startswith(("What do I do", "Who runs")) for q in asked)


def test_what_is_on_somebody_is_nowhere_to_be_found():
    assert not any("find" in q for q in who_is("I have a tattoo on my left arm."))


def test_the_plainest_words_are_always_trained():
    cases = (("My sister is called Imke.", "who is Imke"), ("My uncle has asthma.", "who has asthma"))
    for told, question in cases:
        dreams = dream(tell(told), 1, DreamSettings())
        drawn = [d for d in dreams if d.kind == "reversed" and d.split == "train"]
        assert any(question.casefold() in d.question.casefold().replace("who's", "who is") for d in drawn)
        assert len({d.question for d in drawn}) == len(drawn) <= 7
