"""Tiny random models of three families, each as a Hugging Face directory and as a GGUF written by hand.

The GGUF is written with the `gguf` package and transforms spelled out per family, so it is independent of
the program's own reader, writer and calibration.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

CORPUS = (
    "The dog is called Bramble. My sister lives in Porto and has two cats, Ink and Juniper.",
    "def total(prices): return sum(prices) * 1.23",
    "2026 2026 2026 1234 1234 1234 1234",
    "In 2026 I paid 1,234.50 for 3 tickets. What is my dog called? I can't remember, you told me.",
)
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
MLP = ("gate_proj", "up_proj", "down_proj")
LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", *MLP)
HIDDEN, INNER, HEADS, KV_HEADS, HEAD, LAYERS = 64, 96, 4, 2, 16, 2


def make_tiny(folder: Path, family: str = "llama", *, digits: bool = True) -> Path:
    """Write HF files and `template.gguf` of a random model (llama, qwen3 or gemma3) into `folder`.

    `digits=False` leaves the digit splitting out of the Hugging Face tokenizer only, as conversions do.
    """
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = train_tokenizer(digits=True)
    torch.manual_seed(1)
    model = _model(family, len(tokenizer))
    for name, values in model.named_parameters():
        if values.ndim == 1:
            torch.nn.init.normal_(values.data, mean=0.0 if family == "gemma3" else 1.0, std=0.2)
        else:
            torch.nn.init.normal_(values.data, std=0.25 if "embed" in name else 0.1)
    model.half().save_pretrained(folder)
    (tokenizer if digits else train_tokenizer(digits=False)).save_pretrained(folder)
    _write_gguf(folder / "template.gguf", family, model, tokenizer)
    return folder


def train_tokenizer(*, digits: bool) -> Any:
    """A byte-level BPE with numbers in its vocabulary, which `digits` keeps it from using, as in SmolLM2."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    core = Tokenizer(models.BPE())
    whole = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.pre_tokenizer = whole
    core.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=352, special_tokens=list(SPECIAL), initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    core.train_from_iterator(CORPUS * 4, trainer)
    if digits:
        single = pre_tokenizers.Split(Regex(r"\p{N}"), behavior="isolated")
        core.pre_tokenizer = pre_tokenizers.Sequence([single, whole])
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )


def _model(family: str, vocabulary: int) -> Any:
    from transformers import (
        Gemma3ForCausalLM,
        Gemma3TextConfig,
        LlamaConfig,
        LlamaForCausalLM,
        Qwen3Config,
        Qwen3ForCausalLM,
    )

    shared = {
        "vocab_size": vocabulary,
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD,
        "max_position_embeddings": 512,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "pad_token_id": 0,
        "rms_norm_eps": 1e-6,
    }
    if family == "llama":
        return LlamaForCausalLM(LlamaConfig(**shared, tie_word_embeddings=False))
    if family == "qwen3":
        return Qwen3ForCausalLM(Qwen3Config(**shared, tie_word_embeddings=True))
    return Gemma3ForCausalLM(
        Gemma3TextConfig(**shared, sliding_window=512, query_pre_attn_scalar=HEAD, tie_word_embeddings=True)
    )


def _write_gguf(path: Path, family: str, model: Any, tokenizer: Any) -> None:
    import gguf

    writer = gguf.GGUFWriter(str(path), family)
    base = {"llama": 10000.0, "qwen3": 10000.0, "gemma3": 1000000.0}[family]
    writer.add_context_length(512)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(base)
    writer.add_vocab_size(len(tokenizer))
    if family == "llama":
        writer.add_rope_dimension_count(HEAD)
    if family == "gemma3":
        writer.add_sliding_window(512)
    core = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list([token for token, _ in tokens])
    writer.add_token_types([3 if token in SPECIAL else 1 for token, _ in tokens])
    writer.add_token_merges(
        [merge if isinstance(merge, str) else " ".join(merge) for merge in core["merges"]]
    )
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template("a stale template that preparing replaces")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[family.upper()], LAYERS)
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and family != "llama":
            continue
        values = tensor.float().numpy()
        if family == "llama" and "q_proj" in name:
            values = interleaved(values, HEADS)
        if family == "llama" and "k_proj" in name:
            values = interleaved(values, KV_HEADS)
        if family == "gemma3" and "norm" in name:
            values = values + 1
        stored = values.astype(np.float32 if values.ndim == 1 else np.float16)
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)), stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def interleaved(values: Any, heads: int) -> Any:
    """Row r of a head's first half becomes row 2r, row r of its second half row 2r + 1."""
    out = np.empty_like(values)
    size = len(values) // heads
    for head in range(heads):
        for row in range(size // 2):
            out[head * size + 2 * row] = values[head * size + row]
            out[head * size + 2 * row + 1] = values[head * size + size // 2 + row]
    return out


def make_adapter(
    folder: Path,
    targets: Sequence[str] = LINEAR,
    *,
    hf: Path,
    rank: int = 4,
    alpha: int = 8,
    size: float = 0.05,
    seed: int = 3,
    **config: Any,
) -> Path:
    """A random PEFT LoRA for the model in `hf`; further keywords go into its configuration."""
    from safetensors import safe_open
    from safetensors.numpy import save_file

    random = np.random.default_rng(seed)
    tensors = {}
    with safe_open(hf / "model.safetensors", framework="np") as file:
        for name in file.keys():  # noqa: SIM118  a safetensors file is no mapping
            module = name.removesuffix(".weight")
            if module.split(".")[-1] in targets:
                rows, columns = file.get_slice(name).get_shape()
                a = random.normal(0, columns**-0.5, (rank, columns))
                tensors[f"base_model.model.{module}.lora_A.weight"] = a.astype(np.float32)
                b = random.normal(0, size, (rows, rank))
                tensors[f"base_model.model.{module}.lora_B.weight"] = b.astype(np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(tensors, folder / "adapter_model.safetensors")
    facts = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": alpha, "bias": "none"}
    facts |= {"target_modules": list(targets), "base_model_name_or_path": str(hf)}
    (folder / "adapter_config.json").write_text(json.dumps(facts | config))
    return folder
