"""What a model's question asks that the statement it was written about does not answer.

Each rule knows one way in which small models go wrong: a sort of thing nobody named, a giver for a receiver,
a month for a week, a place in which nothing was said to happen.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from data.hypernyms import is_food, sort_of
from data.lexicon import MONTH_NAMES, NUMBERS, PREPOSITIONS, STOPWORDS, WEEKDAY_NAMES
from data.lexicon_verbs import kinds
from data.synonyms import is_condition, kind_of
from quality.verification import unsupported

NUMBER_WORDS = "|".join(sorted(NUMBERS.keys() - {"a", "an"}))
# As many letters of a word stay the same in its other forms.
_STEM = 4
_TIME = rf"(?:(?:an? |the )?(?:\d|today|tomorrow|{'|'.join((*MONTH_NAMES, *WEEKDAY_NAMES))}))"
_TO_BE = r"(?:am|is|are|was|were|'s)"
_TO_DO = r"(?:do|does|did)"
# What is asked, and what must then have been told.
_TOLD_WITH = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (r"\babout\b", r"\babout\b"),
        (r"\bfor\?$", r"\bfor\b"),
        (r"\b(?:road|street)\b", r"\b(?:street|road|lane|avenue)\b"),
        (r"^where (?:is|are)\b(?!.*\bfrom\b)", r"^(?!.*\bfrom\b)"),
        (r"^(?!.*(?:n't|\bnot\b|\bno\b|dislike|hate))", r"^(?!.*(?:n't|\b(?:not|no|never|cannot)\b))"),
        *((rf"\b{unit}ly\b", rf"\b{unit}(?:ly|s)?\b") for unit in ("week", "month", "year")),
        (r"\bdaily\b", r"\bda(?:y|ys|ily)\b"),
        (r"\bmarried\b", r"\b(?:marr|wife|husband|spouse|wedding)"),
        (r"\bschool\b", r"\b(?:school|stud|pupil|class|grade|college|university|teach|taught|learn)"),
        (r"\bmakes?\?", r"\b(?:ma[dk]|bak|cook|kn[ie]t|sew|brew|carv|buil[dt]|paint|we?[ao]v|roast|print)"),
        (r"\bmiss(?:ing)?\b", r"\bmiss|\black"),
        (r"\b(?:my|our) house\b", r"\b(?:house|home|live|room|mov|here\b)"),
        (
            r"\bhow old\b|\bage\b",
            rf"\bold\b|\bage|\byear|\bturn|\bborn|\bbirthday|\bwhen \w+ was\b"
            rf"|\b(?:am|is|are|was|were|at|nearly|almost|only) (?:\d|(?:{NUMBER_WORDS})\b)",
        ),
        (r"\bfamily name\b", r"\b(?:family|last) name\b|surname\b"),
        (r"\blike\?$", r"\blike|\b(?:is|are|was|were)\b"),
        (r"\b(?:employer|boss)\b", r"\b(?:employ|work|boss|job|hire)"),
    )
)
_OUTER = re.compile(
    r"\b(?:in|at|during|by|with|from) (?:my|the|an?|our) (?:\w+ )?(?P<noun>[a-z]+)\b", re.IGNORECASE
)
_HOME = frozenset("family house household home world town".split())
_LOOSE = re.compile(
    rf"What (?:{_TO_DO}|am|is|are|have|has) (?!I have to do with)"
    rf".*?\b(?:have|had|get|got|getting|find|buy|wear|play|keep|drink"
    rf"|eat|do|doing|give) (?P<how>from|in|at|with|for|as|on) (?!a (?:living|hobby)|work\b|fun\b|{_TIME})",
    re.IGNORECASE,
)
_PREPOSITIONS = PREPOSITIONS - {"of"}
# An infinitive or a particle belongs to its verb ("want to be", "give up").
_BEHIND = re.compile(
    rf" (?:{'|'.join(sorted(_PREPOSITIONS - frozenset('to up down out off over'.split())))}) (?=\w)"
)
_SORTS = frozenset("book school tool food drink sport song illness condition".split())
_EATEN = re.compile(
    r"\b(?:eat|like|hate|love|can't stand|cannot stand|allergic|food|dish|taste)", re.IGNORECASE
)
_GIVEN = re.compile(rf"\b{_TO_DO} I ([a-z]+)\b", re.IGNORECASE)


def misasks(question: str, statement: str) -> bool:
    """Whether a question asks for more, or for something else, than the statement tells."""
    return any(rule(question, statement) for rule in _RULES)


def _beside(question: str, statement: str) -> bool:
    """Whether it asks for a view, a purpose, a place or a span of which the statement says nothing."""
    return any(asked.search(question) and not told.search(statement) for asked, told in _TOLD_WITH)


def _nothing(question: str, statement: str) -> bool:
    """Whether it says all of the statement and leaves nothing to answer ("What am I single?")."""
    if not re.match(r"(?:What|Which|Who is my)\b", question):
        return False
    said = [word for word in re.findall(r"[^\W_]+", statement.casefold()) if word not in STOPWORDS]
    asked = question.casefold()
    return all(word[:_STEM] in asked for word in said if word not in {"called", "named"})


def _of_a_kind(question: str, statement: str) -> bool:
    """Whether it asks which one, how many or what kind of what the statement only names."""
    which = re.match(
        r"(?:what|which) (?:(?:kind|sort|type|shade|make|brand) of )?(\w+)", question, re.IGNORECASE
    )
    if which and re.search(
        rf"\b(?:an?|the|my|our) {which[1]}\b(?! (?:(?-i:[A-Z])\w+ )?(?:is|was|are|were|called|named|\d))",
        statement,
        re.IGNORECASE,
    ):
        return True
    if re.search(r" (?:is|are) (?:called|named) ", statement) and re.search(
        r"\b(?:kind|sort|type|breed) of\b|^(?:What|Which) \w+ (?:do I have|have I got)\b", question
    ):
        return True
    many = re.search(r"\b(?:how many|number of) (\w+)", question, re.IGNORECASE)
    if many is None:
        return False
    counted = rf"(?:\d|\b(?:{NUMBER_WORDS})) (?:\w+ )?{many[1]}\b"
    return re.search(counted, statement, re.IGNORECASE) is None


def _of_a_sort(question: str, statement: str) -> bool:
    """Whether it asks for a dish, a book or an illness where none is known to be told of."""
    asked = re.match(r"(?:What|Which) (?:(?:kind|sort|type) of )?(\w+)", question)
    sort = asked[1].casefold() if asked else ""
    if sort not in _SORTS or not unsupported(sort, statement):
        return False
    if sort in {"illness", "condition"}:
        return not any(is_condition(word) for word in re.findall(r"[\w-]+", statement))
    words = re.findall(r"[\w'-]+", statement)
    if sort == "food" and (_EATEN.search(statement) or any(is_food(word) for word in words)):
        return False
    return not any(sort in {sort_of(word), kind_of(word)} for word in words)


def _object(question: str, statement: str) -> bool:
    """Whether it asks what was done where the statement gives the verb no object."""
    asked = _BEHIND.split(question.rstrip("?"))[0]
    found = re.match(rf"(?:What|(?:What|Which) (?:kind|sort|type) of \w+) {_TO_DO} .*?([a-z]+)$", asked)
    if not found or found[1] in {"do", "have"} or _PREPOSITIONS & {*asked.casefold().split()}:
        return False
    if "base" not in kinds(found[1]):
        return False
    words = re.findall(r"[^\W_]+", statement.casefold())
    at = next((n for n, word in enumerate(words) if not unsupported(found[1], word)), None)
    return at is not None and (at + 1 == len(words) or words[at + 1] in PREPOSITIONS)


def _roles(question: str, statement: str) -> bool:
    """Whether it takes one for another: a relative by marriage for one's own, who acts for who tells."""
    law = re.search(r"\b(\w+)[ -]in[ -]law\b", statement)
    if law and re.search(rf"\b{law[1]}\b(?![ -]in[ -]law)", question):
        return True
    given = _GIVEN.search(question)
    if given and not re.search(r"\b(?:I|we|we're|I'm)\b", statement, re.IGNORECASE):
        return bool(re.search(r" (?:me|us)\b", statement)) and not unsupported(given[1], statement)
    acting = re.match(r"Who (?!is\b|are\b|am\b|was\b|were\b|do\b|does\b|did\b|have I)", question)
    return bool(acting) and re.match(r"(?:I|We)\b", statement) is not None


def _elsewhere(question: str, statement: str) -> bool:
    """Whether it sets what was told somewhere nobody said ("What do I have from Fairphone?")."""
    if re.search(r"\b[Dd]oing (?:in|at|with|for|on|from) (?!" + _TIME + ")", question):
        return True
    outer = _OUTER.search(question)
    if outer and outer["noun"] not in _HOME and unsupported(outer["noun"], statement):
        return True
    loose = _LOOSE.match(question)
    if loose is None or loose["how"] == "with" and question.startswith("What did I do "):
        return False
    return not re.search(rf"\b{loose['how']}\b", statement)


def _oddly(question: str, statement: str) -> bool:
    """Whether nobody would put it so, or it is of the world."""
    return bool(
        re.search(
            r"^What (?:is|are) an? |^What do I have that|^Which name does|^Who (?:is|are) my \w+s\?$|"
            r"^What do I have (?!left|planned|today|tomorrow)[a-z]+\?$|^Who is an? [A-Z]|"
            r"^Who is .* called\?$",
            question,
        )
        or re.search(rf"^What (?:am|was) I (?:an? |in (?:an?|my) )|^What {_TO_BE} not\b", question)
        or re.search(r"(?<![A-ZÀ-Þ])\b[a-zà-þ]\w* to me\?$", question)
        or re.match(r"What is [A-ZÀ-Þ]\w+'s name", question)
        or re.match(r"What (?:is|are) my \w+\?$", question)
        and re.match(r"I have\b", statement)
        or (what := re.match(r"What (?:is|are) (?:my|our) ([a-z][a-z -]*)\?$", question))
        and re.match(rf"(?:My|Our) {what[1]} (?!(?:is|are|was|were)\b)", statement)
    )


_RULES: tuple[Callable[[str, str], bool], ...] = (
    _beside,
    _nothing,
    _of_a_kind,
    _of_a_sort,
    _object,
    _roles,
    _elsewhere,
    _oddly,
)
