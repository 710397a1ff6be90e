"""What people do for a living, as a predicate: "a nurse at the clinic".

A table and one judgement; a trade implied by what somebody does is the business of data/grammar_slots.py.
"""

from __future__ import annotations

import re

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
