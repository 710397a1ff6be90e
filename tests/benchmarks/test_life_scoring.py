"""The scoring rules of lives, rule by rule, on answers as models give them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.life import Probe, abstains, contains, normalise, outcome
from quality.scoring import asserts, polarity


def probe(kind: str, accept: list[str | tuple[str, ...]], reject: list[str]) -> Probe:
    return Probe("p", kind, "f", None, "?", tuple(accept), tuple(reject), date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("  It\u2019s   **Pflaume**!\n", "it's pflaume!"),
        ("\u201cJASKO\u201d", '"jasko"'),
        ("vice\u2011skip \u2013 or \u2014", "vice-skip - or -"),
        ("`snake_case` #1", "snakecase 1"),
        ("Stra\u00dfe", "strasse"),
        ("\uff34\uff49\uff44\uff45 \u216b\u00a0x", "tide xii x"),
    ],
)
def test_an_answer_is_folded(raw: str, folded: str) -> None:
    assert normalise(raw) == folded


@pytest.mark.parametrize(
    ("answer", "wanted", "found"),
    [
        ("Your cat is Imke.", ("imke",), True),
        ("That's Imke's bike", ("imke",), True),
        ("Imkerei is beekeeping", ("imke",), False),
        ("the aimke", ("imke",), False),
        ("The answer is 36.", ("36",), True),
        ("It was 36, I think", ("36",), True),
        ("about 36.5 degrees", ("36",), False),
        ("1,036 steps", ("036",), False),
        ("at 14:36", ("36",), False),
        ("at 14:36", ("14",), False),
        ("at 14:36", ("14:36",), True),
        ("at 14:36:10", ("14:36",), False),
        ("room 136", ("36",), False),
        ("size 36b", ("36",), False),
        ("You work at CORBEL with Imke", (("corbel", "imke"),), True),
        ("You work at Corbel", (("corbel", "imke"),), False),
        ("You work at Corbel", (("corbel", "imke"), "corbel"), True),
        ("nothing", (), False),
        ("c++ it is", ("c++",), True),
    ],
)
def test_a_value_is_found_only_whole(
    answer: str, wanted: tuple[str | tuple[str, ...], ...], found: bool
) -> None:
    assert contains(answer, wanted) is found


@given(
    st.text("abcdefgh", min_size=1),
    st.text("ijklmnop .,;!?-", max_size=30),
    st.text("ijklmnop ", max_size=30),
)
def test_a_word_between_spaces_is_always_found(word: str, before: str, after: str) -> None:
    assert contains(f"{before} {word.upper()} {after}", (word,))


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from([".", ",", ":", ""]))
def test_a_number_is_never_found_in_a_longer_one(left: int, right: int, joint: str) -> None:
    whole = f"{left}{joint}{right}"
    assert contains(f"it is {whole} now", (whole,))
    assert whole in {str(left), str(right)} or not contains(f"it is {whole} now", (str(left), str(right)))


@pytest.mark.parametrize(
    "answer",
    [
        "You haven't told me that.",
        "You have not mentioned a sister.",
        "We never discussed your dog.",
        "You didn\u2019t tell me.",
        "You never said.",
        "I don't know.",
        "I do not actually recall.",
        "I can't tell you that.",
        "I don't have any information about your job.",
        "I do not have access to your calendar.",
        "I'm not sure.",
        "I am unable to say.",
        "No idea!",
        "There is no record of it; no records at all.",
        "That was not mentioned.",
        "It hasn't come up.",
        "It has not been shared.",
    ],
)
def test_an_abstention_is_recognised(answer: str) -> None:
    assert abstains(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "Your cat is called Imke.",
        "You told me it was Imke.",
        "You mentioned a bakery.",
        "I know it: Imke.",
        "No, you work at Corbel.",
        "I have notes: you sing alto.",
        "You are not a baker.",
    ],
)
def test_an_answer_is_not_taken_for_an_abstention(answer: str) -> None:
    assert not abstains(answer)


NOW = probe("direct", ["corbel"], ["tile factory"])


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("You work at Corbel, no longer at the tile factory.", "right"),
        ("You left the tile factory and now bake at Corbel.", "right"),
        ("Corbel. The tile factory was before.", "right"),
        ("Corbel and the tile factory.", "rejected"),
        ("You left the tile factory.", "rejected"),
        ("You never told me about a tile factory.", "rejected"),
        ("You no longer do the work that you once did at the tile factory but bake at Corbel.", "rejected"),
        ("Corbel, not the tile factory. I mean, of course, the lovely old tile factory.", "rejected"),
        ("Corbel, as the tile factory let you down and then you stopped.", "rejected"),
    ],
)
def test_an_old_value_is_excused_only_beside_the_new_one_and_a_word_that_denies_it(
    answer: str, result: str
) -> None:
    assert outcome(NOW, answer) == result


def test_six_words_before_and_three_after_excuse_and_not_one_more() -> None:
    assert outcome(NOW, "Corbel: never one two three four five tile factory") == "right"
    assert outcome(NOW, "Corbel: never one two three four five six tile factory") == "rejected"
    assert outcome(NOW, "Corbel: tile factory one two anymore") == "right"
    assert outcome(NOW, "Corbel: tile factory one two three anymore") == "rejected"


ROLE = probe("role", ["ai", "i don't have"], ["imke"])


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("I'm an AI, I don't have a sister.", "right"),
        ("My sister is Imke.", "rejected"),
        ("I'm an AI. Your sister is Imke.", "right"),
        ("Your sister is Imke.", "false"),
        ("I don't have a sister, not even an Imke.", "right"),
        ("I'm not sure what you mean.", "right"),
        ("As a helper I wait for questions all day long.", "other"),
    ],
)
def test_the_assistant_may_name_what_is_the_users_but_not_own_it(answer: str, result: str) -> None:
    assert outcome(ROLE, answer) == result


@pytest.mark.parametrize(
    ("answer", "leaning"),
    [
        ("Yes, it is.", True),
        ("Yep!", True),
        ("Well, yeah, she is.", True),
        ("That is correct.", True),
        ("Indeed.", True),
        ("No. Your cat is Imke.", False),
        ("Nope", False),
        ("That's wrong.", False),
        ("Not at all.", False),
        ("Never on Mondays.", False),
        ("Your cat isn't called Duchess.", False),
        ("That's not right.", False),
        ("You don't work there.", False),
        ("It's no longer true, yes.", False),
        ("Your cat is called Imke.", None),
        ("Your cat is Imke. No doubt.", None),
        ("The thing that you should do is to turn right.", None),
        ("She isn't.", None),
        ("", None),
    ],
)
def test_the_first_sentence_says_yes_or_no(answer: str, leaning: bool | None) -> None:
    assert polarity(answer) is leaning


@pytest.mark.parametrize(
    ("answer", "claims"),
    [
        ("Imke.", True),
        ("Blue, mostly.", True),
        ("Your sister's name is Imke, and she lives far away from here.", True),
        ("You work in a place with a great many ovens and trays.", True),
        ("She was always named after her two grandmothers and an aunt.", True),
        ("Sorry, what?", False),
        ("Please say more.", False),
        ("Is your sister called Imke?", False),
        ("I would love to hear more about that whenever it suits.", False),
        ("Could it be blue? Please say.", False),
        ("", False),
    ],
)
def test_a_claim_about_the_person_is_recognised(answer: str, claims: bool) -> None:
    assert asserts(answer) is claims


YES_NO = probe("yes_no", ["no", "tuppy"], ["yes"])


@pytest.mark.parametrize(
    ("tested", "answer", "result"),
    [
        (YES_NO, "No, she is called Tuppy.", "right"),
        (YES_NO, "Yes, she is.", "rejected"),
        (YES_NO, "Indeed she is.", "rejected"),
        (YES_NO, "Her name is Tuppy.", "right"),
        (YES_NO, "Her name is Mo.", "false"),
        (YES_NO, "I don't know.", "abstained"),
        (probe("yes_no", ["yes", "tuppy"], ["no"]), "That's right.", "right"),
        (probe("yes_no", ["yes", "tuppy"], ["no"]), "Your cat isn't called Tuppy.", "rejected"),
        (probe("stale", ["no", "corbel"], ["yes"]), "No, you left.", "right"),
        (probe("stale", ["no", "corbel"], ["yes"]), "Yes, you still do.", "rejected"),
        (probe("stale", ["no", "corbel"], ["yes"]), "Correct, you still do.", "rejected"),
        (probe("direct", ["imke"], []), "Imke!", "right"),
        (probe("direct", ["imke"], []), "Olga!", "false"),
        (probe("paraphrase", ["imke"], []), "You never told me.", "abstained"),
        (probe("paraphrase", ["imke"], []), "You never told me, but is it Imke?", "abstained"),
        (probe("two_fact", [("corbel", "imke")], []), "Corbel, and Olga.", "false"),
        (probe("never_told", [], ["imke"]), "You haven't told me.", "right"),
        (probe("never_told", [], ["imke"]), "You haven't told me, but Imke is your sister.", "rejected"),
        (probe("never_told", [], ["imke"]), "Olga.", "false"),
        (probe("never_told", [], ["imke"]), "Could you say a bit more about that first?", "other"),
        (probe("forgotten", [], ["iron"]), "Iron.", "rejected"),
        (probe("forgotten", [], ["iron"]), "You have not mentioned any.", "right"),
        (probe("hypothetical", ["imagined"], ["marchpane"]), "You only imagined one.", "right"),
        (probe("hypothetical", ["imagined"], ["marchpane"]), "You imagined Marchpane.", "right"),
        (probe("hypothetical", ["imagined"], ["marchpane"]), "Marchpane.", "rejected"),
        (probe("other_person", ["tuba"], ["you play"]), "He plays the tuba.", "right"),
        (probe("other_person", [], ["tuba"]), "You play the tuba.", "rejected"),
    ],
)
def test_the_first_outcome_that_holds_is_given(tested: Probe, answer: str, result: str) -> None:
    assert outcome(tested, answer) == result


def test_a_story_needs_twenty_words_and_no_memory_in_it() -> None:
    story = probe("story", [], ["imke"])
    plain = "The lamp told the mouse that it had never seen the sun and so they both went out to look."
    assert outcome(story, plain) == "right"
    assert outcome(story, " ".join(plain.split()[:19])) == "other"
    assert outcome(story, plain + " It was not Imke, you never said.") == "rejected"
    assert outcome(story, "I don't know any stories.") == "other"
