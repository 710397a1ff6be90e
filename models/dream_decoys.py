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
from data.lexicon import COLOURS, CONJUNCTIONS, DETERMINERS, MONTH_NAMES, NUMBERS, PREPOSITIONS, WEEKDAY_NAMES
from data.records import Memory
from data.synonyms import NATIONALITIES, is_country, kind_of, members

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
    "firm": ("Hartwell Foods", "Nordvik Energy", "Bellrock Insurance", "Pellman Motors"),
    "origin": ("Canada", "Portugal", "Norway"),
    "job": ("bus driver", "nurse", "teacher"),
    "colour": ("red", "green", "blue", "yellow", "white"),
    "birthday": ("3 February", "17 June", "29 September"),
    "age": ("23", "48", "61"),
}
# What others like best, for kinds of which no table knows the members.
_BEST = {
    kind: tuple(values.split("|"))
    for kinds, values in (
        ("film movie", "Amadeus|Jaws|Titanic|Notting Hill|Gladiator"),
        ("book novel", "Dracula|Emma|Moby-Dick|Little Women|Jane Eyre"),
        ("song", "Yesterday|Jolene|Waterloo|Hallelujah|Imagine"),
        ("band", "Queen|Genesis|Radiohead|Blondie|Coldplay"),
        ("composer", "Handel|Mozart|Vivaldi|Chopin|Brahms"),
        ("painter artist", "Monet|Vermeer|Turner|Picasso|Matisse"),
        ("author writer poet", "Tolstoy|Dickens|Orwell|Keats|Chekhov"),
        ("food dish meal", "lasagne|paella|goulash|ramen|risotto|shepherd's pie"),
        ("dessert cake pudding", "tiramisu|apple crumble|cheesecake|trifle|baklava"),
        ("cheese", "gouda|feta|stilton|camembert|manchego"),
        ("fruit", "mango|pineapple|rhubarb|papaya|quince"),
        ("vegetable", "kale|fennel|spinach|asparagus|celeriac"),
        ("animal", "otter|badger|giraffe|penguin|octopus"),
        ("bird", "wren|heron|kingfisher|puffin|barn owl"),
        ("flower", "jasmine|honeysuckle|lilac|foxglove|heather"),
        ("tree", "rowan|beech|willow|larch|hornbeam"),
        ("city town place", "Lisbon|Kyoto|Bruges|Vienna|Seville"),
        ("pizza", "margherita|quattro stagioni|calzone|marinara"),
        ("tea", "chamomile|rooibos|earl grey|peppermint"),
    )
    for kind in kinds.split()
}
_TOWNS = ("Bristol", "Malmo", "Porto", "Utrecht", "Graz", "Leeds", "Turin", "Bergen", "Ghent", "Tampere")
_COUNTRIES = ("Canada", "Portugal", "Norway", "Japan", "Chile", "Poland")
_JOBS = ("nurse", "teacher", "bus driver", "plumber", "lawyer", "baker", "librarian", "pilot", "gardener")
_FEARS = "elevators spiders heights snakes needles dentists clowns thunder"
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
        "kitchen bathroom bedroom",
        "cellar attic garage balcony garden",
        "bike scooter van",
        "train tram bus ferry",
        "morning afternoon evening",
        "breakfast lunch dinner",
        "spring summer autumn winter",
        _FEARS,
        "novels poems comics biographies thrillers",
        "python rust java haskell kotlin ruby javascript",
        "sister brother cousin",
        "aunt uncle niece nephew",
        "grandmother grandfather",
        "roses tulips dahlias orchids lavender sunflowers",
        "shelf table bench cupboard wardrobe stool",
        "melatonin magnesium iron zinc",
    )
)
_GROUP_OF = {word: group for group in _GROUPS for word in group}
_GROUPED = frozenset(
    "band team choir group club firm company busines business shop store restaurant cafe café blog podcast "
    "channel school university college church street road town city village state country hometown "
    "league guild orchestra book novel song album show movie film game employer gym "
    "hospital agency farm website".split()
)
# Names of games, makes and the like that are more often something else.
_VERBS = frozenset(
    "go swing skip seat mini mate bridge poker prop alfa guitarra škoda citroën land-rover".split()
)
# Two words for one thing, or a thing and its kind: neither can be asked for beside the other.
_SAME = tuple(
    frozenset(words.split())
    for words in (
        "coffee espresso",
        "persian farsi",
        "chinese mandarin cantonese",
        "violin fiddle",
        "accordion concertina",
        "keeper goalkeeper goalie",
        "catholic christian",
    )
)
# Sports that nobody plays.
_DONE = frozenset("judo karate archery triathlon".split())
_QUALITIES = frozenset(
    "new old older younger big small little huge large great good fresh organic local "
    "favourite favorite".split()
)
# What may stand behind a noun that is swapped; anything else may make one thing of the two.
_BEHIND = (
    PREPOSITIONS | CONJUNCTIONS | frozenset("very too much well better more most every everyday".split())
)
# Breeds and dishes that have a people in their name.
_NAMED = frozenset(
    "shepherd shepard bulldog pointer terrier spaniel wolfhound setter mastiff toast fries press horn "
    "bread muffin".split()
)
_NUMBERS = tuple(word for word, number in NUMBERS.items() if 1 < number <= 20 and word != "couple")
_PLACE = re.compile(
    r"\b(?P<where>in|to|from) (?P<place>[A-Z][a-z][\w'-]*(?: [A-Z][\w'-]+)*(?:, [A-Z][\w.]*)*)"
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
    value: str


def stock(kind: str) -> tuple[str, ...]:
    """Values that people might tell of a slot or of what they like best; none where the kind is unknown."""
    return _STOCK.get(kind) or _BEST.get(kind, ())


def decoys(memory: Memory, active: Collection[Memory], told: Set[str]) -> list[Decoy]:
    """The statement with something else of its kind in the place of its value; none where no kind is sure.

    `told` are the words of all memories, in lower case, which no stock value may repeat.
    """
    rng = random.Random(f"decoys|{memory.id}")
    statement = memory.statement
    start = statement.rfind(memory.value)
    if start < 0 or statement[:start].endswith(", ") or _DOUBTFUL.search(statement) or _past_trade(memory):
        return []
    if memory.slot and memory.relation in _STOCK:
        excluded = True
        swaps = [(memory.value, other) for other in _slot_values(memory, active, rng)]
    else:
        old, others = _swap(memory.value)
        if not others and memory.relation == "favourite":
            old, others = _best(memory)
        standing = _excludes(memory, old) if others else None
        if standing is None or not standing and _unsure(memory, old):
            return []
        excluded = standing
        swaps = [(old, other) for other in others if not _words(other) & told]
        swaps = rng.sample(swaps, len(swaps))
    found = []
    for old, new in swaps:
        head, _, tail = statement.rpartition(old)
        if memory.relation == "job":
            tail = re.sub(r"^ (?:at|in|for|with)\b.*", ".", tail)
        head = re.sub(r"\ban? $", article(new)[: -len(new)], head)
        # Who is a nurse at a school is a nurse.
        if re.search(rf"\b{re.escape(new)}\b", memory.value, re.IGNORECASE):
            continue
        before, _, after = memory.value.rpartition(old)
        found.append(Decoy(f"{head}{new}{tail}", excluded, f"{before}{new}{after}"))
    return found[:MOST]


def _slot_values(memory: Memory, active: Collection[Memory], rng: random.Random) -> list[str]:
    """Values of other memories in the same kind of slot and values from stock, in turns."""
    if memory.relation in {"town", "origin"} and not memory.value[:1].isupper():
        return []
    if f" near {memory.value}" in memory.statement or memory.relation == "name" and _group(memory.subject):
        return []
    if memory.relation == "age":
        return rng.sample(near, len(near)) if (near := _others(memory.value)) else list(_STOCK["age"])
    mine = {m.value for m in active if m.relation == memory.relation and m.subject == memory.subject}
    others = sorted({m.value for m in active if m.relation == memory.relation} - mine)
    named = memory.relation == "employer" and memory.value[:1].isupper()
    # A large firm may be a car factory.
    if memory.relation == "employer" and re.match(r"an? ", memory.value):
        return []
    usual = _STOCK["firm" if named else memory.relation]
    others = [other for other in others if not named or other[:1].isupper()]
    pools = rng.sample(others, len(others)), rng.sample(usual, len(usual))
    return [v for pair in zip_longest(*pools) for v in pair if v and v.casefold() != memory.value.casefold()]


def _best(memory: Memory) -> tuple[str, Sequence[str]]:
    """The whole of what somebody likes best, and others of its kind, written as it is."""
    others = _BEST.get(memory.subject.split()[-1], ())
    fit = memory.value[:1].isupper() == others[0][:1].isupper() if others else False
    return (memory.value, others) if fit and " and " not in memory.value else ("", ())


def _group(subject: str) -> bool:
    """Whether a name is that of people together or of what they run, so that no person's may replace it."""
    return subject.split()[-1].casefold().rstrip("s") in _GROUPED


def _words(text: str) -> set[str]:
    return set(text.casefold().split())


def _excludes(memory: Memory, word: str) -> bool | None:
    """Whether the value of a memory rules out another in the place of `word`; None when nobody can say."""
    verb, value = memory.relation, memory.value
    whole = value.casefold() == word.casefold()
    if _counts(memory, word):
        return True
    taught = verb == "teach" and " taught " in memory.statement
    if verb in _ROOM or taught or verb == "be" and _OPEN_STATES.match(value):
        return None if word.isdigit() or word.casefold() in {*COLOURS, *_NUMBERS} else False
    if verb in _ONE_ONLY:
        return True
    if verb in {"day", "date"} or verb == "is" and value.startswith("on "):
        return True if " and " not in value and "," not in value else None
    if verb == "is" and kind_of(value) == "car":
        return memory.subject.split()[-1] == "car" or None
    if verb in {"be", "favourite"} and not (value.startswith("in ") and word.casefold() in COLOURS):
        return True if whole or profession(value) or value.startswith(("in ", "from ", "on ")) else None
    return None


def _counts(memory: Memory, word: str) -> bool:
    """Whether `word` is the number the value begins with, and no other number is the same."""
    number = word.isdigit() or word.casefold() in _NUMBERS
    return number and memory.value.startswith(word) and memory.value.count(word) == 1


def _past_trade(memory: Memory) -> bool:
    """Whether a trade was told that somebody had once: it leaves room for others."""
    if memory.relation != "job" and not profession(memory.value):
        return False
    return re.search(r"\b(?:was|were|been|former|retired|ex)\b", memory.statement) is not None


def _unsure(memory: Memory, word: str) -> bool:
    """Whether something told beside others is not surely of the kind that the swap takes it for."""
    value, low = memory.value, word.casefold()
    _, _, after = value.rpartition(word)
    if word in MONTH_NAMES:
        return re.match(r" \d{4}\b", after) is not None
    if low in _FEARS.split():
        return memory.relation not in {"hate", "dislike", "be"}
    if kind_of(low.capitalize()) == "car":
        return memory.relation not in {"have", "own"}
    if kind_of(low) == "drink":
        return memory.relation == "allergy" or value.startswith("allergic")
    place = _PLACE.search(value)
    if place and place["place"] == word and not is_country(word):
        return place["where"] != "in" or value.startswith("interested")
    return False


def _swap(value: str) -> tuple[str, Sequence[str]]:
    """The last part of a value whose kind is known, and others of that kind."""
    if profession(value):
        return value.split(" ", 1)[1], _JOBS
    for word in reversed(re.findall(r"[\w-]+", value)):
        others = _beside(word, value)
        if others:
            return word, others
    place = _PLACE.search(value)
    if place and place["place"].split()[0] not in {*MONTH_NAMES, *WEEKDAY_NAMES}:
        return place["place"], _COUNTRIES if is_country(place["place"]) else _TOWNS
    return "", ()


def _beside(word: str, value: str) -> list[str]:
    """Words of the kind of `word` that may stand in its place in a value: no part of a name or a compound."""
    others, low = _others(word), word.casefold()
    if not others or not (_GROUP_OF.get(low) or members(low)):
        return others
    before, _, after = value.rpartition(word)
    left = re.findall(r"[\w'-]+,?$", before.rstrip())
    right = re.findall(r"^ ([\w'-]+)", after)
    if [w for w in (*left, *right) if w[:1].isupper() and not w.endswith(",")]:
        return []
    one = bool(left) and left[0].casefold() in {"a", "an"}
    if low in NATIONALITIES:
        noun = bool(right) and right[0] not in _BEHIND
        if right and right[0].rstrip("s") in _NAMED or one and not noun:
            return []
        return [other for other in others if not noun or other.casefold() in NATIONALITIES]
    if right and right[0] not in _BEHIND or left and not _leads(left[0], before):
        return []
    if kind_of(low) != "sport":
        return [other for other in others if not (one and other.casefold() in {"drums", "bagpipes"})]
    return [
        other
        for other in others
        if other.endswith("ing") == low.endswith("ing") and (other.casefold() in _DONE) == (low in _DONE)
    ]


def _leads(word: str, before: str) -> bool:
    """Whether the last word before a noun leaves it the noun it is ("playing", "the", "to drink")."""
    low = word.casefold()
    return (
        low.endswith((",", "ing"))
        or low.isdigit()
        or low in DETERMINERS | PREPOSITIONS | CONJUNCTIONS | _QUALITIES
        or re.search(r"\bto [\w-]+$", before.rstrip()) is not None
    )


def _others(word: str) -> list[str]:
    """Words of the kind of `word`, written as it is; none where its kind is not known."""
    low = word.casefold()
    plural = "s" if low.endswith("s") else ""
    if low.removesuffix("s").capitalize() in WEEKDAY_NAMES:
        return [f"{day}{plural}" for day in WEEKDAY_NAMES if day.casefold() != low.removesuffix("s")]
    if word in MONTH_NAMES:
        return [month for month in MONTH_NAMES if month != word]
    if low in COLOURS:
        return [colour for colour in (*_STOCK["colour"], "pink", "black") if colour != low]
    if low in _NUMBERS:
        return [number for number in _NUMBERS if number != low]
    if word.isdigit() and len(word) <= 3:
        return [str(int(word) + step) for step in (1, 2, 3, 5, 8, 10)]
    others = () if low in _VERBS else _GROUP_OF.get(low) or members(low)
    same = {low, *_VERBS, *(word for words in _SAME if low in words for word in words)}
    capital = word[:1].isupper()
    written = {"bmw": "BMW"}
    return [
        written.get(other, other.capitalize()) if capital else other for other in others if other not in same
    ]
