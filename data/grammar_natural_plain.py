"""Plain wh-questions of any verb no other rule knows: what, who, where, when, why, how much and how long.

An honest parse of what stands behind the verb: object, phrases, time, aim, reason. Where a part is unsure it
is not asked for, as no question is better than one that the statement does not answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from data.grammar import is_person, role_and_name
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import UNSURE, complex_rest, names_an_object, split_rest
from data.grammar_natural_behind import MEASURED, MONEY, PRONOUN, a_person, asks_what, of_a_phrase, said
from data.grammar_natural_times import split_time
from data.grammar_questions import Ask, unasked
from data.grammar_variants import aim_of
from data.lexicon import ADVERBS, AUXILIARIES, COLOURS
from data.lexicon_verbs import kinds, past
from data.synonyms import kind_of

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
_PARTICLES = frozenset("up out off down away over back around along".split())
_SPENT = frozenset("pay spend earn save owe cost charge raise lower cut donate lend fine".split())
_WITHOUT_THING = frozenset(
    "be live stay go come travel sleep reside remain arrive work stand sit lie wait happen get become seem "
    "look sound feel smell taste weigh last cost move".split()
)
# Asked of these alone, "what" says nothing of what is meant.
_VAGUE = frozenset("have take put get keep make do use give bring hold need own park".split())
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
        # Who looks after somebody does not look at a time.
        cut = pattern.search(f" {rest}", 1 if rest.startswith("after ") else 0)
        if cut and (ask is _why or _finite(cut)):
            before = f" {rest}"[: cut.start()].strip()
            ask(found, before, cut[0], to)
            rest = before
    if complex_rest(replace(clause, rest=rest)) or re.search(r"[\"():;…]", rest):
        return []
    rest = _aimed(found, rest, to)
    if rest:
        _parts(found, rest, to)
        _running(clause, to)
    return list(dict.fromkeys(to.asks))[:_MOST]


def _running(clause: Clause, to: Asking) -> None:
    """ "What does my script do?" of a thing with a name that does something."""
    thing, name = role_and_name(to.subject)
    runs = clause.tense == "third" and not clause.aux and clause.base not in _WITHOUT_THING | _VAGUE
    if name and runs and not is_person(thing) and kind_of(thing) != "pet":
        to.verb("what", "do")


def _predicate(clause: Clause) -> _Predicate | None:
    words = clause.rest.split()
    if clause.copula or clause.verb == "been":
        base = kinds(words[0]).get("gerund", "") if words else ""
        aimed = base == "go" and words[1:2] == ["to"] and len(words) > 2
        going = aimed and not words[2][:1].isupper() and words[2] not in {"the", "my"}
        return (
            None
            if not base or going or base in {"be", "get", "have"}
            else _Predicate(words[0], base, " ".join(words[1:]))
        )
    if clause.aux in {"have", "has", "had"}:
        base = kinds(clause.verb).get("participle") or kinds(clause.verb).get("past", "")
    elif clause.aux in {"", "will", "did", "do", "does"}:
        base = clause.base if clause.aux or clause.tense and kinds(clause.verb) else ""
    else:
        base = ""
    # Of "I put" nobody can tell whether it is done or was.
    unsure = clause.tense == "base" and past(base) == base if base else True
    if unsure or base in {"be", "get", "use", "let"}:
        return None
    return _Predicate("", base, clause.rest)


def _finite(cut: re.Match[str]) -> bool:
    """Whether a clause follows "before" or "when", not a noun alone ("look after his llamas")."""
    behind = cut[0].split()[2:]
    known = any(kinds(w).keys() & {"third", "past"} or w in AUXILIARIES for w in behind[1:] or behind)
    return cut["whose"] is None or known


def _why(found: _Predicate, before: str, _: str, to: Asking) -> None:
    if not PRONOUN.search(before) and len(before.split()) <= _WEIGHTY:
        to.own("why", said(found.head, before))


def _whenever(found: _Predicate, before: str, tail: str, to: Asking) -> None:
    if PRONOUN.search(before) or len(before.split()) > _WEIGHTY:
        return
    aged = _AGED.fullmatch(tail)
    if not aged:
        to.own("when", said(found.head, before))
    elif to.clause.tense == "past" and not found.head and aged["who"] == "I":
        told = said(to.subject, to.clause.adverbs, to.clause.verb, before)
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
    to.own("why", said(found.head, done))
    if thing and names_an_object(thing) and not PRONOUN.search(done) and not split_rest(thing)[1]:
        to.own("what", said(found.head, done, "to", verb)) if asks_what(thing) else None
    return done


def _to_do(found: _Predicate, verb: str, thing: str, to: Asking) -> None:
    if found.base not in _TO_DO or "base" not in kinds(verb) or verb in {"be", "have", "get"}:
        return
    target, phrases = split_rest(thing) if thing else ("", [])
    at = phrases[0] if len(phrases) == 1 and _OCCASION.match(phrases[0]) else ""
    to.own("what", said(found.head, "to do", at))
    if target and names_an_object(target) and asks_what(target) and verb not in _WITHOUT_THING:
        to.own("what", said(found.head, "to", verb))


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
        head, rest = said(head, first), behind
        if behind.startswith("of ") and names_an_object(behind[3:]) and not split_rest(behind[3:])[1]:
            spent = f"{found.base} {first}" == "run out"
            to.own("what", f"{head} of") if spent or asks_what(behind[3:]) else None
            return
    if UNSURE.search(rest) or re.search(
        r"\b(?:next to|close to|out of|how|what|instead of|each other)\b", rest
    ):
        return
    target, phrases = split_rest(rest) if rest else ("", [])
    fit = len(target.split()) <= _WEIGHTY and not PRONOUN.search(target)
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
        of_a_phrase(found.base, said(head, target), not target, phrases, to)
    if when and (target or phrases or head) and not PRONOUN.search(rest):
        since = when.strip().startswith("since ")
        to.own("since when" if since else "when", said(head, target, *phrases[:1]))


def _of_an_object(found: _Predicate, head: str, target: str, phrases: list[str], to: Asking) -> bool:
    """Asks for the object; whether it is one, so that the phrases behind it may be asked for too."""
    measured = MEASURED.fullmatch(target)
    if measured:
        unit = measured["unit"]
        far = unit.startswith(("k", "m")) and not unit.startswith(("min", "mon"))
        to.own("how far" if far else "how long", head)
        return False
    if MONEY.fullmatch(target) and (found.base in _SPENT or not target.isdigit()):
        to.own("how much", head)
        return False
    if found.base in _WITHOUT_THING or unasked(found.base, said(target, *phrases)):
        return False
    if found.base in _VAGUE:
        _in_passing(found, head, target, phrases, to)
        return True
    counted = re.fullmatch(
        r"(?!.* and )(?:two|three|four|five|six|seven|eight|nine|ten|\d+) (?P<what>[a-z][a-z ]*s)", target
    )
    if counted:
        to.own(f"how many {counted['what']}", head)
    if a_person(target):
        to.own("who", head)
    elif asks_what(target) and found.base not in {"meet", "marry"}:
        to.own("what", head)
    return True


def _in_passing(found: _Predicate, head: str, target: str, phrases: list[str], to: Asking) -> None:
    """Asks what somebody has or takes only with the phrase behind it: "what do I have" alone says nothing."""
    if len(phrases) != 1 or PRONOUN.search(phrases[0]) or not re.search(r" [a-z]", phrases[0]):
        return
    word = phrases[0].split()[0]
    if target.isdigit() and word == "from":
        to.own("how much", said(head, phrases[0]))
    elif word in {"in", "on", "at", "for", "from", "with", "under"} and found.base != "make":
        to.own("what", said(head, phrases[0])) if asks_what(target) else None
