"""A report of ours as PDF and as a scan says the same as its text, and each number leads to its place on the page."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import typeset

from taizhang import extract, read
from taizhang.errors import ReadError
from taizhang.model import Report, Statement
from taizhang.read import ReadOptions
from taizhang.views import page as page_view

pypdfium2 = pytest.importorskip("pypdfium2")
pytest.importorskip("reportlab", reason="reportlab sets the pages of these tests")

REPORT = Path("examples/lanchuan-2026-plan.txt").read_text(encoding="utf-8")
NEWS = [
    (
        "全市春耕备耕物资储备充足",
        "本报讯　记者从市农业农村局获悉，今年全市计划播种春播作物186万亩，目前已储备化肥4.2万吨、农膜960吨。\n"
        "各县区组织农机手检修拖拉机3.6万台套，培训机手5200人次。桐岭县开设农资直供点47个，化肥价格下降3.5%。\n"
        "市供销社负责人介绍，全市还将在2月底前完成216个基层网点的补货，确保物资供应不断档。",
    ),
    ("北屏区三条公交线延长", "本报讯　北屏区自1月25日起延长三条公交线，新增站点21个，惠及沿线居民4.3万人。"),
    ("市图书馆新馆试运行", "本报讯　市图书馆新馆日前试运行，建筑面积2.8万平方米，藏书120万册，设座位1600个。"),
]
CAPTION = "图为永谷县果农正在修剪果树。本报记者　何见山　摄"
PAPER = "\n\n".join([REPORT.strip(), "\n".join((*NEWS[0], CAPTION)), *("\n".join(item) for item in NEWS[1:])])


def _pdf(kind: str, order: typeset.Order = "read") -> bytes:
    if kind == "news":
        return typeset.draw(typeset.newspaper_pieces(REPORT, NEWS, CAPTION), typeset.BROADSHEET, order)
    return typeset.draw(typeset.report_pieces(REPORT, 2 if kind == "two" else 1), typeset.A4, order)


def _said(statement: Statement) -> tuple[Any, ...]:
    return (
        statement.text.replace("\n", ""),
        statement.indicator,
        statement.kind,
        statement.measure,
        statement.value,
        statement.unit,
        statement.comparator,
        statement.period,
    )


def _alike(report: Report, text: str) -> float:
    there = Counter(map(_said, report.statements))
    wanted = Counter(map(_said, extract(read(text.encode())).statements))
    return (there & wanted).total() / max(there.total(), wanted.total())


@pytest.mark.parametrize("order", ["read", "rows", "shuffled"])
@pytest.mark.parametrize("kind", ["one", "two", "news"])
def test_a_pdf_says_what_its_text_says_whatever_order_it_is_written_in(kind: str, order: typeset.Order) -> None:
    document = read(_pdf(kind, order), "报告.pdf")
    report = extract(document)
    assert _alike(report, PAPER if kind == "news" else REPORT) == 1.0
    assert document.source.media_type == "application/pdf"


@pytest.mark.parametrize("kind", ["one", "two", "news"])
def test_the_box_of_each_statement_holds_its_number(kind: str) -> None:
    data = _pdf(kind)
    document = read(data, "报告.pdf")
    pages = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage() for page in pages]
    for statement in extract(document).statements:
        found = ""
        for place in document.locate(statement.span):
            assert place.kind == "page" and place.page and place.box
            x0, y0, x1, y1 = place.box
            height = document.pages[place.page - 1].height
            found += texts[place.page - 1].get_text_bounded(x0 + 0.3, height - y1, x1 - 0.3, height - y0)
        assert statement.text.replace(" ", "") in found.replace(" ", "").replace("\r\n", ""), (statement.text, found)


def test_articles_of_a_newspaper_page_stay_apart_and_in_order() -> None:
    report = extract(read(_pdf("news", "shuffled"), "版面.pdf"))
    text = report.document.text
    order = [text.index(title) for title, _ in NEWS]
    assert order == sorted(order) and text.index("起好步！") < order[0]
    assert [article.kind for article in report.frame.articles] == ["report", "news", "news", "news"]
    assert "2月底前完成216个基层网点" in text, "a caption between two columns tears no sentence"


def test_paragraphs_go_on_over_pages_and_margins_are_told() -> None:
    document = read(_pdf("one"), "报告.pdf")
    assert "市人大会议文件" not in document.text and "— 2 —" not in document.text
    assert document.text.count("\n") == len([line for line in REPORT.split("\n") if line.strip()])
    assert [finding.code for finding in document.findings] == ["margins-left-out"]


def test_a_turned_page_reads_like_an_upright_one() -> None:
    upright = read(_pdf("two"), "报告.pdf").text
    pieces = typeset.report_pieces(REPORT, 2)
    # Drawn as ever, with a page that viewers turn: its lines run downwards and the order still holds.
    turned = read(typeset.draw(pieces, typeset.A4, rotate=180), "报告.pdf")
    assert sorted(turned.text.replace("\n", "")) == sorted(upright.replace("\n", ""))


def test_a_table_comes_as_rows_of_cells() -> None:
    rows = [
        ("指标", "单位", "2025年", "比上年增长（%）"),
        ("粮食", "万吨", "105.6", "1.3"),
        ("油料", "万吨", "8.4", "-2.1"),
    ]
    pieces = [typeset.Piece(0, 90, 100, 12, "表1　主要农产品产量")]
    for at, row in enumerate(rows):
        for x, cell in zip((90, 220, 300, 400), row, strict=True):
            pieces.append(typeset.Piece(0, x, 130 + 20 * at, 10.5, cell))
    document = read(typeset.draw(pieces, typeset.A4, "shuffled"), "表.pdf")
    (table,) = document.tables
    assert document.slice(table.span).split("\n") == ["\t".join(row) for row in rows]
    assert [document.slice(cell.span) for cell in table.cells if cell.row == 2 and cell.span] == list(rows[2])


def _blank(pages: int) -> bytes:
    from io import BytesIO

    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer)
    for _ in range(pages):
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _locked() -> bytes:
    from io import BytesIO

    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    buffer = BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption("secret"))
    canvas.drawString(50, 50, "x")
    canvas.save()
    return buffer.getvalue()


NO_PAGES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R/Size 3>>\n%%EOF"
)


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (_locked(), "加密", "password"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "损坏", "damaged"),
        (NO_PAGES, "没有页面", "without pages"),
        (_blank(1200), "1200 页", "1200 pages"),
        (_blank(2), "没有可读的文字", "no text"),
    ],
)
def test_a_pdf_that_cannot_be_read_is_told_in_a_sentence(data: bytes, zh: str, en: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data, "坏.pdf")
    assert zh in caught.value.zh and en in caught.value.en and "坏.pdf" in caught.value.zh


def test_a_broken_cross_reference_is_mended_or_told() -> None:
    data = _pdf("two")
    broken = data.replace(b"startxref", b"startxxxx")
    assert read(broken, "报告.pdf").text == read(data, "报告.pdf").text


def test_the_limit_of_pages_can_be_set() -> None:
    with pytest.raises(ReadError, match="上限 3 页"):
        read(_pdf("one"), "报告.pdf", options=ReadOptions(pages=3))


def test_the_page_shows_what_was_published_and_each_statement_leads_to_its_box(tmp_path: Path) -> None:
    path = tmp_path / "版面.pdf"
    path.write_bytes(_pdf("news"))
    report = extract(read(path))
    page = page_view.render(report, "zh")
    assert page.count('<svg class="sheet"') == len(report.document.pages) == 1
    assert page.count('<image href="data:image/png;base64,') == 1
    for index in range(len(report.statements)):
        assert page.count(f'<a id="p{index}" href="#m{index}"><rect') == 1
        assert page.count(f'<a href="#p{index}">') == 1
    # Without the file, or with another in its place, nothing is shown that might not be it.
    path.write_bytes(_pdf("one"))
    assert "<svg" not in page_view.render(report, "zh")


# --- scans ------------------------------------------------------------------------------------------------------------


def _has_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout)


@pytest.fixture(scope="module")
def scanner() -> Any:
    for module in ("rapidocr", "onnxruntime", "cv2", "PIL"):
        pytest.importorskip(module, reason="the extra ocr is not installed")
    if not _has_font():
        pytest.skip("no Chinese font on this machine to draw a scan with")
    return typeset.scan


def test_a_scan_says_what_its_text_says(scanner: Any) -> None:
    data = _pdf("two")
    image = scanner(data, dpi=200, skew=1.1, noise=8, blur=0.5)
    document = read(image, "扫描.png")
    first = read(data, "报告.pdf").text.partition("元和560元")[0]
    there = Counter(statement.text for statement in extract(document).statements)
    wanted = Counter(statement.text for statement in extract(read(first.encode())).statements)
    assert (there & wanted).total() >= 0.95 * wanted.total()
    assert document.source.media_type == "image/png"
    assert all(piece.location.confidence for piece in document.origin)


def test_a_picture_lying_on_its_side_or_head_is_set_upright(scanner: Any) -> None:
    pieces = [piece for piece in typeset.report_pieces(REPORT) if piece.page == 0]
    data = typeset.draw(pieces, typeset.A4)
    for turn in (90, 180):
        text = read(scanner(data, dpi=130, turn=turn, form=".jpg"), "照片.jpg").text
        assert "全市生产总值达到1362.8亿元" in text.replace("\n", "")


@pytest.mark.parametrize(
    ("spoil", "zh", "en"),
    [
        (lambda data: data[: len(data) // 3], "损坏", "damaged"),
        (lambda data: data[:40], "损坏", "damaged"),
    ],
)
def test_a_truncated_picture_is_told_in_a_sentence(scanner: Any, spoil: Any, zh: str, en: str) -> None:
    data = typeset.draw([piece for piece in typeset.report_pieces(REPORT) if piece.page == 0], typeset.A4)
    with pytest.raises(ReadError) as caught:
        read(spoil(scanner(data, dpi=100, form=".jpg")), "残.jpg")
    assert zh in caught.value.zh and en in caught.value.en


def test_noise_holds_no_text_and_is_told(scanner: Any) -> None:
    import cv2
    import numpy

    noise = numpy.random.default_rng(3).integers(0, 255, (900, 700), dtype=numpy.uint8)
    with pytest.raises(ReadError, match="没有识别出文字"):
        read(bytes(cv2.imencode(".png", noise)[1]), "噪声.png")
