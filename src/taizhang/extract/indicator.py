"""What a number is of: the indicator's words, out of the text on either side of the number.

Pure functions over short strings and folded offsets; what is carried over from earlier text is `context.py`'s business.
The indicator is nearly always words of the text, so everything here cuts and joins, and hardly ever rephrases.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from taizhang.lexicon.meaning import alternation, group, words
from taizhang.structure.numbering import numbering

Piece = tuple[int, int, str]
"""A folded stretch, with the words that stand for it (or words that are not written at all: an empty stretch)."""


class Term(NamedTuple):
    """An indicator as pieces of the text, in the order that names it best."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece[2] for piece in self.pieces)

    def __add__(self, other: Term) -> Term:  # type: ignore[override]
        return Term(self.pieces + other.pieces)

    def __bool__(self) -> bool:
        return any(piece[2] for piece in self.pieces)


NOTHING = Term(())


def term(text: str, start: int, end: int) -> Term:
    """The term of one stretch of the folded text."""
    return Term(((start, end, text[start:end]),)) if start < end else NOTHING


def supplied(words_: str, at: int) -> Term:
    """A term of words that the text leaves out (产量 of a bare product)."""
    return Term(((at, at, words_),))


def _longest_prefix(names: frozenset[str]) -> Callable[[str], int]:
    lengths = sorted({len(name) for name in names}, reverse=True)

    def find(text: str) -> int:
        for length in lengths:
            if text[:length] in names and len(text) >= length:
                return length
        return 0

    return find


def _longest_suffix(names: frozenset[str]) -> Callable[[str], int]:
    lengths = sorted({len(name) for name in names}, reverse=True)

    def find(text: str) -> int:
        for length in lengths:
            if len(text) >= length and text[-length:] in names:
                return length
        return 0

    return find


_LEVEL_VERBS = words("level_verbs")
_level_verb_at_end = _longest_suffix(_LEVEL_VERBS)
_head_word = _longest_prefix(words("head_words"))
_HEAD_PATTERNS = re.compile("|".join(group("head_words").patterns))
_doing_verb = _longest_prefix(words("doing_verbs"))
_whole_head = _longest_prefix(words("whole_heads"))
_whole_tail = _longest_suffix(words("whole_tails"))
ATTRIBUTES = words("attributes")
MEASURED = words("measured_nouns")
_measured_at_end = _longest_suffix(MEASURED)
_BRANCH = re.compile("|".join(group("branches").patterns))
SIZES = words("size_attributes")
MONEY = words("money_alone")
_FINISHED = re.compile(alternation("finished"))
_STOCK = re.compile("|".join(group("stocks").patterns))
_PREDICATE = re.compile(alternation("predicates"))
# A one-letter head word that is the first letter of a real word stays.
_PROTECTED = re.compile(
    r"计划内|计划外|可再生|可支配|可持续|可利用|可比|在鄂|在粤|在湘|在沪|在京|从业|从事|应对|应急|应用|应届|应税|应收|一般|一产|再就业|再生|有色|有效|有机|有线|有偿|有关|对外|对口|对虾|要素|都市|在建|在校|在册|在岗|在营|在用|共同|共享|共建(?!成|立|设)"
    r"|共有产权|以工代赈|以旧换新|和谐|其他|其它|为民|为农|按揭|将军|让利|使用|使馆|还田|还林|还款|还湿|即时|则|由于|向日葵|并网|并购"
    r"|只读|仅存|也|已建|已开|与会|计划生育|实现利税|实现利润|完成投资|完成融资|完成交易|完成工业投资|全面小康|全国人大|全国社会|全国文明"
    r"|全国[^，。；、]{0,14}?(?:模范|标兵|称号|奖章|十佳|十强)|全国重点|全国百强|全国劳|全国优|全国示|全国绿|全区域|重点|努力|要道|新|预计投资|计划投资|计划总投资|占地|占比|占用|把关|持续增"
    r"|保持水土|同时段|确保率|目标价|包括|以上|其中"
)
_PASSED = re.compile(
    r"(?:成功|连续|连|接连|先后|再)*(?:跨过|跨越|跨上|迈过|迈上|越过|闯过|跨|迈|突破|站上|登上)了?"
    r"[0-9一二两三四五六七八九十百千万亿]+个?[百千万]*亿?元?(?:的)?(?:新|大)?(?:大关|台阶|关口)$"
)
"""Marks that an amount has passed, between its name and the amount itself."""
_PARENS_TAIL = re.compile(r"（[^（）]{0,30}）$|[，：；、\s\"]+$|①|②|③|④|⑤|⑥|⑦|⑧|⑨|⑩")
_NOTE_MARK = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:还|仅|只|也|就|却)+(?=占)|[\[【〔〈（]?[①-⑳]+[\]】〕〉）]?|\^?\[\d{1,2}\]|【\d{1,2}】|〔\d{1,2}〕|（下同）|，下同"
)


_EACH_TAIL = re.compile(r"(?<=[到至为达])(?:每人每|人均每|每户每|每人|每亩)[月年天日]?$")
_FOR_YEARS_TAIL = re.compile(r"连续[^，。；]{1,4}(?:年|个?季度|个?月)$")
_YEAR_TAIL = re.compile(
    r"(?:在|从|由|比|较)?(?:(?:[12][0-9]{3}|[一二][〇零一二三四五六七八九]{3})年|上年|去年|前年|年初|五年前|“[^”]{1,4}五”|十[一二三四]?五)"
    r"(?:底|末|初|时|期间|时期|同期|的)*$"
)
_NO_VERB = re.compile(
    r"建成区(?!域)|生产总值|生产性|生产能力|生产安全|销售收入|销售额|销售率|加工业|加工能力|服务业|服务贸易|建设用地|开发区|开发投资|保障房|保障性|供应量|参保率|参保人"
    r"|发展水平|发展速度|接待能力|补贴标准|补助标准|保障标准|支持率|覆盖率|覆盖面|授权量|授权数|治理率|处理率|处置率|利用率|绿化覆盖|绿化率|转化率|普及率"
    r"|登记失业|就业率|培训率|贷款余额|融资余额|投资|流转率|流转面积|公路|供水能力|生产力|办结率|调解率|化解率|合格率|建设水平|签约率|推广面积|种植面积|养殖|出口"
)


_MANNER = re.compile("高标准|高质量|高水平|高起点|高效|高规格|滚动|分类|精准|科学|有序|全方位|多渠道|多措并举|依法")


def strip_head(own: str, place: str | None = None) -> int:
    """How many characters of time, place, hedge and linking words stand before the indicator in `own`."""
    at = _number_before(own)
    while at < len(own):
        rest = own[at:]
        pattern = _HEAD_PATTERNS.match(rest)
        if pattern and pattern.end():
            at += pattern.end()
            continue
        if place and rest.startswith(place):
            at += len(place)
            continue
        manner = _MANNER.match(rest)
        if manner and (manner.end() == len(rest) or _doing_verb(rest[manner.end() :])):
            at += manner.end()
            continue
        if rest[0] in "，。；、：—“”’‘ 的了\n" and not (rest[0] == "“" and "”" in rest):
            at += 1
            continue
        length = _head_word(rest)
        if not length:
            break
        guard = _PROTECTED.match(rest)
        if guard and guard.group() != "其中" and guard.end() >= length:
            break
        if _whole_head(rest) > length:
            break
        at += length
    return at


def _number_before(own: str) -> int:
    """The length of a list number before a name: （4）新建公厕, 1.农业总产值; but 一、二级医院 is a name."""
    number = numbering(own)
    if number is None or (number.length == len(number.number) and own[number.length - 1] not in "）."):
        return 0
    return 0 if own[number.length : number.length + 1] in tuple("一二三四五六七八九十") else number.length


_AVERAGED = ("年", "人", "户", "月", "亩", "平")


def strip_tail(own: str) -> int:
    """Where the indicator ends in `own`: before the verbs and hedges that lead to the number (达到, 控制在, 力争)."""
    end = len(own)
    while end:
        if own[end - 1] in "关阶口" and (passed := _PASSED.search(own, max(0, end - 24), end)):
            end = passed.start()  # 经济总量跨过两个万亿元大关、超过6万亿元
            continue
        mark = _PARENS_TAIL.search(own, max(0, end - 1), end)
        if mark and mark.group()[0] != "（":
            end = mark.start()
            continue
        if own[end - 1] in "的年月期时底末初人亩度":
            year = (
                _YEAR_TAIL.search(own, 0, end) or _EACH_TAIL.search(own, 0, end) or _FOR_YEARS_TAIL.search(own, 0, end)
            )
            if year:
                end = year.start()
                continue
        length = _level_verb_at_end(own[:end])
        if not length or _whole_tail(own[:end]) > length:
            break
        if own[end - length] == "均" and own[max(0, end - length - 1) : end - length] in _AVERAGED:
            length -= 1  # 平均为, 年均达到: 均 belongs to the word before it
            if not length:
                break
        end -= length
    return end


class Change(NamedTuple):
    """How a number moves: the words before it that say growth or change, cut off the end of its own words."""

    end: int
    """Where the words of the subject end."""
    down: bool
    to: bool
    """提高到, 降至: the number is where it went, so a level."""
    verb: str
    compared: bool
    """A base is named (比上年, 同比)."""
    suffix: tuple[int, int] | None
    """年均, 平均, 实际: part of the indicator of a growth, wherever they stand."""


WENT = Change(0, False, True, "", False, None)
"""A movement by a verb that no word list knows, between a base and where it went."""

_UPS = words("up")
_DOWNS = words("down")
_MOVE = _longest_suffix(_UPS | _DOWNS | frozenset({"改善", "变好", "好于"}))
_AFTER_MOVE = re.compile(
    r"(?:了|率?(?:为|达|达到)|约|超过?|近|逾|突破|幅度(?:为|达|在)?|速度(?:为|达)?|不低于|高于|低于|控制在|力争|保持在?|大约|将近|接近|也|仅|均|各|分别|只|不少于|不超过|不高于|至少|还|将|最高|累计|的?部?分|百分点|：|并|以上|了大约|幅|(?:目标)?(?:定)?为|预期|左右)+$"
)
_TO = re.compile(r"(?:到|至|为|成)$")
_COMPARISON = re.compile(
    r"(?:(?:同比|环比|同口径|可比(?!产品)|现价|可比价|比较|按?可比价格?(?:计算)?|按?可比口径(?:计算)?|按?不变价格?(?:计算)?|按同口径|按现价计算?|扣除[^，。；]{0,14}(?:因素|影响)(?:后)?[，]?"
    r"|(?:比|较|同|与|和|在)(?:上年|去年|前年|上一年|上月|上期|年初|期初|上届|前|全省|全国|全市|全县|同期|历史|改革前|计划|预期|预算|考核|目标|[“”一二三四五六七八九十〇零0-9—]+(?:年|五|届|月))[^，。；]{0,14}?"
    r"|(?<![可占相])(?:比(?![例重值率])|较(?!好|多|大))[^，。；、]{1,16}?|快于[^，。；]{1,12}?|高于[^，。；]{1,12}?|低于[^，。；]{1,12}?"
    r"|分别|(?<![年人户月亩平])均|各|都|持续|大幅|大幅度|总体|平稳|净|再|又|也|有|将|可|要|预计|预期|力争|确保|同步|共|累计|全年|五年|五年间|五年来|逐年|明显|连续|(?<![0-9〇零○一二三四五六七八九十前第])(?:[二两三四六七八九十]|[0-9]{1,2})年(?:间|来)?|逆势|仍|还|则|相应|稳步|小幅|略|略有|微|继续|进一步|实现|稳定|保持|达|，)\s*)+$"
)
_STRONG_COMPARISON = re.compile(r"同比|环比|比|较|同期|以来|基础上|扣除|可比")
_AVERAGE = re.compile(r"(?:年均|年平均|平均每年|每年平均|五年平均|平均每年递增|每年|年递增|平均|名义|实际|年)$")
_SPAN_BEFORE_AVERAGE = re.compile(
    r"(?:[，]?(?:这)?(?:五|四|三|两|十|5|4|3|10)年(?:间|来)?|“?十[一二三四]?五”?(?:期间|时期)|[，])$"
)


def find_change(own: str) -> Change | None:
    """The growth or change words at the end of `own`, or None where it has none."""
    if own.endswith(("净增", "新增", "净增加", "新增加")):
        return None  # counts of what is new, no change against a base
    each = _EACH_TAIL.search(own)
    own = own[: each.start()] if each else own
    whole = len(own)
    if own.endswith(("的", "年", "末", "底", "时", "期")):
        year = _YEAR_TAIL.search(own)
        if year and _TO.search(own[: year.start()]):
            whole = year.start()
    own = own[:whole]
    end = whole
    after = _AFTER_MOVE.search(own)
    if after and re.search(r"速度|幅度|率", after.group()):
        return None  # 增长速度, 下降幅度, 增长率 are names of what is measured
    if after:
        end = after.start()
    to = False
    target = _TO.search(own[:end])
    if target:
        to, end = True, target.start()
    length = _MOVE(own[:end])
    if not length and after:
        # 为, 达 may belong to the verbs of a level: try again on the whole
        end = len(own)
        length = _MOVE(own[:end])
        to = False
    if not length:
        return None
    if (
        after
        and not to
        and re.search(r"(?<!率)(?:为|达到?)", after.group())
        and not re.search(r"速度|幅度", after.group())
        and (own[end - length : end] not in ("增幅", "增速", "降幅", "涨幅", "增长", "下降") or own.endswith("下降为"))
    ):
        to = True
    verb = own[end - length : end]
    if (
        length == 1
        and verb in "快高多少低慢增降减涨跌翻"
        and not re.search(r"[比较同于]|分别|净|年均|再|均|了$|各$", own[max(0, end - 8) : end])
        and not to
    ):
        return None
    if own[end - length - 1 : end - length] in ("保", "促", "稳") and verb == "增长":
        return None
    down = verb in _DOWNS
    end -= length
    compared, suffix = False, None
    while end:
        average = _AVERAGE.search(own[:end])
        if average and average.group() != "年":
            if suffix is None:
                suffix = (average.start(), average.end())
            end = average.start()
            span = _SPAN_BEFORE_AVERAGE.search(own[:end])
            if span:
                end = span.start()
            continue
        comparison = _COMPARISON.search(own[:end])
        if comparison and comparison.start() < end:
            if _STRONG_COMPARISON.search(comparison.group()):
                compared = True
            end = comparison.start()
            continue
        break
    return Change(end, down, to, verb, compared, suffix)


def doing_verb(own: str) -> int:
    """Length of the verbs of doing at the start of `own` (新建, 新建改造, 新建、改扩建)."""
    at = 0
    while True:
        length = _doing_verb(own[at:])
        if not length or _NO_VERB.match(own, at):
            break
        at += length
        if own[at : at + 1] in ("、", "和", "或", "并", "及") and _doing_verb(own[at + 1 :]):
            at += 1
    while at and own[at : at + 1] in ("了", "过"):
        at += 1
    return at


_AND = re.compile(r"、|以及|及|和|与|或|并|，")


_MOVES_ON = re.compile(rf"(?:{alternation('up', 'down')})(?:到|至|为)")


def moves_on(words_: str) -> bool:
    """Whether words behind a base say where it went, so that they name nothing (由41.5%提高到43%)."""
    return bool(_MOVES_ON.match(words_)) or (
        words_[-1:] in ("到", "至", "为") and _level_verb_at_end(words_) == len(words_)
    )


_MARKED = re.compile(r"“[^“”]{0,60}”|（[^（）]{0,60}）|《[^《》]{0,60}》")


def blank(text: str) -> str:
    """`text` with what stands in quotes or brackets blanked, so that its commas and 和 do not split."""
    if "“" not in text and "（" not in text and "《" not in text:
        return text
    return _MARKED.sub(lambda match: "\0" * len(match.group()), text)


def after_list(own: str) -> int:
    """Where the head noun begins behind a list that ends in 等 (甲、乙等 → behind 等); 0 where there is none."""
    flat = blank(own)
    found = 0
    for match in re.finditer(r"(?<![高中初同平优特相上均劣])等(?!级|次|于|待|额|离|教育)", flat):
        found = match.end()
    return found


def split_names(names: str) -> list[tuple[int, int]]:
    """The members of a list of names (A、B和C), as offsets into `names`."""
    flat = blank(names)
    parts, at = [], 0
    for match in _AND.finditer(flat):
        if match.start() > at:
            parts.append((at, match.start()))
        at = match.end()
    if at < len(names):
        parts.append((at, len(names)))
    return parts


_MEASURED_ENDS = ("率", "量", "额", "值", "数", "费", "收入", "支出", "价格", "面积")
_RATE_AT_END = re.compile(r"(?:综合|集中|无害化|毛|净)?[\u4e00-\u9fff]{2}率$")
_HALVES = {"存": "贷", "进": "出", "产": "销"}
"""One letter of a pair that shares the rest of the other (存、贷款余额; 进、出口总额)."""
_SHARE_TAIL = re.compile(r"占(?!地|用|道|线|压|比|有)[^，]*$")
_PAIRS = {
    "城乡": ("城镇", "农村"),
    "进出口": ("进口", "出口"),
    "产销": ("产", "销"),
    "存贷款": ("存款", "贷款"),
    "牛羊": ("牛", "羊"),
}


_TORN_PAIRS = {"存、贷款": ("存款", "贷款"), "进、出口": ("进口", "出口")}
"""Pairs that are one word apart from the mark between them."""


def _of_a_pair(text: str, start: int, names: str, at: int, pair: str, both: tuple[str, str]) -> list[Term]:
    left, right = term(text, start, start + at), term(text, start + at + len(pair), start + len(names))
    middle = (start + at, start + at + len(pair))
    return [left + Term(((*middle, one),)) + right for one in both]


_PER_UNIT = re.compile(r"单位(?:(?:国内|地区)?生产总值|GDP|工业增加值)")
"""What several rates are told of, at the head of a list."""


def share_names(text: str, start: int, names: str, count: int) -> list[Term] | None:
    """`count` terms for `count` numbers out of a list of names at `start`; None where the counts differ.

    Names before 分别 share their tail (肉、蛋、奶产量 → 肉产量, 蛋产量, 奶产量) and sometimes their head
    (企业增加值、上缴税金 → 企业上缴税金).
    """
    parts = split_names(names)
    for pair in _TORN_PAIRS if count == 2 else ():
        at = names.find(pair)
        if at >= 0:
            return _of_a_pair(text, start, names, at, pair, _TORN_PAIRS[pair])
    if len(parts) != count:
        for pair, both in _PAIRS.items():
            at = names.find(pair)
            if at >= 0 and count == 2 and len(parts) <= 2:
                if len(parts) == 2 and names.find(pair) < parts[0][1] and at > 0:
                    break
                return _of_a_pair(text, start, names, at, pair, both)
        merged = _merge(names, parts, count)
        if merged is None:
            return None
        parts = merged
    last_start, last_end = parts[-1]
    last = names[last_start:last_end]
    terms = []
    for index, (a, b) in enumerate(parts):
        name = names[a:b]
        own = term(text, start + a, start + b)
        if index < len(parts) - 1:
            cut = _shared_tail(name, last)
            if cut is not None and cut < len(last):
                own = own + term(text, start + last_start + cut, start + last_end)
        per_unit = _PER_UNIT.match(names, *parts[0])
        if index and per_unit and not name.startswith("单位"):
            own = term(text, start + parts[0][0], start + per_unit.end()) + own  # 单位生产总值用水量、能耗
        elif index and name in ATTRIBUTES:
            head = names[parts[0][0] : parts[0][1]]
            measured = 0 if head in ATTRIBUTES else _measured_at_end(head)
            if measured and measured < len(head):
                end = len(head) - measured
                if head[:end].endswith(name[:2]):
                    end -= 2  # 商品房销售面积和销售额: the verb stands in both
                own = term(text, start + parts[0][0], start + parts[0][0] + end) + own
        terms.append(own)
    return terms


def _merge(names: str, parts: list[tuple[int, int]], count: int) -> list[tuple[int, int]] | None:
    """Join the members of an inner list where there are too many: only 和 or 、 splits, not both.

    A list inside one must be a whole name then: of 小麦、玉米、薯类和大豆 the first three make none.
    """
    flat = blank(names)
    for pattern in (r"和|与|以及|及", r"、"):
        pieces, at = [], 0
        for match in re.finditer(pattern, flat):
            if match.start() > at:
                pieces.append((at, match.start()))
            at = match.end()
        if at < len(names):
            pieces.append((at, len(names)))
        if len(pieces) == count and len(pieces) > 1:
            members = [flat[a:b] for a, b in pieces]
            if not any("、" in one for one in members) or all(map(_is_whole_name, members)):
                return pieces
    return None


def _is_whole_name(name: str) -> bool:
    """Whether a name says what is measured, so that a list inside it is its own: 种植、养殖业增加值."""
    return bool(_measured_at_end(name)) or name.endswith(_MEASURED_ENDS)


def _shared_tail(name: str, last: str) -> int | None:
    """Where the tail that `name` shares begins in `last`; None where `name` stands alone."""
    if last.startswith(_HALVES.get(name[-1:], "\0")):
        return 1  # 存、贷款余额
    share = _SHARE_TAIL.search(last)
    if share and share.start() and "占" not in name:
        # A、B增加值占生产总值比重: what they are a share of is said of each
        head = last[: share.start()]
        measured = _measured_at_end(head)
        if _measured_at_end(name) or name.endswith(_MEASURED_ENDS) or not 0 < measured < len(head):
            return share.start()
        return len(head) - measured
    if _measured_at_end(name) or (name.endswith(_MEASURED_ENDS) and not name.endswith("需氧量")):
        return None
    for length in range(min(len(name), 6), 0, -1):
        at = last.find(name[-length:])
        if at >= 0 and at + length < len(last):
            return at + length
    measured = _measured_at_end(last)
    if not measured and (rate := _RATE_AT_END.search(last)) and rate.start():
        return rate.start()  # 污水、垃圾处理率
    if len(name) <= 3 and len(last) - len(name) >= 2:
        rest = len(name)
        return min(rest, len(last) - measured) if measured else rest
    return len(last) - measured if 0 < measured < len(last) else None


def takes_measured_noun(name: str) -> bool:
    """A bare branch or group (采矿业, 集体企业) that needs a measured noun to be an indicator."""
    return bool(_BRANCH.search(name)) and not _measured_at_end(name)


def measured_noun(name: str) -> str:
    """The measured noun at the end of a name, or an empty string."""
    length = _measured_at_end(name)
    return name[len(name) - length :] if length else ""


_POWER = frozenset(("发电量", "装机", "装机容量", "总装机", "总装机容量", "生产能力"))
_RUNS = re.compile(r"电|站|厂|场|项目|工程|机组|能源|光伏|风|库|企业|公司|集团|基地|园|建设|产业|电网|新增")


def cannot_have(thing: Term, attribute: str) -> bool:
    """Whether an attribute cannot be of a thing: coal generates no power (原煤产量12万吨，发电量30亿千瓦时), and firms
    settle in a park, not in its roads (路网等配套设施2.6公里，入园企业7家)."""
    if attribute in _SETTLED:
        return bool(thing) and not _HOUSES.search(thing.text)
    if attribute in _EARNED:
        return thing.text.endswith(("游客", "旅客", "人次"))
    return attribute in _POWER and bool(thing) and not _RUNS.search(thing.text)


_EARNED = frozenset(("创收", "创汇"))
_SETTLED = frozenset(("入园企业", "入驻企业", "落地项目"))
_HOUSES = re.compile(r"(?:园区?|区|基地|中心|城|港|大厦|楼宇|平台|孵化器|空间|小镇|集群|街区|市场)$|园区")


def is_attribute(name: str) -> bool:
    """Whether a name, or each member of a list of names (办结率、满意率), only tells a side of something."""
    if name in ATTRIBUTES:
        return True
    parts = split_names(name)
    return len(parts) > 1 and all(name[a:b] in ATTRIBUTES for a, b in parts)


_attribute_at_end = _longest_suffix(ATTRIBUTES)
_verb_at_end = _longest_suffix(words("doing_verbs"))


_PEOPLE = ("毕业生", "在校生", "学生", "教师")
"""Attributes of a school that are things themselves (高校毕业生3万人，就业率…)."""
_SUBJECT_TAIL = re.compile(
    r"(?:更加|日益|进一步|不断|持续|逐步|稳步|较|更|支撑作用|带动作用|引领作用|作用|发展|生产|运行|整合|升级|转型|步伐|态势|势头|效益|实力|活力|动能|速度|(?:实现)?“?[二三四五六七八九十]{1,3}连[增丰]”?|连续[0-9二三四五六七八九十]{1,2}年)+$"
)


def bare_subject(whole: Term) -> Term:
    """A subject that an attribute is joined to, without what its clause said of it (工业生产增长较快，总产值…)."""
    last = whole.pieces[-1] if whole.pieces else None
    found = _SUBJECT_TAIL.search(last[2]) if last else None
    if last is None or found is None or last[1] - last[0] != len(last[2]):
        return whole
    left = found.start()
    if left < 2:
        return whole
    return Term((*whole.pieces[:-1], (last[0], last[0] + left, last[2][:left])))


_ACTED_ON = re.compile(
    r"(?:新|已|再|又|正|拟|先后|相继|成功|顺利|正式|全部|如期|已经)*"
    r"(?:签约|落地|开工|投产|落户|竣工|入库|在建|续建|纳统|入统|完工|投用|建成|通车|并网|启动|完成|办结|答复|整改|交付|达标|投运"
    r"|关停|取缔|拆除|开业|上市|挂牌|获批|销号|备案|立项|审结|入住|入驻|建成投产|建成投用|投入使用|建成通车|投入运营)(?:的|了)?"
)


def only_acts(words_: str) -> bool:
    """Whether words say only what became of things that an earlier clause names (新落地141个; 2条完工)."""
    return bool(_ACTED_ON.fullmatch(words_))


def without_attribute(whole: Term) -> Term:
    """A term without the attribute that ends it (粮食播种面积 → 粮食), where enough is left to name a thing."""
    last = whole.pieces[-1] if whole.pieces else None
    if last is None:
        return whole
    start, end, text = last
    size = 0 if text.endswith(_PEOPLE) else _attribute_at_end(text)
    left = len(text) - size
    if not size or text.endswith("转移支付") or end - start != len(text) or (left < 2 and len(whole.pieces) == 1):
        return whole
    while left > 2 and text[left - 1] in "年的总":
        left -= 1
    if left <= 0:
        return Term(whole.pieces[:-1])
    return Term((*whole.pieces[:-1], (start, start + left, text[:left])))


def part_of(whole: Term, part: Term) -> Term:
    """A part of a whole: a kind of it takes the place of its noun (省级奖牌 → 省级金牌), else it stands behind."""
    if not whole.pieces or len(part.text) != 2:
        return whole + part
    start, end, text = whole.pieces[-1]
    if len(text) > 2 and end - start == len(text) and text[-1] == part.text[-1] and text[-2] != part.text[0]:
        return Term((*whole.pieces[:-1], (start, end - 2, text[:-2]))) + part
    return whole + part


def without_new(whole: Term) -> Term:
    """A term without 新增 or 净增: what a new thing's total or income is of is the thing."""
    if not whole.pieces or not whole.text.startswith(("新增", "净增")):
        return whole
    start, end, text = whole.pieces[0]
    if len(text) > 2:
        return Term(((start + 2, end, text[2:]), *whole.pieces[1:]))
    return Term(whole.pieces[1:]) if len(text) == 2 and len(whole.pieces) > 1 else whole


def without_verb(whole: Term) -> Term:
    """A term without the verb of doing that begins it (新建公园 → 公园), where something is left."""
    if not whole.pieces:
        return whole
    start, end, text = whole.pieces[0]
    size = doing_verb(whole.text)
    if not size or size >= len(whole.text):
        return whole
    if size < len(text):
        return Term(((start + size, end, text[size:]), *whole.pieces[1:]))
    return Term(whole.pieces[1:]) if size == len(text) else whole


size_at_end = _longest_suffix(SIZES)


def verb_at_end(name: str) -> int:
    """Length of the verb that ends a name, so that its object stands behind the number (成功应对22轮…)."""
    tail = len(name) - 1 if name.endswith(("了", "起", "好")) else len(name)
    size = _verb_at_end(name[:tail])
    return size + len(name) - tail if size else 0


_COUNTERPARTS = {
    "农村": ("城镇", "城市", "城乡"),
    "乡村": ("城镇", "城市"),
    "农民": ("城镇居民", "城市居民", "职工"),
    "城镇": ("农村", "乡村"),
    "农村居民": ("城镇居民", "城市居民"),
    "城镇居民": ("农村居民", "农民"),
    "女性": ("男性",),
    "出口": ("进口",),
    "进口": ("出口",),
}


def counterpart(name: Term, last: Term) -> Term | None:
    """农村 after 城镇人均居住面积: the same indicator of the other half."""
    for other in _COUNTERPARTS.get(name.text, ()):
        if last.pieces and last.pieces[0][2].startswith(other):
            start, end, text = last.pieces[0]
            rest = Term(((start + len(other), end, text[len(other) :]), *last.pieces[1:]))
            return name + rest if rest else None
    return None


_FILLER = re.compile(rf"{alternation('fillers')}|(?<![0-9一二三四五六七八九十两])年内(?:全部)?")


def without_fillers(text: str, start: int, end: int) -> Term:
    """The term of words behind a number, without the adverbs of their predicate (贫困村全部退出 → 贫困村退出)."""
    whole, at = NOTHING, start
    for match in _FILLER.finditer(text, start + 2, end):
        if match.end() < end:
            whole, at = whole + term(text, at, match.start()), match.end()
    return whole + term(text, at, end)


_PREDICATE_BEHIND = re.compile(rf"被[^，。]|{alternation('predicates_behind')}")


def predicate_behind(words_: str) -> int:
    """Where the predicate begins in the words behind a number (地级市新获评全国文明城市 → 3); 0 for none."""
    match = _PREDICATE_BEHIND.search(words_, 1)
    return match.start() if match else 0


def is_stock(name: str) -> bool:
    """Whether a name is of a stock or a rate rather than of things done over a time."""
    return bool(_STOCK.search(name))


def finished(text: str) -> bool:
    """Whether the words say that a thing is built and in use."""
    return bool(_FINISHED.search(text))


_HAPPENS = re.compile(
    r"(?:年内|年底|[0-9]{1,2}月底|已|即将|正在|全面|全部|顺利|正式|相继|先后|加速|加快|扎实|全线|有序|基本|成功|如期|主体|建成|竣工|投产|投用|开工|奠基|启动|落地|落户|签约|通车|完工|获批|达到|封顶|告捷|进展)"
    r"(?!的|项目|工程|仪式|企业)"
)


def subject_of_event(words_: str) -> int:
    """Length of the noun in words that say what became of it (水厂主体完工 → 2)."""
    for match in _HAPPENS.finditer(words_):
        if match.start() >= 2 and words_[match.start() - 1] not in "的、和":
            return match.start()
    return len(words_)


def subject_of_clause(clause: str) -> int:
    """Length of the subject of a clause without a number: what stands before its first predicate word."""
    for match in _PREDICATE.finditer(clause):
        if match.start() >= 2:
            return match.start()
    return len(clause)


def without_particle(whole: Term) -> Term:
    """A term without a particle at its end (占人口的 → 占人口)."""
    last = whole.pieces[-1] if whole.pieces else None
    if last is None or len(last[2]) < 3 or last[2][-1] not in "的了":
        return whole
    start, end, text = last
    return Term((*whole.pieces[:-1], (start, end - 1 if end - start == len(text) else end, text[:-1])))


def without_notes(whole: Term) -> Term:
    """A term without the footnote marks and 下同 in its words (保费收入[8] → 保费收入)."""
    if not _NOTE_MARK.search(whole.text):
        return whole
    left = NOTHING
    for start, end, text in whole.pieces:
        if end - start != len(text):
            left = left + Term(((start, end, text),))
            continue
        at = 0
        for match in _NOTE_MARK.finditer(text):
            left = left + term_of(text, start, at, match.start())
            at = match.end()
        left = left + term_of(text, start, at, len(text))
    return left


def term_of(text: str, base: int, start: int, end: int) -> Term:
    """The term of `text[start:end]`, where `text` begins at `base` of the folded text."""
    return Term(((base + start, base + end, text[start:end]),)) if start < end else NOTHING
