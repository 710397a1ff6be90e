"""The routes that move the pointer and hand over the card; the guard asks them for the admin key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from data.errors import BackendError, BadInput, NocturneError
from models.gateway_child import Child, Flip
from models.gateway_guard import error_response
from models.gateway_pool import Pool
from models.gateway_relay import read_body
from models.gateway_request import Refused, generation_id, parse

MAX_ADMIN_BODY = 10_000
ADMIN_SECONDS = 10.0

Action = Callable[[dict[str, Any]], Awaitable[Flip | None]]


def admin_routes(pool: Pool, status: Callable[[], dict[str, Any]]) -> list[Route]:
    """publish, rollback, pause and resume, each answering with what was done and the state after it."""

    async def publish(body: dict[str, Any]) -> Flip:
        return await pool.publish(generation_id(body.get("generation")))

    async def rollback(body: dict[str, Any]) -> Flip:
        wanted = body.get("generation")
        return await pool.rollback(None if wanted is None else generation_id(wanted))

    async def pause(body: dict[str, Any]) -> None:
        holder = body.get("pid")
        if holder is not None and (not isinstance(holder, int) or isinstance(holder, bool) or holder < 1):
            raise Refused("pid must be a process id.")
        if not all(isinstance(body.get(name, False), bool) for name in ("cpu", "wakes")):
            raise Refused("cpu and wakes must be true or false.")
        await pool.pause(holder, cpu=body.get("cpu", False), wakes=body.get("wakes", False))

    async def resume(body: dict[str, Any]) -> None:
        await pool.resume()

    async def show(request: Request) -> Response:
        return JSONResponse({**status(), "servers": [_describe(child) for child in pool.children.values()]})

    actions = {"publish": publish, "rollback": rollback, "pause": pause, "resume": resume}
    routes = [
        Route(f"/admin/{name}", _endpoint(action, status), methods=["POST"])
        for name, action in actions.items()
    ]
    return [*routes, Route("/admin/status", show, methods=["GET"])]


def _describe(child: Child) -> dict[str, Any]:
    return {
        "generation": child.id,
        "pid": child.server.pid,
        "in_flight": child.in_flight,
        "served": child.served,
        "failed": child.failed,
    }


def _endpoint(
    action: Action, status: Callable[[], dict[str, Any]]
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            flip = await action(parse(await read_body(request, MAX_ADMIN_BODY, ADMIN_SECONDS)))
        except Refused as refusal:
            return error_response(refusal)
        except NocturneError as error:
            return error_response(_refused(error))
        return JSONResponse({**(asdict(flip) if flip else {}), "status": status()})

    return answer


def _refused(error: NocturneError) -> Refused:
    """The holder of the admin key is the owner of the machine and may read the whole message."""
    if isinstance(error, BadInput):
        return Refused(str(error), 404, "not_found_error")
    return Refused(str(error), 500 if isinstance(error, BackendError) else 409, "server_error")
