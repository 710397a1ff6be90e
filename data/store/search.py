"""Search over memories and turns: BM25 in plain SQL on an inverted index kept in tables, and vectors.

An index is three tables of one `space` ("memory" or "turn"): documents, their weighted stems, their
vectors. Word search needs nothing but DuckDB; search by meaning needs a function that embeds text,
which the caller brings (`models.embedding`), because this package loads no model. Vectors are found
by the Hamming distance of their signs and compared exactly afterwards.

The score is the words' BM25 as a share of the most the query could score, plus the cosine, plus
small hints: who is named in the question, whether it asks for a time, whether a turn only asks.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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

K1 = 0.9
B = 0.4
MEANING = 0.6
NAMED = 0.08
DATED = 0.04
ASKS = 0.06
CANDIDATES = 300
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
        numbers = range(int(last) + 1, int(last) + 1 + len(documents))
        self._insert(
            self._docs,
            {
                "doc": pl.Series(numbers, dtype=pl.Int32),
                "ref": [d.ref for d in documents],
                "digest": [d.digest for d in documents],
                "meaning": [d.meaning for d in documents],
                "length": [sum(one.values()) for one in weights],
                "speaker": [d.speaker for d in documents],
                "asks": [d.asks for d in documents],
                "dated": [d.dated for d in documents],
            },
        )
        rows = [(term, n, w) for n, one in zip(numbers, weights, strict=True) for term, w in one.items()]
        term, doc, weight = zip(*sorted(rows), strict=True) if rows else ((), (), ())
        columns = {"term": pl.Series(term, dtype=pl.String), "doc": pl.Series(doc, dtype=pl.Int32)}
        self._insert(self._terms, {**columns, "weight": pl.Series(weight, dtype=pl.Float32)})

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
        """The `k` best (ref, score), best first, ties by ref; by words alone when `embed` is None."""
        counts = Counter(terms(query))
        who = self._named(query)
        given: dict[str, Any] = {
            "terms": list(counts),
            "boosts": [float(count) for count in counts.values()],
            "who": who,
            "when": bool(_ASKS_TIME.search(query)),
            "k": k,
        }
        near, cosine, joined = "", "0", ""
        if embed is not None:
            vector = _unit(embed([without_names(query, [who])]))
            given["vector"] = vector[0].tolist()
            given |= {name: int(sign) for name, sign in zip(_SIGNS, _signs(vector)[0], strict=True)}
            near, cosine, joined = self._near()
        rows: list[tuple[str, float]] = self._ask(self._ranking(near, cosine, joined), given).fetchall()
        return rows

    def _ranking(self, near: str, cosine: str, joined: str) -> str:
        """The query: BM25 (Robertson and Zaragoza 2009), cosine and hints over the candidates."""
        return f"""
            WITH asked AS (SELECT unnest($terms) AS term, unnest($boosts) AS boost),
            stats AS (SELECT count(*) AS n, avg(length) AS mean FROM {self._docs}),
            hits AS MATERIALIZED (SELECT * FROM {self._terms} WHERE term IN (SELECT term FROM asked)),
            rarity AS (
                SELECT term, boost, ln(1 + (n - count(*) + 0.5) / (count(*) + 0.5)) AS idf
                FROM hits JOIN asked USING (term), stats GROUP BY term, boost, n
            ),
            best AS (SELECT sum(boost * idf) * ({K1} + 1) AS most FROM rarity),
            scored AS MATERIALIZED (
                SELECT doc, sum(boost * idf * weight * ({K1} + 1)
                    / (weight + {K1} * (1 - {B} + {B} * length / mean))) AS words
                FROM hits JOIN rarity USING (term) JOIN {self._docs} USING (doc), stats GROUP BY doc
            ),
            picked AS (
                SELECT doc FROM (SELECT doc FROM scored ORDER BY words DESC, doc LIMIT {CANDIDATES})
                {near}
            )
            SELECT ref, coalesce(words / most, 0) + {MEANING} * {cosine}
                + CASE WHEN $who <> '' AND speaker = $who THEN {NAMED} ELSE 0 END
                + CASE WHEN $when AND dated THEN {DATED} ELSE 0 END
                - CASE WHEN asks THEN {ASKS} ELSE 0 END AS score
            FROM picked JOIN {self._docs} USING (doc) LEFT JOIN scored USING (doc) {joined}, best
            ORDER BY score DESC, ref LIMIT $k
        """

    def _near(self) -> tuple[str, str, str]:
        """The pieces of the ranking that need vectors: candidates by signs, the cosine, the join."""
        distance = " + ".join(f"bit_count(xor({name}, ${name}::UBIGINT))::INTEGER" for name in _SIGNS)
        near = (
            f"UNION SELECT doc FROM (SELECT doc FROM {self._vectors} "
            f"ORDER BY {distance}, doc LIMIT {CANDIDATES})"
        )
        cosine = f"coalesce(array_inner_product(vector, $vector::FLOAT[{DIMENSIONS}]), 0)"
        return near, cosine, f"LEFT JOIN {self._vectors} USING (doc)"

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


def without_names(query: str, names: Iterable[str]) -> str:
    """The query without the given names: they say who, which vectors of single turns know too little of."""
    words = [re.escape(word) for name in names for word in name.split()]
    if not words:
        return query
    return " ".join(re.sub(rf"\b({'|'.join(words)})\b('s)?", "", query, flags=re.IGNORECASE).split())


def _unit(vectors: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Rows as float32 of length one."""
    array = np.asarray(vectors, dtype=np.float32).reshape(-1, DIMENSIONS)
    lengths: np.ndarray[Any, np.dtype[np.float32]] = np.linalg.norm(array, axis=1, keepdims=True)
    unit: np.ndarray[Any, np.dtype[np.float32]] = array / np.maximum(lengths, 1e-9)
    return unit


def _signs(vectors: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """The signs of the components as 64-bit words, shape (rows, 6)."""
    return np.packbits(vectors > 0, axis=1).view("<u8").astype(np.uint64)
