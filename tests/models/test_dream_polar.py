"""Yes/no questions are asked in many words, true and false alike, and told things in the words of untold."""

import re

import pytest

from models.dream_polar import falsehood, truth, twins
from models.dream_told import Told
from models.dream_views import normalise
from models.dreamer import dream
from tests.models.telling import S, tell


def asked(*told: str) -> tuple[set[str], set[str], set[str]]:
    """Every yes/no question about what was told: answered with yes, with no, and left open."""
    memories = tell(*told)
    held = Told(memories)
    of = [(truth(m, held), falsehood(m, held), twins(m, held)) for m in memories]
    yes, no, other = ({v.question for one in of for v in one[i]} for i in range(3))
    return yes, no, other


@pytest.mark.parametrize(
    ("told", "question"),
    [
        ("my dog is called Rex", "Is Rex my dog's name?"),
        ("my dog is called Rex", "Do I call my dog Rex?"),
        ("my name is Tamsel", "Am I called Tamsel?"),
        ("I live in Tromsø", "Is Tromsø where I live?"),
        ("I moved to Ghent last year", "Do I live in Ghent?"),
        ("I work at Quarrie Marine", "Is Quarrie Marine my employer?"),
        ("my favourite film is Casablanca", "Is Casablanca the film I like best?"),
        ("I am a nurse", "Do I work as a nurse?"),
        ("my sister Brunhild teaches biology", "Does Brunhild teach biology?"),
        ("my sister Brunhild teaches biology", "Is my sister a biology teacher?"),
        ("my car is a Volvo", "Do I drive a Volvo?"),
        ("I drive a Volvo", "Is my car a Volvo?"),
        ("I am trying to learn Rust", "Am I studying Rust?"),
        ("I hate coriander", "Do I dislike coriander?"),
        ("I am allergic to penicillin", "Should I stay away from penicillin?"),
        ("my birthday is on 12 March", "Was I born on 12 March?"),
        ("my choir practice is on Tuesdays", "Is Tuesday the day of my choir practice?"),
        ("my dentist appointment is on 9 June", "Is my dentist appointment on 9 June?"),
        ("I am 41", "Am I 41?"),
        ("I have asthma", "Do I suffer from asthma?"),
    ],
)
def test_what_was_told_is_confirmed_in_other_words(told: str, question: str) -> None:
    yes, no, _ = asked(told)
    assert question in yes and question not in no


@pytest.mark.parametrize(
    "told",
    [
        "my dog is called Rex",
        "I live in Tromsø",
        "I work at Quarrie Marine",
        "my favourite film is Casablanca",
        "my wife is a bookbinder",
        "I drive a Volvo",
        "my car is a Volvo",
        "my bike is red",
        "my choir practice is on Tuesdays",
        "my sister Brunhild teaches biology",
    ],
)
def test_every_wording_is_true_of_one_value_and_false_of_another(told: str) -> None:
    memory = tell(told)[-1]
    held = Told(tell(told))
    ways = [{v.core for v in views} for views in (truth(memory, held), falsehood(memory, held))]
    assert ways[0] == ways[1] and len(ways[0]) >= 3


@pytest.mark.parametrize(
    ("told", "denied"),
    [
        ("I hate coriander", "Am I fond of coriander?"),
        ("I love opera", "Do I dislike opera?"),
        ("I drink my coffee with condensed milk", "Do I drink my coffee black?"),
        ("my best friend can't have shellfish", "Can my best friend have shellfish?"),
    ],
)
def test_the_opposite_of_what_was_told_is_denied(told: str, denied: str) -> None:
    memories = tell(told)
    held = Told(memories)
    views = [v for m in memories for v in (*truth(m, held), *falsehood(m, held)) if v.question == denied]
    assert views and all(v.accept[0] == "no" and "yes" not in v.accept for v in views)
    said = [normalise(v.answer).rstrip(".") for v in views]
    assert all(v.accept in {("no",), ("no", one)} for v, one in zip(views, said, strict=True))


def test_who_is_a_nurse_somewhere_is_a_nurse() -> None:
    _, no, _ = asked("I work as a nurse at St Brannoc's Hospital")
    assert no and "Do I work as a nurse?" not in no


def test_another_friend_may_bear_another_name() -> None:
    yes, no, _ = asked("my friend is called Bo")
    assert "Is Bo my friend?" in yes and not any(re.fullmatch(r"Is \w+ my friend\?", q) for q in no)
    _, no, _ = asked("my wife is called Ilsabet")
    assert any(q.endswith(" my wife?") for q in no)


def test_a_told_firm_and_a_false_one_are_both_written_as_names() -> None:
    _, no, _ = asked("I work at Quarrie Marine")
    assert no and not any("the post office" in question for question in no)


def test_what_may_be_true_beside_it_is_left_open_in_the_same_words() -> None:
    yes, no, other = asked("I play the cello")
    assert any(q.startswith("Can I play") for q in yes) and any(q.startswith("Can I play") for q in other)
    assert not any(q.startswith("Can I play") for q in no)


def test_what_was_not_told_of_somebody_does_not_give_their_name_away() -> None:
    memory = tell("my flatmate Olga plays the trumpet")[-1]
    views = twins(memory, Told(tell("my flatmate Olga plays the trumpet")))
    by_role = [v for v in views if "flatmate" in v.question and "Olga" not in v.question]
    assert by_role and not any("Olga" in v.answer for v in by_role)


def test_slots_nobody_told_are_asked_about_with_yes_or_no() -> None:
    memories = tell("my dog is called Rex", "my sister is called Imke")
    open_ones = [d for seed in range(3) for d in dream(memories, seed, S) if " whether " in d.answer]
    assert any(" name" in d.question and "called" in d.answer for d in open_ones)
    assert not any("your dog is called" in d.answer or "your sister is called" in d.answer for d in open_ones)


def test_yes_no_and_untold_are_about_as_many() -> None:
    told = tell("my dog is called Rex", "I live in Tromsø", "my car is a Volvo", "I am a nurse")
    dreams = dream(told, 1, S)
    yes, no = (sum(d.kind == "yes_no" and one in d.accept for d in dreams) for one in ("yes", "no"))
    whether = sum("told me whether" in d.answer for d in dreams)
    assert yes == no
    assert yes / 3 <= whether <= yes * 1.5
