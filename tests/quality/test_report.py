"""The morning report: nothing in a chat can act on the page, nothing is shown that was switched off."""

import html
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Answer, Dream, GateResult, Memory, Probe, Reject, Turn, Verdict
from quality.report import Material, dream_rows, funnel, recalled, render, verdict_rows

NIGHT = date(2026, 10, 5)
SECRET = "quartzville"
NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload='x()'>",
    "{{ 7*7 }}{% for x in y %}",
    "{{ r.__class__.__mro__ }}",
    "</td></table><iframe src=//evil.example>",
    "<!-- <a href='https://evil.example/?q=1'>press</a> -->",
    "<style>*{background:url(//evil.example)}</style>",
    "&lt;b&gt; &#60;",
]


def memory(name: str, statement: str, day: date = NIGHT, **more: object) -> Memory:
    return Memory(name, statement, "my dog", "name", "Bramble", day, ("s:c:1",), **more)  # type: ignore[arg-type]


def asked(name: str, *outcomes: str, text: str = "Perhaps Biscuit.") -> list[Answer]:
    return [
        Answer(Probe(f"{name}-{n}", "direct", "What is my dog called?", memory_id=name), text, outcome)
        for n, outcome in enumerate(outcomes)
    ]


def material(text: str = "My dog is called Bramble.", **more: object) -> Material:
    """A night with something in every section, `text` wherever a chat can put words."""
    verdict, dropped = Verdict("s:c:1", 0.9, True, "a new fact"), Verdict("s:c:2", 0.1, False, "small talk")
    whole = Material(
        "2026-10-05",
        "published",
        "Generation g1 is live.",
        "g1",
        "abc123",
        [
            memory("m1", text),
            memory("m2", text),
            memory("m3", text, state="superseded"),
            memory("m4", "", state="forgotten"),
        ],
        [verdict, dropped],
        {"s:c:2": Turn("s", "c", "2", "user", text, None)},
        [
            Dream("d1", "direct", text, text, ("m1",), ("s:c:1",)),
            Dream("d2", "direct", text, text, ("m1",), ("s:c:1",), refused=f"names {text}"),
        ],
        [*asked("m1", "right", "right"), *asked("m2", "false", text=text)],
        [
            GateResult("recall", True, 0.8, 0.7, 10, 0.49, 0.94, 0.1, 0.2, "8 of 10 right"),
            GateResult("role", False, 0.3, 0.1, 20, detail="slips"),
        ],
        {
            "train": {
                "seconds": 60.0,
                "model_seconds": 58.0,
                "figures": {"losses": [3.0, 1.0, 0.5], "steps": 3},
            },
            "mix": {"seconds": 2.0, "model_seconds": 0.0, "figures": {}},
        },
        [Reject("/home/me/inbox/chat.json", "line 3", "not JSON")],
        [("turns", "s:c:9", "the turn has no text")],
        12,
        True,
        [{"quant": "Q8_0", "scale": 0.85, "failed": ["role"]}],
    )
    return replace(whole, **more)  # type: ignore[arg-type]


class Page(HTMLParser):
    """Tags, attributes and text of a page as a browser sees them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.parts: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())


HARMLESS = Page(render(material()))
ACTIVE = ("script", "iframe", "img", "object", "embed", "link", "a", "form", "base", "video", "audio")


@pytest.mark.parametrize("text", NASTY)
def test_words_of_a_chat_stay_words(text: str) -> None:
    page = Page(render(material(text)))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in HARMLESS.tags]
    assert [attributes for _, attributes in page.tags] == [attributes for _, attributes in HARMLESS.tags]
    assert " ".join(text.split()) in page.text


@given(st.text(max_size=80))
def test_no_text_changes_the_page_around_it(text: str) -> None:
    page = Page(render(material(text)))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in HARMLESS.tags]


def test_every_field_that_others_fill_is_escaped() -> None:
    evil = "<b>x</b>"
    page = render(
        material(
            night=evil,
            message=evil,
            generation=evil,
            recipe=evil,
            gates=[GateResult(evil, True, 0, 0, 1, detail=evil)],
            rejects=[Reject(evil, evil, evil)],
            quarantine=[(evil, evil, evil)],
            stages={evil: {"seconds": 1.0, "model_seconds": 0.0, "figures": {}}},
            verdicts=[Verdict("t", 1.0, True, evil)],
            tried=[{"quant": evil, "scale": 1, "failed": [evil]}],
        )
    )
    assert evil not in page
    assert page.count(html.escape(evil)) >= 10


def test_the_page_can_load_and_run_nothing() -> None:
    page = render(material())
    tags = Page(page).tags
    policy = next(a["content"] or "" for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not {tag for tag, _ in tags} & set(ACTIVE)
    assert not {name for _, a in tags for name in a} & {"src", "href", "srcset", "action", "data", "poster"}
    assert not [name for _, a in tags for name in a if name.startswith("on")]
    assert "http://" not in page
    assert "https://" not in page
    assert "url(" not in page
    assert "@import" not in page


def test_with_excerpts_off_no_chat_text_is_left() -> None:
    text = f"My {SECRET} is called Bramble."
    page = render(material(text, excerpts=False))
    assert SECRET in render(material(text))
    for word in (SECRET, "Bramble", "Biscuit"):
        assert word not in page
    assert "m1" in Page(page).text
    assert "2 of 2" in page
    assert "Some of them" not in page
    assert "Dropped turns" not in page


def test_long_texts_are_cut_to_an_excerpt() -> None:
    page = render(material("word " * 500 + SECRET))
    assert SECRET not in page
    assert "…" in page


def test_what_was_learned_and_what_was_not_stand_apart() -> None:
    text = HARMLESS.text
    learned, missed = text.index("Learned"), text.index("Not learned yet")
    assert (
        learned < text.index("2 of 2") < missed < text.index("0 of 1") < text.index("Changed and forgotten")
    )
    assert "Perhaps" not in text  # the answer of m2 repeats the chat here
    assert "Nothing new was learned" not in text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"answers": asked("m1", "false"), "memories": [memory("m1", "x")]}, "The gates say why"),
        ({"answers": [], "gates": [], "memories": [memory("m1", "x")]}, "No examination was held"),
        ({"answers": [], "memories": []}, "No exchange of the day held anything new"),
        ({"answers": [], "memories": [], "verdicts": []}, "There was no chat on that day"),
        (
            {"answers": asked("m1", "right"), "memories": [memory("m1", "x", date(2026, 10, 1))]},
            "1 earlier memories are still known",
        ),
    ],
)
def test_a_night_that_taught_nothing_is_highlighted_with_the_reason(
    change: dict[str, object], why: str
) -> None:
    page = Page(render(material(**change)))
    assert "Nothing new was learned" in page.text
    assert why in page.text
    assert ("section", {"class": "alarm"}) in page.tags


def test_a_failed_gate_stands_out_and_a_rejected_candidate_is_not_mistaken_for_the_live_model() -> None:
    page = Page(render(material(status="rejected", message="Rejected: role. The day stays pending.")))
    assert page.tags.count(("tr", {"class": "alarm"})) == 1
    assert "Rejected. Role. The day stays pending." in page.text
    assert "the model that answers you is still the one before" in page.text


@pytest.mark.parametrize("status", ["skipped", "rejected", "published"])
@pytest.mark.parametrize("excerpts", [True, False])
def test_an_empty_night_has_a_page(status: str, excerpts: bool) -> None:
    empty = Material(
        "2026-10-05", status, "No chats.", "", "r", [], [], {}, [], [], [], {}, excerpts=excerpts
    )
    text = Page(render(empty)).text
    assert "There was no chat on that day." in text
    assert "No examination was held." in text
    assert "0 turns" in text


def test_the_funnel_counts_turns_then_memories() -> None:
    counts = {step["name"]: step["count"] for step in funnel(material())}
    assert counts == {
        "told": 2,
        "kept": 1,
        "extracted": 2,
        "known in all": 2,
        "dreamt": 1,
        "recalled at all": 1,
        "recalled always": 1,
    }
    assert all(0 <= step["percent"] <= 100 for step in funnel(material()))


def test_counts_carry_no_text() -> None:
    rows = verdict_rows([Verdict("a", 1, False, "small talk"), Verdict("b", 1, True, "fact")] * 2)
    assert rows == [
        {"kept": True, "reason": "fact", "turns": 2},
        {"kept": False, "reason": "small talk", "turns": 2},
    ]
    assert dream_rows(material().dreams) == [{"kind": "direct", "dreamt": 2, "refused": 1}]
    right, total = recalled(material().answers)
    assert (right["m1"], total["m1"], right["m2"], total["m2"]) == (2, 2, 0, 1)
    stories = [Answer(Probe("s", "story", "?", memory_id="m1"), "x", "right")]
    assert recalled(stories)[1]["m1"] == 0
