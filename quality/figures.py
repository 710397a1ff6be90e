"""Figures of speech: "my inbox is a swamp", "we are a museum of chargers", "my brain is porridge".

Judges one parsed clause that says what somebody or something is; what is true word for word is no figure.
"""

from __future__ import annotations

import re

from data.grammar import article
from data.grammar_clauses import Clause
from data.grammar_professions import profession
from data.lexicon import KIN, NUMBERS, PETS

_CALLING_NAMES = re.compile(
    r"^(?:such |basically |literally |clearly |being |the |an? )*(?:(?:total|little|complete|real|tiny|fat|"
    r"absolute|utter) )*(?:criminal|menace|idiot|monster|genius|diva|legend|angel|nightmare|clown|villain|"
    r"drama queen|thief|maniac|star|joke|mess|disaster|moron|weirdo|treasure|saint|pain)$",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:knees?|quads|legs?|feet|foot|arms?|back|head|brain|eyes?|hands?|calves|glutes|abs|lungs|fingers|"
    r"shoulders?|hips?|ears?|voice)$"
)
_WORN_OUT = re.compile(
    r"^(?:\w+ly |so |just |still |now )?(?:toast|custard|jelly|mush|soup|jam|lead|concrete|shot|fried|"
    r"wrecked|killing me|on fire|in bits|in shreds|gone|dead(?! (?:since|for))|screaming|burning|pudding|"
    r"porridge|goo|butter|rubber|spaghetti|relieved|furious)$",
    re.IGNORECASE,
)
_AFTER_IT = re.compile(r"\bafter (?:that|this|those|these|all (?:that|this|the))\b", re.IGNORECASE)
_SCENE = re.compile(
    r"^(?:(?:just|now|currently|basically|literally|really|such) )*an? (?:\w+ )?(?:war ?zone|battlefield|"
    r"bomb ?site|dumpster fire|train ?wreck|car crash|swamp|jungle|zoo|circus|graveyard|cemetery|minefield|"
    r"time bomb|black hole|roller ?coaster|sauna|furnace|pigsty|tip|dump|madhouse|nuthouse|soap opera|sitcom|"
    r"crime scene|disaster area|lost cause|bottomless pit|black comedy|ghost town|death trap|money pit)$",
    re.IGNORECASE,
)
_FULL_OF = re.compile(
    r"^an? (?:museum|graveyard|cemetery|sea|ocean|mountain|forest|jungle|shrine) (?:of|to) ", re.I
)
_TO_DIE = re.compile(r"^where [\w' ]+ (?:go|goes|come|comes) to (?:die|retire|rot|hide)$", re.IGNORECASE)
_IN_A_STATE = re.compile(
    r"^(?:in|on|at|over|under) (?:the (?:doghouse|moon|weather)|pieces|bits|stitches|thin ice|cloud nine|"
    r"my wits'? end|death'?s door|an? (?:\w+ )?mood)\b",
    re.IGNORECASE,
)
_NO_PERSON = frozenset(
    "machine potato vegetable sloth zombie taxi doormat goldfish dinosaur fossil robot sponge magnet slug "
    "snail noodle prune raisin furnace turtle ghost cucumber statue lamp burrito "
    "pancake icicle snowman".split()
)
_GROUP_OF = re.compile(r"^an? (?:[a-z]+ )?[a-z]+ of (?P<whom>[\w' -]+?)(?: at this point| now| here)?$", re.I)
_COMPANY = frozenset(
    "people friends women men girls boys kids siblings students vegetarians vegans us".split()
)


def figure_of_speech(clause: Clause) -> bool:
    """Whether a clause says what somebody or something is only by way of comparison or of complaint."""
    if not clause.copula and clause.verb != "been":
        return False
    subject = clause.subject.lower()
    rest = re.sub(r",? (?:at this point|these days|today|tonight)$", "", clause.rest)
    if re.match(r"(?:been )?(?:sick|poorly|unwell) (?:on|in|over|all over|again|everywhere)\b", rest):
        return True
    if (
        _SCENE.match(rest)
        or _FULL_OF.match(rest)
        or _TO_DIE.match(rest)
        or _IN_A_STATE.match(rest)
        or _CALLING_NAMES.match(rest)
    ):
        return True
    if _BODY.search(subject):
        return bool(_WORN_OUT.match(rest) or _AFTER_IT.search(rest))
    attacked = rest.lower() in {"attacked", "on speaker"} and not set(subject.split()) & KIN
    return attacked or _likened(subject, rest) or subject == "my life" and len(rest.split()) < 4


def _likened(subject: str, rest: str) -> bool:
    """ "I am a potato", "we are a museum of chargers": a person likened to a thing or a beast."""
    one = re.fullmatch(r"an? (?:\w+ )?([a-z]+)(?: for .+)?", rest)
    if subject in {"i", "we"} and one and one[1] in PETS | _NO_PERSON:
        return True
    group = _GROUP_OF.match(rest) if subject == "we" else None
    return group is not None and not any(_somebody(word.lower()) for word in group["whom"].split())


def _somebody(word: str) -> bool:
    """Whether a word of "a family of ..." counts or names people."""
    one = word.removesuffix("s")
    return (
        word.isdigit()
        or word in NUMBERS
        or word in _COMPANY
        or one in KIN
        or profession(article(one))
        or word.endswith(("ists", "ians"))
    )
