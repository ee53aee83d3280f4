"""Workbooks and tables in text: what the cells show, each tied to its cell; and bad files."""

from __future__ import annotations

import datetime
import io
import time
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from taizhang.errors import ReadError
from taizhang.extract import extract
from taizhang.model import Document, Span
from taizhang.read import read
from taizhang.read.sheet import shown, unrounded
from taizhang.views.record import report_record


def _book(write: Callable[[Any], None]) -> bytes:
    book = openpyxl.Workbook()
    write(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _simple(book: Any) -> None:
    sheet = book.active
    sheet.append(["云溪市2031年主要指标表"])
    sheet.merge_cells("A1:D1")
    sheet.append(["", "", "", "单位：亿元"])
    sheet.append(["指标", "2030年", "", "2031年计划"])
    sheet.append(["", "总量", "增长", ""])
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("D3:D4")
    sheet.append(["生产总值", 862.504, 0.056, "增长6%左右"])
    sheet["B5"].number_format = "#,##0.0"
    sheet["C5"].number_format = "0.0%"
    sheet.append(["注：2030年为初步数。"])


def _path(document: Document, words: str) -> str | None:
    start = document.text.index(words)
    (location,) = document.locate(Span(start, start + len(words)))
    assert location.kind == "cell"
    return location.path


def test_a_sheet_is_its_title_its_table_and_its_note() -> None:
    document = read(_book(_simple), "表.doc")
    assert document.text == (
        "云溪市2031年主要指标表\n单位：亿元\n指标\t2030年\t\t2031年计划\n\t总量\t增长\n"
        "生产总值\t862.5\t5.6%\t增长6%左右\n注：2030年为初步数。\n"
    )
    (table,) = document.tables
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in table.cells][:3] == [
        (2, 0, 2, 1),
        (2, 1, 1, 2),
        (2, 3, 2, 1),
    ]
    assert all(document.slice(cell.span) for cell in table.cells)
    assert (_path(document, "862.5"), _path(document, "5.6%")) == ("Sheet!B5", "Sheet!C5")
    assert _path(document, "单位：亿元") == "Sheet!D2"


def test_hidden_sheets_rows_and_columns_are_said_and_not_read() -> None:
    def write(book: Any) -> None:
        _simple(book)
        book.active.row_dimensions[6].hidden = True
        book.create_sheet("底稿").append(["藏", 1])
        book["底稿"].sheet_state = "hidden"

    document = read(_book(write))
    assert "初步数" not in document.text and "藏" not in document.text
    finding = document.findings[0]
    assert finding.code == "read.hidden-text"
    assert "1张工作表（底稿），1个单元格。" in finding.zh and "1 sheet (底稿), 1 cell." in finding.en


def test_hidden_sheets_rows_and_columns_of_an_opendocument_sheet() -> None:
    hidden = '<s:style s:name="ta2" s:family="table"><s:table-properties t:display="false"/></s:style>'
    document = read(
        _ods(
            f"<o:automatic-styles>{hidden}</o:automatic-styles>",
            f'<t:table t:name="底稿" t:style-name="ta2"><t:table-row>{_cell("藏")}</t:table-row></t:table>',
            f'<t:table-row t:visibility="collapse">{_cell("油料")}</t:table-row>',
            '<t:table-column/><t:table-column/><t:table-column t:visibility="collapse"/>',
        )
    )
    assert document.text == "指标\t增长\n生产总值\t5.6%\n粮食\t1.2%\n"
    (finding,) = document.findings
    assert finding.code == "read.hidden-text" and "1张工作表（底稿），1个单元格" in finding.zh


def _cell(text: str) -> str:
    return f"<t:table-cell><x:p>{text}</x:p></t:table-cell>"


@pytest.mark.parametrize(
    ("value", "form", "text", "exact"),
    [
        (862.504, "#,##0.0", "862.5", "862.504"),
        (-3.26, "0.0_);(0.0)", "(3.3)", "-3.26"),
        (0.05638, "0.0%", "5.6%", "5.638"),
        (862.5, "#,##0.00", "862.50", None),
        (0.056, "0.0%", "5.6%", None),
        (504.76980851135437, "General", "504.7698085", None),
        (1234567.0, "#,##0,", "1,235", None),  # in thousands: another unit than the one that is held
        (2031, '0"年"', "2031年", None),
    ],
)
def test_a_number_that_is_shown_rounded_is_kept_as_it_is_held(
    value: float, form: str, text: str, exact: str | None
) -> None:
    assert shown(value, form) == text
    assert unrounded(value, text) == exact


def test_the_number_that_a_cell_holds_is_in_the_record() -> None:
    def write(book: Any) -> None:
        for row in (["指标", "单位", "2030年"], ["生产总值", "亿元", 1284.66], ["粮食产量", "万吨", 48.2]):
            book.active.append(row)
        book.active["C2"].number_format = "#,##0.0"

    report = extract(read(_book(write)))
    (finding,) = [finding for finding in report.findings if finding.code == "read.rounded"]
    assert "1,284.7" in finding.zh and "1284.66" in finding.zh and "C2" in finding.zh
    first, second = report_record(report)["statements"]
    assert (first["text"], first["value"], first["exact"]) == ("1,284.7", 128_470_000_000, 128_466_000_000)
    assert "exact" not in second


def test_a_merged_cell_without_end_costs_nothing_and_hides_nothing() -> None:
    def write(book: Any) -> None:
        for row in (["指标", "数值"], ["粮食", 48.2], ["油料", 3]):
            book.active.append(row)
        book.active.merge_cells("D1:D2")

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book(write))) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'"D1:D2"', b'"A1:XFD1048576"'))
    began = time.monotonic()
    assert read(buffer.getvalue()).text == "指标\t数值\n粮食\t48.2\n油料\t3\n"
    assert time.monotonic() - began < 5


def test_several_sheets_stand_one_after_the_other_under_their_names() -> None:
    def write(book: Any) -> None:
        for name in ("2030年", "2031年"):
            sheet = book.create_sheet(name)
            for row in (["指标", "数值"], ["粮食", 48.2], ["油料", 3]):
                sheet.append(row)

    document = read(_book(write))
    assert document.text == "2030年\n指标\t数值\n粮食\t48.2\n油料\t3\n2031年\n指标\t数值\n粮食\t48.2\n油料\t3\n"
    assert [table.name for table in document.tables] == ["2030年", "2031年"]


def test_formulas_without_a_result_are_said() -> None:
    def write(book: Any) -> None:
        for row in (["指标", "数值"], ["粮食", 48.2], ["合计", "=B2*2"]):
            book.active.append(row)

    assert [finding.code for finding in read(_book(write)).findings] == ["read.uncounted-formulas"]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.0668, "0.00%", "6.68%"),
        (-0.05, "0.0%;-0.0%", "-5.0%"),
        (504.7698, "0.00", "504.77"),
        (2.5, "0", "3"),
        (12345.6, "#,##0.0", "12,345.6"),
        (-3.25, "0.0_ ", "-3.3"),
        (-3.26, "0.0_);(0.0)", "(3.3)"),
        (-3.26, "0.0_);[Red]\\(0.0\\)", "(3.3)"),
        (-0.004, "0.00", "0.00"),
        (8.6, '0.0"亿元"', "8.6亿元"),
        (2031, '0"年"', "2031年"),
        (12.5, "0.##", "12.5"),
        (12, "0.##", "12"),
        (3.0, "General", "3"),
        (504.76980851135437, "General", "504.7698085"),
        (1e9, "General", "1000000000"),
        (True, "General", "是"),
        ("持平", "0.0", "持平"),
        (datetime.datetime(2031, 3, 1), "yyyy年m月", "2031年3月"),
        (datetime.datetime(2031, 3, 1), "yyyy-mm-dd", "2031-03-01"),
    ],
)
def test_a_cell_is_written_as_it_shows(value: object, form: str, text: str) -> None:
    assert shown(value, form) == text


def _ods(
    styles: str = "", sheet: str = "", row: str = "", columns: str = "", packing: int = zipfile.ZIP_STORED
) -> bytes:
    table, text = "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    rows = "".join(
        f"<t:table-row>{''.join(f'<t:table-cell><x:p>{cell}</x:p></t:table-cell>' for cell in row)}"
        '<t:table-cell t:number-columns-repeated="16000"/></t:table-row>'
        for row in (("指标", "增长"), ("生产总值", "5.6%"), ("粮食", "1.2%"))
    )
    content = (
        f'<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:t="{table}" '
        f'xmlns:x="{text}" xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0">{styles}'
        f'<o:body><o:spreadsheet><t:table t:name="表">{columns}{rows}{row}'
        '<t:table-row t:number-rows-repeated="1000000">'
        f"<t:table-cell/></t:table-row></t:table>{sheet}</o:spreadsheet></o:body></o:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def test_an_opendocument_sheet() -> None:
    document = read(_ods())
    assert document.text == "指标\t增长\n生产总值\t5.6%\n粮食\t1.2%\n"
    assert _path(document, "5.6%") == "表!B2"
    assert read(_ods(packing=zipfile.ZIP_DEFLATED)).text == document.text


CSV = "指标,单位,2030年\r\n生产总值,亿元,862.5\r\n\"粮食,产量\",万吨,48.2\r\n油料,万吨,3.1\r\n"  # fmt: skip


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_separated_values_stay_as_they_are_and_have_their_cells(codec: str) -> None:
    document = read(CSV.encode(codec), "表.csv")
    assert document.text.lstrip("\ufeff") == CSV and document.source.media_type == "text/csv"
    (table,) = document.tables
    assert [document.slice(cell.span) for cell in table.cells][3:9] == [
        "生产总值", "亿元", "862.5", "粮食,产量", "万吨", "48.2",
    ]  # fmt: skip
    assert document.locate(table.cells[5].span)[0].line == 2


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("前文。\n指标\t增长\n粮食\t1.2\n油料\t-3\n后文。\n", ["指标", "增长", "粮食", "1.2", "油料", "-3"]),
        ("| 指标 | 增长 |\n| --- | ---: |\n| 粮食 | 1.2% |\n后文", ["指标", "增长", "粮食", "1.2%"]),
        # Prose with commas, indents by tabs and a bar in a line are no tables.
        ("一,增长5%,较快\n二,下降3%,较慢\n三,增长2%。共计\n四,无\n", None),
        ("\t一、增长\t较快\n\t二、下降\t较慢\n\t三、持续\t向好\n", None),
        ("甲|乙|丙\n丁|戊|己\n", None),
    ],
)
def test_tables_in_text(text: str, cells: list[str] | None) -> None:
    document = read(text.encode(), "报告.md")
    assert document.text == text
    assert [document.slice(cell.span) for table in document.tables for cell in table.cells] == (cells or [])


PLAN = """云溪市2031年主要指标表{0}{0}{0}
指标{0}单位{0}2030年完成{0}2031年预期目标
地区生产总值{0}亿元{0}"1,284.66"{0}增长6%左右
粮食产量{0}万吨{0}45.2{0}稳定在45以上
"其中：早稻{0} 晚稻"{0}万吨{0}15.2{0}—
人均生产总值{0}元{0}￥41200{0}
"""


@pytest.mark.parametrize("mark", [",", ";", "；", "\t"])
def test_whatever_mark_parts_the_values(mark: str) -> None:
    document = read(PLAN.format(mark).encode(), "表.csv")
    assert document.source.media_type == "text/csv"
    (table,) = document.tables
    cells = [(cell.row, cell.column, document.slice(cell.span)) for cell in table.cells]
    assert [text for _, column, text in cells if column == 1] == ["单位", "亿元", "万吨", "万吨", "元"]
    assert (2, 2, "1,284.66") in cells and (4, 0, f"其中：早稻{mark} 晚稻") in cells


def test_commas_inside_of_numbers_part_no_values() -> None:
    text = (
        "指标;单位;2030年;2031年\n生产总值;亿元;1,284.6;1,360.1\n人均收入;元;41,200;43,500\n财政收入;万元;8,300;9,100\n"
    )
    (table,) = read(text.encode(), "表.csv").tables
    assert max(cell.column for cell in table.cells) == 3 and len(table.cells) == 16


_TWO_LINES = """\
                  2030年        2031年
  年份
              （亿元）      （亿元）
  第一产业         102.4          110.3
  林    业          12.4           13.3
  第三产业       1,204.9        1,310.2
"""
_ONE_BLANK = """\
  指标           产量（万吨） 比上年增长（%）
  粮食             45.2        1.1
  油料              3.0       -2.0
"""
_ONE_ROW = """\
  指标           产量        增长
  粮食             45.2        1.1
全年平稳。
"""
_NO_HEADING = """\
  粮食             45.2        1.1
  油料              3.0       -2.0
"""
_PROSE = "全年粮食产量  45.2  万吨，增长  1.1\n%；油料产量  3.0  万吨，下降  2.0\n%；棉花平稳。\n"
_INDENTED = "一、综　　合\n　　全年增长　　5.2\n%，其中工业增长　　6.1\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [(_TWO_LINES, 6), (_ONE_BLANK, 3), (_ONE_ROW, 0), (_NO_HEADING, 0), (_PROSE, 0), (_INDENTED, 0)],
)
def test_columns_of_blanks(text: str, rows: int) -> None:
    document = read(text.encode(), "公报.txt")
    assert document.text == text and document.source.media_type == "text/plain"
    cells = [cell for table in document.tables for cell in table.cells]
    assert len({cell.row for cell in cells}) == rows
    assert all(document.slice(cell.span) == document.slice(cell.span).strip() for cell in cells)


def _bomb() -> bytes:
    buffer = io.BytesIO(_book(_simple))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"\0" * 300_000_000)
    return buffer.getvalue()


def _with_entities() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book(_simple))) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                body = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + body
            new.writestr(part, body)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
OLE_CUT = OLE[:30] + b"\x09\x00" + bytes(16) + b"\x64\x00\x00\x00" + bytes(500)  # its directory is behind its end


@pytest.mark.parametrize(
    ("data", "zh"),
    [
        (_book(_simple)[:3000], "已损坏"),
        (_bomb(), "解压后超过上限"),
        (_with_entities(), "实体"),
        (OLE + "Workbook".encode("utf-16-le"), "已损坏"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (_ods()[:400], "已损坏"),
        (OLE_CUT, "已损坏"),
    ],
)
def test_bad_files_end_in_a_sentence_and_soon(data: bytes, zh: str) -> None:
    began = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read(data, "坏.xlsx")
    assert time.monotonic() - began < 5
    assert zh in caught.value.zh and "坏.xlsx" in caught.value.en


def test_a_style_that_the_library_does_not_know_loses_the_formats_only() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book(_simple))) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            body = old.read(part)
            if part == "xl/styles.xml":
                body = body.replace(b"<patternFill", b'<patternFill patternType="wpsOwn"', 1)
                assert b"wpsOwn" in body
            new.writestr(part, body)
    document = read(buffer.getvalue(), "表.xlsx")
    assert "生产总值\t862.504\t0.056\t增长6%左右" in document.text
    assert [finding.code for finding in document.findings] == ["read.formats-lost"]


TAGGED = (
    "澜川市2031年主要指标完成情况\n\n"
    "<table><tr><td rowspan=2>指标</td><td colspan='2'>2031年</td></tr><tr><td>总量（亿元）</td>"
    "<td> <b>比上年增长（%）</b></td></tr><tr><td>生产总值</td><td>912.4</td><td>5.6</td></tr>"
    "<tr><td>固定资产投资</td><td></td><td>-3.2</td></tr></table>\n\n上述数据为初步统计数。\n"
)


def test_a_table_in_tags_inside_of_a_text_is_read_as_a_table() -> None:
    document = read(TAGGED.encode(), "识别结果.md")
    assert document.text == TAGGED
    (table,) = document.tables
    assert document.slice(table.span).startswith("<table") and document.slice(table.span).endswith("</table>")
    assert [(c.row, c.column, c.rowspan, c.colspan, document.slice(c.span)) for c in table.cells] == [
        (0, 0, 2, 1, "指标"), (0, 1, 1, 2, "2031年"), (1, 1, 1, 1, "总量（亿元）"), (1, 2, 1, 1, "比上年增长（%）"),
        (2, 0, 1, 1, "生产总值"), (2, 1, 1, 1, "912.4"), (2, 2, 1, 1, "5.6"),
        (3, 0, 1, 1, "固定资产投资"), (3, 2, 1, 1, "-3.2"),
    ]  # fmt: skip
    found = [(s.text, s.indicator, s.measure, s.period) for s in extract(document).statements]
    assert found == [
        ("912.4", "生产总值", "level", "2031"), ("5.6", "生产总值", "growth", "2031"),
        ("-3.2", "固定资产投资", "growth", "2031"),
    ]  # fmt: skip


def test_tags_that_frame_no_table_are_none() -> None:
    for text in ("增长5%。<table><tr><td>只有一格，增长6%。</td></tr></table>", "<table>坏了，增长6%。"):
        assert read(text.encode()).tables == ()
