"""Questions about what somebody has, takes, uses or plays: by the kind of thing rather than by its name."""

from __future__ import annotations

import re

from data.grammar import is_person
from data.grammar_asking import Asking
from data.grammar_clauses import Clause, capitalise
from data.grammar_gaps import names_an_object
from data.grammar_variants import TOGETHER
from data.lexicon import ADVERBS, COLOURS, KIN, PLAIN, PREPOSITIONS
from data.lexicon_verbs import kinds
from data.synonyms import MAKES, NATIONALITIES, breed_of, is_condition, kind_of

_NUMBER = r"two|three|four|five|six|seven|eight|nine|ten|\d+"
_COUNTED = re.compile(
    rf"(?:{_NUMBER}) ((?!.* (?:and|or|of|that|who|which|"
    r"between|per|than|more|less)\b)[a-z][\w -]+)"
)
_BEHIND = re.compile(
    r",? (?:in(?! law)|on|at|near|with|from|for|called|named|as|of|and|or|that|who|which|inside|"
    r"behind|to|by|about|"
    r"because|when|where|but)\b"
)
# What is "in" or "on" something only in the sense of what it is about.
_NOWHERE = frozenset(
    "degree mba major minor diploma doctorate phd masters interest experience background career crush "
    "opinion deal date "
    "time trouble difficulty problem question exam test party meeting role part passion "
    "talent show child baby membership subscription ticket account".split()
)
# "What job" asks which; of a job or a role people as often tell how it is.
_ASKED_BARE = frozenset("licence license degree diet qualification certificate phone laptop".split())
# People of whom nobody has several kinds.
_ONE_OF = frozenset(
    "sweetheart soulmate lover admirer idol hero rival enemy nemesis fan follower roomie girl boy man woman "
    "lady guy person".split()
)
_DAYS_OFF = re.compile(r"(?:[a-z]+days?|\S+/\S+) off", re.IGNORECASE)
_GIVING = frozenset("offer give build make buy send knit bring lend leave sew bake cook teach".split())
_AND_COUNTED = re.compile(rf" and (?:exactly |about )?(?:{_NUMBER}) (?P<what>[a-z]+s)$")
_NOW = re.compile(r" (?:now|already|again|at present|currently|too|today)$")
_MADE = frozenset("build make knit sew bake cook".split())
_KEEPING = frozenset("own want get buy adopt need rescue".split())
_HUSBANDRY = frozenset("keep raise breed rear".split())
_ARTICLES = frozenset({"a", "an"})
# A thing with a make or a firm before its noun ("a Siemens dishwasher").
_BRANDED = re.compile(r"(?:an? |two |three )(?:[a-z]+ )?[A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)* [a-z-]+$")
_NO_MAKE = KIN | _ONE_OF | _NOWHERE | COLOURS
_SUBSCRIBED = frozenset({"subscription", "membership"})
APPLIANCES = frozenset(
    "camera laptop computer phone bike bicycle motorbike scooter guitar piano keyboard violin television tv "
    "watch oven cooker fridge freezer dishwasher boiler mixer kettle toaster printer tablet radio hoover "
    "lawnmower mower drill caravan van truck lorry tractor boat tent rucksack pram buggy".split()
)
PEOPLES = NATIONALITIES | frozenset("hispanic victorian georgian edwardian christmas easter".split())


_GOT = re.compile(r"^(?P<whose>my|his|her|our|an?) (?:[\w'-]+ ){1,3}(?P<noun>[a-z-]+)$")


def got(clause: Clause, rest: str, to: Asking) -> None:
    """What somebody has got by now, by its kind ("which licence have I got")."""
    found = _GOT.match(rest) if clause.aux in {"have", "has"} and clause.verb == "got" else None
    if found and found["noun"] not in KIN | ADVERBS | PLAIN:
        to.own(f"which {found['noun']}")
        if clause.subject != "I":
            to.own("what")


def had(clause: Clause, rest: str, to: Asking) -> None:
    """What one has, by its kind; how many; what one is ill with; where a thing one has is."""
    if clause.base != "have" or clause.aux:
        return
    thing = _NOW.sub("", _BEHIND.split(rest)[0])
    words = thing.split()
    if words[0] == "no":
        return
    kind = kind_of(thing)
    together = "- " in thing or TOGETHER.fullmatch(clause.rest)
    counted = None if together else _COUNTED.fullmatch(thing)
    meal = _MEAL.search(rest)
    if meal:
        to.own("what", meal[0].strip())
        to.verb("what", "eat", meal[0].strip())
        return
    lifeless = not is_person(clause.subject) and kind_of(clause.subject) != "pet"
    if lifeless and clause.subject.lower().startswith(("my ", "our ")) and words[0].lower() in _ARTICLES:
        to.own("what")
    if _DAYS_OFF.fullmatch(thing):
        to.verb("which day", "have", "off")
        to.verb("when", "have", "time off")
    elif counted:
        if kind == "pet":
            _pet(words, to)
        else:
            to.verb(f"how many {counted[1]}", "have")
        to.said(*_got(to, f"how many {counted[1]}"))
        if rest == f"{thing} now":
            to.verb(f"how many {counted[1]}", "have", "now")
        for other in _AND_COUNTED.finditer(clause.rest):
            to.verb(f"how many {other['what']}", "have")
    elif is_condition(thing):
        to.verb("what condition", "have")
        to.verb("what health problem", "have")
        to.verb("what", "suffer", "from")
        to.verb("what", "have")
        if clause.tense == "past":
            to.said(
                f"What happened to {to.subject}?".replace(" I?", " me?"), f"what happened to {to.subject}"
            )
    elif kind in MAKES:
        made(kind, to)
    elif kind == "pet" and " and " not in rest and not _done_with(words):
        _pet(words, to)
    elif _BRANDED.match(thing) and words[-1] not in _NO_MAKE and words[1].lower() not in PEOPLES:
        to.verb(f"what {words[-1]}", "have")
        to.verb(f"which {words[-1]}", "have")
        if words[-1] in _SUBSCRIBED:
            to.verb("what", "subscribe" if words[-1] == "subscription" else "belong", "to")
        elif words[-1] in APPLIANCES:
            to.be("what make", f"{to.whose} {words[-1]}")
    elif (
        len(words) == 3 and words[0] in _ARTICLES and words[1].lower() in PEOPLES and words[2] not in _NO_MAKE
    ):
        to.verb(f"what kind of {words[-1]}", "have")
    elif words[0].lower() in _ARTICLES and _kind_before(words):
        if words[-1] in _ASKED_BARE:
            to.verb(f"what {words[-1]}", "have")
        to.verb(f"what kind of {words[-1]}", "have")
    place = re.search(
        rf"^{re.escape(thing)} ((?:near|in|at|on) (?!the (?:past|future)\b|it\b|them\b).+)$", rest
    )
    if place and words[0].lower() in _ARTICLES and not kind and not _NOWHERE & {words[-1], *words[1:-1]}:
        to.be("where", f"{to.whose} {' '.join(words[1:])}")
        to.verb("where", "have", thing)
        if place[1].split()[-1][:1].isupper() or place[1].startswith("on my "):
            to.verb("what", "have", place[1])


def made(kind: str, to: Asking) -> None:
    """What is asked of a thing known by its make: which one somebody has and uses."""
    used = {"car": "drive", "bike": "ride", "motorbike": "ride", "watch": "wear"}.get(kind, "use")
    to.verb(f"what {kind}", "have")
    to.verb(f"what {kind}", used)
    to.verb(f"which {kind}", used)
    to.verb(f"which {kind}", "have")
    if kind == "car":
        to.verb("which car", "own")
    to.be("what make", f"{to.whose} {kind}")
    to.verb(f"what kind of {kind}", "have")


def _pet(words: list[str], to: Asking) -> None:
    """Which animals somebody has, how many, and of which breed."""
    breed = breed_of(" ".join(words))
    species = breed or words[-1].lower().removesuffix("s")
    counted = re.fullmatch(r"(?:two|three|four|five|six|seven|eight|nine|ten|\d+)", words[0])
    several = bool(counted) or words[0].lower() not in _ARTICLES and words[-1].endswith("s")
    ending = "s" if several else ""
    if counted:
        to.verb(f"how many {' '.join(w for w in words[1:] if w.islower())}", "have")
        if breed:
            to.verb(f"how many {species}s", "have")
    if breed:
        to.verb(f"what {species}{ending}", "have")
        to.verb(f"what kind of {species}{ending}", "have")
        to.be("what breed", f"{to.whose} {species}{ending}", plural=several)
    to.verb(f"what pet{ending}", "have")
    to.verb(f"which pet{ending}", "have")


def _got(to: Asking, word: str) -> tuple[str, str]:
    """ "How many dogs have I got?", as one asks it aloud."""
    has = "has" if to.tense == "third" else "have"
    if to.tense == "past":
        return f"{capitalise(word)} did {to.subject} have?", f"{word} {to.subject} had"
    return f"{capitalise(word)} {has} {to.subject} got?", f"{word} {to.subject} {has} got"


def _done_with(words: list[str]) -> bool:
    """Whether an animal at the end belongs to something one does ("fun training dogs")."""
    free = words[0].lower() not in _ARTICLES | {"my", "our", "some"} and not words[0].isdigit()
    return free and any("gerund" in kinds(word) for word in words[:-1])


def _kind_before(words: list[str]) -> bool:
    """Whether a word before the noun says which kind it is ("an hgv licence"), so that a question may ask."""
    return (
        len(words) > 2
        and words[-1].isalpha()
        and words[-1].islower()
        and words[-2].islower()
        and words[-2] not in PLAIN | COLOURS
        and not set(words[1:-1]) & {"lot", "few", "couple", "bit", "and"}
        and not any("gerund" in kinds(w) for w in words[2:])
        and kind_of(" ".join(words)) != "car"
        and words[-1] not in KIN | ADVERBS | _ONE_OF | {"lot", "bit", "few", "time", "ago", "amount"}
    )


_MEAL = re.compile(r" for (?:breakfast|lunch|dinner|supper|tea|pudding|dessert)$")
_USED_WITH = re.compile(r"(?P<with>with|on) (?P<what>(?:an?|my) .+)$")


_EACH = frozenset({"a", "an", "per", "each", "kg", "km", "g"})


def taken(clause: Clause, rest: str, to: Asking) -> None:
    """The object of any other verb by the kind of thing it is, what was given to whom, and amounts."""
    base = clause.base
    known = bool(base or clause.aux)
    if base == "use" and rest.startswith("to "):
        return
    if not known or base in {"have", "be", "get", "work", "go"} or clause.aux in {"would", "can", "could"}:
        return
    given = re.match(r"(me|us|him|her) ((?:an? |the |my |some )?.+)$", rest) if base in _GIVING else None
    if given and given[2].split()[0] not in PREPOSITIONS:
        to.own("what", given[1])
        if base in _MADE:
            to.verb("what", "make", f"for {given[1]}")
        return
    used = _USED_WITH.match(rest)
    if used and kind_of(used["what"]) in MAKES - {"car"}:
        kind = kind_of(used["what"])
        to.own(f"what {kind}", used["with"])
        to.own(f"which {kind}", used["with"])
        made(kind, to)
        to.own("what", used["with"])
    if re.match(r"(?:in|on|at|for|with|to|from|after|before|near|of|about) ", rest):
        if rest.startswith("in ") and kind_of(rest) == "language":
            to.own("which languages" if " and " in rest else "which language", "in")
        return
    if rest.startswith(("between ", "among ", "against ", "without ", "by ", "like ", "under ", "over ")):
        return
    target = re.split(r" (?:in|on|at|for|with|to|from|after|before|near|of|about|as) ", rest)[0]
    counted = _COUNTED.fullmatch(target)
    of_it = rest[len(target) :].startswith(" of ") or counted and counted[1].split()[0] in _EACH
    if counted and not of_it and base not in {"be", "weigh", "earn", "pay", "spend", "save", "cost"}:
        to.own(f"how many {counted[1]}", rest[len(target) :].strip())
    if base in {"support", "follow"} and target[:1].isupper():
        for word, verb in (("which team", "support"), ("which team", "follow"), ("who", "support")):
            to.verb(word, verb)
    else:
        _by_kind(base, target, to)
    if base == "weigh" and rest[:1].isdigit():
        to.verb("how much", "weigh")
        to.be("what", f"{to.whose} weight")
    elif base in {"earn", "save", "pay", "spend"} and re.match(r"[£$€]?\d", rest):
        spent = re.search(r" (?:for|on) (?:my|our|the) [a-z -]+$", rest) if base in {"pay", "spend"} else None
        to.own("how much", spent[0].strip() if spent else "")


def _doing(words: list[str]) -> bool:
    """Whether the object is something done to a thing of a kind, not the thing itself ("eating fish")."""
    first = words[0].lower() if words else ""
    return len(words) > 1 and "gerund" in kinds(first) and first not in {"playing", "watching"}


def _by_kind(base: str, target: str, to: Asking) -> None:
    words = target.split()
    if _doing(words):
        return
    listed = {kind_of(part) for part in re.split(r", (?:and )?| and ", target)}
    kind = listed.pop() if len(listed) == 1 else ""
    if kind == "language" and base == "speak":
        several = "languages" if " and " in target else "language"
        to.own(f"which {several}")
        to.own(f"what {several}")
    elif kind and names_an_object(target) and kind != "drink":
        kept = kind == "pet" and base in _HUSBANDRY
        kind = "animal" if kind == "pet" and (kept or base not in _KEEPING) else kind
        kind += "s" if re.search(r",| and ", target) or kept and words[-1].endswith("s") else ""
        if kept:
            to.own("what")
        to.own(f"what {kind}")
        to.own(f"which {kind}")
        if kind in MAKES and base in {"drive", "use", "own", "ride", "wear"}:
            made(kind, to)
        if kind in {"sport", "game", "instrument"} and base == "play" and to.tense != "past":
            to.be("what", f"{to.whose} hobby")
        elif kind == "position" and base == "play":
            to.be("what", f"{to.whose} position")
    elif words and words[0].lower() in _ARTICLES and _kind_before(words):
        to.own(f"what kind of {words[-1]}")
