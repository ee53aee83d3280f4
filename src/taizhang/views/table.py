"""Reports, sentences and uncounted numbers for a terminal: tables that hold at 80 columns, grow with more, and pipe."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import groupby, takewhile

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from taizhang.model import Block, Claim, Commitment, Evidence, Finding, Report, Sentence, Span, Statement
from taizhang.views import words
from taizhang.views.record import findings
from taizhang.views.remark import remark
from taizhang.views.search import unaccounted
from taizhang.views.words import FIELDS, Lang, say

_KIND_STYLES = {"actual": "blue", "target": "dark_orange3", "projection": "magenta", "context": "bright_black"}
_SEVERITY_MARKS = {"error": ("■", "red"), "warning": ("▲", "yellow"), "info": ("·", "bright_black")}
_NARROWEST = 70
_INDENT = 2  # of rows under their heading


def render(report: Report, lang: Lang, *, commitments: bool, width: int, colour: bool, doubtful: bool = False) -> str:
    """One report: what it is, what was odd, and its statements (or commitments) under their headings."""
    return draw(_report(report, lang, commitments, max(width, _NARROWEST), doubtful), width=width, colour=colour)


def draw(parts: Iterable[RenderableType], *, width: int, colour: bool) -> str:
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=max(width, _NARROWEST),
        force_terminal=colour,
        color_system="256" if colour else None,
        legacy_windows=False,
        highlight=False,
        emoji=False,
        markup=False,
    )
    for part in parts:
        console.print(part)
    # Rich pads each line to the full width; blanks at a line's end only get in the way of copying and of grep.
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def _text(text: str, style: str = "") -> Text:
    return Text(words.harmless(text), style=style)


def _report(report: Report, lang: Lang, commitments: bool, width: int, doubtful: bool) -> Iterator[RenderableType]:
    yield _title(report, lang)
    yield from _findings(findings(report), lang)
    nothing = remark(report)
    if nothing and not commitments:
        yield _text(nothing[0] if lang == "zh" else nothing[1], style="yellow")
    if commitments:
        yield from _commitments(report, lang, width)
    else:
        said = words.doubts(report, lang)
        if said:
            yield _text(said, style="yellow")
        yield from _by_doubt(report, lang, width) if doubtful else _statements(report, lang, width)
    yield _text("")


def _title(report: Report, lang: Lang) -> Text:
    frame = report.frame
    zh = lang == "zh"
    facts = [
        frame.place or ("地区不明" if zh else "place unknown"),
        say(words.REPORT_KINDS, frame.kind, lang) if frame.kind else ("种类不明" if zh else "kind unknown"),
        words.years(frame, lang) or ("年份不明" if zh else "years unknown"),
    ]
    text = _text(words.one_line(frame.title) if frame.title else report.document.source.name, style="bold")
    if frame.title:
        text.append(f"  {words.harmless(report.document.source.name)}", style="not bold bright_black")
    told = words.told(report.document, lang)
    text.append("\n" + " · ".join([*facts, told] if told else facts), style="not bold")
    text.append("\n" + words.counts(report, lang), style="not bold bright_black")
    return text


def _findings(found: Iterable[Finding], lang: Lang) -> Iterator[RenderableType]:
    for finding in found:
        mark, style = _SEVERITY_MARKS[finding.severity]
        # A grid, so that a sentence of more than one line is not wrapped right behind its mark, which Chinese words
        # without blanks would be.
        row = Table.grid(padding=(0, 1, 0, 0))
        row.add_column(width=1)
        row.add_column(overflow="fold")
        row.add_row(_text(mark, style=style), _text(finding.zh if lang == "zh" else finding.en, style=style))
        yield row


def _statements(report: Report, lang: Lang, width: int) -> Iterator[RenderableType]:
    def section(statement: Statement) -> tuple[tuple[str, ...], int]:
        sentence = words.sentence_of(report, statement)
        return (words.path(report, sentence), sentence.block) if sentence else ((), -1)

    if report.statements:
        yield _statement_table(lang, width, show_header=True)
    before: tuple[str, ...] | None = None
    for (path, block), group in groupby(report.statements, key=section):
        if before is not None:
            yield Text("")
        yield _section(report, path, before or (), block, lang)
        table = _statement_table(lang, width, show_header=False)
        for statement in group:
            table.add_row(*_statement_cells(statement, lang, short=width < 120))
        yield Padding(table, (0, 0, 0, _INDENT))
        before = path


def _by_doubt(report: Report, lang: Lang, width: int) -> Iterator[RenderableType]:
    """The doubtful statements in one table, the least sure first, with the line each stands in."""
    chosen = words.doubtful_only(report).statements
    if not chosen:
        if report.statements:
            yield _text("没有存疑的指标。" if lang == "zh" else "No statement is doubtful.", style="yellow")
        return
    table = _statement_table(lang, width, show_header=True, confidence=True)
    for statement in chosen:
        cells = _statement_cells(statement, lang, short=width < 120)
        line = report.document.where(statement.span.start)[0]
        table.add_row(*cells, f"{statement.confidence:.2f}", str(line))
    yield table


def _section(report: Report, path: tuple[str, ...], before: tuple[str, ...], block: int, lang: Lang) -> Text:
    """The headings down to here, without those that the section before stood under too."""
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(path[:-1], before, strict=False)))
    names = path[shared:] or ("（开头）" if lang == "zh" else "(opening)",)
    text = _text("\n".join(f"{'  ' * depth}{name}" for depth, name in enumerate(names, shared)), style="bold")
    if 0 <= block < len(report.frame.blocks):
        text.append(f"  [{_block(report.frame.blocks[block], lang)}]", style="not bold bright_black")
    return text


def _block(block: Block, lang: Lang) -> str:
    part = say(words.PARTS, block.part, lang)
    return f"{part} {words.period(block.period)}" if block.period else part


def _statement_table(lang: Lang, width: int, *, show_header: bool, confidence: bool = False) -> Table:
    # Fixed widths, so that the tables of one report, one under each heading, stand in line.
    english, narrow = lang == "en", width < 120
    kind = 19 if english else 9 if narrow else 11
    comparator = 10 if english else 6
    period = 9 if narrow else 17
    place = 8 if narrow else 14
    value = 14 if narrow else 20
    indicator = width - kind - comparator - period - place - value - 10 - _INDENT
    table = Table(
        box=box.SIMPLE_HEAD if show_header else None,
        show_edge=False,
        show_header=show_header,
        pad_edge=False,
        padding=(0, 1 if show_header else 2, 0, 0),  # a box has a blank of its own between columns
    )
    if show_header:
        indicator += _INDENT
    if confidence:
        indicator -= 19 if english else 13
    table.add_column(say(FIELDS, "indicator", lang), width=indicator, overflow="fold")
    table.add_column(say(FIELDS, "value", lang), width=value, justify="right", overflow="fold")
    table.add_column(say(FIELDS, "comparator", lang), width=comparator, overflow="fold")
    table.add_column(say(FIELDS, "period", lang), width=period, overflow="fold")
    table.add_column(say(FIELDS, "kind", lang), width=kind, overflow="fold")
    table.add_column(say(FIELDS, "place", lang), width=place, overflow="fold")
    if confidence:
        table.add_column(say(FIELDS, "confidence", lang), width=10 if english else 4, justify="right")
        table.add_column(say(FIELDS, "line", lang), width=5, justify="right")
    return table


def _statement_cells(statement: Statement, lang: Lang, *, short: bool) -> tuple[Text, ...]:
    kind = say(words.KINDS, statement.kind, lang)
    measure = "" if statement.measure == "level" else say(words.MEASURES, statement.measure, lang)
    if short and lang == "zh":
        measure = measure[:2]
    if measure:
        measure = f"·{measure}"
    return (
        _text((words.DOUBT if words.is_doubtful(statement) else "") + (statement.indicator or "—")),
        _text(words.amount(statement), style="bold"),
        _text(words.comparator(statement, lang)),
        _text(words.period(statement.period)),
        _text(kind + measure, style=_KIND_STYLES[statement.kind]),
        _text(statement.place or "—"),
    )


def _commitments(report: Report, lang: Lang, width: int) -> Iterator[RenderableType]:
    if not report.commitments:
        yield _text(
            "没有找到承诺或成绩。" if lang == "zh" else "No commitment or achievement was found.", style="yellow"
        )
        return
    nature = 11 if lang == "en" else 6
    strength = 8 if lang == "en" else 5
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0), show_lines=False)
    table.add_column(say(FIELDS, "done", lang), width=nature, overflow="fold")
    table.add_column(say(FIELDS, "strength", lang), width=strength)
    table.add_column(say(FIELDS, "period", lang), width=10, overflow="fold")
    task = 14 if width < 100 else 22
    table.add_column(say(FIELDS, "task", lang), width=task, overflow="fold")
    table.add_column(say(FIELDS, "text", lang), width=width - nature - strength - task - 18, overflow="fold")
    for item in report.commitments:
        table.add_row(*_commitment_cells(item, lang))
    yield table


def _commitment_cells(item: Commitment, lang: Lang) -> tuple[Text, ...]:
    text = _text(words.one_line(item.text))
    if item.units:
        text.append("〔" + "、".join(item.units) + "〕", style="bright_black")
    return (
        _text(words.commitment_nature(item, lang), style="blue" if item.done else "dark_orange3"),
        _text(say(words.STRENGTHS, item.strength, lang) if item.strength else "—"),
        _text(words.period(item.period)),
        _text(item.task or "—"),
        text,
    )


def explain(
    report: Report, sentences: Iterable[Sentence], lang: Lang, *, marks: tuple[Span, ...] = ()
) -> Iterator[RenderableType]:
    """Each sentence with all that was found in it, the rules, and the words each field came from."""
    for sentence in sentences:
        yield from _explained(report, sentence, lang, marks)


def _explained(report: Report, sentence: Sentence, lang: Lang, marks: tuple[Span, ...]) -> Iterator[RenderableType]:
    document, zh = report.document, lang == "zh"
    header = _text(words.place(document, sentence.span, lang), style="bright_black")
    if 0 <= sentence.block < len(report.frame.blocks):
        block = report.frame.blocks[sentence.block]
        header.append(f" · {_block(block, lang)}" + (f" [{block.rule}]" if block.rule else ""))
    yield header
    path = words.path(report, sentence)
    if path:
        yield _text(" › ".join(path), style="bright_black")
    yield _marked(report, sentence.span, marks)
    yield _text("")
    inside = [item for item in report.statements if item.span.overlaps(sentence.span)]
    claims = [item for item in report.coverage if words.span_of(item).overlaps(sentence.span)]
    if not inside and not claims:
        yield _text("这句话里没有数字。" if zh else "There is no number in this sentence.", style="yellow")
        yield Text("")
    asked = [item for item in inside if _is_of(item, marks)]
    asked_claims = [item for item in claims if any(words.span_of(item).overlaps(mark) for mark in marks)]
    if not asked and not asked_claims:
        asked, asked_claims = inside, claims
    for statement in asked:
        yield _fields(report, statement, lang)
    for claim in asked_claims:
        yield _claim(report, claim, lang)
    for commitment in report.commitments:
        if commitment.span.overlaps(sentence.span) and any(commitment.span.overlaps(mark) for mark in marks):
            yield _commitment(report, commitment, lang)
    left = len(inside) + len(claims) - len(asked) - len(asked_claims)
    if left:
        said = (
            f"（同句还有 {left} 个数字：给出它们，或给出整句中的其他词。）"
            if zh
            else f"({left} more numbers in this sentence.)"
        )
        yield _text(said, style="bright_black")
        yield Text("")


def _is_of(statement: Statement, marks: tuple[Span, ...]) -> bool:
    """Whether words asked for are the statement's own, or among those that its indicator was taken from."""
    own = [statement.span, *(span for item in statement.evidence if item.field == "indicator" for span in item.spans)]
    return any(span.overlaps(mark) for span in own for mark in marks)


def _marked(report: Report, span: Span, marks: tuple[Span, ...]) -> Text:
    source = report.document.slice(span)
    text = _text(source)
    for statement in report.statements:
        _style(text, span, statement.span, f"{_KIND_STYLES[statement.kind]} underline")
    for mark in marks:
        _style(text, span, mark, "reverse")
    return text


def _style(text: Text, whole: Span, part: Span, style: str) -> None:
    if part.overlaps(whole):
        text.stylize(style, max(0, part.start - whole.start), part.end - whole.start)


def _fields(report: Report, statement: Statement, lang: Lang) -> RenderableType:
    rows: list[tuple[str, str]] = [
        ("indicator", statement.indicator or "—"),
        ("value", words.plain_number(statement.value)),
        ("unit", statement.unit or "—"),
        ("comparator", words.comparator(statement, lang) or "="),
        ("kind", say(words.KINDS, statement.kind, lang)),
        ("measure", say(words.MEASURES, statement.measure, lang)),
        ("period", words.period(statement.period)),
        ("place", statement.place or "—"),
        ("confidence", f"{statement.confidence:.2f}{words.DOUBT if words.is_doubtful(statement) else ''}"),
    ]
    if statement.value_max is not None:
        rows.insert(2, ("value_max", words.plain_number(statement.value_max)))
    title = _text(f"● {words.one_line(statement.text)}", style=f"bold {_KIND_STYLES[statement.kind]}")
    title.append(f"  {statement.span.start}—{statement.span.end}  {statement.id}", style="not bold bright_black")
    return _with_evidence(report, title, rows, statement.evidence, lang)


def _commitment(report: Report, item: Commitment, lang: Lang) -> RenderableType:
    yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
    rows = [
        ("task", item.task or "—"),
        ("section", item.section or "—"),
        ("strength", say(words.STRENGTHS, item.strength, lang) if item.strength else "—"),
        ("period", words.period(item.period)),
        ("units", "、".join(item.units) or "—"),
        ("verifiable", yes if item.verifiable else no),
    ]
    title = _text(f"◆ {words.commitment_nature(item, lang)}", style="bold")
    title.append(f"  {item.span.start}—{item.span.end}  {item.id}", style="not bold bright_black")
    return _with_evidence(report, title, rows, item.evidence, lang)


def _with_evidence(
    report: Report, title: Text, rows: list[tuple[str, str]], evidence: tuple[Evidence, ...], lang: Lang
) -> RenderableType:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0), title=title, title_justify="left")
    table.title_style = ""
    table.add_column(no_wrap=True, style="bright_black")
    table.add_column(overflow="fold", style="bold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="bright_black")
    named = {field for field, _ in rows}
    rows = rows + [(item.field, "") for item in evidence if item.field not in named]
    for field, value in dict(rows).items():
        trail = [item for item in evidence if item.field == field]
        if not trail:
            table.add_row(say(FIELDS, field, lang), _text(value), "", "", "")
        for position, item in enumerate(trail):
            quoted = "、".join(f"“{words.one_line(report.document.slice(span))}”" for span in item.spans)
            table.add_row(
                say(FIELDS, field, lang) if position == 0 else "",
                _text(value if position == 0 else ""),
                say(words.ORIGINS, item.how, lang),
                _text(quoted),
                _text(item.rule),
            )
    return Padding(table, (0, 0, 1, 2))


def _claim(report: Report, claim: Claim, lang: Lang) -> RenderableType:
    text = _text(f"○ {words.one_line(report.document.text[claim.start : claim.end])}", style="bold")
    text.append(f"  {claim.start}—{claim.end}  ", style="not bold bright_black")
    reason = words.reason(claim.reason, lang)
    text.append(f"不是指标：{reason}" if lang == "zh" else f"no statement: {reason}", style="not bold")
    text.append(f"  {claim.rule}", style="not bold bright_black")
    return Padding(text, (0, 0, 1, 2))


def coverage(report: Report, lang: Lang) -> Iterator[RenderableType]:
    """Every number that is no statement, by reason: how many, and each with its line and surroundings."""
    zh = lang == "zh"
    yield _title(report, lang)
    groups: dict[str, list[Claim]] = {}
    for claim in report.coverage:
        groups.setdefault(claim.reason, []).append(claim)
    ordered = sorted(groups.items(), key=lambda pair: -len(pair[1]))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(say(FIELDS, "reason", lang))
    table.add_column("个数" if zh else "count", justify="right")
    table.add_row("（指标）" if zh else "(statements)", str(len(report.statements)))
    for reason, claims in ordered:
        table.add_row(_text(words.reason(reason, lang)), str(len(claims)))
    yield Text("")
    yield table
    left = unaccounted(report)
    if left:
        said = f"有 {len(left)} 个数字没有归属：" if zh else f"{len(left)} numbers are not accounted for:"
        yield _text(f"\n{said}", style="bold red")
        yield _numbers(report, [Claim(span.start, span.end, "", "") for span in left], lang)
    else:
        yield _text("每个数字都有归属，没有遗漏。" if zh else "Every number is accounted for.", style="green")
    for reason, claims in ordered:
        name = words.reason(reason, lang)
        yield _text(f"\n{name}（{len(claims)}）" if zh else f"\n{name} ({len(claims)})", style="bold")
        yield _numbers(report, claims, lang)


def _numbers(report: Report, claims: list[Claim], lang: Lang) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bright_black", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", style="bright_black")
    for claim in claims:
        before, inside, behind = words.around(report.document, words.span_of(claim))
        text = _text(before)
        text.append(f"【{inside}】", style="bold")
        text.append(behind)
        table.add_row(_short_place(report, claim, lang), text, claim.rule)
    return table


def _short_place(report: Report, claim: Claim, lang: Lang) -> str:
    """The line of a claim, or its place in a file that has no lines."""
    if not report.document.origin:
        line = report.document.where(claim.start)[0]
        return f"第{line}行" if lang == "zh" else f"l. {line}"
    return words.place(report.document, words.span_of(claim), lang)
