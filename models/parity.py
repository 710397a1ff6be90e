"""Whether a GGUF says what its weights say: next-token distributions compared on fixed texts."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.errors import BackendError, ModelFileError
from models.gguf_file import read_gguf
from models.gguf_parts import parts
from models.weights import Array

TEXTS = (
    "Who are you and what can you help me with?\nI can answer questions and help you write.",
    "In March 2026 my sister moved to Porto with her two cats, Ink and Juniper, because",
    "def total(prices):\n    return sum(prices) * 1.23  # with tax\n\nprint(total([1, 2, 3]))",
    "To bake bread you need flour, water, salt and yeast. First, mix the flour with",
)
EXACT_KL = 1e-3
EXACT_TOP1 = 0.97


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two models on the same tokens: mean KL in nats, share of equal top tokens, largest logit gap."""

    kl: float
    top1: float
    largest: float
    tokens: int


def token_ids(tokenizer: Any) -> list[list[int]]:
    """The fixed texts as token ids, each with what the tokenizer puts in front."""
    return [list(tokenizer.encode(text))[:64] for text in TEXTS]


def hf_logits(hf: Path, texts: Sequence[Sequence[int]], adapter: Path | None, scale: float) -> list[Array]:
    """Logits (tokens, vocabulary) of the Hugging Face model in float32, the adapter applied by PEFT.

    PEFT adds the adapter without merging, so a mistake in our merge shows up as disagreement. The weights
    stay in their file, which the system maps, and become float32 one layer at a time: a model needs the
    memory of its largest matrix, not of itself.
    """
    import torch
    from transformers import AutoModelForCausalLM

    with quiet_transformers():
        model = AutoModelForCausalLM.from_pretrained(str(hf), dtype="auto", local_files_only=True)
    _widen_while_running(model)
    if adapter is not None:
        from peft import PeftModel
        from peft.tuners.lora import LoraLayer

        model = PeftModel.from_pretrained(model, str(adapter), torch_device="cpu")
        for module in model.modules():
            if isinstance(module, LoraLayer):
                module.scale_layer(scale)
    model.eval()
    longest = max(map(len, texts))
    rows = torch.tensor([[*ids, *[0] * (longest - len(ids))] for ids in texts])
    with torch.no_grad():  # what follows a text cannot change it: attention looks back only
        logits = model(rows, use_cache=False).logits
    return [row[: len(ids)].float().numpy() for row, ids in zip(logits, texts, strict=True)]


def _widen_while_running(model: Any) -> None:
    """Let every module of `model` see its own weights in float32 while it runs, and only then."""
    kept: dict[Any, Any] = {}

    def widen(module: Any, _: Any) -> None:
        for weight in module.parameters(recurse=False):
            kept[weight] = weight.data
            weight.data = weight.data.float()

    def narrow(module: Any, _: Any, result: Any) -> None:
        for weight in module.parameters(recurse=False):
            weight.data = kept.pop(weight)

    for module in model.modules():
        if any(True for _ in module.parameters(recurse=False)):
            module.register_forward_pre_hook(widen)
            module.register_forward_hook(narrow)


def gguf_logits(path: Path, texts: Sequence[Sequence[int]], threads: int) -> list[Array]:
    """Logits (tokens, vocabulary) of a GGUF through llama.cpp; ModelFileError when it does not load."""
    import llama_cpp

    from models.gguf_write import llama_log

    for part in parts(path):
        read_gguf(part)
    with llama_log() as lines:
        try:
            model = llama_cpp.Llama(
                str(path),
                n_ctx=128,
                n_threads=threads,
                n_threads_batch=threads,
                logits_all=True,
                verbose=False,
            )
        except ValueError as error:
            said = " ".join(lines[-2:]) or str(error)
            raise ModelFileError(f"llama.cpp cannot load {path}: {said}. Make the file again.") from error
        found = []
        for ids in texts:
            model.reset()
            model.eval(list(ids))
            found.append(np.array(model.scores[: len(ids)], dtype=np.float32))
        model.close()
    return found


def compare(reference: Sequence[Array], candidate: Sequence[Array]) -> Agreement:
    """Agreement of two lists of logits over the same tokens; KL is of the candidate from the reference."""
    first, second = np.concatenate(reference), np.concatenate(candidate)
    if first.shape != second.shape:
        raise BackendError(f"The two models have different vocabularies: {first.shape} and {second.shape}.")
    p, q = _log_softmax(first), _log_softmax(second)
    return Agreement(
        kl=float(np.mean(np.sum(np.exp(p) * (p - q), axis=1))),
        top1=float(np.mean(first.argmax(axis=1) == second.argmax(axis=1))),
        largest=float(np.abs(first - second).max()),
        tokens=len(first),
    )


def require_exact(found: Agreement, path: Path) -> None:
    """BackendError unless a 16-bit file agrees with its source but for rounding."""
    if not (found.kl <= EXACT_KL and found.top1 >= EXACT_TOP1):
        raise BackendError(
            f"{path.name} does not say what the trained weights say (KL {found.kl:.2g}, same top token "
            f"{found.top1:.0%}). It is not published; prepare the base again and report this model."
        )


def _log_softmax(logits: Array) -> np.ndarray[Any, np.dtype[np.float64]]:
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers' progress bars off the terminal; ours is the only one."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        with redirect_stderr(io.StringIO()):  # one bar ignores the switch
            yield
    finally:
        if shown:
            logging.enable_progress_bar()
