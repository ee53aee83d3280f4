"""Parts of pages in reading order → text, and where each of its characters stands."""

from __future__ import annotations

import itertools
import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence

from taizhang.model import Cell, Finding, Location, Piece, Span, Table
from taizhang.read.blocks import Glyph, Run
from taizhang.read.decoded import Decoded
from taizhang.read.layout import Flow
from taizhang.read.paragraphs import Line, Part

DOUBT = "digits-doubtful"
"""Code of the finding that lists digits a recogniser is not sure of."""

HOLE = "page-hole"
"""Code of the finding that text is missing from a page; its span is the line end where it is missing."""

SURE = 0.9
"""A digit that the recogniser gives less than this may be another one; of clean print it gives .99 and more."""

_PER_MILLE = re.compile(
    r"(?:自然增长率|出生率|(?:婴儿|儿童|新生儿|岁以下|人口|粗)[^，。；0-9]{0,6}死亡率)[^，。；0-9%‰]{0,10}(-?[0-9]+(?:[.．][0-9]+)?[%％])"
)
"""Rates that are told per mille. The recogniser does not know ‰ and often reads it as %, with all certainty."""

_NUMBER = re.compile("[.,，%‰+-]*[0-9][0-9.,，%‰+-]*(?: [0-9][0-9.,，%‰+-]*)*")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile("[0-9A-Za-z]")
_SUPERSCRIPTS = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))


class _Writer:
    """The text as it grows, and the pieces that lead back."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.length = 0
        self.origin: list[Piece] = []
        self.doubtful: list[Span] = []
        self.recognised = 0

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += len(text)

    def run(self, run: Run, page: int) -> None:
        """The characters of a run, blanks only where they part words."""
        chars, glyphs = _written(run)
        start = self.length
        sure = [glyph.sure for glyph in glyphs if not glyph.char.isspace()]
        confidence = round(sum(sure) / len(sure), 3) if sure and min(sure) < 1 else None
        box = (round(run.x0, 1), round(run.y0, 1), round(run.x1, 1), round(run.y1, 1))
        edges = None
        if not run.vertical:
            steps = array("H", [_tenths(glyph.x0 - run.x0) for glyph in glyphs])
            steps.append(_tenths(run.x1 - run.x0))
            edges = steps.tobytes()
        self.origin.append(Piece(start, Location("page", page, box, confidence=confidence), edges))
        if confidence is not None:
            self._doubt(start, chars, glyphs)
        self.add("".join(chars))

    def _doubt(self, start: int, chars: list[str], glyphs: list[Glyph]) -> None:
        """Note the numbers with a digit, point or sign that the recogniser is not sure of, or with a blank in them: it
        may have torn one number, or have lost what stood there.
        """
        for match in _NUMBER.finditer("".join(chars)):
            at, end = match.span()
            if " " in match[0] or min(glyph.sure for glyph in glyphs[at:end]) < SURE:
                self.doubtful.append(Span(start + at, start + end))

    def line(self, line: Line) -> None:
        last: Run | None = None
        for run in line.runs:
            if last is not None:  # a cell may have several lines
                self.add(" " if abs(run.base - last.base) < 0.5 * run.size else _joint(last, run))
            self.run(run, line.page)
            last = run


def _tenths(length: float) -> int:
    return min(65535, max(0, round(length * 10)))


def _written(run: Run) -> tuple[list[str], list[Glyph]]:
    """The characters of a run as text, and the glyph that each stands for (a blank: the one behind it)."""
    chars: list[str] = []
    used: list[Glyph] = []
    spaced = _is_spaced(run.glyphs)
    previous: Glyph | None = None
    blank = False
    for glyph in run.glyphs:
        char = glyph.char
        if char.isspace():
            blank = blank or previous is not None
            continue
        if previous is not None:
            gap = (glyph.x0 - previous.x1) / run.size
            words = _WORD.match(previous.char) and _WORD.match(char)
            if gap > 1.0 and not run.vertical:
                chars.append("\u3000")
                used.append(glyph)
            elif words and (blank or (gap > (0.22 if glyph.sure == 1 else 0.5) and not spaced and not run.vertical)):
                chars.append(" ")
                used.append(glyph)
        if char in _SUPERSCRIPTS and _is_raised(glyph, run) and not (previous and previous.char in "[［【"):
            char = _SUPERSCRIPTS[char]
        chars.append(char)
        used.append(glyph)
        previous, blank = glyph, False
    return chars, used


def _is_spaced(glyphs: Sequence[Glyph]) -> bool:
    """Whether digits stand in cells as wide as a Chinese character: 2 0 0 1 年. Then no blank parts two numbers."""
    gaps = wide = 0
    for a, b in itertools.pairwise(glyphs):
        if a.char.isdigit() and b.char.isdigit():
            gaps += 1
            wide += b.x0 - a.x1 > 0.5 * (b.x1 - b.x0)
    return gaps > 0 and wide == gaps


def _is_raised(glyph: Glyph, run: Run) -> bool:
    return run.exact and glyph.base < run.base - 0.15 * run.size and glyph.x1 - glyph.x0 < 0.42 * run.size


def _joint(before: Run, after: Run) -> str:
    """What to write between two lines of a paragraph: a blank between Latin words, else nothing."""
    a, b = before.text.rstrip()[-1:], after.text.lstrip()[:1]
    return " " if _WORD.match(a) and _WORD.match(b) and (_LATIN.match(a) or _LATIN.match(b)) else ""


def compose(flow: Flow, media_type: str) -> Decoded:
    """The text of the parts, a paragraph or a table's row a line, and the piece that each run of it comes from."""
    writer = _Writer()
    tables: list[Table] = []
    holes: list[tuple[Span, Part]] = []
    open_table: int | None = None
    table_start = 0
    cells: list[Cell] = []
    row = 0

    def close() -> None:
        if open_table is not None and cells:
            tables.append(
                Table(Span(table_start, cells[-1].span.end if cells[-1].span else writer.length), tuple(cells))
            )

    for part in flow.parts:
        if part.table != open_table:
            close()
            open_table, table_start, cells, row = part.table, writer.length, [], 0
        if part.apart and writer.length:
            writer.add("\n")
        if part.kind == "row":
            _row(writer, part, row, cells)
            row += 1
        else:
            last: Run | None = None
            for line in part.lines:
                if last is not None:
                    writer.add(_joint(last, line.runs[0]))
                writer.line(line)
                last = line.runs[-1]
        if part.hole:
            holes.append((Span(writer.length, writer.length + 1), part))
        if part.kind != "row" or any(line.runs for line in part.lines):
            writer.add("\n")
    close()
    recognised = [piece.location.confidence is not None for piece in writer.origin]
    if any(recognised):
        starts = [piece.start for piece in writer.origin]
        rates = [Span(*match.span(1)) for match in _PER_MILLE.finditer("".join(writer.text))]
        writer.doubtful += [span for span in rates if recognised[bisect_right(starts, span.start) - 1]]
        writer.doubtful = sorted(set(writer.doubtful))
    findings = _findings(flow, writer) + [_hole(seam, part) for seam, part in holes]
    return Decoded(
        "".join(writer.text),
        media_type,
        origin=tuple(writer.origin),
        tables=tuple(tables),
        findings=tuple(findings),
    )


def _hole(seam: Span, part: Part) -> Finding:
    line = part.lines[-1]
    words, count = line.runs[-1].text.strip()[-10:], max(1, round(part.hole))
    return Finding(
        HOLE,
        "warning",
        f"第 {line.page} 页“{words}”之后有一处空白，约缺 {count} 行，上下文不相连。",
        f"Behind “{words}” on page {line.page} the column is blank for some {count} lines; what follows does not join.",
        (seam,),
        rule="blank-in-a-column/1",
    )


def _row(writer: _Writer, part: Part, row: int, cells: list[Cell]) -> None:
    last = max((at for at, line in enumerate(part.lines) if line.runs), default=-1)
    for column, line in enumerate(part.lines[: last + 1]):
        if column:
            writer.add("\t")
        if line.runs:
            start = writer.length
            writer.line(line)
            down, across = part.spans[column] if part.spans else (1, 1)
            cells.append(Cell(row, column, Span(start, writer.length), down, across))


def _findings(flow: Flow, writer: _Writer) -> list[Finding]:
    found: list[Finding] = []
    if flow.margins:
        shown = list(dict.fromkeys("".join(run.text for run in line.runs).strip() for line in flow.margins))
        few = "、".join(f"“{text}”" for text in shown[:3])
        found.append(
            Finding(
                "margins-left-out",
                "info",
                f"页眉、页脚和页码共 {len(flow.margins)} 处未列入正文：{few}{'等' if len(shown) > 3 else ''}。",
                f"{len(flow.margins)} running heads, feet and page numbers are not part of the text: {few}.",
                rule="margins/1",
            )
        )
    if writer.doubtful:
        count = len(writer.doubtful)
        found.append(
            Finding(
                DOUBT,
                "warning",
                f"有 {count} 处数字识别把握不大，请对照原图核实。",
                f"{count} numbers were recognised with little certainty; compare them with the picture.",
                tuple(writer.doubtful),
                rule="recognised-digits/1",
            )
        )
    return found


def page_unreadable(number: int) -> Finding:
    """Says that a page is broken."""
    return Finding(
        "page-unreadable",
        "warning",
        f"第 {number} 页已损坏，未能读取。",
        f"Page {number} is damaged and was not read.",
        rule="page/1",
    )
