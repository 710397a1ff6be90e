"""News ends what it makes untrue, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest

from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import Recipe
from tasks.curate import remember

START = date(2026, 9, 14)


def lived(*days: str) -> list[Memory]:
    """The ledger after one message a day."""
    known: list[Memory] = []
    for number, text in enumerate(days):
        day = START + timedelta(days=number)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        turn = Turn("log", f"c{number}", f"u{number}", "user", text, at)
        known = remember([Exchange(turn)], known, Night(day, "UTC"), Recipe())[1]
    return known


def split(memories: list[Memory]) -> tuple[set[str], set[str]]:
    current = {m.statement for m in memories if m.active}
    return current, {m.statement for m in memories if m.state == "superseded"}


@pytest.mark.parametrize(
    ("before", "news", "ended"),
    [
        (
            "my daughter Ada studies biology",
            "Ada studies law now, not biology",
            "My daughter Ada studies biology.",
        ),
        ("my son Tom is seven", "my son turned 8 today", "My son Tom is seven years old."),
        ("my kid Evander is nine", "Evander turned ten this morning!", "My kid Evander is nine years old."),
        ("i'm a nurse at St Brigid's", "I changed jobs, i'm a baker now", "I am a nurse at St Brigid's."),
        (
            "my sister Brunhild teaches chemistry out in Regina",
            "oh i told you rubbish, Brunhild teaches biology, not chemistry",
            "My sister Brunhild teaches chemistry out in Regina.",
        ),
        (
            "my sister lives in Oslo",
            "my sister moved, she lives in Bergen now",
            "My sister lives in Oslo.",
        ),
        ("my son is in grade 3", "wait did i say grade 3? my son's in grade 4", "My son is in grade 3."),
        (
            "I work at Larkum Ferries. I'm at Larkum Ferries eleven years now",
            "I gave notice, Quarrie Marine hired me",
            "I am at Larkum Ferries eleven years.",
        ),
        ("I drive a Subaru", "sold the Subaru!! bought a Peugeot instead", "I drive a Subaru."),
        ("my rent is 210 a week", "my rent is 235 a week now", "My rent is 210 a week."),
    ],
)
def test_news_ends_the_old_value(before, news, ended):
    current, superseded = split(lived(before, news))
    assert ended in superseded and ended not in current
    assert current


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I have a cat called Miso", "I got a new cat called Tofu"),
        ("I play chess on weekends", "I play the cello now"),
        ("I love pizza", "I love sushi now"),
        ("i'm a nurse", "i'm a mother now"),
        ("my brother Jasko lives in Ulm", "my other brother Milo lives in Bonn now"),
        ("my son Tom is seven", "my daughter Ada is eight now"),
        ("I studied history in Oslo", "I study in the library now"),
        ("my dog eats chicken", "my dog eats fish too now"),
    ],
)
def test_what_can_be_true_together_stays(first, second):
    memories = lived(first, second)
    assert not split(memories)[1]
    assert {m.told for m in memories} == {START, START + timedelta(days=1)}


def test_the_outdated_one_points_to_the_news_and_goes_with_it_when_forgotten():
    memories = lived("my daughter Ada studies biology", "Ada studies law now, not biology")
    old = next(m for m in memories if m.value == "biology")
    new = next(m for m in memories if m.value == "law")
    assert old.superseded_by == new.id and new.replaces == old.id
    after = lived(
        "my daughter Ada studies biology",
        "Ada studies law now, not biology",
        "please forget what i said about Ada studying law",
    )
    assert not [m for m in after if "law" in m.value or "biology" in m.value]


def test_what_took_its_place_answers_for_the_old_value():
    """Questions that still believe the old value are answered with this telling."""
    memories = lived(
        "I drive a 2009 Subaru", "sold the Subaru!! bought a Peugeot estate instead, i have no dog"
    )
    old = next(m for m in memories if m.state == "superseded")
    assert {m.id: m.statement for m in memories}[old.superseded_by or ""] == "I bought a Peugeot estate."


def test_the_same_telling_twice_changes_nothing():
    told = ["my son Tom is seven", "my son turned 8 today"]
    assert split(lived(*told)) == split(lived(*told, "thanks, that is all"))
