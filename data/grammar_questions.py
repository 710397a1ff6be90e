"""Questions about a parsed statement: what, where, who and when, each also as an indirect question.

Pure functions of a `Clause`; a question is only built where its gap is sure, so a statement may give none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.grammar import subject_in_sentence
from data.grammar_clauses import Clause, capitalise
from data.grammar_types import WEEKDAY, asked_kinds, is_age, is_colour
from data.lexicon import ADVERBS, CONJUNCTIONS, KIN, MODALS, PREPOSITIONS, STOPWORDS
from data.lexicon_verbs import kinds


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
_MOVE_VERBS = frozenset("move go travel fly commute drive walk cycle sail relocate emigrate return".split())
_TIME = re.compile(
    r"^(?:in|on|at|since|during|every|until) (?:.*\b(?:\d{4}|january|february|march|april|may|june|"
    r"july|august|september|october|november|december|spring|summer|autumn|winter|morning|evening|"
    r"night|weekends?|weekdays?|\w+days?|noon|midnight|week|month|year)\b.*|"
    r"\d{1,2}(?::\d\d)?(?: ?[ap]m)?)$",
    re.IGNORECASE,
)
_ACTION_OBJECT = frozenset(
    "like love want hope plan enjoy hate prefer try need dislike learn start intend wish dream".split()
)
_NOT_ASKED = frozenset(
    "be seem become feel look sound let help think know say tell hope wish believe mean make get".split()
)


UNSURE = re.compile(
    r",|^(?:care|part|place|pride|advantage|time off|turns|notice|fun|sense|naps|a (?:nap|break|walk|"
    r"bath|shower))\b|"
    r"\b(?:that|who|which|from \w+(?: \w+)? to|between|so much|as much|more than|less than|than)\b",
    re.IGNORECASE,
)


def complex_rest(clause: Clause) -> bool:
    """Whether more than one clause hides in the rest, so that a gap would be unsure."""
    words = [w.lower().strip(",") for w in clause.rest.split()]
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if word in CONJUNCTIONS - {"and", "or", "that"} or (
            word in {"and", "but", "or"}
            and (
                following
                in {"i", "my", "we", "he", "she", "they", "it", "do", "don't", "am", "have", "is", "are"}
                or following in ADVERBS
            )
        ):
            return True
        if word == "i" or (
            word == "and"
            and kinds(following).keys() & {"third", "base", "past"}
            and "gerund" not in kinds(following)
            and following
            not in {
                "work",
                "play",
                "cook",
                "dance",
                "garden",
                "drink",
                "walk",
                "dream",
                "sleep",
                "paint",
                "water",
                "film",
                "house",
                "fish",
                "park",
                "run",
                "rock",
                "rap",
                "dress",
                "fox",
                "bike",
                "pet",
                "plant",
                "sport",
            }
        ):
            return True
    return False


def split_rest(rest: str) -> tuple[str, list[str]]:
    """The object in front and the prepositional phrases behind it."""
    words = rest.split()
    starts = [
        i
        for i, w in enumerate(words)
        if w in PREPOSITIONS - {"of", "like", "than", "as", "up", "down", "off", "out", "per"}
        and not (
            w.lower() == "to"
            and i + 1 < len(words)
            and (i == 0 or "base" in kinds(words[i + 1]))
            and words[i + 1].lower() not in STOPWORDS - {"be", "have", "do"}
        )
    ]
    if not starts:
        return rest, []
    bounds = [*starts, len(words)]
    phrases = [" ".join(words[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]
    return " ".join(words[: starts[0]]), phrases


def _auxiliary(clause: Clause) -> tuple[str, str]:
    """The auxiliary that moves to the front and the verb form that stays; empty when unknown."""
    if clause.aux:
        return clause.aux, clause.verb
    if clause.tense and clause.base:
        return {"base": "do", "third": "does", "past": "did"}[clause.tense], clause.base
    return "", ""


def wh(clause: Clause) -> list[Ask]:
    """Questions whose answer is the statement itself."""
    if clause.negative or clause.lead or complex_rest(clause) or not clause.rest:
        return []
    aux, verb = _auxiliary(clause)
    if not aux or aux in MODALS and aux not in {"will"}:
        return []
    subject = subject_in_sentence(clause.subject)
    finite = " ".join(p for p in (clause.aux, clause.adverbs, clause.verb) if p)
    adverbs = "" if clause.adverbs.lower() in {"also", "just", "even", "still", "only"} else clause.adverbs
    asks: list[Ask] = []

    def add(word: str, tail: str = "") -> None:
        question = " ".join(p for p in (word, aux, subject, adverbs, verb, tail) if p)
        asks.append(Ask(capitalise(question) + "?", " ".join(p for p in (word, subject, finite, tail) if p)))

    if clause.copula:
        return _copula(clause)
    target, phrases = split_rest(clause.rest)
    if target in {"up", "out", "back", "off", "down", "away", "over"} and phrases:
        verb, finite, target = f"{verb} {target}", f"{finite} {target}", ""
    particle, _, behind = target.partition(" ")
    if particle in {"up", "out", "off", "down", "away"} and behind and names_an_object(behind):
        verb, finite, target = f"{verb} {particle}", f"{finite} {particle}", behind
    bare = re.split(r" as (?=an? )", target)[0]
    base = _main_base(clause)
    doing = base in _ACTION_OBJECT and _activity(target)
    tail = "" if doing or bare != target else _tail(phrases)
    if base in _NOT_ASKED or (base == "use" and clause.rest.startswith("to ")) or UNSURE.search(clause.rest):
        return []
    if target and names_an_object(target):
        word = (
            "who"
            if bare.lower().split()[-1] in KIN
            and not any("gerund" in kinds(w) for w in target.split())
            and base in {"love", "like", "miss", "visit", "meet", "see", "marry", "hate"}
            else "what"
        )
        if target.lower().startswith("to ") and base in _ACTION_OBJECT:
            add(word, "to do")
            inner = target.lower().split()[1:2]
            if phrases and inner and inner[0] in _MOVE_VERBS and phrases[0].lower().startswith("to "):
                add("where", f"to {inner[0]}")
                add("which place", f"to {inner[0]} to")
        elif not target.lower().startswith("to ") and (base not in {"have", "work"} or tail):
            if doing:
                add(word, "doing")
            add(word, tail)
            for kind in asked_kinds(base, bare) if word == "what" else ():
                add(f"which {kind}", tail)
        if bare == target and base not in {"be", "have"} and re.match(r"(?:at|in) [A-Z]", " ".join(phrases)):
            add("where", target)
    if not target and phrases:
        _phrase_asks(phrases, base, add)
        first = phrases[0].partition(" ")
        for kind in asked_kinds(f"{base} {first[0].lower()}", first[2]) if len(phrases) == 1 else ():
            add(f"which {kind}", first[0].lower())
    if phrases and _TIME.match(phrases[-1]) and (target or len(phrases) > 1):
        kept = " ".join([target, *phrases[:-1]]).strip()
        add("since when" if phrases[-1].lower().startswith("since") else "when", kept)
        if WEEKDAY.search(phrases[-1]):
            add("on which day", kept)
    if clause.subject != "I" and not clause.adverbs and len(clause.rest) > 4:
        asks.append(
            Ask(
                f"Who {clause.aux or clause.verb} {clause.verb + ' ' if clause.aux else ''}{clause.rest}?",
                f"who {clause.aux or clause.verb} {clause.verb + ' ' if clause.aux else ''}{clause.rest}",
            )
        ) if _animate(clause.subject) else None
    return asks


def _activity(target: str) -> bool:
    """Whether what is liked is something done: the phrase behind it belongs to it and leaves with it."""
    first = target.partition(" ")[0].lower()
    return "gerund" in kinds(first) and first not in {"clothing", "painting"}


def _tail(phrases: list[str]) -> str:
    """The phrase that stays behind the gap, when there is one of place or company."""
    steady = (
        len(phrases) == 1
        and not _TIME.match(phrases[0])
        and phrases[0].split()[0] in {"in", "on", "at", "with", "for"}
    )
    return phrases[0] if steady else ""


def _main_base(clause: Clause) -> str:
    found = kinds(clause.verb)
    return clause.base or found.get("gerund") or found.get("participle") or ""


_NO_OBJECT = frozenset(
    (
        "as it them that so well too alone together away home me out up hard late early better more less "
        "what how when where why who if back over around along"
    ).split()
)


def names_an_object(target: str) -> bool:
    """Whether a noun phrase names a thing that a question can ask for."""
    first = target.split()[0].lower().strip(",")
    if re.fullmatch(r"\w{4,}ly", target) and first not in {"family", "jelly", "italy"}:
        return False
    if re.match(
        r"(?:an? (?:lot|bit|little|few times|while|mile)|lots|all|every|part|full|too|many times|most|"
        r"both|half|less|nothing|something|anything|everything)\b",
        target,
        re.IGNORECASE,
    ):
        return False
    return first not in ADVERBS | _NO_OBJECT


def _someone(noun: str) -> bool:
    return any(
        w.lower().removesuffix("s") in KIN or w.lower() in {"children", "people", "parents", "family"}
        for w in noun.split()
    )


def _animate(subject: str) -> bool:
    return any(w.lower() in KIN for w in subject.split())


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
        ask("where", rest if len(others) == 1 and base not in {"live", "work", "stay"} else "")
    elif word == "to" and base in _MOVE_VERBS and "gerund" not in kinds(noun.split()[0]):
        ask("where", rest)
    elif word == "with" and _someone(noun):
        ask("who", f"with {rest}".strip())
    elif word in {"for", "with", "about", "to", "at", "on", "in"} and len(others) == 0:
        ask("who" if _someone(noun) else "what", word)


def _copula(clause: Clause) -> list[Ask]:
    """Questions about "X is Y": the progressive, a place, an attribute."""
    subject = subject_in_sentence(clause.subject)
    words = clause.rest.split()
    first = words[0].lower() if words else ""
    be = clause.aux
    if "gerund" in kinds(first) and len(words) > 1:
        inner = Clause(clause.subject, clause.adverbs, be, False, words[0], " ".join(words[1:]))
        return [] if kinds(first).get("gerund") in {"be", "get"} else wh(inner)
    if first in {"in", "on", "at"} and len(words) > 1 and clause.subject.lower().startswith("my "):
        return _when_or_where(clause.rest, be, subject)
    if first == "from" and len(words) > 1:
        return [
            Ask(f"Where {be} {subject} from?", f"where {subject} {be} from"),
            Ask(f"Which place {be} {subject} from?", f"which place {subject} {be} from"),
        ]
    if (
        first
        in {
            "allergic",
            "afraid",
            "scared",
            "interested",
            "addicted",
            "obsessed",
            "good",
            "bad",
            "terrified",
            "proud",
            "fond",
        }
        and len(words) > 2
        and words[1] in {"to", "of", "in", "at", "with"}
    ):
        to_what = f"{first} {words[1]}"
        return [
            Ask(f"{capitalise(what)} {be} {subject} {to_what}?", f"{what} {subject} {be} {to_what}")
            for what in ("what", "which thing")
        ]
    if is_age(clause.rest):
        return [
            Ask(f"How old {be} {subject}?", f"how old {subject} {be}"),
            Ask(f"What age {be} {subject}?", f"what age {subject} {be}"),
        ]
    if profession(clause.rest):
        do, verb = ("do", "do") if clause.subject == "I" else ("does", "does")
        if be in {"am", "is"}:
            return [
                Ask(f"What {do} {subject} do for a living?", f"what {subject} {verb} for a living"),
                Ask(f"What work {do} {subject} do?", f"what work {subject} {verb}"),
                Ask(
                    f"What is {'my job' if clause.subject == 'I' else subject + chr(39) + 's job'}?",
                    f"what {'my job' if clause.subject == 'I' else subject + chr(39) + 's job'} is",
                ),
            ]
    if is_colour(clause.rest) and clause.subject != "I":
        return [
            Ask(f"What colour {be} {subject}?", f"what colour {subject} {be}"),
            Ask(f"Which colour {be} {subject}?", f"which colour {subject} {be}"),
        ]
    if attribute(clause):
        return [
            Ask(f"What {be} {subject}?", f"what {subject} {be}"),
            Ask(f"Which {be} {subject}?", f"which {subject} {be}"),
        ]
    return []


def _when_or_where(rest: str, be: str, subject: str) -> list[Ask]:
    """Questions about "my X is on Y", asked of the whole subject and of its head."""
    names = dict.fromkeys((subject, re.sub(r" (?:for|at|in|with|of|on) .*", "", subject)))
    timed = _TIME.match(rest) or WEEKDAY.search(rest)
    words = ["when"] if timed else ["where"]
    words += ["on which day"] if WEEKDAY.search(rest) else []
    asks = [
        Ask(f"{capitalise(word)} {be} {name}?", f"{word} {name} {be}") for name in names for word in words
    ]
    if timed:
        had = [name for name in names if "'s " not in name]
        asks += [Ask(f"{capitalise(w)} do I have {n}?", f"{w} I have {n}") for n in had for w in words]
    return asks


_JOBS = re.compile(
    r"^(?:an? )?(?:[\w-]+ ){0,3}?(?:\w+(?:ologist|ographer|keeper|maker|worker|officer|manager|"
    r"designer|developer|engineer|driver|cleaner|dresser|"
    r"tuner|seller|writer|ician|iatrist|herapist|smith|wright)|teacher|nurse|doctor|lawyer|attorney|"
    r"chef|cook|baker|waiter|waitress|barista|bartender|pilot|"
    r"farmer|fisherman|plumber|electrician|carpenter|mechanic|accountant|banker|teller|cashier|clerk|"
    r"secretary|receptionist|librarian|"
    r"journalist|reporter|editor|author|painter|sculptor|actor|actress|singer|dancer|musician|"
    r"composer|photographer|architect|scientist|"
    r"researcher|professor|lecturer|programmer|coder|analyst|consultant|salesman|saleswoman|realtor|"
    r"vet|veterinarian|dentist|pharmacist|"
    r"paramedic|firefighter|fireman|policeman|policewoman|cop|detective|soldier|sailor|lifeguard|"
    r"coach|trainer|tailor|seamstress|florist|gardener|"
    r"butcher|janitor|nanny|babysitter|housekeeper|postman|mailman|butler|judge|politician|priest|"
    r"pastor|minister|rabbi|nun|monk|welder|roofer|mason|miner|"
    r"optician|optometrist|surgeon|midwife|translator|interpreter|jeweller|jeweler|glazier|potter|"
    r"cobbler|technician|stylist|hairdresser|barber|zookeeper|beekeeper|"
    r"(?:stone)?mason|bricklayer|plasterer|builder|decorator|joiner|upholsterer|typesetter|luthier|bookbinder|"
    r"courier|dispatcher|actuary|groomer|carer|caretaker|ranger|tiler|machinist|operator|conductor|warden|"
    r"inspector|broker|solicitor|barrister|notary|archivist|curator|proofreader|locksmith|chimney sweep|"
    r"civil servant|social worker|sommelier|apprentice|postwoman|taxidermist|"
    r"model|comedian|magician|surveyor|auditor|paralegal|economist|statistician|biologist|chemist|"
    r"physicist|astronomer|historian)\b(?: (?:at|in|for|with|by|on) .{2,50})?$",
    re.IGNORECASE,
)


def profession(rest: str) -> bool:
    """Whether a predicate names a job."""
    judged = re.match(
        r"^an? (?:\w+ )?(?:good|great|bad|terrible|decent|mediocre|huge|big|amazing|awful|horrible|"
        r"poor|avid|natural)\b",
        rest,
    )
    return bool(re.match(r"^an? ", rest, re.IGNORECASE) and not judged and _JOBS.match(rest))


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
