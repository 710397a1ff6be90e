"""How many questions that a person would ask of a fact are near one of the dreams trained for it.

`python -m benchmarks.asked [FILE] [--dreamer rules] [--limit N] [--misses N] [--json]`. asked.jsonl, which is
the default, and asked_blind.jsonl hold facts with questions written without knowing the question grammar:
two direct ones, two paraphrases and a reversed one a fact, and questions for two facts at once. The second
was not looked at while rules were written. No product code reads them. The preset's question writer asks
too unless `--dreamer rules` is given.
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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.dreams import NIGHT, heard
from data.lexicon import STOPWORDS
from data.lexicon_verbs import FORMS
from data.records import Memory
from data.settings import DreamSettings, load_settings, prepare_environment
from data.written import Asked
from models import embedding
from models.dreamer import dream, pair_up
from quality.verification import review
from tasks.writing import write_questions

Write = Callable[[Sequence[Memory]], Mapping[str, Asked]]
ASKED = Path(__file__).with_name("asked.jsonl")
KINDS = ("direct", "paraphrase", "reversed", "two")
NEAR = 0.8
# What a question asks for is part of what it says; only words that carry nothing are left out.
_EMPTY = (STOPWORDS - {"where", "when", "who", "which"}) | {"what", "s"}


def views_of(
    rows: Sequence[Sequence[str]], settings: DreamSettings, write: Write | None = None
) -> list[list[str]]:
    """For each row of facts the questions trained about its one fact, or about two at once."""
    told = [[heard(f"fact-{n}", fact)[1] for n, fact in enumerate(facts)] for facts in rows]
    every = [memory for row in told for memories in row for memory in memories]
    written = write(every) if write else {}
    found: list[list[str]] = []
    for row in told:
        memories = [memory for fact in row for memory in fact]
        dreams = [d for fact in row for d in review(dream(fact, NIGHT.seed, settings, written), fact)]
        if len(row) > 1:
            drawn = pair_up(memories, NIGHT.seed, settings.two_facts)
            dreams = [d for d in review(drawn, memories) if d.kind == "two_fact"]
        found.append([d.question for d in dreams if d.split == "train" and d.memory_ids and d.verified])
    return found


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
    rows: Sequence[dict[str, Any]], settings: DreamSettings, write: Write | None = None
) -> tuple[dict[str, Any], list[tuple[float, str, str, str]]]:
    """Figures by kind and over all, and every question by how badly it is covered."""
    asked: list[tuple[str, str, str]] = []
    views: list[list[str]] = []
    for row, own in zip(rows, views_of([row["facts"] for row in rows], settings, write), strict=True):
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


def _writer() -> Write:
    settings = load_settings()
    prepare_environment(settings)
    return lambda memories: write_questions(memories, settings, settings.recipe, run="asked")


def _mean(values: Sequence[float], of: Sequence[int]) -> float:
    return round(sum(values[i] for i in of) / max(1, len(of)), 3)


def main() -> int:
    """Print the figures; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asked")
    parser.add_argument("file", type=Path, nargs="?", default=ASKED, help="another file of the same form")
    parser.add_argument("--dreamer", choices=("rules", "written"), default="written", help="who asks")
    parser.add_argument("--limit", type=int, help="only the first N rows")
    parser.add_argument("--misses", type=int, default=0, help="show the N questions covered worst")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = [json.loads(line) for line in arguments.file.read_text(encoding="utf-8").splitlines()]
    write = None if arguments.dreamer == "rules" else _writer()
    figures, worst = measure(rows[: arguments.limit], DreamSettings(), write)
    for score, kind, question, facts in worst[: arguments.misses]:
        print(f"{score:.2f}  {kind:10}  {question}  <- {facts}")
    print(json.dumps(figures) if arguments.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
