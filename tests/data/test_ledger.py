from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from data import ledger
from data.night import Night
from data.records import Memory, Verdict

DAY = date(2026, 10, 5)
NIGHT = Night(DAY, "UTC")


def told(value, day=DAY, source="t1", slot="my dog|name", reward=1.0):
    key = f"{slot or 'likes'}={value}"
    return Memory(
        key, f"My dog is called {value}.", "my dog", "name", value, day, (source,), slot=slot, reward=reward
    )


def later(days):
    return Night(DAY + timedelta(days=days), "UTC")


def by_value(memories):
    return {m.id.split("=")[1]: m for m in memories}


def test_new_memory_enters_as_new():
    (memory,) = ledger.merge([], [told("Bramble")], NIGHT)
    assert memory.state == "new" and memory.active


def test_told_again_gains_source_and_activation_and_keeps_its_first_day():
    first = ledger.merge([], [told("Bramble")], NIGHT)
    (memory,) = ledger.merge(first, [told("Bramble", DAY + timedelta(days=3), "t9")], later(3))
    assert memory.told == DAY
    assert memory.sources == ("t1", "t9")
    assert memory.activation > first[0].activation


def test_newer_value_supersedes_and_keeps_the_lineage_of_the_old_one():
    first = ledger.merge([], [told("Rex")], NIGHT)
    found = by_value(ledger.merge(first, [told("Bramble", DAY + timedelta(days=1), "t2")], later(1)))
    assert found["Bramble"].active and found["Bramble"].replaces == found["Rex"].id
    assert found["Rex"].state == "superseded" and found["Rex"].superseded_by == found["Bramble"].id
    assert found["Rex"].sources == ("t1",)


def test_older_value_told_late_arrives_as_superseded():
    first = ledger.merge([], [told("Bramble", DAY + timedelta(days=4), "t2")], later(4))
    found = by_value(ledger.merge(first, [told("Rex", DAY, "t0")], later(4)))
    assert found["Bramble"].active
    assert found["Rex"].state == "superseded" and found["Rex"].superseded_by == found["Bramble"].id


def test_moving_back_makes_the_first_value_current_again():
    memories = ledger.merge([], [told("Berlin", slot="i|live in")], NIGHT)
    memories = ledger.merge(memories, [told("Lisbon", DAY + timedelta(days=1), "t2", "i|live in")], later(1))
    memories = ledger.merge(memories, [told("Berlin", DAY + timedelta(days=9), "t3", "i|live in")], later(9))
    found = by_value(memories)
    assert found["Berlin"].state == "new" and found["Lisbon"].state == "superseded"


def test_correction_of_the_same_day_wins_whatever_the_order_of_ids():
    for wrong, right in (("8:40", "9:20"), ("9:20", "8:40")):
        tellings = [told(wrong, slot="dentist"), told(right, source="t2", slot="dentist", reward=2.0)]
        found = by_value(ledger.merge([], tellings, NIGHT))
        assert found[right].active and found[wrong].state == "superseded"


def test_values_without_a_slot_live_side_by_side():
    memories = ledger.merge([], [told("tea", slot=""), told("rain", slot="")], NIGHT)
    assert all(memory.active for memory in memories)


def test_telling_from_the_future_is_refused():
    assert ledger.merge([], [told("Bramble", DAY + timedelta(days=1))], NIGHT) == []


def test_forgetting_leaves_no_content_and_takes_earlier_values_along():
    memories = ledger.merge([], [told("Rex")], NIGHT)
    memories = ledger.merge(memories, [told("Bramble", DAY + timedelta(days=1), "t2")], later(1))
    current = next(m.id for m in memories if m.active)
    for memory in ledger.forget(memories, [current], later(2)):
        assert memory.state == "forgotten"
        assert not (memory.statement or memory.value or memory.subject or memory.sources or memory.slot)


def test_forgotten_returns_only_when_told_on_a_later_day():
    memories = ledger.forget(ledger.merge([], [told("Bramble")], NIGHT), ["my dog|name=Bramble"], later(2))
    same_day = ledger.merge(memories, [told("Bramble", DAY + timedelta(days=2), "t5")], later(2))
    assert [m.state for m in same_day] == ["forgotten"]
    (back,) = ledger.merge(memories, [told("Bramble", DAY + timedelta(days=3), "t6")], later(3))
    assert back.state == "new" and back.sources == ("t6",)


def test_superseded_value_does_not_come_back_by_forgetting_its_successor():
    memories = ledger.merge([], [told("Rex")], NIGHT)
    memories = ledger.merge(memories, [told("Bramble", DAY + timedelta(days=1), "t2")], later(1))
    kept = ledger.forget(memories, ["my dog|name=Bramble"], later(2), with_history=False)
    kept = ledger.merge(kept, [told("Rex", DAY, "t0")], later(2))
    assert by_value(kept)["Rex"].state == "superseded"
    back = ledger.merge(kept, [told("Rex", DAY + timedelta(days=5), "t7")], later(5))
    assert by_value(back)["Rex"].active


def test_correcting_supersedes_in_the_same_slot_with_reward_and_stress():
    memories = ledger.merge([], [told("Rex")], NIGHT)
    new = told("Bramble", source="person", slot="")
    found = by_value(ledger.correct(memories, memories[0].id, new, later(1)))
    assert found["Rex"].state == "superseded"
    assert found["Bramble"].slot == "my dog|name" and found["Bramble"].reward == 2.0
    assert found["Bramble"].stress > 1.0


def test_correcting_a_memory_without_slot_also_supersedes():
    memories = ledger.merge([], [told("tea", slot="")], NIGHT)
    found = by_value(ledger.correct(memories, memories[0].id, told("coffee", slot="", source="x"), later(1)))
    assert found["tea"].state == "superseded" and found["coffee"].active


def test_telling_it_again_to_put_the_assistant_right_raises_the_stress_of_that_memory_alone():
    told_twice = [told("Bramble"), told("Berlin", source="t2", slot="i|live in")]
    memories = ledger.merge([], told_twice, NIGHT)
    again = told("Bramble", DAY + timedelta(days=1), "t8")
    assert by_value(ledger.merge(memories, [again], later(1)))["Bramble"].stress == 1.0
    corrected = ledger.merge(memories, [replace(again, reward=ledger.REWARD_CORRECTION)], later(1))
    found = by_value(corrected)
    assert found["Bramble"].stress > 1.0 == found["Berlin"].stress
    assert ledger.merge(corrected, [replace(again, reward=ledger.REWARD_CORRECTION)], later(1)) == corrected


def test_stress_never_passes_its_ceiling():
    memories = ledger.merge([], [told("a", reward=2.0)], NIGHT)
    for i, value in enumerate("bcdefgh", start=1):
        telling = told(value, DAY + timedelta(days=i), f"s{i}", reward=2.0)
        memories = ledger.merge(memories, [telling], later(i))
    assert max(m.stress for m in memories) == ledger.STRESS_CEILING


def test_life_from_new_to_known_to_lapsed_and_back():
    memories = ledger.merge([], [told("Bramble")], NIGHT)
    key = memories[0].id
    states = []
    for i, recalled in enumerate((True, True, True, False, True)):
        memories = ledger.after_night(memories, {key: recalled}, later(i))
        states.append(memories[0].state)
    assert states == ["rehearsing", "known", "known", "lapsed", "rehearsing"]


def test_the_same_telling_read_again_does_not_wake_a_lapsed_memory():
    memories = ledger.merge([], [told("Bramble")], NIGHT)
    for i, recalled in enumerate((True, True, False)):
        memories = ledger.after_night(memories, {memories[0].id: recalled}, later(i))
    assert memories[0].state == "lapsed"
    assert ledger.merge(memories, [told("Bramble")], later(3)) == memories
    (awake,) = ledger.merge(memories, [told("Bramble", DAY + timedelta(days=3), "t8")], later(3))
    assert awake.state == "rehearsing"


def test_memory_that_was_not_asked_keeps_its_state_and_fades():
    memories = ledger.merge([], [told("Bramble")], NIGHT)
    (after,) = ledger.after_night(memories, {}, NIGHT)
    assert after.state == "new" and after.activation < memories[0].activation


def test_activation_fades_to_a_floor_but_never_to_nothing():
    memories = ledger.merge([], [told("Bramble")], NIGHT)
    for i in range(200):
        memories = ledger.after_night(memories, {}, later(i))
    assert memories[0].activation == ledger.ACTIVATION_FLOOR


def test_reward_relaxes_once_recalled():
    memories = ledger.merge([], [told("Bramble", reward=2.0)], NIGHT)
    (after,) = ledger.after_night(memories, {memories[0].id: True}, NIGHT)
    assert 1.0 < after.reward < 2.0


def test_credit_takes_the_highest_reward_of_the_sources():
    verdicts = [Verdict("t1", 1, True, "", {"reward": 1.5}), Verdict("t2", 1, True, "", {"reward": 2.0})]
    found = replace(told("Bramble"), sources=("t1", "t2", "unknown"))
    assert ledger.credit([found], verdicts)[0].reward == 2.0


VALUES = st.sampled_from(["a", "b", "c"])
SLOTS = st.sampled_from(["s1", "s2", ""])


@st.composite
def tellings(draw, last=6):
    day = draw(st.integers(0, last))
    source = f"t{draw(st.integers(0, 12))}"
    reward = draw(st.sampled_from([1.0, 1.5, 2.0]))
    return told(draw(VALUES), DAY + timedelta(days=day), source, draw(SLOTS), reward)


LISTS = st.lists(tellings(), max_size=12)


@given(LISTS, LISTS)
@settings(max_examples=60, deadline=None)
def test_merging_the_same_tellings_again_changes_nothing(before, found):
    known = ledger.merge([], before, later(6))
    once = ledger.merge(known, found, later(6))
    assert ledger.merge(once, found, later(6)) == once


@given(LISTS, LISTS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_of_tellings_inside_a_night_does_not_matter(before, found, random):
    known = ledger.merge([], before, later(6))
    shuffled = list(found)
    random.shuffle(shuffled)
    assert ledger.merge(known, shuffled, later(6)) == ledger.merge(known, found, later(6))


@given(LISTS)
@settings(max_examples=60, deadline=None)
def test_a_slot_never_has_two_current_values(found):
    memories = ledger.merge([], found, later(6))
    slots = [m.slot for m in memories if m.slot and m.active]
    assert len(slots) == len(set(slots))


@given(LISTS, LISTS)
@settings(max_examples=60, deadline=None)
def test_superseded_value_never_becomes_active_by_older_tellings(before, late):
    memories = ledger.merge([], before, later(6))
    current = {m.slot: m for m in memories if m.slot and m.active}
    older = [m for m in late if m.slot not in current or m.told < current[m.slot].told]
    after = {m.id: m for m in ledger.merge(memories, older, later(6))}
    for memory in memories:
        if memory.state == "superseded":
            assert after[memory.id].state == "superseded"


@given(LISTS, LISTS, st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_forgotten_never_returns_from_that_day_or_before(before, again, day):
    memories = ledger.merge([], before, later(6))
    gone = [m.id for m in memories]
    forgotten = ledger.forget(memories, gone, later(day))
    after = {m.id: m for m in ledger.merge(forgotten, again, later(6))}
    for memory_id in gone:
        if not any(m.id == memory_id and m.told > later(day).date for m in again):
            assert after[memory_id].state == "forgotten"


@given(st.lists(st.tuples(LISTS, st.booleans()), max_size=5))
@settings(max_examples=30, deadline=None)
def test_replaying_the_nights_gives_the_same_ledger(nights):
    def replay():
        memories = []
        for i, (found, recalled) in enumerate(nights):
            memories = ledger.merge(memories, found, later(i))
            memories = ledger.after_night(memories, {m.id: recalled for m in memories}, later(i))
        return memories

    assert replay() == replay()


def test_what_news_outdated_gives_way_without_a_common_slot():
    old, new = told("biology", slot=""), told("law", DAY + timedelta(days=1), "t2", slot="")
    memories = ledger.supersede(ledger.merge([old], [new], later(1)), {old.id: new.id})
    found = by_value(memories)
    assert found["biology"].state == "superseded" and found["biology"].superseded_by == new.id
    assert found["law"].active and found["law"].replaces == old.id
    assert ledger.supersede(memories, {old.id: new.id}) == memories


def test_nothing_gives_way_to_what_was_told_before_it_or_is_gone():
    old, new = told("biology", DAY + timedelta(days=2), slot=""), told("law", slot="")
    memories = ledger.merge([old], [new], later(2))
    assert ledger.supersede(memories, {old.id: new.id, "unknown": new.id, new.id: new.id}) == memories
