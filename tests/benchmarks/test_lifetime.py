"""The lifetime study: what the pipeline may see, how far facts come, what is counted, how a run goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import lifetime, lifetime_evening, lifetime_figures, lifetime_night, lifetime_run
from benchmarks.life import Life, load_life
from benchmarks.lifetime_arms import Panel, life_request, prompt_of
from benchmarks.lifetime_evening import Study, remembered_answers
from benchmarks.lifetime_funnel import funnel, lost_at, trace
from benchmarks.lifetime_plots import draw
from benchmarks.lifetime_tables import table
from data.errors import BadInput
from data.night import Night
from data.records import ChatRequest, Example, Memory, Message
from data.settings import load_settings
from data.store import Store

TOLD = "2026-03-02"
CANARIES = ("Canaryname", "canaryabout", "canarystatement", "canaryaccept", "canaryquestion", "canaryreject")
LATER = "Canarytomorrow"


def write_life(folder: Path) -> Path:
    """Two days; everything that the pipeline must not see carries a canary."""

    def chat(day: str, number: int, text: str) -> dict[str, Any]:
        stamp = f"{day}T1{number}:00"
        messages = [
            {"role": "user", "content": text, "created_at": f"{stamp}:00Z"},
            {"role": "assistant", "content": "Good to know.", "created_at": f"{stamp}:30Z"},
        ]
        return {"id": f"{day}-{number}", "messages": messages}

    def probe(name: str, kind: str, fact: str | None, accept: list[str]) -> dict[str, Any]:
        return {
            "id": name,
            "kind": kind,
            "fact": fact,
            "question": f"canaryquestion {name}?",
            "accept": accept,
            "reject": ["canaryreject"],
            "from": TOLD,
            "until": None,
        }

    raw = {
        "format": "nocturne-life/1",
        "person": {"name": "Canaryname", "zone": "UTC", "about": "canaryabout"},
        "days": [
            {"date": TOLD, "conversations": [chat(TOLD, 0, "My dog is called Bramble.")]},
            {
                "date": "2026-03-03",
                "conversations": [chat("2026-03-03", 1, f"My sister is called {LATER}.")],
            },
        ],
        "facts": [
            {
                "id": "dog",
                "told": TOLD,
                "statement": "canarystatement",
                "relation": "dog's name",
                "value": "Bramble",
                "accept": ["bramble", "canaryaccept"],
                "replaces": None,
                "forgotten": None,
            }
        ],
        "probes": [
            probe("direct-1", "direct", "dog", ["bramble"]),
            probe("untold-1", "never_told", None, []),
            probe("story-1", "story", None, []),
        ],
    }
    path = folder / "life.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


@pytest.fixture
def life(tmp_path: Path) -> Life:
    return load_life(write_life(tmp_path))


def everything(database: Path) -> str:
    """All rows of all tables of a store as one text."""
    with Store(database) as store:
        tables = store.connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
        rows = [store.connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables]
    return repr(rows).casefold()


def test_only_zone_and_messages_up_to_tonight_reach_the_pipeline(life: Life, tmp_path: Path) -> None:
    settings = lifetime_night.home_settings(tmp_path / "home", life.zone, load_settings({}).recipe)
    today = life.days[0]
    asked: list[str] = []

    def base_words(prompts: Sequence[str], beginnings: Sequence[str]) -> dict[str, str]:
        asked.extend([*prompts, *beginnings])
        return dict.fromkeys(asked, "A plain answer.")

    remembered = lifetime_night.remember_day(settings, today)
    dreams = lifetime_night.dream_night(settings, today.date)
    rows = lifetime_night.mix_night(settings, today.date, 0, base_words)
    raw = lifetime_night.transcript_rows(remembered.exchanges, settings.recipe.persona)
    found = lifetime_night.search(settings, ["What is my dog called?"], 5)
    seen = repr([remembered, dreams, rows, raw, found, asked]).casefold() + everything(settings.database)
    assert "bramble" in everything(settings.database)
    assert any("Bramble" in row.answer for row in rows)
    assert [canary for canary in (*CANARIES, LATER) if canary.casefold() in seen] == []


def test_only_the_context_arm_gets_statements_and_no_arm_the_answers(life: Life) -> None:
    facts = [fact.statement for fact in life.facts]
    found = {life.probes[0].question: ["My dog is called Bramble."]}
    prompts = {
        arm: life_request(life.probes[0], prompt_of(arm, "Persona.", facts, found)).messages[0].content
        for arm in ("none", "context", "retrieve", "raw", "dream", "dream+retrieve")
    }
    assert {arm for arm, prompt in prompts.items() if "canarystatement" in prompt} == {"context"}
    assert {arm for arm, prompt in prompts.items() if "Bramble" in prompt} == {"retrieve", "dream+retrieve"}
    assert not any("canaryaccept" in prompt or "canaryreject" in prompt for prompt in prompts.values())
    assert prompts["none"] == prompts["raw"] == prompts["dream"] == "Persona."


def memory(statement: str, *, state: Any = "new", name: str = "m1") -> Memory:
    return Memory(name, statement, "my dog", "name", "Bramble", date(2026, 3, 2), ("t1",), state=state)


def test_a_fact_is_lost_at_the_first_stage_it_does_not_reach(life: Life) -> None:
    fact, said = life.facts[0], {"t1": "My dog is called Bramble."}
    right, wrong = memory("My dog is called Bramble."), memory("I have a dog.")
    row = Example("r", "direct", "m1", "", "What is my dog called?", "Your dog is called Bramble.")
    assert trace(fact, said, [right], [right], [row]) == dict.fromkeys(
        ("told", "extracted", "kept", "dreamt"), True
    )
    assert lost_at(trace(fact, said, [wrong], [wrong], [row])) == "extracted"
    assert lost_at(trace(fact, {"t1": "Who is Rex?"}, [right], [right], [row])) == "extracted"
    assert lost_at(trace(fact, said, [right], [memory(right.statement, state="superseded")], [row])) == "kept"
    assert lost_at(trace(fact, said, [right], [right], [])) == "dreamt"


def test_the_funnel_counts_a_stage_only_after_all_before_it() -> None:
    reached = {"told": True, "extracted": True, "kept": True, "dreamt": True}
    facts = {
        "a": {**reached, "learned": True, "recalled": True},
        "b": {**reached, "learned": False, "recalled": True},
        "c": {**reached, "extracted": False, "recalled": True},
    }
    assert funnel(facts) == {
        "told": 3,
        "extracted": 2,
        "kept": 2,
        "dreamt": 2,
        "learned": 1,
        "recalled": 1,
    }


def record(arm: str, outcomes: dict[str, str], known: str = "right", **more: Any) -> dict[str, Any]:
    stages = {"told": True, "extracted": True, "kept": True}
    return {
        "arm": arm,
        "seed": 0,
        "night": 2,
        "date": "2026-03-03",
        "answers": {name: [outcome, "text"] for name, outcome in outcomes.items()},
        "panel": {"k1": ["knowledge", known, "text"], "i1": ["identity", "right", "text"]},
        "facts": {"dog": stages},
        "ended": {"cat": True, "hamster": False},
        "cost": {},
        **more,
    }


BASE = record("none", {"direct-1": "false", "untold-1": "false", "story-1": "right"})
CEILING = record("context", {"direct-1": "right", "untold-1": "right", "story-1": "right"})


def test_an_arm_is_counted_beside_the_base(life: Life) -> None:
    dream = record(
        "dream",
        {"direct-1": "right", "untold-1": "rejected", "story-1": "rejected"},
        known="false",
        sixteen_bit={"direct-1": ["right", "text"]},
    )
    figures = lifetime_figures.study_figures(life, [BASE, CEILING, dream])["arms"]["dream"]["2"]
    assert figures["recall"]["right"] == 1 and figures["recall"]["n"] == 1
    assert figures["by_age"]["0-1"]["n"] == 1 and figures["by_age"]["2-7"]["n"] == 0
    assert figures["headroom"] == 1.0
    assert figures["false_memories"]["share"] == 1.0
    assert (figures["leaks"]["right"], figures["leaks"]["n"]) == (1, 2)
    assert figures["dream_bias"]["share"] == 1.0
    assert (figures["knowledge"]["lost"], figures["knowledge"]["gained"]) == (1, 0)
    assert figures["served_against_16_bit"]["lost"] == 0
    assert figures["funnel"]["facts"] == {"recalled": ["dog"]}
    assert (figures["ended_in_ledger"]["right"], figures["ended_in_ledger"]["n"]) == (1, 2)


def test_a_story_the_base_spoils_too_is_no_dream_bias(life: Life) -> None:
    spoilt = record("none", {"direct-1": "false", "untold-1": "false", "story-1": "rejected"})
    dream = record("dream", {"direct-1": "false", "untold-1": "right", "story-1": "rejected"})
    figures = lifetime_figures.study_figures(life, [spoilt, dream])["arms"]["dream"]["2"]
    assert figures["dream_bias"]["n"] == 0


def test_intervals_hold_their_figure_and_nothing_asked_gives_none() -> None:
    pairs: list[Any] = [(SimpleNamespace(fact=f"f{n % 5}"), "right" if n % 3 else "false") for n in range(30)]
    figure = lifetime_figures.share(pairs, "right")
    assert figure["low"] <= figure["share"] <= figure["high"]
    assert lifetime_figures.share([], "right")["share"] is None


def test_answers_that_are_known_are_not_asked_again(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(requests: Sequence[ChatRequest]) -> list[str]:
        asked.extend(request.messages[0].content for request in requests)
        return [f"to {request.messages[0].content}" for request in requests]

    def request(text: str) -> ChatRequest:
        return ChatRequest((Message("user", text),))

    path = tmp_path / "answers.json"
    assert remembered_answers(path, [request("a"), request("b"), request("a")], ask) == [
        "to a",
        "to b",
        "to a",
    ]
    assert remembered_answers(path, [request("b"), request("c")], ask) == ["to b", "to c"]
    assert asked == ["a", "b", "c"]


@pytest.fixture
def study(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A study of the untrained arms with a scripted model that knows the dog when its prompt does."""

    def complete(self: Any, requests: Sequence[ChatRequest]) -> list[str]:
        return [
            "Your dog is Bramble." if "canarystatement" in request.messages[0].content else "I don't know."
            for request in requests
        ]

    base = SimpleNamespace(gguf=tmp_path / "base.gguf", digest="base", hf=tmp_path)
    monkeypatch.setattr(lifetime_run, "prepare_base", lambda *_: base)
    monkeypatch.setattr(lifetime_night.FileChat, "complete", complete)
    monkeypatch.setattr(lifetime_evening.measure, "perplexity", lambda *_: 20.0)
    return Study(
        life=life,
        recipe=load_settings({}).recipe,
        arms=("none", "context", "retrieve"),
        seeds=2,
        nights=2,
        examined=(1, 2),
        panel=Panel.load(3, 2),
        out=tmp_path / "out",
        models=tmp_path / "models",
    )


def test_a_study_is_lived_counted_shown_and_drawn(study: Study, tmp_path: Path) -> None:
    records = lifetime_run.run(study)
    assert sorted((one["arm"], one["night"]) for one in records) == [
        (arm, night) for arm in ("context", "none", "retrieve") for night in (1, 2)
    ]
    figures = lifetime_figures.study_figures(study.life, records)
    assert figures["arms"]["context"]["2"]["recall"]["share"] == 1.0
    assert figures["arms"]["none"]["2"]["recall"]["share"] == 0.0
    assert figures["arms"]["none"]["2"]["funnel"]["counts"]["kept"] == 1
    text = table(json.loads(json.dumps(figures)))
    assert "context" in text and "1/1 100 %" in text
    names = {path.name for path in draw(figures, tmp_path)}
    assert {"recall-by-age.png", "recall-by-age.svg"} <= names
    assert all((tmp_path / name).stat().st_size > 1000 for name in names)


def test_a_stopped_study_goes_on_without_asking_again(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    first = lifetime_run.run(study)
    (study.out / "records" / "context-s0-n02.json").unlink()
    (study.out / "base-answers.json").unlink()
    asked: list[int] = []
    answer = lifetime_night.FileChat.complete

    def count(self: Any, requests: Sequence[ChatRequest]) -> list[str]:
        asked.append(len(requests))
        return answer(self, requests)

    monkeypatch.setattr(lifetime_night.FileChat, "complete", count)
    second = lifetime_run.run(study)
    costless = [{k: v for k, v in one.items() if k != "cost"} for one in first]
    assert [{k: v for k, v in one.items() if k != "cost"} for one in second] == costless
    assert len(asked) == 1


def test_a_folder_belongs_to_one_study(study: Study) -> None:
    lifetime_run.run(study)
    other = replace(study, examined=(2,))
    with pytest.raises(BadInput, match="another study"):
        lifetime_run.run(other)


def test_the_examined_nights_end_with_the_last(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert lifetime.nights_of("1,3,6,12", 8) == (1, 3, 6, 8)
    assert lifetime.nights_of("6", 1) == (1,)
    assert lifetime.arms_of("dream") == ("none", "dream")
    assert lifetime.main(["--arms", "dreams", "--out", str(tmp_path)]) == 2
    assert "no arm 'dreams'" in capsys.readouterr().err
    assert lifetime.main(["--set", "train.passes", "--out", str(tmp_path)]) == 2
    assert lifetime.main(["--set", "train.laps=3", "--out", str(tmp_path)]) == 2


def test_a_home_starts_empty(life: Life, tmp_path: Path) -> None:
    recipe = load_settings({}).recipe
    settings = lifetime_night.home_settings(tmp_path / "home", life.zone, recipe)
    lifetime_night.remember_day(settings, life.days[0])
    again = lifetime_night.home_settings(tmp_path / "home", life.zone, recipe)
    with Store(again.database) as store:
        assert store.turns.exchanges(Night(life.days[0].date, life.zone)) == []
