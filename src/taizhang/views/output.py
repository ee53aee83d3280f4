"""Where an answer goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from taizhang.errors import TaizhangError, why


class OutputError(TaizhangError):
    """An answer that cannot be written where it was asked for."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes `path` at the end; if anything fails, what was at `path` stays as it was.

    A link is followed, so that it stays a link; a device or pipe is written to as it stands. Raises `OutputError` where
    nothing may be written, which includes a file that is there and marked as not to be written.
    """
    try:
        path, mode = _target(path)
        if mode is not None and not stat.S_ISREG(mode):
            with path.open("wb") as stream:
                yield stream
            return
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield cast(BinaryIO, stream)
        # mkstemp makes files for their owner only; an answer has the rights of what it replaces, or of any new file.
        part.chmod(_new_file_mode() if mode is None else stat.S_IMODE(mode))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _refused(path, error) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _target(path: Path) -> tuple[Path, int | None]:
    """Where the answer really goes, and the mode of what is there now."""
    for tail in ("-wal", "-shm", "-journal"):  # what a database keeps beside its file while it works
        if path.name.endswith(tail):
            _no_ledger(path.with_name(path.name.removesuffix(tail)))
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Path(os.path.realpath(path)), None
    if stat.S_ISDIR(mode):
        raise OutputError(f"“{path}”是文件夹，不能写成文件。", f"“{path}” is a folder and cannot be written as a file.")
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise PermissionError
    if stat.S_ISREG(mode):
        _no_ledger(path)
    return Path(os.path.realpath(path)) if stat.S_ISREG(mode) else path, mode


_DATABASE = b"SQLite format 3\0"


def _no_ledger(path: Path) -> None:
    """Refuse to write over a database: a ledger holds what people said, which nothing else does."""
    try:
        with path.open("rb") as file:
            found = file.read(len(_DATABASE))
    except OSError:
        return
    if found == _DATABASE:
        raise OutputError(
            f"“{path}”是账本（数据库），写入会毁掉它。请用 -o 另起一个名字。",
            f"“{path}” is a ledger (a database); writing would destroy it. Give -o another name.",
        )


def _new_file_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def spare(output: Path, inputs: Iterable[str | os.PathLike[str]]) -> None:
    """Raise `OutputError` if writing `output` would replace one of the files that are read, by whatever name."""
    there, name = _identity(output), os.path.realpath(output)
    for path in inputs:
        if (there is not None and _identity(path) == there) or os.path.realpath(path) == name:
            raise OutputError(
                f"“{output}”正是要读取的文件，写入会毁掉它。请用 -o 另起一个名字。",
                f"“{output}” is one of the files that are read; writing would destroy it. Give -o another name.",
            )


def _identity(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    # Only a file holds what writing would destroy: a terminal or /dev/null may well be both.
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) else None


def folder(path: Path) -> Path:
    """`path` as a folder that is there."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(path, error) from None
    return path


def _refused(path: Path, error: OSError) -> OutputError:
    reasons = {
        FileNotFoundError: ("上级文件夹不存在", "its folder does not exist"),
        NotADirectoryError: ("上级不是文件夹", "what should be its folder is none"),
        FileExistsError: ("同名文件已存在", "a file of that name is in the way"),
        PermissionError: ("没有写入权限", "no permission to write there"),
    }
    zh, en = reasons.get(type(error)) or why(error)
    return OutputError(f"无法写入“{path}”：{zh}。", f"Cannot write “{path}”: {en}.")
