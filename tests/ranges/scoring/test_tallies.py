"""The counts that every figure is a sum of."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring.database import Database, ScoreInputError
from stillwatch.ranges.scoring.inputs import read_results, read_truth
from stillwatch.ranges.scoring.tallies import tally

from .makers import ACCUSE, give, held, sent, tallied, write_results, write_truth

MINE = sent("m", 3, "x")
THEIRS = sent("m", 2)


def test_cells_sum_to_the_log(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", MINE, THEIRS, sent("b", 4))
    results = write_results(tmp_path / "r", [held("m", "C")], give(MINE[:2] + THEIRS[:1], "C"))
    with tallied(results, truth) as database:
        cells = database.rows("SELECT * FROM cells")
        people = {r["account_id"]: r for r in database.rows("SELECT * FROM people")}
    counted = {(c["account_id"], c["campaign"], c["reported"]): c["n"] for c in cells}
    assert counted == {
        ("m", "x", "C"): 2,
        ("m", "x", None): 1,
        ("m", None, "C"): 1,
        ("m", None, None): 1,
        ("b", None, None): 4,
    }
    assert (people["m"]["exchanges"], people["m"]["harvested"], people["m"]["role"]) == (5, 3, "mixed")
    assert people["m"]["accused"] and not people["b"]["accused"]


def test_without_exchanges_all_of_an_account_counts(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", MINE, THEIRS)
    with tallied(write_results(tmp_path / "r", [held("m", "C")]), truth) as database:
        assert database.value("SELECT sum(n) FROM cells WHERE accused") == 5
        assert database.value("SELECT sum(n) FROM parts WHERE reported = 'C'") == 1  # accounts


def test_enforcement_asks_for_confidence(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", sent("a"), sent("b"))
    accounts = [held("a", "C", confidence="suspected"), held("b", "D", confidence="likely")]
    with tallied(write_results(tmp_path / "r", accounts), truth, "likely") as database:
        rows = database.rows("SELECT account_id, enforced FROM people ORDER BY 1")
    assert [r["enforced"] for r in rows] == [False, True]


def test_an_account_that_only_the_exchanges_name_is_taken_from_them(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", sent("a", 1, "x"), sent("b"))
    import pyarrow.parquet as pq

    known = pq.read_table(truth / "truth_accounts.parquet").slice(0, 0)
    pq.write_table(known, truth / "truth_accounts.parquet")
    with tallied(write_results(tmp_path / "r", [held("a", "C")]), truth) as database:
        rows = database.rows("SELECT account_id, nature FROM people ORDER BY 1")
    assert [r["nature"] for r in rows] == [ACCUSE, "none"]


def test_another_log_is_noticed(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", sent("a"))
    with Database() as database:
        inputs = read_results(database, write_results(tmp_path / "r", [held("z", "C"), held("y")]))
        read_truth(database, truth)
        with pytest.raises(ScoreInputError, match="another log"):
            tally(database, inputs, "suspected")
