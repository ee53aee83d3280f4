"""Files that were accepted and not yet read, kept beside the ledger, so that a server that stops loses none.

Each server has a folder of its own in there and holds a lock on it for as long as it lives; the next server takes over
the folders whose lock nobody holds. A file lies there from before it is acknowledged until it is over: a part with what
is known of it (`ID.json`) and one with its bytes (`ID.file`), the first written last.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from taizhang.errors import TaizhangError, why

try:
    import fcntl
except ImportError:  # Windows: one server at a time
    fcntl = None  # type: ignore[assignment]

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""Bytes of all files that wait."""


class Waiting(msgspec.Struct, frozen=True):
    """What is known of a file that waits."""

    id: str
    name: str
    size: int
    who: str
    why: str
    at: str
    tries: int = 0
    """How often it was begun and not ended."""


class SpoolError(TaizhangError):
    """A file that cannot be kept, so that it is not accepted."""


def spool_place(target: str) -> Path:
    """The folder for the files of a ledger: beside its file, or for one in a database where programs keep state."""
    if "://" not in target:
        return Path(f"{target}.waiting").absolute()
    state = os.environ.get("XDG_STATE_HOME")
    home = Path(state) if state else Path.home() / ".local" / "state"
    return home / "taizhang" / f"{hashlib.sha256(target.encode()).hexdigest()[:16]}.waiting"


class Spool:
    """The files that wait for one server. Safe to share between threads."""

    def __init__(self, place: Path, most: int = MOST_BYTES) -> None:
        self._place, self._most = place, most
        self._own: Path | None = None
        self._held: IO[bytes] | None = None
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}

    def take_over(self) -> tuple[Waiting, ...]:
        """What servers that stopped left, the oldest first; from now on this one's."""
        found: list[Waiting] = []
        if not self._place.is_dir():
            return ()
        for folder in sorted(each for each in self._place.iterdir() if each.is_dir() and each.name[0] != "."):
            if folder == self._own:
                continue
            held = _hold(folder)
            if held is None:
                continue
            with held:
                for note in sorted(folder.glob("*.json")):
                    with suppress(OSError, msgspec.DecodeError):
                        waiting = msgspec.json.decode(note.read_bytes(), type=Waiting)
                        here = self._folder()
                        note.with_suffix(".file").replace(here / f"{waiting.id}.file")
                        note.replace(here / note.name)
                        self._sizes[waiting.id] = waiting.size
                        found.append(waiting)
                shutil.rmtree(folder, ignore_errors=True)
        return tuple(sorted(found, key=lambda each: each.at))

    def keep(self, waiting: Waiting, data: bytes) -> None:
        """Keep a file. Raises `SpoolError` where it does not fit or cannot be written; then nothing of it is left."""
        with self._lock:
            if sum(self._sizes.values()) + len(data) > self._most:
                raise SpoolError(
                    f"等待读取的文件太多，“{waiting.name}”没有接收。请等前面的读完再上传。",
                    f"Too many files wait to be read; “{waiting.name}” was not accepted. Try again when some are done.",
                )
            self._sizes[waiting.id] = len(data)
        try:
            _written(self._folder() / f"{waiting.id}.file", data)
            self.note(waiting)
        except OSError as error:
            self.drop(waiting.id)
            zh, en = why(error)
            raise SpoolError(
                f"“{waiting.name}”没有接收：不能存到账本旁边（{zh}）。",
                f"“{waiting.name}” was not accepted: it cannot be kept beside the ledger ({en}).",
            ) from error

    def note(self, waiting: Waiting) -> None:
        """Write down what is known of a file."""
        _written(self._folder() / f"{waiting.id}.json", msgspec.json.encode(waiting))

    def bytes_of(self, id: str) -> bytes:
        return (self._folder() / f"{id}.file").read_bytes()

    def drop(self, id: str) -> None:
        """Forget a file."""
        with self._lock:
            self._sizes.pop(id, None)
        if self._own is not None:
            for suffix in ("json", "file"):
                (self._own / f"{id}.{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        """Let go; an empty folder goes too."""
        if self._held is not None:
            self._held.close()
            self._held = None
        if self._own is not None and not any(self._own.glob("*.json")):
            shutil.rmtree(self._own, ignore_errors=True)
            with suppress(OSError):
                self._place.rmdir()
            self._own = None

    def _folder(self) -> Path:
        with self._lock:
            if self._own is None:
                self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
                name = secrets.token_hex(8)
                made = self._place / f".{name}"
                made.mkdir(mode=0o700)
                # Held before another server sees it.
                self._held = _hold(made)
                self._own = made.rename(self._place / name)
            return self._own


def _hold(folder: Path) -> IO[bytes] | None:
    """The lock of a folder, held until it is closed; null where somebody else holds it."""
    try:
        held = os.fdopen(os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        if fcntl is not None:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                held.close()
                return None
    except OSError:
        return None
    return held


def _written(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut; only its owner reads it."""
    part = path.with_suffix(f"{path.suffix}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
