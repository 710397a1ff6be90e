"""The base's own greedy answers to general prompts and its own texts, written once per base and kept.

Grounding rows hold the student to what the base would say, so their answers must be the base's. The
cache is one JSON file per base digest and system prompt; a prompt that is new is added to it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from data.records import Chat, ChatRequest, Message

BATCH = 64
MAX_TOKENS = 48


class AnsweringBase(Protocol):
    """What is needed of a prepared base."""

    @property
    def hf(self) -> Path:
        """Folder with weights and tokenizer."""

    @property
    def digest(self) -> str:
        """Digest of those weights."""


def base_answers(
    base: AnsweringBase,
    prompts: Sequence[str],
    cache_dir: Path,
    chat: Chat | None = None,
    *,
    system: str = "",
    max_tokens: int = MAX_TOKENS,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, str]:
    """The base's greedy answer to each prompt, from the cache, else from `chat`, else from its weights.

    `chat` must serve the untuned base. Answers are cut at `max_tokens` tokens; empty ones are left out.
    """
    path = cache_dir / f"answers-{_key(base.digest, system, max_tokens)}.json"
    return _kept(path, prompts, lambda: _asker(base, chat, system, max_tokens), progress, "grounding prompts")


def base_texts(
    base: AnsweringBase,
    beginnings: Sequence[str],
    cache_dir: Path,
    chat: Chat,
    *,
    max_tokens: int = MAX_TOKENS,
    progress: Callable[[float, str], None] | None = None,
) -> dict[str, str]:
    """How the base goes on with each of `beginnings`, drawn from all it thinks likely; without empty ones.

    Text without a chat, where the base is unsure of most words. `chat` must serve the untuned base.
    """
    path = cache_dir / f"texts-{_key(base.digest, '', max_tokens)}.json"

    def go_on(part: Sequence[str]) -> list[str]:
        return chat.complete(
            [ChatRequest((), max_tokens, 1.0, seed=_number(text), beginning=text) for text in part]
        )

    return _kept(path, beginnings, lambda: go_on, progress, "beginnings")


def _kept(
    path: Path,
    prompts: Sequence[str],
    asker: Callable[[], Callable[[Sequence[str]], list[str]]],
    progress: Callable[[float, str], None] | None,
    what: str,
) -> dict[str, str]:
    """The answers that are not empty, from the file at `path`, which is given those that are missing."""
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    missing = [prompt for prompt in dict.fromkeys(prompts) if prompt not in known]
    tell = progress or (lambda share, line: None)
    ask = asker() if missing else None
    for low in range(0, len(missing), BATCH):
        part = missing[low : low + BATCH]
        assert ask is not None
        known.update(zip(part, ask(part), strict=True))
        _write(path, known)
        done = min(low + BATCH, len(missing))
        tell(done / len(missing), f"the base answers {what} {done}/{len(missing)}")
    return {prompt: known[prompt] for prompt in prompts if known[prompt].strip()}


def greedy(model: Any, tokenizer: Any, prompts: Sequence[str], system: str, max_tokens: int) -> list[str]:
    """Greedy answers of a transformers model to one batch of prompts."""
    import torch

    texts = [
        tokenizer.apply_chat_template(_messages(system, prompt), tokenize=False, add_generation_prompt=True)
        for prompt in prompts
    ]
    tokenizer.padding_side = "left"
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    batch = tokenizer(texts, add_special_tokens=False, padding=True, return_tensors="pt").to(model.device)
    from models.packing import end_of_turn

    end = tokenizer.convert_tokens_to_ids(end_of_turn(tokenizer))
    with torch.no_grad():
        output = model.generate(
            **batch,
            max_new_tokens=max_tokens,
            do_sample=False,
            eos_token_id=end,
            pad_token_id=tokenizer.pad_token_id,
        )
    fresh = output[:, batch["input_ids"].shape[1] :]
    decoded = tokenizer.batch_decode(fresh, skip_special_tokens=True, clean_up_tokenization_spaces=False)
    return [str(text).strip() for text in decoded]


def _asker(
    base: AnsweringBase, chat: Chat | None, system: str, max_tokens: int
) -> Callable[[Sequence[str]], list[str]]:
    if chat is not None:
        return lambda prompts: chat.complete(
            [
                ChatRequest(tuple(Message(**message) for message in _messages(system, prompt)), max_tokens)
                for prompt in prompts
            ]
        )
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from models.precision import bf16_is_faster

    dtype = torch.bfloat16 if bf16_is_faster() else torch.float32
    model = AutoModelForCausalLM.from_pretrained(base.hf, local_files_only=True, dtype=dtype)
    tokenizer = AutoTokenizer.from_pretrained(base.hf, local_files_only=True)
    model.eval()
    return lambda prompts: greedy(model, tokenizer, prompts, system, max_tokens)


def _messages(system: str, prompt: str) -> list[dict[str, Any]]:
    start: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
    return [*start, {"role": "user", "content": prompt}]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _key(digest: str, system: str, max_tokens: int) -> str:
    return hashlib.sha256(json.dumps([digest, system, max_tokens]).encode()).hexdigest()[:16]


def _write(path: Path, known: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(known, file, ensure_ascii=False, sort_keys=True, indent=0)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
