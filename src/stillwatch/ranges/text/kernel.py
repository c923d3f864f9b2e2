"""The interpreter of compiled grammars: an explicit stack, one buffer that grows, no allocation.

A text's randomness is a SplitMix64 sequence that starts from (seed, rule, sample). Expanding a rule draws one
number and goes on; `{c:…}`, `{rule%N}` and `{argK}` open a context, whose sequence, seed and lengths are their own.
The definition is the naive interpreter in the tests, which this must equal byte for byte.

Why it looks as it does: passing a program's arrays costs more than the work of a piece, so all is inlined into
`expand`; an index made unsigned spares Numba's test for negative ones. Both were measured (a half more MB/s).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.hashing import GOLDEN, bounded, finalised, mixed
from stillwatch.ranges.text import topics
from stillwatch.ranges.text.memory import SLACK, capitalise, put, put_hex, put_integer
from stillwatch.ranges.text.slots import Op
from stillwatch.ranges.text.topics import calculated, figure, fixed_profile, focus, noun
from stillwatch.sketches.kernels import inlined, leaf

U = np.uint64

LITERAL, RULE, NOUN, FOCUS = int(Op.LITERAL), int(Op.RULE), int(Op.NOUN), int(Op.FOCUS)
NUMBER, UNIFORM, FIGURE, CALC, HEX = map(int, (Op.NUMBER, Op.UNIFORM, Op.FIGURE, Op.CALC, Op.HEX))
REPEAT, MEASURED, CHOSEN, BOUND, STORED, ARGUMENT = map(
    int, (Op.REPEAT, Op.MEASURED, Op.CHOSEN, Op.BOUND, Op.STORED, Op.ARGUMENT)
)

RNG, TOPIC, SEED, PROFILE, BARE = range(5)  # words of a context; BARE: it sees no arguments
NEXT, END, CAPITAL, LEFT, AGAIN, BETWEEN, LENGTH, RESTORE = range(8)  # of a frame
OUT_OF_ROOM = -1


class Machine(NamedTuple):
    """The memory of one thread's interpreter."""

    now: NDArray[np.uint64]  # (5,): the context
    saved: NDArray[np.uint64]  # (depth, 5): contexts to come back to
    frames: NDArray[np.int64]  # (depth, 8)
    symbols: NDArray[np.int64]  # (2,): the arguments' rules, -1 for none
    arguments: NDArray[np.uint64]  # (2, 3): their topic, seed and sample


def machine(depth: int) -> Machine:
    """Return memory for texts of a depth."""
    return Machine(
        now=np.zeros(5, np.uint64), saved=np.zeros((depth, 5), np.uint64),
        frames=np.zeros((depth, 8), np.int64), symbols=np.full(2, -1, np.int64),
        arguments=np.zeros((2, 3), np.uint64),
    )  # fmt: skip


@inlined
def draw(m):  # type: ignore[no-untyped-def]
    """Return the next 64 random bits of the context."""
    m.now[RNG] += GOLDEN
    return finalised(m.now[RNG])


@inlined
def picked(p, symbol, bits):  # type: ignore[no-untyped-def]
    """Return the number of the alternative that a hash picks."""
    return p.rules[U(symbol), 0] + bounded(bits, np.int64(p.rules[U(symbol), 1]))


@inlined
def pieces_of(p, pick):  # type: ignore[no-untyped-def]
    """Return the first piece of an alternative and the one after its last."""
    return np.int64(p.picks[U(pick), 0]), np.int64(p.picks[U(pick), 1])


@leaf
def expand(p, m, out, at, symbol, topic, seed, sample, profile):  # type: ignore[no-untyped-def]
    """Write one text at `at`; return the place after it, or OUT_OF_ROOM."""
    begin(p, m, symbol, topic, seed, sample, profile)
    pick = picked(p, symbol, draw(m))
    here, end = pieces_of(p, pick)
    top = 0
    while True:
        if at + SLACK > out.size:
            return OUT_OF_ROOM
        if here == end:
            if top == 0:
                return at
            here, end, top, at = close(p, m, out, at, top)
            continue
        op, start = p.ops[U(here), 0], at
        if op == LITERAL:
            at = put(out, at, p.pool, p.ops[U(here), 1], p.ops[U(here), 2])
        elif op == RULE:
            pick = picked(p, p.ops[U(here), 4], draw(m))
            if p.picks[U(pick), 3] < 0:
                top = push(m, top, here + 1, end, at if p.ops[U(here), 7] else -1)
                here, end = pieces_of(p, pick)
                continue
            at = put(out, at, p.pool, p.picks[U(pick), 2], p.picks[U(pick), 3])
        elif op <= HEX:
            at = value(p, m, out, at, here, op)
        else:
            here, end, top, at = open_frame(p, m, out, at, here, end, top)
            continue
        if p.ops[U(here), 7]:
            capitalise(out, start, at, p.upper)
        here += 1


@inlined
def begin(p, m, symbol, topic, seed, sample, profile):  # type: ignore[no-untyped-def]
    """Set the context of a text."""
    m.now[RNG] = mixed(mixed(seed, p.salts[symbol]), sample)
    m.now[TOPIC] = topic
    m.now[SEED] = seed
    m.now[PROFILE] = profile
    m.now[BARE] = U(0)


@inlined
def push(m, top, here, end, capital):  # type: ignore[no-untyped-def]
    """Remember where to go on after a frame; return the frame's number."""
    m.frames[top, NEXT] = here
    m.frames[top, END] = end
    m.frames[top, CAPITAL] = capital
    m.frames[top, LEFT] = 0
    m.frames[top, RESTORE] = 0
    return top + 1


@inlined
def keep(m, top):  # type: ignore[no-untyped-def]
    """Save the context that the frame opened last will restore."""
    for word in range(m.now.size):
        m.saved[top, word] = m.now[word]
    m.frames[top, RESTORE] = 1


@inlined
def close(p, m, out, at, top):  # type: ignore[no-untyped-def]
    """End a frame, or begin its next repetition; return where to go on."""
    last = top - 1
    if m.frames[last, LEFT] > 0:
        m.frames[last, LEFT] -= 1
        at = put(out, at, p.pool, m.frames[last, BETWEEN], m.frames[last, LENGTH])
        pick = picked(p, m.frames[last, AGAIN], draw(m))
        here, end = pieces_of(p, pick)
        return here, end, top, at
    if m.frames[last, RESTORE]:
        for word in range(m.now.size):
            m.now[word] = m.saved[last, word]
    if m.frames[last, CAPITAL] >= 0:
        capitalise(out, m.frames[last, CAPITAL], at, p.upper)
    return m.frames[last, NEXT], m.frames[last, END], last, at


@inlined
def open_frame(p, m, out, at, here, end, top):  # type: ignore[no-untyped-def]
    """Begin what repeats a rule, chooses by topic, or has a context of its own; return where to go on."""
    op, symbol = p.ops[U(here), 0], np.int64(p.ops[U(here), 4])
    above = push(m, top, here + 1, end, at if p.ops[U(here), 7] else -1)
    if op == ARGUMENT:
        symbol = enter_argument(p, m, top, p.ops[U(here), 1])
        if symbol < 0:
            return here + 1, end, top, at
    elif op >= BOUND:
        enter_topic(p, m, top, op, p.ops[U(here), 1], symbol)
    elif op != CHOSEN:
        times = repetitions(p, m, here, op)
        if times == 0:
            return here + 1, end, top, at
        m.frames[top, LEFT] = times - 1
        m.frames[top, AGAIN] = symbol
        m.frames[top, BETWEEN] = p.ops[U(here), 5]
        m.frames[top, LENGTH] = p.ops[U(here), 6]
    bits = mixed(m.now[TOPIC], topics.CHOICE + U(p.ops[U(here), 1])) if op == CHOSEN else draw(m)
    pick = picked(p, symbol, bits)
    here, end = pieces_of(p, pick)
    return here, end, above, at


@inlined
def repetitions(p, m, here, op):  # type: ignore[no-untyped-def]
    """Return how often a rule is expanded."""
    bits = draw(m)
    low = np.int64(p.ops[U(here), 1])
    if op == MEASURED:
        return np.int64(p.counts[low, np.int64(m.now[PROFILE]), np.int64(bits & U(63))])
    return low + bounded(bits, np.int64(p.ops[U(here), 2]) - low + 1)


@inlined
def enter_argument(p, m, top, number):  # type: ignore[no-untyped-def]
    """Set the context of an argument; return its rule, -1 where there is none to write."""
    symbol = m.symbols[number]
    if symbol < 0 or m.now[BARE] != U(0):
        return np.int64(-1)
    keep(m, top)
    begin(
        p, m, symbol, m.arguments[number, 0], m.arguments[number, 1], m.arguments[number, 2], m.now[PROFILE]
    )
    m.now[BARE] = U(1)
    return symbol


@inlined
def enter_topic(p, m, top, op, number, symbol):  # type: ignore[no-untyped-def]
    """Set the context of what the topic fixes: everything that a draw or a seed would vary."""
    topic = m.now[TOPIC]
    if op == BOUND:
        state = mixed(topic, U(number))
    else:
        state = mixed(mixed(topic ^ topics.STORE, p.salts[symbol]), U(bounded(draw(m), np.int64(number))))
    keep(m, top)
    m.now[RNG] = state
    m.now[SEED] = state
    m.now[PROFILE] = U(fixed_profile(topic))


@inlined
def value(p, m, out, at, here, op):  # type: ignore[no-untyped-def]
    """Write a noun, a number or hex digits."""
    a, b = np.int64(p.ops[U(here), 1]), np.int64(p.ops[U(here), 2])
    topic = m.now[TOPIC]
    if op <= FOCUS:
        whose = p.ops[U(here), 4]
        which = noun(p, whose, topic, draw(m)) if op == NOUN else focus(p, whose, topic, m.now[SEED], a)
        return put(out, at, p.pool, p.nouns[U(which), 0], p.nouns[U(which), 1])
    if op == HEX:
        left = a
        while left > 0:
            at = put_hex(out, at, draw(m), min(left, 16))
            left -= 16
        return at
    if op == NUMBER:
        share = draw(m) >> U(44)
        share = (share * share) >> U(20)
        return put_integer(out, at, np.int64(U(2) + ((((share * share) >> U(20)) * U(500)) >> U(20))))
    if op == UNIFORM:
        return put_integer(out, at, a + bounded(draw(m), b - a + 1))
    if op == FIGURE:
        return put_integer(out, at, figure(topic, np.int64(p.ops[U(here), 3]), a, b))
    return put_integer(out, at, calculated(topic))
