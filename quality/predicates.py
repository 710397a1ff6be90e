"""What a clause without subject or verb says: words that begin a predicate, and what one can be able to."""

from __future__ import annotations

import re

from data.lexicon import NUMBERS
from data.lexicon_verbs import kinds

ADJECTIVE = re.compile(
    r"^(?:vegetarian|vegan|pescatarian|teetotal|allergic|married|divorced|engaged|single|widowed|"
    r"pregnant|left-handed|retired|unemployed|"
    r"colou?r-?blind|diabetic|coeliac|celiac|lactose intolerant|dyslexic|asthmatic|born|raised|based|"
    r"deaf|sober|gluten[- ]free|scared of|afraid of|"
    r"terrified of|addicted to|off (?:sugar|caffeine|alcohol|meat|dairy)|trained as|training for|"
    r"saving (?:up )?for|learning|knitting|on [a-z]{5,} (?:for|since))\b",
    re.IGNORECASE,
)
OWN_PAST = frozenset(
    "left moved started quit bought adopted got sold finished passed met married lost broke won "
    "joined signed became went had booked "
    "switched retired ran baked turned grew visited saw tore took gave sprained planted painted built "
    "learned learnt named called "
    "caught found made cut dyed spent paid cycled hiked swam sailed drove flew swapped traded inherited "
    "rescued "
    "ordered changed cancelled failed collected raised proposed handed".split()
)
STEADY = frozenset(
    "like eat drink have own speak play live work wear watch want believe trust celebrate use been had "
    "got really".split()
)
TRACKED = frozenset(
    "shift lesson class course contract lease job flight train exam internship thesis".split()
)
HOUSEHOLD = frozenset(
    "wife husband hubby missus boss kids twins landlord landlady inlaws in-laws neighbours".split()
)
BODY = frozenset(
    "knee shoulder back hip ankle wrist elbow neck foot hand arm leg ear eye thumb lung kidney".split()
)
ABLE = frozenset("swim drive drink smoke cook sing dance ski skate knit sew ride fly vote whistle".split())


def being(following: str) -> str:
    """Which verb the 's before a word stands for."""
    return (
        "has"
        if following.lower() in {"been", "got", "had", "gone", "become", "started", "turned", "lost"}
        else "is"
    )


def is_predicate(words: list[str]) -> bool:
    """Whether words after "dad's" say what dad is or does, and not what is his."""
    first = words[0].lower() if words else ""
    return first in _PREDICATES or first.isdigit() or first in NUMBERS or "gerund" in kinds(first)


_PREDICATES = frozenset(
    "a an in at on from not now still only just nearly almost turning my allergic called back off always "
    "been got having very really so too retired vegetarian vegan pregnant diabetic deaf blind single "
    "divorced".split()
)
