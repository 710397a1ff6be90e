"""One night of a life, lived by the product's own functions in a home of its own.

Takes a time zone and one day's chats, and nothing else of a life: facts, probes, the person's name and
later days cannot reach a prompt, a dream or a training row because they are never handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from benchmarks.life import Day
from data import ledger, mixture
from data.night import Night
from data.records import ChatRequest, Dream, Example, Exchange, Memory, Turn, Verdict
from data.settings import Recipe, Settings, load_settings
from data.store import Store

SOURCE = "life"


@dataclass(frozen=True)
class Remembered:
    """What a night made of its day: the exchanges, the verdicts on them and the ledger afterwards."""

    exchanges: tuple[Exchange, ...]
    verdicts: tuple[Verdict, ...]
    memories: tuple[Memory, ...]


def home_settings(home: Path, zone: str, recipe: Recipe) -> Settings:
    """Settings of a fresh home; whatever an earlier run left in its store is removed."""
    settings = load_settings({}, home=home, zone=zone, recipe=recipe)
    settings.ensure_home()
    for leftover in home.glob(f"{settings.database.name}*"):
        leftover.unlink()
    return settings


def turns_of(day: Day) -> list[Turn]:
    """A day's chats as turns of the log, each message following the one before."""
    return [
        Turn(
            source=SOURCE,
            conversation=chat.id,
            message=str(number),
            role="user" if message.role == "user" else "assistant",
            text=message.content,
            at=message.created_at,
            parent=str(number - 1) if number else None,
        )
        for chat in day.conversations
        for number, message in enumerate(chat.messages)
    ]


def remember_day(settings: Settings, day: Day) -> Remembered:
    """Ingest and curate one day; the ledger in the store is brought up to date."""
    from tasks.curate import curate_night, reader

    night = Night(day.date, settings.zone)
    with Store(settings.database) as store:
        store.turns.ingest(Path(f"{day.date}.json"), turns_of(day), settings.ingest, settings.zone)
        exchanges = store.turns.exchanges(night)
        verdicts, memories = curate_night(
            store, night, settings.recipe, reader(settings, settings.recipe, night)
        )
        store.memories.replace_night(night, memories, verdicts)
    return Remembered(tuple(exchanges), tuple(verdicts), tuple(memories))


def dream_night(settings: Settings, day: date) -> list[Dream]:
    """Dream about all active memories and store the dreams, refused ones included."""
    from tasks.common import Plan, Stopwatch
    from tasks.dream import imagine

    night = Night(day, settings.zone)
    with Store(settings.database) as store:
        memories = store.memories.curated(night)
        turns = store.turns.get([source for memory in memories for source in memory.sources])
        plan = Plan(night.id, settings.recipe)
        store.dreams.replace(night, imagine(plan, settings, night, memories, turns, Stopwatch()))
        return store.dreams.all(night)


def mix_night(
    settings: Settings,
    day: date,
    seed: int,
    answers: Callable[[Sequence[str], Sequence[str]], Mapping[str, str]],
) -> list[Example]:
    """Put the night's training rows together and store them.

    `answers` gives the base's own words to prompts and to beginnings of texts.
    """
    night = Night(day, settings.zone)
    seeds = mixture.load_seeds()
    drawn = seeds, settings.recipe, night.seed + seed
    seeds = replace(seeds, answers=answers(mixture.prompts_to_answer(*drawn), mixture.beginnings(*drawn)))
    with Store(settings.database) as store:
        dreams = [dream for dream in store.dreams.all(night) if dream.verified]
        memories = store.memories.curated(night)
        rows = mixture.mix(dreams, memories, seeds, settings.recipe, night.seed + seed)
        store.dreams.replace_mixture(night, rows)
    return rows


def transcript_rows(exchanges: Sequence[Exchange], persona: str) -> list[Example]:
    """The chats themselves as training rows: what fine-tuning on raw transcripts would see."""
    return [
        Example(e.user.id, "direct", e.user.id, persona, e.user.text, e.answer.text)
        for e in exchanges
        if e.answer is not None and e.answer.text.strip()
    ]


def examined(settings: Settings, day: date, recalled: Mapping[str, bool]) -> None:
    """Move the memories along their life by what the night's model recalled."""
    night = Night(day, settings.zone)
    with Store(settings.database) as store:
        store.memories.save(ledger.after_night(store.memories.curated(night), recalled, night), night)


def search(settings: Settings, questions: Sequence[str], k: int) -> dict[str, tuple[str, ...]]:
    """For each question the statements of the `k` memories that full-text search ranks first."""
    with Store(settings.database) as store:
        return {
            question: tuple(memory.statement for memory, _ in store.memories.search(question, k))
            for question in questions
        }


@dataclass(frozen=True)
class FileChat:
    """A chat with a model file, through a server that lives for one call."""

    gguf: Path
    settings: Settings

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        """One answer per request, in order."""
        from tasks.asking import complete

        return complete(self.gguf, requests, self.settings, run="lifetime")
