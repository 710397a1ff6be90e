"""Writing GGUF: metadata from a template, tensors streamed one at a time, then quantized by llama.cpp."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import BackendError, BadInput
from models.files import fsync
from models.gguf_file import GgufFile, packed_number, packed_text, read_gguf, write_container
from models.gguf_plan import Plan, Rule
from models.weights import Array, gguf_array

F32, F16 = 0, 1  # GGML's numbers for the two types
_DROPPED = ("split.", "quantize.imatrix", "nocturne.")


def write_gguf(
    out: Path,
    template: Path,
    plan: Plan,
    weight: Callable[[Rule], Array],
    facts: Mapping[str, str],
    chat_template: str | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> None:
    """Write a 16-bit GGUF with the template's metadata and order, and `weight(rule)` for each tensor.

    `weight` returns the finished tensor in float32; what no rule covers is copied from the template.
    `facts` become metadata keys. One-dimensional tensors and those the template keeps in float32 stay
    float32. BackendError for a value that float16 cannot hold.
    """
    file = read_gguf(template)
    rules = {rule.target: rule for rule in plan.rules}
    kinds = {name: F32 if len(t.shape) == 1 or t.kind == F32 else F16 for name, t in file.tensors.items()}
    done = 0

    def content(name: str) -> NDArray[Any]:
        nonlocal done
        done += 1
        if progress is not None and done % 20 == 0:
            progress(done / len(kinds), "writing the 16-bit file")
        rule = rules.get(name)
        return _stored(name, gguf_array(file, name) if rule is None else weight(rule), kinds[name])

    metadata = _metadata(file, facts, chat_template)
    tensors = [(name, tensor.shape, kinds[name]) for name, tensor in file.tensors.items()]
    try:
        write_container(out, metadata, tensors, content)
        fsync(out)
    except OSError as error:
        raise BackendError(f"Cannot write {out}: {error.strerror}. Free space and try again.") from error


def _metadata(file: GgufFile, facts: Mapping[str, str], chat_template: str | None) -> dict[str, bytes]:
    import gguf

    metadata = {key: raw for key, raw in file.metadata.items() if not key.startswith(_DROPPED)}
    metadata["general.file_type"] = packed_number(int(gguf.LlamaFileType.MOSTLY_F16))
    metadata["general.quantization_version"] = packed_number(gguf.GGML_QUANT_VERSION)
    texts = dict(facts) | ({"tokenizer.chat_template": chat_template} if chat_template else {})
    return metadata | {key: packed_text(text) for key, text in texts.items()}


def _stored(name: str, values: Array, kind: int) -> NDArray[Any]:
    dtype = np.float32 if kind == F32 else np.float16
    with np.errstate(over="ignore"):
        stored = np.ascontiguousarray(values, dtype=dtype)
    if not np.isfinite(stored).all():
        raise BackendError(
            f"{name} holds values that are not finite in {np.dtype(dtype)}: the training diverged. "
            "Lower the learning rate and train again."
        )
    return stored


def known_quants() -> list[str]:
    """Names of the formats that `quantize` can write."""
    import llama_cpp

    prefix = "LLAMA_FTYPE_MOSTLY_"
    return ["F16", *(name.removeprefix(prefix) for name in dir(llama_cpp) if name.startswith(prefix + "Q"))]


def check_quant(quant: str) -> None:
    """BadInput unless `quant` is a format llama.cpp can write."""
    if quant not in known_quants():
        raise BadInput(f"Unknown format {quant!r}. Choose one of {', '.join(known_quants())}.")


def quantize(source: Path, out: Path, quant: str, threads: int) -> None:
    """Quantize a 16-bit GGUF once; `out` must be another file. F16 copies it."""
    import llama_cpp

    check_quant(quant)
    if source.resolve() == out.resolve():
        raise BackendError("Quantizing a file onto itself would destroy it.")
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{quant}")
    parameters.nthread = threads
    with llama_log() as lines:
        code = llama_cpp.llama_model_quantize(str(source).encode(), str(out).encode(), parameters)
    if code != 0:
        said = " ".join(lines[-3:]).strip() or f"code {code}"
        raise BackendError(f"llama.cpp could not write {out} as {quant}: {said}")
    fsync(out)


@contextmanager
def llama_log() -> Iterator[list[str]]:
    """Collect what llama.cpp would print on stderr; its warnings and errors are the list's strings."""
    import llama_cpp
    from llama_cpp import _logger

    lines: list[str] = []

    @llama_cpp.llama_log_callback  # type: ignore[untyped-decorator,unused-ignore]  # a ctypes function type
    def collect(level: int, text: bytes, _: Any) -> None:
        if level in (2, 3):
            lines.append(text.decode("utf-8", "replace").strip())

    llama_cpp.llama_log_set(collect, ctypes.c_void_p(0))
    try:
        yield lines
    finally:
        llama_cpp.llama_log_set(_logger.llama_log_callback, ctypes.c_void_p(0))
