"""The blocks of a page in the order they are read.

The order is that of Breuel (2003): a block comes before another that lies below it and shares its columns, and before
one to the right of it unless a block that spans both stands between them. So a headline over three columns comes
before all three, and an article in the two columns beside them after them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from taizhang.read.blocks import Block, Box, is_prose, overlap, shares_column


def in_reading_order(blocks: list[Block], rules: Sequence[Box] = ()) -> list[Block]:
    """The blocks of a page as they are read. `rules`: lines drawn across columns part what is above from below."""
    count = len(blocks)
    if count > 400:  # noise, or a page of loose labels: no order is worth the cube of their number
        return sorted(blocks, key=lambda block: (round(block.y0 / 12), block.x0))
    across = [rule for rule in rules if rule.x1 - rule.x0 > 40]
    areas = _areas(blocks, across)
    bars = areas + across
    before: list[set[int]] = [set() for _ in blocks]
    for i in range(count):
        for j in range(count):
            if i != j and _comes_before(areas[i], areas[j], 0.6 * min(blocks[i].size, blocks[j].size), bars):
                before[j].add(i)
    order: list[int] = []
    left = set(range(count))
    while left:
        free = [i for i in left if not before[i] & left]
        if not free:  # overlapping boxes may go round in a circle: take the highest of those with the fewest before
            free = [min(left, key=lambda i: (len(before[i] & left), blocks[i].y0, blocks[i].x0))]
        last = blocks[order[-1]] if order else None
        nearest = min(
            free,
            key=lambda i: (last is None or not shares_column(last, blocks[i]), blocks[i].x0, blocks[i].y0),
        )
        order.append(nearest)
        left.remove(nearest)
    return [blocks[i] for i in order]


def _areas(blocks: list[Block], rules: Sequence[Box]) -> list[Box]:
    """The boxes of the blocks, made as wide as the columns they stand in: a paragraph's last line may be one character,
    and a headline need not reach the edges of all the columns it stands over. Beyond a rule are other columns.
    """
    prose = [block for block in blocks if block.rows is None and is_prose(block)]
    areas = []
    for block in blocks:
        columns = [column for column in prose if not any(_lies_between(rule, block, column) for rule in rules)]
        x0, x1, slack = block.x0, block.x1, block.size
        holding = [c for c in columns if c.x0 - slack <= x0 and x1 <= c.x1 + slack]
        if holding:
            column = min(holding, key=lambda c: (c.x1 - c.x0, abs(c.y0 - block.y0)))
            x0, x1 = min(x0, column.x0), max(x1, column.x1)
        else:
            over = [c for c in columns if overlap(block, c) > 0.3 * (c.x1 - c.x0)]
            if len(over) > 1:
                x0, x1 = min(x0, *(c.x0 for c in over)), max(x1, *(c.x1 for c in over))
        areas.append(Box(x0, block.y0, x1, block.y1))
    if any(overlap(a, b) <= 0 for a, b in itertools.combinations(prose, 2)):
        return areas
    # On a page of one column, what has nothing beside it stands over the whole of it: titles, headings, short lines.
    left, right = min((area.x0 for area in areas), default=0.0), max((area.x1 for area in areas), default=0.0)
    return [
        area
        if any(other is not area and other.y0 < area.y1 and area.y0 < other.y1 for other in areas)
        else Box(left, area.y0, right, area.y1)
        for area in areas
    ]


def _lies_between(rule: Box, a: Block, b: Block) -> bool:
    """Whether a rule is drawn across between two blocks one of which is above the other."""
    top, foot = (a.y1, b.y0) if a.y1 <= b.y0 else (b.y1, a.y0)
    return top - a.size < rule.y0 < foot + a.size and all(rule.x0 < each.x1 and each.x0 < rule.x1 for each in (a, b))


def _comes_before(a: Box, b: Box, slack: float, bars: Sequence[Box]) -> bool:
    if min(a.x1, b.x1) - max(a.x0, b.x0) > slack:
        return a.y0 < b.y0 if abs(a.y0 - b.y0) > 1 else a.x0 < b.x0
    top, bottom = (a.y1, b.y0) if a.y1 <= b.y0 else (b.y1, a.y0)
    if top <= bottom:
        for bar in bars:
            if (
                bar.y0 >= top - slack
                and bar.y1 <= bottom + slack
                and bar is not a
                and bar is not b
                and min(bar.x1, a.x1) - max(bar.x0, a.x0) > slack
                and min(bar.x1, b.x1) - max(bar.x0, b.x0) > slack
            ):
                return a.y1 <= b.y0  # it spans both and stands between them
    return a.x0 + a.x1 < b.x0 + b.x1
