"""Ids are named once, in the log's shapes, and repeat other columns as the log's do."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from stillwatch.ranges.planting.naming import Naming
from tests.ranges.planting.makers import own_rows, profile_of


def naming(folder: Path, rows: list[dict[str, object]]) -> Naming:
    return Naming(profile_of(folder, rows), np.random.default_rng(1))


def test_one_planted_id_stays_one_id_and_is_nobody_elses(tmp_path: Path) -> None:
    found = naming(tmp_path, own_rows())
    first = found.one_each("account_id", ["a", "b", "a"])
    assert first[0] == first[2] != first[1]
    assert found.one_each("account_id", ["b", "c"])[0] == first[1]
    assert all(re.fullmatch(r"cust_0\d{4}|cust_\d{5}", str(v)) for v in first)
    assert not {*first} & found.profile.accounts


def test_a_column_that_the_log_lacks_stays_empty(tmp_path: Path) -> None:
    assert naming(tmp_path, own_rows()).one_each("org_id", ["a"]) == [None]


def test_requests_are_named_as_their_gateway_names_them(tmp_path: Path) -> None:
    rows = own_rows(200)
    for row in rows[::2]:
        row["api"], row["exchange_id"] = "messages", "msg_" + row["exchange_id"][4:]
    found = naming(tmp_path, rows)
    families = [("gateway:own", "messages"), ("gateway:own", "chat")] * 5
    made = found.requests("exchange_id", np.arange(10), families, set())
    assert [str(v)[:4] for v in made] == ["msg_", "req-"] * 5
    assert len(set(made)) == 10


def test_taken_ids_are_not_given(tmp_path: Path) -> None:
    rows = own_rows(9)
    for i, row in enumerate(rows):
        row["exchange_id"] = str(i)
    made = naming(tmp_path, rows).requests("exchange_id", np.arange(3), [None] * 3, {"9"})
    assert not set(made) & {str(i) for i in range(10)}


def test_columns_that_repeat_another_are_known(tmp_path: Path) -> None:
    rows = own_rows()
    for row in rows:
        row["key_id"] = row["account_id"]
        row["session_id"] = "s" + row["exchange_id"]
    found = naming(tmp_path, rows)
    assert found.copies["key_id"] == "account_id"
    assert found.copies["exchange_id"] is None
    assert found.repeats["account_id"] and not found.repeats["session_id"]
