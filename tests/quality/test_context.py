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
