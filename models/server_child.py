"""The process that holds one served model: llama.cpp's C++ server on a loopback port.

Started by `models.server`; takes its order as one JSON line on standard input, answers with one JSON
line, and ends when that input closes, so it never outlives the process that asked for it. A `llama-server`
binary is started by this process too, and bound to its life in the same way.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
from typing import Any, TextIO

from models.zero_pages import give_back_zeros

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 3.0


def serve(order: dict[str, Any], answer: TextIO) -> None:
    """Load the model of `order`, announce the address, and stay until standard input closes."""
    if order.get("binary"):
        _serve_binary(order, answer)
    else:
        _serve_here(order, answer)


def _serve_here(order: dict[str, Any], answer: TextIO) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["gguf"]
    params.model_alias = {order["alias"]}
    params.api_keys = [order["key"]]
    params.n_parallel = order["parallel"]
    params.n_ctx = order["context"] * order["parallel"]
    params.cpuparams.n_threads = order["threads"]
    params.cpuparams_batch.n_threads = order["threads"]
    params.n_threads_http = order["http_threads"]
    params.n_gpu_layers = order["gpu_layers"]
    params.fit_params = has_card()
    params.port = order["port"]
    params.ui = False
    params.offline = True
    params.verbosity = -1
    params.cache_ram_mib = 0
    params.warmup = False
    server = xllamacpp.Server(params)
    give_back_zeros()
    _announce(answer, server.listening_address)
    sys.stdin.read()
    _leave(0)


def has_card() -> bool:
    """Whether there is a card whose memory bounds what is loaded; else fitting only reads the model twice."""
    import xllamacpp

    processor = xllamacpp.ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_CPU
    return any(device["type"] != processor for device in xllamacpp.get_device_info())


def _serve_binary(order: dict[str, Any], answer: TextIO) -> None:
    words = [order["binary"], "-m", order["gguf"], "--alias", order["alias"], "--host", "127.0.0.1"]
    words += ["--port", order["port"], "-np", order["parallel"], "-c", order["context"] * order["parallel"]]
    words += ["-t", order["threads"], "--threads-http", order["http_threads"], "--no-webui"]
    if order["gpu_layers"] >= 0:
        words += ["-ngl", order["gpu_layers"]]
    process = subprocess.Popen(
        [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LLAMA_API_KEY": order["key"]},
        preexec_fn=die_with_parent,
    )
    threading.Thread(target=_follow, args=(process,), daemon=True).start()
    _announce(answer, f"http://127.0.0.1:{order['port']}")
    sys.stdin.read()
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _follow(process: subprocess.Popen[bytes]) -> None:
    """End with the binary, so that a crash of it is seen as ours."""
    process.wait()
    os._exit(1)


def die_with_parent() -> None:
    """Let the kernel kill the binary when this process is killed and cannot do it itself."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _leave(code: int) -> None:
    """End at once: taking the C++ server apart can wait for ever, and the kernel frees everything anyway."""
    os._exit(code)


def _announce(answer: TextIO, url: str) -> None:
    answer.write(json.dumps({"url": url}) + "\n")
    answer.flush()


def _private_output() -> TextIO:
    """The pipe to the parent; whatever a library prints goes nowhere, so it can never fill the pipe."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answer


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = 1
    try:
        serve(json.loads(sys.stdin.readline()), _private_output())
        code = 0
    finally:
        _leave(code)
