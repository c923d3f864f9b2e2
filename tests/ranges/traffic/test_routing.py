from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.traffic.routing import (
    BANNED,
    COOLING_SECONDS,
    SCHEDULES,
    STICKY_SECONDS,
    Bans,
    Routes,
    route,
)

schedules = st.sampled_from(SCHEDULES)


def send(
    schedule: str,
    slots: int = 8,
    count: int = 160,
    gap: float = 60.0,
    key: object = 0,
    failure: float = 0.0,
    bans: Bans | None = None,
    weights: object = 1.0,
    seed: int = 1,
) -> Routes:
    """Route requests `gap` seconds apart."""
    keys = np.broadcast_to(np.asarray(key, np.uint64), count)
    shares = np.broadcast_to(np.asarray(weights, np.float64), slots)
    rng = np.random.default_rng(seed)
    return route(gap * np.arange(count), keys, shares, schedule, bans or Bans.none(), failure, rng)


def banned(*found: tuple[float, int, float]) -> Bans:
    """Return bans of (when, slot, staffed anew), ascending in time."""
    at, slot, back = zip(*sorted(found), strict=True)
    return Bans(np.array(at, float), np.array(slot, np.int64), np.array(back, float))


@pytest.mark.parametrize("gap", [1.0, 60.0])
def test_strict_turns_are_exactly_even_and_in_order(gap: float) -> None:
    assert send("round_robin", gap=gap).slot.tolist() == [i % 8 for i in range(160)]


def test_random_choice_follows_the_weights() -> None:
    even = np.bincount(send("random", count=8_000).slot)
    assert even.min() > 800 and len(set(even)) > 1
    heavy = np.bincount(send("random", count=8_000, weights=[8, 1, 1, 1, 1, 1, 1, 2]).slot)
    assert abs(heavy[0] - 4_000) < 300 and abs(heavy[7] - 1_000) < 150


def test_a_sticky_key_stays_an_hour_then_moves_to_the_least_recently_used() -> None:
    found = send("sticky", count=180)
    runs = [int(found.slot[0])]
    for slot in found.slot.tolist():
        if slot != runs[-1]:
            runs.append(slot)
    assert len(runs) == len(set(runs)) == 180 * 60 / STICKY_SECONDS


def test_sticky_keys_spread_over_the_slots() -> None:
    found = send("sticky", count=160, gap=10.0, key=np.arange(160) % 16)
    for key in range(16):
        assert len(set(found.slot[key::16].tolist())) == 1
    assert set(np.bincount(found.slot)) == {20}


def test_fill_first_keeps_to_one_account_until_it_cools_down() -> None:
    assert set(send("fill_first").slot.tolist()) == {0}
    found = send("fill_first", failure=0.2, count=400)
    used = np.bincount(found.slot, minlength=8)
    assert used[0] > 0.7 * 400 and used[1] > 20 and used[3:].sum() == 0


def test_each_key_has_an_account_of_its_own_for_good() -> None:
    keys = np.arange(400) % 8
    found = send("by_key", count=400, key=keys, gap=500.0)
    assert (
        len(set(zip(keys.tolist(), found.slot.tolist(), strict=True))) == len(set(found.slot.tolist())) == 8
    )


@given(schedules, st.integers(0, 99), st.integers(2, 9), st.sampled_from([0.1, 3.0, 100.0]))
def test_a_refused_request_goes_to_another_slot(schedule: str, seed: int, slots: int, gap: float) -> None:
    found = send(schedule, slots, gap=gap, failure=0.3, key=np.arange(160) % 11, seed=seed)
    again = found.failed >= 0
    assert again.any() and (found.slot[again] != found.failed[again]).all()
    assert set(found.status[again].tolist()) <= {429, 500, 529}


@given(schedules, st.integers(0, 99), st.integers(1, 9))
def test_a_slot_that_refused_cools_down(schedule: str, seed: int, slots: int) -> None:
    found = send(schedule, slots, gap=1.0, failure=0.3, key=np.arange(160) % 11, seed=seed)
    for i in np.flatnonzero(found.failed >= 0):
        until = found.failed_at[i] + COOLING_SECONDS
        soon = (found.at < until) & (found.at >= found.failed_at[i]) & (np.arange(160) >= i)
        assert (found.slot[soon] != found.failed[i]).all()


@st.composite
def some_bans(draw: st.DrawFn, slots: int = 4, span: float = 9_000.0) -> Bans:
    """Return bans of slots that were staffed: no slot is banned again before it is back."""
    found = []
    for slot in range(slots):
        at = 0.0
        for _ in range(draw(st.integers(0, 3))):
            at += draw(st.floats(60.0, span / 3))
            back = at + draw(st.floats(1.0, 3_000.0))
            found.append((at, slot, back))
            at = back + 10.0
    return banned(*found) if found else Bans.none()


@given(schedules, some_bans(), st.integers(0, 9), st.sampled_from([0.0, 0.1]))
def test_no_slot_answers_while_it_is_banned_and_generations_count(
    schedule: str, bans: Bans, seed: int, failure: float
) -> None:
    found = send(schedule, 4, bans=bans, failure=failure, seed=seed, key=np.arange(160) % 5)
    assert (np.diff(found.at) >= 0).all() and (found.at >= 60.0 * np.arange(160)).all()
    for at, slot, generation in zip(found.at, found.slot, found.generation, strict=True):
        own = bans.slot == slot
        assert not (own & (bans.at <= at) & (at < bans.back)).any()
        assert generation == (own & (bans.at <= at)).sum()


@given(some_bans())
def test_a_relay_learns_of_a_ban_by_a_refusal_with_403(bans: Bans) -> None:
    found = send("round_robin", 4, bans=bans)
    told = found.failed >= 0
    assert (found.status[told] == BANNED).all()
    assert told.sum() <= len(bans.at)
    for i in np.flatnonzero(told):
        own = (bans.slot == found.failed[i]) & (bans.at <= found.failed_at[i])
        assert found.failed_generation[i] < own.sum()


def test_where_nothing_is_up_requests_wait_in_order_for_the_first_that_is() -> None:
    bans = banned((100.0, 0, 5_000.0), (101.0, 1, 4_000.0))
    found = send("random", 2, count=100, bans=bans)
    waited = found.at > 60.0 * np.arange(100)
    assert found.at[waited].min() == 4_000.0 and (found.generation[waited] == 1).all()
    assert all(a < b for a, b in pairwise(found.at[2:].tolist()))
    assert not waited[-20:].any()


def test_the_same_seed_gives_the_same_routes() -> None:
    one, two, other = (send("random", failure=0.1, seed=s) for s in (1, 1, 2))
    assert (one.slot == two.slot).all() and (one.failed == two.failed).all()
    assert (one.slot != other.slot).any()


def test_an_unknown_schedule_names_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"expected one of random, .*found 'psychic'"):
        send("psychic")
