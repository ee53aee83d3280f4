"""Damage of a text is said, with its places, and the text stays as it is; near misses are no damage."""

from __future__ import annotations

import pytest

from taizhang.read import read

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
        ("经济运行平稳向好农业生产再获丰收" * 12, "read.no-punctuation", []),
        ((SENTENCE * 8).encode("gb18030").decode("latin-1"), "read.mojibake", []),
        ((SENTENCE * 8).encode().decode("latin-1"), "read.mojibake", []),
        ((SENTENCE * 8).encode().decode("gb18030", errors="replace"), "read.mojibake", []),
        ("".join(letter * 2 for letter in SENTENCE * 8), "read.doubled-characters", []),
        ("⼀、⼯业⽣产。⼆、农业⽣产。", "read.radicals", ["⼀", "⼯", "⽣", "⼆", "⽣"]),
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
        "常常看看，家家户户欢欢喜喜。" * 10,
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
        ("⽣产总值", "actual", "2030"), ("⽣产总值", "target", "2031"),
    ]  # fmt: skip


def test_the_findings_reach_the_report() -> None:
    from taizhang import extract

    report = extract(read(f"{SENTENCE}完成投资????亿元".encode()))
    assert "read.lost-characters" in {finding.code for finding in report.findings}
