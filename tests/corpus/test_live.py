"""Captured traffic of real clients, relays and pipelines: the pools are named, the honest are not accused."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from stillwatch.campaigns.model import Campaign, ScanResult
from stillwatch.pipeline import scan

ROOT = Path(__file__).parents[2]
LIVE = Path(os.environ.get("STILLWATCH_SHARED", ROOT.parent / "shared")) / "data" / "live"
POOLS = ("atk_distilabel_litellm", "atk_script_rotate", "mix_hydra_litellm")
LONE = "ref_distilabel_direct"
ACCUSING = "distillation_campaign"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not (LIVE / "truth.jsonl").is_file(), reason="no research data here"),
]


def truth(name: str) -> list[dict[str, str | None]]:
    """Return the rows of a truth file."""
    return [json.loads(line) for line in (LIVE / name).read_text(encoding="utf-8").splitlines()]


def accounts_of(campaign: str | None) -> set[str]:
    """Return the accounts of a true campaign; for None those that were never part of one."""
    planted: dict[str, set[str | None]] = {}
    for row in truth("truth_accounts.jsonl"):
        planted.setdefault(str(row["account_id"]), set()).add(row["campaign"])
    return {
        a
        for a, campaigns in planted.items()
        if (campaigns == {None} if campaign is None else campaign in campaigns)
    }


@pytest.fixture(scope="module", params=[1, 2], ids=lambda number: f"secret{number}")
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    """Return the scan of the live log; what is found must not hang on the secret."""
    secret = tmp_path_factory.mktemp("secret") / "secret"
    secret.touch(mode=0o600)
    secret.write_text(hashlib.sha256(str(request.param).encode()).hexdigest() + "\n", encoding="ascii")
    return scan(LIVE / "exchanges.jsonl.zst", secret=secret)


def members(campaign: Campaign) -> set[str]:
    return {member.account_id for member in campaign.accounts}


def accusing(result: ScanResult) -> list[Campaign]:
    return [c for c in result.campaigns if c.verdict == ACCUSING]


def best(result: ScanResult, pool: str) -> Campaign:
    """Return the accusing campaign that covers a pool best."""
    assert accusing(result), "nobody is accused"
    return max(accusing(result), key=lambda c: len(members(c) & accounts_of(pool)))


def test_every_row_is_read(found: ScanResult) -> None:
    assert found.run["exchanges"] == len(truth("truth.jsonl"))
    assert found.run["rejected"] == {}


@pytest.mark.parametrize("pool", POOLS)
def test_each_pool_is_a_campaign_that_covers_it(found: ScanResult, pool: str) -> None:
    those = accounts_of(pool)
    campaign = best(found, pool)
    assert len(members(campaign) & those) >= 0.95 * len(those)
    assert len(members(campaign) - those) <= 0.05 * len(those)


def test_each_pool_has_a_campaign_of_its_own(found: ScanResult) -> None:
    assert len({best(found, pool).campaign_id for pool in POOLS}) == len(POOLS)


def test_no_honest_account_is_accused(found: ScanResult) -> None:
    for campaign in accusing(found):
        assert not members(campaign) & accounts_of(None)


def test_the_lone_pipeline_is_bulk_extraction_at_most(found: ScanResult) -> None:
    named = {c.verdict for c in found.campaigns if members(c) & accounts_of(LONE)}
    assert named <= {"bulk_extraction"}


def test_hardly_an_honest_exchange_is_counted_as_harvest(found: ScanResult) -> None:
    honest = {row["exchange_id"] for row in truth("truth.jsonl") if row["campaign"] is None}
    ids = {c.campaign_id for c in accusing(found)}
    taken = {r["exchange_id"] for r in found.exchanges.to_pylist() if r["campaign_id"] in ids}
    assert len(taken & honest) < 0.01 * len(honest)


def test_most_of_the_harvest_is_attributed(found: ScanResult) -> None:
    ids = {c.campaign_id for c in accusing(found)}
    taken = {r["exchange_id"] for r in found.exchanges.to_pylist() if r["campaign_id"] in ids}
    harvest = {row["exchange_id"] for row in truth("truth.jsonl") if row["campaign"] in POOLS}
    assert len(taken & harvest) >= 0.9 * len(harvest)
