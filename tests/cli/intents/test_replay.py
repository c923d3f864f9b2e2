"""`intents replay` passes what follows from its record, and nothing that was changed since."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def kept(stillwatch: Run, asked: Path, weights: Path, tmp_path: Path) -> list[dict[str, Any]]:
    """Return the records of the log's decisions."""
    ran = stillwatch("intents", "explain", asked, "--weights", weights, "--format", "json")
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture
def replayed(stillwatch: Run, weights: Path, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that replays lines."""

    def _replay(lines: list[Any], using: Path = weights) -> Any:
        told = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        (tmp_path / "records.jsonl").write_text("\n".join(told) + "\n", encoding="utf-8")
        return stillwatch("intents", "replay", tmp_path / "records.jsonl", "--weights", using)

    return _replay


def test_untouched_decisions_follow_from_their_records(replayed: Run, kept: list[dict[str, Any]]) -> None:
    ran = replayed(kept)
    assert (ran.code, ran.out, ran.err) == (0, "5 decisions replayed, 0 not\n", "")


def change(row: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Return the record with a field of its main label changed."""
    labels = row["record"]["labels"]
    main = labels["reasoning_elicitation"] | {name: value}
    return row | {"record": row["record"] | {"labels": labels | {"reasoning_elicitation": main}}}


@pytest.mark.parametrize(("name", "value"), [("score", 51), ("given", False), ("features", [])])
def test_a_decision_that_was_changed_is_told_with_its_line(
    name: str, value: Any, replayed: Run, kept: list[dict[str, Any]]
) -> None:
    ran = replayed([kept[1], change(kept[0], name, value), kept[2]])
    assert ran.code == 1 and ran.out == "2 decisions replayed, 1 not\n"
    assert "records.jsonl:2: reasoning_elicitation: recorded" in ran.err


def test_decisions_of_other_weights_are_not_replayed(
    replayed: Run, kept: list[dict[str, Any]], other_weights: Path
) -> None:
    ran = replayed(kept, other_weights)
    assert ran.code == 1 and ran.out == "0 decisions replayed, 5 not\n"
    assert "load the weights it was made by" in ran.err


@pytest.mark.parametrize(
    "line", ["{", "7", "null", "{}", '{"record": {}}', '{"record": null}', '"record"', "[]"]
)
def test_what_is_no_record_is_told_and_the_others_are_replayed(
    line: str, replayed: Run, kept: list[dict[str, Any]]
) -> None:
    ran = replayed([kept[0], line, kept[1]])
    assert ran.code == 1 and ran.out == "2 decisions replayed, 1 not\n"
    assert "records.jsonl:2: no decision record" in ran.err


def test_a_record_that_lacks_a_label_or_names_another_is_no_record(
    replayed: Run, kept: list[dict[str, Any]]
) -> None:
    unknown = {
        "record": kept[0]["record"] | {"labels": {"mind_reading": kept[0]["record"]["labels"]["vision"]}}
    }
    ran = replayed([unknown])
    assert ran.code == 1 and ran.out == "0 decisions replayed, 1 not\n"


def test_a_file_that_is_not_there_is_told(stillwatch: Run, weights: Path, tmp_path: Path) -> None:
    ran = stillwatch("intents", "replay", tmp_path / "none.jsonl", "--weights", weights)
    assert ran.code == 1 and "none.jsonl" in ran.err
