"""Of which year a number is: what its clause says, what its sentence says, and else what its section speaks of."""

from __future__ import annotations

import re
from typing import NamedTuple

from taizhang.extract.behind import TIMES_DONE
from taizhang.extract.indicator import doing_verb, is_stock, strip_head, strip_tail, verb_at_end
from taizhang.extract.scene import Scene
from taizhang.model import Block, Frame, How, Measure, Quantity, Sentence

_DIGITS = dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_PLANS = {
    "一五": 1953, "二五": 1958, "三五": 1966, "四五": 1971, "五五": 1976, "六五": 1981, "七五": 1986, "八五": 1991,
    "九五": 1996, "十五": 2001, "十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026,
    "十六五": 2031,
}  # fmt: skip
"""First years of the national five-year plans; each runs five years."""

_Y = r"(?:(?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3})"
_YEAR = re.compile(
    rf"(?P<first>{_Y})年?(?:—|~|至|到|-)(?P<last>{_Y})年"
    rf"|(?P<year>{_Y})年(?P<tail>底|末|初|上半年|下半年|前三季度|[一二三四1-4第]{{1,2}}季度|(?P<month>[0-9]{{1,2}})(?:—(?P<month2>[0-9]{{1,2}}))?月)?"
    r"|“?(?P<plan>(?:十[一二三四五六]?|[一二三四五六七八九])五)”?(?:规划|计划)?(?P<plan_tail>期间|时期|以来|末|期末|初|五年|前[一二三四]年)"
    r"|(?:本|二十|20)世纪(?P<century>末)|(?:本|下个?|二十一|21)世纪(?P<middle>中叶)"
)
_COMPARED_BEFORE = re.compile(
    r"(?:比|较|同|与|和|快于|高于|低于|好于|超过|相当于|相比|占|对比|以|是|由|从|自|提前(?:实现|完成)了?)(?:上年|去年)?[（“]?$"
)
_COMPARED_BEHIND = re.compile(
    r"(?:的?基础上|相比|同期|水平|以来|的[0-9.一二三四五六七八九十两]+(?:倍|%)|（?不变价|价格|可比)"
)
_RELATIVE_LAST = re.compile(r"(?:上年|去年|上一年)(?:末|底|年末)?")
_AVERAGE = re.compile(
    r"年均(?!浓度|气温|降水|降雨|径流|值)|平均每年|每年(?:平均)?(?:增长|递增)|五年平均|年平均|平均(?=增长|递增)|年递增"
)
_NEAR = re.compile(
    r"近([二两三四五六七八九十0-9]+)年|过去([二两三四五])年|([二两三四五])年来|(?<![0-9])([四六七八九])年(?:共|累计)"
)
_AHEAD = re.compile(
    r"(?:今后|未来)(?P<a>[二两三四五六七八九十0-9]{1,2})年(?:内|间|里)?|(?P<two>今明两年)"
    r"|(?<![近前年0-9来去])(?P<b>[二两三四五六七八九十]|[0-9]{1,2})年(?:之)?内"
    r"|(?:用|利用|经过|通过)(?P<c>[二两三四五六七八九十]|[0-9]{1,2})年(?:左右)?的?(?:时间|努力)"
)
"""A span of years that a plan begins with its own year (今明两年, 未来三年, 用三年时间)."""
_NEAR_OPENING = re.compile(rf"(?:{_NEAR.pattern})(?:累计)?，")
_MONTH = re.compile(r"(?<![0-9年])(?:(?P<a>[0-9]{1,2})(?:—|~|至|-))?(?P<b>[0-9]{1,2})月(?:份|底|末)?(?!日|[0-9])")
_HALF = re.compile(r"上半年|下半年|(?:前|第|头)?([一二三四])(?:个)?季度")
_TO_END = re.compile(
    r"(?:达到?了?|增至|增加到|增长到|提高到|提升到|上升到|升至|发展到|扩大到|下降到|下降为|降到|降至|降为|减少到|减至|稳定在|保持在?|控制在|突破|超过|现有|目前|已有|拥有|剩余|拓展到|增到)[^，。；]{0,3}$"
)
_SUMMED = re.compile(
    r"累计|共计|合计|总共|先后|接连|五年|(?<!连续)(?<![0-9第.．])5年(?!均)|(?<!公)共(?=安排|查|救|资助|培养|清理|改造|减|转移|化解|盘活|整|出台|举办|开展|修|拆|退|调|受理|办理|完成|实施|投入|新|建|组织|争取|发放|接待|利用|获|签|引|培|解|办|为)"
)


_REACH = 500
"""How far back in a sentence a year still governs; sentences are hardly ever longer, and some are whole lists."""


class Dating(NamedTuple):
    """The period of a number, how it is known, the rule that gave it and the words it came from (folded offsets)."""

    period: str | None
    how: How
    rule: str
    span: tuple[int, int] | None


def _number(text: str) -> int:
    if text[0] in _DIGITS:
        value = 0
        for digit in text:
            value = value * 10 + _DIGITS[digit]
        return value
    return int(text)


def _iso(match: re.Match[str], to: bool) -> str | None:
    """The ISO period of a year expression; `to` where it says by when (到2025年)."""
    if match["first"]:
        first, last = _number(match["first"]), _number(match["last"])
        return f"{first}/{last}" if first < last <= first + 30 else str(last)
    if match["plan"]:
        start = _PLANS.get(match["plan"])
        if start is None:
            return None
        if match["plan_tail"] in ("末", "期末"):
            return str(start + 4)
        if match["plan_tail"] == "初":
            return str(start)
        if match["plan_tail"].startswith("前"):
            return f"{start}/{start + '一二三四'.index(match['plan_tail'][1])}"
        return f"{start}/{start + 4}"
    if match["century"] or match["middle"]:
        return "2000" if match["century"] else "2050"
    year = _number(match["year"])
    if not 1900 <= year <= 2100:
        return None
    tail = match["tail"] or ""
    if match["month"]:
        month = int(match["month"])
        if not 1 <= month <= 12:
            return str(year)
        if match["month2"] and 1 <= int(match["month2"]) <= 12:
            return f"{year}-{month:02d}/{year}-{int(match['month2']):02d}"
        return f"{year}-{month:02d}"
    if "上半年" in tail:
        return f"{year}-01/{year}-06"
    if "下半年" in tail:
        return f"{year}-07/{year}-12"
    if "前三" in tail:
        return f"{year}-01/{year}-09"
    return str(year)


def last_year(period: str | None) -> str | None:
    """The last year of a period (2016/2020 → 2020); null for none."""
    return period.rpartition("/")[2][:4] if period else None


def _interval(block: Block, frame: Frame) -> str | None:
    """The five years a block speaks of: its own period, or the five that end with the year reviewed."""
    if block.period and "/" in block.period and len(block.period) == 9:
        return block.period
    end = last_year(block.period) or last_year(frame.year_reviewed)
    if end and block.part != "plan":
        return f"{int(end) - 4}/{end}"
    return block.period


def find_period(
    text: str,
    scene: Scene,
    frame: Frame,
    *,
    base: str | None,
    measure: Measure,
    to: bool,
    term: str,
    behind: bool,
) -> Dating:
    """The period of one number.

    `base` are the words 由…/从… right before it, `to` says whether a verb tells where something went (提高到),
    `behind` whether what it counts stands behind it.
    """
    sentence, quantity = scene.sentence, scene.quantity
    block = _speaking_of(scene.block, sentence.block, frame)
    own, stop = scene.room.own, scene.quantity.start
    clause = max(scene.room.clause, stop - _REACH)
    near = max(sentence.start, clause - _REACH)
    if base is not None:
        return _base_period(text, sentence, block, frame, own, base, stop)
    own_words = text[own : quantity.number_start]
    if quantity.unit == "年" and _FROM_AN_EVENT.search(own_words):
        return Dating(None, "assumed", "counted-from-an-undated-event", None)
    words = text[clause:stop]
    five = block.mode == "five-year"
    yearly = (
        measure == "level"
        and bool(_GROWS_BY_YEAR.match(text, quantity.end))
        and not ("其中" in own_words and _SUMMED.search(text, near, clause))
    )
    end = last_year(block.period)
    found = _explicit(text, clause, stop)
    compared = _compared_year(text, scene, own_words, five, near) if measure in ("growth", "change") else None
    if found is not None and not _AVERAGE.search(text, found[1], stop):
        return _since(compared, Dating(found[2], "written", "year-in-the-clause", (found[0], found[1])), clause)
    from_year = _FROM_YEAR.search(text, near, stop)
    if from_year and end and _AVERAGE.search(words):
        first = _number(from_year["year"]) + 1
        if first < int(end):
            return Dating(f"{first}/{end}", "inherited", "average-since-a-year", from_year.span())
    if measure == "rank" and (was := _WAS.search(own_words)) and (year := _relative(was[1], block, frame)):
        return Dating(year, "written", "rank-of-the-year-before", (own + was.start(1), own + was.end(1)))
    since = _SINCE_SAID.search(text, clause, stop) or _since_opening(text, near, clause)
    if since and end and block.part == "review" and int(since["year"]) < int(end):
        return _of_interval(
            f"{since['year']}/{end}", own_words, measure, to, term, "since-a-year", since.span(), block, quantity,
            behind, yearly,
        )  # fmt: skip
    average = _AVERAGE.search(own_words if measure == "rank" else words) or (
        measure in ("growth", "change") and re.search(r"五年", words)
    )
    if average and (five or (block.part == "review" and re.search(r"五年|年均", words))):
        interval = found[2] if found is not None and "/" in (found[2] or "") else _interval(block, frame)
        return Dating(
            interval, "written", "average-of-the-interval", (clause + average.start(), clause + average.end())
        )
    if compared:
        governing = _explicit(text, near, clause, opening=True)
        year = governing[2] if governing else last_year(block.period)
        spread = _since(compared, Dating(year, "inherited", "section", None), own)
        if spread.rule != "section":
            return spread
    if block.part == "plan" and block.period and (ahead := _ahead(text, near, clause, stop, block.period)):
        return _of_interval(
            ahead[2], own_words, measure, to, term, "years-ahead", (ahead[0], ahead[1]), block, quantity, behind, yearly
        )
    last_years = _NEAR.search(text, clause, stop) or _NEAR_OPENING.match(text, near, clause)
    if last_years and block.part == "plan":
        end = last_year(frame.year_reviewed)
    if last_years and end and block.part in ("review", "plan"):
        years = _count(next(group for group in last_years.groups() if group))
        if years and not (five and years == 5):
            return _of_interval(
                f"{int(end) - years + 1}/{end}", own_words, measure, to, term, "near-years", last_years.span(), block,
                quantity, behind, yearly,
            )  # fmt: skip
    said = _FIVE_SAID.search(text, clause, stop)
    if said and block.part == "review" and not five:
        interval = _interval(block, frame)
        if interval and "/" in interval:
            return _of_interval(
                interval, own_words, measure, to, term, "five-years-said", said.span(), block, quantity, behind, yearly
            )
    end = last_year(block.period)
    if end and (now := _this_year(text, near, stop, block, frame)):
        return now
    if end and (part_of_year := _part_of_year(text, clause, stop, end, frame)):
        return part_of_year
    relative = _last_year_said(text, clause, stop)
    if relative is not None and (year := _relative(text[relative[0] : relative[1]], block, frame)):
        return Dating(year, "written", "last-year-in-the-clause", relative)
    # the sentence: a year that opens one of its earlier clauses
    found = _explicit(text, near, clause, opening=True)
    if found is not None and found[2] is not None and "-" not in found[2]:
        iso, span = found[2], (found[0], found[1])
        if "/" in iso:
            return _of_interval(
                iso, own_words, measure, to, term, "interval-in-the-sentence", span, block, quantity, behind, yearly
            )
        since = _SINCE_YEAR.match(text, found[1], clause)
        if since and measure in ("growth", "change"):
            first = _number(since["year"])
            if first + 1 < int(iso[:4]):
                return Dating(f"{first + 1}/{iso[:4]}", "inherited", "since-a-year-in-the-sentence", since.span())
        if five and quantity.unit == "倍" and measure == "growth":
            return Dating(_interval(block, frame), "assumed", "five-year-section-growth", None)
        if not (five and (_SUMMED.search(own_words) or "五年" in text[found[1] : stop])):
            return Dating(iso, "inherited", "year-in-the-sentence", span)
    relative = _last_year_said(text, near, clause, opening=True)
    if relative is not None and (year := _relative(text[relative[0] : relative[1]], block, frame)):
        return Dating(year, "inherited", "last-year-in-the-sentence", relative)
    if end and not five and (part_of_year := _part_of_year(text, near, clause, end, frame, opening=True)):
        return part_of_year
    if five:
        interval = _interval(block, frame)
        if interval and "/" in interval:
            opening = _FIVE_OPENS.search(text, near, clause)
            if (
                opening
                and measure == "level"
                and not to
                and _SUM_OF_YEARS.search(term)
                and not _TO_END.search(own_words)
            ):
                return Dating(interval, "inherited", "five-year-section-sum", opening.span())
            return _of_interval(
                interval, own_words, measure, to, term, "five-year-section", None, block, quantity, behind, yearly
            )
    return Dating(block.period, "assumed", "section", None)


_WAS = re.compile(r"(?:由|从)(上年|去年|上一年)(?:的)?[^，。；0-9]{0,8}$")
"""A rank of the year before, from which it rose or fell (由上年居全省第五位上升到第四位)."""
_SINCE_SAID = re.compile(r"(?<!比)(?<!较)(?:自|从)?(?P<year>(?:19|20)[0-9]{2})年以来(?!的?(?:最|首次|新高|新低))")
"""A span that began in a year (2022年以来新增就业…), not a record (2010年以来最快)."""


def _since_opening(text: str, near: int, clause: int) -> re.Match[str] | None:
    """A span that began in a year, opening an earlier clause of the sentence."""
    found = max(_SINCE_SAID.finditer(text, near, clause), key=re.Match.start, default=None)
    return found if found and _opens(text, near, found.start()) else None


_COMPARED_YEAR = re.compile(
    rf"(?:比|较|同|与|为|是|相当于)(?:(?P<year>{_Y})年|“?(?P<plan>(?:十[一二三四五六]?|[一二三四五六七八九])五”?)(?:时期|规划|计划)?期?末)"
)
_GROWS_BY_YEAR = re.compile(
    rf"[，、]?(?:年均|平均每年|年平均)(?:实际|名义)?(?:增长|递增|提高|增加)|[，、]?(?:分别)?(?:比|较|是|为|相当于)(?:{_Y}年|“[^”]{{1,4}}五”?期?末”?|“[^”]{{1,3}}五”期?末)"
)
"""What follows an amount of one year: how much it grew a year, or since a base year (总产值171亿元，年均增长8%)."""
_BEFORE_LAST = re.compile(r"同比|环比|[比较](?:上年|去年|上一年|前年)|上年|去年")


def _compared_year(text: str, scene: Scene, own_words: str, five: bool, near: int) -> re.Match[str] | None:
    """The base year of a growth: in its own words, before the base that its clause gives (比2015年的8万亩增加…), or in
    a five-year review that of an earlier growth of the sentence (比2015年增加98天；浓度下降…)."""
    found = _COMPARED_YEAR.search(own_words)
    if found is None and scene.room.same:
        found = _COMPARED_YEAR.search(text, scene.room.clause, scene.room.own)
    if found is not None or not five or _BEFORE_LAST.search(own_words):
        return found
    found = max(_COMPARED_YEAR.finditer(text, near, scene.room.own), key=re.Match.start, default=None)
    if found is None or found.group()[0] not in "比较" or _BEFORE_LAST.search(text, found.end(), scene.room.own):
        return None
    return found


def _ahead(text: str, near: int, clause: int, stop: int, period: str) -> tuple[int, int, str] | None:
    """A span of years ahead of a plan, in a number's clause or opening an earlier one: where it is said, and which."""
    found = _AHEAD.search(text, clause, stop)
    if found is None:
        found = _AHEAD.search(text, near, clause)
        if found is None or not _opens(text, near, found.start()):
            return None
    years = 2 if found["two"] else _count(found["a"] or found["b"] or found["c"])
    if not years or years > 10:
        return None
    first = int(period[:4])
    return found.start(), found.end(), f"{first}/{first + years - 1}"


_FROM_AN_EVENT = re.compile(r"后再?(?:延长|延续)$")
_SINCE_YEAR = re.compile(rf"(?:同|与|比|较)(?P<year>{_Y})年(?:相比|比较|比)?")
_FIVE_OPENS = re.compile(r"(?<![前后每])五年(?:来|间|里)?(?:，|中)?(?:共|累计|共计|总共|新增|接待|完成|实施)")
_SUM_OF_YEARS = re.compile(r"(?:收入|外资|总值|总额|出口额?|进口额?|营业额|投资|支出|资金|人次)$")
"""Flows of money and visits: where the sentence sums up five years, they are of all five."""
_FIVE_SAID = re.compile(r"五年(?:来|间|累计|共|新增)|五年，?累计")
_OPENS = re.compile(r"(?:到|至|截至|截止|在|据统计|初步统计|初步核算|预计|特别是|其中|，|：|“|从|自)*$")


def _since(compared: re.Match[str] | None, dating: Dating, at: int) -> Dating:
    """A growth against a base more than a year back is of all the years between (比2015年增加 → 2016/2020)."""
    year = last_year(dating.period)
    if compared is None or year is None:
        return dating
    first = _number(compared["year"]) if compared["year"] else _PLANS.get(compared["plan"].rstrip("”"), 0) + 4
    if first + 1 < int(year) <= first + 12:
        return Dating(f"{first + 1}/{year}", "written", "since-a-base-year", dating.span)
    return dating


def _speaking_of(block: Block, index: int, frame: Frame) -> Block:
    """The block whose time a block speaks of: itself, or for foreign affairs (no year of their own) the last review."""
    if block.part == "other" and block.period is None:
        for earlier in reversed(frame.blocks[:index]):
            if earlier.part == "review" and earlier.period:
                return earlier
    return block


_FROM_YEAR = re.compile(rf"(?:由|从|自)(?P<year>{_Y})年")


def _part_of_year(text: str, start: int, stop: int, year: str, frame: Frame, opening: bool = False) -> Dating | None:
    """A month, a half or a quarter said in a stretch: in a number's clause, or `opening` an earlier one."""
    month = _MONTH.search(text, start, stop)
    if month and 1 <= int(month["b"]) <= 12 and (not opening or _opens(text, start, month.start())):
        iso = f"{year}-{int(month['b']):02d}"
        if month["a"] and 1 <= int(month["a"]) < int(month["b"]):
            iso = f"{year}-{int(month['a']):02d}/{iso}"
        return Dating(iso, "inherited" if opening else "written", "month-said", month.span())
    half = _HALF.search(text, start, stop)
    if (
        half
        and not re.search(r"比|较", text[start : half.start()])
        and (not opening or _opens(text, start, half.start()))
    ):
        return Dating(
            _half(half.group(), year), "inherited" if opening else "written", "half-or-quarter-said", half.span()
        )
    return None


_THIS_YEAR = re.compile(
    r"今年(?:第?(?P<quarter>[一1])(?:个)?季度|(?:前|头|第)?(?P<months>[二两三四五六2-6])个月|[1一](?:月份?)?(?:至|到|—|-|~)(?P<month>[二三四五六2-6])月份?)"
)


def _this_year(text: str, near: int, stop: int, block: Block, frame: Frame) -> Dating | None:
    """The first months of the year in which a report on the year before is given (今年第一季度, 今年1至4月)."""
    if block.part != "review" or block.mode != "year" or not (frame.year_reviewed or "").isdigit():
        return None
    if frame.year_planned != str(int(frame.year_reviewed or 0) + 1):
        return None
    found = max(_THIS_YEAR.finditer(text, near, stop), key=re.Match.start, default=None)
    if found is None or not _opens(text, near, found.start()):
        return None
    last = 3 if found["quarter"] else _count(found["months"] or found["month"]) or 3
    return Dating(
        f"{frame.year_planned}-01/{frame.year_planned}-{last:02d}", "inherited", "this-year-so-far", found.span()
    )


def _last_year_said(text: str, start: int, stop: int, opening: bool = False) -> tuple[int, int] | None:
    """Where a stretch says 去年 or 上年 as the time of its numbers, not as what they are compared with."""
    for match in _RELATIVE_LAST.finditer(text, start, stop):
        before = text[max(start, match.start() - 3) : match.start()]
        if re.search(r"(?:比|较|同|与|于|超|是|为|相当|由|从|占|达到|和)$", before):
            continue
        if text[match.end() : match.end() + 2] in ("结转", "结余", "同期", "相比", "基础", "增加", "同月", "水平"):
            continue
        if opening and not _opens(text, start, match.start()):
            continue
        return match.span()
    return None


_RUN_IN = re.compile(r"第[一二三四五六七八九十]{1,3}[章节][^，。；：]{2,40}$")
"""A section's heading with nothing but itself before what follows on its line."""


def _opens(text: str, start: int, at: int) -> bool:
    """Whether an expression at `at` opens a clause."""
    if at > start and text[at - 1] in "到至":
        return True  # 从现在到二〇三五年，…
    if _RUN_IN.match(text, start, at) and re.match(r"[0-9一二三四五六七八九〇零○年]{4,6}，", text[at : at + 8]):
        return True  # 第六节 手工业的改造  一九五二年，…
    head = text[max(start, at - 8) : at]
    cut = len(head) - 1
    while cut >= 0 and head[cut] not in "，。；：\n":
        cut -= 1
    return bool(_OPENS.match(head[cut + 1 :])) if cut >= 0 or at - start <= 8 else False


def _relative(words: str, block: Block, frame: Frame) -> str | None:
    """The year of 去年 (the one reviewed: reports are given in the year after it) or 上年 (before the block's)."""
    reviewed = last_year(frame.year_reviewed)
    if words.startswith("去年") or block.part == "plan":
        return reviewed or (str(int(last_year(block.period) or 0) - 1) if block.period else None)
    end = last_year(block.period)
    return str(int(end) - 1) if end else None


_NEWLY = re.compile(r"新增|净增|累计")
_NO_DOING = (
    "累计",
    "拥有",
    "参加",
    "参保",
    "享受",
    "覆盖",
    "涉及",
    "形成",
    "使用",
    "联系",
    "包联",
    "服务",
    "登记",
    "注册",
)
"""Verbs of doing that say how things stand, not what was done."""
_MEANS = ("年限", "水平", "标准", "寿命")
_CUT = ("压减", "削减", "减少", "取消", "精简", "下放")
_MADE = ("新建", "建成", "组建", "培育", "引进", "打造", "创建", "改造", "新设", "招引")
_BUILT = (*_MADE, "完成", "实施")
"""Verbs that make what they count something done, whatever noun follows (培育企业超50家)."""
_ACTED = re.compile(r"(?:改造|搬迁|治理|修复|培训|脱贫|造林|整治|减税|降费|退税|发行|开行|加固|拆迁|拆除)$")
_DONE_TO_OBJECT = re.compile(
    r"(?:完成|追回|挽回|治理|处治|整治|恢复|修复|压减|收回|清理|减免|拆除|搬迁|安置|查处|化解|清收|处置|盘活|新增|净增|新设)"
    r"[^率，。；]*$"
)
_NO_OBJECT = re.compile(
    r"(?:年限|寿命|能力|水平|标准|占比|比重|产值|收入|总量|规模|总数|数量|价格|余额|企业增加值|增加值|总额)$"
)
"""完成绿化面积 was done over the years, whatever noun ends the name; 治理能力 is a state."""
_YEARLY = re.compile(
    r"年度(?=[^，]*(?:量|额|人次)$)|(?<![0-9五全三两十每])年(?=(?:吞吐量|接待|发电量|产量|处理量|旅客|货物|销售额|营业收入|交易额))"
)
_FLOW = re.compile(
    r"(?:投资|到位|融资|引进|争取|拨付|投入)(?:的)?(?:资金|规模|总额|额|总规模)$|增收$|惠及"
    r"|(?:关停|关闭|取缔|查处|引进|淘汰|整治|投资办|兴办|创办|招引)[^，]*企业(?:投资总额)?$"
)
"""Money spent or raised and things done away with: no stock, whatever noun ends the name (到位资金, 总投资规模)."""
_SHARE_OF_FLOW = re.compile(r"(?:累计|新增|支出|投资).*占")
_DONE = re.compile(r"完成|实施|推动|开展")
_EVENT = re.compile(
    r"(?<=[\u4e00-\u9fff])了|开通|接种|办成|改善|列入|融入|喝上|用上|住上|走上|搬进|住进|评为|授予|提升|推进|告别|国产化|销号|整改|消除|贯通|下放|建成|通过|取缔|投入|获得|跻身|投产|投用|竣工|完工|开工|入选|获评|获批|再现|重现|提前|开展|建立|恢复|补缴|派驻|重组|入列|入驻|前来|被命名|被评|荣获|摘帽|脱贫|退出|出列|落地|签约|推广|新|完成|实施|迁入|受益|惠及|改造|创建|得到(?!全面|有效)?[^，]{0,2}(?:解决|治理|改善|保障|整治)|实现全|喜圆|返还|提供(?!有力)|旧貌换新颜"
)
_FOR_WHOM = re.compile(r"(?:并|先后|累计|共|已|还|再|又|，)*(?:为|将|把|使|让|给|帮助|帮扶)")
"""What is done for, to or with those counted is done over the years (为516户居民解决住房)."""
_KEPT = re.compile(r"(?:稳定|控制|保持|维持)在?[^，。；]{0,3}$")
_AGAINST_PEERS = re.compile(r"(?:高于|低于|快于|慢于|好于|高出)[^，。；]*$")


def _of_interval(
    interval: str,
    words: str,
    measure: Measure,
    to: bool,
    term: str,
    rule: str,
    span: tuple[int, int] | None,
    block: Block,
    quantity: Quantity,
    behind: bool,
    yearly: bool,
) -> Dating:
    """Stock or flow: levels reached and rates are of the last year, things done and sums of the whole interval."""
    how: How = "inherited" if span else "assumed"
    last = last_year(interval)
    if measure == "rank":
        return Dating(last, how, f"{rule}-rank", span)
    if _SUMMED.search(words):
        return Dating(interval, how, f"{rule}-sum", span)
    if yearly and not _NEWLY.search(words) and not term.startswith(_MADE):
        return Dating(last, how, f"{rule}-of-a-year", span)
    if measure == "change" and _AGAINST_PEERS.search(words):
        return Dating(last, how, f"{rule}-against-peers", span)
    if measure in ("growth", "change") and not (_TO_END.search(words) and re.search(r"增速|增幅|涨幅", words)):
        return Dating(interval, how, f"{rule}-growth", span)
    if block.part == "plan" and _KEPT.search(words):
        return Dating(interval, how, f"{rule}-kept", span)
    rate = quantity.unit in ("%", "‰", "比", "/10万")
    done_to = not rate and _DONE_TO_OBJECT.search(term) and not _NO_OBJECT.search(term)
    stock = is_stock(term) and not _FLOW.search(term) and not done_to
    own = words[strip_head(words) : strip_tail(words)]
    acted = (
        not (rate or to)
        and (not stock or own.startswith(_BUILT))
        and (_ACTED.search(own) or (doing_verb(own) and not own.startswith(_NO_DOING)))
    )
    if (to or (_TO_END.search(words) and not _FLOW.search(term) and not acted)) and (
        not _NEWLY.search(words) or rate or term.endswith(_MEANS)
    ):
        return Dating(last, how, f"{rule}-reached", span)
    if _YEARLY.search(term):
        return Dating(last, how, f"{rule}-yearly", span)
    if term.startswith("拥有") or term.endswith(("在建", "续建")):
        return Dating(last, how, f"{rule}-had", span)
    if quantity.unit == "%" and _SHARE_OF_FLOW.search(term):
        return Dating(interval, how, f"{rule}-share-of-a-sum", span)
    of_its_own = rate and own and term.startswith(own) and not own.startswith(_CUT)
    if not of_its_own and (doing_verb(term) or (_DONE.search(words) and not stock)):
        return Dating(interval, how, f"{rule}-done", span)
    if behind and block.part == "review":
        # 9个县获评…: an event; 24个省份…: how things stand
        event = quantity.unit not in ("%", "‰") and (
            _EVENT.search(term)
            or _FOR_WHOM.fullmatch(words)
            or words.endswith("推进")
            or quantity.unit in TIMES_DONE
            or (verb_at_end(words) and not words.endswith(_NO_DOING))
        )
        return Dating(interval if event else last, how, f"{rule}-{'event' if event else 'state'}", span)
    if rate or stock:
        return Dating(last, how, f"{rule}-stock", span)
    return Dating(interval, how, f"{rule}-flow", span)


def _half(words: str, year: str | None) -> str:
    if words == "上半年":
        return f"{year}-01/{year}-06"
    if words == "下半年":
        return f"{year}-07/{year}-12"
    quarter = "一二三四".index(re.sub(r"[前第头个季度]", "", words)[:1]) + 1
    if words[0] in "前头":
        return f"{year}-01/{year}-{quarter * 3:02d}"
    return f"{year}-{quarter * 3 - 2:02d}/{year}-{quarter * 3:02d}"


def _count(words: str) -> int | None:
    if words.isdigit():
        return int(words) if 1 < int(words) < 30 else None
    return {"二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}.get(words)


def _explicit(text: str, start: int, stop: int, opening: bool = False) -> tuple[int, int, str | None] | None:
    """The last year expression in a stretch that says when, not with what something is compared or from where it went.

    With `opening` only one that opens a clause counts, since only those govern what follows.
    """
    start = max(start, stop - _REACH)
    if start >= stop:
        return None
    for match in reversed(list(_YEAR.finditer(text, start, stop))):
        if _COMPARED_BEFORE.search(text, max(start, match.start() - 6), match.start()):
            continue
        if _COMPARED_BEHIND.match(text, match.end()):
            continue
        if opening and not _opens(text, start, match.start()):
            continue
        iso = _iso(match, False)
        if iso:
            return match.start(), match.end(), iso
    return None


def _base_period(text: str, sentence: Sentence, block: Block, frame: Frame, own: int, base: str, stop: int) -> Dating:
    """The earlier year of a base (由上年的41.5%提高到…)."""
    at = stop - len(base)
    year = _YEAR.search(text, max(own, at - 2), stop)
    if not year:
        # 一九八六年同一九七八年相比，X由A增加到B
        year = _SINCE_YEAR.search(text, max(sentence.start, at - _REACH), at)
        if year:
            return Dating(str(_number(year["year"])), "inherited", "base-year-of-the-comparison", year.span())
    if year:
        return Dating(_iso(year, False), "written", "base-year-said", year.span())
    end = last_year(block.period)
    if not end:
        return Dating(None, "assumed", "base-of-an-unknown-year", None)
    if "上年" in base or "去年" in base or block.mode != "five-year":
        earlier = int(end) - 1
        if block.part == "plan" and block.mode != "year" and frame.year_reviewed:
            earlier = int(last_year(frame.year_reviewed) or end)
        return Dating(str(earlier), "written" if "年" in base else "assumed", "base-year-before", (at, stop))
    for year in _YEAR.finditer(text, max(sentence.start, at - _REACH), at):
        if year["first"] and text[max(0, year.start() - 1) : year.start()] in ("从", "由", "自"):
            return Dating(str(_number(year["first"])), "inherited", "first-year-of-the-span", year.span())
    interval = _interval(block, frame)
    if interval and "/" in interval:
        return Dating(str(int(interval[:4]) - 1), "assumed", "base-year-before-the-interval", (at, stop))
    return Dating(str(int(end) - 1), "assumed", "base-year-before", (at, stop))
