"""What a ledger answers, as one table in three faces: for a terminal, as lines of JSON, as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from taizhang.extract.amount import as_read
from taizhang.ledger.answers import Diff, Happening, Head, Hits, Info
from taizhang.ledger.events import (
    Added,
    Corrected,
    Deed,
    Event,
    Fields,
    Linked,
    Made,
    Merged,
    Rejected,
    Split,
    Unlinked,
)
from taizhang.ledger.status import State, Unplaced
from taizhang.model import Statement
from taizhang.views import words
from taizhang.views.outcome import VERDICTS
from taizhang.views.record import Record, encode, record
from taizhang.views.sheet import Row, as_csv
from taizhang.views.words import FIELDS, Lang, Words, say

if TYPE_CHECKING:
    from taizhang.ledger.lessons import Effect, Lessons, Proposal, Trial

_FIELDS: Words = FIELDS | {
    "report": ("报告", "report"),
    "name": ("文件", "file"),
    "title": ("标题", "title"),
    "reviewed": ("回顾", "reviews"),
    "planned": ("安排", "plans"),
    "report_kind": ("种类", "kind"),
    "count": ("指标", "statements"),
    "recorded": ("录入时间", "recorded"),
    "who": ("何人", "who"),
    "why": ("理由", "why"),
    "event": ("记录", "event"),
    "what": ("做了什么", "what"),
    "fields": ("改动", "changes"),
    "amount": ("数值", "amount"),
    "standing": ("状态", "standing"),
    "corrected": ("已更正", "corrected"),
    "said": ("原文", "text"),
    "part": ("部分", "part"),
    "trouble": ("缘由", "why not"),
    "rule": ("规则", "rule"),
    "field": ("字段", "field"),
    "used": ("用过", "used"),
    "against": ("被改", "corrected"),
    "number": ("序号", "no."),
    "proposal": ("建议", "proposal"),
    "entry": ("词条", "entry"),
    "events_of": ("依据记录", "from events"),
    "trial": ("试读结果", "tried"),
}
REPORT_KINDS: Words = {
    "work": ("工作报告", "work"),
    "plan": ("计划报告", "plan"),
    "stats": ("统计公报", "statistics"),
    "budget": ("预算报告", "budget"),
    "outline": ("规划纲要", "outline"),
}
STANDINGS: Words = {
    "read": ("识别", "read"),
    "person": ("人工", "by a person"),
    "rejected": ("已否决", "rejected"),
    "split": ("已拆分", "split"),
    "merged": ("已合并", "merged"),
    "covered": ("已由人工指标代替", "covered by a person's"),
    "gone": ("重读后不再识别", "no longer read"),
}
DEEDS: Words = {
    "entered": ("录入", "entered"),
    "reread": ("重读", "read again"),
    "confirmed": ("重读，结果相同", "read again, the same"),
    "retracted": ("撤回报告", "report retracted"),
    "corrected": ("更正", "corrected"),
    "rejected": ("否决", "rejected"),
    "split": ("拆分", "split"),
    "merged": ("合并", "merged"),
    "added": ("新增", "added"),
    "linked": ("建立对应", "linked"),
    "unlinked": ("解除对应", "unlinked"),
    "undone": ("撤销", "undone"),
    "proposed": ("提出更正", "proposed"),
    "declined": ("不采纳", "declined"),
}
TROUBLES: Words = {
    "not-found": ("原文中找不到这些字", "its words are not in the text"),
    "several": ("原文中有好几处，无法分辨", "its words stand in several places"),
    "statement-gone": ("所依据的人工指标已撤销", "the statement it is about was taken back"),
    "not-standing": ("这条指标已因其他记录失效", "another event took the statement away"),
}
_CHANGES: Words = {
    "added": ("新识别", "added"),
    "gone": ("不再识别", "gone"),
    "changed": ("有变化", "changed"),
    "unplaced": ("更正需重新定位", "correction without a place"),
}


class Answer(msgspec.Struct, frozen=True):
    """A table: its columns by name, its rows for people, and the same for programs."""

    columns: tuple[str, ...]
    rows: list[Row]
    records: list[Record]
    wide: tuple[str, ...] = ()
    """Columns that may break over lines; the others stay whole."""


def as_table(answer: Answer, lang: Lang) -> Iterator[RenderableType]:
    """For a terminal, to be drawn by `views.table.draw`."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for column in answer.columns:
        table.add_column(say(_FIELDS, column, lang), no_wrap=column not in answer.wide, overflow="fold")
    for row in answer.rows:
        table.add_row(*(Text(words.one_line(_cell(cell))) for cell in row))
    yield table


def _cell(cell: object) -> str:
    if cell is None:
        return "—"
    return words.plain_number(cell) if isinstance(cell, Decimal) else str(cell)


def as_csv_bytes(answer: Answer, lang: Lang) -> bytes:
    """For spreadsheets, with the mark that tells Excel the encoding."""
    head = tuple(say(_FIELDS, column, lang) for column in answer.columns)
    return b"\xef\xbb\xbf" + as_csv([head, *answer.rows])


def as_jsonl(answer: Answer, lang: Lang) -> bytes:
    """For programs: one object a line."""
    return b"".join(encode(row) for row in answer.records)


def reports(heads: Sequence[Head], lang: Lang) -> Answer:
    """The reports of a ledger."""
    return Answer(
        ("report", "place", "report_kind", "reviewed", "planned", "count", "recorded", "name"),
        [
            (
                head.report,
                head.place,
                say(REPORT_KINDS, head.kind, lang) if head.kind else None,
                words.period(head.year_reviewed),
                words.period(head.year_planned),
                head.statements,
                _moment(head.at),
                head.name,
            )
            for head in heads
        ],
        [_plain(head) for head in heads],
        wide=("name",),
    )


def _moment(at: str) -> str:
    return f"{at[:10]} {at[11:16]}Z"


def _plain(value: object) -> Record:
    made: Record = msgspec.to_builtins(value, builtin_types=(Decimal,))
    return made


def statements(states: Sequence[State], names: Mapping[str, str], lang: Lang) -> Answer:
    """Statements as they stand. `names` gives the file of each report."""
    return Answer(
        ("id", "indicator", "amount", "comparator", "kind", "measure", "period", "place", "document"),
        [
            (
                _short(state.key),
                _mark(state, state.statement.indicator),
                words.amount(state.statement),
                words.comparator(state.statement, lang) or None,
                say(words.KINDS, state.statement.kind, lang),
                say(words.MEASURES, state.statement.measure, lang),
                words.period(state.statement.period),
                state.statement.place,
                names.get(state.report, state.report),
            )
            for state in states
        ],
        [state_record(state, names.get(state.report, state.report)) for state in states],
        wide=("indicator", "place", "document"),
    )


def _short(key: str) -> str:
    """A statement's own id, which is nearly always enough to name it by."""
    return key[17:]


def _mark(state: State, text: str | None) -> str:
    return f"{text or '—'}{' *' if state.events else ''}"


def state_record(state: State, document: str) -> Record:
    """A statement with the fields of `record`, and how it stands."""
    return {
        **record(state.statement, document),
        "key": state.key,
        "report": state.report,
        "standing": state.standing,
        "corrected": list(state.corrected),
    }


def hits(found: Hits, lang: Lang) -> Answer:
    """What a search found: sentences, or statements."""
    if found.items and found.items[0].state is not None:
        names = {hit.report.report: hit.report.name for hit in found.items}
        return statements([hit.state for hit in found.items if hit.state], names, lang)
    return Answer(
        ("place", "planned", "part", "said", "start", "document"),
        [
            (
                hit.report.place,
                words.period(hit.report.year_planned or hit.report.year_reviewed),
                say(words.PARTS, hit.part, lang) if hit.part else None,
                hit.text,
                hit.pieces[0].start,
                hit.report.name,
            )
            for hit in found.items
        ],
        [
            {
                "report": hit.report.report,
                "document": hit.report.name,
                "place": hit.report.place,
                "year_reviewed": hit.report.year_reviewed,
                "year_planned": hit.report.year_planned,
                "part": hit.part,
                "pieces": [[piece.start, piece.end] for piece in hit.pieces],
                "text": hit.text,
            }
            for hit in found.items
        ],
        wide=("said", "document"),
    )


def history(found: Sequence[Happening], lang: Lang) -> Answer:
    """What was done to a statement."""
    return _events([(item.event, item.counts, item.fields) for item in found], lang)


def events(found: Sequence[Event], lang: Lang) -> Answer:
    """What was done to a ledger."""
    return _events([(event, True, {}) for event in found], lang)


def _events(found: Iterable[tuple[Event, bool, Mapping[str, tuple[object, object]]]], lang: Lang) -> Answer:
    undone = "（已撤销）" if lang == "zh" else " (undone)"
    rows: list[Row] = []
    records = []
    for event, counts, fields in found:
        changes = _changes(fields, lang) or told(event.deed, lang)
        what = say(DEEDS, event.kind, lang) + (f" {event.undoes}" if event.undoes else "") + ("" if counts else undone)
        rows.append((event.id, _moment(event.at), event.who, what, changes or None, event.why or None))
        plain = {name: [old, new] for name, (old, new) in fields.items()}
        records.append({**_plain(event), "kind": event.kind, "counts": counts, "fields": _plain(plain)})
    return Answer(("event", "recorded", "who", "what", "fields", "why"), rows, records, wide=("fields", "why"))


def told(deed: Deed, lang: Lang) -> str:
    """What an event changed, as the person who did it saw it: words of the report, old and new values."""
    arrow, stop = " → ", "；" if lang == "zh" else "; "
    match deed:
        case Corrected():
            said = [
                f"{say(_FIELDS, name, lang)} {_value_said(name, getattr(deed.base, name), lang)}{arrow}"
                f"{_value_said(name, getattr(deed.set, name), lang)}"
                for name in deed.set.names()
            ]
            if deed.moved is not None:
                said.append(f"“{deed.anchor.quote}”{arrow}“{deed.moved.quote}”")
            return f"{deed.base.indicator or '—'}“{deed.anchor.quote}”：{stop.join(said)}"
        case Rejected():
            return f"{deed.base.indicator or '—'}“{deed.anchor.quote}”"
        case Split():
            return f"{deed.base.indicator or '—'}“{deed.anchor.quote}”{arrow}{_made(deed.into)}"
        case Merged():
            return f"{'、'.join(f'“{anchor.quote}”' for anchor in deed.anchors)}{arrow}{_made((deed.into,))}"
        case Added():
            return _made((deed.made,))
        case Linked() | Unlinked():
            answers = "、".join(f"“{end.anchor.quote}”" for end in deed.actuals) or "—"
            sign = "↔" if isinstance(deed, Linked) else "≠"
            verdict = f"{stop}{say(VERDICTS, deed.verdict, lang)}" if isinstance(deed, Linked) and deed.verdict else ""
            return f"“{deed.target.anchor.quote}” {sign} {answers}{verdict}"
    return ""


def _made(made: Iterable[Made]) -> str:
    return "、".join(f"{each.fields.indicator or '—'} {as_read(each.fields)}" for each in made)


_CODED: dict[str, Words] = {"kind": words.KINDS, "measure": words.MEASURES, "comparator": words.COMPARATORS}


def _value_said(name: str, value: object, lang: Lang) -> str:
    table = _CODED.get(name)
    return (say(table, str(value), lang) or str(value)) if table else _said(value)


def _changes(fields: Mapping[str, tuple[object, object]], lang: Lang) -> str:
    """What became what; a person may also have set a field to what it was, so that it stays."""
    said = []
    for name, (old, new) in fields.items():
        if name == "standing":
            old, new = (None if item is None else say(STANDINGS, str(item), lang) for item in (old, new))
        before = "" if old in (None, new) else f"{_said(old)} → "
        said.append(f"{say(_FIELDS, name, lang)} {before}{_said(new)}")
    return ("；" if lang == "zh" else "; ").join(said)


def _said(value: object) -> str:
    return words.plain_number(value) if isinstance(value, Decimal) else "—" if value is None else str(value)


def unplaced(found: Sequence[Unplaced], lang: Lang) -> Answer:
    """People's events without effect."""
    return Answer(
        ("event", "who", "what", "trouble", "said", "report", "why"),
        [
            (
                item.event.id,
                item.event.who,
                say(DEEDS, item.event.kind, lang),
                say(TROUBLES, item.trouble, lang),
                f"{item.anchor.before[-12:]}【{item.anchor.quote}】{item.anchor.after[:12]}",
                item.report,
                item.event.why,
            )
            for item in found
        ],
        [
            {**_plain(item), "kind": item.event.kind}
            for item in found
        ],
        wide=("trouble", "said", "why"),
    )  # fmt: skip


def diff(found: Diff, lang: Lang) -> Answer:
    """What a re-read changed."""
    rows: list[Row] = []
    records: list[Record] = []

    def row(what: str, statement: Statement, changes: str | None, entry: Record) -> None:
        name = say(_CHANGES, what, lang)
        rows.append((name, statement.id, statement.indicator, statement.text, changes))
        records.append({"change": what, **entry})

    document = found.after.name
    for kind, items in (("added", found.added), ("gone", found.gone)):
        for statement in items:
            row(kind, statement, None, record(statement, document))
    for item in found.changed:
        fields = {name: (getattr(item.before, name), getattr(item.after, name)) for name in item.fields}
        before, after = record(item.before, document), record(item.after, document)
        row(
            "changed",
            item.after,
            _changes(fields, lang),
            {"fields": list(item.fields), "before": before, "after": after},
        )
    for lost in found.unplaced:
        rows.append((say(_CHANGES, "unplaced", lang), f"{lost.event.id}", None, lost.anchor.quote, lost.event.why))
        records.append({"change": "unplaced", **_plain(lost)})
    return Answer(("what", "id", "indicator", "text", "fields"), rows, records, wide=("indicator", "text", "fields"))


def info(found: Info, lang: Lang) -> str:
    """A ledger in a few lines."""
    zh = lang == "zh"
    span = f"{_moment(found.first)} — {_moment(found.last)}" if found.first and found.last else "—"
    lines = [
        (found.name, found.name),
        (
            f"报告 {found.reports}（{found.places} 个地区）· 读取 {found.readings} 次 · 已撤回 {found.retracted}",
            f"{found.reports} reports of {found.places} places · {found.readings} readings · "
            f"{found.retracted} retracted",
        ),
        (
            f"指标 {found.statements} · 承诺与成绩 {found.commitments}",
            f"{found.statements} statements · {found.commitments} commitments and achievements",
        ),
        (
            f"记录 {found.events}，其中人工 {found.by_people} · 需重新定位 {found.unplaced}",
            f"{found.events} events, {found.by_people} by people · {found.unplaced} without a place",
        ),
        (f"时间 {span}", f"time {span}"),
        (f"账本编号 {found.ledger} · 格式 {found.schema}", f"ledger {found.ledger} · format {found.schema}"),
    ]
    return "\n".join(line[0] if zh else line[1] for line in lines)


FACES: dict[str, Callable[[Answer, Lang], bytes]] = {"jsonl": as_jsonl, "csv": as_csv_bytes}
"""The faces that are bytes; a table is drawn to the width of where it goes."""


def against(found: Lessons, lang: Lang) -> Answer:
    """Rules that corrections speak against, the most corrected first."""
    whole = ("整条", "whole statement")
    return Answer(
        ("field", "rule", "used", "against", "id"),
        [
            (
                say(FIELDS | {"statement": whole, "value": FIELDS["value"]}, item.field, lang),
                item.rule or None,
                item.used,
                item.corrected,
                "、".join(_short(key) for key in item.keys[:3]) + ("…" if len(item.keys) > 3 else ""),
            )
            for item in found.against
        ],
        [{"type": "against"} | _plain(item) for item in found.against],
        wide=("rule", "id"),
    )


def proposals(found: Lessons, trials: Sequence[Trial | None], lang: Lang) -> Answer:
    """Words for the user's own list, and what they would change."""
    return Answer(
        ("number", "proposal", "events_of", "trial"),
        [
            (
                number,
                item.zh if lang == "zh" else item.en,
                "、".join(str(event) for event in item.events),
                _tried(item, tried, lang),
            )
            for number, (item, tried) in enumerate(zip(found.proposals, trials, strict=True), 1)
        ],
        [
            {"type": "proposal", "number": number} | _plain(item) | {"trial": None if tried is None else _plain(tried)}
            for number, (item, tried) in enumerate(zip(found.proposals, trials, strict=True), 1)
        ],
        wide=("proposal", "trial"),
    )


def _tried(item: Proposal, tried: Trial | None, lang: Lang) -> str | None:
    if tried is None:
        return None
    zh = lang == "zh"
    if item.table == "indicator":
        return "只影响核对，不影响读取" if zh else "bears on checks, not on reading"
    if zh:
        said = f"读 {tried.reports} 份：未合的 {tried.open} 条更正里改对 {tried.righted} 条"
        said += f"，改坏 {tried.spoiled} 条" if tried.spoiled else ""
        said += f"；此外多出 {tried.gained}、少了 {tried.lost}、改变 {tried.changed}"
    else:
        said = f"{tried.reports} reports: {tried.righted} of {tried.open} corrections come right"
        said += f", {tried.spoiled} go wrong" if tried.spoiled else ""
        said += f"; beyond them {tried.gained} gained, {tried.lost} lost, {tried.changed} changed"
    return "；".join((said, *(_effect(effect, lang) for effect in tried.examples)))


def _effect(effect: Effect, lang: Lang) -> str:
    one, other = effect.before, effect.after
    fields = one or other
    head = f"{effect.document}“{effect.words}”（{fields.indicator if fields and fields.indicator else '—'}）"
    if one is None or other is None:
        gained = ("新认出", "gained") if one is None else ("不再认出", "lost")
        return f"{head}{gained[0] if lang == 'zh' else ' ' + gained[1]}"
    changes = [
        f"{say(FIELDS, name, lang)} {_worded(name, one, lang)} → {_worded(name, other, lang)}"
        for name in one.__struct_fields__
        if getattr(one, name) != getattr(other, name)
    ]
    return f"{head} {'，'.join(changes)}"


def _worded(name: str, fields: Fields, lang: Lang) -> str:
    value = getattr(fields, name)
    known = {
        "comparator": words.COMPARATORS | {"eq": ("等于", "equal to")},
        "kind": words.KINDS,
        "measure": words.MEASURES,
    }
    return say(known[name], value, lang) if name in known else _cell(value)
