"""Finding a base's files: inside an installed package, on disk, in the hub's cache, or fetched when asked."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from dataclasses import dataclass
from pathlib import Path

from data.errors import BadInput, ModelFileError
from models.files import read_json, sha256_file, write_json
from models.preset import Source

_HUB_FILE = re.compile(r"([\w.-]+/[\w.-]+):(.+\.gguf)")
_HF_PATTERNS = ("*.safetensors", "*.json", "*.jinja", "tokenizer.model", "*.txt")


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a base as they were found; `hf` is None when only a GGUF is there."""

    hf: Path | None
    gguf: Path | None
    converter: Path | None
    skip: tuple[str, ...]


def find(source: Source, fetch: bool) -> Found:
    """Locate every file that `source` names; downloads only with `fetch`, else BadInput says what to do."""
    converter = Path(source.converter) if source.converter else None
    if converter is not None and not converter.is_file():
        raise BadInput(f"The converter {converter} does not exist. Correct source.converter in the preset.")
    if source.distribution is not None:
        return Found(None, _in_package(source.distribution), converter, source.skip)
    if source.gguf is not None:
        return Found(None, _gguf(source.gguf, fetch), converter, source.skip)
    assert source.hf is not None
    folder = _directory(source.hf, fetch)
    template = _gguf(source.template, fetch) if source.template else None
    if template is None and converter is None:
        raise BadInput(
            f"{source.hf} comes without a GGUF. Put one of the same release into its directory, or copy a "
            "preset and set source.template (a GGUF) or source.converter (llama.cpp's convert_hf_to_gguf.py)."
        )
    return Found(folder, template, converter, source.skip)


def _in_package(name: str) -> Path:
    try:
        files = importlib.metadata.files(name) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise BadInput(f"The package {name} is missing. Install it: pip install {name}") from error
    models = [Path(str(file.locate())) for file in files if file.name.endswith(".gguf")]
    if len(models) != 1 or not models[0].is_file():
        raise ModelFileError(
            f"The package {name} lacks its model. Reinstall it: pip install --force-reinstall {name}"
        )
    return models[0].resolve()


def _gguf(text: str, fetch: bool) -> Path:
    path = Path(text).expanduser()
    if path.is_file():
        return path.resolve()
    named = _HUB_FILE.fullmatch(text)
    if named is None:
        raise BadInput(f"There is no GGUF file {text}. Correct the preset or put the file there.")
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    repo, file = named.groups()
    try:
        return Path(hf_hub_download(repo, file, local_files_only=not fetch)).resolve()
    except LocalEntryNotFoundError as error:
        raise BadInput(_absent(text, fetch)) from error
    except (HfHubHTTPError, OSError) as error:
        raise BadInput(f"Cannot fetch {text}: {error}") from error


def _directory(text: str, fetch: bool) -> Path:
    path = Path(text).expanduser()
    if (path / "config.json").is_file():
        return path.resolve()
    if path.is_absolute() or path.exists():
        raise BadInput(f"{text} is not a Hugging Face model directory: it has no config.json.")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(
            snapshot_download(text, allow_patterns=list(_HF_PATTERNS), local_files_only=not fetch)
        ).resolve()
    except LocalEntryNotFoundError as error:
        raise BadInput(_absent(text, fetch)) from error
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        raise BadInput(f"Cannot fetch {text}: {error}") from error


def _absent(text: str, fetch: bool) -> str:
    if fetch:
        return f"{text} could not be fetched: no connection to the hub. Try again, or use a local directory."
    return (
        f"{text} is not on this machine, and nothing is downloaded unasked. Allow the download with "
        "--fetch, fetch it yourself with `hf download`, or point a copy of the preset at a local directory."
    )


def source_digest(found: Found, memo: Path) -> str:
    """Digest of the contents of every source file that decides what the base is.

    Reading gigabytes takes long, so digests are remembered in `memo` by path, size and time of change.
    """
    paths = [found.gguf] if found.gguf else []
    if found.hf is not None:
        paths += sorted({path for pattern in _HF_PATTERNS for path in found.hf.glob(pattern)})
    try:
        known = read_json(memo)
    except ModelFileError:
        known = {}
    digests = []
    for path in paths:
        facts = path.stat()
        key = f"{path.resolve()}|{facts.st_size}|{facts.st_mtime_ns}"
        known[key] = known.get(key) or sha256_file(path)
        digests.append([path.name, known[key]])
    memo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_json(memo, known)
    return hashlib.sha256(json.dumps([digests, list(found.skip)]).encode()).hexdigest()
