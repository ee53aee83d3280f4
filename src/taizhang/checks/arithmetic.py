"""Sums inside one report: do its own numbers agree with each other, at the precision they were written?

Every check looks for a fixed form of words (由A提高到B，增长C; A，占B的C; 其中 …), because a sum is only as good as the
certainty that its numbers belong together. What has no such form is left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise

from taizhang.checks.facts import (
    Answer,
    Fact,
    Width,
    agreeing,
    before,
    behind,
    between,
    by_sentence,
    factor,
    facts_of,
    judge,
    moved,
    named,
    nominal,
    nominal_words,
    overlap,
    plain,
    quotient,
    sentence_of,
    share,
    side,
    spell_span,
    written,
)
from taizhang.checks.intervals import add, meet, multiply, step, subtract
from taizhang.checks.plausible import power_of_ten
from taizhang.checks.registry import make
from taizhang.ledger.identity import clean, identify
from taizhang.model import Finding, Interval, Report

_MOVES = "提高|增加|增长|上升|提升|扩大|下降|减少|降低|缩小|回落|压减|净增|增幅|增"
_TO = re.compile(r"^[^，。；0-9]{0,4}[，、]?[^，。；、0-9]{0,8}(?:到|至|为|达)了?[^，。；、0-9]{0,10}$")
_FROM = re.compile(r"(?:由|从)[^，。；、]{0,14}$")
_CHANGED = re.compile(
    rf"^[，、（(]?(?:比[^，。；]{{1,8}}|同比|累计|共|净|五年|四年|三年|一年|年均|平均每年|每年|年|，)*(?:{_MOVES})(?:了|长|加|幅?(?:达到?|为))?$"
)
_SINCE_LAST = re.compile(r"同比|比上年|较上年|比去年|较去年|比前年")
_AVERAGE = re.compile(r"年均|平均每年|每年|年递?增")


def arithmetic(report: Report) -> Iterator[Finding]:
    """Every finding about the sums of one report."""
    facts = facts_of(report)
    for row in by_sentence(facts):
        yield from _moved(row)
        yield from _against_base(row)
        yield from _changed_and_grown(row)
        yield from _shares(row, facts)
        yield from _listed_shares(row)
        yield from _completed(row)
        yield from _ratios(row)
        yield from _parts(row)
    yield from _totals(facts)
    yield from _grown_between(facts)
    yield from _industry_shares(facts)
    yield from _twice(facts)
    yield from _planned_growth(facts)


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
            if not _AVERAGE.search(words):  # 年均增长13亿元 is a part of the whole change
                yield from _old_and_change(old, new, movement)
        elif movement.statement.measure == "growth" and movement.statement.unit in ("%", "倍"):
            if _AVERAGE.search(words):
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
            if not movement.exact or not _CHANGED.match(words) or _AVERAGE.search(words):
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
        yield make(
            "sum.change", [side(old), side(new), side(movement)],
            f"{plain(new)} − {plain(old)} = {spell_span(implied, movement.statement)}",
            severity="error" if answer == "cannot" else "info",
            name=named(new), old=plain(old), new=plain(new), change=plain(movement),
            implied=spell_span(implied, movement.statement),
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
        yield make(
            "sum.growth", [side(old), side(new), side(movement)], f"{plain(new)} ÷ {plain(old)} − 1 = {implied}",
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
    if old.year is None or new.year is None or new.year - old.year < 2 or not nominal(movement):
        return
    if movement.statement.unit != "%":
        return

    def lead(years: int) -> Answer:
        return judge(
            lambda width: quotient(written(new.statement, width), written(old.statement, width)),
            lambda width: _power(factor(movement.statement, width), years),
        )

    years = new.year - old.year
    if any(lead(count) != "cannot" for count in (years - 1, years, years + 1)):
        return  # which year the base is of is often left to the reader
    implied = _root(quotient(written(new.statement), written(old.statement)), years)
    yield make(
        "sum.average-growth", [side(old), side(new), side(movement)],
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
            yield make(
                "sum.change-growth", [side(level), side(change), side(growth)],
                f"{plain(change)} ÷ ({plain(level)} − {plain(change)}) = {implied}",
                severity="error" if answer == "cannot" else "info",
                name=named(level), level=plain(level), change=plain(change), growth=plain(growth), implied=implied,
            )  # fmt: skip


# Shares


_SHARE_OF = re.compile(
    r"^[^，。；、0-9（）]{0,4}[，、（(]占(?P<of>[^，。；、占]{2,18}?)(?:的)?(?:比重|比例|份额)?(?:的|为|达到?|约)*$"
)


def _shares(row: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    """A，占B的C: where the report also gives B, C must be A over B."""
    for part, ratio in pairwise(row):
        if part.statement.measure != "level" or ratio.statement.unit != "%" or ratio.statement.measure != "level":
            continue
        if not (part.exact and ratio.exact) or part.statement.unit in ("%", "比"):
            continue
        found = _SHARE_OF.match(between(part, ratio))
        if not found or _AVERAGE.search(before(part)):
            continue
        whole = _whole(part, found["of"], facts)
        if whole is None:
            continue

        def ratio_of(width: Width, part: Fact = part, whole: Fact = whole) -> Interval:
            return quotient(written(part.statement, width), written(whole.statement, width))

        answer = judge(ratio_of, lambda width, ratio=ratio: share(ratio.statement, width))  # type: ignore[misc]
        if answer in ("cannot", "truncated"):
            implied = spell_span(multiply(ratio_of("rounded"), _HUNDREDFOLD), ratio.statement)
            yield make(
                "share.part-of-total", [side(part), side(whole), side(ratio)],
                f"{plain(part)} ÷ {plain(whole)} = {implied}",
                severity="error" if answer == "cannot" else "info",
                name=named(part), part=plain(part), total_name=named(whole), total=plain(whole), share=plain(ratio),
                implied=implied,
            )  # fmt: skip


_HUNDREDFOLD = Interval(Decimal(100), Decimal(100))


def _whole(part: Fact, words: str, facts: Sequence[Fact]) -> Fact | None:
    """The one level of the thing that a share is of: same words or same identity, unit, period, place and article."""
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
        yield make(
            "share.bent" if bent else "share.list", [side(count), side(percent), *(side(c) for c, _ in pairs)],
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

        def of(width: Width, goal: Fact = goal, result: Fact = result) -> Interval:
            return quotient(written(result.statement, width), written(goal.statement, width))

        answer = judge(of, lambda width, rate=rate: share(rate.statement, width))  # type: ignore[misc]
        if answer in ("cannot", "truncated"):
            implied = spell_span(multiply(of("rounded"), _HUNDREDFOLD), rate.statement)
            yield make(
                "completion.rate", [side(result), side(goal), side(rate)],
                f"{plain(result)} ÷ {plain(goal)} = {implied}",
                severity="error" if answer == "cannot" else "info",
                name=named(result), result=plain(result), plan=plain(goal), rate=plain(rate), implied=implied,
            )  # fmt: skip


# Ratios and parts


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
    yield make(
        "ratio.hundred", [side(fact) for fact in group],
        f"{' + '.join(plain(fact) for fact in group)} = {total}",
        name=re.sub(r"第[一二三]产业$", "", named(group[0])), ratio=written_out, total=str(total),
    )  # fmt: skip


_AMONG = re.compile(r"^[^，。；0-9]{0,6}[，；：、（(]其中[：，]?[^，。；、0-9]{0,16}$")
_NEXT = re.compile(r"^、[^，。；、0-9（）]{1,16}$")
"""What follows behind another comma may be no part any more: 其中高铁370公里，新增公路2600公里."""


def _parts(row: Sequence[Fact]) -> Iterator[Finding]:
    """T，其中A a、B b: no part can be greater than its total, nor all parts together."""
    for at in range(len(row) - 1):
        total, part = row[at], row[at + 1]
        if not _part_of(total, part) or not _AMONG.match(between(total, part)):
            continue
        parts = [part]
        for following in row[at + 2 :]:
            if "、其中" in between(total, part):
                break  # the whole stands in a list of its own
            if not _part_of(total, following) or not _NEXT.match(between(parts[-1], following)):
                break
            parts.append(following)
        whole = written(total.statement, "loose")
        single = written(part.statement, "loose")
        if whole.high is not None and single.low is not None and single.low > whole.high:
            yield make(
                "parts.greater", [side(part), side(total)], f"{plain(part)} > {plain(total)}",
                total_name=named(total), total=plain(total), name=named(part), part=plain(part),
            )  # fmt: skip
            continue
        together = Interval(Decimal(0), Decimal(0))
        for each in parts:
            together = add(together, written(each.statement, "loose"))
        if len(parts) > 1 and whole.high is not None and together.low is not None and together.low > whole.high:
            total_of_parts = sum((each.statement.value for each in parts), Decimal(0))
            yield make(
                "parts.more-than-total", [*(side(each) for each in parts), side(total)],
                f"{' + '.join(plain(each) for each in parts)} > {plain(total)}",
                total_name=named(total), total=plain(total), parts=" + ".join(plain(each) for each in parts),
                sum=spell_span(Interval(total_of_parts, total_of_parts), total.statement),
            )  # fmt: skip


_TORN = re.compile(r"[0-9一二三四五六七八九〇○][，、·,.]$")


def _part_of(total: Fact, part: Fact) -> bool:
    if _TORN.search(before(total, 3)) or _TORN.search(before(part, 3)):
        return False  # 三九，四二三万份 of an old print: only the tail of the number was read
    return (
        total.statement.measure == part.statement.measure == "level"
        and total.statement.unit == part.statement.unit
        and total.statement.unit not in ("%", "‰", "比")
        and total.statement.period == part.statement.period
        and total.exact
        and part.exact
        and total.statement.value > 0
    )


TOTALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("地区生产总值", ("第一产业增加值", "第二产业增加值", "第三产业增加值")),
    ("进出口总额", ("出口总额", "进口总额")),
    ("一般公共预算收入", ("税收收入", "非税收入")),
)
"""Totals that are the sum of their parts by definition; names as the word list of indicators has them."""

_FEW = 3
"""How many sentences a total may stand from its parts: further off, the two may speak of different things."""


def _totals(facts: Sequence[Fact]) -> Iterator[Finding]:
    """Sums that hold by definition: three industries, exports and imports, taxes and other revenue."""
    for total_name, part_names in TOTALS:
        for total in facts:
            if not _is(total, total_name, "level") or not total.statement.unit.endswith("元"):
                continue
            parts = [_nearest(total, name, facts, "level") for name in part_names]
            found = [part for part in parts if part is not None]
            if len(found) != len(part_names):
                continue

            def together(width: Width, found: Sequence[Fact] = found) -> Interval:
                out = Interval(Decimal(0), Decimal(0))
                for part in found:
                    out = add(out, written(part.statement, width))
                return out

            answer = judge(together, lambda width, total=total: written(total.statement, width))  # type: ignore[misc]
            if answer in ("cannot", "truncated"):
                implied = spell_span(together("rounded"), total.statement)
                yield make(
                    "parts.total", [*(side(part) for part in found), side(total)],
                    f"{' + '.join(plain(part) for part in found)} = {implied}",
                    severity="error" if answer == "cannot" else "info",
                    total_name=named(total), total=plain(total), parts=" + ".join(plain(part) for part in found),
                    implied=implied,
                )  # fmt: skip


def _grown_between(facts: Sequence[Fact]) -> Iterator[Finding]:
    """A total cannot grow faster than every part of it, nor more slowly than every part."""
    for total_name, part_names in TOTALS:
        for total in facts:
            if not _is(total, total_name, "growth"):
                continue
            parts = [_nearest(total, name, facts, "growth") for name in part_names]
            found = [part for part in parts if part is not None]
            if len(found) != len(part_names):
                continue
            mine = written(total.statement, "loose")
            low = min(written(part.statement, "loose").low or Decimal(0) for part in found)
            high = max(written(part.statement, "loose").high or Decimal(0) for part in found)
            if overlap(mine, Interval(low, high)):
                continue
            yield make(
                "parts.growth", [*(side(part) for part in found), side(total)],
                f"{plain(total)} ∉ {min(plain(p) for p in found)} … {max(plain(p) for p in found)}",
                total_name=named(total), total=moved(total), parts="、".join(moved(part) for part in found),
            )  # fmt: skip


def _industry_shares(facts: Sequence[Fact]) -> Iterator[Finding]:
    """三次产业结构a:b:c beside the three amounts: each part is the amount over the total."""
    names = TOTALS[0][1]
    for total in facts:
        if not _is(total, TOTALS[0][0], "level") or not total.statement.unit.endswith("元"):
            continue
        for industry, name in zip(("第一产业", "第二产业", "第三产业"), names, strict=True):
            amount = _nearest(total, name, facts, "level")
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
                implied = spell_span(exact, part.statement).replace("比", "")
                yield make(
                    "share.industry", [side(part), side(amount), side(total)],
                    f"{plain(amount)} ÷ {plain(total)} = {implied}%",
                    name=industry, amount=plain(amount), total=plain(total), share=plain(part), implied=implied,
                )  # fmt: skip


def _is(fact: Fact, concept: str, measure: str) -> bool:
    known = fact.identity
    return (
        known is not None
        and known.concept == concept
        and not known.scope
        and fact.statement.measure == measure
        and fact.exact
    )


def _nearest(total: Fact, concept: str, facts: Sequence[Fact], measure: str) -> Fact | None:
    """The one figure of a part that stands in the sentences behind its total."""
    held = [
        fact
        for fact in facts
        if _is(fact, concept, measure)
        and fact.article == total.article
        and fact.statement.unit == total.statement.unit
        and fact.statement.period == total.statement.period
        and fact.statement.kind == total.statement.kind
        and fact.statement.place == total.statement.place
        and 0 <= fact.statement.sentence - total.statement.sentence <= _FEW
        and fact.at > total.at
    ]
    return held[0] if len(held) == 1 else None


# One fact, two values


def _twice(facts: Sequence[Fact]) -> Iterator[Finding]:
    """The same words, measure, unit, period, place and part of the text with two values that are close but not one.

    Values far apart are as a rule of two things that the words do not tell apart (a port, a county, a campaign).
    """
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        statement = fact.statement
        if fact.key is None or not fact.exact or statement.measure not in ("level", "growth") or fact.year is None:
            continue
        if fact.how("indicator") != "written" or (statement.kind, fact.part) not in _SAID:
            continue
        if fact.identity is not None and fact.identity.axis("flow") is not None:
            continue  # counts of what is new: two of them may be of two campaigns
        name = clean(statement.indicator or "")
        groups[
            fact.key, name, statement.measure, statement.period, statement.place, statement.kind, fact.article
        ].append(fact)
    for group in groups.values():
        first = group[0]
        for other in group[1:]:
            if other.statement.sentence == first.statement.sentence or _stretched(first) or _stretched(other):
                continue
            if any(_called_a_goal(fact) or _threshold(fact) for fact in (first, other)) or not _close(first, other):
                continue
            if not (nominal_words(first) and nominal_words(other)):
                continue
            if agreeing(first, other) == "cannot":
                yield make(
                    "fact.twice", [side(first), side(other)], f"{plain(first)} ≠ {plain(other)}",
                    name=named(first), first=plain(first), second=plain(other), period=first.statement.period or "",
                )  # fmt: skip


_SAID = (("actual", "review"), ("target", "plan"))
_CLOSE = Decimal("0.1")


def _close(first: Fact, second: Fact) -> bool:
    one, two = first.statement.value, second.statement.value
    return abs(one - two) <= _CLOSE * max(abs(one), abs(two))


def _called_a_goal(fact: Fact) -> bool:
    """A number that the review gives as reached, in a sentence that speaks of targets: one of the two may be meant."""
    return fact.statement.kind == "actual" and "目标" in sentence_of(fact)


def _threshold(fact: Fact) -> bool:
    """跃上500亿斤台阶: a mark that was passed, not the figure."""
    return re.match(r"[^，。；]{0,2}(?:台阶|大关|关口)", behind(fact)) is not None


def _stretched(fact: Fact) -> bool:
    return re.search(r"力争|争取|奋斗目标|考核目标", before(fact, 16)) is not None


# Plans


def _planned_growth(facts: Sequence[Fact]) -> Iterator[Finding]:
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
            if not _same_thing(level, growth) or level.key is None or level.year is None or not nominal(growth):
                continue
            if level.statement.period != growth.statement.period or growth.statement.unit != "%":
                continue
            bases = actual.get((level.key, level.year - 1, level.statement.place), [])
            if len({base.statement.value for base in bases}) != 1:
                continue
            base = bases[0]
            answer = judge(
                lambda width, base=base, growth=growth: multiply(  # type: ignore[misc]
                    written(base.statement, width), factor(growth.statement, width)
                ),
                lambda width, level=level: written(level.statement, width),  # type: ignore[misc]
            )
            if answer != "cannot":
                continue
            reached = multiply(written(base.statement), factor(growth.statement))
            implied = spell_span(reached, level.statement)
            formula = f"{plain(base)} × (1 + {plain(growth)}) = {implied}"
            power = power_of_ten(level.statement.value, reached.low)
            yield make(
                "target.level-growth", [side(level), side(growth), side(base)], formula,
                severity="error" if power else None,
                name=named(level), level=plain(level), growth=plain(growth), base=plain(base),
                implied=implied + ("（相差十的整数次方，像是单位或小数点有误）" if power else ""),
            )  # fmt: skip
