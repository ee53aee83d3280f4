"""Numbers that are part of something else: names, dates, codes, numbering, idioms. Claimed before any quantity is read.

Three ways in, all from `names.toml` and `idioms.toml`: plain words found anywhere; patterns searched in the whole text,
which start with fixed characters; and patterns tried only where a number begins. The last are most of them, and the
reason why the pass is fast: a text has one number in some thirty characters.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import ahocorasick_rs
import msgspec

from taizhang.errors import LexiconError
from taizhang.lexicon import name_groups
from taizhang.model import Claim

NUMERALS: Final = "〇零一二三四五六七八九十百千万亿两廿卅"
RUN: Final = re.compile(f"[0-9]+(?:[.,][0-9]+)*|[{NUMERALS}]+")
"""A number's first stretch: digits with their points, or Chinese numerals."""

DIGITS: Final = frozenset("0123456789")
_CHINESE: Final = frozenset(NUMERALS + "半N")
_ALL: Final = frozenset("0123456789" + NUMERALS)
_SHORT: Final = {
    "<D>": "(?:[0-9]{1,6})",
    "<C>": "(?:[〇零一二三四五六七八九十百千两]{1,6})",
    "<N>": "(?:[0-9]{1,6}|[〇零一二三四五六七八九十百千两]{1,6})",
}
_LOOKBEHIND = re.compile(r"(?:\(\?:)*(?:\(\?<[=!](?:[^()\\]|\\.)*\)(?:\|\^)?\)?)*")
_OPENERS: Final = frozenset("第（〔[【“")
_QUOTED = re.compile(f"“[^“”\n]{{0,11}}?[0-9{NUMERALS}][^“”\n]{{0,11}}”")
_QUOTED_AMOUNT = re.compile(r"[%‰]|翻|倍增|[0-9](?:[万亿]|余|多)?(?:元|吨|公里|亩|千瓦|平方|个百分点|亿|万)")
LONGEST_QUOTED_NAME: Final = 9
"""Longest name in quotes, in characters between them: “1+3+N” is one, a quoted sentence is not."""


class Names(msgspec.Struct, frozen=True):
    """The compiled lists. `digits` and `numerals` are tried where a number of that script begins."""

    digits: re.Pattern[str]
    digit_groups: tuple[tuple[str, str], ...]
    numerals: re.Pattern[str]
    numeral_groups: tuple[tuple[str, str], ...]
    searches: tuple[tuple[re.Pattern[str], str, str], ...]
    words: ahocorasick_rs.AhoCorasick
    word_groups: tuple[tuple[str, str, re.Pattern[str] | None], ...]


def _scripts(group: str, pattern: str) -> tuple[bool, bool]:
    """Whether a pattern may begin with digits, and with Chinese numerals."""
    found = [_begins(start) for start in _starts(pattern[_leading_lookbehind(pattern) :])]
    if not found or not all(any(scripts) for scripts in found):
        raise LexiconError(
            f"names.toml：{group}：numbers 的模式须以数字开头：{pattern}",
            f"names.toml: {group}: a pattern of `numbers` must begin with a number: {pattern}",
        )
    return any(digit for digit, _ in found), any(chinese for _, chinese in found)


def _starts(pattern: str) -> list[str]:
    """The pattern, or where it opens with a choice (?:a|b) each branch of it."""
    if not pattern.startswith("(?:"):
        return [pattern]
    branches, branch, depth, bracket, at = [], "", 1, False, 3
    while at < len(pattern) and depth:
        letter = pattern[at]
        bracket = (bracket and letter != "]") or letter == "["
        if not bracket:
            depth += (letter == "(") - (letter == ")")
            if letter == "|" and depth == 1:
                branches.append(branch)
                branch, at = "", at + 1
                continue
        branch += letter
        at += 1
    branches.append(branch)
    return [start for branch in branches for start in _starts(branch)]


def _begins(pattern: str) -> tuple[bool, bool]:
    macro = {"<N>": (True, True), "<D>": (True, False), "<C>": (False, True)}.get(pattern[:3])
    if macro:
        return macro
    first = pattern[1 : pattern.index("]")] if pattern.startswith("[") else pattern[:1]
    return any(letter in DIGITS for letter in first), any(letter in _CHINESE for letter in first)


def _leading_lookbehind(pattern: str) -> int:
    match = _LOOKBEHIND.match(pattern)
    return match.end() if match and "(?<" in match[0] else 0


@cache
def names() -> Names:
    """The lists of `lexicon`, compiled once. Raises `LexiconError` for a pattern that does not begin with a number."""
    by_script: tuple[list[str], list[str]] = ([], [])
    by_groups: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    searches: list[tuple[re.Pattern[str], str, str]] = []
    words: list[str] = []
    word_groups: list[tuple[str, str, re.Pattern[str] | None]] = []
    for name, group in name_groups().items():
        for pattern in group.numbers:
            scripts = _scripts(name, pattern)
            for macro, meaning in _SHORT.items():
                pattern = pattern.replace(macro, meaning)
            for script in (0, 1):
                if scripts[script]:
                    by_script[script].append(f"({pattern})")
                    by_groups[script].append((name, group.reason))
        searches.extend((re.compile(pattern), name, group.reason) for pattern in group.searches)
        guard = re.compile(group.guard) if group.guard else None
        for word in group.words:
            words.append(word)
            word_groups.append((name, group.reason, guard))
    return Names(
        re.compile("|".join(by_script[0])),
        tuple(by_groups[0]),
        re.compile("|".join(by_script[1])),
        tuple(by_groups[1]),
        tuple(searches),
        ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        tuple(word_groups),
    )


def claim_words(text: str) -> list[Claim]:
    """Claims of words, quoted names and searched patterns, in order, none overlapping."""
    table = names()
    found: list[tuple[int, int, str, str]] = []
    for pattern, name, reason in table.searches:
        found.extend((match.start(), match.end(), reason, name) for match in pattern.finditer(text))
    length = len(text)
    for index, start, end in table.words.find_matches_as_indexes(text):
        # A word is none where it is the end or the head of a longer numeral: 三|万一.
        if start and text[start] in _ALL and text[start - 1] in _ALL:
            continue
        if end < length and text[end - 1] in _ALL and text[end] in _ALL:
            continue
        name, reason, guard = table.word_groups[index]
        if guard is None or guard.match(text, end):
            found.append((start, end, reason, name))
    for match in _QUOTED.finditer(text):
        start, end = match.span()
        if end - start <= LONGEST_QUOTED_NAME + 2 and not _QUOTED_AMOUNT.search(match[0]):
            found.append((start, end, "name", "quoted"))
    found.sort(key=_place)
    claims: list[Claim] = []
    last = 0
    for start, end, reason, name in found:
        if start >= last:
            claims.append(Claim(start, end, reason, name))
            last = end
    return claims


def _place(item: tuple[int, int, str, str]) -> tuple[int, int]:
    return item[0], -item[1]


def name_at(text: str, start: int, after: int) -> Claim | None:
    """The claim of a number that begins at `start` and is part of a name, date or code; else None.

    `after` is the end of what is already taken: a sign before the number joins the claim only from there on.
    """
    table = names()
    if text[start] in DIGITS:
        match = table.digits.match(text, start)
        groups = table.digit_groups
    else:
        match = table.numerals.match(text, start)
        groups = table.numeral_groups
    if match is None or match.lastindex is None or match.end() == start:
        return None
    name, reason = groups[match.lastindex - 1]
    first = start
    if first > after and text[first - 1] in _OPENERS:
        first -= 1
    else:
        while first > after and start - first < 10 and text[first - 1].isascii() and text[first - 1].isalpha():
            first -= 1
    return Claim(first, match.end(), reason, name)
