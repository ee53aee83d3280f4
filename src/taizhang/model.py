"""The types that pass between the rooms, and what is always true of them.

All are frozen and compare by value. Offsets are code points of `Document.text`, half open: `text[start:end]`.
No method here reads a file or a clock, and this module imports nothing else of ours.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from decimal import Decimal
from typing import Literal

import msgspec

Part = Literal["review", "plan", "other", "furniture"]
"""What a stretch does: looks back, looks ahead, neither (glossary, closing, other articles), or is page furniture."""

Mode = Literal["year", "five-year", "horizon"]
"""Over what a review or plan block speaks: one year, a five-year term or plan, or some later date (到2035年)."""

ReportKind = Literal["work", "plan", "stats", "budget", "outline"]
Kind = Literal["actual", "target", "projection", "context"]
Measure = Literal["level", "growth", "change", "completion", "rank"]
Comparator = Literal["eq", "ge", "le", "about", "nearly", "over"]
Strength = Literal["firm", "strive", "advance", "explore"]
How = Literal["written", "inherited", "assumed", "corrected"]
Severity = Literal["info", "warning", "error"]
Verdict = Literal["met", "missed", "partly", "changed", "unclear", "unreported"]


Heard = Literal["answered", "named", "absent"]


class Span(msgspec.Struct, frozen=True, order=True, array_like=True):
    """`[start, end)` in code points of `Document.text`; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


class Source(msgspec.Struct, frozen=True):
    """Where a document came from: hash of its bytes, name as given, media type and encoding as found in the bytes."""

    sha256: str
    name: str
    media_type: str
    encoding: str | None = None
    title: str | None = None
    published: str | None = None
    """Day that the file itself gives for its publication, ISO 8601."""
    publisher: str | None = None
    """Body that the file itself names as its source."""


class Location(msgspec.Struct, frozen=True):
    """A place in the file as published: a line of text, an area of a page, a node of a web page, a paragraph, a cell.

    `path` is the machine's name of the place, which views put into words: the CSS path of a node, `p12` for the twelfth
    paragraph of a Word file, `t2/r3/c1` for a cell of its second table, `Sheet1!B3` for a cell of a workbook.
    """

    kind: Literal["line", "page", "node", "paragraph", "cell"]
    page: int | None = None
    """Counted from 1."""
    box: tuple[float, float, float, float] | None = None
    """x0, y0, x1, y1 in points (1/72 inch) from the page's top left; in a `Piece` of a scan that was turned, from the
    top left of the page set upright (`Page.turn`)."""
    path: str | None = None
    confidence: float | None = None
    """How sure a recogniser of characters is; null where the characters were there."""
    line: int | None = None
    column: int | None = None
    """Both counted from 1; set where `kind` is "line"."""


class Piece(msgspec.Struct, frozen=True):
    """From `start` to the start of the next piece, the text stands at `location`."""

    start: int
    location: Location
    edges: bytes | None = None
    """Of a line of a page: how far from the box's left each character begins, and the last one ends, in tenths of a
    point, two bytes each (little endian). So the box of a few of its characters can be told."""

    def box(self, start: int, end: int) -> tuple[float, float, float, float] | None:
        """The box of the characters `[start, end)`, offsets of the text; that of the whole piece where not known."""
        box = self.location.box
        if box is None or self.edges is None:
            return box
        steps = memoryview(self.edges).cast("H")
        first, last = max(0, start - self.start), min(len(steps) - 1, end - self.start)
        if first >= last:
            return box
        left, right = box[0] + steps[first] / 10, box[0] + max(steps[last], steps[first] + 10) / 10
        return (round(left, 1), box[1], round(right, 1), box[3])


class Cell(msgspec.Struct, frozen=True):
    """One cell of a table. A merged cell is there once, at its first row and column; an empty one is not there."""

    row: int
    column: int
    """Both counted from 0, empty ones too."""
    span: Span
    rowspan: int = 1
    colspan: int = 1
    is_heading: bool = False
    """The file itself says that it is a heading (th, a heading row of Word)."""
    exact: str | None = None
    """The number that a workbook holds in the cell where its format shows it rounded (1284.66 shown as 1,284.7), in the
    unit that is shown; null elsewhere."""


class Table(msgspec.Struct, frozen=True):
    """A table whose text stands in `Document.text` at `span`, one row a line, in reading order.

    In a text file the cells are parted as they are there (commas, tabs, Markdown's bars), elsewhere by a tab; line ends
    and tabs inside a cell are blanks then. Only rows and cells that hold something are written.
    """

    span: Span
    cells: tuple[Cell, ...]
    """By row, then by column."""
    name: str | None = None
    """Name of the sheet that it is of, where it has one."""


class Page(msgspec.Struct, frozen=True):
    """One page of a document that has pages, in points, as it is in the file."""

    number: int
    width: float
    height: float
    turn: float = 0.0
    """Degrees, counter-clockwise about its centre, that a scan was turned by to set it upright before it was read. The
    boxes of pieces are of the upright page; `Document.locate` gives them on the page as it is in the file."""

    def box(self, upright: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """The box on the page as it is in the file that holds a box of the page set upright."""
        if not self.turn:
            return upright
        angle = math.radians(self.turn)
        sine, cosine = math.sin(angle), math.cos(angle)
        quarters = round(self.turn / 90) % 2
        wide, high = (self.height, self.width) if quarters else (self.width, self.height)
        x0, y0, x1, y1 = upright
        corners = [(x - wide / 2, y - high / 2) for x in (x0, x1) for y in (y0, y1)]
        xs = [self.width / 2 + x * cosine - y * sine for x, y in corners]
        ys = [self.height / 2 + x * sine + y * cosine for x, y in corners]
        return (round(min(xs), 1), round(min(ys), 1), round(max(xs), 1), round(max(ys), 1))


class Document(msgspec.Struct, frozen=True):
    """What is read of a file. `text` never changes; every offset points into it.

    A text file is kept exactly as decoded, to the last carriage return. Of any other kind, `text` is what the reader
    found in it, a paragraph or a table row a line, and `origin` leads back to where it stands in the file.
    """

    id: str
    text: str
    source: Source
    line_starts: tuple[int, ...] = ()
    """Offset of each line's first character, so that an offset can be told as line and column."""
    origin: tuple[Piece, ...] = ()
    """Where the text stands in the file, ordered by `start`; empty for a text file, whose lines are the place."""
    tables: tuple[Table, ...] = ()
    """In order; none overlap."""
    pages: tuple[Page, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What the reader noticed: damage, text that it left out, what it could not read."""

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def locate(self, span: Span) -> tuple[Location, ...]:
        """Where a stretch stands in the file as published: each place once, in order, and at least one.

        Where `origin` does not say (a text file, a line that the reader added), it is the line and column of the text.
        """
        first = bisect_right(self.origin, span.start, key=lambda piece: piece.start) - 1
        found: dict[Location, None] = {}
        for piece in self.origin[max(first, 0) :]:
            if piece.start >= span.end:
                break
            location = piece.location
            box = piece.box(span.start, span.end)
            if box is not None and location.page is not None and 0 < location.page <= len(self.pages):
                box = self.pages[location.page - 1].box(box)
            if box != location.box:
                location = msgspec.structs.replace(location, box=box)
            found[location] = None
        if not found:
            line, column = self.where(min(span.start, len(self.text)))
            return (Location("line", line=line, column=column),)
        return tuple(found)

    def where(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1, as editors show them."""
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} outside the document (0..{len(self.text)})")
        line = bisect_right(self.line_starts, offset) if self.line_starts else 1
        start = self.line_starts[line - 1] if self.line_starts else 0
        return line, offset - start + 1


class Interval(msgspec.Struct, frozen=True, array_like=True):
    """All the values that a number as written may stand for: 5.2% is 5.15 to 5.25. Null is open on that side."""

    low: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval upside down: {self.low}..{self.high}")


class Side(msgspec.Struct, frozen=True):
    """One side of a finding: the words in their document, what they say, and the interval they stand for."""

    document: str
    """`Document.id`."""
    span: Span
    text: str
    statement: str | None = None
    """Id of the statement, where the side is one."""
    interval: Interval | None = None


class Finding(msgspec.Struct, frozen=True):
    """Something odd in the documents, shown to readers, never raised.

    A finding about numbers carries both sides and the formula, so that anyone can redo the sum.
    """

    code: str
    severity: Severity
    zh: str
    en: str
    spans: tuple[Span, ...] = ()
    rule: str = ""
    """Name and version of the rule that found it: growth-against-levels/1."""
    sides: tuple[Side, ...] = ()
    formula: str = ""


class Article(msgspec.Struct, frozen=True):
    """One article of a page: a report, a news item, a photo caption. Its pieces are in reading order."""

    kind: Literal["report", "news", "caption", "other"]
    title: str | None
    title_span: Span | None
    pieces: tuple[Span, ...]


class Hole(msgspec.Struct, frozen=True):
    """Text that the page lacks: it stops at `after` and goes on at `before` with something else."""

    after: int
    before: int
    zh: str
    en: str


class Heading(msgspec.Struct, frozen=True):
    """A heading, or a bold or leading phrase that opens a section. Level 0 is a title, 1 is 一、, 2 is （一）."""

    span: Span
    level: int
    number: str | None
    title: str
    part: Part
    parent: int | None
    """Index of the enclosing heading in `Frame.headings`, or null at the top."""


class Block(msgspec.Struct, frozen=True):
    """A stretch of the text with one part and one mode. Blocks follow each other and cover the whole text."""

    start: int
    end: int
    part: Part
    mode: Mode | None
    period: str | None
    """Year or interval of its numbers unless they say otherwise (ISO 8601: 2023, 2021/2025, 2017-01/2017-06)."""
    rule: str
    article: int = 0


class Sentence(msgspec.Struct, frozen=True):
    """One sentence to its 。！？ or the end of its paragraph. In order, none overlap.

    `start` and `end` are offsets of `Frame.folded.text` (the matching view); `span` is the same stretch of the source.
    """

    span: Span
    start: int
    end: int
    block: int
    headings: tuple[int, ...]
    """Path of headings that it stands under, outermost first (indices of `Frame.headings`)."""
    lead: Span | None
    """The lead phrase of its paragraph (工业发展步伐加快。), where it has one; null for the lead itself."""
    is_lead: bool = False
    paragraph: int = 0


class Evidence(msgspec.Struct, frozen=True):
    """Why a field of a statement has its value: written there, inherited from earlier words, or assumed."""

    field: str
    how: How
    rule: str
    spans: tuple[Span, ...] = ()


class Quantity(msgspec.Struct, frozen=True):
    """A number with its unit, readable without the sentence around it.

    `start` and `end` are offsets of the folded text, with the words glued to it (近百座, 15家以上).
    `value` is the number multiplied out; `value_max` the high end of a range. `unit` is as written, without multiplier.
    """

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    comparator: Comparator
    decimals: int
    """Digits written behind the decimal point of the mantissa (1.27亿 → 2)."""
    scale: int
    """Power of ten of the multiplier (亿 → 8), so that `10 ** (scale - decimals)` is the precision written."""
    form: str
    """How it was written: arabic, chinese, mixed, range, rank, ratio, fraction, percent-words, tenths, times, bare…"""
    rule: str
    number_start: int
    """Where the bare number begins, behind any 近, 超过."""
    number_end: int
    """Where the bare number (with multiplier, before unit) ends."""
    comparator_span: tuple[int, int] | None = None
    """Folded offsets of the word that gave the comparator, where there is one."""
    hint: Measure | None = None
    """Measure that the form itself decides (第6位 → rank; 翻一番 → growth), else null."""
    group: int | None = None
    """Number of the list it is a member of (5%和6%; 8.6:43.1:48.3), else null."""
    position: int = 0
    """Place in that list, from 0."""

    def __post_init__(self) -> None:
        if self.value_max is not None and self.value_max < self.value:
            raise ValueError(f"range upside down: {self.value}..{self.value_max}")


class Claim(msgspec.Struct, frozen=True):
    """A number that is no statement, and why. Folded offsets inside `extract`, source offsets in a `Report`."""

    start: int
    end: int
    reason: str
    rule: str


class Statement(msgspec.Struct, frozen=True):
    """How much of what, when, where, and whether it happened or is promised: fields as in the labelling guide."""

    id: str
    span: Span
    text: str
    indicator: str | None
    kind: Kind
    measure: Measure
    value: Decimal
    value_max: Decimal | None
    unit: str
    comparator: Comparator
    period: str | None
    place: str | None
    decimals: int
    scale: int
    sentence: int
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    """How sure the reader is that all of it is right: of those at 0.9, nine in ten are."""


class Commitment(msgspec.Struct, frozen=True):
    """A sentence that undertakes to do something; with `done`, one that reports something done (an achievement)."""

    id: str
    span: Span
    text: str
    done: bool
    section: str | None
    """Path of numbered headings: 二/（四）."""
    task: str | None
    strength: Strength | None
    """Null for an achievement."""
    period: str | None
    units: tuple[str, ...]
    verifiable: bool
    statements: tuple[str, ...]
    """Ids of the statements inside it."""
    pieces: tuple[Span, ...] = ()
    """Set where the sentence is torn over a gap."""
    evidence: tuple[Evidence, ...] = ()


class Frame(msgspec.Struct, frozen=True):
    """What a document is, found before any number is read: title, place, years, and what each stretch of it does."""

    title: str | None
    title_span: Span | None
    place: str | None
    kind: ReportKind | None
    year_reviewed: str | None
    """A year, or an interval: 2023, 2016/2020."""
    year_planned: str | None
    articles: tuple[Article, ...]
    holes: tuple[Hole, ...]
    joins: tuple[Span, ...]
    """Gaps in the source that a torn sentence runs over."""
    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    findings: tuple[Finding, ...]


class Report(msgspec.Struct, frozen=True):
    """Everything read out of one document."""

    document: Document
    frame: Frame
    statements: tuple[Statement, ...]
    commitments: tuple[Commitment, ...]
    coverage: tuple[Claim, ...]
    """Every number that is no statement, with its reason; source offsets."""
    findings: tuple[Finding, ...]


class Proof(msgspec.Struct, frozen=True):
    """Why a target counts as unreported: what was searched, the nearest passages, and what the report lacks."""

    words: tuple[str, ...]
    nearest: tuple[Side, ...]
    missing_sections: tuple[str, ...]


class Echo(msgspec.Struct, frozen=True):
    """What the later report says of one thing that the plan undertook without a number. Weaker evidence than a figure.

    `answered`: a passage of the review names the thing and says that it is done, or begun where that was promised;
    `named`: it is named, and that is all that is sure; `absent`: nothing like it stands in the text.
    """

    id: str
    """The same however often the document is read."""
    document: str
    """`Document.id` of the plan."""
    span: Span
    """The clause that undertakes it."""
    text: str
    thing: str
    """What is undertaken, in the plan's words: 滨河大桥."""
    promise: str
    """Kind of promise, as in the word list: finish, begin, issue, found, award."""
    commitment: str
    """Id of the commitment that the clause is of."""
    period: str | None
    heard: Heard
    answer_document: str
    passages: tuple[Side, ...]
    """Of the later report: the answer, or where it is named; of what is absent the nearest ones."""
    words: tuple[str, ...]
    """Words looked for."""
    reason_zh: str
    reason_en: str
    rule: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of one target: the verdict, the statements of the later report that answer it, and why."""

    target: Statement
    target_document: str
    verdict: Verdict
    actuals: tuple[Statement, ...]
    answer_document: str | None
    """The later report's `Document.id`; null where no later report was given."""
    reason_zh: str
    reason_en: str
    rule: str
    derived: bool = False
    """The answer was computed (a level through a growth and last year's level), not written."""
    sides: tuple[Side, ...] = ()
    proof: Proof | None = None
    words: str | None = None
    """Set where the target is in words only (与经济增长同步): its statement then has no value of its own."""
