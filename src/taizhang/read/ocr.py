"""Scans and photos → boxes of characters, by RapidOCR (the extra `ocr`), and a word on what it may have lost.

A recogniser fails by losing lines without a word, so the ink of a page is compared with the lines found on it. Its
memory goes with the size of the picture: pictures are brought to `_SIDE` pixels first, larger than that none is read,
and lines are looked for on a smaller one still. A page that slants or lies on its side is set upright first; its boxes
are those of the page set upright, and `Page.turn` leads from them to the page as it is in the file.
"""

from __future__ import annotations

import itertools
import logging
import math
import os
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from taizhang.read.ink import Box, blanks_of, levelled, lost_lines, rules_of
from taizhang.read.layout import lay_out
from taizhang.read.paged import SURE, compose

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "BMP": "image/bmp", "WEBP": "image/webp"}
_SIDE = 2600
"""Longest side, in pixels, that a page is read at: type of a newspaper (9 point on 55 cm) keeps 15 pixels."""
_FIND_SIDE = 1600
"""Longest side that lines are looked for at: they are found at 9 pixels of type as well as at 15, in a third of the
time and memory. They are read from the larger picture."""
_PIXELS = 100_000_000
"""Pictures of more pixels are not opened."""
_PROBES = 24
"""Lines that are looked at to tell whether a page stands on its head: the longest ones."""
_ONE_SIZE = 0.18
"""How far sizes of type measured on a scan lie apart and are one: a line of many figures comes out a sixth smaller."""
_SMALL = 13
"""Pixels of type below which digits are misread without a word of doubt."""
_DARK = 100
"""A page of which half is darker than this grey is white print on black."""
_GAP = 1.35
"""White, in ems, at which a line as found is cut: a gutter that was overlooked, or a table. A blank is one em."""
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_WIDE = re.compile("[\u2010-\u2027\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_DIGITS = frozenset("0123456789")


def _missing(name: str = "") -> ReadError:
    zh, en = (f"“{name}”是扫描件或图片，", f"“{name}” is a scan or picture. ") if name else ("", "")
    return ReadError(
        f"{zh}识别扫描件和图片需要文字识别组件，尚未安装。请在源码目录运行：pip install -e '.[ocr]'",
        f"{en}Scans and pictures need the recogniser, which is not installed. In the source folder run: "
        "pip install -e '.[ocr]'.",
    )


@lru_cache(maxsize=1)
def _engine() -> Any:
    try:
        import onnxruntime  # noqa: F401  rapidocr does not declare it
        from rapidocr import RapidOCR
        from rapidocr.ch_ppocr_cls import TextClsOutput
        from rapidocr.ch_ppocr_det import TextDetOutput
        from rapidocr.ch_ppocr_rec import TextRecOutput
        from rapidocr.main import RapidOCRError
    except ImportError:
        raise _missing() from None
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)

    class Engine(RapidOCR):  # type: ignore[misc, unused-ignore]
        """Looks at a few lines first: where they stand on their heads nothing is read, and `head_down` says so."""

        head_down = False

        def run_ocr_steps(self, img: Any, op_record: Any) -> Any:
            nothing = TextClsOutput()
            try:
                pieces, found = self.detect_and_crop(img, op_record)
                probes = sorted(pieces, key=lambda piece: piece.shape[1])[-_PROBES:]
                _, answer = self.cls_and_rotate([piece.copy() for piece in probes])
                labels = [label for label, _ in answer.cls_res or ()]
                self.head_down = labels.count("180") * 2 > len(labels)
                if self.head_down:
                    return TextDetOutput(), nothing, TextRecOutput(), []
                return found, nothing, self.recognize_txt(pieces), pieces
            except RapidOCRError:  # there is no text on the picture
                self.head_down = False
                return TextDetOutput(), nothing, TextRecOutput(), []

        def calc_word_boxes(self, img: Any, dt_boxes: Any, rec_res: Any) -> Any:
            return tuple(
                _placed(
                    text, [column for word in info.word_cols for column in word], info.line_txt_len, info.confs, box
                )
                for text, info, box in zip(rec_res.txts, rec_res.word_results, dt_boxes, strict=True)
            )

    return Engine(
        params={
            "Global.log_level": "error",
            "Global.max_side_len": _SIDE,
            "Det.limit_type": "max",
            "Det.limit_side_len": _FIND_SIDE,
            # Lines of one batch are as long as the longest: in small ones less is padded, and less held in memory.
            "Rec.rec_batch_num": 2,
        }
    )


_Char = tuple[str, float, list[list[float]]]
"""A character, its certainty, and the corners of its box: left top, right top, right foot, left foot."""


def _placed(text: str, columns: Sequence[int], count: float, sure: Sequence[float], box: Any) -> tuple[_Char, ...]:
    """The characters of a line with their boxes.

    The recogniser tells for each in which of `count` columns of the line it begins; a Chinese character is as wide as
    the step to the next one, a digit half as wide.
    """
    chars = [(char, certain) for char, certain in zip(text, sure, strict=False) if not char.isspace()]
    places = [(column + 0.75) / count for column in columns]
    across = math.dist(box[0], box[1])
    down = math.dist(box[0], box[3])
    upright = down < 1.5 * across or len(chars) < 2
    long, thick = (across, down) if upright else (down, across)
    steps = [
        after - at
        for (char, _), (following, _), at, after in zip(chars, chars[1:], places, places[1:], strict=False)
        if _IDEOGRAPH.match(char) and _IDEOGRAPH.match(following)
    ]
    em = median(steps) if len(steps) > 2 else 0.72 * thick / max(long, 1.0)
    start, along, foot = (box[0], box[1] - box[0], box[3] - box[0])
    if not upright:
        along, foot = box[3] - box[0], box[1] - box[0]
    found: list[_Char] = []
    for at, ((char, certain), place) in enumerate(zip(chars, places, strict=False)):
        half = em / 2 if _WIDE.match(char) else em / 4
        left, right = place - half, place + half
        if at:
            left = max(left, (places[at - 1] + place) / 2)
        if at + 1 < len(places):
            right = min(right, (place + places[at + 1]) / 2)
        left, right = max(0.0, left), min(1.0, max(right, left + 0.1 * em))
        corners = [
            start + along * left,
            start + along * right,
            start + along * right + foot,
            start + along * left + foot,
        ]
        found.append((char, float(certain), [[float(x), float(y)] for x, y in corners]))
    return tuple(found)


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """Text of a picture; a TIFF may hold several pages."""
    try:
        import numpy
        from PIL import Image, ImageOps
    except ImportError:
        raise _missing(name) from None
    Image.MAX_IMAGE_PIXELS = None  # our own limits are below
    damaged = ReadError(
        f"“{name}”是不完整或损坏的图片，无法打开。请重新下载或重新扫描。",
        f"“{name}” is an incomplete or damaged image that cannot be opened. Fetch it or scan it again.",
    )
    try:
        with _hushed():
            picture = Image.open(BytesIO(data))
    except Exception:  # what the library raises for a broken picture is of many kinds
        raise damaged from None
    with _hushed():
        count, whole = _pages_in(picture, options.pages)
    if picture.width * picture.height > _PIXELS or count > options.pages:
        raise ReadError(
            f"“{name}”太大（{picture.width}×{picture.height} 像素，{count} 页）。请以 300 dpi 重新扫描，或缩小后再试。",
            f"“{name}” is too large ({picture.width}×{picture.height} pixels, {count} page{'s' * (count > 1)}). "
            "Scan it at 300 dpi.",
        )
    media_type = MEDIA_TYPES.get(picture.format or "", "image/*")
    if not is_there():
        raise _missing(name)
    pages: list[blocks.Page] = []
    findings: list[Finding] = []
    for number in range(1, count + 1):
        try:
            with _hushed():
                picture.seek(number - 1)
            dpi = float(picture.info.get("dpi", (0, 0))[0] or 0)
            full = max(picture.size)
            picture.draft("L", (_SIDE, _SIDE))
            with _hushed():
                grey = ImageOps.exif_transpose(picture).convert("L")  # as a viewer shows it
            if max(grey.size) > _SIDE:
                grey.thumbnail((_SIDE, _SIDE), reducing_gap=2.0)
        except MemoryError:
            raise
        except Exception:  # what the library raises for a broken picture is of many kinds
            if not pages:
                raise damaged from None
            whole = False
            break
        points = 72 / dpi if 72 < dpi <= 1200 else 842 / full
        page, noted = _recognise(numpy.asarray(grey), number, points * full / max(grey.size))
        pages.append(page)
        findings += noted
        options.tell(name, number, count)
    if not whole:
        findings.append(
            Finding(
                "pages-lost",
                "warning",
                f"图片文件不完整或已损坏，只读出前 {len(pages)} 页。请重新下载或重新扫描。",
                f"The image file is incomplete or damaged: only its first {len(pages)} pages were read. Fetch it or "
                "scan it again.",
                rule="page/1",
            )
        )
    _even_sizes([run for page in pages for run in page.runs])
    decoded = compose(lay_out(pages), media_type)
    if not decoded.text.strip():
        raise ReadError(
            f"在“{name}”中没有识别出文字。请确认图片清晰、方向正确，或以 300 dpi 重新扫描。",
            f"No text was recognised in “{name}”. Check that it is sharp and upright, or scan it again at 300 dpi.",
        )
    return msgspec.structs.replace(
        decoded,
        pages=tuple(Page(page.number, page.width, page.height, page.turn) for page in pages),
        findings=(*findings, *decoded.findings),
    )


_HUSHING = threading.RLock()


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep what the picture library warns of, and its TIFF part writes to standard error, away from the terminal."""
    # One at a time: standard error is the process's, and two at once would put it back in the wrong order.
    with _HUSHING, warnings.catch_warnings(action="ignore"):
        try:
            kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        except OSError:  # standard error is closed
            yield
            return
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


def _pages_in(picture: Any, most: int) -> tuple[int, bool]:
    """How many pages a picture file holds, and whether all that it speaks of are there."""
    try:
        return int(getattr(picture, "n_frames", 1)), True
    except Exception:  # a TIFF cut off in the midst of its list of pages
        pages = 0
        try:
            while pages <= most:
                picture.seek(pages)
                pages += 1
        except Exception:
            return max(pages, 1), False
        return pages, False


def pages_of(
    document: Any, indices: Sequence[int], name: str, all_scans: bool, options: ReadOptions
) -> tuple[dict[int, blocks.Page], list[Finding]]:
    """The pages of a PDF that are pictures, recognised. Where some pages have text, those without are only noted."""
    try:
        _engine()
    except ReadError as error:
        if all_scans:
            raise _missing(name) from None
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
        options.tell(name, len(found), len(indices))
    _even_sizes([run for each in found.values() for run in each.runs])
    return found, findings


def is_there() -> bool:
    """Whether the recogniser is installed."""
    try:
        _engine()
    except ReadError:
        return False
    return True


def runs_in(document: Any, index: int, place: blocks.Box) -> list[blocks.Run]:
    """What stands in one place of a page of a PDF, from its picture; nothing where the recogniser is not sure of it."""
    import numpy

    page = document[index]
    scale = 200 / 72
    image = page.render(scale=scale, grayscale=True).to_numpy()
    page.close()
    image = image[..., 0] if image.ndim == 3 else image
    x, y = max(0, int(place.x0 * scale)), max(0, int(place.y0 * scale))
    piece = image[y : math.ceil(place.y1 * scale), x : math.ceil(place.x1 * scale)]
    if not piece.size:
        return []
    white = 60
    lines = _lines(numpy.pad(piece, white, constant_values=255))
    for line in lines:
        while line and line[-1][0] in "[［【（(":  # of a note's mark, too small to be read
            line.pop()
    runs = [run for line in lines if line for run in _runs(line, 1 / scale)]
    sure = [glyph.sure for run in runs for glyph in run.glyphs]
    words = sum(bool(_IDEOGRAPH.match(glyph.char)) for run in runs for glyph in run.glyphs)
    if words < 2 or sum(sure) < SURE * len(sure):
        return []
    for run in runs:
        run.move((x - white) / scale, (y - white) / scale)
        if not run.exact:
            run.size = min(run.size, place.y1 - place.y0)
    return sorted(runs, key=lambda run: run.x0)


def _recognise(image: Any, number: int, points: float) -> tuple[blocks.Page, list[Finding]]:
    """One page from its grey picture; `points` is the size of a pixel. Boxes are those of the page set upright."""
    import numpy

    findings: list[Finding] = []
    high, wide = image.shape[:2]
    if float(numpy.median(image)) < _DARK:
        image = 255 - image  # white on black
    image, turn = levelled(image)
    lines = _lines(image)
    if _engine().head_down:
        image, turn = numpy.ascontiguousarray(numpy.rot90(image, 2)), turn + 180
        lines = _lines(image)
    tall = sum(len(line) > 4 and (box := _extent(line))[3] - box[1] > 2 * (box[2] - box[0]) for line in lines)
    if 2 * tall > len(lines):
        image, turn = numpy.ascontiguousarray(numpy.rot90(image)), turn + 90
        lines = _lines(image)
    runs = [run for line in lines for run in _runs(line, points)]
    extents = {_extent(line): line[-1][0] in "。！？：；.!?:;”）" for line in lines}
    lost = lost_lines(image, list(extents))
    if lost:
        where = _between(lost[0], lines)
        findings.append(
            Finding(
                "lines-likely-lost",
                "warning",
                f"第 {number} 页可能有约 {len(lost)} 行文字没有识别出来{where[0]}，请对照原图。",
                f"About {len(lost)} lines of page {number} may not have been recognised{where[1]}; "
                "compare the picture.",
                rule="ink-against-lines/2",
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
    _sized_by_height(runs)
    measured = [run.size for run in runs if run.exact] or [run.size for run in runs]
    size = median(measured) / points if runs else 0.0
    if runs and size < _SMALL:
        findings.append(_too_small(number, size))
    rules = rules_of(image, 1.2 * size) if runs else []
    # The picture grew when it was turned: places are told from the corner of the page, not of the picture.
    lying = round(turn / 90) % 2 == 1
    x, y = (image.shape[1] - (high if lying else wide)) / 2, (image.shape[0] - (wide if lying else high)) / 2
    for run in runs:
        run.move(-x * points, -y * points)
    page = blocks.Page(
        number, wide * points, high * points, runs,
        tuple(rule for rule in (_on_page(box, x, y, points) for box in rules) if not _through_words(rule, runs)),
        tuple(_on_page(box, x, y, points) for box in blanks_of(image, extents)),
        turn,
    )  # fmt: skip
    return page, findings


def _on_page(box: Box, x: float, y: float, points: float) -> blocks.Box:
    return blocks.Box((box[0] - x) * points, (box[1] - y) * points, (box[2] - x) * points, (box[3] - y) * points)


def _too_small(number: int, size: float) -> Finding:
    return Finding(
        "resolution-low",
        "warning",
        f"第 {number} 页清晰度低，字高只有约 {size:.0f} 个像素，数字可能认错，请对照原图，或以 300 dpi 重新扫描。",
        f"Page {number} is of low resolution, its type some {size:.0f} pixels high: numbers may have been misread. "
        "Compare the picture, or scan it again at 300 dpi.",
        rule="pixels-of-type/1",
    )


def _lines(image: Any) -> list[list[_Char]]:
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


def _runs(line: Sequence[_Char], points: float) -> list[blocks.Run]:
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
    glyphs = _mended(glyphs)
    if not glyphs:
        return []
    wide, high = max(g.x1 for g in glyphs) - glyphs[0].x0, glyphs[-1].y1 - glyphs[0].y0
    if len(glyphs) > 2 and high > 2 * wide:
        return [blocks.Run(glyphs, vertical=True)]
    size, exact = _size(glyphs)
    pieces: list[list[Glyph]] = [[glyphs[0]]]
    for before, glyph in itertools.pairwise(glyphs):
        if glyph.x0 - before.x1 > _GAP * size:
            pieces.append([])
        pieces[-1].append(glyph)
    runs = [blocks.Run(piece) for piece in pieces]
    for run in runs:
        run.size, run.exact = size, exact
    return runs


def _size(glyphs: list[Glyph]) -> tuple[float, bool]:
    """The size of type, and whether it is exact: the step from one Chinese character to the next; of a word or two the
    height of the line's box, less the margin that the finder of lines leaves around it.
    """
    steps = [
        (b.x0 + b.x1 - a.x0 - a.x1) / 2
        for a, b in itertools.pairwise(glyphs)
        if _IDEOGRAPH.match(a.char) and _IDEOGRAPH.match(b.char)
    ]
    return (median(steps), True) if len(steps) > 3 else (median(g.y1 - g.y0 for g in glyphs) * 0.86, False)


def _mended(glyphs: list[Glyph]) -> list[Glyph]:
    """What stands in no text and is a slip of the recogniser: %0 or %o is ‰, which it does not know, and 一 between two
    digits is a dash.
    """
    found: list[Glyph] = []
    for glyph in glyphs:
        last = found[-1] if found else None
        if last and last.char == "%" and glyph.char in "0oO" and glyph.x0 - last.x1 < last.x1 - last.x0:
            found[-1] = last._replace(char="‰", x1=glyph.x1, sure=min(last.sure, glyph.sure))
        else:
            found.append(glyph)
    for at in range(1, len(found) - 1):
        if found[at].char == "一" and found[at - 1].char in _DIGITS and found[at + 1].char in _DIGITS:
            found[at] = found[at]._replace(char="—")
    return found


def _sized_by_height(runs: list[blocks.Run]) -> None:
    """Correct what was measured on heights: by how much a line's box is higher than its type depends on the picture,
    and is seen on the lines whose characters could be measured. Lines that are set wide are no larger for that.
    """
    level = [run for run in runs if not run.vertical]
    for run in level:
        if run.exact and run.size > 0.9 * (run.y1 - run.y0):
            run.exact = False
    known = [(run.y1 - run.y0, run.size) for run in level if run.exact]
    for run in level:
        high = run.y1 - run.y0
        alike = [size / each for each, size in known if abs(each - high) < 0.35 * high]
        if not run.exact:
            run.size = high * min(0.86, median(alike) if alike else 0.86)


def _through_words(rule: blocks.Box, runs: Sequence[blocks.Run]) -> bool:
    """Whether what looks like a rule across are strokes of the letters of one line, level with each other."""
    middle = (rule.y0 + rule.y1) / 2
    return any(
        run.y0 + 0.2 * (run.y1 - run.y0) < middle < run.y1 - 0.2 * (run.y1 - run.y0)
        and 2 * (min(run.x1, rule.x1) - max(run.x0, rule.x0)) > rule.x1 - rule.x0
        for run in runs
        if rule.x1 - rule.x0 > rule.y1 - rule.y0
    )


def _even_sizes(runs: list[blocks.Run]) -> None:
    """Give runs of nearly one size one size: heights of recognised lines vary by what stands on them."""
    left = [run for run in runs if not run.vertical]
    while left:
        long = [run for run in left if run.exact] or left
        alike = [[r for r in long if abs(r.size - run.size) < _ONE_SIZE * run.size] for run in long]
        most = max(alike, key=lambda group: sum(len(run.glyphs) for run in group))
        usual = median(run.size for run in most for _ in run.glyphs)
        near = [run for run in left if abs(run.size - usual) < (_ONE_SIZE if run.exact else 0.3) * usual]
        for run in near:
            run.size = usual
        inside = {id(run) for run in near}
        left = [run for run in left if id(run) not in inside]


def _extent(line: Sequence[_Char]) -> tuple[float, float, float, float]:
    xs = [corner[0] for _, _, box in line for corner in box]
    ys = [corner[1] for _, _, box in line for corner in box]
    return min(xs), min(ys), max(xs), max(ys)


def _between(box: Box, lines: Sequence[Sequence[_Char]]) -> tuple[str, str]:
    """In Chinese and English behind which words of its column a lost line stands."""
    above = [
        (extent[3], "".join(char for char, _, _ in line))
        for line in lines
        if (extent := _extent(line))[3] <= box[1] + (box[3] - box[1]) / 2 and extent[0] < box[2] and box[0] < extent[2]
    ]
    if not above:
        return "", ""
    words = max(above)[1][-10:]
    return f"（“{words}”之后）", f" (behind “{words}”)"
