"""Questions about people: of which nation, their first tongue, whom they support, how two met, who gave."""

from __future__ import annotations

import re

from data.grammar import is_person, is_pet, role_of, somebody
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_natural_names import PROPER
from data.grammar_natural_times import split_time
from data.synonyms import breed_of, is_nationality

_TONGUES = ("first language", "mother tongue", "native language")
_TONGUE = re.compile(rf"(?P<whose>.+) (?P<what>{'|'.join(_TONGUES)})")
_FAN = re.compile(
    rf"^an? (?:(?:big|huge|lifelong|keen) )?(?P<what>fan|supporter|follower) of {PROPER.pattern}$"
)
_DEGREE = re.compile(r"^(?P<how>half|part|partly|originally|quarter|a quarter) ")
_MET_AT = re.compile(r"^(?P<whom>(?:my|our) [a-z -]+?)(?: [A-Z]\S+)? (?:(?:at|in|on|through) .+|online)$")
_GOT_FROM = re.compile(
    r"^(?P<what>(?:an? |my |the |our |some )[\w' -]+?) from "
    r"(?P<whom>(?:an? |my |the |our )[\w' -]+|[A-Z][\w'-]+)$"
)
_GAVE_TO = re.compile(
    r"^(?P<what>(?:an? |my |the |our |some )[\w' -]+?) to (?P<whom>(?:my|our|the) [\w' -]+|[A-Z][\w'-]+)$"
)
_PRESENT = re.compile(r"^(?P<whom>my [a-z-]+) (?P<what>(?:an?|my old|some) [a-z][a-z -]*)$")
_OFFER = re.compile(r"^down (?P<what>(?:an? |the )(?:[a-z]+ )?offer) from (?P<whom>[\w' -]+)$")
_SUPPORTING = frozenset({"support", "follow"})


def people(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about a nation, a tongue, a team, a meeting and a present."""
    if clause.copula:
        _national(clause, to)
        _tongue(clause, to)
        _fan(clause, to)
        return
    if clause.aux:
        return
    raised = re.match(r"^up speaking [A-Z]\w+$", rest) if clause.base == "grow" else None
    if raised:
        to.own("which language", "up speaking")
        to.own("what language", "up with")
        to.own("what", "up speaking")
    if clause.base in _SUPPORTING and PROPER.fullmatch(rest) and rest[:1].isupper():
        to.verb("what team", "support")
        for word in ("which club", "what club"):
            to.verb(word, clause.base)
    if clause.base == "meet" and clause.tense == "past":
        _met(clause, to)
    _handed(clause, rest, to)


def _national(clause: Clause, to: Asking) -> None:
    how = _DEGREE.match(clause.rest)
    nation = clause.rest[how.end() :] if how else clause.rest
    if not is_nationality(nation) or nation.islower() or clause.aux not in {"am", "is", "are", "was"}:
        return
    several = clause.aux == "are"
    role = role_of(clause.subject)
    if is_pet(role) and not breed_of(nation):
        return
    if is_pet(role):
        to.be("what breed", to.subject, plural=several)
    elif somebody(clause.subject) or is_person(role.removesuffix("s")) or is_person(role):
        to.be("what nationality", to.subject, plural=several)
        if not how or how["how"] == "originally":
            to.be("where", to.subject, "from", plural=several)
            to.be("where", to.subject, "originally from", plural=several) if how else None
        if not several and not how:
            to.be("what", f"{to.whose} nationality")


def _tongue(clause: Clause, to: Asking) -> None:
    found = _TONGUE.fullmatch(to.subject)
    if not found or clause.aux != "is":
        return
    for other in _TONGUES:
        to.be("what", f"{found['whose']} {other}")
    if found["whose"] == "my":
        to.said("Which language did I grow up with?", "which language I grew up with")
        to.said("Which language did I learn first?", "which language I learned first")


def _fan(clause: Clause, to: Asking) -> None:
    found = _FAN.match(clause.rest)
    if not found or clause.aux not in {"am", "is"}:
        return
    to.be("who", to.subject, f"a {found['what']} of")
    if found["what"] == "supporter":
        to.verb("which team", "support")
        to.verb("what team", "support")
        to.verb("who", "support")


# One does not get to know an aunt.
_GOT_TO_KNOW = re.compile(
    r"(?:wife|husband|spouse|partner|boyfriend|girlfriend|fianc[eé]e?|friend|mate|buddy|bestie|flatmate|"
    r"bandmate|penpal|ex)$"
)


def _met(clause: Clause, to: Asking) -> None:
    """Where and how two met, asked of one or of both."""
    rest, _ = split_time(clause.rest)
    together = re.fullmatch(r"(?:[Mm]y (?P<whom>[a-z -]+)) and I", clause.subject)
    met = _MET_AT.match(rest)
    if together and re.match(r"(?:at|in|on|through) |online$", rest):
        both, whom = to.subject, f"my {together['whom']}"
    elif met and clause.subject == "I" and is_person(met["whom"]):
        both, whom = f"{met['whom']} and I", met["whom"]
    else:
        return
    if not _GOT_TO_KNOW.search(whom):
        return
    named_place = re.search(r"\bin [A-Z]", rest)
    for word in ("how",) if " through " in f" {rest}" else ("where",) if named_place else ("where", "how"):
        front = word.capitalize()
        to.said(f"{front} did I meet {whom}?", f"{word} I met {whom}")
        to.said(f"{front} did {both} meet?", f"{word} {both} met")


def _handed(clause: Clause, rest: str, to: Asking) -> None:
    """From whom a thing was got, and to whom one was given."""
    dated = re.sub(
        r" (?:in [A-Z]?[a-z]+(?: \d{4})?|on \d+ \w+(?: \d{4})?|last \w+)(?= from )", "", clause.rest
    )
    got = (
        _GOT_FROM.match(split_time(dated)[0])
        if clause.base in {"get", "buy", "inherit", "adopt", "borrow"}
        else None
    )
    if got and clause.tense == "past":
        human = is_person(got["whom"]) or got["whom"][:1].isupper() and " " not in got["whom"]
        if clause.base in {"get", "buy", "adopt"}:
            to.own("where", f"{got['what']} from")
            to.own("where", got["what"])
        if human:
            to.own("who", f"{got['what']} from")
            if clause.base == "get" and got["what"].startswith("my "):
                to.said(
                    f"Who gave me {got['what']}?", f"who gave me {got['what']}"
                ) if to.subject == "I" else None
    gave = _GAVE_TO.match(rest) if clause.base in {"give", "lend", "sell"} else None
    if gave and clause.tense == "past" and (is_person(gave["whom"]) or gave["whom"][:1].isupper()):
        to.own("what", f"to {gave['whom']}")
        if clause.base != "sell":
            to.own("what", gave["whom"])
        if clause.base == "give" and gave["what"].startswith("my "):
            to.said(f"Who got {gave['what']}?", f"who got {gave['what']}")
    present = _PRESENT.match(rest) if clause.base in {"give", "lend", "buy", "send"} else None
    if present and clause.tense == "past" and is_person(present["whom"]):
        to.own("what", present["whom"])
        to.own("who", f"{present['what']} {'for' if clause.base == 'buy' else 'to'}")
    offer = _OFFER.match(rest) if clause.base == "turn" else None
    if offer and clause.tense == "past":
        to.own("who", f"down {offer['what']} from")
        to.own(f"whose {offer['what'].split(' ', 1)[1]}", "down")
