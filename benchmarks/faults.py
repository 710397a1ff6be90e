"""Kill a small complete night at every named point and compare its end with an undisturbed one.

`python -m benchmarks.faults --json`: real Prefect, DuckDB, GGUF and llama.cpp server with a tiny random
model. One night is killed at all points in turn, each rerun going on to the next; the last line counts
the faults injected and survived.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from data.settings import load_settings, prepare_environment
from tests.faults.harness import executed, leftovers, new_home, outcome, prepared_home, runner, storm
from tests.faults.points import POINTS
from tests.flows.tiny_night import tiny_preset, tiny_recipe


def sweep(folder: Path, points: list[str]) -> dict[str, Any]:
    """Counts and names of the faults injected and survived, with the homes left in `folder`."""
    prepare_environment(load_settings(home=folder / "home"))
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    recipe = tiny_recipe(tiny_preset(folder))
    train = recipe.train.model_copy(update={"checkpoint_seconds": 0})
    with prefect_test_harness(server_startup_timeout=300):
        api = str(PREFECT_API_URL.value())
        with runner(recipe.model_copy(update={"train": train}), api, folder) as run:
            prepared = prepared_home(run, folder)
            calm = new_home(prepared, folder / "calm")
            started = time.monotonic()
            run.run(calm.home)
            seconds = time.monotonic() - started
            result = storm(run, prepared, folder / "storm", points)
    from tasks.doctor import tidy

    tidy(result.settings)
    expected, found = outcome(calm), outcome(result.settings)
    differing = [name for name in expected if expected[name] != found[name]]
    clean = not differing and not result.broken and result.state.get("name") in ("Published", "Unchanged")
    return {
        "injected": len(result.injected),
        "survived": len(result.injected) if clean else 0,
        "not_reached": result.missed,
        "broken": result.broken,
        "differing": differing,
        "repeated_stages": result.repeated(),
        "leftovers": leftovers(result.settings),
        "stage_runs": dict(executed(result.settings.home)),
        "end": result.state,
        "calm_night_seconds": round(seconds, 1),
    }


def main() -> None:
    """Run the sweep and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print only the JSON object")
    parser.add_argument("--points", nargs="*", default=list(POINTS), help="names of points; all if left out")
    parser.add_argument("--keep", type=Path, help="folder for the homes, kept afterwards")
    options = parser.parse_args()
    if unknown := set(options.points) - set(POINTS):
        parser.error(f"unknown points: {', '.join(sorted(unknown))}; known: {', '.join(POINTS)}")
    if options.keep:
        options.keep.mkdir(parents=True)
        result = sweep(options.keep, options.points)
    else:
        with tempfile.TemporaryDirectory() as folder:
            result = sweep(Path(folder), options.points)
    if not options.json:
        print(f"{result['injected']} faults injected, {result['survived']} survived.", file=sys.stderr)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
