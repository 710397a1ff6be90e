"""What a question of the assistant asks about, as a frame that the person's answer completes.

"Where does your son live?" is told back as "My son lives in ...". A question that cannot be told back with
confidence has no frame.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.lexicon import ADVERBS, AUXILIARIES, KIN, PETS, PREPOSITIONS
from data.lexicon_verbs import kinds, past, third
from quality.discourse import Discourse
from quality.ellipsis import seen, theme, topic
from quality.predicates import ADJECTIVE

FICTION = re.compile(
    r"\b(?:character|story|novel|poem|song|scene|game|film|movie|episode|plot|hero|guess|recipe|text|"
    r"sentence)\b",
    re.I,
)
_VAGUE = frozenset("need want mean think prefer look try imagine say see get happen feel know".split())
_OWNED = frozenset(
    "university uni school college gym airline phone car bike network bank dentist doctor gp course "
    "degree class "
    "job company employer instrument leg knee eye hand arm ear foot shoulder tooth wrist ankle breed "
    "department "
    "club hospital branch nationality passport insurance provider church choir band team doctor's store shop "
    "office clinic station grade year subject major "
    "exam flight".split()
)
_TRAILING = re.compile(
    r"(?: (?:right now|at the moment|now|currently|these days|already|most|best|mainly|usually|then|"
    r"exactly|again|"
    r"roughly|today|on it|all that|originally|there|so far|by the way|yourself))+$"
)
_UNSEEN = re.compile(r"\b(?:it|that|this|them|these|those|i|we|us|one|so)\b")
_NOBODY = frozenset(
    {"recipient", "person", "character", "hero", "plan", "idea", "problem", "issue", "question"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The frame of a question: who it is about, with which verb, and what kind of answer it wants."""

    wants: str
    noun: str
    subject: str
    verb: str
    rest: str


def _whole(low: str) -> str:
    """A question with its short forms written out and its trailing words dropped."""
    low = re.sub(r"\b(what|who|where|when|how|which)'(?:s|re)\b", r"\1 is", _TRAILING.sub("", low))
    low = re.sub(r"\bis the (date|time|place|size) of (?:your|the) ", "is your ", low)
    return re.sub(r"\byours?$", "your", low) if " when is yours" in f" {low}" else low


def frame(low: str, discourse: Discourse) -> Asked | None:
    """Who and what a question asks about; None when it cannot be told back."""
    low = _whole(low)
    match = re.search(
        r"\b(?P<wh>how (?:old|many|much|tall|long|far|often|big|heavy)|what|which|who|where|"
        r"when)\b(?P<rest>.*)$",
        low,
    )
    if match is None:
        return _polar(low)
    wh, words = match["wh"], match["rest"].split()
    at = next((i for i, w in enumerate(words[:6]) if w in AUXILIARIES), None)
    if at is None:
        return _elliptic(wh, words)
    noun, aux, tail = " ".join(words[:at]), words[at], words[at + 1 :]
    wants = wh.removeprefix("how ")
    article = tail[:1] == ["the"]
    subject, tail = _subject(tail, aux, discourse)
    if not subject:
        return _elliptic(wh, words[:at]) if noun in _OWNED and words[at + 1 :] == ["it"] else None
    if wants == "many" and subject == "I":
        return Asked("many", noun, "I", "have", "") if tail[:1] == ["have"] or "there" in tail else None
    if aux in {"do", "does", "did"}:
        while tail and tail[0] in ADVERBS:
            tail = tail[1:]
        if not tail or not kinds(tail[0]):
            return None
        verb, rest = tail[0], " ".join(tail[1:])
        if verb in {"start", "begin", "stop", "break"} and subject not in {"I", "we"} and aux == "did":
            return None
        if verb in _VAGUE or (verb == "have" and not noun) or "in mind" in rest:
            return None
        if verb == "do" and wants == "what":
            return Asked("job", "", subject, "be", "") if rest in {"", "for work", "for a living"} else None
        rest = seen(rest, discourse)
        if _UNSEEN.search(rest):
            return None
        told = (
            past(verb)
            if aux == "did"
            else verb
            if subject in {"I", "we"} or subject.endswith("s")
            else third(verb)
        )
        return Asked(wants, noun, subject, verb, f"{told} {rest}".strip())
    if aux in {"is", "are", "was", "were"}:
        return _being(Asked(wants, noun, subject, "be", ""), aux, tail, discourse, article=article)
    if aux in {"will", "can", "have", "has"} and tail and kinds(tail[0]):
        rest = " ".join(tail)
        if not _UNSEEN.search(rest):
            aux = "have" if aux == "has" and subject == "I" else aux
            return Asked(wants, noun, subject, tail[0], f"{aux} {rest}")
    return None


def _being(asked: Asked, aux: str, tail: list[str], discourse: Discourse, *, article: bool) -> Asked | None:
    """The frame of "where are you from" and "what is your X"."""
    wants, noun, subject = asked.wants, asked.noun, asked.subject
    be = (
        "am"
        if subject == "I" and aux == "are"
        else "is"
        if aux == "are" and not subject.endswith("s")
        else aux
    )
    rest = seen(" ".join(tail), discourse)
    if _UNSEEN.search(rest):
        return None
    verb = tail[0] if tail and "gerund" in kinds(tail[0]) else "be"
    if verb in {"doing", "happening"}:
        return None
    if not rest and wants in {"what", "which", "who"} and subject != "I" and not noun:
        if article and subject.split()[-1] not in _OWNED and not subject.startswith("my "):
            return None
        noun = "="
    if tail[:1] in (["after"], ["looking"], ["hoping"]):
        return None
    if noun and subject in {"", "it"} or "curious" in rest or "thinking" in rest:
        return None
    return Asked(wants, noun, subject, verb, f"{be} {rest}".strip())


def _subject(words: list[str], aux: str, discourse: Discourse) -> tuple[str, list[str]]:
    """The subject a question goes on with, said by the person, and the words after it."""
    head = words[0].strip(",") if words else ""
    if head in {"yours", "your"} and len(words) == 1:
        return topic(discourse) or theme(discourse), []
    if head == "you":
        return "I", words[1:]
    if head in {"he", "she", "they", "it"}:
        return discourse.meant(head) or topic(discourse), words[1:]
    known = discourse.named.get(head, "")
    called = (
        re.search(rf"\b{re.escape(head.capitalize())}\b", " ".join(discourse.said))
        if head.isalpha()
        else None
    )
    if known or called and not kinds(head) and head not in {"your", "the"} and len(head) > 2:
        return known or head.capitalize(), words[1:]
    end = len(words)
    for i, word in enumerate(words[1:], start=1):
        found = kinds(word)
        stops = word in PREPOSITIONS or word in ADVERBS or "gerund" in found and aux in {"is", "are", "was"}
        if i > 1 and (stops or ("base" in found and aux in {"do", "does", "did", "will", "can"})):
            end = i
            break
    noun = " ".join(words[1:end])
    if head in {"his", "her", "their", "its"} and noun:
        owner = discourse.meant(head)
        return (f"{owner}'s {noun}" if owner else ""), words[end:]
    if aux in {"do", "does"} and head.endswith("s") and words[1:2] and kinds(words[1]):
        return f"my {head}", words[1:]
    if head not in {"your", "the"} or not re.fullmatch(r"[a-z][a-z' -]{1,40}", noun):
        return "", []
    if head == "the" and noun.split()[-1] in _NOBODY:
        return "", []
    mine = head == "your" or re.search(
        rf"\b(?:my|our) {re.escape(noun)}", " ".join(discourse.said), re.IGNORECASE
    )
    return (f"my {noun}" if mine else f"the {noun}"), words[end:]


def _elliptic(wh: str, words: list[str]) -> Asked | None:
    """ "Which university?", "How many hives?" """
    noun = " ".join(words)
    if not re.fullmatch(r"[a-z][a-z-]+(?: [a-z-]+)?", noun) or noun.split()[0] in {
        "about",
        "is",
        "kind",
        "else",
        "one",
        "day",
        "time",
    }:
        return None
    if wh == "how many":
        counted = noun.endswith(("s", "n")) and noun not in {
            "years",
            "days",
            "people",
            "hours",
            "months",
            "weeks",
        }
        return Asked("many", noun, "I", "have", "") if counted else None
    return Asked("which", "=", f"my {noun}", "is", "is") if noun.split()[-1] in _OWNED else None


_OPEN = re.compile(
    r"(?:^|, )(?:are you (?P<doing>[a-z]+ing(?: [a-z]+){0,2}) (?:something|anything|anyone|someone|somewhere)"
    r"|do you (?P<do>have|own|play|keep|speak|follow|drive|drink|eat|take|use|collect|grow|watch|read|"
    r"teach|sing)"
    r"(?P<object>(?: [a-z]+){0,3})|(?:is there )?(?:anything|any [a-z]+)(?: that)? you "
    r"(?P<cannot>can't|cannot|don't|avoid|hate|dislike) ?(?P<what>[a-z]*)"
    r"|(?P<any>any|do you have any) (?P<of>(?:[a-z]+ )?(?:allergies|dislikes|intolerances|restrictions|"
    r"pets|kids|"
    r"children|siblings|"
    r"injuries|conditions|hobbies)))$"
)
_PLAIN = re.compile(
    r"(?:^|, )are you (?P<adjective>[a-z-]+(?: [a-z]+)?)$|(?:^|, )do you have (?P<having>an? [a-z]+|kids|"
    r"children|pets|siblings)$"
)


def _polar(low: str) -> Asked | None:
    """A question open to a thing ("Do you play anything?", "Any allergies?")."""
    match = _OPEN.search(low)
    if not match:
        return None
    if match["doing"]:
        return Asked("what", "", "I", match["doing"].split()[0], f"am {match['doing']}")
    if match["any"]:
        of = match["of"].split()[-1]
        rest = {
            "allergies": "am allergic to",
            "restrictions": "can't have",
            "intolerances": "am allergic to",
            "dislikes": "don't like",
        }.get(of, "have")
        return Asked("thing", "", "I", "have" if rest == "have" else "be", rest)
    if match["do"]:
        return (
            None
            if _UNSEEN.sub("", match["object"]) != match["object"]
            and "one" not in match["object"]
            or "in mind" in match["object"]
            else Asked("thing", "", "I", match["do"], match["do"])
        )
    return Asked(
        "thing", "", "I", match["what"] or match["cannot"], f"{match['cannot']} {match['what']}".strip()
    )


def confirmable(low: str) -> str:
    """The statement a plain "yes" makes true ("Are you vegetarian?"); empty when it would tell nothing."""
    match = _PLAIN.search(low)
    if match and match["adjective"] and ADJECTIVE.match(match["adjective"]):
        return f"I am {match['adjective']}."
    having = match["having"] if match else ""
    if having and having.split()[-1] in KIN | PETS | {"children", "pets", "siblings"}:
        return f"I have {having}."
    return ""
