"""Tables of a page: runs that stand side by side in columns, with numbers in them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from statistics import median

from taizhang.read.blocks import CAPTION, NUMBERED, Block, Run, rows_of

_NUMERIC = re.compile(r"[-+#—–]?[0-9][0-9.,，:%‰*]*[%‰]?|[-—–…./]+|[%‰]")


def tables_among(runs: list[Run], prose: set[int]) -> tuple[list[Block], list[Run]]:
    """Tables among the runs, and the runs that are in none. `prose`: ids of runs that running text is made of."""
    runs.sort(key=lambda run: run.base)
    rows = [[runs[i] for i in row if id(runs[i]) not in prose and not runs[i].vertical] for row in rows_of(runs)]
    rows = [row for row in rows if row]
    walls = [run for run in runs if id(run) in prose]
    tables: list[list[list[Run]]] = []
    current: list[list[Run]] = []
    for row in rows:
        if current and not _follows(current, row, walls):
            tables.append(current)
            current = []
        current.append(row)
    tables.append(current)
    tables = [group for group in tables if group]
    found: list[Block] = []
    taken: set[int] = set()
    for group in tables:
        for table in _trimmed(group):
            block = _table(table)
            if block is not None:
                found.append(block)
                taken.update(id(run) for line in block.lines for run in line)
    return found, [run for run in runs if id(run) not in taken]


def _follows(rows: list[list[Run]], row: list[Run], walls: list[Run]) -> bool:
    """Whether a row may belong to the table of the rows above it."""
    last = rows[-1]
    size = median(run.size for run in last)
    top, bottom = max(run.base for run in last), min(run.base for run in row)
    if bottom - top > 3.6 * size:
        return False
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
        while stretch and len(stretch[-1]) == 1:
            stretch.pop()
    return [stretch for stretch in stretches if stretch]


def _table(rows: list[list[Run]]) -> Block | None:
    """The rows as a table, or nothing where their cells do not stand in columns."""
    wide = [row for row in rows if len(row) > 1]
    if len(wide) < 2:
        return None
    columns = _columns(wide)
    if len(columns) < 2:
        return None
    texts = [run.text.strip() for row in wide for run in row]
    numeric = sum(1 for text in texts if _NUMERIC.fullmatch(text))
    long = sum(1 for text in texts if len(text) > 24)
    if long > 0.3 * len(texts) or (numeric < 0.2 * len(texts) and (len(wide) < 3 or len(columns) < 3)):
        return None
    table: list[list[list[Run]]] = []
    for row in rows:
        line: list[list[Run]] = [[] for _ in columns]
        at = -1
        for run in row:
            # Cells keep their order: what fits no column better than its neighbour goes into the next one.
            at = max(range(len(columns)), key=lambda c, low=at, r=run: (c > low, _fit(r, columns[c])))  # type: ignore[misc]
            line[at].append(run)
        table.append(line)
    return Block([list(row) for row in rows], table)


def _fit(run: Run, column: tuple[float, float]) -> float:
    """How well a run stands in a column: the width they share, or less than nothing the farther it is."""
    return min(run.x1, column[1]) - max(run.x0, column[0])


def _columns(wide: list[list[Run]]) -> list[tuple[float, float]]:
    """The columns of a table: what the rows with the most cells have at each place from the left."""
    counts = Counter(len(row) for row in wide)
    enough = max(2, len(wide) // 4) if len(wide) > 3 else 1
    most = max((count for count, times in counts.items() if times >= enough), default=max(counts))
    full = [row for row in wide if len(row) == most]
    columns = [(min(row[at].x0 for row in full), max(row[at].x1 for row in full)) for at in range(most)]
    for left, right in itertools.pairwise(columns):
        if right[0] + right[1] <= left[0] + left[1]:
            return []
    return columns
