"""Search over memories and turns: BM25 in plain SQL on an inverted index kept in tables, and vectors.

An index is three tables of one `space` ("memory", "turn"): documents, their weighted terms, their
vectors. Word search needs nothing but DuckDB; search by meaning needs a function that embeds text,
which the caller brings (`models.embedding`), because this package loads no model. The two rankings
are fused by reciprocal rank.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars

from data.terms import terms

Embed = Callable[[Sequence[str]], Any]

K1 = 0.9
B = 0.4
FUSION = 60
CANDIDATES = 200
EMBED_BATCH = 1024


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed under `ref`: weighted parts for word search, one text for search by meaning."""

    ref: str
    parts: tuple[tuple[str, float], ...]
    meaning: str

    @property
    def digest(self) -> str:
        """Changes when the document does."""
        return hashlib.sha256(repr((self.parts, self.meaning)).encode()).hexdigest()[:16]


class Index:
    """The search index of one space."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, space: str) -> None:
        self._connection = connection
        self._space = space

    def sync(self, documents: Iterable[Document]) -> int:
        """Make the index hold exactly `documents`; returns how many were added, changed or removed."""
        wanted = {document.ref: document for document in documents}
        held = dict(self._connection.execute(f"SELECT ref, digest FROM {self._space}_docs").fetchall())
        stale = [ref for ref, digest in held.items() if ref not in wanted or wanted[ref].digest != digest]
        fresh = [d for ref, d in wanted.items() if held.get(ref) != d.digest]
        self.remove(stale)
        self.add(fresh)
        return len({*stale, *(d.ref for d in fresh)})

    def remove(self, refs: Sequence[str]) -> None:
        """Take documents out, with every word and vector they left behind."""
        if not refs:
            return
        frame = polars.DataFrame({"ref": list(refs)})
        self._connection.register("removed_refs", frame)
        picked = f"SELECT doc FROM {self._space}_docs SEMI JOIN removed_refs USING (ref)"
        for table in ("terms", "vectors"):
            self._connection.execute(f"DELETE FROM {self._space}_{table} WHERE doc IN ({picked})")
        self._connection.execute(f"DELETE FROM {self._space}_docs WHERE doc IN ({picked})")
        self._connection.unregister("removed_refs")

    def add(self, documents: Sequence[Document]) -> None:
        """Index documents that are not in the index yet."""
        if not documents:
            return
        ((last,),) = self._connection.execute(
            f"SELECT coalesce(max(doc), 0) FROM {self._space}_docs"
        ).fetchall()
        first = int(last) + 1
        docs: dict[str, list[Any]] = {"doc": [], "ref": [], "digest": [], "meaning": [], "length": []}
        words: dict[str, list[Any]] = {"term": [], "doc": [], "weight": []}
        for number, document in enumerate(documents, first):
            weights = weighted_terms(document.parts)
            entry = (number, document.ref, document.digest, document.meaning, sum(weights.values()))
            for column, value in zip(docs.values(), entry, strict=True):
                column.append(value)
            words["term"].extend(weights)
            words["doc"].extend([number] * len(weights))
            words["weight"].extend(weights.values())
        self._insert("docs", docs)
        self._insert("terms", words)

    def search(self, query: str, k: int, *, embed: Embed | None = None) -> list[tuple[str, float]]:
        """The `k` best (ref, score), best first; ties are broken by ref."""
        return self._by_words(Counter(terms(query)), k)

    def embed(self, embed: Embed) -> int:
        """Compute the vectors that are missing; returns how many."""
        missing = self._connection.execute(
            f"SELECT doc, meaning FROM {self._space}_docs "
            f"ANTI JOIN {self._space}_vectors USING (doc) ORDER BY doc"
        ).fetchall()
        for start in range(0, len(missing), EMBED_BATCH):
            batch = missing[start : start + EMBED_BATCH]
            vectors = embed([meaning for _, meaning in batch])
            frame = {"doc": [doc for doc, _ in batch], "vector": [list(map(float, v)) for v in vectors]}
            self._insert("vectors", frame)
        return len(missing)

    def _by_words(self, query: Mapping[str, float], k: int) -> list[tuple[str, float]]:
        if not query:
            return []
        rows: list[tuple[str, float]] = self._connection.execute(
            f"""
            WITH asked AS (SELECT unnest(?) AS term, unnest(?) AS boost),
            stats AS (SELECT count(*) AS n, avg(length) AS mean FROM {self._space}_docs),
            hits AS (SELECT * FROM {self._space}_terms WHERE term IN (SELECT term FROM asked)),
            rarity AS (
                SELECT term, ln(1 + (n - count(*) + 0.5) / (count(*) + 0.5)) AS idf
                FROM hits, stats GROUP BY term, n
            )
            SELECT ref, sum(boost * idf * weight * ({K1} + 1)
                / (weight + {K1} * (1 - {B} + {B} * length / mean))) AS score
            FROM hits JOIN asked USING (term) JOIN rarity USING (term)
                JOIN {self._space}_docs USING (doc), stats
            GROUP BY ref ORDER BY score DESC, ref LIMIT ?
            """,
            [list(query), [float(value) for value in query.values()], k],
        ).fetchall()
        return rows

    def _insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        frame = polars.DataFrame(columns)
        self._connection.register("new_rows", frame)
        self._connection.execute(
            f"INSERT INTO {self._space}_{table} ({', '.join(columns)}) SELECT * FROM new_rows"
        )
        self._connection.unregister("new_rows")


def weighted_terms(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """How often each stem occurs in the parts of a document, counted by the weight of its part."""
    weights: dict[str, float] = {}
    for text, weight in parts:
        for term in terms(text):
            weights[term] = weights.get(term, 0.0) + weight
    return weights
