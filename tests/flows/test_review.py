"""Dreams wait for a person: nothing is trained before, what is vetoed stays out of every night."""

import json
from pathlib import Path

import pytest

from data.errors import BackendError
from data.night import Night
from data.settings import Settings
from data.store import Store
from flows.__main__ import main
from models.registry import Registry
from tests.flows.tiny_night import DAY, ZONE, tiny_recipe, tiny_settings, write_day

pytestmark = pytest.mark.usefixtures("prefect_server")
WAITING = 4
NIGHT = Night(DAY, ZONE)


@pytest.fixture
def careful(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a day of chats, whose person wants to see dreams first."""
    settings = tiny_settings(tmp_path / "home", tiny_recipe(tiny))
    monkeypatch.setenv("NOCTURNE_HOME", str(settings.home))
    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    monkeypatch.setenv("NOCTURNE_RECIPE", settings.recipe.model_dump_json())
    monkeypatch.setenv("NOCTURNE_REVIEW__DREAMS", "true")
    monkeypatch.setenv("NOCTURNE_SERVE__CONTEXT", "512")
    monkeypatch.setenv("PREFECT_RESULTS_LOCAL_STORAGE_PATH", str(settings.home / "results"))
    write_day(settings)
    return settings


def sleep(*options: str) -> int:
    return main(["night", str(DAY), *options])


def shown(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict]:
    capsys.readouterr()
    assert main(["dreams", "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)["dreams"]


def trained(settings: Settings) -> set[str]:
    with Store(settings.database) as store:
        return {row.id for row in store.dreams.mixture(NIGHT)}


def status(settings: Settings) -> str:
    with Store(settings.database) as store:
        row = store.nights.get(NIGHT)
    return row.status if row else ""


def test_a_night_waits_for_a_look_at_its_dreams_and_goes_on_with_what_is_left(
    careful: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sleep() == WAITING
    assert "flows dreams" in capsys.readouterr().out
    assert (status(careful), trained(careful), Registry(careful.models).all()) == ("waiting", set(), [])
    assert sleep() == WAITING

    new = [one for one in shown(capsys) if one["split"] == "train" and one["memory_ids"]]
    unwanted, kept = new[0], new[1]
    assert main(["dreams", "--veto", unwanted["id"]]) == 0
    assert unwanted["id"] not in {one["id"] for one in shown(capsys)}
    assert sleep() == WAITING
    assert main(["dreams", "--approve"]) == 0
    assert status(careful) == "pending" and shown(capsys) == []

    assert sleep() == 0
    assert status(careful) == "published"
    assert kept["id"] in trained(careful) and unwanted["id"] not in trained(careful)

    assert sleep("--redo") == 0
    assert kept["id"] in trained(careful) and unwanted["id"] not in trained(careful)
    reasons = {one["id"]: one["refused"] for one in shown(capsys, "--all")}
    assert "vetoed" in reasons[unwanted["id"]] and reasons[kept["id"]] == ""


def test_a_veto_counts_although_dreams_and_mixture_of_a_broken_night_are_remembered(
    careful: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.nightly import nightly
    from models import trainer
    from tasks.train import train

    def broken(*args: object, **kwargs: object) -> None:
        raise BackendError("The trainer is broken on purpose.")

    monkeypatch.setattr(train, "retries", 0)
    with monkeypatch.context() as patch:
        patch.setattr(trainer, "train", broken)
        assert nightly(night=DAY, review_dreams=False, return_state=True).is_failed()
    late = min(trained(careful) & {one.id for one in dreams(careful)})
    assert main(["dreams", "--veto", late]) == 0
    assert nightly(night=DAY, review_dreams=False, return_state=True).name == "Published"
    assert trained(careful) and late not in trained(careful)


def dreams(settings: Settings) -> list:
    with Store(settings.database) as store:
        return store.dreams.all(NIGHT)


def test_a_dream_nobody_had_is_named_and_nothing_else_is_vetoed(
    careful: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dreams"]) == 2
    assert "flows night" in capsys.readouterr().err
    assert sleep() == WAITING
    known = shown(capsys)[0]["id"]
    assert main(["dreams", "--veto", known, "0123"]) == 2
    assert "0123" in capsys.readouterr().err
    assert known in {one["id"] for one in shown(capsys)}
