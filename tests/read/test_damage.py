"""Damage of a text is said, with its places, and the text stays as it is; near misses are no damage."""

from __future__ import annotations

import re

import pytest

from taizhang import extract, read

SENTENCE = "全市生产总值完成862.5亿元，比上年增长5.6%。"
TRADITIONAL = "去年全縣糧食總產量達到三十二萬噸，比上年增加百分之五；新建學校十二所，醫院三家。"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (SENTENCE + r"\r\n" + SENTENCE + r"\r\n", "read.escapes", [r"\r\n", r"\r\n"]),
        ("增长&nbsp;5%，&emsp;下降&#160;3%", "read.entities", ["&nbsp;", "&emsp;", "&#160;"]),
        ("<p>增长5%</p><span style='x'>下降", "read.tags", ["<p>", "</p>", "<span style='x'>"]),
        ("完成投资????亿元", "read.lost-characters", ["????"]),
        ("完成投资？？？？？亿元", "read.lost-characters", ["？？？？？"]),
        ("完成投资\ufffd\ufffd亿元", "read.replaced-characters", ["\ufffd\ufffd"]),
        ("锟斤拷锟斤拷锟斤拷", "read.mojibake", ["锟斤拷"] * 3),
        ("总量1 2 8 6.4亿元，3 4 5家，6 7 8人", "read.spaced-digits", ["1 2 8 6", "3 4 5", "6 7 8"]),
        (TRADITIONAL, "read.traditional", []),
        ("全市生产总值完成投资增长" * 60, "read.no-punctuation", []),
        ("经济运行平稳向好农业生产再获丰收" * 20, "read.no-punctuation", []),
        ("⼀、⼯业⽣产。⼆、农业⽣产。", "read.compatibility-forms", ["⼀", "⼯", "⽣", "⼆", "⽣"]),
        (f"{SENTENCE * 3}\n二\n{SENTENCE * 3}\n", "read.repeated-lines", [SENTENCE * 3]),
    ],
)
def test_damage_is_said(text: str, code: str, words: list[str]) -> None:
    document = read(text.encode())
    found = {finding.code: finding for finding in document.findings}
    assert document.text == text
    assert code in found
    assert [document.slice(span) for span in found[code].spans] == words
    assert found[code].zh.endswith("。") and found[code].en.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "这是为什么？？怎么办？？！A&B公司增长5%，x<y，3 5 7不变",
        "C:\\new\\reports 的文件",
        "一二 三四 五六\n" * 200,
        "增长 5 6 家",
        "常常看看各地的项目，家家户户都有稳定收入。" * 10,
        "",
    ],
)
def test_what_is_no_damage(text: str) -> None:
    if text:
        assert read(text.encode()).findings == ()


def test_radicals_are_read_as_the_characters_that_they_look_like() -> None:
    from taizhang import extract

    text = "云溪市2031年政府⼯作报告\n⼀、2030年⼯作回顾\n⽣产总值增长5.6%。\n⼆、2031年⼯作安排\n⽣产总值增长6%。\n"
    report = extract(read(text.encode()))
    assert [(s.indicator, s.kind, s.period) for s in report.statements] == [
        ("生产总值", "actual", "2030"), ("生产总值", "target", "2031"),
    ]  # fmt: skip


def test_the_findings_reach_the_report() -> None:
    report = extract(read(f"{SENTENCE}完成投资????亿元".encode()))
    assert "read.lost-characters" in {finding.code for finding in report.findings}


REPORT = (
    "青岩市2031年政府工作报告\n一、2030年工作回顾\n全市生产总值完成862.5亿元，比上年增长5.6%，"
    "粮食总产量达到45.2万吨，城镇新增就业3.2万人，城镇登记失业率3.5%，新改建农村公路320公里。\n"
    "二、2031年工作安排\n全市生产总值增长6%左右，固定资产投资增长8%，改造老旧小区68个，城镇新增就业3万人以上，建成幼儿园12所，新增养老床位400张，农村公路改造里程150公里。\n"
)


def codes(text: str) -> dict[str, str]:
    return {finding.code: finding.zh for finding in read(text.encode()).findings}


def least_sure(text: str) -> list[float]:
    return [statement.confidence for statement in extract(read(text.encode())).statements]


@pytest.mark.parametrize(
    ("written", "as_read", "cause"),
    [
        ("utf-8", "latin-1", "UTF-8 的文字被当作西文"),
        ("gb18030", "latin-1", "GBK 的文字被当作西文"),
        ("utf-8", "gb18030", "UTF-8 的文字被当作 GBK"),
        ("gb18030", "cp950", "GBK 的文字被当作 Big5"),
    ],
)
def test_a_text_read_in_a_wrong_encoding_is_told_with_its_cause(written: str, as_read: str, cause: str) -> None:
    garbled = REPORT.encode(written).decode(as_read, errors="replace").replace("\x85", " ")
    assert cause in codes(garbled)["read.mojibake"]
    assert max(least_sure(garbled), default=0) <= 0.5


def test_one_garbled_line_is_told_and_the_others_stay_sure() -> None:
    line = "新改建农村公路320公里，改造老旧小区68个，建成学校12所。"
    text = REPORT + line.encode().decode("gb18030", errors="replace") + "\n"
    document = read(text.encode())
    found = next(finding for finding in document.findings if finding.code == "read.mojibake")
    assert len(found.spans) == 1 and found.spans[0].start == len(REPORT)
    assert max(least_sure(text)) > 0.9


def test_doubled_characters_are_told_and_nothing_sure_comes_of_them() -> None:
    doubled = re.sub("([一-鿿])", r"\1\1", REPORT)
    assert "重复了一遍" in codes(doubled)["read.doubled-characters"]
    assert max(least_sure(doubled)) <= 0.5
    assert "read.doubled-characters" not in codes("家家户户、时时刻刻、方方面面、世世代代、扎扎实实抓好各项工作。")


@pytest.mark.parametrize("instead", ["", " "])
def test_a_short_text_without_its_stops_is_told(instead: str) -> None:
    bare = re.sub("[，。；：、]", instead, REPORT)
    assert "read.no-punctuation" in codes(bare)
    assert max(least_sure(bare)) <= 0.5
    assert codes(REPORT) == {}


def test_what_is_lost_before_a_number_does_not_lend_it_the_subject_before() -> None:
    report = extract(
        read(REPORT.replace("粮食总产量达到", "????").replace("，城镇新增", "，比上年增长1.1%。城镇新增", 1).encode())
    )
    lost = [statement for statement in report.statements if statement.text in ("45.2万吨", "1.1%")]
    assert len(lost) == 2
    for statement in lost:
        assert "生产总值" not in (statement.indicator or "") and statement.confidence <= 0.5


def test_radicals_are_read_as_the_characters_they_stand_for_and_named() -> None:
    plain = REPORT
    strange = plain
    for letter, radical in zip("一二人生工长", "⼀⼆⼈⽣⼯⻓", strict=True):
        strange = strange.replace(letter, radical)
    assert strange != plain
    document = read(strange.encode())
    found = next(finding for finding in document.findings if finding.code == "read.compatibility-forms")
    assert all(pair in found.zh for pair in ("⼀→一", "⼯→工", "⻓→长"))
    assert document.text == strange
    rows = [(s.span, s.indicator, s.kind, s.period, s.value, s.unit) for s in extract(document).statements]
    assert rows == [
        (s.span, s.indicator, s.kind, s.period, s.value, s.unit) for s in extract(read(plain.encode())).statements
    ]
