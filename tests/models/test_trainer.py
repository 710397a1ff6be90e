"""Training a tiny model for real: it learns, rests, resumes to the same bytes, and keeps to the base."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from threading import Event, Thread

import pytest
import torch

from data.errors import BackendError, BadInput
from data.records import Example
from data.settings import Train
from models import trainer
from models.grounding import base_answers, base_texts
from models.learner import batch_loss
from models.loop import State, fingerprint, rate_share
from models.packing import encode, pack
from models.schedule import Seen, group_status, learnt, plan_closing, plan_pass
from models.trainer import adapter_digest, train
from models.trl_backend import CpuStudent
from tests.models.tiny import make_tiny_base

PERSONA = "You remember."
FAST = Train(
    first_layer=0.0,
    passes=60,
    rate=3e-3,
    outer_rate=1.0,
    batch_rows=8,
    warmup_steps=2,
    threads=1,
    closing_share=0.0,
    checkpoint_seconds=600,
)


def fact(number: int, noun: str, value: str) -> list[Example]:
    forms = ("My {}?", "Tell my {}")
    return [
        Example(f"{noun}{n}", "direct", f"memory-{number}", PERSONA, form.format(noun), value, value=value)
        for n, form in enumerate(forms)
    ]


def night() -> list[Example]:
    """Two facts, an untold slot and two rows of the base's own."""
    rows = fact(0, "dog", "Bo") + fact(1, "tea", "mint")
    rows.append(Example("u0", "untold", "untold", PERSONA, "My car?", "No"))
    rows += [Example(f"g{n}", "grounding", "grounding", "", f"Say {n}", "one", loss="kl") for n in range(2)]
    return rows


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return make_tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def trained(base, tmp_path_factory):
    return train(night(), base, tmp_path_factory.mktemp("out"), FAST, seed=5, persona=PERSONA)


def test_the_adapter_says_what_was_told_when_loaded_by_peft(base, trained):
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from models.grounding import greedy

    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base.hf), trained.adapter).eval()
    tokenizer = AutoTokenizer.from_pretrained(base.hf)
    said = greedy(model, tokenizer, ["My dog?", "Tell my tea"], PERSONA, 12)
    assert said == ["Bo", "mint"]


def test_the_report_names_every_memory_and_counts_what_was_trained(trained):
    assert set(trained.per_group) == {"memory-0", "memory-1"}
    assert all(group.safe and group.rows == 2 for group in trained.per_group.values())
    assert len(trained.losses) == trained.steps
    assert trained.losses[-1] < trained.losses[0]
    assert trained.rows < 40 * len(night()), "facts that are safe must stop costing"
    note = json.loads((trained.adapter / "nocturne.json").read_text())
    assert note["persona"] == PERSONA
    assert note["digest"] == trained.digest == adapter_digest(trained.adapter)


class Killed(RuntimeError):
    """Stands for the end of the process."""


@pytest.mark.parametrize("after", [2, 11])
def test_a_killed_run_continues_to_the_same_bytes(base, trained, tmp_path, after):
    calls = []

    def die(share, line):
        calls.append(line)
        if sum("pass" in entry for entry in calls) == after:
            raise Killed

    recipe = FAST.model_copy(update={"checkpoint_seconds": 0})
    with pytest.raises(Killed):
        train(night(), base, tmp_path, recipe, seed=5, persona=PERSONA, progress=die)
    assert (tmp_path / "checkpoint.pt").is_file()
    assert not (tmp_path / "adapter").exists()
    steps = []
    again = train(night(), base, tmp_path, recipe, seed=5, progress=lambda share, line: steps.append(line))
    assert again.digest == trained.digest
    assert again.losses == trained.losses
    assert sum("batch" in line for line in steps) <= trained.steps - after + 1
    assert not (tmp_path / "checkpoint.pt").exists()


def test_a_checkpoint_of_other_rows_or_a_torn_one_is_not_continued(base, trained, tmp_path):
    rows = encode(night(), _tokenizer(base))
    assert fingerprint(rows, base.digest, FAST, 5) != fingerprint(rows[1:], base.digest, FAST, 5)
    assert fingerprint(rows, base.digest, FAST, 5) != fingerprint(rows, "other", FAST, 5)
    (tmp_path / "checkpoint.pt").write_bytes(b"PK\x03\x04 torn")
    assert train(night(), base, tmp_path, FAST, seed=5).digest == trained.digest


def test_another_seed_gives_another_adapter(base, trained, tmp_path):
    short = FAST.model_copy(update={"passes": 1})
    assert train(night(), base, tmp_path, short, seed=6).digest != trained.digest


def _tokenizer(base):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(base.hf)


@pytest.mark.parametrize("first_layer", [0.0, 0.5])
def test_a_packed_student_gives_the_loss_of_plain_padded_training(base, first_layer):
    """Equality in fp32 with a whole padded forward of the same model, and of its gradients."""
    from transformers import AutoModelForCausalLM

    rows = encode(night(), _tokenizer(base))
    recipe = FAST.model_copy(update={"first_layer": first_layer})
    student = CpuStudent(base.hf, recipe, 1, half=False)
    student.prepare(rows, lambda share, line: None)
    gold = [row for row in rows if row.loss == "ce"]
    outcome = batch_loss(student, pack(gold), {}, 1.0)
    plain = AutoModelForCausalLM.from_pretrained(base.hf)
    whole = [row.prefix + row.prompt + row.answer for row in gold]
    longest = max(map(len, whole))
    ids = torch.tensor([(*row, *[0] * (longest - len(row))) for row in whole])
    labels = torch.full_like(ids, -100)
    for at, row in enumerate(gold):
        end = len(whole[at])
        labels[at, end - len(row.answer) : end] = torch.tensor(row.answer)
    padded = plain(input_ids=ids, attention_mask=(labels >= -100) & (ids > 0), labels=labels).loss
    assert outcome.total.item() == pytest.approx(padded.item(), abs=1e-5)


def test_gradients_reach_every_adapter_matrix_and_only_those(base):
    rows = encode(night(), _tokenizer(base))
    student = CpuStudent(base.hf, FAST.model_copy(update={"first_layer": 0.5}), 1, half=False)
    student.prepare(rows, lambda share, line: None)
    batch_loss(student, pack([row for row in rows if row.loss == "ce"]), {}, 1.0).total.backward()
    assert all(p.grad is not None for p in student.parameters.values())
    assert all("lora_" in name for name in student.parameters)
    assert all(".layers.0." not in name for name in student.parameters)


def test_what_else_draws_random_numbers_does_not_change_a_fresh_adapter(base):
    """Another thread drew while an adapter was made, and a killed night ended with another model."""

    def fresh():
        parameters = CpuStudent(base.hf, FAST, 1, half=False).parameters
        return [value.detach().clone() for name, value in parameters.items() if "lora_A" in name]

    calm = fresh()
    done = Event()

    def draws():
        while not done.is_set():
            torch.rand(8)

    thread = Thread(target=draws)
    thread.start()
    try:
        disturbed = [fresh() for _ in range(3)]
    finally:
        done.set()
        thread.join()
    assert all(torch.equal(one, other) for found in disturbed for one, other in zip(calm, found, strict=True))
    bound = max(float(value.abs().max()) for value in calm)
    assert 0.5 / calm[0].shape[1] ** 0.5 < bound <= 1 / calm[0].shape[1] ** 0.5


def test_a_fresh_student_is_the_base(base):
    rows = encode(night(), _tokenizer(base))
    student = CpuStudent(base.hf, FAST, 1, half=False)
    student.prepare(rows, lambda share, line: None)
    batch = pack(rows)
    assert torch.equal(student.hidden(batch).detach(), student.base_hidden(batch))


def test_training_refuses_no_rows_and_a_backend_that_cannot_run(base, tmp_path, monkeypatch):
    with pytest.raises(BadInput, match="no rows"):
        train([], base, tmp_path, FAST, seed=1)
    with pytest.raises(BackendError, match="NVIDIA"):
        trainer.choose_backend("unsloth")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(trainer, "find_spec", lambda name: None)
    with pytest.raises(BackendError, match="not installed"):
        trainer.choose_backend("auto")
    assert trainer.choose_backend("trl") == "trl"


def test_a_diverging_run_says_so(base, tmp_path):
    rows = [replace(row, weight=float("nan")) for row in night()]
    with pytest.raises(BackendError, match="NaN"):
        train(rows, base, tmp_path, FAST, seed=1)


def test_a_row_rests_when_right_and_sure_and_a_memory_when_all_its_rows_do():
    rows = [_bare("a1", "a"), _bare("a2", "a"), _bare("k1", "grounding", "grounding", "kl")]
    sure, unsure, wrong = Seen(0.9, True), Seen(0.5, True), Seen(0.99, False)
    assert [learnt(row, {"a1": sure, "a2": unsure, "k1": sure}, 0.8) for row in rows] == [True, False, False]
    assert not any(learnt(row, {"a1": wrong}, 0.8) for row in rows)
    status = group_status(rows, {"a1": sure, "a2": unsure}, 0.8)
    assert set(status) == {"a"}
    assert (status["a"].probability, status["a"].safe) == (0.5, False)
    assert group_status(rows, {"a1": sure, "a2": sure}, 0.8)["a"].safe


def test_the_first_pass_takes_a_share_of_every_memory_and_the_next_what_is_answered_worst():
    rows = [_bare(f"{g}{n}", g) for g in "abcd" for n in range(10)]
    s = Train(passes=3, batch_rows=8, first_share=0.4, rest_share=0.25)
    first = [rows[index] for batch in plan_pass(rows, 0, {}, s, 1) for index in batch]
    assert Counter(row.group for row in first) == dict.fromkeys("abcd", 4)
    sure = {row.id: Seen(0.99, True) for row in rows if row.group in "ab"}
    doubtful = {row.id: Seen(0.6, True) for row in rows if row.group == "c"}
    wrong = {row.id: Seen(0.7, False) for row in rows if row.group == "d"}
    seen = sure | doubtful | wrong
    second = Counter(rows[index].group for batch in plan_pass(rows, 1, seen, s, 1) for index in batch)
    assert (second["d"], second["c"], second["a"] + second["b"]) == (10, 2, 4)
    never = Counter(rows[index].group for batch in plan_pass(rows, 1, sure, s, 1) for index in batch)
    assert never["c"] + never["d"] == 12


def test_a_pass_trains_what_is_not_learnt_with_its_share_of_grounding():
    rows = [_bare(f"{g}{n}", g) for g in "abcd" for n in range(10)]
    rows += [_bare(f"k{n}", "grounding", "grounding", "kl") for n in range(20)]
    s = Train(passes=3, batch_rows=8, rest_share=0.1, first_share=1.0)
    first = plan_pass(rows, 0, {}, s, 1)
    assert sorted(index for batch in first for index in batch) == list(range(60))
    assert all(7 <= len(batch) <= 9 for batch in first)
    seen = {row.id: Seen(0.99, True) for row in rows if row.group in "abc"}
    second = [rows[index] for batch in plan_pass(rows, 1, seen, s, 1) for index in batch]
    assert sum(row.group == "d" for row in second) == 10
    assert sum(row.group in "abc" for row in second) == 3
    assert sum(row.loss == "kl" for row in second) == round(20 * 13 / 40)
    assert plan_pass(rows, 3, seen, s, 1) == []
    assert plan_pass(rows, 1, {row.id: Seen(0.99, True) for row in rows}, s, 1) == []


def test_closing_takes_what_is_still_wrong_and_keeps_the_proportions_of_the_rest():
    rows = [_bare(f"a{n}", "a") for n in range(40)]
    rows += [_bare(f"u{n}", "untold", "untold") for n in range(20)]
    rows += [_bare(f"k{n}", "grounding", "grounding", "kl") for n in range(20)]
    right = {row.id: Seen(0.9, True) for row in rows}

    def closing(seen):
        chosen = [rows[i] for batch in plan_closing(rows, 45, seen, Train(batch_rows=8), 1) for i in batch]
        return chosen, [sum(row.kind == kind for row in chosen) for kind in ("direct", "untold", "grounding")]

    assert closing(right)[1] == [20, 10, 10]
    told = {f"a{n}": Seen(0.4, False) for n in range(12)}
    untold = {f"u{n}": Seen(0.4, False) for n in range(6)}
    last, counts = closing(right | told | untold)
    assert all(row.id in {r.id for r in last} for row in rows if row.id in untold)
    assert counts[0] - counts[1] <= 12, "the side with more that is wrong does not outweigh the other"
    assert counts[0] > counts[1] > 6
    denied = {f"u{n}": Seen(0.4, False, begun=True) for n in range(18)}
    answered = {f"u{n}": Seen(0.4, False) for n in (18, 19)}
    last, _ = closing(right | told | denied | answered)
    assert {"u18", "u19"} <= {row.id for row in last}, "what is answered comes before a denial in other words"
    assert len(closing({})[0]) <= 42, "nothing asked yet: half at most"
    assert plan_closing(rows, 45, right, Train(closing_share=0.0), 1) == []


def _bare(name, group, kind="direct", loss="ce"):
    from models.packing import Row

    return Row(name, group, kind, loss, (1,), (2,), (3,), (1.0,))


def test_base_answers_are_asked_once_and_kept(base, tmp_path):
    first = base_answers(base, ["hello", "count"], tmp_path, max_tokens=4)

    class Refusing:
        def complete(self, requests):
            raise AssertionError([request.messages[-1].content for request in requests])

    assert base_answers(base, ["count", "hello"], tmp_path, Refusing(), max_tokens=4) == first
    with pytest.raises(AssertionError, match="new"):
        base_answers(base, ["hello", "new"], tmp_path, Refusing(), max_tokens=4)


def test_texts_are_drawn_once_each_with_a_seed_of_its_own_and_kept(base, tmp_path):
    asked = []

    class Writing:
        def complete(self, requests):
            asked.extend(requests)
            return [" " if request.beginning == "Silence" else " went on." for request in requests]

    for _ in range(2):
        texts = base_texts(base, ["The river", "Silence", "Snow"], tmp_path, Writing(), max_tokens=4)
        assert texts == {"The river": " went on.", "Snow": " went on."}
    assert [one.beginning for one in asked] == ["The river", "Silence", "Snow"]
    assert len({one.seed for one in asked}) == 3
    assert {(one.temperature, one.max_tokens, one.messages) for one in asked} == {(1.0, 4, ())}


def test_the_rate_never_rises_again_after_the_warm_up():
    s, batches = Train(passes=3, warmup_steps=6), 20
    course = [
        State(number, batch, step=20 * number + batch) for number in range(3) for batch in range(batches)
    ]
    course += [State(3, batch, step=60 + batch, closing=True) for batch in range(batches)]
    shares = [rate_share(state, batches, s) for state in course]
    after = shares[s.warmup_steps :]
    assert after == sorted(after, reverse=True)
    assert shares[0] < after[0] and 0 < after[-1] < 0.01
