"""`intents explain` says of every request what it is after, in whose words, and as a record that can be replayed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.intents import LABELS, Record, load_model, replay
from stillwatch.intents.record import from_dict
from tests.cli.makers import exchange, log

Run = Callable[..., Any]


@pytest.fixture
def explained(stillwatch: Run, asked: Path, weights: Path) -> Run:
    """Return a function that explains the log with the small weights."""
    return lambda *words: stillwatch("intents", "explain", asked, "--weights", weights, *words)


def records(ran: Any) -> list[dict[str, Any]]:
    assert ran.code == 0
    return [json.loads(line) for line in ran.out.splitlines()]


def test_every_request_is_explained_in_the_order_of_the_log(explained: Run) -> None:
    ran = explained()
    assert ran.code == 0
    heads = [line for line in ran.out.splitlines() if not line.startswith(" ")]
    assert [head.split(":")[0] for head in heads] == ["x0", "x1", "x2", "x3", "x4"]
    assert heads[0].startswith("x0: reasoning_elicitation (probability 0.5")
    assert re.search("because the user wrote '[^']*gift", heads[0])
    assert heads[1].startswith("x1: not ")
    assert "vision" in heads[2] and re.search("because the operator wrote '[^']*über", heads[2])


def test_the_words_that_decide_are_placed_in_what_was_sent(explained: Run) -> None:
    texts = {"user": "Good day. Wrap the gift, please. Thank you.", "operator": "Write über alles."}
    where = {"user": "message 0", "operator": "the system text"}
    told = re.findall(
        r"because the (\w+) wrote '(.*)'; .*\n  in (.*), characters (\d+) to (\d+)", explained().out
    )
    assert [author for author, *_rest in told] == ["user", "operator"]
    for author, words, place, start, end in told:
        assert (place, texts[author][int(start) : int(end)]) == (where[author], words)


def test_what_weighed_most_is_named_with_its_weight(explained: Run) -> None:
    lines = explained("--exchange", "x0").out.splitlines()
    assert any(line.startswith("  +5.00  ") for line in lines)


def test_only_the_exchanges_asked_for_are_explained(explained: Run) -> None:
    found = records(explained("--exchange", "x2", "--exchange", "x4", "--most", 1, "--format", "json"))
    assert [row["exchange_id"] for row in found] == ["x2", "x4"]
    assert explained("--exchange", "nobody").out == ""


@pytest.mark.parametrize("most", [1, 3, 9])
def test_no_more_are_explained_than_asked_for(most: int, explained: Run) -> None:
    assert len(records(explained("--most", most, "--format", "json"))) == min(most, 5)


def test_the_label_asked_for_is_explained_given_or_not(explained: Run) -> None:
    found = records(explained("--label", "vision", "--format", "json"))
    assert [(row["label"], row["given"]) for row in found] == [("vision", i == 2) for i in range(5)]
    ran = explained("--label", "mind_reading")
    assert ran.code == 2 and "reasoning_elicitation" in ran.err and "mind_reading" in ran.err


def test_as_json_each_line_is_a_record_that_can_be_replayed(explained: Run, weights: Path) -> None:
    found = records(explained("--format", "json"))
    model = load_model(weights)
    for row in found:
        kept = from_dict(row["record"])
        assert isinstance(kept, Record) and kept.labels.keys() == set(LABELS)
        replay(kept, model)
    assert (
        found[0]["given"]
        and found[0]["span"]["author"] == "user"
        and found[0]["without"] < found[0]["probability"]
    )
    assert found[1]["span"] is None and found[1]["without"] is None


def test_no_record_holds_a_text_but_for_the_words_that_decide(explained: Run) -> None:
    for row in records(explained("--format", "json")):
        told = json.dumps(row["record"])
        assert "Good" not in told and "gift" not in told


def test_another_format_of_log_is_read_too(tmp_path: Path, weights: Path, stillwatch: Run) -> None:
    rows = [exchange(7, messages=None, system="Wrap the gift.", output="no")]
    ran = stillwatch("intents", "explain", log(tmp_path / "l.jsonl", rows), "--weights", weights)
    assert ran.code == 0 and "because the operator wrote" in ran.out


def test_an_id_cannot_move_the_cursor(tmp_path: Path, weights: Path, stillwatch: Run) -> None:
    path = log(tmp_path / "l.jsonl", [exchange(0, exchange_id="x\x1b[2J")])
    for words in ((), ("--format", "json")):
        ran = stillwatch("intents", "explain", path, "--weights", weights, *words)
        assert ran.code == 0 and "\x1b" not in ran.out


def test_a_log_that_is_not_there_is_told(tmp_path: Path, weights: Path, stillwatch: Run) -> None:
    ran = stillwatch("intents", "explain", tmp_path / "none.jsonl", "--weights", weights)
    assert ran.code != 0 and "none.jsonl" in ran.err
