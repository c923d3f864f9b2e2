"""Decompress a stream by its magic bytes: gzip and Zstandard, members and frames joined end to end.

Both decoders are fed in slices small enough that even a decompression bomb yields a bounded piece at a
time, and a stream that expands beyond a ratio no log reaches is refused by name.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import zstandard

from stillwatch.exchanges.errors import DamagedSourceError

PIECE = 1 << 20
# The least a Zstandard block can be is 4 bytes, the most it can become 128 KiB: a feed of 2 KiB yields
# at most 64 MiB at once.
_ZSTD_FEED = 2048
_ZSTD_WINDOW = 1 << 27

_FOREIGN = (
    (b"BZh", "bzip2", "bunzip2"),
    (b"\xfd7zXZ\x00", "xz", "unxz"),
    (b"PK\x03\x04", "zip", "unzip"),
    (b"\x1f\x9d", "compress (.Z)", "uncompress"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a source may make us hold or do."""

    document_bytes: int = 64 << 20  # one line or one JSON value
    expansion: int = 1000  # decompressed bytes per compressed byte ...
    expansion_after: int = 256 << 20  # ... counted once this much has come out


def compression_of(magic: bytes) -> str:
    """Name the compression that the first bytes announce: `gzip`, `zstd` or `none`.

    Raises DamagedSourceError for compressions that we do not read, naming the tool that undoes them.
    """
    if magic.startswith(b"\x1f\x8b"):
        return "gzip"
    if magic.startswith(b"\x28\xb5\x2f\xfd") or (magic[1:4] == b"\x2a\x4d\x18" and 0x50 <= magic[0] <= 0x5F):
        return "zstd"
    for prefix, name, tool in _FOREIGN:
        if magic.startswith(prefix):
            raise DamagedSourceError(f"compressed with {name}, which is not read; run {tool} on it first")
    return "none"


def decompressed(raw: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """Yield the decompressed bytes of an open binary file, in pieces of about 1 MiB.

    Raises DamagedSourceError, after all bytes that could be had, when the stream is truncated, corrupt,
    or expands beyond `limits`.
    """
    first = raw.read(PIECE)
    kind = compression_of(first)
    if kind == "none":
        while first:
            yield first
            first = raw.read(PIECE)
        return
    decode = _gunzip if kind == "gzip" else _unzstd
    read = 0
    out = 0

    def feed() -> Iterator[bytes]:
        nonlocal read
        piece = first
        while piece:
            read += len(piece)
            yield piece
            piece = raw.read(PIECE)

    for piece in decode(feed()):
        out += len(piece)
        if out > limits.expansion_after and out > limits.expansion * read:
            raise DamagedSourceError(
                f"expands more than {limits.expansion} times its compressed size (a decompression bomb?); "
                "if it is genuine, decompress it first"
            )
        yield piece


def _gunzip(feed: Iterator[bytes]) -> Iterator[bytes]:
    decoder = None
    for piece in feed:
        pending = piece
        while pending:
            if decoder is None:
                pending = pending.lstrip(b"\0")  # tape padding between members is legal
                if not pending:
                    break
                decoder = zlib.decompressobj(wbits=31)
            try:
                out = decoder.decompress(pending, PIECE)
            except zlib.error as error:
                raise DamagedSourceError(
                    f"the gzip stream is corrupt ({error}); fetch the file again"
                ) from None
            if out:
                yield out
            if decoder.eof:
                pending, decoder = decoder.unused_data, None
            else:
                pending = decoder.unconsumed_tail
    if decoder is not None:
        yield decoder.flush()
        raise DamagedSourceError("the gzip stream ends early: the file is truncated; fetch it again")


def _unzstd(feed: Iterator[bytes]) -> Iterator[bytes]:
    # One decoder a frame: only so is the end of a frame known, and a truncation noticed.
    context = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    decoder = None
    held: list[bytes] = []
    size = 0
    for piece in feed:
        for start in range(0, len(piece), _ZSTD_FEED):
            pending = piece[start : start + _ZSTD_FEED]
            while pending:
                decoder = decoder or context.decompressobj()
                try:
                    out = decoder.decompress(pending)
                except zstandard.ZstdError as error:
                    yield b"".join(held)
                    raise DamagedSourceError(
                        f"the Zstandard stream is corrupt ({error}); fetch the file again"
                    ) from None
                held.append(out)
                size += len(out)
                pending = decoder.unused_data if decoder.eof else b""
                if decoder.eof:
                    decoder = None
            if size >= PIECE:
                yield b"".join(held)
                held, size = [], 0
    if size:
        yield b"".join(held)
    if decoder is not None:
        raise DamagedSourceError("the Zstandard stream ends early: the file is truncated; fetch it again")
