"""Loads and checks the word lists in `data/`: what a unit is, which words compare, which numbers are names.

Each file has its schema (`entries`). A key the schema does not know, a reason that does not exist, a pattern that
does not compile raise `LexiconError` with file, entry and key. Lists become alternations, escaped and longest first.
Everything is read on first use and kept. What a user's own list adds (`userlist`) is added here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from taizhang.errors import LexiconError
from taizhang.lexicon.entries import Comparison, Cue, NameGroup, Numerals, Reason, Unit, load, parse_entries
from taizhang.lexicon.userlist import additions
from taizhang.model import Comparator

COUNTING = frozenset({"count", "people", "household"})
"""Dimensions of counting words: one Chinese digit before them is mostly no statement."""


def alternation(words: Iterable[str]) -> str:
    """A pattern that matches any of `words`, escaped, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def units() -> dict[str, Unit]:
    """Every unit by its written form."""
    known = parse_entries("units.toml", load("units.toml"), "unit", Unit)
    dimensions = {unit.dimension for unit in known.values()}
    for name, unit in additions().unit.items():
        if name in known:
            raise LexiconError(
                f"自用词表：单位“{name}”本来就有，不能改",
                f"own word list: the unit '{name}' is known and cannot be changed",
            )
        if unit.dimension not in dimensions:
            raise LexiconError(
                f"自用词表：单位“{name}”：没有量纲“{unit.dimension}”",
                f"own word list: unit '{name}': no dimension '{unit.dimension}'",
            )
    return known | additions().unit


@cache
def reasons() -> dict[str, Reason]:
    """The closed list of reasons why a number is no statement."""
    return parse_entries("reasons.toml", load("reasons.toml"), "reason", Reason)


@cache
def name_groups() -> dict[str, NameGroup]:
    """Names, dates, codes and set phrases by group name, in the order in which they are tried."""
    groups: dict[str, NameGroup] = dict(additions().name)
    for name, group in groups.items():
        if group.reason not in reasons():
            raise LexiconError(
                f"自用词表：{name}：没有原因“{group.reason}”", f"own word list: {name}: no reason '{group.reason}'"
            )
    for file in ("names.toml", "idioms.toml"):
        for name, group in parse_entries(file, load(file), "group", NameGroup).items():
            if group.reason not in reasons():
                raise LexiconError(
                    f"{file}：{name}：reason“{group.reason}”不在 reasons.toml 中",
                    f"{file}: {name}: reason '{group.reason}' is not in reasons.toml",
                )
            for pattern in (*group.numbers, *group.searches):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise LexiconError(
                        f"{file}：{name}：{error}：{pattern}", f"{file}: {name}: {error}: {pattern}"
                    ) from error
            groups[name] = group
    return groups


@cache
def numerals() -> Numerals:
    """The values of the Chinese numerals."""
    return parse_entries("numerals.toml", load("numerals.toml"), "numerals", Numerals)["chinese"]


@cache
def cues() -> dict[str, Cue]:
    """Word lists that decide between statement and none, by name."""
    return parse_entries("cues.toml", load("cues.toml"), "cue", Cue)


@cache
def comparisons() -> dict[tuple[Literal["before", "after"], Comparator], Comparison]:
    """Comparing words by side and comparator."""
    raw = load("comparators.toml", tables=("before", "after"))
    found: dict[tuple[Literal["before", "after"], Comparator], Comparison] = {}
    sides: tuple[Literal["before", "after"], ...] = ("before", "after")
    for side in sides:
        part = parse_entries("comparators.toml", {side: raw.get(side, {})}, side, Comparison)
        for name, entry in part.items():
            if name not in ("ge", "le", "about", "nearly", "over"):
                raise LexiconError(f"comparators.toml：{side}.{name}", f"comparators.toml: no comparator '{name}'")
            comparator = msgspec.convert(name, Comparator)
            more = additions().comparator.get(side, {}).get(comparator, ())
            found[side, comparator] = msgspec.structs.replace(entry, words=(*entry.words, *more))
    return found
