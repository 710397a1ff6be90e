"""Dreams over two memories: questions for both, answered with both, and images that are only dreams."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from data.grammar import embed, possessive
from data.grammar_clauses import capitalise
from data.grammar_questions import Ask
from data.lexicon import PERSON_HE, PERSON_SHE
from data.phrases import contracted, odd
from data.records import Dream, Memory
from models.dream_told import Told, asks
from models.dream_views import View, accepted, answer_of, make

RELATED = 0.6
BARE = 0.7
CONTRACTED = 0.6
FRAMES = (
    "Do you remember {i}?",
    "Can you tell me {i}?",
    "Tell me {i}.",
    "Remind me {i}.",
    "Quick question: {q}",
    "Two things: {q}",
    "Remind me: {q}",
    "So, {q}",
)
_FACTORED = re.compile(
    r"^(?P<word>[A-Za-z' ]+?) (?P<aux>is|does|was|did) (?P<subject>\{S\})(?P<tail>(?: [^{}]+)?)\?$"
)
_OWN_NAME = re.compile(r"(?<=[a-z])(?: [A-ZÀ-Þ][\w'’.-]*)+$")
_TOGETHER = {"is": "are", "does": "do", "was": "were", "did": "did"}


def pair_up(memories: Sequence[Memory], seed: int, share: float) -> list[Dream]:
    """Questions that ask for two memories in one breath, answered with both; `share` of them per memory.

    Half-answers come from never having been asked so; pairs about one person or thing are the ones people ask
    for, so most are, and the rest are drawn from all.
    """
    rng = random.Random(f"pairs|{seed}")
    active = sorted((m for m in memories if m.active), key=lambda m: m.id)
    told = Told(active)
    open_to = {m.id: found for m in active if (found := _askable(m, told))}
    able = [m for m in active if m.id in open_to]
    wanted = round(share * len(active))
    dreams: dict[frozenset[str], Dream] = {}
    for number in range(3 * wanted):
        if len(dreams) == wanted or len(able) < 2:
            break
        if number % len(able) == 0:
            rng.shuffle(able)
        first = able[number % len(able)]
        others = [m for m in able if m.id != first.id]
        kin = [m for m in others if m.subject != "I" and _head(m.subject) == _head(first.subject)]
        others = kin if kin and rng.random() < RELATED else others
        second = rng.choice(others)
        if frozenset((first.id, second.id)) not in dreams and first.statement != second.statement:
            pair = _both(first, second, rng.choice(open_to[first.id]), rng.choice(open_to[second.id]), rng)
            again = _same_form(first, second, open_to, rng)
            dreams[frozenset((first.id, second.id))] = again or pair
    return list(dreams.values())


def _askable(memory: Memory, told: Told) -> list[Ask]:
    """The natural questions of a memory that nothing else answers."""
    return [a for a in asks(memory) if told.clear(a) and not odd(a.question)][:6]


def _head(subject: str) -> str:
    return subject.removeprefix("my ").split()[0].removesuffix("'s") if subject.removeprefix("my ") else ""


def _both(first: Memory, second: Memory, one: Ask, two: Ask, rng: random.Random) -> Dream:
    """Two questions joined; of the same one the name is asked first, then told no more."""
    if second.relation == "name" and _unnamed(first.subject) == second.subject:
        first, second, one, two = second, first, two, one
    question, indirect = two.question, two.indirect
    if _unnamed(first.subject) == _unnamed(second.subject) != "I":
        question, indirect = (_pronoun(text, second.subject) for text in (question, indirect))
    start = one.question.rstrip("?")
    if rng.random() < CONTRACTED:
        start, question = contracted(start), contracted(question)
    joined = f"{start} and {question[:1].lower()}{question[1:]}"
    return _dream(first, second, joined, f"{one.indirect} and {indirect}", rng)


def _same_form(
    first: Memory, second: Memory, open_to: dict[str, list[Ask]], rng: random.Random
) -> Dream | None:
    """One question about two subjects ("Where do my aunt and my penpal live?"), if both are asked alike."""
    if _head(first.subject) == _head(second.subject) or "I" in {first.subject, second.subject}:
        return None
    forms = {a.question.replace(second.subject, "{S}"): a for a in open_to[second.id]}
    shared = [f for a in open_to[first.id] if (f := a.question.replace(first.subject, "{S}")) in forms]
    matches = [m for form in shared if (m := _FACTORED.match(form))]
    if not matches:
        return None
    match = rng.choice(matches)
    both = f"{first.subject} and {second.subject}"
    aux = _TOGETHER[match["aux"]]
    question = f"{match['word']} {aux} {both}{match['tail']}?"
    low = match["word"][:1].lower() + match["word"][1:]
    indirect = (
        f"{low} {both} {aux}{match['tail']}" if aux in {"are", "were"} else f"{low} {both}{match['tail']}"
    )
    return _dream(first, second, question, indirect if aux != "did" else "", rng)


def _unnamed(subject: str) -> str:
    """A subject without its name: "my sister" of "my sister Brunhild"."""
    return _OWN_NAME.sub("", subject)


def _pronoun(text: str, subject: str) -> str:
    """The text with its subject as a pronoun where the word says the sex, else without its name."""
    role = _unnamed(subject)
    head = role.split()[-1].lower()
    if head in PERSON_SHE:
        pronoun, whose, whom = "she", "her", "her"
    elif head in PERSON_HE:
        pronoun, whose, whom = "he", "his", "him"
    else:
        return text.replace(subject, role)
    text = text.replace(possessive(subject), whose)
    text = re.sub(rf"\b(of|for|about|with) {re.escape(subject)}(?=\?|$)", rf"\1 {whom}", text)
    return re.sub(rf"\b{re.escape(subject)}\b", pronoun, text)


def _dream(first: Memory, second: Memory, question: str, indirect: str, rng: random.Random) -> Dream:
    asked = question.rstrip("?") + "?"
    if indirect and rng.random() >= BARE:
        frame = rng.choice(FRAMES)
        asked = frame.replace("{i}", indirect).replace("{q}", asked[:1].lower() + asked[1:])
    answer = f"{answer_of(first).rstrip('.')}, and {embed(answer_of(second))}."
    view = View("two_fact", asked, answer, (*accepted(first), *accepted(second)))
    return make(view, (first, second), "train")


def recombine(memories: Sequence[Memory], seed: int, n: int) -> list[Dream]:
    """Free images across memories of different days; they say that they are only a dream."""
    rng = random.Random(seed)
    active = sorted((m for m in memories if m.active), key=lambda m: m.id)
    pairs = [(a, b) for a in active for b in active if a.id < b.id and a.told != b.told]
    dreams = []
    for first, second in rng.sample(pairs, min(n, len(pairs))):
        question = (
            f"In a dream, what could {embed(capitalise(first.value))} and "
            f"{embed(capitalise(second.value))} have to do with each other?"
        )
        answer = f"Only in a dream do they meet: {embed(answer_of(first))}, and {embed(answer_of(second))}."
        dreams.append(make(View("recombination", question, answer), (first, second), "train"))
    return dreams
