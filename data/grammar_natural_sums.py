"""Questions for a sum, a size or an amount: a salary, a rent, a price, a shoe size, kilos of honey."""

from __future__ import annotations

import re

from data.grammar import is_person, is_pet
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_natural_times import split_time
from data.grammar_types import ages
from data.lexicon import PREPOSITIONS

_MONEY = r"(?:about |around |roughly |over |almost |nearly )?[£$€]?\d[\d.,]*k?"
_CURRENCY = r"(?: ?(?:euros?|pounds?|dollars?|quid|bucks|francs|kroner|kronor|zloty|eur|gbp|usd|chf|€|£|\$))?"
_PER = r"(?P<per> (?:an?|per|each|every) (?:month|year|week|hour|day|night|term|lesson|session))?"
_SUM = re.compile(
    rf"(?P<sum>{_MONEY}{_CURRENCY}){_PER}(?: (?:before|after) tax| gross| net| in total| so far)?"
    r"(?P<tail> (?:on|for|from|in|of|with|at|to) .+)?"
)
_WAGES = frozenset("salary wage pay income wages".split())
_CHARGES = frozenset("rent mortgage".split())
_PENSIONS = frozenset("pension allowance scholarship grant stipend".split())
_UNITS = {
    unit: mass
    for mass, units in (
        (
            True,
            "kilo kilos kg kilogram kilograms gram grams g litre litres liter liters l tonne tonnes ton tons",
        ),
        (True, "day days week weeks pound pounds lb lbs ounce ounces pint pints gallon gallons"),
        (False, "jar jars bottle bottles loaf loaves cup cups bag bags box boxes crate crates pair pairs"),
        (False, "batch batches bucket buckets tray trays can cans glass glasses slice slices bar bars"),
    )
    for unit in units.split()
}
_NUMBER = (
    r"(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)"
)
_ABOUT = r"(?:about |around |over |almost |nearly |only |just )?"
_MEASURED = re.compile(rf"{_ABOUT}{_NUMBER} ?(?P<unit>[a-z]+)(?P<of> of)? (?P<what>.+)$")
_EVERY = re.compile(r"^(?P<what>.+?) (?P<per>(?:an?|per|every|each) (?:day|week|month|year|night))$")
_SIZE = re.compile(r"(?:an? )?(?:size|UK|EU|US) (?:\d[\w.,/]*|[XSML]+)|(?:extra )?(?:small|medium|large)")
_WORN_SIZE = re.compile(r"(?:an? )?size (?:\d[\w./]*|[XSML]+)(?P<tail> (?:in|at|for) .+)?")
_SIZE_OF = re.compile(
    r"my (?P<what>shoe|boot|ring|dress|shirt|glove|hat|collar|bra|trouser|jeans|waist) size"
)
_PAIRS = frozenset("shoe boot glove".split())
_GROUPS = frozenset("team class band choir family group department office company crew club".split())
_HOMES = frozenset("flat house apartment home cottage hotel school building".split())
_LASTING = re.compile(rf"{_ABOUT}{_NUMBER}(?: and a half)? (?:minutes?|hours?|mins|days|weeks|months|years)")
_FAR = re.compile(rf"{_ABOUT}{_NUMBER} ?(?:km|kilomet(?:res|ers)|miles)(?: long)?")
_LEVEL = re.compile(r"my (?P<what>[A-Z][a-z]+) level")


def summed(clause: Clause, rest: str, to: Asking) -> None:
    """All questions for how much, how many and what size."""
    if clause.copula:
        _is(clause, to)
        return
    if clause.aux not in {"", "have", "has"}:
        return
    _paid(clause, to)
    _traded(clause, to)
    _owed(clause, to)
    _often(clause, to)
    _measured(clause, to)
    if clause.base == "have" and not clause.aux:
        _counted(clause, to)
    if clause.base == "wear" and not clause.aux and (worn := _WORN_SIZE.fullmatch(rest)):
        tail = (worn["tail"] or "").strip()
        to.verb("what size", "wear", tail)
        to.be("what size", to.subject, tail, plural=clause.subject == "We")
        to.be("what", f"{to.whose} size", tail)
    if clause.base in {"take", "last"} and not clause.aux and _LASTING.fullmatch(rest):
        to.own("how long")
        to.be("how long", to.subject, plural=clause.tense == "base" and clause.subject != "I")


def _is(clause: Clause, to: Asking) -> None:
    """What "my X is" with a figure is asked for by."""
    rest, several = clause.rest, clause.aux in {"are", "were"}
    noun = to.subject.removeprefix("my ")
    if clause.subject == "I" and re.fullmatch(r"(?:an? )?size \d[\w.]*", rest):
        to.be("what size", "I")
        to.verb("what size", "wear")
        to.be("what", "my size")
        return
    if not clause.subject.startswith(("My ", "Our ")):
        return
    if _SIZE.fullmatch(rest) and not noun.endswith("size"):
        to.be("what size", to.subject, plural=several)
        to.be("what", f"the size of {to.subject}")
    sized = _SIZE_OF.fullmatch(to.subject)
    if sized and re.match(r"(?:an? )?(?:size )?\d|[XSML]+$", rest):
        what = sized["what"] + ("s" if sized["what"] in _PAIRS else "")
        to.said(f"What size {what} do I wear?", f"what size {what} I wear")
        to.said(f"What {sized['what']} size do I have?", f"what {sized['what']} size I have")
    level = _LEVEL.fullmatch(to.subject)
    if level:
        to.said(f"What level is my {level['what']}?", f"what level my {level['what']} is")
        to.said(f"How good is my {level['what']}?", f"how good my {level['what']} is")
    if noun.endswith(" rate") and rest[:1].isdigit():
        to.said(f"What rate is my {noun[:-5]} at?", f"what rate my {noun[:-5]} is at")
        to.said(f"What is the rate on my {noun[:-5]}?", f"what the rate on my {noun[:-5]} is")
    wide = re.fullmatch(
        rf"{_ABOUT}{_NUMBER} ?(?:cm|m|km|metres|feet|inches) (wide|long|deep|high|tall)", rest
    )
    if wide:
        to.be(f"how {wide[1]}", to.subject, plural=several)
    living = is_person(noun) or is_pet(noun) or ages(to.subject, rest)
    if _LASTING.fullmatch(rest) and not living or _FAR.fullmatch(rest):
        to.be("how long", to.subject, plural=several)
    money = _SUM.fullmatch(rest)
    if money and not money["tail"] and to.tense != "past":
        _pay(noun, money["per"] or "", to)


def _pay(noun: str, per: str, to: Asking) -> None:
    if noun in _WAGES:
        for question in ("How much do I earn", "What do I earn", "How much money do I make"):
            to.said(f"{question}?", question[:1].lower() + question[1:].replace(" do I", " I"))
        if per:
            to.said(f"How much do I earn{per}?", f"how much I earn{per}")
    elif noun in _CHARGES:
        paid = "How much rent do I pay" if noun == "rent" else f"How much do I pay for my {noun}"
        to.said(f"{paid}?", paid[:1].lower() + paid[1:].replace(" do I", " I"))
        to.said(f"How high is my {noun}?", f"how high my {noun} is")
    elif noun in _PENSIONS:
        to.said(f"How much {noun} do I get?", f"how much {noun} I get")


def _paid(clause: Clause, to: Asking) -> None:
    """How much somebody earns, pays and saves, and what a thing costs."""
    found = _SUM.fullmatch(clause.rest)
    if not found:
        return
    tail, per, sum_ = (found["tail"] or "").strip(), (found["per"] or "").strip(), found["sum"]
    if (
        clause.base in {"earn", "make"}
        and not clause.aux
        and not re.fullmatch(r"\w+", sum_ if not per else "")
    ):
        if clause.base == "make" and not per:
            return
        for base in ("earn", "make"):
            to.verb("how much", base, tail)
            to.verb("how much", base, f"{per} {tail}".strip()) if per else None
        if not tail:
            to.verb("what", "earn")
            to.verb("how much money", "make")
            if per.endswith("hour"):
                to.be("what", f"{to.whose} hourly wage")
            elif to.tense != "past":
                to.be("what", f"{to.whose} income")
                to.be("what", f"{to.whose} salary") if clause.base == "earn" else None
    elif clause.base == "pay" and not clause.aux:
        bought = re.fullmatch(r"for ((?:my|our|the|an?) [\w' -]+)", tail)
        rent = re.fullmatch(r"(?:in|of|for|on) (?:my |our )?(rent|mortgage)", tail)
        if rent:
            to.verb(f"how much {rent[1]}", "pay") if rent[1] == "rent" else to.verb("how much", "pay", tail)
            to.be("how much", f"{to.whose} {rent[1]}")
            to.be("what", f"{to.whose} {rent[1]}")
        elif bought:
            thing = re.sub(r"^an? ", f"{to.whose} ", bought[1])
            to.verb("how much", "pay", tail)
            to.verb("how much", "pay", f"for {thing}")
            do, cost = ("did", "cost") if to.tense == "past" else ("does", "costs")
            if not thing.endswith("s") or thing.endswith("ss"):
                to.said(f"How much {do} {thing} cost?", f"how much {thing} {cost}")
                to.said(f"What {do} {thing} cost?", f"what {thing} {cost}")
    elif clause.base == "spend" and tail.startswith("on ") or clause.base == "donate":
        to.own("how much", tail)
        to.own("how much", f"{per} {tail}") if per else None
    elif clause.base == "cost" and not tail:
        to.own("how much")
        to.own("what")
        to.own("how much", per) if per else None
        if clause.tense == "third":
            to.be("how much", to.subject)
    elif clause.base == "save" and (clause.aux or clause.tense == "past"):
        to.own("how much money")
        if clause.rest.endswith(" so far"):
            to.own("how much", "so far")
        if tail.startswith("for "):
            to.own("how much", tail)


_TRADED = re.compile(rf"^(?P<what>(?:my|our|the|an?) [\w' -]+?) for (?P<sum>{_MONEY}{_CURRENCY})$")


def _traded(clause: Clause, to: Asking) -> None:
    """What a thing was bought or sold for."""
    found = _TRADED.match(clause.rest) if clause.base in {"buy", "sell"} else None
    if not found or clause.tense != "past":
        return
    thing = found["what"]
    to.own("how much", f"{thing} for")
    if clause.base == "sell":
        to.own("what", f"{thing} for")
        to.verb("how much", "get", f"for {thing}")
    else:
        mine = re.sub(r"^an? ", f"{to.whose} ", thing)
        to.verb("how much", "pay", f"for {mine}")
        to.said(f"How much did {mine} cost?", f"how much {mine} cost")


_TO_ONE = re.compile(rf"^(?P<whom>my [a-z-]+|[A-Z][a-z]+) (?P<sum>{_MONEY}{_CURRENCY}){_PER}(?: for .+)?$")
_RENTED = re.compile(rf"^(?P<what>(?:an?|my) [a-z -]+) for {_MONEY}{_CURRENCY}{_PER}$")
_RATE = re.compile(
    rf"^{_ABOUT}{_NUMBER} (?P<what>[a-z]+s) (?P<per>(?:an?|per|every|each) (?:day|week|month|year|night))$"
)
_COINS = frozenset("euros pounds dollars quid francs bucks kilos grams litres liters pints".split())
_MOVING = frozenset("run walk cycle swim drive hike row jog".split())


def _owed(clause: Clause, to: Asking) -> None:
    """What is owed or paid to whom, given to what, and what a rented room costs."""
    owed = _TO_ONE.match(clause.rest) if clause.base in {"owe", "pay"} and not clause.aux else None
    if owed:
        to.own("how much", owed["whom"])
        to.own("how much", f"{owed['whom']}{owed['per']}") if owed["per"] else None
        if clause.base == "owe":
            to.own("how much money", owed["whom"])
            to.own("who", "money to")
    rented = _RENTED.match(clause.rest) if clause.base == "rent" and clause.tense == "base" else None
    if rented:
        thing = re.sub(r"^an? ", f"{to.whose} ", rented["what"])
        to.verb("how much rent", "pay")
        to.be("how much", f"{to.whose} rent")
        to.verb("how much", "pay", f"for {thing}")


def _often(clause: Clause, to: Asking) -> None:
    """ "How many steps do I walk a day?" and "How far do I run on Sundays?"."""
    rate = _RATE.match(clause.rest)
    if rate and rate["what"] not in _COINS and clause.base:
        to.own(f"how many {rate['what']}", rate["per"])
        to.own(f"how many {rate['what']}")
    done, when = split_time(clause.rest)
    if clause.base in _MOVING and _FAR.fullmatch(done):
        to.own("how far")
        to.own("how far", when) if when else None


def _measured(clause: Clause, to: Asking) -> None:
    """ "How much honey did I harvest?" of kilos, "How many jars of jam did I sell?" of jars."""
    found = _MEASURED.fullmatch(clause.rest)
    mass = _UNITS.get(found["unit"]) if found else None
    if not found or mass is None or not clause.base or not found["of"] and not mass:
        return
    every = _EVERY.match(found["what"])
    what, per = (every["what"], every["per"]) if every else (found["what"], "")
    cut = re.match(
        r"(?P<what>[a-z][a-z -]*?)(?P<tail> (?:in|on|at|from|for|to|with|last|this|every) .+)?$", what
    )
    words = cut["what"].split() if cut else []
    if not cut or not words or len(words) > 3 or set(words) & (PREPOSITIONS | {"my", "the", "each"}):
        return
    thing = cut["what"]
    if mass and not thing.endswith("s"):
        to.own(f"how much {thing}")
        to.own(f"how much {thing}", per) if per else None
    elif mass:
        to.own(f"how many {thing}")
    if found["unit"].endswith("s"):
        to.own(f"how many {found['unit']} of {thing}", per)


def _counted(clause: Clause, to: Asking) -> None:
    """ "How many people are in my team?" of a group with a number of members, or of rooms in a home."""
    found = re.fullmatch(
        rf"(?:about |around |over |only )?{_NUMBER} (?P<what>[a-z]+s|people|children)", clause.rest
    )
    subject, head = to.subject, to.subject.split()[-1].lower()
    if not found or not subject.startswith(("my ", "our ")) or to.tense == "past":
        return
    what = found["what"]
    if head in _GROUPS:
        to.said(f"How many {what} are in {subject}?", f"how many {what} are in {subject}")
        to.said(f"How many {what} are there in {subject}?", f"how many {what} there are in {subject}")
        if what in {"people", "members", "players", "children", "pupils", "students", "employees", "singers"}:
            to.said(f"How big is {subject}?", f"how big {subject} is")
    elif head in _HOMES:
        to.said(f"How many {what} are there in {subject}?", f"how many {what} there are in {subject}")
