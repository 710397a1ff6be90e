"""Facts told beside the point, inside questions and requests: what one has, is by trade, where one lives.

Each rule reads one sentence for itself, whatever the sentence asks; who is meant comes from the discourse.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.grammar import article
from data.grammar_clauses import capitalise
from data.grammar_questions import profession
from data.lexicon import ADVERBS, COLOURS, KIN, PETS, PREPOSITIONS, STOPWORDS, THINGS
from data.lexicon_verbs import kinds
from quality import clauses as cut
from quality.discourse import Discourse
from quality.found import Found
from quality.names import CAP, NAME, NOT_NAMES, ROLE, is_name, named, role_subject

_PERSON = (
    r"(?:[a-z]{3,}(?:er|or|ist|man|woman|ian|mate|ess|eeper|yer|ee|ie|cist|eon)|chef|nurse|coach|vicar|priest|"
    r"gp|tutor|cook|guard|pilot|judge|(?:line|team|project|store|bank|office) (?:manager|leader|lead)|au pair)"
)
_OF_MINE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) (?P<role>(?:[a-z-]+ )?{_PERSON}),? \(?(?P<name>{NAME})(?=[ ,.;!?)]|$)(?!'s? [a-z])"
)
_YOUNGEST = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|[Tt]he) (?P<role>youngest|eldest|oldest)(?: one)?, (?P<name>{CAP})(?=[,.;!?]|$)"
)
_TAGGED = re.compile(
    rf"\bmine,? \((?P<name>{CAP})(?:, (?P<age>\d{{1,2}}))?(?:, (?P<breed>[a-z][a-z ]{{2,24}}))?\)"
)
_AGED = re.compile(rf"\b(?P<who>(?:(?:[Mm]y|[Oo]ur) {ROLE} )?{CAP}) \((?P<age>\d{{1,2}})\)")
_NAME_IS = re.compile(
    rf"(?:^|[,.] |\band )(?P<name>{CAP}?)(?:'s| is| just turned| turned| turns)(?: only| just| now| already)? "
    r"(?P<age>\d{1,2})(?: years? old)?(?=[,;!?]|\.(?!\d)| and\b| but\b|$)"
)
_AS_A = re.compile(
    r"(?:^|[,.;] |\b(?:so|but|and|work|working|works?) )as (?P<job>an? [a-z][a-z -]{2,30}?)"
    r"(?P<place> (?:in|at|for|on) [\w' ]{2,30}?)?(?=,| i\b| we\b| my\b|$)",
    re.IGNORECASE,
)
_MODEL = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) (?P<thing>(?:(?!(?:god|lord)\b)[a-z]+ )?(?:[A-Z][\w'-]*[A-Za-z]|[A-Z]{{2,}})(?: (?:[A-Z]?[\w-]*\d[\w-]*|[A-Z][\w-]+))*"
    r"(?: [a-z]{3,})?)(?=[ ,.;!?]|$)"
)
_LIKE_MINE = re.compile(
    r"\b(?:an? |this |old )(?P<thing>[\w'-]+(?: [\w'-]+){0,3}?),? (?:(?:of|from|at) [\w ]{1,16} )?(?:like mine|\(mine\))",
)
_HOME = re.compile(
    r"\b(?:(?:back )?here in|(?:[Oo]ur|[Mm]y) (?:little |old |new )?(?:flat|house|home|yard|garden|place|apartment|kitchen|"
    r"balcony|street|allotment|loft|cottage|(?:bed|living )room) in|(?:raining|snowing|pouring|freezing|boiling|"
    r"pissing it down|chucking it down|power's out|power is out|sky's clear|clear skies) (?:here )?(?:in|over)|"
    r"(?:for|of) this swamp in) "
    rf"(?P<place>{CAP}(?: {CAP}){{0,2}})(?=[ ,.;!?]|$)"
)
_MINE_IS = re.compile(
    r"(?:^|[,.;] |\b(?:and|but) )mine(?:'s| is| are|s) (?P<value>(?!(?:not|too|i\b|fine|better|worse|always|just|so|the same|"
    r"broken|dead)\b)(?:[^,;.!?]|\.(?=\d)){2,50})",
    re.IGNORECASE,
)
_NOUN_BEFORE = re.compile(
    r"(?:^|\b(?:what|an?|the|my|for|of|with|which|best|any|your|put on|sourdough) )(?P<noun>(?!(?:what|which|how|is|are|do|does|can|best)\b)(?:[a-z-]+ )?[a-z-]{3,}?)"
    r"(?= (?:\w+ )?(?:repair|worth|live|donate|alone|with|for|is|are|gets?|in|on|that|do|does|sleep)\b|[,?.!]|$)",
)
_DISLIKED = re.compile(
    r"^(?:(?:i'?m |i am )?(?:really )?not (?:a|much of a|a big) fan of (?P<a>[\w' -]{2,30}?)|"
    r"(?:[^,]{2,40}, )?(?P<b>[\w' -]{2,30}?) tastes? (?:of|like) soap|(?:i )?(?:can't|cannot) stand (?P<c>[\w' -]{2,30}?))(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\b(?P<what>book|film|movie|song|band|game|show|series|album|author|podcast)s? (?:like|similar to) (?P<title>[^,.?!]{2,40}), "
    r"(?:that's|thats|it's|its|which is) my (?:all[- ]time |absolute )?favou?rite\b"
)
_NONE = re.compile(r"(?:^|, )[Nn]o (?P<what>kids|pets|children|siblings|car|garden|allergies)(?=,|\.| and|$)")
_WHO = re.compile(
    rf"\b(?P<who>(?:[Mm]y|[Oo]ur) {ROLE}(?: {CAP})?),? who (?P<doing>(?:'s |is |has |was )?[a-z]+[^,.;?!]{{2,60}})(?=[,.;?!]|$)",
)
_AT_WORK = re.compile(
    rf"\b(?P<name>{CAP}) (?:from|in) (?P<dept>accounts|legal|sales|hr|HR|finance|marketing|it|IT|my department|work|the office|derby|choir|yoga)\b"
)
_FAVOURITE_TAG = re.compile(
    r", (?:my )?(?:all[- ]time |absolute )?favou?rite (?P<what>dish|food|meal|drink|film|movie|book|song|band|sport|cake|place|game|colour|color|tea|snack)\b(?! (?:is|of))",
    re.IGNORECASE,
)


def asides(sentence: str, before: Sequence[str], discourse: Discourse) -> list[Found]:
    """Every fact a sentence tells by the way."""
    if cut.is_hypothetical(sentence):
        return []
    return [
        *_people(sentence, discourse),
        *_trade(sentence),
        *_things(sentence, before),
        *_place(sentence),
        *_tastes(sentence),
        *_relative(sentence),
        *_working(sentence),
        *_it(sentence, before),
    ]


def _people(text: str, discourse: Discourse) -> list[Found]:
    found = [
        named(m["role"], m["name"])
        for m in _OF_MINE.finditer(text)
        if is_name(m["name"]) and not set(m["role"].split()) & THINGS
    ]
    found += [
        named(f"{m['role'].lower()} child", m["name"]) for m in _YOUNGEST.finditer(text) if is_name(m["name"])
    ]
    for match in _AGED.finditer(text):
        who = match["who"]
        if is_name(who.split()[-1]):
            found.append(
                aged(who[:1].lower() + who[1:] if who[:3].lower() in {"my ", "our"} else who, match["age"])
            )
    for match in _NAME_IS.finditer(text):
        known = discourse.named.get(match["name"].lower())
        if is_name(match["name"]) and not kinds(match["name"]):
            found.append(aged(known or match["name"], match["age"]))
    return found


def aged(who: str, age: str) -> Found:
    """The fact that someone is of an age."""
    return Found(who, "age", age, f"{capitalise(who)} is {age} years old.", "fact", f"{who.lower()}|age")


def _trade(text: str) -> list[Found]:
    match = _AS_A.search(text)
    if not match or not (
        profession(match["job"]) or re.fullmatch(rf"an? (?:{_PERSON}|[a-z]+ary)", match["job"])
    ):
        return []
    value = match["job"] + (match["place"] or "")
    return [Found("I", "job", value, f"I work as {value}.", "fact", "i|job")]


def _things(text: str, before: Sequence[str]) -> list[Found]:
    found = []
    for match in _MODEL.finditer(text):
        thing = match["thing"]
        words = thing.split()
        head = next(w for w in words if w[:1].isupper())
        if words[-1].islower() and (
            set(kinds(words[-1])) & {"third", "past"} or words[-1] in STOPWORDS | ADVERBS
        ):
            thing, words = " ".join(words[:-1]), words[:-1]
        if words[0].islower() and (
            words[0] in KIN | PETS or words[0] in PREPOSITIONS | COLOURS and len(words) < 2
        ):
            continue
        model = any(any(c.isdigit() for c in w) for w in words[1:])
        if (
            model or words[-1].islower() and len(words) > 1 and words[-1] in THINGS | _GOODS
        ) and head.lower() not in NOT_NAMES:
            found.append(Found("I", "have", thing, f"I have {article(thing)}.", "fact"))
    for match in _LIKE_MINE.finditer(text):
        if match["thing"].split()[-1][:1].isupper() or any(c.isdigit() for c in match["thing"]):
            found.append(Found("I", "have", match["thing"], f"I have {article(match['thing'])}.", "fact"))
    return found + _mine(text, before)


_GOODS = frozenset(
    "chainsaw camera bike jacket boots shoes trainers watch tablet keyboard drill oven kettle tent amp pedal synth console router".split()
)


def _mine(text: str, before: Sequence[str]) -> list[Found]:
    """ "Phone screen repair worth it? Mine's a Fairphone": the noun is in what was said before."""
    match = _MINE_IS.search(text)
    if not match:
        return []
    nouns = [
        m["noun"]
        for one in (*before[-2:], text[: match.start()])
        for m in _NOUN_BEFORE.finditer(one.lower())
        if m["noun"].split()[-1] not in STOPWORDS | ADVERBS
    ]
    if not nouns:
        return []
    noun, value = (
        " ".join(w for w in nouns[-1].split() if w not in STOPWORDS),
        re.split(r" (?:so|because|and|but|which|since) ", match["value"])[0].strip(),
    )
    be = "are" if noun.endswith("s") and not noun.endswith("ss") else "is"
    call = re.match(rf"(?:been )?called (?P<name>{NAME})", value)
    if call:
        return [named(noun, call["name"])]
    if len(value.split()) > 6 or set(kinds(value.split()[0])) & {"gerund"}:
        return []
    return [Found(f"my {noun}", "is", value, f"My {noun} {be} {value}.", "fact", f"my {noun}|is")]


_OWN_BUSINESS = re.compile(
    r"\b(?:opening|opened|starting|started|running|run|own) my own (?P<what>\w+)(?:,? (?:it's|its|it is|and it's))? ?"
    rf"(?:called|named) (?P<name>{CAP}(?: (?:and |of |& )?{CAP})*)"
)
_WANTED = re.compile(
    rf"\b(?P<who>(?:the )?{CAP}(?: {CAP})*) (?:wants|wanted|offered|hired|hires|took|accepted) me (?:as|for) "
    r"(?P<job>an? [a-z -]{3,30}?)(?= (?:after|from|in|on|when|once|starting)\b|[,.!?]|$)"
)
_AT_DESK = re.compile(
    rf"(?:^|[,.!?] |\byes,? |\bim a |\bi'm an? )(?P<job>(?:[a-z-]+ )?[a-z-]+) (?:w/|with|at|for|@) (?P<at>(?:the |a )?{CAP}(?: {CAP})*)(?=[,.!?]|$)"
)
_HERE = re.compile(r"(?:^|[,.!?] )(?P<job>(?:[a-z-]+ )?[a-z-]+) here(?=[,.!?]|$)")
_TRADE_TAG = re.compile(
    rf"\b(?P<name>{CAP})\b[^.?!]*?,? (?:he's|she's|that's|thats|hes|shes) my (?P<role>{ROLE}), (?P<job>(?:[a-z-]+ )?[a-z-]+)(?=[,.!?]|$)"
)
_AMOUNT = re.compile(
    r"\b(?P<what>rent|salary|wage|fee|mortgage|allowance|pension) (?:goes|went|is going|is|was raised|rises|rose)"
    r"(?: up| down)?(?: to)?,? (?P<value>(?:to )?[£$€]?\d[\d.,]*(?: (?:euros?|pounds|dollars|quid|bucks))?(?: (?:a|per) \w+)?)"
)


def _working(text: str) -> list[Found]:
    """Work told in passing: a business of one's own, an offer, a trade named like a badge, a pay."""
    found = []
    for match in _OWN_BUSINESS.finditer(text):
        name = match["name"]
        statement = f"I work at my own {match['what']}, {name}."
        found.append(Found("I", "employer", name, statement, "fact", "i|employer"))
    for match in _WANTED.finditer(text):
        statement = f"{capitalise(match['who'])} offered me work as {match['job']}."
        found.append(Found("I", "offer", match["job"], statement, "plan"))
    for match in _AT_DESK.finditer(text):
        if profession(f"a {match['job']}"):
            value = f"{article(match['job'])} at {match['at']}"
            found.append(Found("I", "be", value, f"I am {value}."))
    for match in _HERE.finditer(text):
        if profession(f"a {match['job']}"):
            found.append(Found("I", "be", article(match["job"]), f"I am {article(match['job'])}."))
    for match in _TRADE_TAG.finditer(text):
        if profession(f"a {match['job']}") and is_name(match["name"]):
            who = f"{role_subject(match['role'])} {match['name']}"
            found.append(
                Found(who, "be", article(match["job"]), f"{capitalise(who)} is {article(match['job'])}.")
            )
    for match in _AMOUNT.finditer(text):
        subject, value = f"my {match['what']}", match["value"].removeprefix("to ")
        found.append(Found(subject, "is", value, f"My {match['what']} is {value}.", "fact", f"{subject}|is"))
    return found


_ASKED_ABOUT = re.compile(
    r"(?:^|[,.;] )(?:is|are|does|do|did|can|could|should|has|what about|how (?:good|bad|safe) is|why (?:does|is|are)) "
    r"(?:i |you |we )?(?:(?:take|eat|use|mix|drink) )?(?:an? |the |this |my )?(?P<what>[\w'-]+(?: [\w'-]+){0,2}?)"
    r"(?= (?:in|on|at|to|for|a|an|the|actually|really|still|even|any|bad|good|ok|okay|safe|worth|normal|work|works|help|"
    r"do|does|and|from|with|cause|make|or)\b|[,.?!]|$)",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"(?:^|[,.;] )(?!(?:i|it|that|this|my|he|she|they|we|you|there|what|who|how|why)\b)(?P<what>[\w'-]+(?: [\w-]+)?) "
    r"(?:does|do|is|are|was|never|always|helps?|tastes?|makes?|keeps?|smells?) ",
    re.IGNORECASE,
)
_USED = re.compile(
    r"^(?:(?:i'?ve |i have )?been |i(?:'ve| have)? )(?P<verb>taking|take|using|use|eating|eat|drinking|drink|putting|put|"
    r"learning|learn|playing|play|wearing|wear|driving|drive|collecting|collect|love|hate) (?:it|them)\b"
    r"(?P<rest>[^,.;!?]*?(?:since|for|every|each|daily|on my|in my|twice|once)[^,.;!?]*|)(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"(?:it'?s|its|that'?s|thats|she's|he's) (?P<wh>what|how) i (?P<verb>[a-z]+)(?P<rest> (?:mine|around|to work|everywhere|"
    r"get everywhere)[^,.;!?]*| every\w*)?(?=[,.;!?]|$)",
    re.IGNORECASE,
)
_NAMED_IT = re.compile(
    rf"(?:^|[,.;] |\b(?:and|i|we|gonna|will|to|they) )(?:named|called|christened|call) (?:it|him|her) (?P<name>{NAME}|[a-z]{{4,}})(?= because|[,.;!?]|$)"
)
_OBJECT_NOUN = re.compile(
    r"\b(?:my|a|an|the|our)? ?(?P<noun>[a-z]+) ?(?:help|question|update|problem)?[,.?!]*$"
)


def _it(text: str, before: Sequence[str]) -> list[Found]:
    """What "it" stands for in "been taking it since March": the thing the sentence before is about."""
    found = []
    for pattern in (_USED, _WAY):
        match = pattern.search(text)
        if not match or pattern is _USED and not match["rest"].strip():
            continue
        here = text[: match.start()].strip(" ,")
        thing = _subject_of(here or "".join(before[-1:]), last=pattern is _WAY and bool(here))
        if not thing:
            continue
        verb, rest = match["verb"].lower(), (match["rest"] or "").replace(" mine", "").rstrip()
        be = "have been " if verb.endswith("ing") else ""
        by = (
            "by "
            if pattern is _WAY and match["wh"].lower() == "how" and verb in {"get", "travel", "go"}
            else ""
        )
        tail = f"{rest} {by}{thing}" if by else f" {thing}{rest}"
        found.append(Found("I", verb, thing, f"I {be}{verb}{tail}.", "fact", "", 0.7))
    match = _NAMED_IT.search(text)
    if match and before and is_name(match["name"]):
        nouns = [w for w in re.findall(r"[a-z]+", " ".join(before).lower()) if w in PETS | THINGS | _MADE]
        if nouns:
            found.append(named(nouns[0], match["name"]))
    return found


_MADE = frozenset(
    "script program bot tool macro plugin song painting sculpture recipe character robot stew bread".split()
)


def _subject_of(text: str, *, last: bool) -> str:
    """The thing a sentence asks or speaks about; with `last` the thing it ends with counts first."""
    if last:
        end = re.search(
            r"\b(?:an?|my|the|with) (?P<what>(?:old |\d{4} )?[\w'-]+(?: [A-Z][\w-]+)?)[,.?!]*$", text
        )
        if end:
            return (
                re.sub(r"^(?:an?|the) ", "", article(end["what"]))
                if end["what"].istitle()
                else article(end["what"])
            )
    match = _ASKED_ABOUT.search(text) or _STATED.search(text)
    what = match["what"].lower() if match else ""
    words = what.split()
    if not words or set(words) & (STOPWORDS | ADVERBS) or words[0] in NOT_NAMES - THINGS - PETS:
        return ""
    return match["what"] if match else ""


def _place(text: str) -> list[Found]:
    match = _HOME.search(text)
    if not match or not is_name(match["place"]):
        return []
    return [Found("I", "town", match["place"], f"I live in {match['place']}.", "fact", "i|town", 0.7)]


def _tastes(text: str) -> list[Found]:
    found = []
    match = _DISLIKED.search(text)
    value = (match["a"] or match["b"] or match["c"] or "").strip() if match else ""
    if value and value.lower().split()[0] not in STOPWORDS - {"the"}:
        found.append(Found("I", "not like", value, f"I don't like {value}.", "preference"))
    for like in _LIKE.finditer(text):
        subject = f"my favourite {like['what']}"
        title = like["title"].strip()
        found.append(
            Found(
                subject,
                "favourite",
                title,
                f"{capitalise(subject)} is {title}.",
                "preference",
                f"{subject}|is",
            )
        )
    for none in _NONE.finditer(text):
        found.append(Found("I", "not have", none["what"], f"I have no {none['what']}.", "fact"))
    match = _FAVOURITE_TAG.search(text)
    words = re.findall(r"[\w'-]+", text[: match.start()]) if match else []
    noun = next((w for w in _object(words) if w), "")
    if match and noun:
        subject = f"my favourite {match['what'].lower()}"
        found.append(
            Found(
                subject, "favourite", noun, f"{capitalise(subject)} is {noun}.", "preference", f"{subject}|is"
            )
        )
    return found


def _object(words: list[str]) -> list[str]:
    """The object of "how do i make X without Y": the words after the last verb, to the next function word."""
    verbs = [i for i, w in enumerate(words) if set(kinds(w)) & {"base"} and w.lower() not in {"i", "do"}]
    if not verbs:
        return [words[-1]] if words else []
    tail = words[verbs[-1] + 1 :]
    end = next((i for i, w in enumerate(tail) if i and w.lower() in PREPOSITIONS), len(tail))
    return [" ".join(w for w in tail[:end] if w.lower() not in {"a", "an", "the", "some"})]


def _relative(text: str) -> list[Found]:
    """ "My wife, who died in 2011, left ...": the relative clause as a sentence of its own."""
    found = []
    for match in _WHO.finditer(text):
        who, doing = match["who"], match["doing"].replace("'s ", "is ", 1).strip()
        first = doing.split()[0]
        if kinds(first).get("past", kinds(first).get("third")) in {
            "forget",
            "say",
            "tell",
            "ask",
            "think",
            "want",
        }:
            continue
        if first not in {"is", "has", "was"} and not set(kinds(first)) & {"third", "past"}:
            continue
        base = kinds(first).get("third") or kinds(first).get("past") or first
        subject = role_subject(who[3:].strip()) if not re.search(r"[A-Z]", who) else who[:1].lower() + who[1:]
        rest = doing.split(" ", 1)[1] if " " in doing else doing
        if not re.search(r"\byou\b", doing):
            found.append(Found(subject, base, rest, f"{capitalise(subject)} {doing}.", "fact", "", 0.7))
    return found
