"""Shares: a part against its whole, a result against its plan, lists and ratios that make a hundred."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise

from taizhang.checks.doubt import told
from taizhang.checks.facts import (
    Fact,
    Width,
    before,
    between,
    judge,
    named,
    overlap,
    plain,
    quotient,
    share,
    spell_span,
    written,
)
from taizhang.checks.intervals import add, meet, multiply, step
from taizhang.checks.moves import AVERAGE
from taizhang.checks.parts import TOTALS, is_of, part_behind
from taizhang.ledger.identity import identify
from taizhang.model import Finding, Interval


def shares(row: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    """Every finding about the shares and rates that one sentence writes; `facts` are those of the whole report."""
    yield from _of_whole(row, facts)
    yield from _listed_shares(row)
    yield from _completed(row)
    yield from _ratios(row)


# Shares


_SHARE_OF = re.compile(
    r"^[^，。；、0-9（）]{0,4}[，、（(]占(?P<of>[^，。；、占]{2,18}?)(?:的)?(?:比重|比例|份额)?(?:（[^（）]{2,12}）)?(?:的|为|达到?|约)*$"
)


def _of_whole(row: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    """A，占B的C: where the report also gives B, C must be A over B."""
    for part, ratio in pairwise(row):
        if part.statement.measure != "level" or ratio.statement.unit != "%" or ratio.statement.measure != "level":
            continue
        if not (part.exact and ratio.exact) or part.statement.unit in ("%", "比"):
            continue
        found = _SHARE_OF.match(between(part, ratio))
        if not found or AVERAGE.search(before(part)):
            continue
        whole = _whole(part, found["of"], facts)
        if whole is None:
            continue

        yield from _against_rate(
            "share.part-of-total", (part, whole, ratio), whole.statement.sentence != part.statement.sentence,
            name=named(part), part=plain(part), total_name=named(whole), total=plain(whole), share=plain(ratio),
        )  # fmt: skip


def _against_rate(code: str, facts: tuple[Fact, Fact, Fact], one_year: bool, **words: str) -> Iterator[Finding]:
    """A part, its whole and the rate between them as written: the part over the whole must be the rate."""
    part, whole, rate = facts

    def ratio(width: Width) -> Interval:
        return quotient(written(part.statement, width), written(whole.statement, width))

    answer = judge(ratio, lambda width: share(rate.statement, width))
    if answer in ("cannot", "truncated"):
        implied = spell_span(multiply(ratio("rounded"), _HUNDREDFOLD), rate.statement)
        yield told(
            code, facts, f"{plain(part)} ÷ {plain(whole)} = {implied}",
            severity="error" if answer == "cannot" else "info", one_year=one_year,
            implied=implied, **words,
        )  # fmt: skip


_HUNDREDFOLD = Interval(Decimal(100), Decimal(100))


_ALSO_CALLED = {"总人口": "常住人口", "常住总人口": "常住人口"}
"""What a share is said to be of, and how the whole itself is called: 占总人口的比重（常住人口城镇化率）."""


def _whole(part: Fact, words: str, facts: Sequence[Fact]) -> Fact | None:
    """The one level of the thing that a share is of: same words or same identity, unit, period, place and article."""
    words = _ALSO_CALLED.get(words, words)
    known = identify(words, part.statement.unit, "level")
    held = [
        fact
        for fact in facts
        if fact.exact
        and fact.article == part.article
        and fact.statement.measure == "level"
        and fact.statement.kind == part.statement.kind
        and fact.statement.unit == part.statement.unit
        and fact.statement.period == part.statement.period
        and fact.statement.place == part.statement.place
        and fact.statement.id != part.statement.id
        and (
            fact.statement.indicator == words
            or (known is not None and fact.identity is not None and fact.identity.key == known.key)
        )
    ]
    values = {fact.statement.value for fact in held}
    return held[0] if len(values) == 1 else None


_PERCENT_OF_ALL = re.compile(r"^[^，。；、0-9（）]{0,4}[，、（(]?(?:各?占(?:比|总数|全部|总量)?(?:的|为|达)?)$")


def _listed_shares(row: Sequence[Fact]) -> Iterator[Finding]:
    """甲a项、占p%，乙b项、占q% …: shares of the sum of the list, and a list whose shares make 100.

    A single share one step off, in a list whose shares make exactly 100, was bent to make the sum: no error.
    """
    pairs: list[tuple[Fact, Fact]] = []
    for count, percent in pairwise(row):
        if (
            percent.statement.unit == "%"
            and count.statement.unit not in ("%", "比", "")
            and count.statement.measure == percent.statement.measure == "level"
            and count.exact
            and percent.exact
            and _PERCENT_OF_ALL.match(between(count, percent))
        ):
            pairs.append((count, percent))
    units = {count.statement.unit for count, _ in pairs}
    if len(pairs) < 3 or len(units) != 1:
        return
    shares = sum((percent.statement.value for _, percent in pairs), Decimal(0))
    last = max(step(percent.statement) for _, percent in pairs)
    if abs(shares - 100) > last * len(pairs):
        return  # not the whole: the list leaves something out

    bad, whole = _outliers(pairs)
    for count, percent in bad:
        exact = multiply(quotient(written(count.statement), whole("rounded")), _HUNDREDFOLD)
        implied = spell_span(exact, percent.statement)
        near = written(percent.statement)
        reach = Interval(
            None if near.low is None else near.low - step(percent.statement),
            None if near.high is None else near.high + step(percent.statement),
        )
        near_enough = overlap(reach, exact)
        bent = shares == 100 and len(bad) == 1 and near_enough
        if near_enough and not bent:
            continue  # cut off or rounded otherwise
        yield told(
            "share.bent" if bent else "share.list", [count, percent, *(c for c, _ in pairs)],
            f"{plain(count)} ÷ {spell_span(whole('rounded'), count.statement)} = {implied}",
            name=named(count), part=plain(count), share=plain(percent), implied=implied,
        )  # fmt: skip


def _outliers(pairs: Sequence[tuple[Fact, Fact]]) -> tuple[list[tuple[Fact, Fact]], Callable[[Width], Interval]]:
    """The pairs that do not fit the list's total, and that total.

    The total is the sum of the counts. Where one count is wrong, the sum is too, and all shares would seem to be: then
    the total is what all other pairs agree on, and the odd pair out is told alone.
    """

    def total(width: Width) -> Interval:
        out = Interval(Decimal(0), Decimal(0))
        for count, _ in pairs:
            out = add(out, written(count.statement, width))
        return out

    def misfits(whole: Callable[[Width], Interval]) -> list[tuple[Fact, Fact]]:
        return [
            (count, percent)
            for count, percent in pairs
            if judge(
                lambda width, count=count: quotient(written(count.statement, width), whole(width)),  # type: ignore[misc]
                lambda width, percent=percent: share(percent.statement, width),  # type: ignore[misc]
            )
            in ("cannot", "truncated")
        ]

    bad = misfits(total)
    if len(bad) <= 1:
        return bad, total
    for odd in range(len(pairs)):
        common: Interval | None = Interval(None, None)
        for at, (count, percent) in enumerate(pairs):
            if at != odd and common is not None:
                common = meet(common, quotient(written(count.statement, "loose"), share(percent.statement, "loose")))
        if common is not None and len(pairs) > 3:
            return misfits(partial(_always, common)), partial(_always, common)
    return bad, total


def _always(interval: Interval, _: Width) -> Interval:
    return interval


# Completion


_PLAN_NAMED = re.compile(r"(?:计划|任务|预算|目标)[^，。；、0-9]{0,6}$")


def _completed(row: Sequence[Fact]) -> Iterator[Finding]:
    """年度计划A，完成B，占年度计划的C: the result over the plan is the rate."""
    for result, rate in pairwise(row):
        if rate.statement.measure != "completion" or result.statement.measure != "level":
            continue
        if "总" in between(result, rate):
            continue  # of the whole project, not of this year's plan
        plans = [
            fact
            for fact in row
            if fact.at < result.at
            and fact.statement.unit == result.statement.unit
            and fact.statement.measure == "level"
            and _PLAN_NAMED.search(before(fact))
        ]
        if len(plans) != 1 or not (plans[0].exact and result.exact and rate.exact):
            continue
        goal = plans[0]
        if goal.at != result.at - 1 or "总投资" in before(goal):
            continue

        yield from _against_rate(
            "completion.rate", (result, goal, rate), False, name=named(result), result=plain(result), plan=plain(goal),
            rate=plain(rate),
        )  # fmt: skip


# Ratios


_COLON = re.compile(r"^\s*[:：∶﹕比]\s*$")


def _ratios(row: Sequence[Fact]) -> Iterator[Finding]:
    """8.6:43.1:48.3: three parts of a hundred."""
    group: list[Fact] = []
    for fact in [*row, None]:
        if fact is not None and group and _COLON.match(between(group[-1], fact)) and fact.statement.unit == "比":
            group.append(fact)
            continue
        if len(group) >= 3:
            yield from _hundred(group)
        group = [fact] if fact is not None and fact.statement.unit == "比" else []


def _hundred(group: Sequence[Fact]) -> Iterator[Finding]:
    total = sum((fact.statement.value for fact in group), Decimal(0))
    places = max(fact.statement.decimals for fact in group)
    whole = re.search(r"产业|结构", named(group[0])) is not None
    if not whole or (places == 0 and not 90 <= total <= 110) or total <= 12:
        return
    slack = len(group) * Decimal(1).scaleb(-min(fact.statement.decimals for fact in group)) / 2
    if abs(total - 100) <= max(slack, len(group) * Decimal(1).scaleb(-places) / 2):
        return
    written_out = ":".join(plain(fact) for fact in group)
    yield told(
        "ratio.hundred", group,
        f"{' + '.join(plain(fact) for fact in group)} = {total}",
        name=re.sub(r"第[一二三]产业$", "", named(group[0])), ratio=written_out, total=str(total),
    )  # fmt: skip


def industry_shares(facts: Sequence[Fact]) -> Iterator[Finding]:
    """三次产业结构a:b:c beside the three amounts: each part is the amount over the total."""
    names = TOTALS[0][1]
    for total in facts:
        if not is_of(total, TOTALS[0][0], "level") or not total.statement.unit.endswith("元"):
            continue
        for industry, name in zip(("第一产业", "第二产业", "第三产业"), names, strict=True):
            amount = part_behind(total, name, facts, "level")
            parts = [
                fact
                for fact in facts
                if fact.statement.unit == "比"
                and named(fact).endswith(industry)
                and re.search(r"三次产业|产业结构", named(fact))
                and (fact.statement.period, fact.statement.place, fact.article)
                == (total.statement.period, total.statement.place, total.article)
            ]
            if amount is None or len(parts) != 1 or not parts[0].exact:
                continue
            part = parts[0]

            def ratio(width: Width, amount: Fact = amount, total: Fact = total) -> Interval:
                return quotient(written(amount.statement, width), written(total.statement, width))

            if judge(ratio, lambda width, part=part: share(part.statement, width)) == "cannot":  # type: ignore[misc]
                exact = multiply(ratio("rounded"), _HUNDREDFOLD)
                near = written(part.statement)
                reach = Interval(
                    (near.low or Decimal(0)) - step(part.statement), (near.high or Decimal(0)) + step(part.statement)
                )
                if overlap(reach, exact):
                    continue  # one step off: bent so that the three make 100
                implied = spell_span(exact, part.statement).replace("比", "%")
                yield told(
                    "share.industry", [part, amount, total],
                    f"{plain(amount)} ÷ {plain(total)} = {implied}", one_year=True,
                    name=industry, amount=plain(amount), total=plain(total), share=plain(part), implied=implied,
                )  # fmt: skip
