"""What a document says of itself: title, place, kind, and the years it reviews and plans.

Every answer rests on words of the text; the name of a file is never looked at. Null is better than wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from taizhang.model import ReportKind
from taizhang.structure.cues import Years, plan_number, plan_years
from taizhang.structure.lines import Paragraph
from taizhang.structure.numbering import numbering

_HEAD = 1600
_YEAR = r"(?:(?:19|20)[0-9]{2}|[一二][〇零一二三四五六七八九]{3})"
_HAN = {char: str(i) for i, char in enumerate("〇一二三四五六七八九")} | {"零": "0"}

_REPORT = re.compile(
    rf"关于[^。！？—]{{2,110}}?的(?:报告|审查意见|审议意见)"
    rf"|(?:{_YEAR}年)?[^，。！？：—\n（）“”]{{0,16}}?(?:{_YEAR}年)?政府工作的?报告"
    rf"|(?:{_YEAR}年)?[^，。！？：—\n]{{0,20}}?(?:{_YEAR}年)?(?:国民经济(?:和|与)社会(?:事业)?发展)?统计公报"
    r"|[^，。！？：\n]{0,30}?国民经济[^。！？：\n]{0,40}?(?:第[一二三四五六七八九十]+个五年|“?[一二三四五六七八九十]+五”?)[^。！？\n]{0,30}?(?:纲要|规划(?:纲要)?|计划(?:纲要)?)(?:（草案）)?"
    r"|[^，。！？：\n]{0,16}?(?:国民经济|财政|预算)[^。！？：\n]{0,50}?(?:执行|完成)情况[^。！？：\n]{0,50}?(?:报告|草案）?)"
)
_NO_TITLE = re.compile(
    r"^(?:根据|按照)|作了?政府工作报告|向大会|^(?:来源|标题|资料|附件)|[，。].*。|>>|解读|《.{2,20}》(?:名词|解释)"
)
_KINDS: tuple[tuple[str, ReportKind], ...] = (
    (r"统计公报", "stats"),
    (r"(?:预算|决算|财政收支).{0,30}(?:报告|草案)", "budget"),
    (r"(?:计划|规划|建议).{0,12}(?:执行|完成)情况|年度?国民经济(?:和社会发展)?计划", "plan"),
    (r"纲要|第[一二三四五六七八九十]+个五年(?:规划|计划)|“?[一二三四五六七八九十]+五”?(?:规划|计划)", "outline"),
    (r"政府工作的?报告", "work"),
)
_SESSION = re.compile(
    rf"(?P<year>{_YEAR})年(?P<month>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})日"
)
_PLAN_TITLE = re.compile(rf"(?P<last>{_YEAR})年?.{{0,40}}(?:执行|完成)情况.{{0,30}}?(?P<next>{_YEAR})年")
_TITLE_YEAR = re.compile(rf"(?P<year>{_YEAR})年")
_FIVE_YEARS = re.compile(r"第([一二三四五六七八九十]{1,3})个五年(?:规划|计划)|“([一二三四五六七八九十]{1,3})五”")
_SPAN_TITLE = re.compile(rf"({_YEAR})年?(?:[—~至到-]+)({_YEAR})年?")

_MENTION = re.compile(rf"{_YEAR}(?=年|[^0-9])")
# Words around a year that say whether a report looks back on it or ahead to it.
_BEFORE_REVIEWED = re.compile(r"(?:刚刚过去的?|回[顾望首]|报告)$")
_FIRST_COUNT = re.compile(r"初步(?:核算|统计)，$")
"""A first count (初步核算，2030年全市…) is of the year just over, whatever else the sentence compares it with."""
_AFTER_REVIEWED = re.compile(
    r"年?(?:的)?(?:国内|政府|主要|各项)?(?:工作回顾|工作情况|(?:国民经济和社会发展)?计划执行情况|工作总结|取得的)"
)
_SENTENCE_REVIEWED = re.compile(r"年，(?:在|面对|全|我|各级)")
_BEFORE_PLANNED = re.compile(r"做好$")
_AFTER_PLANNED = re.compile(
    r"年?(?:的)?(?:政府|经济社会发展|国民经济和社会发展|主要|重点|各项)?(?:工作)?(?:的)?(?:总体|主要|预期|重点|计划)?"
    r"(?:任务|目标|安排|部署|思路|要求|建议|预期目标|重点工作)|年度?的?国民经济计划(?!执行|[^。；，]{0,20}(?:预计|完成|修订))"
)
_SENTENCE_PLANNED = re.compile(r"年(?:，?是|将是)[^。]{2,60}(?:第一年|开局之年|一年|之年|关键|重要)")
_ESTIMATED = re.compile(r"年(?!代)[^，。；\n]{0,24}预计")
_BEFORE_ESTIMATED = re.compile(r"(?:^|[，。；\n])预计$")
"""An estimate of a year that is not quite over when the report is given."""
_TERM_SINCE = re.compile(
    rf"任期从({_YEAR})年[^。；\n]{{0,12}}?(?:已|将)?(?:满|近)五年|({_YEAR})年[^。；，\n]{{0,14}}?(?:成立|组成|选举产生|上任|履职)以来(?:的|，)?五年"
)
"""A government whose five years began in a year reports on them when they are over."""
_BUDGET_AHEAD = re.compile(
    r"年(?:的)?(?:国家|国民经济|经济(?:和|与)社会发展)?(?:发展)?(?:的)?(?:计划|预算|概算)(?!执行|完成|的?(?:收入|支出)|[^。；\n]{0,30}(?:完成|实现了|执行))"
)
_WEAK_PLANNED = re.compile(r"年(?:要|将|我们要|我们将)")
_BREAK_BEFORE = frozenset("。\n，！")
_HALF = re.compile(rf"({_YEAR})年上半年[^。\n]{{0,30}}(?:执行|完成|工作|运行)")
_TERM = re.compile(r"纲要[^。\n]{0,8}的报告|(?:五年计划|五年规划|“.{1,2}五”计划)[^。\n]{0,12}(?:报告|说明|议案)")


class Title(NamedTuple):
    """A line that names a report: paragraphs `first` to `last` (exclusive), joined offsets `start` to `end`."""

    first: int
    last: int
    start: int
    end: int


_WHOLE_PLAN = 1500
"""Characters of five-year plan from which a report without a plan for the year is no fragment."""


class Identity(NamedTuple):
    """What a document says of itself. `years` are the single years that cue words are filled with."""

    title: str | None
    title_at: tuple[int, int] | None
    """Joined offsets of the title."""
    kind: ReportKind | None
    years: Years
    interval: bool
    """Whether the document as a whole is of five-year plans (an outline, a report on one)."""
    reviewed: str | None
    planned: str | None
    half: bool = False
    """Whether it is of the first half of a year."""

    def settled(self, plans_a_year: bool, plan_of_five: int, reviews_five: bool) -> Identity:
        """The same with its years as intervals where the report turned out to be of five years throughout."""
        year = self.years.planned
        if self.interval or plans_a_year or not reviews_five or year is None or plan_of_five < _WHOLE_PLAN:
            return self
        opens_a_plan = plan_number(year) > 0 and plan_years(plan_number(year))[0] == year
        if not opens_a_plan and _TITLE_YEAR.search(self.title or ""):
            return self
        return self._replace(reviewed=span_text(year - 5, year - 1), planned=span_text(year, year + 4))


def year_number(text: str) -> int:
    """2023 or 二〇二三 as a number."""
    return int("".join(_HAN.get(char, char) for char in text))


def month_number(text: str) -> int:
    """3 or 十一 as a number."""
    if text.isdecimal() and text.isascii():
        return int(text)
    tens, mark, ones = text.rpartition("十")
    count = "〇一二三四五六七八九"
    return (10 if mark else 0) + (count.index(ones) if ones and ones in count else 0) + (0 if not tens else 10)


def find_titles(text: str, paragraphs: Sequence[Paragraph]) -> list[Title]:
    """Lines that name a report.

    A title broken over lines is put together; one at the head of a run-together text ends at its own last word.
    """
    titles = []
    index = 0
    while index < len(paragraphs):
        found = _title_at(text, paragraphs, index)
        if found:
            titles.append(found)
            index = found.last
        else:
            index += 1
    return titles


_TITLE_WORD = re.compile(r"报(?:告|$)|公报|纲要|规划|计划|关于")
_COLUMN = re.compile(r"(?:政府)?工作报告")
"""The name of a site's column, which is no part of the title below it."""


def _title_at(text: str, paragraphs: Sequence[Paragraph], index: int) -> Title | None:
    start, end = paragraphs[index].start, paragraphs[index].end
    if end - start > 110 and index > 3:
        return None
    head = text[start : min(end, start + 160)]
    stop = index + 1
    if end - start < 60 and not _REPORT.match(head):
        # the next lines may go on with a broken title
        while (
            stop < len(paragraphs)
            and stop - index < 6
            and paragraphs[stop].end - start < 120
            and _TITLE_WORD.search(head)
            and text[paragraphs[stop - 1].end - 1] not in "。：；，！"
            and not numbering(text[paragraphs[stop].start : paragraphs[stop].start + 12])
        ):
            if _COLUMN.fullmatch(head) and _REPORT.match(text, paragraphs[stop].start, paragraphs[stop].end):
                return None
            head = text[start : paragraphs[stop].end].replace("\n", "")
            stop += 1
            if _REPORT.match(head):
                break
        else:
            return None
    match = _REPORT.match(head)
    if match is None or numbering(head) or _NO_TITLE.search(head[: match.end() + 6]):
        return None
    rest = head[match.end() :]
    run_on = re.match(r"(?:——|（|[0-9]{4}年|①|\[|$|的说明)", rest)
    if stop == index + 1 and not run_on:
        second = _REPORT.match(rest)
        if second is None:
            return None
        return Title(index, stop, start + match.end(), start + match.end() + second.end())
    if stop == index + 1:
        return Title(index, stop, start, start + match.end())
    return Title(index, stop, start, paragraphs[stop - 1].end)


def identify(text: str, titles: Sequence[Title], body_at: int) -> Identity:
    """Title, kind and years of a text; `body_at` is where its first sentence stands (各位代表：)."""
    head = text[: max(_HEAD, body_at + 400)]
    best = _best_title(text, titles, body_at)
    named = _named_above(text)
    if best is None and named is not None:
        best = Title(0, 0, *named)
    title = text[best.start : best.end].replace("\n", "") if best else None
    kind = _kind(title, head, text)
    years = _years(title, kind, head, text)
    if years == Years() and named is not None:
        years = _years(text[named[0] : named[1]], kind, head, text)
    interval = _of_five_years(title, kind, head)
    number = _plan_of(title, text) if interval else 0
    if number:
        first = plan_years(number)[0]
        years = Years(first - 1, first, number)
    half = _HALF.search(title or head[:300])
    if half:
        years = Years(year_number(half[1]), year_number(half[1]))
    reviewed, planned = _written(years)
    return Identity(
        title, (best.start, best.end) if best else None, kind, years, interval, reviewed, planned, half is not None
    )


_NAMED = re.compile(r"(?:^|\n)(?:标题|题名|(?:文件|信息|公文)?名称)：(?=\S)")


def _named_above(text: str) -> tuple[int, int] | None:
    """Where the lines about a page (标题：2031年某县政府工作报告) name the report, when they do."""
    for line in _NAMED.finditer(text, 0, _HEAD):
        report = _REPORT.match(text, line.end(), line.end() + 120)
        if report:
            return report.span()
    return None


def _best_title(text: str, titles: Sequence[Title], body_at: int) -> Title | None:
    early = [title for title in titles if title.start <= max(body_at, _HEAD)] or list(titles[:1])
    if not early:
        return None
    full = [title for title in early if _TITLE_YEAR.search(text, title.start, title.end) or text[title.start] == "关"]
    return (full or early)[0]


def _kind(title: str | None, head: str, text: str) -> ReportKind | None:
    for pattern, kind in _KINDS:
        if title and re.search(pattern, title):
            return kind
    if title is None and _TERM.search(head[:500]) and not re.search(r"政府工作(?:的)?报告|报告政府工作", head[:500]):
        return "outline"
    if re.search(r"作政府工作报告|报告政府工作|政府工作报告|(?:大会|代表)报告工作", head):
        return "work"
    if re.search(r"计划执行情况.{0,30}计划（?草案）?|国民经济计划（?草案）?的?报告", head):
        return "plan"
    if re.search(r"预算执行情况.{0,30}预算（?草案）?", head):
        return "budget"
    if re.search(r"本?公报(?:中|数据)|统计局", head + text[-1500:]) and re.search(r"比上年增长", text[:6000]):
        return "stats"
    if re.search(r"(?:各位代表|本届政府)", text[:3000] + text[-1500:]):
        return "work"
    if re.search(r"工作回顾", head):
        return "work"
    if len(re.findall(r"五年计划|五年规划|“.{1,2}五”|计划纲要|规划纲要", head)) > 1:
        return "outline"
    if re.search(r"总理|国务院", text[:6000]) and re.search(r"报告", text[:6000]):
        return "work"
    if re.search(rf"{_YEAR}年国民经济计划", head):
        return "plan"
    return None


def _of_five_years(title: str | None, kind: ReportKind | None, head: str) -> bool:
    return kind == "outline" or bool(_TERM.search(title or head[:600]))


def _years(title: str | None, kind: ReportKind | None, head: str, text: str) -> Years:
    """The pair of years with most words for it: the title's, the session's, the sections', the sentences'."""
    reviewed: Counter[int] = Counter()
    planned: Counter[int] = Counter()
    if title:
        pair = _PLAN_TITLE.search(title)
        if pair:
            reviewed[year_number(pair["last"])] += 40
            planned[year_number(pair["next"])] += 40
        elif kind == "stats":
            for match in _TITLE_YEAR.finditer(title):
                reviewed[year_number(match["year"])] += 40
        elif kind == "work":
            for match in _TITLE_YEAR.finditer(title):
                planned[year_number(match["year"])] += 12
    for match in list(_SESSION.finditer(head))[:3]:
        year, month = year_number(match["year"]), month_number(match["month"])
        if kind == "stats":
            reviewed[year - 1] += 10
        else:
            planned[year + (1 if month >= 11 else 0)] += 12
    _count_plans(head, reviewed, planned)
    _count_sessions(head, planned)
    _count_terms(text, reviewed)
    _count_mentions(text, reviewed, planned)
    candidates = {year + 1 for year in reviewed} | set(planned)
    if not candidates:
        return Years()
    best = max(candidates, key=lambda year: (reviewed[year - 1] + planned[year], year))
    if reviewed[best - 1] + planned[best] < 5:
        return Years()
    return Years(best - 1, None if kind == "stats" else best)


_PLAN_AT_HAND = re.compile(r"第([一二三四五六七八九十]{1,3})个五年(?:规划|计划)(?:纲要)?（草案）")
_PLAN_REVIEWED = re.compile(r"“([一二三四五六七八九十]{1,3})五”(?:时期|期间|计划|规划)?[^，。\n]{0,12}回顾")


def _count_plans(head: str, reviewed: Counter[int], planned: Counter[int]) -> None:
    """A report that comes with the draft of a five-year plan plans that plan's first year."""
    for match in _PLAN_AT_HAND.finditer(head):
        number = _han_number(match[1])
        if number:
            planned[plan_years(number)[0]] += 12
    for match in _PLAN_REVIEWED.finditer(head):
        number = _han_number(match[1])
        if number:
            reviewed[plan_years(number)[1]] += 6


_ENDS_A_SPAN = re.compile(rf"年?(?:到|至|—)+{_YEAR}年")
_IN_A_SPAN = re.compile(rf"{_YEAR}年?(?:到|至|—)+$")
# The first session of each National People's Congress; from the fifth on they are five years apart.
_CONGRESSES = {1: 1954, 2: 1959, 3: 1964, 4: 1975}
_CONGRESS = re.compile(
    r"向(?:[^，。]{0,6})第([一二三四五六七八九十]{1,3})届全国人民代表大会(?:第([一二三四五六])次(?:会议|全体会议))?[^，。]{0,8}(?:作|做|提出|报告)"
)


def _count_sessions(head: str, planned: Counter[int]) -> None:
    """A report to a session of the National People's Congress plans the year it met in, by the session's number."""
    for match in _CONGRESS.finditer(head):
        number = _han_number(match[1])
        first = _CONGRESSES.get(number, 1978 + 5 * (number - 5))
        if number and first:
            planned[first + (_han_number(match[2]) - 1 if match[2] else 0)] += 6


def _count_mentions(text: str, reviewed: Counter[int], planned: Counter[int]) -> None:
    """Points for each year from the words around its mentions, and a little from where in the text it is named."""
    third = len(text) // 3
    early: Counter[int] = Counter()
    late: Counter[int] = Counter()
    for match in _MENTION.finditer(text):
        start, end = match.span()
        if _ENDS_A_SPAN.match(text, end) or _IN_A_SPAN.search(text, max(0, start - 12), start):
            continue
        year = year_number(match[0])
        if text.startswith("年", end):
            (early if start < third else late)[year] += 1
        before = text[max(0, start - 6) : start]
        opens = not before or before[-1] in _BREAK_BEFORE
        if (
            _AFTER_REVIEWED.match(text, end)
            or _BEFORE_REVIEWED.search(before)
            or (opens and before[-1:] != "，" and _SENTENCE_REVIEWED.match(text, end))
        ):
            reviewed[year] += 8 if _AFTER_REVIEWED.match(text, end) else 3
        if (
            _AFTER_PLANNED.match(text, end)
            or _BEFORE_PLANNED.search(before)
            or (opens and _SENTENCE_PLANNED.match(text, end))
        ):
            planned[year] += 5 if _AFTER_PLANNED.match(text, end) else 3
        elif _BUDGET_AHEAD.match(text, end):
            planned[year] += 2
        elif _WEAK_PLANNED.match(text, end):
            planned[year] += 1
        if _FIRST_COUNT.search(before):
            reviewed[year] += 5
        if _ESTIMATED.match(text, end) or _BEFORE_ESTIMATED.search(before):
            reviewed[year] += 2
    for votes, counts in ((reviewed, early), (planned, late)):
        for year, count in counts.items():
            votes[year] += min(count, 6)


def _count_terms(text: str, reviewed: Counter[int]) -> None:
    for match in _TERM_SINCE.finditer(text, 0, _HEAD):
        reviewed[year_number(match[1] or match[2]) + 4] += 6


def _written(years: Years) -> tuple[str | None, str | None]:
    """The years as the record writes them: 2023, or 2016/2020 where the document is of five-year plans."""
    if years.plan:
        last = span_text(*plan_years(years.plan - 1)) if years.plan > 1 else "1949/1952"
        return last, span_text(*plan_years(years.plan))
    if years.reviewed is None:
        return None, None
    return str(years.reviewed), None if years.planned is None else str(years.planned)


def _plan_of(title: str | None, text: str) -> int:
    """The five-year plan a document is about, by its number; 0 where it does not say.

    Its title names it, else it is the one most named: an outline speaks more of its own plan than of the last.
    """
    for place in (title or "", text):
        named = Counter(_ordinal(match) for match in _FIVE_YEARS.finditer(place))
        named.pop(0, None)
        if named:
            return max(named, key=lambda number: (named[number], number))
        spans = _SPAN_TITLE.search(place[:_HEAD])
        if spans and year_number(spans[2]) - year_number(spans[1]) == 4:
            return plan_number(year_number(spans[1]))
    return 0


def _ordinal(match: re.Match[str]) -> int:
    """Number of a five-year plan from its name: 第十四个五年 and “十四五” are the 14th, “十五” is the tenth."""
    return _han_number(match[1] or match[2] or "")


def _han_number(word: str) -> int:
    tens, mark, ones = word.rpartition("十")
    count = "〇一二三四五六七八九"
    if len(ones) > 1 or len(tens) > 1 or not word:
        return 0
    return (10 * (count.index(tens) if tens else 1) if mark else 0) + (count.index(ones) if ones else 0)


def span_text(first: int, last: int) -> str:
    """An interval of years as the record writes it."""
    return f"{first}/{last}"
