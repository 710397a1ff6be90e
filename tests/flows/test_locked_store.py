"""A store another program holds: a night ends with one clear sentence, loses nothing, and goes on later."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

import tasks.dream
from data.errors import StoreBusy
from data.ingest import ingest_paths
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
    """A home with a day of chats already read; nobody waits long for a store."""
    settings = impatient_home(tmp_path / "home", tiny_recipe(tiny), monkeypatch)
    with Store(settings.database) as store:
        ingest_paths(store, settings)
    return settings


def told(settings: Settings) -> int:
    with Store(settings.database) as store:
        return store.turns.count()


def test_the_command_line_says_who_is_in_the_way_and_the_next_run_goes_on(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = told(home)
    with held(home.database):
        for words in (["night", str(DAY)], ["status"], ["memories"], ["dreams"]):
            assert main(words) == 1
            message = capsys.readouterr().err
            assert "in use by another process" in message and "Traceback" not in message
    assert told(home) == before
    assert main(["night", str(DAY)]) == 0
    assert Registry(home.models).live() is not None


def test_a_night_that_loses_the_store_halfway_fails_cleanly_and_is_finished_later(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.nightly import nightly

    imagine: Callable = tasks.dream.imagine
    with ExitStack() as other:

        def interrupted(*args: object) -> list:
            other.enter_context(held(home.database))
            return imagine(*args)

        monkeypatch.setattr(tasks.dream, "imagine", interrupted)
        state = nightly(night=DAY, return_state=True)
        assert state.is_failed()
        with pytest.raises(StoreBusy, match="in use by another process"):
            state.result()
    assert Registry(home.models).live() is None
    with Store(home.database) as store:
        row = store.nights.get(Night(DAY, ZONE))
        assert row is not None and not row.done
        kept = store.memories.curated(Night(DAY, ZONE))
    monkeypatch.setattr(tasks.dream, "imagine", imagine)
    assert nightly(night=DAY, return_state=True).name == "Published"
    with Store(home.database) as store:
        assert {memory.id for memory in store.memories.active()} == {memory.id for memory in kept}
