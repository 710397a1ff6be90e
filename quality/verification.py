"""Whether a dream may be trained: every word of its answer must be supported by what the person told.

Judges what any dreamer wrote, rules or model, without sharing its code: words are compared by stem, names and
numbers exactly. A refused dream keeps its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from data.lexicon import STOPWORDS
from data.lexicon_verbs import FORMS
from data.records import Dream, Memory, Turn
from quality.scoring import polarity

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_FIRST = re.compile(
    r"(?<![\w'])(?:I|I'm|I've|I'd|I'll|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Oo]ur|[Uu]s)(?![\w'])"
)
_SPEAKER = re.compile(r"\bI don't know\b|\b(?:told|tell) me\b", re.IGNORECASE)
_ABSENT = re.compile(
    r"\byou (?:have not|haven't|never) (?:told|mentioned|said)\b|\bi don't know\b", re.IGNORECASE
)
_FREE = frozenset(
    "yes no so true right correct called name names named old years now still also any more longer told "
    "tell mention mentioned said say "
    "anything about whether not you your yours yourself yourselves live work use like job birthday "
    "today dream only meet "
    "spoke of both is are was were be been being am do does did have has had don't doesn't didn't "
    "isn't aren't wasn't weren't haven't hasn't "
    "hadn't can't couldn't won't wouldn't you're you've you'd you'll cannot ' s".split()
)
_FACT_KINDS = frozenset({"direct", "reversed", "yes_no", "list", "use", "contrast", "two_fact"})
_ROLE = re.compile(
    r"\bas an ai\b|\blanguage model\b|\byou are (?:an? )?(?:ai|assistant|language model|chatbot)\b|"
    r"\bmy (?:training|developers?)\b",
    re.IGNORECASE,
)


def verify(dream: Dream, memories: Sequence[Memory], turns: Sequence[Turn] = ()) -> str:
    """Why a dream must not be trained, or an empty string when it may.

    `memories` is the ledger; the dream's own memories are found by id in it, its turns by its sources.
    """
    answer = dream.answer.strip()
    if not answer or not dream.question.strip():
        return "empty question or answer"
    shape = _shape(answer)
    if shape:
        return shape
    cited = [m for m in memories if m.id in dream.memory_ids]
    if dream.kind == "negative":
        return _negative(dream, memories)
    if dream.kind in {"recombination", "reflection"}:
        return "" if cited else "cites no memory"
    if not cited or len(cited) != len(set(dream.memory_ids)):
        return "cites a memory that is not in the ledger"
    if any(not m.active for m in cited):
        return "rests on a memory that is no longer active"
    return _supported(dream, cited, memories, turns)


def review(dreams: Sequence[Dream], memories: Sequence[Memory], turns: Sequence[Turn] = ()) -> list[Dream]:
    """The dreams with the reason of refusal filled in; verified ones are unchanged."""
    index = {m.id: m for m in memories}
    by_turn = {t.id: t for t in turns}
    reviewed = []
    for dream in dreams:
        if dream.refused:
            reviewed.append(dream)
            continue
        sources = [by_turn[s] for s in dream.sources if s in by_turn]
        nearby = [index[i] for i in dream.memory_ids if i in index]
        reason = verify(dream, memories if dream.kind in _FACT_KINDS | {"negative"} else nearby, sources)
        reviewed.append(replace(dream, refused=reason) if reason else dream)
    return reviewed


def unsupported(answer: str, source: str) -> list[str]:
    """Content words of an answer that do not occur in the source, up to inflection and person."""
    stems = {stem for word in _words(source) for stem in _stems(word)}
    return [w for w in _words(answer) if w not in _FREE and w not in STOPWORDS and not _stems(w) & stems]


def second_person(answer: str) -> bool:
    """Whether an answer speaks to the person and not as the person."""
    return not _FIRST.search(_SPEAKER.sub("", answer))


def _shape(answer: str) -> str:
    if len(re.findall(r"[.!?](?=\s+[A-Z]|$)", re.sub(r"\b(?:Dr|Mr|Mrs|Ms|St|Prof|[A-Z])\.", "", answer))) > 2:
        return "longer than two sentences"
    if len(answer) > 320:
        return "too long"
    if not second_person(answer):
        return "speaks as the person, not to them"
    if _ROLE.search(answer):
        return "mixes up who is the assistant"
    return ""


def _negative(dream: Dream, memories: Sequence[Memory]) -> str:
    if not _ABSENT.search(dream.answer):
        return "asserts something about a thing nobody told"
    # A name the question brought tells nothing: "You haven't told me how tall Imke is."
    words = set(_words(dream.answer)) - set(_words(dream.question))
    for memory in memories:
        value = set(_words(memory.value))
        if memory.active and memory.value[:1].isupper() and memory.relation == "name" and value <= words:
            return f"names {memory.value!r} in an answer about something untold"
    return ""


def _supported(
    dream: Dream, cited: Sequence[Memory], memories: Sequence[Memory], turns: Sequence[Turn]
) -> str:
    source = " ".join(
        [
            *(f"{m.statement} {m.subject} {m.value}" for m in cited),
            *(t.text for t in turns if t.id in dream.sources),
        ]
    )
    missing = unsupported(dream.answer, source)
    if missing:
        return f"says {missing[0]!r}, which was not told"
    numbers = [n for n in _NUMBER.findall(dream.answer) if n not in _NUMBER.findall(source)]
    if numbers:
        return f"gives the number {numbers[0]}, which was not told"
    answer = _plain(dream.answer)
    told = _plain(source)
    for memory in memories:
        value = _plain(memory.value)
        foreign = memory.id not in dream.memory_ids and memory.active and len(value) > 3 and memory.slot
        if foreign and f" {value} " in f" {answer} " and f" {value} " not in f" {told} ":
            return f"gives the value of another memory, {memory.value!r}"
    if (
        dream.kind in {"direct", "list"}
        and dream.accept
        and not any(f" {_plain(a)} " in f" {answer} " for a in dream.accept)
    ):
        return "does not contain the value"
    leaning = polarity(dream.answer)
    if (
        leaning is not None
        and dream.kind == "yes_no"
        and dream.accept
        and ("yes" if leaning else "no") not in dream.accept
    ):
        return "says yes where no is right, or the reverse"
    return ""


def _plain(text: str) -> str:
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return [
        w.replace("’", "'").removesuffix("'s").removesuffix("'")
        for w in _WORD.findall(text.casefold().replace("’", "'"))
    ]


def _stems(word: str) -> set[str]:
    """Base forms a word may stand for: its verb bases, and itself without a plural ending."""
    bases = {base for base, _ in FORMS.get(word, ())}
    stems = {word, *bases}
    for ending, back in (
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
        ("d", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            stems.add(word.removesuffix(ending) + back)
    return stems
