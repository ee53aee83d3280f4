"""What became of each target: last year's promise beside what this year's report says of it.

Growth answers growth and level answers level, of the same year, unit, scope and place; the verdict holds at the
precision written. What only bears on a target (another measure, a part, a wider thing, a sum of several years) makes
it `unclear` and is shown. Where no figure answers, plain words may: 建成投用. What nobody reports on is `unreported`,
and that is proved: the words looked for, the passages nearest to them, the sections that the page lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from taizhang.checks.bounds import bounds
from taizhang.checks.intervals import interval
from taizhang.checks.judge import Judged, judge
from taizhang.checks.match import (
    Match,
    Surroundings,
    each_rate,
    factor,
    inside,
    match,
    narrowed_by_size,
    tells,
    year_of,
)
from taizhang.checks.order import common_year, in_order, reviewed
from taizhang.checks.proof import doubtful_name, nowhere, part_at, proof
from taizhang.checks.qualitative import qualitative
from taizhang.checks.say import amount, amount_en, period_zh, why_loose
from taizhang.checks.stages import Told, likely, task_done, told, unmet
from taizhang.checks.targets import named_things, of_more_years, targets, unsure
from taizhang.ledger.identity import aspects, clean, identify
from taizhang.model import Outcome, Proof, Report, Side, Statement, Verdict

RULE = "outcomes/1"


def outcomes(earlier: Report, later: Report) -> list[Outcome]:
    """What became of every target that `earlier` set for the year that `later` reports on, in text order.

    Raises `CheckError` where the two cannot be compared: two places, the same report, out of order, years apart.
    """
    year = common_year(earlier, later)
    shelf = {report.document.id: Surroundings(report) for report in (earlier, later)}
    return _Pair(earlier, later, year, shelf).outcomes()


def outcomes_over(reports: Iterable[Report]) -> list[Outcome]:
    """The same over any number of reports of one place, given in any order.

    Neighbouring years are compared pair by pair. A target for a later year (到2025年) is answered by the report on that
    year, and its `sides` show the figures of the years between, where they were given.
    """
    ordered = in_order(reports)
    shelf = {report.document.id: Surroundings(report) for report in ordered}
    found: list[Outcome] = []
    for earlier, later in pairwise(ordered):
        found += _Pair(earlier, later, common_year(earlier, later), shelf).outcomes()
    for at, earlier in enumerate(ordered):
        found += _far_targets(earlier, ordered[at + 1 :], shelf)
    return found


class _Pair:
    """One earlier and one later report, and all that is worked out once for them."""

    def __init__(self, earlier: Report, later: Report, year: str, shelf: Mapping[str, Surroundings]) -> None:
        self.earlier, self.later, self.year, self.when = earlier, later, year, period_zh(year)
        self.before, self.after = shelf[earlier.document.id], shelf[later.document.id]
        # A report whose own place was not found is of the other's place: `common_year` refuses two places.
        places = {place for place in (earlier.frame.place, later.frame.place) if place is not None}
        self.home = places.pop() if len(places) == 1 else None
        self.actuals = [
            each
            for item in later.statements
            if item.kind == "actual" and item.indicator
            for each in each_rate(signed(item))
        ]
        self.restated = [item for item in later.statements if item.kind == "target" and item.period == year]
        self.again: dict[str, list[Statement]] = {}
        """By the id of a target, the other places of the plan that set it too."""
        self.targets = list(targets(earlier, self.before, year, self.again))

    def outcomes(self) -> list[Outcome]:
        found = [self.outcome(target) for target in self.targets]
        taken = [item.target.span for item in found]
        for goal in qualitative(self.earlier, self.later, self.year, self.before, self.after):
            if not any(goal.target.span.overlaps(span) for span in taken):
                found.append(goal)
        return sorted(found, key=lambda item: item.target.span)

    def matches(self, target: Statement) -> list[Match]:
        """Every statement that bears on the target, the best first."""
        around = self.before.of(target)
        found = []
        for actual in self.actuals:
            matched = match(target, around, actual, self.after.of(actual), self.year, self.home)
            if matched is not None:
                found.append(matched)
        return sorted(found, key=lambda item: (_order(item), self._is_base(item.actual), item.actual.span.start))

    def _is_base(self, actual: Statement) -> bool:
        """Whether a figure is only the base that the next plan starts from (由320元提高到380元)."""
        return actual.kind == "actual" and part_at(self.later, actual.span) == "plan"

    def outcome(self, target: Statement) -> Outcome:
        """The outcome of one target: by figures, then by words, then as unreported with its proof.

        Where the plan says it in two ways (650亿元，比上年增加50亿元), what answers the other way answers it.
        """
        found = self._outcome(target)
        if found.verdict not in ("unreported", "unclear"):
            return found
        for other in self.again.get(target.id, []):
            answered = self._outcome(other)
            if answered.verdict not in ("unreported", "unclear"):
                sides = (side_of(self.earlier, target), *answered.sides[1:])
                return msgspec.structs.replace(answered, target=target, sides=sides)
        return found

    def _outcome(self, target: Statement) -> Outcome:
        found = self.matches(target)
        around = self.before.of(target)
        changed = self._restated(target)
        direct = [item for item in found if item.direct]
        if direct:
            names = named_things(target, around)
            if not self._by_name(names, direct[0].actual):
                return self._not_by_name(target, names, direct[0].actual)
            judged = judge(target, direct[0], self.after.of(direct[0].actual))
            if judged.verdict == "missed" and of_more_years(target, around):
                return self._on_the_way(target, direct[0].actual)
            return self._answered(target, judged, [direct[0].actual])
        parts = self._parts(target, found)
        if parts is not None:
            return parts
        admitted = unmet(target, self.later, self.after)
        if admitted is not None:
            return self._told(target, admitted, [])
        if changed is not None:
            return changed
        stock = self._stock_for_flow(target)
        if stock is not None:
            return stock
        found = [item for item in found if "flow:新增≠总数" not in item.differ]
        derived = self._derived(target, found)
        if derived is not None:
            return derived
        base = self._next_base(target)
        if base is not None:
            return base
        words = told(target, around, self.later, self.after)
        loose = [item for item in found if self._worth_showing(target, item)]
        alike = self._likely(target)
        if alike is not None and alike.verdict == "met":
            return alike
        finished = task_done(target, around, self.later, self.after)
        if finished is not None and finished.verdict == "met":
            return self._told(target, finished, [])
        bounded = next((item for item in loose if bounds(target, item, self.after.of(item.actual))), None)
        names = named_things(target, around)
        if bounded is not None and not self._by_name(names, bounded.actual):
            return self._not_by_name(target, names, bounded.actual)
        if bounded is not None and bounded.grade == "wider" and of_more_years(target, around):
            return self._on_the_way(target, bounded.actual)
        if bounded is not None:
            return self._bounded(target, bounded)
        inside = [item for item in loose if words is not None and words.span.overlaps(item.actual.span)]
        counted = next((item for item in inside if item.same_measure and item.factor is not None), None)
        if counted is not None and counted.when == "year" and counted.score >= 0.7 and counted.grade == "part":
            judged = judge(target, counted, self.after.of(counted.actual))
            if words is not None and words.verdict == "met" and judged.verdict == "missed":
                # 建成大棚700亩 where 1050 were promised: finished, but not so many.
                return self._answered(target, judged, [counted.actual])
        if words is not None and (words.verdict != "unclear" or not loose):
            return self._told(
                target, words, [item.actual for item in loose if words.span.overlaps(item.actual.span)][:1]
            )
        if loose:
            return self._loose(target, loose[0])
        if alike is not None:
            return alike
        return self._told(target, finished, []) if finished is not None else self._unreported(target)

    # -- the kinds of answer

    def _answered(
        self, target: Statement, judged: Judged, actuals: Sequence[Statement], *, derived: bool = False
    ) -> Outcome:
        return self._make(target, judged.verdict, actuals, judged.zh, judged.en, judged.rule, derived=derived)

    def _parts(self, target: Statement, found: Sequence[Match]) -> Outcome | None:
        """A target for town and country together, answered for each (城乡居民收入: 城镇 and 农村)."""
        parts: dict[str, Match] = {}
        for item in found:
            if item.grade == "part" and item.same_measure and item.factor is not None and item.when == "year":
                for scope in ("城镇", "农村"):
                    if any(each == f"residence:{side}≠{scope}" for side in ("", "城乡") for each in item.differ):
                        parts.setdefault(scope, item)
        split = self._split(target)
        if len(parts) < 2 and not split:
            known = identify(target.indicator or "", target.unit, target.measure)
            if known is None or known.axis("residence") != "城乡" or not parts:
                return None
            rural = next(
                (
                    i
                    for i in self.actuals
                    if (i.indicator or "").startswith("农民人均纯收入")
                    and i.period == self.year
                    and i.measure == target.measure
                ),
                None,
            )
            if "城镇" in parts and rural is not None:
                parts["农村"] = parts["城镇"]._replace(actual=rural)
            else:
                return None
        if len(parts) < 2:
            parts = split
        if len(parts) < 2:
            return None
        verdicts = {
            name: judge(target, item._replace(grade="same"), self.after.of(item.actual)) for name, item in parts.items()
        }
        said = {item.verdict for item in verdicts.values()}
        verdict: Verdict = said.pop() if len(said) == 1 else "partly"
        zh = "；".join(f"{name}：{item.zh.rstrip('。')}" for name, item in verdicts.items()) + "。"
        en = "; ".join(f"{name}: {item.en.rstrip('.')}" for name, item in verdicts.items()) + "."
        return self._make(target, verdict, [item.actual for item in parts.values()], zh, en, "parts")

    def _split(self, target: Statement) -> dict[str, Match]:
        """One figure set for several things (A、B参保率均达到95%), each answered on its own."""
        names = _names(target)
        found: dict[str, Match] = {}
        for name in names:
            single = [item for item in self.matches_of(target, name) if item.direct]
            if single:
                found[name] = single[0]
        return found if len(names) > 1 and len(found) == len(names) else {}

    def matches_of(self, target: Statement, name: str) -> list[Match]:
        """The matches of a target with another indicator put in its place."""
        return self.matches(msgspec.structs.replace(target, indicator=name))

    def _restated(self, target: Statement) -> Outcome | None:
        """The later report names another figure as the year's target, without saying that it was changed."""
        around = self.before.of(target)
        for item in self.restated:
            found = match(target, around, item, self.after.of(item), self.year, self.home)
            if found is None or not found.direct:
                continue
            if item.value * (found.factor or 1) != target.value:
                return self._make(
                    target,
                    "changed",
                    [item],
                    f"原定{amount(target)}，本次报告说的{self.when}目标是{amount(item)}。",
                    f"The target was {amount_en(target)}; the later report names {amount_en(item)} for {self.year}.",
                    "restated-target",
                )
        return None

    def _derived(self, target: Statement, found: Sequence[Match]) -> Outcome | None:
        """A level through a growth or a difference and last year's level; a share of the plan done."""
        if target.measure != "level":
            return None
        known = identify(target.indicator or "", target.unit, target.measure)
        for item in found:
            if item.grade != "same" or item.when != "year":
                continue
            if item.actual.measure == "completion" and item.actual.unit == "%":
                met = item.actual.value >= 100
                return self._make(
                    target,
                    "met" if met else "missed",
                    [item.actual],
                    f"目标{amount(target)}，报告说完成了计划的{amount(item.actual)}。",
                    f"Target {amount(target)}; the report says that {amount(item.actual)} of the plan was done.",
                    "completion-rate",
                    derived=True,
                )
            real = known is not None and known.concept in _REAL_GROWTH
            if item.actual.measure in ("growth", "change") and not real and item.actual.comparator == "eq":
                judged = self._through(target, item)
                if judged is not None:
                    return judged
        return None

    def _stock_for_flow(self, target: Statement) -> Outcome | None:
        """A target of new things where only totals were found: their difference is shown, not taken for the answer."""
        known = identify(target.indicator or "", target.unit, target.measure)
        if (
            known is None
            or target.measure != "level"
            or (known.axis("flow") not in ("新增", "净增") and not known.axis("work"))
        ):
            return None
        total = msgspec.structs.replace(target, indicator=known.concept)
        after = next((item for item in self.matches(total) if item.direct and _is_total(item.actual)), None)
        before = self._base(total)
        if (
            after is None
            or before is None
            or not _is_total(before)
            or any(item.direct for item in self.matches(target))
        ):
            return None
        more = after.actual.value * (after.factor or 1) - before.value
        if more <= 0 or before.comparator != "eq":
            return None
        count = f"{more.normalize():f}{target.unit}"
        zh = f"目标是新增{amount(target)}，找到的只有总数：由{amount(before)}到{amount(after.actual)}，相差{count}。"
        en = (
            f"The target is {amount_en(target)} more; only totals were found: {amount_en(before)} before, "
            f"{amount_en(after.actual)} now, a difference of {count}."
        )
        return self._make(target, "unclear", [after.actual], zh, en, "totals-only", derived=True, base=before)

    def _through(self, target: Statement, item: Match) -> Outcome | None:
        base = self._base(target)
        if base is None or base.comparator != "eq":
            return None
        change = item.actual
        if change.measure == "growth":
            if change.unit != "%":
                return None
            value = base.value * (1 + change.value / 100)
        elif change.unit in (target.unit, "个百分点" if target.unit == "%" else target.unit):
            value = base.value + change.value
        else:
            return None
        computed = msgspec.structs.replace(
            change, value=value, measure="level", unit=target.unit, decimals=0, scale=0, text=f"{value:f}{target.unit}"
        )
        judged = judge(
            target, item._replace(actual=computed, same_measure=True, factor=Decimal(1)), self.after.of(change)
        )
        zh = f"上年{amount(base)}，{self.when}{_moved_zh(change)}，推算约{amount(computed)}；目标{amount(target)}。"
        en = (
            f"{amount_en(base)} the year before and {amount_en(change)} in {self.year} give about "
            f"{amount_en(computed)}; target {amount_en(target)}."
        )
        return self._make(target, judged.verdict, [change], zh, en, "through-growth", derived=True, base=base)

    def _next_base(self, target: Statement) -> Outcome | None:
        """The year's level as the next plan implies it: 安排支出700亿元，比上年增加50亿元 starts from 650亿元."""
        if target.measure != "level" or not self.year.isdigit() or target.unit in ("%", "‰"):
            return None
        around, after = self.before.of(target), str(int(self.year) + 1)
        for level, rise in pairwise(item for item in self.later.statements if item.kind == "target"):
            if (rise.measure, level.measure) != ("change", "level") or level.period != after:
                continue
            if (rise.sentence, rise.indicator, rise.unit) != (level.sentence, level.indicator, level.unit):
                continue
            if level.comparator != "eq" or rise.comparator != "eq":
                continue
            found = match(target, around, level, self.after.of(level), after, self.home)
            if found is None or not found.direct or _budgeted(target) != _budgeted(level):
                continue
            value = level.value - rise.value
            scale = level.scale
            computed = msgspec.structs.replace(
                level, value=value, decimals=0, scale=scale, text=f"{_plain(value, scale)}{level.unit}"
            )
            judged = judge(target, found._replace(actual=computed), self.after.of(level))
            zh = (
                f"下一年计划安排{amount(level)}、{amount(rise)}，基数是{amount(computed)}；"
                f"目标{amount(target)}（计划基数，不是完成数）。"
            )
            en = (
                f"The next plan sets {amount_en(level)}, {amount_en(rise)}, so its base is {amount_en(computed)}; "
                f"target {amount_en(target)} (a base of planning, not a result)."
            )
            return self._make(target, judged.verdict, [level], zh, en, "base-of-next-plan", derived=True)
        return None

    def _base(self, target: Statement) -> Statement | None:
        """Last year's level of the same thing, in the earlier report."""
        around = self.before.of(target)
        if not self.year.isdigit():
            return None
        before = str(int(self.year) - 1)
        for item in self.earlier.statements:
            if item.kind != "actual" or not item.indicator or item.measure != "level":
                continue
            found = match(target, around, item, self.before.of(item), before, self.home)
            if found is not None and found.grade == "same" and found.when == "year" and found.factor == 1:
                return item
        return None

    def _worth_showing(self, target: Statement, item: Match) -> bool:
        """Whether a reader shown the figure would learn something of the size of the target."""
        if item.actual.measure == "rank" or (item.actual.measure == "completion" and target.measure != "completion"):
            return False
        if item.grade in ("part", "wider") and not tells(aspects(target.indicator or "").core):
            return False  # 25个重点项目 of one work against 502 of the city
        if item.grade == "wider" and narrowed_by_size(item.actual, self.after.of(item.actual)):
            return False  # 超百亿元的产业集群 are other clusters than 食品产业集群
        if item.same_measure and item.factor is None and item.when == "sum":
            return False
        if item.same_measure and item.factor is None:
            return not self._has_sister(target, item.actual.unit)
        if {target.measure, item.actual.measure} == {"level", "change"} and factor(
            item.actual.unit, target.unit
        ) is None:
            return False
        if not item.same_measure:
            return item.grade == "same" and {target.measure, item.actual.measure} <= {"level", "growth", "change"}
        return True

    def _has_sister(self, target: Statement, unit: str) -> bool:
        """Another target of the same sentence in the unit that was reported: it is answered, this dimension is not."""
        return any(
            item is not target
            and item.sentence == target.sentence
            and item.unit == unit
            and item.indicator == target.indicator
            for item in self.targets
        )

    def _bounded(self, target: Statement, item: Match) -> Outcome:
        """A wider thing that falls short, or a part that is enough: the target's own figure follows."""
        said, goal = f"{item.actual.indicator}{amount(item.actual)}", amount(target)
        if item.grade == "wider":
            zh, en = f"范围更宽的{said}也没有达到目标{goal}。", f"Even {said}, of a wider scope, falls short of {goal}."
            return self._make(target, "missed", [item.actual], zh, en, "wider-falls-short")
        if any(each == "flow:新增≠净增" for each in item.differ):
            zh, en = (
                f"目标{goal}，报告说{said}，净增不会多于新增，已达到目标。",
                f"Target {goal}; {said}, and net is never more than new.",
            )
            return self._make(target, "met", [item.actual], zh, en, "net-is-enough")
        zh, en = f"仅其中一部分（{said}）已达到目标{goal}。", f"A part of it alone ({said}) reaches the target {goal}."
        return self._make(target, "met", [item.actual], zh, en, "part-is-enough")

    def _on_the_way(self, target: Statement, actual: Statement) -> Outcome:
        zh = f"目标{amount(target)}不止一年，报告给出的是{self.when}的{amount(actual)}，还在途中。"
        en = (
            f"The target {amount_en(target)} is for more than a year; {amount_en(actual)} in {self.year} is on the way."
        )
        return self._make(target, "unclear", [actual], zh, en, "on-the-way")

    def _by_name(self, names: Sequence[str], actual: Statement) -> bool:
        """Whether every thing that the target names stands beside the figure."""
        clause = self.after.of(actual).clause
        # 甲线和北湖、南岭两条通道: what stands before 和 may belong to the list before.
        return all(
            name in clause or (len(last := re.split("[和及与]", name)[-1]) >= 2 and last in clause) for name in names
        )

    def _not_by_name(self, target: Statement, names: Sequence[str], actual: Statement) -> Outcome:
        """北湖、南岭两个公园 against five parks: whether the two are among them, a bare count does not tell."""
        quoted = "、".join(names)
        zh = f"目标点名“{quoted}”，那一句只说{actual.indicator}{amount(actual)}，没有都点名。"
        en = f"The target names “{quoted}”; that passage only counts {actual.indicator} {amount_en(actual)}."
        return self._make(target, "unclear", [actual], zh, en, "names-not-said")

    def _told(self, target: Statement, words: Told, actuals: Sequence[Statement]) -> Outcome:
        side = Side(self.later.document.id, words.span, self.later.document.slice(words.span))
        return self._make(target, words.verdict, actuals, words.zh, words.en, words.rule, extra=(side,))

    def _loose(self, target: Statement, item: Match) -> Outcome:
        zh, en = why_loose(target, item, self.year)
        return self._make(target, "unclear", [item.actual], zh, en, f"bears-on/{item.grade}")

    def _likely(self, target: Statement) -> Outcome | None:
        """A figure that names the thing in its unit and year, though nobody can be sure that it is of the same."""
        found = likely(target, self.before.of(target), self.actuals, self.year, self.later, self.after)
        if found is None:
            return None
        goal, goal_en = amount(target), amount_en(target)
        said = _short(_item(found.clause, found.actual))
        if found.done == "more":
            zh, en = (
                f"目标{goal}，报告说“{said}”，已经超过。",
                f"Target {goal_en}; the report says “{said}”: more than that, done.",
            )
            return self._make(target, "met", [found.actual], zh, en, "more-done")
        if found.done == "part":
            zh, en = (
                f"目标{goal}，报告说“{said}”，其中一部分就已达到。",
                f"Target {goal_en}; the report says “{said}”: a part of it alone reaches that.",
            )
            return self._make(target, "met", [found.actual], zh, en, "part-is-enough")
        if found.done:
            zh, en = (
                f"目标{goal}，报告说“{said}”，数目相同，已经做到。",
                f"Target {amount_en(target)}; the report says “{said}”: the same number, done.",
            )
            return self._make(target, "met", [found.actual], zh, en, "same-number-done")
        zh = f"待核对：目标{goal}，报告有“{said}”，是否说的同一件事要看原文。"
        en = f"To be checked: target {goal_en}; the report has “{said}”; whether of the same thing, the text must tell."
        return self._make(target, "unclear", [found.actual], zh, en, "to-check")

    def _unreported(self, target: Statement) -> Outcome:
        shown = proof(target, self.before.of(target).sentence, self.later, self.after)
        quoted = "、".join(f"“{word}”" for word in shown.words)
        lacks = f"；报告缺：{'、'.join(shown.missing_sections)}" if shown.missing_sections else ""
        lacks_en = f"; missing from the page: {', '.join(shown.missing_sections)}" if shown.missing_sections else ""
        if not shown.nearest and nowhere(shown.words, target, self.later, self.after):
            zh, en = f"全文没有提到{quoted}{lacks}。", f"The text never mentions {quoted}{lacks_en}."
        else:
            near = near_en = ""
            if shown.nearest:
                planned = part_at(self.later, shown.nearest[0].span) == "plan"
                said, said_en = ("（属于下一年的计划）", " (of the next plan)") if planned else ("", "")
                near = f"，最接近的一句是“{_short(shown.nearest[0].text)}”{said}"
                near_en = f"; the nearest passage is “{_short(shown.nearest[0].text)}”{said_en}"
            zh = f"没有找到{self.when}对应的数字或完成情况（查找{quoted}）{near}{lacks}。"
            en = f"No matching figure or word on completion for {self.year} (searched {quoted}){near_en}{lacks_en}."
        if unsure(target):
            zh = f"待核对：这一项读得没有把握，也可能不是目标。{zh}"
            en = f"To be checked: this figure may have been read wrong, or be no target. {en}"
        elif doubtful_name(target.indicator):
            zh = f"待核对：名称“{target.indicator or ''}”不完整，可能查不到。{zh}"
            en = f"To be checked: its name as read ({target.indicator or ''}) is not whole, so it may be missed. {en}"
        return self._make(target, "unreported", [], zh, en, "nothing-found", proof=shown)

    def _make(
        self,
        target: Statement,
        verdict: Verdict,
        actuals: Sequence[Statement],
        zh: str,
        en: str,
        rule: str,
        *,
        derived: bool = False,
        base: Statement | None = None,
        extra: tuple[Side, ...] = (),
        proof: Proof | None = None,
    ) -> Outcome:
        sides = [side_of(self.earlier, target)]
        if base is not None:
            sides.append(side_of(self.earlier, base))
        sides += [side_of(self.later, actual) for actual in actuals]
        if verdict == "met" and inside(target.period or "", self.year):
            due = target.period or ""
            if not actuals or actuals[0].period is None or not inside(actuals[0].period, self.year):
                zh = f"{zh.rstrip('。')}；期限是{period_zh(due.split('/')[-1])}，到期时是否已做到，报告没有写明。"
                en = f"{en.rstrip('.')}; whether it was by {due.split('/')[-1]}, as promised, is not said."
        if actuals and self._is_base(actuals[0]):
            zh = f"{zh.rstrip('。')}（{amount(actuals[0])}是下一年计划里写的基数）。"
            en = f"{en.rstrip('.')} ({amount_en(actuals[0])} is the base that the next plan names)."
        for other in self.again.get(target.id, []):
            zh = f"{zh.rstrip('。')}；计划中另一处也提出：{other.indicator or ''}{amount(other)}。"
            en = f"{en.rstrip('.')}; the plan also says: {other.indicator or ''} {amount_en(other)}."
        return Outcome(
            target, self.earlier.document.id, verdict, tuple(actuals), self.later.document.id, zh, en,
            f"{RULE}:{rule}", derived, (*sides, *extra), proof,
        )  # fmt: skip


def _budgeted(statement: Statement) -> str:
    """The thing that an amount is set aside for, without the verb: 财政赤字 of 拟安排财政赤字."""
    return re.sub("^(?:拟|将|各类|安排)+", "", aspects(statement.indicator or "").core)


def _plain(value: Decimal, scale: int) -> str:
    """A computed value in 万, 亿 or as it is."""
    power, word = next(((p, w) for p, w in ((12, "万亿"), (8, "亿"), (4, "万")) if scale >= p), (0, ""))
    text = f"{value.scaleb(-power):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + word


def _is_total(statement: Statement) -> bool:
    """Whether a figure counts all that there are, not the new ones."""
    known = identify(statement.indicator or "", statement.unit, statement.measure)
    return known is not None and known.axis("flow") in (None, "总数", "累计") and known.axis("work") is None


# Growth of these is told in constant prices and their level in current ones, so that one says nothing of the other.
_REAL_GROWTH = frozenset(
    {"地区生产总值", "工业增加值", "第一产业增加值", "第二产业增加值", "第三产业增加值", "人均地区生产总值"}
)


def _far_targets(earlier: Report, rest: Sequence[Report], shelf: Mapping[str, Surroundings]) -> Iterator[Outcome]:
    """Targets for a year beyond the next, answered by the report on that year, with the path there."""
    planned = reviewed(rest[0]) if rest else None
    far = [item for item in earlier.statements if item.kind == "target" and item.indicator and item.period]
    for later in rest[1:]:
        year = reviewed(later)
        if year is None or not planned or year <= planned:
            continue
        pairs: dict[str, _Pair] = {}
        for target in far:
            period = target.period or ""
            if year_of(period) != year or (period[:4] < planned and "/" not in period):
                continue
            if period not in pairs:
                pairs[period] = _Pair(earlier, later, period, shelf)
            between = [report for report in rest if report is not later and (reviewed(report) or year) < year]
            path = [point for report in between for point in _path(earlier, report, target, shelf)]
            yield _with_path(pairs[period].outcome(target), path)


def _path(
    earlier: Report, between: Report, target: Statement, shelf: Mapping[str, Surroundings]
) -> Iterator[tuple[str, Side]]:
    """The same figure of a year on the way, with the year, for a target that a single year's figure can answer."""
    year = reviewed(between)
    if year is None or "/" in (target.period or ""):
        return
    direct = [item for item in _Pair(earlier, between, year, shelf).matches(target) if item.direct]
    if direct:
        yield year, side_of(between, direct[0].actual)


def _with_path(outcome: Outcome, path: Sequence[tuple[str, Side]]) -> Outcome:
    if not path:
        return outcome
    points = [(year, re.sub(r"[\s\u200b]+", "", side.text)) for year, side in path]
    zh, en = (
        "、".join(f"{year}年{text}" for year, text in points),
        ", ".join(f"{year}: {text}" for year, text in points),
    )
    return msgspec.structs.replace(
        outcome,
        sides=(*outcome.sides, *(side for _, side in path)),
        reason_zh=f"{outcome.reason_zh.rstrip('。')}；其间各年：{zh}。",
        reason_en=f"{outcome.reason_en.rstrip('.')}; in the years between: {en}.",
    )


_FALL = re.compile("(?:降幅|降低率|下降率|减幅|下降幅度)$")


def signed(statement: Statement) -> Statement:
    """A fall that its name alone says (能耗降幅3%) as what it is: a growth below zero."""
    if statement.measure != "growth" or statement.value <= 0 or not _FALL.search(statement.indicator or ""):
        return statement
    return msgspec.structs.replace(
        statement, value=-statement.value, value_max=None if statement.value_max is None else -statement.value_max
    )


def side_of(report: Report, statement: Statement) -> Side:
    """A statement as one side of an outcome or finding."""
    return Side(report.document.id, statement.span, statement.text, statement.id, interval(statement))


def _names(target: Statement) -> list[str]:
    """The things that one figure was set for, each with the words they share at the end."""
    whole = clean(target.indicator or "")
    if identify(whole, target.unit, target.measure) is not None:
        return [whole]
    pieces = [piece for piece in re.split("[、和及与]", whole) if len(piece) >= 2]
    if len(pieces) < 2 or identify(pieces[-1], target.unit, target.measure) is None:
        return [whole]
    last = pieces[-1]
    full = []
    for piece in pieces[:-1]:
        ends = ("", *(last[at:] for at in range(1, len(last))))
        named = next((piece + end for end in ends if identify(piece + end, target.unit, target.measure)), None)
        if named is None:
            return [whole]
        full.append(named)
    return [*full, last]


def _order(item: Match) -> tuple[int, int, int, float]:
    grades = {"same": 0, "other": 1, "part": 2, "wider": 2}
    times = {"year": 0, "unsaid": 1, "within": 2, "longer": 2, "sum": 2}
    measured = 0 if item.same_measure and item.factor is not None else 1 if not item.same_measure else 2
    return times[item.when] + grades[item.grade] + measured, grades[item.grade], times[item.when], -item.score


def _moved_zh(change: Statement) -> str:
    verb = "下降" if change.value < 0 else "增长" if change.measure == "growth" else "增加"
    return f"{verb}{amount(change).lstrip('-')}"


def _item(clause: str, statement: Statement) -> str:
    """A clause, or of a long list in it the item that holds the figure."""
    flat = "".join(clause.split())
    figure = "".join(statement.text.split())
    return flat if len(flat) <= 36 else next((item for item in flat.split("、") if figure in item), flat)


def _short(text: str, length: int = 36) -> str:
    flat = "".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
