"""What memories say of the chat they were told in, so that each can be read alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import Recipe
from tasks.curate import remember

START = date(2026, 9, 14)


def remembered(*days: list[list[str]]) -> list[str]:
    """The ledger's statements after days of chats; every second message of a chat is the assistant's."""
    known: list[Memory] = []
    for number, chats in enumerate(days):
        day = START + timedelta(days=number)
        exchanges = [e for i, chat in enumerate(chats) for e in _exchanges(f"c{number}-{i}", chat, day)]
        _, known = remember(exchanges, known, Night(day, "UTC"), Recipe())
    return [memory.statement for memory in known if memory.active]


def _exchanges(name: str, chat: list[str], day: date) -> list[Exchange]:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    turns = [
        Turn("log", name, str(i), "assistant" if i % 2 else "user", text, at) for i, text in enumerate(chat)
    ]
    return [Exchange(t, *turns[i + 1 : i + 2]) for i, t in enumerate(turns) if t.role == "user"]


@pytest.mark.parametrize(
    ("chat", "statement"),
    [
        (
            ["why does my reed crack, its on an oboe", "Soak it.", "my teacher Hestia warned me about that"],
            "My oboe teacher is called Hestia.",
        ),
        (["water polo tomorrow. our team is the Drowned Rats"], "My water polo team is the Drowned Rats."),
        (
            ["how do i stop my cello squeaking", "Rosin.", "my lesson is on thursdays at 5"],
            "My cello lesson is on Thursdays at 5.",
        ),
        (
            [
                "my starter is called Gloop and it went grey",
                "A sourdough starter with grey liquid is hungry.",
            ],
            "My sourdough starter is called Gloop.",
        ),
        (["ukulele strings keep slipping, i only started playing in august"], "I play the ukulele."),
    ],
)
def test_a_bare_noun_takes_the_activity_its_chat_names(chat: list[str], statement: str):
    assert statement in remembered([chat])


@pytest.mark.parametrize(
    ("chat", "statement"),
    [
        (
            ["i play tennis on sundays. my team at the bank is great", "Nice.", "my coach Pavel is at work"],
            "My coach is called Pavel.",
        ),
        (
            ["should i drop judo or fencing", "Which do you like?", "my coach Pavel says judo is for bears"],
            "My coach is called Pavel.",
        ),
        (
            ["my daughter's violin is out of tune", "Use a tuner.", "my teacher Oswin has a better ear"],
            "My teacher is called Oswin.",
        ),
        (
            ["i quit the trumpet years ago", "You could return.", "my teacher Anselma is patient"],
            "My teacher is called Anselma.",
        ),
        (
            ["homework is due, my teacher Mr Dobbs wants 500 words. then i play the flute"],
            "My teacher is called Mr Dobbs.",
        ),
        (
            ["my team is called Kestrels", "Like in hockey. Is it a sports team?", "no its for a hackathon"],
            "My team is called Kestrels.",
        ),
    ],
)
def test_a_bare_noun_stays_bare_when_the_chat_leaves_open_what_it_is_of(chat: list[str], statement: str):
    assert statement in remembered([chat])


def test_a_new_teacher_follows_the_old_one_of_the_same_instrument():
    first = ["why does my reed crack, its on an oboe", "Soak it.", "my teacher Hestia warned me about that"]
    second = [
        "Hestia moved to Spain so i have a new teacher, Bartok",
        "How is Bartok?",
        "lesson is fridays now",
    ]
    told = remembered([first], [second])
    assert "My oboe teacher is called Bartok." in told
    assert "My oboe lesson is on Fridays." in told
    assert "My oboe teacher is called Hestia." not in told


def test_a_team_takes_the_sport_of_another_chat_of_the_day():
    sport = ["first league race tonight, what do rowers eat beforehand"]
    team = ["the Brackish Mudlarks lost 3-1. team name was my idea"]
    assert "My rowing team is called Brackish Mudlarks." in remembered([sport, team])


def test_a_team_does_not_take_the_sport_a_child_is_mad_about():
    sport = ["how long is a rugby match, my son is mad about it"]
    assert "My team is called Otters." in remembered([sport, ["we won! my team is called Otters"]])


@pytest.mark.parametrize(
    ("chat", "statement"),
    [
        (
            ["my kid needs a teapot costume", "Cardboard.", "Juniper wants it to steam", "Ice.", "she's six"],
            "My daughter is called Juniper.",
        ),
        (
            ["my gran's soup never sets", "More bones.", "Philippa has made it for decades. she's 91"],
            "My gran is called Philippa.",
        ),
        (["my kid Alfie has a spelling test, he is eight"], "My son is called Alfie."),
        (
            ["text to my ex please. he's called Desmond, moved to Leeds last year"],
            "My ex Desmond moved to Leeds in 2025.",
        ),
    ],
)
def test_a_name_belongs_to_the_relative_who_is_spoken_of(chat: list[str], statement: str):
    assert statement in remembered([chat])


@pytest.mark.parametrize(
    ("chat", "name"),
    [
        (["my kid is having a sleepover", "Fun.", "Milo is nine and allergic to nuts"], "called Milo"),
        (["my kid wants to be an astronaut", "Fine.", "Xavi from her class is seven"], "called Xavi"),
        (["my gran is in a home now", "Hard.", "Beatriz looks after her, she's 26"], "called Beatriz"),
        (["my kid broke a window", "Oh.", "Stefan wants 200 for it. he's 70"], "called Stefan"),
        (["my boss quit today. my new boss is called Annika"], "Annika quit"),
        (["my brother lives in Perth. my other brother is called Joss"], "Joss lives in Perth"),
    ],
)
def test_a_name_is_nobody_of_the_persons_when_it_may_be_anyone(chat: list[str], name: str):
    assert not any(name in statement for statement in remembered([chat]))


def test_forgetting_a_person_from_a_team_keeps_the_team():
    told = remembered(
        [["floorball tonight. our team is called the Brittle Sticks"]],
        [["forget the person from the team please"]],
    )
    assert "My floorball team is called Brittle Sticks." in told


@pytest.mark.parametrize(
    ("chat", "statement"),
    [
        (
            ["Mirela coming round later. she's vegan", "A dal.", "dal it is. she's my oldest friend"],
            "My oldest friend is called Mirela.",
        ),
        (
            ["Ottilie is coming for the weekend, my sister, brings her own pillow", "Stew.", "she's a vet"],
            "My sister Ottilie is a vet.",
        ),
        (
            ["hamid says gravel drains better, my father-in-law, he grows dahlias"],
            "My father-in-law Hamid grows dahlias.",
        ),
        (
            ["booked!! Porto, we fly on 3 october. first trip in ages"],
            "We fly to Porto on 3 October 2026.",
        ),
        (["back from curling, i play lead and my shoulder is wrecked"], "I play lead in curling."),
        (
            ["the corsa died. already did, the dealer had one. Skoda Fabia, petrol, and its GREEN"],
            "My car is a Skoda Fabia, petrol.",
        ),
        (
            ["cloudless sky, the telescope is out. my favourite thing up there is the Pleiades"],
            "My favourite thing in the sky is the Pleiades.",
        ),
    ],
)
def test_what_stands_apart_in_a_chat_is_remembered_together(chat: list[str], statement: str):
    assert statement in remembered([chat])


@pytest.mark.parametrize(
    ("chat", "wrong"),
    [
        (["talked to Fatima about Greta", "What about her?", "she's my oldest friend"], "friend is called"),
        (["Oslo is lovely in winter, my sister, who lives there, says so"], "called Oslo"),
        (["internet says to wait, my brother, he knows better"], "called Internet"),
        (["Ottilie is coming with Bruno, my brother, on sunday"], "brother is called Ottilie"),
        (["booked at last. Ryanair, we fly on 3 october"], "Ryanair"),
        (["trip is booked. Sunday, we fly on 4 october"], "to Sunday"),
        (["Ollison is laughing, that's the garage. Skoda Fabia, and its GREEN"], "GREEN"),
        (["my cat sits on the wardrobe. my favourite thing up there is the hat box"], "in the sky"),
    ],
)
def test_what_stands_apart_is_not_put_together_by_guess(chat: list[str], wrong: str):
    assert not any(wrong in statement for statement in remembered([chat]))


def test_a_new_longest_swim_follows_the_old_one():
    told = remembered([["3 km, my longest swim so far"]], [["4 km! new longest, arms are noodles"]])
    assert "My longest swim is 4 km." in told
    assert not any("3 km" in statement for statement in told)


@pytest.mark.parametrize(
    ("chat", "statement"),
    [
        (
            ["cat knocked over my coffee", "Oh.", "Biscotti is sitting there as if nothing happened"],
            "My cat is called Biscotti.",
        ),
        (["can a plant be stubborn? Mortimer hasnt lost a leaf in a year"], "My plant is called Mortimer."),
        (
            ["theres a second dog. followed me from the beach. Gravy. he sleeps here now"],
            "My second dog is called Gravy.",
        ),
        (["Pettifer has looked at the boiler twice. he's the landlord"], "My landlord is called Pettifer."),
    ],
)
def test_a_name_that_steps_in_belongs_to_what_was_spoken_of(chat: list[str], statement: str):
    assert statement in remembered([chat])


@pytest.mark.parametrize(
    ("chat", "wrong"),
    [
        (["can a cat be sad? Lena is sitting in the dark all day"], "called Lena"),
        (["should i buy a plant or a cactus? Mortimer has lost a leaf"], "called Mortimer"),
        (["theres a second dog. and a third cat. Gravy"], "called Gravy"),
        (["Pettifer and my uncle came by. he's the landlord"], "landlord is called"),
    ],
)
def test_a_name_that_steps_in_is_nobodys_when_two_could_bear_it(chat: list[str], wrong: str):
    assert not any(wrong in statement for statement in remembered([chat]))


@pytest.mark.parametrize(
    ("chat", "statement"),
    [
        (["my kid Alex started judo, the instructor is strict, she shouts"], "My kid is called Alex."),
        (["my club is called Velvet, its a nightclub i run. we do salsa"], "My club is called Velvet."),
        (["my coach leaves at 6 on friday, i hope to catch the golf"], "I hope to catch the golf."),
        (["my practice is in Leeds, i'm a vet. my rugby knee hurts"], "My practice is in Leeds."),
        (
            ["my teacher Mrs Plum says i talk too much", "Do you?", "i have ballet after"],
            "My teacher is called Mrs Plum.",
        ),
        (["my grandpa is in hospital. Winston is 84 and in the next bed"], "Winston is 84 years old."),
    ],
)
def test_words_with_other_uses_are_left_as_they_were_told(chat: list[str], statement: str):
    assert statement in remembered([chat])


def test_a_teacher_of_one_thing_is_not_the_teacher_of_another():
    told = remembered(
        [
            [
                "my guitar teacher is called Ana. my drum teacher is called Bo",
                "Ok.",
                "my teacher is moving away",
            ]
        ]
    )
    assert "My teacher is moving away." in told


def test_an_old_car_does_not_make_it_unclear_who_moved():
    text = "text to my ex please, my old Saab won't do it. he's called Desmond, moved to Leeds last year"
    assert "My ex Desmond moved to Leeds in 2025." in remembered([[text]])


def test_forgetting_a_childs_school_keeps_the_childs_name():
    told = remembered(
        [["my daughter is called Juniper. Juniper goes to Hazel Lane school"]],
        [["please forget the name of juniper's school"]],
    )
    assert "My daughter is called Juniper." in told
    assert not any("Hazel" in statement for statement in told)
