"""Crossings: what passes between accounts in a plan, by kind of event, honest or not.

A carried conversation goes on from a turn that another account sent; a passed answer stands in a prompt of another
account; a handed-over retry was refused on another account first; a replayed block was issued to another account.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.hashing import mix
from stillwatch.ranges.traffic.plan import NO_REPLAY, NO_TEXT, OK, Plan

EVENTS: Final = ("carried_conversation", "passed_answer", "handed_over_retry", "replayed_block")
_NOBODY: Final = -1

Keys = NDArray[np.uint64]
Holders = NDArray[np.int64]


def crossings(plan: Plan) -> dict[str, NDArray[np.bool_]]:
    """Tell for each event which rows of a plan show it. A part's plan holds both ends of its events."""
    turn = plan["turn"].astype(np.uint64)
    own = mix(_thread(plan, plan["turn"]), turn)
    answered = _Senders(own[plan["status"] == OK], plan["account"][plan["status"] == OK])
    account = plan["account"].astype(np.int64)
    before = np.maximum(plan["turn"].astype(np.int64) - 1, 0)
    last = answered.of(mix(_thread(plan, before), before.astype(np.uint64)))
    refused = plan["status"] != OK
    # Equal questions of strangers have equal texts; deliveries of one request have their conversation in common.
    request = mix(plan["thread"], turn)
    first = _Senders(request[refused], plan["account"][refused]).of(request)
    issuer = answered.of(mix(plan["replay"], plan["replay_turn"].astype(np.uint64)))
    passed = np.zeros(len(plan), dtype=bool)
    for place in ("arg0", "arg1"):
        source = answered.of(plan[f"{place}_seed"])
        passed |= (plan[place] != NO_TEXT) & (source != _NOBODY) & (source != account)
    return {
        "carried_conversation": (plan["turn"] > 0) & (last != _NOBODY) & (last != account) & ~refused,
        "passed_answer": passed & ~refused,
        "handed_over_retry": ~refused & (first != _NOBODY) & (first != account),
        "replayed_block": (plan["replay_turn"] != NO_REPLAY) & (issuer != _NOBODY) & (issuer != account),
    }


def _thread(plan: Plan, turn: NDArray[np.integer]) -> Keys:
    """Return the thread that the text of a turn follows from."""
    found: Keys = np.where(turn < plan["fork"], plan["thread"], plan["thread2"])
    return found


class _Senders:
    """Who sent the turn of a key; of several the first in the plan."""

    def __init__(self, keys: Keys, accounts: NDArray[np.int32]) -> None:
        self._keys, first = np.unique(keys, return_index=True)
        self._accounts = accounts[first].astype(np.int64)

    def of(self, keys: Keys) -> Holders:
        """Return the account for each key, _NOBODY where none sent it."""
        if not len(self._keys):
            return np.full(len(keys), _NOBODY)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._accounts[place], _NOBODY)
