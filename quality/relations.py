"""Single-valued facts of one clause: work, town, birthday, name, tastes, attributes.

Each pattern gives `Found` values; which clauses they see is the business of quality/extraction.py.
"""

from __future__ import annotations

import re

from data.grammar import possessive
from data.grammar_clauses import capitalise
from data.lexicon import COLOURS
from data.lexicon_verbs import FORMS, kinds
from data.synonyms import BELONGING, NATIONALITIES
from quality.changes import BESIDE
from quality.found import Found, Kind, trim
from quality.names import ANYNAME, CAP, NAME, NOT_NAMES, ROLE, clean_name, is_name, role_subject

_STOP = (
    r"(?=[,.;!?)]|$| (?:in|on|since|until|from) (?:\d|the week|early|late|spring|summer|autumn|winter|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)| (?:and|but|"
    r"so|because|since|as|which|who|where|with|for|after|before|until|from|now|these days|at the moment|"
    r"right now|currently|anyway|too|again|when|on|starting|lol|haha|tho|though|at night|"
    r"to (?:pay|support|help|save|make|earn|get))\b)"
)


_PLACE = rf"(?P<value>(?:the )?[\w'&./-]+(?: (?!and\b|but\b|so\b|because\b)[\w'&./-]+){{0,5}}?){_STOP}"


_SELF: tuple[tuple[str, str, str, str, str, Kind], ...] = (
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:i(?:'ve| have)|have|been) (?:been )?(?:working )?(?:at|"
        r"with) (?!my\b|him\b|her\b|someone\b)(?P<value>[\w'&. -]{2,40}?) (?:for )?(?:\d+|a|an|two|"
        r"three|four|five|six|seven|eight|"
        r"nine|ten|eleven|twelve|twenty|many) (?:years?|months?)",
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?P<value>[A-Z][\w&'-]+(?: [A-Z&][\w&'-]*)*) (?:offered me (?:a job|the job|a position|"
        r"chief|head|lead|work|\w+ on)|hired me|took me on|gave me (?:the|a) (?:job|position))",
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "position",
        "i|position",
        r"\b(?:(?:made|promoted|appointed) me|(?:got|was|been|being|am|i'm) (?:promoted|made|appointed)) "
        r"(?:to |the |an? |to be )?(?P<value>(?:deputy |head|chief|"
        r"team |vice|assistant |senior |lead|manager|captain|director|partner|supervisor|"
        r"foreman)[\w -]{0,30})(?=[,.;!?]|$)",
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
        r"\b(?:opened|opening|started|starting|running|run|own) my own \w+,? (?:it's |its |"
        r"is )?(?:called|named) (?P<value>[A-Z][\w'&-]+(?: (?:and |of |& )?[A-Z][\w'&-]+)*)",
        "I work at my own business, {value}.",
        "fact",
    ),
    (
        "I",
        "surname",
        "i|surname",
        rf"\b(?:changed my (?:sur|last |family )?name to|my (?:surname|last name) is(?: now)?) "
        rf"(?P<value>{CAP})",
        "My surname is {value}.",
        "fact",
    ),
    # subject, relation, slot, pattern, statement, kind
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:i|we) (?:\w+ )?(?:work|am working|'m working|was hired|got hired|"
        r"am employed) (?:(?!out\b)\w+ )?(?P<prep>at|for) (?!a living)" + _PLACE,
        "I work {prep} {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:i|i'm|i am) (?:now |just )?(?:start|starting|started|begin|joining|joined) (?:work |"
        r"a (?:new )?job |my new job |working )?at " + _PLACE,
        "I work at {value}.",
        "fact",
    ),
    (
        "I",
        "employer",
        "i|employer",
        r"\b(?:got|have|landed|start|starting|started|found|took|accepted) (?:a |the |"
        r"my )?(?:new )?(?:job|position|apprenticeship|internship|gig) (?:at|with) " + _PLACE,
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
        r"\b(?:i|we) (?:\w+ )?(?:live|am living|'m living|are living|reside|am based|"
        r"'m based) (?:\w+ )?(?P<prep>in|at|near|on) (?!(?:a|an|my|our|this|that|fear|hope|"
        r"the \w+ floor)\b)" + _PLACE,
        "I live {prep} {value}.",
        "fact",
    ),
    (
        "I",
        "town",
        "i|town",
        r"\b(?:i|we)(?:'ve| have)? (?:just |now |recently )?(?:moved|"
        r"relocated) (?:here )?(?:back )?(?:from [\w ]{2,30} )?to (?!(?:a|an|my|our|the|this|that)\b)"
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
        r"\b(?:i am|i'm|i come|i was born) (?:originally )?(?:from|"
        r"in) (?P<value>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,2})",
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
            and r not in {"origin", "birthday", "street", "surname"}
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


_MAY_BE_TWO = frozenset({"i|employer", "i|job", "i|town"})


_ALLERGY = re.compile(
    r"\b(?P<who>i|i'm|im|my [\w -]{2,30}?|he|she)(?: am| is|'s|'m| are)? (?!not )(?:\w+ )?(?:allergic|"
    r"intolerant) to (?P<value>[\w' -]{2,50}?)" + _STOP,
    re.IGNORECASE,
)


_AVOIDED = re.compile(
    r"\bi (?:can't|cannot|cant|can not|mustn't) (?:take|eat|have|drink|use|touch) "
    r"(?P<value>[\w' -]{2,40}?),? (?:because |as |since )?"
    r"(?:i'm |im |i am )?(?:\w+ly |very )?(?:allergic|intolerant)"
    r"(?: to (?:it|them|that|those))?(?= since\b| for\b|[,.;!?]|$)",
    re.IGNORECASE,
)


_FAVOURITE = re.compile(
    r"(?<! of )\bmy (?P<what>(?:all[- ]time )?favou?rite [\w -]{2,30}?) (?:is|are|was|'s|has always been|"
    r"would be) (?P<value>[^,.;!?]{2,60})",
    re.IGNORECASE,
)


_FAVOURITE_BACK = re.compile(
    r"^(?P<value>[^,.;!?]{2,50}?),? (?:is|are|it's|its|'s) (?:definitely |still |now |also |"
    r"by far )?(?P<what>my (?:all[- ]time )?favou?rite [\w -]{2,30})$",
    re.IGNORECASE,
)


_BIRTHDAY = re.compile(
    rf"\b(?:my|our) (?P<who>{ROLE})(?: (?P<name>{CAP}))?(?:'?s)? (?:birthday|bday)(?: is|'s|"
    rf" falls)? (?:always )?(?:on )?(?:the )?(?P<value>\d{{1,2}} [A-Z][a-z]+)",
    re.IGNORECASE,
)


_ATTRIBUTE = re.compile(
    r"^(?P<subject>(?:my|our) (?P<noun>[a-z][\w-]*(?: [a-z][\w-]*){0,3}?))(?: (?P<be>is|was|are)|"
    r"'s) (?P<adverb>(?:now|actually|still|currently|really) )?(?P<value>[^,;!?]{1,70})$",
    re.IGNORECASE,
)


_ATTRIBUTE_NOUNS = frozenset(
    "size name number age job colour color birthday password team band club major degree hobby "
    "nickname instrument blood type surname "
    "maiden height weight star sign hometown middle goal dream salary route shift day email street "
    "floor pin anniversary profession "
    "occupation church school university brand car bike plate desk locker room song book film movie "
    "food drink dish tea coffee".split()
)


def own(text: str) -> list[Found]:
    """Single-valued facts about the person: work, town, birthday, age, name, origin."""
    found = []
    for subject, relation, slot, pattern, template, kind in _SELF_RULES:
        for match in pattern.finditer(text):
            value = trim(match["value"])
            if not value or value.lower() in NOT_NAMES or _weak(value):
                continue
            if relation in {"name"}:
                if (
                    not is_name(value)
                    or value.split()[0].lower() in NATIONALITIES | BELONGING
                    or "gerund" in kinds(value.split()[0])
                    or (not value[0].isupper() and value.lower() in FORMS)
                ):
                    continue
                value = clean_name(value)
            if relation == "town" and (
                value[0].islower() and value.split()[0] in {"the", "peace"} and len(value.split()) < 2
            ):
                continue
            statement = (
                template.replace("{value}", value)
                .replace("{prep}", match.groupdict().get("prep") or "in")
                .replace(
                    "{a_value}",
                    value if re.search("[^s]s$", value) else _article(value),
                )
            )
            beside = slot in _MAY_BE_TWO and BESIDE.search(text)
            found.append(Found(subject, relation, value, statement, kind, "" if beside else slot))
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


_ONE_FAVOURITE = re.compile(
    r"^(?P<what>(?:one|two|three|some|many|a few|most) of my "
    r"(?:all[- ]time )?favou?rite [\w -]{2,30}?) (?:is|are) (?P<value>[^,.;!?]{2,60})$",
    re.IGNORECASE,
)


def avoided(text: str) -> list[Found]:
    """ "I can't take X, allergic to it": what "it" is stands before."""
    values = [trim(match["value"]) for match in _AVOIDED.finditer(text)]
    return [Found("I", "allergy", v, f"I am allergic to {v}.") for v in values if not _weak(v)]


def tastes(text: str) -> list[Found]:
    """Allergies and favourites."""
    found = avoided(text)
    for match in _ALLERGY.finditer(text):
        value = trim(match["value"])
        who = match["who"].lower()
        if _weak(value) or who in {"he", "she"}:
            continue
        subject = "I" if who.startswith("i") else match["who"].lower()[:3] + match["who"][3:]
        be = "am" if subject == "I" else "is"
        found.append(Found(subject, "allergy", value, f"{capitalise(subject)} {be} allergic to {value}."))
    one = _ONE_FAVOURITE.match(text)
    if one:
        subject, value = one["what"].lower(), trim(one["value"])
        be = "is" if subject.startswith("one ") else "are"
        found.append(Found(subject, "favourite", value, f"{capitalise(subject)} {be} {value}.", "preference"))
    for pattern in (_FAVOURITE, _FAVOURITE_BACK):
        for match in pattern.finditer(text):
            value, what = trim(match["value"]), match["what"].lower().removeprefix("my ")
            if _weak(value) or value.lower().startswith(("that ", "when ", "not ")) or " of my " in value:
                continue
            value = _common(value, what) if pattern is _FAVOURITE_BACK else value
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


_COMMON = re.compile(
    r"\b(?:foods?|meals?|snacks?|fruits?|vegetables?|desserts?|dish|dishes|sports?|colou?rs?|"
    r"animals?|hobby|hobbies|"
    r"instruments?|subjects?|flowers?|activity|activities|genres?|music|pets?|"
    r"cookies?|cakes?|candy|sandwich|pizza|ice cream|season|holiday foods?|school subjects?)$"
)


def _common(value: str, what: str) -> str:
    """A value that began its sentence without the capital, where such things have no names of their own."""
    first, *others = value.split()
    several = value.endswith("s") and not others and what.endswith(("thing", "things", "item", "items"))
    proper = first.lower() in NATIONALITIES or any(word[:1].isupper() for word in (first[1:], *others))
    return value if proper or not (several or _COMMON.search(what)) else value[:1].lower() + value[1:]


def attributes(text: str) -> list[Found]:
    """Birthdays and "my X is Y" of one clause."""
    found = []
    for match in _BIRTHDAY.finditer(text):
        name = (match["name"] or "").removesuffix("'s")
        who = role_subject(match["who"]) + (f" {name}" if name else "")
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
    plain = _ATTRIBUTE.match(text)
    if plain and not found:
        noun, value, be = plain["noun"].lower(), trim(plain["value"]), plain["be"] or "is"
        head = noun.split()[-1]
        subject = f"my {noun}"
        if value.lower() in COLOURS and head not in {"color", "colour"}:
            found.append(
                Found(
                    subject,
                    "colour",
                    value,
                    f"{capitalise(subject)} {be} {value}.",
                    "fact",
                    f"{subject}|colour",
                )
            )
        elif noun == "name" and (is_name(value) or value.isalpha()):
            name = clean_name(value)
            found.append(Found("I", "name", name, f"My name is {name}.", "fact", "i|name"))
        elif head in _ATTRIBUTE_NOUNS and not _weak(value) and "favo" not in noun:
            found.append(
                Found(
                    subject,
                    "is",
                    value,
                    f"{capitalise(subject)} {be} {value}.",
                    "fact",
                    f"{subject}|is",
                )
            )
    return found
