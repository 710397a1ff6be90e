"""What was told of the person is asked of the assistant too, who has none of it."""

from datetime import date

import pytest

from data.mixture import ROLE_ROWS, Seeds, mix
from data.records import Dream, Memory
from data.roles import NOTHING, role_questions
from data.settings import DreamSettings, Mix, Recipe
from models.dreamer import dream
from tests.models.telling import tell

TOLD = ("My dog is called Rex.", "I live in Bramwick.", "My sister Ann is a vet.", "I play the cello.")


def asked():
    told = tell(*TOLD)
    return role_questions(dream(told, 1, DreamSettings()), {m.id: m for m in told})


def test_every_memory_asks_the_assistant_something_and_for_yes_or_no_too():
    rows = asked()
    assert len({name for name, _, _ in rows}) == len({q for _, q, _ in rows}) == len(rows)
    assert len(TOLD) < len(rows) <= 2 * (len(TOLD) + 1)
    assert all(" my " not in f" {q.lower()} " and " I " not in q for _, q, _ in rows)
    assert {"Do", "Is"} & {q.split()[0] for _, q, _ in rows}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is my training for?", "I'm an AI assistant, so I don't have a training."),
        ("What is my allergy to?", "I'm an AI assistant, so I don't have an allergy."),
        ("What's my second cat called?", NOTHING),
        ("What is my first name?", NOTHING),
        ("Is it true that I train?", None),
        ("Did I say where I train?", None),
    ],
)
def test_the_thing_is_named_where_it_is_one(question, answer):
    kind = "yes_no" if question.startswith(("Is", "Did")) else "direct"
    one = Memory("m", "I train for a race.", "I", "train", "a race", date(2026, 10, 1), ("s",))
    asking = Dream("d", kind, question, "You train for a race.", ("m",), ("s",))
    rows = role_questions([asking], {"m": one})
    assert [row[2] for row in rows] == ([answer] if answer else [])


def test_the_assistant_has_nothing_of_what_was_told():
    answers = {answer for _, _, answer in asked()}
    assert "I'm an AI assistant, so I don't have a dog." in answers
    assert not any(word in answer for answer in answers for word in ("Rex", "Bramwick", "Ann", "cello"))


def test_the_rows_of_a_night_hold_them_within_bounds():
    told = tell(*TOLD)
    rows = mix(dream(told, 1, DreamSettings()), told, Seeds(), Recipe(mix=Mix(identity=0)), 1)
    roles = [row for row in rows if row.kind == "identity"]
    assert 4 <= len(roles) <= ROLE_ROWS
