"""The least form of results, and what fills its gaps."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.scoring.database import Database, ScoreInputError
from stillwatch.ranges.scoring.inputs import read_results, read_truth

from .makers import ACCUSE, held, sent, strings, write_results, write_truth


def read(path: Path) -> tuple[dict[str, tuple[str, str | None, str]], dict[str, str]]:
    with Database() as database:
        read_results(database, path)
        accounts = database.rows("SELECT * FROM held")
        reported = database.rows("SELECT * FROM reported")
    return (
        {r["account_id"]: (r["verdict"], r["campaign_id"], r["confidence"]) for r in accounts},
        {r["campaign_id"]: r["verdict"] for r in reported},
    )


def test_an_account_with_a_campaign_stands_accused(tmp_path: Path) -> None:
    accounts, reported = read(write_results(tmp_path, [held("a", "C"), held("b")]))
    assert accounts == {"a": (ACCUSE, "C", "suspected"), "b": ("none", None, "suspected")}
    assert reported == {"C": ACCUSE}


def test_an_accused_account_without_a_campaign_is_alone(tmp_path: Path) -> None:
    accounts, reported = read(write_results(tmp_path, [held("a", None, ACCUSE)]))
    assert accounts["a"][1] == "account:a" and reported == {"account:a": ACCUSE}


def test_campaigns_json_tells_verdict_and_confidence(tmp_path: Path) -> None:
    listed = [{"campaign_id": "C", "verdict": "resale_pool", "confidence": "likely"}]
    accounts, reported = read(write_results(tmp_path, [held("a", "C")], campaigns=listed))
    assert accounts["a"] == ("resale_pool", "C", "likely") and reported == {"C": "resale_pool"}


def test_one_csv_file_is_enough(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("account_id,campaign_id\na,C\nb,\n")
    accounts, _reported = read(tmp_path / "mine.csv")
    assert accounts["a"][0] == ACCUSE and accounts["b"][0] == "none"


def test_an_exchange_of_several_campaigns_counts_for_the_gravest(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    write_results(tmp_path, [held("a", "B", "resale_pool"), held("a", "C", ACCUSE)])
    rows = [{"exchange_id": "e", "campaign_id": c} for c in ("B", "C", "C")]
    pq.write_table(strings(rows, "exchange_id", "campaign_id"), tmp_path / "exchanges.parquet")
    with Database() as database:
        assert read_results(database, tmp_path).by_exchange
        assert database.rows("SELECT * FROM attributed") == [{"exchange_id": "e", "campaign_id": "C"}]


def test_unknown_words_are_told(tmp_path: Path) -> None:
    with pytest.raises(ScoreInputError, match="verdict 'guilty' is none of"):
        read(write_results(tmp_path, [held("a", "C", "guilty")]))
    with pytest.raises(ScoreInputError, match="confidence 'sure' is none of"):
        read(write_results(tmp_path, [held("a", "C", confidence="sure")]))


def test_damaged_json_is_told(tmp_path: Path) -> None:
    write_results(tmp_path, [held("a", "C")])
    (tmp_path / "campaigns.json").write_text("{")
    with pytest.raises(ScoreInputError, match="expected a list of campaigns"):
        read(tmp_path)
    (tmp_path / "campaigns.json").unlink()
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(ScoreInputError, match="expected the run of a scan"):
        read(tmp_path)


def test_the_truth_has_natures(tmp_path: Path) -> None:
    rows = (
        sent("op", 1, "x"), sent("shop", 1, None, "resale_pool"), sent("firm", 1, None, "enterprise_undeclared"),
        sent("me", 1), sent("guest", 1, "x"), sent("alone", 1, None, "lone_harvest"),
    )  # fmt: skip
    folder = write_truth(tmp_path / "t", *rows, roles={"guest": "customer"})
    (tmp_path / "accounts.csv").write_text("account_id,plan\nme,free\nidle,free\n")
    with Database() as database:
        read_truth(database, folder, tmp_path / "accounts.csv")
        found = {r["account_id"]: r["nature"] for r in database.rows("SELECT * FROM members")}
    assert found == {
        "op": ACCUSE, "shop": "resale_pool", "firm": "related_accounts", "me": "none", "guest": "none",
        "alone": "bulk_extraction", "idle": "none",
    }  # fmt: skip
