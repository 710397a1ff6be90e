"""Requests for help that name somebody or something of the person's own.

A night asks for hundreds of things about "my sister"; a model that has never been asked to write to her takes
every request for a question, and answers that it was not told.
"""

from __future__ import annotations

from data.grammar_clauses import capitalise
from data.phrases_untold import ANIMALS, NAMED_THINGS, PERSONS
from data.seeds import SeedRequest

_ABOUT_PERSONS = (
    "Write a birthday card for {S}.",
    "What could I give {S} for Christmas?",
    "How do I say sorry to {S}?",
    "Help me write a message to {S}.",
    "What can I cook for {S} tonight?",
    "How can I cheer {S} up?",
    "Tell me a joke for {S}.",
    "I had an argument with {S}. What should I do?",
    "{S} is ill. How can I help?",
    "how do i ask {S} for a favour",
    "Suggest something to do with {S} at the weekend.",
    "What can I talk about with {S}?",
    "Write four lines of verse for {S}.",
    "Explain the internet so that {S} understands it.",
    "Should I invite {S} to the party?",
    "{S} never calls back. What could I do?",
)
_ABOUT_ANIMALS = (
    "How do I keep {S} busy?",
    "What may {S} eat?",
    "{S} is scared of thunder. What can I do?",
    "how often should {S} see a vet",
    "Write a short poem about {S}.",
    "How do I travel with {S}?",
    "{S} has fleas. Help!",
    "Suggest a game for {S}.",
)
_ABOUT_THINGS = (
    "How do I clean {S}?",
    "{S} is broken. What should I do?",
    "Write an advert for {S}.",
    "what should i check before i sell {S}",
    "Give me three ideas for {S}.",
    "How can I take better photos of {S}?",
)
_FAMILIES = {
    "my people": (_ABOUT_PERSONS, PERSONS),
    "my animals": (_ABOUT_ANIMALS, ANIMALS),
    "my things": (_ABOUT_THINGS, NAMED_THINGS),
}
OF_MINE = frozenset(_FAMILIES)


def requests() -> tuple[SeedRequest, ...]:
    """Every request about whom and what most people have, in a fixed order; all of them are trained."""
    return tuple(
        SeedRequest(f"help-{kind.replace(' ', '-')}-{which}-{number}", kind, "train", _about(form, subject))
        for kind, (forms, subjects) in _FAMILIES.items()
        for number, subject in enumerate(subjects)
        for which, form in enumerate(forms)
        # Each subject takes part of the forms, so that the set stays small and no pair is alike.
        if (number + which) % 2 == 0
    )


def _about(form: str, subject: str) -> str:
    return form.replace("{S}", capitalise(subject) if form.startswith("{S}") else subject)
