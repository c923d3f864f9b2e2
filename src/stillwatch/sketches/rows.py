"""One pass over the texts of each exchange: every text is tokenised once and everything is taken from that.

A kernel over rows, not over columns, because the last user turn, the marks it may quote, the echo of the
request in the output and the chained keys all need the same hashes of the same texts.
"""

from __future__ import annotations

import numpy as np

from stillwatch.sketches.hashing import exact, load, mix, seal, zero_bytes
from stillwatch.sketches.kernels import inlined, leaf
from stillwatch.sketches.keyring import Purpose
from stillwatch.sketches.layout import (
    ASSISTANT,
    CODE,
    CONTENT,
    CONVERSATION,
    ECHO,
    FIRST_TURN,
    HISTORY,
    MIN_ANSWER,
    OUTPUT,
    OUTPUT_CHARS,
    OUTPUT_MARKS,
    OUTPUT_SCRIPT,
    OUTPUT_WORDS,
    PREFIXES,
    QUOTED,
    QUOTED_CAP,
    QUOTED_TABLE,
    REQUEST_CHARS,
    SCRIPT,
    SKELETON,
    SYSTEM,
    SYSTEM_CHARS,
    SYSTEM_MARKS,
    TOOL,
    TURNS,
    USER,
    USER_CHARS,
    USER_MARKS,
)
from stillwatch.sketches.marks import TABLE, choose, distinct, least_distinct, winnow
from stillwatch.sketches.outline import code_share, skeleton
from stillwatch.sketches.scripts import SCRIPT_COUNT
from stillwatch.sketches.tokens import dominant, tokenise

U = np.uint64
_BRACKETS = U(0x5B5B5B5B5B5B5B5B)
_TOOL_CALL = np.frombuffer(b"[tool_call:", dtype=np.uint8).copy()

_SYSTEM = int(Purpose.SYSTEM)
_CONTENT = int(Purpose.CONTENT)
_FIRST_TURN = int(Purpose.FIRST_TURN)
_CONVERSATION = int(Purpose.CONVERSATION)
_TURNS = int(Purpose.TURNS)
_SYSTEM_SHINGLES = int(Purpose.SYSTEM_SHINGLES)
_USER_SHINGLES = int(Purpose.USER_SHINGLES)
_ANSWER = int(Purpose.ANSWER)
_MARKS = int(Purpose.MARKS)
_SKELETON = int(Purpose.SKELETON)


@inlined
def _sealed(h, purpose, ring):  # type: ignore[no-untyped-def]
    return seal(h, ring.seals[2 * purpose], ring.seals[2 * purpose + 1])


@leaf
def _answer_end(data, start, end):  # type: ignore[no-untyped-def]
    """End of the visible text of an assistant turn: before the first line that is a tool call."""
    size = len(_TOOL_CALL)
    at = start
    while at + size <= end:
        if at + 8 <= end and zero_bytes(load(data, at) ^ _BRACKETS) == U(0):
            at += 8
            continue
        if data[at] == 91 and (at == start or data[at - 1] == 10):
            same = True
            for i in range(1, size):
                same = same and data[at + i] == _TOOL_CALL[i]
            if same:
                return at
        at += 1
    return end


@leaf
def _marks(data, start, end, h, desk, table, ring):  # type: ignore[no-untyped-def]
    """Leave the marks of a non-blank text, whose exact hash is `h`, in desk.tokens: (marks, words)."""
    for i in range(SCRIPT_COUNT):
        desk.scripts[i] = 0
    words = tokenise(data, start, end, table, ring.tokens, desk.tokens, desk.scripts)
    if words == 0:
        desk.tokens[0] = mix(h ^ ring.shingles[0])
        return 1, 0
    return winnow(desk.tokens, words, ring.shingles), words


@leaf
def _append(ends, which, row, values, source, count, purpose, ring):  # type: ignore[no-untyped-def]
    """Write sealed hashes as the list of this row."""
    at = ends[which, row]
    for i in range(count):
        values[at + i] = _sealed(source[i], purpose, ring)
    ends[which, row + 1] = at + count


@leaf
def _look_up(desk, count):  # type: ignore[no-untyped-def]
    """Mark which of the output's marks are among desk.tokens[:count]."""
    if desk.state[1] == U(0):
        return
    for i in range(count):
        h = desk.tokens[i]
        slot = np.int64(h & U(TABLE - 1))
        while desk.slots[slot] != U(0):
            if desk.slots[slot] == h:
                desk.hit[slot] = True
                break
            slot = (slot + 1) & (TABLE - 1)


@leaf
def _output(row, request, found, desk, table, ring):  # type: ignore[no-untyped-def]
    text = request.output
    found.ends[OUTPUT_MARKS, row + 1] = found.ends[OUTPUT_MARKS, row]
    desk.state[1] = U(0)
    if not text.there[row]:
        return
    start, end = text.offsets[row], text.offsets[row + 1]
    h, chars, folded = exact(text.data, start, end, ring.point)
    found.numbers[OUTPUT_CHARS, row] = chars
    if folded == 0:
        return
    marks, words = _marks(text.data, start, end, h, desk, table, ring)
    found.numbers[OUTPUT_WORDS, row] = words
    found.numbers[OUTPUT_SCRIPT, row] = dominant(desk.scripts)
    kept = choose(desk.tokens, marks, desk.chosen, desk.slots)
    _append(found.ends, OUTPUT_MARKS, row, found.output_marks, desk.chosen, kept, _MARKS, ring)
    for i in range(TABLE):  # the request's marks are looked up in desk.slots
        desk.hit[i] = False
    desk.state[1] = U(kept)
    cut = _answer_end(text.data, start, end)
    if cut < end:
        h, chars, folded = exact(text.data, start, cut, ring.point)
    if folded >= MIN_ANSWER:
        found.keys[OUTPUT, row] = _sealed(h, _ANSWER, ring)
        found.known[OUTPUT, row] = True
    outline = skeleton(text.data, start, end, ring.seals[2 * _SKELETON], desk.names)
    found.keys[SKELETON, row] = _sealed(outline, _SKELETON, ring)
    found.known[SKELETON, row] = True


@leaf
def _system(row, request, found, desk, table, ring):  # type: ignore[no-untyped-def]
    text = request.system
    found.ends[SYSTEM_MARKS, row + 1] = found.ends[SYSTEM_MARKS, row]
    desk.state[0] = U(0)
    if not text.there[row]:
        return
    start, end = text.offsets[row], text.offsets[row + 1]
    h, chars, folded = exact(text.data, start, end, ring.point)
    found.numbers[SYSTEM_CHARS, row] = chars
    found.numbers[REQUEST_CHARS, row] = chars
    if folded == 0:
        return
    desk.state[0] = h
    found.keys[SYSTEM, row] = _sealed(h, _SYSTEM, ring)
    found.known[SYSTEM, row] = True
    marks, _ = _marks(text.data, start, end, h, desk, table, ring)
    _look_up(desk, marks)
    kept = choose(desk.tokens, marks, desk.chosen, desk.scratch)
    _append(found.ends, SYSTEM_MARKS, row, found.system_marks, desk.chosen, kept, _SYSTEM_SHINGLES, ring)


@leaf
def _history_key(data, start, end, h, folded, ring):  # type: ignore[no-untyped-def]
    """(key, is long enough) of an assistant turn, without its tool calls."""
    cut = _answer_end(data, start, end)
    if cut < end:
        h, _, folded = exact(data, start, cut, ring.point)
    return _sealed(h, _ANSWER, ring), folded >= MIN_ANSWER


@leaf
def _chain(row, request, found, desk, ring):  # type: ignore[no-untyped-def]
    """Turns, oldest first: chained keys, keys of answers presented. Returns the last user turn or -1."""
    text = request.contents
    histories, prefixes = found.ends[HISTORY, row], found.ends[PREFIXES, row]
    state = desk.state[0]
    sent = ring.seals[2 * _TURNS]
    last = -1
    begin, stop = request.turns.offsets[row], request.turns.offsets[row + 1]
    for turn in range(begin, stop if request.turns.there[row] else begin):
        role = request.roles[turn]
        start = text.offsets[turn]
        end = text.offsets[turn + 1] if text.there[turn] else start
        h, chars, folded = exact(text.data, start, end, ring.point)
        desk.exacts[turn - begin] = h if folded else U(0)
        found.numbers[REQUEST_CHARS, row] += chars
        if role == USER:
            found.numbers[TURNS, row] += 1
            found.numbers[USER_CHARS, row] = chars
            if last < 0 and folded:
                found.keys[FIRST_TURN, row] = _sealed(h, _FIRST_TURN, ring)
                found.known[FIRST_TURN, row] = True
            last = turn
            found.known[CONTENT, row] = folded > 0
            found.keys[CONTENT, row] = _sealed(h, _CONTENT, ring) if folded else U(0)
            found.known[CONVERSATION, row] = turn > begin or desk.state[0] != U(0)
            found.keys[CONVERSATION, row] = _sealed(state, _CONVERSATION, ring)
        elif role == ASSISTANT:
            key, long = _history_key(text.data, start, end, h, folded, ring)
            if long:
                found.history[histories] = key
                histories += 1
        state = mix(mix(state + U(role + 1)) ^ h)
        sent = mix(mix(sent + U(role + 1)) ^ h)
        found.prefixes[prefixes] = _sealed(sent, _TURNS, ring)
        prefixes += 1
    found.ends[HISTORY, row + 1] = histories
    found.ends[PREFIXES, row + 1] = prefixes
    return last


@leaf
def _quote(desk, size, marks):  # type: ignore[no-untyped-def]
    """Add a turn's marks to the quoted ones; of a turn that does not fit, the least."""
    if size + marks > QUOTED_CAP:
        return size + least_distinct(desk.tokens, 0, marks, QUOTED_CAP - size, desk.quoted, size)
    for i in range(marks):
        desk.quoted[size + i] = desk.tokens[i]
    return size + marks


@leaf
def _turns(row, last, request, found, desk, table, ring):  # type: ignore[no-untyped-def]
    """Turns, newest first (the older ones were sent before): what they could quote, what the last asks."""
    text = request.contents
    found.ends[USER_MARKS, row + 1] = found.ends[USER_MARKS, row]
    size = 0
    begin, stop = request.turns.offsets[row], request.turns.offsets[row + 1]
    for turn in range((stop if request.turns.there[row] else begin) - 1, begin - 1, -1):
        h = desk.exacts[turn - begin]
        if h == U(0):
            continue
        role = request.roles[turn]
        start, end = text.offsets[turn], text.offsets[turn + 1]
        marks, _ = _marks(text.data, start, end, h, desk, table, ring)
        _look_up(desk, marks)
        if turn == last:
            found.numbers[SCRIPT, row] = dominant(desk.scripts)
            found.shares[CODE, row] = code_share(text.data, start, end)
            kept = choose(desk.tokens, marks, desk.chosen, desk.scratch)
            _append(found.ends, USER_MARKS, row, found.user_marks, desk.chosen, kept, _USER_SHINGLES, ring)
        if (role in (USER, TOOL)) and size < QUOTED_CAP:
            size = _quote(desk, size, marks)
    size = distinct(desk.quoted, size, desk.scratch, QUOTED_TABLE)
    _append(found.ends, QUOTED, row, found.quoted, desk.quoted, size, _MARKS, ring)


@leaf
def _echo(row, request, found, desk):  # type: ignore[no-untyped-def]
    if desk.state[1] == U(0) or not (request.turns.there[row] or request.system.there[row]):
        return
    hits = 0
    for i in range(TABLE):
        hits += desk.hit[i]
    found.shares[ECHO, row] = hits / np.int64(desk.state[1])


@leaf
def fill(request, found, desk, table, ring):  # type: ignore[no-untyped-def]
    """Sketch the texts of every row of `request` into `found`."""
    for row in range(len(request.output.there)):
        _output(row, request, found, desk, table, ring)
        _system(row, request, found, desk, table, ring)
        last = _chain(row, request, found, desk, ring)
        _turns(row, last, request, found, desk, table, ring)
        _echo(row, request, found, desk)
