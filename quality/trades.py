"""Work told in passing: a trade, a business of one's own, an offer, a pay."""

from __future__ import annotations

import re

from data.grammar import article
from data.grammar_clauses import capitalise
from data.grammar_professions import profession
from quality.found import Found
from quality.names import CAP, PERSON_NOUN, ROLE, is_name, role_subject

_AS_A = re.compile(
    r"(?:^|[,.;] |\b(?:so|but|and) )(?:work(?:ing)? )?as (?P<job>an? [a-z][a-z -]{2,30}?)"
    r"(?P<place> (?:in|at|for|on) [\w' ]{2,30}?)?(?=,| i\b| we\b| my\b|$)",
    re.IGNORECASE,
)
_OWN_BUSINESS = re.compile(
    r"\b(?:opening|opened|starting|started|running|run|own) my own (?P<what>\w+)(?:,? (?:it's|its|it is|"
    r"and it's))? ?"
    rf"(?:called|named) (?P<name>{CAP}(?: (?:and |of |& )?{CAP})*)"
)
_WANTED = re.compile(
    rf"\b(?P<who>(?:the )?{CAP}(?: {CAP})*) (?:wants|wanted|offered|hired|hires|took|accepted) me (?:as|for) "
    r"(?P<job>an? [a-z -]{3,30}?)(?= (?:after|from|in|on|when|once|starting)\b|[,.!?]|$)"
)
_AT_DESK = re.compile(
    rf"(?:^|[,.!?] |\byes,? |\bim a |\bi'm an? )(?P<job>(?:[a-z-]+ )?[a-z-]+) (?:w/|with|at|for|@) "
    rf"(?P<at>(?:the |a )?{CAP}(?: {CAP})*)(?=[,.!?]|$)"
)
_HERE = re.compile(r"(?:^|[,.!?] )(?P<job>(?:[a-z-]+ )?[a-z-]+) here(?=[,.!?]|$)")
_TRADE_TAG = re.compile(
    rf"\b(?P<name>{CAP})\b[^.?!]{{0,60}}?,? (?:he's|she's|that's|thats|hes|shes) my (?P<role>{ROLE}), "
    rf"(?P<job>(?:[a-z-]+ )?[a-z-]+)(?=[,.!?]|$)"
)
_AMOUNT = re.compile(
    r"\b(?P<what>rent|salary|wage|fee|mortgage|allowance|pension) (?:goes|went|is going|is|was raised|"
    r"rises|rose)"
    r"(?: up| down)?(?: to)?,? (?P<value>(?:to )?(?!\d+ (?:days|weeks|hours))"
    r"[£$€]?\d[\d.,]*k?(?: (?:euros?|pounds|dollars|quid|"
    r"bucks))?(?: (?:a|per) \w+)?(?: (?:before|after) tax)?)"
)


def _badge(text: str) -> list[Found]:
    match = _AS_A.search(text)
    if not match or not (
        profession(match["job"]) or re.fullmatch(rf"an? (?:{PERSON_NOUN}|[a-z]+ary)", match["job"])
    ):
        return []
    value = match["job"] + (match["place"] or "")
    if any(c.isdigit() for c in value):
        return []
    return [Found("I", "job", value, f"I work as {value}.", "fact", "i|job")]


def working(text: str) -> list[Found]:
    """Work told in passing: a business of one's own, an offer, a trade named like a badge, a pay."""
    found = _badge(text)
    for match in _OWN_BUSINESS.finditer(text):
        name = match["name"]
        statement = f"I work at my own {match['what']}, {name}."
        found.append(Found("I", "employer", name, statement, "fact", "i|employer"))
    for match in _WANTED.finditer(text):
        statement = f"{capitalise(match['who'])} offered me work as {match['job']}."
        found.append(Found("I", "offer", match["job"], statement, "plan"))
    for match in _AT_DESK.finditer(text):
        if profession(f"a {match['job']}"):
            value = f"{article(match['job'])} at {match['at']}"
            found.append(Found("I", "be", value, f"I am {value}."))
    for match in _HERE.finditer(text):
        if profession(f"a {match['job']}"):
            found.append(Found("I", "be", article(match["job"]), f"I am {article(match['job'])}."))
    for match in _TRADE_TAG.finditer(text):
        if profession(f"a {match['job']}") and is_name(match["name"]):
            who = f"{role_subject(match['role'])} {match['name']}"
            found.append(
                Found(who, "be", article(match["job"]), f"{capitalise(who)} is {article(match['job'])}.")
            )
    for match in _AMOUNT.finditer(text):
        subject, value = f"my {match['what']}", match["value"].removeprefix("to ")
        found.append(Found(subject, "is", value, f"My {match['what']} is {value}.", "fact", f"{subject}|is"))
    return found
