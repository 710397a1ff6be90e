"""Which teacher, team or lesson "my teacher" is: the activity that the same chat names.

"How do I tune an oboe? ... my teacher Hestia" tells of an oboe teacher. A bare noun takes an activity only
when the person speaks of exactly one that it can be of; where two compete, or the talk is of work or
school, it stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from data.activities import HEADS, PEOPLE, PLAYABLE, POSITIONS, TAUGHT, kind, named
from data.lexicon import KIN
from data.records import Memory
from quality.found import Found
from quality.talk import Chat

_OTHERS = (KIN - HEADS.keys()) | frozenset("he she him her his they them their your who".split())
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_MINE = re.compile(
    r"\b(?:i|i'm|im|ive|i've|me|my|we|our|us|league|game|match|bout|training|practice|rehearsal|lesson)\b",
    re.IGNORECASE,
)
# Before an activity: it is over, refused, only watched, or somebody's pastime in a tale.
_NOT_DONE = re.compile(
    r"\b(?:used to|quit|quitting|gave up|stopped|never|not|don'?t|didn'?t|no|hate|watch(?:ing|ed)?|"
    r"instead of|if i|wish|song|film|movie|story|book|buy|buying|should i|tickets?|than)\b",
    re.IGNORECASE,
)
_MARK = re.compile(r"[.;!?]")
_AT_WORK = re.compile(
    r"\b(?:(?:i|we) (?:run|own|manage|teach)|nightclub|students|work|office|"
    r"bank|company|firm|colleagues?|boss|manager|sprint|scrum|project|payroll|deadline|"
    r"hackathon|stand-?up|clients?|software|engineering|sales|support|marketing|shift|department)\b",
    re.IGNORECASE,
)
_AT_SCHOOL = re.compile(
    r"\b(?:(?:mr|mrs|ms|miss)\b|year \d|homework|school|essay|exams?|pupils?|lectures?|uni|university|"
    r"college|grades?|maths?|history|science|spanish|french|german|english|latin)\b",
    re.IGNORECASE,
)
_CONTEST = re.compile(
    r"\b(?:lost|won|beat|drew|scored?|scores|match|game|league|bout|season|tournament|came (?:first|second|"
    r"third|fourth|last))\b|\b\d{1,3} ?[-–:] ?\d{1,3}\b",
    re.IGNORECASE,
)
_HEADS = "|".join(sorted(HEADS))
_HEAD = re.compile(rf"^my (?:new )?(?P<head>{_HEADS}|starter)(?: (?=[A-ZÀ-Þ])|$)")
_COMPOUND = re.compile(rf"\b(?:my|our) (?P<what>[a-z]+(?: [a-z]+)?) (?P<head>{_HEADS})\b")
_QUALITIES = frozenset(
    "new old other first last next own poor dear lovely great whole usual favourite".split()
)
_OF_KNOWN = re.compile(rf"^my (?P<what>[a-z][a-z -]+) (?P<head>{_HEADS})(?: (?=[A-ZÀ-Þ])|$)")
_DOUGH = re.compile(r"\b(?P<what>sourdough|rye|ginger beer|kombucha) starter\b", re.IGNORECASE)
_ENGINE = re.compile(r"\b(?:car|engine|motor|battery|ignition|van|pack)\b", re.IGNORECASE)
UP_THERE = "up there"
_SKY = re.compile(r"\b(?:sky|skies|stars?|telescope|planets?|constellations?|nebulae?)\b", re.IGNORECASE)
_RECORD = re.compile(r"^my longest (?!distance$)[a-z]+$")
_PLAYING = re.compile(
    r"^I (?P<did>(?:only |just |have |recently )*(?:started|began|took up|been)) playing"
    r"(?P<when> (?:in|at|last|since|on|after|when|as|\d|"
    r"for (?:\w+ ){1,2}(?:weeks?|months?|years?|ages|decades?))\b.*|)\.$"
)
_PLACE = re.compile(rf"^I play (?P<position>{'|'.join(sorted(POSITIONS))})\.$")


def bare(memory: Memory) -> str:
    """The noun of a memory's subject that lacks what it is of ("my teacher"); empty when there is none."""
    match = _HEAD.match(memory.subject)
    return match["head"] if match else ""


def lacks_object(memory: Memory) -> bool:
    """Whether a memory tells of playing and not of what is played."""
    return bool(_PLAYING.match(memory.statement) or _PLACE.match(memory.statement))


def record(memory: Memory, known: Sequence[Memory]) -> str:
    """The subject of a longest distance: the run or swim that was the longest before; else its own."""
    if memory.subject != "my longest distance":
        return memory.subject
    unit = memory.value.split()[-1]
    before = {m.subject for m in known if _RECORD.match(m.subject) and unit in _WORDS.findall(m.value)}
    return before.pop() if len(before) == 1 else memory.subject


def above(memory: Memory, chat: Chat) -> str:
    """The subject of a memory with "up there" as the sky, when the chat is of the night sky; else its own."""
    sky = UP_THERE in memory.subject and _SKY.search(chat.text)
    return memory.subject.replace(UP_THERE, "in the sky") if sky else memory.subject


def own_activities(chat: Chat) -> set[str]:
    """The activities the person speaks of as theirs, in their own words."""
    found: set[str] = set()
    for sentence, question in chat.sentences:
        here = named(sentence)
        if not here or not _OTHERS.isdisjoint(_WORDS.findall(sentence.lower())):
            continue
        if question and not _MINE.search(sentence):
            continue
        found |= {what for at, what in here if not _NOT_DONE.search(_MARK.split(sentence[:at])[-1])}
    return found


def qualifier(
    head: str, turn: str, chat: Chat, others: Iterable[Chat], known: Sequence[Memory], *, called: bool
) -> str:
    """What a bare head of a turn is of ("oboe" for "teacher"); empty when the chat leaves it open.

    `called` says that the chat names the bearer: a coach without a name may be a bus.
    """
    text, so_far = chat.turns.get(turn, ""), chat.until(turn)
    if head == "starter":
        return _dough(chat)
    if _AT_WORK.search(text) or HEADS[head] - {"sport", "game"} and _AT_SCHOOL.search(text):
        return ""
    family = TAUGHT if head in TAUGHT else frozenset({head})
    said = own_activities(so_far)
    low = so_far.text.lower()
    fitting = {what for what in said for one in family if f"{what} {one}" in low}
    fitting = fitting or _held(family, so_far, known)
    if not fitting and (called or head not in PEOPLE):
        fitting = _only(HEADS[head], so_far, said) or _of_the_day(head, so_far, others)
    named_too = {m["what"] for m in _COMPOUND.finditer(low) if m["head"] in family} - _QUALITIES
    return next(iter(fitting)) if len(fitting) == 1 and named_too <= fitting else ""


def _of_the_day(head: str, chat: Chat, others: Iterable[Chat]) -> set[str]:
    """The sport of the day's other chats for a team whose chat tells a result and names no sport."""
    if head not in {"team", "coach", "league"} or not _CONTEST.search(chat.text):
        return set()
    contests = (other for other in others if _CONTEST.search(other.text))
    return {what for other in contests for what in _only(HEADS[head], other, own_activities(other))}


def _only(kinds: Collection[str], chat: Chat, own: set[str]) -> set[str]:
    """The one activity of fitting kinds that a chat names, where it is the person's own; else none."""
    spoken = {what for _, what in named(chat.text) if kind(what) in kinds}
    return spoken if len(spoken) == 1 and spoken <= own else set()


def _dough(chat: Chat) -> str:
    """What a starter with a name is of, when either side calls it so and no engine is about."""
    whats = {m["what"].lower() for m in _DOUGH.finditer(f"{chat.text}\n{chat.heard}")}
    return next(iter(whats)) if len(whats) == 1 and not _ENGINE.search(chat.text) else ""


def _held(family: Collection[str], chat: Chat, known: Sequence[Memory]) -> set[str]:
    """What the teacher of earlier nights teaches, when the chat names them."""
    spoken = set(_WORDS.findall(chat.text.lower()))
    found = set()
    for memory in known:
        match = _OF_KNOWN.match(memory.subject) if memory.relation == "name" else None
        if match and match["head"] in family and spoken.issuperset(memory.value.lower().split()):
            found.add(match["what"])
    return found


def played(memory: Memory, chat: Chat) -> list[Found]:
    """What "I started playing in spring" and "I play second" leave out, as whole statements; mostly none."""
    match, place = _PLAYING.match(memory.statement), _PLACE.match(memory.statement)
    if not (match or place):
        return []
    said = own_activities(chat)
    if place:
        sports = _only({"sport"}, chat, said)
        value = f"{place['position']} in {''.join(sports)}"
        return (
            [Found("I", "play", value, f"I play {value}.", memory.kind, "", memory.confidence)]
            if sports
            else []
        )
    what = "".join(_only({"instrument", "game", "sport"}, chat, said))
    if not match or not what or kind(what) not in PLAYABLE and what not in PLAYABLE:
        return []
    thing = f"the {what}" if kind(what) == "instrument" else what
    when = memory.value.partition("playing")[2]
    value, statement = f"playing {thing}{when}", f"I {match['did']} playing {thing}{match['when']}."
    return [
        Found("I", "play", thing, f"I play {thing}.", "fact", "", memory.confidence),
        Found("I", memory.relation, value, statement, memory.kind, "", memory.confidence),
    ]
