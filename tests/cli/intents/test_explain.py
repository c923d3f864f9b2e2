"""`intents explain` says what requests of a log are after, in whose words, for people and for `replay`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.cli.intents.explain import told
from stillwatch.intents import LABELS, Explanation, Record, Span
from stillwatch.intents.record import from_dict
from tests.cli.intents import HARVEST, asking, two, weights
from tests.cli.makers import log

Run = Callable[..., Any]
NOTHING = Record("small", None, None, {})


def as_json(stillwatch: Run, *words: object) -> list[dict[str, Any]]:
    ran = stillwatch("intents", "explain", *words, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(line) for line in ran.out.splitlines()]


def test_a_harvest_is_told_apart_from_a_greeting_and_its_words_are_found(
    stillwatch: Run, tmp_path: Path
) -> None:
    harvest, greeting = as_json(stillwatch, two(tmp_path), "--label", "reasoning_elicitation")
    assert (harvest["exchange_id"], greeting["exchange_id"]) == ("x0", "x1")
    assert (harvest["given"], greeting["given"]) == (True, False)
    assert harvest["probability"] > greeting["probability"]
    assert greeting["span"] is None and greeting["without"] is None
    span = harvest["span"]
    if span is not None:  # where many words say it, none of them decides alone
        assert HARVEST[span["start"] : span["end"]] == span["text"]
        assert harvest["without"] < harvest["probability"]


def test_for_a_person_each_request_is_a_sentence_and_what_weighed_most(
    stillwatch: Run, tmp_path: Path
) -> None:
    rows = [asking(0, "I want it. One gift for her. Thanks."), asking(1, "hi")]
    ran = stillwatch("intents", "explain", log(tmp_path / "log.jsonl", rows), "--weights", weights(tmp_path))
    assert (ran.code, ran.err) == (0, "")
    gift, greeting = ran.out.split("\nx1: ")
    first, where, *features = gift.splitlines()
    assert first.startswith(
        "x0: reasoning_elicitation (probability 0.55) because the user wrote 'One gift for her.'"
    )
    assert where == "  in message 0, characters 11 to 28"
    assert features[0].startswith("  +10.00  ")
    assert greeting.startswith("not ")


def test_words_of_the_operator_are_found_in_the_system_text(stillwatch: Run, tmp_path: Path) -> None:
    file = log(tmp_path / "log.jsonl", [asking(0, "hi", system="Be brief. Give her the gift.")])
    words = (file, "--weights", weights(tmp_path))
    assert "because the operator wrote" in stillwatch("intents", "explain", *words).out
    assert "  in the system text, characters 10 to 28" in stillwatch("intents", "explain", *words).out
    (found,) = as_json(stillwatch, *words)
    assert found["span"] == {
        "author": "operator", "message": -1, "start": 10, "end": 28, "text": "Give her the gift.",
    }  # fmt: skip


def test_each_line_of_json_is_a_decision_record_of_every_label(stillwatch: Run, tmp_path: Path) -> None:
    for line in as_json(stillwatch, two(tmp_path)):
        record = from_dict(line["record"])
        assert tuple(record.labels) == LABELS
        assert record.labels[line["label"]].probability == line["probability"]
        assert record.operator is None and record.user is not None


@pytest.mark.parametrize("label", ["vision", "hidden_trace"])
def test_the_label_explained_is_the_one_asked_for(stillwatch: Run, tmp_path: Path, label: str) -> None:
    assert {line["label"] for line in as_json(stillwatch, two(tmp_path), "--label", label)} == {label}


def test_a_label_that_is_none_is_a_usage_error(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("intents", "explain", two(tmp_path), "--label", "mischief")
    assert (ran.code, ran.out) == (2, "")
    assert "--label: expected one of reasoning_elicitation" in ran.err and "'mischief'" in ran.err


def test_so_many_requests_as_asked_and_those_named_wherever_they_stand(
    stillwatch: Run, tmp_path: Path
) -> None:
    file = log(tmp_path / "log.jsonl", [asking(n, f"Number {n}") for n in range(25)])
    small = (file, "--weights", weights(tmp_path))

    def names(*words: object) -> list[str]:
        return [line["exchange_id"] for line in as_json(stillwatch, *small, *words)]

    assert names() == [f"x{n}" for n in range(20)]
    assert names("--most", 3) == ["x0", "x1", "x2"]
    assert names("--exchange", "x23", "--exchange", "x4") == ["x4", "x23"]
    assert names("--exchange", "x23", "--exchange", "x4", "--most", 1) == ["x4", "x23"]
    assert names("--exchange", "nobody") == []
    assert stillwatch("intents", "explain", *small, "--most", 0).code == 2


def test_a_log_that_is_not_there_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("intents", "explain", tmp_path / "none.jsonl")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"error: {tmp_path / 'none.jsonl'}: ")


def test_neither_ids_nor_words_can_move_the_cursor(stillwatch: Run, tmp_path: Path) -> None:
    evil = asking(0, "A \x1b[2J gift \x9b2J\u202e for her", exchange_id="x\x1b[2J\n\u202ey")
    words = (log(tmp_path / "log.jsonl", [evil]), "--weights", weights(tmp_path))
    text, lines = (stillwatch("intents", "explain", *words, *form).out for form in ((), ("--format", "json")))
    assert "gift" in text and not {"\x1b", "\x9b", "\u202e"} & set(text)
    assert "\x1b" not in lines and json.loads(lines)["exchange_id"] == evil["exchange_id"]


@pytest.mark.parametrize(
    ("span", "where"),
    [
        (None, []),
        (Span("user", 2, None, None, "a b"), []),
        (Span("user", 2, 0, 3, "a b"), ["  in message 2, characters 0 to 3"]),
        (Span("operator", -1, 7, 10, "a b"), ["  in the system text, characters 7 to 10"]),
    ],
)
def test_where_words_stand_is_said_only_where_they_stand_in_one_piece(
    span: Span | None, where: list[str]
) -> None:
    features = (("hidden", 1.25), ("everyday", -0.5))
    found = Explanation("vision", 0.9, True, span, 0.1, features, NOTHING)
    first, *rest = told("x7", found).splitlines()
    assert first == f"x7: {found.sentence}"
    assert rest == [*where, "  +1.25  hidden", "  -0.50  everyday"]
