"""A base with silent neurons in every layer, which say nothing until a night gives them its questions.

A model as small as the embedded one has no neuron to spare: taking the 64 of a layer that general text uses
least cost it 7 % of perplexity (docs/experiments.md, "Neurons for what was asked"). Neurons of nothing but
zeros cost none, and what has them is a plain model with a wider MLP, for every tool that reads one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import BackendError
from models.gguf_file import Tensor, packed_number, read_gguf, write_container
from models.gguf_write import F16
from models.weights import gguf_array

_ROWS, _COLUMNS = ("ffn_gate.weight", "ffn_up.weight"), ("ffn_down.weight",)


def widened(digest: str, count: int) -> str:
    """The digest of a base of that digest with `count` more neurons a layer."""
    return hashlib.sha256(f"{digest}+{count}".encode()).hexdigest() if count else digest


def widen(source: Path, out: Path, count: int) -> None:
    """Write the GGUF `source` with `count` silent neurons more in each layer's MLP, those matrices in 16 bit.

    BackendError when the model's MLP is not one of gate, up and down matrices of one width.
    """
    file = read_gguf(source)
    key = f"{file.value('general.architecture')}.feed_forward_length"
    width = file.value(key)
    grown = {name: shape for name, tensor in file.tensors.items() if (shape := _grown(tensor, count))}
    if not isinstance(width, int) or len(grown) % 3 or not grown:
        raise BackendError(f"{source} has no plain MLP that could get more neurons. Set neurons = 0.")

    def content(name: str) -> NDArray[Any]:
        if name not in grown:
            return file.raw(file.tensors[name])
        values = gguf_array(file, name).astype(np.float16)
        more = [(0, new - old) for new, old in zip(grown[name], values.shape, strict=True)]
        return np.pad(values, more)

    tensors = [
        (name, grown.get(name, tensor.shape), F16 if name in grown else tensor.kind)
        for name, tensor in file.tensors.items()
    ]
    write_container(out, {**file.metadata, key: packed_number(width + count)}, tensors, content)


def _grown(tensor: Tensor, count: int) -> tuple[int, ...]:
    rows, *columns = tensor.shape
    if tensor.name.endswith(_ROWS):
        return (rows + count, *columns)
    if tensor.name.endswith(_COLUMNS):
        return (rows, *(size + count for size in columns))
    return ()
