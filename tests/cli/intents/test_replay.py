"""`intents replay` agrees with what `intents explain` recorded, and with nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.intents import asking, two, weights
from tests.cli.makers import log

Run = Callable[..., Any]


def recorded(stillwatch: Run, file: Path, *words: object) -> list[str]:
    """Return the lines of `intents explain --format json`."""
    ran = stillwatch("intents", "explain", file, "--format", "json", *words)
    assert ran.code == 0
    return [line for line in ran.out.split("\n") if line]


@pytest.fixture
def lines(stillwatch: Run, tmp_path: Path) -> list[str]:
    """The records of a request for a gift and of a greeting, by the small weights."""
    file = log(tmp_path / "log.jsonl", [asking(0, "One gift for her"), asking(1, "hi")])
    return recorded(stillwatch, file, "--weights", weights(tmp_path))


@pytest.fixture
def replay(stillwatch: Run, tmp_path: Path) -> Run:
    """Replay these lines by the small weights."""

    def _replay(*told: str) -> Any:
        file = log(tmp_path / "records.jsonl", list(told))
        return stillwatch("intents", "replay", file, "--weights", weights(tmp_path))

    return _replay


def changed(line: str, label: str, **values: object) -> str:
    """Return a record's line with other values for one label."""
    found = json.loads(line)
    found["record"]["labels"][label] |= values
    return json.dumps(found)


def test_what_was_explained_by_the_shipped_weights_is_replayed(stillwatch: Run, tmp_path: Path) -> None:
    file = log(tmp_path / "records.jsonl", list(recorded(stillwatch, two(tmp_path))))
    ran = stillwatch("intents", "replay", file)
    assert (ran.code, ran.out, ran.err) == (0, "2 decisions replayed, 0 not\n", "")


def test_other_weights_than_the_records_are_told_with_the_line(
    stillwatch: Run, lines: list[str], tmp_path: Path
) -> None:
    file = log(tmp_path / "records.jsonl", list(lines))
    ran = stillwatch("intents", "replay", file)
    assert (ran.code, ran.out) == (1, "0 decisions replayed, 2 not\n")
    first, second = ran.err.splitlines()
    assert first.startswith(f"error: {file}:1: record of weights ")
    assert second.startswith(f"error: {file}:2: record of weights ")


@pytest.mark.parametrize(
    ("label", "values", "said"),
    [
        ("reasoning_elicitation", {"score": 99}, "reasoning_elicitation: recorded 99, replayed 100"),
        ("reasoning_elicitation", {"given": False}, "reasoning_elicitation: recorded 100, replayed 100"),
        ("reasoning_elicitation", {"features": []}, "reasoning_elicitation: recorded 100, replayed 0"),
        ("vision", {"given": True}, "vision: recorded 0, replayed 0"),
        ("vision", {"features": [1 << 40]}, "vision: recorded a feature that these weights do not have"),
        ("vision", {"features": [-1]}, "vision: recorded a feature that these weights do not have"),
    ],
)
def test_one_changed_value_is_found_and_the_others_are_still_replayed(
    replay: Run, lines: list[str], label: str, values: dict[str, object], said: str
) -> None:
    ran = replay(changed(lines[0], label, **values), lines[1])
    assert (ran.code, ran.out) == (1, "1 decisions replayed, 1 not\n")
    assert f"records.jsonl:1: {said}" in ran.err


@pytest.mark.parametrize(
    "line",
    [
        "", "no JSON", "[]", "7", "null", "{}", '{"record": []}', '{"record": {"labels": []}}',
        '{"record": {"model": "m", "operator": null, "user": null, "labels": {"vision": 3}}}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_record_is_told_and_the_others_are_still_replayed(
    replay: Run, lines: list[str], line: str
) -> None:
    ran = replay(lines[0], line, lines[1])
    assert (ran.code, ran.out) == (1, "2 decisions replayed, 1 not\n")
    assert ran.err.count("error:") == 1
    assert "records.jsonl:2: no decision record" in ran.err and "expected lines of intents explain" in ran.err


@pytest.mark.parametrize("features", [[0.5], ["5"], [None], 7, "gift"])
def test_features_that_are_no_numbers_are_told(replay: Run, lines: list[str], features: object) -> None:
    ran = replay(changed(lines[0], "vision", features=features), lines[1])
    assert (ran.code, ran.out) == (1, "1 decisions replayed, 1 not\n")
    assert "records.jsonl:1: no decision record" in ran.err


def test_a_label_that_these_weights_do_not_know_is_told(replay: Run, lines: list[str]) -> None:
    found = json.loads(lines[0])
    found["record"]["labels"]["mischief"] = found["record"]["labels"]["vision"]
    ran = replay(json.dumps(found))
    assert (ran.code, ran.out) == (1, "0 decisions replayed, 1 not\n")
    assert "records.jsonl:1: no decision record" in ran.err


@pytest.mark.parametrize("space", ["\u2028", "\u2029", "\x85", "\x0b", "\x1e", "\r\n"])
def test_separators_in_the_words_quoted_do_not_end_a_record(
    stillwatch: Run, replay: Run, tmp_path: Path, space: str
) -> None:
    words = space.join(["one", "gift", "for", "her"])
    file = log(tmp_path / "log.jsonl", [asking(0, words, exchange_id=f"x{space}y")])
    found = recorded(stillwatch, file, "--weights", weights(tmp_path))
    assert len(found) == 1
    ran = replay(*found)
    assert (ran.code, ran.out) == (0, "1 decisions replayed, 0 not\n")


def test_bytes_that_are_no_text_spoil_only_their_line(
    stillwatch: Run, lines: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "records.jsonl"
    file.write_bytes(lines[0].encode() + b'\n{"record": "\xff"}\n' + lines[1].encode())
    ran = stillwatch("intents", "replay", file, "--weights", weights(tmp_path))
    assert (ran.code, ran.out) == (1, "2 decisions replayed, 1 not\n")
    assert "records.jsonl:2: no decision record" in ran.err


def test_a_file_that_is_not_there_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("intents", "replay", tmp_path / "none.jsonl")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"error: {tmp_path / 'none.jsonl'}: ")
