"""What a phrase with "my" takes for granted, wherever it stands: the day of an exam, a trade, an age.

"What do I wear to my interview at the port on 3 May" asks for clothes and tells of an interview.
"""

from __future__ import annotations

import re

from data.grammar_clauses import capitalise
from data.grammar_professions import profession
from data.lexicon import KIN, PETS
from quality.found import Found, aged, trim
from quality.fragments import EVENT
from quality.names import CAP

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|"
    r"apr|jun|jul|"
    r"aug|sept?|oct|nov|dec)"
)
_DAY = (
    rf"(?:(?:on |in |this |next |at )*(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} "
    rf"\d{{1,2}}(?:st|nd|rd|th)?|"
    rf"\d{{1,2}}(?:st|nd|rd|th)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|{_MONTH}|spring|summer|autumn|"
    rf"winter|week|month|"
    r"weekend)\b(?: at \d[\d:.]*(?: ?[ap]m)?)?)"
)
_AT = (
    rf"(?:(?:at|in|to|with|near|from) (?:the |a |an )?(?:(?-i:{CAP}(?: (?:of |de |la )?{CAP}){{0,3}})|"
    r"[a-z]+ (?:office|hall|school|church|clinic|hospital|museum|port|court|club|centre|center|library|"
    r"factory|lab)))"
)
_MY_EVENT = re.compile(
    rf"\b(?:my|our|(?:my|our) (?P<kin>{'|'.join(sorted(KIN, key=len, reverse=True))})'s) "
    rf"(?P<what>(?!(?:own|first|last)\b){EVENT})"
    rf"(?P<rest>(?:,? {_AT}|,? (?:is |'s )?{_DAY}){{1,3}})",
    re.IGNORECASE,
)
# What one passed, held or finished is over; what was booked or moved is still to come.
_HAPPENED = re.compile(
    r"\b(?!(?:booked|scheduled|planned|moved|changed|postponed|rebooked|rescheduled|confirmed|need|needed)\b)"
    r"(?:had|held|took|sat|did|ran|won|lost|got|\w{3,}ed)(?: \w+ly)? $",
    re.IGNORECASE,
)
_MY_JOB = re.compile(
    rf"\bmy (?:new |current |day |part[- ]time |weekend |summer )?(?:job|work|shifts?|role|position) (?:at|"
    rf"with|for) (?P<at>(?:the |a )?{CAP}(?: (?:& |and |of )?{CAP}){{0,3}})"
)
_MY_TRADE = re.compile(
    r"\bmy (?:new |current )?(?:job|work|role|career) as (?P<job>an? [a-z-]+(?: [a-z-]+)?)(?=[ ,.;!?]|$)",
    re.IGNORECASE,
)
_SHIFT = re.compile(
    r"\b(?:(?P<me>i)(?:'m|'ve| am| have|m)?|"
    rf"(?:(?:my|our) )?(?P<kin>{'|'.join(sorted(KIN, key=len, reverse=True))})(?:'s| is| has)?) "
    r"(?:got |on |doing |working |back on )*(?:an? |the |another )?(?:[a-z]+ )?shifts? "
    rf"(?P<where>(?:at|in) (?:the |an? )?(?:(?-i:{CAP}(?: {CAP})*)|[a-z]{{3,}}(?: (?:home|office|shop|"
    r"station|centre|center|ward))?))",
    re.IGNORECASE,
)
_MY_STUDY = re.compile(
    r"\bmy (?P<what>(?:[a-z]+ )?(?:degree|masters?|phd|thesis|dissertation|diploma|bachelors?|"
    r"apprenticeship|a-levels?)) (?:in|on) "
    r"(?P<value>[a-z][\w -]{2,30}?)(?=[,.;!?]|$| (?:at|is|was|and|but|so|in|i|this|next|for)\b)",
    re.IGNORECASE,
)
_AGED_ONE = re.compile(
    rf"\b(?:my|our) (?P<age>\d{{1,2}})(?: |-)?(?:year|yr|yo|y/o|years)(?:[- ]?old)? ?(?:old "
    rf")?(?P<who>{'|'.join(sorted(KIN | PETS | {'boy', 'girl', 'lad'}, key=len, reverse=True))})?\b",
    re.IGNORECASE,
)
_MONTHS_OLD = re.compile(
    rf"\b(?:my|our) (?P<age>\d{{1,2}})(?: |-)(?P<unit>month|week)s?(?:[- ]old) "
    rf"(?P<who>{'|'.join(sorted(KIN | PETS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_LIKE_ME = re.compile(
    r"\b(?:person|someone|somebody|anyone|people|folks?|those|one|man|woman|adult|kid) (?:who|that) "
    r"(?P<what>can't|cannot|can not|don't|doesn't|"
    r"has|have|is|are|grew up|lives|works|speaks|hates|never|only|was born)(?P<rest> [^,.?!]{2,50}?)(?:, "
    r"(?:like|such as|so) me\b|\.? (?:me, i mean|that's me|"
    r"thats me|i mean me)| \(me\)| \(like me\)| \(that's me\))",
    re.IGNORECASE,
)
_LIKE_ME_LATE = re.compile(
    r"\bsomeone who (?P<rest>grew up (?:in|on) (?P<place>[A-Z][\w'-]+))\b[^?]{0,40}[.!,] ?me, i mean",
    re.IGNORECASE,
)
_APART_FROM_ME = re.compile(
    r"\b(?:nobody|no one|none)(?: [\w' ]{2,30})? (?:apart from|except|but|besides|other than) me "
    r"(?P<verb>speaks|plays|has|owns|likes|eats|drives|"
    r"knows|works|lives|drinks) (?P<rest>[^,.;?!]{2,40}?)(?= so\b| and\b| but\b|[,.;?!]|$)",
    re.IGNORECASE,
)
_NO_WORKPLACE = frozenset(
    "the work night noon once moment morning evening afternoon hour hours minute bit weekend least six seven "
    "eight nine ten five four three two hell".split()
)
_BASE = {
    "has": "have",
    "is": "am",
    "are": "am",
    "doesn't": "don't",
    "lives": "live",
    "works": "work",
    "speaks": "speak",
    "hates": "hate",
}


def like_me(text: str) -> list[Found]:
    """What is said of anyone "like me", even where the rest only asks what would be."""
    return _like_me(text)


def presupposed(text: str) -> list[Found]:
    """Every fact that a phrase of a sentence takes for granted."""
    return [*_events(text), *_work(text), *_ages(text)]


def _events(text: str) -> list[Found]:
    found = []
    for match in _MY_EVENT.finditer(text):
        if _HAPPENED.search(text[: match.start()]):
            continue
        rest = re.sub(r"^,? (?:is |'s )?|,", "", trim(match["rest"]))
        rest = re.sub(r"\b(?:is|'s) ", "", rest)
        owner = f"my {match['kin'].lower()}'s" if match["kin"] else "my"
        subject = f"{owner} {match['what'].lower()}"
        if re.match(rf"(?:the )?(?:\d|{_MONTH}\b)", rest, re.IGNORECASE):
            rest = f"on {rest}" if re.search(r"\d", rest) else f"in {rest}"
        found.append(Found(subject, "be", rest, f"{capitalise(subject)} is {rest}.", "plan", "", 0.7))
    return found


def _work(text: str) -> list[Found]:
    found = []
    for match in _MY_JOB.finditer(text):
        found.append(
            Found("I", "employer", match["at"], f"I work at {match['at']}.", "fact", "i|employer", 0.7)
        )
    for match in _MY_TRADE.finditer(text):
        job = next((j for j in (match["job"], " ".join(match["job"].split()[:2])) if profession(j)), "")
        if job:
            found.append(Found("I", "job", job, f"I work as {job}.", "fact", "i|job", 0.7))
    for match in _SHIFT.finditer(text):
        where = match["where"]
        if where.split()[-1].lower() in _NO_WORKPLACE:
            continue
        if match["me"]:
            place = where.split(" ", 1)[1]
            found.append(Found("I", "employer", place, f"I work {where}.", "fact", "i|employer", 0.7))
        else:
            who = f"my {match['kin'].lower()}"
            found.append(Found(who, "work", where, f"{capitalise(who)} works {where}.", "fact", "", 0.7))
    for match in _MY_STUDY.finditer(text):
        what = match["what"] if match["what"][1:] != match["what"][1:].lower() else match["what"].lower()
        subject, value = f"my {what}", f"in {match['value']}"
        found.append(Found(subject, "be", value, f"{capitalise(subject)} is {value}.", "fact", "", 0.7))
    return found


def _ages(text: str) -> list[Found]:
    found = []
    for match in _AGED_ONE.finditer(text):
        found.append(aged(f"my {(match['who'] or 'child').lower()}", match["age"], 0.7))
    for match in _MONTHS_OLD.finditer(text):
        who, age = f"my {match['who'].lower()}", f"{match['age']} {match['unit'].lower()}s"
        found.append(Found(who, "age", age, f"{capitalise(who)} is {age} old.", "fact", f"{who}|age", 0.7))
    return found


def _like_me(text: str) -> list[Found]:
    found = []
    for match in _LIKE_ME.finditer(text):
        verb = _BASE.get(match["what"].lower(), match["what"].lower())
        rest = match["rest"].strip()
        value = f"{verb} {rest}"
        negative = verb in {"can't", "cannot", "can not", "don't", "never"}
        relation = f"not {rest.split()[0]}" if negative else verb
        found.append(Found("I", relation, rest, f"I {value}.", "fact", "", 0.7))
    for match in _LIKE_ME_LATE.finditer(text):
        if match["place"][:1].isupper():
            found.append(Found("I", "origin", match["place"], f"I {match['rest']}.", "fact", "i|origin", 0.7))
    for match in _APART_FROM_ME.finditer(text):
        verb = _BASE.get(match["verb"].lower(), match["verb"].lower().removesuffix("s"))
        rest = trim(match["rest"])
        found.append(Found("I", verb, rest, f"I {verb} {rest}.", "fact", "", 0.7))
    return found
