"""What a model wrote down about a turn: checked against the turn, then read into memories.

A sentence counts only when all its words were said, its names and numbers by the person. The rules of
quality/extraction.py read it first, which gives slots and dates; what they do not know is kept whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from data.grammar import tidy
from data.grammar_clauses import Clause, parse
from data.night import Night
from data.records import Exchange, Memory
from quality.clauses import is_hypothetical, is_injection, is_play
from quality.extraction import extract, told_on
from quality.foreign import own_text
from quality.found import Found, memory_of
from quality.names import is_name, named
from quality.timewords import resolve
from quality.verification import unsupported

Turns = tuple[tuple[str, str], ...]
_NAMED = re.compile(r"^My (?P<role>[\w' -]{2,40}?)(?:'s|s') name is (?P<name>[^,]{2,50})\.?$")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_EMPTY = frozenset(
    "my me we our am is are was were be been to the an of in on at and or it do does did not no".split()
)
# Verbs that the model may choose by itself, the first two only where something said speaks for them.
_CUES = tuple(
    (frozenset(forms.split()), frozenset(cues.split()))
    for forms, cues in (
        (
            "live lives",
            "live lives living lived home flat house moved move apartment room street based stay here",
        ),
        (
            "work works",
            "work works working worked job employer boss office shift shifts company colleague career hired",
        ),
    )
)
_CHOSEN = re.compile(r"\b(?:takes?|wears?|drives?|plays?|speaks?|drinks?|eats?|goes)\b")
_OUTSIDE = re.compile(r"\b(?:you|your|user|assistant)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:I|my|me|we|our)\b", re.IGNORECASE)


def windows(exchanges: Sequence[Exchange]) -> dict[str, Turns]:
    """For each turn worth reading, what was said just before it and the person's own words in it."""
    last: dict[tuple[str, str], str] = {}
    found = {}
    for exchange in exchanges:
        turn = exchange.user
        text = own_text(turn.text).replace("\x00", '"..."').strip()
        key = (turn.source, turn.conversation)
        if text and not is_play(text) and not is_injection(text):
            before = [("user", last[key])] if key in last else []
            before += [("assistant", exchange.before.text)] if exchange.before else []
            found[turn.id] = (*before, ("user", text))
        last[key] = text
    return found


def supported(sentence: str, turns: Turns) -> bool:
    """Whether a sentence says nothing that was not said: words by anyone, names and numbers by the person."""
    said = " ".join(text for role, text in turns if role == "user")
    heard = " ".join(text for _, text in turns)
    if _OUTSIDE.search(sentence) or not _FIRST.search(sentence) and not is_name(sentence.split()[0]):
        return False
    exact = _NUMBER.findall(sentence) + [
        word for word in re.findall(r"(?<=\s)[A-ZÀ-Þ][\w'-]+", sentence) if word not in {"I", "I'm"}
    ]
    lowered = said.casefold()
    if any(re.sub(r"'s$", "", word).casefold() not in lowered for word in exact):
        return False
    words, around = _words(sentence), _words(heard)
    if any(words & forms and not around & cues for forms, cues in _CUES):
        return False
    return bool(words & _words(turns[-1][1])) and not unsupported(_CHOSEN.sub("", sentence), heard)


def _words(text: str) -> set[str]:
    """The words that say something, number words among them."""
    return set(re.findall(r"[^\W_]{2,}", text.casefold())) - _EMPTY


def read(
    exchange: Exchange, sentences: Sequence[str], turns: Turns, night: Night, known: Sequence[Memory] = ()
) -> list[Memory]:
    """Memories from the sentences written about one exchange; unsupported ones are left out."""
    turn = exchange.user
    today = told_on(turn, night)
    memories: dict[str, Memory] = {}
    for sentence in sentences:
        if not supported(sentence, turns) or is_hypothetical(sentence):
            continue
        plain = Exchange(replace(turn, text=sentence))
        found = extract(plain, night, known)
        slotted = [memory for memory in found if memory.slot]
        for memory in slotted or found or _whole(sentence, turn.id, today, night):
            memories.setdefault(memory.id, memory)
    return list(memories.values())


def combine(heard: Sequence[Memory], written: Mapping[str, Sequence[Memory]]) -> list[Memory]:
    """Rules and model together; the model's sentence stands for an open statement about the same words."""
    plain = {turn: [_words(m.statement) for m in memories] for turn, memories in written.items()}
    kept = {m.id: m for m in heard if m.slot or not any(_same(m, plain.get(t, ())) for t in m.sources)}
    for memories in written.values():
        for memory in memories:
            first = kept.get(memory.id)
            sources = tuple(dict.fromkeys((*first.sources, *memory.sources))) if first else memory.sources
            kept[memory.id] = replace(memory, sources=sources)
    return list(kept.values())


def _same(memory: Memory, sentences: Sequence[set[str]]) -> bool:
    return any(_words(memory.value) & sentence for sentence in sentences)


def _whole(sentence: str, turn_id: str, today: date, night: Night) -> list[Memory]:
    """The sentence as a memory of its own, when it has a subject and something said of it."""
    name = _NAMED.match(sentence)
    if name and is_name(name["name"].split()[0]):
        return [memory_of(named(name["role"], name["name"].rstrip(".")), turn_id, night)]
    statement = tidy(resolve(sentence, today))
    clause = parse(statement)
    if clause is None or not clause.rest:
        return []
    return [memory_of(_open(statement, clause), turn_id, night)]


def _open(statement: str, clause: Clause) -> Found:
    subject = clause.subject
    subject = "I" if subject in {"I", "We"} else re.sub(r"^(My|Our)\b", "my", subject)
    relation = ("not " if clause.negative else "") + (clause.relation or "be")
    return Found(subject, relation, clause.rest, statement)
