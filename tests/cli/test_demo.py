"""`stillwatch demo` shows what was found, where the report is, and how that compares with the truth."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch import demo
from stillwatch.demo import DemoOutcome, Planted
from tests.report import makers

Run = Callable[..., Any]


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DemoOutcome:
    planted = (
        Planted("copper", 9, "C-1", "distillation_campaign", 8, 1),
        Planted("willow", 4, None, None, 0, 0),
    )
    made = DemoOutcome({}, tmp_path / "secret", tmp_path / "results", makers.result(), planted, 1, 40)
    monkeypatch.setattr(demo, "run_demo", lambda folder, **_: made)
    return made


def test_the_table_the_truth_and_the_place_of_the_report_are_shown(
    stillwatch: Run, outcome: DemoOutcome
) -> None:
    ran = stillwatch("demo")
    assert ran.code == 0
    assert outcome.result.campaigns[0].campaign_id in ran.out
    assert "planted campaigns found: 1 of 2" in ran.out
    assert str(outcome.results / "report.html") in ran.err.replace("\n", "")


def test_the_report_is_opened_only_when_asked(
    stillwatch: Run, outcome: DemoOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda page: opened.append(page) or True)
    stillwatch("demo")
    assert opened == []
    stillwatch("demo", "--open")
    assert opened == [(outcome.results / "report.html").resolve().as_uri()]


def test_where_no_browser_opens_it_is_said(
    stillwatch: Run, outcome: DemoOutcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda page: False)
    assert "open the report by hand" in stillwatch("demo", "--open").err
