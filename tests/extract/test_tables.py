"""Tables → statements: headings, units, plans beside results, words in cells; the same from each form."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from taizhang.extract import extract
from taizhang.extract.cells import amounts
from taizhang.extract.coverage import NUMBERS
from taizhang.extract.quantity import scan
from taizhang.fold import fold
from taizhang.model import Report, Statement
from taizhang.read import read

TITLE = "关于云溪市2030年国民经济和社会发展计划执行情况与2031年国民经济和社会发展计划草案的报告"
PLAN = """指标,单位,2030年计划,2030年完成,完成计划的%,2031年预期目标,,属性
,,,,,总量,增长(%),
一、经济发展,,,,,,,
1.生产总值,亿元,850,862.5,101.5,,5.5左右,预期性
其中：第一产业增加值,亿元,—,102.4,,110以上,4,
工业投资,亿元,210,226.3,,,10%以上,
二、民生,,,,,,,
2.城镇新增就业,万人,1.5,1.73,,1.6,,
3.城镇登记失业率,%,4.5以内,3.8,,4.5以内,,约束性
4.居民消费价格涨幅,%,2左右,0.3,,持平,,
5.粮食产量,万吨,48,48.2,,稳定在48万吨以上,,
6.全省排名,位,,8,,前7位,,
7.常住人口城镇化率,%,62.5,63.0,,63.8,提高0.8个百分点,
"""


def _row(statement: Statement) -> tuple[str | None, ...]:
    value = format(statement.value.normalize(), "f") + (
        f"~{statement.value_max.normalize():f}" if statement.value_max is not None else ""
    )
    return (
        statement.text, statement.indicator, statement.kind, statement.measure, value, statement.unit,
        statement.comparator, statement.period,
    )  # fmt: skip


def _read(table: str, above: str = "") -> list[tuple[str | None, ...]]:
    report = extract(read(f"{above}{table}".encode()))
    assert report.document.tables
    _whole(report)
    spans = [each.span for each in report.document.tables]
    return [_row(each) for each in report.statements if any(each.span in span for span in spans)]


def _whole(report: Report) -> None:
    """What is always true: spans, order, and every number of a table a statement or claimed."""
    text = report.document.text
    assert all(text[s.span.start : s.span.end] == s.text for s in report.statements)
    assert [s.span for s in report.statements] == sorted(s.span for s in report.statements)
    assert len({s.id for s in report.statements}) == len(report.statements)
    for statement in report.statements:
        assert report.document.locate(statement.span)
        assert statement.span in report.frame.sentences[statement.sentence].span
    held = [(s.span.start, s.span.end) for s in report.statements] + [(c.start, c.end) for c in report.coverage]
    for table in report.document.tables:
        for cell in table.cells:
            words = fold(report.document.slice(cell.span))
            for match in NUMBERS.finditer(words.text):
                at = cell.span.start + words.back[match.start()]
                assert any(start <= at < end for start, end in held), match[0]


def test_a_table_of_plans_and_results() -> None:
    assert _read(PLAN) == [
        ("850", "生产总值", "target", "level", "85000000000", "元", "eq", "2030"),
        ("862.5", "生产总值", "actual", "level", "86250000000", "元", "eq", "2030"),
        ("101.5", "生产总值", "actual", "completion", "101.5", "%", "eq", "2030"),
        ("5.5左右", "生产总值", "target", "growth", "5.5", "%", "about", "2031"),
        ("102.4", "第一产业增加值", "actual", "level", "10240000000", "元", "eq", "2030"),
        ("110以上", "第一产业增加值", "target", "level", "11000000000", "元", "ge", "2031"),
        ("4", "第一产业增加值", "target", "growth", "4", "%", "eq", "2031"),
        ("210", "工业投资", "target", "level", "21000000000", "元", "eq", "2030"),
        ("226.3", "工业投资", "actual", "level", "22630000000", "元", "eq", "2030"),
        ("10%以上", "工业投资", "target", "growth", "10", "%", "ge", "2031"),
        ("1.5", "城镇新增就业", "target", "level", "15000", "人", "eq", "2030"),
        ("1.73", "城镇新增就业", "actual", "level", "17300", "人", "eq", "2030"),
        ("1.6", "城镇新增就业", "target", "level", "16000", "人", "eq", "2031"),
        ("4.5以内", "城镇登记失业率", "target", "level", "4.5", "%", "le", "2030"),
        ("3.8", "城镇登记失业率", "actual", "level", "3.8", "%", "eq", "2030"),
        ("4.5以内", "城镇登记失业率", "target", "level", "4.5", "%", "le", "2031"),
        ("2左右", "居民消费价格", "target", "growth", "2", "%", "about", "2030"),
        ("0.3", "居民消费价格", "actual", "growth", "0.3", "%", "eq", "2030"),
        ("持平", "居民消费价格", "target", "growth", "0", "%", "about", "2031"),
        ("48", "粮食产量", "target", "level", "480000", "吨", "eq", "2030"),
        ("48.2", "粮食产量", "actual", "level", "482000", "吨", "eq", "2030"),
        ("48万吨以上", "粮食产量", "target", "level", "480000", "吨", "ge", "2031"),
        ("8", "全省排名", "actual", "rank", "8", "位", "eq", "2030"),
        ("前7位", "全省排名", "target", "rank", "7", "位", "le", "2031"),
        ("62.5", "常住人口城镇化率", "target", "level", "62.5", "%", "eq", "2030"),
        ("63.0", "常住人口城镇化率", "actual", "level", "63", "%", "eq", "2030"),
        ("63.8", "常住人口城镇化率", "target", "level", "63.8", "%", "eq", "2031"),
        ("0.8个百分点", "常住人口城镇化率", "target", "change", "0.8", "个百分点", "eq", "2031"),
    ]


@pytest.mark.parametrize(
    ("table", "above", "rows"),
    [
        # Units in the heading; a fall; growth beside an amount is of the same thing.
        (
            "指标\t产量（万吨）\t比上年增长（%）\n粮食\t48.2\t1.2\n油料\t3.1\t-2.5\n",
            f"{TITLE}\n一、2030年计划执行情况\n表1 主要农产品产量\n",
            [
                ("48.2", "粮食产量", "actual", "level", "482000", "吨", "eq", "2030"),
                ("1.2", "粮食产量", "actual", "growth", "1.2", "%", "eq", "2030"),
                ("3.1", "油料产量", "actual", "level", "31000", "吨", "eq", "2030"),
                ("-2.5", "油料产量", "actual", "growth", "-2.5", "%", "eq", "2030"),
            ],
        ),
        # Indices have a base and no unit; the base is no value.
        (
            "指标\t指数\n居民消费价格\t100.5\n其中：衣着\t98.5\n居住\t99.9\n",
            f"{TITLE}\n一、2030年计划执行情况\n表2：2030年居民消费价格指数（上年=100）\n",
            [
                ("100.5", "居民消费价格指数", "actual", "level", "100.5", "点", "eq", "2030"),
                ("98.5", "衣着指数", "actual", "level", "98.5", "点", "eq", "2030"),
                ("99.9", "居住指数", "actual", "level", "99.9", "点", "eq", "2030"),
            ],
        ),
        (
            "指标\t2030年\n农产品生产者价格\t101.3\n种植业\t99.2\n",
            f"{TITLE}\n一、2030年计划执行情况\n表3 农产品生产者价格指数（上年 = 100）\n",
            [
                ("101.3", "农产品生产者价格指数", "actual", "level", "101.3", "点", "eq", "2030"),
                ("99.2", "种植业指数", "actual", "level", "99.2", "点", "eq", "2030"),
            ],
        ),
        # Growth alone: the unit of the row is its own. Beside amounts in per cent, growth is told in points.
        (
            "指标名称\t单位\t比上年增长\n限额以上零售额\t%\t-4.4\n日用品类\t%\t18.4\n",
            f"{TITLE}\n一、2030年计划执行情况\n表10 2030年零售额增长速度\n",
            [
                ("-4.4", "限额以上零售额", "actual", "growth", "-4.4", "%", "eq", "2030"),
                ("18.4", "日用品类", "actual", "growth", "18.4", "%", "eq", "2030"),
            ],
        ),
        (
            "指标名称\t单位\t2030年\t比上年增长\n城镇化率\t%\t63.0\t0.8\n失业率\t%\t3.8\t-0.2\n",
            f"{TITLE}\n一、2030年计划执行情况\n",
            [
                ("63.0", "城镇化率", "actual", "level", "63", "%", "eq", "2030"),
                ("0.8", "城镇化率", "actual", "change", "0.8", "个百分点", "eq", "2030"),
                ("3.8", "失业率", "actual", "level", "3.8", "%", "eq", "2030"),
                ("-0.2", "失业率", "actual", "change", "-0.2", "个百分点", "eq", "2030"),
            ],
        ),
        (
            "指标名称\t单位\t比上年涨跌幅度\n居民消费价格\t%\t-0.9\n衣着\t%\t0.4\n",
            f"{TITLE}\n一、2030年计划执行情况\n",
            [
                ("-0.9", "居民消费价格", "actual", "growth", "-0.9", "%", "eq", "2030"),
                ("0.4", "衣着", "actual", "growth", "0.4", "%", "eq", "2030"),
            ],
        ),
        # The unit above the table, the year in its title.
        (
            "指标\t绝对数\t±%\n财政收入\t60.2\t3.5\n财政支出\t201\t5.0\n税收收入\t40\t-1\n",
            "云溪市2029年财政收支表\n单位：亿元\n",
            [
                ("60.2", "财政收入", "actual", "level", "6020000000", "元", "eq", "2029"),
                ("3.5", "财政收入", "actual", "growth", "3.5", "%", "eq", "2029"),
                ("201", "财政支出", "actual", "level", "20100000000", "元", "eq", "2029"),
                ("5.0", "财政支出", "actual", "growth", "5", "%", "eq", "2029"),
                ("40", "税收收入", "actual", "level", "4000000000", "元", "eq", "2029"),
                ("-1", "税收收入", "actual", "growth", "-1", "%", "eq", "2029"),
            ],
        ),
        # 上年 and 本年 where the report says which years they are.
        (
            "指标\t单位\t上年计划\t上年完成\t本年计划\n粮食\t万吨\t48\t48.2\t49\n生猪\t万头\t30\t31\t30-32\n客流\t万人次\t…\t9\t—\n",
            f"{TITLE}\n",
            [
                ("48", "粮食", "target", "level", "480000", "吨", "eq", "2030"),
                ("48.2", "粮食", "actual", "level", "482000", "吨", "eq", "2030"),
                ("49", "粮食", "target", "level", "490000", "吨", "eq", "2031"),
                ("30", "生猪", "target", "level", "300000", "头", "eq", "2030"),
                ("31", "生猪", "actual", "level", "310000", "头", "eq", "2030"),
                ("30-32", "生猪", "target", "level", "300000~320000", "头", "eq", "2031"),
                ("9", "客流", "actual", "level", "90000", "人次", "eq", "2030"),
            ],
        ),
        # Rows are years.
        (
            "年份\t粮食产量（万吨）\t增长%\n2028\t45\t1\n2029\t46\t2.2\n2030\t48.2\t4.8\n",
            "",
            [
                ("45", "粮食产量", "actual", "level", "450000", "吨", "eq", "2028"),
                ("1", "粮食产量", "actual", "growth", "1", "%", "eq", "2028"),
                ("46", "粮食产量", "actual", "level", "460000", "吨", "eq", "2029"),
                ("2.2", "粮食产量", "actual", "growth", "2.2", "%", "eq", "2029"),
                ("48.2", "粮食产量", "actual", "level", "482000", "吨", "eq", "2030"),
                ("4.8", "粮食产量", "actual", "growth", "4.8", "%", "eq", "2030"),
            ],
        ),
        # Several years side by side; a column of serial numbers and one of bodies.
        (
            "序号\t指标\t2029年\t2030年\t责任单位\n1\t森林覆盖率（%）\t43.1\t43.6\t3个局\n2\t新建学校（所）\t12\t8\t1局\n3\t改造（户）\t5\t6\t\n",
            "",
            [
                ("43.1", "森林覆盖率", "actual", "level", "43.1", "%", "eq", "2029"),
                ("43.6", "森林覆盖率", "actual", "level", "43.6", "%", "eq", "2030"),
                ("12", "新建学校", "actual", "level", "12", "所", "eq", "2029"),
                ("8", "新建学校", "actual", "level", "8", "所", "eq", "2030"),
                ("5", "改造", "actual", "level", "5", "户", "eq", "2029"),
                ("6", "改造", "actual", "level", "6", "户", "eq", "2030"),
            ],
        ),
        # Figures that nobody gives a unit are claimed, not guessed at.
        ("名称\t城镇\t农村\n电视机\t110\t107\n电冰箱\t101\t93\n洗衣机\t100\t86\n", "", []),
    ],
)
def test_headings_units_and_years(table: str, above: str, rows: list[tuple[str | None, ...]]) -> None:
    assert _read(table, above) == rows


BLANKS = """               表2   2030年主要农产品产量及其增长速度
         指标            单位     绝对数    比上年增长（%）

    粮食总产量            万吨     48.20       1.2
       #稻谷            万吨     30.60      -0.4
        玉    米         万吨     11.90       4.0
    油料产量             万吨      3.10      12.0


                            — 3 —
    肉类产量             万吨      5.02        —
       #猪肉            万吨      3.49       7.4
        牛肉            万吨      1.07      -4.4

    全年水果产量 9.1 万吨，增长 2.5%。
"""


def test_columns_of_blanks_are_a_table() -> None:
    rows = [(text, name, value, unit) for text, name, _, _, value, unit, _, _ in _read(BLANKS, f"{TITLE}\n")]
    assert rows == [
        ("48.20", "粮食总产量", "482000", "吨"), ("1.2", "粮食总产量", "1.2", "%"),
        ("30.60", "粮食总产量稻谷", "306000", "吨"), ("-0.4", "粮食总产量稻谷", "-0.4", "%"),
        ("11.90", "粮食总产量玉米", "119000", "吨"), ("4.0", "粮食总产量玉米", "4", "%"),
        ("3.10", "油料产量", "31000", "吨"), ("12.0", "油料产量", "12", "%"),
        ("5.02", "肉类产量", "50200", "吨"),
        ("3.49", "肉类产量猪肉", "34900", "吨"), ("7.4", "肉类产量猪肉", "7.4", "%"),
        ("1.07", "肉类产量牛肉", "10700", "吨"), ("-4.4", "肉类产量牛肉", "-4.4", "%"),
    ]  # fmt: skip


def test_cells_in_words_have_the_unit_of_their_row() -> None:
    table = (
        "指标,单位,2030年完成,2031年目标\n粮食产量,万吨,48.2,稳定在48以上\n城镇调查失业率,%,5.1,≤5.5\n"
        "森林覆盖率,%,45.2,≥45.5\n人均生产总值,元,￥41200,增长6左右\n细颗粒物浓度,微克/立方米,34.2,控制在35以内\n"
    )
    rows = {(text, value, unit, bound) for text, _, _, _, value, unit, bound, _ in _read(table, f"{TITLE}\n")}
    assert rows == {
        ("48.2", "482000", "吨", "eq"), ("48以上", "480000", "吨", "ge"), ("5.1", "5.1", "%", "eq"),
        ("≤5.5", "5.5", "%", "le"), ("45.2", "45.2", "%", "eq"), ("≥45.5", "45.5", "%", "ge"),
        ("41200", "41200", "元", "eq"), ("34.2", "34.2", "微克/立方米", "eq"),
        ("控制在35以内", "35", "微克/立方米", "le"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("≥95", "%", ("≥95", "95", "%", "ge", None)),
        (">90", "%", (">90", "90", "%", "over", None)),
        ("3.2①", "%", ("3.2", "3.2", "%", "eq", None)),
        ("12.5*", "亿元", ("12.5", "1250000000", "元", "eq", None)),
        ("3.5（快报数）", "%", ("3.5", "3.5", "%", "eq", None)),
        ("[12.5]", "亿元", ("12.5", "1250000000", "元", "eq", None)),
        ("6.2↓", "%", ("6.2↓", "6.2", "%", "eq", None)),
        ("力争45", "万吨", ("45", "450000", "吨", "eq", None)),
        ("保持45左右", "万吨", ("45左右", "450000", "吨", "about", None)),
        ("力争突破45", "亿元", ("突破45", "4500000000", "元", "over", None)),
        ("同比增长6", "%", ("6", "6", "%", "eq", "growth")),
        ("近百", "亿元", ("近百", "10000000000", "元", "nearly", None)),
        ("增长6%左右", "亿元", ("6%左右", "6", "%", "about", "growth")),
        ("增长6左右", "亿元", None),  # of what unit?
    ],
)
def test_what_a_cell_says_of_its_number(text: str, unit: str, told: tuple[str | None, ...] | None) -> None:
    found = [
        (text[a.start : a.end], f"{a.value:f}", a.unit, a.comparator, a.measure) for a in amounts(text, unit, "level")
    ]
    assert found == ([told] if told else [])


@pytest.mark.parametrize("text", ["进出口额万元。", "税收收入61.亿元。", "1.2；亿元；3", "项目；万吨；增长"])
def test_a_unit_without_a_number_is_none(text: str) -> None:
    assert not [q for q in scan(fold(text))[0] if q.form == "bare"]


def test_an_index_is_in_points_and_its_base_is_none() -> None:
    table = "指标\t指数\n居民消费价格\t100.5\n食品烟酒\t98.9\n衣着\t98.5\n"
    above = f"{TITLE}\n一、2030年计划执行情况\n表2 2030年居民消费价格指数（上年=100）\n"
    assert [(row[0], row[1], row[5]) for row in _read(table, above)] == [
        ("100.5", "居民消费价格指数", "点"), ("98.9", "食品烟酒指数", "点"), ("98.5", "衣着指数", "点"),
    ]  # fmt: skip
    report = extract(read(f"{above}{table}表 7 分行业固定资产投资\n".encode()))
    assert [s.text for s in report.statements] == ["100.5", "98.9", "98.5"]


def test_figures_under_a_heading_that_foresees_are_said_to_be_estimates() -> None:
    table = "指标,单位,2030年预计完成,2031年目标\n生产总值,亿元,862.5,910\n粮食产量,万吨,48.2,48.5\n"
    report = extract(read(f"{TITLE}\n{table}".encode()))
    assert [(s.text, s.kind) for s in report.statements if s.period == "2030"] == [
        ("862.5", "actual"),
        ("48.2", "actual"),
    ]
    (finding,) = [finding for finding in report.findings if finding.code == "table.foreseen"]
    assert [report.document.slice(span) for span in finding.spans] == ["862.5", "48.2"]


def test_rows_may_be_places() -> None:
    table = "县区\t生产总值（亿元）\t增长（%）\n全市\t862.5\t5.6\n河湾区\t300\t6\n石桥县\t120\t4.1\n"
    report = extract(read(f"{TITLE}\n一、2030年计划执行情况\n{table}".encode()))
    _whole(report)
    found = [(s.text, s.indicator, s.place) for s in report.statements]
    assert found[0][1] == "生产总值" and found[2:4] == [("300", "生产总值", "河湾区"), ("6", "生产总值", "河湾区")]


def test_evidence_points_to_the_heading() -> None:
    report = extract(read(PLAN.encode()))
    statement = report.statements[0]
    words = {item.field: [report.document.slice(span) for span in item.spans] for item in statement.evidence}
    assert words["indicator"] == ["生产总值"] and words["unit"] == ["亿元"]
    assert words["period"] == words["kind"] == ["2030年计划"]


def test_prose_around_a_table_reads_as_without_it() -> None:
    before, behind = "一、综合\n全市生产总值862.5亿元，增长5.6%。\n", "\n二、农业\n粮食产量增长1.2%。\n"
    whole = extract(read(f"{before}{PLAN.replace(',', chr(9))}{behind}".encode()))
    plain = extract(read(f"{before}{behind}".encode()))
    span = whole.document.tables[0].span
    prose = [_row(each) for each in whole.statements if each.span not in span]
    assert prose == [_row(each) for each in plain.statements]
    assert [h.title for h in whole.frame.headings] == [h.title for h in plain.frame.headings]


def _cells() -> list[list[str]]:
    return [line.split(",") for line in PLAN.splitlines()]


def _xlsx() -> bytes:
    book: Any = openpyxl.Workbook()
    for row in _cells():
        book.active.append([float(cell) if cell.replace(".", "", 1).isdigit() else cell or None for cell in row])
        for cell in book.active[book.active.max_row]:
            text = row[cell.column - 1]
            if "." in text:
                cell.number_format = "0." + "0" * len(text.partition(".")[2])
    book.active.merge_cells("F1:G1")
    for column in "ABCDEH":
        book.active.merge_cells(f"{column}1:{column}2")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in _cells()[2:])
    first, second = _cells()[:2]
    top = "".join(f'<th rowspan="2">{cell}</th>' for cell in first[:5]) + f'<th colspan="2">{first[5]}</th>'
    top += f'<th rowspan="2">{first[7]}</th>'
    below = "".join(f"<th>{cell}</th>" for cell in second[5:7])
    return f"<html><body><table><tr>{top}</tr><tr>{below}</tr>{rows}</table></body></html>".encode()


def _markdown() -> bytes:
    lines = [f"| {' | '.join(row)} |" for row in _cells()]
    return "\n".join([lines[0], "| --- " * 8 + "|", *lines[1:]]).encode()


@pytest.mark.parametrize(
    "data",
    [
        _xlsx(),
        _html(),
        PLAN.replace(",", "\t").encode(),
        _markdown(),
        PLAN.encode("gb18030"),
    ],
    ids=["xlsx", "html", "tabs", "markdown", "gb18030"],
)  # fmt: skip
def test_the_same_statements_from_each_form(data: bytes) -> None:
    report = extract(read(data))
    _whole(report)
    assert [_row(each) for each in report.statements] == _read(PLAN)
