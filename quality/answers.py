"""Short answers to the assistant's question, made whole: "Where do you live?" - "Pori" tells a home.

Only the frame of the question is used ("I live in ..."); what is told is what the person answered. An answer
that declines, asks back or does not fit the kind of the question tells nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar_clauses import capitalise
from data.lexicon import AUXILIARIES, KIN, MONTHS, NUMBERS, PETS, WEEKDAYS
from data.lexicon_verbs import kinds
from quality.discourse import Discourse
from quality.ellipsis import polar
from quality.found import Found, Kind
from quality.fragments import phrase
from quality.names import CAP, NAME, is_name, named
from quality.questions import FICTION, Asked, confirmable, frame

_QUESTION = re.compile(r"[^.!?\n]*\?")
_OPENING = re.compile(
    r"^(?:(?:and|but|so|ok|okay|oh|well|ah|hm+|um|uh|er|yes|yeah|yep|yup|ya|aye|sure|just|only|it's|its|"
    r"it is|"
    r"that's|thats|that'd be|it'd be|he's|she's|hes|shes|they're|theyre|i'm|im|i am|called|named|name of|"
    r"decided on|probably|around|about|roughly|usually|mostly|mainly|unfortunately|sadly|actually|lol|"
    r"haha|ugh|"
    r"sorry|currently|now|no sorry|mine|nah|nope|no|my name is|the name is|in fact|right now|think|i think|"
    r"at the moment)\b(?!')[\s,:;!.-]*)+",
    re.IGNORECASE,
)
_DECLINED = re.compile(
    r"^(?:idk|dunno|no(?:ne|thing|body|where|pe)?\b|not\b|never|why|what|who|how|which|when|where|whatever|"
    r"any\w*|some(?:thing|one|where)?\b|every\w*|you|your|it|that|this|these|those|them|they|he|she|i\b|"
    r"i'\w+|"
    r"we\b|let'?s|let us|guess|surprise|either|both|neither|depends|none|don'?t|doesn'?t|"
    r"can|could|would|should|do|does|did|is|are|was|if|maybe|perhaps|hard to|good question|"
    r"a (?:lot|bit|few|while|friend|secret)|lots|enough|skip|pass|forget|nevermind|never mind|thanks|thx|"
    r"please|pls|give|tell|show|make|write|go|all|same|rather|prefer|private|secret|me\b|us\b|here|there|"
    r"hard pass|as|like|ask|stop|wait|hang|hold|yes|deal|done|the (?:usual|"
    r"first|second|last|latter|former|same|other)\b|option|number|of|ha|haha|lol|hmm|and|or|but|so|ready|"
    r"then|because|cause|cos|imagine|suppose|pretend|yours|see|exactly|indeed)\b|"
    r"(?:(?:so|too|very|quite|pretty|really) )?(?:long|fine|good|great|ok|okay|cool|true|funny|correct|"
    r"wrong|nice|bad|"
    r"much|many|old|young|late|early|soon|big|small|right|curious|bored|nervous|tired|gaggle|only child)$",
    re.IGNORECASE,
)
_TEMPORAL = re.compile(
    r"\d|\b(?:"
    + "|".join({*MONTHS, *WEEKDAYS} - {"may", "mar", "sat", "sun"})
    + r"|may|tomorrow|tonight|today|"
    r"next|spring|summer|autumn|winter|easter|christmas|xmas|new year|noon|midnight|weekend|end of|week|"
    r"month|"
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
    r"^(?:in|at|on|by|next|this|end|after|before|from|until|till|since|around|tomorrow|tonight|today|"
    r"every|within|"
    r"early|late|mid|the (?:day|week|first|last|end)|tmrw|boxing)\b",
    re.IGNORECASE,
)


_MADE_UP = re.compile(
    r"\b(?:novel|character|stor(?:y|ies)|poem|drama|screenplay|villain|riddle|quiz|trivia|sketch|role "
    r"?play)\b",
    re.I,
)


def answered(text: str, before: str, discourse: Discourse) -> list[Found]:
    """What a turn tells as the answer to the last question of the assistant's message before it."""
    questions = _QUESTION.findall(before[-400:])
    if not questions or not text.strip():
        return []
    if _ONLY_CHILD.match(text) and _SIBLINGS.search(questions[-1]):
        return [Found("I", "be", "an only child", "I am an only child.")]
    confirmed = _confirmed(questions[-1], text, discourse)
    value = _value(text)
    asked_of_own = _OWN_PEOPLE.search(questions[-1])
    made_up = not asked_of_own and _MADE_UP.search(" ".join(discourse.said[-3:]))
    untrue = FICTION.search(questions[-1]) or made_up
    if confirmed or not value:
        return confirmed or ([] if untrue else phrase(questions[-1], text))
    if _AND_YOU.fullmatch(questions[-1].strip(" ?").lower()) and discourse.said:
        questions = [discourse.said[-1]]
    for question in reversed(questions[-2:]):
        if FICTION.search(question) or made_up:
            return []
        for part in re.split(r", and |,? and (?=wh|how)|, (?=wh|how|is |are )", question):
            found = _answer(part.strip(" ?\n"), value, discourse)
            if found:
                return [replace(found[0], statement=_with_rest(found[0].statement, text)), *found[1:]]
    found = phrase(questions[-1], text) or polar(questions[-1], text, value, discourse)
    return [replace(one, statement=_with_rest(one.statement, text)) for one in found]


_OWN_PEOPLE = re.compile(rf"\byour (?:[a-z]+ )?(?:{'|'.join(sorted(KIN | PETS))})\b", re.IGNORECASE)
_ONLY_CHILD = re.compile(r"(?:no|nope|nah|i'?m|,|\s|just|an|the)*only child\b", re.IGNORECASE)
_SIBLINGS = re.compile(r"\b(?:siblings?|brothers?|sisters?)\b", re.IGNORECASE)
_AND_YOU = re.compile(r"(?:and |what about |how about )?(?:you|yours|yourself)")
_IS_NAME_OF = re.compile(
    r"^is (?P<name>[a-z][\w'-]+) your (?P<role>[a-z][a-z ]{1,24}?)(?:'s name)?$|^your (?P<role2>[a-z "
    r"]{2,24})'s name is "
    r"(?P<name2>[\w'-]+), (?:right|isn't it|correct)$"
)


def _confirmed(question: str, text: str, discourse: Discourse) -> list[Found]:
    """What a plain "yes" tells: a state asked about, or a name the person said before."""
    if not re.match(
        r"(?:yes|yep|yup|yeah|ya|aye|correct|right|exactly|indeed|i am|i do|she is|he is)\b", text, re.I
    ):
        return []
    low = question.strip(" ?\n").lower()
    statement = confirmable(low)
    if statement:
        verb, value = ("be", statement[5:-1]) if statement.startswith("I am ") else ("have", statement[7:-1])
        return [Found("I", verb, value, statement, "fact", "", 0.7)]
    match = _IS_NAME_OF.match(low)
    if not match:
        return []
    name, role = match["name"] or match["name2"], match["role"] or match["role2"]
    said = re.search(rf"\b{re.escape(name)}\b", " ".join(discourse.said), re.IGNORECASE)
    return [named(role, capitalise(said[0]))] if said and is_name(said[0].capitalize()) else []


def _value(text: str) -> str:
    """The noun phrases an answer begins with; empty when it declines or is a clause of its own."""
    sentence = re.split(
        r"(?<=[.!?…])\s|\n|[;:]\s|\s[-–—]+\s| \(| because | cause | when | who | which | where | if | "
        r"after | so (?=i|we|it|that)|"
        r" (?:and|but) (?=i |i'm |im |she |he |we |they |it |my |hates |loves |likes |lives |works )",
        text.strip(),
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


def _with_rest(statement: str, text: str) -> str:
    """The statement with the names and numbers that follow the answer without a verb ("two. Pflaume and "
    "Zimt")."""
    rest = []
    for sentence in re.split(r"[.!?]+\s+|\n", text.strip(" .!?\n"))[1:3]:
        words = [w.lower().strip(",'") for w in sentence.split()]
        bare = (
            len(words) < 7
            and not _clause(words)
            and not set(words) & _FINITE
            and not _DECLINED.match(sentence)
        )
        if (
            not bare
            or sentence.rstrip().endswith("?")
            or not re.search(rf"\d|\b{CAP}", sentence[1:] if words[0] in kinds(words[0]) else sentence)
        ):
            break
        rest.append(sentence.strip(" ,.!?"))
    return ", ".join([statement.rstrip("."), *rest]) + "." if rest else statement


_FINITE = frozenset(
    "makes made gets got has had says said goes went comes came calls called loves hates likes keeps "
    "lives works".split()
)


def _clause(words: list[str]) -> bool:
    """Whether words hold a finite verb, so that they are a clause and no mere answer."""
    if set(words) & (
        AUXILIARIES - {"may", "can", "will"}
        | {"i", "you", "im", "ive", "we", "he", "she", "they", "it's", "its", "i'm"}
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
    asked = frame(low, discourse)
    if asked is None or not _fits(asked, value):
        return []
    statement = _statement(asked, value)
    if not statement:
        return []
    who = asked.subject
    kind: Kind = "plan" if asked.wants == "when" else "fact"
    relation = kinds(asked.verb).get("gerund") or kinds(asked.verb).get("participle") or asked.verb or "be"
    slot = f"{who.lower()}|{relation}" if asked.wants in {"old"} else ""
    if asked.wants == "old":
        relation, slot = "age", f"{who.lower()}|age"
    elif who.endswith(" birthday"):
        who, relation = who.removesuffix(" birthday").removesuffix("'s"), "birthday"
        who = "I" if who == "my" else who
        slot = f"{who.lower()}|birthday"
    elif asked.noun == "=":
        relation, slot = "is", f"{who.lower()}|is"
    return [Found(who, relation, value, statement, kind, slot, 0.8)]


_NAME_ASKED = (
    re.compile(
        r"\bwhat(?:'s| is| was| are|'re) (?P<who>(?:your |the |my |his |her |their )?[\w' -]+?)(?:'s?)? "
        r"(?:first |full |real )?names?$"
    ),
    re.compile(r"\bwhat(?:'s| is| was) the name of (?P<who>your [\w' -]+)$"),
    re.compile(r"\bwhat(?:'s| is| was| are|'re) (?P<who>[\w' -]+?) (?:called|named)$"),
    re.compile(r"\bwhat (?:should|can|may|do|shall) i call (?P<who>you|him|her|it|your [\w' -]+)$"),
    re.compile(r"\bwhat's the real (?P<who>one)$"),
    re.compile(r"^(?P<who>your [\w' -]+?)'s name is [\w' -]+, (?:right|isn't it|correct)$"),
    re.compile(
        r"^which (?P<who>aunt|uncle|cousin|sister|brother|niece|nephew|friend|neighbour|colleague|son|"
        r"daughter)(?: is it| was it)?$"
    ),
)


_PRONOUNS = frozenset({"his", "her", "him", "it", "its", "he", "she", "they", "their", "them"})


def _named(low: str, value: str, discourse: Discourse) -> list[Found] | None:
    """The name asked for; None when the question asks for something else."""
    match = next((m for pattern in _NAME_ASKED if (m := pattern.search(low))), None)
    if match is None:
        return None
    who = match["who"]
    name = re.match(rf"{NAME}|{CAP}", value)
    called = name[0] if name else value if len(value.split()) < 3 and is_name(value) else ""
    if not called or not is_name(called.split(" and ")[0]):
        return []
    if who in {"you", "your"}:
        return [Found("I", "name", called, f"My name is {called}.", "fact", "i|name")]
    subject = discourse.meant(who) if who in _PRONOUNS else who
    role = re.fullmatch(r"(?:my |your |the )?([a-z][a-z' -]{1,30})", subject)
    if not role or role[1].split()[-1] in {"one", "thing", "place", "character", "dish", "you"}:
        return []
    return [named(_one(role[1]), one) for one in called.split(" and ")]


def _one(role: str) -> str:
    """The role of one of several ("kids" -> "child")."""
    plural = {"kids": "child", "children": "child", "babies": "baby"}
    return plural.get(role) or (role[:-1] if role[:-1] in KIN | PETS else role)


def _fits(asked: Asked, value: str) -> bool:
    low = value.lower()
    if asked.wants == "thing":
        if "gerund" in kinds(low.split()[0]) and asked.verb == "have":
            return False
        return (
            not _NUMBER.match(value) and not value.lower().startswith(("my ", "our ")) or asked.verb == "have"
        )
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
    who, rest = capitalise(asked.subject), asked.rest.removesuffix(" like")
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
            if re.match(r"^\d{1,2}(?:[:.]\d\d|$)", value)
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
