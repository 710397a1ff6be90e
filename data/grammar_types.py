"""What kind of thing a verb's object is, so that a question can name it ("Which car do I drive?")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.lexicon import KIN, PETS, WEEKDAY_NAMES
from data.synonyms import is_country

_KINDS = {
    "drive": ("car", "vehicle"),
    "speak": ("language",),
    "study": ("subject",),
    "learn": ("subject",),
    "teach": ("subject",),
    "read": ("book",),
    "watch": ("programme",),
    "eat": ("food",),
    "support": ("team",),
    "visit": ("place",),
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
    "work in": ("place",),
    "work as": ("job",),
    "study at": ("university", "school"),
    "sing in": ("choir", "group"),
    "play in": ("band", "team"),
    "play for": ("team",),
}
WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAY_NAMES)})s?\b", re.IGNORECASE)


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


def ages(subject: str, value: str) -> bool:
    """Whether a number is an age: it says so itself, or it is told of somebody who grows older."""
    return re.search(r"[a-z] old$", value) is not None or any(
        re.sub(r"^step(?=kid|child)|'s?$|s$", "", word) in KIN | PETS or word in {"i", "we", "car", "house"}
        for word in subject.lower().split()[-1:]
    )


def is_colour(text: str) -> bool:
    """Whether a predicate is a colour."""
    return _COLOUR.fullmatch(text) is not None


# Where people work, and yet no place.
_FIELD = re.compile(
    r"\b(?:system|industry|sector|business|trade|profession|service|services|market|economy|sciences?|arts?|"
    r"military|army|navy|marines|force|media|community)$"
)
# Driven, and yet no car.
_RIDDEN = re.compile(
    r"\b(?:bus|tram|lorry|truck|van|taxi|cab|train|forklift|ambulance|crane|coach|digger|tractor|motorbike|"
    r"scooter|moped)(?:es|s)?\b",
    re.IGNORECASE,
)
# With these only a thing with a name is asked for by its kind.
_NAMED = frozenset({"watch", "visit", "go to"})
_BOOK = re.compile(
    r"(?:an?|the|my|this|one) (?:[\w'-]+ )*book(?: of .+)?|[A-Z][\w'-]*(?: (?:of|the|and|[A-Z][\w'-]*))*"
)


def asked_kinds(verb: str, thing: str) -> Sequence[str]:
    """Nouns that "which" may ask for with this verb, given what was said; none where no noun is sure."""
    if verb == "read" and not _BOOK.fullmatch(thing) or verb in _NAMED and thing.islower():
        return ()
    if verb == "support" and thing.islower() and " " in thing:
        return ()
    if verb == "work in" and _FIELD.search(thing):
        return ("field",)
    if verb in {"work in", "live in"} and re.match(r"an? ", thing):
        return ()
    if verb == "work in" and re.match(r"(?:the|my|our) ", thing):
        return ("place",)
    if verb == "work in" and thing.islower():
        return ("field",)
    if verb == "live on" and not re.search(r"\b(?:street|road|avenue|lane|drive)\b", thing, re.IGNORECASE):
        return ()
    if verb == "drive" and _RIDDEN.search(thing):
        return ("vehicle",)
    if verb == "learn" and re.fullmatch(r"[A-Z][a-z]+(?:an|ish|ese|ch|ic|ek|in)", thing):
        return ("language",)
    if verb.endswith(" on") and WEEKDAY.search(thing):
        return ("day",)
    kinds = tuple(kind for kind in _KINDS.get(verb, ()) if kind not in thing.lower().split())
    return kinds if names_a_town(thing) else tuple(kind for kind in kinds if kind not in {"town", "city"})


_BUILT = re.compile(
    r" (?:hall|high|school|college|university|academy|street|road|avenue|lane|hospital|church|library)$",
    re.IGNORECASE,
)


def names_a_town(place: str) -> bool:
    """Whether a place may be a town by its look: no country, no "the hills" or "a flat", no "Marrow Hall"."""
    place = re.split(r",| (?:near|with|in|and|but|by|on|at|for) ", place)[0]
    vague = re.match(r"(?:an?|the|my|our|this|that|rural|near|\d+)\b", place, re.IGNORECASE)
    return not vague and not is_country(place) and not _BUILT.search(place)
