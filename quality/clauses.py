"""Own text cut into sentences and clauses, and which of them are play, orders, questions or imagined.

Works on what quality/foreign.py leaves of a message; which facts a clause tells is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from data.lexicon import KIN

_PLAY = re.compile(
    r"\b(?:in character|(?:write|make|compose|do|draft) (?:me |us )?(?:a|an|some|the) "
    r"(?:\w+ ){0,3}(?:story|poem|song|scene|dialogue|monologue|limerick|haiku|script|diary entry|"
    r"speech|bio|cover letter|sketch|sonnet)\b(?!(?: \w+)? (?:about|for|on) (?:my|our|me)\b)|"
    r"(?:make up|invent|come up with) (?:an? |some )(?:\w+ )?(?:person|character|name|family|profile|story|"
    r"patient|customer|"
    r"company|animal)|imaginary|fake (?:profile|account|person|name|bio|id)|20 questions|twenty questions|"
    r"rate my (?:joke|pun|story|poem)|first[- ]person|dungeon master|my character|our campaign|narrator|"
    r"continue the (?:scene|story))\b",
    re.IGNORECASE,
)
_ROLE_PLAY = re.compile(
    r"\b(?:pretend|role[- ]?play(?:ing)?|let'?s (?:play|say)|imagine (?:you|u|i|we|that)|act as|you are now|"
    r"you're now an?|u r now|play the part|you are an? (?:\w+ )?(?:guard|pirate|knight|wizard|dragon|"
    r"detective))\b",
    re.IGNORECASE,
)
_INJECTION = re.compile(
    r"\b(?:ignore (?:all |your |any |the |previous |prior )|disregard (?:all|your|any|the|previous)|"
    r"system prompt|you must now|"
    r"the user'?s |developer mode|new instructions|\[?(?:system|inst)\]?\s*:)",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if i (?:had|were|was|could|ever|won|got|get|did|ran|owned|lived|been)|if (?:we|he|she|they|"
    r"my \w+) (?:had|were|was|could|ever|won)|"
    r"what if|suppose|supposing|assuming|imagine|imagining|hypothetically|i wish|if only|would(?:n't)?|i'd|"
    r"we'd|he'd|she'd|"
    r"pretend|in (?:a|another|my next) (?:parallel|past|other|different|future)? ?(?:life|universe|"
    r"dream)|dreamt|dreamed (?:that|i)|"
    r"in (?:the|my) (?:dream|story|novel|game|film|movie|book|song|d&d)|just kidding|kidding|jk|j/k|"
    r"joking|joke|not really|lol no|"
    r"if (?:i|we) [^,.?!]{2,40},? (?:i|we)(?:'ll| will) (?:become|turn|be|join|move)|"
    r"fictional|made[- ]up|sarcas\w+|/s|let'?s say|as if|next life|(?:when|once|if|after) i (?:win|"
    r"become|rule|get rich|die)|"
    r"one day i(?:'ll| will| might)|someday i|clearly a|secretly|if all else fails|for all you know|"
    r"in my head|oh sure|yeah and i'?m|basically (?:a|the)|literal(?:ly)? an?|the (?:queen|king) of|"
    r"batman|superman|an? literal|obviously an?|allegedly|yes officer|"
    r"as (?:your|the) (?:king|queen|captain))\b",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(
    r"\b(?:what|which|how|where|who|when|why)\b[^.,;]*?\bwould\b|^(?:and |so |ok |hi,? |hey,? )?would "
    r"(?:you|that|it|this|they|these)\b",
    re.IGNORECASE,
)
_JOKING = re.compile(
    r"\b(?:kidding|jk|j/k|joking|joke|not really|lol no|sarcas\w+|/s|as if|if|suppos\w+|imagin\w+|pretend|"
    r"dream\w*|fictional|made[- ]up|let'?s say|novel|story|game)\b",
    re.IGNORECASE,
)
_BEFORE_IT = re.compile(r",|;|\s(?:but|and|so|because)\s|\s[-–—]\s")
_JEST = re.compile(
    r"^(?:yes officer|oh sure|sure sure|yeah and i'?m|yeah right|haha my|of course,? your)\b|"
    r"\b(?:didn'?t you know|don'?t you know|obvs|as everyone knows)$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<=[.!?…])[\"')\]]*\s+|(?<=[!?])(?=[A-Za-z])|\n+|(?<=\S)\s+[-–—]{1,2}\s+(?=\S)|\s*;\s+|"
    r"\s+\*\s+|\s*—\s*"
)
_ABBREVIATION = re.compile(
    r"\b(?:dr|mr|mrs|ms|st|prof|etc|e\.g|i\.e|approx|no|vs|jr|sr|a\.m|p\.m|fr|hr)\.$", re.IGNORECASE
)
_STARTER = (
    r"i|i'm|im|i've|ive|my|we|we're|our|he|she|it|they|he's|hes|she's|shes|its|it's|that's|thats|his|"
    r"her|their|the|"
    r"you|your|this|there|who|which|can|could|how|what|should|is|are|do|does|any|please|pls|not|no|"
    r"why|where|when|will|would|need|quiz|test|give|write|draft|name|design|theyre|they're"
)
_CLAUSE = re.compile(
    rf"\s*,\s+(?=(?:(?:and|but|so|because|cause|cos|since|though|although|plus|also|now|then|anyway|"
    rf"btw|and now|and then|and also|like)\s+)?(?:{_STARTER})\b)"
    rf"|\s+(?=(?:and|but|so|because|cause|cos|plus|although|though|while)\s+(?:also\s+|now\s+|"
    rf"then\s+)?(?:i|i'm|im|i've|ive|my|we|he|she|it's|its|it|they|our|that's|thats|is|can|how|what|"
    rf"should|could|do)\b)"
    r"|,\s+(?=(?:took|taking|says|said|but|went|got|starting|trying|making|still|always|never|no|a|"
    r"one|whole|all|just|even|mainly|like|hence|especially|which)\b)"
    r"|,\s+(?=[a-z]+ [a-z]+ (?:is|are|was|were|has|have)\b)"
    r"|\s+(?=and (?:lives|works|has|loves|likes|plays|teaches|studies|runs|drives|speaks|sells|owns|keeps|"
    r"collects|hates|moved|demands|lived|worked) \w)"
    r"|\s+(?=so (?!that|much|many|far|long|called|good|bad|fun|cute|very|loud|hard|fast|well|little|"
    r"few|often|am|do)\w)"
    r"|\s+(?=and (?:the|his|her|our|one|nobody|everyone|everything|now) (?:\w+ ){0,2}(?:only|is|was|"
    r"are|has|had|of|keeps|still|just)\b)"
    r"|\s+(?=(?:so|because|cause|cos) (?:the|everything|everyone|nobody|no|there|his|her|a|today|"
    r"now)\b)|,?\s+(?=but (?:not|the|only|now)\b)"
    r"|\s+(?:btw|by the way|lol|haha|tbh|ngl|imo|fyi|omg|"
    r"(?-i:HELP|ARGH|WTF))\b\s*,?\s*|\s*\((?=[^)]{6,})|(?<=[^(]{8})\)\s*"
    r"|\s*:\s+(?=(?:i|i'm|im|i've|my|we|he|she|it's)\b)|\s+(?=(?:which|who) (?:is|was|are) my\b)",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^(?:(?:and|but|so|because|cause|cos|since(?= (?:i|my|we|he|she|it|they|the|there)\b)|plus|also|"
    r"anyway|anyways|btw|by the way|well|ok|okay|"
    r"oh|ah|ha|haha|lol|yes|yeah|yep|"
    r"nope|hey|hi|hello|hmm|um|uh|thanks|thank you|thx|right|great|cool|nice|perfect|good|morning|"
    r"evening|good morning|good evening|"
    r"fyi|ps|p\.s|update|news|fun fact|big news|good news|bad news|guess what|honestly|actually|sorry|"
    r"no wait|wait|oops|"
    r"though|although|argh|ugh|yay|omg|wow|damn|sadly|luckily|remember that|remember|note that|"
    r"please remember that|please note that|"
    r"just so you know|for context|context|for the record|to be clear|as i said|like i said|"
    r"i think(?= i(?:'m| like| love| prefer)\b)|(?:i )?can'?t believe(?: that)?|did i tell you that|did i "
    r"mention|i think i told you|"
    r"let me add that|i should (?:say|mention|add)(?: that)?|you should know(?: that)?|turns out|"
    r"apparently|the thing is|thing is|truth is|by now|and now|then)\b[\s,:!.-]*)+",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?!(?:my|our|i|we|remember) ?)(?:[a-z]+ )?[a-z]+:\s+(?=\w)|^(?:[\w'-]+ ){0,4}(?:q|question|help|"
    r"update|news|report|time|script|code)\s?:\s+|^(?:short|"
    r"quick|weird|silly|dumb|random|r|python) (?:q|question)[:.,]?\s+",
    re.IGNORECASE,
)
_QUESTION_START = re.compile(
    r"^(?:(?:so |and |but |or |also |then )?(?:what|whats|what's|how|hows|why|when|where|who|whose|"
    r"which|is|are|am|do|does|did|can|could|should|would|will|may|shall|has|have (?:i|you|we)|"
    r"any (?:idea|tips|advice)|is it|was|were|isn't|aren't|don't you|whos|wheres)|(?:ideas?|thoughts|"
    r"tips|advice|suggestions?|help|recs?)$|(?:tell|give|show|write|make|list|explain|recommend|"
    r"suggest|help|remind|translate|find|name|pick|rate|compare|convert|calculate|draft|describe|"
    r"define|summari[sz]e|rephrase) (?:me|us|my|a|an|the|some|it|this|two|three|\d+)|please|pls|"
    r"let'?s)\b|[\w ,]{3,80}\b(?:doesn't|isn't|didn't|wasn't|hasn't|aren't) (?:he|she|it|they|you)$",
    re.IGNORECASE,
)


def is_play(text: str) -> bool:
    """Whether the message asks for play or fiction, so that nothing in it is about the person."""
    return bool(_PLAY.search(text)) or is_role_play(text)


def is_role_play(text: str) -> bool:
    """Whether the message opens a play with roles, in which later messages are said by a role."""
    return bool(_ROLE_PLAY.search(text))


def is_injection(text: str) -> bool:
    """Whether the text talks to the machinery rather than about the person."""
    return bool(_INJECTION.search(text))


@lru_cache(maxsize=256)
def is_hypothetical(sentence: str) -> bool:
    """Whether a sentence speaks of what is not so: conditionals, wishes, jokes, stories."""
    return bool(_HYPOTHETICAL.search(sentence) and _HYPOTHETICAL.search(_ASKED_FOR.sub("", sentence)))


def sober(sentence: str) -> str:
    """The clauses before the one that only imagines or asks what would be; empty when there are none."""
    asked = _ASKED_FOR.match(sentence)
    start = _HYPOTHETICAL.search(sentence, asked.end() if asked else 0)
    if start is None or _JOKING.search(sentence):
        return ""
    ends = [m.start() for m in _BEFORE_IT.finditer(sentence, 0, start.start())]
    return sentence[: ends[-1]] if ends else ""


def is_jest(sentence: str) -> bool:
    """Whether the whole sentence is said as a joke."""
    return bool(_JEST.search(sentence.rstrip(" .!?")))


def sentences(text: str) -> list[tuple[str, bool]]:
    """Sentences of own text with whether each is a question."""
    found: list[tuple[str, bool]] = []
    pending = ""
    for piece in _SENTENCE.split(text):
        joined = f"{pending} {piece}".strip() if pending else piece.strip()
        if _ABBREVIATION.search(joined):
            pending = joined
            continue
        pending = ""
        if joined:
            found.append((joined, joined.rstrip(" )\"'").endswith("?")))
    if pending:
        found.append((pending, False))
    return found


def clauses(sentence: str, names: Iterable[str] = ()) -> list[str]:
    """Clauses of a sentence without the connectives at their start; a known name may start one."""
    parts = []
    sentence = _INSERTED.sub(r"\1 \2 ", _TOGETHER.sub("\\1 \0and \\2", sentence))
    low = sentence.lower()
    known = "|".join(re.escape(name) for name in names if name.lower() in low)
    pieces = _CLAUSE.split(sentence)
    if known:
        start = re.compile(
            rf"(?:, (?:and |but |so )?| (?:and|but|so|because) )(?=(?:{known})(?:'s)? )", re.IGNORECASE
        )
        pieces = [part for piece in pieces if piece for part in start.split(piece)]
    for piece in pieces:
        piece = piece.replace("\0", "")
        text = _CONNECTIVE.sub("", _LABEL.sub("", piece.strip())).strip(" ,.!?;:()*~-–—")
        if text:
            parts.append(text)
    return parts


_TOGETHER = re.compile(
    rf"\b((?i:my|our) (?:{'|'.join(sorted(KIN | {'family'}))})(?: [A-Z][\w'-]+)?) and ([Ii]|me)\b"
)
_INSERTED = re.compile(r"\b([Mm]y(?: [a-z-]+){1,3}), ([A-Z][\w-]+(?: [A-Z][\w-]+)?), (?=[a-z]+ )")


def is_question(clause: str) -> bool:
    """Whether a clause asks something even without a question mark."""
    return bool(_QUESTION_START.match(clause)) or bool(_TAGGED.search(clause))


_TAGGED = re.compile(
    r"^(?!(?:i|i'm|im|my|we|our|all|not|turn\w*|on)\b).* (?<!is )(?<!was )(?<!the )(?<!turn )(?<!turned "
    r")(?<!all )(?:right|innit|huh|, no|correct)$",
    re.I,
)
