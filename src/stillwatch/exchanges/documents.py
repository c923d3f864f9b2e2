"""Split a byte stream into JSON values: JSON Lines, top-level arrays, pretty-printed or concatenated objects.

Streaming: at most one value is held, and never more than `Limits.document_bytes` of it. Whatever cannot be
a value becomes a Rejection at its line; the values around it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stillwatch.exchanges.brackets import SPACE, Walker, concatenated, end_of
from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.encodings import BOM, RAW_KEPT, wide_encoding, without_bom, wrong_encoding
from stillwatch.exchanges.errors import DamagedSourceError
from stillwatch.exchanges.json_values import NotJSONError, decode
from stillwatch.exchanges.reader import Document, Rejection

_BETWEEN = re.compile(rb"[\s,\[\]]*+")
_STRAY = re.compile(rb"[^\n{,\]]*+")
HEAD_BYTES = 1 << 20
_BREAK = ord("\n")


def has_lines(head: bytes) -> bool:
    """Tell JSON Lines from values that span lines or share one, by the first MiB.

    One whole object on a line of its own among the first twenty is enough; so is a first line longer than
    the head, since a pretty-printed value has breaks early on.
    """
    lines = head.removeprefix(BOM).lstrip(SPACE).split(b"\n", 21)
    if lines[0][:1] == b"[":
        return False
    if len(lines) == 1:
        end, ended = Walker().walk(lines[0], 0)
        return not (ended and lines[0][end:].strip(SPACE))
    return lines[0][:1] != b"{" or any(_is_object(line) for line in lines[:20] if line[:1] == b"{")


def _is_object(line: bytes) -> bool:
    try:
        value = decode(line)
    except NotJSONError:
        return False
    # An empty object is on one line however the rest is printed.
    return isinstance(value, dict) and bool(value)


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole lines; only the last block of a file may lack its final line break."""

    line: int  # 1-based number of the first line
    data: bytes


def line_blocks(
    name: str, pieces: Iterator[bytes], limits: Limits, size: int = 1 << 20
) -> Iterator[Block | Rejection]:
    """Cut a byte stream into blocks of whole lines of about `size` bytes.

    A line that passes `limits.document_bytes` is not held but skipped up to its end, and refused. When the
    stream breaks off, the incomplete line is refused with the reason and everything before it is kept.
    """
    held: list[bytes] = []
    length = 0
    line = 1
    skipped: bytes | None = None  # the beginning of the line that is being skipped
    guarded = _Guarded(pieces)
    for piece in guarded:
        if skipped is not None:
            end = piece.find(b"\n")
            if end < 0:
                continue
            yield _too_long(name, line, skipped, limits)
            skipped, line, piece = None, line + 1, piece[end + 1 :]
        held.append(piece)
        length += len(piece)
        if length < size:
            continue
        whole, rest = _at_last_break(held)
        if whole:
            yield Block(line, whole)
            line += int(np.count_nonzero(np.frombuffer(whole, np.uint8) == _BREAK))  # faster than bytes.count
        held, length = ([rest], len(rest)) if len(rest) <= limits.document_bytes else ([], 0)
        skipped = rest[:RAW_KEPT] if len(rest) > limits.document_bytes else None
    if skipped is not None:
        yield _too_long(name, line, skipped, limits)
        if guarded.damage:
            yield Rejection(name, line, None, guarded.damage, b"")
        return
    yield from _last_block(name, line, b"".join(held), guarded.damage)


def _last_block(name: str, line: int, data: bytes, damage: str | None) -> Iterator[Block | Rejection]:
    if damage is None:
        if data:
            yield Block(line, data)
        return
    whole, rest = _at_last_break([data])
    if whole:
        yield Block(line, whole)
    yield Rejection(name, line + whole.count(b"\n"), None, damage, rest[:RAW_KEPT])


def _at_last_break(held: list[bytes]) -> tuple[bytes, bytes]:
    data = b"".join(held)
    cut = data.rfind(b"\n") + 1
    return data[:cut], data[cut:]


class _Guarded:
    """Iterates over pieces and keeps the damage that ended them, instead of raising it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.damage: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._pieces
        except DamagedSourceError as error:
            self.damage = str(error)


def _too_long(name: str, line: int, raw: bytes, limits: Limits) -> Rejection:
    size = limits.document_bytes
    limit = f"{size >> 20} MiB" if size >= 1 << 20 else f"{size} bytes"
    reason = f"longer than {limit}: the line was skipped; one exchange a line is expected, look at the writer"
    return Rejection(name, line, None, reason, raw[:RAW_KEPT])


def documents_of_lines(name: str, block: Block, limits: Limits) -> Iterator[Document | Rejection]:
    """Yield the JSON values of a block of whole lines, several on a line too; blank lines are passed over."""
    if block.data.isspace():
        return
    lines = block.data.split(b"\n")
    for number, raw in enumerate(lines, block.line):
        text = raw.strip(SPACE)
        if not text:
            continue
        if len(text) > limits.document_bytes:
            yield _too_long(name, number, text, limits)
            continue
        try:
            yield Document(number, decode(text), text)
        except NotJSONError as error:
            unfinished = number == block.line + len(lines) - 1
            yield from _bad_line(name, number, text, str(error), unfinished)


def _bad_line(
    name: str, line: int, raw: bytes, reason: str, unfinished: bool
) -> Iterator[Document | Rejection]:
    several = list(concatenated(raw)) if b"}" in raw[:-1] else []
    if len(several) > 1:
        for value in several:
            yield Document(line, value, raw)
        return
    if unfinished:
        reason = f"the file ends inside this line: truncated, or still being written ({reason})"
    yield Rejection(name, line, None, reason, raw[:RAW_KEPT])


class _Value:
    """One value of a value stream while it is being gathered."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.walker = Walker()
        self.size = 0
        self._held: list[bytes] = []

    def add(self, data: bytes, limits: Limits) -> None:
        self.size += len(data)
        if self.size <= limits.document_bytes:
            self._held.append(data)
        else:  # too long: keep only its beginning, for the dead letter
            self._held = [b"".join(self._held)[:RAW_KEPT] or data[:RAW_KEPT]]

    def ended(self, name: str, limits: Limits) -> Document | Rejection:
        raw = b"".join(self._held)
        if self.size > limits.document_bytes:
            return _too_long(name, self.line, raw, limits)
        try:
            return Document(self.line, decode(raw), raw)
        except NotJSONError as error:
            return Rejection(name, self.line, None, str(error), raw[:RAW_KEPT])

    def broken_off(self, name: str, reason: str) -> Rejection:
        return Rejection(name, self.line, None, reason, b"".join(self._held)[:RAW_KEPT])


def values(name: str, pieces: Iterator[bytes], limits: Limits) -> Iterator[Document | Rejection]:
    """Yield the objects of top-level arrays, of pretty-printed and of concatenated JSON, in order.

    Arrays at the top level are opened and their elements given one by one.
    """
    guarded = _Guarded(pieces)
    line = 1
    value: _Value | None = None
    for piece in guarded:
        position = 0
        while position < len(piece):
            start = position
            if value is None:
                position = end_of(_BETWEEN, piece, position)
                line += piece.count(b"\n", start, position)
                if piece[position : position + 1] == b"{":
                    value = _Value(line)
                elif position < len(piece):
                    start = position
                    position = max(end_of(_STRAY, piece, position), position + 1)
                    yield _stray(name, line, piece[start:position])
                continue
            position, ended = value.walker.walk(piece, position)
            value.add(piece[start:position], limits)
            line += piece.count(b"\n", start, position)
            if ended:
                yield value.ended(name, limits)
                value = None
    if value is not None:
        yield value.broken_off(
            name, guarded.damage or "the file ends inside this JSON value: it is truncated"
        )
    elif guarded.damage:
        yield Rejection(name, line, None, guarded.damage, b"")


def _stray(name: str, line: int, raw: bytes) -> Rejection:
    return Rejection(name, line, None, "not JSON: expected an object between values", raw[:RAW_KEPT])


def documents(name: str, pieces: Iterator[bytes], limits: Limits) -> Iterator[Document | Rejection]:
    """Yield the JSON values of a decompressed byte stream; `name` is the file named in Rejections."""
    first, pieces = peek(pieces)
    wide = wide_encoding(first)
    if wide:
        yield wrong_encoding(name, wide, first)
    elif has_lines(first):
        for block in line_blocks(name, without_bom(pieces), limits):
            if isinstance(block, Rejection):
                yield block
            else:
                yield from documents_of_lines(name, block, limits)
    else:
        yield from values(name, without_bom(pieces), limits)


def peek(pieces: Iterator[bytes], size: int = HEAD_BYTES) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes of a stream, and a stream that still begins with them; damage keeps its turn."""
    taken: list[bytes] = []
    length = 0
    damage: DamagedSourceError | None = None
    try:
        for piece in pieces:
            taken.append(piece)
            length += len(piece)
            if length >= size:
                break
    except DamagedSourceError as error:
        damage = error
    first = b"".join(taken)
    return first[:size], _resumed(first, damage, pieces)


def _resumed(first: bytes, damage: DamagedSourceError | None, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    if damage is not None:
        raise damage
    yield from rest
