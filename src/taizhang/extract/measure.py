"""Level, growth, change, completion or rank: by the unit and the words before the number; and the sign of a fall."""

from __future__ import annotations

import re
from typing import NamedTuple

from taizhang.extract import indicator as ind
from taizhang.extract.indicator import Change
from taizhang.extract.scene import Scene
from taizhang.lexicon.meaning import alternation
from taizhang.model import Measure

_PLAN = (
    r"(?:全年|年度|年初|当年|年|省定|市定|县定|预期|调整|下达|省下达|全部|总)?[^，。；、]{0,4}?"
    r"(?:计划|预算|任务|目标任务|目标|总投资|投资计划|考核)(?:任务|目标|数|指标|投资)?"
)
COMPLETION = re.compile(rf"(?:(?:占|为|完成|达到?|相当于|实现)了?{_PLAN}的?|{_PLAN}的)$")
COMPLETION_NAME = re.compile(
    r"(?:(?:完成率|执行率|完成比例|完成进度|建设进度|工程进度|形象进度|进度)(?:达到?|为|完成|超)?|(?:面积|任务|任务量|工程量|总量|投资)已?完成了?)$"
)
TIMES_OF = re.compile(
    r"(?:等于|是|为|相当于|达到?|分别是|分别为|分别相当于)?(?:原来|上年|去年|前|同期|“[^”]{1,5}”|[0-9〇一二三四五六七八九]{4}年|全国|全省|平均|五年前|上个?五年|上届)[^，。；]{0,10}的$"
)
_RATE_NAMES = re.compile(
    r"(?:增速|增幅|涨幅|降幅|(?<!自然)增长率|增长速度|增长幅度|增长预期目标|增长目标|上涨幅度|下降幅度|涨跌幅|递增速度)(?:年均)?$"
)
_CARRIES_FALL = re.compile(f"(?:{alternation('carries_fall')})$")
_LESS_IS_BETTER = re.compile(alternation("less_is_better"))
_MOVED_FIRST = re.compile(r"(?:再)?(?:增加|减少|扩大)(?!值|额|量|幅|的)")
_CUT_FIRST = re.compile(r"(?:平均|再|共)?(?:压缩|压减|减少|缩短|精简|缩减|削减)[^率比重的占，。；、]{2,8}")
"""What was cut, behind the verb that cuts it (压缩时限32%, 精简会议41%)."""
_PLACES_MOVED = re.compile(r"(?:前移|后移|上升|下降|提升|前进|跃升|进位|提高|攀升|晋升|下滑|跃进)(?:了)?$")
_RANKED = re.compile(
    r"(?:排位|位次|排名|名次)(?:在[^，。；]{1,6})?(?:由|从|为|是|居|列|升至|升到|上升到|上升至|提升到|跃升到)?(?:第)?$"
)
_GROWS_BEHIND = re.compile(
    r"的?(?:[\u4e00-\u9fff]{2,12}(?:增长|增速)(?:预期)?目标|(?:以上的?|左右的?)?(?:年均|平均|较快|快速)?(?:增长|增幅|增速|速度增长|速度递增|速度))"
)

_BEYOND = re.compile(r"接近|超过|高于|好于|低于|超出|超额完成")
_GOAL_BEHIND = re.compile(r"的?(?:预期|年度|年初|计划|既定)?(?:目标|要求)")
_STRETCH = re.compile(r"力争|争取|努力|确保|实际")


class Measured(NamedTuple):
    """A measure, the rule that gave it, and the sign that a fall gives the value."""

    measure: Measure
    rule: str
    sign: int = 1


_BASE_LEFT = re.compile(r"，?(?:上年|去年|年初|上年末|去年末)")
"""What is left of a comparison whose 比 a torn line has lost."""
_GREW = frozenset(("增长", "增加", "扩大", "提高", "上升", "增"))


def carries_fall(name: str) -> bool:
    """Whether an indicator already says the fall (降幅, 减排量), so that its value stays positive."""
    return bool(_CARRIES_FALL.search(name))


def find_measure(text: str, scene: Scene, own: str, change: Change | None) -> Measured:
    """The measure of one number; `own` are its own words, `change` the words of growth at their end."""
    quantity, room, state = scene.quantity, scene.room, scene.state
    unit = quantity.unit
    percent = unit in ("%", "‰")
    if quantity.hint == "rank":
        return Measured("rank", "rank-form")
    if unit in ("位", "名") and (_RANKED.search(own) or (room.same and state.measure == "rank" and unit == state.unit)):
        return Measured("rank", "place-by-name")
    if unit in ("位", "个位次", "位次", "名") and _PLACES_MOVED.search(own):
        return Measured("change", "places-moved", -1 if re.search(r"后移|下降|下滑|退", own[-5:]) else 1)
    if room.bare and (
        unit == state.unit
        or (percent and state.measure in ("growth", "completion"))
        or (not percent and state.measure == "change")
    ):
        return Measured(state.measure, "as-the-list", state.sign)
    if unit in ("个百分点", "个基本点", "百分点"):
        down = change.down if change else bool(re.search(r"降|减|低|跌|落|缩|收窄", own[-6:]))
        return Measured("change", "percentage-points", -1 if down else 1)
    if percent and _GROWS_BEHIND.match(text, quantity.end) and not (change and not change.to):
        return Measured("growth", "growth-behind")
    if percent and (COMPLETION.search(own) or COMPLETION_NAME.search(own)):
        return Measured("completion", "share-of-a-plan")
    if change and not change.to:
        return _moved(text, scene, own, change)
    if quantity.hint == "growth":
        return Measured("growth", "times-form")
    beyond = _GOAL_BEHIND.match(text, quantity.end) and _BEYOND.search(text, room.own, quantity.number_start)
    if (
        percent
        and state.measure == "growth"
        and (beyond or _STRETCH.search(own))
        and ind.strip_head(own) >= ind.strip_tail(own)
    ):
        return Measured("growth", "stretch-of-the-growth-before")
    skip = ind.strip_head(own)
    opening = _MOVED_FIRST.match(own, skip)
    if opening and not percent and change is None and len(own) - skip > 3:
        return Measured("change", f"{opening.group()}-before-its-noun", -1 if opening.group() == "减少" else 1)
    if percent and change is None and not room.same and _CUT_FIRST.fullmatch(own, skip, ind.strip_tail(own)):
        return Measured("growth", "cut-before-its-noun", -1)
    if percent and _RATE_NAMES.search(own[: ind.strip_tail(own)]):
        return Measured("growth", "rate-of-growth-by-name")
    if unit == "倍" and COMPLETION.search(own) and own.endswith("的") and "计划" in own[-8:]:
        return Measured("completion", "share-of-a-plan")
    if unit == "倍" and (TIMES_OF.search(own) or (change and change.to and change.verb in _GREW)):
        return Measured("growth", "times-of-a-base")
    return Measured("level", "amount-itself")


def _moved(text: str, scene: Scene, own: str, change: Change) -> Measured:
    """The measure where a verb of increase or decrease stands before the number."""
    quantity, room, state = scene.quantity, scene.room, scene.state
    name = own[: change.end]
    sign = -1 if change.down else 1
    if quantity.unit in ("%", "‰", "倍"):
        if change.verb in ("改善", "变好") and _LESS_IS_BETTER.search(name + state.last.text):
            sign = -1
        return Measured("growth", f"{change.verb}-before-{quantity.unit}", sign)
    if quantity.hint == "growth":
        return Measured("growth", "times-form")
    followed = room.after[0] < room.after[1] and text[room.after[0]] not in "，。；：、）（！？”的\n"
    if (
        not change.compared
        and not _BASE_LEFT.fullmatch(name)
        and not change.down
        and ind.strip_head(name) >= len(name)
        and (followed or not (state.last or room.clause > scene.sentence.start))
    ):
        return Measured("level", "increase-without-a-base")
    if not change.compared and (change.verb in _WEAK or change.verb == "提升"):
        return Measured("level", "no-base")
    return Measured("change", f"{change.verb}-with-a-unit", sign)


# Verbs that say a change only where a base is named: 提升 of things is work done on them.
_WEAK = frozenset(("快", "高", "多", "少", "低", "慢", "增收", "减征", "减负", "提前", "翻"))
