"""Questions about a parsed statement: what, where, who and when, each also as an indirect question.

Pure functions of a `Clause`; a question is only built where its gap is sure, so a statement may give none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.grammar import possessive, somebody, subject_in_sentence
from data.grammar_clauses import Clause, capitalise
from data.grammar_gaps import UNSURE, complex_rest, names_an_object, split_rest
from data.grammar_professions import former, profession, trade
from data.grammar_types import WEEKDAY, ages, asked_kinds, is_age, is_colour
from data.lexicon import KIN, MODALS, WEEKDAY_NAMES
from data.lexicon_verbs import kinds, third
from data.synonyms import is_code


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with its indirect form ("What is my dog called?", "what my dog is called").

    `sure` ones are those of a slot that was told outright: they win over a statement that only implies it.
    """

    question: str
    indirect: str
    sure: bool = False


_PLACE_VERBS = frozenset(
    (
        "work live study stay reside grow volunteer camp shop swim train teach sing meet sleep hike fish farm"
    ).split()
)
_MOVE_VERBS = frozenset(
    "move go travel fly commute drive walk cycle sail relocate emigrate immigrate return".split()
)
# One goes somewhere and emigrates to somewhere.
_WITH_TO = frozenset({"emigrate", "immigrate", "relocate"})
_TIME = re.compile(
    r"^(?:in|on|at|since|during|every|until) (?:.*\b(?:\d{4}|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|spring|summer|autumn|winter|morning|evening|"
    r"night|weekends?|weekdays?|\w+days?|noon|midnight|(?:week|month|year)(?! \d+$))\b.*|"
    r"\d{1,2}(?::\d\d)?(?: ?[ap]m)?)$",
    re.IGNORECASE,
)
_ACTION_OBJECT = frozenset(
    "like love want hope plan enjoy hate prefer try need dislike learn start intend wish dream".split()
)
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NOT_ASKED = frozenset(
    "be last seem become feel look sound let help think know say tell hope wish believe mean get "
    "binge graduate house find bench spend workout".split()
)
# Said of people alone; "meet" also of people whose names do not show it.
_OF_PEOPLE = frozenset({"meet", "marry", "date"})
# Whatever follows these is no object ("I live next door").
_WITHOUT_OBJECT = frozenset("live stay go come travel sleep reside remain arrive".split())
_LIKED = frozenset(
    "love like miss visit see hate know help supervise manage teach train coach mentor collect pick phone "
    "call ring text support invite walk drive mind".split()
)
_STAFF = frozenset("porter nurse waiter chef cook driver guard clerk carer volunteer optician".split())
# With a bare noun behind these the two are one thing that is done ("run track").
_ONE_THING = re.compile(
    r"(?:run (?:track|cross|errands|laps|late|point)|hold (?:hands|grudges|court)|break (?:dance|even)|"
    r"tell (?:jokes|stories|lies)|catch (?:colds|fire)|ride shotgun|lose (?:weight|track|sleep|sight)|"
    r"make (?:(?:me|us|him|her|it|them|sure|friends|money|time|sense|up|out|do|an? (?:living|effort|mess|"
    r"difference|mistake|fuss|wish|point)|mistakes|love|peace|plans|progress|the most|ends|noise|use|good|"
    r"jokes|fun)\b)|keep (?:\w+ing\b|(?:fit|busy|calm|quiet|warm|healthy|active|track|up|on|in|it|my|me|him|"
    r"her|them|our|a close|an eye|to|away|secrets|myself|things)\b)|"
    r"gain weight|pay (?:attention|rent|bills)|surf the (?:web|internet)|do (?:track|drugs|well|stand))\b"
)
# Verbs that a preposition without its noun may end a question with ("What do I work on?").
_ASKED_WITH = {
    "for": frozenset("work look wait train save pay care vote study apply hope search volunteer".split()),
    "with": frozenset("work struggle play deal cook paint help live agree".split()),
    "at": frozenset("work look laugh shop train compete excel volunteer play".split()),
    "on": frozenset("read work focus rely live sleep spend bet depend".split()),
    "in": frozenset(
        "believe major specialize specialise invest participate compete excel work play sing".split()
    ),
}
_TAKEN = re.compile(
    r"\b(?:pills?|tablets?|mg|vitamins?|medic\w+|insulin|drugs?|drops|iron|class(?:es)?|lessons?|courses?)\b",
    re.IGNORECASE,
)


def _auxiliary(clause: Clause) -> tuple[str, str]:
    """The auxiliary that moves to the front and the verb form that stays; empty when unknown."""
    if clause.aux:
        return clause.aux, clause.verb
    if clause.tense and clause.base:
        return {"base": "do", "third": "does", "past": "did"}[clause.tense], clause.base
    return "", ""


# Of what is done at a place one asks without naming it, too.
_PLACED_ACTS = frozenset("study sing play teach lose find buy grow sell learn paint make".split())
_PLACED = re.compile(r"(?:at|in|on) (?:[A-Z]|(?:the|my|our) )")
# What follows these in a place says what it is about, or belongs to the thing itself.
_NOWHERE = frozenset(
    "be have take put like love hate enjoy want need spend earn play read write watch support believe prefer "
    "miss use speak pay get hold mean wear own".split()
)


def wh(clause: Clause) -> list[Ask]:
    """Questions whose answer is the statement itself."""
    if clause.negative or clause.lead or complex_rest(clause) or not clause.rest:
        return []
    aux, verb = _auxiliary(clause)
    if not aux or aux in MODALS and aux not in {"will"}:
        return []
    subject = subject_in_sentence(clause.subject)
    adverbs = "" if clause.adverbs.lower() in {"also", "just", "even", "still", "only"} else clause.adverbs
    finite = " ".join(p for p in (clause.aux, adverbs, clause.verb) if p)
    asks: list[Ask] = []

    def add(word: str, tail: str = "") -> None:
        question = " ".join(p for p in (word, aux, subject, adverbs, verb, tail) if p)
        asks.append(Ask(capitalise(question) + "?", " ".join(p for p in (word, subject, finite, tail) if p)))

    if clause.copula:
        return _copula(clause)
    target, phrases = split_rest(clause.rest)
    particle, target = _particle(clause.base, target, phrases)
    if particle:
        verb, finite = f"{verb} {particle}", f"{finite} {particle}"
    bare = re.split(r" as (?=an? )", target)[0]
    base = _main_base(clause)
    doing = base in _ACTION_OBJECT and _activity(target)
    tail = "" if doing or bare != target else _tail(phrases)
    if unasked(base, clause.rest):
        return []
    if target and names_an_object(target) and base not in _WITHOUT_OBJECT and target != "online":
        acting = any("gerund" in kinds(w) for w in target.split())
        acting = acting or "participle" in kinds(target.split()[-1])
        word = "who" if base in _OF_PEOPLE or base in _LIKED and _someones(bare) and not acting else "what"
        tail = "" if acting else tail
        if target.lower().startswith("to ") and base in _ACTION_OBJECT:
            inner = target.lower().split()[1:2]
            add(word, f"to {inner[0]}" if inner and inner[0] in {"be", "become"} else "to do")
            if phrases and inner and inner[0] in _MOVE_VERBS and phrases[0].lower().startswith("to "):
                add("where", f"to {inner[0]}")
                add("which place", f"to {inner[0]} to")
        elif (
            not target.lower().startswith("to ")
            and base not in {"have", "work"}
            and (base not in {"turn", "grow"} or not particle and base != "turn" or verb.endswith("down"))
            and (base != "take" or _TAKEN.search(target))
        ):
            if doing:
                add(word, "doing")
            if tail.startswith(("at ", "in ", "on ")) and base in _PLACED_ACTS:
                add(word)
            add(word, tail)
            for kind in asked_kinds(base, bare) if word == "what" else ():
                add(f"which {kind}", tail)
        if bare == target and phrases and _somewhere(base, phrases):
            for kept in ("", target) if base in {"study", "teach", "train"} else (target,):
                add("where", kept)
    if not target and phrases:
        if base == "play" and re.match(r"for (?:the )?[A-Z]", phrases[0]):
            add("who", "for")
        _phrase_asks(phrases, base, add)
        first = phrases[0].partition(" ")
        for kind in asked_kinds(f"{base} {first[0].lower()}", first[2]) if len(phrases) == 1 else ():
            add(f"which {kind}", first[0].lower())
    if phrases and _TIME.match(phrases[-1]) and (target or len(phrases) > 1):
        kept = " ".join([target, *phrases[:-1]]).strip()
        add("since when" if phrases[-1].lower().startswith("since") else "when", kept)
        if WEEKDAY.search(phrases[-1]):
            add("on which day", kept)
    return asks + _whoever(clause)


def _particle(base: str, target: str, phrases: list[str]) -> tuple[str, str]:
    """The particle that belongs to the verb, and the object without it ("out", "a tune")."""
    first, _, behind = target.partition(" ")
    if target in {"up", "out", "back", "off", "down", "away", "over"} and phrases:
        # Who lives out in a town lives there.
        sited = target == "out" and base in _PLACE_VERBS and re.match(r"(?:in|at|on|near) ", phrases[0])
        return ("", "") if sited else (target, "")
    if first in {"up", "out", "off", "down", "away"} and behind and names_an_object(behind):
        return first, behind
    there = base in _PLACED_ACTS and phrases and phrases[0].startswith(("in ", "at "))
    return "", target.removesuffix(" out") if there else target


def _someones(noun: str) -> bool:
    """Whether a phrase means somebody one may ask for with "who" ("the kids", "my gran")."""
    head = noun.lower().split()[-1].removesuffix("s")
    return head in KIN | _STAFF and bool(re.match(r"(?:my|our|the) |\w+$", noun))


def _somewhere(base: str, phrases: list[str]) -> bool:
    """Whether what is done is done at a place that may be asked for."""
    if not _PLACED.match(phrases[0]) or _TIME.match(phrases[0]):
        return False
    if is_code(phrases[0].removeprefix("in "), base):
        return False
    named = re.match(r"(?:at|in) [A-Z]", phrases[0]) and base not in {"be", "have", "wear"}
    return bool(named) or base not in _NOWHERE and len(phrases) == 1


def _whoever(clause: Clause) -> list[Ask]:
    """Who does what somebody beside the person is told to do."""
    if clause.subject == "I" or clause.adverbs or len(clause.rest) < 5 or not _animate(clause.subject):
        return []
    said = " ".join(p for p in (*_of_one(clause), clause.rest) if p)
    return [Ask(f"Who {said}?", f"who {said}")]


def _of_one(clause: Clause) -> tuple[str, str]:
    """The auxiliary and the verb as they stand behind "who", whatever the number of the subject."""
    if clause.aux:
        return {"are": "is", "were": "was", "have": "has", "do": "does"}.get(
            clause.aux, clause.aux
        ), clause.verb
    return "", third(clause.base) if clause.tense == "base" else clause.verb


def unasked(base: str, rest: str) -> bool:
    """Whether no question fits a verb: it has no object of its own, or "do" only stresses the next one."""
    emphatic = base == "do" and rest.split()[0] in _ACTION_OBJECT
    used = base == "use" and rest.startswith("to ")
    one = bool(_ONE_THING.match(f"{base} {rest}"))
    return emphatic or used or one or base in _NOT_ASKED or bool(UNSURE.search(rest))


def _activity(target: str) -> bool:
    """Whether what is liked is something done: the phrase behind it belongs to it and leaves with it."""
    first = target.partition(" ")[0].lower()
    return "gerund" in kinds(first) and first not in {"clothing", "painting", "being"}


# "On" and "for" before a bare noun belong to the noun in front ("a thesis on bees").
_STEADY = re.compile(
    r"(?:in|at|with) |on (?:(?:my|our|the|an?) |tv$)|for (?:(?:my|our|the) |fun$|a living$|breakfast$|lunch$|"
    r"dinner$|work$)",
    re.IGNORECASE,
)


def _tail(phrases: list[str]) -> str:
    """The phrase that stays behind the gap, when there is one of place or company."""
    steady = len(phrases) == 1 and not _TIME.match(phrases[0]) and bool(_STEADY.match(phrases[0]))
    return phrases[0] if steady else ""


def _main_base(clause: Clause) -> str:
    found = kinds(clause.verb)
    return clause.base or found.get("gerund") or found.get("participle") or ""


def _someone(noun: str) -> bool:
    return any(
        w.lower().removesuffix("s") in KIN or w.lower() in {"children", "people", "parents", "family"}
        for w in noun.split()
    )


def _animate(subject: str) -> bool:
    named = re.fullmatch(r"[A-Z][a-zà-ÿ'-]+(?: [A-Z][a-zà-ÿ'-]+)?", subject)
    return any(w.lower() in KIN for w in subject.split()) or bool(named and subject not in _NOBODY)


# Words with a capital that a sentence may begin with and that are nobody's name.
_NOBODY = frozenset({"We", "It", "They", "This", "That", "There", "Everyone", "Nobody", *WEEKDAY_NAMES})
_LAND = re.compile(
    r"\b(?:farm|island|street|road|lane|boat|houseboat|ship|ranch|coast|beach|lake|river|hill|"
    r"mountain|campus|estate|avenue|reservation|base|floor)\b",
    re.IGNORECASE,
)


def _phrase_asks(phrases: list[str], base: str, add: object) -> None:
    """Questions about the first prepositional phrase of a verb without object."""
    first, *others = phrases
    word, _, noun = first.partition(" ")
    word, rest = word.lower(), " ".join(others)
    ask = add if callable(add) else None
    if not noun or ask is None or noun.split()[0].lower() in {"it", "that", "them", "this"}:
        return
    if _TIME.match(first):
        ask("when")
    elif word == "at" and noun[:1].isupper():
        ask("where", rest)
    elif (word in {"in", "at", "near"} or (word == "on" and _LAND.search(noun))) and base in _PLACE_VERBS:
        them = re.search(r"\b(?:it|them|him|her)\b", rest)
        ask(
            "where",
            rest if not them and rest.startswith(("with ", "as ", "for ")) and len(others) == 1 else "",
        )
    elif word == "to" and base in _MOVE_VERBS and "gerund" not in kinds(noun.split()[0]):
        ask("where", f"to {rest}".strip() if base in _WITH_TO else rest)
    elif word == "with" and _someone(noun):
        ask("who", f"with {rest}".strip())
    elif len(others) == 0 and (word in {"about", "to"} or base in _ASKED_WITH.get(word, ())):
        hired = base == "work" and word == "for"
        ask("who" if _someone(noun) or hired else "what", word)


# Adjectives that say "of what" or "about what" behind them.
_COMPLEMENTED = frozenset(
    "allergic afraid scared frightened interested addicted obsessed good bad terrified proud fond keen "
    "passionate crazy worried nervous excited jealous intolerant sick tired involved enrolled famous "
    "terrible booked registered".split()
)
_COMPLEMENTS = frozenset("to of in at with on about for".split())


def _working(clause: Clause, subject: str) -> list[Ask]:
    """What somebody does, or did, for a living."""
    whose = "my" if clause.subject == "I" else possessive(subject)
    if clause.aux not in {"am", "is"} or former(clause.rest):
        return [
            Ask(f"What did {subject} do for a living?", f"what {subject} did for a living"),
            Ask(f"What was {whose} job?", f"what {whose} job was"),
            Ask(f"What did {subject} work as?", f"what {subject} worked as"),
        ]
    do, verb = ("do", "do") if clause.subject == "I" else ("does", "does")
    return [
        Ask(f"What {do} {subject} do for a living?", f"what {subject} {verb} for a living"),
        Ask(f"What work {do} {subject} do?", f"what work {subject} {verb}"),
        Ask(f"What is {whose} job?", f"what {whose} job is"),
    ]


def _copula(clause: Clause) -> list[Ask]:
    """Questions about "X is Y": the progressive, a place, an attribute."""
    subject = subject_in_sentence(clause.subject)
    words = clause.rest.split()
    first = words[0].lower() if words else ""
    be = clause.aux
    if "gerund" in kinds(first) and len(words) > 1 and not attribute(clause):
        inner = Clause(clause.subject, clause.adverbs, be, False, words[0], " ".join(words[1:]))
        return [] if kinds(first).get("gerund") in {"be", "get"} else wh(inner)
    if _NUMBERED.fullmatch(clause.rest):
        return []
    if first in {"in", "on", "at"} and len(words) > 1 and clause.subject.lower().startswith("my "):
        return _when_or_where(clause.rest, be, subject)
    if first == "from" and len(words) > 1:
        return [
            Ask(f"Where {be} {subject} from?", f"where {subject} {be} from"),
            Ask(f"Which place {be} {subject} from?", f"which place {subject} {be} from"),
        ]
    if first in _COMPLEMENTED and len(words) > 2 and words[1] in _COMPLEMENTS:
        feared = words[1] == "of" and first in _FEARING
        states = dict.fromkeys((first, "afraid", "scared")) if feared else (first,)
        return [
            Ask(f"What {be} {subject} {state} {words[1]}?", f"what {subject} {be} {state} {words[1]}")
            for state in states
        ]
    if is_age(clause.rest) and ages(clause.subject, clause.rest):
        return [
            Ask(f"How old {be} {subject}?", f"how old {subject} {be}"),
            Ask(f"What age {be} {subject}?", f"what age {subject} {be}"),
        ]
    if (trade if somebody(clause.subject) else profession)(clause.rest):
        return _working(clause, subject)
    if is_colour(clause.rest) and clause.subject != "I":
        return [
            Ask(f"What colour {be} {subject}?", f"what colour {subject} {be}"),
            Ask(f"Which colour {be} {subject}?", f"which colour {subject} {be}"),
        ]
    return [Ask(f"What {be} {subject}?", f"what {subject} {be}")] if attribute(clause) else []


_FEARING = frozenset("afraid scared terrified frightened".split())
# A place in a row is no place ("in Year 9").
_NUMBERED = re.compile(r"(?:in|on) (?:[A-Z]?[a-z]+) \d+[A-Za-z]?")

# Nobody is somewhere who is "in love" or "in the army".
_STATE = re.compile(
    r"in (?:love|debt|shape|remission|charge|trouble|pain|(?:a|the) (?:\w+ )?(?:band|gang|army|navy|military|"
    r"marines|air force|reserves|mood|relationship|party|club|team|choir|brigade|police|coastguard|"
    r"orchestra))\b|on (?:an?|the|my|our) (?:\w+ )*(?:team|committee|council|board|diet)\b",
    re.IGNORECASE,
)


# These are "on" what they are about.
_WRITTEN = re.compile(r"\b(?:thesis|book|paper|essay|blog|novel|story|article|research|dissertation|focus)\b")


_DATED = re.compile(r"on (?:the )?\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+")
_CLOCK = re.compile(r"\bat (?:half past |quarter (?:to|past) )?(?:\d|noon|midnight|(?:" + _HOURS + r")\b)")


def _when_or_where(rest: str, be: str, subject: str) -> list[Ask]:
    """Questions about "my X is on Y", asked of the whole subject and of its head."""
    if _STATE.match(rest) or _WRITTEN.search(subject):
        return []
    names = dict.fromkeys((subject, re.sub(r" (?:for|at|in|with|of|on) .*", "", subject)))
    timed = _TIME.match(rest) or WEEKDAY.search(rest)
    words = ["when"] if timed else ["where"]
    words += ["on which day", "what day"] if WEEKDAY.search(rest) else []
    words += ["what date"] if timed and _DATED.match(rest) else []
    words += ["what time"] if timed and _CLOCK.search(rest) else []
    asks = [
        Ask(f"{capitalise(word)} {be} {name}?", f"{word} {name} {be}") for name in names for word in words
    ]
    if timed:
        had = [name for name in names if "'s " not in name]
        mine = [w for w in words if w in {"when", "on which day"}]
        asks += [Ask(f"{capitalise(w)} do I have {n}?", f"{w} I have {n}") for n in had for w in mine]
    return asks


def attribute(clause: Clause) -> bool:
    """Whether "my X is Y" answers "What is my X?"."""
    subject = clause.subject.lower()
    if not subject.startswith(("my ", "our ")) or not clause.rest:
        return False
    head = subject.split()[-1]
    first = clause.rest.split()[0].lower()
    named = re.search(
        r"\b(?:favou?rite|name|job|birthday|age|size|colou?r|hobby|hobbies|goal|dream|major|nickname|"
        r"team|passion|talent|occupation|profession|pet peeve|degree|hometown|heritage|religion|diet|"
        r"specialty)\b",
        subject,
    )
    return (
        bool(named)
        and head not in KIN
        and first not in {"not", "in", "on", "at", "to", "too", "very", "also", "because", "when", "with"}
        or (bool(named) and first == "to")
    )
