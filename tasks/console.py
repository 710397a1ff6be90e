"""What the terminal shows: tables with rich, one JSON object for programs, the end of a night."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from prefect.states import State
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.errors import BadInput, NocturneError
from data.ingest import ingest_paths
from data.night import Night
from data.records import Answer, Dream, Memory, Probe
from data.settings import CHECKOUT, Settings
from data.store import Store
from models.base import prepare_base
from models.gateway_client import gateway_status
from models.registry import Registry
from quality.probes import ask
from tasks.asking import ask_file, ask_live, served
from tasks.history import BackfillPlan

SAMPLES = CHECKOUT / "data" / "samples"
SAMPLE_DAY = date(2026, 10, 5)
EXIT_BAD_INPUT = 2
EXITS = {"Rejected": 3, "Waiting": 4}
out = Console(highlight=False)


def log_to_file(settings: Settings, name: str) -> None:
    """Send Prefect's log to a file of the home folder, so that the terminal stays readable."""
    import logging

    handler = logging.FileHandler(settings.logs / f"{name}.log", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s %(message)s"))
    logging.getLogger("prefect").addHandler(handler)


def place_sample(settings: Settings) -> date:
    """Put the first day of the sample week into the inbox; returns the day."""
    name = f"{SAMPLE_DAY}.jsonl"
    target = settings.inbox / f"sample-{name}"
    if not target.exists():
        shutil.copyfile(SAMPLES / name, target)
    return SAMPLE_DAY


def nothing_to_do(settings: Settings, night: date | None) -> str:
    """A line that says so when this night is done and nothing has changed, without starting Prefect."""
    from tasks.night import unchanged

    return unchanged(settings, night)


def show_night(settings: Settings, state: State, *, sample: bool) -> int:
    """The end of a night: table of questions, gates, where the report lies, how to chat."""
    code = show_state(state)
    if not state.is_completed():
        return code
    with Store(settings.database) as store:
        rows = [row for row in store.nights.all() if row.finished]
        row = max(rows, key=lambda one: one.finished or datetime.min, default=None)
        if row is None or row.status == "waiting":
            return code
        night = Night(row.night, settings.zone)
        gates = store.nights.gates(night)
    if row.status in ("published", "candidate") and sample:
        _before_after(settings, night)
    _gates(gates)
    report = settings.reports / f"{night}.html"
    if report.exists():
        out.print(f"Report   {report}")
    out.print(
        'Chat     python -m flows ask "What do you remember about me?"   or   make up, then any chat UI'
    )
    return code


def show_state(state: State) -> int:
    """One line on how a flow ended, and its exit code; errors of ours come out as their message."""
    if state.is_completed():
        style = {"Rejected": "red", "Published": "green"}.get(state.name or "", "yellow")
        out.print(Text(f"{state.name}: {state.message}", style=style))
        return EXITS.get(state.name or "", 0)
    result = state.result(raise_on_failure=False)
    if isinstance(result, NocturneError):
        raise result
    if isinstance(result, BaseException):
        print(f"nocturne: {type(result).__name__}: {result}", file=sys.stderr)
    return 1


def _before_after(settings: Settings, night: Night) -> None:
    """Questions about the sample day, asked over HTTP of the base and of the model that is served."""
    probes = sample_probes(night.date)
    base = prepare_base(settings.recipe.preset, settings.models)
    before = ask_file(base.gguf, base.digest, probes, settings, run="sample-base")
    after = ask_live(probes, settings, run="sample-after")
    table = Table(
        "question", "before", "after", title=f"Asked with an empty context after the night of {night}"
    )
    for one, two in zip(before, after, strict=True):
        table.add_row(one.probe.question, _cell(one), _cell(two))
    out.print(table)
    told = [probe.id for probe in probes if probe.kind != "knowledge"]
    out.print(
        f"Right about the day: {_right(before, told)} before, {_right(after, told)} after, of {len(told)}."
    )
    known = [probe.id for probe in probes if probe.kind == "knowledge"]
    out.print(
        f"Right answers to general questions: {_right(before, known)} before, {_right(after, known)} after."
    )


def sample_probes(day: date) -> list[Probe]:
    """The sample week's own questions about facts told on `day`, which no step of the pipeline sees."""
    from data.seeds import load_knowledge

    lines = (SAMPLES / "probes.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    asked = [
        Probe(row["id"], row["kind"], row["question"], tuple(row["accept"]), tuple(row["reject"]))
        for row in rows
        if row["day"] == day.isoformat() and row["kind"] in ("direct", "paraphrase")
    ]
    general = [Probe(row.id, "knowledge", row.question, row.accept) for row in load_knowledge()[:6]]
    return asked + general


def _right(answers: Sequence[Answer], ids: Sequence[str]) -> int:
    return sum(answer.outcome == "right" for answer in answers if answer.probe.id in ids)


def _cell(answer: Answer) -> Text:
    text = " ".join(answer.text.split())
    return Text(
        text if len(text) <= 90 else text[:87] + "...", style="green" if answer.outcome == "right" else ""
    )


def _gates(gates: Sequence[Any]) -> None:
    if not gates:
        return
    table = Table("gate", "passed", "figure", "limit", "n", "base", title="Gates, on the file that is served")
    for gate in gates:
        mark = Text("yes", style="green") if gate.passed else Text("no", style="red")
        base = "" if gate.base is None else f"{gate.base:.2f}"
        table.add_row(gate.name, mark, f"{gate.figure:.2f}", f"{gate.threshold:.2f}", str(gate.n), base)
    out.print(table)


def show_plan(plan: BackfillPlan) -> int:
    """The nights a backfill would take in."""
    table = Table("night", "turns", "new memories", "so far", "trains after it")
    for one in plan.nights:
        table.add_row(
            str(one.night), str(one.turns), str(one.memories), one.status, "yes" if one.trains else ""
        )
    out.print(table)
    out.print(f"About {plan.minutes:.0f} minutes and {plan.megabytes} MB. Nothing was changed.")
    if plan.unread:
        out.print(f"{plan.unread} messages in the inbox are not read yet; they come first.")
    return 0


def ingest(settings: Settings, paths: Sequence[Path], *, dry_run: bool, as_json: bool) -> int:
    """Read logs and print what came in, file by file."""

    def progress(name: str, rows: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{name[:60]}: {rows:,} messages", end="", file=sys.stderr)

    with Store(settings.database) as store:
        report = ingest_paths(store, settings, list(paths) or None, progress, dry_run=dry_run)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    refused = [file for file in report.files if file.state == "refused"]
    if as_json:
        print(json.dumps(report.as_json(), default=str))
        return EXIT_BAD_INPUT if refused else 0
    heads = ("format", "chats", "user", "replies", "refused", "skipped", "days")
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))  # fits 80 columns, the width of a log or a pipe
    table.add_column("file", overflow="fold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for file in report.files:
        counts = (file.conversations, file.user, file.assistant, file.rejected, file.skipped)
        days = sorted({moment[:10] for moment in (file.first, file.last) if moment})
        table.add_row(Path(file.file).name, file.format, *map(str, counts), " to ".join(days))
    out.print(table)
    out.print(f"{report.added} new messages, {report.known} already known.")
    if dry_run:
        spread = ", ".join(f"{day} {count}" for day, count in sorted(report.days.items()))
        out.print(f"By day: {spread or 'nothing new'}. Nothing was written.")
    for file in report.files:
        for reason, count in sorted(file.skipped_why.items()):
            out.print(Text(f"{Path(file.file).name}: {count} skipped, {reason}"))
    for file in refused:
        print(f"nocturne: {file.file}: {file.reason}", file=sys.stderr)
    return EXIT_BAD_INPUT if refused else 0


def status(settings: Settings) -> dict[str, Any]:
    """What is live, what is pending, what runs."""
    live = Registry(settings.models).live()
    with Store(settings.database) as store:
        nights = store.nights.all()
        days = store.turns.nights_with_turns()
        memories = store.memories.all()
    done = {row.night for row in nights if row.done}
    states: dict[str, int] = {}
    for memory in memories:
        states[memory.state] = states.get(memory.state, 0) + 1
    return {
        "live": live.id if live else None,
        "gateway": gateway_status(settings),
        "last_night": {"night": str(nights[-1].night), "status": nights[-1].status} if nights else None,
        "pending_days": [str(day) for day in sorted(days) if day not in done],
        "memories": states,
        "home": str(settings.home),
        "zone": settings.zone,
    }


def show(value: Mapping[str, Any], *, as_json: bool) -> int:
    """A mapping as JSON or as two columns."""
    if as_json:
        print(json.dumps(value, default=str))
        return 0
    table = Table(show_header=False, box=None)
    for name, cell in value.items():
        text = ", ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)
        table.add_row(
            Text(name.replace("_", " "), style="bold"), Text(text if cell not in (None, [], {}) else "-")
        )
    out.print(table)
    return 0


def show_memories(memories: Sequence[Memory], *, as_json: bool) -> int:
    """The ledger as a table or as JSON."""
    if as_json:
        print(json.dumps([asdict(memory) for memory in memories], default=str))
        return 0
    table = Table("id", "memory", "state", "told", "last recalled", "from")
    for one in memories:
        source = one.sources[0] if one.sources else ""
        cells = (one.id, one.statement, one.state, str(one.told), str(one.last_recalled or ""), source)
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    return 0


def show_dreams(night: Night, dreams: Sequence[Dream], *, as_json: bool) -> int:
    """Dreams of a night for a person to look at; held-out ones are only asked and never trained."""
    if as_json:
        print(json.dumps({"night": night.id, "dreams": [asdict(one) for one in dreams]}))
        return 0
    table = Table("id", "kind", "question", "answer", "", title=f"Dreams of the night of {night}")
    for one in dreams:
        note = one.refused or ("" if one.split == "train" else "held out")
        table.add_row(*(Text(cell) for cell in (one.id, one.kind, one.question, one.answer, note)))
    out.print(table if dreams else f"No dream of the night of {night} waits for you.")
    return 0


def confirmed(question: str, memories: Sequence[Memory]) -> bool:
    """Ask the person before something that cannot be undone; beside the output, which a program may read."""
    for memory in memories:
        print(f"  {memory.id}  {memory.statement}", file=sys.stderr)
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    try:
        return input().strip().casefold() in ("y", "yes")
    except EOFError as error:
        raise BadInput("Nobody is there to answer, so nothing was done. Add --yes to go ahead.") from error


def ask_model(settings: Settings, question: str, *, base: bool) -> tuple[str, str]:
    """(model name, answer) of the live model through the gateway, or of the untouched base."""
    probe = Probe("ask", "direct", question)
    if base:
        prepared = prepare_base(settings.recipe.preset, settings.models)
        return prepared.name, ask_file(prepared.gguf, prepared.digest, [probe], settings, run="ask")[0].text
    with served(settings, run="ask") as (generation, chat):
        return generation, ask(chat, [probe], settings.recipe.persona)[0].text


def answer(settings: Settings, question: str, *, base: bool, as_json: bool) -> int:
    """Print the model's answer to one question."""
    model, text = ask_model(settings, question, base=base)
    if as_json:
        print(json.dumps({"model": model, "question": question, "answer": text}))
    else:
        out.print(Text(text))
    return 0
