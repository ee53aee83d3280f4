"""The command line: parse, call, print.

Exit codes: 0 when something could be done, even if some of several files could not be read (each is named on standard
error); 2 when nothing could be done; 130 when interrupted. Answers go to standard output, all else to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from itertools import chain
from pathlib import Path, PurePath
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from taizhang import __version__, cli_check, cli_findings, cli_ledger
from taizhang.console import (
    Format,
    Language,
    LanguageOption,
    LimitOption,
    by_suffix,
    complain,
    plainly,
    sources,
    standard_input,
    terminal_width,
)
from taizhang.errors import TaizhangError
from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import LIMIT, read
from taizhang.scale import Answer, answer, in_order
from taizhang.views import FACES, Face, Options, search, table
from taizhang.views.output import folder, replacing

_MEGABYTE = 1024 * 1024
_MANY_FILES = 8  # from here on several processes pay for their start
_MOST_EXPLAINED = 5

app = typer.Typer(
    name="taizhang",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "台账：读政府计划报告、工作报告，取出每一个指标和每一项承诺，并指回原文。\n\n"
        "Reads Chinese government plan and work reports: every quantity and every undertaking, tied to its place.\n\n"
        "退出码：0 完成（个别文件读不了时会逐一说明），2 什么也没能做，130 被中断。 "
        "Exit codes: 0 done, with a word on each file that could not be read; 2 nothing could be done; 130 interrupted."
    ),
)


def main() -> None:
    """Entry point of the `taizhang` command."""
    try:
        code = app(prog_name="taizhang", standalone_mode=False)
    except Exception as error:
        # A wrong option or a missing argument: Typer words it in English only. Its class has moved between versions,
        # so it is known here by what it can do.
        show = getattr(error, "show", None)
        if show is None:
            raise
        if len(sys.argv) > 1:
            typer.echo("命令写法不对，详见下文；运行 taizhang --help 查看用法。", err=True)
        show()
        code = 2
    sys.exit(code)


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="显示版本。 Show the version.", is_eager=True, callback=lambda on: _version(on)),
    ] = False,
) -> None:
    pass


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"taizhang {__version__}")
        raise typer.Exit


@app.command("read")
def read_command(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="文件、文件夹或 -（标准输入）。 Files, folders or - (standard input)."),
    ],
    form: Annotated[
        Format | None,
        typer.Option(
            "--format", "-f", show_default="table",
            help="输出格式；缺省时看 -o 的后缀。 Format; by default that of the -o file's suffix.",
        ),
    ] = None,
    commitments: Annotated[
        bool,
        typer.Option(
            "--commitments", "-c",
            help="列出承诺与成绩而不是指标（table、jsonl、csv）。 List commitments and achievements instead.",
        ),
    ] = False,
    doubtful: Annotated[
        bool,
        typer.Option(
            "--doubtful",
            help="先列最没有把握的指标（table、jsonl、csv、xlsx）。 The least sure statements first.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o",
            help="写入文件（html 且有多份报告时为文件夹）。 Write to a file (for html and several reports: a folder).",
        ),
    ] = None,
    lang: LanguageOption = Language.zh,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=0, help="进程数，0 为自动。 Processes; 0 chooses by the number of files.")
    ] = 0,
    limit: LimitOption = LIMIT / _MEGABYTE,
) -> None:  # fmt: skip
    """读取报告，列出其中的指标。 Read reports and list their statements.

    例 examples：\n
      taizhang read 报告.txt\n
      taizhang read 报告文件夹/ -o 指标.xlsx\n
      taizhang read 报告.txt --commitments --format jsonl\n
      taizhang read 报告.txt --doubtful\n
      cat 报告.txt | taizhang read -
    """
    with plainly(lang):
        chosen = form or by_suffix(output)
        face = FACES[chosen.value]
        shown = output is None and sys.stdout.isatty()
        if shown and not face.terminal:
            raise TaizhangError(
                f"{chosen.value} 不能显示在终端上。请用 -o 指定文件，例如 -o 指标.{chosen.value}。",
                f"A terminal cannot show {chosen.value}. Name a file with -o, for example -o out.{chosen.value}.",
            )
        size = int(limit * _MEGABYTE)
        found, problems = sources(paths, size, lang)
        many = len(found) + len(problems) > 1 or any(Path(path).is_dir() for path in paths)
        if face.single and many and (output is None or output.is_file()):
            raise TaizhangError(
                "多份报告各成一个网页，请用 -o 指定文件夹。",
                "Several reports make a page each: name a folder with -o.",
            )
        options = Options(
            lang.value, commitments, terminal_width(shown), shown and "NO_COLOR" not in os.environ, doubtful
        )
        work = partial(answer, face=chosen.value, options=options, limit=size)
        count = jobs or (1 if len(found) < _MANY_FILES else os.cpu_count() or 1)
        tally = _Tally(lang, len(problems))
        for problem in problems:
            complain(problem.zh, problem.en, lang)
        answers = _watched(in_order(work, found, min(count, len(found))), len(found), tally, chosen, bar=not shown)
        if face.single and many and output is not None:
            _write_pages(answers, output)
        else:
            _write(answers, face, options, output)
        if many or output is not None:
            tally.tell(output)


def _write(answers: Iterator[Answer], face: Face, options: Options, output: Path | None) -> None:
    """All answers into one output. It is opened at the first of them, so that where none comes nothing is written."""
    first = next(answers, None)
    if first is None:
        raise typer.Exit(2)
    with replacing(output) if output else nullcontext(sys.stdout.buffer) as stream:
        writer = face.writer(stream, options)
        for item in chain([first], answers):
            writer.write(item.rendered)
        writer.close()


def _write_pages(answers: Iterator[Answer], output: Path) -> None:
    """Each answer into a page of its own under the folder `output`."""
    written = False
    for item in answers:
        # A name may lead upwards (../a.txt) or be absolute; a page stays inside the folder.
        parts = [part for part in PurePath(item.name).parts if part not in ("/", "..", ".")]
        path = output.joinpath(*parts[:-1], f"{parts[-1]}.html")
        folder(path.parent)
        with replacing(path) as stream:
            stream.write(item.rendered)
        written = True
    if not written:
        raise typer.Exit(2)


class _Tally:
    """How many reports were read and how many not, for the closing line."""

    def __init__(self, lang: Language, failed: int) -> None:
        self._lang, self.failed, self.done, self.statements = lang, failed, 0, 0

    def tell(self, output: Path | None) -> None:
        zh = f"读了 {self.done} 份报告，共 {self.statements} 条指标"
        en = f"Read {self.done} reports, {self.statements} statements"
        if self.failed:
            zh, en = f"{zh}；{self.failed} 份未能读取", f"{en}; {self.failed} could not be read"
        if output:
            zh, en = f"{zh}。已写入 {output}", f"{en}. Written to {output}"
        typer.echo(f"{zh}。" if self._lang is Language.zh else f"{en}.", err=True)

    def take(self, item: Answer, *, remarks: bool) -> bool:
        """Count one answer and say what there is to say of it; true if it is one to write."""
        if item.error:
            self.failed += 1
            complain(*item.error, self._lang)
            return False
        self.done += 1
        self.statements += item.statements
        if item.remark and remarks:
            zh, en = item.remark
            complain(f"“{item.name}”：{zh}", f"“{item.name}”: {en}", self._lang)
        return True


def _watched(answers: Iterator[Answer], total: int, tally: _Tally, form: Format, *, bar: bool) -> Iterator[Answer]:
    """The answers that can be written, with a progress bar on a terminal where nothing else is drawn there."""
    remarks = form not in (Format.table, Format.html)  # those two show it themselves
    console = Console(stderr=True)
    if not bar or total < 2 or not console.is_terminal:
        yield from (item for item in answers if tally.take(item, remarks=remarks))
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=total)
        for item in answers:
            progress.update(task, advance=1, description=escape(Path(item.name).name[:24]))
            if tally.take(item, remarks=remarks):
                yield item


@app.command("explain")
def explain_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="文件，或 - 表示标准输入。 A file, or - for standard input.")
    ],
    words: Annotated[str, typer.Argument(metavar="WORDS", help="原文中的词语或数字。 Words or a number of the text.")],
    every: Annotated[
        bool,
        typer.Option("--all", help=f"显示全部，而不只是前 {_MOST_EXPLAINED} 句。 All of them, not only the first few."),
    ] = False,
    lang: LanguageOption = Language.zh,
    limit: LimitOption = LIMIT / _MEGABYTE,
) -> None:
    """说明一句话里每个字段从何而来。 Where each field came from.

    例 example：taizhang explain 报告.txt 1.27亿吨
    """
    with plainly(lang):
        report = _report(file, limit, lang)
        spans = search.occurrences(report, words) if words.strip() else ()
        if not spans:
            raise TaizhangError(
                f"“{report.document.source.name}”中没有找到“{words}”。请照原文抄写几个字，或换一个数字。",
                f"“{words}” is not in “{report.document.source.name}”. Copy a few characters from the text.",
            )
        sentences = search.sentences_at(report, spans)
        shown = sentences if every else sentences[:_MOST_EXPLAINED]
        _show(table.explain(report, shown, lang.value, marks=spans))
        if len(shown) < len(sentences):
            left = len(sentences) - len(shown)
            typer.echo(
                f"另有 {left} 句也含有“{words}”；加 --all 全部显示，或多给几个字。"
                if lang is Language.zh
                else f"{left} more sentences hold “{words}”; --all shows them, longer words choose among them.",
                err=True,
            )


@app.command("coverage")
def coverage_command(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="文件，或 - 表示标准输入。 A file, or - for standard input.")
    ],
    lang: LanguageOption = Language.zh,
    limit: LimitOption = LIMIT / _MEGABYTE,
) -> None:
    """列出没有作为指标的数字及原因。 List the numbers left out, and why.

    例 example：taizhang coverage 报告.txt
    """
    with plainly(lang):
        _show(table.coverage(_report(file, limit, lang), lang.value))


def _report(file: str, limit: float, lang: Language) -> Report:
    size = int(limit * _MEGABYTE)
    return extract(read(standard_input(size, lang), "stdin", limit=size) if file == "-" else read(file, limit=size))


def _show(parts: Iterator[RenderableType]) -> None:
    shown = sys.stdout.isatty()
    drawn = table.draw(parts, width=terminal_width(shown), colour=shown and "NO_COLOR" not in os.environ)
    sys.stdout.buffer.write(drawn.encode())
    sys.stdout.buffer.flush()


cli_check.mount(app)
cli_findings.mount(app)
cli_ledger.mount(app)
