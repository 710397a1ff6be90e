"""Any other plain statement about the person or their people, as short clauses, and the talk that is none."""

from __future__ import annotations

import re

from data.grammar_clauses import Clause, capitalise, expand, parse
from data.grammar_slots import implied, of_clause
from data.lexicon import ADVERBS, STOPWORDS
from data.lexicon_verbs import kinds
from quality.changes import BESIDE
from quality.discourse import Discourse
from quality.found import Found, Kind, trim
from quality.passing import passing
from quality.predicates import ABLE
from quality.tails import short

_REGULARLY = re.compile(r"\b(?:every|each|twice an?|once an?)\b|\w+days\b", re.IGNORECASE)
_CHAT_VERBS = frozenset(
    "think guess mean know need wonder see understand forget say ask tell hope suppose believe "
    "suspect assume bet doubt "
    "feel hear notice realize realise agree appreciate thank apologize apologise swear promise try "
    "use check click run copy paste open "
    "type install look wait mind remember confess admit trust fix change add delete remove compile "
    "test debug "
    "wish care imagine expect consider figure reckon reply answer mention worry translate google "
    "search put let go come get reckon swear".split()
)


_TASK_NOUNS = re.compile(
    r"\b(?:question|problem|error|issue|idea|ideas|code|file|files|function|bug|script|line|text|"
    r"reply|answer|response|version|list|"
    r"sentence|draft|help|recipe|recommendation|advice|clue|choice|trouble|point|doubt|hang|output|"
    r"options?|luck|email|prompt|formula|"
    r"regex|csv|json|dataframe|dataset|array|query|loop|variable|column|row|tab|command|no time|"
    r"spreadsheet|stack ?trace|traceback|screenshot|pdf|photos called)\b",
    re.IGNORECASE,
)


_MOODS = re.compile(
    r"^(?:so |very |a bit |really |just |not |still |too |kind of |pretty |even |quite |also |"
    r"already |now |an? )*(?:wrong|confused|curious|sure|sorry|glad|kidding|serious|done|back|"
    r"here|ready to (?:go|start)|ready|ok|okay|fine|good(?=$| thanks)|new(?=$| here)|asleep|wrecked|skint|"
    r"knackered|exhausted|freezing|"
    r"starving|wondering|asking|guessing|thinking (?!about)|"
    r"talking about|stuck|lost|late|mad(?=$| at (?:it|this)\b)|tired|hungry|bored|grateful|"
    r"impressed|using|being|at the (?!\w+ (?:factory|bakery))|in bed|home|calm|brave|excited|"
    r"all (?:set|good|ears)|"
    r"wizard|genius|idiot|mess|disaster|monster|god|hero|legend|ghost|zombie|wreck|fool|moron|saint|"
    r"sitting|standing|typing|eating|drinking|"
    r"hanging|crying|laughing|washing|packing|waiting|reading (?:this|it)|making|cooking (?:for|"
    r"dinner|it)|lying|looking at|trying (?!to learn)|going (?:out|mad|crazy|home|now|back|in)$)(?:$|"
    r"\b)",
    re.IGNORECASE,
)


_PRONOUN_OBJECT = re.compile(
    r"^(?:it|that|this|them|those|these|him|her(?= (?:on|in|at|to|for|with|again|and|too|now|so|"
    r"yesterday)\b|$)|one|ones|there|so|you|what|how (?!to\b)|why|both|"
    r"everything|nothing|anything|"
    r"(?:to|of|about|with|for|at|on|in|do) (?:it|that|this|him|her|them|these|those))\b(?! (?:of|band|"
    r"team|choir|direction))",
    re.IGNORECASE,
)


def open_statement(
    statement: str, discourse: Discourse, taken: set[str], today: str, *, further: bool = False
) -> list[Found]:
    """Any other plain statements about the person or their people, each one short clause.

    With `further` the first of several is already told by a slot, and only the others are looked at.
    """
    found: list[Found] = []
    parts = short(statement)
    if further:
        parts = [part for part in parts[1:] if not any(value in part.lower() for value in taken)]
    for part in parts:
        facts = _stated(part, discourse, taken, today)
        if not facts and not found and re.search(r"\bjust\b", part):
            break
        found += facts
    return found


def _stated(statement: str, discourse: Discourse, taken: set[str], today: str) -> list[Found]:
    said = statement.replace(today, "today")
    statement = _MOOD_TOO.sub(r"\1", trim(statement)) + "."
    clause = parse(statement)
    if clause is None or len(statement) > 220 or _broken(clause.subject):
        return []
    whole = parse(said)
    if passing(clause, said) or whole and passing(whole, said):
        return []
    subject = clause.subject
    low = subject.lower()
    if re.match(r"^[A-Z]{4,}$", subject) or clause.base in {"name", "age", "date", "is", "day"}:
        return []
    mine = low in {"i", "we"} or low.startswith(("my ", "our "))
    about_me = bool(re.search(r"\b(?:my|me|mine|our)\b", clause.rest)) and low.split()[0] not in {
        "it",
        "that",
        "this",
        "there",
        "he",
        "she",
        "they",
        "you",
    }
    owner = low.partition("'s ")[0] if low.count("'s ") == 1 else low
    known = owner in discourse.named and not discourse.named[owner].startswith("my ")
    if not (mine or about_me or known or subject in {discourse.she, discourse.he}) or re.search(
        r"\byou(?:r|rs|'re|rself)?\b", statement, re.IGNORECASE
    ):
        return []
    if discourse.place and re.search(r"\bthere$", clause.rest):
        statement = re.sub(r"\bthere\.$", f"in {discourse.place}.", statement)
        clause = parse(statement) or clause
    if (low in {"i", "we"} and _idle(clause)) or _fleeting(clause):
        return []
    value = trim(_ADVERBS_FIRST.sub("", clause.rest)) or (
        clause.verb
        if len(clause.verb) > 3
        and clause.tense == "base"
        and clause.verb != "read"
        or clause.negative
        and clause.verb in ABLE
        else ""
    )
    if " is my " in statement and value.startswith("my "):
        return []
    if (
        not value
        or _PRONOUN_OBJECT.match(value)
        or not (
            _content(value)
            or (clause.base and clause.base not in _CHAT_VERBS and clause.base not in {"be", "have", "do"})
        )
        or value.lower() in taken
        or value.startswith(("called ", "named "))
    ):
        return []
    if subject == "I" and clause.tense == "third" and "base" not in kinds(clause.verb):
        statement = statement.replace(f" {clause.verb} ", f" {clause.base} ", 1)
    if subject == "I" and not BESIDE.search(statement) and (parted := _employed(clause, statement, value)):
        return parted
    who = "I" if low in {"i", "we"} else low[:3] + subject[3:] if mine else subject
    relation = ("not " if clause.negative else "") + clause.relation
    text = capitalise(expand(statement.rstrip("."))) + "."
    return [Found(who, relation, value, text, _kind(clause, statement), "", 0.6)]


_MOOD_TOO = re.compile(r"( in (?:grade|year|class) [\w-]+) and [a-z-]+$", re.IGNORECASE)
_AT = re.compile(r"^(?P<doing>.+?) (?P<prep>at|for) (?P<place>(?:the )?[A-Z][^,]*)$")


def _employed(clause: Clause, statement: str, value: str) -> list[Found]:
    """ "I teach physics at Corbel High" as what one does and where, since one may outlast the other."""
    match = _AT.match(value)
    if not match or clause.copula or clause.base == "work" or "employer" not in of_clause(clause):
        return []
    doing, place = match["doing"], match["place"]
    rest = statement.rstrip(".").removesuffix(f" {match['prep']} {place}")
    if "job" not in implied(rest):
        return []
    return [
        Found("I", clause.relation, doing, f"{capitalise(expand(rest))}.", "fact", "", 0.6),
        Found("I", "employer", place, f"I work {match['prep']} {place}.", "fact", "", 0.6),
    ]


def _broken(subject: str) -> bool:
    """Whether a subject with commas is none: a remark beside it must be closed, a name or a number."""
    beside = [part.strip() for part in subject.split(",")][1:]
    if subject.endswith(","):
        return len(beside) < 2
    return any(not (part[:1].isupper() or part.isdigit()) for part in beside)


_ADVERBS_FIRST = re.compile(rf"^(?:(?:{'|'.join(sorted(ADVERBS))}) )+")


def _content(value: str) -> bool:
    return any(w.strip(".,").lower() not in STOPWORDS | ADVERBS for w in value.split())


_DREAMT_OF = re.compile(
    r"^would (?:really )?(?:like|love) to (?:be|become|visit|learn|travel|live|own|work|move|start|"
    r"get|have|go to|retire|play|write)\b",
    re.IGNORECASE,
)


_PASSING = re.compile(
    r"^(?:so |very |a bit |really |just |not |still |too |even |quite |already |now )*(?:wrong|right|"
    r"here|back(?! from| in| at)|ready|ok|okay|fine|late|mad|tired|hungry|bored|impressed|asleep|home|"
    r"no use|safe|laughing|crying|asking|waiting|googling)\b",
    re.IGNORECASE,
)


_BEHAVING = re.compile(
    r"(?:\w+ )?being (?:an?|so|really|very|weird|annoying|mean|nice|silly|difficult|rude)\b"
)


def _fleeting(clause: Clause) -> bool:
    """Whether the clause is a modal guess, or a passing state of someone else."""
    if clause.subject.count("'s") > 1 or clause.copula and _BEHAVING.match(clause.rest):
        return True
    if clause.aux in {"would", "could", "might", "should", "may", "must", "shall"}:
        return not _DREAMT_OF.match(f"{clause.aux} {clause.verb} {clause.rest}")
    if clause.subject not in {"I", "We"} and clause.base in {
        "think",
        "say",
        "know",
        "mean",
        "tell",
        "ask",
        "guess",
        "laugh",
        "cry",
        "wonder",
        "look",
        "sound",
        "seem",
        "let",
        "reckon",
        "swear",
        "claim",
        "insist",
        "believe",
    }:
        return True
    return clause.subject not in {"I", "We"} and clause.copula and bool(_PASSING.match(clause.rest))


def _idle(clause: Clause) -> bool:
    """Whether an "I" clause only steers the conversation or tells a mood of the moment."""
    base, rest = clause.base, clause.rest
    if clause.verb == "had" and rest.startswith("to "):
        return True
    if clause.copula and (_MOODS.match(rest) or re.fullmatch(r"\w+ing (?:that|it|this|them)", rest)):
        return True
    if re.match(r"^(?:how )?to [a-z]+", rest) and base in {"try", "know", "need", "hope", "wish", "go"}:
        return (
            rest.removeprefix("how ").split()[1]
            in _CHAT_VERBS | {"fix", "do", "make", "be", "find", "have", "finish"}
            or base == "need"
        )
    if clause.aux in {"am", "are"} and rest.startswith("going to "):
        return len(rest.split()) < 4 or rest.split()[2] in _CHAT_VERBS
    if clause.aux in {"have", "has"} and (clause.verb == "got" or re.search(r"\b(?:for|since) \w", rest)):
        return bool(_TASK_NOUNS.search(rest)) or not rest
    if base in _CHAT_VERBS:
        named_object = re.search(r"(?<!^)\b[A-Z][a-z]+", rest) and base in {
            "see",
            "read",
            "use",
            "run",
            "write",
            "go",
            "come",
            "get",
            "call",
            "test",
        }
        steady = base in {"run", "use", "type", "go", "get", "put", "tell", "come", "search", "promise"} and (
            not clause.aux or clause.aux == "do"
        )
        steady = (
            steady and len(rest.split()) > (2 if base in {"go", "get", "put", "tell", "come"} else 0)
        ) or rest.startswith("forward to ")
        return not (named_object or steady) or bool(_TASK_NOUNS.search(rest) and not _REGULARLY.search(rest))
    return bool(base in {"have", "want", "make", "send", "paste", "get"} and _TASK_NOUNS.search(rest))


def _kind(clause: Clause, statement: str) -> Kind:
    if clause.base in {"like", "love", "hate", "prefer", "enjoy", "dislike", "adore"}:
        return "preference"
    if re.search(r"\b(?:will|going to|plan to|planning|want to|hope to)\b", statement):
        return "plan"
    if clause.tense == "past" and re.search(r"\b\d{4}\b", statement):
        return "event"
    return "fact"
