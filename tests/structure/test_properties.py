"""What is always true of a frame, on any text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.model import Document, Source
from taizhang.structure import frame_document

_PIECES = (
    "政府工作报告", "关于某县2030年计划执行情况与2031年计划草案的报告",
    "——2031年1月2日在某县第一届人民代表大会第一次会议上",
    "各位代表：", "现在，我代表县政府报告工作。", "一、2030年工作回顾", "（一）稳增长", "二、2031年工作安排",
    "**（三）调结构**",
    "## 小镇新闻", "本报讯（记者 某某）", "过去一年，", "五年来，", "“十五五”时期", "到2035年，基本实现现代化。",
    "今年要力争增长6%", "同比增长5%，", "。", "，", "！", "\n", "\n\n", "\r\n", "　　", "  ", "\t\t", "\\r\\n", "<br>",
    "名词解释",
    "附件1", "相关报道：", "某某 摄", "（", "）", "“", "”", "１２", "3 4", "目录", "第一章", "\u200b",
)  # fmt: skip
_TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=60).map("".join),
    st.text(max_size=200),
    st.text(alphabet="一二（）。，\n\r 　“”#*0十是要、", max_size=120),
)


@settings(max_examples=250, deadline=None)
@given(_TEXTS)
def test_a_frame_covers_the_text_in_order(text: str) -> None:
    frame, folded = frame_document(Document("t", text, Source("", "t", "text/plain")))
    assert [block.start for block in frame.blocks] == [0, *(block.end for block in frame.blocks[:-1])][
        : len(frame.blocks)
    ]
    assert (frame.blocks[-1].end if frame.blocks else 0) == len(text)
    assert all(block.start < block.end for block in frame.blocks)
    assert all(0 <= block.article < len(frame.articles) for block in frame.blocks)
    before = 0
    for sentence in frame.sentences:
        assert before <= sentence.start < sentence.end <= len(folded.text)
        assert sentence.span == folded.span(sentence.start, sentence.end)
        block = frame.blocks[sentence.block]
        assert block.start <= sentence.span.start and sentence.span.end <= block.end
        assert all(frame.headings[index].span.start <= sentence.span.start for index in sentence.headings)
        assert sentence.lead is None or sentence.lead.end <= sentence.span.start
        before = sentence.end
    starts = [heading.span.start for heading in frame.headings]
    assert starts == sorted(starts)
    assert all(heading.parent is None or heading.parent < index for index, heading in enumerate(frame.headings))
    assert all(span.end <= len(text) for span in frame.joins)


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_every_letter_stands_in_a_sentence(text: str) -> None:
    frame, folded = frame_document(Document("t", text, Source("", "t", "text/plain")))
    seen = bytearray(len(folded.text))
    for sentence in frame.sentences:
        for at in range(sentence.start, sentence.end):
            assert not seen[at]
            seen[at] = 1
    assert all(seen[at] or folded.text[at] in "\n 　" for at in range(len(folded.text)))
