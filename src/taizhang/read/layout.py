"""Boxes on a page → lines, columns, tables, paragraphs, in the order a reader takes them.

Pure functions over boxes; where the boxes come from (a PDF's text layer, a recogniser) does not matter, and neither
does the order they come in: a content stream may be written row by row across the columns. `blocks.py` makes lines and
blocks of characters, `ruled.py` the tables that are drawn, `rows.py` the others, `order.py` says what is read after
what, `paragraphs.py` joins what belongs together; here they follow each other, and running heads and feet are set
aside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from taizhang.read.blocks import FIGURE, FOOTNOTE, Block, Page, Run, blocks_of, is_prose, mend_lines, rows_of
from taizhang.read.order import in_reading_order
from taizhang.read.paragraphs import Line, Part, parts_of
from taizhang.read.rows import tables_among
from taizhang.read.ruled import ruled_tables

_PAGE_NUMBER = re.compile(
    r"[-—–―─·•|/ ]*(?:第 ?)?(?:[0-9]{1,4}|[ivxlcIVXLC]{1,6})(?: ?/ ?[0-9]{1,4})?(?: ?页)?"
    r"(?:[，, ]*共 ?[0-9]{1,4} ?页)?[-—–―─·•|/ ]*"
)
_ZONE = 0.13
"""Share of a page's height, at its top and its foot, where running heads and page numbers stand."""


class Flow(NamedTuple):
    """A document's parts in reading order, and what stands on its pages outside of the text."""

    parts: tuple[Part, ...]
    margins: tuple[Line, ...]
    """Running heads and feet, page numbers."""


def lay_out(pages: Sequence[Page]) -> Flow:
    """The whole of a document: its parts in reading order, paragraphs joined over columns and pages."""
    margins = margins_of(pages)
    aside: list[Line] = []
    laid: list[tuple[Page, list[Block]]] = []
    sizes: Counter[float] = Counter()
    for at, page in enumerate(pages):
        skip = margins[at]
        aside.extend(Line(page.number, (run,)) for run in page.runs if id(run) in skip)
        drawn, outside, rules = ruled_tables([run for run in page.runs if id(run) not in skip], page.rules)
        runs = mend_lines(outside)
        prose = [block for block in blocks_of(runs, rules) if is_prose(block)]
        tables, rest = tables_among(runs, prose)
        blocks = in_reading_order(blocks_of(rest, rules) + tables + drawn, rules)
        laid.append((page, blocks))
        if len(laid) > 1:
            aside.extend(_continued(laid[-2], laid[-1]))
        for block in blocks:
            sizes[round(block.size * 2) / 2] += block.count if block.rows is None else block.count // 4
    body = _body_size(sizes)
    return Flow(tuple(parts_of(laid, body)), tuple(aside))


def _continued(before: tuple[Page, list[Block]], after: tuple[Page, list[Block]]) -> list[Line]:
    """Join a drawn table that goes on over the page; its heading, where that is printed again, stands aside."""
    if not before[1] or not after[1]:
        return []
    first, second = before[1][-1], after[1][0]
    if first.rows is None or second.rows is None or len(first.edges) != len(second.edges) or not first.edges:
        return []
    shift = first.edges[0] - second.edges[0]
    if any(abs(a - b - shift) > 3 for a, b in zip(first.edges, second.edges, strict=True)):
        return []
    known, words = first.heading or _words(first), _words(second)
    again = 0
    while again < min(len(known), len(words) - 1) and known[again] == words[again]:
        again += 1
    if not again and not any(FIGURE.fullmatch(text) for text in words[0][1:]):
        return []  # it has another heading
    second.goes_on, second.heading = True, known
    heading = [run for row in second.rows[:again] for cell in row for run in cell]
    second.rows = second.rows[again:]
    second.spans = {(row - again, column): span for (row, column), span in second.spans.items() if row >= again}
    return [Line(after[0].number, (run,)) for run in heading]


def _words(table: Block) -> list[list[str]]:
    return [["".join(run.text for run in cell).strip() for cell in row] for row in table.rows or ()]


def _body_size(sizes: Counter[float]) -> float:
    """The size most of the text is set in, give or take half a point."""
    if not sizes:
        return 10.0
    return max(sizes, key=lambda size: sum(sizes[size + d] for d in (-0.5, 0, 0.5)))


def margins_of(pages: Sequence[Page]) -> dict[int, set[int]]:
    """For each page (by its place in the list) the ids of the runs that are running heads or feet, or page numbers."""
    edges: list[list[tuple[str, str, list[Run]]]] = []
    for page in pages:
        runs = sorted(page.runs, key=lambda run: run.base)
        rows = [[runs[i] for i in row] for row in rows_of(runs)]
        usual = median(run.size for run in runs) if runs else 0.0
        found: list[tuple[str, str, list[Run]]] = []
        for end in ("head", "foot"):
            ordered = rows if end == "head" else rows[::-1]
            for at, row in enumerate(ordered[:2]):
                inside = row[0].y1 < _ZONE * page.high if end == "head" else row[0].y0 > (1 - _ZONE) * page.high
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
        and not FOOTNOTE.match(row[0].text)
    )
