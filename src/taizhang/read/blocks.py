"""Characters with boxes → runs, lines and blocks of lines, whatever order the characters come in.

Lengths are in points, the origin is the top left corner of a page, and y grows downwards.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

GAP = 0.7
"""White space, in ems, at which a line is cut into runs. Justified text spreads by less, a gutter is wider."""

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_STOPS = re.compile("[，。；：、！？,;]")
NUMBERED = re.compile(
    "[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.．、](?![0-9])|第[一二三四五六七八九十百]{1,4}[章节篇条]"
)
CAPTION = re.compile("(?:续?表|图) ?[0-9一二三四五六七八九十]{1,3}(?![0-9]*[，。])|续表")
FIGURE = re.compile(r"[-+#—–]?[0-9][0-9.,，:%‰*]*[%‰]?|[-—–…./]+|[%‰]")
"""What a cell of figures holds, and nothing else."""
FOOTNOTE = re.compile("[①-⑳]|[\\[［【][0-9]{1,2}[\\]］】]|\\*|※|注[：:0-9]|[0-9]{1,2}[ .．]")


class Glyph(NamedTuple):
    """A character and its box. `base` is what the characters of one line share: the baseline, or the box's foot."""

    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    sure: float = 1.0
    """How sure the recogniser is of it; 1 where the file says what it is."""


class Box(NamedTuple):
    """A rectangle on a page: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float


class Run:
    """Characters that stand close together on one line (or in one column, where they are set downwards)."""

    __slots__ = ("base", "exact", "glyphs", "size", "vertical", "x0", "x1", "y0", "y1")

    def __init__(self, glyphs: list[Glyph], vertical: bool = False) -> None:
        self.glyphs = glyphs
        self.vertical = vertical
        self.x0 = min(glyph[1] for glyph in glyphs)
        self.x1 = max(glyph[3] for glyph in glyphs)
        self.y0 = min(glyph[2] for glyph in glyphs)
        self.y1 = max(glyph[4] for glyph in glyphs)
        self.size = _size(glyphs)
        self.exact = any("\u3400" <= glyph[0] < "\uff00" for glyph in glyphs)
        """Whether the size was measured on Chinese characters, which are as wide as they are high."""
        self.base = self.y1 if vertical else median(glyph[5] for glyph in glyphs)

    @property
    def text(self) -> str:
        return "".join(glyph[0] for glyph in self.glyphs)

    def move(self, x: float, y: float) -> None:
        """Set the run elsewhere on its page, by so much to the right and down."""
        self.glyphs = [
            glyph._replace(x0=glyph.x0 + x, x1=glyph.x1 + x, y0=glyph.y0 + y, y1=glyph.y1 + y, base=glyph.base + y)
            for glyph in self.glyphs
        ]
        self.x0, self.x1, self.y0, self.y1, self.base = (
            self.x0 + x, self.x1 + x, self.y0 + y, self.y1 + y, self.base + y,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"Run({self.text!r}, {self.x0:.0f}, {self.y0:.0f}, {self.x1:.0f}, {self.y1:.0f})"


class Page(NamedTuple):
    """One page's runs and drawn rules, in any order."""

    number: int
    width: float
    height: float
    runs: list[Run]
    rules: tuple[Box, ...] = ()
    blanks: tuple[Box, ...] = ()
    """Where a column of text has a hole, as far as its picture shows."""
    turn: float = 0.0
    """As `model.Page.turn`; `width` and `height` are those of the page in the file."""

    @property
    def high(self) -> float:
        """The height of the page set upright."""
        return self.width if round(self.turn / 90) % 2 else self.height


# --- glyphs → runs ----------------------------------------------------------------------------------------------------


def _size(glyphs: Sequence[Glyph]) -> float:
    """The size of the type: Chinese characters are as wide as they are high; heights of boxes vary with the font."""
    widths = [glyph[3] - glyph[1] for glyph in glyphs if "\u3400" <= glyph[0] < "\uff00"]
    if widths:
        return max(median(widths), 1.0)
    digits = [glyph[3] - glyph[1] for glyph in glyphs if "0" <= glyph[0] <= "9"]
    if digits:
        return max(2 * median(digits), 1.0)
    return max(0.85 * median(glyph[4] - glyph[2] for glyph in glyphs), 1.0)


def runs_of(glyphs: Iterable[Glyph], gap: float = GAP) -> list[Run]:
    """Runs of the characters of one page, whatever order they come in. Blanks only part what they stand between."""
    pieces: list[list[Glyph]] = []
    piece: list[Glyph] = []
    previous: Glyph | None = None
    for glyph in glyphs:
        if previous is not None:
            em = max(previous[3] - previous[1], 0.7 * (previous[4] - previous[2]))
            step = glyph[1] - previous[3]
            if (
                abs(glyph[5] - previous[5]) > 0.2 * em
                or glyph[1] <= previous[1]
                or step > 0.4 * em
                or glyph[3] - glyph[1] > 3 * em
            ):
                pieces.append(piece)
                piece = []
        piece.append(glyph)
        previous = glyph
    if piece:
        pieces.append(piece)
    runs = _joined([Run(piece) for piece in pieces if any(not g[0].isspace() for g in piece)], gap)
    return _stacked(runs)


def _joined(pieces: list[Run], gap: float) -> list[Run]:
    """Pieces that follow each other on one line, made one; what is printed twice over itself, kept once."""
    pieces.sort(key=lambda run: (run.x0, run.x1))
    rows: dict[int, list[list[Run]]] = {}
    for piece in pieces:
        key = int(piece.base / 8)
        best: list[Run] | None = None
        nearest = gap
        twice = False
        for near in (key - 1, key, key + 1):
            for line in rows.get(near, ()):
                last = line[-1]
                em = max(last.size, piece.size)
                middle, other = (last.y0 + last.y1) / 2, (piece.y0 + piece.y1) / 2
                if abs(last.base - piece.base) > 0.4 * em and abs(middle - other) > 0.25 * em:
                    continue
                distance = (piece.x0 - last.x1) / em
                if distance < -0.6 and piece.x1 < last.x1 + 0.6 * em:
                    twice = twice or _prints_over(last, piece)
                    continue
                if -0.6 <= distance < nearest:
                    nearest, best = distance, line
        if twice:
            continue
        if best is not None:
            best.append(piece)
        else:
            rows.setdefault(key, []).append([piece])
    return [Run([g for part in line for g in part.glyphs]) for lines in rows.values() for line in lines]


def _prints_over(first: Run, second: Run) -> bool:
    """Whether a run repeats a part of another at the same place: bold that was made by printing twice."""
    return second.text.strip() in first.text and abs(first.base - second.base) < 0.15 * first.size


def _stacked(runs: list[Run]) -> list[Run]:
    """Headlines set downwards: single characters below each other, with nothing on either side."""
    single = [run for run in runs if len(run.glyphs) == 1 and _CJK.match(run.glyphs[0][0])]
    if len(single) < 3:
        return runs
    single.sort(key=lambda run: (round((run.x0 + run.x1) / 2 / max(run.size, 1.0)), run.y0))
    stacks: list[list[Run]] = []
    for run in single:
        last = stacks[-1][-1] if stacks else None
        if (
            last is not None
            and abs(last.x0 - run.x0) < 0.25 * run.size
            and abs(last.size - run.size) < 0.1 * run.size
            and 0.8 * run.size <= run.base - last.base <= 1.35 * run.size
        ):
            stacks[-1].append(run)
        else:
            stacks.append([run])
    for stack in stacks:
        if len(stack) < 3:
            continue
        size = stack[0].size
        inside = {id(run) for run in stack}
        # The cells of a table's column stand one to a row; a headline's characters keep no row.
        beside = sum(
            any(
                id(run) not in inside and abs(run.base - one.base) < 0.2 * size and abs(run.size - size) < 0.3 * size
                for run in runs
            )
            for one in stack
        )
        if beside > len(stack) / 3:
            continue
        runs = [run for run in runs if id(run) not in inside]
        runs.append(Run([run.glyphs[0] for run in stack], vertical=True))
    return runs


def set_downwards(runs: Sequence[Run]) -> bool:
    """Whether the lines of a page run down it, as those of old newspapers do: its characters stand apart from those at
    their sides and close upon those below.
    """
    single = [run for run in runs if len(run.glyphs) == 1 and _CJK.match(run.glyphs[0][0])]
    if len(single) < 40 or len(single) * 2 < sum(len(run.glyphs) for run in runs):
        return False
    single.sort(key=lambda run: (round(run.x0 / run.size), run.y0))
    follow = sum(
        abs(b.x0 - a.x0) < 0.3 * a.size and 0.8 * a.size < b.base - a.base < 1.6 * a.size
        for a, b in itertools.pairwise(single)
    )
    return follow * 2 > len(single)


# --- neighbours, lines, blocks ----------------------------------------------------------------------------------------


def overlap(a: Run | Block, b: Run | Block) -> float:
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def shares_column(a: Run | Block, b: Run | Block) -> bool:
    return overlap(a, b) > 0.3 * min(a.x1 - a.x0, b.x1 - b.x0)


class Block:
    """Lines below each other in one column, of one size of type; or a table."""

    __slots__ = ("edges", "goes_on", "heading", "lines", "rows", "size", "spans", "x0", "x1", "y0", "y1")

    def __init__(self, lines: list[list[Run]], rows: list[list[list[Run]]] | None = None) -> None:
        self.lines = lines
        self.rows = rows
        """Rows of cells of runs, where it is a table."""
        self.spans: dict[tuple[int, int], tuple[int, int]] = {}
        """Over how many rows and columns its merged cells run, by row and column."""
        self.edges: tuple[float, ...] = ()
        """Where its columns begin and end, if rules are drawn there."""
        self.heading: list[list[str]] = []
        """What stands in the rows above its first figures, where it goes on over the page."""
        self.goes_on = False
        """Whether it is the rest of the table that was read before it."""
        runs = [run for line in lines for run in line]
        self.x0 = min(run.x0 for run in runs)
        self.x1 = max(run.x1 for run in runs)
        self.y0 = min(run.y0 for run in runs)
        self.y1 = max(run.y1 for run in runs)
        self.size = median(run.size for run in runs)

    @property
    def count(self) -> int:
        return sum(len(run.glyphs) for line in self.lines for run in line)

    def __repr__(self) -> str:
        text = "/".join("".join(run.text for run in line) for line in self.lines)
        return f"Block({text[:30]!r}, {self.x0:.0f}, {self.y0:.0f}, {self.x1:.0f}, {self.y1:.0f})"


def _stands_over(a: Run, b: Run) -> bool:
    """Whether two runs share a column where each is at least three characters wide: the last word of a paragraph stands
    over the next one, though that is indented past its end.
    """
    a1, b1 = max(a.x1, a.x0 + 3.1 * a.size), max(b.x1, b.x0 + 3.1 * b.size)
    return min(a1, b1) - max(a.x0, b.x0) > 0.3 * min(a1 - a.x0, b1 - b.x0)


class _Neighbours(NamedTuple):
    above: list[set[int]]
    below: list[set[int]]


def _neighbours(runs: list[Run]) -> _Neighbours:
    """For each of the runs (sorted by base), those right above and right below it that share its column."""
    above: list[set[int]] = [set() for _ in runs]
    below: list[set[int]] = [set() for _ in runs]
    for i, run in enumerate(runs):
        reach = run.base + 3.2 * run.size
        row: float | None = None
        for j in range(i + 1, len(runs)):
            other = runs[j]
            if other.base > reach or (row is not None and other.base > row):
                break
            if other.base - run.base < 0.55 * min(run.size, other.size) or not _stands_over(run, other):
                continue
            if row is None:
                row = other.base + 0.5 * other.size
            below[i].add(j)
    for i, run in enumerate(runs):
        reach = run.base - 3.2 * run.size
        row = None
        for j in range(i - 1, -1, -1):
            other = runs[j]
            if other.base < reach - other.size or (row is not None and other.base < row):
                break
            if run.base - other.base < 0.55 * min(run.size, other.size) or not _stands_over(run, other):
                continue
            if row is None:
                row = other.base - 0.5 * other.size
            above[i].add(j)
    return _Neighbours(above, below)


def rows_of(runs: list[Run]) -> list[list[int]]:
    """Indices of runs on one height, left to right; `runs` are sorted by base."""
    rows: list[list[int]] = []
    start = 0.0
    for index, run in enumerate(runs):
        if rows and run.base - start < 0.4 * run.size:
            rows[-1].append(index)
        else:
            rows.append([index])
            start = run.base
    for row in rows:
        row.sort(key=lambda i: runs[i].x0)
    return rows


def mend_lines(runs: list[Run]) -> list[Run]:
    """Join runs that only a wide blank parts: 一、综　　合, or a sentence with digits set apart."""
    runs.sort(key=lambda run: run.base)
    rows = [[runs[i] for i in row] for row in rows_of(runs)]
    mended: list[Run] = []
    for at, row in enumerate(rows):
        group = [row[0]]
        for run in row[1:]:
            left = group[-1]
            if (
                _same_size(left, run)
                and run.x0 - left.x1 < 4 * left.size
                and (CAPTION.fullmatch(left.text.strip()) or _one_line(rows, at, left, run))
            ):
                group.append(run)
                continue
            mended.append(group[0] if len(group) == 1 else Run([glyph for r in group for glyph in r.glyphs]))
            group = [run]
        mended.append(group[0] if len(group) == 1 else Run([glyph for r in group for glyph in r.glyphs]))
    return mended


def _one_line(rows: list[list[Run]], at: int, left: Run, right: Run) -> bool:
    """Whether two runs on one height are one line: a line above or below runs across the blank between them.

    Unless the blank goes on in the other direction: then it is a gutter, and the line across it a heading.
    """
    start, end = left.x1, right.x0
    across = False
    alone = True
    for beside in (range(at - 1, -1, -1), range(at + 1, len(rows))):
        for other in beside:
            if abs(rows[other][0].base - left.base) > 3.2 * left.size:
                break
            lines = [run for run in rows[other] if run.x1 > left.x0 and run.x0 < right.x1]
            if not lines:
                continue
            alone = False
            if any(line.x0 < start and end < line.x1 for line in lines):
                across = True
            elif len(lines) > 1:
                return False
            break
    return across or (alone and end - start < 1.5 * left.size)


def _same_size(a: Run, b: Run) -> bool:
    return abs(a.size - b.size) < (0.06 if a.exact and b.exact else 0.25) * max(a.size, b.size)


def _parted(a: Run, b: Run, rules: Sequence[Box]) -> bool:
    """Whether a rule is drawn between a run and the one below it. One that lies close under the words marks them."""
    return any(
        rule.y0 > a.base + 0.4 * a.size
        and rule.y1 < b.base - 0.5 * b.size
        and rule.x0 < min(a.x1, b.x1)
        and rule.x1 > max(a.x0, b.x0)
        for rule in rules
    )


def blocks_of(runs: list[Run], rules: Sequence[Box] = ()) -> list[Block]:
    """Runs that stand alone below each other, with no rule between them, linked into blocks."""
    runs.sort(key=lambda run: run.base)
    near = _neighbours(runs)
    following: dict[int, int] = {}
    for i, below in enumerate(near.below):
        if len(below) != 1 or runs[i].vertical:
            continue
        (j,) = below
        a, b = runs[i], runs[j]
        if near.above[j] != {i} or b.vertical or not _same_size(a, b) or b.base - a.base >= 2.6 * a.size:
            continue
        if not _parted(a, b, rules):
            following[i] = j
    heads = set(range(len(runs))) - set(following.values())
    blocks = []
    for head in sorted(heads):
        chain = [head]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        blocks.append(Block([[runs[i]] for i in chain]))
    return blocks


def is_prose(block: Block) -> bool:
    """Whether a block is running text: most lines fill its width, and it has commas and stops."""
    if len(block.lines) < 3:
        return False
    inner = block.lines[:-1]
    full = sum(1 for line in inner if line[-1].x1 > block.x1 - 1.6 * block.size)
    text = "".join(run.text for line in block.lines for run in line)
    return (
        full >= 0.55 * len(inner) and len(text) >= 5 * len(block.lines) and len(_STOPS.findall(text)) * 60 > len(text)
    )
