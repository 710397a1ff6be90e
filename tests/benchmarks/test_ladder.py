"""Other strengths and formats of a study's adapter: which files are made, and what is said of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks import ladder, lifetime_night
from data.errors import BadInput
from data.records import ChatRequest
from data.settings import load_settings
from tests.benchmarks.test_lifetime import BASE, record, write_life


def test_scales_come_in_the_first_format_and_formats_at_the_first_scale() -> None:
    assert ladder.rungs("1,0.5", "Q8_0, Q4_K_M") == [(1.0, "Q8_0"), (0.5, "Q8_0"), (1.0, "Q4_K_M")]
    with pytest.raises(BadInput, match="not a list of numbers"):
        ladder.rungs("full", "Q8_0")


def test_every_rung_is_asked_and_counted_beside_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "study"
    (study / "records").mkdir(parents=True)
    recipe = load_settings({}).recipe
    (study / "study.json").write_text(json.dumps({"recipe": recipe.model_dump(mode="json")}))
    words = ["ladder", str(write_life(tmp_path)), "--study", str(study), "--night", "2"]
    words += ["--scales", "1,0.5", "--quants", "Q8_0", "--knowledge", "1", "--others", "1", "--json"]
    monkeypatch.setattr("sys.argv", words)
    monkeypatch.setattr(ladder, "prepare_base", lambda *_: SimpleNamespace())
    assert ladder.main() == 2
    assert "Run benchmarks.lifetime" in capsys.readouterr().err

    monkeypatch.setattr(ladder.measure, "perplexity", lambda *_: 20.0)
    panel = ladder.Panel.load(1, 1)
    known = {probe.id: [probe.kind, "right", "text"] for probe in panel.probes}
    floor = BASE | {"panel": known, "perplexity": 10.0, "residue": []}
    dreamt = record("dream", {"direct-1": "right"}, residue=[], perplexity=20.0)
    for one in (floor, dreamt):
        (study / "records" / f"{one['arm']}-s0-n02.json").write_text(json.dumps(one))

    def export(base: Any, adapter: Path, out: Path, quant: str, scale: float) -> SimpleNamespace:
        assert adapter == study / "home-0" / "work" / "dream-n02" / "adapter"
        out.write_text(str(scale))
        return SimpleNamespace(path=out, size=1_000_000)

    def complete(self: Any, requests: Sequence[ChatRequest]) -> list[str]:
        whole = self.gguf.read_text() == "1.0"
        return ["Your dog is Bramble." if whole else "I don't know."] * len(requests)

    monkeypatch.setattr(ladder.gguf, "export", export)
    monkeypatch.setattr(lifetime_night.FileChat, "complete", complete)
    assert ladder.main() == 0
    shown = capsys.readouterr().out
    found = json.loads(shown.splitlines()[-1])
    assert [one["by_kind"]["direct"]["right"] for one in found] == [1, 0]
    assert found[0]["perplexity_ratio"] == 2.0
    assert "0.5 Q8_0" in shown and "1/1" in shown and "x 2.000" in shown
