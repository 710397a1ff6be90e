"""Names of people, animals and things, told outright or by apposition, and what can be a name at all."""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar_clauses import capitalise
from data.lexicon import ADVERBS, COLOURS, KIN, KIN_UNIQUE, MONTHS, PETS, STOPWORDS, THINGS, WEEKDAYS
from data.lexicon_verbs import FORMS, kinds
from data.synonyms import is_nationality
from quality.found import Found


def _alternatives(words: frozenset[str]) -> str:
    return "|".join(sorted((re.escape(w) for w in words), key=len, reverse=True))


_ADJ = (
    r"(?:(?:best|older|younger|little|big|eldest|oldest|youngest|twin|new|old|other|second|first|late|"
    r"dear|ex|half|step|great|"
    r"only|baby|elder|middle|upstairs|downstairs|next[- ]door|closest|oldest|favou?rite|former|"
    r"current|work|school|uni|"
    r"pet|rescue|lovely|poor|stupid|silly|beloved|tiny|fat|lazy|black|white|grey|gray|ginger|tabby|"
    r"brown|three-legged|one-eyed|electric|"
    r"vintage|rusty|trusty|red|blue|green|yellow|orange|purple|cargo|folding|e|golden|german|border|"
    r"guinea|river|sour) )?"
)


ROLE = rf"(?:{_ADJ}{_ADJ}(?:{_alternatives(KIN)}|{_alternatives(PETS)}|{_alternatives(THINGS)}|pet|pig))"


PERSON_ROLE = rf"(?:{_ADJ}{_ADJ}(?:{_alternatives(KIN)}))"


PERSON_NOUN = (
    r"(?:[a-z]{3,}(?:er|or|ist|man|woman|ian|mate|ess|eeper|yer|ee|ie|cist|eon)|chef|nurse|coach|vicar|"
    r"priest|"
    r"gp|tutor|cook|guard|pilot|judge|(?:line|team|project|store|bank|office) (?:manager|leader|lead)|au "
    r"pair)"
)


CAP = r"[A-ZÀ-ÖØ-ÞŁŚŻŽŠČĆĐĞİÅÆŒ][\w'’\-]*"


_TITLE = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Madame|Monsieur|Señora?|Professor|Prof|Captain|Sir|Aunt|Uncle|"
    r"Auntie|St|Old|mr|mrs|ms|dr|herr|frau)\.? )"
)


NAME = rf"{_TITLE}?{CAP}(?:(?: (?:of|the|and|de|van|von|der|la|le|du|al|bin) | ){CAP}){{0,3}}"


_LOW = r"(?:(?:mr|mrs|ms|dr|herr|frau)\.? )?[^\W\d_]{2,}(?:-[^\W\d_]+)?"


ANYNAME = rf"(?:{NAME}|{_LOW})"


NOT_NAMES = (
    STOPWORDS
    | ADVERBS
    | KIN
    | PETS
    | THINGS
    | COLOURS
    | frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(
        "food bed park toy toys treat treats sitter walker owner hair litter box day days birthday "
        "name names room thing "
        "things place job work time life wedding visit visits party house home today tonight tomorrow "
        "yesterday week weekend year "
        "years month months side line race trip ride shoes show photo photos picture video lock key "
        "keys back front here "
        "there sick ill dead alive fine ok okay happy sad angry mad tired late early good bad nice "
        "great old young big small "
        "lol haha please thanks thank help idea tips really always never who which that what when "
        "where why how if then "
        "because though although and or but so as than in-law next last first second something "
        "anything nothing everything someone "
        "anyone everyone half full club group class lessons lesson practice rehearsal members member "
        "festival concert song "
        "songs engine tyre tire seat wheel battery insurance payment rent keys door window roof floor "
        "wall shed phone number email "
        "address shop store shelter grooming allergy allergies trouble advice situation issue issues "
        "problem problems drama "
        "surgery appointment bill bills noise smell poo pee fur claws teeth tooth tail leg legs paw "
        "paws eye eyes ear ears collar "
        "leash harness cage tank bowl basket blanket jumper sweater coat mum mom dad girl boy man "
        "woman people kids too anyway "
        "hand hands finger face head back knee knees foot feet arm arms heart nose "
        "yes no yeah yep nope ok hi hello hey morning evening night god lord christmas easter english "
        "german french spanish "
        "italian dutch polish danish swedish russian chinese japanese american british "
        "he's she's it's i'm "
        "till until since calendar script code list recipe report project meeting call story book board "
        "page site app "
        "loft project google siri alexa chatgpt wikipedia youtube reddit tiktok netflix amazon "
        "card letter online offline abroad".split()
    )
)


def is_name(text: str) -> bool:
    """Whether a word group can be a name: no everyday word, no digit, at most five words."""
    words = text.split()
    if not words or len(words) > 5:
        return False
    head = words[0]
    if any(len(w) > 3 and w.isupper() for w in words):
        return False
    low = head.lower().rstrip(".'")
    if head[0].isupper():
        plain = low in NOT_NAMES or low in {"i", "i'm", "i've", "i'd", "i'll"}
        return not plain or (
            len(words) > 1
            and words[1][0].isupper()
            and (low == "old" or low not in NOT_NAMES | {"i", "my", "the"})
        )
    last = words[-1].lower()
    if low in {"mr", "mrs", "ms", "dr", "herr", "frau"} and len(words) == 2:
        return True
    if last in NOT_NAMES or last in FORMS or low in FORMS or low in NOT_NAMES:
        return False
    return (
        not low.endswith(("ing", "ed", "ly", "'s", "ness", "tion", "ment", "ous", "ful", "able"))
        and len(words) == 1
    )


def clean_name(text: str) -> str:
    """The name as it is written down: genitive and marks dropped, capital letters where a name has them."""
    name = re.sub(r"(?:'s|')$", "", text.strip(" ,.!?;:'\"()"))
    return " ".join(
        w
        if any(c.isupper() for c in w) or w in {"of", "the", "and", "de", "van", "von", "la", "le", "du"}
        else capitalise(w)
        for w in name.split()
    )


def role_subject(role: str) -> str:
    """The subject of a role as the ledger writes it ("best friend" -> "my best friend")."""
    return "my " + re.sub(
        r"^(?:new|lovely|poor|stupid|silly|beloved|dear|tiny|fat|lazy) ", "", role.lower().strip()
    )


def single(role: str) -> bool:
    """Whether a person has one of this role, so that a newer name replaces the older one."""
    head = role.lower().split()[-1]
    return (
        head not in KIN
        or head in KIN_UNIQUE
        or head in PETS
        or head in THINGS
        or role.lower().startswith(("best ", "oldest ", "youngest ", "eldest "))
    )


def named(role: str, name: str) -> Found:
    """The fact that someone or something of the person's has a name."""
    subject, value = role_subject(role), clean_name(name)
    slot = f"{subject}|name" if single(role) else f"{subject} {value.lower()}|name"
    return Found(subject, "name", value, f"{capitalise(subject)} is called {value}.", "fact", slot)


FAMILY = (
    r"mum|mom|dad|grandma|grandmother|granny|gran|nan|oma|grandpa|grandfather|grandad|granddad|opa|"
    r"aunt|auntie|aunty|uncle|cousin|"
    r"sister|brother|niece|nephew|hubby|husband|wife"
)


_NAMED = (
    re.compile(
        rf"(?:^|[.!?,:] |\b(?:and|but|with|from|to|for|because|says?|"
        rf"asked) )(?P<role>(?i:{FAMILY})),? (?P<name>{CAP})(?=[ ,.;!?]|$)(?!'s? )"
    ),
    re.compile(
        rf"\b(?:got|have|hired|found|getting|met) (?:an? |my |our )(?:new )?(?P<role>{ROLE})(?: "
        rf"[a-z]+| on \d+ \w+ \d+){{0,2}}, (?P<name>{NAME})(?=[,.;!?]|$)"
    ),
    re.compile(
        rf"\b(?:my|our|the) (?P<role>{ROLE})(?:'s)? (?:is|was|are|am|'s)? ?(?:called|"
        rf"named) (?P<name>{ANYNAME}(?: and {ANYNAME})?)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:^|[,.;] )(?P<role>{ROLE})(?:'s| is|'s name is|s name is) (?:called |named "
        rf")?(?P<name>{NAME})(?=[,.;!?]|$)"
    ),
    re.compile(
        rf"\b(?:my|our) (?P<role>{ROLE})(?:'?s)? (?:first |full |real )?name(?:'s| is|s) (?P<name>{ANYNAME})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:have|got|own|adopted|bought|keep|there's|getting|get|rescued|with) (?:a|an|one|"
        rf"this|my) (?:[\w-]+ ){{0,3}}?(?P<role>{ROLE})(?: \w+)? (?:called|named|"
        rf"by the name of) (?P<name>{ANYNAME})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:named|calls?|called|name|naming|christened) (?:my|our|"
        rf"the) (?:new )?(?P<role>{ROLE}) (?P<name>{ANYNAME})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<name>{NAME}) is (?:my|our) (?P<role>{ROLE})(?:'s)?\b"
        r"(?! \w+'s| (?:lead|leader|manager|captain|member|coach|owner|sitter|doctor|teacher|trainer|boss)\b)"
    ),
    re.compile(rf"\b(?P<name>{NAME})\s?[,(]\s?(?:my|our|the) (?P<role>{ROLE})\b(?!')"),
    re.compile(
        rf"\b(?P<name>{NAME})[?!.]+ (?:that's|thats|he's|she's|it's|its|hes|shes|that is) (?:my|"
        rf"our) (?P<role>{ROLE})\b"
    ),
    re.compile(rf"\b(?:an? |one )?(?P<role>{PERSON_ROLE}) of (?:mine|ours),? (?P<name>{NAME})"),
)


_ANY_NOUN = (
    r"(?:(?!(?:name|file|function|variable|column|class|module|library|package|song|film|movie|book|show|"
    r"series|place|city|town|country|thing|concept|method|dish|game|word|one|guy|model|page|folder|"
    r"table)\b)[a-z][a-z-]+)"
)


_CALLED = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur|the|a|an|this) (?P<role>(?:{_ANY_NOUN} ){{0,2}}?{_ANY_NOUN})(?:'s|s| is| are|"
    rf" was)? (?:called|named) (?:the )?(?P<name>{NAME}|[a-z]{{4,}}(?=[,.;!?]|$))"
)


_THATS = re.compile(
    rf"\b(?:the )?(?P<name>{NAME})[^.!?]{{0,60}}?[,.!?] (?:that's|thats|that is|which is|he's|hes|"
    rf"she's|shes|it's|its) (?:my|our|the) (?P<role>(?:{_ANY_NOUN} ){{0,2}}?{_ANY_NOUN})(?=[,.;!?)]|$|"
    rf" (?:and|but|so|he|she|it|i|from|who|with)\b)"
)


_CALL_IT = re.compile(
    rf"\b(?:my|our|the) (?P<role>{_ANY_NOUN}(?: {_ANY_NOUN})?)\b[^.!?]{{0,60}}?,? (?:and )?(?:i|"
    rf"we) (?:call|named|call(?:ed)|christened) (?:it|him|her|them|that thing) (?P<name>{ANYNAME})",
    re.IGNORECASE,
)


_WILL_BE = re.compile(
    rf"\b(?:[Mm]y|[Oo]ur) (?P<role>(?i:{ROLE})) (?:is|will be|was|"
    rf"is now) (?:now )?(?P<name>{NAME})(?=[,.;!?]|$| (?:and|from|who)\b)"
)


_APPOSITION = re.compile(
    rf"\b(?:my|our|My|Our) (?P<role>(?i:{ROLE}))(?: then| though)?(?:,| is)?,? (?:\(|"
    rf"called )?(?P<name>{NAME})\b(?!'s (?:name|birthday))"
)


_APPOSITION_LOW = re.compile(
    rf"\b(?:my|our) (?P<role>{ROLE}),? (?P<name>(?:(?:mr|mrs|ms|dr|herr|"
    rf"frau)\.? )?[a-zà-öø-ÿ]{{3,12}})(?=[ ,.!?)]|'s|$)",
    re.IGNORECASE,
)


_OTHERS = re.compile(
    r"\b(?:he|she|they|who|you|(?:my|our|his|her|their|the) [\w-]+) (?:\w+ )?(?:had|has|have|got|own|"
    r"adopted|bought|keep)$|\bhas(?: a)?$",
    re.IGNORECASE,
)


_WORD = re.compile(r"[^\W\d_]+")
# What a role ends in, also with an "s" attached; most sentences name nobody and are spared the patterns.
_ROLE_WORDS = frozenset(
    word.split("-")[-1] + end for word in KIN | PETS | THINGS | {"pet", "pig"} for end in ("", "s")
)


def names(text: str, *, loose: bool = False) -> list[Found]:
    """Names of people, animals and things of the person's, told outright or by apposition."""
    found: list[Found] = []
    roles = not _ROLE_WORDS.isdisjoint(_WORD.findall(text.lower()))
    for pattern in (*_NAMED, _APPOSITION, _WILL_BE) if roles else ():
        for match in pattern.finditer(text):
            # "My father is Azorean" says where he is from; "is called Breton" would name him.
            if is_nationality(match["name"]) and not _OUTRIGHT.search(match[0]):
                continue
            if not _OTHERS.search(text[max(0, match.start() - 30) : match.start()] + match[0].split()[0]):
                found.extend(
                    _name_facts(match["role"], match["name"], another=bool(_ANOTHER.search(match[0])))
                )
    if not found:
        for pattern in (_CALLED, _THATS, _CALL_IT):
            for match in pattern.finditer(text):
                if _OTHERS.search(text[max(0, match.start() - 30) : match.start()].rstrip()):
                    continue
                if (
                    match["role"].split()[-1] not in NOT_NAMES
                    and "third" not in kinds(match["role"].split()[-1])
                    or match["role"].split()[-1] in KIN | PETS | THINGS
                ):
                    found.extend(_name_facts(match["role"], match["name"]))
    if roles and (loose or not found):
        for match in _APPOSITION_LOW.finditer(text):
            if match["name"].islower() and is_name(match["name"]) and _low_name_fits(match, text):
                found.extend(_name_facts(match["role"], match["name"]))
    # "My favourite band is Dregg" says which one is liked best, not what it is called.
    liked = "called" not in text and "named" not in text
    return [fact for fact in found if not (liked and re.match(r"my favou?rite ", fact.subject))]


_OUTRIGHT = re.compile(r"\b(?:call|called|calls|name|named|names|naming|christened)\b", re.IGNORECASE)


def _low_name_fits(match: re.Match[str], text: str) -> bool:
    """A lower-case name is believed only before a verb, a mark or the end."""
    if match["name"].lower() in _COMPOUNDS:
        return False
    if match["role"].lower().endswith("s") and not match["role"].lower().endswith("ss"):
        return False
    if match["name"].lower().endswith("s") and match["role"].lower().split()[-1] not in KIN:
        return False
    if "," in match[0] and text[match.end() : match.end() + 1] not in {",", ".", ")", "!", "?", ""}:
        return False
    following = re.match(r"\s*([\w'-]+)", text[match.end() :])
    if (
        following
        and match["role"].lower().split()[-1] in THINGS
        and text[match.end() : match.end() + 1] == " "
    ):
        return False
    if not following or text[match.end() : match.end() + 1] in ",.!?)":
        return True
    word = following[1].lower()
    return word in FORMS or word in STOPWORDS or word in ADVERBS


# "My mother tongue", "my sister company": nobody's name.
_COMPOUNDS = frozenset("tongue figure company ship land country board complex hood".split())
_ANOTHER = re.compile(
    r"\b(?:an?|one|another|second|third|new) (?:[\w-]+ ){0,3}?[\w-]+,? (?:called |named )?[A-Z]"
)


_WHOLE = frozenset(
    "shop business company firm cafe café restaurant bakery bar pub studio farm band choir club team league "
    "orchestra quartet podcast blog newsletter channel website game novel book".split()
)


def _name_facts(role: str, name: str, *, another: bool = False) -> list[Found]:
    if role.lower().split()[-1] in _WHOLE and " and " in name and name.split(" and ")[1][:1].isupper():
        return [named(role, name)] if is_name(name) else []
    parts = [_proper(part) for part in re.split(r" and ", name)]
    told = [part for part in parts if part and is_name(part)]
    several = len(told) > 1 or another and role.lower().split()[-1] in PETS | THINGS
    return [one_of(role, part) if several else named(role, part) for part in told]


def one_of(role: str, name: str) -> Found:
    """One of several ("my cats are called Ink and Soot"): a name of its own beside those of the others."""
    fact = named(singular(role), name)
    return replace(fact, slot=f"{fact.subject} {fact.value.lower()}|name")


def singular(role: str) -> str:
    """The role of one of several people, animals or things."""
    head = role.lower().split()[-1]
    forms = (head.removesuffix("ies") + "y", head.removesuffix("es"), head.removesuffix("s"))
    plain = head if head.endswith("ss") else head.removesuffix("s")
    known = next((form for form in forms if form != head and form in KIN | PETS | THINGS), plain)
    return role[: len(role) - len(head)] + _ONE.get(head, known)


_ONE = {"kids": "child", "children": "child", "twins": "twin"}


_LINKS = frozenset("of the de van von der la le du al bin".split())


def _proper(name: str) -> str:
    """The name itself when a looser match ran on into the sentence ("Jack who likes")."""
    words = name.split()
    if not words:
        return ""
    if not words[0][0].isupper():
        title = words[0].lower().rstrip(".") in {"mr", "mrs", "ms", "dr", "herr", "frau"}
        return " ".join(words[: 2 if title else 1])
    kept = 1
    while kept < len(words) and (
        words[kept][0].isupper()
        or (words[kept] in _LINKS and kept + 1 < len(words) and words[kept + 1][0].isupper())
    ):
        kept += 1
    return " ".join(words[:kept])
