"""The clause structure of a plain English statement: subject, auxiliary, verb and the rest.

A statement that cannot be parsed with confidence gives None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from data.lexicon import ADVERBS, AUXILIARIES, BE, DETERMINERS, EXPANSIONS, HAVE, LEADS, MODALS
from data.lexicon_verbs import kinds

_TOKEN = re.compile(r"\S+")


_CORE = re.compile(r"^([^\w']*)(.*?)((?:[^\w]|_)*)$", re.DOTALL)


_NEGATIVES = {
    "isn't": "is", "aren't": "are", "wasn't": "was", "weren't": "were", "haven't": "have", "hasn't": "has",
    "hadn't": "had", "don't": "do", "doesn't": "does", "didn't": "did", "can't": "can", "cannot": "can",
    "couldn't": "could", "won't": "will", "wouldn't": "would", "shouldn't": "should", "mustn't": "must",
    "ain't": "am", "mightn't": "might",
}  # fmt: skip


_NO_SLOTS = {"name": "call", "age": "grow old", "colour": "dye", "color": "dye"}
_PAST_FIRST = frozenset({"quit", "hit", "split", "shut", "upset", "burst"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One parsed statement; `aux` is empty when the main verb carries the tense."""

    subject: str
    adverbs: str
    aux: str
    negative: bool
    verb: str
    rest: str
    lead: str = ""

    @property
    def copula(self) -> bool:
        """Whether the clause is "X is Y" with no other verb."""
        return self.aux in BE and not self.verb

    @property
    def base(self) -> str:
        """Base form of the main verb, empty when unknown."""
        if not self.verb:
            return "be" if self.copula else ""
        if self.aux in MODALS | {"do", "does", "did"}:
            return self.verb.lower()
        return _reading(self.verb, self.subject)[0]

    @property
    def relation(self) -> str:
        """The verb as a memory's relation, told apart from slots of the same word ("name", "colour")."""
        base = self.base or self.verb.lower()
        return _NO_SLOTS.get(base, base)

    @property
    def tense(self) -> str:
        """`base`, `third` or `past` of a main verb without auxiliary; empty when unknown."""
        return "" if self.aux else _reading(self.verb, self.subject)[1]


def split_token(token: str) -> tuple[str, str, str]:
    """Leading marks, the word and trailing marks of one white-space token."""
    match = _CORE.match(token)
    return (match[1], match[2], match[3]) if match else ("", token, "")


def capitalise(text: str) -> str:
    """The text with its first letter upper-case."""
    return text[:1].upper() + text[1:]


def expand(statement: str) -> str:
    """The statement without contractions that would hide its verb ("I'm" -> "I am")."""
    tokens = _TOKEN.findall(statement)
    out: list[str] = []
    for i, token in enumerate(tokens):
        low = token.lower()
        if low in EXPANSIONS:
            word = EXPANSIONS[low]
            out.append(capitalise(word) if i == 0 else word)
            continue
        if not low.endswith(("'d", "'s")):
            out.append(token)
            continue
        following, following2 = (
            split_token(tokens[j])[1].lower() if j < len(tokens) else "" for j in (i + 1, i + 2)
        )
        if low.endswith("'d") and low[:-2] in {"i", "we", "he", "she", "they", "it", "you"}:
            probe = following2 if following in ADVERBS else following
            had = following == "better" or "participle" in kinds(probe) and "base" not in kinds(probe)
            out.append(token[:-2] + (" had" if had else " would"))
        elif low.endswith("'s") and _is_verb_s(low, following, following2, i):
            has = "participle" in kinds(following) and "gerund" not in kinds(following)
            has = has and following in {"been", "got", "had", "gone", "become", "lived", "worked"}
            out.append(token[:-2] + (" has" if has else " is"))
        else:
            out.append(token)
    return " ".join(out)


def _is_verb_s(low: str, following: str, following2: str, index: int) -> bool:
    if low in {"he's", "she's", "it's", "that's", "there's", "who's", "what's", "where's", "here's"}:
        return True
    if not following or index > 4:
        return False
    return (
        following in DETERMINERS
        or following
        in {"not", "been", "called", "named", "really", "very", "in", "at", "allergic", "from", "just"}
        or ("gerund" in kinds(following) and bool(following2))
    ) and following not in {
        "own",
        "wedding",
        "clothing",
        "building",
        "meeting",
        "painting",
        "drawing",
        "training",
    }


def parse(statement: str) -> Clause | None:
    """The clause structure of a statement, or None when no finite verb is found with confidence."""
    text = expand(statement.strip().rstrip(".!")).strip()
    if "?" in text or '"' in text:
        return None
    lead, text = _cut_lead(text)
    tokens = text.split()
    end = _subject_end(tokens)
    if end is None:
        return None
    clause = _verb_group(" ".join(tokens[:end]), tokens[end:])
    return replace(clause, lead=lead) if clause else None


def _cut_lead(text: str) -> tuple[str, str]:
    """Separate an adverbial that stands before the subject ("When I was four, I fell")."""
    words = text.split()
    if not words or words[0].lower().strip(",") not in LEADS:
        return "", text
    comma = text.find(", ")
    if 0 < comma < 60 and text[comma + 2 :].split()[:1] and _starts_subject(text[comma + 2 :].split()[0]):
        lead = text[:comma]
        return lead[:1].lower() + lead[1:] if lead.split()[0] not in {"I"} else lead, text[comma + 2 :]
    for i in range(1, min(len(words), 6)):
        if words[i] == "I" and words[0].lower() not in {
            "when",
            "while",
            "since",
            "before",
            "after",
            "because",
            "if",
            "as",
            "once",
            "until",
            "whenever",
            "although",
            "though",
        }:
            lead = " ".join(words[:i])
            return lead[:1].lower() + lead[1:], " ".join(words[i:])
    return "", text


def _starts_subject(word: str) -> bool:
    return word == "I" or word.lower() in {"my", "we", "our", "the", "he", "she", "it", "they"}


def _subject_end(tokens: list[str]) -> int | None:
    """Index of the first token after the subject."""
    if not tokens:
        return None
    first = tokens[0].lower()
    if first in {"i", "we", "he", "she", "it", "they", "this", "that", "there"} and len(tokens) > 1:
        return _pair_subject(tokens) if tokens[1].lower() == "and" else 1
    plural_seen = False
    for i, token in enumerate(tokens[1:9], start=1):
        low = token.lower().strip(",")
        if low in {"who", "that", "which", "where", "because", "if", "when"}:
            return None
        if low in ADVERBS and i + 1 < len(tokens) and low not in {"once", "only", "both", "all"}:
            return i if _verb_ahead(tokens, i) else None
        if low in AUXILIARIES:
            return i
        if tokens[i - 1].endswith(("'s", "s'", "’s")):
            plural_seen = low.endswith("s") and not low.endswith("ss")
            continue
        if i == 1 and first in DETERMINERS:
            plural_seen = low.endswith("s") and not low.endswith("ss")
            if low in {"parents", "kids", "children", "friends", "people"}:
                plural_seen = True
            continue
        found = kinds(low)
        if ("third" in found and not _noun_like(tokens, i)) or ("past" in found and "gerund" not in found):
            return i
        if (
            "base" in found
            and (plural_seen or "and" in [t.lower() for t in tokens[:i]])
            and low not in {"friends"}
        ):
            return i
        plural_seen = plural_seen or (low.endswith("s") and not low.endswith("ss"))
        if low == "people" or low == "children":
            plural_seen = True
    return None


def _pair_subject(tokens: list[str]) -> int | None:
    for i, token in enumerate(tokens[2:7], start=2):
        low = token.lower()
        if low in AUXILIARIES or (kinds(low) and i > 3):
            return i
    return None


def _verb_ahead(tokens: list[str], i: int) -> bool:
    for token in tokens[i : i + 3]:
        low = token.lower()
        if low in ADVERBS:
            continue
        return low in AUXILIARIES or bool(kinds(low).keys() & {"base", "third", "past"})
    return False


def _noun_like(tokens: list[str], i: int) -> bool:
    """Whether an -s form is a plural noun here: a later finite verb follows directly."""
    following = tokens[i + 1].lower() if i + 1 < len(tokens) else ""
    if tokens[i].lower() in {
        "likes",
        "works",
        "lives",
        "loves",
        "has",
        "is",
        "hates",
        "wants",
        "goes",
        "does",
    }:
        return False
    return following in {"are", "were", "have", "is", "was", "do", "make"} or not following


def _verb_group(subject: str, tokens: list[str]) -> Clause | None:
    adverbs: list[str] = []
    position = 0
    while position < len(tokens) and tokens[position].lower().strip(",") in ADVERBS:
        adverbs.append(tokens[position].strip(","))
        position += 1
    if position >= len(tokens):
        return None
    head = tokens[position].lower().strip(",")
    rest = tokens[position + 1 :]
    if head not in AUXILIARIES:
        verb = tokens[position].strip(",")
        if tokens[position].endswith(",") or not re.fullmatch(r"[A-Za-z][a-z'-]*", verb):
            return None
        if not _reading(verb, subject)[1]:
            return None
        return Clause(subject, " ".join(adverbs), "", False, verb, " ".join(rest))
    negative = head in _NEGATIVES
    aux = _NEGATIVES.get(head, head)
    if rest and rest[0].lower() == "not":
        negative, rest = True, rest[1:]
    elif adverbs and adverbs[-1].lower() == "not":
        negative, adverbs = True, adverbs[:-1]
    if aux in {"have", "has", "had"} and not negative and not _perfect(rest):
        return Clause(subject, " ".join(adverbs), "", False, aux, " ".join(rest))
    if aux in {"do", "does", "did"} and not negative:
        return Clause(subject, " ".join(adverbs), "", False, aux, " ".join(rest))
    if aux in BE:
        return Clause(subject, " ".join(adverbs), aux, negative, "", " ".join(rest))
    between: list[str] = []
    while rest and rest[0].lower() in ADVERBS and len(rest) > 1:
        between.append(rest[0])
        rest = rest[1:]
    if not rest:
        return None
    if aux in HAVE and not _perfect(rest) and negative:
        return Clause(subject, " ".join(adverbs), aux, True, "", " ".join(rest)) if False else None
    return Clause(subject, " ".join(adverbs + between), aux, negative, rest[0], " ".join(rest[1:]))


def _perfect(rest: list[str]) -> bool:
    """Whether "have" is an auxiliary here: a participle follows, perhaps after adverbs."""
    for token in rest[:4]:
        low = token.lower().strip(",.")
        if low in ADVERBS:
            continue
        found = kinds(low)
        if low == "run" and "out" in rest[1:4]:
            return True
        if low in {"been", "had", "done", "gotten", "got", "lost", "found", "read", "made", "met"}:
            return True
        return "participle" in found and not ({"base"} & found.keys() and low in _NOUNY)
    return False


_NOUNY = frozenset("cut set bet hit hurt shed cast split run come bound ground".split())


def _reading(verb: str, subject: str) -> tuple[str, str]:
    """(base, tense) of a finite verb after this subject; empty tense when it cannot be finite."""
    low = verb.lower()
    if low in {"has", "had", "have"}:
        return "have", {"has": "third", "had": "past", "have": "base"}[low]
    if low in {"do", "does", "did"}:
        return "do", {"do": "base", "does": "third", "did": "past"}[low]
    found = kinds(low)
    third_singular = not takes_base(subject)
    if "past" in found and "base" in found and found["past"] != found["base"]:
        return found["past"], "past"
    if "base" in found and not third_singular and low not in _PAST_FIRST:
        return found["base"], "base"
    if "third" in found:
        return found["third"], "third"
    if "past" in found:
        return found["past"], "past"
    if "participle" in found:
        return found["participle"], "past"
    if "base" in found:
        return found["base"], "base"
    if "gerund" in found or not third_singular and low.endswith("ing"):
        return "", ""
    if low.endswith("ed"):
        return "", "past"
    return (low, "base") if subject == "I" and low.isalpha() and len(low) > 2 else ("", "")


def takes_base(subject: str) -> bool:
    """Whether a verb in the present has no -s after this subject."""
    low = subject.lower()
    return low in {"i", "we", "they", "you"} or " and " in low or low.endswith(("s", "children", "people"))
