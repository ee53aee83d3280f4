"""The commands: what they print, in which format and language, and how they end."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from invented import EXAMPLES, LATER, TEXT
from typer.testing import CliRunner, Result

from taizhang import cli
from taizhang.ledger import Ledger, Reader

sys.path.insert(0, str(Path(__file__).parents[1] / "read"))
import typeset

runner = CliRunner()


def run(*arguments: object, code: int = 0) -> Result:
    result = runner.invoke(cli.app, [str(item) for item in arguments], env={"COLUMNS": "140"})
    assert result.exit_code == code, result.output
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "reports"
    top.mkdir()
    (top / "2025.txt").write_text(TEXT, "utf-8")
    (top / "2026.txt").write_text(LATER, "gb18030")
    return top


@pytest.fixture
def book(tmp_path: Path, folder: Path) -> Path:
    run("enter", tmp_path / "book.db", folder, "--who", "闻砚秋")
    return tmp_path / "book.db"


def rows(*arguments: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in run("ledger", *arguments, "--format", "jsonl").stdout.splitlines()]


def one(book: Path, indicator: str, *more: object) -> str:
    found = rows("statements", book, "-i", indicator, *more)
    assert len(found) == 1
    return str(found[0]["id"])


def test_the_pages_of_a_pdf_in_a_folder_are_kept_from_wherever_it_is_entered(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "2025.pdf").write_bytes(typeset.draw(typeset.report_pieces(TEXT), typeset.A4))
    monkeypatch.chdir(tmp_path)
    run("enter", tmp_path / "book.db", folder, "--who", "闻砚秋")
    with Ledger.open(tmp_path / "book.db") as ledger:
        assert len(ledger.originals()) == 1


def test_enter_says_what_became_of_each_file(tmp_path: Path, folder: Path) -> None:
    book = tmp_path / "book.db"
    first = run("enter", book, folder, "--who", "闻砚秋", "--why", "建账")
    assert first.stdout.count("已录入") == 2 and "新录入 2 份" in first.stderr
    (folder / "bad.txt").write_bytes(b"PK\x03\x04rest")
    (folder / "copy.txt").write_text(TEXT, "utf-8")
    again = run("enter", book, folder, "--lang", "en")
    assert "3 already there, 1 could not be read" in again.stderr
    assert rows("events", book)[0]["who"] == "闻砚秋" and rows("events", book)[0]["why"] == "建账"
    run("enter", book, folder / "bad.txt", code=2)
    run("enter", book, tmp_path / "none.txt", code=2)
    run("enter", tmp_path / "none" / "book.db", folder, code=2)
    assert len(rows("reports", book)) == 2


def test_enter_with_several_processes_and_from_standard_input(tmp_path: Path, folder: Path) -> None:
    for number in range(6):
        (folder / f"{number}.txt").write_text(TEXT.replace("36公里", f"{number + 2}公里"), "utf-8")
    book = tmp_path / "book.db"
    program = [sys.executable, "-m", "taizhang"]
    done = subprocess.run([*program, "enter", book, folder, "-j", "2"], capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("已录入")) == (0, 8), done.stderr
    done = subprocess.run([*program, "enter", book, "-"], input=TEXT, capture_output=True, text=True)
    assert done.returncode == 0 and "已在账本中" in done.stderr


def test_enter_reads_again_after_the_reader_changed(book: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = one(book, "公路")
    run("ledger", "correct", book, key, "value=35", "--why", "更正")
    monkeypatch.setattr("taizhang.ledger.store.this_reader", lambda: Reader("later", {}))
    assert "重读结果相同 2 份" in run("enter", book, folder).stderr
    assert "已在账本中 2 份" in run("enter", book, folder).stderr
    assert "只读过一次" in run("ledger", "diff", book, "2025.txt").stderr
    with Ledger.open(book) as ledger:
        assert [event.kind for event in ledger.events()][-2:] == ["confirmed", "confirmed"]


def test_answers_in_three_formats_and_two_languages(book: Path) -> None:
    assert "砚川县" in run("ledger", "reports", book).stdout
    table = run("ledger", "statements", book, "-i", "粮食", "--year", "2024").stdout
    assert "3.2亿斤" in table and "指标" in table
    assert "indicator" in run("ledger", "statements", book, "-i", "粮食", "--lang", "en").stdout
    text = run("ledger", "statements", book, "--place", "砚川", "--format", "csv").stdout
    lines = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(lines) == len(rows("statements", book, "--place", "砚川")) > 10
    assert "3 条" in run("ledger", "statements", book, "-n", "3").stderr
    assert run("ledger", "info", book, "--check").stdout.startswith(str(book))


def test_search(book: Path) -> None:
    assert [row["text"] for row in rows("search", book, "粮食", "财政")] == []
    found = rows("search", book, "粮食", "预算收入")
    assert len(found) == 3 and all("粮食" in str(row["text"]) for row in found)
    assert {row["indicator"] for row in rows("search", book, "老旧", "--in", "statements")} == {"改造老旧小区"}
    assert "没有找到" in run("ledger", "search", book, "海港").stderr
    run("ledger", "search", book, "，", code=2)


def test_correct_undo_and_history(book: Path) -> None:
    key = one(book, "公路")
    run("ledger", "correct", book, key[:7], "value=35", "period=", "--why", "核对原件", "--who", "范")
    (state,) = rows("statements", book, "-i", "公路")
    assert (state["value"], state["period"], state["corrected"]) == (35, None, ["value", "period"])
    assert " *" in run("ledger", "statements", book, "-i", "公路").stdout
    history = run("ledger", "history", book, key).stdout
    assert "数值 36 → 35" in history and "核对原件" in history
    event = rows("history", book, key)[-1]["id"]
    assert "已记入第 4 号" in run("ledger", "undo", book, event, "--why", "看错").stdout
    assert "（已撤销）" in run("ledger", "history", book, key).stdout
    assert rows("statements", book, "-i", "公路")[0]["value"] == 36
    assert rows("statements", book, "-i", "公路", "--as-of", event)[0]["value"] == 35
    assert rows("statements", book, "--as-of", "2020-01-01") == []


def test_reject_link_retract_diff_unplaced(book: Path, folder: Path) -> None:
    run("ledger", "reject", book, one(book, "桥梁"), "--why", "不计")
    assert rows("statements", book, "-i", "桥梁") == []
    target = one(book, "一般公共预算收入", "--year", "2025", "--kind", "target")
    actual = one(book, "一般公共预算收入", "--year", "2025", "--kind", "actual", "--measure", "growth")
    run("ledger", "link", book, target, actual, "--verdict", "missed", "--why", "对得上")
    run("ledger", "link", book, target, actual, "--remove", "--why", "看错")
    run("ledger", "link", book, target, "--verdict", "great", "--why", "试", code=2)
    assert "没有需要重新定位" in run("ledger", "unplaced", book).stderr
    run("ledger", "retract", book, "2026.txt", "--why", "草稿")
    assert len(rows("reports", book)) == 1
    assert "没有录入" in run("enter", book, folder / "2026.txt").stderr
    kinds = [row["kind"] for row in rows("events", book)]
    assert kinds == ["entered", "entered", "rejected", "linked", "unlinked", "retracted"]


def test_export(book: Path, tmp_path: Path) -> None:
    printed = run("ledger", "export", book).stdout
    run("ledger", "export", book, "-o", tmp_path / "all.jsonl")
    assert (tmp_path / "all.jsonl").read_text("utf-8") == printed
    assert {json.loads(line)["type"] for line in printed.splitlines()} == {
        "ledger", "event", "source", "reading", "statement", "commitment",
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ("ledger", "info", "none.db"),
        ("ledger", "info", str(EXAMPLES / "README.md")),
        ("ledger", "history", "BOOK", "zzzz"),
        ("ledger", "correct", "BOOK", "zzzz", "value=1", "--why", "x"),
        ("ledger", "undo", "BOOK", "99", "--why", "x"),
        ("ledger", "undo", "BOOK", "1", "--why", "x"),
        ("ledger", "reports", "BOOK", "--as-of", "gestern"),
        ("ledger", "diff", "BOOK", "none"),
        ("ledger", "info", "postgresql://127.0.0.1:9/none"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(book: Path, arguments: tuple[str, ...]) -> None:
    result = run(*(str(book) if item == "BOOK" else item for item in arguments), "--lang", "en", code=2)
    assert len(result.stderr.strip().splitlines()) == 1 and result.stdout == ""


def test_other_commands_do_not_load_the_database_library() -> None:
    program = "import sys, taizhang.cli; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], env=dict(os.environ)).returncode == 0


def test_codes_may_be_said_in_words_and_what_is_neither_is_refused_with_the_list(book: Path) -> None:
    assert rows("statements", book, "--kind", "目标") == rows("statements", book, "--kind", "target") != []
    assert rows("statements", book, "--measure", "增速") == rows("statements", book, "--measure", "growth")
    refused = run("ledger", "statements", book, "--kind", "打算", code=2)
    assert "没有“打算”这种类别" in refused.stderr and "目标（target）" in refused.stderr
    goal = rows("statements", book, "--kind", "目标")[0]["key"]
    refused = run("ledger", "link", book, goal, "--verdict", "不错", "--why", "试", "--who", "闻砚秋", code=2)
    assert "没有“不错”这种结论" in refused.stderr and "未达到（missed）" in refused.stderr


@pytest.fixture
def years(tmp_path: Path) -> Path:
    run(
        "enter",
        tmp_path / "years.db",
        *(EXAMPLES / f"lanchuan-{year}-plan.txt" for year in (2025, 2026)),
        "--who",
        "闻砚秋",
    )
    return tmp_path / "years.db"


def test_outcomes_of_a_ledger_count_what_people_said(years: Path) -> None:
    def verdict() -> object:
        found = rows("outcomes", years, "--place", "澜川")
        return next(item["verdict"] for item in found if item["target"]["indicator"] == "固定资产投资")  # type: ignore[index]

    assert verdict() == "missed"
    goal = next(
        item["key"] for item in rows("statements", years, "-i", "固定资产投资", "--kind", "目标", "--year", "2025")
        if item["measure"] == "growth"
    )  # fmt: skip
    run("ledger", "link", years, goal, "--verdict", "达到", "--why", "口径调整后达到", "--who", "闻砚秋")
    assert verdict() == "met"
    last = rows("events", years)[-1]["id"]
    told = run("ledger", "events", years).stdout
    assert "达到" in told.splitlines()[-1] and "↔" in told
    run("ledger", "undo", years, last, "--why", "再议", "--who", "闻砚秋")
    assert verdict() == "missed"


def test_events_say_what_a_correction_changed(years: Path) -> None:
    item = rows("statements", years, "-i", "粮食总产量", "--kind", "目标")[0]
    run("ledger", "correct", years, item["key"], "kind=预计", "period=2026", "--why", "原文如此", "--who", "闻砚秋")
    told = run("ledger", "events", years).stdout
    assert "目标 → 预计" in told and "→ 2026" in told
