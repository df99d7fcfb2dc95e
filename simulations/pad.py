"""What simulated people write on the handwriting pad: one flowing stroke for each character of a name."""

from __future__ import annotations

import hashlib
import math

Stroke = list[list[int]]

# The pad is 10,000 wide; a point comes every eight milliseconds, as a phone's screen tells them.
_WIDE, _MIDDLE, _BEAT_MS = 10_000, 2_500, 8
_POINTS, _BETWEEN_MS = 48, 220


def signature(name: str) -> list[Stroke]:
    """The strokes for a name: [x, y, milliseconds, pressure], the same for the same name."""
    looks = hashlib.sha256(name.encode()).digest()
    count = max(2, min(len(name), 5))
    room = 0.84 * _WIDE / count
    strokes, now = [], 0
    for place in range(count):
        turns = 1.0 + looks[place] / 200
        high, lean = 700 + 3 * looks[place + 8], (looks[place + 16] - 128) / 160
        stroke = []
        for step in range(_POINTS):
            share = step / (_POINTS - 1)
            y = high * math.sin(2 * math.pi * turns * share + place)
            x = 0.08 * _WIDE + room * (place + 0.15 + 0.7 * share) + lean * y * 0.4
            pressure = 350 + 450 * math.sin(math.pi * share)
            stroke.append([round(x), round(_MIDDLE + y), now, round(pressure)])
            now += _BEAT_MS
        strokes.append(stroke)
        now += _BETWEEN_MS
    return strokes
