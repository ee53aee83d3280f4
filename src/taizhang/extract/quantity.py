"""Folded text → every quantity, and every number that is a name, date, code or count of no account, with the reason.

The order is the knowledge: names, dates, codes, idioms and numbering are claimed first; fixed forms (翻番, 一半, 首位) are
read next; only what is left goes through the number grammar. Then neighbours share what they share (a unit, a multiplier,
a comparator), and last the filters decide which counts and thresholds are no statement.
Everything works on folded offsets and looks at nothing but the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from functools import cache
from typing import Final

import ahocorasick_rs
import msgspec

from taizhang.extract.number import NUMBER, Number, read_number
from taizhang.fold import Folded
from taizhang.lexicon import COUNTING, alternation, comparisons, name_groups, units
from taizhang.model import Claim, Comparator, Measure, Quantity

NUMERALS: Final = "0123456789〇零一二三四五六七八九十百千万亿两廿卅"
_NUMERAL_SET: Final = frozenset(NUMERALS)
_ONE: Final = Decimal(1)


class _Token(msgspec.Struct):
    """A number found, while its neighbours still may change it."""

    start: int
    end: int
    number_start: int
    number_end: int
    value: Decimal
    unit: str
    unit_end: int
    decimals: int
    scale: int
    form: str
    rule: str
    more: bool = False
    value_max: Decimal | None = None
    comparator: Comparator = "eq"
    comparator_span: tuple[int, int] | None = None
    from_suffix: bool = False
    hint: Measure | None = None
    group: int | None = None
    position: int = 0
    reason: str = ""
    plain_unit: bool = True


# --- names, dates, codes -------------------------------------------------------------------------------------------


class _Names(msgspec.Struct):
    pattern: re.Pattern[str]
    groups: tuple[tuple[str, str], ...]
    words: ahocorasick_rs.AhoCorasick
    word_info: tuple[tuple[str, str, re.Pattern[str] | None], ...]


@cache
def _names() -> _Names:
    patterns, groups, words, info = [], [], [], []
    for name, group in name_groups().items():
        for pattern in group.patterns:
            groups.append((name, group.reason))
            patterns.append(f"(?P<g{len(groups) - 1}>{pattern})")
        guard = re.compile(group.guard) if group.guard else None
        for word in group.words:
            words.append(word)
            info.append((name, group.reason, guard))
    machine = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return _Names(re.compile("|".join(patterns)), tuple(groups), machine, tuple(info))


_QUOTED = re.compile(f"“[^“”\n]{{0,11}}?[{NUMERALS}][^“”\n]{{0,11}}”")
_QUOTED_AMOUNT = re.compile(r"[%‰]|翻|倍增|[0-9](?:[万亿]|余|多)?(?:元|吨|公里|亩|千瓦|平方|个百分点|亿|万)")


def _claim_names(text: str) -> list[Claim]:
    """Everything that is a name, date, code or set phrase, in order, none overlapping."""
    names = _names()
    found: list[tuple[int, int, str, str]] = []
    for match in names.pattern.finditer(text):
        name, reason = names.groups[int((match.lastgroup or "g0")[1:])]
        found.append((match.start(), match.end(), reason, name))
    for index, start, end in names.words.find_matches_as_indexes(text):
        if text[start] in _NUMERAL_SET and start and text[start - 1] in _NUMERAL_SET:
            continue
        if text[end - 1] in _NUMERAL_SET and end < len(text) and text[end] in _NUMERAL_SET:
            continue
        name, reason, guard = names.word_info[index]
        if guard is None or guard.match(text, end):
            found.append((start, end, reason, name))
    for match in _QUOTED.finditer(text):
        if match.end() - match.start() <= 12 and not _QUOTED_AMOUNT.search(match[0]):
            found.append((match.start(), match.end(), "name", "quoted"))
    found.sort(key=lambda item: (item[0], -item[1]))
    claims: list[Claim] = []
    last = 0
    for start, end, reason, rule in found:
        if start >= last:
            claims.append(Claim(start, end, reason, rule))
            last = end
    return claims


# --- fixed forms ---------------------------------------------------------------------------------------------------

_FORMS = re.compile(
    r"翻(?:了)?(?P<fan>[一两二三四五六七八九]|[0-9](?:\.[0-9])?)?(?:个)?番(?!茄)(?P<half>半)?"
    r"|(?P<double>(?<![0-9一二三四五六七八九十百千万亿两成])倍增(?!计划|行动|工程|式|器|效应))"
    r"|(?P<half2>(?<!大)(?:过半(?!数)|超半数|半数|一半))"
    r"|(?P<digits>两位数)"
    r"|(?P<first>(?<=居|列|位|省|市|区|国|县|军|方|前|名|国)(?:首位|第一(?=[，。；、）\n”的名位])|榜首|之首))"
)


def _fixed_forms(text: str) -> list[_Token]:
    tokens = []
    for match in _FORMS.finditer(text):
        start, end = match.span()
        kind = match.lastgroup if match.lastgroup != "half" else "fan"
        token = _Token(start, end, start, end, _ONE, "位", end, 0, 0, kind or "fan", f"form:{kind or 'fan'}", plain_unit=False)
        if kind in ("fan", None):
            number = read_number(match["fan"]) if match["fan"] else None
            times = number.value if number else _ONE
            token.value = Decimal(2) ** int(times) if times == int(times) else times * 2
            token.unit, token.hint, token.form, token.rule = "倍", "growth", "times", "form:doubling"
        elif kind == "double":
            token.value, token.unit, token.hint, token.form = Decimal(2), "倍", "growth", "times"
        elif kind == "half2":
            token.value, token.unit, token.form = Decimal(50), "%", "fraction"
            if match[0] in ("过半", "超半数"):
                token.comparator, token.comparator_span = "over", (start, start + 1)
        elif kind == "digits":
            token.value, token.unit, token.form = Decimal(10), "%", "bare"
            token.comparator, token.comparator_span = "ge", (start, end)
        else:
            token.form, token.hint = "rank", "rank"
        tokens.append(token)
    return tokens


# --- the number grammar --------------------------------------------------------------------------------------------

_CANDIDATE = re.compile(f"(?P<per>[百千万])分之(?P<part>{NUMBER})|(?P<number>{NUMBER})(?:分之(?P<of>{NUMBER}))?")
_PER: Final = {"百": ("%", Decimal(1)), "千": ("‰", Decimal(1)), "万": ("%", Decimal("0.01"))}


class _UnitTable(msgspec.Struct):
    by_first: dict[str, re.Pattern[str]]
    not_before: dict[str, tuple[str, ...]]
    counting: frozenset[str]


@cache
def _unit_table() -> _UnitTable:
    by_first: dict[str, list[str]] = {}
    table = units()
    for unit in table:
        by_first.setdefault(unit[0], []).append(unit)
    return _UnitTable(
        {first: re.compile(alternation(words)) for first, words in by_first.items()},
        {unit: entry.not_before for unit, entry in table.items() if entry.not_before},
        frozenset(unit for unit, entry in table.items() if entry.dimension in COUNTING),
    )


@cache
def _over_pattern() -> re.Pattern[str]:
    alone = [unit for unit in units() if not unit.startswith("/")]
    return re.compile(f"/(?:(?:百|千|万|10万)?(?:{alternation([*alone, '日', '月', '周', '时', '年'])})|百人|万人|[0-9]{{1,3}}万)")


@cache
def _bracket_pattern() -> re.Pattern[str]:
    counting = "|".join(sorted((u for u in units() if len(u) <= 2), key=lambda u: -len(u)))
    return re.compile(f"（(?:{counting})(?:[、/](?:{counting}))*）次?")


def _unit_at(text: str, at: int) -> int:
    """End of the unit that begins at `at`, or `at` where there is none."""
    table = _unit_table()
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
    if following.isascii() and following.isalnum() and unit[-1].isascii() and unit[-1].isalpha():
        return at
    if following == "/":
        over = _over_pattern().match(text, end)
        if over:
            return over.end()
    elif following == "（":
        bracket = _bracket_pattern().match(text, end)
        if bracket:
            return bracket.end()
    return end


def _as_written(text: str, plain: str, start: int, end: int) -> str:
    """The unit in the source's own characters (噸 stays 噸), but for the width of ASCII signs (％ → %)."""
    unit = plain[start:end]
    if unit == text[start:end]:
        return unit
    return "".join(
        folded if folded.isascii() and "\uff01" <= own <= "\uff5e" else own
        for folded, own in zip(text[start:end], unit, strict=True)
    )


def _find_numbers(text: str, plain: str, masked: str) -> list[_Token]:
    tokens: list[_Token] = []
    length = len(text)
    unit_firsts = _unit_table().by_first
    single = frozenset("〇零一二三四五六七八九十百千万亿两廿卅")
    for match in _CANDIDATE.finditer(masked):
        start, end = match.span()
        word = match["number"]
        if word is None:
            number = read_number(match["part"])
            if number is None:
                continue
            unit, factor = _PER[match["per"]]
            tokens.append(
                _Token(start, end, start, end, number.value * factor, unit, end, number.decimals, 0, "percent-words",
                       "percent-words", number.more, plain_unit=False)
            )
            continue
        before = text[start - 1] if start else "\n"
        after = text[end] if end < length else "\n"
        if end - start == 1 and word in single and after not in unit_firsts and after not in "大成方" and before not in "第前":
            continue
        if match["of"]:
            low, high = read_number(word), read_number(match["of"])
            if low and high and low.value:
                value = high.value * 100 / low.value
                value = value.quantize(Decimal("0.0001")) if value != value.to_integral_value() else value.quantize(_ONE)
                tokens.append(_Token(start, end, start, end, value, "%", end, 0, 0, "fraction", "fraction", plain_unit=False))
            continue
        number = read_number(word)
        if number is None:
            continue
        unit_end = _unit_at(text, end)
        tokens.append(
            _Token(start, unit_end, start, end, number.value, _as_written(text, plain, end, unit_end), unit_end, number.decimals, number.scale,
                   number.form, "number-unit", number.more)
        )
    return tokens


# --- comparators ---------------------------------------------------------------------------------------------------


class _Comparators(msgspec.Struct):
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
                before[word] = (comparator, entry.not_after)
            else:
                after[word] = (comparator, entry.not_before)
    return _Comparators(
        frozenset(word[-1] for word in before) | {"了", "到", "达"},
        re.compile(f"(?:{alternation(before)})(?=[了到达]?$)"),
        before,
        re.compile(alternation(after)),
        after,
        frozenset(word[0] for word in after),
    )


def _compare_before(text: str, token: _Token) -> None:
    table = _comparators()
    at = token.start
    if at == 0 or text[at - 1] not in table.last:
        return
    low = max(0, at - 7)
    match = table.before.search(text[low:at])
    if match is None:
        return
    word = match[0]
    start, end = low + match.start(), low + match.end()
    comparator, not_after = table.before_words[word]
    if not_after and start and text[start - 1] in not_after:
        return
    if word == "上" and token.form != "bare":
        return
    token.comparator, token.comparator_span, token.start = comparator, (start, end), start


_MASS_TAIL = re.compile("标准煤|标煤")


def _compare_after(text: str, token: _Token) -> None:
    table = _comparators()
    at = token.unit_end
    if text[at : at + 1] == "”" and text[at + 1 : at + 2] in table.after_first:
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


# --- neighbours ----------------------------------------------------------------------------------------------------

_RANGE_GLUE: Final = frozenset({"—", "——", "~", "-", "至", "到", "－"})
_LIST_GLUE: Final = frozenset({"、", "和", "与", "及", "以及", "或", "，"})


def _join_ranges(text: str, tokens: list[_Token]) -> list[_Token]:
    joined: list[_Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if last is not None and 0 < token.number_start - last.unit_end <= 2 and last.value_max is None:
            glue = text[last.unit_end : token.number_start]
            if glue in _RANGE_GLUE and _is_range(text, last, token, glue):
                low = last.value
                if not last.unit and last.scale == 0 and token.scale and low.scaleb(token.scale) <= token.value:
                    low = low.scaleb(token.scale)
                if last.form == "percent-words" and not token.unit:
                    token.unit, token.unit_end, token.end = last.unit, token.unit_end, token.end
                    token.scale = 0
                if low <= token.value:
                    last.value, last.value_max = low, token.value
                    last.unit, last.unit_end, last.end = token.unit, token.unit_end, token.end
                    last.number_end = token.number_end
                    last.decimals, last.scale = max(last.decimals, token.decimals), token.scale
                    last.form, last.rule = "range", "range"
                    last.plain_unit = token.plain_unit
                    continue
        joined.append(token)
    return joined


def _is_range(text: str, last: _Token, token: _Token, glue: str) -> bool:
    if last.unit and last.unit != token.unit and last.form != "percent-words":
        return False
    if glue in "至到" and re.search("[由从][^，。；]{0,12}$", text[max(0, last.start - 14) : last.start]):
        return False
    return bool(token.unit) or last.form == "percent-words" or token.scale > 0


def _join_products(text: str, tokens: list[_Token]) -> list[_Token]:
    joined: list[_Token] = []
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


def _read_ratios(text: str, tokens: list[_Token], next_group: int) -> int:
    at = 0
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
        if len(parts) == 2 and not parts[1].unit:
            first, second = parts
            if second.value == 1:
                first.unit, first.form, first.rule, first.end = "比", "ratio", "ratio", second.end
                first.plain_unit = False
                second.reason = "joined"
        elif len(parts) > 2 and not parts[-1].unit:
            for position, part in enumerate(parts):
                part.unit, part.form, part.rule, part.group, part.position = "比", "ratio", "ratio", next_group, position
                part.plain_unit = False
            next_group += 1
        at = stop + 1
    return next_group


def _share_lists(text: str, tokens: list[_Token], next_group: int) -> int:
    at = 0
    while at < len(tokens):
        stop = at
        while stop + 1 < len(tokens) and text[tokens[stop].end : tokens[stop + 1].start] in _LIST_GLUE:
            stop += 1
        if stop > at:
            members = tokens[at : stop + 1]
            unit = members[-1].unit
            for member in reversed(members):
                if not member.unit and unit:
                    member.unit, member.rule = unit, "list-unit"
                unit = member.unit
            for position, member in enumerate(members):
                member.group, member.position = next_group, position
            last = members[-1]
            if last.from_suffix and last.comparator != "eq":
                for member in members[:-1]:
                    if member.comparator == "eq" and member.unit == last.unit:
                        member.comparator, member.comparator_span = last.comparator, last.comparator_span
            first = members[0]
            if first.comparator != "eq" and not first.from_suffix:
                for member in members[1:]:
                    if member.comparator == "eq" and member.unit == first.unit:
                        member.comparator, member.comparator_span = first.comparator, first.comparator_span
            next_group += 1
        at = stop + 1
    return next_group


# --- what is no statement ------------------------------------------------------------------------------------------

_RANK_BEFORE = re.compile("(?:居|列|位|排|名|第|省|国|市|区|县|球|界|军|升|跃|进|至|到|类)[^，。；\n]{0,3}$")
_PEOPLE_AFTER = re.compile(
    "(?:名)?(?:多)?(?:各族|全体|城乡|农村|贫困|建档立卡|涞源|保定)?[^，。；、\n]{0,4}?(?:人民|群众|农民|党员|干部|职工|学生|贫困|人口|老人|居民|市民|纳税人|民众|妇女|儿童|青年|游客|劳动力|移民|同胞|军民|乡亲|中小学生|教师|毕业生)"
)
_PEOPLE_BEFORE = re.compile("(?:人数|人口|员额|参保|游客|就业|人员)[^，。；\n]{0,8}$")
_HOUSE_AFTER = re.compile("(?:农)?(?:户|家庭|住户)")
_INDEX_BEFORE = re.compile("指数[^，。；\n]{0,8}$")
_QUALIFIED = re.compile(
    "(?:的)?(?:大型|重点|产业|工业|在建|新建|建设|投资|规模|农业|服务业|招商|亿元|骨干|龙头|民营|科技|贫困|困难|农村|城镇|各类|优质)*"
    "(?:项目|企业|工业|行政村|自然村|老年人|老人|老党员|村庄|村|乡镇|集镇|城市|学校|园区|大户|机组|锅炉|小区|医院|景区|产业|集群|小企业|燃煤|人口|适龄|儿童|居民|群众|人员|公民|单位|贷款|高校|用户|河流|水库|码头|泊位|规上|住宅|商场|市场|示范)"
)
_DOING = re.compile("(?:新建|建成|建设|举办|成功举办|完成|开展|打造|培育|实施|新增|新开|开通|引进|落地|创建|建立|组建|出台|办好|办理|培训|启动|推进|抓好|改造|新改建|改扩建|设立|签约|获得|荣获|取得|获评|认定|发展|增加|再建|争创|形成|提升|谋划)[^，。；、\n]{0,3}$")
_AGE_AFTER = re.compile("(?:以上|及以上|以下|以内|至|—|儿童|老人|老年|的)?")
_SMALL: Final = frozenset("一二三四五六七八九十两")


def _judge(text: str, token: _Token, counting: frozenset[str]) -> str:
    """The reason why a number is no statement, or an empty string. May fill in a missing unit."""
    start, end = token.number_start, token.end
    before = text[start - 1] if start else "\n"
    if before == "第" or before == "前":
        return _judge_rank(text, token, before)
    after = text[end : end + 1]
    if not token.unit:
        return _judge_bare(text, token, after)
    word = text[start : token.number_end]
    unit = token.unit
    if unit in ("岁", "周岁"):
        if re.search("寿命[^，。；\n]{0,8}$", text[max(0, start - 14) : start]):
            return ""
        return "age"
    if token.comparator in ("ge", "le") and token.from_suffix and unit not in counting - {"人", "户"} and unit not in ("%", "‰", "倍", "个百分点"):
        if _QUALIFIED.match(text, end):
            return "qualifier"
    if len(word) == 1 and word in _SMALL and unit in counting and token.value_max is None:
        if token.comparator != "eq":
            return ""
        if word == "一":
            return "small-count"
        if unit in ("届", "批") or _DOING.search(text[max(0, start - 8) : start]):
            return ""
        return "small-count"
    if unit in ("天",) and text.startswith(("内", "后", "来"), end):
        return "span-of-time"
    if unit == "年":
        return "" if text[max(0, start - 2) : start] in ("延长",) else "span-of-time"
    if token.form == "bare" and token.comparator == "eq" and not token.more and unit in counting:
        return "" if _DOING.search(text[max(0, start - 8) : start]) else "vague"
    return ""


def _judge_rank(text: str, token: _Token, before: str) -> str:
    start = token.number_start
    if before == "前":
        if token.unit in ("位", "名", "") and token.value < 1000 and token.value == int(token.value):
            token.unit, token.comparator, token.comparator_span = "位", "le", (start - 1, start)
            token.hint, token.form, token.rule, token.start = "rank", "rank", "rank-front", start - 1
            return ""
        return "ordinal"
    if token.unit in ("位", "名", ""):
        after = text[token.end : token.end + 1]
        if token.unit or _RANK_BEFORE.search(text[max(0, start - 8) : start - 1]):
            token.unit, token.hint, token.form, token.rule, token.start = "位", "rank", "rank", "rank", start - 1
            return "" if token.value < 1000 and after not in "届次" else "ordinal"
    return "ordinal"


def _judge_bare(text: str, token: _Token, after: str) -> str:
    start, end = token.number_start, token.number_end
    if after == "大" and token.scale == 0:
        if text.startswith(("大类", "大型", "大学", "大以"), end):
            return "small-count"
        if _DOING.search(text[max(0, start - 8) : start]) and token.value <= 20:
            token.unit, token.end, token.rule, token.plain_unit = "个", end + 1, "big-things", False
            return ""
        return "small-count"
    if after == "成" and text[end + 1 : end + 2] not in "立为果就功长员都熟分":
        token.unit, token.value, token.form, token.rule = "%", token.value * 10, "tenths", "tenths"
        token.end = token.unit_end = end + 1
        token.plain_unit = False
        return ""
    if after == "级" and token.form == "bare" and token.scale >= 8:
        token.unit, token.comparator, token.comparator_span = "元", "about", (end, end + 1)
        token.end, token.rule, token.plain_unit = end + 1, "size-class", False
        return ""
    if token.form == "bare" and token.comparator == "eq" and not token.more:
        return "vague"
    if token.form == "chinese" and token.value < 10 and token.scale == 0:
        return "small-count"
    if token.scale >= 4 or token.more or token.comparator != "eq":
        token.rule = "no-unit-written"
        if _HOUSE_AFTER.match(text, token.end):
            token.unit = "户"
        elif _PEOPLE_AFTER.match(text, token.end) or _PEOPLE_BEFORE.search(text[max(0, start - 16) : start]):
            token.unit = "人"
        elif _INDEX_BEFORE.search(text[max(0, start - 16) : start]):
            token.unit = "点"
        else:
            token.unit = "个"
        return ""
    if _INDEX_BEFORE.search(text[max(0, start - 16) : start]):
        token.unit, token.rule = "点", "index-points"
        return ""
    return "no-unit"


def scan(folded: Folded) -> tuple[list[Quantity], list[Claim]]:
    """Every quantity of a folded text, and every number claimed for a reason by name; both in text order.

    Offsets are folded ones. Nothing overlaps. Numerals inside ordinary words are left to `coverage.cover`.
    Never raises on any text.
    """
    text = folded.text
    claims = _claim_names(text)
    forms = _fixed_forms(text)
    if claims:
        starts = [claim.start for claim in claims]
        free = []
        for form in forms:
            at = bisect_right(starts, form.start) - 1
            inside = at >= 0 and claims[at].end > form.start
            if not inside and (at + 1 >= len(starts) or starts[at + 1] >= form.end):
                free.append(form)
        forms = free
    masked = _mask(text, claims, forms)
    tokens = _find_numbers(text, folded.plain, masked)
    if forms:
        tokens = sorted([*tokens, *forms], key=lambda token: token.start)
    tokens = _join_products(text, tokens)
    for token in tokens:
        _compare_after(text, token)
    tokens = _join_ranges(text, tokens)
    for token in tokens:
        if token.comparator == "eq":
            _compare_before(text, token)
        if token.more and token.comparator == "eq":
            token.comparator, token.comparator_span = "over", (token.number_start, token.number_end)
        if token.value_max is not None and token.from_suffix and token.end < token.unit_end:
            token.end = token.unit_end
    group = _read_ratios(text, tokens, 0)
    _share_lists(text, tokens, group)
    counting = _unit_table().counting
    quantities: list[Quantity] = []
    for token in tokens:
        if token.reason == "joined":
            continue
        reason = _judge(text, token, counting)
        start, end = token.start, token.end
        if quantities and start < quantities[-1].end:
            start = quantities[-1].end
        if start >= end:
            continue
        if reason:
            claims.append(Claim(token.number_start, token.number_end, reason, reason))
            continue
        quantities.append(
            Quantity(
                start, end, token.value, token.value_max, token.unit, token.comparator, token.decimals, token.scale,
                token.form, token.rule, token.number_start, token.number_end, token.comparator_span, token.hint,
                token.group, token.position,
            )
        )
    claims.sort(key=lambda claim: claim.start)
    return quantities, _clear(quantities, claims)


def _mask(text: str, claims: list[Claim], forms: list[_Token]) -> str:
    spans = sorted([(claim.start, claim.end) for claim in claims] + [(form.start, form.end) for form in forms])
    pieces, at = [], 0
    for start, end in spans:
        if start < at:
            continue
        pieces.append(text[at:start])
        pieces.append("\0" * (end - start))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _clear(quantities: list[Quantity], claims: list[Claim]) -> list[Claim]:
    """Claims without those that a quantity or an earlier claim covers."""
    kept: list[Claim] = []
    starts = [quantity.start for quantity in quantities]
    last = 0
    for claim in claims:
        at = bisect_right(starts, claim.start) - 1
        if at >= 0 and quantities[at].end > claim.start:
            continue
        if at + 1 < len(starts) and starts[at + 1] < claim.end:
            continue
        if claim.start < last:
            continue
        kept.append(claim)
        last = claim.end
    return kept
