"""Word groups of `data/meaning.toml`: what a word does to the meaning of a number."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from taizhang.lexicon.entries import load, parse_entries
from taizhang.lexicon.userlist import additions


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One group: why it exists, its words, and patterns for those that hold a choice."""

    note: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def alternation(self) -> str:
        """A pattern that matches any word, longest first, patterns before words."""
        plain = (re.escape(word) for word in sorted(set(self.words), key=lambda w: (-len(w), w)))
        return "|".join([*self.patterns, *plain])


@cache
def _groups() -> dict[str, Group]:
    groups = parse_entries("meaning.toml", {"group": load("meaning.toml")}, "group", Group)
    for name, more in msgspec.structs.asdict(additions().meaning).items():
        groups[name] = msgspec.structs.replace(groups[name], words=(*groups[name].words, *more))
    return groups


def group(name: str) -> Group:
    """The word group of that name. Raises `KeyError` for a name that the file does not have."""
    return _groups()[name]


def words(name: str) -> frozenset[str]:
    """The words of a group as a set."""
    return frozenset(_groups()[name].words)


def alternation(*names: str) -> str:
    """One pattern for the words of several groups, longest first."""
    merged = Group(
        note="",
        words=tuple(word for name in names for word in _groups()[name].words),
        patterns=tuple(pattern for name in names for pattern in _groups()[name].patterns),
    )
    return merged.alternation()
