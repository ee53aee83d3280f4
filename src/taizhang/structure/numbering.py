"""The number a heading opens with: 一、 （一） 1. 第一章 一是 第一， and their ranks."""

from __future__ import annotations

import re
from typing import NamedTuple

_HAN = "一二三四五六七八九十"
_RANKS: tuple[tuple[str, int], ...] = (
    (rf"第[{_HAN}百]{{1,4}}(?:编|篇|部分)(?![{_HAN}是])", 1),
    (rf"第[{_HAN}百0-9]{{1,4}}章(?!程)", 2),
    (rf"第[{_HAN}百0-9]{{1,4}}节(?![课日])", 3),
    (rf"[{_HAN}]{{1,3}}(?=、|[.．](?![0-9])|，(?=[^。]{{2,30}}$))", 4),
    (rf"（[{_HAN}]{{1,3}}）(?=、?)", 5),
    (r"[0-9]{1,2}(?=[.．](?![0-9])|、(?![0-9]))", 6),
    (r"（[0-9]{1,2}）", 7),
    (r"[①-⑳]", 7),
    (rf"[{_HAN}]{{1,2}}(?:是|要)(?![{_HAN}])", 8),
    (rf"第[{_HAN}]{{1,2}}(?=[，、：])", 8),
)
_PATTERN = re.compile("|".join(f"(?P<r{i}>{pattern})" for i, (pattern, _) in enumerate(_RANKS)))
_RANK = {f"r{i}": rank for i, (_, rank) in enumerate(_RANKS)}
_OPENERS = frozenset(_HAN + "第（0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")


class Numbering(NamedTuple):
    """A section number as written, its rank (1 第一编 … 8 一是), and its length with the mark behind it."""

    number: str
    rank: int
    length: int


def numbering(text: str) -> Numbering | None:
    """The section number that `text` opens with, or none."""
    if not text or text[0] not in _OPENERS:
        return None
    match = _PATTERN.match(text)
    if match is None or match.lastgroup is None:
        return None
    end = match.end()
    rank = _RANK[match.lastgroup]
    if rank <= 3 or (end < len(text) and text[end] in "、.．，："):
        while end < len(text) and text[end] in "、.．，： ":
            end += 1
    return Numbering(match[0], rank, end)


def ordinal(number: str) -> int:
    """The count a section number stands for: （十二） → 12, 3 → 3; 0 where it is none."""
    digits = re.search(r"[0-9]+", number)
    if digits:
        return int(digits[0])
    if number and "①" <= number[0] <= "⑳":
        return ord(number[0]) - ord("①") + 1
    han = re.search(rf"[{_HAN}]+", number)
    if han is None:
        return 0
    word = han[0]
    if "十" not in word:
        return _HAN.index(word[0]) + 1
    tens, _, ones = word.partition("十")
    return 10 * (_HAN.index(tens) + 1 if tens else 1) + (_HAN.index(ones) + 1 if ones else 0)
