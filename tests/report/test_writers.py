"""The files of a result: exactly the contract, the same bytes for the same result."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import jsonschema
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.report.results import campaigns_schema
from stillwatch.report.writers import (
    ACCOUNTS_SCHEMA,
    EXCHANGES_SCHEMA,
    WORKLOADS_SCHEMA,
    canonical_table,
    write_results,
)

from .makers import campaign, result, run, three

CONTRACT = [
    "campaign_id", "verdict", "confidence", "log10_e", "axes", "capabilities", "accounts", "exchanges",
    "first_seen", "last_seen", "models", "platforms", "value_at_risk", "evidence", "counter_evidence",
    "recommended", "atlas",
]  # fmt: skip
FILES = {
    "campaigns.json", "details.json", "exchanges.parquet", "accounts.parquet", "workloads.parquet",
    "rejected.jsonl", "report.html", "run.json",
}  # fmt: skip


def test_every_file_of_the_contract_is_written(tmp_path: Path) -> None:
    out = write_results(result(), tmp_path / "out")
    assert {p.name for p in out.iterdir()} == FILES
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_campaign_has_the_contracts_keys_in_order_and_only_adds(tmp_path: Path) -> None:
    out = write_results(result(), tmp_path / "out")
    (record,) = orjson.loads((out / "campaigns.json").read_bytes())
    assert list(record)[: len(CONTRACT)] == CONTRACT
    assert set(record) - set(CONTRACT) == {"caps"}
    assert record["first_seen"] == "2026-11-02T06:00:00Z"


@pytest.mark.parametrize("campaigns", [(), (campaign(),), three()], ids=["none", "one", "three"])
def test_campaigns_keep_the_published_schema(tmp_path: Path, campaigns: tuple) -> None:
    out = write_results(result(campaigns), tmp_path / "out")
    schema = campaigns_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(orjson.loads((out / "campaigns.json").read_bytes()))


def test_the_schema_refuses_what_breaks_the_contract(tmp_path: Path) -> None:
    out = write_results(result(), tmp_path / "out")
    (record,) = orjson.loads((out / "campaigns.json").read_bytes())
    validator = jsonschema.Draft202012Validator(campaigns_schema())
    for key in CONTRACT:
        assert not validator.is_valid([{k: v for k, v in record.items() if k != key}]), key
    assert not validator.is_valid([record | {"verdict": "guilty"}])


def test_the_most_serious_campaign_comes_first(tmp_path: Path) -> None:
    low = campaign(seed=3, confidence="suspected")
    out = write_results(result((*three(), low)), tmp_path / "out")
    order = [(c["verdict"], c["confidence"]) for c in orjson.loads((out / "campaigns.json").read_bytes())]
    assert order == [
        ("distillation_campaign", "high"),
        ("distillation_campaign", "suspected"),
        ("resale_pool", "suspected"),
        ("bulk_extraction", "consistent_with"),
    ]


def test_tables_have_exactly_the_contracts_columns_and_types(tmp_path: Path) -> None:
    out = write_results(result(three()), tmp_path / "out")
    for name, schema in (
        ("exchanges", EXCHANGES_SCHEMA),
        ("accounts", ACCOUNTS_SCHEMA),
        ("workloads", WORKLOADS_SCHEMA),
    ):
        written = pq.read_schema(out / f"{name}.parquet")
        assert written.names == schema.names
        assert written.types == schema.types


def test_equal_results_give_equal_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    one = result(three())
    rows = list(range(one.exchanges.num_rows))
    random.Random(1).shuffle(rows)
    other = dataclasses.replace(
        one,
        campaigns=one.campaigns[::-1],
        exchanges=pa.concat_tables([one.exchanges.take(rows[:50]), one.exchanges.take(rows[50:])]),
        run=run(timings={"read": 9.9}, peak_memory_bytes=1),
    )
    a, b = write_results(one, tmp_path / "a"), write_results(other, tmp_path / "b")
    for name in FILES - {"run.json"}:
        assert (a / name).read_bytes() == (b / name).read_bytes(), name


def test_a_table_without_a_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="lacks capability"):
        canonical_table(EXCHANGES_SCHEMA.empty_table().drop_columns(["capability"]), EXCHANGES_SCHEMA)


def test_floats_hold_no_negative_zero_and_no_noise() -> None:
    table = pa.Table.from_pylist(
        [{"account_id": "a", "share_lower": 0.1 + 0.2, "log10_e": -1e-12}], ACCOUNTS_SCHEMA
    )
    (row,) = canonical_table(table, ACCOUNTS_SCHEMA).to_pylist()
    assert (row["share_lower"], str(row["log10_e"])) == (0.3, "0.0")


def test_dead_letters_are_carried_over(tmp_path: Path) -> None:
    letters = tmp_path / "letters.jsonl"
    letters.write_text('{"file": "a.jsonl", "line": 3, "field": "time", "reason": "absent", "raw": "{}"}\n')
    out = write_results(result(), tmp_path / "out", rejected=letters)
    assert (out / "rejected.jsonl").read_text() == letters.read_text()


def test_a_failing_write_leaves_the_earlier_result_whole(tmp_path: Path) -> None:
    out = write_results(result(), tmp_path / "out")
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    with pytest.raises(ValueError, match="NaN"):
        write_results(result((campaign(log10_e=float("nan")),)), out)
    with pytest.raises(FileNotFoundError):
        write_results(result(()), out, rejected=tmp_path / "absent.jsonl")
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_evidence_without_bound_is_still_json(tmp_path: Path) -> None:
    endless = campaign(log10_e=float("inf"), axes={"coordination": float("inf"), "extraction": float("-inf")})
    out = write_results(result((endless,)), tmp_path / "out")
    (record,) = orjson.loads((out / "campaigns.json").read_bytes())
    assert record["axes"] == {"coordination": 1e6, "extraction": -1e6, "evasion": 0.0}
