"""Entering, what people change, and what counts then: on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from invented import LATER, NEW, OLD, TEXT, enter, key, reading, said
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from taizhang.errors import ConflictError, LedgerError
from taizhang.ledger import Ledger, State
from taizhang.model import Report


@pytest.fixture
def report() -> Report:
    return reading(TEXT)


def test_a_report_comes_out_as_it_went_in(ledger: Ledger, examples: dict[str, Report]) -> None:
    for item in examples.values():
        assert ledger.enter(item, who="闻").outcome == "entered"
    for item in examples.values():
        assert ledger.report(item.document.id) == item
        assert ledger.text(item.document.id) == item.document.text
        assert ledger.commitments(item.document.id) == item.commitments
    whole = ledger.statements(evidence=True)
    assert [state.statement for state in whole.items] == [s for item in examples.values() for s in item.statements]
    assert whole.total == sum(len(item.statements) for item in examples.values())
    assert ledger.info().statements == whole.total


def test_the_same_file_is_recognised(ledger: Ledger, report: Report) -> None:
    first = ledger.enter(report, who="闻", reader=OLD)
    renamed = msgspec.structs.replace(
        report, document=msgspec.structs.replace(
            report.document, source=msgspec.structs.replace(report.document.source, name="另名.txt")
        )
    )  # fmt: skip
    again = ledger.enter(renamed, who="范", reader=OLD)
    assert (first.outcome, again.outcome, again.event) == ("entered", "known", first.event)
    assert ledger.holds(report.document.source.sha256, OLD)
    assert not ledger.holds(report.document.source.sha256, NEW)
    assert ledger.enter(report, who="闻", reader=NEW).outcome == "confirmed"
    assert ledger.enter(report, who="闻", reader=NEW).outcome == "known"
    assert ledger.holds(report.document.source.sha256, NEW)
    assert len(ledger.reports()) == 1 and ledger.info().readings == 1


def test_the_same_report_from_another_file_is_pointed_out(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    other = ledger.enter(reading(TEXT + "\n", "网页.txt", "2"), who="闻")
    assert [head.name for head in other.twins] == ["砚川.txt"]
    assert ledger.enter(reading(LATER, "明年.txt", "3"), who="闻").twins == ()


def test_a_correction_counts_and_can_be_undone_and_done_again(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    name = key(report, "3.2亿斤")
    done = ledger.correct(name, {"value": "321000000", "indicator": "夏粮总产量"}, who="闻", why="原文如此")
    state = ledger.statement(name)
    assert state is not None and state.read == said(report, "3.2亿斤")
    assert (state.statement.value, state.statement.indicator) == (Decimal(321000000), "夏粮总产量")
    assert (state.statement.decimals, state.statement.scale) == (2, 8), "3.21亿 is known to a million"
    assert state.corrected == ("indicator", "value") and state.events == (done.id,)
    assert state.statement in ledger.report(report.document.id).statements
    assert ledger.report(report.document.id, corrected=False) == report
    undone = ledger.undo(done.id, who="范", why="看错了")
    assert ledger.report(report.document.id) == report
    ledger.undo(undone.id, who="闻", why="没有看错")
    assert ledger.statement(name) == state
    with pytest.raises(LedgerError, match="already"):
        ledger.undo(undone.id, who="闻", why="再来")
    assert [(item.event.kind, item.counts) for item in ledger.history(name)] == [
        ("entered", True), ("corrected", True), ("undone", False), ("undone", True),
    ]  # fmt: skip
    assert ledger.history(name)[1].fields["value"] == (Decimal("3.2E+8"), Decimal(321000000))


def test_the_ledger_answers_as_it_stood(ledger: Ledger, report: Report) -> None:
    before = datetime.now(UTC)
    enter(ledger, report)
    entered = datetime.now(UTC)
    name = key(report, "5.1%")
    done = ledger.correct(name, {"value": "5.2"}, who="闻", why="更正")
    ledger.reject(key(report, "4座"), who="闻", why="不是指标")
    assert ledger.reports(as_of=before) == () and len(ledger.reports(as_of=entered)) == 1
    assert ledger.report(report.document.id, as_of=entered) == report
    then = ledger.statement(name, as_of=done.id)
    assert then is not None and then.statement.value == Decimal("5.2")
    assert ledger.statements(as_of=entered).total == ledger.statements().total + 1
    with pytest.raises(LedgerError, match="time zone"):
        ledger.reports(as_of=datetime(2026, 1, 1))


def test_as_published_each_report_keeps_its_own_figure(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    enter(ledger, reading(LATER, "明年.txt", "2"))
    found = ledger.statements(place="砚川", year=2025, indicator="生产总值").items
    years = {head.report: head.year_planned for head in ledger.reports()}
    assert [(years[s.report], s.statement.kind, s.statement.text) for s in found] == [
        ("2025", "target", "5.5%左右"), ("2026", "actual", "91.3亿元"), ("2026", "actual", "5.3%"),
    ]  # fmt: skip


def test_reject_split_merge_add(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    document = report.document
    text = document.text
    ledger.reject(key(report, "4座"), who="闻", why="桥梁不计")
    parts = [{"indicator": "新建县道"}, {"indicator": "新建乡道", "value": "12"}]
    split = ledger.split(key(report, "36公里"), parts, who="闻", why="两类道路")
    both = [key(report, "86.4亿元"), key(report, "5.1%")]
    merged = ledger.merge(both, {"indicator": "生产总值（现价）"}, who="闻", why="同一数字")
    at = text.index("第九届")
    values = {"kind": "context", "measure": "level", "value": "9", "unit": "届", "indicator": "届次"}
    added = ledger.add(document.id, at, at + 3, values, who="闻", why="要用")
    now = {state.key: state for state in ledger.statements().items}
    names = [f"{document.id}-p{split.id}-1", f"{document.id}-p{split.id}-2", f"{document.id}-p{merged.id}-1"]
    assert [now[name].statement.indicator for name in names] == ["新建县道", "新建乡道", "生产总值（现价）"]
    new = now[f"{document.id}-p{added.id}-1"].statement
    assert (new.text, new.place, new.comparator) == ("第九届", "砚川县", "eq")
    for words, standing in (("4座", "rejected"), ("36公里", "split"), ("5.1%", "merged")):
        state = ledger.statement(key(report, words))
        assert state is not None and state.standing == standing and state.key not in now
    assert len(now) == len(report.statements) - 4 + 4
    ledger.correct(names[0], {"value": "24"}, who="闻", why="分开")
    state = ledger.statement(names[0])
    assert state is not None and state.statement.value == 24
    ledger.undo(split.id, who="闻", why="不拆了")
    assert [item.trouble for item in ledger.unplaced()] == ["statement-gone"]
    gone = ledger.statement(names[1])
    assert gone is not None and gone.standing == "gone" and gone.into == (key(report, "36公里"),)


def test_filters_and_pages_see_what_people_say(ledger: Ledger, report: Report, examples: dict[str, Report]) -> None:
    for item in (report, *examples.values()):
        enter(ledger, item)
    name = key(report, "8个")
    ledger.correct(
        name,
        {"indicator": "城市更新", "place": "砚川县城关镇", "period": "2026", "kind": "actual"},
        who="闻",
        why="更正",
    )
    ledger.reject(key(report, "120个"), who="闻", why="试")
    assert [s.key for s in ledger.statements(indicator="城市更新").items] == [name]
    assert [s.key for s in ledger.statements(place="砚川县城", year=2026, kind="actual").items] == [name]
    assert ledger.statements(report=report.document.id, indicator="老旧小区").total == 0
    state = ledger.search("城市更新", where="statements").items[0].state
    assert state is not None and state.key == name and state.corrected == ("indicator", "kind", "period", "place")
    assert ledger.statements(indicator="城市更新", evidence=True).items == (ledger.statement(name),)
    assert ledger.statements(indicator="城市更新").items == (state,)
    assert ledger.search("充电桩", where="statements", place="砚川").total == 0
    for wanted in ({}, {"indicator": "增"}, {"year": 2025, "kind": "target"}, {"measure": "growth", "unit": "%"}):
        whole = ledger.statements(**wanted)
        assert whole.total == len(whole.items) > 0
        found: list[State] = []
        after = None
        while True:
            page = ledger.statements(**wanted, limit=7, after=after)
            assert page.total == whole.total
            found += page.items
            if page.next is None:
                break
            after = page.next
        assert tuple(found) == whole.items


def test_links_and_verdicts(ledger: Ledger, report: Report) -> None:
    later = reading(LATER, "明年.txt", "2")
    enter(ledger, report)
    enter(ledger, later)
    target, actual, wrong = key(report, "5%以上"), key(later, "4.2%"), key(later, "5.3%")
    linked = ledger.link(target, [actual, wrong], verdict="missed", who="闻", why="对得上")
    ledger.unlink(target, [wrong], who="范", why="那是生产总值")
    (decision,) = ledger.decisions()
    assert (decision.target, decision.actuals, decision.refused) == (target, (actual,), (wrong,))
    assert decision.verdict == "missed"
    enter(ledger, reading("按：\n" + TEXT), NEW)
    assert ledger.decisions() == (decision,), "a re-read that only moves the words changes nothing"
    ledger.undo(linked.id, who="闻", why="重来")
    assert [(item.actuals, item.refused, item.verdict) for item in ledger.decisions()] == [((), (wrong,), None)]
    ledger.link(key(report, "120个"), verdict="unreported", who="闻", why="没有提到")
    assert ledger.decisions()[-1].verdict == "unreported"
    ledger.retract(report.document.id, who="闻", why="不是正式稿")
    assert ledger.decisions() == ()


def test_two_people_on_one_statement(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    name = key(report, "5.1%")
    seen = ledger.version(name)
    other = ledger.version(key(report, "36公里"))
    theirs = ledger.correct(name, {"value": "5.2"}, who="范", why="更正", seen=seen)
    with pytest.raises(ConflictError, match="范") as conflict:
        ledger.correct(name, {"value": "5.3"}, who="闻", why="更正", seen=seen)
    assert conflict.value.event == theirs.id == ledger.version(name)
    undone = ledger.undo(theirs.id, who="范", why="不对")
    assert ledger.version(name) == undone.id and ledger.version(key(report, "36公里")) == other


def test_a_retracted_report_stays_out_until_that_is_undone(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    out = ledger.retract(report.document.id, who="闻", why="草稿")
    assert ledger.reports() == () and ledger.statements().total == 0 and ledger.search("粮食").total == 0
    again = ledger.enter(report, who="闻", reader=OLD)
    assert (again.outcome, again.event) == ("withdrawn", out.id)
    assert ledger.enter(reading(TEXT.replace("5.1", "5.2")), who="闻", reader=NEW).outcome == "withdrawn"
    ledger.undo(out.id, who="闻", why="是正式稿")
    assert len(ledger.reports()) == 1


def test_a_reread_can_be_taken_back(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    worse = reading(TEXT.replace("36公里", "86公里"))
    entry = ledger.enter(worse, who="闻", reader=NEW)
    assert entry.outcome == "reread"
    ledger.undo(entry.event, who="闻", why="读错了")
    assert ledger.report(report.document.id) == report
    assert ledger.enter(worse, who="闻", reader=NEW).outcome == "withdrawn", "a person's word stands"


def test_nothing_in_the_store_can_be_changed_or_removed(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    for table in ("about", "event", "document", "source", "reading", "statement", "commitment", "sentence"):
        column = {"about": "value", "source": "sha256", "document": "id"}.get(
            table, "id" if table in ("event", "reading") else "row"
        )
        for deed in (f"DELETE FROM {table}", f'UPDATE {table} SET "{column}" = "{column}"'):
            with pytest.raises(DBAPIError, match="only adds"), ledger._store.engine.begin() as connection:
                connection.execute(sql(deed))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"value": "许多"}, "number"), ({"value": "NaN"}, "number"), ({"value": None}, "empty"),
        ({"kind": "goal"}, "only"),
        ({"colour": "red"}, "no field"), ({"period": "去年"}, "period"), ({"indicator": " "}, "empty"),
        ({}, "not said"),
        ({"value_max": "1"}, "below"), ({"start": 5, "end": 5}, "no place"),
        ({"start": 0, "end": 10**6}, "no place"),
        ({"indicator": "生产总值"}, "nothing"), ({"decimals": -1}, "whole number"),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(
    report: Report, tmp_path: object, values: dict[str, object], word: str
) -> None:
    with Ledger.open(f"{tmp_path}/book.db", create=True) as ledger:
        enter(ledger, report)
        with pytest.raises(LedgerError, match=word):
            ledger.correct(key(report, "86.4亿元"), values, who="闻", why="试")
        assert len(ledger.events()) == 1


def test_who_and_why_are_asked_for(ledger: Ledger, report: Report) -> None:
    with pytest.raises(LedgerError, match="who"):
        ledger.enter(report, who=" ")
    enter(ledger, report)
    with pytest.raises(LedgerError, match="why"):
        ledger.correct(key(report, "5.1%"), {"value": "5"}, who="闻", why=" ")
    with pytest.raises(LedgerError, match="who"):
        ledger.correct(key(report, "5.1%"), {"value": "5"}, who="", why="试")
    with pytest.raises(LedgerError, match="no statement"):
        ledger.correct(f"{report.document.id}-000000000000", {"value": "5"}, who="闻", why="试")
    with pytest.raises(LedgerError, match="no report"):
        ledger.correct("f" * 16 + "-000000000000", {"value": "5"}, who="闻", why="试")
    ledger.reject(key(report, "5.1%"), who="闻", why="试")
    with pytest.raises(LedgerError, match="does not count"):
        ledger.correct(key(report, "5.1%"), {"value": "5"}, who="闻", why="试")
    assert ledger.info().events == 2


def test_the_export_holds_everything(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    better = reading(TEXT.replace("36公里", "38公里"))
    enter(ledger, better, NEW)
    with pytest.raises(LedgerError, match=f"gone.*{key(better, '4座')}"):
        ledger.reject(key(report, "4座"), who="闻", why="试")
    ledger.reject(key(better, "4座"), who="闻", why="试")
    found = list(ledger.export())
    kinds = [row["type"] for row in found]
    assert kinds[:4] == ["ledger", "event", "source", "reading"]
    assert [row["kind"] for row in found if row["type"] == "event"] == ["entered", "reread", "rejected"]
    assert [row["text"] for row in found if row["type"] == "source"] == [TEXT, TEXT.replace("36公里", "38公里")]
    assert kinds.count("statement") == 2 * len(report.statements)
    assert kinds.count("commitment") == 2 * len(report.commitments)
    msgspec.json.encode(found)


def test_a_statement_is_found_by_part_of_its_name(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    name = key(report, "36公里")
    assert ledger.find(name) == ledger.find(name[17:]) == ledger.find(name[17:25]) == name
    added = ledger.add(
        report.document.id, 0, 3, {"kind": "context", "measure": "level", "value": 1, "unit": "个"}, who="闻", why="试"
    )
    assert ledger.find(f"p{added.id}-1") == ledger.find(f"{report.document.id}-p{added.id}-1")
    assert ledger.find_report("砚川.txt") == ledger.find_report(report.document.id[:6]) == report.document.id
    for words in ("zzzzzz", "1"):
        with pytest.raises(LedgerError):
            ledger.find(words)
    with pytest.raises(LedgerError):
        ledger.find_report("没有.txt")


def test_strange_texts_enter_too(ledger: Ledger) -> None:
    """A word without end, a sentence without end, characters beyond the first plane, signs that a query could mean."""
    odd = (
        TEXT.replace("我们将", "编号" + "Ab9" * 3000 + "，我们将")
        + "新建𬭎路12公里、" * 600
        + "新设\0处3个，"
        + "它说：'粮\\\\食' & \"能耗\" | !<->:* 下降3%。"
    )
    report = reading(odd)
    enter(ledger, report)
    assert "\0" in "".join(item.indicator or "" for item in report.statements)
    assert ledger.report(report.document.id) == report
    assert ledger.search("ab9" * 3000).total == 1
    assert ledger.search("𬭎路").total == 1
    assert ledger.search("𬭎路", where="statements", limit=3).total > 100
    for words in ("'粮", '"能耗"', "能耗*", "a:b & c | !d <-> e", "粮\\\\食", "NOT 能耗", "AND"):
        ledger.search(words)


def test_a_ledger_opened_by_a_relative_path_stays_open_when_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: Report
) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger.open("book.db", create=True) as ledger:
        monkeypatch.chdir("/")
        enter(ledger, report)
        assert len(ledger.reports()) == 1


def test_a_proposal_waits_for_somebody_to_decide(ledger: Ledger, report: Report) -> None:
    enter(ledger, report)
    name = key(report, "36公里")
    version = ledger.version(name)
    first = ledger.propose(name, {"value": "38"}, who="读者", why="见公报")
    second = ledger.propose(name, None, who="读者", why="不是指标")
    assert [(item.fate, item.key) for item in ledger.proposals()] == [("open", name)] * 2
    found = ledger.statement(name)
    assert found is not None and found.statement.value == 36 and ledger.version(name) == version
    made = ledger.accept(first.id, who="闻", why="属实")
    found = ledger.statement(name)
    assert found is not None and found.statement.value == 38
    ledger.decline(second.id, who="闻", why="是指标")
    assert [item.fate for item in ledger.proposals()] == ["declined", "accepted"]
    with pytest.raises(ConflictError, match="dealt with"):
        ledger.accept(second.id, who="程", why="x")
    # An acceptance taken back opens the proposal again.
    ledger.undo(made.id, who="闻", why="看错")
    assert [item.event.id for item in ledger.proposals(fate="open")] == [first.id]
    with pytest.raises(LedgerError, match="changes nothing"):
        ledger.propose(name, {"value": "36"}, who="读者", why="x")


def test_a_ledger_of_the_first_format_is_brought_up(target: str, report: Report) -> None:
    with Ledger.open(target, create=True) as ledger:
        enter(ledger, report)
        before = list(ledger.export())
        postgres = ledger._store.postgres
        triggers = ["about_kept"] if postgres else ["about_kept_update"]
        with ledger._store.engine.begin() as raw:
            raw.execute(sql("DROP TABLE original"))
            raw.execute(sql("DROP INDEX statement_named"))
            for trigger in triggers:
                raw.execute(sql(f"DROP TRIGGER {trigger}" + (" ON about" if postgres else "")))
            raw.execute(sql("UPDATE about SET value = '1' WHERE name = 'schema'"))
            if postgres:
                raw.execute(sql("CREATE TRIGGER about_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON about "
                                "FOR EACH STATEMENT EXECUTE FUNCTION kept()"))  # fmt: skip
            else:
                raw.execute(sql("CREATE TRIGGER about_kept_update BEFORE UPDATE ON about "
                                "BEGIN SELECT RAISE(ABORT, 'a ledger only adds'); END"))  # fmt: skip
    with Ledger.open(target) as ledger:
        assert list(ledger.export()) == before
        assert ledger.info().schema == 2 and ledger.originals() == frozenset()
        with pytest.raises(DBAPIError), ledger._store.engine.begin() as raw:
            raw.execute(sql("UPDATE about SET value = '1' WHERE name = 'schema'"))
