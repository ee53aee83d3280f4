"""One number: its permanent page, its card for other people's pages, and how to cite it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from litestar import Request, Response

from taizhang.errors import LedgerError
from taizhang.ledger import Happening, Head
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


class Cite(msgspec.Struct, frozen=True):
    """The number as a citation."""

    gbt7714: str
    plain: str
    embed: str


class NumberPage(msgspec.Struct, frozen=True):
    """A number, the sentence that says it, how it was read, and what was done to it."""

    number: Number
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


def step(item: Happening) -> Step:
    """An event for people."""
    return Step(
        event=item.event.id,
        at=item.event.at,
        who=item.event.who,
        why=item.event.why,
        what=item.event.kind,
        counts=item.counts,
        fields={name: (_plain(old), _plain(new)) for name, (old, new) in item.fields.items()},
        undoes=item.event.undoes,
    )


def _plain(value: object) -> str:
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
        history = tuple(map(step, ledger.history(key)))
    except LedgerError:
        history = ()
    number = number_of(state.report, item, state.standing, state.corrected)
    return NumberPage(
        number=number,
        counts=state.counts and head is not None,
        report=report_line(head) if head else None,
        quote=item.text,
        before=before,
        behind=behind,
        reading=reading,
        history=history,
        into=tuple(into),
        cite=cite(ask, number, head),
    )


def cite(ask: Ask, number: Number, head: Head | None) -> Cite:
    """Citations after GB/T 7714 and in plain words, and the frame for other pages."""
    link = f"{ask.origin}{number.url}"
    today = datetime.now(UTC).date().isoformat()
    place = (head.place if head else None) or "地区不明"
    author = f"{place}人民政府" if head and head.kind == "work" else place
    title = words.one_line((head.title or head.name) if head else number.report)
    quote = words.one_line(number.text)
    named = f"{number.indicator}：" if number.indicator else ""
    secret = ask.card_secret(number.key)
    source = f"{ask.origin}/n/{number.key}/card{'?k=' + secret if secret else ''}"
    return Cite(
        gbt7714=f"{author}. {title}[R/OL]. [{today}]. {link}. 引文：“{named}{quote}”.",
        plain=f"{place}，{words.period(number.period)}：{named}{quote}。见《{title}》，{link}（{today} 查阅）。",
        embed=f'<iframe src="{source}" width="480" height="180" title="{quote}" loading="lazy"></iframe>',
    )


@page("/n/{key:str}", template="number.html")
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
