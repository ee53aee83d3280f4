"""Whether a number found by the grammar states something: the filters, each with a name.

A number is no statement where it only bounds a noun (2000万元以上企业), counts a few fixed things (两个方面), orders
(第三次), dates (5年内), gives an age, is vague (百家), or has no unit we could name. A missing unit is filled in here,
since that rests on the words around the number as well.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

import msgspec

from taizhang.lexicon import COUNTING, alternation, cues, units
from taizhang.model import Comparator, Measure


class Token(msgspec.Struct):
    """A number found, while its neighbours still may change it. Fields as in `model.Quantity`.

    `unit_end` is the end of number and unit without words of comparison; `more` says 多, 余 or 几 stood in the number;
    `from_suffix` that a word behind the unit gave the comparator; `joined` that another token has taken it in.
    """

    start: int
    end: int
    number_start: int
    number_end: int
    value: Decimal
    unit: str
    unit_end: int
    decimals: int
    scale: int
    form: str
    rule: str
    more: bool = False
    value_max: Decimal | None = None
    comparator: Comparator = "eq"
    comparator_span: tuple[int, int] | None = None
    from_suffix: bool = False
    hint: Measure | None = None
    group: int | None = None
    position: int = 0
    joined: bool = False


Verdict = tuple[str, str]
"""Reason (of reasons.toml) and rule."""

_ALSO_COUNTING: Final = frozenset("元里节头度米方升点分层线克瓦伏年天P")
"""Short units that make names after one Chinese digit (三元, 七里, 四方)."""
_BUILT: Final = frozenset("个条座所家处栋台套")
_SMALL: Final = frozenset("一二三四五六七八九十两")
_REACHED: Final = frozenset("到达破为过超近增资入约金款")
"""What stands before a bare multiplier that is an amount: 突破亿元, 投资千万元."""
_ENDS_A_UNIT: Final = frozenset(("", "。", "，", "；"))
_APART: Final = frozenset("，；、|\n\t")
_LARGE: Final = frozenset({"百亿", "千亿", "百万", "千万", "万亿"})
"""Heads of amounts that a list of marks passed names without a number (百亿元、千亿元)."""
_HAN = re.compile("[\u4e00-\u9fff]")
_CLAUSE: Final = "[^，。；：、！？\n]"


_LIFE = re.compile(f"寿命{_CLAUSE}{{0,8}}$|寿命[^。；\n]{{0,14}}，(?:达到?了?|增加到|提高到|为|升至)$")
PUT_FIRST: Final = re.compile("(?:放|摆|置|定)(?:在|于)了?[^，。；]{0,12}$|(?:作为|当作|看作|视为)$")
"""Words that put something first without ranking it: 放在首位."""
_YEAR = re.compile("(?:19[4-9]|20[0-6])[0-9]")
_PLACES_NEXT = re.compile("(?:个)?(?:县|乡镇|省份|社区|街道|镇|村)(?!道|长|委|志|级|干)")
_BOUNDED = re.compile(
    "(?:[、和][0-9百千万亿]+元(?:级|以上)?)*(?:的?大(?!关)|级|特色|优势|主导|支柱|龙头|骨干|重点|新兴|先进|制造业|工业|农业)*(?:产业|企业|集群|园区|开发区|县域|强县|强镇|乡镇|项目|单品|(?:县|市|镇|村)(?=[0-9（]))"
)
_MARKS_PASSED = re.compile("[百千万]+亿元?(?:大关|大?台阶|关口)")
_COUNTED_NEXT = re.compile("[0-9]{1,5}(?:个|家|项|户|座)")
# What may not stand before a count that ends its clause: 基本点是两条 and 这三个 count nothing new.
_COUNT_LEAD: Final = frozenset("这那是有的第为成分等了上下共和与及、，。；：“”（）\n")


class _Tables(msgspec.Struct, frozen=True):
    """The cues, compiled: those before a number end at `$`, those behind it are matched at its end."""

    counting: frozenset[str]
    doing: re.Pattern[str]
    doing_far: re.Pattern[str]
    named: re.Pattern[str]
    person: re.Pattern[str]
    counted_people: re.Pattern[str]
    counted_visits: re.Pattern[str]
    finished: re.Pattern[str]
    building: re.Pattern[str]
    household: re.Pattern[str]
    index: re.Pattern[str]
    qualified: re.Pattern[str]
    holds: re.Pattern[str]
    money: re.Pattern[str]
    ratio: re.Pattern[str]
    duration: re.Pattern[str]
    rank_of: re.Pattern[str]


@cache
def _tables() -> _Tables:
    def words(name: str) -> str:
        return f"(?:{alternation(cues()[name].words)})"

    return _Tables(
        frozenset(unit for unit, entry in units().items() if entry.dimension in COUNTING),
        re.compile(f"{words('doing')}(?:了)?[^，。；：、！？\n0-9]{{0,3}}$"),
        re.compile(f"{words('doing')}{_CLAUSE}{{0,18}}$"),
        re.compile(f"{words('doing')}[^，。；：！？\n“”]{{2,40}}[、和][^，。；：、！？\n“”]{{2,14}}$"),
        re.compile(f"名?多?[^，。；：、！？\n0-9]{{0,9}}?{words('person')}"),
        re.compile(f"{words('counted-people')}{_CLAUSE}{{0,8}}$|人口{_CLAUSE}{{0,24}}(?:到|至|为|在)$"),
        re.compile(f"{words('counted-visits')}{_CLAUSE}{{0,12}}$"),
        re.compile(f"[^，。；、：\n0-9]{{1,12}}?{words('finished')}"),
        re.compile(f"{words('building')}[^，。；：\n0-9]{{0,16}}$"),
        re.compile(words("household")),
        re.compile(f"{words('index')}{_CLAUSE}{{0,8}}$"),
        re.compile(f"的?[^，。；：、！？\n0-9]{{0,8}}?{words('qualified')}"),
        re.compile(f"的?(?:{words('holds')}|[，。；：、！？）”\n]|$)"),
        re.compile(f"{words('money')}{_CLAUSE}{{0,8}}$"),
        re.compile(f"{words('ratio')}{_CLAUSE}{{0,8}}$"),
        re.compile(f"{words('duration')}{_CLAUSE}{{0,8}}(?:(?:从|由)[0-9.]{{1,5}}年{_CLAUSE}{{0,4}})?$"),
        re.compile(f"{words('rank-of')}[^，。；：！？\n]{{0,3}}$"),
    )


def _behind(text: str, at: int, width: int, pattern: re.Pattern[str]) -> bool:
    """Whether the `width` characters before `at` end in `pattern`."""
    return pattern.search(text[max(0, at - width) : at]) is not None


def judge(text: str, token: Token, shared: str = "") -> Verdict | None:
    """None where the token states something, else reason and rule. May fill in a unit that is not written.

    `shared` is the unit filled in for an earlier member of the same list, if any.
    """
    start = token.number_start
    before = text[start - 1] if start else "\n"
    if token.form == "rank" or token.rule in ("half", "doublings", "doubling", "none-at-all"):
        return None
    if before == "第":
        return _judge_place(text, token)
    if before == "前" and token.unit in ("位", "名", "", "强") and token.scale == 0:
        return _judge_front(text, token)
    if not token.unit:
        return _judge_bare(text, token, shared)
    return _judge_with_unit(text, token, before)


def states_duration(text: str, start: int) -> bool:
    """Whether a number of years at `start` is the figure itself: 平均受教育年限达到10年, 延长30年."""
    return text[max(0, start - 2) : start] in ("延长", "缩短") or _behind(text, start, 28, _tables().duration)


def _judge_place(text: str, token: Token) -> Verdict | None:
    """第6, 第三位: a place in an order where the words before say of whom; else an ordinal."""
    start = token.number_start
    if token.unit not in ("位", "名", "") or token.value >= 1000 or token.value_max is not None:
        return "ordinal", "ordinal"
    before = text[max(0, start - 12) : start - 1]
    if token.unit == "" and not _tables().rank_of.search(before):
        return "ordinal", "ordinal"
    if PUT_FIRST.search(before):
        return "ordinal", "put-first"
    token.unit, token.hint, token.form, token.rule, token.start = "位", "rank", "rank", "place-in-order", start - 1
    token.comparator, token.comparator_span = "eq", None
    return None


def _judge_front(text: str, token: Token) -> Verdict | None:
    """前三, 前10名: at most that place."""
    start = token.number_start
    after = text[token.end : token.end + 1]
    vague = token.value == 1 or token.value >= 1000 or after in tuple("期款者批轮几阶包排进沿个年段")
    if token.unit == "" and vague:
        return "ordinal", "front"
    token.unit, token.comparator, token.comparator_span = "位", "le", (start - 1, start)
    token.hint, token.form, token.rule, token.start = "rank", "rank", "front-places", start - 1
    return None


def _judge_with_unit(text: str, token: Token, before: str) -> Verdict | None:
    start, end, unit = token.number_start, token.end, token.unit
    tables = _tables()
    counted = unit in tables.counting
    if _without_numeral(text, token):
        return "vague", "bare-multiplier"
    if unit in ("岁", "周岁"):
        return None if _behind(text, start, 26, _LIFE) else ("age", "age")
    if unit == "年":
        return None if states_duration(text, start) else ("span-of-time", "years")
    if before in "后倒" and unit in ("位", "名", "强"):
        return "ordinal", "last-places"
    if before == "前" and unit in ("%", "‰"):
        return "qualifier", "top-share"
    if counted and _MARKS_PASSED.match(text, end):
        return "qualifier", "marks-passed"  # 跨过3个万亿元台阶
    if text[end : end + 1] == "级" and not counted:
        return "grade", "size-class"
    if token.comparator in ("ge", "le", "over") and text.startswith(("的有", "的达", "的共"), end):
        return "qualifier", "threshold"
    if token.comparator in ("ge", "le", "over") and unit[0] not in "%‰倍个":
        verdict = _judge_threshold(text, token, counted)
        if verdict is not None:
            return verdict
    word = text[start : token.number_end]
    if word == "一" and unit.startswith("个基"):
        return "name", "basic-point"
    if len(word) == 1 and word in _SMALL and token.value_max is None and (counted or unit in _ALSO_COUNTING):
        return _judge_small(text, token, word)
    if token.form == "bare" and token.comparator == "eq" and not token.more:
        if text.endswith("单位：", 0, start) or _stands_alone(text, start, end):
            return "table-cell", "unit-label"
        if counted:
            return None if _behind(text, start, 8, tables.doing) else ("vague", "bare-multiplier")
        if text[end : end + 1] in tuple("0123456789）<\n") or before in tuple("（>|"):
            return "table-cell", "unit-label"
        if unit in ("天", "小时", "里"):
            return "vague", "bare-multiplier"
        if word in ("万", "亿") and before not in _REACHED and text[end : end + 1] in _ENDS_A_UNIT:
            return "table-cell", "unit-label"  # its number is lost or stands elsewhere: 进出口额（…）万元。
        if unit == "元" and before in tuple("个家座条") and text[end : end + 1] in ("、", "和"):
            return "name", "bare-size"  # 12个百亿元、70个30亿元以上项目
        if _HAN.match(text, end) and before not in tuple("到达破为超过近增资入约金款"):
            return "name", "bare-size"
    return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a unit is all that stands between two marks (；亿元；): the cell of a table, and no amount of one 亿."""
    return (
        (not start or text[start - 1] in _APART)
        and (end >= len(text) or text[end] in _APART)
        and not (end - start > 2 and text[start : start + 2] in _LARGE)
    )


def _without_numeral(text: str, token: Token) -> bool:
    """Whether 万 or 亿 only begins the unit (进出口额⎵亿元, a figure that got lost), and is no amount of one 亿.

    It is an amount behind a word that compares or breaks through (超亿元, 近亿元, 破万元) and before the thing it
    measures (引入亿元社会资本); 百亿元 and 千万元 have their numeral.
    """
    return (
        token.form == "bare"
        and token.comparator == "eq"
        and not token.more
        and token.value_max is None
        and text[token.number_start : token.number_end] in ("万", "亿")
        and text[token.number_start - 1 : token.number_start] != "破"
        and not _HAN.match(text, token.end)
    )


def _judge_threshold(text: str, token: Token, counted: bool) -> Verdict | None:
    """10亿元以上项目, 500人以上行政村, 超亿元的企业: the bound only qualifies the noun behind it."""
    tables = _tables()
    end = token.end
    if token.from_suffix:
        if token.unit in ("层", "度") and text[end : end + 1].isalnum() and not tables.holds.match(text, end):
            return "qualifier", "threshold"  # 20层以上住宅, 25度以下坡地
        if counted and token.unit not in ("人", "户", "名", "单", "床", "张"):
            return None
        known = units().get(token.unit)
        if token.comparator == "le" and known and known.dimension == "length" and _HAN.match(text, end):
            return "qualifier", "threshold"  # 公交与轨道50米内换乘比例
        if text.startswith(("且", "并且", "及", "的就"), end) or _COUNTED_NEXT.match(text, end):
            return "qualifier", "threshold"
        if tables.holds.match(text, end):
            return None
        if text.startswith("及", token.unit_end):
            return "qualifier", "threshold"
        if token.unit in ("人", "户", "名") and tables.person.match(text, end):
            return None  # 8万户以上群众 are counted themselves
        if tables.qualified.match(text, end):
            done = token.unit not in ("元", "人", "户") and _behind(text, token.start, 8, tables.doing)
            return None if done else ("qualifier", "threshold")
        return None
    if token.unit == "元" and token.comparator == "over" and _BOUNDED.match(text, end):
        return "qualifier", "threshold"  # 超百亿元产业集群
    if counted or not text.startswith("的", end) or tables.holds.match(text, end):
        return None
    return ("qualifier", "threshold") if tables.qualified.match(text, end) else None


def _judge_small(text: str, token: Token, word: str) -> Verdict | None:
    """One Chinese digit and a counting word: a statement only where a verb does the things counted."""
    start, unit = token.number_start, token.unit
    if token.comparator != "eq" and token.comparator_span and (word != "一" or token.comparator_span[0] < start):
        return None
    if word == "一":
        return "small-count", "one"
    if text[token.end : token.end + 1] in tuple("，。；、）") and text[start - 1 : start] not in _COUNT_LEAD:
        return None if _HAN.match(text, max(0, start - 1)) else ("small-count", "small-count")
    tables = _tables()
    if unit in ("批", "届") or _behind(text, start, 8, tables.doing):
        return None
    if unit in _SUMMED_UNITS and counted_after_names(text, start, token.end):
        return None
    if unit in _BUILT and (tables.finished.match(text, token.end) or _behind(text, start, 22, tables.building)):
        return None
    return "small-count", "small-count"


_SUMMED_UNITS: Final = frozenset("个家项条座所处户")
_THINGS_SUMMED = re.compile(
    "[^，。；：、！？\n]{0,14}?(?:项目|工程|企业|公司|园区|开发区|基地|集群|街区|学校|医院|小区|社区|道路|路|桥|站|厂|馆|村|镇|乡|县|市|区)"
    "(?![^，。；：、！？\n]{0,3}(?:方面|环节|领域|层面|关系|问题|重点|机制|体系|战略|攻坚|行动|战役|变革))"
)
"""Things that may be named one by one, unlike 稳增长、调结构两个方面."""


def counted_after_names(text: str, start: int, end: int) -> bool:
    """Whether a small count at `start` adds up things just named that a verb does (新入驻甲、乙、丙四个项目)."""
    before = text[max(0, start - 44) : start]
    return _tables().named.search(before) is not None and _THINGS_SUMMED.match(text, end) is not None


_INDEX_BASE = re.compile(r"(?:年|月|期|季度)(?:同期|同月|平均)?\s*(?:=|为)\s*$")
"""Before the 100 that an index is told on: 居民消费价格指数（上年=100）, 以2020年为100."""


def _judge_bare(text: str, token: Token, shared: str) -> Verdict | None:
    """A number without a unit: a count of 大, or 人, 户, 点, 个 by the words around it, or nothing."""
    start, end = token.number_start, token.number_end
    tables = _tables()
    after = text[end : end + 1]
    if after == "大" and token.scale == 0 and token.value <= 50:
        if text[start - 1 : start] in ("这", "那") or text.startswith(
            ("大类", "大型", "大学", "大以", "大批", "大步", "大道", "大队", "大路"), end
        ):
            return "small-count", "big-things"
        verb = _behind(text, start, 8, tables.doing) or (
            token.form == "arabic" and tables.doing_far.search(text[max(0, start - 20) : start]) is not None
        )
        if verb:
            token.unit, token.end, token.unit_end, token.rule = "个", end + 1, end + 1, "big-things"
            return None
        return "small-count", "big-things"
    if after == "级" and token.scale >= 4:
        return "grade", "size-class"
    if token.form == "bare" and token.comparator == "eq" and not token.more:
        reached = text[start - 1 : start] in tuple("达到破为") and _behind(text, start, 16, tables.money)
        if not reached:
            return "vague", "bare-multiplier"
    if token.form == "chinese" and token.value <= 10 and token.scale == 0 and token.comparator == "eq":
        return "small-count", "no-counting-word"
    if token.value == 100 and _INDEX_BASE.search(text, max(0, start - 16), start):
        return "qualifier", "base-of-an-index"
    if _behind(text, start, 16, tables.index) and token.scale == 0:
        token.unit, token.rule = "点", "index-points"
        return None
    if token.scale == 0 and _behind(text, start, 16, tables.ratio):
        token.unit, token.rule = "比", "ratio-to-one"
        return None
    if token.form == "arabic" and _PLACES_NEXT.match(text, end) and token.scale == 0 and token.value < 1000:
        token.unit, token.rule = "个", "places-without-counting-word"
        return None
    if token.scale >= 4 or token.more or token.comparator != "eq":
        token.rule = "unit-not-written"
        if tables.household.match(text, token.end):
            token.unit = "户"
        elif _behind(text, start, 16, tables.counted_visits):
            token.unit = "人次"
        elif tables.person.match(text, token.end) or _behind(text, start, 28, tables.counted_people):
            token.unit = "人"
        elif token.scale >= 8 and _behind(text, start, 16, tables.money):
            token.unit = "元"
        elif shared:
            token.unit = shared
        else:
            token.unit = "个"
        if token.comparator in ("ge", "le", "over") and not tables.person.match(text, token.end):
            return _judge_threshold(text, token, False)
        return None
    if text[end : end + 1] in tuple("\n<| ") and text[max(0, start - 1) : start] in tuple("\n>| —/"):
        return "table-cell", "bare-cell"
    if _YEAR.match(text, start) and end - start == 4:
        return "date", "bare-year"
    return "no-unit", "no-unit"
