"""Clocks that jump: a run dreams of the day before its scheduled time, never of one that is not over."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from data.errors import BadInput
from data.settings import load_settings
from tasks import night

BERLIN = "Europe/Berlin"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The night a run chooses, by its scheduled time (UTC) and the clock on the wall."""
    monkeypatch.setenv("NOCTURNE_ZONE", BERLIN)
    monkeypatch.setattr(night, "prepare_environment", lambda settings: None)

    def chosen(scheduled: datetime | None, clock: datetime, asked: date | None = None) -> str:
        load_settings(home=tmp_path).ensure_home()
        moment = scheduled.replace(tzinfo=UTC) if scheduled else None
        monkeypatch.setattr(night, "flow_run", SimpleNamespace(scheduled_start_time=moment))

        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return clock.replace(tzinfo=UTC)

        monkeypatch.setattr(night, "datetime", Clock)
        with night.holding_the_night(asked, None) as plan:
            return plan.night

    return chosen


@pytest.mark.parametrize(
    ("scheduled", "day"),
    [
        (datetime(2026, 3, 29, 2, 10), "2026-03-28"),  # 04:10 on the day with 23 hours
        (datetime(2026, 3, 30, 2, 10), "2026-03-29"),
        (datetime(2026, 10, 25, 3, 10), "2026-10-24"),  # 04:10 on the day with 25 hours
        (datetime(2026, 10, 26, 3, 10), "2026-10-25"),
    ],
)
def test_a_change_of_time_skips_and_doubles_no_night(at, scheduled: datetime, day: str) -> None:
    assert at(scheduled, scheduled) == day


def test_a_late_run_dreams_of_its_own_day(at) -> None:
    assert at(datetime(2026, 10, 6, 2, 10), datetime(2026, 10, 9, 17)) == "2026-10-05"


def test_a_clock_set_back_makes_no_night_of_a_day_that_is_not_over(at) -> None:
    with pytest.raises(BadInput, match="not over yet"):
        at(datetime(2026, 10, 6, 2, 10), datetime(2026, 10, 5, 22))
    with pytest.raises(BadInput, match="not over yet"):
        at(None, datetime(2026, 10, 5, 22), date(2026, 10, 5))


def test_without_a_schedule_the_last_day_that_is_over_counts(at) -> None:
    assert at(None, datetime(2026, 10, 6, 1, 59)) == "2026-10-04"
    assert at(None, datetime(2026, 10, 6, 2, 1)) == "2026-10-05"
