"""What must be true if two numbers of a report are, and what last year's report said of the same.

完成278亿元、为计划的102.5% says that the plan was 270.6 to 271.8; 新开通2615座、累计8885座 says that a year ago there
were 6270. Where last year's report gave another number, the figure was revised in silence, or one of the reports is
wrong: the numbers alone cannot say which, so none of these is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal, NamedTuple

from taizhang.checks.doubt import estimated, told
from taizhang.checks.facts import (
    Fact,
    Held,
    Width,
    agreeing,
    before,
    behind,
    between,
    by_sentence,
    factor,
    facts_of,
    figures,
    judge,
    moved,
    named,
    noted,
    overlap,
    plain,
    price_slack,
    quotient,
    share,
    spell_span,
    successive,
    widened,
    written,
)
from taizhang.checks.intervals import step, subtract
from taizhang.checks.order import by_year, last_year_of
from taizhang.ledger.identity import identify
from taizhang.model import Finding, Interval, Report


class Implied(NamedTuple):
    """A number that no report writes but two written ones decide."""

    what: Literal["level", "plan", "total"]
    """Last year's level, the plan of the year, or last year's total."""
    period: str
    fact: Fact
    """The figure whose indicator, unit and place the implied one shares."""
    by: Fact
    """The growth, rate or addition that leads to it."""
    slack: Decimal = Decimal(0)
    """How far prices may hold the growth apart from the level (`price_slack`)."""

    def interval(self, width: Width = "rounded") -> Interval:
        """All the values that the implied number may have."""
        level, by = self.fact.statement, self.by.statement
        if self.what == "level" and by.measure == "growth":
            return quotient(written(level, width), widened(factor(by, width), self.slack))
        if self.what == "plan":
            return quotient(written(level, width), share(by, width))
        return subtract(written(level, width), written(by, width))

    @property
    def formula(self) -> str:
        """The sum, with its numbers as written."""
        level, by = plain(self.fact), plain(self.by)
        result = spell_span(self.interval(), self.fact.statement)
        if self.what == "level" and self.by.statement.measure == "growth":
            prices = f" ± {int(self.slack * 100)}%" if self.slack else ""
            sign = "−" if self.by.statement.value < 0 else "+"
            return f"{level} ÷ (1 {sign} {by.lstrip('-−')}{prices}) = {result}"
        if self.what == "plan":
            return f"{level} ÷ {by} = {result}"
        sign = "+" if self.by.statement.value < 0 else "−"
        return f"{level} {sign} {by.lstrip('-−')} = {result}"


_GROWN = re.compile(
    r"^[，、（(]?(?:同比|(?:比|较)(?:上年|去年|上一年)(?:同期)?|分别|净|也|，)*(?:增长|下降|提高|增加|增产|减产|上升|回落|增幅|增速|增|减少|降低)(?:了|率?为|率?达到?|幅度?为)?$"
)
_OF_PLAN = re.compile(r"计划|预算|任务|目标")
_NOT_THIS_PLAN = re.compile(r"总|规划|五年|十[一二三四]五|调整|省|市定")
_IN_ALL = re.compile(
    r"^[^，。；、0-9]{0,4}[，、（(](?:累计|总数|总量|在册|全[市省县区]|现有|目前|总计|达到)[^，。；、0-9]{0,12}$"
)
_NEW = re.compile(r"(?:净增|新增|新开通|新认定|新登记|新设立)")


def implied(report: Report) -> Iterator[Implied]:
    """Every number that two written ones of a sentence decide, in text order."""
    return (found for found in _within_prices(report) if not found.slack)


def _within_prices(report: Report) -> Iterator[Implied]:
    """The same, and what output and its growth at constant prices decide within the reach of prices."""
    for row in by_sentence(facts_of(report)):
        for at, first in enumerate(row):
            if first.statement.measure != "level" or first.statement.kind != "actual" or first.year is None:
                continue
            if first.exact:
                yield from _decided(first, row[at + 1 :])


def _decided(level: Fact, later: Sequence[Fact]) -> Iterator[Implied]:
    """What a level decides with a growth, a rate or a count behind it in its sentence."""
    for near, fact in enumerate(later):
        if not fact.exact:
            continue
        words = between(level, fact)
        beside = near == 0 and _GROWN.match(words) is not None
        if fact.statement.measure == "growth" and _same(level, fact) and (beside or _dealt_out(words, level)):
            slack = _comparable(level, fact)
            if slack is not None:
                yield Implied("level", str((level.year or 0) - 1), level, fact, slack)
            return
        if near == 0 and fact.statement.measure == "change" and _same(level, fact) and _GROWN.match(words):
            if _of_one_unit(level, fact) and price_slack(level, fact) is not None and not _SCOPE.search(noted(fact)):
                yield Implied("level", str((level.year or 0) - 1), level, fact)
            return
        if near == 0 and fact.statement.measure == "completion" and fact.statement.unit == "%":
            if _OF_PLAN.search(words) and not _NOT_THIS_PLAN.search(words) and fact.statement.value > 0:
                yield Implied("plan", str(level.year), level, fact)
        elif near == 0 and fact.statement.measure == "level" and _IN_ALL.match(words):
            name = level.statement.indicator or ""
            grown = fact.statement.value > level.statement.value and fact.year == level.year
            if _NEW.search(name) and grown and level.statement.unit == fact.statement.unit:
                yield Implied("total", str((level.year or 0) - 1), fact, level)


def _same(level: Fact, growth: Fact) -> bool:
    return (level.statement.indicator, level.statement.period, level.statement.place) == (
        growth.statement.indicator, growth.statement.period, growth.statement.place,
    )  # fmt: skip


def _of_one_unit(level: Fact, change: Fact) -> bool:
    unit = level.statement.unit
    return change.statement.unit == ("个百分点" if unit == "%" else unit)


_LEVELS_SHARED = re.compile("分别(?:完成|达到?|实现|为|是)?了?[0-9.万亿千元吨人个户、和及]*$")


def _dealt_out(words: str, level: Fact) -> bool:
    """甲a、乙b，分别增长p和q, or 甲乙分别达到a、b，增长p、q: the growths stand behind all levels, by position."""
    shared = "分别" in words or _LEVELS_SHARED.search(before(level)) is not None
    return shared and re.search(r"[；。]|基数|提高到|计划", words) is None and len(words) < _LIST


_LIST = 60
"""How long a list of levels may be before the growths that it shares."""


def _comparable(level: Fact, growth: Fact) -> Decimal | None:
    """How far prices may hold the two apart; None where they are not of one scope or basis at all."""
    if level.statement.unit in ("%", "‰", "比") or growth.statement.unit != "%" or _SCOPE.search(noted(growth)):
        return None
    return price_slack(level, growth)


_SCOPE = re.compile(r"不含|不包括|含|除")
"""A note that cuts the scope of all figures behind it (不含新区，下同): last year's may have counted otherwise."""


def revisions(reports: Sequence[Report]) -> Iterator[Finding]:
    """Where a report's own numbers say something else of last year than last year's report did."""
    for earlier, later in successive(reports):
        yield from _implied_against_written(earlier, later)
        yield from _goals_quoted(earlier, later)
    yield from _bases(by_year(reports))


def _implied_against_written(earlier: Report, later: Report) -> Iterator[Finding]:
    year = str(last_year_of(earlier.frame.year_reviewed))
    levels = figures(earlier, "actual", "level", year)
    plans = figures(earlier, "target", "level", str(int(year) + 1))
    for found in _within_prices(later):
        held, code = (plans, "revised.plan") if found.what == "plan" else (levels, "revised.level")
        said = _said_in_all(found.fact, held) if found.what == "total" else _said(found.fact, held)
        if said is None or (found.what != "plan" and found.period != year) or not said.exact:
            continue
        if found.what == "total":
            code = "revised.total"
        reach = int(found.slack * 100)
        answer = judge(found.interval, lambda width, said=said: written(said.statement, width))  # type: ignore[misc]
        if answer != "cannot" or _tenfold(found.interval(), said):
            continue
        yield told(
            code, [found.fact, found.by, said], found.formula,
            severity="info" if estimated(said) and _near(found.interval(), said) else None,
            name=_NEW.sub("", named(found.fact)) if found.what == "total" else named(found.fact),
            level=plain(found.fact), by=moved(found.by), year=found.period,
            growth=f"（按可比价，价格变动放宽到{reach}个百分点）" if reach else "",
            growth_en=f" (at constant prices, with {reach} points allowed for prices)" if reach else "",
            implied=spell_span(found.interval(), found.fact.statement), said=plain(said),
        )  # fmt: skip


_ESTIMATED = Decimal("0.05")
"""How far off an estimate may be, as a share of it: none is off by half."""


def _near(implied: Interval, said: Fact) -> bool:
    room = abs(said.statement.value) * _ESTIMATED
    low, high = said.statement.value - room, said.statement.value + room
    return overlap(implied, Interval(low, high))


def _said(fact: Fact, held: Held) -> Fact | None:
    said = held.get((fact.key, fact.statement.place)) if fact.key else None
    return None if said is None or _defined_apart(fact, said) else said


_DEFINED_APART = re.compile(r"外商直接|财税收入|大口径|全口径")
"""Words that make a narrower or wider thing of an indicator, which the word list holds for the same."""


def _defined_apart(fact: Fact, said: Fact) -> bool:
    return set(_DEFINED_APART.findall(named(fact))) != set(_DEFINED_APART.findall(named(said)))


def _said_in_all(fact: Fact, held: Held) -> Fact | None:
    """Last year's figure of the whole of which some are new: the indicator without its 新增."""
    name = _NEW.sub("", fact.statement.indicator or "")
    known = identify(re.sub(r"(?:总数|累计|总量)$", "", name), fact.statement.unit, "level")
    if known is None:
        return None
    return held.get((f"{known.key}|{fact.statement.unit}", fact.statement.place))


def _tenfold(computed: Interval, said: Fact) -> bool:
    """A whole power of ten apart: a slip of the unit, which has its own finding."""
    if computed.low is None or not said.statement.value or computed.low <= 0:
        return False
    ratio = computed.low / said.statement.value
    return ratio > 8 or ratio < Decimal("0.125")


def _bases(reports: Sequence[Report]) -> Iterator[Finding]:
    """A past year's figure as this report writes it (由2019年的A), and as the report on that year wrote it."""
    for later in reports:
        for earlier in reports:
            year, now_year = last_year_of(earlier.frame.year_reviewed), last_year_of(later.frame.year_reviewed)
            if year is None or now_year is None or year >= now_year or earlier.frame.place is None:
                continue
            if (earlier.frame.place, earlier.frame.kind) != (later.frame.place, later.frame.kind):
                continue
            for measure in ("level", "growth"):
                yield from _told_again(
                    figures(earlier, "actual", measure, str(year)), figures(later, "actual", measure, str(year)), year
                )


def _told_again(then: Held, now: Held, year: int) -> Iterator[Finding]:
    for key, fact in now.items():
        said = then.get(key)
        if said is None or not (said.exact and fact.exact) or _defined_apart(fact, said):
            continue
        if agreeing(fact, said) == "cannot":
            yield told(
                "revised.base", [fact, said], f"{plain(fact)} ≠ {plain(said)}",
                name=named(fact), now=plain(fact), said=plain(said), year=str(year),
            )  # fmt: skip


_QUOTED = re.compile(
    r"^[，、（(]?[^，。；0-9]{0,4}(?:超过|高于|低于|好于|超出|完成|达到|实现|超额完成)(?:了)?[^，。；0-9]{0,6}$"
)
_GOAL = re.compile(r"^(?:左右|以上|以内)?的?(?:年度|年初|全年|预期|既定|计划)*目标")


def _goals_quoted(earlier: Report, later: Report) -> Iterator[Finding]:
    """A target as the review quotes it (增长8.2%，超过8%的预期目标), and as last year's report set it."""
    year = str(last_year_of(later.frame.year_reviewed))
    held = {measure: figures(earlier, "target", measure, year) for measure in ("level", "growth")}
    for row in by_sentence(facts_of(later)):
        for got, goal in pairwise(row):
            measure = got.statement.measure
            if got.part != "review" or measure not in held or got.statement.period != year:
                continue
            if goal.statement.unit != got.statement.unit or not _QUOTED.match(
                between(got, goal) + _words_at_head(goal)
            ):
                continue
            if not _GOAL.match(behind(goal)):
                continue
            said = _said(got, held[measure])
            if said is None or said.statement.value_max is not None or goal.statement.value_max is not None:
                continue
            apart = abs(abs(said.statement.value) - abs(goal.statement.value))
            if apart > max(step(said.statement), step(goal.statement)) / 2:
                yield told(
                    "revised.goal", [goal, said], f"{plain(goal)} ≠ {plain(said)}",
                    name=named(got), now=plain(goal).removeprefix(_words_at_head(goal)), said=plain(said), year=year,
                )  # fmt: skip


def _words_at_head(fact: Fact) -> str:
    """The 超过 that a number's own text begins with."""
    found = re.match(r"[\u4e00-\u9fff]+(?=[0-9])", plain(fact))
    return found[0] if found else ""
