"""Starting a night's adapter from one that knows how to answer, but nothing of any person.

What every night would otherwise learn anew (not to invent what nobody told, to answer in the second person,
to stay the assistant) is trained once per base by `benchmarks/warm_start.py` and comes with its preset. The
base itself stays the teacher: its answers and its distribution are read with the adapter off.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import BackendError, ModelFileError
from data.settings import Train
from models.files import sha256_file
from models.preset import Shipped
from models.targets import TARGETS

if TYPE_CHECKING:
    import torch

_REMEDY = "Take it from the project again, or set NOCTURNE_RECIPE__TRAIN__WARM_START=false."


def description(s: Train) -> dict[str, str]:
    """What a starting adapter says about its own shape, kept in its file."""
    return {
        "rank": str(s.rank),
        "alpha": str(s.alpha),
        "targets": s.targets,
        "first_layer": str(s.first_layer),
    }


def checked(start: Shipped, s: Train) -> Path:
    """The adapter's file; ModelFileError when it is missing or not the one the preset names.

    BackendError when it does not fit the recipe's adapter, because half a start is none; one of a lower rank,
    of fewer matrices a layer, and of the same strength (alpha over rank) fits.
    """
    path = Path(start.file)
    if not path.is_file():
        raise ModelFileError(f"The preset's starting adapter {path} is missing. {_REMEDY}")
    if sha256_file(path) != start.sha256:
        raise ModelFileError(f"The preset's starting adapter {path} is not the one it names. {_REMEDY}")
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        made = file.metadata() or {}
    rank, alpha = int(made.get("rank", 0)), float(made.get("alpha", 0))
    matrices = TARGETS.get(made.get("targets", ""))
    covered = matrices is not None and {*matrices} <= {*TARGETS[s.targets]}
    fits = covered and rank <= s.rank and alpha * s.rank == s.alpha * rank
    if not fits or s.first_layer > float(made.get("first_layer", 0)):
        raise BackendError(
            f"The preset's starting adapter ({', '.join(f'{k} {v}' for k, v in sorted(made.items()))}) does "
            "not fit the recipe's train.rank, train.alpha, train.targets or train.first_layer. Use the "
            "preset's own values, or start from nothing: NOCTURNE_RECIPE__TRAIN__WARM_START=false."
        )
    return path


def begin(parameters: Mapping[str, torch.Tensor], path: Path) -> None:
    """Put the saved adapter in the place of the fresh one; what it does not know stays fresh.

    Fresh matrices and ranks add nothing yet, because their outer half is zero. BackendError when the base is
    not the one the adapter was made for.
    """
    import torch
    from safetensors.torch import load_file

    saved = load_file(path)
    places = {name.replace(".default.weight", ".weight"): value for name, value in parameters.items()}
    for name, value in saved.items():
        if name not in places or not _fits(value, places[name], name):
            raise BackendError(f"The preset's starting adapter was made for another base ({name}). {_REMEDY}")
    with torch.no_grad():
        for name, value in saved.items():
            places[name][: value.shape[0], : value.shape[1]].copy_(value)


def _fits(saved: torch.Tensor, place: torch.Tensor, name: str) -> bool:
    """Whether two matrices differ in their rank at most: an inner one's rows, an outer one's columns."""
    ranks = 0 if "lora_A" in name else 1
    return saved.shape[1 - ranks] == place.shape[1 - ranks] and saved.shape[ranks] <= place.shape[ranks]
