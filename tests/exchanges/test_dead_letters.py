"""Dead letters: written whole or not at all, counted in bounded memory."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.dead_letters import DeadLetters, reason_class
from stillwatch.exchanges.reader import Rejection


def letter(**said):
    return Rejection(
        **{"file": "a.jsonl", "line": 3, "field": None, "reason": "not JSON: x", "raw": b"{"} | said
    )


def test_a_letter_says_file_line_field_and_reason(tmp_path):
    path = tmp_path / "out" / "rejected.jsonl"
    with DeadLetters(path) as letters:
        letters.add(
            letter(field="time", reason="expected a time with an offset, got 'x'", raw=b"\xff" * 9000)
        )
        assert not path.exists()
    row = json.loads(path.read_text())
    assert row | {"raw": None} == {
        "file": "a.jsonl",
        "line": 3,
        "field": "time",
        "reason": "expected a time with an offset, got 'x'",
        "raw": None,
    }
    assert len(row["raw"]) == 4096
    assert list(path.parent.iterdir()) == [path]


def test_a_failed_run_leaves_no_file_and_keeps_the_old_one(tmp_path):
    path = tmp_path / "rejected.jsonl"
    path.write_text("of the last run\n")
    with pytest.raises(KeyError), DeadLetters(path) as letters:
        letters.add(letter())
        raise KeyError
    assert path.read_text() == "of the last run\n"
    assert list(tmp_path.iterdir()) == [path]


def test_without_rejections_there_is_no_file(tmp_path):
    with DeadLetters(tmp_path / "rejected.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []


@given(st.text(), st.text(), st.binary(max_size=50))
def test_any_text_can_be_written(reason, file, raw):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rejected.jsonl"
        with DeadLetters(path) as letters:
            letters.add(letter(reason=reason + "\ud800", file=file, raw=raw))
        assert len(path.read_bytes().splitlines()) == 1


def test_classes_leave_out_the_particulars_and_are_bounded():
    assert reason_class(letter(field=None, reason="encoded as UTF-16; convert it")) == "encoded as UTF-16"
    assert reason_class(letter(field=None, reason="not UTF-8 at byte 512")) == "not UTF-8 at byte N"
    assert reason_class(letter(field="messages[12]", reason="expected text at [3], got 'x'")) == (
        "messages[]: expected text at [N]"
    )
    letters = DeadLetters()
    for i in range(5000):
        letters.add(letter(reason="reason " + chr(0x4E00 + i)))
    assert letters.total == 5000
    assert len(letters.counts) <= 201


def test_too_many_is_a_share_of_all_rows():
    letters = DeadLetters()
    for _ in range(5):
        letters.add(letter())
    assert letters.too_many(rows=95, share=0.04)
    assert not letters.too_many(rows=95, share=0.05)
    assert DeadLetters().too_many(rows=0, share=0.0) is False
