"""A ledger of the invented reports behind the pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import EXAMPLES, NAMES, Client

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.model import Report
from taizhang.web.app import create_app


@pytest.fixture(scope="session")
def reports() -> dict[str, Report]:
    return {name: extract(read(EXAMPLES / name, name)) for name in NAMES}


@pytest.fixture(scope="session")
def entered(tmp_path_factory: pytest.TempPathFactory, reports: dict[str, Report]) -> Path:
    """A ledger of the examples, made once and only ever copied."""
    path = tmp_path_factory.mktemp("entered") / "book.db"
    with Ledger.open(path, create=True) as ledger:
        for report in reports.values():
            ledger.enter(report, who="程砚秋", why="建账")
    return path


@pytest.fixture
def target(tmp_path: Path, entered: Path) -> str:
    """A ledger of the examples."""
    return str(shutil.copy(entered, tmp_path / "book.db"))


@pytest.fixture
def client(target: str) -> Iterator[Client]:
    app = create_app(target, user="闻砚秋")
    yield Client(app)
    app.app.state.jobs.close()
    app.app.state.shelf.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Client]:
    """Pages over a ledger without a report."""
    path = tmp_path / "empty.db"
    Ledger.open(path, create=True).close()
    app = create_app(str(path), user="闻砚秋")
    yield Client(app)
    app.app.state.jobs.close()
    app.app.state.shelf.close()
