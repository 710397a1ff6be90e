"""What is over by tomorrow: where one sits, what is in the fridge, a meal, minutes left, a battery at 3 %.

Judges one parsed clause by its own words; what lasts or has a date is left to the other judges.
"""

from __future__ import annotations

import re

from data.grammar_clauses import Clause
from data.lexicon_verbs import kinds

_WHERE_NOW = re.compile(
    r"^(?:(?:still|just|now|currently|already|stuck|back) )*(?:on (?:the|a|my) (?:bus|train|tram|plane|"
    r"tube|metro|loo|toilet|"
    r"sofa|couch|phone|way|break|lunch break|treadmill|motorway)\b|on (?:hold|mute|speaker|loudspeaker|"
    r"my (?:lap|feet|head|chest|shoulder|keyboard|pillow))\b|in (?:a|the|another) "
    r"(?:meeting|queue|hurry|rush|"
    r"taxi|car|bath|shower|lift|call|traffic|waiting room|middle of)\b|in traffic\b|at (?:the|a) "
    r"(?:airport|gate|station|bus "
    r"stop|till|checkout|shops?|supermarket|gym)\b(?! (?:every|each|on \w+days))|at "
    r"(?:\d+|[a-z]+(?:[- ][a-z]+)?) ?(?:%|per ?cent)|out "
    r"of (?!(?:work|"
    r"prison|hospital|remission|town|the|my|his|her)\b)|down to (?:my|the) last\b|low on\b)",
    re.IGNORECASE,
)
_WAITING = re.compile(
    r"^(?:due|overdue|loading|buffering|looking at (?:me|us|you|it)|reading about .+|after \d.*)$",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"^(?:cold|flat|stale|quiet|mad|wild|viral|blank|soggy|mouldy|moldy|dead)$", re.IGNORECASE
)
_MEAL = re.compile(
    r"^(?:just |already |only )*(?:an? |the |some |my |our )?(?:\w+ )?(?:lunch|dinner|breakfast|brunch|"
    r"supper|tea|coffee|pizza|"
    r"takeaway|sandwich|soup|curry|pasta|sushi|burgers?|ramen|drinks?|nap|shower|bath|snack|beers?|wine)\b",
    re.IGNORECASE,
)
_ONCE_EATEN = re.compile(
    r"\b(?:just|yesterday|today|tonight|last night|this (?:morning|evening)|earlier|for (?:lunch|dinner|"
    r"tea))\b|\d{4}$",
    re.I,
)
_LASTING_MEAL = re.compile(
    r"\b(?:every|always|usually|since|for \w+ years|with my|allerg\w+|reaction|first)\b", re.IGNORECASE
)
_GROCERIES = re.compile(
    r"^(?:some |a |the |more |(?:\d+|two|three|four|five|six) )?(?:milk|bread|eggs|"
    r"butter|flour|rice|cheese|yoghurt|yogurt|veg|fruit|"
    r"groceries|of (?:those|these))\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"^(?:got )?(?:only |about |like )?(?:\d+|an?|two|five|ten|half an?) (?:min|mins|minutes?|secs?|"
    r"seconds|hours?)\b(?! (?:drive|walk|from|away|commute|each|a |every|off))",
    re.I,
)
_ENDED = re.compile(
    r"^(?:just )?(?:the|an?|that|my) (?:\w+ )?(?:season|episode|series|film|movie|level|call|meeting|lunch|"
    r"shower|coffee|tea|crossword)\b",
    re.IGNORECASE,
)
_PLAYED = re.compile(r"\b(?:last night|yesterday|today|tonight|again)\b|\d{4}$", re.IGNORECASE)


_ERRAND = frozenset(
    "fetch grab head pick carry drag haul load unload collect drop hide refuse argue chase empty fill hang "
    "hoover vacuum iron mop sweep charge download upload scan sort queue".split()
)
_CHORE = frozenset("get make take find do bring buy put finish warm heat check".split())
_BEFORE_LONG = re.compile(
    r" (?:before|while|until|till|as long as) (?:the|my|our|it|he|she|they|i|we|mum|mom|dad|someone|everyone|"
    r"[A-Z]\w+)\b"
)
_FOR_LIFE = re.compile(
    r"^\w+ing (?:(?:re)?married|engaged|divorced|sober|(?:an? |my |the )?(?:\w+ )?(?:degree|licence|license|"
    r"operation|surgery|job|course|class(?:es)?|lessons?|tablets|medication|pills|exams?|break|sabbatical|leave|"
    r"dog|puppy|cat|kitten|tattoo|visa|passport))\b",
    re.IGNORECASE,
)
_RIDE = re.compile(
    r"^taking (?:the|a|an) (?:\w+ )?(?:bus|train|tram|taxi|cab|ferry|lift|stairs|tube)\b", re.I
)
_LETTER = re.compile(
    r"^(?:writing|drafting|sending|typing|answering) (?:an?|the|my|this|that|some) (?:\w+ )?(?:e-?mails?|"
    r"letter|note|text|message|reply|card|review|list|complaint|post|caption)\b",
    re.IGNORECASE,
)
_REGULAR = re.compile(
    r"\b(?:every|each|usually|always|often|most|since|for (?:\w+ )?(?:years|months|weeks)|\d{4}|\w+days)\b"
)
_TIME_OF_DAY = re.compile(
    r"^(?:up )?(?:at|in|during|by|all|every) (?:the )?(?:night|day|morning|evening|afternoon|nights|mornings|"
    r"dawn|dusk)$"
)
_BODILY = frozenset("wake sleep purr bark snore meow squeak rattle hum yawn stare".split())
_HOUSE_MOVED = re.compile(
    r"^(?:out|in|away|back|house|home|flat|flats|abroad|schools?|jobs?|countr|cit|towns?|here|there|up|down|on|"
    r"across|around|over|near|closer|continents|states|.*\b(?:to|into|from)\b)",
    re.IGNORECASE,
)
_WRONG_ONE = re.compile(r"^(?:the|an?|my) wrong \w", re.IGNORECASE)
_OTHERS_SAY = re.compile(r"^(?:told|supposed to (?:be|have)|meant to (?:be|have)|off to|about to)\b")
_SOON = re.compile(
    r"\b(?:later(?: on)?|in (?:an hour|half an hour|a (?:bit|minute|moment|sec)|(?:\d+|ten|five|twenty|two|"
    r"a few) (?:min\w*|hours?)))(?=$|[,.;]| (?:and|so|but)\b)"
)
_TODAYS_TURN = re.compile(
    r"^(?:an? |the |my |our )?(?:\w+ )?(?:shift|football|practice|training|gym|swimming|rehearsal|lesson|"
    r"class|homework|dishes|washing up|cooking|dinner|school run|bins)\b.* today$"
)
_VEG_BOX = re.compile(
    r"\b(?:in|from|with) (?:the|my|our|this week's|an?) (?:\w+ )?(?:veg|veggie|farm|fruit|food|organic|"
    r"delivery|csa|meal|recipe) ?(?:box|bag|kit)\b"
)
_DAUBED = re.compile(
    r"^(?:some |an? )?(?:\w+ )?(?:paint|ink|glue|superglue|oil|wax|gum|sand|soap|bleach|chilli|mud|grease|"
    r"resin|dye|tar|wine|sauce|ketchup|turmeric|curry|splinter|crumbs) (?:on|in|all over|under|up) "
)
_SCRIBBLED = re.compile(r"^(?:all )?(?:on|over) (?:the|my|our|his|her) ")
_SPOILT = re.compile(r"^(?:the|an?|some|lunch|dinner|breakfast|toast)\b(?!.*\bdown\b)")
_SPOILING = frozenset("burn overcook scorch drop spill".split())
_NOISY = frozenset("drill hammer drum mow hoover vacuum saw".split())
_WITHIN_EARSHOT = re.compile(
    r"\b(?:again|now|as we speak|outside|upstairs|downstairs|next door|all (?:day|night|morning)|today|"
    r"at (?:midnight|night|dawn|\d+ ?am))\b",
    re.IGNORECASE,
)
_IN_A_MOOD = re.compile(
    r"^(?!(?:married|engaged|pregnant|free|sober|retired|divorced|home|off|due|born|official|officially)\b)"
    r"(?:(?:so|very|really|a bit|extra) )?(?:[a-z]+ing (?:at |about )?[a-z]*|[a-z]+) today$"
)
_WATCHED = re.compile(r"^(?:judging|watching|staring at|glaring at|following|ignoring|eyeing) (?:me|us)\b")
_DISHED_UP = re.compile(
    r"^(?:me |us )?(?:some |an? |the )?"
    r"(?:toast|lunch|dinner|breakfast|brunch|supper|tea|coffee|pizza|soup|curry|pasta)$",
    re.IGNORECASE,
)
_NAMELESS = re.compile(r"^the (?:other|same|usual|wrong|right) (?:stuff|things?|ones?)$", re.IGNORECASE)
_ONE_OF_US = re.compile(r"^(?:never |always |usually |not )?the (?:[a-z]+ )?one(?: with| who|$)")


def momentary(clause: Clause, said: str) -> bool:
    """Whether a clause tells only of the hour in which it was written; `said` has its day in words."""
    return _once(clause, said) or _of_the_hour(clause, said)


def _once(clause: Clause, said: str) -> bool:
    """An errand, a chore done before something happens, a ride, a mishap, what a thing does at night."""
    rest = clause.rest
    if clause.copula:
        first, regular = rest.split(" ")[0].lower(), bool(_REGULAR.search(said))
        doing = kinds(first).get("gerund", "")
        chore = doing in _CHORE and _BEFORE_LONG.search(rest) and not _FOR_LIFE.match(rest)
        if doing and not regular and (doing in _ERRAND or chore or _RIDE.match(rest) or _LETTER.match(rest)):
            return True
        if _WATCHED.match(rest) or _stirring(clause, doing, said):
            return True
        return clause.subject in {"I", "We"} and bool(_OTHERS_SAY.match(rest) or _ONE_OF_US.match(rest))
    past = clause.tense == "past" or clause.aux in {"have", "has", "had"}
    if past and clause.base in {"make", "cook"} and _DISHED_UP.match(rest) or _NAMELESS.match(rest):
        return True
    if clause.base == "get" and past and (_VEG_BOX.search(rest) or _DAUBED.match(rest)):
        return True
    if past and (
        clause.base in _SPOILING and _SPOILT.match(rest) or clause.base == "draw" and _SCRIBBLED.match(rest)
    ):
        return not _REGULAR.search(said)
    if past and clause.base == "move" and clause.subject in {"I", "We"}:
        return not _HOUSE_MOVED.match(rest)
    if (past or "always" in said) and _WRONG_ONE.match(rest) and clause.base != "marry":
        return True
    return clause.base in _BODILY and clause.subject not in {"I", "We"} and bool(_TIME_OF_DAY.match(rest))


def _stirring(clause: Clause, doing: str, said: str) -> bool:
    """What somebody is playing or drilling within earshot, and the mood they are in today."""
    if _IN_A_MOOD.match(clause.rest):
        return not doing or doing in _NOISY
    heard = doing in _NOISY and clause.subject not in {"I", "We"} and " and " not in clause.subject
    return heard and bool(_WITHIN_EARSHOT.search(said)) and not _REGULAR.search(said)


def _of_the_hour(clause: Clause, said: str) -> bool:
    """Where one is, what is to eat, how long one has: a state that is over by tomorrow."""
    rest, said = clause.rest, said.rstrip(" .!")
    if clause.verb == "gone" and _TURNED.match(rest):
        return True
    if clause.base in {"have", "get", "do"} and (_SOON.search(said) or _TODAYS_TURN.match(rest)):
        return True
    if clause.copula:
        return bool(
            _WHERE_NOW.match(rest) or _WAITING.match(rest) or _TURNED.match(rest.removeprefix("gone "))
        )
    if clause.base == "go" and _TURNED.match(rest):
        return True
    if clause.subject in {"I", "We"}:
        if clause.base in {"have", "eat", "drink", "get", "make", "order"} and _MEAL.match(rest):
            past = clause.tense == "past" or clause.aux in {"have", "had"}
            return past and bool(_ONCE_EATEN.search(said)) and not _LASTING_MEAL.search(said)
        if clause.base in {"have", "get"} and _LEFT.match(rest):
            return True
        if _GROCERIES.match(rest) and (
            clause.base in {"buy", "get"} and clause.tense == "past" or clause.base == "have"
        ):
            return True
        return clause.base in {"finish", "watch"} and clause.tense == "past" and bool(_ENDED.match(rest))
    played = clause.base in {"lose", "win", "draw"} and "team" in clause.subject.lower()
    return played and bool(_PLAYED.search(said)) and len(rest.split()) < 5
