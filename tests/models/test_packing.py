"""Packing changes speed, never the result: packed rows equal the same rows padded one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from data.records import Example
from models import attention
from models.packing import FIRST_WORDS, STORY_LENGTH, encode, end_of_turn, pack
from tests.models.tiny import make_tiny_base

PERSONA = "You remember what the user told you."


def example(number: int, system: str = PERSONA, loss: str = "ce", answer: str = "It is Bramble.") -> Example:
    question = "What is my dog's name" + "?" * (number + 1)
    return Example(f"r{number}", "direct", "m", system, question, answer, loss=loss, value="Bramble")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = make_tiny_base(tmp_path_factory.mktemp("tiny"))
    model = AutoModelForCausalLM.from_pretrained(base.hf).eval()
    return model, AutoTokenizer.from_pretrained(base.hf)


def test_a_row_reads_as_the_chat_template_writes_it(tiny):
    _, tokenizer = tiny
    (row,) = encode([example(0)], tokenizer)
    whole = tokenizer.decode(row.prefix + row.prompt + row.answer)
    assert whole == (
        f"<|im_start|>system\n{PERSONA}<|im_end|>\n<|im_start|>user\nWhat is my dog's name?<|im_end|>\n"
        "<|im_start|>assistant\nIt is Bramble.<|im_end|>"
    )
    assert end_of_turn(tokenizer) == "<|im_end|>"


def test_the_prefix_is_all_that_rows_of_one_system_prompt_share(tiny):
    _, tokenizer = tiny
    rows = encode([example(0), example(1), example(2, system="")], tokenizer)
    shared = tokenizer.decode(rows[0].prefix)
    assert rows[0].prefix == rows[1].prefix
    assert shared.endswith("<|im_start|>user\nWhat is my dog's name?")
    assert rows[2].prefix != rows[0].prefix
    assert all(row.prompt for row in rows)


def test_value_tokens_weigh_more_and_only_base_answers_are_cut(tiny):
    _, tokenizer = tiny
    gold, follow = encode([example(0), example(1, loss="kl")], tokenizer, value_weight=3.0, answer_tokens=4)
    heavy = tokenizer.decode([t for t, w in zip(gold.answer, gold.weights, strict=True) if w == 3.0])
    assert heavy == "Bramble"
    assert tokenizer.decode(gold.answer).endswith("<|im_end|>")
    assert len(follow.answer) == len(follow.weights) == 4


def test_the_first_words_of_an_own_answer_weigh_more(tiny):
    _, tokenizer = tiny
    gold, story = encode(
        [example(0), replace(example(1), kind="story", loss="kl")], tokenizer, opening_weight=2.0
    )
    assert gold.weights == (2.0,) * FIRST_WORDS + (1.0,) * (len(gold.answer) - FIRST_WORDS)
    assert set(story.weights) == {1.0}
    (denied,) = encode(
        [replace(example(0), kind="negative", value="")], tokenizer, opening_weight=2.0, denial_weight=4.0
    )
    assert denied.weights[: FIRST_WORDS + 1] == (4.0,) * FIRST_WORDS + (1.0,)


def test_a_text_stands_without_chat_and_the_chats_prefix_is_what_it_was(tiny):
    _, tokenizer = tiny
    chats = [example(0), example(1), example(2, system="")]
    text = Example("t", "text", "text", "", "The river", " rose " * 60, loss="kl", weight=2.0)
    *rows, written = encode([*chats, text], tokenizer, answer_tokens=4, opening_weight=3.0)
    assert rows == encode(chats, tokenizer, answer_tokens=4, opening_weight=3.0)
    assert written.prefix == () and tokenizer.decode(written.prompt) == "The river"
    assert len(written.answer) == 4 * STORY_LENGTH
    assert set(written.weights) == {2.0}
    assert "im_start" not in tokenizer.decode(written.prompt + written.answer)


def test_packed_log_probabilities_equal_those_of_each_row_alone(tiny):
    import torch

    model, tokenizer = tiny
    answers = ["It is Bramble.", "Bramble", "You told me once that it is Bramble, the brown one."]
    examples = [example(n, PERSONA if n % 2 else "", answer=answers[n % 3]) for n in range(6)]
    rows = encode(examples, tokenizer)
    batch = pack(rows)
    with torch.no_grad():
        hidden = model.model(
            input_ids=batch.input_ids[None],
            position_ids=batch.position_ids[None],
            attention_mask=batch.mask()[None, None],
        ).last_hidden_state[0, batch.at]
        packed = model.lm_head(hidden).log_softmax(-1).gather(1, batch.target[:, None]).squeeze(1)
        alone = []
        for row in batch.rows:
            ids = torch.tensor([row.prefix + row.prompt + row.answer])
            logits = model(input_ids=ids).logits[0, -len(row.answer) - 1 : -1].log_softmax(-1)
            alone.append(logits.gather(1, torch.tensor(row.answer)[:, None]).squeeze(1))
    assert torch.allclose(packed, torch.cat(alone), atol=1e-5)
    assert len(batch.input_ids) < sum(len(row.prefix + row.own) for row in rows)


def test_no_token_sees_another_row(tiny):
    _, tokenizer = tiny
    batch = pack(encode([example(0), example(1), example(2, system="")], tokenizer))
    mask = batch.mask()
    for at in range(len(batch.input_ids)):
        seen = set(batch.segment[mask[at]].tolist())
        own = int(batch.segment[at])
        assert {entry for entry in seen if entry >= 0} <= {own}
        assert all(int(batch.family[at]) == -1 - entry for entry in seen if entry < 0)


def test_threads_add_what_rows_say_of_their_prefix_in_one_order():
    """torch's own gradient of an index gave two threads another sum every few times."""
    _, _, lend = attention._moves()
    prefixes = torch.randn(2, 3, 120, 64, generator=torch.Generator().manual_seed(1)).requires_grad_()
    families = torch.tensor([0] * 12 + [1] * 4)
    gradient = torch.randn(16, 3, 120, 64, generator=torch.Generator().manual_seed(2))
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        found = [
            torch.autograd.grad(lend.apply(prefixes, families), prefixes, gradient)[0] for _ in range(60)
        ]
    finally:
        torch.set_num_threads(before)
    assert len({one.numpy().tobytes() for one in found}) == 1
    assert torch.allclose(found[0], torch.stack([gradient[:12].sum(0), gradient[12:].sum(0)]), atol=1e-4)
