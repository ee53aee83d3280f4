"""Stretches → blocks of the source, each with the year or interval its numbers are of unless they say otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.fold import Folded
from taizhang.model import Block, Mode
from taizhang.structure.blocks import Stretch
from taizhang.structure.years import Identity, span_text, year_number


def to_blocks(source: str, folded: Folded, stretches: Sequence[Stretch], identity: Identity) -> tuple[Block, ...]:
    """Stretches as blocks of the source: in order, without gaps, from its first character to its last."""
    blocks: list[Block] = []
    start = 0
    for index, stretch in enumerate(stretches):
        end = len(source)
        if index + 1 < len(stretches):
            end = folded.back[stretches[index + 1].start]
        if end <= start:
            continue
        period = _period(folded.text, stretch, identity)
        state = stretch.state
        blocks.append(Block(start, end, state.part, state.mode, period, state.rule, stretch.article))
        start = end
    if not blocks and source:
        blocks.append(Block(0, len(source), "other", None, None, "empty"))
    return tuple(blocks)


_FULL_DATE = re.compile(r"((?:19|20)[0-9]{2})年[0-9]{1,2}月")
_TO_YEAR = re.compile(r"(?:到|至|展望)(20[0-9]{2}|二〇[〇一二三四五六七八九]{2})年")


def _period(text: str, stretch: Stretch, identity: Identity) -> str | None:
    """The year or interval that a stretch's numbers are of unless they say otherwise."""
    part, mode, rule = stretch.state
    if rule == "page.news":
        date = _FULL_DATE.search(text, stretch.start, stretch.end)
        return date[1] if date else _year_text(identity.years.planned or identity.years.reviewed)
    if part == "review":
        return _review_period(text, stretch, mode, identity)
    if part == "plan":
        return _plan_period(text, stretch, mode, identity)
    return None


def _year_text(year: int | None) -> str | None:
    return None if year is None else str(year)


_SINCE = re.compile(r"(?:^|[。\n])(?:自)?((?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3})年以来")


def _review_period(text: str, stretch: Stretch, mode: Mode | None, identity: Identity) -> str | None:
    if mode == "five-year":
        since = _SINCE.search(text[stretch.start : min(stretch.end, stretch.start + 400)])
        last = identity.years.reviewed
        if since and last is not None and 2 <= last - year_number(since[1]) <= 6:
            return span_text(year_number(since[1]), last)  # a term that is no five years: 2013年以来
        if identity.reviewed and "/" in identity.reviewed and len(identity.reviewed) == 9:
            return identity.reviewed
        year = identity.years.reviewed
        return None if year is None else span_text(year - 4, year)
    year = identity.years.reviewed
    if identity.half and year is not None:
        return f"{year}-01/{year}-06"
    return _year_text(year) if year else identity.reviewed


def _plan_period(text: str, stretch: Stretch, mode: Mode | None, identity: Identity) -> str | None:
    year = identity.years.planned
    if mode == "horizon":
        goal = _TO_YEAR.search(text, stretch.start, min(stretch.end, stretch.start + 200))
        return str(year_number(goal[1])) if goal else None
    if mode == "five-year":
        if identity.planned and "/" in identity.planned:
            return identity.planned
        return None if year is None else span_text(year, year + 4)
    return _year_text(year) if year else identity.planned
