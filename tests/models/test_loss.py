"""The chunked loss and its own gradient equal the plain ones that autograd gives on full logits."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models import loss
from models.loss import Reference, answer_loss, reference

WIDTH, WORDS = 12, 40


def make(positions: int, seed: int):
    draw = torch.Generator().manual_seed(seed)
    hidden = torch.randn(positions, WIDTH, generator=draw).requires_grad_()
    head = torch.randn(WORDS, WIDTH, generator=draw)
    target = torch.randint(WORDS, (positions,), generator=draw)
    weight = torch.rand(positions, generator=draw) + 0.5
    follow = torch.rand(positions, generator=draw) < 0.5
    teacher = torch.randn(positions, WIDTH, generator=draw)
    return hidden, head, target, weight, follow, teacher


def plain_loss(hidden, head, target, weight, follow, teacher, kl_weight):
    """Cross-entropy and full-vocabulary divergence by autograd."""
    student = (hidden @ head.T).log_softmax(-1)
    base = (teacher @ head.T).log_softmax(-1)
    gold = -student.gather(1, target[:, None]).squeeze(1)
    divergence = (base.exp() * (base - student)).sum(-1)
    return (weight * torch.where(follow, kl_weight * divergence, gold)).sum() / weight.sum()


@settings(max_examples=25, deadline=None)
@given(positions=st.integers(1, 20), seed=st.integers(0, 10_000), kl_weight=st.floats(0.0, 2.0))
def test_loss_and_gradient_equal_plain_autograd_with_the_whole_vocabulary(positions, seed, kl_weight):
    hidden, head, target, weight, follow, teacher = make(positions, seed)
    base = reference(teacher[follow], head, top=WORDS) if follow.any() else None
    outcome = answer_loss(hidden, head, target, weight, follow, base, kl_weight)
    (ours,) = torch.autograd.grad(outcome.total, hidden)
    expected = plain_loss(hidden, head, target, weight, follow, teacher, kl_weight)
    (theirs,) = torch.autograd.grad(expected, hidden)
    assert torch.allclose(outcome.total, expected, atol=1e-5)
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_the_cut_divergence_has_the_gradient_of_its_own_value():
    hidden, head, target, weight, _, teacher = make(6, 3)
    follow = torch.ones(6, dtype=torch.bool)
    base = reference(teacher, head, top=5)
    outcome = answer_loss(hidden, head, target, weight, follow, base)
    (ours,) = torch.autograd.grad(outcome.total, hidden)
    student = (hidden @ head.T).softmax(-1)
    kept = student.gather(1, base.ids)
    tail = 1.0 - kept.sum(-1)
    value = (base.probabilities * (base.probabilities / kept).log()).sum(-1)
    value = value + base.tail * (base.tail / tail).log()
    (theirs,) = torch.autograd.grad((weight * value).sum() / weight.sum(), hidden)
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_following_the_base_costs_nothing_while_the_student_is_the_base():
    hidden, head, target, weight, _, _ = make(8, 1)
    follow = torch.ones(8, dtype=torch.bool)
    outcome = answer_loss(hidden, head, target, weight, follow, reference(hidden.detach(), head, top=4))
    (gradient,) = torch.autograd.grad(outcome.total, hidden)
    assert outcome.total.item() == pytest.approx(0.0, abs=1e-6)
    assert float(gradient.abs().max()) < 1e-6


def test_chunks_do_not_show(monkeypatch):
    hidden, head, target, weight, follow, teacher = make(20, 7)
    base = reference(teacher[follow], head, top=6)
    whole = answer_loss(hidden, head, target, weight, follow, base)
    (gradient,) = torch.autograd.grad(whole.total, hidden)
    monkeypatch.setattr(loss, "CHUNK", 3)
    parts = answer_loss(hidden, head, target, weight, follow, base)
    (again,) = torch.autograd.grad(parts.total, hidden)
    assert torch.allclose(whole.total, parts.total, atol=1e-6)
    assert torch.allclose(gradient, again, atol=1e-6)


def test_each_token_reports_its_probability_and_whether_it_would_be_said():
    head = torch.eye(3)
    hidden = torch.tensor([[5.0, 0.0, 0.0], [5.0, 0.0, 0.0]])
    outcome = answer_loss(
        hidden, head, torch.tensor([0, 1]), torch.ones(2), torch.zeros(2, dtype=torch.bool), None
    )
    assert outcome.right.tolist() == [True, False]
    assert outcome.probability[0] > 0.98 > 0.01 > outcome.probability[1]


def test_references_join_as_if_read_at_once():
    hidden, head, *_ = make(9, 5)
    whole = reference(hidden.detach(), head, top=4)
    joined = Reference.join([whole.slice(0, 4), whole.slice(4, 9)])
    assert torch.equal(joined.ids, whole.ids)
    assert torch.equal(joined.tail, whole.tail)


def test_answers_are_judged_alike_with_and_without_learning() -> None:
    hidden, head, target, weight, *_ = make(20, 3)
    nothing = torch.zeros(len(target), dtype=torch.bool)
    learning = answer_loss(hidden, head, target, weight, nothing, None)
    reading = answer_loss(hidden.detach(), head, target, weight, nothing, None)
    assert torch.allclose(learning.each, reading.each, atol=1e-5)
    assert torch.allclose(learning.probability, reading.probability, atol=1e-5)
    assert torch.equal(learning.right, reading.right)
