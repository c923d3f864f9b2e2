"""Opaque reasoning blocks: issued by an answer, sent back with the history, or presented without it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.ranges.actors.tokens import hex_digits
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.traffic.plan import NO_REPLAY, OK, Plan

_WORDS = 4  # of 64 bits in a block's SHA-256


def columns(plan: Plan) -> dict[str, Any]:
    """Return reasoning_ref and reasoning_issued of each row; null where there are none."""
    issues = plan["thinks"] & (plan["status"] == OK)
    turns = np.where(plan["thinks"], plan["turn"].astype(np.int64) - plan["first"], 0)
    row = np.repeat(np.arange(len(plan)), turns)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(turns) - turns, turns)
    shown = _blocks(plan["thread"][row], nth + plan["first"][row])
    replayed = np.flatnonzero(plan["replay_turn"] != NO_REPLAY)
    foreign = _blocks(plan["replay"][replayed], plan["replay_turn"][replayed])
    rows = np.concatenate([row, replayed])
    order = np.argsort(rows, kind="stable")
    own = np.flatnonzero(issues)
    return {
        "reasoning_ref": _lists(np.concatenate([shown, foreign])[order], rows[order], len(plan)),
        "reasoning_issued": _lists(_issued(plan[own]), own, len(plan)),
    }


def _blocks(thread: NDArray[np.uint64], turn: NDArray[Any]) -> NDArray[np.uint64]:
    """Return the hash of the block issued at a turn of a thread, as four words."""
    first = mix(thread, turn.astype(np.uint64) + np.uint64(131))
    return np.stack([mix(first, word) for word in range(_WORDS)], axis=1).reshape(-1, _WORDS)


def _issued(plan: Plan) -> NDArray[np.uint64]:
    """Return the blocks of answers; a further sampling has another than the one that the history keeps."""
    sample = plan["sample"].astype(np.uint64)
    thread = np.where(sample > 0, mix(plan["thread"], sample), plan["thread"])
    return _blocks(thread, plan["turn"])


def _lists(blocks: NDArray[np.uint64], rows: NDArray[np.int64], count: int) -> pa.Array:
    counts = np.bincount(rows, minlength=count)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    digits = hex_digits(blocks.reshape(-1), 16)
    joined = pa.StringArray.from_buffers(
        len(blocks), pa.py_buffer(np.arange(len(blocks) + 1, dtype=np.int32) * 64), digits.buffers()[2]
    )
    return pa.ListArray.from_arrays(pa.array(offsets), joined, mask=pa.array(counts == 0))
