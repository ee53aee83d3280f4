"""Lists of numbers dealt out to lists of names (肉、蛋、奶产量分别为…): no pairing rather than a wrong one."""

from __future__ import annotations

import re

from taizhang.extract import indicator as ind
from taizhang.extract.before import NEAR, Before
from taizhang.extract.indicator import NOTHING, Term
from taizhang.extract.scene import Scene

_INDUSTRIES = re.compile(r"(?:三次|三大)产业|第?一、?二、?三次?产(?:业)?(?!值)")


class Dealing:
    """Deals the names of one folded text to the numbers of a list."""

    def __init__(self, text: str, place: str | None, before: Before) -> None:
        self.text = text
        self.place = place
        self.before = before

    def deal(self, scene: Scene, at: int, name: str, members: int, separately: bool, moving: bool) -> list[Term] | None:
        """One term for each member of a list of numbers, or None where the names do not fit them."""
        text, state = self.text, scene.state
        if members < 2:
            return None
        if separately and (listed := self._listed_before(scene, name, at, members)):
            return listed
        if name:
            dealt = self._deal_names(scene, at, name, members)
            if dealt:
                return dealt
            if separately and name in ind.ATTRIBUTES and len(state.history) >= members:
                return [one + ind.term(text, at, at + len(name)) for one in state.history[-members:]]
            if name not in ind.ATTRIBUTES:
                return None
        elif separately:
            pool = state.history or (scene.earlier.history if scene.earlier else [])
            if len(pool) >= members:
                return list(pool[-members:])
        elif moving and len(state.history) >= members:
            # 分别为2.9万元、2万元，增长8.5%、9.5%
            return list(state.history[-members:])
        if separately and (topic := self.before.topic(scene, longest=60)):
            start, end, _ = topic.pieces[0]
            dealt = ind.share_names(text, start, text[start:end], members)
            if dealt and name:
                dealt = [one + ind.term(text, at, at + len(name)) for one in dealt]
            return dealt
        return None

    def _listed_before(self, scene: Scene, name: str, at: int, members: int) -> list[Term] | None:
        """The names that the clause right before lists, where it has no number and as many names as there are numbers
        (养老金、低保标准再次提高，分别增加20元、30元)."""
        text, first, end = self.text, scene.sentence.start, scene.room.clause - 1
        if scene.room.same or end <= first or text[end] != "，" or (name and name not in ind.ATTRIBUTES):
            return None
        near = max(first, end - NEAR)
        start = max(near, max(text.rfind(mark, near, end) for mark in "，；。：") + 1)
        if scene.position and start < scene.quantities[scene.position - 1].end:
            return None
        clause = text[start:end]
        skip = ind.strip_head(clause, self.place)
        if skip + 4 > len(clause) or ind.doing_verb(clause[skip:]):
            return None
        last = max(skip, clause.rfind("、") + 1, clause.rfind("和") + 1)
        stop = last + ind.subject_of_clause(clause[last:])
        dealt = ind.share_names(text, start + skip, clause[skip:stop], members)
        return [one + ind.term(text, at, at + len(name)) for one in dealt] if dealt else None

    def _deal_names(self, scene: Scene, at: int, name: str, members: int) -> list[Term] | None:
        first = ind.split_names(name[ind.doing_verb(name) :])[:1]
        subject = NOTHING
        if (
            first
            and not scene.room.same
            and name[ind.doing_verb(name) :][first[0][0] : first[0][1]] in ind.ATTRIBUTES
            and "分别" in self.text[at : scene.quantity.start]
        ):
            subject = ind.bare_subject(self.before.new_subject(scene))
        industries = _INDUSTRIES.search(name) if members == 3 else None
        if industries:
            head, tail = ind.term(self.text, at, at + industries.start()), (at + industries.end(), at + len(name))
            return [
                head + ind.supplied(part, at + industries.start()) + ind.term(self.text, *tail)
                for part in ("第一产业", "第二产业", "第三产业")
            ]
        between = name.find("分别")
        if 1 < between < len(name) - 2:
            # 甲县、乙县分别新建公园3个、2个: what stands behind 分别 is said of each
            dealt = ind.share_names(self.text, at, name[:between], members)
            if dealt:
                tail = (at + between + 2, at + len(name))
                return [subject + one + ind.term(self.text, *tail) for one in dealt]
        verb = ind.doing_verb(name)
        offset = verb if verb < len(name) else 0
        names = name[offset:]
        cut = ind.after_list(names)
        if cut and cut < len(names):
            names, offset = names[cut:], offset + cut
        dealt = ind.share_names(self.text, at + offset, names, members)
        if not dealt:
            return None
        if subject:
            # 民营经济发展加快，增加值和税收占全省的比重分别为…
            return [subject + one for one in dealt]
        if verb and offset == verb:
            dealt = [ind.term(self.text, at, at + verb) + one for one in dealt]
        return [scene.state.scope + one for one in dealt] if scene.state.scope else dealt
