"""Facts told by the way or in two breaths: names, favourites, trades and corrections across sentences."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import replace

from data.grammar import role_of
from data.grammar_clauses import capitalise
from data.grammar_professions import profession
from data.lexicon import ADVERBS, KIN, PETS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from quality import clauses as cut
from quality.discourse import Discourse
from quality.found import Found
from quality.names import NAME, is_name, named, names, role_subject


def reply(text: str, before: str) -> list[Found]:
    """Who someone is, answered to the assistant's question ("Who is Ilsabet?" - "my wife")."""
    asked = re.search(r"\b[Ww]ho(?:'s| is) ([A-Z][\w'-]+)\?", before[-300:])
    answer = re.match(
        r"^(?:oh |she's |he's |that's |it's |its )?(?:my|our) ((?:[\w-]+ )?[\w-]+)(?=[.,!?;]|$| and\b)",
        text.strip(),
        re.IGNORECASE,
    )
    if asked and answer and answer[1].lower().split()[-1] in KIN | PETS | THINGS and is_name(asked[1]):
        return [named(answer[1], asked[1])]
    return []


_SPELLED = re.compile(
    r"\b(?:spelled|spelt|written|it's|its|i meant|should be|not \w+,?(?: but)?) (?:with \w+ "
    r")?(?P<name>[A-ZÀ-Þ][\w'-]+)"
)


def respelled(text: str, discourse: Discourse) -> list[Found]:
    """A name put right ("it's spelled Imke"): it takes the slot of the closest known name."""
    found = []
    for match in _SPELLED.finditer(text):
        name = match["name"]
        if not name[0].isupper() or not is_name(name) or name.lower() in discourse.named:
            continue
        close = difflib.get_close_matches(name.lower(), list(discourse.named), 1, 0.7)
        role = re.match(r"^(my [a-z][a-z -]*?) ([A-Z].*)$", discourse.named[close[0]]) if close else None
        if role:
            old = named(role[1].removeprefix("my "), role[2])
            slot = discourse.slots.get(close[0], old.slot)
            statement = f"{capitalise(role[1])} is called {name}."
            found.append(replace(old, value=name, statement=statement, slot=slot))
    return found


TAIL = re.compile(
    r"^(?:and |oh |ok )?(?:that's |thats |i mean |he's |she's |it's )?(?:the |my |"
    r"our )?((?:[a-z-]+ ){0,2}?[a-z-]+)(?=,| that is| not\b|$|\.| from work)",
    re.IGNORECASE,
)


_BELONGS = re.compile(
    r"\b([A-Z][\w'-]+) (?:from (?:work|the office)|next door|upstairs|downstairs|"
    r"from (?:my )?(?:choir|school|uni))\b"
)


_IN_COMPANY = re.compile(r"(?:\w+ )?[A-Z][\w'-]+ (?:and|or|with) (?:my|our|[A-Z])")


def anywhere(sentence: str, previous: str) -> list[Found]:
    """Names told by the way, even inside a question or a request."""
    found = names(sentence)
    if cut.is_hypothetical(sentence):
        mine = re.search(r"\b(?:my|our)\b", sentence, re.IGNORECASE)
        return [fact for fact in found if mine and fact.subject.split()[-1] in KIN]
    tail = TAIL.match(sentence)
    head = re.match(r"^(?:\w+ ){0,1}?([A-Z][\w'-]+)\b", previous.split(". ")[-1]) if previous else None
    if tail and head and not found and not _IN_COMPANY.match(previous):
        noun = tail[1].lower().replace(" in law", "-in-law").split()[-1]
        if (
            noun in KIN | PETS | THINGS
            and is_name(head[1])
            and not kinds(head[1])
            and not head[1].endswith("'s")
        ):
            found.append(named(tail[1].lower().replace(" in law", "-in-law"), head[1]))
    found += _joined(sentence, previous) if previous and not found and not _IN_COMPANY.match(previous) else []
    that = re.match(r"^(?P<name>[A-Z][\w'-]+) .*\b(?:that|this|stupid|my) (?P<pet>[a-z]+)\b", sentence)
    if that and not found and that["pet"] in PETS and is_name(that["name"]) and not kinds(that["name"]):
        found.append(named(that["pet"], that["name"]))
    for match in _BELONGS.finditer(sentence):
        if is_name(match[1]):
            found.append(
                named("neighbour" if match[0].endswith(("next door", "stairs")) else "colleague", match[1])
            )
    return found


_MY_FAVOURITE = re.compile(
    r"\b(?:it's|its|it is|that's|thats|^)\s?(?:definitely |by far |still )?my (?:absolute |"
    r"all[- ]time |very |total )?(?P<what>favou?rite [a-z]+)\b(?! (?:is|are|was))",
    re.IGNORECASE,
)


_LAST_NAME = re.compile(r"(?:the )?[A-Z][\w'-]+(?: (?:of|the|in|and|[A-Z][\w'-]+))* ?$")


def echo(sentence: str, previous: str, discourse: Discourse) -> list[Found]:
    """Facts told in two breaths: "lapsang, its my favourite tea", "dad was a weir keeper. Ferris." """
    match = _MY_FAVOURITE.search(sentence)
    if match and not cut.is_hypothetical(sentence):
        before = sentence[: match.start()].rstrip(" ,-") or previous.rstrip(" .,!?")
        value = _noun_phrase(before)
        if value:
            subject = f"my {match['what'].lower()}"
            return [
                Found(
                    subject,
                    "favourite",
                    value,
                    f"{capitalise(subject)} is {value}.",
                    "preference",
                    f"{subject}|is",
                )
            ]
    bare = re.fullmatch(r"([A-ZÀ-Þ][\w'-]+)[.!]*", sentence)
    if bare and is_name(bare[1]) and not kinds(bare[1]) and bare[1] not in discourse.named:
        role = re.match(
            r"^(?:and |so |well )?(?:my |our )?((?:\w+ )?[\w-]+) (?:is|was|has|had) ", previous, re.IGNORECASE
        )
        noun = role[1].lower().split()[-1] if role else ""
        if noun in KIN | PETS | THINGS:
            found = [named(noun, bare[1])]
            discourse.introduce(found)
            return found
    return []


def _noun_phrase(text: str) -> str:
    """The noun phrase a stretch of text ends with; empty when it ends with none."""
    proper = _LAST_NAME.search(text)
    if proper and len(proper[0]) > 3:
        return proper[0].strip()
    words = re.findall(r"[\w'-]+", text)
    phrase: list[str] = []
    for word in reversed(words[-4:]):
        low = word.lower()
        if low in STOPWORDS | ADVERBS or (kinds(low) and phrase) or low in {"dont", "say", "says"}:
            break
        phrase.insert(0, word)
    return " ".join(phrase[-3:])


def _joined(sentence: str, previous: str) -> list[Found]:
    """Names told across two sentences ("drag Old Gregor uphill. thats the telescope")."""
    that = re.match(
        r"^(?:that's|thats|he's|hes|she's|shes|it's|its) (?:my|our|the) ((?:[a-z-]+ )?[a-z-]+)(?=[,.!?;)]|$)",
        sentence,
        re.IGNORECASE,
    )
    low = re.search(r"\b(?:for|with|and|about|to) ([a-z]{3,12})[?.!,]*$", previous)
    called = [
        m[0]
        for m in re.finditer(rf"(?<![\w'])(?<!in )(?<!over )(?<!from )(?<!at ){NAME}", previous)
        if is_name(m[0])
        and not re.search(r"\b(?:in|over|from|at) [A-Z][\w-]+ $", previous[: m.start()])
        and not (m.start() == 0 and kinds(m[0].split()[0]))
    ]
    if that and called and (that[1].lower().split()[-1] in KIN | PETS | THINGS):
        return [named(that[1], called[-1])]
    if that and low and that[1].lower().split()[-1] in KIN | PETS and is_name(low[1]):
        return [named(that[1], low[1])]
    role = re.search(r"\b(?:my|our) ((?:[a-z-]+ )?[a-z-]+)[.?!,]*$", previous, re.IGNORECASE)
    name = re.match(r"^([A-Z][\w'-]+)(?=[,.]|$)", sentence)
    if (
        role
        and name
        and role[1].lower().split()[-1] in KIN | PETS
        and is_name(name[1])
        and not kinds(name[1])
    ):
        return [named(role[1], name[1])]
    return []


_THE_ONE = re.compile(
    r"(?:the|my|our) (landlord|landlady|boss|wife|husband|missus|hubby|boyfriend|girlfriend)", re.IGNORECASE
)


def by_role(found: Sequence[Found], previous: str) -> list[Found]:
    """The facts, with the name of whoever is said to be the one there is ("Pettigrove is the landlord").

    Not behind a sentence about two, because "he" may be either.
    """
    if _IN_COMPANY.match(previous):
        return [*found]
    told = []
    for fact in found:
        role = _THE_ONE.fullmatch(fact.value) if fact.relation in {"be", "is"} else None
        if not role:
            told.append(fact)
        elif is_name(fact.subject):
            told.append(named(role[1], fact.subject))
        elif role_of(fact.subject) != role_subject(role[1]):
            told.append(fact)
    return told


_SIGNED = re.compile(rf"^(?:yours |kind regards |love )?signed:? (?P<name>{NAME})(?=[,.!?]|$)", re.IGNORECASE)


def signed(clause: str) -> list[Found]:
    """The person's own name below a note ("signed Anselm")."""
    below = _SIGNED.match(clause)
    if not below or not is_name(below["name"]) or not below["name"][0].isupper():
        return []
    name = below["name"]
    return [Found("I", "name", name, f"My name is {name}.", "fact", "i|name")]


_TRADE = re.compile(
    r"\b(?P<name>[A-Z][\w'-]+),? (?:\(|who is |who's )?(?:an? )?(?P<job>[a-z]+(?: [a-z]+)?(?: (?:in|"
    r"at|from|for) (?:the )?[A-Z][\w'-]+)?)(?=[,.;!?)]|$)"
)


def trades(sentence: str, discourse: Discourse) -> list[Found]:
    """A job put beside a name: "Cormac, locksmith in Perth, has every tool"."""
    found = []
    for match in _TRADE.finditer(sentence):
        who = discourse.named.get(match["name"].lower(), "")
        if who and profession(f"a {match['job']}"):
            job = ("an " if match["job"][0] in "aeiou" else "a ") + match["job"]
            found.append(Found(who, "be", job, f"{capitalise(who)} is {job}.", "fact"))
    return found
