"""Who someone is, told with a remark between the role and the name, or for a group with one by one.

"My best friend since school, Pernille, ...", "my mum's new boyfriend Terrence", "my colleagues are Anouk
(design) and Rui (tech)". The role is always one of the person's own people, animals or things.
"""

from __future__ import annotations

import re

from data.grammar import article
from data.grammar_clauses import capitalise
from data.grammar_professions import profession
from data.lexicon import KIN, NUMBERS, PETS, THINGS
from data.lexicon_verbs import kinds
from quality.found import Found, aged
from quality.names import CAP, NAME, is_name, named, one_of, role_subject, singular

_INFORMAL = frozenset(
    "roommate roomie housie bezzie chum mucker fella bloke missis chef lad lass niece step-dad step-mum "
    "stepkid "
    "host mum "
    "godchild grandparent sibling sitter childminder cat-sitter carer hygienist counsellor agent".split()
)
_PEOPLE = KIN | _INFORMAL - {"bloke", "fella"}
_HEADS = {*_PEOPLE, *PETS}
_NOUN = "|".join(sorted((re.escape(w) for w in _HEADS), key=len, reverse=True))
_PERSON = "|".join(sorted((re.escape(w) for w in _PEOPLE), key=len, reverse=True))
_QUALITY = (
    r"(?:best|older|younger|little|big|eldest|oldest|youngest|new|old|other|second|former|current|half|twin|"
    r"great|rescue|elderly|dear|poor|lovely|ex)"
)
_NOT_A_NAME = r"(?!(?:The|This|That|I|My|It|He|She|They|We|You|And|But|So|How|What|Is|Can|No|Not)\b)"
_BETWEEN = re.compile(
    rf"\b(?:my|our|the) (?P<role>(?:{_QUALITY} )?(?:{_PERSON})) (?:from|at|since|in|next|of|upstairs|"
    rf"downstairs|"
    rf"across|over)(?: [\w'-]+){{0,3}}?(?P<comma>,)? (?:{_QUALITY} )?{_NOT_A_NAME}(?P<name>{NAME})"
    r"(?=(?P<end>,|[.;!?)]|$)| [a-z])",
)
_ONE_IN = re.compile(
    rf"\bmy (?P<role>(?:{_QUALITY} )?(?:{_PERSON})),? the (?:one|\w+ one) [^,.;?!]{{2,30}}, "
    rf"{_NOT_A_NAME}(?P<name>{CAP})(?=,)"
)
_BIG = re.compile(
    rf"\b(?:my|our) (?P<role>{_NOUN}), (?:big|old|little|young|dear|good old) (?P<name>{CAP})(?=[,.;!?]|$)"
)
_TITLED = re.compile(
    rf"\b(?:my|our|the) (?P<role>(?:{_PERSON})) (?P<name>(?:Mr|Mrs|Ms|Dr|Miss|Herr|Frau)\.? {CAP})"
)
_INFORMALLY = re.compile(
    rf"\b(?:my|our) (?P<role>(?:{'|'.join(sorted(_INFORMAL))})),? (?P<name>{CAP})(?=[ ,.;!?]|$)(?!'s)"
)
_OF_THEIRS = re.compile(
    rf"\b(?P<owner>(?:[Mm]y|[Oo]ur) (?:{_PERSON}))(?:'s|s') (?:(?:{_QUALITY}|[a-z]+) )?(?P<role>{_NOUN}),? "
    rf"(?:called |named )?(?P<name>{CAP}(?: {CAP})?)(?=[ ,.;!?]|$)(?!'s)"
)
_ITS_NAME = re.compile(
    rf"^(?:[Mm]y |[Oo]ur )?(?P<owner>(?:{_PERSON}))(?:'s|s') (?P<role>{_NOUN})\b[^,.?!]*[.,!] ?(?:its|it's|"
    rf"his|her) name"
    rf"(?:'s| is) (?P<name>{CAP})"
)
_ALSO_CALLED = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) (?P<role>{_NOUN})\b[^.?!]{{0,40}}, (?:full name|real name|name of|goes by|known "
    rf"as|aka) "
    rf"(?P<name>{NAME})"
)
_OUTSIDE = re.compile(
    rf"\b(?:an? |my |our )(?:[a-z]+ )?(?P<role>{_NOUN}) (?:called|named) (?P<name>{CAP}) "
    r"(?:that|who|which) (?P<doing>[a-z]+ [^,.?!]*\b(?:our|my)\b [^,.?!]+)"
)
_GROUP = re.compile(
    rf"\b[Mm]y (?P<role>(?:{_PERSON})s)(?: are|:)? "
    rf"(?P<list>{CAP} \([^)]{{2,25}}\)(?:(?:, | and |, and | & ){CAP} \([^)]{{2,25}}\))+)"
)
_MEMBER = re.compile(rf"(?P<name>{CAP}) \((?P<what>[^)]{{2,25}})\)")
_PLAIN_GROUP = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|the) (?P<role>kids|twins|brothers|sisters|sons|daughters|cats|dogs|"
    rf"children)\b[^.?!]{{0,40}}?"
    rf"(?:, that's|, thats|, they're|:|,) (?P<one>{CAP}) (?:and|&) (?P<two>{CAP})(?=[,.;!?]|$)"
)
_SPOKE = r"(?:says|said|thinks|thought|reckons|swears|told me|claims)"
_CAME = (
    r"(?:(?:is|was) (?:coming|visiting|staying|over|here)|comes|came|visits|visited|rang|called|texted|"
    r"phoned)"
)
_REMARKED = re.compile(
    rf"^(?:(?:and|but|so|well|ok|oh),? )?"
    rf"(?:(?P<name>{CAP}) (?:{_SPOKE}|{_CAME})|(?P<low>[^\W\d_]{{3,12}}) {_SPOKE})\b"
    rf"(?P<rest>[^,.;?!]{{0,60}}), my (?P<role>(?:{_QUALITY} )?(?:{_PERSON}))"
    r"(?=[.!]|$|, (?:she|he|who)\b|, [a-z]+s )"
)
_WITH_ANOTHER = re.compile(rf"\b(?:with|and|to|for|of|from) {CAP}| my |\b(?:his|her|him|he|she|their|them)\b")
# What says something and is nobody.
_SOURCES = frozenset(
    "internet web google label box recipe manual news radio forecast app packet book article law science "
    "physics everyone everybody nobody someone somebody legend rumour rumor history experience logic common "
    "research".split()
)
_AT_WORK = frozenset({"colleague", "coworker", "co-worker", "workmate", "teammate", "boss"})


def introduced(text: str) -> list[Found]:
    """Names whose role stands further away than beside them."""
    found = []
    for pattern in (_BETWEEN, _ONE_IN, _BIG, _TITLED, _INFORMALLY, _ALSO_CALLED):
        for match in pattern.finditer(text):
            if pattern is _BETWEEN and not (match["comma"] and match["end"] or _known_place(match)):
                continue
            if is_name(match["name"]) and not kinds(match["name"]):
                found.append(named(match["role"], match["name"]))
    for pattern in (_OF_THEIRS, _ITS_NAME):
        for match in pattern.finditer(text):
            if is_name(match["name"]):
                owner = match["owner"].lower().removeprefix("my ").removeprefix("our ")
                found.append(named(f"{owner}'s {match['role']}", match["name"]))
    for match in _PLAIN_GROUP.finditer(text):
        if is_name(match["one"]) and is_name(match["two"]):
            found += [one_of(match["role"], match["one"]), one_of(match["role"], match["two"])]
    return [*found, *_remarked(text), *_members(text), *_animals(text)]


def _remarked(text: str) -> list[Found]:
    """ "Ottilie is coming for the weekend, my sister": the role stands behind what the name does."""
    match = _REMARKED.match(text)
    name = (match["name"] or match["low"]) if match else ""
    if not match or name.lower() in _SOURCES or not is_name(name) or kinds(name):
        return []
    return [] if _WITH_ANOTHER.search(match["rest"]) else [named(match["role"], name)]


def _known_place(match: re.Match[str]) -> bool:
    """Whether the words between are "at work" and the like, after which a name needs no commas."""
    return bool(re.search(r" (?:at|from) (?:work|school|uni|church|the office) ", match[0]))


def _members(text: str) -> list[Found]:
    found = []
    for group in _GROUP.finditer(text):
        role = singular(group["role"])
        for match in _MEMBER.finditer(group["list"]):
            if not is_name(match["name"]):
                continue
            who, what = f"{role_subject(role)} {match['name']}", match["what"].strip()
            found.append(one_of(role, match["name"]))
            if what.isdigit() or what.lower() in NUMBERS:
                found.append(aged(who, what))
            elif profession(article(what)):
                found.append(Found(who, "be", article(what), f"{capitalise(who)} is {article(what)}."))
            elif role in _AT_WORK and what.islower():
                found.append(Found(who, "work", f"in {what}", f"{capitalise(who)} works in {what}."))
    return found


def _animals(text: str) -> list[Found]:
    """ "A rescue hedgehog named Spud that lives in our shed": what the relative clause says is told too."""
    found = []
    for match in _OUTSIDE.finditer(text):
        if match["role"] in PETS | THINGS and is_name(match["name"]):
            who = f"my {match['role']} {match['name']}"
            verb, rest = match["doing"].split(" ", 1)
            base = kinds(verb).get("third")
            if base:
                found.append(named(match["role"], match["name"]))
                found.append(Found(who, base, rest, f"{capitalise(who)} {match['doing']}."))
    return found
