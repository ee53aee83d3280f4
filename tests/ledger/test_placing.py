"""Words found again in another text of the same file; and corrections carried over a re-read by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import NEW, TEXT, enter, key, reading, said

from taizhang.errors import LedgerError
from taizhang.ledger import Ledger
from taizhang.ledger.placing import Ground, Spot, anchor, place
from taizhang.model import Report, Span

OLD = "全年新建绿道15公里，栽植行道树3.2万株，城区绿地率达到38.6%。改造供水管网15公里，新增停车位1200个。"


def again(words: str, new: str, old: str = OLD, nth: int = 0) -> tuple[str, str] | str:
    """Where `words` of the old text are found in the new one, and how."""
    at = -1
    for _ in range(nth + 1):
        at = old.index(words, at + 1)
    found = place(anchor("r", "old", old, Span(at, at + len(words))), Ground(new, "new"))
    return (new[found.span.start : found.span.end], found.how) if isinstance(found, Spot) else found


@pytest.mark.parametrize(
    ("words", "nth", "new", "found", "how"),
    [
        ("3.2万株", 0, "按：" + OLD, "3.2万株", "exact"),
        ("15公里", 1, OLD.replace("全年", "去年全年"), "15公里", "exact"),
        ("3.2万株", 0, OLD.replace("，", ","), "3.2万株", "folded"),
        ("3.2万株", 0, OLD.replace("栽植", "栽\n植").replace("株", " 株"), "3.2万 株", "folded"),
        ("38.6%", 0, OLD.replace("38.6%", "３８．６％"), "３８．６％", "folded"),
        ("38.6%", 0, OLD.replace("全年", "本年度全市").replace("改造", "改建"), "38.6%", "folded"),
        ("1200个", 0, "改造供水管綱15公里,新增停车泊位1200个", "1200个", "near"),
        ("3.2万株", 0, OLD.replace("3.2万株", "32万株"), "32万株", "around"),
        ("38.6%", 0, OLD.replace("38.6%", "33.6%"), "33.6%", "around"),
    ],
)
def test_found_again(words: str, nth: int, new: str, found: str, how: str) -> None:
    assert again(words, new, nth=nth) == (found, how)


def test_the_right_one_of_two() -> None:
    new = OLD.replace("全年", "本年")
    spot = place(anchor("r", "old", OLD, Span(OLD.rindex("15"), OLD.rindex("15") + 4)), Ground(new, "new"))
    assert isinstance(spot, Spot) and spot.span.start == new.rindex("15")
    text = "新增停车位15个。" * 3
    third = Span(text.rindex("15个"), text.rindex("15个") + 3)
    spot = place(anchor("r", "old", text, third), Ground("按：" + text, "new"))
    assert isinstance(spot, Spot) and spot.span.start == third.start + 2


@pytest.mark.parametrize(
    ("words", "new", "miss"),
    [
        ("38.6%", "全年接待游客38.6万人次。", "not-found"),
        ("38.6%", "本段已删。", "not-found"),
        ("15公里", "甲路15公里。乙路15公里。", "several"),
        ("3.2万株", "栽植行道树13.2万株。", "not-found"),
        ("3.2万株", "", "not-found"),
    ],
)
def test_not_found_rather_than_found_wrong(words: str, new: str, miss: str) -> None:
    assert again(words, new) == miss


@given(text=st.text("增长了5.2%，甲乙\n 15", min_size=1, max_size=60), data=st.data(), head=st.text("丙丁", max_size=9))
def test_text_put_before_moves_every_span_by_as_much(text: str, data: st.DataObject, head: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = place(anchor("r", "old", text, span), Ground(head + text, "new"))
    assert isinstance(found, Spot) and found.span == Span(span.start + len(head), span.end + len(head))


@given(
    text=st.text("增长了5.2%，甲乙\n 15", max_size=40),
    other=st.text("增长了5.2%，甲乙\n 15", max_size=40),
    data=st.data(),
)
def test_any_two_texts_give_a_span_inside_or_a_reason(text: str, other: str, data: st.DataObject) -> None:
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        found = place(anchor("r", "old", text, Span(start, start + 1)), Ground(other, "new"))
        assert found in ("not-found", "several") or (isinstance(found, Spot) and found.span.end <= len(other))


# Over a re-read


@pytest.fixture
def ledger(tmp_path: object) -> Ledger:
    return Ledger.open(f"{tmp_path}/book.db", create=True)


@pytest.fixture
def report() -> Report:
    return reading(TEXT)


def test_a_correction_survives_a_better_reading(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    name = key(report, "36公里")
    ledger.correct(name, {"indicator": "新改建农村公路"}, who="闻", why="口径不同")
    better = reading(TEXT.replace("新建公路36公里", "新改建公路\n36公里"))
    entry = ledger.enter(better, who="闻", reader=NEW)
    assert entry.outcome == "reread" and entry.unplaced == ()
    moved = ledger.statement(key(better, "36公里"))
    assert moved is not None and moved.statement.indicator == "新改建农村公路" and moved.corrected == ("indicator",)
    old = ledger.statement(name)
    assert old is not None and old.standing == "gone" and old.into == (moved.key,)
    assert [item.event.kind for item in ledger.history(moved.key)] == ["corrected", "reread"]


def test_people_keep_what_the_reader_loses_and_cover_what_it_finds(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    document, text = report.document, report.document.text
    lost, rejected = key(report, "36公里"), key(report, "4座")
    ledger.correct(lost, {"indicator": "新建县道"}, who="闻", why="更正")
    ledger.reject(rejected, who="闻", why="不计")
    poorer = reading(text.replace("新建公路36公里、桥梁4座", "新建公路 36 公 里、桥 梁 四 座"))
    ledger.enter(poorer, who="闻", reader=NEW)
    whole = ledger.statements(report=document.id)
    assert sum(state.statement.indicator == "新建县道" for state in whole.items) == 1
    assert all("桥" not in (state.statement.indicator or "") for state in whole.items)


def test_what_a_person_added_is_not_doubled_when_the_reader_learns_it(ledger: Ledger, report: Report) -> None:
    blind = TEXT.replace("栋", "")
    enter(ledger, reading(blind))
    at = blind.index("36公里")
    known = said(report, "36公里")
    ledger.reject(key(report, "36公里"), who="闻", why="试")
    values = {"kind": "actual", "measure": "level", "value": "36000", "unit": "米", "indicator": "新建公路"}
    added = ledger.add(report.document.id, at, at + 4, values, who="闻", why="以米计")
    ledger.enter(reading(TEXT.replace("桥梁4座", "桥梁5座")), who="闻", reader=NEW)
    here = [state for state in ledger.statements().items if state.statement.text == "36公里"]
    assert [state.key for state in here] == [f"{report.document.id}-p{added.id}-1"]
    assert known.unit == "公里" and here[0].statement.unit == "米"


def test_what_cannot_be_placed_is_listed_and_comes_back(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    done = ledger.correct(key(report, "36公里"), {"value": "35"}, who="闻", why="更正")
    torn = reading(TEXT.replace("新建公路36公里、桥梁4座。", ""))
    entry = ledger.enter(torn, who="闻", reader=NEW)
    (unplaced,) = entry.unplaced
    assert (unplaced.event, unplaced.trouble, unplaced.anchor.quote) == (done, "not-found", "36公里")
    assert ledger.unplaced() == entry.unplaced and ledger.info().unplaced == 1
    ledger.undo(entry.event, who="闻", why="缺字")
    assert ledger.unplaced() == ()
    state = ledger.statement(key(report, "36公里"))
    assert state is not None and state.statement.value == 35


def test_a_reread_is_shown_as_a_difference(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    assert ledger.diff(report.document.id).before is None
    better = (
        TEXT.replace("增长6%", "增长6.2%").replace("、桥梁4座", "").replace("老旧小区8个", "老旧小区8个，新增车位90个")
    )
    ledger.enter(reading(better), who="闻", reader=NEW)
    found = ledger.diff(report.document.id)
    assert [item.text for item in found.added] == ["90个"]
    assert [item.text for item in found.gone] == ["4座"]
    assert [(d.before.text, d.after.text, d.fields) for d in found.changed] == [("6%", "6.2%", ("value", "decimals"))]
    with pytest.raises(LedgerError, match="no report"):
        ledger.diff("f" * 16)
