"""The check that formats give nothing away."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.ranges.scoring.database import ScoreInputError
from stillwatch.ranges.scoring.giveaway import check, main, render

from .makers import sent, write_log, write_truth

pytest.importorskip("sklearn")


def rows(told: float, campaigns: int = 3, each: int = 120) -> pa.Table:
    """Rows of which a column gives a share `told` of the campaign rows away."""
    random = np.random.default_rng(1)
    count = campaigns * each
    names = [f"camp{i % campaigns}" for i in range(count)] + [None] * count
    hint = np.r_[random.random(count) < told, np.zeros(count, dtype=bool)]
    return pa.table(
        {
            "campaign": pa.array(names, pa.string()),
            "class": ["curl"] * (2 * count - 1) + ["nobody else's"],
            "account_id": [f"a{i % 60}" for i in range(count)] + [f"h{i % 60}" for i in range(count)],
            "system is null": hint.astype(float),
            "time zeros": random.integers(0, 3, 2 * count).astype(float),
            "key_id prefix": ["sk"] * (2 * count),
            "ja4 length": pa.array([None] * (2 * count), pa.float64()),
        }
    )


def test_formats_that_tell_nothing_have_an_auc_of_a_half() -> None:
    found = check("exchanges", rows(0.0))
    assert found.low < 0.5 < found.high
    assert (found.campaigns, found.campaign_rows, found.honest_rows, found.left_out) == (3, 360, 359, 0)


def test_a_column_that_tells_is_named() -> None:
    found = check("exchanges", rows(0.9))
    assert found.low > 0.9
    assert found.features[0][0] == "system is null" and found.features[0][1] == pytest.approx(0.95, abs=0.03)
    assert "system is null" in render([found])


def test_one_campaign_cannot_be_checked() -> None:
    with pytest.raises(ScoreInputError, match="two are needed"):
        check("exchanges", rows(0.0, campaigns=1))


def test_the_command_line_reads_a_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = [row for c in "xy" for a in range(4) for row in sent(f"{c}{a}", 10, c)]
    truth += [row for a in range(8) for row in sent(f"h{a}", 10)]
    write_truth(tmp_path, truth)
    lines = [
        {"exchange_id": r["exchange_id"], "account_id": r["account_id"], "time": "2026-06-01T00:00:00Z"}
        for r in truth
    ]
    write_log(tmp_path, lines)
    assert main([str(tmp_path), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["level"] == "exchanges" and found["campaigns"] == 2
    assert main([str(tmp_path)]) == 0
    assert "AUC" in capsys.readouterr().out
    assert main([str(tmp_path / "none")]) == 2
    assert "no truth.parquet" in capsys.readouterr().err
