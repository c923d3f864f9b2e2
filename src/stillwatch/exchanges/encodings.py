"""Byte order marks: UTF-8 is what we read, UTF-16 and UTF-32 are told apart and refused by name."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from stillwatch.exchanges.reader import Rejection

RAW_KEPT = 4096  # bytes of what is refused that are kept for the dead letter
BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def wide_encoding(head: bytes) -> str | None:
    """Name the encoding if the first bytes are not of UTF-8: `UTF-16`, `UTF-32`, or None."""
    for mark, name in _WIDE_BOMS:
        if head.startswith(mark):
            return name
    bare = {b"{\0", b"[\0", b"\0{", b"\0["}  # no mark, but every other byte of a Latin letter is zero
    return "UTF-16" if head[:2] in bare else None


def wrong_encoding(name: str, encoding: str, head: bytes) -> Rejection:
    """Refuse a whole file for its encoding."""
    reason = f"encoded as {encoding}; convert it to UTF-8, e.g. `iconv -f {encoding} -t UTF-8`"
    return Rejection(name, 1, None, reason, head[:RAW_KEPT])


def without_bom(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Drop a leading UTF-8 byte order mark; the first piece must hold all of it, as that of `peek` does."""
    first = next(pieces, b"")
    return itertools.chain([first.removeprefix(BOM)], pieces)
