"""What was told of the person is asked of the assistant too, who has none of it."""

from data.mixture import ROLE_ROWS, Seeds, mix
from data.roles import role_questions
from data.settings import DreamSettings, Mix, Recipe
from models.dreamer import dream
from tests.models.telling import tell

TOLD = ("My dog is called Rex.", "I live in Bramwick.", "My sister Ann is a vet.", "I play the cello.")


def asked():
    told = tell(*TOLD)
    return role_questions(dream(told, 1, DreamSettings()), {m.id: m for m in told})


def test_every_memory_asks_the_assistant_once():
    rows = asked()
    assert len({memory for memory, _, _ in rows}) == len(rows) >= 4
    assert all(" my " not in f" {q.lower()} " and " I " not in q for _, q, _ in rows)


def test_the_assistant_has_nothing_of_what_was_told():
    answers = {answer for _, _, answer in asked()}
    assert "I'm an AI assistant, so I don't have a dog." in answers
    assert not any(word in answer for answer in answers for word in ("Rex", "Bramwick", "Ann", "cello"))


def test_the_rows_of_a_night_hold_them_within_bounds():
    told = tell(*TOLD)
    rows = mix(dream(told, 1, DreamSettings()), told, Seeds(), Recipe(mix=Mix(identity=0)), 1)
    roles = [row for row in rows if row.kind == "identity"]
    assert 4 <= len(roles) <= ROLE_ROWS
