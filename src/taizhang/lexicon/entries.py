"""How the word lists are read, and their schemas: what an entry of each file may hold."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from taizhang.errors import LexiconError

T = TypeVar("T")


def load(file: str, *, tables: tuple[str, ...] = ()) -> dict[str, Any]:
    """One file of `data/`, parsed. Raises `LexiconError` where it is no TOML, or has a table beyond `tables`."""
    try:
        raw = tomllib.loads(files("taizhang.lexicon").joinpath("data", file).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{file}：不是合法的 TOML：{error}", f"{file}: not valid TOML: {error}") from error
    for key in raw:
        if tables and key not in tables:
            raise LexiconError(f"{file}：不认识的表“{key}”", f"{file}: no table '{key}'")
    return raw


def parse_entries(file: str, raw: Mapping[str, Any], table: str, schema: type[T]) -> dict[str, T]:
    """The entries `[table.name]` of one parsed file, checked against `schema`.

    Raises `LexiconError` naming file, entry and key for anything the schema does not know.
    """
    for key in raw:
        if key != table:
            raise LexiconError(
                f"{file}：不认识的表“{key}”，应为“{table}”", f"{file}: no table '{key}', expected '{table}'"
            )
    entries: dict[str, T] = {}
    for name, entry in raw.get(table, {}).items():
        try:
            entries[name] = msgspec.convert(entry, schema)
        except msgspec.ValidationError as error:
            raise LexiconError(f"{file}：{name}：{error}", f"{file}: {name}: {error}") from error
    return entries


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
