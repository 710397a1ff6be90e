"""One Prefect server for all flow tests, and one tiny base."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.tiny_night import tiny_preset


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A temporary Prefect API and database for this run."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preset file of a tiny random model."""
    return tiny_preset(tmp_path_factory.mktemp("tiny"))
