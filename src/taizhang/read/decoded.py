"""What passes between `read` and the reader of each kind of file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from taizhang.model import Finding, Page, Piece, Table

LIMIT = 32 * 1024 * 1024
"""Largest file read unless told otherwise, in bytes. The longest report known to us has 0.6 MB as text."""


class ReadOptions(msgspec.Struct, frozen=True):
    """How far a reader may go."""

    limit: int = LIMIT
    """Largest file, in bytes."""
    unpacked: int = 8 * LIMIT
    """Most bytes that a packed file (docx, xlsx, ods) may unpack to."""
    pages: int = 1000
    """Most pages of a PDF, or sheets of a workbook."""


class Decoded(msgspec.Struct, frozen=True):
    """What a reader found in the bytes of one file. The fields are those of `Document` and `Source`."""

    text: str
    media_type: str
    encoding: str | None = None
    origin: tuple[Piece, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[Page, ...] = ()
    findings: tuple[Finding, ...] = ()


Reader: TypeAlias = Callable[[bytes, str, ReadOptions], Decoded]
"""Bytes, the name for an error's sentence, and options. Raises `ReadError` and nothing else for what the bytes hold."""
