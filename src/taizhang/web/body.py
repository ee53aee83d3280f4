"""The text of a report as marked HTML: every character of the source, in order, and nothing else counts as text.

The text is cut at every offset where something begins or ends, and each piece is escaped here, so a browser never has
to count. Lines are paragraphs with `data-o`, the offset of their first character: the text nodes inside one, joined,
are the source from there on. Labels and gap marks stand outside these paragraphs. A mark is a link to its statement.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from html import escape

import msgspec
from markupsafe import Markup

from taizhang.model import Heading, Report, Span
from taizhang.views import words
from taizhang.views.grid import Grid, grids, table_at
from taizhang.views.words import Lang
from taizhang.web.asking import address

_RULED = re.compile(r"\S {3,}\S|\t")
_MARKDOWN = re.compile(r"\*\*+|^#{1,6} ")


def escaped(text: str) -> str:
    r"""Escaped; a carriage return as a reference, since a parser would make a bare one \n."""
    return escape(text).replace("\r", "&#13;").replace("\0", "\ufffd")


class _Edges(msgspec.Struct):
    """What begins at an offset, and every offset at which something begins or ends."""

    statements: dict[int, list[int]]
    claims: dict[int, int]
    told: set[int]
    """Where a sentence or an undertaking begins, for links from elsewhere."""
    cuts: set[int]


def body(report: Report, lang: Lang) -> Markup:
    """The whole text. `s-ID` is the place of a statement, `n-START` that of a number not claimed, `h-N` a heading's,
    `t-START` that of a sentence or an undertaking."""
    return Markup("".join(_lines(report, lang)))


def _edges(report: Report) -> _Edges:
    told = {each.span.start for each in report.frame.sentences} | {each.span.start for each in report.commitments}
    edges = _Edges(defaultdict(list), {}, told, set(told))
    for index, statement in enumerate(report.statements):
        edges.statements[statement.span.start].append(index)
        edges.cuts |= {statement.span.start, statement.span.end}
    for index, claim in enumerate(report.coverage):
        edges.claims[claim.start] = index
        edges.cuts |= {claim.start, claim.end}
    for heading in report.frame.headings:
        edges.cuts |= {heading.span.start, heading.span.end}
    for hole in report.frame.holes:
        edges.cuts.add(hole.after)
    return edges


def _lines(report: Report, lang: Lang) -> Iterator[str]:
    text, frame = report.document.text, report.frame
    edges = _edges(report)
    starts = sorted({0, *report.document.line_starts} - {len(text)})
    ends = [*starts[1:], len(text)]
    blocks = iter(sorted(frame.blocks, key=lambda block: block.start))
    coming = next(blocks, None)
    part = "other"
    headings = {heading.span.start: (number, heading) for number, heading in enumerate(frame.headings)}
    tables = grids(report.document, offsets=True)
    for table in tables:
        edges.cuts |= table.cuts
    cuts = sorted(edges.cuts)
    walk = _Walk(report, edges, lang, headings, tables)
    at_cut = 0
    for start, end in zip(starts, ends, strict=True):
        # A block that begins inside a line gives its label to the next one.
        new = None
        while coming is not None and coming.start < max(end, start + 1):
            new, coming = coming, next(blocks, None)
        if new is not None:
            part = new.part
        within = table_at(tables, start)
        if new is not None and (within is None or within.start == start):  # no label stands between two rows
            said = words.PARTS[new.part][0 if lang == "zh" else 1]
            when = f" {words.period(new.period)}" if new.period else ""
            yield f'<div class="label {part}" lang="{_tag(lang)}">{escaped(said + when)}</div>\n'
        inside = []
        while at_cut < len(cuts) and cuts[at_cut] < end:
            if cuts[at_cut] > start:
                inside.append(cuts[at_cut])
            at_cut += 1
        yield from walk.line(start, end, inside, part)


def _tag(lang: Lang) -> str:
    return "zh-Hans" if lang == "zh" else "en"


class _Walk:
    """Goes through the lines and keeps what is open."""

    def __init__(
        self,
        report: Report,
        edges: _Edges,
        lang: Lang,
        headings: dict[int, tuple[int, Heading]],
        tables: list[Grid],
    ) -> None:
        self._report, self._edges, self._lang, self._headings = report, edges, lang, headings
        self._tables = tables
        self._holes = {hole.after: hole for hole in report.frame.holes}
        self._open: list[int] = []
        self._claim: int | None = None
        self._heading: int | None = None

    def line(self, start: int, end: int, inside: list[int], part: str) -> Iterator[str]:
        """One line of the source; more than one paragraph where a gap is in it."""
        text = self._report.document.text
        name = ""
        offsets = [start, *inside]
        for at, until in zip(offsets, [*offsets[1:], end], strict=True):
            table = table_at(self._tables, at)
            if table is not None:
                if name:
                    yield f"</{name}>\n"
                    name = ""
                yield table.before.get(at, "")
                piece = self._piece(text[at:until], at)
                yield piece if table.holds(at) else f'<span class="sep">{piece}</span>'
                if until == table.end:
                    yield table.before[until]
                continue
            hole = self._holes.get(at)
            if hole is not None:
                if name:
                    yield f"</{name}>\n"
                    name = ""
                said = hole.zh if self._lang == "zh" else hole.en
                yield f'<div class="hole" lang="{_tag(self._lang)}">{escaped(said)}</div>\n'
            if not name:
                tag, name = self._opening(text[start:end], start, at, part)
                yield tag
            yield self._piece(text[at:until], at)
        if name:
            yield f"</{name}>\n"

    def _opening(self, line: str, start: int, at: int, part: str) -> tuple[str, str]:
        look = [part]
        found = next(
            (
                self._headings[offset][1]
                for offset in range(start, min(start + 8, start + len(line)))
                if offset in self._headings
            ),
            None,
        )
        name = "p"
        if found and at == start and len(line.strip()) <= found.span.end - found.span.start + 6:
            name = f"h{min(max(found.level, 1) + 1, 4)}"
            if found.level == 0:
                look.append("title")
        elif at != start:
            look.append("cont")
        elif line[:1] == "\u3000":
            look.append("own")
        elif _RULED.search(line):
            look.append("rows")
        return f'<{name} class="t {" ".join(look)}" data-o="{at}">', name

    def _piece(self, text: str, at: int) -> str:
        """One run of characters, over which nothing begins or ends."""
        report = self._report
        self._open = [index for index in self._open if report.statements[index].span.end > at]
        began = self._edges.statements.get(at, [])
        self._open += began
        if self._claim is not None and report.coverage[self._claim].end <= at:
            self._claim = None
        self._claim = self._edges.claims.get(at, self._claim)
        heading = self._headings.get(at)
        if heading is not None:
            self._heading = heading[0]
        elif self._heading is not None and report.frame.headings[self._heading].span.end <= at:
            self._heading = None
        inner = _MARKDOWN.sub(r'<span class="md">\g<0></span>', escaped(text))
        if self._open:
            inner = self._mark(inner, at, began)
        elif self._claim is not None:
            claim = report.coverage[self._claim]
            own = f' id="n-{claim.start}"' if claim.start == at else ""
            inner = f'<span class="u"{own} data-u="{claim.start}">{inner}</span>'
        if self._heading is not None:
            own = f' id="h-{self._heading}"' if heading is not None else ""
            inner = f"<b{own}>{inner}</b>"
        return f'<i id="t-{at}"></i>{inner}' if at in self._edges.told else inner

    def _mark(self, inner: str, at: int, began: list[int]) -> str:
        found = [self._report.statements[index] for index in self._open]
        first = next((self._report.statements[index] for index in began), found[0])
        look = f"m {first.kind}" + (" doubt" if any(words.is_doubtful(item) for item in found) else "")
        look += " fixed" if any(why.how == "corrected" for item in found for why in item.evidence) else ""
        others = "".join(f'<i id="s-{self._report.statements[index].id}"></i>' for index in began[1:])
        own = f' id="s-{first.id}"' if began else ""
        torn = "" if began else ' tabindex="-1"'
        names = " ".join(item.id for item in found)
        if began:
            own += f' aria-label="{escaped(self._said(began[0]))}"'
        return f'{others}<a class="{look}" href="?s={first.id}#s-{first.id}" data-s="{names}"{own}{torn}>{inner}</a>'

    def _said(self, index: int) -> str:
        """A mark for those who hear it: its kind, its words, and which of all it is."""
        item, count = self._report.statements[index], len(self._report.statements)
        kind, text = words.say(words.KINDS, item.kind, self._lang), words.one_line(item.text)
        if self._lang == "zh":
            return f"{kind}，{text}，第{index + 1}条，共{count}条"
        return f"{kind}, {text}, {index + 1} of {count}"


def place_of(report: str, start: int) -> str:
    """The address of a sentence or an undertaking that begins at an offset of a report."""
    return address(f"/reports/{report}") + f"#t-{start}"


def sentence_start(report: Report, offset: int) -> int:
    """Where the sentence that holds an offset begins."""
    at = bisect_right(report.frame.sentences, offset, key=lambda each: each.span.start) - 1
    return report.frame.sentences[at].span.start if at >= 0 else 0


def quoted(report: Report, span: Span, *, around: int = 1) -> Markup:
    """A span in its sentence, and so many sentences on either side, with the words themselves marked."""
    before, behind = surroundings(report, span, around=around)
    inside = escaped(report.document.slice(span))
    return Markup(f"{escaped(before)}<mark>{inside}</mark>{escaped(behind)}")


def surroundings(report: Report, span: Span, *, around: int = 1) -> tuple[str, str]:
    """What stands before and behind a span in its sentence and so many sentences on either side, within reason."""
    sentences = report.frame.sentences
    text = report.document.text
    low, high = span.start, span.end
    first = bisect_right(sentences, span.start, key=lambda each: each.span.end)
    last = bisect_left(sentences, span.end, key=lambda each: each.span.start) - 1
    if first <= last:
        low = min(low, sentences[max(first - around, 0)].span.start)
        high = max(high, sentences[min(last + around, len(sentences) - 1)].span.end)
    low, high = max(low, span.start - 600), min(high, span.end + 600)
    return text[low : span.start], text[span.end : high]


def marked(text: str, low: int, high: int, spans: tuple[Span, ...]) -> Markup:
    """A stretch of a text with some spans marked."""
    out, at = [], low
    for span in sorted(spans):
        if span.start < at or span.end > high:
            continue
        out.append(f"{escaped(text[at : span.start])}<mark>{escaped(text[span.start : span.end])}</mark>")
        at = span.end
    return Markup("".join(out) + escaped(text[at:high]))
