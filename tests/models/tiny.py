"""A tiny random llama with a tokenizer and chat template, built in a second, for tests of training."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@dataclass(frozen=True)
class TinyBase:
    """The part of a prepared base that training uses."""

    name: str
    digest: str
    hf: Path
    template_arguments: Mapping[str, Any] | None = None


def make_tiny_base(folder: Path, layers: int = 3, hidden: int = 64, silent: int = 0) -> TinyBase:
    """A llama of `layers` layers with random weights and a byte-level tokenizer, saved under `folder`.

    The last `silent` neurons of each layer say nothing.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: index for index, token in enumerate(special + alphabet)}
    core = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens(special)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, bos_token="<|im_start|>", eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = TEMPLATE
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary), hidden_size=hidden, intermediate_size=2 * hidden,
        num_hidden_layers=layers, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=512, tie_word_embeddings=True,
        bos_token_id=1, eos_token_id=2, pad_token_id=0, initializer_range=0.3,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for layer in model.model.layers if silent else ():
            layer.mlp.gate_proj.weight[-silent:] = 0
            layer.mlp.up_proj.weight[-silent:] = 0
            layer.mlp.down_proj.weight[:, -silent:] = 0
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    return TinyBase(name="tiny", digest=digest, hf=folder)
