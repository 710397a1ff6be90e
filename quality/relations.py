"""Patterns that turn one clause into facts with a slot: names, work, places, dates, tastes, attributes.

Each pattern gives `Found` values; which clause they come from and what is filtered before is the business
of quality/extraction.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from data.grammar import capitalise, possessive
from data.lexicon import ADVERBS, COLOURS, KIN, KIN_UNIQUE, MONTHS, PETS, STOPWORDS, THINGS, WEEKDAYS
from data.lexicon_verbs import FORMS

Kind = Literal["fact", "preference", "plan", "event"]


@dataclass(frozen=True, slots=True)
class Found:
    """A fact found in a clause, before it becomes a memory."""

    subject: str
    relation: str
    value: str
    statement: str
    kind: Kind = "fact"
    slot: str = ""
    confidence: float = 0.9


def _alternatives(words: frozenset[str]) -> str:
    return "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True))


_ADJ = (
    r"(?:(?:best|older|younger|little|big|eldest|oldest|youngest|twin|new|old|other|second|first|late|dear|ex|half|step|great|"
    r"only|baby|elder|middle|upstairs|downstairs|next[- ]door|closest|oldest|favou?rite|former|current|work|school|uni|"
    r"pet|rescue|lovely|poor|stupid|silly|beloved|tiny|fat|lazy|black|white|grey|gray|ginger|tabby|brown|three-legged|one-eyed|electric|"
    r"vintage|rusty|trusty|red|blue|green|yellow|orange|purple|cargo|folding|e|golden|german|border|guinea|river|sour) )?"
)
ROLE = rf"(?:{_ADJ}{_ADJ}(?:{_alternatives(KIN)}|{_alternatives(PETS)}|{_alternatives(THINGS)}|pet|pig))"
PERSON_ROLE = rf"(?:{_ADJ}{_ADJ}(?:{_alternatives(KIN)}))"
_CAP = r"[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆĐĞİÅÆŒ][\w'’\-]*"
_TITLE = r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Madame|Monsieur|Señora?|Professor|Prof|Captain|Sir|Aunt|Uncle|Auntie|St|Old|mr|mrs|ms|dr|herr|frau)\.? )"
NAME = rf"{_TITLE}?{_CAP}(?:(?: (?:of|the|and|de|van|von|der|la|le|du|al|bin) | ){_CAP}){{0,3}}"
_LOW = r"(?:(?:mr|mrs|ms|dr|herr|frau)\.? )?[^\W\d_]{2,}(?:-[^\W\d_]+)?"
ANYNAME = rf"(?:{NAME}|{_LOW})"

_NOT_NAMES = (
    STOPWORDS
    | ADVERBS
    | KIN
    | PETS
    | THINGS
    | COLOURS
    | frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(
        "food bed park toy toys treat treats sitter walker owner hair litter box day days birthday name names room thing "
        "things place job work time life wedding visit visits party house home today tonight tomorrow yesterday week weekend year "
        "years month months side line race trip ride shoes show photo photos picture video lock key keys back front here "
        "there sick ill dead alive fine ok okay happy sad angry mad tired late early good bad nice great old young big small "
        "lol haha please thanks thank help idea tips really always never who which that what when where why how if then "
        "because though although and or but so as than in-law next last first second something anything nothing everything someone "
        "anyone everyone half full club group class lessons lesson practice rehearsal members member festival concert song "
        "songs engine tyre tire seat wheel battery insurance payment rent keys door window roof floor wall shed phone number email "
        "address shop store shelter grooming allergy allergies trouble advice situation issue issues problem problems drama "
        "surgery appointment bill bills noise smell poo pee fur claws teeth tooth tail leg legs paw paws eye eyes ear ears collar "
        "leash harness cage tank bowl basket blanket jumper sweater coat mum mom dad girl boy man woman people kids too anyway "
        "hand hands finger face head back knee knees foot feet arm arms heart nose "
        "yes no yeah yep nope ok hi hello hey morning evening night god lord christmas easter english german french spanish "
        "italian dutch polish danish swedish russian chinese japanese american british he's she's it's i'm "
        "calendar script code list recipe report project meeting call story book board page site app loft project".split()
    )
)


def is_name(text: str) -> bool:
    """Whether a word group can be a name: no everyday word, no digit, at most five words."""
    words = text.split()
    if not words or len(words) > 5:
        return False
    head = words[0]
    if any(len(w) > 3 and w.isupper() for w in words):
        return False
    low = head.lower().rstrip(".'")
    if head[0].isupper():
        plain = low in _NOT_NAMES or low in {"i", "i'm", "i've", "i'd", "i'll"}
        return not plain or (
            len(words) > 1
            and low not in {"i", "my", "the"}
            and words[1][0].isupper()
            and low not in _NOT_NAMES
        )
    last = words[-1].lower()
    if low in {"mr", "mrs", "ms", "dr", "herr", "frau"} and len(words) == 2:
        return True
    if last in _NOT_NAMES or last in FORMS or low in FORMS or low in _NOT_NAMES:
        return False
    return (
        not low.endswith(("ing", "ed", "ly", "'s", "ness", "tion", "ment", "ous", "ful", "able"))
        and len(words) == 1
    )


def clean_name(text: str) -> str:
    """The name as it is written down: genitive and marks dropped, capital letters where a name has them."""
    name = re.sub(r"(?:'s|')$", "", text.strip(" ,.!?;:'\"()"))
    return " ".join(
        w
        if any(c.isupper() for c in w) or w in {"of", "the", "de", "van", "von", "la", "le", "du"}
        else capitalise(w)
        for w in name.split()
    )


def role_subject(role: str) -> str:
    """The subject of a role as the ledger writes it ("best friend" -> "my best friend")."""
    return "my " + re.sub(
        r"^(?:new|lovely|poor|stupid|silly|beloved|dear|tiny|fat|lazy) ", "", role.lower().strip()
    )


def single(role: str) -> bool:
    """Whether a person has one of this role, so that a newer name replaces the older one."""
    head = role.lower().split()[-1]
    return (
        head not in KIN
        or head in KIN_UNIQUE
        or head in PETS
        or head in THINGS
        or role.lower().startswith(("best ", "oldest ", "youngest ", "eldest "))
    )


def named(role: str, name: str) -> Found:
    """The fact that someone or something of the person's has a name."""
    subject, value = role_subject(role), clean_name(name)
    slot = f"{subject}|name" if single(role) else f"{subject} {value.lower()}|name"
    return Found(subject, "name", value, f"{capitalise(subject)} is called {value}.", "fact", slot)


_FAMILY = (
    r"mum|mom|dad|grandma|grandmother|granny|gran|nan|oma|grandpa|grandfather|grandad|granddad|opa|aunt|auntie|aunty|uncle|cousin|"
    r"sister|brother|niece|nephew|hubby|husband|wife"
)
_NAMED = (
    re.compile(
        rf"(?:^|[.!?,:] |\b(?:and|but|with|from|to|for|because|says?|asked) )(?P<role>(?i:{_FAMILY})),? (?P<name>{_CAP})(?=[ ,.;!?]|$)(?!'s? )"
    ),
    re.compile(
        rf"\b(?:got|have|hired|found|getting|met) (?:an? |my |our )(?:new )?(?P<role>{ROLE})(?: [a-z]+| on \d+ \w+ \d+){{0,2}}, (?P<name>{NAME})(?=[,.;!?]|$)"
    ),
    re.compile(
        rf"\b(?:my|our|the) (?P<role>{ROLE})(?:'s)? (?:is|was|are|am|'s)? ?(?:called|named) (?P<name>{ANYNAME}(?: and {ANYNAME})?)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:my|our) (?P<role>{ROLE})(?:'?s)? (?:first |full |real )?name(?:'s| is|s) (?P<name>{ANYNAME})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:have|has|got|own|adopted|bought|keep|there's|getting|get|rescued|with) (?:a|an|one|this|my) (?:[\w-]+ ){{0,3}}?(?P<role>{ROLE})(?: \w+)? (?:called|named|by the name of) (?P<name>{ANYNAME})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:named|calls?|called|name|naming|christened) (?:my|our|the) (?:new )?(?P<role>{ROLE}) (?P<name>{ANYNAME})",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<name>{NAME}) is (?:my|our) (?P<role>{ROLE})(?:'s)?\b(?! \w+'s)"),
    re.compile(rf"\b(?P<name>{NAME})\s?[,(]\s?(?:my|our|the) (?P<role>{ROLE})\b(?!')"),
    re.compile(
        rf"\b(?P<name>{NAME})[?!.]+ (?:that's|thats|he's|she's|it's|its|hes|shes|that is) (?:my|our) (?P<role>{ROLE})\b"
    ),
    re.compile(rf"\b(?:an? |one )?(?P<role>{PERSON_ROLE}) of (?:mine|ours),? (?P<name>{NAME})"),
)
_ANY_NOUN = r"(?:(?!(?:name|file|function|variable|column|class|module|library|package|song|film|movie|book|show|series|place|city|town|country|thing|concept|method|dish|game|word|one|guy|model|page|folder|table)\b)[a-z][a-z-]+)"
_CALLED = re.compile(
    rf"\b(?:my|our|the|a|an|this) (?P<role>(?:{_ANY_NOUN} ){{0,2}}?{_ANY_NOUN})(?:'s|s| is| are| was)? (?:called|named) (?:the )?(?P<name>{NAME}|[a-z]{{4,}}(?=[,.;!?]|$))"
)
_THATS = re.compile(
    rf"\b(?:the )?(?P<name>{NAME})[^.!?]{{0,60}}?[,.!?] (?:that's|thats|that is|which is|he's|hes|she's|shes|it's|its) (?:my|our|the) (?P<role>(?:{_ANY_NOUN} ){{0,2}}?{_ANY_NOUN})(?=[,.;!?)]|$| (?:and|but|so|he|she|it|i|from|who|with)\b)"
)
_CALL_IT = re.compile(
    rf"\b(?:my|our|the) (?P<role>{_ANY_NOUN}(?: {_ANY_NOUN})?)\b[^.!?]{{0,60}}?,? (?:and )?(?:i|we) (?:call|named|call(?:ed)|christened) (?:it|him|her|them|that thing) (?P<name>{ANYNAME})",
    re.IGNORECASE,
)
_WILL_BE = re.compile(rf"\b(?:[Mm]y|[Oo]ur) (?P<role>(?i:{ROLE})) (?:is|will be|was|is now) (?:now )?(?P<name>{NAME})(?=[,.;!?]|$| (?:and|from|who)\b)")
_APPOSITION = re.compile(
    rf"\b(?:my|our|My|Our) (?P<role>(?i:{ROLE}))(?:,| is)?,? (?:\(|called )?(?P<name>{NAME})\b(?!'s (?:name|birthday))"
)
_APPOSITION_LOW = re.compile(
    rf"\b(?:my|our) (?P<role>{ROLE}),? (?P<name>(?:(?:mr|mrs|ms|dr|herr|frau)\.? )?[a-zà-öø-ÿ]{{3,12}})(?=[ ,.!?)]|'s|$)",
    re.IGNORECASE,
)


def names(text: str, *, loose: bool = False) -> list[Found]:
    """Names of people, animals and things of the person's, told outright or by apposition."""
    found: list[Found] = []
    for pattern in (*_NAMED, _APPOSITION, _WILL_BE):
        for match in pattern.finditer(text):
            found.extend(_name_facts(match["role"], match["name"]))
    if not found:
        for pattern in (_CALLED, _THATS, _CALL_IT):
            for match in pattern.finditer(text):
                if (
                    match["role"].split()[-1] not in _NOT_NAMES
                    or match["role"].split()[-1] in KIN | PETS | THINGS
                ):
                    found.extend(_name_facts(match["role"], match["name"]))
    if loose or not found:
        for match in _APPOSITION_LOW.finditer(text):
            if match["name"].islower() and is_name(match["name"]) and _low_name_fits(match, text):
                found.extend(_name_facts(match["role"], match["name"]))
    return found


def _low_name_fits(match: re.Match[str], text: str) -> bool:
    """A lower-case name is believed only before a verb, a mark or the end."""
    if "," in match[0] and text[match.end() : match.end() + 1] not in {",", ".", ")", "!", "?", ""}:
        return False
    following = re.match(r"\s*([\w'-]+)", text[match.end() :])
    if not following or text[match.end() : match.end() + 1] in ",.!?)":
        return True
    word = following[1].lower()
    return word in FORMS or word in STOPWORDS or word in ADVERBS


def _name_facts(role: str, name: str) -> list[Found]:
    parts = [_proper(part) for part in re.split(r" and ", name)]
    return [named(role, part) for part in parts if part and is_name(part)]


_LINKS = frozenset("of the de van von der la le du al bin".split())


def _proper(name: str) -> str:
    """The name itself when a looser match ran on into the sentence ("Jack who likes")."""
    words = name.split()
    if not words:
        return ""
    if not words[0][0].isupper():
        title = words[0].lower().rstrip(".") in {"mr", "mrs", "ms", "dr", "herr", "frau"}
        return " ".join(words[: 2 if title else 1])
    kept = 1
    while kept < len(words) and (
        words[kept][0].isupper()
        or (words[kept] in _LINKS and kept + 1 < len(words) and words[kept + 1][0].isupper())
    ):
        kept += 1
    return " ".join(words[:kept])


_STOP = r"(?=[,.;!?)]|$| (?:in|on|since|until|from) (?:\d|the week|early|late|spring|summer|autumn|winter|january|february|march|april|may|june|july|august|september|october|november|december)| (?:and|but|so|because|since|as|which|who|where|with|for|after|before|until|from|now|these days|at the moment|right now|currently|anyway|too|again|when|on|starting|lol|haha|tho|though)\b)"
_PLACE = rf"(?P<value>(?:the )?[\w'&./-]+(?: (?!and\b|but\b|so\b|because\b)[\w'&./-]+){{0,5}}?){_STOP}"
_START = r"^(?:(?:and|but|so|well|yes|no|ok) )?"

_SELF: tuple[tuple[str, str, str, str, str, Kind], ...] = (
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:i(?:'ve| have)|have|been) (?:been )?(?:working )?(?:at|with) (?P<value>[\w'&. -]{2,40}?) (?:for )?(?:\d+|a|an|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|many) (?:years?|months?)",
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?P<value>[A-Z][\w&'-]+(?: [A-Z&][\w&'-]*)*) (?:offered me (?:a job|the job|a position|chief|head|lead|work|\w+ on)|hired me|took me on|gave me (?:the|a) (?:job|position))",
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "position",
        "i|position",
        r"\b(?:made|promoted|appointed) me (?:to |the |an? |to be )?(?P<value>(?:deputy |head|chief|team |vice|assistant |senior |lead|manager|captain|director|partner|supervisor|foreman)[\w -]{0,30})(?=[,.;!?]|$)",
        "I am {value}.",
        "fact",
    ),
    (
        "I",
        "street",
        "i|street",
        r"\b(?:i|I|we|We) live on (?P<value>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)",
        "I live on {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:opened|opening|started|starting|running|run|own) my own \w+,? (?:it's |its |is )?(?:called|named) (?P<value>[A-Z][\w'&-]+(?: (?:and |of |& )?[A-Z][\w'&-]+)*)",
        "I work at my own business, {value}.",
        "fact",
    ),
    # subject, relation, slot, pattern, statement, kind
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:i|we) (?:\w+ )?(?:work|am working|'m working|was hired|got hired|am employed) (?:\w+ )?(?:at|for) "
        + _PLACE,
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:i|i'm|i am) (?:now |just )?(?:start|starting|started|begin|joining|joined) (?:work |a (?:new )?job |my new job |working )?at "
        + _PLACE,
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:got|have|landed|start|starting|started|found|took|accepted) (?:a |the |my )?(?:new )?(?:job|position|apprenticeship|internship|gig) (?:at|with|in) "
        + _PLACE,
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\bleav(?:e|ing) [\w' ]{2,40}? and (?:going|moving|switching|starting) (?:to|at) " + _PLACE,
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "job",
        "i|job",
        r"\bi (?:\w+ )?(?:work|am working|'m working|worked) as (?:an? )?" + _PLACE,
        "I work as {a_value}.",
        "fact",
    ),
    (
        "I",
        "town",
        "i|town",
        r"\b(?:i|we) (?:\w+ )?(?:live|am living|'m living|are living|reside|am based|'m based) (?:\w+ )?(?P<prep>in|at|near|on) (?!(?:a|an|my|our|this|that|fear|hope|the \w+ floor)\b)"
        + _PLACE,
        "I live {prep} {value}.",
        "fact",
    ),
    (
        "I",
        "town",
        "i|town",
        r"\b(?:i|we)(?:'ve| have)? (?:just |now |recently )?(?:moved|relocated) (?:here )?(?:back )?(?:from [\w ]{2,30} )?to (?!(?:a|an|my|our|the|this|that)\b)"
        + _PLACE,
        "I live in {value}.",
        "fact",
    ),
    (
        "I",
        "birthday",
        "i|birthday",
        r"\bmy (?:own )?birthday (?:is|was|'s) (?:always )?(?:on )?(?:the )?(?P<value>\d{1,2} [A-Z][a-z]+)",
        "My birthday is on {value}.",
        "fact",
    ),
    (
        "I",
        "age",
        "i|age",
        r"\b(?:i am|i'm|i turned|i just turned) (?P<value>\d{2})(?: years? old| yo|y/o)?"
        + r"(?=[,.!?)]|$| (?:and|now|today|this|years))(?! (?:minutes|km|miles|weeks|percent))",
        "I am {value} years old.",
        "fact",
    ),
    (
        "I",
        "name",
        "i|name",
        rf"\b(?:my (?:full |real |first )?name is|my name's|the name's) (?P<value>{ANYNAME})",
        "My name is {value}.",
        "fact",
    ),
    (
        "I",
        "name",
        "i|name",
        rf"\b(?:call me|I'm|I am|i'm|i am) (?P<value>{NAME})(?=[,.!?]|$| (?:by the way|btw|and))",
        "My name is {value}.",
        "fact",
    ),
    (
        "I",
        "origin",
        "i|origin",
        r"\b(?:i am|i'm|i come|i was born) (?:originally )?(?:from|in) (?P<value>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})",
        "I come from {value}.",
        "fact",
    ),
)
_SELF_RULES = tuple(
    (
        s,
        r,
        k,
        re.compile(
            p,
            re.IGNORECASE
            if "NAME" not in p
            and r not in {"origin", "birthday", "street"}
            and "offered me" not in p
            and "my own" not in p
            and not (r == "name" and "I'm" in p)
            else 0,
        ),
        t,
        kind,
    )
    for s, r, k, p, t, kind in _SELF
)

_ALLERGY = re.compile(
    r"\b(?P<who>i|i'm|im|my [\w -]{2,30}?|he|she)(?: am| is|'s|'m| are)? (?:\w+ )?(?:allergic|intolerant) to (?P<value>[\w' -]{2,50}?)"
    + _STOP,
    re.IGNORECASE,
)
_FAVOURITE = re.compile(
    r"\bmy (?P<what>(?:all[- ]time )?favou?rite [\w -]{2,30}?) (?:is|are|was|'s|has always been|would be) (?P<value>[^,.;!?]{2,60})",
    re.IGNORECASE,
)
_FAVOURITE_BACK = re.compile(
    r"^(?P<value>[^,.;!?]{2,50}?),? (?:is|are|it's|its|'s) (?:definitely |still |now |also |by far )?(?P<what>my (?:all[- ]time )?favou?rite [\w -]{2,30})$",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    rf"\b(?:my|our) (?P<who>{ROLE})(?: (?P<name>{_CAP}))?(?:'?s)? (?:birthday|bday)(?: is|'s| falls)? (?:always )?(?:on )?(?:the )?(?P<value>\d{{1,2}} [A-Z][a-z]+)",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"^(?P<subject>(?:my|our) (?P<noun>[a-z][\w-]*(?: [a-z][\w-]*){0,3}?))(?: (?P<be>is|was|are)|'s) (?P<adverb>(?:now|actually|still|currently|really) )?(?P<value>[^,;!?]{1,70})$",
    re.IGNORECASE,
)
_ATTRIBUTE_NOUNS = frozenset(
    "size name number age job colour color birthday password team band club major degree hobby nickname instrument blood type surname "
    "maiden height weight star sign hometown middle goal dream salary route shift day email street floor pin anniversary profession "
    "occupation church school university brand car bike plate desk locker room song book film movie food drink dish tea coffee".split()
)


def own(text: str) -> list[Found]:
    """Single-valued facts about the person: work, town, birthday, age, name, origin."""
    found = []
    for subject, relation, slot, pattern, template, kind in _SELF_RULES:
        for match in pattern.finditer(text):
            value = trim(match["value"])
            if not value or value.lower() in _NOT_NAMES or _weak(value):
                continue
            if relation in {"name"}:
                if not is_name(value) or (not value[0].isupper() and value.lower() in FORMS):
                    continue
                value = clean_name(value)
            if relation == "town" and (
                value[0].islower() and value.split()[0] in {"the", "peace"} and len(value.split()) < 2
            ):
                continue
            statement = template.replace("{value}", value).replace("{prep}", match.groupdict().get("prep") or "in").replace(
                "{a_value}", value if value.endswith("s") else _article(value)
            )
            found.append(Found(subject, relation, value, statement, kind, slot))
    return found


def _article(noun: str) -> str:
    return ("an " if noun[:1].lower() in "aeiou" else "a ") + noun


def _weak(value: str) -> bool:
    return value.lower() in {
        "it",
        "that",
        "this",
        "them",
        "him",
        "her",
        "there",
        "here",
        "home",
        "the moment",
        "night",
        "least",
        "all",
        "a lot",
        "the office",
        "work",
    }


_DATED = re.compile(
    r"^(?:(?:i have|i've got|got|have) )?(?:an? |the |my |our )?(?P<what>[a-z][\w' -]{2,40}?),? (?:is |are |moved to |now |starts )?(?:on )?(?:the )?(?P<value>\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?(?:,? at \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)?)(?=$|[,.;!?])",
    re.IGNORECASE,
)
_APPOINTMENTS = frozenset("dentist doctor gp vet optician hairdresser physio therapist midwife barber".split())


def dated(text: str) -> list[Found]:
    """An appointment or a first day without a verb of its own ("dentist on 15 October 2026 at 8:40")."""
    match = _DATED.match(text)
    if not match or not _weekly_topic(match["what"]) or match["what"].split()[0].lower() in FORMS or len(match["what"].split()) > 4 or "birthday" in match["what"].lower() or any("'" in w or w in STOPWORDS | ADVERBS - {"first", "last", "second"} for w in match["what"].lower().split()):
        return []
    what = match["what"].lower()
    what += " appointment" if what in _APPOINTMENTS else ""
    return [Found(f"my {what}", "date", match["value"], f"My {what} is on {match['value']}.", "plan", f"my {what}|date")]


def trim(value: str) -> str:
    """A value without trailing filler words and marks."""
    value = re.sub(
        r"\s*(?:\b(?:lol|haha|tho|though|anyway|btw|now|too|again|right now|at the moment|these days|actually|obviously|sadly)\b[\s.]*)+$",
        "",
        value.strip(" ,.!?;:()"),
        flags=re.IGNORECASE,
    )
    return value.strip(' ,.!?;:()"')


def tastes(text: str) -> list[Found]:
    """Allergies and favourites."""
    found = []
    for match in _ALLERGY.finditer(text):
        value = trim(match["value"])
        who = match["who"].lower()
        if _weak(value) or who in {"he", "she"}:
            continue
        subject = "I" if who.startswith("i") else match["who"].lower()[:3] + match["who"][3:]
        be = "am" if subject == "I" else "is"
        found.append(Found(subject, "allergy", value, f"{capitalise(subject)} {be} allergic to {value}."))
    for pattern in (_FAVOURITE, _FAVOURITE_BACK):
        for match in pattern.finditer(text):
            value, what = trim(match["value"]), match["what"].lower().removeprefix("my ")
            if _weak(value) or value.lower().startswith(("that ", "when ", "not ")) or " of my " in value:
                continue
            be = "are" if what.endswith("s") and not what.endswith("ss") else "is"
            subject = f"my {what}"
            found.append(
                Found(
                    subject,
                    "favourite",
                    value,
                    f"{capitalise(subject)} {be} {value}.",
                    "preference",
                    f"{subject}|is",
                )
            )
    return found


def _back(match: re.Match[str], value: str, subject: str) -> str:
    """ "Lions are my favourite animal" as it was said, with its own verb."""
    plural = re.search(r"\bare\b", match[0][len(match["value"]) :])
    return f"{capitalise(value)} {'are' if plural else 'is'} {subject}."


def attributes(text: str) -> list[Found]:
    """Birthdays and "my X is Y" of one clause."""
    found = []
    for match in _BIRTHDAY.finditer(text):
        who = role_subject(match["who"]) + (f" {match['name']}" if match["name"] else "")
        found.append(
            Found(
                who,
                "birthday",
                match["value"],
                f"{capitalise(possessive(who))} birthday is on {match['value']}.",
                "fact",
                f"{who}|birthday",
            )
        )
    match = _ATTRIBUTE.match(text)
    if match and not found:
        noun, value = match["noun"].lower(), trim(match["value"])
        head = noun.split()[-1]
        subject = f"my {noun}"
        if value.lower() in COLOURS and head not in {"color", "colour"}:
            found.append(
                Found(
                    subject,
                    "colour",
                    value,
                    f"{capitalise(subject)} {match['be'] or 'is'} {value}.",
                    "fact",
                    f"{subject}|colour",
                )
            )
        elif head in _ATTRIBUTE_NOUNS and not _weak(value) and "favo" not in noun:
            found.append(
                Found(
                    subject,
                    "is",
                    value,
                    f"{capitalise(subject)} {match['be'] or 'is'} {value}.",
                    "fact",
                    f"{subject}|is",
                )
            )
    return found


_AGE = re.compile(
    r"^(?P<who>my [\w' -]{2,50}?|[A-Z][\w-]+) (?:is|turned|turns|just turned|is turning|has turned|is now|is already) (?P<value>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)(?: years? old| now| already| on \d+ \w+ \d{4}| today| on [\w ]+)*(?=$|[,.;!?]| and\b)",
    re.IGNORECASE,
)
_IS_CALLED = re.compile(rf"^(?P<who>[Mm]y [a-z][\w -]{{1,30}}?) is (?P<name>{NAME})(?=$|[,.;!?])")
_WEEKLY = re.compile(
    r"^(?:my |our |the )?(?P<what>[a-z][\w' -]{2,40}?)(?: (?:for|with) (?P<extra>[\w' -]{2,30}?))?(?:,? later)?,? (?:is|are|isn't|isnt|'s|always|moved to|now|on)*?\s*(?:is |are |moved to |now |always |on |every ){1,3}(?P<value>(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:s|(?= at| evenings?| mornings?))?(?: (?:evenings?|mornings?|afternoons?|nights?))?(?: at \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)?)",
    re.IGNORECASE,
)
_MOVED_DAY = re.compile(
    r"^(?:my |our |the )?(?P<what>[a-z][\w -]{2,30}?) (?:isn't|isnt|is not|is no longer|moved from|used to be)(?: on)? (?:\w+days?)(?: any ?more)?,? (?:and |but |from now on |now |to |it's |its |is |on |every )*(?P<value>\w+days?)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"^(?:(?:so|now|only|just|that leaves|leaves)\s+)*(?P<value>(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?P<noun>[a-z]{3,}s?))(?: (?:now|left|in total|altogether))+(?=$|[,.;!?])",
    re.IGNORECASE,
)
_HAVE_COUNT = re.compile(
    r"^I (?:now )?(?:have|keep|own) (?:now |exactly |got )?(?P<value>(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+) (?P<noun>[a-z]{3,}s))(?=$|[,.;!?]| (?:and|now|but|at|in)\b)"
)
_START_AT = re.compile(
    r"^(?P<who>my [\w' -]{2,40}?) (?P<verb>starts|begins|ends|opens|closes|leaves|finishes) (?P<value>at \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)",
    re.IGNORECASE,
)


def of_entities(text: str) -> list[Found]:
    """Ages, names, weekly times and counts in a clause with a full subject."""
    found = []
    match = _AGE.match(text)
    if match and (match["who"][0].isupper() and not match["who"].lower().startswith("my ") or set(match["who"].lower().split()) & (KIN | PETS)):
        who = _who(match["who"])
        found.append(
            Found(
                who,
                "age",
                match["value"],
                f"{capitalise(who)} is {match['value']} years old.",
                "fact",
                f"{who.lower()}|age",
            )
        )
    match = _IS_CALLED.match(text)
    if match and is_name(match["name"]) and len(match["who"].split()) < 5 and match["who"].split()[-1].lower() in KIN | PETS | THINGS:
        found.append(named(match["who"].lower().removeprefix("my "), match["name"]))
    match = _START_AT.match(text)
    if match:
        who = _who(match["who"])
        found.append(
            Found(
                who,
                match["verb"].lower().rstrip("s"),
                match["value"],
                f"{capitalise(text.rstrip('.'))}.",
                "fact",
                f"{who.lower()}|{match['verb'].lower()}",
            )
        )
    match = _HAVE_COUNT.match(text)
    if match:
        found.append(
            Found(
                "I",
                "have",
                match["value"],
                f"{capitalise(text.rstrip('.'))}.",
                "fact",
                f"i|have|{match['noun'].lower()}",
            )
        )
    return found


def fragments(text: str) -> list[Found]:
    """Facts in clauses without a verb of their own: weekly times, counts that changed."""
    found = []
    moved = _MOVED_DAY.match(text)
    match = None if moved else _WEEKLY.match(text)
    if moved:
        subject = f"my {moved['what'].lower()}"
        days = capitalise(moved["value"].lower())
        found.append(
            Found(subject, "day", days, f"{capitalise(subject)} is now on {days}.", "fact", f"{subject}|day")
        )
    if match and _weekly_topic(match["what"]):
        what = re.sub(r"\b(?:is|are|now|moved|on|always|training plan|later)\b", "", match["what"].lower())
        what = " ".join(what.split())
        repeated = re.search(
            r"days|\b(?:every|always|now)\b", match[0] + text[match.end() : match.end() + 14], re.IGNORECASE
        )
        subject = f"my {what}" + (f" for {match['extra']}" if match["extra"] else "")
        if repeated and what:
            value = match["value"].strip().lower()
            days = capitalise(re.sub(r"day(?!s)(?=$| at)", "days", value))
            found.append(
                Found(subject, "day", days, f"{capitalise(subject)} is on {days}.", "fact", f"my {what}|day")
            )
    match = _COUNT.match(text)
    if match:
        value = match["value"].lower()
        found.append(
            Found(
                "I",
                "have",
                value,
                f"I have {value} now.",
                "fact",
                f"i|have|{match['noun'].lower().rstrip('s')}s",
            )
        )
    return found


def _weekly_topic(what: str) -> bool:
    """Whether the words before a weekday name something that takes place."""
    words = what.lower().split()
    leading = {
        "i",
        "we",
        "he",
        "she",
        "it",
        "they",
        "that",
        "what",
        "how",
        "is",
        "are",
        "see",
        "not",
        "no",
        "mine",
        "like",
        "and",
        "but",
    }
    return (
        words[0] not in leading
        and not set(words) & {"not", "isn't", "isnt", "no", "mine", "like"}
        and "past" not in dict((k, b) for b, k in FORMS.get(words[0], ()))
    )


def _who(text: str) -> str:
    return text[:1].lower() + text[1:]
