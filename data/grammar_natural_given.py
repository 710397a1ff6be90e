"""Questions about what was given, offered and taught to whom, and about what is studied or trained for."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object, split_rest
from data.lexicon_verbs import kinds, participle

_GIVING = frozenset("give offer get lend promise send hand bring buy owe show leave grant award".split())
_GIVEN = re.compile(r"^(?P<whom>me|us) (?P<what>(?!to ).+)$")
_TAUGHT = re.compile(r"^(?P<whom>me|us) (?:how )?to (?P<verb>[a-z]+)(?: (?P<thing>.+))?$")
_WORK = re.compile(
    r"^(?:an? |the |some )?(?:[a-z]+ )?(?P<noun>job|work|role|position|place|post|contract) "
    r"(?P<as>as|at|in|on)\b"
)
_STUDIES = re.compile(
    r"^(?P<art>an? |my )?(?P<noun>phd|doctorate|master's|masters|degree|diploma|dissertation|thesis|postdoc|"
    r"mba|bachelor's|bachelors|msc|course|research) (?P<prep>on|in|about|into) (?P<what>.+)$",
    re.IGNORECASE,
)
_READING = frozenset("do study write take finish start pursue complete have read".split())
_BOUGHT = re.compile(r"an? [a-z-]+(?: (?!on |for |in )[a-z-]+){0,2}")
_FOR = re.compile(r"^(?P<doing>[a-z]+ing(?: up)?) for (?P<what>(?:the|a|an|my|our) .+|[A-Z].+|\w+)$")


def given(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about gifts, offers, lessons and studies."""
    base = clause.base
    if clause.copula:
        _striven(clause, to)
        return
    taught, gift = _TAUGHT.match(rest), _GIVEN.match(rest)
    if base == "teach" and taught and not clause.aux and clause.subject not in {"I", "We"}:
        _learnt(clause, taught, to)
    elif base in _GIVING and gift and clause.subject not in {"I", "We"} and not clause.aux:
        _gift(clause, gift, to)
    studies = _STUDIES.match(rest)
    if studies and base in _READING:
        _studies(base, studies, to)


def _learnt(clause: Clause, taught: re.Match[str], to: Asking) -> None:
    whom, verb = taught["whom"], taught["verb"]
    if "base" not in kinds(verb):
        return
    thing = split_rest(taught["thing"])[0] if taught["thing"] else ""
    done = " ".join(part for part in (verb, thing) if part)
    to.own("what", f"{whom} to do")
    to.own("what", whom)
    to.said(f"Who taught {whom} to {done}?", f"who taught {whom} to {done}")


def _gift(clause: Clause, gift: re.Match[str], to: Asking) -> None:
    whom, what = gift["whom"], gift["what"]
    thing = split_rest(what)[0] or what
    if (
        not names_an_object(thing)
        or re.match(r"(?:it|them|that|this)\b", thing)
        or clause.base == "get"
        and (thing.split()[0] not in {"a", "an", "the", "my", "some"})
    ):
        return
    me = "I" if whom == "me" else "we"
    to.own("what", whom)
    verb = clause.verb if clause.tense == "past" else ""
    if verb and thing.split()[0] not in {"his", "her", "their"} and len(thing.split()) <= 5:
        short = re.split(r" as ", thing)[0]
        to.said(f"Who {verb} {whom} {short}?", f"who {verb} {whom} {short}")
    work = _WORK.match(what)
    if work and clause.base in {"offer", "give", "get"} and verb:
        noun, was = work["noun"], "was" if whom == "me" else "were"
        done = participle(clause.base)
        to.said(f"What {noun} {was} {me} {done}?", f"what {noun} {me} {was} {done}")
        if work["as"] == "as":
            to.own("what", f"{whom} {what[: work.end()]}")


def _studies(base: str, found: re.Match[str], to: Asking) -> None:
    noun, prep = found["noun"], found["prep"]
    whole = f"{found['art'] or ''}{noun}"
    if to.tense != "past" or base in {"write", "do"}:
        to.be("what", f"{to.whose} {noun}", "in" if prep == "in" else "about")
        if prep == "on":
            to.be("what", f"{to.whose} {noun}", "on")
    to.own("what", f"{whole} {prep}")
    if base in {"do", "study", "take", "pursue"} and noun.lower() not in {
        "research",
        "thesis",
        "dissertation",
    }:
        to.verb("what", "study")
    elif noun.lower() == "research":
        to.verb("what", "research")


def _striven(clause: Clause, to: Asking) -> None:
    """What one trains or saves for, whatever is said of it behind a comma."""
    comma = clause.rest.find(", ")
    found = _FOR.match(clause.rest[:comma] if comma > 0 else clause.rest)
    base = kinds(found["doing"].split()[0]).get("gerund", "") if found else ""
    if found and base in {"train", "save", "prepare", "practise", "study", "revise"}:
        to.own("what", f"{found['doing']} for")
        if base == "save" and _BOUGHT.fullmatch(found["what"]):
            to.verb("what", "want", "to buy")
