"""Which figures of a later report bear on a target, and how: the same thing, a part, a wider one, another measure.

Aspects decide, likeness only where no aspect differs. What one wording has and the other lacks must be said in the
words around the other (“菜篮子”工程 above 建成大棚), or the match stays loose: shown, but no verdict is drawn from it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from msgspec import structs

from taizhang.fold import fold
from taizhang.ledger.identity import Identity, Likeness, aspects, clean, fits, identify, likeness
from taizhang.lexicon import units
from taizhang.lexicon.indicators import indicators, scopes
from taizhang.lexicon.outcomes import listed, worth
from taizhang.model import Report, Sentence, Span, Statement

Grade = Literal["same", "part", "wider", "other"]
"""The same thing; a part of it; something that holds it; defined otherwise (净增 for 新增)."""

When = Literal["year", "sum", "within", "longer", "unsaid"]
"""Of the year asked for; of several years with it; of some months of it; of all of it where a part was asked for; not
said."""

STOCK = re.compile("总数|总量|累计|拥有|达到|达[0-9]")
_JOINED = re.compile("[和及与、]")
_CJK_RUN = re.compile(r"[一-鿿A-Za-z0-9]{2,}")
_FIRMS = re.compile("|".join(sorted(listed("firms"))))


# Who comes twice is two 人次 and one 人; a report that writes 150万 of a thing counted in 人次 means 人次.
_HEADS_AND_TIMES = ({"人", "人次"}, {"名", "人次"}, {"人", "人（次）"})


class Match(NamedTuple):
    """A statement of the later report that bears on a target, and the aspects in which it agrees or differs."""

    actual: Statement
    grade: Grade
    when: When
    same_measure: bool
    factor: Decimal | None
    """What a value of the actual is multiplied with to be in the target's unit; null where units do not compare."""
    score: float
    differ: tuple[str, ...]

    @property
    def direct(self) -> bool:
        """Whether the two numbers can be compared as they stand."""
        return (
            self.grade == "same" and self.when in ("year", "unsaid") and self.same_measure and self.factor is not None
        )


class Place(NamedTuple):
    """Words around a statement: its clause, its sentence, and the headings and lead that it stands under."""

    clause: str
    sentence: str
    above: str

    @property
    def all(self) -> str:
        return self.above + self.sentence


class Surroundings:
    """Words around the statements of one report, read once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._folded: dict[int, str] = {}
        self._places: dict[str, Place] = {}
        self._before: dict[int, str] = {}

    def sentence(self, index: int) -> str:
        """A sentence, folded."""
        if index not in self._folded:
            self._folded[index] = fold(self.report.document.slice(self.report.frame.sentences[index].span)).text
        return self._folded[index]

    def above(self, index: int) -> str:
        """Lead phrase and the nearest headings of a sentence, folded, and what its paragraph said before it."""
        if index not in self._before:
            frame = self.report.frame
            sentence = frame.sentences[index]
            words = [frame.headings[heading].title for heading in sentence.headings[-2:]]
            if sentence.lead is not None:
                words.append(self.report.document.slice(sentence.lead))
            self._before[index] = fold("。".join(words)).text + "。" + self._paragraph(index, sentence)
        return self._before[index]

    def told_before(self, statement: Statement) -> str:
        """What the paragraph of a statement says before its sentence, folded; three sentences at most."""
        if not 0 <= statement.sentence < len(self.report.frame.sentences):
            return ""
        return self._paragraph(statement.sentence, self.report.frame.sentences[statement.sentence])

    def _paragraph(self, index: int, sentence: Sentence) -> str:
        before = []
        for at in range(index - 1, max(-1, index - 4), -1):
            if self.report.frame.sentences[at].paragraph != sentence.paragraph:
                break
            before.append(self.sentence(at))
        return "".join(reversed(before))

    def of(self, statement: Statement) -> Place:
        """The words around a statement."""
        if statement.id not in self._places:
            if 0 <= statement.sentence < len(self.report.frame.sentences):
                whole = self.report.frame.sentences[statement.sentence].span
                clause = fold(self.report.document.slice(self._clause(whole, statement.span))).text
                self._places[statement.id] = Place(
                    clause, self.sentence(statement.sentence), self.above(statement.sentence)
                )
            else:
                self._places[statement.id] = Place(statement.text, statement.text, "")
        return self._places[statement.id]

    def _clause(self, whole: Span, span: Span) -> Span:
        text = self.report.document.text
        start, end = span.start, span.end
        while start > whole.start and text[start - 1] not in "，,；;。：:\n":
            start -= 1
        while end < whole.end and text[end] not in "，,；;。\n":
            end += 1
        return Span(start, end)


def year_of(period: str | None) -> str | None:
    """The last year of a period."""
    return None if period is None else period.split("/")[-1][:4]


def when(period: str | None, year: str) -> When | None:
    """How the period of a figure lies to the year asked for; null where it is of another time.

    An interval asked for (a target for five years together) is answered by that interval alone.
    """
    if "/" in year:
        return "year" if period == year else None
    if period is None:
        return "unsaid"
    first, _, last = period.partition("/")
    last = last or first
    if period == year or (first == f"{year}-01" and last == f"{year}-12"):
        return "year"
    if first[:4] <= year <= last[:4] and first[:4] != last[:4]:
        return "sum"
    if first[:4] == year == last[:4]:
        return "within"
    return None


def inside(period: str, year: str) -> bool:
    """Whether a period is a part of one year: a month, some months."""
    first, _, last = period.partition("/")
    return "/" not in year and len(first) > 4 and first[:4] == year == (last or first)[:4]


def _in_time(actual: str | None, target: Statement, year: str) -> bool:
    """Whether a figure of a part of the year answers a target that falls due within it: of its months, or by then.

    What grew or stood in half a year is told of that half year alone; what was built by May was built by June.
    """
    due = target.period
    if actual is None or due is None or not inside(due, year):
        return False
    return actual == due or (target.measure == "level" and actual.split("/")[-1] <= due.split("/")[-1])


@lru_cache(maxsize=65536)
def factor(actual: str, target: str, subject: str = "") -> Decimal | None:
    """What values in unit `actual` are multiplied with to be in unit `target`; null where the two do not compare."""
    if actual == target:
        return Decimal(1)
    here, there = worth().get(actual), worth().get(target)
    if here is not None and there is not None:
        if here[0] != there[0]:
            return None
        return (here[1] * there[2]) / (here[2] * there[1])
    if any(actual in kind and target in kind for kind in (listed("things"), listed("persons"), listed("times"))):
        return Decimal(1)
    if {actual, target} <= {"户", "家", "个"} and _FIRMS.search(subject):
        return Decimal(1)
    return None


def _dimension(unit: str) -> str:
    entry = units().get(unit)
    return entry.dimension if entry else unit


def match(
    target: Statement, around: Place, actual: Statement, near: Place, year: str, home: str | None
) -> Match | None:
    """How `actual` bears on `target`, or null where it does not. `home` is the place of both reports."""
    lies = when(actual.period, year)
    if lies is None or not target.indicator or not actual.indicator:
        return None
    if lies == "within" and _in_time(actual.period, target, year):
        lies = "year"
    elif lies == "year" and target.measure != "level" and target.period is not None and inside(target.period, year):
        lies = "longer"
    sign = _flows(target, actual)
    if sign is None:
        related = _relate(target, around, actual, near)
    else:
        related = _relate(_without_flow(target), around, _without_flow(actual), near)
    if related is None:
        return None
    grade, score, differ = related
    if not _same_place(target, actual, home):
        if grade != "same" or (home and target.place != home and actual.place != home):
            return None
        grade = "part" if actual.place != home else "wider"
        differ = (*differ, f"place:{target.place or ''}≠{actual.place or ''}")
    if grade == "same" and _elsewhere(target, around, near):
        grade, differ = "other", (*differ, "setting:农村≠城区")
    if {target.unit, actual.unit} in _HEADS_AND_TIMES:
        differ = (*differ, f"unit:{target.unit}≠{actual.unit}")
    same_measure = target.measure == actual.measure or sign is not None
    ratio = factor(actual.unit, target.unit, target.indicator) if same_measure else None
    if ratio is not None and sign is not None:
        ratio *= sign
    if same_measure and ratio is None and score >= 0.9 and _unit_left_out(target, actual):
        ratio = Decimal(1)
    if same_measure and ratio is None and (grade != "same" or score < 0.9):
        return None
    return Match(actual, grade, lies, same_measure, ratio, score, differ)


_RATES = re.compile("[、和及与]")


def each_rate(statement: Statement) -> tuple[Statement, ...]:
    """A share told of several rates at once (建成率和接入率均为100%) once for each; any other figure as it is."""
    if statement.unit not in ("%", "‰") or statement.measure != "level":
        return (statement,)
    names = _RATES.split(statement.indicator or "")
    if len(names) < 2 or not all(len(name) >= 3 and name.endswith(("率", "覆盖面")) for name in names):
        return (statement,)
    return (statement, *(structs.replace(statement, indicator=name) for name in names))


_MORE_OF = re.compile("新增|新建|增加|净增|新发展")


def _flows(target: Statement, actual: Statement) -> Decimal | None:
    """The sign by which an amount of new things answers a rise in their number, or people lifted out of poverty a fall.

    增加沼气用户500万 is answered by 新增沼气用户510万, and 脱贫1000万人 by 贫困人口减少1200万. Null for all else.
    """
    if {target.measure, actual.measure} != {"level", "change"}:
        return None
    level, change = (target, actual) if target.measure == "level" else (actual, target)
    name, other = level.indicator or "", change.indicator or ""
    if change.value > 0 and _MORE_OF.search(name) and _dimension(level.unit) in ("count", "household", "people"):
        return Decimal(1)
    if change.value < 0 and re.search("脱贫|减少", name) and "贫困人口" in name and "贫困人口" in other:
        return Decimal(-1)
    return None


_FLOW_WORDS = re.compile("新增|新建|增加|净增|新发展|减少|实现脱贫|稳定脱贫|脱贫|任务")


def _without_flow(statement: Statement) -> Statement:
    return structs.replace(statement, indicator=_FLOW_WORDS.sub("", statement.indicator or "") or statement.indicator)


_RURAL = re.compile("农村|乡村|下乡|村庄|行政村|各村")
_URBAN = re.compile("城市|城区|县城|主城|市区|街区|城镇|城乡")


def _elsewhere(target: Statement, around: Place, near: Place) -> bool:
    """Whether things counted in the villages are held against things counted in the town (新建公厕)."""
    if _dimension(target.unit) != "count" or target.measure != "level":
        return False
    mine, theirs = around.sentence, near.above.rsplit("。", 2)[0] + near.sentence
    rural = _RURAL.search(mine) and not _URBAN.search(mine)
    return bool(rural and _URBAN.search(theirs) and not _RURAL.search(near.sentence))


def _unit_left_out(target: Statement, actual: Statement) -> bool:
    """突破150万 of a thing that is counted in 人次, or 岗位5000个 of jobs: the concept knows what is counted."""
    known = identify(target.indicator or "", "", target.measure)
    if known is None:
        return False
    wanted = indicators()[known.concept].dimension
    one, other = _dimension(target.unit), _dimension(actual.unit)
    bare = "" in (target.unit, actual.unit)
    if {target.unit, actual.unit} in _HEADS_AND_TIMES:
        return "people" in wanted
    return bare or (
        "people" in wanted and {one, other} == {"people", "count"} and "人次" not in (target.unit, actual.unit)
    )


# 用于这方面的支出: of what, only the sentences before tell.
_POINTS = re.compile("这方面|这些方面|此项|这项|为此")


_FUND = re.compile(
    r"(?P<payer>(?:中央|各级|地方|省级?|市级?|县级?|区级?)?(?:财政|政府)|中央)?(?:预算内?)?"
    r"(?:共|累计|新增|继续|再|拟|将|计划|安排|投入|拨付|下达|筹措|落实|用于|投向)*"
    r"(?P<purpose>[^，。；]{2,16}?)(?:方面)?的?(?:专项)?(?:资金|经费|支出|投入)"
)


@lru_cache(maxsize=65536)
def fund(indicator: str) -> tuple[str, str] | None:
    """Who pays and for what, of an amount set aside or spent (中央财政用于科技的支出: 中央财政, 科技); else null."""
    found = _FUND.fullmatch(clean(indicator))
    return (found["payer"] or "", found["purpose"]) if found else None


def _same_fund(target: Statement, actual: Statement) -> bool:
    """Whether both are money for one purpose, from one payer: 科技投入 of a plan is the 支出 for 科技 of the review."""
    one, other = fund(target.indicator or ""), fund(actual.indicator or "")
    if one is None or other is None or not (one[0] or other[0]):
        return False
    return one[1] == other[1] and (one[0] == other[0] or "" in (one[0], other[0])) and tells(one[1])


def points_back(indicator: str) -> bool:
    """Whether a name only points to what was said before it."""
    return _POINTS.search(indicator) is not None


def _same_place(target: Statement, actual: Statement, home: str | None) -> bool:
    return target.place == actual.place or {target.place, actual.place} <= {home, None}


def _relate(
    target: Statement, around: Place, actual: Statement, near: Place
) -> tuple[Grade, float, tuple[str, ...]] | None:
    assert target.indicator and actual.indicator
    if pays_only(target.indicator) or pays_only(actual.indicator) or points_back(target.indicator):
        return None
    if rest_of_name(actual.indicator):
        return None
    if _same_fund(target, actual):
        return "same", 0.95, ()
    one = identify(target.indicator, target.unit, target.measure)
    other = identify(actual.indicator, actual.unit, actual.measure)
    if one is not None and other is not None:
        if other.concept == "农民人均纯收入" and one.axis("residence") == "农村" and "可支配" not in target.indicator:
            return "same", 0.9, ()  # 农村居民收入 does not say which; before 2013 it was counted net
        if one.concept == other.concept:
            return _scopes(one, other, target, around, near)
        differ = (f"concept:{one.concept}≠{other.concept}",)
        if other.concept in indicators()[one.concept].akin or one.concept in indicators()[other.concept].akin:
            return "other", 0.8, differ
        return ("wider", 0.8, differ) if _holds(other, one) else ("part", 0.8, differ) if _holds(one, other) else None
    if (one is None) != (other is None):
        # A known indicator and an unknown wording: one letter may make it another thing.
        if _dimension(target.unit) != _dimension(actual.unit):
            return None
        graded = _alike(target, around, actual, near)
        if graded is None or graded[1] < 0.7:
            return None
        return graded
    if not _may_be_alike(target.indicator, actual.indicator):
        return None
    return _alike(target, around, actual, near)


# 方面的支出 has lost what the aspect is.
_REST_OF_NAME = re.compile("^(?:等)?(?:各|多|这|几)?(?:方面|领域|环节)的?")


def _holds(wide: Identity, narrow: Identity) -> bool:
    return wide.concept in indicators()[narrow.concept].within


def _scopes(
    one: Identity, other: Identity, target: Statement, around: Place, near: Place
) -> tuple[Grade, float, tuple[str, ...]] | None:
    """Two figures of one concept: the same if all axes agree, or if what one leaves unsaid stands beside it."""
    grade: Grade = "same"
    differ = []
    counted = fits(_dimension(target.unit), ("count",))
    if counted and target.measure == "level" and _is_flow(one) and _is_stock(other, near):
        return "other", 0.9, ("flow:新增≠总数",)
    for axis in one.differing(other):
        mine, theirs = one.axis(axis) or "", other.axis(axis) or ""
        if axis == "flow" and not counted:
            continue  # 新增 before an amount of money was carried on from the firms counted before it
        step = _axis(axis, mine, theirs, target, around, near)
        if step is None:
            return None
        if step != "agree":
            differ.append(f"{axis}:{mine}≠{theirs}")
            if step != "noted":
                grade = step
    return grade, 1.0 if not differ else 0.9, tuple(differ)


def _is_flow(known: Identity) -> bool:
    return known.axis("flow") in ("新增", "净增") or known.axis("work") is not None


def _is_stock(known: Identity, near: Place) -> bool:
    if known.axis("flow") in ("总数", "累计"):
        return True
    return not known.scope and STOCK.search(near.clause) is not None


def _axis(
    axis: str, mine: str, theirs: str, target: Statement, around: Place, near: Place
) -> Grade | Literal["agree", "noted"] | None:
    both = bool(mine and theirs)
    if axis == "flow":
        if {mine, theirs} == {"新增", "净增"}:
            return "part" if theirs == "净增" else "wider"
        if {mine, theirs} <= {"", "总数"}:
            return "agree"
        if "年均" in (mine, theirs):
            return "noted"
        if mine in ("", "总数") and theirs == "累计":
            return "noted"
        # 认定X 30家 against X 新增: the verb is gone, but a flow it is only if a word beside it says so.
        unsaid = around if not mine else near
        return "noted" if not both and re.search("新增|新建|新认定|净增", unsaid.clause) else None
    if axis == "residence":
        if not both or "城乡" in (mine, theirs):
            return (
                "part"
                if mine in ("", "城乡") and theirs not in ("", "城乡")
                else ("agree" if {mine, theirs} <= {"", "城乡"} else "wider")
            )
        return None
    if axis in ("price", "basis"):
        return None if both else "noted"
    if axis == "work":
        return None if both and not (set(mine) & set(theirs)) else "agree"
    if axis == "rank" and both:
        return "part" if mine.endswith("以上") and theirs == mine.removesuffix("以上") else None
    if both:
        return None
    word = mine or theirs
    words = scopes()[word].words if word in scopes() else (word,)
    place = near if mine else around
    if any(each in place.sentence for each in words):
        return "agree"
    return "wider" if mine else "part"


@lru_cache(maxsize=262144)
def _may_be_alike(one: str, other: str) -> bool:
    """Two letters in common, without which no likeness is worth computing."""
    mine = clean(one)
    return any(mine[at : at + 2] in other for at in range(len(mine) - 1))


def _alike(
    target: Statement, around: Place, actual: Statement, near: Place
) -> tuple[Grade, float, tuple[str, ...]] | None:
    assert target.indicator and actual.indicator
    alike = likeness(target.indicator, actual.indicator)
    if alike.score < 0.55:
        return None
    if not tells(aspects(target.indicator).core) and clean(target.indicator) != clean(actual.indicator):
        return None  # 重点项目 alone could be any
    left = []
    grade: Grade = "same"
    for each in alike.differ:
        axis, _, sides = each.partition(":")
        mine, _, theirs = sides.partition("≠")
        if axis == "flow":
            if {mine, theirs} == {"新增", "净增"}:
                grade = "part" if theirs == "净增" else "wider"
            elif {mine, theirs} & {"累计", "总数"} and {mine, theirs} & {"新增", "净增"}:
                return None
            elif "新增" in (mine, theirs) or "净增" in (mine, theirs):
                if mine and STOCK.search(near.clause):
                    return None
                made = aspects(actual.indicator if mine else target.indicator).work
                counted = fits(_dimension(target.unit), ("count",))
                if counted and "make" not in made:
                    return None
        elif axis in ("price", "basis") or (axis == "residence" and {mine, theirs} <= {"", "城乡"}):
            pass
        elif axis == "work":
            if "renew" in each or "train" in each:
                return None  # 改造 is not 新建, and people trained are not people moved
            left.append(each)
        elif axis == "rank" and not (mine and theirs):
            said = mine or theirs
            if said not in (near if mine else around).sentence:
                grade = "wider" if mine else "part"
                left.append(each)
        else:
            return None
    explained = _explain(alike, around, near)
    if explained is None:
        return None
    if explained[2] and explained[1] <= 0.75 and any(each.startswith("flow:") for each in alike.differ):
        return None  # 收储建设用地 against 新增建设用地规模: two differences are too many
    if grade == "same":
        grade = explained[0]
    return grade, explained[1], (*left, *explained[2])


def _explain(alike: Likeness, around: Place, near: Place) -> tuple[Grade, float, tuple[str, ...]] | None:
    """Whether the words that only one side has stand beside the other side."""
    if alike.score == 1:
        return "same", 1.0, ()
    if alike.score < 0.55:
        return None
    if alike.left and alike.right:
        # Both name other things besides: what they share is neither the whole of the one nor of the other.
        return None
    missing = alike.left or alike.right
    place = near if alike.left else around
    # Where the head nouns differ (操场 of a 幼儿园), no words around make the two the same thing.
    if alike.score > 0.65 and _said_in(missing, place.all):
        return "same", 0.9, ()
    differ = (f"words:{alike.left}≠{alike.right}",)
    if alike.right and _JOINED.search(alike.right):
        return "wider", max(alike.score, 0.7), differ  # 平价超市和直销店 holds 平价超市
    if alike.score < 0.65:
        return None
    return ("wider" if alike.left else "part"), alike.score, differ


# 超百亿元产业集群: how large a thing must be to be counted narrows what it is, whatever its name.
THRESHOLD = re.compile("[百千万亿][万亿]?元(?:以上)?[一-鿿]{2}|规模以上")


def narrowed_by_size(actual: Statement, near: Place) -> bool:
    """Whether a figure counts things of a size that stands right before their name (超百亿元产业集群达到76个)."""
    at = near.clause.find("".join(actual.text.split()))
    return _SIZE.search(near.clause[:at] if at >= 0 else near.clause) is not None


_SIZE = re.compile("超[0-9百千万亿.]+元|[0-9百千万亿]元以上|[百千万]亿级")


def rest_of_name(indicator: str) -> bool:
    """Whether a name is the end of one whose beginning was lost: 方面的支出."""
    return _REST_OF_NAME.match(indicator) is not None


def tells(core: str) -> bool:
    """Whether a core names a thing, once the words that any sentence has are taken out."""
    for word in sorted(listed("empty"), key=len, reverse=True):
        core = core.replace(word, "")
    return len(core) >= 2


_PAYER = re.compile("财政|政府|中央|国家|国务院")


@lru_cache(maxsize=65536)
def pays_only(indicator: str) -> bool:
    """Whether a name says who pays and nothing of what for: 中央财政安排资金 is a figure of anything."""
    if not _PAYER.search(indicator):
        return False
    rest = clean(indicator)
    for word in sorted(listed("payers"), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < 2


def _said_in(words: str, text: str) -> bool:
    runs = [run for run in _CJK_RUN.findall(words) if run not in listed("empty")]
    if not runs:
        return True
    return all(run in text or any(_half(run, text)) for run in runs)


def _half(run: str, text: str) -> list[bool]:
    """Longer words may be said in pieces: 二字 of each half of them must stand there."""
    if len(run) < 4:
        return [False]
    halves = (run[: len(run) // 2], run[len(run) // 2 :])
    return [all(half[:2] in text or half[-2:] in text for half in halves)]
