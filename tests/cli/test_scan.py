"""`stillwatch scan`: options reach the scan, findings reach standard output, and the code says the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stillwatch import pipeline
from stillwatch.campaigns.model import CONFIDENCES, ScanResult
from tests.cli.makers import exchange, log
from tests.report import makers

Run = Callable[..., Any]


@pytest.fixture
def finding(monkeypatch: pytest.MonkeyPatch) -> Callable[[ScanResult], dict[str, Any]]:
    """Return a function that makes every scan find this, and gives the arguments it was called with."""

    def _finding(result: ScanResult) -> dict[str, Any]:
        given: dict[str, Any] = {}

        def fake(inputs: Any, **options: Any) -> ScanResult:
            given.update(options, inputs=inputs)
            return result

        monkeypatch.setattr(pipeline, "scan", fake)
        return given

    return _finding


def test_labels_in_force_are_told_with_who_applied_them(stillwatch: Run, finding: Any) -> None:
    result = makers.result(())
    finding(replace(result, run=result.run | {"calibration": {"told": "priors calibrated by 2 labels"}}))
    assert "priors calibrated by 2 labels; see `stillwatch feedback calibrate`" in stillwatch("scan", "a").err
    finding(result)
    assert "calibrated" not in stillwatch("scan", "a").err


def test_options_reach_the_scan(stillwatch: Run, finding: Any, tmp_path: Path) -> None:
    given = finding(makers.result(()))
    words = "scan a.jsonl b --accounts acc.jsonl --secret s --state st --memory-limit 1GB --keep-text 7"
    more = "--since 2026-11-01 --until 2026-11-02T12:00+01:00 --map ip=client.ip --set platform=direct"
    ran = stillwatch(*words.split(), *more.split(), "--reader", "pairs", "--out", tmp_path)
    assert ran.code == 0
    assert given["inputs"] == ["a.jsonl", "b"]
    assert given["accounts"] == Path("acc.jsonl")
    assert given["out"] == tmp_path
    assert (given["secret"], given["state"]) == (Path("s"), Path("st"))
    assert given["since"] == datetime(2026, 11, 1, tzinfo=UTC)
    assert given["until"] == datetime(2026, 11, 2, 11, tzinfo=UTC)
    assert (given["mapping"], given["constants"]) == ({"ip": "client.ip"}, {"platform": "direct"})
    settings = given["settings"]
    assert settings.run.memory_limit == "1GB"
    assert settings.text.retention_days == 7
    assert settings.input.reader == "pairs"


def test_the_table_goes_out_and_the_remarks_go_aside(stillwatch: Run, finding: Any, tmp_path: Path) -> None:
    result = makers.result()
    finding(result)
    ran = stillwatch("scan", "x", "--out", tmp_path)
    assert result.campaigns[0].campaign_id in ran.out
    assert "report.html" in ran.err
    assert "report.html" not in ran.out


def test_quiet_leaves_the_findings_alone(stillwatch: Run, finding: Any, tmp_path: Path) -> None:
    finding(makers.result())
    ran = stillwatch("scan", "x", "--out", tmp_path, "-q")
    assert ran.err == ""
    assert ran.out


def test_as_json_it_prints_what_campaigns_json_holds(stillwatch: Run, finding: Any) -> None:
    result = makers.result()
    finding(result)
    told = json.loads(stillwatch("scan", "x", "--format", "json").out)
    assert {c["campaign_id"] for c in told} == {c.campaign_id for c in result.campaigns}


def test_what_is_no_terminal_gets_no_colour(stillwatch: Run, finding: Any) -> None:
    finding(makers.result())
    ran = stillwatch("scan", "x")
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("level", CONFIDENCES)
@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_findings_at_or_above_the_level_decide_the_code(
    stillwatch: Run, finding: Any, level: str, confidence: str
) -> None:
    finding(makers.result((makers.campaign(confidence=confidence),)))
    reached = CONFIDENCES.index(confidence) >= CONFIDENCES.index(level)  # type: ignore[arg-type]
    assert stillwatch("scan", "x", "--fail-on", level).code == (3 if reached else 0)


def test_without_fail_on_findings_are_no_failure(stillwatch: Run, finding: Any) -> None:
    finding(makers.result())
    assert stillwatch("scan", "x").code == 0


def test_too_many_rejected_rows_have_their_code_and_findings_outrank_them(
    stillwatch: Run, finding: Any
) -> None:
    run = makers.run(exchanges=90, rejected={"time: not a time": 10}, duplicates=0)
    finding(makers.result((makers.campaign(confidence="high"),), run=run))
    bad = stillwatch("scan", "x")
    assert bad.code == 4
    assert "10 of 100 rows could not be read (10.0%, allowed are 5.0%)" in bad.err
    assert stillwatch("scan", "x", "--fail-on", "high").code == 3


def test_a_file_of_which_nothing_was_read_is_named_without_an_output_too(
    stillwatch: Run, tmp_path: Path
) -> None:
    (tmp_path / "logs").mkdir()
    log(tmp_path / "logs" / "good.jsonl", [exchange(n) for n in range(40)])
    (tmp_path / "logs" / "lost.jsonl").write_bytes('{"exchange_id": "x"}'.encode("utf-16"))
    ran = stillwatch("scan", tmp_path / "logs")
    assert ran.code == 0
    assert "lost.jsonl: nothing in it could be read" in ran.err
    assert "good.jsonl" not in ran.err


def test_verbose_tells_each_stage_as_key_and_value(stillwatch: Run, tmp_path: Path) -> None:
    source = log(tmp_path / "a.jsonl", [exchange(n) for n in range(3)])
    assert "stage=workloads seconds=" in stillwatch("scan", source, "-v").err
    assert "stage=" not in stillwatch("scan", source).err


def test_text_has_nowhere_to_go_without_a_state_directory(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("scan", "does-not-exist.jsonl", "--keep-text", "3", "--secret", tmp_path / "secret")
    assert ran.code == 2
    assert "--state DIR" in ran.err
    assert "does-not-exist" not in ran.err
    assert not (tmp_path / "secret").exists()


def test_an_unknown_level_is_a_usage_error(stillwatch: Run) -> None:
    ran = stillwatch("scan", "x", "--fail-on", "maybe")
    assert ran.code == 2
    assert "consistent_with" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ["--memory-limit", "1"],
        ["--since", "soon"],
        ["--until", "2026-06-01", "--since", "2026-06-02"],
        ["--map", "x"],
        ["--keep-text", "-1"],
    ],
)
def test_bad_options_are_told_before_anything_is_read(stillwatch: Run, words: list[str]) -> None:
    ran = stillwatch("scan", "does-not-exist.jsonl", *words)
    assert ran.code == 2
    assert words[0] in ran.err
    assert "does-not-exist" not in ran.err


@pytest.mark.parametrize("words", [["--map", "nosuch=a"], ["--set", "status=ok"], ["--reader", "none"]])
def test_options_about_reading_that_cannot_be_used_are_usage_errors(
    stillwatch: Run, tmp_path: Path, words: list[str]
) -> None:
    ran = stillwatch("scan", log(tmp_path / "a.jsonl", [exchange(1)]), *words)
    assert ran.code == 2
    assert words[0] in ran.err


def test_an_input_that_is_not_there_is_an_error_of_one_line(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("scan", tmp_path / "none.jsonl", "--out", tmp_path / "out")
    assert ran.code == 1
    assert "none.jsonl" in ran.err
    assert not (tmp_path / "out").exists()
