"""How figures are named in reasons: in the report's own words, with the direction that the words around them gave."""

from __future__ import annotations

from taizhang.model import Statement


def amount(statement: Statement) -> str:
    """A figure as written (15家以上, 近8万亩), with 增长 or 下降 before a growth or a difference."""
    text = "".join(statement.text.split())
    if statement.measure == "growth":
        if statement.unit in ("倍", "番"):
            return text
        return f"{'下降' if statement.value < 0 else '增长'}{text}"
    if statement.measure == "change":
        return f"{'减少' if statement.value < 0 else '增加'}{text}"
    return text


def amount_en(statement: Statement) -> str:
    """The same for an English sentence: the amount stays as written, since its unit is Chinese."""
    text = "".join(statement.text.split())
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
