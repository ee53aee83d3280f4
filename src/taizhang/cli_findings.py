"""`taizhang findings`: the list of codes, and what one of them means."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from taizhang.checks.registry import Code, codes
from taizhang.console import Language, LanguageOption, plainly, terminal_width
from taizhang.errors import TaizhangError
from taizhang.views.words import SEVERITIES


def mount(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("findings")(findings_command)


def findings_command(
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="CODE", help="说明一个代码。 Explain one code.", show_default=False),
    ] = None,
    lang: LanguageOption = Language.zh,
) -> None:
    """列出检查会报的代码。 List the codes that checks report.

    例 examples：\n
      taizhang findings\n
      taizhang findings --explain sum.growth
    """
    with plainly(lang):
        if explain is None:
            _list(lang)
            return
        code = codes().get(explain)
        if code is None:
            near = [name for name in codes() if explain.strip(".") in name or name.split(".")[-1] in explain]
            hint = "、".join(near[:5]) or "taizhang findings"
            raise TaizhangError(
                f"没有代码“{explain}”。可以看：{hint}。",
                f"There is no code “{explain}”. See: {hint.replace('、', ', ')}.",
            )
        typer.echo("\n".join(explained(explain, code, lang.value)))


def _list(lang: Language) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("代码", "程度", "说什么") if lang is Language.zh else ("code", "severity", "what it says"):
        table.add_column(heading, overflow="fold")
    for name, code in codes().items():
        severity = SEVERITIES[code.severity][0 if lang is Language.zh else 1]
        table.add_row(name, severity, code.title if lang is Language.zh else code.title_en)
    Console(width=terminal_width(False), highlight=False).print(table)


def explained(name: str, code: Code, lang: str) -> list[str]:
    """What one code means, a line each: what it says, the sum, what to do, its limits, an example and a near miss."""
    zh = lang == "zh"
    severity = SEVERITIES[code.severity][0 if zh else 1]
    lines = [f"{name}/{code.version}　{code.title if zh else code.title_en}（{severity}）"]
    rows = (
        ("算式", "formula", code.formula, code.formula),
        ("怎么看", "look for", code.look, code.look_en),
        ("局限", "limits", code.limits, code.limits_en),
        ("例", "found", code.example, code.example),
        ("不算", "near miss", code.near_miss, code.near_miss),
    )
    for label, label_en, text, text_en in rows:
        if text:
            lines.append(f"{label}：{text}" if zh else f"{label_en}: {text_en}")
    return lines
