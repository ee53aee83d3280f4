"""A client that asks the pages without a server, and what tests look up in them."""

from __future__ import annotations

import asyncio
import re
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from taizhang.model import Report, Statement
from taizhang.web.app import Front

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
