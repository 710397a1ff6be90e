"""What a person tells in chat turns, as first-person statements with absolute dates, found by rules.

Works on the person's own words only (quality/clauses.py), keeps track of who is meant (quality/discourse.py)
and never raises on any text. Knows nothing of the ledger: merging and superseding happen there.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from data.grammar import Clause, affirmative, capitalise, parse, tidy
from data.grammar_questions import profession
from data.lexicon import ADVERBS, KIN, PETS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from data.night import Night
from data.records import Exchange, Memory
from quality import clauses as cut
from quality.discourse import Discourse
from quality.relations import (
    NAME,
    Found,
    attributes,
    dated,
    fragments,
    is_name,
    named,
    names,
    of_entities,
    own,
    tastes,
    trim,
)
from quality.requests import Request, requests
from quality.timewords import resolve

__all__ = ["Request", "extract", "extract_all", "requests"]


def extract(exchange: Exchange, night: Night, known: Sequence[Memory] = ()) -> list[Memory]:
    """Memories told in the user turn of one exchange; an empty list when it tells nothing.

    `known` are memories of earlier nights: their names tell who a bare name is.
    """
    return _turn(exchange, night, Discourse([m for m in known if m.active]))


def extract_all(exchanges: Sequence[Exchange], night: Night, known: Sequence[Memory] = ()) -> list[Memory]:
    """Memories of a day's exchanges in order, each conversation read as a whole.

    "She" in one turn may be the sister of the turn before, and a name told in the morning is known in
    the evening. A memory told twice is kept once, with both turns as its sources.
    """
    found: dict[str, Memory] = {}
    conversations: dict[tuple[str, str], Discourse] = {}
    learnt = [m for m in known if m.active]
    for exchange in exchanges:
        key = (exchange.user.source, exchange.user.conversation)
        if key not in conversations:
            conversations[key] = Discourse(learnt)
        for memory in _turn(exchange, night, conversations[key]):
            first = found.get(memory.id)
            sources = tuple(dict.fromkeys((*first.sources, *memory.sources))) if first else memory.sources
            found[memory.id] = replace(memory, sources=sources)
            if memory.relation == "name":
                learnt.append(memory)
    return list(found.values())


def _turn(exchange: Exchange, night: Night, discourse: Discourse) -> list[Memory]:
    turn = exchange.user
    if turn.role != "user" or not turn.text.strip():
        return []
    text = cut.own_text(turn.text)
    if cut.is_play(text) or cut.is_injection(text) or any(r.kind == "forget" for r in requests(exchange)):
        return []
    today = turn.at.astimezone(ZoneInfo(night.zone)).date() if turn.at and turn.at.tzinfo else night.date
    found = _reply(text, exchange.before.text if exchange.before else "") + _respelled(text, discourse)
    discourse.introduce(found)
    previous = ""
    discourse.people = bool(re.search(r"\b(?:he|she|his|her|him|he's|she's|hes|shes)\b", text, re.IGNORECASE))
    for sentence, question in cut.sentences(text):
        if "\x00" in sentence and question:
            continue
        told = _anywhere(sentence, previous)
        found += told
        discourse.introduce(told)
        discourse.current = (
            f"{told[-1].subject} {told[-1].value}" if told and _TAIL.match(sentence) and previous else ""
        )
        found += _sentence(sentence, question, discourse, today)
        found += _echo(sentence, previous, discourse) + _trades(sentence, discourse)
        discourse.strangers(sentence)
        previous = sentence
    return _memories(found, turn.id, night)


def _reply(text: str, before: str) -> list[Found]:
    """Who someone is, answered to the assistant's question ("Who is Ilsabet?" - "my wife")."""
    asked = re.search(r"\b[Ww]ho(?:'s| is) ([A-Z][\w'-]+)\?", before[-300:])
    answer = re.match(
        r"^(?:oh |she's |he's |that's |it's |its )?(?:my|our) ((?:[\w-]+ )?[\w-]+)(?=[.,!?;]|$| and\b)",
        text.strip(),
        re.IGNORECASE,
    )
    if asked and answer and answer[1].lower().split()[-1] in KIN | PETS | THINGS and is_name(asked[1]):
        return [named(answer[1], asked[1])]
    return []


_SPELLED = re.compile(r"\b(?:spelled|spelt|written|it's|its|i meant|should be|not \w+,?(?: but)?) (?:with \w+ )?(?P<name>[A-ZÀ-Þ][\w'-]+)")


def _respelled(text: str, discourse: Discourse) -> list[Found]:
    """A name put right ("no, it's spelled Imke"): the new spelling takes the slot of the closest known name."""
    found = []
    for match in _SPELLED.finditer(text):
        name = match["name"]
        if not name[0].isupper() or name.lower() in discourse.named:
            continue
        close = difflib.get_close_matches(name.lower(), list(discourse.named), 1, 0.7)
        role = re.match(r"^(my [a-z][a-z -]*?) ([A-Z].*)$", discourse.named[close[0]]) if close else None
        if role:
            old = named(role[1].removeprefix("my "), role[2])
            found.append(replace(old, value=name, statement=f"{capitalise(role[1])} is called {name}."))
    return found


_TAIL = re.compile(
    r"^(?:and |oh |ok )?(?:that's |thats |i mean |he's |she's |it's )?(?:the |my |our )?((?:[a-z-]+ ){0,2}?[a-z-]+)(?=,| that is| not\b|$|\.| from work)",
    re.IGNORECASE,
)
_BELONGS = re.compile(
    r"\b([A-Z][\w'-]+) (?:from (?:work|the office)|next door|upstairs|downstairs|from (?:my )?(?:choir|school|uni))\b"
)


def _anywhere(sentence: str, previous: str) -> list[Found]:
    """Names told by the way, even inside a question or a request."""
    found = names(sentence)
    if cut.is_hypothetical(sentence):
        return [fact for fact in found if fact.subject.split()[-1] in KIN]
    tail = _TAIL.match(sentence)
    head = re.match(r"^(?:\w+ ){0,1}?([A-Z][\w'-]+)\b", previous.split(". ")[-1]) if previous else None
    if tail and head and not found:
        noun = tail[1].lower().replace(" in law", "-in-law").split()[-1]
        if (
            noun in KIN | PETS | THINGS
            and is_name(head[1])
            and not kinds(head[1])
            and not head[1].endswith("'s")
        ):
            found.append(named(tail[1].lower().replace(" in law", "-in-law"), head[1]))
    found += _joined(sentence, previous) if previous and not found else []
    that = re.match(r"^(?P<name>[A-Z][\w'-]+) .*\b(?:that|this|stupid|my) (?P<pet>[a-z]+)\b", sentence)
    if that and not found and that["pet"] in PETS and is_name(that["name"]) and not kinds(that["name"]):
        found.append(named(that["pet"], that["name"]))
    for match in _BELONGS.finditer(sentence):
        if is_name(match[1]):
            found.append(
                named("neighbour" if match[0].endswith(("next door", "stairs")) else "colleague", match[1])
            )
    return found


_MY_FAVOURITE = re.compile(
    r"\b(?:it's|its|it is|that's|thats|^)\s?(?:definitely |by far |still )?my (?:absolute |all[- ]time |very |total )?(?P<what>favou?rite [a-z]+)\b(?! (?:is|are|was))",
    re.IGNORECASE,
)
_LAST_NAME = re.compile(r"(?:the )?[A-Z][\w'-]+(?: (?:of|the|in|and|[A-Z][\w'-]+))* ?$")


def _echo(sentence: str, previous: str, discourse: Discourse) -> list[Found]:
    """Facts told in two breaths: "lapsang, its my favourite tea", "dad was a weir keeper. Ferris." """
    match = _MY_FAVOURITE.search(sentence)
    if match and not cut.is_hypothetical(sentence):
        before = sentence[: match.start()].rstrip(" ,-") or previous.rstrip(" .,!?")
        value = _noun_phrase(before)
        if value:
            subject = f"my {match['what'].lower()}"
            return [
                Found(
                    subject,
                    "favourite",
                    value,
                    f"{capitalise(subject)} is {value}.",
                    "preference",
                    f"{subject}|is",
                )
            ]
    bare = re.fullmatch(r"([A-ZÀ-Þ][\w'-]+)[.!]*", sentence)
    if bare and is_name(bare[1]) and not kinds(bare[1]) and bare[1] not in discourse.named:
        role = re.match(
            r"^(?:and |so |well )?(?:my |our )?((?:\w+ )?[\w-]+) (?:is|was|has|had) ", previous, re.IGNORECASE
        )
        noun = role[1].lower().split()[-1] if role else ""
        if noun in KIN | PETS | THINGS:
            found = [named(noun, bare[1])]
            discourse.introduce(found)
            return found
    return []


def _noun_phrase(text: str) -> str:
    """The noun phrase a stretch of text ends with; empty when it ends with none."""
    proper = _LAST_NAME.search(text)
    if proper and len(proper[0]) > 3:
        return proper[0].strip()
    words = re.findall(r"[\w'-]+", text)
    phrase: list[str] = []
    for word in reversed(words[-4:]):
        low = word.lower()
        if low in STOPWORDS | ADVERBS or (kinds(low) and phrase) or low in {"dont", "say", "says"}:
            break
        phrase.insert(0, word)
    return " ".join(phrase[-3:])


_WISH = re.compile(r"\bi(?: would|'d) (?:really )?(?:like|love) to\b", re.IGNORECASE)


def _sentence(sentence: str, question: bool, discourse: Discourse, today: date) -> list[Found]:
    found: list[Found] = []
    parts = cut.clauses(sentence, discourse.named)
    if question and parts:
        asking = [i for i, part in enumerate(parts) if cut.is_question(part)]
        last = re.split(r", (?=[\w' ]{1,24}$)", parts[-1])
        parts = parts[: asking[0]] if asking else [*parts[:-1], *last[:-1]]
    for part in parts:
        if cut.is_hypothetical(_WISH.sub("", part)):
            break
        if cut.is_question(part):
            discourse.see(part)
            continue
        found += _clause(part, discourse, today)
        discourse.introduce(found)
        discourse.strangers(part)
        discourse.see(part)
    if not parts or question:
        discourse.see(sentence)
    return found


def _joined(sentence: str, previous: str) -> list[Found]:
    """Names told across two sentences: "drag Old Gregor uphill. thats the telescope", "for my brother. Cormac, locksmith"."""
    that = re.match(
        r"^(?:that's|thats|he's|hes|she's|shes|it's|its) (?:my|our|the) ((?:[a-z-]+ )?[a-z-]+)(?=[,.!?;)]|$)",
        sentence,
        re.IGNORECASE,
    )
    low = re.search(r"\b(?:for|with|and|about|to) ([a-z]{3,12})[?.!,]*$", previous)
    called = [
        m[0]
        for m in re.finditer(rf"(?<![\w'])(?<!in )(?<!over )(?<!from )(?<!at ){NAME}", previous)
        if is_name(m[0]) and not (m.start() == 0 and kinds(m[0].split()[0]))
    ]
    if that and called and (that[1].lower().split()[-1] in KIN | PETS | THINGS):
        return [named(that[1], called[-1])]
    if that and low and that[1].lower().split()[-1] in KIN | PETS and is_name(low[1]):
        return [named(that[1], low[1])]
    role = re.search(r"\b(?:my|our) ((?:[a-z-]+ )?[a-z-]+)[.?!,]*$", previous, re.IGNORECASE)
    name = re.match(r"^([A-Z][\w'-]+)(?=[,.]|$)", sentence)
    if (
        role
        and name
        and role[1].lower().split()[-1] in KIN | PETS
        and is_name(name[1])
        and not kinds(name[1])
    ):
        return [named(role[1], name[1])]
    return []


_TRADE = re.compile(
    r"\b(?P<name>[A-Z][\w'-]+),? (?:\(|who is |who's )?(?:an? )?(?P<job>[a-z]+(?: [a-z]+)?(?: (?:in|at|from|for) (?:the )?[A-Z][\w'-]+)?)(?=[,.;!?)]|$)"
)


def _trades(sentence: str, discourse: Discourse) -> list[Found]:
    """A job put beside a name: "Cormac, locksmith in Perth, has every tool"."""
    found = []
    for match in _TRADE.finditer(sentence):
        who = discourse.named.get(match["name"].lower(), "")
        if who and profession(f"a {match['job']}"):
            job = ("an " if match["job"][0] in "aeiou" else "a ") + match["job"]
            found.append(Found(who, "be", job, f"{capitalise(who)} is {job}.", "fact"))
    return found


_EMPLOYED = re.compile(r"\b(?:offered|hired|took|gave) me\b")
_SLOTTED = frozenset(
    {
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
        "street",
        "day",
        "start",
        "begin",
    }
)


def _clause(clause: str, discourse: Discourse, today: date) -> list[Found]:
    found = fragments(clause) or dated(resolve(clause, today))
    if found:
        return found
    pronoun = re.match(r"^(her|his|its)(?: \w+)? name(?: is|'s) (?P<name>[A-Z][\w'-]+)", clause, re.IGNORECASE)
    if pronoun:
        who = {"her": discourse.she, "his": discourse.he, "its": discourse.it}[pronoun[1].lower()]
        return [named(who.removeprefix("my "), pronoun["name"])] if re.fullmatch(r"my [a-z -]+", who) and is_name(pronoun["name"]) else []
    text = discourse.complete(clause) or (
        clause if _EMPLOYED.search(clause) or discourse.person(clause) else ""
    )
    if not text:
        return []
    statement = tidy(resolve(text, today))
    body = statement.rstrip(".")
    parsed = parse(statement)
    discourse.current = (
        parsed.subject[:1].lower() + parsed.subject[1:]
        if parsed and parsed.subject not in {"I", "We"}
        else "I"
        if parsed
        else ""
    )
    found = own(body) + tastes(body) + attributes(body) + of_entities(body)
    found += [fact for fact in names(body) if " called " in f" {body} " or " named " in body]
    found = [_dated(fact, body) for fact in found]
    if {fact.relation for fact in found} & _SLOTTED and len(body.split()) < 14:
        return found
    said = {fact.statement.lower() for fact in found}
    rest = _open(statement, discourse, {fact.value.lower() for fact in found})
    return found + [fact for fact in rest if fact.statement.lower() not in said]


def _dated(fact: Found, body: str) -> Found:
    """Keep an absolute date of the clause in a fact whose pattern left it out (a new job, a move)."""
    when = re.search(r"\b(?:on|in|since) (?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4}\b", body)
    if fact.relation in {"employer", "town"} and when and when[0] not in fact.statement:
        if fact.relation == "employer" and re.search(r"\b(start|starting|begin|from)\b", body, re.IGNORECASE):
            return replace(fact, statement=f"I start working at {fact.value} {when[0]}.", kind="plan")
        verb = "have worked at" if fact.relation == "employer" else "have lived in"
        if when[0].startswith("since"):
            return replace(fact, statement=f"I {verb} {fact.value} {when[0]}.")
        if fact.relation == "town" and re.search(r"\bmov", body):
            return replace(fact, statement=f"I moved to {fact.value} {when[0]}.")
    return fact


_CHAT_VERBS = frozenset(
    "think guess mean know need wonder see understand forget say ask tell hope suppose believe suspect assume bet doubt "
    "feel hear notice realize realise agree appreciate thank apologize apologise swear promise try use check click run copy paste open "
    "type install look wait mind remember confess admit trust fix change add delete remove compile test debug "
    "wish care imagine expect consider figure reckon reply answer mention worry translate google search put let go come get".split()
)
_TASK_NOUNS = re.compile(
    r"\b(?:question|problem|error|issue|idea|ideas|code|file|files|function|bug|script|line|text|reply|answer|response|version|list|"
    r"sentence|draft|help|recipe|recommendation|advice|clue|choice|trouble|point|doubt|hang|output|options?|luck|email|prompt|formula|"
    r"regex|query|loop|variable|column|row|tab|command|no time|photos called)\b",
    re.IGNORECASE,
)
_MOODS = re.compile(
    r"^(?:so |very |a bit |really |just |not |still |too |kind of |pretty |even |quite |also |already |now |an? )*(?:wrong|confused|curious|sure|sorry|glad|kidding|serious|done|back|"
    r"here|ready to (?:go|start)|ready|ok|okay|fine|wondering|asking|guessing|thinking (?!about)|talking about|stuck|lost|late|mad at (?:it|this)|tired|hungry|bored|grateful|"
    r"impressed|using|being|at the (?!\w+ (?:factory|bakery))|in bed|home|calm|brave|excited|all (?:set|good|ears)|"
    r"wizard|genius|idiot|mess|disaster|monster|god|hero|legend|ghost|zombie|wreck|fool|moron|saint|sitting|standing|typing|eating|drinking|"
    r"hanging|crying|laughing|washing|packing|waiting|reading (?:this|it)|making|cooking (?:for|dinner|it)|lying|looking at|trying (?!to learn)|going (?:out|mad|crazy|home|now|back|in)$)(?:$|\b)",
    re.IGNORECASE,
)
_PRONOUN_OBJECT = re.compile(
    r"^(?:it|that|this|them|those|these|him|her|one|ones|there|so|you|what|how (?!to\b)|why|both|everything|nothing|anything|"
    r"(?:to|of|about|with|for|at|on|in|do) (?:it|that|this|him|her|them|these|those))\b(?! (?:of|band|team|choir|direction))",
    re.IGNORECASE,
)


def _open(statement: str, discourse: Discourse, taken: set[str]) -> list[Found]:
    """Any other plain statement about the person or their people, kept whole."""
    clause = parse(statement)
    if clause is None or len(statement) > 220:
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
    if not (mine or about_me or subject in {discourse.she, discourse.he}) or re.search(
        r"\byou(?:r|rs|'re|rself)?\b", statement, re.IGNORECASE
    ):
        return []
    if discourse.place and re.search(r"\bthere$", clause.rest):
        statement = re.sub(r"\bthere\.$", f"in {discourse.place}.", statement)
        clause = parse(statement) or clause
    if (low in {"i", "we"} and _idle(clause)) or _fleeting(clause):
        return []
    value = trim(_ADVERBS_FIRST.sub("", clause.rest)) or (
        clause.verb if len(clause.verb) > 3 and clause.tense == "base" else ""
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
    who = "I" if low in {"i", "we"} else low[:3] + subject[3:] if mine else subject
    relation = ("not " if clause.negative else "") + (clause.base or clause.verb)
    text = statement if clause.negative else affirmative(clause)
    return [Found(who, relation, value, text, _kind(clause, statement), "", 0.6)]


_ADVERBS_FIRST = re.compile(r"^(?:(?:%s) )+" % "|".join(sorted(ADVERBS)))


def _content(value: str) -> bool:
    return any(w.strip(".,").lower() not in STOPWORDS | ADVERBS for w in value.split())


_DREAMT_OF = re.compile(
    r"^would (?:really )?(?:like|love) to (?:be|become|visit|learn|travel|live|own|work|move|start|get|have|go to|retire|play|write)\b",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"^(?:so |very |a bit |really |just |not |still |too |even |quite |already |now )*(?:wrong|right|here|back|ready|ok|okay|fine|late|mad|tired|hungry|bored|impressed|asleep|home|"
    r"no use|safe|laughing|crying|asking|waiting|googling)\b",
    re.IGNORECASE,
)


def _fleeting(clause: Clause) -> bool:
    """Whether the clause is a modal guess, or a passing state of someone else."""
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
    }:
        return True
    return clause.subject not in {"I", "We"} and clause.copula and bool(_PASSING.match(clause.rest))


def _idle(clause: Clause) -> bool:
    """Whether an "I" clause only steers the conversation or tells a mood of the moment."""
    base, rest = clause.base, clause.rest
    if clause.copula and _MOODS.match(rest):
        return True
    if re.match(r"^(?:how )?to [a-z]+", rest) and base in {"try", "know", "need", "hope", "wish", "go"}:
        return (
            rest.removeprefix("how ").split()[1]
            in _CHAT_VERBS | {"fix", "do", "make", "be", "find", "have", "finish"}
            or base == "need"
        )
    if clause.aux in {"am", "are"} and rest.startswith("going to "):
        return len(rest.split()) < 4 or rest.split()[2] in _CHAT_VERBS
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
        return not (named_object or steady) or bool(_TASK_NOUNS.search(rest))
    return bool(base in {"have", "want", "make", "send", "paste", "get"} and _TASK_NOUNS.search(rest))


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
        statement = capitalise(fact.statement)
        memory = Memory(
            digest, statement, fact.subject, fact.relation, fact.value, night.date, (turn_id,), fact.kind, fact.slot,
            confidence=fact.confidence,
        )  # fmt: skip
        unique.setdefault(digest, memory)
    return list(unique.values())
