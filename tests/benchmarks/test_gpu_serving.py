"""What the card's benchmark measures of a server, measured on the processor with a small random file."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import gpu_file, gpu_model, gpu_serving
from benchmarks.gpu_model import build
from models.gguf_file import read_gguf, stored_size


def test_a_real_server_dreams_and_is_examined_at_some_rate(tmp_path: Path) -> None:
    found = gpu_serving.serve_part("small", tmp_path, "cpu", count=3, tokens=16, seconds=0.1, parallel=2)
    assert found["server"] == "processor" and "note" not in found and "server_gb" not in found
    assert 0 < found["dream_tokens"] <= 16 * found["dream_requests"]
    assert 2 <= found["dream_requests"] <= 3
    assert found["dream_tokens_per_s"] > 0 and found["night_dream_s_at_most"] > 0
    assert 8 <= found["probes"] <= found["probes_of_a_night"]
    assert found["probes_per_s"] > 0 and found["night_examine_s"] > 0


def test_a_server_without_the_card_says_so_and_is_asked_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpu_serving, "has_card", lambda: False)
    found = gpu_serving.serve_part("small", tmp_path, "cuda", count=2, tokens=32, seconds=0.0, parallel=2)
    assert found["server"] == "processor" and "CUDA" in found["note"]
    assert found["dream_tokens"] <= 8 * found["dream_requests"]


@pytest.mark.parametrize(("shape", "gigabytes"), [("4b", 2.3), ("8b", 4.7)])
def test_a_large_file_has_the_size_of_a_real_one(
    shape: str, gigabytes: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole: list[float] = []

    def weigh(out: Path, metadata: object, tensors: gpu_file.Tensors, content: object) -> None:
        sizes = (stored_size(size, kind, out) for _, size, kind in tensors)
        whole.append(sum(sizes) / 2**30)

    monkeypatch.setattr(gpu_file, "write_container", weigh)
    assert gpu_file.write_served(shape, tmp_path / "x.gguf") == pytest.approx(
        {"4b": 4.0, "8b": 8.2}[shape], rel=0.02
    )
    assert whole[0] == pytest.approx(gigabytes, rel=0.05)


def test_a_served_file_has_a_word_for_every_place_in_its_vocabulary(tmp_path: Path) -> None:
    out = tmp_path / "x.gguf"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(gpu_model.SHAPES, "small", {**gpu_model.SHAPES["small"], "vocab_size": 60_000})
        gpu_file.write_served("small", out)
    file = read_gguf(out)
    words = file.value("tokenizer.ggml.tokens")
    assert len(words) == len(set(words)) == len(file.value("tokenizer.ggml.token_type")) == 60_000
    assert file.tensors["token_embd.weight"].shape == (60_000, 512)


def test_made_up_memories_are_all_different() -> None:
    memories = gpu_serving.made_up(100)
    assert len({memory.subject for memory in memories}) == len({memory.id for memory in memories}) == 100


def test_the_cost_of_an_export_is_measured(tmp_path: Path) -> None:
    build("small", tmp_path, "cpu")
    found = gpu_serving.export_part(tmp_path)
    assert found["merge_s_per_billion"] > 0 and found["q8_0_s_per_billion"] > 0
