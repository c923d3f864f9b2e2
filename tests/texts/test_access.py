"""The access log tells who read what, when and why; it only grows, and only its owner reads it."""

from __future__ import annotations

import getpass
import json
import os
import pwd
import stat
from pathlib import Path

import pytest

from stillwatch.texts import access
from stillwatch.texts.access import ACCESS_LOG, record_access, wall_clock
from tests.texts.makers import NOON


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / ACCESS_LOG).read_text().splitlines()]


def test_each_access_is_a_line_and_earlier_lines_stay(tmp_path: Path) -> None:
    record_access(tmp_path, NOON, "show", "case 17", ["x1"])
    first = (tmp_path / ACCESS_LOG).read_bytes()
    record_access(tmp_path, NOON, "scan", "two\nlines", ["x2", "x3"])
    assert (tmp_path / ACCESS_LOG).read_bytes().startswith(first)
    told = lines(tmp_path)
    assert told[0] == {
        "time": "2026-11-23T12:00:00+00:00",
        "who": pwd.getpwuid(os.getuid()).pw_name,
        "action": "show",
        "why": "case 17",
        "exchange_ids": ["x1"],
    }
    assert told[1]["why"] == "two\nlines"


def test_the_log_is_private(tmp_path: Path) -> None:
    record_access(tmp_path, NOON, "show", "case 17")
    assert stat.S_IMODE((tmp_path / ACCESS_LOG).stat().st_mode) == 0o600


def test_the_environment_cannot_lend_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert getpass.getuser() == "somebody-else"
    assert access.reader() != "somebody-else"


def test_a_user_without_a_name_is_told_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert access.reader() == "uid 3999999999"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").touch()
    (tmp_path / ACCESS_LOG).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        record_access(tmp_path, NOON, "show", "case 17")


def test_the_clock_on_the_wall_has_an_offset() -> None:
    assert wall_clock().utcoffset() is not None
