"""Secrets and personal data leave the text before anything else sees or stores it.

Keys, tokens, passwords in assignments, cards and private keys always; e-mail addresses, telephone
numbers and postal addresses by setting. What was taken out is named in its place and counted.

A pattern must be sure of what it finds: an ordinary number or a git hash that vanishes from a
person's words is a memory lost. There is no entropy guess for that reason.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from data.settings import Ingest

_PRIVATE_KEY = re.compile(
    r"-----BEGIN (?P<kind>[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?)-----.*?(?:-----END (?P=kind)-----|\Z)"
    r"|PuTTY-User-Key-File-\d:.*?(?:Private-MAC: \w+|\Z)",
    re.DOTALL,
)
_TOKENS = (
    r"sk-(?:ant-|proj-|svcacct-|admin-|or-v1-|lf-)?[A-Za-z0-9_-]{20,}",
    r"(?:sk|rk|pk|whsec)_(?:(?:live|test)_)?[A-Za-z0-9]{20,}",
    r"gh[pousr]_[A-Za-z0-9]{30,}",
    r"github_pat_\w{22,}",
    r"AIza[\w-]{35}",
    r"GOCSPX-[\w-]{20,}",
    r"ya29\.[\w-]{20,}",
    r"hf_[A-Za-z0-9]{30,}",
    r"npm_[A-Za-z0-9]{36}",
    r"pypi-AgE[\w-]{20,}",
    r"xox[abeoprs]-[A-Za-z0-9-]{10,}",
    r"xapp-\d-[A-Za-z0-9-]{10,}",
    r"dckr_pat_[\w-]{20,}",
    r"do[opr]_v1_[a-f0-9]{64}",
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    r"(?:gsk|xai|pplx|nvapi|r8|lin_api|secret_live|glc|dapi|tvly|ntn)[_-][A-Za-z0-9_-]{24,}",
    r"A(?:KIA|SIA|BIA|CCA)[0-9A-Z]{16}",
)
# Begun only where a run of its letters begins, and never given back: otherwise a run of "-eyJ" is read again
# from each of them.
_JSON_WEB_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_-])(?:(?=eyJ)|(?:(?!-eyJ)[A-Za-z0-9_-])*+-)"
    r"(?P<value>eyJ[A-Za-z0-9_-]{10,}+\.eyJ[A-Za-z0-9_-]{10,}+\.[A-Za-z0-9_-]{10,}+)"
)
_PLUGINS = (
    ("azure_storage_key", "AzureStorageKeyDetector"),
    ("discord", "DiscordBotTokenDetector"),
    ("gitlab_token", "GitLabTokenDetector"),
    ("mailchimp", "MailchimpDetector"),
    ("sendgrid", "SendGridDetector"),
    ("slack", "SlackDetector"),
    ("square_oauth", "SquareOAuthDetector"),
    ("telegram_token", "TelegramBotTokenDetector"),
    ("twilio", "TwilioKeyDetector"),
)
_BEARER = re.compile(
    r"(?i:\bbearer\s+|\bbasic\s+(?=[A-Za-z0-9+/]{16,}={0,2}(?:\W|$)))(?P<value>[A-Za-z0-9._~+/-]{16,}=*)"
)
_URL_LOGIN = re.compile(r"://[^\s:/?#@]+:(?P<value>[^\s:/?#@\[\]]{3,})@")
_ASSIGNED = re.compile(
    r"(?i:(?<![a-z])(?:password|passwd|passwort|kennwort|pwd|passphrase|secret|token|"
    r"api[_ -]?key|secret[_ -]?key|access[_ -]?key|auth[_ -]?key|client[_ -]?secret|credential)s?)[\"']?\s*"
    r"(?::=|=>|[:=])\s*(?P<quote>[\"'`]?)(?P<value>[^\s\"'`,;<>\[\](){}]{6,})"
)
_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{13,16}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3\d{3}([ -])\d{6}\2\d{4,5})(?![\w-]|[.,]\d)"
)
_NETWORK = re.compile(
    r"4(?:\d{12}|\d{15})|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14}"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[A-Za-z]{2,24}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{1,3}[ ./-]?(?:\(0?\d{1,5}\)[ ./-]?)?(?:\d[ ./-]?){6,12}\d"
    r"|\(?0\d{2,5}\)?(?: ?[/-] ?| )\d{3,8}(?:[ -]\d{2,5}){0,3}"
    r"|(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[.-]\d{4})(?![\w-]|[.,]\d)"
)
# Every repetition has a bound and one reading: free ones make a run of capitals and hyphens take for ever.
_WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,40}"
_PART = r"[A-ZÀ-ÖØ-Þ][\w'’.]{0,40}(?:-[a-zß-öø-ÿ\d][\w'’.]{0,40}){0,2}"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Place|Way|Terrace|Close|"
    r"Crescent)\b\.?(?:,? (?:Apt|Apartment|Flat|Unit) ?\w+)?(?:, [A-Z][\w .-]{0,60}?\d{4,5})?"
)
_ADDRESS = re.compile(
    rf"\b\d{{1,5}}[A-Za-z]?,? (?:{_WORD} ){{1,4}}{_STREET}"
    rf"|\b(?:{_PART}[ -]){{0,2}}[A-ZÀ-ÖØ-Þ][\wß-]{{0,60}}"
    rf"(?:straße|strasse|str\.|weg|platz|gasse|allee|damm|ufer) \d{{1,4}} ?[a-z]?\b(?:, ?\d{{4,5}} {_WORD})?"
    rf"|\b(?:{_PART}[ -]){{1,6}}(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Damm|Ufer) \d{{1,4}} ?[a-z]?\b"
    rf"(?:, ?\d{{4,5}} {_WORD})?"
    rf"|\b\d{{1,4}}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|allée|chemin|impasse) "
    rf"(?:de la |de |du |des |d['’]|la |le )?{_WORD}(?:[ -]{_PART}){{0,6}}(?:, ?\d{{5}} {_WORD})?"
)

# What any of the patterns that always apply needs to find something, in the syntax of Rust's regex;
# ASCII classes only, which its fast engine needs.
_HINT = (
    r"PRIVATE KEY|PuTTY-User|sk-|[srp]k_|whsec_|gh[pousr]_|github_pat_|AIza|GOCSPX|ya29\.|hf_|npm_|pypi-|"
    r"xox|xapp-|dckr_pat|do[opr]_v1|shp[a-z]{2}_|gsk|xai|pplx|nvapi|r8[_-]|lin_api|secret_live|glc|dapi|tvly|ntn[_-]|"
    r"AKIA|ASIA|ABIA|ACCA|eyJ|AccountKey|"
    r"[MNO][A-Za-z0-9_-]{23,25}\.|gl[a-z]+-|GR1348941|-us[0-9]|SG\.|hooks\.slack|"
    r"sq0csp|[0-9]{8}:[A-Za-z0-9_-]{35}|AC[a-z0-9]{32}|SK[a-z0-9]{32}|://[^ \t\n:/?#@]+:|"
    r"[Bb][Ee][Aa][Rr][Ee][Rr][ \t\n]|[Bb][Aa][Ss][Ii][Cc][ \t\n]|"
    r"(?i:word|wort|pwd|phrase|secret|token|key|credential)s?[\"']?[ \t\n]*[:=]|"
    r"[0-9]{4}[ -]?[0-9]{4,6}[ -]?[0-9]{4}"
)
_PERSONAL_HINTS = {
    "redact_email": r"@",
    "redact_phone": r"\+\d|\d{3}[ ()/.-]+\d{3}",
    "redact_address": r"\d",
}


def redact(text: str, settings: Ingest) -> tuple[str, dict[str, int]]:
    """The text with secrets replaced by their kind in brackets, and how many of each kind."""
    counts: Counter[str] = Counter()
    text = _replace(_PRIVATE_KEY, text, "private key", counts)
    text = _replace(_JSON_WEB_TOKEN, text, "token", counts)
    text = _replace(_token_pattern(), text, "token", counts)
    text = _replace(_BEARER, text, "token", counts)
    text = _replace(_URL_LOGIN, text, "password", counts)
    text = _ASSIGNED.sub(lambda match: _assigned(match, counts), text)
    text = _CARD.sub(lambda match: _card(match, counts), text)
    if settings.redact_email:
        text = _replace(_EMAIL, text, "e-mail", counts)
    if settings.redact_phone:
        text = _replace(_PHONE, text, "phone", counts)
    if settings.redact_address:
        text = _replace(_ADDRESS, text, "address", counts)
    return text, dict(counts)


def suspects(texts: Sequence[str | None], settings: Ingest) -> list[int]:
    """Places of the texts that may hold something to redact: cheap, and a superset of what `redact` finds."""
    pattern = "|".join([_HINT, *(hint for name, hint in _PERSONAL_HINTS.items() if getattr(settings, name))])
    import polars as pl

    found = pl.Series(texts, dtype=pl.String).str.contains(pattern).fill_null(False)
    return [int(place) for place in found.arg_true()]


@lru_cache(maxsize=1)
def _token_pattern() -> re.Pattern[str]:
    """Own patterns and those of detect-secrets whose finds are certain; loaded on first suspicion."""
    patterns = list(_TOKENS)
    for module, name in _PLUGINS:
        detector = getattr(importlib.import_module(f"detect_secrets.plugins.{module}"), name)
        patterns += [one.pattern for one in detector.denylist]
    return re.compile(r"(?<![A-Za-z0-9_])(?:" + "|".join(f"(?:{one})" for one in patterns) + ")")


def _replace(pattern: re.Pattern[str], text: str, kind: str, counts: Counter[str]) -> str:
    def take(match: re.Match[str]) -> str:
        counts[kind] += 1
        if "value" not in pattern.groupindex:
            return f"[{kind}]"
        start, end = match.start("value") - match.start(), match.end("value") - match.start()
        return f"{match[0][:start]}[{kind}]{match[0][end:]}"

    return pattern.sub(take, text)


def _assigned(match: re.Match[str], counts: Counter[str]) -> str:
    """An assignment of a secret, unless the value is code, a placeholder or plain talk."""
    value = match["value"]
    secret = any(letter.isdigit() for letter in value) or match["quote"]
    harmless = value.startswith(
        ("[", "$", "%", "os.", "process.", "http", "/", "...", "***", "xxx", "YOUR", "your")
    )
    if not secret or harmless or "(" in value or value.isdigit() and len(value) < 8:
        return match[0]
    counts["password"] += 1
    return match[0][: match.start("value") - match.start()] + "[password]"


def _card(match: re.Match[str], counts: Counter[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if not _NETWORK.fullmatch(digits) or not luhn(digits):
        return match[0]
    counts["card"] += 1
    return "[card]"


def luhn(digits: str) -> bool:
    """Whether the check digit of a card number is right (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (1 + place % 2)
        total += number - 9 if number > 9 else number
    return total % 10 == 0
