"""What an exchange is worth remembering, with a reason a person understands.

Only the person's own words count: the assistant's claims, code, quotations and pasted text are never
read as facts. The strength of a turn adds up what its statements hold: the speaker doing, having, being
something; names, times, numbers, kin, events, likes, plans; words not met before; an answer to a
question. The weights were set by reasoning about what people ask of each other later and are the same
for every log. The score relates strength to novelty, recency, activation, emotion and feedback by the
weights in the settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from data.ledger import REWARD_CORRECTION, REWARD_PRAISE
from data.night import Night
from data.records import Exchange, Memory, Turn, Verdict
from data.settings import Curate
from data.terms import terms
from quality.cues import cues, own_words
from quality.reading import NOTHING, PLACE, Reading, read

STRENGTH_SCALE = 1.6
RECENCY_HALF_LIFE = timedelta(days=3).total_seconds()
FRESH_CAP = 6.0

WEIGHTS: tuple[tuple[int, float, float], ...] = tuple(
    (PLACE[name], weight, cap)
    for name, weight, cap in (
        ("first", 0.15, 2.0),
        ("event", 0.45, 3.0),
        ("time", 1.4, 2.0),
        ("relative", 0.3, 2.0),
        ("number", 0.8, 2.0),
        ("name", 1.4, 2.0),
        ("kin", 0.45, 2.0),
        ("social", 0.2, 2.0),
        ("preference", 0.35, 2.0),
        ("plan", 0.15, 2.0),
        ("thing", 0.55, 3.0),
        ("work", 0.3, 2.0),
        ("concrete", 0.25, 8.0),
    )
)
"""(class, weight of one occurrence, where its sum levels off)."""

_SECOND, _CHATTER, _ABSTRACT = PLACE["second"], PLACE["chatter"], PLACE["abstract"]
_FIRST, _THIRD, _KIN, _SOCIAL = PLACE["first"], PLACE["third"], PLACE["kin"], PLACE["social"]
_POSITIVE, _NEGATIVE = PLACE["positive"], PLACE["negative"]
_PREFERENCE, _PLAN, _EVENT, _TIME = PLACE["preference"], PLACE["plan"], PLACE["event"], PLACE["time"]

FLOORS = {"remember": 0.9, "forget": 0.9, "correction": 0.6, "update": 0.45, "complaint": 0.4, "praise": 0.3}
"""Least score of a turn with such a cue, as far as it says anything."""

DAMPED = {"joke": 0.1, "imagined": 0.1, "pasted": 0.2, "greeting": 0.3}
"""The share that is left of the strength of a turn of such a kind, and never more than 0.3."""

REASONS = {
    "remember": "asked to be remembered",
    "forget": "asked to be forgotten",
    "correction": "corrects something",
    "update": "says that something has changed",
    "complaint": "complains about an answer",
    "praise": "praises an answer",
    "joke": "meant as a joke",
    "imagined": "imagined, not told as true",
    "pasted": "pasted or quoted text or code, not the person's own words",
    "empty": "says nothing",
    "greeting": "greeting or small talk",
    "question": "only asks",
    "request": "a request that tells nothing about the person",
    "other": "about someone else",
    "impersonal": "a statement that does not say whom it is about",
    "preference": "a preference",
    "plan": "a plan",
    "event": "something that happened",
    "fact": "a fact about the person",
}


@dataclass(slots=True)
class LedgerContext:
    """What a night is compared with: the stems of what is known and how active each is, and its end."""

    topics: Mapping[str, float] = field(default_factory=dict)
    end: float | None = None


def ledger_context(memories: Iterable[Memory], night: Night | None = None) -> LedgerContext:
    """The context for `judge`, built once a night from the ledger before it."""
    topics: dict[str, float] = {}
    for memory in memories:
        if memory.active:
            for term in set(terms(memory.statement)):
                topics[term] = topics.get(term, 0.0) + memory.activation
    return LedgerContext(topics, night.end.timestamp() if night else None)


def with_turns(
    context: LedgerContext, exchanges: Iterable[Exchange], activation: float = 0.2
) -> LedgerContext:
    """The context after these exchanges were heard too, for logs whose ledger is not at hand."""
    topics = dict(context.topics)
    for exchange in exchanges:
        for term in read(exchange.user.text).stems:
            topics[term] = topics.get(term, 0.0) + activation
    return LedgerContext(topics, context.end)


def judge(exchange: Exchange, context: LedgerContext, s: Curate) -> Verdict:
    """What one exchange is worth, seen alone."""
    return _judge(exchange, context, s, {}, _Weights.of(s))


def judge_all(exchanges: Sequence[Exchange], context: LedgerContext, s: Curate) -> list[Verdict]:
    """Verdicts of a night's exchanges, in order; later ones know the words of earlier ones.

    Praise and complaints are about what came before, so their reward also reaches the exchange
    before in the same conversation.
    """
    heard: dict[str, int] = {}
    weights = _Weights.of(s)
    verdicts: list[Verdict] = []
    for i, exchange in enumerate(exchanges):
        verdict = _judge(exchange, context, s, heard, weights)
        verdicts.append(verdict)
        if verdict.reason is REASONS["praise"] and i:
            _pass_on(verdicts, exchanges, i)
    return verdicts


@dataclass(frozen=True, slots=True)
class _Weights:
    """The settings' weights, divided by their sum."""

    importance: float
    novelty: float
    recency: float
    activation: float
    emotion: float
    feedback: float

    @classmethod
    def of(cls, s: Curate) -> _Weights:
        given = (
            s.weight_importance,
            s.weight_novelty,
            s.weight_recency,
            s.weight_activation,
            s.weight_emotion,
            s.weight_feedback,
        )
        total = sum(given) or 1.0
        return cls(*(weight / total for weight in given))


def _judge(
    exchange: Exchange, context: LedgerContext, s: Curate, heard: dict[str, int], w: _Weights
) -> Verdict:
    turn = exchange.user
    text, cut = own_words(turn.text)
    reading = read(text, _names(exchange))
    found = cues(text, reading)
    fresh, active = _met(reading.stems, context.topics, heard)
    answers = exchange.before is not None and "?" in exchange.before.text
    power = _strength(reading, fresh, answers, bool(turn.attachment_text))
    kind = _kind(reading, found, power, cut, answers)
    if kind in DAMPED and power > 0:
        power = min(DAMPED[kind] * power, 0.3)
    importance = 1.0 - math.exp(-power / STRENGTH_SCALE) if power > 0 else 0.0
    novelty = fresh / len(reading.stems) if reading.stems else 0.0
    recency = _recency(turn, context.end)
    emotion = _emotion(reading, turn.text)
    feedback = 1.0 if "praise" in found or "correction" in found else -1.0 if "complaint" in found else 0.0
    score = importance * (
        w.importance
        + w.novelty * novelty
        + w.recency * recency
        + w.activation * active
        + w.emotion * emotion
        + w.feedback * abs(feedback)
    )
    if kind in FLOORS and reading.words > 1:
        score = max(score, FLOORS[kind])
    return Verdict(
        turn.id,
        score,
        score >= s.threshold,
        REASONS[kind],
        {
            "importance": importance,
            "strength": power,
            "novelty": novelty,
            "recency": recency,
            "activation": active,
            "emotion": emotion,
            "feedback": feedback,
            "reward": _reward(found),
            "words": float(reading.words),
        },
    )


def _met(stems: set[str], topics: Mapping[str, float], heard: dict[str, int]) -> tuple[int, float]:
    """How many stems are new, and how active the known ones are (0..1); `heard` learns them, in place."""
    fresh = 0
    active = []
    for one in stems:
        known = topics.get(one, 0.0)
        times = heard.get(one, 0)
        heard[one] = times + 1
        if known or times:
            active.append(known or 0.2 * times)
        else:
            fresh += 1
    return fresh, min(1.0, math.fsum(active) / 6.0)  # exact: a set has another order in every process


def _strength(reading: Reading, fresh: int, answers: bool, pictured: bool) -> float:
    """How much a turn tells, open upwards; see the module's docstring."""
    told, asked, everything = reading.told, reading.asked, reading.all
    power = 0.0
    for place, weight, cap in WEIGHTS:
        count = told[place] if asked is NOTHING else told[place] + 0.35 * asked[place]
        if count:
            power += weight * cap * count / (cap + count)
    power += 0.9 * min(reading.past, 2.0) + 0.4 * min(reading.perfect, 1.0) + 0.3 * min(reading.ongoing, 2.0)
    power += 0.5 * min(reading.owned, 2.0) + 0.5 * min(reading.state, 2.0)
    power += 0.35 * FRESH_CAP * fresh / (FRESH_CAP + fresh)
    power -= 0.15 * min(everything[_CHATTER], 5) + 0.15 * min(everything[_ABSTRACT], 5)
    power -= 0.12 * min(everything[_SECOND], 4)
    if pictured:
        power += 1.2
    if not reading.statements:
        return power - 1.0 + (0.4 if answers else 0.0)
    return power + 1.2 if answers else power


def _kind(reading: Reading, found: frozenset[str], power: float, cut: float, answers: bool) -> str:
    """Why the turn is worth what it is worth; a key of REASONS."""
    for cue in ("forget", "remember", "joke", "correction", "update", "complaint"):
        if cue in found:
            return cue
    if reading.words == 0:
        return "pasted" if cut > 0 else "empty"
    told = reading.told
    personal = told[_FIRST] + reading.asked[_FIRST]
    if reading.imagined and not personal:
        return "imagined"
    if "praise" in found and (not personal or power < 1.0):
        return "praise"
    if cut > 0.5 and not personal:
        return "pasted"
    if not reading.statements and not personal:
        return "question"
    if not personal:
        if told[_THIRD] or told[_KIN] or told[_SOCIAL]:
            return "other"
        if reading.questions >= reading.statements and power < 2.0:
            return "request"
        return "greeting" if power < 0.6 or reading.words < 4 and not answers else "impersonal"
    if power < 0.4:
        return "greeting"
    if reading.past or told[_EVENT] and told[_TIME]:
        return "event"
    if told[_PREFERENCE]:
        return "preference"
    return "plan" if told[_PLAN] and told[_TIME] else "fact"


def _reward(found: frozenset[str]) -> float:
    if "correction" in found:
        return REWARD_CORRECTION
    return REWARD_PRAISE if "praise" in found else 1.0


def _pass_on(verdicts: list[Verdict], exchanges: Sequence[Exchange], i: int) -> None:
    """Give the exchange before in the same conversation the reward of the praise it got, in place."""
    here, before = exchanges[i].user, exchanges[i - 1].user
    if (here.source, here.conversation) != (before.source, before.conversation):
        return
    old = verdicts[i - 1]
    signals = {**old.signals, "reward": max(old.signals["reward"], REWARD_PRAISE)}
    verdicts[i - 1] = Verdict(old.turn_id, old.score, old.kept, old.reason, signals)


def _names(exchange: Exchange) -> frozenset[str]:
    """The names by which the speakers may call each other, as written and in lower case."""
    speaker = exchange.user.speaker
    other = exchange.before.speaker if exchange.before else None
    if not speaker and not other:
        return _NOBODY
    words = f"{speaker or ''} {other or ''}".split()
    return frozenset(words + [word.lower() for word in words])


_NOBODY: frozenset[str] = frozenset()


def _recency(turn: Turn, end: float | None) -> float:
    """1 at the end of the night's day, halved every three days before it; 1 when a time is missing."""
    if end is None or turn.at is None:
        return 1.0
    return float(0.5 ** (max(0.0, end - turn.at.timestamp()) / RECENCY_HALF_LIFE))


def _emotion(reading: Reading, text: str) -> float:
    felt = reading.all[_POSITIVE] + 1.5 * reading.all[_NEGATIVE] + 0.5 * min(text.count("!"), 4)
    return felt / (felt + 2.0)
