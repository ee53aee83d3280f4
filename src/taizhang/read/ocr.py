"""Scans and photos → boxes of characters, by RapidOCR (the extra `ocr`), and a word on what it may have lost.

A recogniser fails by losing lines without a word, so the ink of a page is compared with the lines found on it. Its
memory goes with the size of the picture: pictures are brought to `_SIDE` pixels first, larger than that none is read.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from statistics import median
from typing import Any

import msgspec

from taizhang.errors import ReadError
from taizhang.model import Finding, Page
from taizhang.read import blocks
from taizhang.read.blocks import Glyph
from taizhang.read.decoded import Decoded, ReadOptions
from taizhang.read.layout import lay_out
from taizhang.read.paged import compose

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "BMP": "image/bmp", "WEBP": "image/webp"}
_SIDE = 2600
"""Longest side, in pixels, that a page is read at: type of a newspaper (9 point on 55 cm) keeps 15 pixels."""
_PIXELS = 200_000_000
"""Pictures of more pixels are not opened."""
_LOST = 0.08
"""Share of a page's ink of the size of type that lies outside of all lines found, above which lines count as lost."""
_GAP = 1.0


def _missing() -> ReadError:
    return ReadError(
        "识别扫描件和图片需要文字识别组件，尚未安装。请运行：pip install 'taizhang[ocr]'",
        "Scans and pictures need the recogniser, which is not installed. Run: pip install 'taizhang[ocr]'.",
    )


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        import onnxruntime  # noqa: F401  rapidocr does not declare it
        from rapidocr import RapidOCR
    except ImportError:
        raise _missing() from None
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    class Engine(RapidOCR):  # type: ignore[misc, unused-ignore]
        """Tells too on what share of the lines it had to turn upside down, which says that a page lies on its head."""

        head_down = 0.0

        def cls_and_rotate(self, images: Any) -> Any:
            turned, answer = super().cls_and_rotate(images)
            labels = [label for label, _ in answer.cls_res or ()]
            self.head_down = labels.count("180") / len(labels) if labels else 0.0
            return turned, answer

    return Engine(params={"Global.log_level": "error", "Global.max_side_len": _SIDE})


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """Text of a picture; a TIFF may hold several pages."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise _missing() from None
    Image.MAX_IMAGE_PIXELS = None  # our own limits are below
    damaged = ReadError(
        f"“{name}”是不完整或损坏的图片，无法打开。请重新下载或重新扫描。",
        f"“{name}” is an incomplete or damaged image that cannot be opened. Fetch it or scan it again.",
    )
    try:
        picture = Image.open(BytesIO(data))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise damaged from None
    count = getattr(picture, "n_frames", 1)
    if picture.width * picture.height > _PIXELS or count > options.pages:
        raise ReadError(
            f"“{name}”太大（{picture.width}×{picture.height} 像素，{count} 页）。请以 300 dpi 重新扫描，或缩小后再试。",
            f"“{name}” is too large ({picture.width}×{picture.height} pixels, {count} pages). Scan it at 300 dpi.",
        )
    media_type = MEDIA_TYPES.get(picture.format or "", "image/*")
    _engine()
    pages: list[blocks.Page] = []
    findings: list[Finding] = []
    for number in range(1, count + 1):
        try:
            picture.seek(number - 1)
            frame = picture
            dpi = float(frame.info.get("dpi", (0, 0))[0] or 0)
            frame.draft("L", (_SIDE, _SIDE))
            width, height = picture.size
            points = 72 / dpi if 72 < dpi <= 1200 else 842 / max(width, height)
            full = max(frame.size)
            grey = frame.convert("L")
            if full > _SIDE:
                grey.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
        except (OSError, ValueError, SyntaxError, EOFError):
            raise damaged from None
        page, noted = _recognise(_array(grey), number, points * full / max(grey.size))
        pages.append(page)
        findings += noted
    decoded = compose(lay_out(pages), media_type)
    if not decoded.text.strip():
        raise ReadError(
            f"在“{name}”中没有识别出文字。请确认图片清晰、方向正确，或以 300 dpi 重新扫描。",
            f"No text was recognised in “{name}”. Check that it is sharp and upright, or scan it again at 300 dpi.",
        )
    return msgspec.structs.replace(
        decoded,
        pages=tuple(Page(page.number, page.width, page.height) for page in pages),
        findings=(*findings, *decoded.findings),
    )


def pages_of(
    document: Any, indices: Sequence[int], name: str, all_scans: bool
) -> tuple[dict[int, blocks.Page], list[Finding]]:
    """The pages of a PDF that are pictures, recognised. Where some pages have text, those without are only noted."""
    try:
        _engine()
    except ReadError as error:
        if all_scans:
            raise
        listed = "、".join(str(index + 1) for index in indices[:20])
        note = Finding(
            "page-without-text",
            "warning",
            f"第 {listed} 页是扫描件，未能识别。{error.zh}",
            f"Pages {listed} are scans and were not recognised. {error.en}",
            rule="page/1",
        )
        return {}, [note]
    found: dict[int, blocks.Page] = {}
    findings: list[Finding] = []
    for index in indices:
        page = document[index]
        width, height = page.get_size()
        scale = min(300 / 72, _SIDE / max(width, height, 1.0))
        image = page.render(scale=scale, grayscale=True).to_numpy()
        found[index + 1], noted = _recognise(image[..., 0] if image.ndim == 3 else image, index + 1, 1 / scale)
        findings += noted
        page.close()
    return found, findings


def _array(picture: Any) -> Any:
    import numpy

    return numpy.asarray(picture)


def _recognise(image: Any, number: int, points: float) -> tuple[blocks.Page, list[Finding]]:
    """One page from its grey picture; `points` is the size of a pixel. Boxes are those of the page set upright."""
    import numpy

    findings: list[Finding] = []
    image = levelled(image)
    lines = _lines(image)
    if _engine().head_down > 0.5:
        image = numpy.ascontiguousarray(numpy.rot90(image, 2))
        lines = _lines(image)
    runs = [run for line in lines for run in _runs(line, points)]
    _even_sizes(runs)
    height, width = image.shape[:2]
    lost = _lost_lines(image, lines)
    if lost:
        findings.append(
            Finding(
                "lines-likely-lost",
                "warning",
                f"第 {number} 页可能有约 {lost} 行文字没有识别出来，请对照原图。",
                f"About {lost} lines of page {number} may not have been recognised; compare the picture.",
                rule="ink-against-lines/1",
            )
        )
    if not runs:
        findings.append(
            Finding(
                "page-without-text",
                "warning",
                f"第 {number} 页没有识别出文字。",
                f"No text was recognised on page {number}.",
                rule="page/1",
            )
        )
    return blocks.Page(number, width * points, height * points, runs), findings


def _lines(image: Any) -> list[list[tuple[str, float, list[list[float]]]]]:
    """Lines as the recogniser gives them: characters with their certainty and the corners of their boxes."""
    import numpy

    result = _engine()(numpy.dstack([image] * 3), return_word_box=True, return_single_char_box=True)
    words = getattr(result, "word_results", None) or ()
    found = [
        [
            (word[0], float(word[1]), [[float(v) for v in corner] for corner in word[2]])
            for word in line
            if len(word) == 3 and word[2] is not None
        ]
        for line in words
        if isinstance(line, tuple | list) and line and not isinstance(line[0], str)
    ]
    return [line for line in found if line]


def _runs(line: Sequence[tuple[str, float, list[list[float]]]], points: float) -> list[blocks.Run]:
    glyphs: list[Glyph] = []
    feet = [max(corner[1] for corner in box) for _, _, box in line]
    base = median(feet) * points
    for chars, score, box in line:
        xs, ys = [corner[0] for corner in box], [corner[1] for corner in box]
        x0, x1, step = min(xs), max(xs), (max(xs) - min(xs)) / max(1, len(chars))
        for at, char in enumerate(chars):
            glyphs.append(
                Glyph(
                    char,
                    (x0 + at * step) * points,
                    min(ys) * points,
                    (x0 + (at + 1) * step if len(chars) > 1 else x1) * points,
                    max(ys) * points,
                    base,
                    min(score, 0.999),
                )
            )
    glyphs = _per_mille(glyphs)
    if not glyphs:
        return []
    wide, high = max(g.x1 for g in glyphs) - glyphs[0].x0, glyphs[-1].y1 - glyphs[0].y0
    if len(glyphs) > 2 and high > 2 * wide:
        return [blocks.Run(glyphs, vertical=True)]
    # The type is as high as the box of the line, less the margin that the finder of lines leaves around it.
    size = median(g.y1 - g.y0 for g in glyphs) * 0.82
    pieces: list[list[Glyph]] = [[glyphs[0]]]
    for before, glyph in itertools.pairwise(glyphs):
        if glyph.x0 - before.x1 > _GAP * size:
            pieces.append([])
        pieces[-1].append(glyph)
    runs = [blocks.Run(piece) for piece in pieces]
    for run in runs:
        run.size, run.exact = size, True
    return runs


def _per_mille(glyphs: list[Glyph]) -> list[Glyph]:
    """The recogniser has no ‰ and reads %0 or %o, which stands in no text."""
    found: list[Glyph] = []
    for glyph in glyphs:
        last = found[-1] if found else None
        if last and last.char == "%" and glyph.char in "0oO" and glyph.x0 - last.x1 < 0.3 * (last.x1 - last.x0):
            found[-1] = last._replace(char="‰", x1=glyph.x1, sure=min(last.sure, glyph.sure))
        else:
            found.append(glyph)
    return found


def _even_sizes(runs: list[blocks.Run]) -> None:
    """Give runs of nearly one size one size: heights of recognised lines vary by what stands on them."""
    left = [run for run in runs if not run.vertical]
    while left:
        long = [run for run in left if len(run.glyphs) > 3] or left
        counts = [sum(len(r.glyphs) for r in long if abs(r.size - run.size) < 0.14 * run.size) for run in long]
        usual = long[counts.index(max(counts))].size
        for run in left:
            # The box of a character or two is the least exact.
            if abs(run.size - usual) < (0.14 if len(run.glyphs) > 3 else 0.4) * usual:
                run.size = usual
        left = [run for run in left if run.size != usual]


def levelled(image: Any) -> Any:
    """A grey picture turned by a quarter where its lines run up and down, and by a few degrees where they slant."""
    import numpy

    if _lies_on_its_side(image):
        image = numpy.ascontiguousarray(numpy.rot90(image))
    angle = _skew(image)
    return _turned(image, angle) if abs(angle) >= 0.1 else image


def _lies_on_its_side(image: Any) -> bool:
    """Whether lines run up and down: white between lines makes the sums across them vary more."""
    import cv2

    small = cv2.resize(image, (600, 600), interpolation=cv2.INTER_AREA).astype("float32")
    across, down = small.mean(axis=1), small.mean(axis=0)
    return float((down[1:] - down[:-1]).var()) > 2.0 * float((across[1:] - across[:-1]).var())


def _skew(image: Any) -> float:
    """Degrees that the lines are off the level, within five: the angle at which rows of ink are sharpest."""
    import cv2

    scale = 900 / max(image.shape)
    small = 255 - cv2.resize(image, None, fx=min(scale, 1), fy=min(scale, 1), interpolation=cv2.INTER_AREA)

    def sharpness(angle: float) -> float:
        sums = _turned(small, angle, 0).astype("float32").mean(axis=1)
        return float(((sums[1:] - sums[:-1]) ** 2).sum())

    best = max((step / 2 for step in range(-10, 11)), key=sharpness)
    best = max((best + step / 10 for step in range(-5, 6)), key=sharpness)
    return best if sharpness(best) > 1.05 * sharpness(0.0) else 0.0


def _turned(image: Any, angle: float, border: int = 255) -> Any:
    import cv2

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border)


def _lost_lines(image: Any, lines: Sequence[Sequence[tuple[str, float, list[list[float]]]]]) -> int:
    """About how many lines were lost: ink of the size of type that lies in no line, in ink of a line."""
    import cv2
    import numpy

    if not lines:
        return 0
    ink = cv2.threshold(cv2.GaussianBlur(image, (3, 3), 0), 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    high = median(max(c[1] for c in box) - min(c[1] for c in box) for line in lines for _, _, box in line)
    covered = numpy.zeros(image.shape[:2], numpy.uint8)
    for line in lines:
        xs = [c[0] for _, _, box in line for c in box]
        ys = [c[1] for _, _, box in line for c in box]
        cv2.rectangle(
            covered, (int(min(xs) - high / 2), int(min(ys))), (math.ceil(max(xs) + high / 2), math.ceil(max(ys))), 1, -1
        )
    inside = outside = 0
    for x, y, width, height, area in stats[1:count]:
        if not 0.35 * high < max(width, height) < 2.5 * high:
            continue
        if covered[min(y + height // 2, covered.shape[0] - 1), min(x + width // 2, covered.shape[1] - 1)]:
            inside += int(area)
        else:
            outside += int(area)
    if outside <= _LOST * (inside + outside) or not inside:
        return 0
    return max(1, round(outside / (inside / len(lines))))
