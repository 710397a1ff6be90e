"""Facts told beside the point, inside questions and requests: what one has, is by trade, where one lives.

Each rule reads one sentence for itself, whatever the sentence asks; who is meant comes from the discourse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar import article
from data.grammar_clauses import capitalise
from data.lexicon import ADVERBS, COLOURS, KIN, PETS, PREPOSITIONS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from quality import clauses as cut
from quality.discourse import Discourse
from quality.found import Found, aged
from quality.fragments import ailing, occasions
from quality.introduced import introduced
from quality.names import CAP, NAME, NOT_NAMES, PERSON_NOUN, ROLE, is_name, named, role_subject
from quality.presupposed import like_me, presupposed
from quality.references import it, mine
from quality.relations import avoided
from quality.remarks import remarks
from quality.trades import working

_OF_MINE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) (?P<role>(?:[a-z-]+ )?(?:{PERSON_NOUN}|friend|buddy|pal)),? \(?"
    rf"(?P<name>{NAME})(?=[ ,.;!?)]|$)(?!'s? [a-z])"
)
_ALSO_MINE = re.compile(
    rf"\b(?P<name>{CAP})(?: (?:at|on|before|after) [\w: ]{{1,12}}?)?, my (?P<role>{PERSON_NOUN})(?=[,.;!?]|$)"
)
_YOUNGEST = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|[Tt]he) (?P<role>youngest|eldest|oldest)(?: one)?, (?P<name>{CAP})(?=[,.;!?]|$)"
)
_AGED = re.compile(rf"\b(?P<who>(?:(?:[Mm]y|[Oo]ur) {ROLE} )?{CAP}) \((?P<age>\d{{1,2}})\)")
_NAME_IS = re.compile(
    rf"(?:^|[,.] |\band )(?P<name>{CAP}?)(?:'s| is| just turned| turned| turns)(?: only| just| now| "
    rf"already)? "
    r"(?P<age>\d{1,2})(?: years? old)?(?=[,;!?]|\.(?!\d)| and\b| but\b|$)"
)
_MODEL = re.compile(
    r"\b(?:[Mm]y|[Oo]ur) (?P<thing>(?:(?!(?:god|lord)\b)[a-z]+ )?(?:[A-Z][\w'-]*[A-Za-z]|[A-Z]{2,})(?: "
    r"(?:[A-Z]?[\w-]*\d[\w-]*|[A-Z][\w-]+))*"
    r"(?: [a-z]{3,})?)(?=[ ,.;!?]|$)"
)
_LIKE_MINE = re.compile(
    r"\b(?:an? |this |old )(?P<thing>[\w'-]+(?: [\w'-]+){0,3}?),? (?:(?:of|from|at) [\w ]{1,16} )?(?:like "
    r"mine|\(mine\))",
)
_HOME = re.compile(
    r"\b(?:(?:back )?here in|(?:[Oo]ur|[Mm]y) (?:little |old |new )?(?:flat|house|home|yard|garden|place|"
    r"apartment|kitchen|"
    r"balcony|street|allotment|loft|cottage|(?:bed|living )room) in|(?:raining|snowing|pouring|freezing|"
    r"boiling|"
    r"pissing it down|chucking it down|power's out|power is out|sky's clear|clear skies) (?:here )?(?:in|"
    r"over)|"
    r"(?:for|of) this swamp in) "
    rf"(?P<place>{CAP}(?: {CAP}){{0,2}})(?=[ ,.;!?]|$)"
)
_DISLIKED = re.compile(
    r"^(?:(?:i'?m |i am )?(?:really )?not (?:a|much of a|a big) fan of (?P<a>[\w' -]{2,30}?)|"
    r"(?:[^,]{2,40}, )?(?P<b>[\w' -]{2,30}?) tastes? (?:of|like) soap|(?:i )?(?:can't|cannot) stand "
    r"(?P<c>[\w' -]{2,30}?))(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?P<what>book|film|movie|song|band|game|show|series|album|author|podcast)s? (?:like|similar to) "
    r"(?P<title>[^,.?!]{2,40}), "
    r"(?:that's|thats|it's|its|which is) my (?:all[- ]time |absolute )?favou?rite\b"
)
_NONE = re.compile(r"(?:^|, )[Nn]o (?P<what>kids|pets|children|siblings|car|garden|allergies)(?=,|\.| and|$)")
_WHO = re.compile(
    rf"\b(?P<who>(?:[Mm]y|[Oo]ur) (?:[a-z]+ )?{ROLE}(?: {CAP})?),? who (?P<doing>(?:'s |is |has |was "
    rf")?[a-z]+[^,.;?!]{{2,60}})(?=[,.;?!]|$)",
)
_FAVOURITE_TAG = re.compile(
    r", (?:my )?(?:all[- ]time |absolute )?favou?rite (?P<what>dish|food|meal|drink|film|movie|book|song|"
    r"band|sport|cake|place|game|colour|color|tea|snack)\b(?! (?:is|of))",
    re.IGNORECASE,
)


def asides(sentence: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """Every fact a sentence tells by the way."""
    if cut.is_hypothetical(sentence):
        plain = cut.sober(sentence)
        return like_me(sentence) + (asides(plain, before, discourse) if len(plain.split()) > 2 else [])
    return [
        *like_me(sentence),
        *_people(sentence, discourse),
        *introduced(sentence),
        *remarks(sentence, before),
        *occasions(sentence),
        *ailing(sentence),
        *presupposed(sentence),
        *_things(sentence),
        *_place(sentence),
        *_tastes(sentence),
        *avoided(sentence),
        *_relative(sentence),
        *working(sentence),
        *it(sentence, before),
        *mine(sentence, before),
    ]


def _people(text: str, discourse: Discourse) -> list[Found]:
    found = [
        named(m["role"], m["name"])
        for pattern in (_OF_MINE, _ALSO_MINE)
        for m in pattern.finditer(text)
        if is_name(m["name"]) and not set(m["role"].split()) & THINGS
    ]
    found += [
        named(f"{m['role'].lower()} child", m["name"]) for m in _YOUNGEST.finditer(text) if is_name(m["name"])
    ]
    for match in _AGED.finditer(text):
        who = match["who"]
        if is_name(who.split()[-1]):
            found.append(
                aged(who[:1].lower() + who[1:] if who[:3].lower() in {"my ", "our"} else who, match["age"])
            )
    for match in _NAME_IS.finditer(text):
        known = discourse.named.get(match["name"].lower())
        if is_name(match["name"]) and not kinds(match["name"]):
            found.append(aged(known or match["name"], match["age"]))
    return found


def _things(text: str) -> list[Found]:
    found = []
    for match in _MODEL.finditer(text):
        thing = match["thing"]
        words = thing.split()
        head = next(w for w in words if w[:1].isupper())
        if words[-1].islower() and (
            set(kinds(words[-1])) & {"third", "past"} or words[-1] in STOPWORDS | ADVERBS
        ):
            thing, words = " ".join(words[:-1]), words[:-1]
        if words[0].islower() and (
            words[0] in KIN | PETS or words[0] in PREPOSITIONS | COLOURS and len(words) < 2
        ):
            continue
        model = any(any(c.isdigit() for c in w) for w in words[1:])
        owned = len(words) == 2 and words[0] in {"old", "new", "trusty", "beloved"} and not kinds(head)
        if (
            model or owned or words[-1].islower() and len(words) > 1 and words[-1] in THINGS | _GOODS
        ) and head.lower() not in NOT_NAMES:
            found.append(Found("I", "have", article(thing), f"I have {article(thing)}.", "fact"))
    for match in _LIKE_MINE.finditer(text):
        if match["thing"].split()[-1][:1].isupper() or any(c.isdigit() for c in match["thing"]):
            found.append(
                Found("I", "have", article(match["thing"]), f"I have {article(match['thing'])}.", "fact")
            )
    return found


_GOODS = frozenset(
    "chainsaw camera bike jacket boots shoes trainers watch tablet keyboard drill oven kettle tent amp "
    "pedal synth console router".split()
)


def _place(text: str) -> list[Found]:
    match = _HOME.search(text)
    if not match or not is_name(match["place"]):
        return []
    return [Found("I", "town", match["place"], f"I live in {match['place']}.", "fact", "i|town", 0.7)]


def _tastes(text: str) -> list[Found]:
    found = []
    match = _DISLIKED.search(text)
    value = (match["a"] or match["b"] or match["c"] or "").strip() if match else ""
    if value and value.lower().split()[0] not in STOPWORDS - {"the"}:
        found.append(Found("I", "not like", value, f"I don't like {value}.", "preference"))
    for like in _LIKE.finditer(text):
        subject = f"my favourite {like['what']}"
        title = like["title"].strip()
        found.append(
            Found(
                subject,
                "favourite",
                title,
                f"{capitalise(subject)} is {title}.",
                "preference",
                f"{subject}|is",
            )
        )
    for none in _NONE.finditer(text):
        found.append(Found("I", "not have", none["what"], f"I have no {none['what']}.", "fact"))
    match = _FAVOURITE_TAG.search(text)
    words = re.findall(r"[\w'-]+", text[: match.start()]) if match else []
    noun = next((w for w in _object(words) if w), "")
    if match and noun:
        subject = f"my favourite {match['what'].lower()}"
        found.append(
            Found(
                subject, "favourite", noun, f"{capitalise(subject)} is {noun}.", "preference", f"{subject}|is"
            )
        )
    return found


def _object(words: list[str]) -> list[str]:
    """The object of "how do i make X without Y": the words after the last verb, to the next function word."""
    verbs = [i for i, w in enumerate(words) if set(kinds(w)) & {"base"} and w.lower() not in {"i", "do"}]
    if not verbs:
        return [words[-1]] if words else []
    tail = words[verbs[-1] + 1 :]
    end = next((i for i, w in enumerate(tail) if i and w.lower() in PREPOSITIONS), len(tail))
    return [" ".join(w for w in tail[:end] if w.lower() not in {"a", "an", "the", "some"})]


def _relative(text: str) -> list[Found]:
    """ "My wife, who died in 2011, left ...": the relative clause as a sentence of its own."""
    found = []
    for match in _WHO.finditer(text):
        who, doing = match["who"], match["doing"].replace("'s ", "is ", 1).strip()
        first = doing.split()[0]
        if kinds(first).get("past", kinds(first).get("third")) in {
            "forget",
            "say",
            "tell",
            "ask",
            "think",
            "want",
        }:
            continue
        if first not in {"is", "has", "was"} and not set(kinds(first)) & {"third", "past"}:
            continue
        base = kinds(first).get("third") or kinds(first).get("past") or first
        subject = role_subject(who[3:].strip()) if not re.search(r"[A-Z]", who) else who[:1].lower() + who[1:]
        rest = doing.split(" ", 1)[1] if " " in doing else doing
        if not re.search(r"\byou\b", doing):
            found.append(Found(subject, base, rest, f"{capitalise(subject)} {doing}.", "fact", "", 0.7))
    return found
