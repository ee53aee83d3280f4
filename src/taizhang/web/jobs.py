"""Reports being entered: one after another, in the background, each with how far it is.

A file is kept on disk (`spool.py`) from before it is acknowledged until it is over. What a server that stopped left is
read by the next one; a file at which servers stopped twice may be the reason, so it waits until somebody asks for it.
"""

from __future__ import annotations

import hashlib
import queue
import re
import secrets
import threading
from collections import OrderedDict
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import msgspec

from taizhang.errors import StoreError, TaizhangError
from taizhang.read import ReadOptions
from taizhang.read.pictures import DRAWING
from taizhang.scale.answers import Job, whole
from taizhang.views.remark import remark
from taizhang.web.asking import WebError
from taizhang.web.checked import sheets_with
from taizhang.web.shelf import GoneError, Shelf
from taizhang.web.spool import Spool, Waiting, spool_place

Stage = Literal["waiting", "reading", "entering", "checking", "done", "failed", "cancelled", "stopped"]
STAGES: tuple[Stage, ...] = ("waiting", "reading", "entering", "checking", "done")
_OVER = ("done", "failed", "cancelled")
_KEPT = 200
_TRIES = 2
_PATIENCE = 20.0
"""Seconds that a server which is told to stop waits for the file that it is reading."""


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


class Jobs:
    """The files handed in since the server started, and those that the last one left. Safe to share between threads."""

    def __init__(self, shelf: Shelf, limit: int) -> None:
        self._shelf, self.limit = shelf, limit
        self._lock = threading.Lock()
        self._states: OrderedDict[str, JobState] = OrderedDict()
        self._notes: dict[str, Waiting] = {}
        self._stamp = 0
        self._closing = False
        self._line: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._spool = Spool(spool_place(shelf.target))
        if not shelf.readonly:
            for waiting in self._spool.take_over():
                stopped = waiting.tries >= _TRIES
                state = JobState(
                    waiting.id, waiting.name, waiting.size, "stopped" if stopped else "waiting", waiting.who, waiting.at
                )
                self._notes[waiting.id] = waiting
                self._put(state)
                if not stopped:
                    self._line.put(waiting.id)
        self._thread = threading.Thread(target=self._work, name="enter", daemon=True)
        self._thread.start()

    def stamp(self) -> int:
        """Changes with every step."""
        return self._stamp

    def close(self) -> None:
        """End with the file that is being read, or leave it where it is kept; those that wait are left there."""
        if self._closing:
            return
        self._closing = True
        self._line.put(None)
        self._thread.join(_PATIENCE)
        self._spool.close()

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
        waiting = Waiting(state.id, state.name, len(data), who, why, now)
        self._spool.keep(waiting, data)
        self._notes[state.id] = waiting
        self._put(state)
        self._line.put(state.id)
        return state

    def cancel(self, job: str) -> bool:
        """Take a file out of the line again; false where it is being entered already."""
        with self._lock:
            state = self._states.get(job)
            if state is None or state.stage not in ("waiting", "reading", "stopped"):
                return False
            self._set(msgspec.structs.replace(state, stage="cancelled"))
        self._forget(job)
        return True

    def again(self, job: str) -> bool:
        """Put a file that was not read to its end in the line again; false for any other."""
        with self._lock:
            state = self._states.get(job)
            if state is None or state.stage != "stopped":
                return False
            self._set(msgspec.structs.replace(state, stage="waiting", message="", message_en=""))
        self._notes[job] = msgspec.structs.replace(self._notes[job], tries=0)
        self._line.put(job)
        return True

    def _forget(self, job: str) -> None:
        self._notes.pop(job, None)
        self._spool.drop(job)

    def _put(self, state: JobState) -> None:
        with self._lock:
            self._set(state)
            over = [each.id for each in self._states.values() if each.stage in _OVER]
            for oldest in over[: max(len(self._states) - _KEPT, 0)]:
                del self._states[oldest]

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

    def _work(self) -> None:
        while not self._closing:
            job = self._line.get()
            if job is None or self._closing:
                return
            self._run(job)

    def _run(self, job: str) -> None:
        note = self._notes.get(job)
        if note is None:
            return
        try:
            # Written down first: it may be what ends the server.
            with suppress(OSError):
                self._spool.note(msgspec.structs.replace(note, tries=note.tries + 1))
            self._enter(job, self._spool.bytes_of(job), note.name, note.who, note.why)
        except Exception as error:
            if self._closing:
                # The ledger was closed under it; the next server reads it, and this was no fault of the file.
                with suppress(OSError):
                    self._spool.note(note)
                return
            if isinstance(error, StoreError | GoneError):
                # Nothing is wrong with the file: it is kept until the ledger can be written.
                self._step(job, "stopped", message=error.zh, message_en=error.en)
                return
            if isinstance(error, TaizhangError):
                zh, en = error.zh, error.en
            else:
                said = f"{type(error).__name__}: {error}"
                zh, en = f"程序出错：{said}", f"The program failed: {said}"
            self._step(job, "failed", message=zh, message_en=en)
        self._forget(job)

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
