"""Where a question may leave a gap: clauses in a clause, the object in front, the phrases behind.

Pure functions of the words behind a verb; the questions are built in data/grammar_questions.py.
"""

from __future__ import annotations

import re

from data.grammar_clauses import Clause
from data.lexicon import ADVERBS, CONJUNCTIONS, PREPOSITIONS, STOPWORDS
from data.lexicon_verbs import kinds

UNSURE = re.compile(
    r",|^(?:care|part|place|pride|advantage|time off|turns|notice|fun|sense|naps|a (?:nap|break|walk|"
    r"bath|shower))\b|"
    r"\b(?:that|who|which|from \w+(?: \w+)? to|between|so much|as much|more than|less than|than)\b",
    re.IGNORECASE,
)


def complex_rest(clause: Clause) -> bool:
    """Whether more than one clause hides in the rest, so that a gap would be unsure."""
    words = [w.lower().strip(",") for w in clause.rest.split()]
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if word in CONJUNCTIONS - {"and", "or", "that"} or (
            word in {"and", "but", "or"}
            and (
                following
                in {"i", "my", "we", "he", "she", "they", "it", "do", "don't", "am", "have", "is", "are"}
                or following in ADVERBS
            )
        ):
            return True
        if word == "i" or (
            word == "and"
            and kinds(following).keys() & {"third", "base", "past"}
            and "gerund" not in kinds(following)
            and following
            not in {
                "work",
                "play",
                "cook",
                "dance",
                "garden",
                "drink",
                "walk",
                "dream",
                "sleep",
                "paint",
                "water",
                "film",
                "house",
                "fish",
                "park",
                "run",
                "rock",
                "rap",
                "dress",
                "fox",
                "bike",
                "pet",
                "plant",
                "sport",
            }
        ):
            return True
    return False


def split_rest(rest: str) -> tuple[str, list[str]]:
    """The object in front and the prepositional phrases behind it."""
    words = rest.split()
    starts = [
        i
        for i, w in enumerate(words)
        if w in PREPOSITIONS - {"of", "like", "than", "as", "up", "down", "off", "out", "per"}
        and not (
            w == "to" and words[i - 1][-1:].isdigit() and words[i + 1 : i + 2] and words[i + 1][:1].isdigit()
        )
        and not (
            w.lower() == "to"
            and i + 1 < len(words)
            and not words[i + 1][:1].isupper()
            and (i == 0 or "base" in kinds(words[i + 1]))
            and words[i + 1].lower() not in STOPWORDS - {"be", "have", "do"}
        )
    ]
    if not starts:
        return rest, []
    bounds = [*starts, len(words)]
    phrases = [" ".join(words[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
    return " ".join(words[: starts[0]]), phrases


_NO_OBJECT = frozenset(
    (
        "as it them that so well too alone together away home me out up hard late early better more less "
        "what how when where why who if back over around along abroad and or but of not "
        "us me him her you much enough anymore often next upstairs downstairs nights each"
    ).split()
)


def names_an_object(target: str) -> bool:
    """Whether a noun phrase names a thing that a question can ask for."""
    first = target.split()[0].lower().strip(",")
    if re.fullmatch(r"\w{4,}ly", target) and first not in {"family", "jelly", "italy"}:
        return False
    wished = re.search(r"(?<=\w) to (\w+)", target)
    if target.lower().endswith((" ago", " away")) or wished and "base" in kinds(wished[1]):
        return False
    if re.match(
        r"(?:an? (?:lot|bit|little|few times|while|mile)|lots|all|every|part|full|too|many times|most|"
        r"both|half|less|nothing|something|anything|everything)\b",
        target,
        re.IGNORECASE,
    ):
        return False
    return first not in ADVERBS | _NO_OBJECT
