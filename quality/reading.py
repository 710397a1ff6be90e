"""One fast pass over a person's text: how often each word class occurs, and what its sentences do.

Every word is looked up once in a growing table that gives its classes as one packed integer, sixteen
bits per class, so a sentence is counted by adding integers. What the counts are worth is decided in
quality/curation.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from data.terms import STOP, stem
from quality import lexicon

LONGEST = 20_000
TABLE_LIMIT = 200_000

_CLASSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("first", lexicon.FIRST),
    ("second", lexicon.SECOND),
    ("third", lexicon.THIRD),
    ("event", lexicon.EVENT),
    ("time", lexicon.TIME),
    ("relative", lexicon.RELATIVE_TIME),
    ("number", lexicon.NUMBER),
    ("kin", lexicon.KIN),
    ("social", lexicon.SOCIAL),
    ("preference", lexicon.PREFERENCE),
    ("plan", lexicon.PLAN),
    ("thing", lexicon.THING),
    ("work", lexicon.WORK),
    ("chatter", lexicon.CHATTER),
    ("abstract", lexicon.ABSTRACT),
    ("positive", lexicon.POSITIVE),
    ("negative", lexicon.NEGATIVE),
    ("hypothesis", lexicon.HYPOTHESIS),
    *lexicon.TRIGGERS.items(),
)
CLASSES = tuple(name for name, _ in _CLASSES) + ("name", "concrete")
PLACE = {name: i for i, name in enumerate(CLASSES)}
_BITS = 16
_BYTES = 2 * len(CLASSES)
NOTHING = [0] * len(CLASSES)
_NAME = 1 << (_BITS * PLACE["name"])
_CONCRETE = 1 << (_BITS * PLACE["concrete"])
_FIRST_MASK = 0xFFFF << (_BITS * PLACE["first"])
_HYPOTHESIS_MASK = 0xFFFF << (_BITS * PLACE["hypothesis"])
_DULL = lexicon.COMMON | lexicon.CHATTER | lexicon.ABSTRACT | lexicon.FIRST | lexicon.SECOND | STOP

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_SUBJECTS = frozenset(("i", "we"))
_BEING = frozenset(("i'm", "im", "we're"))
_HAVING = frozenset(("i've", "ive", "we've"))
_OWNING = frozenset(("my", "our"))
_IS = frozenset(("is", "are", "was", "were"))
_STARTERS = _SUBJECTS | _BEING | _HAVING | _OWNING
_NOT_PAST = frozenset(("need", "feed", "speed", "indeed", "bleed", "breed", "exceed", "succeed"))
_IMAGINED = re.compile(
    r"(?:^|[,;:] |\b(?:just|let'?s|can you|could you|please) )\W*(?:imagine|suppose|supposing"
    r"|pretend)\b|\b(hypothetically|let's say|lets say|what if|if (i|we) (had|were|was|could|ever|won)"
    r"|(i|we) (would|could) (have|be) .* if|role-?play|in (my|the|this) (novel|story|screenplay|game"
    r"|campaign)|my character)\b"
)


@dataclass(slots=True)
class Reading:
    """What one text holds: class counts of statements and of questions, and patterns of its sentences."""

    told: list[int]
    asked: list[int]
    all: list[int]
    statements: int = 0
    questions: int = 0
    imagined: int = 0
    words: int = 0
    past: float = 0.0
    perfect: float = 0.0
    ongoing: float = 0.0
    owned: float = 0.0
    state: float = 0.0
    stems: set[str] = field(default_factory=set)


class _Packed(dict[str, int]):
    """Word as written -> its classes, packed; filled as words are met."""

    def __missing__(self, word: str) -> int:
        low = word.lower()
        packed = 0
        for i, (_, words) in enumerate(_CLASSES):
            if low in words:
                packed += 1 << (_BITS * i)
        if low[0].isdigit() and low not in lexicon.NUMBER:
            packed += 1 << (_BITS * PLACE["number"])
        shouted = len(word) > 4 and word.isupper()
        if word[0].isupper() and len(word) > 1 and not shouted and not {low} & (lexicon.FIRST | lexicon.TIME):
            packed += _NAME
        if len(low) > 2 and low not in _DULL:
            packed += _CONCRETE
        self[word] = packed
        return packed


class _Stems(dict[str, str]):
    """Word as written -> the stem of a concrete word, empty for any other."""

    def __missing__(self, word: str) -> str:
        low = word.lower()
        found = stem(low) if len(low) > 2 and low not in _DULL and not low.isdigit() else ""
        self[word] = found
        return found


_packed = _Packed()
_stems = _Stems()


def read(text: str, names: frozenset[str] = frozenset()) -> Reading:
    """Read the person's own words; `names` are the speakers', who tell nothing by being called."""
    if len(_packed) > TABLE_LIMIT:
        _packed.clear()
        _stems.clear()
    told = asked = everything = statements = questions = imagined = count = 0
    past = perfect = ongoing = owned = state = 0.0
    stems: set[str] = set()
    look = _packed.__getitem__
    root = _stems.__getitem__
    text = text[:LONGEST]
    if "’" in text:
        text = text.replace("’", "'")
    for sentence in _SENTENCE.findall(text):
        words = _WORD.findall(sentence)
        if names:
            words = [word for word in words if word not in names]
        if not words:
            continue
        count += len(words)
        words[0] = words[0].lower()
        packed = sum(map(look, words))
        everything += packed
        question = sentence.endswith("?") or words[0] in lexicon.OPENERS
        if packed & _HYPOTHESIS_MASK and _IMAGINED.search(sentence.lower()):
            imagined += 1
            continue
        stems.update(map(root, words))
        if question:
            questions += 1
            asked += packed if packed & _FIRST_MASK else 0
        else:
            statements += 1
            told += packed
        if packed & _FIRST_MASK:
            weight = 0.25 if question else 1.0
            found = _patterns([word.lower() for word in words])
            past += weight * found[0]
            perfect += weight * found[1]
            ongoing += weight * found[2]
            owned += weight * found[3]
            state += weight * found[4]
    stems.discard("")
    counts = _counts(everything)
    return Reading(
        counts if told == everything else _counts(told), _counts(asked), counts, statements, questions,
        imagined, count, past, perfect, ongoing, owned, state, stems,
    )  # fmt: skip


def _patterns(words: list[str]) -> tuple[int, int, int, int, int]:
    """How often the speaker did, has done, is doing, owns, and is or habitually does something."""
    past = perfect = ongoing = owned = state = 0
    last = len(words) - 1
    for i, word in enumerate(words):
        if word not in _STARTERS or i == last:
            continue
        after = words[i + 1]
        if word in _SUBJECTS:
            if after in lexicon.ADVERBS and i + 2 <= last:
                after = words[i + 2]
            if after in lexicon.PAST or (after.endswith("ed") and len(after) > 4 and after not in _NOT_PAST):
                past += 1
            else:
                state += after not in lexicon.IDLE
        elif word in _BEING:
            if any(one.endswith("ing") for one in words[i + 1 : i + 4]):
                ongoing += 1
            else:
                state += after not in _DULL
        elif word in _HAVING:
            perfect += 1
        elif word in _OWNING:
            owned += after not in _DULL or after in lexicon.KIN
            state += i + 2 <= last and words[i + 2] in _IS
    return past, perfect, ongoing, owned, state


def _counts(packed: int) -> list[int]:
    return memoryview(packed.to_bytes(_BYTES, "little")).cast("H").tolist() if packed else NOTHING
