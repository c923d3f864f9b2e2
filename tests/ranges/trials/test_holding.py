"""What of a true campaign lies in reported ones of chosen verdicts."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.ranges.scoring import ScoreInputError
from stillwatch.ranges.trials.holding import Held, held_by
from stillwatch.ranges.trials.trial import Trial

ACCUSES = "distillation_campaign"


def _table(folder: Path, name: str, columns: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> None:
    schema = pa.schema([(column, pa.string()) for column in columns])
    table = pa.Table.from_pylist([dict(zip(columns, row, strict=True)) for row in rows], schema=schema)
    pq.write_table(table, folder / f"{name}.parquet")


def held(folder: Path, attributed: dict[int, str], verdicts: dict[str, str], *wanted: str) -> Held:
    """Ten exchanges of `rung` by a0 and a1, ten of others; `attributed` maps them to reported campaigns."""
    folder.mkdir(exist_ok=True)
    rows = [(f"x{i}", f"a{i % 2}" if i < 10 else "b", "rung" if i < 10 else None) for i in range(20)]
    _table(folder, "truth", ("exchange_id", "account_id", "campaign"), rows)
    people = [("a0", "rung"), ("a1", "rung"), ("b", None)]
    _table(folder, "truth_accounts", ("account_id", "campaign"), people)
    named = [(rows[i][0], rows[i][1], c) for i, c in attributed.items()]
    results = folder / "results"
    results.mkdir(exist_ok=True)
    _table(results, "exchanges", ("exchange_id", "account_id", "campaign_id"), named)
    members = sorted({(a, c, verdicts[c]) for _, a, c in named})
    _table(results, "accounts", ("account_id", "campaign_id", "verdict"), members)
    listed = [{"campaign_id": c, "verdict": v} for c, v in verdicts.items()]
    (results / "campaigns.json").write_text(json.dumps(listed))
    return held_by(results, folder, "rung", wanted or (ACCUSES,))


def test_half_of_it_in_a_campaign_of_its_own_is_found(tmp_path: Path) -> None:
    found = held(tmp_path, dict.fromkeys(range(5), "C-1"), {"C-1": ACCUSES})
    assert (found.harvested, found.attributed, found.holding, found.holding_own) == (10, 5, 5, 5)
    assert found.found and (found.workers, found.accused, found.verdict) == (2, 2, ACCUSES)
    assert not held(tmp_path, dict.fromkeys(range(4), "C-1"), {"C-1": ACCUSES}).found


def test_what_is_mostly_other_traffic_does_not_count_as_found(tmp_path: Path) -> None:
    found = held(tmp_path, dict.fromkeys(range(4, 20), "C-1"), {"C-1": ACCUSES})
    assert (found.attributed, found.holding, found.holding_own, found.found) == (6, 16, 6, False)


def test_a_milder_verdict_counts_only_where_it_is_asked_for(tmp_path: Path) -> None:
    everything = dict.fromkeys(range(10), "C-1")
    mild = held(tmp_path, everything, {"C-1": "bulk_extraction"})
    assert (mild.attributed, mild.accused, mild.found, mild.verdict) == (0, 0, False, "bulk_extraction")
    assert held(tmp_path, everything, {"C-1": "bulk_extraction"}, ACCUSES, "bulk_extraction").found


def test_a_stray_exchange_elsewhere_does_not_spoil_the_precision(tmp_path: Path) -> None:
    found = held(tmp_path, dict.fromkeys(range(9), "C-1") | {9: "C-2"}, {"C-1": ACCUSES, "C-2": ACCUSES})
    assert (found.attributed, found.holding, found.holding_own) == (10, 9, 9)


def test_nothing_reported_is_nothing_held(tmp_path: Path) -> None:
    found = held(tmp_path, {}, {})
    assert (found.attributed, found.holding, found.found, found.verdict) == (0, 0, False, "none")


def test_a_scan_of_a_range_is_read_as_it_lies(trial: Trial) -> None:
    found = held_by(trial.results, trial.log, "rung", (ACCUSES,))
    assert found.workers == 4 and found.harvested >= 60


def test_a_folder_without_a_truth_is_told(trial: Trial, tmp_path: Path) -> None:
    with pytest.raises(ScoreInputError, match="truth"):
        held_by(trial.results, tmp_path, "rung", (ACCUSES,))
