"""Questions about the state somebody is in: a place in a row or grade, a birth, a faith, a body."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_types import names_a_town
from data.lexicon import COLOURS, KIN, PREPOSITIONS
from data.lexicon_verbs import kinds

_ORDINAL = (
    r"\d+(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
)
_COUNT = r"\d+[A-Za-z]?|[A-Z]\d*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_SERIES = re.compile(
    rf"^(?:(?P<done>\w[\w ]*) )?(?P<prep>in|on|at|from) (?:the )?"
    rf"(?:(?P<noun>[a-z]+|Year|Grade|Class|Form|Row|Platform|Level|Ward)(?: number)? (?:{_COUNT})|"
    rf"(?:{_ORDINAL}) "
    rf"(?P<ranked>grade|year|form|level|floor|class|chapter|division|row|semester|term|stage))$"
)
_NO_SERIES = frozenset("the my our a an of room age least about around nearly almost by".split()) - {"room"}
_YEAR_OF = re.compile(
    r"^in (?:my|his|her|their) (?:\w+) (?P<noun>year|semester|term) (?:of|at|in) (?P<what>[\w' ]+)$"
)
_BORN = re.compile(r"^born (?:and raised )?in (?P<place>(?:the )?[A-Z].*)$")
_STATES = {
    "marital status": "married single divorced engaged widowed separated unmarried",
    "relationship status": "married single divorced engaged",
    "religion": (
        "catholic muslim christian jewish hindu buddhist atheist sikh lutheran protestant baptist mormon "
        "quaker methodist anglican agnostic orthodox presbyterian"
    ),
    "diet": "vegan vegetarian pescatarian",
    "star sign": ("aries taurus gemini leo virgo libra scorpio sagittarius capricorn aquarius pisces"),
}
_HURT = re.compile(
    r"(?:torn|broken|sprained|fractured|swollen|sore|injured|dislocated|inflamed|bruised|cracked|bent|leaking|"
    r"blocked|infected|worn out|stiff|twisted|damaged|rusty|flat|frozen)(?: .{2,30})?"
)
_BODY = frozenset(
    "hair eyes skin feet legs arms hands fingers toes teeth nose ears voice beard moustache face lips "
    "eyebrows freckles knees shoulders".split()
)
_SEVERAL = frozenset(
    "eyes feet legs arms hands fingers toes teeth ears lips eyebrows freckles knees shoulders".split()
)


def stated(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about where in a series somebody is, where they were born and what they are."""
    series = _SERIES.match(rest)
    if series and not (clause.copula and series["done"]):
        noun = (series["ranked"] or series["noun"]).lower()
        if noun not in _NO_SERIES:
            to.own(f"what {noun}", _behind(series))
            to.own(f"which {noun}", _behind(series))
    if clause.copula and _HURT.fullmatch(rest) and clause.subject.lower().startswith("my "):
        to.said(f"What is wrong with {to.subject}?", f"what is wrong with {to.subject}")
        to.said(f"What is the matter with {to.subject}?", f"what is the matter with {to.subject}")
    studied = _YEAR_OF.match(rest)
    if clause.copula and studied:
        to.own(f"what {studied['noun']} of {studied['what']}", "in")
        to.own(f"which {studied['noun']}", "in")
    born = _BORN.match(rest)
    if born and clause.aux in {"was", "were"} and (clause.subject in {"I", "We"} or _living(clause.subject)):
        to.own("where", "born")
        to.own("which place", "born in")
        if names_a_town(born["place"]):
            to.own("which city", "born in")
        present = Asking(_now(clause))
        present.be("what", f"{to.whose} birthplace")
        to.asks += present.asks
    if clause.copula:
        said = re.sub(r"^an? ", "", rest.lower())
        for noun, words in _STATES.items():
            if said in words.split() and (clause.subject == "I" or _living(clause.subject)):
                to.be("what", f"{to.whose} {noun}")
                if noun == "diet":
                    to.verb("what kind of diet", "follow")
                elif noun == "religion":
                    to.verb("what religion", "have")


_PARTS_OF_ONE = frozenset(
    "knee knees back feet foot legs hands eyes ears shoulders hips ankles wrists".split()
)
_DONE_FOR = re.compile(
    r"(?:toast|shot|knackered|wrecked|ruined|bad|dodgy|weak|gone|killing me|playing up)\b.*"
)


def worn(clause: Clause, rest: str, to: Asking) -> None:
    """What is the matter with a part of one's body, however it was told."""
    head = clause.subject.split()[-1].lower()
    if (
        clause.copula
        and clause.subject.startswith("My ")
        and head in _PARTS_OF_ONE
        and _DONE_FOR.fullmatch(rest)
    ):
        to.said(f"What is wrong with {to.subject}?", f"what is wrong with {to.subject}")
        to.said(f"What is the matter with {to.subject}?", f"what is the matter with {to.subject}")


_SINCE_THEN = re.compile(r"^(?P<state>[a-z]+) since (?P<when>.+)$")
_NTH = re.compile(
    r"^on (?P<whose>my|his|her) (?:first|second|third|fourth|fifth|sixth|\d+(?:st|nd|rd|th)) (?P<noun>[a-z]+)"
    r"(?: of (?P<what>[a-z ]+))?$"
)


def lasting(clause: Clause, rest: str, to: Asking) -> None:
    """Since when a state has held, and which in a row somebody is on."""
    since = _SINCE_THEN.match(clause.rest) if clause.verb == "been" else None
    if since and "gerund" not in kinds(since["state"]):
        to.own("since when", since["state"])
    nth = _NTH.match(rest) if clause.copula else None
    if nth:
        of = f" of {nth['what']}" if nth["what"] else ""
        to.own(f"which {nth['noun']}{of}", "on")


def body(clause: Clause, rest: str, to: Asking) -> None:
    """ "What is my hair like?" of what one's body has by nature or by the barber."""
    words = rest.lower().split()
    if (
        clause.base != "have"
        or clause.aux
        or not 2 <= len(words) <= 5
        or words[-1] not in _BODY
        or PREPOSITIONS & set(words)
    ):
        return
    part = words[-1]
    several = part in _SEVERAL
    to.be("what", f"{to.whose} {part}", "like", plural=several)
    to.verb(f"what kind of {part}", "have")
    if COLOURS & set(words[:-1]) or {"blond", "blonde", "hazel", "ginger"} & set(words[:-1]):
        to.be("what colour", f"{to.whose} {part}", plural=several)


def _behind(series: re.Match[str]) -> str:
    return f"{series['done'] or ''} {series['prep']}".strip()


def _now(clause: Clause) -> Clause:
    return Clause(clause.subject, "", "am" if clause.subject == "I" else "is", False, "", clause.rest)


def _living(subject: str) -> bool:
    words = subject.split()
    return words[-1].lower() in KIN or len(words) == 1 and words[0][:1].isupper()
