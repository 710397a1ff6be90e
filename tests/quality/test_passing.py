"""Moves in a game, figures of speech and what is over tonight are not remembered; what lasts is."""

from datetime import date

import pytest

from data.ledger import merge
from data.night import Night
from tests.models.telling import tell


def told(text: str) -> list[str]:
    return [memory.statement for memory in tell(text)]


@pytest.mark.parametrize(
    "text",
    [
        "my uncle took my rook, is it over?",
        "my daughter sank my submarine, what opening is best",
        "we lost four nil, pep talk please",
        "we always lose on geography, how do i learn capitals",
        "I lost a bet with Ottoline",
        "I owe Bertrand two beers",
        "my aunt took the bet",
        "we lost by forty points to the year nines",
        "my loft is a museum of paint tins",
        "she gets the hammock and i get the lumpy armchair, fair?",
        "grandpa took the last dumpling",
        "my druid is level three, which spell",
        "my hallway is a bomb site, where do i start",
        "we are a museum of broken umbrellas",
        "I am a sloth today, motivate me",
        "my legs are jelly after that hill",
        "my boss is in a foul mood",
        "I got two turnips in the veg box",
        "I got resin on my sleeve",
        "the neighbour is drilling again",
        "my wife's got swimming in half an hour",
        "my phone is at nine percent",
        "my dog is watching me from the stairs",
        "i burnt the lentils again",
        "my brother made us pasta",
        "i ordered the usual thing",
    ],
)
def test_what_is_over_tonight_is_not_remembered(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("I won the county darts championship in 2019", "I won the county darts championship in 2019."),
        ("I lost my job in 2021", "I lost my job in 2021."),
        ("we are a family of nurses", "We are a family of nurses."),
        ("we are a family of five", "We are a family of five."),
        ("I take the window seat every flight", "I take the window seat every flight."),
        ("my sister is playing the lead in the school musical", None),
        ("my brother is married", "My brother is married."),
        ("I have a shop in Galway", "I have a shop in Galway."),
        ("my dad cooks dinner every Friday", "My dad cooks dinner every Friday."),
    ],
)
def test_what_lasts_is_remembered_beside_its_likes(text, statement):
    assert told(text) == [statement] if statement else told(text)


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("my fringe is purple since may, my niece's idea", "My fringe is purple since May 2026."),
        ("i do the crossword club every tuesday with two lunatics", "I do the crossword club every Tuesday."),
        ("we got married on a tram in 2015, anniversary ideas", "We got married on a tram in 2015."),
    ],
)
def test_a_remark_at_the_end_is_no_part_of_the_fact(text, statement):
    assert told(text) == [statement]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("laptop hinge swap worth it? mine's a Thinkpad", "My laptop is a Thinkpad."),
        ("washing machine drum smell, mine's a Miele from 2009", "My washing machine is a Miele from 2009."),
        ("is oat milk in cocoa odd? its how i take mine", "I take oat milk in cocoa."),
        ("home from archery, i shoot longbow. stretches?", "I shoot longbow in archery."),
        ("back from choir practice, i sing second alto", "I sing second alto in choir."),
        ("my wife's got night shift at the depot later, quick dinner?", "My wife works at the depot."),
        ("my welsh is rusty, lived in Bangor for two years", "I lived in Bangor for two years."),
        ("my beard's teal since march, kid's dare", "My beard is teal since March 2026."),
        ("bash script question, it empties my bin, i call it squirrel", "My script is called Squirrel."),
    ],
)
def test_what_a_message_is_about_completes_what_it_tells(text, statement):
    assert statement in told(text)


@pytest.mark.parametrize(
    ("text", "crooked"),
    [
        ("i got my boat licence last week", "My boat is called Licence."),
        ("my tattoo's a heron, left calf", "My tattoo left calf."),
        ("it texts me when the freezer warms up, i named it pinguin", "My freezer warms is called Pinguin."),
        ("back from Lisbon, i love the quiet", "I love the quiet in lisbon."),
    ],
)
def test_a_compound_or_a_side_is_not_read_as_a_name_or_a_verb(text, crooked):
    assert crooked not in told(text)


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("I met my wife in Porto", ["I met my wife in Porto."]),
        ("My mother tongue is Tamil", ["My mother tongue is Tamil."]),
        ("my daughter plays handball on tuesdays", ["My daughter plays handball on Tuesdays."]),
        ("my cats are called Ink and Soot", ["My cat is called Ink.", "My cat is called Soot."]),
        ("I have a Monday meeting with Kim", []),
    ],
)
def test_a_sentence_is_not_bent_into_another(text, statements):
    assert told(text) == statements


def test_several_named_at_once_stay_beside_each_other_in_the_ledger():
    night = Night(date(2026, 9, 14), "UTC")
    ledger = merge([], tell("my cats are called Ink and Soot"), night)
    assert {memory.value for memory in ledger if memory.active} == {"Ink", "Soot"}
