"""What becomes of what was undertaken without a number: invented pairs, one undertaken, one reported."""

from __future__ import annotations

import pytest
from invented_reports import report

from taizhang.checks.undertakings import undertakings, undertakings_over
from taizhang.lexicon.outcomes import promises, stages
from taizhang.model import Echo


def pair(plan: str, review: str, later_plan: str = "") -> list[Echo]:
    return undertakings(report(plan=plan, year=2024), report(review=review, plan=later_plan, year=2025))


# undertaken, reported, the thing, what is heard of it
HEARD = [
    ("确保伊川购物广场年内投入运营。", "伊川购物广场正式营业。", "伊川购物广场", "answered"),
    ("启动远山嘉园小区建设。", "远山嘉园小区建设顺利推进。", "远山嘉园小区", "answered"),
    ("完成西出口道路建设，建成通车。", "城市西出口路建成通车。", "西出口道路", "answered"),
    ("确保滨河大桥年内建成通车。", "滨河大桥建成通车。", "滨河大桥", "answered"),
    ("完成青禾路西延建设。", "高标准完成青禾路、云岭路西延等道路建设。", "青禾路西延", "answered"),
    ("开工建设云溪第二水厂。", "云溪第二水厂开工建设。", "云溪第二水厂", "answered"),
    ("开工建设青禾第二水厂。", "青禾第二水厂建成投用。", "青禾第二水厂", "answered"),
    ("出台招商引资奖励办法。", "出台招商引资奖励办法，营商环境不断优化。", "招商引资奖励办法", "answered"),
    ("编制县城排水专项规划。", "编制县城排水专项规划。", "县城排水专项规划", "answered"),
    ("组建青禾文旅集团。", "青禾文旅集团挂牌成立。", "青禾文旅集团", "answered"),
    ("争创国家园林县城。", "成功创建国家园林县城。", "国家园林县城", "answered"),
    ("办好第三届冰雪运动会。", "成功举办第三届冰雪运动会。", "第三届冰雪运动会", "answered"),
    ("完成县医院传染病房楼建设。", "县医院新建传染病房楼项目竣工。", "县医院传染病房楼", "answered"),
    ("实现京甲、京乙高速建成通车。", "京甲、京乙高速公路建成通车。", "京甲高速", "answered"),
    ("完成实验中学教学楼主体施工。", "实验中学教学楼主体完工。", "实验中学教学楼主体施工", "answered"),
    ("完成滨河路东段建设。", "滨河路东段建成通车。", "滨河路东段", "answered"),
    ("完成西出口路建设。", "西出口道路建成通车。", "西出口路", "answered"),
    (
        "启动青禾大街拓宽改造工程（县医院至东关）。",
        "青禾大街拓宽改造开工建设。",
        "青禾大街拓宽改造工程（县医院至东关）",
        "answered",
    ),
    ("建成青禾水厂二期。", "青禾水厂竣工。", "青禾水厂二期", "answered"),
    ("滨河大桥建成通车。", "滨河大桥进展，已建成通车。", "滨河大桥", "answered"),
    # named, but its end is not said: only begun, only wanted, only next year, another stage right behind it
    ("确保滨河大桥年内建成通车。", "滨河大桥加快建设。", "滨河大桥", "named"),
    ("确保滨河大桥年内建成通车。", "滨河大桥主体完工。", "滨河大桥", "named"),
    ("确保滨河大桥年内建成通车。", "推进滨河大桥建设，青禾水厂建成投用。", "滨河大桥", "named"),
    ("争创国家园林县城。", "深入推进国家园林县城创建。", "国家园林县城", "named"),
    ("完成定水中学体育馆建设。", "定水中学体育场投入使用。", "定水中学体育馆", "named"),
    ("启动青禾新区南片建设。", "启动青禾新区南片征迁。", "青禾新区南片", "named"),
    ("编制完成国土空间规划。", "国土空间规划初步成果编制完成。", "国土空间规划", "named"),
    ("启动青禾城区雨水管网建设。", "完成青禾城区供水管网、雨水管网改造。", "青禾城区雨水管网", "named"),
    ("完成照山村棚改一期回迁楼主体施工。", "照山村棚改项目加快推进。", "照山村棚改一期回迁楼主体施工", "named"),
    ("启动双创孵化中心建设。", "双创中心列入全省项目库。", "双创孵化中心", "named"),
    ("青禾坊二期建成投产。", "青禾坊、东川饲料建成投产。", "青禾坊二期", "named"),
    ("启动长城青石口段修缮。", "完成青石口长城维修。", "长城青石口段修缮", "named"),
    ("完成城市客厅建设。", "打造城市“会客厅”。", "城市客厅", "named"),
    ("举办制造业强市论坛。", "成功举办第六届云溪制造强市论坛。", "制造业强市论坛", "named"),
    (
        "办好第八届云岭经贸洽谈暨产品展销会。",
        "成功举办第八届云岭经贸洽谈会。",
        "第八届云岭经贸洽谈暨产品展销会",
        "named",
    ),
    ("高标准完成《青禾新区总体规划》。", "青禾新区规划有序推进。", "青禾新区总体规划", "named"),
    # nothing like it: a general word in common is not enough
    ("完成城市客厅建设。", "城市建设成效明显，青禾公园建成开放。", "城市客厅", "absent"),
    ("出台招商引资奖励办法。", "出台人才引进办法。", "招商引资奖励办法", "absent"),
    ("办好第八届全省运动会。", "第八届人民代表大会胜利召开。", "第八届全省运动会", "absent"),
    ("办好第八届全国运动会。", "第八届全国人民代表大会以来。", "第八届全国运动会", "absent"),
    ("特勤消防站建成投用。", "消防安全形势平稳。", "特勤消防站", "absent"),
]


@pytest.mark.parametrize(("plan", "review", "thing", "heard"), HEARD)
def test_what_is_heard_of_an_undertaking(plan: str, review: str, thing: str, heard: str) -> None:
    found = {item.thing: item for item in pair(plan, review)}
    assert thing in found, list(found)
    item = found[thing]
    assert item.heard == heard, item.reason_zh
    assert item.text in plan and item.words[0] == thing
    assert item.reason_zh.endswith("。") and item.reason_en.endswith(".")
    if heard != "absent":
        assert "".join(item.passages[0].text.split()) in review
    else:
        assert thing in item.reason_zh


def test_the_nearest_passage_shares_more_than_a_figure_or_the_own_place() -> None:
    (item,) = pair("启动云溪县110千伏变电站迁建。", "累计化解信访案件1100余件。云溪县获评先进。")
    assert item.heard == "absent" and item.passages == () and item.reason_zh == "没有找到“110千伏变电站迁建”。"


def test_each_thing_of_a_list_has_its_line() -> None:
    found = pair("推动青禾泵阀、东川汽车、创元冶金等项目开工建设。", "青禾泵阀、创元冶金顺利开工。")
    assert {item.thing: item.heard for item in found} == {
        "青禾泵阀": "answered", "东川汽车": "absent", "创元冶金": "answered",
    }  # fmt: skip


def test_what_stands_in_the_next_plan_is_only_named() -> None:
    (item,) = pair("确保滨河大桥年内建成通车。", "平稳。", "确保滨河大桥建成通车。")
    assert item.heard == "named" and "不在回顾部分" in item.reason_zh


# what undertakes nothing with a name and an end
NOTHING = [
    "开工一批具备条件的重大工程。",
    "谋划启动青禾美术馆建设。",
    "完善社会治理体系，提升治理能力。",
    "以创建国家园林县城为抓手，提升城市品质。",
    "对积极完成脱贫任务的县给予奖励。",
    "制定优惠政策。",
    "新建公厕20座。",
    "全面建成小康社会。",
    "建成职教中心、第七医院等过街天桥。",
    "完成园区选址。",
    "签约项目抓开工。",
    "组建运营公司。",
    "完成青禾大街和东川路两处市民公园建设。",
    "完成规划设计方案。",
    "启动青禾公司、东川公司上市筹备。",
    "需要建成青禾水厂。",
]


@pytest.mark.parametrize("plan", NOTHING)
def test_what_has_no_name_or_no_end_is_not_listed(plan: str) -> None:
    assert pair(plan, "各项事业全面进步。") == []


def test_several_years_are_taken_pair_by_pair() -> None:
    reports = [
        report(plan="确保滨河大桥建成通车。", year=2023),
        report(review="滨河大桥建成通车。", plan="开工建设青禾第二水厂。", year=2024),
        report(review="青禾第二水厂开工建设。", year=2025),
    ]
    assert [(item.thing, item.heard) for item in undertakings_over(reversed(reports))] == [
        ("滨河大桥", "answered"), ("青禾第二水厂", "answered"),
    ]  # fmt: skip


def test_every_kind_is_answered_by_stages_that_there_are() -> None:
    for entry in promises().values():
        assert set(entry.answers) <= set(stages()) and (entry.before or entry.behind)
