"""What kind of file some bytes are, told from the bytes themselves, since pages are saved under any name."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from typing import Literal

FileKind = Literal[
    "text",
    "pdf",
    "docx",
    "xlsx",
    "office",
    "doc",
    "xls",
    "rtf",
    "html",
    "mhtml",
    "xml",
    "image",
    "archive",
    "locked",
    "ods",
]

_SAVE_ZH = "请用能打开它的软件（Word、WPS 或阅读器）另存为 Word 文档（.docx）或 PDF 后再试，表格也会保留。"
_SAVE_EN = "Save it as .docx or PDF from a program that opens it and try again; both keep the tables."
_CELLS_ZH = "请把其中的文字复制到文本文件（.txt）后再试。"
_CELLS_EN = "Copy its text into a text file (.txt) and try again."

UNSUPPORTED: dict[FileKind, tuple[str, str, str, str]] = {
    "rtf": (" RTF 文档", "an RTF document", _SAVE_ZH, _SAVE_EN),
    "office": ("办公文档", "an office document", _SAVE_ZH, _SAVE_EN),
    "xml": (" XML 文件", "an XML file", _CELLS_ZH, _CELLS_EN),
    "locked": (
        "设有密码的办公文档",
        "an office document protected with a password",
        "请先在 Word、WPS 或 Excel 中去掉密码，另存后再试。",
        "Remove the password in Word, WPS or Excel and save it.",
    ),
    "archive": ("压缩包", "an archive", "请先解压，再读取其中的文件。", "Unpack it and read the files in it."),
}
"""For each kind that cannot be read: its name (zh, en) and what to try (zh, en)."""

_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x1f\x8b\x08", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)
# A page opens with a doctype or one of these tags, perhaps behind a comment. Markdown may hold tags further down.
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]{0,200}>\s*)*<(?:!doctype\s+html|html|head|body|meta)\b",
    re.I | re.S,
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")
_MHTML = re.compile(rb"(?:[\w-]+:[^\n]*\n)*?mime-version:", re.I)


def file_kind(data: bytes) -> FileKind:
    """The kind of file that `data` is; "text" for whatever bears no other mark, which need not be readable text yet."""
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"BM") and len(data) > 26 and int.from_bytes(data[2:6], "little") == len(data):
        return "image"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image"
    if data.startswith(b"PK\x03\x04"):
        return _zip_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(data)
    head = data[:4096]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # Tags are ASCII in either byte order, so dropping the other half is enough to see them.
        head = head[2:].replace(b"\x00", b"")
    if _HTML.match(head):
        return "html"
    if _XML.match(head):
        return "xml"
    if b"multipart/related" in head.lower() and _MHTML.match(head):
        return "mhtml"
    return "text"


def _zip_kind(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            media_type = _media_type(archive) if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        # Half a download has lost its list of parts, but each part begins with its name.
        if b"opendocument.spreadsheet" in data[:200]:
            return "ods"
        return "docx" if b"word/" in data else "xlsx" if b"xl/" in data else "archive"
    if "word/document.xml" in names:
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in media_type and "content.xml" in names:
        return "ods"
    if {"mimetype", "OFD.xml", "[Content_Types].xml"} & names:
        return "office"
    return "archive"


def _media_type(archive: zipfile.ZipFile) -> bytes:
    """What an OpenDocument file says it is."""
    try:
        with archive.open("mimetype") as file:
            return file.read(100)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        return b""


def _ole_kind(data: bytes) -> FileKind:
    size, first = 1 << min(int.from_bytes(data[30:32], "little"), 16), int.from_bytes(data[48:52], "little")
    if 512 + first * size >= len(data):
        return "xls"  # the directory is behind the end: half a download, which its reader tells
    # The directory of an OLE file names its streams in UTF-16.
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "locked"
    if "WordDocument".encode("utf-16-le") in data:
        return "doc"
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "xls"
    return "office"
