"""What every reader yields: one chat with its messages, still close to the file it came from.

Readers decide what was said by whom; they do not hash, redact, count or store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from data.records import Reject, Role
from data.settings import Ingest

Status = Literal["ok", "unfinished", "error", "hidden"]


@dataclass(slots=True)
class Said:
    """One message: `at` in microseconds since 1970 UTC, None if absent, -1 if unreadable.

    `text` is what the role itself said; reasoning and attachments are kept beside it. A message whose
    status is not "ok" is counted and left out.
    """

    role: Role
    text: str
    at: int | None = None
    id: str | None = None
    model: str | None = None
    status: Status = "ok"
    reasoning: str | None = None
    attachment: str | None = None
    speaker: str | None = None
    parent: str | None = None
    derived: bool = False


class Plain(NamedTuple):
    """Messages with no more than voice, words and perhaps time, by column: cheaper than one `Said` each.

    `times` is None if none has one; `model` is who answered.
    """

    roles: Sequence[Role]
    texts: Sequence[str]
    times: Sequence[int] | None = None
    model: str | None = None

    def each(self) -> list[Said]:
        """The messages one by one."""
        times = self.times or (None,) * len(self.texts)
        return [
            Said(role, text, at, model=self.model if role == "assistant" else None)
            for role, text, at in zip(self.roles, self.texts, times, strict=True)
        ]


@dataclass(slots=True)
class Chat:
    """One conversation: `said` is the active branch in order, `aside` what lies on other branches.

    `id` is None where the source has no identity; the chat is then recognised by its words. `complete`
    says that `said` is the whole present state, so that what is missing from it has been removed.
    `started` and `updated` are microseconds since 1970 UTC.
    """

    source: str
    id: str | None
    said: list[Said] | Plain
    aside: Sequence[Said] = ()
    locator: str = ""
    started: int | None = None
    updated: int | None = None
    complete: bool = False
    private: str = ""
    imported: bool = False
    pipeline: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader needs to know beside the file: the person's zone and name, and the settings."""

    zone: str = "UTC"
    me: str | None = None
    settings: Ingest = field(default_factory=Ingest)


ARCHIVED = "archived"
Found = Chat | Reject
UNEXPECTED = (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError)


def asked_private(reading: Reading, title: object = None, labels: Sequence[object] = ()) -> str:
    """Why the chat must not be kept: its title starts with a private mark, or a tag or folder is one."""
    marks = reading.settings.private_marks
    if marks and isinstance(title, str) and title.strip().lower().startswith(marks):
        return "marked private in its title"
    plain = {mark.lstrip("#") for mark in marks}
    if any(isinstance(label, str) and label.strip().lower().lstrip("#") in plain for label in labels):
        return "tagged private"
    return ""


def text_or_none(value: object) -> str | None:
    """An id as text, None if there is none."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def guarded(file: str, locator: str, make: Callable[[], Found]) -> Found:
    """The chat that `make` builds from one record, or a reject where the record has an unknown shape.

    Records come from anywhere; a number where a list was expected must cost that record only.
    """
    try:
        return make()
    except UNEXPECTED as error:
        return unexpected(file, locator, error)


def unexpected(file: str, locator: str, error: Exception) -> Reject:
    """The reject for a record whose shape no reader knows."""
    return Reject(file, locator, f"a record of unexpected shape ({type(error).__name__}: {error})"[:200])
