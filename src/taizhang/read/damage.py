"""What has gone wrong with a text on its way: written-out escapes, tags, lost characters, digits apart, lines twice.

The text stays as it is, and most of it is read nevertheless (`fold` closes digits and drops marks). The reader of the
report is told, with the places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import opencc

from taizhang.errors import counted
from taizhang.model import Finding, Severity, Span
from taizhang.read.plain import everyday_share

_SHOWN = 20
"""Places given with a finding; its sentence has the whole count."""
_HAN = re.compile("[\u3400-\u9fff]")
_POINTS = re.compile("[，。；：、！？,;]")
_LONG_TEXT = 100
_LETTER = re.compile("[^\x00-\xa0\u2000-\u206f\u3000-\u303f\uff00-\uffef]")
_LATIN = re.compile("[\xa1-\u024f]")
_TWICE = re.compile("([\u3400-\u9fff])\\1")
_FEWEST_LETTERS = 100
_STRANGE = 0.2
"""Share of everyday characters below which a text is none; the least of 227 reports is 0.56."""
_MOSTLY = 0.7
_LONG_LINE = 40
_TRADITIONAL = 0.05
_SAMPLE = 20_000
_PATTERNS: tuple[tuple[str, str, int, re.Pattern[str], Severity, str, str], ...] = (
    (
        "read.escapes", "\\", 2, re.compile(r"\\r\\n|\\[nrt](?![a-zA-Z])"), "info",
        "原文里有{}处写出来的换行符号（\\r\\n、\\n 等），按换行读。",
        "Line ends written out in the text (\\r\\n, \\n), {} of them, were read as line ends.",
    ),
    (
        "read.entities", "&", 1, re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6});"), "info",
        "原文里有{}处网页字符代码（&nbsp; 等）没有还原。",
        "Codes of web pages (&nbsp; and the like) stand in the text: {}.",
    ),
    (
        "read.tags", "<", 1,
        re.compile(r"</?(?:p|div|span|font|br|strong|b|a|table|tr|td|img|o:p|st1:\w+)(?:\s[^<>\n]{0,300})?/?>", re.I),
        "info",
        "原文里有{}处网页标签（<p>、<span> 等）没有去掉。",
        "Tags of web pages (<p>, <span>) stand in the text: {}.",
    ),
    (
        "read.lost-characters", "?", 1, re.compile(r"\?{3,}"), "warning",
        "原文有{}处“???”，多半是转码时丢了字，该处的内容不可靠。",
        "“???” stands in the text (times: {}), most likely where characters were lost in a change of encoding; what "
        "stands there cannot be relied on.",
    ),
    (
        "read.lost-characters", "？", 1, re.compile("？{4,}"), "warning",
        "原文有{}处“？？？？”，多半是转码时丢了字，该处的内容不可靠。",
        "“？？？？” stands in the text (times: {}), most likely where characters were lost in a change of encoding; "
        "what stands there cannot be relied on.",
    ),
    (
        "read.replaced-characters", "\ufffd", 1, re.compile("\ufffd+"), "warning",
        "原文有{}处无法辨认的字符（\ufffd），该处的内容不可靠。",
        "Characters that could not be decoded (\ufffd) stand in the text (times: {}); what stands there cannot be "
        "relied on.",
    ),
    (
        "read.mojibake", "", 3, re.compile("锟斤拷|烫烫烫|屯屯屯|(?:[ÃÂåæçèéä][\x80-\xbf‚-›€™œž]){2,}"), "warning",
        "原文有{}处乱码，该处的内容不可靠。请设法取得没有乱码的文本。",
        "Parts of the text are garbled ({}); what stands there cannot be relied on. Try to get the text without them.",
    ),
    (
        "read.radicals", "", 3, re.compile("[\u2e80-\u2eff\u2f00-\u2fd5]+"), "info",
        "原文里有{}处部首字符（如“⼀”“⻓”，看似普通汉字），按普通汉字读。",
        "Signs for radicals (such as ⼀, ⻓) stand in the text ({}); they were read as the characters they look like.",
    ),
    (
        "read.spaced-digits", " ", 3, re.compile(r"(?<![0-9.]\s)(?<![0-9.])[0-9](?: +[0-9.]){2,}(?![0-9])"), "info",
        "原文有{}个数字被空格拆开（如“1 2 8 6”），按连写读。",
        "The digits of {} numbers stand apart (1 2 8 6); they were read as one number.",
    ),
)  # fmt: skip


def damage(text: str) -> tuple[Finding, ...]:
    """The findings of a text that came to harm; none for most texts."""
    garbled = _garbled(text)
    if garbled is not None:
        return (*(each for each in _marks(text) if each.code != garbled.code), garbled)
    return (*_marks(text), *_doubled(text), *_without_points(text), *_traditional(text), *_repeated(text))


def _garbled(text: str) -> Finding | None:
    """That hardly any letters are such as reports are written in: the text was decoded wrongly before it was saved."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    if letters < _FEWEST_LETTERS:
        return None
    latin = len(_LATIN.findall(sample))
    if latin * 2 < letters and everyday_share(sample) >= _STRANGE:
        return None
    return Finding(
        "read.mojibake", "error",
        "全文是乱码：多半在存成这个文件之前就用错了编码，读出的内容不可靠。请设法取得没有乱码的文本。",
        "The text is garbled: it was most likely decoded wrongly before this file was saved. What is read is not "
        "reliable. Try to get the text without that.",
        rule="read.mojibake/2",
    )  # fmt: skip


def _doubled(text: str) -> Iterator[Finding]:
    """Every character twice, as PDF text comes out whose bold was made by printing twice."""
    sample = text[:_SAMPLE]
    letters = len(_HAN.findall(sample))
    if letters >= _FEWEST_LETTERS and len(_TWICE.findall(sample)) * 2 > _MOSTLY * letters:
        yield Finding(
            "read.doubled-characters", "error",
            "文中的字几乎个个写了两遍，多半是从 PDF 取出时带来的，读出的数字和单位不可靠。请设法取得没有重字的文本。",
            "Nearly all characters stand there twice, most likely from a PDF whose bold was made by printing twice. "
            "Numbers and units read from it are not reliable. Try to get the text without that.",
            rule="read.doubled-characters/1",
        )  # fmt: skip


def _marks(text: str) -> Iterator[Finding]:
    for code, sign, least, pattern, severity, zh, en in _PATTERNS:
        if sign not in text:
            continue
        spans = [Span(*match.span()) for match in pattern.finditer(text)]
        if len(spans) >= least:
            yield Finding(
                code, severity, zh.format(len(spans)), en.format(len(spans)), tuple(spans[:_SHOWN]), f"{code}/1"
            )


def _without_points(text: str) -> Iterator[Finding]:
    sample = text[:_SAMPLE]
    letters = len(_HAN.findall(sample))
    # A table or a list has no stops either, but then its lines are short.
    lines = sorted((len(_HAN.findall(line)) for line in sample.splitlines()), reverse=True)
    long = sum(length for length in lines if length >= _LONG_LINE)
    if letters >= _LONG_TEXT and long * 2 >= letters and len(_POINTS.findall(sample)) * 100 < letters:
        yield Finding(
            "read.no-punctuation", "warning",
            "全文几乎没有标点，句子分不开，读出的指标不可靠。",
            "The text has hardly any punctuation: its sentences cannot be told apart, and what is read is "
            "not reliable.",
            rule="read.no-punctuation/1",
        )  # fmt: skip


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _traditional(text: str) -> Iterator[Finding]:
    sample = text[:_SAMPLE]
    simplified = _simplifier().convert(sample)
    letters = len(_HAN.findall(sample))
    if len(simplified) != len(sample) or not letters:
        return
    changed = sum(before != after for before, after in zip(sample, simplified, strict=True))
    if changed > _TRADITIONAL * letters:
        yield Finding(
            "read.traditional", "info",
            "正文是繁体字；按简体匹配，引文仍用原字。",
            "The text is in traditional characters; it is matched in simplified ones and quoted as it stands.",
            rule="read.traditional/1",
        )  # fmt: skip


def _repeated(text: str) -> Iterator[Finding]:
    """Long lines that stand in the text more than once: a page printed twice, a paragraph pasted again."""
    seen: set[str] = set()
    spans: list[Span] = []
    at = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if len(words) >= _LONG_LINE:
            if words in seen:
                start = at + line.index(words[0])
                spans.append(Span(start, start + len(words)))
            seen.add(words)
        at += len(line)
    if spans:
        yield Finding(
            "read.repeated-lines", "info",
            f"有{len(spans)}段文字在文中出现不止一次，其中的数字会重复计入。",
            f"{counted(len(spans), 'paragraph stands', 'paragraphs stand')} in the text more than once; figures are "
            "counted each time.",
            tuple(spans[:_SHOWN]), "read.repeated-lines/1",
        )  # fmt: skip
