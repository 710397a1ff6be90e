"""The registry: what is live after every kind of accident, and what pruning may never take."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import BadInput, ModelFileError
from data.records import FIRST_PART, GateResult, Generation
from models.registry import Record, Registry

CHECKOUT = Path(__file__).resolve().parents[2]
COMMON_PART = FIRST_PART.replace("-00001", "-00002")
START = datetime(2026, 10, 1, 5, tzinfo=UTC)
GATE = GateResult(name="recall", passed=True, figure=0.9, threshold=0.6, n=30, low=0.74, high=0.97)


def record(**changes: object) -> Record:
    values = {
        "base": "b" * 64,
        "adapter": "a" * 64,
        "recipe": "r" * 16,
        "mixture": "m" * 64,
        "memories": "e" * 64,
        "seed": 7,
        "quant": "Q8_0",
        "scale": 1.0,
        "gates": (GATE,),
    }
    return Record(**{**values, **changes})  # type: ignore[arg-type]


def build_parts(registry: Registry, day: int, common: bytes = b"common" * 1000) -> Generation:
    """A generation of two files, the second the same in every night."""
    night = f"2026-10-{day:02}"
    work = registry.create(night)
    (work / FIRST_PART).write_bytes(f"model of {night}".encode() * 100)
    (work / COMMON_PART).write_bytes(common)
    return registry.commit(work, night, record(), "candidate", datetime(2026, 10, day, 5, tzinfo=UTC))


def build(
    registry: Registry, day: int, content: bytes = b"", status: str = "candidate", month: int = 10
) -> Generation:
    night = f"2026-{month:02}-{day:02}"
    work = registry.create(night)
    (work / "model.gguf").write_bytes(content or f"model of {night}".encode() * 100)
    (work / "adapter").mkdir()
    (work / "adapter" / "adapter_model.safetensors").write_bytes(b"small")
    created = datetime(2026, month, day, 5, tzinfo=UTC)
    return registry.commit(work, night, record(), status, created)  # type: ignore[arg-type]


def test_a_committed_generation_tells_what_it_was_made_from(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    generation = build(registry, 5)
    again = Registry(tmp_path).get(generation.id)
    assert again == generation
    assert again.night == "2026-10-05"
    assert again.manifest["memories"] == "e" * 64
    assert again.manifest["gates"][0]["figure"] == 0.9
    assert again.manifest["files"]["model.gguf"]["size"] == again.gguf.stat().st_size
    assert [item.id for item in registry.all()] == [generation.id]


def test_everything_is_private_to_its_owner(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    generation = build(registry, 5)
    registry.point(generation.id)
    for path in [generation.path, *generation.path.rglob("*"), registry.pointer_file]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_nothing_is_live_before_the_first_publication(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    build(registry, 5)
    assert registry.live() is None
    with pytest.raises(BadInput, match="nothing to roll back"):
        registry.rollback()


def test_publishing_moves_the_pointer_and_the_statuses(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first, second = build(registry, 5), build(registry, 6)
    registry.point(first.id)
    pointer = registry.point(second.id)
    assert (pointer.live, pointer.previous) == (second.id, first.id)
    assert [item.status for item in registry.all()] == ["retired", "published"]
    assert registry.point(second.id) == pointer, "pointing at the live one changes nothing"


def test_rolling_back_returns_to_the_one_before_and_then_forward_again(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first, second, third = (build(registry, day) for day in (5, 6, 7))
    for generation in (first, second, third):
        registry.point(generation.id)
    assert registry.rollback().live == second.id
    assert registry.rollback().live == third.id
    assert registry.rollback(first.id).live == first.id


def test_the_first_publication_can_be_rolled_back_to_the_base(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.point(build(registry, 5).id)
    assert registry.rollback().live is None
    assert registry.live() is None
    assert registry.all()[0].status == "retired"


def test_a_rejected_generation_is_never_served(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    bad = build(registry, 5, status="rejected")
    with pytest.raises(BadInput, match="failed its gates"):
        registry.point(bad.id)
    assert registry.live() is None


def test_an_unknown_generation_lists_the_known_ones(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    known = build(registry, 5)
    for name in ("2026-10-06-00000000", "../../etc", ""):
        with pytest.raises(BadInput, match=known.id):
            registry.point(name)


@pytest.mark.parametrize("accident", ["truncated", "flipped", "gone"])
def test_a_damaged_model_is_refused_before_it_can_be_served(tmp_path: Path, accident: str) -> None:
    registry = Registry(tmp_path)
    good, bad = build(registry, 5), build(registry, 6)
    registry.point(good.id)
    content = bytearray(bad.gguf.read_bytes())
    if accident == "gone":
        bad.gguf.unlink()
    else:
        content[50] ^= 1
        bad.gguf.write_bytes(content if accident == "flipped" else content[:-10])
    with pytest.raises(ModelFileError, match=r"model\.gguf"):
        registry.point(bad.id)
    with pytest.raises(ModelFileError, match="Roll back"):
        registry.verify(bad)
    live = registry.live()
    assert live is not None and live.id == good.id
    assert registry.damaged() == ([] if accident == "flipped" else [bad.id])


def test_a_damaged_manifest_costs_one_generation_only(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    good, bad = build(registry, 5), build(registry, 6)
    (bad.path / "manifest.json").write_text('{"id": "2026')
    assert [item.id for item in registry.all()] == [good.id]
    assert registry.damaged() == [bad.id]
    with pytest.raises(ModelFileError, match=r"manifest\.json"):
        registry.get(bad.id)
    assert registry.point(good.id).live == good.id


def test_committing_the_same_result_again_updates_it(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first = build(registry, 5, b"same")
    registry.point(first.id)
    second = build(registry, 5, b"same")
    assert second.id == first.id
    live = registry.live()
    assert live is not None and live.status == "published"
    assert len(registry.all()) == 1
    registry.verify(second)


def test_a_work_folder_without_a_model_cannot_be_committed(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    with pytest.raises(ModelFileError, match=r"model\.gguf"):
        registry.commit(registry.create("2026-10-05"), "2026-10-05", record())


def test_recovery_leaves_work_alone_that_is_still_going_on(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    work = registry.create("2026-10-05")
    assert Registry(tmp_path).recover() == []
    assert work.is_dir()


STEPS = {
    "while the model is written": "models.registry.describe",
    "before the common file is linked": "models.registry.os.link",
    "before the link takes its place": "models.registry.os.replace",
    "before the manifest": "models.registry.write_json",
    "before the rename": "models.registry.os.rename",
}
KILLED = """
import importlib.util, os, signal, sys
from pathlib import Path
from unittest import mock

here, folder, what, target = sys.argv[1:]
spec = importlib.util.spec_from_file_location("registry_tests", here)
tests = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tests)
registry = tests.Registry(Path(folder))
made = tests.build(registry, 6) if what == "publish" else None
with mock.patch(target, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)):
    registry.point(made.id) if made else tests.build_parts(registry, 6)
"""


def kill_during(folder: Path, what: str, target: str) -> None:
    """Commit or publish in a process of its own that SIGKILLs itself when it reaches `target`."""
    order = [sys.executable, "-c", KILLED, __file__, str(folder), what, target]
    done = subprocess.run(order, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("target", STEPS.values(), ids=STEPS.keys())
def test_a_kill_while_committing_leaves_the_old_model_live_and_no_rubbish(
    tmp_path: Path, target: str
) -> None:
    registry = Registry(tmp_path)
    old = build_parts(registry, 5)
    registry.point(old.id)
    kill_during(tmp_path, "commit", target)
    assert len(list(registry.folder.iterdir())) == 2, "the kill left a work folder"
    later = Registry(tmp_path)
    live = later.live()
    assert live is not None and live.id == old.id
    assert [item.id for item in later.all()] == [old.id]
    removed = later.recover()
    assert len(removed) == 1 and removed[0].startswith(".work-2026-10-06")
    assert [path.name for path in later.folder.iterdir()] == [old.id]
    later.verify(old)


@pytest.mark.parametrize(
    ("target", "switched"),
    [
        ("models.registry.write_json", False),
        ("models.files.os.replace", False),
        ("models.registry.Registry.set_status", True),
    ],
    ids=["before the pointer", "before the pointer's rename", "after the pointer"],
)
def test_a_kill_while_publishing_leaves_one_whole_model_live(
    tmp_path: Path, target: str, switched: bool
) -> None:
    registry = Registry(tmp_path)
    old = build(registry, 5)
    registry.point(old.id)
    kill_during(tmp_path, "publish", target)
    later = Registry(tmp_path)
    later.recover()
    live = later.live()
    new = next(item for item in later.all() if item.night == "2026-10-06")
    assert live is not None and live.id == (new.id if switched else old.id)
    assert [item.id for item in later.all() if item.status == "published"] == [live.id]
    later.verify(live)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".draft")]
    assert later.point(new.id).live == new.id, "publishing again works"


def test_publishing_from_several_places_at_once_leaves_a_whole_pointer(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    ids = [build(registry, day).id for day in (5, 6, 7, 8)]
    workers = [threading.Thread(target=Registry(tmp_path).point, args=(name,)) for name in ids * 3]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    pointer = registry.pointer()
    assert pointer.live in ids and pointer.previous in ids
    assert [item.id for item in registry.all() if item.status == "published"] == [pointer.live]


@settings(max_examples=25, deadline=None)
@given(
    statuses=st.lists(
        st.sampled_from(["candidate", "published", "retired", "rejected"]), min_size=1, max_size=9
    ),
    keep=st.integers(2, 5),
    data=st.data(),
)
def test_pruning_never_takes_what_must_stay(
    tmp_path_factory: pytest.TempPathFactory, statuses: list[str], keep: int, data: st.DataObject
) -> None:
    registry = Registry(tmp_path_factory.mktemp("models"))
    built = []
    for number, status in enumerate(statuses):
        moment = START + timedelta(days=9 * number)
        built.append(build(registry, moment.day, status=status, month=moment.month))
    servable = [item.id for item in built if item.status != "rejected"]
    served = data.draw(st.lists(st.sampled_from(servable), max_size=3)) if servable else []
    for name in served:
        registry.point(name)
    pinned = data.draw(st.sets(st.sampled_from([item.id for item in built]), max_size=2))
    before, pointer = registry.all(), registry.pointer()
    removed = set(registry.prune(keep, pinned))
    left = {item.id for item in registry.all()}
    assert removed.isdisjoint(left) and removed | left == {item.id for item in before}
    must = {pointer.live, pointer.previous, *pinned} - {None}
    must |= set([item.id for item in before if item.status != "rejected"][-keep:])
    for month in {item.night[:7] for item in before}:
        shown = [i.id for i in before if i.night.startswith(month) and i.status in ("published", "retired")]
        must |= set(shown[-1:])
    assert must <= left
    assert registry.prune(keep, pinned) == [], "pruning twice removes nothing more"
    assert len([item for item in registry.all() if item.status == "rejected"]) <= 1 + len(pinned)


def test_pruning_frees_the_disk(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    built = [build(registry, day) for day in range(1, 8)]
    assert registry.prune(2) == [item.id for item in built[:5]]
    assert sorted(os.listdir(registry.folder)) == [item.id for item in built[5:]]


def test_removing_for_good_spares_the_live_one(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first, second = build(registry, 5), build(registry, 6)
    registry.point(first.id)
    registry.point(second.id)
    with pytest.raises(BadInput, match="is live"):
        registry.remove(second.id)
    registry.remove(first.id)
    assert not first.path.exists()
    assert registry.pointer().previous is None


def test_what_nights_have_in_common_is_stored_once_and_outlives_the_first(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    built = [build_parts(registry, day) for day in (5, 6, 7)]
    common = [one.path / COMMON_PART for one in built]
    assert [one.gguf.name for one in built] == [FIRST_PART] * 3
    assert common[2].stat().st_nlink == 3 and common[0].samefile(common[2])
    assert not built[0].gguf.samefile(built[1].gguf)
    assert registry.prune(2) == [built[0].id]
    registry.remove(built[1].id)
    assert common[2].stat().st_nlink == 1 and common[2].read_bytes() == b"common" * 1000
    assert registry.point(built[2].id).live == built[2].id
    assert {path.name for path in built[2].path.iterdir()} == {FIRST_PART, COMMON_PART, "manifest.json"}


def test_another_common_file_stays_its_own(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    first, second = build_parts(registry, 5), build_parts(registry, 6, b"of another base")
    assert not (first.path / COMMON_PART).samefile(second.path / COMMON_PART)
    for generation in (first, second):
        registry.verify(generation)


def test_a_flipped_bit_in_the_common_file_is_noticed_in_all_and_a_new_night_is_free_of_it(
    tmp_path: Path,
) -> None:
    registry = Registry(tmp_path)
    first, second = build_parts(registry, 5), build_parts(registry, 6)
    registry.point(first.id)
    content = bytearray((second.path / COMMON_PART).read_bytes())
    content[len(content) // 2] ^= 1
    (second.path / COMMON_PART).write_bytes(content)
    with pytest.raises(ModelFileError, match=COMMON_PART):
        registry.point(second.id)
    with pytest.raises(ModelFileError, match=COMMON_PART):
        registry.verify(first)
    third = build_parts(registry, 7)
    assert not (third.path / COMMON_PART).samefile(second.path / COMMON_PART)
    assert registry.point(third.id).live == third.id
    fourth = build_parts(registry, 8)
    assert (fourth.path / COMMON_PART).samefile(third.path / COMMON_PART), "what is whole is shared again"
    again = build_parts(registry, 6)
    assert again.id == second.id, "the damaged night run again"
    assert registry.point(again.id).live == again.id


def test_where_there_are_no_hard_links_every_generation_has_its_own_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    registry = Registry(tmp_path)
    built = [build_parts(registry, day) for day in (5, 6)]
    assert [(one.path / COMMON_PART).stat().st_nlink for one in built] == [1, 1]
    for generation in built:
        assert registry.point(generation.id).live == generation.id


def test_generations_of_one_file_and_of_two_follow_each_other(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    old, new = build(registry, 5), build_parts(registry, 6)
    for generation in (old, new):
        registry.point(generation.id)
    assert registry.rollback().live == old.id
    assert registry.rollback().live == new.id
    assert [one.gguf.name for one in Registry(tmp_path).all()] == ["model.gguf", FIRST_PART]


@pytest.mark.parametrize("part", [FIRST_PART, COMMON_PART])
def test_a_generation_that_lacks_a_file_is_damaged(tmp_path: Path, part: str) -> None:
    registry = Registry(tmp_path)
    generation = build_parts(registry, 5)
    (generation.path / part).unlink()
    assert registry.damaged() == [generation.id]
    with pytest.raises(ModelFileError, match=part):
        registry.point(generation.id)
