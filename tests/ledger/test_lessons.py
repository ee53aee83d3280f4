"""What corrections teach: rules spoken against, words proposed, tried out, accepted, and then read with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from taizhang.errors import LexiconError
from taizhang.extract import extract
from taizhang.ledger import Ledger
from taizhang.ledger.lessons import Proposal, joined, lessons, trial
from taizhang.lexicon.userlist import VARIABLE, parse
from taizhang.read import read

TEXT = """云溪市2031年政府工作报告

各位代表：

一、2030年工作回顾

统算口径生产总值增长6%，统算口径财政收入增长5%开外。改造旧巷20弄。区域总产值达到300亿元。

二、2031年工作安排

生产总值增长7%开外，新建12家口水库。财政收入增长8%开外，地区生产总值达到320亿元，改造12家口水库。
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "台账.db", create=True) as ledger:
        ledger.enter(extract(read(TEXT.encode(), "云溪.txt")), who="甲")
        yield ledger


def key_of(ledger: Ledger, quote: str, nth: int = 0) -> str:
    return [item.key for item in ledger.statements().items if item.statement.text == quote][nth]


def report_of(ledger: Ledger) -> str:
    return ledger.reports()[0].report


def proposed(ledger: Ledger) -> dict[str, Proposal]:
    return {proposal.words: proposal for proposal in lessons(ledger).proposals}


def test_nothing_is_learned_where_nobody_corrected(ledger: Ledger) -> None:
    found = lessons(ledger)
    assert (found.corrections, found.against, found.proposals) == (0, (), ())


def test_a_correction_speaks_against_the_rule_of_its_field(ledger: Ledger) -> None:
    key = key_of(ledger, "6%")
    ledger.correct(key, {"kind": "projection", "period": "2029"}, who="乙", why="原文如此")
    found = {item.field: item for item in lessons(ledger).against}
    assert set(found) == {"kind", "period"} and found["kind"].keys == (key,)
    assert found["kind"].corrected == 1 and found["kind"].used > 1 and found["kind"].rule == "section"
    event = ledger.events()[-1].id
    ledger.undo(event, who="乙", why="看错了")
    assert lessons(ledger).against == ()


def test_words_that_people_take_from_the_head_of_an_indicator_are_proposed(ledger: Ledger) -> None:
    ledger.correct(key_of(ledger, "6%"), {"indicator": "生产总值"}, who="乙", why="口径不属于指标")
    assert "统算口径" not in proposed(ledger), "once may be chance"
    ledger.correct(key_of(ledger, "5%"), {"indicator": "财政收入"}, who="乙", why="口径不属于指标")
    proposal = proposed(ledger)["统算口径"]
    tried = trial(ledger, proposal)
    assert (tried.righted, tried.open, tried.spoiled, tried.gained, tried.lost) == (2, 2, 0, 0, 0)


def test_words_beside_numbers_that_people_compare_by_are_proposed(ledger: Ledger) -> None:
    for quote in ("5%", "7%"):
        ledger.correct(key_of(ledger, quote), {"comparator": "ge"}, who="乙", why="开外即以上")
    proposal = proposed(ledger)["开外"]
    tried = trial(ledger, proposal)
    assert (tried.righted, tried.spoiled) == (2, 0)
    assert [effect.words for effect in tried.examples] == ["8%开外"], "the third is told before anyone accepts"


def test_a_unit_that_the_lists_lack_is_proposed(ledger: Ledger) -> None:
    start = TEXT.index("20弄")
    ledger.add(
        report_of(ledger), start, start + 3,
        {"kind": "actual", "measure": "level", "value": "20", "unit": "弄", "indicator": "改造旧巷"},
        who="乙", why="漏了",
    )  # fmt: skip
    assert trial(ledger, proposed(ledger)["弄"]).righted == 1


def test_a_name_that_holds_a_number_is_proposed_whole(ledger: Ledger) -> None:
    ledger.reject(key_of(ledger, "12家"), who="乙", why="是名称")
    assert "12家口水库" not in proposed(ledger), "where the name ends, one place does not tell"
    ledger.reject(key_of(ledger, "12家"), who="乙", why="是名称")
    tried = trial(ledger, proposed(ledger)["12家口水库"])
    assert (tried.righted, tried.open, tried.lost) == (2, 2, 0)


def test_another_wording_of_a_known_indicator_is_proposed(ledger: Ledger) -> None:
    ledger.link(key_of(ledger, "320亿元"), [key_of(ledger, "300亿元")], who="乙", why="同一指标")
    proposal = proposed(ledger)["区域总产值"]
    assert proposal.entry == {"indicator": {"地区生产总值": ["区域总产值"]}}


def test_a_list_keeps_what_it_holds_when_more_is_added(ledger: Ledger) -> None:
    for quote in ("5%", "7%"):
        ledger.correct(key_of(ledger, quote), {"comparator": "ge"}, who="乙", why="开外即以上")
    proposal = proposed(ledger)["开外"]
    before = '# 我们的词\n[comparator.after]\nge = ["朝上"]  # 老话\n'
    after = joined(joined(before, [proposal]), [proposal])
    assert "# 我们的词" in after and "# 老话" in after
    assert parse(after, "").comparator == {"after": {"ge": ("朝上", "开外")}}
    with pytest.raises(LexiconError):
        joined("[comparator.above]\nge = []\n", [proposal])


def taizhang(*arguments: str | Path, lexicon: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if lexicon:
        environment[VARIABLE] = str(lexicon)
    command = [sys.executable, "-m", "taizhang", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)


def test_from_corrections_to_a_better_reading(tmp_path: Path) -> None:
    report, book, words = tmp_path / "云溪.txt", tmp_path / "台账.db", tmp_path / "词.toml"
    report.write_text(TEXT, encoding="utf-8")
    taizhang("enter", book, report, "--who", "甲")
    assert "无从学起" in taizhang("learn", book).stderr
    with Ledger.open(book) as ledger:
        for quote in ("5%", "7%"):
            ledger.correct(key_of(ledger, quote), {"comparator": "ge"}, who="乙", why="开外即以上")
    shown = taizhang("learn", book)
    assert shown.returncode == 0 and "“开外”" in shown.stdout and "改对" in shown.stdout
    rows = [json.loads(line) for line in taizhang("learn", book, "-f", "jsonl").stdout.splitlines()]
    assert [row["trial"]["righted"] for row in rows if row["type"] == "proposal"] == [2]
    assert "没有第 9 条" in taizhang("learn", book, "--accept", "9", "--to", words).stderr and not words.exists()
    for other in (report, book, tmp_path):
        refused = taizhang("learn", book, "--accept", "1", "--to", other)
        assert refused.returncode == 2 and "自用词表" in refused.stderr and "Traceback" not in refused.stderr
    assert report.read_text(encoding="utf-8") == TEXT
    assert taizhang("learn", book, "--accept", "1", "--to", words).returncode == 0
    read_with = taizhang("read", report, "-f", "csv", lexicon=words).stdout
    assert read_with.count("不低于") == 3 and taizhang("read", report, "-f", "csv").stdout.count("不低于") == 0
    # The words are rules too: the ledger reads its files again, and what it says then speaks against no rule.
    assert "已重读" in taizhang("enter", book, report, "--who", "甲", lexicon=words).stdout
    with Ledger.open(book) as ledger:
        assert lessons(ledger).against == ()


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("x = 1", "unknown field"),
        ("[unit", "有误"),
        ('[name.a]\nreason = "name"\nwords = [""]\nexamples = []\nrejects = []\n', "至少两个字"),
        ('[comparator.after]\nge = ["的"]\n', "至少两个字"),
        ('[unit."个"]\ndimension = "count"\nexamples = {}\n', "本来就有"),
        ('[name.a]\nreason = "什么"\nwords = ["1号楼"]\nexamples = []\nrejects = []\n', "没有原因"),
        ('[unit."弄"]\ndimension = "什么"\nexamples = {}\n', "没有量纲"),
    ],
)
def test_a_list_that_is_not_in_order_stops_with_a_sentence(tmp_path: Path, text: str, zh: str) -> None:
    words, report = tmp_path / "词.toml", tmp_path / "云溪.txt"
    words.write_text(text, encoding="utf-8")
    report.write_text(TEXT, encoding="utf-8")
    done = taizhang("read", report, lexicon=words)
    assert done.returncode == 2 and zh in done.stderr and "Traceback" not in done.stderr and done.stdout == ""
    done = taizhang("read", report, lexicon=tmp_path / "没有.toml")
    assert done.returncode == 2 and "读不了自用词表" in done.stderr
