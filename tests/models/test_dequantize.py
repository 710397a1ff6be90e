"""A GGUF becomes the Hugging Face directory it was made from, whatever its header leaves out."""

from pathlib import Path

import pytest

from models.dequantize import dequantize
from models.gguf_file import read_gguf, write_container
from models.tokenizer import load_tokenizer
from models.weights import read_weight, weight_index
from tests.models.tiny_gguf import make_tiny


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma3"])
def test_weights_and_tokenizer_come_back(family: str, tmp_path: Path) -> None:
    source = make_tiny(tmp_path / "source", family)
    dequantize(source / "template.gguf", tmp_path / "hf")
    before, after = weight_index(source), weight_index(tmp_path / "hf")
    assert set(before) == set(after)
    for name in before:
        assert read_weight(after, name) == pytest.approx(read_weight(before, name), rel=1e-3, abs=1e-3), name
    text = "My sister pays 1,234.50 in Porto."
    there, back = load_tokenizer(source), load_tokenizer(tmp_path / "hf")
    assert back.encode(text) == there.encode(text)


def test_a_header_without_its_vocabulary_size_is_enough(tmp_path: Path) -> None:
    source = make_tiny(tmp_path / "source")
    file = read_gguf(source / "template.gguf")
    bare = tmp_path / "bare.gguf"
    write_container(
        bare,
        {key: raw for key, raw in file.metadata.items() if key != "llama.vocab_size"},
        [(name, tensor.shape, tensor.kind) for name, tensor in file.tensors.items()],
        lambda name: file.raw(file.tensors[name]),
    )
    dequantize(bare, tmp_path / "hf")
    assert set(weight_index(tmp_path / "hf")) == set(weight_index(source))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".words-")] == []
