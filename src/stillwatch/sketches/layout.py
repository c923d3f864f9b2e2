"""Where the kernel over rows reads, writes and scribbles: plain arrays, allocated once a batch."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stillwatch.sketches.buffers import Flags, Ints, Lists, Texts, Words
from stillwatch.sketches.kernels import kernel
from stillwatch.sketches.marks import CAP, TABLE
from stillwatch.sketches.outline import MOST_KEYS
from stillwatch.sketches.scripts import SCRIPT_COUNT
from stillwatch.sketches.unicode import MOST_TOKENS_PER_BYTE

MIN_ANSWER = 40  # characters after folding white space; shorter answers arise twice by chance
QUOTED_CAP = 256  # marks of user and tool turns of one request
TOKEN_SLACK = 64

USER, ASSISTANT, TOOL, OTHER = 1, 2, 3, 0
QUOTED_TABLE = 4 * QUOTED_CAP

# rows of `Found.keys`
SYSTEM, CONTENT, FIRST_TURN, CONVERSATION, OUTPUT, SKELETON, KEY_ROWS = range(7)
# rows of `Found.numbers`
(
    TURNS,
    SYSTEM_CHARS,
    USER_CHARS,
    REQUEST_CHARS,
    OUTPUT_CHARS,
    OUTPUT_WORDS,
    SCRIPT,
    OUTPUT_SCRIPT,
    NUMBER_ROWS,
) = range(9)
# rows of `Found.shares`
CODE, ECHO, SHARE_ROWS = range(3)
# rows of `Found.ends`, entries of `Found.lists`
SYSTEM_MARKS, USER_MARKS, QUOTED, OUTPUT_MARKS, HISTORY, PREFIXES, LIST_ROWS = range(7)


class Request(NamedTuple):
    """What the kernel reads."""

    system: Texts
    turns: Lists
    roles: npt.NDArray[np.int8]  # of every turn of the batch
    contents: Texts
    output: Texts


class Found(NamedTuple):
    """What the kernel writes; one column a row of the batch."""

    keys: Words  # (KEY_ROWS, n)
    known: Flags  # (KEY_ROWS, n): key is not null
    numbers: npt.NDArray[np.int32]  # (NUMBER_ROWS, n)
    shares: npt.NDArray[np.float32]  # (SHARE_ROWS, n), not a number where nothing can be said
    ends: Ints  # (LIST_ROWS, n + 1)
    system_marks: Words
    user_marks: Words
    quoted: Words
    output_marks: Words
    history: Words
    prefixes: Words


class Desk(NamedTuple):
    """Scratch space of one call, used again for each text."""

    tokens: Words  # becomes marks in place
    chosen: Words  # (CAP,)
    quoted: Words  # (QUOTED_CAP,)
    slots: Words  # (TABLE,): marks of the output, open addressing, 0 is free
    scratch: Words  # (QUOTED_TABLE,): the same for other marks
    hit: Flags  # (TABLE,)
    names: Words  # (MOST_KEYS,): JSON keys seen
    scripts: Ints
    exacts: Words  # hash of each turn of the exchange
    state: Words  # [system hash, output marks in the table]


@kernel
def role_codes(roles):  # type: ignore[no-untyped-def]
    """USER, ASSISTANT, TOOL or OTHER for each role name, int8 (n,)."""
    count = len(roles.there)
    codes = np.zeros(count, np.int8)
    for i in range(count):
        size = roles.offsets[i + 1] - roles.offsets[i]
        if not roles.there[i] or size == 0:
            continue
        first = roles.data[roles.offsets[i]]
        if size == 4 and first == 117:
            codes[i] = USER
        elif size == 9 and first == 97:
            codes[i] = ASSISTANT
        elif size == 4 and first == 116:
            codes[i] = TOOL
    return codes


def desk_for(request: Request) -> Desk:
    """Scratch space for the longest text and the longest conversation of a batch."""
    longest = max(
        (_longest(t.offsets) for t in (request.system, request.contents, request.output)), default=0
    )
    return Desk(
        tokens=np.empty(MOST_TOKENS_PER_BYTE * longest + TOKEN_SLACK, dtype=np.uint64),
        chosen=np.empty(CAP, dtype=np.uint64),
        quoted=np.empty(QUOTED_CAP, dtype=np.uint64),
        slots=np.zeros(TABLE, dtype=np.uint64),
        scratch=np.zeros(QUOTED_TABLE, dtype=np.uint64),
        hit=np.zeros(TABLE, dtype=np.bool_),
        names=np.zeros(MOST_KEYS, dtype=np.uint64),
        scripts=np.zeros(SCRIPT_COUNT, dtype=np.int64),
        exacts=np.zeros(_longest(request.turns.offsets) + 1, dtype=np.uint64),
        state=np.zeros(2, dtype=np.uint64),
    )


def _longest(offsets: Ints) -> int:
    return int(np.diff(offsets).max(initial=0))


def _room(sizes: Ints, cap: int) -> int:
    """Upper bound of the hashes that rows with so many bytes of text can leave, at most `cap` each."""
    return int(np.minimum(MOST_TOKENS_PER_BYTE * sizes + 1, cap).sum())


def found_for(request: Request) -> Found:
    """Empty results for a batch. Memory is touched only as far as it is written."""
    rows = len(request.output.there)
    contents, turns = request.contents, request.turns
    per_row = contents.offsets[turns.offsets[1:]] - contents.offsets[turns.offsets[:-1]]
    turn_count = int(turns.offsets[-1] - turns.offsets[0])
    return Found(
        keys=np.zeros((KEY_ROWS, rows), dtype=np.uint64),
        known=np.zeros((KEY_ROWS, rows), dtype=np.bool_),
        numbers=np.zeros((NUMBER_ROWS, rows), dtype=np.int32),
        shares=np.full((SHARE_ROWS, rows), np.nan, dtype=np.float32),
        ends=np.zeros((LIST_ROWS, rows + 1), dtype=np.int64),
        system_marks=np.empty(_room(np.diff(request.system.offsets), CAP), dtype=np.uint64),
        user_marks=np.empty(_room(per_row, CAP), dtype=np.uint64),
        quoted=np.empty(_room(per_row, QUOTED_CAP), dtype=np.uint64),
        output_marks=np.empty(_room(np.diff(request.output.offsets), CAP), dtype=np.uint64),
        history=np.empty(turn_count, dtype=np.uint64),
        prefixes=np.empty(turn_count, dtype=np.uint64),
    )
