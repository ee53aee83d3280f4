"""What the cell of a table says: its value with unit and comparing word, a row's label, a unit in brackets.

Pure functions over one cell's text; which row and column it stands in is the business of `tables.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from taizhang.extract.number import read_number
from taizhang.extract.quantity import scan
from taizhang.fold import Folded, fold
from taizhang.lexicon import comparisons, units
from taizhang.model import Cell, Comparator, Measure, Quantity, Span

YEAR_IN_A_TITLE = re.compile("((?:19|20)[0-9]{2})年")
_IN_BRACKETS = re.compile(r"[（(\[【]([^（()）\]】]{1,12})[）)\]】]")
UNIT_SAID = re.compile(r"(?:计量)?单位：\s*([^\s，。；）)]{1,16})")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|（[一二三四五六七八九十0-9]{1,3}）|[0-9]{1,2}[.．、](?![0-9])"
    r"|[①-⑳]|[#*＃＊※☆★▲△—·]+)\s*"
)
_TIME_OR_PLACE = re.compile(
    r"^(?:全[省市县区州旗盟](?!口径)|我[省市县区州]|全年|年末|本年|当年)(?!排名|位次|名次)(?=[\u4e00-\u9fff0-9]{2})"
)
AMONG = re.compile(r"^(?:其中|#)[：:]?\s*")
_FIGURE = re.compile(
    r"(?P<before>[^0-9（(+\-—▲△▼↑↓]{0,8})(?P<sign>[-+—▲△▼↑↓]?)(?P<open>[（(]?)(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?[万亿]*)"
    r"(?:(?P<to>—|-|~|至)(?P<most>[0-9][0-9,]*(?:\.[0-9]+)?[万亿]*))?(?P<unit>%|‰)?(?P<shut>[）)]?)(?P<behind>[^0-9]{0,6})"
)
_CURRENCY = frozenset("￥¥")
_MARKED = re.compile(r"(?:[①-⑳*※†]|（(?!±)[^（）0-9%‰]{1,10}）)+$")
"""Marks of notes and a word on the figure behind it: 3.2①, 12.5*, 3.5（快报数）."""
_GOING = re.compile(r"(?:力争|争取|确保|保持|稳定|维持|达到|达|实现|完成|到)*(?:在|到)?")
"""Words of plans before a figure that change nothing of its amount: 稳定在45以上, 力争45."""
_BOUNDS: dict[str, Comparator] = {"<": "le", "≤": "le", "≦": "le", ">": "over", "≥": "ge", "≧": "ge"}
_FALLS = frozenset("-—▼↓")
NOTHING = re.compile(r"[-—…/\s]*")
_SAME = re.compile(r"(?:与上年)?(?:基本)?持平")
_MOVED = re.compile(r"(?:同比|比上年|较上年)?(?:增长|增|上升|上涨|提高|下降|降低|减少|降|回落)")
_DOWN = re.compile(r"下降|减少|降低|回落|收窄|缩减|负")
_MULTIPLIERS = "十百千万亿"
_UNIT_GUESSED = frozenset({"unit-not-written", "index-points", "places-without-counting-word"})
"""Rules of quantities whose unit does not stand behind their number."""


class Word(NamedTuple):
    """A cell with its text as rules match it."""

    cell: Cell
    folded: Folded

    @property
    def text(self) -> str:
        return self.folded.text

    def span(self, start: int, end: int) -> Span:
        """The source span of a stretch of the cell's text."""
        inner = self.folded.span(start, end)
        return Span(self.cell.span.start + inner.start, self.cell.span.start + inner.end)


class Amount(NamedTuple):
    """A number of a cell: its stretch of the cell's text, its value, and what the cell itself says of it."""

    start: int
    end: int
    value: Decimal
    value_max: Decimal | None
    unit: str
    comparator: Comparator
    decimals: int
    scale: int
    falls: bool
    measure: Measure | None
    rule: str


@cache
def _comparators() -> tuple[tuple[re.Pattern[str], re.Pattern[str], Comparator], ...]:
    found = comparisons()
    kinds: dict[Comparator, list[list[str]]] = {}
    for (side, comparator), entry in found.items():
        kinds.setdefault(comparator, [[], []])[side == "after"] += entry.words
    return tuple(
        (re.compile("|".join(sorted(before, key=len, reverse=True)) or "(?!)"),
         re.compile("|".join(sorted(after, key=len, reverse=True)) or "(?!)"), comparator)
        for comparator, (before, after) in kinds.items()
    )  # fmt: skip


def _core(text: str) -> tuple[str, int]:
    """A cell's text without the marks of notes behind it and square brackets around, and where that begins."""
    kept = _MARKED.sub("", text)
    if kept[:1] == "[" and kept[-1:] == "]":
        return kept[1:-1], 1
    return kept, 0


def is_figure(text: str) -> bool:
    """Whether a cell holds a value: a number with a unit or comparing word at most, 持平, or a dash for none."""
    text = _core(text)[0]
    match = _FIGURE.fullmatch(text)
    if match is None:
        return bool(text) and bool(_SAME.fullmatch(text) or NOTHING.fullmatch(text))
    before, behind = match["before"].strip(), match["behind"].strip()
    before = before[_GOING.match(before).end() :]  # type: ignore[union-attr]
    before = "" if before in _CURRENCY or before in _BOUNDS else before
    behind = "" if behind in ("↑", "↓") else behind
    for earlier, later, _ in _comparators():
        before = "" if earlier.fullmatch(before) else before
        found = later.search(behind)
        behind = behind[: found.start()] if found and found.end() == len(behind) else behind
    before = "" if _MOVED.fullmatch(before) else before
    return not before and (not behind or split_unit(behind) is not None) and not YEAR_IN_A_TITLE.match(text)


def split_unit(text: str) -> tuple[int, str] | None:
    """The power of ten of a unit's multiplier and the bare unit, null for what is no unit."""
    known = units()
    for at in range(len(text)):
        if text[at:] in known or text[at:] in ("%", "‰"):
            return _power(text[:at]), text[at:]
        if text[at] not in _MULTIPLIERS:
            break
    if "/" in text or "·" in text:
        head = re.split("[/·]", text)[0]
        found = split_unit(head) if head else None
        return (found[0], text[len(head) - len(found[1]) :]) if found else None
    return None


def _power(multiplier: str) -> int:
    return sum({"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}[letter] for letter in multiplier)


def _worth(unit: str) -> tuple[int, str]:
    """The same for a unit that the table names, known or not."""
    found = split_unit(unit)
    if found:
        return found
    bare = unit.lstrip("万亿")
    return (_power(unit[: len(unit) - len(bare)]), bare) if bare else (0, unit)


def unit_in(text: str) -> tuple[str, tuple[int, int]] | None:
    """A unit in brackets (亿元), behind 单位： or a % at the end of a heading or label, and where it stands."""
    for match in _IN_BRACKETS.finditer(text):
        word = match[1].removeprefix("单位：")
        word = {"±%": "%", "+-%": "%", "百分点": "个百分点", "+、—%": "%"}.get(word, word)
        if split_unit(word) or word in ("%", "‰"):
            return word, match.span(1)
    said = UNIT_SAID.search(text)
    if said:
        return said[1], said.span(1)
    if text.endswith(("%", "‰")):
        return text[-1], (len(text) - 1, len(text))
    return None


def label_of(word: Word) -> tuple[int, int]:
    """The stretch of a row's label that names the indicator: without numbering, 其中, unit and remarks."""
    text = word.text
    start, end = 0, len(text)
    moved = True
    while moved:
        moved = False
        for pattern in (_NUMBERING, AMONG, _TIME_OR_PLACE):
            match = pattern.search(text[start:end])
            if match and match.end():
                start, moved = start + match.end(), True
    bracket = re.search(r"[（(\[【][^（(\[【]*$", text[start:end])
    while bracket and bracket.start() > 1:
        end = start + bracket.start()
        bracket = re.search(r"[（(\[【][^（(\[【]*$", text[start:end])
    while end > start and text[end - 1] in " ：:*①②③④⑤⑥⑦⑧⑨%":
        end -= 1
    return (start, end) if start < end else (0, len(text))


def amounts(text: str, unit: str | None, measure: Measure) -> Iterator[Amount]:
    """The numbers of a cell. A bare figure has the unit of its row or column, one with words of its own has those."""
    if _SAME.fullmatch(text):
        if measure in ("growth", "change") and unit:
            yield Amount(0, len(text), Decimal(0), None, unit, "about", 0, 0, False, None, "no-change")
        return
    core, at = _core(text)
    match = _FIGURE.fullmatch(core)
    if match and not unit and match["before"].strip() in _CURRENCY:
        unit = "元"
    if match and (match["unit"] or unit):
        amount = _figure(match, unit, measure)
        if amount:
            yield amount._replace(start=amount.start + at, end=amount.end + at)
            return
    folded = fold(text)
    if folded.text != text:
        return
    for quantity in scan(folded)[0]:
        amount = _worded(text, quantity, unit, measure)
        if amount is not None:
            yield amount


def _figure(match: re.Match[str], unit: str | None, measure: Measure) -> Amount | None:
    """A figure with at most a comparing word around it; null where the words around it say something else."""
    comparator: Comparator = "eq"
    before, behind = match["before"].strip(), match["behind"].strip()
    own: Measure | None = None
    falls = (match["sign"] in _FALLS and bool(match["sign"])) or (bool(match["open"]) and bool(match["shut"]))
    kept = before[_GOING.match(before).end() :]  # type: ignore[union-attr]
    opens, before = match.end("before") - len(match["before"]) + match["before"].rindex(kept), kept
    if behind in ("↑", "↓"):
        falls, behind = falls or behind == "↓", ""
    if _MOVED.fullmatch(before):
        own, falls, before = "growth", falls or bool(_DOWN.search(before)) or before.endswith("降"), ""
    if before in _CURRENCY:
        before = ""
    elif before in _BOUNDS:
        comparator, before = _BOUNDS[before], ""
    for earlier, later, name in _comparators():
        if before and earlier.fullmatch(before):
            comparator, before = name, ""
        if behind and later.fullmatch(behind):
            comparator, behind = name, ""
    if before or behind:
        return None
    if own and not match["unit"] and unit != "%":
        return None
    chosen = match["unit"] or unit or ""
    if match["unit"] in ("%", "‰") and unit not in (None, "%", "‰", "个百分点"):
        own = "growth"  # 6%左右 in a column of amounts
    if match["unit"] and unit == "个百分点":
        chosen = "个百分点"
    if own and measure != "level":
        own = None
    power, bare = _worth(chosen)
    number, most = read_number(match["number"]), read_number(match["most"]) if match["most"] else None
    if number is None:
        return None
    value = number.value.scaleb(power)
    high = most.value.scaleb(power) if most else None
    if high is not None and high < value:
        return None
    rule = "percent" if match["unit"] else "figure"
    start = opens if comparator != "eq" and own is None and kept else match.start("sign")
    return Amount(
        start, match.end(), value, high, bare, comparator, number.decimals, number.scale + power, falls, own, rule
    )


def _worded(text: str, quantity: Quantity, unit: str | None, measure: Measure) -> Amount | None:
    """A quantity that the reader of prose finds in a cell (新增1.2万人以上), in the unit of its row where it has none
    itself (稳定在45以上); null where that unit cannot be its (增长6左右 beside 亿元)."""
    before = text[: quantity.start]
    falls = bool(_DOWN.search(before[-6:]))
    if unit and quantity.rule in _UNIT_GUESSED:
        if measure == "level" and unit not in ("%", "‰") and _MOVED.search(before[-6:]):
            return None
        power, bare = _worth(unit)
        most = quantity.value_max.scaleb(power) if quantity.value_max is not None else None
        return Amount(
            quantity.start, quantity.end, quantity.value.scaleb(power), most,
            bare, quantity.comparator, quantity.decimals, quantity.scale + power, falls, None, "figure",
        )  # fmt: skip
    own: Measure | None = quantity.hint
    if own is None and quantity.unit in ("%", "‰", "倍") and measure == "level":
        if falls or re.search(r"增长|增|上升|上涨", before[-6:]) or unit not in (None, quantity.unit):
            own = "growth"
    elif own is None and quantity.unit in ("个百分点", "百分点"):
        own = "change"
    return Amount(
        quantity.start, quantity.end, quantity.value, quantity.value_max, quantity.unit, quantity.comparator,
        quantity.decimals, quantity.scale, falls, own, "words",
    )  # fmt: skip
