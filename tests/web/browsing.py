"""A served ledger and Debian's Chromium to look at it with; the tests of pages in a real browser build on it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TOLD = (
    "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"
)


def chromium() -> str | None:
    """The browser of this machine; null where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, started."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def served(target: Path, *options: str) -> Iterator[str]:
    """`taizhang serve` over a ledger, in a process of its own; gives its address."""
    source = Path(__file__).parents[2] / "src"
    command = [sys.executable, "-m", "taizhang", "serve", str(target), "--port", "0", "--lang", "en", *options]
    server = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(source), "PYTHONUTF8": "1"}
    )
    try:
        assert server.stderr is not None
        said = server.stderr.readline()
        found = re.search(r"(https?://[^/]+)/", said)
        assert found, said + server.stderr.read()
        for _ in range(200):
            with suppress(OSError), urllib.request.urlopen(f"{found[1]}/health"):
                break
            time.sleep(0.05)
        yield found[1]
    finally:
        server.terminate()
        server.wait(20)


class Watch:
    """What a browser complains of while pages are looked at, and what it asks of other servers."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.complaints: list[str] = []
        self._base = base
        context.add_init_script(_TOLD)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))
        context.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        # That an answer was a 404 is the page's own business, and said on it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self._base, "data:", "blob:")):
            self.complaints.append(f"asked of another server: {request.url}")


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Page, *, colours_only: bool = False) -> list[str]:
    """What axe-core holds against a page: rule, how bad, and the first elements."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    only = ", runOnly: ['color-contrast', 'link-in-text-block']" if colours_only else ""
    found = page.evaluate(f"axe.run(document, {{resultTypes: ['violations']{only}}})")
    return [
        f"{rule['id']} ({rule['impact']}): "
        + "; ".join(f"{node['html'][:160]} {node['failureSummary'][:200]}" for node in rule["nodes"][:3])
        for rule in found["violations"]
    ]
