"""The plan: one row of numbers an exchange, from which its text and fields can be rendered at any later time.

A plan is a NumPy structured array, so it can be sorted, cut, spilled to disk and read back without loss. Texts
are references (symbol, topic, seed); see `stillwatch.ranges.text`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

NO_TEXT: Final = -1
NO_REPLAY: Final = 0xFFFF
NO_FORK: Final = 0xFFFF
OK: Final = 200

PLAN: Final = np.dtype(
    [
        ("time", "f8"),  # seconds from the start of the range
        ("uid", "u8"),
        ("account", "i4"),
        ("network", "u8"),
        ("client", "i2"),
        ("tls", "i2"),  # whose TLS print is seen: the relay's where one terminates the customer's connection
        ("conn", "u8"),  # 0: not set yet
        ("device", "u8"),  # 0: none reported
        ("label", "i2"),
        ("platform", "i1"),
        ("habit", "i2"),
        ("model", "i1"),
        ("status", "i2"),
        ("script", "i2"),
        ("topic", "u8"),
        ("thread", "u8"),  # the conversation; its turns' texts follow from it
        ("thread2", "u8"),  # the conversation from turn `fork` on
        ("first", "u2"),  # the first turn still in the history
        ("fork", "u2"),
        ("turn", "u2"),
        ("sample", "u2"),  # which sampling of the answer
        ("closing", "?"),  # an agent's last turn of a task: words, no tool call
        ("profile", "u1"),  # of text lengths
        ("system", "i4"),
        ("system_topic", "u8"),
        ("system_seed", "u8"),
        ("arg0", "i4"),
        ("arg0_topic", "u8"),
        ("arg0_seed", "u8"),
        ("arg1", "i4"),
        ("arg1_topic", "u8"),
        ("arg1_seed", "u8"),
        ("thinks", "?"),  # opaque reasoning blocks are issued, and sent back with the history
        ("replay", "u8"),  # thread whose block is presented without its conversation
        ("replay_turn", "u2"),  # NO_REPLAY: none
        ("end_user", "u8"),  # 0: not passed
        ("session", "u8"),  # 0: the API has none
    ]
)
Plan = NDArray[Any]


def blank(count: int) -> Plan:
    """Return `count` rows with nothing in them: no system text, no arguments, one turn, status 200."""
    rows = np.zeros(count, PLAN)
    rows["status"] = OK
    rows["replay_turn"] = NO_REPLAY
    rows["fork"] = NO_FORK
    for name in ("system", "arg0", "arg1"):
        rows[name] = NO_TEXT
    return rows


def joined(*plans: Plan) -> Plan:
    """Return plans one after another."""
    return np.concatenate([blank(0), *plans])
