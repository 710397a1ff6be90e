"""Phrases that say what a turn is for: to correct, to praise, to be remembered or forgotten, to joke.

Also which part of a text is the person's own: code, long quotations and pasted material are cut out
before anything is read from them, because they say nothing about the person and may try to instruct us.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from quality.forget_requests import topics_to_forget
from quality.reading import PLACE, Reading

PASTE_LIMIT = 1_500
OWN_HEAD = 400

_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTED = re.compile(r"[\"“]([^\"“”]{30,})[\"”]|^[ \t]*>.*$", re.MULTILINE)
_PASTED = re.compile(
    r"\b(?:summari[sz]e|translate|rewrite|rephrase|proofread|shorten|correct|edit|polish|explain|fix"
    r"|review|improve|check)\b"
    r"[^\n]{0,80}(?::[ \t]*\n|:[ \t]+(?=[^.\s]\S{0,39} \S)|\n[ \t]*\n)",
    re.IGNORECASE,
)
_CODE_LINE = re.compile(
    r"[{};]\s*$|^\s*(?:def|class|import|from|return|for|while|if|SELECT|#include|Traceback)\b.*[:(;]"
)

_REMEMBER = re.compile(
    r"\b(?:remember|note|don't forget|dont forget|never forget)(?: that| this|:|,)? (?:i|i'm|im|i've"
    r"|my|we|we're|our)\b"
    r"|\b(?:please|pls) (?:remember|note|memori[sz]e)\b|\b(?:keep|bear) in mind\b|\bmake a note\b"
    r"|\btake note\b"
    r"|\bremember (?:this|that)[:,]|\bfor (?:the|your) record\b|\bfor future reference\b",
)
_CORRECTION = re.compile(
    r"(?:^|[.!?,]\s*)(?:no|nope|nah|wrong)[,.!]? (?:(?:it'?s|its|it is|that'?s|thats)(?! (?:fine|ok"
    r"|okay|good|great|alright|all right|enough|it))|i|i'm|im|my|we|not|the|she|he|they)\b"
    r"|\b(?:that'?s|thats|that is|you'?re|youre|this is|it'?s|its|was) (?:wrong|incorrect|not (?:right"
    r"|correct|true|what i))\b"
    r"|(?:^|[.!?,]\s*)(?:but )?i (?:meant|said|told you)\b|\b(?:i misspoke|correction|correct (?:that"
    r"|this|yourself)|you (?:got|have|had) .{1,40} wrong|(?:it'?s|its) spelled"
    r"|(?:mixed|mixing) up|not .{1,30}, (?:but|it'?s|its)|autocorrect|i was wrong)\b",
)
_UPDATE = re.compile(
    r"\b(?:any ?more|no longer|not .{1,30} any ?longer|from now on|as of (?:today|now|next)|used to"
    r"|instead of|switched|changed (?:to|my|the)"
    r"|isn'?t .{1,30} now|now it'?s|(?:it|they|we|he|she) (?:moved|got moved))\b",
)
_PRAISE = re.compile(
    r"\b(?:(?:great|good|perfect|excellent|brilliant|nice|lovely|amazing|helpful|best) (?:answer|job"
    r"|work|one|advice|idea|explanation|thanks|thx|thank)"
    r"|well done|that (?:helped|works|worked)|it works|works!|exactly what i (?:needed|wanted)|spot on"
    r"|you(?:'re|re| are) (?:a (?:star|treasure|genius|lifesaver)"
    r"|the best|better|great|amazing|brilliant|so helpful)|love (?:it|that|this)|perfect|10/10|passes)\b",
)
_COMPLAINT = re.compile(
    r"\b(?:(?:bad|useless|terrible|awful|poor|stupid|lazy|bland|boring) (?:answer|advice|idea|job"
    r"|draft|reply)?|not helpful|unhelpful"
    r"|not what i (?:asked|meant|wanted)|you (?:keep|always|never)|stop (?:doing|saying|calling"
    r"|asking)|too (?:long|short|formal|vague|wordy)"
    r"|doesn'?t work|didn'?t work|does not work|read (?:it|my question) again|you (?:ignored|forgot"
    r"|missed))\b",
)
_TO_ASSISTANT = re.compile(
    r"\b(?:you|your|you're|youre|ur|answer|reply|draft|suggestion|explanation|feedback)\b"
)
_JOKE = re.compile(
    r"\b(?:just kidding|only kidding|i'?m kidding|im kidding|jk|j/k|(?:just|only) joking|i'?m joking"
    r"|was a joke|not really (?:lol|haha))\b|(?:^|\s)/s\b",
)


def own_words(text: str) -> tuple[str, float]:
    """The text without code, long quotations and pasted material, and the share that was cut out."""
    whole = len(text)
    if whole == 0:
        return text, 0.0
    own = text
    if "```" in own:
        own = _FENCED.sub(". ", own)
    if '"' in own or "“" in own or ">" in own:
        own = _QUOTED.sub(". ", own)
    if ":" in own or "\n\n" in own:
        found = _PASTED.search(own)
        if found:
            own = own[: found.end()]
    if "\n" in own:
        lines = own.split("\n")
        kept = [line for line in lines if not _CODE_LINE.search(line)]
        if len(lines) - len(kept) > 2:
            own = "\n".join(kept)
    if len(own) > PASTE_LIMIT and not _mostly_first_person(own):
        own = own[:OWN_HEAD]
    return own, 1.0 - len(own) / whole


def cues(text: str, reading: Reading) -> frozenset[str]:
    """What the turn is for, of: remember, forget, correction, update, praise, complaint, joke.

    A test runs only when the reading met one of its trigger words.
    """
    counts = reading.all
    due = [(name, told) for name, place, told in _TESTS if counts[place]]
    if not due:
        return _PRAISED if not text.isascii() and any(mark in text for mark in _THUMBS) else _NONE
    low = text.lower().replace("’", "'")
    found = {name for name, told in due if told(low)}
    if "complaint" in found and not _TO_ASSISTANT.search(low):
        found.discard("complaint")
    if "forget" in found:
        found.discard("remember")
    if not text.isascii() and any(mark in text for mark in _THUMBS):
        found.add("praise")
    return frozenset(found) if found else _NONE


_NONE: frozenset[str] = frozenset()
_PRAISED = frozenset(("praise",))
_THUMBS = ("👍", "👌", "❤", "🙏")
_TESTS: tuple[tuple[str, int, Callable[[str], object]], ...] = tuple(
    (name, PLACE[name], told)
    for name, told in (
        ("remember", _REMEMBER.search),
        ("forget", topics_to_forget),
        ("correction", _CORRECTION.search),
        ("update", _UPDATE.search),
        ("praise", _PRAISE.search),
        ("complaint", _COMPLAINT.search),
        ("joke", _JOKE.search),
    )
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|my|me|we|our)\b", re.IGNORECASE)


def _mostly_first_person(text: str) -> bool:
    """Whether a long text talks of its writer about once in every two lines, as a diary does."""
    return len(_FIRST_PERSON.findall(text)) * 150 > len(text)
