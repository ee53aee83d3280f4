"""Files that were accepted are read in the end, whatever happens to the server; and a ledger that can only be read."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from asking import EXAMPLES, Client, words

from taizhang.errors import LedgerError, StoreError
from taizhang.ledger import Ledger
from taizhang.web import jobs as jobs_module
from taizhang.web.app import create_app
from taizhang.web.spool import Spool, SpoolError, Waiting

TEXT = (EXAMPLES / "lanchuan-2025-plan.txt").read_text("utf-8")
COUNT = 5


def started(path: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "taizhang", "serve", str(path), "--port", "0", "--lang", "en"]
    source = Path(__file__).parents[2] / "src"
    server = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(source), "PYTHONUTF8": "1"}
    )
    assert server.stderr is not None
    found = re.search(r"(http://[^/]+)/", server.stderr.readline())
    assert found
    for _ in range(400):
        with suppress(httpx.HTTPError):
            if httpx.get(f"{found[1]}/health").status_code == 200:
                break
        time.sleep(0.05)
    return server, found[1]


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_accepted_is_read_by_the_next_server(tmp_path: Path, how: signal.Signals) -> None:
    path = tmp_path / "book.db"
    Ledger.open(path, create=True).close()
    server, base = started(path)
    try:
        files = [("file", (f"{n}.txt", TEXT.replace("澜川", f"第{n}川").encode())) for n in range(COUNT)]
        answer = httpx.post(f"{base}/upload", files=files, headers={"origin": base, "sec-fetch-site": "same-origin"})
        assert answer.status_code == 303
    finally:
        server.send_signal(how)
        server.wait(40)
    with Ledger.open(path) as ledger:
        there = ledger.info().reports
    left = list((tmp_path / "book.db.waiting").glob("*/*.json"))
    assert there + len(left) >= COUNT and left
    assert all(each.stat().st_mode & 0o077 == 0 for each in (tmp_path / "book.db.waiting").rglob("*"))
    server, base = started(path)
    try:
        job = httpx.get(f"{base}/jobs/{left[0].stem}.json").json()["job"]
        assert job["stage"] != "failed"
        assert until(lambda: httpx.get(f"{base}/reports.json").json()["total"] == COUNT)
        assert until(lambda: not list((tmp_path / "book.db.waiting").glob("*/*.json")))
    finally:
        server.terminate()
        server.wait(40)
    assert not (tmp_path / "book.db.waiting").exists()


def note(name: str, tries: int = 0) -> Waiting:
    return Waiting(name, f"{name}.txt", len(TEXT.encode()), "程砚秋", "", "2026-01-01T00:00:00Z", tries)


def test_a_file_at_which_servers_stopped_twice_waits_for_somebody(empty: Client) -> None:
    target = empty.app.app.state.shelf.target
    before = Spool(Path(f"{target}.waiting"))
    before.keep(note("a1", tries=2), TEXT.encode())
    before.keep(note("b2", tries=2), TEXT.encode())
    before._held.close()  # type: ignore[union-attr]
    app = create_app(target, user="闻砚秋")
    client = Client(app)
    listed = client.page("/upload")
    assert words(listed).count("没有读完") >= 2 and "再读一次 a1.txt" in listed
    assert "两次中断" in client.page("/jobs/a1")
    assert client.post("/jobs/b2/cancel").status_code == 303
    assert client.post("/jobs/a1/again").status_code == 303 and client.post("/jobs/a1/again").status_code == 409
    assert until(lambda: client.json("/jobs/a1.json")["job"]["stage"] == "done")
    assert client.json("/reports.json")["total"] == 1
    app.app.state.jobs.close()
    app.app.state.shelf.close()
    assert not Path(f"{target}.waiting").exists()


def test_a_ledger_that_cannot_be_written_just_now_costs_no_file(empty: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("磁盘空间不足，写不进账本。", "No space left.")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "enter", full)
        place = empty.post("/upload", files={"file": ("a.txt", TEXT.encode())}).headers["location"]
        assert until(lambda: empty.json(f"{place}.json")["job"]["stage"] == "stopped")
    said = words(empty.page(place))
    assert "磁盘空间不足" in said and "文件已保存" in said
    assert empty.post(f"{place}/again").status_code == 303
    assert until(lambda: empty.json(f"{place}.json")["job"]["stage"] == "done")


def test_files_beyond_a_size_are_not_accepted_and_two_servers_do_not_meet(tmp_path: Path) -> None:
    one, other = (Spool(tmp_path / "w", most=100) for _ in range(2))
    one.keep(note("a"), b"x" * 60)
    with pytest.raises(SpoolError, match=r"b\.txt"):
        one.keep(note("b"), b"x" * 60)
    assert other.take_over() == ()
    one.drop("a")
    one.keep(note("b"), b"x" * 60)
    one.close()
    assert [each.id for each in other.take_over()] == ["b"] and other.bytes_of("b") == b"x" * 60
    other.drop("b")
    other.close()
    assert not (tmp_path / "w").exists()


def test_a_list_of_several_files_is_live_and_has_a_way_without_a_script(
    empty: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_module.Jobs, "_run", lambda self, job: None)
    files = [("file", (f"{n}.txt", f"{TEXT}{n}".encode())) for n in range(3)]
    answer = empty.post("/upload", files=files)
    assert answer.headers["location"] == "/upload"
    page = empty.page("/upload")
    assert 'id="recent" data-live="1"' in page and "还有 3 个文件没有读完" in words(page) and "刷新进度" in page


def test_a_ledger_that_can_only_be_read_is_shown(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger.open(target).close()
    before = Path(target).read_bytes()
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    app = create_app(target, user="闻砚秋")
    client = Client(app)
    home = client.page("/")
    assert "账本是只读的：可以查看，不能更正和录入。" in home and 'class="add"' not in home
    report = client.json("/reports.json")["data"][0]["id"]
    key = client.json(f"/reports/{report}.json")["statements"][0]["key"]
    page = client.page(f"/n/{key}")
    assert "保存更正" not in page and "建议更正" not in page
    for path, form in ((f"/n/{key}/correct", {"f-value": "1"}), ("/upload", {"text": "x"}), (f"/n/{key}/propose", {})):
        refused = client.post(path, form)
        assert refused.status_code == 403 and "账本是只读的" in refused.text, path
    assert client.get("/upload").status_code == 403
    with Ledger.open(target, readonly=True) as ledger, pytest.raises(LedgerError, match="只读"):
        ledger.reject(key, who="程砚秋", why="试")
    app.app.state.jobs.close()
    app.app.state.shelf.close()
    assert Path(target).read_bytes() == before


def test_visitors_are_not_told_where_the_ledger_is(client: Client, target: str) -> None:
    assert client.json("/index.json")["info"]["name"] == "book.db"
    Path(target).unlink()
    answer = client.get("/index.json")
    assert answer.status_code == 503 and "book.db" in answer.text and str(Path(target).parent) not in answer.text
