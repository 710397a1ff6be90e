"""A whole night under a real Prefect API with a tiny model: published, resumed, refused, never leaking."""

from datetime import date
from pathlib import Path

import pytest

from data.errors import BadInput
from data.night import Night
from data.records import FIRST_PART, GateResult
from data.settings import Settings
from data.store import Store
from tests.flows.tiny_night import CANARY, DAY, ZONE, tiny_recipe, tiny_settings, write_day

pytestmark = pytest.mark.usefixtures("prefect_server")


@pytest.fixture
def lived(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with one day of chats in the inbox."""
    settings = tiny_settings(tmp_path / "home", tiny_recipe(tiny))
    monkeypatch.setenv("NOCTURNE_HOME", str(settings.home))
    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    monkeypatch.setenv("PREFECT_RESULTS_LOCAL_STORAGE_PATH", str(settings.home / "results"))
    write_day(settings)
    return settings


def run(settings: Settings, night: date = DAY, **options: object):
    from flows.nightly import nightly

    return nightly(night=night, recipe=settings.recipe, return_state=True, **options)


def test_a_night_publishes_a_model_and_a_second_run_changes_nothing(lived: Settings) -> None:
    from models.registry import Registry

    state = run(lived)
    assert state.name == "Published", state.message
    live = Registry(lived.models).live()
    assert live is not None and live.gguf.is_file()
    assert live.gguf.name == FIRST_PART and not list(lived.work.rglob("candidate-*"))
    report = (lived.reports / f"{DAY}.html").read_text()
    assert "Pflaume" in report
    with Store(lived.database) as store:
        row = store.nights.get(Night(DAY, ZONE))
        memories = store.memories.active()
    assert row is not None and row.status == "published" and row.generation == live.id
    assert {"Pflaume", "Jasko", "Eberswalde"} <= {memory.value for memory in memories}

    again = run(lived)
    assert again.name == "Unchanged"
    assert Registry(lived.models).live() == live
    from tasks.night import unchanged

    assert "Nothing has changed" in unchanged(lived, DAY)


def test_the_published_model_can_be_taken_elsewhere_as_one_file(lived: Settings) -> None:
    from models.gguf_file import read_gguf
    from models.gguf_parts import parts
    from models.registry import Registry
    from tasks.generations import as_one_file

    out = lived.home / "mine.gguf"
    with pytest.raises(BadInput, match="Nothing has been published"):
        as_one_file(lived, out, None)
    assert run(lived).name == "Published"
    live = Registry(lived.models).live()
    assert live is not None and live.id in as_one_file(lived, out, None)
    held = [name for part in parts(live.gguf) for name in read_gguf(part).tensors]
    assert sorted(read_gguf(out).tensors) == sorted(held) and out.stat().st_mode & 0o77 == 0
    with pytest.raises(BadInput, match="there already"):
        as_one_file(lived, out, live.id)


def test_a_broken_trainer_leaves_the_live_model_and_the_day_alone(
    lived: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from data.errors import BackendError
    from models import trainer
    from models.registry import Registry

    def broken(*args: object, **kwargs: object) -> None:
        raise BackendError("The trainer is broken on purpose.")

    monkeypatch.setattr(trainer, "train", broken)
    from tasks.train import train

    monkeypatch.setattr(train, "retries", 0)
    state = run(lived)
    assert state.is_failed()
    assert Registry(lived.models).live() is None
    with Store(lived.database) as store:
        row = store.nights.get(Night(DAY, ZONE))
        assert row is not None and not row.done
        assert len(store.turns.exchanges(Night(DAY, ZONE))) == 5

    monkeypatch.undo()
    monkeypatch.setenv("NOCTURNE_HOME", str(lived.home))
    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    assert run(lived).name == "Published"


def test_a_failed_gate_is_an_outcome_and_the_day_stays_pending(lived: Settings, tiny: Path) -> None:
    from models.registry import Registry

    gates = lived.recipe.gates.model_copy(update={"advisory": ()})
    strict = lived.model_copy(update={"recipe": lived.recipe.model_copy(update={"gates": gates})})
    state = run(strict)
    assert state.is_completed() and state.name == "Rejected"
    assert "recall" in state.message
    assert Registry(lived.models).live() is None
    with Store(lived.database) as store:
        row = store.nights.get(Night(DAY, ZONE))
    assert row is not None and row.status == "rejected" and not row.done


def test_a_memory_that_breaks_a_gate_is_found_left_out_and_named(
    lived: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.registry import Registry
    from quality import gates

    real = gates.examine

    def broken_by_the_tortoise(candidate: list, *args: object, **options: object) -> list[GateResult]:
        hit = any("pflaume" in answer.probe.accept for answer in candidate)
        broken = GateResult("tortoise", not hit, float(hit), 0.0, 1)
        return [*real(candidate, *args, **options), broken]

    monkeypatch.setattr(gates, "examine", broken_by_the_tortoise)
    recipe = lived.recipe.model_copy(
        update={"publish": lived.recipe.publish.model_copy(update={"repairs": 3})}
    )
    state = run(lived.model_copy(update={"recipe": recipe}))
    assert state.name == "Published" and "left out" in state.message, state.message
    live = Registry(lived.models).live()
    assert live is not None
    with Store(lived.database) as store:
        memories = {memory.id: memory for memory in store.memories.active()}
        left_out = live.manifest["extra"]["left_out"]
        assert "Pflaume" in {memories[one].value for one in left_out}
        assert 0 < len(left_out) < len(memories)
        assert not {row.group for row in store.dreams.mixture(Night(DAY, ZONE))}.intersection(left_out)
    assert [one.status for one in Registry(lived.models).all()].count("published") == 1
    assert "candidate" not in {one.status for one in Registry(lived.models).all()}
    page = (lived.reports / f"{DAY}.html").read_text()
    assert all(memories[one].statement in page.partition("Left out")[2] for one in left_out)


def test_no_chat_text_reaches_prefects_database(lived: Settings) -> None:
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, PREFECT_HOME

    run(lived)
    with Store(lived.database) as store:
        assert any(CANARY in e.user.text for e in store.turns.exchanges(Night(DAY, ZONE)))
    database = Path(str(PREFECT_API_DATABASE_CONNECTION_URL.value()).split("///")[1])
    assert database.stat().st_size > 0
    places = [PREFECT_HOME.value(), database.parent, lived.home / "results", lived.logs]
    files = [path for place in places for path in Path(place).rglob("*") if path.is_file()]
    holding = [path.name for path in files if CANARY.encode() in path.read_bytes()]
    assert holding == []


def test_a_day_without_chats_is_skipped_with_a_reason(lived: Settings) -> None:
    state = run(lived, date(2026, 10, 3))
    assert state.name == "Skipped" and "no chats" in state.message


def test_a_day_in_the_future_is_refused(lived: Settings) -> None:
    from data.errors import BadInput

    state = run(lived, date(2099, 1, 1))
    assert state.is_failed()
    with pytest.raises(BadInput, match="not over yet"):
        state.result()
