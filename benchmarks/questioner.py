"""Makes the question writer of a base: told a fact, it writes the questions people ask for it later.

`python -m benchmarks.questioner [--preset NAME] [--json]`. Trains an adapter on the facts and questions in
`data/questions` that have no roundabout ones (about 15 minutes on 2 cores), writes NAME.questions.safetensors
beside the preset and prints the lines that belong into the preset's file. What it is worth:
`python -m benchmarks.asked FILE`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.warm_start import write
from data.settings import load_settings, prepare_environment
from models import questioner
from models.base import prepare_base
from models.preset import FOLDER


def _say(share: float, line: str) -> None:
    print(f"\r{100 * share:3.0f} % {line:70}", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Make the file; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questioner", description=__doc__)
    parser.add_argument("--preset", default="smollm2-135m")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    prepare_environment(settings)
    base = prepare_base(options.preset, settings.models, _say)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        adapter = questioner.train(base, Path(folder), _say)
        out = FOLDER / f"{options.preset}.questions.safetensors"
        digest = write(adapter, out, questioner.RECIPE)
    print(f"\n[questions]\nfile = {out.name!r}\nsha256 = {digest!r}".replace("'", '"'))
    if options.json:
        figures = {"facts": len(questioner.plainly_asked()), "seconds": round(time.monotonic() - began)}
        print(json.dumps({"file": out.name, "sha256": digest, **figures}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
