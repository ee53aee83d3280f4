"""Tables of a page: runs that stand side by side in columns, with numbers in them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from statistics import median

from taizhang.read.blocks import CAPTION, FIGURE, NUMBERED, Block, Glyph, Run, overlap, rows_of

_MOST_LINES = 7
"""Heights that the lines of one row stand at, at most: four lines beside three."""


def tables_among(runs: list[Run], prose: Sequence[Block]) -> tuple[list[Block], list[Run]]:
    """Tables among the runs, and the runs that are in none. `prose`: the running text of the page.

    Where that stands in columns, a table is looked for in each column first: what stands at one height in two columns
    is no row, unless the figures of the one go on in the other.
    """
    inside = {id(run) for block in prose for line in block.lines for run in line}
    walls = [run for run in runs if id(run) in inside]
    loose = [run for run in runs if id(run) not in inside and not run.vertical]
    found: list[Block] = []
    taken: set[int] = set()
    for column in _text_columns(prose):
        here = [run for run in loose if column.x0 - run.size <= run.x0 and run.x1 <= column.x1 + run.size]
        for table in _tables(here, walls):
            if not _goes_beyond(table, column, loose):
                found.append(table)
                taken.update(id(run) for line in table.lines for run in line)
    for table in _tables([run for run in loose if id(run) not in taken], walls):
        found.append(table)
        taken.update(id(run) for line in table.lines for run in line)
    return found, [run for run in runs if id(run) not in taken]


def _text_columns(prose: Sequence[Block]) -> list[Block]:
    """The columns that running text stands in, a block for each, if there are several side by side."""
    columns: list[Block] = []
    for block in sorted(prose, key=lambda block: block.x0 - block.x1):
        if not any(overlap(block, column) > 0 for column in columns):
            columns.append(block)
    return columns if len(columns) > 1 else []


def _goes_beyond(table: Block, column: Block, loose: Sequence[Run]) -> bool:
    """Whether the rows of a table go on at the side of a column: it is a part of one that is as wide as the page."""
    goes_on = 0
    for line in table.lines:
        first, last = line[0], line[-1]
        left = [run for run in loose if run.x1 < column.x0 and abs(run.base - first.base) < 0.4 * first.size]
        right = [run for run in loose if run.x0 > column.x1 and abs(run.base - last.base) < 0.4 * last.size]
        nearest = min(right, key=lambda run: run.x0, default=None)
        goes_on += bool(left and FIGURE.fullmatch(first.text.strip())) or bool(
            nearest and FIGURE.fullmatch(nearest.text.strip())
        )
    return goes_on * 2 > len(table.lines)


def _tables(runs: list[Run], walls: list[Run]) -> list[Block]:
    """The tables that runs outside of running text (`walls`) make up."""
    runs.sort(key=lambda run: run.base)
    rows = [[runs[i] for i in row] for row in rows_of(runs)]
    groups: list[list[list[Run]]] = []
    for row in rows:
        if groups and _follows(groups[-1], row, walls):
            groups[-1].append(row)
        else:
            groups.append([row])
    tables = [_table(table) for group in groups for table in _trimmed(group)]
    return [table for table in tables if table is not None]


def _follows(rows: list[list[Run]], row: list[Run], walls: list[Run]) -> bool:
    """Whether a row may belong to the table of the rows above it."""
    last = rows[-1]
    size = median(run.size for run in last)
    top, bottom = max(run.base for run in last), min(run.base for run in row)
    if bottom - top > 3.6 * size:
        return False
    if _of_one_row(last, row):
        return True
    x0, x1 = min(run.x0 for run in last), max(run.x1 for run in last)
    if any(top < wall.base < bottom and wall.x1 > x0 and wall.x0 < x1 for wall in walls):
        return False
    return not all(run.x1 < x0 - 6 * size or run.x0 > x1 + 6 * size for run in row)


def _trimmed(rows: list[list[Run]]) -> list[list[list[Run]]]:
    """Stretches of rows that hold cells side by side; up to two rows of one cell stand inside."""
    stretches: list[list[list[Run]]] = []
    current: list[list[Run]] = []
    lone = 0
    for row in rows:
        if CAPTION.match(row[0].text):
            stretches.append(current)
            current, lone = [], 0
            continue
        if len(row) > 1:
            current.append(row)
            lone = 0
            continue
        lone += 1
        if not current:
            continue
        text = row[0].text
        if lone > 2 or NUMBERED.match(text) or len(text) > 30:
            stretches.append(current)
            current = []
        else:
            current.append(row)
    stretches.append(current)
    for stretch in stretches:
        while stretch and len(stretch[-1]) == 1 and (len(stretch) == 1 or not _of_one_row(stretch[-2], stretch[-1])):
            stretch.pop()
    return [stretch for stretch in stretches if stretch]


def _table(rows: list[list[Run]]) -> Block | None:
    """The rows as a table, or nothing where their cells do not stand in columns."""
    wide = [row for row in rows if len(row) > 1]
    if len(wide) < 2:
        return None
    columns = _columns(wide, len(_of_one_height(wide)))
    if len(columns) < 2:
        return None
    texts = [run.text.strip() for row in wide for run in row]
    numeric = sum(1 for text in texts if FIGURE.fullmatch(text))
    long = sum(1 for text in texts if len(text) > 24)
    if long > 0.3 * len(texts) or (numeric < 0.2 * len(texts) and (len(wide) < 3 or len(columns) < 3)):
        return None
    rows = [[piece for run in row for piece in _cut(run, columns)] for row in rows]
    table: list[list[list[Run]]] = []
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    figures = False
    for group in _of_one_height(rows):
        figures = figures or any(FIGURE.fullmatch(run.text.strip()) for row in group for run in row[1:])
        heads = None if figures else _spread(group[0], columns)
        if heads is not None and len(group) > 1:
            # Headings over several columns, what they head, and between them headings that are as high as both.
            upper = [(run, place, 1) for run, place in zip(group[0], heads, strict=True)]
            upper += [(run, (at, at), 2) for row in group[1:-1] for run in row for at in (_place(run, columns),)]
            table.append([[] for _ in columns])
            for run, (first, last), down in upper:
                table[-1][first].append(run)
                spans[len(table) - 1, first] = down, last - first + 1
            group = group[-1:]
        elif heads is not None:
            spans |= {(len(table), first): (1, last - first + 1) for first, last in heads}
            table.append([[] for _ in columns])
            for run, (first, _) in zip(group[0], heads, strict=True):
                table[-1][first].append(run)
            continue
        line: list[list[Run]] = [[] for _ in columns]
        if len(group) > 1:
            for run in itertools.chain.from_iterable(group):
                line[_place(run, columns)].append(run)
        at = -1
        for run in group[0] if len(group) == 1 else ():
            # Cells keep their order: what fits no column better than its neighbour goes into the next one.
            at = max(range(len(columns)), key=lambda c, low=at, r=run: (c > low, _fit(r, columns[c])))  # type: ignore[misc]
            line[at].append(run)
        table.append(line)
    block = Block([list(row) for row in rows], table)
    block.spans = {place: span for place, span in spans.items() if span != (1, 1)}
    return block


def _of_one_row(row: list[Run], below: list[Run]) -> bool:
    """Whether two heights stand closer together than lines do: a cell of one line stands in the middle beside a cell of
    two.
    """
    return min(run.base for run in below) - max(run.base for run in row) < 1.15 * median(run.size for run in row)


def _of_one_height(rows: list[list[Run]]) -> list[list[list[Run]]]:
    """Rows that are one, as they stand closer together than lines do. Where that goes on and on, rows of one table
    stand beside those of another.
    """
    groups: list[list[list[Run]]] = []
    for row in rows:
        if groups and _of_one_row(groups[-1][-1], row):
            groups[-1].append(row)
        else:
            groups.append([row])
    if max(map(len, groups)) > _MOST_LINES:
        return [[row] for row in rows]
    return groups


def _place(run: Run, columns: Sequence[tuple[float, float]]) -> int:
    """The column that a run fits best."""
    return max(range(len(columns)), key=lambda column: _fit(run, columns[column]))


def _spread(row: Sequence[Run], columns: Sequence[tuple[float, float]]) -> list[tuple[int, int]] | None:
    """The first and last column of each heading in a row of fewer headings than columns, where one stands over the
    middle of several; nothing where none does.
    """
    if not 1 < len(row) < len(columns):
        return None
    found: list[tuple[int, int]] = []
    for at, run in enumerate(row):
        start = found[-1][1] + 1 if found else 0
        limit = row[at + 1].x0 if at + 1 < len(row) else float("inf")
        ranges = [
            (first, last)
            for first in range(start, len(columns))
            for last in range(first, len(columns))
            if (last == first or columns[last][1] < limit) and _fit(run, (columns[first][0], columns[last][1])) > 0
        ]
        if not ranges:
            return None
        # The fewest columns that it stands in the middle of.
        off = {r: abs(run.x0 + run.x1 - columns[r[0]][0] - columns[r[1]][1]) for r in ranges}
        found.append(min(ranges, key=lambda r: (max(off[r], 1.5 * run.size), r[1] - r[0], off[r])))
    return found if any(last > first for first, last in found) else None


def _cut(run: Run, columns: Sequence[tuple[float, float]]) -> list[Run]:
    """A run cut at blanks that stand between columns: headings of narrow columns stand close together."""
    borders = [
        (left[1], right[0]) for left, right in itertools.pairwise(columns) if run.x0 < left[1] < right[0] < run.x1
    ]
    if not borders or run.vertical:
        return [run]
    pieces: list[list[Glyph]] = [[run.glyphs[0]]]
    for before, glyph in itertools.pairwise(run.glyphs):
        gap = glyph.x0 - before.x1
        if gap > (0.25 if glyph.sure == 1 else 0.5) * run.size and any(
            before.x1 - gap < middle < glyph.x0 + gap for middle in map(_middle, borders)
        ):
            pieces.append([])
        pieces[-1].append(glyph)
    if len(pieces) == 1:
        return [run]
    return [Run(piece) for piece in pieces if any(not glyph.char.isspace() for glyph in piece)]


def _middle(border: tuple[float, float]) -> float:
    return (border[0] + border[1]) / 2


def _fit(run: Run, column: tuple[float, float]) -> float:
    """How well a run stands in a column: the width they share, or less than nothing the farther it is."""
    return min(run.x1, column[1]) - max(run.x0, column[0])


def _columns(wide: list[list[Run]], count: int) -> list[tuple[float, float]]:
    """The columns of a table of `count` rows: what those with the most cells have at each place from the left."""
    counts = Counter(len(row) for row in wide)
    enough = max(2, count // 4) if count > 3 else 1
    most = max((count for count, times in counts.items() if times >= enough), default=max(counts))
    full = [row for row in wide if len(row) == most]
    columns = [(min(row[at].x0 for row in full), max(row[at].x1 for row in full)) for at in range(most)]
    for left, right in itertools.pairwise(columns):
        if right[0] + right[1] <= left[0] + left[1]:
            return []
    return columns
