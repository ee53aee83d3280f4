"""One report in every form it is published in: the statements are the same from each, and lead to their places."""

from __future__ import annotations

import random
import runpy
from pathlib import Path
from typing import Any

import pytest

from taizhang import Ledger, extract
from taizhang.checks.outcomes import outcomes
from taizhang.errors import ReadError
from taizhang.model import Commitment, Report, Statement
from taizhang.read import read

EXAMPLES = Path(__file__).parents[2] / "examples"
FORMS = EXAMPLES / "forms"


def _said(statement: Statement) -> tuple[Any, ...]:
    return (
        statement.text, statement.indicator, statement.kind, statement.measure, statement.value,
        statement.value_max, statement.unit, statement.comparator, statement.period, statement.place,
        statement.decimals, statement.scale, statement.confidence,
    )  # fmt: skip


def _undertaken(commitment: Commitment) -> tuple[Any, ...]:
    return (
        "".join(commitment.text.split()), commitment.done, commitment.section, commitment.task, commitment.strength,
        commitment.period, commitment.units, commitment.verifiable, len(commitment.statements),
    )  # fmt: skip


def _sentence(report: Report, statement: Statement) -> str:
    return report.document.slice(report.frame.sentences[statement.sentence].span)


def _report(name: str) -> Report:
    return extract(read(FORMS / name if "." in name else EXAMPLES / f"{name}.txt"))


def test_the_forms_are_those_that_their_script_writes() -> None:
    written = runpy.run_path(str(EXAMPLES / "make_forms.py"))["forms"]()
    assert {name: (FORMS / name).read_bytes() for name in written} == written


@pytest.mark.parametrize("suffix", ["md", "html", "docx"])
def test_the_same_from_each_form_of_the_report(suffix: str) -> None:
    plain, other = _report("lanchuan-2026-plan"), _report(f"lanchuan-2026-plan.{suffix}")
    assert len(plain.statements) > 100
    assert [_said(each) for each in other.statements] == [_said(each) for each in plain.statements]
    # A sentence torn over a gap has other blanks in it in each form, and so another id.
    whole = [at for at, each in enumerate(plain.statements) if "\n" not in _sentence(plain, each)]
    assert len(whole) > 150
    assert [other.statements[at].id for at in whole] == [plain.statements[at].id for at in whole]
    assert [_undertaken(each) for each in other.commitments] == [_undertaken(each) for each in plain.commitments]
    assert other.frame.year_reviewed == "2025" and other.frame.place == "澜川市" and other.frame.kind == "plan"
    assert [(h.number, h.title) for h in other.frame.headings if h.level] == [
        (h.number, h.title) for h in plain.frame.headings if h.level
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "html", "docx"])
def test_the_same_from_each_form_of_the_table(suffix: str) -> None:
    report = _report(f"lanchuan-2026-indicators.{suffix}")
    rows = [
        (s.text.rstrip("%") if s.measure == "completion" else s.text, s.indicator, s.kind, s.measure, s.period)
        for s in report.statements
    ]
    assert rows[:6] == [
        ("1362.8", "生产总值", "actual", "level", "2025"),
        ("5.3", "生产总值", "actual", "growth", "2025"),
        ("5%以上", "生产总值", "target", "growth", "2026"),
        ("162.4", "第一产业增加值", "actual", "level", "2025"),
        ("3.7", "第一产业增加值", "actual", "growth", "2025"),
        ("547.9", "第二产业增加值", "actual", "level", "2025"),
    ]
    assert ("100.2", "一般公共预算收入", "actual", "completion", "2025") in rows
    assert ("3%—4%", "一般公共预算收入", "target", "growth", "2026") in rows
    assert ("105以上", "粮食总产量", "target", "level", "2026") in rows
    assert len(rows) == 25
    assert {s.place for s in report.statements} == {"澜川市"}
    frame = report.frame
    assert (frame.kind, frame.year_reviewed, frame.year_planned) == ("plan", "2025", "2026")


def test_a_target_of_the_prose_is_answered_by_the_table() -> None:
    found = outcomes(_report("lanchuan-2025-plan"), _report("lanchuan-2026-indicators.xlsx"))
    verdicts = {each.target.indicator: each.verdict for each in found}
    assert verdicts["固定资产投资"] == "missed"


@pytest.mark.parametrize("path", sorted(FORMS.iterdir()), ids=lambda path: path.name)
def test_every_passage_has_its_place(path: Path) -> None:
    report = extract(read(path))
    document = report.document
    kinds = {"md": {"line"}, "csv": {"line"}, "html": {"node", "cell"}, "docx": {"paragraph", "cell"}, "xlsx": {"cell"}}
    spans = [s.span for s in report.statements] + [c.span for c in report.commitments]
    for span in spans:
        found = document.locate(span)
        assert found and {location.kind for location in found} <= kinds.get(path.suffix[1:], {"page"})
    assert all(document.slice(s.span) == s.text for s in report.statements)
    assert [piece.start for piece in document.origin] == sorted({piece.start for piece in document.origin})


@pytest.mark.parametrize(
    "name", ["lanchuan-2026-plan.docx", "lanchuan-2026-plan.html", "lanchuan-2026-indicators.xlsx"]
)
def test_a_ledger_keeps_the_places(name: str, tmp_path: Path) -> None:
    report = _report(name)
    with Ledger.open(tmp_path / "a.ledger", create=True) as ledger:
        ledger.enter(report, who="验收")
        kept = ledger.report(ledger.reports()[0].report)
    assert kept.document.origin == report.document.origin and kept.document.tables == report.document.tables
    assert [_said(each) for each in kept.statements] == [_said(each) for each in report.statements]


@pytest.mark.parametrize("path", sorted(FORMS.iterdir()), ids=lambda path: path.name)
def test_a_spoilt_file_gives_a_report_or_a_sentence(path: Path) -> None:
    data, chance = path.read_bytes(), random.Random(path.name)
    for _ in range(25):
        spoilt = bytearray(data)
        for _ in range(chance.choice((1, 5, 50))):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        if chance.random() < 0.5:
            del spoilt[chance.randrange(len(spoilt)) :]
        try:
            report = extract(read(bytes(spoilt), path.name))
        except ReadError as error:
            assert path.name in error.zh and path.name in error.en
            continue
        assert all(report.document.slice(s.span) == s.text for s in report.statements)
