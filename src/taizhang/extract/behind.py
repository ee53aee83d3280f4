"""What stands behind a number: the noun that it counts, and for money what it was for."""

from __future__ import annotations

import re
from functools import cache

from taizhang.extract import indicator as ind
from taizhang.extract.indicator import NOTHING, Term
from taizhang.extract.scene import SEPARATOR, Room, Scene
from taizhang.lexicon import COUNTING, units
from taizhang.model import Quantity

_ABSTRACT = frozenset(("money", "share", "rate", "point", "times", "age", "index", "score"))
_NO_COUNT = frozenset(("人次", "位", "比", "/10万", "点"))
TIMES_DONE = frozenset(("次", "批次", "场次", "场", "期", "轮", "回", "人次", "件次"))
"""Units of how often something is done."""
_PURPOSE_CUT = re.compile(r"^(?:(?:用于|支持|实施|开展|推进|完成|加强|进行|建设|启动|新建|改造)了?|对|为)?")
_BUILT_BY = re.compile(r"由[^，。；、]{2,16}?(?:建设|承建|兴建|实施|投资|开发)的")
"""By whom something is built, before its name (投资7亿元由甲公司建设的供热项目)."""
_LOOSE_END = re.compile(r"(?:[、，。；的了有已 ]|以及|(?<!参)与|(?<![普涉以])及|(?<![共饱总缓])和|(?<![所予加可])以)+$")
_WORKS = ("项目", "工程", "重点项目", "重点工程", "项目建设", "工程建设")
SIZE_ONLY = re.compile(r"[0-9百千万]*亿?元(?:以上)?")
"""A size that a list of counts shares a noun with (12个百亿元、70个30亿元以上项目)."""
_NO_PURPOSE = re.compile(r"比|较|同比|环比|增长|增加|下降|减少|占|为|是|分别|其中|居|列|创|超|达|均|累计")
_AMONG_THEM = re.compile(r"(?:在|从)")
_NO_AMONG = ("高中", "初中", "集中", "其中", "完中", "普中")
_OTHER_UNIT = re.compile(r"（[段个间处家座条户套栋人名]）")
"""A second counting word in brackets (8条（段）高速公路)."""
_IDLE = (
    "目标",
    "预期目标",
    "年度目标",
    "年初目标",
    "计划目标",
    "任务",
    "的目标",
    "大关",
    "门槛",
    "台阶",
    "新台阶",
    "新高",
    "历史新高",
    "关口",
    "人民币",
)
"""What may follow a level without naming a thing (达到6万亿元大关)."""


@cache
def dimension(unit: str) -> str:
    """The dimension of a unit as written; counting words that the lexicon does not know count things."""
    known = units().get(unit)
    return known.dimension if known else "rate" if unit.startswith("/") else "count"


@cache
def is_counted(unit: str) -> bool:
    """Whether a unit counts things, so that a noun right behind it is what it counts (3座水厂)."""
    return dimension(unit) in COUNTING and unit not in _NO_COUNT


@cache
def is_attributive(unit: str) -> bool:
    """Whether a number with this unit may stand before its noun (5公里管网), which money and shares do not."""
    return dimension(unit) not in _ABSTRACT and unit not in _NO_COUNT


class Behind:
    """Looks behind the numbers of one folded text."""

    def __init__(self, text: str, place: str | None) -> None:
        self.text = text
        self.place = place

    def after(self, quantity: Quantity, room: Room) -> tuple[int, int] | None:
        """The noun or predicate behind a number, up to the next mark or the next number's own words."""
        text = self.text
        start, end = room.after
        other = _OTHER_UNIT.match(text, start, end)
        start = other.end() if other else start
        if start >= end or text[start] in "，。；：、）（！？”\n":
            return None
        if text[start] == "的":
            start += 1
        behind = _LOOSE_END.sub("", text[start:end]).removesuffix("进行")
        if (
            behind.endswith("中")
            and not behind.endswith(_NO_AMONG)
            and (text[end : end + 1].isdigit() or _AMONG_THEM.match(text, room.clause))
        ):
            behind = behind[:-1]  # 在141个项目中，; 59项指标中有22项…
        if not behind or ind.strip_tail(behind) == 0 or behind.startswith(_IDLE) or ind.moves_on(behind):
            return None
        moved = ind.find_change(behind)
        if moved and moved.end == 0:
            return None
        flat = ind.blank(behind)
        if "、" in flat[:9]:
            cut = ind.after_list(behind[:24])
            if 0 < cut < len(behind):
                start, behind, flat = start + cut, behind[cut:], flat[cut:]
        if behind.endswith("等") and is_counted(quantity.unit) and (cut := flat.find("、", 2)) > 0:
            behind = behind[:cut]  # 10个枢纽、甲、乙等5个基地: the list is of the next
        if len(behind) > 26:
            cut = flat.find("、", 4)
            behind = behind[: cut if 4 <= cut <= 26 else 26]
            quote = behind.rfind("“")
            if quote >= 4 and "”" not in behind[quote:]:
                behind = behind[:quote]
        return (start, start + len(behind))

    def purpose(self, scene: Scene, following: tuple[int, int] | None) -> Term:
        """What money was for: the words right behind it, or the next clause where nothing before it names a thing."""
        text, state, quantity = self.text, scene.state, scene.quantity
        more = scene.position + 1 < len(scene.quantities)
        if following:
            start, end = following
            if text[quantity.end] == "的":
                return ind.term(text, start, end)
            if text[start:end] in ("对", "用于", "为", "给") and more and (behind := self.next(scene)):
                return ind.term(text, *behind)
            if ind.doing_verb(text[start:end]) == end - start:
                return ind.term(text, *behind) if more and (behind := self.next(scene)) else NOTHING
            if (by := _BUILT_BY.match(text[start:end])) and start + by.end() < end:
                start += by.end()
                return ind.term(text, start, start + ind.subject_of_event(text[start:end]))
            cut = _PURPOSE_CUT.match(text[start:end])
            start += cut.end() if cut and cut.end() < end - start else 0
            return ind.term(text, start, end)
        rest = text[scene.room.after[0] : scene.room.after[1]]
        if more and rest and ind.doing_verb(rest) == len(rest) and (behind := self.next(scene)):
            return ind.term(text, *behind)  # 投资9亿元完成了860公里道路改造
        if text[quantity.end : quantity.end + 1] not in ("，", "、"):
            return NOTHING
        opens, first = scene.room.clause, scene.sentence.start
        start = quantity.end + 1
        stop = SEPARATOR.search(scene.flat, start - first)
        end = first + stop.start() if stop else scene.sentence.end
        if more:
            end = min(end, scene.quantities[scene.position + 1].start)
        clause = text[start:end]
        if _NO_PURPOSE.match(clause):
            return NOTHING
        skip = ind.strip_head(clause, self.place)
        verb = ind.doing_verb(clause[skip:])
        if state.base and not (
            (opens <= first or text[opens - 1] in "；。")
            and (verb or clause.startswith(("对", "用于", "完成", "实施")))
        ):
            return NOTHING
        if skip + verb < len(clause):
            skip += verb
        elif more and scene.quantities[scene.position + 1].start == end and (behind := self.next(scene)):
            return ind.term(text, *behind)
        thing = clause[skip:].rstrip("了的，。；")
        if (by := _BUILT_BY.match(thing)) and len(thing) - by.end() > 1:
            skip, thing = skip + by.end(), thing[by.end() :]
        if thing.endswith("等") and more and scene.quantities[scene.position + 1].start == end:
            behind = self.next(scene)  # 投入资金120万元，对甲中学、乙中学等5所学校进行改造
            if behind is None:
                return NOTHING
            at = text.find("进行", *behind)
            return (
                ind.term(text, behind[0], at) + ind.term(text, at + 2, behind[1]) if at > 0 else ind.term(text, *behind)
            )
        if len(thing) > 24:
            head = ind.after_list(thing)
            if 0 < head < len(thing) and thing[head:] not in _WORKS:
                skip, thing = skip + head, thing[head:]
            elif head and len(thing) <= 40:
                pass  # 河流治理、水库加固等项目: the kinds of work are the name
            else:
                thing = thing[:24].rpartition("、")[0] or thing[:24]
        if len(thing) < 2 or thing in _WORKS:
            return NOTHING
        return ind.term(text, start + skip, start + skip + len(thing))

    def planned_for(self, scene: Scene) -> tuple[int, int] | None:
        """What the next clause does with money that opens the sentence (计划投资5亿元，实施城建项目12个)."""
        text, first, more = self.text, scene.sentence.start, scene.position + 1 < len(scene.quantities)
        end = scene.quantity.end
        if scene.position or scene.room.clause > first or not more or text[end : end + 1] != "，":
            return None
        following = scene.quantities[scene.position + 1].start
        clause = text[end + 1 : following]
        skip = ind.strip_head(clause, self.place)
        verb = ind.doing_verb(clause[skip:])
        if not verb or SEPARATOR.search(clause):
            return None
        if skip + verb == len(clause):
            return self.next(scene)
        return end + 1 + skip + verb, following

    def next(self, scene: Scene) -> tuple[int, int] | None:
        return self.after(scene.quantities[scene.position + 1], scene.rooms[scene.position + 1])
