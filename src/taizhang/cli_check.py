"""`taizhang check`: successive reports of one place in, what became of last year's targets out.

Exit codes: 0 when the check could be made; 1 when it found something and `--fail-on` asked to be told so; 2 when no
check could be made (two places, one report twice, a file that cannot be read).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from taizhang.checks.findings import findings
from taizhang.checks.order import in_order, years_missing
from taizhang.checks.outcomes import outcomes_over
from taizhang.console import (
    DEFAULT_LIMIT,
    DEFAULT_PAGES,
    Destination,
    FormatOption,
    Language,
    LanguageOption,
    LimitOption,
    PagesOption,
    complain,
    plainly,
    reading,
)
from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import ReadOptions, read
from taizhang.views import Options
from taizhang.views.check_faces import CHECK_FACES
from taizhang.views.outcome import Checked, counts
from taizhang.views.output import spare


class FailOn(StrEnum):
    """What makes the exit code 1."""

    never = "never"
    error = "error"
    missed = "missed"


def mount(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(check_command)


def check_command(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="REPORT REPORT…", help="同一地方前后相继的报告。 Successive reports of one place."),
    ],
    form: FormatOption = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入文件。 Write to a file.", show_default=False)
    ] = None,
    lang: LanguageOption = Language.zh,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            "--fail-on",
            help="何时以 1 退出：error 有“必须核对”的疑点；missed 有未达到的目标。 When to exit with 1.",
        ),
    ] = FailOn.never,
    limit: LimitOption = DEFAULT_LIMIT,
    pages: PagesOption = DEFAULT_PAGES,
) -> None:  # fmt: skip
    """核对上年目标的完成情况。 Check what became of last year's targets.

    例 examples：\n
      taizhang check 2024年报告.txt 2025年报告.txt\n
      taizhang check 2024.txt 2025.txt 2026.txt -o 核对.html

    左右：相差不超过目标值的5%，或末位的半个单位（取大者），算达到；物价、失业率等以低为好的，按上限看。
    左右 allows 5% of the target or half its last digit, whichever is more; of prices and the like it is a ceiling.
    """
    with plainly(lang):
        to = Destination(form, output, lambda form: CHECK_FACES[form.value].terminal)
        if to.file is not None:
            spare(to.file, paths)
        checked = check([_report(path, reading(limit, pages)) for path in paths])
        missing = years_missing(checked.reports)
        if missing:
            years = "、".join(map(str, missing))
            complain(
                f"缺回顾 {years} 年的报告，中间年份的目标无法核对。",
                f"No report reviews {years.replace('、', ', ')}: targets of the years between are not checked.",
                lang,
            )
        rendered = CHECK_FACES[to.format.value].render(checked, Options(lang.value, False, to.width, to.colour))
        with to.opened() as stream:
            stream.write(rendered)
        if to.file is not None:
            said = counts(checked.outcomes, lang.value)
            typer.echo(
                f"{said}。已写入 {to.file}" if lang is Language.zh else f"{said}. Written to {to.file}", err=True
            )
    if _fails(checked, fail_on):
        raise typer.Exit(1)


def check(reports: list[Report]) -> Checked:
    """Outcomes and findings of reports of one place, given in any order."""
    ordered = in_order(reports)
    return Checked(tuple(ordered), tuple(outcomes_over(ordered)), tuple(findings(ordered)))


def _report(path: str, options: ReadOptions) -> Report:
    return extract(read(path, options=options))


def _fails(checked: Checked, fail_on: FailOn) -> bool:
    if fail_on is FailOn.error:
        return any(item.severity == "error" for item in checked.findings)
    if fail_on is FailOn.missed:
        return any(item.verdict == "missed" for item in checked.outcomes)
    return False
