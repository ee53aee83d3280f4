"""Sentence → readings: each number meets the words around it and what earlier text carries over.

Here a sentence is walked from left to right; what is carried (`scene.State`) begins and ends here and only here: a new
state for each sentence, the one before it visible within a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from taizhang.extract import indicator as ind
from taizhang.extract.behind import dimension, is_counted
from taizhang.extract.measure import carries_fall, find_measure
from taizhang.extract.period import Dating, find_period, last_year
from taizhang.extract.scene import Scene, State, rooms_of
from taizhang.extract.subject import Found, Subjects
from taizhang.fold import Folded
from taizhang.model import Block, Frame, Kind, Measure, Quantity, Sentence
from taizhang.structure import is_place

_REACH = 300
"""How far from its number a word may stand that says whether it happened: no clause that a person wrote is longer."""
_BASE = re.compile(
    r"(?:由|从)(?:(?:19|20)[0-9]{2}年?|[一二][〇零一二三四五六七八九]{3}年|“?[一二三四五六七八九十]{1,3}五”?|上年|去年|前年|上届|原来|原定|原|过去|当初"
    r"|[一二三四五六七八九]十年代|年初|最初|起初|目前|现在|期初|[一二三四五六七八九十]年前|改革前|每人每?[年月天日]?|每户|每亩|年人均|月人均|全国|全省|全市|全区|每[年月天日]|人均|户均|平均|不足|不到|仅有?|约|近|的|底|末|时|初|期末|年均|[0-9]{1,2}月)*$"
)
_COMPARED_BASE = re.compile(
    r"(?:比|较)(?:(?:19|20)[0-9]{2}年|[一二][〇零一二三四五六七八九]{3}年|上年|去年|前年|“?[一二三四五六七八九十]{1,3}五”|第[一二三四五六七八]个五年计划)"
    r"(?:同期|期间|时期|期末|底|末|实际|预计)?的$"
)
"""比2020年的100家 before 增长…: what was measured then, and no comparison that only says how fast."""
_MOVES = re.compile(
    r"，?(?:又|则|将|平均|大约|约|还|分别|净|有)?(?:增|提高|上升|下降|减|降|翻|多(?!个)|扩大|缩小|高出|低)"
)
_OF_A_PEOPLE = re.compile(
    r"民(?=[，。、的同团]|群众|奋|共|一[道起])|(?:各族|全国|勤劳)?(?:人民群众|人民(?!币|医院|警察|教师|法院|检察)|儿女|同胞|父老)"
)
"""300万人民: the people of a place, spoken to or of."""
_NATION_HAS = re.compile(r"(?:我国|全国|我省|我市|我县)(?:是|有|拥有)[^，。；]{0,4}$|这样一个(?:有|拥有)?$")
_HOLD_TO = re.compile(r"(?:做到|坚持|实现|突出|聚焦|强化|把握|处理好|坚决做到|抓牢|守住)$")
_RATED = frozenset(("mass", "energy", "power"))
_RATED_THING = re.compile(
    r"(?:级)?(?![的，、])[\u4e00-\u9fff“”]{0,12}?(?:项目|生产线|机组|装置|系统|电站|产线|露天矿)(?!产能|产量|储量)"
)
"""40万吨铜冶炼项目: a designed capacity tells which thing is meant, unless that is finished."""
_UNDERTAKES = re.compile(r"实施|关停|关闭|淘汰|取缔|拆除|新建|扩建|建设|建成|改造|完成|研制|投产|并网")
_ADDED = ("新增", "净增", "形成", "达到", "新增产能", "产能", "能力")
_SLOGAN = re.compile(r"“[^”]{2,10}”(?:[，。；：—]|$)")
"""6个“始终坚持”: what is counted are watchwords."""
_WENT = re.compile(
    r"^[\u4e00-\u9fff]{1,6}(?:到|至|为)(?:(?:了|目前|现在|(?:19|20)[0-9]{2}年|去年|今年|年)?(?:底|末)?的?)$"
)
_FACT_IN_PLAN = re.compile(
    r"(?<!今后)(?<!未来)[两二三四五几]年来|近[两二三四五几]年(?!内)|目前|现有|现已|已有|已建成|已形成|已达|截至"
)
_ESTIMATED = re.compile(r"(?:估算|估计|匡算)(?:为|是|达|在)?[^，。；]{0,2}$")
_LEAVE_SCHOOL = re.compile(
    r"(?:高校|大学|应届|普通)[^，。；]{0,4}毕业生(?:人数|规模)?(?:将|预计|超过?|达到?|约|有|为|突破|将达)*$"
)
"""How many will leave school is foreseen, whatever is then done for their work."""
_FORESEEN = re.compile(r"预计|可望|有望|将达|可达|可实现|建成后|投产后|达产后")
_GOAL_BEHIND = re.compile(r"的(?:预期|年度|年初|既定|计划|奋斗|总|规划|约束性)?(?:目标|要求|任务|计划)")
_GOAL_BEFORE = re.compile(
    r"(?:超过|高于|超出|好于|完成|实现|低于|超额完成)(?:了)?(?:年初|年度|原定|预期|既定|全年|省定|市定|国家)?(?:下达|确定|提出|预期)?的?(?:计划|目标|预期目标|任务)(?:的|增长|为)?$"
)
_PLACE_HEAD = re.compile(
    r"(?:(?P<nation>全国|我国)|(?P<area>(?:市城区|市中心城区|中心城区|主城区|市区|新区|老城区|城区|县城)(?!面积|框架|规模|个|化|区|及|和|与|、))"
    r"|(?P<listed>[\u4e00-\u9fff]{2,6}?(?:省|市|县|区|旗|自治州))|(?P<town>[\u4e00-\u9fff]{2,3}?(?:镇|乡|街道|办事处)))"
    r"(?=[\u4e00-\u9fff“])"
)
_NO_TOWN = re.compile(
    r"建制|重点|特色|中心|各|全|返|下|文明|示范|卫生|生态|城镇|城乡|村|新增|一批|我|本|该|省级|国家|美丽|小镇|完善|拨付|[两三四五六七八九十个]"
)
_NATIONAL_NAME = re.compile(
    r"重点|文明|百强|首批|示范|最|优秀|先进|模范|劳动|绿色|生态|双拥|人大|政协|社会保障|率先|[0-9]|领先|前列|平均"
)
_NATIONAL_HONOUR = re.compile(
    r"[^，。；、]{0,14}?(?:模范|标兵|称号|奖章|奖(?!励|学)|百强|十佳|十强|试点|典型|冠军|先进|示范)"
)
_WHEN_BUILT = re.compile(
    r"(?:建成|建成投产|建成投用|投产|达产|挂果|项目完成|全部建成)后(?:[^，。；]{0,12}，)?[^。；]{0,16}?(?:预计|可|将|年)"
)
_PLANNED = re.compile(r"(?:年度|今年|本年)计划(?:投资|完成|完成投资)?$")
_PLANNED_BEFORE = re.compile(
    r"(?<!比)原先?(?:定|计划|安排)(?:(?!增至|增加到|调|后来|[一二三四五六七八九十百千万亿]{2})[^，；。0-9]){0,20}$"
)
_EXPECTED_BEFORE = re.compile(r"原先?(?:预计|估计|预测)(?:(?!实际)[^；。])*$")
"""What was expected before, until it is said what came (原预计可达30亿元，增长4%；实际完成32亿元)."""
_WILL = re.compile(r"计划|将|力争|确保|拟|预期|争取")
_BEGUN = re.compile(r"开工|启动|推进|建设|签约|落户|实施|加快|开展|进展|获批|列入|谋划|规划|落地|引进|储备|设计")
_VOLTS = frozenset(("千伏", "伏", "KV", "kV", "kv", "Kv"))
"""A voltage tells which line or station is meant, unless that is said to be finished."""
_FOUNDED = re.compile(r"组建|设立|发行|建成|完成")


class Reading(NamedTuple):
    """A quantity with its meaning, before it becomes a `Statement`."""

    quantity: Quantity
    found: Found
    measure: Measure
    measure_rule: str
    measure_span: tuple[int, int] | None
    sign: int
    kind: Kind
    kind_rule: str
    dating: Dating
    place: str | None
    place_span: tuple[int, int] | None
    sentence: int


class Reader:
    """Reads the statements of one document; holds what does not change from sentence to sentence."""

    def __init__(self, frame: Frame, folded: Folded) -> None:
        self.frame = frame
        self.text = folded.text
        self.subjects = Subjects(folded.text, frame.place)

    def sentence(
        self, index: int, sentence: Sentence, quantities: Sequence[Quantity], earlier: State | None
    ) -> tuple[list[Reading], State]:
        """The readings of one sentence, and the state that the next one of its paragraph may look back on."""
        flat = ind.blank(self.text[sentence.start : sentence.end])
        rooms = rooms_of(self.text, flat, sentence.start, quantities, sentence.end)
        state = State()
        block = self.frame.blocks[sentence.block]
        readings: list[Reading] = []
        for position in range(len(quantities)):
            scene = Scene(sentence, block, flat, quantities, rooms, position, state, earlier)
            self.subjects.scope(scene)
            readings.append(self._read(index, scene, readings[-1] if readings else None))
        return readings, state

    def _read(self, index: int, scene: Scene, previous: Reading | None) -> Reading:
        quantity, room, state = scene.quantity, scene.room, scene.state
        own = self.text[room.own : quantity.start]
        base = change = None
        if not room.bare:
            base = _BASE.search(own) or (_COMPARED_BASE.search(own) if _MOVES.match(self.text, quantity.end) else None)
            change = None if base else ind.find_change(own)
        if state.based and room.same and not base and not (change and change.to) and _WENT.match(own):
            change = ind.WENT  # 由206项精简到152项: a verb of movement that no list knows
        state.based = base is not None or (room.bare and state.based)
        measured = find_measure(self.text, scene, own, change)
        measure, sign = measured.measure, measured.sign
        if change and not change.to and measure == "level":
            change = None  # 户均增收2万元: the verb is part of what is measured
        place, place_span = self._where(room.own, own)
        skip = place_span[1] - room.own if place_span else 0
        found = (
            self.subjects.listed(state) if room.bare else self.subjects.find(scene, own, change, base, measure, skip)
        )
        found = found._replace(term=ind.without_particle(ind.without_notes(found.term)))
        if measure in ("growth", "change") and state.suffix and found.rule != "listed":
            found = found._replace(term=found.term + state.suffix)
        if sign < 0 and carries_fall(found.term.text):
            sign = 1
        if room.bare and previous:
            # a list member is of the time and the kind of the list
            dating, kind, kind_rule = previous.dating, previous.kind, previous.kind_rule
        else:
            dating = find_period(
                self.text,
                scene,
                self.frame,
                base=base.group() if base else None,
                measure=measure,
                to=bool(change and change.to),
                term=found.term.text,
                behind="behind" in found.rule,
            )
            kind, kind_rule = self._kind(scene, own, measure, dating)
            if base and kind == "target":
                kind, kind_rule = "actual", "base-of-a-target"
        state.measure, state.sign, state.unit = measure, sign, quantity.unit
        moved = (room.own + change.end, quantity.start) if change and measure in ("growth", "change") else None
        return Reading(
            quantity, found, measure, measured.rule, moved, sign, kind, kind_rule, dating, place, place_span, index
        )

    def _kind(self, scene: Scene, own: str, measure: Measure, dating: Dating) -> tuple[Kind, str]:
        """Whether a number happened, is promised, is foreseen or only describes; and the rule. The part decides."""
        text, quantity, block = self.text, scene.quantity, scene.block
        before = text[max(scene.room.clause, quantity.start - _REACH) : quantity.start]
        behind = text[quantity.end : min(scene.sentence.end, quantity.end + _REACH)]
        plan = block.part == "plan"
        if behind.startswith("的") and quantity.unit not in ("%", "‰"):
            name = own[ind.strip_head(own, self.frame.place) : ind.strip_tail(own)]
            size = ind.size_at_end(name) or (not name and not is_counted(quantity.unit))
            if size and not _is_finished(behind) and not _FOUNDED.search(before):
                return "context", "size-that-describes-a-project"
        if quantity.unit == "人" and (
            _OF_A_PEOPLE.match(behind.removeprefix("的"))
            or (_NATION_HAS.search(own) and text.endswith("人口", 0, quantity.end))
        ):
            return "context", "people-of-a-place"
        if quantity.unit == "个" and _SLOGAN.match(behind) and _HOLD_TO.search(own):
            return "context", "number-of-slogans"
        if (
            dimension(quantity.unit) in _RATED
            and quantity.comparator == "eq"
            and _RATED_THING.match(behind)
            and not ind.finished(behind.partition("，")[0].replace("主体完工", ""))
            and not own.endswith(_ADDED)
            and not _UNDERTAKES.search(own)
        ):
            return "context", "capacity-that-names-a-thing"
        if quantity.unit in _VOLTS and (plan or not ind.finished(behind.partition("，")[0])):
            return "context", "voltage-that-names-a-thing"
        if quantity.rule == "big-few" and not plan:
            return "context", "number-of-a-fixed-set"
        if _WHEN_BUILT.search(
            text, max(scene.sentence.start, scene.room.clause - 60, quantity.start - _REACH), quantity.start
        ):
            return "projection", "foreseen"
        if plan:
            reviewed, year = last_year(self.frame.year_reviewed), last_year(dating.period)
            if dating.how != "assumed" and year and reviewed and year <= reviewed:
                return "actual", "past-in-the-plan"
            if _FACT_IN_PLAN.search(before):
                return "actual", "fact-in-the-plan"
            if _ESTIMATED.search(own) or (quantity.unit in ("人", "名") and _LEAVE_SCHOOL.search(own)):
                return "projection", "reckoned"
            return "target", "section"
        if measure != "completion" and _GOAL_BEFORE.search(own):
            return "target", "goal-quoted-in-the-review"
        if _GOAL_BEHIND.match(behind) and (
            quantity.comparator == "over" or re.search(r"达到|超过|接近|提前|确定|提出|增长|实现", before)
        ):
            return "target", "goal-quoted-in-the-review"
        if _PLANNED.search(own):
            return "target", "planned"
        if _PLANNED_BEFORE.search(before):
            return "target", "planned-before"
        if _EXPECTED_BEFORE.search(text, max(scene.sentence.start, quantity.start - _REACH), quantity.start):
            return "projection", "expected-before"
        articles = self.frame.articles
        news = block.article < len(articles) and articles[block.article].kind in ("news", "caption")
        if news and _FORESEEN.search(before):
            return "projection", "foreseen"
        if news and _WILL.search(before):
            return "target", "announced"
        return "actual", "section"

    def _where(self, at: int, own: str) -> tuple[str | None, tuple[int, int] | None]:
        """The place that a number's own words begin with, else the report's."""
        head = ind.strip_head(own)
        if own.startswith(("全国", "我国"), max(0, head - 2)):
            head = max(0, head - 2)
        match = _PLACE_HEAD.match(own, head)
        if match:
            name = match.group(match.lastgroup or 0)
            if match.lastgroup == "area" or (match.lastgroup == "listed" and is_place(name)):
                return name, (at + match.start(), at + match.end())
            nation = match.lastgroup == "nation" and not _NATIONAL_NAME.match(own, match.end())
            if nation and not _NATIONAL_HONOUR.match(own, match.end()):
                return "全国", (at + match.start(), at + match.end())
            if match.lastgroup == "town" and not _NO_TOWN.search(name) and not ind.doing_verb(name):
                return name, (at + match.start(), at + match.end())
        return self.frame.place, None


def _speaks(block: Block) -> bool:
    """Whether a block states things: reviews, plans, foreign affairs and news do, glossaries and closings do not."""
    if block.part == "other":
        return block.rule.endswith("foreign") or block.rule in ("page.news", "page.caption")
    return block.part != "furniture"


def _is_finished(behind: str) -> bool:
    """Whether the thing that a size describes is said to be finished: in its clause, or in the next where that has no
    verb of its own (投资4亿元的训练基地，仅用300天就建成)."""
    first, _, rest = behind.partition("，")
    return ind.finished(first) or (not _BEGUN.search(first) and ind.finished(rest.partition("；")[0][:24]))


def read_sentences(frame: Frame, folded: Folded, quantities: Sequence[Quantity]) -> list[Reading]:
    """Every quantity that stands in a sentence, with its meaning, in text order."""
    reader = Reader(frame, folded)
    readings: list[Reading] = []
    at, total = 0, len(quantities)
    earlier: State | None = None
    paragraph, block = -1, -1
    for index, sentence in enumerate(frame.sentences):
        while at < total and quantities[at].start < sentence.start:
            at += 1
        first = at
        while at < total and quantities[at].end <= sentence.end:
            at += 1
        if sentence.paragraph != paragraph or sentence.block != block:
            earlier, paragraph, block = None, sentence.paragraph, sentence.block
        if first == at:
            continue
        if not _speaks(frame.blocks[sentence.block]):
            continue
        found, state = reader.sentence(index, sentence, quantities[first:at], earlier)
        readings.extend(found)
        earlier = state
    return readings
