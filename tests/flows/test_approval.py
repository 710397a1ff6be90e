"""A night that waits for a person: its model serves nobody before `publish`, which can be repeated."""

from pathlib import Path

import pytest

from data.night import Night
from data.settings import Settings
from data.store import Store
from flows.__main__ import main
from models.registry import Registry
from tests.flows.held_store import held, impatient_home
from tests.flows.tiny_night import DAY, ZONE, tiny_recipe

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def home(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose recipe asks a person before a model is published, with a day of chats."""
    return impatient_home(tmp_path / "home", tiny_recipe(tiny, approval=True), monkeypatch)


def status(settings: Settings) -> str:
    with Store(settings.database) as store:
        row = store.nights.get(Night(DAY, ZONE))
        assert row is not None
        return row.status


def test_a_model_waits_for_its_person_and_is_published_by_them(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(home.models)
    assert main(["night", str(DAY)]) == 0
    (waiting,) = registry.all()
    assert waiting.status == "candidate" and registry.live() is None
    assert waiting.id in capsys.readouterr().out

    with held(home.database):
        assert main(["publish"]) == 1
        said = capsys.readouterr().err
        assert "in use by another process" in said
        assert registry.live() is not None and f"publish {waiting.id}` again" in said
    assert main(["publish", waiting.id, "--reason", "read the report"]) == 0
    live = registry.live()
    assert live is not None and live.id == waiting.id and live.status == "published"
    assert status(home) == "published"
    assert main(["publish"]) == 2
    assert "No candidate is waiting" in capsys.readouterr().err
