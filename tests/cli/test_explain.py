"""`stillwatch explain` gives reasons for what is there, and a hint for what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.report import write_results
from tests.report import makers

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_results(makers.result(), tmp_path_factory.mktemp("results") / "out")


CAMPAIGN = makers.result().campaigns[0]
ACCOUNT = CAMPAIGN.accounts[0].account_id


def test_a_campaign_is_explained_with_what_speaks_against_it(stillwatch: Run, results: Path) -> None:
    ran = stillwatch("explain", results, CAMPAIGN.campaign_id)
    assert ran.code == 0
    assert "Strongest innocent reading" in ran.out


def test_an_account_is_explained_by_its_campaign(stillwatch: Run, results: Path) -> None:
    assert CAMPAIGN.campaign_id in stillwatch("explain", results, ACCOUNT).out


def test_without_an_id_the_list_is_shown(stillwatch: Run, results: Path) -> None:
    assert CAMPAIGN.campaign_id in stillwatch("explain", results).out


def test_a_campaign_may_be_meant_by_its_place_or_the_start_of_its_id(stillwatch: Run, results: Path) -> None:
    first = stillwatch("explain", results, "1").out
    name = first.split()[0]
    assert stillwatch("explain", results, name).out == first
    others = [c.campaign_id for c in makers.result().campaigns if c.campaign_id != name]
    unique = next(
        name[:n] for n in range(1, len(name) + 1) if not any(o.startswith(name[:n]) for o in others)
    )
    assert stillwatch("explain", results, unique).out == first


def test_what_is_not_there_gets_a_hint(stillwatch: Run, results: Path) -> None:
    ran = stillwatch("explain", results, CAMPAIGN.campaign_id + "x")
    assert ran.code == 2
    assert f"did you mean {CAMPAIGN.campaign_id}" in ran.err
    assert stillwatch("explain", results, "nobody").code == 2


def test_a_folder_without_results_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("explain", tmp_path, "x")
    assert ran.code == 1
    assert "fix: name the directory that `--out` named" in ran.err


def test_as_json_it_is_the_record_with_its_grounds(stillwatch: Run, results: Path) -> None:
    told = json.loads(stillwatch("explain", results, CAMPAIGN.campaign_id, "--format", "json").out)
    assert told["campaign_id"] == CAMPAIGN.campaign_id and told["explained"]["what_decides"]
    memberships = json.loads(stillwatch("explain", results, ACCOUNT, "--format", "json").out)
    assert CAMPAIGN.campaign_id in {c["campaign_id"] for c in memberships}
    assert stillwatch("explain", results, "nobody", "--format", "json").code == 2


def test_two_accounts_are_explained_by_what_ties_them(stillwatch: Run, results: Path) -> None:
    tie = CAMPAIGN.ties[0]
    ran = stillwatch("explain", results, tie.a, tie.b)
    assert ran.code == 0 and "What ties them" in ran.out
    (link,) = json.loads(stillwatch("explain", results, tie.b, tie.a, "--format", "json").out)
    assert link["ties"]


def test_an_exchange_is_explained_by_its_campaign(stillwatch: Run, results: Path) -> None:
    ran = stillwatch("explain", results, f"{CAMPAIGN.campaign_id}-{ACCOUNT}-0")
    assert ran.code == 0 and CAMPAIGN.campaign_id in ran.out


def test_an_unknown_id_is_told_what_there_is(stillwatch: Run, results: Path) -> None:
    said = " ".join(stillwatch("explain", results, "nobody").err.split())
    assert "no campaign, account or attributed exchange 'nobody'" in said
    assert CAMPAIGN.campaign_id in said and "1 campaign" in said


def test_ids_cannot_move_the_cursor(stillwatch: Run, tmp_path: Path) -> None:
    evil = makers.campaign(campaign_id="C-\x1b[2Jx")
    folder = write_results(makers.result((evil,)), tmp_path / "out")
    ran = stillwatch("explain", folder, evil.campaign_id)
    assert ran.code == 0
    assert "\x1b" not in ran.out
