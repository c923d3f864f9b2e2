"""`stillwatch feedback check`: the exit code says whether an honest group would be named again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.feedback import check as work
from stillwatch.feedback.check import Checked
from tests.cli.feedback.conftest import Place

Run = Callable[..., Any]
AXES = {"coordination": 3.0, "extraction": 2.0, "evasion": 5.0}


def test_no_fixtures(stillwatch: Run, place: Place) -> None:
    ran = stillwatch("feedback", "check", "--state", place.state)
    assert (ran.code, ran.out) == (0, "no fixtures yet\n")


def test_an_honest_group_that_would_be_named_is_code_5(
    stillwatch: Run, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = [
        Checked("F-0001", "C-1", True, "distillation_campaign", "resale_pool", (AXES, AXES), -0.4),
        Checked("F-0002", "C-2", True, None, None, (AXES, AXES), 0.4),
        Checked("F-0003", "C-3", False, "distillation_campaign", None, (AXES, AXES), 0.4),
        Checked("F-0004", "C-4", True, None, None, ({}, {}), 0.0, "F-0004.json: not JSON"),
    ]
    monkeypatch.setattr(work, "check", lambda _state: checked)
    ran = stillwatch("feedback", "check", "--state", place.state)
    assert ran.code == 5
    lines = {line[:6]: line for line in ran.out.splitlines() if line.startswith("F-")}
    assert [name for name, line in lines.items() if "FAILS" in line] == ["F-0001", "F-0004"]
    assert "missed" in lines["F-0003"] and "+0.40" in lines["F-0001"]
    assert "4 fixtures, 2 failing" in ran.out and "would be named: F-0001, F-0004" in ran.err


def test_through_the_real_judging(stillwatch: Run, place: Place) -> None:
    stillwatch(*place.add, "--says", "honest")
    said = json.loads(stillwatch("feedback", "check", "--state", place.state, "--format", "json").out)
    assert [row["entry"] for row in said] == ["F-0001"]
    assert said[0]["axes_now"] == pytest.approx(said[0]["axes_then"])
