"""What a page lacks or has torn: holes, missing sections, and the sentences that tell a reader so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taizhang.fold import Folded
from taizhang.model import Article, Finding, Hole, Span
from taizhang.structure.articles import Page, Segment
from taizhang.structure.headings import Mark
from taizhang.structure.lines import Lines, Paragraph, torn
from taizhang.structure.numbering import ordinal
from taizhang.structure.years import Identity

_ARTICLE_KINDS = {"body": "report", "news": "news", "caption": "caption"}


def to_articles(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, identity: Identity
) -> tuple[Article, ...]:
    """The articles of a page with their pieces; one for each number in use, so that blocks can point to it."""
    if not source:
        return ()
    count = 1 + max((segment.article for segment in page.segments), default=0)
    return tuple(_article(source, folded, paragraphs, page, identity, number) for number in range(count))


def _article(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, identity: Identity, number: int
) -> Article:
    segments = [segment for segment in page.segments if segment.article == number]
    pieces: list[Span] = []
    last: Segment | None = None
    for segment in segments:
        if segment.kind in ("furniture", "title", "license", "note"):
            last = None if segment.kind == "title" else last
            continue
        span = _source_span(source, folded, paragraphs, segment.first, segment.last)
        if pieces and last is not None and last.last == segment.first:
            pieces[-1] = Span(pieces[-1].start, span.end)
        else:
            pieces.append(span)
        last = segment
    kinds = {segment.kind for segment in segments}
    if "news" in kinds:
        first = next(segment for segment in segments if segment.kind == "news")
        title, span_of_title = _headline(source, folded, paragraphs, first)
        return Article("news", title, span_of_title, tuple(pieces))
    if "caption" in kinds:
        return Article("caption", None, None, tuple(pieces))
    if "body" in kinds or "head" in kinds:
        return Article("report", identity.title, _title_block(source, folded, paragraphs, page, number), tuple(pieces))
    return Article("other", None, None, tuple(pieces))


def _source_span(source: str, folded: Folded, paragraphs: Sequence[Paragraph], first: int, last: int) -> Span:
    """From the first mark of a segment's first line to its last character."""
    start = _line_start(source, folded.back[paragraphs[first].start])
    return Span(start, folded.back[paragraphs[last - 1].end - 1] + 1)


_MARKS_BEFORE = re.compile(r"(?:#{1,6} +|\*\*|> +)+$")


def _line_start(source: str, at: int) -> int:
    """`at`, or where the Markdown marks before it begin."""
    marks = _MARKS_BEFORE.search(source, max(0, at - 12), at)
    return marks.start() if marks else at


def _headline(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], segment: Segment
) -> tuple[str | None, Span | None]:
    lines = []
    for index in range(segment.first, min(segment.first + 3, segment.last)):
        paragraph = paragraphs[index]
        text = folded.text[paragraph.start : paragraph.end]
        if not (paragraph.mark.startswith("#") or (len(text) <= 40 and text[-1] not in "。！？；：）")):
            break
        lines.append(folded.span(paragraph.start, paragraph.end))
    if not lines:
        return None, None
    title = " ".join(source[span.start : span.end] for span in lines)
    return title, Span(lines[0].start, lines[-1].end)


def _title_block(source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, number: int) -> Span | None:
    """Title, subtitle and speaker of a report, where its title stands in the middle of its text."""
    for segment in page.segments:
        if segment.kind == "title" and segment.article == number:
            return _source_span(source, folded, paragraphs, segment.first, segment.last)
    for segment in page.segments:
        if segment.kind == "head" and segment.article == number:
            return _source_span(source, folded, paragraphs, segment.first, segment.last)
    return None


def find_holes(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, marks: Sequence[Mark]
) -> tuple[Hole, ...]:
    """Places where a sentence stops in the middle before a title, another article or a picture."""
    holes = []
    for tear in page.tears:
        segment = next(s for s in page.segments if s.first <= tear < s.last)
        after = folded.back[paragraphs[tear].end - 1] + 1
        following = next(
            (s for s in page.segments if s.first > tear and s.article == segment.article and s.kind == segment.kind),
            None,
        )
        if following is None:
            continue
        before = _line_start(source, folded.back[paragraphs[following.first].start])
        last = _number_before(marks, paragraphs[tear].end)
        first = _number_after(marks, paragraphs[following.first].start)
        gone_zh = f"；上文到{last}，下文从{first}起" if last and first else ""
        gone_en = f"; the last number above is {last}, the first below {first}" if last and first else ""
        holes.append(
            Hole(
                after,
                before,
                f"此处原文缺失：上段在句中中断，下段从别处开始{gone_zh}。",
                "Text is missing here: the piece above stops in mid-sentence and the next one begins elsewhere"
                f"{gone_en}.",
            )
        )
    return tuple(holes)


def _number_before(marks: Sequence[Mark], at: int) -> str | None:
    return next((mark.number for mark in reversed(marks) if mark.start < at and mark.number), None)


def _number_after(marks: Sequence[Mark], at: int) -> str | None:
    return next((mark.number for mark in marks if mark.start >= at and mark.number), None)


def findings_of(
    folded: Folded,
    paragraphs: Sequence[Paragraph],
    page: Page,
    marks: Sequence[Mark],
    identity: Identity,
    place: str | None,
    lines: Lines,
    holes: Sequence[Hole],
    parts: frozenset[str],
) -> tuple[Finding, ...]:
    """What a reader should know of the document's form before its figures are read."""
    if not paragraphs:
        return (
            Finding(
                "frame.empty", "error", "文本为空，没有可读的内容。", "The text is empty: there is nothing to read."
            ),
        )
    return (
        *_unknowns(identity, place),
        *_missing_parts(identity, parts),
        *(Finding("frame.hole", "warning", hole.zh, hole.en, _hole_spans(hole)) for hole in holes),
        *_joins(lines),
        *_gaps(folded, marks),
        *_cut_off(folded, paragraphs, page),
        *_twice(page),
    )


def _hole_spans(hole: Hole) -> tuple[Span, ...]:
    return (Span(hole.after, hole.before),) if hole.after < hole.before else ()


def _unknowns(identity: Identity, place: str | None) -> Iterator[Finding]:
    if identity.title is None:
        yield Finding("frame.no-title", "info", "文中没有找到报告标题。", "The text has no line that names a report.")
    if place is None:
        yield Finding(
            "frame.no-place", "warning", "文中没有写明是哪个地方的报告。", "The text does not say which place it is of."
        )
    if identity.kind is None:
        yield Finding(
            "frame.no-kind", "warning", "看不出这是哪一种报告。", "The text does not say what kind of report it is."
        )
    if identity.reviewed is None and identity.planned is None:
        yield Finding(
            "frame.no-year", "warning", "文中没有写明报告的年份。", "The text does not say which year it is of."
        )


def _missing_parts(identity: Identity, parts: frozenset[str]) -> Iterator[Finding]:
    if identity.kind not in ("work", "plan", "budget"):
        return
    if "plan" not in parts:
        yield Finding("frame.no-plan", "warning", "没有找到部署工作的部分。", "No part of the text looks ahead.")
    if "review" not in parts:
        yield Finding("frame.no-review", "warning", "没有找到回顾工作的部分。", "No part of the text looks back.")


def _joins(lines: Lines) -> Iterator[Finding]:
    if lines.wrapped:
        yield Finding(
            "frame.wrapped",
            "info",
            f"全文按固定宽度断行，已接合{len(lines.joins)}处。",
            f"The text is broken at a fixed width; {len(lines.joins)} lines were put together.",
        )
    elif lines.joins:
        yield Finding(
            "frame.join",
            "info",
            f"有{len(lines.joins)}处句子被换行截断，已接合。",
            f"{len(lines.joins)} sentences were torn by a line break and put together.",
            lines.joins[:20],
        )


def _gaps(folded: Folded, marks: Sequence[Mark]) -> Iterator[Finding]:
    """Section numbers that are left out: （三） behind （一） under one heading."""
    last: dict[int, Mark] = {}
    for mark in marks:
        if mark.rank <= 3:
            last.clear()
            continue
        for rank in [rank for rank in last if rank > mark.rank]:
            del last[rank]
        before = last.get(mark.rank)
        last[mark.rank] = mark
        if before is None or mark.rank not in (4, 5) or before.number is None or mark.number is None:
            continue
        step = ordinal(mark.number) - ordinal(before.number)
        if 2 <= step <= 6:
            yield Finding(
                "frame.missing-section",
                "warning",
                f"标题序号从{before.number}跳到{mark.number}，中间可能缺了部分。",
                f"Section numbers jump from {before.number} to {mark.number}: sections may be missing.",
                (folded.span(before.start, before.end), folded.span(mark.start, mark.end)),
            )


def _cut_off(folded: Folded, paragraphs: Sequence[Paragraph], page: Page) -> Iterator[Finding]:
    last = page.segments[-1]
    paragraph = paragraphs[last.last - 1]
    if last.kind == "body" and torn(folded.text[paragraph.start : paragraph.end]):
        yield Finding(
            "frame.cut-off",
            "warning",
            "文本在句中结束，后面的内容缺失。",
            "The text ends in mid-sentence: what follows is missing.",
            (folded.span(max(paragraph.start, paragraph.end - 20), paragraph.end),),
        )


def _twice(page: Page) -> Iterator[Finding]:
    copies = {segment.article for segment in page.segments if segment.kind == "body"}
    if len(copies) > 1:
        yield Finding(
            "frame.twice",
            "info",
            f"同一页上有{len(copies)}篇报告正文。",
            f"The page holds {len(copies)} bodies of reports.",
        )
