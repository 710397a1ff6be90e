"""A plain value put right ("no, Thursday"): the sentence it belongs to is said again with the new value.

Only the person's own earlier sentences are said again; the assistant's words are never taken over.
"""

from __future__ import annotations

import re

from data.lexicon import MONTH_NAMES, MONTHS
from quality.discourse import Discourse

_CUE = re.compile(
    r"^(?:no|nope|nah|wait|oops|ah|argh|sorry|actually|correction|not|hang on|change of plan|hm+ no|well was|"
    r"wrong)\b|\b(?:i meant|i mixed|mixed (?:it|that|them) up|(?:they|she|he|we)(?:'ve| have)? (?:moved|"
    r"pushed|changed|"
    r"shifted|put) (?:it|that|me|the \w+)|moved me|my mistake|by mistake|instead|it is now|it's now|make "
    r"that)\b",
    re.IGNORECASE,
)
_MONTH = "|".join({*MONTH_NAMES, *(m.capitalize() for m in MONTHS if len(m) > 2)})
_KINDS = (
    re.compile(
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})\b|\b(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b",
        re.I,
    ),
    re.compile(r"\b\d{1,2}(?:st|nd|rd|th)\b"),
    re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.I),
    re.compile(r"\b\d{1,2}[:.]\d\d(?: ?[ap]m)?\b|\b\d{1,2} ?[ap]m\b"),
    re.compile(r"\b(?:spring|summer|autumn|winter)\b", re.I),
)
_NUMBER = re.compile(r"\b\d{1,4}\b")
_DENIED = re.compile(
    r"\b(?:not|and not|isn't|instead of|from|no longer|i said|said) (?:on |in |at |the )*$", re.IGNORECASE
)
_WRONG_GUESS = re.compile(
    r"\b(?:would|will|must|should) be (?:in|on)|\b(?:is|falls|starts) (?:in|on)\b", re.IGNORECASE
)


def amended(text: str, before: str, discourse: Discourse) -> str:
    """The earlier sentence of the person's with the value this turn corrects; empty when it corrects none."""
    head = text[:160]
    if not _CUE.search(head):
        return ""
    for kind in _KINDS:
        new = next((m[0] for m in kind.finditer(head) if not _DENIED.search(head[: m.start()])), "")
        if not new:
            continue
        for said in reversed(discourse.said[-6:]):
            old = kind.search(said)
            if old and old[0].lower() != new.lower():
                return f"{said[: old.start()]}{new}{said[old.end() :]}"
        if kind is _KINDS[0] and discourse.event and _WRONG_GUESS.search(before):
            return f"{discourse.event} is on {new}"
    number = _NUMBER.match(
        re.sub(r"^(?:no|oops|sorry|wait|actually|it's|its)[ ,]+", "", head, flags=re.IGNORECASE)
    )
    if number and discourse.said:
        said = discourse.said[-1]
        old = _NUMBER.search(said)
        if old and len(_NUMBER.findall(said)) == 1:
            return f"{said[: old.start()]}{number[0]}{said[old.end() :]}"
    return ""
