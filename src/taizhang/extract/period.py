"""Of which year a number is: what its clause says, what its sentence says, and else what its section speaks of."""

from __future__ import annotations

import re
from typing import NamedTuple

from taizhang.extract.indicator import doing_verb, is_stock
from taizhang.model import Block, Frame, How, Kind, Measure, Quantity, Sentence

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
    r"|“?(?P<plan>(?:十[一二三四五六]?|[一二三四五六七八九])五)”?(?:规划|计划)?(?P<plan_tail>期间|时期|以来|末|期末|初|五年)"
)
_COMPARED_BEFORE = re.compile(r"(?:比|较|同|与|和|快于|高于|低于|好于|超过|相当于|相比|占|对比|在|以|是)(?:上年|去年)?[（“]?$")
_COMPARED_BEHIND = re.compile(r"(?:的?基础上|相比|同期|水平|以来|的[0-9.一二三四五六七八九十两]+(?:倍|%)|（?不变价|价格|可比|增加|增长|提高|下降|减少|翻)")
_RELATIVE_LAST = re.compile(r"(?:上年|去年|上一年)(?:末|底|年末)?")
_FIVE = re.compile(r"五年(?:来|间|内|累计|共|平均|年均|增长|增加|提高|总|合计|净增|新增)|年均|平均每年|五年[，]?(?:累计|共)")
_AVERAGE = re.compile(r"年均|平均每年|每年(?:平均)?(?:增长|递增)|五年平均|年平均|平均(?=增长|递增)|年递增")
_NEAR = re.compile(r"近([二两三四五六七八九十0-9]+)年|过去([二两三四五])年|([二两三四五])年来")
_MONTH = re.compile(r"(?<![0-9年])(?:(?P<a>[0-9]{1,2})(?:—|~|至|-))?(?P<b>[0-9]{1,2})月(?:份|底|末)?(?!日|[0-9])")
_HALF = re.compile(r"上半年|下半年|(?:前|第|头)?([一二三四])(?:个)?季度")
_TO_END = re.compile(r"(?:达到?了?|增至|增加到|增长到|提高到|提升到|上升到|升至|发展到|扩大到|下降到|下降为|降到|降至|降为|减少到|减至|为|稳定在|保持在?|控制在|突破|超过|位居|居|跃居|现有|目前|已有|拥有|剩余|拓展到|增到|有)[^，。；]{0,3}$")
_SUMMED = re.compile(r"累计|共(?:有|计)?|合计|总共|先后|五年")
_GREW = re.compile(r"年均|五年|比(?:20|19|一九|二〇)|较(?:20|19)|比五年前|以来")


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
        return f"{start}/{start + 4}"
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
    sentence: Sentence,
    block: Block,
    frame: Frame,
    *,
    clause: int,
    own: int,
    quantity: Quantity,
    base: str | None,
    measure: Measure,
    to: bool | None,
    kind: Kind,
    term: str,
    earlier: Dating | None,
    same: bool,
) -> Dating:
    """The period of one number.

    `clause` and `own` are where its clause and its own words begin; `base` the words 由…/从… right before it, `to`
    whether a verb says that the number is where something went (提高到). `earlier` is the dating of the number before.
    """
    stop = quantity.start
    if base is not None:
        return _base_period(text, sentence, block, frame, own, base, stop)
    # the clause's own words, from its beginning: explicit years that are no comparison
    found = _explicit(text, clause, stop)
    five = block.mode == "five-year"
    if found is not None and not (_AVERAGE.search(text, found[1], stop)):
        return Dating(found[2], "written", "year-in-the-clause", (found[0], found[1]))
    words = text[clause:stop]
    if same and earlier is not None and earlier.rule.startswith("base") is False and not to and earlier.how == "written":
        return earlier
    average = _AVERAGE.search(words) or (measure in ("growth", "change") and re.search(r"五年", words))
    if average and block.part in ("review", "plan", "other"):
        interval = _interval(block, frame)
        if found is not None and "/" in (found[2] or ""):
            interval = found[2]
        if five or block.mode == "year" and re.search(r"五年|年均", words) and block.part == "review":
            return Dating(interval, "written", "average-of-the-interval", (clause + average.start(), clause + average.end()))
    near = _NEAR.search(words)
    if near and block.period:
        count = near.group(1) or near.group(2) or near.group(3)
        years = _count(count)
        end = last_year(block.period)
        if years and end and block.part == "review" and not (five and years == 5):
            return Dating(f"{int(end) - years + 1}/{end}", "written", "near-years", (clause + near.start(), clause + near.end()))
    if re.search(r"五年(?:来|间|累计|共|新增)|五年，?累计", words) and block.part == "review" and not five:
        match = re.search(r"五年", words)
        assert match is not None
        return Dating(_interval(block, frame), "written", "five-years-said", (clause + match.start(), clause + match.end()))
    month = _MONTH.search(words)
    if month and block.period and 1 <= int(month["b"]) <= 12:
        year = last_year(block.period)
        if month["a"] and 1 <= int(month["a"]) < int(month["b"]):
            iso = f"{year}-{int(month['a']):02d}/{year}-{int(month['b']):02d}"
        else:
            iso = f"{year}-{int(month['b']):02d}"
        return Dating(iso, "written", "month-in-the-clause", (clause + month.start(), clause + month.end()))
    half = _HALF.search(words)
    if half and block.period and not re.search(r"比|较", words[: half.start()]):
        year = last_year(block.period)
        return Dating(_half(half.group(), year), "written", "half-or-quarter", (clause + half.start(), clause + half.end()))
    relative = _RELATIVE_LAST.search(words)
    if relative and not re.search(r"(?:比|较|同|与|于|超|是|为|相当)$", words[: relative.start()]) and words[relative.end() : relative.end() + 2] not in ("同期", "相比", "基础", "增加", "增长"):
        year = last_year(block.period)
        if year and (block.part == "plan" or clause + relative.start() > clause):
            return Dating(str(int(year) - 1), "written", "last-year-in-the-clause", (clause + relative.start(), clause + relative.end()))
    # the sentence
    found = _explicit(text, sentence.start, clause)
    if found is not None and found[2] is not None and "-" not in found[2]:
        iso = found[2]
        summed = _SUMMED.search(words) or re.search(r"五年", text[found[1] : stop])
        if not (five and summed and "/" not in iso):
            if "/" in iso:
                return _of_interval(iso, words, measure, to, term, kind, "interval-in-the-sentence", (found[0], found[1]), text, quantity)
            return Dating(iso, "inherited", "year-in-the-sentence", (found[0], found[1]))
    if five:
        interval = _interval(block, frame)
        if interval and "/" in interval:
            return _of_interval(interval, words, measure, to, term, kind, "five-year-section", None, text, quantity)
    return Dating(block.period, "assumed", "section", None)


def _of_interval(
    interval: str,
    words: str,
    measure: Measure,
    to: bool | None,
    term: str,
    kind: Kind,
    rule: str,
    span: tuple[int, int] | None,
    text: str,
    quantity: Quantity,
) -> Dating:
    """Stock or flow: levels reached and rates are of the last year, things done and sums of the whole interval."""
    how: How = "inherited" if span else "assumed"
    last = last_year(interval)
    if _SUMMED.search(words):
        return Dating(interval, how, f"{rule}-sum", span)
    if measure in ("growth", "change"):
        return Dating(interval, how, f"{rule}-growth", span)
    if measure == "rank":
        return Dating(last, how, f"{rule}-rank", span)
    if to or _TO_END.search(words):
        return Dating(last, how, f"{rule}-reached", span)
    if doing_verb(term):
        return Dating(interval, how, f"{rule}-done", span)
    if quantity.unit in ("%", "‰", "比", "/10万") or is_stock(term):
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


def _explicit(text: str, start: int, stop: int) -> tuple[int, int, str | None] | None:
    """The last year expression in a stretch that says when, not with what something is compared."""
    best = None
    if start >= stop:
        return None
    for match in _YEAR.finditer(text, start, stop):
        if _COMPARED_BEFORE.search(text, max(start, match.start() - 6), match.start()):
            continue
        if _COMPARED_BEHIND.match(text, match.end()) and not text.startswith(("增长", "下降", "提高", "增加", "减少"), match.end()):
            continue
        iso = _iso(match, False)
        if iso:
            best = (match.start(), match.end(), iso)
    return best


def _base_period(
    text: str, sentence: Sentence, block: Block, frame: Frame, own: int, base: str, stop: int
) -> Dating:
    """The earlier year of a base (由上年的41.5%提高到…)."""
    at = stop - len(base)
    year = _YEAR.search(text, max(own, at - 2), stop)
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
    interval = _interval(block, frame)
    if interval and "/" in interval:
        return Dating(str(int(interval[:4]) - 1), "assumed", "base-year-before-the-interval", (at, stop))
    return Dating(str(int(end) - 1), "assumed", "base-year-before", (at, stop))
