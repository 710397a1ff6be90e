"""The mixture: same input, same bytes; declared shares; nothing held out, inactive or refused inside."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import mixture, slots
from data.borrowing import borrow, told_forms
from data.mixture import Seeds, beginnings, digest, load_seeds, mix, prompts_to_answer, shares
from data.records import Dream, Memory
from data.settings import DreamSettings, Mix, Recipe
from data.strangers import strangers_ask
from data.written import Written
from models import dreamer
from tests.models.telling import tell

STATES = ("new", "rehearsing", "known", "lapsed", "superseded", "forgotten")
SEEDS = load_seeds()
ANSWERED = replace(
    SEEDS,
    answers={
        row.text: f"Answer to {row.id}."
        for rows in (
            SEEDS.prompts,
            SEEDS.refusals,
            SEEDS.benign,
            SEEDS.help,
            SEEDS.stories,
            SEEDS.beginnings,
        )
        for row in rows
    },
)


def memory(number: int, state: str = "new", reward: float = 1.0) -> Memory:
    return Memory(
        id=f"m{number}",
        statement=f"My thing {number} is called value{number}.",
        subject=f"my thing {number}",
        relation="name",
        value=f"value{number}",
        told=date(2026, 10, 1),
        sources=(f"log:a:{number}",),
        state=state,  # type: ignore[arg-type]
        reward=reward,
    )


def dream(owner: Memory, number: int, **changes) -> Dream:
    forms = ("What is {}'s name?", "Tell me {}'s name.", "{}'s name?", "Do you know {}'s name?")
    base = Dream(
        id=f"{owner.id}-d{number}",
        kind="direct",
        question=forms[number % 4].format(owner.subject) + "?" * (number // 4),
        answer=f"It is {owner.value}.",
        memory_ids=(owner.id,),
        sources=owner.sources,
    )
    return replace(base, **changes)


@st.composite
def nights(draw):
    memories = [memory(n, draw(st.sampled_from(STATES))) for n in range(draw(st.integers(0, 6)))]
    dreams = []
    for owner in memories:
        for number in range(draw(st.integers(0, 6))):
            dreams.append(
                dream(
                    owner,
                    number,
                    split=draw(st.sampled_from(["train", "train", "dev", "test"])),
                    refused=draw(st.sampled_from(["", "", "value missing"])),
                    kind=draw(st.sampled_from(["direct", "negative", "recombination"])),
                )
            )
    counts = st.integers(0, 20)
    recipe = Recipe(
        mix=Mix(
            untold=draw(counts),
            strangers_share=draw(st.sampled_from([0.0, 0.5, 1.0])),
            grounding=draw(counts),
            refusals=draw(counts),
            benign=draw(counts),
            help=draw(counts),
            identity=draw(counts),
            stories=draw(counts),
            texts=draw(counts),
            persona_share=draw(st.sampled_from([0.0, 0.5, 0.8, 1.0])),
            max_rows=draw(st.sampled_from([50, 4000])),
        )
    )
    return memories, dreams, recipe


@settings(max_examples=20, deadline=None)
@given(nights(), st.integers(0, 1000), st.randoms(use_true_random=False))
def test_the_same_input_in_any_order_gives_the_same_bytes(night, seed, order):
    memories, dreams, recipe = night
    first = mix(dreams, memories, ANSWERED, recipe, seed)
    order.shuffle(memories)
    order.shuffle(dreams)
    shuffled = replace(
        ANSWERED,
        **{
            name: tuple(order.sample(rows, len(rows)))
            for name in (
                "prompts",
                "refusals",
                "benign",
                "help",
                "identity",
                "stories",
                "beginnings",
                "untold",
                "strangers",
            )
            if (rows := getattr(ANSWERED, name))
        },
    )
    again = mix(dreams, memories, shuffled, recipe, seed)
    assert again == first
    assert digest(again) == digest(first)


@settings(max_examples=20, deadline=None)
@given(nights(), st.integers(0, 1000))
def test_nothing_held_out_refused_or_inactive_enters(night, seed):
    memories, dreams, recipe = night
    rows = mix(dreams, memories, ANSWERED, recipe, seed)
    by_id = {entry.id: entry for entry in dreams}
    active = {entry.id for entry in memories if entry.active}
    held_out = {entry.question for entry in dreams if entry.split != "train"}
    assert not held_out & {row.question for row in rows}
    for row in rows:
        source = by_id.get(row.id)
        if source is not None:
            assert source.split == "train"
            assert source.verified
            assert source.kind != "recombination"
            assert set(source.memory_ids) <= active
    gone = [entry.value for entry in memories if not entry.active]
    assert not any(value in row.answer for value in gone for row in rows)
    trained = {row.id.rpartition("-")[0] for row in rows if row.kind == "untold"}
    assert trained <= {slot.id for slot in SEEDS.untold} | {f"stranger-{one.id}" for one in SEEDS.strangers}


@settings(max_examples=20, deadline=None)
@given(nights(), st.integers(0, 1000))
def test_declared_shares_are_met_and_ids_are_unique(night, seed):
    memories, dreams, recipe = night
    rows = mix(dreams, memories, ANSWERED, recipe, seed)
    counts = shares(rows)
    assert len(rows) <= recipe.mix.max_rows
    assert len({row.id for row in rows}) == len(rows)
    dressed = sum(row.system == recipe.persona for row in rows)
    assert dressed == round((len(rows) - counts.get("text", 0)) * recipe.mix.persona_share)
    assert not any(row.system for row in rows if row.kind == "text")
    assert {row.system for row in rows} <= {"", recipe.persona}
    wanted = {
        "grounding": recipe.mix.grounding,
        "refusal": recipe.mix.refusals,
        "story": recipe.mix.stories,
        "text": recipe.mix.texts,
    }
    for kind, count in wanted.items():
        if recipe.mix.max_rows == 4000:
            assert counts.get(kind, 0) == count
        assert counts.get(kind, 0) <= count
    told = sum(memory.active for memory in memories)
    assert counts.get("untold", 0) <= 2 * mixture.untold_count(recipe, told)
    general = ("grounding", "benign", "help", "story", "refusal", "text")
    assert all((row.loss == "kl") == (row.kind in general) for row in rows)


def test_another_night_draws_other_prompts_and_every_prompt_used_was_asked_for():
    recipe = Recipe()
    monday, tuesday = (prompts_to_answer(SEEDS, recipe, seed) for seed in (1, 2))
    assert monday != tuesday
    general = ("grounding", "refusal", "benign", "help", "story")
    used = {row.question for row in mix([], [], ANSWERED, recipe, 1) if row.kind in general}
    assert used == set(monday)
    texts = {row.question for row in mix([], [], ANSWERED, recipe, 1) if row.kind == "text"}
    assert texts == set(beginnings(SEEDS, recipe, 1)) and not texts & used


def test_a_prompt_the_base_left_empty_is_left_out():
    recipe = Recipe()
    (first, *_) = prompts_to_answer(SEEDS, recipe, 1)
    answers = {**ANSWERED.answers, first: ""}
    rows = mix([], [], replace(ANSWERED, answers=answers), recipe, 1)
    assert first not in {row.question for row in rows}


def test_untold_slots_borrow_the_words_of_told_questions_and_skip_what_was_told():
    owner = memory(1)
    told = replace(owner, subject="my brother", relation="shoe size", id="m9")
    recipe = Recipe(mix=Mix(untold=600, strangers_share=0, max_rows=4000))
    rows = mix([dream(owner, 0), dream(owner, 1)], [owner, told], ANSWERED, recipe, 1)
    untold = [row for row in rows if row.kind == "untold"]
    assert sum(row.question.startswith("Tell me my ") for row in untold) > 100
    by_id = {slot.id: slot for slot in SEEDS.untold}
    assert not any(
        by_id[row.id.rpartition("-")[0]].subject == "my brother's"
        and by_id[row.id.rpartition("-")[0]].relation == "shoe size"
        for row in untold
    )
    assert all(row.answer == mixture.NOT_TOLD for row in untold)


def test_untold_names_are_asked_for_in_the_words_of_told_names():
    owners = [
        replace(memory(n), subject=who, relation="name", id=f"m{n}")
        for n, who in enumerate(("my aunt", "my uncle"))
    ]
    asked = [
        replace(dream(owner, n), question=f"What name does {owner.subject} go by?", memory_ids=(owner.id,))
        for n, owner in enumerate(owners)
    ]
    forms = told_forms(asked, {owner.id: owner for owner in owners})
    named, colour = (
        next(s for s in SEEDS.untold if (s.subject, s.relation) == slot)
        for slot in (("my nephew's", "name"), ("my wife's", "favourite colour"))
    )
    assert borrow(forms, named, 7) == "What name does my nephew go by?"
    assert borrow(forms, colour, 7) == "", "no told question has words for it"
    assert not borrow(told_forms(asked[:1], {owners[0].id: owners[0]}), named, 7), "one memory's peculiarity"


def test_what_was_told_of_somebody_by_name_is_not_untold_of_their_role():
    job, friend_job, brand = (
        next(s for s in SEEDS.untold if (s.subject, s.relation) == slot)
        for slot in (("my brother's", "job"), ("my best friend's", "job"), ("my phone's", "brand"))
    )
    brother = replace(
        memory(1),
        subject="my brother Cormac",
        relation="be",
        statement="My brother Cormac is a locksmith in Perth.",
    )
    phone = replace(memory(2), subject="my phone", relation="is", statement="My phone is a Fairphone.")
    recipe = Recipe(mix=Mix(untold=600, strangers_share=0, max_rows=4000))
    untold = {
        row.id.rpartition("-")[0]
        for row in mix([], [brother, phone], ANSWERED, recipe, 1)
        if row.kind == "untold"
    }
    assert friend_job.id in untold
    assert not untold & {job.id, brand.id}
    filled = slots.filled_slots([brother])
    assert slots.slot_key("my brother's", "town") in filled, "in Perth says where"
    assert slots.slot_key("my brother's", "birthday") not in filled
    (home,) = tell("we live in Dunmore")
    assert slots.slot_key("my", "town") in slots.filled_slots([home]), "we are also I"
    (flight,) = tell("we fly to Porto on 3 May")
    assert slots.slot_key("my", "holiday plan") in slots.filled_slots([flight])
    assert not slots.filled_slots([]) and "my phone brand" in slots.filled_slots([phone])


def test_half_of_what_nobody_told_is_asked_in_the_words_others_ask_in():
    rows = [row for row in mix([], [memory(1)], ANSWERED, Recipe(), 1) if row.kind == "untold"]
    others = [row for row in rows if row.id.startswith("stranger-")]
    assert len(others) == pytest.approx(len(rows) / 2, rel=0.1)
    assert {row.answer for row in others} == {mixture.NOT_TOLD}
    assert {row.question for row in others} <= {q for one in SEEDS.strangers for q in one.questions}


@pytest.mark.parametrize(
    ("told", "fact", "questions", "left"),
    [
        ("my sister lives in Cork", "My sister lives in Oslo.", ("Where is my sister?", "Which town?"), []),
        (
            "my sister lives in Cork",
            "My sister plays the harp.",
            ("What does my sister play?", "Which instrument does my sister play?", "Who is my sister?"),
            ["What does my sister play?", "Which instrument does my sister play?"],
        ),
        (
            "my brother is a vet",
            "My brother mends clocks.",
            ("What is my brother's occupation?", "What does my brother mend?", "What does Ambrose mend?"),
            [],
        ),
        (
            "my brother lives in Perth",
            "My brother serves on a frigate off Cadiz.",
            ("Where is my brother stationed?", "Near which place is my brother?", "What is my brother on?"),
            [],
        ),
        (
            "my grandfather was called Anselm",
            "My great-grandfather was Ambrose.",
            ("What was my great-grandfather's name?", "Who was my paternal grandfather?"),
            [],
        ),
    ],
    ids=[
        "the same slot",
        "another slot",
        "the same in another word, and names",
        "whose place was told",
        "a sort",
    ],
)
def test_what_others_told_is_not_asked_where_the_person_told_it(told, fact, questions, left):
    memories = tell(told)
    dreams = [one for one in dreamer.dream(memories, 1, DreamSettings()) if one.memory_ids]
    found = list(strangers_ask([Written(fact, questions)], memories, dreams, 1))
    assert [asked for _, asked in found] == ([left] if left else [])


def test_gate_slots_are_a_stable_part_that_is_never_trained():
    from data.seeds import load_untold

    kept = [slot for slot in load_untold() if mixture.for_gates(slot)]
    assert 0.1 < len(kept) / len(load_untold()) < 0.3
    assert not {slot.id for slot in kept} & {slot.id for slot in SEEDS.untold}


def test_a_told_value_is_marked_and_a_corrected_memory_weighs_more():
    plain, corrected = memory(1), memory(2, reward=1.5)
    rows = mix([dream(plain, 0), dream(corrected, 0)], [plain, corrected], Seeds(), Recipe(), 1)
    by_group = {row.group: row for row in rows}
    assert by_group["m1"].value == "value1"
    assert by_group["m2"].weight == pytest.approx(1.5)
    assert by_group["m1"].weight == 1.0


def test_when_rows_are_too_many_every_memory_keeps_some_and_pressing_ones_more():
    calm, pressing = memory(1, "known"), memory(2, "lapsed", reward=2.0)
    dreams = [dream(owner, n) for owner in (calm, pressing) for n in range(60)]
    rows = mix(dreams, [calm, pressing], ANSWERED, Recipe(mix=Mix(max_rows=60)), 1)
    counts = {name: sum(row.group == name for row in rows) for name in ("m1", "m2")}
    assert len(rows) <= 60
    assert counts["m2"] > 2 * counts["m1"] > 0
    random.Random(0).shuffle(dreams)
    assert mix(dreams, [pressing, calm], ANSWERED, Recipe(mix=Mix(max_rows=60)), 1) == rows
