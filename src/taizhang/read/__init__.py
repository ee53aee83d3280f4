"""Bytes → Document.

`read` looks at the bytes, not at the name: `detect` says what kind of file they are, and `READERS` holds one function
for each kind that can be read. A new format is a module with a function `decode` and a line in that table; modules
with a library of their own are loaded when the first file of their kind comes.

Plain text is kept exactly as decoded: no line end is changed, nothing is stripped, and a byte order mark stays as the
first character of `Document.text`. So `document.text.encode(document.source.encoding)` gives the file's bytes again,
and an offset counted by anyone who decodes the file with that encoding is the offset used here. Of other kinds
`Document.text` is what was found in them, in reading order, and `Document.locate` leads from any stretch of it to the
paragraph, cell, node or page where it stands.
"""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import msgspec

from taizhang.errors import ReadError, why
from taizhang.model import Document, Source
from taizhang.read import plain
from taizhang.read.damage import damage
from taizhang.read.decoded import LIMIT, Decoded, Reader, ReadOptions
from taizhang.read.detect import UNSUPPORTED, FileKind, file_kind

__all__ = ["LIMIT", "READERS", "SUFFIXES", "Decoded", "ReadOptions", "read", "suffixes"]

SUFFIXES = frozenset(
    ".txt .text .md .markdown .html .htm .shtml .mht .mhtml .pdf .docx .doc .wps"
    " .xlsx .xlsm .xls .et .ods .csv .tsv".split()
)
"""Names that a folder is searched for; a file named outright is read whatever it is called."""
_PICTURES = frozenset(".jpg .jpeg .png .tif .tiff .bmp .webp .gif".split())


_LONG = 300_000
"""Characters of a text that takes some seconds: the longest reports known have 200,000."""


@cache
def suffixes() -> frozenset[str]:
    """`SUFFIXES`, with those of pictures where the recogniser (the extra `ocr`) is installed."""
    return SUFFIXES | _PICTURES if find_spec("rapidocr") and find_spec("onnxruntime") else SUFFIXES


def _late(module: str, function: str = "decode") -> Reader:
    """A reader of a module of this room, which is loaded when it is first needed."""

    def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
        decoded: Decoded = getattr(import_module(f"{__name__}.{module}"), function)(data, name, options)
        return decoded

    return decode


READERS: dict[FileKind, Reader] = {
    "text": plain.decode,
    "pdf": _late("pdf"),
    "image": _late("ocr"),
    "html": _late("html"),
    "mhtml": _late("html", "decode_archive"),
    "docx": _late("docx"),
    "doc": _late("doc"),
    "xlsx": _late("sheet", "decode_xlsx"),
    "xls": _late("sheet", "decode_xls"),
    "ods": _late("sheet", "decode_ods"),
}
"""For each kind of file that can be read: bytes, name and options → what is in them."""


def read(
    path_or_bytes: str | os.PathLike[str] | bytes,
    name: str | None = None,
    *,
    limit: int | None = None,
    options: ReadOptions = ReadOptions(),  # noqa: B008, a frozen value
) -> Document:
    """Read one file, or bytes already at hand, as a `Document`.

    `name` is how the document is called in answers; by default the path as given. `limit` is short for options that
    differ in their limit alone. Raises `ReadError` (a sentence in Chinese and one in English, saying what is wrong and
    what to try) for anything that is not a readable report.

    >>> read("全市生产总值增长5.2%。".encode("gb18030"), "report.txt").source.encoding
    'gb18030'
    """
    if limit is not None:
        options = msgspec.structs.replace(options, limit=limit)
    if isinstance(path_or_bytes, bytes):
        data, name = path_or_bytes, name or "<bytes>"
        _check_size(len(data), name, options.limit)
    else:
        name = name or Path(path_or_bytes).as_posix()
        data = _load(Path(path_or_bytes), name, options.limit)
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
    decoded = _decoded(reader, kind, data, name, options)
    if len(decoded.text) > options.most_characters:
        raise _too_long(len(decoded.text), name, options.most_characters)
    if options.long is not None and len(decoded.text) >= _LONG:
        options.long(name, len(decoded.text))
    if not decoded.text.strip("\ufeff \t\r\n\u3000\xa0"):
        raise _without_text(name)
    digest = hashlib.sha256(data).hexdigest()
    return Document(
        id=digest[:16],
        text=decoded.text,
        source=Source(
            digest, name, decoded.media_type, decoded.encoding, decoded.title, decoded.published, decoded.publisher
        ),
        line_starts=plain.line_starts(decoded.text),
        origin=decoded.origin,
        tables=decoded.tables,
        pages=decoded.pages,
        findings=(*decoded.findings, *damage(decoded.text)),
    )


def _decoded(reader: Reader, kind: FileKind, data: bytes, name: str, options: ReadOptions) -> Decoded:
    """What a reader finds. Whatever a library raises for what the bytes hold ends in a sentence that names the file."""
    try:
        if kind == "text":
            return reader(data, name, options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries, to the terminal: in English, and without the file's name
            return reader(data, name, options)
    except MemoryError:
        raise
    except ReadError as error:
        called = _CALLED.get(Path(name).suffix.lower())
        if kind != "text" or called is None or not data.strip(b" \t\r\n\x0b\x0c"):
            raise
        raise ReadError(
            f"“{name}”不是有效的 {called} 文件：可能没有下载完整，或已损坏。请重新下载，或用原来的软件打开后另存再试。",
            f"“{name}” is no valid {called} file: it may be damaged, or half a download. Fetch it again, or save it "
            "again from the program that made it.",
        ) from error
    except Exception as error:
        if kind == "text":
            raise
        raise ReadError(
            f"“{name}”读不出来，多半是文件已损坏或不完整（{type(error).__name__}）。请重新下载；"
            "如果别的软件能正常打开它，请把这句话和文件一并反馈。",
            f"“{name}” cannot be read: most likely it is damaged or incomplete ({type(error).__name__}). Fetch it "
            "again; if another program opens it, please report this sentence with the file.",
        ) from error


_CALLED = {
    ".pdf": "PDF", ".docx": "Word", ".doc": "Word", ".wps": "WPS", ".xlsx": "Excel", ".xlsm": "Excel", ".xls": "Excel",
    ".et": "WPS", ".ods": "ODS", **dict.fromkeys(_PICTURES, "图片 image"),
}  # fmt: skip


def _too_long(length: int, name: str, most: int) -> ReadError:
    return ReadError(
        f"“{name}”有{length // 10_000}万字（上限{most // 10_000}万字），一份报告不会这么长，没有读取。"
        "请拆成几份，或用 --limit 调高上限（单位 MB）。",
        f"“{name}” has {length:,} characters (the limit is {most:,}); no report is that long, and it was not read. "
        "Split it, or raise the limit with --limit (in MB).",
    )


def _without_text(name: str) -> ReadError:
    return ReadError(f"“{name}”里没有可读的文字。", f"“{name}” holds no text: there is nothing to read.")


def _load(path: Path, name: str, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise ReadError(f"“{name}”是文件夹，不是文件。", f"“{name}” is a folder, not a file.")
        found = path.stat()
        if stat.S_ISFIFO(found.st_mode) and not path.as_posix().startswith(_STREAMS):
            raise ReadError(
                f"“{name}”是管道，不是普通文件。请写明文件，或把内容从标准输入送入：taizhang read - < …",
                f"“{name}” is a pipe, not a regular file. Name a file, or send what it holds to standard input: "
                "taizhang read - < …",
            )
        _check_size(found.st_size, name, limit)
        with path.open("rb") as file:
            # A device or a stream of the shell's tells no size beforehand, so the reading is bounded too.
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ReadError(f"找不到文件“{name}”。请检查路径。", f"No such file: “{name}”. Check the path.") from None
    except PermissionError:
        raise ReadError(
            f"没有权限读取“{name}”。请检查文件权限。",
            f"No permission to read “{name}”. Check the file's permissions.",
        ) from None
    except (OSError, ValueError) as error:
        zh, en = why(error)
        raise ReadError(f"无法读取“{name}”：{zh}。", f"Cannot read “{name}”: {en}.") from None
    _check_size(len(data), name, limit)
    return data


_STREAMS = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""Where the shell puts what a program before this one writes (`<(…)`): those pipes have a writer."""


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
