"""Random models in the shape of real ones and the rows of a made-up night, so that nothing is downloaded."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.packing import Row

WORDS = 151_936
SHARD_BYTES = 2e9
SHAPES: dict[str, dict[str, Any]] = {
    "small": {
        "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 8, "num_attention_heads": 8,
        "tie_word_embeddings": True, "vocab_size": 8192, "num_key_value_heads": 4,
    },
    "4b": {
        "hidden_size": 2560, "intermediate_size": 9728, "num_hidden_layers": 36, "num_attention_heads": 32,
        "tie_word_embeddings": True,
    },
    "8b": {
        "hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36, "num_attention_heads": 32,
        "tie_word_embeddings": False,
    },
}  # fmt: skip


def build(shape: str, folder: Path, device: str) -> float:
    """A random Qwen3 of that shape in bf16 with a tokenizer, written shard by shard; its billions.

    Values are drawn on `device` one tensor at a time, so a model larger than the card can be made.
    """
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    sizes = {"vocab_size": WORDS, "num_key_value_heads": 8, **SHAPES[shape]}
    config = Qwen3Config(
        **sizes, head_dim=128, max_position_embeddings=4096, dtype="bfloat16", eos_token_id=1, pad_token_id=0
    )
    with torch.device("meta"):
        plan = Qwen3ForCausalLM(config)
    tied = {"lm_head.weight"} if sizes["tie_word_embeddings"] else set()
    wanted = {name: tuple(weight.shape) for name, weight in plan.state_dict().items() if name not in tied}
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    count = _write(folder, wanted, device)
    config.architectures = ["Qwen3ForCausalLM"]
    config.save_pretrained(folder)
    _tokenizer().save_pretrained(folder)
    return count / 1e9


def _write(folder: Path, wanted: dict[str, tuple[int, ...]], device: str) -> int:
    """The tensors as safetensors shards with their index; how many numbers they hold."""
    import torch
    from safetensors.torch import save_file

    where: dict[str, str] = {}
    size = count = 0
    for number, names in enumerate(_shards(wanted)):
        tensors = {}
        for name in names:
            values = torch.ones if len(wanted[name]) == 1 else torch.randn
            tensor = values(wanted[name], dtype=torch.bfloat16, device=device)
            tensors[name] = (tensor if tensor.ndim == 1 else tensor.mul_(0.02)).cpu()
            count += tensor.numel()
            size += 2 * tensor.numel()
            where[name] = f"model-{number:05d}.safetensors"
        save_file(tensors, folder / f"model-{number:05d}.safetensors", metadata={"format": "pt"})
    index = {"metadata": {"total_size": size}, "weight_map": where}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")
    return count


def _shards(wanted: dict[str, tuple[int, ...]]) -> Iterator[list[str]]:
    names: list[str] = []
    size = 0
    for name, shape in wanted.items():
        numbers = 1
        for side in shape:
            numbers *= side
        if names and size + 2 * numbers > SHARD_BYTES:
            yield names
            names, size = [], 0
        names.append(name)
        size += 2 * numbers
    yield names


def _tokenizer() -> Any:
    """A tokenizer that loaders accept; the rows are token ids already."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import PreTrainedTokenizerFast

    special = {"<|endoftext|>": 0, "<|im_end|>": 1, "<|unk|>": 2}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(special, unk_token="<|unk|>")),
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        unk_token="<|unk|>",
    )


def token_rows(count: int, words: int = WORDS, loss: str = "ce") -> list[Row]:
    """Rows of the lengths a night has: 30 shared prompt tokens, 18 own, an answer of 9; random ids."""
    draw = random.Random(1)

    def some(length: int) -> tuple[int, ...]:
        return tuple(draw.randrange(100, words) for _ in range(length))

    prefix = some(30)
    rows = []
    for number in range(count):
        answer = some(9 + draw.randrange(-4, 5))
        prompt = some(18 + draw.randrange(-4, 5))
        weights = (1.0,) * len(answer)
        rows.append(Row(f"r{number}", f"m{number // 16}", "direct", loss, prefix, prompt, answer, weights))
    return rows
