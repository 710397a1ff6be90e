"""Nights as values: windows by wall clock, the boundary at four, parsing, seeds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadInput
from data.night import Night

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
zones = st.sampled_from(
    [BERLIN, NEW_YORK, "UTC", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]
)
instants = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
days = st.dates(date(2015, 1, 1), date(2035, 1, 1))


def hours(day: str, zone: str) -> float:
    night = Night.parse(day, zone)
    return (night.end - night.start).total_seconds() / 3600


@pytest.mark.parametrize(
    ("day", "zone", "length"),
    [
        ("2026-03-28", BERLIN, 23),  # the clocks go forward at 02:00 of the 29th, before the boundary
        ("2026-03-29", BERLIN, 24),
        ("2026-10-24", BERLIN, 25),
        ("2026-10-25", BERLIN, 24),
        ("2026-03-07", NEW_YORK, 23),
        ("2026-10-31", NEW_YORK, 25),
        ("2026-03-28", NEW_YORK, 24),
        ("2026-10-24", "UTC", 24),
    ],
)
def test_a_day_lasts_as_long_as_its_clocks_say(day: str, zone: str, length: int) -> None:
    assert hours(day, zone) == length


def test_the_day_changes_at_four_in_the_morning() -> None:
    zone = ZoneInfo(BERLIN)
    before = datetime(2026, 10, 6, 3, 59, 59, 999_999, tzinfo=zone)
    assert Night.containing(before, BERLIN).id == "2026-10-05"
    assert Night.containing(before + timedelta(microseconds=1), BERLIN).id == "2026-10-06"


def test_the_same_instant_may_belong_to_different_days_in_different_zones() -> None:
    instant = datetime(2026, 10, 6, 3, 0, tzinfo=UTC)
    assert Night.containing(instant, BERLIN).id == "2026-10-06"
    assert Night.containing(instant, NEW_YORK).id == "2026-10-05"


def test_both_passes_of_a_repeated_hour_belong_to_the_evening_before() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN), fold=0)
    assert {Night.containing(one, BERLIN).id for one in (first, first.replace(fold=1))} == {"2026-10-24"}


def test_a_scheduled_run_dreams_of_the_last_day_that_is_over() -> None:
    zone = ZoneInfo(BERLIN)
    assert Night.last_complete(datetime(2026, 10, 6, 4, 0, tzinfo=zone), BERLIN).id == "2026-10-05"
    assert Night.last_complete(datetime(2026, 10, 6, 3, 59, tzinfo=zone), BERLIN).id == "2026-10-04"
    assert Night.last_complete(datetime(2026, 10, 6, 23, 0, tzinfo=zone), BERLIN).id == "2026-10-05"


@given(instants, zones)
def test_every_instant_lies_in_exactly_its_own_night(instant: datetime, zone: str) -> None:
    night = Night.containing(instant, zone)
    assert night.start <= instant < night.end
    assert Night.last_complete(instant, zone).end <= instant


@given(days, zones)
def test_nights_follow_one_another_without_gap(day: date, zone: str) -> None:
    night = Night(day, zone)
    assert night.end == night.next.start
    assert night.next.previous == night
    assert night < night.next
    assert timedelta(hours=22) < night.end - night.start < timedelta(hours=26)


@given(days, zones)
def test_a_night_is_written_as_it_is_read(day: date, zone: str) -> None:
    night = Night(day, zone)
    assert Night.parse(str(night), zone) == night
    assert 0 <= night.seed < 2**31


def test_the_seed_is_the_nights_own_for_ever_and_ignores_the_zone() -> None:
    assert Night.parse("2026-10-05", "UTC").seed == 1_783_802_747
    assert Night.parse("2026-10-05", BERLIN).seed == Night.parse("2026-10-05", NEW_YORK).seed
    seeds = {Night(date(2026, 1, 1) + timedelta(days=n), "UTC").seed for n in range(365)}
    assert len(seeds) == 365


@pytest.mark.parametrize(
    "text", ["", "yesterday", "05.10.2026", "2026-13-01", "2026-02-30", "2026-10-05T04:00"]
)
def test_a_date_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"YYYY-MM-DD, for example"):
        Night.parse(text, "UTC")


@pytest.mark.parametrize("zone", ["", "Mars/Base", "Europe", "../etc/passwd", "/etc/localtime", "Berlin\x00"])
def test_a_zone_that_is_none_is_refused_by_its_setting(zone: str) -> None:
    with pytest.raises(BadInput, match="NOCTURNE_ZONE"):
        Night(date(2026, 10, 5), zone)
