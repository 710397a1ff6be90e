"""The person's own hand on the ledger: list, correct, forget, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from data import ledger
from data.errors import BadInput
from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import Settings
from data.store import Store
from models.registry import Registry
from quality import extraction, forgetting
from tasks.common import exclusive
from tasks.traces import erase_files, erase_tellings, erase_traces


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
        theirs = forgetting.of_conversation(conversation, memories)
        if not theirs and not logged:
            raise BadInput(
                f"Nothing matches: there is no conversation {conversation!r}. Nothing was forgotten."
            )
        found += [memory for memory in theirs if memory not in found]
    if not found and not logged:
        raise BadInput("Nothing matches. List what is remembered with `python -m flows memories`.")
    return found


def forget(settings: Settings, doomed: Sequence[Memory], conversation: str | None) -> dict[str, Any]:
    """Erase memories with everything made from them; the next night rebuilds the model without them.

    The turns they were told in go with the answers to them, and stay out when a log is read again.
    """
    with exclusive(settings, "night"), Store(settings.database) as store:
        with store.transaction():
            gone = store.memories.forget(memory.id for memory in doomed)
            words = erase_traces(store, gone)
            turns = erase_tellings(store, gone)
        for source in _sources(store, conversation):
            turns += store.turns.tombstone(source, str(conversation), "forgotten on request")
        nights = [row.night for row in store.nights.all() if row.status == "published"]
        if gone:
            store.nights.reopen(nights[-1:], "A memory was forgotten; the model is rebuilt without it.")
    trained = [
        g.id for g in Registry(settings.models).all() if g.status in ("published", "candidate", "retired")
    ]
    return {
        "forgotten": [memory.id for memory in gone],
        "turns_removed": len(turns),
        "files_removed": erase_files(settings, words, rebuilt=bool(gone)),
        "models_trained_before": trained,
        "next": f"python -m flows night {nights[-1]} --redo"
        if nights
        else "nothing: no model was trained yet",
    }


def _sources(store: Store, conversation: str | None) -> list[str]:
    """The logs that hold a conversation, whether a memory rests on it or not."""
    return sorted(
        {source for source, name, *_ in store.turns.days() if conversation and name == conversation}
    )


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
