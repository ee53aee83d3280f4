"""What was worked out of a ledger, kept beside it in a file of its own, so that a server need not do it again.

Only the program that made an answer takes it back: its key holds a fingerprint of everything in this package. The file
may be deleted at any time. Where none can be written, answers are kept in memory alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import zlib
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_MOST_BYTES = 48 * 1024 * 1024
_TABLE = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, program TEXT NOT NULL, value BLOB NOT NULL)"


class Bounded:
    """Bytes by name, the least used of them forgotten beyond a size. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._lock = threading.Lock()
        self._held: OrderedDict[str, bytes] = OrderedDict()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, value: bytes) -> None:
        with self._lock:
            self._size += len(value) - len(self._held.pop(key, b""))
            self._held[key] = value
            while self._size > self._most and self._held:
                self._size -= len(self._held.popitem(last=False)[1])


class Kept:
    """Answers of one ledger by key, in memory and in its file. Safe to share between threads and processes."""

    def __init__(self, path: Path | None) -> None:
        self._memory = Bounded(_MOST_BYTES)
        self._lock = threading.Lock()
        self._puts = 0
        self._db: sqlite3.Connection | None = None
        if path is None:
            return
        with suppress(sqlite3.Error, OSError):
            self._db = sqlite3.connect(path, timeout=2, check_same_thread=False, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute(_TABLE)
            self._db.execute("DELETE FROM kept WHERE program <> ?", (program(),))
            path.chmod(0o600)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    def get(self, key: str) -> bytes | None:
        """The answer, if it was ever given."""
        found = self._memory.get(key)
        if found is None and self._db is not None:
            with self._lock, suppress(sqlite3.Error):
                if self._db is not None:
                    row = self._db.execute(
                        "SELECT value FROM kept WHERE key = ? AND program = ?", (key, program())
                    ).fetchone()
                    found = row[0] if row else None
            if found is not None:
                self._memory.put(key, found)
        return None if found is None else zlib.decompress(found)

    def stamp(self) -> tuple[int, int]:
        """Changes whenever an answer is put in, here or by another process."""
        told = 0
        with self._lock, suppress(sqlite3.Error):
            if self._db is not None:
                told = self._db.execute("PRAGMA data_version").fetchone()[0]
        return self._puts, told

    def put(self, key: str, value: bytes) -> None:
        self._puts += 1
        packed = zlib.compress(value, 3)
        self._memory.put(key, packed)
        with self._lock, suppress(sqlite3.Error):
            if self._db is not None:
                self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (key, program(), packed))


@cache
def program() -> str:
    """A fingerprint of this package: of its code and its lists."""
    digest = hashlib.sha256()

    def add(place: Traversable) -> None:
        for item in sorted(place.iterdir(), key=lambda item: item.name):
            if item.is_dir():
                if not item.name.startswith(("__", ".")):
                    add(item)
            elif item.name.endswith((".py", ".toml", ".tsv")):
                digest.update(f"{item.name}\0".encode() + item.read_bytes())

    add(files("taizhang"))
    return digest.hexdigest()[:16]
