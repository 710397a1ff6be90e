"""Memories as one evening's telling gives them, for tests of dreams."""

from datetime import date

from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import DreamSettings
from quality.extraction import extract

S = DreamSettings()
NIGHT = Night(date(2026, 9, 14), "UTC")


def tell(*texts: str, night: Night = NIGHT) -> list[Memory]:
    """The memories of several statements, each said in its own turn."""
    return [
        m
        for i, t in enumerate(texts)
        for m in extract(Exchange(Turn("log", "c", f"{night}{i}", "user", t, None)), night)
    ]
