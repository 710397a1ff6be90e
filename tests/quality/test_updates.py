"""News ends what it makes untrue, and nothing else."""

from datetime import timedelta

import pytest

from data.records import Memory
from tests.quality.living import START, live


def lived(*days: str) -> list[Memory]:
    """The ledger after one message a day."""
    return live(*days)[1]


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
        (
            "my son is in grade 3",
            "wait did i say grade 3, my son's in grade 4. i signed the wrong form too",
            "My son is in grade 3.",
        ),
        ("my son is in grade 3", "wait did i say grade 3? my son's in grade 4", "My son is in grade 3."),
        (
            "I work at Larkum Ferries. I'm at Larkum Ferries eleven years now",
            "I gave notice, Quarrie Marine hired me",
            "I am at Larkum Ferries eleven years.",
        ),
        ("I drive a Subaru", "sold the Subaru!! bought a Peugeot instead", "I drive a Subaru."),
        ("my rent is 210 a week", "my rent is 235 a week now", "My rent is 210 a week."),
        (
            "my report is due 30 november",
            "they gave me longer. my report is due 12 december",
            "My report is due on 30 November 2026.",
        ),
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
        ("my report is due 30 november", "my essay is due 12 december"),
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


ENDINGS = [
    ("I play {thing}", "I gave up {thing}", "the oboe", "chess"),
    ("I drive a {thing}", "sold the {thing}, bought a Lada instead", "Skoda", "2009 Seat"),
    ("my car is a {thing}", "I sold the {thing}", "Skoda", "Seat"),
    ("I am learning {thing}", "I stopped learning {thing}", "Finnish", "Latin"),
    ("I am saving for a {thing}", "I bought the {thing}!", "loom", "tent"),
    ("I am building a {thing}", "I finished the {thing}", "canoe", "shed"),
    ("I eat {thing}", "I don't eat {thing} any more", "meat", "eggs"),
    ("I don't drink {thing}", "I drink {thing} again", "coffee", "wine"),
    ("I sing in the {thing} choir", "I left the choir in spring", "Tarn", "Oxbow"),
    ("I work at {thing}", "I quit, Delver Foods hired me", "Tarn Mills", "Oxbow Press"),
    ("I teach maths at {thing}", "I gave notice, I work at Delver Foods now", "Tarn High", "Oxbow School"),
    ("my boyfriend {thing} is a glazier", "{thing} and i split up. i'm single now", "Ivo", "Matteo"),
    ("my race is on 24 April", "they moved the race. {thing} Run is on 1 May now", "Tarn", "Oxbow"),
]


@pytest.mark.parametrize(("state", "news", "thing"), [(s, n, t) for s, n, *both in ENDINGS for t in both])
def test_whatever_somebody_gives_up_or_leaves_is_over(state, news, thing):
    first = lived(state.format(thing=thing))
    told = {m.statement for m in first if m.active}
    current, superseded = split(lived(state.format(thing=thing), news.format(thing=thing)))
    assert superseded <= told and superseded and current


@pytest.mark.parametrize(("state", "other"), [(s, o) for s, *_ in ENDINGS for o, *_ in ENDINGS if s != o])
def test_what_somebody_does_ends_nothing_else_they_do(state, other):
    both = {"I drive a {thing}", "my car is a {thing}"}
    if {state, other} <= both or "work at" in state + other and "teach" in state + other:
        return
    assert not split(lived(state.format(thing="Tarn"), other.format(thing="Oxbow")))[1]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("I work at Larkum Ferries", "I also work at the library on Saturdays"),
        ("I'm a nurse", "I also teach yoga at Sunhill"),
        ("I have four hives", "I sold a jar to the neighbour and lost a hive tool"),
        ("my race is on 24 April", "my thesis is on 30 June now"),
        ("my longest run is 18 km", "my rent is 235 a week now"),
        ("I play chess on sundays", "I play the cello on sundays now"),
        ("my husband Tom works at the port", "my sister and her husband split up"),
        ("I speak German", "I'm learning Welsh now"),
        ("I have a Fiat", "I bought a second car, a Kia"),
        ("I built a canoe", "I finished the canoe race"),
        ("I teach physics at Tarn High", "I got promoted to head of physics"),
    ],
)
def test_news_of_one_thing_leaves_another_alone(first, second):
    assert not split(lived(first, second))[1]


def test_a_new_post_ends_the_old_duty_and_keeps_the_place():
    current, superseded = split(
        lived(
            "I teach physics at Marrow Bay High",
            "they made me deputy head! i'm out of the classroom from monday",
        )
    )
    assert "I teach physics." in superseded
    assert {"I am deputy head.", "I work at Marrow Bay High."} <= current


def test_leaving_a_firm_keeps_the_trade():
    current, superseded = split(
        lived(
            "I upholster boat seats at Skarnes Marine",
            "told Skarnes to shove it. I'm opening my own shop, it's called Selvage and Stern",
        )
    )
    assert superseded == {"I work at Skarnes Marine."}
    assert "I upholster boat seats." in current


def test_a_value_put_right_keeps_what_stood_behind_the_wrong_one():
    told = "my sister Brunhild teaches chemistry out in Regina"
    current, gone = split(lived(told, "oh i told you rubbish, Brunhild teaches biology, not chemistry"))
    assert "My sister Brunhild teaches biology out in Regina." in current
    assert gone == {"My sister Brunhild teaches chemistry out in Regina."}
    again = lived(told, "Brunhild teaches biology, not chemistry", "my sister Brunhild teaches biology")
    assert [m.value for m in again if m.relation == "teach" and m.active] == ["biology out in Regina"]


def test_a_denied_place_does_not_stay():
    current, _ = split(lived("my sister Ada works at Larkum in Oslo", "Ada works in Bergen, not in Oslo"))
    assert not any("Oslo" in statement and "Bergen" in statement for statement in current)
