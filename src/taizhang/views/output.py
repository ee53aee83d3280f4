"""Where an answer goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from taizhang.errors import TaizhangError


class OutputError(TaizhangError):
    """An answer that cannot be written where it was asked for."""


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes `path` at the end; if anything fails, what was at `path` stays as it was."""
    try:
        if path.is_dir():
            raise OutputError(
                f"“{path}”是文件夹，不能写成文件。", f"“{path}” is a folder and cannot be written as a file."
            )
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            yield cast(BinaryIO, stream)
        # mkstemp makes files for their owner only; an answer has the rights of any new file.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _refused(path, error) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


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
    reason = error.strerror or str(error)
    zh, en = reasons.get(type(error), (reason, reason))
    return OutputError(f"无法写入“{path}”：{zh}。", f"Cannot write “{path}”: {en}.")
