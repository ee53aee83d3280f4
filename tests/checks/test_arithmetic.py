"""Sums in invented reports: what contradicts itself, what only looks so, and what rounding allows."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_reports import report

from taizhang.checks.facts import Width, facts_of, judge, quotient, share, written
from taizhang.checks.findings import findings
from taizhang.checks.intervals import add
from taizhang.model import Interval, Span, Statement


def found(review: str = "", plan: str = "") -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in findings([report(review, plan)])]


WRONG = [
    ("农田灌溉面积由12.5万亩扩大到14.0万亩，扩大2.5万亩。", "sum.change"),
    ("用水量由69.5万吨下降到50.2万吨，下降38%。", "sum.growth"),
    ("全年用纱69.0万吨，比上年的50.0万吨增加29.0万吨。", "sum.change"),
    ("财政收入88.0亿元，比上年增加8.0亿元，增长15.0%。", "sum.change-growth"),
    ("完成投资35亿元，其中工业投资350亿元。", "parts.greater"),
    ("三次产业结构调整为8.6:43.1:48.8。", "ratio.hundred"),
    ("三次产业结构调整为8.6:431:48.3。", "ratio.hundred"),
    ("自来水普及率达到985%。", "value.out-of-range"),
    ("综合考核在全省11个市中列第12位。", "rank.beyond-peers"),
    ("全力打造四大园区：东湖园区、西岭园区、南河园区。", "list.count"),
    ("落实“四大工程”：即东湖工程、西岭工程、南河工程。", "list.count"),
    ("一般公共预算收入由2018年的4.20亿元增长到2023年的9.20亿元，年均增长12%。", "sum.average-growth"),
    ("新增专精特新企业39家、累计达到36家。", "parts.greater"),
    ("全市居民人均可支配收入达到30283元。民生持续改善。居民人均可支配收入30286元。", "fact.twice"),
    (
        "财政收入9.21亿元，超额完成目标任务；社会消费品零售总额14.2亿元。消费回暖。社会消费品零售总额14.5亿元。",
        "fact.twice",
    ),
    # 其中 past the total's own growth, over a stop, in brackets, of a total whose year is written
    ("财政支出35.0亿元，增长8%，其中民生支出350亿元。", "parts.greater"),
    ("财政支出35.0亿元，增长8%。其中，民生支出350亿元。", "parts.greater"),
    ("建有公共图书馆41个（其中社区图书馆98个）。", "parts.greater"),
    ("获得2023年度省级奖励10项，其中主持96项。", "parts.greater"),
    ("糖料产量46.0万吨，比2022年的29.0万吨增长58.6%，其中甘蔗产量88.0万吨。", "parts.greater"),
    # plan, result and rate in other orders
    ("完成技改投资24亿元，占年度计划20亿元的102%。", "completion.rate"),
    ("年度计划投资20亿元。项目进展顺利。完成投资24亿元，占年度计划的102%。", "completion.rate"),
    ("工业技改年度计划投资20亿元。项目进展顺利。工业技改完成投资24亿元，占年度计划的102%。", "completion.rate"),
    ("年度计划投资20亿元，完成投资24亿元，完成率102%。", "completion.rate"),
    # a share behind a completion rate
    ("一般公共预算收入28.00亿元。税收收入14.00亿元，占预算的101%，占一般公共预算收入的70.0%。", "share.part-of-total"),
    # one digit apart
    ("全社会固定资产投资增长30.4%。项目建设提速。全社会固定资产投资增长80.4%。", "fact.twice"),
    # what one item says of its prices is not said of the next
    (
        "国民收入由30.1亿元增加到77.9亿元，按可比价格计算增长94.9%；财政收入由11.2亿元增加到62.2亿元，增长98%。",
        "sum.growth",
    ),
    ("全年地区生产总值增长85%。", "jump.unlikely"),
    ("居民人均可支配收入增长72%。", "jump.unlikely"),
    ("年末常住人口44.5万人。城镇常住人口27.6万人，占总人口的比重（常住人口城镇化率）为58.0%。", "share.part-of-total"),
]


@pytest.mark.parametrize(("text", "code"), WRONG, ids=[code + str(at) for at, (_, code) in enumerate(WRONG)])
def test_a_contradiction_is_found(text: str, code: str) -> None:
    assert code in [each for each, _ in found(text)]


RIGHT = [
    "农田灌溉面积由12.5万亩扩大到14.0万亩，扩大1.5万亩。",
    "存款余额由48.30亿元增长到110.80亿元，年均增长12.50亿元。",
    "地区生产总值由100.0亿元增加到120.0亿元，增长8%。",
    "财政收入由100.0亿元增加到120.0亿元，可比增长8%。",
    "城乡居民收入由2.0万元增加到4.0万元，增长2倍。",
    "用纱69.0万吨，比上年的50.0万吨增加19.0万吨，增长38%。",
    "用纱69.0万吨，比上年的50.0万吨增加19.0万吨，平均每年增加3.8万吨。",
    "行政支出比重为6.7%，比上年的4.9%提高1.8%。",
    "完成投资350亿元，其中工业投资35亿元、农业投资20亿元。",
    "新增铁路639公里、其中高铁370公里，新增公路2600公里。",
    "三次产业结构调整为8.6:43.1:48.3。",
    "三次产业结构调整为8.6:43.1:48.4。",
    "三次产业结构调整为8:43:50。",
    "高中阶段毛入学率达到103%。",
    "综合考核在全省11个市中列第11位。",
    "全力打造四大园区：东湖园区、西岭园区、南河园区等。",
    "全力打造三大园区：东湖园区、西岭园区和南河园区。",
    "粮食产量515.6万吨。……粮食产量跃上500万吨台阶。",
    "县城生产总值58.3亿元。全县生产总值143.8亿元。",
    "落实“三大工程”：即东湖工程、西岭工程、南河工程。",
    "新增专精特新企业9家、累计达到36家。",
    "五年来地区生产总值累计增长85%。",
    "地区生产总值比2013年增长85%。",
    "税收收入增长12.6%。税务部门组织税收收入增长12.0%。",
    "三次产业结构为12.6:43.1:44.3，一产稳中有升。",
    "全国第二，7个园区入围，增长8%。",
    "糖料产量46.0万吨，比2022年的29.0万吨增长58.6%。其中，甘蔗产量35.0万吨。",
    "财政收入277.0亿元，增收23.0亿元，增长9.1%。其中，税收收入168.0亿元。",
    "参保人数445.9万人，比上年减少6.4万人。其中，职工参保33.0万人。",
    "城乡居民人均收入8893元，增长11.6%，其中城镇居民人均可支配收入12948元。",
    "完成投资35亿元，新开工项目60个，其中亿元以上项目22个。",
    "总投资20亿元的云溪水库，完成投资4亿元，占总投资的20%。",
    "五年规划投资200亿元，完成投资24亿元，占年度计划的102%。",
    "年度计划投资20亿元。城乡教育投资完成24亿元，占年度计划的102%。",
    "完成技改投资24亿元，占年度计划20亿元的120%。",
    "按可比价格计算，甲业产值由30.1亿元增加到77.9亿元；乙业产值由11.2亿元增加到62.2亿元，增长98%。",
    "全社会固定资产投资增长30.4%。工业固定资产投资增长80.4%。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_in_order_is_left_alone(text: str) -> None:
    assert not [code for code, severity in found(text) if severity == "error" or code == "parts.more-than-total"], text


def test_parts_that_may_overlap_are_no_error() -> None:
    text = "在校学生11.2万人，其中女生6.1万人、住校生8.0万人，教师0.9万人。"
    assert found(text) == [("parts.more-than-total", "warning")]


# The traps of the trade, in our own words


def test_target_under_the_last_actual() -> None:
    review, plan = "基本医疗保险参保率达到98.5%。", "今年基本医疗保险参保率保持在95%以上。"
    assert found(review, plan) == [("wording.below-actual", "warning")]


@pytest.mark.parametrize(
    ("review", "plan"),
    [
        ("基本医疗保险参保率达到99.7%。", "今年基本医疗保险参保率保持在99%以上。"),
        ("城镇新增就业3200人。", "今年城镇新增就业3000人以上。"),
        ("城镇登记失业率3.2%。", "今年城镇登记失业率控制在4.5%以内。"),
        ("居民消费价格上涨1.8%。", "今年居民消费价格涨幅控制在3%左右。"),
        ("粮食产量4.3亿斤。", "今年粮食产量稳定在4.1亿斤以上。"),
        ("科技型中小企业达到497家。", "今年科技型中小企业新增38家。"),
        ("新增高新技术企业5家。", "今年新增高新技术企业2家。"),
    ],
)
def test_a_custom_is_no_low_target(review: str, plan: str) -> None:
    """Floors, ceilings, a year's work and a stock beside what is to be added: a deputy has nothing to ask."""
    assert not found(review, plan)


def test_half_a_years_work_is_worth_a_line() -> None:
    assert found("新增停车位2164个。", "今年新增停车位980个。") == [("wording.below-actual", "info")]


def test_fifteen_new_towards_a_total_of_350_contradict_nothing() -> None:
    """新增15家以上 and 力争总数350家 bound last year's total from above; nothing here says what it was."""
    plan = "今年高新技术企业新增15家以上，力争总数达到350家。"
    assert not found("全县高新技术企业达到338家。", plan)
    assert not found("", plan)


def test_555_to_650_is_a_rise_and_no_slip() -> None:
    plan = "今年新能源装机力争达到650万千瓦。"
    assert not [code for code, severity in found("新能源装机达到555万千瓦。", plan) if severity != "info"]


def test_units_of_a_list_stay_apart() -> None:
    text = "孕产妇死亡率、婴儿死亡率、5岁以下儿童死亡率分别控制在12.6/10万、6.6‰、5.3‰以内。"
    assert not found("", text)


def test_a_lost_decimal_point_is_told_with_its_power_of_ten() -> None:
    plan = "2024年财政收入增长10%，达到220亿元。"
    findings_ = findings([report("2023年财政收入20.0亿元。", plan)])
    assert [(each.code, each.severity) for each in findings_] == [("target.level-growth", "error")]
    assert "小数点" in findings_[0].zh


def test_a_year_that_is_only_assumed_carries_no_error() -> None:
    plan = "今年财政收入增长10%，达到220亿元。"
    assert found("全年财政收入20.0亿元。", plan) == [("target.level-growth", "warning")]


@pytest.mark.parametrize(
    "text",
    [
        "烟叶由24.5万担增加到46.1万担，增长百分之八，七。",
        "煤炭产量由12.4万吨增加到19.5万吨，增加02万吨。",
        "棉花产量36即00万吨，比上年的32.5万吨增长12.3%。",
        "粮食产量m60万吨，比上年的50万吨增加5万吨。",
    ],
)
def test_a_number_not_read_whole_carries_no_error(text: str) -> None:
    assert {severity for _, severity in found(text)} <= {"info"}
    assert all("没有读全" in each.zh for each in findings([report(text)]))


def test_an_estimate_beside_a_final_figure_is_no_error() -> None:
    wrong = "民营经济增加值126.7亿元，占生产总值的49.7%。"
    told = findings([report(f"预计2023年生产总值252亿元。\n\n2023年{wrong}")])
    assert [(each.code, each.severity) for each in told] == [("share.part-of-total", "warning")]
    assert "252亿元是预计数" in told[0].zh
    assert found(f"2023年生产总值252亿元。2023年{wrong}") == [("share.part-of-total", "error")]


def test_an_estimate_still_contradicts_itself() -> None:
    assert found("预计用水量由69.5万吨下降到50.2万吨，下降38%。") == [("sum.growth", "error")]


def test_prices_explain_some_distance_and_no_more() -> None:
    within = "地区生产总值由2018年的100.0亿元增加到2023年的150.0亿元，年均增长6%。"
    beyond = "地区生产总值由2018年的100.0亿元增加到2023年的350.0亿元，年均增长6%。"
    assert not found(within)
    assert [code for code, _ in found(beyond)] == ["sum.average-growth"]


@pytest.mark.parametrize(("when", "severity"), [("全年", "warning"), ("{year}年", "error")])
def test_a_unit_slip_between_years(when: str, severity: str) -> None:
    earlier = report(f"{when.format(year=2022)}财政收入12.5亿元，增长7%。", year=2023)
    later = report(f"{when.format(year=2023)}财政收入135亿元，增长8%。", year=2024)
    assert [(each.code, each.severity) for each in findings([earlier, later])] == [("jump.power-of-ten", severity)]


def test_a_bent_share_is_no_error() -> None:
    """17 + 10 + 24 + 9 + 162 = 222; 162 of them are 72.97%, written 72.9 so that the five make 100."""
    text = "甲类17项、占7.7%，乙类10项、占4.5%，丙类24项、占10.8%，丁类9项、占4.1%，戊类162项、占72.9%。"
    assert found(text) == [("share.bent", "info")]


def test_the_odd_count_of_a_list_is_named_alone() -> None:
    """One torn count (5 for 248.5) makes the sum wrong, and with it every share: only the odd one is told."""
    text = "工业5.0亿元、占58.1%，农业32.6亿元、占7.6%，交通82.1亿元、占19.2%，教育64.2亿元、占15.0%。"
    told = findings([report(text)])
    assert [each.code for each in told] == ["share.list"]
    assert told[0].sides[0].text == "5.0亿元"


def test_most_severe_first_then_in_text_order() -> None:
    text = "自来水普及率达到985%。完成投资35亿元，其中工业投资350亿元。全力打造四大园区：甲园区、乙园区、丙园区。"
    told = findings([report(text)])
    assert [each.severity for each in told] == sorted(
        (each.severity for each in told), key=["error", "warning", "info"].index
    )
    errors = [each.sides[0].span.start for each in told if each.severity == "error"]
    assert errors == sorted(errors) or len(errors) == 1


def test_the_same_report_twice_is_one() -> None:
    one = report("自来水普及率达到985%。")
    assert len(findings([one, one])) == 1


def test_no_reports_no_findings() -> None:
    assert findings([]) == []


# Properties


def statement(value: Decimal, decimals: int, unit: str = "元", scale: int = 8) -> Statement:
    return Statement(
        id="x", span=Span(0, 1), text="1", indicator="投资", kind="actual",
        measure="level", value=value.scaleb(scale), value_max=None, unit=unit, comparator="eq", period="2023",
        place=None, decimals=decimals, scale=scale, sentence=0,
    )  # fmt: skip


amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(99999), places=6)


@given(st.lists(amounts, min_size=1, max_size=6), st.integers(0, 3), st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
@settings(max_examples=200, deadline=None)
def test_a_true_sum_never_cannot_agree(parts: list[Decimal], places: int, rounding: str) -> None:
    quantum = Decimal(1).scaleb(-places)
    shown = [statement(part.quantize(quantum, rounding), places) for part in parts]
    total = statement(sum(parts, Decimal(0)).quantize(quantum, rounding), places)

    def together(width: Width) -> Interval:
        out = written(shown[0], width)
        for each in shown[1:]:
            out = add(out, written(each, width))
        return out

    assert judge(together, lambda width: written(total, width)) != "cannot"


@given(amounts, amounts, st.integers(0, 3), st.integers(0, 2))
@settings(max_examples=200, deadline=None)
def test_a_true_growth_never_cannot_agree(old: Decimal, new: Decimal, places: int, shown: int) -> None:
    quantum = Decimal(1).scaleb(-places)
    before, after = (statement(each.quantize(quantum, ROUND_HALF_UP), places) for each in (old, new))
    growth = ((new / old) * 100).quantize(Decimal(1).scaleb(-shown), ROUND_HALF_UP)
    rate = statement(growth, shown, "%", 0)
    answer = judge(
        lambda width: quotient(written(after, width), written(before, width)),
        lambda width: share(rate, width),
    )
    assert answer != "cannot"


@given(amounts, st.integers(0, 3))
def test_wider_readings_hold_the_narrower(value: Decimal, places: int) -> None:
    each = statement(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), places)
    rounded, cut, loose = (written(each, width) for width in ("rounded", "truncated", "loose"))
    for narrow, wide in ((rounded, cut), (cut, loose)):
        assert wide.low is not None and narrow.low is not None and wide.low <= narrow.low
        assert wide.high is not None and narrow.high is not None and wide.high >= narrow.high


def test_facts_keep_the_text_order() -> None:
    held = facts_of(report("投资10亿元，增长5%。新建学校3所。"))
    assert [fact.statement.span.start for fact in held] == sorted(fact.statement.span.start for fact in held)
