"""What a remark beside a name or a role tells: "Mrs Oduya, who teaches my twins", "Isaura, my eldest".

Each rule reads one sentence for itself. The one spoken of is always tied to the person, by the role or by the
remark; a name that stands alone tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar import article
from data.grammar_clauses import capitalise
from data.grammar_professions import profession
from data.lexicon import KIN, PETS, STOPWORDS
from data.lexicon_verbs import kinds
from quality.found import Found, trim
from quality.names import CAP, NOT_NAMES, ROLE, is_name, named

_WHO_MINE = re.compile(
    rf"\b(?P<who>(?:(?:Mr|Mrs|Ms|Miss|Dr|Professor|Coach)\.? )?{CAP}),? who "
    r"(?P<doing>(?P<verb>[a-z]+) [^,.;?!]*?\b(?:my|our|me|us)\b[^,.;?!]*)(?=[,.;?!]|$)"
)
_CHILD = re.compile(
    rf"\b(?P<name>{CAP}), (?:my|our) (?P<role>eldest|youngest|oldest|middle one|younger one|older one)\b|"
    rf"\b(?:[Mm]y|[Oo]ur) (?P<role2>eldest|youngest|oldest|(?:younger|older|elder|middle) one),? "
    rf"(?P<name2>{CAP})\b(?!'s)|\b(?P<name3>{CAP}) is (?:my|our) (?P<role3>eldest|youngest|oldest)\b"
)
_ONE_IN = re.compile(
    rf"\b(?:my|our) (?P<role>{ROLE}),? (?:the one |back )?(?:over |out |down |up )?(?P<at>in|from|at) "
    rf"(?P<place>{CAP}(?: {CAP})?)(?=,|\.| and\b|$)",
)
# Where somebody was met is not where they live.
_MET = re.compile(r"\b(?:met|meet|meeting|married|saw|lost|left|dropped|picked up) $", re.IGNORECASE)
_ASKED_OF = re.compile(
    r"\b(?:can|do|does|are|should|why (?:do|are)|is it (?:true|normal) that) "
    r"(?P<what>(?:an? )?[\w+' -]{2,40}?) (?:people|persons?|folks|men|women|adults)\b",
    re.IGNORECASE,
)
_THAT_IS_ME = re.compile(r"^(?:that(?:'s|s| is) me|i(?:'m|m| am) one)\b", re.IGNORECASE)
_JUST_ME = re.compile(
    r"\b(?:just|only) me(?: and|,|\+| &) (?P<what>(?:the|my|our|an?) (?:[a-z]+ )?[a-z]{3,})"
    r"(?=[,.;!?]|$| in\b| at\b)",
    re.IGNORECASE,
)
_NICKNAME = re.compile(
    r"\b(?:everyone|everybody|my (?:friends|mates|family)|people|friends|most people) (?:just )?"
    rf"(?:says?|calls? me) (?P<name>{CAP})(?=[,.;!?]|$)"
)
_ORIGIN = re.compile(
    r"(?:^|[,.;] )(?:my )?(?P<who>mother|father|mum|mom|dad|gran|grandma|grandpa|wife|husband) "
    r"(?:is |was )?(?P<what>[A-Z][a-z]+(?:an|ish|ese|ian|ic|i))(?=[,.;!?]|$| and\b)"
)
_BORN = re.compile(
    rf"\b(?:me|i) (?:was )?born (?:and raised )?in (?P<place>{CAP}(?: {CAP})?)(?=[,.;!?]|$| and\b)"
)
_HERE = re.compile(
    r"(?:^|[,.!] )(?:an? )?(?P<what>(?:[a-z][\w-]*(?: [a-z][\w-]*)? )?(?:[a-z]+|"
    r"[A-Z][a-z]+(?:ian|an|ese|ish|ie|er)|Brit|Dane|Swede|Finn|Pole|Scot|Swiss|Dutch|French|"
    r"Welsh)) here(?=[,.!?]|$)"
)
_MY_MANY = re.compile(r"\b(?:[Mm]y|[Oo]ur) (?P<what>twins|triplets|stepkids|grandkids)\b")
_WHILE_IN = re.compile(
    r"\b(?:while|when|because|since|before) (?:i|we)(?:'m|m|'re| am| are) (?:away )?in "
    rf"(?P<place>{CAP}(?: {CAP})?)(?=[ ,.;!?]|$)"
)
_PACKING = re.compile(
    r"\b(?:packing list|itinerary|what (?:to|should i|do i) (?:pack|wear|bring)|day plan|travel plan)"
    rf"[\w ]{{0,12}}? (?:for|to|in) (?P<place>{CAP}(?: {CAP})?)(?=[,.;!?]|$| for\b| in\b| next\b)"
)
_GOING = re.compile(
    r"\b(?:i|we)(?:'m|m|'re|'ll| are| am| will)? (?:fly|leave|going|go|arrive|land|flying|leaving|be there|"
    r"booked|travel|staying)\b|\b(?:my|our) (?:trip|holiday|flight|honeymoon)\b",
    re.IGNORECASE,
)
GOODS = (
    r"(?:boots?|shoes|trainers|sneakers|sandals|jacket|coat|jeans|jumper|hoodie|rucksack|backpack|bag|handbag|watch|"
    r"laptop|tablet|phone|camera|headphones|earbuds|keyboard|mouse|printer|router|telly|tv|speaker|mug|pan|pot|skillet|"
    r"kettle|mixer|blender|oven|fridge|freezer|dishwasher|washer|dryer|vacuum|hoover|sofa|couch|desk|chair|mattress|"
    r"countertop|worktop|bike|scooter|car|van|truck|motorbike|tractor|boat|kayak|canoe|tent|guitar|bass|piano|cello|"
    r"violin|drill|saw|lathe|loom|kiln|mower|grill|barbecue|bbq|stove|boiler|telescope|drone|console|pram|buggy)"
)
_OWN_GOODS = re.compile(
    rf"\b(?:my|our) (?P<what>(?:(?!own\b)[a-z]+ ){{0,2}}(?:{CAP} )+(?:[a-z]+ )?{GOODS})(?=[ ,.;!?]|$)"
)
_OWN_MAKE = re.compile(
    r"\b(?:my|our) (?P<what>(?:old|new|trusty|beat[- ]up|ancient|vintage|second[- ]hand|used|grey|gray|black|"
    rf"white|red|blue|green|brown|yellow|pink|orange|silver) {CAP}(?: [A-Z0-9][\w-]*)*)(?=[ ,.;!?]|$)(?!'s)"
)
_ONLY_OWN = re.compile(
    r"\b(?:the )?only (?P<what>[a-z]+(?: [a-z]+)?) (?:that )?(?:i|we) (?:own|have|have got|'ve got) "
    r"(?:is|are) (?P<value>[^,.;?!]{2,40})",
    re.IGNORECASE,
)


def remarks(text: str, before: Sequence[str]) -> list[Found]:
    """Every fact a remark of a sentence tells, seen after the sentences before it."""
    return [*_people(text), *_myself(text, before), *_journey(text), *_goods(text)]


def _people(text: str) -> list[Found]:
    found = []
    for match in _WHO_MINE.finditer(text):
        base = kinds(match["verb"]).get("third") or kinds(match["verb"]).get("past")
        if base and is_name(match["who"]) and match["who"].lower() not in KIN:
            value = match["doing"].split(" ", 1)[1]
            found.append(
                Found(match["who"], base, value, f"{match['who']} {match['doing']}.", "fact", "", 0.7)
            )
    for match in _CHILD.finditer(text):
        name = match["name"] or match["name2"] or match["name3"]
        role = (match["role"] or match["role2"] or match["role3"]).removesuffix(" one")
        if is_name(name) and not kinds(name):
            found.append(named(f"{role} child", name))
    for match in _ONE_IN.finditer(text):
        if set(match["role"].split()) & KIN and not _MET.search(text[: match.start()]):
            where = "comes from" if match["at"] == "from" else "lives " + match["at"]
            who = f"my {match['role'].lower()}"
            base = "come" if match["at"] == "from" else "live"
            value = f"{match['at']} {match['place']}"
            statement = f"{capitalise(who)} {where} {match['place']}."
            found.append(Found(who, base, value, statement, "fact", "", 0.7))
    for match in _ORIGIN.finditer(text):
        who = f"my {match['who']}"
        found.append(
            Found(who, "be", match["what"], f"{capitalise(who)} is {match['what']}.", "fact", "", 0.7)
        )
    return found


def _myself(text: str, before: Sequence[str]) -> list[Found]:
    found = []
    asked = _ASKED_OF.search(before[-1]) if before and _THAT_IS_ME.match(text) else None
    if asked:
        what = asked["what"].strip()
        if set(what.lower().split()) - STOPWORDS:
            found.append(Found("I", "be", what, f"I am {what}.", "fact", "", 0.7))
    for match in _JUST_ME.finditer(text):
        what = match["what"].split(" ", 1)[1]
        if what.split()[-1] not in KIN | NOT_NAMES - PETS and not profession(article(what)):
            found.append(Found("I", "have", article(what), f"I have {article(what)}.", "fact", "", 0.7))
    for match in _NICKNAME.finditer(text):
        if is_name(match["name"]):
            name = match["name"]
            found.append(
                Found("I", "nickname", name, f"Everyone calls me {name}.", "fact", "i|nickname", 0.8)
            )
    for match in _BORN.finditer(text):
        place = match["place"]
        found.append(Found("I", "origin", place, f"I was born in {place}.", "fact", "i|origin", 0.8))
    for match in _HERE.finditer(text):
        what, last = match["what"], match["what"].split()[-1]
        if last[:1].isupper() or last in KIN or profession(article(last)) and len(what.split()) > 1:
            value = what if last[:1].isupper() else article(what)
            found.append(Found("I", "be", value, f"I am {value}.", "fact", "", 0.7))
    for match in _MY_MANY.finditer(text):
        found.append(Found("I", "have", match["what"], f"I have {match['what']}.", "fact", "", 0.7))
    return found


def _journey(text: str) -> list[Found]:
    match = _WHILE_IN.search(text) or (_PACKING.search(text) if _GOING.search(text) else None)
    if not match or not is_name(match["place"]):
        return []
    place = match["place"]
    return [Found("I", "go", f"to {place}", f"I am going to {place}.", "plan", "", 0.7)]


def _goods(text: str) -> list[Found]:
    found = []
    for pattern in (_OWN_GOODS, _OWN_MAKE):
        for match in pattern.finditer(text):
            what = trim(match["what"])
            head = next(w for w in what.split() if w[:1].isupper())
            if head.lower() not in NOT_NAMES and not set(what.split()) & KIN:
                value = what if what.endswith("s") else article(what)
                found.append(Found("I", "have", value, f"I have {value}.", "fact", "", 0.7))
    for match in _ONLY_OWN.finditer(text):
        value = trim(match["value"])
        found.append(Found("I", "have", value, f"I have {value}.", "fact", "", 0.7))
    return found
