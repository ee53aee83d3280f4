"""From one source to its rendered answer, or to the sentence that says why there is none."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from taizhang.errors import TaizhangError
from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import ReadOptions, read
from taizhang.views import FACES, Options
from taizhang.views.remark import remark


class Job(msgspec.Struct, frozen=True):
    """One document to read: a path, or bytes already at hand (standard input), and its name in the answers."""

    source: str | bytes
    name: str


class Answer(msgspec.Struct):
    """What became of a job. `error` and `remark` are a sentence in Chinese and one in English."""

    name: str
    rendered: Any = None
    statements: int = 0
    error: tuple[str, str] | None = None
    remark: tuple[str, str] | None = None
    place: str | None = None
    """Path of the file, which its name in the answers need not lead to."""


def answer(job: Job, face: str, options: Options, reading: ReadOptions) -> Answer:
    """Read, extract and render one document. Never raises for what a file holds: one bad file stops no other."""
    return _answer(job, lambda report: FACES[face].render(report, options), reading)


def whole(job: Job, reading: ReadOptions) -> Answer:
    """The same with the report itself as what is rendered."""
    return _answer(job, lambda report: report, reading)


def _answer(job: Job, render: Callable[[Report], Any], reading: ReadOptions) -> Answer:
    try:
        report = extract(read(job.source, job.name, options=reading))
        return Answer(job.name, render(report), len(report.statements), remark=remark(report))
    except TaizhangError as error:
        return Answer(job.name, error=(error.zh, error.en))
    except MemoryError:
        return Answer(
            job.name,
            error=(f"内存不足，无法处理“{job.name}”。", f"Not enough memory for “{job.name}”."),
        )
    except Exception as error:
        # A fault of ours on one report must not lose the other three hundred; say enough to find it.
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
        return Answer(
            job.name,
            error=(
                f"处理“{job.name}”时程序出错：{where}。请把这句话和文件一并反馈。",
                f"The program failed on “{job.name}”: {where}. Please report this sentence with the file.",
            ),
        )
