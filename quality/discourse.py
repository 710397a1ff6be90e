"""Who and what "she", "it", "there" and bare names mean while a conversation is read.

Keeps the people, animals and things a person has introduced, by name and by role, and gives clauses
without a full subject one. Knows nothing of memories or filters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar_professions import profession
from data.lexicon import ADVERBS, AUXILIARIES, KIN, PERSON_HE, PERSON_SHE, PETS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from data.records import Memory
from data.synonyms import MAKES, kind_of
from quality.found import Found
from quality.names import CAP, NAME, is_name
from quality.predicates import (
    ABLE,
    ADJECTIVE,
    BODY,
    HOUSEHOLD,
    OWN_PAST,
    STEADY,
    TRACKED,
    being,
    is_predicate,
)
from quality.telegraphic import OWNED, answered_subject, owned_subject

_NAMES = re.compile(rf"(?<![\w']){NAME}")
_MINE = re.compile(
    r"\b(?:[Mm]y|[Oo]ur|(?:have|got|adopted|bought|rescued) an?) "
    r"(?=((?:[a-z][\w-]* ){0,2})([a-z][\w-]*)(?: ([A-Z][\w-]+))?)"
)
_DENIED = re.compile(
    r"\b(?:don'?t|do not|didn'?t|did not|doesn'?t|does not|never|haven'?t|have not|not|without) "
    r"(?:\w+ )?$",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"^(?:my |the )?(?P<who>[a-z-]+) (?:says|said|thinks|thought|reckons|claims|swears|told me) ",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"^(she's|shes|he's|hes|it's|its|they're|theyre|she|he|it|they)(?![\w'])\s*(.*)$", re.IGNORECASE
)
_EVENT = re.compile(
    r"\b(my|our|her|his|the|[A-Z][\w-]+'s) ((?:[a-z]+ )?(?:birthday|anniversary|wedding|exam|interview|"
    r"appointment|"
    r"conference|deadline|race|operation|surgery|flight|graduation|party|concert))\b"
)
_BARE_KIN = re.compile(
    r"(?<!my )(?<!our )(?<!your )(?<!the )(?<!a )(?<!her )(?<!his )\b(mum|mom|dad|grandma|grandpa|"
    r"granny|gran|oma|opa)\b(?!'s)",
    re.IGNORECASE,
)


_MAKE_FIRST = re.compile(rf"{CAP}(?: (?:{CAP}|\d+))*(?=,|$)")
_OF_MINE = frozenset({"my", "our", "a", "an"})
_CLOSEST = frozenset(
    "mum mom dad mother father sister brother wife husband daughter son grandma grandpa granny gran nan oma "
    "opa".split()
)
_LOOSE = frozenset({"kid", "baby", "guest", "ex", "partner", "twin", "crush"})
_OF = frozenset({"in", "of", "from", "at"})
_TITLED = re.compile(r"(?:mr|mrs|ms|miss|dr)\.? [A-Z][\w'-]+ [a-z]+s .*\b(?:my|our|us)\b", re.IGNORECASE)
_PERSON_LABEL = re.compile(
    r"(?:single|retired|divorced|widowed|married|deaf|sober|vegan) ([a-z]+)\b", re.IGNORECASE
)
_LATELY = frozenset({"finally", "recently"})
_AT_A_TIME = re.compile(r"\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|tmrw", re.IGNORECASE)


class Discourse:
    """The things talked about so far in one conversation."""

    def __init__(self, known: Sequence[Memory] = ()) -> None:
        self.she = self.he = self.it = self.they = self.place = self.topic = ""
        self.current = self.event = self.got = ""
        self.said: list[str] = []
        self.slots: dict[str, str] = {}
        self.people = self.personal = self.answering = self.playing = self.fiction = False
        self.named: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        for memory in known:
            if memory.relation == "name" and memory.subject.startswith("my "):
                self._name(memory.subject, memory.value, memory.slot)
            elif re.fullmatch(r"[A-Z][\w'-]+", memory.subject) and memory.subject != "I":
                self.named.setdefault(memory.subject.lower(), memory.subject)

    def _name(self, subject: str, name: str, slot: str) -> None:
        self.slots[name.lower()] = slot
        phrase = f"{subject} {name}"
        self.named[name.lower()] = phrase
        self.named.setdefault(name.lower().split()[-1], phrase)
        self.roles[subject.removeprefix("my ")] = phrase

    def introduce(self, found: Sequence[Found]) -> None:
        """Take in names told in a clause."""
        for fact in found:
            if fact.relation == "name" and fact.subject.startswith("my "):
                self._name(fact.subject, fact.value, fact.slot)
                self._point(fact.subject.split()[-1], f"{fact.subject} {fact.value}")
            elif fact.relation == "is" and kind_of(fact.value.split(",")[0]) in MAKES:
                self.got = kind_of(fact.value.split(",")[0])
            elif fact.relation == "offer":
                self.topic = self.it = "my new job"

    def see(self, text: str) -> None:
        """Take in who and what a stretch of text mentions, in order, so that the last one wins."""
        for match in _BARE_KIN.finditer(text):
            noun = match[1].lower()
            self._point(noun, self.roles.get(noun, f"my {noun}"))
        speaker = _SPEAKS.match(text)
        if speaker and speaker["who"].lower() in KIN:
            noun = speaker["who"].lower()
            self._point(noun, self.roles.get(noun, f"my {noun}"))
        for match in _MINE.finditer(text):
            if match[0].lower() not in {"my ", "our "} and _DENIED.search(text[: match.start()]):
                continue
            words = (match[1] + match[2]).lower().split()
            for i, noun in enumerate(words):
                if noun in KIN | PETS | THINGS:
                    role = " ".join(w for w in words[: i + 1] if w not in {"own", "new", "dear"})
                    self._point(
                        noun,
                        self.roles.get(
                            role,
                            f"my {role}"
                            + (
                                f" {match[3]}"
                                if match[3] and i == len(words) - 1 and is_name(match[3])
                                else ""
                            ),
                        ),
                    )
                    break
            else:
                noun = words[-1] if words else ""
                tracked = next((w for w in words if w in TRACKED), "")
                if tracked:
                    self.it = self.topic = "my " + " ".join(words[: words.index(tracked) + 1])
                elif noun.endswith("s") and not noun.endswith("ss"):
                    self.they = "my " + " ".join(words)
        for match in re.finditer(r"[\w'-]+", text):
            phrase = self.named.get(match[0].lower().removesuffix("'s"))
            if phrase:
                self._point(_role_head(phrase), phrase)
        make = _MAKE_FIRST.match(text)
        kind = kind_of(make[0]) if make else ""
        if kind in MAKES:
            self.it = f"my {kind}" if self.got == kind else ""
        event = _EVENT.search(text)
        if event:
            self.event = self._owned(event[1], event[2].lower())
            self.it = self.event or self.it
        place = re.search(r"\b(?:in|at|to|from) ((?:the )?[A-Z][\w'-]+(?: [A-Z][\w'-]+)*)", text)
        if place:
            self.place = place[1]
        counted = re.search(
            r"\b(?:i|we)(?:'ve| have)? (?:have|got|keep|own|run) (?:\w+ )?((?:two|three|four|five|six|"
            r"\d+) [a-z]+s)\b",
            text,
            re.IGNORECASE,
        )
        if counted:
            self.they = "my " + counted[1].split()[-1]

    def _owned(self, owner: str, noun: str) -> str:
        """An event with its owner named ("her birthday" -> "my daughter Wrenna's birthday")."""
        low = owner.lower()
        who = {"her": self.she, "his": self.he}.get(low, "")
        who = who or self.named.get(low.removesuffix("'s"), "")
        if who:
            return f"{who}'s {noun}"
        return "" if low in {"her", "his"} or low.endswith("'s") else f"my {noun}"

    def strangers(self, text: str) -> None:
        """Let a bare name be what "she" or "he" means when nobody closer is there."""
        for match in _NAMES.finditer(text):
            name = match[0].removesuffix("'s")
            before = text[: match.start()].rstrip().split()
            if (
                is_name(name)
                and name.lower() not in self.named
                and not (
                    before
                    and before[-1].lower() in {"in", "at", "from", "to", "the", "on", "near", "a", "called"}
                )
            ):
                if match.start() == 0 and (kinds(name) or name.endswith(("ing", "ly", "ed"))):
                    continue
                if kind_of(name) in MAKES and not _OF_MINE.isdisjoint(before[-2:]):
                    continue
                self.she = self.he = name[:1].upper() + name[1:]

    def person(self, clause: str) -> bool:
        """Whether a clause starts with a name nobody introduced, in a turn that speaks of "him" or "her"."""
        match = re.match(rf"^{NAME}(?= [a-z])", clause)
        if not (
            self.people and self.personal and match and is_name(match[0]) and not kinds(match[0].split()[0])
        ):
            return False
        following = clause[match.end() :].split()[0].lower()
        if not {"third", "past"} & kinds(following).keys() and following not in AUXILIARIES | ADVERBS:
            return False
        self.she = self.he = match[0]
        return True

    def _point(self, noun: str, phrase: str) -> None:
        if noun in PERSON_SHE:
            self.she = phrase
        elif noun in PERSON_HE:
            self.he = phrase
        elif noun in KIN:
            self.she = self.he = phrase
        elif noun in PETS:
            self.she = self.he = self.it = phrase
        else:
            self.it = phrase
        self.topic = phrase

    def meant(self, pronoun: str) -> str:
        """Whom a pronoun of the assistant's question means, as the person would say it; empty when "
        "unknown."""
        last = {"s": self.she, "h": self.she or self.he, "i": self.it, "t": self.they or self.she}
        return self.he or self.she if pronoun in {"he", "him", "his"} else last[pronoun[0]]

    def complete(self, clause: str) -> str:
        """The clause with a full subject, pronouns replaced; empty when none can be found."""
        words = clause.split()
        if not words:
            return ""
        low = words[0].lower().strip(",")
        if low in {
            "i",
            "i'm",
            "im",
            "i've",
            "ive",
            "my",
            "we",
            "we're",
            "weve",
            "we've",
            "our",
            "i'll",
            "i'd",
        }:
            return self._expand_role(clause)
        family = self._family(clause, words, low)
        if family:
            return family
        if _TITLED.match(clause):
            return clause
        pronoun = _PRONOUN.match(clause)
        if pronoun:
            return self._pronoun(pronoun[1].lower(), pronoun[2])
        named = self._named_subject(words)
        if named:
            return named
        if re.search(
            r" (?:is|are|was|were|have been|has been) (?:not |still |now |also )?(?:one of )?(?:my|"
            r"our|a favou?rite|very important to me)\b|\bof (?:mine|my)\b| (?:to|for|with|makes?|made|"
            r"gives?|gave|scares?|helps?|relaxes|annoys?|bothers?|inspires?|taught) me\b",
            clause,
            re.IGNORECASE,
        ):
            return clause
        if low in {"the", "this", "that"} and len(words) > 2:
            return self._definite(clause, words)
        owned = owned_subject(words) if self.personal else ""
        owned = owned or (answered_subject(words) if self.answering and low not in self.named else "")
        return self._expand_role(owned) if owned else self._bare(clause, words, low)

    def _family(self, clause: str, words: list[str], low: str) -> str:
        """A clause about "dad", "the wife" or "flatmate's" people with its "my"; empty for any other."""
        role = low.removesuffix("'s")
        close = role in PERSON_SHE | PERSON_HE
        if len(words) < 2 or not (role in KIN or low == "the"):
            return ""
        if low in _CLOSEST:
            return self._expand_role("my " + clause[:1].lower() + clause[1:])
        if low != role and (close or len(words) > 2 and role not in _LOOSE) and is_predicate(words[1:]):
            return self._expand_role(f"my {role} {being(words[1])} {' '.join(words[1:])}")
        if low != role and close and len(words) > 3:
            return "my " + clause[:1].lower() + clause[1:]
        verb = words[1].lower() in AUXILIARIES or {"third", "past"} & kinds(words[1]).keys()
        if low == role and len(words) > 2 and role not in _LOOSE and verb:
            return self._expand_role("my " + clause[:1].lower() + clause[1:])
        follows = words[2].lower() if len(words) > 3 else ""
        if low == role and words[1][:1].isupper() and is_name(words[1]):
            does = follows in AUXILIARIES or {"third", "past"} & kinds(follows).keys()
            return f"my {low} {' '.join(words[1:])}" if does else ""
        head = words[1].lower().removesuffix("'s")
        if low == "the" and follows in AUXILIARIES | {"comes", "came"} and profession(f"a {head}"):
            return f"my {head} {' '.join(words[2:])}" if _AT_A_TIME.search(clause) else ""
        if low == "the" and len(words) > 2 and head in HOUSEHOLD and words[2].lower() not in _OF:
            be = f"{being(words[2])} " if words[1].endswith("'s") else ""
            return self._expand_role(f"my {head} {be}{' '.join(words[2:])}")
        return ""

    def _expand_role(self, clause: str) -> str:
        """ "my brother lives" -> "my brother Jasko lives" once the name is known."""
        match = re.match(r"^(?:my|our) ((?:[\w-]+ ){0,2}?[\w-]+) (?=([\w']+))", clause, re.IGNORECASE)
        if (
            match
            and match[1].lower() in self.roles
            and (
                match[2].lower() in AUXILIARIES
                or match[2].lower() in ADVERBS
                or "third" in kinds(match[2])
                or "past" in kinds(match[2])
            )
            and match[2].lower() != "called"
        ):
            return self.roles[match[1].lower()] + clause[match.end() - 1 :]
        return clause

    def _pronoun(self, head: str, rest: str) -> str:
        entity = {"s": self.she, "h": self.he, "i": self.it, "t": self.they}[head[0]]
        kin = re.match(r"(?:my|our) (?:[a-z]+ )?([a-z-]+)$", rest.strip(" ,"), re.IGNORECASE)
        if not entity or not rest.strip(" ,") or head[0] == "i" and kin and kin[1].lower() in KIN:
            return ""
        verb = {
            "its": " is",
            "it's": " is",
            "she's": " is",
            "shes": " is",
            "he's": " is",
            "hes": " is",
            "they're": " are",
            "theyre": " are",
        }.get(head, "")
        first = rest.split()[0].lower()
        if verb == " is" and first in {"been", "got", "had", "become"}:
            verb = " has"
        return f"{entity}{verb} {rest}"

    def _named_subject(self, words: list[str]) -> str:
        for size in (3, 2, 1):
            phrase = self.named.get(" ".join(words[:size]).lower().strip(","))
            if phrase and len(words) > size:
                return phrase + " " + " ".join(words[size:])
        head = words[0].lower()
        if head.endswith(("'s", "s'")) and head[:-2] in self.named and len(words) > 1:
            follow = words[1].lower()
            if follow in OWNED and len(words) > 3 and words[2].lower() in AUXILIARIES:
                return f"{self.named[head[:-2]]}'s {' '.join(words[1:])}"
            if (
                (follow in STOPWORDS and follow not in AUXILIARIES)
                or "gerund" in kinds(follow)
                or follow in {"called", "allergic", "not"}
            ):
                return self.named[head[:-2]] + " is " + " ".join(words[1:])
        return ""

    def _definite(self, clause: str, words: list[str]) -> str:
        for size in (3, 2, 1):
            role = " ".join(words[1 : 1 + size]).lower().removesuffix("'s").removesuffix("s")
            plain = " ".join(words[1 : 1 + size]).lower()
            for key in (plain, role):
                if key in self.roles:
                    rest = " ".join(words[1 + size :])
                    return f"{self.roles[key]}{' is' if plain.endswith(chr(39) + 's') else ''} {rest}"
        return ""

    def _bare(self, clause: str, words: list[str], low: str) -> str:
        other = self.current if self.current not in {"I", "We"} else ""
        who, am, was, have = (other, "is", "was", "has") if other else ("I", "am", "was", "have")
        if ADJECTIVE.match(clause):
            clause = low + re.sub(r" here(?=,|$)", "", clause)[len(low) :]
            kind = _PERSON_LABEL.match(clause)
            if kind and (kind[1] in KIN or profession(f"a {kind[1]}")):
                return f"{who} {am} a {clause}"
            return f"{who} {was if low in {'born', 'raised', 'trained'} else am} {clause}"
        if low in _LATELY and len(words) > 2 and words[1].lower() in OWN_PAST - {"had"}:
            return f"{who} {low} {clause.split(' ', 1)[1]}"
        first = kinds(low)
        following = words[1].lower() if len(words) > 1 else ""
        if low in {"left", "right"} and following in BODY:
            return f"my {clause}"
        if low == "took" and (following[:1].isdigit() or following in {"me", "us", "ages", "forever"}):
            return ""
        if low in OWN_PAST and len(words) > 1 and words[1].lower() not in {"up", "better", "enough", "out"}:
            return f"{who} {clause}"
        if low == "been" and len(words) > 2 and ("gerund" in kinds(words[1]) or words[1] in {"on", "off"}):
            return f"{who} {have} {clause}"
        ordered = low in {"don't", "dont", "never"} and words[1:2] and words[1].lower() not in ABLE | STEADY
        if (
            low in {"have", "haven't", "don't", "dont", "can't", "cant", "never"}
            and not ordered
            and (len(words) > 2 or words[-1] in ABLE)
        ):
            return f"I {low}{clause[len(low) :]}"
        if (
            "third" in first
            and "base" not in first
            and low
            not in {
                "smells",
                "tastes",
                "looks",
                "sounds",
                "feels",
                "works",
                "seems",
                "means",
                "makes",
                "turns",
                "explains",
                "says",
                "depends",
                "helps",
                "costs",
                "hurts",
                "happens",
                "sucks",
            }
            and (other or self.topic)
            and len(words) > 1
            and low not in {"does", "is", "was"}
        ):
            return f"{other or self.topic} {clause}"
        predicated = any(
            w.lower() in AUXILIARIES or w.endswith("s") and after in {"me", "us"}
            for w, after in zip(words[1:7], [*words[2:8], ""], strict=False)
        )
        if "gerund" in first and len(words) > 1 and not predicated:
            return f"{who} {am} {low} {' '.join(words[1:])}"
        return ""


def _role_head(phrase: str) -> str:
    """The role noun inside "my older brother Jasko"."""
    if " " not in phrase:
        return "friend"
    for word in phrase.split()[1:]:
        if word in KIN | PETS | THINGS:
            return word
    return phrase.split()[-1]
