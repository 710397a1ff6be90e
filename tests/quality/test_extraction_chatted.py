"""Facts chatted in halves are found: answers without a subject, names told late, values by their measure."""

from datetime import UTC, date, datetime

import pytest

from data.night import Night
from data.records import Exchange, Turn
from quality.extraction import extract_all

NIGHT = Night(date(2026, 9, 15), "Europe/London")
AT = datetime(2026, 9, 15, 12, tzinfo=UTC)


def told(*turns):
    """Statements heard in the last of several turns, said by the person and the assistant in turn."""
    exchanges = []
    before = None
    for i, text in enumerate(turns):
        turn = Turn("log", "c", str(i), "assistant" if i % 2 else "user", text, AT)
        if turn.role == "user":
            exchanges.append(Exchange(turn, None, before))
        before = turn
    last = exchanges[-1].user.id
    return [m.statement for m in extract_all(exchanges, NIGHT) if last in m.sources]


@pytest.mark.parametrize(
    ("turns", "statement"),
    [
        (("since covid i work from my barn in Kendal",), "I work from my barn in Kendal since covid."),
        (("my hair's green since march",), "My hair is green since March 2026."),
        (("as a boy in Turku I had plums off the tree",), "I grew up in Turku."),
        (("finally finished my thesis on moss",), "I finally finished my thesis on moss."),
        (("is 38 high? my daughter Runa is 2 and a half",), "My daughter Runa is 2 and a half years old."),
        (("my best friend since school, Odile, wants a cake",), "My best friend is called Odile."),
        (("my mum's new boyfriend Anselm is odd",), "My mum's boyfriend is called Anselm."),
        (("I failed again. resit's in september, tips?",), "My resit is in September 2026."),
        (("when do pears fruit, i planted one yesterday",), "I planted a pear on 14 September 2026."),
        (("my star sign is a mystery to me. 7 august",), "My birthday is on 7 August."),
        (("I want to run more", "And?", "31 km!! new longest"), "My longest distance is 31 km."),
        (("my bike squeaks a lot", "Oil it.", "oiled. Griselda purrs again"), "My bike is called Griselda."),
        (("someone who can't ski, like me, what would they do",), "I can't ski."),
        (("nobody at work apart from me speaks Welsh",), "I speak Welsh."),
        (("no perfume, my skin", "Is your skin dry?", "eczema since school"), "I have eczema since school."),
        (("which form for my move", "Have you moved?", "yes, to Arbroath"), "I have moved to Arbroath."),
        (("i start a new job on monday", "Nice! Where?", "the Tolva museum"), "the Tolva museum"),
        (("stress", "Does your job involve calls?", "yes, 999 dispatcher"), "I am a 999 dispatcher."),
        (("what's your favourite drink", "None. You?", "birch juice"), "My favourite drink is birch juice."),
        (("my flat is damp. Oswin knows. he looks well. he's the landlord",), "My landlord is called Oswin."),
        (("note for the fridge: eat the soup. signed Petra, who else",), "My name is Petra."),
    ],
)
def test_a_fact_told_in_halves_is_heard_whole(turns, statement):
    assert any(statement in heard for heard in told(*turns))


@pytest.mark.parametrize(
    "turns",
    [
        ("i'm on the bus",),
        ("my phone is at 3%",),
        ("I've just had lunch",),
        ("i've got 20 minutes and a tin of beans, what can i cook",),
        ("i have ricotta, will that do",),
        ("I've got a stinking headache today, make me laugh",),
        ("got a call with a supplier there",),
        ("yes officer, i did steal the moon",),
        ("haha my husband is Brad Pitt didn't you know",),
        ("Pelle lives in Madrid and his sons are goalkeepers. name them",),
        ("my coworker's cousin was on masterchef apparently",),
        ("make up a person", "What job?", "a plumber"),
        ("i've got to write a eulogy for drama class", "Who is the character?", "Uncle Vanya"),
        ("Napoleon had a dog", "Did he? Which breed?", "a pug called Fortune i think"),
        ("My printer hates me", "What is it doing?", "streaks down the left side of every page"),
        ("my family comes from all over", "Where from?", "guess"),
        ("bought milk and it was sour",),
    ],
)
def test_what_passes_jests_or_is_of_strangers_is_no_memory(turns):
    assert told(*turns) == []


@pytest.mark.parametrize(
    "text",
    [
        "getting firewood before the girls freeze",
        "I'm making soup while the kids nap",
        "I'm picking up the kids at 3",
        "I'm taking the bus to town",
        "I'm writing an email to my boss",
        "I'm off to buy milk",
        "I moved the wifi router and now netflix buffers",
        "I signed the wrong form",
        "my script Nightjar wakes at night",
        "my mum is on speaker",
        "if i fail i'll become a nun, sister Gasket",
    ],
)
def test_errands_and_mishaps_are_not_remembered(text):
    assert not [statement for statement in told(text) if "called" not in statement]


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("I'm learning Welsh", "I am learning Welsh."),
        ("I'm saving for a kiln", "I am saving for a kiln."),
        ("I'm building a boat", "I am building a boat."),
        ("I'm writing a novel", "I am writing a novel."),
        ("I'm taking evening classes", "I am taking evening classes."),
        ("I'm getting married before christmas", "I am getting married before christmas."),
        ("I'm picking apples every autumn", "I am picking apples every autumn."),
        ("I moved to Bergen", "I live in Bergen."),
        ("my dog Tam sleeps under the stairs", "My dog Tam sleeps under the stairs."),
    ],
)
def test_what_lasts_is_remembered(text, statement):
    assert statement in told(text)


@pytest.mark.parametrize(
    ("turns", "statement"),
    [
        (("I like olives", "Noted!", "and capers too"), "I like capers."),
        (("my son's allergic to kiwi", "Good to know.", "also mango"), "My son is allergic to mango."),
        (
            ("Any tips for a marathon in the heat?", "Start slow. When's yours?", "october 19"),
            "My marathon is on 19 October 2026.",
        ),
        (
            ("need to renew my passport", "When does it expire?", "14 november"),
            "My passport expires on 14 November 2026.",
        ),
        (("what should i bake", "Any dietary restrictions?", "lactose"), "I can't have lactose."),
        (
            ("write a poem for my niece please", "What's your niece's name?", "Ottoline"),
            "My niece is called Ottoline.",
        ),
        (("so jealous", "Do you have siblings?", "only child"), "I am an only child."),
        (("uncle Bodo has gout, can he eat liver",), "My uncle Bodo has gout."),
        (("the vet is coming friday at 8, what now",), "My vet is coming on 18 September 2026 at 8."),
        (("retired welder, 71, need a hobby",), "I am a retired welder."),
        (("Aussie here, which visa?",), "I am Aussie."),
    ],
)
def test_what_an_answer_or_a_fragment_leaves_out_is_filled_in(turns, statement):
    assert statement in told(*turns)


@pytest.mark.parametrize(
    "turns",
    [
        ("my move came in", "Do you have the position?", "nah just moaning"),
        ("i like it", "ok", "also can you add a title"),
        ("my brother works as a baker", "ok", "thanks too"),
    ],
)
def test_talk_about_the_talk_adds_nothing(turns):
    assert told(*turns) == []


@pytest.mark.parametrize("text", ["they signed Messi, obviously", "the form was signed Friday"])
def test_what_somebody_else_signed_names_nobody(text):
    assert not any("My name is" in heard for heard in told(text))


def test_who_is_the_landlord_is_told_once():
    assert told("he looks well, Oswin. he's the landlord") == ["My landlord is called Oswin."]
