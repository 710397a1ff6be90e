"""Moves, scores and stakes of a game, and who got which seat or slice: over with the evening.

Judges one parsed clause; a game with a year, or one that is played regularly, is left to the other judges.
"""

from __future__ import annotations

import re

from data.grammar_clauses import Clause
from data.lexicon import NUMBERS

_REGULAR = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:every|each|usually|since)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|"
    r"\b(?:championships?|tournament|trial|court)\b",
    re.IGNORECASE,
)
_TAKING = frozenset("take capture sink steal lose trade sacrifice fork pin block win".split())
_PIECE = re.compile(
    r"^(?:my|his|her|our|their|the|an?|both|two|another)(?: \w+)? "
    r"(?:queen|king|rook|bishop|pawn|knight|battleship|destroyer|submarine|ace|trump|token|wicket)s?\b",
    re.IGNORECASE,
)
_NUMBER = rf"(?:nil|\d{{1,3}}|{'|'.join(word for word in NUMBERS if len(word) > 2)})"
_SCORE = re.compile(rf"^(?:by )?{_NUMBER}(?:[ :-]| to )(?:{_NUMBER}|all)\b", re.IGNORECASE)
_OUTCOME = re.compile(
    r"^(?:again|every time|(?:on|at|to|against) [a-z]|by \w+ (?:points?|goals?|runs?|shots?|strokes?|"
    r"seconds?|lengths?)\b|by (?:\d|a|an)\b)"
)
_STAKE = re.compile(
    r"^(?:an?|the|my|that|this|another|our)(?: \w+)? ?(?:bet|wager|toss|coin (?:toss|flip)|argument|rally|"
    r"raffle|tombola|hand|round|trick|point|duel|staring contest|scratch ?card)\b",
    re.IGNORECASE,
)
_ON_A_TICKET = re.compile(
    r"\bon (?:an?|the) (?:scratch ?card|bet|slots?|fruit machine|raffle|lottery)\b", re.I
)
_RIVAL = re.compile(
    r"^(?:(?:the|that|an?) (?:\w+ )?(?:boss|level|game|stage|dungeon|computer|bot)\b|"
    r"(?:me|us|him|her|them)\b)",
    re.IGNORECASE,
)
_ROLL = re.compile(rf"^(?:an? |{_NUMBER}\b)", re.IGNORECASE)
_TREAT = re.compile(
    r"\b(?:an?|one|two|three|\d+) (?:\w+ )?(?:pints?|drinks?|beers?|coffees?|rounds?|apology|favou?rs?|hugs?|"
    r"fiver|tenner)\b",
    re.IGNORECASE,
)
_ROLE_PLAYED = re.compile(
    r"^my (?:[a-z-]+ )?(?:wizard|paladin|warlock|sorcerer|barbarian|necromancer|bard|druid|rogue|avatar|sim|"
    r"pok[eé]mon)$",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"^(?:the|both|all the|half the) (?:last (?!(?:train|bus|tram|ferry|place|will)\b)\w+|(?:\w+ ){0,2}?"
    r"(?:seats?|bunk|couch|sofa|remote|blanket|duvet|pillow|slices?|piece|bit|half|crust|corner|table|side|spot|"
    r"team|aisle|middle|window|bill|blame|armchair|hammock|crumbs|leftovers|controller|bigger one|good one))"
    r"(?=$|[,.;]| (?:and|on|in|at|from|of|by|with|for|this|today|tonight|again)\b)",
    re.IGNORECASE,
)


def played(clause: Clause, said: str) -> bool:
    """Whether a clause tells a move, a score or a stake, or speaks of a figure in a game."""
    if _ROLE_PLAYED.match(clause.subject):
        return True
    base, rest = clause.base, clause.rest
    if base == "owe":
        return bool(_TREAT.search(rest))
    if _REGULAR.search(said):
        return False
    if base in _TAKING and _PIECE.match(rest) or base == "take" and _STAKE.match(rest):
        return True
    if base in {"lose", "win", "draw", "tie"}:
        ended = _OUTCOME.match(rest) if base != "draw" else None
        return bool(ended or _SCORE.match(rest) or _STAKE.match(rest) or _ON_A_TICKET.search(rest))
    return base == "beat" and bool(_RIVAL.match(rest)) or clause.verb == "rolled" and bool(_ROLL.match(rest))


def shared_out(clause: Clause, said: str) -> bool:
    """ "I get the couch and the remote": who has which share of an evening, a meal or a room."""
    taking = clause.base in {"get", "take", "grab", "bag", "claim", "hog"}
    return taking and bool(_SHARE.match(clause.rest)) and not _REGULAR.search(said)
