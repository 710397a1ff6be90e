"""Plain wh-questions of any verb no other rule knows: what, who, where, when, why, how much and how long.

An honest parse of what stands behind the verb: object, phrases, time, aim, reason. Where a part is unsure it
is not asked for, as no question is better than one that the statement does not answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from data.grammar import is_person
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import UNSURE, complex_rest, names_an_object, split_rest
from data.grammar_natural_times import split_time
from data.grammar_professions import profession
from data.grammar_questions import Ask, unasked
from data.grammar_variants import aim_of
from data.lexicon import ADVERBS, AUXILIARIES, COLOURS, KIN
from data.lexicon_verbs import kinds
from data.synonyms import MAKES, kind_of

_REASON = re.compile(r" (?:because|so that|due to|thanks to) .+$")
_CLAUSE = re.compile(
    r" (?:when|whenever|while|before|after|until|as soon as) (?:(?:I|we|he|she|they|it|there)\b"
    r"|(?P<whose>my|our|the|his|her|[A-Z][a-z]+)\b).*$"
)
_AGED = re.compile(
    r" when (?P<who>I|we|he|she) (?P<be>was|were) (?:about |only |just )?(?:\d+|[a-z-]+teen|[a-z]+)$"
)
_ONCE = re.compile(
    r" (?:(?:many |some |a few |two |three |four |five |six |seven |eight |nine |ten |\d+ |a |an )?"
    r"(?:years?|months?|weeks?|days?|while|decades?) ago|last (?:year|month|week|night|summer|winter|spring|"
    r"autumn|[A-Z][a-z]+day)|as a (?:child|kid|boy|girl|teenager|student))$"
)
# Words at the end that say nothing of when, or only what was so on the day it was told.
_SPOKEN = re.compile(
    r" (?:now|right now|today|tonight|tomorrow|yesterday|already|again|too|as well|at the moment|these days|"
    r"at present|lately|full time|part time|myself|himself|herself|ourselves|anyway|for now|so far|once|"
    r"twice)$"
)
_TO_DO = frozenset(
    "refuse need hope plan want decide manage try forget promise agree offer intend tend continue threaten "
    "swear choose prefer fail hate learn".split()
)
# Whoever leaves to do a thing leaves for it.
_LEAVING = frozenset("leave retire quit resign return stay stop".split())
_OCCASION = re.compile(r"(?:for|at|on) (?:new year|christmas|easter|(?:my|our|his|her) [a-z]+|the weekend)")
_SORTED = re.compile(
    r"(?:an?|the) [\w' -]+ (?P<noun>course|class|race|club|team|exam|school|contest|competition|trip|"
    r"workshop|programme|marathon|magazine|festival)$"
)
_PARTICLES = frozenset("up out off down away over back around along".split())
# Verbs that ask for the thing behind their preposition, not for a place.
_OF_A_THING = {
    "at": frozenset("look laugh shout yell smile stare bark growl swear aim marvel scream".split()),
    "in": frozenset(
        "believe specialise specialize invest participate major deal trade engage write talk".split()
    ),
    "on": frozenset("work rely depend focus bet spend live feed sleep play insist report knock chew".split()),
}
_SITED = frozenset(
    "in on at behind under above near beside inside outside below across around opposite beneath into "
    "by against between".split()
)
_TOLD_OF = frozenset("about for with from to of against after without like by into over on through".split())
# Bare nouns behind "in" and "on" are states and manners ("in tears", "on time").
_DETERMINED = re.compile(r"(?:the|my|our|his|her|their|an?) |[A-Z]|\d+ ")
_NO_SITE = re.compile(
    r"(?:the |my |our |his |her |a |an )?(?:\w+ )?(?:way|time|mood|hurry|moment|end|beginning|future|"
    r"past|rain|snow|dark|own|"
    r"morning|evening|rush|row|style|manner|voice|language|spirit|detail|team|band|choir|army|navy|case|"
    r"market|fly|go|cold|heat|weekend|phone|internet|radio|tv|whole|most|least|same|side|mind|head|heart|"
    r"trouble|love|life|lives|dream|dreams|pain|ink|pencil|marker|pen|accident|mistake|purpose|budget)$"
)
_MEASURED = re.compile(
    r"(?:(?:about|nearly|almost|over|around) )?(?:an?|\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|"
    r"many) "
    r"(?P<unit>years?|months?|weeks?|days?|hours?|minutes?|km|kilometres?|miles?|metres?|meters?|m)$"
)
_MONEY = re.compile(
    r"(?:(?:about|nearly|almost|over|around) )?[£$€]?\d[\d.,]*"
    r"(?: ?(?:euros?|pounds?|dollars?|quid|cents?|pence|percent|%))?$"
)
_SPENT = frozenset("pay spend earn save owe cost charge raise lower cut donate lend fine".split())
_WITHOUT_THING = frozenset(
    "be live stay go come travel sleep reside remain arrive work stand sit lie wait happen get become seem "
    "look sound feel smell taste weigh last cost move".split()
)
# Asked of these alone, "what" says nothing of what is meant.
_VAGUE = frozenset("have take put get keep make do use give bring hold need own park".split())
_PRONOUN = re.compile(
    r"\b(?:it|them|that|this|those|these|him|one|ones|himself|herself|itself|each|everything|anything)\b"
)
_WEIGHTY = 6
_MOST = 6


@dataclass(frozen=True, slots=True)
class _Predicate:
    """A verb as it stays in a question: what of it stands behind the subject, its base, and the rest."""

    head: str
    base: str
    rest: str


def plain(clause: Clause) -> list[Ask]:
    """The wh-questions whose answer the statement is, found from its own words alone."""
    found = _predicate(clause)
    if found is None or clause.negative or clause.lead or "never" in clause.adverbs.lower().split():
        return []
    to = Asking(clause)
    rest = found.rest
    comma = rest.find(", ")
    rest = rest[:comma] if comma > 0 else rest
    for pattern, ask in ((_REASON, _why), (_CLAUSE, _whenever)):
        cut = pattern.search(f" {rest}")
        if cut and (ask is _why or _finite(cut)):
            before = f" {rest}"[: cut.start()].strip()
            ask(found, before, cut[0], to)
            rest = before
    if complex_rest(replace(clause, rest=rest)) or re.search(r"[\"():;…]", rest):
        return []
    rest = _aimed(found, rest, to)
    if rest:
        _parts(found, rest, to)
    return list(dict.fromkeys(to.asks))[:_MOST]


def _predicate(clause: Clause) -> _Predicate | None:
    words = clause.rest.split()
    if clause.copula or clause.verb == "been":
        base = kinds(words[0]).get("gerund", "") if words else ""
        gone = (
            base in {"be", "get", "have"}
            or base == "go"
            and words[1:2] == ["to"]
            and words[2:3] != [w for w in words[2:3] if w[:1].isupper() or w in {"the", "my"}]
        )
        return None if not base or gone else _Predicate(words[0], base, " ".join(words[1:]))
    if clause.aux in {"have", "has", "had"}:
        base = kinds(clause.verb).get("participle") or kinds(clause.verb).get("past", "")
    elif clause.aux in {"", "will", "did", "do", "does"}:
        base = clause.base if clause.aux or clause.tense and kinds(clause.verb) else ""
    else:
        base = ""
    if not base or base in {"be", "get", "use", "let"}:
        return None
    return _Predicate("", base, clause.rest)


def _finite(cut: re.Match[str]) -> bool:
    """Whether a clause follows "before" or "when", not a noun alone ("look after his llamas")."""
    behind = cut[0].split()[2:]
    known = any(kinds(w).keys() & {"third", "past"} or w in AUXILIARIES for w in behind[1:] or behind)
    return cut["whose"] is None or known


def _said(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _why(found: _Predicate, before: str, _: str, to: Asking) -> None:
    if not _PRONOUN.search(before) and len(before.split()) <= _WEIGHTY:
        to.own("why", _said(found.head, before))


def _whenever(found: _Predicate, before: str, tail: str, to: Asking) -> None:
    if _PRONOUN.search(before) or len(before.split()) > _WEIGHTY:
        return
    aged = _AGED.fullmatch(tail)
    if not aged:
        to.own("when", _said(found.head, before))
    elif to.clause.tense == "past" and not found.head and aged["who"] == "I":
        told = _said(to.subject, to.clause.adverbs, to.clause.verb, before)
        to.said(f"How old was I when {told}?", f"how old I was when {told}")
        to.own("when", before)


def _aimed(found: _Predicate, rest: str, to: Asking) -> str:
    """The rest without its aim, which is asked for with "why"."""
    wished = re.match(r"to (?P<verb>[a-z]+)(?: (?P<thing>.+))?$", rest)
    if wished and found.base in _LEAVING and "base" in kinds(wished["verb"]):
        to.own("why", found.head)
        return ""
    if wished:
        _to_do(found, wished["verb"], wished["thing"] or "", to)
        return ""
    aim = aim_of(found.base, rest)
    if not aim:
        return rest
    done, verb, thing = aim
    to.own("why", _said(found.head, done))
    if thing and names_an_object(thing) and not _PRONOUN.search(done) and not split_rest(thing)[1]:
        to.own("what", _said(found.head, done, "to", verb)) if _asks_what(thing) else None
    return done


def _to_do(found: _Predicate, verb: str, thing: str, to: Asking) -> None:
    if found.base not in _TO_DO or "base" not in kinds(verb) or verb in {"be", "have", "get"}:
        return
    target, phrases = split_rest(thing) if thing else ("", [])
    at = phrases[0] if len(phrases) == 1 and _OCCASION.match(phrases[0]) else ""
    to.own("what", _said(found.head, "to do", at))
    if target and names_an_object(target) and _asks_what(target) and verb not in _WITHOUT_THING:
        to.own("what", _said(found.head, "to", verb))


def _parts(found: _Predicate, rest: str, to: Asking) -> None:
    """Asks for the object, for the phrase behind it and for the time."""
    while spoken := _SPOKEN.search(f" {rest}"):
        rest = f" {rest}"[: spoken.start()].strip()
    once = _ONCE.search(f" {rest}")
    rest, when = (f" {rest}"[: once.start()].strip(), once[0]) if once else split_time(rest)
    head = found.head
    first, _, behind = rest.partition(" ")
    if first in {"out", "over"} and behind.startswith(("in ", "at ", "near ")):
        rest = behind
    elif first in _PARTICLES and not kinds(first).get("gerund"):
        head, rest = _said(head, first), behind
        if behind.startswith("of ") and names_an_object(behind[3:]) and not split_rest(behind[3:])[1]:
            spent = f"{found.base} {first}" == "run out"
            to.own("what", f"{head} of") if spent or _asks_what(behind[3:]) else None
            return
    if UNSURE.search(rest) or re.search(
        r"\b(?:next to|close to|out of|how|what|instead of|each other)\b", rest
    ):
        return
    target, phrases = split_rest(rest) if rest else ("", [])
    fit = len(target.split()) <= _WEIGHTY and not _PRONOUN.search(target)
    if target:
        fit = (
            fit
            and target.split()[0] != "no"
            and names_an_object(target)
            and target.split()[-1].lower() not in COLOURS | ADVERBS
        )
        fit = fit and not any("gerund" in kinds(w) for w in target.split()) and " to " not in target
        if not fit or not _of_an_object(found, head, target, phrases, to):
            return
    if phrases:
        _of_a_phrase(found, _said(head, target), phrases, to)
    if when and (target or phrases or head) and not _PRONOUN.search(rest):
        since = when.strip().startswith("since ")
        to.own("since when" if since else "when", _said(head, target, *phrases[:1]))


def _of_an_object(found: _Predicate, head: str, target: str, phrases: list[str], to: Asking) -> bool:
    """Asks for the object; whether it is one, so that the phrases behind it may be asked for too."""
    measured = _MEASURED.fullmatch(target)
    if measured:
        far = (
            measured["unit"][0] == "k"
            or measured["unit"].startswith(("mile", "met", "m"))
            and not measured["unit"].startswith(("min", "mon"))
        )
        to.own("how far" if far else "how long", head)
        return False
    if found.base in _SPENT and _MONEY.fullmatch(target):
        to.own("how much", head)
        return False
    if found.base in _WITHOUT_THING or unasked(found.base, _said(target, *phrases)):
        return False
    if found.base in _VAGUE:
        _in_passing(found, head, target, phrases, to)
        return True
    counted = re.fullmatch(
        r"(?!.* and )(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?P<what>[a-z][a-z ]*s)", target
    )
    if counted:
        to.own(f"how many {counted['what']}", head)
    if _a_person(target):
        to.own("who", head)
    elif _asks_what(target):
        to.own("what", head)
    return True


def _in_passing(found: _Predicate, head: str, target: str, phrases: list[str], to: Asking) -> None:
    """Asks what somebody has or takes only with the phrase behind it: "what do I have" alone says nothing."""
    if len(phrases) != 1 or _PRONOUN.search(phrases[0]) or not re.search(r" [a-z]", phrases[0]):
        return
    word = phrases[0].split()[0]
    if target.isdigit() and word == "from":
        to.own("how much", _said(head, phrases[0]))
    elif word in {"in", "on", "at", "for", "from", "with", "under"} and found.base != "make":
        to.own("what", _said(head, phrases[0])) if _asks_what(target) else None


def _of_a_phrase(found: _Predicate, done: str, phrases: list[str], to: Asking) -> None:
    """Asks for the first phrase: a place, somebody, or whatever the preposition leads to."""
    word, _, noun = phrases[0].partition(" ")
    word = word.lower()
    if (
        not noun
        or _PRONOUN.search(noun)
        or re.match(r"(?:me|us|myself|least|most|all|every|home|work)\b", noun)
    ):
        return
    if (
        noun == "a living"
        or kind_of(noun) in MAKES
        or (found.base, word) == ("work", "from")
        or found.base == "move"
        and word == "into"
        or found.base in {"have"}
    ):
        return
    bare = not done or done == to.clause.rest.split()[0] or done.split()[-1] in _PARTICLES
    thing = noun if len(phrases) == 1 else split_rest(noun)[0]
    if word in {"in", "on", "at"} and found.base in _OF_A_THING[word]:
        to.own("what", _said(done, word)) if _asks_what(thing) else None
    elif word in _SITED and _DETERMINED.match(noun) and not _NO_SITE.match(noun):
        if word != "by" or noun.startswith("the "):
            to.own("where", done)
    elif word == "by" and noun.islower() and bare and not _a_person(noun):
        to.own("how", done)
    elif word == "at" and noun.islower() and bare:
        to.own("what", _said(done, word))
    elif word == "by" and _MONEY.fullmatch(noun):
        to.own("how much", _said(done, "by"))
    elif word == "for" and (_MEASURED.fullmatch(noun) or noun in {"years", "ages", "months", "weeks"}):
        to.own("how long", done)
    elif found.base in {"emigrate", "immigrate", "relocate"}:
        return
    elif word in {"from", "to"} and re.match(r"(?:the )?[A-Z]", noun) and bare:
        to.own("where", _said(done, "from" if word == "from" else ""))
    elif word in _TOLD_OF and word not in _SITED and (_a_person(thing) or _asks_what(thing)):
        somebody = _a_person(thing)
        if somebody or bare:
            to.own("who" if somebody else "what", _said(done, word))
        sort = _SORTED.match(thing)
        if sort and bare:
            to.own(f"which {sort['noun']}", _said(done, word))


def _a_person(noun: str) -> bool:
    words = noun.lower().split()
    role = re.match(r"(?:my|our) ([a-z-]+) [A-Z]", noun)
    plural = words[-1].removesuffix("s") in KIN or words[-1] in {
        "children",
        "people",
        "parents",
        "neighbours",
    }
    return is_person(noun) or bool(role and role[1] in KIN) or plural or profession(noun)


def _asks_what(noun: str) -> bool:
    """Whether a noun phrase is surely a thing: a bare name may be somebody."""
    return bool(re.search(r"(?:^| )[a-z]", noun)) and not _a_person(noun) and not noun[-1:].isdigit()
