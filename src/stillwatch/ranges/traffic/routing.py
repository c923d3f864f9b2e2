"""Routing: which account of a pool carries each request, as real relays choose; one pass over sorted requests.

The schedules are those read in the sources of open relays: weighted random (LiteLLM's simple shuffle; equal
weights are the plain random), strict round robin (gpt-load, uni-api), sticky for an hour by a key of the
conversation or system text on the least recently used account (claude-relay-service, sub2api), and fill-first,
one account until it cools down or is banned (CLIProxyAPI). `by_key` gives every key an account of its own for
good, as an operator does who lets each account have one field of interest. On 429 or 5xx an account cools down
and the request goes to another at once; a ban answers 403, and the slot stays empty until it is staffed anew.
Where no account is up, requests wait in order for the first that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

SCHEDULES: Final = ("random", "round_robin", "sticky", "fill_first", "by_key")
STICKY_SECONDS: Final = 3600.0
COOLING_SECONDS: Final = 5.0
QUEUE_SECONDS: Final = 2.0  # between requests that had to wait for an account: longer than a second try takes
STATUSES: Final = np.array([429, 429, 429, 500, 529], dtype=np.int16)
BANNED: Final = 403

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bans:
    """When slots of a pool are banned, and when each is staffed with a new account; ascending in time."""

    at: Floats
    slot: Ints
    back: Floats

    @staticmethod
    def none() -> Bans:
        return Bans(np.empty(0), np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True)
class Routes:
    """What became of each request; a slot's generation counts how often it had been staffed anew."""

    slot: Ints
    generation: Ints
    at: Floats  # when it was answered, but for the moment that a second try takes
    failed: Ints  # slot that refused it first; -1: none
    failed_generation: Ints
    failed_at: Floats
    status: NDArray[np.int16]  # of that refusal


def route(
    at: Floats,
    key: NDArray[np.uint64],
    weights: Floats,
    schedule: str,
    bans: Bans,
    failure: float,
    rng: np.random.Generator,
) -> Routes:
    """Choose a slot for each request; `at` ascends, `key` tells what a sticky relay sticks by.

    Raises ValueError for an unknown schedule.
    """
    if schedule not in SCHEDULES:
        raise ValueError(f"schedule: expected one of {', '.join(SCHEDULES)}, found {schedule!r}")
    draws = rng.random((len(at), 3))
    share = np.cumsum(weights / weights.sum())
    keys, number = np.unique(key, return_inverse=True)
    count, none = len(at), np.zeros(len(at), np.int64)
    out = Routes(
        none.copy(), none.copy(), at.copy(), np.full(count, -1), none.copy(), at.copy(), np.zeros(count, np.int16)
    )  # fmt: skip
    state = _State(
        up=np.zeros(len(share)), used=np.full(len(share), -np.inf), pending=np.zeros(len(share), np.int64),
        generation=np.zeros(len(share), np.int64), held=np.full(len(keys), -1), since=np.full(len(keys), -np.inf),
    )  # fmt: skip
    given = (share, SCHEDULES.index(schedule), bans.at, bans.slot, bans.back, failure, draws)
    _route(number, *given, state, out.slot, out.generation, out.at, out.failed, out.failed_generation,
           out.failed_at, out.status)  # fmt: skip
    usual = STATUSES[(draws[:, 2] * len(STATUSES)).astype(np.int64)]
    out.status[:] = np.where(out.status == BANNED, BANNED, usual)
    return out


class _State(NamedTuple):
    """What a relay knows of its slots and keys."""

    up: Floats  # when a slot may be used again
    used: Floats  # when it last was
    pending: Ints  # bans of it that the relay was not told of yet
    generation: Ints
    held: Ints  # slot that a key sticks to; -1: none
    since: Floats


@nb.njit(nogil=True, cache=True)
def _free(s, slot, now, warned):  # type: ignore[no-untyped-def]
    """Tell whether a slot may be used; who has just been refused (`warned`) does not run into another ban."""
    return s.up[slot] <= now and not (warned and s.pending[slot] > 0)


@nb.njit(nogil=True, cache=True)
def _choose(s, schedule, share, turn, now, draw, warned):  # type: ignore[no-untyped-def]
    """Return a free slot by the schedule's rule, or the least recently used; -1 if none is free."""
    slots = len(share)
    if schedule == 1:
        for step in range(1, slots + 1):
            slot = (turn + step) % slots
            if _free(s, slot, now, warned):
                return slot
    elif schedule == 3:
        for slot in range(slots):
            if _free(s, slot, now, warned):
                return slot
    elif schedule == 0:
        for _ in range(8):
            slot = min(np.searchsorted(share, draw), slots - 1)
            if _free(s, slot, now, warned):
                return slot
            draw = (draw * 7919.0) % 1.0
    best = -1
    for slot in range(slots):
        if _free(s, slot, now, warned) and (best < 0 or s.used[slot] < s.used[best]):
            best = slot
    return best


@nb.njit(nogil=True, cache=True)
def _told(s, slot, ban, ban_slot, ban_back):  # type: ignore[no-untyped-def]
    """Let the relay learn that a slot was banned: it is empty until it is staffed anew."""
    s.generation[slot] += s.pending[slot]
    s.pending[slot] = 0
    for b in range(ban):
        if ban_slot[b] == slot:
            s.up[slot] = max(s.up[slot], ban_back[b])


@nb.njit(nogil=True, cache=True)
def _happened(s, ban, now, ban_at, ban_slot):  # type: ignore[no-untyped-def]
    """Let the bans up to now happen; return the number of the next."""
    while ban < len(ban_at) and ban_at[ban] <= now:
        s.pending[ban_slot[ban]] += 1
        ban += 1
    return ban


@nb.njit(nogil=True, cache=True)
def _wait(s, ban, now, ban_at, ban_slot, ban_back):  # type: ignore[no-untyped-def]
    """Return the slot that is up first, when, and the number of the next ban."""
    while True:
        slot = np.argmin(s.up)
        now = max(now, s.up[slot])
        ban = _happened(s, ban, now, ban_at, ban_slot)
        if s.pending[slot] == 0:
            return slot, now, ban
        _told(s, slot, ban, ban_slot, ban_back)


@nb.njit(nogil=True, cache=True)
def _wanted(s, key, schedule, now):  # type: ignore[no-untyped-def]
    """Return the slot that a key has for itself or sticks to, if that is up; else -1."""
    slot = -1
    if schedule == 4:
        slot = key % len(s.up)
    elif schedule == 2 and now - s.since[key] < STICKY_SECONDS:
        slot = s.held[key]
    return slot if slot >= 0 and s.up[slot] <= now else -1


@nb.njit(nogil=True, cache=True)
def _route(  # type: ignore[no-untyped-def]
    key, share, schedule, ban_at, ban_slot, ban_back, failure, draws, s,
    slot_of, generation_of, at, failed, failed_generation, failed_at, status,
):  # fmt: skip
    ban, turn, clear = 0, -1, -np.inf  # clear: when the last request that had to wait was let go
    for i in range(len(at)):
        now = at[i] if at[i] > clear else clear + QUEUE_SECONDS
        waits = now > at[i]
        ban = _happened(s, ban, now, ban_at, ban_slot)
        slot = _wanted(s, key[i], schedule, now)
        if slot < 0:
            slot = _choose(s, schedule, share, turn, now, draws[i, 0], False)
            if slot < 0:
                slot, now, ban = _wait(s, ban, now, ban_at, ban_slot, ban_back)
                waits = True
            s.held[key[i]], s.since[key[i]] = slot, now
        if s.pending[slot] > 0 or draws[i, 1] < failure:
            failed[i], failed_generation[i], failed_at[i] = slot, s.generation[slot], now
            s.up[slot], s.used[slot] = now + COOLING_SECONDS, now
            if s.pending[slot] > 0:
                status[i] = BANNED
                _told(s, slot, ban, ban_slot, ban_back)
            slot = _choose(s, schedule, share, slot, now, (draws[i, 0] + 0.5) % 1.0, True)
            if slot < 0:
                slot, now, ban = _wait(s, ban, now, ban_at, ban_slot, ban_back)
                waits = True
            s.held[key[i]], s.since[key[i]] = slot, now
        if waits:
            clear = now
        turn, s.used[slot] = slot, now
        slot_of[i], generation_of[i], at[i] = slot, s.generation[slot], now
