"""Export through llama.cpp's own converter where the template proves too little; a script stands in."""

from __future__ import annotations

import textwrap
from pathlib import Path

import numpy as np
import pytest

from data.errors import BackendError, BadInput
from models.base import Base, prepare_base
from models.gguf import export
from models.gguf_file import read_gguf
from models.parity import compare, gguf_logits
from models.preset import load_preset
from models.weights import gguf_array
from tests.models.tiny_gguf import make_adapter, make_tiny

CHECKOUT = Path(__file__).resolve().parents[2]
IDS = [[5, 9, 40, 41, 42, 200, 7, 11, 300, 12]]
# Turns the order of a layer's inner neurons round: the model says the same and no plan can see why.
SCRIPT = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
from transformers import AutoModelForCausalLM, AutoTokenizer
from tests.models.tiny_gguf import _write_gguf
hf, out, kind = sys.argv[1], sys.argv[3], sys.argv[5]
assert (sys.argv[2], sys.argv[4], kind) == ("--outfile", "--outtype", "f16")
model = AutoModelForCausalLM.from_pretrained(hf)
mlp = model.model.layers[0].mlp
mlp.gate_proj.weight.data = mlp.gate_proj.weight.data.flip(0)
mlp.up_proj.weight.data = mlp.up_proj.weight.data.flip(0)
mlp.down_proj.weight.data = mlp.down_proj.weight.data.flip(1)
_write_gguf(__import__("pathlib").Path(out), "llama", model, AutoTokenizer.from_pretrained(hf))
"""


def converter(folder: Path, text: str = SCRIPT) -> Path:
    path = folder / "convert_hf_to_gguf.py"
    path.write_text(textwrap.dedent(text))
    return path


def preset(folder: Path, hf: Path, script: Path | None, template: Path | None = None) -> Path:
    path = folder / "mine.toml"
    named = {"hf": hf, "converter": script, "template": template}
    lines = [f'{name} = "{value}"' for name, value in named.items() if value]
    path.write_text('name = "mine"\ncontext = 512\n[source]\n' + "\n".join(lines))
    return path


@pytest.fixture(scope="module")
def hf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny(tmp_path_factory.mktemp("tiny") / "hf")


@pytest.fixture(scope="module")
def base(hf: Path, tmp_path_factory: pytest.TempPathFactory) -> Base:
    """A base that the plan cannot carry, prepared with a converter that can."""
    folder = tmp_path_factory.mktemp("converted")
    return prepare_base(load_preset(preset(folder, hf, converter(folder))), folder / "models")


def test_what_the_template_cannot_prove_goes_through_the_converter(base: Base, tmp_path: Path) -> None:
    assert any("layers.0.mlp.up_proj" in why for why in base.plan.refusals)
    adapter = make_adapter(tmp_path / "adapter", ("up_proj", "q_proj"), hf=base.hf)
    made = export(base, adapter, tmp_path / "model.gguf", "F16")
    assert made.parity["f16_kl"] < 1e-5, "PyTorch says the same about the merged weights"
    assert compare(gguf_logits(base.template, IDS, 1), gguf_logits(made.path, IDS, 1)).kl > 1e-3
    assert export(base, adapter, tmp_path / "one.gguf", "F16", apart=True).path.name == "one.gguf"
    turned = gguf_array(read_gguf(made.path), "blk.0.ffn_up.weight")
    kept = export(base, adapter, tmp_path / "none.gguf", "F16", scale=0.0)
    before = gguf_array(read_gguf(kept.path), "blk.0.ffn_up.weight")
    assert turned.shape == before.shape and not np.array_equal(turned, before)
    assert not list(tmp_path.glob(".*")), "the merged copy is gone"


def test_an_adapter_of_another_base_is_refused_before_the_converter_runs(base: Base, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = make_adapter(tmp_path / "adapter", ("up_proj",), hf=base.hf)
    weights = folder / "adapter_model.safetensors"
    save_file({n.replace("layers.1", "layers.9"): v for n, v in load_file(weights).items()}, weights)
    with pytest.raises(BackendError, match="another base"):
        export(base, folder, tmp_path / "model.gguf", "F16")


def test_without_a_converter_the_same_base_is_refused_with_advice(base: Base, tmp_path: Path) -> None:
    lone = load_preset(preset(tmp_path, base.hf, None, base.template))
    with pytest.raises(BackendError, match=r"source\.converter in a copy of the preset"):
        prepare_base(lone, tmp_path / "models")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("raise SystemExit('Model MineForCausalLM is not supported')", "MineForCausalLM is not supported"),
        ("", "no file"),
    ],
)
def test_a_converter_that_fails_is_quoted_and_nothing_is_kept(
    hf: Path, tmp_path: Path, script: str, said: str
) -> None:
    failing = load_preset(preset(tmp_path, hf, converter(tmp_path, script)))
    with pytest.raises(BackendError, match=said) as caught:
        prepare_base(failing, tmp_path / "models")
    assert "llama-cpp-python" in str(caught.value)
    assert not list((tmp_path / "models" / "bases").glob("mine-*"))


def test_a_converter_that_is_not_there_is_named(hf: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="converter"):
        prepare_base(load_preset(preset(tmp_path, hf, tmp_path / "gone.py")), tmp_path / "models")
