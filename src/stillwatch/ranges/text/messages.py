"""The messages that an exchange sends: worked examples, the conversation so far, and what is said now."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.exchanges.schema import MESSAGES
from stillwatch.ranges.hashing import mixed
from stillwatch.ranges.text.buffers import LIMIT, fill, strings
from stillwatch.ranges.text.columns import NONE, Talk
from stillwatch.ranges.text.kernel import expand, machine
from stillwatch.ranges.text.memory import FULL, SLACK, put
from stillwatch.ranges.text.program import Compiled
from stillwatch.ranges.text.rows import argument, set_argument
from stillwatch.ranges.text.scripts import (
    ANSWER,
    CALL,
    FOLLOW_UP,
    LATER,
    OPENING,
    REFUSAL,
    REPLY,
    SAID,
    SHOTS,
    TOOL,
    ScriptTable,
)  # fmt: skip
from stillwatch.ranges.text.topics import fixed_profile
from stillwatch.ranges.text.turns import REFUSED, SMALL, kind_of, tool_of
from stillwatch.sketches.kernels import inlined, kernel, leaf

U = np.uint64
USER, ASSISTANT, RESULT = 0, 1, 2  # roles, in the order of ROLES
ROLES = pa.array(["user", "assistant", "tool"])

MARKS = np.frombuffer(b"\n[tool_call:] " + bytes(32), np.uint8).copy()
BEFORE, BEFORE_LENGTH, BEHIND, BEHIND_LENGTH = 0, 12, 12, 2


class Turned(NamedTuple):
    """The exchanges for the kernel."""

    script: NDArray[np.int32]
    topic: NDArray[np.uint64]
    thread: NDArray[np.uint64]
    thread2: NDArray[np.uint64]
    first: NDArray[np.uint16]
    fork: NDArray[np.uint16]
    turn: NDArray[np.uint16]
    profile: NDArray[np.uint8]


class Sent(NamedTuple):
    """What the kernel fills beside the text: per exchange its first message, per message its start and role."""

    starts: NDArray[np.int32]  # (exchanges + 1,)
    offsets: NDArray[np.int32]  # (messages + 1,)
    roles: NDArray[np.int8]  # (messages,)


def messages(compiled: Compiled, scripts: ScriptTable, talk: Talk) -> pa.ListArray:
    """Return what each exchange sends, of the schema's type `MESSAGES`."""
    sent = _room(scripts, talk)
    turned = Turned(
        talk.script, talk.topic, talk.thread, talk.thread2, talk.first, talk.fork, talk.turn, talk.profile
    )
    memory, first, second = machine(compiled.depth), argument(talk.arg0), argument(talk.arg1)

    def write(out: NDArray[np.uint8], row: int, at: int) -> tuple[int, int]:
        return write_talk(compiled.program, memory, scripts, turned, first, second, sent, MARKS, out, row, at)  # type: ignore[no-any-return]

    out, used = fill(len(talk), write)
    content = strings(out, used, sent.offsets, np.ones(len(sent.roles), np.bool_))
    said = pa.StructArray.from_arrays(
        [ROLES.take(pa.array(sent.roles)), content], fields=list(MESSAGES.value_type)
    )
    return pa.ListArray.from_arrays(pa.array(sent.starts), said, type=MESSAGES)


def _room(scripts: ScriptTable, talk: Talk) -> Sent:
    symbols: Any = scripts.symbols[talk.script]
    agent = symbols[:, TOOL] != NONE
    held = talk.turn.astype(np.int64) - np.where(agent, 0, talk.first)
    starts = np.zeros(len(talk) + 1, np.int64)
    np.cumsum(2 * symbols[:, SHOTS].astype(np.int64) + 2 * held + 1, out=starts[1:])
    if starts[-1] >= LIMIT:
        raise ValueError(f"{starts[-1]} messages in one batch: render fewer exchanges at a time")
    number = int(starts[-1])
    return Sent(starts.astype(np.int32), np.zeros(number + 1, np.int32), np.zeros(number, np.int8))


@kernel
def write_talk(p, m, s, t, arg0, arg1, sent, marks, out, row, at):  # type: ignore[no-untyped-def]
    """Write exchanges from a row on; return the first that did not fit and where it begins."""
    while row < t.script.size:
        m.symbols[0] = m.symbols[1] = -1
        number, after = write_shots(p, m, s, t, sent, out, row, at)
        set_argument(m, 0, arg0, row)
        set_argument(m, 1, arg1, row)
        if s.symbols[t.script[row], TOOL] >= 0:
            after = write_agent(p, m, s, t, sent, marks, out, row, number, after)
        else:
            after = write_chat(p, m, s, t, sent, out, row, number, after)
        if after < 0:
            return row, at
        at = after
        row += 1
    return row, at


@inlined
def say(p, m, sent, out, at, number, role, symbol, topic, seed, profile):  # type: ignore[no-untyped-def]
    """Write one message; an `at` under 0, the sign of a full buffer, stays."""
    if at >= 0:
        at = expand(p, m, out, at, np.int64(symbol), topic, seed, U(0), profile)
    if at >= 0:
        sent.offsets[number + 1] = at
        sent.roles[number] = role
    return at


@leaf
def write_shots(p, m, s, t, sent, out, row, at):  # type: ignore[no-untyped-def]
    """Write a script's worked examples; return the number of the next message, and where it begins."""
    script, number = t.script[row], np.int64(sent.starts[row])
    fixed = s.shots_topic[script]
    for shot in range(s.symbols[script, SHOTS]):
        topic = mixed(fixed, U(shot))
        profile = U(fixed_profile(topic))
        opening, answer = s.symbols[script, OPENING], s.symbols[script, ANSWER]
        at = say(p, m, sent, out, at, number, USER, opening, topic, U(0), profile)
        at = say(p, m, sent, out, at, number + 1, ASSISTANT, answer, topic, U(0), profile)
        number += 2
    return number, at


@inlined
def seed_of(t, row, turn):  # type: ignore[no-untyped-def]
    """Return the seed of a conversation's turn."""
    return mixed(t.thread[row] if turn < t.fork[row] else t.thread2[row], U(turn))


@leaf
def write_chat(p, m, s, t, sent, out, row, number, at):  # type: ignore[no-untyped-def]
    """Write the turns of a chat that are held, and what is said now."""
    script, topic, profile = t.script[row], t.topic[row], U(t.profile[row])
    own0, own1 = m.symbols[0], m.symbols[1]
    m.symbols[0] = m.symbols[1] = -1
    last = np.int64(t.turn[row])
    for turn in range(np.int64(t.first[row]), last + 1):
        if turn == last:
            m.symbols[0], m.symbols[1] = own0, own1
        seed = seed_of(t, row, turn)
        kind = kind_of(s.chances, script, seed)
        asked = s.symbols[script, SAID if kind == SMALL else (OPENING if turn == 0 else FOLLOW_UP)]
        at = say(p, m, sent, out, at, number, USER, asked, topic, seed, profile)
        number += 1
        if turn < last:
            usual = ANSWER if turn == 0 else LATER
            which = REPLY if kind == SMALL else (REFUSAL if kind == REFUSED else usual)
            answer = s.symbols[script, which]
            at = say(p, m, sent, out, at, number, ASSISTANT, answer, topic, seed, profile)
            number += 1
    return at


@leaf
def write_agent(p, m, s, t, sent, marks, out, row, number, at):  # type: ignore[no-untyped-def]
    """Write an agent's task, then what it said and called in each turn, and what came back."""
    script, topic, profile = t.script[row], t.topic[row], U(t.profile[row])
    seed = seed_of(t, row, 0)
    at = say(p, m, sent, out, at, number, USER, s.symbols[script, OPENING], topic, seed, profile)
    m.symbols[0] = m.symbols[1] = -1
    for turn in range(np.int64(t.turn[row])):
        number += 1
        said = s.symbols[script, ANSWER if turn == 0 else LATER]
        at = say(p, m, sent, out, at, number, ASSISTANT, said, topic, seed, profile)
        at = put_call_name(s, marks, out, at, tool_of(s.tools, script, seed))
        at = say(p, m, sent, out, at, number, ASSISTANT, s.symbols[script, CALL], topic, seed, profile)
        seed = seed_of(t, row, turn + 1)
        number += 1
        at = say(p, m, sent, out, at, number, RESULT, s.symbols[script, TOOL], topic, seed, profile)
    return at


@inlined
def put_call_name(s, marks, out, at, tool):  # type: ignore[no-untyped-def]
    """Write the mark of a tool call up to its arguments."""
    if at < 0:
        return at
    at = put(out, at, marks, BEFORE, BEFORE_LENGTH)
    at = put(out, at, s.pool, s.names[tool, 0], s.names[tool, 1])
    at = put(out, at, marks, BEHIND, BEHIND_LENGTH)
    return at if at + SLACK <= out.size and at < FULL else -1
