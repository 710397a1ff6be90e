"""The way a thing is done is asked for: the vehicle, the event, the programming language."""

from __future__ import annotations

import pytest

from models.dream_told import Told
from models.dream_views import direct
from tests.models.telling import tell


def asked(told: str) -> set[str]:
    """The wordings in which what was told is asked for."""
    memories = tell(told)
    return {view.core for memory in memories for view in direct(memory, Told(memories))}


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("I get around by kick scooter", "How do I get around?"),
        ("I go to work by bike", "How do I get to work?"),
        ("my son goes to school by tram", "How does my son get to school?"),
        ("I get to the office on foot", "How do I get to the office?"),
        ("I came here by ferry", "How did I come here?"),
        ("I am training for the Oslo Marathon", "Which race am I training for?"),
        ("my sister trains for the Olympics", "Which event does my sister train for?"),
        ("I signed up for the Lakeside Half", "Which race did I sign up for?"),
        ("I program in Rust", "Which programming language do I use?"),
        ("I use R for my data", "Which programming language do I use?"),
        ("I do my analysis in R", "What programming language do I use?"),
        ("I listen to the Dredge Report podcast", "Which podcast do I listen to?"),
        ("I swim in the Derwent every Sunday", "Where do I swim on Sundays?"),
    ],
)
def test_the_way_is_asked_for_in_words_of_its_own(told: str, question: str) -> None:
    assert question in asked(told)


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ("I code in R", "Where do I code?"),
        ("I do my analysis in R", "Where do I do my analysis?"),
        ("my thesis is in LaTeX", "In which city is my thesis?"),
        ("I train for 3 hours a day", "Which event do I train for?"),
        ("I signed up for pottery classes", "Which event did I sign up for?"),
        ("I return by Friday", "How do I return?"),
        ("I live in Ada", "Which programming language do I use?"),
    ],
)
def test_what_is_no_such_way_is_not_asked_for(told: str, wrong: str) -> None:
    found = asked(told)
    assert found and wrong not in found


def test_a_town_called_as_a_language_is_still_a_town() -> None:
    assert "What town do I live in?" in asked("I live in Ada")
