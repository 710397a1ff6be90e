"""Branches of chats that are stored as trees: which path is active, what lies beside it."""

from __future__ import annotations

from collections.abc import Mapping


def branch(leaf: str, parents: Mapping[str, str | None]) -> list[str]:
    """Ids from the root to `leaf`; stops at an unknown parent and at a parent seen before."""
    path: list[str] = []
    seen: set[str] = set()
    node: str | None = leaf
    while node is not None and node in parents and node not in seen:
        seen.add(node)
        path.append(node)
        node = parents[node]
    path.reverse()
    return path


def nearest(node: str, parents: Mapping[str, str | None], kept: Mapping[str, object]) -> str | None:
    """The closest ancestor of `node` that is in `kept`."""
    seen: set[str] = set()
    above = parents.get(node)
    while above is not None and above not in seen:
        if above in kept:
            return above
        seen.add(above)
        above = parents.get(above)
    return None
