"""Search over the raw log: how a turn is indexed together with what was said around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from data.records import Turn
from data.store.search import Document, Embed, Index
from data.terms import tokens

if TYPE_CHECKING:
    from data.store.core import Store

AROUND = {-3: 0.2, -2: 0.3, -1: 0.5, 1: 0.3, 2: 0.2, 3: 0.1}
PAUSE_HOURS = 6
_TIME_WORDS = frozenset(
    """yesterday today tonight tomorrow last next ago week weeks weekend month months year years since night
    morning monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december recently lately spring summer autumn fall winter birthday
    anniversary date""".split()
)


class TurnSearch:
    """The search index of the log; brought up to date by the caller, who knows which turns are meant."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = Index(store.connection, "turn")

    def sync(self, turns: Sequence[Turn]) -> int:
        """Index exactly these turns, given in the order they were said; returns how many changed."""
        with self._store.transaction():
            return self._index.sync(turn_documents(turns))

    def embed(self, embed: Embed) -> int:
        """Give every indexed turn that lacks one its vector; returns how many were computed."""
        return self._index.embed(embed)

    def search(self, query: str, k: int = 10, *, embed: Embed | None = None) -> list[tuple[str, float]]:
        """The `k` nearest turns as (turn id, score), best first; by words alone when `embed` is None."""
        return self._index.search(query, k, embed=embed)


def turn_documents(turns: Sequence[Turn]) -> Iterable[Document]:
    """How turns are indexed: own words and speaker in full, the words around them at a lower weight.

    An answer often repeats nothing of its question, so the three turns before and after in the same
    talk lend their words. A talk ends with the conversation or with a pause of some hours.
    """
    talk = 0
    talks = []
    for i, turn in enumerate(turns):
        talk += i > 0 and _apart(turns[i - 1], turn)
        talks.append(talk)
    for i, turn in enumerate(turns):
        around = [
            (said(turns[i + offset]), weight)
            for offset, weight in AROUND.items()
            if 0 <= i + offset < len(turns) and talks[i + offset] == talks[i]
        ]
        speaker = turn.speaker or turn.role
        yield Document(
            turn.id,
            ((said(turn), 1.0), (speaker, 1.0), *around),
            f"{speaker}: {said(turn)}",
            speaker,
            turn.text.rstrip().endswith("?"),
            not _TIME_WORDS.isdisjoint(tokens(turn.text)),
        )


def said(turn: Turn) -> str:
    """A turn's words with what its attachments show."""
    return f"{turn.text} {turn.attachment_text}" if turn.attachment_text else turn.text


def _apart(before: Turn, turn: Turn) -> bool:
    """Whether two turns belong to different talks."""
    if (before.source, before.conversation) != (turn.source, turn.conversation):
        return True
    if before.at is None or turn.at is None:
        return False
    return abs((turn.at - before.at).total_seconds()) > PAUSE_HOURS * 3600
