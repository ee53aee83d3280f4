"""What can go wrong under a ledger: killed writers, two at once, full disks, files that are something else."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from invented import TEXT, enter, key, reading

from taizhang.errors import LedgerError
from taizhang.ledger import Ledger
from taizhang.model import Report

WRITER = """
import sys
sys.path.insert(0, {folder!r})
from invented import TEXT, reading
from taizhang.ledger import Ledger
start, stop = int(sys.argv[2]), int(sys.argv[3])
reports = [reading(TEXT.replace("36公里", f"{{n}}公里"), f"{{n}}.txt", f"{{n:05}}") for n in range(start, stop)]
print("ready", flush=True)
with Ledger.open(sys.argv[1], create=True) as ledger:
    for report in reports:
        print(report.document.id, ledger.enter(report, who="闻").outcome, flush=True)
"""


def writer(target: str, start: int, stop: int) -> subprocess.Popen[str]:
    program = WRITER.format(folder=str(Path(__file__).parent))
    return subprocess.Popen(
        [sys.executable, "-c", program, target, str(start), str(stop)], stdout=subprocess.PIPE, text=True
    )


def whole(ledger: Ledger) -> set[str]:
    """The reports of a ledger, after seeing that each is there with all that belongs to it."""
    ledger.check()
    heads = ledger.reports()
    for head in heads:
        report = ledger.report(head.report)
        assert len(report.statements) == head.statements and len(report.commitments) == head.commitments
    total = sum(head.statements for head in heads)
    assert ledger.search("生产总值", where="sentences", limit=1).total == 2 * len(heads)
    assert ledger.statements().total == total
    return {head.report for head in heads}


def test_killed_at_any_moment_the_ledger_holds_whole_reports_and_goes_on(tmp_path: Path) -> None:
    """A process that enters reports is killed fifty times; it is forked, so that a start costs nothing."""
    target = tmp_path / "book.db"
    reports = [reading(TEXT.replace("36公里", f"{n}公里"), f"{n}.txt", f"{n:05}") for n in range(160)]
    dice = random.Random(20261125)
    said: set[str] = set()
    for _ in range(50):
        inward, outward = os.pipe()
        child = os.fork()
        if child == 0:  # pragma: no cover
            os.close(inward)
            try:
                with Ledger.open(target, create=True) as ledger:
                    os.write(outward, b"." * 16)
                    for report in reports:
                        if report.document.id not in said:
                            ledger.enter(report, who="闻")
                            os.write(outward, report.document.id.encode())
            finally:
                os._exit(0)
        os.close(outward)
        # At times while it opens or makes the file; mostly so many reports later, in the midst of the next.
        heard = b"".join(os.read(inward, 16) for _ in range(dice.choice((0, 1, 2, 2, 3))))
        time.sleep(dice.random() * 0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(inward, "rb") as pipe:
            names = (heard + pipe.read()).decode().replace(".", "")
        said |= {names[at : at + 16] for at in range(0, len(names), 16)}
    with Ledger.open(target, create=True) as ledger:
        kept = whole(ledger)
        assert said <= kept, "what was said to be entered is there"
        assert len(kept) > 20
        for report in reports[: len(kept) + 3]:
            ledger.enter(report, who="闻")
        assert len(whole(ledger)) >= len(kept) + 3 or len(kept) == len(reports)


def test_two_processes_at_once_lose_nothing(target: str) -> None:
    writers = [writer(target, 0, 25), writer(target, 15, 40)]
    answers = [process.communicate(timeout=60)[0].split("\n")[1:] for process in writers]
    assert [process.returncode for process in writers] == [0, 0]
    outcomes = [line.split()[1] for lines in answers for line in lines if line]
    assert sorted(outcomes) == ["entered"] * 40 + ["known"] * 10
    with Ledger.open(target) as ledger:
        assert len(whole(ledger)) == 40
        numbers = [event.id for event in ledger.events()]
        times = [event.at for event in ledger.events()]
        assert numbers == list(range(1, 41)) and times == sorted(times)


def test_a_reader_goes_on_while_another_writes(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "book.db", create=True) as ledger, Ledger.open(tmp_path / "book.db") as other:
        enter(ledger, reading(TEXT))
        with ledger._store.writing():
            started = time.monotonic()
            assert len(other.reports()) == 1
            assert time.monotonic() - started < 5


def test_many_threads_on_one_ledger(target: str) -> None:
    report = reading(TEXT)
    failed: list[BaseException] = []
    with Ledger.open(target, create=True) as ledger:
        enter(ledger, report)
        keys = [f"{report.document.id}-{item.id}" for item in report.statements]

        def work(number: int) -> None:
            try:
                for turn in range(6):
                    ledger.correct(keys[number], {"value": str(100 + turn)}, who=f"第{number}人", why="试")
                    state = ledger.statement(keys[number])
                    assert state is not None and state.statement.value == 100 + turn
                    ledger.statements(year=2025)
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        assert ledger.info().by_people == 24


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.db"
    with Ledger.open(path, create=True) as ledger:
        enter(ledger, reading(TEXT))
    return path


def refused(path: Path | str, word: str, *, create: bool = True) -> None:
    with pytest.raises(LedgerError, match=word) as refusal, Ledger.open(path, create=create) as ledger:
        ledger.check()
        enter(ledger, reading(TEXT, "又.txt", "9"))
    for sentence in (refusal.value.zh, refusal.value.en):
        assert "\n" not in sentence and "sqlalche.me" not in sentence and len(sentence) < 300


def test_what_is_no_ledger_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    refused(path, "There is no ledger", create=False)
    assert not path.exists()
    for content in ("一份报告".encode(), b"SQLite format 3\0" + b"\xff" * 5000, b"PK\x03\x04", b"SQLite"):
        path.write_bytes(content)
        refused(path, "not a ledger|damaged|failed")
        assert path.read_bytes() == content
    refused(tmp_path, "folder")
    refused(tmp_path / "none" / "a", "folder does not exist")
    empty = tmp_path / "empty"
    empty.touch()
    refused(empty, "empty", create=False)


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE about (name, value)")
        other.execute("INSERT INTO about VALUES ('schema', '1')")
    content = path.read_bytes()
    refused(path, "another program")
    assert path.read_bytes() == content and not list(tmp_path.glob("other.db-*"))


def test_a_newer_ledger_is_refused_and_left_alone(book: Path) -> None:
    with sqlite3.connect(book) as raw:
        raw.executescript("DROP TRIGGER about_kept_update; UPDATE about SET value = '3' WHERE name = 'schema'")
    content = book.read_bytes()
    refused(book, "newer taizhang .format 3")
    assert book.read_bytes() == content


def test_an_older_ledger_is_brought_up_and_keeps_everything(book: Path) -> None:
    with Ledger.open(book) as ledger:
        before = list(ledger.export())
    with sqlite3.connect(book) as raw:
        raw.executescript(
            "DROP TABLE original; DROP INDEX statement_named; DROP TRIGGER about_kept_update;"
            "UPDATE about SET value = '1' WHERE name = 'schema';"
            "CREATE TRIGGER about_kept_update BEFORE UPDATE ON about"
            " BEGIN SELECT RAISE(ABORT, 'a ledger only adds'); END"
        )
    for _ in range(2):
        with Ledger.open(book) as ledger:
            assert list(ledger.export()) == before
            assert ledger.info().schema == 2
            assert ledger.original("0" * 16) is None
    with sqlite3.connect(book) as raw, pytest.raises(sqlite3.IntegrityError, match="only adds"):
        raw.execute("UPDATE about SET value = '1' WHERE name = 'schema'")


@pytest.mark.parametrize("damage", ["cut", "zeros", "noise"])
def test_a_damaged_file_is_a_sentence(book: Path, damage: str) -> None:
    with sqlite3.connect(book) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(book.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 3]
    else:
        noise = bytes(8192) if damage == "zeros" else random.Random(7).randbytes(8192)
        for at in range(4096 * 4, len(content) - 8192, 4096 * 5):
            content[at : at + 8192] = noise
    book.write_bytes(content)
    refused(book, "damaged")


def test_a_damaged_text_is_a_sentence(book: Path) -> None:
    with sqlite3.connect(book) as raw:
        raw.executescript("DROP TRIGGER source_kept_update; UPDATE source SET body = x'00'")
    with Ledger.open(book) as ledger, pytest.raises(LedgerError, match="damaged"):
        ledger.report(ledger.reports()[0].report)


def test_a_full_disk_loses_nothing(book: Path) -> None:
    """The file may not grow: writing fails as on a full disk. In its own process, since the limit can't be lifted."""
    child = os.fork()
    if child == 0:  # pragma: no cover
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = book.stat().st_size + 20_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        code = 1
        try:
            with Ledger.open(book) as ledger:
                for number in range(100, 200):
                    try:
                        enter(ledger, reading(TEXT, file=f"{number}"))
                    except LedgerError as error:
                        code = 0 if "unchanged" in error.en and "disk" in error.en else 2
                        break
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with Ledger.open(book) as ledger:
        kept = whole(ledger)
        assert reading(TEXT).document.id in kept
        enter(ledger, reading(TEXT, file="9"))
        assert len(whole(ledger)) == len(kept) + 1


def test_no_pages_left_is_a_full_disk_too(book: Path) -> None:
    with Ledger.open(book) as ledger:
        with ledger._store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(LedgerError, match="No space left"):
            for number in range(100, 200):
                enter(ledger, reading(TEXT, file=f"{number}"))
        whole(ledger)


def test_a_folder_that_cannot_be_written(tmp_path: Path, book: Path) -> None:
    """As a user without rights there, which root can only see by becoming another."""
    folder = tmp_path / "locked"
    folder.mkdir()
    shutil.copy(book, folder / "book.db")
    (folder / "book.db").chmod(0o444)
    folder.chmod(0o555)
    for parent in (tmp_path, *tmp_path.parents[:-2]):
        if parent.stat().st_uid == os.getuid():
            parent.chmod(parent.stat().st_mode | 0o055)
    child = os.fork()
    if child == 0:  # pragma: no cover
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            code = 0
            for path, words in (
                (folder / "book.db", ("read-only", "Cannot open")),
                (folder / "new.db", ("Cannot open",)),
            ):
                try:
                    with Ledger.open(path, create=True) as ledger:
                        enter(ledger, reading(TEXT, file="9"))
                    code = 2
                except LedgerError as error:
                    code = code or (0 if any(word in error.en for word in words) else 3)
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    folder.chmod(0o755)
    assert code == 0


def test_a_file_replaced_under_an_open_ledger_is_noticed(book: Path, tmp_path: Path) -> None:
    with Ledger.open(book) as ledger:
        other = tmp_path / "other.db"
        Ledger.open(other, create=True).close()
        other.replace(book)
        with pytest.raises(LedgerError, match="replaced or moved"):
            ledger.reports()


def test_a_writer_that_waits_too_long_is_told(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.ledger.schema._WAIT", 0.1)
    busy = pytest.raises(LedgerError, match="busy")
    with Ledger.open(book) as one, Ledger.open(book) as two, one._store.writing(), busy:
        enter(two, reading(TEXT, file="9"))
    with Ledger.open(book) as ledger:
        enter(ledger, reading(TEXT, file="9"))


def test_addresses_that_lead_nowhere(database: str) -> None:
    refused(database, "empty", create=False)
    refused(database.replace("taizhang@", "taizhang:geheim@").replace("/ledger", "/none"), "no database")
    refused("postgresql://taizhang:geheim@127.0.0.1:9/none", "Cannot reach")
    refused("postgresql://server:port/name", "Not a database address")
    for secret in ("taizhang:geheim@127.0.0.1:9/none", "taizhang@127.0.0.1:9/none?password=geheim"):
        with pytest.raises(LedgerError) as refusal:
            Ledger.open(f"postgresql://{secret}")
        assert "geheim" not in str(refusal.value)


def test_no_answer_holds_a_password(database: str) -> None:
    sign = "&" if "?" in database else "?"
    with Ledger.open(f"{database}{sign}password=geheim", create=True) as ledger:
        assert "geheim" not in str(ledger.info())


def test_a_foreign_and_a_newer_database_on_a_server(database: str) -> None:
    import psycopg

    with Ledger.open(database, create=True) as ledger:
        enter(ledger, reading(TEXT))
    with psycopg.connect(database) as raw:
        raw.execute("SET search_path TO taizhang")
        raw.execute("ALTER TABLE about DISABLE TRIGGER ALL")
        raw.execute("UPDATE about SET value = '3' WHERE name = 'schema'")
    refused(database, "newer taizhang")
    with psycopg.connect(database) as raw:
        raw.execute("ALTER TABLE taizhang.about RENAME TO something")
    refused(database, "another program")


def test_the_reports_of_a_pair_out_of_order(tmp_path: Path, examples: dict[str, Report]) -> None:
    with Ledger.open(tmp_path / "book.db", create=True) as ledger:
        enter(ledger, examples["lanchuan-2026-plan"])
        enter(ledger, examples["lanchuan-2025-plan"])
        assert [head.year_planned for head in ledger.reports(place="澜川市")] == ["2026", "2025"]
        found = ledger.statements(year=2025, indicator="固定资产投资").items
        assert {state.statement.kind for state in found} == {"target", "actual"}
        assert ledger.statement(key(examples["lanchuan-2025-plan"], "20.86亿斤")) is not None


def test_many_make_the_same_ledger_at_once(tmp_path: Path) -> None:
    report = reading(TEXT)
    failed: list[BaseException] = []

    def work(path: Path, barrier: threading.Barrier) -> None:
        try:
            barrier.wait()
            with Ledger.open(path, create=True) as ledger:
                enter(ledger, report)
        except BaseException as error:
            failed.append(error)

    for turn in range(10):
        path, barrier = tmp_path / f"{turn}.db", threading.Barrier(6)
        threads = [threading.Thread(target=work, args=(path, barrier)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        with Ledger.open(path) as ledger:
            assert len(whole(ledger)) == len(ledger.events()) == 1
