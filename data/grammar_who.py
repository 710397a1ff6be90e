"""Ways to ask who somebody is by what was told of them: "Which of my friends is allergic to nuts?".

Pure functions of a question "Who ...?" and of a role; told and untold people are asked for in the same words.
"""

from __future__ import annotations

import re

from data.grammar import is_pet
from data.grammar_professions import profession
from data.grammar_questions import Ask
from data.lexicon import FAMILY

_RELATED = ("who in my family", "which of my relatives")
_CIRCLES = (
    (
        "friend mate buddy pal bestie",
        ("which of my friends", "which friend of mine", "who among my friends"),
        "among my friends",
    ),
    (
        "colleague coworker co-worker workmate boss manager supervisor",
        ("which of my colleagues", "who at work"),
        "at work",
    ),
    ("neighbour neighbor", ("which of my neighbours", "which neighbour of mine"), "among my neighbours"),
    ("flatmate roommate housemate", ("which of my flatmates",), "among my flatmates"),
)
# Only who is sure to live with the person.
_AT_HOME = frozenset("wife husband flatmate roommate housemate".split())
_ANYBODY = ("which of the people I know", "which of the people I talk about")
_PETS = ("which of my animals", "which animal of mine", "which of my pets")
_RELATIVES = FAMILY - frozenset("ex-wife ex-husband".split()) | frozenset(
    "mother-in-law father-in-law sister-in-law brother-in-law son-in-law daughter-in-law mommy nan nana "
    "granny oma opa auntie aunty hubby missus stepmother stepfather stepson stepdaughter".split()
)


def _head(role: str) -> str:
    return role.split()[-1].lower() if role.split() else ""


def circles(role: str) -> tuple[str, ...]:
    """Whom a role belongs to: ("who in my family", ...) of "my brother"; empty where it says nothing."""
    head = _head(role)
    home = ("who in my house", "who at home") if head in _AT_HOME else ()
    if head in _RELATIVES:
        return (*_RELATED, *home)
    return (*next((heads for words, heads, _ in _CIRCLES if head in words.split()), ()), *home)


def seeks_a_doer(ask: Ask) -> bool:
    """Whether a question asks for its own subject: "Who is a bookbinder?", not "Who did Ann marry?"."""
    question = ask.question
    return question.startswith("Who ") and ask.indirect == question[:1].lower() + question[1:].rstrip("?")


def among(ask: Ask, role: str) -> list[Ask]:
    """Other ways to ask "Who is a bookbinder?" of somebody of that role; none of another sort of question."""
    if not seeks_a_doer(ask):
        return []
    said = ask.question.removeprefix("Who ").rstrip("?")
    pet = is_pet(role)
    heads = _PETS if pet else (*circles(role), *_ANYBODY)
    asked = [Ask(f"{head[:1].upper()}{head[1:]} {said}?", f"{head} {said}") for head in heads]
    if pet:
        return asked
    return [
        *asked,
        *_the_one(said, role),
        Ask(f"Who do I know who {said}?", f"which person I know {said}"),
        Ask(f"Who did I say {said}?", f"who I said {said}"),
        Ask(f"Somebody I know {said}, who?", f"who of those I know {said}"),
        Ask(f"Do I know anybody who {said}?", f"whether I know anybody who {said}"),
    ]


def _the_one(said: str, role: str) -> list[Ask]:
    """ "Who is the nurse in my family?" of a trade."""
    trade = re.fullmatch(r"is an? (?P<name>[a-z][a-z -]*)", said)
    if not trade or not profession(trade[0].removeprefix("is ")):
        return []
    head = _head(role)
    where = next((place for words, _, place in _CIRCLES if head in words.split()), "")
    places = [
        *(["in my family"] if head in _RELATIVES else [where] if where else []),
        *(["at home", "in our house"] if head in _AT_HOME else []),
    ]
    who = f"the {trade['name']}"
    return [Ask(f"Who is {who} {place}?", f"who {who} {place} is") for place in places]


def related(name: str, role: str) -> list[Ask]:
    """Ways to ask how somebody of a role who is called so belongs to the person."""
    asks = [Ask(f"Who did I say {name} is?", f"who I said {name} is")]
    if circles(role)[:2] == _RELATED:
        asks += [
            Ask(f"{name} and I: how are we related?", f"in what way {name} and I are related"),
            Ask(f"What relation is {name} to me?", f"what relation {name} is to me"),
            Ask(f"How are {name} and I related?", f"how {name} and I are related"),
            Ask(f"How am I related to {name}?", f"how I am related to {name}"),
        ]
    return asks
