"""What two sentences tell together: "one" after its kind, a value after its measure, a make just bought.

"Do quinces fruit? i planted one" plants a quince. A bridge is built only inside one conversation and only to
something of the person's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar import article
from data.grammar_clauses import capitalise
from data.lexicon import ADVERBS, MONTH_NAMES, STOPWORDS
from data.lexicon_verbs import FORMS
from data.synonyms import MAKES, kind_of
from quality.discourse import Discourse
from quality.found import Found, trim
from quality.names import CAP, named
from quality.newcomers import newcomers

_MONTHS = f"(?:{'|'.join((*MONTH_NAMES, *map(str.lower, MONTH_NAMES)))})"
_DAY = rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS}|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?)"
_BARE_DAY = re.compile(rf"^(?:(?:on|it's|its|the) )?{_DAY}(?=[,.!]|$)")
_TURNING = re.compile(
    r"\b(?:star sign|zodiac|(?:i'?m|i am|i'll be|ill be|i will be|im) (?:turning )?\d{2} (?:by|then|on|in)\b|"
    r"my (?:own )?birthday|i turn \d{2}|i was born)\b",
    re.IGNORECASE,
)
_NTH = re.compile(
    rf"\bmy (?P<n>\d{{2}})(?:st|nd|rd|th)(?: birthday)?,? (?:that's|thats|which is|is|on|on the) (?:the "
    rf")?{_DAY}",
    re.I,
)
_TURNS_ON = re.compile(r"\b(?:i'?m|im|i am|i) (?:turning|turn) (?P<n>\d{2})\b")
_PARTY_ON = re.compile(rf"\bbirthday\b[^.?!]*?\b(?:for|on) (?:\w+day,? )?(?:the )?{_DAY}", re.IGNORECASE)


def birthdays(text: str, before: Sequence[str]) -> list[Found]:
    """The person's own birthday, told through a star sign, an age to come or a round number."""
    match = _BARE_DAY.match(text)
    when = match["day"] if match and any(_TURNING.search(one) for one in before[-2:]) else ""
    nth = _NTH.search(text)
    party = _PARTY_ON.search(text)
    if nth:
        when = nth["day"]
    elif party and _TURNS_ON.search(text):
        when = party["day"]
    if not when:
        return []
    return [Found("I", "birthday", when, f"My birthday is on {when}.", "fact", "i|birthday")]


_ONE = re.compile(
    r"\b(?P<clause>i(?:'ve| have)?(?: just| only| recently)? (?P<verb>planted|bought|got|adopted|ordered|"
    r"built|made|"
    r"rescued|inherited|have|own|found|broke|lost)) one\b(?P<rest>[^,.;?!]*)",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"\b(?:do|does|are|is|can|how (?:long|often|big|tall|fast) (?:do|does)|when (?:do|does)|why (?:do|"
    r"does)|what do) "
    r"(?:an? |the )?(?P<noun>(?:[a-z]+ )?[a-z]{3,}?)(?P<many>s)?(?= (?:[a-z]+|\d))",
    re.IGNORECASE,
)


def one_of_them(text: str, before: Sequence[str]) -> list[Found]:
    """ "When do quinces fruit, i planted one yesterday": the kind of "one" is what the question is about."""
    match = _ONE.search(text)
    if not match:
        return []
    asked = _KIND.search(text[: match.start()] or (before[-1] if before else ""))
    if (
        not asked
        or set(asked["noun"].lower().split()) & (STOPWORDS | ADVERBS)
        or asked["noun"].lower() in FORMS
    ):
        return []
    value = f"{article(asked['noun'].lower())}{match['rest'].rstrip()}"
    verb = match["verb"].lower()
    return [
        Found(
            "I",
            verb,
            value,
            f"I {verb} {value}.",
            "event" if verb not in {"have", "own"} else "fact",
            "",
            0.7,
        )
    ]


_BEST = re.compile(
    r"^(?P<value>\d[\d.,:]* ?[a-z%]*|[a-z]+ (?:kilomet\w+|miles|hours|minutes|points))(?:[!.,]+| is| was)? "
    r"?(?:a |my |that's |thats |"
    r"it's )*(?P<best>(?:new |personal |all[- ]time )?(?:longest|fastest|highest|heaviest|record|best|"
    r"pb)(?: [a-z]+)??)"
    r"(?P<ever> ever| yet| so far)?(?=[,.!]|$)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"^(?:the |my |our )?(?P<what>(?:season|year|month|week|harvest|training|monthly|weekly|yearly|annual|"
    r"running)(?:'s)?) "
    r"total(?: is| was|:)? (?P<value>\d[\d.,]* [a-z]+)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?P<value>[£$€]?\d[\d.,]*k?(?: (?:euros?|pounds|dollars|quid|bucks))?) (?:more|extra) (?P<per>an? "
    r"(?:year|month|week|hour))\b",
    re.IGNORECASE,
)
_PAY = re.compile(r"\b(?:pay|raise|rise|salary|wage|review|promotion|boss)\b", re.IGNORECASE)


def measured(text: str, before: Sequence[str]) -> list[Found]:
    """A record, a total or a raise told as a bare number with its measure."""
    found = []
    whole = (
        f"{before[-1].rstrip('.!')}! {text}"
        if before and re.fullmatch(r"\d[\w., :]{0,14}[!.]*", before[-1])
        else text
    )
    match = _BEST.match(whole)
    if (
        match
        and " my " not in f" {match[0].lower()}"
        and (match["ever"] or "new" in match["best"].lower() or "personal" in match["best"].lower())
    ):
        value = match["value"].strip()
        far = re.search(r"\b(?:k|km|kilomet\w+|miles?|m)$|(?<=\d)k$", value) and not match[
            "best"
        ].lower().endswith("record")
        subject = "my " + match["best"].lower().removeprefix("new ").strip() + (" distance" if far else "")
        found.append(
            Found(subject, "is", value, f"{capitalise(subject)} is {value}.", "fact", f"{subject}|is")
        )
    match = _TOTAL.match(text)
    if match:
        subject = f"my {match['what'].lower()} total"
        found.append(Found(subject, "is", match["value"], f"{capitalise(subject)} is {match['value']}."))
    match = _MORE.match(text)
    if match and any(_PAY.search(one) for one in before[-2:]):
        value = f"a raise of {match['value']} {match['per']}"
        found.append(Found("I", "get", value, f"I got {value}.", "event"))
    return found


_ONES = re.compile(rf"^(?P<make>{CAP}(?: {CAP})?), the (?P<colour>[a-z]+) ones?\b")
_NEW = re.compile(
    r"\b(?:my|our|new|these|got) (?P<noun>(?:new |running |hiking )?(?:[a-z]+ )?[a-z]{3,}s?)\b(?= "
    r"(?:helped|came|arrived|are|is|fit|work))",
    re.I,
)
_THATS_DAY = re.compile(
    r"^(?:(?:no|nah|yes|ok|oh|wait),? )*(?:that's|thats|it's|its|that is) (?:on )?(?P<days>\w+days)\b", re.I
)
_ASKED_EVENT = re.compile(
    r"(?P<what>(?:[a-z]+ )?(?:practice|training|rehearsal|lesson|class|choir|club|course|match|game|"
    r"session))\?$",
    re.I,
)
_OWED = re.compile(r"\b(?:money |cash |what )?i owe\b", re.IGNORECASE)
_SUM = re.compile(rf"^(?:it's |its |that's )?(?P<sum>[£$€]?\d[\d.,]*) to (?P<who>{CAP})")
_OUR_GROUP = re.compile(
    rf"\bthe (?P<name>{CAP}(?: {CAP})+)\b(?=[^.?!]*(?:[.?!] ?|, )(?:(?:the |our )?(?:team|band|choir|club|"
    rf"group|crew) name (?:is|was)|"
    r"(?:yes |and |yeah )?(?:i|we) named (?:us|ourselves)))"
)
_GROUP = re.compile(r"\b(?P<what>team|band|choir|club|group|crew)\b", re.IGNORECASE)


def beside(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """A make behind a new thing, the day of what was just asked about, a debt and its sum."""
    found = []
    previous = before[-1] if before else ""
    match, new = _ONES.match(text), _NEW.search(previous)
    if match and new:
        noun = new["noun"].lower()
        thing, value = noun.removeprefix("new "), f"{match['make']}, the {match['colour']} ones"
        found.append(Found(f"my {thing}", "is", value, f"My {thing} are {value}.", "fact", f"my {thing}|is"))
    match, event = _THATS_DAY.match(text), _ASKED_EVENT.search(previous)
    if match and event:
        subject = f"my {event['what'].lower()}"
        days = capitalise(match["days"].lower())
        found.append(
            Found(subject, "day", days, f"{capitalise(subject)} is on {days}.", "fact", f"{subject}|day")
        )
    match = _SUM.match(text)
    if match and _OWED.search(previous):
        value = f"{match['who']} {match['sum']}"
        found.append(Found("I", "owe", value, f"I owe {value}."))
    return found


_MAKE_FIRST = re.compile(
    rf"^(?:an? )?(?P<make>{CAP}(?: (?:{CAP}|\d+)){{0,2}})"
    r"(?:, (?P<drive>hybrid|electric|petrol|diesel))?(?=[,.!]|$)"
)
_GOT_ONE = re.compile(
    r"(?:^|[,.!] |\b(?:i|we|i've|ive|we've|weve|just|finally|already|and) )"
    r"(?:bought|got|ordered|picked up|chose|took)(?: myself| me| us| ourselves)? (?:one|another|a new one)\b|"
    r"\balready (?:did|have|got),.{0,60}\bone\b",
    re.IGNORECASE,
)


def owned_now(text: str, before: Sequence[str]) -> list[Found]:
    """ "Already did, the dealer had one. Kia Niro": the make of what was just got."""
    match = _MAKE_FIRST.match(text)
    kind = kind_of(match["make"]) if match else ""
    if not match or kind not in MAKES or not any(_GOT_ONE.search(one) for one in before[-1:]):
        return []
    value = article(match["make"]) + (f", {match['drive']}" if match["drive"] else "")
    return [Found(f"my {kind}", "is", value, f"My {kind} is {value}.", "fact", f"my {kind}|is")]


def groups(text: str) -> list[Found]:
    """The person's team, named in passing in a message that says how it got its name."""
    match = _OUR_GROUP.search(text)
    what = _GROUP.search(text) if match else None
    return [named(what["what"].lower() if what else "team", trim(match["name"]))] if match else []


def bridged(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """Every fact that a sentence tells only together with the ones before it."""
    return [
        *birthdays(text, before),
        *newcomers(text, before, discourse),
        *one_of_them(text, before),
        *measured(text, before),
        *beside(text, before, discourse),
        *owned_now(text, before),
    ]
