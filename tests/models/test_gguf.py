"""Export: what a GGUF must say after a merge, what is refused, and what a damaged file does."""

import json
import shutil
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from data.errors import BackendError, BadInput, ModelFileError
from models.base import Base, prepare_base
from models.gguf import export
from models.gguf_file import packed_number, packed_text, read_gguf, write_container
from models.gguf_plan import Plan, head_counts, make_plan, permute, transformed, unpermute
from models.gguf_write import quantize
from models.merge import load_adapter
from models.parity import compare, gguf_logits
from models.preset import load_preset
from models.weights import gguf_array, read_weight, weight_index
from tests.models.tiny_gguf import LINEAR, interleaved, make_adapter, make_tiny

CHECKOUT = Path(__file__).resolve().parents[2]
FAMILIES = ("llama", "qwen3", "gemma3")
IDS = [[5, 9, 40, 41, 42, 200, 7, 11, 300, 12]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture(scope="module")
def base(folder: Path) -> Base:
    return prepare_base(load_preset(make_tiny(folder / "llama")), folder / "models")


@pytest.fixture
def adapter(base: Base, tmp_path: Path) -> Path:
    return make_adapter(tmp_path / "adapter", hf=base.hf)


def tensors(path: Path) -> dict[str, np.ndarray]:
    file = read_gguf(path)
    return {name: gguf_array(file, name) for name in file.tensors}


shapes = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))


@given(shape=shapes, one_dimensional=st.booleans())
def test_permuting_heads_and_back_changes_nothing(shape: tuple[int, int, int], one_dimensional: bool) -> None:
    heads, half, columns = shape
    size = (heads * 2 * half,) if one_dimensional else (heads * 2 * half, columns)
    values = np.random.default_rng(0).normal(size=size).astype(np.float32)
    assert np.array_equal(unpermute(permute(values, heads), heads), values)
    assert np.array_equal(permute(values, heads), interleaved(values, heads))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("quant", ["F16", "Q8_0"])
def test_calibration_finds_each_familys_transforms(tmp_path: Path, family: str, quant: str) -> None:
    hf = make_tiny(tmp_path / "hf", family)
    template = hf / "template.gguf"
    if quant != "F16":
        template = tmp_path / "coarse.gguf"
        quantize(hf / "template.gguf", template, quant, 1)
    plan = make_plan(hf, template)
    assert plan.refusals == ()
    found = {(rule.transform, rule.heads) for rule in plan.rules if rule.transform != "identity"}
    assert (
        found
        == {"llama": {("permute", 4), ("permute", 2)}, "qwen3": set(), "gemma3": {("plus_one", 0)}}[family]
    )
    for rule in plan.rules:
        expected = {"llama": ("q_proj", "k_proj"), "qwen3": (), "gemma3": ("norm",)}[family]
        assert (rule.transform != "identity") == any(part in rule.source for part in expected), rule
        assert not rule.ambiguous


@pytest.mark.parametrize("family", FAMILIES)
def test_a_planned_file_loads_in_llama_cpp_and_says_the_same(tmp_path: Path, family: str) -> None:
    """Other weights go out by the plan; llama.cpp must then agree with PyTorch about them."""
    import torch
    from transformers import AutoModelForCausalLM

    from models.gguf_write import write_gguf

    hf = make_tiny(tmp_path / "hf", family)
    plan = make_plan(hf, hf / "template.gguf")
    index, random = weight_index(hf), np.random.default_rng(5)
    model = AutoModelForCausalLM.from_pretrained(hf, dtype=torch.float32)
    moved: dict[str, Any] = {}
    for name, parameter in model.named_parameters():
        noise = random.normal(0, 0.05, tuple(parameter.shape)).astype(np.float32)
        parameter.data += torch.from_numpy(noise)
        moved[name] = noise
    out = tmp_path / "moved.gguf"
    write_gguf(
        out,
        hf / "template.gguf",
        plan,
        lambda rule: transformed(
            read_weight(index, rule.source) + moved[rule.source], rule.transform, rule.heads
        ),
        {},
    )
    with torch.inference_mode():
        reference = [model(torch.tensor(IDS)).logits[0].numpy()]
    found = compare(reference, gguf_logits(out, IDS, 1))
    assert found.kl < 1e-4 and found.top1 == 1.0
    unmoved = compare(reference, gguf_logits(hf / "template.gguf", IDS, 1))
    assert unmoved.kl > 100 * found.kl, "the comparison can tell two models apart"


def test_a_constant_tensor_is_ambiguous_and_refused_only_when_trained(
    base: Base, adapter: Path, tmp_path: Path
) -> None:
    """All-equal rows are the same in every order, so nothing can be proved about them."""
    hf = shutil.copytree(base.hf, tmp_path / "hf")
    from safetensors.numpy import load_file, save_file

    weights = load_file(hf / "model.safetensors")
    name = "model.layers.0.self_attn.q_proj.weight"
    weights[name] = np.full_like(weights[name], 0.5)
    save_file(weights, hf / "model.safetensors", metadata={"format": "pt"})
    template = tmp_path / "constant.gguf"
    file = read_gguf(base.template)
    content = tensors(base.template) | {"blk.0.attn_q.weight": weights[name]}
    kinds = [(t.name, t.shape, t.kind) for t in file.tensors.values()]
    types = {t.name: np.float32 if t.kind == 0 else np.float16 for t in file.tensors.values()}
    write_container(template, file.metadata, kinds, lambda name: content[name].astype(types[name]))
    plan = make_plan(hf, template)
    assert plan.refusals == ()
    assert [rule.source for rule in plan.rules if rule.ambiguous] == [name]
    from models.merge import check_targets

    with pytest.raises(BackendError, match="q_proj"):
        check_targets(load_adapter(adapter), plan)
    check_targets(load_adapter(make_adapter(tmp_path / "mlp", ("up_proj",), hf=base.hf)), plan)


def test_a_changed_vocabulary_or_foreign_weights_are_refused_by_name(base: Base, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    hf = shutil.copytree(base.hf, tmp_path / "hf")
    weights = load_file(hf / "model.safetensors")
    weights["model.embed_tokens.weight"] = np.pad(weights["model.embed_tokens.weight"], ((0, 8), (0, 0)))
    weights["model.layers.1.mlp.up_proj.weight"] += 1
    weights["model.layers.1.mlp.experts.weight"] = np.ones((4, 4), np.float32)
    del weights["model.layers.0.mlp.down_proj.weight"]
    save_file(weights, hf / "model.safetensors", metadata={"format": "pt"})
    refusals = "\n".join(make_plan(hf, base.template).refusals)
    assert "embed_tokens.weight: shape" in refusals and "vocabulary" in refusals
    assert "layers.1.mlp.up_proj.weight: no rearrangement" in refusals
    assert "experts.weight: the template has no tensor" in refusals
    assert "blk.0.ffn_down.weight: only the template has it" in refusals


def test_an_export_says_what_the_trained_weights_say(base: Base, adapter: Path, tmp_path: Path) -> None:
    said: list[tuple[float, str]] = []
    made = export(
        base, adapter, tmp_path / "out" / "model.gguf", "Q8_0", progress=lambda *step: said.append(step)
    )
    assert made.parity["f16_kl"] < 1e-5 and made.parity["f16_top1"] > 0.98
    assert made.parity["kl"] < 5e-3
    file = read_gguf(made.path)
    assert file.value("nocturne.base") == base.digest
    assert file.value("nocturne.adapter") == made.adapter
    assert file.value("tokenizer.chat_template") == base.chat_template
    assert file.value("tokenizer.ggml.tokens") == read_gguf(base.template).value("tokenizer.ggml.tokens")
    assert [path.name for path in made.path.parent.iterdir()] == ["model.gguf"], "nothing else is left behind"
    shares = [share for share, _ in said]
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1
    again = export(base, adapter, tmp_path / "again.gguf", "Q8_0")
    assert again.sha256 == made.sha256, "the same adapter gives the same bytes"
    assert again.sha256 != export(base, adapter, tmp_path / "half.gguf", "Q8_0", scale=0.5).sha256


def test_scale_zero_gives_the_base_back_and_scale_is_linear(
    base: Base, adapter: Path, tmp_path: Path
) -> None:
    paths = {scale: tmp_path / f"{scale}.gguf" for scale in (0.0, 0.5, 1.0)}
    for scale, path in paths.items():
        export(base, adapter, path, "F16", scale=scale)
    none, half, full = (tensors(path) for path in paths.values())
    for name, values in tensors(base.template).items():
        assert np.array_equal(none[name], values), name
        assert np.allclose(half[name] - values, (full[name] - values) / 2, atol=2e-3), name
    assert not np.array_equal(full["blk.0.attn_q.weight"], none["blk.0.attn_q.weight"])


def test_rank_stabilised_lora_is_scaled_by_the_root_of_the_rank(base: Base, tmp_path: Path) -> None:
    plain = make_adapter(tmp_path / "a", ("up_proj",), hf=base.hf, rank=4, alpha=8)
    stable = make_adapter(tmp_path / "b", ("up_proj",), hf=base.hf, rank=4, alpha=8, use_rslora=True)
    assert load_adapter(plain).scaling == 2.0
    assert load_adapter(stable).scaling == 4.0
    made = export(base, stable, tmp_path / "model.gguf", "F16")
    assert made.parity["f16_kl"] < 1e-5, "PEFT agrees about the scaling"
    shutil.copy(plain / "adapter_config.json", stable)
    other = export(base, stable, tmp_path / "other.gguf", "F16")
    weaker = compare(gguf_logits(made.path, IDS, 1), gguf_logits(other.path, IDS, 1))
    assert weaker.kl > 1e-3, "and the scaling matters"


def test_a_wrong_plan_is_noticed_before_anything_is_published(
    base: Base, adapter: Path, tmp_path: Path
) -> None:
    wrong = tmp_path / "prepared"
    shutil.copytree(base.folder, wrong)
    plan = json.loads((wrong / "plan.json").read_text())
    for rule in plan["rules"]:
        rule["transform"] = "identity"
    (wrong / "plan.json").write_text(json.dumps(plan))
    out = tmp_path / "out" / "model.gguf"
    with pytest.raises(BackendError, match="not published"):
        export(replace(base, folder=wrong), adapter, out, "Q8_0")
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"use_dora": True}, "DoRA"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"bias": "all"}, "biases"),
        ({"rank_pattern": {"up_proj": 8}}, "rank_pattern"),
        ({"peft_type": "IA3"}, "IA3"),
    ],
)
def test_adapters_that_are_no_plain_lora_are_refused(
    base: Base, tmp_path: Path, config: dict[str, Any], named: str
) -> None:
    folder = make_adapter(tmp_path / "adapter", ("up_proj",), hf=base.hf, **config)
    with pytest.raises(BackendError, match=named):
        export(base, folder, tmp_path / "model.gguf", "Q8_0")


@pytest.mark.parametrize("module", ["embed_tokens", "lm_head"])
def test_trained_embeddings_and_output_layers_are_refused(base: Base, tmp_path: Path, module: str) -> None:
    folder = make_adapter(tmp_path / "adapter", (module,), hf=base.hf)
    with pytest.raises(BackendError, match=module):
        export(base, folder, tmp_path / "model.gguf", "Q8_0")


def test_an_adapter_of_another_base_is_refused(base: Base, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = make_adapter(tmp_path / "adapter", ("up_proj",), hf=base.hf)
    values = load_file(folder / "adapter_model.safetensors")
    grown = {
        name: np.pad(array, ((0, 2), (0, 0))) if "lora_B" in name else array for name, array in values.items()
    }
    save_file(grown, folder / "adapter_model.safetensors")
    with pytest.raises(BackendError, match="another base"):
        export(base, folder, tmp_path / "model.gguf", "Q8_0")
    renamed = {name.replace("layers.1", "layers.9"): array for name, array in values.items()}
    save_file(renamed, folder / "adapter_model.safetensors")
    with pytest.raises(BackendError, match=r"layers\.9"):
        export(base, folder, tmp_path / "model.gguf", "Q8_0")


@pytest.mark.parametrize("accident", ["weights cut", "weights gone", "config cut", "half a pair"])
def test_a_damaged_adapter_is_named(base: Base, adapter: Path, tmp_path: Path, accident: str) -> None:
    from safetensors.numpy import load_file, save_file

    weights, config = adapter / "adapter_model.safetensors", adapter / "adapter_config.json"
    if accident == "weights cut":
        weights.write_bytes(weights.read_bytes()[:-100])
    elif accident == "weights gone":
        weights.unlink()
    elif accident == "config cut":
        config.write_text(config.read_text()[:20])
    else:
        values = load_file(weights)
        save_file(dict(list(values.items())[1:]), weights)
    with pytest.raises(ModelFileError, match=str(adapter)):
        export(base, adapter, tmp_path / "model.gguf", "Q8_0")
    assert not (tmp_path / "model.gguf").exists()


def test_a_diverged_adapter_is_refused(base: Base, tmp_path: Path) -> None:
    wild = make_adapter(tmp_path / "adapter", ("up_proj",), hf=base.hf, size=1e6)
    with pytest.raises(BackendError, match="diverged"):
        export(base, wild, tmp_path / "model.gguf", "Q8_0")


def test_an_unknown_format_lists_the_known_ones(base: Base, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Q4_K_M"):
        export(base, adapter, tmp_path / "model.gguf", "Q99")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_cut_gguf_is_an_error_that_names_it(base: Base, folder: Path, data: st.DataObject) -> None:
    whole = base.template.read_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    path = folder / "cut.gguf"
    path.write_bytes(whole[:cut])
    with pytest.raises(ModelFileError, match=r"cut\.gguf"):
        read_gguf(path)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_flipped_header_byte_never_ends_in_a_traceback(
    base: Base, folder: Path, data: st.DataObject
) -> None:
    whole = bytearray(base.template.read_bytes())
    position = data.draw(st.one_of(st.integers(0, 400), st.integers(0, 16_000)))
    whole[position] ^= data.draw(st.integers(1, 255))
    path = folder / "flipped.gguf"
    path.write_bytes(whole)
    try:
        file = read_gguf(path)
        for key in file.metadata:
            file.value(key)
    except ModelFileError as error:
        assert "flipped.gguf" in str(error)


def test_a_value_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.gguf"
    deep = struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 20_000 + struct.pack("<IQ", 4, 0)
    write_container(path, {"deep": deep}, [], lambda name: np.zeros(0))
    with pytest.raises(ModelFileError, match=r"deep\.gguf .*nested"):
        read_gguf(path)


def test_a_tensor_of_an_impossible_shape_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.gguf"
    write_container(path, {}, [("odd", (0,), 8)], lambda name: np.zeros(0, np.uint8))
    with pytest.raises(ModelFileError, match=r"odd\.gguf"):
        gguf_array(read_gguf(path), "odd")


def test_a_head_count_that_is_no_number_counts_as_none(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    text = packed_text("many")
    metadata = {"llama.attention.head_count": packed_number(4), "llama.embedding_length": text}
    write_container(path, {**metadata, "llama.attention.key_length": text}, [], lambda name: np.zeros(0))
    assert head_counts(read_gguf(path), "llama") == {0: 4}


@settings(max_examples=40, deadline=None)
@given(
    texts=st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=40), max_size=4),
    number=st.integers(0, 2**32 - 1),
    values=st.lists(
        arrays.arrays(
            np.float32, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.floats(-9, 9, width=32)
        ),
        max_size=4,
    ),
)
def test_a_written_container_reads_back_and_the_gguf_package_agrees(
    folder: Path, texts: dict[str, str], number: int, values: list[np.ndarray]
) -> None:
    import gguf

    path = folder / "round.gguf"
    metadata = {f"t.{key}": packed_text(text) for key, text in texts.items()}
    metadata |= {"general.architecture": packed_text("llama"), "n": packed_number(number)}
    named = {f"tensor{place}": array for place, array in enumerate(values)}
    write_container(
        path, metadata, [(name, array.shape, 0) for name, array in named.items()], named.__getitem__
    )
    file = read_gguf(path)
    assert {key: file.value(f"t.{key}") for key in texts} == texts
    assert file.value("n") == number
    for name, array in named.items():
        assert np.array_equal(gguf_array(file, name), array)
    theirs = gguf.GGUFReader(str(path))
    assert {t.name: t.data.tolist() for t in theirs.tensors} == {n: a.tolist() for n, a in named.items()}


def test_a_plan_survives_its_file(base: Base) -> None:
    plan = base.plan
    assert isinstance(plan, Plan) and plan.architecture == "llama"
    assert len(plan.rules) == len(weight_index(base.hf))
    assert {rule.source.split(".")[-2] for rule in plan.rules} >= set(LINEAR)


def test_the_real_base_exports_a_file_that_agrees(tmp_path: Path) -> None:
    """SmolLM2 with a random adapter on every linear layer; the prepared base is kept between runs."""
    base = prepare_base("smollm2-135m", CHECKOUT / "var" / "models")
    adapter = make_adapter(tmp_path / "adapter", hf=base.hf, rank=8, alpha=16, size=0.02)
    made = export(base, adapter, tmp_path / "model.gguf", "Q8_0")
    assert made.parity["f16_kl"] < 1e-4 and made.parity["f16_top1"] > 0.97
    assert made.parity["kl"] < 0.02 and made.parity["top1"] > 0.9
    assert made.size == made.path.stat().st_size < 150e6
