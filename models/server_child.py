"""The process that holds one served model: llama.cpp's C++ server on a loopback port.

Started by `models.server`; takes its order as one JSON line on standard input, answers with one JSON
line, and ends when that input closes, so it never outlives the process that asked for it.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def serve(order: dict[str, Any]) -> None:
    """Load the model of `order`, announce the address, and stay until standard input closes."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["gguf"]
    params.model_alias = {order["alias"]}
    params.api_keys = [order["key"]]
    params.n_parallel = order["parallel"]
    params.n_ctx = order["context"] * order["parallel"]
    params.cpuparams.n_threads = order["threads"]
    params.cpuparams_batch.n_threads = order["threads"]
    params.n_gpu_layers = order["gpu_layers"]
    params.port = order["port"]
    params.ui = False
    params.offline = True
    params.verbosity = -1
    params.cache_ram_mib = 0
    server = xllamacpp.Server(params)
    print(json.dumps({"url": server.listening_address}), flush=True)
    sys.stdin.read()
    del server


if __name__ == "__main__":
    serve(json.loads(sys.stdin.readline()))
