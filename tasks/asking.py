"""Asking a model file the night's probes, through a server of its own, each question only once ever.

Greedy answers of a given file never change, so they are kept per file digest; the base and yesterday's
model are asked again only what they were never asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from data.errors import BadInput
from data.records import Answer, ChatRequest, Generation, Probe
from data.settings import Settings
from models.chat import HttpChat
from models.crew import crew
from models.gateway_client import gateway_status
from models.registry import Registry
from models.server import serve_model
from quality.probes import ask, request
from quality.scoring import judge


def ask_file(
    gguf: Path,
    digest: str,
    probes: Sequence[Probe],
    settings: Settings,
    *,
    run: str,
    progress: Callable[[float, str], None] | None = None,
) -> list[Answer]:
    """Answers of the model in `gguf` to `probes`, judged; only what is not on record is asked."""
    requests = [request(probe, settings.recipe.persona) for probe in probes]
    texts = answers_of(gguf, digest, requests, settings, run=run, progress=progress)
    return [Answer(probe, text, judge(probe, text)) for probe, text in zip(probes, texts, strict=True)]


def answers_of(
    gguf: Path,
    digest: str,
    requests: Sequence[ChatRequest],
    settings: Settings,
    *,
    run: str,
    progress: Callable[[float, str], None] | None = None,
) -> list[str]:
    """Greedy answers of the model in `gguf` to `requests`; only what is not on record is asked."""
    cache = settings.work / "answers" / f"{digest[:32]}.json"
    known: dict[str, str] = json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
    missing = {_key(one): one for one in requests if _key(one) not in known}
    if missing:
        texts = complete(gguf, list(missing.values()), settings, run=run, progress=progress)
        known |= dict(zip(missing, texts, strict=True))
        _save(cache, known)
    return [known[_key(one)] for one in requests]


def ask_live(probes: Sequence[Probe], settings: Settings, *, run: str) -> list[Answer]:
    """Answers of the live model over HTTP, judged: the gateway's, or a crew's where none runs.

    Raises BadInput when nothing has been published yet.
    """
    live, gateway = _in_service(settings)
    if gateway is not None:
        with _through(gateway, live, settings, run=run) as chat:
            return ask(chat, probes, settings.recipe.persona)
    return ask_file(live.gguf, live.digest, probes, settings, run=run)


def recorded(digest: str, probes: Sequence[Probe], settings: Settings) -> list[Answer]:
    """The answers on record of a model, asking nothing."""
    cache = settings.work / "answers" / f"{digest[:32]}.json"
    known: dict[str, str] = json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
    pairs = [(probe, known.get(_key(request(probe, settings.recipe.persona)))) for probe in probes]
    return [Answer(probe, text, judge(probe, text)) for probe, text in pairs if text is not None]


def complete(
    gguf: Path,
    requests: Sequence[ChatRequest],
    settings: Settings,
    *,
    run: str,
    progress: Callable[[float, str], None] | None = None,
) -> list[str]:
    """Answers of the model in `gguf` to plain requests, from servers that live for this call."""
    tell = (lambda share: progress(share, "")) if progress is not None else None
    s = settings.serve
    with crew(
        gguf, run=run, context=s.context, parallel=s.parallel, threads=s.threads, progress=tell
    ) as chat:
        return chat.complete(requests)


@contextmanager
def served(settings: Settings, *, run: str) -> Iterator[tuple[str, HttpChat]]:
    """(generation, chat over HTTP) with the live model: the gateway's, or a server of its own if none runs.

    Raises BadInput when nothing has been published yet.
    """
    live, gateway = _in_service(settings)
    if gateway is not None:
        with _through(gateway, live, settings, run=run) as chat:
            yield live.id, chat
        return
    s = settings.serve
    with (
        serve_model(
            live.gguf, alias=live.id, context=s.context, parallel=s.parallel, threads=s.threads
        ) as server,
        HttpChat.to(server, run=run, parallel=s.parallel) as chat,
    ):
        yield live.id, chat


def _in_service(settings: Settings) -> tuple[Generation, str | None]:
    """The live generation and the URL of the gateway that serves it; its file is verified where none runs."""
    registry = Registry(settings.models)
    live = registry.live()
    if live is None:
        raise BadInput("No model has been published yet. Run `python -m flows night` first.")
    status = gateway_status(settings)
    if status is None:
        registry.verify(live)
        return live, None
    return live, str(status["url"])


def _through(gateway: str, live: Generation, settings: Settings, *, run: str) -> HttpChat:
    s = settings.serve
    key = s.api_key.get_secret_value() if s.api_key else ""
    return HttpChat(gateway, key=key, model=live.id, run=run, parallel=s.parallel)


def _key(one: ChatRequest) -> str:
    return json.dumps([[m.role, m.content] for m in one.messages] + [one.max_tokens], ensure_ascii=False)


def _save(path: Path, known: dict[str, str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(known, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    part.replace(path)
