"""A model file to serve, in the shape of a real one: random blocks in Q4_K_M, a real tokenizer.

What a server does per token depends on shapes and formats, not on values, so nothing is trained,
converted or quantized to time it. The tokenizer is SmolLM2's, filled up with made-up words to the size of
Qwen3's, because sampling under a schema looks at every one of them.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from benchmarks.gpu_model import SHAPES, WORDS
from models.gguf_file import packed_number, packed_text, read_gguf, write_container
from models.preset import load_preset
from models.source import find

HEAD, CONTEXT = 128, 32_768
F32, Q4_K, Q6_K = 0, 12, 14  # GGML's numbers for the formats
MOSTLY_Q4_K_M = 15
Tensors = list[tuple[str, tuple[int, ...], int]]


def write_served(shape: str, out: Path) -> float:
    """Write the file and return its billions of parameters."""
    import numpy

    sizes = {"vocab_size": WORDS, "num_key_value_heads": 8, **SHAPES[shape]}
    found = find(load_preset("smollm2-135m").source, fetch=False)
    assert found.gguf is not None
    words = read_gguf(found.gguf)
    known = len(words.value("tokenizer.ggml.tokens"))
    sizes["vocab_size"] = max(sizes["vocab_size"], known)
    metadata = {key: raw for key, raw in words.metadata.items() if key.startswith("tokenizer.")}
    more = sizes["vocab_size"] - known
    texts = b"".join(struct.pack("<Q", len(word)) + word for word in map(_word, range(more)))
    for key, added in (("tokens", texts), ("token_type", struct.pack("<i", 1) * more)):
        name = f"tokenizer.ggml.{key}"
        metadata[name] = _longer(metadata[name], more, added)
    kept: dict[tuple[tuple[int, ...], int], Any] = {}
    tensors = _tensors(sizes)
    kinds = {name: (size, kind) for name, size, kind in tensors}

    def content(name: str) -> Any:
        if kinds[name] not in kept:
            kept[kinds[name]] = _blocks(*kinds[name])
        return kept[kinds[name]]

    write_container(out, metadata | _description(shape, sizes), tensors, content)
    return sum(int(numpy.prod(size)) for _, size, _ in tensors) / 1e9


def _description(shape: str, sizes: dict[str, Any]) -> dict[str, bytes]:
    numbers: dict[str, int | float] = {
        "block_count": sizes["num_hidden_layers"],
        "context_length": CONTEXT,
        "embedding_length": sizes["hidden_size"],
        "feed_forward_length": sizes["intermediate_size"],
        "attention.head_count": sizes["num_attention_heads"],
        "attention.head_count_kv": sizes["num_key_value_heads"],
        "attention.key_length": HEAD,
        "attention.value_length": HEAD,
        "attention.layer_norm_rms_epsilon": 1e-6,
        "rope.freq_base": 1e6,
    }
    return {
        "general.architecture": packed_text("qwen3"),
        "general.name": packed_text(f"random {shape}"),
        "general.file_type": packed_number(MOSTLY_Q4_K_M),
        "general.quantization_version": packed_number(2),
        **{f"qwen3.{name}": packed_number(value) for name, value in numbers.items()},
    }


def _tensors(sizes: dict[str, Any]) -> Tensors:
    """Every tensor in the format that Q4_K_M gives it."""
    width, inner = sizes["hidden_size"], sizes["intermediate_size"]
    queries, keys = HEAD * sizes["num_attention_heads"], HEAD * sizes["num_key_value_heads"]
    layers, words = sizes["num_hidden_layers"], sizes["vocab_size"]
    tied = sizes["tie_word_embeddings"]
    found: Tensors = [("token_embd.weight", (words, width), Q6_K if tied else Q4_K)]
    for layer in range(layers):
        early, late = layer < layers // 8, layer >= 7 * layers // 8
        finer = Q6_K if early or late or (layer - layers // 8) % 3 == 2 else Q4_K
        parts: Tensors = [
            ("attn_norm", (width,), F32),
            ("attn_q", (queries, width), Q4_K),
            ("attn_q_norm", (HEAD,), F32),
            ("attn_k", (keys, width), Q4_K),
            ("attn_k_norm", (HEAD,), F32),
            ("attn_v", (keys, width), finer),
            ("attn_output", (width, queries), Q4_K),
            ("ffn_norm", (width,), F32),
            ("ffn_gate", (inner, width), Q4_K),
            ("ffn_up", (inner, width), Q4_K),
            ("ffn_down", (width, inner), finer),
        ]
        found += [(f"blk.{layer}.{name}.weight", size, kind) for name, size, kind in parts]
    found.append(("output_norm.weight", (width,), F32))
    return found if tied else [*found, ("output.weight", (words, width), Q6_K)]


def _blocks(size: tuple[int, ...], kind: int) -> Any:
    """Random blocks whose weights have a mean near 0 and a deviation near 0.02."""
    import numpy

    if kind == F32:
        return numpy.ones(size, numpy.float32)
    draw = numpy.random.default_rng(0)
    count = int(numpy.prod(size)) // 256
    blocks = draw.integers(0, 256, (count, 144 if kind == Q4_K else 210), numpy.uint8)
    if kind == Q4_K:
        blocks[:, :4] = numpy.array([1.4e-4, 1.05e-3], numpy.float16).view(numpy.uint8)
    else:
        blocks[:, 192:208] = draw.integers(1, 9, (count, 16), numpy.uint8)
        blocks[:, 208:] = numpy.array([2.2e-4], numpy.float16).view(numpy.uint8)
    return blocks


def _word(number: int) -> bytes:
    """The made-up word of that number: a space as tokenizers write it, and six letters."""
    letters = bytearray()
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(97 + letter)
    return "Ġ".encode() + bytes(letters)


def _longer(raw: bytes, count: int, more: bytes) -> bytes:
    """A stored array with `count` values added: after its type and theirs comes how many there are."""
    (known,) = struct.unpack_from("<Q", raw, 8)
    return raw[:8] + struct.pack("<Q", known + count) + raw[16:] + more
