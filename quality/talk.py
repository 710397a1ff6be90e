"""The conversations of a day as their own sentences, for rules that read a chat as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from data.records import Exchange
from quality import clauses as cut
from quality.foreign import own_text


class Chat:
    """One conversation of a day: what the person wrote, by turn, and what the assistant said."""

    def __init__(self, talk: Sequence[Exchange]) -> None:
        self._talk = talk

    @cached_property
    def turns(self) -> dict[str, str]:
        """The person's own words by turn, without the turns in which something is made up."""
        own = {e.user.id: own_text(e.user.text) for e in self._talk if e.user.role == "user"}
        return {turn: text for turn, text in own.items() if not (cut.is_play(text) or cut.is_role_play(text))}

    @cached_property
    def heard(self) -> str:
        """What the assistant answered."""
        return "\n".join(e.answer.text for e in self._talk if e.answer)

    @cached_property
    def sentences(self) -> list[tuple[str, bool]]:
        """The person's sentences, each with whether it asks."""
        return [
            (sentence, asks or cut.is_question(sentence))
            for text in self.turns.values()
            for sentence, asks in cut.sentences(text)
        ]

    @cached_property
    def text(self) -> str:
        """All the person wrote, a line for each turn."""
        return "\n".join(self.turns.values())

    def until(self, turn: str) -> Chat:
        """The conversation up to and with a turn."""
        at = next((i for i, e in enumerate(self._talk) if e.user.id == turn), -1)
        return Chat(self._talk[: at + 1])


def chats(exchanges: Sequence[Exchange]) -> dict[str, Chat]:
    """The conversation that each of the person's turns belongs to."""
    talks: dict[tuple[str, str], list[Exchange]] = {}
    for exchange in exchanges:
        talks.setdefault((exchange.user.source, exchange.user.conversation), []).append(exchange)
    return {e.user.id: chat for talk in talks.values() for chat in [Chat(talk)] for e in talk}
