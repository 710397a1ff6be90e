"""The words in which told facts are asked for, for untold slots to borrow.

Where only what was told is asked for in some words ("called", "go by"), the words give the answer away and
nothing is learnt about the slot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from data.grammar import is_person, role_and_name
from data.records import Dream, Memory
from data.seeds import SeedUntold

Forms = Mapping[tuple[str, bool], Sequence[str]]
"""Questions by (relation, whether it is somebody's) with "{s}" for the subject; under ANY "{n}" is a slot."""
ANY = ("", False)
# A form that two memories share is no peculiarity of one of them.
SHARED = 2
# Words that only some slots can be asked for in.
_PECULIAR = re.compile(r"\b(?:date|day|when|where|who|how|old|colour|town|place)\b", re.IGNORECASE)


def told_forms(dreams: Sequence[Dream], active: Mapping[str, Memory]) -> Forms:
    """The forms of the trained direct questions about one active memory each."""
    found: dict[tuple[str, bool], dict[str, set[str]]] = {ANY: {}}
    for dream in dreams:
        trained = dream.kind == "direct" and dream.split == "train" and dream.verified
        memory = active.get(dream.memory_ids[0]) if trained and len(dream.memory_ids) == 1 else None
        if memory is None:
            continue
        form = _marked(dream.question, f"{memory.subject}'s {memory.relation}", "{n}")
        if form and not _PECULIAR.search(form):
            found[ANY].setdefault(form, set()).add(memory.id)
        role, _ = role_and_name(memory.subject)
        form = _marked(dream.question, role, "{s}") if role.startswith("my ") else ""
        if form and memory.subject not in form:
            key = (memory.relation, is_person(role))
            found.setdefault(key, {}).setdefault(form, set()).add(memory.id)
    return {
        key: sorted(form for form, ids in forms.items() if key == ANY or len(ids) >= SHARED)
        for key, forms in found.items()
    }


def borrow(forms: Forms, slot: SeedUntold, number: int) -> str:
    """The question for `slot` in the words of a told one, chosen by `number`; empty where there is none."""
    owner = slot.subject.removesuffix("'s")
    alike = forms.get((slot.relation, is_person(owner)), ()) if owner != "my" else ()
    if alike:
        return alike[number % len(alike)].replace("{s}", owner)
    of_any = forms[ANY]
    noun = f"{slot.subject} {slot.question_noun}"
    return of_any[number % len(of_any)].replace("{n}", noun) if of_any else ""


def _marked(question: str, words: str, mark: str) -> str:
    """The question with the only place of `words` marked; empty where they stand nowhere or twice."""
    form, count = re.subn(rf"\b{re.escape(words)}(?![^\W_])", mark, question, flags=re.IGNORECASE)
    return form if count == 1 else ""
