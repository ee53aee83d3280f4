"""A Word file → its text, a paragraph a line, with the paragraph or cell of each stretch.

What is read is what Word shows when all changes are accepted: inserted text is there, deleted text is not, numbers that
Word makes (一、 （一）) are written out, since they are the report's structure. Text boxes follow the paragraph that
they hang on, notes stand at the end. The XML is read directly: python-docx passes over insertions and text boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from taizhang.errors import counted
from taizhang.model import Location, Span
from taizhang.read.decoded import Box, Decoded, Pen, ReadOptions, is_data
from taizhang.read.package import Package

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_DIGITS = "〇一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_DEEPEST = 40
"""Tables in cells and boxes in boxes, beyond which no text is looked for."""


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .docx files."""
    package = Package(data, name, options)
    main = _main_part(package)
    reader = _Reader(package, main)
    body = next(iter(_children(package.xml(main), "body")), None)
    if body is None:
        raise package.damaged()
    reader.body(body)
    reader.notes()
    reader.tell()
    return reader.pen.decoded(MEDIA_TYPE, title=_title(package))


def _main_part(package: Package) -> str:
    for relation in package.xml("_rels/.rels").iter(_RELATION) if "_rels/.rels" in package.names else ():
        if relation.get("Type", "").endswith("/officeDocument"):
            target = str(relation.get("Target", "")).lstrip("/")
            if target in package.names:
                return target
    return "word/document.xml"


def _title(package: Package) -> str | None:
    if "docProps/core.xml" not in package.names:
        return None
    for element in package.xml("docProps/core.xml"):
        if isinstance(element.tag, str) and element.tag.endswith("}title") and (element.text or "").strip():
            return str(element.text).strip()
    return None


def _name(element: Any) -> str:
    """An element's name without its namespace where that is Word's, else with it; "" for a comment."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    for space in (_W, _STRICT):
        if tag.startswith(space):
            return tag[len(space) :]
    return tag


def _children(element: Any, name: str) -> Iterator[Any]:
    return (child for child in element if _name(child) == name)


def _child(element: Any, *path: str) -> Any:
    for name in path:
        if element is None:
            return None
        element = next(_children(element, name), None)
    return element


def _value(element: Any, name: str = "val") -> str | None:
    if element is None:
        return None
    value: str | None = element.get(_W + name, element.get(_STRICT + name))
    return value


def _number(word: str | None, least: int = 0, most: int = 10_000, default: int = 0) -> int:
    try:
        return min(most, max(least, int(word or "")))
    except ValueError:
        return default


def _is_on(element: Any) -> bool:
    return element is not None and _value(element) not in ("0", "false", "off")


class _Reader:
    """Walks a document once; counts paragraphs, tables and what it could not or need not read."""

    def __init__(self, package: Package, main: str) -> None:
        self.pen = Pen()
        folder = main.rpartition("/")[0]
        self._package, self._folder = package, folder
        self._numbers = _Numbers(package, folder)
        self._paragraphs = self._tables = 0
        self._inserted: list[Span] = []
        self._deleted = self._hidden = self._pictures = 0
        self._notes: list[tuple[str, str]] = []  # kind and id of the notes in the order of their marks

    def body(self, element: Any, depth: int = 0) -> None:
        """The paragraphs and tables of a body, in order."""
        if depth > _DEEPEST:
            return
        for child in element:
            name = _name(child)
            if name == "p":
                self._paragraphs += 1
                self._paragraph(child, f"p{self._paragraphs}", depth)
            elif name == "tbl":
                self._tables += 1
                self._table(child, f"t{self._tables}", depth)
            elif name == "sdt":
                content = _child(child, "sdtContent")
                if content is not None:
                    self.body(content, depth + 1)
            elif name in ("ins", "moveTo", "customXml", "smartTag"):
                self.body(child, depth + 1)
            elif child.tag == _MC + "AlternateContent":
                self.body(next(iter(child), child), depth + 1)

    def _paragraph(self, element: Any, path: str, depth: int) -> None:
        location = Location("paragraph", path=path)
        boxes: list[Any] = []
        mark = self._numbers.mark(element)
        pieces = list(self._runs(element, boxes, False, 0))
        if mark and any(piece.text.strip() for piece in pieces):
            self.pen.write(mark, location)
        for piece in pieces:
            span = self.pen.write(piece.text, location)
            if span and piece.inserted:
                self._inserted.append(span)
        self.pen.blank()
        for at, box in enumerate(boxes, 1):
            self._box(box, f"{path}/x{at}", depth + 1)

    def _box(self, element: Any, path: str, depth: int) -> None:
        """A text box: its paragraphs and tables, called by the paragraph that it hangs on."""
        if depth > _DEEPEST:
            return
        paragraphs = tables = 0
        for child in element:
            if _name(child) == "p":
                paragraphs += 1
                self._paragraph(child, f"{path}/p{paragraphs}", depth)
            elif _name(child) == "tbl":
                tables += 1
                self._table(child, f"{path}/t{tables}", depth)

    def _runs(self, element: Any, boxes: list[Any], inserted: bool, depth: int) -> Iterator[_Text]:
        """The text of a paragraph or of what lies in it. `boxes` gathers the text boxes on the way."""
        if depth > _DEEPEST:
            return
        for child in element:
            name = _name(child)
            if name == "r":
                if _is_on(_child(child, "rPr", "vanish")):
                    self._hidden += sum(len(text.text or "") for text in child.iter(_W + "t", _STRICT + "t"))
                else:
                    yield from self._run(child, boxes, inserted)
            elif name in ("ins", "moveTo"):
                yield from self._runs(child, boxes, True, depth + 1)
            elif name in ("del", "moveFrom"):
                self._deleted += 1
            elif name in ("hyperlink", "smartTag", "fldSimple", "customXml", "dir", "bdo"):
                yield from self._runs(child, boxes, inserted, depth + 1)
            elif name == "sdt":
                content = _child(child, "sdtContent")
                if content is not None:
                    yield from self._runs(content, boxes, inserted, depth + 1)
            elif child.tag in (_M + "oMath", _M + "oMathPara"):
                yield _Text("".join(text.text or "" for text in child.iter(_M + "t")), inserted)
            elif child.tag == _MC + "AlternateContent":
                yield from self._runs(next(iter(child), child), boxes, inserted, depth + 1)

    def _run(self, run: Any, boxes: list[Any], inserted: bool) -> Iterator[_Text]:
        for child in run:
            name = _name(child)
            if name == "t":
                yield _Text(child.text or "", inserted)
            elif name in ("tab", "ptab"):
                yield _Text("\t", inserted)
            elif name in ("br", "cr"):
                yield _Text("\n", inserted)
            elif name == "noBreakHyphen":
                yield _Text("-", inserted)
            elif name == "ruby":
                base = _child(child, "rubyBase")
                if base is not None:
                    for part in _children(base, "r"):
                        yield from self._run(part, boxes, inserted)
            elif name in ("footnoteReference", "endnoteReference"):
                number = _value(child, "id")
                if number is not None:
                    self._notes.append((name[: -len("Reference")], number))
            elif name in ("drawing", "pict", "object") or child.tag == _MC + "AlternateContent":
                # An alternative says the same for older programs, so only the first is looked at.
                first = next(iter(child), None) if child.tag == _MC + "AlternateContent" else child
                found = list(self._outermost_boxes(first)) if first is not None else []
                boxes.extend(found)
                if not found:
                    self._pictures += 1

    def _outermost_boxes(self, element: Any) -> Iterator[Any]:
        waiting = [element]
        while waiting:
            item = waiting.pop()
            if _name(item) == "txbxContent":
                yield item
            elif item.tag == _MC + "AlternateContent":
                waiting.extend(list(item)[:1])
            else:
                waiting.extend(reversed(item))

    def _table(self, element: Any, path: str, depth: int) -> None:
        if depth > _DEEPEST:
            return
        cells = list(self._cells(element, path))
        boxes = [
            Box(
                cell.row,
                cell.column,
                cell.text,
                Location("cell", path=cell.path),
                cell.rows,
                cell.columns,
                cell.is_heading,
            )
            for cell in cells
        ]
        if is_data(boxes):
            self.pen.table(boxes)
            return
        # A table that only frames text: its cells one below the other.
        for cell in cells:
            for item in cell.elements:
                paragraphs = tables = 0
                for child in item:
                    if _name(child) == "p":
                        paragraphs += 1
                        self._paragraph(child, f"{cell.path}/p{paragraphs}", depth + 1)
                    elif _name(child) == "tbl":
                        tables += 1
                        self._table(child, f"{cell.path}/t{tables}", depth + 1)

    def _cells(self, table: Any, path: str) -> Iterator[_Cell]:
        """The cells of a table; one that runs over rows is there once, with how many it covers."""
        rows = [row for child in table for row in ([child] if _name(child) == "tr" else child.iter(_W + "tr"))
                if _name(child) in ("tr", "sdt", "ins", "customXml")]  # fmt: skip
        open_cells: dict[int, _Cell] = {}
        found: list[_Cell] = []
        for number, row in enumerate(rows):
            column = _number(_value(_child(row, "trPr", "gridBefore")))
            is_heading = _is_on(_child(row, "trPr", "tblHeader"))
            if _child(row, "trPr", "del") is not None:
                self._deleted += 1
                continue
            place = 0
            for cell in row:
                if _name(cell) == "sdt":
                    cell = _child(cell, "sdtContent", "tc")
                if cell is None or _name(cell) != "tc":
                    continue
                place += 1
                wide = _number(_value(_child(cell, "tcPr", "gridSpan")), 1, 1000, 1)
                merge = _child(cell, "tcPr", "vMerge")
                if merge is not None and _value(merge) != "restart" and column in open_cells:
                    above = open_cells[column]
                    above.rows = number - above.row + 1
                    column += wide
                    continue
                text = " ".join(filter(None, (self._cell_text(part) for part in cell)))
                new = _Cell(number, column, text, f"{path}/r{number + 1}/c{place}", wide, is_heading, [cell])
                found.append(new)
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = new
                column += wide
        yield from found

    def _cell_text(self, element: Any) -> str:
        """The text of a paragraph or of a table inside a cell, on one line."""
        if _name(element) == "p":
            boxes: list[Any] = []
            text = "".join(piece.text for piece in self._runs(element, boxes, False, 0)).strip()
            if boxes:
                text = " ".join([text, *(self._cell_text(part) for box in boxes for part in box)])
            mark = self._numbers.mark(element) if text else ""
            return mark + text
        if _name(element) in ("tbl", "sdt"):
            return " ".join(filter(None, (self._cell_text(part) for part in element.iter(_W + "p", _STRICT + "p"))))
        return ""

    def notes(self) -> None:
        """Foot- and endnotes, in the order of their marks."""
        opened = {"footnote": "footnotes", "endnote": "endnotes"}
        parts: dict[str, dict[str, Any]] = {}
        marks = list(dict.fromkeys(self._notes))
        if not marks:
            return
        self.pen.line("注释：", Location("paragraph", path="notes"))
        for kind, number in marks:
            if kind not in parts:
                part = f"{self._folder}/{opened[kind]}.xml".lstrip("/")
                root = self._package.xml(part) if part in self._package.names else ()
                parts[kind] = {_value(note, "id") or "": note for note in root if _name(note) == kind}
            note = parts[kind].get(number)
            if note is None:
                continue
            for at, paragraph in enumerate(_children(note, "p"), 1):
                text = "".join(piece.text for piece in self._runs(paragraph, [], False, 0)).strip()
                if text:
                    self.pen.line(text, Location("paragraph", path=f"{kind}{number}/p{at}"))

    def _margins(self) -> list[str]:
        """What stands in the running heads and feet, each once."""
        found: dict[str, None] = {}
        for part in sorted(self._package.names):
            if not re.fullmatch(rf"{re.escape(self._folder)}/(?:header|footer)[0-9]*\.xml", part):
                continue
            for paragraph in self._package.xml(part).iter(_W + "p", _STRICT + "p"):
                text = "".join(element.text or "" for element in paragraph.iter(_W + "t", _STRICT + "t")).strip()
                if re.sub(r"[-—–·/\s0-9第页共]|PAGE|NUMPAGES", "", text):
                    found[text] = None
        return list(found)

    def tell(self) -> None:
        """What a reader of the report should know of how it was read."""
        pen = self.pen
        margins = self._margins()
        if margins:
            few = "、".join(f"“{text[:40]}”" for text in margins[:3])
            pen.find(
                "margins-left-out", "info",
                f"页眉和页脚共 {len(margins)} 处未列入正文：{few}{'等' if len(margins) > 3 else ''}。",
                f"{counted(len(margins), 'running head or foot is', 'running heads and feet are')} not part of the "
                f"text: {few}.",
            )  # fmt: skip
        if self._inserted or self._deleted:
            pen.find(
                "read.tracked-changes", "info",
                f"文件里有修订标记：插入{len(self._inserted)}处已读入，删除{self._deleted}处没有读。",
                "The file has tracked changes: "
                f"{counted(len(self._inserted), 'insertion was', 'insertions were')} read, "
                f"{counted(self._deleted, 'deletion')} not.",
                *self._inserted,
            )  # fmt: skip
        if self._hidden:
            pen.find(
                "read.hidden-text", "info",
                f"文件里有{self._hidden}个隐藏的字，没有读。",
                f"{counted(self._hidden, 'character of hidden text was', 'characters of hidden text were')} not read.",
            )  # fmt: skip
        if self._pictures:
            pen.find(
                "read.pictures", "info",
                f"文件里有{self._pictures}幅图片，图中的文字没有读。",
                f"The file has {counted(self._pictures, 'picture')}; what is written there was not read.",
            )  # fmt: skip


class _Text(NamedTuple):
    text: str
    inserted: bool


class _Cell:
    """A cell on its way; `rows` grows while the rows below continue it."""

    def __init__(
        self, row: int, column: int, text: str, path: str, columns: int, is_heading: bool, elements: list[Any]
    ) -> None:
        self.row, self.column, self.text, self.path = row, column, text, path
        self.rows, self.columns, self.is_heading, self.elements = 1, columns, is_heading, elements


class _Level(NamedTuple):
    form: str
    text: str
    start: int
    suffix: str


class _Numbers:
    """The numbers that Word writes before paragraphs, counted as the paragraphs go by."""

    def __init__(self, package: Package, folder: str) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}  # by numId
        self._lists: dict[str, str] = {}  # numId → abstract list, which does the counting
        self._counts: dict[str, list[int]] = {}
        self._styles: dict[str, tuple[str | None, int, str | None]] = {}
        part = f"{folder}/numbering.xml".lstrip("/")
        if part in package.names:
            self._load(package.xml(part))
        part = f"{folder}/styles.xml".lstrip("/")
        if part in package.names and self._levels:
            for style in _children(package.xml(part), "style"):
                numbering = _child(style, "pPr", "numPr")
                self._styles[_value(style, "styleId") or ""] = (
                    _value(_child(numbering, "numId")),
                    _number(_value(_child(numbering, "ilvl"))),
                    _value(_child(style, "basedOn")),
                )

    def _load(self, root: Any) -> None:
        abstract: dict[str, dict[int, _Level]] = {}
        for item in _children(root, "abstractNum"):
            abstract[_value(item, "abstractNumId") or ""] = {
                _number(_value(level, "ilvl"), 0, 8): _level(level) for level in _children(item, "lvl")
            }
        for item in _children(root, "num"):
            number = _value(item, "numId") or ""
            base = _value(_child(item, "abstractNumId")) or ""
            levels = dict(abstract.get(base, {}))
            self._lists[number] = base
            for override in _children(item, "lvlOverride"):
                at = _number(_value(override, "ilvl"), 0, 8)
                own = _child(override, "lvl")
                if own is not None:
                    levels[at] = _level(own)
                start = _value(_child(override, "startOverride"))
                if start is not None and at in levels:
                    levels[at] = levels[at]._replace(start=_number(start))
                    self._lists[number] = number  # it begins anew, so it counts for itself
            self._levels[number] = levels

    def mark(self, paragraph: Any) -> str:
        """The number before a paragraph, "" where it has none."""
        if not self._levels:
            return ""
        numbering = _child(paragraph, "pPr", "numPr")
        number = _value(_child(numbering, "numId"))
        at = _number(_value(_child(numbering, "ilvl")), 0, 8)
        style = _value(_child(paragraph, "pPr", "pStyle"))
        for _ in range(10):
            if number is not None or style is None or style not in self._styles:
                break
            number, at, style = self._styles[style]
        levels = self._levels.get(number or "")
        if number is None or not levels or at not in levels:
            return ""
        counts = self._counts.setdefault(self._lists[number], [])
        while len(counts) <= at:
            counts.append(-1)
        counts[at] = counts[at] + 1 if counts[at] >= 0 else levels[at].start
        del counts[at + 1 :]
        level = levels[at]
        if level.form in ("bullet", "none"):
            return ""

        def written(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            if of not in levels or of > at:
                return ""
            count = counts[of] if counts[of] >= 0 else levels[of].start
            return _figure(count, levels[of].form)

        return re.sub("%([1-9])", written, level.text) + level.suffix


def _level(element: Any) -> _Level:
    suffix = _value(_child(element, "suff")) or "tab"
    text = _value(_child(element, "lvlText")) or ""
    glued = text.endswith(("、", "）", "．", "章", "节", "条", "，", "："))
    return _Level(
        _value(_child(element, "numFmt")) or "decimal",
        text,
        _number(_value(_child(element, "start")), default=1),
        "" if suffix == "nothing" or glued else " ",
    )


def _figure(count: int, form: str) -> str:
    """A count as Word writes it in a form."""
    if form in (
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand", "ideographDigital", "chineseLegalSimplified",
    ):  # fmt: skip
        return "".join(_DIGITS[int(digit)] for digit in str(count)) if form == "ideographDigital" else _counted(count)
    if form == "decimalFullWidth":
        return str(count).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    if form.startswith("decimalEnclosedCircle") and 1 <= count <= 20:
        return chr(0x2460 + count - 1)
    if form == "decimalZero":
        return f"{count:02}"
    if form in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(65 + (count - 1) % 26) * min(9, (count - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    if form == "ideographTraditional" and count > 0:
        return _STEMS[(count - 1) % 10]
    if form == "ideographZodiac" and count > 0:
        return _BRANCHES[(count - 1) % 12]
    return str(count)


def _counted(count: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十, 105 → 一百零五; as digits from a thousand on."""
    if not 0 < count < 1000:
        return "".join(_DIGITS[int(digit)] for digit in str(count))
    hundreds, tens, ones = count // 100, count // 10 % 10, count % 10
    words = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (_DIGITS[ones] if ones else "")


def _roman(count: int) -> str:
    words = ""
    for value, letters in (
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
        (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ):  # fmt: skip
        words += letters * (count // value)
        count %= value
    return words
