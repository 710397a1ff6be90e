"""Search over memories and turns: BM25 on an inverted index kept in plain SQL tables, and vectors.

An index is three tables of one `space` ("memory" or "turn"): documents, their weighted stems, their
vectors. Word search needs nothing but DuckDB; search by meaning needs a function that embeds text,
which the caller brings (`models.embedding`), because this package loads no model. Vectors are found
by the Hamming distance of their signs and compared exactly afterwards.

The score is the words' BM25 as a share of the most the query could score, plus the cosine, plus
small hints: who is named in the question, whether it asks for a time, whether a turn only asks.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import polars as pl

from data.terms import terms, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

Embed = Callable[[Sequence[str]], Any]
Vectors = np.ndarray[Any, np.dtype[np.float32]]
Scores = np.ndarray[Any, np.dtype[np.float64]]

K1 = 0.9
B = 0.4
MEANING = 0.6
NAMED = 0.08
DATED = 0.04
ASKS = 0.06
CANDIDATES = 300
EXACT = 100
DIMENSIONS = 384
EMBED_BATCH = 1024
_SIGNS = tuple(f"s{i}" for i in range(DIMENSIONS // 64))
_ASKS_TIME = re.compile(r"\b(when|how long|(what|which) (day|date|month|year|time|weekday))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed under `ref`: weighted parts for word search, one text for search by meaning."""

    ref: str
    parts: tuple[tuple[str, float], ...]
    meaning: str
    speaker: str = ""
    asks: bool = False
    dated: bool = False

    @property
    def digest(self) -> str:
        """Changes when the document does."""
        parts = (self.parts, self.meaning, self.speaker, self.asks, self.dated)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


class Index:
    """The search index of one space."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, space: str) -> None:
        self._ask = connection.execute
        self._connection = connection
        self._docs, self._terms, self._vectors = f"{space}_docs", f"{space}_terms", f"{space}_vectors"

    def sync(self, documents: Iterable[Document]) -> int:
        """Make the index hold exactly `documents`; returns how many were added, changed or removed."""
        wanted = {document.ref: document for document in documents}
        held = dict(self._ask(f"SELECT ref, digest FROM {self._docs}").fetchall())
        digests = {ref: document.digest for ref, document in wanted.items()}
        stale = [ref for ref, digest in held.items() if digests.get(ref) != digest]
        fresh = [wanted[ref] for ref, digest in digests.items() if held.get(ref) != digest]
        self.remove(stale)
        self.add(fresh)
        return len({*stale, *(d.ref for d in fresh)})

    def remove(self, refs: Sequence[str]) -> None:
        """Take documents out, with every word and vector they left behind."""
        if not refs:
            return
        with self._frame(pl.DataFrame({"ref": list(refs)})):
            picked = f"SELECT doc FROM {self._docs} SEMI JOIN new_rows USING (ref)"
            self._ask(f"DELETE FROM {self._terms} WHERE doc IN ({picked})")
            self._ask(f"DELETE FROM {self._vectors} WHERE doc IN ({picked})")
            self._ask(f"DELETE FROM {self._docs} WHERE ref IN (SELECT ref FROM new_rows)")

    def add(self, documents: Sequence[Document]) -> None:
        """Index documents that are not in the index yet."""
        if not documents:
            return
        ((last,),) = self._ask(f"SELECT coalesce(max(doc), 0) FROM {self._docs}").fetchall()
        weights = [weighted_terms(document.parts) for document in documents]
        lengths = [sum(one.values()) for one in weights]
        numbers = range(int(last) + 1, int(last) + 1 + len(documents))
        self._insert(
            self._docs,
            {
                "doc": pl.Series(numbers, dtype=pl.Int32),
                "ref": [d.ref for d in documents],
                "digest": [d.digest for d in documents],
                "meaning": [d.meaning for d in documents],
                "length": lengths,
                "speaker": [d.speaker for d in documents],
                "asks": [d.asks for d in documents],
                "dated": [d.dated for d in documents],
            },
        )
        rows = [
            (term, number, weight, length)
            for number, one, length in zip(numbers, weights, lengths, strict=True)
            for term, weight in one.items()
        ]
        schema = {"term": pl.String, "doc": pl.Int32, "weight": pl.Float32, "length": pl.Float32}
        self._insert(self._terms, pl.DataFrame(sorted(rows), schema=schema, orient="row").to_dict())

    def embed(self, embed: Embed) -> int:
        """Compute the vectors that are missing; returns how many."""
        missing = self._ask(
            f"SELECT doc, meaning FROM {self._docs} ANTI JOIN {self._vectors} USING (doc) ORDER BY doc"
        ).fetchall()
        for start in range(0, len(missing), EMBED_BATCH):
            batch = missing[start : start + EMBED_BATCH]
            vectors = _unit(embed([meaning for _, meaning in batch]))
            signs = _signs(vectors)
            self._insert(
                self._vectors,
                {
                    "doc": pl.Series([doc for doc, _ in batch], dtype=pl.Int32),
                    "vector": pl.Series(vectors, dtype=pl.Array(pl.Float32, DIMENSIONS)),
                    **{name: pl.Series(signs[:, i]) for i, name in enumerate(_SIGNS)},
                },
            )
        return len(missing)

    def search(self, query: str, k: int, *, embed: Embed | None = None) -> list[tuple[str, float]]:
        """The `k` best (ref, score), best first, ties by ref; by words alone when `embed` is None.

        Several small statements are faster than one large one, whose planning would take longer than
        its work.
        """
        who = self._named(query)
        near: dict[int, float] = {}
        with ThreadPoolExecutor(1) as aside:  # the question is embedded on another core meanwhile
            meant = aside.submit(embed, [without_names(query, [who])]) if embed else None
            words = self._by_words(Counter(terms(query)))
        if meant is not None:
            vector = _unit(meant.result())
            near = self._by_signs(vector)
        hints = self._hints({*words, *near}, who, bool(_ASKS_TIME.search(query)))
        scores = _fused(words, near, {doc: hint for doc, (_, hint) in hints.items()})
        if meant is not None:
            exact = self._cosines(vector, sorted(scores, key=lambda doc: (-scores[doc], doc))[:EXACT])
            far = _least(near)
            scores = {
                doc: scores[doc] + MEANING * (cosine - near.get(doc, far)) for doc, cosine in exact.items()
            }
        hits = ((hints[doc][0], score) for doc, score in scores.items())
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _by_words(self, counts: Mapping[str, int]) -> dict[int, float]:
        """BM25 of the best documents as a share of the most the query could score.

        Formula and constants K1 and B as in Robertson and Zaragoza 2009. The occurrences are
        scored here and not in SQL, which would have to pass over them twice.
        """
        if not counts:
            return {}
        listed = ", ".join(f"(?, {i})" for i in range(len(counts)))
        found = self._ask(
            f"SELECT asked.i, doc, weight, length FROM {self._terms} "
            f"JOIN (VALUES {listed}) AS asked(term, i) USING (term)",
            list(counts),
        ).fetchnumpy()
        ((size, mean),) = self._ask(f"SELECT count(*), avg(length) FROM {self._docs}").fetchall()
        if not len(found["doc"]):
            return {}
        held = np.bincount(found["i"], minlength=len(counts))
        rarity = np.log(1 + (size - held + 0.5) / (held + 0.5))
        weights = np.where(held > 0, np.array([*counts.values()]) * rarity, 0.0)
        said = found["weight"].astype(np.float64)
        said *= weights[found["i"]] / (said + K1 * (1 - B + B * found["length"] / mean))
        scores = np.bincount(found["doc"], weights=said) / weights.sum()
        return {int(doc): float(scores[doc]) for doc in _highest(scores)}

    def _by_signs(self, vector: Vectors) -> dict[int, float]:
        """The cosines of the nearest documents, estimated by how many signs differ (Charikar 2002)."""
        distance = " + ".join(f"bit_count(xor({name}, ?::UBIGINT))::INTEGER" for name in _SIGNS)
        rows = self._ask(
            f"SELECT doc, {distance} AS apart FROM {self._vectors} ORDER BY apart, doc LIMIT {CANDIDATES}",
            [int(sign) for sign in _signs(vector)[0]],
        ).fetchall()
        return {doc: math.cos(math.pi * apart / DIMENSIONS) for doc, apart in rows}

    def _cosines(self, vector: Vectors, docs: Sequence[int]) -> dict[int, float]:
        """The exact cosines of some documents, 0 without a vector."""
        if not docs:
            return {}
        rows = self._ask(
            f"SELECT doc, array_inner_product(vector, ?::FLOAT[{DIMENSIONS}]) FROM {self._vectors} "
            "SEMI JOIN (SELECT unnest(?) AS doc) USING (doc)",
            [vector[0].tolist(), list(docs)],
        ).fetchall()
        return dict.fromkeys(docs, 0.0) | dict(rows)

    def _hints(self, docs: Iterable[int], who: str, when: bool) -> dict[int, tuple[str, float]]:
        """The ref of each document, and what speaks for or against it beside words and meaning."""
        rows = self._ask(
            f"SELECT doc, ref, speaker, asks, dated FROM {self._docs} "
            "SEMI JOIN (SELECT unnest(?) AS doc) USING (doc)",
            [list(docs)],
        ).fetchall()
        return {
            doc: (ref, NAMED * (who != "" and speaker == who) + DATED * (when and dated) - ASKS * asks)
            for doc, ref, speaker, asks, dated in rows
        }

    def _named(self, query: str) -> str:
        """The one speaker whom the query names; empty when none or several."""
        asked = set(tokens(query)) | {word.removesuffix("'s") for word in tokens(query)}
        speakers = self._ask(f"SELECT DISTINCT speaker FROM {self._docs} WHERE speaker <> ''").fetchall()
        named = [speaker for (speaker,) in speakers if asked.intersection(tokens(speaker))]
        return str(named[0]) if len(named) == 1 else ""

    def _insert(self, table: str, columns: Mapping[str, Any]) -> None:
        with self._frame(pl.DataFrame(columns)):
            self._ask(f"INSERT INTO {table} ({', '.join(columns)}) SELECT * FROM new_rows")

    @contextmanager
    def _frame(self, frame: pl.DataFrame) -> Iterator[None]:
        """The frame as the table new_rows while the block runs."""
        self._connection.register("new_rows", frame)
        try:
            yield
        finally:
            self._connection.unregister("new_rows")


def weighted_terms(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """How often each stem occurs in the parts of a document, counted by the weight of its part."""
    weights: dict[str, float] = {}
    for text, weight in parts:
        for term in terms(text):
            weights[term] = weights.get(term, 0.0) + weight
    return weights


def _fused(
    words: Mapping[int, float], near: Mapping[int, float], hints: Mapping[int, float]
) -> dict[int, float]:
    """Scores of all candidates; what fell out of one list counts as much as its last entry."""
    unheard, far = _least(words), _least(near)
    return {doc: words.get(doc, unheard) + MEANING * near.get(doc, far) + hint for doc, hint in hints.items()}


def _highest(scores: Scores) -> list[int]:
    """Where the highest scores above zero are, at most CANDIDATES, best first and ties in order."""
    places = np.flatnonzero(scores)
    if len(places) > CANDIDATES:
        last = np.partition(scores[places], -CANDIDATES)[-CANDIDATES]
        places = places[scores[places] >= last]
    order = np.argsort(-scores[places], kind="stable")[:CANDIDATES]
    return [int(place) for place in places[order]]


def _least(scores: Mapping[int, float]) -> float:
    """The smallest score of a list that was cut off, 0 for a list that holds everything found."""
    return min(scores.values()) if len(scores) >= CANDIDATES else 0.0


def without_names(query: str, names: Iterable[str]) -> str:
    """The query without the given names: they say who, which vectors of single turns know too little of."""
    words = [re.escape(word) for name in names for word in name.split()]
    if not words:
        return query
    return " ".join(re.sub(rf"\b({'|'.join(words)})\b('s)?", "", query, flags=re.IGNORECASE).split())


def _unit(vectors: Any) -> Vectors:
    """Rows as float32 of length one."""
    array = np.asarray(vectors, dtype=np.float32).reshape(-1, DIMENSIONS)
    lengths: np.ndarray[Any, np.dtype[np.float32]] = np.linalg.norm(array, axis=1, keepdims=True)
    unit: np.ndarray[Any, np.dtype[np.float32]] = array / np.maximum(lengths, 1e-9)
    return unit


def _signs(vectors: Vectors) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """The signs of the components as 64-bit words, shape (rows, 6)."""
    return np.packbits(vectors > 0, axis=1).view("<u8").astype(np.uint64)
