"""A workbook → its sheets as tables: what its cells show, each tied to its cell.

A cell holds a number and a way to show it, and people read what is shown: 0.0668 as 6.68%, 504.7698085 as 504.77. So
numbers are written as their format shows them, and the precision is that of the page: it is what the table publishes,
what a reader finds again and quotes, and what a check may rest on. Where the cell holds more digits than it shows, they
are kept beside the text (`Cell.exact`), and a finding says so. That is why workbooks are read
with openpyxl and xlrd: faster readers (calamine) do not give the formats. Where openpyxl stumbles over a style, the
workbook is read once more without its styles, and a finding says so.
"""

from __future__ import annotations

import datetime
import os
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import BytesIO
from itertools import groupby
from typing import Any, Final, NamedTuple

import msgspec

from taizhang.errors import ReadError, counted
from taizhang.model import Finding, Location
from taizhang.read.decoded import Box, Decoded, Pen, ReadOptions, is_data
from taizhang.read.package import Package, damaged, locked

_DEFAULT_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.I)
_NOTE = re.compile(r"(?:注|备注|附注|说明|资料来源|数据来源)\s*\d*\s*[：:]|[*＊]")
_UNIT_LINE = re.compile(r"(?:计量)?单\s*位\s*[：:]")
_UNCOUNTED = re.compile(rb"<c\b[^>]*>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_STYLE = re.compile(rb"(<(?:c|row|col)\b[^>]*?) (?:s|style)=\"[0-9]*\"")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_MOST_CELLS = 500_000
_ODS: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_MOST_REPEATED = 1_000
_MERGED = re.compile(
    rb'(<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref=")([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})(")'
)
_MOST_MERGED = (5_000, 500)
"""Rows and columns that one merged cell may cover; beyond them no table goes on, and each covered cell costs memory."""
_SHOWN = re.compile(r"-?[0-9][0-9,]*(?:\.([0-9]+))?")


class _Sheet(NamedTuple):
    name: str
    boxes: list[Box]
    hidden: int
    """Cells in hidden rows and columns."""


def decode_xlsx(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .xlsx files."""
    package = Package(data, name, options)
    uncounted = size = filled = cells = vast = 0
    for part in sorted(package.names):
        if not part.endswith((".xml", ".rels")):
            continue
        body = package.read(part)
        if b"<!DOCTYPE" in (body.replace(b"\0", b"") if b"\0" in body[:4096] else body):
            package.xml(part)
        if part.startswith("xl/worksheets/"):
            filled += body.count(b"<v>") + body.count(b"<is>")
            if filled > _MOST_CELLS:
                raise _vast(name)
            uncounted += len(_UNCOUNTED.findall(body))
            cells += sum(body.count(tag) for tag in (b"<c ", b":c ", b"<row ", b":row "))
            covered = [_covers(match) for match in _MERGED.finditer(body)]
            vast += sum(covered) > _MOST_CELLS or any(_too_far(match) for match in _MERGED.finditer(body))
        size += len(body)
    if size > options.most_unpacked // 3:
        raise _vast(name)
    if vast or cells > _MOST_CELLS:
        data = _rewritten(package, _within_bounds)
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


def _rewritten(package: Package, of_a_sheet: Callable[[bytes], bytes], without: str = "") -> bytes:
    """The workbook again, its sheets changed and one part left out."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted(package.names):
            if part.endswith("/") or part == without or not part.endswith((".xml", ".rels")):
                continue
            body = package.again(part)
            archive.writestr(part, of_a_sheet(body) if part.startswith("xl/worksheets/") else body)
    return buffer.getvalue()


def _unstyled(package: Package) -> bytes:
    """The workbook again without its styles."""
    return _rewritten(package, lambda body: _STYLE.sub(rb"\1", _within_bounds(body)), "xl/styles.xml")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


_EMPTY = re.compile(rb"<((?:\w+:)?c)\b[^>]*?(?:/>|(?<!/)>\s*</\1>)")
_EMPTY_ROW = re.compile(rb"<((?:\w+:)?row)\b[^>]*?(?:/>|(?<!/)>\s*</\1>)")


def _within_bounds(body: bytes) -> bytes:
    """A sheet without its empty cells, where merged cells and links cover no more than tables do.

    openpyxl makes an object of every empty cell and of every cell that one of them covers.
    """
    left = _MOST_CELLS

    def cut(match: re.Match[bytes]) -> bytes:
        nonlocal left
        nearer = _MERGED.match(_nearer(match))
        if nearer is None or _covers(nearer) > left:
            return match[1] + match[2] + match[3] + b":" + match[2] + match[3] + match[6]
        left -= _covers(nearer)
        return nearer[0]

    return _EMPTY_ROW.sub(b"", _EMPTY.sub(b"", _MERGED.sub(cut, body)))


def _covers(merged: re.Match[bytes]) -> int:
    """The places of the grid in a merged cell."""
    return max(0, int(merged[5]) - int(merged[3]) + 1) * max(0, _column(merged[4]) - _column(merged[2]) + 1)


def _too_far(merged: re.Match[bytes]) -> bool:
    high, wide = int(merged[5]) - int(merged[3]), _column(merged[4]) - _column(merged[2])
    return high > _MOST_MERGED[0] or wide > _MOST_MERGED[1] or high * wide > _MOST_CELLS // 10


def _nearer(merged: re.Match[bytes]) -> bytes:
    """A merged cell that no table could hold, as its first cell alone: the others keep what they hold."""
    return (
        merged[1] + merged[2] + merged[3] + b":" + merged[2] + merged[3] + merged[6] if _too_far(merged) else merged[0]
    )


def decode_xls(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .xls files."""
    import xlrd

    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123, a device
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=nowhere)
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
    named, display = (f"{{{_ODS[space]}}}{word}" for space, word in (("style", "name"), ("table", "display")))
    unseen = {
        style.get(named)
        for style in root.iterfind(".//office:automatic-styles/style:style", _ODS)
        if any(part.get(display) == "false" for part in style.iterfind("style:table-properties", _ODS))
    }
    sheets, hidden = [], []
    for table in root.iterfind(".//office:spreadsheet/table:table", _ODS):
        if table.get(f"{{{_ODS['table']}}}style-name") in unseen:
            hidden.append(table.get(f"{{{_ODS['table']}}}name") or "")
        else:
            sheets.append(_of_ods(table))
    return _written(sheets, hidden, "application/vnd.oasis.opendocument.spreadsheet", name, options)


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
        text = shown(cell.value, cell.number_format)
        boxes.append(
            Box(
                row - 1, column - 1, text, _at(sheet.title, row - 1, column - 1),
                area.max_row - row + 1 if area else 1, area.max_col - column + 1 if area else 1,
                exact=unrounded(cell.value, text),
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
            text = shown(value, form)
            place = _at(sheet.name, row, column)
            boxes.append(Box(row, column, text, place, high, wide, exact=unrounded(value, text)))
    return _Sheet(sheet.name, boxes, hidden)


def _of_ods(table: Any) -> _Sheet:
    space = f"{{{_ODS['table']}}}"
    name = table.get(f"{space}name") or ""
    boxes: list[Box] = []
    hidden = row = at_column = 0
    unseen: set[int] = set()
    for line in table.iter(f"{space}table-column"):
        times = _repeats(line.get(f"{space}number-columns-repeated"))
        if line.get(f"{space}visibility") in ("collapse", "filter"):
            unseen.update(range(at_column, at_column + min(times, 20_000)))
        at_column += times
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
                exact = _of_office(cell, text)
                if len(cells) > _MOST_CELLS:
                    break
                for at in range(column, column + min(times, _MOST_REPEATED)):
                    if at in unseen:
                        hidden += 1
                    else:
                        cells.append(Box(row, at, text, _at(name, row, at), high, wide, exact=exact))
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


def _of_office(cell: Any, text: str) -> str | None:
    """What a cell of an OpenDocument sheet holds beyond what it shows."""
    try:
        return unrounded(float(cell.get(f"{{{_ODS['office']}}}value", "")), text)
    except (ValueError, OverflowError):
        return None


def _repeats(word: str | None) -> int:
    return max(1, int(word)) if word and word.isdecimal() and len(word) < 10 else 1


def _at(sheet: str, row: int, column: int) -> Location:
    return Location("cell", path=f"{sheet}!{_letters(column + 1)}{row + 1}")


def _letters(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


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


def unrounded(value: object, text: str) -> str | None:
    """The number that a cell holds, in the unit that it shows, where what it shows is that number rounded."""
    match = _SHOWN.search(text)
    if match is None or isinstance(value, bool) or not isinstance(value, (int, float)) or len(text) > 40:
        return None
    held = Decimal(f"{value:.15g}") * (100 if text.rstrip(")）").endswith("%") else 1)
    seen = Decimal(match[0].replace(",", ""))
    if len(seen.as_tuple().digits) > 9 or abs(held) == abs(seen):
        return None
    away = abs(abs(held) - abs(seen))
    return f"{held.normalize():f}" if away <= Decimal(5).scaleb(-1 - len(match[1] or "")) else None


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
        of_sheets = f"{len(hidden)}张工作表（{'、'.join(hidden[:5])}）" if hidden else ""
        in_english = f"{counted(len(hidden), 'sheet')} ({', '.join(hidden[:5])})" if hidden else ""
        in_cells = counted(cells, "cell") if cells else ""
        pen.find(
            "read.hidden-text", "info",
            f"隐藏的内容没有读：{'，'.join(filter(None, (of_sheets, f'{cells}个单元格' if cells else '')))}。",
            f"Hidden content was not read: {', '.join(filter(None, (in_english, in_cells)))}.",
        )  # fmt: skip
    _tell_rounded(pen, sheets[: options.pages])
    if uncounted:
        pen.find(
            "read.uncounted-formulas", "warning",
            f"有{uncounted}个公式没有存下结果，读不到数。请用 Excel 或 WPS 打开后保存一次。",
            f"{counted(uncounted, 'formula has', 'formulas have')} no stored result. Open the file in Excel or WPS and "
            "save it once.",
        )  # fmt: skip
    return pen.decoded(media_type)


def _tell_rounded(pen: Pen, sheets: list[_Sheet]) -> None:
    rounded = [box for sheet in sheets for box in sheet.boxes if box.exact]
    if rounded:
        first = rounded[0]
        where = first.location.path if first.location else ""
        pen.find(
            "read.rounded", "info",
            f"有{len(rounded)}个数的单元格格式把小数位收起来了（如 {where} 显示 {first.text}，存的是 {first.exact}）。"
            "读出的是显示的数；存的数在 --format json 的 exact 里。",
            f"{counted(len(rounded), 'number is', 'numbers are')} shown rounded by the format of the cell ({where} "
            f"shows {first.text} and holds {first.exact}). What is shown was read; what is held is in --format json as "
            "exact.",
        )  # fmt: skip


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
