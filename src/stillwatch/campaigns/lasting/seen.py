"""Which accounts earlier scans saw, in memory that does not grow.

A Bloom filter of keyed accounts (Bloom 1970, CACM 13(7)). It never calls a known account new. Of new ones it takes some
for known, one in a hundred with two hundred thousand accounts and more beyond; which ones goes by the deployment's
secret, so nothing that is tested depends on it.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Ints, Traffic

BITS = 1 << 21
HASHES = 7

Bits = NDArray[np.uint8]


def _positions(keys: Ints) -> NDArray[np.uint64]:
    """Return the bits of keys, shape (keys, HASHES): double hashing of what is a keyed hash already."""
    with np.errstate(over="ignore"):
        key = keys.view(np.uint64)
        first = key * np.uint64(0x9E3779B97F4A7C15)
        second = (key ^ (key >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) | np.uint64(1)
        turn = np.arange(HASHES, dtype=np.uint64)
        return ((first[:, None] + turn * second[:, None]) >> np.uint64(20)) % np.uint64(BITS)


def _bits(packed: bytes) -> Bits:
    if not packed:
        return np.zeros(BITS, dtype=np.uint8)
    return np.unpackbits(np.frombuffer(zlib.decompress(packed), dtype=np.uint8))


def account_keys(traffic: Traffic) -> Ints:
    """Return the keyed hash of every account of a scan, in their order."""
    index = traffic.session.fetch(traffic.session.table("account_index").order_by("account"))
    return np.asarray(index["account_key"].to_numpy(), dtype=np.int64)


def unseen(packed: bytes, keys: Ints) -> NDArray[np.bool_]:
    """Return which keys no earlier scan saw; all where there was none."""
    if not packed:
        return np.ones(len(keys), dtype=bool)
    return np.asarray(~(_bits(packed)[_positions(keys)] > 0).all(axis=1))


def with_keys(packed: bytes, keys: Ints) -> bytes:
    """Return the filter with these keys in it, packed."""
    bits = _bits(packed)
    bits[_positions(keys).ravel()] = 1
    return zlib.compress(np.packbits(bits).tobytes(), 9)
