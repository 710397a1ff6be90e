"""Questions about belongings: who makes one, what is on it, which tool one uses, where it is kept."""

from __future__ import annotations

import re

from data.grammar import is_pet, somebody
from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object
from data.grammar_natural_names import proper
from data.grammar_natural_things import APPLIANCES
from data.lexicon import COLOURS, KIN
from data.lexicon_verbs import kinds
from data.synonyms import is_nationality, kind_of

_MAKE = re.compile(r"^an? (?:old |new |second-hand |used |vintage )?[A-Z][\w&-]*(?: [A-Z0-9][\w&-]*){0,3}$")
_OWNED = re.compile(r"^(?P<whose>my|our|my [a-z' -]+'s?) (?P<thing>(?:[a-z-]+ )?[a-z-]+)$")
_NO_MAKE = frozenset(
    "name surname nickname job hobby team club band school degree subject religion sign star favourite hero "
    "idol language accent character role part song film movie book game show street road town city country "
    "village "
    "sunday monday tuesday wednesday thursday friday saturday breed tree plant rose teacher group".split()
)
_SHOWING = frozenset(
    "tattoo t-shirt tshirt shirt jumper sweater hoodie mug poster painting picture badge necklace tie socks "
    "cup cushion rug print bag logo keyring pendant sticker flag".split()
)
_PICTURE = frozenset(
    "tattoo painting picture poster print photo photograph drawing sketch portrait statue".split()
)
_PICTURED = re.compile(
    rf"^an? (?:[a-z]+ )?(?P<thing>{'|'.join(sorted(_PICTURE))}) of (?P<what>(?:an? |my |the )?[\w' -]+?)"
    r"(?P<where> (?:on|over|above|in) (?:my|the|our) (?:[a-z]+ )*[a-z]+)?$"
)
_ON_IT = re.compile(r"^(?P<what>.+) (?:on|printed on) (?:it|them|the (?:front|back))$")
_UNDER = re.compile(
    r"^(?:kept |hidden |stored |parked )?(?:in|on|under|underneath|behind|inside|above|next to|beside|below|"
    r"near|at) (?:the|my|our|an?) .+$"
)
_KEPT_THINGS = frozenset(
    "key keys passport glasses password passwords charger wallet purse will certificate certificates ladder "
    "toolbox tent suitcase umbrella torch manual licence documents papers phone camera bike bicycle car van "
    "boat helmet drill medicine inhaler".split()
)
_TOOLS = {
    tool: sort
    for sort, tools in (
        ("editor", "emacs vim neovim vscode nano kakoune helix vi"),
        ("operating system", "linux windows macos debian ubuntu fedora freebsd nixos openbsd android ios"),
        ("browser", "firefox chrome safari brave vivaldi librewolf chromium"),
        ("shell", "bash zsh"),
        ("search engine", "duckduckgo kagi ecosia google bing"),
        ("password manager", "keepass keepassxc bitwarden"),
        ("messenger", "whatsapp signal telegram threema"),
    )
    for tool in tools.split()
}
_RUNS = frozenset("laptop computer server pc desktop machine phone tablet".split())
_SUBSCRIPTION = re.compile(
    r"^an? (?:[a-z]+ )?(?P<what>subscription|membership|season ticket) (?P<prep>to|at|for) (?P<of>.+)$"
)
_FOR_ACTS = frozenset("read write draw record paint film sew cook type code game".split())
_DEVICE = re.compile(
    r"^(?:[a-z ]+ )?on (?:my|an?|the) (?:[\w-]+ )?(?:kindle|kobo|e-reader|ipad|tablet|phone|laptop|computer|"
    r"typewriter|desktop|wok|stove|machine)$",
    re.IGNORECASE,
)
_TAKEN_UP = re.compile(r"^an? (?:[a-z-]+ ){1,2}(?P<noun>[a-z-]+)$")
_USING = {"use": ("use",), "wear": ("wear",), "ride": ("ride",), "hold": ("have", "hold")}
_NO_KIND = frozenset("lot bit few couple little good new old big small great nice long different".split())


def owned(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about what somebody owns and uses."""
    if clause.copula:
        _made(clause, to)
        _shown_by(clause, to)
        _kept(clause, to)
        return
    if clause.aux:
        return
    pictured = _PICTURED.match(clause.rest) if clause.base == "have" else None
    if pictured:
        _pictured(pictured, to)
    head = to.subject.split()[-1].lower()
    on_it = _ON_IT.match(clause.rest) if clause.base == "have" else None
    if on_it and head in _SHOWING:
        to.said(f"What is on {to.subject}?", f"what is on {to.subject}")
        to.verb("what", "have", "on it" if not head.endswith("s") else "on them")
    branded = re.match(r"^an? (?:[a-z]+ )?[A-Z][\w&-]* (?P<thing>[a-z-]+)$", rest)
    if branded and clause.base in {"have", "own"} and branded["thing"] in APPLIANCES:
        to.own(f"what {branded['thing']}")
        to.be("what make", f"{to.whose} {branded['thing']}")
        to.be("what brand", f"{to.whose} {branded['thing']}")
    _tools(clause, rest, to)
    _subscribed(clause, to)


def _made(clause: Clause, to: Asking) -> None:
    """ "What make is my heat pump?" of what is told to be a make."""
    if to.subject == "my bank" and clause.aux == "is" and proper(clause.rest):
        to.said("Which bank do I use?", "which bank I use")
        to.said("Which bank am I with?", "which bank I am with")
    found = _OWNED.match(to.subject)
    if not found or clause.aux != "is" or not _MAKE.match(clause.rest):
        return
    thing, head = found["thing"], found["thing"].split()[-1]
    words = clause.rest.split()
    if (
        somebody(clause.subject)
        or is_pet(head)
        or head in _NO_MAKE | KIN
        or kind_of(head) == "pet"
        or words[1].isupper()
        and (words[1].lower() in COLOURS or kinds(words[1].lower()))
        or any(is_nationality(w) for w in words)
    ):
        return
    to.be("what make", to.subject)
    to.be("what brand", to.subject)
    whose = found["whose"]
    if whose in {"my", "our"}:
        to.said(f"Which {thing} do I have?", f"which {thing} I have")
    else:
        owner = re.sub(r"'s?$", "", whose)
        does, has = ("do", "have") if whose.endswith("s'") else ("does", "has")
        to.said(f"What {thing} {does} {owner} have?", f"what {thing} {owner} {has}")
        to.said(f"What kind of {thing} {does} {owner} have?", f"what kind of {thing} {owner} {has}")


def _shown_by(clause: Clause, to: Asking) -> None:
    found = _OWNED.match(to.subject)
    head = to.subject.split()[-1].lower()
    if not found or clause.aux != "is" or head not in _PICTURE:
        return
    if re.match(r"(?:of )?(?:an?|my|the) ", clause.rest):
        to.be("what", to.subject, "of")
        to.verb("what", "show")


def _pictured(found: re.Match[str], to: Asking) -> None:
    thing, what, where = found["thing"], found["what"], (found["where"] or "").strip()
    own = f"{to.whose} {thing}"
    to.verb("what", "have", f"a {thing} of")
    to.be("what", own, "of")
    if thing == "tattoo":
        to.verb("what tattoo", "have")
        to.verb("what kind of tattoo", "have")
    if where and not what.startswith("my "):
        to.be("where", own)
        to.verb("where", "have", f"a {thing}")


def _kept(clause: Clause, to: Asking) -> None:
    """Where a thing is that one puts somewhere."""
    head = to.subject.split()[-1].lower()
    if not clause.subject.startswith(("My ", "Our ", "The ")) or head not in _KEPT_THINGS:
        return
    if _UNDER.match(clause.rest) and "gerund" not in kinds(clause.rest.split()[0]):
        several = clause.aux in {"are", "were"}
        to.be("where", to.subject, plural=several)
        if to.tense != "past" and to.subject.startswith("my ") and "'s " not in to.subject:
            to.said(f"Where do I keep {to.subject}?", f"where I keep {to.subject}")


def _tools(clause: Clause, rest: str, to: Asking) -> None:
    """Which editor, browser or inhaler somebody uses, what a machine runs, what one reads on."""
    base, head = clause.base, to.subject.split()[-1].lower()
    sort = _TOOLS.get(rest.split(" ")[-1].lower(), "") if len(rest.split()) <= 2 else ""
    if sort and (base == "use" or base == "run" and head in _RUNS):
        to.own(f"what {sort}")
        to.own(f"which {sort}")
    kind = _TAKEN_UP.match(rest)
    named_by_doing = len(rest.split()) > 2 and "gerund" in kinds(rest.split()[-2])
    if (
        kind
        and base in _USING
        and not named_by_doing
        and kind["noun"] not in KIN | COLOURS
        and not set(rest.split()) & _NO_KIND
    ):
        for verb in _USING[base]:
            to.verb(f"what {kind['noun']}", verb)
            to.verb(f"which {kind['noun']}", verb)
    licensed = re.match(r"^an? (?:[\w-]+ ){1,2}(?P<noun>licence|license|permit|passport|visa)$", rest)
    if licensed and base in {"have", "hold"}:
        for verb in ("have", "hold"):
            to.verb(f"which {licensed['noun']}", verb)
            to.verb(f"what {licensed['noun']}", verb)
    if base in _FOR_ACTS and _DEVICE.match(rest):
        to.verb("what", "use", f"to {base}")


def _subscribed(clause: Clause, to: Asking) -> None:
    taken = re.match(
        r"^an? (?:[a-z]+ )?(?P<what>subscription|membership|season ticket) (?P<prep>to|at|for) (?P<of>.+)$",
        clause.rest,
    )
    if taken and clause.base in {"have", "hold"} and names_an_object(taken["of"]):
        to.verb("what", "have", f"a {taken['what']} {taken['prep']}")
        if taken["what"] == "subscription":
            to.verb("what", "subscribe", "to")
            to.verb("what subscription", "have")
