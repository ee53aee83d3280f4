"""A check for spreadsheets: the outcomes as CSV, or outcomes, unreported targets and findings as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from taizhang.model import Outcome
from taizhang.views import outcome as said
from taizhang.views import words
from taizhang.views.outcome import VERDICTS, Checked
from taizhang.views.record import number
from taizhang.views.sheet import Cell, Row, as_csv
from taizhang.views.words import Lang, Words, say

COLUMNS: Words = {
    "place": ("地区", "place"),
    "period": ("目标年份", "target year"),
    "indicator": ("指标", "indicator"),
    "goal": ("上年目标", "last year's target"),
    "goal_value": ("目标值", "target value"),
    "goal_unit": ("单位", "unit"),
    "verdict": ("判定", "verdict"),
    "answer": ("完成情况", "reported"),
    "answer_value": ("完成值", "value reported"),
    "answer_unit": ("完成值单位", "its unit"),
    "derived": ("推算", "derived"),
    "reason": ("理由", "reason"),
    "words": ("查找的词", "words searched"),
    "nearest": ("最接近的原文", "nearest passage"),
    "goal_file": ("目标出处", "target's file"),
    "goal_line": ("行", "line"),
    "goal_text": ("目标原文", "target as written"),
    "answer_file": ("完成出处", "answer's file"),
    "answer_line": ("完成行", "answer's line"),
    "answer_text": ("完成原文", "answer as written"),
    "rule": ("规则", "rule"),
}
UNDERTAKING_COLUMNS: Words = {
    "place": ("地区", "place"),
    "period": ("年份", "year"),
    "thing": ("事项", "thing"),
    "promise_text": ("上年承诺原文", "as undertaken"),
    "heard": ("回应", "what is said"),
    "passage": ("报告原文", "passage of the report"),
    "reason": ("理由", "reason"),
    "words": ("查找的词", "words searched"),
    "goal_file": ("承诺出处", "undertaking's file"),
    "goal_line": ("行", "line"),
    "answer_file": ("回应出处", "answer's file"),
    "answer_line": ("回应行", "answer's line"),
    "rule": ("规则", "rule"),
}
FINDING_COLUMNS: Words = {
    "severity": ("程度", "severity"),
    "finding": ("疑点", "finding"),
    "formula": ("算式", "formula"),
    "one": ("一处原文", "one side"),
    "other": ("另一处原文", "the other side"),
    "code": ("代号", "code"),
}
_WIDTHS = {
    "place": 12, "period": 10, "indicator": 28, "goal": 18, "goal_value": 14, "goal_unit": 10, "verdict": 10,
    "answer": 20, "answer_value": 14, "answer_unit": 10, "derived": 6, "reason": 48, "words": 24, "nearest": 40,
    "goal_file": 22, "goal_line": 7, "goal_text": 40, "answer_file": 22, "answer_line": 8, "answer_text": 40,
    "rule": 24, "thing": 28, "promise_text": 40, "heard": 10, "passage": 40,
    "severity": 10, "finding": 60, "formula": 30, "one": 34, "other": 34, "code": 18,
}  # fmt: skip


def row(checked: Checked, item: Outcome, lang: Lang) -> Row:
    """One outcome as a row, in the order of `COLUMNS`."""
    earlier, later = checked.report(item.target_document), checked.report(item.answer_document)
    first = item.actuals[0] if item.actuals else None
    proof = item.proof
    place = item.sides[1] if len(item.sides) > 1 and later else None
    return (
        item.target.place,
        item.target.period,
        item.target.indicator,
        said.goal(item),
        None if item.words else number(item.target.value),
        None if item.words else item.target.unit,
        say(VERDICTS, item.verdict, lang),
        said.answer(item) or None,
        number(first.value) if first else None,
        first.unit if first else None,
        (("是" if lang == "zh" else "yes") if item.derived else None),
        said.reason(item, lang),
        "、".join(proof.words) if proof else None,
        words.one_line(proof.nearest[0].text) if proof and proof.nearest else None,
        checked.name(item.target_document),
        earlier.document.where(item.target.span.start)[0] if earlier else None,
        "".join(said.quote(earlier, item.target.span)) if earlier else None,
        checked.name(item.answer_document) or None,
        later.document.where(first.span.start)[0] if later and first else None,
        "".join(said.quote(later, first.span)) if later and first else (place.text if place else None),
        item.rule,
    )


def render_csv(checked: Checked, lang: Lang, *, undertakings: bool = False) -> bytes:
    """All outcomes, or all undertakings without a number, one a row, with the byte order mark that Excel needs."""
    columns = UNDERTAKING_COLUMNS if undertakings else COLUMNS
    head: Row = tuple(say(columns, name, lang) for name in columns)
    outcomes = [] if undertakings else [row(checked, item, lang) for item in checked.outcomes]
    return b"\xef\xbb\xbf" + as_csv([head, *(_undertaking_rows(checked, lang) if undertakings else outcomes)])


def _finding_rows(checked: Checked, lang: Lang) -> list[Row]:
    severities = words.SEVERITIES
    found: list[Row] = []
    for item in checked.findings:
        sides = [f"{checked.name(side.document)}：{words.one_line(side.text)}" for side in item.sides[:2]]
        sides += [""] * (2 - len(sides))
        found.append(
            (
                say(severities, item.severity, lang),
                item.zh if lang == "zh" else item.en,
                item.formula or None,
                sides[0] or None,
                sides[1] or None,
                item.code,
            )
        )
    return found


def _undertaking_rows(checked: Checked, lang: Lang) -> list[Row]:
    found: list[Row] = []
    for item in checked.undertakings:
        earlier, later = checked.report(item.document), checked.report(item.answer_document)
        passage = item.passages[0] if item.passages else None
        found.append(
            (
                earlier.frame.place if earlier else None,
                item.period,
                item.thing,
                words.one_line(item.text),
                say(said.HEARD, item.heard, lang),
                words.one_line(passage.text) if passage else None,
                words.one_line(item.reason_zh if lang == "zh" else item.reason_en),
                "、".join(item.words),
                checked.name(item.document),
                earlier.document.where(item.span.start)[0] if earlier else None,
                checked.name(item.answer_document) or None,
                later.document.where(passage.span.start)[0] if later and passage else None,
                item.rule,
            )
        )
    return found


def write_xlsx(checked: Checked, lang: Lang, stream: BinaryIO) -> None:
    """The workbook: answered targets, unreported targets, undertakings without numbers, findings, how to read them."""
    # Everything that reaches a cell is text of a report: none of it may become a formula or a link.
    book = xlsxwriter.Workbook(
        stream, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    zh = lang == "zh"
    answered = [item for item in checked.outcomes if item.verdict != "unreported"]
    silent = [item for item in checked.outcomes if item.verdict == "unreported"]
    names = list(COLUMNS)
    _page(book, "目标完成情况" if zh else "Outcomes", names, COLUMNS, [row(checked, i, lang) for i in answered], lang)
    _page(book, "未提及" if zh else "Not mentioned", names, COLUMNS, [row(checked, i, lang) for i in silent], lang)
    _page(
        book, "没有数字的承诺" if zh else "Undertakings", list(UNDERTAKING_COLUMNS), UNDERTAKING_COLUMNS,
        _undertaking_rows(checked, lang), lang,
    )  # fmt: skip
    _page(
        book, "疑点" if zh else "Findings", list(FINDING_COLUMNS), FINDING_COLUMNS, _finding_rows(checked, lang), lang
    )
    notes = book.add_worksheet("说明" if zh else "Notes")
    notes.set_column(0, 0, 100)
    plain = book.add_format({"font_name": "Microsoft YaHei", "font_size": 10, "text_wrap": True, "valign": "top"})
    for at, line in enumerate(
        (said.title(checked, lang), said.counts(checked.outcomes, lang), *_LEGEND[lang], _UNDERTAKINGS[lang])
    ):
        notes.write_string(at, 0, line, plain)
    book.close()


_LEGEND = {
    "zh": (
        "增速对增速，数额对数额，年份、单位、范围、地区都要相同；按原文所写的精度判断。",
        "达到、未达到：有同一指标的数字，或原文明说已经完成、还没有完成。部分达到：几个部分有的达到，有的没有。",
        "目标已调整：今年的报告把目标或口径说成了别的。难以判定：只有别的度量、单位、范围或几年合计的数字。",
        "未提及：没有数字，也没有说是否完成；“查找的词”和“最接近的原文”说明查过什么。",
        "推算：由增速和上年数额、或由完成率得出，原文没有直接写。数值已按万、亿换算。",
    ),
    "en": (
        "Growth answers growth, level answers level, of the same year, unit, scope, place, at the precision written.",
        "met, not met: a figure of the same thing, or words that plainly say it is or is not finished.",
        "target changed: the report names another. cannot tell: only another measure, unit, scope or sum of years.",
        "not mentioned: no figure and no word on completion; the words searched and the nearest passage are given.",
        "derived: computed from a growth and last year's level, or from a completion rate. Values are multiplied out.",
    ),
}


_UNDERTAKINGS = {
    "zh": "没有数字的承诺：有回应是点名且说已完成（或已开工、出台、成立、举办），有提及是只点名，未见是全文没有。"
    + said.WEAKER[0],
    "en": f"Undertakings: answered names it and says it is done (begun, issued, founded, held). {said.WEAKER[1]}",
}


def _page(
    book: xlsxwriter.Workbook, title: str, names: Sequence[str], columns: Words, rows: Sequence[Row], lang: Lang
) -> None:
    base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
    head = book.add_format(base | {"bold": True, "bg_color": "#ECEEF0", "bottom": 1, "text_wrap": True})
    text = book.add_format(base | {"text_wrap": True})
    amount = book.add_format(base | {"num_format": "#,##0.################"})
    whole = book.add_format(base | {"num_format": "#,##0"})
    page = book.add_worksheet(title)
    for at, name in enumerate(names):
        page.set_column(at, at, _WIDTHS[name])
        page.write_string(0, at, say(columns, name, lang), head)
    for line, cells in enumerate(rows, 1):
        for at, cell in enumerate(cells):
            _write(page, line, at, cell, text, amount, whole)
    page.freeze_panes(1, 3 if columns is COLUMNS else 1)
    page.autofilter(0, 0, max(len(rows), 1), len(names) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _write(page: Worksheet, line: int, at: int, cell: Cell, text: Format, amount: Format, whole: Format) -> None:
    if cell is None or cell == "":
        page.write_blank(line, at, None, text)
    elif isinstance(cell, str):
        page.write_string(line, at, cell[:32_767], text)
    elif abs(Decimal(cell)) >= Decimal(10) ** 15:  # beyond this Excel drops digits
        page.write_string(line, at, words.plain_number(Decimal(cell)), text)
    else:
        page.write_number(line, at, float(cell), whole if isinstance(cell, int) else amount)
