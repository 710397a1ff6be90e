"""Presets: what is known about one base model, written in a TOML file a person can copy.

Knows names and hints only; opens no model file and imports no model library.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.errors import BadInput
from data.settings import Recipe, Train

FOLDER = Path(__file__).resolve().parent / "presets"
_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Table):
    """Where the weights come from: a GGUF inside a Python package, a GGUF file, or a Hugging Face model.

    Exactly one of `distribution`, `gguf` and `hf` is given. A Hugging Face model also needs a GGUF of
    the same base, either one to copy metadata and tensor names from (`template`) or the path of
    llama.cpp's convert_hf_to_gguf.py to make one with (`converter`).
    """

    distribution: str | None = Field(None, description="Installed Python package that carries a GGUF")
    gguf: str | None = Field(None, description="Path of a GGUF, or hub file as owner/name:file.gguf")
    hf: str | None = Field(None, description="Local Hugging Face directory or hub id")
    template: str | None = Field(None, description="GGUF of the same base; path or owner/name:file.gguf")
    converter: str | None = Field(None, description="Path of llama.cpp's convert_hf_to_gguf.py")
    skip: tuple[str, ...] = Field((), description="Prefixes of tensors that the text model does not use")

    @model_validator(mode="after")
    def _one_source(self) -> Source:
        if sum(value is not None for value in (self.distribution, self.gguf, self.hf)) != 1:
            raise ValueError("needs exactly one of distribution, gguf and hf")
        return self


class ChatFacts(_Table):
    """What a chat with this model needs beyond its template."""

    system_role: bool = Field(True, description="Whether the template accepts a system message")
    end_of_turn: str = Field("<|im_end|>", description="Token that ends an answer")
    arguments: Mapping[str, Any] = Field(default_factory=dict, description="Extra template variables")


class Shipped(_Table):
    """An adapter that comes with a preset, as one file."""

    file: str = Field(description="Safetensors file; a relative path counts from the preset's folder")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Preset(_Table):
    """One base model: its source, its context and the values that suit it.

    `train` may hold any setting of `recipe.train`; with `quants` it is what a recipe starts from.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    title: str = ""
    licence: str = ""
    context: int = Field(2048, ge=128, description="Tokens of context the model is served with")
    quants: tuple[str, ...] = Field(("Q8_0",), min_length=1, description="Publishing formats, smallest first")
    vram_gb: float | None = Field(
        None, ge=0, description="Card memory that training needs; 0 means a CPU will do, unset that it cannot"
    )
    neurons: int = Field(
        0, ge=0, description="Silent neurons more a layer, for what a night asks; only with a GGUF as source"
    )
    source: Source
    chat: ChatFacts = ChatFacts()
    train: Train = Train()
    start: Shipped | None = Field(None, description="What nights start from; `benchmarks/warm_start.py`")
    questions: Shipped | None = Field(None, description="Who writes questions; `benchmarks/questioner.py`")

    @model_validator(mode="after")
    def _neurons_need_a_gguf(self) -> Preset:
        if self.neurons and self.source.hf is not None:
            raise ValueError("neurons can only be added to a GGUF: name one as source, or set neurons = 0")
        return self


def preset_names() -> list[str]:
    """Names of the presets that come with the project."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_preset(name: str | Path) -> Preset:
    """The preset called `name`; also a TOML path, a local model directory, a GGUF file or a hub id.

    BadInput names the file and the key that is wrong. Relative paths in a TOML file count from its folder.
    """
    text = str(name)
    path = Path(text).expanduser()
    if text in preset_names():
        return _read(FOLDER / f"{text}.toml")
    if path.suffix == ".toml":
        return _read(path)
    if path.is_dir():
        return _from_directory(path)
    if path.suffix == ".gguf":
        return Preset(name=_slug(path.stem), source=Source(gguf=str(path.absolute())))
    if _HUB_ID.fullmatch(text):
        return Preset(name=_slug(text.split("/")[1]), source=Source(hf=text))
    raise BadInput(
        f"There is no preset {text!r}. Choose one of {', '.join(preset_names())}, "
        "or give the path of a preset file (.toml), of a model directory or of a .gguf file."
    )


def settled(recipe: Recipe) -> Recipe:
    """`recipe` with what its preset says about training and formats wherever the person said nothing."""
    preset = load_preset(recipe.preset)
    ours = preset.train.model_fields_set - recipe.train.model_fields_set
    train = recipe.train.model_copy(update={name: getattr(preset.train, name) for name in ours})
    publish = recipe.publish
    if "quants" not in publish.model_fields_set:
        publish = publish.model_copy(update={"quants": preset.quants})
    return recipe.model_copy(update={"train": train, "publish": publish})


def _read(path: Path) -> Preset:
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"Cannot read the preset {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"The preset {path} is not valid TOML: {error}") from error
    try:
        preset = Preset.model_validate(tree)
    except ValidationError as error:
        raise BadInput(_explain(path, error)) from error
    shipped = {
        name: one.model_copy(update={"file": str((path.parent / one.file).resolve())})
        for name in ("start", "questions")
        if (one := getattr(preset, name)) is not None
    }
    return preset.model_copy(update={"source": _anchored(preset.source, path.parent), **shipped})


def _anchored(source: Source, folder: Path) -> Source:
    """Paths written relative to the preset's folder become absolute; hub names stay as they are."""
    changes = {
        key: str((folder / value).resolve())
        for key in ("gguf", "hf", "template", "converter")
        if (value := getattr(source, key)) and (folder / value).exists()
    }
    return source.model_copy(update=changes)


def _from_directory(path: Path) -> Preset:
    if not (path / "config.json").is_file():
        raise BadInput(f"{path} is not a Hugging Face model directory: it has no config.json.")
    templates = sorted(path.glob("*.gguf"))
    template = str(templates[0].absolute()) if len(templates) == 1 else None
    return Preset(name=_slug(path.resolve().name), source=Source(hf=str(path.absolute()), template=template))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._") or "model"


def _explain(path: Path, error: ValidationError) -> str:
    lines = [f"The preset {path} cannot be used:"]
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"]) or "the file"
        what = "is not a key of a preset" if problem["type"] == "extra_forbidden" else problem["msg"]
        lines.append(f"  {where}: {what}")
    return "\n".join(lines)
