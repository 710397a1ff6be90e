"""Data checks: Great Expectations suites over the rows of a step, bad rows named with their reason.

The only module that uses great_expectations, imported when a check runs or shortly before: it takes seconds.
Suites are JSON files in `quality/suites`; an expectation's `meta.reason` is what a person reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from data.errors import BadInput

SUITES = Path(__file__).resolve().parent / "suites"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line of a check's result."""

    name: str
    column: str
    reason: str
    severity: str
    passed: bool
    unexpected: int


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one suite: which rows to keep out, and whether the night may go on."""

    suite: str
    rows: int
    expectations: tuple[Expectation, ...]
    quarantine: Mapping[str, str]

    @property
    def blocked(self) -> bool:
        """Whether a critical expectation failed, so that the night must not go on."""
        return any(not e.passed and e.severity == "critical" for e in self.expectations)


def load_suite(name: str) -> list[dict[str, Any]]:
    """The expectations of a suite as written in its JSON file."""
    path = SUITES / f"{name}.json"
    try:
        suite = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            f"The suite {path.name} cannot be read: {error}. Restore it from the repository."
        ) from error
    if not (isinstance(suite, list) and suite and all(map(_is_expectation, suite))):
        raise BadInput(
            f"The suite {path.name} must be a list of expectations, each with type, kwargs, a severity of "
            "warning or critical, and meta.reason. Restore it from the repository."
        )
    return suite


def _is_expectation(one: Any) -> bool:
    """Whether a row of a suite has what a check and its report need."""
    return (
        isinstance(one, dict)
        and isinstance(one.get("type"), str)
        and isinstance(one.get("kwargs"), dict)
        and isinstance(one.get("meta"), dict)
        and isinstance(one["meta"].get("reason"), str)
        and one.get("severity") in ("warning", "critical")
    )


def preload() -> None:
    """Load the library aside, for its seconds pass while Prefect's server starts in another process."""
    Thread(target=import_module, args=("great_expectations",), daemon=True).start()


def check(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Check:
    """Run suite `name` over `rows` (each with a unique `id`) and name the rows that fail."""
    import great_expectations as gx
    import pandas as pd

    suite = load_suite(name)
    frame = pd.DataFrame([dict(row) for row in rows], columns=list(columns))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    expectations = context.suites.add(gx.ExpectationSuite(name=name, expectations=suite))
    source = context.data_sources.add_pandas("memory").add_dataframe_asset(name)
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(
            name=name, data=source.add_batch_definition_whole_dataframe("whole"), suite=expectations
        )
    )
    result = definition.run(
        batch_parameters={"dataframe": frame},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]},
    )
    if len(result.results) != len(suite):
        raise BadInput(
            f"The suite {name} names an expectation that does not exist. Correct quality/suites/{name}.json."
        )
    lines: list[Expectation] = []
    quarantine: dict[str, str] = {}
    for one in result.results:
        config = one.expectation_config
        _raise_broken(name, one)
        reason = config.meta["reason"]
        bad = one.result.get("unexpected_index_list") or []
        for entry in bad:
            quarantine.setdefault(str(entry["id"]), reason)
        severity = str(getattr(config.severity, "value", config.severity))
        column = str(config.kwargs.get("column", ""))
        lines.append(Expectation(config.type, column, reason, severity, bool(one.success), len(bad)))
    return Check(name, len(frame), tuple(lines), quarantine)


def _raise_broken(name: str, result: Any) -> None:
    """An expectation that could not be evaluated must not pass as a data problem."""
    trouble = [
        info.get("exception_message")
        for info in _exceptions(result.exception_info)
        if info.get("raised_exception")
    ]
    if trouble:
        raise BadInput(
            f"The suite {name} could not be evaluated: {trouble[0]}. Correct quality/suites/{name}.json."
        )


def _exceptions(info: Any) -> list[Mapping[str, Any]]:
    if not info:
        return []
    return (
        [info]
        if "raised_exception" in info
        else [value for value in info.values() if isinstance(value, Mapping)]
    )
