"""Formats without content."""

from __future__ import annotations

import pyarrow as pa

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.formats import (
    CLIENT_CLASS,
    account_columns,
    account_features,
    exchange_columns,
    exchange_features,
)


def features(**values: str) -> dict[str, float | str]:
    with Database() as database:
        kinds = exchange_columns()
        database.load("raw", pa.table({name: pa.array([values.get(name)], pa.string()) for name in kinds}))
        cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in kinds.items())
        made = ", ".join(f'{formula} AS "{name}"' for name, formula in exchange_features().items())
        (row,) = database.rows(f"SELECT {made}, {CLIENT_CLASS} AS class FROM (SELECT {cast} FROM raw)")
    return row


def test_ids_are_told_by_shape_only() -> None:
    one = features(exchange_id="ex_0a1b", key_id="sk-ZZ", org_id="3f-77aa0912")
    two = features(exchange_id="ex_77ff", key_id="sk-QQ", org_id="9c-11bb2233")
    assert one == two
    assert one["exchange_id prefix"] == "ex" and one["exchange_id length"] == 7
    assert one["key_id has capitals"] == 1 and one["key_id beyond hex"] == 1
    assert one["org_id prefix"] == "" and one["org_id other characters"] == 1


def test_nulls_resolution_and_decimals_are_told() -> None:
    row = features(time="2026-06-01T00:00:00.123000Z", temperature="0.70", top_p="1.0", duration_ms="12.345")
    assert row["system is null"] == 1 and row["time is null"] == 0
    assert row["time zeros"] == 3
    assert (row["temperature decimals"], row["top_p decimals"], row["duration_ms decimals"]) == (1, 0, 3)
    assert row["ttft_ms decimals"] is None


def test_a_client_class_has_no_version() -> None:
    one = features(user_agent="OpenAI/Python 1.2", sdk="openai/1.2 (cpython)")
    two = features(user_agent="OpenAI/Python 3.4", sdk="openai/3.4 (cpython)")
    assert one["class"] == two["class"] == "openai | openai | direct"
    assert features(platform="gateway:x")["class"] == "no agent | no sdk | relayed"


def test_accounts_have_their_own() -> None:
    assert "created_at zeros" in account_features() and "payment_fp length" in account_features()
    assert account_columns()["created_at"] == "TIMESTAMPTZ"
