"""The questions people put in their own words about what they told."""

import pytest

from data.grammar_backwards import backward
from data.grammar_clauses import parse
from data.grammar_natural import natural
from data.grammar_slots import implied, touched
from data.hypernyms import sort_of
from data.phrases import slot_asks
from data.synonyms import kind_of
from models.dream_told import asks
from tests.models.telling import tell


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
        ("My niece is in grade 4.", {"What grade is my niece in?", "Which grade is my niece in?"}),
        ("I sit in row C.", {"What row do I sit in?"}),
        (
            "My niece teaches biology out in Regina.",
            {"Where does my niece live?", "Which city does my niece live in?"},
        ),
        ("My niece does cartwheels indoors to stay warm.", {"What does my niece do indoors?"}),
        ("I cycle to the mill to stay fit.", {"Why do I cycle to the mill?"}),
        ("I knit hats for the preemie ward.", {"Who do I knit hats for?"}),
        ("My mother lives at Larkhaven, a care home.", {"What is my mother's care home called?"}),
        ("I take my coffee with condensed milk.", {"What do I take in my coffee?"}),
        ("I am off to Lord Howe in September.", {"Where am I going?", "When am I going?"}),
        ("I take the 7.12 to Didcot every morning.", {"Which train do I take every morning?"}),
        ("I was born in Leiden.", {"Where was I born?", "What is my birthplace?"}),
        ("I am divorced.", {"What is my marital status?"}),
        ("I have long brown hair.", {"What is my hair like?", "What colour is my hair?"}),
        ("My ankle is sprained.", {"What is wrong with my ankle?"}),
        ("I drink fizzy water.", {"What kind of water do I drink?"}),
        ("I love to hike.", {"What do I enjoy doing?"}),
        ("My stepkids are 7 and 11.", {"How old are my stepkids?"}),
        ("I am learning Dutch.", {"Which language am I learning?", "What language am I learning?"}),
        ("I hate celery.", {"Which vegetable do I hate?", "What vegetable do I dislike?"}),
        ("My son is allergic to walnuts.", {"Which nut is my son allergic to?"}),
        ("I don't eat prawns.", {"Which seafood don't I eat?"}),
        ("My niece studies botany in Graz.", {"Which subject does my niece study?"}),
        (
            "My uncle is a joiner in Leeds.",
            {"Which city does my uncle live in?", "Where does my uncle live?"},
        ),
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
        ("My niece teaches children in Spanish.", "Where does my niece live?"),
        ("My niece teaches chess in Tannery Hall.", "Where does my niece live?"),
        ("I teach maths in Leeds.", "Where do I live?"),
    ],
)
def test_a_kind_a_number_and_a_way_are_asked_only_where_told(statement, question):
    assert question not in asked(statement)


def test_several_are_asked_for_as_several():
    assert "What nationality are my parents?" in asked("My parents are Danish.")
    assert "What pets do I own?" in asked("I own ferrets and goats.")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is my team called?", "My team is the Dark Matter Hatters."),
        ("Which car do I drive?", "I bought a Peugeot estate."),
        ("What pet do I have?", "I adopted a cat."),
        ("Where do I live?", "I have moved to Ghent."),
        ("What does my cousin do?", "My cousin has started a bakery in Sligo."),
        ("What position did I play?", "I used to play prop."),
        ("What was my job?", "I used to be a nurse."),
        ("What is my most recent job?", "My most recent job was forklift driver."),
    ],
)
def test_what_follows_from_a_statement_is_asked_in_plain_words(question, told):
    assert question in questions_about(told)


@pytest.mark.parametrize(
    ("told", "unfit"),
    [
        ("I bought my son a car.", "What car do I have?"),
        ("I drive a tram.", "Which car do I drive?"),
        ("I like football, baseball and hockey.", "Which sport do I like?"),
    ],
)
def test_nothing_is_asked_that_was_not_told_so(told, unfit):
    assert unfit not in questions_about(told)


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("My team is the Dark Matter Hatters.", "Who are the Dark Matter Hatters?"),
        ("I sold the accordion.", "What happened to the accordion?"),
        ("I did Irish dancing for nine years.", "What did I do for nine years?"),
        ("I read on my kindle.", "What do I do on my kindle?"),
        ("I retire on 8 March.", "What happens on 8 March?"),
        ("I can't swim.", "Who can't swim?"),
        ("I knit.", "Who knits?"),
        ("My niece Isaura does cartwheels to stay warm.", "Who does cartwheels?"),
    ],
)
def test_a_question_leads_back_from_what_was_told(told, question):
    assert question in {
        ask.question for m in tell(told) for ask in backward(m.subject, m.relation, m.value, m.statement)
    }


def questions_about(told):
    return {ask.question for memory in tell(told) for ask in asks(memory)}


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("I am deputy head.", "What is my job?"),
        ("I am head of marketing at Finlow.", "Where do I work?"),
        ("My job title is senior analyst.", "What do I do for work?"),
        ("My dad is a retired postman.", "What was my dad's job?"),
        ("I have a Fairphone.", "What phone do I have?"),
        ("I shoot with a Nikon.", "What camera do I have?"),
        ("I have a Siemens dishwasher.", "What dishwasher do I have?"),
        ("My dog Rex is a beagle.", "What kind of dog is Rex?"),
        ("My plant Edna is a fern.", "What kind of plant do I have?"),
        ("I am allergic to aspirin.", "Which drug am I allergic to?"),
        ("I am allergic to hazelnuts.", "Which food am I allergic to?"),
        ("My lens strength is -2.25.", "What strength is my lens?"),
        ("My program Floodwatch texts the neighbours.", "What does my program Floodwatch do?"),
        ("I have a Labrador.", "What breed is my dog?"),
        ("My mother-in-law keeps angora goats.", "What animals does my mother-in-law keep?"),
        ("My bike is blue.", "What colour is my bike?"),
        ("We bought a Peugeot estate.", "What car do I have?"),
        ("I moved to Bergen in 2020.", "Where did I move to?"),
    ],
)
def test_jobs_makes_and_breeds_are_asked_for_by_their_kind(told, question):
    assert question in questions_about(told)


@pytest.mark.parametrize(
    ("told", "odd"),
    [
        ("My dog Rex is a beagle.", "What dog Rex do I have?"),
        ("My mother-in-law keeps angora goats.", "Which pet does my mother-in-law keep?"),
        ("My dad is a retired postman.", "What does my dad do for a living?"),
        ("I am captain of the team.", "What do I do for a living?"),
        ("We met in Oslo.", "Where did I meet?"),
        ("My parents moved to Spain.", "Which town do my parents live in?"),
    ],
)
def test_what_reads_odd_or_is_not_so_is_not_asked(told, odd):
    assert odd not in questions_about(told)


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("I knit for the preemie ward.", "Who do I knit for?"),
        ("I go climbing with Jonas.", "Who do I go climbing with?"),
        ("I rent a room from Mrs Doyle.", "Who do I rent a room from?"),
        ("I bank with Monzo.", "Which bank do I use?"),
        ("I am in a book club.", "What club am I in?"),
        ("My left ear is deaf.", "Which of my ears is deaf?"),
        ("I broke my wrist in March.", "What happened to my wrist?"),
        ("I wear size 42 shoes.", "What is my shoe size?"),
        ("I take sertraline.", "What medication do I take?"),
        ("I have a nut allergy.", "What am I allergic to?"),
        ("I am terrified of flying.", "What am I afraid of?"),
        ("I pick up the kids at three.", "What time do I pick up the kids?"),
        ("I keep my passport in the desk.", "Where is my passport?"),
        ("I do pottery at the community centre.", "Where do I do pottery?"),
        ("I am going to Japan in April.", "Which country am I going to?"),
        ("I study marine biology at Plymouth.", "What do I study?"),
        ("My aunt makes marmalade.", "What does my aunt make?"),
        ("My flight is at 6am.", "What time is my flight?"),
        ("I play badminton on Thursdays.", "What do I play on Thursdays?"),
    ],
)
def test_company_body_places_and_times_are_asked_for_as_people_do(told, question):
    assert question in questions_about(told)


@pytest.mark.parametrize(
    ("told", "odd"),
    [
        ("I take the stairs.", "What medicine do I take?"),
        ("My right shoe is missing.", "What is wrong with my right shoe?"),
        ("I make friends easily.", "What do I make?"),
        ("I shoot with a Nikon.", "Who do I shoot with?"),
        ("My son Ollie is in Year 9.", "Where is my son Ollie?"),
        ("My colleague Arun sits next to me.", "What does my colleague Arun sit?"),
        ("We love each other.", "What do I love?"),
        ("I have lived in Porto since 2009.", "When have I lived in Porto?"),
    ],
)
def test_nothing_odd_is_asked_of_company_body_and_places(told, odd):
    assert odd not in questions_about(told)


def test_several_are_asked_for_their_names():
    asked_for = [ask.question for ask in slot_asks("my twins", "name")]
    assert "What are my twins' names?" in asked_for
    assert "What is my twins' name?" not in asked_for


@pytest.mark.parametrize(
    ("phrase", "sort"),
    [
        ("hazelnuts", "nut"),
        ("sour cherries", "fruit"),
        ("potatoes", "vegetable"),
        ("foxes", "animal"),
        ("the oboe", "instrument"),
        ("Welsh", "language"),
        ("apples and pears", ""),
        ("my bike", ""),
        ("Taylor Swift", ""),
        ("", ""),
    ],
)
def test_the_sort_of_a_thing_is_known_by_its_last_word(phrase, sort):
    assert sort_of(phrase) == sort


def test_who_is_long_gone_is_asked_for_in_the_past_told_or_not():
    past = {"What was my grandad called?", "What was my grandad's name?"}
    assert past <= {ask.question for ask in slot_asks("my grandad", "name")}
    assert not any(" was " in ask.question for ask in slot_asks("my dog", "name"))
