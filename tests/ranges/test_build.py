from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges import Part, Population, Range, build, stage
from stillwatch.ranges.build import LOG_SCHEMA, START, TRUTH_SCHEMA
from stillwatch.ranges.render import spill
from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, never_issued

MODULE = import_module("stillwatch.ranges.build")  # the package exports the function of the same name
SMALL = Population(
    "small",
    (
        part("chat_users", 20, 200),
        part("coding_agents", 6, 120),
        part("evaluation_runs", 3, 90),
        part("hydra", 6, 200, "willow", bans=2),
    ),
    3.0,
)

# Kinds whose histories hold answers, and reasoning, that this log never issued, and why.
NEVER_ISSUED = {
    "lost_history",  # restored from a backup
    "eval_run",  # few-shot examples
    "stored_sessions",  # conversations with another model
}


def same(one: Range, two: Range) -> bool:
    tables = ("exchanges", "accounts", "truth", "truth_accounts")
    return all(getattr(one, name).equals(getattr(two, name)) for name in tables)


@pytest.fixture(scope="module")
def small() -> Range:
    return build(SMALL, seed=1)


def test_the_same_seed_gives_the_same_range(small: Range) -> None:
    assert same(small, build(SMALL, seed=1))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_and_chunks_do_not_show(threads: int, small: Range, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_THREADS", threads)
    monkeypatch.setattr(MODULE, "CHUNK", 37)
    assert same(small, build(SMALL, seed=1))


@pytest.mark.parametrize(("window", "buffer"), [(50, 20), (200, 10_000)])
def test_a_range_spilled_over_several_windows_is_the_same(
    window: int, buffer: int, small: Range, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spill, "WINDOW", window)
    monkeypatch.setattr(spill, "_BUFFER", buffer)
    assert same(small, build(SMALL, seed=1))


def test_another_seed_gives_other_texts(small: Range) -> None:
    other = build(SMALL, seed=2)
    texts = [{t for t in r.exchanges["output"].to_pylist() if t and len(t) > 60} for r in (small, other)]
    assert len(texts[0] & texts[1]) < len(texts[0]) / 10
    assert not set(small.exchanges["exchange_id"].to_pylist()) & set(
        other.exchanges["exchange_id"].to_pylist()
    )


def test_a_part_does_not_disturb_the_words_of_another() -> None:
    chat = part("chat_users", 3, 20)
    alone = build(Population("p", (chat,), 2.0), seed=4)
    beside = build(Population("p", (part("load_test", 1, 10), chat), 2.0), seed=4)
    assert set(alone.exchanges["output"].to_pylist()) <= set(beside.exchanges["output"].to_pylist())


def test_equal_parts_are_not_equal_traffic() -> None:
    twice = build(Population("p", (part("chat_users", 3, 20),) * 2, 2.0))
    long = [t for t in twice.exchanges["output"].to_pylist() if t and len(t) > 60]
    assert len(set(long)) > 0.9 * len(long)
    assert len(pc.unique(twice.exchanges["account_id"])) == 6


def test_the_log_has_the_canonical_schema_and_required_fields(whole: Range) -> None:
    table = whole.exchanges
    assert table.schema.equals(LOG_SCHEMA) and whole.truth.schema.equals(TRUTH_SCHEMA)
    for name in ("exchange_id", "time", "account_id", "model", "ip", "user_agent", "status"):
        assert table[name].null_count == 0
    assert len(pc.unique(table["exchange_id"])) == table.num_rows
    assert whole.accounts is not None and whole.accounts.schema.equals(ACCOUNT_SCHEMA)
    assert len(pc.unique(whole.accounts["account_id"])) == whole.accounts.num_rows


def test_times_ascend_within_the_span(whole: Range) -> None:
    times = whole.exchanges["time"].to_pylist()
    assert times == sorted(times)
    assert times[0] >= START and times[-1] < START + timedelta(days=7)


def test_a_range_begins_when_told() -> None:
    start = datetime(2027, 1, 4, tzinfo=UTC)
    first = build(Population("p", (part("chat_users", 3, 30),), 2.0), start=start)
    again = build(Population("p", (part("chat_users", 3, 30),), 2.0))
    assert first.exchanges["time"][0].as_py() - start == again.exchanges["time"][0].as_py() - START


def test_missing_is_null_and_never_empty(whole_log: Log) -> None:
    # A system text or session that is not there must not be an empty string or list.
    for row in whole_log.rows:
        assert not [name for name, value in row.items() if value in ("", [])]
        assert row["messages"] and all(m["content"] for m in row["messages"])


def test_the_truth_covers_every_exchange_and_every_account(whole: Range) -> None:
    log, truth = whole.exchanges, whole.truth
    for name in ("exchange_id", "account_id"):
        assert log[name].equals(truth[name])
    assert whole.accounts is not None
    known = set(whole.accounts["account_id"].to_pylist())
    assert set(log["account_id"].to_pylist()) <= known
    assert set(whole.truth_accounts["account_id"].to_pylist()) == known


def test_roles_agree_with_campaigns(whole_log: Log) -> None:
    members = {(r["account_id"], r["campaign"]) for r in whole_log.roles}
    assert len(members) == len(whole_log.roles)
    for row in whole_log.rows:
        if row["campaign"] is not None:
            assert (row["account_id"], row["campaign"]) in members
    for role in whole_log.roles:
        assert role["role"] in ("operator", "mixed", "customer", "benign")
        assert (role["campaign"] is None) == (role["role"] in ("customer", "benign"))
    honest = {r["account_id"] for r in whole_log.roles if r["campaign"] is None}
    assert not honest & {r["account_id"] for r in whole_log.roles if r["campaign"]}


def test_answers_in_a_history_were_issued_before(whole_log: Log) -> None:
    unknown = Counter(row["kind"] for row, _ in never_issued(whole_log.rows))
    assert set(unknown) <= NEVER_ISSUED, unknown


def test_reasoning_presented_was_issued_before_and_only_once(whole_log: Log) -> None:
    issued: set[str] = set()
    for row in whole_log.rows:
        fresh = set(row["reasoning_issued"] or ())
        assert row["kind"] in NEVER_ISSUED or set(row["reasoning_ref"] or ()) <= issued
        assert not fresh & issued
        issued |= fresh


def test_refused_requests_have_no_answer(whole_log: Log) -> None:
    for row in whole_log.rows:
        assert (row["status"] != 200) == (row["finish_reason"] == "error") == (row["output"] is None)
        assert (row["error_type"] is not None) == (row["status"] != 200)
        if row["status"] == 200:
            assert row["output_tokens"] >= 1 and row["input_tokens"] >= 1


def test_nobody_uses_an_account_before_it_was_opened(whole_log: Log) -> None:
    late = Counter(
        row["kind"] for row in whole_log.rows
        if row["status"] == 200 and row["time"] < whole_log.accounts[row["account_id"]]["created_at"]
    )  # fmt: skip
    assert not late


def test_a_range_can_lack_the_accounts_table() -> None:
    assert build(Population("p", (part("chat_users", 2, 5),), 1.0), accounts_table=False).accounts is None


def test_an_unknown_kind_says_what_exists() -> None:
    with pytest.raises(ValueError, match=r"kind: expected one of chat_users, .*found 'war'"):
        build(Population("p", (Part("war", 1, 1),), 1.0))


def test_a_population_without_parts_is_an_empty_range() -> None:
    empty = build(Population("p", (), 1.0))
    assert empty.exchanges.num_rows == empty.truth.num_rows == empty.truth_accounts.num_rows == 0


def test_what_is_staged_tells_its_progress_and_accounts_before_a_text_is_written(tmp_path: Path) -> None:
    told: list[str] = []
    staged = stage(SMALL, 1, tmp_path, progress=told.append)
    assert told == [f"planning {p.kind}" for p in SMALL.parts]
    assert len(staged.accounts()) == 20 + 6 + 3 + 6 + 2
    batches = [log for log, _ in staged.batches()]
    assert pa.Table.from_batches(batches).num_rows == staged.scene.rows
