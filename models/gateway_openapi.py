"""The gateway's own description, served at /openapi.json and held true by the tests."""

from __future__ import annotations

from typing import Any

from models.gateway_request import MAX_MESSAGES, MAX_TOKEN, ROLES

_TOKEN = {"type": "integer", "minimum": 0, "maximum": MAX_TOKEN}
_TEXTS = {
    "anyOf": [
        {"type": "string"},
        *(
            {"type": "array", "minItems": 1, "maxItems": MAX_MESSAGES, "items": items}
            for items in ({"type": "string"}, _TOKEN)
        ),
    ]
}
_POSITIVE = {"type": ["integer", "null"], "minimum": 1, "maximum": 1_000_000}
_NUMBER = {"type": ["number", "null"]}
_SAMPLING = {
    "model": {"type": ["string", "null"], "description": "nocturne, the live generation's id, or nothing"},
    "stream": {"type": ["boolean", "null"]},
    "max_tokens": _POSITIVE,
    "max_completion_tokens": _POSITIVE,
    "n": _POSITIVE,
    "temperature": _NUMBER,
    "top_p": _NUMBER,
}
_PART = {
    "type": "object",
    "required": ["type", "text"],
    "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
}
_CONTENT = {"anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": _PART}]}
_MESSAGE = {
    "anyOf": [
        {
            "type": "object",
            "required": ["role", "content"],
            "properties": {"role": {"enum": sorted(ROLES)}, "content": _CONTENT},
        },
        {
            "type": "object",
            "required": ["role"],
            "properties": {
                "role": {"const": "assistant"},
                "content": {"anyOf": [*_CONTENT["anyOf"], {"type": "null"}]},
            },
        },
    ]
}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}
_ERRORS = {
    400: "the request is not valid",
    401: "a key is needed",
    403: "the host or the origin is refused",
    404: "no such model",
    408: "the request took too long to arrive",
    413: "the request is too large",
    415: "the request is not JSON",
    431: "the headers are too large",
    501: "the served model cannot do this",
    502: "the model failed",
    503: "no model is loaded; retry-after says when to ask again",
    504: "the answer took too long",
}
_GATES = (401, 403, 431)
_STATUS = {
    "type": "object",
    "required": ["generation", "since", "in_flight", "paused"],
    "properties": {
        "generation": {"type": ["string", "null"]},
        "wanted": {"type": "string"},
        "since": {"type": ["string", "null"]},
        "in_flight": {"type": "integer", "minimum": 0},
        "paused": {"type": "boolean"},
        "asked_for": {"type": "boolean"},
        "idle_seconds": {"type": ["number", "null"], "minimum": 0},
        "warm": {"type": "array", "items": {"type": "string"}},
        "baking_seconds_left": {"type": "number", "minimum": 0},
        "next_night": {"type": ["string", "null"]},
        "next_night_in_seconds": {"type": ["integer", "null"]},
        "last_event": {"type": "object"},
    },
}


def describe(keyed: bool) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the client routes; the admin routes are not offered to clients."""
    chat = {"messages": {"type": "array", "minItems": 1, "maxItems": MAX_MESSAGES, "items": _MESSAGE}}
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Nocturne gateway", "version": "1"},
        "paths": {
            "/v1/chat/completions": _post("Answer a chat", {**chat, **_SAMPLING}, "messages"),
            "/v1/completions": _post("Continue a text", {"prompt": _TEXTS, **_SAMPLING}, "prompt"),
            "/v1/embeddings": _post(
                "Embed texts", {"input": _TEXTS, "model": _SAMPLING["model"]}, "input", stream=False
            ),
            "/v1/models": _get("The live model under its names", _list_schema()),
            "/status": _get("What is served, since when, and when the next night comes", _STATUS),
            "/health": _get(
                "Whether a model answers",
                {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}},
                503,
            ),
            "/openapi.json": _get("This document", {"type": "object"}),
        },
    }
    if keyed:
        document["components"] = {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
        document["security"] = [{"key": []}]
        for path in ("/health", "/openapi.json"):
            document["paths"][path]["get"]["security"] = []
    return document


def _list_schema() -> dict[str, Any]:
    model = {
        "type": "object",
        "required": ["id", "object", "created", "owned_by"],
        "properties": {
            "id": {"type": "string"},
            "object": {"const": "model"},
            "created": {"type": "integer"},
            "owned_by": {"type": "string"},
        },
    }
    return {
        "type": "object",
        "required": ["object", "data"],
        "properties": {"object": {"const": "list"}, "data": {"type": "array", "items": model}},
    }


def _post(summary: str, properties: dict[str, Any], required: str, *, stream: bool = True) -> dict[str, Any]:
    schema = {"type": "object", "required": [required], "properties": properties}
    content: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
    if stream:
        content["text/event-stream"] = {}
    return {
        "post": {
            "summary": summary,
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {
                "200": {
                    "description": "the model server's answer, unchanged",
                    "headers": {"x-nocturne-generation": {"schema": {"type": "string"}}},
                    "content": content,
                },
                **_errors(*_ERRORS),
            },
        }
    }


def _get(summary: str, schema: dict[str, Any], *more: int) -> dict[str, Any]:
    return {
        "get": {
            "summary": summary,
            "responses": {
                "200": {"description": summary, "content": {"application/json": {"schema": schema}}},
                **_errors(*_GATES, *more),
            },
        }
    }


def _errors(*codes: int) -> dict[str, Any]:
    return {
        str(code): {
            "description": _ERRORS[code],
            "content": {"application/json": {"schema": _ERROR}},
        }
        for code in codes
    }
