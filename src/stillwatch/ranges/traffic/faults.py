"""Faults: refused deliveries of honest clients, who send again on the account they used."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.traffic.plan import Plan, joined

HONEST_RATE: Final = 0.008
STATUSES: Final = np.array([429, 429, 500, 529], dtype=np.int16)
PER_MINUTE: Final = 120  # requests an account may send within a minute of the clock


def retried(plan: Plan, rng: np.random.Generator, rate: float = HONEST_RATE) -> Plan:
    """Return the plan with refused first deliveries of some rows and of those over the rate limit.

    A refused row is delivered again after .5 to 8.5 seconds, over the limit after a minute; later turns of its
    conversation wait as long.
    """
    over = over_limit(plan)
    hit = over | (rng.random(len(plan)) < rate)
    refused = plan[hit].copy()
    refused["status"] = np.where(over[hit], 429, rng.choice(STATUSES, int(hit.sum())))
    delay = np.zeros(len(plan))
    delay[hit] = np.where(over[hit], 60.0, 0.5) + 8 * rng.random(int(hit.sum()))
    plan["time"] += delay + _held_up(plan, delay)
    # What waits is refused later, too: a refusal stands its own delay before what is answered in the end.
    refused["time"] = plan["time"][hit] - delay[hit]
    return joined(plan, refused)


def _held_up(plan: Plan, delay: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much each row is late because earlier turns of its conversation were."""
    order = np.lexsort((plan["turn"], plan["thread"]))
    thread, turn = plan["thread"][order], plan["turn"][order]
    before = np.cumsum(delay[order]) - delay[order]
    talk, each = np.ones(len(plan), dtype=bool), np.ones(len(plan), dtype=bool)
    talk[1:] = thread[1:] != thread[:-1]
    each[1:] = talk[1:] | (turn[1:] != turn[:-1])
    place = np.arange(len(plan))
    first_of_talk, first_of_turn = (np.maximum.accumulate(np.where(f, place, 0)) for f in (talk, each))
    found = np.empty(len(plan))
    found[order] = before[first_of_turn] - before[first_of_talk]
    return found


def over_limit(plan: Plan, per_minute: int = PER_MINUTE) -> NDArray[np.bool_]:
    """Tell which rows come after their account's allowance of the minute is used up."""
    minute = (plan["time"] // 60).astype(np.int64)
    order = np.lexsort((plan["time"], minute, plan["account"]))
    account, slot = plan["account"][order], minute[order]
    fresh = np.ones(len(plan), dtype=bool)
    fresh[1:] = (account[1:] != account[:-1]) | (slot[1:] != slot[:-1])
    place = np.arange(len(plan))
    nth = place - np.maximum.accumulate(np.where(fresh, place, 0))
    found = np.empty(len(plan), dtype=bool)
    found[order] = nth >= per_minute
    return found
