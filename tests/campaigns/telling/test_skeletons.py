"""Skeletons of a campaign's workloads: shown where text was kept, and no word of anybody without."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.campaigns.model import ScanResult
from stillwatch.campaigns.telling.skeletons import WHY
from stillwatch.demo import DemoOutcome
from stillwatch.pipeline import scan
from stillwatch.settings import Settings, TextSettings
from stillwatch.workloads.skeleton import SAMPLES, SLOT

RUN = 6  # words in a row that are nobody's by chance


def scanned(demo: DemoOutcome, folder: Path, settings: Settings) -> ScanResult:
    return scan(
        [demo.log["exchanges"]],
        accounts=demo.log["accounts"],
        out=folder / "results",
        settings=settings,
        secret=demo.secret,
        state=folder / "state",
    )


@pytest.fixture(scope="module")
def kept(demo_outcome: DemoOutcome, tmp_path_factory: pytest.TempPathFactory) -> tuple[ScanResult, Path]:
    """Return a scan of the demo with text kept for a week, and where its results and its state lie."""
    folder = tmp_path_factory.mktemp("kept")
    return scanned(demo_outcome, folder, Settings(text=TextSettings(retention_days=7))), folder


@pytest.fixture(scope="module")
def bare(demo_outcome: DemoOutcome, tmp_path_factory: pytest.TempPathFactory) -> tuple[ScanResult, Path]:
    """Return a scan of the demo as it is by default, with a state."""
    folder = tmp_path_factory.mktemp("bare")
    return scanned(demo_outcome, folder, Settings()), folder


def runs_of_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return set(zip(*(words[i:] for i in range(RUN)), strict=False))


def text_of(path: Path) -> str:
    if path.suffix != ".parquet":
        return path.read_bytes().decode("utf-8", "replace")
    table = pq.read_table(path)
    strings = [column for column in table.columns if pa.types.is_string(column.type)]
    return "\n".join(value or "" for column in strings for value in column.to_pylist())


def said_in(log: Path) -> set[tuple[str, ...]]:
    """Return the runs of words of every prompt and answer of a log."""
    said: set[tuple[str, ...]] = set()
    for line in log.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for text in (
            row.get("system"),
            row.get("output"),
            *(m["content"] for m in row.get("messages") or ()),
        ):
            said |= runs_of_words(text or "")
    return said


def written_under(folder: Path) -> dict[str, set[tuple[str, ...]]]:
    return {
        str(path.relative_to(folder)): runs_of_words(text_of(path))
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_without_retention_no_word_of_anybody_is_written(
    bare: tuple[ScanResult, Path], demo_outcome: DemoOutcome
) -> None:
    said = said_in(demo_outcome.log["exchanges"])
    assert len(said) > 10_000
    written = written_under(bare[1])
    assert {"results/report.html", "results/details.json", "state/campaigns.json"} <= written.keys()
    assert {name: sorted(runs & said)[:3] for name, runs in written.items() if runs & said} == {}
    assert not (bare[1] / "state" / "text").exists()


def test_with_retention_the_report_shows_skeletons_and_other_results_no_word(
    kept: tuple[ScanResult, Path], demo_outcome: DemoOutcome
) -> None:
    said = said_in(demo_outcome.log["exchanges"])
    page = (kept[1] / "results" / "report.html").read_text(encoding="utf-8")
    assert f"<mark>{SLOT}</mark>" in page
    holding = {name for name, runs in written_under(kept[1] / "results").items() if runs & said}
    assert holding == {"report.html", "details.json"}


def test_each_planted_campaign_shows_its_template(kept: tuple[ScanResult, Path]) -> None:
    found = [c for c in kept[0].campaigns if c.verdict == "distillation_campaign"]
    assert found
    for campaign in found:
        shown = [w.skeleton for w in campaign.workloads if w.skeleton]
        assert any(len(runs_of_words(text)) > 3 and SLOT in text for text in shown)


def test_text_changes_nothing_that_is_found(
    kept: tuple[ScanResult, Path], bare: tuple[ScanResult, Path]
) -> None:
    for name in ("campaigns.json", "workloads.parquet", "exchanges.parquet", "accounts.parquet"):
        assert (kept[1] / "results" / name).read_bytes() == (bare[1] / "results" / name).read_bytes()


def test_only_the_campaigns_own_exchanges_are_read_a_few_each_and_logged(
    kept: tuple[ScanResult, Path], demo_outcome: DemoOutcome
) -> None:
    result, folder = kept
    lines = (folder / "state" / "text" / "access.jsonl").read_text().splitlines()
    (line,) = map(json.loads, lines)
    assert line["why"] == WHY
    workloads = sum(len(c.workloads) for c in result.campaigns)
    assert 0 < len(line["exchange_ids"]) <= SAMPLES * workloads
    members = {m.account_id for c in result.campaigns for m in c.accounts}
    owner = {
        row["exchange_id"]: row["account_id"]
        for row in map(json.loads, demo_outcome.log["exchanges"].read_text(encoding="utf-8").splitlines())
    }
    assert {owner[name] for name in line["exchange_ids"]} <= members


def test_all_text_of_the_scan_is_kept_and_nothing_half_written(
    kept: tuple[ScanResult, Path],
) -> None:
    (folder,) = (p for p in (kept[1] / "state" / "text").iterdir() if p.is_dir())
    assert folder.name.startswith("kept-")
    assert sum(pq.read_metadata(p).num_rows for p in folder.iterdir()) == kept[0].run["exchanges"]


def test_the_same_secret_gives_the_same_skeletons(
    kept: tuple[ScanResult, Path], demo_outcome: DemoOutcome, tmp_path: Path
) -> None:
    again = scanned(demo_outcome, tmp_path, Settings(text=TextSettings(retention_days=1)))
    assert [c.workloads for c in again.campaigns] == [c.workloads for c in kept[0].campaigns]
