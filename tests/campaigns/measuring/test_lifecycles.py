"""The lives of a group: joined from log and accounts table, the same in any order of rows, unknown where unsaid."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from stillwatch.campaigns.measuring import measure
from stillwatch.evidence.lifecycle import Lifecycle
from tests.campaigns.makers import TEMPLATE, accounts_table, bench, names, proposal, sent, traffic, work
from tests.workloads.makers import NOON

POOL = names("a", 5)
OTHERS = names("z", 40)
OPEN = timedelta(days=400)


def log() -> list[dict[str, Any]]:
    """Five accounts share out one form; forty others have work of their own; a003 begins a day late."""
    rows = work(POOL[:3], 20) + work(POOL[3:], 10, 1_000, time=NOON + timedelta(days=1))
    rows += [sent(2_000 + i, OTHERS[i % 40], 6 + i % 3, prefix_key=i % 40) for i in range(400)]
    rows += work(POOL, 4, 5_000, workload=TEMPLATE + 4)
    return [row | {"prefix_key": row.get("prefix_key", row["exchange_key"] % 7)} for row in rows]


def table(**columns: Any):
    plain = {"created_at": NOON - OPEN, "status": "active", "verification": "email", "payment_fp": "card"}
    return accounts_table([*POOL, *OTHERS], **plain | columns)


def measured(
    accounts: Any = None, rows: list[dict[str, Any]] | None = None, turned: bool = False
) -> Lifecycle:
    rows = log() if rows is None else rows
    order = list(range(len(rows)))[::-1] if turned else None
    with traffic(rows, accounts=accounts, order=order) as held:
        group = proposal(held, POOL, TEMPLATE)
        found = measure(bench(held, group), group).lifecycle
    assert found is not None
    return found


def test_sign_up_first_and_last_are_joined_by_account() -> None:
    found = measured(table())
    assert found.ages[0] == pytest.approx(400, abs=1)
    assert (found.last >= found.first).all()
    assert found.usual_age == pytest.approx(400, abs=1)
    assert found.verification == ("email",) * 5 and found.paying.all()


def test_without_a_table_only_what_the_log_shows_is_known() -> None:
    found = measured()
    assert np.isnan(found.created).all() and np.isnan(found.usual_age)
    assert found.verification == (None,) * 5 and not found.paying.any()
    assert found.disposable is None and found.out_of_programme is None
    assert found.churning is not None  # addresses are in the log


def test_a_suspension_within_the_log_stops_a_member_and_one_after_it_does_not() -> None:
    at = NOON + timedelta(hours=5)
    suspended = [at if account == "a001" else None for account in [*POOL, *OTHERS]]
    status = ["suspended" if moment else "active" for moment in suspended]
    found = measured(table(status=status, status_at=suspended))
    assert np.flatnonzero(~np.isnan(found.stopped)).tolist() == [1]
    late = [moment and moment + timedelta(days=90) for moment in suspended]
    assert np.isnan(measured(table(status=status, status_at=late)).stopped).all()
    lifted = measured(table(status="active", status_at=suspended))
    assert np.isnan(lifted.stopped).all()


@pytest.mark.parametrize(("status", "stops"), [(403, 1), (401, 1), (429, 0), (500, 0)])
def test_refused_for_good_after_its_last_answer_a_member_was_stopped(status: int, stops: int) -> None:
    rows = [*log(), sent(9_000, "a002", time=NOON + timedelta(days=1), status=status, output_chars=0)]
    found = measured(rows=rows)
    assert (~np.isnan(found.stopped)).sum() == stops


def test_an_answer_after_the_refusal_shows_that_it_was_not() -> None:
    rows = [*log(), sent(9_000, "a002", time=NOON + timedelta(hours=3), status=403, output_chars=0)]
    rows.append(sent(9_001, "a002", time=NOON + timedelta(hours=4)))
    assert np.isnan(measured(rows=rows).stopped).all()


def test_who_steps_in_under_other_papers_is_counted_and_one_who_shows_the_card_comes_back_openly() -> None:
    ids = [*POOL, *OTHERS]
    stop = NOON + timedelta(hours=20)
    said = {
        "status": ["suspended" if a == "a000" else "active" for a in ids],
        "status_at": [stop if a == "a000" else None for a in ids],
        "created_at": [NOON + timedelta(hours=21) if a in ("a003", "a004") else NOON - OPEN for a in ids],
    }
    cards = {"a000": "one", "a003": "one"}
    found = measured(table(**said, payment_fp=lambda a: cards.get(a, a)), rows=log()[:-20])
    assert {(r.stops, r.others, r.stepped_in, r.openly) for r in found.replacements} == {(1, 4, 1, 1)}


def test_work_elsewhere_is_what_is_not_of_the_groups_workloads() -> None:
    assert measured().elsewhere == pytest.approx([4 / 24] * 3 + [4 / 14] * 2)


def test_hours_are_kept_for_the_groups_workloads() -> None:
    found = measured()
    assert list(found.rhythms) == [TEMPLATE]
    assert found.rhythms[TEMPLATE].hours.shape == (5, 24)


def alike(one: Any, two: Any) -> bool:
    if isinstance(one, np.ndarray):
        return bool(np.array_equal(one, two, equal_nan=one.dtype.kind == "f"))
    if isinstance(one, float):
        return one == two or (np.isnan(one) and np.isnan(two))
    return bool(one == two)


def different(one: Lifecycle, two: Lifecycle) -> list[str]:
    """Return the fields in which two lives differ, hours aside."""
    shown = [field.name for field in fields(one) if field.name != "rhythms"]
    return [name for name in shown if not alike(getattr(one, name), getattr(two, name))]


def test_the_order_of_rows_changes_nothing() -> None:
    one, two = measured(table()), measured(table(), turned=True)
    assert different(one, two) == []
    assert one.rhythms[TEMPLATE].hours.tolist() == two.rhythms[TEMPLATE].hours.tolist()


def test_a_shift_by_whole_weeks_moves_times_and_nothing_else() -> None:
    def moved(moment: datetime) -> datetime:
        return moment + timedelta(weeks=3)

    later = [row | {"time": moved(row["time"])} for row in log()]
    one, two = measured(table()), measured(table(created_at=moved(NOON - OPEN)), rows=later)
    assert (one.ages == two.ages).all()
    kept = replace(two, created=one.created, first=one.first, last=one.last)
    assert different(one, kept) == []
