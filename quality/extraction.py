"""What a person tells in one chat turn, as first-person statements with absolute dates, found by rules.

Works on the person's own words only (see quality/clauses.py), reads the turn before to know what "she"
means and never raises on any text. Knows nothing of the ledger: merging and superseding happen there.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from data.grammar import Clause, affirmative, capitalise, parse, tidy
from data.lexicon import ADVERBS, KIN, PERSON_HE, PERSON_SHE, PETS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from data.night import Night
from data.records import Exchange, Memory
from quality import clauses as cut
from quality.relations import Found, attributes, names, own, tastes, trim
from quality.timewords import resolve


@dataclass(frozen=True, slots=True)
class Request:
    """Something the person asks of the memory itself: forget, remember, or correct."""

    kind: Literal["forget", "remember", "correct"]
    topic: str
    turn_id: str


_FORGET = re.compile(
    r"\b(?:forget|delete|erase|drop|remove|scrub|wipe|un-?remember|don't (?:remember|store|keep|save)|do not (?:remember|store|keep|save))\s+"
    r"(?P<topic>(?:what i (?:said|told you|mentioned) about |everything about |that i (?:said|told you|mentioned) |about |the bit about |"
    r"the (?:thing|part|stuff|bit) (?:about|with) |that |the |my |all |anything about )[^.!?\n]{2,120})",
    re.IGNORECASE,
)
_NOT_FORGET = re.compile(
    r"\b(?:don't|do not|never|didn't|can't|always|i|you|did|he|she|they|we|to)\s+(?:\w+ )?forget\b",
    re.IGNORECASE,
)
_REMEMBER = re.compile(
    r"\b(?:remember|note|keep in mind|don't forget|make a note)(?: that| this)?[:,]?\s+(?P<topic>[^.!?\n]{4,200})",
    re.IGNORECASE,
)
_CORRECT = re.compile(
    r"(?:^|[.!?,]\s*)(?:no|nope|nah|wrong|actually|correction|sorry|oops|argh|typo|i meant|not quite)\b[^.!?\n]{0,200}|\b(?:it's spelled|spelled|spelt|with an? [\"']?\w[\"']?\b|correct that|i misspoke|i was wrong)\b[^.!?\n]{0,120}",
    re.IGNORECASE,
)


def requests(exchange: Exchange) -> list[Request]:
    """What the turn asks of the memory: things to forget, to remember, or corrected."""
    turn = exchange.user
    text = cut.own_text(turn.text)
    if cut.is_play(text):
        return []
    found: list[Request] = []
    for match in _FORGET.finditer(text):
        if not _NOT_FORGET.search(
            text[max(0, match.start() - 14) : match.start() + 7]
        ) and not cut.is_injection(text):
            topic = re.sub(
                r"\s*,?\s*\b(?:please|pls|ok|okay|its private|it's private|thanks|thx)\b.*$",
                "",
                match["topic"],
                flags=re.IGNORECASE,
            )
            topic = re.sub(
                r"^(?:what i (?:said|told you|mentioned) about|everything about|anything about|that i (?:said|told you|mentioned)(?: about)?|"
                r"about|the bit about|the (?:thing|part|stuff|bit) (?:about|with)|that|all)\s+",
                "",
                topic,
                flags=re.IGNORECASE,
            )
            topic = re.sub(
                r"\s+(?:thing|stuff|bit|part|business)$", "", topic.strip(" ,"), flags=re.IGNORECASE
            )
            found.append(Request("forget", topic, turn.id))
    if found:
        return found
    found += [Request("remember", match["topic"].strip(), turn.id) for match in _REMEMBER.finditer(text)][:3]
    found += [Request("correct", match[0].strip(" .,!?"), turn.id) for match in _CORRECT.finditer(text)][:2]
    return found


def extract(exchange: Exchange, night: Night) -> list[Memory]:
    """Memories told in the user turn of an exchange; an empty list when it tells nothing."""
    turn = exchange.user
    if turn.role != "user" or not turn.text.strip():
        return []
    text = cut.own_text(turn.text)
    if cut.is_play(text) or any(r.kind == "forget" for r in requests(exchange)):
        return []
    today = night.date
    context = _Context(exchange.before.text if exchange.before else "")
    found: list[Found] = []
    previous = ""
    for sentence, question in cut.sentences(text):
        if cut.is_injection(sentence) or "\x00" in sentence and question:
            continue
        hypothetical = cut.is_hypothetical(sentence)
        if not hypothetical:
            found += _anywhere(sentence, previous)
        context.see(found, sentence)
        if not question:
            found += _sentence(sentence, context, today)
        previous = sentence
    return _memories(found, turn.id, night)


class _Context:
    """Who and what "she", "he", "it" and "there" mean while a turn is read."""

    def __init__(self, before: str) -> None:
        self.she = self.he = self.it = self.place = ""
        self.before = before

    def see(self, found: list[Found], sentence: str) -> None:
        """Take in the people and things of a sentence."""
        for match in re.finditer(r"\b(?:my|our) ((?:[\w-]+ )?([\w-]+))", sentence, re.IGNORECASE):
            head, phrase = match[2].lower(), match[0]
            for noun in (match[1].lower().split()[0], head):
                self._place_noun(
                    noun,
                    "my " + " ".join(phrase.split()[1:][: match[1].lower().split().index(noun) + 1])
                    if noun in match[1].lower().split()
                    else phrase,
                )
        for fact in found:
            if fact.relation == "name" and fact.subject.startswith("my "):
                self._place_noun(fact.subject.split()[-1], f"{fact.subject} {fact.value}")
        place = re.search(r"\b(?:in|at|to|from) ((?:the )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)", sentence)
        if place:
            self.place = place[1]

    def _place_noun(self, noun: str, phrase: str) -> None:
        if noun in PERSON_SHE:
            self.she = phrase
        elif noun in PERSON_HE:
            self.he = phrase
        elif noun in KIN:
            self.she = self.he = phrase
        elif noun in PETS:
            self.she = self.he = self.it = phrase
        elif noun in THINGS:
            self.it = phrase


def _anywhere(sentence: str, previous: str) -> list[Found]:
    """Names told by the way, even inside a question or a request."""
    found = names(sentence)
    tail = re.match(
        r"^(?:and )?(?:that's |thats |i mean )?(?:the|my|our) ((?:\w+ )?\w+)(?:,| that is| not|$|\.)",
        sentence,
        re.IGNORECASE,
    )
    if tail and previous:
        noun = tail[1].lower().split()[-1]
        name = re.match(r"^(?:\w+ ){0,1}?([A-Z][\w'-]+)", previous)
        if noun in PETS | KIN | THINGS and name and name[1].lower() not in STOPWORDS and not kinds(name[1]):
            found += names(f"my {tail[1]} is called {name[1]}")
    return found


_CHAT_VERBS = frozenset(
    "think guess mean know need wonder see understand forget say ask tell hope suppose believe suspect assume bet doubt "
    "feel hear notice realize realise agree appreciate thank apologize apologise swear promise try use check click run copy paste open "
    "type write install call read look wait mind remember confess admit trust fix change add delete remove compile test debug do "
    "wish care imagine expect consider figure reckon reply answer mention worry translate google search".split()
)
_TASK_NOUNS = re.compile(
    r"\b(?:question|problem|error|issue|idea|ideas|code|file|files|function|bug|script|line|text|reply|answer|response|version|list|"
    r"sentence|draft|help|recipe|recommendation|advice|clue|choice|trouble|point|doubt|hang|output|options?|lot of|luck|email|prompt|formula|"
    r"regex|query|loop|variable|column|row|tab|command|wrong|confused|curious|sure|sorry|glad|kidding|serious|done|back|here|ready|ok|okay|fine|good|wondering|"
    r"asking|guessing|thinking|talking about|looking for|trying|stuck|lost|late|afraid)\b",
    re.IGNORECASE,
)
_PRONOUN_OBJECT = re.compile(
    r"^(?:it|that|this|them|those|these|him|her|one|there|so|you|what|how|why|both|everything|something|nothing|anything)\b",
    re.IGNORECASE,
)
_ELLIPTIC_PAST = frozenset(
    "left moved started quit bought adopted got sold finished passed met married lost broke won joined signed became went had booked "
    "switched retired ran baked turned grew visited saw".split()
)
_ELLIPTIC_ADJECTIVE = re.compile(
    r"^(?:vegetarian|vegan|pescatarian|teetotal|allergic|married|divorced|engaged|single|widowed|pregnant|left-handed|retired|unemployed|"
    r"colou?r-?blind|diabetic|coeliac|celiac|lactose intolerant|dyslexic|asthmatic|born|raised|based|deaf|sober|gluten[- ]free)\b",
    re.IGNORECASE,
)


def _sentence(sentence: str, context: _Context, today: date) -> list[Found]:
    found: list[Found] = []
    if cut.is_hypothetical(sentence) and not re.search(r"\bbut\b|,", sentence):
        return found
    for clause in cut.clauses(sentence):
        if cut.is_hypothetical(clause) or cut.is_question(clause) or cut.is_injection(clause):
            if cut.is_hypothetical(clause):
                break
            continue
        found += _clause(clause, context, today)
    return found


def _clause(clause: str, context: _Context, today: date) -> list[Found]:
    text = _complete(clause, context)
    if not text:
        return []
    statement = tidy(resolve(text, today))
    body = statement.rstrip(".")
    found = own(body) + tastes(body) + attributes(body)
    covered = {fact.relation for fact in found}
    if (
        covered
        & {
            "employer",
            "job",
            "town",
            "birthday",
            "age",
            "name",
            "allergy",
            "favourite",
            "colour",
            "is",
            "origin",
        }
        and len(body.split()) < 14
    ):
        return [_dated(fact, body) for fact in found]
    return [_dated(fact, body) for fact in found] + _open(statement, context)


def _dated(fact: Found, body: str) -> Found:
    """Keep an absolute date of the clause in a fact whose pattern left it out (a new job, a move)."""
    when = re.search(r"\b(?:on|in|since) (?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4}\b", body)
    if fact.relation in {"employer", "town"} and when and when[0] not in fact.statement:
        starts = re.search(r"\b(start|starting|begin|from)\b", body, re.IGNORECASE)
        if fact.relation == "employer" and starts:
            return replace(fact, statement=f"I start working at {fact.value} {when[0]}.", kind="plan")
        verb = "have worked at" if fact.relation == "employer" else "have lived in"
        if when[0].startswith("since"):
            return replace(fact, statement=f"I {verb} {fact.value} {when[0]}.")
        if fact.relation == "town" and re.search(r"\bmov", body):
            return replace(fact, statement=f"I moved to {fact.value} {when[0]}.")
    return fact


def _complete(clause: str, context: _Context) -> str:
    """The clause with a subject: pronouns replaced, a dropped "I" put back; empty when it has none."""
    words = clause.split()
    low = words[0].lower() if words else ""
    if low in {"i", "i'm", "im", "i've", "ive", "my", "we", "we're", "we've", "our", "i'll"}:
        return clause
    pronoun = re.match(r"^(she|he|it|its|it's|she's|shes|he's|hes)\b(.*)$", clause, re.IGNORECASE)
    if pronoun:
        head = pronoun[1].lower()
        entity = {"s": context.she, "h": context.he, "i": context.it}[head[0]]
        if not entity or not pronoun[2].strip():
            return ""
        return (
            entity + (" is" if head in {"its", "it's", "she's", "shes", "he's", "hes"} else "") + pronoun[2]
        )
    first = kinds(low)
    if _ELLIPTIC_ADJECTIVE.match(clause):
        return "I was " + clause if low in {"born", "raised"} else "I am " + clause
    if low in _ELLIPTIC_PAST and len(words) > 1:
        return "I " + clause
    if (
        "gerund" in first
        and len(words) > 1
        and not any(w.lower() in {"is", "was", "are"} for w in words[1:6])
    ):
        return "I am " + clause
    if low in {"the", "a"} or words and words[0][0].isupper():
        return clause
    return ""


def _open(statement: str, context: _Context) -> list[Found]:
    """Any other plain first-person statement, kept whole."""
    clause = parse(statement)
    if clause is None or len(statement) > 220 or len(statement.split()) < 3:
        return []
    subject = clause.subject
    low = subject.lower()
    if not (low in {"i", "we"} or low.startswith(("my ", "our "))) or re.search(
        r"\byou(?:r|rs|'re|rself)?\b", statement, re.IGNORECASE
    ):
        return []
    if context.place and re.search(r"\bthere$", clause.rest):
        statement = re.sub(r"\bthere\.$", f"in {context.place}.", statement)
        clause = parse(statement) or clause
    if low in {"i", "we"} and _idle(clause):
        return []
    value = trim(re.sub(r"^(?:(?:%s) )+" % "|".join(sorted(ADVERBS)), "", clause.rest))
    if not value or _PRONOUN_OBJECT.match(value) or not _content(value):
        return []
    kind = _kind(clause, statement)
    who = "I" if low in {"i", "we"} else low[:3] + subject[3:]
    base = clause.base or clause.verb
    relation = ("not " if clause.negative else "") + base
    return (
        [
            Found(
                who, relation, value, affirmative(clause) if not clause.negative else statement, kind, "", 0.6
            )
        ]
        if kind
        else []
    )


def _content(value: str) -> bool:
    return any(w.strip(".,").lower() not in STOPWORDS | ADVERBS for w in value.split())


def _idle(clause: Clause) -> bool:
    """Whether an "I" clause only steers the conversation."""
    base = clause.base
    if clause.aux in {"would", "could", "might", "should", "may", "must"}:
        return True
    if base in _CHAT_VERBS and not (
        base in {"run", "write", "read", "use", "need"}
        and clause.aux == ""
        and len(clause.rest.split()) > 1
        and not _TASK_NOUNS.search(clause.rest)
    ):
        return True
    return bool(
        _TASK_NOUNS.match(clause.rest)
        or (base in {"have", "get", "want", "make"} and _TASK_NOUNS.search(clause.rest))
    )


def _kind(clause: Clause, statement: str) -> Literal["fact", "preference", "plan", "event"]:
    if clause.base in {"like", "love", "hate", "prefer", "enjoy", "dislike", "adore"}:
        return "preference"
    if re.search(r"\b(?:will|going to|plan to|planning|want to|hope to)\b", statement):
        return "plan"
    if clause.tense == "past" and re.search(r"\b\d{4}\b", statement):
        return "event"
    return "fact"


def _memories(found: list[Found], turn_id: str, night: Night) -> list[Memory]:
    unique: dict[str, Memory] = {}
    for fact in found:
        key = fact.slot or f"{fact.subject}|{fact.relation}"
        value = " ".join(fact.value.lower().split())
        digest = hashlib.sha256(f"{key}|{value}".encode()).hexdigest()[:12]
        unique.setdefault(
            digest,
            Memory(
                digest, capitalise(fact.statement), fact.subject, fact.relation, fact.value, night.date, (turn_id,),
                fact.kind, fact.slot, confidence=fact.confidence,
            ),
        )  # fmt: skip
    return list(unique.values())
