"""The dependency audit: holes end it with 1, a silent or ignorant service is never called a clean one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from data.settings import CHECKOUT

SAFE = {"name": "h11", "version": "1.0", "vulns": []}
UNKNOWN = {"name": "torch", "skip_reason": "not found"}
HOLE = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": ""}
BAD = {"name": "jinja2", "version": "2.0", "vulns": [HOLE]}
FAKE = """
import json, pathlib, sys
out = pathlib.Path(sys.argv[sys.argv.index("-o") + 1])
out.write_text(json.dumps({"dependencies": json.loads(sys.argv[1])}))
"""


def audit(*program: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(CHECKOUT / ".ci" / "audit.py"), *program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([SAFE, SAFE], 0, ["2 of 2", "0 are vulnerable"]),
        ([SAFE, UNKNOWN], 0, ["1 of 2"]),
        ([SAFE, BAD, UNKNOWN], 1, ["jinja2 2.0 has PYSEC-1", "fixed in 2.1", "2 of 3"]),
    ],
)
def test_what_the_service_knows_decides(
    tmp_path: Path, packages: list[dict], code: int, words: list[str]
) -> None:
    fake = tmp_path / "fake.py"
    fake.write_text(FAKE)
    ended, said = audit(sys.executable, str(fake), json.dumps(packages))
    assert ended == code
    assert all(word in said for word in words), said


def test_without_a_service_nothing_is_called_checked(tmp_path: Path) -> None:
    for program in ([sys.executable, "-c", "raise SystemExit(1)"], [str(tmp_path / "missing")]):
        code, said = audit(*program)
        assert code == 0 and "nothing was checked" in said
