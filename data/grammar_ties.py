"""Questions from a place, a firm, a name or a spot in the house back to what was told of it.

"Who do I know in Moncton?", "What is on my shelf?"; pure functions of a clause, beside those of
data/grammar_backwards.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar import is_person, somebody, subject_in_sentence
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import complex_rest
from data.grammar_natural_times import split_time
from data.grammar_professions import profession, trade
from data.grammar_questions import Ask
from data.lexicon import MONTH_NAMES, PETS, WEEKDAY_NAMES
from data.lexicon_verbs import kinds
from data.synonyms import NATIONALITIES, is_condition

# Things that have their name from whoever owns them.
CHRISTENED = frozenset(
    "boat ship yacht dinghy car van bike bicycle robot guitar starter sourdough plant".split()
)
_NAME = r"(?:the )?[A-Z][\w'’&.-]*(?: (?:of|the|and|[A-Z][\w'’&.-]*))*"
_AT_NAME = re.compile(rf"(?P<prep>in|at|near) (?P<name>{_NAME})(?:, an? [a-z -]+)?")
_HERDS = re.compile(r"\b(?:his|her|their) (?P<what>[a-z]+s)$")
_SPOT = r"(?P<site>(?:in|on|under|behind|at) (?:my|our|the) [a-z][a-z -]*?)"
_KEPT = re.compile(rf"(?P<what>(?!my\b|our\b)[a-z][\w -]*?) {_SPOT}(?: for (?P<aim>[a-z][\w -]*))?")
_USED = re.compile(r"(?P<tool>the [\w -]+|an? [\w -]+) for (?P<aim>(?:my |our |the )?[a-z][\w -]*)")
_THERE = re.compile(
    rf"(?P<done>(?:in |at )?[a-z][\w -]*?) (?:in|at) (?:{_NAME}|an? [a-z][\w -]*|the [a-z][\w -]*)$"
)
_BOUND = re.compile(rf"(?:^|\s)(?:in|to|from|at|for) (?P<name>{_NAME})$")
_DATES = frozenset((*MONTH_NAMES, *WEEKDAY_NAMES, *(f"{day}s" for day in WEEKDAY_NAMES)))
# What these tie to a place is asked for in the words of data/grammar_backwards.py.
_RESIDENT = frozenset("live work".split())
_OUTWARD = re.compile(r" (?:out|over|up|down|back)$")
_LIVING = re.compile(rf"(?:(?:out|over|up|down|back) )?(?P<place>(?:in|at|near) {_NAME})(?: with .+)?")
_DWELLING = frozenset("live work study stay".split())
_MOVED = frozenset("move relocate emigrate".split())
# With these the place belongs to what is done.
_COMPLETED = frozenset(
    "put keep have take leave invest participate be get spend look arrive believe hang stand store hide bury "
    "buy study work go move stay come lie sit end start finish succeed meet".split()
)
_LASTING = frozenset("living working studying staying learning teaching playing training".split())
_LIMBS = frozenset(
    "arm leg hand neck back ankle wrist shoulder foot finger face nose head chest body skin hip knee".split()
)
_SPAN = re.compile(
    r"\b(?:years?|months?|weeks?|days?|hours?|minutes?|ages|now|good|fun|free|breakfast|dinner)\b"
)
_JOINED = re.compile(r"\b(?:with|and|of|for|in|on)\b")


def tied(clause: Clause) -> list[Ask]:
    """The questions from a place or a thing back to whoever was told to be there or to have it."""
    if clause.negative or clause.lead:
        return []
    own = _states(clause) if clause.subject == "I" else _by_place(clause)
    bound = _bound(clause) if clause.subject in {"I", "We"} else []
    return [*own, *bound, *_happening(clause), *_kept(clause), *_herds(clause)]


def own_name(name: str) -> list[Ask]:
    """Questions from the person's own name back to the person."""
    return [
        Ask(f"Who is {name}?", f"who {name} is"),
        Ask(f"Whose name is {name}?", f"whose name is {name}"),
        Ask(f"Who is called {name}?", f"who is called {name}"),
    ]


def connections(name: str) -> list[Ask]:
    """Questions from a place, a firm or a thing with a name to what ties the person to it."""
    return [
        Ask(f"What is my connection to {name}?", f"what my connection to {name} is"),
        Ask(f"What is {name} to me?", f"what {name} is to me"),
        Ask(f"What do I have to do with {name}?", f"what I have to do with {name}"),
    ]


def firm(name: str) -> list[Ask]:
    """Questions from the firm somebody works for."""
    return [
        Ask(f"What is {name}?", f"what {name} is"),
        Ask(f"Who or what is {name}?", f"who or what {name} is"),
        Ask(f"Where do I know the name {name} from?", f"where I know the name {name} from"),
    ]


def worded(clause: Clause, said: str) -> list[str]:
    """What somebody is said to do, as others would put it: "is a pharmacist" of "works as a pharmacist"."""
    if clause.base == "work" and not clause.aux and clause.rest.startswith("as "):
        what = re.split(r" (?:at|for|in|with) ", clause.rest[3:])[0]
        if trade(what):
            return [said, *([f"works as {what}"] if f"works as {what}" != said else []), f"is {what}"]
    if said.endswith(" years old") and clause.copula:
        return [said.removesuffix(" years old"), said]
    if clause.copula and clause.aux == "is" and profession(clause.rest) and len(clause.rest.split()) <= 4:
        return [said, f"works as {clause.rest}"] if re.match(r"an? ", clause.rest) else [said]
    return [said]


def shorter(clause: Clause) -> list[Clause]:
    """The clause without its time, the place behind what is done there, and who else lives at a place."""
    rest, when = split_time(clause.rest)
    found = [replace(clause, rest=rest)] if when and rest and clause.tense == "past" else []
    there = _THERE.match(clause.rest)
    if there and not clause.aux and (clause.base not in _COMPLETED or there["done"][:3] in {"in ", "at "}):
        found.append(replace(clause, rest=_OUTWARD.sub("", there["done"])))
    living = _LIVING.fullmatch(clause.rest) if clause.base in _DWELLING else None
    if living and living["place"] != clause.rest and not clause.aux:
        found.append(replace(clause, rest=living["place"]))
    return found


def _states(clause: Clause) -> list[Ask]:
    """ "Who is 41?" and "Why should I avoid penicillin?" of what the person is or has."""
    rest, said = clause.rest, ""
    if complex_rest(clause) or clause.adverbs:
        return []
    age = re.fullmatch(r"(\w+) years old", rest) if clause.aux == "am" else None
    allergic = re.fullmatch(r"allergic to ([\w -]+)", rest) if clause.aux == "am" else None
    if allergic:
        what = allergic[1]
        return [
            Ask(f"Why should I avoid {what}?", f"why I should avoid {what}"),
            Ask(f"How do I react to {what}?", f"how I react to {what}"),
        ]
    if age:
        said = f"is {age[1]}"
    elif clause.aux == "am" and clause.copula and rest.lower() in NATIONALITIES:
        said = f"is {rest}"
    elif clause.base == "have" and clause.tense == "base" and (is_condition(rest) or "licence" in rest):
        said = f"has {rest}"
    return [Ask(f"Who {said}?", f"who {said}")] if said else []


def _bound(clause: Clause) -> list[Ask]:
    """What a place or an event has to do with the person, who grew up, trains or is going there."""
    rest, _ = split_time(clause.rest)
    there = _BOUND.search(rest.split(", ")[0])
    if there is None or clause.base in _RESIDENT or there["name"].split()[0] in _DATES:
        return []
    *others, first = connections(there["name"])
    return [first, *others]


def _by_place(clause: Clause) -> list[Ask]:
    """ "Who do I know in Moncton?" of where somebody else lives or works."""
    if not is_person_said(clause) or clause.adverbs:
        return []
    rest, _ = split_time(clause.rest)
    placed = _AT_NAME.fullmatch(rest) if clause.tense in {"third", "base"} else None
    if placed is None or clause.base not in _DWELLING:
        placed = _settled(clause, rest)
    if placed is None or placed["name"] in {*MONTH_NAMES, *WEEKDAY_NAMES}:
        return []
    name, prep = placed["name"], placed["prep"].replace("to", "in")
    asks = [Ask(f"Who do I know {prep} {name}?", f"who I know {prep} {name}")]
    return [*asks, Ask(f"What is {name}?", f"what {name} is")] if prep == "at" else asks


def _settled(clause: Clause, rest: str) -> re.Match[str] | None:
    """Where somebody moved to, or has their trade."""
    if clause.base in _MOVED and clause.tense in {"past", "third"}:
        return re.fullmatch(rf"(?P<prep>to) (?P<name>{_NAME})", rest)
    trade_there = re.fullmatch(rf"(?P<trade>.+) (?P<prep>in) (?P<name>{_NAME})", rest)
    if not trade_there or clause.aux not in {"", "is"}:
        return None
    works = clause.base == "teach" or clause.copula and profession(trade_there["trade"])
    return trade_there if works else None


def is_person_said(clause: Clause) -> bool:
    """Whether the subject of a clause is somebody else than the person."""
    return clause.subject not in {"I", "We"} and somebody(clause.subject)


def _happening(clause: Clause) -> list[Ask]:
    """ "What is going to happen in Inchvarra?" of what is planned or done there."""
    rest, _ = split_time(clause.rest)
    words = rest.split()
    there = re.search(rf" in (?P<name>{_NAME})$", rest)
    if not there or not clause.copula or clause.aux not in {"am", "is", "are"} or complex_rest(clause):
        return []
    if "gerund" not in kinds(words[0]) or words[0] in _LASTING or there["name"] in MONTH_NAMES:
        return []
    name = there["name"]
    return [
        Ask(f"What is happening in {name}?", f"what is happening in {name}"),
        Ask(f"What is going to happen in {name}?", f"what is going to happen in {name}"),
    ]


def _kept(clause: Clause) -> list[Ask]:
    """ "What is on my shelf?" and "What is the kit for?" of what is kept somewhere or used."""
    if clause.subject not in {"I", "We"} or clause.aux or clause.tense != "base" or complex_rest(clause):
        return []
    to = Asking(clause)
    kept = _KEPT.fullmatch(clause.rest) if clause.base in {"keep", "have", "store"} else None
    used = _USED.fullmatch(clause.rest) if clause.base == "use" else None
    if kept and kept["site"].split()[-1] not in _LIMBS and not _JOINED.search(kept["what"]):
        what, site = kept["what"], kept["site"]
        thing = re.sub(r"^(?:an?|the|some|two|three) ", "", what)
        be = "are" if re.search(r"(?<!s)s$", what) else "is"
        to.verb("what", clause.base, site)
        # A room or a garden holds more than what was told to be in it.
        if not site.startswith("in "):
            to.said(f"What is {site}?", f"what is {site}")
        to.said(f"Where would I find {what}?", f"where I would find {what}")
        to.said(f"Where {be} my {thing}?", f"where my {thing} {be}")
        if kept["aim"] and not _SPAN.search(kept["aim"]):
            to.said(f"Why {be} there {what} {site}?", f"why there {be} {what} {site}")
            to.said(f"What {be} the {thing} {site} for?", f"what the {thing} {site} {be} for")
    elif used and not _SPAN.search(used["aim"]):
        tool = re.sub(r"^an? ", "my ", used["tool"])
        be = "are" if re.search(r"(?<!s)s$", tool) else "is"
        to.said(f"What {be} {tool} for?", f"what {tool} {be} for")
        to.verb("what", "use", f"for {used['aim']}")
    return to.asks


def _herds(clause: Clause) -> list[Ask]:
    """ "Who has llamas?" of somebody who does something with his."""
    found = _HERDS.search(clause.rest)
    mine = found and found["what"].removesuffix("s") in PETS and is_person_said(clause)
    if not found or not mine or is_person(subject_in_sentence(clause.subject).split()[0]):
        return []
    return [Ask(f"Who has {found['what']}?", f"who has {found['what']}")]
