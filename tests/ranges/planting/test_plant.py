"""Planting leaves the operator's log as it was, and a whole folder or nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.exchanges import DeadLetters, read_exchanges
from stillwatch.ranges.planting import Planted, PlantError, Wish, plant
from stillwatch.ranges.render.exchanges import LOG_SCHEMA
from tests.ranges.planting.makers import own_rows, planted_rows, write_jsonl

SHARED = Path(os.environ.get("STILLWATCH_SHARED", Path(__file__).parents[4] / "shared"))


def as_read(path: Path) -> pa.Table:
    batches = read_exchanges(path, dead_letters=DeadLetters())
    return pa.Table.from_batches(batches).select(LOG_SCHEMA.names).combine_chunks()


def test_no_row_of_the_operator_is_altered_or_dropped(planted: tuple[Path, Planted]) -> None:
    _, new, own = planted_rows(planted[0])
    assert own.combine_chunks().equals(as_read(planted[0].parent / "own.jsonl"))
    assert len(new) >= 240


def test_the_truth_tells_who_was_planted_and_presumes_the_rest(planted: tuple[Path, Planted]) -> None:
    rows = pq.read_table(planted[0] / "truth_accounts.parquet").to_pylist()
    roles = {(r["role"], r["campaign"], r["kind"]) for r in rows}
    assert roles == {("benign", None, "operator_log"), ("operator", "planted", "cot_harvest")}
    assert len(rows) == 42


def test_the_manifest_says_what_was_done(planted: tuple[Path, Planted]) -> None:
    folder, done = planted
    manifest = json.loads((folder / "plant.json").read_text())
    assert manifest == json.loads(json.dumps(done.manifest))
    assert (manifest["rung"], manifest["log"]["exchanges"], manifest["planted"]["accounts"]) == (2, 600, 12)
    assert "presumed" in manifest["presumed"]
    assert set(done.paths) == {"exchanges", "accounts", "truth", "truth_accounts", "plant"}
    assert all(path.is_file() for path in done.paths.values())


def test_a_log_that_repeats_deliveries_keeps_them(tmp_path: Path) -> None:
    log = write_jsonl(tmp_path / "own.jsonl", [row for row in own_rows(300) for _ in range(2)])
    plant(log, tmp_path / "out", Wish(accounts=3, each=10), scans=False)
    assert len(planted_rows(tmp_path / "out")[2]) == 600


def test_planted_ids_keep_clear_of_those_the_sample_did_not_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stillwatch.ranges.planting import profile

    monkeypatch.setattr(
        profile.Profiler.__init__, "__defaults__", (40, *profile.Profiler.__init__.__defaults__[1:])
    )
    rows = own_rows(300)
    for i, row in enumerate(rows):
        row["exchange_id"] = f"{(i * 7919) % 900 + 100}"
    log = write_jsonl(tmp_path / "own.jsonl", rows)
    plant(log, tmp_path / "out", Wish(accounts=3, each=30), scans=False)
    whole, new, _ = planted_rows(tmp_path / "out")
    assert len(set(whole["exchange_id"].to_pylist())) == 300 + len(new)


def test_a_failed_run_leaves_nothing(tmp_path: Path) -> None:
    log = write_jsonl(tmp_path / "own.jsonl", own_rows(40, messages=...))
    with pytest.raises(PlantError, match="no text"):
        plant(log, tmp_path / "out", Wish(), scans=False)
    assert not list((tmp_path / "out").iterdir())


def test_an_absent_accounts_table_says_what_cannot_be_tested(tmp_path: Path) -> None:
    log = write_jsonl(tmp_path / "own.jsonl", own_rows(40))
    with pytest.raises(PlantError, match="cards, mail"):
        plant(log, tmp_path / "out", Wish(), accounts=tmp_path / "nowhere.jsonl")


def test_the_result_must_not_lie_among_the_input(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "own.jsonl", own_rows(40))
    with pytest.raises(PlantError, match="another --out"):
        plant(tmp_path, tmp_path / "out", Wish(), scans=False)


@pytest.mark.corpus
def test_a_campaign_in_captured_traffic_is_found_or_the_report_says_not(tmp_path: Path) -> None:
    log = SHARED / "data" / "live" / "exchanges.jsonl.zst"
    if not log.is_file():
        pytest.skip("the shared research data is not here")
    done = plant(log, tmp_path, Wish(accounts=24, each=40, seed=1), steps=1)
    assert planted_rows(tmp_path)[2].combine_chunks().equals(as_read(log))
    assert done.watched is not None
    assert done.watched.outcome in ("found", "diluted", "weaker", "missed")
    assert len(done.watched.before) >= 3  # the capture has campaigns of its own
    assert {"found": "FOUND", "missed": "MISSED"}.get(done.watched.outcome, "") in done.report()
