"""A dream is trained only when everything it says was told."""

from dataclasses import replace
from datetime import date

import pytest

from data.records import Dream, Memory, Turn
from quality.verification import review, second_person, unsupported, verify

DOG = Memory(
    "m1",
    "My dog is called Bramble.",
    "my dog",
    "name",
    "Bramble",
    date(2026, 1, 1),
    ("t",),
    slot="my dog|name",
)
CAT = Memory(
    "m2",
    "My cat is called Tuppence.",
    "my cat",
    "name",
    "Tuppence",
    date(2026, 1, 1),
    ("u",),
    slot="my cat|name",
)
RUN = Memory("m3", "I ran 12 km on 3 May 2026.", "I", "run", "12 km", date(2026, 5, 3), ("v",))
LEDGER = (DOG, CAT, RUN)


def a(answer, memory=DOG, kind="direct", accept=()):
    return Dream(
        "d",
        kind,
        "What is it?",
        answer,
        (memory.id,) if kind != "negative" else (),
        memory.sources,
        accept=accept,
    )


@pytest.mark.parametrize(
    "dream",
    [
        a("Your dog is called Bramble.", accept=("bramble",)),
        a("Bramble is your dog.", kind="reversed"),
        a("You ran 12 km on 3 May 2026.", RUN),
        a("Yes, you were running 12 km on 3 May 2026.", RUN),
        a("You haven't told me what your horse is called.", kind="negative"),
        a("No, your dog is called Bramble.", kind="yes_no", accept=("no",)),
    ],
)
def test_supported_answers_pass(dream):
    assert verify(dream, LEDGER) == ""


@pytest.mark.parametrize(
    ("dream", "reason"),
    [
        (a("Your dog is called Bramble and loves cheese."), "loves"),
        (a("Your dog is called Rex."), "rex"),
        (a("You ran 13 km on 3 May 2026.", RUN), "13"),
        (a("My dog is called Bramble."), "speaks as the person"),
        (a("Your dog is called Bramble. He is a dog. Bramble is called Bramble."), "longer than two"),
        (a("Your dog has a name.", accept=("bramble",)), "value"),
        (a("Your horse is called Bramble.", kind="negative"), "nobody told"),
        (a("You haven't told me about Tuppence.", kind="negative"), "Tuppence"),
        (a("You are an AI called Bramble."), "assistant"),
        (a("Yes, your dog is called Bramble.", kind="yes_no", accept=("no",)), "yes where no"),
        (a(""), "empty"),
        (replace(a("Your dog is called Bramble."), memory_ids=("gone",)), "not in the ledger"),
    ],
)
def test_unsupported_answers_are_refused_with_a_reason(dream, reason):
    assert reason in verify(dream, LEDGER)


def test_a_superseded_memory_supports_nothing():
    old = replace(DOG, state="superseded")
    assert "no longer active" in verify(a("Your dog is called Bramble."), (old,))


def test_the_turn_a_dream_cites_may_support_it_and_another_turn_may_not():
    dream = a("Your dog Bramble is a spaniel.")
    said = Turn("log", "c", "1", "user", "bramble is a spaniel", None)
    assert "spaniel" in verify(dream, LEDGER, [said])
    assert verify(replace(dream, sources=(said.id,)), LEDGER, [said]) == ""


def test_review_keeps_every_dream_and_writes_the_reason():
    good, bad, before = (
        a("Your dog is called Bramble."),
        a("Your dog is called Rex."),
        replace(a("x"), refused="not JSON"),
    )
    reviewed = review([good, bad, before], LEDGER)
    assert [d.verified for d in reviewed] == [True, False, False]
    assert reviewed[2].refused == "not JSON"


def test_inflection_is_support_and_other_words_are_not():
    assert unsupported("You were baking cakes.", "I bake a cake") == []
    assert unsupported("You bake pies.", "I bake a cake") == ["pies"]
    assert second_person("You haven't told me that.")
    assert not second_person("You know I live there.")
