"""Other words for what people tell of: the kind of a thing, and nouns that mean the same person or thing.

Tables only; which of them a question may use is decided by the question rules and the dreamer.
"""

from __future__ import annotations

import re

from data.lexicon import PETS

# Nouns under which a person may ask for somebody or something instead of the one they told it with.
OTHER_WORDS: dict[str, tuple[str, ...]] = {
    "son": ("kid", "child"),
    "daughter": ("kid", "child"),
    "mother": ("mum", "mom"),
    "mum": ("mother", "mom"),
    "mom": ("mother", "mum"),
    "father": ("dad",),
    "dad": ("father",),
    "kid": ("child",),
    "child": ("kid",),
    "gran": ("grandmother", "grandma"),
    "nan": ("grandmother", "gran"),
    "granny": ("grandmother", "gran"),
    "grandma": ("grandmother", "gran"),
    "grandpa": ("grandfather",),
    "grandad": ("grandfather",),
    "bike": ("bicycle",),
    "grandmother": ("grandma", "gran"),
    "grandfather": ("grandpa",),
    "husband": ("partner", "spouse"),
    "wife": ("partner", "spouse"),
    "fiancé": ("partner",),
    "fiancée": ("partner",),
    "boyfriend": ("partner",),
    "girlfriend": ("partner",),
    "boss": ("manager",),
    "manager": ("boss",),
    "flatmate": ("roommate",),
    "roommate": ("flatmate",),
    "colleague": ("coworker",),
    "coworker": ("colleague",),
    "best friend": ("closest friend",),
    "physio": ("physiotherapist",),
    "bicycle": ("bike",),
    "car": ("vehicle",),
    "van": ("vehicle",),
    "flat": ("apartment",),
    "apartment": ("flat",),
    "salary": ("pay",),
    "mobile": ("phone",),
    **dict.fromkeys(sorted(PETS), ("pet",)),
    "puppy": ("dog", "pet"),
    "pup": ("dog", "puppy"),
    "kitten": ("cat", "pet"),
    "parrot": ("bird", "pet"),
    "budgie": ("bird", "pet"),
    "rabbit": ("bunny", "pet"),
    "buddy": ("friend",),
    "mate": ("friend",),
    "pal": ("friend",),
    "penpal": ("pen friend",),
    "hubby": ("husband", "spouse"),
    "auntie": ("aunt",),
    "stepmum": ("stepmother",),
    "stepmom": ("stepmother",),
    "stepdad": ("stepfather",),
}

# Two words for one thing, as people on both sides of the Atlantic and in a hurry put them.
SAME_THING = (
    ("flat", "apartment"),
    ("apartment", "flat"),
    ("holiday", "vacation"),
    ("vacation", "holiday"),
    ("operation", "surgery"),
    ("op", "operation"),
    ("physio", "physiotherapy"),
    ("uni", "university"),
    ("sofa", "couch"),
    ("couch", "sofa"),
    ("telly", "TV"),
    ("kids", "children"),
    ("children", "kids"),
    ("stepkids", "stepchildren"),
    ("grandkids", "grandchildren"),
    ("motorbike", "motorcycle"),
    ("motorcycle", "motorbike"),
    ("colleagues", "coworkers"),
)

_KINDS = {
    "instrument": (
        "accordion banjo bagpipes bassoon cello clarinet cornet drums fiddle flute guitar guitarra harmonica "
        "harp horn lute mandolin oboe organ oud piano recorder saxophone sitar trombone trumpet tuba ukulele "
        "viola violin xylophone zither hurdy-gurdy concertina bodhran bouzouki"
    ),
    "pet": " ".join(sorted(PETS)),
    "position": (
        "prop hooker keeper goalkeeper goalie striker winger midfielder defender sweeper libero setter "
        "scrum-half fly-half fullback quarterback pitcher catcher cox skip vice-skip bowman jammer blocker "
        "flanker fielder wicketkeeper linebacker outfielder spiker"
    ),
    "dance": "ballet tango waltz salsa flamenco foxtrot polka swing ceilidh breakdance",
    "game": "chess checkers go bridge poker mahjong scrabble backgammon carcassonne catan whist dominoes",
    "sport": (
        "tennis football rugby hockey basketball volleyball handball cricket badminton squash rowing curling "
        "fencing judo karate boxing golf archery swimming climbing bouldering skiing surfing cycling padel "
        "lacrosse netball triathlon sailing wrestling floorball darts"
    ),
    "craft": "knitting crochet pottery weaving embroidery quilting woodcarving origami calligraphy",
    "drink": "tea coffee water beer wine mate kombucha cider juice milk lemonade cocoa whisky espresso",
    "car": (
        "volvo saab volkswagen toyota honda ford fiat skoda renault peugeot citroen citroën opel "
        "audi bmw mercedes "
        "kia hyundai mazda nissan suzuki subaru seat dacia tesla lada jeep vauxhall mini porsche mitsubishi "
        "škoda polestar chevrolet lexus alfa land-rover cupra daihatsu"
    ),
    "phone": "fairphone iphone pixel galaxy oneplus nokia motorola huawei xiaomi blackberry oppo realme",
    "laptop": "thinkpad macbook chromebook zenbook ideapad elitebook vivobook imac",
    "console": "playstation ps2 ps3 ps4 ps5 xbox switch wii nintendo sega gameboy atari",
    "camera": "nikon canon leica olympus pentax fujifilm hasselblad polaroid rolleiflex gopro",
    "bike": "brompton gazelle batavus cannondale bianchi raleigh colnago koga pinarello cervelo cervélo",
    "motorbike": "triumph vespa ducati harley harley-davidson kawasaki norton piaggio lambretta vincent",
    "watch": "rolex omega seiko casio fitbit garmin swatch timex tissot",
    "tablet": "ipad kindle kobo",
    "language": (
        "english french german spanish italian portuguese dutch danish swedish norwegian finnish "
        "polish czech "
        "slovak hungarian romanian bulgarian greek turkish arabic hebrew persian farsi hindi "
        "urdu tamil gujarati "
        "bengali mandarin cantonese chinese japanese korean vietnamese thai russian ukrainian "
        "latin welsh irish "
        "gaelic catalan basque estonian latvian lithuanian icelandic swahili yoruba igbo esperanto georgian "
        "armenian serbian croatian slovene breton maltese"
    ),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}

# Plants that people keep and give names to.
PLANTS = frozenset(
    "monstera ficus cactus orchid fern aloe succulent basil rosemary bonsai yucca begonia geranium pothos "
    "philodendron azalea hydrangea oleander sansevieria bromeliad clivia fuchsia dracaena palm ivy "
    "lemon-tree houseplant plant".split()
)
CONDITIONS = frozenset(
    "asthma diabetes eczema psoriasis migraine migraines coeliac celiac arthritis adhd epilepsy ibs anaemia "
    "anemia dyslexia dyslexic diabetic asthmatic epileptic tinnitus insomnia hay-fever hayfever "
    "gout sciatica "
    "vertigo glaucoma scoliosis narcolepsy lupus hypertension depression anxiety autism autistic "
    "stroke".split()
)
COUNTRIES = frozenset(
    "england scotland wales ireland france germany spain italy portugal belgium netherlands holland denmark "
    "sweden norway finland iceland poland czechia austria switzerland hungary romania bulgaria greece turkey "
    "russia ukraine belarus estonia latvia lithuania serbia croatia bosnia slovenia slovakia "
    "albania malta cyprus "
    "canada mexico brazil argentina chile peru colombia uruguay paraguay bolivia ecuador "
    "venezuela cuba jamaica "
    "usa america china japan korea india pakistan nepal bangladesh vietnam thailand indonesia malaysia "
    "philippines australia egypt morocco algeria tunisia libya nigeria ghana kenya uganda ethiopia tanzania "
    "senegal cameroon israel lebanon syria iraq iran jordan georgia armenia azerbaijan kazakhstan".split()
)
# Parts of the world, and states that share no name with a town.
REGIONS = frozenset(
    "europe africa asia america uk us u.s states midwest south north west east coast alabama alaska arizona "
    "arkansas california carolina colorado connecticut delaware florida hawaii idaho illinois "
    "indiana iowa kansas "
    "kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri "
    "montana nebraska "
    "nevada hampshire jersey dakota ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia "
    "wisconsin wyoming ontario alberta manitoba saskatchewan yukon queensland victoria tasmania "
    "bavaria saxony "
    "tuscany sicily brittany normandy cornwall devon yorkshire county mountains island islands "
    "state area region valley countryside".split()
)
NATIONALITIES = frozenset(
    "african albanian algerian american arab argentine argentinian armenian asian australian "
    "austrian bangladeshi "
    "basque belarusian belgian bolivian bosnian brazilian british bulgarian canadian catalan chilean chinese "
    "colombian croatian cuban cypriot czech danish dominican dutch ecuadorian egyptian english "
    "estonian ethiopian "
    "european filipino finnish flemish french german ghanaian greek guatemalan haitian hispanic honduran "
    "hungarian icelandic indian indonesian iranian iraqi irish israeli italian jamaican japanese "
    "jewish kenyan "
    "korean latina latino latvian lebanese lithuanian malaysian maltese mexican mongolian moroccan nepalese "
    "nicaraguan nigerian norwegian pakistani palestinian panamanian paraguayan persian peruvian "
    "polish portuguese "
    "romanian russian salvadoran scandinavian scottish senegalese serbian slovak slovenian somali "
    "spanish sudanese "
    "swedish swiss syrian taiwanese tanzanian thai tunisian turkish ugandan ukrainian uruguayan venezuelan "
    "vietnamese welsh yemeni zimbabwean "
    "azorean bavarian breton corsican cornish faroese frisian galician greenlandic hawaiian kurdish kazakh "
    "macedonian madeiran manx montenegrin moldovan northern-irish québécois sardinian scots siamese sicilian "
    "singaporean tahitian tibetan tuscan uzbek walloon".split()
)
# What one may be with a capital that is no name: of a faith, a party, a people, a sign or a generation.
BELONGING = frozenset(
    "catholic muslim buddhist hindu sikh protestant lutheran methodist baptist anglican mormon orthodox "
    "quaker pagan wiccan atheist agnostic evangelical pentecostal presbyterian calvinist shia sunni "
    "jain taoist republican democrat tory liberal libertarian socialist communist caucasian black white "
    "brown inuit maori cherokee navajo roma romani aries taurus gemini virgo libra scorpio sagittarius "
    "capricorn aquarius pisces deaf blind autistic queer gay lesbian bi bisexual trans nonbinary "
    "asexual millennial boomer gen".split()
)


def is_nationality(word: str) -> bool:
    """Whether a word says of which people somebody is; "Azorean" by its ending, names like "Ian" never."""
    low = word.lower()
    return low in NATIONALITIES or re.fullmatch(r"[a-zà-ÿ]{4,}ean", low) is not None


# Kinds whose words are makes: told with a capital, and asked for by the kind ("What phone do I have?").
MAKES = frozenset("car phone laptop console camera bike motorbike watch tablet".split())

_BREEDS = {
    "dog": (
        "terrier labrador lab poodle dachshund spaniel collie beagle greyhound whippet retriever corgi "
        "lurcher labradoodle cockapoo cavapoo schnauzer rottweiler dobermann dalmatian alsatian husky "
        "malamute pug bulldog boxer mastiff pomeranian chihuahua maltese shepherd sheepdog setter "
        "pointer hound basset bloodhound vizsla weimaraner samoyed akita shih-tzu shihtzu papillon "
        "newfoundland wolfhound deerhound staffie staffy westie jack-russell mongrel"
    ),
    "cat": "siamese persian burmese ragdoll bengal sphynx birman abyssinian tabby tortoiseshell moggy coon",
    "horse": "arab thoroughbred cob shire clydesdale haflinger friesian lipizzaner appaloosa",
    "pony": "shetland connemara exmoor fell",
    "bird": "budgie budgerigar canary cockatiel cockatoo macaw finch parakeet parrot",
}
_BREED_OF = {breed: animal for animal, breeds in _BREEDS.items() for breed in breeds.split()}


def breed_of(phrase: str) -> str:
    """The animal whose breed a noun phrase names ("a border collie" -> "dog"); empty where it names none."""
    words = [w.removesuffix("s") if w != "siamese" else w for w in phrase.lower().replace(",", "").split()]
    if not words:
        return ""
    before = _BREED_OF.get(words[-2], "") if len(words) > 1 else ""
    return before if before == words[-1] else _BREED_OF.get(words[-1], "")


def kind_of(phrase: str) -> str:
    """The kind of thing a noun phrase names ("a blue Volvo" -> "car"); empty when it is not known."""
    words = phrase.replace(",", "").split()
    makes = [_KIND_OF.get(w.lower(), "") for w in words if w != w.lower()]
    made = next((kind for kind in reversed(makes) if kind in MAKES), "")
    last = (
        words[-1].lower()
        if words and not re.search(r"\b(?:hot|corn|chili) dogs?$", phrase, re.IGNORECASE)
        else ""
    )
    kind = next((_KIND_OF[w] for w in (last, last.removesuffix("s")) if w in _KIND_OF), "")
    # Crickets are no sport.
    several = kind == "sport" and last not in _KIND_OF
    return made or ("" if kind in MAKES or several else kind)


_CODES = frozenset(
    "python rust r java javascript typescript c c++ c# go ruby julia haskell scala kotlin swift php perl "
    "fortran matlab lua elixir erlang cobol sql bash zig ocaml clojure pascal basic ada lisp prolog "
    "latex".split()
)
_CODED = frozenset("program code write script develop do use be".split())


def is_code(name: str, base: str) -> bool:
    """Whether a name is that of a programming language, where it stands behind this verb."""
    return base in _CODED and name.lower() in _CODES


def members(word: str) -> tuple[str, ...]:
    """All things of the kind a word in lower case belongs to; none for pets, crafts and unknown kinds."""
    kind = _KIND_OF.get(word, "")
    return tuple(_KINDS[kind].split()) if kind not in {"", "pet", "craft", *MAKES - {"car"}} else ()


def is_condition(phrase: str) -> bool:
    """Whether a phrase names something one is ill with."""
    words = phrase.lower().split()
    return any(w in CONDITIONS or w.endswith(("itis", "osis", "phobia")) for w in words[-2:])


def is_country(phrase: str) -> bool:
    """Whether a place is a country or as wide as one, so that nobody would ask for its town."""
    return bool(phrase.split()) and phrase.lower().split()[-1].strip(".,") in COUNTRIES | REGIONS
