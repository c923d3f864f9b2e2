"""The benchmark scripts around the ranges: scoring, the null interval, and a small mixed log."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import binom

from stillwatch.ranges import Range, write

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SHARED = Path(os.environ.get("STILLWATCH_SHARED", BENCHMARKS.parents[1] / "shared"))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Import a benchmark as its own command line would."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield load
    for name in [n for n in sys.modules if n == "harness" or n.startswith("harness.")]:
        del sys.modules[name]


def results(built: Range, folder: Path, held: dict[str, tuple[str, str]]) -> Path:
    """Write what a scan would if it attributed each true campaign's rows to (campaign id, verdict)."""
    folder.mkdir()
    rows = [t for t in built.truth.to_pylist() if t["campaign"] in held]
    found = [
        {
            "exchange_id": t["exchange_id"],
            "account_id": t["account_id"],
            "campaign_id": held[t["campaign"]][0],
        }
        for t in rows
    ]
    of_account = {t["account_id"]: held[t["campaign"]] for t in rows}
    accounts = [{"account_id": a, "campaign_id": c, "verdict": v} for a, (c, v) in of_account.items()]
    schema = pa.schema([(n, pa.string()) for n in ("account_id", "campaign_id", "verdict")])
    pq.write_table(pa.Table.from_pylist(accounts, schema), folder / "accounts.parquet")
    schema = pa.schema([(n, pa.string()) for n in ("exchange_id", "account_id", "campaign_id")])
    pq.write_table(pa.Table.from_pylist(found, schema), folder / "exchanges.parquet")
    campaigns = [
        {"campaign_id": c, "verdict": v, "confidence": "likely", "accounts": []}
        for c, v in sorted(set(held.values()))
    ]
    (folder / "campaigns.json").write_text(json.dumps(campaigns))
    return folder


def test_a_perfect_scan_scores_perfectly(demo_range: Range, tmp_path: Path, script) -> None:
    score = script("score")
    write(demo_range, tmp_path / "truth", "jsonl")
    accuse = "distillation_campaign"
    held = {"copper": ("C-1", accuse), "willow": ("C-2", accuse), "quarry": ("C-3", accuse)}
    found = score.score(results(demo_range, tmp_path / "r", held), tmp_path / "truth")
    assert found.totals["precision"] == found.totals["recall"] == 1.0
    assert {c.state for c in found.campaigns} == {"found"}
    assert not found.others
    assert "copper" in score.show(found)


def test_merged_missed_and_milder_verdicts_are_told_apart(demo_range: Range, tmp_path: Path, script) -> None:
    score = script("score")
    write(demo_range, tmp_path / "truth")
    accuse = "distillation_campaign"
    folder = results(demo_range, tmp_path / "r", {"copper": ("C-1", accuse), "willow": ("C-1", accuse)})
    states = {c.campaign: c.state for c in score.score(folder, tmp_path / "truth").campaigns}
    assert states == {"copper": "merged", "willow": "merged", "quarry": "missed"}
    folder = results(demo_range, tmp_path / "r2", {"quarry": ("C-1", "related_accounts")})
    states = {c.campaign: c.state for c in score.score(folder, tmp_path / "truth").campaigns}
    assert states["quarry"] == "as related_accounts"


def test_the_command_writes_json_too(demo_range: Range, tmp_path: Path, script, capsys) -> None:
    write(demo_range, tmp_path / "truth")
    folder = results(demo_range, tmp_path / "r", {"copper": ("C-1", "distillation_campaign")})
    script("score").main([str(folder), str(tmp_path / "truth"), "--json", str(tmp_path / "s.json")])
    assert json.loads((tmp_path / "s.json").read_text())["totals"]["reported"] == 1
    assert "found" in capsys.readouterr().out


@pytest.mark.parametrize(("hits", "trials"), [(0, 60), (3, 60), (60, 60)])
def test_the_interval_is_exact(hits: int, trials: int, script) -> None:
    low, high = script("harness.intervals").clopper_pearson(hits, trials)
    assert low <= hits / trials <= high
    if hits:
        assert 1 - binom.cdf(hits - 1, trials, low) == pytest.approx(0.025)
    if hits < trials:
        assert binom.cdf(hits, trials, high) == pytest.approx(0.025)


@pytest.mark.corpus
@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="no research data here")
def test_a_mixed_log_is_labelled_and_repeatable(tmp_path: Path, script, capsys) -> None:
    mixed = script("mixed_log")
    for name in ("a", "b"):
        out = str(tmp_path / name)
        size = ["--accounts", "300", "--exchanges", "3000", "--days", "2"]
        pools = ["--pools", "p005x200", "p030x060-mixed", "resale-040"]
        mixed.main([*size, *pools, "--seed", "3", "--out", out, "--shared", str(SHARED)])
    logs = [pq.read_table(tmp_path / name / "exchanges.parquet") for name in ("a", "b")]
    assert logs[0].equals(logs[1])
    truth = pq.read_table(tmp_path / "a" / "truth.parquet")
    assert truth["exchange_id"].to_pylist() == logs[0]["exchange_id"].to_pylist()
    assert set(truth["campaign"].to_pylist()) == {None, "p005x200", "p030x060-mixed"}
    assert "accounts" in capsys.readouterr().out
