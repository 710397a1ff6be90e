"""Four pictures of a study: recall by age, headroom by night, cost of a night, the memory funnel."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Figures = Mapping[str, Any]


def draw(figures: Figures, out: Path) -> list[Path]:
    """Write every picture as PNG and SVG into `out`; those without data are left out."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    drawn = []
    pictures = {"recall-by-age": _ages, "headroom": _headroom, "cost": _cost, "funnel": _funnel}
    for name, picture in pictures.items():
        figure, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
        if picture(axes, figures["arms"]):
            for suffix in ("png", "svg"):
                drawn.append(out / f"{name}.{suffix}")
                figure.savefig(drawn[-1], dpi=150)
        pyplot.close(figure)
    return drawn


def _ages(axes: Any, arms: Figures) -> bool:
    last = {arm: list(nights.values())[-1] for arm, nights in arms.items()}
    names = [
        age
        for age in next(iter(last.values()))["by_age"]
        if any(one["by_age"][age]["n"] for one in last.values())
    ]
    for shift, (arm, one) in enumerate(last.items()):
        bars = [one["by_age"][age] for age in names]
        heights = [100 * (bar["share"] or 0.0) for bar in bars]
        spread = [
            [max(0.0, height - 100 * bar["low"]) for height, bar in zip(heights, bars, strict=True)],
            [max(0.0, 100 * bar["high"] - height) for height, bar in zip(heights, bars, strict=True)],
        ]
        places = [place + shift / (len(last) + 1) for place in range(len(names))]
        axes.bar(places, heights, 1 / (len(last) + 1), yerr=spread, label=arm, error_kw={"elinewidth": 0.8})
    axes.set_xticks([place + 0.4 for place in range(len(names))], names)
    axes.set(xlabel="days since told", ylabel="recall, % (95 %)", ylim=(0, 100))
    axes.legend()
    return bool(names)


def _headroom(axes: Any, arms: Figures) -> bool:
    drawn = False
    for arm, nights in arms.items():
        points = [
            (int(night), 100 * one["headroom"])
            for night, one in nights.items()
            if one.get("headroom") is not None
        ]
        if points and arm not in ("none", "context"):
            axes.plot(*zip(*points, strict=True), marker="o", label=arm)
            drawn = True
    axes.set(xlabel="night", ylabel="headroom closed, %")
    if drawn:
        axes.axhline(100, color="grey", linewidth=0.6)
        axes.legend()
    return drawn


def _cost(axes: Any, arms: Figures) -> bool:
    drawn = False
    for arm, nights in arms.items():
        points = [
            (int(n), one["cost"]["train_s"] / 60) for n, one in nights.items() if "train_s" in one["cost"]
        ]
        if points:
            axes.plot(*zip(*points, strict=True), marker="o", label=arm)
            drawn = True
    axes.set(xlabel="night", ylabel="training, minutes")
    axes.set_ylim(bottom=0)
    if drawn:
        axes.legend()
    return drawn


def _funnel(axes: Any, arms: Figures) -> bool:
    if "dream" not in arms:
        return False
    counts = list(arms["dream"].values())[-1]["funnel"]["counts"]
    bars = axes.barh(list(counts)[::-1], list(counts.values())[::-1])
    axes.bar_label(bars)
    axes.set(xlabel="facts")
    return True
