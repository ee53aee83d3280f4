"""Tables in a document, seen from its prose: each is one sign on a line of its own, and its rows are sentences.

A row is no sentence to the rules that read prose (its first cell would be taken for a heading, its figures for one
number), so that a table is set aside in the view that they match on, and read by `extract.tables`.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

import msgspec

from taizhang.fold import Folded
from taizhang.model import Document, Part, ReportKind, Sentence, Span, Table
from taizhang.structure.lines import SIGN
from taizhang.structure.years import Identity

_TITLE = re.compile(r"[^\n。；]{0,60}?(?:19|20)[0-9]{2}年[^\n。；]{0,60}(?:表|指标|情况|计划|目标|统计)[^\n。；]{0,12}")
_YEAR = re.compile("((?:19|20)[0-9]{2})年")
_AHEAD = re.compile("计划|目标|预期|安排|草案")
_BEHIND = re.compile("完成|执行|实际|统计|公报|决算|收支情况")
_OF_A_PLAN = re.compile(r"(?:占|为|达|完成).{0,6}(?:计划|目标|预期)|(?:计划|目标)(?:执行|完成)")
_HEADING_ROWS = 2
_LONGEST_HEAD = 16
_MOSTLY_TABLE = 600
"""Characters of prose up to which a document counts as a table with its title and notes."""


def titled_by_table(identity: Identity, text: str) -> Identity:
    """What the title of a document that is hardly more than a table says of it: 云溪市2031年计划主要指标表."""
    match = _TITLE.search(text, 0, _MOSTLY_TABLE)
    if (
        identity.title is not None
        or identity.reviewed
        or identity.planned
        or match is None
        or len(text) > _MOSTLY_TABLE
    ):
        return identity
    title = match[0].strip()
    years = sorted({year[1] for year in _YEAR.finditer(title)})
    ahead, behind = bool(_AHEAD.search(title)), bool(_BEHIND.search(title))
    planned = years[-1] if ahead and (not behind or len(years) > 1) else None
    reviewed = str(int(planned) - 1) if planned else years[-1]
    kind: ReportKind | None = (
        "budget" if "预算" in title or "决算" in title else "stats" if "统计" in title else "plan" if ahead else None
    )
    return identity._replace(title=title, title_at=match.span(), kind=kind, reviewed=reviewed, planned=planned)


def parts_in_tables(document: Document, reviewed: str | None, planned: str | None) -> set[Part]:
    """Whether the headings of tables look back (2030年完成) or ahead (2031年预期目标), where no prose does."""
    found: set[Part] = set()
    soonest = planned[:4] if planned else str(int(reviewed[-4:]) + 1) if reviewed and reviewed[-4:].isdecimal() else ""
    for table in document.tables:
        first = table.cells[0].row
        for cell in table.cells:
            if cell.row > first + _HEADING_ROWS:
                break
            words = re.sub(r"\s", "", document.slice(cell.span))
            years = _YEAR.findall(words)
            if _AHEAD.search(words) and not _OF_A_PLAN.search(words):
                if not years or years[-1] >= soonest:
                    found.add("plan")
            elif _BEHIND.search(words) and len(words) <= _LONGEST_HEAD:
                found.add("review")
    return found


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
