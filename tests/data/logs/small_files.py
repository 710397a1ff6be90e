"""Small chat logs written by hand, and what reading them gives."""

import json
from datetime import UTC, datetime

from data.logs import read
from data.records import Reject, Turn

S = 1_767_261_600  # 2026-01-01T10:00:00Z


def at(offset=0):
    return datetime.fromtimestamp(S + offset, UTC)


def save(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def save_lines(path, *records):
    return save(path, "".join(json.dumps(record) + "\n" for record in records))


def turns(path, **options):
    return [one for one in read(path, **options) if isinstance(one, Turn)]


def rejects(path, **options):
    return [one for one in read(path, **options) if isinstance(one, Reject)]


def said(path, **options):
    return [(one.role, one.text) for one in turns(path, **options) if one.active]
