"""Schemas of the word lists: what an entry of each file may hold."""

from __future__ import annotations

import msgspec


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit or counting word. `not_before`: what follows where the characters are another word (家 + 园)."""

    dimension: str
    examples: dict[str, str]
    rejects: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for one comparator on one side of the number."""

    words: tuple[str, ...]
    examples: dict[str, str]
    rejects: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()


class NameGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Numbers that are part of something else, and why; the head of `names.toml` says what each list is."""

    reason: str
    examples: tuple[str, ...]
    rejects: tuple[str, ...]
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    guard: str = ""


class Numerals(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the Chinese numerals are worth. `numerals.toml` says what each table is."""

    digits: dict[str, int]
    places: dict[str, int]
    grades: dict[str, int]
    tens: dict[str, str]
    more: tuple[str, ...]
    between: tuple[str, ...]
    examples: dict[str, str]
    vague: tuple[str, ...]


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words beside a number that decide something about it; `note` says what."""

    note: str
    words: tuple[str, ...]


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a number is no statement, as people read it."""

    zh: str
    en: str
    example: str
