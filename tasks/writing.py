"""Have the base's question writer ask for what was told in the words people use, beside the rules."""

from __future__ import annotations

from collections.abc import Sequence

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
    texts = answers_of(
        gguf, gguf.stem, [questioner.request(m.statement) for m in memories], settings, run=run
    )
    return {m.id: asked(m, text) for m, text in zip(memories, texts, strict=True)}


def asked(memory: Memory, text: str) -> Asked:
    """The questions in the writer's answer about a memory that may be asked."""
    fit = [
        question
        for question in questioner.questions(text)
        if not written.unfit(question, memory.statement, (memory.subject,))
    ]
    back = [question for question in fit if written.leads_back(question, memory.value)]
    return Asked(
        tuple(question for question in fit if question not in back),
        tuple(question for question in back if written.sound_backwards(question, memory.value)),
    )
