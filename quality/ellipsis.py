"""What an answer leaves out: its subject, its verb, or the thing "it" and "one" stand for, taken from the question.

"Where do you train?" - "run by the canal" says "I run by the canal". Only the frame comes from the assistant's
question; every word that tells something is the person's own.
"""

from __future__ import annotations

import re

from data.grammar_clauses import parse
from data.lexicon import ADVERBS, AUXILIARIES, DETERMINERS, KIN, PETS, PREPOSITIONS, STOPWORDS, THINGS
from data.lexicon_verbs import FORMS, kinds, past
from quality.discourse import Discourse
from quality.found import Found, Kind

_YOUR = re.compile(
    r"\b(?:your|the) (?P<noun>(?:[a-z-]+ ){0,2}?[a-z-]+)(?='s\b|,|\?|$| (?:is|are|was|were|do|does|did|has|have|"
    r"can|will|like|work|live|study|play|go|start|for|in|at|on|from|[a-z]+ing)\b)"
)
_MY = re.compile(r"\b(?:my|our) (?P<noun>(?:[a-z-]+ ){0,2}?[a-z-]+)(?=[,.;!?]|$|'s\b| (?!and )[a-z]+)", re.IGNORECASE)
_YES = re.compile(r"^(?:yes|yep|yup|yeah|ya|yah|aye|sure|indeed|correct|right|unfortunately yes|sadly yes)\b", re.I)
_NO = re.compile(r"^(?:no|nope|nah|not|never|neither|none)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:yes|yep|yup|yeah|ya|aye|no|nope|nah|well|oh|um|uh|er|hm+|sure|ok|okay|so|just|mostly|usually|"
    r"unfortunately|sadly|actually|lol|haha|right|mainly)\b[\s,.!:-]*)+",
    re.IGNORECASE,
)
_HABITS = frozenset(
    "work live cycle run swim train teach study walk commute bake cook sew knit volunteer rent share ride paint "
    "climb row freelance babysit care clean weld farm garden sing dance play drive speak own drink eat smoke "
    "collect hike sail ski fish coach nurse lodge board translate".split()
)
_ORDERS = frozenset("made let asked called named based related compared given used".split())
_THROUGH = PREPOSITIONS | ADVERBS | DETERMINERS | frozenset("everywhere twice every mostly daily part full my our".split())
_ASKED_YOU = re.compile(
    r"\b(?:do|did|are|were|have|will|can|would|could) you\b|\byou(?:'re|'ve)? \w+|\byours?\b|^(?:why|since when|how long|"
    r"and you|what about you)\b",
    re.IGNORECASE,
)
_SOMEONE = re.compile(r"\b(?:does|did|is|has|was|will|can)(?:n't)? (?P<who>he|she|it|they)\b|\b(?P<s>he|she|it)'s\b", re.I)
_DOING = re.compile(r"\bwhat(?:'s| is| are) \S+(?: \S+)? doing\b|\bhow can i\b|\bwhat should\b|\bshall i\b|\bwould you like\b", re.I)


def topic(discourse: Discourse) -> str:
    """The thing of the person's that was spoken of last, as they would call it; empty when there is none."""
    for said in reversed(discourse.said[-3:]):
        for match in reversed(list(_MY.finditer(said))):
            words = match["noun"].lower().split()
            while words and (words[-1] in FORMS and words[-1] not in THINGS | PETS and len(words) > 1):
                words.pop()
            if words and words[-1] not in STOPWORDS:
                return "my " + " ".join(words)
    return ""


def asked_of(question: str, discourse: Discourse) -> str:
    """Whom a question is about, said by the person; empty when that is open."""
    low = question.lower().strip(" ?")
    if _DOING.search(low):
        return ""
    someone = _SOMEONE.search(low)
    if someone:
        head = (someone["who"] or someone["s"]).lower()
        return discourse.meant(head) or topic(discourse)
    your = _YOUR.search(low)
    if your and your["noun"].split()[-1] in KIN | PETS and re.search(rf"\byour {re.escape(your['noun'])}\b", low):
        role = your["noun"]
        return discourse.roles.get(role, f"my {role}")
    return "I" if _ASKED_YOU.search(low) else ""


def restored(text: str, before: str, discourse: Discourse) -> str:
    """The first sentence of an answer with the subject its verb lacks; empty when it lacks none."""
    questions = re.findall(r"[^.!?\n]*\?", before[-400:])
    if not questions:
        return ""
    first = re.split(r"(?<=[.!?…])\s|\n", text.strip())[0]
    bare = _LEAD.sub("", first).strip(" .!")
    words = bare.split()
    if first.rstrip().endswith("?") or len(words) < 2 or "\x00" in first:
        return ""
    low, following = words[0].lower().strip(",'"), words[1].lower().strip(",")
    who = asked_of(questions[-1], discourse)
    if not who:
        return ""
    forms = kinds(low)
    if low in AUXILIARIES | STOPWORDS | _ORDERS or low.endswith("ing"):
        return ""
    pasts = "past" in forms and "base" not in forms
    if pasts and (following in _THROUGH or words[1][:1].isupper() or words[1][:1].isdigit()):
        return f"{who} {bare}"
    if who in {"I", "We"}:
        return f"I {bare}" if low in _HABITS and following in _THROUGH else ""
    third = "third" in forms and "base" not in forms and following in _THROUGH - {"down", "up", "on"}
    return f"{who} {bare}" if third else ""


_DO_YOU = re.compile(
    r"(?:^|, |\band )(?:so )?do you (?:also |still |usually |already |often |ever )?(?P<verb>[a-z]+)(?P<rest>(?: [a-z'-]+){0,5})$"
)
_HAVE_YOU = re.compile(r"(?:^|, |\band )have you (?:already |ever |just )?(?P<verb>[a-z]+)(?P<rest>(?: [a-z'-]+){0,4})$")
_ARE_YOU = re.compile(r"(?:^|, |\band )are you (?:still |already |currently )?(?P<verb>[a-z]+ing)(?P<rest>(?: [a-z'-]+){0,5})$")
_IS_YOUR = re.compile(r"(?:^|, |\band )is your (?P<noun>[a-z' -]{2,30}?) (?P<rest>(?:an? |in |on |at )?[a-z-]+)$")
_POINTING = re.compile(r"\b(?:it|that|this|them|these|those|one|any|some|there)\b")
_ANY = re.compile(r"^(?:one|any(?:thing|one)?|some(?:thing|one|where)?|an?|any [a-z]+)\b")
_WISHES = frozenset("want need mean think prefer like know remember have mind see say feel wish care agree".split())


def polar(question: str, text: str, value: str, discourse: Discourse) -> list[Found]:
    """What is told by "yes" and more to a question that needs no more than a yes."""
    low = question.lower().replace("’", "'").strip(" ?")
    if _NO.match(text.strip()) or not value or not _YES.match(text.strip()) and not value[:1].isupper():
        return []
    lead = value.split()[0].lower()
    placed = lead in PREPOSITIONS or bool(re.match(r"\d|last|next|every|this|twice|once|since", lead))
    match = _DO_YOU.search(low)
    if match and match["verb"] not in _WISHES and kinds(match["verb"]):
        rest = match["rest"].strip()
        if _ANY.match(rest) or not rest:
            return _told(f"I {match['verb']} {value}.")
        return [] if _POINTING.search(rest) else _told(f"I {match['verb']} {rest}{' ' if placed else ', '}{value}.")
    match = _HAVE_YOU.search(low)
    if match and "participle" in kinds(match["verb"]) | {past(match["verb"]): ""} and placed:
        rest = _POINTING.sub("", match["rest"]).strip()
        return _told(" ".join(f"I have {match['verb']} {rest} {value}.".split()))
    match = _ARE_YOU.search(low)
    if match and not _POINTING.search(match["rest"]) and match["verb"] not in {"looking", "thinking", "asking", "trying"}:
        return _told(f"I am {match['verb']}{match['rest']}{' ' if placed else ', '}{value}.")
    match = _IS_YOUR.search(low)
    if match and _YES.match(text.strip()):
        return _told(f"My {match['noun']} is {match['rest']}, {value}.")
    return []


def _told(statement: str) -> list[Found]:
    clause = parse(statement)
    if clause is None or not clause.rest:
        return []
    subject = "I" if clause.subject == "I" else clause.subject[:1].lower() + clause.subject[1:]
    kind: Kind = "fact"
    return [Found(subject, clause.base or clause.verb, clause.rest, statement, kind, "", 0.7)]
