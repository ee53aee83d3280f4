"""PDF → Decoded: the characters of the text layer with their boxes; pages without one go to the recogniser."""

from __future__ import annotations

import ctypes
import re
from typing import Any

import msgspec

from taizhang.errors import ReadError
from taizhang.model import Finding, Page
from taizhang.read import blocks
from taizhang.read.blocks import Glyph
from taizhang.read.decoded import Decoded, ReadOptions
from taizhang.read.layout import lay_out
from taizhang.read.paged import compose

MEDIA_TYPE = "application/pdf"
_FEW = 12
"""Characters on a page below which a picture that fills it counts as a scan (a stamp or page number may be typed)."""
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
    findings: list[Finding] = []
    for index in range(count):
        try:
            page = document[index]
        except Exception:  # pypdfium2 raises its own error for a page that cannot be loaded
            findings.append(_unreadable(index + 1))
            pages.append(blocks.Page(index + 1, 0.0, 0.0, []))
            continue
        width, height = page.get_size()
        glyphs, tilted = _glyphs(page, width, height, raw)
        if sum(not glyph.char.isspace() for glyph in glyphs) < _FEW and _has_picture(page, raw):
            scans.append(index)
        if tilted:
            findings.append(_watermark(index + 1, tilted))
        pages.append(blocks.Page(index + 1, width, height, blocks.runs_of(glyphs)))
        page.close()
    recognised: dict[int, blocks.Page] = {}
    if scans:
        from taizhang.read import ocr

        recognised, noted = ocr.pages_of(document, scans, name, len(scans) == count, options)
        findings += noted
    laid = [recognised.get(page.number, page) for page in pages]
    decoded = compose(lay_out(laid), MEDIA_TYPE)
    if not decoded.text.strip():
        raise ReadError(f"“{name}”的页面上没有可读的文字。", f"There is no text to read on the pages of “{name}”.")
    return msgspec.structs.replace(
        decoded,
        pages=tuple(Page(page.number, page.width, page.height, page.turn) for page in laid),
        findings=(*findings, *decoded.findings),
    )


def _glyphs(page: Any, width: float, height: float, raw: Any) -> tuple[list[Glyph], str]:
    """The characters of a page that stand upright, and those set aslant (a watermark)."""
    textpage = page.get_textpage()
    # The bare handle and references made once: a page has thousands of characters, each asked four times.
    text = textpage.raw
    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    to_box, to_x, to_y = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    turned = page.get_rotation()
    left, bottom, right, top = page.get_cropbox() if turned == 0 else page.get_mediabox()
    glyphs: list[Glyph] = []
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
        slant = angle(text, index) % 1.5707963
        if 0.09 < slant < 1.48:
            aslant.append(char)
            continue
        if _ODD.match(char) or char == "\u00ad":
            continue
        x0, x1, y0, y1 = box.left, box.right, box.bottom, box.top
        if turned == 0:
            glyphs.append(Glyph(char, x0 - left, top - y1, x1 - left, top - y0, top - y.value))
        elif turned == 90:
            glyphs.append(Glyph(char, y0 - bottom, x0 - left, y1 - bottom, x1 - left, x.value - left))
        elif turned == 180:
            glyphs.append(Glyph(char, right - x1, y0 - bottom, right - x0, y1 - bottom, y.value - bottom))
        else:
            glyphs.append(Glyph(char, top - y1, right - x1, top - y0, right - x0, right - x.value))
    textpage.close()
    return glyphs, "".join(aslant).strip()


def _has_picture(page: Any, raw: Any) -> bool:
    return any(
        raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, index)) in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
        for index in range(raw.FPDFPage_CountObjects(page))
    )


def _unreadable(number: int) -> Finding:
    return Finding(
        "page-unreadable",
        "warning",
        f"第 {number} 页已损坏，未能读取。",
        f"Page {number} is damaged and was not read.",
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
