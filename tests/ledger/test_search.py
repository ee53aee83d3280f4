"""Chinese full text: what it finds is what stands there, in both stores and in Python."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import TEXT, enter, reading

from taizhang.errors import LedgerError
from taizhang.fold import fold
from taizhang.ledger import Ledger
from taizhang.ledger.search import terms, tokens, vector
from taizhang.model import Report, Span

HAN = st.text("粮食产量能耗一𬭎", min_size=1)


@given(text=st.lists(HAN, max_size=4).map("，".join), word=HAN)
def test_a_chinese_word_is_found_exactly_where_it_stands(text: str, word: str) -> None:
    (term,) = terms(word)
    assert term.stands_in(tokens(fold(text).text)) == (fold(word).text in fold(text).text)


WORDS = [
    "粮食", "能耗", "煤", "增", "一", "生产总值", "规模以上工业", "澜川市", "充电桩3000", "5G", "GDP", "ＧＤＰ", "糧食",
    "的", "公里", "新能源 装机", "增长 5.3%", "没有这个词",
]  # fmt: skip


def _without_gaps(report: Report, span: Span) -> str:
    gaps = [gap for gap in report.frame.joins if gap in span]
    starts, ends = [span.start, *(gap.end for gap in gaps)], [*(gap.start for gap in gaps), span.end]
    return "".join(report.document.text[start:end] for start, end in zip(starts, ends, strict=True))


def test_both_stores_find_what_a_plain_look_finds(ledger: Ledger, examples: dict[str, Report]) -> None:
    for item in examples.values():
        enter(ledger, item)
    sentences = [
        fold(_without_gaps(item, sentence.span)).text for item in examples.values() for sentence in item.frame.sentences
    ]
    statements = [statement for item in examples.values() for statement in item.statements]
    for words in WORDS:
        parts = [fold(part).text for part in words.split()]
        total = ledger.search(words).total
        assert total == sum(all(part in text for part in parts) for text in sentences), words
        total = ledger.search(words, where="statements").total
        found = [
            statement
            for statement in statements
            if all(
                any(part in fold(text or "").text for text in (statement.indicator, statement.text)) for part in parts
            )
        ]
        assert total == len(found), words


def test_letters_and_figures(ledger: Ledger) -> None:
    text = TEXT.replace("我们将", "GDP能耗下降，建5G基站1,286.4座，PM2.5浓度33微克。我们将")
    enter(ledger, reading(text))
    for words in (
        "GDP",
        "gdp",
        "gd",
        "5g",
        "5G基站",
        "5G 基",
        "建5G",
        "1,286.4",
        "1286.4座",
        "pm2.5",
        "PM2.5浓度",
        "PM",
        "33微克",
    ):
        assert ledger.search(words).total == 1, words
    for words in ("DP", "286.4", "2.5", "G基站", "3微克"):
        assert ledger.search(words).total == 0, words
    with pytest.raises(LedgerError, match="nothing to look for"):
        ledger.search("，。 ")


def test_newest_first_and_in_pages(ledger: Ledger, examples: dict[str, Report]) -> None:
    for item in examples.values():
        enter(ledger, item)
    whole = ledger.search("增长", limit=1000)
    assert whole.total == len(whole.items) > 20
    assert whole.items[0].report.year_planned == "2026"
    stretch = ledger.search("增长", limit=5, offset=18)
    assert stretch.items == whole.items[18:23] and stretch.total == whole.total
    assert ledger.search("增长", offset=10_000).items == ()
    only = ledger.search("增长", place="澜川", year=2026, limit=1000)
    assert {hit.report.year_planned for hit in only.items} == {"2026"} and only.total == len(only.items)
    assert ledger.search("增长", place="砚川").total == 0
    for hit in whole.items:
        text = examples[hit.report.name.rpartition(".")[0]].document.text
        assert hit.text == "".join(text[piece.start : piece.end] for piece in hit.pieces)


def test_a_torn_sentence_is_one(ledger: Ledger, examples: dict[str, Report]) -> None:
    enter(ledger, examples["lanchuan-2025-page"])
    (hit,) = ledger.search("新建公共充电桩").items
    assert len(hit.pieces) == 2 and "\n\n" not in hit.text


def test_only_the_reading_that_counts_is_searched(ledger: Ledger) -> None:
    enter(ledger, reading(TEXT))
    enter(ledger, reading(TEXT.replace("桥梁", "渡槽")))
    assert (ledger.search("桥梁").total, ledger.search("渡槽").total) == (0, 1)
    assert ledger.search("桥梁", as_of=1).total == 1


def test_columns_do_not_run_into_each_other() -> None:
    assert vector(tokens("粮食"), tokens("产量")) == "'粮食':1 '食':2 '产量':4 '量':5"


def test_a_text_without_end_fits_a_vector() -> None:
    found = vector(["粮食"] * 100_000, ["产量"])
    assert len(found.encode()) < 2**20 and found.endswith("'粮食':16383")
