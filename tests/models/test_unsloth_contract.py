"""What we ask of Unsloth, held against its recorded interface, and our loop around a stand-in for it.

The stand-in behaves as the recorded version does where it matters: no mask, hidden states instead of
logits on demand, rows kept apart by their lengths. Where unsloth is installed the record itself is
compared with the real signatures.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import torch

from data.errors import BackendError
from data.records import Example
from data.settings import CHECKOUT, Train
from models.learner import Solo
from models.loop import run
from models.packing import encode
from models.unsloth_backend import (
    ARCHITECTURES,
    LOGIT_TRANSFORMS,
    RETURN_STATES,
    SWITCHES,
    Job,
    UnslothStudent,
    adapter_arguments,
    child_environment,
    forward_arguments,
    load_arguments,
    run_in_child,
    window,
)
from tests.models.tiny import make_tiny_base

RECORD = json.loads((Path(__file__).parent / "unsloth_contract.json").read_text())
RECIPE = Train(
    passes=3, rate=5e-3, outer_rate=1.0, batch_rows=4, warmup_steps=1, load_in_4bit=False, threads=1
)


def examples() -> list[Example]:
    rows = [
        Example(f"r{n}", "direct", "m", "You remember." * (n % 2), f"My {w}?", "Bo", value="Bo")
        for n, w in enumerate(["dog", "tea", "car"])
    ]
    return [*rows, Example("k", "grounding", "grounding", "", "Say one", "one two", loss="kl")]


@pytest.mark.parametrize("quantized", [True, False])
def test_calls_use_only_names_the_recorded_version_has(quantized):
    s = Train(load_in_4bit=quantized)
    load = load_arguments(Path("base"), s, 1, 512)
    adapt = adapter_arguments(s, 1)
    known = RECORD["from_pretrained"]
    assert set(load) <= set(known["names"]) | set(known["through_kwargs"])
    assert set(adapt) <= set(RECORD["get_peft_model"]["names"])
    assert not (load["load_in_4bit"] and load["load_in_16bit"]), "two precisions at once raise"
    assert adapt["lora_dropout"] == 0.0
    assert adapt["bias"] == "none"
    assert not {"lm_head", "embed_tokens"} & set(adapt["target_modules"])


def test_the_child_has_no_network_no_statistics_and_its_own_caches(tmp_path):
    environment = child_environment(tmp_path)
    assert environment["UNSLOTH_DISABLE_STATISTICS"] == environment["HF_HUB_OFFLINE"] == "1"
    assert Path(environment["UNSLOTH_COMPILE_LOCATION"]).is_relative_to(tmp_path)
    assert Path(environment["UNSLOTH_MEGA_CACHE_DIR"]).is_absolute()
    assert set(SWITCHES) <= set(environment)


def test_switches_and_keys_of_the_person_do_not_reach_the_child(tmp_path, monkeypatch):
    monkeypatch.setenv("UNSLOTH_USE_NEW_MODEL", "1")
    monkeypatch.setenv("UNSLOTH_RETURN_LOGITS", "1")
    monkeypatch.setenv("NOCTURNE_SERVE__API_KEY", "secret")
    monkeypatch.chdir(tmp_path)
    environment = child_environment(Path("caches"))
    assert not {"UNSLOTH_USE_NEW_MODEL", "UNSLOTH_RETURN_LOGITS", "NOCTURNE_SERVE__API_KEY"} & set(
        environment
    )
    assert environment["UNSLOTH_COMPILE_LOCATION"] == str(tmp_path / "caches" / "compiled")


def test_a_pack_longer_than_the_base_never_stretches_its_positions():
    assert window({"max_position_embeddings": 2048}, 6000) == 2048
    assert window({"max_position_embeddings": 40_960}, 6000) == 6000
    assert window({"max_position_embeddings": 2048}, 90) == 512, "below it activations stay on the card"


@pytest.mark.parametrize("kind", ["gemma3_text", "granite", "qwen3_moe", None])
def test_a_base_outside_the_recorded_path_is_refused_before_it_is_loaded(tmp_path, fake_unsloth, rows, kind):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": kind}))
    with pytest.raises(BackendError, match="cannot be trained on the card"):
        UnslothStudent(tmp_path, rows, RECIPE, 1, device="cpu")


@pytest.mark.parametrize("field", RECORD["logit_transforms"])
def test_a_base_whose_logits_are_bent_is_refused(tmp_path, fake_unsloth, rows, field):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama", field: 0.5}))
    with pytest.raises(BackendError, match=field):
        UnslothStudent(tmp_path, rows, RECIPE, 1, device="cpu")


def test_what_is_known_of_bases_is_what_the_record_says():
    assert set(LOGIT_TRANSFORMS) == set(RECORD["logit_transforms"])
    softcapped = {"gemma2"}
    assert set(ARCHITECTURES) == set(RECORD["fast_architectures"]) - softcapped


def test_the_child_ends_when_the_process_that_asked_for_it_is_gone():
    code = (
        "import time; from models.unsloth_backend import end_with_parent; end_with_parent(); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == 1


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return make_tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def rows(base):
    from transformers import AutoTokenizer

    return encode(examples(), AutoTokenizer.from_pretrained(base.hf))


@pytest.fixture
def fake_unsloth(monkeypatch):
    """A module named unsloth whose FastLanguageModel takes the recorded names only."""
    module = ModuleType("unsloth")
    module.FastLanguageModel = StandIn  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "unsloth", module)
    monkeypatch.setattr(StandIn, "leaks", False)
    return StandIn


class StandIn:
    """FastLanguageModel as far as the record describes it, on the CPU."""

    leaks = False

    @staticmethod
    def from_pretrained(**asked):
        known = RECORD["from_pretrained"]
        assert set(asked) <= set(known["names"]) | set(known["through_kwargs"])
        from transformers import AutoModelForCausalLM

        return AutoModelForCausalLM.from_pretrained(asked["model_name"]), None

    @staticmethod
    def get_peft_model(model, **asked):
        assert set(asked) <= set(RECORD["get_peft_model"]["names"])
        from peft import LoraConfig, get_peft_model

        names = ("r", "lora_alpha", "target_modules", "lora_dropout", "bias")
        adapted = get_peft_model(model, LoraConfig(**{name: asked[name] for name in names}))
        adapted.forward = lambda **passed: _forward(adapted, **passed)
        return adapted

    @staticmethod
    def for_training(model):
        model.train()


def _forward(model, **passed):
    assert set(passed) == set(RECORD["forward"]["names"])
    assert not set(passed) & set(RECORD["forward"]["forbidden"])
    lengths = passed["packed_seq_lengths"]
    owner = torch.repeat_interleave(torch.arange(len(lengths)), lengths.long())
    mask = torch.ones(len(owner), len(owner), dtype=torch.bool).tril()
    if not StandIn.leaks:
        mask &= owner[:, None] == owner[None, :]
    states = model.get_base_model().model(
        input_ids=passed["input_ids"],
        position_ids=passed["position_ids"],
        attention_mask=mask[None, None],
        use_cache=False,
    )
    assert os.environ[RETURN_STATES] == "1", "without the switch logits would come back"
    return SimpleNamespace(logits=states.last_hidden_state)


def test_rows_stand_side_by_side_with_lengths_and_restarting_positions(base, rows, fake_unsloth):
    student = UnslothStudent(base.hf, rows, RECIPE, 1, device="cpu")
    batch = student.pack(rows)
    asked = forward_arguments(batch)
    assert asked["packed_seq_lengths"].dtype == torch.int32
    assert asked["packed_seq_lengths"].tolist() == [len(row.prefix) + len(row.own) for row in rows]
    starts = torch.cumsum(torch.tensor([0, *asked["packed_seq_lengths"].tolist()[:-1]]), 0)
    assert asked["position_ids"][0, starts].tolist() == [0] * len(rows)


def test_the_shared_loop_trains_through_it(base, rows, fake_unsloth, tmp_path):
    student = UnslothStudent(base.hf, rows, RECIPE, 1, device="cpu")
    state = run(Solo(student, RECIPE), rows, RECIPE, 1, tmp_path / "c.pt", "mark", lambda share, line: None)
    assert state.losses[-1] < state.losses[0]
    assert os.environ[RETURN_STATES] == "0"
    student.save(tmp_path / "adapter")
    assert (tmp_path / "adapter" / "adapter_model.safetensors").is_file()


def test_a_version_that_reads_across_rows_fails_the_night(base, rows, fake_unsloth, monkeypatch):
    student = UnslothStudent(base.hf, rows, RECIPE, 1, device="cpu")
    student.prepare(rows, lambda share, line: None)
    monkeypatch.setattr(fake_unsloth, "leaks", True)
    with pytest.raises(BackendError, match="across row borders"):
        student.prepare(rows, lambda share, line: None)


def test_a_lost_4bit_load_fails_the_night(base, rows, fake_unsloth):
    with pytest.raises(BackendError, match="4-bit"):
        UnslothStudent(base.hf, rows, RECIPE.model_copy(update={"load_in_4bit": True}), 1, device="cpu")


@pytest.mark.skipif(find_spec("unsloth") is not None, reason="unsloth is installed here")
def test_a_child_that_fails_says_what_happened_and_leaves_no_job_behind(base, rows, tmp_path):
    out = tmp_path / "adapter"
    job = Job(str(base.hf), tuple(rows), RECIPE.model_dump(mode="json"), {}, 1, "c", "m", str(out), "r")
    with pytest.raises(BackendError, match="No module named 'unsloth'"):
        run_in_child(job, lambda share, line: None)
    assert not list(tmp_path.rglob("*.json"))


SIGNATURES = """
import inspect, json, unsloth
m = unsloth.FastLanguageModel
print("SIGNATURES " + json.dumps({n: list(inspect.signature(getattr(m, n)).parameters)
    for n in ("from_pretrained", "get_peft_model", "for_training")}))
"""


@pytest.mark.skipif(find_spec("unsloth") is None, reason="unsloth is not installed; the record stands in")
def test_the_record_equals_the_installed_version(tmp_path):
    environment = {**child_environment(tmp_path), "UNSLOTH_ALLOW_CPU": "1"}
    done = subprocess.run(
        [sys.executable, "-c", SIGNATURES], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    line = next(line for line in done.stdout.splitlines() if line.startswith("SIGNATURES "))
    for name, found in json.loads(line.removeprefix("SIGNATURES ")).items():
        assert set(RECORD[name]["names"]) == set(found)
