"""Known vulnerabilities of the locked versions: `python .ci/audit.py [PIP-AUDIT]`.

Ends with 1 when some are found, else with 0. Where the advisory service cannot be reached, or does not
know the packages, it says so: a version that nobody looked up is not called safe.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "constraints.txt"
SECONDS = 300


def looked_up(program: list[str]) -> list[dict[str, Any]] | None:
    """What pip-audit knows of every locked package, or None when it could not ask."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit.json"
        words = ["-r", str(LOCK), "--no-deps", "--disable-pip", "--progress-spinner", "off"]
        try:
            subprocess.run(
                [*program, *words, "-f", "json", "-o", str(out)],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
            found: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))["dependencies"]
        except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
            return None
    return found


def main(program: list[str]) -> int:
    """Print what was found and return the exit code."""
    packages = looked_up(program)
    if packages is None:
        print("audit: the advisory service could not be reached; nothing was checked.")
        return 0
    known = [one for one in packages if "skip_reason" not in one]
    bad = [one for one in known if one["vulns"]]
    for one in bad:
        for hole in one["vulns"]:
            fixed = ", ".join(hole["fix_versions"]) or "no version yet"
            print(f"audit: {one['name']} {one['version']} has {hole['id']}; fixed in {fixed}.")
    print(
        f"audit: {len(known)} of {len(packages)} locked versions were looked up, {len(bad)} are vulnerable."
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable, "-m", "pip_audit"]))
