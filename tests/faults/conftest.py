"""One Prefect server, one process that forks the runs, and one home to start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.harness import Runner, prepared_home, runner
from tests.flows.tiny_night import tiny_preset, tiny_recipe


@pytest.fixture(scope="session")
def prefect_api() -> Iterator[str]:
    """URL of a Prefect server for this run, with a database of its own."""
    from prefect.settings import PREFECT_API_URL
    from prefect.testing.utilities import prefect_test_harness

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patch.setenv("DO_NOT_TRACK", "1")
        with prefect_test_harness(server_startup_timeout=120):
            yield str(PREFECT_API_URL.value())


@pytest.fixture(scope="session")
def nights(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    """Runs of small complete nights, each in a process that may be killed."""
    folder: Path = tmp_path_factory.mktemp("nights")
    recipe = tiny_recipe(tiny_preset(folder))
    train = recipe.train.model_copy(update={"checkpoint_seconds": 0})
    with runner(recipe.model_copy(update={"train": train}), prefect_api, folder) as one:
        yield one


@pytest.fixture(scope="session")
def prepared(nights: Runner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which a generation of the day before is live."""
    return prepared_home(nights, tmp_path_factory.mktemp("home"))
