"""The state directory comes from the option or the configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stillwatch.cli.feedback.arguments import state_of, warn_of_broken
from stillwatch.feedback.ledger import Broken, Ledger
from stillwatch.settings import SettingsError


def test_from_the_option_or_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STILLWATCH_CONFIG", raising=False)
    config = tmp_path / "stillwatch.yaml"
    config.write_text(f"run: {{state_dir: {json.dumps(str(tmp_path))}}}\n")
    assert state_of(None, config) == tmp_path
    assert state_of(tmp_path / "other", config) == tmp_path / "other"
    with pytest.raises(SettingsError):
        state_of(None, None)


def test_each_broken_line_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    warn_of_broken(Ledger((), (Broken(3, "not JSON"), Broken(9, "not an entry"))), tmp_path)
    said = capsys.readouterr().err
    assert ":3: not JSON" in said and ":9: not an entry" in said
