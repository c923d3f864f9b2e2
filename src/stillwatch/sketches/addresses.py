"""Client addresses as numbers: parsed in a kernel, so that two spellings of one address give one key.

Accepted are dotted IPv4, and IPv6 as RFC 4291 section 2.2 writes it (with `::`, an embedded IPv4 tail,
brackets and a zone). An IPv4-mapped address (`::ffff:192.0.2.1`) is its IPv4 address.
"""

from __future__ import annotations

import numpy as np

from stillwatch.sketches.kernels import kernel

U = np.uint64
BAD, V4, V6 = 0, 4, 6
_DOT, _COLON, _PERCENT = 46, 58, 37


@kernel
def _hex(b):  # type: ignore[no-untyped-def]
    if 48 <= b <= 57:
        return b - 48
    letter = b | 32
    return letter - 87 if 97 <= letter <= 102 else -1


@kernel
def parse_v4(data, start, end):  # type: ignore[no-untyped-def]
    """The 32-bit number of a dotted address, -1 where it is none. Leading zeros are refused (ambiguous)."""
    total = 0
    parts = 0
    at = start
    while parts < 4:
        value = 0
        digits = 0
        while at < end and 48 <= data[at] <= 57:
            if digits > 0 and value == 0:
                return -1
            value = value * 10 + (data[at] - 48)
            digits += 1
            at += 1
            if value > 255:
                return -1
        if digits == 0:
            return -1
        total = (total << 8) | value
        parts += 1
        if parts < 4:
            if at >= end or data[at] != _DOT:
                return -1
            at += 1
    return total if at == end else -1


@kernel
def _groups(data, start, end, out):  # type: ignore[no-untyped-def]
    """16-bit groups of data[start:end] into `out`; their number, or -1."""
    count = 0
    at = start
    while at < end:
        if count == 8:
            return -1
        stop = at
        dotted = False
        while stop < end and data[stop] != _COLON:
            dotted = dotted or data[stop] == _DOT
            stop += 1
        if dotted:
            tail = parse_v4(data, at, stop)
            if tail < 0 or stop != end or count > 6:
                return -1
            out[count] = tail >> 16
            out[count + 1] = tail & 0xFFFF
            return count + 2
        if stop == at or stop - at > 4:
            return -1
        value = 0
        for i in range(at, stop):
            digit = _hex(np.int64(data[i]))
            if digit < 0:
                return -1
            value = value * 16 + digit
        out[count] = value
        count += 1
        at = stop + 1
        if stop < end and at == end:
            return -1
    return count


@kernel
def _parse_v6(data, start, end):  # type: ignore[no-untyped-def]
    """(valid, high 64 bits, low 64 bits)."""
    gap = -1
    for i in range(start, end - 1):
        if data[i] == _COLON and data[i + 1] == _COLON:
            if gap >= 0:
                return False, U(0), U(0)
            gap = i
    groups = np.zeros(8, np.int64)
    tail = np.zeros(8, np.int64)
    if gap < 0:
        if _groups(data, start, end, groups) != 8:
            return False, U(0), U(0)
    else:
        for i in range(start, gap):
            if data[i] == _DOT:  # only the very end may be dotted
                return False, U(0), U(0)
        before = _groups(data, start, gap, groups)
        after = _groups(data, gap + 2, end, tail)
        if before < 0 or after < 0 or before + after > 7:
            return False, U(0), U(0)
        for i in range(after):
            groups[8 - after + i] = tail[i]
    high = U(0)
    low = U(0)
    for i in range(4):
        high = (high << U(16)) | U(groups[i])
        low = (low << U(16)) | U(groups[i + 4])
    return True, high, low


@kernel
def parse(data, start, end):  # type: ignore[no-untyped-def]
    """(BAD, V4 or V6, high, low) of one address; an IPv4 address is in `low`."""
    while start < end and data[start] == 32:
        start += 1
    while end > start and data[end - 1] == 32:
        end -= 1
    if end - start > 2 and data[start] == 91 and data[end - 1] == 93:
        start += 1
        end -= 1
    four = parse_v4(data, start, end)
    if four >= 0:
        return V4, U(0), U(four)
    for i in range(start, end):
        if data[i] == _PERCENT:
            end = i
            break
    valid, high, low = _parse_v6(data, start, end)
    if not valid:
        return BAD, U(0), U(0)
    if high == U(0) and low >> U(32) == U(0xFFFF):
        return V4, U(0), low & U(0xFFFFFFFF)
    return V6, high, low
