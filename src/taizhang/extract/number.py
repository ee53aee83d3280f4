"""Digits and Chinese numerals → `Decimal`. Knows no units and no context.

`NUMBER` is the pattern of one written number in a folded text; `read_number` gives its value. A number may be Arabic
(1,200; 16.4), Chinese (一万五千; 二点五; 二〇二三), or mixed (3百万; 1亿5千万), and may carry a word that says it
goes on (500多亿, 十几万, 百余). A bare multiplier counts as one of it (千名 → 1000).

Why `Decimal` from the written string: 16.4 × 10⁸ in floating point is not 1640000000.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from taizhang.lexicon import numerals

ARABIC: Final = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
"""An Arabic number of a folded text, where a comma inside digits always groups thousands."""

# 千 and 百 belong to the unit in 千瓦, 千伏, 千米, 千克, 千升, 百分点; elsewhere to the number.
_THOUSAND: Final = "千(?![瓦伏米克卡兆升])"
_HUNDRED: Final = "百(?!分)"
_MULTIPLIER: Final = f"(?:(?:{_THOUSAND}|百)?万亿|[十百千]?[万亿]|{_THOUSAND}|{_HUNDRED}|十(?!分|月))"
_WORTH: Final = numerals()
_MORE: Final = f"[{''.join(_WORTH.more)}]"
_DIGITS: Final = f"[{''.join(_WORTH.digits)}]"
_PLAIN: Final = f"[{''.join(digit for digit in _WORTH.digits if digit != '两')}]"
_PLACE: Final = f"(?:[〇零一二三四五六七八九十廿卅万亿]|{_THOUSAND}|{_HUNDRED}|两(?=[百千万亿]))"
# The fifties wrote 一〇、一五〇 for 10,150 and 二八·九 for 28.9.
_CHINESE: Final = (
    f"(?:{_PLAIN}{{1,3}}(?:、{_PLAIN}{{3}}(?![〇零一二三四五六七八九十百千])){{1,3}}(?:[点·]{_PLAIN}+)?[万亿]{{0,2}}"
    f"|(?:两|{_PLACE}){_PLACE}*(?:[点·]{_PLAIN}+[万亿]{{0,2}})?)"
)
# Repetitions over more than one script or sign are bounded: a line of 1亿1亿… must not be read again from each 1 on.
NUMBER: Final = (
    f"(?:{ARABIC}(?:(?:{_MORE}?{_MULTIPLIER}){{1,3}}(?:{ARABIC}(?:{_MORE}?{_MULTIPLIER}){{1,3}}){{0,3}})?{_MORE}?"
    f"|{_CHINESE}(?:{_MORE}[十百千]?[万亿]*)?(?:{_MORE})?)"
)
"""One number as written, with its multipliers and with 多, 余, 几 where they stand inside or right behind it."""

_ARABIC_ONLY = re.compile(ARABIC)
_MIXED_PART = re.compile(f"({ARABIC})([十百千万亿]+)")
_VALUE: Final = _WORTH.digits
_SMALL: Final = {letter: 10**power for letter, power in _WORTH.places.items()}
_POWER: Final = _WORTH.places | _WORTH.grades
_BETWEEN: Final = frozenset(_WORTH.between)
_ALL_DIGITS = re.compile(f"{_DIGITS}+")
_DECIMAL = re.compile(f"(.+?)[点·]({_DIGITS}+)([万亿]*)")


class Number(msgspec.Struct, frozen=True, gc=False):
    """A number read: `value` multiplied out, and how precisely it was written.

    `decimals` counts the digits behind the point of the mantissa, `scale` is the power of ten of the trailing 万 and 亿
    (1.27亿: 2 and 8). `more` says that the number goes on beyond its value (500多亿, 十几).
    `form` is arabic, chinese, mixed or bare (a multiplier that stands alone).
    """

    value: Decimal
    decimals: int
    scale: int
    form: str
    more: bool


@lru_cache(maxsize=16384)
def read_number(word: str) -> Number | None:
    """The value of a whole written number, or None where it has no definite one (三四百, 几十万, 数十, 一二三).

    `word` is what `NUMBER` matches; any other string gives None.
    """
    plain = word
    for letter in _WORTH.more:
        plain = plain.replace(letter, "")
    more = len(plain) != len(word)
    if not plain or (more and word[0] in _WORTH.more):
        return None
    if "0" <= plain[0] <= "9":
        return _read_arabic(plain, more)
    return _read_chinese(plain, more)


def _trailing_scale(word: str) -> int:
    """Power of ten of the multipliers that end a number, as far as they scale the whole mantissa before them."""
    scale = 0
    for letter in reversed(word):
        power = _POWER.get(letter)
        if power is None:
            break
        scale += power
    return scale


def _read_arabic(word: str, more: bool) -> Number | None:
    match = _ARABIC_ONLY.match(word)
    if match is None or len(match[0]) > 64:
        return None
    digits = match[0].replace(",", "")
    point = digits.find(".")
    decimals = len(digits) - point - 1 if point >= 0 else 0
    end = match.end()
    if end == len(word):
        return Number(Decimal(digits), decimals, 0, "arabic", more)
    tail = word[end:]
    scale = _trailing_scale(tail)
    if scale > 24:
        return None
    if all(letter in _POWER for letter in tail):
        return Number(Decimal(digits).scaleb(scale), decimals, scale, "arabic", more)
    total, at, before = Decimal(0), 0, 99
    for part in _MIXED_PART.finditer(word):
        power = sum(_POWER[letter] for letter in part[2])
        if part.start() != at or power >= before or power > 24:
            return None
        total += Decimal(part[1].replace(",", "")).scaleb(power)
        at, before = part.end(), power
    return Number(total, 0, scale, "mixed", more) if at == len(word) else None


def _read_chinese(word: str, more: bool) -> Number | None:
    if len(word) > 40:
        return None
    if "、" in word:
        word = word.replace("、", "")
        if not word:
            return None
    if "点" in word or "·" in word:
        match = _DECIMAL.fullmatch(word)
        whole = _integer(match[1] if match[1] not in _BETWEEN else f"〇{match[1]}") if match else None
        if match is None or whole is None:
            return None
        digits = "".join(str(_VALUE[letter]) for letter in match[2])
        scale = _trailing_scale(match[3])
        return Number(Decimal(f"{whole}.{digits}").scaleb(scale), len(digits), scale, "chinese", more)
    value = _integer(word)
    if value is None:
        return None
    scale = 0
    for letter in reversed(word):
        if letter not in "万亿":
            break
        scale += _POWER[letter]
    if scale > 24:
        return None
    bare = word[0] in "百千万亿" and all(letter in _POWER for letter in word)
    return Number(Decimal(value), 0, scale, "bare" if bare else "chinese", more)


def _integer(word: str) -> int | None:
    """A Chinese integer; multipliers stack (一万五千亿), a closing digit takes the next lower place (三百五)."""
    if len(word) > 1 and _ALL_DIGITS.fullmatch(word):
        if word in _BETWEEN:
            return None
        return int("".join(str(_VALUE[letter]) for letter in word))
    if len(word) > 1 and word[-1] in "〇零":
        return None
    for letter, factor in (("亿", 10**8), ("万", 10**4)):
        if letter not in word:
            continue
        left, _, right = word.rpartition(letter)
        high = _integer(left) if left else 1
        if high is None or high == 0:
            return None
        if not right:
            return high * factor
        low = _integer(right)
        if low is None or low >= factor:
            return None
        if len(right) == 1 and right in _VALUE and right not in "〇零":
            return high * factor + low * factor // 10
        return high * factor + low
    return _below_ten_thousand(word)


def _below_ten_thousand(word: str) -> int | None:
    if len(word) == 1 and word in _VALUE:
        return _VALUE[word]
    total, digit, before, zero = 0, None, 10_000, False
    for short, long in _WORTH.tens.items():
        word = word.replace(short, long)
    for letter in word:
        place = _SMALL.get(letter)
        if place is None:
            if digit is not None and not (digit == 0 or zero):
                return None  # 三四百: two digits for one place
            if letter in "〇零":
                zero = True
                digit = None
                continue
            if digit is not None:
                return None
            digit = _VALUE.get(letter)
            if digit is None:
                return None
            continue
        if place >= before or (digit is None and (total or zero) and place != 10):
            return None
        total += (1 if digit is None else digit) * place
        digit, before, zero = None, place, False
    if digit is not None:
        # 三百五 is 350, 三百零五 is 305.
        total += digit * (before // 10 if 10 < before < 10_000 and not zero else 1)
    return total
