"""A stand-in for `nvidia-smi` on the PATH that says what a real one was seen to say."""

from __future__ import annotations

from pathlib import Path

import pytest

CARD = "NVIDIA GeForce RTX 3060, 550.54.14, {total}, {free}, {celsius}, {watts}\n"
WORKERS = """\
# gpu         pid  type    sm   mem   enc   dec   jpg   ofa   command
# Idx           #   C/G     %     %     %     %     %     %   name
    0       {pid}     C    {share}    61     -     -     -     -   blender
    0          -     -     -     -     -     -     -     -   -
    1       {pid}     C    99    61     -     -     -     -   blender
"""


class Nvidia:
    """What the driver would say from now on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.says()
        self.works()
        program = folder / "nvidia-smi"
        program.write_text(
            f'#!/bin/sh\ncase "$1" in pmon) cat {folder}/workers ;; *) cat {folder}/card ;; esac\n'
        )
        program.chmod(0o700)

    def says(self, *, free: int = 11000, celsius: object = 45, watts: object = 60.5) -> None:
        """Memory in MiB, degrees and watts."""
        self._put("card", CARD.format(total=12288, free=free, celsius=celsius, watts=watts))

    def works(self, pid: int | None = None, share: int = 0) -> None:
        """One process that uses this share of the card, or none."""
        self._put("workers", WORKERS.format(pid=pid, share=share) if pid else "")

    def _put(self, name: str, text: str) -> None:
        draft = self.folder / f"{name}.draft"
        draft.write_text(text)
        draft.replace(self.folder / name)


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Nvidia:
    """Put the stand-in first on the PATH."""
    folder.mkdir()
    card = Nvidia(folder)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return card
