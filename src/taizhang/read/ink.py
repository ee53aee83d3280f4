"""What the picture of a page shows beside its words: how it slants, the rules drawn on it, ink and blanks.

Lengths are in pixels of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

_SLANT = 12
"""Degrees within which a page that slants is set level."""

_MOST_RULES = 3000

Box = tuple[float, float, float, float]
"""Left, top, right, foot."""


def levelled(image: Any) -> tuple[Any, float]:
    """A grey picture turned by a quarter where its lines run up and down, and by a few degrees where they slant; and by
    how many degrees it was turned, counter-clockwise, about its centre. It grows at all sides by what its corners need.
    """
    import numpy

    turn = 0.0
    if _lies_on_its_side(image):
        image, turn = numpy.ascontiguousarray(numpy.rot90(image)), 90.0
    angle = _skew(image)
    return (_turned(image, angle, grows=True), turn + angle) if abs(angle) >= 0.1 else (image, turn)


def _lies_on_its_side(image: Any) -> bool:
    """Whether lines run up and down: white between lines makes the sums across them vary more, at their slant."""
    import cv2
    import numpy

    small = cv2.resize(image, (600, 600), interpolation=cv2.INTER_AREA)

    def varies(picture: Any) -> float:
        sums = [_turned(picture, angle).astype("float32").mean(axis=1) for angle in range(-12, 13, 2)]
        return max(float((each[1:] - each[:-1]).var()) for each in sums)

    return varies(numpy.ascontiguousarray(numpy.rot90(small))) > 2.0 * varies(small)


def _skew(image: Any) -> float:
    """Degrees that the lines are off the level, within twelve: the angle at which rows of ink are sharpest."""
    import cv2

    scale = 900 / max(image.shape)
    small = 255 - cv2.resize(image, None, fx=min(scale, 1), fy=min(scale, 1), interpolation=cv2.INTER_AREA)

    def sharpness(angle: float) -> float:
        sums = _turned(small, angle, 0).astype("float32").mean(axis=1)
        return float(((sums[1:] - sums[:-1]) ** 2).sum())

    best = max(map(float, range(-_SLANT, _SLANT + 1)), key=sharpness)
    best = max((best + step / 2 for step in range(-1, 2)), key=sharpness)
    best = max((best + step / 10 for step in range(-5, 6)), key=sharpness)
    return best if sharpness(best) > 1.05 * sharpness(0.0) else 0.0


def _turned(image: Any, angle: float, border: int = 255, *, grows: bool = False) -> Any:
    import cv2

    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    if grows:
        sine, cosine = abs(matrix[0, 1]), abs(matrix[0, 0])
        more_x = math.ceil(max(0.0, width * cosine + height * sine - width) / 2)
        more_y = math.ceil(max(0.0, height * cosine + width * sine - height) / 2)
        matrix[:, 2] += (more_x, more_y)
        height, width = height + 2 * more_y, width + 2 * more_x
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border)


def lost_lines(image: Any, lines: Sequence[Box]) -> list[Box]:
    """Stretches of ink as high as a line and far longer that lie in none of the lines that were read, top to bottom.

    Type that is smeared, faint or crossed out comes out so; what is higher (a picture, a seal) or lower (a rule) does
    not, nor does a word or two.
    """
    import cv2
    import numpy

    level = [box for box in lines if box[2] - box[0] > 2 * (box[3] - box[1])]
    if not level:
        return []
    high = median(y1 - y0 for _, y0, _, y1 in level)
    ink = _ink(image)
    paper = numpy.ones(image.shape[:2], numpy.uint8)
    for x0, y0, x1, y1 in lines:
        margin = (y1 - y0) * 0.15
        corners = (int(x0 - high / 2), int(y0 - margin)), (math.ceil(x1 + high / 2), math.ceil(y1 + margin))
        cv2.rectangle(paper, *corners, 0, -1)
    ink *= paper
    # Characters of one line run together, lines stay apart.
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, numpy.ones((1, max(3, int(2 * high))), numpy.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, numpy.ones((max(2, int(0.3 * high)), 3), numpy.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for x, y, width, height, area in stats[1:count]:
        if 0.35 * high < height < 1.6 * high and width > 4 * high and area > 0.4 * width * height:
            share = float((ink[y : y + height, x : x + width] > 0).mean())
            if share > 0.12:
                found.append((float(x), float(y), float(x + width), float(y + height)))
    return sorted(found, key=lambda box: (box[1], box[0]))


def _ink(image: Any) -> Any:
    """Where a page is clearly darker than the paper around it, be it as grey as a smear: 255 there, else 0."""
    import cv2
    import numpy

    height, width = image.shape[:2]
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    # The paper is the lightest of each neighbourhood, so that a shadow over half of a page is no ink.
    small = cv2.dilate(cv2.resize(smooth, (max(1, width // 8), max(1, height // 8))), numpy.ones((9, 9), numpy.uint8))
    paper = cv2.resize(cv2.GaussianBlur(small, (9, 9), 0), (width, height))
    darker = cv2.subtract(paper, smooth)
    full = float(numpy.percentile(darker[darker > 40], 90)) if (darker > 40).any() else 255.0
    return numpy.where(darker > 0.25 * full, 255, 0).astype(numpy.uint8)


def blanks_of(image: Any, lines: Mapping[Box, bool]) -> list[Box]:
    """Holes in columns of running text: from a line that fills its column to the next one in it there is room for
    three lines and more, and nothing on it, be it white or black. A picture there has both. `lines`: where they are,
    and whether each ends a sentence.
    """
    import cv2
    import numpy

    boxes = sorted(lines, key=lambda box: box[1])
    level = [box for box in boxes if box[2] - box[0] > 5 * (box[3] - box[1])]
    ink, smooth = _ink(image), cv2.GaussianBlur(image, (5, 5), 0)
    found = []
    for box in level:
        x0, _, x1, y1 = box
        high = y1 - box[1]
        if lines[box]:
            continue
        below = [other for other in boxes if other[1] > box[1] + 0.5 * high and other[0] < x1 and x0 < other[2]]
        if not below:
            continue
        near = min(below, key=lambda other: other[1])
        gap = near[1] - y1
        as_wide = abs(near[0] - x0) < 3 * high and near[2] > x0 + 0.5 * (x1 - x0)
        if not 2.6 * high < gap < 60 * high or not as_wide or not 0.75 < (near[3] - near[1]) / high < 1.33:
            continue
        place = slice(int(y1 + 0.5 * high), int(near[1] - 0.5 * high)), slice(int(x0), int(x1))
        area = smooth[place]
        even = area.size and float(numpy.percentile(area, 98)) - float(numpy.percentile(area, 2)) < 60
        if even or (area.size and (ink[place] > 0).mean() < 0.005):
            found.append((x0, y1, x1, near[1]))
    return found


def rules_of(image: Any, high: float) -> list[Box]:
    """The rules drawn across and down a page whose lines of text are `high`: ink that runs on for longer than a
    character does, and is thin.
    """
    import cv2
    import numpy

    ink = _ink(image)
    found: list[Box] = []
    for down in (False, True):
        # A rule that is not quite level comes in steps: made thicker, they are one.
        thick = cv2.dilate(ink, numpy.ones((1, 3) if down else (3, 1), numpy.uint8))
        length = int(1.4 * high) if down else max(48, int(4 * high))
        long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, numpy.ones((length, 1) if down else (1, length), numpy.uint8))
        count, _, stats, _ = cv2.connectedComponentsWithStats(long)
        if count > _MOST_RULES:
            continue  # a picture
        for x, y, width, height, area in stats[1:count].tolist():
            across = width if down else height
            if across > max(0.5 * high, 6) or area > 9 * (height if down else width):
                continue
            middle = (x + width / 2) if down else (y + height / 2)
            found.append((middle, y, middle + 0.1, y + height) if down else (x, middle, x + width, middle + 0.1))
    return found
