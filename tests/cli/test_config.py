"""`stillwatch config` tells what holds and why, and keeps secrets to itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stillwatch.settings import Settings, config_schema, load_settings

Run = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOLDER", "/run/hidden")
    path = tmp_path / "c.yaml"
    path.write_text("run:\n  secret_file: ${HOLDER}/key\ninput:\n  constants: {model: '${HOLDER}'}\n")
    return path


def test_a_good_file_is_said_to_be_good(stillwatch: Run, file: Path) -> None:
    ran = stillwatch("config", "validate", "--config", file)
    assert ran.code == 0
    assert "ok (2 of" in ran.out


def test_every_mistake_is_told_and_the_code_is_usage(stillwatch: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("text: {retention_days: -1, days: 3}\n")
    ran = stillwatch("config", "validate", "-c", path)
    assert ran.code == 2
    assert ran.err.count("error: ") == 2
    assert ran.err.count("fix: ") == 2
    assert ran.out == ""


def test_what_is_shown_can_be_read_back(stillwatch: Run, file: Path, tmp_path: Path) -> None:
    shown = stillwatch("config", "show", "-c", file).out
    assert f"# {file}:2" in shown
    again = tmp_path / "again.yaml"
    again.write_text(shown)
    assert load_settings(again, {}) == load_settings(file, {"HOLDER": "/run/hidden"})


def test_redacted_shows_no_value_that_a_reference_brought(stillwatch: Run, file: Path) -> None:
    shown = stillwatch("config", "show", "--redacted", "-c", file).out
    assert "/run/hidden" not in shown
    assert "${HOLDER}/key" in shown


def test_redacted_hides_where_the_secret_is(stillwatch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH__RUN__SECRET_FILE", "/run/hidden/key")
    assert "hidden" not in stillwatch("config", "show", "--redacted").out


def test_the_environment_names_the_file(stillwatch: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLWATCH_CONFIG", str(file))
    assert f"# {file}:2" in stillwatch("config", "show").out


def test_the_schema_is_printed_as_it_is(stillwatch: Run) -> None:
    assert json.loads(stillwatch("config", "schema").out) == config_schema()


def test_the_defaults_are_shown_whole(stillwatch: Run) -> None:
    assert yaml.safe_load(stillwatch("config", "show").out) == json.loads(Settings().model_dump_json())
