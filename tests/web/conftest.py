"""A ledger of the invented reports behind the pages, and a client that asks them without a server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.model import Report, Statement
from taizhang.web.app import Front, create_app

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("lanchuan-2025-plan.txt", "lanchuan-2026-plan.txt", "lanchuan-2025-page.md")


class Client:
    """Asks an application as a browser on the same machine would."""

    def __init__(self, app: Front, **headers: str) -> None:
        self.app, self.headers = app, headers
        self.cookies = httpx.Cookies()

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        async def once() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://localhost", headers=self.headers, cookies=self.cookies
            ) as client:
                answer = await client.request(method, path, **more)
                self.cookies.update(client.cookies)
                return answer

        return asyncio.run(once())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """A form of one of our pages."""
        headers = {"origin": "http://localhost", "sec-fetch-site": "same-origin", **more.pop("headers", {})}
        return self.ask("POST", path, data=data, headers=headers, **more)

    def page(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.text

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return answer.json()


@pytest.fixture(scope="session")
def reports() -> dict[str, Report]:
    return {name: extract(read(EXAMPLES / name, name)) for name in NAMES}


@pytest.fixture
def target(tmp_path: Path, reports: dict[str, Report]) -> str:
    """A ledger of the examples."""
    path = tmp_path / "book.db"
    with Ledger.open(path, create=True) as ledger:
        for report in reports.values():
            ledger.enter(report, who="程砚秋", why="建账")
    return str(path)


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


def key(report: Report, indicator: str, measure: str, kind: str = "actual") -> str:
    """The first statement of an indicator."""
    found = next(s for s in report.statements if (s.indicator, s.measure, s.kind) == (indicator, measure, kind))
    return f"{report.document.id}-{found.id}"


def words(page: str) -> str:
    """What a page says, without its markup."""
    page = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def statement(report: Report, name: str) -> Statement:
    return next(s for s in report.statements if s.id == name)
