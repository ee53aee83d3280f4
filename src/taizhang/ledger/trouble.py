"""What a database says when it fails, as a sentence a person can act on.

Every access to the store runs inside `plainly`. The message of the database itself is kept as the error's cause.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from taizhang.errors import StoreError

_KEPT_ZH, _KEPT_EN = "已有内容没有变动。", "What the ledger held is unchanged."

# By the beginning of SQLite's own name for the error, the first that fits.
_SQLITE: tuple[tuple[str, str, str], ...] = (
    (
        "SQLITE_FULL",
        f"磁盘空间不足，写不进账本“{{name}}”。{_KEPT_ZH}请腾出空间后再试。",
        f"No space left to write the ledger “{{name}}”. {_KEPT_EN} Free some space and try again.",
    ),
    (
        "SQLITE_IOERR",
        f"读写账本“{{name}}”时磁盘出错（空间已满、超出限额或设备断开）。{_KEPT_ZH}请检查磁盘后再试。",
        f"The disk failed while the ledger “{{name}}” was read or written (full, over a quota, or gone). {_KEPT_EN} "
        "Check the disk and try again.",
    ),
    (
        "SQLITE_BUSY",
        f"账本“{{name}}”一直被另一个程序占用。{_KEPT_ZH}请等它结束后再试。",
        f"Another program keeps the ledger “{{name}}” busy. {_KEPT_EN} Try again when it is done.",
    ),
    (
        "SQLITE_READONLY",
        f"账本“{{name}}”或所在文件夹是只读的，不能写入。{_KEPT_ZH}请检查权限，或把账本复制到可写的文件夹。",
        f"The ledger “{{name}}” or its folder is read-only. {_KEPT_EN} Check the permissions, or copy it to a folder "
        "that can be written.",
    ),
    (
        "SQLITE_CANTOPEN",
        "打不开账本“{name}”：文件夹不存在，或没有读写权限（账本所在的文件夹也须可写）。",
        "Cannot open the ledger “{name}”: its folder does not exist or may not be read and written "
        "(the folder must be writable too).",
    ),
    (
        "SQLITE_PERM",
        "没有权限读写账本“{name}”。请检查文件权限。",
        "No permission to read and write the ledger “{name}”. Check its permissions.",
    ),
    (
        "SQLITE_NOTADB",
        "“{name}”不是账本文件。请检查路径，或换一个新文件名。",
        "“{name}” is not a ledger. Check the path, or give the name of a new file.",
    ),
    (
        "SQLITE_CORRUPT",
        "账本“{name}”已损坏。请先另存一份副本，再从备份恢复，或用 sqlite3 的 .recover 命令取出内容。",
        "The ledger “{name}” is damaged. Make a copy first; then restore a backup, or save what is there with the "
        "command .recover of sqlite3.",
    ),
)
# By the beginning of the SQLSTATE.
_POSTGRES: tuple[tuple[str, str, str], ...] = (
    (
        "53100",
        f"数据库服务器磁盘空间不足，写不进“{{name}}”。{_KEPT_ZH}",
        f"The server of “{{name}}” has no disk space left. {_KEPT_EN}",
    ),
    (
        "53",
        f"数据库服务器资源不足（“{{name}}”）。{_KEPT_ZH}请稍后再试。",
        f"The server of “{{name}}” is out of resources. {_KEPT_EN} Try again later.",
    ),
    (
        "25006",
        f"数据库“{{name}}”是只读的，不能写入。{_KEPT_ZH}",
        f"The database “{{name}}” is read-only. {_KEPT_EN}",
    ),
    (
        "42501",
        f"没有权限读写数据库“{{name}}”中的账本。{_KEPT_ZH}请找管理员授权。",
        f"No permission to read and write the ledger in “{{name}}”. {_KEPT_EN} Ask its administrator.",
    ),
    ("28", "数据库“{name}”拒绝登录。请检查用户名和密码。", "“{name}” refused the login. Check user and password."),
    ("3D", "没有数据库“{name}”。请先建立它。", "There is no database “{name}”. Create it first."),
)
_ELSE_ZH = "账本“{name}”出错：{said}。" + _KEPT_ZH
_ELSE_EN = "The ledger “{name}” failed: {said}. " + _KEPT_EN
_GONE_ZH = "连不上数据库“{name}”。" + _KEPT_ZH + "请检查地址，以及服务器是否在运行。"
_GONE_EN = "Cannot reach the database “{name}”. " + _KEPT_EN + " Check the address, and whether the server runs."


@contextmanager
def plainly(name: str) -> Iterator[None]:
    """Run an access to the store called `name`; whatever the database raises becomes a `StoreError`."""
    try:
        yield
    except DBAPIError as error:
        raise _told(error.orig or error, name) from error
    except sqlite3.Error as error:
        raise _told(error, name) from error
    except (zlib.error, msgspec.DecodeError) as error:
        raise _error("SQLITE_CORRUPT", _SQLITE, name, error) from error
    except PoolTimeoutError as error:
        raise _error("SQLITE_BUSY", _SQLITE, name, error) from error
    except SQLAlchemyError as error:
        raise StoreError(
            _ELSE_ZH.format(name=name, said=_said(error)), _ELSE_EN.format(name=name, said=_said(error))
        ) from error


def _told(error: BaseException, name: str) -> StoreError:
    if isinstance(error, sqlite3.Error):
        return _error(getattr(error, "sqlite_errorname", ""), _SQLITE, name, error)
    state = getattr(error, "sqlstate", None)
    if state is None or state.startswith(("08", "57P")):
        # No state at all: the server never answered. What a login was refused for stands in the message only.
        if "password" in str(error):
            state = "28"
        elif "does not exist" in str(error):
            state = "3D"
        else:
            return StoreError(_GONE_ZH.format(name=name), _GONE_EN.format(name=name))
    return _error(state, _POSTGRES, name, error)


def _error(code: str, table: tuple[tuple[str, str, str], ...], name: str, error: BaseException) -> StoreError:
    for start, zh, en in table:
        if code.startswith(start):
            return StoreError(zh.format(name=name), en.format(name=name))
    return StoreError(_ELSE_ZH.format(name=name, said=_said(error)), _ELSE_EN.format(name=name, said=_said(error)))


def _said(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip("。. ") if lines else type(error).__name__
