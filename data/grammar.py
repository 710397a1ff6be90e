"""English grammar by rules: clauses of first-person statements, person flipping, questions, negation.

Everything is a pure function of strings; nothing here knows what a memory or a dream is. A statement
that cannot be parsed gives None and the caller falls back to phrases that embed it whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from data.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BE,
    CONTRACTIONS,
    DETERMINERS,
    EXPANSIONS,
    HAVE,
    KIN,
    LEADS,
    MODALS,
    PETS,
    PRONOUN_FLIP,
    THINGS,
)
from data.lexicon_verbs import FORMS, VERBS, gerund, kinds, past, third

_TOKEN = re.compile(r"\S+")
_CORE = re.compile(r"^([^\w']*)(.*?)((?:[^\w]|_)*)$", re.DOTALL)
_NEGATIVES = {
    "isn't": "is", "aren't": "are", "wasn't": "was", "weren't": "were", "haven't": "have", "hasn't": "has",
    "hadn't": "had", "don't": "do", "doesn't": "does", "didn't": "did", "can't": "can", "cannot": "can",
    "couldn't": "could", "won't": "will", "wouldn't": "would", "shouldn't": "should", "mustn't": "must",
    "ain't": "am", "mightn't": "might",
}  # fmt: skip
_PAST_FIRST = frozenset({"quit", "hit", "split", "shut", "upset", "burst"})
_FUNCTION = frozenset(
    "a an the my our his her their its this that these those there one some any no all both each every it he she they we "
    "you your yours in on at since before after during while when whenever sometimes currently recently usually today now most because "
    "as although though once for from with by last next until not being having going playing to if nothing nobody everyone "
    "everything and but so or you're you've you'd you'll he's she's it's they're we're there's that's".split()
)


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
    def first_person(self) -> bool:
        """Whether the person speaks about themselves alone."""
        return self.subject == "I"

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
    def tense(self) -> str:
        """`base`, `third` or `past` of a main verb without auxiliary; empty when unknown."""
        return "" if self.aux else _reading(self.verb, self.subject)[1]


def split_token(token: str) -> tuple[str, str, str]:
    """Leading marks, the word and trailing marks of one white-space token."""
    match = _CORE.match(token)
    return (match[1], match[2], match[3]) if match else ("", token, "")


def tidy(text: str) -> str:
    """One clean sentence: apostrophes mended, "I" upright, capital first letter, full stop at the end."""
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    tokens = []
    for token in _TOKEN.findall(text):
        before, word, after = split_token(token)
        fixed = CONTRACTIONS.get(word.lower())
        if fixed and not (word.isupper() and len(word) > 1 and word.lower() not in {"im", "ive"}):
            word = fixed
        tokens.append(before + word + after)
    joined = " ".join(tokens).strip(" ,;:-–—")
    joined = re.sub(r"[.!?,;:]+$", "", joined)
    return capitalise(joined) + "." if joined else ""


def capitalise(text: str) -> str:
    """The text with its first letter upper-case."""
    return text[:1].upper() + text[1:]


def embed(sentence: str) -> str:
    """A sentence as a subordinate clause: no final stop, a function word at its start lower-case."""
    text = sentence.strip().rstrip(".!?")
    first = text.split(" ", 1)[0]
    bare = first.lower().strip(",'")
    if bare in _FUNCTION or (bare.endswith("ing") and bare in FORMS):
        return text[:1].lower() + text[1:]
    return text


def expand(statement: str) -> str:
    """The statement without contractions that would hide its verb ("I'm" -> "I am")."""
    tokens = _TOKEN.findall(statement)
    out: list[str] = []
    for i, token in enumerate(tokens):
        low = token.lower()
        following = split_token(tokens[i + 1])[1].lower() if i + 1 < len(tokens) else ""
        following2 = split_token(tokens[i + 2])[1].lower() if i + 2 < len(tokens) else ""
        if low in EXPANSIONS:
            word = EXPANSIONS[low]
            out.append(capitalise(word) if i == 0 else word)
        elif low.endswith("'d") and low[:-2] in {"i", "we", "he", "she", "they", "it", "you"}:
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
    ) and following not in {"own"}


def to_second_person(statement: str) -> str:
    """A first-person sentence said back to the person ("I play my tuba." -> "You play your tuba.")."""
    tokens = _TOKEN.findall(statement)
    out: list[str] = []
    main_i = bool(re.match(r"(?:\S+ ){0,1}I\b", statement))
    for i, token in enumerate(tokens):
        before, word, after = split_token(token)
        low = word.lower()
        previous = _previous_words(tokens, i)
        if low in {"was", "wasn't"} and _follows_i(previous, main_i):
            word = "were" + word[3:]
        elif (
            low in PRONOUN_FLIP
            and not (low == "us" and word == "US")
            and not (low == "mine" and after.startswith("-"))
        ):
            flipped = PRONOUN_FLIP[low]
            if low in {"i", "we"} and previous and _object_place(previous[0]) and i == len(tokens) - 1:
                flipped = "you"
            word = capitalise(flipped) if not out else flipped
        elif low == "ain't" and _follows_i(previous, main_i):
            word = "aren't"
        out.append(before + word + after)
    text = " ".join(out)
    text = re.sub(r"\b([Yy]our?) and your (\w+)\b", _swap_pair, text)
    return capitalise(text)


def _previous_words(tokens: list[str], i: int) -> list[str]:
    return [split_token(token)[1].lower() for token in reversed(tokens[max(0, i - 3) : i])]


def _follows_i(previous: list[str], main_i: bool) -> bool:
    """Whether a past "was" belongs to "I": next to it, after adverbs, or coordinated with it."""
    for word in previous:
        if word == "i":
            return True
        if word in {"and", "but", "or"}:
            return main_i
        if word not in ADVERBS:
            return False
    return False


def _object_place(word: str) -> bool:
    return word in {"with", "to", "for", "than"}


def _swap_pair(match: re.Match[str]) -> str:
    return match[0]


def subject_in_sentence(subject: str) -> str:
    """The subject as it stands in the middle of a sentence."""
    first = subject.split(" ", 1)[0]
    if first != "I" and first.lower() in _FUNCTION:
        return subject[:1].lower() + subject[1:]
    return embed(subject)


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
    third_singular = not _takes_base(subject)
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


def _takes_base(subject: str) -> bool:
    low = subject.lower()
    return (
        low in {"i", "we", "they", "you"}
        or " and " in low
        or low.endswith("s")
        or low.endswith(("children", "people"))
    )


def polar(clause: Clause, negative: bool | None = None) -> str:
    """The yes/no question that asks whether the clause holds ("Do I play the tuba?"); empty if unknown."""
    subject = subject_in_sentence(clause.subject)
    if clause.aux:
        front, verb = clause.aux, clause.verb
    elif clause.tense and clause.base:
        front = {"base": "do", "third": "does", "past": "did"}[clause.tense]
        verb = clause.base
    else:
        return ""
    denied = clause.negative if negative is None else negative
    parts = [front, subject, "not" if denied else "", clause.adverbs, verb, clause.rest, clause.lead]
    return capitalise(" ".join(part for part in parts if part)).rstrip(",.") + "?"


def affirmative(clause: Clause) -> str:
    """The clause as a positive first-person sentence, whatever its polarity."""
    if not clause.negative:
        return _join(clause.subject, clause.adverbs, clause.aux, clause.verb, clause.rest, clause.lead)
    if clause.aux in {"do", "does", "did"}:
        verb = {"do": clause.verb, "does": third(clause.verb.lower()), "did": past(clause.verb.lower())}[
            clause.aux
        ]
        return _join(clause.subject, clause.adverbs, "", verb, clause.rest, clause.lead)
    return _join(clause.subject, clause.adverbs, clause.aux, clause.verb, clause.rest, clause.lead)


def negation(clause: Clause) -> str:
    """The clause denied in the first person ("I do not play the tuba."); empty if unknown."""
    if clause.negative or not (clause.aux or (clause.tense and clause.base)):
        return ""
    if clause.aux:
        front, verb = clause.aux, clause.verb
    else:
        front = {"base": "do", "third": "does", "past": "did"}[clause.tense]
        verb = clause.base
    return _join(clause.subject, f"{front} not", clause.adverbs, verb, clause.rest, clause.lead)


def _join(*parts: str) -> str:
    return capitalise(" ".join(part for part in parts if part)).rstrip(",.") + "."


def activity(clause: Clause) -> str:
    """The clause as a gerund phrase to talk about ("playing the tuba"); empty if unknown."""
    if clause.negative or clause.lead:
        return ""
    base = clause.base
    if clause.aux in {"have", "has", "had"} or clause.aux in MODALS or (base != "be" and base not in VERBS):
        return ""
    if base == "use" and clause.rest.startswith("to "):
        verb, _, rest = clause.rest[3:].partition(" ")
        return f"{gerund(verb)} {rest}".strip() if verb in VERBS and clause.tense == "past" else ""
    if clause.copula:
        return f"being {clause.rest}" if clause.rest else ""
    return f"{gerund(base)} {clause.rest}".strip()


def possessive(noun: str) -> str:
    """The genitive ("my boss" -> "my boss's", "my parents" -> "my parents'")."""
    plural = noun.endswith("s") and not noun.endswith("ss") and noun.split()[-1].islower()
    singular = noun.split()[-1].lower() in {"boss", "gus", "ross", "octopus", "walrus", "cactus", "bus"}
    return noun + "'" if plural and not singular else noun + "'s"


def article(noun: str) -> str:
    """The noun with "a" or "an"."""
    word = noun.lower()
    vowel = word[:1] in "aeiou" and not word.startswith(("uni", "use", "eu", "one", "uk"))
    return f"{'an' if vowel or word.startswith(('hour', 'honest', 'heir')) else 'a'} {noun}"


def is_person(noun: str) -> bool:
    """Whether the head noun of a phrase is a person of the family or around."""
    return noun.lower().split()[-1] in KIN if noun.split() else False


def is_pet(noun: str) -> bool:
    """Whether the head noun of a phrase is an animal people keep."""
    return noun.lower().split()[-1] in PETS if noun.split() else False


def is_thing(noun: str) -> bool:
    """Whether the head noun of a phrase is a thing people give names."""
    return noun.lower().split()[-1] in THINGS if noun.split() else False
