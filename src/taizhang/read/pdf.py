"""PDF → Decoded: the characters of the text layer with their boxes; pages without one go to the recogniser."""

from __future__ import annotations

import ctypes
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from taizhang.errors import ReadError
from taizhang.model import Finding, Page
from taizhang.read import blocks
from taizhang.read.blocks import Box, Glyph
from taizhang.read.decoded import Decoded, ReadOptions
from taizhang.read.layout import lay_out
from taizhang.read.paged import compose, page_unreadable

MEDIA_TYPE = "application/pdf"
_FEW = 12
"""Characters on a page below which a picture that fills it counts as a scan (a stamp or page number may be typed)."""
_TITLE = 60.0
"""Height, in points, of a line of text at most."""
_QUARTER = 1.5707963
_OBJECTS = 20_000
"""Drawn objects of a page that are looked at for rules and pictures; a map or a chart may have more."""
_ODD = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """Text of a PDF in reading order. Raises `ReadError` where it is locked, damaged, empty or too long."""
    import pypdfium2
    from pypdfium2 import raw

    document = _open(data, name, pypdfium2, raw)
    try:
        return _decode(document, name, options, raw)
    finally:
        document.close()


def _open(data: bytes, name: str, pypdfium2: Any, raw: Any) -> Any:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise ReadError(
                f"“{name}”是加密的 PDF，需要密码才能打开。请先用阅读软件另存为不加密的文件再试。",
                f"“{name}” is an encrypted PDF that needs a password. Save it without one from a viewer and try again.",
            ) from None
        raise ReadError(
            f"“{name}”是损坏或没有页面的 PDF，无法打开。请重新下载，或用阅读软件“打印为 PDF”后再试。",
            f"“{name}” is a damaged PDF, or one without pages, and cannot be opened. "
            "Fetch it again, or print it to PDF from a viewer.",
        ) from None


def _decode(document: Any, name: str, options: ReadOptions, raw: Any) -> Decoded:
    count = len(document)
    if count == 0:
        raise ReadError(f"“{name}”是没有页面的 PDF。", f"“{name}” is a PDF without pages.")
    if count > options.pages:
        raise ReadError(
            f"“{name}”有 {count} 页，超过上限 {options.pages} 页。请只留下报告所在的页。",
            f"“{name}” has {count} pages, over the limit of {options.pages}. Keep only the pages of the report.",
        )
    pages: list[blocks.Page] = []
    scans: list[int] = []
    pictures: list[tuple[int, Box]] = []
    findings: list[Finding] = []
    for index in range(count):
        try:
            page = document[index]
        except Exception:  # pypdfium2 raises its own error for a page that cannot be loaded
            findings.append(page_unreadable(index + 1))
            pages.append(blocks.Page(index + 1, 0.0, 0.0, []))
            continue
        width, height = page.get_size()
        glyphs, tilted, turn = _glyphs(page, raw)
        glyphs, outside = _on_page(glyphs, *((height, width) if turn in (90, 270) else (width, height)))
        if outside:
            findings.append(_beyond(index + 1, outside))
        drawn = _drawn(page, turn, raw)
        if sum(not glyph.char.isspace() for glyph in glyphs) < _FEW and drawn.pictures:
            scans.append(index)
        else:
            pictures += [(index + 1, box) for box in drawn.pictures if _may_hold_text(box, glyphs, width, height)]
        if tilted:
            findings.append(_watermark(index + 1, tilted))
        runs = blocks.runs_of(glyphs)
        if blocks.set_downwards(runs):
            findings.append(_downwards(index + 1))
        pages.append(blocks.Page(index + 1, width, height, runs, drawn.rules, turn=turn))
        page.close()
    recognised: dict[int, blocks.Page] = {}
    if scans:
        from taizhang.read import ocr

        recognised, noted = ocr.pages_of(document, scans, name, len(scans) == count, options)
        findings += noted
    laid = [recognised.get(page.number, page) for page in pages]
    if pictures:
        findings += _pictures(document, laid, pictures)
    decoded = compose(lay_out(laid), MEDIA_TYPE)
    if not decoded.text.strip():
        raise ReadError(f"“{name}”的页面上没有可读的文字。", f"There is no text to read on the pages of “{name}”.")
    return msgspec.structs.replace(
        decoded,
        pages=tuple(Page(page.number, page.width, page.height, page.turn) for page in laid),
        findings=(*findings, *decoded.findings),
    )


class _Frame(NamedTuple):
    """How a page is looked at: the box of it that is shown, and by how many degrees clockwise it is turned for that."""

    turned: int
    left: float
    bottom: float
    right: float
    top: float

    def place(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """A box of the file (left, bottom, right, top) as it is shown: left, top, right, foot."""
        if self.turned == 0:
            return x0 - self.left, self.top - y1, x1 - self.left, self.top - y0
        if self.turned == 90:
            return y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left
        if self.turned == 180:
            return self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom
        return self.top - y1, self.right - x1, self.top - y0, self.right - x0


def _frame(page: Any, turn: float) -> _Frame:
    turned = page.get_rotation()
    return _Frame(round(turned - turn) % 360, *(page.get_cropbox() if turned == 0 else page.get_mediabox()))


def _glyphs(page: Any, raw: Any) -> tuple[list[Glyph], str, float]:
    """The characters of a page that stand upright, and those set aslant (a watermark).

    And by how many degrees, counter-clockwise, the page is to be turned for its text to stand upright.
    """
    textpage = page.get_textpage()
    # The bare handle and references made once: a page has thousands of characters, each asked four times.
    text = textpage.raw
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    to_box, to_x, to_y = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    found: list[tuple[str, float, float, float, float, float, float]] = []
    quarters = [0, 0, 0, 0]
    aslant: list[str] = []
    unicode, generated = raw.FPDFText_GetUnicode, raw.FPDFText_IsGenerated
    loose, origin, angle = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin, raw.FPDFText_GetCharAngle
    for index in range(textpage.count_chars()):
        code = unicode(text, index)
        # Only blanks and hyphens are ever made up by the library.
        if code == 0 or (code < 0x2E and generated(text, index) == 1) or not loose(text, index, to_box):
            continue
        char = chr(code)
        origin(text, index, to_x, to_y)
        slant = angle(text, index)
        if 0.09 < slant % _QUARTER < 1.48:
            aslant.append(char)
            continue
        if _ODD.match(char) or char == "\u00ad":
            continue
        quarters[round(slant / _QUARTER) % 4] += code > 32
        found.append((char, box.left, box.bottom, box.right, box.top, x.value, y.value))
    textpage.close()
    shown = round(page.get_rotation() / 90) % 4
    usual = quarters.index(max(quarters))
    # The library tells angles clockwise: on a page that is shown turned by 90 degrees, upright text has 270.
    turn = 90.0 * ((shown + usual) % 4) if quarters[usual] > 2 * quarters[-shown % 4] else 0.0
    frame = _frame(page, turn)
    turned, left, bottom, right, top = frame
    glyphs: list[Glyph] = []
    for char, x0, y0, x1, y1, at_x, at_y in found:
        if turned == 0:
            glyphs.append(Glyph(char, x0 - left, top - y1, x1 - left, top - y0, top - at_y))
        elif turned == 90:
            glyphs.append(Glyph(char, *frame.place(x0, y0, x1, y1), at_x - left))
        elif turned == 180:
            glyphs.append(Glyph(char, *frame.place(x0, y0, x1, y1), at_y - bottom))
        else:
            glyphs.append(Glyph(char, *frame.place(x0, y0, x1, y1), right - at_x))
    return glyphs, "".join(aslant).strip(), turn


class _Drawn(NamedTuple):
    """What a page holds beside its text."""

    rules: tuple[Box, ...]
    pictures: tuple[Box, ...]


def _drawn(page: Any, turn: float, raw: Any) -> _Drawn:
    """The rules drawn on a page and where its pictures are."""
    frame = _frame(page, turn)
    rules: list[Box] = []
    pictures: list[Box] = []
    left = _OBJECTS

    def look(count: Any, at: Any, of: Any, matrix: _Matrix, depth: int) -> None:
        nonlocal left
        for index in range(count(of)):
            left -= 1
            if left < 0:
                return
            item = at(of, index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                rules.extend(Box(*frame.place(*each)) for each in _rules(item, matrix, raw))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                pictures.append(Box(*frame.place(*matrix.box(*_bounds(item, raw)))))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 4:
                look(
                    raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, item,
                    _Matrix.of(item, raw).then(matrix), depth + 1,
                )  # fmt: skip

    look(raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, page, _Matrix(1, 0, 0, 1, 0, 0), 0)
    return _Drawn(tuple(rules), tuple(pictures))


class _Matrix(NamedTuple):
    """How a part of a page is set on it."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @staticmethod
    def of(item: Any, raw: Any) -> _Matrix:
        """That of a drawn object."""
        found = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found))
        return _Matrix(found.a, found.b, found.c, found.d, found.e, found.f)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        corners = [self.point(x, y) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def then(self, outer: _Matrix) -> _Matrix:
        (a, b), (c, d) = outer.point(self.a, self.b), outer.point(self.c, self.d)
        e, f = outer.point(self.e, self.f)
        return _Matrix(a - outer.e, b - outer.f, c - outer.e, d - outer.f, e, f)


def _bounds(item: Any, raw: Any) -> tuple[float, float, float, float]:
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(item, *(ctypes.byref(side) for side in sides))
    return sides[0].value, sides[1].value, sides[2].value, sides[3].value


def _rules(path: Any, matrix: _Matrix, raw: Any) -> Iterator[tuple[float, float, float, float]]:
    """The rules that a path draws: thin boxes that are filled, and the level and upright strokes of any other."""
    count = raw.FPDFPath_CountSegments(path)
    if not 2 <= count <= _OBJECTS:
        return
    whole = matrix.box(*_bounds(path, raw))
    if _is_thin(whole):
        yield whole
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    if not stroke.value and count < 6:
        return  # a shade
    inner = _Matrix.of(path, raw).then(matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    parts: list[list[tuple[float, float]]] = []
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if kind == raw.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        elif kind == raw.FPDF_SEGMENT_BEZIERTO:
            return  # a drawing
        parts[-1].append(inner.point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    for points in parts:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if _is_thin(box):
            yield box
        elif stroke.value:
            for (x0, y0), (x1, y1) in itertools.pairwise(points):
                box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
                if _is_thin(box):
                    yield box


def _is_thin(box: tuple[float, float, float, float]) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) <= 4 and max(box[2] - box[0], box[3] - box[1]) > 0


def _may_hold_text(picture: Box, glyphs: Sequence[Glyph], width: float, height: float) -> bool:
    """Whether there may be words in a picture that the text of the page does not hold: it is no ornament, nor does
    text stand on it (a background, or a scan with the text that was recognised on it).
    """
    wide, high = min(picture.x1, width) - max(picture.x0, 0), min(picture.y1, height) - max(picture.y0, 0)
    if wide < 8 or high < 8 or wide * high < 120:
        return False
    on_it = sum(
        picture.x0 < (g.x0 + g.x1) / 2 < picture.x1 and picture.y0 < (g.y0 + g.y1) / 2 < picture.y1 for g in glyphs
    )
    return on_it < _FEW


def _pictures(document: Any, laid: list[blocks.Page], pictures: Sequence[tuple[int, Box]]) -> list[Finding]:
    """Findings on the pictures of pages that have text. Those shaped like a line of text (titles often are) are read
    where the recogniser is there, and what they say is added to their pages.
    """
    from taizhang.read import ocr

    findings: list[Finding] = []
    unread = list(pictures)
    lines = [(number, group) for number, group in _in_rows(pictures) if _looks_like_a_line(group)]
    upright = {page.number for page in laid if not page.turn}
    for number, group in lines if ocr.is_there() else ():
        place = Box(
            min(b.x0 for b in group), min(b.y0 for b in group), max(b.x1 for b in group), max(b.y1 for b in group)
        )
        runs = ocr.runs_in(document, number - 1, place) if number in upright else []
        if runs:
            at = next(at for at, page in enumerate(laid) if page.number == number)
            laid[at] = laid[at]._replace(runs=laid[at].runs + runs)
            findings.append(_picture_read(number, "".join(run.text for run in runs)))
            unread = [each for each in unread if each[0] != number or each[1] not in group]
    if unread:
        findings.append(_pictures_unread(unread))
    return findings


def _in_rows(pictures: Sequence[tuple[int, Box]]) -> list[tuple[int, list[Box]]]:
    """Pictures that stand side by side, close together, as the pieces of one line."""
    rows: list[tuple[int, list[Box]]] = []
    for number, box in sorted(pictures, key=lambda each: (each[0], each[1].x0)):
        for page, row in rows:
            last = row[-1]
            high = max(last.y1 - last.y0, box.y1 - box.y0)
            level = min(last.y1, box.y1) - max(last.y0, box.y0) > 0.5 * min(last.y1 - last.y0, box.y1 - box.y0)
            if page == number and level and -2 < box.x0 - last.x1 < 0.5 * high:
                row.append(box)
                break
        else:
            rows.append((number, [box]))
    return rows


def _looks_like_a_line(row: Sequence[Box]) -> bool:
    high = max(box.y1 for box in row) - min(box.y0 for box in row)
    return high <= _TITLE and row[-1].x1 - row[0].x0 > max(3 * high, 60)


def _picture_read(number: int, text: str) -> Finding:
    return Finding(
        "read.picture-line",
        "info",
        f"第 {number} 页有一行文字是图片，识别为“{text}”，请对照原图。",
        f"A line of page {number} is a picture; it was recognised as “{text}”. Compare it.",
        rule="picture/1",
    )


def _pictures_unread(pictures: Sequence[tuple[int, Box]]) -> Finding:
    numbers = sorted({number for number, _ in pictures})
    listed = "、".join(map(str, numbers[:12])) + ("等" if len(numbers) > 12 else "")
    pages = ", ".join(map(str, numbers[:12])) + (" and others" if len(numbers) > 12 else "")
    count, (number, box) = (
        len(pictures),
        max(pictures, key=lambda each: (each[1].x1 - each[1].x0) * (each[1].y1 - each[1].y0)),
    )
    wide, high = round((box.x1 - box.x0) * 0.3528), round((box.y1 - box.y0) * 0.3528)
    return Finding(
        "read.pictures",
        "info",
        f"第 {listed} 页有 {count} 幅图片，最大的在第 {number} 页，{wide}×{high} 毫米；图中的文字没有读。",
        f"Pages {pages} have {count} pictures, the "
        f"largest on page {number}, {wide} by {high} mm; what is written in them was not read.",
        rule="picture/1",
    )


def _on_page(glyphs: list[Glyph], width: float, height: float) -> tuple[list[Glyph], str]:
    """The characters that a page shows, and what stands beyond its edges."""
    inside = [g for g in glyphs if g.x1 > 0 and g.x0 < width and g.y1 > 0 and g.y0 < height]
    if len(inside) == len(glyphs):
        return glyphs, ""
    shown = set(map(id, inside))
    return inside, "".join(glyph.char for glyph in glyphs if id(glyph) not in shown).strip()


def _beyond(number: int, text: str) -> Finding:
    return Finding(
        "text-beyond-the-page",
        "info",
        f"第 {number} 页有 {len(text)} 个字在页面之外，看不见，没有读：“{text[:20]}”。",
        f"{len(text)} characters stand beyond the edges of page {number}, unseen, and were not read: “{text[:20]}”.",
        rule="page/1",
    )


def _downwards(number: int) -> Finding:
    return Finding(
        "text-set-downwards",
        "warning",
        f"第 {number} 页像是竖排的，目前只能按横排读，次序不对，请对照原页。",
        f"The lines of page {number} seem to run downwards; they can only be read across, so their order is wrong.",
        rule="page/1",
    )


def _watermark(number: int, text: str) -> Finding:
    return Finding(
        "watermark-left-out",
        "info",
        f"第 {number} 页斜排的文字（水印）未列入正文：“{text[:20]}”。",
        f"Slanted text (a watermark) on page {number} is not part of the text: “{text[:20]}”.",
        rule="watermark/1",
    )
