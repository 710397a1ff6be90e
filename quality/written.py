"""Whether a question that a model wrote about a memory may be asked: the memory alone must answer it.

A question nobody's statement answers, trained with that statement as its answer, teaches the model to say
something whenever it is asked. So what is asked for (a time, a place, a number, a colour, a reason, a name)
must be in the statement, no name or number may come from elsewhere, and any other word the question brings
must be one that people bring when they ask.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache

from data.grammar_slots import implied
from data.lexicon import COLOURS, KIN, MONTH_NAMES, PETS, STOPWORDS, WEEKDAY_NAMES
from data.synonyms import OTHER_WORDS
from data.written import load_written
from quality.misasked import NUMBER_WORDS, misasks
from quality.verification import unsupported

MOST_WORDS = 16
# In how many facts people brought a word before it counts as one they bring.
_OFTEN = 4
_OPENING = re.compile(
    r"(?:(?:In|On|At|For|From|To|By|With|Until|Since|Of|About|During|After|Under|Behind) )?"
    r"(?:What|Which|Who|Whom|Whose|Where|When|Why|How)(?:'s|'re)?\b",
    re.IGNORECASE,
)
_ME = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|me|my|mine|myself|we|we're|we've|our|us)\b", re.IGNORECASE)
_TITLES = "Mr Mrs Ms Dr Dad Mum Mom"
_YOU = re.compile(r"\byou(?:r|rs|'re|'ve)?\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.?!] )(?<!^)\b(?!I\b)[A-ZÀ-Þ][\w'’-]*")
_BACKWARDS = re.compile(
    r"Who(?:se)?\b(?!(?:'s| is) my\b)|Which of my\b|"
    r"What (?:is|happens|happened|starts|do I (?:do|have)|did I do) (?:on|in|at)\b"
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_TIME = re.compile(
    rf"\d|\b(?:{'|'.join((*MONTH_NAMES, *(f'{day}s?' for day in WEEKDAY_NAMES)))}|{NUMBER_WORDS}|spring|"
    r"summer|autumn|fall|winter|morning|afternoon|evening|night|noon|midnight|day|daily|weekly|monthly|week|weekend|"
    r"weekends|month|year|years|today|tomorrow|yesterday|tonight|ago|since|last|next|every|before|after|"
    r"until|christmas|easter|born|birthday|dawn|lunch|dinner|breakfast|when|while|during|always|never|once)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|on|to|from|near|behind|under|above|over|by|into|through|across|around|between|beside|off|"
    r"along|beneath|inside|outside|next|opposite|live|lives|street|home|here|there|abroad|upstairs)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"\d|\b(?:{NUMBER_WORDS}|an?|half|dozen|twice|once|every|daily|weekly|couple|few|several|pair|hundred|"
    r"thousand|all|each|always|never|often|rarely|sometimes)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|so|to|for|as|after|due|over|thanks|of|from|and|but|until)\b|,", re.IGNORECASE
)
_SAID_AS = {
    "colou?r": "|".join(sorted(COLOURS)),
    "name|named|called": r"called\b|named?\b|nickname|(?-i:(?!I\b)[A-ZÀ-Þ])",
    "birthday|born": rf"birthday\b|born\b|turn(?:s|ed|ing)? (?:\d|{NUMBER_WORDS})",
    "surname|last name": r"surname\b|last name\b",
    "middle name": r"middle name\b",
}
_ASKED_FOR = (
    (r"^(?:\w+ )?(?:when|(?:what|which) (?:date|day|time|month|year|weekday|season))\b", _TIME),
    (
        r"^(?:\w+ )?(?:where|(?:what|which) (?:town|city|place|country|street|village|island|room|floor|"
        r"region|state|part of))\b",
        _PLACE,
    ),
    (r"\bhow (?:many|much|old|long|far|big|tall|often|heavy|high|large|fast)\b|\bage\b", _COUNT),
    (r"^why\b|\breason\b", _REASON),
    *((rf"\b(?:{words})\b", re.compile(rf"\b(?:{told})", re.I)) for words, told in _SAID_AS.items()),
)
_WORK = re.compile(r"\bfor (?:a living|work)\b|\b(?:job|profession|occupation|trade|career)\b", re.IGNORECASE)
_SOMEBODY = KIN | PETS
_SAYS_NOTHING = STOPWORDS | frozenset("what have do get go be going doing thing things something".split())
# What is asked for, and what must then have been told.
_WANTED = tuple((re.compile(asked, re.IGNORECASE), told) for asked, told in _ASKED_FOR)


def unfit(question: str, statement: str, names: Collection[str] = ()) -> str:
    """Why a question may not be asked of a statement; empty when it may.

    `names` may be said although the statement lacks them, as the name of its subject.
    """
    words = question.rstrip("?").split()
    if not question.endswith("?") or not _OPENING.match(question) or not 3 <= len(words) <= MOST_WORDS:
        return "is no open question"
    if _YOU.search(question):
        return "speaks to the assistant"
    known = f"{statement} {' '.join(names)}"
    strange = [name for name in _NAME.findall(question) if _bare(name) not in f"{known} {_TITLES}"]
    if strange:
        return f"brings the name {strange[0]!r}"
    if [number for number in _NUMBER.findall(question) if number not in known]:
        return "brings a number"
    if not _ME.search(question) and not _NAME.search(question):
        return "is about nobody"
    # A capital at the start of a statement is no name.
    if any(asked.search(question) and not told.search(statement[1:]) for asked, told in _WANTED):
        return "asks for what was not told"
    if _WORK.search(question) and not {"job", "employer"} & {*implied(statement)}:
        return "asks for work that was not told"
    if misasks(question, statement):
        return "asks for more than was told"
    new = unsupported(question, known)
    somebody = [word for word in new if word in _SOMEBODY and word not in _same(known)]
    if somebody:
        return f"is about another, {somebody[0]!r}"
    if {word.casefold() for word in words} <= _SAYS_NOTHING:
        return "asks for nothing in particular"
    brought = [word for word in new if word not in asking_words()]
    if brought:
        return f"brings the word {brought[0]!r}"
    return ""


def _same(text: str) -> set[str]:
    """Other words for whom a text names ("mum" where a mother was told of)."""
    said = set(re.findall(r"[^\W\d_]+(?:-in-law)?", text.casefold()))
    return {other for word in said for other in OTHER_WORDS.get(word, ())}


def _bare(name: str) -> str:
    """A name without its ending, a weekday without its plural."""
    name = name.removesuffix("s") if name.removesuffix("s") in WEEKDAY_NAMES else name
    return re.sub(r"['’](?:s|m|ve|d|ll|re)?$", "", name)


def leads_back(question: str, value: str) -> bool:
    """Whether a question names the value, so that it asks for whom or what it belongs to."""
    return bool(value) and not unsupported(value, question)


def sound_backwards(question: str, value: str) -> bool:
    """Whether a question that names the value is put as people ask back from one."""
    return bool(_BACKWARDS.match(question)) or question.casefold() in {
        f"what {verb} {value.casefold()}{tail}?" for verb in ("is", "are", "was") for tail in ("", " to me")
    }


@cache
def asking_words() -> frozenset[str]:
    """Words that people bring into a question although the fact does not hold them."""
    counts: Counter[str] = Counter()
    for one in load_written():
        counts.update({word for question in one.questions for word in unsupported(question, one.fact)})
    return frozenset(word for word, count in counts.items() if count >= _OFTEN)
