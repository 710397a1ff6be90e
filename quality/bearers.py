"""Who a name belongs to when role and name are told apart: "my kid needs a costume ... Juniper is six".

A bare name is an unnamed relative only when its age fits and the chat speaks of nobody else; "my kid" is a
daughter or a son when the person says "she" or "he" of the child.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.lexicon import ADVERBS, AUXILIARIES, KIN, NUMBERS, PETS, WEEKDAYS
from data.lexicon_verbs import kinds
from data.records import Memory
from quality.names import CAP, is_name, single
from quality.talk import Chat

_CHILDREN = frozenset("kid child son daughter".split())
_SAID_FOR = {
    **dict.fromkeys(("babka", "babcia", "baba", "abuela", "nonna"), "grandmother"),
    **dict.fromkeys(("abuelo", "nonno"), "grandfather"),
}
_GRANDPARENTS = frozenset(
    "grandma grandmother granny gran nan nana oma opa grandpa grandfather granddad grandad".split()
) | frozenset(_SAID_FOR)
_GROWN, _OLD = 18, 60
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AGED = re.compile(r"(?P<name>[A-ZÀ-Þ][\w'-]+) is ")
_OWN_ROLE = re.compile(r"\b(?:my|our) (?P<role>[a-z]+)\b", re.IGNORECASE)
_NAME = re.compile(rf"(?:(?P<before>[\w'-]+)(?P<mark>[,.!?:;]?) )?(?P<name>{CAP}(?: {CAP})*)")
_AT = frozenset("in at near the a an".split())
# Around these a name may well be another child's, or a pet's.
_COMPANY = frozenset(
    "friend friends playdate sleepover classmate classmates class party parties guest guests visitor "
    "mate mates pupil pupils student students nursery team neighbour neighbor neighbours carer "
    "babysitter sitter next bed ward other another favourite favorite show cartoon character doll toy "
    "teddy".split()
)
_AGE = "|".join(sorted(NUMBERS.keys() - {"a", "an", "couple"}))
_SHE_IS = re.compile(
    rf"\b(?P<who>she|he)(?:'s|s| is| turned) (?:only |just |now )?(?P<age>\d{{1,2}}|{_AGE})\b", re.IGNORECASE
)


def aged_name(memory: Memory) -> str:
    """The bare name of whom a memory tells the age; empty for any other memory."""
    match = _AGED.match(memory.statement) if memory.relation == "age" else None
    return match["name"] if match and match["name"].lower() == memory.subject.lower() else ""


def bearer(memory: Memory, chat: Chat, told: Sequence[Memory], known: Sequence[Memory]) -> str:
    """Who the name whose age a memory tells is ("my daughter"); empty when it is not certain."""
    name = aged_name(memory)
    age = _years(memory.value)
    said = chat.until(memory.sources[0]).text
    words = _WORD.findall(said.lower())
    roles = {word for word in words if word in KIN | _GRANDPARENTS}
    if any(m.relation == "name" and m.value == name for m in known):
        return ""
    if not age or len(roles) != 1 or not _COMPANY.isdisjoint(words) or not PETS.isdisjoint(words):
        return ""
    role = next(iter(roles))
    if any(m.relation == "age" and m.subject == f"my {role}" for m in told):
        return ""
    fits = role in _CHILDREN and age < _GROWN or role in _GRANDPARENTS and age >= _OLD
    own = [m.start() for m in _OWN_ROLE.finditer(said) if m["role"].lower().removesuffix("s") == role]
    first = _subject_at(name, said)
    if not fits or not own or first < own[0] or names_in(said) != {name.lower()}:
        return ""
    return f"my {gendered(_SAID_FOR.get(role, role), said[first:])}"


def _subject_at(name: str, text: str) -> int:
    """Where a name first stands as the subject of a sentence; -1 when it first stands elsewhere."""
    match = re.search(rf"\b{re.escape(name)}\b", text)
    before = text[: match.start()].rstrip(" ") if match else ""
    if not match or before and before[-1] not in ".!?,\n":
        return -1
    following = re.match(r"(?:'s)? ([a-z']+)", text[match.end() :])
    word = following[1] if following else ""
    does = word in AUXILIARIES | ADVERBS or {"third", "past"} & kinds(word).keys()
    return match.start() if does else -1


def names_in(text: str) -> set[str]:
    """The names a text tells, in lower case; none of places."""
    found = set()
    for match in _NAME.finditer(text):
        before = (match["before"] or "").lower()
        placed = before in _AT and not match["mark"]
        opens = not before or bool(match["mark"] and match["mark"] in ".!?")
        word = match["name"]
        if not placed and is_name(word) and not (opens and kinds(word)) and word.lower() not in WEEKDAYS:
            found.add(word.lower())
    return found


def gendered(role: str, text: str) -> str:
    """The role of a child in the words the person uses: a "kid" of whom "she's six" is told is a daughter."""
    if role not in {"kid", "child"}:
        return role
    who = {m["who"].lower() for m in _SHE_IS.finditer(text) if 0 < _years(m["age"]) < _GROWN}
    return {"she": "daughter", "he": "son"}[who.pop()] if len(who) == 1 else role


def _years(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 0)


def child(memory: Memory, chat: Chat, known: Sequence[Memory]) -> str:
    """The subject of a named kid: a daughter or a son, where the person says so or says "she" or "he"."""
    told = {m.subject for m in known if m.relation == "name" and m.value == memory.value} & _GENDERED
    if len(told) == 1:
        return told.pop()
    text = chat.turns.get(memory.sources[0], "")
    role = memory.subject.removeprefix("my ")
    alone = {word for word in _WORD.findall(text.lower()) if word in KIN} == {role}
    at = text.find(memory.value)
    clear = alone and at >= 0 and names_in(text) <= {memory.value.lower()}
    return f"my {gendered(role, text[at:])}" if clear else memory.subject


def nameless(memory: Memory) -> bool:
    """Whether a memory tells of one who bears a role alone, without a name ("my flatmate")."""
    role = memory.subject.removeprefix("my ")
    return memory.relation != "name" and role != memory.subject and role.split()[-1] in KIN and single(role)


def with_name(memory: Memory, told: Sequence[Memory], chat: Chat) -> str:
    """The subject "my flatmate" with the name that the same chat tells; unchanged where it may be another."""
    names = {m.value for m in told if m.relation == "name" and m.subject == memory.subject}
    role = re.escape(memory.subject.removeprefix("my "))
    several = rf"\b{role}s\b|\b{_ANOTHER} (?:[a-z]+ )?(?:{role}|one)\b|\b(?:is|are) my [a-z]+ now\b"
    changing = _CHANGING.search(chat.text) or re.search(several, chat.text, re.IGNORECASE)
    return f"{memory.subject} {names.pop()}" if len(names) == 1 and not changing else memory.subject


_GENDERED = frozenset({"my son", "my daughter"})
# Where one of a kind may have followed another, a statement without a name may be about either.
_ANOTHER = "(?:new|old|ex|former|previous|other|another|next|second|last)"
_CHANGING = re.compile(r"\b(?:replac\w+|quit|took over|instead|before that|no longer)\b", re.IGNORECASE)
