"""The loss of a night: cross-entropy on verified answers, divergence from the base on grounding rows.

Works on the hidden states at answer positions only, so logits of prompts are never made. The gradient
is computed beside the loss, in chunks, which keeps one chunk of logits in memory and reads it once.
Shared by both training backends; knows nothing of rows or models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

CHUNK = 256
TOP = 32
TINY = 1e-9


@dataclass(frozen=True)
class Reference:
    """What the base thinks at A answer positions: its TOP likeliest tokens and the mass of all others.

    `ids` [A, TOP] (int64), `probabilities` [A, TOP] and `tail` [A] (float32).
    """

    ids: torch.Tensor
    probabilities: torch.Tensor
    tail: torch.Tensor

    def slice(self, low: int, high: int) -> Reference:
        """The positions from `low` to `high`."""
        return Reference(self.ids[low:high], self.probabilities[low:high], self.tail[low:high])

    @classmethod
    def join(cls, parts: Sequence[Reference]) -> Reference:
        """The positions of all `parts`, in order."""
        import torch

        return cls(
            torch.cat([part.ids for part in parts]),
            torch.cat([part.probabilities for part in parts]),
            torch.cat([part.tail for part in parts]),
        )


@dataclass(frozen=True)
class Outcome:
    """Loss of a batch and, per answer token [A], its divergence or surprise, probability and argmax hit.

    `total` carries the gradient; the other tensors do not. For "kl" positions `probability` and `right`
    still describe the answer's token.
    """

    total: torch.Tensor
    each: torch.Tensor
    probability: torch.Tensor
    right: torch.Tensor


def reference(hidden: torch.Tensor, head: torch.Tensor, top: int = TOP) -> Reference:
    """The base's distribution at `hidden` [A, H], cut to `top` tokens; `head` is [V, H]."""
    import torch

    top = min(top, head.shape[0])
    ids, kept, tails = [], [], []
    for low in range(0, len(hidden), CHUNK):
        logits = (hidden[low : low + CHUNK] @ head.T).float()
        index = logits.topk(top, dim=-1).indices
        probabilities = logits.softmax(-1).gather(1, index)
        ids.append(index)
        kept.append(probabilities)
        tails.append((1.0 - probabilities.sum(-1)).clamp_min(0.0))
    return Reference(torch.cat(ids), torch.cat(kept), torch.cat(tails))


def answer_loss(
    hidden: torch.Tensor,
    head: torch.Tensor,
    target: torch.Tensor,
    weight: torch.Tensor,
    follow: torch.Tensor,
    base: Reference | None,
    kl_weight: float = 1.0,
) -> Outcome:
    """Loss at A answer positions with hidden states `hidden` [A, H] and a frozen `head` [V, H].

    Positions where `follow` [A] (bool) is set are pulled to `base`, whose rows are those positions in
    order, by KL(base || student) over the kept tokens and the tail; all others learn `target` [A] by
    cross-entropy times `weight` [A]. The sum is divided by the weights, so its scale does not depend
    on how many tokens a batch holds. `head` gets no gradient.
    """
    import torch

    scale = torch.where(follow, weight * kl_weight, weight) / weight.sum().clamp_min(TINY)
    total, each, probability, right = _function().apply(hidden, head, target, scale, follow, base)
    return Outcome(total, each, probability, right)


def _chunk(
    hidden: torch.Tensor,
    head: torch.Tensor,
    target: torch.Tensor,
    follow: torch.Tensor,
    base: Reference | None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Loss, probability and hit of the likeliest per position, and the gradient by the logits of each loss.

    With q the student, p the kept base probabilities and p_t, q_t the tail masses, the gradient of the
    divergence is q - p on kept tokens and q (1 - p_t / q_t) on the tail.
    """
    import torch

    logits = (hidden @ head.T).float()
    right = _right(logits, target)
    log_student = logits.log_softmax(-1)
    each = -log_student.gather(1, target[:, None]).squeeze(1)
    probability = (-each).exp()
    gold, rows = torch.nonzero(~follow).squeeze(1), torch.nonzero(follow).squeeze(1)
    log_kept = log_student[rows[:, None], base.ids] if base is not None else None
    student = log_student.exp_()
    student[gold, target[gold]] -= 1.0
    if base is not None and log_kept is not None and len(rows):
        p, p_tail = base.probabilities, base.tail
        tail = (1.0 - log_kept.exp().sum(-1)).clamp_min(TINY)
        each[rows] = (torch.xlogy(p, p) - p * log_kept).sum(-1) + torch.xlogy(p_tail, p_tail / tail)
        student[rows] *= (1.0 - p_tail / tail)[:, None]
        student[rows[:, None], base.ids] = log_kept.exp() - p
    return each, probability, right, student


def _read(
    hidden: torch.Tensor, head: torch.Tensor, target: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Surprise, probability and hit of the likeliest per position, where nothing is learnt."""
    logits = (hidden @ head.T).float()
    each = logits.logsumexp(-1) - logits.gather(1, target[:, None]).squeeze(1)
    return each, (-each).exp(), _right(logits, target)


def _right(logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Whether no token is likelier than the target; torch's argmax takes ten times as long on the CPU."""
    return logits.gather(1, target[:, None]).squeeze(1) >= logits.amax(-1)


def _function() -> type[torch.autograd.Function]:
    """The autograd function, made on first use so that importing this module does not import torch."""
    import torch

    class AnswerLoss(torch.autograd.Function):
        @staticmethod
        def forward(ctx, hidden, head, target, scale, follow, base):  # type: ignore[no-untyped-def]
            gradient = torch.empty_like(hidden) if hidden.requires_grad else None
            columns = []
            used = 0
            for low in range(0, len(hidden), CHUNK):
                at = slice(low, low + CHUNK)
                count = int(follow[at].sum())
                part = base.slice(used, used + count) if base is not None else None
                used += count
                if gradient is None and part is None:
                    columns.append(_read(hidden[at], head, target[at]))
                    continue
                each, probability, right, grad = _chunk(hidden[at], head, target[at], follow[at], part)
                columns.append((each, probability, right))
                if gradient is not None:
                    gradient[at] = grad.mul_(scale[at, None]).to(head.dtype) @ head
            each, probability, right = (torch.cat(column) for column in zip(*columns, strict=True))
            ctx.save_for_backward(gradient)
            ctx.mark_non_differentiable(each, probability, right)
            return (each * scale).sum(), each, probability, right

        @staticmethod
        def backward(ctx, total, *_):  # type: ignore[no-untyped-def]
            (gradient,) = ctx.saved_tensors
            return gradient * total.to(gradient.dtype), None, None, None, None, None

    return AnswerLoss
