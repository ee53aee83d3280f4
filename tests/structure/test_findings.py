"""What a reader is told of a text's form, and above all what it is not told: each near miss was once a false alarm."""

from __future__ import annotations

import pytest

from taizhang.model import Document, Source
from taizhang.read import read
from taizhang.structure import frame_document

_OPENING = (
    "政府工作报告\n\n各位代表：\n\n现在，我代表云岫县人民政府，向大会报告工作，请予审议。\n\n一、2030年工作回顾\n\n"
)
_REVIEW = "2030年，全县完成地区生产总值88亿元，同比增长6%，取得明显成效。\n\n"
_CLOSING = "各位代表！让我们团结起来，为建设美丽云岫而努力奋斗！\n"


def found(text: str) -> dict[str, str]:
    """Codes and severities of the findings on a text."""
    frame, _ = frame_document(Document("t", text, Source("", "t.txt", "text/plain")))
    assert all(0 <= span.start < span.end <= len(text) for each in frame.findings for span in each.spans)
    return {finding.code: finding.severity for finding in frame.findings}


def report(plan: str, closing: str = _CLOSING) -> str:
    return f"{_OPENING}{_REVIEW}二、2031年工作安排\n\n今年要力争完成以下任务。\n\n{plan}\n\n{closing}"


@pytest.mark.parametrize(
    "plan",
    [
        "（一）稳住农业\n\n要抓好春耕。\n\n（四）狠抓项目建设\n\n要开工12个项目。",
        "（一）稳住农业\n\n1.抓好春耕\n\n2.选好良种\n\n（三）办好学校\n\n要新建2所。",
        "（一）稳住农业。要抓好春耕。\n\n（二）建好水库。要加固3座。\n\n（五）办好学校。要新建2所。",
    ],
)
def test_sections_are_missing(plan: str) -> None:
    assert found(report(plan))["frame.missing-section"] == "warning"


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(
            "（一）稳住农业\n\n要抓好春耕。（二）建好水库。要加固3座。\n\n（三）办好学校\n\n要新建2所。", id="in a line"
        ),
        pytest.param("（一）稳住农业；\n（二建好水库；\n（三）办好学校。", id="half a bracket"),
        pytest.param(
            "（一）稳住农业。\n（二）在水利建设方面，要使县内各座水库的除险加固与农田灌溉面积的扩大相互适应，"
            "把渠系配套、节水改造和河道治理摆在同等重要的位置上来抓，一年接着一年干；\n（三）办好学校。",
            id="too long for a heading",
        ),
        pytest.param(
            "一、\n稳住农业；\n二、\n建好水库；\n三、\n办好学校；\n四、\n修好县道。", id="number alone on its line"
        ),
        pytest.param("（一）稳住农业。\\r\\n&nbsp; &nbsp; （二）建好水库。\\r\\n（三）办好学校。", id="entities"),
        pytest.param("一、稳住农业。\n二；建好水库。\n三、办好学校。", id="misread mark"),
        pytest.param("一、稳住农业。\n二、建好水库。\n一、办好学校。\n四、修好县道。", id="misread number"),
        pytest.param("一、稳住农业。\n、建好水库。\n三、办好学校。", id="lost number"),
        pytest.param(
            "三、改造工厂\n\n要做到：\n一、换设备；\n二、换产品；\n三、省材料。\n\n四、整顿企业\n\n要分批进行。",
            id="a list inside a list",
        ),
        pytest.param("一、稳住农业。\n2、建好水库。\n三、办好学校。", id="digits among numerals"),
        pytest.param("（一）稳住农业。\n（=）建好水库。\n（三）办好学校。", id="misread brackets"),
        pytest.param("一、稳住农业。\n三、办好学校。\n二、建好水库。\n四、修好县道。", id="out of order"),
        pytest.param("一是稳住农业。\n三是办好学校。", id="ordinals"),
    ],
)
def test_no_section_is_missing(plan: str) -> None:
    assert "frame.missing-section" not in found(report(plan))


def test_numbers_that_jump_everywhere_are_said_once() -> None:
    plan = "\n".join(f"（{number}）抓好工作。" for number in "一三五七九")
    assert found(report(plan))["frame.missing-section"] == "info"


@pytest.mark.parametrize(
    "ending",
    [
        "（二）狠抓项目建设。力争完成投资20亿元，确保开",
        "（二）狠抓项目建设，扩大有效投资，",
        "（二）狠抓项目建设。要加快建设步伐，同时（下转第四版）",
        "（二）狠抓项目建设。全年完成投资20亿元。其中",
    ],
)
def test_a_text_is_cut_off(ending: str) -> None:
    assert found(report(f"（一）稳住农业。\n\n{ending}", ""))["frame.cut-off"] == "warning"


@pytest.mark.parametrize(
    "ending",
    [
        "让我们同心同德，开拓进取，为建设美丽云岫而努力奋斗",
        "让我们同心同德，为建设美丽云岫而努力奋斗！来源：晨光日报",
        "让我们同心同德，为建设美丽云岫而努力奋斗！（全体起立，热烈鼓掌）（《晨光日报》20310112）",
        "让我们同心同德，为建设美丽云岫而努力奋斗！2031年1月12日",
        "让我们同心同德，为建设美丽云岫而努力奋斗！云岫县人民政府",
        "他们说：“要办就办好，要干就干成。”）",
        "1.新建小学2所，新增学位900个\n2.改造县道3条，新增车位200个",
        "要办好民生实事。All rights reserved, www.example.org",
    ],
)
def test_a_text_is_whole(ending: str) -> None:
    assert "frame.cut-off" not in found(report("（一）稳住农业。", ending))


_MENU = "下载\n打印\n【字号：\n加大\n减小\n】\n"
_LICENCE = "\n本作品是中华人民共和国的\n法律\n、\n法规\n，国家机关的决议、决定和命令。\n"


def test_lines_joined_outside_the_text_concern_nobody() -> None:
    assert "frame.join" not in found(_MENU + report("（一）稳住农业。") + _LICENCE)


_LONG_LINE = "全县坚持稳中求进，扎实推进重点工作，经济运行总体平稳，质量效益稳步提升，民生持续改善"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (f"{_LONG_LINE}，新建公共充\n电桩300个。", True),
        (f"{_LONG_LINE}，认真实施《\n水法\n》和有关条例。", True),
        (f"{_LONG_LINE}\n　　我们要继续努力，确保完成任务。", False),
        (f"{_LONG_LINE}\n”十五五”期间，要继续努力。", False),
        (f"{_LONG_LINE}！\n》》点击图片进入专题《《", False),
        ("主要行业增加值增长速度\n比上年增长\n%\n4.7\n采矿业\n%\n-1.4", False),
        ("增长速度为4.7\n%，比上年提高1个百分点。", True),
    ],
)
def test_lines_are_joined_where_a_sentence_is_torn(lines: str, joined: bool) -> None:
    assert ("frame.join" in found(report(f"（一）稳住农业。\n\n{lines}"))) == joined


@pytest.mark.parametrize(
    ("above", "years"),
    [
        ("标题：云岫县2031年政府工作报告\n发文单位：云岫县人民政府\n\n正文：\n\n", True),
        ("信息名称：2031年云岫县政府工作报告\n", True),
        ("标题：云岫县新闻\n", False),
    ],
)
def test_the_lines_about_a_page_name_the_report(above: str, years: bool) -> None:
    text = f"{above}今年政府工作的总体要求是：坚持稳中求进，力争投资增长5%，确保全县经济平稳运行。\n"
    frame, _ = frame_document(Document("t", text, Source("", "t.txt", "text/plain")))
    assert (frame.title is not None) == years
    assert frame.year_planned == ("2031" if years else None)
    assert not years or not {"frame.no-title", "frame.no-year"} & {finding.code for finding in frame.findings}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("昨天下了一场雨，路边的树都绿了。孩子们在院子里玩。\n", id="prose"),
        pytest.param(
            "# yunxiu\n\nA tool that reads tables.\n\n    yunxiu read FILE\n\nIt prints 12 rows.\n", id="readme"
        ),
        pytest.param(
            "# 云岫\n\n读取政府工作报告的工具。\n\n```\nyunxiu read 2031.txt\n```\n\n全市增长5%。\n", id="code"
        ),
        pytest.param("云岫县2031年工作报告\n各位代表，大家好！👋\n全县增长6%🌟\n财政收入增长5%📈\n", id="pictographs"),
        pytest.param(
            "“全县有人口三十万，”他念道，“去年产煤八千万吨，居全省第一。”\n台下响起一片笑声，老周把茶杯推到一边，没有抬头。\n"
            "窗外的雪还在下，2016年的冬天来得比往年早，他想起离家那天母亲站在门口的样子。\n" * 4,
            id="novel",
        ),
    ],
)
def test_what_is_no_report_is_said_to_be_none(text: str) -> None:
    codes = found(text)
    assert codes["frame.not-a-report"] == "warning"
    assert not {"frame.no-title", "frame.no-year", "frame.cut-off"} & set(codes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(report("（一）稳住农业。"), id="report"),
        pytest.param(
            "全年全县生产总值增长5%。\n\n一、综合\n\n粮食产量12万吨，比上年增长3%。\n", id="numbered, nothing else"
        ),
        pytest.param("2030年，云岫县完成投资8亿元，同比增长6%，建成学校4所，取得明显成效。\n", id="a piece"),
    ],
)
def test_a_report_that_lacks_something_is_still_one(text: str) -> None:
    assert "frame.not-a-report" not in found(text)


@pytest.mark.parametrize(
    ("table", "missing"),
    [
        ("指标,单位,2030年完成,2031年预期目标\n粮食产量,万吨,48.2,48.5\n油料产量,万吨,3.1,3.2\n", set()),
        ("指标,单位,2030年计划,2030年完成\n粮食产量,万吨,48.2,48.5\n油料产量,万吨,3.1,3.2\n", {"frame.no-plan"}),
        ("指标,单位,2030年完成,完成计划的%\n粮食产量,万吨,48.2,101\n油料产量,万吨,3.1,99\n", {"frame.no-plan"}),
        ("指标,单位,2031年目标\n粮食产量,万吨,48.2\n油料产量,万吨,3.1\n", set()),
    ],
)
def test_the_headings_of_a_table_look_back_and_ahead(table: str, missing: set[str]) -> None:
    title = "关于云溪市2030年国民经济和社会发展计划执行情况与2031年国民经济和社会发展计划草案的报告"
    document = read(f"{title}\n{table}".encode())
    frame, _ = frame_document(document)
    assert {each.code for each in frame.findings} & {"frame.no-plan", "frame.no-review"} == missing
