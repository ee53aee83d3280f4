"""Successive reports of one place, and of the place above it: revisions, implied figures, and how targets move."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from invented_reports import report

from taizhang.checks.findings import findings
from taizhang.checks.implied import implied
from taizhang.model import Interval


def told(*reports_: tuple[str, str]) -> list[str]:
    """Codes found over reports of 2023, 2024 …, each with its review and its plan, which is whole."""
    held = [report(review, plan, year=2023 + at, whole=True) for at, (review, plan) in enumerate(reports_)]
    return [each.code for each in findings(held)]


def test_result_and_rate_decide_the_plan() -> None:
    (plan,) = implied(report("完成投资278亿元，为年度计划的102.5%。"))
    interval = plan.interval()
    assert plan.what == "plan" and interval.low and interval.high
    assert (round(interval.low / 10**8, 1), round(interval.high / 10**8, 1)) == (Decimal("270.6"), Decimal("271.8"))
    assert "270.6" in plan.formula and "271.8" in plan.formula


def test_total_and_new_decide_last_years_total() -> None:
    (total,) = implied(report("新开通5G基站2615座，累计达到8885座。"))
    interval = total.interval()
    assert total.what == "total" and interval == Interval(Decimal(6270), Decimal(6270))


def test_growths_dealt_out_behind_a_list_go_to_their_own_level() -> None:
    review = "城镇居民人均可支配收入30283元、农村居民人均可支配收入10324元，分别增长9.0%和12.0%。"
    found = list(implied(report(review)))
    assert [(each.fact.statement.value, each.by.statement.value) for each in found] == [
        (Decimal(30283), Decimal(9)),
        (Decimal(10324), Decimal(12)),
    ]


def test_levels_dealt_out_in_front_take_the_growths_by_position() -> None:
    review = "城镇、农村居民人均可支配收入分别完成32296元、11516元，同比增长10.2%、13.9%。"
    found = list(implied(report(review)))
    assert [(each.fact.statement.value, each.by.statement.value) for each in found] == [
        (Decimal(32296), Decimal("10.2")),
        (Decimal(11516), Decimal("13.9")),
    ]


@pytest.mark.parametrize(
    "review",
    [
        "地区生产总值88.0亿元，增长6.0%。",
        "财政收入12.0亿元，同口径增长6.0%。",
        "财政收入12.0亿元左右，增长6.0%。",
    ],
)
def test_another_basis_tells_nothing_of_last_year(review: str) -> None:
    assert not list(implied(report(review)))


def test_a_silent_revision_is_a_warning() -> None:
    assert told(("社会消费品零售总额26.7亿元。", ""), ("社会消费品零售总额14.2亿元，下降1.2%。", "")) == [
        "revised.level"
    ]
    assert told(("社会消费品零售总额14.4亿元。", ""), ("社会消费品零售总额14.2亿元，下降1.2%。", "")) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("财政收入10.0亿元。", "生产总值88亿元、增长6%（不含新区，下同），财政收入12.0亿元，增长10%。"),
        ("财政收入10.0亿元。", "生产总值88亿元、增长6%（按同口径计算，下同）。财政收入12.0亿元，增长10%。"),
        ("实际利用外资1.50亿美元。", "外商直接投资1.25亿美元，增长10%。"),
        ("生产总值100亿元。", "生产总值115亿元，增长6%。"),
    ],
)
def test_another_scope_is_no_revision(was: str, now: str) -> None:
    assert "revised.level" not in told((was, ""), (now, ""))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("常住人口城镇化率达到54.1%。", "常住人口城镇化率达到56.3%，提高1.2个百分点。"),
        ("粮食产量21.5万吨。", "粮食产量23.6万吨，增产1.3万吨。"),
        ("固定资产投资59.8亿元。", "固定资产投资完成61.6亿元，增速10%。"),
        ("地区生产总值完成70.1亿元，财政收入由2.1亿元增加到3.2亿元。", "财政收入4.0亿元，增长10%。"),
    ],
)
def test_a_change_too_tells_of_last_year(was: str, now: str) -> None:
    assert told((was, ""), (now, "")) == ["revised.level"]


def test_a_fall_is_taken_off_in_the_formula() -> None:
    (fall,) = implied(report("PM2.5平均浓度38.8微克/立方米、下降15.3%。"))
    assert "1 − 15.3%" in fall.formula


def test_income_that_doubles_between_two_reports() -> None:
    assert told(("农村居民人均可支配收入13255元。", ""), ("农村居民人均可支配收入26255元。", "")) == ["jump.unlikely"]


def test_output_revised_beyond_what_prices_do() -> None:
    assert told(("生产总值100亿元。", ""), ("生产总值72亿元，增长6%。", "")) == ["revised.level"]


def test_a_revised_estimate_weighs_less() -> None:
    for estimate, severity in (("14.9亿元", "info"), ("26.7亿元", "warning")):  # none is off by half
        reports_ = [
            report(f"预计社会消费品零售总额{estimate}。", year=2023),
            report("社会消费品零售总额14.2亿元，下降1.2%。", year=2024),
        ]
        (found,) = findings(reports_)
        assert (found.code, found.severity) == ("revised.level", severity) and f"{estimate}是预计数" in found.zh


@pytest.mark.parametrize("torn", ["excerpt", "five years"])
def test_what_an_excerpt_or_a_five_year_plan_does_not_name_is_not_dropped(torn: str) -> None:
    earlier = report(plan="主要预期目标是：固定资产投资增长8%，出口增长3%。", year=2023, whole=True)
    later = report(plan="主要预期目标是：出口增长3%。", year=2024, whole=torn != "excerpt")
    assert torn == "excerpt" or "wording.dropped" in [each.code for each in findings([earlier, later])]
    if torn == "five years":
        frame = msgspec.structs.replace(later.frame, year_planned="2024/2028")
        later = msgspec.structs.replace(later, frame=frame)
    assert "wording.dropped" not in [each.code for each in findings([earlier, later])]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        # what the plan of half a year, a closing clause or a merged indicator does not name is not dropped
        ("固定资产投资增长8%，出口增长3%。", "主要预期目标是：出口增长3%。\n\n（一）下半年重点工作\n\n抓好项目。"),
        ("固定资产投资增长8%，出口增长3%。", "主要预期目标是：出口增长3%，其他指标完成上级下达任务。"),
        ("农民人均纯收入增长8%，出口增长3%。", "主要预期目标是：城乡居民人均可支配收入增长8%，出口增长3%。"),
    ],
)
def test_what_is_covered_otherwise_is_not_dropped(was: str, now: str) -> None:
    assert "wording.dropped" not in told(("", f"主要预期目标是：{was}"), ("", now))


def test_a_target_named_in_a_heading_is_not_dropped() -> None:
    was = "主要预期目标是：固定资产投资增长8%，出口增长3%。"
    now = "主要预期目标是：出口增长3%。\n\n（一）扩大固定资产投资\n\n抓好项目。"
    assert "wording.dropped" not in told(("", was), ("", now))


def test_reports_that_do_not_follow_each_other_are_not_compared() -> None:
    first = report("社会消费品零售总额26.7亿元。", year=2021)
    later = report("社会消费品零售总额14.2亿元，下降1.2%。", year=2024)
    elsewhere = report("社会消费品零售总额26.7亿元。", year=2023, place="石泉县")
    assert findings([first, later]) == findings([elsewhere, later]) == []


def test_order_of_the_arguments_does_not_matter() -> None:
    one = report("社会消费品零售总额26.7亿元。", year=2023)
    other = report("社会消费品零售总额14.2亿元，下降1.2%。", year=2024)
    assert findings([one, other]) == findings([other, one])


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("固定资产投资增长8%以上。", "固定资产投资增长8%左右。", "wording.softened"),
        ("确保固定资产投资增长8%。", "力争固定资产投资增长8%。", "wording.softened"),
        (
            "主要预期目标是：固定资产投资增长8%。",
            "主要预期目标是：固定资产投资平稳增长，出口增长3%。",
            "wording.softened",
        ),
        ("主要预期目标是：固定资产投资增长8%，出口增长3%。", "主要预期目标是：出口增长3%。", "wording.dropped"),
        (
            "主要预期目标是：城镇居民人均可支配收入增长8%。",
            "主要预期目标是：全体居民人均可支配收入增长8%。",
            "wording.scope",
        ),
    ],
)
def test_a_target_that_moves(was: str, now: str, code: str) -> None:
    assert code in told(("", was), ("", now))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("固定资产投资增长8%左右。", "固定资产投资增长8%以上。"),
        ("固定资产投资增长5%。", "固定资产投资增长10%左右。"),
        ("力争固定资产投资增长8%。", "确保固定资产投资增长8%。"),
        ("主要预期目标是：规上工业增加值增长8%。", "主要预期目标是：规模以上工业增加值增长8%。"),
        ("主要预期目标是：居民人均可支配收入增长7%。", "主要预期目标是：城乡居民人均可支配收入分别增长7%、8%左右。"),
    ],
)
def test_a_target_that_stays_or_hardens(was: str, now: str) -> None:
    assert told(("", was), ("", now)) == []


def test_one_new_scope_for_town_and_country_is_told_once() -> None:
    was = "主要预期目标是：城镇居民人均可支配收入增长7%，农村居民人均可支配收入增长8%。"
    now = "主要预期目标是：全体居民人均可支配收入增长8%。"
    assert told(("", was), ("", now)) == ["wording.scope"]
    assert told(("", "主要预期目标是：城乡居民人均可支配收入均增长7%。"), ("", was)) == []


def test_three_years_unchanged_are_told_once() -> None:
    plan = "城镇登记失业率控制在4.5%以内。"
    assert told(("", plan), ("", plan)) == []
    assert told(("", plan), ("", plan), ("", plan), ("", plan)) == ["wording.unchanged"]


def test_a_child_above_its_parent() -> None:
    parent = report(plan="固定资产投资增长6%。", place="青川市")
    child = report(plan="固定资产投资增长9%。", place="云溪县")
    (found,) = findings([parent, child])
    assert (found.code, found.severity) == ("wording.above-parent", "info")
    assert "云溪县" in found.zh and "青川市" in found.zh


def test_nothing_over_the_years_is_an_error_but_a_slip_of_the_unit() -> None:
    held = [
        report("社会消费品零售总额26.7亿元。", "确保财政收入增长9%，财政收入达到20亿元。", year=2023),
        report(
            "社会消费品零售总额14.2亿元，下降1.2%。财政收入增长8.2%，超过8%的预期目标。",
            "力争财政收入增长8%。",
            year=2024,
        ),
    ]
    assert {each.severity for each in findings(held)} <= {"warning", "info"}
