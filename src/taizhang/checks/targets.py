"""Which statements of a plan are targets that a later report can answer.

The reader calls every figure of a plan a target. Some set nothing: a voltage that names a power station, 三重压力, the
40万 people of a county, how many graduates are expected, the size that says which villages or firms are meant. They are
left out here, each by what its own words say. A target of a month or a half of the year is one of the year. The same
figure in a body that the page holds twice is taken once, and so is one target that the plan names twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from taizhang.checks.match import Place, Surroundings, inside
from taizhang.fold import fold
from taizhang.ledger.identity import clean, identify
from taizhang.lexicon import COUNTING, units
from taizhang.lexicon.outcomes import listed
from taizhang.model import Report, Statement

_CIPHER = "一二两三四五六七八九十"
# 三重压力, 三大主粮: a numeral with 大 or 重 belongs to a name; 把握好三点 counts what is said next.
_SORTS = re.compile(f"^[{_CIPHER}0-9][大重点]$")
_IN_A_NAME = re.compile("^(?:底线|红线|防线|主线|关口)")
# 重点抓好三项工作: what is counted is said next.
_TALK = re.compile("^(?:重点|主要)?(?:工作|事|方面|原则|举措|要求|关系|任务)[。：:；;]")
_HELD_FIRST = re.compile("(?:放在|摆在|置于|作为)")
_TIME_LEFT = re.compile("屈指|倒计时|仅剩|还剩")
_PEOPLE = re.compile(r"^(?:各族)?[一-鿿]{0,4}(?:中国人|人民|儿女|父老|乡亲|干部群众)")
_BARE = re.compile(r"[0-9万亿千百多余近]$")
_EXPECTED = re.compile(r"预计(?:今年|全年|年内)?$|^预计")
_RATE_OF_A_THING = re.compile(r"^的?[“《一-鿿]")
_NO_THING = re.compile(r"^(?:的?(?:目标|水平|任务|速度|要求|标准|增速)|左右|以上|以下|以内|和|及|与|或|且|并|，|、)")
_SETS = re.compile(
    "达到|达|控制|保持|稳定|提高|降|增长|完成|实现|不低于|不高于|超过|突破|力争|确保|维持|在$|到$|为$|至$|率$|例$|比$|重$"
)
# 围绕绿色食品等10个重点领域: what the work turns around, not the work.
_AROUND = re.compile("(?:围绕|聚焦|针对)[^，。；：]*$")
_FIELDS = re.compile("^(?:重点|主导|优势|特色|关键)*(?:领域|方面|环节|行业|产业|问题|目标|区域)")
# 完成总投资2300万元的管网工程: the figure says which works.
_TOTAL_COST = re.compile("总投资(?:额)?(?:约|近|达|超)?$")
_COUNT = f"(?:[0-9{_CIPHER}百千]+[余多]?(?:个|家|户|项|座|条|处|所|只|支|台|片|栋|村))"
# 营业收入超50亿元产业集群6个, 超50亿元、超100亿元产业集群6个和4个: the amount says which are meant, the count is set.
_COUNTED_BEHIND = re.compile(
    f"^(?:以上|以下|以内|左右)?(?:、[超近约]?[0-9.—%万亿元]+(?:以上|以下)?){{0,2}}的?[“《]?[一-鿿]{{2,12}}[”》]?{_COUNT}"
)
# 630个空置率30%—50%的村庄治理
_COUNTED_BEFORE = re.compile(f"{_COUNT}[^，。；、0-9]{{0,10}}$")
_DOES = re.compile(
    "支持|扶持|用于|建设|新建|改造|实施|带动|新增|达到|完成|增长|引进|安排|奖励|补助|治理|推进|开工|解决|覆盖|[到在为给]"
)
_PASSED = re.compile(r"成绩|成效|来之不易|得益于|过去[一五]年|回顾")
# 6.5%左右的增速可以实现充分就业: what a growth is good for, not which is wanted.
_ENOUGH = re.compile("^的增[速长幅](?:就|便|也|将)?(?:可以|可|能够|能|足以)")
# 更多企业进入百亿元行列: a rank of firms by their size.
_RANK_OF_FIRMS = re.compile("^(?:[和、][百千万]亿元)?(?:级)?(?:行列|俱乐部|阵营|方阵|梯队)")
# 所得额100万元至300万元部分: which part of it is meant.
_BRACKET = re.compile("^的?部分")
# 我国有2.9亿在校学生: how things stand.
_STANDS = re.compile("(?:我国|全国|全省|全市|全县|全区|我省|我市|我县|我区)(?:现|共|还|已|目前)?有$")
# 6个“始终坚持”: how many headings follow.
_MOTTO = re.compile("^“(?:始终|坚持|坚定|稳步|更加|必须|全面|着力|聚焦|突出|牢牢)[^”]{0,8}”")
# 七节河, 一亩泉, 千亿斤粮食工程: a numeral that begins a name.
_NAMED_BY_NUMBER = {"节": "河溪沟", "亩": "泉塘湖", "里": "河店铺桥堡", "眼": "桥井泉", "孔": "桥"}
_GRADUATES = re.compile(
    "^(?:今年|明年|全年)?(?:我国|全国|全省|全市)?(?:普通)?高校(?:应届)?毕业生(?:人数|总数|规模)?(?:将|预计)?(?:高?达到?|超过|有)?(?:近|约)?$"
)
_AT_HAND = re.compile("(?:用好|管好|盘活|发挥)[^，。；]{0,4}$")
# 推进甲公司5万千瓦风电等项目前期工作: the size of what is prepared, not of what is to be done this year.
_PREPARED = re.compile(
    "前期(?:工作)?$|前期工作|(?:完成|通过|取得)(?:项目)?(?:核准|立项|审批|可研)|可行性研究|列入(?:国家|省|市)?规划"
)
# 加快乙片100万平方米棚户区改造工程建设: the size of a work of years, of which the clause wants some progress.
_PUSHED = re.compile(
    "^(?:要|全力|继续|进一步|大力|持续|扎实)?(?:加快|加速|推进|推动|加紧|抓紧|督促|支持)(?:推进|推动)?[^、]{0,10}$"
)
_PUSHED_ON = re.compile("^[一-鿿][^、，]{1,20}(?:建设|工程|项目|进度|进程|步伐)$")
_DONE_FIRST = re.compile("新增|新建|建成|完成(?!核准|立项|审批|可研|前期)|投产|投用|竣工|改造|种植|整治|治理")
_ASKED = re.compile("力争|确保|目标是|预期目标|争取|今年|年内")


def is_target(statement: Statement, report: Report, around: Place) -> bool:
    """Whether a statement of the plan sets something that can be met or missed."""
    if statement.unit in listed("nameplate"):
        return False
    text = "".join(statement.text.split())
    if _SORTS.match(text):
        return False
    before, behind = _beside(statement, report)
    if text[0] in _CIPHER and statement.value <= 10 and _TALK.match(behind):
        return False
    if statement.measure == "rank" and _HELD_FIRST.search(before):
        return False
    if (text.endswith("人") and behind.startswith("民")) or (text.endswith("亿人口") and statement.value >= 10**9):
        return False
    if (_BARE.search(text) and _PEOPLE.match(behind)) or _IN_A_NAME.match(behind) or _TIME_LEFT.search(before):
        return False
    if statement.unit == "年" and statement.measure != "growth":
        return False  # 延长30年 is how long a right lasts
    if _EXPECTED.search(around.clause[: around.clause.find(text[:2])]) and _unknown(statement):
        return False
    if _FIELDS.match(behind) and _AROUND.search(before):
        return False
    if _TOTAL_COST.search(before) and _RATE_OF_A_THING.match(behind) and not _NO_THING.match(behind):
        return False
    if _says_which(statement, before, behind):
        return False
    if statement.unit in ("%", "‰") and statement.comparator in ("le", "ge", "over"):
        # 推进空置率30%以下村庄治理: the rate says which villages.
        meant = _RATE_OF_A_THING.match(behind) and not _NO_THING.match(behind)
        if meant and not _SETS.search(before[-4:] + text[:3]):
            return False
    if statement.unit == "%" and statement.value_max is not None and behind.startswith(("的“", "的《")):
        return False  # 空置率30%—50%的“空心村”
    if _says_how_things_are(statement, text, before, behind):
        return False
    if _ENOUGH.match(behind) or _AT_HAND.search(before) or _of_the_prepared(statement, around, text):
        return False
    if statement.unit == "人" and _GRADUATES.match(around.clause[: max(around.clause.find(text), 0)]):
        return False
    if statement.unit == "天" and set(text[:-1]) <= set(_CIPHER) and re.match("[^，。；、以之左内上下]", behind):
        return False  # 九天 of a firm's name
    sentence = around.sentence
    return not (_PASSED.search(sentence) and not _ASKED.search(sentence))


def _says_how_things_are(statement: Statement, text: str, before: str, behind: str) -> bool:
    """Whether a number describes what is there, names a programme or a place, or counts headings: it sets nothing."""
    if statement.unit.endswith("元") and (_RANK_OF_FIRMS.match(behind) or _BRACKET.match(behind)):
        return True
    if _STANDS.search(before) or _MOTTO.match(behind):
        return True
    if text == "千亿斤" and re.match("粮食[^，。；]{0,8}(?:规划|工程|行动|项目)", behind):
        return True
    follows = _NAMED_BY_NUMBER.get(statement.unit, "")
    return len(text) == 2 and text[0] in _CIPHER and bool(behind) and behind[0] in follows


def _of_the_prepared(statement: Statement, around: Place, text: str) -> bool:
    """Whether a number is the size of something of which the clause only wants the papers (5万千瓦风电项目前期工作)."""
    unit = units().get(statement.unit)
    if unit is None or unit.dimension not in _SIZES:
        return False
    at = around.clause.find(text)
    tail = around.clause[at + len(text) :]
    if at < 0 or _DONE_FIRST.search(around.clause[:at]):
        return False
    return _PREPARED.search(tail) is not None or (
        _PUSHED.search(around.clause[:at]) is not None and _PUSHED_ON.search(tail) is not None
    )


_SIZES = ("area", "energy", "length", "mass", "power", "volume")


def _says_which(statement: Statement, before: str, behind: str) -> bool:
    """Whether an amount or a rate only says which things are meant, whose number is set beside it."""
    entry = units().get(statement.unit)
    if statement.measure != "level" or entry is None or entry.dimension in COUNTING:
        return False
    counted = _COUNTED_BEHIND.match(behind)
    if counted is not None:
        return not _DOES.search(counted[0])
    counted = _COUNTED_BEFORE.search(before)
    thing = _RATE_OF_A_THING.match(behind) and not _NO_THING.match(behind)
    return bool(counted and thing and not _DOES.search(counted[0]))


def _unknown(statement: Statement) -> bool:
    return identify(statement.indicator or "", statement.unit, statement.measure) is None


def _beside(statement: Statement, report: Report) -> tuple[str, str]:
    """The folded words of its sentence before and behind a statement, a few of each."""
    sentences = report.frame.sentences
    span = statement.span
    low, high = span.start - 16, span.end + 16
    if 0 <= statement.sentence < len(sentences):
        whole = sentences[statement.sentence].span
        low, high = max(low, whole.start), min(high, whole.end)
    text = report.document.text
    return fold(text[max(low, 0) : span.start]).text, fold(text[span.end : high]).text


# 今明两年扩招200万人: what one year's report gives is only a part of the way.
_MORE_YEARS = re.compile("今明两年|今后[两三四五]年|未来[两三四五]年|[用两三四五]年(?:时间|左右|内)")


def of_more_years(target: Statement, around: Place) -> bool:
    """Whether the words before a target's figure set it for more years than the next."""
    at = around.sentence.find("".join(target.text.split()))
    return at > 0 and _MORE_YEARS.search(around.sentence[:at]) is not None


def targets(
    report: Report, around: Surroundings, year: str, again: dict[str, list[Statement]] | None = None
) -> Iterator[Statement]:
    """The targets that `report` sets for `year`, in text order, each once.

    What only says a target again (elsewhere in the plan, or as a rise beside its level) goes into `again`, by the
    target's id.
    """
    set_ = (item for item in report.statements if item.kind == "target")
    due = (item for item in set_ if _due(item, report, year) or _begins(item, around, year))
    found = (item for item in due if is_target(item, report, around.of(item)))
    yield from _once(found, report, around, {} if again is None else again)


def _due(item: Statement, report: Report, year: str) -> bool:
    """Whether a target falls due in the year: at its end, by a month of it (6月底前), or in a part of it (上半年).

    What is set for this year and the next one (今明两年) is asked after in both.
    """
    if item.period is not None:
        years = f"{year}/{int(year) + 1}" if year.isdigit() else year  # year: also a span of years (2021/2025)
        return item.period in (year, years) or inside(item.period, year)
    sentences = report.frame.sentences
    if not 0 <= item.sentence < len(sentences):
        return False
    block = report.frame.blocks[sentences[item.sentence].block]
    return block.part == "plan" and block.mode == "year" and block.period == year


def _begins(item: Statement, around: Surroundings, year: str) -> bool:
    """Whether a target is for `year` and some more (今明两年), so that what the year brings bears on it."""
    return (item.period or "").startswith(f"{year}/") and of_more_years(item, around.of(item))


def _once(
    found: Iterable[Statement], report: Report, around: Surroundings, again: dict[str, list[Statement]]
) -> Iterator[Statement]:
    """Targets without those said before: in a body that the page holds twice, or of the same thing, as high."""
    bodies = set()
    named: dict[tuple[object, ...], Statement] = {}
    last: Statement | None = None
    for target in found:
        body = (around.of(target).sentence, target.indicator, target.text, target.value)
        if body in bodies:
            continue
        bodies.add(body)
        key = _key(target)
        first = named.get(key) if key is not None else None
        if first is None and last is not None and _restates(target, last, report):
            first = last
        if first is not None:
            again.setdefault(first.id, []).append(target)
            continue
        if key is not None:
            named[key] = target
        last = target
        yield target


_BESIDE_LEVEL = re.compile("(?:比|较)(?:上年|去年|上一年)(?:预算|执行)?(?:增加|减少|提高|降低|扩大|多|少)(?:安排)?了?$")


def _restates(target: Statement, last: Statement, report: Report) -> bool:
    """Whether a rise only says the level before it another way: 支出650亿元，比上年增加50亿元."""
    return (
        target.measure == "change"
        and last.measure == "level"
        and (target.sentence, target.indicator, target.unit) == (last.sentence, last.indicator, last.unit)
        and _BESIDE_LEVEL.search(_beside(target, report)[0]) is not None
    )


# 把增长预期目标定在7.5%左右 is of the product, as 生产总值增长7.5%左右 is.
_GROWTH_ALONE = re.compile(
    "^(?:经济)?(?:增长|增速|发展)?(?:速度)?(?:的)?(?:主要)?(?:预期)?(?:目标|速度|增速)?(?:定|确定|设定)?(?:在|为)?$"
)


def _key(target: Statement) -> tuple[object, ...] | None:
    """What is alike in two places that name one target: the thing, its measure and the number, not the word beside."""
    name = target.indicator or ""
    known = identify(name, target.unit, target.measure)
    if known is None and target.unit == "%" and name and _GROWTH_ALONE.match(clean(name)):
        return (_key_of_product(), "growth", target.value, target.value_max, target.unit, target.period, target.place)
    if known is None:
        return None
    return (known.key, target.measure, target.value, target.value_max, target.unit, target.period, target.place)


def _key_of_product() -> str:
    known = identify("地区生产总值", "%", "growth")
    return "" if known is None else known.key


def named_things(target: Statement, around: Place) -> tuple[str, ...]:
    """The things that a count adds up: 北湖、南岭 of 建成北湖、南岭两个公园; none where a list is open (等)."""
    if target.measure != "level" or not 2 <= target.value <= 6 or target.scale:
        return ()
    at = around.clause.find("".join(target.text.split()))
    if at < 0:
        return ()
    names = [name for name in around.clause[:at].split("、") if name]
    if len(names) == target.value - 1:
        # 祥和路 is one name: a joining word is only looked for where a name is missing.
        names = [*names[:-1], *re.split("[和及与]", names[-1], maxsplit=1)]
    if len(names) != target.value or any(not 2 <= len(name) <= 12 for name in names) or names[-1].endswith("等"):
        return ()
    return (_WITHOUT_VERB.sub("", names[0]) or names[0], *names[1:])


_WITHOUT_VERB = re.compile("^.*?(?:打通|建成|完成|新建|改造|实施|推进|建设|打造|启动|开工|做好|加快)")


UNSURE = 0.5
"""Under this confidence a figure is as likely as not read wrong, or no target at all: people must look."""


def unsure(target: Statement) -> bool:
    """Whether the reader itself doubts that this is a target, or what it is of."""
    return target.confidence < UNSURE
