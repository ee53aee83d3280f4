"""What the clauses before a number's own are about: the subject, the object or the topic that it may take over.

One `Before` serves a document; it looks at the text only, and keeps nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from taizhang.extract import indicator as ind
from taizhang.extract.indicator import NOTHING, Term
from taizhang.extract.scene import SEPARATOR, Scene

_DIGIT = re.compile(r"[0-9]|[一二三四五六七八九十百千万亿]{2,}")
_STANDS = re.compile(
    r"(?:(?:将|也|已|都)?(?:有了?(?=很大|较大|显著|明显|一定|新)|得到|获得|取得)(?:很大|较大|显著|明显|一定|新)?的?)?(?:连续[0-9一二三四五六七八九十]{1,2}年|继续|持续|稳步|大幅度|大幅|快速|较快|不断|显著|明显|平稳|保持|进一步|再次|首次|稳定|逐年|逐步)?(?:增长|增加(?!值)|提高|提升|上升|下降|扩大|改善|加快|发展|增强|优化|回升|减少|降低|前所未有|创新高|再创新高"
    r"|(?:屡|双双|均)?(?:再)?创(?:下|出)?历?史?(?:新高|最高|最好)|(?:再|迈|跃|跨)上新台阶|稳中有[升进增]|企稳|喜获丰收|再获丰收|再夺丰收)"
)
_VERBAL = re.compile(r"的|了|是|和|，|提高|增长|下降|增加|完成|实现|达到|加快|扩大|坚持|推进|促进|保持|突破|持续")
_BASIS = re.compile(r"(?:如?按照?|以|扣除|剔除|考虑)[^，]{0,20}(?:计算|计|口径|价格|价|因素|影响)后?")
"""A clause that only says how a figure is reckoned, and is no subject (总产值，按可比价格计算，达到…)."""
_NAMES_A_RATE = ("率", "比重", "比例")
"""Ends of a clause that is a name from its first word to its last, however long (…的人口地区覆盖率，由65%提高到…)."""
_TELLS = re.compile(
    r"(?:进展|加强|突破|成效|推进|加快|完善|提升|改善|开展|新高|启动|实施|顺利|有效|成果|丰收|向好|台阶|大关|“?[二三四五六七八九十]{1,3}连增”?)$"
)
"""Ends of a clause that says how its subject stands, so that only the subject is taken over."""
_GIVEN = re.compile(r"在[^，]{2,20}(?:前提下|情况下|基础上|条件下|同时)")
_DATE = re.compile(r"(?:[12][0-9]{3}年|[0-9]{1,2}月(?:份|底)?)")
_YEARS_RUNNING = re.compile(r"连续[0-9一二三四五六七八九十]{1,2}年")
_SINCE_THEN = re.compile(r"在(?:上年|去年|过去|前|连续)|(?:从|自)[0-9]")
_CLAUSES = 12
"""How many clauses back a topic may stand."""
NEAR = 120
"""How far back the clause before a number's own may begin; what is longer is no subject and no list of names."""


_FIGURE_LOST = re.compile("(?<=..)(?<![0-9一二三四五六七八九十百千几数])(?:[0-9]+[.])?[万亿](?:美?元|吨|人次?|户)$")
"""A unit whose number is gone (实现利税⎵亿元，比上年增长5%)."""


class Before:
    """Finds in earlier clauses of a sentence what a number without a name of its own is of."""

    def __init__(self, text: str, place: str | None) -> None:
        self.text = text
        self.place = place

    def new_subject(self, scene: Scene) -> Term:
        """The subject of the clause right before this one, where that clause holds no number and says how its subject
        stands (原油产量继续增长，达到…; 融资规模前所未有，到位资金…)."""
        text, first = self.text, scene.sentence.start
        end = scene.room.clause - 1
        if end <= first or text[end] not in "，：":
            return NOTHING
        near = max(first, end - NEAR)
        start = max(near, max(text.rfind(mark, near, end) for mark in "，；。：") + 1)
        clause = text[start:end]
        if (
            scene.room.same
            or not 4 <= len(clause) <= 30
            or _DIGIT.search(_DATE.sub("", _YEARS_RUNNING.sub("", clause)))
        ):
            return NOTHING
        if _BASIS.fullmatch(clause):
            return NOTHING
        skip = ind.strip_head(clause, self.place)
        if ind.measured_noun(clause) and len(clause) - skip >= 4 and not _VERBAL.search(clause, skip):
            return ind.term(text, start + skip, end)
        match = _STANDS.search(clause, skip + 2)
        if not match or match.start() - skip > 20 or ind.doing_verb(clause[skip:]):
            return NOTHING
        subject = clause[skip : match.start()]
        since = _SINCE_THEN.search(subject)
        return ind.term(text, start + skip, start + skip + (since.start() if since else len(subject)))

    def object_before(self, scene: Scene) -> Term:
        """The object of the clause right before, where it has no number (整治甲、乙等企业，取缔35家)."""
        text, first, end = self.text, scene.sentence.start, scene.room.clause - 1
        if scene.room.same or end <= first or text[end] != "，":
            return NOTHING
        near = max(first, end - NEAR)
        start = max(near, max(text.rfind(mark, near, end) for mark in "，；。：") + 1)
        clause = text[start:end]
        skip = ind.strip_head(clause, self.place)
        verb = ind.doing_verb(clause[skip:])
        cut = ind.after_list(clause)
        if not verb or _DIGIT.search(clause) or not skip + verb < cut < len(clause) - 1:
            return NOTHING
        return ind.term(text, start + cut, end)

    def stock_before(self, scene: Scene) -> Term:
        """A measured thing that an earlier clause of the sentence names (储蓄存款，一月到九月增加了5亿元)."""
        if scene.position or scene.room.clause <= scene.sentence.start:
            return NOTHING
        topic = self.topic(scene)
        return topic if ind.measured_noun(topic.text) or ind.is_stock(topic.text) else NOTHING

    def topic(self, scene: Scene, tail: bool = False, longest: int = 24) -> Term:
        """What the clauses before this one are about, from the last one that names something.

        With `tail` the thing that a clause ends with (建设各类平台，力争新增10个), else its subject or its object.
        """
        text, first = self.text, max(scene.sentence.start, scene.room.clause - 300)
        if scene.room.clause <= first:
            return NOTHING
        before = text[first : scene.room.clause - 1]
        nearest = max(0, scene.position - len(before) // 2)  # a number and its mark take two characters at least
        numbers = [one.start for one in scene.quantities[nearest : scene.position]]
        stops = [match.start() for match in SEPARATOR.finditer(ind.blank(before))][-_CLAUSES:]
        for left, right in zip(
            [*[stop + 1 for stop in reversed(stops)], 0][:_CLAUSES],
            [len(before), *reversed(stops)][:_CLAUSES],
            strict=True,
        ):
            clause = before[left:right]
            if _BASIS.fullmatch(clause) or _GIVEN.fullmatch(clause):
                continue
            told = bisect_left(numbers, first + left)
            if told < len(numbers) and numbers[told] < first + right:
                # what the clause says before its own number (财政收入增长8%，分别达到…)
                clause = clause[: numbers[told] - first - left]
                moved = ind.find_change(clause)
                clause = clause[: ind.strip_tail(clause[: moved.end] if moved else clause)]
            elif lost := _FIGURE_LOST.search(clause):
                clause = clause[: lost.start()]
            skip = ind.strip_head(clause, self.place)
            verb = ind.doing_verb(clause[skip:])
            start, end = skip + verb, len(clause)
            if tail:
                cut = ind.after_list(clause)
                start = cut if 0 < cut < end else start
                if not verb and not cut and _TELLS.search(clause):
                    end = start + ind.subject_of_clause(clause[start:])
                done = clause.find("进行", start + 2)
                end = done if done > 0 else end
                shortest = 1
            else:
                shortest = 2
                if not verb:
                    end = start + ind.subject_of_clause(clause[start:])
                elif start + 2 > end:
                    start, end = skip, skip + ind.subject_of_clause(clause[skip:])
                cut = ind.after_list(clause[start:end])
                start += cut if 0 < cut < end - start else 0
            most = max(longest, 45) if clause.endswith(_NAMES_A_RATE) else longest
            if shortest <= end - start <= most:
                return ind.term(text, first + left + start, first + left + end)
        return NOTHING
