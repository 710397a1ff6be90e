"""Living the days of a study one by one; after the examined nights every arm is asked.

Days are handed to the pipeline one at a time, each after the night before it.
"""

from __future__ import annotations

import json
import time

from benchmarks import lifetime_night as lived
from benchmarks.life import Day
from benchmarks.lifetime_evening import Evening, Past, Record, Study, say, write_json
from data.errors import BadInput
from data.night import Night
from data.settings import Settings
from models.base import prepare_base
from quality import extraction


def run(study: Study) -> list[Record]:
    """All records of the study; what an earlier run finished is read, the rest is done now."""
    _claim(study)
    base = prepare_base(study.recipe.preset, study.models, lambda share, text: say(f"base: {text}"))
    records = []
    for seed in range(study.seeds):
        settings = lived.home_settings(study.out / f"home-{seed}", study.life.zone, study.recipe)
        past = Past()
        for number, day in enumerate(study.life.days[: study.nights], 1):
            started = time.monotonic()
            _live(settings, day, past)
            if number in study.examined:
                say(f"seed {seed}, night {number} of {study.nights}, {day.date}")
                evening = Evening(study, seed, number, day, settings, base, past, time.monotonic() - started)
                records += evening.records()
    return records


def _claim(study: Study) -> None:
    """Keep studies apart: a folder belongs to the first one that used it."""
    note = study.out / "study.json"
    if note.is_file() and json.loads(note.read_text(encoding="utf-8"))["digest"] != study.digest:
        raise BadInput(
            f"{study.out} holds another study (other life, recipe or nights). Choose another --out."
        )
    (study.out / "records").mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(note, {"digest": study.digest, "recipe": study.recipe.model_dump(mode="json")})


def _live(settings: Settings, day: Day, past: Past) -> None:
    remembered = lived.remember_day(settings, day)
    night = Night(day.date, settings.zone)
    past.exchanges += remembered.exchanges
    past.found += [memory for e in remembered.exchanges for memory in extraction.extract(e, night)]
