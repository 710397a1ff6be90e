"""What a person asks the memory to forget, told apart from deleting a line and from "forget it for now".

To forget is for good, so a request must say that it means the memory: by what was told ("what I said about"),
by where it is kept ("from your notes"), by calling it a thing or stuff, or as a plea that ends there.
"""

from __future__ import annotations

import re

_SOME = r"[^.!?\n]{2,120}?"
_END = r"(?=\s*(?:[.!?\n]|$))"
_PLEASE = r"(?:please |pls |plz |just |also |now |so |and |can you |could you )*"
# Of a text at hand one deletes and removes; nobody asks to forget or to unlearn a part of it.
_FORGET = r"(?:forget|unlearn|scrub)"
_ERASE = r"(?:forget|delete|erase|remove|scrub|wipe|unlearn|strike|drop)"
_TOLD = r"(?:said|told you|mentioned|wrote|shared|let slip|confided|revealed|blurted out)"
_WHEN = r"(?: to you)?(?: \w+day| earlier| before| yesterday| today)?"
_TOLD_OF = (
    rf"(?:(?:what|everything|anything|all|that|whatever) i(?:'ve| have)? (?:just |ever )?{_TOLD}{_WHEN}"
    rf"(?: about| on| that)?|"
    rf"(?:that )?i(?:'ve| have)? (?:ever )?{_TOLD}{_WHEN}(?: anything)?(?: that| about)?|"
    r"(?:everything|anything|all)(?: that)?(?: you know)? about|"
    r"(?:the|that|this) (?:things?|stuff|business|story) (?:about|with|on|from)|"
    r"(?:any|all|every) (?:mentions?|traces?) of)"
)
_LEAD = rf"(?:{_TOLD_OF}|(?:the|that|this) (?:bits?|facts?|parts?) (?:about|with|that|on|of)|that i)"
_OWN = r"(?:my|the|that|this|our)"
_FEW = rf"{_OWN} (?:[\w'-]+ ){{1,4}}?"
_THING = r"(?:thing|stuff|bit|business|story|part|saga|matter|detail|info)s?"
_KEPT = (
    r"(?:from|off|out of|in) (?:(?:whatever|everything|anything|what|all) you(?:'ve| have)? "
    r"(?:keep|kept|know|stored?|saved?|hold|remember|got|have)\b[^.!?\n]{0,40}|"
    r"your (?:\w+ )?(?:memory|memories|notes|records?|profile|ledger|diary|brain|head|logs?)|"
    r"(?:the|my) (?:memory|memories|ledger)\b)"
)
_WHY = (
    r"(?:(?:it'?s|its|that'?s|thats) (?:\w+ ){0,3}?(?:private|mine|embarrassing|nobody'?s business|none of)|"
    r"nobody'?s business|i (?:don'?t|dont) want|i'?d rather|bit embarrassing|not for)\b"
)
_AFTER = (
    r"(?:(?:\s*,\s*|\s+)(?:(?:ok|okay|right|now|again|entirely|completely|for good|too|as well|all of it)\b|"
    r"(?:please|pls|plz|thanks|thx|ta|cheers|would you|will you|can you|could you|"
    rf"{_WHY})\b[^.!?\n]{{0,80}}))"
)
_NOT = (
    r"(?:(?:^|[.!?,;:\n]\s*|\b(?:please|pls|and|so|but|also|hey|ok),? )(?:don'?t|do not|never|stop)|"
    r"\b(?:can|could|would|will) you (?:please )?not|\bno need to|\bneedn'?t|"
    r"\b(?:you )?(?:don'?t|dont) (?:have|need) to|\bi (?:don'?t|dont) want you to|"
    r"\b(?:i'?d|i would) (?:rather|prefer)(?: if)? you (?:didn'?t|did not|don'?t|won'?t))"
)
_HOLD = r"(?:remember|store|keep|save|repeat|record|memori[sz]e|hold on to|hang on to)(?:ing)?"
_POLITE = r"(?:please|pls|plz|(?:can|could|would|will) you)"
_THEM = r"(?:it|that|this|them|all of it|all of that|everything)\b"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # "forget what I said about the pay rise"
        rf"\b(?:{_FORGET} {_LEAD}|{_ERASE} {_TOLD_OF}) (?P<topic>{_SOME}){_AFTER}*{_END}",
        # "delete the tablets from your notes"
        rf"\b{_ERASE} (?P<topic>{_SOME}) {_KEPT}",
        # "forget the tablets thing"
        rf"\b{_FORGET} (?:about )?(?P<topic>{_FEW}){_THING}\b{_AFTER}*"
        rf"(?:\s*,(?P<more>[^.!?\n]{{0,60}}))?{_END}",
        # "please forget my diagnosis"
        rf"\b{_POLITE} {_PLEASE}forget (?:about )?(?P<topic>{_OWN} {_SOME}){_AFTER}*{_END}",
        # "forget my diagnosis please"
        rf"(?:^|[.!?\n]\s*|\b(?:so|and|but|hey|ok|also),? )forget (?:about )?"
        rf"(?P<topic>{_OWN} {_SOME}){_AFTER}+{_END}",
        # "don't store anything about my weight", "can you not keep that melatonin thing"
        rf"{_NOT} {_HOLD} (?:{_LEAD} (?P<topic>{_SOME})|(?:about )?(?P<thing>{_FEW}){_THING}\b)"
        rf"{_AFTER}*{_END}",
        # "what I told you about the therapist, please wipe that"
        rf"{_TOLD_OF} (?P<topic>{_SOME})\s*[,.;:!-]+\s*{_PLEASE}{_ERASE} {_THEM}",
        # "that melatonin thing? forget it please"
        rf"\b(?P<topic>{_FEW}){_THING}\b[^.!?\n]{{0,40}}[.?!,;:-]+\s*{_PLEASE}{_FORGET} {_THEM}",
    )
)
# Somebody else's doing, or the opposite: "he told me to forget the thing", "don't forget what I said".
_NOT_ASKED = re.compile(
    r"\b(?:i|we|they|he|she|who|to|i'?ll|i'?d|never|ever|always|not|don'?t|didn'?t|can'?t|won'?t|cannot|"
    r"(?<!can )(?<!could )(?<!would )(?<!will )you)(?: (?:just|ever|also|please))? $",
    re.IGNORECASE,
)
_FOR_NOW = re.compile(
    r"\bfor (?:a|one|the) (?:\w+ )?(?:sec|second|minute|moment|bit|while|day|night|weekend)\b|"
    r"\bfor (?:now|once|today|tonight)\b|\bright now\b",
    re.IGNORECASE,
)
# Words of a text or a dish at hand, which one asks to have parts of taken out.
_AT_HAND = re.compile(
    r"\b(?:columns?|rows?|lines?|files?|words?|sentences?|paragraphs?|comma|draft|text|tables?|index|code|"
    r"functions?|(?:last|first|second|third) (?:part|bit)|exclamation|emojis?|bullets?|headings?|titles?|"
    r"spaces|duplicates|garlic|salt|sugar|recipe|intro|email|letter|essay|chapter|scene|character)\b",
    re.IGNORECASE,
)
# "the loan thing, the debt": the same once more.
_APPOSED = re.compile(rf"(?:^|,)\s*({_OWN} [\w'-]+(?: [\w'-]+)?)(?=\s*(?:,|$))", re.IGNORECASE)
_TOLD_YOU = re.compile(rf"\bi(?:'ve| have)? (?:just |ever )?{_TOLD}", re.IGNORECASE)


def topics_to_forget(text: str) -> list[str]:
    """What the text asks to forget, in its own words; empty when it asks for nothing of the kind."""
    found: list[str] = []
    taken: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            named = match.groupdict()
            topic = _plain(named.get("topic") or named.get("thing") or "")
            again = any(low < match.end() and match.start() < high for low, high in taken)
            if topic and not again and _asked(text, match):
                taken.append(match.span())
                found += [topic, *_APPOSED.findall(named.get("more") or "")]
    return found


def _asked(text: str, match: re.Match[str]) -> bool:
    """Whether the words are the person's own wish for good, about the memory and not a text at hand."""
    before = text[max(0, match.start() - 24) : match.start()]
    at_hand = _AT_HAND.search(match[0]) and not _TOLD_YOU.search(match[0])
    return not (at_hand or _NOT_ASKED.search(before) or _FOR_NOW.search(match[0]))


def _plain(topic: str) -> str:
    """The topic without what leads to it or only calls it something."""
    topic = re.sub(r"^(?:about|that|all|of|with|on)\s+(?=\S)", "", topic.strip(" ,"), flags=re.IGNORECASE)
    return re.sub(rf"\s+{_THING}$", "", topic.split(", ")[0].strip(" ,"), flags=re.IGNORECASE)
