"""The word lists: every file in `data/` is read, every example is found, no near miss is."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from taizhang import lexicon
from taizhang.errors import LexiconError
from taizhang.extract.number import read_number
from taizhang.extract.quantity import scan
from taizhang.fold import fold
from taizhang.lexicon.entries import Unit, parse_entries
from taizhang.model import Claim, Quantity

DATA = Path(str(files("taizhang.lexicon"))) / "data"
OURS = {
    "units.toml": lexicon.units,
    "numerals.toml": lexicon.numerals,
    "comparators.toml": lexicon.comparisons,
    "names.toml": lexicon.name_groups,
    "idioms.toml": lexicon.name_groups,
    "reasons.toml": lexicon.reasons,
    "cues.toml": lexicon.cues,
}


def read(text: str) -> tuple[list[Quantity], list[Claim]]:
    return scan(fold(text))


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: path.name)
def test_every_file_is_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    for at, letter in enumerate(text):
        assert letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn"), f"{path.name}:{at}"
    if path.suffix == ".toml":
        tomllib.loads(text)


@pytest.mark.parametrize("file", sorted(OURS))
def test_the_schema_holds(file: str) -> None:
    assert (DATA / file).is_file()
    assert OURS[file]()


@pytest.mark.parametrize("unit", list(lexicon.units()))
def test_a_unit_is_found_by_its_examples(unit: str) -> None:
    entry = lexicon.units()[unit]
    assert entry.examples
    written = "位" if unit == "个位次" else fold(unit).plain
    for text, value in entry.examples.items():
        quantities, _ = read(text)
        assert [(q.unit, q.value) for q in quantities] == [(written, Decimal(value))], text
    for text in entry.rejects:
        quantities, _ = read(text)
        assert not [q for q in quantities if q.unit == unit], text


def test_units_stand_in_order() -> None:
    names = list(lexicon.units())
    assert names == sorted(names, key=lambda name: (len(name), name))


@pytest.mark.parametrize("group", list(lexicon.name_groups()))
def test_a_group_claims_its_examples(group: str) -> None:
    entry = lexicon.name_groups()[group]
    for text in entry.examples:
        _, claims = read(text)
        assert any(claim.rule in (group, "quoted") and claim.reason for claim in claims), text
    for text in entry.rejects:
        _, claims = read(text)
        assert not any(claim.rule == group for claim in claims), text


@pytest.mark.parametrize(("side", "comparator"), list(lexicon.comparisons()))
def test_comparing_words_are_found(side: str, comparator: str) -> None:
    entry = next(entry for key, entry in lexicon.comparisons().items() if key == (side, comparator))
    for text, value in entry.examples.items():
        quantities, _ = read(text)
        assert [(q.comparator, q.value) for q in quantities] == [(comparator, Decimal(value))], text
    for text in entry.rejects:
        quantities, _ = read(text)
        assert not any(q.comparator == comparator for q in quantities), text


def test_every_comparing_word_compares() -> None:
    for (side, comparator), entry in lexicon.comparisons().items():
        for word in entry.words:
            text = (
                f"达{word}百吨" if word in ("上", "过") else f"共{word}30吨" if side == "before" else f"共30吨{word}。"
            )
            quantities, _ = read(text)
            assert [q.comparator for q in quantities] == [comparator], text


def test_numerals_are_worth_what_they_say() -> None:
    table = lexicon.numerals()
    for word, value in table.examples.items():
        number = read_number(word)
        assert number is not None and number.value == Decimal(value), word
    for word in table.vague:
        assert read_number(word) is None, word


def test_no_word_stands_twice() -> None:
    seen: dict[str, str] = {}
    for name, entry in lexicon.name_groups().items():
        for word in entry.words:
            assert word not in seen, f"{word}: {seen.get(word)} and {name}"
            seen[word] = name


def test_every_word_with_a_numeral_is_claimed() -> None:
    for name, entry in lexicon.name_groups().items():
        if entry.guard:
            continue
        for word in entry.words:
            _, claims = read(f"抓{word}。")
            assert claims and claims[0].start <= 1, f"{name}: {word}"


def test_every_reason_is_used_and_explained() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in DATA.parents[1].rglob("*.py"))
    given = {group.reason for group in lexicon.name_groups().values()}
    for name, reason in lexicon.reasons().items():
        assert reason.zh and reason.en and reason.example
        assert name in given or f'"{name}"' in source, name


def test_patterns_are_bounded() -> None:
    """An open repetition of digits would make a long line of digits cost its square."""
    for name, entry in lexicon.name_groups().items():
        for pattern in (*entry.numbers, *entry.searches):
            loose = re.sub(r"\[(?:[^\]\\]|\\.)*\]", "x", pattern)
            assert not re.search(r"(?<!\\)[*+](?!\?)", loose.replace("(?:", "")), f"{name}: {pattern}"


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(LexiconError, match=r"units\.toml.*个百分点.*dimention"):
        parse_entries("units.toml", {"unit": {"个百分点": {"dimention": "point", "examples": {}}}}, "unit", Unit)
    with pytest.raises(LexiconError, match="no table 'units'"):
        parse_entries("units.toml", {"units": {}}, "unit", Unit)


def test_alternations_put_the_longest_first() -> None:
    assert lexicon.alternation(["个", "个百分点", "a.b"]) == r"个百分点|a\.b|个"
