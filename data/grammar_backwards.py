"""Questions from what was told back to whom or what it belongs to: "Who is Imke?", "What is on 4 May?".

Pure functions of the parts of a statement; nothing here knows what a dream is.
"""

from __future__ import annotations

import re

from data.grammar import is_person
from data.grammar_clauses import Clause, parse
from data.grammar_gaps import complex_rest
from data.grammar_natural_times import split_time
from data.grammar_questions import Ask, wh
from data.grammar_slots import of_clause
from data.lexicon_verbs import third
from data.synonyms import kind_of

_NAMED = re.compile(r"(?:the )?[A-Z][\w'’&.-]*(?: (?:of|the|and|[A-Z][\w'’&.-]*))*")
_MINE = re.compile(r"\b(?:my|me|our|us|myself|I)\b")
_TIED = frozenset("employer town origin favourite".split())
_BLAND = frozenset(
    "be have get do go make know think feel need want hope plan become seem use say let".split()
)


def backward(subject: str, relation: str, value: str, statement: str) -> list[Ask]:
    """The reversed questions of a memory; those a person would ask first are first."""
    if relation == "name" and subject != "I":
        return _named(subject, value)
    if relation == "birthday" or relation == "is" and subject == "my birthday":
        return [Ask(f"Whose birthday is on {value}?", f"whose birthday is on {value}")]
    clause = parse(statement)
    if clause is None or clause.negative or clause.lead:
        return []
    if subject == "I":
        return [*_ties(clause, relation, value), *_mine(clause)]
    return [*_event(clause, relation, value), *_theirs(clause)]


def _named(subject: str, value: str) -> list[Ask]:
    word = "Who" if is_person(subject) or kind_of(subject) == "pet" or "'s " in subject else "What"
    low = word.lower()
    asks = [Ask(f"{word} is {value}?", f"{low} {value} is")]
    if is_person(subject):
        asks += [
            Ask(f"Who is {value} to me?", f"who {value} is to me"),
            Ask(f"What is my connection to {value}?", f"what my connection to {value} is"),
            Ask(f"How do I know {value}?", f"how I know {value}"),
        ]
    else:
        asks.append(Ask(f"What is {value} to me?", f"what {value} is to me"))
    owned = re.match(r"(?:my|our) [\w\s-]+'s ([a-z -]+)$", subject)
    if owned:
        asks.append(Ask(f"Whose {owned[1]} is {value}?", f"whose {owned[1]} {value} is"))
    return asks


def _ties(clause: Clause, relation: str, value: str) -> list[Ask]:
    """What a place, a firm or a thing with a name has to do with the person."""
    names = [value] if relation in _TIED and _NAMED.fullmatch(value) else []
    if not names and ({"employer", "town"} & set(of_clause(clause))):
        found = re.search(rf"\b(?:at|for|in) ({_NAMED.pattern})", clause.rest)
        names = [found[1]] if found else []
    return [
        ask
        for name in names
        for ask in (
            Ask(f"What is my connection to {name}?", f"what my connection to {name} is"),
            Ask(f"What is {name} to me?", f"what {name} is to me"),
            Ask(f"What do I have to do with {name}?", f"what I have to do with {name}"),
        )
    ]


def _mine(clause: Clause) -> list[Ask]:
    """ "Who plays the bagpipes?" of something the person does."""
    rest = clause.rest
    unfit = not rest or "," in rest or _MINE.search(rest) or complex_rest(clause)
    if clause.subject != "I" or unfit or len(rest.split()) > 7:
        return []
    also = clause.adverbs in {"also", "just", "even", "still", "only"}
    adverbs = f"{clause.adverbs} " if clause.adverbs and not also else ""
    if clause.copula:
        if clause.aux != "am" or not re.match(r"(?:an? |the |from |allergic |learning |into )", clause.rest):
            return []
        said = f"is {adverbs}{clause.rest}"
    elif clause.tense == "base" and clause.base not in _BLAND:
        said = f"{adverbs}{third(clause.base)} {clause.rest}"
    elif clause.tense == "past" and clause.base not in _BLAND:
        said = f"{adverbs}{clause.verb} {clause.rest}"
    else:
        return []
    return [Ask(f"Who {said}?", f"who {said}")]


def _event(clause: Clause, relation: str, value: str) -> list[Ask]:
    """What happens at a time ("What is on 4 May?", "What starts at 5am?")."""
    rest, when = split_time(clause.rest)
    if not when or is_person(clause.subject):
        return []
    if clause.copula and not rest and when.startswith(("on ", "in ")):
        return [
            Ask(f"What {clause.aux} {when}?", f"what {clause.aux} {when}"),
            Ask(f"What do I have {when}?", f"what I have {when}"),
            Ask(f"What happens {when}?", f"what happens {when}"),
        ]
    if clause.tense == "third" and not rest and kind_of(clause.subject) != "pet":
        return [Ask(f"What {clause.verb} {when}?", f"what {clause.verb} {when}")]
    return []


def _theirs(clause: Clause) -> list[Ask]:
    found = [a for a in wh(clause) if a.question.startswith("Who ") and " I " not in a.question]
    unfit = not is_person(clause.subject) or not clause.rest or complex_rest(clause)
    if found or unfit or len(clause.rest.split()) > 8:
        return found
    if clause.aux in {"are", "were", "have", "do"} or clause.tense == "base":
        return []
    adverbs = "" if clause.adverbs in {"also", "just", "even", "still", "only"} else clause.adverbs
    said = " ".join(p for p in (adverbs, clause.aux, clause.verb, clause.rest) if p)
    return [Ask(f"Who {said}?", f"who {said}")]
