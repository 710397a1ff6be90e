"""Training on an NVIDIA card: Unsloth's model and kernels around the shared loop, in a child process.

Importing Unsloth patches transformers, PEFT and TRL for good and writes compiled code to disk, so every
run is a process of its own with a cache folder of its own; the card's memory comes back when it ends.
No network, no statistics. Unsloth drops attention masks in training, so rows stand side by side with
their lengths instead, each with its own prefix.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BackendError
from data.settings import CHECKOUT, Card, Train
from models import lora
from models.card import sparing
from models.learner import Solo, prove_packing
from models.loop import State, run, state_from_json
from models.packing import Pack, Row, pack
from models.progress import Progress
from models.targets import TARGETS

if TYPE_CHECKING:
    import torch

RETURN_STATES = "UNSLOTH_RETURN_HIDDEN_STATES"
SWITCHES = {
    "UNSLOTH_DISABLE_STATISTICS": "1",
    "UNSLOTH_OFFLINE": "1",
    "UNSLOTH_DISABLE_CPU_FALLBACK": "1",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    RETURN_STATES: "0",
}
REPORT = "nocturne-progress "
# Other types take Unsloth's compiled path, which knows neither packed rows nor hidden states on demand.
ARCHITECTURES = ("llama", "mistral", "gemma", "qwen2", "qwen3")
# Every field by which Unsloth's own loss would bend the logits; ours does not.
LOGIT_TRANSFORMS = (
    "final_logit_softcapping",
    "logits_soft_cap",
    "output_logit_soft_cap",
    "logit_scale",
    "lm_head_multiplier",
    "output_multiplier",
    "logits_scaling",
)
# A logit of 16 to 32 is a multiple of 0.125 in bf16, so equal rows may differ by a few of those steps.
ROUNDING_NATS = 0.5


@dataclass(frozen=True)
class Job:
    """What the child needs: rows as tokens, the base's folder, the recipe, and where things go."""

    base: str
    rows: tuple[Row, ...]
    train: dict[str, Any]
    card: dict[str, Any]
    seed: int
    checkpoint: str
    mark: str
    adapter: str
    result: str
    start: str = ""


class UnslothStudent:
    """A 4-bit base with a fresh adapter on the card; see models.learner.Student."""

    def __init__(
        self, folder: Path, rows: Sequence[Row], s: Train, seed: int, device: str = "cuda:0"
    ) -> None:
        """Load the base in `folder` for packs of at most `s.batch_rows` of `rows`."""
        import unsloth

        self.device = device
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        _require_known(config)
        length = window(config, max(len(row.prefix) + len(row.own) for row in rows) * s.batch_rows)
        loader = unsloth.FastLanguageModel
        model, _ = loader.from_pretrained(**load_arguments(folder, s, seed, length))
        _require_quantized(model, s)
        self.model = loader.get_peft_model(model, **adapter_arguments(s, seed))
        loader.for_training(self.model)
        self.parameters = {n: p for n, p in self.model.named_parameters() if p.requires_grad}
        if not self.parameters or any("lora_" not in name for name in self.parameters):
            raise BackendError(
                "Unsloth adapted no layer of this base. Use a preset whose architecture it knows "
                "(llama, mistral, qwen2, qwen3), or NOCTURNE_RECIPE__TRAIN__BACKEND=trl."
            )
        lora.draw(self.parameters, seed)
        self.head = self.model.get_output_embeddings().weight.detach()
        self.kind = self.head.dtype

    def prepare(self, rows: Sequence[Row], progress: Progress) -> None:
        """Check on four rows that packs keep rows apart and that a fresh adapter changes nothing."""
        prove_packing(self, rows[:4], ROUNDING_NATS)
        progress(0.0, "packs proven equal to single rows")

    def pack(self, rows: Sequence[Row]) -> Pack:
        """Rows side by side, each with its own prefix."""
        return pack([replace(row, prefix=(), prompt=row.prefix + row.prompt) for row in rows], self.device)

    def hidden(self, batch: Pack) -> torch.Tensor:
        """Final hidden states [A, H] at the answer positions, with the adapter on."""
        import torch

        os.environ[RETURN_STATES] = "1"
        try:
            with torch.autocast(self.device.partition(":")[0], self.kind, self.kind != torch.float32):
                states = self.model(**forward_arguments(batch)).logits
        finally:
            os.environ[RETURN_STATES] = "0"
        return states[0, batch.at].to(self.kind)

    def base_hidden(self, batch: Pack) -> torch.Tensor:
        """The same with the adapter off and without gradient; the context ends before any backward."""
        import torch

        with torch.no_grad(), self.model.disable_adapter():
            return self.hidden(batch)

    def plant(self, rows: Sequence[Row], progress: Progress) -> None:
        """Nothing, for the same reason as in `hold`."""

    def settle(self) -> None:
        """Nothing, for nothing was planted."""

    def hold(self) -> None:
        """Nothing: Unsloth's fused kernels show no layer's inputs, so only whole answers hold it."""

    def save(self, folder: Path) -> None:
        """Write the adapter in PEFT's format."""
        self.model.save_pretrained(str(folder))


def window(config: Mapping[str, Any], tokens: int) -> int:
    """The sequence length to load for packs of `tokens`: at least 512, at most what the base was made for.

    Asked for more, Unsloth stretches the positions of every row, though a row in a pack starts at 0 and
    none is that long; a pack may be longer than what is loaded, because it comes with its rows' lengths.
    Below 512 tokens Unsloth would keep activations on the card.
    """
    longest: int | None = config.get("max_position_embeddings")
    return min(max(512, tokens), longest or tokens)


def load_arguments(folder: Path, s: Train, seed: int, length: int) -> dict[str, Any]:
    """Keyword arguments of FastLanguageModel.from_pretrained: local, one card, no name guessing."""
    return {
        "model_name": str(folder),
        "max_seq_length": length,
        "dtype": None,
        "load_in_4bit": s.load_in_4bit,
        "load_in_16bit": not s.load_in_4bit,
        "device_map": {"": 0},
        "use_gradient_checkpointing": "unsloth",
        "use_exact_model_name": True,
        "offload_embedding": False,
        "random_state": seed,
        "local_files_only": True,
    }


def adapter_arguments(s: Train, seed: int) -> dict[str, Any]:
    """Keyword arguments of FastLanguageModel.get_peft_model: the recipe's adapter and nothing else."""
    return {
        "r": s.rank,
        "lora_alpha": s.alpha,
        "target_modules": list(TARGETS[s.targets]),
        "lora_dropout": 0.0,
        "bias": "none",
        "use_gradient_checkpointing": "unsloth",
        "random_state": seed,
        "init_lora_weights": True,
        "use_rslora": False,
    }


def forward_arguments(batch: Pack) -> dict[str, Any]:
    """Keyword arguments of the model's forward: one packed row without mask or labels."""
    import torch

    lengths = torch.bincount(batch.segment, minlength=len(batch.rows))
    return {
        "input_ids": batch.input_ids[None],
        "position_ids": batch.position_ids[None],
        "packed_seq_lengths": lengths.to(torch.int32),
        "use_cache": False,
    }


def run_in_child(job: Job, progress: Progress) -> State:
    """Run `job` in a process of its own and return its final state; the child ends with this process."""
    caches = Path(job.adapter).parent / "unsloth"
    caches.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".json", dir=caches, delete=False) as file:
        json.dump(asdict(job), file)
    child = subprocess.Popen(
        [sys.executable, "-m", "models.unsloth_backend", file.name],
        cwd=CHECKOUT,
        env=child_environment(caches),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        tail = _follow(child, progress)
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
        Path(file.name).unlink(missing_ok=True)
    if child.returncode:
        raise BackendError(
            f"Training on the card failed (exit {child.returncode}): {tail}. Run again to continue from the "
            "last checkpoint; if memory ran out, lower NOCTURNE_RECIPE__TRAIN__BATCH_ROWS."
        )
    return state_from_json(Path(job.result).read_text(encoding="utf-8"))


def child_environment(caches: Path) -> dict[str, str]:
    """This process's environment with Unsloth kept offline, silent and in its own cache folder.

    Its switches that a person set elsewhere are left out, since some change the loss or the loader, and so
    are our own settings, which may hold keys.
    """
    foreign = ("UNSLOTH_", "NOCTURNE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    places = {
        "UNSLOTH_COMPILE_LOCATION": str(caches.absolute() / "compiled"),
        "UNSLOTH_MEGA_CACHE_DIR": str(caches.absolute() / "kernels"),
        "PYTHONPATH": str(CHECKOUT),
    }
    return {**kept, **SWITCHES, **places}


def _follow(child: subprocess.Popen[str], progress: Progress) -> str:
    """Pass the child's progress on; returns the last line of its errors."""
    errors: list[str] = []
    assert child.stdout is not None and child.stderr is not None
    reader = threading.Thread(target=lambda: errors.extend(child.stderr or ()), daemon=True)
    reader.start()
    for line in child.stdout:
        if line.startswith(REPORT):
            share, text = json.loads(line.removeprefix(REPORT))
            progress(share, text)
    child.wait()
    reader.join(5.0)
    return next((line.strip() for line in reversed(errors) if line.strip()), "no message")


def _require_known(config: Mapping[str, Any]) -> None:
    kind = config.get("model_type")
    if kind not in ARCHITECTURES:
        raise BackendError(
            f"Bases of type {kind} cannot be trained on the card, only {', '.join(ARCHITECTURES)}. Choose "
            "another preset, or NOCTURNE_RECIPE__TRAIN__BACKEND=trl."
        )
    bent = [name for name in LOGIT_TRANSFORMS if config.get(name)]
    if bent:
        raise BackendError(f"Bases that scale their logits ({bent[0]}) cannot be trained. Choose another.")


def _require_quantized(model: Any, s: Train) -> None:
    if s.load_in_4bit and not getattr(model.config, "quantization_config", None):
        raise BackendError(
            "Unsloth loaded the base without 4-bit quantization, so it may not fit the card. Check that "
            "bitsandbytes works (`python -m bitsandbytes`) or set NOCTURNE_RECIPE__TRAIN__LOAD_IN_4BIT=false."
        )


def end_with_parent() -> None:
    """End this process once its input closes, even between two reports, where compiling can take minutes."""

    def wait() -> None:
        sys.stdin.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _main(path: str) -> None:
    """The child: read the job, train, write adapter and state."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    rows = [_row(fields) for fields in job["rows"]]
    s = Train(**job["train"])
    student = UnslothStudent(Path(job["base"]), rows, s, job["seed"])

    def report(share: float, text: str) -> None:
        print(REPORT + json.dumps([share, text]), flush=True)

    careful = sparing(report, Card(**job["card"]))
    start = Path(job["start"]) if job["start"] else None
    state = run(Solo(student, s), rows, s, job["seed"], Path(job["checkpoint"]), job["mark"], careful, start)
    student.save(Path(job["adapter"]))
    Path(job["result"]).write_text(json.dumps(asdict(state)), encoding="utf-8")


def _row(fields: dict[str, Any]) -> Row:
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in fields.items()}
    return Row(**values)


if __name__ == "__main__":
    end_with_parent()
    _main(sys.argv[1])
