"""A check as one page that needs nothing else: each target beside its outcome, both places quoted. No script at all.

The verdicts can be ticked off with CSS alone, and the page forbids itself every script, so that nothing in a report
could ever run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from taizhang.model import Echo, Finding, Outcome, Report, Side, Statement
from taizhang.views import outcome as said
from taizhang.views import words
from taizhang.views.outcome import MARKS, VERDICTS, Checked
from taizhang.views.page import asset, both, content_hash, escaped
from taizhang.views.words import Lang, say


def render(checked: Checked, lang: Lang) -> str:
    """The whole page."""
    style = asset("page.css") + asset("check.css")
    policy = f"default-src 'none'; style-src '{content_hash(style)}'; base-uri 'none'; form-action 'none'"
    return "".join(
        (
            f'<!doctype html>\n<html lang="{"zh-Hans" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            f"<title>{escaped(said.title(checked, lang))} · 台账</title>\n<style>{style}</style>\n</head>\n<body>\n",
            _header(checked),
            _bar(checked, lang),
            '<div class="wide">\n',
            *_groups(checked),
            *_undertakings(checked),
            *_findings(checked),
            "</div>\n",
            _footer(checked),
            "</body>\n</html>\n",
        )
    )


def _header(checked: Checked) -> str:
    counts = both(said.counts(checked.outcomes, "zh"), said.counts(checked.outcomes, "en"))
    odd = both(said.odd(checked.findings, "zh"), said.odd(checked.findings, "en"))
    words_only = both(said.heard(checked.undertakings, "zh"), said.heard(checked.undertakings, "en"))
    more = f'<p class="counts">{words_only}</p>\n' if checked.undertakings else ""
    link = f'<p class="counts"><a href="#findings">{odd}</a></p>\n' if checked.findings else ""
    return (
        f"<header>\n<h1>{both(said.title(checked, 'zh'), said.title(checked, 'en'))}</h1>\n"
        f'<p class="counts">{counts}</p>\n{more}{link}</header>\n'
    )


def _bar(checked: Checked, lang: Lang) -> str:
    given = {item.verdict for item in checked.outcomes}
    ticks = "".join(
        f'<label><input type="checkbox" id="v-{name}" checked> {escaped(mark)} {both(*VERDICTS[name])}</label>'
        for name, mark in MARKS.items()
        if name in given
    )
    chosen = {"zh": "", "en": ""} | {lang: " checked"}
    return (
        f'<div class="bar"><div>\n<fieldset class="verdicts"><legend>{both("判定", "Verdicts")}</legend>'
        f"{ticks}</fieldset>\n"
        '<fieldset class="languages"><legend>语言 Language</legend>'
        f'<label><input type="radio" name="lang" id="lang-zh"{chosen["zh"]}>中文</label>'
        f'<label><input type="radio" name="lang" id="lang-en"{chosen["en"]}>English</label></fieldset>\n</div></div>\n'
    )


def _groups(checked: Checked) -> Iterator[str]:
    if not checked.outcomes:
        nothing = both("较早的报告里没有找到为这一年定下的目标。", "The earlier report sets no target for that year.")
        yield f"<p>{nothing}</p>\n"
    for earlier, later, group in checked.groups():
        answered = [item for item in group if item.verdict != "unreported"]
        silent = [item for item in group if item.verdict == "unreported"]
        files = f'<span lang="zh-Hans">{escaped(_name(checked, earlier))} → {escaped(_name(checked, later))}</span>'
        heading = both("有数字的目标与完成情况", "Targets with numbers and what became of them")
        yield f"<h2>{heading}</h2>\n<p>{files}</p>\n"
        yield from _table(checked, answered)
        if silent:
            heading = both(f"未提及的目标 {len(silent)}", f"Not mentioned: {len(silent)}")
            yield f"<h2>{heading}</h2>\n<p>{files}</p>\n"
            yield from _table(checked, silent)


def _name(checked: Checked, report: Report) -> str:
    return words.one_line(report.frame.title or checked.short_name(report))


def _table(checked: Checked, outcomes: Iterable[Outcome]) -> Iterator[str]:
    yield (
        f'<table class="outcomes"><thead><tr><th scope="col">{both("上年目标", "Last year’s target")}</th>'
        f'<th scope="col">{both("完成情况", "What became of it")}</th></tr></thead>\n<tbody>\n'
    )
    for item in outcomes:
        yield _row(checked, item)
    yield "</tbody></table>\n"


def _row(checked: Checked, item: Outcome) -> str:
    earlier, later = checked.report(item.target_document), checked.report(item.answer_document)
    name = escaped(words.one_line(item.target.indicator or "—"))
    derived = both(" · 推算", " · derived") if item.derived else ""
    told = f'<b lang="zh-Hans">{escaped(said.answer(item))}</b>' if item.actuals else ""
    quotes = "".join(_quote(checked, later, actual) for actual in item.actuals) if later else ""
    if later and not item.actuals:
        spots = [side for side in item.sides[1:] if side.document == later.document.id]
        near = item.proof.nearest[:1] if item.proof else ()
        quotes = "".join(_passage(checked, later, side) for side in spots)
        quotes += "".join(_near(checked, later, side, item.proof.words if item.proof else ()) for side in near)
    sign = f'<span class="sign" aria-hidden="true">{MARKS[item.verdict]}</span>'
    return (
        f'<tr class="{item.verdict}"><td><span class="goal" lang="zh-Hans">{name} '
        f"<b>{escaped(said.goal(item))}</b></span>{_quote(checked, earlier, item.target) if earlier else ''}</td>"
        f'<td><span class="told"><span class="verdict">{sign}'
        f"{both(*VERDICTS[item.verdict])}{derived}</span>{told}</span>"
        f'<span class="why">{both(said.reason(item, "zh"), said.reason(item, "en"))}</span>{quotes}</td></tr>\n'
    )


def _quote(checked: Checked, report: Report, statement: Statement) -> str:
    before, inside, behind = said.quote(report, statement.span)
    return _block(checked, report, statement.span.start, before, inside, behind)


def _near(checked: Checked, report: Report, side: Side, searched: Iterable[str]) -> str:
    """A passage that came nearest, the word that was looked for marked in it where it stands there."""
    text = words.one_line(side.text)
    for word in searched:
        before, found, behind = text.partition(word)
        if found:
            return _block(checked, report, side.span.start, before, found, behind)
    return _block(checked, report, side.span.start, text, "", "")


def _passage(checked: Checked, report: Report, side: Side) -> str:
    return _block(checked, report, side.span.start, "", words.one_line(side.text), "")


def _block(checked: Checked, report: Report, at: int, before: str, inside: str, behind: str) -> str:
    marked = f"<mark>{escaped(inside)}</mark>" if inside else ""
    return (
        f'<blockquote lang="zh-Hans">{escaped(before)}{marked}{escaped(behind)}'
        f"<cite>{both(checked.place(report, at, 'zh'), checked.place(report, at, 'en'))}</cite></blockquote>"
    )


def _undertakings(checked: Checked) -> Iterator[str]:
    if not checked.undertakings:
        return
    count = len(checked.undertakings)
    heading = both(f"没有数字的承诺 {count}", f"Undertakings without numbers: {count}")
    yield f'<h2 id="undertakings">{heading}</h2>\n<p>{both(*said.WEAKER)}</p>\n'
    yield (
        f'<table class="outcomes"><thead><tr><th scope="col">{both("上年承诺", "Undertaken last year")}</th>'
        f'<th scope="col">{both("报告所说", "What is said of it")}</th></tr></thead>\n<tbody>\n'
    )
    for item in checked.undertakings:
        yield _undertaking(checked, item)
    yield "</tbody></table>\n"


def _undertaking(checked: Checked, item: Echo) -> str:
    earlier, later = checked.report(item.document), checked.report(item.answer_document)
    promised = _block(checked, earlier, item.span.start, "", words.one_line(item.text), "") if earlier else ""
    told = ""
    if later and item.passages:
        first = item.passages[0]
        told = _passage(checked, later, first) if item.heard != "absent" else _near(checked, later, first, item.words)
    why = both(words.one_line(item.reason_zh), words.one_line(item.reason_en))
    sign = f'<span class="sign" aria-hidden="true">{said.HEARD_MARKS[item.heard]}</span>'
    return (
        f'<tr><td><span class="goal" lang="zh-Hans">{escaped(item.thing)}</span>{promised}</td>'
        f'<td><span class="told"><span class="verdict">{sign}{both(*said.HEARD[item.heard])}</span></span>'
        f'<span class="why">{why}</span>{told}</td></tr>\n'
    )


def _findings(checked: Checked) -> Iterator[str]:
    if not checked.findings:
        return
    yield f"<h2 id=findings>{both(f'疑点 {len(checked.findings)}', f'Findings: {len(checked.findings)}')}</h2>\n"
    yield '<ul class="oddities">\n'
    for item in checked.findings:
        yield _finding(checked, item)
    yield "</ul>\n"


def _finding(checked: Checked, item: Finding) -> str:
    sides = "".join(
        _passage(checked, report, side) for side in item.sides if (report := checked.report(side.document)) is not None
    )
    formula = f"<br><code>{escaped(item.formula)}</code>" if item.formula else ""
    severity = both(say(words.SEVERITIES, item.severity, "zh"), say(words.SEVERITIES, item.severity, "en"))
    return (
        f'<li class="{item.severity}"><b>{severity}</b>{both(item.zh, item.en)}{formula}'
        f" <code>{escaped(item.code)}</code>{sides}</li>\n"
    )


def _footer(checked: Checked) -> str:
    note = both(
        "判定由台账（taizhang）按原文自动作出，请以原文为准。",
        "The verdicts were drawn by taizhang from the texts; the texts decide.",
    )
    files = "<br>".join(
        f"{escaped(checked.short_name(report))} · SHA-256 {escaped(report.document.source.sha256)}"
        for report in checked.reports
    )
    return f"<footer>{files}<br>{note}</footer>\n"
