"""A name that steps in: the pet, the plant or the friend a chat has spoken of is called by it.

"My bike squeaks ... Hortensia purrs again" names the bike. Only what the kind spoken of can do or be makes a
bare name its name, and only where nothing else in the chat could bear it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.lexicon import KIN, PETS, THINGS
from data.lexicon_verbs import kinds
from quality.bearers import names_in
from quality.discourse import Discourse
from quality.found import Found
from quality.names import CAP, PERSON_ROLE, is_name, named, one_of

_ALIVE = re.compile(
    r"^(?P<name>[A-ZÀ-Þ][a-zà-ÿ'-]{2,}) (?:(?:is|was) (?:now |just |still |again )*(?:sitting|lying|"
    r"sleeping|staring|hiding|"
    r"eating|scratching|limping|shedding|purring|barking|asleep|curled|back on|on the (?:sofa|bed|mat|"
    r"windowsill))|"
    r"has been alive|(?:still |just )?(?:purrs|barks|meows|miaows|squeaks|rattles|starts|runs|rises|"
    r"bubbles|smells|sheds|"
    r"scratches|sleeps) ?(?:again|now|like|on|in|all|at|$))\b",
)
_LEAFY = re.compile(
    r"^(?P<name>[A-ZÀ-Þ][a-zà-ÿ'-]{2,}) (?:has|hasn'?t|is|isn'?t|won'?t|refuses to) "
    r"(?:put out|putting out|grow|grown|growing|dropped|dropping|lost|losing) "
    r"(?:(?:an?|any|his|her|its|new|all|one|single) )*(?:leaf|leaves|buds?|flowers?)\b"
)
_A_PLANT = re.compile(r"\b(?:my|our|an?|the|this) (?P<plant>plant|cactus)\b(?! pot)", re.IGNORECASE)
_ONE_MORE = re.compile(
    rf"\b(?:there'?s|(?:i|we)(?:'ve| have)? (?:got|have|adopted)) (?:an? )?(?P<which>second|third|another) "
    rf"(?P<pet>{'|'.join(sorted(PETS))})\b",
    re.IGNORECASE,
)
_ITS_KIND = re.compile(
    r"\b(?:my|our) (?P<one>[a-z-]+)(?: (?P<two>[a-z-]+))?\b|^(?:the )?(?P<bare>[a-z-]+)\b", re.IGNORECASE
)


def nameless(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """A name that does what only the animal or thing spoken of just before can do."""
    match = _ALIVE.match(text)
    if (
        not match
        or match["name"].lower() in discourse.named
        or kinds(match["name"])
        or not is_name(match["name"])
    ):
        return []
    known = {
        phrase.split()[1]
        for phrase in discourse.named.values()
        if phrase.startswith("my ") and " " in phrase[3:]
    }
    for said in reversed(before[-4:]):
        for own in _ITS_KIND.finditer(said):
            for head in (own["two"], own["one"], own["bare"]):
                if head and head.lower() in PETS | THINGS and head.lower() not in known:
                    return [named(head.lower(), match["name"])]
    return []


def one_more(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """ "There's a second cat. Followed me home. Bobbin.": the name alone after a pet that is new."""
    name = text.rstrip(".! ")
    more = [match for said in before[-2:] for match in _ONE_MORE.finditer(said)]
    pets = {word for said in before[-2:] for word in re.findall(r"[a-z]+", said.lower()) if word in PETS}
    if len(more) != 1 or len(pets) != 1 or not re.fullmatch(CAP, name) or kinds(name) or not is_name(name):
        return []
    which, pet = more[0]["which"].lower(), more[0]["pet"].lower()
    if name.lower() in discourse.named:
        return []
    return [one_of(pet, name) if which == "another" else named(f"{which} {pet}", name)]


def leafy(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """ "Can a plant sulk? Gerald hasn't put out a leaf": what only the plant spoken of can do."""
    match = _LEAFY.match(text)
    plants = {m["plant"].lower() for said in before[-2:] for m in _A_PLANT.finditer(said)}
    if not match or len(plants) != 1 or match["name"].lower() in discourse.named or kinds(match["name"]):
        return []
    return [named(plants.pop(), match["name"])] if is_name(match["name"]) else []


_IS_MINE = re.compile(
    rf"^(?:(?:[a-z]+ ){{0,2}}[a-z]+, )?(?:she|he)(?:'s|s| is) (?:my|the(?= land)) (?P<role>{PERSON_ROLE})"
    r"(?=[,.;!?]|$| (?:and|but|so|from|since)\b)",
    re.IGNORECASE,
)


def befriended(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """ "Mirela is coming round. ... she's my oldest friend": the only one the chat has named so far."""
    match, who = _IS_MINE.match(text), discourse.she or discourse.he
    if not match or not re.fullmatch(CAP, who) or who.lower() in discourse.named:
        return []
    said = " ".join(before)
    others = KIN.intersection(re.findall(r"[a-z-]+", said.lower()))
    return [named(match["role"], who)] if names_in(said) == {who.lower()} and not others else []


def newcomers(text: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """Every name that a sentence tells only together with the ones before it."""
    return [
        *nameless(text, before, discourse),
        *one_more(text, before, discourse),
        *leafy(text, before, discourse),
        *befriended(text, before, discourse),
    ]
