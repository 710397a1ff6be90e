from data.records import Exchange, Turn, Verdict
from data.settings import Curate
from quality.selection import select, within_words


def night(*rows):
    """Exchanges and verdicts from (text, score)."""
    exchanges = [Exchange(Turn("s", "c", f"{i:03}", "user", text, None)) for i, (text, _) in enumerate(rows)]
    verdicts = [
        Verdict(e.user.id, score, score >= 0.18, "a fact about the person", {"strength": score})
        for e, (_, score) in zip(exchanges, rows, strict=True)
    ]
    return verdicts, exchanges


def kept(verdicts):
    return [i for i, verdict in enumerate(verdicts) if verdict.kept]


def test_everything_above_the_threshold_is_kept_when_there_is_room():
    verdicts, exchanges = night(("I row boats", 0.9), ("hm", 0.1), ("I like tea", 0.3))
    assert select(verdicts, exchanges, Curate()) == verdicts


def test_the_threshold_decides_even_against_the_verdicts_own_flag():
    verdicts, exchanges = night(("I row boats", 0.9), ("I like tea", 0.3))
    assert kept(select(verdicts, exchanges, Curate(threshold=0.5))) == [0]
    verdicts, exchanges = night(("hm", 0.1))
    assert kept(select(verdicts, exchanges, Curate(threshold=0.05))) == [0]


def test_only_the_best_are_kept_and_the_rest_say_why():
    verdicts, exchanges = night(("I row boats", 0.5), ("My cello broke", 0.9), ("Tea is served", 0.7))
    chosen = select(verdicts, exchanges, Curate(top_k=2))
    assert kept(chosen) == [1, 2]
    assert "left out" in chosen[0].reason and chosen[0].reason.startswith("a fact")
    assert [v.turn_id for v in chosen] == [v.turn_id for v in verdicts]


def test_one_topic_does_not_take_the_whole_night():
    dull = [("bandoneon scales bellows", 0.80)] * 6
    verdicts, exchanges = night(*dull, ("tortoise hibernation fridge", 0.70), ("lighthouse keeper", 0.65))
    chosen = kept(select(verdicts, exchanges, Curate(top_k=5)))
    assert 6 in chosen and 7 in chosen


def test_choice_does_not_depend_on_the_order_of_equal_scores():
    rows = [(f"word{i} thing{i}", 0.5) for i in range(20)]
    verdicts, exchanges = night(*rows)
    first = {v.turn_id for v in select(verdicts, exchanges, Curate(top_k=7)) if v.kept}
    again = {v.turn_id for v in select(verdicts[::-1], exchanges[::-1], Curate(top_k=7)) if v.kept}
    assert first == again and len(first) == 7


def test_word_budget_is_respected_and_prefers_what_tells_much_in_few_words():
    long = "I " + "really " * 60 + "like tea"
    verdicts, exchanges = night((long, 0.6), ("My cello broke today", 0.5), ("I row boats", 0.4))
    assert within_words(verdicts, exchanges, 8) == [1, 2]
    assert within_words(verdicts, exchanges, 0) == []


def test_an_empty_night_stays_empty():
    assert select([], [], Curate()) == [] and within_words([], [], 100) == []
