"""The fuzzer tries what it is told to try, says the same for the same seed, and counts what breaks."""

import os
import random
import time

import pytest

from benchmarks.fuzz import Tally, fuzz
from benchmarks.fuzz_inputs import Sample, damaged, json_bytes
from benchmarks.fuzz_targets import Target, Wrong, targets

VALID = (Sample("a.json", {"name": "Rex", "toys": [1, "ball"]}, json_bytes),)

KEPT = []


def planted(attempt):
    return Target("planted", lambda: VALID, lambda folder: attempt)


def only_when_damaged(fault):
    def attempt(name, body):
        if body != VALID[0].body:
            fault()
        return False

    return attempt


def fall():
    raise KeyError("planted")


@pytest.mark.parametrize(
    ("fault", "seconds", "told"),
    [
        (fall, 20, "KeyError"),
        (lambda: os._exit(1), 20, "BrokenProcessPool"),
        (lambda: time.sleep(60), 0.2, "not done after"),
        (lambda: KEPT.append(b"x" * 250_000_000), 20, "MB more"),
    ],
)
def test_a_planted_crash_is_counted(fault, seconds, told):
    tally = fuzz(planted(only_when_damaged(fault)), seconds=0, seed=1, hang_seconds=seconds, memory_mb=30)
    assert (tally.inputs, tally.crashes) == (1, 1)
    assert told in str(tally.as_json()["found"])


def test_what_is_accepted_or_refused_is_no_crash():
    tally = fuzz(planted(lambda name, body: body != VALID[0].body), seconds=0.2, seed=1)
    assert tally.inputs == tally.refused > 1 and tally.crashes == 0


def test_a_refused_valid_sample_is_a_fault_of_its_own():
    with pytest.raises(Wrong, match="undamaged"):
        fuzz(planted(lambda name, body: True), seconds=0, seed=1)


def test_the_first_crash_of_a_place_is_told_and_every_one_is_counted():
    tally = Tally()
    for number in range(3):
        tally.crash(number, f"KeyError: {number}", "line 5")
    assert tally.as_json()["found"] == [{"input": 0, "error": "KeyError: 0"}] and tally.crashes == 3


def test_inputs_depend_on_the_seed_alone():
    for target in targets().values():
        first, again, other = (
            [damaged(random.Random(f"{seed}/{n}"), target.samples()) for n in range(9)] for seed in (1, 1, 2)
        )
        assert first == again != other
