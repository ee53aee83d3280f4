"""What stops us. Something odd *in a document* is a `Finding`, never an error."""

from __future__ import annotations


class TaizhangError(Exception):
    """An error a person can act on: what is wrong, where, and what to try; in Chinese and English.

    `zh` and `en` are whole sentences. `str(error)` gives both, Chinese first.
    """

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        return f"{self.zh}\n{self.en}"


class ReadError(TaizhangError):
    """A file that cannot be read as a report: missing, empty, binary, too large, of an unsupported kind."""


class LexiconError(TaizhangError):
    """An entry of the lexicon that breaks its schema: which file, which entry, which key."""


class LedgerError(TaizhangError):
    """A ledger that cannot be opened, read or written, or a change it refuses. What it held before, it still holds."""


class ConflictError(LedgerError):
    """A change made on an older view: someone changed the same statement since. `event` is the newest of theirs."""

    def __init__(self, zh: str, en: str, event: int) -> None:
        super().__init__(zh, en)
        self.event = event
