"""Parts and totals: 其中 after a total, and sums that hold by definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from taizhang.checks.doubt import told
from taizhang.checks.facts import (
    Fact,
    Width,
    before,
    between,
    judge,
    moved,
    named,
    overlap,
    plain,
    spell_span,
    written,
)
from taizhang.checks.intervals import add
from taizhang.fold import fold
from taizhang.model import Finding, Interval

_IN_ALL = re.compile(r"^[，、（(](?:累计|总数|总量|总计)[^，。；、0-9]{0,8}$")
_NEW = re.compile(r"新增|净增|新[建认设开登]")


def _more_new_than_all(row: Sequence[Fact]) -> Iterator[Finding]:
    """新增A，累计B: what is new cannot be more than what there is."""
    for new, whole in pairwise(row):
        if not _IN_ALL.match(between(new, whole)) or not _NEW.search(new.statement.indicator or ""):
            continue
        if not (new.exact and whole.exact) or new.statement.unit != whole.statement.unit:
            continue
        if not new.statement.measure == whole.statement.measure == "level":
            continue
        least, most = written(new.statement, "loose").low, written(whole.statement, "loose").high
        if least is not None and most is not None and least > most:
            yield told(
                "parts.greater", [new, whole], f"{plain(new)} > {plain(whole)}",
                total_name="累计", total=plain(whole), name=named(new), part=plain(new),
            )  # fmt: skip


_AMONG = re.compile(
    r"^[^，。；0-9]{0,6}(?:[，；：、。（(]|）[，；、。])(?:其中|含|包括|内含)[：，]?[^，。；、0-9]{0,16}$"
)
_NEXT = re.compile(r"^、[^，。；、0-9（）]{1,16}$")
"""What follows behind another comma may be no part any more: 其中高铁370公里，新增公路2600公里."""
_OF_THE_WHOLE = re.compile(r"其中")


def among(row: Sequence[Fact], before_row: Sequence[Fact] = ()) -> Iterator[Finding]:
    """T，其中A a、B b: no part can be greater than its total, nor all parts together. 新增A，累计B: nor what is new.

    `before_row` are the facts of the sentence before, whose last level is the total where this one begins with 其中.
    """
    yield from _more_new_than_all(row)
    for at, part in enumerate(row):
        total = _total_of(part, row[:at], before_row)
        if total is None:
            continue
        parts = [part]
        for following in row[at + 1 :]:
            if "、其中" in between(total, part):
                break  # the whole stands in a list of its own
            if not _part_of(total, following) or not _NEXT.match(between(parts[-1], following)):
                break
            parts.append(following)
        whole = written(total.statement, "loose")
        single = written(part.statement, "loose")
        if whole.high is not None and single.low is not None and single.low > whole.high:
            yield told(
                "parts.greater", [part, total], f"{plain(part)} > {plain(total)}",
                total_name=named(total), total=plain(total), name=named(part), part=plain(part),
            )  # fmt: skip
            continue
        together = Interval(Decimal(0), Decimal(0))
        for each in parts:
            together = add(together, written(each.statement, "loose"))
        if len(parts) > 1 and whole.high is not None and together.low is not None and together.low > whole.high:
            total_of_parts = sum((each.statement.value for each in parts), Decimal(0))
            yield told(
                "parts.more-than-total", [*(each for each in parts), total],
                f"{' + '.join(plain(each) for each in parts)} > {plain(total)}",
                total_name=named(total), total=plain(total), parts=" + ".join(plain(each) for each in parts),
                sum=spell_span(Interval(total_of_parts, total_of_parts), total.statement),
            )  # fmt: skip


def _total_of(part: Fact, earlier: Sequence[Fact], before_row: Sequence[Fact]) -> Fact | None:
    """The total that 其中 before a part leads back to: the level right before it, past its own growth, rate or rank.

    A ， before 其中 closes the total's clause; where a number of another thing stands between, nothing is sure.
    """
    for first, held in enumerate(reversed([*before_row[-_AFTER_A_LEVEL:], *earlier])):
        words = between(held, part)
        moved = held.statement.measure == "level" and _MOVED_OR_BASE.search(_just_before(held)) is not None
        if moved or not _part_of(held, part):
            if moved and first < _AFTER_A_LEVEL and "其中" in words:
                continue
            if held.statement.measure not in ("growth", "change", "rank", "completion") or first >= _AFTER_A_LEVEL:
                return None
            if "其中" not in words:
                return None
            continue
        if _AMONG.match(words):
            return held
        if not first or not _OF_THE_WHOLE.search(words) or len(words) > _FAR:
            return None
        last = words.rindex("其中")
        return (
            held if re.match(r"其中[：，]?[^，。；、0-9]{0,16}$", words[last:]) and "；" not in words[:last] else None
        )
    return None


_MOVED_OR_BASE = re.compile(
    r"(?:(?:比|较)[^，。；]{1,12}的|增收|减收|超收|(?:增加|减少|增长|下降|增产|减产|净增)了?)\s*$"
)
"""Before a number that is how far the total moved, or from where: 比2020年的6万吨, 比上年减少6万人, 增收3亿元."""


def _just_before(fact: Fact) -> str:
    """The folded words right before a number, be a sentence torn there or not."""
    at = fact.statement.span.start
    return fold(fact.report.document.text[max(0, at - 20) : at]).text


_AFTER_A_LEVEL = 3
"""How many growths, rates and ranks may follow a total before its parts."""
_FAR = 60
"""How far a total may stand before its part where its own growth stands between."""


_TORN = re.compile(r"[0-9一二三四五六七八九〇○][，、·,.]$")


def _part_of(total: Fact, part: Fact) -> bool:
    if _TORN.search(before(total, 3)) or _TORN.search(before(part, 3)):
        return False  # 三九，四二三万份 of an old print: only the tail of the number was read
    return (
        total.statement.measure == part.statement.measure == "level"
        and total.statement.unit == part.statement.unit
        and total.statement.unit not in ("%", "‰", "比")
        and _of_one_time(total, part)
        and total.exact
        and part.exact
        and total.statement.value > 0
        and not _AVERAGED.search((total.statement.indicator or "") + before(total, 4))
    )


_AVERAGED = re.compile("人均|户均|亩均|平均|均价|单价")
"""An average lies between those of its parts and is not their sum."""


def _of_one_time(total: Fact, part: Fact) -> bool:
    """Whether nothing says that a part is of another time than its total: 获得2021年度奖励10项，其中主持6项."""
    return total.statement.period == part.statement.period or part.how("period") != "written"


TOTALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("地区生产总值", ("第一产业增加值", "第二产业增加值", "第三产业增加值")),
    ("进出口总额", ("出口总额", "进口总额")),
    ("一般公共预算收入", ("税收收入", "非税收入")),
)
"""Totals that are the sum of their parts by definition; names as the word list of indicators has them."""

_FEW = 3
"""How many sentences a total may stand from its parts: further off, the two may speak of different things."""


def totals(facts: Sequence[Fact]) -> Iterator[Finding]:
    """Sums that hold by definition: three industries, exports and imports, taxes and other revenue."""
    for total_name, part_names in TOTALS:
        for total in facts:
            if not is_of(total, total_name, "level") or not total.statement.unit.endswith("元"):
                continue
            parts = [part_behind(total, name, facts, "level") for name in part_names]
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
                yield told(
                    "parts.total", [*(part for part in found), total],
                    f"{' + '.join(plain(part) for part in found)} = {implied}", one_year=True,
                    severity="error" if answer == "cannot" else "info",
                    total_name=named(total), total=plain(total),
                    parts=" + ".join(f"{named(part)}{plain(part)}" for part in found),
                    implied=implied,
                )  # fmt: skip


def grown_between(facts: Sequence[Fact]) -> Iterator[Finding]:
    """A total cannot grow faster than every part of it, nor more slowly than every part."""
    for total_name, part_names in TOTALS:
        for total in facts:
            if not is_of(total, total_name, "growth"):
                continue
            parts = [part_behind(total, name, facts, "growth") for name in part_names]
            found = [part for part in parts if part is not None]
            if len(found) != len(part_names):
                continue
            mine = written(total.statement, "loose")
            low = min(written(part.statement, "loose").low or Decimal(0) for part in found)
            high = max(written(part.statement, "loose").high or Decimal(0) for part in found)
            if overlap(mine, Interval(low, high)):
                continue
            yield told(
                "parts.growth", [*(part for part in found), total],
                f"{plain(total)} ∉ {min(plain(p) for p in found)} … {max(plain(p) for p in found)}", one_year=True,
                total_name=named(total), total=moved(total),
                parts="、".join(f"{named(part)}{moved(part)}" for part in found),
            )  # fmt: skip


def is_of(fact: Fact, concept: str, measure: str) -> bool:
    known = fact.identity
    return (
        known is not None
        and known.concept == concept
        and not known.scope
        and fact.statement.measure == measure
        and fact.exact
    )


def part_behind(total: Fact, concept: str, facts: Sequence[Fact], measure: str) -> Fact | None:
    """The one figure of a part that stands in the sentences behind its total."""
    held = [
        fact
        for fact in facts
        if is_of(fact, concept, measure)
        and fact.article == total.article
        and fact.statement.unit == total.statement.unit
        and fact.statement.period == total.statement.period
        and fact.statement.kind == total.statement.kind
        and fact.statement.place == total.statement.place
        and 0 <= fact.statement.sentence - total.statement.sentence <= _FEW
        and fact.at > total.at
    ]
    return held[0] if len(held) == 1 else None
