"""Planted neurons answer to their own questions alone and say nothing before they learn."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from data.settings import Train
from models import neurons
from models.files import sha256_file
from models.learner import Course
from models.loop import run
from models.merge import load_adapter
from models.packing import Row, encode
from models.preset import Shipped
from models.progress import silent
from models.team import learner_of
from models.tokenizer import load_tokenizer
from models.trainer import train
from models.trl_backend import CpuStudent
from models.warm_start import description
from tests.models.test_trainer import FAST, fact, night
from tests.models.tiny import TinyBase, make_tiny_base

RECIPE = FAST.model_copy(update={"memory_layer": 0.4, "neurons": 2, "passes": 2})
NOUNS = ("dog", "tea", "car", "boat", "sister", "job")


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> TinyBase:
    return make_tiny_base(tmp_path_factory.mktemp("base"), silent=6)


@pytest.fixture(scope="module")
def start(base, tmp_path_factory) -> Shipped:
    folder = tmp_path_factory.mktemp("start")
    made = train(night(), base, folder, FAST.model_copy(update={"passes": 3}), seed=5)
    out = folder / "start.safetensors"
    save_file(load_file(made.adapter / "adapter_model.safetensors"), out, description(FAST))
    return Shipped(file=str(out), sha256=sha256_file(out))


@pytest.fixture(scope="module")
def rows(base) -> list[Row]:
    told = [row for number, noun in enumerate(NOUNS) for row in fact(number, noun, "mint")]
    return encode([*told, *night()[-3:]], load_tokenizer(base.hf))


def student_of(base, start, rows, recipe: Train = RECIPE) -> CpuStudent:
    student = CpuStudent(base.hf, recipe, 5, half=False, start=start.file)
    student.prepare(rows, silent)
    student.base_hidden(student.pack([row for row in rows if row.loss == "kl"]))
    return student


def firing(student: CpuStudent, rows: list[Row], rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    """What the first learning layer's planted neurons say [T, M], and which tokens begin an answer [T]."""
    mlp = student.layers[student.first].mlp
    said = []
    hook = mlp.down_proj.register_forward_pre_hook(lambda _, inputs: said.append(inputs[0][0].detach()))
    batch = student.pack(rows)
    student.hidden(batch)
    hook.remove()
    chosen = mlp.down_proj.lora_A["default"].weight[rank:].detach().argmax(1)
    begins = torch.zeros(len(batch.input_ids), dtype=torch.bool)
    begins[batch.begins()] = True
    return said[0][:, chosen], begins


def test_a_planted_neuron_answers_to_few_questions_and_to_nothing_in_between(base, start, rows):
    student = student_of(base, start, rows)
    student.plant(rows, silent)
    gold = [row for row in rows if row.loss == "ce"]
    said, begins = firing(student, gold, RECIPE.rank)
    strong = said.abs() > 1.0
    assert strong[begins].any(0).all(), "every neuron has a question it answers to"
    assert strong[begins].float().mean() < 0.5
    assert said[~begins].abs().mean() < 0.2 * said[begins][strong[begins]].abs().mean()


def test_planting_takes_silent_neurons_and_changes_nothing_that_is_said(base, start, rows):
    student = student_of(base, start, rows)
    batch = student.pack(rows)
    before = student.hidden(batch).detach()
    student.plant(rows, silent)
    assert torch.equal(student.hidden(batch).detach(), before)
    for layer in student.layers[student.first :]:
        taken = layer.mlp.down_proj.lora_A["default"].weight[RECIPE.rank :].detach().argmax(1)
        assert set(taken.tolist()) <= set(neurons.silent(layer.mlp).tolist())
        assert len(set(taken.tolist())) == RECIPE.neurons


def test_every_question_is_read_once(base, start, rows):
    student = student_of(base, start, rows)
    parts = [neurons.survey(student, rows, silent, part, 2) for part in (0, 1)]
    assert sum(len(one.begins) for one in parts) == sum(row.loss == "ce" for row in rows)


def test_a_base_without_silent_neurons_gives_none_up(start, rows, tmp_path):
    full = make_tiny_base(tmp_path / "full")
    student = student_of(full, start, rows)
    assert student.neurons == 0


def test_what_a_neuron_answers_to_is_not_learnt_and_what_it_says_is(base, start, rows):
    student = student_of(base, start, rows)
    student.plant(rows, silent)
    batch = student.pack([row for row in rows if row.loss == "ce"][:6])
    student.hidden(batch).square().sum().backward()
    student.hold()
    for name, value in student.parameters.items():
        assert value.grad is not None
        ranks = value.grad[RECIPE.rank :] if "lora_A" in name else value.grad[:, RECIPE.rank :]
        learnt = "down_proj.lora_B" in name
        assert bool(ranks.abs().sum() > 0) is learnt, name


def test_processes_plant_what_one_process_plants(base, start, rows, tmp_path):
    found = []
    for processes in (1, 2):
        course = Course(base.hf, tuple(rows), RECIPE, 5, start.file)
        with learner_of(course, processes, 1) as learner:
            learner.prepare(rows, silent)
            learner.plant(rows, silent)
            found.append({name: value.detach().clone() for name, value in learner.parameters.items()})
    assert found[0].keys() == found[1].keys()
    ranks = [{name: value for name, value in one.items() if "down_proj.lora_A" in name} for one in found]
    for name, value in ranks[0].items():
        assert torch.equal(value[RECIPE.rank :].sum(0), ranks[1][name][RECIPE.rank :].sum(0))


def test_a_killed_night_keeps_the_neurons_it_planted(base, start, tmp_path):
    rows = [row for number, noun in enumerate(NOUNS) for row in fact(number, noun, "mint")]
    recipe = RECIPE.model_copy(update={"checkpoint_seconds": 0})
    whole = train(rows, base, tmp_path / "whole", recipe, seed=5, start=start)

    def die(share: float, line: str) -> None:
        if "pass 2" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(rows, base, tmp_path / "killed", recipe, seed=5, start=start, progress=die)
    again = train(rows, base, tmp_path / "killed", recipe, seed=5, start=start)
    assert again.digest == whole.digest


def test_an_adapter_with_neurons_merges_into_the_model_that_was_trained(base, start, rows, tmp_path):
    with learner_of(Course(base.hf, tuple(rows), RECIPE, 5, start.file), 1, 1) as learner:
        run(learner, rows, RECIPE, 5, tmp_path / "checkpoint", "mark", silent)
        learner.save(tmp_path / "adapter")
        down = learner.student.layers[-1].mlp.down_proj
        wanted = down.get_delta_weight("default").detach() + down.base_layer.weight.detach()
    adapter = load_adapter(tmp_path / "adapter")
    assert adapter.rank == RECIPE.rank + RECIPE.neurons
    (name,) = [name for name in adapter.factors if "2.mlp.down_proj" in name]
    weight = down.base_layer.weight.detach().float().numpy()
    assert np.allclose(adapter.merged(name, weight, 1.0), wanted.numpy(), atol=1e-5)


@pytest.mark.parametrize("change", [{"neurons": 0}, {"memory_layer": 0.0}])
def test_nothing_is_planted_without_neurons_or_where_all_layers_learn(base, start, rows, change):
    recipe = RECIPE.model_copy(update=change)
    student = student_of(base, start, rows, recipe)
    before = {name: value.detach().clone() for name, value in student.parameters.items()}
    student.plant(rows, silent)
    assert all(torch.equal(value, before[name]) for name, value in student.parameters.items())
    assert next(iter(before.values())).shape[0] == RECIPE.rank


def test_few_questions_get_few_neurons(base, start, rows):
    student = student_of(base, start, rows)
    few = [neurons.survey(student, rows[:3], silent)]
    assert neurons.plant(student, few) < RECIPE.neurons
