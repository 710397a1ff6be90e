"""Which GGUF tensor each Hugging Face tensor becomes, and how its rows are rearranged on the way.

No transform is written down per architecture: four candidates are tried on the base weights, whose
GGUF is known, and the one that reproduces it is kept. What cannot be proved is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import BackendError
from models.gguf_file import GgufFile, read_gguf
from models.weights import Array, gguf_array, read_weight, weight_index

ALLOWED_ERROR = {"F32": 1e-3, "F16": 1e-3, "BF16": 8e-3}
QUANTIZED_ERROR = 0.15
CLEAR_MARGIN = 5.0
TEMPLATE_ONLY = ("rope_freqs.weight", "rope_factors_long.weight", "rope_factors_short.weight")


@dataclass(frozen=True, slots=True)
class Rule:
    """How one Hugging Face tensor becomes a GGUF tensor; `error` is relative RMS on the base.

    `ambiguous` means another transform fits as well (a constant tensor): harmless until it is trained.
    """

    source: str
    target: str
    transform: str
    heads: int
    error: float
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All rules of one base, and why it must not be used, if it must not."""

    architecture: str
    rules: tuple[Rule, ...]
    refusals: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """A JSON form that `plan_from_dict` reads."""
        return asdict(self)


def plan_from_dict(value: Mapping[str, Any]) -> Plan:
    """The plan written by `Plan.as_dict`."""
    rules = tuple(Rule(**rule) for rule in value["rules"])
    return Plan(value["architecture"], rules, tuple(value["refusals"]))


def permute(values: Array, heads: int) -> Array:
    """Interleave the two halves of every head's rows, as llama.cpp's rotary embedding expects them.

    (heads * 2 * n, ...) keeps its shape; the inverse is `unpermute`.
    """
    half = values.shape[0] // heads // 2
    return values.reshape(heads, 2, half, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def unpermute(values: Array, heads: int) -> Array:
    """Undo `permute`."""
    half = values.shape[0] // heads // 2
    return values.reshape(heads, half, 2, *values.shape[1:]).swapaxes(1, 2).reshape(values.shape)


def transformed(values: Array, transform: str, heads: int = 0) -> Array:
    """Apply a rule's transform to a weight."""
    if transform == "identity":
        return values
    if transform == "permute":
        return permute(values, heads)
    if transform == "plus_one":
        return values + np.float32(1)
    raise BackendError(f"Unknown transform {transform!r} in a plan. Prepare the base again.")


def canonical(name: str) -> str:
    """A tensor's name without the wrapper that multimodal checkpoints put around the text model."""
    return name.replace("language_model.", "")


def make_plan(
    hf: Path, template: Path, skip: Sequence[str] = (), progress: Callable[[float, str], None] | None = None
) -> Plan:
    """Prove on the base weights how the safetensors in `hf` map to the GGUF `template` of the same base.

    Does not raise for a model it cannot map: the names are in `Plan.refusals`.
    """
    import gguf

    file = read_gguf(template)
    architecture = str(file.value("general.architecture"))
    known = {name: number for number, name in gguf.MODEL_ARCH_NAMES.items()}
    if architecture not in known:
        return Plan(architecture, (), (f"unknown architecture {architecture}",))
    blocks = min(_count(file, f"{architecture}.block_count"), len(file.tensors))
    names = gguf.get_tensor_name_map(known[architecture], blocks)
    tensors, heads = file.tensors, head_counts(file, architecture)
    index, rules, refusals = weight_index(hf), [], []
    used = [name for name in index if not name.startswith(tuple(skip))] if skip else list(index)
    for number, name in enumerate(used):
        target = names.get_name(canonical(name), try_suffixes=(".weight", ".bias"))
        if target == "output.weight" and target not in tensors:
            continue
        if target is None or target not in tensors:
            refusals.append(f"{name}: the template has no tensor for it")
            continue
        found = calibrate(name, read_weight(index, name), target, file, heads)
        if isinstance(found, Rule):
            rules.append(found)
        else:
            refusals.append(found)
        if progress is not None and number % 20 == 0:
            progress(number / len(used), "proving how tensors map to GGUF")
    covered = {rule.target for rule in rules} | set(TEMPLATE_ONLY)
    refusals += [f"{name}: only the template has it" for name in sorted(tensors.keys() - covered)]
    return Plan(architecture, tuple(rules), tuple(refusals))


def head_counts(file: GgufFile, architecture: str) -> dict[int, int]:
    """Heads to try by the number of rows they span: query heads and key-value heads of one size."""
    query = _count(file, f"{architecture}.attention.head_count")
    if query < 1:
        return {}
    keys = _count(file, f"{architecture}.attention.head_count_kv") or query
    width = _count(file, f"{architecture}.attention.key_length")
    size = width or _count(file, f"{architecture}.embedding_length") // query
    return {count * size: count for count in (query, keys)}


def _count(file: GgufFile, key: str) -> int:
    """A whole number of the header; 0 where there is none, or something else in its place."""
    value = file.value(key)
    return value if isinstance(value, int) else 0


def calibrate(name: str, weight: Array, target: str, file: GgufFile, heads: Mapping[int, int]) -> Rule | str:
    """The rule that turns `weight` into the template's `target`, or the reason why none does."""
    from gguf import GGMLQuantizationType

    wanted, kind = gguf_array(file, target), GGMLQuantizationType(file.tensors[target].kind).name
    if weight.shape != wanted.shape:
        return f"{name}: shape {weight.shape} instead of {wanted.shape} (was the vocabulary changed?)"
    candidates = [("identity", 0)]
    if (count := heads.get(weight.shape[0])) and weight.shape[0] % (2 * count) == 0:
        candidates.append(("permute", count))
    if weight.ndim == 1:
        candidates.append(("plus_one", 0))
    errors = sorted(
        (relative_error(transformed(weight, transform, count), wanted), transform, count)
        for transform, count in candidates
    )
    error, transform, count = errors[0]
    allowed = ALLOWED_ERROR.get(kind, QUANTIZED_ERROR)
    if not error <= allowed:
        return f"{name}: no rearrangement gives the template's {target} (error {error:.3g})"
    ambiguous = len(errors) > 1 and errors[1][0] < CLEAR_MARGIN * max(error, 1e-9)
    return Rule(name, target, transform, count, error, ambiguous)


def relative_error(values: Array, wanted: Array) -> float:
    """RMS of the difference over RMS of what is wanted; 0 for two zero tensors."""
    scale = float(np.sqrt(np.mean(np.square(wanted, dtype=np.float64))))
    difference = float(np.sqrt(np.mean(np.square(values - wanted, dtype=np.float64))))
    if scale == 0:
        return 0.0 if difference == 0 else float("inf")
    return difference / scale
