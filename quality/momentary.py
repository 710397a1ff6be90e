"""What is over by tomorrow: where one sits, what is in the fridge, a meal, minutes left, a battery at 3 %.

Judges one parsed clause by its own words; what lasts or has a date is left to the other judges.
"""

from __future__ import annotations

import re

from data.grammar_clauses import Clause

_WHERE_NOW = re.compile(
    r"^(?:(?:still|just|now|currently|already|stuck|back) )*(?:on (?:the|a|my) (?:bus|train|tram|plane|"
    r"tube|metro|loo|toilet|"
    r"sofa|couch|phone|way|break|lunch break|treadmill|motorway)\b|on hold\b|in (?:a|the|another) "
    r"(?:meeting|queue|hurry|rush|"
    r"taxi|car|bath|shower|lift|call|traffic|waiting room|middle of)\b|in traffic\b|at (?:the|a) "
    r"(?:airport|gate|station|bus "
    r"stop|till|checkout|shops?|supermarket|gym)\b(?! (?:every|each|on \w+days))|at \d+ ?(?:%|percent)|out "
    r"of (?!(?:work|"
    r"prison|hospital|remission|town|the|my|his|her)\b)|down to (?:my|the) last\b|low on\b)",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"^(?:due|overdue|loading|buffering|looking at (?:me|us|you|it)|reading about .+|after \d.*)$",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"^(?:cold|flat|stale|quiet|mad|wild|viral|blank|soggy|mouldy|moldy|dead)$", re.IGNORECASE
)
_MEAL = re.compile(
    r"^(?:just |already |only )*(?:an? |the |some |my |our )?(?:\w+ )?(?:lunch|dinner|breakfast|brunch|"
    r"supper|tea|coffee|pizza|"
    r"takeaway|sandwich|soup|curry|pasta|sushi|burgers?|ramen|drinks?|nap|shower|bath|snack|beers?|wine)\b",
    re.IGNORECASE,
)
_ONCE_EATEN = re.compile(
    r"\b(?:just|yesterday|today|tonight|last night|this (?:morning|evening)|earlier|for (?:lunch|dinner|"
    r"tea))\b|\d{4}$",
    re.I,
)
_LASTING_MEAL = re.compile(
    r"\b(?:every|always|usually|since|for \w+ years|with my|allerg\w+|reaction|first)\b", re.IGNORECASE
)
_GROCERIES = re.compile(
    r"^(?:some |a |the |more )?(?:milk|bread|eggs|butter|flour|rice|cheese|yoghurt|yogurt|veg|fruit|"
    r"groceries|of (?:those|these))\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"^(?:got )?(?:only |about |like )?(?:\d+|an?|two|five|ten|half an?) (?:min|mins|minutes?|secs?|"
    r"seconds|hours?)\b(?! (?:drive|walk|from|away|commute|each|a |every|off))",
    re.I,
)
_ENDED = re.compile(
    r"^(?:just )?(?:the|an?|that|my) (?:\w+ )?(?:season|episode|series|film|movie|level|call|meeting|lunch|"
    r"shower|coffee|tea|crossword)\b",
    re.IGNORECASE,
)
_PLAYED = re.compile(r"\b(?:last night|yesterday|today|tonight|again)\b|\d{4}$", re.IGNORECASE)


def momentary(clause: Clause, said: str) -> bool:
    """Whether a clause tells only of the hour in which it was written; `said` has its day in words."""
    rest, said = clause.rest, said.rstrip(" .!")
    if clause.verb == "gone" and _TURNED.match(rest):
        return True
    if clause.copula:
        return bool(
            _WHERE_NOW.match(rest) or _WAITING.match(rest) or _TURNED.match(rest.removeprefix("gone "))
        )
    if clause.base == "go" and _TURNED.match(rest):
        return True
    if clause.subject in {"I", "We"}:
        if clause.base in {"have", "eat", "drink", "get", "make", "order"} and _MEAL.match(rest):
            past = clause.tense == "past" or clause.aux in {"have", "had"}
            return past and bool(_ONCE_EATEN.search(said)) and not _LASTING_MEAL.search(said)
        if clause.base in {"have", "get"} and _LEFT.match(rest):
            return True
        if clause.base in {"buy", "get"} and clause.tense == "past" and _GROCERIES.match(rest):
            return True
        return clause.base in {"finish", "watch"} and clause.tense == "past" and bool(_ENDED.match(rest))
    played = clause.base in {"lose", "win", "draw"} and "team" in clause.subject.lower()
    return played and bool(_PLAYED.search(said)) and len(rest.split()) < 5
