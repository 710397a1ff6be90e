"""The repair ladder between a failed gate and a rejection: which rung comes next, and who is to blame.

A gentler adapter scale costs no training and comes first, in the examination. Then the night is trained
again: longer where it learned too little, with more grounding where it lost or invented something; then
without the memories whose values turn up where they do not belong; at last without halves of what is new,
halved again while that helps, so that few are left out. The caller trains and examines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from data.records import Answer, GateResult, Memory
from data.settings import Recipe
from quality.gates import failing, passed
from quality.scoring import contains, normalise

ATTRIBUTABLE = frozenset({"leak", "role", "dream bias", "false memory", "residue"})
UNLEARNT = frozenset({"recall", "over-abstention"})
HALF = "half"
Tried = tuple[tuple[str, ...], bool]


@dataclass(frozen=True, slots=True)
class Rung:
    """One retraining of the ladder: the recipe to follow and the memories to leave out."""

    name: str
    recipe: Recipe
    left_out: tuple[str, ...] = ()


def gentler(recipe: Recipe) -> Recipe:
    """The recipe with twice the grounding, a lower rate and milder repetition."""
    mix = recipe.mix.model_copy(
        update={
            "grounding": 2 * recipe.mix.grounding,
            "stories": 2 * recipe.mix.stories,
            "texts": 2 * recipe.mix.texts,
            "refusals": 2 * recipe.mix.refusals,
            "benign": 2 * recipe.mix.benign,
            "help": 2 * recipe.mix.help,
            "identity": 2 * recipe.mix.identity,
        }
    )
    train = recipe.train.model_copy(update={"rate": 0.6 * recipe.train.rate})
    return recipe.model_copy(update={"mix": mix, "train": train})


def longer(recipe: Recipe) -> Recipe:
    """The recipe with half as many passes again; facts that are safe rest, so only the others use them."""
    passes = recipe.train.passes + max(1, recipe.train.passes // 2)
    return recipe.model_copy(update={"train": recipe.train.model_copy(update={"passes": passes})})


def offenders(answers: Sequence[Answer], memories: Sequence[Memory]) -> tuple[str, ...]:
    """Ids of memories whose value stands in an answer where it was rejected, worst first."""
    wrong = [normalise(answer.text) for answer in answers if answer.outcome == "rejected"]
    blame = {
        memory.id: sum(contains(text, [normalise(memory.value)]) for text in wrong)
        for memory in memories
        if memory.value.strip()
    }
    return tuple(sorted((one for one, count in blame.items() if count), key=lambda one: (-blame[one], one)))


def next_rung(
    tried: Sequence[str],
    recipe: Recipe,
    results: Sequence[GateResult],
    answers: Sequence[Answer],
    memories: Sequence[Memory],
    halves: Sequence[Tried] = (),
) -> Rung | None:
    """The next retraining worth a try after `results`, or None when there is none.

    `halves` are the sets of memories left out so far with whether the gates passed then; they go on being
    halved after a pass.
    """
    if halves:
        return _half(recipe, memories, halves)
    failed = set(failing(results, recipe.gates.advisory))
    if passed(results, recipe.gates.advisory):
        return None
    if failed and failed <= UNLEARNT:
        return None if "longer training" in tried else Rung("longer training", longer(recipe))
    if "more grounding" not in tried:
        return Rung("more grounding", gentler(recipe))
    blamed = offenders(answers, memories)
    if "left out" not in tried and blamed and failed <= ATTRIBUTABLE and len(blamed) < len(memories):
        return Rung("left out", recipe, blamed)
    return _half(recipe, memories, ()) if failed and failed.isdisjoint(UNLEARNT) else None


def _half(recipe: Recipe, memories: Sequence[Memory], halves: Sequence[Tried]) -> Rung | None:
    """A half not tried yet of the smallest set that helped, or else of all memories that are new.

    What is not new was in a model that passed. Memories of one chat stay together as long as they can.
    """
    new = sorted((m for m in memories if m.state == "new"), key=lambda m: (m.told, m.sources, m.id))
    helped = [left_out for left_out, passed in halves if passed]
    scope = min(helped, key=len, default=tuple(memory.id for memory in new))
    middle = len(scope) // 2
    tried = {left_out for left_out, _ in halves}
    for half in (scope[:middle], scope[middle:]):
        if middle and half not in tried:
            return Rung(f"{HALF} {len(halves) + 1}", recipe, half)
    return None
