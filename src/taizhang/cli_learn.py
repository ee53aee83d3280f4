"""`taizhang learn`: what people's corrections speak against, and words for the user's own list, tried out first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from taizhang.cli_ledger import FormatOption, LedgerArgument, LedgerFormat, open_ledger, show
from taizhang.console import Language, LanguageOption, complain, plainly
from taizhang.errors import LedgerError
from taizhang.lexicon.userlist import VARIABLE
from taizhang.views import ledger as views
from taizhang.views.output import replacing


def mount(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("learn")(learn_command)


def learn_command(
    target: LedgerArgument,
    accept: Annotated[
        list[int] | None,
        typer.Option(
            "--accept", "-a", help="采纳第几条建议，可多次。 Accept a proposal by its number; may be repeated."
        ),
    ] = None,
    into: Annotated[
        Path, typer.Option("--to", help="写入哪个自用词表，没有则新建。 The word list to add it to.")
    ] = Path("taizhang-lexicon.toml"),
    quick: Annotated[
        bool, typer.Option("--quick", help="不试读，只列建议。 Only list; do not try the proposals out.")
    ] = False,
    form: FormatOption = LedgerFormat.table,
    lang: LanguageOption = Language.zh,
) -> None:
    """从人工更正中学习：哪些规则常被改，可以添哪些词。 What corrections teach.

    每条建议都先试读账本里的报告，说明会改对几条、动到几条；由人采纳。
    Each proposal is tried on the ledger's reports first; a person accepts it.

    例 examples：\n
      taizhang learn 台账.db\n
      taizhang learn 台账.db --accept 1 --to 自用词表.toml
    """
    from taizhang.ledger.lessons import joined, lessons, trial

    with plainly(lang), open_ledger(target) as ledger:
        found = lessons(ledger)
        if accept:
            wrong = [number for number in accept if not 1 <= number <= len(found.proposals)]
            if wrong:
                raise LedgerError(
                    f"没有第 {wrong[0]} 条建议，共 {len(found.proposals)} 条。",
                    f"There is no proposal {wrong[0]}; there are {len(found.proposals)}.",
                )
            try:
                before = into.read_text(encoding="utf-8") if into.exists() else ""
            except (OSError, ValueError):
                raise LedgerError(
                    f"“{into}”不是自用词表，没有改动它。请用 --to 另起一个名字。",
                    f"“{into}” is no word list of one's own; it was left as it is. Give --to another name.",
                ) from None
            after = joined(before, [found.proposals[number - 1] for number in dict.fromkeys(accept)], str(into))
            with replacing(into) as stream:
                stream.write(after.encode())
            complain(
                f"已写入 {into}。使用时设环境变量：{VARIABLE}={into}，再读报告；重读账本用 taizhang enter。",
                f"Written to {into}. To read with it set {VARIABLE}={into}; taizhang enter then reads files again.",
                lang,
            )
            return
        if not found.corrections:
            complain("账本里还没有人工更正，无从学起。", "Nobody has corrected anything in this ledger yet.", lang)
            return
        trials = [None if quick else trial(ledger, proposal) for proposal in found.proposals]
        show(views.against(found, lang.value), form, lang)
        if found.proposals:
            if form is LedgerFormat.table:
                typer.echo()
            show(views.proposals(found, trials, lang.value), form, lang)
            complain("用 --accept 采纳一条。", "Accept one with --accept.", lang)
        else:
            complain("没有可以直接添词解决的更正。", "No correction could be met by adding words.", lang)
