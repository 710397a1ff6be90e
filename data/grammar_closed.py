"""Yes/no questions in other words than the statement's: "Is Rex my dog's name?", "Am I based in Graz?".

Pure functions of the parts of a statement. What was told, what was not and what stands falsely in its place
go through the same rules, so that no wording gives the answer away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.grammar import is_person, is_pet, polar, possessive, somebody, subject_in_sentence
from data.grammar_clauses import Clause, capitalise, parse
from data.grammar_gaps import complex_rest
from data.grammar_natural_names import proper
from data.grammar_natural_times import split_time
from data.grammar_professions import former, trade
from data.grammar_slots import BUSINESS
from data.grammar_ties import CHRISTENED
from data.grammar_variants import simpler
from data.lexicon import COLOURS, MONTH_NAMES, WEEKDAY_NAMES
from data.synonyms import is_condition, is_country, kind_of

_BE = {"I": "am", "We": "are"}
_LIKED = frozenset("like love enjoy adore".split())
_DISLIKED = frozenset("hate dislike detest loathe".split())
_SITUATED = re.compile(r"in (?P<place>(?:the )?[A-Z][\w'’.-]*(?:,? [A-Z][\w'’.-]*)*)")
_HIRED = re.compile(r"(?:at|for) (?P<firm>(?:the |an? )?[\w'’&.-]+(?: (?!in\b|on\b|near\b)[\w'’&.-]+){0,3})")
_AFRAID = re.compile(r"(?:scared|afraid|frightened) of (?P<what>[\w' -]+)")
_ALLERGIC = re.compile(r"allergic to (?P<what>[\w' -]+)")
_FAVOURITE = re.compile(
    r"my (?:all[- ]time )?favou?rite "
    r"(?P<kind>(?!things?\b|part\b)(?!.*\b(?:to|about|that|for|in|on)\b)[\w -]+)"
)
_AIM = re.compile(r"to (?P<what>[a-z]+\b.*)")
_OWNED = frozenset("instrument car bike phone laptop camera console motorbike watch tablet".split())
_RIDDEN = frozenset({"car", "bike", "motorbike"})
_SKILLS = frozenset({"instrument", "language", "game"})
_LEARNT = re.compile(r"(?P<doing>learning|studying) (?P<what>(?!to\b|how\b|about\b)[\w' -]+)")
_MAKE = re.compile(r"an? [\w -]*[A-Z][\w -]*")
_YEAR = re.compile(rf"\b((?:on |in )(?:\d\d? )?(?:{'|'.join(MONTH_NAMES)})) (?:19|20)\d\d\b")
_MILKY = re.compile(
    r"(?P<cup>(?:my|our|his|her|their) (?:coffee|tea)) with (?P<what>(?:[a-z]+ )?(?:milk|cream))"
)
_DAY = re.compile(rf"(?:{'|'.join(WEEKDAY_NAMES)})s?")


@dataclass(frozen=True, slots=True)
class Closed:
    """A yes/no question; `way` names its wording, which is the same whatever value stands in it."""

    way: str
    question: str


class _Asked:
    """Collects the questions about one subject, with "be", "do" and "have" in its person."""

    def __init__(self, clause: Clause) -> None:
        self.who = subject_in_sentence(clause.subject)
        several = clause.aux in {"are", "were"} or clause.tense == "base"
        self.be = _BE.get(clause.subject, "are" if several else "is")
        self.do = "do" if clause.subject in _BE or several else "does"
        self.have = "have" if self.do == "do" else "has"
        self.whose = {"I": "my", "We": "our"}.get(clause.subject) or possessive(self.who)
        self.found: list[Closed] = []

    def add(self, way: str, question: str) -> None:
        self.found.append(Closed(way, f"{capitalise(question)}?"))

    def does(self, way: str, said: str) -> None:
        self.add(way, f"{self.do} {self.who} {said}")

    def is_(self, way: str, said: str) -> None:
        self.add(way, f"{self.be} {self.who} {said}")


def closed(subject: str, relation: str, value: str, statement: str) -> list[Closed]:
    """The yes/no questions whether a positive statement holds, the one in its own words first."""
    clause = parse(statement)
    if clause is None or clause.negative or clause.lead or complex_rest(clause):
        return []
    own = polar(clause)
    asked = [Closed("said", own)] if own else []
    if relation == "name" or relation == "is" and value.startswith("called "):
        asked += _named(subject, value.removeprefix("called "))
    elif relation == "favourite" or relation == "is" and _FAVOURITE.fullmatch(subject):
        asked += _best(subject, value)
    else:
        asked += [Closed(f"simpler {i}", q) for i, one in enumerate(simpler(clause)) if (q := polar(one))]
        asked += [one for form in (clause, *simpler(clause)) for one in _reworded(form)]
    short = [Closed(f"{one.way} yearless", yearless(one.question)) for one in asked]
    asked = [*asked, *short]
    ways: dict[str, Closed] = {}
    for one in asked:
        if one.question not in {known.question for known in ways.values()}:
            ways.setdefault(one.way, one)
    return list(ways.values())


def yearless(question: str) -> str:
    """A question without the year behind its month, as one asks of what is near."""
    return _YEAR.sub(r"\1", question)


def _named(subject: str, value: str) -> list[Closed]:
    """Whether somebody or something bears a name."""
    if subject == "I":
        return [
            Closed("is it mine", f"Is {value} my name?"),
            Closed("am I called", f"Am I called {value}?"),
            Closed("do I go by", f"Do I go by the name of {value}?"),
        ]
    if re.search(r"(?<!s)s$", subject) or " and " in value:
        return []
    found = [
        Closed("its name", f"Is {value} {possessive(subject)} name?"),
        Closed("name is", f"Is {possessive(subject)} name {value}?"),
        Closed("name of", f"Is {value} the name of {subject}?"),
        Closed("is it", f"Is {value} {subject}?"),
    ]
    if not subject.startswith("my ") or is_person(subject):
        return found
    if is_pet(subject) or subject.split()[-1] in CHRISTENED:
        found.append(Closed("do I call", f"Do I call {subject} {value}?"))
    if not is_pet(subject):
        return found
    kind = subject.removeprefix("my ")
    if re.fullmatch(r"[a-z]+", kind):
        an = "an" if kind[0] in "aeiou" else "a"
        found.append(Closed("do I have", f"Do I have {an} {kind} called {value}?"))
    return found


def _best(subject: str, value: str) -> list[Closed]:
    """Whether something is what one likes best of its kind."""
    be = "Are" if re.search(r"(?<!s)s$", subject) else "Is"
    asked = [Closed("is it", f"{be} {value} {subject}?")]
    kind = _FAVOURITE.fullmatch(subject)
    if kind and be == "Is":
        asked += [
            Closed("like best", f"Is {value} the {kind['kind']} I like best?"),
            Closed("like most", f"Is {value} the {kind['kind']} I like the most?"),
            Closed("prefer", f"Is the {kind['kind']} I like best {value}?"),
        ]
    return asked


def _reworded(clause: Clause) -> list[Closed]:
    """The same question by the slot or the verb of the clause; none of what is over."""
    if clause.tense == "past" or clause.aux not in {"", "am", "is", "are"} or clause.adverbs:
        return []
    asked = _Asked(clause)
    if clause.copula:
        (_of_somebody if somebody(clause.subject) or clause.subject == "We" else _of_a_thing)(asked, clause)
    else:
        _of_a_deed(asked, clause)
    return asked.found


def _of_somebody(to: _Asked, clause: Clause) -> None:
    rest = clause.rest
    if trade(rest) and not former(rest):
        to.does("work as", f"work as {rest}")
        to.is_("by profession", f"{rest} by profession") if len(rest.split()) <= 3 else None
        to.does("earn", f"make a living as {rest}")
    age = re.fullmatch(r"(?P<years>\d+|[a-z]+) years old", rest)
    if age:
        to.is_("bare age", age["years"])
        to.add("age is", f"is {to.whose} age {age['years']}")
    if rest.startswith("from ") and proper(rest[5:]):
        to.does("come", f"come {rest}")
        to.add("where from", f"is {rest[5:]} where {to.who} {'come' if to.do == 'do' else 'comes'} from")
    allergic, afraid = _ALLERGIC.fullmatch(rest), _AFRAID.fullmatch(rest)
    if allergic:
        to.does("allergy", f"have an allergy to {allergic['what']}")
        to.add("avoid", f"should {to.who} stay away from {allergic['what']}")
        to.add("got", f"{to.have} {to.who} got an allergy to {allergic['what']}")
    if afraid:
        to.is_("afraid", f"afraid of {afraid['what']}")
        to.is_("scared", f"scared of {afraid['what']}")
        to.does("fear", f"have a fear of {afraid['what']}")
    learnt = _LEARNT.fullmatch(rest)
    if learnt:
        to.is_("learning", f"learning {learnt['what']}")
        to.is_("studying", f"studying {learnt['what']}")
        to.add("something", f"is {learnt['what']} something {to.who} {to.be} learning")


def _of_a_thing(to: _Asked, clause: Clause) -> None:
    """Of "my X": its make, its colour, its day, its name or number."""
    rest, own = clause.rest, to.who
    mine = own.startswith("my ") and "'s " not in own and to.be == "is"
    _, when = split_time(rest)
    if rest.lower() in COLOURS and mine:
        to.add("colour of", f"is {rest} the colour of {own}")
        to.add("colour is", f"is the colour of {own} {rest}")
    elif mine and _MAKE.fullmatch(rest) and kind_of(rest) in _OWNED:
        to.add("I have", f"do I have {rest}")
        to.add("I own", f"do I own {rest}")
        if kind_of(rest) == "car":
            to.add("I drive", f"do I drive {rest}")
    elif when == rest and rest.startswith("on ") and own.startswith("my "):
        day = rest.removeprefix("on ")
        if own.endswith("birthday"):
            to.add("date is", f"is {day} {own}")
            born = re.fullmatch(r"my birthday|(?P<who>my [\w ]+)'s birthday", own)
            if born and not re.search(r"\d{4}", day):
                to.add("born", f"was {born['who'] or 'I'} born {rest}")
            return
        to.add("do I have", f"do I have {own} {rest}")
        to.add("day of", f"is {day.removesuffix('s') if _DAY.fullmatch(day) else day} the day of {own}")
    elif proper(rest) and not when or re.fullmatch(r"[£$€]?\d[\d.,:]*", rest):
        be = to.be
        to.add("is it", f"{be} {rest} {own}")


def _of_a_deed(to: _Asked, clause: Clause) -> None:
    base, rest = clause.base, clause.rest
    placed, hired = _SITUATED.fullmatch(rest), _HIRED.fullmatch(rest)
    if base == "live" and placed:
        place = placed["place"]
        to.add("where", f"is {place} where {to.who} {clause.verb}")
        to.add("home", f"is {to.whose} home in {place}")
        to.is_("based", f"based in {place}")
        if not is_country(place):
            to.is_("living", f"living in {place} now")
    elif base == "come" and rest.startswith("from ") and proper(rest[5:]):
        to.is_("from", rest)
        to.add("where", f"is {rest[5:]} where {to.who} {clause.verb} from")
    elif base == "work" and hired:
        firm = hired["firm"]
        if not firm.startswith(("a ", "an ")):
            to.add("where", f"is {firm} where {to.who} {clause.verb}")
        to.is_("employed", f"employed at {firm}")
        if re.match(r"(?:the )?[A-Z]", firm):
            to.does("work for", f"work for {firm}")
            to.add("employer", f"is {firm} {to.whose} employer")
    elif base == "work" and rest.startswith("as ") and trade(rest[3:]):
        to.is_("is", rest[3:])
        to.does("earn", f"make a living {rest}")
        to.add("job", f"is {to.whose} job working {rest}")
    elif base in {"drink", "take", "have"} and (cup := _MILKY.fullmatch(rest)):
        to.does("take in", f"take {cup['what']} in {cup['cup']}")
        to.does("put in", f"put {cup['what']} in {cup['cup']}")
    elif base in {"run", "own", "manage"} and BUSINESS.fullmatch(rest):
        to.does("have", f"have {rest}" if rest.startswith("my own ") else f"{base} {rest}")
        to.add("got", f"{to.have} {to.who} got {rest}") if base == "own" or " own " in rest else None
    elif base == "have" and len(rest.split()) <= 6:
        _possession(to, rest)
    elif base == "teach" and re.fullmatch(r"[a-z]+|[A-Z][a-z]+", rest):
        to.is_("teacher", f"{_a(rest)} {rest} teacher")
        to.does("as teacher", f"work as {_a(rest)} {rest} teacher")
        to.add("subject", f"is {rest} what {to.who} {clause.verb}")
    elif base in {"drive", "ride"} and kind_of(rest) in _RIDDEN and _MAKE.fullmatch(rest):
        kind = kind_of(rest)
        to.add("its make", f"is {to.whose} {kind} {rest}")
        to.add("the one", f"is the {kind} {to.who} {clause.verb} {rest}")
    else:
        _by_liking(to, clause)


def _possession(to: _Asked, rest: str) -> None:
    to.add("got", f"{to.have} {to.who} got {rest}")
    thing = re.match(r"(?:an?|two|three|four|five|six|\d+) (?P<what>[\w -]+)$", rest)
    if thing and (kind_of(rest) in {*_OWNED, "pet"}):
        to.does("own", f"own {rest}")
        to.is_("owner", f"the owner of {rest}")
    elif is_condition(rest) and " " not in rest:
        to.does("suffer", f"suffer from {rest}")


def _by_liking(to: _Asked, clause: Clause) -> None:
    base, rest = clause.base, clause.rest
    aim = _AIM.fullmatch(rest)
    short = len(rest.split()) <= 4 and bool(rest)
    if base in {"want", "hope"} and aim:
        to.add("would like", f"would {to.who} like to {aim['what']}")
        to.does("hope", f"hope to {aim['what']}")
        to.does("want", f"want to {aim['what']}")
    elif base in _LIKED and short and not aim:
        to.does("like", f"like {rest}")
        to.is_("fond", f"fond of {rest}")
        to.does("enjoy", f"enjoy {rest}") if not proper(rest) else None
        to.is_("fan", f"a fan of {rest}")
    elif base in _DISLIKED and short and not aim:
        to.does("hate", f"hate {rest}") if base != "dislike" else None
        to.does("dislike", f"dislike {rest}")
        to.does("aversion", f"have something against {rest}")
    elif base in {"play", "speak"} and short and kind_of(rest) in _SKILLS:
        to.add("can", f"can {to.who} {base} {rest}")
        if kind_of(rest) == "language":
            to.add("one of", f"is {rest} a language {to.who} {clause.verb}")
        elif kind_of(rest) == "instrument" and rest.startswith("the "):
            to.add("one of", f"is {rest} an instrument {to.who} {clause.verb}")
    elif base == "support" and proper(rest):
        to.is_("fan", f"a fan of {rest}")
        to.is_("supporter", f"a supporter of {rest}")


def opposite(statement: str) -> list[Closed]:
    """Yes/no questions that what somebody likes or hates answers with no: "Do I like coriander?"."""
    clause = parse(statement)
    fit = clause and not (clause.negative or clause.lead or clause.aux or clause.adverbs)
    if clause is None or not fit or clause.tense == "past" or complex_rest(clause):
        return []
    if len(clause.rest.split()) > 5 or not clause.rest or _AIM.fullmatch(clause.rest):
        return []
    to, rest = _Asked(clause), clause.rest
    if clause.base in _DISLIKED:
        to.does("like", f"like {rest}")
        to.is_("fond", f"fond of {rest}")
        to.is_("fan", f"a fan of {rest}")
    elif clause.base in _LIKED:
        to.does("hate", f"hate {rest}")
        to.does("dislike", f"dislike {rest}")
        to.does("aversion", f"have something against {rest}")
    elif clause.base in {"drink", "take", "have"} and (cup := _MILKY.fullmatch(rest)):
        to.does("black", f"{clause.base} {cup['cup']} black")
    return to.found


def _a(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" else "a"
