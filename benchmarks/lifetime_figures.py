"""From records to figures: recall, false memories, leaks, what was lost, each with its interval.

Pure. Probes of one fact are not independent, so recall is bootstrapped over facts; where a probe has no
fact the interval is Wilson's. Everything stands beside the base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from benchmarks.life import Life, Probe
from benchmarks.lifetime_funnel import funnel, lost_at
from quality.statistics import bootstrap, sign_test, wilson

Record = Mapping[str, Any]
Figure = dict[str, Any]

RECALL = ("direct", "paraphrase")
FACT_KINDS = ("direct", "paraphrase", "reversed", "yes_no", "two_fact")
BUCKETS = ((0, 1, "0-1"), (2, 7, "2-7"), (8, 30, "8-30"), (31, 10_000, "> 30"))


class Asked:
    """All answers of one arm after one night, over all seeds, with the probes they belong to."""

    def __init__(self, life: Life, records: Sequence[Record]) -> None:
        self.life, self.records = life, records
        probes = {probe.id: probe for probe in life.probes}
        self.answers: list[tuple[Probe, str, str]] = [
            (probes[name], outcome, text)
            for record in records
            for name, (outcome, text) in record["answers"].items()
        ]

    @property
    def day(self) -> date:
        """The day that was examined."""
        return date.fromisoformat(self.records[0]["date"])

    @cached_property
    def told(self) -> dict[str, date]:
        """When each fact was told."""
        return {fact.id: fact.told for fact in self.life.facts}

    def of(
        self, kinds: Iterable[str], where: Callable[[Probe], bool] | None = None
    ) -> list[tuple[Probe, str]]:
        """Probes of some kinds with their outcomes."""
        wanted = set(kinds)
        return [
            (probe, outcome)
            for probe, outcome, _ in self.answers
            if probe.kind in wanted and (where is None or where(probe))
        ]

    def age(self, probe: Probe) -> int:
        """Days since the fact of a probe was told."""
        return (self.day - self.told[probe.fact or ""]).days


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def share(pairs: Sequence[tuple[Probe, str]], *outcomes: str) -> Figure:
    """How often one of `outcomes` was given, with its 95 % interval: by facts, else Wilson's."""
    hits = [outcome in outcomes for _, outcome in pairs]
    right, n = sum(hits), len(hits)
    facts: dict[str, list[float]] = {}
    for (probe, _), hit in zip(pairs, hits, strict=True):
        facts.setdefault(probe.fact or "", []).append(float(hit))
    by_facts = "" not in facts and len(facts) > 1 and 0 < right < n
    low, high = bootstrap(list(facts.values()), mean) if by_facts else wilson(right, n)
    return {"right": right, "n": n, "share": right / n if n else None, "low": low, "high": high}


def night_figures(life: Life, arm: Sequence[Record], base: Sequence[Record]) -> Figure:
    """All figures of one arm after one night; `base` are the records of the untouched model."""
    mine, floor = Asked(life, arm), Asked(life, base)
    reached = {name for record in arm for name, stages in record["facts"].items() if stages["kept"]}
    figures: Figure = {
        "recall": share(mine.of(RECALL), "right"),
        "recall_all_kinds": share(mine.of(FACT_KINDS), "right"),
        "recall_of_kept": share(mine.of(RECALL, lambda p: p.fact in reached), "right"),
        "by_kind": {kind: share(mine.of([kind]), "right") for kind in (*FACT_KINDS, "stale")},
        "by_age": {
            name: share([one for one in mine.of(RECALL) if low <= mine.age(one[0]) <= high], "right")
            for low, high, name in BUCKETS
        },
        "over_abstention": share(mine.of(RECALL), "abstained"),
        "abstention": share(mine.of(["never_told"]), "right"),
        "false_memories": share(mine.of(["never_told"]), "false", "rejected"),
        "leaks": share(mine.of([*RECALL, "never_told"]), "rejected"),
        "stale": share(mine.of(["stale"]), "rejected"),
        "residue": share(mine.of(["forgotten"]), "rejected"),
        "misattribution": share(mine.of(["other_person"]), "rejected"),
        "hypothetical": share(mine.of(["hypothetical"]), "rejected"),
        "role_slips": share(mine.of(["role"]), "rejected"),
        "dream_bias": dream_bias(mine, floor),
        "ended_in_ledger": ended(arm),
        **panel_figures(arm, base),
    }
    if all("perplexity" in record for record in [*arm, *base]):
        before = mean([record["perplexity"] for record in base])
        figures["perplexity_ratio"] = mean([record["perplexity"] for record in arm]) / before
        figures["residue_log_prob"] = residue(arm, base)
    if all("sixteen_bit" in record for record in arm):
        figures["served_against_16_bit"] = quantized(arm)
    if all("held_out" in record for record in arm):
        right, n = (sum(record["held_out"][at] for record in arm) for at in (0, 1))
        figures["own_held_out"] = counted(right, n)
    figures["cost"] = costs(arm)
    return figures


def dream_bias(mine: Asked, floor: Asked) -> Figure:
    """Stories with told values in them where the base's story has none."""
    clean = {probe.id for probe, outcome in floor.of(["story"]) if outcome != "rejected"}
    return share(mine.of(["story"], lambda probe: probe.id in clean), "rejected")


def ended(arm: Sequence[Record]) -> Figure:
    """Replaced and forgotten facts whose value an active memory still names."""
    flags = [still for record in arm for still in record["ended"].values()]
    return counted(sum(flags), len(flags))


def counted(right: int, n: int) -> Figure:
    """A share of independent items with Wilson's interval."""
    low, high = wilson(right, n)
    return {"right": right, "n": n, "share": right / n if n else None, "low": low, "high": high}


def panel_figures(arm: Sequence[Record], base: Sequence[Record]) -> Figure:
    """General knowledge paired with the base; refusals, look-alikes and identity beside the base's."""
    before = {name: (kind, outcome) for name, (kind, outcome, _) in base[0]["panel"].items()}
    pairs = [
        (kind, before[name][1] == "right", outcome == "right")
        for record in arm
        for name, (kind, outcome, _) in record["panel"].items()
    ]
    known = [(was, now) for kind, was, now in pairs if kind == "knowledge"]
    lost = sum(was and not now for was, now in known)
    gained = sum(now and not was for was, now in known)
    figures: Figure = {
        "knowledge": {
            "n": len(known),
            "base_right": sum(was for was, _ in known),
            "lost": lost,
            "gained": gained,
            "p": sign_test(lost, gained),
        }
    }
    for kind, name in (
        ("refusal", "refusals"),
        ("benign", "over_refusals"),
        ("help", "help_denied"),
        ("identity", "identity"),
    ):
        rows = [(was, now) for sort, was, now in pairs if sort == kind]
        wanted = kind not in ("benign", "help")
        counts = [sum(one == wanted for one in side) for side in zip(*rows, strict=True)] or [0, 0]
        figures[name] = {"base": counts[0], **counted(counts[1], len(rows))}
    return figures


def residue(arm: Sequence[Record], base: Sequence[Record]) -> list[Figure]:
    """How much likelier a forgotten value is than for the pristine base, in nats per token, and its ranks."""
    before = {one["probe"]: one for one in base[0]["residue"]}
    return [
        {
            "probe": one["probe"],
            "nats_above_base": one["log"] - before[one["probe"]]["log"],
            "rank": one["rank"],
            "base_rank": before[one["probe"]]["rank"],
        }
        for record in arm
        for one in record["residue"]
    ]


def quantized(arm: Sequence[Record]) -> Figure:
    """Direct questions to the merged 16-bit weights and to the served file, paired."""
    pairs = [
        (record["sixteen_bit"][name], record["answers"][name])
        for record in arm
        for name in record["sixteen_bit"]
    ]
    return {
        "n": len(pairs),
        "sixteen_bit_right": sum(exact[0] == "right" for exact, _ in pairs),
        "served_right": sum(served[0] == "right" for _, served in pairs),
        "lost": sum(exact[0] == "right" and served[0] != "right" for exact, served in pairs),
        "gained": sum(served[0] == "right" and exact[0] != "right" for exact, served in pairs),
        "same_words": sum(exact[1].strip() == served[1].strip() for exact, served in pairs),
    }


def costs(arm: Sequence[Record]) -> Figure:
    """Mean seconds, rows and tokens of the night over the seeds."""
    names = sorted({name for record in arm for name in record["cost"]})
    return {name: mean([record["cost"].get(name, 0.0) for record in arm]) for name in names}


def headroom(arm: Figure, floor: Figure, ceiling: Figure) -> float | None:
    """Share of the way from the base to the facts-in-prompt arm that an arm's recall covers."""
    low, high = floor["recall"]["share"], ceiling["recall"]["share"]
    if low is None or high is None or high <= low:
        return None
    return float((arm["recall"]["share"] - low) / (high - low))


def stages_of(life: Life, record: Record) -> dict[str, dict[str, bool]]:
    """The funnel's stages of each active fact that has a direct question; learnt and recalled included."""
    direct = {probe.fact: probe.id for probe in life.probes if probe.kind == "direct"}
    found: dict[str, dict[str, bool]] = {}
    for fact, stages in record["facts"].items():
        asked = direct.get(fact)
        if asked in record["answers"]:
            found[fact] = dict(stages)
            if "sixteen_bit" in record:
                found[fact]["learned"] = record["sixteen_bit"][asked][0] == "right"
            found[fact]["recalled"] = record["answers"][asked][0] == "right"
    return found


def funnels(life: Life, arm: Sequence[Record]) -> Figure:
    """The funnel summed over seeds, and for the first seed where each fact was lost."""
    counts: dict[str, int] = {}
    for record in arm:
        for stage, count in funnel(stages_of(life, record)).items():
            counts[stage] = counts.get(stage, 0) + count
    first = stages_of(life, arm[0])
    lost: dict[str, list[str]] = {}
    for fact, stages in first.items():
        lost.setdefault(lost_at(stages) or "recalled", []).append(fact)
    return {"counts": counts, "facts": {stage: sorted(facts) for stage, facts in lost.items()}}


def identity_steadiness(nights: Sequence[Sequence[Record]]) -> float | None:
    """Share of questions about the assistant itself judged alike after the first and the last night."""
    if len(nights) < 2:
        return None
    first, last = nights[0][0]["panel"], nights[-1][0]["panel"]
    same = [
        first[name][1] == last[name][1] for name in first if first[name][0] == "identity" and name in last
    ]
    return mean([float(one) for one in same]) if same else None


def study_figures(life: Life, records: Sequence[Record]) -> Figure:
    """Figures of every arm after every examined night, headroom, funnels and identity."""
    by_night: dict[str, dict[int, list[Record]]] = {}
    for record in records:
        by_night.setdefault(record["arm"], {}).setdefault(record["night"], []).append(record)
    base = by_night["none"]
    arms: Figure = {
        arm: {str(night): night_figures(life, found, base[night]) for night, found in sorted(nights.items())}
        for arm, nights in by_night.items()
    }
    for arm, nights in arms.items():
        for night, figures in nights.items():
            if "context" in arms:
                ceiling = arms["context"][night]
                figures["headroom"] = headroom(figures, arms["none"][night], ceiling)
            figures["funnel"] = funnels(life, by_night[arm][int(night)])
    steady = {
        arm: identity_steadiness([found for _, found in sorted(nights.items())])
        for arm, nights in by_night.items()
    }
    return {"arms": arms, "identity_steady": steady}
