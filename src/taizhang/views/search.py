"""Where words stand in a report, however they were written there, and which digits nothing accounts for."""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal, InvalidOperation

from taizhang.fold import fold
from taizhang.model import Report, Sentence, Span

_DIGITS = re.compile("[0-9０-９]+")


def occurrences(report: Report, words: str) -> tuple[Span, ...]:
    """Where `words` stand: letter for letter; else in the folded text (other widths, blanks, traditional characters);
    else the statements with that value, or whose indicator holds the words."""
    text = report.document.text
    found = [Span(match.start(), match.end()) for match in re.finditer(re.escape(words), text)]
    if found:
        return tuple(found)
    wanted = fold(words).text
    folded = fold(text)
    if wanted:
        found = [folded.span(match.start(), match.end()) for match in re.finditer(re.escape(wanted), folded.text)]
    if found:
        return tuple(found)
    value = _number(wanted)
    return tuple(
        statement.span
        for statement in report.statements
        if (value is not None and value in (statement.value, statement.value_max))
        or (wanted and wanted in (statement.indicator or ""))
    )


def _number(words: str) -> Decimal | None:
    try:
        return Decimal(words.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None


def sentences_at(report: Report, spans: tuple[Span, ...]) -> tuple[Sentence, ...]:
    """The sentences that hold the spans, in order; a line of its own where a span stands in none (page furniture)."""
    sentences = report.frame.sentences
    starts = [sentence.span.start for sentence in sentences]
    found: dict[int, Sentence] = {}
    for span in spans:
        first = bisect_right(starts, span.start) - 1
        inside = [item for item in sentences[max(first, 0) : first + 4] if item.span.overlaps(span)]
        for sentence in inside or [_line(report, span)]:
            found.setdefault(sentence.span.start, sentence)
    return tuple(found[start] for start in sorted(found))


def _line(report: Report, span: Span) -> Sentence:
    document = report.document
    number, column = document.where(span.start)
    start = span.start - column + 1
    starts = document.line_starts
    end = starts[number] if number < len(starts) else len(document.text)
    block = next((i for i, item in enumerate(report.frame.blocks) if item.start <= span.start < item.end), -1)
    return Sentence(span=Span(start, max(end, span.end)), start=0, end=0, block=block, headings=(), lead=None)


def unaccounted(report: Report) -> tuple[Span, ...]:
    """Digits that are neither in a statement nor in a claim: there should be none."""
    taken = sorted(
        [(statement.span.start, statement.span.end) for statement in report.statements]
        + [(claim.start, claim.end) for claim in report.coverage]
    )
    reach: list[int] = []
    for _, end in taken:
        reach.append(max(end, reach[-1]) if reach else end)
    starts = [start for start, _ in taken]
    left = []
    for match in _DIGITS.finditer(report.document.text):
        before = bisect_right(starts, match.end() - 1) - 1
        if before < 0 or reach[before] <= match.start():
            left.append(Span(match.start(), match.end()))
    return tuple(left)
