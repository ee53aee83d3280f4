"""Bytes → Document.

`read` looks at the bytes, not at the name: `detect` says what kind of file they are, and `READERS` holds one function
for each kind that can be read. A new format is a module with one function and a line in that table.

Plain text is kept exactly as decoded: no line end is changed, nothing is stripped, and a byte order mark stays as the
first character of `Document.text`. So `document.text.encode(document.source.encoding)` gives the file's bytes again,
and an offset counted by anyone who decodes the file with that encoding is the offset used here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from taizhang.errors import ReadError
from taizhang.model import Document, Source
from taizhang.read import plain
from taizhang.read.detect import UNSUPPORTED, FileKind, file_kind

__all__ = ["LIMIT", "READERS", "TEXT_SUFFIXES", "read"]

LIMIT = 32 * 1024 * 1024
"""Largest file read unless told otherwise, in bytes. The longest report known to us has 0.6 MB."""

TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})
"""Names that a folder is searched for; a file named outright is read whatever it is called."""

READERS: dict[FileKind, Callable[[bytes, str], tuple[str, str]]] = {"text": plain.decode}
"""For each kind of file that can be read: bytes and name → text and encoding."""


def read(path_or_bytes: str | os.PathLike[str] | bytes, name: str | None = None, *, limit: int = LIMIT) -> Document:
    """Read one file, or bytes already at hand, as a `Document`.

    `name` is how the document is called in answers; by default the path as given. Raises `ReadError` (a sentence in
    Chinese and one in English, saying what is wrong and what to try) for anything that is not a readable text.

    >>> read("全市生产总值增长5.2%。".encode("gb18030"), "report.txt").source.encoding
    'gb18030'
    """
    if isinstance(path_or_bytes, bytes):
        data, name = path_or_bytes, name or "<bytes>"
        _check_size(len(data), name, limit)
    else:
        name = name or Path(path_or_bytes).as_posix()
        data = _load(Path(path_or_bytes), name, limit)
    # A name need not be valid Unicode on disk; an answer must be.
    name = name.encode("utf-8", errors="replace").decode()
    kind = file_kind(data)
    reader = READERS.get(kind)
    if reader is None:
        zh, en, advice_zh, advice_en = UNSUPPORTED[kind]
        raise ReadError(
            f"“{name}”是{zh}，目前还不能直接读取。{advice_zh}",
            f"“{name}” is {en}, which cannot be read yet. {advice_en}",
        )
    text, encoding = reader(data, name)
    digest = hashlib.sha256(data).hexdigest()
    media_type = "text/markdown" if Path(name).suffix.lower() in {".md", ".markdown"} else "text/plain"
    return Document(
        id=digest[:16],
        text=text,
        source=Source(sha256=digest, name=name, media_type=media_type, encoding=encoding),
        line_starts=plain.line_starts(text),
    )


def _load(path: Path, name: str, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise ReadError(f"“{name}”是文件夹，不是文件。", f"“{name}” is a folder, not a file.")
        _check_size(path.stat().st_size, name, limit)
        with path.open("rb") as file:
            # A pipe or device tells no size beforehand, so the reading is bounded too.
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ReadError(f"找不到文件“{name}”。请检查路径。", f"No such file: “{name}”. Check the path.") from None
    except PermissionError:
        raise ReadError(
            f"没有权限读取“{name}”。请检查文件权限。",
            f"No permission to read “{name}”. Check the file's permissions.",
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReadError(f"无法读取“{name}”：{reason}。", f"Cannot read “{name}”: {reason}.") from None
    _check_size(len(data), name, limit)
    return data


def _check_size(size: int, name: str, limit: int) -> None:
    if size > limit:
        raise ReadError(
            f"“{name}”太大（超过上限 {_megabytes(limit)}），一份报告不会这么长。"
            "请确认文件无误，或用 --limit 调高上限（单位 MB）。",
            f"“{name}” is too large (over the limit of {_megabytes(limit)}); no report is that long. "
            "Check the file, or raise the limit with --limit (in MB).",
        )


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 MB", " MB") if size >= 1024 * 100 else f"{size} B"
