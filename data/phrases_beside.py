"""What stands beside a thing that was told and is asked for next: the surname of whoever told a first name.

A model that never denied these gives the told value instead. Each entry is a question, the same turned
round, and the words that would show it to have been told; {t} is the role of a thing, {w} somebody's role
or name, {p} the same as an owner.
"""

from __future__ import annotations

from collections.abc import Mapping

from data.grammar import is_person, possessive
from data.grammar_questions import Ask
from data.lexicon import FAMILY

Entries = tuple[tuple[str, str, str], ...]

_PAY = ("How much do I earn?", "how much I earn", "salary earn pay wage")
_BOSS = ("Who is my boss?", "who my boss is", "boss manager chief foreman supervisor own")
_BORN = ("Where was I born?", "where I was born", "born grew")

OWN: Mapping[str, Entries] = {
    "name": (
        ("What is my surname?", "what my surname is", "surname"),
        ("What is my middle name?", "what my middle name is", "middle"),
        ("What is my last name?", "what my last name is", "surname"),
        ("What is my nickname?", "what my nickname is", "nickname"),
    ),
    "town": (
        ("What street do I live in?", "what street I live in", "street road lane"),
        ("What is my house number?", "what my house number is", "number"),
        ("What is my postcode?", "what my postcode is", "postcode"),
        ("Which floor do I live on?", "which floor I live on", "floor"),
    ),
    "employer": (
        _BOSS,
        _PAY,
        ("What is my work phone number?", "what my work phone number is", "phone"),
        ("How many people work there?", "how many people work there", "colleagues staff"),
    ),
    "job": (_PAY, _BOSS),
    "allergy": (
        (
            "Which medicine am I allergic to?",
            "which medicine I am allergic to",
            "medicine penicillin",
        ),
        ("Which animals am I allergic to?", "which animals I am allergic to", "cats dogs fur horses"),
        ("Which food am I allergic to?", "which food I am allergic to", "food"),
        ("What is my blood type?", "what my blood type is", "blood"),
    ),
    "birthday": (
        _BORN,
        ("What time was I born?", "what time I was born", "born"),
        ("What do I want for my birthday?", "what I want for my birthday", "present gift"),
    ),
    "age": (_BORN, ("When did I finish school?", "when I finished school", "school")),
    "instrument": (
        ("What colour is my instrument?", "what colour my instrument is", "colour"),
        ("Who made my instrument?", "who made my instrument", "made maker"),
    ),
}

THINGS: Mapping[str, Entries] = {
    "team club choir band orchestra league": (
        ("Who leads my {t}?", "who leads my {t}", "captain leader conductor skip leads"),
        ("Where does my {t} meet?", "where my {t} meets", "hall meets practice practises"),
        ("How many people are in my {t}?", "how many people are in my {t}", "members"),
        ("Who founded my {t}?", "who founded my {t}", "founded"),
    ),
    "car van motorbike bike bicycle boat truck": (
        ("What did my {t} cost?", "what my {t} cost", "cost paid price"),
        ("What is my {t}'s number plate?", "what my {t}'s number plate is", "plate"),
        ("Where did I buy my {t}?", "where I bought my {t}", "bought dealer"),
        ("When did I buy my {t}?", "when I bought my {t}", "bought buy got since year"),
        ("Who insures my {t}?", "who insures my {t}", "insurance"),
    ),
    "lesson course class exam": (
        ("What does my {t} cost?", "what my {t} costs", "cost costs price"),
        ("Where does my {t} take place?", "where my {t} takes place", "place room hall"),
    ),
    "shift practice training appointment": (
        ("How long is my {t}?", "how long my {t} is", "hours minutes"),
        ("When does my {t} end?", "when my {t} ends", "ends until"),
    ),
    "wife husband partner": (
        (
            "When is our wedding anniversary?",
            "when our wedding anniversary is",
            "anniversary wedding",
        ),
        ("Where did we get married?", "where we got married", "wedding married"),
        ("Where did my {t} go to school?", "where my {t} went to school", "school"),
    ),
}


PEOPLE: Entries = (
    ("What are {p} children called?", "what {p} children are called", "children kids sons daughters"),
    ("How many children does {w} have?", "how many children {w} has", "children kids sons daughters"),
    ("Who is {w} married to?", "who {w} is married to", "married wedding"),
    ("What are {p} parents called?", "what {p} parents are called", "parents"),
    ("What does {w} do at the weekend?", "what {w} does at the weekend", "weekend weekends"),
    ("Where did {w} go to school?", "where {w} went to school", "school university"),
    ("What car does {w} drive?", "what car {w} drives", "car van drives"),
    ("How tall is {w}?", "how tall {w} is", "tall"),
    ("When did {w} get married?", "when {w} got married", "married wedding marry"),
    ("When did {w} finish school?", "when {w} finished school", "school university graduated"),
)
# Whom these belong to is told with the person's own family.
_CLOSEST = frozenset("sister-in-law brother-in-law granny nan oma opa mommy daddy ex".split())
_OF_FAMILY = 4


def beside(subject: str, relation: str, name: str) -> list[tuple[Ask, frozenset[str]]]:
    """What people ask next of a memory like this, each with the words that would answer it.

    `subject` is the role of somebody who was told by name; `name` is how a question calls them.
    """
    words = subject.split()
    role = " ".join(word for word in words[1:] if word.islower()) if words[0] in {"my", "My"} else ""
    head = role.split()[-1] if role else ""
    entries: Entries = next((asked for heads, asked in THINGS.items() if head in heads.split()), ())
    if subject in {"I", "my name"}:
        entries = OWN.get("name" if subject == "my name" else relation, ())
    elif is_person(role):
        entries += PEOPLE[_OF_FAMILY:] if head in FAMILY | _CLOSEST else PEOPLE
    called = name if is_person(role) else role
    return [
        (Ask(_filled(question, called, role), _filled(whole, called, role)), frozenset(told.split()))
        for question, whole, told in entries
    ]


def _filled(text: str, called: str, role: str) -> str:
    return (
        text.replace("{p}", possessive(called) if called else "").replace("{w}", called).replace("{t}", role)
    )
