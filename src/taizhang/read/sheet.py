"""A workbook → its sheets as tables: what its cells show, each tied to its cell.

A cell holds a number and a way to show it, and people read what is shown: 0.0668 as 6.68%, 504.7698085 as 504.77. So
numbers are written as their format shows them, and the precision is that of the page. That is why workbooks are read
with openpyxl and xlrd: faster readers (calamine) do not give the formats. Where openpyxl stumbles over a style, the
workbook is read once more without its styles, and a finding says so.
"""

from __future__ import annotations

import datetime
import os
import re
import warnings
import zipfile
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import BytesIO
from itertools import groupby
from typing import Any, Final, NamedTuple

import msgspec

from taizhang.errors import ReadError
from taizhang.model import Finding, Location
from taizhang.read.decoded import Box, Decoded, Pen, ReadOptions, is_data
from taizhang.read.package import Package, damaged, locked

_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.I)
_NOTE = re.compile(r"(?:注|备注|附注|说明|资料来源|数据来源)\s*\d*\s*[：:]|[*＊]")
_UNIT_LINE = re.compile(r"(?:计量)?单\s*位\s*[：:]")
_UNCOUNTED = re.compile(rb"<c\b[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_STYLE = re.compile(rb"(<(?:c|row|col)\b[^>]*?) (?:s|style)=\"[0-9]*\"")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_MOST_CELLS = 2_000_000
_ODS: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_MOST_REPEATED = 1_000


class _Sheet(NamedTuple):
    name: str
    boxes: list[Box]
    hidden: int
    """Cells in hidden rows and columns."""


def decode_xlsx(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .xlsx files."""
    package = Package(data, name, options)
    uncounted = size = 0
    for part in sorted(package.names):
        if not part.endswith((".xml", ".rels")):
            continue
        body = package.read(part)
        if b"<!DOCTYPE" in body[:4096].replace(b"\0", b""):
            package.xml(part)
        if part.startswith("xl/worksheets/"):
            uncounted += len(_UNCOUNTED.findall(body))
        size += len(body)
    if size > options.most_unpacked // 3:
        raise _vast(name)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    try:
        return _written(*_opened(data), kind, name, options, uncounted)
    except (MemoryError, ReadError):
        raise
    except Exception:  # openpyxl raises whatever comes up in the file; most often it is a style that it does not know
        try:
            decoded = _written(*_opened(_unstyled(package)), kind, name, options, uncounted)
        except (MemoryError, ReadError):
            raise
        except Exception as error:
            raise damaged(name) from error
    unformatted = Finding(
        "read.formats-lost",
        "warning",
        "工作簿的单元格格式读不了，数字按存储的原值读出（如 6.7% 可能读作 0.067），请对照原表。",
        "The formats of the workbook's cells cannot be read; numbers are as stored (6.7% may read 0.067).",
        rule="read.formats-lost/1",
    )
    return msgspec.structs.replace(decoded, findings=(unformatted, *decoded.findings))


def _opened(data: bytes) -> tuple[list[_Sheet], list[str]]:
    """The sheets of a workbook, and the names of the hidden ones."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that it does not know
        book = openpyxl.load_workbook(BytesIO(data), data_only=True)
    sheets = [_of_openpyxl(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return sheets, [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]


def _unstyled(package: Package) -> bytes:
    """The workbook again without its styles."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(package.names):
            if part.endswith("/") or part == "xl/styles.xml" or not part.endswith((".xml", ".rels")):
                continue
            body = package.again(part)
            if part.startswith("xl/worksheets/"):
                body = _STYLE.sub(rb"\1", body)
            archive.writestr(part, body)
    return buffer.getvalue()


def decode_xls(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .xls files."""
    import xlrd

    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123, a device
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=nowhere)
        sheets = [_of_xlrd(book, sheet) for sheet in book.sheets() if not sheet.visibility]
        hidden = [sheet.name for sheet in book.sheets() if sheet.visibility]
    except (MemoryError, ReadError):
        raise
    except Exception as error:
        raise (locked(name) if "encrypt" in str(error).lower() else damaged(name)) from error
    return _written(sheets, hidden, "application/vnd.ms-excel", name, options)


def decode_ods(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .ods files, which hold what each cell shows."""
    package = Package(data, name, options)
    manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in package.names else b""
    if b"encryption-data" in manifest:
        raise locked(name)
    root = package.xml("content.xml")
    sheets = [_of_ods(table) for table in root.iterfind(".//office:spreadsheet/table:table", _ODS)]
    return _written(sheets, [], "application/vnd.oasis.opendocument.spreadsheet", name, options)


def _of_openpyxl(sheet: Any) -> _Sheet:
    merged = {area.min_row * 100_000 + area.min_col: area for area in sheet.merged_cells.ranges}
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    columns: set[int] = set()
    for column in sheet.column_dimensions.values():
        if column.hidden and column.min and column.max:
            columns.update(range(column.min, min(column.max, 20_000) + 1))
    boxes, hidden = [], 0
    for (row, column), cell in sheet._cells.items():
        if cell.value is None:
            continue
        if row in rows or column in columns:
            hidden += 1
            continue
        area = merged.get(row * 100_000 + column)
        boxes.append(
            Box(
                row - 1, column - 1, shown(cell.value, cell.number_format), _at(sheet.title, row - 1, column - 1),
                area.max_row - row + 1 if area else 1, area.max_col - column + 1 if area else 1,
            )
        )  # fmt: skip
    return _Sheet(sheet.title, boxes, hidden)


def _of_xlrd(book: Any, sheet: Any) -> _Sheet:
    import xlrd

    merged = {(top, left): (bottom - top, right - left) for top, bottom, left, right in sheet.merged_cells}
    rows = {number for number, row in sheet.rowinfo_map.items() if row.hidden}
    columns = {number for number, column in sheet.colinfo_map.items() if column.hidden}
    boxes, hidden = [], 0
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
                continue
            if row in rows or column in columns:
                hidden += 1
                continue
            form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
            value = cell.value
            if cell.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(value, book.datemode)
            elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(value)
            high, wide = merged.get((row, column), (1, 1))
            boxes.append(Box(row, column, shown(value, form), _at(sheet.name, row, column), high, wide))
    return _Sheet(sheet.name, boxes, hidden)


def _of_ods(table: Any) -> _Sheet:
    space = f"{{{_ODS['table']}}}"
    name = table.get(f"{space}name") or ""
    boxes: list[Box] = []
    hidden = row = 0
    for line in table.iter(f"{space}table-row"):
        repeated = _repeats(line.get(f"{space}number-rows-repeated"))
        cells: list[Box] = []
        column = 0
        for cell in line:
            if cell.tag not in (f"{space}table-cell", f"{space}covered-table-cell"):
                continue
            times = _repeats(cell.get(f"{space}number-columns-repeated"))
            text = "\n".join("".join(part.itertext()) for part in cell.iterfind("text:p", _ODS)).strip()
            if text and cell.tag == f"{space}table-cell":
                high = _repeats(cell.get(f"{space}number-rows-spanned"))
                wide = _repeats(cell.get(f"{space}number-columns-spanned"))
                for at in range(column, column + min(times, _MOST_REPEATED)):
                    cells.append(Box(row, at, text, _at(name, row, at), high, wide))
            column += times
        if line.get(f"{space}visibility") in ("collapse", "filter"):
            hidden += len(cells)
        elif cells:
            for number in range(row, row + min(repeated, _MOST_REPEATED)):
                boxes.extend(box._replace(row=number, location=_at(name, number, box.column)) for box in cells)
        if len(boxes) > _MOST_CELLS:
            break
        row += repeated
    return _Sheet(name, boxes, hidden)


def _repeats(word: str | None) -> int:
    return max(1, int(word)) if word and word.isdecimal() and len(word) < 10 else 1


def _at(sheet: str, row: int, column: int) -> Location:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return Location("cell", path=f"{sheet}!{letters}{row + 1}")


# --- what a cell shows -----------------------------------------------------------------------------------------------


def shown(value: object, form: str) -> str:
    """What a cell with this value and number format shows."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return _date(value, form)
    if isinstance(value, (int, float)):
        try:
            return _number(Decimal(repr(value)), form)
        except (InvalidOperation, ValueError):
            return str(value)
    return str(value)


def _date(value: datetime.date, form: str) -> str:
    pattern = _LITERAL.sub("", form).lower()
    day, month = "d" in pattern, "m" in pattern
    if "年" in form:
        return f"{value.year}年" + (f"{value.month}月" if month else "") + (f"{value.day}日" if day else "")
    if not month and not day:
        return str(value.year)
    return f"{value.year}-{value.month:02}" + (f"-{value.day:02}" if day else "")


def _number(value: Decimal, form: str) -> str:
    sections = _sections(form)
    section = sections[0]
    negative = value < 0
    if negative and len(sections) > 1:
        section, negative = sections[1], False
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    value = abs(value)
    pattern = _LITERAL.sub(lambda match: "\0" if match[1] or match[2] else "", section)
    literals = [match[1] or match[2] for match in _LITERAL.finditer(section) if match[1] or match[2]]
    digits = re.search(r"[0#?][0#?,]*(?:\.[0#?]*)?", pattern)
    if digits is None or re.search(r"[Ee][+-]|general|@|/", pattern, re.I):
        text, pattern_before, pattern_behind = _general(value), "", ""
    else:
        if "%" in pattern:
            value *= 100
        whole, _, part = digits[0].partition(".")
        value = value.scaleb(-3 * (len(whole) - len(whole.rstrip(","))))
        places = len(part)
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        text = f"{value:,f}" if "," in whole.rstrip(",") else f"{value:f}"
        if part.endswith("#") and "." in text:
            text = text.rstrip("0").rstrip(".")
        pattern_before, pattern_behind = pattern[: digits.start()], pattern[digits.end() :]
    sign = "-" if negative and value else ""
    taken = iter(literals)

    def filled(words: str) -> str:
        kept = re.sub(r"[^\0%+()（）\-¥$±一-鿿]", "", words)
        return "".join(next(taken, "") if letter == "\0" else letter for letter in kept)

    return sign + filled(pattern_before) + text + filled(pattern_behind)


def _sections(form: str) -> list[str]:
    """The parts of a number format: positive, negative, zero, text. A semicolon in quotes parts nothing."""
    parts, quoted = [""], False
    for letter in form or "General":
        quoted ^= letter == '"'
        if letter == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _general(value: Decimal) -> str:
    """As Excel shows a number that no format is set for, in a column that is wide enough: ten digits."""
    rounded = +value if len(value.as_tuple().digits) <= 10 else Decimal(f"{value:.10g}")
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- sheets as text --------------------------------------------------------------------------------------------------


def _written(
    sheets: list[_Sheet], hidden: list[str], media_type: str, name: str, options: ReadOptions, uncounted: int = 0
) -> Decoded:
    if sum(len(sheet.boxes) for sheet in sheets) > _MOST_CELLS:
        raise _vast(name)
    pen = Pen()
    sheets = [sheet for sheet in sheets if sheet.boxes]
    for sheet in sheets[: options.pages]:
        if len(sheets) > 1 and not _DEFAULT_NAME.fullmatch(sheet.name.strip()):
            pen.line(sheet.name.strip(), Location("cell", path=sheet.name))
        write_grid(pen, sheet.boxes, sheet.name)
    if len(sheets) > options.pages:
        pen.find(
            "read.too-many-pages", "warning",
            f"工作簿有{len(sheets)}张表，只读了前{options.pages}张。",
            f"The workbook has {len(sheets)} sheets; only the first {options.pages} were read.",
        )  # fmt: skip
    cells = sum(sheet.hidden for sheet in sheets)
    if hidden or cells:
        pen.find(
            "read.hidden-text", "info",
            f"隐藏的内容没有读：{len(hidden)}张工作表（{'、'.join(hidden[:5])}），{cells}个单元格。",
            f"Hidden content was not read: {len(hidden)} sheets ({', '.join(hidden[:5])}), {cells} cells.",
        )  # fmt: skip
    if uncounted:
        pen.find(
            "read.uncounted-formulas", "warning",
            f"有{uncounted}个公式没有存下结果，读不到数。请用 Excel 或 WPS 打开后保存一次。",
            f"{uncounted} formulas have no stored result. Open the file in Excel or WPS and save it once.",
        )  # fmt: skip
    return pen.decoded(media_type)


def write_grid(pen: Pen, boxes: Iterable[Box], name: str | None) -> None:
    """Write a sheet: titles, unit lines and notes as lines, what stands between them as tables."""
    filled = sorted((box for box in boxes if box.text.strip()), key=lambda box: box[:2])
    rows = [list(group) for _, group in groupby(filled, key=lambda box: box.row)]
    block: list[list[Box]] = []
    for row in rows:
        # Behind an empty row, one cell alone opens a new table: its title.
        if block and len(row) == 1 and row[0].row > max(box.row + box.rowspan for box in block[-1]):
            _write_block(pen, block, name)
            block = []
        block.append(row)
    _write_block(pen, block, name)


def _write_block(pen: Pen, rows: list[list[Box]], name: str | None) -> None:
    first, last = 0, len(rows)
    while first < last and ((len(rows[first]) == 1 and rows[first][0].rowspan == 1) or _is_unit_line(rows[first])):
        first += 1
    while last > first and len(rows[last - 1]) == 1 and _NOTE.match(rows[last - 1][0].text.strip()):
        last -= 1
    _write_lines(pen, rows[:first])
    body = [box for row in rows[first:last] for box in row]
    if is_data(body):
        pen.table(body, name)
    else:
        _write_lines(pen, rows[first:last])
    _write_lines(pen, rows[last:])


def _is_unit_line(row: list[Box]) -> bool:
    return len(row) <= 3 and any(_UNIT_LINE.match(box.text.strip()) and len(box.text.strip()) > 3 for box in row)


def _write_lines(pen: Pen, rows: list[list[Box]]) -> None:
    for row in rows:
        for box in row:
            for line in box.text.splitlines():
                if line.strip() and box.location:
                    pen.line(line.strip(), box.location)


def _vast(name: str) -> ReadError:
    return ReadError(
        f"工作簿“{name}”的单元格太多，不像一份报告，没有读取。请把需要的表另存为单独的文件再试。",
        f"The workbook “{name}” has more cells than any report; it was not read. Save the sheets you need as a file.",
    )
