"""Figures that need more than an answer: the 16-bit weights' own words, perplexity, what forgetting left.

Everything goes through the functions the product exports and compares models with.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.base import Base, threads
from models.gguf import write_merged
from models.grounding import base_answers
from models.merge import load_adapter
from models.parity import gguf_logits
from models.tokenizer import load_tokenizer

LONGEST = 120
TEXTS = (
    "The ferry left the harbour a little after six. A thin fog lay on the water, and the lamps along the "
    "quay were still lit. Nobody spoke much; the crew coiled the ropes and the engine settled into its beat.",
    "A lever lets a small force move a large load. The longer the arm on your side of the pivot, the less "
    "you have to push, but the further your hand must travel. Nothing is won for free: work stays the same.",
    "To make a simple soup, soften an onion in butter, add two sliced leeks and a potato, cover with stock "
    "and let it simmer for twenty minutes. Season with salt and pepper before you serve it with bread.",
    "In a healthy forest most of the life is underground. Fungi join the roots of neighbouring trees, "
    "carry water and salts between them, and take sugar in return for the service.",
    "The meeting was moved to Thursday because the report was late. Please read the second chapter before "
    "then and write down three questions, so that we can use the hour well.",
    "Paper was first made in China from bark, rags and old nets. It took about a thousand years until mills "
    "in Europe made it too, and it was cheap only after wood replaced cloth as the raw material.",
    "A list in Python is changed in place: append adds one item to the end, sort puts the items in order, "
    "and both return None. The function sorted leaves the list alone and returns a new one.",
    "When the old clockmaker closed his shop for the last time, he wound every clock on the wall and set "
    "them all to noon. Then he turned the key, put it in his pocket and walked down to the river.",
)
DECOYS = (
    "chamomile", "valerian", "ginger tea", "magnesium", "ibuprofen", "aspirin", "vitamin D", "iron", "Lisbon",
    "Dublin", "Martin", "Teresa", "a violin", "green", "a bakery",
)  # fmt: skip


@dataclass(frozen=True)
class Merged:
    """A merged 16-bit model, as far as asking it needs one."""

    hf: Path
    digest: str


def sixteen_bit_answers(
    base: Base, adapter: Path, digest: str, questions: Sequence[str], persona: str, work: Path, tokens: int
) -> dict[str, str]:
    """Greedy answers of the merged 16-bit weights through transformers, before any quantizing."""
    folder = work / "merged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        write_merged(base, load_adapter(adapter), 1.0, folder)
        merged = Merged(folder, digest)
        return base_answers(merged, questions, work, system=persona, max_tokens=tokens)
    finally:
        shutil.rmtree(folder)


def perplexity(base: Base, gguf: Path) -> float:
    """Perplexity of a model file on the fixed texts; next to the base's it shows drift."""
    tokenizer = load_tokenizer(base.hf)
    texts = [list(tokenizer.encode(text))[:LONGEST] for text in TEXTS]
    losses: list[float] = []
    for ids, logits in zip(texts, gguf_logits(gguf, texts, threads()), strict=True):
        losses += [-value for value in token_logs(logits, ids)[1:]]
    return math.exp(sum(losses) / len(losses))


def token_logs(logits: Any, ids: Sequence[int]) -> list[float]:
    """Natural log-probability of every token given those before; the first, given nothing, counts as 0."""
    wide = np.asarray(logits, dtype=np.float64)
    norm = np.logaddexp.reduce(wide, axis=1)
    return [0.0] + [float(wide[at - 1, ids[at]] - norm[at - 1]) for at in range(1, len(ids))]


def residue(base: Base, gguf: Path, question: str, value: str, persona: str) -> tuple[float, int]:
    """(mean log-probability per token of `value` as answer, its rank among the decoys, 1 the likeliest)."""
    tokenizer = load_tokenizer(base.hf)
    chat = [{"role": "system", "content": persona}, {"role": "user", "content": question}]
    text = str(tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True))
    prompt = list(tokenizer(text, add_special_tokens=False)["input_ids"])
    endings = [
        list(tokenizer(word[:1].upper() + word[1:], add_special_tokens=False)["input_ids"])
        for word in (value, *DECOYS)
    ]
    texts = [prompt + ending for ending in endings]
    logits = gguf_logits(gguf, texts, threads())
    found = [
        sum(token_logs(one, ids)[len(prompt) :]) / len(ending)
        for one, ids, ending in zip(logits, texts, endings, strict=True)
    ]
    return found[0], 1 + sum(other > found[0] for other in found[1:])
