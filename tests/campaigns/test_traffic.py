"""The campaign stage sees accounts in the order of their ids, and nothing of the order of the rows."""

from __future__ import annotations

from dataclasses import fields
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.traffic import (
    DECLARED_TRAITS,
    SHOWN_TRAITS,
    Incidence,
    align_accounts,
    among,
    main_shares,
    rows_of,
)
from stillwatch.signals import HANDOVERS
from stillwatch.workloads import CELLS
from tests.campaigns.makers import Passed, accounts_table, later, names, sent, traffic, work
from tests.workloads.makers import NOON

OTHER = 4
members = st.lists(st.integers(0, 20), unique=True, max_size=8).map(sorted)


def rows() -> list[dict]:
    """Return a day of three people with two kinds of work, artefacts and an organisation."""
    chance = Random(1)
    made = [sent(i, f"a{i % 3}", OTHER if i % 5 == 0 else CELLS + 7) for i in range(60)]
    for i, row in enumerate(made):
        row |= {
            "time": later(i / 3),
            "device_key": chance.choice([None, -5, 9]),
            "ip_key": i % 7,
            "org_id": "o",
        }
    return made


PASSED: list[Passed] = [
    ("conversation_carried", 11, "a0", "a1", 1),
    ("conversation_carried", 11, "a0", "a1", 4),
    ("retry_handed_over", 12, "a2", "a0", 3),
]


@given(members, st.lists(st.integers(0, 20), max_size=30))
def test_members_are_found_among_accounts_in_any_order(those: list[int], accounts: list[int]) -> None:
    found = among(np.array(those, dtype=np.int64), np.array(accounts, dtype=np.int64))
    assert found.tolist() == [a in those for a in accounts]


@given(members, st.lists(st.integers(0, 20), max_size=30).map(sorted))
def test_the_rows_of_members_are_all_of_theirs(those: list[int], accounts: list[int]) -> None:
    found = rows_of(np.array(accounts, dtype=np.int64), np.array(those, dtype=np.int64))
    assert found.tolist() == [i for i, a in enumerate(accounts) if a in those]


def test_accounts_are_numbered_by_id_and_counted_whole() -> None:
    with traffic(list(reversed(rows()))) as held:
        assert held.account_ids.to_pylist() == ["a0", "a1", "a2"] and held.size == 3
        assert held.population.loads.tolist() == [20, 20, 20]
        assert held.population.starts.tolist() == [later(i / 3).timestamp() for i in range(3)]
        assert held.population.ends.tolist() == [later((57 + i) / 3).timestamp() for i in range(3)]
        assert sum(held.streams["exchanges"].to_pylist()) == 60
        assert not held.population.has_accounts_table


@pytest.mark.parametrize("seed", range(3))
def test_row_order_changes_nothing(seed: int) -> None:
    made, table = rows(), accounts_table(["x", "a1", "a0", "a2"], payment_fp=["p", "q", "p", None])
    seen = []
    for order in (None, Random(seed).sample(range(60), 60)):
        with traffic(made, PASSED, table, order) as held:
            arrays = [getattr(held.handovers, f.name) for f in fields(held.handovers)]
            arrays += [
                getattr(held.traits[name], f.name) for name in sorted(held.traits) for f in fields(Incidence)
            ]
            arrays += [
                held.halves,
                held.population.loads,
                held.population.starts,
                held.population.main_shares,
            ]
            tables = (held.streams, held.accounts.combine_chunks() if held.accounts else None)
            seen.append(([a.tolist() for a in arrays], tables))
    (one, (streams, accounts)), (other, (streams_again, accounts_again)) = seen
    assert one == other
    assert streams.equals(streams_again) and accounts.equals(accounts_again)


def test_what_passed_is_counted_once_and_by_account_number() -> None:
    with traffic(rows(), PASSED) as held:
        moved = held.handovers
        found = {
            (held.signals[s], u, g, t)
            for s, u, g, t in zip(moved.signal, moved.unit, moved.giver, moved.taker, strict=True)
        }
    assert found == {("conversation_carried", 11, 0, 1), ("retry_handed_over", 12, 2, 0)}
    assert len(moved.unit) == 2


def test_halves_are_a_fair_coin_that_depends_on_the_unit_alone() -> None:
    passed = [("answers_passed", unit * 7_919_777_777, "a0", "a1", unit % 60) for unit in range(2_000)]
    with traffic(rows(), passed) as held, traffic(rows(), passed[::-1]) as again:
        moved = held.handovers
        assert abs(moved.half.mean() - 0.5) < 0.05
        assert dict(zip(moved.unit.tolist(), moved.half.tolist(), strict=True)) == dict(
            zip(again.handovers.unit.tolist(), again.handovers.half.tolist(), strict=True)
        )


def test_the_finders_of_the_signals_run_on_what_is_gathered() -> None:
    with traffic(rows(), find=HANDOVERS) as held:
        assert held.signals == tuple(HANDOVERS) and len(held.handovers.unit) == 0


def test_traits_count_uses_and_leave_out_what_is_missing() -> None:
    made = rows()
    with traffic(made) as held:
        assert held.traits.keys() == {*SHOWN_TRAITS, "organisation"}
        shown = held.traits["device"]
        found = {
            (a, v): n
            for a, v, n in zip(shown.account.tolist(), shown.value.tolist(), shown.uses.tolist(), strict=True)
        }
    expected: dict[tuple[int, int], int] = {}
    for row in made:
        if row["device_key"] is not None:
            key = (int(row["account_id"][1:]), row["device_key"])
            expected[key] = expected.get(key, 0) + 1
    assert found == expected
    assert len(held.traits["connection"].account) == 0


def test_declared_traits_are_equal_where_the_values_are_and_unknown_where_they_lack() -> None:
    table = accounts_table(["a0", "a1", "a2"], payment_fp=["p", None, "p"], phone_fp=["x", "y", "z"])
    with traffic(rows(), accounts=table) as held:
        assert held.traits.keys() == {*SHOWN_TRAITS, *DECLARED_TRAITS}
        assert held.traits["payment"].account.tolist() == [0, 2]
        assert len(set(held.traits["payment"].value.tolist())) == 1
        assert len(set(held.traits["phone"].value.tolist())) == 3
        assert held.population.has_accounts_table


def test_the_accounts_table_is_aligned_and_the_log_fills_in_its_organisations() -> None:
    ids = pa.array(["a", "b", "c"])
    table = accounts_table(["c", "x", "a"], org_id=["its own", "y", None], plan=["pro", "z", "free"])
    aligned = align_accounts(table, ids, pa.table({"org_id": ["log a", "log b", "log c"]}))
    assert aligned is not None
    assert aligned["plan"].to_pylist() == ["free", None, "pro"]
    assert aligned["org_id"].to_pylist() == ["log a", "log b", "its own"]
    assert align_accounts(None, ids, table) is None


def test_the_share_of_the_main_workload_is_of_accounts_with_traffic() -> None:
    streams = pa.table({"account": [0, 0, 1, 2], "exchanges": [30, 10, 20, 5]})
    assert main_shares(streams, np.array([40, 20, 5])).tolist() == [0.75, 1.0]


def test_other_accounts_traffic_moves_no_stream_of_mine() -> None:
    with traffic(rows()) as alone, traffic(rows() + work(names("z", 4), 5, 500)) as beside:
        mine = beside.streams.filter(pa.compute.less(beside.streams["account"], 3))
        assert mine.combine_chunks().equals(alone.streams.combine_chunks())


def test_times_are_seconds_since_the_epoch() -> None:
    with traffic([sent(0, "a0", time=NOON)]) as held:
        assert held.streams["start"].to_pylist() == held.streams["end"].to_pylist() == [NOON.timestamp()]


def test_a_table_of_other_accounts_is_told(caplog: pytest.LogCaptureFixture) -> None:
    ids = pa.array(["a", "b", "c"])
    seen = pa.table({"org_id": pa.nulls(3, pa.string())})
    align_accounts(accounts_table(["x"]), ids, seen)
    assert "0 of the 3 accounts" in caplog.text


def test_the_pace_holds_every_exchange_in_its_minute() -> None:
    rows = [sent(i, f"a{i % 3:03}", time=later(i * i / 60)) for i in range(9)]
    with traffic(rows) as held:
        pace = held.population.pace
    start = int(NOON.timestamp() // 60)
    assert pace is not None and (pace.minute - start).tolist() == [i * i for i in range(9)]
    assert pace.counts.tolist() == [1] * 9


def test_what_passed_is_counted_once_by_signal_and_half() -> None:
    with traffic(rows(), PASSED) as held:
        moved, units = held.handovers, held.units
        for code, name in enumerate(held.signals):
            passed = {u for s, u, *_rest in PASSED if s == name}
            assert units[code].sum() == len(passed)
            for half in (0, 1):
                mine = (moved.signal == code) & (moved.half == half)
                assert units[code, half] == len(set(moved.unit[mine].tolist()))
