"""Folded text → every quantity, and every number that is none, with the reason.

The order is the knowledge: names, dates, codes, idioms and numbering are claimed first (`names`); fixed forms (翻番,
一半, 首位) are read next; only what is left goes through the number grammar. Then neighbours share what they share (a
unit, a multiplier, a comparator), and last the filters (`judge`) decide which counts and bounds are no statement.
Everything works on folded offsets and looks at nothing but the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

import msgspec

from taizhang.extract.judge import PUT_FIRST, Token, judge, states_duration
from taizhang.extract.names import DIGITS, RUN, claim_words, name_at
from taizhang.extract.number import NUMBER, read_number
from taizhang.fold import Folded, ordinary
from taizhang.lexicon import alternation, comparisons, units
from taizhang.model import Claim, Comparator, Quantity

_ONE: Final = Decimal(1)
_FOUR_PLACES: Final = Decimal("0.0001")


def scan(folded: Folded) -> tuple[list[Quantity], list[Claim]]:
    """Every quantity of a folded text, and every number claimed for a reason by name; both in text order.

    Offsets are folded ones; nothing overlaps. Values are positive as worded unless a minus sign is written: the sign
    of a fall is the caller's business. Numerals inside ordinary words are left to `coverage.cover`. Never raises.
    """
    view, torn = _mend(folded)
    text = view.text
    claims = claim_words(text)
    tokens = fixed_forms(text, claims)
    tokens = _find_numbers(view, claims, tokens)
    tokens = _join_products(text, tokens)
    for token in tokens:
        _compare_after(text, token)
    tokens = _join_ranges(text, tokens)
    for token in tokens:
        _compare_before(text, token)
    _share_lists(text, tokens, _read_ratios(text, tokens))
    quantities = _keep(text, tokens, claims)
    claims = _clear(quantities, claims)
    if torn:
        return _widen(quantities, torn), [_moved(claim, torn) for claim in claims]
    return quantities, claims


# --- numbers torn by a line end --------------------------------------------------------------------------------------

_NUMERIC: Final = "0-9〇零一二三四五六七八九十百千万亿"
_TORN = re.compile(
    "\n(?:"
    r"(?<=[0-9]\n)(?=\.[0-9])|(?<=[0-9]\.\n)(?=[0-9])|(?<=[12][0-9][0-9][0-9]\n)(?=年)"
    f"|(?<=分之\n)(?=[{_NUMERIC}])|(?<=[{_NUMERIC}]分\n)(?=之[{_NUMERIC}])"
    f"|(?<=[{_NUMERIC}]点\n)(?=[〇零一二三四五六七八九])|(?<=[0-9〇零一二三四五六七八九十百千]\n)(?=[万亿])"
    ")"
)


@cache
def _torn_units() -> frozenset[str]:
    """Every way to tear a unit of two or more characters in two: left + newline + right."""
    return frozenset(f"{unit[:at]}\n{unit[at:]}" for unit in units() for at in range(1, len(unit)))


@cache
def _unit_starts() -> frozenset[str]:
    return frozenset(unit[0] for unit in units())


def _mend(folded: Folded) -> tuple[Folded, list[int]]:
    """The text without line ends that cut a number or its unit in two, and where in it they were.

    Old pages break lines anywhere: 百分之⏎九点二, 51亿美⏎元, 69957万⏎人.
    """
    text = folded.text
    gaps = [match.start() for match in _TORN.finditer(text)]
    torn_units, starts = _torn_units(), _unit_starts()
    at = text.find("\n")
    while at >= 0:
        before = text[at - 1 : at]
        if before in "万亿" and before and text[at + 1 : at + 2] in starts:
            if text[at - 2 : at - 1] in DIGITS:
                gaps.append(at)
        elif before and text[at + 1 : at + 2]:
            for left in (1, 2, 3):
                if text[at - left - 1 : at - left] not in "0123456789万亿百千" or at - left < 1:
                    continue
                if any(text[at - left : at + 1 + right] in torn_units for right in (1, 2, 3)):
                    gaps.append(at)
                    break
        at = text.find("\n", at + 1)
    if not gaps:
        return folded, []
    gaps = sorted(set(gaps))
    return folded.without((gap, gap + 1) for gap in gaps), [gap - before for before, gap in enumerate(gaps)]


def _span_before(start: int, end: int, gaps: list[int]) -> tuple[int, int]:
    """A span of the mended text as one of the text before."""
    return start + bisect_right(gaps, start), end + bisect_right(gaps, end - 1)


def _moved(claim: Claim, gaps: list[int]) -> Claim:
    start, end = _span_before(claim.start, claim.end, gaps)
    return Claim(start, end, claim.reason, claim.rule)


def _widen(quantities: list[Quantity], gaps: list[int]) -> list[Quantity]:
    moved = []
    for quantity in quantities:
        start, end = _span_before(quantity.start, quantity.end, gaps)
        number_start, number_end = _span_before(quantity.number_start, quantity.number_end, gaps)
        word = quantity.comparator_span
        moved.append(
            msgspec.structs.replace(
                quantity,
                start=start,
                end=end,
                number_start=number_start,
                number_end=number_end,
                comparator_span=None if word is None else _span_before(word[0], word[1], gaps),
            )
        )
    return moved


# --- fixed forms -----------------------------------------------------------------------------------------------------

# Every branch begins with a plain character, so that the search can run from one of these to the next.
_FORMS = re.compile(
    r"翻(?<!个翻)(?<!个“翻)(?:了)?(?P<near>将近|接近|近|超过?)?(?P<fan>[一两二三四五六七八九]|[0-9](?:\.[0-9])?)?(?:个)?(?:多)?"
    r"番(?!茄)(?P<half>半)?"
    r"|倍增(?P<double>(?!计划|行动|工程|式|器|效应|”))"
    r"|超(?P<more>过半(?!数|小时|年|个|百)|半数)|过半(?<!双过半)(?P<most>数|(?!小时|年|个|百))"
    r"|半数(?P<one_half>(?=以上|的|左右))|一半(?P<a_half>)"
    r"|两位数(?P<two_digits>)"
    r"|首位(?P<top>(?!度|上|产业))|榜首(?P<list_top>)|之首(?P<the_top>)|第一(?P<first>(?=[，。；、）\n”的位和与及]))"
    r"|无一(?P<none>[例人起])"
)
_KINDS: Final = {
    "more": "most",
    "a_half": "one_half",
    "top": "first",
    "list_top": "first",
    "the_top": "first",
    "near": "doublings",
    "fan": "doublings",
    "half": "doublings",
}
_RANKED_BEFORE = re.compile("[省市区国县军方名球界州旗持]$|(?:居|列|位|排名?|跃|升|获得?)[^，。；、\n]{0,8}$")


def fixed_forms(text: str, claims: list[Claim]) -> list[Token]:
    """Quantities of fixed form, outside `claims`: 翻两番, 倍增, 过半, 两位数, 居首位, 无一例."""
    tokens = []
    at = 0
    for match in _FORMS.finditer(text):
        start, end = match.span()
        while at < len(claims) and claims[at].end <= start:
            at += 1
        if at < len(claims) and claims[at].start < end:
            continue
        token = _read_form(text, match, start, end)
        if token is not None:
            tokens.append(token)
    return tokens


def _read_form(text: str, match: re.Match[str], start: int, end: int) -> Token | None:
    kind = _KINDS.get(match.lastgroup or "fan", match.lastgroup)
    token = Token(start, end, start, end, _ONE, "位", end, 0, 0, "rank", "first-place")
    if match["none"]:
        token.value, token.unit, token.form, token.rule = Decimal(0), match["none"], "chinese", "none-at-all"
    elif kind == "double":
        if text[start - 1 : start] in tuple("0123456789一二三四五六七八九十百千万亿两成"):
            return None
        token.value, token.unit, token.hint, token.form, token.rule = Decimal(2), "倍", "growth", "times", "doubling"
    elif kind in ("most", "one_half"):
        token.value, token.unit, token.form, token.rule = Decimal(50), "%", "fraction", "half"
        if kind == "most":
            token.comparator, token.comparator_span = "over", (start, start + 1)
        elif text[start - 1 : start] == "大":
            return None
    elif kind == "two_digits":
        clause = text[max(0, start - 16) : start]
        grows = re.search("增|升|降|速|幅|率", re.split("[，。；、]", clause)[-1] + text[end : end + 6])
        token.value, token.unit, token.form, token.rule = Decimal(10), "%" if grows else "", "bare", "two-digits"
        token.comparator, token.comparator_span = "ge", (start, end)
    elif kind == "first":
        before = text[max(0, start - 12) : start]
        if PUT_FIRST.search(before):
            return None
        if match[0] == "第一" and not _RANKED_BEFORE.search(before):
            return None
        token.hint = "rank"
        if text[end : end + 1] == "位" and match[0] == "第一":
            token.end = token.unit_end = end + 1
    else:
        number = read_number(match["fan"]) if match["fan"] else None
        times = number.value if number else _ONE
        token.value = Decimal(2) ** int(times) if times == int(times) else times * 2
        token.unit, token.hint, token.form, token.rule = "倍", "growth", "times", "doublings"
        if match["near"]:
            token.comparator = "over" if match["near"][0] == "超" else "nearly"
            token.comparator_span = match.span("near")
    return token


# --- the number grammar ----------------------------------------------------------------------------------------------

_CANDIDATE = re.compile(f"([百千万])分之({NUMBER})|({NUMBER})(?:分之({NUMBER}))?")
_FRACTION = re.compile("([1-9])/([1-9][0-9]?)(?![0-9万/.])")
_SIGNED: Final = frozenset({"%", "‰", "个百分点", "℃", "摄氏度"})
_MINUS = re.compile("(?:^|[为率达是至到（，\n ])[—-]$")
"""A minus sign that was written: 自然增长率为—0.57‰ (folding makes every dash one sign). Not a range or a break."""
_TENTHS = re.compile("成(?![立为果就功长员都熟分效本套品])")
_PER: Final = {"百": ("%", _ONE), "千": ("‰", _ONE), "万": ("%", Decimal("0.01"))}


class _UnitTable(msgspec.Struct, frozen=True):
    by_first: dict[str, re.Pattern[str]]
    not_before: dict[str, tuple[str, ...]]
    over: re.Pattern[str]
    brackets: re.Pattern[str]


@cache
def _unit_table() -> _UnitTable:
    table = units()
    by_first: dict[str, list[str]] = {}
    for unit in table:
        by_first.setdefault(unit[0], []).append(unit)
    alone = alternation([*(unit for unit in table if unit[0] != "/"), "日", "月", "周", "时", "年"])
    counting = alternation(unit for unit in table if len(unit) <= 2)
    return _UnitTable(
        {first: re.compile(alternation(words)) for first, words in by_first.items()},
        {unit: entry.not_before for unit, entry in table.items() if entry.not_before},
        re.compile(f"/(?:(?:百|千|万|10万)?(?:{alone})|百人|万人|[0-9]{{1,3}}万)"),
        re.compile(f"（(?:{counting})(?:[、/](?:{counting})){{0,5}}）次?"),
    )


def _unit_at(table: _UnitTable, text: str, at: int) -> int:
    """End of the unit that begins at `at`, or `at` where there is none."""
    pattern = table.by_first.get(text[at : at + 1])
    if pattern is None:
        return at
    match = pattern.match(text, at)
    if match is None:
        return at
    end = match.end()
    unit = match[0]
    following = text[end : end + 1]
    if unit in table.not_before and text.startswith(table.not_before[unit], end):
        return at
    if following == "/":
        over = table.over.match(text, end)
        return over.end() if over else end
    if following == "（":
        bracket = table.brackets.match(text, end)
        return bracket.end() if bracket else end
    if following.isascii() and following.isalnum() and unit[-1].isascii() and unit[-1].isalpha():
        return at
    return end


def _as_written(text: str, plain: str, start: int, end: int) -> str:
    """The unit in the source's own characters (噸 stays 噸), but for the width of ASCII signs (％ → %)."""
    unit = ordinary(plain[start:end])
    if unit == text[start:end]:
        return unit
    return "".join(
        folded if folded.isascii() and "\uff01" <= own <= "\uff5e" else own
        for folded, own in zip(text[start:end], unit, strict=True)
    )


def _find_numbers(view: Folded, claims: list[Claim], forms: list[Token]) -> list[Token]:
    """Numbers with their units outside words and fixed forms, in order, the forms among them.

    Claims found on the way (names that begin with a number) are added to `claims`.
    """
    text, plain, table = view.text, view.plain, _unit_table()
    closed = sorted([(claim.start, claim.end) for claim in claims] + [(form.start, form.end) for form in forms])
    closed.append((len(text) + 1, len(text) + 2))
    tokens: list[Token] = []
    at = taken = 0
    for match in RUN.finditer(text):
        start, end = match.span()
        if end <= taken:
            continue
        start = max(start, taken)
        while closed[at][1] <= start:
            at += 1
        if closed[at][0] < end:
            continue
        claim = name_at(text, start, max(taken, closed[at - 1][1] if at else 0))
        if claim is not None and not (claim.rule == "span-of-years" and states_duration(text, start)):
            claims.append(claim)
            taken = claim.end
            continue
        token = _read_at(text, plain, table, start)
        if token is None:
            if text[start - 1 : start] in ("几", "数", "好") or text[end : end + 1] == "几":
                claims.append(Claim(start, end, "vague", "vague-amount"))
            continue
        if token.unit_end > closed[at][0] and token.number_end <= closed[at][0]:
            token.unit, token.unit_end, token.end = "", token.number_end, token.number_end
        tokens.append(token)
        taken = token.unit_end
    if forms:
        tokens = sorted([*tokens, *forms], key=lambda token: token.start)
    claims.sort(key=lambda claim: claim.start)
    return tokens


def _read_at(text: str, plain: str, table: _UnitTable, start: int) -> Token | None:
    """The number that begins at `start`, with its unit, or None where it has no definite value."""
    match = _CANDIDATE.match(text, start)
    if match is None:
        return None
    end = match.end()
    per, part, word, of = match[1], match[2], match[3], match[4]
    if per:
        number = read_number(part)
        if number is None:
            return None
        unit, factor = _PER[per]
        value, form = number.value * factor, "percent-words"
        return Token(start, end, start, end, value, unit, end, number.decimals, 0, form, form, number.more)
    if of:
        low, high = read_number(word), read_number(of)
        return _fraction(start, end, high.value, low.value) if low and high else None
    slash = _FRACTION.match(text, start) if text[end : end + 1] == "/" else None
    if slash and int(slash[1]) < int(slash[2]):
        return _fraction(start, slash.end(), Decimal(slash[1]), Decimal(slash[2]))
    number = read_number(word)
    if number is None or (word[0] in "十百千万亿" and text[start - 1 : start] in ("几", "数")):
        return None
    unit_end = _unit_at(table, text, end)
    unit = _as_written(text, plain, end, unit_end)
    token = Token(
        start=start,
        end=unit_end,
        number_start=start,
        number_end=end,
        value=number.value,
        unit=unit,
        unit_end=unit_end,
        decimals=number.decimals,
        scale=number.scale,
        form=number.form,
        rule="number-unit",
        more=number.more,
    )
    if unit in _SIGNED and _MINUS.search(text[max(0, start - 2) : start]):
        token.value, token.start, token.number_start, token.rule = -token.value, start - 1, start - 1, "written-minus"
    if unit == "人" and text[unit_end : unit_end + 1] == "口":
        token.unit_end = token.end = unit_end + 1
    elif unit == "个位次":
        token.unit = "位"
    elif not unit and _TENTHS.match(text, end):
        token.unit, token.value, token.form, token.rule = "%", token.value * 10, "tenths", "tenths"
        token.end = token.unit_end = end + 1
    return token


def _fraction(start: int, end: int, part: Decimal, whole: Decimal) -> Token | None:
    """Part of a whole as %, to four places as the labelling guide writes them (三分之二 → 66.6667)."""
    if not whole:
        return None
    value = part * 100 / whole
    value = value.quantize(_ONE) if value == value.to_integral_value() else value.quantize(_FOUR_PLACES).normalize()
    return Token(start, end, start, end, value, "%", end, 0, 0, "fraction", "fraction")


# --- comparators -----------------------------------------------------------------------------------------------------


class _Comparators(msgspec.Struct, frozen=True):
    last: frozenset[str]
    before: re.Pattern[str]
    before_words: dict[str, tuple[Comparator, tuple[str, ...]]]
    after: re.Pattern[str]
    after_words: dict[str, tuple[Comparator, tuple[str, ...]]]
    after_first: frozenset[str]


@cache
def _comparators() -> _Comparators:
    before: dict[str, tuple[Comparator, tuple[str, ...]]] = {}
    after: dict[str, tuple[Comparator, tuple[str, ...]]] = {}
    for (side, comparator), entry in comparisons().items():
        for word in entry.words:
            if side == "before":
                before[word] = (comparator, entry.not_words)
            else:
                after[word] = (comparator, entry.not_before)
    return _Comparators(
        frozenset(word[-1] for word in before) | {"了", "到", "达"},
        re.compile(f"(?:{alternation(before)})(?=(?:或达|[了到达])?$)"),
        before,
        re.compile(alternation(after)),
        after,
        frozenset(word[0] for word in after),
    )


_ONLY_BARE: Final = frozenset({"上", "过"})
"""Words that compare only before a bare multiplier: 上千, 过百亿; 上 and 过 before a number are anything."""
_FAR = re.compile(
    "(至少|不低于|不少于|不超过|不高于|接近|超每|约占|超过全[^，。；、：0-9]{1,4}(?=一半$))(?:[^，。；、：“”（）\n0-9]{0,16})$"
)
_FAR_COMPARATOR: Final[dict[str, Comparator]] = {
    "至少": "ge",
    "不低于": "ge",
    "不少于": "ge",
    "不超过": "le",
    "不高于": "le",
    "接近": "nearly",
    "约占": "about",
}


def _compare_before(text: str, token: Token) -> None:
    """The comparator that a word before the number gives: right before it (超过5%), or over its verb (至少建成2个)."""
    if token.comparator == "eq" and token.start:
        table = _comparators()
        at = token.start
        low = max(0, at - 7)
        match = table.before.search(text[low:at]) if text[at - 1] in table.last else None
        if match is not None:
            start, end = low + match.start(), low + match.end()
            comparator, not_words = table.before_words[match[0]]
            if not (not_words and text.endswith(not_words, 0, end)) and (
                match[0] not in _ONLY_BARE or token.form == "bare"
            ):
                token.comparator, token.comparator_span, token.start = comparator, (start, end), start
        elif token.unit[-2:] != "分点":
            low = max(0, at - 22)
            far = _FAR.search(text[low:at])
            if far:
                start = low + far.start(1)
                token.comparator = _FAR_COMPARATOR.get(far[1], "over")
                token.comparator_span = (start, low + far.end(1))
    if token.more and token.comparator == "eq":
        token.comparator, token.comparator_span = "over", (token.number_start, token.number_end)


_MASS_TAIL = re.compile("标准煤|标煤")


def _compare_after(text: str, token: Token) -> None:
    """The comparator that a word behind the unit gives: 15家以上, 20万人次以上, 一千万吨以上标准煤, 翻一番”以上."""
    table = _comparators()
    at = token.unit_end
    if text[at : at + 1] == "”":
        at += 1
    if text[at : at + 1] not in table.after_first:
        return
    match = table.after.match(text, at)
    if match is None:
        return
    comparator, not_before = table.after_words[match[0]]
    end = match.end()
    if not_before and text.startswith(not_before, end):
        return
    token.comparator, token.comparator_span, token.from_suffix, token.end = comparator, (at, end), True, end
    if token.unit == "吨":
        tail = _MASS_TAIL.match(text, end)
        if tail:
            token.unit, token.end = "吨" + tail[0], tail.end()


# --- neighbours ------------------------------------------------------------------------------------------------------

_RANGE_GLUE: Final = frozenset({"—", "——", "~", "-", "至", "到"})
_LIST_GLUE: Final = frozenset({"、", "和", "与", "及", "以及", "或"})
_FROM = re.compile("[由从自][^，。；]{0,12}$")


def _join_ranges(text: str, tokens: list[Token]) -> list[Token]:
    """Two numbers with a range sign between become one: 10—15个, 3—4万, 九千万至九千二百万, 百分之八至九."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last is not None and 0 < token.number_start - last.unit_end <= 2:
            glue = text[last.unit_end : token.number_start]
            if glue in _RANGE_GLUE and _is_range(text, last, token, glue):
                low = last.value
                if not last.unit and last.scale == 0 and token.scale and low.scaleb(token.scale) <= token.value:
                    low = low.scaleb(token.scale)
                if last.form == "percent-words" and not token.unit:
                    token.unit, token.scale = last.unit, 0
                if low <= token.value:
                    last.value, last.value_max = low, token.value
                    last.unit, last.unit_end, last.end = token.unit, token.unit_end, token.end
                    last.number_end = token.number_end
                    last.decimals, last.scale = max(last.decimals, token.decimals), token.scale
                    last.form, last.rule = "range", "range"
                    last.comparator, last.comparator_span = token.comparator, token.comparator_span
                    last.from_suffix, last.more = token.from_suffix, token.more
                    continue
        joined.append(token)
    return joined


def _is_range(text: str, last: Token, token: Token, glue: str) -> bool:
    if last.value_max is not None or last.from_suffix or last.form in ("rank", "fraction", "times"):
        return False
    if last.unit and last.unit != token.unit and not (last.form == "percent-words" and not token.unit):
        return False
    if glue in "至到" and _FROM.search(text[max(0, last.start - 14) : last.start]):
        return False  # 由5%到8% is a base and a result
    return bool(token.unit) or last.form == "percent-words" or token.scale > 0


def _join_products(text: str, tokens: list[Token]) -> list[Token]:
    """2×35万千瓦 → 700000 千瓦."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last is not None and not last.unit and text[last.number_end : token.number_start] in ("×", "x", "X", "*"):
            token.value *= last.value
            token.start = token.number_start = last.number_start
            token.rule = "product"
            joined[-1] = token
            continue
        joined.append(token)
    return joined


def _read_ratios(text: str, tokens: list[Token]) -> int:
    """8.6：43.1：48.3 → three quantities of unit 比; 2.5：1 → one. Returns the number of the next list."""
    group = at = 0
    while at < len(tokens):
        stop = at
        while (
            stop + 1 < len(tokens)
            and not tokens[stop].unit
            and tokens[stop].value_max is None
            and text[tokens[stop].number_end : tokens[stop + 1].number_start] == "："
        ):
            stop += 1
        parts = tokens[at : stop + 1]
        if len(parts) == 2 and not parts[1].unit and parts[1].value == 1:
            first, second = parts
            first.unit, first.form, first.rule, first.end = "比", "ratio", "ratio", second.end
            second.joined = True
        elif not parts[-1].unit and (len(parts) > 2 or (len(parts) == 2 and _is_structure(text, parts))):
            for position, part in enumerate(parts):
                part.unit, part.form, part.rule, part.group, part.position = "比", "ratio", "ratio", group, position
            group += 1
        at = stop + 1
    return group


def _is_structure(text: str, parts: list[Token]) -> bool:
    """Whether two numbers are the parts of a whole (种养比例45：55), not a scale (1：5000) or a score."""
    before = text[max(0, parts[0].start - 18) : parts[0].start]
    return parts[0].value != 1 and ("比" in before or "结构" in before)


def _share_lists(text: str, tokens: list[Token], group: int) -> None:
    """Members of one list take a missing unit from the next one, and a comparator from the last or first."""
    at = 0
    while at < len(tokens):
        stop = at
        while stop + 1 < len(tokens) and text[tokens[stop].end : tokens[stop + 1].start] in _LIST_GLUE:
            stop += 1
        if stop > at:
            members = [token for token in tokens[at : stop + 1] if not token.joined]
            _share_units(text, members)
            _share_comparators(text, members)
            for position, member in enumerate(members):
                if member.group is None:
                    member.group, member.position = group, position
            group += 1
        at = stop + 1


def _share_units(text: str, members: list[Token]) -> None:
    unit = members[-1].unit
    for member in reversed(members[:-1]):
        # 3.4个、1个百分点: the first 个 is the head of 个百分点.
        lacking = not member.unit or (len(unit) > 2 and unit.startswith(member.unit) and unit != member.unit)
        placed = member.form in ("rank", "fraction", "tenths") or text[member.number_start - 1] in "第前"
        if lacking and unit not in ("", "位", "比") and not placed:
            member.unit, member.rule = unit, "list-unit"
        unit = member.unit


def _share_comparators(text: str, members: list[Token]) -> None:
    first, last = members[0], members[-1]
    apart = "分别" in text[max(0, first.start - 10) : first.start]
    if last.from_suffix:
        for member in members[:-1]:
            if member.comparator == "eq" and (apart or member.unit == last.unit):
                member.comparator, member.comparator_span = last.comparator, last.comparator_span
    if first.comparator != "eq" and not first.from_suffix and not first.more:
        for member in members[1:]:
            if member.comparator == "eq" and (apart or member.unit == first.unit):
                member.comparator, member.comparator_span = first.comparator, first.comparator_span


# --- results ---------------------------------------------------------------------------------------------------------


def _keep(text: str, tokens: Iterable[Token], claims: list[Claim]) -> list[Quantity]:
    """Tokens that state something, as quantities; the others go to `claims` with their reason."""
    quantities: list[Quantity] = []
    list_units: dict[int, str] = {}
    for token in tokens:
        if token.joined:
            continue
        verdict = judge(text, token, list_units.get(token.group, "") if token.group is not None else "")
        if token.group is not None and token.rule == "unit-not-written":
            list_units.setdefault(token.group, token.unit)
        if verdict is not None:
            reason, rule = verdict
            claims.append(Claim(token.number_start, max(token.number_end, token.unit_end), reason, rule))
            continue
        start = max(token.start, quantities[-1].end) if quantities else token.start
        if start >= token.end:
            continue
        quantities.append(
            Quantity(
                start=start,
                end=token.end,
                value=token.value,
                value_max=token.value_max,
                unit=token.unit,
                comparator=token.comparator,
                decimals=token.decimals,
                scale=token.scale,
                form=token.form,
                rule=token.rule,
                number_start=token.number_start,
                number_end=token.number_end,
                comparator_span=token.comparator_span,
                hint=token.hint,
                group=token.group,
                position=token.position,
            )
        )
    return quantities


def _clear(quantities: list[Quantity], claims: list[Claim]) -> list[Claim]:
    """Claims in order, without those that a quantity or an earlier claim covers in part."""
    claims.sort(key=lambda claim: claim.start)
    kept: list[Claim] = []
    at = last = 0
    for claim in claims:
        while at < len(quantities) and quantities[at].end <= claim.start:
            at += 1
        if claim.start < last or (at < len(quantities) and quantities[at].start < claim.end):
            continue
        kept.append(claim)
        last = claim.end
    return kept
