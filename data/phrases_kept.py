"""What is asked of things people have and states they are in, in the same words whether told or not."""

from __future__ import annotations

import re


def told_as(use: str) -> str:
    """ "do I go to" as it stands in an indirect question ("I go to")."""
    return use.removeprefix("do ").replace("am I ", "I am ")


_USED = {
    "phone": ("use",),
    "laptop": ("use",),
    "camera": ("use",),
    "bike": ("ride",),
    "car": ("drive", "own"),
}

# How one uses what bears a name, by its kind; asked in the same words whether the name was told or not.
_KINDS_USED = {
    "garage": "do I use|do I go to|do I take my car to",
    "bank": "do I use|am I with",
    "gym pool church mosque temple library school college university nursery pharmacy "
    "supermarket": "do I go to",
    "pub cafe café restaurant bakery bar": "do I go to",
    "club society gang league": "am I in|do I belong to",
    "choir": "am I in|do I sing in",
    "band orchestra quartet": "am I in|do I play in",
    "dentist doctor gp vet hairdresser barber therapist physio physiotherapist optician "
    "mechanic": "do I go to",
    "team shop company business firm": "is mine",
}
USED_AS: dict[str, tuple[tuple[str, str], ...]] = {
    kind: tuple((f"Which {kind} {use}?", f"which {kind} {told_as(use)}") for use in uses.split("|"))
    for kinds, uses in _KINDS_USED.items()
    for kind in kinds.split()
}

KEPT: dict[str, tuple[tuple[str, str], ...]] = {
    f"my {kind}": (
        *(
            (f"{word} {kind} do I {verb}?", f"{word.lower()} {kind} I {verb}")
            for verb in ("have", *used)
            for word in ("What", "Which")
        ),
        (f"What make is my {kind}?", f"what make my {kind} is"),
    )
    for kind, used in _USED.items()
} | {
    "my fear": (
        ("What am I afraid of?", "what I am afraid of"),
        ("What am I scared of?", "what I am scared of"),
    ),
    "my medicine": (
        ("What medicine do I take?", "what medicine I take"),
        ("What medication do I take?", "what medication I take"),
    ),
    "my height": (("How tall am I?", "how tall I am"), ("What is my height?", "what my height is")),
    "my club": (("What club am I in?", "what club I am in"), ("Which club am I in?", "which club I am in")),
    "my pet": (("What pet do I have?", "what pet I have"), ("Which pet do I have?", "which pet I have")),
}

# Of the old and of those before, people often speak in the past.
NAME_BEFORE = (
    ("What was {S} called?", "what {S} was called"),
    ("What was {S's} name?", "what {S's} name was"),
    ("Who was {S}?", "who {S} was"),
)
BEFORE = re.compile(r"my (?:(?:great-)?gran|nan\b|opa\b|oma\b|late |old |former |ex\b|ex-|first |childhood )")
