"""The routes of the gateway, and what it tells about itself: health, models, status, description."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from data.settings import Settings
from models.gateway_admin import admin_routes
from models.gateway_bake import Bake
from models.gateway_guard import error_response
from models.gateway_openapi import describe
from models.gateway_pool import Pool
from models.gateway_relay import Relay
from models.gateway_request import MODEL_NAME, Refused

RELAYED = ("/v1/chat/completions", "/v1/completions", "/v1/embeddings")


def routes(settings: Settings, pool: Pool, bake: Bake, relay: Relay) -> list[Route]:
    """Every route of the gateway."""
    document = describe(settings.serve.api_key is not None)

    def status() -> dict[str, Any]:
        return _status(settings, pool, bake)

    async def show_status(request: Request) -> Response:
        return JSONResponse(status())

    async def health(request: Request) -> Response:
        if pool.current is None:
            return error_response(Refused("No model is loaded.", 503, "server_error", "unavailable"))
        return JSONResponse({"status": "ok"})

    async def models(request: Request) -> Response:
        return JSONResponse(_models(pool))

    async def openapi(request: Request) -> Response:
        return JSONResponse(document)

    return [
        *(Route(path, relay.route(path), methods=["POST"]) for path in RELAYED),
        Route("/v1/models", models, methods=["GET"]),
        Route("/status", show_status, methods=["GET"]),
        Route("/health", health, methods=["GET"]),
        Route("/openapi.json", openapi, methods=["GET"]),
        *admin_routes(pool, status),
    ]


def _models(pool: Pool) -> dict[str, Any]:
    child = pool.current
    names = (MODEL_NAME, child.id) if child else ()
    return {
        "object": "list",
        "data": [
            {"id": name, "object": "model", "created": int(child.since.timestamp()), "owned_by": "nocturne"}
            for name in names
            if child
        ],
    }


def _status(settings: Settings, pool: Pool, bake: Bake) -> dict[str, Any]:
    child = pool.current
    night = next_night(settings, datetime.now(UTC))
    return {
        "generation": child.id if child else None,
        "wanted": pool.wanted,
        "since": child.since.isoformat(timespec="seconds") if child else None,
        "in_flight": pool.in_flight,
        "paused": pool.paused,
        "asked_for": pool.asked_for,
        "idle_seconds": None if pool.idle_seconds is None else round(pool.idle_seconds, 1),
        "warm": list(pool.children),
        "baking_seconds_left": round(bake.seconds_left, 1),
        "next_night": night.isoformat(timespec="minutes") if night else None,
        "next_night_in_seconds": int((night - datetime.now(UTC)).total_seconds()) if night else None,
        "last_event": pool.events.last,
    }


def next_night(settings: Settings, now: datetime) -> datetime | None:
    """When the next night begins in the person's zone; None when serve.night_at is not set."""
    if settings.serve.night_at is None:
        return None
    zone = ZoneInfo(settings.zone)
    hour, minute = (int(part) for part in settings.serve.night_at.split(":"))
    local = now.astimezone(zone)
    tonight = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    return tonight if tonight > local else (tonight + timedelta(days=1)).replace(tzinfo=zone)


async def http_error(request: Request, error: Exception) -> Response:
    """What the router refuses, in OpenAI's form."""
    assert isinstance(error, HTTPException)
    words = {404: "There is no such route.", 405: "The route does not take this method."}
    response = error_response(
        Refused(words.get(error.status_code, "The request is not valid."), error.status_code)
    )
    response.headers.update(error.headers or {})
    return response


async def internal_error(request: Request, error: Exception) -> Response:
    """A fault of ours, without its inside."""
    return error_response(Refused("Something went wrong in the gateway.", 500, "server_error"))
