"""What people say: the list of it, and every change that pages and programs can make."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Literal

import msgspec
from litestar.params import Parameter

from taizhang.checks.order import CheckError
from taizhang.checks.outcomes import outcomes_over
from taizhang.errors import LedgerError
from taizhang.extract.quantity import scan
from taizhang.fold import fold
from taizhang.ledger import Event, Happening, Head, Proposal
from taizhang.ledger.answers import Fate
from taizhang.ledger.events import Linked, Proposed, Unlinked, change, changed, fields_of, keys_of, upright
from taizhang.ledger.store import overtaken
from taizhang.model import Verdict
from taizhang.views import words
from taizhang.web.asking import Ask, WebError, not_found
from taizhang.web.faces import deed, page
from taizhang.web.lines import Number, ReportLine, number_of, report_line
from taizhang.web.pages.number import Step, plain, step
from taizhang.web.pages.report import head_or_404, may_propose

_LENGTH = 50
Value = str | int | float | None
Key = Annotated[str, msgspec.Meta(max_length=60)]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class Change(msgspec.Struct, frozen=True):
    """One thing that a person did, and the number it is about."""

    step: Step
    report: ReportLine | None
    number: Number | None


class Lost(msgspec.Struct, frozen=True):
    """A change that has no place in the newest reading, and why."""

    step: Step
    trouble: str
    quote: str
    before: str
    behind: str
    report: ReportLine | None


class Corrections(msgspec.Struct, frozen=True):
    """What people did, newest first; or what has no place any more."""

    show: str
    data: tuple[Change, ...]
    lost: tuple[Lost, ...]
    proposals: tuple[ProposalLine, ...]
    unplaced: int
    waiting: int
    """Proposals that nobody decided on yet."""
    next: int | None
    filters: dict[str, str]


class Done(msgspec.Struct, frozen=True):
    """A change that was made: its event, by which it can be undone."""

    event: int
    what: str
    keys: tuple[str, ...]
    report: str | None


class Consequence(msgspec.Struct, frozen=True):
    """An outcome that a change alters."""

    indicator: str | None
    target: str
    before: Verdict
    after: Verdict


class Preview(msgspec.Struct, frozen=True):
    """What would follow from a change."""

    data: tuple[Consequence, ...]
    total: int


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New values for fields of a statement. `seen` is its `version` when it was looked at."""

    fields: dict[str, Value]
    why: Why
    seen: int | None = None
    ledger: str | None = None


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values that somebody thinks of giving."""

    fields: dict[str, Value]


class Rejection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That something is no statement."""

    why: Why
    seen: int | None = None
    ledger: str | None = None


class Splitting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a statement is several, each by the fields in which it differs."""

    parts: Annotated[list[dict[str, Value]], msgspec.Meta(max_length=50)]
    why: Why
    seen: int | None = None
    ledger: str | None = None


class Merging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That several statements of a report are one. `seen` has the version of each when it was looked at."""

    keys: Annotated[list[Key], msgspec.Meta(max_length=50)]
    why: Why
    fields: dict[str, Value] = {}
    seen: dict[str, int] = {}
    ledger: str | None = None


class Adding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement that the reader did not see. `quote` must be what stands from `start` to `end`."""

    start: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    end: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    quote: Annotated[str, msgspec.Meta(max_length=1000)]
    fields: dict[str, Value]
    why: Why
    ledger: str | None = None


class Linking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What answers a target, and with `verdict` what became of it."""

    why: Why
    actuals: Annotated[list[Key], msgspec.Meta(max_length=50)] = []
    verdict: Verdict | None = None
    seen: int | None = None
    ledger: str | None = None


class Unlinking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What does not answer a target."""

    actuals: Annotated[list[Key], msgspec.Meta(max_length=50)]
    why: Why
    seen: int | None = None
    ledger: str | None = None


class Undoing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an event, or a report, is taken back."""

    why: Why
    ledger: str | None = None


class Proposing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What fields of a statement should be; null: that it is none. Nothing changes until an editor accepts it."""

    fields: dict[str, Value] | None
    why: Why
    seen: int | None = None
    ledger: str | None = None


class Deciding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a proposal is accepted, declined or withdrawn. Where the statement was changed after a proposal, it is only
    accepted with `seen`, the statement's `version` as it was looked at."""

    why: Why
    seen: int | None = None
    ledger: str | None = None


class ProposalLine(msgspec.Struct, frozen=True):
    """What somebody proposed, and what became of it."""

    step: Step
    fate: Fate
    number: Number | None
    report: ReportLine | None
    own: bool
    """Of whoever asks."""
    sentence: str = ""
    version: int = 0
    """Of the statement as it stands, to be sent as `seen`."""
    overtaken: dict[str, tuple[str, str, str]] = {}
    """Fields that were given another value since: as they were, as they are, as proposed."""
    effect: tuple[Consequence, ...] = ()
    """Outcomes whose verdict it would alter."""


class Picked(msgspec.Struct, frozen=True):
    """Words of a report that somebody picked, and what they would say as a statement."""

    report: ReportLine
    start: int
    end: int
    quote: str
    before: str
    behind: str
    fields: dict[str, str]
    number: Number | None
    """A statement that stands there already."""


def _same_ledger(ask: Ask, given: str | None) -> None:
    _ = ask.shelf.ledger  # opens it anew where its file was replaced
    if given is not None and given != ask.shelf.serial:
        raise WebError(
            409,
            "replaced",
            "账本文件已更换，填写的内容还没有保存。请刷新页面，在新的账本上再做一次。",
            "The ledger's file was replaced; what you typed was not saved. Reload the page and do it again.",
        )


def _known(ask: Ask, key: str) -> None:
    if ask.shelf.ledger.statement(key) is None:
        raise not_found(f"没有编号为“{key}”的指标。", f"There is no statement “{key}”.")


def _done(event: Event) -> Done:
    return Done(event.id, event.kind, tuple(sorted(keys_of(event))), event.report)


@deed("/n/{key:str}/correct", guarded=True)
def correct(ask: Ask, key: str, data: Correction) -> Done:
    """Give fields of a statement other values."""
    _same_ledger(ask, data.ledger)
    _known(ask, key)
    return _done(ask.shelf.ledger.correct(key, data.fields, who=ask.user.name, why=data.why, seen=data.seen))


@deed("/n/{key:str}/reject", guarded=True)
def reject(ask: Ask, key: str, data: Rejection) -> Done:
    """Say that something is no statement."""
    _same_ledger(ask, data.ledger)
    _known(ask, key)
    return _done(ask.shelf.ledger.reject(key, who=ask.user.name, why=data.why, seen=data.seen))


@deed("/n/{key:str}/split", guarded=True)
def split(ask: Ask, key: str, data: Splitting) -> Done:
    """Say that a statement is several."""
    _same_ledger(ask, data.ledger)
    _known(ask, key)
    return _done(ask.shelf.ledger.split(key, data.parts, who=ask.user.name, why=data.why, seen=data.seen))


@deed("/merge")
def merge(ask: Ask, data: Merging) -> Done:
    """Say that several statements are one."""
    _same_ledger(ask, data.ledger)
    for key in data.keys:
        _known(ask, key)
    made = ask.shelf.ledger.merge(data.keys, data.fields, who=ask.user.name, why=data.why, seen=data.seen)
    return _done(made)


@deed("/reports/{report:str}/statements")
def add(ask: Ask, report: str, data: Adding) -> Done:
    """Add a statement that the reader did not see."""
    _same_ledger(ask, data.ledger)
    head_or_404(ask, report)
    text = ask.shelf.ledger.text(report)
    if text[data.start : data.end] != data.quote:
        raise WebError(
            409,
            "moved",
            f"第 {data.start}—{data.end} 字不是“{words.one_line(data.quote)}”，原文可能已重新读取。请刷新后重新选取。",
            f"From {data.start} to {data.end} the text is not “{words.one_line(data.quote)}”. Reload and select again.",
        )
    made = ask.shelf.ledger.add(report, data.start, data.end, data.fields, who=ask.user.name, why=data.why)
    return _done(made)


@deed("/n/{key:str}/link", guarded=True)
def link(ask: Ask, key: str, data: Linking) -> Done:
    """Say what answers a target."""
    _same_ledger(ask, data.ledger)
    _known(ask, key)
    for other in data.actuals:
        _known(ask, other)
    made = ask.shelf.ledger.link(
        key, data.actuals, verdict=data.verdict, who=ask.user.name, why=data.why, seen=data.seen
    )
    return _done(made)


@deed("/n/{key:str}/unlink", guarded=True)
def unlink(ask: Ask, key: str, data: Unlinking) -> Done:
    """Say what does not answer a target."""
    _same_ledger(ask, data.ledger)
    _known(ask, key)
    for other in data.actuals:
        _known(ask, other)
    return _done(ask.shelf.ledger.unlink(key, data.actuals, who=ask.user.name, why=data.why, seen=data.seen))


@deed("/reports/{report:str}/retract")
def retract(ask: Ask, report: str, data: Undoing) -> Done:
    """Take a report out of all answers. Undoing that brings it back."""
    _same_ledger(ask, data.ledger)
    head_or_404(ask, report)
    return _done(ask.shelf.ledger.retract(report, who=ask.user.name, why=data.why))


EventNumber = Annotated[int, Parameter(ge=0, le=2**31)]


@deed("/events/{event:int}/undo")
def undo(ask: Ask, event: EventNumber, data: Undoing) -> Done:
    """Take back what somebody did."""
    _same_ledger(ask, data.ledger)
    if event > ask.shelf.ledger.newest() or event < 1:
        raise not_found(f"没有第 {event} 号记录。", f"There is no event {event}.")
    return _done(ask.shelf.ledger.undo(event, who=ask.user.name, why=data.why))


@deed("/n/{key:str}/propose", role="reader")
def propose(ask: Ask, key: str, data: Proposing) -> Done:
    """Propose other values for a statement, for an editor to accept. A unit does so for its own tasks."""
    _same_ledger(ask, data.ledger)
    _known(ask, key)
    if not may_propose(ask, key):
        raise WebError(
            403,
            "not_yours",
            f"“{ask.user.unit}”只能对本单位任务里的指标提出更正。",
            f"“{ask.user.unit}” can propose for the figures of its own tasks only.",
        )
    return _done(ask.shelf.ledger.propose(key, data.fields, who=ask.user.name, why=data.why, seen=data.seen))


@deed("/proposals/{event:int}/accept")
def accept(ask: Ask, event: EventNumber, data: Deciding) -> Done:
    """Make the change that was proposed."""
    _proposal(ask, event, data)
    return _done(ask.shelf.ledger.accept(event, who=ask.user.name, why=data.why, seen=data.seen))


@deed("/proposals/{event:int}/decline")
def decline(ask: Ask, event: EventNumber, data: Deciding) -> Done:
    """Say no to what was proposed."""
    _proposal(ask, event, data)
    return _done(ask.shelf.ledger.decline(event, who=ask.user.name, why=data.why))


@deed("/proposals/{event:int}/withdraw", role="reader")
def withdraw(ask: Ask, event: EventNumber, data: Deciding) -> Done:
    """Take back what one proposed oneself."""
    found = _proposal(ask, event, data)
    if found.event.who != ask.user.name:
        raise WebError(403, "not_yours", "只能撤回自己的建议。", "Only one's own proposal can be withdrawn.")
    if found.fate != "open":
        raise WebError(409, "decided", f"第 {event} 号建议已经处理。", f"Proposal {event} was dealt with already.")
    return _done(ask.shelf.ledger.undo(event, who=ask.user.name, why=data.why))


def _proposal(ask: Ask, event: int, data: Deciding) -> Proposal:
    _same_ledger(ask, data.ledger)
    found = next((item for item in ask.shelf.ledger.proposals() if item.event.id == event), None)
    if found is None:
        raise not_found(f"没有第 {event} 号建议。", f"There is no proposal {event}.")
    return found


@deed("/n/{key:str}/preview", status=200)
def preview(ask: Ask, key: str, data: Draft) -> Preview:
    """What would follow from a correction, without making it."""
    _known(ask, key)
    found = consequences(ask, key, data.fields)
    return Preview(found, len(found))


def consequences(ask: Ask, key: str, fields: dict[str, Value]) -> tuple[Consequence, ...]:
    """The outcomes whose verdict a correction would alter. Raises `LedgerError` for values that are none."""
    state = ask.shelf.ledger.statement(key)
    head = ask.shelf.head(key[:16])
    if state is None or head is None:
        return ()
    by = change({name: value for name, value in fields.items() if name not in ("start", "end")})
    upright(fields_of(state.statement), by)
    new = changed(fields_of(state.statement), by)
    item = msgspec.structs.replace(state.statement, **msgspec.structs.asdict(new))
    found = []
    for pair in ask.shelf.pairs_with(head):
        assert pair.earlier and pair.later
        try:
            checked = ask.shelf.checked(pair.earlier.report, pair.later.report)
            reports = [
                report
                if report.document.id != head.report
                else msgspec.structs.replace(
                    report, statements=tuple(item if each.id == item.id else each for each in report.statements)
                )
                for report in checked.reports
            ]
            then = {(o.target_document, o.target.id): o for o in outcomes_over(reports)}
        except CheckError:
            continue
        for now in checked.outcomes:
            after = then.get((now.target_document, now.target.id))
            if after is not None and after.verdict != now.verdict and not now.rule.startswith("person:"):
                found.append(Consequence(now.target.indicator, now.target.text, now.verdict, after.verdict))
    return tuple(found)


@page(
    "/corrections", template="corrections.html", rows=lambda made: [item.step for item in (*made.data, *made.proposals)]
)
def corrections(
    ask: Ask,
    show: Literal["all", "waiting", "unplaced"] = "all",
    report: str | None = None,
    before: Annotated[int | None, Parameter(ge=0, le=2**31, description="Only events before this one")] = None,
) -> Corrections:
    """What people did: corrections, links, undoings, the newest first."""
    ledger = ask.shelf.ledger
    heads = {head.report: head for head in ask.shelf.heads()}
    unplaced = ledger.unplaced()
    waiting = [item for item in ledger.proposals(fate="open") if report in (None, "", item.event.report)]
    data: list[Change] = []
    more = None
    if show == "all":
        found = ledger.deeds(before=before, limit=_LENGTH + 1, report=report or None)
        for item in found[:_LENGTH]:
            head = heads.get(item.event.report or "")
            undone = _event(ask, item.event.undoes)
            root = _root(ask, item.event)
            data.append(Change(step(item, undone), report_line(head) if head else None, _about(ask, root)))
        more = found[_LENGTH - 1].event.id if len(found) > _LENGTH else None
    lost = [
        Lost(
            step=step(Happening(item.event, True, {})),
            trouble=item.trouble,
            quote=item.anchor.quote,
            before=item.anchor.before[-20:],
            behind=item.anchor.after[:20],
            report=report_line(heads[item.report]) if item.report in heads else None,
        )
        for item in unplaced
        if report in (None, "", item.report)
    ]
    return Corrections(
        show=show,
        data=tuple(data),
        lost=tuple(lost) if show == "unplaced" else (),
        proposals=tuple(_proposed(ask, item, heads) for item in waiting) if show == "waiting" else (),
        unplaced=len(unplaced),
        waiting=len(waiting),
        next=more,
        filters={"report": report} if report else {},
    )


def _proposed(ask: Ask, item: Proposal, heads: dict[str, Head]) -> ProposalLine:
    head = heads.get(item.event.report or "")
    made = step(Happening(item.event, item.fate != "withdrawn", item.fields))
    state = ask.shelf.ledger.statement(item.key)
    deed, sentence, version = item.event.deed, "", 0
    since: dict[str, tuple[str, str, str]] = {}
    effect: tuple[Consequence, ...] = ()
    if state is not None and isinstance(deed, Proposed) and head is not None and item.fate == "open":
        whole = ask.shelf.report(head.report)
        said = words.sentence_of(whole, state.statement)
        sentence = words.one_line(whole.document.slice(said.span)) if said else ""
        version = ask.shelf.ledger.version(item.key)
        since = {name: (plain(a), plain(b), plain(c)) for name, (a, b, c) in overtaken(item, state).items()}
        if deed.set is not None:
            names = deed.set.names()
            with suppress(LedgerError):
                effect = consequences(ask, item.key, {name: getattr(deed.set, name) for name in names})
    return ProposalLine(
        step=made,
        fate=item.fate,
        number=_about(ask, item.event),
        report=report_line(head) if head else None,
        own=item.event.who == ask.user.name,
        sentence=sentence,
        version=version,
        overtaken=since,
        effect=effect,
    )


def _event(ask: Ask, number: int | None) -> Event | None:
    """An event by its number."""
    found = ask.shelf.ledger.events(after=number - 1, limit=1) if number else ()
    return found[0] if found and found[0].id == number else None


def _root(ask: Ask, event: Event) -> Event:
    """What an undoing, or the undoing of an undoing, is about in the end."""
    while (before := _event(ask, event.undoes)) is not None:
        event = before
    return event


def _about(ask: Ask, event: Event) -> Number | None:
    keys = [event.deed.target.key] if isinstance(event.deed, Linked | Unlinked) else sorted(keys_of(event))
    state = ask.shelf.ledger.statement(keys[0]) if keys else None
    if state is None:
        return None
    return number_of(state.report, state.statement, state.standing, state.corrected)


@page("/reports/{report:str}/new", template="new.html", listed=False, role="editor")
def new(
    ask: Ask,
    report: str,
    start: Annotated[int, Parameter(ge=0, le=2**31)],
    end: Annotated[int, Parameter(ge=1, le=2**31)],
) -> Picked:
    """Words that somebody picked, to be made a statement."""
    line = head_or_404(ask, report)
    whole = ask.shelf.report(report)
    text = whole.document.text
    if not start < end <= len(text) or end - start > 200:
        raise WebError(
            400, "picked", "选取的文字不在这份报告里，或太长。", "The words are not in this report, or too many."
        )
    quote = text[start:end]
    quantities, _ = scan(fold(quote))
    fields = {"kind": "actual", "measure": "level", "comparator": "eq", "value": "", "unit": "", "indicator": ""}
    if len(quantities) == 1:
        only = quantities[0]
        fields |= {"value": words.plain_number(only.value), "unit": only.unit, "comparator": only.comparator}
        fields["measure"] = only.hint or "level"
    block = next((each for each in whole.frame.blocks if each.start <= start < each.end), None)
    if block is not None:
        fields["kind"] = "target" if block.part == "plan" else "actual"
        fields["period"] = block.period or ""
    fields["place"] = whole.frame.place or ""
    there = next((each for each in whole.statements if each.span.start < end and start < each.span.end), None)
    return Picked(
        report=line,
        start=start,
        end=end,
        quote=quote,
        before=text[max(0, start - 60) : start],
        behind=text[end : end + 60],
        fields=fields,
        number=number_of(report, there) if there else None,
    )
