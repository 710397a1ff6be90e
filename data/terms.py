"""Words as search and curation see them: tokens, stop words and a small English stemmer.

Pure and dependency-free. The stemmer brings inflections of one word together ("adopted", "adopting"
-> "adopt"; "bought" -> "buy"); it is not a dictionary form and not meant to be read.
"""

from __future__ import annotations

import re
from functools import lru_cache

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

STOP = frozenset(
    """
    a an the this that these those there here it its it's that's there's and or but nor so if then
    than as at by for from in into of off on onto out over to up with without about i i'm i've i'd
    i'll me my mine myself we we're we've we'll us our ours you you're you've you'd you'll your
    yours he he's him his she she's her hers they they're they've them their theirs who whom whose
    which what when where why how is am are was were be been being isn't aren't wasn't weren't do
    does did done doing don't doesn't didn't has have had having haven't hasn't hadn't will would
    shall should can could may might must won't wouldn't can't couldn't shouldn't not no also just
    very too really all any both each some such own same more most other only again ever even yes
    yeah oh ok okay well hey hi let let's
    """.split()
)

_IRREGULAR = {
    form: base
    for base, forms in {
        "be": "am is are was were been",
        "become": "became",
        "begin": "began begun",
        "bite": "bit bitten",
        "blow": "blew blown",
        "break": "broke broken",
        "bring": "brought",
        "build": "built",
        "buy": "bought",
        "catch": "caught",
        "child": "children kid kids",
        "choose": "chose chosen",
        "come": "came",
        "draw": "drew drawn",
        "drink": "drank drunk",
        "drive": "drove driven",
        "eat": "ate eaten",
        "fall": "fell fallen",
        "feel": "felt",
        "fight": "fought",
        "find": "found",
        "fly": "flew flown",
        "forget": "forgot forgotten",
        "foot": "feet",
        "get": "got gotten",
        "give": "gave given",
        "go": "went gone goes",
        "grow": "grew grown",
        "hear": "heard",
        "hold": "held",
        "keep": "kept",
        "know": "knew known",
        "lead": "led",
        "leave": "left",
        "lose": "lost",
        "make": "made",
        "man": "men",
        "mean": "meant",
        "meet": "met",
        "mother": "mom mum mommy mama moms mums",
        "father": "dad daddy papa dads",
        "person": "people persons",
        "pay": "paid",
        "ride": "rode ridden",
        "run": "ran",
        "say": "said",
        "see": "saw seen",
        "sell": "sold",
        "send": "sent",
        "sing": "sang sung",
        "sit": "sat",
        "sleep": "slept",
        "speak": "spoke spoken",
        "spend": "spent",
        "stand": "stood",
        "swim": "swam swum",
        "take": "took taken",
        "teach": "taught",
        "tell": "told",
        "think": "thought",
        "throw": "threw thrown",
        "understand": "understood",
        "wear": "wore worn",
        "win": "won",
        "woman": "women",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}

_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("iveness", "ive"), ("ousness", "ous"),
    ("isation", "ize"), ("ation", "ate"), ("ness", ""), ("ment", ""), ("tion", "t"),
)  # fmt: skip
_UNCOUNTED = frozenset(("news", "series", "species", "lens", "always", "yes"))
_VOWEL = re.compile(r"[aeiouy]")


def tokens(text: str) -> list[str]:
    """The words of a text in lower case, apostrophes kept inside ("don't"), in order."""
    return TOKEN.findall(text.lower().replace("’", "'"))


def terms(text: str) -> list[str]:
    """The stems of a text's words without stop words, in order, repeats included."""
    return [stem(word) for word in tokens(text) if word not in STOP]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem that a lower-case word shares with its inflections."""
    word = word.removesuffix("'s").removesuffix("'")
    word = _IRREGULAR.get(word, word)
    if len(word) <= 3 or not word.isascii():
        return word
    word = _plural(word)
    word = _IRREGULAR.get(word, word)
    word = _verbal(word)
    for ending, other in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)] + other
            break
    if word.endswith("ly") and len(word) >= 6:
        word = word[:-2]
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _plural(word: str) -> str:
    if word in _UNCOUNTED:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _verbal(word: str) -> str:
    """Without -ing or -ed; a consonant doubled before the ending is single again."""
    for ending in ("ing", "ed"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 2 and root[-1] != "e" and _VOWEL.search(root):
            if word.endswith("ied"):
                return word[:-3] + "y"
            if root[-1] == root[-2] and root[-1] not in "lsz":
                return root[:-1]
            return root
    return word
