"""Settings as a person writes them: a TOML file, one variable per value, and the answer to a mistake."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from data.errors import BadInput

PREFIX = "NOCTURNE_"


def read_file(path: Path) -> dict[str, Any]:
    """The tree of a TOML file, empty when there is none; BadInput when it is not TOML."""
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not valid TOML: {error}") from error


def place(tree: dict[str, Any], name: str, value: str) -> None:
    """Put one variable at its place; JSON lists and objects are decoded, the field's type reads the rest."""
    *parents, leaf = name.removeprefix(PREFIX).lower().split("__")
    for depth, part in enumerate(parents, start=1):
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            section = ".".join(parents[:depth])
            raise BadInput(
                f"Setting {section} is a section and not one value; {name} names a part of it. "
                f"Remove {PREFIX}{'__'.join(parents[:depth]).upper()}, or {section} from nocturne.toml."
            )
        tree = below
    tree[leaf] = _decoded(value)


def _decoded(value: str) -> Any:
    """A JSON list or object as such, the word null as nothing, anything else as the text it is."""
    if value == "null":
        return None
    if not value.lstrip().startswith(("[", "{")):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def explain(error: ValidationError) -> str:
    """One line per wrong setting, each with the ways to set it right."""
    lines = []
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"])
        variable = PREFIX + "__".join(str(part) for part in problem["loc"]).upper()
        what = "is not a setting" if problem["type"] == "extra_forbidden" else problem["msg"]
        lines.append(f"Setting {where} {what} ({variable} or nocturne.toml).")
    return "\n".join(lines)
