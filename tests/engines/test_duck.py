"""A session is a working database of one run: bounded, private, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis import _

from stillwatch.engines import Session, duck
from stillwatch.engines.duck import LEAST, MemoryLimitError

BIG = 1 << 40


def test_what_is_loaded_comes_back_as_it_was() -> None:
    table = pa.table(
        {"key": pa.array([-(1 << 63), 0, (1 << 63) - 1, None], pa.int64()), "name": ["a", "", "ß", None]}
    )
    with Session() as session:
        assert session.fetch(session.load("things", table)).equals(table)


@given(st.lists(st.lists(st.integers(-(1 << 62), 1 << 62), max_size=4), max_size=20))
@settings(max_examples=15, deadline=None)
def test_lists_of_keys_survive(rows: list[list[int]]) -> None:
    table = pa.table({"row": pa.array(range(len(rows))), "keys": pa.array(rows, pa.list_(pa.int64()))})
    with Session() as session:
        back = session.fetch(session.load("things", table).order_by("row"))
    assert back["keys"].to_pylist() == rows


def test_a_saved_table_no_longer_hangs_on_its_source() -> None:
    with Session() as session:
        loaded = session.load("things", pa.table({"n": [1, 2, 3]}))
        saved = session.save("more", loaded.mutate(twice=_.n * 2))
        session.drop("things")
        assert session.fetch(saved.order_by("n"))["twice"].to_pylist() == [2, 4, 6]
        assert session.fetch(session.table("more").count().as_table()).to_pylist()[0].popitem()[1] == 3


def test_saving_again_replaces_and_dropping_what_is_not_there_is_no_error() -> None:
    with Session() as session:
        session.load("things", pa.table({"n": [1]}))
        session.load("things", pa.table({"n": [5, 6]}))
        assert sorted(session.fetch(session.table("things"))["n"].to_pylist()) == [5, 6]
        session.drop("nothing", "things")


def test_a_table_may_be_made_from_the_one_it_replaces() -> None:
    with Session() as session:
        things = session.load("things", pa.table({"n": [1, 2]}))
        session.save("things", things.mutate(n=_.n + 10))
        assert sorted(session.fetch(session.table("things"))["n"].to_pylist()) == [11, 12]


def test_rows_are_added_to_a_table_by_the_names_of_their_columns() -> None:
    with Session() as session:
        things = session.load("things", pa.table({"n": [1, 2], "m": [10, 20]}))
        session.save("more", things)
        session.add("more", things.select(m=_.m, n=_.n + 2))
        found = session.fetch(session.table("more").order_by("n"))
    assert found.to_pydict() == {"n": [1, 2, 3, 4], "m": [10, 20, 10, 20]}


def test_wide_sums_come_back_as_integers() -> None:
    with Session() as session:
        things = session.load("things", pa.table({"n": [BIG, BIG, BIG]}))
        summed = session.fetch(things.agg(total=_.n.sum()))
    assert summed.schema.field("total").type == pa.int64()
    assert summed["total"].to_pylist() == [3 * BIG]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_beyond_64_bits_stops_at_the_last_of_them(sign: int) -> None:
    table = pa.table({"g": [0, 0, 0, 1, 2], "n": pa.array([sign << 62] * 3 + [7, None], pa.int64())})
    with Session() as session:
        things = session.load("things", table)
        found = session.fetch(things.group_by("g").agg(total=_.n.sum()).order_by("g"))["total"].to_pylist()
    assert found == [(1 << 63) - 1 if sign > 0 else -(1 << 63), 7, None]


@pytest.mark.parametrize("rows", [2048, 1 << 18])
def test_batches_hold_every_row_once(rows: int) -> None:
    with Session(threads=2) as session:
        things = session.load("things", pa.table({"n": range(10_000)}))
        got = [n for batch in session.batches(things, rows) for n in batch.column("n").to_pylist()]
        # a second stream may be open beside the first
        first, second = session.batches(things), session.batches(things)
        both = [sum(len(batch) for batch in stream) for stream in (second, first)]
    assert sorted(got) == list(range(10_000)) and both == [10_000, 10_000]


def test_parquet_files_are_one_table(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"it's {i}.parquet") for i in range(2)]
    for i, path in enumerate(paths):
        pq.write_table(pa.table({"n": [i]}), path)
    with Session() as session:
        assert sorted(session.fetch(session.parquet("things", paths))["n"].to_pylist()) == [0, 1]


def test_nothing_is_left_behind_even_after_an_error(tmp_path: Path) -> None:
    place = tmp_path / "it's here" / "deep"
    with pytest.raises(RuntimeError, match="stop"), Session(temp_dir=place) as session:
        session.load("things", pa.table({"n": [1]}))
        assert list(place.iterdir()) == [session.folder]
        raise RuntimeError("stop")
    assert list(place.iterdir()) == []


def test_two_sessions_share_nothing(tmp_path: Path) -> None:
    with Session(temp_dir=tmp_path) as one, Session(temp_dir=tmp_path) as other:
        one.load("things", pa.table({"n": [1]}))
        other.load("things", pa.table({"n": [2]}))
        assert one.fetch(one.table("things"))["n"].to_pylist() == [1]
        assert one.folder != other.folder


def test_a_sort_larger_than_the_memory_limit_spills_and_is_right() -> None:
    rows = 3_000_000
    with Session(memory_limit=96 << 20, threads=2) as session:
        made = session.load(
            "things", pa.table({"n": pa.array(range(rows)), "m": pa.array(range(rows, 0, -1))})
        )
        ordered = session.save("ordered", made.order_by(_.m))
        assert session.fetch(ordered.agg(n=_.count(), top=_.n.max())).to_pylist() == [
            {"n": rows, "top": rows - 1}
        ]


def test_times_are_utc_whatever_the_machine_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    moment = pa.array([1_780_272_000_000_000], pa.timestamp("us", tz="UTC"))
    with Session() as session:
        things = session.load("things", pa.table({"time": moment}))
        shown = session.fetch(things.mutate(hour=_.time.hour(), seconds=_.time.epoch_seconds()))
    assert shown["hour"].to_pylist() == [0]
    assert shown["time"].combine_chunks().equals(moment)


def _bytes(session: Session) -> int:
    ((shown,),) = session._duck.execute("SELECT current_setting('memory_limit')").fetchall()
    number, unit = str(shown).split()
    return int(float(number) * {"MiB": 1 << 20, "GiB": 1 << 30}[unit])


def test_the_engine_gets_what_the_rest_of_the_process_leaves() -> None:
    with Session() as session:
        session.fit(4_000_000_000)
        least = _bytes(session)
        assert LEAST <= least < 4_000_000_000
        session.fit(6_000_000_000)
        assert least < _bytes(session) < 6_000_000_000


def test_a_process_beyond_its_limit_leaves_the_engine_the_least() -> None:
    with Session() as session:
        session.fit(1_000_000)
        assert _bytes(session) == LEAST


def test_where_the_system_does_not_tell_a_share_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duck, "resident", lambda: None)
    with Session() as session:
        session.fit(1000 << 20)
        assert _bytes(session) == pytest.approx(400 << 20, rel=0.01)


def test_what_the_engine_holds_is_counted() -> None:
    with Session() as session:
        before = session.held()
        session.load("things", pa.table({"n": pa.array(range(1 << 18))}))
        assert session.held() > before


def test_rows_are_added_by_the_names_of_their_columns() -> None:
    with Session() as session:
        session.load("things", pa.table({"n": [1], "name": ["one"]}))
        session.add("things", session.load("more", pa.table({"name": ["two"], "n": [2]})))
        found = session.fetch(session.table("things").order_by("n"))
    assert found.to_pylist() == [{"n": 1, "name": "one"}, {"n": 2, "name": "two"}]


def test_what_does_not_fit_is_tried_in_smaller_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(threads=1) as session:
        done: list[str] = []

        class Short:
            """An engine that runs out of memory once."""

            def execute(self, statement: str) -> None:
                done.append(statement)
                if len(done) == 1:
                    raise duckdb.OutOfMemoryException("no more")

        with monkeypatch.context() as patched:
            patched.setattr(session, "_duck", Short())
            session._run("as if")
    assert done[0] == done[2] == "as if"
    assert done[1].startswith("SET threads")


def test_what_was_fetched_is_taken_from_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    fits: list[int] = []
    with Session() as session:
        session.fit(1 << 30)
        things = session.load("things", pa.table({"n": pa.array(range(1000))}))
        monkeypatch.setattr(session, "fit", fits.append)
        session.fetch(things)
        assert fits == []
        monkeypatch.setattr(duck, "LARGE", 1000)
        session.fetch(things)
    assert fits == [1 << 30]


def test_too_little_memory_is_told_with_what_to_do() -> None:
    def work() -> None:
        raise duckdb.OutOfMemoryException("no block of 256 KiB\n\nsee also")

    with Session() as session, pytest.raises(MemoryLimitError, match="--memory-limit") as told:
        session._patiently(work)
    assert "256 KiB" in str(told.value)
    assert "see also" not in str(told.value)


def test_an_interrupt_while_opening_leaves_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(duck.ibis.duckdb, "from_connection", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Session(temp_dir=tmp_path)
    assert list(tmp_path.iterdir()) == []
