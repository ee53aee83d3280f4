"""What is done to a ledger, as events; and which of them count.

An event is added and never changed. An undoing is an event too, so it can itself be undone: which events count is
worked out from all of them (`in_force`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import msgspec
from msgspec import UNSET, UnsetType

from taizhang.errors import LedgerError
from taizhang.fold import fold
from taizhang.model import Comparator, Kind, Measure, Span, Statement, Verdict


class Anchor(msgspec.Struct, frozen=True):
    """Words of a report and what stands around them, so that they are found again where a reader gives another text."""

    report: str
    source: str
    """Hash of the text that `start` and `end` point into."""
    start: int
    end: int
    quote: str
    before: str
    after: str
    nth: int = 0
    """Which of `of` places with these very words and surroundings."""
    of: int = 1

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class Fields(msgspec.Struct, frozen=True):
    """What a statement says, without where it stands."""

    indicator: str | None
    kind: Kind
    measure: Measure
    value: Decimal
    value_max: Decimal | None
    unit: str
    comparator: Comparator
    period: str | None
    place: str | None
    decimals: int
    scale: int


FIELDS = Fields.__struct_fields__
"""Names of the fields that can be corrected; where a statement stands is corrected by `start` and `end`."""


class Change(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """New values for some fields of a statement. What is not set stays; null is a value."""

    indicator: str | UnsetType | None = UNSET
    kind: Kind | UnsetType = UNSET
    measure: Measure | UnsetType = UNSET
    value: Decimal | UnsetType = UNSET
    value_max: Decimal | UnsetType | None = UNSET
    unit: str | UnsetType = UNSET
    comparator: Comparator | UnsetType = UNSET
    period: str | UnsetType | None = UNSET
    place: str | UnsetType | None = UNSET
    decimals: int | UnsetType = UNSET
    scale: int | UnsetType = UNSET

    def names(self) -> tuple[str, ...]:
        """The fields that are set."""
        return tuple(name for name in FIELDS if getattr(self, name) is not UNSET)


class Made(msgspec.Struct, frozen=True):
    """A statement that a person made, whole or out of others. Its id is made of its event's number."""

    anchor: Anchor
    fields: Fields


class End(msgspec.Struct, frozen=True):
    """One end of a link: a statement of a report, by its id and its words."""

    statement: str
    anchor: Anchor

    @property
    def key(self) -> str:
        return f"{self.anchor.report}-{self.statement}"


class Entered(msgspec.Struct, frozen=True, tag_field="deed", tag="entered"):
    """A report came in, read for the first time."""

    name: str
    reader: str


class Reread(msgspec.Struct, frozen=True, tag_field="deed", tag="reread"):
    """The same file, read again with another outcome. The earlier reading stays; it no longer counts."""

    name: str
    reader: str
    before: int
    """The reading that it takes the place of."""


class Confirmed(msgspec.Struct, frozen=True, tag_field="deed", tag="confirmed"):
    """The same file, read again by another reader with the very same outcome."""

    reader: str
    reading: int


class Retracted(msgspec.Struct, frozen=True, tag_field="deed", tag="retracted"):
    """A person takes a report out of all answers."""


class Corrected(msgspec.Struct, frozen=True, tag_field="deed", tag="corrected"):
    """A person gives some fields of a statement other values."""

    statement: str
    anchor: Anchor
    base: Fields
    """All fields as the person saw them."""
    set: Change
    moved: Anchor | None = None
    """Where the quantity stands instead, if that was corrected."""
    proposal: int | None = None
    """The proposal that this accepts."""


class Rejected(msgspec.Struct, frozen=True, tag_field="deed", tag="rejected"):
    """A person says that this is no statement."""

    statement: str
    anchor: Anchor
    base: Fields
    proposal: int | None = None
    """The proposal that this accepts."""


class Proposed(msgspec.Struct, frozen=True, tag_field="deed", tag="proposed"):
    """A person who may not correct says what should be. It changes nothing until somebody accepts it."""

    statement: str
    anchor: Anchor
    base: Fields
    set: Change | None
    """Null: that it is no statement."""


class Declined(msgspec.Struct, frozen=True, tag_field="deed", tag="declined"):
    """A person says no to a proposal."""

    proposal: int


class Split(msgspec.Struct, frozen=True, tag_field="deed", tag="split"):
    """A person says that this statement is several."""

    statement: str
    anchor: Anchor
    base: Fields
    into: tuple[Made, ...]
    beside: tuple[str, ...] = ()
    """Statements that stood at the same place then: a later reading's new ones there are held to be the same again."""


class Merged(msgspec.Struct, frozen=True, tag_field="deed", tag="merged"):
    """A person says that these statements are one."""

    statements: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    into: Made
    beside: tuple[str, ...] = ()


class Added(msgspec.Struct, frozen=True, tag_field="deed", tag="added"):
    """A person points at a statement that the reader did not see."""

    made: Made
    beside: tuple[str, ...] = ()


class Linked(msgspec.Struct, frozen=True, tag_field="deed", tag="linked"):
    """A person says what answers a target, and with `verdict` what became of it."""

    target: End
    actuals: tuple[End, ...]
    verdict: Verdict | None


class Unlinked(msgspec.Struct, frozen=True, tag_field="deed", tag="unlinked"):
    """A person says that these statements do not answer the target."""

    target: End
    actuals: tuple[End, ...]


class Undone(msgspec.Struct, frozen=True, tag_field="deed", tag="undone"):
    """A person takes an event back."""

    event: int


Reading = Entered | Reread | Confirmed
"""What a reader does; the rest is people's."""

Word = Proposed | Declined
"""What is said about changes and changes nothing itself."""

Deed = Reading | Retracted | Corrected | Rejected | Split | Merged | Added | Linked | Unlinked | Undone | Word
KINDS: tuple[str, ...] = tuple(str(deed.__struct_config__.tag) for deed in get_args(Deed))

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Deed] = msgspec.json.Decoder(Deed)
_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?")
_YEAR = re.compile(r"(?<![0-9-])[0-9]{4}(?![0-9])")
_MOST_DIGITS = 60


class Event(msgspec.Struct, frozen=True):
    """One thing that was done: which, when (UTC), by whom, why."""

    id: int
    at: str
    who: str
    why: str
    report: str | None
    undoes: int | None
    deed: Deed

    @property
    def kind(self) -> str:
        return str(self.deed.__struct_config__.tag)


def encode(deed: Deed) -> str:
    return _ENCODER.encode(deed).decode()


def decode(deed: str) -> Deed:
    return _DECODER.decode(deed)


def undone(events: Iterable[Event]) -> frozenset[int]:
    """Numbers of the events that were taken back, undoings among them.

    Read from the last to the first: an undoing that was itself undone undoes nothing.
    """
    taken: set[int] = set()
    for event in reversed(list(events)):
        if event.undoes is not None and event.id not in taken:
            taken.add(event.undoes)
    return frozenset(taken)


def in_force(events: Sequence[Event]) -> list[Event]:
    """The events that nothing undoes, in order; undoings themselves are not among them."""
    taken = undone(events)
    return [event for event in events if event.undoes is None and event.id not in taken]


def ends(deed: Linked | Unlinked) -> tuple[End, ...]:
    """Both sides of a link, the target first."""
    return (deed.target, *deed.actuals)


def reports_of(event: Event) -> set[str]:
    """The reports that an event touches: a link touches those of both its ends."""
    found = {event.report} if event.report else set()
    if isinstance(event.deed, Linked | Unlinked):
        found |= {end.anchor.report for end in ends(event.deed)}
    return found


def keys_of(event: Event) -> set[str]:
    """Keys of the statements that an event names or makes."""
    deed = event.deed
    names: set[str] = set()
    match deed:
        case Corrected() | Rejected() | Proposed():
            names = {deed.statement}
        case Split():
            names = {deed.statement, *(made_id(event.id, number) for number in range(len(deed.into)))}
        case Merged():
            names = {*deed.statements, made_id(event.id)}
        case Added():
            names = {made_id(event.id)}
        case Linked() | Unlinked():
            return {end.key for end in ends(deed)}
    return {f"{event.report}-{name}" for name in names}


def made_id(event: int, number: int = 0) -> str:
    """Id of a statement made by an event. Those of read statements are hexadecimal, so no two are alike."""
    return f"p{event}-{number + 1}"


def fields_of(statement: Statement) -> Fields:
    return Fields(**{name: getattr(statement, name) for name in FIELDS})


def years_of(period: str | None) -> tuple[int | None, int | None]:
    """First and last year of a period."""
    years = [int(year) for year in _YEAR.findall(period or "")]
    return (min(years), max(years)) if years else (None, None)


def change(values: Mapping[str, object]) -> Change:
    """Fields by name and new value, checked. Raises `LedgerError` that names the field and what it may be."""
    for name in values:
        if name not in FIELDS:
            raise LedgerError(
                f"没有“{name}”这个字段。可以更正的有：{'、'.join((*FIELDS, 'start', 'end'))}。",
                f"There is no field “{name}”. These can be corrected: {', '.join((*FIELDS, 'start', 'end'))}.",
            )
    return msgspec.convert({name: _value(name, value) for name, value in values.items()}, Change)


_CHOICES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "measure": get_args(Measure),
    "comparator": get_args(Comparator),
}
_NULLABLE = frozenset({"indicator", "value_max", "period", "place"})


NAMES: dict[str, tuple[str, str]] = {
    "indicator": ("指标", "indicator"),
    "kind": ("类别", "kind"),
    "measure": ("度量", "measure"),
    "value": ("数值", "value"),
    "value_max": ("数值上限", "high end"),
    "unit": ("单位", "unit"),
    "comparator": ("比较", "comparator"),
    "period": ("期间", "period"),
    "place": ("地区", "place"),
    "decimals": ("小数位", "decimals"),
    "scale": ("倍数", "scale"),
}
"""What the fields are called in sentences."""
_LONGEST = {"indicator": 200, "unit": 20, "period": 21, "place": 60}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_AMOUNT = re.compile(
    r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+)(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)?"
)
_POWERS = {"百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11,
           "万亿": 12}  # fmt: skip


def _value(name: str, value: object) -> Any:
    zh, en = NAMES[name]
    if value is None:
        if name in _NULLABLE:
            return None
        raise LedgerError(f"“{zh}”不能为空。", f"The field “{en}” cannot be empty.", name)
    if name in _CHOICES:
        if value in _CHOICES[name]:
            return value
        choices = _CHOICES[name]
        raise LedgerError(
            f"“{zh}”不能是“{_short(value)}”，只能是 {'、'.join(choices)}。",
            f"“{en}” cannot be “{_short(value)}”, only {', '.join(choices)}.",
            name,
        )
    if name in ("value", "value_max"):
        return _decimal(name, value)
    if name in ("decimals", "scale"):
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DIGITS:
            return value
        raise LedgerError(
            f"“{zh}”应为不大于 {_MOST_DIGITS} 的整数，不是“{_short(value)}”。",
            f"“{en}” should be a whole number up to {_MOST_DIGITS}, not “{_short(value)}”.",
            name,
        )
    return _words(name, value)


def _words(name: str, value: object) -> str:
    zh, en = NAMES[name]
    if not isinstance(value, str) or (not value.strip() and name != "unit"):
        raise LedgerError(f"“{zh}”不能为空。", f"The field “{en}” cannot be empty.", name)
    value = value.strip()
    if _CONTROL.search(value):
        raise LedgerError(f"“{zh}”里有看不见的控制字符。", f"There are control characters in “{en}”.", name)
    if name == "period" and not _is_period(value):
        raise LedgerError(
            f"期间“{_short(value)}”写法不对，应如 2025、2025-03 或 2021/2025。",
            f"“{_short(value)}” is not a period; write 2025, 2025-03 or 2021/2025.",
            name,
        )
    if len(value) > _LONGEST[name]:
        raise LedgerError(
            f"“{zh}”太长，不超过 {_LONGEST[name]} 个字。", f"“{en}” is longer than {_LONGEST[name]} characters.", name
        )
    return value


def _short(value: object) -> str:
    said = _CONTROL.sub("?", str(value))
    return said if len(said) <= 40 else said[:39] + "…"


def _is_period(value: str) -> bool:
    """Whether a period is one that a calendar has: a year, a month, a day, or from one of these to another."""
    if not _PERIOD.fullmatch(value):
        return False
    first, _, last = value.partition("/")
    for end in filter(None, (first, last)):
        try:
            date.fromisoformat(end + "-01-01"[len(end) - 4 :])
        except ValueError:
            return False
    return not last or (len(first) == len(last) and first <= last)


def _decimal(name: str, value: object) -> Decimal:
    """A number, or text that says one: 127000000, 1.27亿, 12,700万."""
    number = Decimal("NaN")
    if isinstance(value, str):
        found = _AMOUNT.fullmatch(re.sub(r"\s", "", fold(value).text))
        if found is not None and len(value) <= 2 * _MOST_DIGITS:
            number = Decimal(found[1].replace(",", "")).scaleb(_POWERS.get(found[2] or "", 0))
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        number = Decimal(str(value))
    if not number.is_finite() or len(f"{number:f}") > 2 * _MOST_DIGITS:
        zh, en = NAMES[name]
        raise LedgerError(
            f"“{zh}”应是一个数，不带单位，可写 1.27亿 或 127000000，不是“{_short(value)}”。",
            f"“{en}” should be a number without its unit, as 1.27亿 or 127000000, not “{_short(value)}”.",
            name,
        )
    return number


def changed(fields: Fields, by: Change) -> Fields:
    """The fields with a change applied.

    A corrected value has the precision it is written to, at the multiplier of the report: 1.3亿 for 1.27亿 is known to
    ten million. A high end that would lie below the low one, since a later reader found another, is dropped.
    """
    new = msgspec.structs.replace(fields, **{name: getattr(by, name) for name in by.names()})
    if by.value is not UNSET and by.decimals is UNSET:
        exponent = new.value.scaleb(-new.scale).normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
        new = msgspec.structs.replace(new, decimals=decimals)
    if new.value_max is not None and new.value_max < new.value:
        new = msgspec.structs.replace(new, value_max=None)
    return new


def upright(fields: Fields, by: Change) -> None:
    """Raises `LedgerError` where a change would put the high end of a range below its low end."""
    low = fields.value if by.value is UNSET else by.value
    high = fields.value_max if by.value_max is UNSET else by.value_max
    if high is not None and high < low:
        raise LedgerError(
            f"数值上限 {high:f} 小于数值 {low:f}；没有上限时请清空。",
            f"The high end {high:f} is below the low end {low:f}; empty it where there is none.",
            "value_max",
        )
