"""Homes, runs in processes that may die, and what a home holds afterwards."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psutil

from data import mixture
from data.night import Night
from data.settings import CHECKOUT, Recipe, Settings, child_environment, load_settings
from data.store import Store
from models.registry import Registry
from tests.faults.points import CHECKS, KEPT_STAGES, LIVE_MOVES, POINTS
from tests.flows.tiny_night import DAY, ZONE, write_day

KILLED = -9
GRACE_SECONDS = 20.0


@dataclass
class Runner:
    """The process that forks the runs, and the recipe they follow."""

    process: subprocess.Popen[str]
    recipe: Recipe

    def start(self, home: Path, do: str = "night", **order: Any) -> int:
        """Begin a run in a session of its own; returns its pid."""
        (home / "result.json").unlink(missing_ok=True)
        recipe = self.recipe.model_dump(mode="json")
        common = {"do": do, "home": str(home), "zone": ZONE, "night": str(DAY), "recipe": recipe}
        return int(self._ask({**common, **order})["pid"])

    def end(self, pid: int) -> int:
        """Wait for a run; returns its exit code, KILLED when it was killed."""
        return int(self._ask({"wait": pid})["code"])

    def run(self, home: Path, do: str = "night", **order: Any) -> tuple[int, dict[str, Any]]:
        """(exit code, result) of a run; a killed run has no result and leaves no process behind."""
        pid = self.start(home, do, **order)
        code = self.end(pid)
        assert orphans(pid) == [], "processes outlived the run"
        result = home / "result.json"
        return code, json.loads(result.read_text()) if result.is_file() else {}

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the runner ended"
        reply: dict[str, Any] = json.loads(line)
        return reply


@contextmanager
def runner(recipe: Recipe, api: str, folder: Path) -> Iterator[Runner]:
    """A runner whose children report to the Prefect server at `api`."""
    environment = child_environment(
        PREFECT_API_URL=api,
        PREFECT_HOME=str(folder / "prefect"),
        PREFECT_RESULTS_LOCAL_STORAGE_PATH=str(folder / "results"),
        PREFECT_LOGGING_LEVEL="ERROR",
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        GX_ANALYTICS_ENABLED="false",
        DO_NOT_TRACK="1",
        TOKENIZERS_PARALLELISM="false",
        MPLBACKEND="Agg",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.runner"],
        cwd=CHECKOUT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=(folder / "runner.log").open("w"),
    )  # fmt: skip
    try:
        assert process.stdout and json.loads(process.stdout.readline() or "{}").get("ready"), (
            folder / "runner.log"
        ).read_text()
        yield Runner(process, recipe)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(60)


def orphans(session: int) -> list[str]:
    """Command lines of the processes of a session that still live after a moment of grace."""
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        left = []
        for process in psutil.process_iter(["pid", "cmdline", "status"]):
            try:
                same = os.getsid(process.pid) == session
            except ProcessLookupError:
                continue
            if same and process.info["status"] != psutil.STATUS_ZOMBIE:
                left.append(" ".join(process.info["cmdline"] or ["?"])[:100])
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.1)


def new_home(prepared: Path, target: Path) -> Settings:
    """A copy of a prepared home under another identity, with a day of chats in its inbox."""
    shutil.copytree(prepared, target)
    (target / "home.id").write_text(secrets.token_hex(8), encoding="ascii")
    settings = settings_of(target)
    write_day(settings)
    return settings


def settings_of(home: Path) -> Settings:
    """Settings of a home of this harness."""
    return load_settings({}, home=home, zone=ZONE)


def prepared_home(run: Runner, folder: Path) -> Path:
    """A home whose live model is a generation of the day before."""
    home = folder / "prepared"
    home.mkdir(mode=0o700)
    code, _ = run.run(home, "prepare", before=str(DAY - timedelta(days=1)))
    assert code == 0, (home / "run.log").read_text()
    return home


def executed(home: Path) -> Counter[str]:
    """How often each stage began in this home."""
    log = home / "executed.log"
    return Counter(log.read_text().split()) if log.is_file() else Counter()


def live(settings: Settings) -> str | None:
    """Id of the live generation, its files verified."""
    registry = Registry(settings.models)
    generation = registry.live()
    if generation is None:
        return None
    registry.verify(generation)
    return generation.id


def outcome(settings: Settings, day: date = DAY) -> dict[str, Any]:
    """Everything a night leaves that must not depend on whether it was disturbed."""
    night = Night(day, settings.zone)
    generation = Registry(settings.models).live()
    with Store(settings.database) as store:
        row = store.nights.get(night)
        found = store.connection.execute("SELECT count(*), count(DISTINCT seq) FROM turns").fetchone()
        stages = store.nights.stages(night)
        return {
            "night": (row.status, row.generation, row.inputs) if row else None,
            "nights": [(one.night, one.status) for one in store.nights.all()],
            "turns": found,
            "ledger": [asdict(memory) for memory in store.memories.all()],
            "verdicts": [(v.turn_id, v.kept) for v in store.memories.verdicts(night)],
            "dreams": [asdict(dream) for dream in store.dreams.all(night)],
            "mixture": mixture.digest(store.dreams.mixture(night)),
            "quarantine": store.nights.quarantine(night),
            "gates": [asdict(gate) for gate in store.nights.gates(night)],
            "stages": sorted(stages),
            "training": stages["train"]["figures"] if "train" in stages else None,
            "live": generation.id if generation else None,
            "adapter": generation.manifest["adapter"] if generation else None,
            "model": generation.digest if generation else None,
            "generations": [(one.id, one.status) for one in Registry(settings.models).all()],
        }


@dataclass
class Storm:
    """What became of one night that was killed at many points, one after the other."""

    settings: Settings
    injected: list[str]
    missed: list[str]
    broken: list[str]
    state: dict[str, Any]

    def repeated(self) -> dict[str, int]:
        """Stages that did not run once and once more for each kill within them, with the difference."""
        kills = Counter(POINTS[point].stage for point in self.injected)
        needed = dict.fromkeys(KEPT_STAGES, 1) | {"check": CHECKS}
        counts = executed(self.settings.home)
        extra = {name: counts[name] - needed[name] - kills[name] for name in KEPT_STAGES}
        return {name: more for name, more in extra.items() if more}


def storm(run: Runner, prepared: Path, home: Path, route: Iterable[str]) -> Storm:
    """Kill one night at every point of `route` in turn, then let it end; the old model serves meanwhile."""
    settings = new_home(prepared, home)
    before = live(settings)
    result = Storm(settings, [], [], [], {})
    moved = False
    for point in route:
        code, state = run.run(home, kill=point)
        (result.injected if code == KILLED else result.missed).append(point)
        moved = moved or point == LIVE_MOVES or POINTS[point].stage in ("report", "close")
        if not moved and live(settings) != before:
            result.broken.append(f"{point}: the live model changed")
        if code != KILLED and state.get("name") not in ("Published", "Unchanged"):
            result.broken.append(f"{point}: {state}")
    _, result.state = run.run(home)
    return result


def leftovers(settings: Settings) -> list[str]:
    """Temporary files and folders in a home."""
    return sorted(
        path.relative_to(settings.home).as_posix()
        for path in settings.home.rglob("*")
        if path.suffix in (".part", ".draft", ".tmp")
        or path.name.startswith((".work-", ".trash-", ".partial-", ".candidate", "candidate-"))
    )
