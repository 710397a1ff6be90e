"""What belongs to somebody of the person's is heard by its name, and so is the home they are in."""

import pytest

from quality.belonging import belonging
from tests.models.telling import tell


def heard(text):
    return [memory.statement for memory in tell(text)]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("my sister's dog is called Bo", "My sister's dog is called Bo."),
        ("mum's care home is called Larkhaven", "My mum's care home is called Larkhaven."),
        ("my friend's band is called The Limes", "My friend's band is called The Limes."),
        ("my sister Ana's cat is called Tiffin", "My sister's cat is called Tiffin."),
        ("my daughter's best friend's name is Priya", "My daughter's best friend is called Priya."),
        ("visited mom at Larkhaven, the care home", "My mom lives at Larkhaven, a care home."),
        ("my gran is in Rosewood, a care home in Fife", "My gran lives at Rosewood, a care home."),
        ("my mum moved into a nursing home called Rosewood", "My mum lives at Rosewood, a nursing home."),
    ],
)
def test_what_somebody_of_mine_has_and_where_they_are_cared_for_is_heard(text, statement):
    assert statement in heard(text)


@pytest.mark.parametrize(
    "text",
    [
        "imagine my sister's dog is called Bo",
        "what is my sister's dog called?",
        "is my gran at Rosewood, the care home?",
        "my gran used to be at Rosewood, a care home",
        "my gran left Rosewood, the care home",
        "my gran and I drove to Rosewood, a care home",
        "my son's middle name is Otto",
    ],
)
def test_what_is_imagined_asked_over_or_of_somebody_else_is_not(text):
    assert not belonging(text)


def test_a_home_is_heard_once():
    assert heard("my gran lives at Rosewood, a care home") == ["My gran lives at Rosewood, a care home."]
