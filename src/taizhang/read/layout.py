"""Boxes on a page → lines, columns, tables, paragraphs, in the order a reader takes them.

Pure functions over boxes; where the boxes come from (a PDF's text layer, a recogniser) does not matter, and neither
does the order they come in: a content stream may be written row by row across the columns. Lengths are in points, the
origin is the top left corner, and y grows downwards.

The order is that of Breuel (2003): a block comes before another that lies below it and shares its columns, and before
one to the right of it unless a block that spans both stands between them. So a headline over three columns comes
before all three, and an article in the two columns beside them after them.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Literal, NamedTuple

GAP = 0.7
"""White space, in ems, at which a line is cut into runs. Justified text spreads by less, a gutter is wider."""

_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_STOPS = re.compile("[，。；：、！？,;]")
_ENDS_SENTENCE = re.compile("[。！？；：…][”’）》】〕」』]*$|[.!?;:]$")
_NUMERIC = re.compile(r"[-+#—–]?[0-9][0-9.,，:%‰*]*[%‰]?|[-—–…./]+|[%‰]")
_WORD = re.compile("[0-9A-Za-z.,%]")
_NUMBERED = re.compile(
    "[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十0-9]{1,3}[）)]|[0-9]{1,2}[.．、](?![0-9])|第[一二三四五六七八九十百]{1,4}[章节篇条]"
)
_CAPTION = re.compile("(?:续?表|图) ?[0-9一二三四五六七八九十]{1,3}(?![0-9]*[，。])|续表")
_PHOTO = re.compile(r"^(?:图为|上图|下图|左图|右图)|摄(?:影)?[）)]?。?$")
_FOOTNOTE = re.compile("[①-⑳]|[\\[［【][0-9]{1,2}[\\]］】]|\\*|※|注[：:0-9]|[0-9]{1,2}[ .．]")
_PAGE_NUMBER = re.compile(
    r"[-—–―─·•|/ ]*(?:第 ?)?(?:[0-9]{1,4}|[ivxlcIVXLC]{1,6})(?: ?/ ?[0-9]{1,4})?(?: ?页)?"
    r"(?:[，, ]*共 ?[0-9]{1,4} ?页)?[-—–―─·•|/ ]*"
)


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

    def __repr__(self) -> str:
        return f"Run({self.text!r}, {self.x0:.0f}, {self.y0:.0f}, {self.x1:.0f}, {self.y1:.0f})"


class Page(NamedTuple):
    """One page's runs and drawn rules, in any order."""

    number: int
    width: float
    height: float
    runs: list[Run]
    rules: tuple[Box, ...] = ()


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
    apart: bool = False
    """Whether another article begins here."""


class Flow(NamedTuple):
    """A document's parts in reading order, and what stands on its pages outside of the text."""

    parts: tuple[Part, ...]
    margins: tuple[Line, ...]
    """Running heads and feet, page numbers."""


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


# --- neighbours, lines, blocks ----------------------------------------------------------------------------------------


def _overlap(a: Run | Block, b: Run | Block) -> float:
    return min(a.x1, b.x1) - max(a.x0, b.x0)


def _shares_column(a: Run | Block, b: Run | Block) -> bool:
    return _overlap(a, b) > 0.3 * min(a.x1 - a.x0, b.x1 - b.x0)


class Block:
    """Lines below each other in one column, of one size of type; or a table."""

    __slots__ = ("lines", "rows", "size", "x0", "x1", "y0", "y1")

    def __init__(self, lines: list[list[Run]], rows: list[list[list[Run]]] | None = None) -> None:
        self.lines = lines
        self.rows = rows
        """Rows of cells of runs, where it is a table."""
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
            if other.base - run.base < 0.55 * min(run.size, other.size) or not _shares_column(run, other):
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
            if run.base - other.base < 0.55 * min(run.size, other.size) or not _shares_column(run, other):
                continue
            if row is None:
                row = other.base - 0.5 * other.size
            above[i].add(j)
    return _Neighbours(above, below)


def _rows(runs: list[Run]) -> list[list[int]]:
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


def _mend_lines(runs: list[Run]) -> list[Run]:
    """Join runs that only a wide blank parts: 一、综　　合, or a sentence with digits set apart."""
    runs.sort(key=lambda run: run.base)
    rows = [[runs[i] for i in row] for row in _rows(runs)]
    mended: list[Run] = []
    for at, row in enumerate(rows):
        group = [row[0]]
        for run in row[1:]:
            left = group[-1]
            if (
                _same_size(left, run)
                and run.x0 - left.x1 < 4 * left.size
                and (_CAPTION.fullmatch(left.text.strip()) or _one_line(rows, at, left, run))
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


def _blocks(runs: list[Run]) -> list[Block]:
    """Runs that stand alone below each other, linked into blocks."""
    runs.sort(key=lambda run: run.base)
    near = _neighbours(runs)
    following: dict[int, int] = {}
    for i, below in enumerate(near.below):
        if len(below) != 1 or runs[i].vertical:
            continue
        (j,) = below
        a, b = runs[i], runs[j]
        if near.above[j] == {i} and not b.vertical and _same_size(a, b) and b.base - a.base < 2.6 * a.size:
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


# --- tables -----------------------------------------------------------------------------------------------------------


def _tables(runs: list[Run], prose: set[int]) -> tuple[list[Block], list[Run]]:
    """Tables among the runs, and the runs that are in none. `prose`: ids of runs that running text is made of."""
    runs.sort(key=lambda run: run.base)
    rows = [[runs[i] for i in row if id(runs[i]) not in prose and not runs[i].vertical] for row in _rows(runs)]
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
        if _CAPTION.match(row[0].text):
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
        if lone > 2 or _NUMBERED.match(text) or len(text) > 30:
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


# --- reading order ----------------------------------------------------------------------------------------------------


def in_reading_order(blocks: list[Block], rules: Sequence[Box] = ()) -> list[Block]:
    """The blocks of a page as they are read. `rules`: lines drawn across columns part what is above from below."""
    count = len(blocks)
    if count > 400:  # noise, or a page of loose labels: no order is worth the cube of their number
        return sorted(blocks, key=lambda block: (round(block.y0 / 12), block.x0))
    areas = _areas(blocks)
    bars = areas + [r for r in rules if r.x1 - r.x0 > 40 and r.y1 - r.y0 < 4]
    before: list[set[int]] = [set() for _ in blocks]
    for i in range(count):
        for j in range(count):
            if i != j and _comes_before(areas[i], areas[j], 0.6 * min(blocks[i].size, blocks[j].size), bars):
                before[j].add(i)
    order: list[int] = []
    left = set(range(count))
    while left:
        free = [i for i in left if not before[i] & left]
        if not free:  # overlapping boxes may go round in a circle: take the highest of those with the fewest before
            free = [min(left, key=lambda i: (len(before[i] & left), blocks[i].y0, blocks[i].x0))]
        last = blocks[order[-1]] if order else None
        nearest = min(
            free,
            key=lambda i: (last is None or not _shares_column(last, blocks[i]), blocks[i].x0, blocks[i].y0),
        )
        order.append(nearest)
        left.remove(nearest)
    return [blocks[i] for i in order]


def _areas(blocks: list[Block]) -> list[Box]:
    """The boxes of the blocks, made as wide as the columns they stand in: a paragraph's last line may be one character,
    and a headline need not reach the edges of all the columns it stands over.
    """
    columns = [block for block in blocks if block.rows is None and is_prose(block)]
    areas = []
    for block in blocks:
        x0, x1, slack = block.x0, block.x1, block.size
        holding = [c for c in columns if c.x0 - slack <= x0 and x1 <= c.x1 + slack]
        if holding:
            column = min(holding, key=lambda c: (c.x1 - c.x0, abs(c.y0 - block.y0)))
            x0, x1 = min(x0, column.x0), max(x1, column.x1)
        else:
            over = [c for c in columns if _overlap(block, c) > 0.3 * (c.x1 - c.x0)]
            if len(over) > 1:
                x0, x1 = min(x0, *(c.x0 for c in over)), max(x1, *(c.x1 for c in over))
        areas.append(Box(x0, block.y0, x1, block.y1))
    return areas


def _comes_before(a: Box, b: Box, slack: float, bars: Sequence[Box]) -> bool:
    if min(a.x1, b.x1) - max(a.x0, b.x0) > slack:
        return a.y0 < b.y0 if abs(a.y0 - b.y0) > 1 else a.x0 < b.x0
    top, bottom = (a.y1, b.y0) if a.y1 <= b.y0 else (b.y1, a.y0)
    if top <= bottom:
        for bar in bars:
            if (
                bar.y0 >= top - slack
                and bar.y1 <= bottom + slack
                and bar is not a
                and bar is not b
                and min(bar.x1, a.x1) - max(bar.x0, a.x0) > slack
                and min(bar.x1, b.x1) - max(bar.x0, b.x0) > slack
            ):
                return a.y1 <= b.y0  # it spans both and stands between them
    return a.x0 + a.x1 < b.x0 + b.x1


# --- margins ----------------------------------------------------------------------------------------------------------

_ZONE = 0.13
"""Share of a page's height, at its top and its foot, where running heads and page numbers stand."""


def _margins(pages: Sequence[Page]) -> dict[int, set[int]]:
    """For each page (by its place in the list) the ids of the runs that are running heads or feet, or page numbers."""
    edges: list[list[tuple[str, str, list[Run]]]] = []
    for page in pages:
        runs = sorted(page.runs, key=lambda run: run.base)
        rows = [[runs[i] for i in row] for row in _rows(runs)]
        usual = median(run.size for run in runs) if runs else 0.0
        found: list[tuple[str, str, list[Run]]] = []
        for end in ("head", "foot"):
            ordered = rows if end == "head" else rows[::-1]
            for at, row in enumerate(ordered[:2]):
                inside = row[0].y1 < _ZONE * page.height if end == "head" else row[0].y0 > (1 - _ZONE) * page.height
                if not inside:
                    break
                text = "".join(run.text for run in row).strip()
                alone = at + 1 >= len(ordered) or abs(ordered[at + 1][0].base - row[0].base) > 1.5 * row[0].size
                shape = re.sub("[0-9]+", "#", text)
                if (_PAGE_NUMBER.fullmatch(text) and alone) or _stands_off(row, ordered[at + 1 : at + 2], usual):
                    shape = "#"
                found.append((end, shape, row))
        edges.append(found)
    shapes = Counter((end, shape) for found in edges for end, shape in {(e, s) for e, s, _ in found})
    enough = max(3, len(pages) // 5) if len(pages) > 2 else 2
    return {
        at: {
            id(run)
            for end, shape, row in found
            if shape == "#" or (shapes[end, shape] >= enough and len(shape) < 60)
            for run in row
        }
        for at, found in enumerate(edges)
    }


def _stands_off(row: list[Run], inner: list[list[Run]], usual: float) -> bool:
    """Whether the outermost line of a page is smaller than its text and far from it: a head or foot met only once."""
    return (
        len(row) == 1
        and row[0].size < 0.93 * usual
        and bool(inner)
        and abs(inner[0][0].base - row[0].base) > 3.0 * usual
        and not _FOOTNOTE.match(row[0].text)
    )


# --- paragraphs -------------------------------------------------------------------------------------------------------


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
    title = em >= 1.22 * body and not is_prose(block)
    steps = [b[0].base - a[0].base for a, b in itertools.pairwise(lines)]
    pitch = median(steps) if steps else 0.0
    groups: list[list[list[Run]]] = [[lines[0]]]
    for before, line, step in zip(lines, lines[1:], steps, strict=False):
        if title:
            new = step > 1.3 * pitch or bool(_NUMBERED.match(line[0].text)) or len(groups[-1]) > 3
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

    def __init__(self, body: float, indents: bool) -> None:
        self.parts: list[Part] = []
        self.body = body
        self.indents = indents
        self.prose = 0
        """Characters of running text since the last title."""
        self._open: _Stretch | None = None
        self._waiting: list[Part] = []

    def stretch(self, new: _Stretch) -> None:
        if self._open is not None:
            if self._goes_on(self._open, new):
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
        apart = stretch.kind == "title" and self.prose > 80 and not _NUMBERED.match(text)
        self.parts.append(Part(stretch.kind, tuple(stretch.lines), apart=apart))
        if stretch.kind == "title":
            self.prose = 0 if apart else self.prose
        else:
            self.prose += len(text)

    def _goes_on(self, torn: _Stretch, new: _Stretch) -> bool:
        if new.kind != "text" or new.indented or abs(torn.size - new.size) > 0.04 * torn.size:
            return False
        last = torn.lines[-1].runs[-1].text.rstrip()
        if _PHOTO.search("".join(run.text for run in new.lines[0].runs)):
            return False
        if _NUMBERED.match(new.lines[0].runs[0].text) and _ENDS_SENTENCE.search(last):
            return False
        return self.indents or not _ENDS_SENTENCE.search(last)

    def _may_wait(self, new: _Stretch) -> bool:
        """Whether what comes now may be a picture's words that a torn paragraph runs past."""
        if self._open is None or new.kind == "title" or len(self._waiting) > 60:
            return False
        last = self._open.lines[-1].runs[-1].text.rstrip()
        text = "".join(run.text for line in new.lines for run in line.runs)
        return not _ENDS_SENTENCE.search(last) and len(text) < 50 and not _NUMBERED.match(text)


def lay_out(pages: Sequence[Page]) -> Flow:
    """The whole of a document: its parts in reading order, paragraphs joined over columns and pages."""
    margins = _margins(pages)
    aside: list[Line] = []
    laid: list[tuple[Page, list[Block]]] = []
    sizes: Counter[float] = Counter()
    for at, page in enumerate(pages):
        skip = margins[at]
        aside.extend(Line(page.number, (run,)) for run in page.runs if id(run) in skip)
        runs = _mend_lines([run for run in page.runs if id(run) not in skip])
        prose = {id(run) for block in _blocks(runs) if is_prose(block) for line in block.lines for run in line}
        tables, rest = _tables(runs, prose)
        blocks = in_reading_order(_blocks(rest) + tables, page.rules)
        laid.append((page, blocks))
        for block in blocks:
            sizes[round(block.size * 2) / 2] += block.count if block.rows is None else block.count // 4
    body = _body_size(sizes)
    return Flow(tuple(_parts(laid, body)), tuple(aside))


def _body_size(sizes: Counter[float]) -> float:
    """The size most of the text is set in, give or take half a point."""
    if not sizes:
        return 10.0
    return max(sizes, key=lambda size: sum(sizes[size + d] for d in (-0.5, 0, 0.5)))


def _parts(laid: Sequence[tuple[Page, list[Block]]], body: float) -> list[Part]:
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
    writer = _Writer(body, sum(s.indented for s in long) >= 0.3 * len(long))
    tables = 0
    for page, items in cut:
        for item in items:
            if isinstance(item, list):
                for stretch in item:
                    writer.stretch(stretch)
            elif item.rows is not None:
                for row in item.rows:
                    writer.aside(Part("row", tuple(Line(page.number, tuple(cell)) for cell in row), table=tables))
                tables += 1
            else:
                for note in _notes(item, page.number):
                    writer.aside(note)
    writer.close()
    return writer.parts


def _is_note(block: Block, page: Page, blocks: Sequence[Block], body: float) -> bool:
    """Footnotes: smaller type at a column's foot, opened by a mark."""
    return (
        block.size < 0.93 * body
        and block.y0 > 0.5 * page.height
        and bool(_FOOTNOTE.match(block.lines[0][0].text))
        and not any(b.y0 > block.y1 and b.size > 0.95 * body and _shares_column(b, block) for b in blocks)
    )


def _notes(block: Block, page: int) -> list[Part]:
    groups: list[list[Line]] = []
    for line in block.lines:
        if not groups or _FOOTNOTE.match(line[0].text):
            groups.append([])
        groups[-1].append(Line(page, tuple(line)))
    return [Part("note", tuple(group)) for group in groups]
