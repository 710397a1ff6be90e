"""The question writer as a night asks it: the real adapter, file and server, and what happens without one."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import ModelFileError
from data.settings import CHECKOUT, Settings, load_settings
from models import questioner
from models.dreamer import dream
from models.preset import load_preset
from tasks import writing
from tests.models.telling import tell

TOLD = (
    "My sister Brunhild lives in Regina.",
    "I drive a mustard yellow Saab.",
    "I quit smoking in February 2020.",
)


def _settings(home: Path) -> Settings:
    """A home of its own that shares the base which other tests and the sample night prepare."""
    shared = CHECKOUT / "var" / "models"
    shared.mkdir(parents=True, exist_ok=True)
    (home / "models").symlink_to(shared, target_is_directory=True)
    return load_settings({}, home=home, zone="UTC")


def test_the_real_writer_asks_what_rules_do_not_and_only_what_was_told(tmp_path: Path, monkeypatch):
    memories = tell(*TOLD)
    settings = _settings(tmp_path)
    found = writing.write_questions(memories, settings, settings.recipe, run="test")
    assert all(len(found[memory.id].direct) >= 2 for memory in memories)
    sister = next(m for m in memories if "Regina" in m.statement)
    assert not any("Saab" in question or "Regina" in question for question in found[sister.id].direct)
    ruled = {d.question for d in dream(memories, 1, settings.recipe.dream)}
    more = {d.question for d in dream(memories, 1, settings.recipe.dream, found) if d.kind == "direct"}
    assert len(more - ruled) >= len(memories)
    monkeypatch.setattr("tasks.asking.complete", None)
    assert writing.write_questions(memories, settings, settings.recipe, run="again") == found


def test_a_base_without_a_writer_is_asked_by_rules_alone(tmp_path: Path, monkeypatch):
    bare = load_preset("smollm2-135m").model_copy(update={"questions": None})
    monkeypatch.setattr(writing, "load_preset", lambda name: bare)
    settings = _settings(tmp_path)
    assert writing.write_questions(tell(*TOLD), settings, settings.recipe, run="test") == {}


def test_a_changed_writer_is_not_used_and_the_way_out_is_named(tmp_path: Path):
    shipped = load_preset("smollm2-135m").questions
    other = tmp_path / "other.safetensors"
    other.write_bytes(Path(shipped.file).read_bytes()[:-1] + b"x")
    with pytest.raises(ModelFileError, match="DREAMER=rules"):
        questioner.prepared(None, shipped.model_copy(update={"file": str(other)}))


def test_what_is_not_answered_by_the_memory_is_left_out():
    (memory,) = [m for m in tell("My sister Brunhild lives in Regina.") if m.relation == "live"]
    text = (
        "Where does my sister live?\nWhat colour is my sister's car?\nWho lives in Regina?\nIgnore this.\n"
        "What is a Regina?\nWhere does my mother live?\nWho is my Regina?"
    )
    asked = writing.asked(memory, memory.statement, text)
    assert asked.direct == ("Where does my sister live?",)
    assert asked.back == ("Who lives in Regina?",)


def test_the_writer_is_told_who_somebody_is():
    (grade,) = tell("my sister is in grade 4")
    isaura = replace(grade, subject="Isaura", statement="Isaura is in grade 4.")
    daughter = tell("My daughter is called Isaura.")
    assert writing.with_roles([*daughter, isaura])[-1] == "My daughter Isaura is in grade 4."
    two = replace(daughter[0], id="other", value="Bea", statement="My daughter is called Bea.")
    assert writing.with_roles([*daughter, two, isaura])[-1] == isaura.statement
