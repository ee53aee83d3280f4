"""How figures are named in reasons: in the report's own words, with the direction that the words around them gave."""

from __future__ import annotations

import re

from taizhang.checks.match import Match
from taizhang.extract.amount import reworded
from taizhang.model import Statement


def written(statement: Statement) -> str:
    """A figure as written, without blanks; where a person corrected it, as it was corrected."""
    return reworded(statement) or "".join(statement.text.split())


def amount(statement: Statement) -> str:
    """A figure as written (15家以上, 近8万亩), with 增长 or 下降 before a growth or a difference."""
    text = written(statement)
    if statement.measure == "growth":
        if statement.unit in ("倍", "番"):
            return text
        return f"{'下降' if statement.value < 0 else '增长'}{text}"
    if statement.measure == "change":
        return f"{'减少' if statement.value < 0 else '增加'}{text}"
    return text


def amount_en(statement: Statement) -> str:
    """The same for an English sentence: the amount stays as written, since its unit is Chinese."""
    text = written(statement)
    if statement.measure == "growth":
        return f"{'−' if statement.value < 0 else '+'}{text}"
    if statement.measure == "change":
        return f"{'a fall of ' if statement.value < 0 else 'a rise of '}{text}"
    return text


def period_zh(period: str | None) -> str:
    """A period in words: 2021年至2025年."""
    if period is None:
        return "某一时期"
    first, _, last = period.partition("/")

    def one(value: str) -> str:
        year, _, month = value.partition("-")
        return f"{year}年" + (f"{int(month)}月" if month.isdigit() else "")

    return one(first) if not last else f"{one(first)}至{one(last)}"


BARE_MEASURE = re.compile("^(?:存栏|出栏|规模|产能|产量|投资|面积|产值|收入|能力|数量|床位|长度|容量|总)+$")
"""Names that have lost the words that say whose they are."""


def why_loose(target: Statement, item: Match, year: str) -> tuple[str, str]:
    """Why a figure that bears on a target does not answer it."""
    said = f"{item.actual.indicator}{amount(item.actual)}"
    goal = amount(target)
    if item.when == "sum":
        when = period_zh(item.actual.period)
        return (
            f"目标是{period_zh(year)}{goal}，找到的只有{when}的数字：{said}。",
            f"The target is {goal} for {year}; the only figure found is over {item.actual.period}: {said}.",
        )
    if item.when == "within":
        return (
            f"目标是{period_zh(year)}全年{goal}，找到的只有部分时段的数字：{said}。",
            f"The target is {goal} for the whole of {year}; only a part of the year was found: {said}.",
        )
    if item.when == "longer":
        return (
            f"目标是{period_zh(target.period)}的{goal}，找到的是全年的数字：{said}。",
            f"The target is {goal} for {target.period}; the figure found is for the whole year: {said}.",
        )
    if any(each.startswith("setting:") for each in item.differ):
        return (
            f"范围不同：目标{goal}说的是农村，报告说的是城区：{said}。",
            f"Of another place: the target {goal} is for the villages, {said} for the town.",
        )
    if item.grade == "other":
        return (
            f"口径不同：目标是“{target.indicator}”{goal}，报告说的是“{item.actual.indicator}”{amount(item.actual)}。",
            f"Defined otherwise: the target is {target.indicator} {goal}, the report gives {said}.",
        )
    if not item.same_measure:
        words = {"level": ("数额", "a level"), "growth": ("增速", "a growth"), "change": ("增减量", "a difference")}
        mine, theirs = words.get(target.measure, ("", "")), words.get(item.actual.measure, ("", ""))
        return (
            f"目标说的是{mine[0]}（{goal}），找到的只有{theirs[0]}：{said}。",
            f"The target is {mine[1]} ({goal}); only {theirs[1]} was found: {said}.",
        )
    if item.factor is None:
        return (
            f"单位不同，无法相比：目标{goal}，报告给出{said}。",
            f"The units do not compare: target {goal}, reported {said}.",
        )
    if BARE_MEASURE.match(item.actual.indicator or ""):
        return (
            f"待核对：目标{goal}，报告的{said}没有写明是哪一项的。",
            f"To be checked: target {goal}; the report does not say of what {said} is.",
        )
    if item.grade == "part":
        return (
            f"目标{goal}，找到的只有其中一部分或更窄的范围：{said}。",
            f"Target {goal}; only a part or a narrower scope was found: {said}.",
        )
    return (
        f"目标{goal}，找到的是更宽的范围：{said}。",
        f"Target {goal}; what was found has a wider scope: {said}.",
    )
