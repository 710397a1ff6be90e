"""The lives that come with the project: well formed, balanced, and scored as their authors meant."""

import copy
import json
import os
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.life import Life, Probe, active_facts, contains, due_probes, load_life, normalise, outcome
from data.errors import BadInput
from quality.scoring import polarity

LIVES = sorted((Path(__file__).parents[2] / "benchmarks" / "lives").glob("*.json"))
UNTOLD = "You haven't told me that."

every_life = pytest.mark.parametrize("path", LIVES, ids=lambda path: path.stem)


def spoken(probe: Probe) -> list[str]:
    """An answer for each alternative that a probe accepts, led in so that "lower right" is not read as a yes.

    Alternatives such as "no one" are left out where yes or no decides: there they count only after neither.
    """
    parts = [alt if isinstance(alt, str) else " and ".join(alt) for alt in probe.accept]
    decided = "yes" in parts or "no" in parts
    answers = {part: f"On the whole the answer is {part}." for part in parts}
    return [a for part, a in answers.items() if not decided or part in {"yes", "no"} or polarity(a) is None]


def test_two_lives_or_more_come_with_the_project() -> None:
    assert len(LIVES) >= 2


@pytest.mark.parametrize("body", ["[" * 100_000, "9" * 5_000, "\xff"])
def test_what_no_json_reader_takes_is_refused(tmp_path: Path, body: str) -> None:
    path = tmp_path / "life.json"
    path.write_bytes(body.encode("latin-1"))
    with pytest.raises(BadInput, match="cannot be read as a life file"):
        load_life(path)


@every_life
def test_ids_are_unique_across_the_file(path: Path) -> None:
    life = load_life(path)
    ids = [c.id for day in life.days for c in day.conversations]
    ids += [fact.id for fact in life.facts] + [probe.id for probe in life.probes]
    assert len(ids) == len(set(ids))


@every_life
def test_times_rise_and_every_message_is_of_its_local_day(path: Path) -> None:
    life = load_life(path)
    stamps = [m.created_at for day in life.days for c in day.conversations for m in c.messages]
    assert all(earlier < later for earlier, later in zip(stamps, stamps[1:], strict=False))
    for day in life.days:
        local = {
            m.created_at.astimezone(ZoneInfo(life.zone)).date() for c in day.conversations for m in c.messages
        }
        assert local <= {day.date}
    dates = [day.date for day in life.days]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]


@every_life
def test_some_messages_have_another_date_in_utc(path: Path) -> None:
    life = load_life(path)
    assert any(m.created_at.date() != d.date for d in life.days for c in d.conversations for m in c.messages)


@every_life
def test_every_value_is_said_by_the_user_on_the_day_it_is_told(path: Path) -> None:
    life = load_life(path)
    said = {
        d.date: " \n ".join(m.content for c in d.conversations for m in c.messages if m.role == "user")
        for d in life.days
    }
    for fact in life.facts:
        assert fact.value.casefold() in said[fact.told].casefold(), fact.id


@every_life
def test_accept_and_reject_are_stored_normalised(path: Path) -> None:
    raw = json.loads(path.read_text(encoding="utf-8"))
    for row in raw["facts"] + raw["probes"]:
        for entry in row["accept"] + row.get("reject", []):
            for part in [entry] if isinstance(entry, str) else entry:
                assert part == normalise(part), row["id"]


@every_life
def test_probes_of_a_fact_are_asked_only_while_it_holds(path: Path) -> None:
    life = load_life(path)
    for day in life.days:
        holding = {fact.id for fact in active_facts(life, day.date)}
        for probe in due_probes(life, day.date):
            if probe.fact is not None and probe.kind != "forgotten":
                assert {probe.fact, probe.also or probe.fact} <= holding, probe.id
            if probe.kind == "forgotten":
                assert probe.fact not in holding, probe.id


@every_life
def test_every_fact_is_probed_from_several_sides(path: Path) -> None:
    life = load_life(path)
    for fact in life.facts:
        kinds = Counter(probe.kind for probe in life.probes if probe.fact == fact.id)
        assert kinds["direct"] >= 1, fact.id
        assert kinds["paraphrase"] >= 2, fact.id
        if fact.replaces:
            assert kinds["stale"] >= 1, fact.id
        if fact.forgotten:
            assert kinds["forgotten"] >= 1, fact.id


@every_life
def test_a_life_has_updates_traps_and_enough_probes_of_each_kind(path: Path) -> None:
    life = load_life(path)
    kinds = Counter(probe.kind for probe in life.probes)
    least = {"never_told": 25, "other_person": 6, "hypothetical": 5, "role": 12, "story": 5, "two_fact": 3}
    assert {kind: kinds[kind] for kind, n in least.items() if kinds[kind] < n} == {}
    via = Counter(fact.via for fact in life.facts)
    assert via["update"] >= 2
    assert via["correction"] >= 1
    assert any(fact.forgotten for fact in life.facts)
    yes = Counter("yes" in probe.accept for probe in life.probes if probe.kind == "yes_no")
    assert abs(yes[True] - yes[False]) <= 0.2 * yes.total()


@every_life
def test_the_accepted_answer_is_right(path: Path) -> None:
    for probe in load_life(path).probes:
        for answer in spoken(probe):
            if probe.kind in {"hypothetical", "role"}:
                continue
            assert outcome(probe, answer) == "right", (probe.id, answer)


@every_life
def test_every_rejected_value_said_plainly_is_rejected(path: Path) -> None:
    for probe in load_life(path).probes:
        for value in probe.reject:
            assert outcome(probe, f"Well: {value}.") == "rejected", (probe.id, value)


@every_life
def test_saying_it_was_not_told_is_right_exactly_where_nothing_holds(path: Path) -> None:
    asks = {"direct", "paraphrase", "reversed", "yes_no", "two_fact", "stale"}
    for probe in load_life(path).probes:
        if probe.kind != "story":
            assert outcome(probe, UNTOLD) == ("abstained" if probe.kind in asks else "right"), probe.id


@every_life
def test_an_invented_value_is_false(path: Path) -> None:
    for probe in load_life(path).probes:
        if probe.kind in {"direct", "paraphrase", "never_told", "forgotten"}:
            assert outcome(probe, "It is Quxolombra.") == "false", probe.id


@every_life
def test_never_told_questions_and_stories_do_not_name_what_they_reject(path: Path) -> None:
    for probe in load_life(path).probes:
        if probe.kind in {"never_told", "story", "role", "forgotten"}:
            assert not contains(probe.question, probe.reject), probe.id


@every_life
def test_no_probe_question_was_asked_in_the_chats_or_twice(path: Path) -> None:
    life = load_life(path)
    said = {normalise(m.content) for d in life.days for c in d.conversations for m in c.messages}
    questions = [normalise(probe.question) for probe in life.probes]
    assert said.isdisjoint(questions)
    assert len(questions) == len(set(questions))


SMALL: dict[str, Any] = {
    "format": "nocturne-life/1",
    "person": {"name": "Ysolde Garrick", "zone": "Asia/Tokyo", "about": ""},
    "days": [
        {
            "date": "2026-03-02",
            "conversations": [
                {
                    "id": "c1",
                    "messages": [
                        {
                            "role": "user",
                            "content": "my axolotl Pemberley bit me",
                            "created_at": "2026-03-01T22:10:00Z",
                        },
                        {"role": "assistant", "content": "Oh no!", "created_at": "2026-03-01T22:10:05Z"},
                    ],
                }
            ],
        },
        {"date": "2026-03-03", "conversations": []},
        {
            "date": "2026-03-04",
            "conversations": [
                {
                    "id": "c2",
                    "messages": [
                        {
                            "role": "user",
                            "content": "renamed him, he is Thackeray now",
                            "created_at": "2026-03-04T01:00:00Z",
                        }
                    ],
                }
            ],
        },
    ],
    "facts": [
        {
            "id": "f1",
            "told": "2026-03-02",
            "statement": "The user's axolotl is called Pemberley.",
            "relation": "axolotl's name",
            "value": "Pemberley",
            "accept": ["pemberley"],
            "replaces": None,
            "forgotten": None,
        },
        {
            "id": "f2",
            "told": "2026-03-04",
            "statement": "The user's axolotl is now called Thackeray.",
            "relation": "axolotl's name",
            "value": "Thackeray",
            "accept": ["thackeray"],
            "replaces": "f1",
            "forgotten": None,
            "via": "update",
            "repeated": [],
        },
    ],
    "probes": [
        {
            "id": "p1",
            "kind": "direct",
            "fact": "f1",
            "question": "What's my axolotl called?",
            "accept": ["pemberley"],
            "reject": ["thackeray"],
            "from": "2026-03-02",
            "until": "2026-03-03",
        },
        {
            "id": "p2",
            "kind": "never_told",
            "fact": None,
            "question": "What's my newt called?",
            "accept": [],
            "reject": ["pemberley", "thackeray"],
            "from": "2026-03-02",
            "until": None,
        },
    ],
}


def written(folder: Path, life: object) -> Path:
    path = folder / "small.json"
    path.write_text(json.dumps(life), encoding="utf-8")
    return path


def test_a_small_life_loads_with_its_values(tmp_path: Path) -> None:
    life = load_life(written(tmp_path, SMALL))
    assert (life.name, life.zone, len(life.days), life.days[1].conversations) == (
        "Ysolde Garrick",
        "Asia/Tokyo",
        3,
        (),
    )
    assert life.facts[1].via == "update"
    assert life.probes[0].until == date(2026, 3, 3)
    assert life.probes[1].until is None


@pytest.mark.parametrize(
    ("day", "facts", "probes"),
    [
        (date(2026, 3, 1), [], []),
        (date(2026, 3, 2), ["f1"], ["p1", "p2"]),
        (date(2026, 3, 3), ["f1"], ["p1", "p2"]),
        (date(2026, 3, 4), ["f2"], ["p2"]),
        (date(2026, 9, 9), ["f2"], ["p2"]),
    ],
)
def test_a_fact_holds_until_its_successor_is_told(
    tmp_path: Path, day: date, facts: list[str], probes: list[str]
) -> None:
    life = load_life(written(tmp_path, SMALL))
    assert [fact.id for fact in active_facts(life, day)] == facts
    assert [probe.id for probe in due_probes(life, day)] == probes


def test_a_forgotten_fact_ends_on_the_day_it_was_to_be_forgotten(tmp_path: Path) -> None:
    raw = copy.deepcopy(SMALL)
    raw["facts"][1]["forgotten"] = "2026-03-06"
    life = load_life(written(tmp_path, raw))
    assert [fact.id for fact in active_facts(life, date(2026, 3, 5))] == ["f2"]
    assert active_facts(life, date(2026, 3, 6)) == ()


FAULTS: dict[str, tuple[Callable[[Any], object], str]] = {
    "unknown key at the top": (lambda raw: raw.update(extra=1), "unknown keys"),
    "unknown key of a probe": (lambda raw: raw["probes"][0].update(note="x"), "unknown keys"),
    "unknown key of a message": (
        lambda raw: raw["days"][0]["conversations"][0]["messages"][0].update(model="x"),
        "unknown keys",
    ),
    "missing key of a fact": (lambda raw: raw["facts"][0].pop("relation"), "missing keys"),
    "another format": (lambda raw: raw.update(format="nocturne-life/2"), "format"),
    "no day": (lambda raw: raw.update(days=[]), "days"),
    "unknown zone": (lambda raw: raw["person"].update(zone="Mars/Olympus"), "time zone"),
    "unknown kind": (lambda raw: raw["probes"][0].update(kind="guess"), "kind"),
    "unknown role": (
        lambda raw: raw["days"][0]["conversations"][0]["messages"][0].update(role="system"),
        "role",
    ),
    "id in capitals": (lambda raw: raw["facts"][0].update(id="F1"), "not an id"),
    "id used twice": (lambda raw: raw["probes"][1].update(id="f1"), "used twice"),
    "week date": (lambda raw: raw["probes"][0].update({"from": "2026-W10-1"}), "not a date"),
    "no such date": (lambda raw: raw["probes"][0].update(until="2026-02-30"), "not a date"),
    "time without zone": (
        lambda raw: raw["days"][0]["conversations"][0]["messages"][0].update(
            created_at="2026-03-01T22:10:00"
        ),
        "not a UTC time",
    ),
    "times that fall": (
        lambda raw: raw["days"][0]["conversations"][0]["messages"][1].update(
            created_at="2026-03-01T22:09:00Z"
        ),
        "times fall",
    ),
    "message of the next local day": (
        lambda raw: raw["days"][0]["conversations"][0]["messages"][1].update(
            created_at="2026-03-02T15:00:00Z"
        ),
        "is not of 2026-03-02",
    ),
    "value nobody said": (lambda raw: raw["facts"][0].update(value="Austen"), "no user message"),
    "value said by the assistant only": (
        lambda raw: raw["facts"][0].update(value="Oh no"),
        "no user message",
    ),
    "fact told on a day that is not there": (
        lambda raw: raw["facts"][0].update(told="2026-03-09"),
        "no user message",
    ),
    "replaces an unknown fact": (lambda raw: raw["facts"][1].update(replaces="f7"), "no such facts"),
    "probe of an unknown fact": (lambda raw: raw["probes"][0].update(fact="f9"), "no such facts"),
    "direct without fact": (lambda raw: raw["probes"][0].update(fact=None), "needs a fact"),
    "direct that accepts nothing": (lambda raw: raw["probes"][0].update(accept=[]), "accept"),
    "two facts with one id": (lambda raw: raw["probes"][0].update(kind="two_fact"), "also"),
    "never told, but with a fact": (lambda raw: raw["probes"][1].update(fact="f1"), "must have no fact"),
    "never told that rejects nothing": (lambda raw: raw["probes"][1].update(reject=[]), "reject"),
    "list of one": (lambda raw: raw["probes"][0].update(accept=[["pemberley"]]), "at least 2"),
    "a reject that vanishes": (lambda raw: raw["probes"][1].update(reject=["**"]), "holds nothing"),
    "days in the wrong order": (lambda raw: raw["days"].reverse(), "must rise"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    raw = copy.deepcopy(SMALL)
    spoil, reason = FAULTS[name]
    spoil(raw)
    with pytest.raises(BadInput, match=reason):
        load_life(written(tmp_path, raw))


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"format": ', encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be read"):
        load_life(tmp_path / "broken.json")
    with pytest.raises(BadInput, match="must be an object"):
        load_life(written(tmp_path, ["a list"]))


@pytest.mark.skipif("NOCTURNE_EVAL" not in os.environ, reason="needs the folder of evaluation data")
def test_the_published_example_loads() -> None:
    life: Life = load_life(Path(os.environ["NOCTURNE_EVAL"]).parent / "life-example.json")
    assert [fact.id for fact in active_facts(life, life.days[-1].date)] == ["f1", "f3", "f5", "f6"]
    assert {p.id for p in due_probes(life, life.days[0].date)}.isdisjoint({"f5-d1", "stale-01"})
