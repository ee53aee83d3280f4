"""Every number of a document that no quantity and no earlier claim holds gets a claim with a named reason.

A number is any unbroken run of digits or of Chinese numerals. After `cover` nothing is left over: that is the promise.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from taizhang.fold import Folded
from taizhang.model import Claim, Frame, Quantity

_MULTIPLIERS: Final = frozenset("百千万亿")
_SMALL: Final = frozenset("一二三四五六七八九十两")
NUMBERS: Final = re.compile("[0-9]+(?:[.,][0-9]+)*|[〇零一二三四五六七八九十百千万亿两廿卅半]+")
"""Runs that count as a number of the document."""


def cover(folded: Folded, frame: Frame, quantities: list[Quantity], claims: list[Claim]) -> list[Claim]:
    """All claims of a document in text order, folded offsets: those given, and one for every number left.

    `quantities` are those that became statements; numbers of any other must be in `claims` already or are named here.
    """
    text = folded.text
    held = sorted([(quantity.start, quantity.end) for quantity in quantities] + [(c.start, c.end) for c in claims])
    starts = [start for start, _ in held]
    ends: list[int] = []
    furthest = 0
    for _, end in held:
        furthest = max(furthest, end)
        ends.append(furthest)
    heads = [(heading.span.start, heading.span.end) for heading in frame.headings]
    head_starts = [start for start, _ in heads]
    block_starts = [block.start for block in frame.blocks]
    added: list[Claim] = []
    for match in NUMBERS.finditer(text):
        start, end = match.span()
        at = bisect_right(starts, start) - 1
        if at >= 0 and ends[at] >= end:
            continue
        if at >= 0 and ends[at] > start:
            start = ends[at]
        source = folded.back[start]
        block_at = bisect_right(block_starts, source) - 1
        part = frame.blocks[block_at].part if block_at >= 0 else "review"
        head_at = bisect_right(head_starts, source) - 1
        if part == "furniture":
            added.append(Claim(start, end, "page-furniture", "furniture-block"))
        elif part == "other":
            added.append(Claim(start, end, "glossary", "other-block"))
        elif head_at >= 0 and source < heads[head_at][1]:
            added.append(Claim(start, end, "heading-number", "heading"))
        else:
            added.append(Claim(start, end, *_left_over(text, start, end)))
    return sorted([*claims, *added], key=lambda claim: claim.start)


def _left_over(text: str, start: int, end: int) -> tuple[str, str]:
    """Reason and rule of a number that neither grammar nor lists know."""
    word = text[start:end]
    if word[0] in "0123456789":
        return "no-unit", "no-unit"
    if word == "半":
        return "word", "half"
    if _MULTIPLIERS.issuperset(word):
        after = text[end : end + 1]
        return ("table-cell", "unit-label") if after in tuple("瓦伏米克卡升") else ("vague", "bare-multiplier")
    if len(word) == 1 and word in _SMALL:
        return "small-count", "no-counting-word"
    if "半" in word:
        return "word", "half"
    return "vague", "no-definite-value"
