"""Where the figure of a part, or of a wider thing, settles a target all the same.

A part that alone reaches the bar meets it, and so does a net figure for new things; a wider thing that falls short
misses it. Only amounts add up: a rate of a part says nothing of the whole.
"""

from __future__ import annotations

import re

from taizhang.checks.judge import less_is_better
from taizhang.checks.match import STOCK, THRESHOLD, Match, Place, tells
from taizhang.checks.say import BARE_MEASURE
from taizhang.ledger.identity import aspects
from taizhang.model import Statement


def bounds(target: Statement, item: Match, near: Place) -> bool:
    """Whether a figure of a wider thing is already too small, or one of a part already enough. Only amounts add up."""
    if not item.same_measure or item.factor is None or item.when != "year" or target.measure != "level":
        return False
    if any(each.startswith("flow:") for each in item.differ) and STOCK.search(item.actual.indicator or ""):
        return False  # 净增36户、总数522户: the total took the name from what is net
    if not tells(aspects(target.indicator or "").core):
        return False  # 重点项目 without more may have lost the words that say which
    if (
        target.unit in ("%", "‰")
        or less_is_better(target)
        or item.actual.comparator not in (("eq", "ge", "over") if item.grade == "part" else ("eq",))
        or "place:" in str(item.differ)
    ):
        return False
    value = item.actual.value * item.factor
    if item.grade == "wider":
        # 存栏规模17万头 is no wider thing: it has lost the words that say whose.
        if BARE_MEASURE.match(item.actual.indicator or "") or THRESHOLD.search(near.clause):
            return False
        return value < target.value and target.comparator in ("eq", "ge", "over") and item.score >= 0.7
    return item.grade == "part" and value >= target.value and (item.score >= 0.8 or _only_narrowed(item))


# 并网装机 is 装机 with something more said of it.
_NARROWED = re.compile("^(?:并网|有效|实际|直接|集中|新建|新增|净|[一-鿿]{2,3}型)$")


def _only_narrowed(item: Match) -> bool:
    """Whether a part's name has but one qualifying word more than the target's, and the head noun is the same."""
    words = [each.partition(":")[2].partition("≠") for each in item.differ if each.startswith("words:")]
    return bool(words) and all(not mine and _NARROWED.match(theirs) for mine, _, theirs in words)
