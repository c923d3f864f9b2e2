"""What was written is read back the same, and what cannot be read is told with file and fix."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stillwatch.report.record import most_serious_first
from stillwatch.report.results import ResultsError, load_results
from stillwatch.report.writers import ACCOUNTS_SCHEMA, canonical_table, write_results

from .makers import result, three


@pytest.mark.parametrize("campaigns", [(), three()], ids=["none", "three"])
def test_a_result_read_back_is_the_result_written(tmp_path: Path, campaigns: tuple) -> None:
    written = result(campaigns)
    read = load_results(write_results(written, tmp_path / "out"))
    assert read.campaigns == most_serious_first(written.campaigns)
    assert (read.examined, read.coverage, read.run) == (written.examined, written.coverage, written.run)
    assert read.accounts.equals(canonical_table(written.accounts, ACCOUNTS_SCHEMA))


def test_a_result_read_back_writes_the_same_bytes(tmp_path: Path) -> None:
    a = write_results(result(three()), tmp_path / "a")
    b = write_results(load_results(a), tmp_path / "b")
    assert {p.name: p.read_bytes() for p in a.iterdir()} == {p.name: p.read_bytes() for p in b.iterdir()}


def test_campaigns_json_of_another_tool_is_enough(tmp_path: Path) -> None:
    out = write_results(result(), tmp_path / "out")
    records = orjson.loads((out / "campaigns.json").read_bytes())
    for row in records[0]["evidence"]:
        del row["block"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "campaigns.json").write_bytes(orjson.dumps(records))
    read = load_results(other)
    assert len(read.campaigns[0].evidence) == 8
    assert read.accounts.num_rows == 0


def test_a_directory_without_a_result_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"(?s)no campaigns\.json.*fix:"):
        load_results(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[{", r"campaigns\.json:1: not JSON"),
        ("{}", "expected a list, got dict"),
        ("[3]", "campaign 0: expected an object"),
        ('[{"campaign_id": 3}]', r"Expected `str`, got `int` - at `\$\.campaign_id`"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "campaigns.json").write_text(text)
    with pytest.raises(ResultsError, match=told):
        load_results(tmp_path)


def test_findings_that_were_changed_by_hand_are_not_trusted(tmp_path: Path) -> None:
    out = write_results(result(), tmp_path / "out")
    path = out / "campaigns.json"
    path.write_bytes(path.read_bytes().replace(b"likely", b"high"))
    with pytest.raises(ResultsError, match="not the file this run wrote"):
        load_results(out)
