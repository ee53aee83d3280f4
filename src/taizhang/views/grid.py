"""Tables of a document as tables of HTML, for pages that show its text whole.

What stands between two cells in the text (a tab, commas, the next line's indent) stays in it, at the end of the cell
before, in an element that takes no room: so the text nodes of a page, joined, are still the source.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

import msgspec

from taizhang.model import Cell, Document, Table

_FIGURE = re.compile(r"[-+－−▲▼<>≤≥￥¥]?\s?[0-9０-９][0-9０-９,，.．—~～-]*\s?[%％‰]?|[-—－…]{1,3}")
_LONG = 18
_MOST_COVERED = 2_000
"""Rows and columns that a merged cell is shown to cover."""


class Grid(msgspec.Struct, frozen=True):
    """One table: the stretch of the text that it takes, and the markup that goes before certain offsets of it."""

    start: int
    end: int
    before: dict[int, str]
    cells: tuple[tuple[int, int], ...]
    """Where each cell begins and ends, in order."""

    def holds(self, offset: int) -> bool:
        """Whether an offset is inside a cell, and not between two."""
        at = bisect_right(self.cells, (offset, 1 << 60)) - 1
        return at >= 0 and offset < self.cells[at][1]

    @property
    def cuts(self) -> set[int]:
        """Offsets at which the text must be cut."""
        return {self.start, self.end, *self.before, *(edge for cell in self.cells for edge in cell)}


CLOSING = "</tr></tbody></table></div>\n"


def grids(document: Document, *, offsets: bool = False) -> list[Grid]:
    """The tables of a document in order. With `offsets`, each cell says in `data-o` where its text begins."""
    return [_grid(document, table, offsets) for table in document.tables if table.cells]


def table_at(grids: Sequence[Grid], offset: int) -> Grid | None:
    """The table that an offset stands in."""
    at = bisect_right(grids, offset, key=lambda grid: grid.start) - 1
    return grids[at] if at >= 0 and offset < grids[at].end else None


def _grid(document: Document, table: Table, offsets: bool) -> Grid:
    text = document.text
    start, end = table.span.start, table.span.end
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if not text[line:start].strip(" \t\u3000\xa0\ufeff"):
        start = line
    blank = re.compile(r"[ \t\u3000\xa0]*(?:\r\n|\r|\n)?").match(text, end)
    end = blank.end() if blank else end
    rows = {row: at for at, row in enumerate(sorted({cell.row for cell in table.cells}))}
    columns = {column: at for at, column in enumerate(sorted({cell.column for cell in table.cells}))}
    alone = Counter(cell.row for cell in table.cells)
    taken: set[tuple[int, int]] = set()
    before: dict[int, str] = {}
    at_row = at_column = 0
    for index, cell in enumerate(table.cells):
        row, column = rows[cell.row], columns[cell.column]
        high = sum(cell.row <= other < cell.row + cell.rowspan for other in rows) if cell.rowspan > 1 else 1
        wide = sum(cell.column <= other < cell.column + cell.colspan for other in columns) if cell.colspan > 1 else 1
        lone = cell.colspan == 1 and cell.span.end - cell.span.start > _LONG and alone[cell.row] == 1
        if lone and not any((row, at) in taken for at in range(column, len(columns))):
            wide = len(columns) - column  # a note at the foot, which its file lets run over the cells behind it
        markup = "</td>" if index and not table.cells[index - 1].is_heading else "</th>" if index else ""
        while at_row < row:
            markup += _empty(taken, at_row, at_column, len(columns)) + "</tr><tr>"
            at_row, at_column = at_row + 1, 0
        markup += _empty(taken, row, at_column, column)
        at_column = column + wide
        if high > 1 or wide > 1:
            reach = min(high, _MOST_COVERED), min(wide, _MOST_COVERED)
            taken.update((row + down, column + right) for down in range(reach[0]) for right in range(reach[1]))
        first = start if not index else cell.span.start
        before[first] = markup + _opening(text, cell, high, wide, first if offsets else None)
    before[start] = (
        '<div class="grid" tabindex="0" role="region" aria-label="表格 Table"><table><tbody><tr>' + before[start]
    )
    last = "</th>" if table.cells[-1].is_heading else "</td>"
    before[end] = last + _empty(taken, at_row, at_column, len(columns)) + CLOSING
    return Grid(start, end, before, tuple((cell.span.start, cell.span.end) for cell in table.cells))


def _empty(taken: set[tuple[int, int]], row: int, first: int, until: int) -> str:
    """Empty cells from one column to another, save those that a merged cell covers."""
    return "".join("<td></td>" for column in range(first, until) if (row, column) not in taken)


def _opening(text: str, cell: Cell, high: int, wide: int, offset: int | None) -> str:
    words = text[cell.span.start : cell.span.end]
    look = "t" + (" n" if _FIGURE.fullmatch(words) else " w" if len(words) > _LONG else "")
    spans = (f' rowspan="{high}"' if high > 1 else "") + (f' colspan="{wide}"' if wide > 1 else "")
    place = "" if offset is None else f' data-o="{offset}"'
    return f'<{"th" if cell.is_heading else "td"} class="{look}"{spans}{place}>'
