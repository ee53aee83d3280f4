"""A level that moved: base, level, change and growth in one breath, and a plan's level beside its growth.

Each check looks for a fixed form of words (由A提高到B，增长C; A，比上年增加B，增长C): a sum is only as good as the
certainty that its numbers belong together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.checks.doubt import told
from taizhang.checks.facts import (
    PRICES_OVER_YEARS,
    Answer,
    Fact,
    Width,
    before,
    between,
    by_sentence,
    factor,
    judge,
    named,
    nominal,
    plain,
    price_slack,
    quotient,
    spell_span,
    widened,
    written,
)
from taizhang.checks.intervals import add, multiply, subtract
from taizhang.checks.plausible import power_of_ten
from taizhang.model import Finding, Interval

_MOVES = "提高|增加|增长|上升|提升|扩大|下降|减少|降低|缩小|回落|压减|净增|增幅|增"
_TO = re.compile(
    r"^[^，。；0-9]{0,4}[，、]?[^，。；、0-9]{0,8}(?:到|至|为|达)了?(?:[0-9]{4}年[底末]?的?)?[^，。；、0-9]{0,10}$"
)
_FROM = re.compile(r"(?:由|从)[^，。；、]{0,14}$")
_CHANGED = re.compile(
    rf"^[，、（(]?(?:比[^，。；]{{1,8}}|同比|累计|共|净|五年|四年|三年|一年|年均|平均每年|每年|年|，)*(?:{_MOVES})(?:了|长|加|幅?(?:达到?|为))?$"
)
_SINCE_LAST = re.compile(r"同比|比上年|较上年|比去年|较去年|比前年")
AVERAGE = re.compile(r"年均|平均每年|每年|年递?增")


SLIP = "（相差十的整数次方，像是单位或小数点有误）"


def moves(row: Sequence[Fact]) -> Iterator[Finding]:
    """Every finding about the movements that one sentence writes."""
    yield from _moved(row)
    yield from _against_base(row)
    yield from _changed_and_grown(row)


def _same_thing(first: Fact, second: Fact) -> bool:
    return (first.statement.indicator or "") == (second.statement.indicator or "")


# From A to B, by C


def _moved(row: Sequence[Fact]) -> Iterator[Finding]:
    """由A提高到B，增长C: base, level and movement written in one breath."""
    for at in range(len(row) - 2):
        old, new, movement = row[at : at + 3]
        if not (old.exact and new.exact and movement.exact):
            continue
        if old.statement.unit != new.statement.unit or old.statement.measure != "level" != movement.statement.measure:
            continue
        if not (_FROM.search(before(old)) and _TO.match(between(old, new))):
            continue
        words = between(new, movement)
        if not _CHANGED.match(words):
            continue
        if _SINCE_LAST.search(words) and not re.search(r"上年|去年|前年", before(old, 16)):
            continue
        if movement.statement.measure == "change" and movement.statement.unit in (
            new.statement.unit,
            "个百分点" if new.statement.unit == "%" else "",
        ):
            if not AVERAGE.search(words):  # 年均增长13亿元 is a part of the whole change
                yield from _old_and_change(old, new, movement)
        elif movement.statement.measure == "growth" and movement.statement.unit in ("%", "倍"):
            if AVERAGE.search(words):
                yield from _average(old, new, movement)
            elif nominal(movement):
                yield from _grown(old, new, movement)


_AGAINST = re.compile(r"(?:比|较)[^，。；、]{1,12}$")
_MORE = re.compile(rf"^(?:{_MOVES})了?$")


def _against_base(row: Sequence[Fact]) -> Iterator[Finding]:
    """达到B，比前年的A增加C，增长D: the base stands behind the level."""
    for new, old, *moves in (row[at : at + 4] for at in range(len(row) - 2)):
        if not (_AGAINST.search(between(new, old)) and _MORE.match(between(old, moves[0]))):
            continue
        if new.statement.unit != old.statement.unit or not (new.exact and old.exact and moves[0].exact):
            continue
        if new.statement.measure != "level" or old.statement.measure != "level":
            continue
        for before_it, movement in pairwise([old, *moves]):
            words = between(before_it, movement)
            if not movement.exact or not _CHANGED.match(words) or AVERAGE.search(words):
                break
            if movement.statement.measure == "change" and movement.statement.unit == new.statement.unit:
                yield from _old_and_change(old, new, movement)
            elif movement.statement.measure == "growth" and movement.statement.unit == "%" and nominal(movement):
                yield from _grown(old, new, movement)


def _old_and_change(old: Fact, new: Fact, movement: Fact) -> Iterator[Finding]:
    answer = judge(
        lambda width: subtract(written(new.statement, width), written(old.statement, width)),
        lambda width: written(movement.statement, width),
    )
    if answer in ("cannot", "truncated"):
        implied = subtract(written(new.statement), written(old.statement))
        reached = old.statement.value + movement.statement.value
        slip = power_of_ten(new.statement.value, reached) if answer == "cannot" else None
        yield told(
            "sum.change", [old, new, movement],
            f"{plain(new)} − {plain(old)} = {spell_span(implied, movement.statement)}",
            severity="error" if answer == "cannot" else "info",
            name=named(new), old=plain(old), new=plain(new), change=plain(movement),
            implied=spell_span(implied, movement.statement) + (SLIP if slip else ""),
        )  # fmt: skip


def _percent(interval: Interval, like: Fact) -> str:
    """A factor as the growth in per cent that it is."""
    if like.statement.unit == "倍":
        shift = Decimal(0) if "番" in like.statement.text else Decimal(-1)
        shifted = add(interval, Interval(shift, shift))
        return spell_span(shifted, like.statement)
    return spell_span(
        multiply(add(interval, Interval(Decimal(-1), Decimal(-1))), Interval(Decimal(100), Decimal(100))),
        like.statement,
    )


def _grown(old: Fact, new: Fact, movement: Fact) -> Iterator[Finding]:
    answer = judge(
        lambda width: quotient(written(new.statement, width), written(old.statement, width)),
        lambda width: factor(movement.statement, width),
    )
    if answer == "cannot" and movement.statement.unit == "倍" and _times_of(old, new, movement):
        return  # 增长2倍 said for 为原来的2倍: common, and the numbers themselves are right
    if new.statement.unit == "%" and _points(old, new, movement):
        return  # 提高1.8% said for 提高1.8个百分点
    if answer in ("cannot", "truncated"):
        implied = _percent(quotient(written(new.statement), written(old.statement)), movement)
        yield told(
            "sum.growth", [old, new, movement], f"{plain(new)} ÷ {plain(old)} − 1 = {implied}",
            severity="error" if answer == "cannot" else "info",
            name=named(new), old=plain(old), new=plain(new), growth=plain(movement), implied=implied,
        )  # fmt: skip


def _times_of(old: Fact, new: Fact, movement: Fact) -> bool:
    return (
        judge(
            lambda width: quotient(written(new.statement, width), written(old.statement, width)),
            lambda width: written(movement.statement, width),
        )
        != "cannot"
    )


def _points(old: Fact, new: Fact, movement: Fact) -> bool:
    return (
        judge(
            lambda width: subtract(written(new.statement, width), written(old.statement, width)),
            lambda width: written(movement.statement, width),
        )
        != "cannot"
    )


def _average(old: Fact, new: Fact, movement: Fact) -> Iterator[Finding]:
    """年均增长: the rate compounded over the years between must lead from the old level to the new one."""
    if old.year is None or new.year is None or new.year - old.year < 2:
        return
    slack = price_slack(movement)
    if movement.statement.unit != "%" or slack is None:
        return

    def lead(years: int) -> Answer:
        return judge(
            lambda width: quotient(written(new.statement, width), written(old.statement, width)),
            lambda width: _power(widened(factor(movement.statement, width), min(slack, PRICES_OVER_YEARS)), years),
        )

    years = new.year - old.year
    if any(lead(count) != "cannot" for count in (years - 1, years, years + 1)):
        return  # which year the base is of is often left to the reader
    implied = _root(quotient(written(new.statement), written(old.statement)), years)
    yield told(
        "sum.average-growth", [old, new, movement],
        f"({plain(new)} ÷ {plain(old)})^(1/{years}) − 1 = {_percent(implied, movement)}",
        severity="error" if old.how("period") == "written" else None,
        name=named(new), old=plain(old), new=plain(new), growth=plain(movement), years=str(years),
        implied=_percent(implied, movement),
    )  # fmt: skip


def _power(interval: Interval, count: int) -> Interval:
    return Interval(
        None if interval.low is None else interval.low**count, None if interval.high is None else interval.high**count
    )


def _root(interval: Interval, count: int) -> Interval:
    share_of_one = Decimal(1) / Decimal(count)
    return Interval(
        None if interval.low is None else interval.low**share_of_one,
        None if interval.high is None else interval.high**share_of_one,
    )


_STEP = re.compile(
    rf"^[，、（(]?(?:比[^，。；]{{1,6}}|较[^，。；]{{1,6}}|同比|净)*(?:{_MOVES})(?:了|长|加|幅?(?:达到?|为))?$"
)


def _changed_and_grown(row: Sequence[Fact]) -> Iterator[Finding]:
    """A，比上年增加B，增长C: the change over the level without it is the growth."""
    for at in range(len(row) - 2):
        level, first, second = row[at : at + 3]
        change, growth = (first, second) if first.statement.measure == "change" else (second, first)
        if (level.statement.measure, change.statement.measure, growth.statement.measure) != (
            "level", "change", "growth",
        ):  # fmt: skip
            continue
        if not (level.exact and change.exact and growth.exact and nominal(growth)):
            continue
        if level.statement.unit != change.statement.unit or growth.statement.unit != "%":
            continue
        if not (_STEP.match(between(level, first)) and _STEP.match(between(first, second))):
            continue
        if re.search(r"[到至]", between(level, first)) or _FROM.search(before(level)) or _AGAINST.search(before(level)):
            continue

        def base(width: Width, level: Fact = level, change: Fact = change) -> Interval:
            return subtract(written(level.statement, width), written(change.statement, width))

        answer = judge(
            lambda width, level=level, base=base: quotient(written(level.statement, width), base(width)),  # type: ignore[misc]
            lambda width, growth=growth: factor(growth.statement, width),  # type: ignore[misc]
        )
        if answer in ("cannot", "truncated"):
            implied = _percent(quotient(written(level.statement), base("rounded")), growth)
            yield told(
                "sum.change-growth", [level, change, growth],
                f"{plain(change)} ÷ ({plain(level)} − {plain(change)}) = {implied}",
                severity="error" if answer == "cannot" else "info",
                name=named(level), level=plain(level), change=plain(change), growth=plain(growth), implied=implied,
            )  # fmt: skip


# Plans


def planned_growth(facts: Sequence[Fact]) -> Iterator[Finding]:
    """A plan's level and its growth against this report's actual: 24.85亿元, 增长16%, 达到28.8亿元."""
    actual: dict[tuple[str, int, str | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        if (
            fact.key
            and fact.exact
            and fact.year
            and (fact.statement.kind, fact.statement.measure) == ("actual", "level")
        ):
            actual[fact.key, fact.year, fact.statement.place].append(fact)
    for row in by_sentence(facts):
        for first, second in pairwise(row):
            level, growth = (first, second) if first.statement.measure == "level" else (second, first)
            if (level.statement.measure, growth.statement.measure) != ("level", "growth"):
                continue
            if not (level.statement.kind == growth.statement.kind == "target" and level.exact and growth.exact):
                continue
            if not _same_thing(level, growth) or level.key is None or level.year is None:
                continue
            slack = price_slack(growth)
            if slack is None:
                continue
            if level.statement.period != growth.statement.period or growth.statement.unit != "%":
                continue
            bases = actual.get((level.key, level.year - 1, level.statement.place), [])
            if len({base.statement.value for base in bases}) != 1:
                continue
            base = bases[0]
            answer = judge(
                lambda width, base=base, growth=growth, slack=slack: multiply(  # type: ignore[misc]
                    written(base.statement, width), widened(factor(growth.statement, width), slack)
                ),
                lambda width, level=level: written(level.statement, width),  # type: ignore[misc]
            )
            if answer != "cannot":
                continue
            reached = multiply(written(base.statement), factor(growth.statement))
            implied = spell_span(reached, level.statement)
            formula = f"{plain(base)} × (1 + {plain(growth)}) = {implied}"
            power = power_of_ten(level.statement.value, reached.low)
            yield told(
                "target.level-growth", [level, growth, base], formula,
                severity="error" if power else None, one_year=True,
                name=named(level), level=plain(level), growth=plain(growth), base=plain(base),
                implied=implied + (SLIP if power else ""),
            )  # fmt: skip
