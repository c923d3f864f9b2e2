"""Keyed hashes for kernels.

What is claimed. A key is secret to the deployment and hash values are not shown to those who write the
texts. Then for two different inputs chosen without the key:

- `exact` and `hash_bytes` are Carter-Wegman polynomials modulo 2^61 - 1 over 7-byte blocks: they collide
  with probability at most (blocks + 1) / 2^61 (1.4 MB of text: 2^-43).
- tokens (see `tokens`) are multilinear hashes modulo 2^64 of code points under independent keys: two
  different tokens collide with probability at most 2^-43 (Dietzfelbinger 1996; Lemire and Kaser 2014).
- `seal` then mixes with keys of the purpose. It is a permutation: it adds no collision, and the same value
  under two purposes looks unrelated. It is no pseudo-random function: whoever can see very many
  values for texts of their choice is outside the claim.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from stillwatch.sketches.kernels import inlined, kernel

U = np.uint64
PRIME = U((1 << 61) - 1)  # Mersenne: reduction is a shift and an add
BLOCK = 7  # bytes; 56 bits stay below the prime

_A = U(0xBF58476D1CE4E5B9)
_B = U(0x94D049BB133111EB)
_ZERO = U(0)
_ONE = U(1)


@intrinsic  # type: ignore[untyped-decorator]
def mul_high(typing_context: Any, left: Any, right: Any) -> Any:
    """High 64 bits of the 128-bit product: one instruction, which neither NumPy nor Numba offers."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        wide = ir.IntType(128)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), emit


@inlined
def mix(x):  # type: ignore[no-untyped-def]
    """The finaliser of SplitMix64 (Stafford's variant 13): a bijection in which each bit moves each."""
    x = (x ^ (x >> U(30))) * _A
    x = (x ^ (x >> U(27))) * _B
    return x ^ (x >> U(31))


@inlined
def seal(x, first, second):  # type: ignore[no-untyped-def]
    """Take a hash into the key space of one purpose."""
    return mix(mix(x ^ first) + second)


@inlined
def absorb(state, block, point):  # type: ignore[no-untyped-def]
    """One Horner step, state * point + block modulo the prime; block below 2^56."""
    high = mul_high(state, point)
    low = state * point
    x = (low & PRIME) + ((high << U(3)) | (low >> U(61))) + block
    x = (x & PRIME) + (x >> U(61))
    return x - PRIME if x >= PRIME else x


@kernel
def hash_bytes(data, start, end, point):  # type: ignore[no-untyped-def]
    """Polynomial of the bytes as they are: `length`, then blocks of seven, little-endian."""
    state = absorb(_ONE, U(end - start), point)
    at = start
    while at < end:
        stop = min(at + BLOCK, end)
        block = _ZERO
        for i in range(stop - 1, at - 1, -1):
            block = (block << U(8)) | U(data[i])
        state = absorb(state, block, point)
        at = stop
    return state


@inlined
def white_width(data, at, end):  # type: ignore[no-untyped-def]
    """Bytes of the white-space character at `at`, 0 where there is none (as listed in `reference.WHITE`)."""
    b = data[at]
    if b < 0x80:
        return 1 if b == 32 or 9 <= b <= 13 else 0
    if b == 0xC2:
        return 2 if at + 1 < end and (data[at + 1] == 0x85 or data[at + 1] == 0xA0) else 0
    if at + 2 >= end or b < 0xE1 or b > 0xE3:
        return 0
    c = data[at + 1]
    d = data[at + 2]
    if b == 0xE2:
        if c == 0x80:
            return 3 if d <= 0x8A or d == 0xA8 or d == 0xA9 or d == 0xAF else 0
        return 3 if c == 0x81 and d == 0x9F else 0
    if b == 0xE3:
        return 3 if c == 0x80 and d == 0x80 else 0
    return 3 if b == 0xE1 and c == 0x9A and d == 0x80 else 0


@kernel
def exact(data, start, end, point):  # type: ignore[no-untyped-def]
    """Polynomial of a text after trimming and folding each run of white space to one space.

    Returns (hash, code points as given, code points after folding); the last is 0 for a blank text.
    """
    state = _ONE
    block = _ZERO
    filled = U(0)
    chars = 0
    folded = 0
    length = 0
    gap = False
    at = start
    while at < end:
        b = data[at]
        if b <= 32 or b >= 0xC2:
            width = white_width(data, at, end)
            if width:
                chars += 1
                gap = length > 0
                at += width
                continue
        if gap:
            gap = False
            block |= U(32) << filled
            filled += U(8)
            folded += 1
            length += 1
            if filled == U(56):
                state = absorb(state, block, point)
                block = _ZERO
                filled = U(0)
        block |= U(b) << filled
        filled += U(8)
        length += 1
        if (b & 0xC0) != 0x80:
            chars += 1
            folded += 1
        if filled == U(56):
            state = absorb(state, block, point)
            block = _ZERO
            filled = U(0)
        at += 1
    state = absorb(state, block, point)
    return absorb(state, U(length), point), chars, folded
