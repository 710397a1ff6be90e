"""Questions about who or what bears a name: "Imke is my therapist", "Gus is a ficus"."""

from __future__ import annotations

import re

from data.grammar import is_person, possessive, somebody
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_professions import trade
from data.lexicon import KIN_UNIQUE, PETS
from data.synonyms import PLANTS, breed_of, kind_of

_ROLE = re.compile(r"^(?P<whose>my|our|the) (?P<role>(?:[a-z-]+ ){0,2}[a-z-]+)$")
_TITLE = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][\w'-]*(?: [A-Z][\w'-]*)?")
_OUR_THING = re.compile(r"^(?:my|our) (?P<what>(?:[a-z-]+ ){0,3}[a-z-]+)$")
_SORT = re.compile(r"^an? (?:[a-z-]+ ){0,2}(?P<head>[a-z-]+)$")


def known_as(subject: str, value: str) -> bool:
    """Whether a value tells what a named person is to the one who told it ("Imke is my therapist")."""
    role = _ROLE.match(value)
    return bool(role and subject != "I" and _TITLE.fullmatch(subject) and _of_a_person(role["role"]))


def roles(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about "NAME is my ROLE", "NAME is a KIND" and "THINGS are my NOUN"."""
    if not clause.copula or clause.negative or clause.adverbs:
        return
    role, own, sort = _ROLE.match(rest), _OUR_THING.match(rest), _SORT.match(rest)
    be = clause.aux
    if role and known_as(clause.subject, rest):
        _somebody(role, clause.subject, be, to)
    elif own and clause.subject[:1].isupper() and not clause.subject.startswith(("I ", "My ", "The ", "We ")):
        if clause.subject not in {"I", "We", "It", "He", "She", "They", "This", "That"}:
            one = f"my {own['what']}"
            plural = own["what"].endswith("s") and not own["what"].endswith("ss")
            be = {True: {"is": "are", "was": "were"}, False: {"are": "is", "were": "was"}}[plural].get(be, be)
            to.said(f"What {be} {one}?", f"what {one} {be}")
    elif sort and be in {"is", "was"} and _TITLE.fullmatch(clause.subject):
        _of_a_kind(sort["head"], clause.subject, be, to)


def _somebody(role: re.Match[str], name: str, be: str, to: Asking) -> None:
    own = f"{role['whose']} {role['role']}".replace("our ", "my ")
    to.said(f"Who {be} {name}?", f"who {name} {be}")
    if role["whose"] != "the":
        to.said(f"Who {be} {name} to me?", f"who {name} {be} to me")
    to.said(f"Who {be} {own}?", f"who {own} {be}")
    to.said(f"What {be} {own} called?", f"what {own} {be} called")
    to.said(f"What {be} {possessive(own)} name?", f"what {possessive(own)} name {be}")
    if role["whose"] == "the" and role["role"] in KIN_UNIQUE:
        to.said(f"Who {be} my {role['role']}?", f"who my {role['role']} {be}")


def _of_a_kind(head: str, name: str, be: str, to: Asking) -> None:
    breed = breed_of(head)
    kind = "plant" if head in PLANTS else breed or ("animal" if head in PETS else "")
    if not kind:
        return
    to.said(f"What {be} {name}?", f"what {name} {be}")
    to.said(f"What kind of {kind} {be} {name}?", f"what kind of {kind} {name} {be}")
    if breed:
        to.said(f"What breed {be} {name}?", f"what breed {name} {be}")


def _of_a_person(role: str) -> bool:
    return is_person(role) or trade(f"a {role}")


_PLAYERS = re.compile(
    r"^an? (?:(?!by |for |in |at |on )[a-z-]+ ){0,2}(?P<place>[a-z-]+)"
    r"(?P<tail> by [a-z ]+| (?:for|in|at|on) .+)?$"
)


def playing(clause: Clause, rest: str, to: Asking) -> None:
    """What position somebody plays who is told to be one ("I am a goalkeeper")."""
    found = _PLAYERS.match(rest) if clause.copula and somebody(clause.subject) else None
    if found and kind_of(found["place"]) == "position" and not trade(rest):
        to.verb("what position", "play")
        to.be("what", f"{to.whose} position")
