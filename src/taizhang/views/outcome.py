"""Outcomes and findings as plain rows, and what every face of a check says in the same words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePath

import msgspec

from taizhang.model import Echo, Finding, Heard, Outcome, Report, Side, Span, Statement, Verdict
from taizhang.views import words
from taizhang.views.record import Record, number, record
from taizhang.views.words import Lang, Words, say

VERDICTS: Words = {
    "met": ("达到", "met"),
    "missed": ("未达到", "not met"),
    "partly": ("部分达到", "partly met"),
    "changed": ("目标已调整", "target changed"),
    "unclear": ("难以判定", "cannot tell"),
    "unreported": ("未提及", "not mentioned"),
}
"""In the order in which they are counted."""

MARKS: dict[Verdict, str] = {
    "met": "✓", "missed": "✗", "partly": "◐", "changed": "≠", "unclear": "?", "unreported": "□",
}  # fmt: skip
"""A sign beside the word, so that a verdict is seen without colour."""


HEARD: Words = {
    "answered": ("有回应", "answered"),
    "named": ("有提及", "named only"),
    "absent": ("未见", "not found"),
}
"""What the later report says of what was undertaken without a number, in the order in which it is counted."""

HEARD_MARKS: dict[Heard, str] = {"answered": "＋", "named": "～", "absent": "□"}

WEAKER = (
    "只按字面对照，凭据弱于数字；“有回应”不等于完成，“未见”不等于没有做。",
    "By words alone, weaker evidence than a figure: answered is not yet fulfilled, not found is not yet undone.",
)


class Checked(msgspec.Struct, frozen=True):
    """Reports of one place in the order of their years, what became of their targets, and what is odd in them."""

    reports: tuple[Report, ...]
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]
    undertakings: tuple[Echo, ...] = ()
    """What was undertaken without a number, in order."""

    def report(self, document: str | None) -> Report | None:
        """The report with that document id."""
        return next((report for report in self.reports if report.document.id == document), None)

    def name(self, document: str | None) -> str:
        """The file name of a document, as given."""
        report = self.report(document)
        return report.document.source.name if report else ""

    def short_name(self, report: Report) -> str:
        """The file name without its folders, where that tells the reports apart."""
        given = [PurePath(each.document.source.name).name for each in self.reports]
        name = report.document.source.name
        return PurePath(name).name if len(set(given)) == len(given) else name

    def place(self, report: Report, offset: int, lang: Lang) -> str:
        """File, section and line of a passage, for people."""
        named = words.section(report, offset)
        parts = [self.short_name(report), named, words.spot(report.document, offset, lang)]
        return " · ".join(part for part in parts if part)

    def groups(self) -> Iterator[tuple[Report, Report, list[Outcome]]]:
        """The outcomes by the report that set the target and the report that answers."""
        seen: dict[tuple[str, str | None], list[Outcome]] = {}
        for outcome in self.outcomes:
            seen.setdefault((outcome.target_document, outcome.answer_document), []).append(outcome)
        for (earlier, later), group in seen.items():
            one, other = self.report(earlier), self.report(later)
            if one is not None and other is not None:
                yield one, other, group

    def undertaking_groups(self) -> Iterator[tuple[Report, Report, list[Echo]]]:
        """What was undertaken without a number by the report that undertakes it and the one that was searched."""
        seen: dict[tuple[str, str], list[Echo]] = {}
        for item in self.undertakings:
            seen.setdefault((item.document, item.answer_document), []).append(item)
        for (earlier, later), group in seen.items():
            one, other = self.report(earlier), self.report(later)
            if one is not None and other is not None:
                yield one, other, group


def verdict(outcome: Outcome, lang: Lang) -> str:
    """Mark and word: ✓ 达到."""
    derived = (" · 推算" if lang == "zh" else " · derived") if outcome.derived else ""
    return f"{MARKS[outcome.verdict]} {say(VERDICTS, outcome.verdict, lang)}{derived}"


def counts(outcomes: Iterable[Outcome], lang: Lang) -> str:
    """How many targets, and how many of each verdict."""
    tally = Counter(outcome.verdict for outcome in outcomes)
    parts = [f"{say(VERDICTS, name, lang)} {tally[name]}" for name in MARKS if tally[name]]
    total = sum(tally.values())
    return " · ".join((f"有数字的目标 {total} 项" if lang == "zh" else f"{total} targets with numbers", *parts))


def heard(undertakings: Iterable[Echo], lang: Lang) -> str:
    """How many undertakings without a number, and what is said of how many; empty where there are none."""
    tally: Counter[str] = Counter(item.heard for item in undertakings)
    total = sum(tally.values())
    if not total:
        return ""
    parts = [f"{say(HEARD, name, lang)} {tally[name]}" for name in HEARD if tally[name]]
    named = "undertaking" if total == 1 else "undertakings"
    return " · ".join((f"没有数字的承诺 {total} 项" if lang == "zh" else f"{total} {named} without numbers", *parts))


def odd(findings: Iterable[Finding], lang: Lang) -> str:
    """How many findings, and how many of them must be looked into; empty where there are none."""
    tally: Counter[str] = Counter(finding.severity for finding in findings)
    total = sum(tally.values())
    if not total:
        return ""
    parts = [f"{say(words.SEVERITIES, name, lang)} {tally[name]}" for name in words.SEVERITIES if tally[name]]
    return f"疑点 {total} 处：{'，'.join(parts)}" if lang == "zh" else f"{total} findings: {', '.join(parts)}"


def figure(statement: Statement) -> str:
    """A figure as people read it beside its indicator: 增长7.4%, 206家, 第6位."""
    text = words.figure(statement)
    if statement.measure == "growth" and statement.unit not in ("倍", "番"):
        return f"{'下降' if statement.value < 0 else '增长'}{text}"
    if statement.measure == "change":
        return f"{'减少' if statement.value < 0 else '增加'}{text}"
    return text


def goal(outcome: Outcome) -> str:
    """The target's figure, or the words that set it."""
    return outcome.words or f"{figure(outcome.target)}{otherwise(outcome.target)}"


def otherwise(statement: Statement) -> str:
    """What is said behind a figure that a person corrected: the source's words; nothing behind others."""
    if not words.by_person(statement):
        return ""
    return f"（人工更正，原文“{words.one_line(statement.text)}”）"


def answer(outcome: Outcome) -> str:
    """The answering figures, each under its own name where there are several."""
    if len(outcome.actuals) == 1:
        return f"{figure(outcome.actuals[0])}{otherwise(outcome.actuals[0])}"
    return "；".join(f"{item.indicator}{figure(item)}{otherwise(item)}" for item in outcome.actuals)


def reason(outcome: Outcome, lang: Lang) -> str:
    return words.one_line(outcome.reason_zh if lang == "zh" else outcome.reason_en)


_TAILS = ("，达到目标", "，没有达到", ": the target is met", ": the target is missed")


def remark(outcome: Outcome, lang: Lang) -> str:
    """The reason without what stands beside it already: target, figure and verdict."""
    text = reason(outcome, lang)
    if not outcome.rule.endswith(":figure") or len(outcome.actuals) != 1:
        return text
    goal_words, done = ("目标", "，实际") if lang == "zh" else ("Target ", ", actual ")
    at = text.find(done)
    if not text.startswith(goal_words) or at < 0:
        return text
    written = words.reworded(outcome.actuals[0]) or "".join(outcome.actuals[0].text.split())
    # The figure ends where the gap or the verdict begins; whatever was worked out about it stays.
    figure_end = at + len(done) + len(written)
    if lang == "zh":
        figure_end += len(figure(outcome.actuals[0])) - len(words.figure(outcome.actuals[0]))
    else:
        figure_end += text[at + len(done) :].find(written)
    rest = text[figure_end:].rstrip("。.")
    for tail in _TAILS:
        rest = rest.removesuffix(tail)
    rest = rest.strip(" ，")
    # Brackets that held all of it go; those that hold a part stay.
    inner = rest[1:-1]
    return inner if rest[:1] in "（(" and rest[-1:] in "）)" and not re.search("[（()）]", inner) else rest


def title(checked: Checked, lang: Lang) -> str:
    """Place and years of the check."""
    place = next((report.frame.place for report in checked.reports if report.frame.place), None)
    years = sorted({o.target.period[:4] for o in checked.outcomes if o.target.period})
    span = "" if not years else years[0] if len(years) == 1 else f"{years[0]}—{years[-1]}"
    if lang == "zh":
        return f"{place or ''}{span + '年' if span else ''}目标完成情况"
    return f"Targets of {place or 'one place'}{f', {span}' if span else ''}: what became of them"


def outcome_record(outcome: Outcome, target_name: str = "", answer_name: str = "") -> Record:
    """One outcome: the target (a statement), the verdict, the statements that answer it, and why."""
    target = record(outcome.target, target_name)
    if outcome.words is not None:
        target["value"] = None
    row: Record = {
        "target": target,
        "verdict": outcome.verdict,
        "actuals": [record(item, answer_name) for item in outcome.actuals],
        "derived": outcome.derived,
        "reason": outcome.reason_zh,
        "reason_en": outcome.reason_en,
        "rule": outcome.rule,
        "sides": [_side(side) for side in outcome.sides],
    }
    if outcome.proof is not None:
        row["proof"] = {
            "words": list(outcome.proof.words),
            "nearest": [_side(side) for side in outcome.proof.nearest],
            "missing_sections": list(outcome.proof.missing_sections),
        }
    return row


def finding_record(finding: Finding) -> Record:
    """One finding with both its sides and its formula."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "zh": finding.zh,
        "en": finding.en,
        "rule": finding.rule,
        "formula": finding.formula,
        "sides": [_side(side) for side in finding.sides],
    }


def undertaking_record(checked: Checked, item: Echo) -> Record:
    """One thing undertaken without a number, and what the later report says of it."""
    return {
        "id": item.id,
        "document": checked.name(item.document),
        "start": item.span.start,
        "end": item.span.end,
        "text": item.text,
        "thing": item.thing,
        "promise": item.promise,
        "commitment": item.commitment,
        "period": item.period,
        "heard": item.heard,
        "passages": [_side(side) for side in item.passages],
        "words": list(item.words),
        "reason": item.reason_zh,
        "reason_en": item.reason_en,
        "rule": item.rule,
    }


def checked_record(checked: Checked) -> Record:
    """All of a check as one JSON object."""
    return {
        "reports": [
            {
                "id": report.document.id,
                "file": report.document.source.name,
                "sha256": report.document.source.sha256,
                "title": report.frame.title,
                "place": report.frame.place,
                "kind": report.frame.kind,
                "year_reviewed": report.frame.year_reviewed,
                "year_planned": report.frame.year_planned,
            }
            for report in checked.reports
        ],
        "outcomes": [named_record(checked, outcome) for outcome in checked.outcomes],
        "undertakings": [undertaking_record(checked, item) for item in checked.undertakings],
        "findings": [finding_record(finding) for finding in checked.findings],
    }


def named_record(checked: Checked, outcome: Outcome) -> Record:
    """An outcome whose statements name their files."""
    return outcome_record(outcome, checked.name(outcome.target_document), checked.name(outcome.answer_document))


def quote(report: Report, span: Span, room: int = 24) -> tuple[str, str, str]:
    """What stands before, in and behind a span of its own sentence, for showing the place."""
    sentence = next((each.span for each in report.frame.sentences if span in each.span), None)
    text = report.document.text
    low = max(sentence.start if sentence else 0, span.start - room)
    high = min(sentence.end if sentence else len(text), span.end + room)
    before, behind = words.one_line(text[low : span.start]), words.one_line(text[span.end : high])
    # Cut where a clause begins or ends, so that no number is torn.
    if sentence and low > sentence.start:
        before = "…" + re.split(_CLAUSE, before, maxsplit=1)[-1]
    if sentence and high < sentence.end:
        parts = re.split(f"({_CLAUSE})", behind)
        behind = "".join(parts[:-1] if len(parts) > 2 else parts) + "…"
    return before, words.one_line(text[span.start : span.end]), behind


_CLAUSE = "[，；：、。,;]"


def _side(side: Side) -> Record:
    return {
        "document": side.document,
        "start": side.span.start,
        "end": side.span.end,
        "text": side.text,
        "statement": side.statement,
        "interval": None if side.interval is None else [number(side.interval.low), number(side.interval.high)],
    }
