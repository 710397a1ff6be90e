"""Ages, weekly times, appointments and counts: facts whose value is a number, a day or a date."""

from __future__ import annotations

import re

from data.grammar_clauses import capitalise
from data.lexicon import ADVERBS, KIN, PETS, STOPWORDS, THINGS
from data.lexicon_verbs import FORMS, kinds
from data.synonyms import is_nationality
from quality.found import Found
from quality.names import NAME, is_name, named

_DATED = re.compile(
    r"^(?:(?:i have|i've got|got|have) )?(?:an? |the |my |our )?(?P<what>[a-z][\w' -]{2,40}?),? (?:is "
    r"(?:due |now )?"
    r"|are |moved to |now |starts |'s )?(?:on |in )?(?:the )?(?P<value>\d{1,2} (?:January|February|March|"
    r"April|May|June|July|August|September|October|November|December)(?: \d{4})?(?:,? at \d{1,"
    r"2}(?:[:.]\d\d)?(?: ?[ap]m)?)?)(?=$|[,.;!?]| (?:now|so|and|but|then|with|which|btw)\b)",
    re.IGNORECASE,
)


_APPOINTMENTS = frozenset(
    "dentist doctor gp vet optician hairdresser physio therapist midwife barber".split()
)


_EVENTS = frozenset(
    "race exam test wedding interview appointment concert flight match game move party show trip play "
    "deadline "
    "resit surgery operation visit talk shift training start".split()
)


# Verbs that have a date of their own: what stands before it is then no name of an event.
_COMING = frozenset(
    "come arrive leave return visit go fly move close end renew expire finish open begin run lapse".split()
)


def dated(text: str) -> list[Found]:
    """An appointment or a first day without a verb of its own ("dentist on 15 October 2026 at 8:40")."""
    match = _DATED.match(text)
    if (
        not match
        or " is due " in match[0]
        or not _weekly_topic(match["what"])
        or kinds(match["what"].split()[-1].lower()).get("third") in _COMING
        or match["what"].split()[0].lower() in FORMS.keys() - _EVENTS
        or any("past" in kinds(w) and "base" not in kinds(w) for w in match["what"].lower().split())
        or len(match["what"].split()) > 4
        or match["what"].lower().split()[-1] in KIN - _APPOINTMENTS
        or set(match["what"].lower().split())
        & {"birthday", "headache", "migraine", "hangover", "mood", "cold"}
        or any(
            "'" in w or w in STOPWORDS | ADVERBS - {"first", "last", "second"}
            for w in match["what"].lower().split()
        )
    ):
        return []
    what = match["what"]
    if (
        is_name(what)
        and what[0].isupper()
        and not re.match(r"(?:my|our|the) ", text, re.IGNORECASE)
        and " " in what
    ):
        statement = f"{what} is on {match['value']}."
        return [Found(what, "date", match["value"], statement, "plan", f"{what.lower()}|date")]
    what = what.lower()
    what += " appointment" if what in _APPOINTMENTS else ""
    return [
        Found(
            f"my {what}",
            "date",
            match["value"],
            f"My {what} is on {match['value']}.",
            "plan",
            f"my {what}|date",
        )
    ]


_AGE = re.compile(
    r"^(?P<who>my [\w' -]{2,50}?|[A-Z][\w-]+)(?:(?:'s| is| are| will be| r)(?: (?:turned|just|only|"
    r"turning|now|already|nearly|almost|about|going on))*|(?: has| just)? (?:turned|turns)(?: just)?) "
    r"(?P<value>\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)(?P<half> and a half)?"
    r"(?: years? old| now| already| on \d+ \w+ \d{4}| today| on [\w ]+| in [A-Z]\w+ \d{4})*"
    r"(?=$|[,;!?]|\.(?!\d)| (?:and|so|but|with)\b)",
    re.IGNORECASE,
)


_IS_CALLED = re.compile(
    rf"^(?P<who>[Mm]y (?!favou?rite )[a-z][\w -]{{1,30}}?) is (?P<name>{NAME})(?=$|[,.;!?])"
)


_WEEKLY = re.compile(
    r"^(?:my |our |the )?(?!(?:we|i|they|he|she|it|you)\b)(?P<what>[a-z][\w' -]{2,40}?)(?: (?:for|"
    r"with) (?P<extra>[\w' -]{2,30}?))?(?:,? later)?,? (?:is|are|isn't|isnt|'s|always|moved to|now|"
    r"on)*?\s*(?:is |are |moved to |now |always |on |every ){1,3}(?P<value>(?:mon|tues|wednes|thurs|"
    r"fri|satur|sun)day(?:s|(?= at| evenings?| mornings?))?(?: (?:evenings?|mornings?|afternoons?|"
    r"nights?))?(?: at \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)?)",
    re.IGNORECASE,
)


_MOVED_DAY = re.compile(
    r"^(?:my |our |the )?(?P<what>[a-z][\w -]{2,30}?) (?:isn't|isnt|is not|is no longer|moved from|"
    r"used to be)(?: on)? (?:\w+days?)(?: any ?more)?,? (?:and |but |from now on |now |to |it's |its |"
    r"is |on |every )*(?P<value>\w+days?)\b",
    re.IGNORECASE,
)


_COUNT = re.compile(
    r"^(?:(?:so|now|only|just|that leaves|leaves)\s+)*(?P<value>(?:one|two|three|four|five|six|seven|"
    r"eight|nine|ten|\d+) (?P<noun>[a-z]{3,}s?))(?: (?:now|left|in total|altogether))+(?=$|[,.;!?])",
    re.IGNORECASE,
)


_HAVE_COUNT = re.compile(
    r"^I (?:now )?(?:have|keep|own) (?:now |exactly |got )?(?P<value>(?:one|two|three|four|five|six|"
    r"seven|eight|nine|ten|\d+) (?P<noun>[a-z]{3,}s))(?=$|[,.;!?]| (?!and [a-z]+s\b)(?:and|now|but|at|in)\b)"
)


_NOT_COUNTED = frozenset(
    "options minutes mins hours choices questions ideas tabs eggs files lines things problems points".split()
)
_START_AT = re.compile(
    r"^(?P<who>my [\w' -]{2,40}?) (?P<verb>starts|begins|ends|opens|closes|leaves|"
    r"finishes) (?P<value>at \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?)",
    re.IGNORECASE,
)


def of_entities(text: str) -> list[Found]:
    """Ages, names, weekly times and counts in a clause with a full subject."""
    found = []
    match = _AGE.match(text)
    # Who turns six in August is not six yet.
    if match and re.search(r" turns .* (?:in|on) ", match[0]):
        match = None
    if match and (
        match["who"][0].isupper()
        and not match["who"].lower().startswith("my ")
        or set(match["who"].lower().split()) & (KIN | PETS | {"boy", "girl", "lad", "eldest", "youngest"})
    ):
        who, age = _who(match["who"]), match["value"] + (match["half"] or "")
        be = "are" if who.endswith("s") and who.split()[-1].islower() else "is"
        years = "year" if age in {"1", "one"} else "years"
        statement = f"{capitalise(who)} {be} {age} {years} old."
        found.append(Found(who, "age", age, statement, "fact", f"{who.lower()}|age"))
    match = _IS_CALLED.match(text)
    if (
        match
        and is_name(match["name"])
        and (not is_nationality(match["name"]) or "called" in match[0] or "named" in match[0])
        and len(match["who"].split()) < 5
        and match["who"].split()[-1].lower() in KIN | PETS | THINGS
    ):
        found.append(named(match["who"].lower().removeprefix("my "), match["name"]))
    match = _START_AT.match(text)
    if match:
        who = _who(match["who"])
        found.append(
            Found(
                who,
                match["verb"].lower().rstrip("s"),
                match["value"],
                f"{capitalise(text.rstrip('.'))}.",
                "fact",
                f"{who.lower()}|{match['verb'].lower()}",
            )
        )
    match = _HAVE_COUNT.match(text)
    if match and match["noun"].lower() not in _NOT_COUNTED:
        found.append(
            Found(
                "I",
                "have",
                match["value"],
                f"I have {match['value']}.",
                "fact",
                f"i|have|{match['noun'].lower()}",
            )
        )
    return found


def fragments(text: str) -> list[Found]:
    """Facts in clauses without a verb of their own: weekly times, counts that changed."""
    found = []
    moved = _MOVED_DAY.match(text)
    match = None if moved else _WEEKLY.match(text)
    if moved:
        subject = f"my {moved['what'].lower()}"
        days = capitalise(moved["value"].lower())
        found.append(
            Found(subject, "day", days, f"{capitalise(subject)} is now on {days}.", "fact", f"{subject}|day")
        )
    if match and _weekly_topic(match["what"]):
        what = re.sub(r"\b(?:is|are|now|moved|on|always|training plan|later)\b", "", match["what"].lower())
        what = " ".join(what.split())
        repeated = re.search(
            r"days|\b(?:every|always|now)\b", match[0] + text[match.end() : match.end() + 14], re.IGNORECASE
        )
        subject = f"my {what}" + (f" for {match['extra']}" if match["extra"] else "")
        if repeated and what:
            value = match["value"].strip().lower()
            days = capitalise(re.sub(r"day(?!s)(?=$| at)", "days", value))
            found.append(
                Found(subject, "day", days, f"{capitalise(subject)} is on {days}.", "fact", f"my {what}|day")
            )
    match = _COUNT.match(text)
    if match:
        value = match["value"].lower()
        found.append(
            Found(
                "I",
                "have",
                value,
                f"I have {value} now.",
                "fact",
                f"i|have|{match['noun'].lower().rstrip('s')}s",
            )
        )
    return found


def _weekly_topic(what: str) -> bool:
    """Whether the words before a weekday name something that takes place."""
    words = what.lower().split()
    leading = {
        "i",
        "we",
        "he",
        "she",
        "it",
        "they",
        "that",
        "what",
        "how",
        "is",
        "are",
        "see",
        "not",
        "no",
        "mine",
        "like",
        "and",
        "but",
    }
    return (
        words[0] not in leading
        and not set(words) & {"not", "isn't", "isnt", "no", "mine", "like", "i", "we"}
        and "past" not in {kind for _, kind in FORMS.get(words[0], ())}
        and not (words[0] in KIN and any("third" in kinds(word) for word in words[1:]))
    )


def _who(text: str) -> str:
    return text[:1].lower() + text[1:]
