"""The documents describe what is so: their examples are run, their tables compared with the code."""

from __future__ import annotations

import difflib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from rewrite_docs import PAGES, READMES, ROOT, renewed

from taizhang import model
from taizhang.extract import extract
from taizhang.read import read
from taizhang.views.record import commitment_record, encode, record, report_record

EXAMPLE = ROOT / "examples" / "lanchuan-2025-page.md"
FORMAT = ROOT / "docs" / "record-format.md"


def content(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_output_is_the_real_output(page: Path) -> None:
    shown, real = content(page), renewed(page)
    difference = difflib.unified_diff(shown.splitlines(), real.splitlines(), "shown", "real", lineterm="", n=0)
    assert shown == real, "If that is meant, run `python tests/rewrite_docs.py`.\n" + "\n".join(difference)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", content(page)):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_files_exist(page: Path) -> None:
    for name in re.findall(r"`((?:src|docs|examples|tests|bench)/[\w./-]*)[^`]*`", content(page)):
        assert (ROOT / name).exists(), name


def test_both_readmes_show_the_same() -> None:
    """The same opening sentence, the same commands and code; only language and remarks differ."""
    sentences, commands = [], []
    for page in READMES:
        blocks = re.findall(r"^```(text|console|python|sh)\n(.*?)^```", content(page), re.M | re.S)
        lines = "".join(block for kind, block in blocks if kind != "text").splitlines()
        sentences.append([block for kind, block in blocks if kind == "text"])
        commands.append(
            [
                re.sub(r"\s*#.*| --lang en", "", line)
                for line in lines
                if re.match(r"[$] |>>> |[.][.][.] |make |taizhang |cat ", line)
            ]
        )
    assert sentences[0] == sentences[1]
    assert commands[0] == commands[1]


@cache
def tables() -> dict[str, list[list[str]]]:
    """Tables of the record format by section: the names in the first column of each."""
    found: dict[str, list[list[str]]] = {}
    for part in re.split(r"^##+ ", content(FORMAT), flags=re.M)[1:]:
        name, _, body = part.partition("\n")
        found[name] = [
            re.findall(r"`(\w+(?:-\w+)?)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:]))
            for table in re.findall(r"(?:^\|.*\n)+", body, flags=re.M)
        ]
    return found


def test_record_format_names_every_field() -> None:
    report = extract(read(EXAMPLE, EXAMPLE.name))
    whole: dict[str, Any] = json.loads(encode(report_record(report)))
    assert set(tables()["Statement"][0]) == set(record(report.statements[0], ""))
    assert set(tables()["Commitment"][0]) == set(commitment_record(report.commitments[0], "")) - {"pieces"}
    assert set(tables()["Report"][0]) == set(whole)
    assert set(tables()["Document"][0]) == set(whole["document"])
    assert set(tables()["Block"][0]) == set(whole["blocks"][0])
    assert set(tables()["Coverage"][0]) == set(whole["coverage"][0])
    assert set(tables()["Evidence"][0]) == set(whole["statements"][0]["evidence"][0])
    assert set(tables()["Finding"][0]) == set(model.Finding.__struct_fields__)


def test_record_format_lists_the_closed_vocabularies() -> None:
    assert tables()["Statement"][1:] == [
        list(get_args(vocabulary)) for vocabulary in (model.Kind, model.Measure, model.Comparator)
    ]
    for vocabulary in (model.Part, model.Mode, model.ReportKind, model.Strength, model.How, model.Severity):
        for word in get_args(vocabulary):
            assert f"`{word}`" in content(FORMAT), word
