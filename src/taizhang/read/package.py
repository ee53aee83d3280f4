"""Office files that are ZIP archives: opened with a limit on what they unpack to, their XML read without entities."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree

from taizhang.errors import ReadError
from taizhang.read.decoded import ReadOptions

_MOST_PARTS = 10_000
_CHUNK = 1 << 20
_TORN = (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)


class Package:
    """The parts of an office file. What goes wrong is a `ReadError` that names the file."""

    def __init__(self, data: bytes, name: str, options: ReadOptions) -> None:
        self._name, self._left = name, options.most_unpacked
        self.limit = options.most_unpacked
        try:
            self._archive = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise self.damaged() from error
        parts = self._archive.infolist()
        self.names = frozenset(part.filename for part in parts)
        if any(part.flag_bits & 1 for part in parts):
            raise locked(name)
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > self.limit:
            raise self._swollen()

    def read(self, part: str) -> bytes:
        """The bytes of a part. What an archive says of its sizes is not believed: unpacking stops at the limit."""
        pieces = []
        try:
            with self._archive.open(part) as file:
                while piece := file.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise self._swollen()
                    pieces.append(piece)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            RuntimeError,
        ) as error:
            raise self.damaged() from error
        return b"".join(pieces)

    def again(self, part: str) -> bytes:
        """The bytes of a part that has been read and counted before."""
        left = self._left
        self._left = self.limit
        try:
            return self.read(part)
        finally:
            self._left = left

    def xml(self, part: str) -> Any:
        """The root element of a part. Office programs write no document types, and entities may swell or fetch."""
        return xml_of(self.read(part), self._name)

    def damaged(self) -> ReadError:
        """That the file is torn: half a download, or altered."""
        return damaged(self._name)

    def _swollen(self) -> ReadError:
        megabytes = self.limit // (1024 * 1024)
        return ReadError(
            f"“{self._name}”解压后超过上限（{megabytes} MB），不像一份报告，没有读取。"
            "请确认文件来源；确有需要可用 --limit 调高上限。",
            f"“{self._name}” unpacks to more than the limit ({megabytes} MB), unlike any report; it was not read. "
            "Check where it comes from, or raise the limit with --limit.",
        )


def xml_of(data: bytes, name: str) -> Any:
    """The root element of some XML without a document type. Raises `ReadError`."""
    told = data.replace(b"\0", b"") if b"\0" in data[:4096] else data
    if b"<!DOCTYPE" in told or b"<!ENTITY" in told:
        raise ReadError(
            f"“{name}”里的 XML 带有实体定义（DOCTYPE），办公软件不会这样写，可能有害，没有读取。"
            "请用 Word 或 WPS 另存一份再试。",
            f"The XML inside “{name}” defines entities (DOCTYPE), which no office program writes and which may do "
            "harm; it was not read. Save the file again from Word or WPS.",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(name) from error


def damaged(name: str) -> ReadError:
    """That a file is torn: half a download, or altered."""
    return ReadError(
        f"“{name}”已损坏或不完整，打不开。请重新下载，或用 Word、WPS 打开修复后另存再试。",
        f"“{name}” is damaged or incomplete and cannot be opened. Fetch it again, or repair it in Word or "
        "WPS and save it.",
    )


def locked(name: str) -> ReadError:
    """That a file asks for a password."""
    return ReadError(
        f"“{name}”设有密码，无法读取。请先在 Word、WPS 或 Excel 中去掉密码，另存后再试。",
        f"“{name}” is protected with a password and cannot be read. Remove the password in Word, WPS or "
        "Excel and save it.",
    )
