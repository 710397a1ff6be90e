"""Clauses as they are chatted, put into the order the rules read: subject first, verbs written out.

Changes no fact: what stood before the subject follows the sentence, a shortened verb is written out.
"""

from __future__ import annotations

import re

from data.lexicon import COLOURS, WEEKDAYS
from quality.names import CAP
from quality.predicates import being, is_predicate

_SUBJECT = r"(?:i|i'm|im|i've|ive|we|we're|we've|my|our)"
_LEAD = re.compile(
    r"^(?P<lead>(?:(?:ever )?since|after|before|during|until|till|in|at|on|from|this|every|these|most|"
    r"by|around|for|next|last) "
    r"(?!(?:i|we|he|she|they|it|you|my|our|his|her|when|what|case|fact|general|theory|"
    r"short|brief|order|addition|hindsight|response|reply|answer|regards?|example|instance|least|first|"
    r"best|worst|one|once|some|another|that|this|character|my view)\b)"
    rf"(?:[\w'&-]+ ){{0,3}}?[\w'&-]+) (?P<main>{_SUBJECT} (?!and\b|and,)[\w'-]+.*)$",
    re.IGNORECASE,
)
_TIMES = (
    r"(?:year|month|week|weekend|day|morning|evening|night|spring|summer|autumn|winter|fall|covid|lent|"
    r"easter|christmas|xmas|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|\w+days?|\d{4}|school|uni|university|childhood|lockdown|retirement|college|birth|noon|"
    r"midnight|days|holidays)"
)
_TIMED = re.compile(rf"\b{_TIMES}$", re.IGNORECASE)
_PLACED = re.compile(r"^(?:in|at|from) (?:the |my |our )?[A-ZÀ-Þ]")
_CHILDHOOD = re.compile(
    r"^as an? (?:boy|girl|child|kid|teenager|teen|student) in (?P<place>[A-ZÀ-Þ][\w'-]+(?: "
    r"[A-ZÀ-Þ][\w'-]+)*),? "
    r"(?=(?i:i|we)\b)",
    re.IGNORECASE,
)
_ME_FIRST = re.compile(r"^(?:and |but |so )?(?:me|myself|as for me),? (?=i\b|i'm\b|im\b)", re.IGNORECASE)
_SHORT_IS = re.compile(r"^(?P<who>(?:my|our)(?: [a-z-]+){1,2}?)'s (?P<rest>[\w'&-]+.*)$", re.IGNORECASE)
_UNCLEAR = frozenset("back off single very really so too just only nearly almost own".split())
_SHORT_ARE = re.compile(
    r"^(?P<who>they|we|you|(?:my|our) (?:[a-z]+ )?[a-z]+s) r (?=\w)|^(?P<will>they)ll (?=\w)", re.I
)
_REMARK = re.compile(r" (?:who|which|because|cos|so that|if|when) ", re.IGNORECASE)


def plain_order(clause: str) -> str:
    """The clause with its subject first and its verb written out; unchanged when it reads so already."""
    clause = _ME_FIRST.sub("", clause)
    clause = _SHORT_ARE.sub(lambda m: f"{m['who']} are " if m["who"] else f"{m['will']} will ", clause)
    match = _LEAD.match(clause)
    if match and (_TIMED.search(match["lead"]) or _PLACED.match(match["lead"])):
        lead = match["lead"]
        main = _REMARK.split(match["main"])[0]
        clause = f"{main} {lead[:1].lower()}{lead[1:]}"
    match = _SHORT_IS.match(clause)
    if match:
        words = match["rest"].split()
        first = words[0].lower().strip(",")
        if (
            first in COLOURS
            or words[1:2] == ["since"]
            or len(words) > 1
            and first not in _UNCLEAR
            and is_predicate(words)
        ):
            clause = f"{match['who']} {being(first)} {match['rest']}"
    return clause


_BACK_FROM = re.compile(
    r"^(?:(?:just|only|got|i'm|im|i am) )*(?:back|home|in) from "
    r"(?P<what>(?!(?:work|school|uni|university|college|church|hospital|holiday|holidays|vacation|town|lunch|dinner|"
    r"abroad|home|prison|court|bed|night|noon|least|last|first|training|practice|rehearsal)\b)[a-z-]{4,})"
    r"(?: (?:practice|training|rehearsal))?(?: (?:tonight|today|earlier|again|this [a-z]+))?,? "
    r"(?P<main>i (?:usually |mostly |always |finally )?(?:play|throw|shoot|do|sing|row|swim|fight|bowl|bat|"
    r"ride|dance|hold|got|earned|won) (?![^,.;?!]*\b(?:in|at|for|on|with|it|that|this)\b)[^,.;?!]+)",
    re.IGNORECASE,
)


_AND_MORE = re.compile(r",? (?:and|but|so) (?=(?:i|i'm|im|my|our|we|the|it|it's|its)\b)", re.IGNORECASE)
_BOOKED = re.compile(r"\b(?:booked|holidays?|vacation|trip|honeymoon|getaway)\b", re.IGNORECASE)
_BOUND_FOR = re.compile(
    rf"^(?P<place>{CAP}(?: (?:of |the )?{CAP}){{0,3}}), "
    r"(?P<leaving>(?:we|i) (?P<verb>fly|go|sail|travel|drive|leave)) (?=(?:on|in|next|this)\b)",
    re.IGNORECASE,
)
NO_PLACE = re.compile(
    rf"(?:air|jet|air ?lines?|airways|hansa|express|rail|{'|'.join(WEEKDAYS)})$", re.IGNORECASE
)


def told_after(sentence: str, before: str = "") -> str:
    """A sentence with what stood in front of its subject, or in a booking, put where the verb needs it.

    "Home from curling, I throw second" tells of curling; "Booked! Porto, we fly in May" of a flight to Porto.
    """
    bound = _BOUND_FOR.match(sentence) if _BOOKED.search(before) else None
    words = bound["place"].split() if bound else []
    proper = all(word[:1].isupper() or word in {"of", "the"} for word in words)
    if bound and proper and not NO_PLACE.search(bound["place"]):
        to = "for" if bound["verb"].lower() == "leave" else "to"
        start = sentence[: bound.end() - 1]
        return f"{start} {to} {bound['place']} {sentence[bound.end() :]}"
    match = _BACK_FROM.match(sentence)
    if not match:
        return sentence
    main = _AND_MORE.split(match["main"])[0].rstrip()
    rest = match["main"][len(main) :] + sentence[match.end() :]
    main = re.sub(r" (?:finally|again|now|tonight|today)$", "", main)
    return f"{main} in {match['what'].lower()}{rest}"


def childhood(clause: str) -> str:
    """The place of "as a boy in X, I ...": where the person grew up; empty when nothing says so."""
    match = _CHILDHOOD.match(clause)
    return match["place"] if match else ""
