"""Who moved to a new model, and when: against plain Python over the rows."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns.measuring import adoptions, measure
from stillwatch.campaigns.measuring.adoptions import ADOPTERS, BEFORE, adoption_part, releases_of
from stillwatch.evidence.adoption import BIN, BINS
from tests.campaigns.makers import TEMPLATE, bench, later, names, numbers, proposal, sent, traffic
from tests.workloads.makers import NOON

RELEASED = 48.0  # hours


def rows_of_a_week(accounts: int = 40) -> list[dict[str, Any]]:
    """Return a week in which most accounts move to a new model sometime after its release."""
    chance = Random(1)
    rows = []
    for i in range(accounts * 20):
        account = i % accounts
        hours = 168 * chance.random()
        moved = account % 4 and hours > RELEASED + account
        model = "new" if moved else chance.choice(["old", "older"])
        rows.append(sent(i, f"a{account:03}", TEMPLATE, model=model, time=later(hours)))
    return rows


def test_a_release_agrees_with_a_count_over_the_rows() -> None:
    rows = rows_of_a_week()
    with traffic(rows) as held:
        (release,) = releases_of(held)
        ids = held.account_ids.to_pylist()
        halves = held.halves
    came = min(row["time"] for row in rows if row["model"] == "new")
    assert release.model == "new" and release.time == pytest.approx(came.timestamp())
    expected = []
    for number, name in enumerate(ids):
        mine = [row for row in rows if row["account_id"] == name]
        before = Counter(row["model"] for row in mine if row["time"] < came)
        bins = Counter(
            int((row["time"] - came).total_seconds() // BIN) for row in mine if row["time"] >= came
        )
        moves = [row["time"].timestamp() for row in mine if row["model"] == "new"]
        if sum(before.values()) >= BEFORE and any(0 <= b < BINS for b in bins):
            most = max(before.values())
            main = min(m for m, n in before.items() if n == most)
            expected.append(
                (
                    number,
                    min(moves, default=np.inf),
                    ["new", "old", "older"].index(main),
                    sum(n for b, n in bins.items() if b < BINS),
                )
            )
    assert release.account.tolist() == [number for number, _moved, _main, _n in expected]
    assert release.moved == pytest.approx([moved for _number, moved, _main, _n in expected])
    assert release.before.tolist() == [main for _number, _moved, main, _n in expected]
    assert np.abs(release.counts.sum(axis=1) - [n for *_rest, n in expected]).max() <= 1  # to the second
    assert (release.half == halves[release.account]).all()
    assert (
        release.busy(release.time, release.time + BIN * BINS).tolist() == release.counts.sum(axis=1).tolist()
    )


def test_members_and_those_beside_them_are_told_apart() -> None:
    rows = rows_of_a_week()
    with traffic(rows) as held:
        group = proposal(held, names("a", 8), TEMPLATE)
        (found,) = measure(bench(held, group), group).adoptions
    assert set(found.release.account[found.members]) <= set(range(8))
    assert set(found.release.account[found.beside]) == set(found.release.account) - set(range(8))
    assert adoption_part((), np.arange(3), np.arange(9)) == ()


@pytest.mark.parametrize("change", ["from the start", "few adopters", "at the end", "no model"])
def test_what_is_no_release_is_not_taken_for_one(change: str) -> None:
    rows = rows_of_a_week()
    for row in rows:
        hours = (row["time"] - NOON).total_seconds() / 3600
        if change == "from the start" and row["account_id"] == "a001" and row["model"] == "old":
            row["model"] = "new"
        if change == "few adopters" and int(row["account_id"][1:]) >= ADOPTERS and row["model"] == "new":
            row["model"] = "old"
        if change == "at the end" and row["model"] == "new":
            row["model"] = "new" if hours > 165 else "old"
        if change == "no model":
            row["model"] = None
    with traffic(rows) as held:
        assert releases_of(held) == ()


def test_the_releases_that_most_accounts_took_up_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of_a_week()
    for row in rows:
        if row["model"] == "new" and int(row["account_id"][1:]) % 3 == 0:
            row["model"] = "newer"
    monkeypatch.setattr(adoptions, "ADOPTERS", 5)
    with traffic(rows) as held:
        assert [release.model for release in releases_of(held)] == ["new", "newer"]
        monkeypatch.setattr(adoptions, "MOST", 1)
        assert [release.model for release in releases_of(held)] == ["new"]
        assert numbers(held, ["a003"]).tolist() == [3]
