"""A report: its text beside its statements; what was left out of it and why; what reading it again changed."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Annotated, Literal

import msgspec
from litestar.params import Parameter
from markupsafe import Markup

from taizhang.errors import LedgerError
from taizhang.ledger import Diff
from taizhang.ledger.events import FIELDS
from taizhang.model import Commitment, Evidence, Kind, Report, Statement
from taizhang.views import words
from taizhang.views.record import findings as own_findings
from taizhang.web.asking import Ask, not_found
from taizhang.web.body import body, quoted
from taizhang.web.checked import OutcomeLine, sheets_with
from taizhang.web.faces import page
from taizhang.web.lines import Number, ReportLine, number_of, of_state, report_line
from taizhang.web.pages.sheets import Sheet, is_kept, sheets_of
from taizhang.web.shelf import Pair

Show = Literal["all", "doubt", "corrected", "unclaimed"]
Key = Annotated[str, Parameter(max_length=60)]


class Section(msgspec.Struct, frozen=True):
    """A numbered heading."""

    number: int
    level: int
    title: str
    start: int


class Left(msgspec.Struct, frozen=True):
    """A number that is no statement, and why."""

    start: int
    end: int
    text: str
    reason: str
    reason_zh: str
    reason_en: str
    before: str
    behind: str


class Note(msgspec.Struct, frozen=True):
    """A finding about the report's form: a gap, a torn sentence."""

    code: str
    severity: str
    zh: str
    en: str


class Gap(msgspec.Struct, frozen=True):
    """Text that the page lacks."""

    after: int
    before: int
    zh: str
    en: str


class ReportPage(msgspec.Struct, frozen=True):
    """A report: its text, and the statements found in it, filtered."""

    report: ReportLine
    text: str
    sections: tuple[Section, ...]
    holes: tuple[Gap, ...]
    notes: tuple[Note, ...]
    statements: tuple[Number, ...]
    total: int
    """Statements in the whole report."""
    doubtful: int
    unclaimed: tuple[Left, ...]
    counts: dict[str, int]
    filters: dict[str, str]
    has_pages: bool
    """Its pages can be shown as published (`view=pages`)."""
    pages: tuple[Sheet, ...] = ()
    chosen: Number | None = None
    missing: str | None = None
    """The chosen statement's id, where it does not count (any more)."""
    was: Number | None = None
    """What it was."""
    into: tuple[Number, ...] = ()
    """What stands in its place now."""


class Coverage(msgspec.Struct, frozen=True):
    """The numbers of a report that are no statements, with their reasons."""

    report: ReportLine
    statements: int
    reasons: dict[str, int]
    data: tuple[Left, ...]


class Origin(msgspec.Struct, frozen=True):
    """Where a field's value comes from."""

    field: str
    value: str
    how: str
    rule: str
    quotes: tuple[str, ...]
    corrected: bool


class Answer(msgspec.Struct, frozen=True):
    """One side of an outcome that a statement takes part in."""

    verdict: str
    role: Literal["target", "actual"]
    others: tuple[Number, ...]
    reason: str
    url: str


class Inspector(msgspec.Struct, frozen=True):
    """One statement as the side pane shows it."""

    number: Number
    amount: str
    standing: str
    place_in: int
    total: int
    before: str | None
    behind: str | None
    beside: tuple[Number, ...]
    """Statements at the same place."""
    origins: tuple[Origin, ...]
    answers: tuple[Answer, ...]
    section: tuple[str, ...]
    sentence: str
    version: int
    read: Number | None
    may_propose: bool
    """Whoever asks can propose a correction."""


def head_or_404(ask: Ask, report: str) -> ReportLine:
    """The report as listed; 404 where there is none."""
    head = ask.shelf.head(report)
    if head is None:
        raise not_found(
            f"账本里没有报告“{report}”，或已撤回。", f"The ledger has no report “{report}”, or it was retracted."
        )
    return report_line(head)


@page("/reports/{report:str}", template="report.html", rows=lambda made: made.statements)
def report_page(
    ask: Ask,
    report: str,
    s: Annotated[str | None, Parameter(description="Id of the chosen statement")] = None,
    kind: Kind | None = None,
    section: Annotated[int | None, Parameter(ge=0, le=100000, description="Number of a heading")] = None,
    show: Show = "all",
    view: Literal["text", "pages"] = "text",
) -> ReportPage:
    """A report's text and its statements."""
    line = head_or_404(ask, report)
    whole = ask.shelf.report(report)
    corrected = corrected_of(ask, report)
    found = [
        item
        for item in whole.statements
        if (kind is None or item.kind == kind)
        and (show != "doubt" or words.is_doubtful(item))
        and (show != "corrected" or item.id in corrected)
        and (section is None or _under(whole, item, section))
    ]
    chosen = next((item for item in whole.statements if item.id == s), None)
    lost = ask.shelf.ledger.statement(f"{report}-{s}") if s and chosen is None else None
    kept = bool(whole.document.pages) and is_kept(ask, report)
    doubtful = sum(map(words.is_doubtful, whole.statements))
    counts = Counter(item.kind for item in whole.statements)
    return ReportPage(
        report=line,
        text=whole.document.text,
        sections=tuple(
            Section(number, heading.level, words.heading_text(whole.document, heading), heading.span.start)
            for number, heading in enumerate(whole.frame.headings)
            if heading.number is not None and 0 < heading.level <= 3
        ),
        holes=tuple(Gap(hole.after, hole.before, hole.zh, hole.en) for hole in whole.frame.holes),
        notes=tuple(Note(item.code, item.severity, item.zh, item.en) for item in own_findings(whole)),
        statements=tuple(number_of(report, item, *corrected.get(item.id, ("read", ()))) for item in found)
        if show != "unclaimed"
        else (),
        total=len(whole.statements),
        doubtful=doubtful,
        unclaimed=left_out(whole),
        counts=dict(counts) | {"corrected": len(corrected)},
        filters={
            name: str(value)
            for name, value in (("kind", kind), ("section", section), ("show", show), ("view", view))
            if value not in (None, "all", "text")
        },
        has_pages=kept,
        pages=sheets_of(whole) if kept and view == "pages" else (),
        chosen=number_of(report, chosen, *corrected.get(chosen.id, ("read", ()))) if chosen else None,
        missing=s if s and chosen is None else None,
        was=of_state(lost) if lost is not None else None,
        into=tuple(of_state(now) for key in (lost.into if lost else ()) if (now := ask.shelf.ledger.statement(key))),
    )


def corrected_of(ask: Ask, report: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Statements of a report that people touched: how they stand, and which fields hold a person's value."""
    ledger = ask.shelf.ledger
    if len(ask.shelf.stamp(report)) < 2:
        return {}
    touched: dict[str, tuple[str, tuple[str, ...]]] = {}
    for state in ledger.statements(report=report).items:
        if state.corrected or state.standing == "person":
            touched[state.statement.id] = (state.standing, state.corrected)
    return touched


def text_html(ask: Ask, report: str) -> Markup:
    """The marked text, kept."""
    key = (report, ask.shelf.stamp(report), ask.lang)
    return ask.shelf.keep("body", key, lambda: body(ask.shelf.report(report), ask.lang))


def left_out(report: Report) -> tuple[Left, ...]:
    """The numbers that are no statement."""
    found = []
    for claim in report.coverage:
        before, inside, behind = words.around(report.document, words.span_of(claim), 14)
        found.append(
            Left(
                start=claim.start,
                end=claim.end,
                text=inside,
                reason=claim.reason,
                reason_zh=words.reason(claim.reason, "zh"),
                reason_en=words.reason(claim.reason, "en"),
                before=before,
                behind=behind,
            )
        )
    return tuple(found)


def _under(report: Report, item: Statement, heading: int) -> bool:
    sentence = words.sentence_of(report, item)
    if sentence is None:
        at = bisect_right(report.frame.sentences, item.span.start, key=lambda each: each.span.start) - 1
        sentence = report.frame.sentences[at] if at >= 0 else None
    return sentence is not None and heading in sentence.headings


@page("/reports/{report:str}/coverage", template="coverage.html", rows=lambda made: made.data)
def coverage(ask: Ask, report: str, reason: str | None = None) -> Coverage:
    """The numbers of a report that are no statements, with their reasons."""
    line = head_or_404(ask, report)
    whole = ask.shelf.report(report)
    every = left_out(whole)
    tally = Counter(item.reason for item in every)
    return Coverage(
        report=line,
        statements=len(whole.statements),
        reasons=dict(tally.most_common()),
        data=tuple(item for item in every if reason in (None, "", item.reason)),
    )


class Change(msgspec.Struct, frozen=True):
    """A statement that reading again changed: what it was and what it is; one side is null where it came or went."""

    what: Literal["added", "gone", "changed"]
    before: Number | None
    after: Number | None
    fields: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """What the newest reading of a report changed against the one before it."""

    report: ReportLine
    compared: bool
    reader_before: str | None
    reader: str
    data: tuple[Change, ...]
    unplaced: int


@page("/reports/{report:str}/changes", template="changes.html", rows=lambda made: made.data)
def changes(ask: Ask, report: str) -> Changes:
    """What reading a report again changed."""
    line = head_or_404(ask, report)
    found: Diff = ask.shelf.ledger.diff(report)
    rows = [Change("changed", number_of(report, d.before), number_of(report, d.after), d.fields) for d in found.changed]
    rows += [Change("added", None, number_of(report, item), ()) for item in found.added]
    rows += [Change("gone", number_of(report, item), None, ()) for item in found.gone]
    rows.sort(key=lambda row: (row.after or row.before).start)  # type: ignore[union-attr]
    return Changes(
        report=line,
        compared=found.before is not None,
        reader_before=found.before.reader if found.before else None,
        reader=found.after.reader,
        data=tuple(rows),
        unplaced=len(found.unplaced),
    )


@page("/reports/{report:str}/inspector", template="_inspector.html", listed=False)
def inspector_page(ask: Ask, report: str, s: Key) -> Inspector:
    """One statement as the side pane shows it."""
    found = inspector(ask, f"{report}-{s}")
    if found is None:
        raise not_found(f"没有指标“{s}”。", f"There is no statement “{s}”.")
    return found


def inspector(ask: Ask, key: str) -> Inspector | None:
    """A statement with its evidence, its neighbours and what it answers; null if there never was one."""
    ledger = ask.shelf.ledger
    state = ledger.statement(key)
    if state is None or ask.shelf.head(state.report) is None:
        return None
    report = ask.shelf.report(state.report)
    item = state.statement
    order = [each.id for each in report.statements]
    place = order.index(item.id) if item.id in order else -1
    beside = [
        number_of(state.report, each)
        for each in report.statements
        if each.id != item.id and each.span.overlaps(item.span)
    ]
    sentence = words.sentence_of(report, item)
    try:
        version = ledger.version(key)
    except LedgerError:
        version = 0
    return Inspector(
        number=of_state(state),
        amount=words.amount(item),
        standing=state.standing,
        place_in=place + 1,
        total=len(order),
        before=order[place - 1] if place > 0 else None,
        behind=order[place + 1] if 0 <= place < len(order) - 1 else None,
        beside=tuple(beside),
        origins=origins(report, item, state.corrected, ask),
        answers=answers(ask, state.report, item),
        section=words.path(report, sentence) if sentence else (),
        sentence=str(quoted(report, item.span, around=0)),
        version=version,
        read=number_of(state.report, state.read) if state.read and state.corrected else None,
        may_propose=may_propose(ask, key),
    )


def may_propose(ask: Ask, key: str) -> bool:
    """Whether whoever asks can propose a correction of a statement: a unit only in its own tasks."""
    if not ask.user.name or ask.shelf.readonly:
        return False
    if ask.user.role != "unit":
        return True
    head = ask.shelf.head(key[:16])
    if head is None:
        return False
    report = ask.shelf.report(key[:16])
    return any(key[17:] in item.statements and is_of(item, ask.user.unit) for item in report.commitments)


def is_of(task: Commitment, unit: str) -> bool:
    """Whether a task is a unit's: 市教育局 is meant by 教育局 too."""
    return bool(unit) and any(unit in named or named in unit for named in task.units)


def shown(item: Statement, field: str, ask: Ask) -> str:
    """The value of a field for people."""
    lang = ask.lang
    if field == "value":
        return words.plain_number(item.value) + (
            f"—{words.plain_number(item.value_max)}" if item.value_max is not None else ""
        )
    if field == "kind":
        return words.say(words.KINDS, item.kind, lang)
    if field == "measure":
        return words.say(words.MEASURES, item.measure, lang)
    if field == "comparator":
        return words.comparator(item, lang) or "="
    if field == "period":
        return words.period(item.period)
    value = getattr(item, field)
    return str(value) if value not in (None, "") else "—"


_SHOWN = ("indicator", "value", "unit", "comparator", "kind", "measure", "period", "place")
assert set(_SHOWN) < set(FIELDS)


def origins(report: Report, item: Statement, corrected: tuple[str, ...], ask: Ask) -> tuple[Origin, ...]:
    """Each field with where its value comes from."""
    by_field: dict[str, Evidence] = {each.field: each for each in item.evidence}
    found = []
    for field in _SHOWN:
        why = by_field.get(field)
        quotes = tuple(words.one_line(report.document.slice(span)) for span in why.spans) if why else ()
        found.append(
            Origin(
                field=field,
                value=shown(item, field, ask),
                how=why.how if why else "",
                rule=why.rule if why else "",
                quotes=quotes,
                corrected=field in corrected or (why is not None and why.how == "corrected"),
            )
        )
    return tuple(found)


def answers(ask: Ask, report: str, item: Statement) -> tuple[Answer, ...]:
    """The outcomes that a statement takes part in, as target or as what answers one."""
    head = ask.shelf.head(report)
    if head is None:
        return ()
    key = f"{report}-{item.id}"
    found = []
    for pair, made in sheets_with(ask.shelf, head):
        for each in made.outcomes:
            if each.target.key == key:
                found.append(_answer(ask, pair, each, "target", each.actuals))
            elif any(other.key == key for other in each.actuals):
                found.append(_answer(ask, pair, each, "actual", (each.target,)))
    return tuple(found)


def _answer(
    ask: Ask, pair: Pair, each: OutcomeLine, role: Literal["target", "actual"], others: tuple[Number, ...]
) -> Answer:
    zh, en = each.remark or each.reason, each.remark_en or each.reason_en
    return Answer(
        verdict=each.verdict,
        role=role,
        others=others,
        reason=ask.t(zh, en),
        url=f"/outcomes/{pair.place}/{pair.year}#o-{each.target.key[17:]}",
    )
