"""A user's own word list beside those of the package: what people's corrections taught, accepted by a person.

The environment variable `TAIZHANG_LEXICON` names the file, so that every process of a run reads with it. It may add to
the package's lists and take nothing away:

    [unit."锭"]                       a unit, as in units.toml
    dimension = "count"
    examples = { "新上纺纱3万锭" = "30000" }

    [name."岚川夜市"]                  numbers that belong to a name, as a group in names.toml
    reason = "name"
    words = ["岚川8号夜市"]
    examples = ["岚川8号夜市开街"]
    rejects = []

    [comparator.after]                words that compare, by side and comparator, as in comparators.toml
    ge = ["开外"]

    [indicator]                       further wordings of an indicator that indicators.toml knows
    "地区生产总值" = ["区域总产值"]

    [meaning]                         words that leave an indicator's beginning, as in meaning.toml
    head_words = ["同口径"]

A list that is not in order takes no effect, and `check` says what is wrong with it: the lists are read when the package
is loaded, where an error would have nobody to tell it to.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from taizhang.errors import LexiconError, why
from taizhang.lexicon.entries import NameGroup, Unit
from taizhang.model import Comparator

VARIABLE = "TAIZHANG_LEXICON"


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Word groups of `meaning.toml` that may be added to."""

    head_words: tuple[str, ...] = ()


class Additions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a user's own list adds."""

    unit: dict[str, Unit] = {}
    name: dict[str, NameGroup] = {}
    comparator: dict[Literal["before", "after"], dict[Comparator, tuple[str, ...]]] = {}
    indicator: dict[str, tuple[str, ...]] = {}
    meaning: Meaning = Meaning()


class _Loaded(msgspec.Struct, frozen=True):
    additions: Additions = Additions()
    fingerprint: str = ""
    error: tuple[str, str] | None = None


def additions() -> Additions:
    """The user's own list; empty where there is none, or where it is not in order."""
    return _loaded().additions


def fingerprint() -> str:
    """Of the list in use; empty where there is none."""
    return _loaded().fingerprint


def check() -> None:
    """Raise `LexiconError` if the user's own list cannot be used."""
    error = _loaded().error
    if error is not None:
        raise LexiconError(*error)


def parse(text: str, name: str) -> Additions:
    """A list from its text. Raises `LexiconError` naming the file and what is wrong in it."""
    try:
        found = msgspec.convert(tomllib.loads(text), Additions)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LexiconError(f"自用词表“{name}”有误：{error}。", f"Own word list “{name}”: {error}.") from None
    for wrong, zh, en in (
        # Patterns are for those who can test them.
        (
            any(group.numbers or group.searches for group in found.name.values()),
            "name 里只能有 words",
            "a name has words only",
        ),
        (any(len(word) < 2 for word in _listed(found)), "每个词至少两个字", "a word has two characters at least"),
        (not all(found.unit), "单位不能是空的", "a unit is not empty"),
    ):
        if wrong:
            raise LexiconError(f"自用词表“{name}”有误：{zh}。", f"Own word list “{name}”: {en}.")
    return found


def _listed(found: Additions) -> Iterator[str]:
    """Every word that is looked for in texts: one that is short or empty would be found everywhere."""
    for group in found.name.values():
        yield from group.words
    for side in found.comparator.values():
        for words in side.values():
            yield from words
    for wordings in found.indicator.values():
        yield from wordings
    yield from found.meaning.head_words


@cache
def _loaded() -> _Loaded:
    path = os.environ.get(VARIABLE, "")
    if not path:
        return _Loaded()
    try:
        text = Path(path).read_text(encoding="utf-8")
        return _Loaded(parse(text, path), hashlib.sha256(text.encode()).hexdigest()[:10])
    except LexiconError as error:
        return _Loaded(error=(error.zh, error.en))
    except (OSError, ValueError) as error:
        zh, en = why(error)
        return _Loaded(
            error=(
                f"读不了自用词表“{path}”（环境变量 {VARIABLE}）：{zh}。",
                f"Cannot read the own word list “{path}” (variable {VARIABLE}): {en}.",
            )
        )
