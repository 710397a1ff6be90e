"""What people do beside their work, by kind, and which kinds a teacher, a team or a lesson can be one of.

A table with plain look-ups; whether a chat speaks of somebody's own activity is decided in
quality/qualifiers.py.
"""

from __future__ import annotations

import re

from data.synonyms import members

# Words that mean something else more often than the activity ("go", "swing by", "a squash soup").
_AMBIGUOUS = frozenset("organ horn recorder go bridge squash boxing swing".split())
_KINDS = {
    "instrument": (*members("piano"), "drums", "double bass", "bass guitar", "french horn", "piccolo"),
    "sport": (
        *members("tennis"),
        *(
            "roller derby|water polo|ice hockey|field hockey|table tennis|ping pong|ultimate frisbee|"
            "dodgeball|bowls|petanque|pétanque|snooker|softball|baseball|futsal|korfball|camogie|hurling|shinty|kendo|"
            "aikido|taekwondo|gymnastics|figure skating|cheerleading|orienteering|paragliding"
        ).split("|"),
    ),
    "game": (*members("chess"), "pub quiz", "quiz night"),
    "dance": (*members("tango"), "tap dance", "line dancing", "morris dancing", "bachata", "samba", "rumba"),
    "craft": (
        *"knitting crochet pottery ceramics weaving embroidery quilting woodcarving origami".split(),
        "calligraphy",
        "life drawing",
    ),
    "exercise": ("yoga", "pilates", "zumba", "spinning", "tai chi", "crossfit"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words if word not in _AMBIGUOUS}
# Who does it stands for what is done; the doers of climbing and boxing are plants and dogs as well.
_DOERS = {
    f"{stem}er{many}": f"{stem}ing"
    for stem in ("curl", "row", "fenc", "surf", "ski", "sail", "bould")
    for many in ("", "s")
    if f"{stem}ing" in _KIND_OF
} | {f"{game}{er}{many}": game for game, er in (("football", "er"), ("golf", "er")) for many in ("", "s")}
_NAMED = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, {*_KIND_OF, *_DOERS}), key=len, reverse=True))})\b", re.IGNORECASE
)

_LEARNT = frozenset({"instrument", "dance", "craft", "exercise"})
_PLAYED = frozenset({"sport", "game"})
# The kinds of activity that a bare noun behind "my" can be one of; none where the noun has other uses
# ("my practice", "my course"), so that only the compound itself ("golf practice") says what it is of.
HEADS = {
    **dict.fromkeys(("team", "league"), _PLAYED),
    "coach": _PLAYED | {"dance"},
    **dict.fromkeys(("teacher", "tutor"), _LEARNT),
    **dict.fromkeys(("instructor", "lesson", "lessons"), _LEARNT | {"sport"}),
    "club": _PLAYED | {"dance", "craft"},
    **dict.fromkeys(("captain", "practice", "training", "class", "course", "rehearsal"), frozenset[str]()),
}
# Of these a bare noun is a person, and only one with a name ("my coach leaves at six" may be a bus).
PEOPLE = frozenset({"coach", "teacher", "tutor", "instructor"})
# What is taught and who teaches it belong together ("my oboe teacher ... my lesson is on Fridays").
TAUGHT = frozenset({"teacher", "tutor", "instructor", "lesson", "lessons"})
PLAYABLE = frozenset({"instrument", "game"}) | frozenset(
    "tennis football rugby hockey basketball volleyball handball cricket badminton golf padel lacrosse "
    "netball floorball darts".split()
)
POSITIONS = frozenset({*members("goalkeeper"), "lead", "second", "third"})


def kind(activity: str) -> str:
    """The kind of an activity ("oboe" -> "instrument"); empty for a word that names none."""
    return _KIND_OF.get(activity, "")


def named(text: str) -> list[tuple[int, str]]:
    """The activities a text names, each with where it stands; "curlers" name curling."""
    found = []
    for match in _NAMED.finditer(text):
        word = match[0].lower()
        found.append((match.start(), _DOERS.get(word, word)))
    return found
