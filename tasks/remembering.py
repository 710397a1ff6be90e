"""The person's own hand on the ledger: list, correct, forget, export."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data import ledger
from data.errors import BadInput
from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import Settings
from data.store import Store
from models.files import write_json
from models.registry import Registry
from quality import extraction, forgetting
from tasks.common import exclusive
from tasks.history import forget_backup


def listed(settings: Settings, query: str | None, *, everything: bool) -> list[Memory]:
    """Active memories (or all), or the ones nearest to a query."""
    with Store(settings.database) as store:
        if query:
            return [memory for memory, _ in store.memories.search(query)]
        return store.memories.all() if everything else store.memories.active()


def chosen(
    settings: Settings, ids: Sequence[str], about: str | None, conversation: str | None
) -> list[Memory]:
    """The memories a request to forget names; BadInput when it names none."""
    with Store(settings.database) as store:
        memories = [memory for memory in store.memories.all() if memory.state != "forgotten"]
        logged = bool(_sources(store, conversation))
    found = [memory for memory in memories if memory.id in ids]
    unknown = set(ids) - {memory.id for memory in found}
    if unknown:
        raise BadInput(
            f"No memory has the id {sorted(unknown)[0]}. List them with `python -m flows memories`."
        )
    if about:
        found += [memory for memory in forgetting.meant(about, memories) if memory not in found]
    if conversation:
        found += [m for m in forgetting.of_conversation(conversation, memories) if m not in found]
    if not found and not logged:
        raise BadInput("Nothing matches. List what is remembered with `python -m flows memories`.")
    return found


def forget(settings: Settings, doomed: Sequence[Memory], conversation: str | None) -> dict[str, Any]:
    """Erase memories with everything made from them; the next night rebuilds the model without them.

    The turns they were told in go with the answers to them, and stay out when a log is read again.
    """
    with exclusive(settings, "night"), Store(settings.database) as store:
        questions = _questions_about(store, [memory.id for memory in doomed])
        gone = erase(store, [memory.id for memory in doomed])
        sources = {source for memory in gone for source in memory.sources}
        turns = store.turns.forget_turns(sorted(sources | _answers_to(store, sources)))
        for source in _sources(store, conversation):
            turns += store.turns.tombstone(source, str(conversation), "forgotten on request")
        nights = [row.night for row in store.nights.all() if row.status == "published"]
        if gone:
            store.nights.reopen(nights[-1:], "A memory was forgotten; the model is rebuilt without it.")
    words = {memory.value for memory in gone} | {memory.statement for memory in gone} | questions
    trained = [
        g.id for g in Registry(settings.models).all() if g.status in ("published", "candidate", "retired")
    ]
    return {
        "forgotten": [memory.id for memory in gone],
        "turns_removed": len(turns),
        "files_removed": _forget_files(settings, words, rebuilt=bool(gone)),
        "models_trained_before": trained,
        "next": f"python -m flows night {nights[-1]} --redo"
        if nights
        else "nothing: no model was trained yet",
    }


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


def _sources(store: Store, conversation: str | None) -> list[str]:
    """The logs that hold a conversation, whether a memory rests on it or not."""
    return sorted(
        {source for source, name, *_ in store.turns.days() if conversation and name == conversation}
    )


def _forget_files(settings: Settings, words: Collection[str], *, rebuilt: bool) -> list[str]:
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


def erase(store: Store, ids: Sequence[str]) -> list[Memory]:
    """Remove memories, their dreams and training rows; only id and day stay so that they cannot come back."""
    with store.transaction():
        gone = store.memories.forget(ids)
        store.dreams.forget(ids)
        store.nights.forget_answers(ids)
        _erase_mentions(store, [memory.value for memory in gone])
    return gone


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


def correct(settings: Settings, memory_id: str, statement: str) -> dict[str, Any]:
    """Replace what a memory says; the old value becomes superseded and leaves every view."""
    now = datetime.now(UTC)
    night = Night.containing(now, settings.zone)
    with Store(settings.database) as store:
        old = store.memories.get(memory_id)
        if old is None or old.state == "forgotten":
            raise BadInput(f"No memory has the id {memory_id}. List them with `python -m flows memories`.")
        turn = Turn("correction", memory_id, now.isoformat(), "user", statement, now)
        found = extraction.extract(Exchange(turn), night)
        if not found:
            raise BadInput(
                f"{statement!r} is not understood as a fact. Write one plain sentence in the first person, "
                'for example "My dog is called Bramble."'
            )
        new = replace(found[0], sources=old.sources)
        store.memories.save(ledger.correct(store.memories.all(), memory_id, new, night))
    return {"superseded": memory_id, "memory": new.id, "statement": new.statement, "from": str(night)}


def export(settings: Settings, folder: Path) -> list[Path]:
    """Write MEMORY.md for people and memories.json for programs."""
    with Store(settings.database) as store:
        memories = [memory for memory in store.memories.all() if memory.state != "forgotten"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    readable, open_format = folder / "MEMORY.md", folder / "memories.json"
    rows = [asdict(memory) for memory in memories]
    texts = {
        readable: as_markdown(memories),
        open_format: json.dumps(rows, default=str, ensure_ascii=False, indent=1),
    }
    for path, text in texts.items():
        write_private(path, text)
    return [readable, open_format]


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on, whole or not at all."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    part.chmod(0o600)
    part.replace(path)


def as_markdown(memories: Sequence[Memory]) -> str:
    """A file a person can read: what is known by topic, then what is no longer true."""
    current = sorted((m for m in memories if m.active), key=lambda m: (m.subject.casefold(), m.told, m.id))
    past = [m for m in memories if m.state == "superseded"]
    lines = ["# What your model knows about you", ""]
    subject = None
    for memory in current:
        if memory.subject.casefold() != subject:
            subject = memory.subject.casefold()
            lines += ["", f"## {plain(memory.subject) or 'You'}", ""]
        lines.append(f"- {plain(memory.statement)} *(told {memory.told}, {memory.state}, `{memory.id}`)*")
    if past:
        lines += ["", "## No longer true", ""]
        lines += [f"- {plain(m.statement)} *(told {m.told}, replaced by `{m.superseded_by}`)*" for m in past]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Chat text as plain words in markdown: one line, markup characters escaped."""
    line = " ".join(text.split())
    return "".join("\\" + c if c in "\\`*_{}[]<>()#+!|" else c for c in line)
