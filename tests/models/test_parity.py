"""The comparison of a file with its weights: exact in float32, without the whole model in memory."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from models.parity import hf_logits
from tests.models.tiny_gguf import make_adapter, make_tiny

TEXTS = [[5, 9, 40, 41, 42, 200, 7], [11, 300, 12]]


@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma3"])
def test_the_reference_is_the_whole_model_in_float32_with_pefts_adapter(tmp_path: Path, family: str) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    hf = make_tiny(tmp_path / "hf", family)
    adapter = make_adapter(tmp_path / "adapter", hf=hf)
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(hf, dtype=torch.float32), adapter)
    with torch.no_grad():
        expected = [model.eval()(torch.tensor([ids])).logits[0].numpy() for ids in TEXTS]
    found = hf_logits(hf, TEXTS, adapter, 1.0)
    assert [logits.shape for logits in found] == [logits.shape for logits in expected]
    assert max(np.abs(a - b).max() for a, b in zip(found, expected, strict=True)) < 1e-4
    weaker = hf_logits(hf, TEXTS, adapter, 0.5)
    assert np.abs(weaker[0] - found[0]).max() > 1e-2, "the scale reaches the adapter"


def test_a_comparison_needs_the_memory_of_a_layer_and_not_of_the_model(tmp_path: Path) -> None:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=512, hidden_size=768, intermediate_size=2048, num_hidden_layers=12,
        num_attention_heads=12, num_key_value_heads=12,
    )  # fmt: skip
    model = LlamaForCausalLM(config).to(torch.bfloat16)
    size = 4 * sum(weight.numel() for weight in model.parameters())
    model.save_pretrained(tmp_path / "hf")
    del model
    hf_logits(tmp_path / "hf", TEXTS, None, 1.0)
    before, most, ended = _own_memory(), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.002):
            most = max(most, _own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    hf_logits(tmp_path / "hf", TEXTS, None, 1.0)
    ended.set()
    watcher.join()
    assert most - before < size / 4


def _own_memory() -> int:
    """Bytes of this process that no file stands behind."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))
