"""Planted accounts have papers like the operator's, apart from what their design makes them share."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.ranges.planting import Planted
from tests.ranges.planting.makers import own_accounts


def tables(folder: Path) -> tuple[pa.Table, pa.Table]:
    """The planted accounts' rows, and the operator's."""
    whole = pq.read_table(folder / "accounts.parquet").to_pylist()
    own = {row["account_id"] for row in own_accounts()}
    split = ([r for r in whole if r["account_id"] not in own], [r for r in whole if r["account_id"] in own])
    schema = pq.read_schema(folder / "accounts.parquet")
    return pa.Table.from_pylist(split[0], schema=schema), pa.Table.from_pylist(split[1], schema=schema)


def test_every_planted_account_has_a_row_and_the_operators_keep_theirs(planted: tuple[Path, Planted]) -> None:
    new, own = tables(planted[0])
    assert (len(new), len(own)) == (12, 30)
    assert [r["payment_fp"] for r in own.to_pylist()] == [r["payment_fp"] for r in own_accounts()]


def test_columns_that_the_table_lacks_stay_empty(planted: tuple[Path, Planted]) -> None:
    new, _ = tables(planted[0])
    for name in ("phone_fp", "signup_ip", "declared_use", "verification", "org_id"):
        assert new[name].null_count == len(new)


def test_a_careless_pool_shares_cards_and_mail(planted: tuple[Path, Planted]) -> None:
    new, own = tables(planted[0])
    cards = new["payment_fp"].to_pylist()
    assert len(set(cards)) == 2  # six accounts a card
    assert all(re.fullmatch("card-[0-9a-f]{4}", c) for c in cards)
    assert not set(cards) & set(own["payment_fp"].to_pylist())
    assert len(set(new["email_domain"].to_pylist())) == 1
    assert new["email_domain"].to_pylist()[0] in {"mail.test", "post.test"}


def test_papers_are_told_as_the_table_tells_them(planted: tuple[Path, Planted]) -> None:
    new, _ = tables(planted[0])
    assert set(new["plan"].to_pylist()) <= {"free", "team"}
    assert all(re.fullmatch("[0-9a-f]{8}", v) for v in new["email_fp"].to_pylist())
    assert all(at.microsecond == 0 for at in new["created_at"].to_pylist())
    assert set(new["status"].to_pylist()) == {"active"}
