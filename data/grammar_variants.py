"""Simpler clauses that a clause entails, so that it can be asked about in more than its own form.

"I am trying to learn Rust" also answers "What am I learning?"; the answer stays what was said.
"""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar_clauses import Clause, takes_base
from data.lexicon import ADVERBS, MODALS
from data.lexicon_verbs import gerund, kinds, past, third
from data.synonyms import kind_of

_TRYING = frozenset("trying learning hoping planning starting".split())
_WANTING = frozenset("want hope plan try need intend start love like".split())
# What is liked is done now and then, not at the moment.
_LIKING = frozenset({"like", "love"})
_CUT = re.compile(
    r"(?:, | (?:and|but|because|since|so|although) | (?=every )"
    r"| (?:when|while|whenever|before|after|until) (?=(?:I|we|he|she|they|it)\b))(?=\S)",
    re.IGNORECASE,
)
# What goes on now and is also done again and again.
_HABITS = frozenset(
    "play work take use drink eat watch read write make build teach train live drive wear collect grow paint "
    "cook bake sell run study".split()
)
_LISTED = re.compile(r"(?:, [^,]+)+,? (?:and|or) ")
_ANOTHER = re.compile(r"(?:and )?(?:an?|one|two|three|four|five|six|\d+|some|many|several) [a-z]")
# A number counts both of two nouns ("ten nieces and nephews").
TOGETHER = re.compile(
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many) [a-z]+s and [a-z]+s"
)
_SHORTEST = 2


def simpler(clause: Clause) -> list[Clause]:
    """The clause without its tail, in the simple present, and without its wanting or trying."""
    found = []
    short = _trimmed(clause)
    if short is not None:
        found.append(short)
    found += [once for one in (clause, *found) if (once := _once(one)) is not None]
    found += [after for one in (clause, *found) if (after := _afterwards(one)) is not None]
    found += [inner for one in (clause, *found) if (inner := _inner(one)) is not None]
    found += [plain for one in (clause, *found) if (plain := _simple(one)) is not None]
    return list(dict.fromkeys(found))


def _trimmed(clause: Clause) -> Clause | None:
    cut = _CUT.search(clause.rest)
    if clause.negative or clause.lead or cut is None or cut.start() < _SHORTEST:
        return None
    if _LISTED.match(clause.rest[cut.start() :]):
        return None
    # Who has a cat and two dogs has no one pet.
    if clause.base in {"have", "own", "keep"} and _ANOTHER.match(clause.rest[cut.end() :]):
        return None
    if TOGETHER.fullmatch(clause.rest):
        return None
    return replace(clause, rest=clause.rest[: cut.start()].rstrip(" ,"))


def _simple(clause: Clause) -> Clause | None:
    """ "X is playing Y" as "X plays Y", and "I have been taking Y" as "I take Y"."""
    words = clause.rest.split()
    perfect = clause.verb == "been" and clause.aux in {"have", "has"}
    if len(words) < 2 or not (clause.copula or perfect):
        return None
    verb, words = words[0], words[1:]
    base = kinds(verb).get("gerund", "")
    if clause.negative or base not in _HABITS:
        return None
    rest = re.sub(r" (?:for|since) .*$", "", " ".join(words)) if perfect else " ".join(words)
    return replace(clause, aux="", verb=_finite(clause.subject, base), rest=rest)


def _inner(clause: Clause) -> Clause | None:
    """ "I am trying to learn Y" and "I want to learn Y" as "I am learning Y"."""
    words = clause.rest.split()
    if clause.copula and words[:1] and words[0].lower() in _TRYING:
        words = words[1:]
    elif clause.base not in _WANTING or clause.aux in MODALS:
        return None
    over = clause.negative or clause.tense == "past"
    if over or len(words) < 3 or words[0] != "to" or "base" not in kinds(words[1]):
        return None
    if words[1] not in {"learn", "study", "read", "write", "build", "save"}:
        return None
    if clause.base in _LIKING:
        verb = _finite(clause.subject, words[1])
        return replace(clause, adverbs="", aux="", verb=verb, rest=" ".join(words[2:]))
    be = "am" if clause.subject == "I" else "are" if clause.subject == "We" else "is"
    return replace(clause, aux=be, verb="", rest=" ".join([gerund(words[1]), *words[2:]]))


AIM = re.compile(r"^(?P<done>.+?) (?:in order )?to (?P<verb>[a-z]+)(?: (?P<thing>.+))?$")
# What one comes upon is nothing one set out for.
_FOUND = frozenset("find discover realise realize learn hear".split())
# Whoever has gone so far went for something.
_GONE = re.compile(r"(?:^|\b)(?:away|abroad|home|all the way|back)$")
# Verbs and nouns that an infinitive completes rather than explains.
_COMPLETED = frozenset(
    "want like love hope plan need try have use get learn start begin continue ask tell help prefer hate "
    "intend decide wish dream expect manage tend choose go come allow teach let know find take seem happen "
    "be refuse forget remember say promise afford make mean offer agree invite encourage persuade talk "
    "listen speak write read move look belong introduce give send show bring volunteer".split()
)
_COMPLETING = frozenset(
    "time chance way ability plan plans right desire urge goal place reason money ready able going "
    "next close due according allergic married engaged related used back from up down".split()
)


def aim_of(base: str, rest: str) -> tuple[str, str, str] | None:
    """What is done, the verb it is done for and that verb's rest; None where nothing is aimed at."""
    aim = AIM.match(rest)
    if not aim or not base:
        return None
    gone = _GONE.search(aim["done"]) is not None
    behind = aim["done"].split()[-1].lower()
    completed = kinds(behind).get("gerund") in _COMPLETED or behind in _COMPLETING | ADVERBS
    if (
        aim["verb"] in _FOUND
        or "base" not in kinds(aim["verb"])
        or not gone
        and (completed or base in _COMPLETED)
    ):
        return None
    return aim["done"], aim["verb"], aim["thing"] or ""


def aimless(clause: Clause) -> list[Clause]:
    """The clause without what it is done for ("I cycle to stay fit"); none where it has no such aim."""
    aim = None if clause.aux or clause.negative else aim_of(clause.base, clause.rest)
    return [replace(clause, rest=aim[0])] if aim else []


def _once(clause: Clause) -> Clause | None:
    """ "I used to play prop" as "I played prop"."""
    words = clause.rest.split()
    if clause.base != "use" or clause.tense != "past" or clause.negative or len(words) < 2:
        return None
    if words[0] != "to" or "base" not in kinds(words[1]):
        return None
    rest = " ".join(words[2:])
    if words[1] == "be":
        return replace(clause, aux="was" if not _several(clause.subject) else "were", verb="", rest=rest)
    return replace(clause, verb=past(words[1]), rest=rest)


# Whoever got one of these has it; what is got only for a time, or by others, is left out.
_GOT = frozenset("buy get adopt acquire inherit purchase".split())
_THING = re.compile(r"^(?:an? |two |three |my first |my own |a second |another )")
_GIVEN = re.compile(
    r" (?:for (?:my|our|his|her|him|them|us|the)\b|from|in|on|at|last|to|with|when|after|off)\b.*$"
)
_NEW_HOME = re.compile(r"^(?:back |here )?to (?P<place>.+)$")
_NEW_WORK = re.compile(
    r"^(?:(?:working |work |out |a (?:new )?(?:job|position|role) |my new job )?(?:at|with) |working for )"
    r"(?P<firm>(?:the )?[A-Z].*)$"
)
_SINCE = re.compile(
    r" (?:in \d{4}|last \w+|recently|this \w+|a (?:year|month|week) ago|\w+ \w+ ago|on \d.*)$"
)


def _afterwards(clause: Clause) -> Clause | None:
    """What has been so since: who bought a car has one, who moved somewhere lives there."""
    done = clause.aux in {"have", "has"} or clause.tense == "past"
    base = clause.base or (kinds(clause.verb).get("participle", "") if clause.aux else "")
    if clause.negative or clause.lead or not done or " and " in clause.rest or " when " in clause.rest:
        return None
    rest = _SINCE.sub("", clause.rest)
    now = replace(clause, aux="", adverbs="")
    if base in _GOT and not re.search(r" for (?:my|our|his|her|him|them|us)\b", rest):
        thing = _GIVEN.sub("", rest)
        if _THING.match(rest) and kind_of(thing):
            return replace(now, verb=_finite(clause.subject, "have"), rest=thing)
    home = _NEW_HOME.match(rest) if base in {"move", "relocate", "emigrate", "immigrate"} else None
    if (
        home
        and re.match(r"(?:the )?[A-Z]|an? ", home["place"])
        and not re.search(r" (?:as|for|to|with|from|because)\b", home["place"])
    ):
        return replace(now, verb=_finite(clause.subject, "live"), rest=f"in {home['place']}")
    hired = _NEW_WORK.match(rest) if base in {"start", "begin", "get", "find"} else None
    if hired and (base in {"start", "begin"} or " job " in f" {rest}"):
        return replace(now, verb=_finite(clause.subject, "work"), rest=f"at {hired['firm']}")
    return None


def _several(subject: str) -> bool:
    return subject != "I" and takes_base(subject)


def _finite(subject: str, base: str) -> str:
    return base if takes_base(subject) else third(base)
