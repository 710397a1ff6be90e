"""Seeded damage for the fuzzer: JSON trees with wrong types and impossible values, bytes flipped and cut."""

from __future__ import annotations

import codecs
import copy
import json
import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Holder = Any
Place = tuple[Holder, Any]

MOST_BYTES = 400_000
# What json.dumps cannot write stands in the tree as a mark and is put into the text.
_RAW = {
    "@lists@": "[" * 50_000 + "]" * 50_000,
    "@objects@": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "@unclosed@": "[" * 50_000,
    "@digits@": "9" * 5_000,
    "@huge@": "-1e999",
}
_ODD: tuple[Any, ...] = (
    *_RAW, None, True, False, 0, -1, 3.5, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, 1e308, float("nan"),
    float("inf"), 1_767_261_600, 1_767_261_600_000, "", " ", "\ud800", "\udfff\ud800", "\0", "\ufeff", "\r\n",
    "user", "assistant", "0", "-1", "1e5", "²", "2026-02-30T25:61:61Z", "2026-01-01T10:00:00+99:00", "9" * 40,
    "../../x", "data:", "#private", "x" * 70_000, "é\u0301" * 9_000, "<details>" * 3_000, [], {}, [[]],
    [None], {"": None}, [{}, {}],
)  # fmt: skip
_ODD_BYTES = (
    b"\0", b"\0" * 64, b"\xff", b"\xff\xfe", codecs.BOM_UTF8, codecs.BOM_UTF16_BE, b"\xed\xa0\x80", b"\x1a",
    b"\r", b"\n\n", b'"', b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[" * 2_000, b"]", b",", b":", b"NaN",
    b"Infinity", b"1e999", b"9" * 5_000, b"-", b"\x80" * 9, b"\xe2\x80\x8e", b"PK\x03\x04", b"PAR1",
    b"SQLite format 3\0",
)  # fmt: skip
_NUMBERS = tuple(struct.pack("<Q", number) for number in (0, 1, 2**31, 2**32 - 1, 2**62, 2**63, 2**64 - 1))


@dataclass(frozen=True, slots=True)
class Sample:
    """A valid input: a name, what it holds (a JSON tree, or bytes) and how that becomes bytes."""

    name: str
    holds: Any
    pack: Callable[[Any], bytes] = bytes

    @property
    def body(self) -> bytes:
        """The input, undamaged."""
        return self.pack(self.holds)


def damaged(rng: random.Random, samples: Sequence[Sample]) -> tuple[str, bytes]:
    """Name and bytes of one of the samples after a few edits of its tree, of its bytes, or of both."""
    sample = rng.choice(samples)
    body = whole = sample.body
    while body == whole:
        body = _damage(rng, sample, samples)
    return sample.name, body[:MOST_BYTES]


def _damage(rng: random.Random, sample: Sample, samples: Sequence[Sample]) -> bytes:
    trees = not isinstance(sample.holds, bytes) and rng.random() < 0.7
    body = sample.pack(_edited(rng, sample.holds)) if trees else sample.body
    if not trees or rng.random() < 0.2:
        other = rng.choice(samples).body
        for _ in range(rng.randint(1, 4)):
            body = rng.choice(_BYTE_EDITS)(rng, body, other)
    return body


def json_bytes(value: Any) -> bytes:
    """The tree as JSON, with its marks replaced by what no tree can hold."""
    text = json.dumps(value)
    for mark, raw in _RAW.items():
        text = text.replace(json.dumps(mark), raw)
    return text.encode()


def json_lines(value: Any) -> bytes:
    """The members of a list as lines of JSON."""
    return b"".join(json_bytes(one) + b"\n" for one in (value if isinstance(value, list) else [value]))


# ---- trees


def _edited(rng: random.Random, value: Any) -> Any:
    root = [copy.deepcopy(value)]
    for _ in range(rng.randint(1, 4)):
        if places := _places(root):
            rng.choice(_TREE_EDITS)(rng, rng.choice(places), places)
    return root[0] if root else None


def _places(root: Holder) -> list[Place]:
    """Every (container, key) below `root`."""
    found: list[Place] = []
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        found += [(holder, key) for key in keys]
        waiting += [holder[key] for key in keys if isinstance(holder[key], dict | list)]
    return found


def _replace(rng: random.Random, place: Place, places: list[Place]) -> None:
    place[0][place[1]] = copy.deepcopy(rng.choice(_ODD))


def _remove(rng: random.Random, place: Place, places: list[Place]) -> None:
    del place[0][place[1]]


def _double(rng: random.Random, place: Place, places: list[Place]) -> None:
    holder, key = place
    value = copy.deepcopy(holder[key])
    if isinstance(holder, list):
        holder.insert(key, value)
    else:
        holder[f"{key}2"] = value


def _move(rng: random.Random, place: Place, places: list[Place]) -> None:
    holder, key = rng.choice(places)
    place[0][place[1]] = copy.deepcopy(holder[key])


def _rename(rng: random.Random, place: Place, places: list[Place]) -> None:
    if isinstance(place[0], dict):
        names = [str(key) for holder, key in places if isinstance(holder, dict)]
        place[0][rng.choice([*names, "", "\ud800", "\0"])] = place[0].pop(place[1])


def _wrap(rng: random.Random, place: Place, places: list[Place]) -> None:
    value = place[0][place[1]]
    place[0][place[1]] = rng.choice(([value], {"text": value}, {"0": value}))


def _stringify(rng: random.Random, place: Place, places: list[Place]) -> None:
    value = place[0][place[1]]
    place[0][place[1]] = [value] if isinstance(value, str) else json.dumps(value)


def _scribble(rng: random.Random, place: Place, places: list[Place]) -> None:
    value = place[0][place[1]]
    if isinstance(value, str):
        at = rng.randint(0, len(value))
        odd = rng.choice([one for one in _ODD if isinstance(one, str)])
        again = value[at:] * rng.choice((0, 1, 1, 300)) if len(value) < 1_000 else value[at:]
        place[0][place[1]] = value[:at] + odd + again


_TREE_EDITS = (_replace, _replace, _remove, _double, _move, _rename, _wrap, _stringify, _scribble)


# ---- bytes


def _span(rng: random.Random, body: bytes) -> tuple[int, int]:
    start = rng.randint(0, len(body))
    return start, min(len(body), start + rng.choice((1, 2, 8, 40, 400)))


def _flip(rng: random.Random, body: bytes, other: bytes) -> bytes:
    out = bytearray(body)
    for _ in range(rng.choice((1, 1, 3, 20)) if out else 0):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def _cut(rng: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: rng.randint(0, len(body))]


def _drop(rng: random.Random, body: bytes, other: bytes) -> bytes:
    start, end = _span(rng, body)
    return body[:start] + body[end:]


def _repeat(rng: random.Random, body: bytes, other: bytes) -> bytes:
    start, end = _span(rng, body)
    more = (body[start:end] * rng.choice((1, 2, 50, 1_000, 20_000)))[:MOST_BYTES]
    return body[:end] + more + body[end:]


def _insert(rng: random.Random, body: bytes, other: bytes) -> bytes:
    at = rng.randint(0, len(body))
    return body[:at] + rng.choice(_ODD_BYTES) + body[at:]


def _number(rng: random.Random, body: bytes, other: bytes) -> bytes:
    at, width = rng.randint(0, len(body)), rng.choice((1, 2, 4, 8))
    return body[:at] + rng.choice(_NUMBERS)[-width:] + body[at + width :]


def _splice(rng: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: rng.randint(0, len(body))] + other[rng.randint(0, len(other)) :]


def _recode(rng: random.Random, body: bytes, other: bytes) -> bytes:
    if rng.random() < 0.5:
        return rng.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_LE)) + body
    encoding = rng.choice(("utf-16", "utf-16-be", "utf-32", "latin-1"))
    return body.decode("utf-8", "replace").encode(encoding, "replace")


_BYTE_EDITS = (_flip, _flip, _cut, _drop, _repeat, _insert, _number, _splice, _recode)
