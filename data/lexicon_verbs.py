"""English verb forms: an irregular table, the regular rules and a list of common verbs.

Knows words, not sentences. Every verb is held by its base form; `FORMS` maps any known form back to
(base, kind) pairs, kind being base, third, past, participle or gerund.
"""

from __future__ import annotations

_IRREGULAR = """
arise arose arisen|awake awoke awoken|be was been|bear bore borne|beat beat beaten
become became become|begin began begun|bend bent bent|bet bet bet|bind bound bound|bite bit bitten
bleed bled bled|blow blew blown|break broke broken|breed bred bred|bring brought brought
broadcast broadcast broadcast|build built built|burn burned burned|burst burst burst
buy bought bought|cast cast cast|catch caught caught|choose chose chosen|cling clung clung
come came come|cost cost cost|creep crept crept|cut cut cut|deal dealt dealt|dig dug dug|do did done
draw drew drawn|dream dreamed dreamed|drink drank drunk|drive drove driven|dwell dwelt dwelt
eat ate eaten|fall fell fallen|feed fed fed|feel felt felt|fight fought fought|find found found
flee fled fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten
forgive forgave forgiven|freeze froze frozen|get got got|give gave given|go went gone
grind ground ground|grow grew grown|hang hung hung|have had had|hear heard heard|hide hid hidden
hit hit hit|hold held held|hurt hurt hurt|keep kept kept|kneel knelt knelt|knit knitted knitted
know knew known|lay laid laid|lead led led|lean leaned leaned|leap leapt leapt|learn learned learned
leave left left|lend lent lent|let let let|lie lay lain|light lit lit|lose lost lost|make made made
mean meant meant|meet met met|overcome overcame overcome|pay paid paid|put put put|quit quit quit
read read read|rebuild rebuilt rebuilt|ride rode ridden|ring rang rung|rise rose risen|run ran run
say said said|see saw seen|seek sought sought|sell sold sold|send sent sent|set set set
sew sewed sewn|shake shook shaken|shed shed shed|shine shone shone|shoot shot shot|show showed shown
shrink shrank shrunk|shut shut shut|sing sang sung|sink sank sunk|sit sat sat|sleep slept slept
slide slid slid|smell smelled smelled|sow sowed sown|speak spoke spoken|spell spelled spelled
spend spent spent|spill spilled spilled|spin spun spun|split split split|spoil spoiled spoiled
spread spread spread|stand stood stood|steal stole stolen|stick stuck stuck|sting stung stung
strike struck struck|string strung strung|strive strove striven|swear swore sworn|sweep swept swept
swim swam swum|swing swung swung|take took taken|teach taught taught|tear tore torn|tell told told
think thought thought|throw threw thrown|understand understood understood
undergo underwent undergone|undertake undertook undertaken|wake woke woken|wear wore worn
weave wove woven|weep wept wept|win won won|wind wound wound|withdraw withdrew withdrawn
write wrote written|retell retold retold|rewrite rewrote rewritten|babysit babysat babysat
misspell misspelled misspelled|outgrow outgrew outgrown|oversleep overslept overslept
resell resold resold|sublet sublet sublet|upset upset upset|foresee foresaw foreseen
proofread proofread proofread|mislead misled misled|outdo outdid outdone|overdo overdid overdone
overeat overate overeaten|overhear overheard overheard|overspend overspent overspent|wring wrung wrung
overtake overtook overtaken|redo redid redone|regrow regrew regrown|mishear misheard misheard
unwind unwound unwound|withhold withheld withheld
"""

_REGULAR = """
accept accompany ache achieve act adapt add admire admit adopt adore advise afford age agree allow amuse
annoy answer apologise apply appreciate argue arrange arrive ask assemble assist attach attempt attend
avoid audition babble back bake ban bathe bark battle beg behave belong blame bless blog board boast
boil book borrow bother bounce bowl box breathe brew brush bully bump bury cancel camp canoe care carry
carve celebrate change charge chase chat cheat check cheer chew claim clap clean climb close coach code
collect color colour comb commute compare compete complain compose concentrate confess confuse connect
consider construct consume contain continue control cook copy correct cough count cover crash crave
craft cram crawl create criticise crochet cross cry cuddle cultivate cure curl cycle damage dance dare
date decide decorate decline dedicate delight deliver demand depend describe deserve design despise
destroy detest develop die diet direct disagree disappear discover discuss dislike dive divorce donate
double doubt drag dress drop dry dump dye earn edit educate embarrass embroider employ encourage end
endure engage enjoy enlist enroll enrol enter entertain escape examine excel excuse exercise exist
expect experience explain explore express face fail fancy farm fascinate fear fence fetch fill film
finish fish fit fix flirt float flood focus foil follow fool force forge form foster found frame
freelance frequent frighten fry gain gamble garden gather giggle glaze golf govern grab graduate greet
grill guard guess guide hail handle happen harvest hate haunt head heal heat help hike hire hope host
house hug hum hunt hurry identify ignore imagine immigrate impress improve include inherit injure
inspire install intend interest interview introduce invent invest invite iron jam jog join joke juggle
jump kayak kick kill kiss knead knock label lack land last laugh launch lecture lick lift like limp link
list listen live loathe lock long look love lower maintain major manage march mark marry master match
mate meditate melt mend mention mind miss mix move mow multiply murder name nap need neglect nod note
notice nurse obey object observe obtain offend offer officiate open operate order organise organize own
pack paint pant parent park participate pass pause perform permit persuade photograph pick pilot place
plan plant play plead plow point polish possess post pour practice practise praise pray preach prefer
prepare present press pretend print produce program promise promote propose protect prove publish pull
pump punch punish purchase pursue push question race rain raise rap reach realise realize receive
recommend record recover recycle reduce refuse regret rehearse reject relate relax relocate rely remain
remember remind remodel remove renovate rent repair repeat replace reply report represent require rescue
research reside resign respect rest restore retire return review rhyme ride ripen risk roast rob rock
roll row ruin rule rush sail sample save saw scare scream scuba scrapbook sculpt search season serve
settle sew share shave shelter ship shock shop shout shovel sigh sign sketch skate skateboard ski skip
skydive slip smile smoke snack sneeze snore snow snowboard solve sort sound specialise specialize spar
squeeze staff stain stalk star stare start starve stay steer step stop store strain stream stress
stretch struggle study stuff succeed suffer suggest suit supervise supply support suppose surf surprise
surround suspect swap sweat switch tackle talk tan tap taste tattoo tease tempt tend test text thank
tickle tie time tinker tolerate touch tour tow trace track trade train transfer translate travel treat
trek tremble trick trip trouble trust try turn tutor tweet twist type undress unite unpack upload use
vacation value vape visit volunteer vote wait waitress walk wander want warm warn wash waste watch water
wave weed weigh welcome whisper whistle wink wipe wish wonder work worry worship wrap wreck wrestle yawn
yell zoom sing-along tile weld solder restring ferment pickle moonlight forage birdwatch date snorkel
hitchhike fence trim groom sponsor captain referee umpire curate moderate mentor collaborate consult
commission illustrate animate narrate dub blend distil distill brood hatch keep foster shear milk prune
compost graft quilt darn felt bead upcycle refinish sand varnish lacquer plaster stutter lisp snort purr
miaow meow hiss crow peck nest lean stray swerve bike bicycle blush bluff binge bargain barter box
haggle hover inspect intern invoice kid lodge loan mop mourn nag narrate overwork ponder purr putter
quarrel reckon resemble retrain rot sag scan scold sponsor sprain squat sunbathe swallow tutor vacuum
vary venture wobble yearn cope cater co-own cohabit conduct contribute convert coordinate counsel crack
cruise crunch customise customize deejay delay demolish deploy detail detox diagnose dine draft draw
drill drum duet eavesdrop elope emigrate enlarge fidget flip fold gild glow grieve groan guzzle hoard
idle idolize idolise investigate jot jam joust kickbox lapse limit loaf lounge mediate merge minor
mutter navigate nibble overlook oversee paddle pamper parade patrol perfect pioneer ply poach preside
procrastinate protest qualify quote reenact reflect register relish replant reread resent resume
retrieve reunite revisit savor savour scribble seize sell settle sightsee skim sled smuggle snuggle
socialize socialise spoil sprint squash stitch stock stroll subscribe survive sustain swoon taxi thrive
toast toss transcribe transport trot twirl unload vlog wager wed whittle widow wield woo yodel hail hurt
recite rear originate breed consist feature admit seem appear look sound belong matter weigh equal cost
last assume believe call cause chop complete concern determine download email establish fire gallop
google grade gulp hack increase influence inform involve measure mute occur owe patch phone prevent
provide rake recognise recognize refer regard release reveal separate simmer sip skype slice sniff steam
stir strum whisk
abandon abseil absorb accumulate acquire adjust administer advertise announce appeal appoint approach
approve arrest assign busk breastfeed bookkeep bodyboard brag carpool circulate clash coexist collapse
combine confirm congratulate contact convince correspond co-parent daydream declare decrease defend
demonstrate deny disable disappoint display distribute downsize drain enable evolve exceed exchange
exclude exhibit expand expire explode fade faint fasten floss fundraise geocache graze haul hesitate
homeschool inject instruct insulate insure interpret interrupt irritate itch justify loosen lust
manufacture massage memorise memorize migrate miscarry misplace moan modify nurture oppose peel pierce
pluck plumb pollute predict preserve puncture react recall recruit ref refinance relapse renew request
resist respond resurface restrict reuse revise rinse rotate rub salute sanitise sanitize scatter scrub
secure select shiver sleepwalk snap soak soften soothe spit stammer stow strengthen suspend sway swell
terrify transform tumble unfasten unlock update upgrade upholster vaccinate vanish wail widen wriggle
tuck tug twitch slam scratch stall infect import export equip
await browse chauffeur choke compile convey crouch curse deceive detach ditch dodge drool drown embark evict
exaggerate expel extend gargle gasp gaze grumble hoover infuse inhabit inquire enquire insult interfere jiggle
lament leak lug marinate mimic mingle moult nudge outlive overcharge overcook overheat pawn pester persist
plummet pounce quack ramble reassure reclaim refill regenerate rehome rejoin remarry remortgage reopen repaint
repot restart reupholster roam scowl shred shrug skive slouch slurp smirk sneak snigger snooze sob sprinkle
squabble strangle subtract sue sulk summon swat swipe tether thaw threaten tiptoe topple trample trundle
unblock unplug unscrew vibrate vomit vouch panic waddle wheeze whine yap yelp
"""


def _double(base: str) -> bool:
    """Whether the last consonant doubles ("plan" -> "planned"): one short stressed syllable."""
    if len(base) < 3 or base[-1] in "aeiouwxyhc" or base[-2] not in "aeiou":
        return False
    if base[-3] in "aeiou" and not (base[-3] == "u" and base[-4:-3] == "q"):
        return False
    vowels = sum(1 for a, b in zip(" " + base, base, strict=False) if b in "aeiouy" and a not in "aeiouy")
    return vowels == 1 or base in {
        "admit", "prefer", "permit", "regret", "control", "begin", "forget", "babysit", "forbid", "transfer",
        "upset", "commit", "enrol", "sublet", "kickbox", "distil", "travel", "cancel", "quarrel", "label",
    }  # fmt: skip


def third(base: str) -> str:
    """Third person singular present of a base form ("watch" -> "watches")."""
    if base in {"be", "have", "do", "go"}:
        return {"be": "is", "have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + "s"


def past(base: str) -> str:
    """Simple past of a base form."""
    return _PAST.get(base) or _regular_past(base)


def participle(base: str) -> str:
    """Past participle of a base form."""
    return _PARTICIPLE.get(base) or _regular_past(base)


def gerund(base: str) -> str:
    """The -ing form of a base form."""
    if base in {"be", "see", "flee", "agree", "disagree", "dye", "canoe", "foresee", "oversee", "sightsee"}:
        return base + "ing"
    if base.endswith("ic"):
        return base + "king"
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e"):
        return base[:-1] + "ing"
    return base + (base[-1] if _double(base) else "") + "ing"


def _regular_past(base: str) -> str:
    if base.endswith("ic"):
        return base + "ked"
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ied"
    return base + (base[-1] if _double(base) else "") + "ed"


_PAST: dict[str, str] = {}
_PARTICIPLE: dict[str, str] = {}
for _row in _IRREGULAR.replace("\n", "|").split("|"):
    if _row.strip():
        _base, _did, _done = _row.split()
        _PAST[_base], _PARTICIPLE[_base] = _did, _done

VERBS = frozenset(_PAST) | frozenset(_REGULAR.split())


def _index() -> dict[str, tuple[tuple[str, str], ...]]:
    forms: dict[str, list[tuple[str, str]]] = {}
    for base in sorted(VERBS):
        for kind, form in (
            ("base", base),
            ("third", third(base)),
            ("past", past(base)),
            ("participle", participle(base)),
            ("gerund", gerund(base)),
        ):
            forms.setdefault(form, []).append((base, kind))
    for form, base, kind in (
        ("got", "get", "past"), ("gotten", "get", "participle"), ("learnt", "learn", "past"),
        ("dreamt", "dream", "past"), ("burnt", "burn", "past"), ("traveled", "travel", "past"),
        ("traveling", "travel", "gerund"), ("canceled", "cancel", "past"), ("spelt", "spell", "past"),
        ("smelt", "smell", "past"), ("knit", "knit", "past"), ("were", "be", "past"),
        ("learnt", "learn", "participle"), ("traveled", "travel", "participle"),
        ("canceled", "cancel", "participle"), ("canceling", "cancel", "gerund"),
        ("dreamt", "dream", "participle"), ("burnt", "burn", "participle"), ("spelt", "spell", "participle"),
        ("am", "be", "base"), ("are", "be", "base"),
    ):  # fmt: skip
        forms.setdefault(form, []).append((base, kind))
    return {form: tuple(pairs) for form, pairs in forms.items()}


FORMS = _index()


def kinds(word: str) -> dict[str, str]:
    """Kind -> base of every reading of a word form; empty when the word is no known verb."""
    low = word.lower()
    found = FORMS.get(low) or (_again(low) if low.startswith(("pre", "re")) else ())
    return {kind: base for base, kind in reversed(found)}


_LONG_FORM = 5


def _again(word: str) -> tuple[tuple[str, str], ...]:
    """Readings of an inflected verb behind "pre" or "re" ("preordered"); none of a base, often a noun."""
    before = "pre" if word.startswith("pre") else "re"
    inner = word.removeprefix(before).removeprefix("-")
    if not inner.endswith(("ed", "ing")) or len(inner) < _LONG_FORM:
        return ()
    return tuple((before + base, kind) for base, kind in FORMS.get(inner, ()))
