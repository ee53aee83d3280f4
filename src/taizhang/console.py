"""What every command shares: its options, what it is to read, its way of complaining, and how wide a terminal is.

What goes wrong ends in a sentence and an exit code, never in a traceback.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext, suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from taizhang.errors import TaizhangError, why
from taizhang.lexicon import userlist
from taizhang.read import LIMIT, ReadOptions, suffixes
from taizhang.scale import Answer, Job, stop
from taizhang.views.output import replacing, spare
from taizhang.views.words import harmless

_MEGABYTE = 1024 * 1024
_MOST_MEGABYTES = 1_000_000
_MANY_FILES = 8  # from here on several processes pay for their start

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
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", "-f", show_default="table",
        help="输出格式；缺省时看 -o 的后缀。 Format; by default that of the -o file's suffix.",
    ),
]  # fmt: skip
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=0, help="进程数，0 为自动。 Processes; 0 chooses by the number of files.")
]
PathsArgument = Annotated[
    list[str],
    typer.Argument(metavar="PATH...", help="文件、文件夹或 -（标准输入）。 Files, folders or - (standard input)."),
]


def _sensible(megabytes: float) -> float:
    """The limit as given; `inf` and `nan` are floats too, but no size."""
    if not (math.isfinite(megabytes) and 0 < megabytes <= _MOST_MEGABYTES):
        raise typer.BadParameter(
            f"应为大于 0、不超过 {_MOST_MEGABYTES} 的数（单位 MB）。 Megabytes: more than 0, at most {_MOST_MEGABYTES}."
        )
    return megabytes


LimitOption = Annotated[
    float, typer.Option("--limit", callback=_sensible, help="单个文件大小上限，MB。 Largest file read, in MB.")
]
DEFAULT_LIMIT = LIMIT / _MEGABYTE
PagesOption = Annotated[
    int,
    typer.Option(
        "--pages", min=1, help="单个文件页数（或工作表数）上限。 Most pages, or sheets, of one file that is read."
    ),
]
DEFAULT_PAGES = ReadOptions().pages


def size_limit(megabytes: float) -> int:
    """`--limit` in bytes."""
    return int(megabytes * _MEGABYTE)


def reading(megabytes: float, pages: int) -> ReadOptions:
    """How far a file is read: `--limit` and `--pages`. On a terminal each scanned page is told."""
    shown = sys.stderr.isatty()
    return ReadOptions(
        limit=size_limit(megabytes),
        pages=pages,
        told=page_read if shown else None,
        long=takes_long if shown else None,
    )


_A_SECOND = 60_000  # characters read in it, at the least


def takes_long(name: str, characters: int) -> None:
    """Say on standard error that a text is long, and about how many seconds it takes."""
    ten_thousands, seconds = characters // 10_000, characters // _A_SECOND
    typer.echo(
        harmless(
            f"{Path(name).name}：{ten_thousands}万字，约需{seconds}秒 {characters:,} characters, about {seconds} s"
        ),
        err=True,
    )


def page_read(name: str, done: int, of: int) -> None:
    """Say on standard error that a page was recognised; each takes seconds."""
    typer.echo(harmless(f"{Path(name).name}：已识别 {done}/{of} 页 pages recognised"), err=True)


def processes(jobs: int, files: int) -> int:
    """How many processes to read with: as asked, or by the number of files; never more than files."""
    return min(jobs or (1 if files < _MANY_FILES else os.cpu_count() or 1), files)


_SUFFIXES = {
    "": Format.table, "txt": Format.table, "text": Format.table, "json": Format.json, "jsonl": Format.jsonl,
    "ndjson": Format.jsonl, "csv": Format.csv, "xlsx": Format.xlsx, "html": Format.html, "htm": Format.html,
}  # fmt: skip


class Destination:
    """Where an answer goes and in which format, settled and found possible before anything is read.

    `shown` is true where it goes to a terminal. Raises `TaizhangError` for a suffix that names no format, and for a
    format that a terminal cannot show.
    """

    def __init__(self, form: Format | None, output: Path | None, terminal: Callable[[Format], bool]) -> None:
        self.file = None if output is None or str(output) == "-" else output
        self.shown = self.file is None and sys.stdout.isatty()
        self.format = form or _by_suffix(self.file)
        self.colour = self.shown and "NO_COLOR" not in os.environ
        self.width = terminal_width(self.shown)
        if self.shown and not terminal(self.format):
            name = self.format.value
            raise TaizhangError(
                f"{name} 不能显示在终端上。请用 -o 指定文件，例如 -o 结果.{name}。",
                f"A terminal cannot show {name}. Name a file with -o, for example -o out.{name}.",
            )

    def spare(self, jobs: Iterable[Job]) -> None:
        """Raise `OutputError` if the answer would be written over one of the files that are read."""
        if self.file is not None:
            spare(self.file, named(jobs))

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The stream for the answer: a file that is there whole or not at all, or standard output."""
        with replacing(self.file) if self.file is not None else nullcontext(sys.stdout.buffer) as stream:
            yield stream
            stream.flush()


def _by_suffix(output: Path | None) -> Format:
    suffix = output.suffix.lower().lstrip(".") if output else ""
    if suffix not in _SUFFIXES:
        raise TaizhangError(
            f"不知道怎样写“.{suffix}”文件。请用后缀 .txt、.json、.jsonl、.csv、.xlsx 或 .html，或用 -f 指定格式。",
            f"No format is known for “.{suffix}”. Use .txt, .json, .jsonl, .csv, .xlsx or .html, or say which with -f.",
        )
    return _SUFFIXES[suffix]


def named(jobs: Iterable[Job]) -> Iterator[str | os.PathLike[str]]:
    """The files among what is read; what standard input comes from is one too."""
    for job in jobs:
        if not isinstance(job.source, bytes):
            yield job.source
        elif sys.stdin is not None:
            with suppress(OSError, ValueError):
                yield f"/dev/fd/{sys.stdin.fileno()}"


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
        userlist.check()
        yield
        sys.stdout.flush()
    except TaizhangError as error:
        complain(error.zh, error.en, lang)
        raise typer.Exit(2) from None
    except BrokenPipeError:
        # The reader (head, less) has seen enough.
        silence()
        stop()
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        stop()
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
        silence()
        complain(*cannot_write(error), lang)
        raise typer.Exit(2) from None


def cannot_write(error: OSError) -> tuple[str, str]:
    """That an answer could not be written, in Chinese and English."""
    zh, en = why(error)
    return f"无法输出：{zh}。", f"Cannot write the answer: {en}."


def silence() -> None:
    """Let what is still waiting for standard output go nowhere: Python would complain once more when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def watched(answers: Iterator[Answer], total: int) -> Iterator[Answer]:
    """The answers, with a progress bar on standard error where that is a terminal and there are several."""
    console = Console(stderr=True)
    if total < 2 or not console.is_terminal:
        yield from answers
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        for answer in answers:
            progress.update(task, advance=1, description=escape(Path(answer.name).name[:24]))
            yield answer


def sources(paths: list[str], limit: int, lang: Language) -> tuple[list[Job], list[TaizhangError]]:
    """What to read, in order, each file once; and what is wrong with the paths.

    Under one folder a report is called by its path from there, else by the path as given.
    """
    jobs: list[Job] = []
    problems: list[TaizhangError] = []
    for path in paths:
        if path == "-":
            jobs.append(Job(standard_input(limit, lang), "stdin"))
        elif not path.strip():
            problems.append(
                TaizhangError("有一个路径是空的。请写明文件或文件夹。", "A path is empty. Name a file or a folder.")
            )
        elif is_folder(path):
            found, wrong = _under(Path(path), relative=len(paths) == 1, lang=lang)
            jobs += found
            problems += wrong
        else:
            jobs.append(Job(path, Path(path).as_posix()))
    return _once(jobs, lang), problems


def is_folder(path: str) -> bool:
    """Whether a path is a folder; one that may not be looked at is none."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # reading it says better what is wrong
        return False


def _once(jobs: list[Job], lang: Language) -> list[Job]:
    """The jobs without those that read a file again."""
    seen: set[str] = set()
    once = []
    for job in jobs:
        key = job.name if isinstance(job.source, bytes) else os.path.realpath(job.source)
        if key in seen:
            complain(f"“{job.name}”给了不止一次，只读一次。", f"“{job.name}” is given twice and read once.", lang)
            continue
        seen.add(key)
        once.append(job)
    return once


def _under(top: Path, *, relative: bool, lang: Language) -> tuple[list[Job], list[TaizhangError]]:
    """The files of a readable form under a folder, sorted by path; what else lies there is counted aloud."""
    problems: list[TaizhangError] = []

    def refused(error: OSError) -> None:
        name = error.filename or top
        zh, en = why(error)
        problems.append(TaizhangError(f"无法打开文件夹“{name}”：{zh}。", f"Cannot open the folder “{name}”: {en}."))

    files = []
    for place, folders, names in os.walk(top, onerror=refused):
        # What a browser saves beside a page (报告_files) are its buttons and scripts.
        folders[:] = [name for name in folders if not name.startswith(".") and not name.endswith(("_files", ".files"))]
        files += [path for name in names if not name.startswith(".") and (path := Path(place, name)).is_file()]
    files.sort()
    known = suffixes()
    texts = [path for path in files if path.suffix.lower() in known]
    others = Counter(path.suffix.lower() or path.name for path in files if path.suffix.lower() not in known)
    listed = "、".join(f"{suffix} {count}" for suffix, count in others.most_common(6))
    in_english = listed.replace("、", ", ")
    if not texts and not problems:
        problems.append(
            TaizhangError(
                f"文件夹“{top}”里没有能读的报告文件" + (f"（只有 {listed}）。" if listed else "。"),
                f"No file of a readable form in the folder “{top}”" + (f" (only {in_english})." if listed else "."),
            )
        )
    elif listed:
        complain(
            f"跳过“{top}”里其他格式的文件：{listed}。",
            f"Passed over files of other kinds in “{top}”: {in_english}.",
            lang,
        )
    return [Job(str(path), (path.relative_to(top) if relative else path).as_posix()) for path in texts], problems


def standard_input(limit: int, lang: Language) -> bytes:
    """What comes in on standard input, up to one byte more than may be read."""
    if sys.stdin.isatty():
        complain("从终端读取文字，按 Ctrl-D 结束。", "Reading from the terminal; end with Ctrl-D.", lang)
    stream: Any = sys.stdin.buffer  # typed as any binary file, which may lack read1
    pieces, left = [], limit + 1
    # Piece by piece: one long read would not heed an interrupt that comes between two of its own.
    while left > 0 and (piece := stream.read1(min(left, 1 << 16))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
