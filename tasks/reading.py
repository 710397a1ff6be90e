"""Have the extractor read a day's exchanges: what each tells of the person, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.night import Night
from data.records import Exchange, Memory
from data.settings import Recipe, Settings
from models import extractor
from models.base import prepare_base
from quality import plain
from tasks.asking import answers_of


@dataclass(frozen=True, slots=True)
class Reading:
    """What the extractor was shown of an exchange, and the sentences it wrote about it."""

    turns: plain.Turns
    sentences: tuple[str, ...]


def read_exchanges(
    exchanges: Sequence[Exchange],
    settings: Settings,
    recipe: Recipe,
    *,
    run: str,
) -> dict[str, Reading]:
    """By turn id what the extractor made of it.

    What was read once is kept in the home folder, so that a rerun or a backfill reads the same.
    """
    gguf = extractor.prepared(prepare_base(recipe.preset, settings.models))
    shown = plain.windows(exchanges)
    asked = [
        (turn, extractor.request((*turns[:-1], ("user", piece))))
        for turn, turns in shown.items()
        for piece in extractor.pieces(turns[-1][1])
    ]
    texts = answers_of(gguf, gguf.stem, [request for _, request in asked], settings, run=run)
    written: dict[str, list[str]] = {}
    for (turn, _), text in zip(asked, texts, strict=True):
        written.setdefault(turn, []).extend(extractor.sentences(text))
    return {turn: Reading(shown[turn], tuple(sentences)) for turn, sentences in written.items()}


def told(
    exchanges: Sequence[Exchange],
    heard: Sequence[Memory],
    readings: Mapping[str, Reading],
    night: Night,
    known: Sequence[Memory],
) -> list[Memory]:
    """What rules heard and the extractor wrote, as one list of memories."""
    if not readings:
        return list(heard)
    learnt = [*known, *(memory for memory in heard if memory.relation == "name")]
    read = {
        e.user.id: plain.read(e, reading.sentences, reading.turns, night, learnt)
        for e in exchanges
        if (reading := readings.get(e.user.id)) is not None
    }
    return plain.combine(heard, read)
