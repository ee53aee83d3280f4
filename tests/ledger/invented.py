"""Invented reports to test a ledger with, and the few things that every test does with them."""

from __future__ import annotations

from pathlib import Path

from taizhang.extract import extract
from taizhang.ledger import Ledger, Reader
from taizhang.model import Document, Report, Source, Statement

EXAMPLES = Path(__file__).parents[2] / "examples"

TEXT = """砚川县2025年政府工作报告
——2025年1月8日在砚川县第九届人民代表大会第四次会议上
县长 闻砚秋

各位代表：
一、2024年工作回顾
过去一年，全县生产总值完成86.4亿元，增长5.1%。粮食总产量达到3.2亿斤，一般公共预算收入4.7亿元，增长6%。新建公路36公里、桥梁4座。
二、2025年工作安排
今年的主要预期目标是：生产总值增长5.5%左右，一般公共预算收入增长5%以上，粮食总产量稳定在3.1亿斤以上。
我们将新建充电桩120个，改造老旧小区8个。
"""
LATER = """砚川县2026年政府工作报告
——2026年1月9日在砚川县第九届人民代表大会第五次会议上
县长 闻砚秋

各位代表：
一、2025年工作回顾
过去一年，全县生产总值完成91.3亿元，增长5.3%。粮食总产量达到3.15亿斤，一般公共预算收入4.9亿元，增长4.2%。
二、2026年工作安排
今年的主要预期目标是：生产总值增长5%左右。
"""
OLD, NEW = Reader("1", {}), Reader("2", {})


def said(report: Report, words: str) -> Statement:
    """The one statement whose quantity is written so."""
    (found,) = [item for item in report.statements if item.text == words]
    return found


def key(report: Report, words: str) -> str:
    return f"{report.document.id}-{said(report, words).id}"


def enter(ledger: Ledger, report: Report, reader: Reader = OLD) -> None:
    ledger.enter(report, who="闻", reader=reader)


def reading(text: str, name: str = "砚川.txt", file: str = "1") -> Report:
    """What a reader makes of a file: two texts of one `file` are two readings of the same bytes."""
    starts = [0, *(at + 1 for at, sign in enumerate(text) if sign == "\n" and at + 1 < len(text))]
    digest = file.ljust(64, "0")
    return extract(Document(digest[:16], text, Source(digest, name, "text/plain", "utf-8"), tuple(starts)))
