"""The tables, the same in SQLite and PostgreSQL; how a ledger is made, recognised, and refused.

Rows are only ever added: triggers in the database itself refuse to update or delete one, whoever asks. Everything a
reading holds (statements, commitments, sentences, search words) is written in the transaction of the event that
entered it, so there are whole readings only.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    inspect,
    select,
)
from sqlalchemy import (
    event as sqlalchemy_event,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeEngine

from taizhang.errors import StoreError
from taizhang.ledger.trouble import plainly

SCHEMA = 2
"""Version of the tables below. A ledger of a newer one is refused, not guessed at; an older one is brought up to it
when it is opened (`_upgrade`)."""

_APPLICATION = 0x7A48_414E
"""In the head of the SQLite file, so that it can be told from any other SQLite file."""

_NAMESPACE = "taizhang"
"""Schema of the PostgreSQL database that holds the tables, so that a database can be shared."""

_LOCK = 0x7A48_414E
"""PostgreSQL: writers take turns, so that events are committed in the order of their numbers."""

_WAIT = 30.0
"""Seconds that a writer waits for another."""

_WRITES = "taizhang_writes"
_FILE_HEAD = b"SQLite format 3\0"

_ESCAPE = "\uffff"  # no character, so that hardly any text has it

metadata = MetaData()
_Number = BigInteger().with_variant(Integer, "sqlite")


class Said(TypeDecorator[str]):
    """Words of a report or a person. PostgreSQL keeps no NUL, which a report may have, so that is written another way.

    Compared by code points in both databases, so that the beginning of a word is a range of an index.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or ("\0" not in value and _ESCAPE not in value):
            return value
        return value.replace(_ESCAPE, f"{_ESCAPE}1").replace("\0", f"{_ESCAPE}0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or _ESCAPE not in value:
            return value
        return value.replace(f"{_ESCAPE}0", "\0").replace(f"{_ESCAPE}1", _ESCAPE)


about = Table(
    "about",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
event = Table(
    "event",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),  # UTC, ISO 8601, to the microsecond: sorts as text in both databases
    Column("who", Said, nullable=False),
    Column("why", Said, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("report", String(16), nullable=True, index=True),
    Column("undoes", _Number, ForeignKey("event.id"), nullable=True),
    Column("deed", Text, nullable=False),  # JSON, see events.py
)
document = Table(
    "document",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("name", Said, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("event", _Number, ForeignKey("event.id"), nullable=False),
)
source = Table(
    "source",
    metadata,
    Column("sha256", String(64), primary_key=True),  # of the text, not of the file
    Column("characters", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),  # UTF-8, compressed
)
reading = Table(
    "reading",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("document", String(16), ForeignKey("document.id"), nullable=False, index=True),
    Column("event", _Number, ForeignKey("event.id"), nullable=False, unique=True),
    Column("reader", Text, nullable=False),
    Column("rules", Text, nullable=False),  # JSON
    Column("source", String(64), ForeignKey("source.sha256"), nullable=False),
    Column("encoding", Text, nullable=True),
    Column("digest", String(64), nullable=False),  # of everything the reader made of the file
    Column("title", Said, nullable=True),
    Column("place", Said, nullable=True),
    Column("kind", String(16), nullable=True),
    Column("year_reviewed", Text, nullable=True),
    Column("year_planned", Text, nullable=True),
    Column("statements", Integer, nullable=False),
    Column("commitments", Integer, nullable=False),
    Column("evidence", LargeBinary, nullable=False),  # of statements and commitments, by position: as body
    Column("body", LargeBinary, nullable=False),  # frame, coverage, findings: MessagePack, compressed
)
statement = Table(
    "statement",
    metadata,
    Column("row", _Number, primary_key=True, autoincrement=False),
    Column("reading", _Number, ForeignKey("reading.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Said, nullable=False),
    Column("indicator", Said, nullable=True),
    Column("kind", String(16), nullable=False),
    Column("measure", String(16), nullable=False),
    Column("value", Text, nullable=False),  # digits as text: neither database keeps every Decimal
    Column("value_max", Text, nullable=True),
    Column("unit", Said, nullable=False),
    Column("comparator", String(8), nullable=False),
    Column("period", Text, nullable=True),
    Column("year_from", Integer, nullable=True),
    Column("year_to", Integer, nullable=True),
    Column("place", Said, nullable=True),
    Column("decimals", Integer, nullable=False),
    Column("scale", Integer, nullable=False),
    Column("sentence", Integer, nullable=False),
    Column("confidence", Double, nullable=True),  # null from a reader that does not say
    Index("statement_at", "reading", "position", unique=True),
    Index("statement_of", "place", "year_from"),
    Index("statement_named", "indicator", "reading", "place"),  # since 2
)
commitment = Table(
    "commitment",
    metadata,
    Column("row", _Number, primary_key=True, autoincrement=False),
    Column("reading", _Number, ForeignKey("reading.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("id", Text, nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Said, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("section", Said, nullable=True),
    Column("task", Said, nullable=True),
    Column("strength", String(16), nullable=True),
    Column("period", Text, nullable=True),
    Column("units", Text, nullable=False),  # JSON
    Column("verifiable", Boolean, nullable=False),
    Column("statements", Text, nullable=False),  # JSON
    Column("pieces", Text, nullable=False),  # JSON
    Index("commitment_at", "reading", "position", unique=True),
)
original = Table(  # since 2
    "original",
    metadata,
    Column("document", String(16), ForeignKey("document.id"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # the file to the byte, to show its pages
)
sentence = Table(
    "sentence",
    metadata,
    Column("row", _Number, primary_key=True, autoincrement=False),
    Column("reading", _Number, ForeignKey("reading.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("part", String(16), nullable=False),
    Column("pieces", Text, nullable=True),  # JSON: where the sentence is torn over a gap
    Index("sentence_at", "reading", "position", unique=True),
)

SEARCHED = ("sentence_words", "statement_words")
"""Full text of the sentences and of the statements, by the row of the table of that name; see search.py."""


class Store:
    """An open database: where it is, what to call it, and transactions on it."""

    def __init__(self, engine: Engine, name: str, path: Path | None) -> None:
        self.engine, self.name, self._path = engine, name, path
        self._file = _identity(path)

    @property
    def postgres(self) -> bool:
        return self._path is None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One unchanging view of the ledger for as long as the block runs."""
        with plainly(self.name):
            self._same_file()
            level = {"isolation_level": "REPEATABLE READ"} if self.postgres else {}
            with self.engine.connect().execution_options(**level) as connection, connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one writer; all that the block writes is there when it ends, or nothing of it."""
        with plainly(self.name):
            self._same_file()
            with self.engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin():
                if self.postgres:
                    connection.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                yield connection

    def close(self) -> None:
        self.engine.dispose()

    def _same_file(self) -> None:
        """A file replaced while it is open would go on being read, without a word, as it was."""
        if _identity(self._path) != self._file:
            raise StoreError(
                f"账本文件“{self.name}”已被更换或移走。请重新打开。",
                f"The file of the ledger “{self.name}” was replaced or moved. Open it again.",
            )


def open_store(target: str | Path, *, create: bool, readonly: bool = False, called: str | None = None) -> Store:
    """The ledger at a path or a `postgresql://` address; with `create`, made if there is none."""
    url = _address(target)
    store = _file_store(Path(target), create, readonly) if url is None else _server_store(url)
    try:
        _recognise(store, create)
    except BaseException:
        store.close()
        raise
    store.name = called or store.name
    return store


def _address(target: str | Path) -> URL | None:
    if not isinstance(target, str) or not target.startswith(("postgresql://", "postgres://")):
        return None
    try:
        url = make_url(target.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        raise StoreError(
            "数据库地址写法不对，应为 postgresql://用户:密码@主机:端口/库名。",
            "Not a database address; it should be postgresql://user:password@host:port/database.",
        ) from None
    return url.set(drivername="postgresql+psycopg")


def _file_store(path: Path, create: bool, readonly: bool) -> Store:
    name = str(path)
    if not create and not path.exists():
        raise StoreError(
            f"没有账本“{name}”。用 taizhang enter {name} 报告… 建立一个。",
            f"There is no ledger “{name}”. Make one with: taizhang enter {name} REPORT…",
        )
    _look_at_file(path, name)
    path = path.absolute()  # from here on, whatever becomes of the working folder
    address = f"{path.as_uri()}?{_mode(path, create, readonly)}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address,
            uri=True,
            timeout=_WAIT,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine("sqlite+pysqlite://", creator=connect, poolclass=QueuePool)

    @sqlalchemy_event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # FULL: what was said to be entered survives a power cut too; it costs one sync a report.
        for setting in ("foreign_keys = ON", "synchronous = FULL", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {setting}")

    @sqlalchemy_event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: a transaction that read first could find the ledger changed when it comes to write.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    with plainly(name):
        _prepare(engine, create)
    return Store(engine, name, path)


def _mode(path: Path, create: bool, readonly: bool) -> str:
    """How SQLite is to open a file. Where it can make no log beside a file, it reads that only if told that nobody
    writes it; and nobody does where the log of the last writer is gone."""
    if not readonly:
        return f"mode={'rwc' if create else 'rw'}"
    log = path.with_name(f"{path.name}-wal")
    alone = not os.access(path.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    return "mode=ro&immutable=1" if alone else "mode=ro"


def _look_at_file(path: Path, name: str) -> None:
    """What can be said of the file before SQLite sees it."""
    if path.is_dir():
        raise StoreError(f"“{name}”是文件夹，不是账本文件。", f"“{name}” is a folder, not a ledger.")
    try:
        with path.open("rb") as file:
            head = file.read(len(_FILE_HEAD))
    except OSError:
        return  # SQLite's own refusal says more
    if head and not _FILE_HEAD.startswith(head) and head != _FILE_HEAD:
        raise StoreError(
            f"“{name}”不是账本文件，没有改动它。请检查路径，或换一个新文件名。",
            f"“{name}” is not a ledger; it was not touched. Check the path, or give the name of a new file.",
        )


def _prepare(engine: Engine, create: bool) -> None:
    """Open the file, which makes it where that was asked for, and give an empty one a write-ahead log.

    With that log readers go on while one writes, and a file keeps it once it has it. SQLite does not wait while another
    process switches to it, so it is tried again.
    """
    deadline = time.monotonic() + _WAIT
    while True:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT count(*) FROM sqlite_master")
            if cursor.fetchall() == [(0,)] and create:
                cursor.execute("PRAGMA journal_mode = WAL")
                cursor.fetchall()
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        finally:
            connection.close()


def _server_store(url: URL) -> Store:
    # A password may stand in the query too; it goes to the server and into no answer.
    shown = {key: "***" if "password" in key.lower() else value for key, value in url.query.items()}
    name = url.set(drivername="postgresql", query=shown).render_as_string(hide_password=True)
    try:
        engine = create_engine(
            url, connect_args={"options": f"-csearch_path={_NAMESPACE}", "connect_timeout": 10}, pool_pre_ping=True
        )
    except ModuleNotFoundError:
        raise StoreError(
            "还没有安装 PostgreSQL 的驱动。请运行 pip install 'taizhang[postgres]'。",
            "The driver for PostgreSQL is not installed. Run: pip install 'taizhang[postgres]'.",
        ) from None
    return Store(engine, name, None)


def _identity(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _recognise(store: Store, create: bool) -> None:
    with store.reading() as connection:
        state = _state(store, connection)
    if state == "empty":
        if not create:
            raise StoreError(
                f"“{store.name}”还是空的，没有账本。用 taizhang enter 录入第一份报告。",
                f"“{store.name}” is empty, there is no ledger in it. Enter a first report with taizhang enter.",
            )
        with store.writing() as connection:
            # Another process may have been quicker.
            if _state(store, connection) == "empty":
                _make(store, connection)
    elif state < SCHEMA:
        with store.writing() as connection:
            if (older := _state(store, connection)) != "empty" and older < SCHEMA:
                _upgrade(store, connection)


def _state(store: Store, connection: Connection) -> int | Literal["empty"]:
    """The version of a ledger of ours, or empty; raises for anything else."""
    if store.postgres:
        names = set(inspect(connection).get_table_names(schema=_NAMESPACE))
        ours = about.name in names
    else:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master")
        names = {row[0] for row in found}
        number = connection.exec_driver_sql("PRAGMA application_id").scalar()
        ours = number == _APPLICATION and about.name in names
    if not names:
        return "empty"
    if not ours:
        raise StoreError(
            f"“{store.name}”是别的程序的数据库，不是账本，没有改动它。请换一个新文件名。",
            f"“{store.name}” is a database of another program, not a ledger; it was not touched. "
            "Give the name of a new file.",
        )
    version = connection.execute(select(about.c.value).where(about.c.name == "schema")).scalar()
    if version is None or not version.isdigit():
        raise StoreError(
            f"账本“{store.name}”没有写明版本，可能已损坏。请从备份恢复。",
            f"The ledger “{store.name}” does not say its version; it may be damaged. Restore a backup.",
        )
    if int(version) > SCHEMA:
        raise StoreError(
            f"账本“{store.name}”由更新版本的台账建立（格式 {version}，本程序只认识到 {SCHEMA}），"
            "没有改动它。请升级 taizhang。",
            f"The ledger “{store.name}” was made by a newer taizhang (format {version}; this one knows up to "
            f"{SCHEMA}); it was not touched. Upgrade taizhang.",
        )
    return int(version)


def _upgrade(store: Store, connection: Connection) -> None:
    """From version 1 to 2: files with pages are kept, indicators are found by name. Nothing that is there changes."""
    original.create(connection)
    next(index for index in statement.indexes if index.name == "statement_named").create(connection)
    for line in _kept_table(original.name, store.postgres):
        connection.exec_driver_sql(line)
    for line in _let_go(about.name, store.postgres):
        connection.exec_driver_sql(line)
    connection.execute(about.update().where(about.c.name == "schema").values(value=str(SCHEMA)))
    for line in _kept_table(about.name, store.postgres):
        connection.exec_driver_sql(line)


def _make(store: Store, connection: Connection) -> None:
    if store.postgres:
        connection.execute(sql(f"CREATE SCHEMA IF NOT EXISTS {_NAMESPACE}"))
    else:
        connection.exec_driver_sql(f"PRAGMA application_id = {_APPLICATION}")
    metadata.create_all(connection, checkfirst=False)
    for statement_ in (*_words(store.postgres), *_kept(store.postgres)):
        connection.exec_driver_sql(statement_)
    values: list[dict[str, Any]] = [
        {"name": "schema", "value": str(SCHEMA)},
        {"name": "ledger", "value": secrets.token_hex(8)},
    ]
    connection.execute(about.insert(), values)


def _words(postgres: bool) -> Iterator[str]:
    if postgres:
        for name in SEARCHED:
            table = name.removesuffix("_words")
            yield f'CREATE TABLE {name} ("row" bigint PRIMARY KEY REFERENCES {table} ("row"), words tsvector NOT NULL)'
            yield f"CREATE INDEX {name}_found ON {name} USING gin (words)"
        return
    # Contentless: the words are looked up by row, and the text itself is kept once, in `source`.
    tokens = "tokenize=\"unicode61 remove_diacritics 0 tokenchars '.'\""
    yield f"CREATE VIRTUAL TABLE sentence_words USING fts5(words, content='', {tokens})"
    yield f"CREATE VIRTUAL TABLE statement_words USING fts5(words, written, content='', {tokens})"


def _kept(postgres: bool) -> Iterator[str]:
    """Triggers that refuse to change or remove what was added."""
    names = [table.name for table in metadata.sorted_tables]
    if postgres:
        yield (
            "CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a ledger only adds'; END $$"
        )
        names += SEARCHED
    for name in names:
        yield from _kept_table(name, postgres)


def _kept_table(name: str, postgres: bool) -> Iterator[str]:
    if postgres:
        yield (
            f"CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kept()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {name}_kept_{deed.lower()} BEFORE {deed} ON {name} "
            "BEGIN SELECT RAISE(ABORT, 'a ledger only adds'); END"
        )


def _let_go(name: str, postgres: bool) -> Iterator[str]:
    """Takes the triggers of a table away for as long as its own version is being raised."""
    if postgres:
        yield f"DROP TRIGGER {name}_kept ON {name}"
        return
    for deed in ("update", "delete"):
        yield f"DROP TRIGGER {name}_kept_{deed}"
