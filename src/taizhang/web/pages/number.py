"""One number: its permanent page, its card for other people's pages, and how to cite it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape

import msgspec
from litestar import Request, Response

from taizhang.errors import LedgerError
from taizhang.ledger import Event, Happening, Head
from taizhang.model import Report, Statement
from taizhang.views import ledger as ledger_words
from taizhang.views import words
from taizhang.web.asking import Ask, not_found
from taizhang.web.faces import page
from taizhang.web.lines import Number, ReportLine, number_of, report_line
from taizhang.web.pages.report import Inspector, inspector


class Step(msgspec.Struct, frozen=True):
    """One event in the life of a number."""

    event: int
    at: str
    who: str
    why: str
    what: str
    counts: bool
    fields: dict[str, tuple[str, str]]
    undoes: int | None = None
    again: bool = False
    """It takes back an undoing, so that what was undone counts again."""
    told: str = ""
    """What was done, in words, where it is not told by `fields`."""
    told_en: str = ""


class Cite(msgspec.Struct, frozen=True):
    """The number as a citation."""

    gbt7714: str
    plain: str
    embed: str
    quote: str
    """Words of the source, as they stand there."""
    note: str
    """What whoever cites must know: that a person corrected the number, or that it does not count."""


class NumberPage(msgspec.Struct, frozen=True):
    """A number, the sentence that says it, how it was read, and what was done to it."""

    number: Number
    version: int
    """To be sent as `seen`, or as the `ETag` of this answer in `If-Match`, by whoever changes it."""
    counts: bool
    report: ReportLine | None
    quote: str
    before: str
    behind: str
    reading: Inspector | None
    history: tuple[Step, ...]
    into: tuple[Number, ...]
    """What stands in its place, where it does not count any more."""
    cite: Cite


def step(item: Happening, undone: Event | None = None) -> Step:
    """An event for people. `undone` is the event that it takes back, where it does."""
    event = item.event
    told = ("", "")
    if undone is not None:
        told = (_named(undone, "zh"), _named(undone, "en"))
    elif not item.fields or event.kind in ("split", "merged", "added"):
        told = (ledger_words.told(event.deed, "zh"), ledger_words.told(event.deed, "en"))
    return Step(
        event=event.id,
        at=event.at,
        who=event.who,
        why=event.why,
        what=event.kind,
        counts=item.counts,
        fields={name: (plain(old), plain(new)) for name, (old, new) in item.fields.items()},
        undoes=event.undoes,
        again=undone is not None and undone.undoes is not None,
        told=told[0],
        told_en=told[1],
    )


def _named(event: Event, lang: words.Lang) -> str:
    """An event by what it did."""
    return f"{words.say(ledger_words.DEEDS, event.kind, lang)} {ledger_words.told(event.deed, lang)}".strip()


def plain(value: object) -> str:
    """The value of a field in a history."""
    if value is None:
        return "—"
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)


def number_page_of(ask: Ask, key: str) -> NumberPage:
    """Everything about one number; 404 only where there never was one."""
    ledger = ask.shelf.ledger
    state = ledger.statement(key)
    if state is None:
        raise not_found(f"从来没有编号为“{key}”的指标。", f"There never was a statement “{key}”.")
    head = ask.shelf.head(state.report)
    item = state.statement
    before = behind = ""
    reading = None
    report = None
    if head is not None:
        reading = inspector(ask, key)
    if head is not None and state.standing != "gone":
        report = ask.shelf.report(state.report)
        text, sentences = report.document.text, report.frame.sentences
        here = [n for n, each in enumerate(sentences) if each.span.overlaps(item.span)]
        low = sentences[max(here[0] - 1, 0)].span.start if here else max(item.span.start - 60, 0)
        high = sentences[min(here[-1] + 1, len(sentences) - 1)].span.end if here else item.span.end + 60
        before = text[max(min(low, item.span.start), item.span.start - 600) : item.span.start]
        behind = text[item.span.end : min(max(high, item.span.end), item.span.end + 600)]
    into = []
    for other in state.into:
        found = ledger.statement(other)
        if found is not None:
            into.append(number_of(found.report, found.statement, found.standing, found.corrected))
    try:
        happened = ledger.history(key)
        version = ledger.version(key)
    except LedgerError:
        happened, version = (), 0
    by_id = {each.event.id: each.event for each in happened}
    history = tuple(step(each, by_id.get(each.event.undoes or 0)) for each in happened)
    number = number_of(state.report, item, state.standing, state.corrected)
    counts = state.counts and head is not None
    parts = clause(report, item) if report is not None else ("", item.text, "")
    return NumberPage(
        number=number,
        version=version,
        counts=counts,
        report=report_line(head) if head else None,
        quote=item.text,
        before=before,
        behind=behind,
        reading=reading,
        history=history,
        into=tuple(into),
        cite=cite(ask, number, head, report, parts, counts),
    )


_STOP = re.compile(r"[，。；：！？\n\r]|(?<![0-9]),|,(?![0-9])|[;!?]")
_WIDEST = 120


def clause(report: Report, item: Statement) -> tuple[str, str, str]:
    """The clause that says a figure, as it stands in the source: before the figure, it, and behind it.

    Where what it is of is named earlier in the sentence, the clause begins there.
    """
    text = report.document.text
    sentence = words.sentence_of(report, item)
    low, high = (sentence.span.start, sentence.span.end) if sentence else (item.span.start - 40, item.span.end + 40)
    low, high = max(0, low, item.span.start - _WIDEST), min(len(text), high, item.span.end + 60)
    start = item.span.start
    for why in item.evidence:
        if why.field == "indicator" and why.spans and low <= why.spans[0].start < start:
            start = why.spans[0].start
    stops = [found.end() for found in _STOP.finditer(text, low, start)]
    low = max([low, *stops])
    ends = _STOP.search(text, item.span.end, high)
    high = ends.start() if ends else high
    return text[low : item.span.start], text[item.span.start : item.span.end], text[item.span.end : high]


_ADDRESS = re.compile(r"https?://[^\s<>\"'）)】]+")
_DAY = re.compile(
    r"(?:发布|成文|公开|更新|发文)(?:日期|时间)[^0-9\n]{0,6}([12][0-9]{3})[-年/.]([0-9]{1,2})[-月/.]([0-9]{1,2})"
)
_HEAD = 1500


def published(report: Report) -> tuple[str, str]:
    """When and where a report was published, as the file or the head of its text says; empty where neither does."""
    head = report.document.text[:_HEAD]
    day = report.document.source.published or ""
    found = _DAY.search(head)
    if not day and found is not None:
        day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    where = _ADDRESS.search(head)
    return day, where[0] if where else ""


def cite(
    ask: Ask, number: Number, head: Head | None, report: Report | None, parts: tuple[str, str, str], counts: bool
) -> Cite:
    """Citations after GB/T 7714 and in plain words, and the frame for other pages. What stands in quotation marks are
    the source's own words."""
    link = f"{ask.origin}{number.url}"
    today = datetime.now(UTC).date().isoformat()
    place = (head.place if head else None) or "地区不明"
    author = f"{place}人民政府" if head and head.kind == "work" else place
    title = words.one_line((head.title or head.name) if head else number.report)
    quote = words.one_line("".join(parts).strip())
    day, address = published(report) if report is not None else ("", "")
    secret = ask.card_secret(number.key)
    source = f"{ask.origin}/n/{number.key}/card{'?k=' + secret if secret else ''}"
    notes = []
    if number.corrected and number.said != words.one_line(number.text):
        notes.append(f"人工更正为{number.said}，原文“{words.one_line(number.text)}”")
    elif number.corrected or number.standing == "person":
        notes.append("读法经人工更正")
    if not counts:
        standing = words.say(ledger_words.STANDINGS, number.standing, "zh") if head else "所在报告已撤回"
        notes.append(f"此数字现不计入：{standing}")
    note = "；".join(notes)
    behind = f"（{note}）" if note else ""
    what = "，".join(
        part for part in (number.indicator, words.say(words.MEASURES, number.measure, "zh"), number.unit) if part
    )
    return Cite(
        gbt7714=f"{author}. {title}[R/OL]. {f'({day})' if day else ''}[{today}]. {address + '. ' if address else ''}"
        f"引文：“{quote}”{behind}，{link}.",
        plain=f"{place}，{words.period(number.period)}：“{quote}”（{what}）{behind}。见《{title}》，"
        f"{day + ' 发布，' if day else ''}{link}（{today} 查阅）。",
        embed=f'<iframe src="{escape(source)}" width="480" height="180" title="{escape(quote + behind)}" '
        'loading="lazy"></iframe>',
        quote=quote,
        note=note,
    )


@page("/n/{key:str}", template="number.html", version=True)
def number_page(ask: Ask, key: str) -> NumberPage:
    """One number for good: its sentence, its reading, its history."""
    return number_page_of(ask, key)


@page("/n/{key:str}/card", template="card.html", listed=False, open=True)
def card(ask: Ask, key: str, k: str | None = None) -> NumberPage:
    """The number as a card that other pages may frame."""
    return number_page_of(ask, key)


@page("/n/{key:str}/cite", template=None)
def cite_page(ask: Ask, key: str) -> Cite:
    """How to cite a number."""
    return number_page_of(ask, key).cite


@page("/n/{key:str}/cite.txt", template="none", listed=False)
def cite_text(ask: Ask, key: str, request: Request) -> Response[str]:  # type: ignore[type-arg]
    """How to cite a number, as text."""
    found = number_page_of(ask, key).cite
    return Response(content=f"{found.gbt7714}\n{found.plain}\n", media_type="text/plain")
