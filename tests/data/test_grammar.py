"""The grammar turns statements into questions and into sentences said back to the person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.grammar import activity, affirmative, embed, negation, polar, possessive, tidy, to_second_person
from data.grammar_clauses import parse
from data.grammar_questions import wh
from data.grammar_topics import topic
from data.grammar_variants import simpler
from data.lexicon_verbs import gerund, participle, past, third


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("I am a baker.", "You are a baker."),
        ("I was late and was sorry.", "You were late and were sorry."),
        ("My sister was late.", "Your sister was late."),
        ("I've lost my keys and blame myself.", "You've lost your keys and blame yourself."),
        ("The green boat is mine.", "The green boat is yours."),
        ("My dog follows me.", "Your dog follows you."),
        ("We sold our house.", "You sold your house."),
        ("My aunt told her friend.", "Your aunt told her friend."),
    ],
)
def test_a_statement_is_said_back_in_the_second_person(said, back):
    assert to_second_person(said) == back


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("I play the tuba.", "Do I play the tuba?"),
        ("My neighbour Fenwick plays the tuba.", "Does my neighbour Fenwick play the tuba?"),
        ("I bought a kayak.", "Did I buy a kayak?"),
        ("I am left-handed.", "Am I left-handed?"),
        ("I have a parrot.", "Do I have a parrot?"),
        ("I have been to Malta.", "Have I been to Malta?"),
        ("I can whistle.", "Can I whistle?"),
        ("I don't eat fish.", "Do I not eat fish?"),
        ("My parents live in Graz.", "Do my parents live in Graz?"),
        ("I really like rain.", "Do I really like rain?"),
    ],
)
def test_a_statement_becomes_a_yes_no_question(statement, question):
    assert polar(parse(statement)) == question


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("I play the tuba.", "What do I play?"),
        ("I grew up on a farm.", "Where did I grow up?"),
        ("I like to swim.", "What do I like to do?"),
        ("My aunt Odile teaches chemistry.", "What does my aunt Odile teach?"),
        ("My aunt Odile teaches chemistry.", "Who teaches chemistry?"),
        ("I am a nurse.", "What do I do for a living?"),
        ("I am afraid of geese.", "What am I afraid of?"),
        ("I moved to Graz in 2019.", "When did I move to Graz?"),
    ],
)
def test_a_statement_answers_an_open_question(statement, question):
    assert question in [ask.question for ask in wh(parse(statement))]


@pytest.mark.parametrize("statement", ["I work a lot of hours.", "I take care of goats.", "I used to swim."])
def test_no_open_question_where_the_answer_would_not_fit(statement):
    assert wh(parse(statement)) == []


@pytest.mark.parametrize(
    ("statement", "questions"),
    [
        ("I compete as a gymnast.", set()),
        ("I visited Egypt as an intern at Corbel.", {"What did I visit?", "Which place did I visit?"}),
        ("I love playing chess with friends.", {"What do I love doing?", "What do I love?"}),
        ("I enjoy working with my hands.", {"What do I enjoy doing?", "What do I enjoy?"}),
        ("I read comic books.", {"What do I read?"}),
        ("I read Dune.", {"What do I read?", "Which book do I read?"}),
        ("I play chess with my aunt.", {"What do I play with my aunt?"}),
    ],
)
def test_a_role_a_gerund_and_reading_are_asked_for_whole(statement, questions):
    assert {ask.question for ask in wh(parse(statement))} == questions


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("I sketch in my lunch break.", "What do I sketch in?"),
        ("I dropped out of choir.", "What did I drop out?"),
        ("I met Ferris Corbel.", "What did I meet?"),
        ("I want my bread to rise in an hour.", "What do I want?"),
        ("I am expecting a foal in April 2027.", "Where am I expecting a foal?"),
        ("My brother is in the navy.", "Where is my brother?"),
        ("My essay is on moss.", "Where is my essay?"),
        ("My sister left us.", "What did my sister leave?"),
        ("I live next door.", "What do I live?"),
        ("I do like moss.", "What do I do?"),
        ("I spend my days rowing.", "What do I spend?"),
        ("I like goats covered in mud.", "What do I like in mud?"),
        ("I study moss and teach.", "What do I study moss?"),
    ],
)
def test_no_gap_is_left_where_nothing_stands(statement, question):
    assert question not in [ask.question for ask in wh(parse(statement))]


def test_people_are_met_and_what_one_wants_to_be_is_not_done():
    assert "Who did I meet?" in [ask.question for ask in wh(parse("I met Ferris Corbel."))]
    assert "What do I want to be?" in [ask.question for ask in wh(parse("I want to be a cooper."))]
    assert "Who lives in Graz?" in [ask.question for ask in wh(parse("My kids live in Graz."))]


def test_hobbies_are_asked_for_as_what_they_are():
    asks = [ask.question for ask in wh(parse("My hobbies are rowing and baking for friends."))]
    assert asks == ["What are my hobbies?"]


def test_the_hour_is_no_verb():
    assert to_second_person("I get up at 5 am.") == "You get up at 5 am."


def test_topics_are_what_one_has_and_nothing_torn():
    assert topic(parse("I have a loom that creaks.")) == "my loom"
    assert topic(parse("I don't have a loom.")) == "having a loom"
    assert topic(parse("I like moss more than ferns.")) == "moss"
    assert topic(parse("I prefer moss to ferns.")) == "moss"
    assert topic(parse("I like rowing and bake.")) == ""
    assert topic(parse("I don't listen to polka.")) == "listening to polka"
    assert topic(parse("I want my bread to rise.")) == ""


def test_what_is_loved_is_not_done_at_the_moment():
    reading = simpler(parse("I love to read crime novels."))
    learning = simpler(parse("I want to learn Rust."))
    assert "I read crime novels." in {affirmative(one) for one in reading}
    assert not [one for one in reading if one.aux]
    assert "I am learning Rust." in {affirmative(one) for one in learning}
    assert simpler(parse("I wanted to learn Rust.")) == []


def test_negation_and_topics():
    assert negation(parse("I bought a kayak.")) == "I did not buy a kayak."
    assert negation(parse("I don't swim.")) == ""
    assert activity(parse("I keep bees.")) == "keeping bees"
    assert topic(parse("I like to knit socks.")) == "knitting socks"
    assert topic(parse("My bike needs oil.")) == "my bike"
    assert topic(parse("I don't get out of the house much.")) == "getting out of the house"
    assert topic(parse("I have 3 years more practice than you.")) == "having 3 years more practice than you"


def test_verb_forms():
    assert [third("watch"), third("carry"), third("play")] == ["watches", "carries", "plays"]
    assert [past("plan"), past("go"), past("try")] == ["planned", "went", "tried"]
    assert [participle("write"), participle("visit")] == ["written", "visited"]
    assert [gerund("lie"), gerund("bake"), gerund("run")] == ["lying", "baking", "running"]


def test_messy_spelling_is_mended_and_shouting_is_left_alone():
    assert tidy("im sure i dont own a car!!") == "I'm sure I don't own a car."
    assert tidy("my firm is called IM") == "My firm is called IM."


def test_possessives():
    assert [possessive("my boss"), possessive("my parents"), possessive("Gus")] == [
        "my boss's",
        "my parents'",
        "Gus's",
    ]


def test_embedding_keeps_names_and_lowers_function_words():
    assert embed("Your cat is old.") == "your cat is old"
    assert embed("Imke is your sister.") == "Imke is your sister"


@given(st.text(max_size=200))
def test_no_text_breaks_the_grammar(text):
    statement = tidy(text)
    clause = parse(statement)
    assert isinstance(to_second_person(statement), str)
    if clause:
        assert polar(clause) == "" or polar(clause).endswith("?")
        assert all(ask.question.endswith("?") for ask in wh(clause))


@given(
    st.sampled_from(["I", "My sister"]),
    st.sampled_from(["plays", "play", "bought", "likes"]),
    st.sampled_from(["the flute", "my old van", "rain"]),
)
def test_nothing_of_the_first_person_is_left(subject, verb, rest):
    words = to_second_person(f"{subject} {verb} {rest}.").lower().rstrip(".").split()
    assert not {"i", "my", "me"} & set(words)
