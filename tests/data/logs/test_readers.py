"""OpenAI messages and proxy logs from small files: voices and times, and which files are no log at all.

No third-party file of OpenAI-messages JSONL was at hand; these fixtures follow the published schemas.
"""

import base64
import json

import pytest

from data.errors import BadInput
from data.logs import detect
from tests.data.logs.small_files import S, at, rejects, said, save, save_lines, turns


def test_openai_lines_keep_only_the_two_voices(tmp_path):
    path = save_lines(
        tmp_path / "a.jsonl",
        {
            "id": "c1",
            "model": "m",
            "created_at": "2026-01-01T10:00:00Z",
            "messages": [
                {"role": "system", "content": "be nice"},
                {"role": "developer", "content": "hidden"},
                {
                    "role": "user",
                    "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {}}],
                },
                {"role": "assistant", "content": None, "tool_calls": [{"id": "t"}]},
                {"role": "tool", "content": "42", "tool_call_id": "t"},
                {
                    "role": "assistant",
                    "content": "hello\r\nyou ",
                    "reasoning_content": "greet",
                    "created_at": S + 5,
                },
            ],
        },
    )
    assert detect(path) == "openai"
    user, answer = turns(path)
    assert (user.text, answer.text) == ("hi", "hello\nyou")
    assert answer.reasoning == "greet" and answer.model == "m" and answer.at == at(5)
    assert user.at == at() and user.time_quality == "derived"


def test_openai_bad_lines_cost_only_themselves(tmp_path):
    good = json.dumps({"id": "c", "messages": [{"role": "user", "content": "kept"}]})
    path = save(
        tmp_path / "a.jsonl",
        f'{good}\n[1]\nplain text\n{{"x": 1}}\n{good.replace("kept", "also")}\n{{"messages": [',
    )
    assert {text for _, text in said(path)} == {"kept", "also"}
    found = rejects(path)
    assert [one.locator for one in found] == ["line 2", "line 3", "line 4", "line 6"]
    assert "cut" in found[-1].reason


def test_captions_and_transcripts_are_not_speech(tmp_path):
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image_url", "caption": "a red bicycle"},
        {"type": "input_audio", "transcript": "spoken words"},
    ]
    path = save_lines(tmp_path / "a.jsonl", {"messages": [{"role": "user", "content": parts}]})
    (turn,) = turns(path)
    assert turn.text == "look"
    assert turn.attachment_text == "a red bicycle\nspoken words"


@pytest.mark.parametrize("mark", [{"user": "dream-pipeline:7"}, {"metadata": {"tag": "dream-pipeline:7"}}])
def test_own_traffic_is_marked(tmp_path, mark):
    path = save_lines(tmp_path / "a.jsonl", {"messages": [{"role": "user", "content": "probe"}], **mark})
    assert [turn.origin for turn in turns(path)] == ["pipeline"]


def test_proxy_records_in_all_wrappings(tmp_path):
    request = {"model": "m", "messages": [{"role": "user", "content": "why"}]}
    reply = {"choices": [{"message": {"role": "assistant", "content": "because"}}]}
    chunk = 'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n'
    stream = chunk % "beca" + chunk % "use" + "data: [DONE]\n"
    code = lambda text: base64.b64encode(text.encode()).decode()  # noqa: E731
    shapes = [
        {"request": request, "response": reply},
        {"request_id": "r1", "messages": json.dumps(request["messages"]), "response": json.dumps(reply)},
        {"id": 4, "req_body": code(json.dumps(request)), "resp_body": code(stream)},
    ]
    for number, shape in enumerate(shapes):
        path = save_lines(tmp_path / f"{number}.jsonl", shape)
        assert said(path, format="openai") == [("user", "why"), ("assistant", "because")]
        assert len({turn.conversation for turn in turns(path)}) == 1


def test_time_units_are_told_apart(tmp_path):
    stamps = [S, S * 1000, S * 10**6, S * 10**9, str(S), "2026-01-01T10:00:00Z", "2026-01-01T11:00:00+01:00"]
    path = save_lines(
        tmp_path / "a.jsonl",
        {
            "id": "c",
            "messages": [{"role": "user", "content": str(n), "created_at": s} for n, s in enumerate(stamps)],
        },
    )
    assert [turn.at for turn in turns(path)] == [at()] * len(stamps)


def test_impossible_times_are_refused_not_replaced_by_now(tmp_path):
    stamps = [S, "yesterday", -5, 4_102_444_800, 0.5]
    path = save_lines(
        tmp_path / "a.jsonl",
        {
            "id": "c",
            "messages": [{"role": "user", "content": str(n), "created_at": s} for n, s in enumerate(stamps)],
        },
    )
    assert [turn.at for turn in turns(path)] == [at()] * 5
    assert [turn.time_quality for turn in turns(path)] == ["exact", *["derived"] * 4]
    assert len(rejects(path)) == 4


def test_local_times_without_zone_belong_to_the_person(tmp_path):
    path = save_lines(
        tmp_path / "a.jsonl",
        {"id": "c", "messages": [{"role": "user", "content": "x", "created_at": "2026-01-01T11:00:00"}]},
    )
    assert [turn.at for turn in turns(path, zone="Europe/Berlin")] == [at()]


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.jsonl", ""), ("notes.txt", "dear diary"), ("data.json", '{"a": 1}'), ("list.json", "[1, 2]")],
)
def test_unknown_files_are_refused_with_the_known_formats(tmp_path, name, content):
    with pytest.raises(BadInput, match=name):
        detect(save(tmp_path / name, content))


def test_naming_a_wrong_format_is_refused(tmp_path):
    path = save_lines(tmp_path / "a.jsonl", {"messages": []})
    with pytest.raises(BadInput, match="chatgpt"):
        turns(path, format="chatgpt")
