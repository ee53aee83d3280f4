"""Undertakings and achievements: case tables, what is always true, the cue words' own examples, and the labels.

Frames are built by hand here, so that these tests say nothing about how frames are found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.extract import cues as cues_module
from taizhang.extract.commitment import commitments
from taizhang.extract.cues import Cue, CueIndex, load_cues
from taizhang.fold import Folded, fold
from taizhang.model import (
    Block,
    Commitment,
    Document,
    Evidence,
    Frame,
    Heading,
    Part,
    Sentence,
    Source,
    Span,
    Statement,
)
from taizhang.structure import frame_document

CASES = Path(__file__).parent.parent / "cases" / "commitment"
SHARED = Path(__file__).parent.parent.parent.parent / "shared"
_HEADING = re.compile(r"(?P<number>[一二三四]|（[一二三四]）)、?(?P<title>[^。\n]+)\n?")
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*")


Framed = tuple[Document, Frame, Folded]


def framed(text: str, part: Part = "plan", period: str | None = "2024", joins: tuple[Span, ...] = ()) -> Framed:
    """A document with one block, numbered heading lines, and leads where a paragraph opens with a short sentence."""
    document = Document("d", text, Source("0", "t.txt", "text/plain"))
    folded = fold(text).without([(folded_at(text, join.start), folded_at(text, join.end)) for join in joins])
    headings: list[Heading] = []
    sentences: list[Sentence] = []
    path: tuple[int, ...] = ()
    at = 0
    for number, line in enumerate(folded.text.split("\n")):
        match = _HEADING.fullmatch(line)
        if match:
            level = 2 if match["number"][0] == "（" else 1
            path = (*[index for index in path if headings[index].level < level], len(headings))
            span = folded.span(at, at + len(line))
            headings.append(Heading(span, level, match["number"], match["title"], part, path[-2] if path[1:] else None))
        cuts = [(m.start() + at, m.end() + at) for m in _SENTENCE.finditer(line)]
        for index, (start, end) in enumerate(cuts):
            lead = index == 0 and len(cuts) > 1 and end - start <= 18 and not re.search("[0-9]", line[: end - start])
            span = folded.span(start, end)
            sentences.append(Sentence(span, start, end, 0, path, None, lead, number))
        at += len(line) + 1
    block = Block(0, len(text), part, "year", period, "by hand")
    frame = Frame(
        None, None, None, None, "2023", "2024", (), (), joins, tuple(headings), (block,), tuple(sentences), ()
    )
    return document, frame, folded


def folded_at(text: str, offset: int) -> int:
    return fold(text).at(offset)


def found(text: str, part: Part = "plan", period: str | None = "2024") -> list[Commitment]:
    document, frame, folded = framed(text, part, period)
    return commitments(document, frame, folded, ())


def why(commitment: Commitment, field: str) -> Evidence | None:
    return next((item for item in commitment.evidence if item.field == field), None)


def cases() -> list[Any]:
    rows = []
    for path in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            rows.append(pytest.param(case, id=f"{path.stem}: {case['why']}"))
    return rows


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    period = None if case.get("period") == "-" else case.get("period", "2024")
    got = found(case["text"], case.get("part", "plan"), period)
    assert [item.text for item in got] == [want["text"] for want in case["found"]]
    for item, want in zip(got, case["found"], strict=True):
        actual = {
            "strength": item.strength,
            "verifiable": item.verifiable,
            "task": item.task,
            "period": item.period,
            "section": item.section,
            "units": list(item.units),
            "done": item.done,
        }
        expected = {key: (None if value == "-" else value) for key, value in want.items() if key != "text"}
        assert {key: actual[key] for key in expected} == expected


def in_effect(role: str, sentence: str) -> bool:
    """Whether a word of `role` decides something about a sentence."""
    plan = found(sentence)
    rules = {item.rule for commitment in plan for item in commitment.evidence}
    reading = CueIndex(fold(sentence).text).read(0, len(fold(sentence).text))
    if role in ("bind", "finish", "hope", "seek", "headline"):
        return f"strength/{role}" in rules
    if role in ("stage", "event", "settle", "extent", "cover", "bottom"):
        return f"verifiable/{role}" in rules
    if role == "widen":
        return "verifiable/extent" in rules
    if role == "aside":
        return reading.number is None
    if role == "problem":
        return not found(sentence, "review")
    if role == "cause":
        return not plan or plan[0].strength == "advance"
    if role in ("tell", "verdict", "past", "opening", "thanks", "shield"):
        return not plan
    return bool(plan)


@pytest.mark.parametrize("cue", [pytest.param(cue, id=cue.role) for cue in load_cues()])
def test_examples_of_cues(cue: Cue) -> None:
    for example in cue.examples:
        assert any(word in example for word in cue.words), example
        assert in_effect(cue.role, example), example
    for reject in cue.rejects:
        assert not in_effect(cue.role, reject), reject


def test_cue_words_are_folded_and_listed_once_a_role() -> None:
    for cue in load_cues():
        assert len(set(cue.words)) == len(cue.words), [word for word in cue.words if cue.words.count(word) > 1]
        for word in cue.words:
            assert word and fold(word).text == word, word


def test_flags_follow_the_roles() -> None:
    for role, flag in cues_module.FLAGS.items():
        if hasattr(cues_module, role.upper()):
            assert getattr(cues_module, role.upper()) == flag


REPORT = """二、2024年工作安排
（一）壮大园区
做强云岭园区。加快二期路网建设，确保6月底前通车；引进配套企业8家。
一要抓好用地。完成征地900亩。
今年是园区建设的关键一年。"""


def test_statements_lie_inside() -> None:
    document, frame, folded = framed(REPORT)
    numbers = [Span(m.start(), m.end()) for m in re.finditer("8家|900亩", REPORT)]
    statements = [statement(str(index), span, REPORT) for index, span in enumerate(numbers)]
    got = commitments(document, frame, folded, statements)
    assert [item.statements for item in got] == [(), ("0",), ("1",)]
    for item in got:
        for inner in item.statements:
            assert statements[int(inner)].span in item.span


def test_a_number_that_describes_does_not_make_it_verifiable() -> None:
    text = "做好28家骨干企业的服务。"
    document, frame, folded = framed(text)
    assert commitments(document, frame, folded, ())[0].verifiable
    context = statement("0", Span(2, 5), text, "context")
    assert not commitments(document, frame, folded, [context])[0].verifiable


def statement(name: str, span: Span, text: str, kind: Any = "target") -> Statement:
    one = Decimal(1)
    return Statement(
        name, span, text[span.start : span.end], None, kind, "level", one, None, "", "eq", None, None, 0, 0, 0
    )


def test_a_torn_sentence_has_pieces() -> None:
    text = "完善河道管护制度,确保\n\n汛期安全。\n继续植树。"
    gap = Span(11, 13)
    document, frame, folded = framed(text, joins=(gap,))
    got = commitments(document, frame, folded, ())
    assert got[0].pieces == (Span(0, 11), Span(13, 18))
    assert got[1].pieces == ()
    assert got[0].strength == "firm"


def test_ids_are_stable_and_differ() -> None:
    first, second = found("加强河道管护。\n加强河道管护。"), found("前言。\n加强河道管护。\n加强河道管护。")
    assert [item.id for item in first] == [item.id for item in second]
    assert len({item.id for item in first}) == 2


def test_every_field_says_why() -> None:
    for item in found(REPORT):
        assert why(item, "strength") is not None
        assert why(item, "period") is not None
        assert (why(item, "task") is None) == (item.task is None)
        assert (why(item, "verifiable") is None) == (not item.verifiable)
        assert (why(item, "units") is None) == (not item.units)
        assert all(0 <= span.start < span.end <= len(REPORT) for proof in item.evidence for span in proof.spans)


WORDS = (
    "加快 推进 要 将 努力 力争 完成 实现 是 了 河道 12 公里 ， ； 。 ： （ ） “ ” 预期目标 到2030年 "
    "一是 各镇 十五 期间 6月底前 不 一、 ！ 𬭎 1."
)
PIECES = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(PIECES, st.text(max_size=60)), st.sampled_from(["plan", "review"]))
def test_anything_goes(text: str, part: Part) -> None:
    document, frame, folded = framed(text, part)
    at = 0
    for item in commitments(document, frame, folded, ()):
        assert item.text == document.text[item.span.start : item.span.end]
        assert at <= item.span.start
        at = item.span.end
        assert item.done == (part == "review")
        assert (item.strength is None) == item.done


def test_a_long_text_takes_linear_time() -> None:
    document, frame, folded = framed("加快推进河道管护，确保完成12公里清淤；力争年内新建游园3处。\n" * 2000)
    start = time.process_time()
    assert len(commitments(document, frame, folded, ())) == 4000
    assert time.process_time() - start < 2


@pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="the labelled reports are not here")
def test_labelled_reports(tmp_path: Path) -> None:
    pairs: list[str] = []
    for gold in sorted((SHARED / "real").glob("*.commitments.jsonl")):
        name = gold.name.removesuffix(".commitments.jsonl")
        text = (SHARED / "real" / f"{name}.txt").read_bytes().decode("utf-8")
        document = Document(name, text, Source("0", name, "text/plain"))
        frame, folded = frame_document(document)
        rows = [
            {
                "start": item.span.start,
                "end": item.span.end,
                "strength": item.strength,
                "verifiable": item.verifiable,
                "period": item.period,
                "task": item.task,
                "done": item.done,
            }
            for item in commitments(document, frame, folded, ())
        ]
        guess = tmp_path / gold.name
        guess.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        pairs += [str(gold), str(guess)]
    scorer = SHARED / "eval" / "score_commitments.py"
    answer = subprocess.run([sys.executable, str(scorer), *pairs], capture_output=True, text=True, check=True)
    score = json.loads(answer.stdout)
    assert score["span"] >= 0.92
    assert score["strength"] >= 0.90
    assert score["verifiable"] >= 0.85
    assert score["task"] >= 0.90
    assert score["period"] >= 0.95
