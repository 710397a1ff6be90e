"""Questions about one's body: which ear, what is wrong with it, sizes, allergies, medicines, the hand."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.lexicon import COLOURS

_PARTS = (
    "ear eye hand foot leg arm knee hip ankle wrist elbow shoulder thumb finger toe lung kidney heel calf "
    "thigh breast ovary nostril eyebrow cheek back neck nose jaw rib ribs collarbone skull tooth pelvis "
    "tendon hamstring"
).split()
_PART = rf"(?:(?:left|right|upper|lower|big|little|index|front) )*(?:{'|'.join(_PARTS)})"
_SIDED = re.compile(r"(?:my|our) (?P<part>(?:left|right) (?P<noun>[a-z]+))$", re.IGNORECASE)
_AILING = re.compile(
    r"(?:(?:partly|partially|nearly|almost|completely|totally|very) )?(?:deaf|blind|numb|weak|bad|stiff|sore|"
    r"broken|swollen|sprained|fractured|torn|injured|infected|paralysed|paralyzed|lazy|painful|arthritic|shorter|fake|"
    r"false|artificial|prosthetic|made of glass)(?: .{2,30})?"
)
_DYED = re.compile(
    rf"^(?P<what>(?:my|our|his|her) [a-z -]+?) (?:a |bright |dark |light |pale )?"
    rf"(?:{'|'.join(sorted(COLOURS))})$"
)
_HAS_AILING = re.compile(
    r"^an? (?:(?:very|slightly|rather|permanently) )?(?P<how>dodgy|bad|stiff|sore|weak|dicky|gammy|wonky|"
    r"trick|creaky|broken|"
    r"swollen|sprained|fractured|torn|injured|frozen|lazy|numb|painful|arthritic|twisted|dislocated|bruised|"
    rf"blind|deaf|artificial|false|fake|prosthetic) "
    rf"(?P<part>(?:(?P<side>left|right) )?(?P<noun>{'|'.join(_PARTS)}))$"
)
_WITHOUT = re.compile(
    rf"^(?P<state>(?:partly |partially |almost )?(?:deaf|blind|numb|paralysed)) in "
    rf"(?P<part>(?:my|one|the) (?:\w+ )?(?P<noun>{'|'.join(_PARTS)}))$"
)
_HARMED = frozenset(
    "break sprain fracture injure hurt dislocate twist tear burn cut bruise lose strain".split()
)
_MY_PART = re.compile(rf"^(?:my|our|his|her) (?P<part>{_PART})\b")
_TALL = re.compile(
    r"^(?:about |nearly |almost )?(?:\d[\d.,]* ?(?:m|cm|metres?|meters?|feet|foot|ft)\b.*|.*\bfeet\b.*) tall$"
)
_SIZED = re.compile(
    r"^(?:an? )?size (?P<size>\w+)(?: (?P<what>shoes?|boots?|dress(?:es)?|trousers|jeans|shirts?))?$"
)
_HANDED = re.compile(r"^(?:left|right)[- ]?handed$")
_DRUG = re.compile(
    r"[A-Za-z]+(?:statin|pril|sartan|olol|azole|mycin|cillin|cycline|floxacin|pam|formin|xetine|traline|opram|"
    r"triptan|thyroxine|profen|cetamol|lukast|dipine|semide|gabalin|pentin|trexate|warfarin|oxaban|gliptin|"
    r"tidine|ridone|apine|zepam|codone|phine|steride|solone|sone|thiazide|trigine|nitrate|parin|glutide)"
)
_DOSE = r"(?: (?:\d.*|every .*|each .*|once .*|twice .*|daily|in the .*|at night|before .*|for .*|as .*))?"
_TAKES = re.compile(
    rf"^(?:(?P<drug>{_DRUG.pattern}|insulin|aspirin|antihistamines|antidepressants|statins|steroids|lithium|"
    rf"ritalin|morphine|codeine|beta blockers|blood thinners|[a-z -]*(?:tablets?|pills?|medication))){_DOSE}$"
)
_ALLERGY = re.compile(
    r"^(?:an? )?(?:(?:severe|bad|mild|serious|slight) )?(?:(?P<what>[a-z]+) allergy|allergy to .+)$"
)
_INTOLERANT = re.compile(r"^(?:[a-z]+[ -]intolerant|intolerant (?:to|of) .+)$")


def bodily(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about the body of whoever a clause is about."""
    if clause.copula:
        _ailing(clause, rest, to)
        _built(clause, rest, to)
    elif clause.aux:
        return
    elif clause.base in {"dye", "paint", "colour", "color", "spray"} and (dyed := _DYED.match(rest)):
        whose = dyed["what"].split()[0]
        what = dyed["what"] if whose in {"my", "our"} else f"{to.whose} {dyed['what'].split(' ', 1)[1]}"
        to.own("what colour", dyed["what"])
        several = what.endswith("s")
        to.said(
            f"What colour {'are' if several else 'is'} {what}?",
            f"what colour {what} {'are' if several else 'is'}",
        )
    elif clause.base == "have" and (bad := _HAS_AILING.match(rest)):
        _has_ailing(bad, to)
    elif clause.base in {"wear", "take"} and (sized := _SIZED.match(rest)) and sized["what"]:
        thing = sized["what"]
        to.verb(f"what size {thing}", "wear")
        one = thing if thing in {"trousers", "jeans", "dress"} else thing.removesuffix("s")
        to.be("what", f"{to.whose} {one} size")
        to.verb(f"what {one} size", "wear")
    elif clause.base == "take" and _TAKES.match(clause.rest):
        to.verb("what medicine", "take")
        to.verb("what medication", "take")
        to.verb("what", "take")
    elif clause.base == "have" and (allergy := _ALLERGY.match(rest)):
        to.said(*_be(to, "what", "allergic to"))
        to.verb("what allergy", "have")
        to.verb("which allergy", "have")
        if not allergy["what"]:
            to.verb("what", "have", "an allergy to")
    elif clause.base in _HARMED and clause.tense == "past" and (part := _MY_PART.match(rest)):
        whose = to.whose if rest.startswith(("my ", "our ")) else rest.split()[0]
        to.own("what")
        to.said(
            f"What happened to {whose} {part['part']}?",
            f"what happened to {whose} {part['part']}",
        )


def _has_ailing(bad: re.Match[str], to: Asking) -> None:
    """ "Which knee is dodgy?" of a part of the body that is told with what is wrong with it."""
    mine = f"{to.whose} {bad['part']}"
    to.said(f"What is wrong with {mine}?", f"what is wrong with {mine}")
    if to.whose == "my" and bad["side"]:
        to.said(f"Which {bad['noun']} is {bad['how']}?", f"which {bad['noun']} is {bad['how']}")
        to.said(f"Which {bad['noun']} do I have trouble with?", f"which {bad['noun']} I have trouble with")
    elif not bad["side"]:
        to.be("what", mine, "like")


def _be(to: Asking, word: str, tail: str) -> tuple[str, str]:
    be = "am" if to.subject == "I" else "are" if to.tense == "base" else "is"
    return f"{word.capitalize()} {be} {to.subject} {tail}?", f"{word} {to.subject} {be} {tail}"


def _ailing(clause: Clause, rest: str, to: Asking) -> None:
    """Which ear is deaf, and what is wrong with it."""
    sided = _SIDED.match(clause.subject)
    if sided and rest.split()[0] not in {"a", "an", "the", "my", "in", "on", "at"}:
        noun = sided["noun"]
        to.said(f"Which {noun} {clause.aux} {rest}?", f"which {noun} {clause.aux} {rest}")
        many = {"foot": "feet", "calf": "calves"}.get(noun, f"{noun}s")
        to.said(f"Which of my {many} {clause.aux} {rest}?", f"which of my {many} {clause.aux} {rest}")
        if _AILING.fullmatch(rest):
            to.said(f"What is wrong with {to.subject}?", f"what is wrong with {to.subject}")
    lost = _WITHOUT.match(rest)
    if lost and not lost["part"].startswith("one "):
        to.own(f"which {lost['noun']}", f"{lost['state']} in")
        to.own(f"in which {lost['noun']}", lost["state"])
        if lost["part"].startswith("my "):
            to.said(f"What is wrong with {lost['part']}?", f"what is wrong with {lost['part']}")


def _built(clause: Clause, rest: str, to: Asking) -> None:
    """How tall, which hand, what size, of which nation's passport one asks a form for."""
    if _TALL.match(rest):
        to.own("how tall")
        to.be("what", f"{to.whose} height")
    elif _HANDED.match(rest):
        to.verb("which hand", "write", "with")
        to.verb("which hand", "use")
        be = "am" if to.subject == "I" else "is"
        to.said(
            f"{be.capitalize()} {to.subject} left or right handed?",
            f"whether {to.subject} {be} left or right handed",
        )
    elif _INTOLERANT.match(rest):
        to.own("what", "intolerant to")
        to.verb("what", "have", "an intolerance to")
        to.verb("what intolerance", "have")


def coloured(clause: Clause, rest: str, to: Asking) -> None:
    """ "What colour eyes do I have?" of what is told with a colour before it."""
    *before, part = rest.lower().split()
    if clause.base != "have" or clause.aux or not 1 <= len(before) <= 2 or part not in {"eyes", "hair"}:
        return
    if set(before) & (COLOURS | {"blond", "blonde", "hazel", "ginger"}):
        to.be("what colour", f"{to.whose} {part}", plural=part == "eyes")
        to.verb(f"what colour {part}", "have")
