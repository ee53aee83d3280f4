"""Tables that a plain text draws with blanks alone, as programs write them that turn pages into text.

        指标            单位     绝对数    比上年增长（%）
    粮食产量            万吨      45.2        1.1
      #稻谷             万吨      30.6       -0.4

A line is a row where two blanks or more part its pieces and figures end it; rows count as a table below a line that
heads them. Columns stand under each other by characters or by the width they are shown at, so that both are tried.
Running text is justified with blanks too: a piece with a comma or a stop in it is none of a table.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from taizhang.model import Cell, Span, Table

_LINE = re.compile(r"[^\r\n\f]*")
_BLANK = " \u3000\xa0"
_PIECE = re.compile(rf"[^{_BLANK}]+(?:[{_BLANK}](?![{_BLANK}])[^{_BLANK}]+)*")
_FIGURE = re.compile(r"[-+－−▲▼]?[0-9０-９][0-9０-９,，.．]*\s?(?:%|％|‰)?|[-—－…]{1,3}|持平")
_DIGIT = re.compile("[0-9０-９]")
_STOPS = re.compile("[，。；！？]")
_HEAD = re.compile(
    r"指\s?标|项\s?目|名\s?称|分\s?类|品\s?种|种\s?类|地\s?区|县\s?区|年\s?份|单\s?位|总\s?量|绝对[数额值量]|[数量额值率]$"
    r"|增长|增速|增减|比重|占比|构成|指数|[（(](?:[万亿千]*[元吨人亩户个]|±?[%％])[)）]|[0-9]{4}\s?年|计划|完成|目标"
)
_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|其中[：:]?$")
_PAGE_NUMBER = re.compile(r"\s*[-—–·]{1,2}\s*[0-9０-９]{1,3}\s*[-—–·]{1,2}\s*|\s*第\s*[0-9]{1,3}\s*页\s*")
_CAPTION = re.compile(r"[附续]?[表图][\s\u3000]*[0-9０-９一二三四五六七八九十]")
_LONGEST_LINE = 300
_LONGEST_LABEL = 30
_FEWEST_ROWS = 2
_MOST_HEADING_LINES = 3
_MOST_BLANK_LINES = 2
_MOST_AT_A_PAGE_END = 8


class _Piece(NamedTuple):
    start: int
    end: int
    places: tuple[tuple[float, float], tuple[float, float]]
    """Where it begins and ends in its line, in characters and in columns of the screen."""


class _Line(NamedTuple):
    start: int
    end: int
    pieces: list[_Piece]
    number: int


def find_aligned(text: str) -> Iterator[Table]:
    """The tables of a text whose columns are made with blanks, in order."""
    if "  " not in text and "\u3000\u3000" not in text:
        return
    lines = [_line(text, match.start(), match.end(), number) for number, match in enumerate(_LINE.finditer(text))]
    lines = [line for line in lines if line.pieces or line.end - line.start > _LONGEST_LINE]
    at = 0
    while at < len(lines):
        if not _is_row(text, lines[at]):
            at += 1
            continue
        last = _last_row(text, lines, at)
        heading = _heading(text, lines, at)
        table = _table(text, lines, heading, at, last) if heading else None
        if table is not None:
            yield table
        at = last + 1


def _line(text: str, start: int, end: int, number: int) -> _Line:
    if end - start > _LONGEST_LINE:
        return _Line(start, end, [], number)
    line = text[start:end]
    if "  " not in line and "\u3000\u3000" not in line:
        inner = line.strip(_BLANK)
        if not inner or "\t" in line:
            return _Line(start, end, [], number)
        first = start + line.index(inner[0])
        return _Line(start, end, [_piece(text, start, first, first + len(inner))], number)
    if "\t" in line:
        return _Line(start, end, [], number)
    pieces = [_piece(text, start, match.start(), match.end()) for match in _PIECE.finditer(text, start, end)]
    return _Line(start, end, pieces, number)


def _piece(text: str, line: int, start: int, end: int) -> _Piece:
    before, wide = _width(text[line:start]), _width(text[start:end])
    return _Piece(start, end, ((start - line, end - line), (before, before + wide)))


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _is_row(text: str, line: _Line) -> bool:
    """Whether a line is a label with figures behind it: 粮食产量  万吨  45.2  1.1."""
    if len(line.pieces) < 2 or not _FIGURE.fullmatch(text, *line.pieces[-1][:2]):
        return False
    figures = sum(bool(_FIGURE.fullmatch(text, *piece[:2])) for piece in line.pieces[1:])
    label = text[line.pieces[0].start : line.pieces[0].end]
    words = text[line.start : line.end]
    return (
        not _FIGURE.fullmatch(label)
        and len(label) <= _LONGEST_LABEL
        and not _STOPS.search(re.sub(r"(?<=[0-9])[，,](?=[0-9]{3})", "", words))
        and figures * 2 >= len(line.pieces) - 1
    )


def _last_row(text: str, lines: Sequence[_Line], first: int) -> int:
    """The last row of those that follow each other from `first` on; numbers of pages and sections may stand between."""
    last, at, page = first, first + 1, False
    while at < len(lines):
        line = lines[at]
        numbered = _PAGE_NUMBER.fullmatch(text, line.start, line.end) is not None
        blank = line.number - lines[at - 1].number - 1
        if blank > (_MOST_AT_A_PAGE_END if page or numbered else _MOST_BLANK_LINES):
            break
        if _is_row(text, line):
            last, page = at, False
        elif numbered:
            page = True
        elif not (len(line.pieces) == 1 and _SECTION.match(text, line.pieces[0].start, line.end)):
            break
        at += 1
    return last


def _heading(text: str, lines: Sequence[_Line], first: int) -> list[_Line]:
    """The lines that head the rows which begin at `first`."""
    found: list[_Line] = []
    for at in range(first - 1, max(-1, first - 1 - _MOST_HEADING_LINES), -1):
        line = lines[at]
        words = text[line.start : line.end]
        if lines[at + 1].number - line.number - 1 > _MOST_BLANK_LINES or _STOPS.search(words):
            break
        if any(_FIGURE.fullmatch(text, *piece[:2]) for piece in line.pieces) or _CAPTION.match(words.strip()):
            break
        # One piece alone is the stub of a heading of several lines (年份), or the caption above it.
        if len(line.pieces) < 2 and not (found and len(words.strip()) <= 6 and not _DIGIT.search(words)):
            break
        found.insert(0, line)
    while found and len(found[0].pieces) < 2:
        found.pop(0)
    heads = sum(bool(_HEAD.search(text[piece.start : piece.end])) for line in found for piece in line.pieces)
    return found if heads * 2 >= sum(len(line.pieces) for line in found) else []


def _table(text: str, lines: Sequence[_Line], heading: Sequence[_Line], first: int, last: int) -> Table | None:
    rows = [line for line in lines[first : last + 1] if _is_row(text, line)]
    if len(rows) < _FEWEST_ROWS:
        return None
    known = [_labelled(text, line) for line in rows]
    counts = Counter(map(len, known))
    width, most = max(counts.items(), key=lambda each: (each[1], each[0]))
    full = [pieces for pieces in known if len(pieces) == width]
    if most * 3 < len(rows) * 2:
        return None
    columns = _columns(full, width)
    if columns is None:
        return None
    heads = [_headed(text, line, width) for line in heading]
    if not any(len(pieces) in (width, width - 1) for pieces in heads):
        return None
    cells: list[Cell] = []
    row = 0
    for pieces in heads:
        cells += _cells(pieces, columns, width, row, is_heading=True)
        row += 1
    for line in lines[first : last + 1]:
        pieces = _labelled(text, line) if _is_row(text, line) else line.pieces
        if len(pieces) > width:
            return None
        cells += _cells(pieces, columns, width, row)
        row += 1
    start = min(cell.span.start for cell in cells)
    return Table(Span(start, max(cell.span.end for cell in cells)), tuple(cells))


def _labelled(text: str, line: _Line) -> list[_Piece]:
    """The pieces of a row with its label as one: 林    业  万吨  4.2 has blanks inside its label."""
    pieces = line.pieces
    end = 1
    while (
        end < len(pieces) - 1
        and pieces[end].end - pieces[end].start == 1
        and pieces[end - 1].end - pieces[0].start <= 6
        and not _FIGURE.fullmatch(text, *pieces[end][:2])
        and len(text[pieces[0].start : pieces[end].start].strip(_BLANK + "#")) <= 2
    ):
        end += 1
    if end == 1:
        return pieces
    first, behind = pieces[0], pieces[end - 1]
    places = tuple((a[0], b[1]) for a, b in zip(first.places, behind.places, strict=True))
    return [_Piece(first.start, behind.end, places), *pieces[end:]]  # type: ignore[arg-type]


def _headed(text: str, line: _Line, width: int) -> list[_Piece]:
    """The pieces of a heading line; where they are too few, a single blank parts them too, though not 2021 年."""
    if not 1 < len(line.pieces) < width:
        return line.pieces
    parts: list[_Piece] = []
    for piece in line.pieces:
        start = piece.start
        for match in re.finditer(rf"(?<=[^0-9０-９{_BLANK}])[{_BLANK}](?=[^{_BLANK}])", text[piece.start : piece.end]):
            parts.append(_piece(text, line.start, start, piece.start + match.start()))
            start = piece.start + match.end()
        parts.append(_piece(text, line.start, start, piece.end))
    return parts if len(parts) <= width else line.pieces


def _columns(rows: Sequence[Sequence[_Piece]], width: int) -> list[tuple[float, float]] | None:
    """Where each column stands, in characters where those line up and else in columns of the screen, with the measure
    in front; null where the pieces of a column do not stand over each other in either."""
    for measure in (0, 1):
        spans = []
        for column in range(width):
            places = [row[column].places[measure] for row in rows]
            spans.append((min(low for low, _ in places), max(high for _, high in places)))
        # Each figure of a column shares some place with most others; neighbours hardly overlap.
        if all(
            left[0] < right[0] and left[1] < right[1] and left[1] - right[0] <= 4 for left, right in pairwise(spans)
        ):
            return [(measure, measure), *spans]
    return None


def _cells(
    pieces: Sequence[_Piece], columns: list[tuple[float, float]], width: int, row: int, *, is_heading: bool = False
) -> list[Cell]:
    """The cells of a row: in order where it is full, else each in the column that it stands nearest to."""
    measure, spans = int(columns[0][0]), columns[1:]
    placed: list[int] = []
    for at, piece in enumerate(pieces):
        if len(pieces) == width:
            placed.append(at)
            continue
        if at == 0 and not is_heading:
            placed.append(0)
            continue
        low, high = piece.places[measure]
        least = placed[-1] + 1 if placed else 0
        most = width - (len(pieces) - at)
        placed.append(
            min(
                range(least, most + 1),
                key=lambda column: abs(spans[column][0] + spans[column][1] - low - high),
            )
        )
    return [
        Cell(row, column, Span(piece.start, piece.end), is_heading=is_heading)
        for column, piece in zip(placed, pieces, strict=True)
    ]
