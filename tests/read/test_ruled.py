"""Tables with rules drawn around their cells, on pages of one and two columns, and what rules part beside tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
import typeset
from typeset import Area, Cell, Piece, Rule

from taizhang import extract, read
from taizhang.model import Document, Report

pytest.importorskip("pypdfium2")
pytest.importorskip("reportlab", reason="reportlab sets the pages of these tests")

PROSE = [
    line.strip()
    for line in Path("examples/lanchuan-2026-plan.txt").read_text(encoding="utf-8").split("\n")
    if len(line.strip()) > 60
]
HEADING = [
    Cell(0, 0, "县区", 2),
    Cell(0, 1, "生产总值", 1, 2),
    Cell(0, 3, "固定资产投资", 1, 2),
    Cell(1, 1, "总量（亿元）"),
    Cell(1, 2, "增速（%）"),
    Cell(1, 3, "增速（%）"),
    Cell(1, 4, "位次"),
]
ROWS = [
    ("桐岭县", "101.0", "5.1", "-2.5", "1"),
    ("北屏区", "102.1", "6.1", "-1.5", "2"),
    ("永谷县", "103.2", "7.1", "0.5", "3"),
    ("南浦区", "104.3", "8.1", "1.5", "4"),
]
TITLE = "澜川市2026年国民经济和社会发展计划报告"
Ruled = Literal["all", "columns", "level", "none"]


def _body(rows: Sequence[tuple[str, ...]], first: int = 2) -> list[Cell]:
    return [Cell(first + at, column, text) for at, row in enumerate(rows) for column, text in enumerate(row)]


def _filled(paragraphs: list[str], area: Area, size: float, leading: float) -> list[Piece]:
    """As much of the paragraphs as an area holds."""
    beyond = area._replace(page=9, top=0.0, bottom=1e6)
    return [piece for piece in typeset.flow(paragraphs, [area, beyond], size, leading) if piece.page != 9]


def _in_the_right_column(rules: Ruled) -> bytes:
    """A page of two columns: a table at the top of the right one, beside a heading in the left."""
    cells, lines = typeset.table(HEADING + _body(ROWS), [308, 345, 415, 465, 515, 545], 112, size=9, rules=rules)
    pieces = [
        typeset.centred(TITLE, 0, 60, 60, 475, 18),
        Piece(0, 60, 110, 14, "一、2025年计划执行情况"),
        Piece(0, 308, 92, 10.5, "比上年提高0.3个百分点。"),
        typeset.centred("表1　2025年县区主要指标", 0, 308, 106, 227, 9),
        Piece(0, 308, 255, 14, "二、2026年目标任务"),
        *_filled(PROSE[:8], Area(0, 60, 130, 225, 780), 10.5, 16),
        *cells,
        *_filled(PROSE[8:], Area(0, 308, 270, 227, 780), 10.5, 16),
    ]
    return typeset.draw(pieces, typeset.A4, "rows", rules=lines)


def _told(report: Report) -> list[tuple[Any, ...]]:
    (table,) = report.document.tables
    return [
        (s.place, s.indicator, s.measure, s.text, s.unit) for s in report.statements if s.span in table.span
    ]  # fmt: skip


WANTED = [
    told
    for place, level, growth, change, rank in ROWS
    for told in (
        (place, "生产总值", "level", level, "元"),
        (place, "生产总值", "growth", growth, "%"),
        (place, "固定资产投资", "growth", change, "%"),
        (place, "固定资产投资", "rank", rank, "位"),
    )
]


@pytest.mark.parametrize("rules", ["all", "columns", "level", "none"])
def test_a_table_in_one_column_takes_nothing_from_the_other(rules: Ruled) -> None:
    report = extract(read(_in_the_right_column(rules), "报告.pdf"))
    lines = report.document.text.replace("表1\u3000", "表1 ").split("\n")
    assert lines[:2] == [TITLE, "一、2025年计划执行情况"]
    assert lines.index("表1 2025年县区主要指标") < lines.index("二、2026年目标任务")
    assert "比上年提高0.3个百分点。" in lines[lines.index("表1 2025年县区主要指标") - 1]
    assert _told(report) == WANTED


def test_the_spans_of_headings_are_kept() -> None:
    document = read(_in_the_right_column("all"), "报告.pdf")
    (table,) = document.tables
    spans = {document.slice(cell.span): (cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.cells}
    assert spans["县区"] == (0, 0, 2, 1)
    assert spans["生产总值"] == (0, 1, 1, 2) and spans["固定资产投资"] == (0, 3, 1, 2)
    assert spans["位次"] == (1, 4, 1, 1) and spans["1"] == (2, 4, 1, 1)


def test_lines_of_one_cell_are_one_text() -> None:
    rows = [
        ("序号", "重点任务", "年度目标", "责任单位"),
        ("1", "实施沿江工业带提质工程，推动\n三个园区扩容", "新增规上工业企业45家", "市工业和信息化局"),
        ("2", "改造老旧小区", "128个小区、1.6万户", "市住房和城乡建设局，\n各县区人民政府"),
        ("3", "建设高标准农田", "18.5万亩", "市农业农村局"),
    ]
    cells, rules = typeset.table(_body(rows, 0), [60, 95, 270, 400, 535], 120)
    document = read(typeset.draw(cells, typeset.A4, "shuffled", rules=rules), "分工.pdf")
    assert document.text.rstrip("\n").split("\n") == ["\t".join(row).replace("\n", "") for row in rows]


def test_rows_are_told_by_their_figures_where_no_rules_part_them() -> None:
    rows = [("指标", "2025年", "比上年增长（%）"), ("粮食（万吨）", "105.6", "1.3"), ("油料（万吨）", "8.4", "-2.1")]
    cells, rules = typeset.table(_body(rows, 0), [90, 250, 350, 480], 130, rules="columns")
    document = read(typeset.draw(cells, typeset.A4, "shuffled", rules=rules), "表.pdf")
    assert document.text.rstrip("\n").split("\n") == ["\t".join(row) for row in rows]


@pytest.mark.parametrize("rules", ["all", "none"])
def test_a_cell_of_two_lines_stands_beside_cells_of_one(rules: Ruled) -> None:
    rows = [
        ("指标", "单\n位", "2025年\n完成", "2026年目标"),
        ("生产总值", "亿\n元", "1362.8", "1438左\n右"),
        ("城镇居民人均可支\n配收入", "元", "42172", "44280"),
        ("森林覆盖率", "%", "55.1", "55.2"),
        ("固定资产投资增速", "%", "3.8", "6以上"),
        ("新建高标准农田面积\n（含改造提升）", "万\n亩", "15.3", "16—18"),
    ]
    cells, lines = typeset.table(_body(rows, 0), [60, 185, 215, 285, 360], 120, rules=rules)
    pieces = [typeset.centred(TITLE, 0, 60, 60, 475, 18), Piece(0, 60, 90, 14, "一、2025年计划执行情况"), *cells]
    document = read(typeset.draw(pieces, typeset.A4, "shuffled", rules=lines), "表.pdf")
    (table,) = document.tables
    assert document.slice(table.span).split("\n") == ["\t".join(row).replace("\n", "") for row in rows]


def test_what_is_beyond_the_page_or_set_downwards_is_told() -> None:
    body = typeset.flow(PROSE[:1], [Area(0, 80, 100, 435, 700)], 12, 21)
    document = read(typeset.draw([*body, Piece(0, 700, 300, 12, "外贸进出口55亿元。")], typeset.A4), "报告.pdf")
    (finding,) = document.findings
    assert finding.code == "text-beyond-the-page" and "外贸进出口55亿元" in finding.zh
    assert "外贸" not in document.text.replace(PROSE[0], "")
    words = "".join(char for char in PROSE[1] if not char.isascii())[:150]
    down = [Piece(0, 500 - at // 30 * 30, 80 + at % 30 * 17, 12, char) for at, char in enumerate(words)]
    assert "text-set-downwards" in {f.code for f in read(typeset.draw(down, typeset.A4), "竖排.pdf").findings}


@pytest.mark.parametrize("again", [False, True])
def test_a_table_goes_on_over_the_page(again: bool) -> None:
    edges: list[float] = [60, 150, 250, 330, 430, 535]
    more = [("东山县", "201.0", "3.1", "1.5", "5"), ("西河区", "202.1", "4.1", "2.5", "6")]
    first, rules = typeset.table(HEADING + _body(ROWS), edges, 650)
    cells = HEADING + _body(more) if again else _body(more, 0)
    second, others = typeset.table(cells, edges, 80, page=1)
    pieces = [
        typeset.centred(TITLE, 0, 60, 60, 475, 18),
        *_filled(PROSE[:6], Area(0, 60, 80, 475, 600), 12, 20),
        typeset.centred("表1　2025年县区主要指标", 0, 60, 640, 475, 12),
        *first,
        *second,
        *typeset.flow(PROSE[8:10], [Area(1, 60, 300, 475, 770)], 12, 20),
    ]
    report = extract(read(typeset.draw(pieces, typeset.A4, rules=rules + others), "报告.pdf"))
    (table,) = report.document.tables
    assert report.document.slice(table.span).count("\n") == 7
    assert [told[:2] + told[3:4] for told in _told(report)][-4:] == [
        ("西河区", "生产总值", "202.1"),
        ("西河区", "生产总值", "4.1"),
        ("西河区", "固定资产投资", "2.5"),
        ("西河区", "固定资产投资", "6"),
    ]
    # The heading that is printed again is no part of the text, and said to be none.
    assert [finding.code for finding in report.document.findings] == ["margins-left-out"] * again


def _frame(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
    return [Rule(0, x0, y0, x1, y0), Rule(0, x0, y1, x1, y1), Rule(0, x0, y0, x0, y1), Rule(0, x1, y0, x1, y1)]


def test_frames_around_text_make_no_table() -> None:
    columns = [
        piece for at in range(3) for piece in _filled(PROSE[at * 4 :], Area(0, 60 + at * 165, 90, 150, 700), 10.5, 16)
    ]
    rules = _frame(52, 80, 218, 760) + _frame(218, 80, 383, 760) + _frame(383, 80, 555, 760)
    framed = read(typeset.draw(columns, typeset.A4, "rows", rules=rules), "版面.pdf")
    bare = read(typeset.draw(columns, typeset.A4, "rows"), "版面.pdf")
    assert not framed.tables and framed.text == bare.text


def test_a_rule_across_the_page_parts_what_is_above_from_below() -> None:
    """Short items below a rule stand nearer to the columns above it than those to each other."""
    size, leading = 10.5, 15.5
    lefts = [60.0, 227.0, 394.0]
    text = typeset.flow(PROSE[:4], [Area(0, x, 90, 140, 90 + 24 * leading + size) for x in lefts], size, leading)
    foot = max(piece.y for piece in text) + 8
    below = [
        Piece(0, 60, foot + 24, 14, "全市举行植树活动"),
        *typeset.flow(["本报讯　市直机关干部260人植树3200株。"], [Area(0, 60, foot + 34, 230, 800)], size, leading),
        Piece(0, 304, foot + 18, 14, "清河桥通车"),
        *typeset.flow(["本报讯　全长1260米的清河桥昨日通车。"], [Area(0, 304, foot + 28, 230, 800)], size, leading),
    ]
    pieces = [typeset.centred(TITLE, 0, 60, 70, 474, 18), *text, *below]
    document = read(typeset.draw(pieces, typeset.A4, "rows", rules=[Rule(0, 60, foot, 534, foot)]), "版面.pdf")
    lines = [line for line in document.text.split("\n") if line]
    assert lines[1:5] == PROSE[:4]
    assert [line[:6] for line in lines[5:]] == ["全市举行植树", "本报讯市直机", "清河桥通车", "本报讯全长1"]


def test_a_page_set_on_its_side_is_set_upright() -> None:
    cells, rules = typeset.table(HEADING + _body(ROWS), [60, 200, 340, 480, 620, 760], 120, size=12, high=26)
    pieces = [typeset.centred("表1　2025年县区主要指标", 0, 60, 100, 700, 14), *cells]
    size = (842.0, 595.0)
    upright = read(typeset.draw(pieces, size, rules=rules), "表.pdf")
    aside = read(typeset.draw(pieces, size, rules=rules, aside=True), "表.pdf")
    assert aside.text == upright.text and len(aside.tables) == 1
    (page,) = aside.pages
    assert (page.width, page.height, page.turn) == (595.0, 842.0, 270.0)
    x0, y0, x1, y1 = _box(upright, "104.3")
    assert _box(aside, "104.3") == pytest.approx((y0, 842 - x1, y1, 842 - x0), abs=0.3)


def _box(document: Document, words: str) -> tuple[float, ...]:
    start = document.text.index(words)
    from taizhang.model import Span

    (place,) = document.locate(Span(start, start + len(words)))
    assert place.box
    return place.box
