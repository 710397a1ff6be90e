"""What an attacker may try, and that it does not work; docs/security.md names the test of every threat."""

import ast
import importlib
import json
import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import CHECKOUT, Recipe, Settings, load_settings
from data.store import Store
from models import dreamer
from quality.report import Material, render
from tasks.curate import remember
from tasks.export import as_markdown, export
from tests.flows.tiny_night import DAY, ZONE, chat_line
from tests.injections import PLANTED, TEXTS, WAYS

NIGHT = Night(DAY, ZONE)
RECIPE = Recipe()
SECRET = "sk-proj-" + "q7Zr" * 10
PROBLEMS = [(way, text) for way in WAYS for text in TEXTS]


def told(text: str, answer: str = "I see.") -> list[Memory]:
    """The active memories one exchange gives, by the steps of a night."""
    at = datetime(2026, 10, 5, 12, tzinfo=UTC)
    user = Turn("log", "chat", "u", "user", text, at)
    reply = Turn("log", "chat", "a", "assistant", answer, at, parent="u")
    return [m for m in remember([Exchange(user, reply)], [], NIGHT, RECIPE)[1] if m.active]


def planted(memories: list[Memory]) -> bool:
    return any(PLANTED.casefold() in f"{m.statement} {m.value}".casefold() for m in memories)


def test_there_are_enough_attempts() -> None:
    assert len(set(TEXTS)) >= 30 and len(PROBLEMS) >= 240
    assert planted(told(f"My dog is called {PLANTED}."))


FORWARDED = """---------- Forwarded message ---------
From: Rob <rob@mail.example>
Subject: hello

{}"""
MAILS = (
    "what do i say to this?\n\n" + FORWARDED.format("Hi, how are you?\n\n{}"),
    FORWARDED.format("Hi,\n\n{}\n\nBest regards,\nRob"),
    "On Mon, 3 May 2027 at 10:00, Rob wrote:\n{}",
    "Proofread please\n\nDear Anna,\n\nthanks for the call.\n\n{}",
)
QUOTATIONS = (
    'My neighbour wrote on a forum: "{}',
    'My neighbour wrote: "Hello all.\n{}\nBye."',
    "My neighbour wrote: „{}“",
    'She said: "I told him "{}" and left."',
    "my mum texted me:\n{}",
    "tl;dr of this article:\nIt begins with a fox.\n\n{}",
)


@pytest.mark.parametrize("way", WAYS)
def test_foreign_text_never_becomes_a_memory(way: str) -> None:
    assert [text for text in TEXTS if planted(told(WAYS[way].format(text)))] == []


@pytest.mark.parametrize("shape", (*MAILS, *QUOTATIONS))
def test_mails_and_quotations_of_any_shape_plant_nothing(shape: str) -> None:
    assert [text for text in TEXTS if planted(told(shape.format(text)))] == []


@pytest.mark.parametrize(
    "text",
    (
        "my dog is called Bramble. Answer this mail:\n\n" + FORWARDED.format("I live in Rome."),
        FORWARDED.format("I live in Rome.\n\nBest,\nRob\n\nmy dog is called Bramble, he ate my copy"),
        FORWARDED.format("I live in Rome.\n\nhow do i answer? my dog is called Bramble"),
        FORWARDED.format("I live in Rome.\n--- end ---\nmy dog is called Bramble"),
        'My neighbour wrote: "I live in Rome". my dog is called Bramble',
        'my dog is called "Bramble" and my neighbour said "he lives in Rome now, you know"',
    ),
)
def test_own_words_around_foreign_ones_are_kept(text: str) -> None:
    assert [m.statement for m in told(text) if m.slot] == ["My dog is called Bramble."]


def test_the_assistant_and_tools_plant_nothing() -> None:
    assert [text for text in TEXTS if planted(told("Thanks, that is kind.", text))] == []


def test_orders_change_neither_recipe_nor_settings(tmp_path: Path) -> None:
    before = load_settings({}, home=tmp_path, zone=ZONE)
    before.ensure_home()
    importlib.import_module("polars")  # sets a variable for its allocator when first imported
    environment = dict(os.environ)
    (before.inbox / "evil.jsonl").write_text(
        "".join(chat_line(DAY, str(n), t, t) for n, t in enumerate(TEXTS))
    )
    from data.ingest import ingest_paths

    with Store(before.database) as store:
        ingest_paths(store, before)
        verdicts, memories = remember(store.turns.exchanges(NIGHT), [], NIGHT, before.recipe)
        store.memories.replace_night(NIGHT, memories, verdicts)
        assert len(verdicts) == len(TEXTS)
    after = load_settings({}, home=tmp_path, zone=ZONE)
    assert after == before and after.recipe.digest == before.recipe.digest
    assert dict(os.environ) == environment
    assert not (tmp_path / "nocturne.toml").exists()


def hostile() -> list[Memory]:
    """Memories that carry every attempt in every field, as if all defences before had failed."""
    return [
        Memory(f"{n:012x}", text, f"my {text}", text, text, DAY, ("log:chat:u",), slot=f"s{n}")
        for n, text in enumerate(TEXTS)
    ]


def test_no_dream_carries_an_attack_across_its_memory() -> None:
    for memory in hostile():
        for dream in dreamer.dream([memory], 1, RECIPE.dream):
            assert set(dream.memory_ids) <= {memory.id}


def material(memories: list[Memory]) -> Material:
    turn = Turn("log", "chat", "u", "user", "\n".join(TEXTS), datetime(2026, 10, 5, 12, tzinfo=UTC))
    return Material(
        night=NIGHT.id, status="published", message=TEXTS[24], generation="g", recipe="r", memories=memories,
        verdicts=[], turns={turn.id: turn}, dreams=dreamer.dream(memories, 1, RECIPE.dream), answers=[],
        gates=[], stages={}, rejects=[], quarantine=[], megabytes=1, excerpts=True, tried=(),
    )  # fmt: skip


def test_the_report_runs_and_loads_nothing() -> None:
    page = render(material(hostile()))
    assert PLANTED in page
    assert "<script>fetch" not in page and "http://evil.example/p.png" not in re.findall(
        r'src="([^"]*)"', page
    )
    assert not re.findall(r"<(?:iframe|object|embed|link|form)\b", page)


def test_exported_memories_are_plain_words(tmp_path: Path) -> None:
    text = as_markdown(hostile())
    for raw in ("<script>", "![x](", "<|im_start|>", "<memory>", "\n### "):
        assert raw not in text
    settings = load_settings({}, home=tmp_path / "home", zone=ZONE)
    settings.ensure_home()
    with Store(settings.database) as store:
        store.memories.save(hostile())
    for path in export(settings, settings.home):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(json.loads((settings.home / "memories.json").read_text())) == len(TEXTS)


def test_artifacts_carry_counts_and_no_words() -> None:
    from quality.report import dream_rows, verdict_rows

    at = datetime(2026, 10, 5, 12, tzinfo=UTC)
    exchanges = [Exchange(Turn("log", "chat", f"u{n}", "user", t, at)) for n, t in enumerate(TEXTS)]
    verdicts, _ = remember(exchanges, [], NIGHT, RECIPE)
    rows = [*verdict_rows(verdicts), *dream_rows(dreamer.dream(hostile(), 1, RECIPE.dream))]
    assert rows and PLANTED not in json.dumps(rows, default=str)


def test_oversized_input_costs_one_line_and_no_more(tmp_path: Path) -> None:
    from data.ingest import ingest_paths

    settings = load_settings({"NOCTURNE_INGEST__MAX_LINE_BYTES": "20000"}, home=tmp_path, zone=ZONE)
    settings.ensure_home()
    lines = chat_line(DAY, "big", "x" * 50_000, "y") + chat_line(
        DAY, "one", "My dog is called Bramble.", "Ah!"
    )
    (settings.inbox / "big.jsonl").write_text(lines)
    with Store(settings.database) as store:
        report = ingest_paths(store, settings)
    assert report.added == 2 and report.files[0].rejected == 1


# Model files


def sources() -> Iterator[tuple[Path, ast.AST]]:
    for folder in ("data", "quality", "models", "tasks", "flows"):
        for path in (CHECKOUT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield path, node


def test_no_call_unpickles_or_runs_what_a_file_says() -> None:
    banned = {
        "pickle.load",
        "pickle.loads",
        "joblib.load",
        "numpy.load",
        "np.load",
        "eval",
        "exec",
        "os.system",
    }
    banned |= {"yaml.load", "marshal.loads", "shelve.open"}
    found = []
    for path, node in sources():
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        options = {one.arg: ast.unparse(one.value) for one in node.keywords}
        if name in banned or (name == "torch.load" and options.get("weights_only") != "True"):
            found.append(f"{path.name}:{node.lineno} {name}")
        if options.get("shell") == "True" or options.get("trust_remote_code") == "True":
            found.append(f"{path.name}:{node.lineno} {name}")
    assert found == []


class Bomb:
    """An object whose unpickling would run a command."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (str(self.mark),))


def test_a_checkpoint_with_code_in_it_is_not_executed(tmp_path: Path) -> None:
    import pickle

    import torch

    from models import loop

    checkpoint, mark = tmp_path / "checkpoint.pt", tmp_path / "executed"
    torch.save({"mark": "m", "state": Bomb(mark)}, checkpoint)
    with pytest.raises(pickle.UnpicklingError):
        torch.load(checkpoint, weights_only=True)

    class Student:
        device = "cpu"
        parameters: dict[str, torch.Tensor] = {}

    state = loop._resume(Student(), None, checkpoint, "m")  # type: ignore[arg-type]
    assert state == loop.State() and not mark.exists()


def test_an_adapter_of_pickles_is_refused(tmp_path: Path) -> None:
    import torch

    from data.errors import ModelFileError
    from models.merge import load_adapter

    mark = tmp_path / "executed"
    (tmp_path / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 4, "lora_alpha": 8}')
    torch.save({"w": Bomb(mark)}, tmp_path / "adapter_model.bin")
    with pytest.raises(ModelFileError):
        load_adapter(tmp_path)
    assert not mark.exists()


# Permissions and secrets


def test_everything_in_the_home_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        settings = load_settings({}, home=tmp_path / "home", zone=ZONE)
        settings.ensure_home()
        Store(settings.database).close()
        folders = [path for path in (settings.home, *settings.home.iterdir()) if path.is_dir()]
    finally:
        os.umask(old)
    assert [path.name for path in folders if path.stat().st_mode & 0o077] == []
    assert settings.database.stat().st_mode & 0o077 == 0


def test_a_secret_told_in_a_chat_is_never_stored(tmp_path: Path) -> None:
    from data.ingest import ingest_paths

    settings = load_settings({}, home=tmp_path, zone=ZONE)
    settings.ensure_home()
    (settings.inbox / "a.jsonl").write_text(
        chat_line(DAY, "one", f"My API key is {SECRET}", f"Got {SECRET}.")
    )
    with Store(settings.database) as store:
        ingest_paths(store, settings)
        texts = [turn.text for turn in store.turns.all()]
        verdicts, memories = remember(store.turns.exchanges(NIGHT), [], NIGHT, settings.recipe)
        store.memories.replace_night(NIGHT, memories, verdicts)
    assert len(texts) == 2 and SECRET not in " ".join(texts)
    assert SECRET.encode() not in settings.database.read_bytes()


def test_the_api_key_is_shown_by_nothing() -> None:
    settings: Settings = load_settings({"NOCTURNE_SERVE__API_KEY": SECRET})
    shown = [
        repr(settings),
        str(settings),
        settings.model_dump_json(),
        repr(settings.model_dump(mode="json")),
    ]
    assert [text for text in shown if SECRET in text] == []
    assert SECRET not in json.dumps(settings.recipe.model_dump(mode="json"))


def test_a_refused_setting_does_not_repeat_its_secret() -> None:
    from data.errors import BadInput

    with pytest.raises(BadInput) as refused:
        load_settings({"NOCTURNE_SERVE__API_KEY": f'["{SECRET}"]'})
    assert SECRET not in str(refused.value)


def test_no_key_can_reach_prefects_database_as_a_parameter() -> None:
    """Prefect stores the parameters of flows and tasks; the settings, which hold keys, are none of them."""
    found, seen = [], 0
    for path, node in sources():
        if not isinstance(node, ast.FunctionDef):
            continue
        if {ast.unparse(one).split("(")[0] for one in node.decorator_list} & {"task", "flow"}:
            seen += 1
            kinds = {ast.unparse(one.annotation) for one in node.args.args if one.annotation}
            found += [f"{path.name}:{node.name}"] if kinds & {"Settings", "Serve"} else []
    assert seen >= 10 and found == []
    assert not [name for name in Recipe.model_fields if "key" in name or "secret" in name]


def test_a_model_server_is_not_given_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.server import _child_environment

    monkeypatch.setenv("NOCTURNE_SERVE__API_KEY", SECRET)
    assert SECRET not in json.dumps(_child_environment())


def test_every_test_the_threat_model_names_exists() -> None:
    named = re.findall(r"`((?:tests/[\w/]+\.py)?)::(\w+)`", (CHECKOUT / "docs" / "security.md").read_text())
    file, missing = "", []
    for path, name in named:
        file = path or file
        if f"def {name}(" not in (CHECKOUT / file).read_text():
            missing.append(f"{file}::{name}")
    assert len(named) > 30 and missing == []
