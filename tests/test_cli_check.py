"""`taizhang check`: what it prints in each format, and how it ends when a check cannot be made."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from taizhang.cli import app

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
EARLIER, LATER = EXAMPLES / "lanchuan-2025-plan.txt", EXAMPLES / "lanchuan-2026-plan.txt"


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, arguments)], prog_name="taizhang", env={"COLUMNS": "100"})


def test_the_table_shows_target_verdict_and_what_is_missing() -> None:
    result = check(EARLIER, LATER)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "澜川市2025年目标完成情况"
    assert any(re.search(r"固定资产投资 增长6%以上〔第41行〕 +✗ 未达到  增长3.8%", line) for line in lines)
    assert any("未提及的目标" in line for line in lines)
    assert lines[1].startswith("有数字的目标 ") and lines[2] == "没有数字的承诺 1 项 · 有提及 1"
    assert any(line.startswith("疑点（") for line in lines)
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_table_holds_at_any_width(columns: str) -> None:
    from rich.cells import cell_len

    result = CliRunner().invoke(app, ["check", str(EARLIER), str(LATER)], env={"COLUMNS": columns})
    assert max(map(cell_len, result.stdout.splitlines())) <= int(columns)


def test_the_order_given_does_not_matter() -> None:
    assert check(LATER, EARLIER).stdout == check(EARLIER, LATER).stdout


def test_undertakings_without_numbers_come_alone_when_asked_for() -> None:
    rows = [json.loads(line) for line in check(EARLIER, LATER, "--undertakings", "-f", "jsonl").stdout.splitlines()]
    assert [(row["thing"], row["heard"], row["promise"]) for row in rows] == [("澜槐高速", "named", "finish")]
    text = EARLIER.read_text(encoding="utf-8")
    assert text[rows[0]["start"] : rows[0]["end"]] == rows[0]["text"]
    table = list(csv.reader(io.StringIO(check(EARLIER, LATER, "--undertakings", "-f", "csv").stdout.lstrip("\ufeff"))))
    assert len(table) == 2 and dict(zip(*table, strict=True))["回应"] == "有提及"
    shown = check(EARLIER, LATER, "--undertakings").stdout
    assert (
        "没有数字的承诺（1）" in shown and "有数字的目标" not in shown.replace("没有数字", "") and "弱于数字" in shown
    )
    english = check(EARLIER, LATER, "--undertakings", "--lang", "en").stdout
    assert "1 undertaking without numbers" in english and "weaker evidence than a figure" in english


@pytest.mark.parametrize("form", ["json", "xlsx", "html"])
def test_formats_that_hold_both_say_so(form: str, tmp_path: Path) -> None:
    result = check(EARLIER, LATER, "--undertakings", "-o", tmp_path / f"out.{form}")
    assert result.exit_code == 0 and "不需要 --undertakings" in result.stderr


def test_jsonl_has_one_outcome_a_line() -> None:
    rows = [json.loads(line) for line in check(EARLIER, LATER, "--format", "jsonl").stdout.splitlines()]
    text = EARLIER.read_text(encoding="utf-8")
    for row in rows:
        assert row["verdict"] in ("met", "missed", "partly", "changed", "unclear", "unreported")
        assert row["reason"] and row["reason_en"]
        assert text[row["target"]["start"] : row["target"]["end"]] == row["target"]["text"]
        assert (row["verdict"] == "unreported") == ("proof" in row)
    assert {row["target"]["document"] for row in rows} == {str(EARLIER)}


def test_json_holds_reports_outcomes_and_findings() -> None:
    data = json.loads(check(EARLIER, LATER, "--format", "json").stdout)
    assert [report["year_reviewed"] for report in data["reports"]] == ["2024", "2025"]
    assert data["outcomes"] and data["findings"]
    assert [(item["thing"], item["heard"]) for item in data["undertakings"]] == [("澜槐高速", "named")]
    assert all(len(finding["sides"]) >= 1 for finding in data["findings"])


def test_csv_opens_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "核对.csv"
    assert check(EARLIER, LATER, "-o", path).exit_code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    grain = next(row for row in rows if row["指标"] == "粮食总产量")
    assert (grain["判定"], grain["目标值"], grain["完成值"]) == ("达到", "2100000000", "1056000")


def test_the_workbook_has_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "核对.xlsx"
    assert check(EARLIER, LATER, "-o", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["目标完成情况", "未提及", "没有数字的承诺", "疑点", "说明"]
    page = book["目标完成情况"]
    heads = [cell.value for cell in page[1]]
    values = [row[heads.index("目标值")].value for row in page.iter_rows(min_row=2)]
    assert values and all(isinstance(value, int | float) for value in values)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self._mark = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._mark = tag == "mark"
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        self._mark = self._mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        if self._mark:
            self.marked.append(data)


def test_the_page_needs_nothing_else_and_quotes_both_places(tmp_path: Path) -> None:
    path = tmp_path / "核对.html"
    assert check(EARLIER, LATER, "-o", path).exit_code == 0
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    assert "script" not in page.tags
    both = EARLIER.read_text(encoding="utf-8") + LATER.read_text(encoding="utf-8")
    assert page.links == ["#findings"], "nothing beyond the page"
    assert len(page.marked) > 60 and all(words in both for words in page.marked)


def test_what_a_report_holds_never_becomes_markup(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script>"
    earlier, later = tmp_path / "一.txt", tmp_path / "二.txt"
    head = "云溪县{0}年政府工作报告\n\n各位代表：\n\n一、{1}年工作回顾\n\n{2}\n\n二、{0}年工作安排\n\n{3}\n"
    earlier.write_text(head.format(2030, 2029, "平稳。", f"新建{nasty}公厕20座。"), encoding="utf-8")
    later.write_text(head.format(2031, 2030, f"新建{nasty}公厕25座。", "平稳。"), encoding="utf-8")
    result = check(earlier, later, "--format", "html")
    assert result.exit_code == 0 and "<script" not in result.stdout
    assert check(earlier, later).exit_code == 0


def test_every_row_says_where_both_figures_stand(tmp_path: Path) -> None:
    shown = check(EARLIER, LATER).stdout
    assert "增长5.5%左右〔第41行〕" in shown and "增长5.3%〔第13行第70字〕" in shown  # a long line by its character too
    assert "疑点 " in shown.splitlines()[3] and EARLIER.name in shown and str(EARLIER) not in shown
    page = check(EARLIER, LATER, "--format", "html").stdout
    assert f"{EARLIER.name} · " in page and str(EARLIER.parent) not in page


def test_years_between_that_no_report_covers_are_named(tmp_path: Path) -> None:
    head = "云溪县{0}年政府工作报告\n\n一、{1}年工作回顾\n\n新建公厕25座。\n\n二、{0}年工作安排\n\n新建公厕20座。\n"
    paths = []
    for year in (2028, 2031):
        path = tmp_path / f"{year}.txt"
        path.write_text(head.format(year, year - 1), encoding="utf-8")
        paths.append(path)
    assert "缺回顾 2028、2029 年的报告" in check(*paths).stderr
    assert "缺回顾" not in check(EARLIER, LATER).stderr


def test_the_answer_comes_in_english_too() -> None:
    result = check(EARLIER, LATER, "--lang", "en")
    assert result.stdout.startswith("Targets of 澜川市, 2025: what became of them")
    assert "Not mentioned" in result.stdout


def test_a_flag_makes_it_fail() -> None:
    assert check(EARLIER, LATER, "--fail-on", "missed").exit_code == 1
    assert check(EARLIER, LATER, "--fail-on", "error").exit_code == 1
    assert check(EARLIER, LATER, "--fail-on", "never").exit_code == 0


def _other(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_what_cannot_be_checked_ends_in_a_sentence(tmp_path: Path) -> None:
    elsewhere = _other(
        tmp_path, "别处.txt",
        "青石县2031年政府工作报告\n\n各位代表：\n\n一、2030年工作回顾\n\n生产总值增长5%。\n\n二、2031年工作安排\n\n生产总值增长6%。\n",
    )  # fmt: skip
    copy = tmp_path / "副本.txt"
    copy.write_bytes(LATER.read_bytes())
    for arguments, zh, en in (
        ((EARLIER,), "至少两份", "at least two"),
        ((EARLIER, EARLIER), "同一份", "same report"),
        ((LATER, copy), "同一份", "same report"),
        ((EARLIER, elsewhere), "不是同一地方", "two places"),
        ((EARLIER, tmp_path / "没有.txt"), "没有.txt", "没有.txt"),
    ):
        result = check(*arguments)
        assert result.exit_code == 2 and not result.stdout
        assert zh in result.stderr and en in result.stderr
        assert "Traceback" not in result.stderr


def test_no_half_file_is_left(tmp_path: Path) -> None:
    path = tmp_path / "核对.html"
    path.write_text("原来的", encoding="utf-8")
    assert check(EARLIER, EARLIER, "-o", path).exit_code == 2
    assert path.read_text(encoding="utf-8") == "原来的"
