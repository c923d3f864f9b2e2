"""The hashes that everything simulated derives from: one number in, one number out, the same on every machine.

`mix` is the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA; constants: Stafford's variant 13) over
two words folded into one. It is a hash for simulation, not for secrets. Each function for columns has a twin
for kernels, named in its docstring; the two agree bit for bit. `stream` turns names into a first seed.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from stillwatch.sketches.kernels import inlined

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio, odd: the Weyl step of SplitMix64

_A = U(0xBF58476D1CE4E5B9)
_B = U(0x94D049BB133111EB)
_WORD = (1 << 64) - 1
_STEP = 2.0**-53


def mix(a: ArrayLike, b: ArrayLike) -> Any:
    """Return 64 well mixed bits of each pair of integers, as uint64 of the broadcast shape.

    Integers are taken modulo 2^64, so negative ones are fine; floats are a TypeError. Twin: `mixed`.
    """
    with np.errstate(over="ignore"):  # wrapping is the point; NumPy warns of it for scalars only
        return _finalised((_words(a) ^ (_words(b) * GOLDEN)) + GOLDEN)


def unit(x: ArrayLike) -> Any:
    """Return each 64-bit hash as a float64 in [0, 1), from its upper 53 bits. Twin: `in_unit`."""
    return (_words(x) >> U(11)) * _STEP


def below(x: ArrayLike, n: ArrayLike) -> Any:
    """Return each 64-bit hash as an int64 in [0, n), 0 < n < 2^32, from its upper 32 bits. Twin: `bounded`."""
    return (((_words(x) >> U(32)) * _words(n)) >> U(32)).astype(np.int64)


def stream(seed: int, *names: int | str) -> int:
    """Return an unsigned 64-bit seed of its own for each sequence of names under a seed (BLAKE2b).

    `1` and `"1"` are different names, and `("a", "b")` is not `("ab",)`.
    """
    digest = blake2b(repr((int(seed), *names)).encode(), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _words(values: Any) -> Any:
    if isinstance(values, int):  # bool included; NumPy refuses what does not fit
        return U(values & _WORD)
    array = np.asarray(values)
    if array.dtype.kind not in "iub":
        raise TypeError(f"hash: expected integers, found {array.dtype}; convert them first")
    return array.astype(np.uint64)


def _finalised(x: Any) -> Any:
    x = (x ^ (x >> U(30))) * _A
    x = (x ^ (x >> U(27))) * _B
    return x ^ (x >> U(31))


@inlined
def finalised(x):  # type: ignore[no-untyped-def]
    """The finaliser, for kernels: a uint64 to a uint64."""
    x = (x ^ (x >> U(30))) * _A
    x = (x ^ (x >> U(27))) * _B
    return x ^ (x >> U(31))


@inlined
def mixed(a, b):  # type: ignore[no-untyped-def]
    """`mix` of two uint64, for kernels."""
    return finalised((a ^ (b * GOLDEN)) + GOLDEN)


@inlined
def in_unit(x):  # type: ignore[no-untyped-def]
    """`unit` of a uint64, for kernels."""
    return np.float64(x >> U(11)) * _STEP


@inlined
def bounded(x, n):  # type: ignore[no-untyped-def]
    """`below` for kernels: a uint64 and a positive int64 under 2^32 to an int64."""
    return np.int64(((x >> U(32)) * np.uint64(n)) >> U(32))
