"""Sets reports of ours as PDF pages and makes scans of them, for the tests and the benchmark of `taizhang.read`.

What is drawn is kept as pieces (place, size, words), so that the content stream can be written in any order: as
people read, row by row across the columns, or shuffled. Needs reportlab; scans need pypdfium2, opencv and a Chinese
font on the machine to draw with.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any, Literal, NamedTuple

Order = Literal["read", "rows", "shuffled"]
FONT = "STSong-Light"
_NOT_FIRST = "，。、；：！？”’）》】%‰…"
_NOT_LAST = "“‘（《【"
_TOKEN = re.compile(r"[0-9A-Za-z.]+[%‰]?|——|\S|\s")


class Piece(NamedTuple):
    """Words on one line: left edge and baseline from the top of the page, in points."""

    page: int
    x: float
    y: float
    size: float
    text: str
    spread: float = 0.0
    """Extra white between characters, which makes a line as wide as its column."""


class Area(NamedTuple):
    """A column to be filled: page, left edge, top, width, bottom."""

    page: int
    x: float
    top: float
    width: float
    bottom: float


def _register() -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return pdfmetrics


def width_of(text: str, size: float) -> float:
    return float(_register().stringWidth(text, FONT, size))


def break_lines(text: str, size: float, width: float, indent: float) -> list[str]:
    """Lines of a paragraph that fit `width`, the first one shorter by `indent`; no stop at a line's beginning."""
    lines: list[str] = []
    line: list[str] = []
    room = width - indent
    for token in _TOKEN.findall(text):
        if line and width_of("".join(line) + token, size) > room and token not in _NOT_FIRST:
            carry: list[str] = []
            while line[-1] in _NOT_LAST:
                carry.insert(0, line.pop())
            lines.append("".join(line))
            line, room = carry, width
        line.append(token)
    lines.append("".join(line))
    return lines


def flow(paragraphs: list[str], areas: list[Area], size: float, leading: float, indent: float = 2.0) -> list[Piece]:
    """Paragraphs set into the areas, one after the other; what does not fit raises ValueError."""
    pieces: list[Piece] = []
    left = iter(areas)
    area = next(left)
    y = area.top + size
    for paragraph in paragraphs:
        lines = break_lines(paragraph, size, area.width, indent * size)
        for number, line in enumerate(lines):
            if y > area.bottom:
                try:
                    area = next(left)
                except StopIteration:
                    raise ValueError(f"no room for {line!r}") from None
                y = area.top + size
            inset = indent * size if number == 0 else 0.0
            room = area.width - inset
            gaps = len(line) - 1
            spread = (room - width_of(line, size)) / gaps if gaps > 0 else 0.0
            if number == len(lines) - 1 or gaps < 5:
                spread = min(spread, 0.0)  # a paragraph's last line is not stretched
            pieces.append(Piece(area.page, area.x + inset, y, size, line, spread))
            y += leading
    return pieces


def centred(text: str, page: int, x: float, y: float, width: float, size: float) -> Piece:
    return Piece(page, x + (width - width_of(text, size)) / 2, y, size, text)


class Rule(NamedTuple):
    """A line drawn from one place to another, in points from the top left of its page."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


class Cell(NamedTuple):
    """A cell of a table to be drawn: its first row and column, words (lines parted by line ends), and its span."""

    row: int
    column: int
    text: str
    rowspan: int = 1
    colspan: int = 1


def table(
    cells: list[Cell], columns: list[float], top: float, page: int = 0, size: float = 10.5, high: float = 20.0,
    rules: Literal["all", "columns", "level", "none"] = "all",
) -> tuple[list[Piece], list[Rule]]:  # fmt: skip
    """Cells set in the middle of their places, and rules around them: between the cells, or only some of them.

    `columns`: the edges of the columns. "columns": between columns, above and below the heading, and at the foot.
    """
    last = max(cell.row + cell.rowspan for cell in cells)
    lines = [
        max((len(c.text.split("\n")) for c in cells if c.row == r and c.rowspan == 1), default=1) for r in range(last)
    ]
    tops = [top]
    for count in lines:
        tops.append(tops[-1] + high + (count - 1) * 1.3 * size)
    heading = max(cell.row + cell.rowspan for cell in cells if cell.row == 0)
    pieces: list[Piece] = []
    drawn: list[Rule] = []
    for cell in cells:
        x0, x1 = columns[cell.column], columns[cell.column + cell.colspan]
        y0, y1 = tops[cell.row], tops[cell.row + cell.rowspan]
        words = cell.text.split("\n")
        y = (y0 + y1) / 2 + 0.36 * size - (len(words) - 1) * 0.65 * size
        for line in words:
            pieces.append(centred(line, page, x0, y, x1 - x0, size))
            y += 1.3 * size
        if rules == "all":
            drawn += [Rule(page, x0, y0, x1, y0), Rule(page, x0, y1, x1, y1)]
            drawn += [Rule(page, x0, y0, x0, y1), Rule(page, x1, y0, x1, y1)]
    if rules in ("columns", "level"):
        drawn += [Rule(page, columns[0], y, columns[-1], y) for y in (tops[0], tops[heading], tops[-1])]
    if rules == "columns":
        inner = {x for c in cells for x in columns[c.column + 1 : c.column + c.colspan]}
        drawn += [Rule(page, x, tops[heading if x in inner else 0], x, tops[-1]) for x in columns[1:-1]]
    return pieces, drawn


def draw(
    pieces: list[Piece], size: tuple[float, float], order: Order = "read", rotate: int = 0, rules: Sequence[Rule] = (),
    pictures: Sequence[tuple[int, float, float, float, float, bytes]] = (), aside: bool = False,
) -> bytes:  # fmt: skip
    """A PDF of the pieces, its content stream in the given order, with rules and pictures (page, place, image file).

    `aside`: everything is set on its side, as a wide table is in a document of upright pages.
    """
    _register()
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=True)
    for page in range(max(piece.page for piece in pieces) + 1):
        here = [piece for piece in pieces if piece.page == page]
        if order == "rows":
            here.sort(key=lambda piece: (round(piece.y / 4), piece.x))
        elif order == "shuffled":
            random.Random(page).shuffle(here)
        if aside:
            canvas.setPageSize((size[1], size[0]))
            canvas.translate(size[1], 0)
            canvas.rotate(90)
        for rule in rules:
            if rule.page == page:
                canvas.line(rule.x0, size[1] - rule.y0, rule.x1, size[1] - rule.y1)
        for number, x, y, wide, high, data in pictures:
            if number == page:
                canvas.drawImage(ImageReader(BytesIO(data)), x, size[1] - y - high, wide, high)
        for piece in here:
            text = canvas.beginText(piece.x, size[1] - piece.y)
            text.setFont(FONT, piece.size)
            text.setCharSpace(piece.spread)
            text.textOut(piece.text)
            canvas.drawText(text)
        if rotate:
            canvas.setPageRotation(rotate)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


A4 = (595.0, 842.0)
BROADSHEET = (1105.0, 1560.0)


def report_pieces(text: str, columns: int = 1) -> list[Piece]:
    """A report as an office prints it: title, running head, one or two columns, page numbers."""
    title, *rest = [line for line in text.split("\n") if line.strip()]
    size, leading, margin, gutter = (16.0, 28.0, 80.0, 0.0) if columns == 1 else (10.5, 16.0, 60.0, 22.0)
    width = (A4[0] - 2 * margin - (columns - 1) * gutter) / columns
    big = 22.0 if columns == 1 else 16.0
    pieces: list[Piece] = []
    y = 110.0
    for line in break_lines(title, big, A4[0] - 2 * margin - 40, 0):
        pieces.append(centred(line, 0, margin, y, A4[0] - 2 * margin, big))
        y += 1.4 * big
    areas = [
        Area(page, margin + column * (width + gutter), y + 10 if page == 0 else 90.0, width, A4[1] - 90)
        for page in range(20)
        for column in range(columns)
    ]
    body = flow([line.strip() for line in rest], areas, size, leading)
    pieces += body
    for page in range(max(piece.page for piece in body) + 1):
        pieces.append(centred(f"— {page + 1} —", page, 0, A4[1] - 45, A4[0], 12))
        if page:
            pieces.append(centred("澜川市第六届人民代表大会第六次会议文件", page, 0, 50, A4[0], 9))
    return pieces


def newspaper_pieces(report: str, news: list[tuple[str, str]], caption: str = "") -> list[Piece]:
    """A page of five columns: a report under a headline over all of them, news in boxes of one to three columns."""
    title, *rest = [line for line in report.split("\n") if line.strip()]
    margin, gutter, size, leading = 45.0, 15.0, 9.5, 13.6
    width = (BROADSHEET[0] - 2 * margin - 4 * gutter) / 5
    left = [margin + column * (width + gutter) for column in range(5)]
    full = BROADSHEET[0] - 2 * margin
    pieces = [
        Piece(0, margin, 60, 11, "2026年1月21日 星期三"),
        centred("澜川日报", 0, margin, 64, full, 30),
        Piece(0, BROADSHEET[0] - margin - width_of("第3版", 11), 60, 11, "第3版"),
    ]
    y = 130.0
    for line in break_lines(title, 28, full - 120, 0):
        pieces.append(centred(line, 0, margin, y, full, 28))
        y += 38
    top, floor = y, 1000.0
    pieces += flow([line.strip() for line in rest], [Area(0, x, top, width, floor) for x in left], size, leading)
    # Below: the first item over three columns, the others in one each; a caption under the first.
    y = floor + 60
    spans = [(0, 3), (3, 1), (4, 1)]
    for (headline, body), (first, count) in zip(news, spans, strict=False):
        box = count * width + (count - 1) * gutter
        at = y
        big = 20.0 if count > 1 else 14.0
        for line in break_lines(headline, big, box, 0):
            pieces.append(centred(line, 0, left[first], at, box, big))
            at += 1.35 * big
        areas = [Area(0, left[first + column], at, width, BROADSHEET[1] - 60) for column in range(count)]
        paragraphs = body.split("\n")
        if count > 1:  # columns of even length
            lines = sum(len(break_lines(p, size, width, 2 * size)) for p in paragraphs)
            even = at + (-(-lines // count)) * leading
            areas = [area._replace(bottom=even) for area in areas]
            if caption:
                pieces += flow([caption], [Area(0, left[first], even + 150, box, BROADSHEET[1] - 60)], 9, 12.5, 0)
        pieces += flow(paragraphs, areas, size, leading)
    return pieces


def scan(
    pdf: bytes,
    page: int = 0,
    dpi: int = 300,
    skew: float = 0.0,
    noise: float = 0.0,
    blur: float = 0.0,
    turn: int = 0,
    form: str = ".png",
    quality: int = 85,
) -> bytes:
    """One page as an image file: drawn, turned by quarters, skewed by degrees, blurred, with noise."""
    import cv2
    import numpy
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    image = document[page].render(scale=dpi / 72, grayscale=True).to_numpy()
    image = numpy.ascontiguousarray(image[..., 0] if image.ndim == 3 else image)
    document.close()
    if skew:
        height, width = image.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1)
        image = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    if blur:
        image = cv2.GaussianBlur(image, (0, 0), blur)
    if noise:
        grain = numpy.random.default_rng(7).normal(0, noise, image.shape)
        image = numpy.clip(image * 0.92 + 8 + grain, 0, 255).astype(numpy.uint8)
    if turn:
        image = numpy.rot90(image, -turn // 90)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality] if form in (".jpg", ".jpeg") else []
    return bytes(cv2.imencode(form, numpy.ascontiguousarray(image), options)[1])


def bound(pictures: list[bytes], dpi: int = 300) -> bytes:
    """Pictures of pages as one PDF without a text layer, as a scanner with a feeder makes it."""
    from PIL import Image

    pages = [Image.open(BytesIO(picture)).convert("L") for picture in pictures]
    buffer = BytesIO()
    pages[0].save(buffer, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return buffer.getvalue()
