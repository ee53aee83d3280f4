"""Tables in a document, seen from its prose: each is one sign on a line of its own, and its rows are sentences.

A row is no sentence to the rules that read prose (its first cell would be taken for a heading, its figures for one
number), so that a table is set aside in the view that they match on, and read by `extract.tables`.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import msgspec

from taizhang.fold import Folded
from taizhang.model import Sentence, Span, Table

SIGN = "\ufffc"
"""What stands for a table in the view: Unicode's sign for an object in the text."""


def set_aside(folded: Folded, tables: Sequence[Table]) -> Folded:
    """The view with each table replaced by `SIGN`."""
    if not tables:
        return folded
    texts, plains, back, at = [], [], array("l"), 0
    for table in tables:
        start, end = folded.at(table.span.start), folded.at(table.span.end)
        if start < at or start >= end:
            continue
        # Blanks at the table's edge are not in the view, line ends are: a table's line stays a line.
        if folded.text[end - 1] == "\n":
            end -= 1
        texts += [folded.text[at:start], SIGN]
        plains += [folded.plain[at:start], SIGN]
        back.extend(folded.back[at:start])
        back.append(table.span.start)
        at = end
    back.extend(folded.back[at:])
    return Folded("".join([*texts, folded.text[at:]]), "".join([*plains, folded.plain[at:]]), back)


def with_rows(sentences: Sequence[Sentence], folded: Folded, tables: Sequence[Table]) -> tuple[Sentence, ...]:
    """The sentences with the rows of each table in the place of its sign."""
    if not tables:
        return tuple(sentences)
    by_start = {table.span.start: table for table in tables}
    found: list[Sentence] = []
    for sentence in sentences:
        table = by_start.get(sentence.span.start)
        if table is None or folded.text[sentence.start : sentence.start + 1] != SIGN:
            found.append(sentence)
        else:
            found += [msgspec.structs.replace(sentence, span=span, lead=None, is_lead=False) for span in rows(table)]
    return tuple(found)


def rows(table: Table) -> list[Span]:
    """The span of each row of a table, from its first cell to its last."""
    spans: dict[int, Span] = {}
    for cell in table.cells:
        span = spans.get(cell.row)
        spans[cell.row] = Span(span.start, cell.span.end) if span else cell.span
    return list(spans.values())
