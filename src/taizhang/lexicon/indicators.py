"""Indicators and scopes of `data/indicators.toml`: one thing measured, under its many wordings."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import msgspec

from taizhang.errors import LexiconError
from taizhang.lexicon import units
from taizhang.lexicon.entries import load, parse_entries
from taizhang.lexicon.userlist import additions

Direction = Literal["more", "less"]


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An aspect that keeps figures of one concept apart. Two figures compare when they agree on every axis."""

    axis: str
    words: tuple[str, ...]
    not_before: tuple[str, ...] = ()
    not_behind: tuple[str, ...] = ()


class Work(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for one kind of doing: made, renewed, begun."""

    words: tuple[str, ...]


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One concept; the head of `indicators.toml` says what each key is."""

    dimension: tuple[str, ...]
    examples: dict[str, str]
    rejects: tuple[str, ...]
    direction: Direction | None = None
    variants: tuple[str, ...] = ()
    scoped: dict[str, tuple[str, ...]] = {}
    within: tuple[str, ...] = ()
    akin: tuple[str, ...] = ()


@cache
def _raw() -> dict[str, Any]:
    return load("indicators.toml", tables=("scope", "work", "indicator"))


@cache
def scopes() -> dict[str, Scope]:
    """Every scope by its name."""
    return parse_entries("indicators.toml", {"scope": _raw().get("scope", {})}, "scope", Scope)


@cache
def works() -> dict[str, Work]:
    """What is done to things, by kind."""
    return parse_entries("indicators.toml", {"work": _raw().get("work", {})}, "work", Work)


@cache
def indicators() -> dict[str, Indicator]:
    """Every concept by its name. Raises `LexiconError` for a scope or a dimension that does not exist."""
    entries = parse_entries("indicators.toml", {"indicator": _raw().get("indicator", {})}, "indicator", Indicator)
    for name, more in additions().indicator.items():
        # A concept that the package does not know has no dimension, and wordings alone would match anything.
        if name in entries:
            entries[name] = msgspec.structs.replace(entries[name], variants=(*entries[name].variants, *more))
    dimensions = {unit.dimension for unit in units().values()}
    for name, entry in entries.items():
        for wording, given in entry.scoped.items():
            for scope in given:
                if scope not in scopes():
                    raise LexiconError(
                        f"indicators.toml：{name}：{wording}：没有范围“{scope}”",
                        f"indicators.toml: {name}: {wording}: no scope '{scope}'",
                    )
        for wider in (*entry.within, *entry.akin):
            if wider not in entries:
                raise LexiconError(
                    f"indicators.toml：{name}：没有指标“{wider}”", f"indicators.toml: {name}: no indicator '{wider}'"
                )
        for dimension in entry.dimension:
            if dimension not in dimensions:
                raise LexiconError(
                    f"indicators.toml：{name}：没有量纲“{dimension}”",
                    f"indicators.toml: {name}: no dimension '{dimension}'",
                )
    return entries
