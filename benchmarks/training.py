"""Training speed of ours against plain TRL SFTTrainer: `python -m benchmarks.training [--json]`.

The same rows, base, adapter targets and batch size, in one process, in turns, so that other load on the
machine meets both. All rows are trained by cross-entropy, because plain SFT knows nothing else. SFTTrainer
runs in bf16 at the better of padded and padding-free batches. Both wall and processor seconds are kept:
on a busy machine only the second compares code.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.night_rows import make_night
from data.records import Example
from data.seeds import load_prompts
from data.settings import Train, load_settings
from models.base import prepare_base
from models.cores import split
from models.learner import Course
from models.packing import Row, encode, end_of_turn
from models.precision import matmul_rate
from models.targets import TARGETS
from models.team import Team, learner_of

TARGET = 2.5


@dataclass
class Cost:
    """What some training cost."""

    wall: float = 0.0
    processor: float = 0.0
    answer_tokens: int = 0
    rows: int = 0
    loss: float = 0.0

    def figures(self) -> dict[str, float]:
        """Rates per wall and per processor second."""
        return {
            "answer_tokens_per_s": round(self.answer_tokens / self.wall, 1),
            "answer_tokens_per_cpu_s": round(self.answer_tokens / self.processor, 1),
            "rows_per_s": round(self.rows / self.wall, 2),
            "wall_s": round(self.wall, 2),
            "cpu_s": round(self.processor, 2),
            "first_loss": round(self.loss, 5),
        }


@contextmanager
def measured(cost: Cost, helpers: Sequence[int] = ()) -> Iterator[None]:
    """Add the wall and processor seconds of the block to `cost`, those of `helpers` (process ids) too."""
    wall, processor = time.perf_counter(), _processor(helpers)
    yield
    cost.wall += time.perf_counter() - wall
    cost.processor += _processor(helpers) - processor


def _processor(helpers: Sequence[int]) -> float:
    others = (psutil.Process(number).cpu_times() for number in helpers)
    return time.process_time() + sum(times.user + times.system for times in others)


def ours(base: Path, rows: Sequence[Row], s: Train, steps: int, processes: int, threads: int) -> Cost:
    """A night's steps without its hold on layers, which needs general rows; what is read once counts too."""
    import torch

    cost = Cost()
    chosen = rows[: steps * s.batch_rows]
    with learner_of(Course(base, tuple(chosen), s, 1), processes, threads) as learner:
        helpers = [one.process.pid for one in learner.helpers] if isinstance(learner, Team) else []
        optimizer = torch.optim.AdamW(list(learner.parameters.values()), lr=s.rate, weight_decay=0.0)
        with measured(cost, helpers):
            learner.prepare(chosen, lambda share, line: None)
        for step in range(steps):
            with measured(cost, helpers):
                lesson = learner.learn(chosen[step * s.batch_rows : (step + 1) * s.batch_rows])
                torch.nn.utils.clip_grad_norm_(list(learner.parameters.values()), 1.0)
                optimizer.step()
                optimizer.zero_grad(set_to_none=True)
            cost.loss = cost.loss or lesson.loss
            cost.answer_tokens += lesson.answer_tokens
    cost.rows = len(chosen)
    return cost


def plain(base: Path, examples: Sequence[Example], s: Train, steps: int, padding_free: bool) -> Cost:
    """The same steps by SFTTrainer with a PEFT adapter in bf16, on the same tokens.

    TRL 1.15's own loss calls a triton kernel that CPU builds of torch lack, so the loss is the one of
    transformers, on the logits of all positions.
    """
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, Trainer, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    class Watch(TrainerCallback):
        """Measures from the first step's start to the last step's end."""

        def on_train_begin(self, *args: Any, **kwargs: Any) -> None:
            self.started = time.perf_counter(), time.process_time()

        def on_train_end(self, *args: Any, **kwargs: Any) -> None:
            self.cost = time.perf_counter() - self.started[0], time.process_time() - self.started[1]

    class CpuTrainer(SFTTrainer):
        """SFTTrainer with the loss of its parent class."""

        def compute_loss(self, *args: Any, **kwargs: Any) -> Any:
            return Trainer.compute_loss(self, *args, **kwargs)

    chosen = examples[: steps * s.batch_rows]
    watch = Watch()
    tokenizer = AutoTokenizer.from_pretrained(base)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        trainer = CpuTrainer(
            model=AutoModelForCausalLM.from_pretrained(base, dtype=torch.bfloat16),
            args=SFTConfig(
                output_dir=folder,
                per_device_train_batch_size=s.batch_rows,
                max_steps=steps,
                learning_rate=s.rate,
                bf16=True,
                use_cpu=True,
                gradient_checkpointing=False,
                completion_only_loss=True,
                padding_free=padding_free,
                max_length=None,
                eos_token=end_of_turn(tokenizer),
                report_to="none",
                save_strategy="no",
                logging_steps=1,
                disable_tqdm=True,
                dataloader_pin_memory=False,
                shuffle_dataset=False,
                train_sampling_strategy="sequential",
            ),
            train_dataset=Dataset.from_list([_texts(row, tokenizer) for row in chosen]),
            processing_class=tokenizer,
            peft_config=LoraConfig(
                r=s.rank, lora_alpha=s.alpha, target_modules=list(TARGETS[s.targets]), lora_dropout=0.0
            ),
            callbacks=[watch],
        )
        trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return Cost(*watch.cost, rows=len(chosen), loss=losses[0])


def _texts(row: Example, tokenizer: Any) -> dict[str, str]:
    """The very tokens `models.packing` trains, as the texts SFTTrainer takes."""
    system = [{"role": "system", "content": row.system}] if row.system else []
    messages = [*system, {"role": "user", "content": row.question}]
    prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    return {"prompt": prompt, "completion": row.answer + end_of_turn(tokenizer)}


def share_of_limit(base: Path, rows: Sequence[Row], s: Train, cost: Cost, limit: float) -> float:
    """Frozen-weight operations done per wall second over the measured bf16 matmul rate."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(base)
    width, inner = config.hidden_size, config.intermediate_size
    keys = width * config.num_key_value_heads // config.num_attention_heads
    layer = 2 * (2 * width * width + 2 * width * keys + 3 * width * inner)
    adapted = config.num_hidden_layers - round(config.num_hidden_layers * s.first_layer)
    chosen = rows[: cost.rows]
    tokens = sum(len(row.own) for row in chosen)
    answers = sum(len(row.answer) for row in chosen)
    work = tokens * layer * (config.num_hidden_layers + adapted) + answers * 4 * width * config.vocab_size
    return work / cost.wall / limit


def measure(steps: int, rounds: int) -> dict[str, Any]:
    """All figures of one run; ratios compare sums over the rounds."""
    import torch

    settings = load_settings()
    base = prepare_base("smollm2-135m", settings.models)
    s = settings.recipe.train
    night = make_night({prompt.text: "I can help you with that." for prompt in load_prompts()}, seed=3)
    examples = [replace(row, loss="ce") for row in night.rows if row.system]
    order = torch.randperm(len(examples), generator=torch.Generator().manual_seed(0)).tolist()
    examples = [examples[index] for index in order]
    from transformers import AutoTokenizer

    rows = encode(examples, AutoTokenizer.from_pretrained(base.hf))
    whole = s.model_copy(update={"first_layer": 0.0})
    names = ("ours", "ours_all_layers", "ours_one_process", "padded", "padding_free")
    runs: dict[str, list[Cost]] = {name: [] for name in names}
    processes, threads = split(1)
    for _ in range(rounds):
        runs["ours"].append(ours(base.hf, rows, s, steps, processes, threads))
        runs["ours_all_layers"].append(ours(base.hf, rows, whole, steps, processes, threads))
        runs["ours_one_process"].append(ours(base.hf, rows, s, steps, 1, torch.get_num_threads()))
        runs["padded"].append(plain(base.hf, examples, s, steps, padding_free=False))
        runs["padding_free"].append(plain(base.hf, examples, s, steps, padding_free=True))
    answers = runs["ours"][0].answer_tokens
    sums = {
        name: Cost(
            sum(c.wall for c in costs),
            sum(c.processor for c in costs),
            answers * rounds,
            costs[0].rows * rounds,
            costs[0].loss,
        )
        for name, costs in runs.items()
    }
    best = min((sums["padded"], sums["padding_free"]), key=lambda cost: cost.processor)
    limit = matmul_rate(torch.bfloat16, trials=50)
    return {
        "benchmark": "training",
        "threads": torch.get_num_threads(),
        "load": round(os.getloadavg()[0], 1),
        "steps": steps * rounds,
        "first_layer": s.first_layer,
        **{name: cost.figures() for name, cost in sums.items()},
        "processes": processes,
        "ratio_wall": round(best.wall / sums["ours"].wall, 2),
        "ratio_wall_all_layers": round(best.wall / sums["ours_all_layers"].wall, 2),
        "ratio_cpu": round(best.processor / sums["ours"].processor, 2),
        "ratio_cpu_all_layers": round(best.processor / sums["ours_all_layers"].processor, 2),
        "target": TARGET,
        "bf16_gflops": round(limit / 1e9, 1),
        "share_of_bf16_limit": round(share_of_limit(base.hf, rows, s, runs["ours"][-1], limit), 3),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; the last line printed is one JSON object."""
    parser = argparse.ArgumentParser(prog="benchmarks.training", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the JSON object only")
    parser.add_argument("--steps", type=int, default=4, help="steps per turn")
    parser.add_argument("--rounds", type=int, default=2, help="turns of each")
    given = parser.parse_args(arguments)
    figures = measure(given.steps, given.rounds)
    if not given.json:
        for name, value in figures.items():
            print(f"{name:24} {value}")
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
