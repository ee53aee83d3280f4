"""Charts of an indicator: every place by its own colour and shape, gaps where they are, ranks with the first on top."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import Client, words

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.web.app import create_app

PLACES = ("澜川市", "青岭市", "白河市", "石门市", "云溪市", "长汀市", "东塘市")


def report(place: str, year: int, value: float, rank: int) -> str:
    return (
        f"{place}{year + 1}年政府工作报告\n一、{year}年工作回顾\n全市生产总值{value}亿元，居全省第{rank}位。\n"
        f"二、{year + 1}年工作安排\n生产总值达到{value + 50}亿元以上。\n"
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chart") / "book.db"
    with Ledger.open(path, create=True) as ledger:
        for number, place in enumerate(PLACES):
            for year in (2019, 2021, 2022) if number % 2 else (2019, 2020, 2022):
                text = report(place, year, 1000 + 100 * number + year - 2019, number + 1)
                ledger.enter(extract(read(text.encode(), f"{place}{year}.txt")), who="程砚秋")
    return path


@pytest.fixture
def client(book: Path) -> Iterator[Client]:
    app = create_app(str(book), user="闻砚秋")
    yield Client(app)
    app.app.state.jobs.close()
    app.app.state.shelf.close()


def charts(page: str, look: str = "wide") -> list[str]:
    return re.findall(rf'<svg class="chart {look}".*?</svg>', page, re.DOTALL)


def groups(chart: str) -> dict[str, str]:
    """Colour of a place → what is drawn in it."""
    return dict(re.findall(r'<g class="(c\d)">((?:(?!<g ).)*<text class="name".*?)</g>', chart, re.DOTALL))


def marks(group: str, place: str) -> set[str]:
    """Outlines of a place's actuals, as steps without their place."""
    found = re.findall(r'<path class="dot" d="([^"]+)"/></a>', group)
    return {re.sub(r"[-\d.]+", "", each) for each in found}


def test_each_place_has_a_colour_and_a_shape_and_is_named_in_the_key(client: Client) -> None:
    page = client.page("/indicators/生产总值?" + "&".join(f"places={each}" for each in PLACES[:6]))
    chart = charts(page)[0]
    drawn = groups(chart)
    assert len(drawn) == 6
    for (colour, group), place in zip(drawn.items(), PLACES, strict=False):
        assert f">{place}</text>" in group, colour
        assert group.count("<a ") == 6  # three actuals, three targets, each of that place
        assert re.findall(r'aria-label="(\S+?) ', group) == [place] * 6
    shapes = [marks(group, place) for group, place in zip(drawn.values(), PLACES, strict=False)]
    assert all(len(each) == 1 for each in shapes) and len(set().union(*shapes)) == 6
    key = page.split('class="legend"')[1].split("</p>")[0]
    assert all(f'class="{colour}"' in key and place in key for colour, place in zip(drawn, PLACES, strict=False))
    assert "目标，以上" in key and "预计" not in key


def test_a_place_has_the_same_colour_in_every_chart_of_a_page(client: Client) -> None:
    page = client.page("/indicators/生产总值?places=澜川市,青岭市,白河市")
    alone = {
        place: colour
        for chart in charts(page)
        for colour, group in groups(chart).items()
        for place in re.findall(r'class="name"[^>]*>([^<]+)<', group)
    }
    assert alone == {"澜川市": "c0", "青岭市": "c1", "白河市": "c2"} and len(charts(page)) > 1


def test_places_beyond_what_one_chart_holds_are_named(client: Client) -> None:
    said = words(client.page("/indicators/生产总值?places=" + ",".join(PLACES)))
    assert "一张图至多画 6 个地区，没有画的： 东塘市" in said
    # The address in the other language has them all too.
    assert (
        client.page("/indicators/生产总值?places=澜川市&places=青岭市").count("places=%E6%BE%9C%E5%B7%9D%E5%B8%82%2C")
        >= 1
    )


def test_a_gap_of_one_place_hides_nothing_of_another(client: Client) -> None:
    chart = charts(client.page("/indicators/生产总值?places=澜川市,青岭市"))[0]
    told = re.findall(r'<rect class="nothing"[^>]* y="([\d.]+)"[^>]*><title>(\S+) (\d+)', chart)
    assert [(place, year) for _, place, year in told] == [("澜川市", "2021"), ("青岭市", "2020")]
    height = float(re.search(r'viewBox="0 0 \d+ (\d+)"', chart)[1])  # type: ignore[index]
    assert all(float(y) > 340 and float(y) + 10 < height for y, _, _ in told)
    alone = charts(client.page("/indicators/生产总值?places=澜川市"))[0]
    assert re.findall(r'class="nothing"[^>]*><title>(\S+) (\d+)', alone) == [("澜川市", "2021")]
    assert alone.index('class="nothing"') < alone.index('class="dot"')


def test_the_first_rank_is_on_top_and_ranks_are_whole(client: Client) -> None:
    page = client.page("/indicators/生产总值?measure=rank&places=澜川市,白河市")
    chart = charts(page)[0]
    ticks = re.findall(r'<text class="tick" [^>]*y="([\d.]+)" text-anchor="end">第([^<]+)<', chart)
    assert [name for _, name in ticks] == ["1", "2", "3", "4"]
    heights = [float(y) for y, _ in ticks]
    assert heights == sorted(heights)
    assert "位次" in chart


def test_there_is_a_chart_for_a_telephone(client: Client) -> None:
    page = client.page("/indicators/生产总值?places=澜川市,青岭市")
    wide, narrow = charts(page), charts(page, "narrow")
    assert len(wide) == len(narrow) >= 1
    assert narrow[0].count("<a ") == wide[0].count("<a ")


def test_a_figure_said_twice_is_reached_at_both_places(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "twice.db"
    with Ledger.open(path, create=True) as ledger:
        for number in range(2):
            text = report("澜川市", 2021, 1000, 1) + "注\n" * number
            ledger.enter(extract(read(text.encode(), f"{number}.txt")), who="程砚秋")
    app = create_app(str(path), user="闻砚秋")
    page = Client(app).page("/indicators/生产总值")
    also = re.findall(r'<a class="also" href="(/n/[^"]+)"', page)
    assert also and "②③ 是写到同一数字的另一处" in page and "×2" not in page
    assert all(Client(app).get(each).status_code == 200 for each in also)
    app.app.state.jobs.close()
    app.app.state.shelf.close()
