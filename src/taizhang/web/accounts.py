"""Accounts for a server that other machines reach: names, roles, passwords, sessions, tokens, and who did what.

They are kept in a file of their own beside the ledger, never in it: a ledger is copied and shown around. Passwords are
kept as argon2 hashes, sessions and tokens as hashes of their secrets, so that the file gives nobody a way in.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
import sqlite3
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from taizhang.errors import TaizhangError
from taizhang.web.asking import ROLES, Role, User

SHORTEST = 10
"""Characters of a password."""

_SESSION = 12 * 3600.0
"""Seconds that a session lasts without use."""

_TRIES, _DAY = 5, 86400.0
_TRIES_OF_ADDRESS, _WINDOW = 20, 900.0
_TRIES_SPREAD = 100
_FIRST_WAIT, _LONGEST_WAIT = 4.0, 900.0
"""So many wrong passwords for one name from one address within a day, for any names from it within a quarter of an
hour, or for one name from anywhere then, and the next try has to wait: twice as long after each. Who was let in from an
address before does not wait for what is typed at others, so that nobody keeps anybody out of an account."""

_TABLES = """
CREATE TABLE IF NOT EXISTS account (name TEXT PRIMARY KEY, role TEXT NOT NULL, hash TEXT NOT NULL, made TEXT NOT NULL,
  off INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS session (id TEXT PRIMARY KEY, name TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS token (id TEXT PRIMARY KEY, name TEXT NOT NULL, label TEXT NOT NULL, made TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (at REAL NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
  about TEXT NOT NULL, address TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_UNIT = "ALTER TABLE account ADD COLUMN unit TEXT NOT NULL DEFAULT ''"
"""Files made before units were told apart lack it."""

What = Literal[
    "signed_in", "refused", "throttled", "signed_out", "account_made", "role_changed", "password_changed",
    "account_off", "account_on", "account_gone", "token_made", "token_gone",
]  # fmt: skip


class AccountError(TaizhangError):
    """An account that cannot be made or used so."""


class Account(msgspec.Struct, frozen=True):
    """An account as lists show it."""

    name: str
    role: Role
    made: str
    off: bool
    unit: str = ""
    """The unit whose tasks are its own."""


class Token(msgspec.Struct, frozen=True):
    """A token as lists show it; its secret is shown once, when it is made."""

    id: str
    label: str
    made: str


class Entry(msgspec.Struct, frozen=True):
    """One line of the audit."""

    id: int
    at: str
    who: str
    what: str
    about: str
    address: str


class ThrottledError(AccountError):
    """Too many wrong passwords. The next is looked at in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(
            f"从这个地址连续输错太多次，请过 {_lasting(wait, 'zh')}再试。",
            f"Too many wrong passwords from this address; try again in {_lasting(wait, 'en')}.",
        )
        self.wait = wait


def _lasting(seconds: int, lang: str) -> str:
    count, zh, en = (seconds, "秒", "seconds") if seconds < 100 else (-(-seconds // 60), "分钟", "minutes")
    return f"{count} {zh}" if lang == "zh" else f"{count} {en}"


class Accounts:
    """The accounts of one server. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.executescript(_TABLES)
            if "unit" not in {row[1] for row in self._db.execute("PRAGMA table_info(account)")}:
                self._db.execute(_UNIT)
            path.chmod(0o600)
            self._db.execute("INSERT OR IGNORE INTO setting VALUES ('secret', ?)", (secrets.token_hex(32),))
            self._secret = self._one("SELECT value FROM setting WHERE name = 'secret'")[0].encode()
        except (sqlite3.Error, OSError) as error:
            raise AccountError(
                f"打不开账户文件“{path}”：{error}。", f"Cannot open the file of accounts “{path}”: {error}."
            ) from error
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex(8))
        self._changes = 0

    def close(self) -> None:
        self._db.close()

    def stamp(self) -> int:
        """Changes with whatever pages show of accounts."""
        return self._changes

    def _one(self, sql: str, *given: Any) -> Any:
        with self._lock:
            return self._db.execute(sql, given).fetchone()

    def _all(self, sql: str, *given: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, given).fetchall()

    def _do(self, sql: str, *given: Any) -> int:
        with self._lock:
            self._changes += 1
            return self._db.execute(sql, given).rowcount

    # Accounts

    def any(self) -> bool:
        """Whether somebody could sign in at all."""
        return self._one("SELECT 1 FROM account WHERE off = 0") is not None

    def all(self) -> tuple[Account, ...]:
        found = self._all("SELECT name, role, made, off, unit FROM account ORDER BY name")
        return tuple(Account(name, role, made, bool(off), unit) for name, role, made, off, unit in found)

    def make(self, name: str, role: str, password: str, *, who: str, unit: str = "") -> None:
        """Make an account; `unit` is the unit that it is of, which one with that role needs.

        Raises `AccountError` for a name that is taken or a password that is too short."""
        name = name.strip()
        if not name or len(name) > 60 or any(ord(sign) < 32 for sign in name):
            raise AccountError("账户名应为 1—60 个字。", "A name has 1 to 60 characters.")
        _role(role)
        _has_unit(role, unit)
        _long(password)
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        hashed = self._hasher.hash(password)
        with self._lock:
            if self._one("SELECT 1 FROM account WHERE name = ?", name):
                raise AccountError(f"已有账户“{name}”。", f"There is an account “{name}” already.")
            self._do("INSERT INTO account VALUES (?, ?, ?, ?, 0, ?)", name, role, hashed, made, unit.strip()[:60])
        self.write(who, "account_made", f"{name} {role}")

    def change_role(self, name: str, role: str, *, who: str, unit: str | None = None) -> None:
        """Give an account another role, and where `unit` is not null another unit."""
        _role(role)
        with self._lock:
            old = self._one("SELECT role, unit FROM account WHERE name = ?", name)
            if old is None:
                raise AccountError(f"没有账户“{name}”。", f"There is no account “{name}”.")
            unit = old[1] if unit is None else unit.strip()[:60]
            _has_unit(role, unit)
            if old[0] == "admin" and role != "admin":
                self._keep_an_admin(name)
            self._do("UPDATE account SET role = ?, unit = ? WHERE name = ?", role, unit, name)
        self.write(who, "role_changed", f"{name} {old[0]} → {role}{f' {unit}' if unit else ''}")

    def change_password(self, name: str, password: str, *, who: str) -> int:
        """Give an account another password; its sessions and tokens end. Gives how many tokens ended."""
        _long(password)
        if not self._do("UPDATE account SET hash = ? WHERE name = ?", self._hasher.hash(password), name):
            raise AccountError(f"没有账户“{name}”。", f"There is no account “{name}”.")
        self._do("DELETE FROM session WHERE name = ?", name)
        ended = self._do("DELETE FROM token WHERE name = ?", name)
        self.write(who, "password_changed", name)
        return ended

    def remove(self, name: str, *, who: str) -> None:
        """Take an account away, with its sessions and tokens. What it did stays in the ledger and in the audit."""
        with self._lock:
            self._keep_an_admin(name)
            if not self._do("DELETE FROM account WHERE name = ?", name):
                raise AccountError(f"没有账户“{name}”。", f"There is no account “{name}”.")
            self._do("DELETE FROM session WHERE name = ?", name)
            self._do("DELETE FROM token WHERE name = ?", name)
        self.write(who, "account_gone", name)

    def switch(self, name: str, *, off: bool, who: str) -> None:
        """Shut an account, with its sessions and tokens; or open it again."""
        with self._lock:
            if off:
                self._keep_an_admin(name)
            if not self._do("UPDATE account SET off = ? WHERE name = ?", int(off), name):
                raise AccountError(f"没有账户“{name}”。", f"There is no account “{name}”.")
            if off:
                self._do("DELETE FROM session WHERE name = ?", name)
                self._do("DELETE FROM token WHERE name = ?", name)
        self.write(who, "account_off" if off else "account_on", name)

    def _keep_an_admin(self, name: str) -> None:
        if self._one("SELECT 1 FROM account WHERE role = 'admin' AND off = 0 AND name <> ?", name) is None:
            raise AccountError("至少要留一个管理员。", "One administrator must remain.")

    # Signing in

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The secret of a new session.

        Raises `AccountError` where name or password is wrong, `ThrottledError` after many such.
        """
        now = time.time()
        name, near = name.strip(), _neighbourhood(address)
        mine, last = self._one(
            "SELECT count(*), max(at) FROM attempt WHERE name = ? AND address = ? AND at > ?", name, near, now - _DAY
        )
        every, last_of_any = self._one(
            "SELECT count(*), max(at) FROM attempt WHERE address = ? AND at > ?", near, now - _WINDOW
        )
        until = max(_until(mine, _TRIES, last), _until(every, _TRIES_OF_ADDRESS, last_of_any))
        # Many addresses together are slowed down too, but for one that the account was used from before.
        if self._one("SELECT 1 FROM log WHERE who = ? AND what = 'signed_in' AND address = ?", name, address) is None:
            spread, last_of_all = self._one(
                "SELECT count(*), max(at) FROM attempt WHERE name = ? AND at > ?", name, now - _WINDOW
            )
            until = max(until, _until(spread, _TRIES_SPREAD, last_of_all))
        if until > now:
            self.write(name, "throttled", "", address)
            raise ThrottledError(math.ceil(until - now))
        row = self._one("SELECT hash, off FROM account WHERE name = ?", name)
        # The same work whether there is such a name or not, so that time does not tell.
        right = False
        with suppress(Argon2Error, InvalidHashError):
            right = self._hasher.verify(row[0] if row else self._nobody, password)
        if not right or row is None or row[1]:
            self._do("DELETE FROM attempt WHERE at <= ?", now - _DAY)
            self._do("INSERT INTO attempt VALUES (?, ?, ?)", now, name, near)
            self.write(name, "refused", "", address)
            raise AccountError("用户名或密码不对。", "Name or password is wrong.")
        self._do("DELETE FROM attempt WHERE name = ? AND address = ?", name, near)
        self._do("DELETE FROM session WHERE until < ?", now)
        secret = secrets.token_urlsafe(32)
        self._do("INSERT INTO session VALUES (?, ?, ?)", _hashed(secret), name, now + _SESSION)
        self.write(name, "signed_in", "", address)
        return secret

    def sign_out(self, secret: str, who: str) -> None:
        self._do("DELETE FROM session WHERE id = ?", _hashed(secret))
        self.write(who, "signed_out", "")

    def by_session(self, secret: str) -> User | None:
        """Who a session is of; null where it ended. Use prolongs it."""
        now = time.time()
        row = self._one(
            "SELECT a.name, a.role, s.until, a.unit FROM session s JOIN account a ON a.name = s.name "
            "WHERE s.id = ? AND s.until > ? AND a.off = 0",
            _hashed(secret), now,
        )  # fmt: skip
        if row is None:
            return None
        if row[2] - now < _SESSION - 60:
            with self._lock:
                self._db.execute("UPDATE session SET until = ? WHERE id = ?", (now + _SESSION, _hashed(secret)))
        return User(row[0], row[1], session=_hashed(secret), unit=row[3] or row[0])

    # Tokens

    def make_token(self, name: str, label: str) -> str:
        """A new token's secret, shown this once."""
        secret = "tz_" + secrets.token_urlsafe(32)
        made = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._do("INSERT INTO token VALUES (?, ?, ?, ?)", _hashed(secret), name, label.strip()[:60] or "—", made)
        self.write(name, "token_made", label.strip()[:60])
        return secret

    def tokens(self, name: str) -> tuple[Token, ...]:
        found = self._all("SELECT id, label, made FROM token WHERE name = ? ORDER BY made", name)
        return tuple(Token(row[0][:16], row[1], row[2]) for row in found)

    def drop_token(self, name: str, token: str) -> None:
        if not self._do("DELETE FROM token WHERE name = ? AND substr(id, 1, 16) = ?", name, token):
            raise AccountError("没有这个令牌。", "There is no such token.")
        self.write(name, "token_gone", token)

    def by_token(self, secret: str) -> User | None:
        row = self._one(
            "SELECT a.name, a.role, a.unit FROM token t JOIN account a ON a.name = t.name WHERE t.id = ? AND a.off = 0",
            _hashed(secret),
        )
        return User(row[0], row[1], unit=row[2] or row[0]) if row else None

    def card_secret(self, key: str) -> str:
        """What the address of a number's card carries, so that a page elsewhere can show it without an account."""
        return hmac.new(self._secret, key.encode(), hashlib.sha256).hexdigest()[:32]

    # Who did what

    def write(self, who: str, what: What, about: str, address: str = "") -> None:
        """Add a line to the audit."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._do(
            "INSERT INTO log (at, who, what, about, address) VALUES (?, ?, ?, ?, ?)", at, who, what, about, address
        )

    def log(self, before: int | None = None, limit: int = 100) -> tuple[Entry, ...]:
        """The audit, the newest first."""
        found = self._all(
            "SELECT id, at, who, what, about, address FROM log WHERE id < ? ORDER BY id DESC LIMIT ?",
            before if before is not None else 2**62, limit,
        )  # fmt: skip
        return tuple(Entry(*row) for row in found)


def _role(role: str) -> None:
    if role not in ROLES:
        raise AccountError(f"没有角色“{role}”，可用的：{'、'.join(ROLES)}。", f"There is no role “{role}”.")


def _has_unit(role: str, unit: str) -> None:
    if role == "unit" and not unit.strip():
        raise AccountError(
            "角色为 unit（单位）的账户要写明单位：--unit 市教育局。",
            "An account with the role unit needs its unit: --unit NAME.",
        )


def _until(wrong: int, free: int, last: float | None) -> float:
    """Until when the next try has to wait after so many wrong ones, of which `free` cost nothing."""
    if wrong < free or last is None:
        return 0.0
    return last + min(_FIRST_WAIT * 2.0 ** min(wrong - free, 20), _LONGEST_WAIT)


def _neighbourhood(address: str) -> str:
    """An address as far as it tells one person from another: of IPv6 the network, which one person has whole."""
    try:
        found = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return address
    if found.version == 6:
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


def _long(password: str) -> None:
    if len(password) < SHORTEST:
        raise AccountError(f"密码至少 {SHORTEST} 个字符。", f"A password has at least {SHORTEST} characters.")


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
