"""One report as one page that needs nothing else: the text whole, what was found in it marked, the rest on request.

The text is cut into runs here, at every offset where something begins or ends, and each run is escaped: the browser
never has to count characters, and no character of the report is added, dropped or taken for markup. Without its script
the page still works: a mark is a link to its row in the table below. The page forbids itself every script and style
but its own, so that nothing in a report could ever run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from html import escape
from importlib import resources
from itertools import pairwise

import msgspec

from taizhang.model import Commitment, Evidence, Report, Span, Statement
from taizhang.views import words
from taizhang.views.grid import Grid, grids, table_at
from taizhang.views.record import findings
from taizhang.views.remark import remark
from taizhang.views.sheets import sheets
from taizhang.views.words import FIELDS, Lang, Words

_RULED = re.compile(r"\S {3,}\S|\t")
_MARKDOWN = re.compile(r"\*\*+|^#{1,6} ")  # kept, since the text is kept, but put in the background
_ONLY_MARKS = re.compile(r"[#*>\s]*")
_KINDS = ("actual", "target", "projection", "context")


def render(report: Report, lang: Lang) -> str:
    """The whole page."""
    style, script = asset("page.css"), asset("page.js")
    own = f"style-src '{content_hash(style)}'; script-src '{content_hash(script)}'"
    policy = f"default-src 'none'; img-src data:; {own}; base-uri 'none'; form-action 'none'"
    title = words.one_line(report.frame.title or words.file_name(report.document))
    pictures = dict(sheets(report))
    return "".join(
        (
            f'<!doctype html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            f"<title>{escaped(title)} · 台账</title>\n<style>{style}</style>\n</head>\n",
            '<body class="no-script">\n<a class="skip" href="#text">',
            both("跳到正文", "Skip to the text"),
            "</a>\n",
            _header(report, title),
            _bar(lang),
            '<main>\n<article id="text" lang="zh-Hans">\n',
            _contents(report),
            *_body(report),
            "</article>\n",
            _card(),
            "</main>\n",
            '<div class="list">\n',
            *_sheets(pictures.values()),
            *_statements(report, pictures.keys()),
            *_commitments(report),
            *_coverage(report),
            "</div>\n",
            _footer(report),
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


@lru_cache
def asset(name: str) -> str:
    """A style sheet or script that pages carry."""
    return resources.files("taizhang.views").joinpath("assets", name).read_text("utf-8")


def content_hash(content: str) -> str:
    """A style or script as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def escaped(text: str) -> str:
    r"""Escaped; a carriage return as a reference, since a parser would make a bare one \n."""
    return escape(text).replace("\r", "&#13;").replace("\0", "\ufffd")


def both(zh: str, en: str) -> str:
    """Words in both languages; the page shows the one that is chosen."""
    return f'<span class="zh" lang="zh-Hans">{escaped(zh)}</span><span class="en" lang="en">{escaped(en)}</span>'


def _word(table: Words, key: str) -> str:
    zh, en = table.get(key, (key, key))
    return both(zh, en) if zh or en else ""


def _head(*columns: str, numeric: tuple[str, ...] = ()) -> str:
    cells = "".join(
        f'<th scope="col"{" class=n" if column in numeric else ""}>{_word(FIELDS, column) if column else ""}</th>'
        for column in columns
    )
    return f"<thead><tr>{cells}</tr></thead>"


def _header(report: Report, title: str) -> str:
    frame = report.frame
    kind = _word(words.REPORT_KINDS, frame.kind) if frame.kind else both("种类不明", "kind unknown")
    place = escaped(frame.place) if frame.place else both("地区不明", "place unknown")
    years = words.years(frame, "zh"), words.years(frame, "en")
    said = both(*years) if years[0] else both("年份不明", "years unknown")
    told = words.told(report.document, "zh"), words.told(report.document, "en")
    stated = f'<p class="facts">{both(*told)}</p>\n' if told[0] else ""
    counts = both(words.counts(report, "zh"), words.counts(report, "en"))
    notes = [
        f'<li class="{finding.severity}"><b>{_word(words.SEVERITIES, finding.severity)}</b>'
        f"{both(finding.zh, finding.en)}</li>"
        for finding in findings(report)
    ]
    doubts = words.doubts(report, "zh"), words.doubts(report, "en")
    if doubts[0]:
        notes.append(f'<li class="info">{both(*doubts)}</li>')
    nothing = remark(report)
    if nothing:
        notes.insert(0, f'<li class="warning">{both(*nothing)}</li>')
    listed = f'<ul class="findings">{"".join(notes)}</ul>\n' if notes else ""
    return (
        f'<header>\n<h1 lang="zh-Hans">{escaped(title)}</h1>\n'
        f'<p class="facts"><b lang="zh-Hans">{place}</b> · {kind} · {said}</p>\n{stated}'
        f'<p class="counts">{counts}</p>\n{listed}</header>\n'
    )


def _bar(lang: Lang) -> str:
    kinds = "".join(_tick(f"k-{kind}", f"m {kind}", _word(words.KINDS, kind), on=True) for kind in _KINDS)
    chosen = {"zh": "", "en": ""} | {lang: " checked"}
    return (
        '<div class="bar"><div>\n'
        f"<fieldset><legend>{both('标出的类别', 'Kinds marked')}</legend>{kinds}"
        + _tick("only-doubt", "m doubt", both("只看存疑", "doubtful only"))
        + _tick("show-c", "c", both("承诺与成绩", "commitments"))
        + _tick("show-u", "u", both("未采用的数字", "numbers not claimed"))
        + "</fieldset>\n"
        '<fieldset class="languages"><legend>语言 Language</legend>'
        f'<label><input type="radio" name="lang" id="lang-zh"{chosen["zh"]}><span lang="zh-Hans">中文</span></label>'
        f'<label><input type="radio" name="lang" id="lang-en"{chosen["en"]}><span lang="en">English</span></label>'
        "</fieldset>\n</div></div>\n"
    )


def _tick(name: str, look: str, label: str, *, on: bool = False) -> str:
    checked = " checked" if on else ""
    return f'<label><input type="checkbox" id="{name}"{checked}><span class="{look}">{label}</span></label>'


def _card() -> str:
    hint = both(
        "把指针移到带下划线的数字上，或用 Tab 键移到它，这里显示它的含义和依据；点按可固定，Esc 取消。",
        "Point at an underlined number, or reach it with Tab: its reading and evidence appear here. "
        "Click to keep it, Esc to let go.",
    )
    return f'<aside id="card" aria-label="详情 Details" aria-live="polite"><p class="hint">{hint}</p></aside>\n'


class _Marks(msgspec.Struct):
    """What begins and ends where; all by source offset."""

    statements: dict[int, list[int]]
    claims: dict[int, list[int]]
    promised: dict[int, int]
    headings: dict[int, int]
    ends: dict[int, list[tuple[str, int]]]
    cuts: set[int]


def _marks(report: Report) -> _Marks:
    marks = _Marks(defaultdict(list), defaultdict(list), defaultdict(int), {}, defaultdict(list), set())

    def add(span: Span, kind: str, index: int) -> None:
        marks.cuts |= {span.start, span.end}
        marks.ends[span.end].append((kind, index))

    for index, statement in enumerate(report.statements):
        marks.statements[statement.span.start].append(index)
        add(statement.span, "s", index)
    for index, claim in enumerate(report.coverage):
        marks.claims[claim.start].append(index)
        add(words.span_of(claim), "u", index)
    for commitment in report.commitments:
        for span in commitment.pieces or (commitment.span,):
            marks.promised[span.start] += 1
            add(span, "c", 0)
    for index, heading in enumerate(report.frame.headings):
        marks.headings.setdefault(heading.span.start, index)
        add(heading.span, "h", index)
    marks.cuts |= {_line_start(report, block.start) for block in report.frame.blocks} | {
        hole.after for hole in report.frame.holes
    }
    return marks


def _body(report: Report) -> Iterator[str]:
    """The text in its blocks and lines. All text nodes inside `p.t` and `.t` headings, joined, are the source."""
    text, frame = report.document.text, report.frame
    marks = _marks(report)
    tables = grids(report.document)
    lines = set(report.document.line_starts) or {0}

    def outside(offset: int) -> int:
        table = table_at(tables, offset)
        return offset if table is None else table.start

    blocks = {outside(_line_start(report, block.start)): block for block in frame.blocks}
    holes = {outside(hole.after): hole for hole in frame.holes}
    line_ends = sorted((*lines, len(text)))
    ending = dict(pairwise(line_ends))
    statements: set[int] = set()
    claims: set[int] = set()
    heading: int | None = None
    promised = 0
    open_tag = in_block = ""
    at_line = 0
    cuts = {cut for table in tables for cut in table.cuts}
    ends = {table.end: table for table in tables}
    offsets = sorted({0, *marks.cuts, *lines, *blocks, *cuts} - {len(text)})
    for start, end in zip(offsets, [*offsets[1:], len(text)], strict=True):
        for kind, index in marks.ends.get(start, ()):
            if kind == "s":
                statements.discard(index)
            elif kind == "u":
                claims.discard(index)
            elif kind == "c":
                promised -= 1
            elif heading == index:
                heading = None
        began = marks.statements.get(start, [])
        statements.update(began)
        claims.update(marks.claims.get(start, ()))
        promised += marks.promised.get(start, 0)
        heading = marks.headings.get(start, heading)
        new_line, new_block, hole = start in lines, blocks.get(start), holes.get(start)
        if new_line:
            at_line = start
        if start in ends:
            yield ends[start].before[start]
        table = table_at(tables, start)
        if table is not None and start != table.start:
            yield table.before.get(start, "")
            yield _piece(report, table, text[start:end], start, statements, began, claims, promised > 0)
            continue
        if (table or new_line or new_block or hole) and open_tag:
            yield f"</{open_tag}>\n"
            open_tag = ""
        if hole:
            yield f'<div class="hole">{both(hole.zh, hole.en)}</div>\n'
        if new_block:
            if in_block:
                yield in_block
            kind = "elsewhere" if _elsewhere(report, new_block.article) else new_block.part
            part = words.PARTS[new_block.part]
            when = f" {words.period(new_block.period)}" if new_block.period else ""
            yield f'<section class="block {kind}"><div class="label">{both(part[0] + when, part[1] + when)}</div>\n'
            in_block = "</section>\n"
        if table is not None:
            yield table.before[start]
            yield _piece(report, table, text[start:end], start, statements, began, claims, promised > 0)
            continue
        if not open_tag:
            line = text[at_line : ending.get(at_line, len(text))]
            opening, open_tag = _opening(report, line, at_line, start, heading)
            yield opening
        yield _run(report, text[start:end], start, sorted(statements), began, sorted(claims), promised > 0, heading)
    if open_tag:
        yield f"</{open_tag}>\n"
    if len(text) in ends:
        yield ends[len(text)].before[len(text)]
    yield in_block


def _piece(
    report: Report,
    table: Grid,
    text: str,
    start: int,
    statements: Collection[int],
    began: list[int],
    claims: Collection[int],
    promised: bool,
) -> str:
    """One run of characters of a table: of a cell, or what parts it from the next."""
    if not table.holds(start):
        return f'<span class="sep">{escaped(text)}</span>'
    return _run(report, text, start, sorted(statements), began, sorted(claims), promised, None)


def _line_start(report: Report, offset: int) -> int:
    """The start of the line if only marks and blanks stand before `offset` in it: # 标题 stays one line."""
    start = offset - report.document.where(offset)[1] + 1
    return start if _ONLY_MARKS.fullmatch(report.document.text, start, offset) else offset


def _elsewhere(report: Report, article: int) -> bool:
    articles = report.frame.articles
    return 0 <= article < len(articles) and articles[article].kind != "report"


def _opening(report: Report, line: str, at_line: int, start: int, heading: int | None) -> tuple[str, str]:
    """The tag that a line, or the rest of one behind a block's border, opens with."""
    if heading is None:
        found = next((report.frame.headings[i] for i in _headings_in(report, at_line, at_line + len(line))), None)
    else:
        found = report.frame.headings[heading]
    if found and start == at_line and len(line.strip()) <= found.span.end - found.span.start + 6:
        name = f"h{min(max(found.level, 1) + 1, 4)}"
        title = " title" if found.level == 0 else ""
        return f'<{name} class="t{title}">', name
    if start != at_line:
        return '<p class="t cont">', "p"
    if line[:1] == "\u3000":
        return '<p class="t own">', "p"
    if _RULED.search(line):
        return '<p class="t rows">', "p"
    return '<p class="t">', "p"


def _headings_in(report: Report, start: int, end: int) -> Iterator[int]:
    # Headings are few and in order; a line holds at most a handful.
    for index, heading in enumerate(report.frame.headings):
        if heading.span.start >= end:
            return
        if heading.span.start >= start:
            yield index


def _run(
    report: Report,
    text: str,
    start: int,
    statements: list[int],
    began: list[int],
    claims: list[int],
    promised: bool,
    heading: int | None,
) -> str:
    """One run of characters, over which nothing begins or ends."""
    inner = _MARKDOWN.sub(r'<span class="md">\g<0></span>', escaped(text))
    promise = " c" if promised else ""
    if statements:
        kind = report.statements[statements[0]].kind
        doubtful = any(words.is_doubtful(report.statements[index]) for index in statements)
        doubt = " doubt" if doubtful else " sure"
        to = " ".join(f"s{index}" for index in statements)
        own = f' id="m{began[0]}"' if began else ' tabindex="-1"'
        others = "".join(f'<i id="m{index}"></i>' for index in began[1:])
        inner = f'{others}<a class="m {kind}{doubt}{promise}" href="#s{statements[0]}" data-to="{to}"{own}>{inner}</a>'
    elif claims:
        claim = claims[0]
        own = f' id="n{claim}"' if report.coverage[claim].start == start else ""
        inner = f'<a class="u{promise}" href="#u{claim}" data-to="u{claim}" tabindex="-1"{own}>{inner}</a>'
    elif promised:
        inner = f'<span class="c">{inner}</span>'
    if heading is not None:
        own = f' id="h{heading}"' if report.frame.headings[heading].span.start == start else ""
        inner = f"<b{own}>{inner}</b>"
    return inner


def _contents(report: Report) -> str:
    rows = [
        f'<li class="l{min(heading.level, 3)}"><a href="#h{index}">'
        f"{escaped(words.heading_text(report.document, heading))}</a></li>"
        for index, heading in enumerate(report.frame.headings)
        if heading.number is not None and 0 < heading.level <= 3
    ]
    if not rows:
        return ""
    return f'<details class="toc"><summary>{both("目录", "Contents")}</summary><ol>{"".join(rows)}</ol></details>\n'


def _evidence(report: Report, evidence: Iterable[Evidence]) -> str:
    rows = []
    for item in evidence:
        quoted = "、".join(f"“{escaped(words.one_line(report.document.slice(span)))}”" for span in item.spans)
        rows.append(
            f"<li><b>{_word(FIELDS, item.field)}</b> {_word(words.ORIGINS, item.how)} "
            f'<span lang="zh-Hans">{quoted}</span> <span class="rule">{escaped(item.rule)}</span></li>'
        )
    if not rows:
        return ""
    return f"<details><summary>{_word(FIELDS, 'evidence')}</summary><ul>{''.join(rows)}</ul></details>"


def _statements(report: Report, pages: Collection[int]) -> Iterator[str]:
    """The table of statements. `pages`: numbers of the pages that are shown as published."""
    yield f"<section><h2>{both('指标', 'Statements')} {len(report.statements)}</h2>\n"
    if report.statements:
        yield '<div class="scroll" tabindex="0" role="region" aria-label="指标 Statements"><table>'
        yield _head(
            "text",
            "indicator",
            "value",
            "comparator",
            "kind",
            "period",
            "place",
            "confidence",
            "evidence",
            *(["page"] if pages else []),
            numeric=("value",),
        )
        yield "<tbody>\n"
        for index, statement in enumerate(report.statements):
            yield _statement(report, index, statement, pages)
        yield "</tbody></table></div>"
    yield "</section>\n"


def _statement(report: Report, index: int, statement: Statement, pages: Collection[int]) -> str:
    measure = "" if statement.measure == "level" else " · " + _word(words.MEASURES, statement.measure)
    doubtful = words.is_doubtful(statement)
    sure = both("存疑 ", "doubtful ") if doubtful else ""
    return (
        f'<tr id="s{index}" class="{statement.kind}{" doubt" if doubtful else " sure"}">'
        f'<td data-card="head" lang="zh-Hans"><a href="#m{index}">{escaped(words.one_line(statement.text))}</a></td>'
        f'<td lang="zh-Hans">{escaped(statement.indicator or "—")}</td>'
        f'<td class="n" lang="zh-Hans">{escaped(words.amount(statement))}</td>'
        f'<td class="k">{both(words.comparator(statement, "zh"), words.comparator(statement, "en"))}</td>'
        f'<td class="k">{_word(words.KINDS, statement.kind)}{measure}</td>'
        f'<td class="k">{escaped(words.period(statement.period))}</td>'
        f'<td lang="zh-Hans">{escaped(statement.place or "—")}</td>'
        f'<td class="k">{statement.confidence:.2f} {sure}</td>'
        f"<td>{_evidence(report, statement.evidence)}</td>{_page(report, index, statement, pages)}</tr>\n"
    )


def _page(report: Report, index: int, statement: Statement, pages: Collection[int]) -> str:
    """The cell that leads to a statement's box on its page."""
    if not pages:
        return ""
    number = report.document.locate(statement.span)[0].page
    if number not in pages:
        return f'<td class="k">{number or "—"}</td>'
    return f'<td class="k"><a href="#p{index}">{both(f"第 {number} 页", f"page {number}")}</a></td>'


def _sheets(pictures: Collection[str]) -> Iterator[str]:
    """The pages as published, where the document has pages and its file is at hand."""
    if pictures:
        yield f'<details class="sheets" open><summary><h2>{both("原版页面", "Pages as published")}</h2></summary>\n'
        yield from pictures
        yield "</details>\n"


def _commitments(report: Report) -> Iterator[str]:
    heading = both("承诺与成绩", "Commitments and achievements")
    yield f"<details><summary><h2>{heading} {len(report.commitments)}</h2></summary>\n"
    if report.commitments:
        yield '<div class="scroll" tabindex="0" role="region" aria-label="承诺 Commitments"><table>'
        yield _head("done", "strength", "period", "task", "text", "units")
        yield "<tbody>\n"
        for item in report.commitments:
            yield _commitment(item)
        yield "</tbody></table></div>"
    yield "</details>\n"


def _commitment(item: Commitment) -> str:
    nature = both(words.commitment_nature(item, "zh"), words.commitment_nature(item, "en"))
    strength = _word(words.STRENGTHS, item.strength) if item.strength else "—"
    return (
        f'<tr><td class="k">{nature}</td><td class="k">{strength}</td>'
        f'<td class="k">{escaped(words.period(item.period))}</td><td lang="zh-Hans">{escaped(item.task or "—")}</td>'
        f'<td lang="zh-Hans">{escaped(words.one_line(item.text))}</td>'
        f'<td lang="zh-Hans">{escaped("、".join(item.units) or "—")}</td></tr>\n'
    )


def _coverage(report: Report) -> Iterator[str]:
    heading = both("未采用的数字", "Numbers not claimed")
    yield f"<details><summary><h2>{heading} {len(report.coverage)}</h2></summary>\n"
    if report.coverage:
        yield '<div class="scroll" tabindex="0" role="region" aria-label="未采用的数字 Numbers not claimed"><table>'
        yield _head("number", "reason", "context", "line", "rule", numeric=("line",))
        yield "<tbody>\n"
        for index, claim in enumerate(report.coverage):
            before, inside, behind = words.around(report.document, words.span_of(claim), 20)
            yield (
                f'<tr id="u{index}"><td data-card="head" lang="zh-Hans"><a href="#n{index}">{escaped(inside)}</a></td>'
                f"<td>{both(words.reason(claim.reason, 'zh'), words.reason(claim.reason, 'en'))}</td>"
                f'<td lang="zh-Hans" data-card="none">{escaped(before)}<b>{escaped(inside)}</b>{escaped(behind)}</td>'
                f'<td class="n">{report.document.where(claim.start)[0]}</td>'
                f'<td class="rule">{escaped(claim.rule)}</td></tr>\n'
            )
        yield "</tbody></table></div>"
    yield "</details>\n"


def _footer(report: Report) -> str:
    source = report.document.source
    note = both(
        "原文一字未改；标记由台账（taizhang）自动生成，请以原文为准。",
        "The text is unaltered. Marks were made by taizhang; the text decides.",
    )
    facts = f"{escaped(source.name)} · {escaped(source.encoding or '')} · SHA-256 {escaped(source.sha256)}"
    return f"<footer>{both('来源', 'Source')}: {facts}<br>{note}</footer>\n"
