"""What stands beside a name or a role in a chat message is told of the one it belongs to."""

from datetime import UTC, date, datetime

import pytest

from data.night import Night
from data.records import Exchange, Turn
from quality.extraction import extract_all

NIGHT = Night(date(2026, 9, 15), "Europe/London")
AT = datetime(2026, 9, 15, 12, tzinfo=UTC)


def told(text):
    exchange = Exchange(Turn("log", "c", "0", "user", text, AT))
    return [m.statement for m in extract_all([exchange], NIGHT)]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (
            "Could you draft a note to Mrs Abara, who teaches my twins, about nits",
            "Mrs Abara teaches my twins.",
        ),
        ("Could you draft a note to Mrs Abara, who teaches my twins, about nits", "I have twins."),
        (
            "my chess friend Osric, who lives in Cork, took my old kayak",
            "My chess friend Osric lives in Cork.",
        ),
        (
            "my chess friend Osric, who lives in Cork, took my old kayak",
            "My chess friend Osric took my old kayak.",
        ),
        ("ms Abara has bus duty. she runs the school choir", "Ms Abara runs the school choir."),
        ("Mr Holt coaches our team", "Mr Holt coaches our team."),
        ("Ilse, my eldest, is in grade 4", "My eldest child is called Ilse."),
        ("my running buddy Piet wants a plan", "My running buddy is called Piet."),
        ("can colour-blind people become pilots? that's me", "I am colour-blind."),
        ("No kids, just me and the ficus. which vacuum?", "I have a ficus."),
        ("so my sister, the one in Gent, sent me tea. what can i bake with it", "My sister lives in Gent."),
        ("handover note please, while i'm in Crete nobody knows", "I am going to Crete."),
        ("how do i get mud off my brown Meindl boots", "I have brown Meindl boots."),
        ("I'd love to learn the harp one day", "I would love to learn the harp one day."),
        ("what would you feed a hedgehog named Bolt that lives in our shed?", "My hedgehog is called Bolt."),
        ("my flatmate Oona is vegan, what would one cook?", "My flatmate is called Oona."),
    ],
)
def test_a_remark_tells_of_the_one_it_stands_beside(text, statement):
    assert statement in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "as a nurse in 1915, what would one have worn?",
        "assuming I earned 90k in Geneva what would be left?",
        "can left-handed people play polo?",
        "a packing list for Crete please",
    ],
)
def test_what_is_imagined_or_asked_tells_nothing(text):
    assert told(text) == []
