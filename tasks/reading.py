"""Have the extractor read a day's exchanges: what each tells of the person, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.night import Night
from data.records import Exchange, Memory
from data.settings import Recipe, Settings
from models import extractor
from models.base import prepare_base
from quality import plain
from tasks.asking import answers_of


def read_exchanges(
    exchanges: Sequence[Exchange],
    settings: Settings,
    recipe: Recipe,
    *,
    run: str,
) -> Mapping[str, Sequence[str]]:
    """By turn id the sentences the extractor wrote about it.

    What was read once is kept in the home folder, so that a rerun or a backfill reads the same.
    """
    gguf = extractor.prepared(prepare_base(recipe.preset, settings.models))
    asked = [
        (turn, extractor.request((*turns[:-1], ("user", piece))))
        for turn, turns in plain.windows(exchanges).items()
        for piece in extractor.pieces(turns[-1][1])
    ]
    texts = answers_of(gguf, gguf.stem, [request for _, request in asked], settings, run=run)
    written: dict[str, list[str]] = {}
    for (turn, _), text in zip(asked, texts, strict=True):
        written.setdefault(turn, []).extend(extractor.sentences(text))
    return written


def told(
    exchanges: Sequence[Exchange],
    heard: Sequence[Memory],
    written: Mapping[str, Sequence[str]],
    night: Night,
    known: Sequence[Memory],
) -> list[Memory]:
    """What rules heard and the extractor wrote, as one list of memories."""
    if not written:
        return list(heard)
    turns = plain.windows(exchanges)
    learnt = [*known, *(memory for memory in heard if memory.relation == "name")]
    read = {
        e.user.id: plain.read(e, written[e.user.id], turns[e.user.id], night, learnt)
        for e in exchanges
        if e.user.id in written
    }
    return plain.combine(heard, read)
