"""What things are called: each word of the answers in Chinese and English, and how values are written for people."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal

import msgspec

from taizhang.errors import counted
from taizhang.extract.amount import amount as amount
from taizhang.extract.amount import by_person as by_person
from taizhang.extract.amount import plain_number as plain_number
from taizhang.extract.amount import reworded as reworded
from taizhang.lexicon import reasons
from taizhang.model import Claim, Commitment, Document, Frame, Heading, Report, Sentence, Span, Statement

Lang = Literal["zh", "en"]

Words = dict[str, tuple[str, str]]

KINDS: Words = {
    "actual": ("实际", "actual"),
    "target": ("目标", "target"),
    "projection": ("预计", "projection"),
    "context": ("背景", "context"),
}
MEASURES: Words = {
    "level": ("数额", "level"),
    "growth": ("增速", "growth"),
    "change": ("增减", "change"),
    "completion": ("完成率", "completion"),
    "rank": ("位次", "rank"),
}
COMPARATORS: Words = {
    "eq": ("", ""),
    "ge": ("不低于", "at least"),
    "le": ("不超过", "at most"),
    "about": ("左右", "about"),
    "nearly": ("接近", "nearly"),
    "over": ("超过", "over"),
}
_FALLS: Words = {
    "eq": ("", ""),
    "ge": ("至少降", "falls at least"),
    "le": ("至多降", "falls at most"),
    "about": ("左右", "about"),
    "nearly": ("降近", "falls nearly"),
    "over": ("降逾", "falls over"),
}


def code_of(said: str, *tables: Words) -> str | None:
    """The code that a person means by it or by one of its words (目标 and target for `target`); null for neither."""
    for table in tables:
        for code, names in table.items():
            if said.strip().lower() in (code, *(name.lower() for name in names)):
                return code
    return None


STRENGTHS: Words = {
    "firm": ("确保", "firm"),
    "strive": ("力争", "strive"),
    "advance": ("推进", "advance"),
    "explore": ("探索", "explore"),
}
PARTS: Words = {
    "review": ("回顾", "review"),
    "plan": ("安排", "plan"),
    "other": ("其他", "other"),
    "furniture": ("版面文字", "page furniture"),
}
REPORT_KINDS: Words = {
    "work": ("政府工作报告", "government work report"),
    "plan": ("国民经济和社会发展计划报告", "plan report"),
    "stats": ("统计公报", "statistical bulletin"),
    "budget": ("预算报告", "budget report"),
    "outline": ("规划纲要", "outline of a five-year plan"),
}
ORIGINS: Words = {
    "written": ("原文写明", "written"),
    "inherited": ("承接上文", "carried over"),
    "assumed": ("推定", "assumed"),
    "corrected": ("人工更正", "corrected by a person"),
}
SEVERITIES: Words = {
    "error": ("必须核对", "check"),
    "warning": ("值得留意", "worth a look"),
    "info": ("仅供参考", "for information"),
}
FIELDS: Words = {
    "document": ("文件", "document"),
    "id": ("编号", "id"),
    "indicator": ("指标", "indicator"),
    "text": ("原文", "as written"),
    "value": ("数值", "value"),
    "value_max": ("数值上限", "value max"),
    "unit": ("单位", "unit"),
    "comparator": ("比较", "comparator"),
    "kind": ("类别", "kind"),
    "measure": ("度量", "measure"),
    "period": ("期间", "period"),
    "place": ("地区", "place"),
    "confidence": ("把握", "confidence"),
    "section": ("章节", "section"),
    "sentence": ("所在句", "sentence"),
    "line": ("行", "line"),
    "page": ("页", "page"),
    "start": ("起", "start"),
    "end": ("止", "end"),
    "done": ("性质", "nature"),
    "task": ("任务", "task"),
    "strength": ("力度", "strength"),
    "units": ("责任单位", "responsible units"),
    "verifiable": ("可核验", "verifiable"),
    "statements": ("其中指标", "statements inside"),
    "commitment": ("承诺", "commitment"),
    "reason": ("原因", "reason"),
    "number": ("数字", "number"),
    "context": ("上下文", "context"),
    "evidence": ("依据", "evidence"),
    "rule": ("规则", "rule"),
}

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TORN = re.compile(r"(?<=[^\x00-\x7f])\s*[\r\n]\s*|\s*[\r\n]\s*(?=[^\x00-\x7f])")
_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"[#*>\s\u3000]+")


def say(words: Words, key: str, lang: Lang) -> str:
    """The word for `key`; the key itself where no word is known."""
    zh, en = words.get(key, (key, key))
    return zh if lang == "zh" else en


def comparator(statement: Statement, lang: Lang) -> str:
    """The comparator as a word. It is of the amount as worded: 下降3%以上 has value -3 and falls at least that much."""
    falls = statement.value < 0 and statement.measure in ("growth", "change")
    return say(_FALLS if falls else COMPARATORS, statement.comparator, lang)


def reason(name: str, lang: Lang) -> str:
    """Why a number is no statement, in words; the name itself where the lexicon has none."""
    entry = reasons().get(name)
    if entry is None:
        return name
    return entry.zh if lang == "zh" else entry.en


def figure(statement: Statement) -> str:
    """A figure as it counts: the source's words, or where a person gave it another value, that."""
    return reworded(statement) or one_line(statement.text)


def period(written: str | None) -> str:
    """An ISO period for people: 2021/2025 → 2021—2025; — where there is none."""
    if not written:
        return "—"
    return written.replace("/", "—")


def years(frame: Frame, lang: Lang) -> str:
    """The years that a report looks back on and ahead to, as a phrase."""
    back, ahead = ("回顾", "安排") if lang == "zh" else ("reviews", "plans")
    parts = []
    if frame.year_reviewed:
        parts.append(f"{back} {period(frame.year_reviewed)}")
    if frame.year_planned:
        parts.append(f"{ahead} {period(frame.year_planned)}")
    return " · ".join(parts)


def file_name(document: Document) -> str:
    """How a document is called where nothing else names it: its file without the folders above it."""
    name = document.source.name.replace("\\", "/").rstrip("/")
    return name.rpartition("/")[2] or name


def told(document: Document, lang: Lang) -> str:
    """What the file itself says of where and when it was published, as a phrase; empty where it does not."""
    source = document.source
    when, by = ("发布", "来源") if lang == "zh" else ("published", "source:")
    parts = [
        f"{when} {source.published}" if source.published else "",
        f"{by} {source.publisher}" if source.publisher else "",
    ]
    return harmless(" · ".join(filter(None, parts)))


def counts(report: Report, lang: Lang) -> str:
    """How much was found, as a phrase."""
    done = sum(item.done for item in report.commitments)
    promised = len(report.commitments) - done
    found, left = len(report.statements), len(report.coverage)
    if lang == "zh":
        return f"指标 {found} · 承诺 {promised} · 成绩 {done} · 未采用的数字 {left}"
    return (
        f"{counted(found, 'statement')} · {counted(promised, 'commitment')} · {counted(done, 'achievement')} · "
        f"{counted(left, 'number')} not claimed"
    )


DOUBTFUL_BELOW = 0.7
"""Less sure than this, and a person should look first: a ninth of the statements, with nearly half of the errors."""

DOUBT = "？"
"""Stands beside what is doubtful: a shape, so that it is seen without colours."""


def is_doubtful(statement: Statement) -> bool:
    return statement.confidence < DOUBTFUL_BELOW


def doubtful_only(report: Report) -> Report:
    """The report with its doubtful statements alone, the least sure first."""
    ordered = sorted(filter(is_doubtful, report.statements), key=lambda statement: statement.confidence)
    return msgspec.structs.replace(report, statements=tuple(ordered))


def doubts(report: Report, lang: Lang) -> str:
    """How many statements to look at first, as a sentence; empty where there are none."""
    count = sum(map(is_doubtful, report.statements))
    if not count:
        return ""
    if lang == "zh":
        return f"{DOUBT} 存疑 {count} 条：读得全对的把握不足七成，请先核对"
    return f"{DOUBT} {count} doubtful: under 70% sure that all of it is read right; look at these first"


def heading_text(document: Document, heading: Heading) -> str:
    """A heading as it stands in the source, on one line and without Markdown marks."""
    text = _MARKS.sub("", document.slice(heading.span))
    return text if len(text) <= 60 else text[:58] + "……"


def path(report: Report, sentence: Sentence) -> tuple[str, ...]:
    """The headings a sentence stands under, outermost first, without the report's own title."""
    headings = report.frame.headings
    return tuple(heading_text(report.document, headings[i]) for i in sentence.headings if headings[i].level > 0)


def sentence_of(report: Report, statement: Statement) -> Sentence | None:
    sentences = report.frame.sentences
    return sentences[statement.sentence] if 0 <= statement.sentence < len(sentences) else None


def harmless(text: str) -> str:
    """Text that may go to a terminal: control characters, such as begin an escape, are shown and not obeyed."""
    return _CONTROL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Text on one line: a line end between Chinese characters leaves nothing behind, runs of blanks leave one."""
    text = re.sub(
        r"(?<=[^\x00-\x7f])[\s\u3000]*[\r\n][\s\u3000]*|[\s\u3000]*[\r\n][\s\u3000]*(?=[^\x00-\x7f])", "", text
    )
    return harmless(re.sub(r"[\s\u3000]+", " ", text).strip())


_LONG_LINE = 300  # characters; in a longer line its number alone leads nobody to the place


def spot(document: Document, offset: int, lang: Lang) -> str:
    """Where an offset is, for people: its page, paragraph or cell, else its line (and character in a long one)."""
    span = Span(offset, min(offset + 1, len(document.text)))
    if document.locate(span)[0].kind != "line":
        return place(document, span, lang)
    line, column = document.where(offset)
    starts = document.line_starts
    end = starts[line] if line < len(starts) else len(document.text)
    long = end - (starts[line - 1] if starts else 0) > _LONG_LINE
    if lang == "zh":
        return f"第 {line} 行" + (f"第 {column} 字" if long else "")
    return f"line {line}" + (f", character {column}" if long else "")


def section(report: Report, offset: int) -> str:
    """The innermost heading over an offset; empty where there is none."""
    at = bisect_right(report.frame.sentences, offset, key=lambda sentence: sentence.span.start) - 1
    names = path(report, report.frame.sentences[at]) if at >= 0 else ()
    return names[-1] if names else ""


def around(document: Document, span: Span, room: int = 16) -> tuple[str, str, str]:
    """What stands before, in and behind a span, on one line, for showing where it is."""
    text = document.text
    before = text[max(0, span.start - room) : span.start]
    behind = text[span.end : span.end + room]
    before = re.split(r"[\r\n]", before)[-1].lstrip()
    behind = re.split(r"[\r\n]", behind)[0].rstrip()
    return harmless(before), one_line(document.slice(span)), harmless(behind)


_PLACE = re.compile(
    r"(?:p(?P<p>\d+)|t(?P<t>\d+)/r(?P<r>\d+)/c(?P<c>\d+)|(?P<note>footnote|endnote)(?P<n>-?\d+))(?P<inner>/.*)?"
)


def place(document: Document, span: Span, lang: Lang) -> str:
    """Where a stretch begins in the file as published: line, page, paragraph, cell or node."""
    where = document.locate(span)[0]
    zh = lang == "zh"
    if where.kind == "line":
        if where.line is None:
            where = msgspec.structs.replace(where, line=document.where(span.start)[0])
        column = f"第 {where.column} 字" if zh else f", column {where.column}"
        return (f"第 {where.line} 行" if zh else f"line {where.line}") + (column if where.column else "")
    page = (f"第 {where.page} 页" if zh else f"page {where.page}") if where.page else ""
    path = where.path or ""
    match = _PLACE.fullmatch(path)
    if match is None:
        name = {"cell": ("单元格", "cell"), "node": ("网页节点", "node"), "paragraph": ("段落", "paragraph")}
        word = name.get(where.kind, ("", ""))[0 if zh else 1]
        return " ".join(filter(None, (page, word, harmless(path)))) if path else page
    if match["p"]:
        found = f"第 {match['p']} 段" if zh else f"paragraph {match['p']}"
        inner = ("的文本框" if zh else ", text box") if match["inner"] else ""
        return found + inner
    if match["t"]:
        table, row, cell = match["t"], match["r"], match["c"]
        return f"第 {table} 张表第 {row} 行第 {cell} 格" if zh else f"table {table}, row {row}, cell {cell}"
    return f"注释 {match['n']}" if zh else f"note {match['n']}"


def span_of(claim: Claim) -> Span:
    return Span(claim.start, claim.end)


def commitment_nature(commitment: Commitment, lang: Lang) -> str:
    zh, en = ("成绩", "achievement") if commitment.done else ("承诺", "commitment")
    return zh if lang == "zh" else en
