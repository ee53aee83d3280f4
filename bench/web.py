"""How quick the pages are: 500 reports, some 85,000 statements, eight clients at once.

    python bench/web.py FOLDER [--reports 500] [--clients 8] [--seconds 4] [--only /search]

The reports are the invented example reports under other places, years and figures; the ledger made of them is kept in
FOLDER. The server is `taizhang serve`, asked over HTTP by processes of its own. Each page and its JSON twin is asked
of changing places and years for some seconds; beside it stands the same for a page that only says hello, on the same
server program, so that the figures of two machines, or of a busy one, can be compared. The checks of all places and
years are worked out before, as `taizhang serve` does by itself beside serving (--cold: they are not).
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCE = Path(__file__).parents[1] / "src"
NAMES = "青赤苍玄素翠碧丹朱绛皓皎霁霭岚岫峦岱泓淙澄湛濯沅沚洳涟渌湘溆漪潆熠煜炜烁焕琅琚琛瑄璟珂瑾璐瑜璇瑶琳琪琼"
WORDS = ("粮食", "固定资产投资", "GDP", "新能源 装机", "的", "105.6万吨")
YEARS = 10
_YEAR = re.compile(r"20[0-9]{2}")
_FIGURE = re.compile(r"(?<![0-9.年])([0-9]+)(\.[0-9]+)?(?=万吨|亿元|%|户|家|个|公里|人)")
HELLO = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"<!doctype html><title>hello</title><p>hello"})
"""


def variant(text: str, place: str, shift: int, seed: int) -> str:
    """An example report of another place, some years earlier, every figure a little other."""
    dice = random.Random(seed)
    moved = _YEAR.sub(lambda match: str(int(match[0]) - shift), text).replace("澜川", place)

    def other(match: re.Match[str]) -> str:
        behind = match[2] or ""
        digits = len(behind) - 1 if behind else 0
        return f"{float(match[0]) * dice.uniform(0.8, 1.2):.{digits}f}"

    return _FIGURE.sub(other, moved)


def build(target: Path, count: int) -> None:
    """A ledger of so many reports."""
    from taizhang import extract, read
    from taizhang.ledger import Ledger

    texts = [(EXAMPLES / f"lanchuan-{year}-plan.txt").read_text("utf-8") for year in (2026, 2025)]
    making = target.with_suffix(".part")
    for old in target.parent.glob(making.name + "*"):
        old.unlink()
    statements = 0
    with Ledger.open(making, create=True) as ledger:
        for number in range(count):
            place, back = f"{NAMES[number // YEARS % len(NAMES)]}川", number % YEARS
            # Years take turns between the two texts, so that a target is seldom answered in its own words.
            which = back % 2
            data = variant(texts[which], place, back - which, number).encode()
            report = extract(read(data, f"{place}市{2026 - back}年计划报告.txt"))
            statements += len(report.statements)
            ledger.enter(report, who="bench")
            if number % 50 == 49:
                print(f"  {number + 1} reports, {statements} statements", file=sys.stderr)
    for old in target.parent.glob(making.name + "*"):
        old.rename(target.parent / old.name.replace(".part", ".db"))


def prepare(target: Path) -> None:
    """Work the checks out that are not kept yet."""
    from taizhang.web.prepare import prepare as work

    start = time.perf_counter()
    done = work(str(target))
    print(f"{done} pairs checked in {time.perf_counter() - start:.0f} s", file=sys.stderr)


@contextmanager
def server(command: list[str], folder: Path) -> Iterator[int]:
    """A server on a free port."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    running = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{SOURCE}{os.pathsep}{folder}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    started = time.perf_counter()
    try:
        while True:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                break
            if time.perf_counter() - started > 60 or running.poll() is not None:
                raise SystemExit(f"the server did not start: {command}")
            time.sleep(0.02)
        print(f"up in {time.perf_counter() - started:.2f} s", file=sys.stderr)
        yield port
    finally:
        running.terminate()
        running.wait(20)


def ask(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{quote(path, safe='/?=&.%#')}") as answer:
        return bytes(answer.read())


def addresses(port: int) -> dict[str, list[str]]:
    """Of each page many addresses, which show different reports, places and numbers."""
    dice = random.Random(7)
    heads = []
    page: str | None = "1"
    while page:
        made = json.loads(ask(port, f"/reports.json?page={page}"))
        heads += made["data"]
        page = made["next"]
    places = sorted({head["place"] for head in heads if head["place"]})
    years = [2026 - back for back in range(1, YEARS)]
    some = dice.sample(heads, min(60, len(heads)))
    keys: list[str] = []
    for head in some[:30]:
        shown = json.loads(ask(port, f"/reports/{head['id']}.json"))["statements"]
        keys += [each["key"] for each in dice.sample(shown, min(8, len(shown)))]
    names = [each["indicator"] for each in json.loads(ask(port, "/indicators.json"))["data"]]
    return {
        "/": ["/", *(f"/?page={number}" for number in range(1, len(places) // 50 + 1))],
        "/reports": ["/reports", "/reports?page=2", *(f"/reports?place={place}" for place in places)],
        "/places/…": [f"/places/{place}" for place in places],
        "/outcomes": ["/outcomes", "/outcomes?show=waiting", *(f"/outcomes?place={place}" for place in places)],
        "/tasks": ["/tasks", *(f"/tasks?place={place}" for place in places)],
        "/outcomes/…": [f"/outcomes/{place}/{year}" for place in places for year in years],
        "/reports/ID": [f"/reports/{head['id']}" for head in some],
        "/reports/ID?s=": [f"/reports/{key[:16]}?s={key[17:]}" for key in keys],
        "/reports/ID/inspector": [f"/reports/{key[:16]}/inspector?s={key[17:]}" for key in keys],
        "/reports/ID/coverage": [f"/reports/{head['id']}/coverage" for head in some],
        "/reports/ID/changes": [f"/reports/{head['id']}/changes" for head in some],
        "/n/ID": [f"/n/{key}" for key in keys],
        "/n/ID/card": [f"/n/{key}/card" for key in keys],
        "/indicators": ["/indicators", *(f"/indicators?page={number}" for number in (2, 3))]
        + [f"/indicators?place={place}" for place in places],
        "/indicators/…": [f"/indicators/{name}" for name in names]
        + [f"/indicators/{name}?places={','.join(dice.sample(places, 3))}" for name in names[:40]],
        "/findings": ["/findings", *(f"/findings?place={place}" for place in places)],
        "/findings?place=&year=": [f"/findings?place={place}&year={year}" for place in places for year in years],
        "/rules": ["/rules"],
        "/search?q=": [
            f"/search?q={word}" for word in ("粮食", "固定资产投资", "GDP", "新能源 装机", "的", "105.6万吨")
        ]
        + [f"/search?q={name}&where=statements" for name in names[:60] if "/" not in name],
        "/corrections": ["/corrections", "/corrections?show=unplaced"],
        "/upload": ["/upload"],
        "/api": ["/api"],
    }


Times = list[tuple[float, int]]


def _client(port: int, paths: list[str], until: float, seed: int, out: multiprocessing.Queue[Times]) -> None:
    dice = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found: list[tuple[float, int]] = []
    while time.perf_counter() < until or not found:
        path = quote(dice.choice(paths), safe="/?=&.%,")
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        found.append((time.perf_counter() - start, answer.status))
    out.put(found)


def measured(port: int, paths: list[str], clients: int, seconds: float) -> list[float]:
    """Seconds of each answer."""
    out: multiprocessing.Queue[Times] = multiprocessing.Queue()
    until = time.perf_counter() + seconds
    working = [multiprocessing.Process(target=_client, args=(port, paths, until, seed, out)) for seed in range(clients)]
    for each in working:
        each.start()
    every = [item for _ in working for item in out.get()]
    for each in working:
        each.join()
    wrong = {status for _, status in every} - {200}
    if wrong:
        raise SystemExit(f"{paths[0]} answered {wrong}")
    return [time_ for time_, _ in every]


def line(name: str, times: list[float]) -> str:
    times = sorted(times)
    median, most = statistics.median(times) * 1000, times[-1] * 1000
    tail = times[min(len(times) - 1, int(len(times) * 0.99))] * 1000
    flag = "  OVER" if median >= 300 or most >= 1000 else ""
    return f"{name:34} {len(times):6} {median:9.1f} {tail:9.1f} {most:9.1f}{flag}"


def twin(path: str) -> str:
    where, mark, query = path.partition("?")
    return ("/index" if where == "/" else where) + ".json" + mark + query


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--reports", type=int, default=500)
    arguments.add_argument("--clients", type=int, default=8)
    arguments.add_argument("--seconds", type=float, default=4.0)
    arguments.add_argument("--only", help="only pages whose address holds this")
    arguments.add_argument("--cold", action="store_true", help="work no check out before")
    chosen = arguments.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"web-{chosen.reports}.db"
    if not target.exists():
        build(target, chosen.reports)
    (folder / "hello.py").write_text(HELLO)
    print(f"{'page':34} {'asked':>6} {'median ms':>9} {'99 % ms':>9} {'max ms':>9}")
    hello = [sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws", "hello:app"]
    with server(hello, folder) as port:
        print(line("hello (another server)", measured(port, ["/"], chosen.clients, chosen.seconds)), flush=True)
    if chosen.cold:
        for old in folder.glob(f"{target.name}.kept*"):
            old.unlink()
    else:
        prepare(target)
    with server([sys.executable, "-m", "taizhang", "serve", str(target)], folder) as port:
        pages = addresses(port)
        print(line("/health", measured(port, ["/health"], chosen.clients, chosen.seconds)), flush=True)
        for name, paths in pages.items():
            if chosen.only and chosen.only not in name:
                continue
            print(line(name, measured(port, paths, chosen.clients, chosen.seconds)), flush=True)
            if name not in ("/reports/ID/inspector", "/n/ID/card", "/api", "/reports/ID?s="):
                times = measured(port, list(map(twin, paths)), chosen.clients, chosen.seconds)
                print(line("  .json", times), flush=True)


if __name__ == "__main__":
    main()
