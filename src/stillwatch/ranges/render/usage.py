"""Usage and timing: tokens from the length of the text, milliseconds from the tokens."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.ranges.arrivals import CONDENSE
from stillwatch.ranges.hashing import mix, unit
from stillwatch.ranges.traffic.plan import OK, Plan

BYTES_A_TOKEN: Final = 3.9
_MS_A_TOKEN: Final = 11.0


def usage(plan: Plan, columns: dict[str, Any]) -> dict[str, Any]:
    """Return token counts and durations. Texts are condensed; tokens count what the whole text would."""
    answered = plan["status"] == OK
    asked = _bytes_of_messages(columns["messages"]) + _bytes(columns["system"])
    said = _bytes(columns["output"])
    tokens_in = 8 + np.ceil(asked / BYTES_A_TOKEN * CONDENSE).astype(np.int64)
    tokens_out = 1 + np.ceil(said / BYTES_A_TOKEN * CONDENSE).astype(np.int64)
    lot = unit(mix(plan["uid"], 137))
    thought = np.where(plan["thinks"], 200 + (3000 * lot**2).astype(np.int64), 0)
    first = 180.0 + tokens_in / 40 + 400 * lot
    whole = first + _MS_A_TOKEN * (tokens_out + thought)
    failed = pa.array(~answered)
    return {
        "input_tokens": pa.array(tokens_in),
        "output_tokens": pa.array(tokens_out, mask=~answered),
        "reasoning_tokens": pa.array(thought, mask=~(answered & plan["thinks"])),
        "ttft_ms": pc.if_else(failed, pa.scalar(None, pa.float64()), pa.array(first)),
        "duration_ms": pa.array(np.where(answered, whole, 40.0 + 60 * lot)),
    }


def _bytes(texts: pa.Array) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (
        pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return found


def _bytes_of_messages(messages: pa.Array) -> NDArray[np.int64]:
    """Return the bytes of all contents of each row's messages."""
    ends = messages.offsets.to_numpy().astype(np.int64)
    lengths = _bytes(messages.values.field("content"))
    total = np.concatenate([[0], np.cumsum(lengths)])
    found: NDArray[np.int64] = total[ends[1:]] - total[ends[:-1]]
    return found
