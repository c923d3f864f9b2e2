"""Wrong enforcement per account-month, and where it falls."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.enforcement import Enforcement, enforcement, span_in_days
from stillwatch.ranges.scoring.shares import Share

from .makers import held, log_rows, sent, tallied, write_log, write_results, write_truth


def test_none_of_n_says_three_over_n() -> None:
    found = Enforcement("suspected", Share(0, 1000), days=30.44)
    assert found.account_months == pytest.approx(1000)
    assert found.per_million == 0.0
    assert found.per_million_at_most == pytest.approx(2995.7, abs=0.1)
    assert found.share_at_most == pytest.approx(3 / 1000, rel=0.01)


def test_one_account_over_half_a_month_weighs_double() -> None:
    assert Enforcement("suspected", Share(1, 1000), days=15.22).per_million == pytest.approx(2000)


def test_an_unknown_span_gives_no_rate() -> None:
    found = Enforcement("suspected", Share(1, 10), days=None)
    assert found.account_months is None and found.per_million is None and found.per_million_at_most is None


def test_only_honest_accounts_at_the_asked_confidence_count(tmp_path: Path) -> None:
    truth = write_truth(
        tmp_path / "t", sent("a", 1, "x"), sent("h"), sent("f", 1, None, "enterprise"), sent("g"),
        sent("s", 1, None, "resale_pool"),
    )  # fmt: skip
    confidences = {"a": "high", "h": "high", "f": "likely", "g": "suspected", "s": "high"}
    results = write_results(tmp_path / "r", [held(a, "C", confidence=c) for a, c in confidences.items()])
    with tallied(results, truth, "likely") as database:
        assert enforcement(database, "likely", 1.0, profiled=False).wrong == Share(2, 3)


def test_the_accounts_table_tells_whom_it_hits(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", sent("h"), sent("g"))
    with tallied(write_results(tmp_path / "r", [held("h", "C")]), truth) as database:
        profiles = {"account_id": ["h", "g"], "plan": ["free", None], "programme": [None, None],
                    "verification": ["none", "none"], "country": ["BR", "DE"]}  # fmt: skip
        database.load("profiles", pa.table(profiles))
        found = enforcement(database, "suspected", None, profiled=True)
    assert found.by["plan"] == {"free": Share(1, 1), "none told": Share(0, 1)}
    assert found.by["verification"] == {"none": Share(1, 2)}
    assert found.by["country"]["BR"] == Share(1, 1)


def test_the_span_comes_from_the_exchanges_or_the_workloads(tmp_path: Path) -> None:
    results, truth = tmp_path / "r", tmp_path / "t"
    results.mkdir()
    with Database() as database:
        assert span_in_days(database, results, truth) is None
        times = [datetime(2026, 6, day, tzinfo=UTC) for day in (1, 8)]
        table = pa.table({"first_seen": times[:1], "last_seen": times[1:]})
        pq.write_table(table, results / "workloads.parquet")
        assert span_in_days(database, results, truth) == pytest.approx(7)
        write_log(truth, log_rows("a", 4))  # one a day from the first of June
        assert span_in_days(database, results, truth) == pytest.approx(3)
        (truth / "exchanges.jsonl").write_text('{"time": 1780000000}\n{"time": 1780086400.0}\n')
        assert span_in_days(database, results, truth) == pytest.approx(1)
        (truth / "exchanges.jsonl").unlink()
        pq.write_table(pa.table({"time": times}), truth / "exchanges.parquet")
        assert span_in_days(database, results, truth) == pytest.approx(7)
