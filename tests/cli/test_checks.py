"""Doctor's checks find what is wrong and never fail themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.cli import checks
from stillwatch.settings import Settings


def _standing(settings: Settings) -> dict[str, str]:
    return {check.what: check.standing for check in checks.installation_checks(settings)}


def test_this_installation_works() -> None:
    assert "failed" not in _standing(Settings()).values()


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    settings = Settings.model_validate({"run": {"temp_dir": blocked / "below"}})
    found = {check.what: check for check in checks.installation_checks(settings)}
    assert found["temporary files"].standing == "failed"
    assert "run.temp_dir" in found["temporary files"].fix


def test_a_limit_beyond_the_memory_is_noted() -> None:
    settings = Settings.model_validate({"run": {"memory_limit": "900TB"}})
    assert _standing(settings)["memory"] == "note"


def test_a_missing_extra_is_a_note_with_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_has", lambda module: False)
    extra = next(c for c in checks.installation_checks(Settings()) if c.what == "extra otlp")
    assert extra.standing == "note"
    assert extra.fix == "pip install 'stillwatch[otlp]'"


def test_a_broken_compiler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise RuntimeError("no LLVM")

    monkeypatch.setattr(checks, "_compiler", broken)
    assert _standing(Settings())["compiler"] == "failed"
