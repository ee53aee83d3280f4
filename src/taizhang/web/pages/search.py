"""Where something is said: in sentences, in statements, in the names of indicators."""

from __future__ import annotations

import re
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
from taizhang.web.pages.indicators import every, tallies

_LENGTH = 30
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:年度?)?")
_KIND = re.compile(r"\w{0,6}(?:特别行政区|自治区|自治州|自治县|自治旗|林区|新区|地区|省|市|县|区|州|盟|旗)")
"""What a place's name goes on with where people leave it out: 市, 土家族苗族自治州."""


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
    looked: str = ""
    """The words looked for in the text: `q` without what it says of place and year."""
    understood: dict[str, str] = {}
    """Place and year that were taken out of `q`."""
    nearest: tuple[Tally, ...] = ()
    """Where nothing was found: the indicators whose names are most like the words."""


@page("/search", template="search.html", rows=lambda made: made.data)
def search(
    ask: Ask,
    q: Annotated[str, Parameter(max_length=200, description="Words; a space asks for both")] = "",
    where: Literal["sentences", "statements"] = "sentences",
    place: str | None = None,
    year: Annotated[int | None, Parameter(ge=1900, le=2200)] = None,
    page: Annotated[int, Parameter(ge=1, le=10000)] = 1,
    literal: Annotated[bool, Parameter(description="Look for words of place and year in the text too")] = False,
) -> Search:
    """Where all of some words are said. A place and a year among them ask for the reports of that place and year."""
    ledger = ask.shelf.ledger
    chosen = {n: str(v) for n, v in (("place", place), ("year", year)) if v}
    if not _has_words(q):
        return Search(q, where, (), 0, 0, 0, (), None, page, chosen)
    looked, understood = (q, {}) if literal else understand(q, ask, bool(place), year is not None)
    options = {"place": place or understood.get("place"), "year": year or (int(understood.get("year", 0)) or None)}
    found = ledger.search(looked, where=where, limit=_LENGTH, offset=(page - 1) * _LENGTH, **options)  # type: ignore[arg-type]
    other = "statements" if where == "sentences" else "sentences"
    rest = ledger.search(looked, where=other, limit=1, **options)  # type: ignore[arg-type]
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
        indicators=tallies(ask, looked, None, limit=8).items,
        next=str(page + 1) if more else None,
        page=page,
        filters=chosen,
        looked=looked,
        understood=understood,
        nearest=() if found.total else _nearest(ask, looked),
    )


def understand(q: str, ask: Ask, placed: bool, dated: bool) -> tuple[str, dict[str, str]]:
    """The words to look for, and the place and year that stand among them. What a filter says already, and a query of
    nothing but place and year, is looked for as it is typed."""
    places = {head.place for head in ask.shelf.heads() if head.place}
    found: dict[str, str] = {}
    rest = []
    for word in q.split():
        year = _YEAR.fullmatch(word)
        place = None if placed or "place" in found else _place(word, places)
        if year and not dated and "year" not in found:
            found["year"] = year[1]
        elif place:
            found["place"] = place
        else:
            rest.append(word)
    looked = " ".join(rest)
    return (looked, found) if found and _has_words(looked) else (q, {})


def _place(word: str, places: set[str]) -> str | None:
    """The place of the ledger that a word names, in full or as people say it (保定 for 保定市); null else."""
    if word in places:
        return word
    meant = [each for each in places if len(word) > 1 and each.startswith(word) and _KIND.fullmatch(each[len(word) :])]
    return meant[0] if len(meant) == 1 else None


def _nearest(ask: Ask, words: str) -> tuple[Tally, ...]:
    """The indicators that share most pairs of characters with some words, those used most often first."""
    pairs = {word[at : at + 2] for word in words.split() for at in range(len(word) - 1)}
    scored = [(sum(pair in each.indicator for pair in pairs), each) for each in every(ask)] if pairs else []
    best = sorted((each for each in scored if each[0]), key=lambda each: (-each[0], -each[1].count))
    return tuple(each for _, each in best[:8])


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
