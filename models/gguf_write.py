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
from models.gguf_plan import Plan, Rule
from models.weights import Array, gguf_array, open_gguf

_DROPPED = ("GGUF.", "split.", "quantize.imatrix", "nocturne.")
_REPLACED = ("general.architecture", "general.file_type", "general.quantization_version")


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

    `weight` returns the Hugging Face layout in float32; the rule's transform is applied by the caller's
    plan. `facts` become metadata keys. One-dimensional tensors and those the template keeps in float32
    stay float32; a value that overflows float16 is refused.
    """
    import gguf

    reader = open_gguf(template)
    writer = gguf.GGUFWriter(str(out), plan.architecture)
    for key, field in reader.fields.items():
        if key.startswith(_DROPPED) or key in _REPLACED:
            continue
        value = chat_template if key == "tokenizer.chat_template" and chat_template else field.contents()
        sub_type = field.types[-1] if len(field.types) > 1 else None
        writer.add_key_value(key, value, field.types[0], sub_type=sub_type)
    if chat_template and "tokenizer.chat_template" not in reader.fields:
        writer.add_string("tokenizer.chat_template", chat_template)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    for key, text in facts.items():
        writer.add_string(key, text)
    rules = {rule.target: rule for rule in plan.rules}
    types = {tensor.name: _kept_type(tensor) for tensor in reader.tensors}
    for tensor in reader.tensors:
        shape = [int(size) for size in reversed(tensor.shape)]
        dtype = np.dtype(types[tensor.name])
        writer.add_tensor_info(tensor.name, shape, dtype, int(np.prod(shape)) * dtype.itemsize)
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for number, tensor in enumerate(reader.tensors):
            rule = rules.get(tensor.name)
            values = gguf_array(tensor) if rule is None else weight(rule)
            writer.write_tensor_data(_stored(tensor.name, values, types[tensor.name]))
            if progress is not None and number % 20 == 0:
                progress(number / len(reader.tensors), "writing the 16-bit file")
    except OSError as error:
        raise BackendError(f"Cannot write {out}: {error.strerror}. Free space and try again.") from error
    finally:
        writer.close()
    fsync(out)


def _kept_type(tensor: Any) -> type[np.float16] | type[np.float32]:
    return np.float32 if len(tensor.shape) == 1 or tensor.tensor_type.name == "F32" else np.float16


def _stored(name: str, values: Array, dtype: type[np.float16] | type[np.float32]) -> NDArray[Any]:
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
