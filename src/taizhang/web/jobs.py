"""Reports being entered: one after another, in the background, each with how far it is."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Literal

import msgspec

from taizhang.errors import TaizhangError
from taizhang.read import ReadOptions
from taizhang.read.pictures import DRAWING
from taizhang.scale.answers import Job, whole
from taizhang.views.remark import remark
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


class Jobs:
    """The files handed in since the server started. Safe to share between threads."""

    def __init__(self, shelf: Shelf, limit: int) -> None:
        self._shelf, self.limit = shelf, limit
        self._lock = threading.Lock()
        self._states: OrderedDict[str, JobState] = OrderedDict()
        self._stamp = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="enter")

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
        """Put a file in the line."""
        name = name.replace("\\", "/").rsplit("/", 1)[-1].strip() or "report.txt"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        state = JobState(secrets.token_urlsafe(9), name, len(data), "waiting", who, now)
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
        except TaizhangError as error:
            self._step(job, "failed", message=error.zh, message_en=error.en)
        except Exception as error:
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
            self._step(job, "failed", message=answer.error[0], message_en=answer.error[1])
            return
        if not self._step(job, "entering"):
            return
        entry = ledger.enter(answer.rendered, who=who, why=why, original=data)
        nothing = remark(answer.rendered) or ("", "")
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
