"""Telegram and WhatsApp from small files: only with the name of the person.

No third-party file of either was at hand; these fixtures follow the published schemas.
"""

from datetime import UTC, datetime

import pytest

from data.errors import BadInput
from data.logs import detect
from tests.data.logs.small_files import S, at, said, save, turns


def test_telegram_needs_the_person(tmp_path):
    message = lambda n, who, text, **more: {  # noqa: E731
        "id": n,
        "type": "message",
        "date": "2026-01-01T11:00:00",
        "date_unixtime": str(S + n),
        "from": who,
        "from_id": f"user{len(who)}",
        "text": text,
        **more,
    }
    chat = {
        "name": "Bob",
        "id": 9,
        "messages": [
            message(1, "Me", ["see ", {"type": "link", "text": "this"}]),
            message(2, "Bob", "ok"),
            message(3, "Me", "", media_type="sticker"),
            message(4, "Me", "not mine", forwarded_from="X"),
            {**message(5, "Me", "joined"), "type": "service"},
        ],
    }
    path = save(tmp_path / "result.json", chat)
    assert detect(path) == "telegram"
    with pytest.raises(BadInput, match="me"):
        turns(path)
    assert said(path, me="Me") == [("user", "see this"), ("other", "ok")]
    assert turns(path, me="Me")[0].at == at(1)


def test_whatsapp_lines_continue_and_media_stay_out(tmp_path):
    path = save(
        tmp_path / "_chat.txt",
        "13/12/2025, 09:00 - Messages are end-to-end encrypted.\n"
        "13/12/2025, 09:01 - Me: first line\nsecond line\n"
        "\u200e[13/12/2025, 9:02:05\u202fPM] Bob: \u200e<Media omitted>\n"
        "13/12/2025, 09:03 - Bob: fine\n",
    )
    assert detect(path) == "whatsapp"
    assert said(path, me="Me") == [("user", "first line\nsecond line"), ("other", "fine")]
    assert turns(path, me="Me", zone="Europe/Berlin")[0].at == datetime(2025, 12, 13, 8, 1, tzinfo=UTC)


def test_whatsapp_ambiguous_dates_are_refused(tmp_path):
    path = save(tmp_path / "_chat.txt", "01/02/2025, 09:01 - Me: hi\n")
    with pytest.raises(BadInput, match="day and month"):
        turns(path, me="Me")
