"""Chatted subjects without a determiner: "deadline's friday", "new boss is strict" are about one's own.

English asks for a word before a countable noun; where a chat leaves it out, "my" is what it leaves out. Only
nouns that people say of themselves are taken so, for "traffic is bad" is about nobody.
"""

from __future__ import annotations

from data.lexicon import ADVERBS, AUXILIARIES, KIN, PETS, PREPOSITIONS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from quality.predicates import BODY, HOUSEHOLD, TRACKED, being, is_predicate

_WORK = frozenset(
    "boss shift contract salary rent mortgage commute office deadline interview landlord landlady "
    "appointment lease visa "
    "passport course degree thesis dissertation phd class school uni university college department "
    "workshop desk "
    "rota probation internship apprenticeship placement resit audition rehearsal practice training gym "
    "league "
    "supervisor intern manager team shop stall studio salon bakery surgery clinic ward licence "
    "license".split()
)
_HOME = frozenset(
    "flat house kitchen bedroom bathroom oven boiler fridge freezer garden balcony shed garage loft cellar "
    "car bike van "
    "phone laptop tablet printer camera watch dishwasher allotment greenhouse caravan boat camper bed sofa "
    "router "
    "dryer hob stove roof roommate flatmate housemate lodger neighbour neighbor starter aquarium coop "
    "hive".split()
)
_LIFE = frozenset(
    "wedding birthday anniversary due-date flight train holiday trip honeymoon exam test race marathon "
    "surgery operation "
    "scan blood-type cholesterol ferritin insulin dose prescription inhaler gp dentist physio therapist "
    "surgeon vet "
    "consultant midwife optician hairdresser tutor coach trainer surname nickname hometown accent hobby "
    "band choir "
    "club allergy allergies diet budget instrument guitar piano violin cello".split()
)
OWNED = (KIN | PETS | THINGS | BODY | HOUSEHOLD | TRACKED | _WORK | _HOME | _LIFE) - frozenset(
    "customer client patient guest student pupil plant game project app server bird fish book street town "
    "village bar "
    "robot channel company business cafe restaurant spider mouse rat snake sheep cow duck chicken ex "
    "friend mate crush "
    "train test hand back ear eye baby hospital".split()
)
_QUALITIES = frozenset(
    "new old first second last next current final main younger older oldest youngest eldest left right "
    "middle little "
    "big blood due driving job night".split()
)
_VAGUE = frozenset("fine good ok okay great bad awful terrible nice cool busy closed weird broken".split())


_NO_NOUNS = (
    STOPWORDS
    | ADVERBS
    | AUXILIARIES
    | PREPOSITIONS
    | frozenset("here there it that this what who how which one all both each".split())
)


def answered_subject(words: list[str]) -> str:
    """The same in an answer, where a bare noun that is somewhere or sometime is always one's own."""
    if len(words) < 3 or not words[0].islower() or words[0].removesuffix("'s") in _NO_NOUNS:
        return ""
    short = words[0].endswith("'s")
    noun, be = words[0].removesuffix("'s"), "" if short else words[1].lower()
    rest = words[1:] if short else words[2:]
    first = rest[0].lower().strip(",") if rest else ""
    if (
        not short
        and be not in {"is", "was", "are", "were", "has"}
        or kinds(noun)
        and "third" not in kinds(noun)
    ):
        return ""
    placed = (
        first in PREPOSITIONS - {"like", "as", "about", "off", "over", "up"}
        or first[:1].isdigit()
        or first in {"a", "an"}
    )
    return f"my {noun} {be or 'is'} {' '.join(rest)}" if placed and len(noun) > 2 else ""


def owned_subject(words: list[str]) -> str:
    """The clause with the "my" its bare subject lacks; empty when it has no such subject."""
    size = next((i + 1 for i, w in enumerate(words[:3]) if _head(w) in OWNED), 0)
    if (
        not size
        or len(words) < size + 1
        or any(w.lower() not in _QUALITIES | OWNED for w in words[: size - 1])
    ):
        return ""
    while (
        size < min(3, len(words) - 1) and not words[size - 1].endswith("'s") and _head(words[size]) in OWNED
    ):
        size += 1
    noun, following = words[size - 1], words[size].lower().strip(",")
    rest = words[size:]
    if noun[:1].isupper() and size > 1 or not rest:
        return ""
    subject = " ".join(w.lower() for w in [*words[: size - 1], noun.removesuffix("'s")])
    if noun.endswith("'s"):
        plain = is_predicate(rest) or following[:1].isdigit() or rest[0][:1].isupper() or len(rest) > 1
        clear = (
            plain
            and following not in _VAGUE
            and not (len(rest) > 1 and rest[1].lower() in AUXILIARIES | PREPOSITIONS)
        )
        be = being(following)
        return (
            f"my {subject} {be} {' '.join(rest)}"
            if clear or is_predicate(rest) and following not in _VAGUE
            else ""
        )
    if following in AUXILIARIES:
        after = rest[1].lower().strip(",") if len(rest) > 1 else ""
        return f"my {subject} {' '.join(rest)}" if after and (after not in _VAGUE or len(rest) > 3) else ""
    if _head(noun) in BODY:
        return ""
    forms = kinds(following)
    verb = "third" in forms or "past" in forms and "base" not in forms
    if following in ADVERBS and len(rest) > 1:
        verb = bool({"third", "past"} & kinds(rest[1].lower()).keys()) or rest[1].lower() in AUXILIARIES
    return f"my {subject} {' '.join(rest)}" if verb and len(rest) > 1 else ""


def _head(word: str) -> str:
    return word.lower().removesuffix("'s").strip(",")
