"""A quantized GGUF as a Hugging Face directory in float16, read by transformers, tokenizer and all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from models.gguf_file import GgufFile, packed_number, read_gguf, write_container
from models.parity import quiet_transformers
from models.tokenizer import tokenizer_from_gguf

_WORDS = "tokenizer.ggml."


def dequantize(gguf: Path, hf: Path) -> None:
    """Write the weights, configuration and tokenizer of a GGUF as a float16 Hugging Face directory."""
    import torch
    from transformers import AutoModelForCausalLM

    file = read_gguf(gguf)
    hf.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=hf.parent, prefix=".words-") as aside, quiet_transformers():
        slim = Path(aside) / "weights.gguf"
        _without_words(file, slim)
        with _names_asked_once():
            model = AutoModelForCausalLM.from_pretrained(
                aside, gguf_file=slim.name, dtype=torch.float32, local_files_only=True
            )
        model.hf_quantizer = None
        model.is_quantized = False
        del model.config.quantization_config
        model.half().save_pretrained(str(hf))
        tokenizer_from_gguf(file).save_pretrained(str(hf))


def _without_words(file: GgufFile, out: Path) -> None:
    """The same model without its vocabulary, whose every string transformers would decode twice."""
    words = file.value(f"{_WORDS}tokens")
    size = {f"{file.value('general.architecture')}.vocab_size": packed_number(len(words))} if words else {}
    metadata = {
        key: raw
        for key, raw in file.metadata.items()
        if not (key.startswith(_WORDS) and isinstance(file.value(key), list))
    }
    write_container(
        out,
        size | metadata,
        [(name, tensor.shape, tensor.kind) for name, tensor in file.tensors.items()],
        lambda name: file.raw(file.tensors[name]),
    )


@contextmanager
def _names_asked_once() -> Iterator[None]:
    """Let transformers, which asks for the same table of names once for every module, get it made once."""
    import gguf

    made = gguf.get_tensor_name_map
    gguf.get_tensor_name_map = cache(made)
    try:
        yield
    finally:
        gguf.get_tensor_name_map = made
