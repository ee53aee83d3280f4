"""What has gone wrong with a text on its way: written-out escapes, tags, lost characters, digits apart, lines twice.

The text stays as it is, and most of it is read nevertheless (`fold` closes digits and drops marks). The reader of the
report is told, with the places.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

import opencc

from taizhang.errors import counted
from taizhang.fold import COMPATIBLE, ordinary
from taizhang.model import Finding, Severity, Span
from taizhang.read.plain import everyday_share

_SHOWN = 20
"""Places given with a finding; its sentence has the whole count."""
_HAN = re.compile("[\u3400-\u9fff]")
_POINTS = re.compile("[，。；：、！？,;]")
_FIGURES = re.compile(r"[0-9][^0-9]{1,40}[0-9][^0-9]{1,40}[0-9]")
_LONG_TEXT = 100
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
        "read.mojibake", "", 3, re.compile("锟斤拷|烫烫烫|屯屯屯"), "warning",
        "原文有{}处乱码，该处的内容不可靠。请设法取得没有乱码的文本。",
        "Parts of the text are garbled ({}); what stands there cannot be relied on. Try to get the text without them.",
    ),
    (
        "read.spaced-digits", " ", 3, re.compile(r"(?<![0-9.]\s)(?<![0-9.])[0-9](?: +[0-9.]){2,}(?![0-9])"), "info",
        "原文有{}个数字被空格拆开（如“1 2 8 6”），按连写读。",
        "The digits of {} numbers stand apart (1 2 8 6); they were read as one number.",
    ),
)  # fmt: skip


def damage(text: str) -> tuple[Finding, ...]:
    """The findings of a text that came to harm; none for most texts."""
    garbled = tuple(_garbled(text))
    return (
        *_marks(text),
        *garbled,
        *_doubled(text),
        *_compatible(text),
        *(() if garbled else (*_without_points(text), *_traditional(text))),
        *_repeated(text),
    )


_WHOLE = ("read.no-punctuation",)
_IN_LINES = ("read.mojibake", "read.doubled-characters")
_LOST = re.compile(r"\?{3,}|？{4,}|\ufffd+")
_SENTENCE_END = re.compile("[。；！\n]")


def unreliable(text: str, findings: Iterable[Finding]) -> list[Span]:
    """Where nothing that is read is sure: sentences with words lost, garbled or doubled, or all of the text."""
    harmed = [Span(*match.span()) for match in _LOST.finditer(text)]
    for finding in findings:
        if finding.code in _WHOLE or (finding.code in _IN_LINES and len(finding.spans) == _SHOWN):
            return [Span(0, len(text))]
        if finding.code in _IN_LINES:
            harmed += finding.spans
    sentences: list[Span] = []
    for span in harmed:
        if sentences and sentences[-1].start <= span.start and span.end <= sentences[-1].end:
            continue
        start = max(text.rfind(mark, 0, span.start) for mark in "。；\n") + 1
        end = _SENTENCE_END.search(text, span.end)
        sentences.append(Span(start, end.end() if end else len(text)))
    return sentences


_FEWEST_STRANGE = 12
"""Signs outside ASCII from which a line can be told to be garbled."""
_LINES_LOOKED_AT = 200_000
_WRONG_TURNS = (
    ("cp1252", "utf-8", "UTF-8 的文字被当作西文（Latin-1）读过", "UTF-8 was read as Latin-1"),
    ("latin-1", "utf-8", "UTF-8 的文字被当作西文（Latin-1）读过", "UTF-8 was read as Latin-1"),
    ("cp1252", "gb18030", "GBK 的文字被当作西文（Latin-1）读过", "GBK was read as Latin-1"),
    ("latin-1", "gb18030", "GBK 的文字被当作西文（Latin-1）读过", "GBK was read as Latin-1"),
    ("gb18030", "utf-8", "UTF-8 的文字被当作 GBK 读过", "UTF-8 was read as GBK"),
    ("cp950", "utf-8", "UTF-8 的文字被当作 Big5 读过", "UTF-8 was read as Big5"),
    ("cp950", "gb18030", "GBK 的文字被当作 Big5 读过", "GBK was read as Big5"),
)
_BELIEVED = 0.3
_RESTORED = 0.5


def _garbled(text: str) -> Iterator[Finding]:
    """Lines written in one encoding and read in another: they are rare signs, and read back they are everyday words."""
    turns: Counter[tuple[str, str]] = Counter()
    spans: list[Span] = []
    at = 0
    for line in text[:_LINES_LOOKED_AT].splitlines(keepends=True):
        start, at = at, at + len(line)
        strange = len(_STRANGE.findall(line))
        if strange < _FEWEST_STRANGE or everyday_share(line) >= _BELIEVED:
            continue
        head = line[:500].strip()
        for wrong, right, zh, en in _WRONG_TURNS:
            restored = head.encode(wrong, errors="ignore").decode(right, errors="ignore")
            if 6 * len(restored) > len(head) and everyday_share(restored) >= _RESTORED:
                turns[zh, en] += 1
                spans.append(Span(start, start + len(line.rstrip("\r\n"))))
                break
    if not spans:
        return
    (zh, en), _ = turns.most_common(1)[0]
    yield Finding(
        "read.mojibake", "warning",
        f"有{len(spans)}行是乱码，多半是{zh}又存了下来；读出的内容不可靠。请找到原来的文件，用正确的编码打开后再试。",
        f"Garbled lines: {len(spans)}, most likely because {en} and saved so; what is read of them is not reliable. "
        "Go back to the file they came from and open it in its own encoding.",
        tuple(spans[:_SHOWN]), "read.mojibake/2",
    )  # fmt: skip


_STRANGE = re.compile("[^\x00-\x7f]")
_TWICE = re.compile(r"(?:([\u3400-\u9fff])\1){4,}")
_FEWEST_DOUBLED = 3


def _doubled(text: str) -> Iterator[Finding]:
    """Words whose every character stands twice, as text layers of pages with faked bold type have them."""
    spans = [Span(*match.span()) for match in _TWICE.finditer(text)]
    if len(spans) >= _FEWEST_DOUBLED:
        yield Finding(
            "read.doubled-characters", "warning",
            f"有{len(spans)}处文字每个字都重复了一遍（如“增增长长”），多半是加粗字体被读了两次，读出的内容不可靠。"
            "请另找文本，或重新导出。",
            f"In {counted(len(spans), 'place')} every character stands twice, most likely bold type read two times; "
            "what is read there cannot be relied on. Find another text, or export it again.",
            tuple(spans[:_SHOWN]), "read.doubled-characters/1",
        )  # fmt: skip


_FORMS = re.compile(
    f"[{re.escape(''.join(chr(code) for code in COMPATIBLE if unicodedata.category(chr(code))[0] != 'P'))}]"
)


def _compatible(text: str) -> Iterator[Finding]:
    """Characters in compatibility forms: a radical or an old set's copy in the place of the character."""
    if not _FORMS.search(text):
        return
    matches = list(_FORMS.finditer(text))
    forms = list(dict.fromkeys(match[0] for match in matches))[:8]
    listed = "、".join(f"{form}→{ordinary(form)}" for form in forms)
    yield Finding(
        "read.compatibility-forms", "info",
        f"有{len(matches)}个字用的是部首或兼容字形（{listed}），按通常的字读；直接搜索原文会找不到它们。",
        f"{counted(len(matches), 'character is', 'characters are')} in the form of radicals or the like ({listed}), "
        "read as the ordinary ones; a search of the text would miss them.",
        tuple(Span(*match.span()) for match in matches[:_SHOWN]), "read.compatibility-forms/1",
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
    # A table or a list has no stops either, but then its lines are short; a title has no figures.
    lines = [
        line
        for line in text[:_SAMPLE].splitlines()
        if "\t" not in line
        and "|" not in line
        and len(_HAN.findall(line)) >= _LONG_LINE
        and (len(line) >= 200 or _FIGURES.search(line))
    ]
    letters = sum(len(_HAN.findall(line)) for line in lines)
    if letters >= _LONG_TEXT and sum(len(_POINTS.findall(line)) for line in lines) * 100 < letters:
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
