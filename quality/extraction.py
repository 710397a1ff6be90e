"""What a person tells in chat turns, as first-person statements with absolute dates, found by rules.

Works on the person's own words only (quality/clauses.py), keeps track of who is meant (quality/discourse.py)
and never raises on any text. Knows nothing of the ledger: merging and superseding happen there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from data.grammar import tidy
from data.grammar_clauses import parse
from data.lexicon import KIN
from data.night import Night
from data.records import Exchange, Memory, Turn
from quality import clauses as cut
from quality.amendments import amended
from quality.answers import answered
from quality.asides import asides
from quality.belonging import belonging, fullest
from quality.bridges import bridged, groups
from quality.context import in_context
from quality.discourse import Discourse
from quality.ellipsis import continued, restored
from quality.foreign import own_text
from quality.found import Found, memory_of
from quality.mentions import TAIL, anywhere, by_role, echo, reply, respelled, signed, trades
from quality.names import is_name, named, names
from quality.relations import attributes, own, tastes
from quality.requests import Request, requests
from quality.routines import dated, fragments, of_entities
from quality.statements import open_statement
from quality.timewords import resolve
from quality.verbless import ailments, verbless
from quality.wording import childhood, plain_order, told_after

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
    return in_context(list(found.values()), exchanges, night, [m for m in known if m.active])


def _turn(exchange: Exchange, night: Night, discourse: Discourse) -> list[Memory]:
    turn = exchange.user
    if turn.role != "user" or not turn.text.strip():
        return []
    text = own_text(turn.text)
    if _untold(text, exchange, discourse):
        return []
    today = told_on(turn, night)
    before = exchange.before.text if exchange.before and exchange.before.role == "assistant" else ""
    found = reply(text, before) + respelled(text, discourse) + groups(text)
    found += [_resolved(fact, today) for fact in answered(text, before, discourse)]
    discourse.introduce(found)
    previous = ""
    heard: list[str] = []
    discourse.people = bool(re.search(r"\b(?:he|she|his|her|him|he's|she's|hes|shes)\b", text, re.IGNORECASE))
    spoken_to = re.search(r"\byours?\b", before[-200:], re.IGNORECASE)
    known = not discourse.named.keys().isdisjoint(re.findall(r"[\w-]+", text.lower()))
    discourse.personal = discourse.personal or known or bool(spoken_to or _FIRST_PERSON.search(text))
    discourse.answering = discourse.personal and bool(_TO_YOU.search(before[-200:]))
    discourse.people = discourse.people or bool(_ABOUT_SOMEONE.search(before[-200:]))
    sentences = cut.sentences(text)
    whole = restored(text, before, discourse)
    if whole and sentences:
        sentences[0] = (whole, False)
    again = amended(text, before, discourse) or continued(text, discourse)
    for sentence, question in [*([(again, False)] if again else []), *sentences]:
        if "\x00" in sentence and question or cut.is_jest(sentence):
            continue
        before_it = [*discourse.said[-4:], *heard]
        sentence = told_after(sentence, previous)
        passing = asides(sentence, before_it, discourse)
        if not cut.is_hypothetical(_AS_IF.split(sentence)[0]):
            passing += bridged(sentence, before_it, discourse)
        if not cut.is_hypothetical(sentence):
            passing += ailments(sentence) if question and discourse.personal else []
        plain = _COMPARED.split(sentence)[0]
        if not question and not cut.is_hypothetical(plain):
            passing += verbless(plain, before_it, discourse)
        kin = discourse.personal or not KIN.isdisjoint(re.findall(r"[\w-]+", sentence.lower()))
        mentioned = [*anywhere(sentence, previous), *belonging(sentence)] if kin else []
        told = mentioned + [_resolved(fact, today) for fact in passing]
        found += told
        discourse.introduce(told)
        discourse.current = (
            f"{told[-1].subject} {told[-1].value}" if told and TAIL.match(sentence) and previous else ""
        )
        doing = _DOING.search(sentence) if discourse.current else None
        told_of = sentence[doing.end() :] if doing and TAIL.match(sentence[: doing.start()]) else sentence
        stated = by_role(_sentence(told_of, question, discourse, today), previous)
        discourse.introduce([fact for fact in stated if fact.relation == "name"])
        found += stated
        found += echo(sentence, previous, discourse) + trades(sentence, discourse)
        if not question:
            discourse.strangers(sentence)
        previous = sentence
        heard.append(sentence)
    discourse.said += [again] if again else [sentence for sentence, _ in sentences]
    return _memories(fullest(found), turn.id, night)


def _untold(text: str, exchange: Exchange, discourse: Discourse) -> bool:
    """Whether a turn is play, fiction, an order to the machinery or a wish to forget, and so tells "
    "nothing."""
    made_up, discourse.fiction = discourse.fiction, cut.is_play(text)
    discourse.playing = (discourse.playing or cut.is_role_play(text)) and not _BACK.search(text)
    if discourse.playing or discourse.fiction or made_up and _MORE_OF_IT.match(text):
        return True
    before = exchange.before.text if exchange.before else ""
    if (
        made_up
        and "?" in before[-200:]
        and not re.search(r"\byour?\b", before[-200:])
        and not _MINE.search(text)
    ):
        return True
    if _INVENTED.search(before.rstrip()) and len(text.split()) < 8:
        return True
    return cut.is_injection(text) or any(r.kind == "forget" for r in requests(exchange))


def _resolved(fact: Found, today: date) -> Found:
    """The fact with its dates made absolute."""
    statement = resolve(fact.statement.rstrip("."), today) + "."
    yearly = "birthday " if "birthday" in fact.statement else ""
    value = resolve(yearly + fact.value, today).removeprefix(yearly)
    return replace(fact, statement=statement, value=value)


_MORE_OF_IT = re.compile(
    r"(?:(?:yes|yeah|ok|okay|no|now|nice|great|and|but|good)\b[,.! ]*){0,3}(?:make|call|add|give|let|"
    r"change|include|put|"
    r"have|name|set|end|start) (?:her|him|it|them|the)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:ok(?:ay)? (?:enough|serious)|enough of|out of character|seriously|for real|anyway|stop (?:it|"
    r"playing))\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?:i(?! (?:think|guess|mean|believe|suppose|bet|heard|read)\b)|i'm|im|ive|i've|(?<!tell )(?<!give "
    r")(?<!let )(?<!help )(?<!show )me|my|mine|we|our|us)\b",
    re.IGNORECASE,
)
_ABOUT_SOMEONE = re.compile(r"\b(?:he|she|him|her|who|whom|whose)\b[^.?!]*\?", re.IGNORECASE)
_COMPARED = re.compile(r",? (?:so |and )?(?:basically|practically|literally) (?=an? |the )", re.IGNORECASE)
_AS_IF = re.compile(r" as (?:if|though) ", re.IGNORECASE)
_DOING = re.compile(r", (?=[a-z]+ing \w)")
_TO_YOU = re.compile(r"\b(?:you|your|yours|it|he|she|they)\b[^?.!]*\?", re.IGNORECASE)
_MINE = re.compile(r"\b(?:my|our|i'm|i am|i have|i've)\b", re.IGNORECASE)
_INVENTED = re.compile(
    r"\b(?:character|hero|villain|protagonist|story|script|novel|(?:the|a|your) play)\b[^?]*\?$", re.I
)
_WILL_THAT_DO = re.compile(
    r"^(?:what|which \w+)(?: else)? (?:can|could|should|do) i (?:bake|cook|make|do with|eat|use|mix)\b|"
    r"^(?:will|would|can|could|does|do|is|are|should|might) (?:that|it|this|they|those|these|i use|we use)\b",
    re.I,
)
_AT_HAND = re.compile(r"^(?:i|we)(?:'ve| have| only have|'ve got| have got| got) (?!to\b)", re.IGNORECASE)
_WISH = re.compile(r"\bi(?: would|'d) (?:really )?(?:like|love) to\b", re.IGNORECASE)


def _sentence(sentence: str, question: bool, discourse: Discourse, today: date) -> list[Found]:
    found: list[Found] = []
    parts = cut.clauses(sentence, discourse.named)
    asked: list[str] = []
    if question and parts:
        asking = [i for i, part in enumerate(parts) if cut.is_question(part)]
        last = re.split(r", (?=[\w' ]{1,24}$)", parts[-1])
        asked = parts[asking[0] :] if asking else last[-1:]
        parts = parts[: asking[0]] if asking else [*parts[:-1], *last[:-1]]
    for i, part in enumerate(parts):
        if cut.is_hypothetical(_WISH.sub("", part)):
            break
        if _AT_HAND.match(part) and _WILL_THAT_DO.match((parts[i + 1 :] + asked + [""])[0]):
            continue
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


_EMPLOYED = re.compile(r"\b(?:offered|hired|took|gave|made|promoted|appointed) me\b")
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
    raised, clause = childhood(clause), plain_order(clause)
    if raised:
        return [Found("I", "origin", raised, f"I grew up in {raised}.", "fact", "i|origin")]
    found = signed(clause) or fragments(clause) or dated(resolve(clause, today))
    if found:
        return found
    pronoun = re.match(
        r"^(her|his|its)(?: \w+)? name(?: is|'s) (?P<name>[A-Z][\w'-]+)", clause, re.IGNORECASE
    )
    if pronoun:
        who = {"her": discourse.she, "his": discourse.he, "its": discourse.it}[pronoun[1].lower()]
        return (
            [named(who.removeprefix("my "), pronoun["name"])]
            if re.fullmatch(r"my [a-z -]+", who) and is_name(pronoun["name"])
            else []
        )
    text = discourse.complete(clause) or (
        clause if _EMPLOYED.search(clause) or discourse.person(clause) else ""
    )
    if not text:
        return []
    if discourse.place:
        text = re.sub(
            r"\b(go|going|went|move|moving|moved|fly|flying) there\b", rf"\1 to {discourse.place}", text
        )
        text = re.sub(
            r"(?<=\w) there(?=$|,| in \d| next | for | every | since )", f" in {discourse.place}", text
        )
    statement = tidy(resolve(text, today))
    body = statement.rstrip(".")
    parsed = parse(statement)
    discourse.current = (
        parsed.subject[:1].lower() + parsed.subject[1:]
        if parsed and parsed.subject not in {"I", "We"}
        else "I"
        if parsed
        else _unfinished(text)
    )
    found = own(body) + tastes(body) + attributes(body) + of_entities(body)
    if " called " in f" {body} " or " named " in body:
        found += names(body)
    found = [_dated(fact, body) for fact in found]
    taken = {fact.value.lower() for fact in found}
    further = bool({fact.relation for fact in found} & _SLOTTED) and len(body.split()) < 14
    said = {fact.statement.lower() for fact in found}
    rest = open_statement(statement, discourse, taken, resolve("today", today), further=further)
    return found + [fact for fact in rest if fact.statement.lower() not in said]


def _unfinished(text: str) -> str:
    """Whom a clause without a verb names before a remark ("my friend Lorcan, who lives in Cork, ...")."""
    return text if re.fullmatch(r"(?:my|our) (?:[a-z-]+ ){1,3}[A-Z][\w'-]+", text) else ""


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


_LEADING = re.compile(r"^(?:on|in|at|since|called|named|an?|the) ", re.IGNORECASE)


def _same(fact: Found, other: Found) -> bool:
    """Whether a fact says of the same subject what another one says with a slot."""
    values = {_LEADING.sub("", one.value.lower()) for one in (fact, other)}
    subject, owner = fact.subject.lower(), other.subject.lower()
    named = f"{owner} {other.value.lower()}" if other.relation == "name" else owner
    return len(values) == 1 and subject in {owner, f"{owner}'s {other.relation}", f"{owner}'s name", named}


def told_on(turn: Turn, night: Night) -> date:
    """The person's day on which a turn was written; the night's when its time is unknown."""
    return turn.at.astimezone(ZoneInfo(night.zone)).date() if turn.at and turn.at.tzinfo else night.date


def _memories(found: list[Found], turn_id: str, night: Night) -> list[Memory]:
    unique: dict[str, Memory] = {}
    slotted = [fact for fact in found if fact.slot]
    for fact in found:
        if not fact.slot and any(_same(fact, other) for other in slotted):
            continue
        memory = memory_of(fact, turn_id, night)
        unique.setdefault(memory.id, memory)
    return list(unique.values())
