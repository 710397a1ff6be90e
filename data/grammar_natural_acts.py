"""Questions about what somebody does in other words than theirs: liked, done for whom, why, where to."""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar import is_person
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object, split_rest
from data.grammar_natural_company import GROUPS
from data.grammar_slots import BUSINESS
from data.grammar_variants import aimless
from data.lexicon import ADVERBS, COLOURS, KIN, PREPOSITIONS
from data.lexicon_verbs import kinds

# Verbs of one meaning, as far as a question goes: whoever loves a thing also likes it.
_ALIKE = {
    "love": ("like", "enjoy"),
    "like": ("enjoy",),
    "enjoy": ("like",),
    "adore": ("love", "like"),
    "hate": ("dislike",),
    "dislike": ("hate",),
    "purchase": ("buy",),
    "consume": ("eat",),
}
_LIKING = frozenset({"like", "love", "enjoy"})
# Nouns for whole kinds of things, of which one asks which kind somebody likes or has.
_CLASSES = frozenset(
    "music songs movies films shows series programmes books novels stories comics magazines podcasts games "
    "sports food foods meals dishes cuisine desserts sweets cheese bread pizza soup pasta noodles meat fish "
    "fruit vegetables beer wine tea coffee juice water milk chocolate cars trucks bikes motorcycles boats "
    "trains planes dogs cats birds horses reptiles animals plants flowers roses trees clothes shoes boots "
    "hats dresses jeans shirts jewellery jewelry art paintings photography poetry theatre dancing dance "
    "restaurants bars parties vacations holidays weather languages stamps coins dolls toys cards furniture "
    "houses perfume makeup lipstick glasses socks gloves jokes puzzles documentaries cartoons operas "
    "vitamins medication tablets pills lessons classes drinks snacks candy cookies cakes salads "
    "sandwiches shifts lenses courses degree".split()
)
_NO_MODIFIER = frozenset(
    "all many most some any no more much other good great new old big small little different various several "
    "own few both these those two three four five six seven eight nine ten only nice best favourite favorite "
    "lots kinds types sorts weird random long hot soap high playing watching eating making cooking reading "
    "baking writing riding wearing collecting buying driving drinking taking going having doing my our his "
    "her their the and or of non".split()
)
_WANTED = {"want": "would {s} like", "hope": "{be} {s} hoping", "plan": "{be} {s} planning"}
_MOVING = frozenset(
    "move fly travel drive sail cycle go head leave relocate emigrate return walk hike".split()
)
_TO_A_PLACE = re.compile(r"^(?:off |back |over |out )?(?:to|for) (?P<place>(?:the )?[A-Z].*)$")
_FOR_WHOM = re.compile(
    r"^(?P<what>.+?) for (?P<whom>(?:the|my|our|a|an|some|other) [a-z' -]*[a-z]|[A-Z][\w' ]+)$"
)
_TIMETABLED = re.compile(
    r"^the \d{1,2}[.:]\d\d(?: (?P<what>train|bus|ferry|tram|flight|boat|coach))?"
    r"(?: (?P<where>(?:to|from) [A-ZÀ-Þ][\w'-]*))?\b"
)
_SITED = re.compile(
    r"^(?P<what>[a-z][\w' -]*?) (?P<where>indoors|outdoors|abroad|online|upstairs|downstairs|outside)$"
)


def acted(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about an act or a liking in other words."""
    base = clause.base
    if not base or clause.copula:
        return
    if not clause.aux:
        _liked(base, rest, to)
        _wished(clause, rest, to)
        _for_whom(base, rest, to)
    _classed(clause, rest, to)
    done = aimless(replace(clause, rest=rest))
    for one in done:
        to.own("why", one.rest)
    if base in {"open", "start", "found", "run", "manage"} and BUSINESS.match(rest):
        to.own("what business")
        to.own("what kind of business")
    timed = _TIMETABLED.match(rest)
    if timed and base in {"take", "catch", "get", "board"}:
        to.own(f"which {timed['what'] or 'train'}", _behind(clause, rest))
        to.own(f"what {timed['what'] or 'train'}", timed["where"] or "")
    sited = _SITED.match(done[0].rest if done else rest)
    if sited and names_an_object(sited["what"]) and not clause.aux:
        to.own("what", sited["where"]) if not is_person(sited["what"]) else None
        to.own("where", sited["what"])


def _liked(base: str, rest: str, to: Asking) -> None:
    words = rest.split()
    if base in _LIKING and len(words) > 1 and (words[0] == "to" or "gerund" in kinds(words[0])):
        done = words[1] if words[0] == "to" else kinds(words[0]).get("gerund", "")
        if "base" in kinds(done) and done not in {"be", "have"}:
            for other in dict.fromkeys((base, "like", "enjoy")):
                to.verb("what", other, "doing")
        return
    target = split_rest(rest)[0]
    if not target or not names_an_object(target) or words[0] in PREPOSITIONS | {"to"}:
        return
    if set(target.lower().split()) & KIN or words[0].lower() in {"me", "my", "being", "when", "how", "that"}:
        return
    if len(words) <= 6 and "," not in rest:
        for other in _ALIKE.get(base, ()):
            to.verb("what", other)


def _wished(clause: Clause, rest: str, to: Asking) -> None:
    inner = re.match(r"^to (\w+)(?: (.+))?$", rest)
    if clause.base not in _WANTED or clause.tense == "past" or not inner or "base" not in kinds(inner[1]):
        return
    be = "am" if clause.subject == "I" else "is" if to.tense == "third" else "are"
    front = _WANTED[clause.base].format(s=to.subject, be=be)
    told = {
        "want": f"{to.subject} would like",
        "hope": f"{to.subject} {be} hoping",
        "plan": f"{to.subject} {be} planning",
    }[clause.base]
    tail = f"to {inner[1]}" if inner[1] in {"be", "become"} and inner[2] else "to do"
    to.said(f"What {front} {tail}?", f"what {told} {tail}")


def _for_whom(base: str, rest: str, to: Asking) -> None:
    found = _FOR_WHOM.match(rest)
    if not found or base in {"work", "have", "look", "wait", "live"} or not names_an_object(found["what"]):
        return
    whom = found["whom"]
    if is_person(whom) or whom.split()[-1].lower() in GROUPS:
        to.own("who", f"{found['what']} for")
        to.own("what", f"for {whom}")


def _classed(clause: Clause, rest: str, to: Asking) -> None:
    """ "What kind of water do I drink?" of a kind of thing with a word before it that says which."""
    target = re.split(r" (?:in|on|at|for|with|every|from|to|since|because|about|when) ", rest)[0]
    words = target.split()
    if not 2 <= len(words) <= 4 or words[-1] not in _CLASSES or words[0] in PREPOSITIONS | {"size"}:
        return
    if (
        {w.lower() for w in words[:-1]} & (_NO_MODIFIER | COLOURS | ADVERBS)
        or "'s" in target
        or "," in target
    ):
        return
    if (
        words[0].lower() in {"a", "an"}
        or re.match(r"\d|to$", words[0])
        or "gerund" in kinds(words[0].lower())
    ):
        return
    to.own(f"what kind of {words[-1]}")
    to.own(f"what {words[-1]}")


def headed(clause: Clause, rest: str, to: Asking) -> None:
    """Where somebody is going, however the way there was told ("I'm off to Lisbon")."""
    words = rest.split()
    be = clause.aux if clause.copula else {"past": "was"}.get(to.tense, "")
    goes = kinds(words[0]).get("gerund", "") if clause.copula and words else clause.base
    behind = " ".join(words[1:]) if clause.copula and goes else rest
    if clause.copula and words[0] == "off":
        goes, behind = "go", rest
    place = _TO_A_PLACE.match(behind)
    if (
        goes not in _MOVING
        or not place
        or goes not in {"leave", "head"}
        and " for " in f" {behind.split()[0]} "
    ):
        return
    if clause.tense == "past" or clause.aux in {"was", "were", "have", "has", "had"}:
        to.verb("where", "go") if not clause.aux and goes not in {"move", "relocate", "emigrate"} else None
        return
    # Who often flies there is not about to.
    if not clause.copula and not clause.aux and not re.match(r"(?:on|in|next|this) ", _behind(clause, rest)):
        return
    be = be or ("am" if clause.subject == "I" else "are" if to.tense == "base" else "is")
    verb = {"go": "going", "fly": "flying", "travel": "travelling", "move": "moving"}.get(goes, "going")
    forms = dict.fromkeys((verb, "going"))
    for doing in forms:
        to.said(f"Where {be} {to.subject} {doing}?", f"where {to.subject} {be} {doing}")
    to.said(f"Which place {be} {to.subject} {verb} to?", f"which place {to.subject} {be} {verb} to")
    if re.search(r" by (?:train|car|bus|plane|ferry|bike|boat|coach|air|sea)$", clause.rest):
        goal = place["place"].split(" by ")[0].split(" for ")[0]
        to.said(f"How {be} {to.subject} {verb} to {goal}?", f"how {to.subject} {be} {verb} to {goal}")
    if clause.rest != rest:
        to.said(f"When {be} {to.subject} {verb}?", f"when {to.subject} {be} {verb}")
        to.said(
            f"When {be} {to.subject} {verb} to {place['place']}?",
            f"when {to.subject} {be} {verb} to {place['place']}",
        )


def _behind(clause: Clause, rest: str) -> str:
    return clause.rest[len(rest) :].strip()
