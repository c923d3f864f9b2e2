"""Forms: what a text looks like at one place, whatever its language. Read from the bytes, ASCII signs mostly."""

from __future__ import annotations

import numpy as np

from stillwatch.intents.concepts import Form
from stillwatch.sketches.kernels import inlined, leaf

NONE = -1
LONGEST_LABEL = 48  # bytes of `Final answer:`
LONGEST_NAME = 32  # bytes of a tag's or key's name
_NEWLINE, _SPACE, _COLON, _QUOTE = 10, 32, 58, 34
_TAG, _SQUARE, _CURLY, _KEY = int(Form.TAG), int(Form.SQUARE), int(Form.CURLY), int(Form.KEY)
_HEADING, _NUMBERED, _BULLET, _OPTION = (
    int(Form.HEADING), int(Form.NUMBERED), int(Form.BULLET), int(Form.OPTION)
)  # fmt: skip
_LABEL, _RANGE, _FENCE, _RULE, _MARK = (
    int(Form.LABEL), int(Form.RANGE), int(Form.FENCE), int(Form.RULE), int(Form.MARK)
)  # fmt: skip
_LATEX, _IMAGE, _CALL, _PATH = int(Form.LATEX), int(Form.IMAGE), int(Form.CALL), int(Form.PATH)
_QUESTION, _ROLE, _CODE, _CELLS, _ADDRESS = (
    int(Form.QUESTION), int(Form.ROLE), int(Form.CODE), int(Form.CELLS), int(Form.ADDRESS)
)  # fmt: skip
_IMAGE_WORD = np.frombuffer(b"image:", dtype=np.uint8).copy()
_CALL_WORD = np.frombuffer(b"tool_call:", dtype=np.uint8).copy()


@inlined
def is_letter(b):  # type: ignore[no-untyped-def]
    return (97 <= (b | 32) <= 122) or b >= 0x80


@inlined
def is_digit(b):  # type: ignore[no-untyped-def]
    return 48 <= b <= 57


@inlined
def _at(data, at, end):  # type: ignore[no-untyped-def]
    return data[at] if at < end else np.uint8(0)


@leaf
def _starts(data, at, end, word):  # type: ignore[no-untyped-def]
    if at + len(word) > end:
        return False
    for i in range(len(word)):  # noqa: SIM110 (no `all` over a generator in a kernel)
        if data[at + i] != word[i]:
            return False
    return True


@leaf
def _named(data, at, end, closing):  # type: ignore[no-untyped-def]
    """Whether a short name (letters, digits, _, -, space) follows and ends in `closing`."""
    first = at
    while at < end and at - first < LONGEST_NAME:
        b = data[at]
        if b == closing:
            return at > first
        if not (is_letter(b) or is_digit(b) or b == 95 or b == 45 or b == 32 or b == 46):
            return False
        at += 1
    return False


@leaf
def of_line(data, at, end):  # type: ignore[no-untyped-def]
    """Form that the start of a line shows, at its first byte that is no space."""
    b = data[at]
    after = _at(data, at + 1, end)
    if b == 35:
        return _HEADING
    if (b == 45 or b == 61 or b == 42 or b == 126) and after == b and _at(data, at + 2, end) == b:
        return _RULE
    if (b == 45 or b == 42) and after == _SPACE:
        return _BULLET
    if is_digit(b):
        stop = at
        while stop < end and is_digit(data[stop]):
            stop += 1
        sign = _at(data, stop, end)
        return _NUMBERED if (sign == 46 or sign == 41) and _at(data, stop + 1, end) == _SPACE else NONE
    if b == 40:
        upper = after
        return _OPTION if 65 <= upper <= 72 and _at(data, at + 2, end) == 41 else NONE
    if 65 <= b <= 72 and (after == 46 or after == 41) and _at(data, at + 2, end) == _SPACE:
        return _OPTION
    return _label(data, at, end)


@leaf
def _label(data, at, end):  # type: ignore[no-untyped-def]
    first, spaces = at, 0
    while at < end and at - first < LONGEST_LABEL:
        b = data[at]
        wide = b == 0xEF and _at(data, at + 1, end) == 0xBC and _at(data, at + 2, end) == 0x9A
        if b == _COLON or wide:
            return _LABEL if at > first and _at(data, at + 1, end) != 47 else NONE
        if b == _SPACE:
            spaces += 1
        if b == _NEWLINE or spaces > 4 or not (is_letter(b) or b in (_SPACE, 95, 45, 39, 42) or is_digit(b)):
            return NONE
        at += 1
    return NONE


@leaf
def of_sign(data, at, start, end):  # type: ignore[no-untyped-def]
    """Form that a sign (a byte that is no letter, digit or space) shows, NONE for plain punctuation."""
    b = data[at]
    after = _at(data, at + 1, end)
    before = data[at - 1] if at > start else np.uint8(0)
    if b == 60:  # <
        if after == 124:
            return _ROLE
        first = at + 2 if after == 47 else at + 1
        return _TAG if _named(data, first, end, 62) else NONE
    if b == 91:  # [
        return _of_square(data, at, end, after, before)
    if b == 123:  # {
        return _CURLY if after == 123 and before != 123 else NONE
    if b == _QUOTE:
        return _KEY if _named(data, at + 1, end, _QUOTE) and _key_ends(data, at + 1, end) else NONE
    if b == 96:
        return _FENCE if after == 96 and _at(data, at + 2, end) == 96 and before != 96 else NONE
    if b == 45 or b == 0xE2:  # - or a dash
        wide = b == 0xE2 and after == 0x80 and _at(data, at + 2, end) == 0x93
        beyond = at + 3 if wide else at + 1
        return _RANGE if (wide or b == 45) and is_digit(before) and is_digit(_at(data, beyond, end)) else NONE
    return _of_other(b, data, at, end, before, after)


@leaf
def _of_square(data, at, end, after, before):  # type: ignore[no-untyped-def]
    if after == 91 and before != 91:
        return _SQUARE
    if _starts(data, at + 1, end, _IMAGE_WORD):
        return _IMAGE
    if _starts(data, at + 1, end, _CALL_WORD):
        return _CALL
    if after == 73 and _at(data, at + 2, end) == 78 and _at(data, at + 3, end) == 83:  # [INS
        return _ROLE
    return _SQUARE if 65 <= after <= 90 and _named(data, at + 1, end, 93) else NONE


@leaf
def _key_ends(data, at, end):  # type: ignore[no-untyped-def]
    """Whether a quoted name is followed by a colon."""
    while at < end and data[at] != _QUOTE:
        at += 1
    at += 1
    while at < end and data[at] == _SPACE:
        at += 1
    return at < end and data[at] == _COLON


@leaf
def _of_other(b, data, at, end, before, after):  # type: ignore[no-untyped-def]
    if b == 63 or (b == 0xEF and after == 0xBC and _at(data, at + 2, end) == 0x9F):
        return _QUESTION
    if b == 92:  # \
        return _LATEX if is_letter(after) and after < 0x80 and after != 110 else NONE
    if b == 36:
        return _MARK if after == 36 else NONE
    if (b == 37 or b == 124 or b == 58 or b == 64 or b == 126 or b == 94) and after == b and before != b:
        return _MARK
    if b == _COLON:
        return _ADDRESS if after == 47 and _at(data, at + 2, end) == 47 else NONE
    if b == 47:  # /
        return _PATH if is_letter(before) and is_letter(after) and before != 60 else NONE
    if b == 0xE3 and after == 0x80:
        return _SQUARE if _at(data, at + 2, end) == 0x90 else NONE
    return NONE


@leaf
def of_line_end(data, start, end):  # type: ignore[no-untyped-def]
    """Form that a whole line data[start:end] shows once it is read: code or cells of a table."""
    commas, pipes, spaces, stop = 0, 0, 0, end
    while stop > start and data[stop - 1] <= _SPACE:
        stop -= 1
    if stop - start < 2:
        return NONE
    last = data[stop - 1]
    if last == 59 or last == 123 or last == 125:
        return _CODE
    for at in range(start, min(stop, start + 400)):
        commas += data[at] == 44
        pipes += data[at] == 124
        spaces += data[at] == _SPACE
    return _CELLS if pipes >= 3 or (commas >= 2 and spaces < commas) else NONE
