"""The codes of findings: what each says, what to look for, and where it stops. The text is in `data/findings.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec

from taizhang.lexicon.entries import load, parse_entries
from taizhang.model import Finding, Severity, Side, Span

_FILE = "findings.toml"


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code: the head of `findings.toml` says what each key is."""

    version: int
    severity: Severity
    title: str
    title_en: str
    look: str
    look_en: str
    limits: str
    limits_en: str
    example: str
    near_miss: str
    zh: str = ""
    en: str = ""
    formula: str = ""


@cache
def codes() -> dict[str, Code]:
    """Every code by its name, in the order of the file. Raises `LexiconError` for a file that breaks its schema."""
    return parse_entries(_FILE, load(_FILE), "code", Code)


def make(
    of: str,
    /,
    sides: Sequence[Side],
    formula: str = "",
    *,
    severity: Severity | None = None,
    spans: Sequence[Span] | None = None,
    **words: str,
) -> Finding:
    """A finding of one code with its sentence filled in.

    `spans` are places in the first side's document; by default those of all sides in it. Raises `KeyError` for a code
    that the registry does not have and for a word that its sentence asks for and nobody gave.
    """
    code = codes()[of]
    if spans is None and sides:
        spans = sorted({side.span for side in sides if side.document == sides[0].document})
    return Finding(
        code=of,
        severity=severity or code.severity,
        zh=code.zh.format(**words),
        en=code.en.format(**words),
        spans=tuple(spans or ()),
        rule=f"{of}/{code.version}",
        sides=tuple(sides),
        formula=formula or code.formula,
    )
