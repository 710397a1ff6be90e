"""Secrets leave the text, ordinary numbers and code talk stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.redact import luhn, redact, suspects
from data.settings import Ingest

PLAIN = Ingest()
STRICT = Ingest(redact_email=True, redact_phone=True, redact_address=True)

SECRETS = {
    "token": [
        "sk-proj-" + "aB3" * 12,
        "sk-ant-api03-" + "x9_" * 12,
        "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_" + "a1B2" * 9,
        "github_pat_" + "11ABCDEFG0" * 3,
        "glpat-" + "x1" * 10,
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AIza" + "Sy0" * 11 + "ab",
        "xoxb-" + "123456789012-abcdefghijkl",
        "hf_" + "Ab1" * 12,
        "npm_" + "Ab1" * 12,
        "SG." + "a" * 22 + "." + "b" * 43,
        "123456789:" + "A" * 35,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "Authorization: Bearer abcdefghijklmnop1234",
    ],
    "private key": [
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\ncut off by the chat",
    ],
    "password": [
        "password: hunter22",
        "DB_PASSWORD=s3cr3t-value",
        'api_key = "abcdefgh"',
        "postgres://me:s3cret@db.local/x",
    ],
    "card": ["4111 1111 1111 1111", "5555555555554444", "3782 822463 10005", "6011-1111-1111-1117"],
}

HARMLESS = [
    "commit 8b922a1f0d3c4b5a69788796a5b4c3d2e1f00123 broke it, revert to 93f8e4c",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "id 550e8400-e29b-41d4-a716-446655440000",
    "ISBN 978-0-306-40615-7 or 9780306406157 or 0-306-40615-2",
    "call 555-123-4567 or +49 170 1234567 or 030 1234567",
    "it costs 1,299.00, 4.111.111,00 EUR or 4,111,111",
    "at 1760000000000 ms, 1760000000000000 us, on 2026-10-05 04:52",
    "order 4111 1111 1111 1112 has a wrong check digit",
    "IMEI 490154203237518, version 4.1111.1111.1111, host 192.168.100.200",
    "the password is easy to forget, what is a secret: nobody knows",
    "token: str = None; max_tokens=2048; password = getpass()",
    "export API_KEY=$API_KEY and PASSWORD=YOUR_PASSWORD",
    "disk-usage-of-something-very-long-words-here, task-list, risk-averse",
    "https://example.org/a:b@c, monkey: banana123456",
]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in SECRETS.items() for text in texts]
)
def test_secrets_are_replaced_by_their_kind(kind, text):
    clean, counts = redact(f"before {text} after", PLAIN)
    assert counts == {kind: 1}
    assert clean.startswith("before ") and f"[{kind}]" in clean
    assert text not in clean


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_talk_is_left_alone(text):
    assert redact(text, PLAIN) == (text, {})


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("jwt-eyJaaaaaaaaaa.eyJaaaaaaaaaa.aaaaaaaaaa", "jwt-[token]"),
        ("eyJaaaaaaaaaa-eyJaaaaaaaaaa.eyJaaaaaaaaaa.aaaaaaaaaa", "[token]"),
        ("id.eyJaaaaaaaaaa.eyJaaaaaaaaaa.aaaaaaaaaa!", "id.[token]!"),
        ("myeyJaaaaaaaaaa.eyJaaaaaaaaaa.aaaaaaaaaa", "myeyJaaaaaaaaaa.eyJaaaaaaaaaa.aaaaaaaaaa"),
    ],
)
def test_a_web_token_is_found_where_one_can_begin(text, clean):
    assert redact(text, PLAIN)[0] == clean


def test_several_secrets_are_counted_by_kind():
    text = "use ghp_" + "a1B2" * 9 + " or 4111111111111111 or 5555555555554444"
    assert redact(text, PLAIN) == ("use [token] or [card] or [card]", {"token": 1, "card": 2})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("e-mail", "anna.b+x@mail.example.org"),
        ("phone", "+49 170 1234567"),
        ("phone", "(555) 123-4567"),
        ("phone", "030 1234567"),
        ("address", "221B Baker Street"),
        ("address", "Hauptstraße 12, 10115 Berlin"),
        ("address", "12 rue de la Paix, 75002 Paris"),
    ],
)
def test_personal_data_by_setting_only(kind, text):
    assert redact(f"see {text} ok", PLAIN)[1] == {}
    assert redact(f"see {text} ok", STRICT) == (f"see [{kind}] ok", {kind: 1})


@pytest.mark.parametrize(
    "text",
    ["2026-10-05", "10-12-2026", "192.168.100.200", "1.234.567,00", "in 2024 and 2025", "978-0-306-40615-7"],
)
def test_numbers_are_no_telephones(text):
    assert redact(f"on {text} ok", STRICT)[1] == {}


def test_redaction_is_stable():
    for texts in SECRETS.values():
        for text in texts:
            once = redact(text, STRICT)[0]
            assert redact(once, STRICT) == (once, {})


@given(
    st.lists(st.one_of(st.text(), st.sampled_from([t for ts in SECRETS.values() for t in ts])), max_size=4)
)
def test_the_cheap_search_misses_nothing(parts):
    text = " ".join(parts)
    if redact(text, STRICT)[1]:
        assert suspects([text], STRICT) == [0]


@given(st.integers(min_value=10**11, max_value=10**18))
def test_luhn_sees_every_single_wrong_digit(number):
    digits = str(number)
    check = next(str(one) for one in range(10) if luhn(digits + str(one)))
    for place in range(len(digits)):
        wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :] + check
        assert not luhn(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "1" * 100_000,
        "a_" * 50_000,
        "1_my" * 25_000,
        "KEY---E " * 9_000,
        "A-" * 50_000,
        "12 Baker St, A" * 9_000,
        "-eyJaaaaaaaaaa" * 70_000,
        ".eyJaaaaaaaaaa-eyJaaaaaaaaaa" * 7_000,
    ],
)
def test_a_long_run_of_one_thing_is_read_in_linear_time(text):
    began = time.process_time()
    assert redact(f"{text} db_password: hunter2hunter2", STRICT)[0].endswith("db_password: [password]")
    assert time.process_time() - began < 5
