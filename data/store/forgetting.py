"""What leaves the raw log for good or must not be learnt from: tombstones, and the pipeline's own calls.

A tombstone holds ids and hashes, never words. The hash of a turn covers all that was said before it in
the chat, so copies of the chat from other sources stay out as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import polars as pl

from data.records import Turn
from data.store.frames import halves
from data.store.writing import now, registered

if TYPE_CHECKING:
    from data.store.core import Store

_CHAINS_OF_CHAT = """
    SELECT t.message, t.chain_high, t.chain_low FROM turns t JOIN chats c ON c.id = t.chat
    WHERE c.source = ? AND c.conversation = ?"""
_BURY_CHAINS = """
    INSERT INTO forgotten_chains SELECT high, low FROM dead d
    WHERE NOT EXISTS (FROM forgotten_chains f WHERE f.chain_high = d.high AND f.chain_low = d.low)"""
_IDS_OF_CHAINS = """
    SELECT DISTINCT c.source || ':' || c.conversation || ':' || t.message
    FROM turns t JOIN chats c ON c.id = t.chat JOIN dead d ON t.chain_high = d.high AND t.chain_low = d.low"""
_NEW_PIPELINE_CHAINS = """
    INSERT INTO pipeline_chains SELECT high, low FROM own o
    WHERE NOT EXISTS (FROM pipeline_chains p WHERE p.chain_high = o.high AND p.chain_low = o.low)"""


def bury_chat(
    store: Store, source: str, conversation: str, reason: str, chains: Sequence[bytes]
) -> list[str]:
    """Delete a conversation, known or not yet, and keep it out; returns the ids of the deleted turns."""
    ask = store.connection.execute
    key = [source, conversation]
    with store.transaction():
        rows = ask(_CHAINS_OF_CHAT, key).fetchall()
        buried = ask(
            "SELECT 1 FROM tombstones WHERE source = ? AND conversation = ? AND message IS NULL", key
        ).fetchall()
        if not buried:
            ask("INSERT INTO tombstones VALUES (?, ?, NULL, ?, ?)", [*key, reason, now()])
        copies = _bury_chains(store, {(high, low) for _, high, low in rows} | set(map(_pair, chains)))
        chat = "(SELECT id FROM chats WHERE source = ? AND conversation = ?)"
        ask(f"DELETE FROM turns WHERE chat IN {chat}", key)
        ask("DELETE FROM chats WHERE source = ? AND conversation = ?", key)
    return sorted({f"{source}:{conversation}:{message}" for message, _, _ in rows} | set(copies))


def bury_turns(store: Store, turns: Iterable[Turn], reason: str) -> list[str]:
    """Delete turns with all their versions and copies and keep them out; returns the ids deleted."""
    ask = store.connection.execute
    chains: set[tuple[int, int]] = set()
    with store.transaction():
        for turn in turns:
            key = [turn.source, turn.conversation, turn.message]
            ask("INSERT INTO tombstones VALUES (?, ?, ?, ?, ?)", [*key, reason, now()])
            found = ask(f"{_CHAINS_OF_CHAT} AND t.message = ?", key).fetchall()
            chains |= {(high, low) for _, high, low in found}
        return sorted(_bury_chains(store, chains))


def _bury_chains(store: Store, chains: set[tuple[int, int]]) -> list[str]:
    if not chains:
        return []
    ask = store.connection.execute
    frame = pl.DataFrame(sorted(chains), schema={"high": pl.UInt64, "low": pl.UInt64}, orient="row")
    with registered(store, "dead", frame):
        ask(_BURY_CHAINS)
        ids = ask(_IDS_OF_CHAINS).fetchall()
        ask("DELETE FROM turns USING dead WHERE chain_high = dead.high AND chain_low = dead.low")
    return [row[0] for row in ids]


def tag_pipeline(store: Store, chain_hashes: Iterable[str]) -> int:
    """Remember hashes of the pipeline's own calls, mark what was read of them; returns how many are new."""
    chains = sorted({bytes.fromhex(one) for one in chain_hashes})
    if not chains:
        return 0
    ask = store.connection.execute
    high, low = halves(chains)
    with store.transaction(), registered(store, "own", pl.DataFrame({"high": high, "low": low})):
        added = ask(_NEW_PIPELINE_CHAINS).fetchall()
        ask(
            "UPDATE turns SET origin = 'pipeline' FROM own "
            "WHERE chain_high = own.high AND chain_low = own.low"
        )
    return int(added[0][0])


def _pair(chain: bytes) -> tuple[int, int]:
    return int.from_bytes(chain[:8], "big"), int.from_bytes(chain[8:], "big")
