"""Questions about for whom, with whom and from whom something is done, and about groups one belongs to."""

from __future__ import annotations

import re

from data.grammar import is_person
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object
from data.grammar_natural_names import PROPER
from data.lexicon_verbs import kinds
from data.synonyms import MAKES, kind_of

GROUPS = frozenset(
    "ward hospital charity school church club team company shelter homeless neighbours neighbors friends "
    "children kids family families people students orphans customers clients soldiers animals council "
    "community hospice elderly poor babies lifeboats refugees library museum party scouts guides magazine "
    "newspaper neighbour theatre orchestra choir society trust foundation".split()
)
_WITH = re.compile(r"^(?P<what>.*?)\s?\bwith (?P<whom>[^,]+)$")
_FROM = re.compile(r"^(?P<what>(?:an? |the |my |some )?[\w' -]+?) from (?P<whom>[^,]+)$")
_FOR = re.compile(r"^for (?P<whom>(?:the |my |our |an? |some |other )?[A-Za-z][\w' -]*)$")
_TITLED = re.compile(r"(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z]\S+(?: [A-Z]\S+)*")
# A capital behind "with" is a tool or a toy here, not somebody.
_WITH_TOOLS = frozenset(
    "play build cook write work code shoot record paint eat draw wash clean pay print".split()
)
_GIVEN = frozenset("rent buy inherit get borrow lease order receive learn adopt".split())
_GROUP = re.compile(
    r"^(?P<prep>in|to|of) (?P<which>an?|the|my|our) (?P<kind>(?:[\w'-]+ ){0,3}?)"
    r"(?P<noun>club|choir|band|orchestra|society|team|league|union|gang|group|quartet|troupe|association)$"
)
_MEMBER = re.compile(r"^(?:an? )?(?:member|part) (?=of )")
_UNTOLD_OF = frozenset("have look wait live work stay pay be go".split())


def in_company(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about the people and groups in a clause."""
    verb = clause.base or clause.verb
    doing = clause.copula and "gerund" in kinds(rest.split()[0])
    base = kinds(rest.split()[0]).get("gerund", "") if doing else verb
    _for_whom(base, rest, to)
    _with_whom(base, rest, to)
    _from_whom(base, rest, to)
    _of_a_group(clause, rest, to)


def _for_whom(base: str, rest: str, to: Asking) -> None:
    found = _FOR.match(rest)
    if not found or base in _UNTOLD_OF:
        return
    whom = found["whom"]
    team = base == "play" and PROPER.fullmatch(whom)
    if team or is_person(whom) or whom.split()[-1].lower() in GROUPS:
        to.own("who", "for")
        to.own("what" if not team else "which team", "for")


def _with_whom(base: str, rest: str, to: Asking) -> None:
    found = _WITH.match(rest)
    if not found or base in {"have", "agree", "deal", "struggle"} or kind_of(found["whom"]) in MAKES:
        return
    whom, what = found["whom"], found["what"]
    named = re.fullmatch(r"[A-Z][a-zà-ÿ'-]+", whom) and base not in _WITH_TOOLS
    if not (named or is_person(whom) and re.match(r"(?:my|our|the) ", whom)):
        return
    to.own("who", f"{what} with".strip())
    if base == "bank":
        to.own("which bank", "with")
        to.verb("which bank", "use")
        to.be("what", f"{to.whose} bank")
    elif what and base == "go" and "gerund" in kinds(what):
        to.verb("who", kinds(what)["gerund"], "with")
    if base not in {"live", "bank", "be", "stay"} and not to.clause.aux and base:
        to.verb("what", "do", f"with {whom}")


def _from_whom(base: str, rest: str, to: Asking) -> None:
    found = _FROM.match(rest)
    if not found or base not in _GIVEN or not names_an_object(found["what"]):
        return
    whom = found["whom"]
    if is_person(whom) or _TITLED.fullmatch(whom) or base == "rent" and PROPER.fullmatch(whom):
        to.own("what")
        to.own("who", f"{found['what']} from")
        if base == "rent":
            to.own("who", "from")
        else:
            to.own("what", f"from {whom}")


def _of_a_group(clause: Clause, rest: str, to: Asking) -> None:
    member = _MEMBER.sub("", rest)
    found = _GROUP.match(member)
    if not found or not (clause.copula or clause.base in {"belong", "sing", "play", "row", "dance"}):
        return
    noun = found["noun"]
    told = found["kind"].strip() or found["which"] in {"my", "our"}
    if not told:
        return
    if clause.base == "belong" or not clause.copula:
        to.own(f"what {noun}", found["prep"])
        to.own(f"which {noun}", found["prep"])
    to.be(f"what {noun}", to.subject, "in", plural=clause.aux in {"are", "were"})
    to.be(f"which {noun}", to.subject, "in", plural=clause.aux in {"are", "were"})
    if found["kind"].strip() and found["kind"].islower():
        to.be(f"what kind of {noun}", to.subject, "in", plural=clause.aux in {"are", "were"})
