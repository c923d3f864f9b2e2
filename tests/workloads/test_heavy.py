"""Heavy shingles are counted by accounts, and chance sharing makes none."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from stillwatch.engines import Session
from stillwatch.workloads import heavy as heavy_room
from stillwatch.workloads.heavy import (
    ALPHA,
    MIN_REPEATS,
    SYSTEM,
    USER,
    account_cut,
    count_holders,
    find_heavy,
    incidence,
)
from tests.workloads.makers import equal_rows, loaded, shuffled, sketch_row, sketches

shingle_sets = st.lists(st.integers(-5, 5), max_size=4, unique=True)
logs = st.lists(st.tuples(st.sampled_from("abcd"), shingle_sets, shingle_sets), max_size=25)


def log(rows: list[tuple[str, list[int], list[int]]]) -> pa.Table:
    """Return sketches of (account, shingles of the system text, shingles of the user's)."""
    return sketches(
        sketch_row(i, account_id=a, system_shingles=s, user_shingles=u) for i, (a, s, u) in enumerate(rows)
    )


def tallied(counts: list[tuple[int, int]]) -> int:
    """Return the cut for shingles with so many accounts each: (accounts, shingles)."""
    with Session() as session:
        holders = [accounts for accounts, shingles in counts for _shingle in range(shingles)]
        return account_cut(
            session, session.load("counts", pa.table({"accounts": pa.array(holders, pa.int64())}))
        )


@given(logs)
@settings(max_examples=25, deadline=None)
def test_holders_are_accounts_and_repeats_are_of_one_account(rows) -> None:
    uses: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for account, system, user in rows:
        for part, shingles in ((SYSTEM, system), (USER, user)):
            for shingle in shingles:
                uses[part, shingle][account] += 1
    with loaded(log(rows)) as (session, held):
        found = session.fetch(count_holders(incidence(held))).to_pylist()
    assert {(r["part"], r["shingle"]): (r["accounts"], r["repeats"]) for r in found} == {
        key: (len(of), max(of.values())) for key, of in uses.items()
    }


def test_one_busy_account_makes_no_text_common() -> None:
    quiet = [(a, [1], [10 + i]) for i, a in enumerate("abcdefgh")]
    busy = quiet + [("a", [1], [10])] * 500
    cuts = []
    for rows in (quiet, busy):
        with loaded(log(rows)) as (session, held):
            counts = session.save("counts", count_holders(incidence(held)))
            cuts.append(account_cut(session, counts))
            of = {r["shingle"]: r["accounts"] for r in session.fetch(counts).to_pylist()}
        assert of[10] == 1 and of[1] == 8
    assert cuts[0] == cuts[1]


@given(st.integers(1, 4), st.integers(1, 100_000), st.integers(0, 40))
@settings(max_examples=20, deadline=None)
def test_at_the_cut_chance_makes_less_than_alpha_shingles_heavy(
    holders: int, shingles: int, shared: int
) -> None:
    counts = [(holders, shingles), (holders + 50, min(shared, shingles // 200))]
    tracked = sum(n for _holders, n in counts)
    cut = tallied(counts)
    assert tracked * poisson.sf(cut - 1, holders) <= ALPHA
    assert tracked * poisson.sf(cut - 3, holders) > ALPHA


def test_the_commonest_hundredth_does_not_raise_the_cut() -> None:
    assert tallied([(1, 10_000)]) <= tallied([(1, 10_000), (500, 90)]) <= tallied([(1, 10_000)]) + 1


def test_more_shingles_tracked_need_more_accounts() -> None:
    cuts = [tallied([(1, n)]) for n in (10, 1_000, 100_000)]
    assert cuts == sorted(cuts) and cuts[0] < cuts[-1]


@pytest.mark.parametrize("seed", range(3))
def test_texts_shared_by_chance_are_not_heavy(seed: int) -> None:
    chance = Random(seed)
    accounts = [f"a{i:03}" for i in range(200)]
    rows = [(chance.choice(accounts), [], chance.sample(range(3_000), 12)) for _row in range(800)]
    with loaded(log(rows)) as (session, held):
        heavy, postings = find_heavy(session, held)
        assert session.fetch(heavy).num_rows == session.fetch(postings).num_rows == 0


def test_what_many_accounts_send_or_one_repeats_is_heavy_and_keeps_its_postings() -> None:
    common = [(f"a{i}", [], [1, 100 + i]) for i in range(30)]
    repeated = [("z", [2], [200 + i]) for i in range(MIN_REPEATS)]
    rare = [("y", [3], [300 + i]) for i in range(MIN_REPEATS - 1)]
    with loaded(log(common + repeated + rare)) as (session, held):
        heavy, postings = find_heavy(session, held)
        found = {(r["part"], r["shingle"]) for r in session.fetch(heavy).to_pylist()}
        assert found == {(USER, 1), (SYSTEM, 2)}
        assert session.fetch(postings).num_rows == 30 + MIN_REPEATS


def test_the_same_shingle_in_the_system_text_and_in_the_users_is_two() -> None:
    rows = [(f"a{i}", [7], []) for i in range(20)] + [("z", [], [7])]
    with loaded(log(rows)) as (session, held):
        heavy, _postings = find_heavy(session, held)
        assert [(r["part"], r["shingle"]) for r in session.fetch(heavy).to_pylist()] == [(SYSTEM, 7)]


@given(logs, st.integers(0, 9))
@settings(max_examples=10, deadline=None)
def test_row_order_and_split_change_nothing(rows, seed: int) -> None:
    rows = [*rows, *[("e", [1], [2])] * MIN_REPEATS]
    tables = []
    for table in (log(rows), shuffled(log(rows), seed)):
        with loaded(table) as (session, held):
            tables.append([session.fetch(part) for part in find_heavy(session, held)])
    for one, other, by in zip(
        *tables, (("part", "shingle"), ("part", "shingle", "exchange_key")), strict=True
    ):
        assert equal_rows(one, other, *by)


def test_a_log_without_text_has_none() -> None:
    with loaded(log([("a", [], [])])) as (session, held):
        assert session.fetch(find_heavy(session, held)[0]).num_rows == 0


@pytest.mark.parametrize("slices", [2, 7])
def test_counting_in_slices_counts_the_same(slices: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(4)
    rows = [(chance.choice("abcdefgh"), [], chance.sample(range(-40, 40), 6)) for _row in range(300)]
    found = []
    for cut in (1, slices):
        monkeypatch.setattr(heavy_room, "slices_for", lambda *_, cut=cut: cut)
        with loaded(log(rows)) as (session, held):
            found.append([session.fetch(part) for part in find_heavy(session, held)])
    for one, other, by in zip(
        *found, (("part", "shingle"), ("part", "shingle", "exchange_key")), strict=True
    ):
        assert one.num_rows and equal_rows(one, other, *by)


def test_counting_in_slices_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(5)
    rows = [
        (draw.choice("abcdefgh"), [draw.randint(-9, 9)], [draw.randint(-40, 40) for _ in range(4)])
        for _exchange in range(300)
    ]

    def found() -> list[list[dict[str, object]]]:
        with loaded(log(rows)) as (session, held):
            tables = [session.fetch(table).to_pylist() for table in find_heavy(session, held)]
        return [sorted(table, key=repr) for table in tables]

    whole = found()
    monkeypatch.setattr(heavy_room, "slices_for", lambda *_given: 7)
    assert found() == whole
    assert all(whole)


def test_as_many_slices_are_cut_as_memory_needs() -> None:
    with loaded(log([("a", [1], [2, 3])] * 100)) as (session, held):
        assert heavy_room.slices_for(session, held) == 1
        session.room = 20_000
        assert heavy_room.slices_for(session, held) == 300 * heavy_room.ENTRY_BYTES // 20_000 + 1
        session.room = 1
        assert heavy_room.slices_for(session, held) == heavy_room.MOST_SLICES
