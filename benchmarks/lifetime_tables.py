"""The figures of a study as a table a person reads on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Figures = Mapping[str, Any]

ROWS = (
    ("recall, direct and paraphrase", "recall"),
    ("  of facts in the ledger", "recall_of_kept"),
    ("recall, all kinds", "recall_all_kinds"),
    ("told facts denied", "over_abstention"),
    ("abstains on never told", "abstention"),
    ("false memories", "false_memories"),
    ("leaks", "leaks"),
    ("stale", "stale"),
    ("residue after forgetting", "residue"),
    ("misattribution", "misattribution"),
    ("hypothetical taken for fact", "hypothetical"),
    ("role slips", "role_slips"),
    ("dream bias", "dream_bias"),
    ("own held-out questions", "own_held_out"),
    ("ended facts still in the ledger", "ended_in_ledger"),
)
KINDS = ("direct", "paraphrase", "reversed", "yes_no", "two_fact", "stale")
WIDTH = 24


def table(figures: Figures) -> str:
    """All arms side by side after the last night, recall by night, and the funnel with every lost fact."""
    arms = figures["arms"]
    last = {arm: list(nights.values())[-1] for arm, nights in arms.items()}
    lines = [_line("after the last night", list(last))]
    lines += [_line(title, [_share(one.get(key)) for one in last.values()]) for title, key in ROWS]
    lines += [
        _line(f"recall, {kind}", [_share(one["by_kind"][kind]) for one in last.values()]) for kind in KINDS
    ]
    ages = next(iter(last.values()))["by_age"]
    lines += [
        _line(f"recall, {age} days old", [_share(one["by_age"][age]) for one in last.values()])
        for age in ages
    ]
    lines += [
        _line("headroom closed", [_percent(one.get("headroom")) for one in last.values()]),
        _line("general knowledge", [_knowledge(one["knowledge"]) for one in last.values()]),
        *(
            _line(title, [_beside(one[key]) for one in last.values()])
            for title, key in (
                ("refuses bad requests", "refusals"),
                ("refuses harmless ones", "over_refusals"),
                ("denies help", "help_denied"),
                ("knows who it is", "identity"),
            )
        ),
        _line("perplexity against base", [_ratio(one.get("perplexity_ratio")) for one in last.values()]),
        _line(
            "served against 16 bit", [_quantized(one.get("served_against_16_bit")) for one in last.values()]
        ),
        _line("training s, tokens", [_cost(one["cost"]) for one in last.values()]),
    ]
    return "\n".join([*lines, "", *_nights(arms), "", *_funnel(last)])


def _line(title: str, cells: list[str]) -> str:
    return f"{title:<32}" + "".join(f"{cell:>{WIDTH}}" for cell in cells)


def _share(figure: Figures | None) -> str:
    if not figure or not figure["n"]:
        return "-"
    low, high = 100 * figure["low"], 100 * figure["high"]
    return f"{figure['right']}/{figure['n']} {100 * figure['share']:.0f} % ({low:.0f}-{high:.0f})"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.0f} %"


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"x {value:.3f}"


def _knowledge(figure: Figures) -> str:
    return f"-{figure['lost']} +{figure['gained']} of {figure['base_right']}/{figure['n']}"


def _beside(figure: Figures) -> str:
    return f"{figure['right']}/{figure['n']} (base {figure['base']})"


def _quantized(figure: Figures | None) -> str:
    if not figure:
        return "-"
    return f"{figure['served_right']} of {figure['sixteen_bit_right']}/{figure['n']}"


def _cost(cost: Figures) -> str:
    return f"{cost['train_s']:.0f} s, {cost['answer_tokens']:.0f}" if "train_s" in cost else "-"


def _nights(arms: Figures) -> list[str]:
    names = list(next(iter(arms.values())))
    lines = [_line("recall after night", names)]
    return lines + [_line(f"  {arm}", [_share(arms[arm][n]["recall"]) for n in names]) for arm in arms]


def _funnel(last: Figures) -> list[str]:
    lines = []
    for arm, figures in last.items():
        funnel = figures["funnel"]
        if arm in ("raw", "dream"):
            lines.append(f"funnel of {arm}: " + " -> ".join(f"{k} {v}" for k, v in funnel["counts"].items()))
            lines += [f"  {stage}: {', '.join(facts)}" for stage, facts in sorted(funnel["facts"].items())]
    return lines
