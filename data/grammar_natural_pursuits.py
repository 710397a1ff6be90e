"""Questions about what people pursue: collections, exams, diets, parts in a play, what was once done."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object, split_rest
from data.grammar_natural_times import split_time
from data.hypernyms import is_food, sort_of
from data.lexicon import PREPOSITIONS
from data.lexicon_verbs import kinds

_PART = re.compile(
    r"^(?P<part>(?:the|an?) [\w' -]+?|[A-Z][\w' -]+?) in (?P<play>(?:the|a|an|our|my|her|his) (?:[\w'-]+ )*"
    r"(?:play|musical|nativity|panto|pantomime|show|film|opera|production|series|ballet)|[A-Z][\w' -]+)$"
)
_VOICE = re.compile(
    r"^(?:(?:first|second|the) )?(?P<voice>soprano|alto|tenor|bass|baritone|mezzo|treble|countertenor)\b"
)
_DIET = re.compile(r"^on (?:an?|the) (?P<what>(?:[\w-]+ ){1,3})diet$")
_INSTEAD = re.compile(r"^(?P<what>[\w' -]+?) instead of (?P<other>[\w' -]+)$")
_ONCE_DOING = re.compile(r"^to (?P<verb>[a-z]+)(?: (?P<thing>.+))?$")
_NOT_ONCE = frozenset("be have get go live work".split())
_BESIDE = re.compile(r"(?:in|on|at|to|with|for|from|about|of|by|into|a lot|be)\b")
_SEATED = re.compile(
    r"^on (?:the|a|an|our|my) (?:[\w'-]+ )*?(?P<what>council|committee|board|jury|panel|team)(?: of .+)?$"
)
_MEMBER = re.compile(r"^an? (?:[a-z]+ )?member of (?:the )?(?:[A-Z][\w'&-]* )*(?P<what>\w+)$")
_SERVICE = re.compile(
    r"^in the (?:merchant )?(?:navy|army|air force|police|fire brigade|coastguard|civil service)$"
)
_TRIED = re.compile(r"^(?P<what>(?:my|the|an?) [a-z -]*?(?:exam|test|resit)) (?:once|twice|\w+ times)$")
_EXAM = re.compile(r"^(?:my|the|an?) [a-zA-Z]+ (?P<noun>exam|test|resit|course)$")
_WISHED = frozenset("learn play visit study try own build see read write make".split())
_KNOWN_WORKPLACE = re.compile(
    r"^(?P<prep>at|in|for) an? (?:[\w'-]+ ){0,3}?(?P<what>[a-z-]+)(?: in [A-Z]\S+(?: [A-Z]\S+)*)?$"
)
_FIRMS = frozenset("label club publisher agency team studio gallery agent".split())
_SAVING = re.compile(r"^saving (?:up |money )?for (?P<what>.+)$")


def pursued(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about what somebody pursues or has pursued."""
    if clause.copula:
        _at_it(clause, to)
        return
    if clause.aux == "would":
        _wished(clause, to)
    if clause.aux:
        return
    _performed(clause, rest, to)
    _once(clause, to)
    instead = _INSTEAD.match(rest)
    doing = instead and instead["other"].split()[0]
    if (
        instead
        and doing
        and clause.base not in {"", "be", "have"}
        and "gerund" not in kinds(doing)
        and names_an_object(instead["what"])
        and instead["what"].split()[0] not in PREPOSITIONS
    ):
        to.own("what", f"instead of {instead['other']}")
    if clause.base == "collect" and names_an_object(rest) and " and " not in clause.subject:
        to.be("what", f"{to.whose} hobby")
        if to.tense != "past":
            to.verb("what", "have", "a collection of")
    if clause.base in {"hate", "dislike", "loathe", "detest"} and is_food(split_rest(rest)[0] or rest):
        _disliked_food(to)
    firm = re.match(r"^with (?:an? |the )?(?:[a-z-]+ )*(?P<what>[a-z-]+)$", rest)
    if clause.base == "sign" and firm and firm["what"] in _FIRMS:
        to.own("who", "with")
    place = _KNOWN_WORKPLACE.match(rest) if clause.base == "work" else None
    if place and "gerund" not in kinds(place["what"]) and place["prep"] != "for":
        to.verb("what kind of place", "work", place["prep"])
    _tried(clause, to)


def _disliked_food(to: Asking) -> None:
    for verb in ("hate", "dislike"):
        to.verb("what food", verb)
        to.verb("which food", verb)


def _at_it(clause: Clause, to: Asking) -> None:
    """A diet somebody is on, what one saves for and learns."""
    diet = _DIET.match(clause.rest)
    if diet:
        to.own("what diet", "on")
        to.own("what kind of diet", "on")
        to.be("what", f"{to.whose} diet")
    seated = _SEATED.match(clause.rest)
    if seated:
        to.own(f"which {seated['what']}", "on")
        to.own(f"what {seated['what']}", "on")
    member = _MEMBER.match(clause.rest)
    if member:
        to.own("what", "a member of")
        kind = member["what"].lower()
        if kind in {"party", "union", "club", "society", "choir", "church", "team", "band", "association"}:
            to.verb(f"which {kind}", "belong", "to")
            to.be(f"which {kind}", to.subject, "in", plural=clause.aux == "are")
    if _SERVICE.match(clause.rest):
        to.verb("what", "do", "for a living")
        to.verb("what", "do", "for work")
        to.verb("where", "work")
    saving = _SAVING.match(split_time(clause.rest)[0])
    if saving and names_an_object(saving["what"]):
        to.own("what", "saving up for")
        to.own("what", "saving money for")
    if re.match(r"learning (?:how )?to [a-z]+", clause.rest):
        to.own("what", "learning")


def _wished(clause: Clause, to: Asking) -> None:
    """ "What would I love to learn?", in the words of the wish."""
    found = _ONCE_DOING.match(split_time(clause.rest)[0])
    if clause.verb.lower() not in {"love", "like"} or not found or found["verb"] not in _WISHED:
        return
    thing = split_rest(found["thing"] or "")[0] or (found["thing"] or "")
    if not thing or not names_an_object(thing):
        return
    to.own("what", f"to {found['verb']}")
    sort = sort_of(thing)
    if sort:
        to.own(f"which {sort}", f"to {found['verb']}")
        to.own(f"what {sort}", f"to {found['verb']}")


def _performed(clause: Clause, rest: str, to: Asking) -> None:
    """A part in a play, a voice in a choir."""
    part = _PART.match(rest) if clause.base in {"play", "dance", "act", "sing"} else None
    if part and re.search(r"\b(?:[Tt]he|an?) [a-z]|^[A-Z]", part["part"]) and not _instrument(part["part"]):
        play = part["play"]
        if play[:1].islower():
            to.verb("what role", "have", f"in {play}")
            to.verb("what part", "have", f"in {play}")
            to.verb("which part", clause.base, f"in {play}")
            to.verb("who", "play", f"in {play}") if clause.base == "play" else None
            to.verb("what role", "play")
    voice = _VOICE.match(rest) if clause.base == "sing" else None
    if voice:
        to.verb("what part", "sing")
        to.verb("which part", "sing")
        to.verb("which voice", "sing")
        if to.tense != "past":
            to.be("what", f"{to.whose} voice part")


def _instrument(part: str) -> bool:
    return sort_of(part) in {"instrument", "game", "sport"}


def _once(clause: Clause, to: Asking) -> None:
    """ "Where did I use to live?" of what is told to have been so once."""
    found = _ONCE_DOING.match(clause.rest) if clause.base == "use" and clause.tense == "past" else None
    if not found or "base" not in kinds(found["verb"]) and found["verb"] != "be":
        return
    verb, thing = found["verb"], found["thing"] or ""
    if not thing and verb != "be":
        to.verb("what", "use", "to do")
    if verb == "be" and re.match(r"an? ", thing):
        to.verb("what", "use", "to be")
    elif verb in {"live", "work"} and re.match(r"(?:in|at|on|near) ", thing):
        to.verb("where", "use", f"to {verb}")
    elif thing and verb not in _NOT_ONCE and names_an_object(thing) and not _BESIDE.match(thing):
        to.verb("what", "use", f"to {verb}")


def _tried(clause: Clause, to: Asking) -> None:
    """Which exam was passed, and how often one was failed."""
    times, plain = _TRIED.match(clause.rest), _EXAM.match(clause.rest)
    if clause.base in {"fail", "pass", "sit", "take"} and clause.tense == "past":
        if times:
            to.own("how often", times["what"])
            to.own("how many times", times["what"])
        elif plain and clause.base in {"fail", "pass"}:
            to.own(f"which {plain['noun']}")
