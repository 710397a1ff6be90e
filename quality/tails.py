"""A long statement as short ones: cut where a remark follows, divided where a second fact does."""

from __future__ import annotations

import re

from data.grammar import article
from data.grammar_clauses import Clause, capitalise, expand, parse
from data.grammar_professions import profession
from data.lexicon import ADVERBS, AUXILIARIES, BE, DETERMINERS, HAVE, KIN, MONTHS, NUMBERS, PETS, PREPOSITIONS
from data.lexicon_verbs import kinds
from quality.found import trim
from quality.predicates import ADJECTIVE, BODY

_AND = re.compile(rf" (?:and|but) (?=(?:(?:{'|'.join(sorted(ADVERBS))}) )*(?P<first>[\w']+)(?P<more>.*))")
_REMARK = re.compile(
    r"(?<!even)(?<!as)(?<!know)(?<!wonder)(?<!see) (?=(?:if|unless|because|cos|cause (?:i|it|the|my|he|she)|"
    r"although|though|even though|whereas) \w+ )",
    re.IGNORECASE,
)
_WHICH = re.compile(r"(?<=\w) (?=which (?:is|was|has|had|are|were)\b)")
_LIST_END = re.compile(r"^(?:and|or|&) |^(?:[\w'-]+ ){1,3}(?:and|or|&) [\w'-]+(?: [\w'-]+){0,2}$")
_SAID_BY_THE_WAY = ADVERBS | frozenset(
    "typical classic weird sorry jeez ugh sigh yay yes no too true right well lol haha please thanks though "
    "anyway obviously innit mate eh huh".split()
)
_WHOSE_IDEA = re.compile(
    r"^(?:not )?(?:[\w-]+(?: [\w-]+)?(?:'s|s')|my|his|her|our|their|don'?t|blame (?:my )?\w+) "
    r"(?:own |bright )?(?:idea|fault|choice|dare|doing|call|suggestion|orders?|rules?|decision|pick|wish|"
    r"words|treat|request|joke|ask|judge)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"^(?:(?:pls|please) |[a-z]+ (?:me|us|it|this|that|these|them)\b)|"
    r"\b(?:ideas?|tips?|advice|thoughts|suggestions?|recs|recipes?|pls|please|help)$",
    re.IGNORECASE,
)
_OWN_PAST = re.compile(r"^(?:lived|worked|studied|moved|grew up|learnt|learned|spent) ")
_SIDE = re.compile(r"^(?:left|right|upper|lower) [a-z]+$")
_COUNTED = frozenset(NUMBERS) | frozenset("both one including mostly mainly plus with".split())
_OWN = "\0"
_OTHERS = frozenset("i i'm i've he she it they we you that's it's he's she's they're there".split())


def short(statement: str) -> list[str]:
    """The short statements a long one holds, its first clause first; an unreadable one stays as it is."""
    text = expand(statement.rstrip("."))
    clause = parse(statement)
    if clause is None or not clause.rest or not text.endswith(clause.rest):
        return [statement]
    head = text[: len(text) - len(clause.rest)]
    first, *more = _pieces(clause)
    if not more and first == clause.rest:
        return [statement]
    return [f"{head}{first}.", *(_whole(piece, clause) for piece in more)]


def _whole(piece: str, clause: Clause) -> str:
    """A further piece as a statement: its own subject if it has one, "her" said of whom it is about."""
    if not piece.startswith(_OWN):
        head = clause.subject.lower().split()[-1]
        own = _OWN_PAST.match(piece) and clause.subject.startswith("My ") and head not in KIN | PETS
        subject = "I" if own and not profession(article(head)) else clause.subject
        return f"{subject} {piece}."
    piece = piece.removeprefix(_OWN)
    if clause.subject not in {"I", "We"}:
        piece = re.sub(r"^(?:her|his|their) ", f"{clause.subject}'s ", piece)
    return capitalise(piece) + "."


def _pieces(clause: Clause) -> list[str]:
    """The rest of a clause cut at its remarks, then further predicates of the same subject."""
    segments = clause.rest.split(", ")
    if len(segments) > 1 and _is_list(segments):
        segments = [clause.rest]
    kept, more = [segments[0]], []
    for segment in (trim(segment).removeprefix("and ") for segment in segments[1:]):
        predicate = _predicate(segment, clause)
        if predicate:
            more.append(predicate)
        elif not more and _belongs(segment, clause):
            kept.append(segment)
        elif _own_clause(segment, segment.split()[0].lower() if segment else "") == "own":
            more.append(_OWN + segment)
            break
        elif len(segment.split()) > 2:
            break
    pieces = [
        [piece] if piece.startswith(_OWN) else _divided(piece, clause) for piece in (", ".join(kept), *more)
    ]
    return [piece for group in pieces for piece in group]


def _is_list(segments: list[str]) -> bool:
    """Whether commas part the members of a list ("a dog, two cats and a bird")."""
    if any(len(segment.split()) > 6 for segment in segments[1:]) or not _LIST_END.match(segments[-1]):
        return False
    words = [segment.removeprefix("and ").split()[0].lower() for segment in segments[1:] if segment]
    return not any(_finite(word) or word in _OTHERS for word in words)


def _belongs(segment: str, clause: Clause) -> bool:
    """Whether what follows a comma is part of the same statement: a name, a place, a date, a number."""
    words = segment.removeprefix("mostly ").removeprefix("mainly ").split()
    if not words or words[0] in {"I", "I'm", "I've"}:
        return False
    low = words[0].lower()
    ordered = _REQUEST.search(segment) and (
        low in {"pls", "please"} or "base" in kinds(low) or len(words) < 5
    )
    if ordered or _WHOSE_IDEA.match(segment):
        return False
    if words[0][0].isupper() or low in {"called", "named"} or any(w.lower() in MONTHS for w in words[:3]):
        return len(words) < 6
    if low in _COUNTED and len(words) < 8 and not any(_finite(w) for w in words):
        return True
    if len(words) < 4 and (words[0][0].isdigit() or words[-1][0].isdigit()):
        return True
    if any(w[0].isupper() and w not in {"I", "I'm"} for w in segment.split()) and low not in _OTHERS:
        return not any(_finite(w) for w in words)
    if (clause.copula or clause.base == "have") and len(words) < 4:
        return not any(_finite(w) or w.endswith(("ly", "ing")) or w in _SAID_BY_THE_WAY for w in words)
    return (low in PREPOSITIONS - {"like", "as", "off", "up", "out"} or low.isdigit() and len(low) == 4) and (
        len(words) < 9
    )


def _predicate(segment: str, clause: Clause) -> str:
    """A second thing said of the subject after a comma; a bare trade is what the subject is."""
    words = [w for w in segment.split() if w.lower() not in ADVERBS]
    if not words:
        return ""
    be = "am" if clause.subject == "I" else "is"
    if _SIDE.match(segment) and words[-1] in BODY | {"calf", "thigh", "shin", "forearm"}:
        return ""
    doing = "gerund" in kinds(words[0]) and len(words) > 2 and clause.aux not in HAVE
    if ADJECTIVE.match(segment) or doing and clause.copula:
        return f"{be} {segment}" if clause.subject != "We" else ""
    if clause.copula and re.fullmatch(r"\d\d", segment):
        return f"{be} {segment} years old"
    if len(words) < 4 and words[0].lower() not in DETERMINERS and profession(f"a {segment}"):
        return f"{be} {article(segment)}" if clause.subject != "We" else ""
    return segment if len(words) > 1 and _agrees(words[0].lower(), clause) else ""


def _divided(text: str, clause: Clause) -> list[str]:
    """A predicate without its remarks, divided at an "and" that starts another one."""
    end = min((m.start() for p in (_REMARK, _WHICH) for m in p.finditer(text)), default=len(text))
    text = text[:end] if len(text[:end].split()) > 1 else text
    text = re.sub(r"^(\S+ .+?) all day(?: long)?(?=$| and )", r"\1", text)
    for match in _AND.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        first = match["first"].lower()
        if len(before.split()) < 1:
            continue
        if len(match["more"].split()) and _agrees(first, clause):
            return [before, *_divided(after, clause)]
        owner = _own_clause(after, first)
        if owner:
            return [before, _OWN + after] if owner == "own" else [before]
    return [text]


def _own_clause(text: str, first: str) -> str:
    """Whose words that follow are: "own" for a clause with a subject, "other" after a pronoun, else empty."""
    if first in _OTHERS:
        return "other"
    words = text.split()
    if first in PREPOSITIONS or kinds(first) and first not in DETERMINERS or len(words) < 3:
        return ""
    clause = parse(text[:1].upper() + text[1:])
    if clause is None or not clause.rest:
        return ""
    subject = clause.subject.lower().split()
    if len(subject) > 5 or first not in DETERMINERS and set(subject) & _OTHERS:
        return ""
    own = text[:1].isupper() or first in DETERMINERS - {"that", "this", "these", "those"}
    return "own" if own else "other"


def _agrees(word: str, clause: Clause) -> bool:
    """Whether a verb form can be the second verb of the clause's subject."""
    first = clause.subject in {"I", "We"}
    perfect = clause.aux in HAVE and bool(clause.verb)
    if word in AUXILIARIES:
        wrong = {"is", "has", "does"} if first else {"am", "are", "have", "do"}
        return word not in wrong
    forms = kinds(word)
    if "past" in forms and "base" not in forms:
        return not (perfect or clause.aux in BE) or word not in {"called", "named"} and perfect is False
    if "third" in forms and not first:
        return clause.tense == "third" or clause.copula
    return first and "base" in forms and word in {"want", "need", "have", "get", "go", "love", "hate", "live"}


def _finite(word: str) -> bool:
    forms = kinds(word)
    return word in AUXILIARIES or "past" in forms and "base" not in forms
