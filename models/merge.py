"""A LoRA adapter as weight differences: what may be merged, and the merge of one tensor at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import BackendError, ModelFileError
from models.files import sha256_file
from models.gguf_plan import Plan, canonical
from models.weights import Array

WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
_PREFIX = "base_model.model."
_UNSUPPORTED = {
    "use_dora": "DoRA",
    "modules_to_save": "modules trained in full (modules_to_save)",
    "fan_in_fan_out": "transposed weights (fan_in_fan_out)",
    "lora_bias": "LoRA biases",
    "rank_pattern": "ranks that differ by module (rank_pattern)",
    "alpha_pattern": "alphas that differ by module (alpha_pattern)",
    "trainable_token_indices": "trained tokens",
    "layer_replication": "replicated layers",
    "target_parameters": "targets that are no linear layers (target_parameters)",
}


@dataclass(frozen=True, slots=True)
class Adapter:
    """A PEFT LoRA in memory: `factors` maps a weight's canonical name to A (r, in) and B (out, r)."""

    digest: str
    scaling: float
    alpha: float
    rank: int
    rslora: bool
    factors: Mapping[str, tuple[Array, Array]]

    def merged(self, name: str, weight: Array, scale: float) -> Array:
        """W + scale * scaling * B A for the weight called `name`; the weight itself if it is no target."""
        pair = self.factors.get(canonical(name))
        if pair is None or scale == 0:
            return weight
        a, b = pair
        if (b.shape[0], a.shape[1]) != weight.shape:
            raise BackendError(
                f"The adapter's {name} is {(b.shape[0], a.shape[1])} and the base's {weight.shape}: "
                "it was trained on another base. Train it again on this one."
            )
        change: Array = np.float32(scale * self.scaling) * b
        return weight + change @ a


def load_adapter(folder: Path) -> Adapter:
    """Read a PEFT adapter; BackendError names what cannot be merged, ModelFileError what is damaged."""
    config = _config(folder)
    rank, rslora = int(config["r"]), bool(config.get("use_rslora"))
    alpha = float(config["lora_alpha"])
    factors: dict[str, dict[str, Array]] = {}
    for key, values in _tensors(folder / WEIGHTS).items():
        module, part, rest = key.removeprefix(_PREFIX).partition(".lora_")
        if not part or rest not in ("A.weight", "B.weight"):
            raise BackendError(f"The adapter trains {key}, which cannot be merged. Train linear layers only.")
        if module.split(".")[-1] in ("lm_head", "embed_tokens"):
            raise BackendError(f"The adapter trains {module}: embeddings and output layer cannot be merged.")
        factors.setdefault(canonical(module) + ".weight", {})[rest[0]] = values
    for name, pair in factors.items():
        if set(pair) != {"A", "B"} or pair["A"].shape[0] != rank or pair["B"].shape[1] != rank:
            raise ModelFileError(f"The adapter in {folder} is damaged at {name}. Train it again.")
    return Adapter(
        digest=sha256_file(folder / WEIGHTS),
        scaling=alpha / (rank**0.5 if rslora else rank),
        alpha=alpha,
        rank=rank,
        rslora=rslora,
        factors={name: (pair["A"], pair["B"]) for name, pair in factors.items()},
    )


def unproven(adapter: Adapter, plan: Plan) -> list[str]:
    """Weights the adapter changes that have no one proven way into the GGUF."""
    proven = {canonical(rule.source) for rule in plan.rules if not rule.ambiguous}
    return sorted(name for name in adapter.factors if name not in proven)


def check_targets(adapter: Adapter, plan: Plan) -> None:
    """BackendError unless every weight the adapter changes has one proven way into the GGUF."""
    names = unproven(adapter, plan)
    if names:
        raise BackendError(
            "The adapter changes weights that cannot be carried into a GGUF with certainty: "
            f"{', '.join(names[:5])}. Train other target modules, or name llama.cpp's "
            "convert_hf_to_gguf.py as source.converter in a copy of the preset."
        )


def refuse_foreign(adapter: Adapter, known: Collection[str]) -> None:
    """BackendError when the adapter changes weights that are not among the base's `known` ones."""
    names = sorted(name for name in adapter.factors if name not in known)
    if names:
        raise BackendError(
            f"The adapter changes {', '.join(names[:5])}, which this base does not have: it was trained on "
            "another base. Train it again on this one."
        )


def _config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        kind, _, _ = config["peft_type"], config["r"], config["lora_alpha"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFileError(f"{path} is no readable LoRA configuration ({error}). Train again.") from error
    if kind != "LORA":
        raise BackendError(f"{path} describes a {kind} adapter; only LORA can be merged.")
    found = [words for key, words in _UNSUPPORTED.items() if config.get(key)]
    if config.get("bias", "none") != "none":
        found.append("trained biases")
    if found:
        raise BackendError(f"The adapter in {folder} uses {', '.join(found)}; only plain LoRA can be merged.")
    return dict(config)


def _tensors(path: Path) -> dict[str, Array]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return {name: values.float().numpy() for name, values in load_file(str(path)).items()}
    except (OSError, SafetensorError) as error:
        raise ModelFileError(f"{path} is missing or damaged ({error}). Train again.") from error
