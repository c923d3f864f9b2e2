"""The secret: made once, kept to its owner, the same keys for ever."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from stillwatch.sketches.secret import Secret, SecretError

from .makers import OTHER, SECRET


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    made = Secret.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Secret.load_or_create(path) == made
    assert [p.name for p in path.parent.iterdir()] == ["secret"]
    assert Secret.load_or_create(tmp_path / "another") != made


def test_keys_are_fixed_by_master_and_purpose() -> None:
    assert SECRET.key("a") == Secret.from_bytes(bytes(range(32))).key("a")
    assert len({SECRET.key("a"), SECRET.key("b"), OTHER.key("a")}) == 3
    assert SECRET.number("a") == Secret.from_bytes(bytes(range(32))).number("a") < 2**64
    assert SECRET.id != OTHER.id and len(SECRET.id) == 12
    # HKDF-SHA256 of a known key: sketches made by an older version must stay comparable
    assert SECRET.id == Secret(bytes(range(32))).key("id", 6).hex()


def test_a_secret_does_not_show_itself() -> None:
    assert bytes(range(32)).hex() not in repr(SECRET) and "\\x01" not in repr(SECRET)


@pytest.mark.parametrize("text", ["no hexadecimal", "", "abcd", "é"])
def test_a_file_that_is_no_secret_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SecretError, match=r"secret: expected .*\n  fix: "):
        Secret.load_or_create(path)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o620])
def test_a_secret_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    Secret.load_or_create(path)
    path.chmod(mode)
    with pytest.raises(SecretError, match="chmod 600"):
        Secret.load_or_create(path)


def test_a_secret_that_its_group_may_read_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "secret"
    Secret.load_or_create(path)
    path.chmod(0o640)
    with caplog.at_level(logging.WARNING):
        Secret.load_or_create(path)
    assert "can be read by its group" in caplog.text


def test_short_bytes_are_refused() -> None:
    with pytest.raises(SecretError, match="at least 16 bytes"):
        Secret.from_bytes(b"short")
