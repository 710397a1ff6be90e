"""Which questions are asked of what was told, and which of what was not."""

import re
from dataclasses import replace

import pytest

from data.grammar_fitting import means_somebody
from models.dreamer import dream, normalise
from tests.models.telling import S, tell


def asked_about(text):
    return {d.question for d in dream(tell(text), 1, S) if d.memory_ids and d.kind == "direct"}


def test_a_question_fits_the_value_that_was_told():
    assert not [q for q in asked_about("I live in Portugal.") if "town" in q or "city" in q]
    assert [q for q in asked_about("I live in Bergen.") if "town" in q or "city" in q]
    assert not [q for q in asked_about("I work at a library.") if "company" in q]
    assert not [q for q in asked_about("My job is dull.") if q.startswith("What is my job")]


def test_two_people_are_not_called_by_half_of_their_names():
    questions = {d.question for d in dream(tell("My aunt and I met in Graz."), 1, S) if d.memory_ids}
    halved = ("did I meet", "my aunt and?", "about my aunt and I")
    assert not [q for q in questions if any(half in q for half in halved)]


def test_several_favourites_and_one_of_them_are_asked_for_as_such():
    one = dream(tell("One of my favourite painters is Klee."), 1, S)
    assert "One of your favourite painters is Klee." in {d.answer for d in one}
    assert not [d for d in one if "painters are" in d.question]
    boots = asked_about("My boots are red.")
    assert boots and not [q for q in boots if "does my boots" in q or "of my boots are" in q]


def asked_plainly(text: str) -> set[str]:
    return {d.question for d in dream(tell(text), 1, S) if d.memory_ids and d.kind in {"direct", "yes_no"}}


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("I have fun training dogs, running, and reading.", r"\b(?:pet|animal)\b"),
        ("My iq is 250.", r"how old|what age"),
        ("I am in my last year of college.", r"20\d\d"),
        ("I have a scary job.", r"what job"),
        ("I have a high school sweetheart.", r"what kind"),
        ("I run track in my wheelchair.", r"what (?:do i|i) run"),
        ("I have 10 years more experience than my coworker.", r"my 10|how many"),
        ("I work in the judicial system.", r"\bplace\b"),
        ("I work at the bank.", r"name of the place|which company"),
        ("I just went to the park with her.", r"\bher\b"),
        ("I don't get out of the house much.", r"getting out of the house much"),
        ("I have never been to a farm.", r"have i never"),
        ("I live near McDonalds.", r"\b(?:town|city|place)\b"),
        ("I have traveled to Spain.", r"do i have traveled"),
        ("I have an orange parakeet and two dogs.", r"\b(?:which|what kind)\b"),
        ("I live in a bad neighborhood.", r"\bplace\b"),
        ("I have a hard time fitting in cars.", r"\bwhere\b"),
        ("I have a 9 to 5 work schedule.", r"my 9(?! to 5)"),
        ("I also enjoy jokes.", r"what i also"),
        ("I immigrated to Canada.", r"immigrated?\b(?! to)"),
        ("Two of my favorite things are tea and rain.", r"(?<!two of )my favorite things"),
    ],
)
def test_no_question_misses_what_was_told(text: str, unfit: str) -> None:
    assert not [q for q in asked_plainly(text) if re.search(unfit, q.casefold())]


@pytest.mark.parametrize(
    ("text", "fit"),
    [
        ("I have two dogs.", "how many dogs"),
        ("I have a dog.", "what pet"),
        ("My son is 7.", "how old"),
        ("I have a desk job.", "what kind of job"),
        ("I run marathons.", "what do i run"),
        ("I work in the kitchen.", "which place"),
        ("I work at Tesco.", "the name of the place where i work"),
        ("I have been to Malta.", "have i been to malta"),
        ("I live in Bergen.", "town"),
    ],
)
def test_what_was_told_is_still_asked_for(text: str, fit: str) -> None:
    assert [q for q in asked_plainly(text) if fit in q.casefold()]


def test_a_verb_that_began_its_sentence_stands_small_behind_its_subject() -> None:
    assert {m.statement for m in tell("Have two dogs and cat.")} >= {"I have two dogs and cat."}


def test_a_person_without_a_name_is_only_spoken_of_beside_who_they_are() -> None:
    assert means_somebody("Does my sister like her job?")
    assert means_somebody("Do you remember who likes her job?")
    assert not means_somebody("Hi! Where did I go with her?")
    assert not means_somebody("If someone said that I went with her, would that be right?")


def test_a_make_that_was_told_is_never_denied_and_one_that_was_not_is_asked_the_same_way():
    told = tell("I have a Fairphone")
    dreams = [d for seed in range(30) for d in dream(told, seed, S)]
    answered = {normalise(d.question) for d in dreams if d.memory_ids}
    denied = {normalise(d.question) for d in dreams if not d.memory_ids}
    assert normalise("What phone do I have?") in answered
    assert not [q for q in denied if "phone do i" in q]
    others = [d for seed in range(30) for d in dream(tell("I have a Leica"), seed, S) if not d.memory_ids]
    assert not [d for d in others if "camera do I" in d.question]


def test_what_most_people_would_ask_is_trained_and_not_held_out():
    for text, usual in (
        ("My dog is called Rex.", "what is my dog called?"),
        ("I have an old Volvo.", "what car do i have?"),
        ("My sister lives in Regina.", "where does my sister live?"),
    ):
        dreams = dream(tell(text), 3, S)
        assert usual not in {
            d.question.casefold().replace("what's", "what is") for d in dreams if d.split != "train"
        }
        assert {d.split for d in dreams} >= {"train", "test"}


def test_who_is_known_by_name_is_asked_for_by_role_too():
    (grade,) = tell("my sister is in grade 4")
    isaura = replace(grade, subject="Isaura", statement="Isaura is in grade 4.")
    memories = [*tell("my daughter is called Isaura"), isaura]
    asked = {d.question.casefold() for d in dream(memories, 1, S) if d.kind == "direct" and "4" in d.answer}
    assert any("my daughter in" in question for question in asked)
    assert any("is isaura in" in question for question in asked)


def test_a_make_behind_an_adjective_is_no_name():
    asked = {d.question.casefold() for d in dream(tell("my old Peugeot is a diesel"), 1, S) if d.memory_ids}
    assert any("my old peugeot" in question for question in asked)
    assert not any(re.search(r"my old\b(?! peugeot)|what is peugeot", question) for question in asked)


def test_an_allergy_is_asked_for_by_what_it_is_to():
    asked = [d.question.casefold() for d in dream(tell("I am allergic to aspirin"), 1, S) if d.memory_ids]
    assert any("drug" in q or "medicine" in q for q in asked)


def test_no_sort_of_allergy_is_denied_that_the_told_one_may_be_of():
    def denied(text):
        dreams = [d for seed in range(12) for d in dream(tell(text), seed, S)]
        return {d.answer for d in dreams if not d.memory_ids and "allergic" in d.answer}

    assert "You haven't told me which food you are allergic to." in denied("I am allergic to aspirin")
    assert "You haven't told me which medicine you are allergic to." in denied("I am allergic to hazelnuts")
    assert not [a for a in denied("I am allergic to sulfasalazine") if "which" in a]
