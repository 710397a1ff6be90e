"""Reading an answer: does it hold a value, abstain, say yes or no, claim something?

Owns the string rules of scoring. Knows nothing about lives, probes or models.
"""

import re
import unicodedata
from collections.abc import Sequence

Alternative = str | tuple[str, ...]

_QUOTES_AND_DASHES = str.maketrans(
    {**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
    | dict.fromkeys("*_`#", "")
)
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_ABSTAINS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(you|we)( have|'ve| had| did)?(n't| not| never)( \w+)? "
        r"(told|tell|mention(ed)?|said|say|shared?|given?|talk(ed)?|discuss(ed)?)\b",
        r"\bi( do| did| ca| can| could)?(n't|not| not)( \w+)? (know|recall|remember|tell you)\b",
        r"\bi( do)?(n't| not)( \w+)? have (\w+ ){0,4}"
        r"(information|records?|memor(y|ies)|details|data|knowledge|access|ability|notes?)\b",
        r"\bi('m| am) (not (sure|aware|certain|able|equipped)|unable|unsure)\b",
        r"\bno (idea|records?|information|memory|mention|details)\b",
        r"(n't|\bnot|\bnever)( yet)?( been)? (told|mentioned|discussed|shared|come up)\b",
    )
)
_YES, _NO = frozenset({"yes", "yeah", "yep"}), frozenset({"no", "nope"})
_EARLY_YES, _EARLY_NO = (
    frozenset({"correct", "right", "indeed", "true"}),
    frozenset({"incorrect", "wrong", "false"}),
)
_ABOUT_IT = frozenset("you you're your that that's it it's".split())
_CAREFUL = frozenset("i i'm sorry please as".split())
_ASSERTS = re.compile(
    r"\b(your|my|user's) ([\w']+ ){0,4}(is|are|was|were|has|have)\b"
    r"|\byou('re| are| were| have| live| work| own| drive| play| like| told| said)\b"
    r"|\bname\b.*\bis\b|\b(named|called)\b"
)


def normalise(text: str) -> str:
    """Fold case, quotes, dashes, marks and spaces, as stored answers are folded."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES_AND_DASHES)
    return " ".join(folded.split())


def phrase(wanted: str) -> re.Pattern[str]:
    """A pattern for a normalised string that is not part of a longer word, number or time."""
    before = r"(?<!\w)" + (r"(?<!\d[.,:])" if wanted[:1].isdigit() else "")
    after = r"(?!\w)" + (r"(?![.,:]\d)" if wanted[-1:].isdigit() else "")
    return re.compile(
        f"{before if wanted[:1].isalnum() else ''}{re.escape(wanted)}{after if wanted[-1:].isalnum() else ''}"
    )


def contains(answer: str, alternatives: Sequence[Alternative]) -> bool:
    """Whether an alternative occurs as whole words and whole numbers; a tuple needs all its parts."""
    text = normalise(answer)
    return any(
        all(phrase(part).search(text) for part in ((wanted,) if isinstance(wanted, str) else wanted))
        for wanted in alternatives
    )


def abstains(text: str) -> bool:
    """Whether the answer says that it was not told or does not know."""
    folded = normalise(text)
    return any(pattern.search(folded) for pattern in _ABSTAINS)


def polarity(text: str) -> bool | None:
    """True for yes, False for no, None for neither: the first sentence's first telling word decides."""
    words = WORD.findall(_SENTENCE_END.split(normalise(text))[0])
    for position, word in enumerate(words):
        if word in _YES or (position < 3 and word in _EARLY_YES):
            return True
        if word in _NO or (position < 3 and word in _EARLY_NO):
            return False
        negated = word in {"not", "never"}
        if (negated and position == 0) or (
            (negated or word.endswith("n't")) and not _ABOUT_IT.isdisjoint(words[:position])
        ):
            return False
    return None


def asserts(text: str) -> bool:
    """Whether the answer claims something about the person: a bare value, or "your cat is" and the like."""
    sentences = _SENTENCE_END.split(normalise(text))
    claimed = " ".join(s for s in sentences if not s.rstrip("\"')").endswith("?"))
    words = WORD.findall(claimed)
    return (0 < len(words) <= 6 and _CAREFUL.isdisjoint(words)) or _ASSERTS.search(claimed) is not None
