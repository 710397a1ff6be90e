"""The short way of plain messages gives what the careful way gives, message by message."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from data.logs.chat import Chat, Plain, Reading
from data.logs.openai import chat_of
from data.logs.rows import rows_of
from data.logs.tally import Tally
from data.logs.times import UNREADABLE, micros, micros_of_all
from data.records import Reject
from data.text import normalise, normalise_all

S = 1_735_700_000
TEXTS = st.text(max_size=12) | st.sampled_from(
    [
        "",
        " \n",
        "caf\u00e9",
        "cafe\u0301",
        "\u212b",
        "a\r\nb",
        "a\0b",
        "\ud800",
        "\u00a0 x \x85",
        "[private] x",
    ]
)
ROLES = st.sampled_from(["user", "assistant"])
TIMES = st.integers(S, S + 999).map(lambda second: second * 1_000_000)


@st.composite
def plain_messages(draw):
    said = draw(st.lists(st.tuples(ROLES, TEXTS, TIMES), min_size=1, max_size=6))
    roles, texts, times = (list(column) for column in zip(*said, strict=True))
    return Plain(roles, texts, draw(st.sampled_from([times, None])), draw(st.none() | TEXTS))


def outcome(chat, fallback):
    tally = Tally()
    return list(rows_of(chat, Reading(), fallback, "f", tally)), tally


@settings(max_examples=300, deadline=None)
@given(
    plain_messages(),
    st.none() | st.text(min_size=1, max_size=3),
    st.sampled_from([None, UNREADABLE, S * 1_000_000]),
    st.sampled_from([None, 5]),
    st.booleans(),
)
def test_a_plain_chat_becomes_the_rows_of_its_messages(plain, identity, started, fallback, imported):
    chat = Chat("openai", identity, plain, started=started, imported=imported)
    quick, careful = outcome(chat, fallback), outcome(replace(chat, said=plain.each()), fallback)
    assert quick[1] == careful[1]
    assert len(quick[0]) == len(careful[0])
    for one, other in zip(*(found[0] for found in (quick, careful)), strict=True):
        if isinstance(one, Reject):
            assert one == other
        else:
            assert one.rows == other.rows
            assert replace(one, columns=other.columns) == other


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_texts_are_normalised_together_as_each_alone(texts):
    assert normalise_all(texts) == [normalise(text) for text in texts]


def test_no_latin_character_is_changed_by_its_neighbour():
    latin = [chr(code) for code in range(1, 256) if chr(code) != "\r"]
    assert all(normalise_all([f"x{a}{b}x"]) == [normalise(f"x{a}{b}x")] for a in latin for b in latin)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(S, S + 9) | st.floats() | st.integers() | st.booleans() | st.none(), max_size=3))
def test_times_are_read_together_as_each_alone(values):
    found = micros_of_all(values)
    assert found is None or found == [micros(value) for value in values]


def test_only_messages_of_voice_words_and_time_are_plain():
    said = {"role": "user", "content": "a"}
    assert isinstance(chat_of({"messages": [said] * 2}, "", Reading()).said, Plain)
    assert isinstance(chat_of({"messages": [{**said, "created_at": S}]}, "", Reading()).said, Plain)
    for other in (
        {**said, "name": "Bob"},
        {**said, "role": "system"},
        {**said, "role": 1},
        {**said, "content": None},
        {**said, "created_at": None},
        {**said, "created_at": True},
        {**said, "created_at": float("nan")},
        "ab",
        ["role", "content"],
        None,
    ):
        assert isinstance(chat_of({"messages": [other]}, "", Reading()).said, list)
        assert isinstance(chat_of({"messages": [said, other]}, "", Reading()).said, list)
