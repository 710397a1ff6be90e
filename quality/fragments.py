"""Noun phrases that tell something by themselves: ailments, trades, counts of kin, events with a place.

"eczema, since school", "two kids and a cat", "job interview at the port on 3 May" answer a question or stand
alone. Each kind of phrase has its one frame; a phrase of no such kind tells nothing here.
"""

from __future__ import annotations

import re

from data.grammar import article
from data.grammar_clauses import capitalise
from data.grammar_professions import profession
from data.lexicon import KIN, NUMBERS, PETS
from quality.found import Found, trim

AILMENT = (
    r"(?:eczema|asthma|psoriasis|migraines?|gout|arthritis|(?:type (?:1|2|one|two) )?diabetes|glaucoma|"
    r"coeliac disease|"
    r"celiac disease|ibs|crohn'?s|colitis|epilepsy|adhd|dyslexia|ana?emia|tinnitus|sciatica|carpal tunnel|"
    r"tendinitis|"
    r"tendonitis|hay ?fever|vertigo|insomnia|endometriosis|pcos|lupus|fibromyalgia|acid reflux|reflux|"
    r"palpitations|"
    r"a hernia|rosacea|scoliosis|hypertension|(?:high|low) blood pressure|high cholesterol|osteoporosis|"
    r"plantar "
    r"fasciitis|sleep apn(?:o?)ea|hypothyroidism|an underactive thyroid|a slipped disc|a pacemaker|a heart "
    r"murmur|"
    r"shingles|alopecia|vitiligo|a (?:nut|peanut|latex|pollen|dust|wool|dairy|egg|shellfish) allergy|"
    r"motion sickness|"
    r"cataracts|dermatitis|sinusitis|bunions?|varicose veins)"
)
_ILL = re.compile(
    rf"^(?:i(?:'ve| have)(?: got)? |it's |just |mostly |chronic |bad |severe "
    rf")*(?P<what>{AILMENT})\b(?P<rest>[^.;!?]{{0,40}})",
    re.I,
)
_TYPED = re.compile(r"\b(?:i'?m|i am) (?:a )?(?P<type>type (?:1|2|one|two))(?: diabetic)?\b", re.IGNORECASE)
_COUNTED = re.compile(
    rf"^(?P<n>\d{{1,2}}|{'|'.join(w for w in NUMBERS if len(w) > 2)}|a|an|one) (?P<what>(?:[a-z-]+ ){{0,2}}?"
    rf"(?:kids|children|sons|daughters|boys|girls|twins|grandkids|grandchildren|brothers|sisters|siblings|"
    rf"{'|'.join(sorted(p + 's?' for p in PETS))}))\b(?P<rest>[^.;!?]{{0,60}})",
    re.IGNORECASE,
)
EVENT = (
    r"(?:(?:job |phone |final |oral |driving |blood |eye |hospital |dental |dentist |vet |doctor'?s |music "
    r"|school |"
    r"work |half |night |early |late |birthday |hen |stag |leaving |house ?warming |christmas |family |"
    r"business |"
    r"hip |knee |heart |back |skiing |camping |cycling |walking |boat |jury |cooking |language )?"
    r"(?:interview|exam|test|appointment|operation|surgery|wedding|christening|funeral|graduation|marathon|"
    r"race|"
    r"half-marathon|triathlon|conference|congress|concert|gig|recital|festival|trip|holiday|honeymoon|"
    r"cruise|flight|"
    r"tournament|match|reunion|internship|apprenticeship|placement|service|audition|viewing|hearing|viva|"
    r"defence|"
    r"course|workshop|retreat|scan|check-?up|party|move|shift|training|presentation|exhibition|baptism|"
    r"bar mitzvah|bat mitzvah|quinceañera|prom|ceremony|camp|semester|seminar|lecture|deadline|hike|trek))"
)
_WHEN = (
    r"(?:(?:on |in |at |from |by |this |next |until |till )*(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?(?: of)?(?: "
    r"[A-Z][a-z]+)?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|tomorrow|tonight|january|february|march|april|may|june|"
    r"july|august|"
    r"september|october|november|december|spring|summer|autumn|winter|week|month|year|weekend|easter|"
    r"christmas)\b"
    r"[\w: ]{0,20})"
)
_OCCASION = re.compile(
    rf"^(?:an? |the |my |our |it's (?:an? |my |our )|for (?:an? |my |our ))?(?P<what>{EVENT})"
    rf"(?P<rest>(?:,? (?:in|at|on|to|with|from|for|next|this) [^.;!?]{{2,60}}|, {_WHEN}[^.;!?]{{0,40}}))",
    re.IGNORECASE,
)
_ROUND = re.compile(
    rf"\b(?:(?:my|our) |for )?(?P<who>(?:{'|'.join(sorted(KIN, key=len, reverse=True))})(?: "
    rf"[A-Z][\w-]+)?)(?:'s|s') "
    r"(?P<age>\d{2})(?:st|nd|rd|th)\b(?! (?:floor|of|time|year|week|day|wedding|anniversary|place|birthday "
    r"in))",
)
_STUDYING = re.compile(
    r"(?:^|, )(?:i'm in |in |just |my )?(?P<year>(?:first|second|third|fourth|final|last|1st|2nd|3rd|4th) "
    r"year"
    r"(?: student)?)(?P<rest>(?: of (?!the marriage)| at | in | doing | studying )[^.,;!?]{2,40})",
    re.IGNORECASE,
)
_TRADE_LEAD = re.compile(
    r"^(?:(?:yes|yep|yeah|ya|aye|unfortunately|well|oh|as|i'm|im|i am|an?|sure|actually)\b[\s,]*)+",
    re.IGNORECASE,
)
_OF_ME = re.compile(
    r"\b(?:your (?:job|work|role|profession|line)|you (?:do|work)|new (?:role|job|position))\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"\b(?:character|hero|example|template|story|quiz|should it|shall i|would you like|film|script)\b", re.I
)


def occasions(text: str) -> list[Found]:
    """A round birthday of somebody's ("my dad's 70th")."""
    found = []
    for match in _ROUND.finditer(text):
        who = f"my {match['who'][:1].lower()}{match['who'][1:]}"
        statement = f"{capitalise(who)} is turning {match['age']}."
        found.append(Found(who, "turn", match["age"], statement, "plan", f"{who.lower()}|age", 0.7))
    return found


def ailing(text: str) -> list[Found]:
    """ "I'm type 1": an illness told by its number alone."""
    match = _TYPED.search(text)
    if not match:
        return []
    value = f"{match['type'].lower()} diabetes"
    return [Found("I", "have", value, f"I have {value}.")]


def phrase(question: str, text: str) -> list[Found]:
    """What the first phrase of an answer tells by its kind, whatever was asked of the person."""
    if _OTHERS.search(question):
        return []
    first = re.split(r"(?<=[.!?…])\s|\n", text.strip())[0].strip(" .!")
    if first.endswith("?"):
        return []
    bare = re.sub(
        r"^(?:(?:yes|yep|yeah|ya|aye|well|oh|hm+|so|um)\b[\s,.!]*)+", "", first, flags=re.IGNORECASE
    )
    match = _ILL.match(bare)
    if match:
        where = re.match(r" (?:in|on|since|from|for) [\w' ]+", match["rest"])
        value = match["what"] + (where[0] if where else "")
        return [Found("I", "have", value, f"I have {value}.", "fact", "", 0.7)]
    match = _COUNTED.match(bare)
    if match and re.search(r"\byou(?:r|'ve)?\b", question):
        value = trim(re.split(r"\. |, (?:you|so|which|what|and i)\b", bare)[0])
        clause = re.search(r"[\w']+ (?:is|are|was|has|have|can|will|who|that) |\bfor \w+$", value)
        return [] if clause else [Found("I", "have", value, f"I have {value}.", "fact", "", 0.7)]
    match = _OCCASION.match(bare)
    if match:
        value = trim(match["what"] + match["rest"])
        return [Found("I", "have", value, f"I have {article(value)}.", "plan", "", 0.7)]
    match = _STUDYING.search(bare)
    if match:
        subject = bare[: match.start()].strip(" ,")
        value = f"in my {match['year']}{match['rest']}"
        study = f", studying {subject}" if subject and len(subject.split()) < 4 else ""
        return [Found("I", "be", value + study, f"I am {value}{study}.", "fact", "", 0.7)]
    return _trade(question, bare, agreed=bare != first)


def _trade(question: str, bare: str, *, agreed: bool) -> list[Found]:
    """A trade named alone, with where it is done, answering a question about work."""
    if not (agreed or _OF_ME.search(question)):
        return []
    job = re.split(r",| (?=at |in |for )", _TRADE_LEAD.sub("", bare))[0].strip()
    if not job or len(job.split()) > 4 or not (profession(article(job)) or _WORKER.search(job)):
        return []
    value = trim(_TRADE_LEAD.sub("", bare))
    if len(value.split()) > 9:
        value = job
    return [Found("I", "be", article(value), f"I am {article(value)}.", "fact", "i|job", 0.7)]


_WORKER = re.compile(
    r"\b(?:officer|dispatcher|rep|assistant|apprentice|technician|paramedic|clerk|operator|guard|temp|"
    r"intern)$",
    re.I,
)
