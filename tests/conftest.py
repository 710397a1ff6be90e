"""What holds for every test: a home of its own, no network but loopback, no telemetry, no deadlines."""

import os
import socket
from pathlib import Path
from typing import Any

import hypothesis
import pytest

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")

hypothesis.settings.register_profile("nocturne", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("nocturne")

# Servers that live longer than one test read these before any fixture runs.
for _name, _value in {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}.items():
    os.environ[_name] = _value


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point NOCTURNE_HOME at a fresh folder and switch every known telemetry off."""
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("NOCTURNE_HOME", str(home))
    for name in ("DO_NOT_TRACK", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        monkeypatch.setenv(name, "1")
    for name in ("GX_ANALYTICS_ENABLED", "PREFECT_SERVER_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "false")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to anything but loopback and local sockets, so no test can depend on the network."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise OSError(f"A test tried to reach {address[0]!r}; tests stay on this machine.")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
