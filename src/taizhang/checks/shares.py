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
    yield from _completed(row, facts)
    yield from _ratios(row)


# Shares


_SHARE_OF = re.compile(
    r"^[^，。；、0-9（）]{0,4}[，、（(]占(?P<of>[^，。；、占]{2,18}?)(?:的)?(?:比重|比例|份额)?(?:（[^（）]{2,12}）)?(?:的|为|达到?|约)*$"
)


def _of_whole(row: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    """A，占B的C: where the report also gives B, C must be A over B."""
    for ratio in row:
        part = _shared_out(ratio, row)
        if part is None:
            continue
        since = [fact for fact in row if part.at < fact.at < ratio.at]
        found = _SHARE_OF.match(between(since[-1] if since else part, ratio))
        if not found or AVERAGE.search(before(part)):
            continue
        whole = _whole(part, found["of"], facts)
        if whole is None:
            continue

        yield from _against_rate(
            "share.part-of-total", (part, whole, ratio), whole.statement.sentence != part.statement.sentence,
            name=named(part), part=plain(part), total_name=named(whole), total=plain(whole), share=plain(ratio),
        )  # fmt: skip


def _shared_out(ratio: Fact, row: Sequence[Fact]) -> Fact | None:
    """The amount that a share is of: the level before it, past a growth or a rate (完成B，占预算的90%，占C的3%)."""
    if ratio.statement.unit != "%" or ratio.statement.measure != "level" or not ratio.exact:
        return None
    for fact in reversed([fact for fact in row if fact.at < ratio.at]):
        if fact.statement.measure in ("growth", "completion"):
            continue
        fits = fact.statement.measure == "level" and fact.exact and fact.statement.unit not in ("%", "比")
        return fact if fits else None
    return None


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


_PLAN_NAMED = re.compile(
    r"(?:(?:计划|任务|预算|目标)[^，。；、0-9]{0,8}|(?:年度|全年|年初|计划)(?:计划|安排|下达)?投资[^，。；、0-9]{0,4})$"
)
_WHOLE_PROJECT = re.compile(r"总投资|总任务|累计|五年|规划|[一二三四五]年(?:总)?(?:任务|目标|计划)")
_OF_THE_PLAN = re.compile(r"计划|任务|预算|目标|完成率|完成比例")
_BACK = 2
"""How many sentences before a result its plan may stand."""


def _completed(row: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    """年度计划A，完成B，占年度计划的C; 完成B，为年度计划A的C: the result over the plan is the rate."""
    for at, rate in enumerate(row):
        if rate.statement.measure not in ("completion", "level") or rate.statement.unit != "%" or not rate.exact:
            continue
        pair = _plan_between(row[:at], rate)
        if pair is None and rate.statement.measure == "completion":
            pair = _plan_before(row[:at], rate, facts)
        if pair is None:
            continue
        result, goal = pair
        yield from _against_rate(
            "completion.rate", (result, goal, rate), False, name=named(result), result=plain(result), plan=plain(goal),
            rate=plain(rate),
        )  # fmt: skip


def _plan_between(earlier: Sequence[Fact], rate: Fact) -> tuple[Fact, Fact] | None:
    """完成B，占年度计划A的C, or 完成B、为年度目标任务A的C: the plan stands right before the rate."""
    if len(earlier) < 2 or not re.match(r"^的$|^（[^（）]*）的$", between(earlier[-1], rate)):
        return None
    result, goal = earlier[-2], earlier[-1]
    words = between(result, goal)
    if not (_fit(result, goal) and _PLAN_NAMED.search(words)) or _WHOLE_PROJECT.search(words):
        return None
    return (result, goal) if re.match(r"^[，、（(]?(?:占|为|完成|达到?|相当于)", words) else None


def _plan_before(earlier: Sequence[Fact], rate: Fact, facts: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    """The result right before a rate of the plan, and the one plan of the same thing before it."""
    levels = [fact for fact in earlier if fact.statement.measure not in ("growth", "change", "rank")]
    if not levels or levels[-1].statement.measure != "level":
        return None
    result = levels[-1]
    words = between(result, rate)
    if "总" in words or _WHOLE_PROJECT.search(words) or not _OF_THE_PLAN.search(words) or re.search("[。；]", words):
        return None  # of the whole project, not of this year's plan
    beside = [
        fact
        for fact in earlier
        if fact.at < result.at and _fit(result, fact) and _PLAN_NAMED.search(before(fact))
        and not _WHOLE_PROJECT.search(before(fact, 10))
    ]  # fmt: skip
    if beside:
        return (result, beside[0]) if len(beside) == 1 and beside[0].at == result.at - 1 else None
    far = [
        fact
        for fact in facts
        if 0 < result.statement.sentence - fact.statement.sentence <= _BACK
        and fact.article == result.article and _fit(result, fact) and _named_alike(result, fact)
        and _PLAN_NAMED.search(before(fact)) and not _WHOLE_PROJECT.search(before(fact, 16))
    ]  # fmt: skip
    return (result, far[0]) if len(far) == 1 else None


def _fit(result: Fact, goal: Fact) -> bool:
    return (
        result.statement.unit == goal.statement.unit
        and result.statement.measure == goal.statement.measure == "level"
        and result.exact
        and goal.exact
        and goal.statement.value > 0
    )


def _named_alike(result: Fact, goal: Fact) -> bool:
    """Whether a result and a plan some sentences before are of one thing by their names."""
    if result.key is not None and result.key == goal.key:
        return True
    done, planned = result.statement.indicator or "", goal.statement.indicator or ""
    if planned and done.startswith(planned):
        return True  # 完成投资 of what was named before
    one, other = (_PLAN_WORDS.sub("", name) for name in (done, planned))
    return len(one) >= 4 and one == other


_PLAN_WORDS = re.compile("年度|全年|计划|完成|目标|任务|预算")


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
