"""The rows of one night: verified dreams, untold slots, and what keeps the model itself.

Pure and deterministic: the same dreams, memories, seeds, recipe and seed give the same rows in the same
order, whatever order they came in. Held-out views and inactive memories never enter. Rows with loss
"kl" carry the base's own words, which the caller fetches first for `prompts_to_answer` and `beginnings`.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from data.borrowing import borrow, told_forms
from data.phrases_help import OF_MINE, requests
from data.records import TEXT, Dream, Example, Memory
from data.replay import allot, row_weight
from data.roles import role_questions
from data.seeds import (
    SeedBeginning,
    SeedIdentity,
    SeedPrompt,
    SeedRequest,
    SeedStory,
    SeedUntold,
    load_beginnings,
    load_benign,
    load_help,
    load_identity,
    load_prompts,
    load_refusals,
    load_stories,
    load_untold,
)
from data.settings import Recipe
from data.slots import filled_slots, is_filled
from data.strangers import apart_from, strangers_ask
from data.text import plain
from data.written import Written

NOT_TOLD = "You haven't told me that yet."
FACT_KINDS = ("direct", "reversed", "yes_no", "list", "use", "negative", "contrast", "two_fact")
GATE_SHARE = 5
LEAST_UNTOLD = 19
# Short factual questions are the first to be answered "You haven't told me that yet": half of all grounding.
SHORT_TOPICS = frozenset({"fact", "sum", "which"})
MOST_KEEPING = 0.5
ROLE_ROWS = 120
# Told names turn up in invented texts first, refusals are the first habit lost, and requests about one's own
# people are soon taken for questions, so these hold hardest. Texts keep the model as unsure as the base.
WEIGHTS = {"story": 3.0, "refusal": 2.0, "help": 2.0, TEXT: 2.0}


@dataclass(frozen=True)
class Seeds:
    """The seed sets a mixture draws from, and the base's answers to the general ones by text."""

    prompts: tuple[SeedPrompt, ...] = ()
    refusals: tuple[SeedRequest, ...] = ()
    benign: tuple[SeedRequest, ...] = ()
    help: tuple[SeedRequest, ...] = ()
    identity: tuple[SeedIdentity, ...] = ()
    stories: tuple[SeedStory, ...] = ()
    beginnings: tuple[SeedBeginning, ...] = ()
    untold: tuple[SeedUntold, ...] = ()
    strangers: tuple[Written, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)


def load_seeds() -> Seeds:
    """All seed sets of the checkout, their trainable halves only, still without the base's answers."""
    return Seeds(
        prompts=load_prompts(),
        refusals=load_refusals("train"),
        benign=load_benign("train"),
        help=(*load_help("train"), *requests()),
        identity=load_identity("train"),
        stories=load_stories("train"),
        beginnings=load_beginnings(),
        untold=tuple(slot for slot in load_untold() if not for_gates(slot)),
        strangers=apart_from([slot for slot in load_untold() if for_gates(slot)]),
    )


def for_gates(slot: SeedUntold) -> bool:
    """Whether an untold slot is only ever asked by the gates, never trained; a stable fifth of all."""
    return hashlib.sha256(slot.id.encode()).digest()[0] % GATE_SHARE == 0


def prompts_to_answer(seeds: Seeds, recipe: Recipe, seed: int) -> list[str]:
    """The general prompts of this night, which the base must answer before `mix` can use them."""
    general = _general(seeds, recipe, seed)
    return [text for kind, rows in general.items() if kind != TEXT for _, text in rows]


def beginnings(seeds: Seeds, recipe: Recipe, seed: int) -> list[str]:
    """The first words of this night's texts, which the base must go on with."""
    return [text for _, text in _general(seeds, recipe, seed)[TEXT]]


def mix(
    dreams: Iterable[Dream], memories: Iterable[Memory], seeds: Seeds, recipe: Recipe, seed: int
) -> list[Example]:
    """The rows of one night.

    When they would be more than `recipe.mix.max_rows`, the rows that keep the model itself shrink to
    half of that at most and replay chooses how many rows each memory keeps. A general prompt without an
    answer of the base is left out.
    """
    every = sorted(dreams, key=lambda dream: dream.id)
    active = {memory.id: memory for memory in memories if memory.active}
    facts = _fact_rows(every, active, seed)
    keeping = keeping_rows(seeds, recipe, seed)
    keeping += _untold_rows(seeds, recipe, seed, active, every)
    keeping += _role_rows(seed, active, every)
    most = max(recipe.mix.max_rows - len(facts), int(recipe.mix.max_rows * MOST_KEEPING))
    keeping = _shrink(keeping, most)
    facts = _choose(facts, list(active.values()), recipe.mix.max_rows - len(keeping), seed)
    rows = _shuffled(_without_twins(facts + keeping), seed, "order")
    chats = [row for row in rows if row.kind != TEXT]
    dressed = {
        row.id for row in _shuffled(chats, seed, "persona")[: round(len(chats) * recipe.mix.persona_share)]
    }
    return [replace(row, system=recipe.persona) if row.id in dressed else row for row in rows]


def digest(examples: Sequence[Example]) -> str:
    """SHA-256 over the rows in order."""
    text = json.dumps([asdict(example) for example in examples], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def shares(examples: Sequence[Example]) -> dict[str, int]:
    """Rows per kind, for the report."""
    counts: dict[str, int] = {}
    for example in examples:
        counts[example.kind] = counts.get(example.kind, 0) + 1
    return dict(sorted(counts.items()))


def _rank(seed: int, purpose: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}:{purpose}:{name}".encode()).digest()


def _shuffled(rows: Iterable[Example], seed: int, purpose: str) -> list[Example]:
    return sorted(rows, key=lambda row: _rank(seed, purpose, row.id))


def _fact_rows(dreams: Sequence[Dream], active: Mapping[str, Memory], seed: int) -> list[Example]:
    """Rows of verified training dreams about active memories, none asked like a held-out one."""
    held_out = {plain(dream.question) for dream in dreams if dream.split != "train"}
    rows = []
    for dream in dreams:
        if dream.split != "train" or not dream.verified or dream.kind not in FACT_KINDS:
            continue
        if not dream.memory_ids and dream.kind != "negative":
            continue
        if any(name not in active for name in dream.memory_ids) or plain(dream.question) in held_out:
            continue
        rows.append(_fact_row(dream, [active[name] for name in dream.memory_ids]))
    return _shuffled(rows, seed, "facts")


def _fact_row(dream: Dream, memories: Sequence[Memory]) -> Example:
    plain = dream.answer.casefold()
    values = [memory.value for memory in memories] + list(dream.accept)
    carried = [value for value in values if value and value.casefold() in plain]
    return Example(
        id=dream.id,
        kind=dream.kind,
        group=memories[0].id if memories else dream.kind,
        system="",
        question=dream.question,
        answer=dream.answer,
        weight=max((row_weight(memory) for memory in memories), default=1.0),
        value=carried[0] if carried and dream.kind != "negative" else "",
    )


def _choose(facts: Sequence[Example], memories: Sequence[Memory], room: int, seed: int) -> list[Example]:
    """At most `room` fact rows; each memory keeps its rows' kinds in turn."""
    if len(facts) <= room:
        return list(facts)
    members: dict[str, list[Example]] = {}
    for row in facts:
        members.setdefault(row.group, []).append(row)
    given = allot(memories, {group: len(rows) for group, rows in members.items()}, room)
    return [row for group, rows in sorted(members.items()) for row in _by_turns(rows)[: given[group]]]


def _by_turns(rows: Sequence[Example]) -> list[Example]:
    """Rows with the kinds taking turns, so that a cut keeps every kind."""
    turns: dict[str, int] = {}
    placed = []
    for row in rows:
        turns[row.kind] = turns.get(row.kind, 0) + 1
        placed.append((turns[row.kind], FACT_KINDS.index(row.kind), row))
    return [row for _, _, row in sorted(placed, key=lambda entry: entry[:2])]


def _general(seeds: Seeds, recipe: Recipe, seed: int) -> dict[str, list[tuple[str, str]]]:
    """(id, text) of the general prompts of this night, per share."""
    short = [(row.id, row.text) for row in seeds.prompts if row.topic in SHORT_TOPICS]
    long = [(row.id, row.text) for row in seeds.prompts if row.topic not in SHORT_TOPICS]
    half = recipe.mix.grounding // 2
    wanted: dict[str, tuple[int, list[tuple[str, str]]]] = {
        "short": (recipe.mix.grounding - half, short),
        "long": (half, long),
        "refusal": (recipe.mix.refusals, [(row.id, row.text) for row in seeds.refusals]),
        "benign": (recipe.mix.benign, [(row.id, row.text) for row in seeds.benign]),
        "help": (
            recipe.mix.help - recipe.mix.help // 2,
            [(row.id, row.text) for row in seeds.help if row.kind not in OF_MINE],
        ),
        "of mine": (
            recipe.mix.help // 2,
            [(row.id, row.text) for row in seeds.help if row.kind in OF_MINE],
        ),
        "story": (recipe.mix.stories, [(row.id, row.text) for row in seeds.stories]),
        TEXT: (recipe.mix.texts, [(row.id, row.text) for row in seeds.beginnings]),
    }
    drawn = {
        kind: sorted(pool, key=lambda entry: _rank(seed, kind, entry[0]))[:count]
        for kind, (count, pool) in wanted.items()
    }
    return {
        "grounding": drawn.pop("short") + drawn.pop("long"),
        "help": drawn.pop("help") + drawn.pop("of mine"),
        **drawn,
    }


def keeping_rows(seeds: Seeds, recipe: Recipe, seed: int) -> list[Example]:
    """Rows that hold the student to the base's answers, and to who the assistant is."""
    rows = [
        Example(
            name,
            kind,
            kind,
            "",
            text,
            seeds.answers[text],
            loss="kl",
            weight=WEIGHTS.get(kind, 1.0),
        )
        for kind, chosen in _general(seeds, recipe, seed).items()
        for name, text in chosen
        if seeds.answers.get(text)
    ]
    identity = sorted(seeds.identity, key=lambda row: _rank(seed, "identity", row.id))
    rows += [
        Example(row.id, "identity", "identity", "", row.text, row.answer)
        for row in identity[: recipe.mix.identity]
    ]
    return rows


def _untold_rows(
    seeds: Seeds, recipe: Recipe, seed: int, active: Mapping[str, Memory], dreams: Sequence[Dream]
) -> list[Example]:
    """Two questions each about things nobody told: slots by rule, and what others told of themselves."""
    held_out = {plain(dream.question) for dream in dreams if dream.split != "train"}
    # A question in a frame holds the bare one.
    answered = "\n".join(plain(dream.question) for dream in dreams if dream.memory_ids)
    count = untold_count(recipe, len(active))
    asked = _of_strangers(seeds, seed, active, dreams, round(count * recipe.mix.strangers_share))
    asked += _of_slots(seeds, seed, active, dreams, count - len(asked) // 2)
    return [
        Example(name, "untold", "untold", "", text, NOT_TOLD)
        for name, text in asked
        if plain(text) not in held_out and plain(text) not in answered
    ]


def _of_slots(
    seeds: Seeds, seed: int, active: Mapping[str, Memory], dreams: Sequence[Dream], count: int
) -> list[tuple[str, str]]:
    """(id, question) of free slots: one of its own, one in the words of a told fact's question.

    Sharing the words leaves the model nothing but the slot to tell told from untold.
    """
    known = filled_slots(active.values())
    free = [slot for slot in seeds.untold if not is_filled(slot, known)]
    free.sort(key=lambda slot: _rank(seed, "untold", slot.id))
    forms = told_forms(dreams, active)
    asked = []
    for number, slot in enumerate(free[:count]):
        own, other = (slot.question, slot.question2)[:: 1 if number % 2 else -1]
        borrowed = borrow(forms, slot, _number(seed, slot.id)) or other
        asked += [(f"{slot.id}-0", own), (f"{slot.id}-1", borrowed)]
    return asked


def _of_strangers(
    seeds: Seeds, seed: int, active: Mapping[str, Memory], dreams: Sequence[Dream], count: int
) -> list[tuple[str, str]]:
    """(id, question) of facts that others told and nobody here."""
    drawn = sorted(seeds.strangers, key=lambda one: _rank(seed, "stranger", one.id))
    asked = []
    for one, questions in strangers_ask(drawn, active.values(), dreams, count):
        draw = random.Random(_rank(seed, "asked", one.id))
        asked += [(f"stranger-{one.id}-{n}", q) for n, q in enumerate(draw.sample(questions, 2))]
    return asked


def _role_rows(seed: int, active: Mapping[str, Memory], dreams: Sequence[Dream]) -> list[Example]:
    """What was told of the person, asked of the assistant: at most ROLE_ROWS, drawn anew each night."""
    asked = sorted(role_questions(dreams, active), key=lambda row: _rank(seed, "role", row[0]))
    return [
        Example(f"role-{name}", "identity", "identity", "", question, answer)
        for name, question, answer in asked[:ROLE_ROWS]
    ]


def untold_count(recipe: Recipe, memories: int) -> int:
    """How many things nobody told are asked about: in step with what was told, so that neither side wins."""
    return max(LEAST_UNTOLD, memories) * recipe.mix.untold


def _number(seed: int, name: str) -> int:
    return int.from_bytes(_rank(seed, "form", name)[:6], "big")


def _shrink(rows: Sequence[Example], most: int) -> list[Example]:
    """At most `most` rows, every kind cut by the same share."""
    if len(rows) <= most:
        return list(rows)
    kinds: dict[str, list[Example]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    return [row for own in kinds.values() for row in own[: len(own) * most // len(rows)]]


def _without_twins(rows: Sequence[Example]) -> list[Example]:
    """Rows with different ids and different questions; the first of its kind stays."""
    ids: set[str] = set()
    asked: set[str] = set()
    kept = []
    for row in rows:
        if row.id not in ids and row.question not in asked:
            kept.append(row)
        ids.add(row.id)
        asked.add(row.question)
    return kept
