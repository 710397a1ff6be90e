"""Other wordings of a question: they mean the same, fit what was told and are put about the untold too."""

from __future__ import annotations

import pytest

from data.grammar_questions import Ask
from data.grammar_reworded import reworded
from data.phrases import framed, slot_asks
from data.phrases_untold import untold_slots
from models.dream_negatives import negatives
from models.dream_told import Told, asks
from tests.models.telling import tell


def others(question: str, indirect: str, statement: str = "") -> list[str]:
    """The other wordings of one question."""
    return [ask.question for ask in reworded([Ask(question, indirect)], statement)]


@pytest.mark.parametrize(
    ("statement", "wanted", "unwanted"),
    [
        ("My exam is on 3 May 2026.", "What date is my exam?", "In which month is my exam?"),
        ("My exam is in May.", "In which month is my exam?", "What date is my exam?"),
        ("My exam is on Tuesdays.", "Which day of the week is my exam?", "What date is my exam?"),
        ("My exam is at 9.30.", "What time is my exam?", "What day is my exam?"),
        ("My exam is on 4-6 May 2026.", "What dates is my exam?", "What day is my exam?"),
        ("My exam is in the week of 19 January 2026.", "In what week is my exam?", "What date is my exam?"),
    ],
)
def test_when_is_asked_by_the_time_that_was_told(statement: str, wanted: str, unwanted: str) -> None:
    found = others("When is my exam?", "when my exam is", statement)
    assert wanted in found or wanted.replace("which", "what") in found
    assert unwanted not in found


def test_a_time_that_only_bounds_is_not_asked_for() -> None:
    assert (
        others("When is my visa valid?", "when my visa is valid", "My visa is valid until 3 May 2026.") == []
    )


@pytest.mark.parametrize(
    ("question", "indirect", "statement", "other"),
    [
        ("Which instrument do I play?", "which instrument I play", "", "What instrument do I play?"),
        ("What car do I have?", "what car I have", "", "What car have I got?"),
        ("How old is my nan?", "how old my nan is", "", "What is my nan's age?"),
        ("What is my favourite tea?", "what my favourite tea is", "", "Which tea is my favourite?"),
        ("Why did I sell my van?", "why I sold my van", "", "How come I sold my van?"),
        ("What is my niece's surname?", "what my niece's surname is", "", "What is the surname of my niece?"),
        ("Where do I keep my keys?", "where I keep my keys", "", "Where are my keys?"),
        ("What has my aunt started?", "what my aunt has started", "", "What did my aunt start?"),
        ("How big is my flat?", "how big my flat is", "", "How big is my apartment?"),
        ("Where am I from?", "where I am from", "I am from Slovenia.", "Which country am I from?"),
        (
            "How often do I swim?",
            "how often I swim",
            "I swim twice a week.",
            "How many times a week do I swim?",
        ),
        (
            "When did my cousin emigrate to Nelson?",
            "when my cousin emigrated to Nelson",
            "My cousin emigrated to Nelson in 1974.",
            "When did my cousin emigrate?",
        ),
        (
            "When does my contract at Ferrum Wind end?",
            "when my contract at Ferrum Wind ends",
            "My contract at Ferrum Wind ends in May.",
            "When does my contract end?",
        ),
        ("When do I retire?", "when I retire", "I retire on 8 March 2026.", "When will I retire?"),
    ],
)
def test_one_question_has_other_words(question: str, indirect: str, statement: str, other: str) -> None:
    assert other in others(question, indirect, statement)


@pytest.mark.parametrize(
    ("question", "indirect", "statement", "never"),
    [
        ("Which knee is torn?", "which knee is torn", "My left knee is torn.", "What knee is torn?"),
        (
            "Where does my aunt live?",
            "where my aunt lives",
            "My aunt lives next door.",
            "Where is my aunt based?",
        ),
        ("When did I go to Oslo?", "when I went to Oslo", "I went to Oslo in 2019.", "When did I go?"),
        (
            "When did my brother in Leeds marry?",
            "when my brother in Leeds married",
            "My brother in Leeds married in 2019.",
            "When did my brother marry?",
        ),
        (
            "What have I been driving?",
            "what I have been driving",
            "I have been driving a tram.",
            "What did I drive?",
        ),
        ("What have I loved?", "what I have loved", "I have loved jazz my whole life.", "What did I love?"),
        ("What music do I love?", "what music I love", "I love jazz music.", "Which music do I love?"),
        ("How big is my son?", "how big my son is", "My son is 140 cm tall.", "How large is my son?"),
        ("When do I have my exam?", "when I have my exam", "My exam is in May.", "When do I have the exam?"),
    ],
)
def test_no_wording_that_nobody_uses(question: str, indirect: str, statement: str, never: str) -> None:
    assert never not in others(question, indirect, statement)


def test_the_indirect_form_is_reworded_with_the_question() -> None:
    for ask in reworded(
        [Ask("When did my aunt retire?", "when my aunt retired")], "My aunt retired in 2019."
    ):
        assert framed(ask, "Tell me {i}.").endswith("my aunt retired.")
        assert ask.indirect[0].islower()


def test_a_memory_is_asked_in_its_plain_words_first() -> None:
    memory = tell("My sister lives in Graz.")[0]
    questions = [ask.question for ask in asks(memory)]
    assert questions[0] == "Where does my sister live?"
    assert questions.index("What town does my sister live in?") > questions.index(
        "Which town does my sister live in?"
    )
    assert len(questions) == len(set(questions))


def test_two_contracts_leave_no_question_about_the_contract() -> None:
    memories = tell("My contract at Ferrum ends in May.", "My contract at Corbel ends in July.")
    told = Told(memories)
    short = [ask for m in memories for ask in asks(m) if ask.question == "When does my contract end?"]
    assert len(short) == 2
    assert not any(map(told.clear, short))


def test_what_was_not_told_is_asked_in_other_words_too() -> None:
    memories = tell("My sister lives in Graz.", "My brother lives in Lund.", "My boss lives in Ghent.")
    told = Told(memories)
    basic = {ask.question for who, relation in untold_slots() for ask in slot_asks(who, relation)}
    denied = {view.question for memory in memories for view in negatives(memory, told) if view.plain}
    plain = {question for question in denied if question.endswith("?") and question[0].isupper()}
    assert any(question.startswith(("What town ", "Which city ", "What city ")) for question in plain - basic)
