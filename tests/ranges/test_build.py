from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from stillwatch.exchanges import DeadLetters, read_exchanges
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges import Part, Population, Range, build, demo, write
from stillwatch.ranges.ledger import LOG_SCHEMA
from tests.ranges.reading import Log

ORDER = [("time", "ascending"), ("exchange_id", "ascending")]

# Kinds whose histories hold answers that this log never issued, and why.
NEVER_ISSUED = {"lost_history", "eval_run"}  # restored from a backup; few-shot examples


def test_the_same_seed_gives_the_same_range(demo_range: Range) -> None:
    again = build("demo", seed=1)
    assert again.exchanges.equals(demo_range.exchanges)
    assert again.truth.equals(demo_range.truth)
    assert again.truth_accounts.equals(demo_range.truth_accounts)
    assert again.accounts is not None and again.accounts.equals(demo_range.accounts)


def test_another_seed_gives_another_range(demo_range: Range) -> None:
    other = build("demo", seed=2)
    texts = set(demo_range.exchanges["output"].to_pylist()) & set(other.exchanges["output"].to_pylist())
    assert len(texts) < demo_range.exchanges.num_rows / 10


def test_a_part_does_not_disturb_another() -> None:
    chat = Part("chat_users", 3, 20)
    alone = build(Population("p", (chat,), 2.0), seed=4)
    beside = build(Population("p", (chat, Part("load_test", 1, 10)), 2.0), seed=4)
    told = set(beside.exchanges["output"].to_pylist())
    assert set(alone.exchanges["output"].to_pylist()) <= told


def test_the_log_has_the_canonical_schema_and_required_fields(incident_range: Range) -> None:
    table = incident_range.exchanges
    assert table.schema.equals(LOG_SCHEMA)
    for name in ("exchange_id", "time", "account_id"):
        assert table[name].null_count == 0
    assert len(pc.unique(table["exchange_id"])) == table.num_rows
    times = table["time"].to_pylist()
    assert times == sorted(times)
    assert incident_range.accounts is not None
    assert incident_range.accounts.schema.equals(ACCOUNT_SCHEMA)


def test_missing_is_null_and_never_empty(incident_log: Log) -> None:
    # A system text or session that is not there must not be an empty string.
    for row in incident_log.rows:
        empty = [name for name, value in row.items() if value == "" and name != "output"]
        assert not empty


def test_the_truth_covers_every_exchange_and_every_account(incident_range: Range) -> None:
    log, truth = incident_range.exchanges, incident_range.truth
    assert set(log["exchange_id"].to_pylist()) == set(truth["exchange_id"].to_pylist())
    assert truth.num_rows == log.num_rows
    assert incident_range.accounts is not None
    known = set(incident_range.accounts["account_id"].to_pylist())
    assert set(log["account_id"].to_pylist()) <= known
    assert set(incident_range.truth_accounts["account_id"].to_pylist()) == known


def test_roles_agree_with_exchanges(incident_range: Range, incident_log: Log) -> None:
    roles = incident_range.truth_accounts.to_pylist()
    members = {(r["account_id"], r["campaign"]) for r in roles}
    for row in incident_log.rows:
        if row["campaign"] is not None:
            assert (row["account_id"], row["campaign"]) in members
    for role in roles:
        assert role["role"] in ("operator", "mixed", "customer", "benign")
        assert (role["campaign"] is None) == (role["role"] in ("customer", "benign"))


def test_answers_in_a_history_were_issued_before(incident_log: Log) -> None:
    issued: set[str] = set()
    unknown: Counter[str] = Counter()
    for row in incident_log.rows:
        for message in row["messages"]:
            if message["role"] == "assistant":
                said = message["content"].split("\n[tool_call:")[0]
                unknown[row["kind"]] += said not in issued
        if row["output"] is not None:
            issued.add(row["output"])
    assert {kind for kind, n in unknown.items() if n} <= NEVER_ISSUED


def test_reasoning_presented_was_issued_before(incident_log: Log) -> None:
    issued: set[str] = set()
    for row in incident_log.rows:
        assert set(row["reasoning_ref"] or ()) <= issued
        issued.update(row["reasoning_issued"] or ())


def test_refused_requests_have_no_answer(incident_log: Log) -> None:
    for row in incident_log.rows:
        assert (row["status"] != 200) == (row["finish_reason"] == "error") == (row["output"] is None)
        assert (row["error_type"] is not None) == (row["status"] != 200)
        if row["status"] == 200:
            assert row["output_tokens"] >= 1 and row["input_tokens"] >= 1


def test_what_is_written_reads_back_through_the_readers(demo_range: Range, tmp_path) -> None:
    for form in ("parquet", "jsonl"):
        paths = write(demo_range, tmp_path / form, form)
        assert set(paths) == {"exchanges", "accounts", "truth", "truth_accounts"}
        with DeadLetters(tmp_path / f"{form}.rejected") as dead_letters:
            batches = list(read_exchanges([str(paths["exchanges"])], dead_letters=dead_letters))
        back = pa.Table.from_batches(batches).select(LOG_SCHEMA.names).sort_by(ORDER)
        assert back.equals(demo_range.exchanges.sort_by(ORDER))


def test_parquet_holds_exactly_the_range(demo_range: Range, tmp_path) -> None:
    paths = write(demo_range, tmp_path)
    assert pq.read_table(paths["exchanges"]).equals(demo_range.exchanges)


def test_a_range_can_lack_the_accounts_table(tmp_path) -> None:
    population = Population("p", (Part("chat_users", 2, 5),), 1.0)
    built = build(population, accounts_table=False)
    assert built.accounts is None
    assert "accounts" not in write(built, tmp_path)


def test_unknown_names_say_what_exists(tmp_path) -> None:
    with pytest.raises(ValueError, match="expected one of demo, benign, incident, found 'peace'"):
        build("peace")
    with pytest.raises(ValueError, match="kind: expected one of chat_users"):
        build(Population("p", (Part("war", 1, 1),), 1.0))
    with pytest.raises(ValueError, match="form: expected parquet or jsonl"):
        write(build(Population("p", (Part("chat_users", 1, 1),), 1.0)), tmp_path, "csv")


def test_the_demo_scales() -> None:
    population = demo().scaled(accounts=400, exchanges=6_000)
    assert abs(population.accounts - 400) < 10
    assert abs(population.exchanges - 6_000) < 300
