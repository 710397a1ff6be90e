"""The person's own hand on the ledger: list, correct, forget, export."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
from models.registry import Registry
from quality import extraction, forgetting


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
    if not found and not conversation:
        raise BadInput("Nothing matches. List what is remembered with `python -m flows memories`.")
    return found


def forget(settings: Settings, doomed: Sequence[Memory], conversation: str | None) -> dict[str, Any]:
    """Erase memories with everything made from them; the next night rebuilds the model without them."""
    with Store(settings.database) as store:
        gone = erase(store, [memory.id for memory in doomed])
        turns = store.turns.forget_turns(sorted({source for memory in gone for source in memory.sources}))
        for source in _sources(gone, conversation):
            turns += store.turns.tombstone(source, str(conversation), "forgotten on request")
        nights = [row.night for row in store.nights.all() if row.status == "published"]
        store.nights.reopen(nights[-1:], "A memory was forgotten; the model is rebuilt without it.")
    trained = [
        g.id for g in Registry(settings.models).all() if g.status in ("published", "candidate", "retired")
    ]
    return {
        "forgotten": [memory.id for memory in gone],
        "turns_removed": len(turns),
        "models_trained_before": trained,
        "next": f"python -m flows night {nights[-1]} --redo"
        if nights
        else "nothing: no model was trained yet",
    }


def _sources(memories: Sequence[Memory], conversation: str | None) -> list[str]:
    """The logs a conversation stands in, by the turns its memories cite."""
    parts = [turn.split(":", 2) for memory in memories for turn in memory.sources]
    return sorted({part[0] for part in parts if conversation and part[1:2] == [conversation]})


def erase(store: Store, ids: Sequence[str]) -> list[Memory]:
    """Remove memories, their dreams and training rows; only id and day stay so that they cannot come back."""
    with store.transaction():
        gone = store.memories.forget(ids)
        store.dreams.forget(ids)
        store.nights.forget_answers(ids)
    return gone


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
    readable.write_text(as_markdown(memories), encoding="utf-8")
    rows = [asdict(memory) for memory in memories]
    open_format.write_text(json.dumps(rows, default=str, ensure_ascii=False, indent=1), encoding="utf-8")
    for path in (readable, open_format):
        path.chmod(0o600)
    return [readable, open_format]


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
