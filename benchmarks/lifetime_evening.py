"""One examined night: make each arm's model, ask it everything that is due, keep the answers as a record.

A finished (arm, seed, night) is one JSON file, read instead of done again. All figures are computed from
records later.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import lifetime_measure as measure
from benchmarks import lifetime_night as lived
from benchmarks.life import Day, Life, Probe, active_facts, due_probes, outcome
from benchmarks.lifetime_arms import (
    RETRIEVED,
    SEARCHING,
    TOKENS,
    TRAINED,
    Panel,
    Prompt,
    life_request,
    panel_request,
    prompt_of,
)
from benchmarks.lifetime_funnel import holds, trace
from data import mixture
from data.night import Night
from data.records import ChatRequest, Example, Exchange, Memory
from data.settings import Recipe, Settings
from data.store import Store
from models.base import Base
from models.grounding import base_answers, base_texts
from quality.probes import held_out, request
from quality.scoring import judge
from tasks.base import own_refusals_only

Record = dict[str, Any]


@dataclass(frozen=True)
class Study:
    """What is compared: a life, the arms, the seeds of the trained ones, the nights that are examined."""

    life: Life
    recipe: Recipe
    arms: tuple[str, ...]
    seeds: int
    nights: int
    examined: tuple[int, ...]
    panel: Panel
    out: Path
    models: Path

    @property
    def digest(self) -> str:
        """Digest of all that decides the records, apart from the code."""
        panel = [probe.id for probe in self.panel.probes]
        text = json.dumps([repr(self.life), self.recipe.digest, self.examined, panel])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def arms_of(self, seed: int) -> tuple[str, ...]:
        """All arms for the first seed, then only those where chance plays a part."""
        return tuple(arm for arm in self.arms if arm in TRAINED or seed == 0)


@dataclass
class Past:
    """What the study, unlike the pipeline, keeps of earlier days to compare with the facts."""

    exchanges: list[Exchange] = field(default_factory=list)
    found: list[Memory] = field(default_factory=list)

    @property
    def said(self) -> dict[str, str]:
        """The person's words by turn id."""
        return {e.user.id: e.user.text for e in self.exchanges}


@dataclass(frozen=True)
class Model:
    """A file to ask, and what it took to make it; the base has no adapter."""

    gguf: Path
    digest: str
    adapter: Path | None = None
    rows: tuple[Example, ...] = ()
    cost: Mapping[str, float] = field(default_factory=dict)


def say(text: str) -> None:
    """Progress for the person who waits."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@dataclass
class Evening:
    """One examined night of one seed."""

    study: Study
    seed: int
    number: int
    day: Day
    settings: Settings
    base: Base
    past: Past
    remember_seconds: float

    def records(self) -> list[Record]:
        """Records of all arms, in their order; the night's recall then moves the memories along."""
        done = {arm: self._read(arm) for arm in self.study.arms_of(self.seed)}
        for kind in ("dream", "raw", "none"):
            missing = [arm for arm, record in done.items() if record is None and self._kind(arm) == kind]
            if missing:
                model = self._model(kind)
                for arm in missing:
                    done[arm] = self._examine(arm, model)
                    write_json(self._path(arm), done[arm])
                if model.adapter is not None:
                    model.gguf.unlink()
        dream = done.get("dream")
        if dream is not None:
            lived.examined(self.settings, self.day.date, dream["memories_recalled"])
        return [record for record in done.values() if record is not None]

    @staticmethod
    def _kind(arm: str) -> str:
        return arm.split("+")[0] if arm in TRAINED else "none"

    def _path(self, arm: str) -> Path:
        return record_path(self.study.out, arm, self.seed, self.number)

    def _read(self, arm: str) -> Record | None:
        path = self._path(arm)
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    def _model(self, kind: str) -> Model:
        if kind == "none":
            return Model(self.base.gguf, self.base.digest)
        day, recipe = self.day.date, self.study.recipe
        started = time.monotonic()
        if kind == "raw":
            rows = lived.transcript_rows(self.past.exchanges, recipe.persona)
        else:
            lived.dream_night(self.settings, day)
            rows = lived.mix_night(self.settings, day, self.seed, self._base_words)
        made = time.monotonic() - started
        say(f"  {kind}: training on {len(rows)} rows")
        folder = self.settings.work / f"{kind}-n{self.number:02d}"
        seed = Night(day, self.settings.zone).seed + self.seed
        model = trained(rows, self.base, folder, recipe, seed, warm=kind == "dream")
        return Model(
            model.gguf,
            model.digest,
            model.adapter,
            model.rows,
            {"remember_s": self.remember_seconds, "dream_s": made, **model.cost},
        )

    def _base_words(self, prompts: Sequence[str], beginnings: Sequence[str]) -> Mapping[str, str]:
        chat = lived.FileChat(self.base.gguf, self.settings)
        answers = base_answers(self.base, prompts, self.base.folder, chat, system=self.study.recipe.persona)
        answers |= base_texts(self.base, beginnings, self.base.folder, chat)
        return own_refusals_only(mixture.load_seeds(), answers)

    def _examine(self, arm: str, model: Model) -> Record:
        life, on, persona = self.study.life, self.day.date, self.study.recipe.persona
        probes = due_probes(life, on)
        prompt = self._prompt(arm, probes)
        started = time.monotonic()
        say(f"  {arm}: asking {len(probes)} probes and {len(self.study.panel.probes)} general questions")
        record: Record = {
            "arm": arm,
            "seed": self.seed,
            "night": self.number,
            "date": on.isoformat(),
            "model": model.digest,
            **answered(probes, self.study.panel, prompt, partial(self._ask, model)),
            "facts": self._facts(model.rows if self._kind(arm) == "dream" else None),
            "ended": self._ended(),
        }
        if arm in ("none", "raw", "dream"):
            record["perplexity"] = measure.perplexity(self.base, model.gguf)
            record["residue"] = self._residue(model.gguf, probes)
        if arm in ("raw", "dream"):
            assert model.adapter is not None
            direct = [probe for probe in probes if probe.kind == "direct"]
            found = measure.sixteen_bit_answers(
                self.base,
                model.adapter,
                model.digest,
                [probe.question for probe in direct],
                persona,
                self.settings.work / f"{arm}-n{self.number:02d}",
                TOKENS,
            )
            record["sixteen_bit"] = {
                p.id: [outcome(p, found.get(p.question, "")), found.get(p.question, "")] for p in direct
            }
        if arm == "dream":
            record["memories_recalled"], record["held_out"] = self._held_out(model)
        record["cost"] = {**model.cost, "examine_s": time.monotonic() - started}
        return record

    def _prompt(self, arm: str, probes: Sequence[Probe]) -> Prompt:
        facts = [fact.statement for fact in active_facts(self.study.life, self.day.date)]
        found: Mapping[str, Sequence[str]] = {}
        if arm in SEARCHING:
            questions = [p.question for p in probes] + [p.question for p in self.study.panel.probes]
            found = lived.search(self.settings, questions, RETRIEVED)
        return prompt_of(arm, self.study.recipe.persona, facts, found)

    def _ask(self, model: Model, requests: Sequence[ChatRequest]) -> list[str]:
        """Answers of a model file; the base's are kept, because it never changes."""
        if model.adapter is not None:
            return lived.FileChat(model.gguf, self.settings).complete(requests)
        return remembered_answers(
            self.study.out / "base-answers.json",
            requests,
            lived.FileChat(model.gguf, self.settings).complete,
        )

    def _facts(self, rows: Sequence[Example] | None) -> dict[str, dict[str, bool]]:
        memories, said = self._curated(), self.past.said
        stages = {
            fact.id: trace(fact, said, self.past.found, memories, rows or ())
            for fact in active_facts(self.study.life, self.day.date)
        }
        if rows is None:
            for reached in stages.values():
                del reached["dreamt"]
        return stages

    def _ended(self) -> dict[str, bool]:
        """Facts that were replaced or forgotten, and whether an active memory still names their value."""
        memories, said = self._curated(), self.past.said
        active = {fact.id for fact in active_facts(self.study.life, self.day.date)}
        return {
            fact.id: any(memory.active and holds(memory, fact, said) for memory in memories)
            for fact in self.study.life.facts
            if fact.told <= self.day.date and fact.id not in active
        }

    def _curated(self) -> list[Memory]:
        with Store(self.settings.database) as store:
            return store.memories.curated(Night(self.day.date, self.settings.zone))

    def _residue(self, gguf: Path, probes: Sequence[Probe]) -> list[Record]:
        values = {fact.id: fact.value for fact in self.study.life.facts}
        found = []
        for probe in probes:
            if probe.kind == "forgotten" and probe.fact is not None:
                log, rank = measure.residue(
                    self.base, gguf, probe.question, values[probe.fact], self.study.recipe.persona
                )
                found.append({"probe": probe.id, "log": log, "rank": rank})
        return found

    def _held_out(self, model: Model) -> tuple[dict[str, bool], list[int]]:
        """What the night's own held-out questions say of each memory, and [right, asked] in all."""
        with Store(self.settings.database) as store:
            dreams = store.dreams.all(Night(self.day.date, self.settings.zone))
        probes = [probe for probe in held_out(dreams) if probe.kind in ("direct", "paraphrase", "list")]
        texts = self._ask(model, [request(probe, self.study.recipe.persona) for probe in probes])
        rights: dict[str, list[bool]] = {}
        for probe, text in zip(probes, texts, strict=True):
            rights.setdefault(str(probe.memory_id), []).append(judge(probe, text) == "right")
        flat = [right for several in rights.values() for right in several]
        return {memory: 2 * sum(r) >= len(r) for memory, r in rights.items()}, [sum(flat), len(flat)]


def record_path(study: Path, arm: str, seed: int, night: int) -> Path:
    """Where a study keeps what one arm answered after one night."""
    return study / "records" / f"{arm}-s{seed}-n{night:02d}.json"


def answered(
    probes: Sequence[Probe], panel: Panel, prompt: Prompt, ask: Callable[[list[ChatRequest]], list[str]]
) -> Record:
    """The life's probes and the panel as `ask` answers them, each with its outcome."""
    requests = [life_request(probe, prompt) for probe in probes]
    texts = ask(requests + [panel_request(probe, prompt) for probe in panel.probes])
    mine, others = texts[: len(probes)], texts[len(probes) :]
    return {
        "answers": {p.id: [outcome(p, t), t] for p, t in zip(probes, mine, strict=True)},
        "panel": {p.id: [p.kind, judge(p, t), t] for p, t in zip(panel.probes, others, strict=True)},
    }


def trained(
    rows: Sequence[Example], base: Base, folder: Path, recipe: Recipe, seed: int, *, warm: bool
) -> Model:
    """The served file of an adapter trained on `rows`; an adapter that is there already is used again.

    `warm` begins with the preset's adapter, which is part of the product and of no other arm.
    """
    from models import gguf, trainer

    note, mark = folder / "trained.json", mixture.digest(rows)
    known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    if known.get("rows_digest") != mark:
        told = partial(_throttled, [0.0])
        result = trainer.train(
            rows,
            base,
            folder,
            recipe.train,
            seed=seed,
            persona=recipe.persona,
            progress=told,
            start=base.start if warm else None,
        )
        known = {
            "rows_digest": mark,
            "adapter": str(result.adapter),
            "cost": {
                "train_s": result.seconds,
                "answer_tokens": result.answer_tokens,
                "steps": result.steps,
                "rows": result.rows,
                "mixture_rows": len(rows),
            },
        }
        write_json(note, known)
    adapter = Path(known["adapter"])
    say("  exporting")
    made = gguf.export(base, adapter, folder / "model.gguf", recipe.publish.quants[0])
    parity = {f"parity_{name}": value for name, value in made.parity.items()}
    cost = {**known["cost"], "export_s": sum(made.seconds.values()), **parity}
    return Model(made.path, made.sha256, adapter, tuple(rows), cost)


def remembered_answers(
    path: Path, requests: Sequence[ChatRequest], ask: Callable[[Sequence[ChatRequest]], list[str]]
) -> list[str]:
    """Answers from the file at `path`, asking only what it lacks; greedy answers never change."""
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    keys = [json.dumps([[m.role, m.content] for m in r.messages] + [r.max_tokens]) for r in requests]
    missing = {key: one for key, one in zip(keys, requests, strict=True) if key not in known}
    if missing:
        known |= dict(zip(missing, ask(list(missing.values())), strict=True))
        write_json(path, known)
    return [known[key] for key in keys]


def _throttled(last: list[float], share: float, text: str) -> None:
    if time.monotonic() - last[0] > 15 or share >= 1.0:
        last[0] = time.monotonic()
        say(f"  {100 * share:3.0f} % {text}")


def write_json(path: Path, content: Any) -> None:
    """Write a file that is either there in whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)
