"""Scans: what is lost is told, and each number leads to its place on the picture as it is in the file."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typeset

from taizhang import extract, read
from taizhang.model import Document, Statement
from taizhang.read import layout, paged
from taizhang.read.blocks import Glyph, Page, Run

for _module in ("rapidocr", "onnxruntime", "cv2", "PIL", "pypdfium2", "reportlab"):
    pytest.importorskip(_module, reason="the extra ocr, or what draws the pages, is not installed")
if not (shutil.which("fc-list") and subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout):
    pytest.skip("no Chinese font on this machine to draw a scan with", allow_module_level=True)

REPORT = Path("examples/lanchuan-2026-plan.txt").read_text(encoding="utf-8")


@cache
def _first_page(columns: int) -> bytes:
    return typeset.draw([p for p in typeset.report_pieces(REPORT, columns) if p.page == 0], typeset.A4)


def _said(statement: Statement) -> tuple[Any, ...]:
    return (
        "".join(statement.text.split()), statement.indicator, statement.kind, statement.measure, statement.value,
        statement.unit, statement.comparator, statement.period,
    )  # fmt: skip


def _codes(document: Document) -> set[str]:
    return {finding.code for finding in document.findings}


@cache
def _newspaper_page() -> bytes:
    return typeset.draw(typeset.newspaper_pieces(REPORT, []), typeset.BROADSHEET, "rows")


def test_a_slanting_scan_of_a_newspaper_page_keeps_its_columns_in_order() -> None:
    """Lines of many figures measure smaller, and level strokes of small type look like rules: neither parts columns."""
    born = extract(read(_newspaper_page(), "报纸.pdf"))
    scanned = extract(read(typeset.scan(_newspaper_page(), dpi=300, noise=10, skew=0.8, blur=0.5), "报纸.png"))
    there, wanted = Counter(map(_said, scanned.statements)), Counter(map(_said, born.statements))
    assert (there & wanted).total() >= 0.98 * wanted.total()


def test_a_clean_scan_gives_the_statements_of_the_page() -> None:
    born = extract(read(_first_page(2), "报告.pdf"))
    scanned = extract(read(typeset.scan(_first_page(2), dpi=150), "扫描.png"))
    there, wanted = Counter(map(_said, scanned.statements)), Counter(map(_said, born.statements))
    assert wanted.total() > 70
    assert (there & wanted).total() >= 0.98 * wanted.total()
    assert not {"lines-likely-lost", "page-hole"} & _codes(scanned.document)


@pytest.mark.parametrize(("turn", "skew"), [(0, 2.0), (90, 2.0), (180, -1.0)])
def test_boxes_are_those_of_the_page_as_it_is_in_the_file(turn: int, skew: float) -> None:
    import cv2
    import numpy

    data = typeset.scan(_first_page(1), dpi=130, turn=turn, skew=skew)
    image: Any = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_GRAYSCALE)
    report = extract(read(data, "扫描.png"))
    (page,) = report.document.pages
    scale = image.shape[1] / page.width
    assert image.shape[0] / page.height == pytest.approx(scale, rel=0.01)
    drawn = read(_first_page(1), "报告.pdf")
    known: dict[str, list[tuple[float, float]]] = {}
    for statement in extract(drawn).statements:
        place = drawn.locate(statement.span)[0]
        assert place.box
        x, y = (place.box[0] + place.box[2] - 595) / 2, (place.box[1] + place.box[3] - 842) / 2
        angle = math.radians(skew - turn)  # counter-clockwise
        x, y = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
        points = max(page.width, page.height) / 842
        known.setdefault(statement.text, []).append((page.width / 2 + x * points, page.height / 2 + y * points))
    shared = [statement for statement in report.statements if statement.text in known]
    assert len(shared) >= 15
    for statement in shared:
        place = report.document.locate(statement.span)[0]
        assert place.page == 1 and place.box
        x0, y0, x1, y1 = place.box
        assert any(x0 <= x <= x1 and y0 <= y <= y1 for x, y in known[statement.text]), statement.text
        inside = image[int(y0 * scale) : math.ceil(y1 * scale), int(x0 * scale) : math.ceil(x1 * scale)]
        assert (inside < 128).mean() > 0.05, "there is ink in the box"
        # Not a box of the whole line: a number is a few characters.
        assert max(x1 - x0, y1 - y0) < 12 * 16 * max(page.width, page.height) / 842


def _newspaper() -> tuple[list[typeset.Piece], tuple[float, float]]:
    """A small newspaper page: a headline over three columns."""
    title, *rest = [line.strip() for line in REPORT.split("\n") if line.strip()]
    size, width = (720.0, 520.0), 205.0
    lefts = [35.0, 258.0, 481.0]
    pieces = [typeset.centred(title[:20], 0, 35, 60, 650, 24)]
    areas = [typeset.Area(0, x, 90, width, 490) for x in lefts]
    text, room = [], 1300
    for line in rest[2:]:
        text.append(line[:room])
        room -= len(line)
        if room <= 0:
            break
    return pieces + typeset.flow(text, areas, 10.5, 15.5), size


def test_a_torn_and_smeared_newspaper_page_tells_what_it_lacks() -> None:
    import cv2
    import numpy

    pieces, size = _newspaper()
    dpi = 160
    data = typeset.scan(typeset.draw(pieces, size), dpi=dpi)
    image: Any = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_GRAYSCALE)
    scale = dpi / 72
    second = sorted((p for p in pieces if p.x >= 258 and p.x < 300), key=lambda p: p.y)
    first = next(at for at in range(6, 14) if second[at].text[-1] not in "。；：！？" and len(second[at].text) > 17)
    gone = second[first + 1 : first + 8]
    assert len(gone) == 7
    # Seven lines of the second column are torn out, one of the third is smeared.
    top, foot = gone[0].y - 10, gone[-1].y + 3
    image[int(top * scale) : int(foot * scale), int(250 * scale) : int(470 * scale)] = 255
    third = sorted((p for p in pieces if p.x >= 481), key=lambda p: p.y)
    smeared = next(p for p in third[4:] if len(p.text) > 17)
    rows = slice(int((smeared.y - 9) * scale), int((smeared.y + 2) * scale))
    columns = slice(int(478 * scale), int(690 * scale))
    image[rows, columns] = cv2.blur(image[rows, columns], (41, 9))
    report = extract(read(bytes(cv2.imencode(".png", image)[1]), "残页.png"))
    found = {finding.code: finding for finding in report.document.findings}
    assert "约 1 行" in found["lines-likely-lost"].zh
    hole = found["page-hole"]
    assert second[first].text[-8:] in hole.zh and "第 1 页" in hole.zh
    (span,) = hole.spans
    text = report.document.text
    assert text[: span.start].endswith(second[first].text[-6:]) and text[span.start] == "\n"
    assert text[span.end :].startswith(second[first + 8].text[:6])
    assert [(each.after, each.before) for each in report.frame.holes] == [(span.start, span.end)]
    assert not any(span.start in range(join.start, join.end + 1) for join in report.frame.joins)


def _line(words: str, y: float, sure: float) -> Run:
    return Run([Glyph(char, 60 + 10 * at, y, 70 + 10 * at, y + 10, y + 10, sure) for at, char in enumerate(words)])


@pytest.mark.parametrize(
    ("words", "doubtful"),
    [
        ("全市人口自然增长率3.2%，比上年下降。", ["3.2%"]),
        ("人口出生率9.1%，死亡率6.2‰。", ["9.1%"]),
        ("5岁以下儿童死亡率控制在4.5%以内。", ["4.5%"]),
        ("人口自然增长率3.2‰。", []),
        ("生产总值增长率5.2%。", []),
        ("人口增长1.2%，自然增长率稳定，城镇化率62%。", []),
    ],
)
def test_a_rate_per_mille_read_as_percent_is_doubtful(words: str, doubtful: list[str]) -> None:
    for sure, expected in ((0.999, doubtful), (1.0, [])):
        flow = layout.lay_out([Page(1, 595, 842, [_line(words, 100, sure)])])
        decoded = paged.compose(flow, "image/png")
        spans = [span for finding in decoded.findings if finding.code == paged.DOUBT for span in finding.spans]
        assert [decoded.text[span.start : span.end] for span in spans] == expected


@pytest.mark.parametrize("turn", [0, 90])
def test_the_picture_shown_is_the_page_that_the_boxes_are_on(turn: int) -> None:
    import cv2
    import numpy

    from taizhang.read.pictures import picture

    data = typeset.scan(_first_page(1), dpi=60, turn=turn, skew=1.0)
    shown = picture(data, "image/png", 1)
    assert shown is not None
    there, drawn = (cv2.imdecode(numpy.frombuffer(each, numpy.uint8), cv2.IMREAD_GRAYSCALE) for each in (data, shown))
    assert there is not None and drawn is not None
    assert drawn.shape[0] / drawn.shape[1] == pytest.approx(there.shape[0] / there.shape[1], rel=0.01)
    small = cv2.resize(there, (drawn.shape[1], drawn.shape[0]))
    assert numpy.abs(small.astype(int) - drawn.astype(int)).mean() < 12


def _with_a_table() -> bytes:
    cells = [
        typeset.Cell(0, 0, "县区", 2),
        typeset.Cell(0, 1, "生产总值", 1, 2),
        typeset.Cell(1, 1, "总量（亿元）"),
        typeset.Cell(1, 2, "增速（%）"),
    ]
    rows = [("桐岭县", "101.4", "5.1"), ("北屏区", "102.7", "6.3"), ("永谷县", "103.2", "-7.1")]
    cells += [typeset.Cell(2 + at, column, text) for at, row in enumerate(rows) for column, text in enumerate(row)]
    table, rules = typeset.table(cells, [80, 220, 360, 515], 420, size=12, high=26)
    title, *rest = [line.strip() for line in REPORT.split("\n") if line.strip()]
    pieces = [
        typeset.centred(title[:22], 0, 80, 90, 435, 18),
        *typeset.flow(rest[4:6], [typeset.Area(0, 80, 120, 435, 400)], 12, 21),
        *table,
        *typeset.flow(rest[6:7], [typeset.Area(0, 80, 570, 435, 780)], 12, 21),
    ]
    return typeset.draw(pieces, typeset.A4, rules=rules)


@pytest.mark.parametrize("skew", [0.0, 8.0, -11.0])
def test_the_cells_of_a_scanned_table_are_told_by_its_rules(skew: float) -> None:
    born = read(_with_a_table(), "报告.pdf")
    scanned = read(typeset.scan(_with_a_table(), dpi=150, skew=skew), "扫描.png")
    (wanted,), (found,) = born.tables, scanned.tables
    assert [(c.row, c.column, c.rowspan, c.colspan) for c in found.cells] == [
        (c.row, c.column, c.rowspan, c.colspan) for c in wanted.cells
    ]
    # What the recogniser makes of brackets is its own.
    plain = str.maketrans("()（）", "    ", "")
    assert [scanned.slice(c.span).translate(plain).split() for c in found.cells] == [
        born.slice(c.span).translate(plain).split() for c in wanted.cells
    ]
    assert [line.translate(plain)[:9] for line in scanned.text.split("\n")] == [
        line.translate(plain)[:9] for line in born.text.split("\n")
    ]


def test_small_type_is_told_and_white_on_black_is_read() -> None:
    import cv2
    import numpy

    assert "resolution-low" in _codes(read(typeset.scan(_with_a_table(), dpi=66), "小图.png"))
    image: Any = cv2.imdecode(numpy.frombuffer(typeset.scan(_with_a_table(), dpi=150), numpy.uint8), 0)
    document = read(bytes(cv2.imencode(".png", 255 - image)[1]), "反白.png")
    assert len(document.tables) == 1
    assert not {"lines-likely-lost", "page-hole", "resolution-low"} & _codes(document)


def _glyphs(words: str, blanks: float) -> Run:
    """Recognised characters, wide blanks where the words have one."""
    glyphs, x = [], 60.0
    for char in words:
        if char == " ":
            x += blanks
            continue
        wide = 5.0 if char.isascii() else 10.0
        glyphs.append(Glyph(char, x, 100, x + wide, 110, 110, 0.999))
        x += wide
    return Run(glyphs)


@pytest.mark.parametrize(
    ("words", "doubtful"),
    [("人均可支配收入1865 0元，增长7%。", ["1865 0"]), ("人均可支配收入18650元，增长7%。", [])],
)
def test_a_number_torn_by_a_blank_is_doubtful(words: str, doubtful: list[str]) -> None:
    decoded = paged.compose(layout.lay_out([Page(1, 595, 842, [_glyphs(words, 6)])]), "image/png")
    spans = [span for finding in decoded.findings if finding.code == paged.DOUBT for span in finding.spans]
    assert [decoded.text[span.start : span.end] for span in spans] == doubtful


def _with_pictures() -> bytes:
    """A report of which the title is a picture, and a chart is one."""
    import cv2
    import numpy

    title, *rest = [line.strip() for line in REPORT.split("\n") if line.strip()]
    drawn = typeset.scan(typeset.draw([typeset.Piece(0, 30, 30, 20, title[:18])], (460.0, 40.0)), dpi=200)
    chart = bytes(cv2.imencode(".png", numpy.full((200, 300), 90, numpy.uint8))[1])
    body = typeset.flow(rest[3:6], [typeset.Area(0, 80, 150, 435, 500)], 12, 21)
    pictures = [(0, 70.0, 80.0, 460.0, 40.0, drawn), (0, 100.0, 560.0, 300.0, 200.0, chart)]
    return typeset.draw(body, typeset.A4, pictures=pictures)


def test_pictures_beside_text_are_told_and_a_title_among_them_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang.read import ocr

    title = REPORT.split("\n")[0].strip()[:18]
    document = read(_with_pictures(), "报告.pdf")
    assert document.text.startswith(title)
    found = {finding.code: finding.zh for finding in document.findings}
    assert title in found["read.picture-line"]
    assert "第 1 页有 1 幅图片" in found["read.pictures"] and "106×71 毫米" in found["read.pictures"]
    monkeypatch.setattr(ocr, "is_there", lambda: False)
    document = read(_with_pictures(), "报告.pdf")
    found = {finding.code: finding.zh for finding in document.findings}
    assert set(found) == {"read.pictures"} and "第 1 页有 2 幅图片" in found["read.pictures"]


def test_of_a_picture_of_several_pages_that_is_cut_short_the_whole_ones_are_read() -> None:
    from io import BytesIO

    from PIL import Image

    pages = [Image.open(BytesIO(typeset.scan(_first_page(2), dpi=100))).convert("L") for _ in range(2)]
    buffer = BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    whole = buffer.getvalue()
    document = read(whole[: int(len(whole) * 0.7)], "扫描.tif")
    (finding,) = [finding for finding in document.findings if finding.code == "pages-lost"]
    assert "只读出前 1 页" in finding.zh
    assert len(document.text) > 1000
