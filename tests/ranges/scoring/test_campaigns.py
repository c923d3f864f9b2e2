"""Found, split, merged, diluted, missed, something else, and false."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.campaigns import CampaignScore, ReportedScore, campaigns, reported, states
from stillwatch.ranges.scoring.shares import Share

from .makers import ACCUSE, give, held, sent, tallied, write_results, write_truth

Row = dict[str, str | None]
X = [row for a in "abcd" for row in sent(a, 10, "x")]
Y = [row for a in "efgh" for row in sent(a, 10, "y")]
REST = [row for a in "opqr" for row in sent(a, 20)]


def judged(
    tmp_path: Path, given: dict[str, str], verdicts: dict[str, str] | None = None, *more: list[Row]
) -> tuple[dict[str, CampaignScore], dict[str, ReportedScore]]:
    rows = [*X, *Y, *REST, *(row for group in more for row in group)]
    truth = write_truth(tmp_path / "t", rows)
    of = {r["exchange_id"]: r["account_id"] for r in rows}
    pairs = sorted({(of[e], c) for e, c in given.items()})
    accounts = [held(a, c, (verdicts or {}).get(c, ACCUSE)) for a, c in pairs]
    with tallied(write_results(tmp_path / "r", accounts, given), truth) as database:
        return {c.campaign: c for c in campaigns(database)}, {r.campaign_id: r for r in reported(database)}


def test_half_is_found_and_less_is_missed(tmp_path: Path) -> None:
    found, named = judged(tmp_path, give(X[:20], "C") | give(Y[:19], "D"))
    assert (found["x"].state, found["y"].state) == ("found", "missed")
    assert found["x"].attributed == Share(20, 40) and found["x"].precision == Share(20, 20)
    assert found["x"].accounts == Share(2, 4) and found["x"].account_precision == Share(2, 2)
    assert not named["C"].wrong and not named["D"].wrong
    assert states(found.values()) == {"found": 1, "split": 0, "merged": 0, "diluted": 0, "missed": 1}


def test_two_pieces_are_split(tmp_path: Path) -> None:
    found, _named = judged(tmp_path, give(X[:20], "C") | give(X[20:], "D"))
    assert found["x"].state == "split" and found["x"].reported == ("C", "D")


def test_a_stray_match_is_no_piece(tmp_path: Path) -> None:
    found, _named = judged(tmp_path, give(X[:39], "C") | give(X[39:], "D"))
    assert found["x"].state == "found" and found["x"].reported == ("C",)


def test_two_in_one_are_merged(tmp_path: Path) -> None:
    found, named = judged(tmp_path, give(X, "C") | give(Y[:30], "C"))
    assert {c.state for c in found.values()} == {"merged"}
    assert found["x"].precision == Share(40, 70)
    assert not named["C"].wrong  # all of it is harvested


def test_drowned_in_honest_traffic_is_diluted_and_the_report_false(tmp_path: Path) -> None:
    found, named = judged(tmp_path, give(X + REST, "C"))
    assert found["x"].state == "diluted" and found["x"].precision == Share(40, 120)
    assert found["x"].account_precision == Share(4, 8)
    assert named["C"].wrong and named["C"].harvested == Share(40, 120)


def test_a_milder_verdict_is_told_and_claims_no_more_than_is_true(tmp_path: Path) -> None:
    found, named = judged(tmp_path, give(X, "C"), {"C": "resale_pool"})
    assert found["x"].state == "as resale_pool" and found["x"].verdicts == ("resale_pool",)
    assert not named["C"].wrong


def test_pools_and_lone_harvesters_are_not_to_be_accused(tmp_path: Path) -> None:
    shop, lone = sent("s", 9, None, "resale_pool"), sent("l", 9, None, "lone_harvest")
    verdicts = {"L": "bulk_extraction"}
    found, named = judged(tmp_path, give(shop, "C") | give(lone, "L"), verdicts, shop, lone)
    assert found["resale_pool"].state == "accused" and named["C"].wrong
    assert found["lone_harvest"].state == "as bulk_extraction" and not named["L"].wrong
    assert sum(states(found.values()).values()) == 2


def test_relations_that_do_not_exist_are_wrong(tmp_path: Path) -> None:
    firm = [row for a in ("f1", "f2") for row in sent(a, 2, None, "enterprise")]
    verdicts = {"R": "related_accounts", "S": "related_accounts"}
    _found, named = judged(tmp_path, give(firm, "R") | give(REST, "S"), verdicts, firm)
    assert not named["R"].wrong and named["S"].wrong
    assert named["S"].natures == {"none": 4}


def test_without_exchanges_accounts_are_counted(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", X, Y, REST)
    accounts = [held(a, "C") for a in "abo"] + [held(a, "D") for a in "epqr"]
    with tallied(write_results(tmp_path / "r", accounts), truth) as database:
        found = {c.campaign: c for c in campaigns(database)}
        named = {r.campaign_id: r for r in reported(database)}
    assert (found["x"].state, found["y"].state) == ("found", "missed")
    assert found["x"].attributed == Share(2, 4) and found["x"].precision == Share(2, 3)
    assert not named["C"].wrong and named["D"].wrong
