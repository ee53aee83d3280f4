"""The command line: what it prints, where, and how it ends when something is wrong."""

from __future__ import annotations

import csv
import functools
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from taizhang import __version__
from taizhang.cli import app

REPORT = (
    "云溪市2031年政府工作报告\n\n"
    "各位代表：\n\n"
    "一、2030年工作回顾\n\n"
    "全市生产总值完成1286.5亿元，增长5.2%。新建改建农村公路126公里，建成5G基站320座。\n\n"
    "二、2031年工作安排\n\n"
    "生产总值增长6%以上。确保新增城镇就业1.8万人，新建学校12所。\n"
)
NOVEL = "春天来了，山坡上的花都开了。她提着篮子，沿着小路慢慢地走，心里想着远方的人。\n" * 40


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin, prog_name="taizhang")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "云溪2031.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "报告"
    (top / "县").mkdir(parents=True)
    (top / ".缓存").mkdir()
    (top / "a.txt").write_bytes(REPORT.encode("gb18030"))
    (top / "县" / "b.md").write_text(REPORT.replace("云溪市", "青石县"), encoding="utf-8")
    (top / "县" / "c.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (top / ".缓存" / "d.txt").write_text(REPORT, encoding="utf-8")
    (top / "坏.txt").write_bytes(b"\x00\x01\x02\x03" * 100)
    return top


def clean(result: Result, code: int = 0) -> Result:
    assert "Traceback" not in result.output + result.stderr
    assert result.exit_code == code, result.output
    return result


def test_a_table_by_default(report: Path) -> None:
    shown = clean(run("read", report)).stdout
    assert "云溪市 · 政府工作报告 · 回顾 2030 · 安排 2031" in shown
    assert "1286.5亿元" in shown and "二、2031年工作安排" in shown


def test_lines_of_json_have_the_name_as_given_and_offsets_that_hold(report: Path) -> None:
    result = clean(run("read", report, "--format", "jsonl"))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {row["document"] for row in rows} == {report.as_posix()}
    assert all(REPORT[row["start"] : row["end"]] == row["text"] for row in rows)
    assert (rows[0]["indicator"], rows[0]["value"], rows[0]["unit"]) == ("生产总值", 128650000000, "元")
    assert result.stderr == ""


def test_commitments_a_line_each(report: Path) -> None:
    rows = [json.loads(line) for line in clean(run("read", report, "-c", "-f", "jsonl")).stdout.splitlines()]
    assert {row["done"] for row in rows} == {True, False}
    assert any(row["strength"] == "firm" and "1.8万人" in row["text"] for row in rows)
    assert "确保" in clean(run("read", report, "-c")).stdout


def test_standard_input(report: Path) -> None:
    rows = clean(run("read", "-", "-f", "jsonl", stdin=REPORT.encode("utf-16"))).stdout.splitlines()
    assert json.loads(rows[0])["document"] == "stdin"
    assert "5.2%" in clean(run("explain", "-", "5.2%", stdin=REPORT.encode())).stdout


def test_a_folder_is_read_through_and_names_start_in_it(folder: Path) -> None:
    result = clean(run("read", folder, "-f", "json"))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["file"] for row in rows] == ["a.txt", "县/b.md"]
    assert [row["document"]["place"] for row in rows] == ["云溪市", "青石县"]
    assert "坏.txt”不是能读的文件" in result.stderr and ".zip 1" in result.stderr
    assert "读了 2 份报告" in result.stderr and "1 份未能读取" in result.stderr


def test_several_paths_keep_their_names(folder: Path, report: Path) -> None:
    result = clean(run("read", folder / "县", report, "-f", "json"))
    names = [json.loads(line)["file"] for line in result.stdout.splitlines()]
    assert names == [(folder / "县" / "b.md").as_posix(), report.as_posix()]


def test_several_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(REPORT.replace("1286.5", f"{number}86.5"), encoding="utf-8")
    one, two = (clean(run("read", tmp_path, "-f", "jsonl", "--jobs", jobs)).stdout for jobs in ("1", "2"))
    assert one == two and one.count("\n") >= 36


def test_the_format_follows_the_suffix(report: Path, tmp_path: Path) -> None:
    clean(run("read", report, "-o", tmp_path / "a.csv"))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["指标"] == "生产总值"
    clean(run("read", report, "-o", tmp_path / "a.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["指标"]["B2"].value == "生产总值"
    clean(run("read", report, "-o", tmp_path / "a.html"))
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    result = clean(run("read", report, "-f", "jsonl", "-o", tmp_path / "a.txt"))
    assert (tmp_path / "a.txt").read_text(encoding="utf-8").startswith('{"document"')
    assert result.stdout == "" and "已写入" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.html", "a.txt", "a.xlsx", report.name]


def test_pages_of_a_folder_go_into_a_folder(folder: Path, tmp_path: Path) -> None:
    clean(run("read", folder, "-f", "html", "-o", tmp_path / "页"))
    assert (tmp_path / "页" / "a.txt.html").exists() and (tmp_path / "页" / "县" / "b.md.html").exists()
    assert "用 -o 指定文件夹" in clean(run("read", folder, "-f", "html"), 2).stderr


def test_english(report: Path, folder: Path) -> None:
    shown = clean(run("read", report, "--lang", "en")).stdout
    assert "indicator" in shown and "reviews 2030 · plans 2031" in shown
    assert not any("\u4e00" <= c <= "\u9fff" for c in clean(run("read", "/nowhere", "--lang", "en"), 2).stderr)


def test_explain_names_fields_rules_and_words(report: Path) -> None:
    shown = clean(run("explain", report, "1286.5亿元")).stdout
    for word in ("第 7 行", "全市生产总值完成1286.5亿元", "指标", "生产总值", "128650000000", "原文写明", "回顾 2030"):
        assert word in shown
    assert "126公里" not in shown
    assert "名称中的数字" in clean(run("explain", report, "5G")).stdout or "代码" in run("explain", report, "5G").stdout
    assert "照原文抄写" in clean(run("explain", report, "没有这句"), 2).stderr
    assert clean(run("explain", report, " "), 2).stdout == ""


def test_coverage_counts_by_reason(report: Path) -> None:
    shown = clean(run("coverage", report)).stdout
    assert "日期或年份" in shown and "【2030年】" in shown and "没有遗漏" in shown
    assert "第7行" in shown


def test_version_and_help() -> None:
    assert clean(run("--version")).stdout.strip() == f"taizhang {__version__}"
    for arguments in ((), ("read",), ("explain",), ("coverage",)):
        shown = clean(run(*arguments, "--help")).stdout
        assert any("\u4e00" <= c <= "\u9fff" for c in shown) and "Show this message" in shown
    assert clean(run("read"), 2).stdout == ""


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (b"", "空文件", "is empty"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "二进制", "binary"),
        (b"%PDF-1.4", "PDF", "PDF"),
        ("全市生产总值".encode("gb18030") * 30 + b"\xd5", "损坏", "damaged"),
        (b"1" * 3_000_000, "太大", "--limit"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_and_a_two(tmp_path: Path, content: bytes, zh: str, en: str) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(content)
    for command in (("read",), ("coverage",)):
        result = clean(run(*command, path, "--limit", "2"), 2)
        assert zh in result.stderr and en in result.stderr and "报告.txt" in result.stderr
        assert result.stdout == "" and result.stderr.count("\n") == 2


def test_missing_empty_and_unwritable(tmp_path: Path, report: Path) -> None:
    assert "找不到" in clean(run("read", tmp_path / "无.txt"), 2).stderr
    (tmp_path / "空").mkdir()
    assert "没有能读的报告文件" in clean(run("read", tmp_path / "空"), 2).stderr
    assert "是文件夹，不是文件" in clean(run("explain", tmp_path / "空", "字"), 2).stderr
    assert "上级文件夹不存在" in clean(run("read", report, "-o", tmp_path / "无" / "a.csv"), 2).stderr
    assert "是文件夹" in clean(run("read", report, "-f", "csv", "-o", tmp_path / "空"), 2).stderr


def test_one_bad_file_stops_no_other(tmp_path: Path, report: Path) -> None:
    result = clean(run("read", tmp_path / "无.txt", report, "-f", "jsonl"))
    assert result.stdout.count("\n") >= 6 and "找不到" in result.stderr


def test_what_was_there_stays_where_nothing_new_can_be_written(tmp_path: Path) -> None:
    old = tmp_path / "旧.xlsx"
    old.write_bytes(b"old")
    clean(run("read", tmp_path / "无.txt", "-o", old), 2)
    assert old.read_bytes() == b"old" and [path.name for path in tmp_path.iterdir()] == ["旧.xlsx"]


def test_a_novel_and_a_text_without_numbers_are_told_why(tmp_path: Path) -> None:
    novel = tmp_path / "小说.txt"
    novel.write_text(NOVEL, encoding="utf-8")
    shown = clean(run("read", novel)).stdout
    assert "没有" in shown and "指标" in shown
    result = clean(run("read", novel, "-f", "jsonl"))
    assert result.stdout == "" and "小说.txt”：" in result.stderr
    clean(run("coverage", novel))
    novel.write_text(NOVEL + "他从城里带回来12个苹果，分给了孩子们。\n", encoding="utf-8")
    result = clean(run("read", novel, "-f", "jsonl"))
    assert json.loads(result.stdout)["value"] == 12 and "看来不是报告" in result.stderr


def taizhang(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "taizhang", *map(str, arguments)]


@pytest.mark.parametrize("form", ["jsonl", "xlsx"])
def test_a_closed_pipe_ends_quietly(tmp_path: Path, form: str) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(REPORT * 150, encoding="utf-8")
    command = taizhang("read", tmp_path, "-f", form)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read().decode()
    assert process.returncode == 0 and said == ""


def test_an_interrupt_leaves_nothing_half_done(tmp_path: Path) -> None:
    # A test run started in the background ignores SIGINT, and a child inherits that.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = taizhang("read", "-", "-o", tmp_path / "a.csv")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed) as process:
        assert process.stdin is not None and process.stderr is not None
        process.stdin.write(bytes(200_000))  # more than a pipe holds, so by its end the program is reading
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
    assert process.returncode == 130 and "已中断" in said and "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_the_other_processes_too(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.txt").write_text(REPORT * 4000, encoding="utf-8")  # each takes many seconds
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    command = taizhang("read", tmp_path, "-j", "2", "-o", tmp_path / "a.csv")
    with subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=heed, start_new_session=True) as process:
        time.sleep(6)
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read().decode()
        process.wait()
    assert process.returncode == 130 and "已中断" in said and "Traceback" not in said
    assert time.monotonic() - began < 5
    assert not (tmp_path / "a.csv").exists()


def test_a_pipe_without_a_writer_is_refused_and_the_shells_own_is_read(tmp_path: Path, report: Path) -> None:
    pipe = tmp_path / "管道.txt"
    os.mkfifo(pipe)
    result = clean(run("read", pipe), 2)
    assert "是管道" in result.stderr and "taizhang read -" in result.stderr
    command = f"{shlex.join(map(str, taizhang('read', '-f', 'csv')))} <(cat {shlex.quote(str(report))})"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0 and "1286.5" in done.stdout


def test_pictures_of_a_folder_are_taken_where_they_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from taizhang import console

    for name in ("a.txt", "b.jpg", "c.TIF", "d.zip", "a_files/按钮.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(REPORT, encoding="utf-8")
    told: list[str] = []
    monkeypatch.setattr(console, "complain", lambda zh, en, lang: told.append(zh))
    for known, names, passed in (
        (frozenset({".txt", ".jpg", ".tif"}), ["a.txt", "b.jpg", "c.TIF"], ".zip 1"),
        (frozenset({".txt"}), ["a.txt"], ".jpg 1、.tif 1、.zip 1"),
    ):
        monkeypatch.setattr(console, "suffixes", lambda known=known: known)
        jobs, problems = console.sources([str(tmp_path)], 1000, console.Language.zh)
        assert [job.name for job in jobs] == names and not problems
        assert passed in told[-1]


def other_names(tmp_path: Path, report: Path) -> list[Path]:
    """Other ways to write the path of a file."""
    (tmp_path / "软.txt").symlink_to(report)
    os.link(report, tmp_path / "硬.txt")
    return [
        report,
        report.parent / "." / ".." / report.parent.name / report.name,
        tmp_path / "软.txt",
        tmp_path / "硬.txt",
    ]


def test_what_is_read_is_never_written_over(tmp_path: Path, report: Path) -> None:
    before = report.read_bytes()
    last = tmp_path / "云溪2030.txt"
    last.write_text(REPORT.replace("2031", "2030").replace("2030年工作回顾", "2029年工作回顾"), encoding="utf-8")
    for name in other_names(tmp_path, report):
        for command in (("read", report), ("read", report, "-f", "csv"), ("read", tmp_path), ("check", last, report)):
            assert "正是要读取的文件" in clean(run(*command, "-o", name), 2).stderr
    with report.open("rb") as stdin:
        done = subprocess.run(taizhang("read", "-", "-o", report), stdin=stdin, capture_output=True, check=False)
    assert done.returncode == 2 and "正是要读取的文件" in done.stderr.decode()
    ledger = tmp_path / "台账.db"
    clean(run("enter", ledger, report))
    held = ledger.read_bytes()
    for name in (ledger, tmp_path / "台账.db-wal"):
        assert "正是要读取的文件" in clean(run("ledger", "export", ledger, "-o", name), 2).stderr
    assert report.read_bytes() == before and ledger.read_bytes() == held


def test_no_answer_is_written_over_a_ledger(tmp_path: Path, report: Path) -> None:
    book = tmp_path / "别处.db"
    clean(run("enter", book, report))
    held = book.read_bytes()
    for name in (book, tmp_path / "别处.db-wal", tmp_path / "别处.db-journal"):
        for command in (("read", report), ("check", report, report)):
            clean(run(*command, "-f", "csv", "-o", name), 2)
        assert "是账本" in clean(run("read", report, "-f", "csv", "-o", name), 2).stderr
    assert book.read_bytes() == held


def test_a_sentence_without_an_end_is_not_told_again_with_each_number(tmp_path: Path) -> None:
    endless = tmp_path / "长.txt"
    endless.write_text("指标增长5%，" * 2000, encoding="utf-8")
    assert len(clean(run("read", endless, "-f", "csv")).stdout_bytes) < 6_000_000


@pytest.mark.parametrize("closed", ["<&-", ">&-", ">&- 2>&-"])
def test_streams_that_are_closed_are_no_traceback(report: Path, closed: str) -> None:
    command = " ".join(map(shlex.quote, taizhang("read", report if "<" not in closed else "-")))
    done = subprocess.run(["sh", "-c", f"{command} {closed}"], capture_output=True, check=False, timeout=60)
    assert done.returncode in (0, 2) and b"Traceback" not in done.stderr


def test_a_file_keeps_its_rights_its_links_and_its_protection(tmp_path: Path, report: Path) -> None:
    private, link, locked = tmp_path / "私.csv", tmp_path / "链.csv", tmp_path / "锁.csv"
    private.touch(0o600)
    link.symlink_to(private)
    clean(run("read", report, "-o", link))
    assert link.is_symlink() and private.stat().st_size > 0 and private.stat().st_mode & 0o777 == 0o600
    locked.touch(0o444)
    assert "没有写入权限" in clean(run("read", report, "-o", locked), 2).stderr
    assert locked.stat().st_size == 0 and locked.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("read", "{}", "--limit", "inf"), "--limit 的值不对", "more than 0"),
        (("read", "{}", "--limit", "nan"), "--limit 的值不对", "more than 0"),
        (("read", "{}", "--limit", "-1"), "--limit 的值不对", "more than 0"),
        (("read", "{}", "-f", "pdf"), "可用的值：table、json", "not one of"),
        (("read", "{}", "--doubtfull"), "是不是 --doubtful", "No such option"),
        (("read", "-草稿.txt"), "在前面加 ./", "No such option"),
        (("read",), "缺少 PATH", "Missing argument"),
        (("ledger", "reject", "{}", "a1"), "缺少 --why", "Missing option"),
        (("raed", "{}"), "没有命令'raed'", "No such command"),
        (("read", "{}", "-o", "表.docx"), "不知道怎样写“.docx”", "No format is known"),
        (("read", ""), "路径是空的", "path is empty"),
    ],
)
def test_what_is_typed_wrong_is_said_in_both_languages(
    report: Path, arguments: tuple[str, ...], zh: str, en: str
) -> None:
    typed = [argument.format(report) for argument in arguments]
    done = subprocess.run(taizhang(*typed), capture_output=True, check=False, timeout=60)
    said = done.stderr.decode()
    assert done.returncode == 2 and done.stdout == b"" and zh in said and en in said and "Traceback" not in said


def test_a_file_given_twice_is_read_once(report: Path) -> None:
    result = clean(run("read", report, report.parent, "-f", "jsonl"))
    assert result.stdout == clean(run("read", report, "-f", "jsonl")).stdout and "只读一次" in result.stderr


def test_a_dash_for_the_output_is_standard_output(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert clean(run("read", report, "-f", "csv", "-o", "-")).stdout == clean(run("read", report, "-f", "csv")).stdout
    assert not (tmp_path / "-").exists()


def test_an_option_that_changes_nothing_says_so(report: Path) -> None:
    assert "不需要 -c" in clean(run("read", report, "-c", "-f", "json")).stderr
    assert "--doubtful 不起作用" in clean(run("read", report, "--doubtful", "-f", "json")).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may enter any folder")
def test_a_folder_within_that_may_not_be_entered_is_named(folder: Path) -> None:
    (folder / "县").chmod(0)
    result = clean(run("read", folder, "-f", "jsonl"))
    (folder / "县").chmod(0o755)
    assert "无法打开文件夹" in result.stderr and "没有权限" in result.stderr and result.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "arguments", [("read", "{}", "-f", "json"), ("read", "{}", "-f", "xlsx"), ("explain", "{}", "6%"), ("--help",)]
)
def test_a_full_disk_is_a_sentence(report: Path, arguments: tuple[str, ...]) -> None:
    command = taizhang(*(argument.format(report) for argument in arguments))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    said = done.stderr.decode()
    assert done.returncode == 2 and "无法输出" in said and "Traceback" not in said and "ignored" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_no_permission_is_a_sentence(tmp_path: Path, report: Path) -> None:
    locked = tmp_path / "锁"
    locked.mkdir(mode=0o555)
    assert "没有写入权限" in clean(run("read", report, "-o", locked / "a.csv"), 2).stderr


def test_a_terminal_is_not_sent_a_workbook(report: Path) -> None:
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    done = subprocess.run(
        taizhang("read", report, "-f", "xlsx"), stdout=slave, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(slave)
    os.close(master)
    assert done.returncode == 2 and "-o" in done.stderr.decode()


def test_a_workbook_through_a_pipe(report: Path) -> None:
    data = clean(run("read", report, "-f", "xlsx")).stdout_bytes
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames[0] == "指标"
