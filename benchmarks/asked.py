"""How many questions that a person would ask of a fact are near one of the dreams trained for it.

`python -m benchmarks.asked [--limit N] [--misses N] [--json]`; asked.jsonl holds facts with questions
written without knowing the question grammar: two direct ones, two paraphrases and a reversed one a fact, and
questions for two facts at once. No product code reads it.
Per kind: `exact` is the share asked word for word, contractions aside; `overlap` the mean share of a
question's content words, stemmed, found in one trained view; `cosine` the mean likeness to the nearest view,
`near` the share of at least 0.8 (both only with the embedding model). A fact whose telling gives no memory
counts as not covered.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.dreams import NIGHT, dream_of
from data.lexicon import STOPWORDS
from data.lexicon_verbs import FORMS
from data.records import Dream, Memory
from data.settings import DreamSettings
from models import embedding
from models.dreamer import pair_up
from quality.verification import review

ASKED = Path(__file__).with_name("asked.jsonl")
KINDS = ("direct", "paraphrase", "reversed", "two")
NEAR = 0.8
# What a question asks for is part of what it says; only words that carry nothing are left out.
_EMPTY = (STOPWORDS - {"where", "when", "who", "which"}) | {"what", "s"}


def views_of(facts: Sequence[str], settings: DreamSettings) -> list[str]:
    """The questions trained about one fact, or about two at once."""
    memories: list[Memory] = []
    dreams: list[Dream] = []
    for number, fact in enumerate(facts):
        found, drawn = dream_of(f"fact-{number}", fact, settings)
        memories, dreams = memories + found, dreams + drawn
    if len(facts) > 1:
        drawn = pair_up(memories, NIGHT.seed, settings.two_facts)
        dreams = [d for d in review(drawn, memories) if d.kind == "two_fact"]
    return [d.question for d in dreams if d.split == "train" and d.memory_ids and d.verified]


def plainly(question: str) -> str:
    """A question without marks, contractions and capitals."""
    text = question.casefold().replace("’", "'")
    text = re.sub(r"\b(what|who|where|when|how)'s\b", r"\1 is", text)
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", text))


def content(question: str) -> frozenset[str]:
    """The stems of a question's words that carry meaning."""
    words = [w.removesuffix("'s") for w in plainly(question).split()]
    stems = (FORMS[w][0][0] if w in FORMS else w.removesuffix("s") for w in words if w not in _EMPTY)
    return frozenset(stems)


def overlap(question: str, views: Sequence[str]) -> float:
    """The largest share of a question's content words that one view has."""
    wanted = content(question)
    return max((len(wanted & content(v)) / max(1, len(wanted)) for v in views), default=0.0)


def likeness(questions: Sequence[str], views: Sequence[Sequence[str]]) -> list[float]:
    """Cosine of each question to the nearest of its own views, 0 where it has none."""
    flat = list(dict.fromkeys([*questions, *(v for own in views for v in own)]))
    vectors = embedding.embed(flat)
    place = {text: i for i, text in enumerate(flat)}
    return [
        float(max((vectors[place[q]] @ vectors[place[v]] for v in own), default=0.0))
        for q, own in zip(questions, views, strict=True)
    ]


def measure(
    rows: Sequence[dict[str, Any]], settings: DreamSettings
) -> tuple[dict[str, Any], list[tuple[float, str, str, str]]]:
    """Figures by kind and over all, and every question by how badly it is covered."""
    asked: list[tuple[str, str, str]] = []
    views: list[list[str]] = []
    for row in rows:
        own = views_of(row["facts"], settings)
        for kind in KINDS:
            for question in row.get(kind, ()):
                asked.append((kind, question, " ".join(row["facts"])))
                views.append(own)
    exact = [plainly(q) in {plainly(v) for v in own} for (_, q, _), own in zip(asked, views, strict=True)]
    words = [overlap(q, own) for (_, q, _), own in zip(asked, views, strict=True)]
    meant = [] if embedding.missing() else likeness([q for _, q, _ in asked], views)
    figures: dict[str, Any] = {}
    for kind in (*KINDS, "all"):
        of = [i for i, (its, _, _) in enumerate(asked) if kind in {its, "all"}]
        figures[kind] = {"questions": len(of), "exact": _mean(exact, of), "overlap": _mean(words, of)}
        if meant:
            figures[kind]["cosine"] = _mean(meant, of)
            figures[kind]["near"] = _mean([value >= NEAR for value in meant], of)
    worst = sorted((score, *one) for score, one in zip(meant or words, asked, strict=True))
    return figures, worst


def _mean(values: Sequence[float], of: Sequence[int]) -> float:
    return round(sum(values[i] for i in of) / max(1, len(of)), 3)


def main() -> int:
    """Print the figures; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asked")
    parser.add_argument("--limit", type=int, help="only the first N rows")
    parser.add_argument("--misses", type=int, default=0, help="show the N questions covered worst")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in ASKED.read_text(encoding="utf-8").splitlines()][: arguments.limit]
    figures, worst = measure(rows, DreamSettings())
    for score, kind, question, facts in worst[: arguments.misses]:
        print(f"{score:.2f}  {kind:10}  {question}  <- {facts}")
    print(json.dumps(figures) if arguments.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
