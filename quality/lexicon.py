"""Word classes that curation scores by: who speaks of whom, when, kin, events, likes, plans, chatter.

Tables only, of general English; what a class is worth is decided in quality/curation.py. Words are lower
case with straight apostrophes; a word may belong to several classes.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST = _words(
    "i i'm im i've ive i'd i'll ill me my mine myself we we're we've we'd we'll us our ours ourselves"
)
SECOND = _words("you you're youre you've you'd you'll your yours yourself u ur ya")
THIRD = _words("he he's she she's they they're his her hers their him them")

HYPOTHESIS = _words(
    """
    if imagine suppose supposing pretend hypothetically would could let's lets role-play roleplay story novel
    character campaign screenplay
    """
)

KIN = _words(
    """
    mother mom mum mama mommy father dad daddy papa parents parent sister sisters brother brothers sibling
    siblings son sons daughter daughters child children kid kids baby twins grandma grandmother granny
    grandpa grandfather grandparents grandson granddaughter grandchildren aunt auntie uncle cousin cousins
    niece nephew husband wife spouse partner girlfriend boyfriend fiance fiancee fiancé fiancée ex
    stepmother stepfather stepsister stepbrother in-laws mother-in-law father-in-law sister-in-law
    brother-in-law family relatives
    """
)
SOCIAL = _words(
    """
    friend friends buddy roommate flatmate housemate neighbour neighbor neighbours neighbors colleague
    colleagues coworker coworkers boss manager teammate teammates team mentor teacher professor coach doctor
    therapist dentist vet landlord tenant client clients customer customers student students classmate
    classmates guest guests crew band group club community church neighborhood neighbourhood
    """
)
TIME = _words(
    """
    yesterday today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday mondays
    tuesdays wednesdays thursdays fridays saturdays sundays january february march april june july august
    september october november december weekend weekends week weeks month months year years ago recently
    lately morning afternoon evening night spring summer autumn fall winter christmas easter thanksgiving
    halloween birthday anniversary holiday holidays decade since o'clock noon midnight daily weekly monthly
    yearly annual fortnight semester childhood nowadays earlier hour hours minutes days age aged
    """
)
RELATIVE_TIME = _words("last next past previous coming upcoming every since until during")
NUMBER = _words(
    """
    two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen
    couple first second third fourth fifth once twice half double several
    """
)
EVENT = _words(
    """
    moved born married wedding divorced engaged engagement proposed pregnant expecting adopted adopting
    adoption died passed funeral diagnosed surgery operation hospital accident injured injury broke hurt
    sick ill recovering graduated graduation enrolled degree exam exams college university school studied
    studying hired fired promoted promotion retired resigned quit job career interview internship opened
    launched founded started began joined signed registered applied accepted won lost award prize
    competition contest tournament champion finished completed published released performed performance
    concert festival conference workshop ceremony bought sold rented purchased found received gave got
    donated raised built made created designed wrote painted drew baked cooked planted repaired fixed
    renovated visited traveled travelled trip vacation flew drove hiked camped camping met hosted organized
    organised attended volunteered volunteering celebrated party reunion parade rally march race marathon
    ran climbed swam played beat learned learnt taught took tried went saw read watched listened decided
    realized realised discovered stolen crashed burned flooded robbed arrested elected appointed nominated
    cancelled postponed scheduled booked reserved arrived left returned became turned named called grew
    inherited saved invested spent paid cost earned owe
    """
)
PREFERENCE = _words(
    """
    love loves loved like likes liked enjoy enjoys enjoyed hate hates hated dislike prefer prefers preferred
    favorite favourite favorites favourites fave fan obsessed into adore passionate passion allergic allergy
    vegan vegetarian gluten-free lactose intolerant addicted afraid scared fear phobia dream dreams dreamed
    hobby hobbies interested keen
    """
)
PLAN = _words(
    """
    going gonna plan plans planning planned will hope hoping want wants wanted intend intending goal goals
    considering thinking looking decided booked scheduled soon saving preparing ready starting working
    researching applying training
    """
)
THING = _words(
    """
    dog dogs cat cats puppy kitten pup pet pets horse rabbit turtle turtles fish bird parrot hamster snake
    car truck bike bicycle motorcycle boat house home apartment flat garden yard farm cabin room kitchen
    phone laptop computer camera guitar piano violin drums book books novel series movie movies film show
    song songs album music game games console painting paintings drawing sculpture pottery photo photos
    picture necklace ring tattoo dress shoes jacket recipe cake pizza pasta bread cookies soup salad coffee
    tea wine restaurant cafe store shop business company startup project script screenplay blog podcast
    channel website app class classes course lessons gym yoga soccer football basketball baseball tennis
    hockey golf swimming running hiking cycling climbing skiing surfing dancing dance singing cooking baking
    gardening knitting reading writing chess museum park beach lake mountain mountains forest river island
    city town village country street road scholarship grant loan money budget rent salary license passport
    visa medication diet insurance plane train flight ticket tickets cast gift letter certificate medal
    trophy flag mural statue plant plants flowers tree
    """
)
WORK = _words(
    """
    work works worked working engineer nurse lawyer artist writer author musician singer actor chef cook
    baker designer developer programmer accountant mechanic electrician carpenter plumber farmer pilot
    driver police firefighter soldier military army navy officer politician counselor counsellor counseling
    therapist scientist researcher librarian journalist photographer director producer entrepreneur
    freelancer intern office factory shift salary mayor council volunteer shelter charity nonprofit
    """
)

POSITIVE = _words(
    """
    happy glad excited exciting thrilled proud grateful thankful joy delighted wonderful fantastic amazing
    awesome love loved relieved
    """
)
NEGATIVE = _words(
    """
    sad angry upset worried anxious stressed stress depressed lonely scared afraid frustrated exhausted
    tired devastated heartbroken grief grieving cry cried crying hurt pain painful terrible awful horrible
    hate lost died disappointed nervous overwhelmed miserable ashamed guilty broken struggling panic
    """
)
CHATTER = _words(
    """
    wow great awesome amazing cool nice wonderful fantastic incredible inspiring inspirational impressive
    sweet lovely yay congrats congratulations thanks thank thx appreciate welcome luck cheers absolutely
    definitely totally exactly agree agreed sure true indeed yeah yep yup nope haha lol hehe omg bye goodbye
    later soon keep hang sounds sound glad proud hear hey hi hello morning catch chat talk care always right
    support beautiful gorgeous perfect best good fun rewarding important special positive passion journey
    strength hope believe inspire inspired motivated motivating encouragement happy helps helpful
    interesting
    """
)

COMMON = _words(
    """
    able about above across actually after again against ago agree ahead all almost alone along already also
    although always am among an and another any anyone anything anyway anywhere are area aren't around as
    ask asked asking at away back bad be became because become been before began behind being believe best
    better between big bit both bring busy but by call came can can't care case cause certain change check
    clear close come comes coming could couldn't cut day days deal did didn't different difficult do does
    doesn't doing don't done down during each early easy either else end enough especially even ever every
    everyone everything exactly example experience face fact far fast feel feeling feelings feels felt few
    figure fill find fine follow for forget form forward free from full fun further future gave get gets
    getting give given gives giving go goes going gone good got great had half hand hands happen happened
    happening happens hard has have haven't having head hear heard heart help helped helping helps here high
    hold hope hopefully how however huge idea ideas if important in inside instead into is isn't it it's its
    itself job join just keep keeps kind kinda knew know known knows large last late least leave left less
    let let's life light likely line list little live lives long longer look looked looking looks lot lots
    low main make makes making man many matter may maybe mean meaning means meant middle might mind minute
    miss moment moments more most move moving much must name near need needed needs never new next nice no
    none normal not nothing now number of off often oh ok old on once one ones only open or order other
    others out over own part parts people perhaps person place places plan point possible pretty probably
    problem problems put question quite rather reach read ready real really reason remember rest right run
    said same saw say saying says see seem seemed seems seen sense sent set several share shared sharing she
    short should show showing shows side simple since single small so some someone something sometimes
    somewhere sort start started starting starts stay step steps still stop story stuff such super support
    sure take taken takes taking talk talked talking tell telling than that that's the them themselves then
    there there's these thing things think thinking this those though thought thoughts through time times to
    together told too took top totally tough toward tried true try trying turn turned two type under
    understand until up upon use used using usually very view wait waiting want wanted wants was wasn't way
    ways well went were weren't what what's whatever when where whether which while who whole why will with
    within without won't wonder word words work world worth would wouldn't wow wrong yes yet you your
    challenge challenges challenging connect connection create creating effort energy enjoy environment
    everybody focus goal goals grow growing growth hi impact inspiration learn learning level love lucky
    memories message opportunity opportunities passionate positivity process progress push pushing reminder
    remind reminds self strong stronger success successful team tips value wish worry happiness peace power
    powerful difference dedication determination dreams incredible unique
    """
)

ABSTRACT = _words(
    """
    support journey passion encouragement motivation confidence courage purpose growth strength hope faith
    inspiration kindness compassion understanding acceptance appreciation gratitude joy happiness peace
    impact difference community success creativity freedom love beauty nature culture world people everyone
    others lives life heart soul vibes vibe energy spirit self moment moments memories memory bond bonds
    connection connections opportunity opportunities challenge challenges obstacle obstacles tough times
    words step steps path expression emotions emotion feelings atmosphere escape comfort calm calming
    reminder warmth meaning value values talents talent skill skills effort dedication determination belief
    positivity change changes progress stress relief resilience resilient uplifting fulfilling rewarding
    meaningful cherish cherished precious grateful thankful blessed proud motivated motivating inspired
    inspiring inspire uplift empower empowering embrace thrive shine stunning vibrant captivating
    mesmerizing beautiful gorgeous adorable cute yum delicious tasty rad sick epic chill pumped stoked
    excited thrilled determined focused positive optimistic hopeful honest authentic genuine bravery brave
    guts
    """
)
ADVERBS = _words(
    """
    just also recently finally even really once first already actually always never still then both all last
    so totally definitely officially only often usually sometimes currently now
    """
)
PAST = _words(
    """
    became began bit broke brought built bought caught chose came drew drank drove ate fell felt fought
    found flew forgot gave went grew heard held kept knew led left lost made meant met paid rode ran said
    saw sold sent sang sat slept spoke spent stood swam took taught told thought threw understood wore won
    woke wrote did was were had got put set hurt cut read let hit quit shot stole swore tore bent bet dug
    hung hid laid lit shook shut spread stuck struck
    """
)
IDLE = _words(
    """
    think guess agree know see hope mean wonder feel wish believe understand appreciate bet suppose hear
    remember would could might may should shall will i'll say admit promise swear
    """
)
OPENERS = _words(
    """
    how what why who which where whose whats what's how's hows does is are can could should write rewrite
    explain list give tell make show recommend suggest translate summarise summarize help fix generate
    create draft convert please pls describe compare calculate define
    """
)

TRIGGERS = {
    "remember": _words("remember mind note record forget reference"),
    "forget": _words(
        "forget delete erase remove scrub wipe unlearn strike drop store storing save saving keep keeping "
        "remember remembering record repeat hold"
    ),
    "correction": _words(
        """
        wrong incorrect correct correction meant misspoke spelled spelt mixed mixing autocorrect nope nah
        no said told that's thats isn't isnt not
        """
    ),
    "update": _words("anymore longer more now used instead switched changed moved"),
    "praise": _words(
        """
        perfect excellent brilliant helpful spot star treasure genius lifesaver works worked helped
        passes exactly good great nice lovely amazing best love done
        """
    ),
    "complaint": _words(
        """
        bad useless terrible awful poor stupid lazy bland boring unhelpful helpful asked wanted keep
        always never stop too doesn't doesnt didn't didnt read ignored forgot missed
        """
    ),
    "joke": _words("kidding joking joke jk"),
}
