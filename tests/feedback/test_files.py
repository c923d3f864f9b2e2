"""Files stand whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.files import flush, read_json, whole_file, write_json


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_json(tmp_path / "deep" / "a.json", {"b": [1, 2.5, None]})
    assert read_json(tmp_path / "deep" / "a.json", "no") == {"b": [1, 2.5, None]}


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {})
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"old": 1})
    with pytest.raises(RuntimeError), whole_file(tmp_path / "a.json") as part:
        part.write_text("half")
        raise RuntimeError
    assert read_json(tmp_path / "a.json", "no") == {"old": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("text", ["{", "[]"])
def test_what_is_no_object_is_refused_with_the_fix(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FeedbackError, match=r"a\.json.*\n  fix: restore"):
        read_json(tmp_path / "a.json", "restore it")


def test_a_folder_can_be_flushed(tmp_path: Path) -> None:
    flush(tmp_path)
