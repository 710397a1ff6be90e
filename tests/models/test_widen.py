"""A base with silent neurons says what it said, and is a plain model of a wider MLP."""

from __future__ import annotations

import json

import numpy as np
import pytest

from data.errors import BackendError
from models.base import prepare_base
from models.gguf_file import read_gguf, write_container
from models.parity import compare, gguf_logits, token_ids
from models.preset import load_preset
from models.tokenizer import load_tokenizer
from models.weights import gguf_array
from models.widen import widen, widened
from tests.models.tiny_gguf import make_tiny


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    return prepare_base(load_preset(make_tiny(folder / "llama")), folder / "models")


def test_a_widened_model_says_what_it_said(plain, tmp_path):
    out = tmp_path / "wider.gguf"
    widen(plain.template, out, 32)
    texts = token_ids(load_tokenizer(plain.hf))
    same = compare(gguf_logits(plain.template, texts, 1), gguf_logits(out, texts, 1))
    assert same.kl < 1e-6 and same.top1 == 1.0


def test_every_layer_gets_neurons_of_zeros_behind_its_own(plain, tmp_path):
    out = tmp_path / "wider.gguf"
    widen(plain.template, out, 32)
    before, after = read_gguf(plain.template), read_gguf(out)
    assert after.value("llama.feed_forward_length") == before.value("llama.feed_forward_length") + 32
    for name in before.tensors:
        old, new = gguf_array(before, name), gguf_array(after, name)
        where = tuple(slice(size) for size in old.shape)
        assert np.array_equal(new[where], old)
        assert new.size == old.size or ".ffn_" in name
        assert np.count_nonzero(new) == np.count_nonzero(old)


def test_a_preset_from_a_gguf_is_prepared_with_its_neurons_and_has_a_digest_of_its_own(plain, tmp_path):
    preset = load_preset(plain.template).model_copy(update={"neurons": 32})
    base = prepare_base(preset, tmp_path / "models")
    narrow = json.loads((plain.hf / "config.json").read_text())["intermediate_size"]
    assert json.loads((base.hf / "config.json").read_text())["intermediate_size"] == narrow + 32
    assert not (base.folder / "wider.gguf").exists()
    assert base.digest != prepare_base(load_preset(plain.template), tmp_path / "models").digest


def test_no_neurons_are_another_digest_only_where_there_are_some():
    assert widened("abc", 0) == "abc"
    assert len({"abc", widened("abc", 32), widened("abc", 64)}) == 3


def test_a_model_without_such_an_mlp_is_refused_with_the_way_out(plain, tmp_path):
    file = read_gguf(plain.template)
    some = {name: tensor for name, tensor in file.tensors.items() if "ffn_gate" not in name}
    other = tmp_path / "other.gguf"
    write_container(
        other,
        file.metadata,
        [(name, tensor.shape, tensor.kind) for name, tensor in some.items()],
        lambda name: file.raw(some[name]),
    )
    with pytest.raises(BackendError, match="neurons = 0"):
        widen(other, tmp_path / "wider.gguf", 32)
