"""What "mine" and "it" stand for: the thing the words before are about ("been taking it since March")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar import article
from data.lexicon import ADVERBS, KIN, PETS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from quality.found import Found, trim
from quality.names import NAME, NOT_NAMES, is_name, named
from quality.remarks import GOODS

_MINE_IS = re.compile(
    r"(?:^|[,.;] |\b(?:and|but) )mine(?:'s| is| are|s) (?P<value>(?!(?:not|too|i\b|fine|better|worse|"
    r"always|just|so|the same|"
    r"broken|dead)\b)(?:[^,;.!?]|\.(?=\d)){2,50})",
    re.IGNORECASE,
)
_NOUN_BEFORE = re.compile(
    r"(?:^|\b(?:what|an?|the|my|for|of|with|which|best|any|your|put on|sourdough) )(?P<noun>(?!(?:what|"
    r"which|how|is|are|do|does|can|best)\b)(?:[a-z-]+ )?[a-z-]{3,}?)"
    r"(?= (?:\w+ )?(?:repair|worth|live|donate|alone|with|for|is|are|gets?|in|on|that|do|does|sleep)\b|"
    r"[,?.!]|$)",
)


def mine(text: str, before: Sequence[str]) -> list[Found]:
    """ "Phone screen repair worth it? Mine's a Fairphone": the noun is in what was said before."""
    match = _MINE_IS.search(text)
    if not match:
        return []
    about = [*before[-2:], text[: match.start()]]
    nouns = [
        m["noun"]
        for one in about
        for m in _NOUN_BEFORE.finditer(one.lower())
        if m["noun"].split()[-1] not in STOPWORDS | ADVERBS
    ]
    value = trim(re.split(r" (?:so|because|and|but|which|since) ", match["value"])[0])
    alive = not (PETS | KIN).isdisjoint(re.findall(r"[a-z]+", " ".join(about).lower()))
    whole = _device(about) if _MAKE.match(value) and not alive else ""
    if not nouns and not whole:
        return []
    noun = whole or " ".join(w for w in nouns[-1].split() if w not in STOPWORDS)
    be = "are" if noun.endswith("s") and not noun.endswith("ss") else "is"
    call = re.match(rf"(?:been )?called (?P<name>{NAME})", value)
    if call:
        return [named(noun, call["name"])]
    if len(value.split()) > 6 or set(kinds(value.split()[0])) & {"gerund"}:
        return []
    return [Found(f"my {noun}", "is", value, f"My {noun} {be} {value}.", "fact", f"my {noun}|is")]


_MAKE = re.compile(r"(?:(?:an?|the) )?(?:(?:old|new|ancient|\d{4}|second-?hand|vintage) )?[A-Z]")
_DEVICE = re.compile(
    rf"\b(?:(?:washing|sewing|coffee|espresso|bread|knitting) machine|microwave|lawn ?mower|smartphone|"
    rf"e-?bike|hearing aids?|turntable|{GOODS})\b",
    re.IGNORECASE,
)


def _device(said: Sequence[str]) -> str:
    """The thing with a make that was spoken of: "phone" of "phone screen repair"; empty without one."""
    return next((match[0].lower() for one in reversed(said) if (match := _DEVICE.search(one))), "")


_ASKED_ABOUT = re.compile(
    r"(?:^|[,.;] )(?:is|are|does|do|did|can|could|should|has|what about|how (?:good|bad|safe) is|why "
    r"(?:does|is|are)) "
    r"(?:i |you |we )?(?:(?:take|eat|use|mix|drink) )?(?:an? |the |this |my )?(?P<what>[\w'-]+(?: "
    r"[\w'-]+){0,2}?)"
    r"(?= (?:in|on|at|to|for|a|an|the|actually|really|still|even|any|bad|good|ok|okay|safe|worth|normal|"
    r"work|works|help|"
    r"do|does|and|from|with|cause|make|or)\b|[,.?!]|$)",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:^|[,.;] )(?!(?:i|it|that|this|my|he|she|they|we|you|there|what|who|how|"
    r"why)\b)(?P<what>[\w'-]+(?: [\w-]+)?) "
    r"(?:does|do|is|are|was|never|always|helps?|tastes?|makes?|keeps?|smells?) ",
    re.IGNORECASE,
)
_USED = re.compile(
    r"^(?:(?:i'?ve |i have )?been |i(?:'ve| have)? )(?P<verb>taking|take|using|use|eating|eat|drinking|"
    r"drink|putting|put|"
    r"learning|learn|playing|play|wearing|wear|driving|drive|collecting|collect|love|hate) (?:it|them)\b"
    r"(?P<rest>[^,.;!?]*?(?:since|for|every|each|daily|on my|in my|twice|once)[^,.;!?]*|)(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"(?:it'?s|its|that'?s|thats|she's|he's) (?P<wh>what|how) i (?P<verb>[a-z]+)(?P<rest> (?:mine|around|"
    r"to work|everywhere|"
    r"get everywhere)[^,.;!?]*| every\w*)?(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_NAMED_IT = re.compile(
    rf"(?:^|[,.;] |\b(?:and|i|we|gonna|will|to|they) )(?:named|called|christened|call) (?:it|him|her) "
    rf"(?P<name>{NAME}|[a-z]{{4,}})(?= because|[,.;!?]|$)"
)


def it(text: str, before: Sequence[str]) -> list[Found]:
    """What "it" stands for in "been taking it since March": the thing the sentence before is about."""
    found = []
    for pattern in (_USED, _WAY):
        match = pattern.search(text)
        if not match or pattern is _USED and not match["rest"].strip():
            continue
        here = text[: match.start()].strip(" ,")
        source = here or "".join(before[-1:])
        thing = _subject_of(source, last=pattern is _WAY and bool(here))
        if not thing:
            continue
        verb, rest = match["verb"].lower(), (match["rest"] or "").replace(" mine", "").rstrip()
        be = "have been " if verb.endswith("ing") else ""
        by = (
            "by "
            if pattern is _WAY and match["wh"].lower() == "how" and verb in {"get", "travel", "go"}
            else ""
        )
        thing += _taken_with(thing, source) if pattern is _WAY and not by else ""
        tail = f"{rest} {by}{thing}" if by else f" {thing}{rest}"
        found.append(Found("I", verb, thing, f"I {be}{verb}{tail}.", "fact", "", 0.7))
    match = _NAMED_IT.search(text)
    told = " ".join([*before, text[: match.start()]]) if match else ""
    if match and is_name(match["name"]):
        nouns = [w for w in re.findall(r"[a-z]+", told.lower()) if w in PETS | THINGS | _MADE]
        if nouns:
            found.append(named(nouns[0], match["name"]))
    return found


def _taken_with(thing: str, source: str) -> str:
    """ "Milk in coffee": what a thing is taken in or with, where the words go straight on to it."""
    match = re.search(rf"\b{re.escape(thing)}(?P<with> (?:in|on|with) (?P<what>[a-z]{{3,}}))\b", source)
    return match["with"] if match and match["what"] not in STOPWORDS | ADVERBS else ""


_MADE = frozenset(
    "script program bot tool macro plugin song painting sculpture recipe character robot stew bread".split()
)


def _subject_of(text: str, *, last: bool) -> str:
    """The thing a sentence asks or speaks about; with `last` the thing it ends with counts first."""
    if last:
        end = re.search(
            r"\b(?:an?|my|the|with) (?P<what>(?:old |\d{4} )?[\w'-]+(?: [A-Z][\w-]+)?)[,.?!]*$", text
        )
        if end:
            return end["what"] if end["what"][0].isupper() else article(end["what"])
    match = _ASKED_ABOUT.search(text) or _STATED.search(text)
    what = match["what"].lower() if match else ""
    words = what.split()
    if not words or set(words) & (STOPWORDS | ADVERBS) or words[0] in NOT_NAMES - THINGS - PETS:
        return ""
    return match["what"] if match else ""
