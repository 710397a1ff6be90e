"""What passes: things that happen while one writes, moods, name-calling, and objects nobody named.

Judges one parsed clause; events that people ask about later (a move, a purchase, a birth) never pass.
"""

from __future__ import annotations

import re

from data.grammar_clauses import Clause
from data.lexicon import KIN
from data.lexicon_verbs import kinds
from quality.figures import figure_of_speech
from quality.games import played, shared_out
from quality.momentary import momentary

_NOW = re.compile(
    r"\b(?:just|right now|now|again|then|this (?:morning|afternoon|evening)|tonight|at the moment|as we "
    r"speak|already|today|later)\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:\d{4}|every|each|always|usually|often|never|since|for (?:\w+ )?(?:years?|months?|weeks?|a "
    r"living|work)|when (?:i|we|he|she) w(?:as|ere)|as a (?:child|kid|teen\w*)|years? ago|once|whenever|"
    r"\w+days|first|until|(?:in|by|next) (?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december|spring|summer|autumn|winter|fall))\b",
    re.IGNORECASE,
)
_EVENTS = frozenset(
    "move marry buy sell start begin sign pass bear die book diagnose visit adopt get lose break finish quit "
    "retire graduate join become win turn open leave hire fire promote accept apply enroll enrol register "
    "find complete publish launch return learn discover celebrate propose divorce separate split inherit "
    "build write rescue "
    "go order reserve switch change rent found give receive have be arrive meet".split()
)
_LASTING = frozenset(
    "learn study train save live work plan move write build expect get go start open leave retire date "
    "teach research renovate apply recover take run own raise play practise practice volunteer look think "
    "try hope consider prepare organise organize lose gain grow restore attend finish share rent see have do "
    "become develop collect".split()
)
_MOMENTARY = frozenset(
    "steal grab snatch lick chew bark meow stare glare scream shout yell giggle laugh cry sob sneeze cough "
    "yawn nap fall trip spill drop knock snore growl hiss pretend pout sulk grin smile wave nod shrug sigh "
    "hug poke interrupt demand insist explain stand sit ring phone eat throw chase hide".split()
)
_ABOUT_NOW = _MOMENTARY | frozenset(
    "draw print call text message wear talk say tell sing walk drive drink cook bake make watch wash clean "
    "tidy pack unpack type scroll wait lie sleep hang tape procrastinate shake lean freeze melt boil bring "
    "put come pay ask".split()
)
_ANYONE = frozenset(
    "doc doctor gp dentist nurse vet teacher physio therapist someone somebody people everyone everybody "
    "nobody".split()
)
_ERRAND = re.compile(
    r"^to (?:write|do|finish|find|look|make|bring|read|draw|draft|print|send|go (?:now|home)|dress|wear|"
    r"hand in|submit)\b",
    re.IGNORECASE,
)
_LIFT = re.compile(
    r"^(?:me|us|him|her|them) (?:home|back|there|up|out|to (?:work|school|bed)|by|on|off|an? lift)\b"
)
_MALADY = re.compile(
    r"^(?:got )?(?:an? |the )?(?:\w+ )?(?:headache|hangover|migraine|sore throat|cold|tummy ache|stomach "
    r"?ache|cramp|"
    r"(?:zoom |phone |video )?call|meeting|standup|stand-up)\b",
    re.IGNORECASE,
)
_UNNAMED = re.compile(
    r"^(?:(?:[a-z]+ing|allowed|supposed|able|used|going|been [a-z]+ing) )?(?:not )?"
    r"(?:allergic to |addicted to |used to )?"
    r"(?:to (?!it\b|them\b|there\b)[a-z]+ )?(?:(?:all|both|some|most|one|none) of )?(?:it|them|this|that|"
    r"these|those|him|"
    r"her(?= (?:on|in|at|to|for|with|again|an?|the|my|some|\d+|[a-z]+ [a-z]+ [a-z]*stor)\b|$)|there)"
    r"(?= (?:since|on|in|at|to|for|with|from|by|every|again|now|when|until|after|before|a|an|the|my|all|"
    r"some|too|up|down|out|off|\d+)\b|[,.]|$)",
)
_MADE_TO = re.compile(r"^(?:making|letting|having|helping) (?:him|her|it|them)\b")


def passing(clause: Clause, said: str) -> bool:
    """Whether a clause only tells what happens at the moment of writing; `said` is it before any trimming."""
    return (
        _of_the_moment(clause, said)
        or figure_of_speech(clause)
        or unnamed(clause)
        or _refusal(clause)
        or _errand(clause)
        or _today_only(clause, said)
        or _hearsay(clause, said)
        or momentary(clause, said)
        or played(clause, said)
        or shared_out(clause, said)
    )


def unnamed(clause: Clause) -> bool:
    """Whether the thing a clause is about is only an "it" or a "there" that nothing stands for."""
    rest = clause.rest
    doing = clause.copula or clause.verb == "been"
    if (doing or rest.startswith("to ")) and (_UNNAMED.match(rest) or _MADE_TO.match(rest)):
        return True
    return rest.startswith("her ") and bool(_UNNAMED.match(rest))


def _of_the_moment(clause: Clause, said: str) -> bool:
    now = bool(_NOW.search(said))
    first = clause.rest.split()[0].lower().strip(",") if clause.rest else ""
    doing = kinds(first).get("gerund", "") if clause.copula or clause.verb == "been" else ""
    if doing:
        lasting = bool(_LASTS.search(said))
        if re.match(r"\w+ing (?:right|just) now\b", clause.rest):
            return True
        momentary = _MOMENTARY if clause.verb == "been" else _ABOUT_NOW
        return not lasting and (doing in momentary or now and doing not in _LASTING)
    if not clause.verb or _LASTS.search(said):
        return clause.verb == "stood"
    past = clause.tense == "past" or clause.aux in {"have", "has", "had"}
    if not past:
        return clause.base in {"demand", "insist", "explain"} or (
            clause.aux == "will" and clause.base in _ABOUT_NOW and not re.search(r"\d", said)
        )
    if (
        clause.base in _MOMENTARY
        and not re.match(r"(?:out|asleep|in love|ill|pregnant)\b", clause.rest)
        or _LIFT.match(clause.rest)
    ):
        return True
    if clause.subject.lower() in _ANYONE:
        return True
    if re.search(r"\bthen$", said.rstrip(" .!")) and clause.aux in {"have", "has"}:
        return True
    if clause.verb == "got" and re.match(r"(?:back|home|up|asked|stuck|lost)\b", clause.rest):
        return True
    just = re.search(r"\bjust\b", f"{clause.adverbs} {clause.rest[:8]}")
    return bool(just) and clause.base not in _EVENTS


def _refusal(clause: Clause) -> bool:
    """ "My old car won't do 2 hours": what someone or something refuses at the moment."""
    return clause.aux == "will" and clause.negative and clause.subject not in {"I", "We"}


def _errand(clause: Clause) -> bool:
    """ "My kid has to write 5 sentences": what is to be done once."""
    return (
        clause.subject not in {"I", "We"}
        and clause.base in {"have", "need"}
        and bool(_ERRAND.match(clause.rest))
    )


def _today_only(clause: Clause, said: str) -> bool:
    """ "I've got a headache", "I got a call with a supplier": what is over tomorrow."""
    having = clause.base in {"have", "get"} and clause.subject in {"I", "We"}
    return (
        having and bool(_MALADY.match(clause.rest)) and not _LASTS.search(said) and not re.search(r"\d", said)
    )


def _hearsay(clause: Clause, said: str) -> bool:
    """What is said to be so of somebody the person knows only through another."""
    distant = "'s " in clause.subject and clause.subject.split()[-1].lower() in KIN
    return distant and bool(re.search(r"\b(?:apparently|allegedly|supposedly)\b", said))
