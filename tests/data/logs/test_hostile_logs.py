"""Damaged, foreign-encoded and hostile files: refused with reasons, in bounded memory, good rows kept."""

import io
import json
import resource
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import BadInput
from data.logs import FORMATS, read
from data.logs.chat import Reading
from data.logs.files import elements, lines
from data.logs.formats import chats, container
from data.logs.rows import rows_of
from data.logs.tally import Tally
from data.logs.tree import branch, nearest
from data.records import Reject, Turn
from data.settings import Ingest

GOOD = [{"id": f"c{n}", "messages": [{"role": "user", "content": f"message {n} é😀"}]} for n in range(30)]
LINES = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in GOOD)


def texts(path, **options):
    return [one.text for one in read(path, **options) if isinstance(one, Turn)]


def reasons(path, **options):
    return [one.reason for one in read(path, **options) if isinstance(one, Reject)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_unicode_encoding_reads_alike(tmp_path, encoding, newline):
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES.replace("\n", newline).encode(encoding))
    assert texts(path) == [one["messages"][0]["content"] for one in GOOD]


def test_lone_surrogates_and_nul_are_made_storable(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"messages": [{"role": "user", "content": "cut \\ud83d emoji\\u0000"}]}\n')
    assert texts(path) == ["cut \ufffd emoji"]


def test_latin1_costs_only_its_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        LINES.encode()
        + '{"messages": [{"role": "user", "content": "Grüße"}]}\n'.encode("latin-1")
        + LINES.encode()
    )
    assert len(texts(path)) == 60
    assert reasons(path) == ["not valid UTF-8"]


def test_deep_nesting_is_refused(tmp_path):
    deep = '{"messages": ' + "[" * 100_000 + "]" * 100_000 + "}\n"
    path = tmp_path / "a.jsonl"
    path.write_text(LINES + deep + LINES)
    assert len(texts(path)) == 60
    assert reasons(path) == ["nested too deeply"]
    path = tmp_path / "conversations.json"
    path.write_text('[{"mapping": {}}, ' + "[" * 100_000)
    assert len(reasons(path)) == 1


def test_a_huge_line_is_refused_in_bounded_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    with path.open("w") as file:
        file.write(LINES + '{"messages": "')
        for _ in range(50):
            file.write("x" * 1_000_000)
        file.write('"}\n' + LINES)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    options = Ingest(max_line_bytes=1_000_000)
    assert len(texts(path, settings=options)) == 60
    assert "longer than" in reasons(path, settings=options)[0]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", "[" + " " * 60_000_000 + "]")
    with pytest.raises(BadInput, match="zip bomb"):
        list(read(path, "chatgpt"))


@pytest.mark.parametrize("place", range(30, 90, 3))
def test_a_damaged_zip_is_refused_with_a_reason(tmp_path, place):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps([{"id": n, "mapping": {}} for n in range(9)]))
    body = bytearray(path.read_bytes())
    body[place] ^= 0xFF
    path.write_bytes(body)
    try:
        list(read(path, "chatgpt"))
    except BadInput as error:
        assert "e.zip is a damaged or encrypted zip" in str(error)


def test_a_zip_whose_directory_points_nowhere_is_refused(tmp_path):
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", "[]")
    body = path.read_bytes()
    at = body.rindex(b"PK\x05\x06") + 16
    path.write_bytes(body[:at] + b"\xff\xff\xff\x7f" + body[at + 4 :])
    with pytest.raises(BadInput, match="damaged"):
        list(read(path, "chatgpt"))


@pytest.mark.parametrize(
    ("name", "format"), [("a.json", "openai"), ("a.json", "sharegpt"), ("a.jsonl", "sharegpt")]
)
def test_a_role_that_is_a_list_costs_only_its_record(tmp_path, name, format):
    key = {"openai": ("messages", "role", "content"), "sharegpt": ("conversations", "from", "value")}[format]
    good, bad = ({key[0]: [{key[1]: role, key[2]: "hello"}]} for role in ("user", ["user"]))
    path = tmp_path / name
    records = [json.dumps(one) for one in (good, bad, good)]
    path.write_text("\n".join(records) if name.endswith("l") else f"[{','.join(records)}]")
    assert texts(path, format=format) == ["hello", "hello"]
    assert ["unexpected shape" in reason for reason in reasons(path, format=format)] == [True]


def test_a_parquet_file_with_a_damaged_name_is_refused(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([{"messages": [{"role": "user", "content": "hi"}]}]), path)
    path.write_bytes(path.read_bytes().replace(b"content", b"\xffontent"))
    with pytest.raises(BadInput, match="not a readable parquet file"):
        list(read(path, "parquet"))


def test_zip_members_cannot_reach_outside(tmp_path):
    path = tmp_path / "inner" / "e.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../conversations.json", '[{"mapping": {}, "id": "x"}]')
    list(read(path, "chatgpt"))
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["e.zip", "inner"]


def test_a_cut_list_keeps_what_came_before(tmp_path):
    record = {"uuid": "c", "chat_messages": [{"uuid": "m", "sender": "human", "text": "kept"}]}
    whole = json.dumps([record, {**record, "uuid": "d"}])
    path = tmp_path / "conversations.json"
    for cut in (1, 10, 30, len(whole) // 2 - 2):
        path.write_text(whole[:-cut])
        assert texts(path, format="claude")[:1] == ["kept"]
        assert len(reasons(path, format="claude")) == 1


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"), st.one_of(st.none(), st.sampled_from("abcdefgh")), min_size=1
    )
)
def test_branches_of_any_graph_end(parents):
    for leaf in parents:
        path = branch(leaf, parents)
        assert path[-1] == leaf and len(path) == len(set(path))
        nearest(leaf, parents, {})


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(5, 30))
def test_lines_are_whole_or_refused(parts, limit):
    data = b"\n".join(parts)
    found = list(lines(io.BytesIO(data), limit, "f"))
    if not set(data) & {11, 12, 13, 28, 29, 30, 31}:
        short = [one for one in data.split(b"\n") if one.strip() and len(one) <= limit]
        assert [one.data.rstrip(b"\n") for one in found if not isinstance(one, Reject)] == short


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=3), max_size=5), st.integers(0, 200))
def test_elements_of_any_list_in_any_pieces(values, cut):
    text = json.dumps(values)
    found = [one[1] for one in elements(io.BytesIO(text.encode()), 1_000, "f") if not isinstance(one, Reject)]
    assert json.dumps(found) == text
    damaged = text[: min(cut, len(text) - 1)]
    for number, one in enumerate(elements(io.BytesIO(damaged.encode()), 1_000, "f")):
        assert isinstance(one, Reject) or json.dumps(one[1]) == json.dumps(values[number])


NAMES = (
    "messages role content id created_at model history currentId parentId timestamp chat meta tags mapping "
    "message author parts content_type current_node parent chat_messages sender text attachments versions "
    "currentlySelected steps style mes is_user extra swipes conv currNode type session harness from value "
    "conversations date_unixtime user assistant metadata response choices request body title updated_at "
    "files error done weight uuid"
).split()
NAME = st.sampled_from(NAMES)
SHAPED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**19)
    | st.floats()
    | st.sampled_from(["user", "assistant", "text", "a", "\ud800", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(NAME, SHAPED, min_size=1, max_size=8), min_size=1, max_size=3))
def test_no_record_of_any_shape_stops_a_reader(tmp_path, records):
    bodies = {
        "json": json.dumps(records),
        "jsonl": "".join(json.dumps(one) + "\n" for one in records) * 2,
    }
    for suffix, body in bodies.items():
        path = tmp_path / f"a.{suffix}"
        path.write_text(body)
        for name in FORMATS:
            if name in ("openclaw", "whatsapp") and container(path) == "text":
                continue
            tally = Tally()
            try:
                for chat in chats(path, name, Reading(me="me")):
                    if not isinstance(chat, Reject):
                        for found in rows_of(chat, Reading(), None, "f", tally):
                            assert isinstance(found, Reject) or all(row.text for row in found.rows)
            except BadInput:
                continue
