"""What a statement tells of the person without asking: "My shift starts at six" tells when work begins.

A question about any of it may not be called untold, though no question rule leads there.
"""

from __future__ import annotations

import re
from functools import cache

from data.grammar import is_person, is_pet, role_and_name, role_of
from data.grammar_clauses import parse
from data.grammar_professions import profession
from data.synonyms import CONDITIONS, kind_of

_SAID = tuple(
    (re.compile(pattern, re.IGNORECASE), relations)
    for pattern, relations in (
        (
            r"\b(?:coffee|tea|latte|espresso|cappuccino|flat white|americano|mocha|cortado|chai|cocoa|"
            r"drinks?|chicory)\b",
            ("coffee order", "favourite drink", "favourite tea"),
        ),
        (r"\b(?:dye|dyed|dyeing|bleached) my hair\b|\bmy hair\b", ("hair colour", "natural hair colour")),
        (
            r"\b(?:ph\.?d|doctorate|thesis|dissertation|master'?s|degree|majoring|stud(?:y|ied|ying))\b",
            ("subject", "university", "favourite subject"),
        ),
        (r"\b(?:shifts?|work|job)\b.*\b(?:at|from|until) (?:\d|noon|midnight)", ("working hours",)),
        (
            r"\b(?:offered|got|landed|accepted|starting|new) (?:\w+ ){0,3}(?:job|work|post|position)\b",
            ("job", "employer", "job title"),
        ),
        (
            r"\b(?:tattoo\w*|inked)\b|\bon my (?:left |right )?(?:\w+ )?(?:fore|upper )?"
            r"(?:arm|wrist|ankle|shoulder|calf|thigh|neck|chest)\b",
            ("tattoo",),
        ),
        (
            r"\b(?:torn?|tore|broken?|broke|sprained|dodgy|bad|sore|injured)\b.*\b(?:knees?|ankles?|wrists?|"
            r"shoulders?|back|hips?|elbows?|legs?|arms?|foot|feet|meniscus|ligaments?|ribs?)\b",
            ("injury",),
        ),
        (
            r"\b(?:runs?|running|races?|marathons?|league|derby|training for|team|practice|matches|gym|km)\b",
            ("sport", "hobby", "club", "favourite sport", "team"),
        ),
        (
            r"\b(?:fly|flying|travel|travell?ing|sail|sailing|cruise|heading|headed|off|go|going|trip|holiday|"
            r"honeymoon|vacation|booked) (?:\w+ ){0,4}(?:to|on|in|for)\b",
            ("holiday plan",),
        ),
        (r"\b(?:due|deadline|hand in|submit|thesis|exams?)\b", ("deadline", "exam")),
        (
            r"\b(?:hates?|dislikes?|don't like|do not like|can't stand|cannot stand|detests?)\b",
            ("disliked food",),
        ),
        (r"\b(?:scared|afraid|terrified|frightened|fears?|phobia)\b", ("phobia", "fear")),
        (
            rf"\b(?:{'|'.join(sorted(CONDITIONS))}|disease|syndrome|disorder)\b",
            ("illness", "medicine", "diet"),
        ),
        (r"\b[A-Z]\S* (?:School|High|College|Academy|Primary)\b", ("school", "school name")),
        (r"\bpays?\b.*\b(?:week|month|year)\b|\brent\b", ("rent",)),
        (r"\b(?:vegan|vegetarian|coeliac|celiac|gluten|halal|kosher|pescatarian)\b", ("diet",)),
    )
)
# Kinds of things whose every mention tells of a hobby.
_PURSUITS = {
    "sport": ("sport", "favourite sport", "club"),
    "instrument": ("instrument",),
    "dance": (),
    "game": (),
}


def of_the_person(statement: str) -> tuple[str, ...]:
    """The person's own slots that a statement says something of, whatever it is about.

    Nothing of what it says about somebody else.
    """
    clause = parse(statement)
    subject = clause.subject if clause else "I"
    role = role_of(subject)
    theirs = not role.startswith("my ") or is_person(role) or is_pet(role)
    if subject not in {"I", "We"} and theirs and not re.search(r"\b(?:me|us)\b", statement):
        return ()
    found = [relation for pattern, told in _SAID if pattern.search(statement) for relation in told]
    for word in re.findall(r"[^\W_]+", statement):
        kind = kind_of(word)
        found += ["hobby", *_PURSUITS[kind]] if kind in _PURSUITS else []
    return tuple(dict.fromkeys(found))


@cache
def of_role(subject: str) -> tuple[str, ...]:
    """What a role alone tells: nobody need say what their dentist does."""
    role = role_and_name(subject)[0].removeprefix("my ")
    return ("job",) if profession(f"a {role}") or role in _POSTS else ()


_POSTS = frozenset("boss manager landlord landlady supervisor therapist doctor gp physio childminder".split())
