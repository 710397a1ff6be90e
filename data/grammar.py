"""English grammar by rules: clauses of first-person statements, person flipping, questions, negation.

Everything is a pure function of strings; nothing here knows what a memory or a dream is. A statement
that cannot be parsed gives None and the caller falls back to phrases that embed it whole.
"""

from __future__ import annotations

import re

from data.grammar_clauses import Clause, capitalise, split_token
from data.lexicon import (
    ADVERBS,
    CONTRACTIONS,
    KIN,
    MODALS,
    PETS,
    PRONOUN_FLIP,
)
from data.lexicon_verbs import FORMS, VERBS, gerund, past, third

_MASS = frozenset(
    "art music food money tea coffee chess soccer football tennis baseball yoga pizza meat".split()
)
_FUNCTION = frozenset(
    "a an the my our his her their its this that these those there one some any no all both each "
    "every it he she they we "
    "you your yours in on at since before after during while when whenever sometimes currently "
    "recently usually today now most because "
    "as although though once for from with by last next until not being having going playing to if "
    "nothing nobody everyone "
    "everything and but so or you're you've you'd you'll he's she's it's they're we're there's that's".split()
)


# "I do like chocolate" says no more than that I like it, and "Do I do like it?" is no question.
_EMPHATIC = re.compile(r"\b(I|we|We) do (like|love|have|want|need|enjoy|hate|own|live|know|prefer)\b")


def tidy(text: str) -> str:
    """One clean sentence: apostrophes mended, "I" upright, capital first letter, full stop at the end."""
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = re.sub(
        r"\b(haven|don|didn|can|isn|wasn|doesn|won|couldn|wouldn|hasn|aren|shouldn) t\b", r"\1't", text
    )
    text = re.sub(r"\b([Ii]) (m|ve|ll)\b", r"\1'\2", text)
    if text.isupper() and len(text.split()) > 3:
        text = text.lower()
    tokens = []
    for token in text.split():
        before, word, after = split_token(token)
        fixed = CONTRACTIONS.get(word.lower())
        if fixed and not (word.isupper() and len(word) > 1):
            word = fixed
        tokens.append(before + word + after)
    joined = " ".join(tokens).strip(" ,;:-–—")
    joined = re.sub(r"[.!?,;:]+$", "", joined)
    joined = _EMPHATIC.sub(r"\1 \2", joined)
    return capitalise(joined) + "." if joined else ""


def embed(sentence: str) -> str:
    """A sentence as a subordinate clause: no final stop, a function word at its start lower-case."""
    text = sentence.strip().rstrip(".!?")
    first = text.split(" ", 1)[0]
    bare = first.lower().strip(",'")
    rest = text.split(" ", 2)[1:2]
    common = (
        bare in _MASS and rest == ["is"] or first.endswith("s") and first[1:].islower() and rest == ["are"]
    )
    verbal = bare in FORMS and (bare.endswith("ing") or rest in (["is"], ["are"]))
    if bare in _FUNCTION or common or verbal:
        return text[:1].lower() + text[1:]
    return text


def to_second_person(statement: str) -> str:
    """A first-person sentence said back to the person ("I play my tuba." -> "You play your tuba.")."""
    tokens = statement.split()
    out: list[str] = []
    main_i = bool(re.match(r"(?:\S+ ){0,1}I\b", statement))
    for i, token in enumerate(tokens):
        before, word, after = split_token(token)
        low = word.lower()
        if low == "am" and i and tokens[i - 1][-1:].isdigit():
            out.append(token)
            continue
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


def subject_in_sentence(subject: str) -> str:
    """The subject as it stands in the middle of a sentence."""
    first = subject.split(" ", 1)[0]
    if first != "I" and first.lower() in _FUNCTION:
        return subject[:1].lower() + subject[1:]
    return embed(subject)


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


def role_and_name(subject: str) -> tuple[str, str]:
    """("my brother", "Cormac") of "my brother Cormac"; a subject without both is its own role."""
    found = re.match(r"^(my [a-z][a-z -]*?) ([A-ZÀ-Þ](?!$).*)$", subject)
    return (found[1], found[2]) if found else (subject, "")


def role_of(subject: str) -> str:
    """The role in a subject, however it stood: "my brother" of "My brother Cormac"."""
    return role_and_name(subject[:1].lower() + subject[1:])[0]


def article(noun: str) -> str:
    """The noun with "a" or "an"."""
    word = noun.lower()
    vowel = word[:1] in "aeiou" and not word.startswith(("uni", "use", "eu", "one", "uk"))
    return f"{'an' if vowel or word.startswith(('hour', 'honest', 'heir')) else 'a'} {noun}"


def is_person(noun: str) -> bool:
    """Whether the head noun of a phrase is a person of the family or around."""
    return noun.lower().split()[-1] in KIN if noun.split() else False


_NOBODY = frozenset("We It They This That There Everyone Nobody Everybody Somebody Someone".split())
_NAMED = re.compile(r"(?:(?:Mr|Mrs|Ms|Miss|Dr)\.? )?[A-Z][a-zà-ÿ'-]+(?: [A-Z][a-zà-ÿ'-]+)?")


def somebody(subject: str) -> bool:
    """Whether a subject is a person: "I", a role, a role with a name, or a name alone."""
    role = role_of(subject)
    alone = _NAMED.fullmatch(subject) and subject.split()[0] not in {*_NOBODY, "My", "Our", "The"}
    return subject == "I" or is_person(role) or bool(alone)


def is_pet(noun: str) -> bool:
    """Whether the head noun of a phrase is an animal people keep."""
    return noun.lower().split()[-1] in PETS if noun.split() else False
