"""Closed word classes of English: pronouns, auxiliaries, adverbs, kinship, animals, months.

Tables only; what they mean for a sentence is decided in data/grammar.py and quality/.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BE = _words("am is are was were be been being 'm 're ain't isn't aren't wasn't weren't amn't")
HAVE = _words("have has had haven't hasn't hadn't")
DO = _words("do does did don't doesn't didn't")
MODALS = _words(
    "can could will would shall should may might must can't cannot couldn't won't wouldn't shan't shouldn't "
    "mustn't mightn't"
)
AUXILIARIES = BE | HAVE | DO | MODALS

ADVERBS = _words(
    "always usually often sometimes rarely seldom never ever still already also just now currently even only "
    "really actually basically kind sorta quite very too so mostly mainly almost barely hardly again "
    "soon recently "
    "finally generally typically normally definitely certainly probably absolutely completely totally truly "
    "honestly literally simply secretly once twice both all regularly frequently occasionally constantly "
    "primarily originally formerly previously lately presently especially particularly personally "
    "sadly luckily "
    "unfortunately fortunately apparently obviously eventually initially gladly proudly then maybe perhaps "
    "nearly practically genuinely dearly greatly thoroughly deeply strongly not n't nowadays today currently"
)
LEADS = _words(
    "when in on at since before after during while whenever sometimes currently recently usually "
    "today now every "
    "most some as because although though once for from with by last next this until growing lately nowadays "
    "tomorrow yesterday originally previously occasionally often if to right one everyday honestly luckily "
    "unfortunately sadly"
)

PRONOUN_FLIP = {
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "myself": "yourself",
    "we": "you",
    "us": "you",
    "our": "your",
    "ours": "yours",
    "ourselves": "yourselves",
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "we're": "you're",
    "we've": "you've",
    "we'd": "you'd",
    "we'll": "you'll",
    "am": "are",
}

CONTRACTIONS = {
    "im": "I'm",
    "i'm": "I'm",
    "i": "I",
    "ive": "I've",
    "i've": "I've",
    "i'd": "I'd",
    "i'll": "I'll",
    "dont": "don't",
    "doesnt": "doesn't",
    "didnt": "didn't",
    "cant": "can't",
    "couldnt": "couldn't",
    "wont": "won't",
    "wouldnt": "wouldn't",
    "shouldnt": "shouldn't",
    "isnt": "isn't",
    "arent": "aren't",
    "wasnt": "wasn't",
    "werent": "weren't",
    "havent": "haven't",
    "hasnt": "hasn't",
    "hadnt": "hadn't",
    "thats": "that's",
    "theres": "there's",
    "whats": "what's",
    "hes": "he's",
    "shes": "she's",
    "theyre": "they're",
    "theyll": "they'll",
    "itll": "it'll",
    "youre": "you're",
    "weve": "we've",
    "theyve": "they've",
    "u": "you",
    "ur": "your",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "rn": "right now",
    "bc": "because",
    "cuz": "because",
    "coz": "because",
    "tho": "though",
    "gonna": "going to",
    "wanna": "want to",
    "w/": "with",
    "nite": "night",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "2moro": "tomorrow",
    "tomorow": "tomorrow",
    "bday": "birthday",
    "b-day": "birthday",
    "bf": "boyfriend",
    "gf": "girlfriend",
    "neice": "niece",
    "nefew": "nephew",
    "freind": "friend",
    "collegue": "colleague",
    "neigbour": "neighbour",
    "bos": "boss",
    "favorit": "favorite",
    "definately": "definitely",
    "alergic": "allergic",
    "allergc": "allergic",
    "vegeterian": "vegetarian",
    "grandmas": "grandma's",
    "grandpas": "grandpa's",
}

EXPANSIONS = {
    "i'm": "I am",
    "you're": "you are",
    "we're": "we are",
    "they're": "they are",
    "i've": "I have",
    "we've": "we have",
    "they've": "they have",
    "you've": "you have",
    "i'll": "I will",
    "we'll": "we will",
    "can't": "cannot",
    "won't": "will not",
    "ain't": "am not",
}

KIN_UNIQUE = _words(
    "mother mum mom mam mama mommy mummy dad father papa daddy wife husband spouse partner boyfriend "
    "girlfriend fiance "
    "fiancé fiancee fiancée ex ex-wife ex-husband mother-in-law father-in-law stepmother stepfather "
    "stepmum stepmom stepdad "
    "boss manager supervisor landlord landlady dentist doctor gp vet therapist hairdresser barber physio "
    "physiotherapist midwife lawyer solicitor roommate flatmate housemate teacher trainer coach accountant "
    "bandmate godmother godfather twin hubby missus foreman gaffer landlords caretaker receptionist nanny "
    "postman postie childminder surgeon tutor principal headteacher vicar solicitor gardener "
    "cleaner mechanic "
    "plumber electrician builder optician"
)
KIN_MANY = _words(
    "sister brother son daughter kid child baby aunt aunty auntie uncle cousin niece nephew grandma "
    "grandmother "
    "granny gran nan nana oma opa grandpa grandfather granddad grandad grandson granddaughter "
    "grandkid friend mate "
    "buddy pal bestie neighbour neighbor colleague coworker co-worker workmate classmate student "
    "pupil sister-in-law brother-in-law "
    "son-in-law daughter-in-law stepson stepdaughter stepsister stepbrother half-sister half-brother "
    "godson goddaughter sis bro "
    "grandchild twins kids bf gf inlaws in-laws parents grandparents grandkids lodger tenant guest "
    "crush penpal apprentice intern trainee client patient customer mentor "
    "pen-pal toddler teammate"
)
KIN = KIN_UNIQUE | KIN_MANY
FAMILY = _words(
    "mother mum mom mam mama mommy mummy dad father papa daddy wife husband spouse partner boyfriend "
    "girlfriend sister brother sibling son daughter kid child baby aunt uncle cousin niece nephew grandma "
    "grandmother gran grandpa grandfather grandad grandson granddaughter mother-in-law father-in-law twin"
)

PETS = _words(
    "dog cat puppy kitten pup kitty hamster rabbit bunny parrot budgie budgerigar canary cockatiel "
    "tortoise turtle "
    "horse pony donkey goat hen chicken rooster duck goose goldfish fish snake lizard gecko "
    "guinea-pig gerbil rat "
    "mouse ferret chinchilla hedgehog bird pigeon sheep cow pig alpaca llama axolotl spider tarantula "
    "frog toad "
    "newt salamander iguana chameleon terrier labrador poodle dachshund spaniel collie beagle "
    "greyhound whippet "
    "retriever corgi mule ram lamb kitten cockatoo macaw finch parakeet snail"
)
THINGS = _words(
    "car van bike bicycle boat ship dinghy canoe kayak house flat apartment guitar violin cello piano "
    "band choir team blog podcast "
    "shop cafe bakery company business robot scooter motorbike motorcycle truck tractor caravan "
    "camper laptop "
    "computer server plant cactus sourdough starter allotment garden cottage cabin book novel game "
    "app project "
    "school club channel website newsletter farm restaurant bar gym office studio street village town "
    "hospital "
    "sailboat houseboat trombone tuba accordion telescope printer bass moped vespa sloop yacht raft "
    "drone quartet orchestra league"
)
PERSON_SHE = _words(
    "mother mum mom mam mama mommy mummy wife girlfriend fiancee fiancée ex-wife mother-in-law "
    "stepmother stepmum "
    "stepmom landlady midwife godmother sister daughter aunt aunty auntie niece grandma grandmother "
    "granny gran nan missus gf "
    "nana oma granddaughter sister-in-law daughter-in-law stepdaughter stepsister half-sister goddaughter sis"
)
PERSON_HE = _words(
    "dad father papa daddy husband hubby foreman gaffer postman bf boyfriend fiance fiancé ex- "
    "husband father-in-law stepfather "
    "stepdad landlord godfather "
    "brother son uncle nephew grandpa grandfather granddad grandad opa grandson brother-in-law "
    "son-in-law stepson "
    "stepbrother half-brother godson bro"
)

MONTHS = {
    "january": 1,
    "february": 2,
    "march": 3,
    "april": 4,
    "may": 5,
    "june": 6,
    "july": 7,
    "august": 8,
    "september": 9,
    "october": 10,
    "november": 11,
    "december": 12,
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "sept": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = {
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
    "mon": 0,
    "tue": 1,
    "tues": 1,
    "wed": 2,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "sat": 5,
    "sun": 6,
}
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "couple": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
}

COLOURS = _words(
    "red orange yellow green blue purple violet pink brown black white grey gray beige silver gold "
    "turquoise teal "
    "cream maroon navy mustard lilac crimson mint khaki burgundy magenta cyan"
)
DETERMINERS = _words(
    "a an the my our your his her its their this that these those some any no every each both all one "
    "two three "
    "another many several few most"
)
PREPOSITIONS = _words(
    "in on at to for with from by of about into over under near after before during since until "
    "through without "
    "against around behind between across along among as like outside inside beside beyond up down "
    "off out than above below beneath underneath "
    "toward towards upon within per via"
)
CONJUNCTIONS = _words("and or but so because although though while when where who which that if whether")
STOPWORDS = (
    AUXILIARIES
    | DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | _words(
        "i me my mine myself you your yours yourself we us our he she it they him her them there here not no"
    )
)

# Words before a noun that do not say which kind of it one has.
PLAIN = frozenset(
    "pet new old big small good bad great little own recent few many several couple lot lots bit "
    "older younger "
    "hard long short other whole real nice best first second last single very really huge large two "
    "three four "
    "five six expensive cheap".split()
)
