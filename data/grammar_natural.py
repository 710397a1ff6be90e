"""Questions as people put them about an open statement: by the kind of thing, how long, how often.

Beside the plain gap questions of `grammar_questions`: those take the statement's own verb, these the words a
person would use who no longer remembers how they told it. Pure functions of a `Clause`.
"""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause, takes_base
from data.grammar_gaps import complex_rest, names_an_object
from data.grammar_natural_acts import acted, headed
from data.grammar_natural_being import being
from data.grammar_natural_body import bodily, coloured
from data.grammar_natural_company import in_company
from data.grammar_natural_drinks import drunk
from data.grammar_natural_dues import due
from data.grammar_natural_given import given
from data.grammar_natural_names import named_beside, newly_named
from data.grammar_natural_owned import owned
from data.grammar_natural_people import people
from data.grammar_natural_places import placed
from data.grammar_natural_pursuits import pursued
from data.grammar_natural_roles import playing, roles
from data.grammar_natural_sorts import sorted_out
from data.grammar_natural_states import body, lasting, stated, worn
from data.grammar_natural_sums import summed
from data.grammar_natural_things import got, had, taken
from data.grammar_natural_times import hours, split_time, time_asks, where_weekly
from data.grammar_natural_ways import ways
from data.grammar_questions import Ask
from data.hypernyms import is_food, sort_of
from data.lexicon import PREPOSITIONS
from data.lexicon_verbs import kinds
from data.synonyms import kind_of

_TRIPS = re.compile(r"^to (?P<verb>travel|go|fly|move|sail|cycle|drive|hike) to ")
_PASTIMES = frozenset("knit sew crochet paint sing dance climb ski surf garden bake swim fish sail".split())


def natural(clause: Clause) -> list[Ask]:
    """The questions a person would ask who remembers the topic and not the wording; the surest first."""
    to = Asking(clause)
    never = "never" in clause.adverbs.lower().split()
    if never or clause.lead or complex_rest(clause) or not (clause.aux or clause.tense):
        return []
    if clause.negative:
        _denied(clause, to)
        return list(dict.fromkeys(to.asks))
    rest, when = split_time(clause.rest)
    if not clause.rest:
        if clause.base in _PASTIMES and clause.tense != "past":
            to.be("what", f"{to.whose} hobby")
            to.verb("what", "do", "as a hobby")
        return to.asks
    for rule in _RULES if rest else (due,):
        rule(clause, rest, to)
    if when:
        where_weekly(clause, rest, when, to.own)
        time_asks(clause, rest, when, to.own, to.verb)
        before, clock = split_time(rest) if when.startswith("from ") else (rest, "")
        if clock:
            time_asks(clause, before, clock, to.own, to.verb)
    return list(dict.fromkeys(to.asks))


def _denied(clause: Clause, to: Asking) -> None:
    base, thing = clause.base, clause.rest
    if "only" in clause.adverbs.split() or thing.startswith("only "):
        return
    if clause.aux not in {"do", "does", "can"} or not thing and clause.aux != "can":
        return
    if (
        thing.split(" ")[0] in PREPOSITIONS - {"to"}
        or thing.startswith("to ")
        and base not in {"like", "want"}
    ):
        return
    short = {"do": "don't", "does": "doesn't", "can": "can't"}[clause.aux]
    sort = sort_of(thing)
    if sort and base in {"like", "drink", "eat"}:
        to.said(f"Which {sort} {short} {to.subject} {base}?", f"which {sort} {to.subject} {short} {base}")
    if base in {"like", "eat"} and is_food(thing):
        to.said(f"What food {short} {to.subject} {base}?", f"what food {to.subject} {short} {base}")
        if base == "like":
            dislikes = "dislikes" if clause.aux == "does" else "dislike"
            for word in ("what", "which"):
                to.said(
                    f"{word.capitalize()} food {clause.aux} {to.subject} dislike?",
                    f"{word} food {to.subject} {dislikes}",
                )
    if base == "eat" and names_an_object(thing):
        to.said(f"What {short} {to.subject} eat?", f"what {to.subject} {short} eat")
        to.said(f"Which food {short} {to.subject} eat?", f"which food {to.subject} {short} eat")
        to.said(f"What food should {to.subject} avoid?", f"what food {to.subject} should avoid")
    elif base == "want" and thing.startswith("to "):
        doing = "be" if thing.startswith("to be ") else "do"
        to.said(f"What {short} {to.subject} want to {doing}?", f"what {to.subject} {short} want to {doing}")
    elif base in {"like", "drink", "eat", "trust", "want", "speak", "use"} and names_an_object(thing):
        to.said(f"What {short} {to.subject} {base}?", f"what {to.subject} {short} {base}")
        to.said(f"What is it {to.subject} {short} {base}?", f"what it is {to.subject} {short} {base}")
        if base == "like":
            dislike = "dislikes" if clause.aux == "does" else "dislike"
            to.said(f"What {clause.aux} {to.subject} dislike?", f"what {to.subject} {dislike}")
    elif clause.aux == "can" and base in {"stand", "bear"} and names_an_object(thing):
        to.said(f"What can't {to.subject} {base}?", f"what {to.subject} can't {base}")
        do, ending = ("do", "") if takes_base(clause.subject) else ("does", "s")
        for word in ("what", *(["what food", "which food"] if is_food(thing) else [])):
            for verb in ("dislike", "hate"):
                asked = f"{word} {do} {to.subject} {verb}?"
                to.said(asked[:1].upper() + asked[1:], f"{word} {to.subject} {verb}{ending}")
    elif clause.aux == "can" and base not in {"stand", "wait", "help", "believe", "afford", "imagine"}:
        to.said(f"What can't {to.subject} do?", f"what {to.subject} can't do")


def _duration(clause: Clause, rest: str, to: Asking) -> None:
    """How long: "for nine years" at the end of what was done or has been so."""
    lasting = re.match(
        r"^(.*?) ?\bfor ((?:about |over |almost |nearly )?[\w-]+(?: [\w-]+)? "
        r"(?:years?|months?|weeks?|days?|decades?))$",
        clause.rest,
    )
    if lasting and (clause.aux in {"have", "has"} or clause.tense == "past"):
        to.own("how long", lasting[1])
        unit = lasting[2].split()[-1]
        to.own(f"for how many {unit if unit.endswith('s') else unit + 's'}", lasting[1])


def _work(clause: Clause, rest: str, to: Asking) -> None:
    if clause.base != "work" or clause.aux not in {"", "have", "has"}:
        return
    if re.fullmatch(r"(?:nights|days|weekends|mornings|evenings|afternoons|weekdays)", rest):
        to.verb("when", "work")
        to.verb("what shifts", "work")
        return
    shifts = re.match(r"[\w-]+ shifts?\b", rest)
    if shifts or hours(rest):
        to.verb("what shifts" if shifts else "what hours", "work")
        to.be("what", f"{to.whose} working hours", plural=True)
        to.verb("when", "work")
    elif re.match(r"(?:at|in|for|on|from) ", rest):
        if not rest.startswith("on "):
            to.verb("where", "work")
        if rest.startswith("from "):
            to.verb("where", "work", "from")
        elif rest.startswith(("in ", "on ")):
            to.verb("what kind of work", "do")


def _plan(clause: Clause, rest: str, to: Asking) -> None:
    """Where one wants to go, and what one would love to learn."""
    wished = clause.aux == "would" and clause.verb.lower() in {"like", "love"}
    if (
        not wished
        and clause.base not in {"want", "hope", "plan", "intend", "dream"}
        or clause.aux not in {"", "would"}
    ):
        return
    tail = clause.rest.removeprefix(rest).strip()
    where = _TRIPS.match(rest)
    if where:
        verb = where["verb"]
        for base in dict.fromkeys(("want", *([] if wished else [clause.base]))):
            if base != "dream":
                to.verb("where", base, f"to {verb}")
        if tail.startswith(("in ", "on ", "next ", "this ")):
            to.verb("where", "want" if wished else clause.base, f"to {verb} {tail}")
        if verb != "move":
            to.verb("which place", "want", "to visit")
            to.be("what", f"{to.whose} travel plans", plural=True)
        return
    inner = re.match(r"^to (\w+) (.+)$", rest)
    if inner and "base" in kinds(inner[1]) and inner[1] not in {"be", "have", "get", "go"}:
        thing = names_an_object(inner[2]) and not re.match(r"(?:to|in|on|at|from) ", inner[2])
        thing = thing and inner[1] not in {"travel", "live", "stay", "come", "work", "become"}
        to.verb("what", "want", f"to {inner[1]}" if thing else "to do")
        kind = kind_of(inner[2])
        if kind:
            to.verb(f"which {kind}", "want", f"to {inner[1]}")


_RULES = (
    *(coloured, bodily, being, stated, _duration, _work, got, had, body, drunk, _plan, taken),
    *(acted, in_company, headed, placed, named_beside),
    *(roles, playing, given, newly_named, worn, lasting, sorted_out),
    *(summed, owned, due, people, pursued, ways),
)
