"""Things people may tell and may not have told: a grid of slots, topics, strangers and yes/no questions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from data.grammar import possessive
from data.phrases_kept import KEPT

PERSONS = tuple(
    f"my {p}"
    for p in (
        "sister brother mother father wife husband son daughter aunt uncle cousin grandmother "
        "grandfather boss neighbour dentist doctor "
        "landlord flatmate niece nephew teacher colleague mother-in-law brother-in-law sister-in-law "
        "godmother girlfriend boyfriend hairdresser "
        "coach therapist kid child partner mum dad manager roommate"
    ).split()
) + ("my best friend", "my oldest friend")


ANIMALS = tuple(
    f"my {p}"
    for p in "dog cat horse rabbit hamster parrot goldfish tortoise pony goat snake ferret pet".split()
)


NAMED_THINGS = tuple(
    f"my {p}" for p in "car boat bicycle band choir guitar blog company robot sourdough team".split()
)


OWN_ATTRIBUTES = (
    "shoe size|blood type|star sign|middle name|maiden name|phone number|favourite colour|"
    "favourite film|favourite book|favourite song|"
    "favourite band|favourite season|favourite dessert|favourite animal|favourite sport|"
    "favourite city|favourite drink|favourite flower|"
    "favourite teacher|favourite number|favourite painter|favourite game|favourite restaurant|"
    "favourite pizza|favourite tea|"
    "favourite holiday|favourite smell|favourite vegetable|favourite fruit|favourite cheese|"
    "favourite ice cream|favourite word|nickname|"
    "dress size|ring size|hat size|licence plate|locker number|bank|wedding date|postcode|street|"
    "house number|salary|"
    "dream job|first language|car brand|phone model|eye colour|hair colour|height|weight|religion|"
    "university|primary school|"
    "first pet|favourite uncle|doctor's surgery|lucky number|bus line|alarm time|gym|football team"
).split("|")


PERSON_ATTRIBUTES = (
    "favourite food",
    "favourite song",
    "nickname",
    "shoe size",
    "favourite colour",
    "hobby",
    "middle name",
    "star sign",
    "phone number",
)
ANIMAL_ATTRIBUTES = ("breed", "favourite toy", "favourite treat", "vet", "weight")
THING_ATTRIBUTES = ("price", "size", "brand", "weight", "age")


STRANGERS = tuple(
    (
        "Barnaby Clementine Ambrose Lavinia Horatio Winifred Cosmo Philippa Leander Odette Rufus Henrike "
        "Bartholomew Isolde Quentin Marigold"
    ).split()
)


UNTOLD_POLAR = tuple(
    (f"{front} I {rest}?", f"you {rest if front == 'Do' else f'{second} {rest}'}", word)
    for front, second, rest, word in (
        ("Do", "have", "have a parrot", "parrot"),
        ("Do", "have", "have a piano", "piano"),
        ("Do", "have", "have a twin", "twin"),
        ("Do", "own", "own a boat", "boat"),
        ("Do", "smoke", "smoke", "smoke"),
        ("Do", "speak", "speak Japanese", "japanese"),
        ("Do", "play", "play golf", "golf"),
        ("Do", "play", "play the drums", "drums"),
        ("Do", "wear", "wear glasses", "glasses"),
        ("Do", "like", "like olives", "olives"),
        ("Do", "like", "like opera", "opera"),
        ("Do", "drive", "drive a tractor", "tractor"),
        ("Do", "keep", "keep a diary", "diary"),
        ("Do", "sing", "sing in the shower", "shower"),
        ("Am", "are", "afraid of spiders", "spiders"),
        ("Am", "are", "allergic to bee stings", "bee"),
        ("Am", "are", "left-handed", "left"),
        ("Am", "are", "good at chess", "chess"),
        ("Can", "can", "swim", "swim"),
        ("Can", "can", "ski", "ski"),
    )
)


# What may be true of somebody around the person; the words that would show it to have been told come behind.
UNTOLD_OF_SOMEBODY = tuple(
    (said, tuple(words.split()))
    for said, words in (
        ("is a dentist", "dentist dentists"),
        ("is a pilot", "pilot pilots flies"),
        ("is a lawyer", "lawyer solicitor law"),
        ("is a plumber", "plumber plumbing"),
        ("is a nurse", "nurse nursing hospital"),
        ("is a dancer", "dancer dances dance ballet"),
        ("is a firefighter", "firefighter fire"),
        ("is a farmer", "farmer farm farms goats sheep"),
        ("is a chef", "chef cook cooks kitchen"),
        ("is a translator", "translator translates"),
        ("is an architect", "architect"),
        ("is a soldier", "soldier army"),
        ("was a teacher", "teacher teaches taught school"),
        ("was a sailor", "sailor navy sails"),
        ("is vegan", "vegan vegetarian meat"),
        ("is left-handed", "left handed"),
        ("is colour-blind", "blind"),
        ("is afraid of heights", "heights afraid scared"),
        ("is allergic to nuts", "nuts allergic allergy cashews peanuts"),
        ("is allergic to cats", "cats allergic allergy"),
        ("has diabetes", "diabetes diabetic"),
        ("has twins", "twins twin"),
        ("has a wooden leg", "leg"),
        ("has a pilot's licence", "licence pilot"),
        ("keeps chickens", "chickens hens"),
        ("keeps snakes", "snakes snake"),
        ("keeps horses", "horses horse"),
        ("speaks Finnish", "finnish finland"),
        ("speaks Portuguese", "portuguese portugal brazil"),
        ("lives in Norway", "norway oslo"),
        ("lives in Canada", "canada toronto"),
        ("comes from Peru", "peru"),
        ("plays the cello", "cello"),
        ("plays the trumpet", "trumpet"),
        ("plays rugby", "rugby"),
        ("sings in a choir", "choir sings"),
        ("collects stamps", "stamps"),
        ("drives a taxi", "taxi"),
        ("drives a tractor", "tractor farm"),
        ("works at a bank", "bank"),
        ("works nights", "nights night"),
        ("can't swim", "swim swims swimming"),
        ("can't drive", "drive drives driving"),
        ("can't cook", "cook cooks cooking"),
        ("hates mushrooms", "mushrooms"),
        ("loves opera", "opera"),
        ("snores", "snores snoring"),
        ("smokes a pipe", "pipe smokes"),
        ("runs marathons", "marathon marathons"),
        ("studies chemistry", "chemistry"),
        ("got married in May", "married wedding"),
        ("broke an ankle", "ankle"),
        ("moved to Spain", "spain"),
        ("retired last year", "retired"),
    )
)


TOPICS = (
    "skydiving|the harp|my holiday in Peru|learning Greek|my garden shed|stamp collecting|"
    "my old motorbike|the marathon|ballet lessons|"
    "my driving test|scuba diving|my broken arm|the chess club|my tattoo|my first flat|bird watching|"
    "my trip to Norway|fencing|"
    "my piano exam|cheese making|my old school|the neighbours' party|my glasses|sailing|my operation|"
    "juggling|my tax return|the violin|"
    "beekeeping|my wedding|horse riding|my stamp album|my last birthday party|pottery|my new laptop|"
    "rock climbing|my dance class|the trombone|"
    "my allotment|my headaches|cooking classes|my moped|my favourite museum|karate|my back pain|"
    "winter swimming"
).split("|")


@lru_cache
def untold_slots() -> Sequence[tuple[str, str]]:
    """The grid of (subject, relation) slots that a person may or may not have told."""
    grid = [(person, relation) for relation in ("name", "birthday") for person in PERSONS]
    grid += [
        (person, relation) for relation in ("job", "employer", "town", "age", "origin") for person in PERSONS
    ]
    grid += [(animal, relation) for relation in ("name", "birthday", "colour", "age") for animal in ANIMALS]
    grid += [(thing, relation) for relation in ("name", "colour") for thing in NAMED_THINGS[:6]]
    grid += [(thing, "name") for thing in NAMED_THINGS[6:]]
    grid += [(f"my {name}", "is") for name in OWN_ATTRIBUTES]
    grid += [(possessive(person) + " " + name, "is") for person in PERSONS for name in PERSON_ATTRIBUTES]
    grid += [
        ("I", relation)
        for relation in ("employer", "job", "town", "origin", "age", "allergy", "birthday", "name")
    ]
    grid += [("I", kept) for kept in KEPT]
    grid += [(f"my {noun}", "is") for noun in ("job title", "position at work", "nationality", "address")]
    return grid
