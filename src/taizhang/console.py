"""What every command shares: its options, what it is to read, its way of complaining, and how wide a terminal is.

What goes wrong ends in a sentence and an exit code, never in a traceback.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from taizhang.errors import TaizhangError
from taizhang.read import TEXT_SUFFIXES
from taizhang.scale import Job
from taizhang.views.words import harmless

_PLAIN_WIDTH = 100  # of tables that go to a file or a pipe
_WIDEST = 160


class Format(StrEnum):
    """The formats of an answer."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"
    html = "html"


class Language(StrEnum):
    """The languages of an answer."""

    zh = "zh"
    en = "en"


LanguageOption = Annotated[Language, typer.Option("--lang", help="界面语言。 Language of the answers.")]
LimitOption = Annotated[
    float, typer.Option("--limit", min=0.000001, help="单个文件大小上限，MB。 Largest file read, in MB.")
]


def by_suffix(output: Path | None) -> Format:
    """The format that a file's suffix asks for; a table where it asks for none."""
    suffix = output.suffix.lower().lstrip(".") if output else ""
    return Format(suffix) if suffix in Format.__members__ else Format.table


def terminal_width(shown: bool) -> int:
    """Columns of the terminal, or of what is written elsewhere."""
    columns = os.environ.get("COLUMNS", "")
    if not shown and not columns.isdigit():
        return _PLAIN_WIDTH
    return min(shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns, _WIDEST)


def complain(zh: str, en: str, lang: Language) -> None:
    """A sentence on standard error: Chinese with its English, or English alone."""
    typer.echo(harmless(f"{zh}\n{en}" if lang is Language.zh else en), err=True)


@contextmanager
def plainly(lang: Language) -> Iterator[None]:
    """What goes wrong ends in a sentence and an exit code, never in a traceback."""
    try:
        yield
        sys.stdout.flush()
    except TaizhangError as error:
        complain(error.zh, error.en, lang)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        complain("已中断，没有留下写了一半的文件。", "Interrupted; no half-written file was left.", lang)
        raise typer.Exit(130) from None
    except BrokenProcessPool:
        complain(
            "一个工作进程意外退出（多半是内存不足）。请用 --jobs 1 再试。",
            "A worker process ended (most likely out of memory). Try again with --jobs 1.",
            lang,
        )
        raise typer.Exit(2) from None
    except OSError as error:
        reason = error.strerror or str(error)
        complain(f"无法输出：{reason}。", f"Cannot write the answer: {reason}.", lang)
        raise typer.Exit(2) from None


def sources(paths: list[str], limit: int, lang: Language) -> tuple[list[Job], list[TaizhangError]]:
    """What to read, in order. Under one folder a report is called by its path from there, else by the path as given."""
    jobs: list[Job] = []
    problems: list[TaizhangError] = []
    for path in paths:
        if path == "-":
            jobs.append(Job(standard_input(limit, lang), "stdin"))
        elif Path(path).is_dir():
            try:
                jobs += _under(Path(path), relative=len(paths) == 1, lang=lang)
            except TaizhangError as error:
                problems.append(error)
        else:
            jobs.append(Job(path, Path(path).as_posix()))
    return jobs, problems


def _under(top: Path, *, relative: bool, lang: Language) -> list[Job]:
    """The text files under a folder, sorted by path; what else lies there is counted aloud."""
    try:
        with os.scandir(top):
            pass
    except OSError as error:
        raise TaizhangError(
            f"无法打开文件夹“{top}”：{error.strerror}。", f"Cannot open the folder “{top}”: {error.strerror}."
        ) from None
    files = sorted(
        path
        for path in top.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(top).parts)
    )
    texts = [path for path in files if path.suffix.lower() in TEXT_SUFFIXES]
    others = Counter(path.suffix.lower() or path.name for path in files if path.suffix.lower() not in TEXT_SUFFIXES)
    listed = "、".join(f"{suffix} {count}" for suffix, count in others.most_common(6))
    in_english = listed.replace("、", ", ")
    if not texts:
        raise TaizhangError(
            f"文件夹“{top}”里没有 .txt 或 .md 文件" + (f"（只有 {listed}）。" if listed else "。"),
            f"There is no .txt or .md file in the folder “{top}”" + (f" (only {in_english})." if listed else "."),
        )
    if listed:
        complain(
            f"跳过“{top}”里其他格式的文件：{listed}。",
            f"Passed over files of other kinds in “{top}”: {in_english}.",
            lang,
        )
    return [Job(str(path), (path.relative_to(top) if relative else path).as_posix()) for path in texts]


def standard_input(limit: int, lang: Language) -> bytes:
    """What comes in on standard input, up to one byte more than may be read."""
    if sys.stdin.isatty():
        complain("从终端读取文字，按 Ctrl-D 结束。", "Reading from the terminal; end with Ctrl-D.", lang)
    return sys.stdin.buffer.read(limit + 1)
