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
from models.preset import Start

if TYPE_CHECKING:
    import torch

_REMEDY = "Take it from the project again, or set NOCTURNE_RECIPE__TRAIN__WARM_START=false."


def checked(start: Start) -> Path:
    """The adapter's file; ModelFileError when it is missing or not the one the preset names."""
    path = Path(start.file)
    if not path.is_file():
        raise ModelFileError(f"The preset's starting adapter {path} is missing. {_REMEDY}")
    if sha256_file(path) != start.sha256:
        raise ModelFileError(f"The preset's starting adapter {path} is not the one it names. {_REMEDY}")
    return path


def begin(parameters: Mapping[str, torch.Tensor], path: Path, s: Train) -> None:
    """Put the saved adapter in the place of the fresh one; layers it does not know stay fresh.

    BackendError when the recipe's adapter has another shape, because half a start is none.
    """
    import torch
    from safetensors import safe_open

    with safe_open(path, "pt") as file:
        made = {key: int(value) for key, value in (file.metadata() or {}).items() if key in ("rank", "alpha")}
        saved = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    places = {name.replace(".default.weight", ".weight"): value for name, value in parameters.items()}
    fits = made == {"rank": s.rank, "alpha": s.alpha} and all(
        name in places and places[name].shape == value.shape for name, value in saved.items()
    )
    if not fits:
        raise BackendError(
            f"The preset's starting adapter (rank {made.get('rank')}, alpha {made.get('alpha')}, "
            f"{len(saved) // 2} matrices) does not fit train.rank, train.alpha, train.targets and "
            "train.first_layer. Use the preset's own values, or start from nothing: "
            "NOCTURNE_RECIPE__TRAIN__WARM_START=false."
        )
    with torch.no_grad():
        for name, value in saved.items():
            places[name].copy_(value)
