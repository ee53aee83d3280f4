"""The document frame on invented reports: what is told apart, and what must not be."""

from __future__ import annotations

import re

import pytest

from taizhang.extract import extract
from taizhang.fold import Folded
from taizhang.model import Document, Frame, Source
from taizhang.structure import frame_document

_SOURCE = Source("", "t.txt", "text/plain")


def read(text: str) -> tuple[Frame, Folded]:
    return frame_document(Document("t", text, _SOURCE))


def parts(frame: Frame) -> list[tuple[str, str | None]]:
    return [(block.part, block.mode) for block in frame.blocks]


def quotes(text: str, frame: Frame) -> list[str]:
    return [text[sentence.span.start : sentence.span.end] for sentence in frame.sentences]


def part_of(text: str, frame: Frame, words: str) -> tuple[str, str | None, str | None]:
    at = text.index(words)
    block = next(block for block in frame.blocks if block.start <= at < block.end)
    return block.part, block.mode, block.period


WORK = """政府工作报告

——2031年1月12日在云岫县第九届人民代表大会第二次会议上

云岫县人民政府县长　梁小松

各位代表：

现在，我代表县人民政府，向大会报告工作，请予审议。

一、2030年工作回顾

2030年，全县上下攻坚克难，完成地区生产总值88亿元，同比增长6%。

（一）工业经济稳中有进

新型建材提速发展。规模以上工业企业达到46家。冷链物流拓展空间。建成冷库3座。

二、2031年工作安排

2031年是我县加快转型的关键一年。全年目标是：地区生产总值增长6.5%左右。

（一）狠抓项目建设

一要紧盯投资。力争完成投资20亿元。

二要优化服务。确保办件时限压缩一半。

各位代表！让我们团结起来，为建设美丽云岫而努力奋斗！

名词解释

[1]一网通办：指政务服务事项网上办理。
"""


def test_a_work_report_of_a_county() -> None:
    frame, _ = read(WORK)
    assert (frame.title, frame.place, frame.kind) == ("政府工作报告", "云岫县", "work")
    assert (frame.year_reviewed, frame.year_planned) == ("2030", "2031")
    assert parts(frame) == [("review", "year"), ("plan", "year"), ("other", None)]
    assert part_of(WORK, frame, "同比增长6%") == ("review", "year", "2030")
    assert part_of(WORK, frame, "力争完成投资") == ("plan", "year", "2031")
    assert part_of(WORK, frame, "让我们团结") == ("other", None, None)


def test_headings_stand_in_a_tree() -> None:
    frame, _ = read(WORK)
    rows = [(h.level, h.number, h.title, h.part) for h in frame.headings]
    assert rows == [
        (0, None, "政府工作报告", "other"),
        (1, None, "各位代表：", "other"),
        (1, "一", "2030年工作回顾", "review"),
        (2, "（一）", "工业经济稳中有进", "review"),
        (1, "二", "2031年工作安排", "plan"),
        (2, "（一）", "狠抓项目建设", "plan"),
        (3, "一要", "紧盯投资", "plan"),
        (3, "二要", "优化服务", "plan"),
        (1, None, "各位代表！", "other"),
        (1, None, "名词解释", "other"),
    ]
    under = {h.title: h.parent for h in frame.headings}
    assert frame.headings[under["紧盯投资"] or 0].title == "狠抓项目建设"
    assert frame.headings[under["狠抓项目建设"] or 0].title == "2031年工作安排"


def test_lead_phrases_lead_what_follows_them() -> None:
    frame, _ = read(WORK)
    leads = {
        WORK[s.span.start : s.span.end]: WORK[s.lead.start : s.lead.end] if s.lead else None for s in frame.sentences
    }
    assert leads["规模以上工业企业达到46家。"] == "新型建材提速发展。"
    assert leads["建成冷库3座。"] == "冷链物流拓展空间。"
    assert leads["新型建材提速发展。"] is None
    assert [WORK[s.span.start : s.span.end] for s in frame.sentences if s.is_lead][:2] == [
        "新型建材提速发展。",
        "冷链物流拓展空间。",
    ]


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("他说：“好。”大家都笑了。", ["他说：“好。”", "大家都笑了。"]),
        ("推进“放心消费。”等行动。新建3家。", ["推进“放心消费。”等行动。", "新建3家。"]),
        ("完成投资（含续建。）5亿元。下一步要加快。", ["完成投资（含续建。）5亿元。", "下一步要加快。"]),
        ("真不容易！来之不易？的确。", ["真不容易！", "来之不易？", "的确。"]),
        ("没有句号的一行", ["没有句号的一行"]),
    ],
)
def test_sentences_end_at_their_stops(line: str, cut: list[str]) -> None:
    frame, _ = read(line)
    assert quotes(line, frame) == cut


FIVE = """2026年青禾市政府工作报告

各位代表：

我代表市人民政府，向大会报告工作。

一、2025年工作回顾

2025年，全市生产总值完成900亿元，同比增长5%。

各位代表！2025年主要任务的完成，标志着“十四五”胜利收官。五年来，全市累计建成道路300公里，获评卫生城市。

二、“十五五”时期主要目标任务

“十五五”时期是我市爬坡过坎的关键时期。要确保经济年均增长5%以上。

在此基础上再奋斗五年，到2035年基本实现现代化。

围绕上述目标，要加快补齐短板，着力抓好水利建设。

三、2026年重点工作

今年是“十五五”开局之年。要力争新增企业50家。
"""


def test_five_year_turns() -> None:
    frame, _ = read(FIVE)
    assert part_of(FIVE, frame, "同比增长5%") == ("review", "year", "2025")
    assert part_of(FIVE, frame, "累计建成道路") == ("review", "five-year", "2021/2025")
    assert part_of(FIVE, frame, "年均增长5%") == ("plan", "five-year", "2026/2030")
    assert part_of(FIVE, frame, "再奋斗五年") == ("plan", "horizon", "2035")
    assert part_of(FIVE, frame, "着力抓好水利") == ("plan", "five-year", "2026/2030")
    assert part_of(FIVE, frame, "新增企业50家") == ("plan", "year", "2026")
    assert (frame.place, frame.year_reviewed, frame.year_planned) == ("青禾市", "2025", "2026")


def test_a_look_back_inside_the_plan_ends_where_a_sentence_looks_ahead() -> None:
    text = (
        "政府工作报告\n\n各位代表：\n\n我代表市政府向大会报告工作。\n\n一、2030年工作回顾\n\n2030年，全市经济增长5%。\n\n"
        "二、2031年工作任务\n\n今年要力争增长6%。\n\n"
        "过去一年，双拥工作成绩显著，创建模范城取得成功。新的一年，要继续做好拥军优属。\n\n必须抓好落实，确保完成任务。\n"
    )
    frame, _ = read(text)
    assert part_of(text, frame, "双拥工作")[:2] == ("review", "year")
    assert part_of(text, frame, "新的一年")[:2] == ("plan", "year")
    assert part_of(text, frame, "必须抓好")[:2] == ("plan", "year")


def test_without_headings_the_mood_tells() -> None:
    review = "全县完成投资12亿元，同比增长8%，建成投产项目5个，取得了显著成绩。" * 12
    plan = "要加快项目建设，力争完成投资15亿元，确保开工10个，必须着力抓好招商。" * 24
    text = f"政府工作报告\n各位代表：\n我代表县政府向大会报告工作。\n{review}\n{plan}\n{plan}\n"
    frame, _ = read(text)
    assert parts(frame) == [("review", "year"), ("plan", "year")]
    assert text[frame.blocks[1].start :].startswith("要加快项目建设")


def test_a_five_year_look_back_stands_under_its_section_not_its_last_heading() -> None:
    text = FIVE.replace("2025年，全市生产总值", "（一）经济稳中有进\n\n2025年，全市生产总值").replace(
        "各位代表！2025年主要", "2025年主要"
    )
    frame, _ = read(text)
    paths = {
        text[s.span.start : s.span.end]: [frame.headings[i].number for i in s.headings if frame.headings[i].number]
        for s in frame.sentences
    }
    assert paths["2025年，全市生产总值完成900亿元，同比增长5%。"] == ["一", "（一）"]
    assert paths["五年来，全市累计建成道路300公里，获评卫生城市。"] == ["一"]


def test_sections_of_the_first_rank_are_those_met_first() -> None:
    lists = "一、抓好水利。要加固水库。\n二、抓好公路。要修通县道。\n"
    text = (
        "各位代表：\n我代表国务院，向大会作报告，请予审议。\n（一）当前的形势\n过去的一年，取得显著成绩，粮食增长了4%。\n"
        f"（二）今后建设的方针\n{lists}{lists}（三）明年的工作\n明年要继续努力，计划增长5%。\n"
    )
    frame, _ = read(text)
    assert part_of(text, frame, "取得显著成绩")[:2] == ("review", "year")
    assert part_of(text, frame, "要修通县道")[:2] == ("plan", "horizon")
    assert part_of(text, frame, "计划增长5%")[0] == "plan"


def test_bare_lines_are_sections_where_nothing_is_numbered() -> None:
    text = (
        "五年来，全国人民取得了伟大的胜利，工农业生产增长了20%，人民生活明显改善，各项事业显著进步。\n"
        "国民经济的成就和今后的任务\n工业生产达到了新的水平，增长了12%。\n"
        "今后建设中应当注意的问题\n必须贯彻以农业为基础的方针，要抓好水利。\n"
    )
    frame, _ = read(text)
    assert part_of(text, frame, "达到了新的水平")[0] == "review"
    assert part_of(text, frame, "要抓好水利")[:2] == ("plan", "horizon")


def test_news_of_a_report_is_read_by_what_the_report_says() -> None:
    text = (
        "标题：云岫县2031年政府工作报告\n\n县长梁小松作政府工作报告。\n"
        "报告指出，2030年，全县上下齐心协力，稳住了经济，完成投资88亿元，同比增长6%，各项事业取得显著成绩。\n"
        "报告指出，今年政府工作的总体要求是：稳中求进。要重点抓好两件事，确保实现目标。\n（一）做强工业。投资增长5%。\n"
    )
    frame, _ = read(text)
    assert part_of(text, frame, "同比增长6%") == ("review", "year", "2030")
    assert part_of(text, frame, "投资增长5%") == ("plan", "year", "2031")


def test_a_heading_does_not_swallow_the_text_on_its_line() -> None:
    text = (
        "云岫县国民经济和社会发展第十五个五年规划纲要\n"
        "第一章　农　业　　第一节　水　利　　2030年，全县灌溉面积达到12万亩，要稳步扩大\n"
        "一、综　　合\n二、工业基地的建设　　全县要建成工业园区3处\n"
    )
    frame, _ = read(text)
    assert [(h.number, h.title) for h in frame.headings if h.number] == [
        ("第一章", "农　业"),
        ("第一节", "水　利"),
        ("一", "综　　合"),
        ("二", "工业基地的建设"),
    ]
    assert "2030年，全县灌溉面积达到12万亩，要稳步扩大" in quotes(text, frame)
    assert "全县要建成工业园区3处" in quotes(text, frame)


def test_an_outline_may_open_with_a_look_back() -> None:
    back = "工农业生产取得显著成绩，产量增长了12%，比上年明显提高，人民生活明显改善，各项任务圆满完成。\n" * 12
    ahead = "要加快建设水利工程，力争新增灌溉面积5万亩，确保粮食增产，必须抓好良种。\n" * 30
    text = f"云岫县国民经济和社会发展第十五个五年规划纲要\n{back}{ahead}"
    frame, _ = read(text)
    assert part_of(text, frame, "工农业生产") == ("review", "five-year", "2021/2025")
    assert part_of(text, frame, "要加快建设") == ("plan", "five-year", "2026/2030")


def test_a_scan_has_contents_and_a_watermark() -> None:
    entries = "第一章\n农业（3）\n第二章\n水利“（7）\n（9）\n“（12）\n第三章\n林业··（15）\n"
    body = "第一章农业\n要扩大灌溉面积，改良土壤，力争粮食总产量增加二成，使全县农民的收入有较大的提高。\n" * 6
    mark = "An Example Journal of Old Plans. All rights reserved.\n· 12\n"
    text = f"云岫县国民经济和社会发展第六个五年计划\n目录\n{entries}\n{body}{mark * 4}"
    frame, _ = read(text)
    assert part_of(text, frame, "水利“")[0] == "furniture"
    assert part_of(text, frame, "要扩大灌溉")[0] == "plan"
    assert part_of(text, frame, "All rights")[0] == "furniture"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        pytest.param(
            "各位代表：\n我代表国务院，向第七届全国人民代表大会第三次会议作政府工作报告。\n国民经济稳步发展。\n",
            ("1989", "1990"),
            id="a session of the congress",
        ),
        pytest.param(
            "各位代表：\n我代表县政府报告工作。\n一九七四年工业总产值预计增长一成。一九七四年农业总产值预计增长一成。\n"
            "从一九七五年到一九八五年，要分两步走。\n",
            ("1974", "1975"),
            id="an estimate, and the ends of a span",
        ),
        pytest.param(
            "各位代表：\n我代表市政府报告过去五年的工作。\n初步核算，2008年全市生产总值340亿元，比2003年增长1.1倍。\n",
            ("2008", "2009"),
            id="a first count",
        ),
        pytest.param(
            "各位代表：\n我代表县政府报告工作。\n1981年国民经济计划预计可以胜利完成。\n"
            "1982年的计划，要求工业增长4%。1982年的预算，要收支平衡。1981年粮食预计增产。\n",
            ("1981", "1982"),
            id="a plan under way and a plan ahead",
        ),
        pytest.param(
            "各位代表：\n我代表市政府报告工作。\n本届政府任期从2003年3月至今已近五年。五年来城市面貌大变。\n"
            "到2010年全市生产总值要突破500亿元。\n",
            ("2007", "2008"),
            id="a term of five years",
        ),
        pytest.param(
            "各位代表：\n我代表市政府报告工作。\n预计2007年全市生产总值120亿元，2007年财政收入6亿元，2007年就业平稳。\n"
            "工作中还有不少困难。今后要把发展放在第一位。\n" * 2,
            ("2007", "2008"),
            id="an estimate before the year",
        ),
    ],
)
def test_the_years_of_old_reports(text: str, years: tuple[str, str]) -> None:
    frame, _ = read(text)
    assert (frame.year_reviewed, frame.year_planned) == years


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("工作报告\n2031年云岫县政府工作报告\n", "2031年云岫县政府工作报告"),
        ("政府工作报\n告\n", "政府工作报告"),
        ("根据《关于制定国民经济和社会发展第十五个五年规划\n的建议》编制\n", None),
    ],
)
def test_a_title_is_one_clean_line(head: str, title: str | None) -> None:
    frame, _ = read(f"{head}各位代表：\n我代表县政府报告工作，请予审议。\n")
    assert frame.title == title


@pytest.mark.parametrize("speaker", ["县长", "代县长", "副县长", "常务副县长"])
def test_the_speaker_names_the_place(speaker: str) -> None:
    text = f"政府工作报告\n\n静宁县{speaker}梁小松\n\n各位代表：\n现在，我代表县人民政府，向大会报告工作，请予审议。\n"
    frame, _ = read(text)
    assert frame.place == "静宁县"


def test_a_small_number_on_a_line_of_its_own() -> None:
    text = "各位代表：\n污染防治取得成效，细颗粒物（PM\n2.5\n）平均浓度下降9%，PM\n2.5\n浓度目标为30微克/立方米。\n"
    frame, _ = read(text)
    assert "".join(text[join.start - 1 : join.end + 1] for join in frame.joins) == "M\n25\n）M\n2" + "5\n浓"


def test_notes_behind_a_star() -> None:
    text = WORK.replace("名词解释", "*名词解释")
    frame, _ = read(text)
    assert part_of(text, frame, "指政务服务")[0] == "other"


PAGE = """各位代表:

受市政府委托,现将计划执行情况报告如下,请予审议。

## 一、2030年国民经济和社会发展计划执行情况

**(一)聚力攻坚,产业发展实现新跨越**
工业提质增效。全市完成工业增加值120亿元,同比增长7%。

**(二)建管并重,城乡面貌展现新变化**
城市更新有力。新增绿地5万平方米,累计改造老旧小区2

# 关于溪州市2030年国民经济和社会发展计划执行情况与2031年国民经济和社会发展计划草案的报告

——2031年2月3日在溪州市第六届人民代表大会第三次会议上

溪州市发展和改革委员会主任 陈小禾

着力打造特色农业全产业链,要加快建设冷链仓储。

**(二)以扩大内需为抓手,激发消费活力**

力争新增限上商贸企业40家,确保社会消费品零售总额增长8%以上,要积极开展汽

车下乡活动。

各位代表,让我们努力奋斗,完成全年任务!

## 竹溪小镇迎来新客人

本报讯(记者 何某)2月8日,记者从文旅局获悉,竹溪小镇今年以来接待游客3万人次,带动就业200人。



2月9日,志愿者走进福利院,为老人送去温暖。本报通讯员 方某 摄
"""


def test_a_newspaper_page_with_the_title_in_the_middle() -> None:
    frame, _ = read(PAGE)
    assert [article.kind for article in frame.articles] == ["report", "news", "caption"]
    report, news, caption = frame.articles
    assert [PAGE[p.start : p.end][:5] for p in report.pieces] == ["各位代表:", "着力打造特"]
    assert report.title_span is not None
    assert PAGE[report.title_span.start : report.title_span.end].startswith("# 关于溪州市")
    assert PAGE[report.title_span.start : report.title_span.end].endswith("陈小禾")
    assert news.title == "竹溪小镇迎来新客人"
    assert PAGE[caption.pieces[0].start : caption.pieces[0].end].startswith("2月9日")
    assert len(frame.holes) == 1
    assert PAGE[: frame.holes[0].after].endswith("老旧小区2")
    assert PAGE[frame.holes[0].before :].startswith("着力打造")
    assert [PAGE[j.start - 1 : j.end + 1] for j in frame.joins] == ["汽\n\n车"]
    assert "要积极开展汽\n\n车下乡活动。" in "".join(quotes(PAGE, frame))
    assert part_of(PAGE, frame, "着力打造") == ("plan", "year", "2031")
    assert part_of(PAGE, frame, "接待游客") == ("other", None, "2031")
    assert {"frame.hole", "frame.join"} <= {finding.code for finding in frame.findings}
    assert (frame.place, frame.kind, frame.year_reviewed) == ("溪州市", "plan", "2030")


def test_furniture_around_a_report() -> None:
    text = (
        "下载\n打印\n2031年松岭省政府工作报告\n——2031年1月20日在松岭省第十届人民代表大会第一次会议上\n来源：松岭日报\n"
        "时间：2031-01-28\n省长 周某\n各位代表：\n我代表省政府向大会报告工作。\n一、2030年工作回顾\n"
        "2030年，全省粮食总产量达到600万吨，同比增长3%，取得历史最好成绩。\n二、2031年重点工作\n今年要力争粮食增产5%。\n相关报道："
    )
    frame, _ = read(text)
    assert part_of(text, frame, "下载")[0] == "furniture"
    assert part_of(text, frame, "来源")[0] == "furniture"
    assert part_of(text, frame, "省长 周某")[0] == "review"
    assert part_of(text, frame, "相关报道")[0] == "furniture"


def test_the_body_twice() -> None:
    filler = "2030年，全市完成投资30亿元，同比增长6%，建成学校4所，取得明显成效。\n" * 60
    once = (
        "政府工作报告\n各位代表：\n我代表市政府向大会报告工作，请予审议。\n一、2030年工作回顾\n"
        f"{filler}二、2031年工作安排\n今年要力争新增企业20家。\n各位代表！让我们团结奋斗！\n"
    )
    frame, _ = read(once + once)
    assert [article.kind for article in frame.articles] == ["report", "report"]
    assert "frame.twice" in {finding.code for finding in frame.findings}
    assert parts(frame)[:3] == parts(frame)[3:]


def test_paragraphs_run_together_on_one_line() -> None:
    text = (
        "2031年政府工作报告——2031年1月9日在梅川市第五届人民代表大会第一次会议上　　　　梅川市市长 某某各位代表：　　"
        "现在，我代表市政府，向大会报告工作。　　一、2030年工作回顾　　"
        "2030年，全市完成投资60亿元，同比增长9%，建成投产企业12家。"
        "　　二、2031年主要任务　　今年要加快建设开发区，力争引进企业30家，确保税收增长10%以上，着力改善营商环境。"
    )
    frame, _ = read(text)
    assert [h.number for h in frame.headings if h.number] == ["一", "二"]
    assert part_of(text, frame, "建成投产")[:2] == ("review", "year")
    assert part_of(text, frame, "力争引进")[:2] == ("plan", "year")


def test_text_broken_at_a_fixed_width() -> None:
    body = "全市坚持稳中求进工作总基调，扎实推进各项重点工作，经济运行总体平稳，质量效益稳步提升，民生福祉持续增进，"
    long = (body * 9)[:-1] + "。"
    wrapped = "\n".join(long[i : i + 30] for i in range(0, len(long), 30))
    text = f"2030年柳河市国民经济和社会发展统计公报\n柳河市统计局\n{wrapped}\n一、综合\n{wrapped}\n"
    frame, folded = read(text)
    assert frame.kind == "stats" and frame.year_reviewed == "2030" and frame.year_planned is None
    assert [s for s in frame.sentences if s.end - s.start > 400]
    assert "frame.wrapped" in {finding.code for finding in frame.findings}
    assert "\n" not in folded.text[frame.sentences[-1].start : frame.sentences[-1].end]


@pytest.mark.parametrize(
    ("title", "kind", "years", "place"),
    [
        ("关于白沙县2030年国民经济和社会发展计划执行情况与2031年计划草案的报告", "plan", ("2030", "2031"), "白沙县"),
        ("2030年柳河市国民经济和社会发展统计公报", "stats", ("2030", None), "柳河市"),
        ("青禾市国民经济和社会发展第十五个五年规划纲要", "outline", ("2021/2025", "2026/2030"), "青禾市"),
        ("关于溪州市2030年预算执行情况和2031年预算草案的报告", "budget", ("2030", "2031"), "溪州市"),
        ("2031年松岭省政府工作报告", "work", ("2030", "2031"), "松岭省"),
    ],
)
def test_what_a_title_says(title: str, kind: str, years: tuple[str, str | None], place: str) -> None:
    frame, _ = read(
        f"{title}\n\n经济平稳运行，比上年增长5%，各项事业取得新的进步，人民生活持续改善，社会大局保持稳定。\n"
    )
    assert (frame.title, frame.kind, frame.place) == (title, kind, place)
    assert (frame.year_reviewed, frame.year_planned) == years


def test_what_a_text_does_not_say_is_null_and_found() -> None:
    frame, _ = read("昨天下了一场雨，路边的树都绿了。孩子们在院子里玩。\n")
    assert (frame.title, frame.place, frame.kind, frame.year_reviewed, frame.year_planned) == (None,) * 5
    assert [finding.code for finding in frame.findings] == ["frame.not-a-report"]
    assert all(finding.zh.endswith("。") and finding.en.endswith(".") for finding in frame.findings)


def test_a_half_year_report() -> None:
    title = "关于白沙县2031年上半年国民经济和社会发展计划执行情况的报告"
    text = f"{title}\n\n上半年，全县完成投资6亿元，同比增长4%，取得明显成效。\n"
    frame, _ = read(text)
    assert (frame.kind, frame.year_reviewed, frame.year_planned) == ("plan", "2031", "2031")
    assert part_of(text, frame, "完成投资") == ("review", "year", "2031-01/2031-06")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "   ",
        "\x00\x01\x02",
        "。。。",
        "一、",
        "各位代表：",
        "“" * 3000,
        "（" * 3000,
        "#" * 99,
        "**",
        "1" * 2000,
        "目录",
    ],
)
def test_nothing_makes_it_raise(text: str) -> None:
    frame, _ = read(text)
    assert (not text) == (not frame.blocks)


@pytest.mark.parametrize("mark", ["— 4 —", "-4-", "第4页", "<!-- Page 5 -->"])
def test_a_sentence_goes_on_behind_the_number_of_a_page(mark: str) -> None:
    text = (
        "云溪市2031年国民经济和社会发展统计公报\n一、综合\n"
        "全年全市生产总值862.5亿元，比上年增长5.2%。普通高中12所，招生6.1万人，在校学生18.2万\n"
        f"\n{mark}\n\n人，专任教师0.9万人，比上年增长\n{mark}\n1.5%。\n第二段另起，粮食产量48.2万吨。\n"
    )
    report = extract(Document("t", text, _SOURCE))
    assert [(format(s.value, "f"), s.unit, s.measure) for s in report.statements if s.value is not None][-4:-1] == [
        ("182000", "人", "level"), ("9000", "人", "level"), ("1.5", "%", "growth"),
    ]  # fmt: skip
    assert str(report.statements[-2].indicator).endswith("专任教师")
    digit = re.search("[0-9]", mark)
    assert digit
    for found in re.finditer(re.escape(mark), text):
        at = found.start() + digit.start()
        assert any(claim.start <= at < claim.end for claim in report.coverage)
        assert not any(heading.span.start <= at < heading.span.end for heading in report.frame.headings)


def test_text_broken_at_a_fixed_width_between_cells_of_tables() -> None:
    sentence = "全市一般公共预算收入90.2亿元，比上年增长6.1%，固定资产投资增长8.3%，城镇新增就业2.4万人。"
    prose = "\n".join((sentence * 8)[at : at + 27] for at in range(0, 8 * len(sentence), 27))
    cells = "\n\n".join(["指标", "产量", "粮食", "48.2", "油料", "3.1"] * 12)
    text = f"云溪市2031年统计公报\n一、综合\n{prose}\n{cells}\n"
    assert "frame.wrapped" in {finding.code for finding in read(text)[0].findings}
    report = extract(Document("t", text, _SOURCE))
    assert [s.indicator for s in report.statements if "".join(s.text.split()) == "8.3%"] == ["固定资产投资"] * 8
    # Headings of one length among paragraphs on lines of their own are no width.
    lists = "\n".join(f"{sentence}{sentence}\n坚持创新驱动加快新旧动能转换步伐" for _ in range(9))
    assert "frame.wrapped" not in {finding.code for finding in read(lists)[0].findings}
