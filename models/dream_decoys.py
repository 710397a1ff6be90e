"""What a person might have told instead: "My hair is teal" may be asked about as pink, never as nine.

Some values leave no room for others: hair that is teal is not pink. Others do: who likes music may like
biology too, and who is allergic to penicillin perhaps to more; nobody may deny that.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from data.grammar import article
from data.grammar_professions import profession
from data.lexicon import COLOURS, MONTH_NAMES, NUMBERS, WEEKDAY_NAMES
from data.records import Memory
from data.synonyms import is_country, members

MOST = 6

_STOCK = {
    "name": (
        "Rex",
        "Nora",
        "Milo",
        "Greta",
        "Oscar",
        "Tilda",
        "Bruno",
        "Wanda",
        "Sunniva",
        "Kasper",
        "Ottilie",
        "Ravi",
        "Marisol",
        "Torben",
        "Yuki",
        "Amaro",
    ),
    "employer": ("the post office", "a car factory", "the airport", "the town library"),
    "town": ("Bristol", "Malmo", "Porto", "Utrecht", "Graz"),
    "origin": ("Canada", "Portugal", "Norway"),
    "job": ("bus driver", "nurse", "teacher"),
    "colour": ("red", "green", "blue", "yellow", "white"),
    "birthday": ("3 February", "17 June", "29 September"),
    "age": ("23", "48", "61"),
}
_TOWNS = ("Bristol", "Malmo", "Porto", "Utrecht", "Graz", "Leeds", "Turin", "Bergen", "Ghent", "Tampere")
_COUNTRIES = ("Canada", "Portugal", "Norway", "Japan", "Chile", "Poland")
_JOBS = ("nurse", "teacher", "bus driver", "plumber", "lawyer", "baker", "librarian", "pilot", "gardener")
_GROUPS = tuple(
    tuple(words.split())
    for words in (
        "biology chemistry physics maths geography history economics philosophy",
        "hazelnuts walnuts peanuts almonds cashews pistachios sesame",
        "penicillin aspirin ibuprofen amoxicillin paracetamol codeine",
        "pollen dust latex wool nickel feathers",
        "gluten lactose soy celery mustard eggs shellfish",
        "apples pears plums cherries strawberries oranges bananas grapes",
        "tomatoes carrots onions potatoes cucumbers pumpkins beans peas courgettes",
        "pasta rice pizza soup curry sushi dumplings lasagne noodles salad",
        "hats scarves socks mittens jumpers gloves blankets",
        "kitchen bathroom bedroom cellar attic garage balcony garden",
        "bike train tram bus ferry van scooter",
        "morning afternoon evening",
        "breakfast lunch dinner",
        "spring summer autumn winter",
        "elevators spiders heights snakes needles dentists clowns thunder",
        "novels poems comics biographies thrillers",
        "python rust java haskell kotlin ruby javascript",
        "sister brother aunt uncle cousin grandmother grandfather niece nephew",
        "roses tulips dahlias orchids lavender sunflowers",
        "shelf table bench cupboard wardrobe stool",
        "left right",
        "melatonin magnesium iron zinc",
    )
)
_GROUP_OF = {word: group for group in _GROUPS for word in group}
_PAINTS = ("red", "green", "blue", "yellow", "white", "pink", "black")
# Names of games, makes and the like that are more often something else.
_VERBS = frozenset("go swing skip seat mini mate bridge poker prop alfa".split())
_NUMBERS = tuple(word for word, number in NUMBERS.items() if 1 < number <= 20 and word != "couple")
_PLACE = re.compile(
    r"\b(?:in|to|from|near) (?P<place>[A-Z][a-z][\w'-]*(?: [A-Z][\w'-]+)*)"
    r"(?=$|[.,]| (?:in|since|for|with|and|on|at)\b)"
)
# With these verbs another value would take the place of the one that was told.
_ONE_ONLY = frozenset({"live", "move", "grow", "come", "teach", "drive", "work"})
# With these there is room for another beside it.
_ROOM = frozenset(
    "like love enjoy hate dislike play speak collect own have eat drink read watch allergy learn bake "
    "cook knit sew sell coach study".split()
)
# A statement with one of these says more than its value.
_DOUBTFUL = re.compile(r"\(|\b(?:never|not|no|only|used to)\b")
_OPEN_STATES = re.compile(r"(?:allergic|scared|afraid|terrified|fond|good|bad|into|interested|a fan)\b")


@dataclass(frozen=True, slots=True)
class Decoy:
    """A statement with another value; `excluded` when the told one leaves no room for it."""

    statement: str
    excluded: bool


def decoys(memory: Memory, active: Collection[Memory], told: Set[str]) -> list[Decoy]:
    """The statement with something else of its kind in the place of its value; none where no kind is sure.

    `told` are the words of all memories, in lower case, which no stock value may repeat.
    """
    rng = random.Random(f"decoys|{memory.id}")
    statement = memory.statement
    start = statement.rfind(memory.value)
    if start < 0 or statement[:start].endswith(", ") or _DOUBTFUL.search(statement):
        return []
    if memory.slot and memory.relation in _STOCK:
        excluded = True
        swaps = [(memory.value, other) for other in _slot_values(memory, active, rng)]
    else:
        old, others = _swap(memory.value)
        standing = _excludes(memory, old)
        if standing is None:
            return []
        excluded = standing
        swaps = [(old, other) for other in others if not _words(other) & told]
        swaps = rng.sample(swaps, len(swaps))
    found = []
    for old, new in swaps:
        head, _, tail = statement.rpartition(old)
        head = re.sub(r"\ban? $", article(new)[: -len(new)], head)
        if f"{head}{new}{tail}".casefold() != statement.casefold():
            found.append(Decoy(f"{head}{new}{tail}", excluded))
    return found[:MOST]


def _slot_values(memory: Memory, active: Collection[Memory], rng: random.Random) -> list[str]:
    """Values of other memories in the same kind of slot and values from stock, in turns."""
    if memory.relation in {"town", "origin"} and not memory.value[:1].isupper():
        return []
    if memory.relation == "age":
        return rng.sample(near, len(near)) if (near := _others(memory.value)) else list(_STOCK["age"])
    mine = {m.value for m in active if m.relation == memory.relation and m.subject == memory.subject}
    others = sorted({m.value for m in active if m.relation == memory.relation} - mine)
    pools = rng.sample(others, len(others)), rng.sample(_STOCK[memory.relation], len(_STOCK[memory.relation]))
    return [v for pair in zip_longest(*pools) for v in pair if v and v.casefold() != memory.value.casefold()]


def _words(text: str) -> set[str]:
    return set(text.casefold().split())


def _excludes(memory: Memory, word: str) -> bool | None:
    """Whether the value of a memory rules out another in the place of `word`; None when nobody can say."""
    verb, value = memory.relation, memory.value
    whole = value.casefold() == word.casefold()
    if _counts(memory, word):
        return True
    if verb in _ROOM or verb == "be" and _OPEN_STATES.match(value):
        return None if word.isdigit() or word.casefold() in {*COLOURS, *_NUMBERS} else False
    if verb in _ONE_ONLY:
        return True
    if verb in {"be", "favourite"}:
        return True if whole or profession(value) or value.startswith(("in ", "from ", "on ")) else None
    return None


def _counts(memory: Memory, word: str) -> bool:
    """Whether `word` is the number the value begins with."""
    return (word.isdigit() or word.casefold() in _NUMBERS) and memory.value.startswith(word)


def _swap(value: str) -> tuple[str, Sequence[str]]:
    """The last part of a value whose kind is known, and others of that kind."""
    if profession(value):
        return value.split(" ", 1)[1].split(" at ")[0].split(" in ")[0].split(" for ")[0], _JOBS
    for word in reversed(re.findall(r"[\w-]+", value)):
        others = _others(word)
        if others:
            return word, others
    place = _PLACE.search(value)
    if place and place["place"].split()[0] not in {*MONTH_NAMES, *WEEKDAY_NAMES}:
        return place["place"], _COUNTRIES if is_country(place["place"]) else _TOWNS
    return "", ()


def _others(word: str) -> list[str]:
    """Words of the kind of `word`, written as it is; none where its kind is not known."""
    low = word.casefold()
    plural = "s" if low.endswith("s") else ""
    if low.removesuffix("s").capitalize() in WEEKDAY_NAMES:
        return [f"{day}{plural}" for day in WEEKDAY_NAMES if day.casefold() != low.removesuffix("s")]
    if word in MONTH_NAMES:
        return [month for month in MONTH_NAMES if month != word]
    if low in COLOURS:
        return [
            colour for colour in ("red", "green", "blue", "yellow", "white", "pink", "black") if colour != low
        ]
    if low in _NUMBERS:
        return [number for number in _NUMBERS if number != low]
    if word.isdigit() and len(word) <= 3:
        return [str(int(word) + step) for step in (1, 2, 3, 5, 8, 10)]
    others = () if low in _VERBS else _GROUP_OF.get(low) or members(low)
    capital = word[:1].isupper()
    return [
        other.capitalize() if capital else other for other in others if other != low and other not in _VERBS
    ]
