"""An old Word file (.doc) → its text, by the system tool antiword where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from taizhang.errors import ReadError
from taizhang.model import Location
from taizhang.read.decoded import Box, Decoded, Pen, ReadOptions, is_data
from taizhang.read.package import damaged, locked

_SECONDS = 60
_ROW = re.compile(r"\|(.*)\|\s*$")


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of .doc files. Where antiword is not installed, a `ReadError` says so."""
    tool = shutil.which("antiword")
    if tool is None:
        raise ReadError(
            f"“{name}”是旧式 Word 文档（.doc），读取它需要系统工具 antiword（如 apt-get install antiword）。"
            "也可以在 Word 或 WPS 中另存为 .docx 再试。",
            f"“{name}” is an old Word document (.doc); reading it needs the system tool antiword (for example: apt-get "
            "install antiword). Or save it as .docx from Word or WPS.",
        )
    with tempfile.TemporaryDirectory(prefix="taizhang-") as folder:
        path = Path(folder) / "report.doc"
        path.write_bytes(data)
        try:
            done = subprocess.run(
                [tool, "-w", "0", "-m", "UTF-8.txt", str(path)], capture_output=True, timeout=_SECONDS, check=False
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise damaged(name) from error
    text = done.stdout.decode("utf-8", errors="replace")
    if not text.strip():
        if b"encrypt" in (done.stderr + done.stdout).lower():
            raise locked(name)
        raise damaged(name)
    return _written(text)


def _written(text: str) -> Decoded:
    """antiword writes a paragraph a line, blank lines between, and a table row as |甲|乙|."""
    pen = Pen()
    paragraphs = tables = 0
    rows: list[list[str]] = []

    def settle() -> None:
        nonlocal tables
        if not rows:
            return
        tables += 1
        boxes = [
            Box(row, column, cell, Location("cell", path=f"t{tables}/r{row + 1}/c{column + 1}"))
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
        ]
        if is_data(boxes):
            pen.table(boxes)
        else:
            for box in boxes:
                if box.text and box.location:
                    pen.line(box.text, box.location)
        rows.clear()

    for line in text.splitlines():
        row = _ROW.match(line)
        if row:
            cells = [cell.strip() for cell in row[1].split("|")]
            rows.append(cells)
            continue
        settle()
        if line.strip():
            paragraphs += 1
            pen.line(line.strip(" "), Location("paragraph", path=f"p{paragraphs}"))
    settle()
    return pen.decoded("application/msword")
