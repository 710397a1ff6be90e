"""Questions for the name of a thing or group that bears one: a team, a boat, a care home, a shop."""

from __future__ import annotations

import re

from data.grammar import is_person, possessive, subject_in_sentence
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_professions import trade
from data.grammar_questions import Ask
from data.synonyms import NATIONALITIES

PROPER = re.compile(
    r"(?:[Tt]he )?(?:[A-Z][\w'’&.-]*|\d+)(?: (?:of|the|and|in|on|for|de|la|[A-Z0-9][\w'’&.-]*))*"
)
_BEARERS = frozenset(
    "team club band choir orchestra quartet ensemble troupe crew squad league society charity church parish "
    "school college university kindergarten nursery academy dojo gym studio company firm business startup "
    "agency employer shop store bookshop bakery café cafe restaurant pub bar brewery hotel hostel boat ship "
    "yacht dinghy sailboat houseboat narrowboat ferry book novel game film movie series show podcast blog "
    "channel song album magazine newspaper street road avenue estate village hamlet town island lake river "
    "farm ranch vineyard house cottage cabin hospital clinic hospice library museum gallery theatre theater "
    "bank brand app website newsletter home neighbourhood neighborhood supermarket lodge".split()
)
_BESIDE = re.compile(
    rf"^(?P<prep>at|in|for|on|with) (?P<name>{PROPER.pattern}), an? (?P<kind>[a-z][a-z -]*[a-z])$"
)
_CALLED = re.compile(
    rf"^(?:an?|my own|my|our|our own) (?P<kind>(?:[a-z-]+ )?[a-z-]+),? (?:called|named) "
    rf"(?P<name>{PROPER.pattern})$"
)


def bears_a_name(noun: str) -> bool:
    """Whether things of this kind have names of their own ("my bowling team")."""
    return noun.split()[-1].lower() in _BEARERS


def proper(value: str) -> bool:
    """Whether a value is a name and not what something is like ("Japanese")."""
    named = PROPER.fullmatch(value) and re.search(r"[A-Z]", value)
    return bool(named) and value.lower() not in NATIONALITIES


def name_asks(clause: Clause) -> list[Ask]:
    """Questions for what "my X" is called, where what it is told to be is its name."""
    subject = clause.subject.lower()
    if clause.aux not in {"is", "are", "was"} or clause.verb or clause.negative or clause.lead:
        return []
    if not subject.startswith(("my ", "our ")) or not proper(clause.rest):
        return []
    own = subject_in_sentence(clause.subject)
    if not bears_a_name(own):
        return []
    be = clause.aux
    return [
        Ask(f"What {be} {own} called?", f"what {own} {be} called"),
        Ask(f"What {_one(be)} the name of {own}?", f"what the name of {own} {_one(be)}"),
        Ask(f"What {_one(be)} {possessive(own)} name?", f"what {possessive(own)} name {_one(be)}"),
    ]


_NEW = re.compile(
    rf"^an? (?P<kind>(?:new )?[a-z-]+)(?: (?:on|in|last|this) [^,]+)?, (?P<name>{PROPER.pattern})$"
)


def newly_named(clause: Clause, rest: str, to: Asking) -> None:
    """ "Who is my new teacher?" of somebody got with the name behind a comma."""
    found = _NEW.match(clause.rest) if clause.base in {"get", "have", "hire", "find"} else None
    if found and clause.subject in {"I", "We"} and (is_person(found["kind"]) or trade(f"a {found['kind']}")):
        role = f"my {found['kind']}"
        to.said(f"Who is {role}?", f"who {role} is")
        to.said(f"What is {role} called?", f"what {role} is called")


def _one(be: str) -> str:
    return "is" if be == "are" else be


def named_beside(clause: Clause, rest: str, to: Asking) -> None:
    """ "Which care home does my mother live at?" of a name with its kind behind it or in front of it."""
    beside = _BESIDE.match(clause.rest)
    if beside and bears_a_name(beside["kind"]):
        to.own(f"which {beside['kind']}", beside["prep"])
        to.be("what", f"the name of {to.whose} {beside['kind']}")
        to.be("what", f"{to.whose} {beside['kind']}", "called")
        if clause.base in {"live", "work", "study", "stay"}:
            to.own("where")
    called = _CALLED.match(rest)
    if called and clause.base:
        kind = called["kind"]
        to.be("what", f"{to.whose} {kind}", "called")
        to.be("what", f"the name of {to.whose} {kind}")
        to.be("what", f"{possessive(f'{to.whose} {kind}')} name")
