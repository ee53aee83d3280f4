"""Numbers that cannot be what they say: shares above 100%, places behind the last, lists longer than announced, and
figures ten or a hundred times last year's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from taizhang.checks.doubt import told
from taizhang.checks.facts import (
    Fact,
    before,
    factor,
    facts_of,
    figures,
    moved,
    named,
    plain,
    successive,
)
from taizhang.checks.order import last_year_of
from taizhang.checks.registry import make
from taizhang.fold import fold
from taizhang.model import Finding, Report, Side, Span


def plausible(report: Report) -> Iterator[Finding]:
    """Every finding about a number of one report that cannot be, whatever the others are."""
    yield from _bounds(facts_of(report))
    yield from _too_fast(facts_of(report))
    yield from _ranks(report)
    yield from _lists(report)


# What a value can be


_PARTS_OF_ONE = re.compile(
    r"(?:占比|比重|覆盖率|普及率|参保率|参合率|合格率|达标率|失业率|城镇化率|巩固率|绿化率|处理率|利用率|满意率|优良率|森林覆盖率|死亡率|"
    r"入户率|通达率|通畅率|硬化率|收缴率|贫困发生率|优良天数比例|水质优良比例|自来水普及率|及格率|办结率)$"
)
_OVER_HUNDRED = re.compile(r"毛|同比|增|超额|拨备|计划|预算")


def _bounds(facts: Sequence[Fact]) -> Iterator[Finding]:
    """Shares and rates of a whole above 100% or below nought."""
    for fact in facts:
        statement = fact.statement
        name = statement.indicator or ""
        if statement.measure != "level" or statement.unit != "%" or not _PARTS_OF_ONE.search(name):
            continue
        if _OVER_HUNDRED.search(name) or not (statement.value > 100 or statement.value < 0):
            continue
        yield told("value.out-of-range", [fact], f"0% ≤ {plain(fact)} ≤ 100%", name=named(fact), value=plain(fact))


_PEERS = re.compile(
    r"(?P<peers>[0-9]{1,4})\s*个(?:[省市县区州盟旗乡镇]|[（(][^（()）]{1,8}[)）]|城市|地级市|园区|县区|开发区|设区市|、)+[^，。；、0-9第]{0,14}[，]?[^，。；、0-9第]{0,10}第\s*(?P<rank>[0-9]{1,4})(?:位|名)"
)


def _ranks(report: Report) -> Iterator[Finding]:
    """在11个市中列第12位: a place behind the last."""
    for sentence in report.frame.sentences:
        words = report.document.text[sentence.span.start : sentence.span.end]
        if "第" not in words:
            continue
        folded = fold(words)
        for found in _PEERS.finditer(folded.text):
            if int(found["rank"]) <= int(found["peers"]):
                continue
            span = folded.span(*found.span())
            place = Span(sentence.span.start + span.start, sentence.span.start + span.end)
            yield make(
                "rank.beyond-peers",
                [Side(report.document.id, place, report.document.text[place.start : place.end])],
                f"{found['rank']} > {found['peers']}", rank=found["rank"], peers=found["peers"],
            )  # fmt: skip


_SLOW: Mapping[str, tuple[Decimal, Decimal]] = {
    "地区生产总值": (Decimal("0.7"), Decimal("1.4")),
    "人均地区生产总值": (Decimal("0.7"), Decimal("1.4")),
    "居民人均可支配收入": (Decimal("0.8"), Decimal("1.35")),
    "农民人均纯收入": (Decimal("0.8"), Decimal("1.35")),
    "社会消费品零售总额": (Decimal("0.7"), Decimal("1.4")),
    "居民消费价格涨幅": (Decimal("0.9"), Decimal("1.3")),
    "粮食产量": (Decimal("0.6"), Decimal("1.6")),
}
"""How far things that move slowly went in any one year since the fifties, the famine left out; wider is told."""


def _too_fast(facts: Sequence[Fact]) -> Iterator[Finding]:
    """地区生产总值增长85%: a decimal point lost, where nothing else in the report contradicts it."""
    for fact in facts:
        if fact.statement.measure != "growth" or fact.statement.unit != "%" or fact.year is None:
            continue
        reach = _SLOW.get(fact.identity.concept) if fact.identity else None
        if reach is None or not fact.exact or _SEVERAL_YEARS.search(before(fact, 30)):
            continue
        times = 1 + fact.statement.value / 100
        if not reach[0] <= times <= reach[1]:
            yield told("jump.unlikely", [fact], f"{moved(fact)}", name=named(fact), change=moved(fact))


_SEVERAL_YEARS = re.compile(r"累计|[年]来|比[^，。]{0,6}[0-9一二三四五六七八九]年|倍|年均|翻|期间|以来|“[^”]{2,6}”")


# Lists


_DIGITS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_ANNOUNCED = re.compile(
    r"(?<![0-9.第一二三四五六七八九十百千])(?P<count>[二两三四五六七八九十]|[2-9]|1[0-9])(?P<each>个|大|项|家|种|类|条)(?P<noun>[\u4e00-\u9fff]{1,8})[”’」』]?"
    r"(?:[：:](?:即|是指|指|包括|分别是|分别为)?[：:]?|[（(](?:即|分别是|分别为)[：:]?)(?P<list>[^：:；。，（()）]{4,160})(?P<stop>[。）)])"
)
_LONGEST_ITEM = 14
"""Items longer than this are clauses, with commas of their own."""


def _lists(report: Report) -> Iterator[Finding]:
    """四大基地：甲、乙、丙。 N announced, M named. 等 leaves the list open."""
    for sentence in report.frame.sentences:
        words = report.document.text[sentence.span.start : sentence.span.end]
        if "、" not in words:
            continue
        folded = fold(words)
        for found in _ANNOUNCED.finditer(folded.text):
            listed = found["list"]
            if "等" in listed or "、" not in listed or re.search(r"[0-9]", listed):
                continue
            items = listed.split("、")
            if (
                re.match(r"$|第?一$|一方面|一是|首先", items[0])
                or max(map(len, items)) > _LONGEST_ITEM
                or min(map(len, items)) < 2
            ):
                continue
            # 甲、乙和丙 is three or two and a double name
            most = len(items) + len(re.findall(r"和|与|及", listed))
            announced = _DIGITS.get(found["count"]) or int(found["count"])
            if len(items) <= announced <= most:
                continue
            span = folded.span(*found.span())
            place = Span(sentence.span.start + span.start, sentence.span.start + span.end)
            yield make(
                "list.count", [Side(report.document.id, place, report.document.text[place.start : place.end])],
                f"{announced} ≠ {len(items)}", announced=found["count"] + found["each"], noun=found["noun"],
                named=str(len(items)) if most == len(items) else f"{len(items)}–{most}",
            )  # fmt: skip


# Powers of ten


_NEAR = (Decimal("0.75"), Decimal("1.33"))
_POWERS = tuple(power for power in range(-4, 5) if power)


def power_of_ten(value: Decimal, expected: Decimal | None) -> int | None:
    """The power of ten by which a value is off, where it is one."""
    if not expected or value / expected <= 0:
        return None
    ratio = value / expected
    return next((power for power in _POWERS if _NEAR[0] < ratio / Decimal(10) ** power < _NEAR[1]), None)


def jumps(reports: Sequence[Report]) -> Iterator[Finding]:
    """Figures ten, a hundred … times last year's: a slip of the unit or a lost decimal point.

    Certain where the report's own growth says that the figure hardly moved, or where the year after goes back.
    """
    for earlier, later in successive(reports):
        year = last_year_of(earlier.frame.year_reviewed)
        assert year is not None  # `successive` needs one
        old = figures(earlier, "actual", "level", str(year))
        new = figures(later, "actual", "level", str(year + 1))
        growths = figures(later, "actual", "growth", str(year + 1))
        for key, fact in new.items():
            said = old.get(key)
            if said is None or said.statement.value_max is not None or fact.statement.value_max is not None:
                continue
            if said.statement.value <= 0 or fact.statement.value <= 0:
                continue
            if not fact.statement.unit.endswith("元") and not (said.exact and fact.exact):
                continue  # 突破8000家 may be of the new ones alone
            if fact.statement.unit in ("%", "‰", "比"):
                continue
            name = key[0].rsplit("|", 1)[0]
            growth = growths.get((f"{name}|%", key[1]))
            ratio = fact.statement.value / said.statement.value
            expected = Decimal(1) if growth is None else factor(growth.statement).low or Decimal(1)
            if power_of_ten(fact.statement.value, said.statement.value * expected) is None:
                if growth is None:
                    yield from _leapt(fact, said, ratio)
                continue
            yield told(
                "jump.power-of-ten", [fact, said, *([growth] if growth else [])],
                f"{plain(fact)} ÷ {plain(said)} = {ratio:.3g}",
                severity="error" if growth is not None else "warning", one_year=True,
                name=named(fact), now=plain(fact), said=plain(said), ratio=f"{ratio:.3g}", year=str(year),
                growth=f"（增速写的是{plain(growth)}）" if growth else "",
                growth_en=f" (growth is given as {plain(growth)})" if growth else "",
            )  # fmt: skip


def _leapt(fact: Fact, said: Fact, ratio: Decimal) -> Iterator[Finding]:
    """A slow thing that is half or twice last year's, with no growth beside it that would say so."""
    reach = _SLOW.get(fact.identity.concept) if fact.identity else None
    if reach is None or reach[0] <= ratio <= reach[1]:
        return
    yield told(
        "jump.unlikely", [fact, said], f"{plain(fact)} ÷ {plain(said)} = {ratio:.3g}",
        name=named(fact), change=f"{plain(said)} → {plain(fact)}",
    )  # fmt: skip
