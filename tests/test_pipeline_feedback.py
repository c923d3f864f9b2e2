"""A scan with a state leaves its groups there for feedback, and counts in the labels that people put in force."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.campaigns.model import ScanResult
from stillwatch.demo import DemoOutcome
from stillwatch.feedback.calibrate import apply
from stillwatch.feedback.check import check
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.giving import give
from stillwatch.feedback.groups import GROUPS, read_groups
from stillwatch.feedback.labels import LABELS
from stillwatch.pipeline import scan
from stillwatch.report import load_results

Scan = Callable[..., ScanResult]


@pytest.fixture(scope="module")
def rescan(demo_outcome: DemoOutcome) -> Scan:
    """Return a function that scans the demo's log."""
    log = demo_outcome.results.parent / "log"

    def _scan(**options: Any) -> ScanResult:
        return scan(
            log / "exchanges.jsonl", accounts=log / "accounts.jsonl", secret=demo_outcome.secret, **options
        )

    return _scan


@pytest.fixture(scope="module")
def first(rescan: Scan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the results and the state of one scan; it is to be read, not changed."""
    folder = tmp_path_factory.mktemp("first")
    rescan(out=folder / "results", state=folder / "state")
    return folder


@pytest.fixture
def again(first: Path, tmp_path: Path) -> Path:
    """Return a copy of it whose next scan is a first one."""
    shutil.copytree(first, tmp_path / "again")
    (tmp_path / "again" / "state" / "campaigns.json").unlink()
    return tmp_path / "again"


def recorded(folder: Path) -> Path:
    (path,) = (folder / "state" / GROUPS).iterdir()
    return path


def test_every_campaign_and_near_finding_is_recorded(first: Path) -> None:
    result = load_results(first / "results")
    _scan, groups = read_groups(recorded(first))
    named = {g.campaign_id for g in groups if g.verdict is not None}
    assert named == {c.campaign_id for c in result.campaigns}
    assert len(groups) - len(named) == len(result.examined)


def test_no_account_stands_in_the_record(first: Path) -> None:
    text = recorded(first).read_text()
    members = {m.account_id for c in load_results(first / "results").campaigns for m in c.accounts}
    assert members and not [name for name in members if f'"{name}"' in text]


def test_every_campaign_can_be_judged_again_to_what_it_was(again: Path) -> None:
    result = load_results(again / "results")
    for campaign in result.campaigns:
        given = give(
            again / "state", result, campaign.campaign_id, says="campaign", by="ada", because="looked"
        )  # fmt: skip
        assert given.entry.fixture, given.without
    for one, campaign in zip(check(again / "state"), result.campaigns, strict=True):
        assert (one.about, one.state, one.now) == (campaign.campaign_id, "found", campaign.verdict)
        assert one.axes[1] == pytest.approx(one.axes[0])


def test_labels_in_force_make_that_work_less_telling_and_the_run_says_so(rescan: Scan, again: Path) -> None:
    state, before = again / "state", load_results(again / "results")
    top = next(c for c in before.campaigns if c.verdict == "distillation_campaign")
    give(
        state, before, top.campaign_id, says="honest", by="ada", because="a permitted study", appeal="upheld"
    )
    assert "calibration" not in before.run
    apply(state, by="carol", because="reviewed")
    after = rescan(out=again / "after", state=state)
    told = json.loads((again / "after" / "run.json").read_bytes())["calibration"]
    assert told["told"].startswith("priors calibrated by 1 label, applied by carol on ")
    assert told["entries"] == ["F-0001"]
    members = {m.account_id for m in top.accounts}
    axes = [c.axes["extraction"] for c in after.campaigns if members & {m.account_id for m in c.accounts}]
    assert not axes or max(axes) < top.axes["extraction"]
    assert after.run["false_discovery_rate"] == before.run["false_discovery_rate"]
    assert after.run["options"]["detection"] == before.run["options"]["detection"]


def test_labels_that_cannot_be_read_stop_the_scan(rescan: Scan, again: Path) -> None:
    (again / "state" / LABELS).write_text("{")
    with pytest.raises(FeedbackError, match="calibrate --apply"):
        rescan(state=again / "state", out=again / "after")
    assert not (again / "after").exists()
