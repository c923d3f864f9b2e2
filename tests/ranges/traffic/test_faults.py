from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.traffic.faults import over_limit, retried
from stillwatch.ranges.traffic.plan import OK, Plan
from tests.ranges.makers import asked

RNG = np.random.default_rng


def talks(count: int = 40, turns: int = 5) -> Plan:
    """Return talks of some turns, four seconds apart."""
    turn = np.tile(np.arange(turns), count)
    plan = asked(count * turns, turn=turn, account=np.repeat(np.arange(count), turns))
    plan["thread"] = np.repeat(plan["thread"][::turns], turns)
    plan["time"] = 1000.0 * np.repeat(np.arange(count), turns) + 4.0 * turn
    return plan


@given(st.integers(0, 50), st.floats(0, 1))
def test_a_refused_delivery_is_followed_by_the_same_on_the_same_account(seed: int, rate: float) -> None:
    plan = asked(60, account=np.arange(60) % 7)
    found = retried(plan, RNG(seed), rate)
    refused, answered = found[found["status"] != OK], found[found["status"] == OK]
    assert len(answered) == 60
    later = {row["thread"]: row for row in answered}
    for row in refused:
        again = later[row["thread"]]
        assert 0.5 <= again["time"] - row["time"] <= 8.5
        same = [n for n in found.dtype.names if n not in ("time", "status")]
        assert all(again[n] == row[n] for n in same)


@given(st.integers(0, 50))
def test_a_conversation_waits_for_the_answer(seed: int) -> None:
    found = retried(talks(), RNG(seed), 0.5)
    for thread in np.unique(found["thread"]):
        rows = np.sort(found[found["thread"] == thread], order="time")
        answered = rows[rows["status"] == OK]
        assert answered["turn"].tolist() == [0, 1, 2, 3, 4]
        # A refusal stands after the answer before it.
        for row in rows[rows["status"] != OK]:
            before = answered[answered["turn"] < row["turn"]]
            assert (before["time"] < row["time"]).all()


def test_one_conversation_does_not_hold_up_another() -> None:
    found = retried(talks(), RNG(1), 0.05)
    late = found["time"] - 1000.0 * found["account"] - 4.0 * found["turn"]
    assert ((late >= 0) & (late < 4 * 8.5)).all() and (late == 0).sum() > 100


def test_what_is_over_the_limit_of_the_minute_is_refused_with_429() -> None:
    plan = asked(300, gap=0.1)  # 30 s
    found = retried(plan, RNG(1), 0.0)
    assert (found["status"] == 429).sum() == 300 - 120
    assert found[found["status"] == OK]["time"].max() > 60 + 12


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 400)), max_size=60), st.integers(1, 5))
def test_an_account_has_so_many_requests_a_minute(found: list[tuple[int, float]], most: int) -> None:
    plan = asked(len(found))
    for i, (account, at) in enumerate(found):
        plan["account"][i], plan["time"][i] = account, at
    over = over_limit(plan, most)
    minutes: dict[tuple[int, int], int] = {}
    for i in np.argsort(plan["time"], kind="stable"):
        key = int(plan["account"][i]), int(plan["time"][i] // 60)
        assert over[i] == (minutes.get(key, 0) >= most)
        minutes[key] = minutes.get(key, 0) + 1


@pytest.mark.parametrize("rate", [0.0, 0.1])
def test_refusals_are_as_frequent_as_told(rate: float) -> None:
    found = retried(asked(5_000), RNG(1), rate)
    assert abs((found["status"] != OK).sum() / 5_000 - rate) < 0.02
