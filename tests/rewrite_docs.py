#!/usr/bin/env python3
"""What the documents show as output, as it is now.

    python tests/rewrite_docs.py        (or: make golden)

Renewed are: what follows a `$ taizhang …` line in a `console` block (as many lines as stand there, where … stands for
the rest), the answers in `python` blocks, the table of statements that the READMEs open with, and the list of reasons.
`test_docs.py` fails where a page shows anything else. Look at the diff before you commit it.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

from taizhang.extract import extract
from taizhang.lexicon import reasons
from taizhang.read import read
from taizhang.views.record import record

ROOT = Path(__file__).parent.parent
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*READMES, *sorted((ROOT / "docs").glob("*.md")))
OPENING_FIELDS = ("text", "indicator", "measure", "value", "unit", "comparator", "period")
LEFT_OUT = "…"


def renewed(page: Path) -> str:
    """The page with everything it shows of the tool's output made current."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"(^```console\n)(.*?)(^```)", lambda m: m[1] + _console(m[2]) + m[3], text, flags=re.M | re.S)
    names: dict[str, Any] = {}
    text = re.sub(r"(^```python\n)(.*?)(^```)", lambda m: m[1] + _python(m[2], names) + m[3], text, flags=re.M | re.S)
    if page in READMES:
        text = _opening(text)
    if page.name == "reasons.md":
        text = _replace_table(
            text, [f"| `{name}` | {r.zh} | {r.en} | {_cell(r.example)} |" for name, r in reasons().items()]
        )
    return text


def _console(block: str) -> str:
    """Every command of a block with what it prints, cut to the length it is shown at."""
    parts = []
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        printed = run(command)
        if shown and shown[-1] == LEFT_OUT and len(printed) >= len(shown):
            printed = [*printed[: len(shown) - 1], LEFT_OUT]
        parts.append("\n".join([f"$ {command}", *printed]) + "\n")
    return "".join(parts)


def run(command: str) -> list[str]:
    """The lines that one of our own commands prints on a terminal of 100 columns, run at the root."""
    name, *arguments = shlex.split(command)
    if name != "taizhang":
        raise ValueError(f"only our own commands are shown as run: {command}")
    done = subprocess.run(
        [sys.executable, "-m", "taizhang", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")
    return [line.rstrip() for line in done.stdout.rstrip().splitlines()]


def _python(block: str, names: dict[str, Any]) -> str:
    """Every `>>>` of a block with its answer. Blocks of a page share their names."""
    lines = []
    with contextlib.chdir(ROOT):
        for example in doctest.DocTestParser().get_examples(block):
            first, *more = example.source.rstrip("\n").split("\n")
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(example.source, "<document>", "single"), names)
            lines += [f">>> {first}", *(f"... {line}".rstrip() for line in more), *out.getvalue().splitlines()]
    return "\n".join(lines) + "\n"


def _opening(text: str) -> str:
    """The statements of the sentence that a README opens with, as its first table."""
    sentence = re.search(r"^```text\n(.*?)\n```", text, flags=re.M | re.S)
    if sentence is None:
        raise ValueError("a README opens with a sentence in a `text` block")
    rows = [record(statement, "") for statement in extract(read(sentence[1].encode())).statements]
    return _replace_table(text, ["| " + " | ".join(_cell(row[name]) for name in OPENING_FIELDS) + " |" for row in rows])


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")


def _replace_table(text: str, rows: list[str]) -> str:
    """The text with the rows of its first table replaced; head and rule stay."""
    return re.sub(
        r"(^\|.*\n\|[-| :]+\|\n)(?:\|.*\n)*", lambda m: m[1] + "\n".join(rows) + "\n", text, count=1, flags=re.M
    )


def main() -> None:
    for page in PAGES:
        text = renewed(page)
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(f"{page.relative_to(ROOT)}: renewed")


if __name__ == "__main__":
    main()
