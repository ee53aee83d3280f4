"""Cue words of the document frame, from `lexicon/data/frame.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

import ahocorasick_rs
import msgspec

from taizhang.errors import LexiconError
from taizhang.lexicon.entries import load
from taizhang.model import Mode, Part

_FILE = "frame.toml"
_HAN_DIGITS = "〇一二三四五六七八九"
_NEVER = "(?!)"


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry: a pattern, what it says of the text behind it, and what it must and must not match."""

    pattern: str
    examples: tuple[str, ...]
    rejects: tuple[str, ...]
    part: Part = "furniture"
    mode: Mode | None = None
    where: Literal["sentence", "paragraph"] = "paragraph"
    scope: Literal["section", "paragraph", "sentences"] = "section"
    national: bool = False


class Moods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a look back and of a look ahead, by their points."""

    back3: tuple[str, ...]
    back2: tuple[str, ...]
    back1: tuple[str, ...]
    ahead3: tuple[str, ...]
    ahead2: tuple[str, ...]
    ahead1: tuple[str, ...]
    nothing: tuple[str, ...]


class Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    heading: dict[str, Cue]
    opener: dict[str, Cue]
    mood: Moods
    furniture: dict[str, Cue]
    places: dict[str, str]

    def entries(self) -> Iterator[tuple[str, str, Cue]]:
        """Every entry with its table's name and its own."""
        for table in ("heading", "opener", "furniture"):
            for name, cue in getattr(self, table).items():
                yield table, name, cue


class Years(msgspec.Struct, frozen=True):
    """The years that fill the placeholders of patterns; null where a text does not say."""

    reviewed: int | None = None
    planned: int | None = None
    plan: int = 0
    """Number of the five-year plan that the whole document is about, or 0."""


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The cue file, checked."""
    try:
        return msgspec.convert(load(_FILE), Cues)
    except msgspec.ValidationError as error:
        raise LexiconError(f"词典 {_FILE} 有误：{error}", f"{_FILE} is not valid: {error}") from error


def plan_number(year: int) -> int:
    """The five-year plan that a year falls into (2021 → 14, the 十四五); 0 for years between plans."""
    if 1953 <= year <= 1962:
        return 1 + (year - 1953) // 5
    return 3 + (year - 1966) // 5 if year >= 1966 else 0


def plan_years(number: int) -> tuple[int, int]:
    """First and last year of a five-year plan by its number."""
    first = 1953 + 5 * (number - 1) if number <= 2 else 1966 + 5 * (number - 3)
    return first, first + 4


_ONES = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def plan_name(number: int) -> str:
    """八五, 十五, 十四五, 二十五."""
    if number < 10:
        return _ONES[number] + "五"
    tens = "" if number < 20 else _ONES[number // 10]
    return f"{tens}十{_ONES[number % 10]}五"


def _plan_pattern(number: int) -> str:
    """A pattern for a five-year plan by either name: 八五, 第八个五年计划."""
    name = plan_name(number)
    return f"(?:{name}|第{name[:-1]}个五年(?:规划|计划)?)"


def year_pattern(year: int | None) -> str:
    """A pattern for a year in either script, or one that never matches."""
    if year is None:
        return _NEVER
    return f"(?:{year}|{''.join(_HAN_DIGITS[int(digit)] for digit in str(year))})"


@lru_cache(maxsize=256)
def fill(pattern: str, years: Years) -> str:
    """A pattern with its placeholders filled."""
    last = following = _NEVER
    reviewed = years.reviewed
    if years.plan > 1:
        last, following = _plan_pattern(years.plan - 1), _plan_pattern(years.plan)
    elif years.plan == 1:
        following = _plan_pattern(1)
    elif reviewed is not None and plan_number(reviewed) and plan_years(plan_number(reviewed))[1] == reviewed:
        last, following = _plan_pattern(plan_number(reviewed)), _plan_pattern(plan_number(reviewed) + 1)
    values = {
        "{R}": year_pattern(years.reviewed),
        "{P}": year_pattern(years.planned),
        "{Y}": "(?:(?:19|20)[0-9]{2}|[一二][〇一二三四五六七八九]{3})",
        "{LAST}": last,
        "{NEXT}": following,
    }
    for key, value in values.items():
        pattern = pattern.replace(key, value)
    return pattern


@lru_cache(maxsize=64)
def heading_cues(years: Years) -> tuple[tuple[str, Cue, re.Pattern[str]], ...]:
    """Heading cues with their years filled in, in the file's order."""
    return tuple((name, cue, re.compile(fill(cue.pattern, years))) for name, cue in cues().heading.items())


@lru_cache(maxsize=64)
def openers(years: Years) -> tuple[re.Pattern[str], dict[str, Cue]]:
    """One pattern for all openers, to be tried where a sentence begins; a match's group names the cue."""
    table = cues().opener
    branches = "|".join(f"(?P<{name.replace('-', '_')}>{fill(cue.pattern, years)})" for name, cue in table.items())
    # behind the greeting, and behind the words by which news of a report introduces what it says
    pattern = re.compile(
        f"(?:各[位们]代表[！，：]\n?)?(?:报告(?:指出|提出|强调|认为)[，：]?\n?)?(?:[一二三四五六七八九十]、)?(?:{branches})"
    )
    return pattern, {name.replace("-", "_"): cue for name, cue in table.items()}


@lru_cache(maxsize=1)
def moods() -> tuple[ahocorasick_rs.AhoCorasick, tuple[int, ...]]:
    """A finder of all mood words, and the points of each: above 0 ahead, below 0 back."""
    table = cues().mood
    points: dict[str, int] = {}
    for name in Moods.__struct_fields__:
        sign = {"b": -1, "a": 1, "n": 0}[name[0]]
        for word in getattr(table, name):
            for literal in _literals(word):
                points[literal] = sign * int(name[-1]) if sign else 0
    finder = ahocorasick_rs.AhoCorasick(list(points), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return finder, tuple(points.values())


def _literals(word: str) -> list[str]:
    """A word with its [..] written out."""
    found = re.search(r"\[([^\]]+)\]", word)
    if found is None:
        return [word]
    choices = "0123456789" if found[1] == "0-9" else found[1]
    return [word[: found.start()] + choice + word[found.end() :] for choice in choices]


@cache
def furniture(name: str) -> re.Pattern[str]:
    """A furniture pattern by its entry's name."""
    return re.compile(cues().furniture[name].pattern)
