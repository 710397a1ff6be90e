"""Ways to ask: question frames in many registers and the questions of every relation.

The same frames and questions serve told and untold slots, so that a phrase alone never gives away
whether there is an answer.
"""

from __future__ import annotations

import re

from data.grammar import is_person, is_pet, possessive, to_second_person
from data.grammar_clauses import capitalise
from data.grammar_questions import Ask
from data.phrases_kept import BEFORE, KEPT, NAME_BEFORE, USED_AS

# Bare questions, as most people ask.
BARE_FRAMES = ("{Q}", "{short}")
PLAIN_FRAMES = (*BARE_FRAMES, "{lower}", "{again}", "{lower} again", "And {q}", "{please}")
FRAMES = (
    *PLAIN_FRAMES,
    "hey, {lower}",
    "Quick question: {q}",
    "One question: {q}",
    "I forgot, {q}",
    "Help me out: {q}",
    "So, {q}",
    "Just checking: {q}",
    "Remind me, {q}",
    "Remind me: {q}",
    "Do you happen to know {i}?",
    "Do you remember {i}?",
    "Do you still remember {i}?",
    "do you remember {i}",
    "Do you know {i}?",
    "Do you recall {i}?",
    "Can you tell me {i}?",
    "Could you tell me {i}?",
    "Could you remind me {i}?",
    "can u tell me {i}",
    "Please tell me {i}.",
    "Tell me {i}.",
    "Tell me {i}, please.",
    "Remind me {i}.",
    "remind me {i} pls",
    "I can't remember {i}. Can you?",
    "I'd like to know {i}.",
    "I wonder if you remember {i}.",
    "Let's see if you remember {i}.",
    "Say {i}.",
    "Would you tell me {i}?",
    "Have I told you {i}?",
    "Did I ever tell you {i}?",
    "I want to hear {i}.",
    "My memory is bad. {Q}",
    "From what I told you, {q}",
    "A small test: {q}",
    "Hi! {Q}",
    "Good morning. {Q}",
    "You may remember this: {q}",
    "For a form I am filling in: {q}",
)
TOPIC_FRAMES = (
    "What have I told you about {t}?",
    "What did I tell you about {t}?",
    "what did i say about {t}",
    "What do you know about me and {t}?",
    "What did I say about {t}?",
    "What did I mention about {t}?",
    "Tell me what I said about {t}.",
    "Remind me what I told you about {t}.",
    "Do you remember what I said about {t}?",
    "What do you remember about {t}?",
    "Can you recall what I told you about {t}?",
    "Say what you know about me and {t}.",
    "hey, what did i tell you about {t}",
    "When it comes to {t}, what have I told you?",
    "I talked about {t} once. What did I say?",
    "We talked about {t}. What did I say?",
    "Please repeat what I told you about {t}.",
    "Could you remind me what I said about {t}?",
    "What was it I told you about {t}?",
    "what do u remember about {t}",
    "What do you remember me saying about {t}?",
    "What was it that I said about {t}?",
    "Give me what you remember about {t}.",
    "In our earlier chats, what did I say about {t}?",
)
BARE_POLAR_FRAMES = ("{P}", "{plower}")
PLAIN_POLAR_FRAMES = (*BARE_POLAR_FRAMES, "And {p}", "So {p}")
POLAR_FRAMES = (
    *PLAIN_POLAR_FRAMES,
    "Is it true that {s}?",
    "Is it right that {s}?",
    "Would it be right to say that {s}?",
    "Do you think it is true that {s}?",
    "Am I right that {s}?",
    "Just to check: {p}",
    "Tell me, {p}",
    "Quick question: {p}",
    "Yes or no: {p}",
    "Yes or no, is it true that {s}?",
    "Can you confirm that {s}?",
    "Would you say that {s}?",
    "Be honest: {p}",
    "If someone said that {s}, would that be right?",
    "True or not: {s}?",
    "hey, {plower}",
    "So {s}, right?",
    "Let me see: {s}, is that right?",
)

LIST_FRAMES = (
    "What do you know about {t}?",
    "Tell me about {t}.",
    "tell me what you know about {t}",
    "What can you say about {t}?",
    "Give me one fact about {t}.",
    "Name one thing I told you about {t}.",
    "What comes to mind when I say {t}?",
    "Say something about {t}.",
)

_NAME_ASKS = (
    ("What is {S} called?", "what {S} is called"),
    ("What is {S's} name?", "what {S's} name is"),
    ("What's {S's} name?", "{S's} name"),
    ("What did I tell you {S} is called?", "what I told you {S} is called"),
    ("What name did I mention for {S}?", "what name I mentioned for {S}"),
    ("What did I say {S} is called?", "what I said {S} is called"),
    ("What's the name of {S}?", "the name of {S}"),
    ("What name does {S} go by?", "what name {S} goes by"),
)
_SLOT_ASKS: dict[str, tuple[tuple[str, str], ...]] = {
    **KEPT,
    "employer": (
        ("Where do I work?", "where I work"),
        ("Who do I work for?", "who I work for"),
        ("Who is my employer?", "who my employer is"),
        ("What is my workplace?", "what my workplace is"),
        ("Where is my job?", "where my job is"),
        ("Which place do I work at?", "which place I work at"),
        ("At what place am I employed?", "at what place I am employed"),
        ("Which company do I work for?", "which company I work for"),
        ("Who is my employer at present?", "who my employer is at present"),
        ("Which company am I with?", "which company I am with"),
        ("What's the name of the place where I work?", "the name of the place where I work"),
        ("Who pays my wages?", "who pays my wages"),
        ("Where do I go to work?", "where I go to work"),
    ),
    "job": (
        ("What do I do for a living?", "what I do for a living"),
        ("What is my job?", "what my job is"),
        ("What do I do for work?", "what I do for work"),
        ("What do I work as?", "what I work as"),
        ("What is my profession?", "what my profession is"),
        ("What is my occupation?", "my occupation"),
        ("What's my trade?", "my trade"),
        ("What's my line of work?", "my line of work"),
        ("What kind of work do I do?", "what kind of work I do"),
        ("How do I earn my money?", "how I earn my money"),
        ("What do I do?", "what I do"),
    ),
    "town": (
        ("Where do I live?", "where I live"),
        ("Which place do I live in?", "which place I live in"),
        ("Where is my home?", "where my home is"),
        ("What town do I live in?", "what town I live in"),
        ("In which town is my home?", "in which town my home is"),
        ("Which city do I live in?", "which city I live in"),
        ("Which town am I based in?", "which town I am based in"),
        ("What place do I call home?", "what place I call home"),
        ("Where am I based?", "where I am based"),
    ),
    "origin": (
        ("Where do I come from?", "where I come from"),
        ("Where am I from?", "where I am from"),
        ("Which place do I come from?", "which place I come from"),
        ("Where did I grow up?", "where I grew up"),
        ("Where are my roots?", "where my roots are"),
    ),
    "age": (
        ("How old am I?", "how old I am"),
        ("What is my age?", "what my age is"),
        ("How many years old am I?", "how many years old I am"),
        ("What age am I?", "what age I am"),
        ("What age should I write on a form?", "what age I should write on a form"),
    ),
    "allergy": (
        ("What am I allergic to?", "what I am allergic to"),
        ("Which allergy do I have?", "which allergy I have"),
        ("What is my allergy?", "what my allergy is"),
        ("What gives me an allergic reaction?", "what gives me an allergic reaction"),
        (
            "What should I stay away from because of my allergy?",
            "what I should stay away from because of my allergy",
        ),
    ),
}
_THEIR_ASKS: dict[str, tuple[tuple[str, str], ...]] = {
    "job": (
        ("What does {S} do for a living?", "what {S} does for a living"),
        ("What is {S's} job?", "what {S's} job is"),
        ("What is {S's} profession?", "what {S's} profession is"),
        ("What does {S} do for work?", "what {S} does for work"),
        ("What kind of work does {S} do?", "what kind of work {S} does"),
        ("What does {S} work as?", "what {S} works as"),
        ("What line of work is {S} in?", "what line of work {S} is in"),
        ("What does {S} do?", "what {S} does"),
    ),
    "employer": (
        ("Where does {S} work?", "where {S} works"),
        ("Who does {S} work for?", "who {S} works for"),
        ("Who is {S's} employer?", "who {S's} employer is"),
        ("What is {S's} workplace?", "what {S's} workplace is"),
    ),
    "town": (
        ("Where does {S} live?", "where {S} lives"),
        ("Which town does {S} live in?", "which town {S} lives in"),
        ("What town is {S} based in?", "what town {S} is based in"),
        ("Where is {S's} home?", "where {S's} home is"),
    ),
    "age": (
        ("How old is {S}?", "how old {S} is"),
        ("What age is {S}?", "what age {S} is"),
    ),
    "origin": (
        ("Where is {S} from?", "where {S} is from"),
        ("Where does {S} come from?", "where {S} comes from"),
        ("Where did {S} grow up?", "where {S} grew up"),
    ),
}


def _told(doing: str) -> str:
    """ "do I report to" as it stands in an indirect question ("I report to")."""
    inverted = re.match(r"(do|did|am) I (\S+)(.*)", doing)
    if not inverted:
        return doing
    verb = {"do": inverted[2], "did": {"marry": "married"}.get(inverted[2], inverted[2])}
    return f"I {verb.get(inverted[1], f'am {inverted[2]}')}{inverted[3]}"


_PERSON_NAMED = (("Who is {S}?", "who {S} is"),)
_THING_NAMED = (("What do I call {S}?", "what I call {S}"), ("What did I name {S}?", "what I named {S}"))
_ANIMAL_NAMED = (("Which name should I put on {S's} tag?", "which name I should put on {S's} tag"),)
# Whom one means by what they do; told and untold people are asked for in the same words.
_DOES_FOR_ME = {
    role: tuple((f"Who {does}?", f"who {_told(does)}") for does in doings.split("|"))
    for roles, doings in (
        ("hairdresser barber", "does my hair|cuts my hair"),
        ("dentist", "looks after my teeth"),
        ("boss manager supervisor", "do I report to|is in charge of me at work"),
        ("colleague coworker workmate", "do I work with"),
        ("flatmate roommate housemate", "do I live with|do I share a flat with"),
        ("wife husband spouse", "am I married to|did I marry"),
        ("fiancé fiancée fiance fiancee", "am I engaged to|am I going to marry"),
        ("landlord landlady", "do I rent from"),
        ("neighbour neighbor", "lives next door"),
        ("carer nurse", "looks after me"),
        ("childminder nanny babysitter", "looks after the kids"),
        ("trainer coach", "trains me"),
        ("surgeon", "is operating on me"),
        ("cleaner", "cleans for me"),
        ("accountant", "does my accounts"),
    )
    for role in roles.split()
}
_MY_NAME = (
    ("What is my name?", "what my name is"),
    ("What am I called?", "what I am called"),
    ("Who am I?", "who I am"),
    ("What's my name?", "my name"),
    ("What is my first name?", "what my first name is"),
)
_BIRTHDAY = (
    ("When is {S's} birthday?", "when {S's} birthday is"),
    ("What date is {S's} birthday?", "what date {S's} birthday is"),
    ("On which day is {S's} birthday?", "on which day {S's} birthday is"),
    ("What is {S's} date of birth?", "{S's} date of birth"),
)
_COLOUR = (
    ("What colour is {S}?", "what colour {S} is"),
    ("Which colour does {S} have?", "which colour {S} has"),
    ("What is the colour of {S}?", "what the colour of {S} is"),
)
_IS = (
    ("What {be} {S}?", "what {S} {be}"),
    ("What did I say {S} {be}?", "what I said {S} {be}"),
    ("What did I tell you {S} {be}?", "what I told you {S} {be}"),
    ("What's {S}?", "{S}"),
)
_FAVOURITE = (
    ("What {be} {S}?", "what {S} {be}"),
    ("Which {kind} do I like best?", "which {kind} I like best"),
    ("What did I say {S} {be}?", "what I said {S} {be}"),
    ("Which {kind} do I like the most?", "which {kind} I like the most"),
    ("What's {S}?", "{S}"),
    ("Which {kind} do I prefer?", "which {kind} I prefer"),
)
_OF_A_KIND = re.compile(
    r"^my (?:all[- ]time )?favou?rite (?!things?\b|part\b)(?!.*\b(?:to|about|that|for|in|on)\b)"
)
_PERFORMERS = re.compile(
    r"\b(?:artist|musician|singer|rapper|actor|actress|author|writer|poet|painter|composer|comedian|player|"
    r"athlete|wrestler|director|designer|youtuber|president|superhero|hero|teacher|person|cousin|"
    r"uncle|aunt)s?$"
)


def slot_asks(subject: str, relation: str) -> list[Ask]:
    """Every basic question for a slot, told or not; empty for relations that have no fixed questions."""
    be = "are" if plural(subject) else "is"
    if subject == "I":
        pairs = {"name": _MY_NAME, "birthday": _BIRTHDAY}.get(relation, _SLOT_ASKS.get(relation, ()))
        return [Ask(_fill(q, "I", be), _fill(i, "I", be), True) for q, i in pairs]
    if relation == "name":
        by_me = () if "'s " in subject else _THING_NAMED
        pairs = _NAME_ASKS + (_PERSON_NAMED if is_person(subject) else by_me)
        pairs += NAME_BEFORE if BEFORE.match(subject) else ()
        pairs += _DOES_FOR_ME.get(subject.removeprefix("my "), ())
        pairs += USED_AS.get(subject.split()[-1], ()) if re.match(r"my [a-z -]+$", subject) else ()
        pairs += _ANIMAL_NAMED if is_pet(subject) else ()
    elif relation == "allergy":
        pairs = (
            ("What is {S} allergic to?", "what {S} is allergic to"),
            ("Which allergy does {S} have?", "which allergy {S} has"),
        )
    elif relation == "favourite":
        pairs = _FAVOURITE if _OF_A_KIND.match(subject) else _IS
        if _PERFORMERS.search(subject):
            pairs = tuple((re.sub("^What", "Who", q), re.sub("^what", "who", i)) for q, i in pairs)
    else:
        pairs = {"birthday": _BIRTHDAY, "colour": _COLOUR, "is": _IS}.get(
            relation, _THEIR_ASKS.get(relation, ())
        )
    if be == "are":
        pairs = tuple((_of_several(q), _of_several(i)) for q, i in pairs)
    return [Ask(_fill(q, subject, be), _fill(i, subject, be), True) for q, i in pairs]


def _of_several(text: str) -> str:
    """A question about one as it is put about several ("Where does {S} live?" -> "Where do {S} live?")."""
    text = re.sub(r"What(?: is|'s)(?= \{S's\} name\b)", "What are", text)
    text = re.sub(
        r"(\{S's\} name)( is)?$", lambda m: f"{m[1]}s{' are' if m[2] else ''}", text.rstrip("?")
    ) + ("?" if text.endswith("?") else "")
    text = re.sub(r"(What's )?the name(?= of)", lambda m: f"{'What are ' if m[1] else ''}the names", text)
    text = re.sub(r"^What's (?=\{S\}\?)", "What are ", text)
    text = re.sub(r"\bdoes (?=\{S\})", "do ", re.sub(r"\bis (?=\{S\} |\{S\}\?)", "are ", text))
    return re.sub(
        r"(?<!of \{S\})(?<=\{S\}) (is|does|has|goes|lives|works|comes)\b",
        lambda match: f" {_SEVERAL.get(match[1], match[1].removesuffix('s'))}",
        text,
    )


_SEVERAL = {"is": "are", "does": "do", "has": "have", "goes": "go"}


def plural(subject: str) -> bool:
    """Whether a noun phrase is plural by its look."""
    if subject.startswith("one of "):
        return False
    head = subject.split()[-1].lower()
    return head in {"children", "people", "parents"} or (
        head.endswith("s") and not head.endswith(("ss", "us", "is", "boss"))
    )


def _fill(text: str, subject: str, be: str) -> str:
    whose = "my" if subject == "I" else possessive(subject)
    kind = re.sub(r"^my (?:all[- ]time )?favou?rite ", "", subject)
    return text.replace("{S's}", whose).replace("{S}", subject).replace("{be}", be).replace("{kind}", kind)


def framed(ask: Ask, frame: str) -> str:
    """A question in one frame."""
    lower = ask.question.rstrip("?")
    text = (
        frame.replace("{Q}", ask.question)
        .replace("{q}", _low_first(ask.question))
        .replace("{i}", ask.indirect)
    )
    text = text.replace("{again}", f"{contracted(lower)} again?").replace("{please}", f"{lower}, please?")
    return text.replace("{lower}", _chatty(lower)).replace("{short}", contracted(ask.question))


_LONG = re.compile(r"^(What|Who|Where|When|How) is (?!it\b)")
# Questions nobody would put first: kept for variety, after all others.
_ODD = re.compile(
    r"did I (?:say|mention|name|tell)|should I write|^At what|^What is it|on my .* tag|pays my|"
    r"gives me|my roots|"
    r"place do I call"
)


def contracted(question: str) -> str:
    """A question as it is spoken ("What is my dog called?" -> "What's my dog called?")."""
    return _LONG.sub(r"\1's ", question)


def odd(question: str) -> bool:
    """Whether few people would ask this way."""
    return bool(_ODD.search(question))


def about(subject: str, frame: str) -> str:
    """A question about a topic in one frame."""
    return frame.replace("{t}", re.sub(r" and I$", " and me", subject))


def polar_framed(question: str, sentence: str, frame: str) -> str:
    """A yes/no question in one frame; `sentence` is the statement as a subordinate clause."""
    text = (
        frame.replace("{P}", question)
        .replace("{plower}", _chatty(question.rstrip("?")))
        .replace("{p}", _low_first(question))
    )
    return text.replace("{s}", sentence)


def _low_first(text: str) -> str:
    return text if text.startswith(("I ", "I'")) else text[:1].lower() + text[1:]


def _chatty(text: str) -> str:
    """A question as typed in a hurry: small letters at the start and no apostrophes in short words."""
    text = _low_first(text).replace("What's", "whats").replace("what's", "whats")
    return re.sub(r"\bI\b", "i", text)


def not_told(ask: Ask) -> str:
    """The honest answer to a question about an untold slot."""
    return f"You haven't told me {embed_second(ask.indirect)}."


def embed_second(indirect: str) -> str:
    """An indirect question turned towards the person."""
    flipped = to_second_person(indirect)
    return flipped[:1].lower() + flipped[1:]


def second_subject(subject: str) -> str:
    """The subject as said to the person ("my dog" -> "your dog")."""
    return to_second_person(capitalise(subject))


def living(subject: str) -> bool:
    """Whether "Who is ...?" fits the subject rather than "What is ...?"."""
    return is_person(subject) or is_pet(subject)
