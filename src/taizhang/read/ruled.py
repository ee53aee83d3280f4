"""Tables that are drawn: the rules between their cells say which characters are of which cell, and how far it runs.

A cell is what no rule parts: one that reaches over several columns or rows is there once, with its span. Many tables
have rules between their columns only, or none at the sides; the rows of such a stretch are told by the figures in it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from taizhang.read.blocks import FIGURE, Block, Box, Glyph, Run

_THIN = 4.0
"""What is thicker, in points, is a bar or a shade and no rule; rules closer together are one (a double rule)."""
_TOUCH = 3.0
"""How far rules that meet may miss each other."""
_LONGEST_CELL = 60
"""Characters that the cells of a table have on average at most: frames around columns of text hold more."""


class Table(NamedTuple):
    """Where the cells of a drawn table are: the edges of its columns and rows, and what no rule parts."""

    frame: Box
    columns: list[float]
    rows: list[float]
    cell_of: list[list[tuple[int, int]]]
    """For each row and column between two edges, the first row and column of the cell that they belong to."""

    def column(self, x: float) -> int:
        """The column between two edges that a place is in."""
        return min(max(bisect_right(self.columns, x) - 1, 0), len(self.columns) - 2)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell at a place, by its first row and column; nothing outside of the table."""
        if not (self.frame.x0 - 1 <= x <= self.frame.x1 + 1 and self.frame.y0 - 1 <= y <= self.frame.y1 + 1):
            return None
        row = min(max(bisect_right(self.rows, y) - 1, 0), len(self.rows) - 2)
        return self.cell_of[row][self.column(x)]


def ruled_tables(runs: Sequence[Run], rules: Iterable[Box]) -> tuple[list[Block], list[Run], list[Box]]:
    """The drawn tables of a page; the runs that stand in none; and the rules that part what is across the page."""
    level, upright = _merged(rules)
    tables = [table for group in _touching(level, upright) if (table := _table(*group)) is not None]
    found: list[Block] = []
    rest = list(runs)
    for table in tables:
        inside: dict[tuple[int, int], list[Run]] = {}
        outside: list[Run] = []
        for run in rest:
            for place, piece in _pieces(run, table):
                if place is None:
                    outside.append(piece)
                else:
                    inside.setdefault(place, []).append(piece)
        block = _block(table, inside)
        if block is not None:
            found.append(block)
            rest = outside
    frames = [Box(block.x0, block.y0, block.x1, block.y1) for block in found]
    return found, rest, [rule for rule in level if not any(_within(rule, frame) for frame in frames)]


def _within(rule: Box, frame: Box) -> bool:
    return (
        frame.x0 - _TOUCH <= rule.x0
        and rule.x1 <= frame.x1 + _TOUCH
        and frame.y0 - _TOUCH <= rule.y0
        and rule.y1 <= frame.y1 + _TOUCH
    )


# --- rules ------------------------------------------------------------------------------------------------------------


def _merged(rules: Iterable[Box]) -> tuple[list[Box], list[Box]]:
    """Rules across and rules down, each whole: they are drawn in pieces, one for each side of a cell."""
    level: list[Box] = []
    upright: list[Box] = []
    for rule in rules:
        wide, high = rule.x1 - rule.x0, rule.y1 - rule.y0
        if high <= _THIN and wide > high:
            level.append(rule)
        elif wide <= _THIN and high > wide:
            upright.append(Box(rule.y0, rule.x0, rule.y1, rule.x1))
    return _whole(level), [Box(rule.y0, rule.x0, rule.y1, rule.x1) for rule in _whole(upright)]


def _whole(pieces: list[Box]) -> list[Box]:
    """Pieces of rules across that follow each other at one height, joined."""
    found: list[Box] = []
    for height in _groups(pieces, key=lambda piece: (piece.y0 + piece.y1) / 2, within=1.5):
        height.sort()
        y0, y1 = min(piece.y0 for piece in height), max(piece.y1 for piece in height)
        start, end = height[0].x0, height[0].x1
        for piece in height[1:]:
            if piece.x0 > end + _TOUCH:
                found.append(Box(start, y0, end, y1))
                start = piece.x0
                end = piece.x1
            end = max(end, piece.x1)
        found.append(Box(start, y0, end, y1))
    return [rule for rule in found if rule.x1 - rule.x0 > 2 * _TOUCH]


def _groups(boxes: list[Box], key, within: float) -> list[list[Box]]:  # type: ignore[no-untyped-def]
    groups: list[list[Box]] = []
    last = 0.0
    for box in sorted(boxes, key=key):
        if groups and key(box) - last <= within:
            groups[-1].append(box)
        else:
            groups.append([box])
        last = key(box)
    return groups


def _touching(level: Sequence[Box], upright: Sequence[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Rules that cross or meet, directly or through others."""
    group = list(range(len(level) + len(upright)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for i, across in enumerate(level):
        y = (across.y0 + across.y1) / 2
        for j, down in enumerate(upright, len(level)):
            x = (down.x0 + down.x1) / 2
            if (
                across.x0 - _TOUCH <= x <= across.x1 + _TOUCH
                and down.y0 - _TOUCH <= y <= down.y1 + _TOUCH
            ):  # fmt: skip
                group[root(i)] = root(j)
    found: dict[int, tuple[list[Box], list[Box]]] = {}
    for i, across in enumerate(level):
        found.setdefault(root(i), ([], []))[0].append(across)
    for j, down in enumerate(upright, len(level)):
        found.setdefault(root(j), ([], []))[1].append(down)
    return list(found.values())


# --- cells ------------------------------------------------------------------------------------------------------------


def _table(level: list[Box], upright: list[Box]) -> Table | None:
    """What rules that touch enclose, where it is more than a frame: two columns and two rows at least."""
    if len(level) < 2 or not upright:
        return None
    frame = Box(
        min(rule.x0 for rule in level + upright), min(rule.y0 for rule in level + upright),
        max(rule.x1 for rule in level + upright), max(rule.y1 for rule in level + upright),
    )  # fmt: skip
    columns = _edges([(rule.x0 + rule.x1) / 2 for rule in upright], frame.x0, frame.x1)
    rows = _edges([(rule.y0 + rule.y1) / 2 for rule in level], frame.y0, frame.y1)
    if len(columns) < 3 or len(rows) < 2 or len(columns) * len(rows) > 40_000:
        return None
    wide, high = len(columns) - 1, len(rows) - 1
    # Whether a rule is drawn behind each column, and below each row.
    behind = [[_covered(upright, columns[c + 1], rows[r], rows[r + 1], down=True) for c in range(wide)]
              for r in range(high)]  # fmt: skip
    below = [[_covered(level, rows[r + 1], columns[c], columns[c + 1], down=False) for c in range(wide)]
             for r in range(high)]  # fmt: skip
    cell_of = [[(r, c) for c in range(wide)] for r in range(high)]
    for r in range(high):
        for c in range(wide):
            if cell_of[r][c] != (r, c):
                continue
            last = c
            while last + 1 < wide and not behind[r][last] and cell_of[r][last + 1] == (r, last + 1):
                last += 1
            foot = r
            while foot + 1 < high and not any(below[foot][c : last + 1]) and not any(behind[foot + 1][c:last]):
                foot += 1
            for row in range(r, foot + 1):
                cell_of[row][c : last + 1] = [(r, c)] * (last + 1 - c)
    return Table(frame, columns, rows, cell_of)


def _edges(places: Iterable[float], first: float, last: float) -> list[float]:
    """Places of rules in order, with the ends of the table; the two of a double rule are one."""
    found: list[float] = []
    for place in sorted([first, *places, last]):
        if not found or place - found[-1] > _THIN:
            found.append(place)
    return found


def _covered(rules: Sequence[Box], at: float, start: float, end: float, *, down: bool) -> bool:
    """Whether rules run along most of an edge between two cells."""
    length = 0.0
    for rule in rules:
        place, first, last = (
            ((rule.x0 + rule.x1) / 2, rule.y0, rule.y1) if down else ((rule.y0 + rule.y1) / 2, rule.x0, rule.x1)
        )
        if abs(place - at) <= _THIN:
            length += max(0.0, min(last, end) - max(first, start))
    return length > 0.6 * (end - start)


def _pieces(run: Run, table: Table) -> list[tuple[tuple[int, int] | None, Run]]:
    """A run cut where it goes over from one cell to another, or out of the table."""
    if run.x1 < table.frame.x0 or run.x0 > table.frame.x1 or run.y1 < table.frame.y0 or run.y0 > table.frame.y1:
        return [(None, run)]
    parts: list[tuple[tuple[int, int] | None, list[Glyph]]] = []
    for glyph in run.glyphs:
        place = table.at((glyph.x0 + glyph.x1) / 2, (glyph.y0 + glyph.y1) / 2)
        if parts and (parts[-1][0] == place or glyph.char.isspace()):
            parts[-1][1].append(glyph)
        elif parts and glyph.sure == 1 and glyph.x0 - parts[-1][1][-1].x1 < 0.1 * run.size and not run.vertical:
            # Words that run over the edge of their cell are of the one that holds more of them.
            parts[-1][1].append(glyph)
            held = [table.at((each.x0 + each.x1) / 2, (each.y0 + each.y1) / 2) for each in parts[-1][1]]
            parts[-1] = max(held, key=held.count), parts[-1][1]
        else:
            parts.append((place, [glyph]))
    if len(parts) == 1:
        return [(parts[0][0], run)]
    found: list[tuple[tuple[int, int] | None, Run]] = []
    for place, glyphs in parts:
        if any(not glyph.char.isspace() for glyph in glyphs):
            piece = Run(glyphs)
            if run.exact and not piece.exact:
                piece.size = run.size
            found.append((place, piece))
    return found


_Lines = list[list[Run]]


def _lines(runs: list[Run]) -> _Lines:
    """The runs of a cell by lines, from the top."""
    lines: _Lines = []
    for run in sorted(runs, key=lambda run: (run.base, run.x0)):
        if lines and run.base - lines[-1][0].base < 0.5 * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    for line in lines:
        line.sort(key=lambda run: run.x0)
    return lines


def _joined(line: list[Run]) -> Run:
    if len(line) == 1:
        return line[0]
    whole = Run([glyph for run in line for glyph in run.glyphs])
    whole.size, whole.exact = max(run.size for run in line), any(run.exact for run in line)
    return whole


def _block(table: Table, inside: dict[tuple[int, int], list[Run]]) -> Block | None:
    """The table with what stands in its cells, or nothing where that is no table: a frame, a chart, columns of text."""
    cells = {place: _lines(runs) for place, runs in inside.items()}
    texts = ["".join(run.text for line in lines for run in line).strip() for lines in cells.values()]
    if len(texts) < 4 or len({column for _, column in cells}) < 2 or sum(map(len, texts)) > _LONGEST_CELL * len(texts):
        return None
    wide, high = len(table.columns) - 1, len(table.rows) - 1
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for (row, column), _ in cells.items():
        same = [(r, c) for r in range(row, high) for c in range(column, wide) if table.cell_of[r][c] == (row, column)]
        spans[row, column] = same[-1][0] - row + 1, same[-1][1] - column + 1
    rows: list[list[list[Run]]] = []
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    first: list[int] = []
    for row in range(high):
        first.append(len(rows))
        here = {column: lines for (r, column), lines in cells.items() if r == row}
        heights = _heights({column: lines for column, lines in here.items() if spans[row, column][0] == 1}, table)
        rows += [[[] for _ in range(wide)] for _ in range(max(1, len(heights)))]
        for column, lines in here.items():
            down, across = spans[row, column]
            if not heights or down > 1:
                rows[first[row]][column] = [_joined(line) for line in lines]
                merged[first[row], column] = down, across
                continue
            for line in lines:
                at = first[row] + min(range(len(heights)), key=lambda at, line=line: abs(heights[at] - line[0].base))  # type: ignore[misc]
                if across > 1 and len(line) > 1:
                    for run in line:
                        rows[at][table.column((run.x0 + run.x1) / 2)].append(run)
                else:
                    rows[at][column].append(_joined(line))
                    merged[at, column] = 1, across
    if sum(any(row) for row in rows) < 2:
        return None
    first.append(len(rows))
    for row, column in cells:
        down, across = spans[row, column]
        if down > 1:
            merged[first[row], column] = first[row + down] - first[row], across
    block = Block([[run for cell in row for run in cell] for row in rows if any(row)], rows)
    block.spans = {place: span for place, span in merged.items() if span != (1, 1) and rows[place[0]][place[1]]}
    block.x0, block.y0, block.x1, block.y1 = table.frame
    block.edges = tuple(table.columns)
    return block


def _heights(cells: dict[int, _Lines], table: Table) -> list[float]:
    """Where no rules part the rows of a stretch: the heights of its lines, if figures stand below each other in it, or
    headings of several columns below one that stands over them.

    Else the lines of each cell are one text that was too long for a line.
    """
    several = [lines for lines in cells.values() if len(lines) > 1]
    figures = [
        lines
        for lines in several
        if sum(bool(FIGURE.fullmatch("".join(run.text for run in line).strip())) for line in lines) > 1
    ]
    headed = [
        lines
        for lines in several
        if len(lines[0]) == 1 and all(len({table.column((r.x0 + r.x1) / 2) for r in line}) > 1 for line in lines[1:])
    ]
    if not headed and (len(several) < 2 or not figures):
        return []
    heights: list[float] = []
    for base, size in sorted((line[0].base, line[0].size) for lines in cells.values() for line in lines):
        if not heights or base - heights[-1] > 0.5 * size:
            heights.append(base)
    return heights
