"""The registry, the command that explains it, and the page that lists it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from taizhang import cli_findings
from taizhang.checks.registry import codes, make

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "taizhang"


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    application = typer.Typer()
    application.callback()(lambda: None)
    cli_findings.mount(application)
    return application


def test_codes_stand_in_order() -> None:
    assert list(codes()) == sorted(codes())


@pytest.mark.parametrize("name", list(codes()))
def test_an_entry_is_whole(name: str) -> None:
    code = codes()[name]
    assert re.fullmatch(r"[a-z]+\.[a-z-]+", name) and code.version >= 1
    for text in (code.title, code.title_en, code.look, code.look_en, code.limits, code.limits_en):
        assert text and text == text.strip()
    if name.startswith("frame."):
        return  # structure/ writes the sentence
    assert re.findall(r"\{(\w+)\}", code.zh) and code.formula
    assert set(re.findall(r"\{(\w+)\}", code.zh)) - {"growth"} <= set(re.findall(r"\{(\w+)\}", code.en)) | {"growth"}


def test_every_code_that_the_source_names_is_registered() -> None:
    families = "|".join(sorted({name.split(".")[0] for name in codes()} - {"frame"}))
    named = set()
    for path in (*(SOURCE / "structure").glob("*.py"), *(SOURCE / "checks").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'Finding\(\s*"([a-z]+\.[a-z-]+)"', text))
        named |= set(re.findall(rf'"((?:{families})\.[a-z-]+)"', text))
    assert named == set(codes())


def test_a_word_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(KeyError):
        make("sum.growth", [], name="甲")


def test_findings_lists_every_code(app: typer.Typer) -> None:
    answer = CliRunner().invoke(app, ["findings"])
    assert answer.exit_code == 0
    assert all(name in answer.output for name in codes())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explain_tells_all_of_a_code(app: typer.Typer, lang: str) -> None:
    answer = CliRunner().invoke(app, ["findings", "--explain", "sum.growth", "--lang", lang])
    code = codes()["sum.growth"]
    assert answer.exit_code == 0
    for text in (code.formula, code.example, code.near_miss, code.look if lang == "zh" else code.look_en):
        assert text in answer.output


def test_an_unknown_code_gets_a_sentence(app: typer.Typer) -> None:
    answer = CliRunner().invoke(app, ["findings", "--explain", "growth"])
    assert answer.exit_code == 2
    assert "sum.growth" in answer.output


def test_the_page_has_every_code_as_it_is() -> None:
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z.-]+)` \| (\w+) \| (.*?) \| (.*?) \| (.*?) \|$", page, flags=re.M)
    assert rows == [
        (name, code.severity, code.title_en, code.formula or "–", code.limits_en) for name, code in codes().items()
    ]
