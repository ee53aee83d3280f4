"""Tables → statements: the row says of what, the column when and whether planned or done, the cell how much.

    指标          单位   2025年完成   2026年计划
    生产总值      亿元      1362.8    增长5.5%左右

Each cell with a number becomes a statement as from prose. Headings give year, kind, measure and unit; where they do
not, the lines above the table and then the document do, and the evidence says which. Rows may also be years or places,
with the indicators over the columns.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from taizhang.extract.cells import (
    AMONG,
    NOTHING,
    UNIT_SAID,
    YEAR_IN_A_TITLE,
    Amount,
    Word,
    amounts,
    is_figure,
    label_of,
    split_unit,
    unit_in,
)
from taizhang.extract.coverage import NUMBERS
from taizhang.extract.ids import Ids
from taizhang.extract.period import last_year
from taizhang.fold import fold
from taizhang.model import (
    Claim,
    Document,
    Evidence,
    Frame,
    How,
    Kind,
    Measure,
    Span,
    Statement,
    Table,
)
from taizhang.structure import is_place

_YEAR = re.compile(
    r"(?<![0-9.])((?:19|20)[0-9]{2})(?![0-9.]|[万亿]?元)(?:年度?)?"
    r"(?:(?:—|-|至|~)((?:19|20)[0-9]{2})年?)?(?:(?:1(?:—|-|至|~))?([0-9]{1,2})月)?"
)
_LAST = re.compile(r"上年(?!度?增|度?同)|去年|上一年")
_THIS = re.compile(r"本年|今年|当年")
_NEXT = re.compile(r"明年|下年|下一年|次年")
_PLANNED = re.compile(r"计划|目标|预期|任务|预算|规划|安排|建议")
_DONE = re.compile(r"执行|实际|实绩|决算")
_FORESEEN = re.compile(r"预计|预测")
_COMPLETION = re.compile(
    r"(?:完成|占|为|达)[^（(]{0,6}(?:计划|预算|目标|任务)数?的?(?:百分比|比例|比重|比|率|进度|[（(]?%)|完成(?:率|进度|比例|百分比)|执行率"
)
_GROWTH = re.compile(
    r"增长|增速|增幅|涨幅|降幅|升降|上涨|递增|同比|(?:比|较)(?:上年|去年|上期|同期|年初)|±|增减率|增减(?=[（(]?%)|增加?[（(]?%"
)
_CHANGE = re.compile(r"增减(?:额|量|数|值)?|增加(?:额|量|数|值)|变化(?:额|量|数|值)?|净增")
_SHARE = re.compile(r"比重|占比|构成|份额|所占")
_RANK = re.compile(r"位次|排名|名次|排位|位居")
_INDEX = re.compile(r"指数(?!级)")
_INDEX_BASE = re.compile(r"指数[^。；\n]{0,12}=\s*100")
_RATE_NAME = re.compile(r"(?<!自然)(?:增长率|增长速度|增长幅度|增速|增幅|涨幅|年均增长|增长)$")
_NO_ASPECT = re.compile(
    rf"{_YEAR.pattern}|上年|去年|上一年|本年|今年|当年|明年|下年|年度|年初|全年|年均|单位：\S+|[（(\[【][^（()）\]】]*[）)\]】]"
    r"|计划|目标|预期|任务|预算|规划|安排|建议|执行|实际|实绩|决算|预计|预测|初步|完成|实现|累计"
    r"|增长率|增长|增速|增幅|涨跌幅度?|涨跌|涨幅|降幅|升降|上涨|递增|同比|同期|增减|(?:比|较)(?=上年|去年|上期|年初)|±|%|‰"
    r"|绝对[数额值量]|[年期]末数|总量|数值|数量|指标值|指标|情况|位次|排名|名次|排位|^[数值额量幅率]$|^[的为与和、—/－-]+|[的为与和、—/－-]+$"
)
_NO_WORDS = frozenset("数值额量率幅的年月末底初%元个/")
_HEAD_NOUN = re.compile(
    r"(?:额|量|值|率|数|收入|支出|投资|面积|人口|人数|余额|价格|指数|里程|用电|比重|产业|户|家|费|税|款|储蓄|存款|贷款|就业|工资)$"
)
_COUNTED_ALREADY = re.compile(r"(?:存栏|出栏|量|数|面积)$")
_INDEX = re.compile(r"指数\s*(?:[（(][^（）()]*=100[^（）()]*[）)])?$")
_SERIAL = re.compile(r"序\s*号|编\s*号|行次|代码")
_UNIT_HEAD = re.compile(r"(?:计量)?单位(?:：.*)?")
_NOTE_HEAD = re.compile(r"备注|说明|责任|牵头|配合|部门|属性|性质|类型|来源|依据|口径")
_PLACE_HEAD = re.compile(r"地区|区县|县区|市县|市州|县市|乡镇|镇街|县（市|各县|各市|行政区")
_PLACE_NAME = re.compile(r"[\u4e00-\u9fff]{1,9}(?:省|市|县|区|旗|镇|乡|街道|州|盟)|全[国省市县区州]|合计|总计")
_OWN_PLACE = re.compile(r"全[省市县区州旗盟]|我[省市县区州]")
FORESEEN = "foreseen-of-a-period-over"
"""The rule of kind of figures that a heading calls 预计 and that are of the year reported on: as in prose they are
actual, since they answer that year's targets, and a finding says so."""
_SURE, _LESS_SURE, _UNSURE = 0.95, 0.85, 0.6
"""Confidence where row, column and unit are written, where one of them is assumed, and where nothing tells the year.

Labelled tables are too few to learn it. In three statistical communiqués 201 cells stand in the prose as well, by
number and words; 199 agree with it in value, unit, measure, kind and year (70 of 70 and 129 of 131), and the two are of
other things. That says nothing of the indicator, nor of tables of plans, so less is claimed."""


class _Said(NamedTuple):
    """A value of a field, how it is known, the rule and where it was said."""

    value: str | None
    how: How
    rule: str
    spans: tuple[Span, ...] = ()


_UNSAID = _Said(None, "assumed", "not-said")


class _Column(NamedTuple):
    """What the heading of a column says."""

    text: str
    spans: tuple[Span, ...]
    measure: Measure | None
    """Null where the heading says no more than that it is an amount."""
    unit: _Said
    aspect: str
    period: _Said
    kind: Kind | None


def read_tables(document: Document, frame: Frame, ids: Ids) -> tuple[list[Statement], list[Claim]]:
    """The statements of all tables of a document, and a claim for each of their other numbers; source offsets."""
    starts = [sentence.span.start for sentence in frame.sentences]
    statements: list[Statement] = []
    claims: list[Claim] = []
    for table in document.tables:
        reader = _Reader(document, frame, ids, table, starts)
        found = list(reader.read()) if reader.speaks else []
        statements += found
        claims += reader.left_over([statement.span for statement in found])
    return statements, claims


class _Reader:
    """Reads one table."""

    def __init__(self, document: Document, frame: Frame, ids: Ids, table: Table, starts: Sequence[int]) -> None:
        self.document, self.frame, self.ids, self.table, self.starts = document, frame, ids, table, starts
        self.words = [Word(cell, fold(document.slice(cell.span))) for cell in table.cells]
        self.grid: dict[tuple[int, int], Word] = {}
        self.by_row: dict[int, list[Word]] = {}
        for word in self.words:
            cell = word.cell
            self.by_row.setdefault(cell.row, []).append(word)
            for row in range(cell.row, cell.row + min(cell.rowspan, 500)):
                for column in range(cell.column, cell.column + min(cell.colspan, 500)):
                    self.grid.setdefault((row, column), word)
        self.rows = sorted({row for row, _ in self.grid})
        self.columns = sorted({column for _, column in self.grid})
        at = bisect_right(starts, table.cells[0].span.start) - 1
        self.block = frame.blocks[frame.sentences[at].block] if at >= 0 else None
        self.speaks = self.block is not None and self.block.part != "furniture"
        self.above = self._lines_above()
        self.of_indices = False
        """Whether the caption says that the figures are indices (上年=100)."""

    # --- the shape ---

    def _lines_above(self) -> str:
        """The lines before the table, nearest last: its title and unit. Prose is none of them."""
        before = self.document.text[max(0, self.table.span.start - 300) : self.table.span.start]
        lines = [line.strip() for line in before.splitlines() if line.strip()][-3:]
        while lines and (len(lines[0]) > 60 or lines[0].endswith(("。", "；"))):
            lines.pop(0)
        return "\n".join(fold(line).text for line in lines if not line.endswith("。"))

    def _heading_rows(self) -> list[int]:
        """The rows before the first one that holds a figure beside its label."""
        heading: list[int] = []
        for row in self.rows:
            words = self._row(row)
            inner = [word for word in words if word.cell.column != self.columns[0]]
            figures = [word for word in inner if is_figure(word.text) and not _YEAR.fullmatch(word.text)]
            numbered = [word.text for word in words] == [str(n) for n in range(1, len(words) + 1)]
            marked = bool(words) and all(word.cell.is_heading for word in words)
            if figures and not numbered and not marked:
                break
            heading.append(row)
        # Rows without figures just above the first full one are sections (一、经济发展) where they stand alone.
        while len(heading) > 1 and len(self._row(heading[-1])) == 1 and self._row(heading[-1])[0].cell.colspan == 1:
            if self._row(heading[-1])[0].cell.column != self.columns[0]:
                break
            heading.pop()
        return heading if len(heading) < len(self.rows) else []

    def _opens_parts(self, place: tuple[int, int], stands: int) -> bool:
        """Whether the label at `place` is the first part of what stands above it: a sign, further in."""
        word = self.grid.get(place)
        return word is not None and bool(AMONG.search(word.text)) and self._indent(word) > stands

    def _indent(self, word: Word) -> int:
        """How far into its line a label stands, in a text whose columns are made with blanks."""
        start = word.cell.span.start
        line = self.document.text[max(0, start - 80) : start].rpartition("\n")[2]
        return 0 if line.strip() or not line.isspace() else len(line)

    def _row(self, row: int) -> list[Word]:
        """The words that begin in a row."""
        return self.by_row.get(row, [])

    def read(self) -> Iterator[Statement]:
        """The statements, in order."""
        heading = self._heading_rows()
        body = [row for row in self.rows if row not in heading]
        if not heading or not body:
            return
        caption = [word for row in heading for word in self._row(row) if self._is_caption(word, len(self._row(row)))]
        said = "\n".join([self.above, *(word.text for word in caption)])
        heads = {column: self._head(column, heading, caption) for column in self.columns}
        values, keys, unit_column = self._roles(heads, body)
        if not values or not keys:
            return
        key = keys[-1]
        self._base(said, heads, values)
        parsed: dict[int, _Column] = {}
        of_amounts = ""  # what the column of amounts counts (产量): its growth beside it is of the same
        dated: _Column | None = None
        for column in values:
            one = self._column(heads[column])
            if one.measure is None:
                of_amounts = one.aspect
            else:
                # Beside an amount, its growth or the share of its plan is of the same thing and year.
                one = one._replace(aspect=one.aspect or of_amounts)
                if one.period.how == "assumed" and dated is not None:
                    one = one._replace(
                        period=dated.period, kind=one.kind if one.measure == "completion" else dated.kind
                    )
            if one.period.how != "assumed":
                dated = one
            parsed[column] = one
        self.amounts = any(of.measure is None for of in parsed.values())
        labels = [self.grid[row, key].text for row in body if (row, key) in self.grid]
        by_year = bool(labels) and sum(bool(_YEAR.fullmatch(label)) for label in labels) * 5 >= len(labels) * 4
        names = sum(bool(_PLACE_NAME.fullmatch(label)) for label in labels)
        key_head = "".join(word.text for word in heads[key])
        by_place = not by_year and (
            bool(_PLACE_HEAD.search(key_head)) or (len(labels) > 1 and names * 5 >= len(labels) * 4)
        )
        self.of_indices = bool(_INDEX_BASE.search(said))
        corner = UNIT_SAID.search(key_head) or UNIT_SAID.search(said)
        common = _Said(corner[1], "inherited", "unit-above-the-table") if corner else _UNSAID
        parent, indent, listed = "", 0, 0
        for row, following in zip(body, [*body[1:], -1], strict=True):
            word = self.grid.get((row, key))
            if word is None or (row, key) not in self.grid:
                continue
            label = label_of(word)
            if by_year or by_place:
                yield from self._keyed_row(row, word, values, parsed, common, by_year=by_year)
                continue
            name = word.text[label[0] : label[1]]
            stands = self._indent(word)
            among = bool(AMONG.search(word.text))
            if among:
                listed = stands
            elif indent < listed <= stands and not self._opens_parts((following, key), stands):
                among = True  # only the first of the parts bears a sign, the others stand below it
            else:
                listed = 0
            if not among:
                indent = stands
            if not among and any((row, column) in self.grid for column in values):
                parent = name
            full = name
            unit = self._row_unit(row, word, unit_column, common)
            for column in values:
                cell = self.grid.get((row, column))
                if cell is None or cell.cell.row != row or cell.cell.column != column:
                    continue
                of = parsed[column]
                if among and parent and not of.aspect and not _HEAD_NOUN.search(name):
                    full = parent + name
                yield from self._statements(cell, full, (word.span(*label),), of, unit, row)

    def _is_caption(self, word: Word, beside: int) -> bool:
        """Whether a cell above the headings is the table's title: alone in its row, over all columns."""
        wide = word.cell.colspan >= len(self.columns) - 1 or word.cell.column == self.columns[0] != self.columns[-1]
        return beside == 1 and wide and word.cell.column == self.columns[0] and word.cell.rowspan == 1

    def _keyed_row(
        self, row: int, word: Word, values: Sequence[int], parsed: dict[int, _Column], common: _Said, *, by_year: bool
    ) -> Iterator[Statement]:
        """A row that is a year or a place: the columns name the indicators."""
        for column in values:
            cell = self.grid.get((row, column))
            of = parsed[column]
            if cell is None or cell.cell.row != row or cell.cell.column != column or not of.aspect:
                continue
            unit = of.unit if of.unit.value else common
            span = word.span(0, len(word.text))
            if by_year:
                of = of._replace(period=_Said(_iso(_YEAR.match(word.text)), "written", "year-of-the-row", (span,)))
                yield from self._statements(cell, of.aspect, of.spans, of._replace(aspect=""), unit, row)
            else:
                place = (
                    self.frame.place if word.text in ("合计", "总计") or _OWN_PLACE.fullmatch(word.text) else word.text
                )
                yield from self._statements(
                    cell, of.aspect, of.spans, of._replace(aspect=""), unit, row, (place, (span,))
                )

    def _head(self, column: int, heading: Sequence[int], caption: Sequence[Word]) -> list[Word]:
        words: list[Word] = []
        for at, row in enumerate(heading):
            word = self.grid.get((row, column)) or self._spread(heading, at, column)
            if word is not None and word not in words and word not in caption:
                words.append(word)
        return words

    def _spread(self, heading: Sequence[int], at: int, column: int) -> Word | None:
        """The heading to the left that covers an empty place, in a table whose form knows no merged cells (CSV)."""
        if at + 1 >= len(heading) or (heading[at + 1], column) not in self.grid:
            return None
        if any(word.cell.colspan > 1 or word.cell.rowspan > 1 for word in self.words):
            return None
        for left in reversed([each for each in self.columns if each < column]):
            word = self.grid.get((heading[at], left))
            if word is not None:
                return word if (heading[at + 1], left) in self.grid else None
        return None

    def _roles(self, heads: dict[int, list[Word]], body: Sequence[int]) -> tuple[list[int], list[int], int | None]:
        """Columns of values, columns that name the rows (the nearest last), and the column of units."""
        values: list[int] = []
        keys: list[int] = []
        unit: int | None = None
        for column in self.columns:
            head = "".join(word.text for word in heads[column])
            words = [self.grid[row, column] for row in body if (row, column) in self.grid]
            filled = [word.text for word in words if not NOTHING.fullmatch(word.text)]
            figures = sum(map(is_figure, filled))
            years = sum(bool(_YEAR.fullmatch(text)) for text in filled)
            if not values and filled and years * 5 >= len(filled) * 4:
                keys.append(column)
            elif _SERIAL.search(head) or (not (values or head) and filled and all(t.isdecimal() for t in filled)):
                continue
            elif _UNIT_HEAD.fullmatch(head) or (filled and not values and keys and all(map(split_unit, filled))):
                unit = column
            elif _NOTE_HEAD.search(head):
                continue
            elif filled and figures * 2 >= len(filled):
                values.append(column)
            elif not values and filled:
                keys.append(column)
            elif figures:
                values.append(column)  # a column of plans in words, with some numbers among them
        return values, keys, unit

    # --- what headings say ---

    def _base(self, said: str, heads: dict[int, list[Word]], values: Sequence[int]) -> None:
        """The years that 本年 and 上年 mean here, and that a heading without a year means."""
        years = {match[1] for match in YEAR_IN_A_TITLE.finditer(said)}
        self.caption_year = next(iter(years)) if len(years) == 1 else None
        reviewed, planned = last_year(self.frame.year_reviewed), last_year(self.frame.year_planned)
        texts = ["".join(word.text for word in heads[column]) for column in values]
        plans_ahead = any(
            _PLANNED.search(text) and not _COMPLETION.search(text) and not _LAST.search(text) for text in texts
        )
        looks_back = any(_LAST.search(text) and not _GROWTH.search(text) for text in texts)
        if self.caption_year:
            self.this_year: str | None = self.caption_year
        elif plans_ahead and looks_back:
            self.this_year = planned or (_after(reviewed) if reviewed else None)
        else:
            self.this_year = reviewed or planned
        # A plan without a year stands beside what was done of it, or alone: then it is the coming year's.
        done_beside = any(_COMPLETION.search(text) or (_DONE.search(text) and not _YEAR.search(text)) for text in texts)
        self.plan_year = self.caption_year or (reviewed if done_beside else planned) or reviewed
        self.done_year = self.caption_year or reviewed or planned
        self.reviewed = reviewed

    def _column(self, words: Sequence[Word]) -> _Column:
        text = "\n".join(word.text for word in words)
        spans = tuple(word.cell.span for word in words)
        completion = bool(_COMPLETION.search(text.replace("\n", "")))
        measure: Measure | None = None
        if completion:
            measure = "completion"
        elif _RANK.search(text):
            measure = "rank"
        elif _CHANGE.search(text) and not re.search(r"增减率|增减\n?[（(]?%", text):
            measure = "change"
        elif _GROWTH.search(text):
            measure = "growth"
        unit = _UNSAID
        for word in reversed(words):
            found = unit_in(word.text)
            if found:
                unit = _Said(found[0], "written", "unit-in-the-heading", (word.span(*found[1]),))
                break
        if measure in ("growth", "completion") and unit.value is None:
            unit = _Said("%", "assumed", "percent-of-a-rate")
        if measure is None and unit.value is None and _INDEX.search(text):
            unit = _Said("点", "assumed", "index-points")
        if measure == "rank":
            unit = _Said("位", "assumed", "unit-of-a-rank")
        if measure == "growth" and unit.value not in ("%", "‰", "倍"):
            measure = "change"
        if measure == "change" and unit.value == "%":
            measure = "growth"
        kind, period = self._time(text, spans, completion)
        aspect = ""
        for word in words:
            rest = _rest(word.text)
            if rest and rest not in aspect and rest not in _NO_WORDS:
                aspect += rest
        if _SHARE.search(text) and not _SHARE.search(aspect):
            aspect += "比重"
        return _Column(text, spans, measure, unit, aspect, period, kind)

    def _time(self, text: str, spans: tuple[Span, ...], completion: bool) -> tuple[Kind | None, _Said]:
        """Kind and period that a heading gives."""
        kind: Kind | None = None
        if completion or _DONE.search(text):
            kind = "actual"
        elif _PLANNED.search(text):
            kind = "target"
        elif re.search(r"完成|实现|预计|初步", text):
            kind = "actual"
        without = re.sub(r"(?:比|较)(?:上年|去年)", "", text)
        match = _YEAR.search(text)
        if match:
            period = _Said(_iso(match), "written", "year-in-the-heading", spans)
        elif _NEXT.search(text):
            period = _Said(_after(self.this_year), "inherited", "next-year-in-the-heading", spans)
        elif _THIS.search(text):
            period = _Said(self.this_year, "inherited", "this-year-in-the-heading", spans)
        elif _LAST.search(without):
            period = _Said(_before(self.this_year), "inherited", "last-year-in-the-heading", spans)
        elif kind == "target":
            period = _Said(self.plan_year, "assumed", "year-of-the-plan")
        else:
            period = _Said(self.done_year, "assumed", "year-of-the-table")
        year = last_year(period.value)
        if kind is None and year and self.reviewed:
            kind = "target" if year > self.reviewed else "actual"
        if kind == "actual" and _FORESEEN.search(text) and year and self.reviewed and year > self.reviewed:
            kind = "projection"
        return kind, period

    def _row_unit(self, row: int, word: Word, column: int | None, common: _Said) -> _Said:
        """The unit of a row's amounts: its unit cell, its label, else what stands above the table."""
        cell = self.grid.get((row, column)) if column is not None else None
        if cell is not None and not NOTHING.fullmatch(cell.text):
            first = re.split("[、，,；/](?=%|万|亿|元|个)", cell.text)[0]
            return _Said(first, "written", "unit-of-the-row", (cell.cell.span,))
        found = unit_in(word.text)
        if found:
            return _Said(found[0], "written", "unit-in-the-label", (word.span(*found[1]),))
        return common

    # --- cells ---

    def _statements(
        self, cell: Word, name: str, name_spans: tuple[Span, ...], of: _Column, row_unit: _Said, row: int,
        place: tuple[str | None, tuple[Span, ...]] | None = None,
    ) -> Iterator[Statement]:  # fmt: skip
        if not name or NOTHING.fullmatch(cell.text):
            return
        own_rate = _RATE_NAME.search(name)
        measure: Measure = of.measure or "level"
        unit = of.unit if of.unit.value else row_unit
        indices = unit.value is None and of.measure is None and (self.of_indices or bool(_INDEX.search(of.text + name)))
        if indices:
            unit = _Said("点", "assumed", "unit-of-an-index")
        if of.measure is None and unit.value == "位" and _RANK.search(name):
            measure = "rank"
        if of.measure is None and unit.value is None and _INDEX.search(name):
            unit = _Said("点", "assumed", "index-points")
        if of.measure is None and own_rate and (unit.value in (None, "%")):
            measure, unit = "growth", unit if unit.value else _Said("%", "assumed", "percent-of-a-rate")
        if of.measure in ("growth", "change") and own_rate:
            measure = "change"
            unit = of.unit if of.unit.value == "个百分点" else _Said("个百分点", "assumed", "points-of-a-rate")
        elif self.amounts and of.measure == "growth" and of.unit.how == "assumed" and row_unit.value in ("%", "‰"):
            # The rise of a rate is told in points. Where no column holds amounts, % is the unit of the growth itself.
            measure, unit = "change", _Said("个百分点", "assumed", "points-of-a-rate")
        indicator = name
        if own_rate and measure in ("growth", "change") and own_rate.start() > 1:
            indicator = name[: own_rate.start()]
        aspect_place = None
        if of.aspect:
            if is_place(of.aspect) or of.aspect in ("全国", "全省") or _OWN_PLACE.fullmatch(of.aspect):
                aspect_place = of.aspect
            elif not indicator.endswith(of.aspect) and not (of.aspect == "产量" and _COUNTED_ALREADY.search(indicator)):
                indicator += of.aspect
        if indices and not _INDEX.search(indicator):
            indicator += "指数"
        for amount in amounts(cell.text, unit.value, measure):
            yield self._statement(cell, amount, indicator, name_spans, of, unit, measure, row, place, aspect_place)

    def _statement(
        self, cell: Word, amount: Amount, indicator: str, name_spans: tuple[Span, ...], of: _Column, unit: _Said,
        column_measure: Measure, row: int, place: tuple[str | None, tuple[Span, ...]] | None, aspect_place: str | None,
    ) -> Statement:  # fmt: skip
        span = cell.span(amount.start, amount.end)
        measure = amount.measure or column_measure
        block = self.block
        assert block is not None  # `speaks` has asked
        kind: Kind = of.kind or ("target" if block.part == "plan" else "actual")
        foreseen = kind == "actual" and bool(_FORESEEN.search(of.text))
        value, most = amount.value, amount.value_max
        if amount.falls and measure in ("growth", "change", "level"):
            value, most = (-value, None) if most is None else (-most, -value)
        said_place = self.frame.place
        place_spans: tuple[Span, ...] = ()
        if place is not None:
            said_place, place_spans = place[0], place[1]
        elif aspect_place and not _OWN_PLACE.fullmatch(aspect_place):
            said_place, place_spans = aspect_place, of.spans
        by_cell = amount.rule != "figure"
        written = Evidence("unit", "written", "unit-behind-the-number", (span,))
        evidence = (
            Evidence("indicator", "written", "row-and-column" if of.aspect else "row-of-the-table",
                     name_spans + (of.spans if of.aspect else ())),
            Evidence("value", "written", f"cell-{amount.rule}", (span,)),
            written if by_cell else Evidence("unit", unit.how, unit.rule, unit.spans),
            Evidence("comparator", "assumed" if amount.comparator == "eq" else "written",
                     "no-comparator-word" if amount.comparator == "eq" else "comparator-word",
                     () if amount.comparator == "eq" else (span,)),
            Evidence("measure", "written" if amount.measure or of.measure else "assumed",
                     "measure-in-the-cell" if amount.measure else "measure-in-the-heading" if of.measure
                     else "amount-itself", (span,) if amount.measure else of.spans if of.measure else ()),
            Evidence("kind", "written" if of.kind and of.spans else "assumed",
                     FORESEEN if foreseen else "kind-in-the-heading" if of.kind else "section",
                     of.spans if of.kind else ()),
            Evidence("period", of.period.how, of.period.rule, of.period.spans),
            Evidence("place", "written" if place_spans else "assumed",
                     "place-in-the-table" if place_spans else "place-of-the-report", place_spans),
        )  # fmt: skip
        sure = (by_cell or unit.how == "written") and of.period.how == "written"
        index = max(0, bisect_right(self.starts, span.start) - 1)
        return Statement(
            id=self.ids.of(span, index), span=span, text=self.document.slice(span), indicator=indicator, kind=kind,
            measure=measure, value=value, value_max=most, unit=amount.unit, comparator=amount.comparator,
            period=of.period.value, place=said_place, decimals=amount.decimals, scale=amount.scale, sentence=index,
            evidence=evidence, confidence=_UNSURE if of.period.value is None else _SURE if sure else _LESS_SURE,
        )  # fmt: skip

    def left_over(self, used: Sequence[Span]) -> Iterator[Claim]:
        """A claim for each number of the table that no statement holds."""
        taken = sorted(used)
        starts = [span.start for span in taken]
        reason = "table-cell" if self.speaks else "page-furniture"
        for word in self.words:
            for match in NUMBERS.finditer(word.text):
                span = word.span(*match.span())
                at = bisect_right(starts, span.start) - 1
                if at < 0 or taken[at].end <= span.start:
                    yield Claim(span.start, span.end, reason, "table")


# --- words ---


def _rest(text: str) -> str:
    """What is left of a heading when years, units and words for kind and measure are gone: 产量, 种植面积."""
    before = ""
    while before != text:
        before, text = text, _NO_ASPECT.sub("", text).strip()
    return text


def _iso(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    year, last, month = match[1], match[2], match[3]
    if last and last > year:
        return f"{year}/{last}"
    if month and 1 <= int(month) < 12:
        return (
            f"{year}-01/{year}-{int(month):02}"
            if re.search(r"1(?:—|-|至|~)", match[0][4:])
            else f"{year}-{int(month):02}"
        )
    return year


def _after(year: str | None) -> str | None:
    return str(int(year) + 1) if year else None


def _before(year: str | None) -> str | None:
    return str(int(year) - 1) if year else None
