"""Facts in sentences without a verb of their own: records, destinations, habits, ailments, names as tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar_clauses import capitalise
from data.lexicon import KIN, PETS
from data.lexicon_verbs import kinds
from quality.discourse import Discourse
from quality.found import Found, aged
from quality.names import CAP, is_name, named
from quality.wording import NO_PLACE

_PLACE = rf"(?P<place>{CAP}(?: (?:of |de |la )?{CAP}){{0,3}})"
_RECORD = re.compile(
    r"^(?P<value>[\w.:,-]+(?: [\w.-]+){0,2})(?:, (?:that's |thats |it's |its )?|!+ ?)my (?:new )?"
    r"(?P<what>(?:longest|fastest|best|biggest|highest|first|heaviest|shortest|worst|personal best) "
    r"?[a-z]*(?: [a-z]+)?)"
    r"(?= so far| ever| yet|[,.!]|$)",
    re.IGNORECASE,
)
_HOLIDAY = (
    r"(?:new year'?s?|christmas|xmas|easter|the holidays|half term|our honeymoon|the summer|the weekend|"
    r"our anniversary)"
)
_BOUND = re.compile(
    rf"\b(?:it's|its|it is|it'll be) {_PLACE} for (?P<when>{_HOLIDAY})(?: now| then)?(?P<by>, by "
    rf"[a-z]+(?: [a-z]+)?)?"
)
_TRIP = re.compile(
    r"\b(?:go(?:ing)? away|booked|our (?:trip|holiday|honeymoon)|vacation|where (?:to|are we) go)\b",
    re.IGNORECASE,
)
_ISLE = re.compile(r" (?:Islands?|Isles?|Bay|Beach|Valley|Lake|Mountains?|Coast)$")
_FIRST_PLACE = re.compile(rf"^{_PLACE}(?:[,!.]|$)")
_EVENT_AT = re.compile(
    rf"(?:^|[!.,] )(?:the |our |my )?(?P<what>conference|wedding|interview|exam|concert|funeral|"
    rf"christening|retreat|internship|"
    rf"apprenticeship|placement|marathon) (?:is )?(?P<at>in|at) (?:the )?{_PLACE}"
)
_HABIT = re.compile(
    r"^(?P<what>(?!(?:i|it|same|not|and|but|so|every|yes|no)\b)[a-z][\w'-]*(?: [\w'-]+){0,3}), (?:[\w "
    r"]{2,20}, )?"
    r"(?P<often>every (?:single )?(?:day|morning|evening|night|week|weekend))",
    re.IGNORECASE,
)
_BODY = (
    r"(?:knee|shoulder|back|hip|ankle|wrist|elbow|neck|foot|hand|arm|forearm|leg|calf|thigh|finger|thumb|"
    r"toe|chest|"
    r"ear|eye|hamstring)"
)
_ON_BODY = re.compile(
    rf"^(?P<what>an? [\w-]+(?: [\w-]+)?) on my (?P<where>(?:left |right |upper |lower )?{_BODY})\b"
)
_AILING = re.compile(
    rf"\b(?:for|with|of) (?:my|a) (?P<what>(?:dodgy|bad|sore|stiff|swollen|broken|sprained|torn|frozen|"
    rf"busted) "
    rf"(?:left |right |lower |upper )?{_BODY})\b"
)
_STILL = re.compile(r"^(?P<age>\d{2,3}) and (?:still|already|never|yet)\b")
_TAG = re.compile(rf"^(?P<name>{CAP})(?=[,.!]|$)(?!, (?:can|could|please|how|what))")
_A_KIND = re.compile(r"^an? (?P<kind>[a-z-]+(?: [a-z-]+)?)(?=,|\.|!|$)")
_IS_PET = re.compile(
    r"\b(?:is|are|he's|she's|it's|that's|thats) (?:my|our|the) (?P<role>[a-z]+)[.,!]*$", re.IGNORECASE
)


def verbless(sentence: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """Every fact a sentence tells without a verb, seen after the sentences before it."""
    previous = before[-1] if before else ""
    return [
        *_journeys(sentence, previous),
        *_habits(sentence),
        *ailments(sentence),
        *_tags(sentence, previous, discourse),
    ]


def _is_place(name: str) -> bool:
    """Whether a name after a booking can be where one goes: no airline, no weekday."""
    known = is_name(name) or bool(_ISLE.search(name))
    return known and not kinds(name.split()[0]) and not NO_PLACE.search(name)


def _journeys(text: str, previous: str) -> list[Found]:
    found = []
    for match in _BOUND.finditer(text):
        value = match["place"] + f" for {match['when']}" + (match["by"] or "").replace(",", "")
        found.append(
            Found("I", "go", value, f"I am going to {value}.", "plan", f"i|go {match['when'].lower()}")
        )
    start = _FIRST_PLACE.match(text)
    if start and _TRIP.search(previous) and _is_place(start["place"]):
        when = re.search(_HOLIDAY, previous, re.IGNORECASE)
        value = start["place"] + (f" for {when[0]}" if when else "")
        slot = f"i|go {when[0].lower()}" if when else ""
        found.append(Found("I", "go", value, f"I am going to {value}.", "plan", slot))
    for match in _EVENT_AT.finditer(text):
        subject, value = f"my {match['what']}", f"{match['at']} {match['place']}"
        found.append(Found(subject, "be", value, f"{capitalise(subject)} is {value}."))
    return found


def _habits(text: str) -> list[Found]:
    found = []
    match = _RECORD.match(text)
    if match and re.search(r"\d|[A-Z]", match["value"]):
        subject, value = f"my {match['what'].lower().strip()}", match["value"]
        found.append(
            Found(subject, "is", value, f"{capitalise(subject)} is {value}.", "fact", f"{subject}|is")
        )
    match = _HABIT.match(text)
    if match and not any({"third", "past"} & kinds(w).keys() for w in match["what"].split()[:2]):
        found.append(
            Found("I", "have", match["what"], f"I have {match['what']} {match['often']}.", "fact", "", 0.7)
        )
    return found


def ailments(text: str) -> list[Found]:
    """A sore part of the body, told even inside a question ("stretches for a dodgy knee?")."""
    found = []
    match = _ON_BODY.match(text)
    if match:
        value = f"{match['what']} on my {match['where']}"
        found.append(Found("I", "have", value, f"I have {value}."))
    for match in _AILING.finditer(text):
        found.append(Found("I", "have", f"a {match['what']}", f"I have a {match['what']}."))
    return found


def _tags(text: str, previous: str, discourse: Discourse) -> list[Found]:
    """A name, an age or a breed put behind the sentence it belongs to."""
    found = []
    who = discourse.she or discourse.he
    match = _STILL.match(text)
    if match and who and who != "I":
        found.append(aged(who, match["age"]))
    match = _TAG.match(text)
    nameless = re.fullmatch(r"my ([a-z -]+)", who)
    told = re.match(r"(?:she|he)(?:'s| is|s)\b", previous, re.IGNORECASE)
    if (
        match
        and nameless
        and told
        and len(text.split()) < 6
        and is_name(match["name"])
        and not kinds(match["name"])
        and nameless[1].split()[-1] in KIN | PETS
    ):
        found.append(named(nameless[1], match["name"]))
    match, pet = _A_KIND.match(text), _IS_PET.search(previous)
    if (
        match
        and pet
        and pet["role"].lower() in PETS
        and not set(match["kind"].split()) & {"lot", "bit", "few"}
    ):
        subject = next(
            (p for p in (discourse.it, discourse.she) if p.split()[1:2] == [pet["role"].lower()]),
            f"my {pet['role'].lower()}",
        )
        found.append(
            Found(subject, "be", f"a {match['kind']}", f"{capitalise(subject)} is a {match['kind']}.")
        )
    return found
