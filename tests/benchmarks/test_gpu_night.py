"""The benchmark of the card as far as a processor can run it: its models, its rows, its bounds."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from benchmarks import gpu_model, gpu_night, gpu_training
from benchmarks.gpu_model import build, token_rows
from data.settings import Train

NO_CARD = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shape, in many shards as the large ones are."""
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gpu_model, "SHARD_BYTES", 8e6)
        assert 0.02 < build("small", folder, "cpu") < 0.05
    return folder


def test_a_built_model_loads_whole_and_so_does_its_tokenizer(small: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    assert len(list(small.glob("*.safetensors"))) > 2
    model, found = AutoModelForCausalLM.from_pretrained(small, dtype="auto", output_loading_info=True)
    assert not found["missing_keys"] and not found["unexpected_keys"]
    assert model.dtype == torch.bfloat16
    assert 0.015 < float(model.model.layers[3].mlp.up_proj.weight.detach().float().std()) < 0.025
    assert AutoTokenizer.from_pretrained(small).eos_token == "<|im_end|>"


@pytest.mark.parametrize("shape", ["4b", "8b"])
def test_the_large_shapes_have_the_size_they_are_named_for(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: dict[str, int] = {}

    def count(folder: Path, wanted: dict[str, tuple[int, ...]], device: str) -> int:
        counted["all"] = sum(torch.Size(one).numel() for one in wanted.values())
        return counted["all"]

    monkeypatch.setattr(gpu_model, "_write", count)
    monkeypatch.setattr(gpu_model, "_tokenizer", lambda: SimpleNamespace(save_pretrained=lambda folder: None))
    monkeypatch.setattr("transformers.Qwen3Config.save_pretrained", lambda self, folder: None)
    monkeypatch.setattr(Path, "mkdir", lambda *a, **k: None)
    assert build(shape, Path("nowhere"), "cpu") == pytest.approx({"4b": 4.0, "8b": 8.2}[shape], rel=0.02)


def test_a_padded_step_learns_the_answers_and_nothing_else() -> None:
    seen: dict[str, Any] = {}
    weight = torch.nn.Parameter(torch.ones(1))

    def model(**given: Any) -> Any:
        seen.update(given)
        return SimpleNamespace(loss=weight.sum())

    stand_in: Any = model
    stand_in.parameters = lambda: [weight]
    rows = token_rows(3, words=5000)
    gpu_training.padded_step(stand_in, Train(), "cpu")(rows)
    for at, row in enumerate(rows):
        kept = seen["labels"][at] != -100
        assert seen["input_ids"][at][kept].tolist() == list(row.answer)
        assert int(seen["attention_mask"][at].sum()) == len(row.prefix + row.prompt + row.answer)
        assert seen["labels"][at][kept].tolist() == list(row.answer)
    assert float(weight.detach()) < 1.0


def test_plain_peft_trains_on_sixteen_bits_where_bitsandbytes_is_missing(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = token_rows(4, words=8000)
    losses: list[float] = []
    backward = torch.Tensor.backward

    def noted(loss: torch.Tensor, *rest: Any) -> None:
        losses.append(float(loss.detach()))
        backward(loss, *rest)

    monkeypatch.setattr(torch.Tensor, "backward", noted)
    step = gpu_training.peft_step(small, rows, Train(rate=1e-2, load_in_4bit=False), "cpu")
    for _ in range(4):
        step(rows)
    assert losses[-1] < losses[0]


def test_an_engine_that_needs_no_card_is_measured_without_one(small: Path) -> None:
    found = gpu_training.train_part("peft", small, 12, "cpu", steps=1)
    assert found["bits"] == 16 and found["tokens_per_s"] > 0 and found["night_train_s"] > 0
    assert found["peak_gb"] is None, "there is no card whose memory could be meant"


def test_the_stages_of_a_night_add_up_and_one_that_is_missing_is_seen() -> None:
    found: dict[str, Any] = {
        "build": {"billions": 4.0},
        "unsloth_12gb": {"night_train_s": 200.0, "tokens_per_s": 900.0},
        "peft_12gb": {"tokens_per_s": 600.0},
        "stock_12gb": {"failed": "more than 120 s"},
        "export": {"merge_s_per_billion": 2.0, "q8_0_s_per_billion": 3.0},
        "serve": {"night_dream_s_at_most": 100.0, "night_examine_s": 30.0},
    }
    assert gpu_night.stages(found) == {
        "dream": 100.0, "train": 200.0, "export": 20.0, "examine": 30.0, "all": 350.0,
    }  # fmt: skip
    assert gpu_night.ratios(found) == {"peft": 1.5, "stock": None}
    lost = gpu_night.stages({**found, "serve": {"skipped": "no time left"}})
    assert lost["dream"] is lost["all"] is None and lost["train"] == 200.0


@NO_CARD
def test_a_part_that_fails_says_why_and_costs_only_itself(tmp_path: Path) -> None:
    parts = (("build", "small", 0, 60.0), ("unsloth", "small", 12, 60.0), ("export", "4b", 0, 60.0))
    figures = gpu_night.night(tmp_path, parts)
    assert "failed" in figures["small"]["build"] and any(
        "CUDA" in line for line in figures["small"]["build"]["log"]
    )
    assert set(figures["small"]) == {"build"}, "what needs the model is left out"
    assert "failed" in figures["4b"]["export"]
    json.dumps(figures)


def test_a_part_that_hangs_is_ended_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_night, "LEAST_SECONDS", 0.0)
    found = gpu_night.part(["machine", "", str(tmp_path), "0"], tmp_path, 0.2)
    assert found["failed"] == "more than 0 s"


def test_no_part_begins_when_the_time_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_night, "LIMIT_SECONDS", 1.0)
    figures = gpu_night.night(tmp_path)
    assert figures["machine"] == {"skipped": "no time left"}
    assert figures["seconds"] <= 2.0


@NO_CARD
def test_without_a_card_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert gpu_night.main([]) == 2
    assert "nvidia-smi" in capsys.readouterr().err
