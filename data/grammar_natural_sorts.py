"""Questions that name the sort of thing told instead of leaving it open ("Which vegetable do I hate?")."""

from __future__ import annotations

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object, split_rest
from data.hypernyms import is_food, sort_of
from data.lexicon_verbs import kinds

_ALIKE = {
    "hate": ("hate", "dislike"),
    "dislike": ("dislike", "hate"),
    "love": ("love", "like"),
    "like": ("like", "love"),
    "enjoy": ("enjoy", "like"),
    "adore": ("adore", "love", "like"),
    "learn": ("learn", "study"),
    "study": ("study", "learn"),
}
_VERBS = frozenset(_ALIKE) | frozenset(
    "eat drink grow plant bake cook make teach speak play collect avoid miss prefer fear breed sell "
    "pick buy order use practise practice detest loathe crave smoke watch sow harvest adopt".split()
)
_FEELING = ("allergic to", "afraid of", "scared of", "terrified of", "fond of", "addicted to", "mad about")


def sorted_out(clause: Clause, rest: str, to: Asking) -> None:
    """What was done to a thing, or is felt about it, asked for by the word for all such things."""
    if clause.copula:
        feeling = next((one for one in _FEELING if rest.startswith(f"{one} ")), "")
        verb = rest.split()[0]
        if feeling:
            _ask(rest.removeprefix(f"{feeling} "), to, feeling)
        elif kinds(verb).get("gerund", "") in _VERBS:
            _ask(rest.removeprefix(f"{verb} "), to, verb)
    elif clause.base in _VERBS and not clause.aux and not rest.startswith("to "):
        for verb in _ALIKE.get(clause.base, (clause.base,)):
            _ask(rest, to, "", verb)


def _ask(thing: str, to: Asking, tail: str, verb: str = "") -> None:
    thing = split_rest(thing)[0]
    sort = sort_of(thing) if thing and names_an_object(thing) else ""
    if not sort or sort in thing.lower().split():
        return
    wider = ["drug"] if sort == "medicine" else ["food"] if tail and is_food(thing) else []
    for said in (sort, *wider):
        for word in (f"which {said}", f"what {said}"):
            if verb:
                to.verb(word, verb)
            else:
                to.own(word, tail)
