"""Blocks in reading order → paragraphs, titles, rows and notes, joined over columns, pages and pictures."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Literal, NamedTuple

from taizhang.read.blocks import FOOTNOTE, NUMBERED, Block, Box, Page, Run, is_prose, shares_column

_ENDS_SENTENCE = re.compile("[。！？；：…][”’）》】〕」』]*$|[.!?;:]$")
_WORD = re.compile("[0-9A-Za-z.,%]")
_OPENS, _SHUTS = re.compile("[（(《]"), re.compile("[）)》]")
_PHOTO = re.compile(r"^(?:图为|上图|下图|左图|右图)|摄(?:影)?[）)]?。?$")


class Line(NamedTuple):
    """One line of a paragraph, or one cell of a row: the runs on it from left to right, on one page."""

    page: int
    runs: tuple[Run, ...]


PartKind = Literal["text", "title", "row", "note"]


class Part(NamedTuple):
    """A paragraph, a title, a row of a table, a footnote."""

    kind: PartKind
    lines: tuple[Line, ...]
    """Lines to be joined; for a row its cells, an empty `Line` where a cell is empty."""
    table: int | None = None
    """Which table a row belongs to, counted over the document."""
    spans: tuple[tuple[int, int], ...] = ()
    """Over how many rows and columns each cell of a row runs; none given: over one."""
    apart: bool = False
    """Whether another article begins here."""
    hole: float = 0.0
    """About how many lines are missing behind it, as far as the picture of the page shows."""


class _Frame(NamedTuple):
    """Where the lines of a column begin and end."""

    left: float
    right: float


class _Stretch(NamedTuple):
    """One paragraph as far as it goes within one block."""

    kind: PartKind
    lines: list[Line]
    size: float
    indented: bool
    """Its first line stands in from the column's edge (or is centred)."""
    open: bool
    """Its last line runs to the column's edge, so that it may go on elsewhere."""


def _frame(block: Block) -> _Frame:
    lefts = sorted(line[0].x0 for line in block.lines)
    rights = sorted((line[-1].x1 for line in block.lines), reverse=True)
    return _Frame(lefts[len(lefts) // 10], rights[len(rights) // 4])


def _frame_for(block: Block, near: Sequence[_Frame], far: Sequence[_Frame]) -> _Frame:
    """The column that a block stands in: the narrowest that holds it, of its own page first."""
    slack = block.size
    for frames in (near, far):
        holding = [f for f in frames if f.left - slack <= block.x0 and block.x1 <= f.right + slack]
        if holding:
            return min(holding, key=lambda f: f.right - f.left)
    return _frame(block)


def _stretches(block: Block, page: int, frame: _Frame, body: float) -> list[_Stretch]:
    """A block of lines cut into paragraphs."""
    em, lines = block.size, block.lines
    said = "".join(run.text for line in lines for run in line).rstrip()
    title = em >= 1.22 * body and not is_prose(block) and not said.endswith(("。", "；", "，"))
    steps = [b[0].base - a[0].base for a, b in itertools.pairwise(lines)]
    pitch = median(steps) if steps else 0.0
    groups: list[list[list[Run]]] = [[lines[0]]]
    for before, line, step in zip(lines, lines[1:], steps, strict=False):
        before_it = "".join(run.text for each in groups[-1][-3:] for run in each)
        if len(_OPENS.findall(before_it)) > len(_SHUTS.findall(before_it)) and not NUMBERED.match(line[0].text):
            new = False  # what is in brackets goes on, though its lines may be centred
        elif title:
            new = step > 1.3 * pitch or bool(NUMBERED.match(line[0].text)) or len(groups[-1]) > 3
        else:
            new = (
                line[0].x0 - frame.left >= 1.2 * em
                or frame.right - before[-1].x1 > _first_word(line[0]) + (1.1 if _ends(before) else 3.0) * em
                or (step > 1.35 * pitch and len(steps) > 2)
            )
        if new:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [
        _Stretch(
            "title" if title else "text",
            [Line(page, tuple(line)) for line in group],
            em,
            group[0][0].x0 - frame.left >= 1.2 * em,
            not title and frame.right - group[-1][-1].x1 < 2.2 * em,
        )
        for group in groups
    ]


def _ends(line: list[Run]) -> bool:
    """Whether a line ends a sentence: a short line that does not need more white behind it to end a paragraph."""
    return bool(_ENDS_SENTENCE.search(line[-1].text.rstrip()))


def _first_word(run: Run) -> float:
    """Width of what would have had to fit on the line before: a character, or a number with its marks."""
    glyphs = run.glyphs
    end = 1
    if _WORD.match(glyphs[0].char):
        while end < len(glyphs) and _WORD.match(glyphs[end].char):
            end += 1
    while end < len(glyphs) and glyphs[end].char in "，。、；：！？”’）》】%":
        end += 1
    return glyphs[end - 1].x1 - glyphs[0].x0


class _Writer:
    """Puts stretches and tables in a row, and joins what a column, a page or a picture tears."""

    def __init__(self, body: float, indents: bool, blanks: Mapping[int, Sequence[Box]]) -> None:
        self.parts: list[Part] = []
        self.blanks = blanks
        """By page, the holes in its columns."""
        self.body = body
        self.indents = indents
        self.prose = 0
        """Characters of running text since the last title."""
        self._open: _Stretch | None = None
        self._waiting: list[Part] = []

    def stretch(self, new: _Stretch) -> None:
        if self._open is not None:
            if self._hole(self._open):
                self.close()
            elif self._goes_on(self._open, new):
                self._open = self._open._replace(lines=self._open.lines + new.lines, open=new.open)
                if not new.open:
                    self.close()
                return
            if not self._may_wait(new):
                self.close()
        if self._open is not None:
            self._waiting.append(Part(new.kind, tuple(new.lines)))
        elif new.open and new.kind == "text":
            self._open = new
        else:
            self._put(new)

    def aside(self, part: Part) -> None:
        """A table's row or a footnote: it waits for the end of a paragraph that is torn over it."""
        if self._open is not None:
            self._waiting.append(part)
        else:
            self.parts.append(part)

    def close(self) -> None:
        if self._open is not None:
            self._put(self._open)
            self._open = None
        self.parts.extend(self._waiting)
        self._waiting.clear()

    def _put(self, stretch: _Stretch) -> None:
        text = "".join(run.text for line in stretch.lines for run in line.runs)
        apart = stretch.kind == "title" and self.prose > 80 and not NUMBERED.match(text)
        self.parts.append(Part(stretch.kind, tuple(stretch.lines), apart=apart, hole=self._hole(stretch)))
        if stretch.kind == "title":
            self.prose = 0 if apart else self.prose
        else:
            self.prose += len(text)

    def _hole(self, stretch: _Stretch) -> float:
        """How many lines there would be room for in the hole that a stretch ends at, 0 where it ends at none."""
        line = stretch.lines[-1]
        run = line.runs[-1]
        for blank in self.blanks.get(line.page, ()):
            if abs(blank.y0 - run.y1) < 0.5 * run.size and blank.x0 < run.x1 and run.x0 < blank.x1:
                return (blank.y1 - blank.y0) / (1.5 * run.size)
        return 0.0

    def _goes_on(self, torn: _Stretch, new: _Stretch) -> bool:
        if new.kind != "text" or new.indented or abs(torn.size - new.size) > 0.04 * torn.size:
            return False
        last = torn.lines[-1].runs[-1].text.rstrip()
        if _PHOTO.search("".join(run.text for run in new.lines[0].runs)):
            return False
        if NUMBERED.match(new.lines[0].runs[0].text) and _ENDS_SENTENCE.search(last):
            return False
        return self.indents or not _ENDS_SENTENCE.search(last)

    def _may_wait(self, new: _Stretch) -> bool:
        """Whether what comes now may be a picture's words that a torn paragraph runs past."""
        if self._open is None or new.kind == "title" or len(self._waiting) > 60:
            return False
        last = self._open.lines[-1].runs[-1].text.rstrip()
        text = "".join(run.text for line in new.lines for run in line.runs)
        return not _ENDS_SENTENCE.search(last) and len(text) < 50 and not NUMBERED.match(text)


def parts_of(laid: Sequence[tuple[Page, list[Block]]], body: float) -> list[Part]:
    near = [[_frame(b) for b in blocks if b.rows is None and is_prose(b)] for _, blocks in laid]
    far = [frame for frames in near for frame in frames]
    cut: list[tuple[Page, list[Block | list[_Stretch]]]] = []
    for (page, blocks), frames in zip(laid, near, strict=True):
        items: list[Block | list[_Stretch]] = []
        for block in blocks:
            if block.rows is not None or _is_note(block, page, blocks, body):
                items.append(block)
            else:
                items.append(_stretches(block, page.number, _frame_for(block, frames, far), body))
        cut.append((page, items))
    starts = [s for _, items in cut for item in items if isinstance(item, list) for s in item if s.kind == "text"]
    long = [s for s in starts if sum(len(run.glyphs) for line in s.lines for run in line.runs) > 30]
    blanks = {page.number: page.blanks for page, _ in laid if page.blanks}
    writer = _Writer(body, sum(s.indented for s in long) >= 0.3 * len(long), blanks)
    tables = -1
    for page, items in cut:
        for item in items:
            if isinstance(item, list):
                for stretch in item:
                    writer.stretch(stretch)
            elif item.rows is not None:
                tables += not item.goes_on
                for at, row in enumerate(item.rows):
                    cells = tuple(Line(page.number, tuple(cell)) for cell in row)
                    spans = tuple(item.spans.get((at, column), (1, 1)) for column in range(len(row)))
                    writer.aside(Part("row", cells, tables, spans))
            else:
                for note in _notes(item, page.number):
                    writer.aside(note)
    writer.close()
    return writer.parts


def _is_note(block: Block, page: Page, blocks: Sequence[Block], body: float) -> bool:
    """Footnotes: smaller type at a column's foot, opened by a mark."""
    return (
        block.size < 0.93 * body
        and block.y0 > 0.5 * page.high
        and bool(FOOTNOTE.match(block.lines[0][0].text))
        and not any(b.y0 > block.y1 and b.size > 0.95 * body and shares_column(b, block) for b in blocks)
    )


def _notes(block: Block, page: int) -> list[Part]:
    groups: list[list[Line]] = []
    for line in block.lines:
        if not groups or FOOTNOTE.match(line[0].text):
            groups.append([])
        groups[-1].append(Line(page, tuple(line)))
    return [Part("note", tuple(group)) for group in groups]
