"""Prepared bases: made once, never half, proved against llama.cpp, and refused with advice."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from data.errors import BackendError, BadInput, ModelFileError
from models.base import Base, base_gguf, prepare_base, verify_base
from models.gguf_file import read_gguf
from models.preset import Preset, Source, load_preset
from models.tokenizer import load_tokenizer
from tests.models.tiny_gguf import CHAT_TEMPLATE, make_tiny

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny(tmp_path_factory.mktemp("tiny") / "tiny")


@pytest.fixture(scope="module")
def prepared(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Base:
    return prepare_base(load_preset(source), tmp_path_factory.mktemp("models"))


@pytest.fixture
def base(prepared: Base, source: Path, tmp_path: Path) -> Base:
    """A prepared base of one's own to damage."""
    shutil.copytree(prepared.folder.parent, tmp_path / "bases")
    return prepare_base(load_preset(source), tmp_path)


def test_a_prepared_base_serves_the_trained_template(prepared: Base, source: Path) -> None:
    assert prepared.hf == source
    assert prepared.quant == "Q8_0"
    assert prepared.context == 512, "never more than the model was made for"
    for path in (prepared.gguf, prepared.template):
        assert read_gguf(path).value("tokenizer.chat_template") == CHAT_TEMPLATE == prepared.chat_template
    proof = json.loads((prepared.folder / "manifest.json").read_text())["proof"]
    assert proof["f16"]["top1"] == 1.0 and proof["chats"] == 4 and proof["texts"] >= 14


def test_preparing_again_reuses_the_files(base: Base, source: Path, tmp_path: Path) -> None:
    before = base.gguf.stat().st_mtime_ns
    assert prepare_base(load_preset(source), tmp_path) == base
    assert base.gguf.stat().st_mtime_ns == before


def test_a_changed_source_is_another_base(base: Base, source: Path, tmp_path: Path) -> None:
    other = shutil.copytree(source, tmp_path / "tiny")
    config = json.loads((other / "generation_config.json").read_text())
    (other / "generation_config.json").write_text(
        json.dumps(config | {"temperature": 0.1, "do_sample": True})
    )
    second = prepare_base(load_preset(other), tmp_path)
    assert second.digest != base.digest
    assert base.folder.is_dir()


@pytest.mark.parametrize("accident", ["cut", "gone", "no manifest"])
def test_a_damaged_cache_is_made_again(base: Base, source: Path, tmp_path: Path, accident: str) -> None:
    if accident == "cut":
        base.gguf.write_bytes(base.gguf.read_bytes()[:1000])
    elif accident == "gone":
        base.template.unlink()
    else:
        (base.folder / "manifest.json").unlink()
    again = prepare_base(load_preset(source), tmp_path)
    verify_base(again)
    assert again == base


def test_verifying_finds_a_flipped_bit(base: Base) -> None:
    verify_base(base)
    content = bytearray(base.gguf.read_bytes())
    content[-100] ^= 1
    base.gguf.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"base\.gguf.*Delete the folder"):
        verify_base(base)


def test_the_base_in_another_format_is_made_once(base: Base) -> None:
    small = base_gguf(base, "Q4_0")
    assert small.stat().st_size < base.gguf.stat().st_size
    stamp = small.stat().st_mtime_ns
    assert base_gguf(base, "Q4_0").stat().st_mtime_ns == stamp
    assert base_gguf(base, "Q8_0") == base.gguf


def test_a_tokenizer_that_splits_numbers_differently_is_refused(tmp_path: Path) -> None:
    """What transformers' own conversion of SmolLM2 does: the digit splitting is lost."""
    lossy = make_tiny(tmp_path / "tiny", digits=False)
    with pytest.raises(BackendError, match="split .* differently"):
        prepare_base(load_preset(lossy), tmp_path / "models")
    assert list((tmp_path / "models" / "bases").glob("*tiny*")) == [], "nothing half-made stays"


def test_a_model_without_a_chat_template_is_refused(source: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(source, tmp_path / "tiny")
    (bare / "chat_template.jinja").unlink()
    with pytest.raises(BackendError, match="chat template"):
        prepare_base(load_preset(bare), tmp_path / "models")


@pytest.mark.parametrize("name", ["template.gguf", "model.safetensors", "tokenizer.json"])
def test_a_cut_source_file_is_named(source: Path, tmp_path: Path, name: str) -> None:
    broken = shutil.copytree(source, tmp_path / "tiny")
    (broken / name).write_bytes((broken / name).read_bytes()[:2000])
    with pytest.raises(ModelFileError, match=str(broken)):
        prepare_base(load_preset(broken), tmp_path / "models")


@pytest.mark.parametrize(
    ("given_source", "advice"),
    [
        (Source(distribution="no-such-package-here"), "pip install no-such-package-here"),
        (Source(gguf="absent.gguf"), r"no GGUF file absent\.gguf"),
        (Source(gguf="owner/name:file.gguf"), "nothing is downloaded unasked"),
        (Source(hf="owner/name"), "nothing is downloaded unasked"),
        (Source(hf="/absent/model"), r"no config\.json"),
    ],
)
def test_an_absent_model_says_what_to_do(tmp_path: Path, given_source: Source, advice: str) -> None:
    with pytest.raises(BadInput, match=advice):
        prepare_base(Preset(name="absent", source=given_source), tmp_path)


def test_a_directory_without_a_gguf_says_what_to_add(source: Path, tmp_path: Path) -> None:
    alone = shutil.copytree(source, tmp_path / "tiny")
    (alone / "template.gguf").unlink()
    with pytest.raises(BadInput, match=r"source\.template"):
        prepare_base(load_preset(alone), tmp_path / "models")


def start(folder: Path, source: Path) -> subprocess.Popen[bytes]:
    script = (
        "import sys; from pathlib import Path; from models.base import prepare_base;"
        "from models.preset import load_preset;"
        "say = lambda share, text: print(share, flush=True);"
        "prepare_base(load_preset(sys.argv[2]), Path(sys.argv[1]), say)"
    )
    order = [sys.executable, "-c", script, str(folder), str(source)]
    return subprocess.Popen(order, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def test_a_kill_in_the_middle_leaves_nothing_half_made(source: Path, tmp_path: Path) -> None:
    first = start(tmp_path, source)
    assert first.stdout is not None
    for line in first.stdout:
        if float(line) >= 0.5:
            break
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    assert list((tmp_path / "bases").glob(".partial-*")), "it was killed while building"
    base = prepare_base(load_preset(source), tmp_path)
    verify_base(base)
    assert not list((tmp_path / "bases").glob(".partial-*"))


def test_two_processes_prepare_one_base(source: Path, tmp_path: Path) -> None:
    workers = [start(tmp_path, source) for _ in range(2)]
    outputs = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert sorted(map(bool, outputs)) == [False, True], "one builds, the other finds it ready"
    verify_base(prepare_base(load_preset(source), tmp_path))


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any]:
    """SmolLM2's tokenizer as training sees it and as llama.cpp sees it."""
    import llama_cpp

    from models.gguf_write import llama_log

    base = prepare_base("smollm2-135m", CHECKOUT / "var" / "models")
    with llama_log():
        model = llama_cpp.Llama(str(base.gguf), vocab_only=True, verbose=False)
    return load_tokenizer(base.hf), model


@pytest.fixture(scope="module")
def known(both: tuple[Any, Any]) -> frozenset[int]:
    """Bytes that the vocabulary has a token for."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    vocabulary = both[0].get_vocab()
    return frozenset(byte for byte, letter in bytes_to_unicode().items() if letter in vocabulary)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60))
def test_training_and_serving_split_any_text_alike(
    both: tuple[Any, Any], known: frozenset[int], text: str
) -> None:
    """All text but for the few bytes (controls, unassigned planes) that the vocabulary has no token for."""
    ours, theirs = both
    assume(known.issuperset(text.encode()))
    expected = theirs.tokenize(text.encode(), add_bos=False, special=True)
    assert ours.encode(text, add_special_tokens=False) == expected


def test_the_real_tokenizer_ends_a_turn_with_the_right_token(both: tuple[Any, Any]) -> None:
    ours, theirs = both
    assert ours.eos_token == "<|im_end|>" and ours.eos_token_id == theirs.token_eos() == 2
    assert ours.encode("0123", add_special_tokens=False) == [
        ours.convert_tokens_to_ids(digit) for digit in "0123"
    ]
    sentence = "Hello, naïve world 123!  Two spaces."
    assert ours.decode(ours.encode(sentence)) == sentence
