"""The command line: parse, call, print.

Exit codes: 0 when something could be done, even if some of several files could not be read (each is named on standard
error); 2 when nothing could be done; 130 when interrupted. Answers go to standard output, all else to standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path, PurePath
from typing import Annotated

import typer
from rich.console import RenderableType

from taizhang import __version__, cli_check, cli_findings, cli_learn, cli_ledger, cli_serve
from taizhang.console import (
    DEFAULT_LIMIT,
    DEFAULT_PAGES,
    Destination,
    Format,
    FormatOption,
    JobsOption,
    Language,
    LanguageOption,
    LimitOption,
    PagesOption,
    PathsArgument,
    cannot_write,
    complain,
    is_folder,
    named,
    plainly,
    processes,
    reading,
    silence,
    sources,
    standard_input,
    watched,
)
from taizhang.errors import TaizhangError
from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import ReadOptions, read
from taizhang.scale import Answer, answer, in_order
from taizhang.views import FACES, Face, Options, search, table
from taizhang.views.output import folder, replacing, spare

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
        "退出码：0 完成（个别文件读不了时会逐一说明），1 check 查出 --fail-on 所说的问题，"
        "2 什么也没能做，130 被中断。 "
        "Exit codes: 0 done, with a word on each file that could not be read; 1 a check found what --fail-on asks for; "
        "2 nothing could be done; 130 interrupted."
    ),
)


def main() -> None:
    """Entry point of the `taizhang` command."""
    # A caller may have closed them (>&-), and then Python has nothing there to write to or read from.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115, PTH123 — open as long as the program runs
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    try:
        code = app(prog_name="taizhang", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        silence()
        code = 0
    except OSError as error:  # --help and --version write outside any command
        silence()
        complain(*cannot_write(error), Language.zh)
        code = 2
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        # A wrong option or a missing argument, which Typer words in English only. Its classes have moved between
        # versions, so they are known here by what they can do.
        show = getattr(error, "show", None)
        if show is None:
            raise
        if type(error).__name__ != "NoArgsIsHelpError":
            typer.echo(_wrong_usage(error), err=True)
        show()
        code = 2
    sys.exit(code)


def _wrong_usage(error: Exception) -> str:
    """In Chinese what is wrong with the command as typed."""
    name, message = type(error).__name__, str(getattr(error, "message", error))
    option = getattr(error, "option_name", "")
    param = getattr(error, "param", None)
    options = getattr(param, "opts", ()) if getattr(param, "param_type_name", "") == "option" else ()
    what = "、".join(options) or getattr(param, "metavar", None) or getattr(param, "name", None) or ""
    if name == "NoSuchOption":
        near = "、".join(getattr(error, "possibilities", None) or ())
        said = f"没有选项“{option}”" + (f"，是不是 {near}？" if near else f"；如果“{option}…”是文件名，请在前面加 ./。")
    elif name == "MissingParameter":
        said = f"缺少 {what}。"
    elif name == "BadParameter":
        choices = message.partition("is not one of ")[2].rstrip(".").replace("'", "").replace(", ", "、")
        said = f"{what} 的值不对" + (f"，可用的值：{choices}。" if choices else "。")
    elif name == "BadOptionUsage":
        said = f"选项“{option}”后面要有值。" if "requires" in message else f"选项“{option}”用法不对。"
    elif "No such command" in message:
        said = f"没有命令{message.partition('No such command ')[2].strip('.')}。"
    else:
        said = "命令写法不对。"
    return f"{said}运行 taizhang --help 查看用法。"


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
    paths: PathsArgument,
    form: FormatOption = None,
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
            help="只列存疑的指标，最没有把握的在前（table、jsonl、csv、xlsx）。 Only doubtful statements, worst first.",
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
    jobs: JobsOption = 0,
    limit: LimitOption = DEFAULT_LIMIT,
    pages: PagesOption = DEFAULT_PAGES,
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
        how = reading(limit, pages)
        found, problems = sources(paths, how.limit, lang)
        many = len(found) + len(problems) > 1 or any(is_folder(path) for path in paths)
        # A folder of pages may be called anything; the suffix of a file says its format.
        to = Destination(form, output, lambda form: FACES[form.value].terminal)
        face = FACES[to.format.value]
        apart = face.single and many
        if apart and (to.file is None or to.file.is_file()):
            raise TaizhangError(
                "多份报告各成一个网页，请用 -o 指定文件夹。",
                "Several reports make a page each: name a folder with -o.",
            )
        if not apart:
            to.spare(found)
        _told_in_vain(to.format, commitments, doubtful, lang)
        options = Options(lang.value, commitments, to.width, to.colour, doubtful)
        work = partial(answer, face=to.format.value, options=options, reading=how)
        tally = _Tally(lang, len(problems))
        for problem in problems:
            complain(problem.zh, problem.en, lang)
        read = in_order(work, found, processes(jobs, len(found)))
        remarks = to.format not in (Format.table, Format.html)  # those two show it themselves
        answers = (item for item in (read if to.shown else watched(read, len(found))) if tally.take(item, remarks))
        if apart and to.file is not None:
            _write_pages(answers, to.file, list(named(found)))
        else:
            _write(answers, face, options, to)
        if many or to.file is not None:
            tally.tell(to.file)


def _told_in_vain(form: Format, commitments: bool, doubtful: bool, lang: Language) -> None:
    """Say of options that this format has no use for that they change nothing."""
    if commitments and form in (Format.json, Format.xlsx):
        complain(
            f"{form.value} 总是既有指标也有承诺，不需要 -c。", f"{form.value} holds both; -c changes nothing.", lang
        )
    if commitments and form is Format.html:
        complain("html 只标出指标，-c 不起作用。", "html shows statements; -c changes nothing.", lang)
    if doubtful and (commitments or form in (Format.json, Format.html)):
        complain("这样输出时 --doubtful 不起作用。", "--doubtful changes nothing in this output.", lang)


def _write(answers: Iterator[Answer], face: Face, options: Options, to: Destination) -> None:
    """All answers into one output. It is opened at the first of them, so that where none comes nothing is written."""
    first = next(answers, None)
    if first is None:
        raise typer.Exit(2)
    with to.opened() as stream:
        writer = face.writer(stream, options)
        for item in chain([first], answers):
            writer.write(item.rendered)
        writer.close()


def _write_pages(answers: Iterator[Answer], output: Path, inputs: list[str | os.PathLike[str]]) -> None:
    """Each answer into a page of its own under the folder `output`."""
    written = False
    for item in answers:
        # A name may lead upwards (../a.txt) or be absolute; a page stays inside the folder.
        parts = [part for part in PurePath(item.name).parts if part not in ("/", "..", ".")]
        path = output.joinpath(*parts[:-1], f"{parts[-1]}.html")
        spare(path, inputs)
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

    def take(self, item: Answer, remarks: bool) -> bool:
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
    limit: LimitOption = DEFAULT_LIMIT,
    pages: PagesOption = DEFAULT_PAGES,
) -> None:
    """说明一句话里每个字段从何而来。 Where each field came from.

    例 example：taizhang explain 报告.txt 1.27亿吨
    """
    with plainly(lang):
        report = _report(file, reading(limit, pages), lang)
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
    limit: LimitOption = DEFAULT_LIMIT,
    pages: PagesOption = DEFAULT_PAGES,
) -> None:
    """列出没有作为指标的数字及原因。 List the numbers left out, and why.

    例 example：taizhang coverage 报告.txt
    """
    with plainly(lang):
        _show(table.coverage(_report(file, reading(limit, pages), lang), lang.value))


def _report(file: str, options: ReadOptions, lang: Language) -> Report:
    if file == "-":
        return extract(read(standard_input(options.limit, lang), "stdin", options=options))
    return extract(read(file, options=options))


def _show(parts: Iterator[RenderableType]) -> None:
    to = Destination(Format.table, None, lambda form: True)
    with to.opened() as stream:
        stream.write(table.draw(parts, width=to.width, colour=to.colour).encode())


cli_check.mount(app)
cli_findings.mount(app)
cli_learn.mount(app)
cli_ledger.mount(app)
cli_serve.mount(app)
