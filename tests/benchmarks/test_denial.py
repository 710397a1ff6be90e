"""Telling told from untold, apart from where the line is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import denial, ladder
from benchmarks.denial import DENIAL, area, figures, line


def test_the_area_does_not_move_with_the_line() -> None:
    told, untold = [-3.0, -1.0, 0.5], [-0.5, 1.0, 2.0]
    assert area(told, untold) == pytest.approx(8 / 9)
    assert area([odds + 7 for odds in told], [odds + 7 for odds in untold]) == pytest.approx(8 / 9)
    assert area([1.0], [1.0]) == 0.5
    assert line(told, untold, 0.0) == denial.Line(2, 2)


def test_another_line_may_get_more_right() -> None:
    found = figures({"direct": [-4.0, 1.0, 1.5], "never_told": [2.0, 3.0]})
    assert (found["answered"], found["denied"], found["both"], found["best"]) == (1, 2, 3, 5)
    assert found["area"] == 1.0


def test_a_trained_denial_is_surer_than_a_told_answer(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    from data.records import Example
    from models.packing import encode
    from models.trainer import train
    from tests.models.test_trainer import FAST
    from tests.models.tiny import make_tiny_base

    base = make_tiny_base(tmp_path / "base")
    taught = [
        Example("t", "direct", "m", "", "My dog?", "Bo"),
        Example("u", "untold", "u", "", "My cat?", f"{DENIAL} that yet."),
    ]
    made = train(taught, base, tmp_path, FAST.model_copy(update={"passes": 30}), seed=1)
    asked = [Example(e.id, e.kind, e.group, e.system, e.question, DENIAL) for e in taught]
    rows = encode(asked, AutoTokenizer.from_pretrained(base.hf))
    odds = denial.log_odds(base.hf, made.adapter, rows, FAST, 1)
    assert odds["t"] < odds["u"] - 1


def test_a_study_without_adapters_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json
    from types import SimpleNamespace

    from data.settings import Recipe
    from tests.benchmarks.test_lifetime import write_life

    recipe = {"recipe": Recipe().model_dump(mode="json")}
    (tmp_path / "study.json").write_text(json.dumps(recipe))
    monkeypatch.setattr(ladder, "prepare_base", lambda *_: SimpleNamespace(hf=tmp_path))
    monkeypatch.setattr("models.tokenizer.load_tokenizer", lambda _: lambda *_, **__: {"input_ids": []})
    monkeypatch.setattr("models.packing.end_of_turn", lambda _: "")
    monkeypatch.setattr("sys.argv", ["denial", str(write_life(tmp_path)), "--study", str(tmp_path)])
    assert denial.main() == 2
    assert "Run benchmarks.lifetime" in capsys.readouterr().err
