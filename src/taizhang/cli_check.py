"""`taizhang check`: successive reports of one place in, what became of last year's targets out.

Exit codes: 0 when the check could be made; 1 when it found something and `--fail-on` asked to be told so; 2 when no
check could be made (two places, one report twice, a file that cannot be read).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from taizhang.checks.findings import findings
from taizhang.checks.order import in_order, years_missing
from taizhang.checks.outcomes import outcomes_over
from taizhang.checks.undertakings import undertakings_over
from taizhang.cli_ledger import LedgerArgument, PlaceOption, ledger_app, open_ledger
from taizhang.console import (
    DEFAULT_LIMIT,
    DEFAULT_PAGES,
    Destination,
    Format,
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
from taizhang.views import Options, words
from taizhang.views.check_faces import CHECK_FACES
from taizhang.views.ledger import REPORT_KINDS
from taizhang.views.outcome import Checked, counts, heard
from taizhang.views.output import spare


class FailOn(StrEnum):
    """What makes the exit code 1."""

    never = "never"
    error = "error"
    missed = "missed"


UndertakingsOption = Annotated[
    bool,
    typer.Option(
        "--undertakings",
        help="只列没有数字的承诺（table、jsonl、csv）。 List what was undertaken without a number instead of targets.",
    ),
]


def mount(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(check_command)
    ledger_app.command("outcomes")(outcomes_command)


def check_command(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="REPORT REPORT…", help="同一地方前后相继的报告。 Successive reports of one place."),
    ],
    form: FormatOption = None,
    undertakings: UndertakingsOption = False,
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
      taizhang check 2024.txt 2025.txt 2026.txt -o 核对.html\n
      taizhang check 2024.txt 2025.txt --undertakings -o 承诺.csv

    左右：相差不超过目标值的5%，或末位的半个单位（取大者），算达到；物价、失业率等以低为好的，按上限看。
    左右 allows 5% of the target or half its last digit, whichever is more; of prices and the like it is a ceiling.
    """
    with plainly(lang):
        to = Destination(form, output, lambda form: CHECK_FACES[form.value].terminal)
        _told_in_vain(to.format, undertakings, lang)
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
        _answer(checked, to, undertakings, lang)
    if _fails(checked, fail_on):
        raise typer.Exit(1)


def outcomes_command(
    target: LedgerArgument,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPORT…", help="报告编号或文件名；缺省为全部。 Ids or files; by default all."),
    ] = None,
    place: PlaceOption = None,
    kind: Annotated[str | None, typer.Option("--kind", help="报告种类。 Kind of report: work, plan…")] = None,
    form: FormatOption = None,
    undertakings: UndertakingsOption = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写入文件。 Write to a file.", show_default=False)
    ] = None,
    lang: LanguageOption = Language.zh,
) -> None:  # fmt: skip
    """上年目标的完成情况，人工更正和认定都算在内。 What became of targets, with people's corrections and links.

    例 examples：\n
      taizhang ledger outcomes 台账.db --place 澜川\n
      taizhang ledger outcomes 台账.db 2025.txt 2026.txt -o 核对.xlsx
    """
    from taizhang.checks.decided import decided  # loads the database library, which `check` needs nothing of

    with plainly(lang):
        to = Destination(form, output, lambda form: CHECK_FACES[form.value].terminal)
        _told_in_vain(to.format, undertakings, lang)
        if to.file is not None:
            spare(to.file, (target + part for part in ("", "-wal", "-shm")))
        with open_ledger(target) as ledger:
            keys = [ledger.find_report(name) for name in names or ()]
            if not keys:
                wanted = words.code_of(kind, REPORT_KINDS, words.REPORT_KINDS) or kind if kind else None
                keys = [head.report for head in ledger.reports(place=place, kind=wanted)]
            worked_out = check([ledger.report(key) for key in keys])
            said = decided(worked_out.outcomes, ledger.decisions(), worked_out.reports)
        checked = msgspec.structs.replace(worked_out, outcomes=tuple(said))
        _answer(checked, to, undertakings, lang)


def check(reports: list[Report]) -> Checked:
    """Outcomes, undertakings and findings of reports of one place, given in any order."""
    ordered = in_order(reports)
    return Checked(
        tuple(ordered), tuple(outcomes_over(ordered)), tuple(findings(ordered)), tuple(undertakings_over(ordered))
    )


def _answer(checked: Checked, to: Destination, undertakings: bool, lang: Language) -> None:
    """Write the answer where it is to go; for a file, say so."""
    rendered = CHECK_FACES[to.format.value].render(checked, Options(lang.value, undertakings, to.width, to.colour))
    with to.opened() as stream:
        stream.write(rendered)
    if to.file is not None:
        said = _counted(checked, undertakings, lang)
        typer.echo(f"{said}。已写入 {to.file}" if lang is Language.zh else f"{said}. Written to {to.file}", err=True)


def _told_in_vain(form: Format, undertakings: bool, lang: Language) -> None:
    """Say of the option that a format which holds both has no use for it."""
    if undertakings and form in (Format.json, Format.xlsx, Format.html):
        complain(
            f"{form.value} 总是既有目标也有没有数字的承诺，不需要 --undertakings。",
            f"{form.value} holds both; --undertakings changes nothing.",
            lang,
        )


def _counted(checked: Checked, undertakings: bool, lang: Language) -> str:
    nothing = "没有数字的承诺 0 项" if lang is Language.zh else "0 undertakings without numbers"
    return (
        (heard(checked.undertakings, lang.value) or nothing) if undertakings else counts(checked.outcomes, lang.value)
    )


def _report(path: str, options: ReadOptions) -> Report:
    return extract(read(path, options=options))


def _fails(checked: Checked, fail_on: FailOn) -> bool:
    if fail_on is FailOn.error:
        return any(item.severity == "error" for item in checked.findings)
    if fail_on is FailOn.missed:
        return any(item.verdict == "missed" for item in checked.outcomes)
    return False
