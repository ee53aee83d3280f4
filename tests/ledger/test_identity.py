"""One indicator under many wordings: what is the same, what only looks alike, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang import lexicon
from taizhang.errors import LexiconError
from taizhang.ledger.identity import aspects, fits, identify, likeness
from taizhang.lexicon import indicators as words
from taizhang.lexicon.entries import parse_entries

ENTRIES = words.indicators()


@pytest.mark.parametrize("name", list(ENTRIES))
def test_an_indicator_is_found_by_its_wordings_and_not_by_its_near_misses(name: str) -> None:
    entry = ENTRIES[name]
    assert entry.examples and entry.rejects
    for wording in (name, *entry.variants, *entry.scoped):
        found = identify(wording, "", "level")
        assert found is not None and found.concept == name, (wording, found)
    for wording, scope in entry.scoped.items():
        found = identify(wording, "", "level")
        assert found is not None and set(found.scope) == set(scope), wording
    for wording, given_scope in entry.examples.items():
        found = identify(wording, "", "level")
        assert found is not None and (found.concept, " ".join(found.scope)) == (name, given_scope), (wording, found)
    for wording in entry.rejects:
        found = identify(wording, "", "level")
        assert found is None or found.concept != name, (wording, found)


def test_no_wording_stands_under_two_indicators() -> None:
    seen: dict[str, str] = {}
    for name, entry in ENTRIES.items():
        for wording in (name, *entry.variants, *entry.scoped):
            assert wording not in seen, f"{wording}: {seen.get(wording)} and {name}"
            seen[wording] = name


def test_entries_stand_in_order() -> None:
    text = (Path(lexicon.__file__).parent / "data/indicators.toml").read_text(encoding="utf-8")
    for table in ("scope", "work", "indicator"):
        names = re.findall(rf'^\[{table}\."([^\n]+)"\]$', text, re.M)
        names = [name.replace('\\"', '"') for name in names]
        assert names and names == sorted(names), table


def test_no_scope_word_stands_twice() -> None:
    seen: dict[str, str] = {}
    for name, scope in words.scopes().items():
        for word in scope.words:
            assert word not in seen, f"{word}: {seen.get(word)} and {name}"
            seen[word] = name


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(LexiconError, match=r"indicators\.toml.*variant"):
        parse_entries(
            "indicators.toml",
            {"indicator": {"粮食产量": {"dimension": [], "examples": {}, "rejects": [], "variant": []}}},
            "indicator",
            words.Indicator,
        )


APART = [
    ("工业增加值", "规模以上工业增加值", ("size",)),
    ("居民人均可支配收入", "城镇居民人均可支配收入", ("residence",)),
    ("城镇居民收入", "农村居民收入", ("residence",)),
    ("生产总值", "市区生产总值", ("area",)),
    ("新增高新技术企业", "高新技术企业总数", ("flow",)),
    ("规上工业企业净增", "新增规上工业企业", ("flow",)),
    ("农村居民人均可支配收入", "农村居民人均可支配收入实际", ("price",)),
    ("一般公共预算收入", "一般公共预算收入（扣除留抵退税因素）", ("basis",)),
    ("省级农业龙头企业", "市级农业龙头企业", ("rank",)),
]


@pytest.mark.parametrize(("one", "other", "axes"), APART)
def test_scopes_keep_figures_of_one_concept_apart(one: str, other: str, axes: tuple[str, ...]) -> None:
    here, there = identify(one, "", "growth"), identify(other, "", "growth")
    assert here is not None and there is not None
    assert here.concept == there.concept and here.key != there.key
    assert here.differing(there) == axes == there.differing(here)


SAME = [
    ("GDP", "地区生产总值"), ("全市生产总值", "国内生产总值"), ("规上工业增加值", "规模以上工业增加值"),
    ("城镇居民收入", "城镇居民人均可支配收入"), ("城镇实现新增就业", "新增城镇就业"), ("粮食总产", "粮食产量"),
    ("建设公租房", "公租房"), ("老旧小区改造", "改造老旧小区"), ("农业龙头企业〔3〕", "农业龙头企业"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_many_wordings_have_one_key(one: str, other: str) -> None:
    here, there = identify(one, "", "growth"), identify(other, "", "growth")
    assert here is not None and there is not None and here.key == there.key


def test_a_unit_of_another_dimension_is_another_thing() -> None:
    assert identify("粮食产量", "吨", "level") is not None
    assert identify("粮食产量", "元", "level") is None
    assert identify("粮食产量", "%", "growth") is not None
    assert fits("household", ("count",)) and not fits("money", ("count",))


def test_a_direction_is_known_where_there_is_one() -> None:
    for name, direction in (("森林覆盖率", "more"), ("城镇登记失业率", "less"), ("户籍人口", None)):
        found = identify(name, "", "level")
        assert found is not None and found.direction == direction


ALIKE = [("新建温室", "建成温室"), ("主干道路完工", "新建主干道路"), ("改造背街小路", "背街小路改造工程")]
UNLIKE = [
    ("创建省级智慧农业园", "创建市级智慧农业园", "rank"),
    ("“澄江”计划企业", "“北山”计划企业", "name"),
    ("蔬菜仓储能力", "蔬菜仓储投资", "facet"),
    ("开工建设文化馆", "改造文化馆", "work"),
    ("新增梨园", "梨园总数", "flow"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_long_tail_is_alike_by_its_core(one: str, other: str) -> None:
    assert likeness(one, other).same and likeness(other, one).same


@pytest.mark.parametrize(("one", "other", "aspect"), UNLIKE)
def test_one_aspect_that_differs_is_named_and_enough(one: str, other: str, aspect: str) -> None:
    found = likeness(one, other)
    assert not found.same
    assert any(each.startswith(f"{aspect}:") for each in found.differ), found


def test_what_only_one_has_is_told() -> None:
    found = likeness("新建蔬菜大棚", "建成大棚")
    assert (found.left, found.right, found.same) == ("蔬菜", "", False)
    assert likeness("智慧农业示范区", "示范").score < 0.55


_TEXT = st.text(alphabet="新建改造省市级学校农业园区项目“”、和的总数增加值5G率", max_size=14)


@given(_TEXT, _TEXT)
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    here, there = likeness(one, other), likeness(other, one)
    assert 0 <= here.score <= 1
    assert here.score == there.score and (here.left, here.right) == (there.right, there.left)
    if aspects(one) == aspects(other):
        assert here.score == 1 and not here.differ


@given(_TEXT)
def test_identity_never_invents_a_scope(text: str) -> None:
    found = identify(text, "", "level")
    if found is not None:
        assert set(found.scope) <= set(words.scopes())
        assert found.concept in ENTRIES
