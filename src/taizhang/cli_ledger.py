"""`taizhang enter` and `taizhang ledger …`: reports into a ledger, and what it answers.

Exit codes as everywhere: 0 when something could be done, 2 when nothing could, 130 when interrupted. A report that is
already in the ledger counts as done.
"""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import typer

from taizhang.console import (
    DEFAULT_LIMIT,
    DEFAULT_PAGES,
    Destination,
    Format,
    JobsOption,
    Language,
    LanguageOption,
    LimitOption,
    PagesOption,
    PathsArgument,
    complain,
    plainly,
    processes,
    reading,
    sources,
    watched,
)
from taizhang.errors import LedgerError
from taizhang.ledger.answers import Entry
from taizhang.model import Report, Verdict
from taizhang.read import ReadOptions
from taizhang.scale import Answer, Job, in_order, whole
from taizhang.views import ledger as views
from taizhang.views import table, words
from taizhang.views.outcome import VERDICTS
from taizhang.views.output import spare
from taizhang.views.record import encode
from taizhang.views.words import harmless

if TYPE_CHECKING:
    from taizhang.ledger import Ledger, Moment

_FEW = 20  # files of which each is told

ledger_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="查账本、改账本。 Ask a ledger, and correct it.",
)


def mount(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("enter")(enter_command)
    app.add_typer(ledger_app, name="ledger")


class LedgerFormat(StrEnum):
    """The formats of a ledger's answer."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


class SearchIn(StrEnum):
    """What a search looks through."""

    sentences = "sentences"
    statements = "statements"


LedgerArgument = Annotated[
    str,
    typer.Argument(
        metavar="LEDGER", help="账本文件，或 postgresql:// 地址。 A ledger's file, or a postgresql:// address."
    ),
]
FormatOption = Annotated[LedgerFormat, typer.Option("--format", "-f", help="输出格式。 Format.")]
WhoOption = Annotated[str, typer.Option("--who", help="何人；缺省为登录名。 Who; by default the login name.")]
WhyOption = Annotated[str, typer.Option("--why", help="理由，必填。 Why; must be given.")]
PlaceOption = Annotated[str | None, typer.Option("--place", help="地区（可只写开头）。 Place, or its beginning.")]
YearOption = Annotated[int | None, typer.Option("--year", min=1, max=9999, help="年份。 Year.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", help="截至某时（2026-01-31T12:00）或某号记录。 As it stood then, or at an event."),
]
LengthOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="最多列出多少条。 At most so many.")]


def open_ledger(target: str, *, create: bool = False) -> Ledger:
    """The ledger that a command is given."""
    # Loading the database library takes longer than reading a report: only those who open a ledger pay for it.
    from taizhang.ledger import Ledger

    return Ledger.open(target, create=create)


def enter_command(
    target: LedgerArgument,
    paths: PathsArgument,
    who: WhoOption = "",
    why: Annotated[str, typer.Option("--why", help="备注。 A remark.")] = "",
    lang: LanguageOption = Language.zh,
    jobs: JobsOption = 0,
    limit: LimitOption = DEFAULT_LIMIT,
    pages: PagesOption = DEFAULT_PAGES,
) -> None:
    """把报告录入账本。 Enter reports into a ledger.

    账本不存在时新建；已录入的文件跳过；读取程序更新后再录入，即为重读，人工更正保留。
    A ledger is made where there is none; files it holds are passed over; after an update they are read again,
    and people's corrections stay.

    例 examples：\n
      taizhang enter 台账.db 报告文件夹/\n
      taizhang enter postgresql://用户@主机/库 报告.txt --who 张三
    """
    with plainly(lang):
        how = reading(limit, pages)
        found, problems = sources(paths, how.limit, lang)
        for problem in problems:
            complain(problem.zh, problem.en, lang)
        if not found:
            raise typer.Exit(2)
        with open_ledger(target, create=True) as ledger:
            work = partial(_read, reading=how)
            waiting = _not_held(ledger, found, how.limit)
            read = in_order(work, waiting, processes(jobs, len(found)))
            tally = _Tally(lang, failed=len(problems), told=len(found) <= _FEW)
            try:
                for answer in watched(read, len(found)):
                    _enter(ledger, answer, who or _login(), why, tally)
            finally:
                tally.tell(target)
        if not tally.done:
            raise typer.Exit(2)


class _Waiting(msgspec.Struct, frozen=True):
    """A file to read, or one that the ledger holds already."""

    job: Job
    held: bool


def _not_held(ledger: Ledger, jobs: Iterable[Job], limit: int) -> Iterator[_Waiting]:
    for job in jobs:
        digest = _digest(job, limit)
        yield _Waiting(job, digest is not None and ledger.holds(digest) is not None)


def _digest(job: Job, limit: int) -> str | None:
    """Hash of a file's bytes; null where it can't be read, which reading it says better."""
    if isinstance(job.source, bytes):
        return hashlib.sha256(job.source).hexdigest()
    try:
        path = Path(job.source)
        if not path.is_file() or path.stat().st_size > limit:
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _read(waiting: _Waiting, reading: ReadOptions) -> Answer:
    job = waiting.job
    answer = Answer(job.name) if waiting.held else whole(job, reading)
    answer.place = None if isinstance(job.source, bytes) else job.source
    return answer


class _Tally:
    """What became of the files."""

    def __init__(self, lang: Language, *, failed: int, told: bool) -> None:
        self._lang, self._told = lang, told
        self.failed, self.statements = failed, 0
        self.outcomes: dict[str, int] = {}

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    def take(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def say(self, zh: str, en: str) -> None:
        complain(zh, en, self._lang)

    def entered(self, entry: Entry) -> None:
        self.take(entry.outcome)
        self.statements += entry.statements if entry.outcome in ("entered", "reread") else 0
        if self._told:
            zh = {"entered": "已录入", "reread": "已重读", "confirmed": "重读结果相同", "known": "已在账本中"}
            if entry.outcome in zh:
                said = zh[entry.outcome] if self._lang is Language.zh else entry.outcome
                typer.echo(harmless(f"{said}  {entry.name}  {entry.report}  {entry.statements}"))
        if entry.outcome == "withdrawn":
            self.say(
                f"“{entry.name}”没有录入：有人撤回过它（第 {entry.event} 号记录）。要恢复请撤销那条记录。",
                f"“{entry.name}” was not entered: someone took it out (event {entry.event}); undo that first.",
            )
        for twin in entry.twins:
            self.say(
                f"“{entry.name}”与“{twin.name}”地区、种类、年份都相同，可能是同一份报告。",
                f"“{entry.name}” has place, kind and years of “{twin.name}”: perhaps the same report.",
            )
        if entry.unplaced:
            self.say(
                f"“{entry.name}”重读后有 {len(entry.unplaced)} 条更正找不到位置，见 taizhang ledger unplaced。",
                f"After “{entry.name}” was read again {len(entry.unplaced)} corrections have no place; "
                "see taizhang ledger unplaced.",
            )

    def tell(self, target: str) -> None:
        words = {
            "entered": ("新录入", "entered"),
            "reread": ("重读", "read again"),
            "confirmed": ("重读结果相同", "read again, the same"),
            "known": ("已在账本中", "already there"),
            "withdrawn": ("已撤回，未录入", "withdrawn, not entered"),
        }
        zh = [f"{name} {self.outcomes[key]} 份" for key, (name, _) in words.items() if key in self.outcomes]
        en = [f"{self.outcomes[key]} {name}" for key, (_, name) in words.items() if key in self.outcomes]
        if self.failed:
            zh.append(f"{self.failed} 份未能读取")
            en.append(f"{self.failed} could not be read")
        if self._lang is Language.zh:
            typer.echo(f"{'，'.join(zh) or '没有录入'}；共 {self.statements} 条指标。", err=True)
        else:
            typer.echo(f"{', '.join(en) or 'nothing entered'}; {self.statements} statements.", err=True)


def _enter(ledger: Ledger, answer: Answer, who: str, why: str, tally: _Tally) -> None:
    if answer.error:
        tally.failed += 1
        tally.say(*answer.error)
    elif answer.rendered is None:
        tally.take("known")
    else:
        report = cast(Report, answer.rendered)
        tally.entered(ledger.enter(report, who=who, why=why, original=_original(report, answer.place)))
        if answer.remark:
            zh, en = answer.remark
            tally.say(f"“{answer.name}”：{zh}", f"“{answer.name}”: {en}")


def _original(report: Report, place: str | None) -> bytes | None:
    """The file again, where it has pages to be shown; `enter` makes sure that it is the same to the byte."""
    try:
        return Path(place).read_bytes() if place is not None and report.document.pages else None
    except (OSError, ValueError):
        return None


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise LedgerError("不知道是谁，请用 --who 写明。", "It is not known who you are; say so with --who.") from None


def show(answer: views.Answer, form: LedgerFormat, lang: Language) -> None:
    """Write one of a ledger's answers to standard output."""
    to = Destination(Format.table, None, lambda form: True)
    if form is LedgerFormat.table:
        drawn = table.draw(views.as_table(answer, lang.value), width=to.width, colour=to.colour).encode()
    else:
        drawn = views.FACES[form.value](answer, lang.value)
    with to.opened() as stream:
        stream.write(drawn)


def _left(shown: int, total: int, lang: Language) -> None:
    if shown < total:
        complain(f"共 {total} 条，列出 {shown} 条。", f"{shown} of {total} shown.", lang)


def _moment(words: str | None) -> Moment | None:
    if words is None:
        return None
    if words.isascii() and words.isdigit() and len(words) < 8:
        return int(words)
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise LedgerError(
            f"“{words}”不是时间，应如 2026-01-31 或 2026-01-31T12:00。",
            f"“{words}” is not a moment; write 2026-01-31 or 2026-01-31T12:00.",
        ) from None
    return found.astimezone()


def _code(said: str | None, what: tuple[str, str], *tables: words.Words) -> str | None:
    """The code for a word on the command line; raises `LedgerError` with the list where it is neither code nor word."""
    if said is None or (code := words.code_of(said, *tables)) is not None:
        return None if said is None else code
    listed = list(tables[0].items())
    raise LedgerError(
        f"没有“{said}”这种{what[0]}。可用：{'、'.join(f'{names[0]}（{code}）' for code, names in listed)}。",
        f"There is no {what[1]} “{said}”. These can be asked for: {', '.join(code for code, _ in listed)}.",
    )


_KIND, _MEASURE, _VERDICT, _REPORT_KIND = (
    ("类别", "kind"), ("度量", "measure"), ("结论", "verdict"), ("种类的报告", "kind of report"),
)  # fmt: skip


def _names(ledger: Ledger, as_of: Moment | None) -> dict[str, str]:
    return {head.report: head.name for head in ledger.reports(as_of=as_of)}


@ledger_app.command("info")
def info_command(
    target: LedgerArgument,
    check: Annotated[bool, typer.Option("--check", help="通读一遍，看有无损坏。 Look for damage.")] = False,
    lang: LanguageOption = Language.zh,
) -> None:
    """账本概况。 The ledger in a few numbers."""
    with plainly(lang), open_ledger(target) as ledger:
        if check:
            ledger.check()
        typer.echo(views.info(ledger.info(), lang.value))


@ledger_app.command("reports")
def reports_command(
    target: LedgerArgument,
    place: PlaceOption = None,
    year: YearOption = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="种类：工作报告、计划报告……，或 work、plan…… Kind.")
    ] = None,
    as_of: AsOfOption = None,
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """列出报告。 List the reports."""
    with plainly(lang), open_ledger(target) as ledger:
        named = _code(kind, _REPORT_KIND, views.REPORT_KINDS, words.REPORT_KINDS)
        found = ledger.reports(place=place, year=year, kind=named, as_of=_moment(as_of))
        show(views.reports(found, lang.value), form, lang)


@ledger_app.command("statements")
def statements_command(
    target: LedgerArgument,
    place: PlaceOption = None,
    year: YearOption = None,
    indicator: Annotated[str | None, typer.Option("--indicator", "-i", help="指标名的一部分。 Part of it.")] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", help="类别：实际、目标、预计、背景，或 actual…… Kind."),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option("--measure", help="度量：数额、增速、增减、完成率、位次，或 level…… Measure."),
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="单位。 Unit.")] = None,
    report: Annotated[str | None, typer.Option("--report", help="报告编号或文件名。 A report's id or file.")] = None,
    as_of: AsOfOption = None,
    length: LengthOption = 1000,
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """列出指标（* 为人工改动过）。 List statements (* = a person changed it).

    例 example：taizhang ledger statements 台账.db --place 保定 --year 2025 -i 生产总值
    """
    with plainly(lang), open_ledger(target) as ledger:
        moment = _moment(as_of)
        page = ledger.statements(
            report=ledger.find_report(report) if report else None,
            place=place,
            year=year,
            indicator=indicator,
            kind=_code(kind, _KIND, words.KINDS),
            measure=_code(measure, _MEASURE, words.MEASURES),
            unit=unit,
            limit=length,
            as_of=moment,
        )
        show(views.statements(page.items, _names(ledger, moment), lang.value), form, lang)
        _left(len(page.items), page.total, lang)


@ledger_app.command("search")
def search_command(
    target: LedgerArgument,
    sought: Annotated[list[str], typer.Argument(metavar="WORDS...", help="要找的字词。 Words to look for.")],
    where: Annotated[
        SearchIn, typer.Option("--in", help="在句子还是指标里找。 In sentences or in statements.")
    ] = SearchIn.sentences,
    place: PlaceOption = None,
    year: YearOption = None,
    as_of: AsOfOption = None,
    length: LengthOption = 50,
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """全文检索。 Look for words.

    例 example：taizhang ledger search 台账.db 粮食 产能
    """
    with plainly(lang), open_ledger(target) as ledger:
        found = ledger.search(
            " ".join(sought),
            where=where.value,
            place=place,
            year=year,
            limit=length,
            as_of=_moment(as_of),
        )
        if not found.total:
            said = " ".join(sought)
            complain(f"没有找到“{said}”。", f"“{said}” was not found.", lang)
            return
        show(views.hits(found, lang.value), form, lang)
        _left(len(found.items), found.total, lang)


@ledger_app.command("history")
def history_command(
    target: LedgerArgument,
    statement: Annotated[str, typer.Argument(metavar="ID", help="指标编号（可只写开头）。 A statement's id.")],
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """一条指标的来龙去脉。 What was done to a statement."""
    with plainly(lang), open_ledger(target) as ledger:
        show(views.history(ledger.history(ledger.find(statement)), lang.value), form, lang)


@ledger_app.command("events")
def events_command(
    target: LedgerArgument,
    report: Annotated[str | None, typer.Option("--report", help="报告编号或文件名。 A report's id or file.")] = None,
    after: Annotated[int, typer.Option("--after", help="只列此号之后的。 Only those behind this number.")] = 0,
    length: LengthOption = 1000,
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """全部记录：何人、何时、做了什么、为什么。 Everything done."""
    with plainly(lang), open_ledger(target) as ledger:
        found = ledger.events(after=after, limit=length, report=ledger.find_report(report) if report else None)
        show(views.events(found, lang.value), form, lang)


_NUMBERS = ("decimals", "scale", "start", "end")


def _values(pairs: list[str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise LedgerError(
                f"“{pair}”写法不对，应为 字段=新值，例如 value=5.2。",
                f"“{pair}” should be field=value, for example value=5.2.",
            )
        whole_number = name in _NUMBERS and value.isascii() and value.isdigit()
        name = name.strip()
        table = {"kind": words.KINDS, "measure": words.MEASURES, "comparator": words.COMPARATORS}.get(name, {})
        value = words.code_of(value, table) or value if value else value
        values[name] = int(value) if whole_number else value or None
    return values


@ledger_app.command("correct")
def correct_command(
    target: LedgerArgument,
    statement: Annotated[str, typer.Argument(metavar="ID", help="指标编号（可只写开头）。 A statement's id.")],
    pairs: Annotated[
        list[str],
        typer.Argument(metavar="FIELD=VALUE...", help="字段=新值；等号后留空为清空。 Nothing behind = empties it."),
    ],
    why: WhyOption,
    who: WhoOption = "",
    lang: LanguageOption = Language.zh,
) -> None:
    """更正一条指标。 Correct a statement.

    例 example：taizhang ledger correct 台账.db 278e9083 value=2086000000 --why 原文如此
    """
    with plainly(lang), open_ledger(target) as ledger:
        key = ledger.find(statement)
        event = ledger.correct(key, _values(pairs), who=who or _login(), why=why)
        _done(event.id, lang)


@ledger_app.command("reject")
def reject_command(
    target: LedgerArgument,
    statement: Annotated[str, typer.Argument(metavar="ID", help="指标编号（可只写开头）。 A statement's id.")],
    why: WhyOption,
    who: WhoOption = "",
    lang: LanguageOption = Language.zh,
) -> None:
    """否决：这不是指标。 Say that it is no statement."""
    with plainly(lang), open_ledger(target) as ledger:
        _done(ledger.reject(ledger.find(statement), who=who or _login(), why=why).id, lang)


@ledger_app.command("link")
def link_command(
    target: LedgerArgument,
    goal: Annotated[str, typer.Argument(metavar="TARGET", help="目标的编号。 The target's id.")],
    why: WhyOption,
    actuals: Annotated[
        list[str] | None, typer.Argument(metavar="ACTUAL...", help="完成情况的编号。 Ids of what answers it.")
    ] = None,
    verdict: Annotated[
        str | None,
        typer.Option(
            "--verdict",
            help="结论：达到、未达到、部分达到……，或 met、missed…… Verdict.",
        ),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="改为说明两者并不对应。 Say instead that these do not answer it.")
    ] = False,
    who: WhoOption = "",
    lang: LanguageOption = Language.zh,
) -> None:
    """指定目标与完成情况的对应。 Say what answers a target."""
    with plainly(lang), open_ledger(target) as ledger:
        key, found = ledger.find(goal), [ledger.find(item) for item in actuals or ()]
        if remove:
            event = ledger.unlink(key, found, who=who or _login(), why=why)
        else:
            said = cast(Verdict | None, _code(verdict, _VERDICT, VERDICTS))
            event = ledger.link(key, found, verdict=said, who=who or _login(), why=why)
        _done(event.id, lang)


@ledger_app.command("retract")
def retract_command(
    target: LedgerArgument,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="报告编号或文件名。 A report's id or file.")],
    why: WhyOption,
    who: WhoOption = "",
    lang: LanguageOption = Language.zh,
) -> None:
    """撤回一份报告。 Take a report out of all answers."""
    with plainly(lang), open_ledger(target) as ledger:
        _done(ledger.retract(ledger.find_report(report), who=who or _login(), why=why).id, lang)


@ledger_app.command("undo")
def undo_command(
    target: LedgerArgument,
    event: Annotated[int, typer.Argument(metavar="EVENT", help="记录的号码。 Number of the event.")],
    why: WhyOption,
    who: WhoOption = "",
    lang: LanguageOption = Language.zh,
) -> None:
    """撤销一条记录（也可撤销撤销）。 Take an event back."""
    with plainly(lang), open_ledger(target) as ledger:
        _done(ledger.undo(event, who=who or _login(), why=why).id, lang)


def _done(event: int, lang: Language) -> None:
    typer.echo(f"已记入第 {event} 号记录。" if lang is Language.zh else f"Recorded as event {event}.")


@ledger_app.command("unplaced")
def unplaced_command(
    target: LedgerArgument, form: FormatOption = LedgerFormat.table, lang: LanguageOption = Language.zh
) -> None:
    """重读后找不到位置的更正。 Corrections without a place."""
    with plainly(lang), open_ledger(target) as ledger:
        found = ledger.unplaced()
        if not found:
            complain("没有需要重新定位的更正。", "Every correction has its place.", lang)
            return
        show(views.unplaced(found, lang.value), form, lang)


@ledger_app.command("diff")
def diff_command(
    target: LedgerArgument,
    report: Annotated[str, typer.Argument(metavar="REPORT", help="报告编号或文件名。 A report's id or file.")],
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """重读改变了什么。 What reading it again changed."""
    with plainly(lang), open_ledger(target) as ledger:
        found = ledger.diff(ledger.find_report(report))
        if found.before is None:
            complain("这份报告只读过一次。", "This report was read only once.", lang)
            return
        show(views.diff(found, lang.value), form, lang)
        complain(
            f"新识别 {len(found.added)} · 不再识别 {len(found.gone)} · 有变化 {len(found.changed)} · "
            f"更正需重新定位 {len(found.unplaced)}",
            f"{len(found.added)} added · {len(found.gone)} gone · {len(found.changed)} changed · "
            f"{len(found.unplaced)} corrections without a place",
            lang,
        )


@ledger_app.command("export")
def export_command(
    target: LedgerArgument,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写入文件。 Write to a file.")] = None,
    lang: LanguageOption = Language.zh,
) -> None:
    """导出全部内容（jsonl）。 Everything, as lines of JSON."""
    with plainly(lang):
        to = Destination(Format.jsonl, output, lambda form: True)
        if to.file is not None:
            spare(to.file, (target + part for part in ("", "-wal", "-shm")))
        with open_ledger(target) as ledger, to.opened() as stream:
            for row in ledger.export():
                stream.write(encode(row))
        if to.file is not None:
            typer.echo(f"已写入 {to.file}" if lang is Language.zh else f"Written to {to.file}", err=True)
