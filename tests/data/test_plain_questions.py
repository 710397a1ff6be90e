"""Plain questions about statements of any kind, and statements that must get none of a kind."""

import pytest

from data.grammar_backwards import backward
from data.grammar_clauses import parse
from data.grammar_natural import natural
from data.phrases import slot_asks
from models.dream_told import Told, asks
from tests.models.telling import tell


def questions_about(told):
    return {ask.question for memory in tell(told) for ask in asks(memory)}


def backwards_from(told):
    return {a.question for m in tell(told) for a in backward(m.subject, m.relation, m.value, m.statement)}


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("My uncle is a glassblower.", "What does my uncle do for a living?"),
        ("My cousin is a nail artist.", "What is my cousin's job?"),
        ("My grandmother was a lighthouse keeper.", "What did my grandmother do for a living?"),
        ("My aunt sells garden sheds.", "What does my aunt do for a living?"),
        ("My nephew bakes at the hospital.", "Where does my nephew bake?"),
        ("I do a doctorate on bat calls.", "What is my doctorate about?"),
        ("I do a doctorate on bat calls.", "What do I study?"),
        ("I am a goalkeeper.", "What position do I play?"),
    ],
)
def test_trades_and_studies_of_any_kind_are_asked_for(told, question):
    assert question in questions_about(told)


@pytest.mark.parametrize(
    "told",
    [
        "My uncle is a stranger.",
        "My aunt is a vegetarian.",
        "My sister is a bad loser.",
        "My cousin is a teenager.",
        "My father is a believer.",
        "My brother is an early riser.",
        "My nephew is a goalkeeper.",
        "I sell my old clothes.",
    ],
)
def test_what_somebody_is_or_does_beside_work_is_no_trade(told):
    assert not [q for q in questions_about(told) if "for a living" in q or "job" in q]


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("My caravan stands behind the chapel.", "Where does my caravan stand?"),
        ("My son panics at balloons.", "What does my son panic at?"),
        ("I cracked a rib years ago.", "When did I crack a rib?"),
        ("My roof leaks above the stairs.", "Where does my roof leak?"),
        ("My flatmate ordered 6 lamps for the hallway.", "How many lamps did my flatmate order?"),
        ("My aunt is moving abroad to open a bakery.", "Why is my aunt moving abroad?"),
        ("My niece refuses to wear shoes.", "What does my niece refuse to wear?"),
        ("I quit smoking because of my asthma.", "Why did I quit smoking?"),
        ("My phone rings before the alarm goes off.", "When does my phone ring?"),
        ("My grandmother taught me to sew when I was 8.", "Who taught me to sew?"),
        (
            "My grandmother taught me to sew when I was 8.",
            "How old was I when my grandmother taught me to sew?",
        ),
        ("My uncle offered me work as a guide.", "What work was I offered?"),
        ("My uncle offered me work as a guide.", "Who offered me work?"),
        ("My aunt has preordered 4 hens.", "How many hens has my aunt preordered?"),
        ("My cousin is over from Lyon for the week.", "Where is my cousin over from?"),
        ("I am training for the Great Fen Swim, 5 km in the cold.", "What am I training for?"),
    ],
)
def test_object_place_time_and_reason_of_any_verb_are_asked_for(told, question):
    assert question in questions_about(told)


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("I have a stiff right shoulder.", "Which shoulder is stiff?"),
        ("I have a bad back.", "What is wrong with my back?"),
        ("I am right handed.", "Am I left or right handed?"),
        ("I painted my kitchen yellow.", "What colour is my kitchen?"),
        ("I have a small anchor on my ankle.", "What do I have on my ankle?"),
        ("My knees are bad.", "What is wrong with my knees?"),
        ("My kayak is GONE.", "What happened to my kayak?"),
        ("My sister has got her pilot's licence.", "Which licence has my sister got?"),
        ("I have a flat white every morning.", "What coffee do I drink?"),
        ("I have porridge every single day.", "What do I have every single day?"),
        ("My gym is called Ironworks.", "Which gym do I go to?"),
        ("My name is Perpetua.", "What is my first name?"),
    ],
)
def test_body_things_and_names_are_asked_for_as_people_do(told, question):
    assert question in questions_about(told)


def test_what_bears_a_name_is_asked_for_by_its_use_and_a_number_of_now_keeps_its_now():
    assert "Which garage do I take my car to?" in {ask.question for ask in slot_asks("my garage", "name")}
    clause = parse("I have three kites now.")
    assert clause is not None
    assert {"How many kites do I have?", "How many kites do I have now?"} <= {
        a.question for a in natural(clause)
    }


def test_who_somebody_is_to_one_is_asked_with_who():
    found = questions_about("Imke is my therapist.") | backwards_from("Imke is my therapist.")
    assert {"Who is Imke?", "Who is Imke to me?"} <= found
    assert not [q for q in found if q.startswith(("What is Imke", "What's Imke"))]


@pytest.mark.parametrize(
    ("told", "odd"),
    [
        ("I carry an inhaler.", "Who do I carry?"),
        ("I have two hives.", "What do I have?"),
        ("My kayak is GONE.", "What is my kayak?"),
        ("I have three goats now.", "How many goats now do I have?"),
        ("My class starts at 6:30 from 5 May 2027 on.", "When does my class start at 6:30?"),
        ("My holiday lasted two weeks.", "What did my holiday last?"),
        ("My pay has a comma in it.", "Where is my pay's comma?"),
        ("My nephew plays between parked cars.", "What car does my nephew play?"),
        ("I have no dog.", "What pet do I have?"),
        ("My hair has been green since May.", "When has my hair been green?"),
        ("I grew up in Leiden.", "Where did I grow?"),
        ("My uncle looks after his llamas.", "When does my uncle look?"),
        ("I take milk in coffee.", "What do I take?"),
        ("My gran swears by cod liver oil.", "How does my gran swear?"),
        ("I walked into a lamp post.", "Where did I walk?"),
        ("I came home to find the door open.", "Why did I come home?"),
        ("I look after my nephew when his mother works late.", "When do I look?"),
        ("My laptop runs on Linux.", "Where does my laptop run?"),
        ("My friend is a widower.", "What is my friend's job?"),
    ],
)
def test_nothing_is_asked_that_the_statement_does_not_answer(told, odd):
    assert odd not in questions_about(told)


def test_a_question_that_leads_back_to_two_memories_is_put_for_neither():
    memories = tell("My aunt is a vet.", "My uncle is a vet.")
    told = Told(memories)
    shared = [
        ask
        for m in memories
        for ask in backward(m.subject, m.relation, m.value, m.statement)
        if ask.question == "Who is a vet?"
    ]
    assert shared
    assert not [ask for ask in shared if told.leads_back(ask)]
