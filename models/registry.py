"""Generations on disk and the pointer to the one that is served.

A generation is built in a work folder, described by a manifest written last, and renamed into place in
one step; the pointer `live.json` is replaced in one step too. So whenever the machine stops, either the
old model serves and the leftovers are known, or the new one is whole. Knows nothing about what is inside
the model file, nor about the server that reads it.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from data.errors import BadInput, ModelFileError
from data.records import FIRST_PART, MODEL, GateResult, Generation
from models.files import MANIFEST, check, describe, fsync, locked, read_json, seal, write_json

Status = Literal["candidate", "published", "rejected", "retired"]
_LAYOUT = 1
_MODELS = ".gguf"
_WORK, _TRASH, _HELD = ".work-", ".trash-", ".held"
_REMEDY = "Roll back to another generation, or run that night again."


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is live and which was before; None stands for the untouched base."""

    live: str | None = None
    previous: str | None = None
    changed: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What a generation was made from; with the base it determines the model."""

    base: str
    adapter: str
    recipe: str
    mixture: str
    memories: str
    seed: int
    quant: str
    scale: float
    gates: Sequence[GateResult] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


class Registry:
    """The generations under `models_dir/generations` and the pointer `models_dir/live.json`."""

    def __init__(self, models_dir: Path) -> None:
        self.folder = models_dir / "generations"
        self.pointer_file = models_dir / "live.json"
        self._lock = models_dir / ".registry.lock"
        self._held: dict[Path, int] = {}
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def create(self, night: str) -> Path:
        """A private work folder for one night; `recover` leaves it alone while this process lives."""
        work = Path(tempfile.mkdtemp(prefix=f"{_WORK}{night}-", dir=self.folder))
        handle = os.open(work / _HELD, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        self._held[work] = handle
        return work

    def commit(
        self,
        work: Path,
        night: str,
        record: Record,
        status: Status = "candidate",
        created: datetime | None = None,
    ) -> Generation:
        """Turn a work folder with a model of one file or two into a generation and return it.

        The id is the night and the start of the model's digest, so committing the same result twice
        gives one generation, with the newer gates and status. Everything is on disk before it is named.
        """
        model = FIRST_PART if (work / FIRST_PART).is_file() else MODEL
        if not (work / model).is_file():
            raise ModelFileError(f"{work / MODEL} is missing; export the model before committing it.")
        files = describe(work)
        digest = str(files[model]["sha256"])
        name = f"{night}-{digest[:8]}"
        manifest = {
            **asdict(record),
            "layout": _LAYOUT,
            "id": name,
            "night": night,
            "digest": digest,
            "status": status,
            "created": (created or datetime.now(UTC)).isoformat(),
            "files": files,
        }
        with locked(self._lock):
            self._store_once(work, files)
        seal(work)
        write_json(work / MANIFEST, manifest)
        target = self.folder / name
        with locked(self._lock):
            self._place(work, target, manifest)
            (target / _HELD).unlink(missing_ok=True)
            self._settle_statuses(self.pointer().live)
        if (handle := self._held.pop(work, None)) is not None:
            os.close(handle)
        return self.get(name)

    def _store_once(self, work: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
        """Link model files that an earlier generation holds byte for byte: once on disk, once in memory.

        The copy stays where the earlier file is damaged, and where the file system knows no links.
        """
        earlier = self.all()
        for name, facts in files.items():
            holders = [one.path for one in earlier if one.manifest.get("files", {}).get(name) == facts]
            if holders and name.endswith(_MODELS):
                with suppress(ModelFileError, OSError):
                    check(holders[-1], {name: facts}, _REMEDY, digests=True)
                    os.link(holders[-1] / name, work / f".{name}")
                    os.replace(work / f".{name}", work / name)

    def _place(self, work: Path, target: Path, manifest: Mapping[str, Any]) -> None:
        """Rename the work folder into place; a whole twin that may be live stays and takes the manifest."""
        if target.exists():
            try:
                model = {name: facts for name, facts in manifest["files"].items() if name.endswith(_MODELS)}
                check(target, model, _REMEDY, digests=True)
            except ModelFileError:
                self._discard(target)
            else:
                write_json(target / MANIFEST, {**manifest, "files": describe(target)})
                self._discard(work)
                return
        os.rename(work, target)
        fsync(self.folder)

    def all(self) -> list[Generation]:
        """Every generation whose manifest can be read, oldest first; see `damaged` for the others."""
        found = []
        for path in self._whole():
            with suppress(ModelFileError):
                found.append(_read(path))
        return sorted(found, key=lambda generation: (generation.created, generation.id))

    def damaged(self) -> list[str]:
        """Ids of generations whose manifest cannot be read or whose files have the wrong size."""
        found = []
        for path in self._whole():
            try:
                check(path, _read(path).manifest["files"], _REMEDY, digests=False)
            except ModelFileError:
                found.append(path.name)
        return found

    def _whole(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if _named(path) and (path / MANIFEST).is_file())

    def get(self, generation_id: str) -> Generation:
        """The generation called `generation_id`; BadInput lists the known ones when there is none."""
        path = self.folder / generation_id
        if not _named(path) or not (path / MANIFEST).is_file():
            known = ", ".join(generation.id for generation in self.all()) or "none yet"
            raise BadInput(f"There is no generation {generation_id!r}. Known: {known}.")
        return _read(path)

    def verify(self, generation: Generation) -> None:
        """Read every file of a generation; ModelFileError names the first that is not what was written."""
        check(generation.path, generation.manifest["files"], _REMEDY, digests=True)

    def pointer(self) -> Pointer:
        """The pointer as it stands; nothing is live before the first publication."""
        if not self.pointer_file.exists():
            return Pointer()
        value = read_json(self.pointer_file)
        return Pointer(value.get("live"), value.get("previous"), str(value.get("changed", "")))

    def live(self) -> Generation | None:
        """The generation to serve; None means the untouched base. ModelFileError when it is gone."""
        name = self.pointer().live
        if name is None:
            return None
        try:
            return self.get(name)
        except BadInput as error:
            raise ModelFileError(f"The live generation {name} is gone. {_REMEDY}") from error

    def point(self, generation_id: str | None) -> Pointer:
        """Make a generation live, or with None the untouched base, after reading its files once more.

        Raises ModelFileError for a damaged model and BadInput for a rejected one; the old one stays live
        then. Statuses follow the pointer: `published` for the live one, `retired` for the others.
        """
        with locked(self._lock):
            old = self.pointer()
            if generation_id is not None:
                chosen = self.get(generation_id)
                if chosen.status == "rejected":
                    raise BadInput(f"{generation_id} failed its gates and is never served. Choose another.")
                self.verify(chosen)
            if old.changed and generation_id == old.live:
                return old
            new = Pointer(generation_id, old.live, datetime.now(UTC).isoformat())
            write_json(self.pointer_file, asdict(new))
            self._settle_statuses(new.live)
            return new

    def rollback(self, generation_id: str | None = None) -> Pointer:
        """Go back to `generation_id`, or to what was live before; BadInput when nothing was."""
        if generation_id is not None:
            return self.point(generation_id)
        pointer = self.pointer()
        if not pointer.changed:
            raise BadInput("Nothing was ever published, so there is nothing to roll back to.")
        return self.point(pointer.previous)

    def set_status(
        self, generation_id: str, status: Status, gates: Sequence[GateResult] | None = None
    ) -> Generation:
        """Change what a generation is, and its gates if they are given."""
        generation = self.get(generation_id)
        manifest = {**generation.manifest, "status": status}
        if gates is not None:
            manifest["gates"] = [asdict(gate) for gate in gates]
        write_json(generation.path / MANIFEST, manifest)
        return self.get(generation_id)

    def prune(self, keep: int, pinned: Collection[str] = ()) -> list[str]:
        """Remove old generations and return their ids.

        Kept are: live, previous, `pinned`, the last one served of each month, the newest `keep` that
        were not rejected, and the newest rejected one.
        """
        with locked(self._lock):
            generations, pointer = self.all(), self.pointer()
            good = [generation for generation in generations if generation.status != "rejected"]
            bad = [generation for generation in generations if generation.status == "rejected"]
            monthly = {g.night[:7]: g.id for g in good if g.status in ("published", "retired")}
            kept = {pointer.live, pointer.previous, *pinned, *monthly.values()}
            kept |= {generation.id for generation in good[len(good) - min(keep, len(good)) :] + bad[-1:]}
            removed = [generation for generation in generations if generation.id not in kept]
            for generation in removed:
                self._discard(generation.path)
            return [generation.id for generation in removed]

    def remove(self, generation_id: str) -> None:
        """Delete one generation for good, for example because it knows something forgotten.

        BadInput when it is live. If it was the previous one, the untouched base takes that place.
        """
        with locked(self._lock):
            generation, pointer = self.get(generation_id), self.pointer()
            if pointer.live == generation_id:
                raise BadInput(f"{generation_id} is live. Publish another generation before removing it.")
            if pointer.previous == generation_id:
                write_json(self.pointer_file, asdict(Pointer(pointer.live, None, pointer.changed)))
            self._discard(generation.path)

    def recover(self) -> list[str]:
        """Clean up after a kill and return the names of what was removed.

        Removes work folders whose process is gone, folders without a manifest and half-deleted ones, and
        lets the statuses follow the pointer again. Run it when a night starts.
        """
        removed = []
        with locked(self._lock):
            for path in sorted(self.folder.iterdir()):
                whole = _named(path) and (path / MANIFEST).is_file()
                if whole or (path.name.startswith(_WORK) and _in_use(path)):
                    continue
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                removed.append(path.name)
            for draft in self.pointer_file.parent.glob(f".{self.pointer_file.name}.*.draft"):
                draft.unlink()
                removed.append(draft.name)
            self._settle_statuses(self.pointer().live)
        return removed

    def _settle_statuses(self, live: str | None) -> None:
        for generation in self.all():
            if generation.id == live and generation.status != "published":
                self.set_status(generation.id, "published")
            elif generation.id != live and generation.status == "published":
                self.set_status(generation.id, "retired")

    def _discard(self, path: Path) -> None:
        """Take a folder out of sight in one step, then delete it."""
        trash = Path(tempfile.mkdtemp(prefix=_TRASH, dir=self.folder))
        os.rename(path, trash / path.name)
        shutil.rmtree(trash)


def _named(path: Path) -> bool:
    """Whether a folder's name is a generation's: a date and eight hex digits."""
    return re.fullmatch(r"[0-9A-Za-z][\w-]*-[0-9a-f]{8}", path.name) is not None


def _in_use(work: Path) -> bool:
    """Whether the process that made a work folder still lives: it holds the lock in there."""
    try:
        handle = os.open(work / _HELD, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _read(path: Path) -> Generation:
    manifest = read_json(path / MANIFEST)
    try:
        return Generation(
            id=manifest["id"],
            night=manifest["night"],
            path=path,
            status=manifest["status"],
            digest=manifest["digest"],
            created=datetime.fromisoformat(manifest["created"]),
            manifest=manifest,
        )
    except (KeyError, ValueError, TypeError) as error:
        raise ModelFileError(f"{path / MANIFEST} lacks {error}. {_REMEDY}") from error
