"""What stops us. Something odd *in a document* is a `Finding`, never an error."""

from __future__ import annotations

import errno
from typing import Final


class TaizhangError(Exception):
    """An error a person can act on: what is wrong, where, and what to try; in Chinese and English.

    `zh` and `en` are whole sentences. `str(error)` gives both, Chinese first.
    """

    def __init__(self, zh: str, en: str, field: str | None = None) -> None:
        """`field`: name of what was given that is wrong, where it is one."""
        super().__init__(zh, en)
        self.zh = zh
        self.en = en
        self.field = field

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"


class ReadError(TaizhangError):
    """A file that cannot be read as a report: missing, empty, binary, too large, of an unsupported kind."""


class LexiconError(TaizhangError):
    """An entry of the lexicon that breaks its schema: which file, which entry, which key."""


class LedgerError(TaizhangError):
    """A ledger that cannot be opened, read or written, or a change it refuses. What it held before, it still holds."""


class StoreError(LedgerError):
    """A ledger whose file or database cannot be opened, read or written; nobody asked for anything wrong."""


class ConflictError(LedgerError):
    """A change made on an older view: someone changed the same statement since. `event` is the newest of theirs."""

    def __init__(self, zh: str, en: str, event: int) -> None:
        super().__init__(zh, en)
        self.event = event


_SYSTEM: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "找不到",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EISDIR: "是文件夹",
    errno.EEXIST: "同名文件已存在",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘只读",
    errno.EIO: "磁盘读写出错",
    errno.EFBIG: "文件太大",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "链接互相指向",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENOMEM: "内存不足",
    errno.EBUSY: "正被占用",
    errno.ESTALE: "网络磁盘断开",
    errno.EBADF: "输出已关闭",
    errno.EINVAL: "路径无效",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def why(error: Exception) -> tuple[str, str]:
    """What the system says of a file or an address, in Chinese and English, without a full stop."""
    english = str(getattr(error, "strerror", None) or error)
    return _SYSTEM.get(getattr(error, "errno", None) or 0, english), english


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its English noun, and a verb where one is given: 1 line was, 3 lines were."""
    return f"{number} {one if number == 1 else many or one + 's'}"
