"""What a text says of change: that something changed, was put right, ended, was moved, or is left standing.

Reads the person's own words only as far as they speak of change; which memories that ends is judged by
quality/updates.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.lexicon import STOPWORDS
from data.terms import stem

_CHANGED = re.compile(
    r"\b(?:now|these days|any ?more|no longer|from (?:now|today|monday|tomorrow) on|from (?:now|today)|as "
    r"of|since|"
    r"new (?:job|place|flat|house|school|boss|post|role|car)|changed?|switched|moved|swapped|turned|turns|"
    r"turning|left|opening my own|opened my own|"
    r"quit|instead|became|become|promoted|made me|started|start|starting|birthday|today|finally|retired|"
    r"not [\w' ]+)\b",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"(?:^|[.!?,]\s*)(?:no|nope|nah|wait|sorry|oops|actually|correction|argh)\b|\b(?:i meant|i mixed|"
    r"mixed up|"
    r"i was wrong|told you (?:rubbish|wrong)|misspoke|did i say|my mistake|not true)\b",
    re.IGNORECASE,
)
_THING = r"[\w'-]{1,40}(?: [\w'-]{1,40})"
_DENIED = re.compile(
    r"\b(?:(?:not|no longer|no more|isn't|instead of|rather than|used to(?: be)?|off|moved away from|"
    r"(?:switched|changed|moved) from|left|quit|dropped|done with|(?:broke|split) up with)\s+|"
    r"(?:sold|scrapped|gave away|got rid of|traded in|swapped|cancelled|gave up|given up)\s+"
    r"(?!an? |some |one |two |half |\d))(?:an? |the |in |at |as |on |my |our |to )*"
    rf"(?P<value>{_THING}{{0,3}})|"
    rf"\b(?P<ended>{_THING}?) (?:any ?more|no more)\b|"
    rf"(?:^|[.!?,;] |\bthe |\bmy )(?P<over>{_THING}?)(?:'s| is| has| have| was| got)? (?:out|off|over|"
    r"gone|dead|died|cancelled|called off|stolen|history|written off)"
    r"(?=$|[,.;!?]| (?:now|at|on|in|for|and|but|so)\b)",
    re.IGNORECASE,
)
_LEAVING = re.compile(
    r"\b(?:changed jobs|new job|gave notice|handed in my notice|made redundant|laid off|got (?:fired|sacked)|"
    r"(?:left|leaving|quit) (?:my |the )?(?:job|work|company|firm)|"
    r"i(?:'ve| have)? (?:quit|resigned)(?=[,.!;]|$| (?:today|yesterday|last|on)\b))\b",
    re.IGNORECASE,
)
_FROM_WHERE = re.compile(
    r"\b(?:(?:notice|job|work|resigned|fired|sacked|laid off) (?:at|from|with|by)|left|leaving|quit) "
    r"(?:the )?[A-Z]"
)
_RELIEVED = re.compile(
    r"\b(?:no more|no longer|out of the|off the|away from the|done with|goodbye|instead of|hung up|"
    r"last (?:day|lesson|shift) (?:as|at|in|on))\s+\w+",
    re.IGNORECASE,
)
BESIDE = re.compile(
    r"\b(?:also|too|as well|besides|on the side|on top of|second (?:job|home|flat|house|car)|side (?:job|gig|"
    r"hustle)|another)\b",
    re.IGNORECASE,
)
_STAYS = re.compile(r"\b(?:both|still)\b", re.IGNORECASE)
_PARTED = re.compile(
    r"\b(?:(?:broke|broken|split|splitting|breaking) up(?! (?:an?|the|some)\b)|(?:got|getting|are|am|'m|is) "
    r"divorced|separated|(?:dumped|left) me|i(?:'m| am|m) single|called off the (?:engagement|wedding))\b",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:moved|pushed|postponed|rescheduled|shifted|changed|delayed|brought forward) (?:the |my |our )"
    r"(?P<one>[a-z]+(?: [a-z]+)?)|\b(?:the|my|our) (?P<other>[a-z]+) (?:is|was|has been|got|been) (?:moved|"
    r"pushed|postponed|rescheduled|shifted|changed|delayed|brought forward)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a text says of change, and the words it denies or says are over or moved."""

    changed: bool
    corrected: bool
    leaving: bool
    leaving_one: bool
    relieved: bool
    beside: bool
    parted: bool
    denied: tuple[frozenset[str], ...]
    moved: frozenset[str]
    words: frozenset[str]

    @classmethod
    def of(cls, text: str, about: str) -> Change:
        """The change told in a text; what is told beside something else counts where it speaks of `about`."""
        value = stems(about)
        near = [part for part in re.split(r"[.!?;,]\s|\n", text) if value & stems(part)]
        denied = (stems(m["value"] or m["ended"] or m["over"]) for m in _DENIED.finditer(text))
        moved = (stems(m["one"] or m["other"]) for m in _MOVED.finditer(text))
        return cls(
            bool(_CHANGED.search(text)),
            bool(_CORRECTED.search(text)),
            bool(_LEAVING.search(text)),
            bool(_FROM_WHERE.search(text)),
            bool(_RELIEVED.search(text)),
            any(BESIDE.search(part) or _STAYS.search(part) for part in near),
            bool(_PARTED.search(text)),
            tuple(words for words in denied if words),
            frozenset().union(*moved),
            stems(text),
        )


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text that carry meaning."""
    return frozenset(
        stem(w.removesuffix("'s")) for w in re.findall(r"[\w'-]+", text.lower()) if w not in STOPWORDS
    )
