"""Training on the CPU: transformers and PEFT around the shared loop.

Frozen weights stay in bf16 where the processor multiplies it faster, the adapter and the residual
stream in fp32. Every pass starts at the first layer that learns, from what the layers below it made of each
row (models.frozen). Those read the question: a night that changed them would undo what its start brought
together (models.likeness).

TRL's own trainer is not in the loop: its loss needs a triton kernel that CPU builds of torch lack, and it
has no place for per-fact rest and exact resume. `benchmarks/training.py` measures against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.settings import Train
from models import attention, lora, neurons
from models.cores import give_back
from models.frozen import Frozen
from models.nullspace import Nullspace
from models.packing import Pack, Row, pack
from models.precision import bf16_is_faster
from models.progress import Progress
from models.targets import TARGETS
from models.warm_start import begin

if TYPE_CHECKING:
    import torch

READ_ROWS = 64


class CpuStudent:
    """A base with a fresh adapter on the CPU; see models.learner.Student."""

    device = "cpu"

    def __init__(
        self, folder: Path, s: Train, seed: int, half: bool | None = None, start: Path | None = None
    ) -> None:
        """Load the base in `folder`; `half` puts frozen weights in bf16, by default where faster.

        With an adapter to `start` from, layers below `s.memory_layer` stay as it has them.
        """
        import torch

        self.half = bf16_is_faster() if half is None else half
        base = _frozen_base(folder, self.half)
        layers = base.config.num_hidden_layers
        first = min(layers - 1, round(layers * s.first_layer))
        self.first = min(layers - 1, max(first, round(layers * s.memory_layer))) if start else first
        # What was read below is then not the base's own.
        self.started = self.first > first
        self.seed, self.rank = seed, s.rank
        self.neurons = min(s.neurons, len(neurons.silent(base.model.layers[-1].mlp))) if self.started else 0
        self.model = _adapted(base, s, range(first, layers), s.rank + self.neurons)
        self.core = base.model
        self.layers = self.core.layers
        self.nullspace_weight = s.nullspace_weight
        self.hold_part(0, 1)
        self.model.train()
        lora.draw(self._learning(), seed)
        if start:
            begin(self._learning(), start)
            self.settle()
            self.layers[: self.first].requires_grad_(False)
        self.parameters = self._learning()
        self.groups = base.config.num_attention_heads // base.config.num_key_value_heads
        self.kind = torch.bfloat16 if self.half else torch.float32
        self.norm = self.core.norm
        self.head = base.get_output_embeddings().weight.detach()
        self.head = self.head.to(self.kind)
        self.width = base.config.hidden_size
        self.frozen: Frozen | None = None

    def prepare(self, rows: Sequence[Row], progress: Progress, part: int = 0, parts: int = 1) -> None:
        """Run the frozen layers below the adapter once over every row, or over every `parts`-th batch."""
        import torch

        self.frozen = self.frozen or Frozen(rows, self.width)
        with torch.no_grad():
            for low in range(part * READ_ROWS, len(rows), parts * READ_ROWS):
                batch = pack(rows[low : low + READ_ROWS])
                states = self._run(batch, self.layers[: self.first], self._embedded(batch), norm=False)
                self.frozen.put(batch, states)
                progress(0.0, f"reading the rows {min(low + READ_ROWS, len(rows))}/{len(rows)}")

    def pack(self, rows: Sequence[Row]) -> Pack:
        """Rows behind one copy of each prefix."""
        return pack(rows)

    def hidden(self, batch: Pack) -> torch.Tensor:
        """Final hidden states [A, H] at the answer positions, with the adapter on."""
        with _only(self.layers[-1].mlp, batch.at):
            return self._hidden(batch)

    def base_hidden(self, batch: Pack) -> torch.Tensor:
        """The same with the adapter off and without gradient."""
        import torch

        watching = self.nullspace.watching() if self.nullspace_weight else nullcontext()
        with torch.no_grad(), self.model.disable_adapter(), watching:
            if not self.started:
                return self._hidden(batch)
            states = self._run(batch, self.layers, self._embedded(batch), norm=True)
        return states[batch.at].to(self.head.dtype)

    def hold(self) -> None:
        """Add the gradient that keeps the adapted layers to what they say of what the base was read on."""
        self.nullspace.pull(self.nullspace_weight)

    def hold_part(self, part: int, parts: int) -> None:
        """Hold every `parts`-th layer that learns from `part` on; others see to the rest."""
        learning = self.layers[self.first :]
        self.nullspace = Nullspace(
            lora.adapted(learning[part::parts]), self.rank, len(lora.adapted(learning))
        )

    def plant(self, rows: Sequence[Row], progress: Progress) -> None:
        """Give neurons of the layers that learn to what these rows ask."""
        if self.neurons:
            neurons.plant(self, [neurons.survey(self, rows, progress)])
            self.settle()

    def settle(self) -> None:
        """Work with the planted neurons as they are now: only what they say is learnt."""
        if self.neurons:
            for layer in lora.adapted(self.model):
                lora.fold(layer, self.rank)

    def save(self, folder: Path) -> None:
        """Write the adapter in PEFT's format."""
        self.model.save_pretrained(folder)

    def _hidden(self, batch: Pack) -> torch.Tensor:
        assert self.frozen is not None, "prepare comes first"
        states = self._run(batch, self.layers[self.first :], self.frozen.of(batch), norm=True)
        return states[batch.at].to(self.head.dtype)

    def _learning(self) -> dict[str, torch.Tensor]:
        return {name: value for name, value in self.model.named_parameters() if value.requires_grad}

    def _embedded(self, batch: Pack) -> torch.Tensor:
        return self.core.embed_tokens(batch.input_ids).float()

    def _run(self, batch: Pack, layers: Any, start: torch.Tensor, norm: bool) -> torch.Tensor:
        """States [T, H] after `layers`, from those in `start`."""
        import torch

        self.core.layers = layers
        self.core.norm = self.norm if norm else torch.nn.Identity()
        try:
            with self._precision():
                states = self.core(
                    inputs_embeds=start[None],
                    position_ids=batch.position_ids[None],
                    attention_mask=torch.ones(1, 1, 1, 1, dtype=torch.bool),
                    use_cache=False,
                    packed=attention.layout(batch, self.groups, self.kind),
                ).last_hidden_state[0]
        finally:
            self.core.layers = self.layers
            self.core.norm = self.norm
        return states

    def _precision(self) -> AbstractContextManager[Any]:
        import torch

        return torch.autocast("cpu", dtype=torch.bfloat16) if self.half else nullcontext()


@contextmanager
def _only(mlp: Any, at: torch.Tensor) -> Iterator[None]:
    """Have an MLP work at the places `at` alone, where nobody reads what it says elsewhere."""
    whole = mlp.forward

    def forward(states: torch.Tensor) -> torch.Tensor:
        said = whole(states.index_select(1, at))
        return said.new_zeros(states.shape).index_copy(1, at, said)

    mlp.forward = forward
    try:
        yield
    finally:
        mlp.forward = whole


def _frozen_base(folder: Path, half: bool) -> Any:
    """The base in `folder` with our attention; its matrices in bf16 if `half`."""
    import torch
    from transformers import AutoModelForCausalLM

    attention.install()
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    base.set_attn_implementation(attention.NAME)
    base.config.use_cache = False
    if half:
        _halve_matrices(base)
        give_back()
    return base


def _adapted(base: Any, s: Train, layers: range, rank: int) -> Any:
    """The base with an adapter on those layers that adds nothing yet, as strong as one of `s.rank`."""
    from peft import LoraConfig, get_peft_model

    adapter = LoraConfig(
        r=rank,
        lora_alpha=s.alpha * rank / s.rank,
        target_modules=list(TARGETS[s.targets]),
        layers_to_transform=list(layers),
        lora_dropout=0.0,
        bias="none",
        task_type="CAUSAL_LM",
    )
    model = get_peft_model(base, adapter, autocast_adapter_dtype=True)
    lora.fuse(model)
    return model


def _halve_matrices(model: Any) -> None:
    """Keep every frozen matrix of a linear layer in bf16; norms and embeddings stay in fp32."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Linear) and module is not model.get_output_embeddings():
            module.to(torch.bfloat16)
