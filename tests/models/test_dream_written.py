"""Questions a model wrote beside those of the rules."""

from data.settings import DreamSettings
from data.written import Asked, load_written
from models import questioner
from models.dream_told import Told
from models.dream_written import key, long, sorted_out
from models.dreamer import dream
from tests.models.telling import tell

S = DreamSettings()


def _memories():
    return tell("My sister Brunhild lives in Regina.", "I have an old Volvo.")


def test_what_was_written_for_a_memory_is_asked_and_answered_by_it():
    memories = _memories()
    volvo = next(m for m in memories if "Volvo" in m.statement)
    written = {volvo.id: Asked(("What's parked outside my house?",), ("Who drives the Volvo?",))}
    dreams = dream(memories, 1, S, written)
    asked = [d for d in dreams if "parked" in d.question and d.kind == "direct"]
    assert asked
    assert all("Volvo" in d.answer and d.memory_ids == (volvo.id,) for d in asked)
    assert any(d.kind == "reversed" and "drives the Volvo" in d.question for d in dreams)
    assert not any("{" in d.question or "  " in d.question for d in dreams)


def test_a_question_two_memories_were_given_is_asked_of_neither():
    memories = _memories()
    written = {m.id: Asked(("What is mine?",)) for m in memories}
    assert not any("is mine" in d.question.lower() for d in dream(memories, 1, S, written))


def test_what_the_rules_ask_of_another_memory_stays_its_own():
    memories = _memories()
    sister, volvo = memories[0], next(m for m in memories if "Volvo" in m.statement)
    stolen = Asked(("Where does my sister live?", "What's my old car?"))
    kept = sorted_out(Told(memories), {volvo.id: stolen})[volvo.id]
    assert kept.direct == ("What is my old car?",)
    answers = [
        d.answer
        for d in dream(memories, 1, S, {volvo.id: stolen})
        if d.kind == "direct" and "sister live" in d.question
    ]
    assert answers
    assert all(sister.value in answer for answer in answers)


def test_no_question_nobody_told_of_is_one_that_was_written():
    memories = _memories()
    written = {memories[0].id: Asked(("What is my brother called?",))}
    dreams = dream(memories, 1, S, written)
    assert not any(
        d.kind == "negative" and key("What is my brother called?") in key(d.question) for d in dreams
    )


def test_contractions_are_one_question():
    assert long("What's my mom's name?") == "What is my mom's name?"
    assert long("Who're they?") == "Who're they?"
    assert key("What’s my mom's name") == key("What is my mom's name?")


def test_an_answer_that_was_cut_off_loses_its_last_line_alone():
    text = "What car do I drive?\nWhat car do I drive?\n Which  car is mine?\nWhat make is"
    assert questioner.questions(text) == ["What car do I drive?", "Which car is mine?"]
    assert questioner.questions("") == []


def test_a_long_note_is_cut_and_said_to_be_data():
    request = questioner.request("I like figs. " * 100)
    assert len(request.messages[1].content) <= questioner.NOTE_CHARACTERS
    assert "data" in request.messages[0].content


def test_what_a_model_wrote_is_never_held_out():
    memories = _memories()
    written = {m.id: Asked((f"What is thing {n} of mine?",)) for n, m in enumerate(memories)}
    held = [d.question for d in dream(memories, 1, S, written) if d.split != "train"]
    assert held
    assert not any("thing" in question for question in held)


def test_the_question_writer_learns_from_facts_that_are_plainly_asked():
    learned = questioner.plainly_asked()
    assert 1000 < len(learned) < len(load_written())
    assert not [one.fact for one in learned if one.indirect]
    rows = questioner.training_rows(learned[:2])
    assert [row.question for row in rows] == [one.fact for one in learned[:2]]
    assert rows[0].answer.splitlines() == list(learned[0].questions)
