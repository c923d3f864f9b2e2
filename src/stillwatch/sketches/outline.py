"""The outline of an answer, and how much of a prompt is code: both read line by line.

A model that is asked for training data answers in a fixed form. `skeleton` hashes that form: the sequence
of line classes with runs of one class collapsed, so that the number of list items or paragraphs does not
matter, but headings, tags, labels (`Score: 4`) and the set of JSON keys do.
"""

from __future__ import annotations

import numpy as np

from stillwatch.sketches.hashing import load, mix, zero_bytes
from stillwatch.sketches.kernels import inlined, leaf

U = np.uint64

PLAIN = 1
HEADING = 2  # `#`, with its level
NUMBERED = 3
BULLET = 4
FENCE = 5
TABLE = 6
TAG = 7  # with its name
LABEL = 8  # with its name
JSON = 9  # with its keys
BOLD = 10  # a line that is bold from its start
RULE = 11  # `---`
LONGEST_NAME = 40  # bytes of a tag, label or JSON key
MOST_KEYS = 64  # distinct JSON keys that count

_NEWLINES = U(0x0A0A0A0A0A0A0A0A)
_NEWLINE, _SPACE, _TAB, _RETURN = 10, 32, 9, 13
_QUOTE, _BACKSLASH, _COLON = 34, 92, 58


@inlined
def _is_letter(b):  # type: ignore[no-untyped-def]
    return (97 <= (b | 32) <= 122) or b >= 0x80


@inlined
def _is_digit(b):  # type: ignore[no-untyped-def]
    return 48 <= b <= 57


@inlined
def _is_white(b):  # type: ignore[no-untyped-def]
    return b <= _SPACE and (b == _SPACE or b == _NEWLINE or b == _TAB or b == _RETURN)  # noqa: SIM109


@leaf
def _name(data, start, end, key):  # type: ignore[no-untyped-def]
    """Keyed hash of a short name, ASCII letters folded."""
    h = key
    for i in range(start, end):
        b = data[i]
        if 65 <= b <= 90:
            b |= 32
        h = mix(h ^ U(b))
    return h


@leaf
def _trim(data, start, end):  # type: ignore[no-untyped-def]
    while start < end and _is_white(data[start]):
        start += 1
    while end > start and _is_white(data[end - 1]):
        end -= 1
    return start, end


@leaf
def line_end(data, start, end):  # type: ignore[no-untyped-def]
    """Index of the newline at or after `start`, or `end`."""
    while start + 8 <= end and zero_bytes(load(data, start) ^ _NEWLINES) == U(0):
        start += 8
    while start < end and data[start] != _NEWLINE:
        start += 1
    return start


@leaf
def _is_fence(data, start, end):  # type: ignore[no-untyped-def]
    return end - start >= 3 and data[start] == 96 and data[start + 1] == 96 and data[start + 2] == 96


@leaf
def _tag(data, start, end, key):  # type: ignore[no-untyped-def]
    """Hash of the tag that opens the line, 0 where none does."""
    at = start + 1
    if at < end and data[at] == 47:
        at += 1
    first = at
    while (
        at < end
        and at - first < LONGEST_NAME
        and (_is_letter(data[at]) or _is_digit(data[at]) or data[at] == 95 or data[at] == 45)
    ):
        at += 1
    closed = at < end and (data[at] == 62 or data[at] == _SPACE or data[at] == 47)
    return _name(data, first, at, key + U(TAG)) if closed and at > first else U(0)


@leaf
def _label(data, start, end, key):  # type: ignore[no-untyped-def]
    """Hash of a label (`Final answer:` of up to three words) that opens the line, 0 where none does."""
    at = start
    spaces = 0
    while at < end and at - start <= LONGEST_NAME:
        b = data[at]
        if b == _COLON:
            follows = at + 1 == end or _is_white(data[at + 1]) or data[at + 1] == 42
            return _name(data, start, at, key + U(LABEL)) if follows and at > start else U(0)
        if b == _SPACE:
            spaces += 1
            if spaces > 2:
                return U(0)
        elif not (_is_letter(b) or b == 95):
            return U(0)
        at += 1
    return U(0)


@leaf
def _list_item(data, start, end):  # type: ignore[no-untyped-def]
    """NUMBERED, BULLET or 0."""
    b = data[start]
    if _is_digit(b):
        at = start
        while at < end and _is_digit(data[at]):
            at += 1
        return NUMBERED if at < end and (data[at] == 46 or data[at] == 41) else 0
    spaced = start + 1 < end and data[start + 1] == _SPACE
    if (b == 45 or b == 42 or b == 43) and spaced:
        return BULLET
    dot = b == 0xE2 and start + 2 < end and data[start + 1] == 0x80 and data[start + 2] == 0xA2
    return BULLET if dot else 0


@leaf
def _is_rule(data, start, end):  # type: ignore[no-untyped-def]
    first = data[start]
    if end - start < 3 or not (first == 45 or first == 42 or first == 95 or first == 61):
        return False
    for i in range(start, end):  # noqa: SIM110 (no `all` over a generator in a kernel)
        if data[i] != first:
            return False
    return True


@leaf
def classify(data, start, end, key):  # type: ignore[no-untyped-def]
    """Class of one trimmed, non-empty line, mixed with its level or name."""
    b = data[start]
    if b == 35:
        at = start
        while at < end and data[at] == 35:
            at += 1
        if at < end and data[at] == _SPACE:
            return mix(key + U(HEADING) + (U(at - start) << U(8)))
    if b == 124:
        return mix(key + U(TABLE))
    if b == 60:
        tag = _tag(data, start, end, key)
        if tag != U(0):
            return tag
    item = _list_item(data, start, end)
    if item:
        return mix(key + U(item))
    if _is_rule(data, start, end):
        return mix(key + U(RULE))
    if b == 42 and end - start > 2 and data[start + 1] == 42:
        label = _label(data, start + 2, end, key)
        return label if label != U(0) else mix(key + U(BOLD))
    label = _label(data, start, end, key)
    return label if label != U(0) else mix(key + U(PLAIN))


@leaf
def json_keys(data, start, end, key, seen):  # type: ignore[no-untyped-def]
    """Hash of the set of keys of a JSON text, whatever their order, number and depth.

    `seen` (uint64[MOST_KEYS]) is scratch space.
    """
    count = 0
    total = key + U(JSON) + (U(data[start]) << U(8))  # an object, or a list
    at = start
    while at < end and count < MOST_KEYS:
        if data[at] != _QUOTE:
            at += 1
            continue
        first = at + 1
        at = first
        while at < end and data[at] != _QUOTE:
            at += 2 if data[at] == _BACKSLASH else 1
        last = min(at, end)
        at = last + 1
        while at < end and _is_white(data[at]):
            at += 1
        if at >= end or data[at] != _COLON or last - first > LONGEST_NAME:
            continue
        name = _name(data, first, last, key + U(JSON))
        known = False
        for i in range(count):
            known = known or seen[i] == name
        if not known:
            seen[count] = name
            count += 1
            total += name
    return mix(total)


@leaf
def _is_json(data, start, end):  # type: ignore[no-untyped-def]
    opens = data[start]
    closes = data[end - 1]
    return end - start >= 2 and ((opens == 123 and closes == 125) or (opens == 91 and closes == 93))


@leaf
def skeleton(data, start, end, key, seen):  # type: ignore[no-untyped-def]
    """Outline of data[start:end]; 0 for a blank text. The inside of a code fence does not count."""
    start, end = _trim(data, start, end)
    if start == end:
        return U(0)
    if _is_json(data, start, end):
        return json_keys(data, start, end, key, seen)
    outline = key
    before = U(0)
    fenced = False
    at = start
    while at < end:
        stop = line_end(data, at, end)
        first, last = _trim(data, at, stop)
        at = stop + 1
        if first == last:
            continue
        fence = _is_fence(data, first, last)
        if fence:
            fenced = not fenced
        if (fence and not fenced) or (fenced and not fence):
            continue
        now = mix(key + U(FENCE)) if fence else classify(data, first, last, key)
        if now != before:
            outline = mix(outline ^ now) + key
            before = now
    return mix(outline)


@leaf
def code_share(data, start, end):  # type: ignore[no-untyped-def]
    """Share of a text's bytes (white space at line ends aside) on lines of code, 0..1.

    A line is code inside a fence, where it ends in `{`, `}` or `;`, or where it is indented by a tab or
    four spaces and holds `(` or `=`.
    """
    code = 0
    total = 0
    fenced = False
    at = start
    while at < end:
        stop = line_end(data, at, end)
        first, last = _trim(data, at, stop)
        size = last - first
        if size > 0:
            total += size
            closing = data[last - 1]
            is_code = fenced or closing == 123 or closing == 125 or closing == 59
            if _is_fence(data, first, last):
                fenced = not fenced
                is_code = True
            elif not is_code and (first - at >= 4 or (first > at and data[at] == _TAB)):
                for i in range(first, last):
                    is_code = is_code or data[i] == 40 or data[i] == 61
            if is_code:
                code += size
        at = stop + 1
    return code / total if total else 0.0
