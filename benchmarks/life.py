"""Lives: several days of one person's chats, the facts told in them, and probes with a scoring rule for each.

Owns the file format `nocturne-life/1`; answers are scored by the rules the gates use. Knows nothing about
models or the pipeline: an answer is a string, a score is the name of an outcome.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from benchmarks import shape
from data.errors import BadInput
from quality import scoring
from quality.scoring import Alternative, abstains, contains, normalise

FORMAT = "nocturne-life/1"
ASKS_FACT = frozenset({"direct", "paraphrase", "reversed", "yes_no", "two_fact", "stale"})
KINDS = ASKS_FACT | {"never_told", "other_person", "hypothetical", "forgotten", "role", "story"}

__all__ = [
    "Conversation",
    "Day",
    "Fact",
    "Life",
    "Message",
    "Probe",
    "abstains",
    "active_facts",
    "contains",
    "due_probes",
    "load_life",
    "normalise",
    "outcome",
]


@dataclass(frozen=True)
class Message:
    """One chat message; `created_at` is in UTC."""

    role: str
    content: str
    created_at: datetime


@dataclass(frozen=True)
class Conversation:
    """The messages of one chat, oldest first."""

    id: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Day:
    """One local day of the person; it may hold no conversation."""

    date: date
    conversations: tuple[Conversation, ...]


@dataclass(frozen=True)
class Fact:
    """Something the person told: `value` in their own words, `accept` as answers are matched."""

    id: str
    told: date
    statement: str
    relation: str
    value: str
    accept: tuple[str, ...]
    replaces: str | None
    forgotten: date | None
    via: str | None
    repeated: tuple[date, ...]


@dataclass(frozen=True)
class Probe:
    """A question asked after the nights of `start` to `until`; `accept` and `reject` decide its outcome."""

    id: str
    kind: str
    fact: str | None
    also: str | None
    question: str
    accept: tuple[Alternative, ...]
    reject: tuple[str, ...]
    start: date
    until: date | None


@dataclass(frozen=True)
class Life:
    """A whole life file; only `zone` and the messages may ever reach the pipeline."""

    name: str
    zone: str
    about: str
    days: tuple[Day, ...]
    facts: tuple[Fact, ...]
    probes: tuple[Probe, ...]


def load_life(path: Path) -> Life:
    """Read and check a life file; raises BadInput with the place and the reason of the first fault."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(f"{path} cannot be read as a life file: {error}") from error
    try:
        life = _life(raw)
        _check_references(life)
        _check_times(life)
        _check_values(life)
    except BadInput as error:
        raise BadInput(f"{path.name}: {error}") from error
    return life


def _stored(raw: Any, where: str) -> str:
    if not (folded := normalise(shape.text(raw, where))):
        raise BadInput(f"{where}: {raw!r} holds nothing that could be found in an answer")
    return folded


def _alternative(raw: Any, where: str) -> Alternative:
    if isinstance(raw, list):
        return tuple(_stored(part, where) for part in shape.items(raw, where, least=2))
    return _stored(raw, where)


def _life(raw: Any) -> Life:
    top = shape.fields(raw, "the file", "format person days facts probes")
    shape.choice(top["format"], "format", [FORMAT])
    person = shape.fields(top["person"], "person", "name zone about")
    return Life(
        name=shape.text(person["name"], "person.name"),
        zone=shape.text(person["zone"], "person.zone"),
        about=shape.text(person["about"], "person.about", empty=True),
        days=tuple(
            _day(day, f"days[{n}]") for n, day in enumerate(shape.items(top["days"], "days", least=1))
        ),
        facts=tuple(_fact(fact, f"facts[{n}]") for n, fact in enumerate(shape.items(top["facts"], "facts"))),
        probes=tuple(
            _probe(probe, f"probes[{n}]") for n, probe in enumerate(shape.items(top["probes"], "probes"))
        ),
    )


def _day(raw: Any, where: str) -> Day:
    day = shape.fields(raw, where, "date conversations")
    conversations = []
    for conversation in shape.items(day["conversations"], f"{where}.conversations"):
        shape.fields(conversation, f"{where}.conversations", "id messages")
        name = shape.identifier(conversation["id"], f"{where}.conversations.id")
        messages = shape.items(conversation["messages"], f"conversation {name}", least=1)
        conversations.append(Conversation(name, tuple(_message(m, f"conversation {name}") for m in messages)))
    return Day(shape.day(day["date"], f"{where}.date"), tuple(conversations))


def _message(raw: Any, where: str) -> Message:
    message = shape.fields(raw, where, "role content created_at")
    return Message(
        role=shape.choice(message["role"], f"{where}: role", ["user", "assistant"]),
        content=shape.text(message["content"], f"{where}: content"),
        created_at=shape.instant(message["created_at"], f"{where}: created_at"),
    )


def _fact(raw: Any, where: str) -> Fact:
    fact = shape.fields(
        raw, where, "id told statement relation value accept replaces forgotten", "via repeated"
    )
    where = f"fact {shape.identifier(fact['id'], f'{where}.id')}"
    return Fact(
        id=fact["id"],
        told=shape.day(fact["told"], f"{where}: told"),
        statement=shape.text(fact["statement"], f"{where}: statement"),
        relation=shape.text(fact["relation"], f"{where}: relation"),
        value=shape.text(fact["value"], f"{where}: value"),
        accept=tuple(_stored(entry, where) for entry in shape.items(fact["accept"], where, least=1)),
        replaces=None
        if fact["replaces"] is None
        else shape.identifier(fact["replaces"], f"{where}: replaces"),
        forgotten=None if fact["forgotten"] is None else shape.day(fact["forgotten"], f"{where}: forgotten"),
        via=shape.choice(fact["via"], f"{where}: via", ["told", "update", "correction"])
        if "via" in fact
        else None,
        repeated=tuple(
            shape.day(day, f"{where}: repeated") for day in shape.items(fact.get("repeated", []), where)
        ),
    )


def _probe(raw: Any, where: str) -> Probe:
    probe = shape.fields(raw, where, "id kind fact question accept reject from until", "also")
    where = f"probe {shape.identifier(probe['id'], f'{where}.id')}"
    loaded = Probe(
        id=probe["id"],
        kind=shape.choice(probe["kind"], f"{where}: kind", KINDS),
        fact=None if probe["fact"] is None else shape.identifier(probe["fact"], f"{where}: fact"),
        also=shape.identifier(probe["also"], f"{where}: also") if "also" in probe else None,
        question=shape.text(probe["question"], f"{where}: question"),
        accept=tuple(
            _alternative(a, f"{where}: accept") for a in shape.items(probe["accept"], f"{where}: accept")
        ),
        reject=tuple(_stored(r, where) for r in shape.items(probe["reject"], f"{where}: reject")),
        start=shape.day(probe["from"], f"{where}: from"),
        until=None if probe["until"] is None else shape.day(probe["until"], f"{where}: until"),
    )
    _check_kind(loaded, where)
    return loaded


def _check_kind(probe: Probe, where: str) -> None:
    kind = probe.kind
    rules = [
        (kind in ASKS_FACT | {"forgotten"} and probe.fact is None, "needs a fact"),
        (kind in ASKS_FACT and not probe.accept, "needs something to accept"),
        (kind == "two_fact" and probe.also is None, "needs the id of its second fact in `also`"),
        (kind == "forgotten" and bool(probe.accept), "accepts no answer, only an abstention"),
        (kind in {"never_told", "hypothetical", "story"} and probe.fact is not None, "must have no fact"),
        (
            kind in {"never_told", "hypothetical", "story", "forgotten"} and not probe.reject,
            "needs something to reject",
        ),
    ]
    for broken, reason in rules:
        if broken:
            raise BadInput(f"{where} of kind {kind} {reason}")


def _check_references(life: Life) -> None:
    conversations = [conversation.id for day in life.days for conversation in day.conversations]
    ids = conversations + [fact.id for fact in life.facts] + [probe.id for probe in life.probes]
    if len(ids) != len(set(ids)):
        raise BadInput(f"ids used twice: {sorted({i for i in ids if ids.count(i) > 1})}")
    facts = {fact.id for fact in life.facts}
    wanted = {fact.replaces for fact in life.facts} | {i for p in life.probes for i in (p.fact, p.also)}
    if unknown := wanted - facts - {None}:
        raise BadInput(f"no such facts: {sorted(str(i) for i in unknown)}")


def _check_times(life: Life) -> None:
    try:
        zone = ZoneInfo(life.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(f"{life.zone!r} is not an IANA time zone such as Europe/Berlin") from error
    dates = [day.date for day in life.days]
    if any(later <= earlier for earlier, later in zip(dates, dates[1:], strict=False)):
        raise BadInput("the dates of the days must rise")
    last = datetime.min.replace(tzinfo=UTC)
    for day in life.days:
        for conversation in day.conversations:
            for message in conversation.messages:
                if message.created_at < last:
                    raise BadInput(f"times fall in conversation {conversation.id}")
                last = message.created_at
                if last.astimezone(zone).date() != day.date:
                    raise BadInput(f"a message of {conversation.id} is not of {day.date} in {life.zone}")


def _check_values(life: Life) -> None:
    said = {
        day.date: [normalise(m.content) for c in day.conversations for m in c.messages if m.role == "user"]
        for day in life.days
    }
    for fact in life.facts:
        if not any(normalise(fact.value) in content for content in said.get(fact.told, [])):
            raise BadInput(f"fact {fact.id}: no user message of {fact.told} holds {fact.value!r}")


def active_facts(life: Life, on: date) -> tuple[Fact, ...]:
    """The facts that hold after day `on`: told by then, neither replaced nor forgotten by then."""
    ended = {fact.replaces for fact in life.facts if fact.told <= on}
    return tuple(
        fact
        for fact in life.facts
        if fact.told <= on and fact.id not in ended and (fact.forgotten is None or fact.forgotten > on)
    )


def due_probes(life: Life, on: date) -> tuple[Probe, ...]:
    """The probes asked after the night of day `on`."""
    return tuple(p for p in life.probes if p.start <= on and (p.until is None or on <= p.until))


def outcome(probe: Probe, answer: str) -> str:
    """Score an answer: right, rejected, abstained, false or other."""
    return scoring.outcome(probe.kind, probe.accept, probe.reject, answer)
