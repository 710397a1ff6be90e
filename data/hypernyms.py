"""What sort of thing a thing is, in the word people ask with ("Which vegetable do I hate?").

A table and one look-up. Makes, pets, games and languages stand in data/synonyms.py, whose kinds also decide
what a thing is asked against; these here only lend their name to a question.
"""

from __future__ import annotations

import re

from data.synonyms import CONDITIONS, COUNTRIES, kind_of

_SORTS = {
    "vegetable": (
        "beetroot beet carrot potato tomato onion leek cabbage kale spinach broccoli cauliflower celery "
        "celeriac aubergine eggplant courgette zucchini pumpkin squash cucumber pepper lettuce radish "
        "turnip swede parsnip asparagus artichoke fennel okra pea chard rhubarb sprout garlic shallot "
        "chicory rocket mushroom sweetcorn sauerkraut kimchi lentil chickpea bean"
    ),
    "fruit": (
        "apple pear plum quince peach apricot cherry strawberry raspberry blackberry blueberry gooseberry "
        "currant grape fig date mango papaya pineapple banana orange lemon lime grapefruit mandarin "
        "tangerine clementine melon watermelon kiwi pomegranate persimmon lychee guava avocado cranberry "
        "elderberry damson nectarine"
    ),
    "nut": "walnut almond hazelnut cashew pistachio peanut pecan macadamia chestnut",
    "herb": (
        "basil thyme rosemary oregano sage mint dill parsley coriander cilantro tarragon chive chervil "
        "marjoram"
    ),
    "spice": (
        "cinnamon cumin turmeric cardamom saffron paprika nutmeg clove ginger chilli aniseed caraway vanilla"
    ),
    "cheese": (
        "cheddar brie camembert feta gouda stilton halloumi mozzarella parmesan gorgonzola ricotta gruyère"
    ),
    "meat": "beef pork lamb chicken turkey bacon ham veal venison liver sausage salami mutton steak",
    "fish": "salmon tuna cod herring mackerel trout sardine anchovy haddock halibut carp eel pike sea-bass",
    "seafood": "prawn shrimp mussel oyster crab lobster squid octopus clam scallop shellfish",
    "sweet": "liquorice licorice marzipan fudge toffee caramel nougat marshmallow chocolate halva",
    "dessert": (
        "tiramisu pavlova cheesecake trifle crumble brownie pancake waffle sorbet gelato baklava strudel "
        "eclair custard pudding"
    ),
    "dish": (
        "lasagne lasagna risotto paella curry ramen pho sushi pizza carbonara stew goulash chilli "
        "moussaka falafel hummus tagine dumpling pierogi ravioli gnocchi burrito taco quiche omelette "
        "omelet casserole schnitzel borscht bibimbap jollof biryani ceviche haggis tofu porridge fondue"
    ),
    "flower": (
        "rose tulip daffodil lily iris dahlia peony sunflower violet marigold poppy crocus snowdrop "
        "lavender hyacinth carnation chrysanthemum sweet-pea hollyhock foxglove lupin anemone aster "
        "primrose"
    ),
    "tree": "oak birch beech ash maple willow pine fir spruce elm larch cedar yew rowan hazel alder poplar",
    "bird": (
        "robin sparrow blackbird thrush starling crow raven magpie jay owl heron kingfisher swallow swift "
        "eagle buzzard kestrel falcon puffin gull pigeon dove wren finch woodpecker cuckoo crane stork "
        "swan"
    ),
    "animal": (
        "spider snake wasp bee moth butterfly mouse rat bat fox badger hedgehog deer bear wolf shark "
        "whale dolphin otter seal elephant giraffe lion tiger penguin octopus frog toad lizard snail slug "
        "cockroach"
    ),
    "music": (
        "jazz blues techno reggae opera punk metal folk klezmer fado flamenco bluegrass hip-hop ska soul"
    ),
    "subject": (
        "maths math mathematics physics chemistry biology geography history latin philosophy economics "
        "law medicine psychology sociology archaeology architecture astronomy botany geology linguistics "
        "nursing theology"
    ),
    "programming language": (
        "python rust java kotlin haskell javascript typescript golang elixir perl ruby cobol"
    ),
    "medicine": (
        "ibuprofen paracetamol aspirin insulin metformin statin statins sertraline levothyroxine "
        "omeprazole amoxicillin penicillin warfarin antihistamine cetirizine inhaler salbutamol "
        "methotrexate"
    ),
    "country": " ".join(sorted(COUNTRIES - {"jordan", "georgia", "turkey", "chile"})),
    "condition": " ".join(sorted(CONDITIONS)),
}
_SORT_OF = {word: sort for sort, words in reversed(_SORTS.items()) for word in words.split()}
# Kinds of data/synonyms.py whose name asks for one of them.
_ASKED = frozenset("instrument dance game sport craft language".split())
# Of these the words are written with a capital; any other capital is a name's ("Taylor Swift" is no bird).
_CAPITAL = frozenset({"country", "language", "subject", "programming language"})
_PLURAL = re.compile(r"(?:(?<=[^aeiou])ies|(?<=o|h|s|x)es|s)$")


_FOODS = frozenset("vegetable fruit nut herb spice cheese meat fish seafood sweet dessert dish".split())


def is_food(phrase: str) -> bool:
    """Whether a noun phrase names something to eat, as far as the table knows."""
    return sort_of(phrase) in _FOODS


def sort_of(phrase: str) -> str:
    """The sort of thing a noun phrase names by its last word ("hazelnuts" -> "nut"); empty if unknown."""
    words = phrase.replace(",", "").split()
    if not words or " and " in phrase or " or " in phrase:
        return ""
    kind = kind_of(phrase)
    last = words[-1].lower()
    forms = (last, last.removesuffix("s"), _PLURAL.sub("", last), _PLURAL.sub("y", last))
    sort = kind if kind in _ASKED else next((_SORT_OF[form] for form in forms if form in _SORT_OF), "")
    return sort if words[-1] == last or sort in _CAPITAL else ""
