"""A check for a terminal: 上年目标 | 完成情况, then what nobody reports on, then what is odd."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rich import box
from rich.cells import cell_len
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from taizhang.model import Echo, Finding, Outcome, Report, Statement, Verdict
from taizhang.views import outcome as said
from taizhang.views import words
from taizhang.views.outcome import Checked
from taizhang.views.table import draw
from taizhang.views.words import Lang

_STYLES: dict[Verdict, str] = {
    "met": "green", "missed": "red", "partly": "yellow", "changed": "magenta", "unclear": "yellow",
    "unreported": "bright_black",
}  # fmt: skip
_SEVERITIES = {"error": ("■", "red"), "warning": ("▲", "yellow"), "info": ("·", "bright_black")}
_NARROWEST = 70


def render(checked: Checked, lang: Lang, *, width: int, colour: bool, undertakings: bool = False) -> str:
    """The whole answer for a terminal of that width, or only what was undertaken without a number."""
    parts = _words_only if undertakings else _parts
    return draw(parts(checked, lang, max(width, _NARROWEST)), width=width, colour=colour)


def _text(text: str, style: str = "") -> Text:
    return Text(words.harmless(text), style=style)


def _parts(checked: Checked, lang: Lang, width: int) -> Iterator[RenderableType]:
    zh = lang == "zh"
    yield _text(said.title(checked, lang), style="bold")
    yield _text(said.counts(checked.outcomes, lang), style="bright_black")
    if checked.undertakings:
        yield _text(said.heard(checked.undertakings, lang), style="bright_black")
    if checked.findings:
        yield _text(said.odd(checked.findings, lang), style="bright_black")
    if not checked.outcomes:
        yield _text(
            "较早的报告里没有找到为这一年定下的目标。" if zh else "The earlier report sets no target for that year.",
            style="yellow",
        )
    for earlier, later, group in checked.groups():
        yield Text("")
        numbers = "有数字的目标" if zh else "Targets with numbers"
        yield _text(f"{numbers}  {_heading(checked, earlier, later)}", style="bold")
        answered = [item for item in group if item.verdict != "unreported"]
        silent = [item for item in group if item.verdict == "unreported"]
        if answered:
            yield _answered(checked, answered, lang, width)
        if silent:
            yield Text("")
            yield _text(f"未提及的目标（{len(silent)}）" if zh else f"Not mentioned ({len(silent)})", style="bold")
            yield _silent(checked, silent, lang, width)
    if checked.undertakings:
        yield from _undertaken(checked, lang, width)
    if checked.findings:
        yield Text("")
        count = len(checked.findings)
        yield _text(f"疑点（{count}）" if zh else f"Findings ({count})", style="bold")
        yield _findings(checked.findings, lang, width)


def _words_only(checked: Checked, lang: Lang, width: int) -> Iterator[RenderableType]:
    zh = lang == "zh"
    if checked.undertakings:
        yield _text(said.heard(checked.undertakings, lang), style="bright_black")
        yield from _undertaken(checked, lang, width)
    else:
        nothing = (
            "较早的报告里没有找到没有数字的承诺。" if zh else "The earlier report undertakes nothing without a number."
        )
        yield _text(nothing, style="yellow")


def _undertaken(checked: Checked, lang: Lang, width: int) -> Iterator[RenderableType]:
    zh = lang == "zh"
    for at, (earlier, later, group) in enumerate(checked.undertaking_groups()):
        yield Text("")
        heading = f"没有数字的承诺（{len(group)}）" if zh else f"Undertakings without numbers ({len(group)})"
        yield _text(f"{heading}  {_heading(checked, earlier, later)}", style="bold")
        if at == 0:
            yield _text(_wrap(said.WEAKER[0 if zh else 1], width - 2), style="bright_black")
        yield _undertakings(checked, group, lang, width)


def _heading(checked: Checked, earlier: Report, later: Report) -> str:
    return f"{checked.short_name(earlier)} → {checked.short_name(later)}"


def _table(lang: Lang, width: int, left: str, right: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(left, width=_left(width), overflow="fold")
    # A closing mark may hang over by one letter, so the column has room for it.
    table.add_column(right, width=_right(width) + 2, overflow="fold")
    return table


def _answered(checked: Checked, outcomes: Iterable[Outcome], lang: Lang, width: int) -> Table:
    zh = lang == "zh"
    table = _table(lang, width, "上年目标" if zh else "last year's target", "完成情况" if zh else "what became of it")
    room = _right(width)
    for item in outcomes:
        cell = _text(said.verdict(item, lang), style=f"bold {_STYLES[item.verdict]}")
        if item.actuals:
            cell.append(f"  {words.harmless(said.answer(item))}", style="not bold default")
            cell.append(_line(checked, item.answer_document, item.actuals[0], lang), style="not bold bright_black")
        remark = said.remark(item, lang)
        if remark:
            gap = "  " if cell_len(cell.plain) + cell_len(remark) + 2 <= room and "\n" not in cell.plain else "\n"
            cell.append(gap + (remark if gap == "  " else _wrap(remark, room)), style="not bold bright_black")
        table.add_row(_goal(checked, item, lang), cell)
    return table


def _silent(checked: Checked, outcomes: Iterable[Outcome], lang: Lang, width: int) -> Table:
    zh = lang == "zh"
    table = _table(lang, width, "上年目标" if zh else "last year's target", "查找情况" if zh else "what was looked for")
    for item in outcomes:
        cell = _text(f"{said.MARKS[item.verdict]} ", style="bold")
        cell.append(_wrap(said.reason(item, lang), _right(width) - 2), style="not bold bright_black")
        table.add_row(_goal(checked, item, lang), cell)
    return table


def _undertakings(checked: Checked, items: Iterable[Echo], lang: Lang, width: int) -> Table:
    zh = lang == "zh"
    table = _table(
        lang, width, "上年承诺" if zh else "undertaken last year", "报告所说" if zh else "what is said of it"
    )
    for item in items:
        place = _at(checked, item.document, item.span.start, lang)
        promised = _text(_wrap(words.one_line(item.text) + place, _left(width)))
        promised.highlight_words([place.strip()], style="bright_black")
        cell = _text(f"{said.HEARD_MARKS[item.heard]} {words.say(said.HEARD, item.heard, lang)}", style="bold")
        cell.append(f"  {item.thing}", style="not bold default")
        if item.heard != "absent":
            cell.append(
                _at(checked, item.answer_document, item.passages[0].span.start, lang), style="not bold bright_black"
            )
        reason = words.one_line(item.reason_zh if zh else item.reason_en)
        cell.append("\n" + _wrap(reason, _right(width)), style="not bold bright_black")
        table.add_row(promised, cell)
    return table


def _at(checked: Checked, document: str, offset: int, lang: Lang) -> str:
    report = checked.report(document)
    if report is None:
        return ""
    spot = words.spot(report.document, offset, lang)
    return f"〔{spot.replace(' ', '')}〕" if lang == "zh" else f" [{spot}]"


def _left(width: int) -> int:
    return max(26, (width - 4) * 2 // 5)


def _right(width: int) -> int:
    return width - _left(width) - 6


_NO_START = "，。；：、！？”’）》％%,.;:!?)"


def _wrap(text: str, width: int) -> str:
    """Lines that fit, none of which begins with a closing mark or breaks a number, an English word or a place."""
    lines, line = [], ""
    for piece in re.findall(r"〔第[^〕]*〕|\[line[^\]]*\]|[0-9A-Za-z.,%+−-]+ ?|.", words.harmless(text)):
        if cell_len(line) + cell_len(piece.rstrip()) > width and line and piece[0] not in _NO_START:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return "\n".join((*lines, line))


def _goal(checked: Checked, item: Outcome, lang: Lang) -> Text:
    text = _text(words.one_line(item.target.indicator or "—"))
    text.append(f" {words.harmless(said.goal(item))}", style="bold")
    text.append(_line(checked, item.target_document, item.target, lang), style="bright_black")
    return text


def _line(checked: Checked, document: str | None, statement: Statement, lang: Lang) -> str:
    """The line a statement stands in, so that it can be looked up."""
    report = checked.report(document)
    if report is None:
        return ""
    spot = words.spot(report.document, statement.span.start, lang)
    return f"〔{spot.replace(' ', '')}〕" if lang == "zh" else f" [{spot}]"


def _findings(findings: Iterable[Finding], lang: Lang, width: int) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True, width=1)
    table.add_column(width=width - 3, overflow="fold")
    for item in findings:
        mark, style = _SEVERITIES[item.severity]
        text = _text(_wrap(item.zh if lang == "zh" else item.en, width - 5))
        text.append(f"  {item.code}", style="bright_black")
        table.add_row(_text(mark, style=style), text)
    return table
