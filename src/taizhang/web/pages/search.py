"""Where something is said: in sentences, in statements, in the names of indicators."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar.params import Parameter
from markupsafe import Markup

from taizhang.errors import LedgerError
from taizhang.ledger import Tally
from taizhang.ledger.search import terms
from taizhang.web.asking import Ask, address
from taizhang.web.body import escaped, place_of
from taizhang.web.faces import page
from taizhang.web.lines import Number, of_state
from taizhang.web.pages.indicators import tallies

_LENGTH = 30


class Hit(msgspec.Struct, frozen=True):
    """A sentence or a statement that was found."""

    report: str
    report_title: str
    place: str | None
    year_reviewed: str | None
    part: str | None
    text: str
    start: int
    url: str
    number: Number | None


class Search(msgspec.Struct, frozen=True):
    """What was found for some words."""

    q: str
    where: str
    data: tuple[Hit, ...]
    total: int
    sentences: int
    statements: int
    indicators: tuple[Tally, ...]
    next: str | None
    page: int
    filters: dict[str, str]


@page("/search", template="search.html", rows=lambda made: made.data)
def search(
    ask: Ask,
    q: Annotated[str, Parameter(max_length=200, description="Words; a space asks for both")] = "",
    where: Literal["sentences", "statements"] = "sentences",
    place: str | None = None,
    year: Annotated[int | None, Parameter(ge=1900, le=2200)] = None,
    page: Annotated[int, Parameter(ge=1, le=10000)] = 1,
) -> Search:
    """Where all of some words are said."""
    ledger = ask.shelf.ledger
    chosen = {n: str(v) for n, v in (("place", place), ("year", year)) if v}
    if not _has_words(q):
        return Search(q, where, (), 0, 0, 0, (), None, page, chosen)
    options = {"place": place or None, "year": year}
    found = ledger.search(q, where=where, limit=_LENGTH, offset=(page - 1) * _LENGTH, **options)  # type: ignore[arg-type]
    other = "statements" if where == "sentences" else "sentences"
    rest = ledger.search(q, where=other, limit=1, **options)  # type: ignore[arg-type]
    counts = {where: found.total, other: rest.total}
    hits = []
    for item in found.items:
        head = item.report
        state = item.state
        start = item.pieces[0].start
        name = state.statement.id if state else None
        hits.append(
            Hit(
                report=head.report,
                report_title=head.title or head.name,
                place=head.place,
                year_reviewed=head.year_reviewed,
                part=item.part,
                text=item.text,
                start=start,
                url=address(f"/reports/{head.report}", s=name) + f"#s-{name}" if name else place_of(head.report, start),
                number=of_state(state) if state else None,
            )
        )
    more = page * _LENGTH < found.total
    return Search(
        q=q,
        where=where,
        data=tuple(hits),
        total=found.total,
        sentences=counts["sentences"],
        statements=counts["statements"],
        indicators=tallies(ask, q, None, limit=8).items,
        next=str(page + 1) if more else None,
        page=page,
        filters=chosen,
    )


def _has_words(q: str) -> bool:
    """Whether there is anything to look for: signs alone are nowhere."""
    try:
        return bool(terms(q))
    except LedgerError:
        return False


def lit(text: str, words: str) -> Markup:
    """A text with the words that were looked for marked where they stand as typed."""
    found: list[tuple[int, int]] = []
    for word in words.split():
        at = text.lower().find(word.lower())
        while at >= 0:
            found.append((at, at + len(word)))
            at = text.lower().find(word.lower(), at + len(word))
    out, at = [], 0
    for start, end in sorted(found):
        if start < at:
            continue
        out.append(f"{escaped(text[at:start])}<mark>{escaped(text[start:end])}</mark>")
        at = end
    return Markup("".join(out) + escaped(text[at:]))
