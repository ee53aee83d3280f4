"""Rows for spreadsheets: CSV that Excel opens in Chinese, and a workbook with numbers as numbers.

A report is someone else's text. A cell of it that begins like a formula must not become one: the workbook writes it as
a string, and CSV, which has no strings, puts an apostrophe before it (not before plain numbers such as -3.2%).
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Sequence
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

import msgspec
import xlsxwriter
from rich.cells import cell_len
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from taizhang.model import Commitment, Report, Sentence, Statement
from taizhang.views import words
from taizhang.views.record import findings, number
from taizhang.views.remark import remark
from taizhang.views.words import FIELDS, Lang, plain_number, say

Cell = str | int | Decimal | None
Row = tuple[Cell, ...]

STATEMENT_COLUMNS = (
    "document", "indicator", "text", "value", "value_max", "unit", "comparator", "kind", "measure", "period", "place",
    "confidence", "section", "sentence", "line", "start", "end", "id",
)  # fmt: skip
COMMITMENT_COLUMNS = (
    "document", "done", "task", "text", "strength", "period", "units", "verifiable", "statements", "section",
    "line", "start", "end", "id",
)  # fmt: skip
COVERAGE_COLUMNS = ("document", "number", "reason", "context", "line", "start", "end", "rule")

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.,]+[%‰]?$)")
_WIDTHS = {
    "document": 22, "indicator": 30, "text": 16, "value": 16, "value_max": 12, "unit": 9, "comparator": 9, "kind": 7,
    "measure": 8, "period": 12, "place": 14, "confidence": 7, "section": 34, "sentence": 80, "line": 7, "start": 9,
    "end": 9, "id": 18, "done": 7, "task": 24, "strength": 7, "units": 24, "verifiable": 9, "statements": 40,
    "number": 12, "reason": 16, "context": 52, "rule": 22,
}  # fmt: skip
_WRAPPED = frozenset({"document", "indicator", "text", "section", "sentence", "task", "statements", "units", "context"})
_LAST_PRINTED = {STATEMENT_COLUMNS: "section", COMMITMENT_COLUMNS: "section", COVERAGE_COLUMNS: "line"}
_LINE = 13.5  # points
_TALLEST = 400.0  # Excel's limit is 409
_IN_MEMORY = 8 * 1024 * 1024  # bytes of a workbook; a larger one is made on disk
_LAST_ROW = 1_048_575  # Excel's
_LONGEST = 32_767  # characters in one of Excel's cells
_WHOLE = Decimal(10) ** 15  # beyond this Excel drops digits, so the value is written as text


class Rows(msgspec.Struct, frozen=True):
    """One report's share of a workbook."""

    statements: list[Row]
    commitments: list[Row]
    coverage: list[Row]
    notes: list[Row]


def rows(report: Report, lang: Lang) -> Rows:
    name, frame = report.document.source.name, report.frame
    kind = say(words.REPORT_KINDS, frame.kind, lang) if frame.kind else None
    summary: Row = (
        name, frame.title, frame.place, kind, words.period(frame.year_reviewed), words.period(frame.year_planned),
        len(report.statements), len(report.commitments), len(report.coverage),
    )  # fmt: skip
    said = [(finding.zh if lang == "zh" else finding.en) for finding in findings(report)]
    nothing = remark(report)
    if nothing:
        said.insert(0, nothing[0] if lang == "zh" else nothing[1])
    return Rows(
        [statement_row(report, item, lang) for item in report.statements],
        commitment_rows(report, lang),
        [coverage_row(report, index, lang) for index in range(len(report.coverage))],
        [(*summary, "\n".join(said) or None)],
    )


def statement_row(report: Report, statement: Statement, lang: Lang) -> Row:
    sentence = words.sentence_of(report, statement)
    return (
        report.document.source.name,
        statement.indicator,
        words.one_line(statement.text),
        number(statement.value),
        number(statement.value_max),
        statement.unit,
        words.comparator(statement, lang) or ("等于" if lang == "zh" else "equal to"),
        say(words.KINDS, statement.kind, lang),
        say(words.MEASURES, statement.measure, lang),
        statement.period,
        statement.place,
        Decimal(str(statement.confidence)),
        " / ".join(words.path(report, sentence)) if sentence else None,
        _sentence(report, sentence, statement) if sentence else None,
        report.document.where(statement.span.start)[0],
        statement.span.start,
        statement.span.end,
        statement.id,
    )


_SENTENCE = 600
"""Characters of a sentence in its cell; of a longer one, a list without a stop, only what stands around the number."""


def _sentence(report: Report, sentence: Sentence, statement: Statement) -> str:
    start, end = sentence.span.start, sentence.span.end
    if end - start <= _SENTENCE:
        return words.one_line(report.document.slice(sentence.span))
    low, high = max(start, statement.span.start - _SENTENCE // 2), min(end, statement.span.end + _SENTENCE // 2)
    cut = words.one_line(report.document.text[low:high])
    return ("…" if low > start else "") + cut + ("…" if high < end else "")


def commitment_rows(report: Report, lang: Lang) -> list[Row]:
    inside = {statement.id: statement for statement in report.statements}
    return [_commitment_row(report, item, inside, lang) for item in report.commitments]


def _commitment_row(report: Report, commitment: Commitment, inside: dict[str, Statement], lang: Lang) -> Row:
    yes, no = ("是", "否") if lang == "zh" else ("yes", "no")
    said = [
        f"{statement.indicator or '—'}：{words.amount(statement)}"
        for statement in (inside.get(id_) for id_ in commitment.statements)
        if statement is not None
    ]
    return (
        report.document.source.name,
        words.commitment_nature(commitment, lang),
        commitment.task,
        words.one_line(commitment.text),
        say(words.STRENGTHS, commitment.strength, lang) if commitment.strength else None,
        commitment.period,
        "、".join(commitment.units) or None,
        yes if commitment.verifiable else no,
        "；".join(said) or None,
        commitment.section,
        report.document.where(commitment.span.start)[0],
        commitment.span.start,
        commitment.span.end,
        commitment.id,
    )


def coverage_row(report: Report, index: int, lang: Lang) -> Row:
    claim = report.coverage[index]
    span = words.span_of(claim)
    before, inside, behind = words.around(report.document, span, 20)
    return (
        report.document.source.name,
        inside,
        words.reason(claim.reason, lang),
        f"{before}【{inside}】{behind}",
        report.document.where(claim.start)[0],
        claim.start,
        claim.end,
        claim.rule,
    )


def csv_head(lang: Lang, *, commitments: bool) -> bytes:
    """Byte order mark, without which Excel takes the file for the local code page, and the header."""
    columns = COMMITMENT_COLUMNS if commitments else STATEMENT_COLUMNS
    return b"\xef\xbb\xbf" + as_csv([tuple(say(FIELDS, column, lang) for column in columns)])


def csv_rows(report: Report, lang: Lang, *, commitments: bool) -> bytes:
    if commitments:
        return as_csv(commitment_rows(report, lang))
    return as_csv([statement_row(report, item, lang) for item in report.statements])


def as_csv(rows: Sequence[Row]) -> bytes:
    """Rows as CSV; a cell that begins like a formula gets an apostrophe."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return buffer.getvalue().encode()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if _FORMULA.match(cell) else cell
    return plain_number(Decimal(cell))


_SHEETS = {
    "statements": ("指标", "Statements"),
    "commitments": ("承诺", "Commitments"),
    "coverage": ("未采用的数字", "Numbers not claimed"),
    "notes": ("说明", "Notes"),
}
_NOTE_HEADS = {
    "zh": ("文件", "标题", "地区", "种类", "回顾年份", "安排年份", "指标", "承诺与成绩", "未采用的数字", "提示"),
    "en": (
        "document", "title", "place", "kind", "year reviewed", "year planned",
        "statements", "commitments and achievements", "numbers not claimed", "notes",
    ),
}  # fmt: skip
_NOTE_WIDTHS = (22, 40, 14, 20, 12, 12, 9, 14, 14, 70)
_LEGEND = {
    "zh": (
        "数值已按万、亿换算，单位不含万、亿；原文见“原文”一列。",
        "起、止是原文中的字符位置（从 0 数起，含起不含止），行从 1 数起。",
        "类别：实际＝已完成或已统计；目标＝计划、承诺；预计＝预测；背景＝仅说明他事。",
        "把握：整条指标全部读对的可能性，0.9 表示十条里约有九条全对；低于 0.7 的请先核对。",
        "空白表示原文没有说明，不是零。",
    ),
    "en": (
        "Values are multiplied out (万, 亿); the unit is without them; see the column “as written”.",
        "start and end are character offsets into the source, counted from 0, end excluded; lines count from 1.",
        "Kinds: actual = done or measured, target = planned or promised, projection = foreseen, context = describes.",
        "confidence: of the rows at 0.9, nine in ten are right in every field. Look first at those under 0.7.",
        "A blank means that the text does not say. It is not zero.",
    ),
}


class Workbook:
    """Writes reports into a workbook as they come; rows go to disk at once, so any number of reports fits."""

    def __init__(self, stream: BinaryIO, lang: Lang) -> None:
        self._lang: Lang = lang
        # A workbook is a zip, whose end can only be written behind all else; where the stream breaks off before that,
        # the zip would complain a second time when it is thrown away. So it is made aside and copied.
        self._stream = stream
        self._aside = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 — closed in `close`
        # Everything that reaches a cell is text of a report: none of it may become a formula or a link.
        self._book = xlsxwriter.Workbook(
            self._aside,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_size(2400, 1400)
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        self._head = self._book.add_format(
            base | {"bold": True, "bg_color": "#ECEEF0", "bottom": 1, "valign": "vcenter", "text_wrap": True}
        )
        self._plain = self._book.add_format(base)
        self._wrap = self._book.add_format(base | {"text_wrap": True})
        self._formats: dict[str, Format] = {
            text: self._book.add_format(base | {"num_format": text, "align": align})
            for text, align in (("0", "center"), ("#,##0", "right"), ("#,##0.################", "right"))
        }
        self._sheets = {
            "statements": self._sheet("statements", STATEMENT_COLUMNS),
            "commitments": self._sheet("commitments", COMMITMENT_COLUMNS),
            "coverage": self._sheet("coverage", COVERAGE_COLUMNS),
        }
        self._notes = self._note_sheet()

    def _sheet(self, name: str, columns: tuple[str, ...]) -> _Sheet:
        return _Sheet(self._book, say(_SHEETS, name, self._lang), columns, self._lang, self)

    def _note_sheet(self) -> _Sheet:
        return _Sheet(self._book, say(_SHEETS, "notes", self._lang), None, self._lang, self)

    def format_for(self, cell: Cell, *, wrapped: bool, amount: bool) -> Format:
        if isinstance(cell, int):
            return self._formats["#,##0" if amount else "0"]
        if isinstance(cell, Decimal):
            return self._formats["#,##0.################"]
        return self._wrap if wrapped else self._plain

    @property
    def head_format(self) -> Format:
        return self._head

    def write(self, rendered: Rows) -> None:
        for name, target in self._sheets.items():
            for row in getattr(rendered, name):
                target.add(row)
        for row in rendered.notes:
            self._notes.add(row)

    def close(self) -> None:
        self._notes.skip()
        for line in _LEGEND[self._lang]:
            self._notes.add((line,))
        for target in (*self._sheets.values(), self._notes):
            target.close()
        self._book.close()
        with self._aside as whole:
            whole.seek(0)
            shutil.copyfileobj(whole, self._stream)


class _Sheet:
    """One kind of rows, over as many worksheets as Excel's row limit asks for."""

    def __init__(
        self, book: xlsxwriter.Workbook, title: str, columns: tuple[str, ...] | None, lang: Lang, owner: Workbook
    ) -> None:
        self._book, self._title, self._lang, self._owner = book, title, lang, owner
        self._columns = columns
        self._count = 0
        self._open()

    def _open(self) -> None:
        self._count += 1
        title = self._title if self._count == 1 else f"{self._title} {self._count}"
        self._page: Worksheet = self._book.add_worksheet(title)
        self._at = 0
        heads: tuple[str, ...] = _NOTE_HEADS[self._lang]
        widths: tuple[int, ...] = _NOTE_WIDTHS
        if self._columns is not None:
            heads = tuple(say(FIELDS, column, self._lang) for column in self._columns)
            known = _WIDTHS | ({"text": 60} if self._columns == COMMITMENT_COLUMNS else {})
            widths = tuple(known[column] for column in self._columns)
        for column, width in enumerate(widths):
            self._page.set_column(column, column, width)
        self._page.freeze_panes(1, 2 if self._columns else 1)
        self._page.set_landscape()
        self._page.set_paper(9)
        self._page.fit_to_pages(1, 0)
        self._page.repeat_rows(0)
        self._page.set_row(0, 22)
        for column, head in enumerate(heads):
            self._page.write_string(0, column, head, self._owner.head_format)
        self._heads, self._widths = heads, widths

    def skip(self) -> None:
        self._at += 1

    def add(self, row: Row) -> None:
        if self._at >= _LAST_ROW:
            self.close()
            self._open()
        self._at += 1
        lines = max((self._lines(column, cell) for column, cell in enumerate(row)), default=1)
        if lines > 1 and len(row) > 1:
            # Said outright, since not every program works out the height of wrapped rows by itself.
            self._page.set_row(self._at, min(_LINE * lines + 2, _TALLEST))
        for column, cell in enumerate(row):
            name = self._columns[column] if self._columns else ""
            wrapped = name in _WRAPPED or (self._columns is None and len(row) > 1)
            style = self._owner.format_for(cell, wrapped=wrapped, amount=name in ("value", "value_max"))
            if cell is None or cell == "":
                self._page.write_blank(self._at, column, None, style)
            elif isinstance(cell, str):
                self._page.write_string(self._at, column, cell[:_LONGEST], style)
            elif abs(Decimal(cell)) >= _WHOLE:
                self._page.write_string(self._at, column, plain_number(Decimal(cell)), style)
            else:
                self._page.write_number(self._at, column, float(cell), style)

    def _lines(self, column: int, cell: Cell) -> int:
        if not isinstance(cell, str) or (self._columns and self._columns[column] not in _WRAPPED):
            return 1
        room = self._widths[column] - 1
        return sum(max(1, -(-cell_len(line) // room)) for line in cell.split("\n"))

    def close(self) -> None:
        if self._columns is not None:
            self._page.autofilter(0, 0, max(self._at, 1), len(self._heads) - 1)
            # On paper down to the section: sentences and offsets would make the rest too small to read.
            self._page.print_area(0, 0, max(self._at, 1), self._columns.index(_LAST_PRINTED[self._columns]))
