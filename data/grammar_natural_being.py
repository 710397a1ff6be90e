"""Questions about what somebody or something is: a make, a breed, a size, a position, a nationality."""

from __future__ import annotations

import re

from data.grammar import is_person, somebody
from data.grammar_asking import Asking
from data.grammar_clauses import Clause, capitalise
from data.grammar_professions import former, office, profession, trade
from data.grammar_types import ages, names_a_town
from data.lexicon import COLOURS, KIN, THINGS
from data.lexicon_verbs import kinds
from data.synonyms import is_condition, is_nationality, kind_of

_ROLE = re.compile(
    r"^(?:an? |the )?(?P<role>[\w-]+(?: [\w-]+)?) (?:in|of|for|on|at) (?P<team>(?:my|our|the|a) "
    r"(?P<what>.*?)\b"
    r"(?:team|club|band|choir|orchestra|crew|side|squad|society|committee|league|ensemble|quartet|brigade))"
    r"(?=$|[,.]| (?:at|in|of|for|and|since)\b)",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"^(?:about |around |roughly )?\d+(?:[.,]\d+)? ?"
    r"(?:cm|m|metres|meters|sqm|m2|square \w+|hectares|acres|inches|feet)\b"
)
_INTO_CUP = re.compile(
    r"^(?P<what>.+) in (?P<cup>my (?:\w+ )?(?:coffee|tea|porridge|muesli|latte|espresso|toast))$"
)
_CUP_HOW = re.compile(
    r"^(?P<cup>my (?:\w+ )?(?:coffee|tea|porridge|steak|eggs|pizza)) (?:with |black|white|without )"
)
_AGED = re.compile(r"^\d+(?:(?:, \d+)*,? and \d+)?(?: (?:years?|months?|weeks?|days?))?(?: old)?$")
_AMOUNT = r"(?:about |around |roughly |only |just )?[£$€]?\d"
_MONEY = frozenset("salary wage pay income rent mortgage bill deposit fee pension loan budget".split())
_VEHICLES = frozenset("car van bike bicycle motorbike scooter tractor boat lorry truck".split())
# What became of a thing, which answers what happened to it.
_LOST = frozenset(
    "gone stolen missing lost broken dead sold ruined destroyed smashed wrecked finished closed".split()
)
_HERE = frozenset("broken dead ruined smashed wrecked finished closed destroyed".split())
_POST = frozenset("job title profession occupation trade".split())
_NATION = re.compile(r"[A-Z]\w+(?:an|ish|ese|ch)(?: citizen)?")
# "My lens strength" is how strong the lens is; a blood pressure is nothing of the blood alone.
_MEASURED = re.compile(
    r"my (?P<thing>(?!blood\b)[a-z]+) "
    r"(?P<measure>strength|pressure|length|width|height|weight|thickness|depth)"
)
_SEX = re.compile(r"(?:an? )?(boy|girl|male|female)", re.IGNORECASE)


def being(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about a clause with "be" and no other verb."""
    words = rest.split()
    if not clause.copula or "gerund" in kinds(words[0]) and len(words) > 1:
        return
    role = _ROLE.match(rest)
    if role and not profession(rest):
        _position(role, to)
    if clause.subject.lower().startswith(("my ", "our ")):
        _owned(clause, rest, to)
    if is_condition(rest):
        to.verb("what condition", "have")
        to.verb("which illness", "have")
        whom = to.subject if clause.subject != "I" else "me"
        to.said(f"What is wrong with {whom}?", f"what is wrong with {whom}")
    elif _NATION.fullmatch(rest) and (clause.subject == "I" or is_person(clause.subject)):
        several = clause.aux in {"are", "were"}
        to.be("what nationality", to.subject, plural=several)
        to.be("what", f"{to.whose} nationality")
        to.be("where", to.subject, "from", plural=several)
    elif re.match(r"an? .* from [A-Z]\S+$", rest):
        to.be("where", to.subject, "from")
    elif (trade if somebody(clause.subject) else profession)(rest):
        _employed(rest, to)
    elif words[0] == "into" and len(words) > 1:
        to.be("what", to.subject, "into")
        if kind_of(rest) in {"sport", "game", "dance", "craft"}:
            to.be(f"which {kind_of(rest)}", to.subject, "into")
        to.be("what", f"{to.whose} hobby")


_IN_TOWN = re.compile(r" in (?P<town>[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)$")


def _employed(rest: str, to: Asking) -> None:
    """The post somebody holds, and where; who works in a town most likely lives there too."""
    if former(rest):
        return
    to.verb("what", "do", "for a living")
    to.be("what", f"{to.whose} job")
    if office(rest):
        to.be("what", f"{to.whose} position")
        to.be("what", f"{to.whose} role")
    if not re.search(r" (?:at|in) ", rest):
        return
    to.verb("where", "work")
    town = _IN_TOWN.search(rest)
    if town and to.tense != "past":
        if names_a_town(town["town"]):
            to.verb("which city", "work", "in")
            to.be("which city", to.subject, "in")
            to.verb("which city", "live", "in")
        to.verb("where", "live")


def _owned(clause: Clause, rest: str, to: Asking) -> None:
    """What "my X" is, by what X is."""
    noun = to.subject.split(" ", 1)[1]
    called = re.fullmatch(r"([a-z][a-z -]*?) ([A-Z]\S*)", noun)
    noun, name = (called[1], called[2]) if called and kind_of(called[1]) == "pet" else (noun, "")
    head = noun.split()[-1].lower()
    article = rest.lower().startswith(("a ", "an "))
    sex = _SEX.fullmatch(rest)
    if head in _POST and noun in {head, f"job {head}"} and not rest.startswith(("to ", "in ", "at ", "on ")):
        to.be("what", "my job")
        to.said("What do I do for work?", "what I do for work")
        to.said("What do I do for a living?", "what I do for a living")
    if noun.endswith("'s name") and not noun.endswith("s's name"):
        owner = to.subject.removesuffix("'s name")
        to.be("what", owner, "called")
        if is_person(owner) or profession(f"a {owner.split()[-1]}"):
            to.be("who", owner)
    elif sex:
        pair = "a boy or a girl" if sex[1].lower() in {"boy", "girl"} else "male or female"
        to.said(f"{capitalise(clause.aux)} {to.subject} {pair}?", f"whether {to.subject} {clause.aux} {pair}")
    elif kind_of(head) == "pet" and article:
        to.be("what breed", to.subject)
        if name:
            to.be(f"what kind of {head}", name)
        _kept(noun, "have", to)
        if clause.aux == "is" and "'s" not in noun:
            to.said("What kind of pet do I have?", "what kind of pet I have")
    elif rest.lower() in _LOST and not is_person(noun):
        to.said(f"What happened to {to.subject}?", f"what happened to {to.subject}")
        if rest.lower() not in _HERE:
            to.be("where", to.subject, plural=clause.aux in {"are", "were"})
    elif (kind_of(rest) == "car" and head in _VEHICLES or head in _VEHICLES and article) and not _shouted(
        rest
    ):
        _kept(noun, "have", to)
        if head in {"car", "van"}:
            _kept(noun, "drive", to)
        to.be("what make", to.subject)
        to.be("what", to.subject)
    elif re.match(_AMOUNT, rest) and head in _MONEY:
        to.be("what", to.subject)
        to.be("how much", to.subject)
        if noun in {"salary", "wage", "pay", "income"}:
            to.said("How much do I earn?", "how much I earn")
    elif _MEASURE.match(rest):
        to.be("how big", to.subject)
        to.be("what size", to.subject)
    elif _AGED.match(rest) and not ages(to.subject, rest):
        to.be("what", to.subject, plural=clause.aux in {"are", "were"})
    elif _AGED.match(rest):
        several = clause.aux in {"are", "were"}
        to.own("how old")
        if several:
            to.be("what", f"the ages of {to.subject}", plural=True)
        else:
            to.own("what age")
            to.be("what", f"{to.whose} age")
    elif _thing(head, rest) and not _somebody(to.subject.split()):
        to.be("what", to.subject, plural=clause.aux in {"are", "were"})
        measured = _MEASURED.fullmatch(to.subject)
        if measured and clause.aux == "is":
            to.be(f"what {measured['measure']}", f"my {measured['thing']}")
        if article:
            _kept(noun, "have", to)


def _somebody(words: list[str]) -> bool:
    """Whether a subject is a person, by role and name ("my sister Imke", not "my student loan")."""
    following = [*words[1:], "A"]
    return any(w in KIN and after[:1].isupper() for w, after in zip(words, following, strict=True))


def _thing(head: str, rest: str) -> bool:
    """Whether "what is" fits both sides: no trade and no animal, a value with a shape of its own."""
    shaped = re.match(r"(?:an? |[A-Z£$€]|[+-]?\d)", rest) and not _shouted(rest)
    measured = re.search(r"^\d.* (?:minutes?|hours?|km|miles)$|^an? size ", rest)
    told = measured or is_nationality(rest) or profession(rest)
    return bool(shaped) and not told and kind_of(head) != "pet"


def _shouted(rest: str) -> bool:
    """Whether a capital is only the loudness of a plain word ("GONE")."""
    word = rest.split()[0].strip(",")
    low = word.lower()
    return word.isupper() and len(word) > 1 and (low in _LOST | COLOURS or bool(kinds(low)))


def _kept(noun: str, verb: str, to: Asking) -> None:
    """ "What car do I drive?" of "my car", "my car Greta"; nothing of what belongs to another."""
    *words, last = noun.split()
    if words and words[-1] in THINGS and last[0].isupper():
        noun = " ".join(words)
    if "'s" not in noun and len(noun.split()) <= 3 and to.clause.aux not in {"are", "were"}:
        to.said(f"What {noun} do I {verb}?", f"what {noun} I {verb}")
        to.said(f"What kind of {noun} do I have?", f"what kind of {noun} I have")


def _position(role: re.Match[str], to: Asking) -> None:
    team = role["team"]
    sport = role["what"].strip().split(" ")[-1]
    to.said(
        f"What {_was(to)} {to.whose} position in {team}?", f"what {to.whose} position in {team} {_was(to)}"
    )
    to.said(f"What {_was(to)} {to.whose} role in {team}?", f"what {to.whose} role in {team} {_was(to)}")
    played = bool(re.search(r"\b(?:team|side|squad)$", team))
    if re.search(r"\b(?:band|orchestra|ensemble|quartet|crew)$", team):
        to.verb("what", "do", f"in {team}")
    else:
        to.verb("what position", "play" if played else "have", f"in {team}")
    if played and sport and sport.islower() and (kind_of(sport) or "gerund" in kinds(sport)):
        to.said(
            f"What {_was(to)} {to.whose} position in {sport}?",
            f"what {to.whose} position in {sport} {_was(to)}",
        )


def _was(to: Asking) -> str:
    return "was" if to.tense == "past" else "is"
