"""The demo finds what it planted, accuses nobody else, and gives the same answer every time."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from stillwatch import demo
from stillwatch.demo import DemoOutcome, run_demo
from stillwatch.ranges import Range, build
from tests.report import makers


def test_what_was_planted_is_reported_and_no_honest_account_is_accused(demo_outcome: DemoOutcome) -> None:
    assert len(demo_outcome.planted) == 3
    assert all(p.reported_as for p in demo_outcome.planted), demo_outcome.summary()
    assert all(p.found for p in demo_outcome.planted), demo_outcome.summary()
    assert demo_outcome.honest_accused == 0
    assert demo_outcome.honest > 100


def test_the_log_and_its_truth_are_left_to_play_with(demo_outcome: DemoOutcome) -> None:
    assert all(path.is_file() for path in demo_outcome.log.values())
    assert {"exchanges", "accounts", "truth"} <= demo_outcome.log.keys()
    assert stat.S_IMODE(demo_outcome.secret.stat().st_mode) == 0o600
    assert (demo_outcome.results / "report.html").is_file()


def test_again_it_gives_the_same_campaigns_byte_for_byte(demo_outcome: DemoOutcome, tmp_path: Path) -> None:
    again = run_demo(tmp_path)
    name = "campaigns.json"
    assert (again.results / name).read_bytes() == (demo_outcome.results / name).read_bytes()


def _compared(reported: set[str], planted: set[str], verdict: str = "distillation_campaign") -> DemoOutcome:
    campaign = makers.campaign(accounts=len(reported), verdict=verdict)
    members = zip(campaign.accounts, sorted(reported), strict=True)
    named = tuple(replace(member, account_id=name) for member, name in members)
    result = makers.result((replace(campaign, accounts=named),))
    rows = [{"account_id": a, "campaign": "p" if a in planted else None} for a in "abcdefgh"]
    return demo._compare(pa.Table.from_pylist(rows), result, {}, Path("s"), Path("r"))


def test_a_planted_campaign_counts_as_found_when_most_of_each_lies_in_the_other() -> None:
    assert _compared(set("abc"), set("abcd")).planted[0].found
    assert not _compared(set("ab"), set("abcdef")).planted[0].found
    assert not _compared(set("abcdefgh"), set("abc")).planted[0].found


def test_a_weaker_verdict_is_told_and_does_not_count() -> None:
    outcome = _compared(set("abc"), set("abcd"), verdict="resale_pool")
    assert not outcome.planted[0].found
    assert "only as resale_pool" in outcome.summary()
    assert outcome.honest_accused == 0


def test_honest_accounts_in_a_reported_campaign_are_counted() -> None:
    outcome = _compared(set("abce"), set("abcd"))
    assert (outcome.honest_accused, outcome.honest) == (1, 4)
    assert outcome.planted[0].honest_within == 1
    assert "honest accounts accused: 1 of 4" in outcome.summary()


def test_the_demo_log_is_labelled_whole() -> None:
    built: Range = build("demo", seed=demo.SEED)
    assert built.truth.num_rows == built.exchanges.num_rows
