"""Reports being entered: one after another, in the background, each with how far it is."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from taizhang.errors import StoreError, TaizhangError
from taizhang.errors import why as why_not
from taizhang.read import ReadOptions
from taizhang.read.pictures import DRAWING
from taizhang.scale.answers import Job, whole
from taizhang.views.remark import remark
from taizhang.web.asking import WebError
from taizhang.web.checked import sheets_with
from taizhang.web.shelf import Shelf

Stage = Literal["waiting", "reading", "entering", "checking", "done", "failed", "cancelled"]
STAGES: tuple[Stage, ...] = ("waiting", "reading", "entering", "checking", "done")
_KEPT = 200


class JobState(msgspec.Struct, frozen=True):
    """How far a file is."""

    id: str
    name: str
    size: int
    stage: Stage
    who: str
    at: str
    report: str | None = None
    outcome: str | None = None
    statements: int = 0
    message: str = ""
    message_en: str = ""
    unplaced: int = 0
    twins: tuple[str, ...] = ()


class Waiting(msgspec.Struct, frozen=True):
    """A file that was taken and not yet entered, as it is kept beside its bytes."""

    state: JobState
    why: str


class Jobs:
    """The files handed in since the server started, and those that an earlier one took and did not get to. Safe to
    share between threads.

    What is taken is kept in a folder beside the ledger until it is entered or cannot be, so that whoever was told that
    it goes on can rely on that. A ledger in a database has no such folder.
    """

    def __init__(self, shelf: Shelf, limit: int) -> None:
        self._shelf, self.limit = shelf, limit
        self._inbox = None if "://" in shelf.target else Path(f"{shelf.target}.inbox")
        self._lock = threading.Lock()
        self._states: OrderedDict[str, JobState] = OrderedDict()
        self._stamp = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="enter")
        self._resume()

    def _resume(self) -> None:
        """Take up what an earlier server left."""
        if self._inbox is None or not self._inbox.is_dir():
            return
        found = []
        for path in self._inbox.glob("*.json"):
            with suppress(OSError, msgspec.MsgspecError):
                waiting = msgspec.json.decode(path.read_bytes(), type=Waiting)
                found.append((waiting, path.with_suffix(".bin").read_bytes()))
        for waiting, data in sorted(found, key=lambda each: each[0].state.at):
            state = waiting.state
            self._put(state)
            self._pool.submit(self._run, state.id, data, state.name, state.who, waiting.why)

    def _keep(self, state: JobState, data: bytes, why: str) -> None:
        """Raises `WebError` where it cannot be kept: then nothing was promised."""
        if self._inbox is None:
            return
        try:
            self._inbox.mkdir(mode=0o700, exist_ok=True)
            # The description comes last: bytes without one were never promised.
            for suffix, content in ((".bin", data), (".json", msgspec.json.encode(Waiting(state, why)))):
                path = self._inbox / f"{state.id}{suffix}"
                with path.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            zh, en = why_not(error)
            raise WebError(
                503, "inbox", f"没有收下“{state.name}”：{zh}。", f"“{state.name}” was not taken: {en}."
            ) from error

    def _let_go(self, job: str) -> None:
        if self._inbox is None:
            return
        with suppress(OSError):
            for suffix in (".json", ".bin"):
                (self._inbox / f"{job}{suffix}").unlink(missing_ok=True)
            self._inbox.rmdir()  # only where it is empty

    def stamp(self) -> int:
        """Changes with every step."""
        return self._stamp

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def all(self) -> tuple[JobState, ...]:
        """The newest first."""
        with self._lock:
            return tuple(reversed(self._states.values()))

    def get(self, job: str) -> JobState | None:
        with self._lock:
            return self._states.get(job)

    def hand_in(self, data: bytes, name: str, who: str, why: str) -> JobState:
        """Put a file in the line. Raises `WebError` where it is too large or cannot be kept."""
        name = name.replace("\\", "/").rsplit("/", 1)[-1].strip() or "report.txt"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if len(data) > self.limit:
            raise too_large(name, len(data), self.limit)
        state = JobState(secrets.token_hex(8), name[:200], len(data), "waiting", who, now)
        self._keep(state, data, why)
        self._put(state)
        self._pool.submit(self._run, state.id, data, name, who, why)
        return state

    def cancel(self, job: str) -> bool:
        """Take a file out of the line again; false where it is being entered already."""
        with self._lock:
            state = self._states.get(job)
            if state is None or state.stage not in ("waiting", "reading"):
                return False
            self._set(msgspec.structs.replace(state, stage="cancelled"))
        self._let_go(job)
        return True

    def _put(self, state: JobState) -> None:
        with self._lock:
            self._set(state)
            while len(self._states) > _KEPT:
                self._states.popitem(last=False)

    def _set(self, state: JobState) -> None:
        self._states[state.id] = state
        self._stamp += 1

    def _step(self, job: str, stage: Stage, **fields: object) -> bool:
        """Go on to a stage; false where it was cancelled meanwhile."""
        with self._lock:
            state = self._states.get(job)
            if state is None or state.stage == "cancelled":
                return False
            self._set(msgspec.structs.replace(state, stage=stage, **fields))
            return True

    def _run(self, job: str, data: bytes, name: str, who: str, why: str) -> None:
        try:
            self._enter(job, data, name, who, why)
            self._let_go(job)
        except StoreError as error:
            # Not the file's fault: it is kept, and tried again by the next server.
            self._step(job, "failed", message=error.zh, message_en=error.en)
        except TaizhangError as error:
            self._let_go(job)
            self._step(job, "failed", message=error.zh, message_en=error.en)
        except Exception as error:
            self._let_go(job)
            said = f"{type(error).__name__}: {error}"
            self._step(job, "failed", message=f"程序出错：{said}", message_en=f"The program failed: {said}")

    def _enter(self, job: str, data: bytes, name: str, who: str, why: str) -> None:
        if not self._step(job, "reading"):
            return
        ledger = self._shelf.ledger
        held = ledger.holds(hashlib.sha256(data).hexdigest())
        if held is not None:
            self._step(
                job, "done", report=held.report, outcome="known", statements=held.statements,
                message=f"此文件已于 {held.at[:10]} 录入。", message_en=f"This file was entered on {held.at[:10]}.",
            )  # fmt: skip
            return
        with DRAWING if data[:1024].find(b"%PDF") >= 0 else nullcontext():
            answer = whole(Job(data, name), ReadOptions(limit=self.limit))
        if answer.error:
            zh, en = _for_visitors(*answer.error, name)
            self._step(job, "failed", message=zh, message_en=en)
            return
        if not self._step(job, "entering"):
            return
        entry = ledger.enter(answer.rendered, who=who, why=why, original=data)
        nothing = remark(answer.rendered) or ("", "")
        if not answer.statements:
            nothing = (
                f"已录入，但没有读出任何指标。{nothing[0]}如果这不是报告，可在报告页撤回。",
                f"Entered, but no statement was found in it. {nothing[1]} If it is no report, retract it on its page.",
            )
        done = partial(
            self._step, job, report=entry.report, outcome=entry.outcome, statements=entry.statements,
            message=nothing[0], message_en=nothing[1], unplaced=len(entry.unplaced),
            twins=tuple(head.report for head in entry.twins),
        )  # fmt: skip
        done("checking")
        look = self._shelf.look()
        head = look.head(entry.report)
        if head is not None:
            sheets_with(look, head)
        done("done")


def too_large(name: str, size: int, limit: int) -> WebError:
    """That a file is larger than is taken, how large it is and how large it may be."""
    mine, most = size / 1048576, limit / 1048576
    return WebError(
        413,
        "too_large",
        f"“{name}”太大（{mine:.0f} MB），每个文件不超过 {most:.0f} MB。没有录入。",
        f"“{name}” is too large ({mine:.0f} MB); a file has {most:.0f} MB at most. It was not entered.",
        "file",
    )


def _for_visitors(zh: str, en: str, name: str) -> tuple[str, str]:
    """A sentence for whoever handed a file in, who has no command line here and no say over the server."""
    if "pip install" in zh or "--limit" in zh:
        cut, cut_en = re.split("请运行|请确认|或用", zh)[0], re.split("Run:|Check |, or raise", en)[0]
        zh = f"{cut.rstrip('，。 ')}。请管理员处理，或换成有文字层的文件。"
        en = f"{cut_en.rstrip(',. ')}. Ask an administrator, or hand in a file with text in it."
    if name.lower().endswith(".pdf") and "二进制" in zh:
        zh = zh.replace("不是能读的文件", "不是有效的 PDF，也不是别的能读的文件")
    return (zh if name in zh else f"“{name}”：{zh}"), (en if name in en else f"“{name}”: {en}")
