"""Checks of the installation: what was found, what to do; leftovers of a crash are repaired."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import httpx
from rich.table import Table
from rich.text import Text

from data.errors import NocturneError, StoreBusy
from data.settings import Settings
from data.store import Store
from models.base import prepare_base, verify_base
from models.card import read_card, torch_cuda
from models.gateway_client import gateway_status
from models.preset import load_preset, preset_names
from models.registry import Registry
from tasks.common import exclusive
from tasks.console import out
from tasks.standing import port_free
from tasks.standing_note import running
from tasks.zombies import sweep

LEAST_FREE_GB = 2.0
OLD_SECONDS = 24 * 3600
PREVIEW_SECONDS = 3600
PINS = {"prefect": ((3, 8), (3, 9)), "fastapi": ((0, 139), (0, 151)), "sqlalchemy": ((2, 0), (2, 1))}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, whether it is well, what was seen and what to do."""

    check: str
    well: bool
    seen: str
    advice: str = ""


def run(settings: Settings, *, fetch: bool, as_json: bool) -> int:
    """Run every check, repair what can be, print the lines; 1 when something needs a hand."""
    findings = list(examine(settings, fetch=fetch))
    if as_json:
        print(
            json.dumps(
                {"well": all(one.well for one in findings), "findings": [asdict(one) for one in findings]}
            )
        )
    else:
        table = Table("check", "", "seen", "what to do")
        for one in findings:
            mark = Text("ok", style="green") if one.well else Text("look", style="red")
            table.add_row(one.check, mark, Text(one.seen), Text(one.advice))
        out.print(table)
    return 0 if all(one.well for one in findings) else 1


def examine(settings: Settings, *, fetch: bool = False) -> Iterator[Finding]:
    """Every check in turn; one that breaks becomes a finding of its own."""
    checks: dict[str, Callable[[Settings], Iterator[Finding]]] = {
        "versions": _versions,
        "home folder": _home,
        "disk": _disk,
        "store": _store,
        "leftovers": _leftovers,
        "runs": _zombies,
        "base model": lambda s: _base(s, fetch),
        "live model": _generations,
        "gateway": _ports,
        "graphics card": _card,
        "schedule": _schedule,
    }
    for name, check in checks.items():
        try:
            yield from check(settings)
        except NocturneError as error:
            yield Finding(name, False, type(error).__name__, str(error))
        except OSError as error:
            what = f"{error.strerror or error}: {error.filename or 'the home folder'}"
            yield Finding(name, False, type(error).__name__, f"{what}. Check its owner and the disk.")


def _versions(settings: Settings) -> Iterator[Finding]:
    new = sys.version_info >= (3, 11)
    yield Finding("python", new, sys.version.split()[0], "" if new else "Install Python 3.11 or newer.")
    for name, (low, high) in PINS.items():
        found = metadata.version(name)
        numbers = tuple(int(part) for part in found.split(".")[:2])
        well = low <= numbers < high
        yield Finding(
            name, well, found, "" if well else "Run `make setup`: Prefect needs the locked version."
        )


def _home(settings: Settings) -> Iterator[Finding]:
    folders = [path for path in (settings.home, *settings.home.iterdir()) if path.is_dir()]
    private = [settings.database, settings.home / "gateway.json", *settings.reports.glob("*")]
    open_paths = [path for path in (*folders, *private) if path.exists() and path.stat().st_mode & 0o077]
    for path in open_paths:
        path.chmod(0o700 if path.is_dir() else 0o600)
    seen = f"{len(open_paths)} were readable by others; closed" if open_paths else "private"
    yield Finding("home folder", True, f"{settings.home}: {seen}")


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.home).free / 1e9
    advice = (
        ""
        if free >= LEAST_FREE_GB
        else "Free some space: a night writes the model twice before it replaces one."
    )
    yield Finding("disk", free >= LEAST_FREE_GB, f"{free:.1f} GB free", advice)


def _store(settings: Settings) -> Iterator[Finding]:
    if not settings.database.exists():
        yield Finding("store", True, "none yet", "Ingest chats with `python -m flows ingest PATH`.")
        return
    with Store(settings.database, wait_seconds=5) as store:
        nights = store.nights.all()
        memories = len(store.memories.active())
        turns = store.turns.count()
    yield Finding("store", True, f"{turns} turns, {memories} memories, {len(nights)} nights")
    for row in nights:
        if not row.done:
            advice = f"Run `python -m flows night {row.night}`."
            yield Finding(
                f"night {row.night}", False, f"{row.status}: {row.reason or 'not finished'}", advice
            )


def tidy(settings: Settings) -> list[str]:
    """Remove what a killed run left half-made and return the names; a running night keeps its own files."""
    removed = Registry(settings.models).recover()
    try:
        with exclusive(settings, "night"):
            stale = _unfinished(settings, 0.0)
    except StoreBusy:
        stale = _unfinished(settings, OLD_SECONDS)
    for path in stale:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return removed + [path.name for path in stale]


def _unfinished(settings: Settings, age: float) -> list[Path]:
    """Drafts, exports without a manifest and temporary folders that nothing has touched for `age` seconds."""
    now = time.time()
    drafts = [
        path
        for folder in (settings.reports, settings.work, settings.home / "backups")
        for path in folder.rglob("*.part")
    ]
    drafts += [*settings.home.glob(".*.draft"), *settings.home.glob(".*.part*")]
    for pattern in ("*/.candidate-*", "*/candidate-*.gguf"):
        drafts += settings.work.glob(pattern)
    stale = [path for path in drafts if now - path.stat().st_mtime >= age]
    plans = settings.work.glob("plan-*")  # a preview takes no lock
    return stale + [path for path in plans if now - path.stat().st_mtime >= max(age, PREVIEW_SECONDS)]


def _leftovers(settings: Settings) -> Iterator[Finding]:
    removed = tidy(settings)
    yield Finding("leftovers", True, f"{len(removed)} removed" if removed else "none")


def _zombies(settings: Settings) -> Iterator[Finding]:
    dead = sweep(settings)
    seen = f"{len(dead)} whose process was gone are marked as crashed" if dead else "none without a process"
    yield Finding("runs", True, seen)


def _base(settings: Settings, fetch: bool) -> Iterator[Finding]:
    preset = load_preset(settings.recipe.preset)
    base = prepare_base(preset, settings.models, fetch=fetch)
    verify_base(base)
    yield Finding("base model", True, f"{base.name}, digest {base.digest[:12]}")


def _generations(settings: Settings) -> Iterator[Finding]:
    registry = Registry(settings.models)
    for name in registry.damaged():
        yield Finding(
            f"generation {name}", False, "damaged", "Roll back, or run its night again with --redo."
        )
    live = registry.live()
    if live is None:
        yield Finding("live model", True, "the untouched base", "Run `python -m flows night`.")
        return
    registry.verify(live)
    yield Finding("live model", True, f"{live.id}, digest verified")


def _ports(settings: Settings) -> Iterator[Finding]:
    status = gateway_status(settings)
    if status is not None:
        yield Finding("gateway", True, f"runs at {status['url']}")
    else:
        free = port_free(settings.serve.host, settings.serve.port)
        advice = "" if free else "Another program holds the port: set NOCTURNE_SERVE__PORT."
        yield Finding("gateway", free, f"port {settings.serve.port} {'free' if free else 'taken'}", advice)


def _card(settings: Settings) -> Iterator[Finding]:
    card = read_card()
    if card is None:
        yield Finding("graphics card", True, "none; nights train on the CPU")
        return
    cuda, usable = torch_cuda()
    seen = f"{card.name}, driver {card.driver}, {card.total_gb:.0f} GB, {card.free_gb:.1f} GB free"
    fits = _fitting_preset(card.total_gb)
    yield Finding("graphics card", True, f"{seen}; preset that fits: {fits}")
    if settings.recipe.train.backend == "trl":
        yield Finding("training", True, "on the CPU, as recipe.train.backend says")
        return
    needed = load_preset(settings.recipe.preset).vram_gb or 0.0
    if needed > card.total_gb:
        advice = f"Set NOCTURNE_RECIPE__PRESET={fits}, or NOCTURNE_RECIPE__TRAIN__BACKEND=trl."
        yield Finding("preset", False, f"{settings.recipe.preset} needs {needed:.0f} GB of the card", advice)
    if usable:
        yield Finding("cuda", True, f"torch uses it, built for CUDA {cuda}")
    elif cuda is None:
        again = "Run `make clean` and `make setup`; with a card the CUDA build is taken."
        yield Finding("cuda", False, "torch is a build for the CPU", again)
    else:
        again = "Update the driver to one for that version of CUDA."
        yield Finding("cuda", False, f"torch is built for CUDA {cuda} and cannot use the card", again)
    for package in ("unsloth", "bitsandbytes"):
        yield _needed_on_a_card(package)


def _needed_on_a_card(package: str) -> Finding:
    try:
        return Finding(package, True, metadata.version(package))
    except metadata.PackageNotFoundError:
        advice = "Run `make gpu`, or set NOCTURNE_RECIPE__TRAIN__BACKEND=trl to train on the CPU."
        return Finding(package, False, "not installed; nights cannot train on the card", advice)


def _fitting_preset(gigabytes: float) -> str:
    """The largest preset with a tier that training fits into."""
    sizes = {name: load_preset(name).vram_gb for name in preset_names()}
    fitting = [(size, name) for name, size in sizes.items() if size is not None and size <= gigabytes]
    return max(fitting)[1]


def _schedule(settings: Settings) -> Iterator[Finding]:
    if running(settings) is None:
        yield Finding(
            "schedule",
            True,
            "the standing system does not run",
            "Start it with `make up` to sleep every night.",
        )
        return
    url = f"http://127.0.0.1:{settings.serve.prefect_port}/api/deployments/name/nightly/nightly"
    try:
        reply = httpx.get(url, timeout=5.0, trust_env=False)
        deployed = reply.status_code == 200
        active = deployed and any(one.get("active") for one in reply.json().get("schedules", []))
    except (httpx.HTTPError, ValueError):
        deployed = active = False
    advice = "" if active else "Stop it with `make down` and start it again with `make up`."
    seen = (
        "nightly is scheduled"
        if active
        else "nightly is not scheduled"
        if deployed
        else "Prefect does not answer"
    )
    yield Finding("schedule", active, seen, advice)
