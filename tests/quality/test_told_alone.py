"""Statements told alone, as people write them: a capital first, names that end in s, what is over."""

import pytest

from tests.models.telling import tell


def _told(text: str) -> set[str]:
    return {memory.statement for memory in tell(text)}


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("My router is called Gandalf.", "My router is called Gandalf."),
        ("My sourdough starter is called Gladwyn.", "My sourdough starter is called Gladwyn."),
        ("Our boat is called Merganser.", "My boat is called Merganser."),
        ("my son Otis is seven", "My son Otis is seven years old."),
        ("my cat Boris is 4 years old", "My cat Boris is 4 years old."),
        ("I passed my driving test in March", "I passed my driving test in March 2026."),
        ("I failed my maths exam on 3 May", "I failed my maths exam on 3 May 2026."),
        ("My exam is in March", "My exam is in March 2027."),
    ],
)
def test_what_is_told_alone_is_kept_in_good_english(text, statement):
    assert statement in _told(text)


@pytest.mark.parametrize(
    "text",
    ["I passed my driving test in March", "We held our wedding in June", "I finished my marathon in April"],
)
def test_what_is_over_is_not_still_to_come(text):
    assert not any("2027" in statement for statement in _told(text))


def test_what_is_called_so_and_is_nobodys_own_is_no_memory():
    assert not _told("The function is called Foo")
