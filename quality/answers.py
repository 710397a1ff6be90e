"""Short answers to the assistant's question, made whole: "Where do you live?" - "Pori" tells a home.

Only the frame of the question is used ("I live in ..."); what is told is what the person answered. An answer
that declines, asks back or does not fit the kind of the question tells nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.grammar_clauses import capitalise
from data.lexicon import ADVERBS, AUXILIARIES, MONTHS, NUMBERS, PREPOSITIONS, WEEKDAYS
from data.lexicon_verbs import kinds, past, third
from quality.discourse import Discourse
from quality.found import Found, Kind
from quality.names import CAP, NAME, is_name, named

_QUESTION = re.compile(r"[^.!?\n]*\?")
_OPENING = re.compile(
    r"^(?:(?:and|but|so|ok|okay|oh|well|ah|hm+|um|uh|er|yes|yeah|yep|yup|ya|aye|sure|just|only|it's|its|it is|"
    r"that's|thats|that'd be|it'd be|he's|she's|hes|shes|they're|theyre|i'm|im|i am|called|named|name of|"
    r"decided on|probably|around|about|roughly|usually|mostly|mainly|unfortunately|sadly|actually|lol|haha|ugh|"
    r"sorry|currently|now|no sorry|mine|nah|nope|no|my name is|the name is|in fact|right now|think|i think|"
    r"at the moment)\b(?!')[\s,:;!.-]*)+",
    re.IGNORECASE,
)
_DECLINED = re.compile(
    r"^(?:idk|dunno|no(?:ne|thing|body|where|pe)?\b|not\b|never|why|what|who|how|which|when|where|whatever|"
    r"any\w*|some(?:thing|one|where)?\b|every\w*|you|your|it|that|this|these|those|them|they|he|she|i\b|i'\w+|"
    r"we\b|let'?s|let us|guess|surprise|either|both|neither|depends|none|don'?t|doesn'?t|"
    r"can|could|would|should|do|does|did|is|are|was|if|maybe|perhaps|hard to|good question|long|too|very|"
    r"a (?:lot|bit|few|while|friend|secret)|lots|enough|skip|pass|forget|nevermind|never mind|thanks|thx|"
    r"please|pls|give|tell|show|make|write|go|all|same|rather|prefer|private|secret|me\b|us\b|here|there|"
    r"hard pass|as|like|ask|stop|wait|hang|hold|fine|good|great|ok|okay|cool|true|yes|deal|done|the (?:usual|"
    r"first|second|last|latter|former|same|other)\b|option|number|of|ha|haha|lol|hmm|and|or|but|so|ready|"
    r"then|because|cause|cos|imagine|suppose|pretend|yours|see|funny|exactly|indeed|correct|wrong)\b",
    re.IGNORECASE,
)
_FICTION = re.compile(
    r"\b(?:character|story|novel|poem|song|scene|game|film|movie|episode|plot|hero|guess|recipe|text|sentence)\b",
    re.I,
)
_VAGUE = frozenset("need want mean think prefer look try imagine say see get happen feel know".split())
_OWNED = frozenset(
    "university uni school college gym airline phone car bike network bank dentist doctor gp course degree class "
    "job company employer instrument leg knee eye hand arm ear foot shoulder tooth wrist ankle breed department "
    "club hospital branch nationality passport insurance provider church choir band team doctor's store shop "
    "office clinic station grade year subject major "
    "exam flight".split()
)
_TEMPORAL = re.compile(
    r"\d|\b(?:"
    + "|".join({*MONTHS, *WEEKDAYS} - {"may", "mar", "sat", "sun"})
    + r"|may|tomorrow|tonight|today|"
    r"next|spring|summer|autumn|winter|easter|christmas|xmas|new year|noon|midnight|weekend|end of|week|month|"
    r"boxing day|halloween|tmrw)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:"
    + "|".join(w for w in NUMBERS if len(w) > 2)
    + r"|seventy|eighty|ninety|hundred|half|dozen)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"^(?:in|at|on|by|near|to|from|over|out|up|down|next|tae|outside|behind|under|with)\b", re.IGNORECASE
)
_TIMED = re.compile(
    r"^(?:in|at|on|by|next|this|end|after|before|from|until|till|since|around|tomorrow|tonight|today|every|within|"
    r"early|late|mid|the (?:day|week|first|last|end)|tmrw|boxing)\b",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?: (?:right now|at the moment|now|currently|these days|already|most|best|mainly|usually|then|exactly|again|"
    r"roughly|today|on it|all that))+$"
)
_UNSEEN = re.compile(r"\b(?:it|that|this|them|these|those|i|we|us|there|one|so)\b")
_PERSONS = {
    "you": "I",
    "your": "my",
    "yours": "mine",
    "yourself": "myself",
    "i": "you",
    "me": "you",
    "my": "your",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The frame of a question: who it is about, with which verb, and what kind of answer it wants."""

    wants: str
    noun: str
    subject: str
    verb: str
    rest: str


def answered(text: str, before: str, discourse: Discourse) -> list[Found]:
    """What a turn tells as the answer to the last question of the assistant's message before it."""
    questions = _QUESTION.findall(before[-400:])
    if not questions or not text.strip():
        return []
    value = _value(text)
    if not value:
        return []
    for question in reversed(questions[-2:]):
        if _FICTION.search(question):
            return []
        for part in re.split(r", and |,? and (?=wh|how)|, (?=wh|how|is |are )", question):
            found = _answer(part.strip(" ?\n"), value, discourse)
            if found:
                return found
    return []


def _value(text: str) -> str:
    """The noun phrases an answer begins with; empty when it declines or is a clause of its own."""
    sentence = re.split(
        r"(?<=[.!?…])\s|\n|[;:]\s|\s[-–—]+\s| \(| because | cause | so (?=i|we|it|that)", text.strip()
    )[0]
    if sentence.rstrip().endswith("?") and len(sentence.split()) > 1:
        return ""
    sentence = _OPENING.sub("", sentence.strip(" .!?…*\"'"))
    kept: list[str] = []
    for part in re.split(r",\s+", sentence):
        words = [w.lower().strip(".,!?'") for w in part.split()]
        if not words or (kept and _DECLINED.match(part)) or _clause(words):
            break
        kept.append(part)
    value = re.sub(
        r"\s+(?:lol|lmao+|haha|tho|though|actually|i think|please|thanks|pls|weirdly|sorry|yes|then|now)+$",
        "",
        ", ".join(kept),
    )
    value = value.strip(" .!?…,\"'")
    return "" if _DECLINED.match(value) or len(value.split()) > 9 or "\x00" in value else value


def _clause(words: list[str]) -> bool:
    """Whether words hold a finite verb, so that they are a clause and no mere answer."""
    if set(words) & (
        AUXILIARIES | {"i", "you", "im", "ive", "we", "he", "she", "they", "it's", "its", "i'm"}
    ):
        return True
    return len(words) > 1 and bool(
        kinds(words[0]).keys() & {"base", "past"}
        and words[1] in {"it", "me", "that", "the", "my", "them", "a"}
    )


def _answer(question: str, value: str, discourse: Discourse) -> list[Found]:
    low = question.lower().replace("’", "'")
    named_one = _named(low, value, discourse)
    if named_one is not None:
        return named_one
    asked = _frame(low, discourse)
    if asked is None or not _fits(asked, value):
        return []
    statement = _statement(asked, value)
    if not statement:
        return []
    who = asked.subject
    kind: Kind = "plan" if asked.wants == "when" else "fact"
    relation = asked.verb or "be"
    slot = f"{who.lower()}|{relation}" if asked.wants in {"old"} else ""
    if asked.wants == "old":
        relation, slot = "age", f"{who.lower()}|age"
    elif asked.noun == "=":
        relation, slot = "is", f"{who.lower()}|is"
    return [Found(who, relation, value, statement, kind, slot, 0.8)]


_NAME_ASKED = (
    re.compile(
        r"\bwhat(?:'s| is| was| are|'re) (?P<who>(?:your |the |my |his |her |their )?[\w' -]+?)(?:'s?)? (?:first |full |real )?names?$"
    ),
    re.compile(r"\bwhat(?:'s| is| was) the name of (?P<who>your [\w' -]+)$"),
    re.compile(r"\bwhat(?:'s| is| was| are|'re) (?P<who>[\w' -]+?) (?:called|named)$"),
    re.compile(r"\bwhat (?:should|can|may|do|shall) i call (?P<who>you|him|her|it|your [\w' -]+)$"),
    re.compile(r"\bwhat's the real (?P<who>one)$"),
    re.compile(r"^(?P<who>your [\w' -]+?)'s name is [\w' -]+, (?:right|isn't it|correct)$"),
    re.compile(
        r"^which (?P<who>aunt|uncle|cousin|sister|brother|niece|nephew|friend|neighbour|colleague|son|daughter)(?: is it| was it)?$"
    ),
)


def _named(low: str, value: str, discourse: Discourse) -> list[Found] | None:
    """The name asked for; None when the question asks for something else."""
    match = next((m for pattern in _NAME_ASKED if (m := pattern.search(low))), None)
    if match is None:
        return None
    who = match["who"]
    name = re.match(rf"{NAME}|{CAP}", value)
    called = name[0] if name else value if len(value.split()) < 3 and is_name(value) else ""
    if not called or not is_name(called):
        return []
    if who in {"you", "your"}:
        return [Found("I", "name", called, f"My name is {called}.", "fact", "i|name")]
    subject = discourse.meant(who) if who in {"his", "her", "him", "it", "its", "he", "she"} else who
    role = re.fullmatch(r"(?:my |your |the )?([a-z][a-z' -]{1,30})", subject)
    if not role or role[1].split()[-1] in {"one", "thing", "place", "character", "dish", "you"}:
        return []
    return [named(role[1], called)]


def _frame(low: str, discourse: Discourse) -> Asked | None:
    """Who and what a question asks about; None when it cannot be told back."""
    low = re.sub(r"\b(what|who|where|when|how|which)'(?:s|re)\b", r"\1 is", _TRAILING.sub("", low))
    low = re.sub(r"\byours?$", "your", low) if " when is yours" in f" {low}" else low
    match = re.search(
        r"\b(?P<wh>how (?:old|many|much|tall|long|far|often|big|heavy)|what|which|who|where|when)\b(?P<rest>.*)$",
        low,
    )
    if match is None:
        return _polar(low, discourse)
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
        if not tail or not kinds(tail[0]):
            return None
        verb, rest = tail[0], " ".join(tail[1:])
        if verb in _VAGUE or (verb == "have" and not noun) or "in mind" in rest:
            return None
        if verb == "do" and wants == "what":
            return Asked("job", "", subject, "be", "") if rest in {"", "for work", "for a living"} else None
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
        be = (
            "am"
            if subject == "I" and aux == "are"
            else "is"
            if aux == "are" and not subject.endswith("s")
            else aux
        )
        rest = " ".join(tail)
        if _UNSEEN.search(rest):
            return None
        verb = tail[0] if tail and "gerund" in kinds(tail[0]) else "be"
        if not rest and wants in {"what", "which", "who"} and subject != "I" and not noun:
            if article and subject.split()[-1] not in _OWNED:
                return None
            noun = "="
        if noun and subject in {"", "it"} or "curious" in rest or "thinking" in rest:
            return None
        return Asked(wants, noun, subject, verb, f"{be} {rest}".strip())
    if aux in {"will", "can", "have", "has"} and tail and kinds(tail[0]):
        rest = " ".join(tail)
        if not _UNSEEN.search(rest):
            aux = "have" if aux == "has" and subject == "I" else aux
            return Asked(wants, noun, subject, tail[0], f"{aux} {rest}")
    return None


def _subject(words: list[str], aux: str, discourse: Discourse) -> tuple[str, list[str]]:
    """The subject a question goes on with, said by the person, and the words after it."""
    if not words:
        return "", []
    head = words[0].strip(",")
    if head == "you":
        return "I", words[1:]
    if head in {"he", "she", "they", "it"}:
        return discourse.meant(head), words[1:]
    if head not in {"your", "the"}:
        return "", []
    end = len(words)
    for i, word in enumerate(words[1:], start=1):
        found = kinds(word)
        stops = word in PREPOSITIONS or word in ADVERBS or "gerund" in found and aux in {"is", "are", "was"}
        if i > 1 and (stops or ("base" in found and aux in {"do", "does", "did", "will", "can"})):
            end = i
            break
    noun = " ".join(words[1:end])
    if not noun or not re.fullmatch(r"[a-z][a-z' -]{1,40}", noun):
        return "", []
    return f"my {noun}", words[end:]


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


_OPEN_POLAR = re.compile(
    r"(?:^|, )(?:are you (?P<doing>[a-z]+ing(?: [a-z]+){0,2}) (?:something|anything|anyone|someone|somewhere)"
    r"|do you (?P<do>have|own|play|keep|speak|follow|drive|drink|eat|take|use|collect|grow)(?: (?:one|any|another|other|a|an|the|any other)(?: [a-z]+){0,2}| [a-z]+s)?"
    r"|(?:is there )?(?:anything|any [a-z]+)(?: that)? you (?P<cannot>can't|cannot|don't|avoid|hate|dislike) ?(?P<what>[a-z]*))$"
)


def _polar(low: str, discourse: Discourse) -> Asked | None:
    match = _OPEN_POLAR.search(low)
    if not match:
        return None
    if match["doing"]:
        return Asked("what", "", "I", match["doing"].split()[0], f"am {match['doing']}")
    if match["do"]:
        return Asked("what", "", "I", match["do"], match["do"])
    return Asked(
        "what", "", "I", match["what"] or match["cannot"], f"{match['cannot']} {match['what']}".strip()
    )


def _fits(asked: Asked, value: str) -> bool:
    low = value.lower()
    if asked.wants == "when" or asked.noun == "time":
        return bool(_TEMPORAL.search(value))
    if asked.wants in {"old", "many", "much", "tall", "long", "far", "big", "heavy", "often"}:
        return bool(_NUMBER.search(value)) or asked.wants == "often"
    if re.match(r"^(?:my|our) ", low) and asked.wants not in {"who", "what"}:
        return False
    first = low.split()[0]
    if "gerund" in kinds(first) or first.endswith("ed") and asked.wants != "what":
        return False
    return not (asked.wants in {"where", "who"} and value.islower() and first in kinds(first))


def _statement(asked: Asked, value: str) -> str:
    """The answer as a sentence of the person's."""
    who, rest = capitalise(asked.subject), asked.rest
    if asked.wants == "many":
        number = re.match(r"^(?:\d+|[a-z-]+)\b", value, re.IGNORECASE)
        return f"I have {number[0].lower()} {asked.noun}." if number and _NUMBER.search(number[0]) else ""
    if asked.wants == "old":
        age = re.match(r"^(?:\d+|[\w-]+)(?: and (?:a half|\d+ \w+))?", value)
        only = age and age[0] == value and "turning" not in rest
        return f"{who} {rest} {value}{' years old' if only else ''}."
    if asked.wants == "job":
        be = "am" if who == "I" else "is"
        return f"{who} {be} {_article(value)}."
    if asked.noun == "=":
        return f"{who} {rest.split()[0]} {_article(value) if asked.wants == 'breed' else value}."
    if asked.wants == "where":
        to = rest.endswith((" to", " from", " at", " in"))
        place = (
            ""
            if to or _PLACED.match(value)
            else "at "
            if value.lower().startswith("the ") or " work" in f" {rest}"
            else "in "
        )
        return f"{who} {rest} {place}{value}."
    if asked.noun == "time":
        return f"{who} {rest} {'' if _TIMED.match(value) else 'at '}{value}."
    if asked.wants == "when":
        bare = value.split()[0].lower()
        time = (
            ""
            if _TIMED.match(value)
            else "in "
            if bare in MONTHS and len(value.split()) == 1
            else "at "
            if re.match(r"^\d{1,2}[:.]\d\d", value)
            else "on "
        )
        return f"{who} {rest} {time}{value}."
    if asked.wants in {"tall", "big", "heavy", "far"}:
        return f"{who} {rest} {value} {asked.wants}."
    if asked.wants == "long" and rest.split()[0] in {"am", "is", "are", "have", "has"}:
        return f"{who} {rest} for {value}."
    if asked.noun.split()[:1] and asked.noun.split()[0] in {"breed", "kind", "sort", "type", "make", "size"}:
        return f"{who} {rest} {_article(value) if asked.noun.split()[0] != 'size' else value}."
    return f"{who} {rest} {value}."


def _article(value: str) -> str:
    first = value.split()[0].lower()
    if (
        first in {"a", "an", "the", "my", "our"}
        or value[:1].isupper()
        or value[:1].isdigit()
        or first.endswith("s")
    ):
        return value
    return ("an " if first[0] in "aeiou" else "a ") + value
