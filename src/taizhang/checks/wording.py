"""How a target's words and number move over the years, and from the level above to the one below.

None of it is a mistake: a softer word, a target under the last result, a number repeated for years are choices that a
reader may want to see. So nothing here is an error.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from taizhang.checks.doubt import told
from taizhang.checks.facts import (
    Fact,
    clause_start,
    facts_of,
    figures,
    named,
    plain,
    side,
    side_of,
    successive,
)
from taizhang.checks.intervals import step
from taizhang.checks.order import by_year, last_year_of
from taizhang.checks.registry import make
from taizhang.fold import fold
from taizhang.ledger.identity import clean
from taizhang.lexicon import alternation
from taizhang.lexicon.indicators import indicators
from taizhang.model import Finding, Report, Side, Span, Statement

_FIRM = re.compile(r"确保|必须|坚决|不低于|不少于")
_STRIVE = re.compile(r"力争|争取|努力")
_DIRECTION_ONLY = re.compile(
    r"持续改善|稳步提[高升]|合理增长|保持稳定|基本稳定|总体稳定|稳定增长|平稳增长|稳步增长|较快增长|稳中有[升进]|同步增长|基本同步|有所[^，。]{2}|"
    r"持续[^，。]{0,4}(?:提[高升]|增长|下降)|进一步[^，。]{0,4}(?:提[高升]|改善)"
)
_FEW_WORDS = 14
"""How far words of direction may stand behind the indicator that they are said of."""

_LONG = 3
"""From how many years on an unchanged target is worth a line."""


class Aim(NamedTuple):
    """A target with how hard its words are."""

    fact: Fact
    firm: int
    """2 with 确保 or 不低于, 0 with 力争, 1 with neither."""

    @property
    def loose(self) -> bool:
        return self.fact.statement.comparator in ("about", "nearly")

    @property
    def words(self) -> str:
        """The target as it was put: its strongest word, the number, and 以上 or 左右."""
        lead = _FIRM.search(self.lead) or _STRIVE.search(self.lead)
        return f"{lead[0] if lead else ''}{plain(self.fact)}"

    @property
    def lead(self) -> str:
        """The words of the clause before the number."""
        return re.split(r"[，；、]", clause_start(self.fact))[-1]


Aims = dict[tuple[str, str, str | None], Aim]
"""Targets by key, measure and place."""


def aims(report: Report) -> Aims:
    """The yearly targets of a report's plan, one of a key: the base target where a stretch target stands beside it."""
    planned = report.frame.year_planned
    found: dict[tuple[str, str, str | None], list[Aim]] = defaultdict(list)
    for fact in facts_of(report):
        statement = fact.statement
        if statement.kind != "target" or fact.part != "plan" or statement.period != planned or fact.key is None:
            continue
        if statement.measure != "growth" and (statement.measure != "level" or fact.how("indicator") != "written"):
            continue
        lead = re.split(r"[，；、]", clause_start(fact))[-1]
        firm = 2 if _FIRM.search(lead) else 0 if _STRIVE.search(lead) else 1
        found[fact.key, statement.measure, statement.place].append(Aim(fact, firm))
    return {key: held[0] for key, held in found.items() if len({aim.fact.statement.value for aim in held}) == 1}


def wording(reports: Sequence[Report]) -> Iterator[Finding]:
    """Every finding about how targets move: within a report, from year to year, and between two levels."""
    for report in by_year(reports):
        yield from _below_actual(report)
    for earlier, later in successive(reports):
        old, new = aims(earlier), aims(later)
        yield from _softened(old, new)
        yield from _gone(earlier, later, old, new)
    yield from _unchanged(reports)
    yield from _above_parent(reports)


def _below_actual(report: Report) -> Iterator[Finding]:
    """A target that asks for strikingly less than was already reached.

    A little less is the custom (a floor that holds in bad years, 城镇新增就业 every year), and so is a ceiling above
    what was reached (失业率控制在5.5%以内), so neither is told.
    """
    planned = last_year_of(report.frame.year_planned)
    if planned is None:
        return
    reached = figures(report, "actual", "level", str(planned - 1))
    for (key, measure, place), aim in aims(report).items():
        known = aim.fact.identity
        actual = reached.get((key, place))
        if measure != "level" or actual is None or known is None or known.direction != "more" or not actual.exact:
            continue
        if aim.fact.statement.value_max is not None or aim.fact.statement.comparator == "le":
            continue
        if not _striking(aim.fact, actual):
            continue
        weighty = aim.fact.statement.unit in ("%", "元") and "投资" not in known.concept
        yield told(
            "wording.below-actual", [aim.fact, actual], f"{plain(aim.fact)} ↔ {plain(actual)}",
            severity=None if weighty and not _a_years_work(actual) else "info",
            name=named(aim.fact), target=plain(aim.fact), actual=plain(actual), year=str(planned - 1),
            planned=str(planned),
        )  # fmt: skip


_POINT = Decimal(1)
_SHORT = Decimal("0.95")
_SHORT_OF_FLOOR = Decimal("0.9")
_OTHER_THING = Decimal("0.1")
_FEW = Decimal(10)
"""Counts below this say little when they halve."""
_SHORT_OF_WORK = Decimal("0.5")
_WORK = re.compile(
    r"[新改扩重）]建|项目|新增|新开|认定|改造|实施|建成|建设|完成|打通|培训|造林|绿化|营造|净增|就业|转移|脱贫|治理|修复|开工|引进|争取|培育|[栽种]植|"
    r"整治|清理|改厕|发放|创建|流转|补水|压减|化解|淘汰"
)


def _striking(goal: Fact, got: Fact) -> bool:
    """Whether a target is so far under what was reached that custom does not explain it.

    A rate by more than a point, a stock or a yearly total by more than a twentieth (a floor with 以上 by a tenth), a
    year's work by more than half. A tenth of it and less are two things (a stock of firms, and how many to add).
    """
    asked, reached = goal.statement.value, got.statement.value
    if goal.statement.unit in ("%", "‰"):
        return reached - asked > _POINT
    if step(got.statement) == 0 and reached < _FEW:
        return False
    least = _SHORT if goal.statement.comparator == "eq" else _SHORT_OF_FLOOR
    if _a_years_work(got) or _a_years_work(goal):
        least = _SHORT_OF_WORK
    return reached * _OTHER_THING < asked < reached * least


def _a_years_work(fact: Fact) -> bool:
    """Whether a figure counts what was done in its year: a smaller plan for the next is the custom."""
    known = fact.identity
    if known is not None and known.axis("flow") is not None:
        return True
    return _WORK.search(fact.statement.indicator or "") is not None


def _softened(old: Aims, new: Aims) -> Iterator[Finding]:
    """以上 → 左右, 确保 → 力争."""
    for key, aim in new.items():
        was = old.get(key)
        if was is None:
            continue
        rounder = aim.loose and not was.loose and _sided(aim.fact) and not _more_asked(was.fact, aim.fact)
        weaker = was.firm == 2 and aim.firm == 0
        if rounder or weaker:
            yield told(
                "wording.softened", [aim.fact, was.fact], f"{was.words} → {aim.words}",
                name=named(aim.fact), was=was.words, now=aim.words,
            )  # fmt: skip


def _sided(fact: Fact) -> bool:
    """Whether more or less of it is better: a deficit rate of 3.2%左右 after 3.6%以上 is neither softer nor harder."""
    known = fact.identity
    return fact.statement.measure == "growth" or (known is not None and known.direction is not None)


def _more_asked(was: Fact, now: Fact) -> bool:
    """Whether the number itself asks for more than last year's: then 左右 is no softening."""
    known = now.identity
    less = known is not None and known.direction == "less" and now.statement.measure == "level"
    one, other = was.statement.value, now.statement.value
    return abs(other) < abs(one) if less else abs(other) > abs(one)


def _gone(earlier: Report, later: Report, old: Aims, new: Aims) -> Iterator[Finding]:
    """A target of last year that this plan has no number for: said in words, in another scope, or not at all."""
    words = _plan_words(later)
    if not new or later.frame.kind not in ("work", "plan") or not _whole(earlier, later):
        return
    if any(_THE_REST.search(text) for _, text in words):
        return
    dropped: set[str] = set()
    changed: set[str] = set()
    there = {
        (fact.identity.concept, fact.statement.measure) for fact in facts_of(later) if _aimed(fact) and fact.identity
    }
    for (key, measure, place), aim in old.items():
        known = aim.fact.identity
        if (key, measure, place) in new or known is None or not _headline(aim.fact):
            continue
        moved = [
            other
            for (_, other_measure, other_place), other in new.items()
            if other.fact.identity
            and other.fact.identity.concept == known.concept
            and (other_measure, other_place) == (measure, place)
            and other.fact.statement.unit == aim.fact.statement.unit
            and (other.fact.key, measure, place) not in old
        ]
        if moved:
            axes = known.differing(moved[0].fact.identity) if moved[0].fact.identity else ()
            shared = "城乡" in named(aim.fact) + named(moved[0].fact)  # 均增长7% of both
            shared = shared or {"城镇", "农村"} <= {
                each.fact.identity.axis("residence") for each in moved if each.fact.identity
            }  # 分别增长7%和8% of each
            new_one = moved[0].fact.statement.id
            if axes and set(axes) <= {"area", "size", "residence"} and not shared and new_one not in changed:
                changed.add(new_one)
                yield told(
                    "wording.scope", [moved[0].fact, aim.fact],
                    f"{known.key} → {moved[0].fact.identity.key if moved[0].fact.identity else ''}",
                    name=named(aim.fact), was=f"{named(aim.fact)}{plain(aim.fact)}",
                    now=f"{named(moved[0].fact)}{plain(moved[0].fact)}",
                )  # fmt: skip
            continue
        if any(concept == known.concept or {concept, known.concept} <= _IN_BOTH for concept, _ in there):
            continue
        name = clean(aim.fact.statement.indicator or "")
        entry = indicators()[known.concept]
        spoken = _spoken_of((name, known.concept, *entry.variants, *entry.scoped), words)
        if spoken is None and known.concept not in dropped:
            dropped.add(known.concept)
            yield told(
                "wording.dropped", [aim.fact], f"{name} ∉ plan", name=named(aim.fact), was=aim.words,
                year=str(last_year_of(later.frame.year_planned)),
            )  # fmt: skip
        elif spoken is not None and _DIRECTION_ONLY.search(spoken[1]):
            yield make(
                "wording.softened", [_words_side(later, spoken[0]), side(aim.fact)], f"{aim.words} → {spoken[1]}",
                name=named(aim.fact), was=aim.words, now=spoken[1],
            )  # fmt: skip


def _aimed(fact: Fact) -> bool:
    return fact.statement.kind == "target" and fact.part == "plan"


def _headline(fact: Fact) -> bool:
    """Among the main targets: the sentence or the one before it says 目标, or holds several targets."""
    report = fact.report
    index = fact.statement.sentence
    spans = [report.frame.sentences[at].span for at in range(max(0, index - 1), index + 1)]
    return any("目标" in report.document.text[span.start : span.end] for span in spans)


_HALF_YEAR = re.compile("下半年|[三四]季度|后[四五六]个月")
# 其他约束性指标完成市定任务 takes in whatever is not named.
_THE_REST = re.compile("(?:其他|其它|其余)[^，。；]{0,10}(?:指标|目标)[^，。；]{0,10}(?:完成|达到|控制在)")
# A plan that sets one rate for town and country sets it for each.
_IN_BOTH = frozenset({"居民人均可支配收入", "农民人均纯收入"})
_TORN_TEXT = {"frame.cut-off", "frame.hole", "frame.missing-section", "frame.no-plan", "frame.no-review"}
_SHORT_PLAN = 2500
"""A plan part with fewer characters than this is an excerpt: what it does not name, the report may."""


def _whole(earlier: Report, later: Report) -> bool:
    """Whether the later report's plan is for the one year after the earlier's, and stands there whole."""
    was, now = earlier.frame.year_planned or "", later.frame.year_planned or ""
    if not (was.isdigit() and now.isdigit() and int(now) == int(was) + 1):
        return False  # the plan of five years names other things than a year's
    if later.frame.holes or any(finding.code in _TORN_TEXT for finding in later.findings):
        return False
    if any(_HALF_YEAR.search(heading.title) for heading in later.frame.headings if heading.part == "plan"):
        return False  # given in July, after an election: it plans half a year
    size, size_before = (sum(len(text) for _, text in _plan_words(report)) for report in (later, earlier))
    return size >= _SHORT_PLAN and size * 3 >= size_before


def _plan_words(report: Report) -> list[tuple[int, str]]:
    """The sentences of the plan part and all headings, folded, with where they begin in the source."""
    text = report.document.text
    held = [
        (heading.span.start, fold(text[heading.span.start : heading.span.end]).text)
        for heading in report.frame.headings
    ]
    for sentence in report.frame.sentences:
        if report.frame.blocks[sentence.block].part == "plan":
            held.append((sentence.span.start, fold(report.document.text[sentence.span.start : sentence.span.end]).text))
    return held


_SHORTER = re.compile(r"^(?:城镇|农村|规模以上|全社会|地区|地方|全部)|总额|人均|总值|可支配|全国|国内")


_CORE = re.compile(r"能耗|碳排放|二氧化硫|化学需氧量|利用外资")
"""What a plan may say for short: 降低能耗强度 names the target of 单位生产总值能耗."""


def _spoken_of(names: Sequence[str], words: Sequence[tuple[int, str]]) -> tuple[Span, str] | None:
    """Where the plan names the indicator by any of its names, and the words behind it.

    The first such place with words of direction, else the first at all.
    """
    wanted = {short for name in names for short in (name, _SHORTER.sub("", name)) if len(short) >= 2}
    wanted |= {core[0] for name in names if (core := _CORE.search(name))}
    pattern = re.compile(alternation(wanted))
    first: tuple[Span, str] | None = None
    for start, text in words:
        for found in pattern.finditer(text):
            said = re.split(r"[，。；]", text[found.start() : found.end() + _FEW_WORDS])[0]
            place = (Span(start + found.start(), start + found.start() + max(1, len(said))), said)
            if _DIRECTION_ONLY.search(said):
                return place
            first = first or place
    return first


def _words_side(report: Report, span: Span) -> Side:
    stop = min(span.end, len(report.document.text))
    return side_of(report, Span(min(span.start, stop - 1), stop))


def _unchanged(reports: Sequence[Report]) -> Iterator[Finding]:
    """The same number for three years and more. Told once, for the longest run."""
    series: dict[tuple[str, str, str | None], dict[int, Aim]] = defaultdict(dict)
    for report in by_year(reports):
        planned = last_year_of(report.frame.year_planned)
        if planned is None:
            continue
        for key, aim in aims(report).items():
            series[key].setdefault(planned, aim)
    for aims_of in series.values():
        run: list[int] = []
        for year in [*sorted(aims_of), 0]:
            last = aims_of[run[-1]].fact.statement if run else None
            if last and year == run[-1] + 1 and _same_target(last, aims_of[year]):
                run.append(year)
                continue
            if len(run) >= _LONG:
                aim = aims_of[run[-1]]
                yield told(
                    "wording.unchanged", [aims_of[each].fact for each in reversed(run)],
                    " = ".join(plain(aims_of[each].fact) for each in run),
                    name=named(aim.fact), target=plain(aim.fact), years=str(len(run)), first=str(run[0]),
                    last=str(run[-1]),
                )  # fmt: skip
            run = [year] if year else []


def _same_target(last: Statement, aim: Aim) -> bool:
    now = aim.fact.statement
    return (last.value, last.value_max, last.comparator) == (now.value, now.value_max, now.comparator)


_RANKS: Mapping[str, int] = {
    "国": 4,
    "省": 3,
    "自治区": 3,
    "市": 2,
    "州": 2,
    "盟": 2,
    "地区": 2,
    "县": 1,
    "区": 1,
    "旗": 1,
}
_MUNICIPALITIES = ("北京市", "上海市", "天津市", "重庆市")


def _rank(place: str | None) -> int | None:
    """How high a place stands by its name: 4 the country, 3 a province, 2 a city, 1 a county; null where that fails."""
    if not place:
        return None
    if place in _MUNICIPALITIES:
        return 3
    ending = max((word for word in _RANKS if place.endswith(word)), key=len, default=None)
    return _RANKS[ending] if ending else None


def _above_parent(reports: Sequence[Report]) -> Iterator[Finding]:
    """加码: a place aims higher than the one above it, for the same indicator and year."""
    for child in by_year(reports):
        for parent in by_year(reports):
            low, high = _rank(child.frame.place), _rank(parent.frame.place)
            if low is None or high is None or low >= high:
                continue
            if not child.frame.year_planned or child.frame.year_planned != parent.frame.year_planned:
                continue
            above = {
                (key, measure): aim
                for (key, measure, place), aim in aims(parent).items()
                if place == parent.frame.place
            }
            for (key, measure, place), aim in aims(child).items():
                over = above.get((key, measure))
                if over is None or place != child.frame.place or aim.fact.statement.unit != "%":
                    continue
                known = aim.fact.identity
                if measure != "growth" and (known is None or known.direction != "more"):
                    continue
                if known is None or known.direction == "less":
                    continue
                ours, theirs = aim.fact.statement, over.fact.statement
                if ours.value > (theirs.value_max or theirs.value):
                    yield told(
                        "wording.above-parent", [aim.fact, over.fact],
                        f"{plain(aim.fact)} > {plain(over.fact)}",
                        name=named(aim.fact), target=plain(aim.fact), parent=parent.frame.place or "",
                        theirs=plain(over.fact), place=child.frame.place or "",
                    )  # fmt: skip
