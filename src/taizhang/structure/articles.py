"""The articles of a page: a report, news, captions; what stands before, between and behind them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal, NamedTuple

from taizhang.structure.cues import furniture
from taizhang.structure.headings import Mark
from taizhang.structure.lines import Paragraph

GREETING = re.compile(r"各[位们]代表[：！，]?")


class Body(NamedTuple):
    """One copy of a report in paragraph numbers: its head from title to greeting, its text, its notes, its tail."""

    head: int
    text: int
    notes: int
    tail: int
    end: int


def find_bodies(
    text: str, paragraphs: Sequence[Paragraph], titles: Sequence[tuple[int, int, int, int]], marks: Sequence[Mark]
) -> list[Body]:
    """The copies of the report that a page holds, in order."""
    greetings = [i for i, p in enumerate(paragraphs) if GREETING.match(text, p.start) and p.end - p.start < 60]
    return [_body(text, paragraphs, titles, greetings, 0, len(paragraphs))]


def _body(
    text: str,
    paragraphs: Sequence[Paragraph],
    titles: Sequence[tuple[int, int, int, int]],
    greetings: Sequence[int],
    start: int,
    end: int,
) -> Body:
    return Body(start, start, end, end, end)
