"""Every row of the operator's passes as it is, in its order; planted rows stand where their time is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.exchanges.schema import INSTANT
from stillwatch.ranges.planting.merge import OPERATORS, copy_log, known_among, merge, read_back
from stillwatch.ranges.planting.profile import times_of
from stillwatch.ranges.render.exchanges import LOG_SCHEMA, TRUTH_SCHEMA
from tests.ranges.planting.makers import batches_of, own_rows, write_jsonl


def rows_at(times: list[int], prefix: str) -> pa.Table:
    made = {
        "exchange_id": pa.array([f"{prefix}{i}" for i in range(len(times))]),
        "time": pa.array(times, pa.int64()).cast(INSTANT),
        "account_id": pa.array([prefix] * len(times), pa.string()),
    }
    columns = [made.get(f.name, pa.nulls(len(times), f.type)) for f in LOG_SCHEMA]
    return pa.Table.from_arrays(columns, schema=LOG_SCHEMA)


def labels_of(rows: pa.Table) -> pa.Table:
    ids = [rows["exchange_id"], rows["account_id"]]
    words = [pa.array([word] * len(rows), pa.string()) for word in ("planted", "cot_harvest", "x")]
    return pa.Table.from_arrays([*ids, *words], schema=TRUTH_SCHEMA)


def merged(folder: Path, own: list[int], new: list[int]) -> tuple[pa.Table, pa.Table]:
    log, planted = folder / "log.parquet", rows_at(sorted(new), "p")
    pq.write_table(rows_at(own, "o"), log)
    out = {name: folder / f"{name}.parquet" for name in ("exchanges", "truth")}
    merge(log, planted, labels_of(planted), out)
    return pq.read_table(out["exchanges"]), pq.read_table(out["truth"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.lists(st.integers(0, 50), max_size=30))
def test_nothing_is_lost_moved_or_altered(
    tmp_path_factory: pytest.TempPathFactory, own: list[int], new: list[int]
) -> None:
    rows, truth = merged(tmp_path_factory.mktemp("m"), own, new)
    assert rows["exchange_id"].equals(truth["exchange_id"])
    ids = rows["exchange_id"].to_pylist()
    assert [i for i in ids if i[0] == "o"] == [f"o{i}" for i in range(len(own))]
    assert [i for i in ids if i[0] == "p"] == [f"p{i}" for i in range(len(new))]
    if own == sorted(own):
        assert (np.diff(times_of(rows)) >= 0).all()


def test_the_operators_rows_are_only_presumed(tmp_path: Path) -> None:
    _, truth = merged(tmp_path, [1, 2], [3])
    assert truth.to_pylist()[0] == {
        "exchange_id": "o0", "account_id": "o", "campaign": None, "kind": OPERATORS, "capability": None,
    }  # fmt: skip


def test_a_copied_log_is_the_log_as_read(tmp_path: Path) -> None:
    batches = batches_of(write_jsonl(tmp_path / "own.jsonl", own_rows(300)))
    profile = copy_log(iter(batches), tmp_path / "log.parquet")
    assert profile is not None and profile.rows == 300
    back = pa.Table.from_batches(read_back(tmp_path / "log.parquet"))
    assert back.equals(pa.Table.from_batches(batches).select(LOG_SCHEMA.names).combine_chunks())


def test_ids_that_are_there_already_are_known(tmp_path: Path) -> None:
    pq.write_table(rows_at([1, 2, 3], "o"), tmp_path / "log.parquet")
    assert known_among(tmp_path / "log.parquet", pa.array(["o1", "new"])) == {"o1"}


def test_an_empty_log_has_no_profile(tmp_path: Path) -> None:
    assert copy_log(iter(()), tmp_path / "log.parquet") is None
