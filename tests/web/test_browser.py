"""The pages in a real browser: at three widths, in both languages, by keyboard; and what people do on them."""

from __future__ import annotations

import json
import re
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
from asking import EXAMPLES
from browsing import Watch, browser, chromium, served, violations
from playwright.sync_api import Browser, Page, expect

from taizhang import extract, read
from taizhang.ledger import Ledger

sys.path.insert(0, str(Path(__file__).parents[1] / "read"))
import typeset

pytestmark = pytest.mark.skipif(
    chromium() is None, reason="no Chromium on this machine (Debian: apt-get install chromium)"
)
LAST, PLAN = (EXAMPLES / f"lanchuan-{year}-plan.txt" for year in (2025, 2026))
WIDTHS = ((1440, 900), (768, 1024), (390, 844))
PAGES = (
    "/", "/reports", "/places/澜川市", "/outcomes", "/outcomes?show=waiting", "/outcomes/澜川市/2025",
    "/outcomes/澜川市/2025?verdict=missed",
    "/outcomes/澜川市/2026", "/findings", "/findings?severity=error", "/findings?place=澜川市&year=2025", "/rules",
    "/rules/sum.growth",
    "/indicators", "/indicators/生产总值", "/search?q=粮食", "/search?q=没有这样的话", "/corrections",
    "/corrections?show=waiting", "/tasks", "/upload",
    "/account", "/help/keys", "/api", "/reports/{plan}", "/reports/{plan}?s={id}", "/reports/{plan}?show=unclaimed",
    "/reports/{plan}/coverage", "/reports/{plan}/changes", "/reports/{plan}/new?start=100&end=110",
    "/n/{key}", "/n/{key}/card", "/nowhere",
)  # fmt: skip


def pdf() -> bytes:
    """This year's report as an office prints it."""
    return typeset.draw(typeset.report_pieces(PLAN.read_text("utf-8")), typeset.A4)


def book(path: Path, *reports: tuple[bytes, str]) -> Path:
    with Ledger.open(path, create=True) as ledger:
        for data, name in reports:
            ledger.enter(extract(read(data, name)), who="程砚秋", why="建账")
    return path


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two successive years, to look at only."""
    path = book(
        tmp_path_factory.mktemp("web") / "book.db", (LAST.read_bytes(), LAST.name), (PLAN.read_bytes(), PLAN.name)
    )
    with served(path) as base:
        yield base


@pytest.fixture
def own(tmp_path: Path) -> Iterator[str]:
    """Last year's report alone, to be worked on."""
    with served(book(tmp_path / "book.db", (LAST.read_bytes(), LAST.name))) as base:
        yield base


def asked(base: str, path: str) -> Any:
    with urllib.request.urlopen(base + quote(path, safe="/?=&.")) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def known(site: str) -> dict[str, str]:
    plan = next(r["id"] for r in asked(site, "/reports.json")["data"] if r["name"] == PLAN.name)
    shown = asked(site, f"/reports/{plan}.json")["statements"]
    key = next(s["key"] for s in shown if s["text"] == "3.8%")
    return {"plan": plan, "key": key, "id": key[17:]}


def watched(chrome: Browser, base: str, **options: Any) -> tuple[Page, Watch]:
    options.setdefault("viewport", {"width": 1440, "height": 900})
    context = chrome.new_context(locale="zh-CN", base_url=base, **options)
    watch = Watch(context, base)
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page, watch


def too_wide(page: Page) -> list[str]:
    """What makes the page scroll sideways; marked regions may scroll by themselves."""
    if page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
        return []
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
        " && !e.closest('.scroll')).slice(0, 3).map(e => e.outerHTML.slice(0, 120))"
    )
    return found or ["something"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_and_axe_finds_nothing(chrome: Browser, site: str, known: dict[str, str], path: str) -> None:
    """At three widths in both languages; in the dark only colours are other than in the light."""
    page, watch = watched(chrome, site, reduced_motion="reduce")
    wrong: list[str] = []
    # The page of the interface is long.
    for lang, checked in (("", (1440,)), ("/en", (390,)))[: 1 if path == "/api" else 2]:
        page.goto(lang + path.format(**known))
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            wrong += [f"{lang}{path} at {width}: too wide: {found}" for found in too_wide(page)]
            if width in checked:
                wrong += [f"{lang}{path} at {width}: {found}" for found in violations(page)]
                page.emulate_media(color_scheme="dark")
                wrong += [f"{lang}{path} dark: {found}" for found in violations(page, colours_only=True)]
                page.emulate_media(color_scheme="light")
    page.context.close()
    assert not wrong + watch.complaints, "\n".join(wrong + watch.complaints)


_REACHABLE = """() => [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))
  .map((e, at) => { e.dataset.at = at; return e.outerHTML.slice(0, 100) })"""
_HERE = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  const look = getComputedStyle(e), box = e.getBoundingClientRect();
  return {at: Number(e.dataset.at ?? -1), outline: look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 1.5,
          shown: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
          what: e.outerHTML.slice(0, 100)} }"""


@pytest.mark.parametrize(
    "path", ["/", "/outcomes/澜川市/2025", "/reports/{plan}?s={id}", "/n/{key}", "/upload", "/indicators/生产总值"]
)
def test_tab_reaches_everything_and_shows_where_it_is(
    chrome: Browser, site: str, known: dict[str, str], path: str
) -> None:
    page, watch = watched(chrome, site, reduced_motion="reduce")
    page.goto(path.format(**known))
    page.evaluate("scrollTo(0, 0)")
    there = page.evaluate(_REACHABLE)
    seen: dict[int, str] = {}
    wrong: list[str] = []
    for _ in range(len(there) + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(_HERE)
        if here is None:
            break
        if here["at"] not in seen and not (here["outline"] and here["shown"]):
            wrong.append(f"focus not seen: {here}")
        seen[here["at"]] = here["what"]
    page.context.close()
    missed = [what for at, what in enumerate(there) if at not in seen]
    assert not missed, missed[:5]
    assert not wrong + watch.complaints, wrong[:5]


def test_the_report_by_keyboard_alone(chrome: Browser, site: str, known: dict[str, str]) -> None:
    page, watch = watched(chrome, site, reduced_motion="reduce")
    page.goto(f"/reports/{known['plan']}")
    page.keyboard.press("j")
    first = page.locator(".walk span").first
    expect(page.locator("#inspector .walk")).to_contain_text("1/")
    page.keyboard.press("j")
    expect(page.locator("#inspector .walk")).to_contain_text("2/")
    page.keyboard.press("k")
    expect(page.locator("#inspector .walk")).to_contain_text("1/")
    assert first.is_visible()
    # What was stepped to has the focus, so that it is said, and is the only stop of the tab key in the text.
    assert page.evaluate("document.activeElement.matches('#text a.m.current')")
    assert page.evaluate("[...document.querySelectorAll('#text a.m')].filter(e => e.tabIndex === 0).length") == 1
    assert re.fullmatch(r"..，.+，第1条，共\d+条", page.evaluate("document.activeElement.ariaLabel"))
    page.keyboard.press("Enter")
    expect(page.locator("#see-head")).to_be_focused()
    page.locator("#inspector .step[data-step='1']").press("Enter")
    expect(page.locator("#inspector .walk")).to_contain_text("2/")
    expect(page.locator("#inspector .step[data-step='1']")).to_be_focused()
    # Enter on a mark opens it and goes into the details; Escape leads back to the mark.
    page.locator(f"#s-{known['id']}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f".see[data-id='{known['id']}']")).to_be_visible()
    expect(page.locator("#see-head")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"#s-{known['id']}")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#c-indicator")).to_be_focused()
    # Typed letters are letters there.
    page.keyboard.type("j")
    expect(page.locator(f".see[data-id='{known['id']}']")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#top-q")).to_be_focused()
    page.keyboard.type("粮食")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("搜索")
    assert not watch.complaints
    page.context.close()


def test_a_card_is_whole_in_its_frame(chrome: Browser, own: str) -> None:
    page, watch = watched(chrome, own, viewport={"width": 480, "height": 180})
    text = (
        "澜川市2026年政府工作报告\n一、2025年工作回顾\n国家级数字经济创新发展试验区核心产业集聚区规模以上工业企业营业收入"
        "达到1234567.89亿元，比上年增长12.34%，年均增长10.5%至11.5%左右，高于全省平均水平3.2个百分点。\n"
    )
    worked = watched(chrome, own)[0]
    entered(worked, "long.txt", text.encode())
    worked.context.close()
    shown = [
        s for r in asked(own, "/reports.json")["data"] for s in asked(own, f"/reports/{r['id']}.json")["statements"]
    ]
    by_length = sorted(shown, key=lambda s: len(s["text"]) + 2 * len(s["indicator"] or ""), reverse=True)
    for each in [*by_length[:6], *by_length[-2:]]:
        page.goto(f"/n/{each['key']}/card")
        found = page.evaluate(
            "[document.documentElement.scrollHeight, document.documentElement.scrollWidth,"
            " document.querySelector('.source').getBoundingClientRect().bottom]"
        )
        assert found[0] <= 180 and found[1] <= 480 and found[2] <= 180, (each["indicator"], each["text"], found)
        expect(page.locator(".source a")).to_have_attribute("target", "_blank")
    key = by_length[0]["key"]
    page.goto(f"/n/{key}")
    page.locator("#do-reject summary").click()
    page.locator("#do-reject select").select_option("识别错误")
    page.locator("#do-reject button").click()
    page.goto(f"/n/{key}/card")
    expect(page.locator(".off")).to_contain_text("此数字现不计入")
    assert page.evaluate("document.documentElement.scrollHeight") <= 180
    assert not watch.complaints
    page.context.close()


def test_a_chart_fits_a_telephone(chrome: Browser, site: str) -> None:
    page, watch = watched(chrome, site, viewport={"width": 390, "height": 844})
    page.goto("/indicators/生产总值")
    chart = page.locator(".chart:visible").first
    box = chart.bounding_box()
    assert box is not None and 300 < box["width"] <= 358 and 0.6 < box["height"] / box["width"] < 0.95
    small = page.evaluate(
        "[...document.querySelectorAll('.chart.narrow text')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(small) >= 12
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.locator(".chart.narrow:visible").count() == 0 and page.locator(".chart.wide:visible").count() > 0
    assert not watch.complaints
    page.context.close()


def entered(page: Page, name: str, data: bytes) -> None:
    """Hand a file in and wait until it is over."""
    page.goto("/upload")
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    page.click("form.upload button.main")
    page.wait_for_url("**/jobs/*")
    expect(page.locator("#job:not([data-live])")).to_be_visible(timeout=60_000)


def verdict(page: Page) -> str:
    page.goto("/outcomes/澜川市/2025")
    row = page.locator("tr", has=page.locator("th.what", has_text="固定资产投资")).filter(has_text="6%以上").first
    return row.locator(".verdict").inner_text().strip()


def test_a_pdf_is_handed_in_read_corrected_and_printed(chrome: Browser, own: str, tmp_path: Path) -> None:
    page, watch = watched(chrome, own)
    entered(page, "澜川市2026年计划报告.pdf", pdf())
    page.click("text=打开报告")
    # A number to its place and back.
    mark = page.locator("#text a.m", has_text="3.8%").first
    mark.click()
    expect(page.locator("#inspector .big")).to_contain_text("3.8%")
    name = page.locator(".see").get_attribute("data-id")
    page.click("#inspector .go")
    expect(page.locator("h1 .figure")).to_have_text("3.8%")
    assert "GB/T 7714" in page.inner_text("main")
    page.click("text=打开原文")
    page.wait_for_url(f"**?s={name}*")
    here = page.locator(f"#s-{name}")
    expect(here).to_be_in_viewport()
    assert "current" in (here.get_attribute("class") or "") or here.evaluate("e => e.matches(':target')")
    # The same on the picture of its page.
    page.click("text=版面")
    box = page.locator(f"#s-{name}")
    expect(page.locator("figure.sheet img").first).to_have_js_property("complete", True)
    assert page.locator("figure.sheet img").first.evaluate("e => e.naturalWidth") > 500
    box.click()
    expect(page.locator("#inspector .big")).to_contain_text("3.8%")
    assert "current" in (box.get_attribute("class") or "")
    page.keyboard.press("j")
    expect(page.locator(f".see[data-id='{name}']")).to_have_count(0)
    page.keyboard.press("k")
    expect(page.locator(f".see[data-id='{name}']")).to_be_visible()
    assert not violations(page)
    page.click(".switch >> text=文字")
    # The outcomes follow the correction, and its undoing.
    assert verdict(page) == "未达到"
    page.go_back()
    expect(page.locator(f".see[data-id='{name}']")).to_be_visible()
    page.keyboard.press("e")
    page.fill("#c-value", "6.8")
    page.select_option("#c-reason", "识别错误")
    page.fill("#c-why", "原件为6.8%")
    page.click("#do-correct button.main")
    page.wait_for_url("**/reports/**")
    expect(page.locator("#status .done")).to_be_visible()
    assert verdict(page) == "达到"
    page.goto("/corrections")
    expect(page.locator("main")).to_contain_text("原件为6.8%")
    undo = page.locator("td details.undo", has_text="撤销").first
    undo.locator("summary").click()
    undo.locator("input[name=why]").fill("试改")
    undo.locator("button").click()
    page.wait_for_url("**/corrections**")
    assert verdict(page) == "未达到"
    # On paper.
    page.pdf(path=str(tmp_path / "out.pdf"), prefer_css_page_size=True)
    paper = pypdfium2.PdfDocument(tmp_path / "out.pdf")
    sides = [paper[number] for number in range(len(paper))]
    said = "".join(side.get_textpage().get_text_range() for side in sides).replace("\r\n", "\n")
    assert all(side.get_size()[0] > side.get_size()[1] for side in sides), "A4 landscape"
    words = "".join(said.split())
    for sign in (
        "澜川市2025年目标完成情况", "固定资产投资", "增长6%以上", "增长3.8%", "未达到", "未提及", "—1—", "项：达到",
        "打印于",
    ):  # fmt: skip
        assert sign in words, sign
    assert words.count("完成情况（原文）") >= len(sides) - 2, "the heading of the table is repeated"
    assert words.count("澜川市2025年目标完成情况") >= len(sides) - 1, "each side says of which place and year it is"
    for sign in ("录入", "English", "无需登录", "›", "outcomes/1", "wording."):
        assert sign not in words, sign
    paper.close()
    assert not watch.complaints
    page.context.close()


def test_rows_that_were_opened_are_open_again_after_back(chrome: Browser, site: str) -> None:
    page, watch = watched(chrome, site, reduced_motion="reduce")
    page.goto("/outcomes/澜川市/2025")
    page.locator("details.open-row summary").nth(2).click()
    page.locator("details.open-row[open] a").first.click()
    page.wait_for_url("**/reports/**")
    page.go_back()
    expect(page.locator("details.open-row[open]")).to_have_count(1)
    boxes = [box.bounding_box() for box in page.locator("details.open-row[open] .both > div").all()]
    assert len(boxes) == 2 and boxes[0] and boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"] and boxes[0]["x"] < boxes[1]["x"], "both sentences side by side"
    assert not watch.complaints
    page.context.close()


_SHIFT = """window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(
  each => { if (!each.hadRecentInput) window.moved += each.value })).observe({type: 'layout-shift', buffered: true})"""


@pytest.mark.parametrize("path", ["/", "/outcomes/澜川市/2025", "/reports/{plan}?s={id}", "/n/{key}", "/findings"])
def test_nothing_moves_once_it_was_drawn(chrome: Browser, site: str, known: dict[str, str], path: str) -> None:
    page, _ = watched(chrome, site)
    page.add_init_script(_SHIFT)
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path.format(**known))
        page.wait_for_timeout(200)
        assert page.evaluate("window.moved") < 0.02, (path, width)
    page.context.close()
