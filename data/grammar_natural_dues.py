"""Questions about what begins, ends or is due by a day, and about the age somebody turns."""

from __future__ import annotations

import re

from data.grammar import is_person, role_of
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_natural_times import split_time
from data.lexicon import MONTHS, PERSON_SHE

# Verbs of one meaning of what has a day on which it happens.
_ALIKE = {
    "end": ("finish",),
    "finish": ("end",),
    "expire": ("run out",),
    "start": ("begin",),
    "begin": ("start",),
}
_OVER = frozenset(
    "contract lease course exam term holiday leave probation internship semester sentence".split()
)
_RUNNING = frozenset(
    "contract lease licence license passport visa insurance subscription membership permit".split()
)
_APPLIED = frozenset("application applications registration enrolment call bidding vote survey".split())
_HANDED_IN = frozenset(
    "essay thesis dissertation report homework paper assignment coursework manuscript article "
    "application".split()
)
_PAID = frozenset("rent bill tax payment invoice instalment fee loan".split())
_TURNED = re.compile(r"^(?P<age>\d{1,3}|[a-z]+(?:-[a-z]+)?)(?: years old)?$")
_MONTH = "|".join(MONTHS)
_DATE = re.compile(
    rf"^(?:on )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})|(?:{_MONTH}) \d{{1,2}})\b"
    r"(?: \d{4})?$",
    re.IGNORECASE,
)
_SITED = re.compile(
    r"^(?P<what>(?:my|our) (?:[a-z-]+ ){0,3}?[a-z-]+) (?P<where>(?:in|at|with|for|on|of) .+)$"
)


def due(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about a deadline, a beginning, an end or a birthday to come."""
    before, when = split_time(clause.rest)
    if clause.copula:
        _is(clause, to)
    elif when and not before and clause.subject.startswith(("My ", "Our ")) and not clause.aux:
        _happens(clause, to)
    elif clause.base == "turn" and not clause.aux and (turned := _TURNED.match(before)):
        _turning(clause, turned["age"], when, to)


def _happens(clause: Clause, to: Asking) -> None:
    """Asks for the day of what starts, ends or renews, also in another verb and without what is behind it."""
    base = clause.base
    sited = _SITED.match(to.subject)
    names = [to.subject, *([sited["what"]] if sited and not sited["where"].startswith("of ") else [])]
    for name in names:
        head = name.split()[-1].lower()
        one = Asking(Clause(name[:1].upper() + name[1:], "", "", False, clause.verb, clause.rest))
        if name != to.subject:
            one.own("when")
        for other in _ALIKE.get(base, ()):
            one.verb("when", other)
        if one.tense == "third":
            _in_force(base, head, name, one)
        to.asks += one.asks


def _in_force(base: str, head: str, name: str, one: Asking) -> None:
    """Until when a contract runs, when an insurance is due again, when an application has to be in."""
    if base in {"end", "finish"} and head in _OVER:
        one.be("when", name, "over")
    if base in {"end", "expire"} and head in {"contract", "lease"}:
        one.verb("until when", "run")
    elif base in {"end", "expire"} and head in _RUNNING:
        one.be("how long", name, "valid")
    elif base == "renew":
        one.be("when", name, "due")
        one.be("when", name, "due for renewal")
    elif base == "close" and head in _APPLIED:
        one.be("what", f"the deadline for {name}")
        one.be("when", f"the deadline for {name}")


def _is(clause: Clause, to: Asking) -> None:
    subject = to.subject
    # "My half marathon in Breda is on 15 September": where it is, and when, without the place.
    sited = _SITED.match(subject)
    _, when = split_time(clause.rest)
    if sited and when == clause.rest and clause.aux == "is" and not is_person(sited["what"]):
        to.be("when", sited["what"])
        if re.match(r"(?:in|at) (?:the |my )?[A-Z]|at (?:the|my) ", sited["where"]):
            to.be("where", sited["what"])
    if (
        _DATE.match(clause.rest)
        and subject.startswith("my ")
        and "birthday" not in subject
        and clause.aux == "is"
    ):
        to.be("when", subject)
    if clause.rest.startswith("due ") and split_time(clause.rest)[0] == "due" and clause.aux in {"am", "is"}:
        _due(clause, to)
    elif re.match(r"coming (?:in|on|at) ", clause.rest) and subject in {"my baby", "our baby", "the baby"}:
        to.be("when", subject, "due")


def _due(clause: Clause, to: Asking) -> None:
    subject = to.subject
    head = role_of(subject).split()[-1].lower()
    to.be("when", subject, "due")
    to.be("what", f"{to.whose} due date")
    if subject == "I" or head in PERSON_SHE | {"partner"}:
        to.be("when", f"{to.whose} baby", "due")
    elif head in _HANDED_IN:
        to.said(f"When do I have to hand in {subject}?", f"when I have to hand in {subject}")
        to.be("what", f"the deadline for {subject}")
        to.be("what", f"{subject} deadline")
    elif head in _PAID:
        to.said(f"When do I have to pay {subject}?", f"when I have to pay {subject}")


def _turning(clause: Clause, age: str, when: str, to: Asking) -> None:
    """How old somebody will be, and when."""
    if clause.tense == "past":
        to.own("how old", "")
        return
    be = "am" if to.subject == "I" else "is" if clause.tense == "third" else "are"
    to.said(f"How old {be} {to.subject} turning?", f"how old {to.subject} {be} turning")
    if when:
        at = re.sub(r"(?<=[a-z]{3}) (?:19|20)\d\d$", "", when)
        to.own("when", age)
        to.said(f"How old will {to.subject} be {at}?", f"how old {to.subject} will be {at}")
        if to.subject == "I" or clause.tense == "third":
            to.be("when", f"{to.whose} birthday")
