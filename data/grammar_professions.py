"""What people do for a living, as a predicate: "a nurse at the clinic".

A table and one judgement; a trade implied by what somebody does is the business of data/grammar_slots.py.
"""

from __future__ import annotations

import re

from data.synonyms import breed_of, kind_of

_JOBS = re.compile(
    r"^(?:an? )?(?:[\w-]+ ){0,3}?(?:\w+(?:ologist|ographer|keeper|maker|dresser|tuner|seller|"
    r"ician|iatrist|herapist|smith|wright)|\w*(?:worker|officer|manager|designer|developer|engineer|driver|"
    r"cleaner|writer)|teacher|nurse|doctor|lawyer|attorney|"
    r"chef|cook|baker|waiter|waitress|barista|bartender|pilot|"
    r"farmer|fisherman|plumber|electrician|carpenter|mechanic|accountant|banker|teller|cashier|clerk|"
    r"secretary|receptionist|librarian|"
    r"journalist|reporter|editor|author|painter|sculptor|actor|actress|singer|dancer|musician|"
    r"composer|photographer|architect|scientist|"
    r"researcher|professor|lecturer|programmer|coder|analyst|consultant|salesman|saleswoman|realtor|"
    r"vet|veterinarian|dentist|pharmacist|"
    r"paramedic|firefighter|fireman|policeman|policewoman|cop|detective|soldier|sailor|lifeguard|"
    r"coach|trainer|tailor|seamstress|florist|gardener|"
    r"butcher|janitor|nanny|babysitter|housekeeper|postman|mailman|butler|judge|politician|priest|"
    r"pastor|minister|rabbi|nun|monk|welder|roofer|mason|miner|"
    r"optician|optometrist|surgeon|midwife|translator|interpreter|jeweller|jeweler|glazier|potter|"
    r"cobbler|technician|fitter|stylist|hairdresser|barber|zookeeper|beekeeper|"
    r"(?:stone)?mason|bricklayer|plasterer|builder|decorator|joiner|upholsterer|typesetter|luthier|bookbinder|"
    r"courier|dispatcher|actuary|groomer|carer|caretaker|ranger|tiler|machinist|operator|conductor|warden|"
    r"inspector|broker|solicitor|barrister|notary|archivist|curator|proofreader|locksmith|chimney sweep|"
    r"civil servant|social worker|sommelier|apprentice|postwoman|taxidermist|"
    r"model|comedian|magician|surveyor|auditor|paralegal|economist|statistician|biologist|chemist|"
    r"physicist|astronomer|historian)\b(?: (?:at|in|for|with|by|on) .{2,50})?$",
    re.IGNORECASE,
)


# Held without an article: "deputy head", "head of marketing at Finlow".
_OFFICES = re.compile(
    r"(?:the )?(?:(?:deputy|assistant|associate|senior|junior|acting|chief|vice|managing|lead|joint|regional|"
    r"executive|general|area|branch|store|site|shift|team|project|office|finance|sales|artistic|creative|"
    r"technical) )*(?:head(?: (?:chef|nurse|teacher|coach|gardener|librarian|waiter|porter))?|headteacher|"
    r"headmaster|headmistress|principal|director|manager|supervisor|foreman|chief executive|ceo|cfo|cto|"
    r"editor(?:-in-chief)?|dean|chancellor|matron|caretaker|secretary|treasurer|chair|chairman|chairwoman|"
    r"chairperson|sous chef|president|captain|conductor|leader|mayor|vicar|bishop|accountant|partner)"
    r"(?: (?:of|at|for|in) [\w' &.-]{2,60})?",
    re.IGNORECASE,
)
# Offices of a club or a town, which are nobody's living.
_HONORARY = re.compile(
    r"\b(?:secretary|treasurer|chair(?:man|woman|person)?|president|captain|leader|partner) ?(?:of|in|for|$)|"
    r"\bhead of (?:the )?(?:household|family|table)\b|\bin (?:love|crime)\b|"
    r"\b(?:club|team|society|committee|choir|band|pta|council|league|association)\b",
    re.IGNORECASE,
)
_OVER = re.compile(r"^(?:an? )?(?:retired|former|ex)[ -]", re.IGNORECASE)


def office(rest: str) -> bool:
    """Whether a predicate is a post somebody holds, said without an article."""
    return bool(_OFFICES.fullmatch(rest) and not _HONORARY.search(rest))


def former(rest: str) -> bool:
    """Whether a predicate names a job that is over ("a retired postman")."""
    return bool(_OVER.match(rest))


def profession(rest: str) -> bool:
    """Whether a predicate names a job."""
    if office(rest):
        return True
    judged = re.match(
        r"^an? (?:\w+ )?(?:good|great|bad|terrible|decent|mediocre|huge|big|amazing|awful|horrible|"
        r"poor|avid|natural|hard|fast|slow|careful|safe|keen|aspiring|lazy)\b",
        rest,
    )
    return bool(re.match(r"^an? ", rest, re.IGNORECASE) and not judged and _JOBS.match(rest))


# The ends of nouns for whoever does a thing, by themselves a trade where they are said of a person.
_AGENT = re.compile(
    r"(?:[a-z-]+(?:er|or|ist|ian|man|woman|wright|monger|smith|herd|ress|eer|grapher|boy|girl|blower)|"
    r"(?:[a-z-]+ )?(?:artist|chef|cook|nurse|guide|clerk|pilot|coach|guard|hand|host|agent|assistant|ranger|"
    r"representative|porter|mate|master|captain|diver|steward|rep|aide)|[a-z-]+ keeper)"
)
# People and things with such an end who are nobody's living: kinship, age, habits, beliefs, characters,
# sports, animals, plants, vehicles, machines.
_NO_TRADE = frozenset(
    """
    activist adder address aggressor agrarian alarmist alsatian anarchist ancestor answer asian aster
    atheist australian bachelor badger banger baptist barbarian barker bather bearer beaver beer
    beginner belgian believer biker binder birder biter blender blonder bloomer blunder boarder
    bodybuilder bogeyman bohemian boiler border bosnian boxer brazilian brother buddhist bugger
    bulgarian bungler burner bystander caller calvinist camper canadian cancer canoeist capitalist
    career caregiver caveman centenarian chancer character charger charmer chatterer chewer chiller
    chopper christian civilian clansman climber clipper clover cocker collector colombian commoner
    communist commuter competitor computer conformist conman contender contributor cooker corker corner
    counter countryman cracker creditor creeper cricketer crier croatian crocheter crossdresser cruiser
    cucumber customer cutter cycler cyclist dalmatian daughter debtor deer dictator digger dinner
    disaster dishwasher disorder divorcer doer donor downsizer drawer dreamer dress drifter drinker
    dryer early-riser eater egoist egyptian elder error estonian ethiopian everyman everywoman extremist
    fantasist father feather feminist fever fighter fist flavor folder follower footballer foreigner
    fortress foster founder fraudster freezer freighter freshman frontman fusser gambler gamer gangster
    gentleman giggler ginger giver go-getter godfather godmother golfer goner granddaughter grandfather
    grandmother grasshopper grumbler guardian gunman hamster harrier heartbreaker heater heather
    hedonist heiress henchman hiker hipster hitchhiker hoarder hobbyist homemaker hopper horror hugger
    human humanitarian humor hungarian hunter hustler idealist imposter impostor indian insider intruder
    investor iranian islander italian jogger jumper junior juniper juror kayaker killer kingfisher
    kinsman knitter ladder latecomer latvian lavender layman learner leather leaver leftover letter
    libertarian lighter liner list listener lithuanian lobster locker lodger londoner loner loser lover
    lower lurcher lurker madman major manner manor marksman marxist materialist matter mattress
    maximalist member mentor methodist minimalist minor mirror mistress mixer moaner monster mother
    motor motorcyclist motorist mumbler murderer narcissist nationalist naturist neighbor newcomer
    newspaper nigerian no-brainer nonagenarian norwegian nudist number oarsman octogenarian odor
    onlooker opportunist optimist order otter outlier outsider overseer owner oyster pacifist
    page-turner panther paper parisian partner peacemaker pedestrian peer pepper perfectionist peruvian
    pessimist pioneer playboy player plover pointer poster powder powerlifter prankster prayer predator
    presbyterian press printer prisoner pullover purist quitter racer racist radiator rambler reactor
    reader realist retriever returner ringer ripper riser river roadster robber romanian rooster
    rottweiler router rower runner russian sailor saver scanner schnauzer schoolboy schoolgirl schooner
    scooter screamer senior septuagenarian serbian server setter sexist sheer shopper shower sinner
    sister skateboarder skater skier skydiver slacker sleeper slipper smoker sneaker snorer snowboarder
    snowman socialist speaker spectator speedster spender spider sportsman sportswoman springer sprinter
    squatter stammerer starter stayer steamer stepbrother stepdaughter stepfather stepmother stepsister
    sticker stickler stinker stranger stress strongman stutterer sucker sufferer summer superman supper
    supporter surfer survivor sweater swimmer syrian taker talker tanker tearjerker teaser teenager
    teetotaller tender terrier terror thinker thriller thunder tiger toaster tomboy tourist tower
    tractor trailer traitor traveler traveller trawler trickster trooper troublemaker trouser tumor
    twist twitcher ukrainian ulcer unitarian user vegetarian victor villager viper virginian visitor
    volunteer voter walker wanderer warbler warrior washer waster water wearer weather weightlifter
    whiner whistleblower widower winner winter woman wonder woodpecker worrier worshipper yachtsman
    youngster
    """.split()
)
# A word in front that says it is no work: a mood, a measure, a habit.
_NO_LIVING = re.compile(
    r"\b(?:early|late|slow|fast|quick|light|heavy|good|bad|great|terrible|fussy|picky|big|keen|avid|proud|"
    r"passionate|hobby|amateur|aspiring|wannabe|would-be|born|natural|devout|strict|lifelong|recovering|"
    r"fellow|blood|hard|real|true|total|complete|proper|first-time|stay-at-home|weekend|team|club|lead)\b"
)
_HABIT = re.compile(r"(?:owner|winner|lover|eater|goer|holder|seeker|hater|watcher|rider|sleeper|sufferer)$")
_TRADE = re.compile(
    r"^an? (?P<before>(?:[a-z-]+ ){0,2})(?P<head>[a-z-]+)(?P<tail> (?:at|in|for|with|by|on) .{2,50})?$"
)


def trade(rest: str) -> bool:
    """Whether a predicate said of a person names their work, listed or named after what they do."""
    found = _TRADE.match(rest)
    head, before = (found["head"], found["before"]) if found else ("", "")
    if kind_of(head) in {"position", "pet"} and not (before and head == "keeper") or breed_of(head):
        return False
    if not found or profession(rest):
        return profession(rest)
    if head in _NO_TRADE or _HABIT.search(head) or _NO_LIVING.search(before):
        return False
    return bool(_AGENT.fullmatch(head) or _AGENT.fullmatch(before + head))
