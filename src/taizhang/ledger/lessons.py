"""What people's corrections teach: which rules they speak against, and which words a person might add to the lists.

A correction counts as long as it is in force and the reading that counts still says otherwise. A proposal is text for
the user's own word list (`lexicon.userlist`); a person accepts it or not. `trial` reads the reports again with the
words added and says what would come right and what else would change, so that nobody accepts unseen.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from taizhang.extract import extract
from taizhang.fold import fold
from taizhang.ledger.events import (
    FIELDS,
    Added,
    Anchor,
    Corrected,
    Event,
    Fields,
    Linked,
    Rejected,
    ends,
    fields_of,
    in_force,
    keys_of,
)
from taizhang.ledger.identity import identify, unscoped
from taizhang.ledger.status import State
from taizhang.ledger.store import Ledger
from taizhang.lexicon import comparisons, name_groups, units
from taizhang.lexicon.meaning import words as words_of
from taizhang.lexicon.userlist import VARIABLE, parse
from taizhang.model import Comparator, Document, Statement

_TAUGHT = tuple(name for name in FIELDS if name not in ("decimals", "scale"))
_LONGEST = 12  # characters of a word that is proposed
_NO_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9+.\-]")
_QUOTED = re.compile(r"[“《「『]([^“”《》「」『』，。；\n]{2,15})[”》」』]")


class Against(msgspec.Struct, frozen=True):
    """A rule that corrections speak against."""

    field: str
    """The field that was corrected; `statement` where the whole was rejected."""
    rule: str
    used: int
    """How many of the ledger's statements have that field by this rule."""
    corrected: int
    keys: tuple[str, ...]
    """The statements that were corrected."""


class Proposal(msgspec.Struct, frozen=True):
    """Words for the user's own list."""

    table: str
    """unit, name, comparator, indicator or meaning."""
    words: str
    """The words to be added, for people."""
    zh: str
    en: str
    """What they would be taken for."""
    entry: dict[str, Any]
    """The entry, as in the list."""
    events: tuple[int, ...]
    """The corrections it comes from."""


class Lessons(msgspec.Struct, frozen=True):
    """What the corrections of a ledger teach."""

    corrections: int
    """People's corrections, rejections, additions and links in force."""
    against: tuple[Against, ...]
    proposals: tuple[Proposal, ...]


class Effect(msgspec.Struct, frozen=True):
    """A statement that would change: its words, and what it says before and after, null where it is none."""

    document: str
    words: str
    before: Fields | None
    after: Fields | None


class Trial(msgspec.Struct, frozen=True):
    """What a reader with the words added would do to the reports of a ledger."""

    reports: int
    righted: int
    """Corrected or rejected statements that would be read as people say."""
    open: int
    """Corrections that the reading still differs from, as it is now."""
    spoiled: int
    """Corrections that hold now and would not then."""
    gained: int
    lost: int
    changed: int
    """Statements beyond those corrected that would appear, go or change."""
    examples: tuple[Effect, ...]
    """Some of them."""


def lessons(ledger: Ledger) -> Lessons:
    """What the corrections in force speak against, and the words that they propose."""
    events = [event for event in in_force(ledger.events()) if isinstance(event.deed, _DEEDS)]
    states = {
        key: state
        for event in events
        if isinstance(event.deed, Corrected | Rejected)
        for key in keys_of(event)
        if (state := ledger.statement(key)) is not None
    }
    return Lessons(
        corrections=len(events),
        against=tuple(_against(ledger, events, states)),
        proposals=tuple(_proposals(ledger, events, states)),
    )


_DEEDS = (Corrected, Rejected, Added, Linked)


def _against(ledger: Ledger, events: Iterable[Event], states: Mapping[str, State]) -> Iterator[Against]:
    spoken: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for event in events:
        for key in keys_of(event):
            state = states.get(key)
            if state is None or state.read is None:
                continue
            rules = {item.field: item.rule for item in state.read.evidence}
            if isinstance(event.deed, Rejected):
                spoken["statement", rules.get("value", "")][key] = None
            elif isinstance(event.deed, Corrected):
                for name in _differing(event.deed, state.read):
                    spoken[name, rules.get(name, "")][key] = None
    if not spoken:
        return
    used: Counter[tuple[str, str]] = Counter()
    for head in ledger.reports():
        for state in ledger.statements(report=head.report, evidence=True).items:
            evidence = state.read.evidence if state.read is not None else ()
            used.update({(item.field, item.rule) for item in evidence})
    for (field, rule), keys in sorted(spoken.items(), key=lambda item: (-len(item[1]), item[0])):
        count = used["value" if field == "statement" else field, rule]
        # A rejected statement no longer counts, so it is not among those of the ledger.
        yield Against(field, rule, count + (len(keys) if field == "statement" else 0), len(keys), tuple(keys))


def _differing(deed: Corrected, read: Statement) -> list[str]:
    """The corrected fields that the reading still has otherwise."""
    return [name for name in deed.set.names() if name in _TAUGHT and getattr(read, name) != getattr(deed.set, name)]


# ---- proposals ------------------------------------------------------------------------------------------------------


def _proposals(ledger: Ledger, events: Sequence[Event], states: Mapping[str, State]) -> Iterator[Proposal]:
    corrected = [
        (event, event.deed, state.read)
        for event in events
        if isinstance(event.deed, Corrected)
        for key in keys_of(event)
        if (state := states.get(key)) is not None and state.read is not None and _differing(event.deed, state.read)
    ]
    yield from _units(events, corrected)
    yield from _names([event for event in events if isinstance(event.deed, Rejected)])
    yield from _comparators(corrected)
    yield from _wordings(ledger, events)
    yield from _head_words(corrected)


def _units(events: Iterable[Event], corrected: Iterable[tuple[Event, Corrected, Statement]]) -> Iterator[Proposal]:
    """Units that a person wrote, that stand behind their number, and that the lists do not have."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for event, deed, _ in corrected:
        if isinstance(deed.set.unit, str):
            found[deed.set.unit][event.id] = _around(deed.moved or deed.anchor)
    for event in events:
        if isinstance(event.deed, Added):
            found[event.deed.made.fields.unit][event.id] = _around(event.deed.made.anchor)
    for unit, said in found.items():
        behind = re.compile(rf"([0-9〇零一二两三四五六七八九十百千万亿]+[0-9.多余几]*[万亿千百]*){re.escape(unit)}")
        examples = [match.group() for text in said.values() if (match := behind.search(text))]
        if not unit or unit in units() or "/" in unit or _NO_WORD.search(unit) or not examples:
            continue
        yield Proposal(
            "unit",
            unit,
            f"把“{unit}”认作单位（计数）",
            f"take “{unit}” for a unit (of counting)",
            {"unit": {unit: {"dimension": "count", "examples": {}}}},
            tuple(said),
        )


def _around(anchor: Anchor) -> str:
    return fold(anchor.before[-20:] + anchor.quote + anchor.after[:20]).text


def _names(rejected: Iterable[Event]) -> Iterator[Proposal]:
    """Words around numbers that people say count nothing: in quotation marks, or the same in two places."""
    known = {word for group in name_groups().values() for word in group.words}
    found: dict[str, list[int]] = defaultdict(list)
    loose: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for event in rejected:
        if not isinstance(event.deed, Rejected):
            continue
        anchor = event.deed.anchor
        text, at = anchor.before + anchor.quote + anchor.after, len(anchor.before)
        quoted = next((m.group(1) for m in _QUOTED.finditer(text) if m.start() <= at < m.end()), None)
        if quoted:
            found[fold(quoted).text].append(event.id)
        else:
            loose[anchor.quote].append((event.id, anchor.before, anchor.after))
    for quote, places in loose.items():
        for chosen in _alike(places):
            before = _common([text[::-1] for _, text, _ in chosen])[::-1]
            after = _common([text for _, _, text in chosen])
            word = fold(before + quote + after).text
            # Bare numbers and numbers with no more than a unit stand for themselves elsewhere.
            if before or (after and after not in units()):
                found[word] += [number for number, _, _ in chosen]
    for word, numbers in found.items():
        if word in known or len(word) > _LONGEST + 3 or not re.search(r"[^\d.]", word):
            continue
        entry = {"name": {word: {"reason": "name", "words": [word], "examples": [word], "rejects": []}}}
        yield Proposal(
            "name", word, f"“{word}”里的数字不是指标", f"the number in “{word}” is no statement", entry, tuple(numbers)
        )


def _alike(places: list[tuple[int, str, str]]) -> Iterator[list[tuple[int, str, str]]]:
    """Groups of two or more places whose next character behind is the same, or else the last one before."""
    behind, before = [after[:1] for _, _, after in places], [text[-1:] for _, text, _ in places]
    for chars in (behind, before):
        by_char: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for char, place in zip(chars, places, strict=True):
            by_char[char].append(place)
        groups = [group for char, group in by_char.items() if len(group) > 1 and char and not _NO_WORD.match(char)]
        if groups:
            yield from groups
            return


def _common(texts: Sequence[str]) -> str:
    """The characters that all texts begin with, no further than a word may go."""
    same = takewhile(lambda chars: len(set(chars)) == 1 and not _NO_WORD.match(chars[0]), zip(*texts, strict=False))
    return "".join(chars[0] for chars in same)[:_LONGEST]


def _comparators(corrected: Iterable[tuple[Event, Corrected, Statement]]) -> Iterator[Proposal]:
    """Words that stand beside the number wherever people gave one comparator: in two places, or alone in the clause."""
    found: dict[Comparator, list[tuple[int, Anchor]]] = defaultdict(list)
    for event, deed, read in corrected:
        wanted = deed.set.comparator
        if isinstance(wanted, str) and wanted != "eq" and read.comparator == "eq":
            found[wanted].append((event.id, deed.moved or deed.anchor))
    known = {word for entry in comparisons().values() for word in entry.words}
    for comparator, places in found.items():
        if len(places) < 2:
            continue
        for side, texts in (
            ("after", [anchor.after for _, anchor in places]),
            ("before", [anchor.before[::-1] for _, anchor in places]),
        ):
            word = _common(texts)[:4]
            word = word if side == "after" else word[::-1]
            if len(word) < 2 or word in known:
                continue
            yield Proposal(
                "comparator",
                word,
                f"数字{'后' if side == 'after' else '前'}的“{word}”表示“{_COMPARED[comparator][0]}”",
                f"“{word}” {'behind' if side == 'after' else 'before'} a number means {_COMPARED[comparator][1]}",
                {"comparator": {side: {comparator: [word]}}},
                tuple(number for number, _ in places),
            )
            break


_COMPARED: dict[Comparator, tuple[str, str]] = {
    "ge": ("不低于", "at least"),
    "le": ("不超过", "at most"),
    "about": ("左右", "about"),
    "nearly": ("接近", "nearly"),
    "over": ("超过", "over"),
}


def _wordings(ledger: Ledger, events: Iterable[Event]) -> Iterator[Proposal]:
    """Wordings that people link to an indicator the lists know under another name, of the same scope."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        if not isinstance(event.deed, Linked):
            continue
        goal, *actuals = (ledger.statement(end.key) for end in ends(event.deed))
        for actual in actuals:
            for one, other in ((goal, actual), (actual, goal)):
                pair = _wording(one, other)
                if pair:
                    found[pair].append(event.id)
    for (concept, wording), numbers in found.items():
        yield Proposal(
            "indicator",
            wording,
            f"“{wording}”就是“{concept}”",
            f"“{wording}” is “{concept}”",
            {"indicator": {concept: [wording]}},
            tuple(numbers),
        )


def _wording(known: State | None, unknown: State | None) -> tuple[str, str] | None:
    """The concept of the one and the wording of the other, where only the one is known and the scopes agree."""
    if known is None or unknown is None or not known.statement.indicator or not unknown.statement.indicator:
        return None
    one, other = known.statement, unknown.statement
    identity = identify(one.indicator or "", one.unit, one.measure)
    if identity is None or identify(other.indicator or "", other.unit, other.measure) is not None:
        return None
    wording, scope = unscoped(other.indicator or "")
    return (identity.concept, wording) if wording and scope == identity.scope else None


def _head_words(corrected: Iterable[tuple[Event, Corrected, Statement]]) -> Iterator[Proposal]:
    """Words that people take from the beginning of an indicator, in two places at least."""
    found: dict[str, list[int]] = defaultdict(list)
    for event, deed, read in corrected:
        wanted = deed.set.indicator
        if isinstance(wanted, str) and read.indicator and wanted and read.indicator.endswith(wanted):
            found[fold(read.indicator.removesuffix(wanted)).text].append(event.id)
    for word, numbers in found.items():
        if len(numbers) > 1 and 2 <= len(word) <= _LONGEST and word not in words_of("head_words"):
            yield Proposal(
                "meaning",
                word,
                f"指标开头的“{word}”不属于指标",
                f"“{word}” at the beginning of an indicator does not belong to it",
                {"meaning": {"head_words": [word]}},
                tuple(numbers),
            )


# ---- trial and acceptance -------------------------------------------------------------------------------------------


def trial(ledger: Ledger, proposal: Proposal, *, most: int = 50) -> Trial:
    """Read reports again with the words added: those that were corrected, and others up to `most`."""
    events = [event for event in in_force(ledger.events()) if isinstance(event.deed, Corrected | Rejected | Added)]
    first = dict.fromkeys(event.report for event in events if event.report)
    names = list(dict.fromkeys([*first, *(head.report for head in ledger.reports())]))[: max(most, len(first))]
    documents = [ledger.report(name, corrected=False).document for name in names]
    now = [_read(document) for document in documents]
    with TemporaryDirectory(prefix="taizhang-") as folder:
        file = Path(folder, "lexicon.toml")
        own = os.environ.get(VARIABLE)
        file.write_text(joined(Path(own).read_text(encoding="utf-8") if own else "", [proposal]), encoding="utf-8")
        then = _read_with(str(file), documents)
    about = {event.id: deed for event in events if (deed := event.deed)}
    spots = {document.id: (one, other) for document, one, other in zip(documents, now, then, strict=True)}
    righted = open_now = spoiled = 0
    claimed: set[tuple[str, int]] = set()
    for event in events:
        if event.report not in spots:
            continue
        before, after = spots[event.report]
        was, will = _holds(about[event.id], before), _holds(about[event.id], after)
        claimed |= {(event.report, start) for start in _starts(about[event.id])}
        open_now += not was
        righted += will and not was
        spoiled += was and not will
    gained = lost = changed = 0
    examples: list[Effect] = []
    for document in documents:
        before, after = spots[document.id]
        for start in sorted(before.keys() | after.keys()):
            if (document.id, start) in claimed or before.get(start) == after.get(start):
                continue
            one, other = before.get(start), after.get(start)
            gained += one is None
            lost += other is None
            changed += one is not None and other is not None
            examples.append(_effect(document, start, one, other))
    return Trial(len(documents), righted, open_now, spoiled, gained, lost, changed, tuple(examples[:3]))


_Read = dict[int, tuple[int, Fields]]
"""Statements by where they begin: where they end and what they say."""


def _read_with(file: str, documents: Sequence[Document]) -> list[_Read]:
    """The same documents read with another word list: by another process, since lists are read once in each."""
    done = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import _child; _child()"],
        input=msgspec.msgpack.encode(documents),
        stdout=subprocess.PIPE,
        env=os.environ | {VARIABLE: file},
        check=True,
    )
    return msgspec.msgpack.decode(done.stdout, type=list[_Read])


def _child() -> None:
    documents = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Document])
    sys.stdout.buffer.write(msgspec.msgpack.encode([_read(document) for document in documents]))


def _read(document: Document) -> _Read:
    found: _Read = {}
    for statement in extract(document).statements:
        found.setdefault(statement.span.start, (statement.span.end, fields_of(statement)))
    return found


def _starts(deed: object) -> tuple[int, ...]:
    match deed:
        case Corrected():
            return (deed.anchor.start, *([deed.moved.start] if deed.moved else []))
        case Rejected():
            return (deed.anchor.start,)
        case Added():
            return (deed.made.anchor.start,)
    return ()


def _holds(deed: object, read: _Read) -> bool:
    """Whether a reading says what the person says."""
    match deed:
        case Corrected():
            spot = deed.moved or deed.anchor
            found = read.get(spot.start)
            return found is not None and all(
                getattr(found[1], name) == getattr(deed.set, name) for name in deed.set.names() if name in _TAUGHT
            )
        case Rejected():
            return deed.anchor.start not in read
        case Added():
            found = read.get(deed.made.anchor.start)
            said = deed.made.fields
            return found is not None and (found[1].value, found[1].unit) == (said.value, said.unit)
    return False


def _effect(document: Document, start: int, one: tuple[int, Fields] | None, other: tuple[int, Fields] | None) -> Effect:
    end = max(item[0] for item in (one, other) if item is not None)
    words = document.text[start:end]
    return Effect(document.source.name, words, one[1] if one else None, other[1] if other else None)


def joined(text: str, proposals: Iterable[Proposal], name: str = "") -> str:
    """The user's own list with the entries of the proposals added; what stands in it stays, comments too.

    `name` is what the list is called in messages. Raises `LexiconError` where the list, or what would become of it, is
    not in order.
    """
    import tomlkit

    parse(text, name)
    whole = tomlkit.parse(text)
    for proposal in proposals:
        _add(whole, proposal.entry)
    made = tomlkit.dumps(whole)
    parse(made, name)
    return made


def _add(table: MutableMapping[str, Any], entry: Mapping[str, Any]) -> None:
    for name, value in entry.items():
        there = table.get(name)
        if isinstance(there, MutableMapping) and isinstance(value, Mapping):
            _add(there, value)
        elif isinstance(there, list) and isinstance(value, list):
            there.extend(word for word in value if word not in there)
        elif there is None:
            table[name] = value


def shown(proposal: Proposal) -> str:
    """The entry as it would stand in the list."""
    return joined("", [proposal]).strip()
