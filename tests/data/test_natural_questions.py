"""The questions people put in their own words about what they told."""

import pytest

from data.grammar_backwards import backward
from data.grammar_clauses import parse
from data.grammar_natural import natural
from data.grammar_slots import implied, touched
from data.synonyms import kind_of


def asked(statement):
    clause = parse(statement)
    assert clause is not None
    return [ask.question for ask in natural(clause)]


@pytest.mark.parametrize(
    ("statement", "questions"),
    [
        ("I am vice-skip in our curling team.", {"What is my position in curling?"}),
        ("My car is a Volvo 240.", {"What car do I drive?", "What make is my car?"}),
        ("I drive a Skoda.", {"Which car do I drive?", "What kind of car do I have?"}),
        ("I take oat milk in my coffee.", {"What do I put in my coffee?", "How do I take my coffee?"}),
        ("I take my coffee black.", {"How do I take my coffee?", "How do I like my coffee?"}),
        ("I want to travel to Bergen in 2027.", {"Where do I want to travel in 2027?"}),
        ("I worked at the tile factory in Gmunden.", {"In which town was the tile factory?"}),
        ("I work from 10pm til 6.", {"What hours do I work?", "When do I work?"}),
        ("My shift starts at 5am.", {"What time does my shift start?"}),
        ("I play Carcassonne every Friday.", {"Which game do I play?", "What do I do every Friday?"}),
        ("I have been married for twenty years.", {"How long have I been married?"}),
        ("My mum has a Kia.", {"What car does my mum have?"}),
        ("My father had a stroke.", {"What health problem did my father have?"}),
        ("My dad built me a walnut desk.", {"What did my dad build me?"}),
        ("I can't eat sesame.", {"What can't I eat?", "What food should I avoid?"}),
        ("I don't like natto.", {"What don't I like?", "What do I dislike?"}),
        ("My carer's name is Blessing.", {"Who is my carer?", "What is my carer called?"}),
        ("My tortoise is a girl.", {"Is my tortoise a boy or a girl?"}),
        ("I knit.", {"What is my hobby?"}),
        ("I would love to learn the oud.", {"Which instrument do I want to learn?"}),
    ],
)
def test_people_ask_by_kind_place_time_and_role(statement, questions):
    assert questions <= set(asked(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "I care about trains, which my aunt hates.",
        "My wife and I met at a ceilidh.",
        "I upholster boat seats.",
    ],
)
def test_nothing_is_asked_by_a_kind_that_only_looks_like_one(statement):
    assert not [q for q in asked(statement) if "car" in q.split() or "dance" in q.split()]


def test_a_trade_and_an_employer_are_implied_by_what_one_does_there():
    assert implied("I upholster boat seats at Skarnes Marine.") == ("job", "employer")
    assert implied("My father teaches woodwork.") == ("job",)
    assert implied("I drive a tram.") == ("job",)


def test_play_and_the_past_imply_no_trade():
    assert implied("I play football at Corbel Park.") == ()
    assert implied("I taught woodwork.") == ()
    assert implied("I drive a Volvo.") == ()


def test_what_a_statement_touches_is_not_untold():
    assert {"car"} <= set(touched("I drive a Peugeot 208."))
    assert {"instrument", "hobby"} <= set(touched("I play the oud."))
    assert {"holiday plan"} <= set(touched("I want to travel to Bergen in 2027."))


def test_kinds_of_things():
    assert kind_of("a blue Volvo 240") == "car"
    assert kind_of("boat seats") == ""
    assert kind_of("an old accordion") == "instrument"


def test_questions_lead_back_from_names_places_and_dates():
    said = [a.question for a in backward("my sister", "name", "Imke", "My sister is called Imke.")]
    assert said[:2] == ["Who is Imke?", "Who is Imke to me?"]
    at = backward("I", "upholster", "boat seats", "I upholster boat seats at Skarnes Marine.")
    assert "What is my connection to Skarnes Marine?" in [a.question for a in at]
    on = backward("my exam", "date", "12 May 2026", "My exam is on 12 May 2026.")
    assert "What is on 12 May 2026?" in [a.question for a in on]
    plays = backward("my aunt", "play", "the oud", "My aunt plays the oud.")
    assert [a.question for a in plays] == ["Who plays the oud?"]


def test_numbers_people_and_manners_are_not_asked_as_times_kinds_and_things():
    assert "What time did my brother have a bypass?" not in asked("My brother had a bypass at 49.")
    assert not [q for q in asked("I have a young granddaughter.") if q.startswith("What")]
    assert not [q for q in asked("My zebra finch's name is Sixpence.") if q.startswith("Who")]


def test_how_one_gets_to_work_and_home():
    assert "How do I get to work?" in asked("I cycle to work.")
    assert "How do I get home from work?" in asked("I take the ferry to Holmen after work.")


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("I have an aunt that weaves in Graz.", "What weaves do I have?"),
        ("I have 3 geese and 2 hens.", "How many geese and 2 hens do I have?"),
        ("I have a degree in botany.", "Where is my degree?"),
        ("I commute to work.", "How do I get to work?"),
        ("I have never played chess.", "What is my hobby?"),
        ("I am too tired for a side job.", "What is my position in a side?"),
        ("I love otters and rowing.", "What sport do I love?"),
        ("I own a shop mending clocks.", "What kind of clocks do I own?"),
        ("My two geese are a gander and a goose.", "What two geese do I have?"),
    ],
)
def test_a_kind_a_number_and_a_way_are_asked_only_where_told(statement, question):
    assert question not in asked(statement)


def test_several_are_asked_for_as_several():
    assert "What nationality are my parents?" in asked("My parents are Danish.")
    assert "What pets do I own?" in asked("I own ferrets and goats.")
