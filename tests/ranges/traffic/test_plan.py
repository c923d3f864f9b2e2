from __future__ import annotations

from pathlib import Path

import numpy as np

from stillwatch.ranges.traffic.plan import NO_FORK, NO_REPLAY, NO_TEXT, OK, PLAN, blank, joined
from tests.ranges.makers import asked


def test_a_blank_row_says_nothing_and_replays_nothing() -> None:
    (row,) = blank(1)
    assert (row["status"], row["replay_turn"], row["fork"]) == (OK, NO_REPLAY, NO_FORK)
    assert row["system"] == row["arg0"] == row["arg1"] == NO_TEXT


def test_plans_are_joined_in_order_and_none_is_an_empty_plan() -> None:
    assert joined().dtype == PLAN and len(joined()) == 0
    assert joined(asked(2), asked(3))["time"].tolist() == [0, 60, 0, 60, 120]


def test_a_plan_is_read_back_from_a_file_as_it_was(tmp_path: Path) -> None:
    plan = asked(5, system=3)
    plan.tofile(tmp_path / "p")
    assert np.fromfile(tmp_path / "p", PLAN).tobytes() == plan.tobytes()
