"""What kind of thing a verb's object is, so that a question can name it ("Which car do I drive?")."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KINDS = {
    "drive": ("car", "vehicle"),
    "speak": ("language",),
    "study": ("subject",),
    "learn": ("subject", "thing"),
    "teach": ("subject",),
    "read": ("book",),
    "watch": ("programme",),
    "drink": ("drink",),
    "eat": ("food",),
    "cook": ("dish",),
    "bake": ("cake", "thing"),
    "grow": ("plants",),
    "collect": ("things",),
    "support": ("team",),
    "wear": ("clothes",),
    "visit": ("place",),
    "own": ("thing",),
    "fear": ("thing",),
    "hate": ("thing",),
    "love": ("thing",),
    "live in": ("town", "city", "place"),
    "live on": ("street", "road"),
    "live at": ("address", "place"),
    "grow up in": ("town", "place"),
    "grow up on": ("island", "place"),
    "move to": ("town", "city", "place"),
    "travel to": ("place", "country"),
    "go to": ("place",),
    "fly to": ("place", "city"),
    "work at": ("company", "place"),
    "work for": ("company", "employer"),
    "work in": ("place", "field"),
    "work as": ("job",),
    "study at": ("university", "school"),
    "sing in": ("choir", "group"),
    "play in": ("band", "team"),
    "play for": ("team",),
}
WEEKDAY = re.compile(r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b", re.IGNORECASE)


_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_AGE = re.compile(
    rf"(?:\d{{1,3}}|{_UNITS}|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    rf"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-(?:{_UNITS}))?)(?: (?:years|months|weeks) old)?",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"(?:(?:dark|light|bright|pale|dyed|painted) )?(?:red|green|blue|yellow|white|black|brown|grey|gray|pink"
    r"|purple|orange|teal|turquoise|silver|beige|ginger|blond|blonde|violet|maroon|navy|gold)",
    re.IGNORECASE,
)


def is_age(text: str) -> bool:
    """Whether a predicate is an age, in figures or words."""
    return _AGE.fullmatch(text) is not None


def is_colour(text: str) -> bool:
    """Whether a predicate is a colour."""
    return _COLOUR.fullmatch(text) is not None


_BOOK = re.compile(
    r"(?:an?|the|my|this|one) (?:[\w'-]+ )*book(?: of .+)?|[A-Z][\w'-]*(?: (?:of|the|and|[A-Z][\w'-]*))*"
)


def asked_kinds(verb: str, thing: str) -> Sequence[str]:
    """Nouns that "which" may ask for with this verb, given what was said; none where no noun is sure."""
    if verb == "play":
        return ("instrument",) if thing.lower().startswith("the ") else ("game", "sport")
    if verb == "read" and not _BOOK.fullmatch(thing):
        return ()
    if verb == "learn" and re.fullmatch(r"[A-Z][a-z]+(?:an|ish|ese|ch|ic|ek|in)", thing):
        return ("language",)
    if verb.endswith(" on") and WEEKDAY.search(thing):
        return ("day",)
    return _KINDS.get(verb, ())
