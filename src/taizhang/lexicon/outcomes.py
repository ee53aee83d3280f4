"""Words of `data/outcomes.toml`: what a clause says became of a thing, and units that measure the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal

import msgspec

from taizhang.errors import LexiconError
from taizhang.lexicon import alternation
from taizhang.lexicon.entries import load, parse_entries


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that say one thing of what their clause names; `not_behind` and `not_before` take the saying back."""

    words: tuple[str, ...]
    examples: tuple[str, ...]
    rejects: tuple[str, ...]
    not_behind: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of undertaking without a number: the words that make it, before its thing or behind, and what answers."""

    before: tuple[str, ...]
    behind: tuple[str, ...]
    answers: tuple[str, ...]
    ends: tuple[str, ...] = ()


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words around a name or in it, where they count, and what is left of the examples without them."""

    at: Literal["start", "end", "anywhere"]
    words: tuple[str, ...]
    examples: dict[str, str]
    rejects: tuple[str, ...]


@cache
def _raw() -> dict[str, Any]:
    return load("outcomes.toml", tables=("list", "stage", "promise", "wording", "measure"))


@cache
def promises() -> dict[str, Promise]:
    """Every kind of undertaking by its name. Raises `LexiconError` for a stage that does not exist."""
    found = parse_entries("outcomes.toml", {"promise": _raw().get("promise", {})}, "promise", Promise)
    for name, entry in found.items():
        for stage in entry.answers:
            if stage not in stages():
                raise LexiconError(
                    f"outcomes.toml：promise.{name}：没有“{stage}”",
                    f"outcomes.toml: promise.{name}: no stage '{stage}'",
                )
    return found


@cache
def wordings() -> dict[str, Wording]:
    """Every list of words around a name by its own name."""
    return parse_entries("outcomes.toml", {"wording": _raw().get("wording", {})}, "wording", Wording)


@cache
def wording(*names: str, more: str = "") -> re.Pattern[str]:
    """A run of words of these lists, where the first of them says that they count; `more` is a pattern beside them."""
    at = wordings()[names[0]].at
    words = alternation(word for name in names for word in wordings()[name].words)
    run = f"(?:{words}{more and '|'}{more})+"
    return re.compile({"start": f"^{run}", "end": f"{run}$", "anywhere": run}[at])


@cache
def stages() -> dict[str, Stage]:
    """Every stage by its name."""
    return parse_entries("outcomes.toml", {"stage": _raw().get("stage", {})}, "stage", Stage)


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list; the head of `outcomes.toml` says what each is for."""
    return frozenset(msgspec.convert(_raw()["list"], dict[str, tuple[str, ...]])[name])


@cache
def _pattern(stage: str) -> re.Pattern[str]:
    return re.compile(alternation(stages()[stage].words))


def said(text: str, stage: str) -> Iterator[tuple[int, int]]:
    """Where `text` says the stage, without the places at which it takes it back (尚未完工, 主体完工)."""
    entry = stages()[stage]
    for match in _pattern(stage).finditer(text):
        if entry.not_behind and text[: match.start()].endswith(entry.not_behind):
            continue
        if entry.not_before and text.startswith(entry.not_before, match.end()):
            continue
        yield match.start(), match.end()


@cache
def worth() -> dict[str, tuple[str, Decimal, Decimal]]:
    """Unit → dimension, and its worth in the smallest unit of it as numerator and denominator."""
    found: dict[str, tuple[str, Decimal, Decimal]] = {}
    for dimension, entries in parse_entries(
        "outcomes.toml", {"measure": _raw().get("measure", {})}, "measure", dict[str, str]
    ).items():
        for unit, value in entries.items():
            above, _, below = value.partition("/")
            try:
                found[unit] = dimension, Decimal(above), Decimal(below or "1")
            except InvalidOperation:
                raise LexiconError(
                    f"outcomes.toml：measure.{dimension}：{unit}：不是数“{value}”",
                    f"outcomes.toml: measure.{dimension}: {unit}: not a number '{value}'",
                ) from None
    return found
