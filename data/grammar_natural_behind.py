"""Questions about the phrase behind a verb: a place, somebody, a sort of thing, a sum, a span of time."""

from __future__ import annotations

import re

from data.grammar import is_person
from data.grammar_asking import Asking
from data.grammar_gaps import split_rest
from data.grammar_professions import profession
from data.lexicon import KIN
from data.synonyms import MAKES, kind_of

# Verbs that ask for the thing behind their preposition, not for a place.
_OF_A_THING = {
    "at": frozenset("look laugh shout yell smile stare bark growl swear aim marvel scream".split()),
    "in": frozenset(
        "believe specialise specialize invest participate major deal trade engage write talk".split()
    ),
    "on": frozenset("work rely depend focus bet spend live feed sleep play insist report knock chew".split()),
}
_UNASKED_WITH = frozenset({("work", "from"), ("come", "from"), ("cut", "on")})
_SITED = frozenset(
    "in on at behind under above near beside inside outside below across around opposite beneath "
    "by against between".split()
)
_TOLD_OF = frozenset("about for with from to of against after without like by into over on through".split())
# Bare nouns behind "in" and "on" are states and manners ("in tears", "on time").
_DETERMINED = re.compile(r"(?:the|my|our|his|her|their|an?) |[A-Z]|\d+ ")
# One is "on" many things; on these one is somewhere.
_UPON = re.compile(
    r"\b(?:ship|boat|ferry|train|bus|tram|plane|farm|island|street|road|roof|balcony|fridge|table|desk|shelf|wall|"
    r"floor|counter|hill|mountain|coast|beach|river|lake|canal|pier|barge|stage|campus|estate|ranch|base|rig|site|"
    r"door|porch|terrace|platform|left|right|bench|chair|sofa|bed|stairs|corner|windowsill|moor|allotment)$"
)
_NO_SITE = re.compile(
    r"(?:the |my |our |his |her |a |an )?(?:\w+ )?(?:way|time|mood|hurry|moment|end|beginning|future|"
    r"past|rain|snow|dark|own|"
    r"morning|evening|rush|row|style|manner|voice|language|spirit|detail|team|band|choir|army|navy|case|"
    r"market|fly|go|cold|heat|weekend|phone|internet|radio|tv|whole|most|least|same|side|mind|head|heart|"
    r"trouble|crash|accident|race|raffle|lottery|bet|game|match|final|play|film|fight|war|loss|discount|"
    r"price|speed|pace|meeting|love|life|lives|dream|dreams|pain|ink|pencil|marker|pen|accident|mistake|purpose|budget)$"
)
_SORTED = re.compile(
    r"(?:an?|the) [\w' -]+ (?P<noun>course|class|race|club|team|exam|school|contest|competition|trip|"
    r"workshop|programme|marathon|magazine|festival)$"
)
_RIDES = re.compile(
    r"(?:train|car|bus|plane|ferry|bike|boat|coach|tram|tube|air|sea|card|cheque|hand|post|email|text)"
)
MEASURED = re.compile(
    r"(?:(?:about|nearly|almost|over|around) )?(?:an?|\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|"
    r"many) "
    r"(?P<unit>years?|months?|weeks?|days?|hours?|minutes?|km|kilometres?|miles?|metres?|meters?|m)$"
)
MONEY = re.compile(
    r"(?:(?:about|nearly|almost|over|around) )?[£$€]?\d[\d.,]*"
    r"(?: ?(?:euros?|pounds?|dollars?|quid|cents?|pence|percent|%))?$"
)
PRONOUN = re.compile(
    r"\b(?:it|them|that|this|those|these|him|one|ones|himself|herself|itself|each|everything|anything)\b"
)


# One subscribes to a paper and belongs to a club.
_TO_NO_PLACE = frozenset("subscribe belong listen pray write talk speak propose apply relate react".split())


def said(*parts: str) -> str:
    """The parts of a question that are there, in a row."""
    return " ".join(part for part in parts if part)


def of_a_phrase(base: str, done: str, bare: bool, phrases: list[str], to: Asking) -> None:
    """Asks for the first phrase: a place, somebody, or whatever the preposition leads to."""
    word, _, noun = phrases[0].partition(" ")
    word = word.lower()
    if (
        not noun
        or PRONOUN.search(noun)
        or re.match(r"(?:me|us|myself|least|most|all|every|home|work)\b", noun)
    ):
        return
    if (
        noun == "a living"
        or kind_of(noun) in MAKES
        or (base, word) in _UNASKED_WITH
        or base == "move"
        and word == "into"
        or base == "have"
    ):
        return
    thing = noun if len(phrases) == 1 else split_rest(noun)[0]
    if word in {"in", "on", "at"} and base in _OF_A_THING[word]:
        to.own("what", said(done, word)) if asks_what(thing) else None
    elif (
        word in _SITED
        and (word != "on" or _UPON.search(thing))
        and _DETERMINED.match(noun)
        and not _NO_SITE.match(noun)
    ):
        if word != "by" or noun.startswith("the "):
            to.own("where", done)
    elif word == "by" and noun.islower() and bare and not a_person(noun):
        ridden = _RIDES.fullmatch(noun)
        to.own("how" if ridden else "what", done if ridden else said(done, word))
    elif word == "at" and noun.islower() and bare:
        to.own("what", said(done, word))
    elif word == "by" and MONEY.fullmatch(noun):
        to.own("how much", said(done, "by"))
    elif word == "for" and (MEASURED.fullmatch(noun) or noun in {"years", "ages", "months", "weeks"}):
        to.own("how long", done)
    elif base in {"emigrate", "immigrate", "relocate"}:
        return
    elif word in {"from", "to"} and re.match(r"(?:the )?[A-Z]", noun) and bare and base not in _TO_NO_PLACE:
        to.own("where", said(done, "from" if word == "from" else ""))
    elif word in _TOLD_OF and word not in _SITED and (a_person(thing) or asks_what(thing)):
        somebody = a_person(thing) or (base, word) == ("work", "for")
        if somebody or bare:
            to.own("who" if somebody else "what", said(done, word))
        sort = _SORTED.match(thing)
        if sort and bare:
            to.own(f"which {sort['noun']}", said(done, word))


def a_person(noun: str) -> bool:
    """Whether a noun phrase means somebody, so that one asks for them with "who"."""
    words = noun.lower().split()
    role = re.match(r"(?:my|our) ([a-z-]+) [A-Z]", noun)
    plural = words[-1].removesuffix("s") in KIN or words[-1] in {
        "children",
        "people",
        "parents",
        "neighbours",
    }
    return is_person(noun) or bool(role and role[1] in KIN) or plural or profession(noun)


def asks_what(noun: str) -> bool:
    """Whether a noun phrase is surely a thing: a bare name may be somebody."""
    return bool(re.search(r"(?:^| )[a-z]", noun)) and not a_person(noun) and not noun[-1:].isdigit()
