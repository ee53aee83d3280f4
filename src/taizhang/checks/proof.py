"""The proof that nobody reports on a target: the words looked for, the passages nearest to them, what the page lacks.

Words are quoted as the plan writes them. A passage is near only where it names the same thing: it holds the last word
of the target's name, a quoted name, or another wording of the same indicator.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.checks.match import Surroundings, tells
from taizhang.ledger.identity import aspects, clean, identify, thing
from taizhang.lexicon.indicators import indicators
from taizhang.model import Part, Proof, Report, Side, Span, Statement


def proof(target: Statement, written: str, later: Report, after: Surroundings) -> Proof:
    """What was looked for and where. `written` is the sentence that sets the target, folded."""
    words = search_words(target, written)
    return Proof(words, _nearest(words, target, later, after), missing_sections(later))


def missing_sections(report: Report) -> tuple[str, ...]:
    """What the page lacks, in words: holes in the text and section numbers that are not there."""
    said = [hole.zh.rstrip("。") for hole in report.frame.holes]
    said += [item.zh.rstrip("。") for item in report.frame.findings if "missing" in item.code or "lost" in item.code]
    return tuple(dict.fromkeys(said))


def search_words(target: Statement, written: str) -> tuple[str, ...]:
    """Words that a report on the target would have to hold, as the plan has them: the thing's name, quoted names."""
    if not target.indicator:
        return ("".join(target.text.split()),)
    name = thing(target.indicator)
    found = [_as_written(name, written), *sorted(_quoted(target), key=len, reverse=True)]
    kept = [word for word in found if len(word) >= 2]
    # “老区协议” beside 老区协议: the shorter says the same.
    plain = [word for word in kept if not any(word.strip("“”《》‘’") == other for other in kept if other != word)]
    return tuple(dict.fromkeys(plain)) or (clean(target.indicator),)


# Adverbs, dates and verbs that a name swallowed, and a tail that stops in the middle.
_IN_THE_WAY = re.compile(
    "年底前|月底前|上半年|下半年|年内|今年|明年|紧盯|力争|确保|加快|加大|力度|提高到|增加到|其中|[^、]等$|的$|[和及与、]$|^[和及与、等的]"
)
_ACTS = re.compile(
    "基本|全部|全面|各类|改造|建成|完成|启动|完工|投用|投产|覆盖|种植|开工|竣工|培育|实施|推进|新增|新建|重点|项目|工程|任务|工作|总面积|面积|领域|试点|主体|建设|数量|达标|年内"
)


def doubtful_name(indicator: str | None) -> bool:
    """Whether a name cannot be looked for as it stands: an act without its thing (基本建成), or words gone astray."""
    if not indicator:
        return True
    name = clean(indicator)
    if identify(name, "", "growth") is not None:
        return False
    if re.search("[省市县区]级?重点", name):
        return False
    return _IN_THE_WAY.search(name) is not None or len(_ACTS.sub("", name)) < 2


def _quoted(target: Statement) -> frozenset[str]:
    """The names inside a name; a bare number (每50公斤) is none."""
    return frozenset(
        name for name in aspects(target.indicator or "").names if re.search("[A-Za-z一-鿿]", name.strip("万亿"))
    )


def _as_written(name: str, written: str) -> str:
    """The name if the plan writes it in one piece; else its longest piece there, the later of two alike."""
    if name in written:
        return name
    end = _last_run(name, written)
    best = ""
    for at in range(len(name) - 1, -1, -1):
        size = len(best) + 1
        while at + size <= len(name) and name[at : at + size] in written:
            best = name[at : at + size]
            size += 1
    best = best.strip("、，和及与的“”《》")
    # 保险参保率 is the end of 医疗保险参保率: where a piece twice as long stands there, that names the thing.
    if len(end) >= 3 and len(best) < 2 * len(end):
        return end
    return best if len(best) >= 2 else name


def _last_run(name: str, written: str) -> str:
    """The longest end of a name that the plan writes in one piece: the thing itself, not what is done to it."""
    at = len(name)
    while at > 0 and name[at - 1 :] in written:
        at -= 1
    return name[at:].strip("、，和及与的“”《》")


def _nearest(words: Sequence[str], target: Statement, later: Report, after: Surroundings) -> tuple[Side, ...]:
    """The passages that name the thing and hold most of the words looked for, at most three."""
    wanted = (*words, *_wordings(target))
    heads = _heads(target, words)
    # 主体 is the end of 市场主体 and of much else: of a longer name three letters must stand there.
    least = 3 if len(aspects(target.indicator or "").core) > 3 else 2
    scored = []
    for index, sentence in enumerate(later.frame.sentences):
        text = after.sentence(index)
        if not any(head in text for head in heads) and not any(word in text for word in wanted):
            continue
        shared = max((_shared(word, text, heads) for word in wanted), key=len)
        if len(shared) < least and shared not in wanted and shared not in _quoted(target):
            continue
        review = later.frame.blocks[sentence.block].part == "review"
        scored.append((len(shared), review, -index, index, shared))
    best = sorted(scored, reverse=True)[:3]
    return tuple(_passage(later, index, shared) for _, _, _, index, shared in best)


def _wordings(target: Statement) -> tuple[str, ...]:
    """Every wording of the indicator that the word list knows."""
    known = identify(target.indicator or "", target.unit, target.measure)
    if known is None:
        return ()
    return (known.concept, *(word for word in indicators()[known.concept].variants if len(word) >= 3))


def _heads(target: Statement, words: Sequence[str]) -> tuple[str, ...]:
    """Head nouns: the last two letters of what is left of a name without verbs and filler."""
    if not target.indicator:
        return tuple(words)
    apart = aspects(target.indicator)
    core = re.sub(r"[总]?[值额量数]$", "", apart.core) if len(apart.core) > 3 else apart.core
    heads = (core[-2:] if len(core) >= 2 else core, *sorted(_quoted(target)))
    return tuple(head for head in heads if tells(head)) or (thing(target.indicator),)


def _shared(word: str, text: str, heads: Sequence[str]) -> str:
    """The longest piece of a word that a text holds and that has the head noun, or the whole word."""
    if word in text:
        return word
    best = ""
    for head in heads:
        at = word.rfind(head)
        if at < 0 or head not in text:
            continue
        low, high = at, at + len(head)
        while low > 0 and word[low - 1 : high] in text:
            low -= 1
        while high < len(word) and word[low : high + 1] in text:
            high += 1
        best = max(best, word[low:high], key=len)
    return best


def part_at(report: Report, span: Span) -> Part | None:
    """Whether a passage stands in the review or in the plan."""
    sentence = next((each for each in report.frame.sentences if span in each.span), None)
    return None if sentence is None else report.frame.blocks[sentence.block].part


def _passage(later: Report, index: int, word: str) -> Side:
    """The clause of the sentence that holds the word."""
    document, span = later.document, later.frame.sentences[index].span
    source = document.slice(span)
    at = max(source.find(word), 0)
    start, end = at, at
    while start > 0 and source[start - 1] not in "，,；;。\n":
        start -= 1
    while end < len(source) and source[end] not in "，,；;。\n":
        end += 1
    if end <= start:
        return Side(document.id, span, source)
    return Side(document.id, Span(span.start + start, span.start + end), source[start:end])


def nowhere(words: Sequence[str], target: Statement, later: Report, after: Surroundings) -> bool:
    """Whether no word, no other wording of the indicator and not even its head noun stands anywhere in the text."""
    sought = {*words, *_wordings(target), *_heads(target, words)}
    # A piece of four letters (省市重点项目 of a longer name) is a mention too.
    sought |= {word[at : at + 4] for word in words for at in range(len(word) - 3)}
    texts = [after.sentence(index) for index in range(len(later.frame.sentences))]
    return not any(word in text for text in texts for word in sought)
