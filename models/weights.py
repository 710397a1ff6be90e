"""Reading weights from GGUF files and Hugging Face safetensors directories, one tensor at a time.

A damaged file becomes a ModelFileError that names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import ModelFileError
from models.gguf_file import GgufFile

Array = NDArray[np.float32]


def gguf_array(file: GgufFile, name: str) -> Array:
    """A GGUF tensor as float32 in the shape PyTorch would give it."""
    from gguf import GGMLQuantizationType
    from gguf.quants import dequantize

    tensor = file.tensors[name]
    kind = GGMLQuantizationType(tensor.kind)
    try:
        data = file.raw(tensor)
        if kind.name in ("F32", "F16"):
            stored = data.view(np.float32 if kind.name == "F32" else np.float16)
            return stored.reshape(tensor.shape).astype(np.float32)
        rows = data.reshape(*tensor.shape[:-1], -1)
        return np.asarray(dequantize(rows, kind), dtype=np.float32).reshape(tensor.shape)
    except NotImplementedError as error:
        raise ModelFileError(f"{file.path} holds {kind.name}, which cannot be read. Use Q8_0.") from error
    except ValueError as error:
        raise ModelFileError(
            f"{file.path} is damaged ({name} cannot have the shape {tensor.shape}). Fetch or make it again."
        ) from error


def weight_index(folder: Path) -> dict[str, Path]:
    """Which safetensors file of a Hugging Face directory holds which tensor."""
    from safetensors import SafetensorError, safe_open

    single, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    try:
        if index.is_file():
            names = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
            return {name: folder / file for name, file in names.items()}
        with safe_open(single, framework="pt") as file:
            return dict.fromkeys(file.keys(), single)
    except FileNotFoundError as error:
        raise ModelFileError(
            f"{folder} holds no model.safetensors. Give a complete model directory."
        ) from error
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"The weights in {folder} are damaged ({error}). Fetch them again.") from error


def read_weight(index: Mapping[str, Path], name: str) -> Array:
    """One tensor as float32, whatever 16 or 32-bit type it is stored in."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(index[name], framework="pt") as file:
            values: Array = file.get_tensor(name).float().numpy()
            return values
    except (SafetensorError, OSError) as error:
        raise ModelFileError(f"{index[name]} is damaged ({error}). Fetch or prepare it again.") from error
