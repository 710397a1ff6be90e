"""A chat model over HTTP: the `Chat` that asks any OpenAI-compatible server.

Every request is tagged as the pipeline's own, so that no log reader ever takes it for the person's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import httpx

from data.errors import BackendError
from data.records import ChatRequest
from models.server import ModelServer

TAG_HEADER = "x-nocturne-origin"
RETRY_PAUSES = (0.2, 1.0)
# A text a model goes on with shows what it thinks likely only where nothing likely is cut off. Sorting all
# tokens of a vocabulary would take longer than the model.
_UNCUT = {"top_k": 1000, "top_p": 1.0, "min_p": 0.0}


class HttpChat:
    """Asks an OpenAI-compatible server, several requests at a time, answers in order."""

    def __init__(
        self,
        url: str,
        *,
        key: str = "",
        model: str = "",
        run: str = "manual",
        parallel: int = 4,
        timeout: float = 120.0,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """`run` names the pipeline run in the tag; `progress` hears the finished share from 0 to 1."""
        self.model = model
        self.tag = f"dream-pipeline:{run}"
        self.parallel = parallel
        self.progress = progress
        headers = {TAG_HEADER: self.tag}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self.client = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout, trust_env=False
        )

    @classmethod
    def to(cls, server: ModelServer, *, run: str, parallel: int = 4) -> HttpChat:
        """A chat with a server we started."""
        return cls(server.url, key=server.key, model=server.alias, run=run, parallel=parallel)

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        """One answer per request, in order; raises BackendError when the server fails."""
        answers: list[str] = []
        with ThreadPoolExecutor(self.parallel) as pool:
            for answer in pool.map(self._ask, requests):
                answers.append(answer)
                if self.progress:
                    self.progress(len(answers) / len(requests))
        return answers

    def _ask(self, request: ChatRequest) -> str:
        try:
            reply = self._post(*self._order(request))
            if reply.status_code != 200:
                raise BackendError(f"The model at {self.client.base_url} refused a request: {_reason(reply)}")
            choice = reply.json()["choices"][0]
            content = choice["text"] if request.beginning else choice["message"].get("content")
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            raise BackendError(
                f"The model at {self.client.base_url} did not answer ({type(error).__name__}). "
                "Check that it runs with `python -m flows status`."
            ) from error
        return content or ""

    def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        """Send a request, again after a pause while the server is full, loading or just restarted."""
        for pause in RETRY_PAUSES:
            try:
                reply = self.client.post(path, json=body)
            except (httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError):
                time.sleep(pause)
                continue
            if reply.status_code != 503:
                return reply
            time.sleep(pause)
        return self.client.post(path, json=body)

    def _order(self, request: ChatRequest) -> tuple[str, dict[str, Any]]:
        """Where a request goes, and what it says there."""
        body: dict[str, Any] = {
            "model": self.model,
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "user": self.tag,
        }
        if request.beginning:
            return "/v1/completions", body | {"prompt": request.beginning, **_UNCUT}
        body["messages"] = [{"role": m.role, "content": m.content} for m in request.messages]
        if request.schema is not None:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": dict(request.schema), "strict": True},
            }
        return "/v1/chat/completions", body

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _reason(reply: httpx.Response) -> str:
    """What the server says is wrong, or the status."""
    try:
        return f"{str(reply.json()['error']['message'])[:300]} (status {reply.status_code})."
    except (ValueError, KeyError, TypeError):
        return f"status {reply.status_code}. Check that it runs with `python -m flows status`."
