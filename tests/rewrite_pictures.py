#!/usr/bin/env python3
"""The pictures of the pages that the READMEs show, as the pages look now.

    python tests/rewrite_pictures.py            (needs Chromium, see tests/web/browsing.py)
    python tests/rewrite_pictures.py --all FOLDER   every page, wide and narrow, light and dark, to be looked at

They are drawn from the invented reports in `examples/`. A picture differs a little from machine to machine with its
fonts, so no test compares them; each is kept under 150 KB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "web"), str(ROOT / "tests" / "read")]

from browsing import browser, served  # noqa: E402
from test_browser import LAST, PAGES, PLAN, asked, book, pdf  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
MOST = 150_000
SHOWN = {
    "report": "/reports/{plan}?s={id}",
    "outcomes": "/outcomes/澜川市/2025",
    "number": "/n/{key}",
    "indicator": "/indicators/生产总值?places=澜川市&measure=growth",
    "home": "/",  # last: it counts what was checked by then
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--all", type=Path, metavar="FOLDER")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = book(Path(folder) / "book.db", (LAST.read_bytes(), LAST.name), (PLAN.read_bytes(), PLAN.name))
        with served(path) as base, browser() as chrome:
            plan = next(r["id"] for r in asked(base, "/reports.json")["data"] if r["name"] == PLAN.name)
            shown = asked(base, f"/reports/{plan}.json")["statements"]
            key = next(s["key"] for s in shown if s["text"] == "3.8%")
            known = {"plan": plan, "key": key, "id": key[17:]}
            if chosen.all:
                every(chrome, base, known, chosen.all)
                return
            PICTURES.mkdir(exist_ok=True)
            page = chrome.new_context(viewport={"width": 1280, "height": 800}, base_url=base, locale="zh-CN").new_page()
            for name, address in SHOWN.items():
                page.goto(address.format(**known))
                page.wait_for_timeout(300)
                to = PICTURES / f"{name}.png"
                page.screenshot(path=to)
                smaller(to)
                print(f"{to.relative_to(ROOT)}: {to.stat().st_size // 1000} KB")


def every(chrome: object, base: str, known: dict[str, str], folder: Path) -> None:
    """Every page to look at."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in ((1440, 900), (390, 844)):
        for scheme in ("light", "dark"):
            context = chrome.new_context(  # type: ignore[attr-defined]
                viewport={"width": width, "height": height}, color_scheme=scheme, base_url=base, locale="zh-CN"
            )
            page = context.new_page()
            if width == 1440 and scheme == "light":
                page.goto("/upload")
                page.set_input_files("#file", {"name": "计划报告.pdf", "mimeType": "application/pdf", "buffer": pdf()})
                page.click("form.upload button.main")
                page.locator("#job:not([data-live])").wait_for(timeout=60_000)
            scan = next(r["id"] for r in asked(base, "/reports.json")["data"] if r["name"].endswith(".pdf"))
            for number, address in enumerate((*PAGES, f"/reports/{scan}?view=pages")):
                page.goto(address.format(**known))
                page.wait_for_timeout(200)
                name = address.strip("/").replace("/", "-").replace("?", "-").replace("{", "").replace("}", "")
                page.screenshot(path=folder / f"{width}-{scheme}-{number:02}-{name[:30] or 'home'}.png")


def smaller(path: Path) -> None:
    """A palette of 128 colours is enough for a page, and a third of the size."""
    from PIL import Image

    picture = Image.open(path).convert("RGB").quantize(128)
    picture.save(path, optimize=True)
    if path.stat().st_size > MOST:
        raise SystemExit(f"{path} is too large: {path.stat().st_size}")


if __name__ == "__main__":
    main()
