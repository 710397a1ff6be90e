"""What memories leave beside the ledger, and what goes with them when they are forgotten.

Dreams, rows, answers on record, the turns they were told in with the answers to them, reports, exports,
unfinished adapters and the store a backfill kept: what is forgotten is gone from all of them.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from data.night import Night
from data.records import Memory
from data.settings import Settings
from data.store import Store
from models.files import write_json
from tasks.backup import forget_backup
from tasks.export import export


def erase_traces(store: Store, gone: Sequence[Memory]) -> set[str]:
    """Remove what nights made of forgotten memories; returns the words of them that may stand in files."""
    if not gone:
        return set()
    ids, values = [memory.id for memory in gone], [memory.value for memory in gone]
    with store.transaction():
        words = {*values, *(memory.statement for memory in gone), *_questions_about(store, ids)}
        store.dreams.forget(ids)
        store.nights.forget_answers(ids)
        _erase_mentions(store, values)
    return words


def erase_tellings(store: Store, gone: Sequence[Memory]) -> list[str]:
    """Remove the turns that memories were told in and the answers to them; returns the ids of the turns."""
    sources = {source for memory in gone for source in memory.sources}
    return store.turns.forget_turns(sorted(sources | _answers_to(store, sources)))


def erase_files(settings: Settings, words: Collection[str], *, rebuilt: bool) -> list[str]:
    """Remove what lies outside the store: answers on record, reports, exports, unfinished adapters."""
    removed = [path.name for path in _forget_answers(settings, words)]
    for path in settings.reports.glob("*.html"):
        if _mentions(html.unescape(path.read_text(encoding="utf-8")), words):
            path.unlink()
            removed.append(path.name)
    if not rebuilt:
        return removed
    for folder in settings.work.glob("*/train-*"):
        shutil.rmtree(folder)
        removed.append(f"{folder.parent.name}/{folder.name}")
    if forget_backup(settings):
        removed.append("the store kept by the last backfill")
    if (settings.home / "MEMORY.md").exists():
        export(settings, settings.home)
    return removed


def _forget_answers(settings: Settings, words: Collection[str]) -> Iterator[Path]:
    """Take every question and answer with one of the words out of the files of answers on record."""
    for path in (settings.work / "answers").glob("*.json"):
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        kept = {asked: text for asked, text in known.items() if not _mentions(f"{asked} {text}", words)}
        if len(kept) < len(known):
            write_json(path, kept)
            yield path


def _mentions(text: str, words: Collection[str]) -> bool:
    """Whether one of the words stands in the text as a word of its own."""
    plain_text = text.casefold()
    return any(
        re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", plain_text) for word in words if word.strip()
    )


def _questions_about(store: Store, ids: Sequence[str]) -> set[str]:
    """What any night dreamt and asked about these memories."""
    wanted = set(ids)
    nights = [Night(row.night, "UTC") for row in store.nights.all()]
    return {d.question for night in nights for d in store.dreams.all(night) if wanted & set(d.memory_ids)}


def _answers_to(store: Store, sources: Collection[str]) -> set[str]:
    """The assistant's answers to these turns, which say the same again."""
    told = {(turn.source, turn.conversation, turn.message) for turn in store.turns.get(sources)}
    return {
        turn.id
        for turn in store.turns.all(active_only=False)
        if turn.role == "assistant" and (turn.source, turn.conversation, turn.parent) in told
    }


def _erase_mentions(store: Store, values: Sequence[str]) -> None:
    """Remove dreams and rows about other things that name what was forgotten, to tell it apart."""
    for row in store.nights.all():
        night = Night(row.night, "UTC")
        dreams, rows = store.dreams.all(night), store.dreams.mixture(night)
        kept = [
            d for d in dreams if not _mentions(" ".join((d.question, d.answer, *d.accept, *d.reject)), values)
        ]
        kept_rows = [r for r in rows if not _mentions(f"{r.question} {r.answer} {r.value}", values)]
        if len(kept) < len(dreams):
            store.dreams.replace(night, kept)
        if len(kept_rows) < len(rows):
            store.dreams.replace_mixture(night, kept_rows)
