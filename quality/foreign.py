"""What of a chat message is not the person's own: code, quotations, mails, pasted documents.

It is removed before anything is read, so that nothing later can mistake it for something the person told.
Where own and foreign words cannot be told apart, the words are taken as foreign.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LIMIT = 6000
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_TAGGED = re.compile(r"<(\w{2,20})[^<>]{0,80}>.{0,6000}?</\1>", re.DOTALL)
_INLINE = re.compile(r"`[^`\n]{1,200}`")
_QUOTED_LINE = re.compile(r"[ \t]{0,80}(?:>|\||\$ |#{1,6} |Traceback|File \"|    \S|\t\S)|[ \t]{4,80}\S")
_SINGLE = re.compile(r"(?<![\w])'[^'\n]{12,400}'(?![\w])")
_CODE_LINE = re.compile(
    r"[{};]$|^[ \t]{0,80}(?:def|class|import|from|return|SELECT|print|const|let|var|function|"
    r"#include)\b[^\n]*[(;:=]|"
    r"=>|==|\(\)|</\w{1,30}>|https?://"
)
_MAIL_LINE = re.compile(
    r"(?:from|to|subject|sent|date|fwd?|re|von|an|betreff|gesendet|objet|envoyé): ?\S|"
    r"(?:dear|sehr geehrte\w?|liebe\w?|ch[eè]re?) [^\n]{1,60},$|-{2,} ?(?:forwarded|original)",
    re.IGNORECASE,
)
_PASTE_STRONG = re.compile(
    r"\b(?:summari[sz]e|translate|proofread|rewrite|rephrase|shorten|shorter|polish|edit|correct|fix|"
    r"check|paraphrase|improve|analy[sz]e|"
    r"classify|extract|caption|tl;?dr|less rude|more polite|friendlier|politer|nicer|clearer|"
    r"in english|in plain \w+)\b[^\n.!?]{0,80}[:\n]|"
    r"\b(?:texted|messaged|e-?mailed|posted|commented|replied|answered)(?: (?:me|us|back|this))?\s*:|"
    r"\b(?:says?|said|reads?|wrote|goes|this|following|below|pasted|pasting|copied|writes|got this|"
    r"sent me this|from (?:the|a|an|my) "
    r"(?:article|email|mail|letter|brochure|website|forum|ad|book|newsletter|log))\s*[:\n]",
    re.IGNORECASE,
)
_PASTE_WEAK = re.compile(
    r"\b(?:article|email|e-mail|mail|letter|text|message|paragraph|sentences?|story|poem|lyrics|log|"
    r"output|advert|ad|review|note|transcript|"
    r"passage|blurb|bio|draft|post|quote|listing|recipe|obituary|diary)\b[^\n.!?]{0,60}:?\s*\n",
    re.IGNORECASE,
)

# "(badly)", "(of course)": a lower-case remark of a few words; a name in brackets stays.
_ASIDE = re.compile(r"\s*\((?:[a-z']{1,12} ?){1,3}\)")

_FORWARDED = re.compile(
    r"[ \t>]{0,20}-{2,} ?(?:forwarded|original)\b|on [^\n]{6,80} wrote:$|begin forwarded", re.IGNORECASE
)
_SIGN_OFF = re.compile(
    r"(?:(?:with |my )?(?:kind|best|warm|many)?\s?(?:regards|wishes|greetings)|best|cheers|thanks|"
    r"many thanks|yours(?: \w+)?|sincerely|love|-{2,}|_{3,})[ ,.!]*$",
    re.IGNORECASE,
)
_END = re.compile(r"-{2,} ?end\b|={3,}$|\*{3,}$", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"\b(?:what|how) (?:do|should|can|would|could|to) (?:i )?(?:answer|reply|say|write|tell|respond)|"
    r"\b(?:can|could|will|would) (?:you|u) (?:\w+ )?(?:answer|reply|respond|write|draft|decline|translate|"
    r"summari[sz]e|shorten|make|check)\b|^(?:please |pls )?(?:answer|reply|respond|write|draft|decline|"
    r"translate|summari[sz]e|shorten|make (?:it|this))\b",
    re.IGNORECASE,
)
_TURNING_BACK = re.compile(
    r"\?\s*$|^(?:thanks|thank you|thx|ta|btw|by the way|also|oh|ok|okay|ps|lol|haha|that's|thats)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"[\"„“”«»]")
_PAIRED = re.compile(r"[\"„“«][^\"“”»\n]{0,1500}?[\"“”»]|[\"“][^\"”]{300,}?[\"”]", re.DOTALL)


@lru_cache(maxsize=64)
def own_text(text: str) -> str:
    """What the person wrote themselves: no code, quotations, pasted documents or lines of others."""
    text = text[:_LIMIT].replace("’", "'").replace("‘", "'").replace("\r", "\n")
    text = _FENCE.sub("\n", text)
    text = _TAGGED.sub(" ", text)
    text = "\n".join(_own_lines(_cut_paste(part)) for part in _around_mail(text))
    text = _INLINE.sub(" ", text)
    text = _without_quotations(text)
    return _ASIDE.sub("", _SINGLE.sub(" ", text))


def _own_lines(text: str) -> str:
    """The lines that are neither quoted nor code."""
    lines = [line.rstrip()[:2000] for line in text.split("\n")]
    return "\n".join(x for x in lines if not _QUOTED_LINE.match(x) and not _CODE_LINE.search(x))


def _around_mail(text: str) -> list[str]:
    """What stands above the head of a mail, and what is surely the person's own below its end."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        below = sum(1 for one in lines[number + 1 : number + 40] if one.strip())
        if _FORWARDED.match(line) or _MAIL_LINE.match(line) and below >= 2:
            return ["\n".join(lines[:number]), _below_mail(lines[number + 1 :])]
    return [text]


def _below_mail(lines: list[str]) -> str:
    """What follows the end of a mail: an end mark, a signature, or the wish what to do with it."""
    for number, line in enumerate(lines):
        if _END.match(line):
            return "\n".join(lines[number + 1 :])
        if _SIGN_OFF.match(line.strip()):
            rest = "\n".join(lines[number + 1 :]).split("\n\n", 1)
            return rest[1] if len(rest) > 1 and len(rest[0].split()) < 12 else ""
    blocks = [b for b in "\n".join(x for x in lines if not _MAIL_LINE.match(x)).split("\n\n") if b.strip()]
    return blocks[-1] if len(blocks) > 1 and _ADDRESSED.search(blocks[-1].strip()) else ""


def _without_quotations(text: str) -> str:
    """The text without quotations, each cut from its opening mark to its own closing one."""
    kept: list[str] = []
    depth = start = last = 0
    for match in _MARK.finditer(text):
        at = match.start()
        before, after = _open_sides(text, at)
        if before and (not after or depth == 0):
            start = at if depth == 0 else start
            depth += 1
        elif after and depth:
            depth -= 1
            if depth == 0:
                kept += [text[last:start], _quotation(text[start : at + 1])]
                last = at + 1
    if depth == 0:
        return "".join(kept) + text[last:]
    head, rest = text[last:start], text[start:]
    if head.rstrip().endswith(":"):
        rest = rest[rest.find("\n\n") :] if "\n\n" in rest else ""
    return "".join(kept) + head + _PAIRED.sub(lambda m: _quotation(m[0]), rest)


def _open_sides(text: str, at: int) -> tuple[bool, bool]:
    """Whether no word touches a mark from the left, and none from the right."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return before.isspace() or before in "([{-–—:=/>,\x00", after.isspace() or after in ".,;:!?)]}<>-–—…\x00"


def _quotation(quoted: str) -> str:
    """Keep the words of a short quoted name or title, drop everything longer."""
    inner = quoted[1:-1].strip()
    return f" {inner} " if 0 < len(inner.split()) <= 3 and not inner.endswith((".", "!", "?")) else " \x00 "


def _cut_paste(text: str) -> str:
    """Drop what follows a cue such as "summarise this:" or "translate" when it is a text of its own."""
    for pattern in (_PASTE_STRONG, _PASTE_WEAK):
        match = pattern.search(text)
        if match and text[match.end() :].lstrip()[:1] in {'"', "“", "«"}:
            return _cut_quotation(text, match.end())
        if match and len(text[match.end() :].split()) > 3:
            head = text[: match.end()].rstrip(":\n")
            blocks = text[match.end() :].strip().split("\n\n")
            tail = blocks[-1] if len(blocks) > 1 and len(blocks[-1]) < 160 else ""
            tail = tail if _ADDRESSED.search(tail) or _TURNING_BACK.search(tail) else ""
            return f"{head}?\n{tail}"
    return text


def _cut_quotation(text: str, start: int) -> str:
    """Drop the quoted text behind a cue, to its closing mark or, if there is none, to the end."""
    opening = text.index(text[start:].lstrip()[:1], start)
    closing = max(text.find(mark, opening + 1) for mark in ('"', "”", "»"))
    last = text.rfind('"') if text[opening] == '"' else closing
    end = last if last > opening else len(text)
    return text[:start].rstrip(": \n") + "?\n" + text[end + 1 :]
