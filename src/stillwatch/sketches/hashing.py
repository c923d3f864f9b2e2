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
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from stillwatch.sketches.kernels import inlined, leaf

U = np.uint64
PRIME = U((1 << 61) - 1)  # Mersenne: reduction is a shift and an add
BLOCK = 7  # bytes; 56 bits stay below the prime

_A = U(0xBF58476D1CE4E5B9)
_B = U(0x94D049BB133111EB)
_ZERO = U(0)
_ONE = U(1)
_EACH = U(0x0101010101010101)
_HIGH = U(0x8080808080808080)
_LOW_SEVEN = U(0x7F7F7F7F7F7F7F7F)
_SPACES = U(0x2020202020202020)
_SEVEN = U((1 << 56) - 1)
_FILLER = U(0x61 << 56)


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


@leaf
def hash_bytes(data, start, end, point):  # type: ignore[no-untyped-def]
    """Polynomial of the bytes as they are: `length`, then blocks of seven, little-endian."""
    state = absorb(_ONE, U(end - start), point)
    at = start
    while at + 8 <= end:  # whole blocks at one load each
        state = absorb(state, load(data, at) & _SEVEN, point)
        at += BLOCK
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


@intrinsic  # type: ignore[untyped-decorator]
def load(typing_context: Any, data: Any, at: Any) -> Any:
    """Eight bytes from data[at], little-endian, wherever they lie; the caller keeps at + 8 <= len(data)."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, args[0])
        first = builder.gep(view.data, [args[1]])
        word = builder.bitcast(first, ir.IntType(64).as_pointer())
        return builder.load(word, align=1)

    return types.uint64(data, types.int64), emit


@inlined
def zero_bytes(x):  # type: ignore[no-untyped-def]
    """0x80 in each byte of x that is zero, exactly."""
    return ~(((x & _LOW_SEVEN) + _LOW_SEVEN) | x | _LOW_SEVEN)


@inlined
def _continuations(x):  # type: ignore[no-untyped-def]
    """How many of the eight bytes continue a UTF-8 sequence."""
    return np.int64((((x & ~(x << _ONE) & _HIGH) >> U(7)) * _EACH) >> U(56))


@inlined
def _is_plain(x, after_space):  # type: ignore[no-untyped-def]
    """Whether folding leaves seven bytes (and a filler above) alone; may say no where it does."""
    spaces = zero_bytes(x ^ _SPACES)
    odd = ((x - _SPACES) & ~x & _HIGH) | (spaces & (spaces << U(8)))  # control, or two spaces
    if after_space:
        odd |= spaces & U(0x80)
    if x & _HIGH:  # lead bytes of Unicode's spaces
        odd |= zero_bytes(x ^ (_EACH * U(0xC2))) | zero_bytes(x ^ (_EACH * U(0xE1)))
        odd |= zero_bytes(x ^ (_EACH * U(0xE2))) | zero_bytes(x ^ (_EACH * U(0xE3)))
    return odd == _ZERO


@leaf
def trimmed_end(data, start, end):  # type: ignore[no-untyped-def]
    """(end without trailing white space, characters left off)."""
    chars = 0
    while end > start:
        at = end - 1
        while at > start and end - at < 3 and (data[at] & 0xC0) == 0x80:
            at -= 1
        width = white_width(data, at, end)
        if width == 0 or at + width != end:
            break
        end = at
        chars += 1
    return end, chars


@leaf
def exact(data, start, end, point):  # type: ignore[no-untyped-def]
    """Polynomial of a text after trimming and folding each run of white space to one space.

    Returns (hash, code points as given, code points after folding); the last is 0 for a blank text.
    """
    state, block, filled = _ONE, _ZERO, U(0)
    at = start
    end, trimmed = trimmed_end(data, start, end)
    chars = folded = length = 0
    after_space = True  # leading white space goes
    while at < end:
        if at + 8 <= end:  # seven bytes at a time as long as nothing in them folds
            x = (load(data, at) & _SEVEN) | _FILLER
            if _is_plain(x, after_space):
                x &= _SEVEN
                state = absorb(state, (block | (x << filled)) & _SEVEN, point)
                block = x >> (U(56) - filled)
                after_space = (x >> U(48)) == U(32)
                fresh = BLOCK - _continuations(x)
                chars, folded, length, at = chars + fresh, folded + fresh, length + BLOCK, at + BLOCK
                continue
        width = white_width(data, at, end)
        b = U(32) if width else U(data[at])
        at += max(width, 1)
        lead = (b & U(0xC0)) != U(0x80)
        chars += lead
        if width and after_space:
            continue
        after_space = width > 0
        folded += lead
        length += 1
        block |= b << filled
        filled += U(8)
        if filled == U(56):
            state, block, filled = absorb(state, block, point), _ZERO, U(0)
    state = absorb(state, block, point)
    return absorb(state, U(length), point), chars + trimmed, folded
