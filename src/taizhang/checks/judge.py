"""Whether a figure reaches a target, at the precision written.

The target is the bar as it was set; the figure stands for all that its digits may stand for. 左右 gives the bar some
room. Which side of the bar is good follows from the comparator, else from the indicator, else more is better.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from taizhang.checks.intervals import interval, step
from taizhang.checks.match import Match, Place
from taizhang.checks.say import amount, amount_en
from taizhang.ledger.identity import identify
from taizhang.lexicon import meaning
from taizhang.lexicon.outcomes import said
from taizhang.model import Statement, Verdict

_ROOM = Decimal("0.05")


_LIMITS = {
    "le": ("目标是上限", "the target is a ceiling"),
    "about": ("预期数，按上限看", "an expectation, read as a ceiling"),
    "eq": ("以低为好，按上限看", "less is better: read as a ceiling"),
}


class Judged(NamedTuple):
    """A verdict with its reason in both languages and the name of the rule."""

    verdict: Verdict
    zh: str
    en: str
    rule: str


def less_is_better(target: Statement) -> bool:
    """Whether the target is a ceiling: by its comparator, by its being a fall, or by what it is of."""
    if target.comparator == "le":
        return True
    if target.value < 0 and target.measure in ("growth", "change"):
        return True
    if target.comparator in ("ge", "over"):
        return False
    known = identify(target.indicator or "", target.unit, target.measure)
    if known is not None:
        return known.direction == "less"
    return any(word in (target.indicator or "") for word in meaning.words("less_is_better"))


def judge(target: Statement, found: Match, near: Place) -> Judged:
    """The verdict on a figure that can be compared with the target as it stands."""
    actual = found.actual
    ratio = found.factor or Decimal(1)
    value = actual.value * ratio
    reach = interval(actual)
    low = None if reach.low is None else reach.low * ratio
    high = None if reach.high is None else reach.high * ratio
    if ratio < 0:
        low, high = high, low
    less = less_is_better(target)
    bar = _bar(target, less)
    zh, en = _told(target, actual, value, ratio)
    if _planned_otherwise(target, actual, value, near):
        return Judged(
            "changed",
            f"原定{amount(target)}，本次报告把计划说成{amount(actual)}。",
            f"The target was {amount_en(target)}; the later report speaks of a plan of {amount_en(actual)}.",
            "plan-named-otherwise",
        )
    good = value <= bar if less else value >= bar
    if good:
        # 超过1亿 against a ceiling of 1.2亿: what is open upwards has not kept it.
        sure = (high is not None or actual.comparator == "over") if less else True
        # 10%左右 against 10%以上: what is only about the bar may lie below it.
        sure = sure and not (actual.comparator == "about" and value == bar and target.comparator in ("ge", "over"))
        verdict: Verdict = "met" if sure else "unclear"
    else:
        # The digits may still hide a value that reaches the bar: 上千 against 1200, a rounded 5% against 5.3%.
        may = (low is None or low < bar) if less else (high is None or high > bar)
        verdict = "unclear" if may and (actual.comparator != "eq" or _coarser(actual, target, ratio)) else "missed"
    if verdict == "met" and any(each.startswith("basis:") for each in found.differ):
        verdict = "unclear"
        zh, en = f"{zh}（口径经过调整）", f"{en} (on an adjusted basis)"
    if (
        less
        and target.value >= 0
        and target.measure in ("growth", "level")
        and target.comparator in ("le", "about", "eq")
    ):
        # A reader who sees 0.2% meet a target of 3% must be told that 3% is a limit.
        limit_zh, limit_en = _LIMITS[target.comparator]
        zh, en = f"{zh}（{limit_zh}）", f"{en} ({limit_en})"
    words = {
        "met": ("达到目标", "the target is met"),
        "missed": ("没有达到", "the target is missed"),
        "unclear": ("按所写精度分不清是否达到", "it cannot be told at the precision written"),
    }[verdict]
    return Judged(verdict, f"{zh}，{words[0]}。", f"{en}: {words[1]}.", "figure")


def _bar(target: Statement, less: bool) -> Decimal:
    """The value to reach: the near end of a range, and a little less than what is only meant roughly."""
    if target.value_max is not None:
        return target.value_max if less else target.value
    if target.comparator == "about":
        room = max(abs(target.value) * _ROOM, step(target) / 2)
        return target.value + room if less else target.value - room
    return target.value


def _coarser(actual: Statement, target: Statement, ratio: Decimal) -> bool:
    return step(actual) * ratio > step(target)


def _planned_otherwise(target: Statement, actual: Statement, value: Decimal, near: Place) -> bool:
    """年度计划改造的60个…全部完工, where 68 were promised: all of a plan is done that nobody had made."""
    if value >= target.value or target.measure != "level":
        return False
    at = near.clause.find("".join(actual.text.split()))
    planned = any(start < at <= end + 8 for start, end in said(near.clause, "planned"))
    return planned and any(True for _ in said(near.sentence, "finished"))


def _told(target: Statement, actual: Statement, value: Decimal, ratio: Decimal) -> tuple[str, str]:
    goal, done = amount(target), amount(actual)
    goal_en, done_en = amount_en(target), amount_en(actual)
    if ratio != 1 and actual.unit != target.unit:
        done = f"{done}（合{_number(value, target)}{target.unit}）"
        done_en = f"{done_en} (= {_number(value, target)}{target.unit})"
    gap_zh, gap_en = _gap(target, actual, value)
    return f"目标{goal}，实际{done}{gap_zh}", f"Target {goal_en}, actual {done_en}{gap_en}"


def _number(value: Decimal, target: Statement) -> str:
    scaled = value.scaleb(-target.scale)
    text = f"{scaled.quantize(Decimal('0.01')):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text + {0: "", 3: "千", 4: "万", 8: "亿", 12: "万亿"}.get(target.scale, f"×10^{target.scale}")


def _gap(target: Statement, actual: Statement, value: Decimal) -> tuple[str, str]:
    """How far off: points for rates and growths, a share for amounts (never across zero)."""
    difference = value - target.value
    if target.unit in ("%", "‰", "个百分点"):
        if difference == 0:
            return "", ""
        points = f"{abs(difference).normalize():f}"
        unit = "个百分点" if target.unit == "%" else target.unit
        unit_en = target.unit if target.unit == "‰" else " points"
        return (
            f"，{'高' if difference > 0 else '低'}{points}{unit}",
            f" ({'+' if difference > 0 else '−'}{points}{unit_en})",
        )
    if target.measure == "level" and target.value > 0 and value > 0 and target.value_max is None:
        share = (value / target.value * 100).quantize(Decimal("0.1"))
        return f"，为目标的{share}%", f" ({share}% of it)"
    return "", ""
