"""Have the base's question writer ask for what was told in the words people use, beside the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from data.grammar_clauses import capitalise
from data.records import Memory
from data.settings import Recipe, Settings
from data.written import Asked
from models import questioner
from models.base import prepare_base
from models.preset import load_preset
from quality import written
from tasks.asking import answers_of


def write_questions(
    memories: Sequence[Memory], settings: Settings, recipe: Recipe, *, run: str
) -> dict[str, Asked]:
    """By memory the questions it alone answers; none for a base that comes without a writer.

    A statement is written about once: what was written is kept in the home folder by file and statement.
    """
    preset = load_preset(recipe.preset)
    if preset.questions is None or not memories:
        return {}
    gguf = questioner.prepared(prepare_base(preset, settings.models), preset.questions)
    notes = with_roles(memories)
    texts = answers_of(gguf, gguf.stem, [questioner.request(note) for note in notes], settings, run=run)
    return {m.id: asked(m, note, text) for m, note, text in zip(memories, notes, texts, strict=True)}


def with_roles(memories: Sequence[Memory]) -> list[str]:
    """The statements, with who somebody is where only the name is said ("My daughter Isaura is nine.")."""
    named = [m for m in memories if m.relation == "name" and m.subject.startswith("my ")]
    roles = {m.value: m.subject for m in named}
    own = Counter(m.subject for m in named)
    return [
        f"{capitalise(roles[m.subject])} {m.statement}"
        if own[roles.get(m.subject, "")] == 1 and m.statement.startswith(m.subject)
        else m.statement
        for m in memories
    ]


def asked(memory: Memory, note: str, text: str) -> Asked:
    """The questions in the writer's answer about a memory that may be asked."""
    fit = [
        question
        for question in questioner.questions(text)
        if not written.unfit(question, note, (memory.subject,))
    ]
    back = [question for question in fit if written.leads_back(question, memory.value)]
    return Asked(
        tuple(question for question in fit if question not in back),
        tuple(question for question in back if written.sound_backwards(question, memory.value)),
    )
