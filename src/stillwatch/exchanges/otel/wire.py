"""Recognising and framing OTLP protobuf files without any protobuf package.

Only the shape of the wire format is looked at: field numbers and wire types of `opentelemetry-proto`
(`ExportTraceServiceRequest`, `ExportLogsServiceRequest`), which are frozen. A file is one of

- `single`: one serialised request. Its repeated field 1 can be read piece by piece, each piece one resource;
- `fixed32`: requests each after a 4-byte big-endian length, as the collector's file exporter writes them,
  each possibly compressed with zstd on its own;
- `varint`: requests each after a varint length, as protobuf's own delimited streams are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import zstandard

_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_RESOURCE_TAG = 0x0A  # field 1, length-delimited
_LONGEST_FRAME = 64 << 20  # bytes; a request of a collector is some MiB at most
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is framed and whether its requests are of `traces` or `logs`."""

    framing: str
    signal: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One piece of a file: a request, or for `single` framing one resource; `number` counts from 1."""

    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece that cannot be read, and why."""

    number: int
    reason: str
    data: bytes = b""


def recognise(head: bytes) -> Shape | None:
    """The shape of a file that begins with `head`, or None if it is no OTLP protobuf."""
    if (signal := signal_of(head)) is not None:
        return Shape("single", signal)
    if len(head) > 4:
        length = int.from_bytes(head[:4], "big")
        if 0 < length <= _LONGEST_FRAME and (signal := _signal_of_frame(head[4 : 4 + length])) is not None:
            return Shape("fixed32", signal)
    try:
        length, start = _varint(head, 0, len(head))
    except IndexError:
        return None
    if 0 < length <= _LONGEST_FRAME and (signal := signal_of(head[start : start + length])) is not None:
        return Shape("varint", signal)
    return None


def _signal_of_frame(data: bytes) -> str | None:
    if not data.startswith(_ZSTD_MAGIC):
        return signal_of(data)
    try:
        beginning = zstandard.ZstdDecompressor().decompressobj().decompress(data[: 1 << 16])
    except zstandard.ZstdError:
        return None
    return signal_of(beginning[: 1 << 20])


def signal_of(request: bytes) -> str | None:
    """`traces` or `logs` for a serialised request, or the beginning of one; None for anything else.

    Told by the first span or log record in it: a span has its times in the 64-bit fields 7 and 8, a log
    record in 1 and 11; a metric has no 64-bit field at that level.
    """
    for number, wire, start, end in _fields(request, 0, len(request)):
        if (number, wire) != (1, _BYTES):
            return None
        signal = _signal_of_resource(request, start, end)
        if signal is not None:
            return signal or None
    return None


def _signal_of_resource(data: bytes, start: int, end: int) -> str | None:
    """`traces`, `logs`, "" for what is neither, None if there is nothing in it to tell by."""
    for number, wire, inner, stop in _fields(data, start, end):
        if wire != _BYTES or number not in (1, 2, 3, 1000):
            return ""
        if number != 2:
            continue
        for leaf, leaf_wire, leaf_start, leaf_stop in _fields(data, inner, stop):
            if leaf_wire != _BYTES or leaf not in (1, 2, 3):
                return ""
            if leaf == 2:
                return _signal_of_leaf(data, leaf_start, leaf_stop)
    return None


def _signal_of_leaf(data: bytes, start: int, end: int) -> str:
    for number, wire, _, _ in _fields(data, start, end):
        if wire == _FIXED64:
            return "traces" if number in (7, 8) else "logs" if number in (1, 11) else ""
    return ""


def _fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield field number, wire type, start and end of each field; stop where the bytes end or are none."""
    at, end = start, min(end, len(data))
    while at < end:
        try:
            tag, at = _varint(data, at, end)
            number, wire = tag >> 3, tag & 7
            if wire == _VARINT:
                _, stop = _varint(data, at, end)
            elif wire == _FIXED64:
                stop = at + 8
            elif wire == _FIXED32:
                stop = at + 4
            elif wire == _BYTES:
                length, at = _varint(data, at, end)
                stop = at + length
            else:
                number = 0
        except IndexError:
            return
        if number == 0:
            yield 0, wire, at, at
            return
        yield number, wire, at, stop
        at = stop


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        if at >= end:
            raise IndexError("the bytes end inside a varint")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7
    raise IndexError("a varint of more than 64 bits")


@dataclass(slots=True)
class _Window:
    """The bytes of a file, read forward in bounded memory."""

    chunks: Iterator[bytes]
    held: bytearray = field(default_factory=bytearray)

    def take(self, size: int) -> bytes:
        """The next `size` bytes, or fewer at the end of the file."""
        while len(self.held) < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                break
            self.held += chunk
        taken = bytes(self.held[:size])
        del self.held[:size]
        return taken

    def skip(self, size: int) -> None:
        """Pass over `size` bytes without keeping them."""
        while size > 0 and (passed := len(self.take(min(size, 1 << 20)))):
            size -= passed


def frames(chunks: Iterator[bytes], framing: str) -> Iterator[Frame | Broken]:
    """Cut a file into its pieces, at most one held at a time; what cannot be cut is told and ends it."""
    window = _Window(iter(chunks))
    number = 0
    while True:
        number += 1
        length = _length(window, framing)
        if length is None:
            return
        if isinstance(length, str):
            yield Broken(number, length)
            return
        if length > _LONGEST_FRAME:
            yield Broken(number, f"a message of {length} bytes, over the limit of {_LONGEST_FRAME}; skipped")
            window.skip(length)
            continue
        data = window.take(length)
        if len(data) < length:
            reason = f"the file ends {length - len(data)} bytes before the end of message {number}"
            yield Broken(number, f"{reason}; copy the file again, or export it again", data)
            return
        yield _unpacked(number, data) if data.startswith(_ZSTD_MAGIC) else Frame(number, data)


def _length(window: _Window, framing: str) -> int | str | None:
    """The length of the next piece; None at the end of the file; a reason where no piece can begin."""
    if framing == "fixed32":
        prefix = window.take(4)
        if len(prefix) == 4:
            return int.from_bytes(prefix, "big")
        return f"the file ends inside a length prefix ({len(prefix)} of 4 bytes)" if prefix else None
    first = window.take(1)
    if not first:
        return None
    if framing == "single":
        if first[0] != _RESOURCE_TAG:
            return f"expected field 1 of an OTLP request, found byte 0x{first[0]:02x}; the rest is not read"
        first = window.take(1)
    prefix = first
    while prefix and prefix[-1] >= 0x80 and len(prefix) < 10 and (following := window.take(1)):
        prefix += following
    try:
        return _varint(prefix, 0, len(prefix))[0]
    except IndexError:
        return "the file ends inside a length prefix, or the prefix is no varint; the rest is not read"


def _unpacked(number: int, data: bytes) -> Frame | Broken:
    """A message that was compressed on its own, within the limit of an uncompressed one."""
    try:
        plain = zstandard.ZstdDecompressor().stream_reader(data).read(_LONGEST_FRAME + 1)
    except zstandard.ZstdError as error:
        return Broken(number, f"message {number} is damaged zstd ({error})", data)
    if len(plain) > _LONGEST_FRAME:
        return Broken(number, f"message {number} unpacks to more than {_LONGEST_FRAME} bytes", b"")
    return Frame(number, plain)
