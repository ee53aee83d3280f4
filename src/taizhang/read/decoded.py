"""What passes between `read` and the reader of each kind of file, and the pen that readers write it with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import msgspec

from taizhang.model import Cell, Finding, Location, Page, Piece, Severity, Span, Table

LIMIT = 32 * 1024 * 1024
"""Largest file read unless told otherwise, in bytes. The longest report known to us has 0.6 MB as text."""


class ReadOptions(msgspec.Struct, frozen=True):
    """How far a reader may go."""

    limit: int = LIMIT
    """Largest file, in bytes."""
    unpacked: int | None = None
    """Most bytes that a packed file (docx, xlsx, ods) may unpack to; eight times `limit` where nothing is said."""
    pages: int = 1000
    """Most pages of a PDF or picture file, or sheets of a workbook."""
    told: Callable[[str, int, int], None] | None = None
    """Called behind each page that takes seconds (a scan): the file's name, how many are done, and of how many."""

    long: Callable[[str, int], None] | None = None
    """Called before a text is read that takes longer than a moment: the file's name, and how many characters it has."""

    @property
    def most_unpacked(self) -> int:
        """`unpacked`, or what follows from `limit`."""
        return 8 * self.limit if self.unpacked is None else self.unpacked

    @property
    def most_characters(self) -> int:
        """Longest text that is read, from whatever file: an eighth of `limit`, but a million at least."""
        return max(1_000_000, self.limit // 8)

    def tell(self, name: str, done: int, of: int) -> None:
        """Say that a slow page is done."""
        if self.told is not None:
            self.told(name, done, of)


class Decoded(msgspec.Struct, frozen=True):
    """What a reader found in the bytes of one file. The fields are those of `Document` and `Source`."""

    text: str
    media_type: str
    encoding: str | None = None
    origin: tuple[Piece, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[Page, ...] = ()
    findings: tuple[Finding, ...] = ()
    title: str | None = None
    published: str | None = None
    publisher: str | None = None


Reader: TypeAlias = Callable[[bytes, str, ReadOptions], Decoded]
"""Bytes, the name for an error's sentence, and options. Raises `ReadError` and nothing else for what the bytes hold."""


class Box(NamedTuple):
    """A cell before it is written: its place in the grid, its text, and where it stands in the file."""

    row: int
    column: int
    text: str
    location: Location | None
    rowspan: int = 1
    colspan: int = 1
    is_heading: bool = False
    exact: str | None = None
    """The number that the file holds where its format shows it rounded."""


_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_STOP = re.compile("[。；！？]")
_LONG_CELL = 120


def is_data(boxes: Iterable[Box]) -> bool:
    """Whether a grid holds data, and not the layout of a page: two columns, two rows, and hardly any prose in it."""
    filled = [box for box in boxes if box.text.strip()]
    if len({box.row for box in filled}) < 2 or len({box.column for box in filled}) < 2:
        return False
    prose = sum(len(box.text) for box in filled if len(box.text) > _LONG_CELL and _STOP.search(box.text))
    return prose * 2 < sum(len(box.text) for box in filled)


_MOST_PLACES = 1_000_000


class Merged:
    """Measures the merged cells of one table, as files say they run (1000 columns, 1048576 rows).

    All of them together cover no more places than a table has; what would go beyond is a cell of one place.
    """

    def __init__(self) -> None:
        self._left = _MOST_PLACES

    def size(self, rows: int, columns: int) -> tuple[int, int]:
        """Rows and columns that a cell is taken to run over."""
        rows, columns = max(1, rows), max(1, columns)
        if rows * columns == 1:
            return 1, 1
        if rows * columns > self._left:
            return 1, 1
        self._left -= rows * columns
        return rows, columns


class Pen:
    """Writes a document's text line by line and keeps, for each stretch, where it stands in the file."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._origin: list[Piece] = []
        self._tables: list[Table] = []
        self.findings: list[Finding] = []

    @property
    def length(self) -> int:
        """Characters written so far."""
        return self._length

    def write(self, text: str, location: Location) -> Span | None:
        """Add a stretch that stands at `location`; its span, or null where there is nothing to add."""
        if not text:
            return None
        start = self._length
        if not self._origin or self._origin[-1].location != location:
            self._origin.append(Piece(start, location))
        self._add(text)
        return Span(start, self._length)

    def line(self, text: str, location: Location) -> Span | None:
        """Add a line; its span without the line end."""
        span = self.write(text, location)
        self._add("\n")
        return span

    def blank(self) -> None:
        """Add an empty line."""
        self._add("\n")

    def table(self, boxes: Iterable[Box], name: str | None = None) -> Span | None:
        """Add a table, one row a line, cells parted by tabs; rows and columns that hold nothing are left out."""
        filled = sorted(
            ((box, text) for box in boxes if (text := _BREAKS.sub(" ", box.text).strip(" "))),
            key=lambda pair: pair[0][:2],
        )
        if not filled:
            return None
        columns = {column: at for at, column in enumerate(sorted({box.column for box, _ in filled}))}
        start, cells = self._length, []
        merged = Merged()
        row = filled[0][0].row
        at = 0
        for box, text in filled:
            if box.row != row:
                self._add("\n")
                row, at = box.row, 0
            self._add("\t" * (columns[box.column] - at))
            at = columns[box.column]
            span = self.write(text, box.location) if box.location else None
            if span is None:
                span = Span(self._length, self._length + len(text))
                self._add(text)
            high, wide = merged.size(box.rowspan, box.colspan)
            cells.append(Cell(box.row, box.column, span, high, wide, box.is_heading, box.exact))
        whole = Span(start, self._length)
        self._add("\n")
        self._tables.append(Table(whole, tuple(cells), name))
        return whole

    def find(self, code: str, severity: Severity, zh: str, en: str, *spans: Span) -> None:
        """Note something for the reader of the report."""
        self.findings.append(Finding(code, severity, zh, en, spans, f"{code}/1"))

    def decoded(
        self,
        media_type: str,
        encoding: str | None = None,
        *,
        title: str | None = None,
        published: str | None = None,
        publisher: str | None = None,
    ) -> Decoded:
        """What has been written, with what the file says of itself."""
        return Decoded(
            "".join(self._parts),
            media_type,
            encoding,
            tuple(self._origin),
            tuple(self._tables),
            findings=tuple(self.findings),
            title=title,
            published=published,
            publisher=publisher,
        )

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
