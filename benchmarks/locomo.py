"""Ingest, curation and search measured on LoCoMo, without any model as a judge.

`python -m benchmarks.locomo FILE [--json] [--words-only]`. Ingest: every turn comes back from the store as
it went in, under its speaker's name, and a second reading adds nothing. Curation: the share of evidence
turns (and of questions with all of theirs) that is kept within a budget of turns or of words; the
curator sees turns, never questions. Search: the share of a question's evidence among the first k
turns. The file is for evaluation only; nothing here may be tuned to it.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.locomo_data import ADVERSARIAL, Conversation, corrected, digest, load
from data.errors import NocturneError
from data.records import Exchange, Verdict
from data.settings import Curate
from data.store import Store
from data.store.search import Embed
from data.store.turn_search import TurnSearch
from quality.curation import LedgerContext, judge_all, with_turns
from quality.selection import within_words

KEEP = (5, 10, 20, 30, 50)
CUTS = (1, 5, 10, 25, 50)
CATEGORIES = {1: "multi_hop", 2: "temporal", 3: "open_domain", 4: "single_hop", ADVERSARIAL: "adversarial"}


def ingest(conversations: Sequence[Conversation], path: Path) -> dict[str, Any]:
    """What the store gives back of the turns, and what a second reading adds."""
    turns = [turn for one in conversations for turn in one.turns]
    order = {turn.id: i for i, turn in enumerate(turns)}
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "locomo.duckdb") as store:
        first = store.turns.ingest(path, turns)
        again = store.turns.ingest(path.with_name(f"copy of {path.name}"), turns)
        held = sorted(store.turns.all(), key=lambda turn: order[turn.id])
        partitions = len(store.turns.days())
    pairs = list(zip(turns, held, strict=True))
    return {
        "turns": len(held),
        "added": first.added,
        "added_again": again.added,
        "partitions": partitions,
        "sha256": digest(iter(held)),
        "sha256_of_file": digest(iter(turns)),
        "texts_changed": sum(a.text != b.text for a, b in pairs),
        "texts_changed_beyond_outer_space": sum(a.text.strip() != b.text.strip() for a, b in pairs),
        "captions_lost": sum(a.attachment_text != b.attachment_text for a, b in pairs),
        "speaker_errors": sum((a.speaker, a.role) != (b.speaker, b.role) for a, b in pairs),
    }


def judged(conversation: Conversation, s: Curate) -> tuple[list[Exchange], list[Verdict]]:
    """Every turn as something a person said, judged session by session knowing the sessions before."""
    context = LedgerContext()
    exchanges: list[Exchange] = []
    verdicts: list[Verdict] = []
    for session in conversation.sessions:
        turns = [conversation.turns[i] for i in session]
        day = [Exchange(turn, None, turns[i - 1] if i else None) for i, turn in enumerate(turns)]
        verdicts += judge_all(day, context, s)
        context = with_turns(context, day)
        exchanges += day
    return exchanges, verdicts


def curation(conversations: Sequence[Conversation]) -> dict[str, Any]:
    """Gold turns and whole questions kept, in percent, by budget; per conversation and per session."""
    s = Curate()
    days = [(one, *judged(one, s)) for one in conversations]
    figures: dict[str, Any] = {"turns": {}, "words": {}, "turns_per_session": {}}
    for keep in KEEP:
        kept: dict[str, list[set[str]]] = {name: [] for name in figures}
        for one, exchanges, verdicts in days:
            whole = range(len(verdicts))
            kept["turns"].append(_names(one, _best(verdicts, whole, keep)))
            kept["words"].append(_names(one, _cheapest(exchanges, verdicts, keep)))
            nightly = [i for session in one.sessions for i in _best(verdicts, session, keep)]
            kept["turns_per_session"].append(_names(one, nightly))
        for name, sets in kept.items():
            figures[name][str(keep)] = _coverage(conversations, sets)
    threshold = [_names(one, [i for i, v in enumerate(verdicts) if v.kept]) for one, _, verdicts in days]
    share = sum(map(len, threshold)) / sum(len(one.turns) for one in conversations)
    figures["threshold"] = {"kept": _percent(share), **_coverage(conversations, threshold)}
    return figures


def search(conversations: Sequence[Conversation], path: Path, embed: Embed | None) -> dict[str, Any]:
    """Recall@k by category, in percent; `audited` uses the evidence an audit corrected."""
    fixed = corrected(path)
    plain: dict[str, list[dict[int, float]]] = {}
    audited: dict[str, list[dict[int, float]]] = {}
    for one in conversations:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "locomo.duckdb") as store:
            index = TurnSearch(store)
            index.sync(one.turns)
            if embed is not None:
                index.embed(embed)
            for question in one.questions:
                hits = [
                    ref.split(":", 2)[2] for ref, _ in index.search(question.text, max(CUTS), embed=embed)
                ]
                groups = [CATEGORIES[question.category], "all"]
                groups += ["categories_1_4"] if question.category != ADVERSARIAL else []
                better = fixed.get((one.id, question.text), question.evidence)
                for group in groups:
                    plain.setdefault(group, []).append(_recall(hits, question.evidence))
                    audited.setdefault(group, []).append(_recall(hits, better))
    return {"published": _means(plain), "audited": _means(audited) if fixed else None}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.locomo", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--words-only", action="store_true", help="search without vectors")
    options = parser.parse_args(arguments)
    try:
        conversations = load(options.file)
        embed, note = _embedder(options.words_only)
        figures = {
            "file": options.file.name,
            "conversations": len(conversations),
            "ingest": ingest(conversations, options.file),
            "curation": curation(conversations),
            "search_by": note,
            "search": search(conversations, options.file, embed),
        }
    except NocturneError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    _show(figures)
    if options.json:
        print(json.dumps(figures))
    return 0


def _embedder(words_only: bool) -> tuple[Embed | None, str]:
    """The embedding function and how search works, in words."""
    from models import embedding

    if words_only:
        return None, "words only, as asked"
    why = embedding.missing()
    return (None, why) if why else (embedding.embed, "words and vectors")


def _best(verdicts: Sequence[Verdict], among: range, keep: int) -> list[int]:
    """Indices of the best `keep` percent of a range, at least one."""
    ranked = sorted(among, key=lambda i: (-verdicts[i].signals["strength"], i))
    return ranked[: max(1, round(len(among) * keep / 100))]


def _cheapest(exchanges: Sequence[Exchange], verdicts: Sequence[Verdict], keep: int) -> list[int]:
    words = sum(len(exchange.user.text.split()) for exchange in exchanges)
    return within_words(verdicts, exchanges, words * keep / 100)


def _names(conversation: Conversation, indices: Iterable[int]) -> set[str]:
    return {conversation.turns[i].message for i in indices}


def _coverage(conversations: Sequence[Conversation], kept: Sequence[set[str]]) -> dict[str, float]:
    """Shares of gold turns and of questions of categories 1-4 that are covered."""
    gold = sum(len(one.gold) for one in conversations)
    found = sum(len(one.gold & names) for one, names in zip(conversations, kept, strict=True))
    whole = [
        set(question.evidence) <= names
        for one, names in zip(conversations, kept, strict=True)
        for question in one.questions
        if question.category != ADVERSARIAL
    ]
    return {"gold": _percent(found / gold), "full": _percent(fmean(whole))}


def _recall(hits: Sequence[str], evidence: Sequence[str]) -> dict[int, float]:
    return {k: len(set(hits[:k]) & set(evidence)) / len(evidence) for k in CUTS}


def _means(groups: dict[str, list[dict[int, float]]]) -> dict[str, dict[str, float]]:
    return {
        name: {"n": len(rows), **{f"R@{k}": _percent(fmean(row[k] for row in rows)) for k in CUTS}}
        for name, rows in groups.items()
    }


def _percent(share: float) -> float:
    return round(100 * share, 1)


def _show(figures: dict[str, Any]) -> None:
    print("ingest:", figures["ingest"])
    for name, rows in figures["curation"].items():
        print(f"curation, {name}:", rows)
    print("search by", figures["search_by"])
    for name, row in figures["search"]["published"].items():
        print(f"  {name}: {row}")


if __name__ == "__main__":
    sys.exit(main())
