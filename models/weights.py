"""Reading weights: GGUF files and Hugging Face safetensors directories, one tensor at a time.

Every damaged file becomes a ModelFileError that names it, before llama.cpp (which may crash) sees it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import ModelFileError

Array = NDArray[np.float32]


def open_gguf(path: Path) -> Any:
    """A `gguf.GGUFReader` on a whole and readable file."""
    import gguf

    if not path.is_file():
        raise ModelFileError(f"{path} is missing. Download it again or choose another preset.")
    try:
        return gguf.GGUFReader(str(path))
    except (
        ValueError,
        IndexError,
        KeyError,
        OSError,
        UnicodeDecodeError,
        OverflowError,
        MemoryError,
    ) as error:
        raise ModelFileError(
            f"{path} is not a whole GGUF file ({error}). Download it again, or prepare or train it anew."
        ) from error


def gguf_value(reader: Any, key: str) -> Any:
    """The value of a metadata key, None when the file does not have it."""
    field = reader.fields.get(key)
    return None if field is None else field.contents()


def gguf_array(tensor: Any) -> Array:
    """A GGUF tensor as float32 in the shape PyTorch would give it."""
    from gguf.quants import dequantize

    values = dequantize(tensor.data, tensor.tensor_type)
    return np.asarray(values, dtype=np.float32).reshape([int(size) for size in reversed(tensor.shape)])


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
