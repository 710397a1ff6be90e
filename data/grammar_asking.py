"""Building questions about one clause: a question word, the auxiliary of its tense, the subject, a verb.

Knows the forms; which questions are worth asking is decided where it is used.
"""

from __future__ import annotations

from data.grammar import possessive, subject_in_sentence
from data.grammar_clauses import Clause, capitalise
from data.grammar_questions import Ask
from data.lexicon_verbs import past, third

_TENSES = {
    "am": "base", "are": "base", "have": "base", "do": "base", "is": "third", "has": "third", "does": "third",
    "was": "past", "were": "past", "had": "past", "did": "past",
}  # fmt: skip


class Asking:
    """Collects the questions about one clause."""

    def __init__(self, clause: Clause) -> None:
        self.tense = clause.tense or _TENSES.get(clause.aux, "base")
        self.subject = subject_in_sentence(clause.subject)
        self.whose = (
            "my" if clause.subject == "I" else "our" if clause.subject == "We" else possessive(self.subject)
        )
        self.clause = clause
        self.asks: list[Ask] = []

    def verb(self, word: str, base: str, tail: str = "", negative: bool = False) -> None:
        """A question with the auxiliary "do" ("What car do I drive?")."""
        front = {"base": "do", "third": "does", "past": "did"}[self.tense]
        finite = {"base": base, "third": third(base), "past": past(base)}[self.tense]
        if negative:
            front, finite = f"{front}n't", f"{front}n't {base}"
        self._add((word, front, self.subject, base, tail), (word, self.subject, finite, tail))

    def own(self, word: str, tail: str = "") -> None:
        """A question with the clause's own verb and auxiliary ("How long have I been married?")."""
        clause = self.clause
        if clause.aux:
            finite = " ".join(p for p in (clause.aux, clause.adverbs, clause.verb) if p)
            self._add(
                (word, clause.aux, self.subject, clause.adverbs, clause.verb, tail),
                (word, self.subject, finite, tail),
            )
        elif clause.base and clause.tense:
            self.verb(word, clause.base, tail)

    def be(self, word: str, what: str, tail: str = "", plural: bool = False) -> None:
        """A question with "be" about a noun phrase ("What is my job?")."""
        be = {True: ("are", "were"), False: ("is", "was")}[plural][self.tense == "past"]
        be = "am" if what == "I" and be == "is" else be
        self._add((word, be, what, tail), (word, what, be, tail))

    def said(self, question: str, indirect: str) -> None:
        """A question given whole."""
        self.asks.append(Ask(question, indirect))

    def _add(self, question: tuple[str, ...], indirect: tuple[str, ...]) -> None:
        self.said(capitalise(" ".join(p for p in question if p)) + "?", " ".join(p for p in indirect if p))
