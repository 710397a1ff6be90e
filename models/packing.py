"""Chat rows as tokens, and several rows packed into one sequence behind their shared system prefix.

Rows of a night repeat the same system prompt, which is more than half of a short row. A pack holds
each prefix once, then the rows' own tokens; a block mask lets every row see its prefix and itself
only, and positions restart after the prefix, so the result equals training the rows one by one.
Knows nothing of losses, models or schedules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from data.errors import BackendError
from data.records import TEXT, Example

if TYPE_CHECKING:
    import torch


# Told names turn up late in an invented text, so stories and texts are held to the base for longer.
STORY_LENGTH = 3
# Tokens of "You haven't", by which a denial is known.
FIRST_WORDS = 3
# Denials, and what is soon taken for something to deny.
NEAR_DENIAL = ("negative", "untold", "grounding", "help", "benign", "refusal")


@dataclass(frozen=True, slots=True)
class Row:
    """One example as tokens: a prefix shared with other rows, its own prompt, the answer it learns."""

    id: str
    group: str
    kind: str
    loss: str
    prefix: tuple[int, ...]
    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    weights: tuple[float, ...]

    @property
    def own(self) -> tuple[int, ...]:
        """The tokens after the prefix that a model must read; the last answer token predicts nothing."""
        return self.prompt + self.answer[:-1]


@dataclass(frozen=True)
class Pack:
    """Rows in one sequence of T tokens with A answer tokens.

    `input_ids`, `position_ids`, `family` (which prefix) and `segment` (index into `rows`, negative on
    prefixes) are [T]; `at` [A] is where an answer token is predicted, `target`, `weight` and `owner`
    (index into `rows`) are [A]. `rows` are in the order of the sequence.
    """

    rows: tuple[Row, ...]
    input_ids: torch.Tensor
    position_ids: torch.Tensor
    family: torch.Tensor
    segment: torch.Tensor
    at: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor
    owner: torch.Tensor

    def begins(self) -> torch.Tensor:
        """Where each of the N rows is about to answer: the place [N] of its question's last token."""
        import torch

        owners = self.owner.tolist()
        return self.at[
            torch.tensor([place for place, row in enumerate(owners) if not place or owners[place - 1] != row])
        ]

    def mask(self) -> torch.Tensor:
        """Boolean [T, T]: true where the token of the first index may look at that of the second."""
        import torch

        order = torch.arange(len(self.input_ids), device=self.input_ids.device)
        causal = order[:, None] >= order[None, :]
        same_row = self.segment[:, None] == self.segment[None, :]
        own_prefix = (self.family[:, None] == self.family[None, :]) & (self.segment[None, :] < 0)
        return causal & (same_row | own_prefix)


def encode(
    examples: Sequence[Example],
    tokenizer: Any,
    value_weight: float = 1.0,
    answer_tokens: int | None = None,
    arguments: Mapping[str, Any] | None = None,
    opening_weight: float = 1.0,
    denial_weight: float = 1.0,
) -> list[Row]:
    """Rows of `examples` in the chat template's words, sharing the longest prefix per system prompt.

    Tokens that carry the value weigh `value_weight` times the row's weight. The first words of an answer
    part what was told from what was not: they weigh `opening_weight` times, those of a denial
    `denial_weight` times, whose ratio moves the line between the two (Elkan, 2001), and so do those of what
    the base answers, lest it be denied. `answer_tokens` cuts the answers of "kl" rows; a cut answer has no
    end of turn. A text has no chat around it: its question is its first words. The answer is tokenised apart
    from the prompt because that is where a served model starts to write. `arguments` are the template's
    extra variables.
    """
    end = end_of_turn(tokenizer, arguments)
    prompts = [_prompt_ids(example, tokenizer, arguments or {}) for example in examples]
    chats = [pair for pair in zip(examples, prompts, strict=True) if pair[0].kind != TEXT]
    shared = _shared_lengths(chats)
    opening = {"story": 1.0, TEXT: 1.0, **dict.fromkeys(NEAR_DENIAL, denial_weight)}
    return [
        _cut(
            _row(
                example,
                prompt,
                0 if example.kind == TEXT else shared[example.system],
                tokenizer,
                end,
                (value_weight, opening.get(example.kind, opening_weight)),
            ),
            answer_tokens,
        )
        for example, prompt in zip(examples, prompts, strict=True)
    ]


def end_of_turn(tokenizer: Any, arguments: Mapping[str, Any] | None = None) -> str:
    """The text that closes an answer in the chat template, which is not always the tokenizer's eos."""
    messages = [{"role": "user", "content": "a"}]
    closed = tokenizer.apply_chat_template(
        [*messages, {"role": "assistant", "content": "QXZ"}],
        tokenize=False,
        add_generation_prompt=False,
        **(arguments or {}),
    )
    tail = str(closed).rpartition("QXZ")[2].strip()
    if not tail:
        raise BackendError(
            "The base's chat template does not close an answer with a token. Use an instruct model."
        )
    return tail


def _prompt_ids(example: Example, tokenizer: Any, arguments: Mapping[str, Any]) -> tuple[int, ...]:
    if example.kind == TEXT:
        return tuple(tokenizer(example.question)["input_ids"])
    messages = [{"role": "system", "content": example.system}] if example.system else []
    messages.append({"role": "user", "content": example.question})
    text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **arguments)
    return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])


def _shared_lengths(chats: Sequence[tuple[Example, tuple[int, ...]]]) -> dict[str, int]:
    """Length of the longest common prompt prefix per system prompt, leaving each row a token of its own."""
    ends: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}
    room: dict[str, int] = {}
    for example, prompt in chats:
        low, high = ends.get(example.system, (prompt, prompt))
        ends[example.system] = (min(low, prompt), max(high, prompt))
        room[example.system] = min(room.get(example.system, len(prompt)), len(prompt) - 1)
    lengths = {}
    for system, (low, high) in ends.items():
        common = 0
        while common < room[system] and low[common] == high[common]:
            common += 1
        lengths[system] = common
    return lengths


def _row(
    example: Example,
    prompt: tuple[int, ...],
    shared: int,
    tokenizer: Any,
    end: str,
    heavier: tuple[float, float],
) -> Row:
    """One row; `heavier` are the weights of the value's tokens and of the first words."""
    coded = tokenizer(example.answer + end, add_special_tokens=False, return_offsets_mapping=True)
    start = example.answer.casefold().find(example.value.casefold()) if example.value else -1
    stop = start + len(example.value)
    of_value, of_opening = heavier
    weights = tuple(
        example.weight
        * (of_value if start >= 0 and low < stop and high > start else 1.0)
        * (of_opening if place < FIRST_WORDS else 1.0)
        for place, (low, high) in enumerate(coded["offset_mapping"])
    )
    return Row(
        id=example.id,
        group=example.group,
        kind=example.kind,
        loss=example.loss,
        prefix=prompt[:shared],
        prompt=prompt[shared:],
        answer=tuple(coded["input_ids"]),
        weights=weights,
    )


def _cut(row: Row, limit: int | None) -> Row:
    if row.loss != "kl" or limit is None:
        return row
    if row.kind in ("story", TEXT):
        limit *= STORY_LENGTH
    return replace(row, answer=row.answer[:limit], weights=row.weights[:limit])


def pack(rows: Sequence[Row], device: str = "cpu") -> Pack:
    """`rows` in one sequence; rows with the same prefix stand behind one copy of it."""
    import torch

    families: dict[tuple[int, ...], list[int]] = {}
    for index, row in enumerate(rows):
        families.setdefault(row.prefix, []).append(index)
    ids: list[int] = []
    positions: list[int] = []
    family: list[int] = []
    segment: list[int] = []
    at: list[int] = []
    target: list[int] = []
    weight: list[float] = []
    owner: list[int] = []
    ordered: list[Row] = []
    for number, (prefix, members) in enumerate(families.items()):
        ids += prefix
        positions += range(len(prefix))
        segment += [-1 - number] * len(prefix)
        family += [number] * len(prefix)
        for index in members:
            row = rows[index]
            first = len(ids) + len(row.prompt) - 1
            at += range(first, first + len(row.answer))
            target += row.answer
            weight += row.weights
            owner += [len(ordered)] * len(row.answer)
            segment += [len(ordered)] * len(row.own)
            family += [number] * len(row.own)
            positions += range(len(prefix), len(prefix) + len(row.own))
            ids += row.own
            ordered.append(row)

    def long(values: list[int]) -> torch.Tensor:
        return torch.tensor(values, dtype=torch.long, device=device)

    return Pack(
        rows=tuple(ordered),
        input_ids=long(ids),
        position_ids=long(positions),
        family=long(family),
        segment=long(segment),
        at=long(at),
        target=long(target),
        weight=torch.tensor(weight, dtype=torch.float32, device=device),
        owner=long(owner),
    )
