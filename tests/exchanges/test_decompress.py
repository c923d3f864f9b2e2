"""Decompression by magic bytes: joined members, truncation, corruption and bombs."""

from __future__ import annotations

import gzip
import io

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.decompress import Limits, compression_of, decompressed
from stillwatch.exchanges.errors import DamagedSourceError

PACK = {"gzip": gzip.compress, "zstd": zstandard.compress}
packers = pytest.mark.parametrize("pack", PACK.values(), ids=PACK.keys())


def unpack(data: bytes, limits: Limits | None = None) -> tuple[bytes, str | None]:
    out = []
    try:
        out.extend(decompressed(io.BytesIO(data), limits or Limits()))
    except DamagedSourceError as error:
        return b"".join(out), str(error)
    return b"".join(out), None


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4), st.sampled_from(sorted(PACK)))
def test_members_and_frames_joined_end_to_end_are_read_as_one(parts, kind):
    assert unpack(b"".join(PACK[kind](part) for part in parts)) == (b"".join(parts), None)


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(data):
    unpack(data)
    unpack(b"\x1f\x8b" + data)
    unpack(b"\x28\xb5\x2f\xfd" + data)


@packers
def test_a_truncated_stream_gives_what_it_has_and_says_so(pack):
    text = b"".join(b'{"line": %d, "sum": %d}\n' % (i, i * i * 7919) for i in range(200_000))
    packed = pack(text)
    out, reason = unpack(packed[: len(packed) * 2 // 3])
    assert text.startswith(out) and len(out) > len(text) // 3
    assert reason is not None and "truncated" in reason


@packers
def test_a_corrupt_stream_says_so(pack):
    packed = bytearray(pack(bytes(range(256)) * 4000))
    packed[len(packed) // 2] ^= 0xFF
    packed[-6] ^= 0xFF
    _, reason = unpack(bytes(packed))
    assert reason is not None and ("corrupt" in reason or "truncated" in reason)


@packers
def test_a_bomb_is_stopped_long_before_its_end(pack):
    limits = Limits(expansion=100, expansion_after=1 << 20)
    out, reason = unpack(pack(bytes(64 << 20)), limits)
    assert reason is not None and "decompression bomb" in reason
    assert len(out) < 64 << 20


def test_pieces_of_a_bomb_are_bounded():
    packed = zstandard.compress(bytes(256 << 20))
    largest = max(len(p) for p in decompressed(io.BytesIO(packed), Limits(expansion_after=1 << 40)))
    assert largest <= 65 << 20


def test_padding_after_a_gzip_member_is_legal():
    assert unpack(gzip.compress(b"abc") + bytes(512)) == (b"abc", None)


@pytest.mark.parametrize(
    ("magic", "tool"), [(b"BZh91AY", "bunzip2"), (b"\xfd7zXZ\x00", "unxz"), (b"PK\x03\x04", "unzip")]
)
def test_other_compressions_are_named_with_the_tool_that_undoes_them(magic, tool):
    with pytest.raises(DamagedSourceError, match=tool):
        compression_of(magic)


def test_plain_bytes_pass_through():
    assert unpack(b'{"a": 1}\n') == (b'{"a": 1}\n', None)
    assert unpack(b"") == (b"", None)
