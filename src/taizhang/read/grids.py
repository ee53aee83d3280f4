"""Tables that a text file holds: separated values, rows of tabs, Markdown's bars, columns of blanks, the tags that
programs which read pictures write into Markdown. The text stays as it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from taizhang.model import Cell, Span, Table
from taizhang.read.aligned import find_aligned
from taizhang.read.decoded import Merged

_LINE = re.compile(r"[^\r\n]*")
_RULE = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*")
_FIGURE = re.compile(r"[-+－−]?[0-9０-９][0-9０-９,，.．]*\s*(?:%|％|‰)?|[-—－/…]+|持平")
_QUOTED = re.compile(r'\s*"((?:[^"]|"")*)"\s*$')
_FEWEST_ROWS = 3
_MOST_IN_A_CELL = 40
_MOST_LINES = 5
_TABLE = re.compile(r"<table\b[^>]*>.*?</table\s*>", re.I | re.S)
_TAGGED_ROW = re.compile(r"<tr\b[^>]*>(.*?)(?=</tr|<tr\b|</table)", re.I | re.S)
_TAGGED_CELL = re.compile(r"<(t[dh])\b([^>]*)>(.*?)(?=</t[dh]|<t[dh]\b|</tr|</table|$)", re.I | re.S)
_EDGES = re.compile(r"(?:\s|<[^<>]*>)*")
_STOPS = re.compile("[。；]")
_STOP = re.compile("。")
_SEPARATORS = (",", "\t", ";", "；")
_AMOUNT = re.compile(
    r"[^0-9０-９。；]{0,6}[0-9０-９][0-9０-９,，.．;]*(?:[-—~～至][0-9.]+)?[^0-9０-９。；]{0,8}|[-—－/…]+|持平"
)
"""A figure with a few words or a unit about it: 增长6%左右, ￥41200, 稳定在45以上."""


class _Row(NamedTuple):
    start: int
    end: int
    cells: list[tuple[int, int] | None]
    """Source offsets of what each cell holds; null where it is empty."""


def find_tables(text: str) -> tuple[Table, ...]:
    """The tables of a text that is no file of separated values, in order."""
    found = list(_tagged(text)) if "<t" in text else []
    for others in (_in_lines(text) if "\t" in text or "|" in text else (), find_aligned(text)):
        found += [table for table in others if not any(table.span.overlaps(other.span) for other in found)]
    return tuple(sorted(found, key=lambda table: table.span))


def _tagged(text: str) -> Iterator[Table]:
    """The tables between <table> and </table>, with cells that run over several rows or columns."""
    for whole in _TABLE.finditer(text):
        cells: list[Cell] = []
        taken: set[tuple[int, int]] = set()
        merged = Merged()
        for row, line in enumerate(_TAGGED_ROW.finditer(text, whole.start(), whole.end())):
            column = 0
            for cell in _TAGGED_CELL.finditer(text, *line.span(1)):
                while (row, column) in taken:
                    column += 1
                high, wide = merged.size(_runs_over(cell[2], "row"), _runs_over(cell[2], "col"))
                taken.update((row + r, column + c) for r in range(high) for c in range(wide))
                inner = _trimmed(text, cell.start(3) + len(_EDGES.match(cell[3])[0]), cell.end(3))  # type: ignore[index]
                if inner:
                    end = inner[1]
                    while text[end - 1] == ">" and (tag := text.rfind("<", inner[0], end)) >= 0:
                        end = tag
                        while end > inner[0] and text[end - 1].isspace():
                            end -= 1
                    if end > inner[0]:
                        heading = cell[1].lower() == "th"
                        cells.append(Cell(row, column, Span(inner[0], end), high, wide, is_heading=heading))
                column += wide
        if len({cell.row for cell in cells}) > 1 and len({cell.column for cell in cells}) > 1:
            yield Table(Span(*whole.span()), tuple(cells))


def _runs_over(attributes: str, of: str) -> int:
    match = re.search(rf"{of}span\s*=\s*[\"']?([0-9]{{1,3}})", attributes, re.I)
    return max(1, int(match[1])) if match else 1


def separated(text: str) -> Table | None:
    """The table of a file of separated values, which is all of it but for a few lines above and below.

    Which mark parts the values is told by the values: commas inside numbers part rows too, but into fewer figures.
    """
    head = text[:20_000]
    best: tuple[tuple[int, int, float], list[_Row]] | None = None
    for mark in _SEPARATORS:
        if head.count(mark) < 2 * _FEWEST_ROWS:
            continue
        rows = list(_rows_of(text, mark))
        filled = _without_lines([row for row in rows if any(row.cells)])
        if len(filled) < _FEWEST_ROWS:
            continue
        width, most = Counter(len(row.cells) for row in filled).most_common(1)[0]
        if width < 2 or (width == 2 and mark == ",") or most * 10 < len(filled) * 9:
            continue
        sizes = [cell[1] - cell[0] for row in filled for cell in row.cells if cell]
        prose = sum(bool(_STOPS.search(text, *cell)) for row in filled for cell in row.cells if cell)
        if mark in ";；" and prose:
            prose = sum(bool(_STOP.search(text, *cell)) for row in filled for cell in row.cells if cell)
        share = _figures(text, filled, _AMOUNT)
        if sum(sizes) <= _MOST_IN_A_CELL * len(sizes) and prose * 10 <= len(sizes) and share >= 0.25:
            score = most, width, share
            if best is None or score > best[0]:
                best = score, filled
    return _table(best[1]) if best else None


def _without_lines(rows: list[_Row]) -> list[_Row]:
    """The rows without the titles above them and the notes below, which have one field."""
    first, last = 0, len(rows)
    while first < min(last, _MOST_LINES) and len(rows[first].cells) == 1:
        first += 1
    while last > max(first, len(rows) - _MOST_LINES) and len(rows[last - 1].cells) == 1:
        last -= 1
    return rows[first:last]


def _rows_of(text: str, mark: str) -> Iterator[_Row]:
    """The records of separated values; a quoted field may hold the mark and line ends."""
    field = re.compile(rf'[ ]*"(?:[^"]|"")*"[ ]*(?=[{re.escape(mark)}\r\n]|$)|[^{re.escape(mark)}\r\n]*')
    at, start = 0, 0
    cells: list[tuple[int, int] | None] = []
    while at <= len(text):
        match = field.match(text, at)
        assert match is not None  # it matches the empty string
        cells.append(_trimmed(text, match.start(), match.end()))
        at = match.end()
        if at < len(text) and text[at] == mark:
            at += 1
            continue
        yield _Row(start, at, cells)
        if at >= len(text):
            return
        at += 2 if text.startswith("\r\n", at) else 1
        start, cells = at, []
        if at >= len(text):
            return


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    if start == 0 and text.startswith("\ufeff"):
        start = 1
    quoted = _QUOTED.match(text, start, end)
    if quoted:
        start, end = quoted.span(1)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _in_lines(text: str) -> Iterator[Table]:
    """Runs of lines that are rows: parted by tabs and mostly figures, or by bars with a rule below the heading."""
    tabs: list[_Row] = []
    bars: list[_Row] = []
    ruled = False
    at = 0
    while at <= len(text):
        match = _LINE.match(text, at)
        assert match is not None
        start, end = match.span()
        line = match[0]
        row = _Row(start, end, _parts(text, start, end, "\t")) if "\t" in line.strip() else None
        if row and sum(cell is not None for cell in row.cells) >= 2:
            tabs.append(row)
        else:
            yield from _of_tabs(text, tabs)
            tabs = []
        if line.strip().startswith("|") and line.count("|") >= 3:
            if _RULE.fullmatch(line):
                ruled = ruled or len(bars) == 1
            else:
                inner = line.rstrip()
                first = start + line.index("|") + 1
                last = start + (len(inner) - 1 if inner.endswith("|") else len(inner))
                bars.append(_Row(start, end, _parts(text, first, last, "|")))
        else:
            if ruled and len(bars) > 1:
                yield _table(bars, first_is_heading=True)
            bars, ruled = [], False
        at = end + (2 if text.startswith("\r\n", end) else 1)
    yield from _of_tabs(text, tabs)
    if ruled and len(bars) > 1:
        yield _table(bars, first_is_heading=True)


def _parts(text: str, start: int, end: int, mark: str) -> list[tuple[int, int] | None]:
    cells: list[tuple[int, int] | None] = []
    while True:
        stop = text.find(mark, start, end)
        cells.append(_trimmed(text, start, end if stop < 0 else stop))
        if stop < 0:
            return cells
        start = stop + 1


def _of_tabs(text: str, rows: Sequence[_Row]) -> Iterator[Table]:
    if len(rows) < _FEWEST_ROWS:
        return
    if _figures(text, rows) >= 0.5:
        yield _table(rows)


def _figures(text: str, rows: Sequence[_Row], pattern: re.Pattern[str] = _FIGURE) -> float:
    """Share of figures among the cells below the heading and behind the first column."""
    behind = [cell for row in rows[1:] for cell in row.cells[1:] if cell]
    return sum(bool(pattern.fullmatch(text, *cell)) for cell in behind) / max(1, len(behind))


def _table(rows: Sequence[_Row], *, first_is_heading: bool = False) -> Table:
    cells = tuple(
        Cell(number, column, Span(*cell), is_heading=first_is_heading and number == 0)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row.cells)
        if cell
    )
    return Table(Span(rows[0].start, rows[-1].end), cells)
