"""Hand-made tables of sketches, labelled as a scan labels them, and what the `find` of a signal sees in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pyarrow as pa

from stillwatch.engines import Session
from stillwatch.signals import HANDOVERS
from stillwatch.sketches.schema import SKETCH_SCHEMA
from stillwatch.workloads import label_exchanges

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
ANN, BOB, CYD = 101, 202, 303  # account keys
ANSWER, OPENING, CONTENT, BLOCK = 7001, 7002, 7003, 7004

Row = dict[str, Any]
Moved = tuple[int, int, int, int]  # unit, giver, taker, exchange_key

_numbers = count(1)


def exchange(**said: Any) -> Row:
    """One plausible exchange; `at` is in seconds after the start of the log."""
    number = next(_numbers)
    row: Row = {field.name: [] if pa.types.is_list(field.type) else None for field in SKETCH_SCHEMA}
    row |= {
        "exchange_id": f"x{number}",
        "exchange_key": number,
        "account_key": ANN,
        "time": START + timedelta(seconds=said.pop("at", 0.0)),
        "status": 200,
        "turns": 1,
        "messages": 1,
        "output_chars": 900,
        "user_chars": 300,
    }
    unknown = said.keys() - row.keys()
    assert not unknown, f"no such column: {unknown}"
    return row | said | {"account_id": f"account-{said.get('account_key', ANN)}"}


def found(session: Session, signal: str, rows: list[Row]) -> list[Moved]:
    """Return what a signal's `find` sees passing, sorted."""
    sketches = session.load("sketches", pa.Table.from_pylist(rows, schema=SKETCH_SCHEMA))
    keys = pa.array([row["exchange_key"] for row in rows], pa.int64())
    forms = {
        "exchange_key": keys,
        "workload": pa.array([1] * len(rows)),
        "templated": pa.array([True] * len(rows)),
    }
    assigned = session.load("assigned", pa.table(forms))
    table = session.fetch(HANDOVERS[signal](label_exchanges(session, sketches, assigned)))
    columns = ("unit", "giver", "taker", "exchange_key")
    return sorted(zip(*(table[name].to_pylist() for name in columns), strict=True))


def conversation() -> list[Row]:
    """Ann is answered; a minute later Bob goes on with it."""
    return [
        exchange(output_key=ANSWER, first_turn_key=OPENING),
        exchange(account_key=BOB, at=60, history_keys=[ANSWER], first_turn_key=OPENING),
    ]


def quotation() -> list[Row]:
    """Ann is answered; an hour later Bob has the answer in his prompt."""
    return [
        exchange(output_key=ANSWER, output_marks=[1, 2, 3, 4, 5]),
        exchange(account_key=BOB, at=3600, quoted_marks=[2, 3, 4, 90, 91]),
    ]


def replay() -> list[Row]:
    """Ann is issued a reasoning block; Bob presents it in the conversation it belongs to."""
    return [
        exchange(reasoning_issues=[BLOCK], output_key=ANSWER),
        exchange(account_key=BOB, at=30, reasoning_refs=[BLOCK], history_keys=[5]),
    ]


def bare() -> list[Row]:
    """Ann is issued a reasoning block; Bob presents it without any conversation."""
    return [exchange(reasoning_issues=[BLOCK]), exchange(account_key=BOB, at=30, reasoning_refs=[BLOCK])]


def retry() -> list[Row]:
    """Ann is told 429; a tenth of a second later Bob sends the same."""
    return [
        exchange(status=429, content_key=CONTENT, conversation_key=OPENING),
        exchange(account_key=BOB, at=0.1, content_key=CONTENT, conversation_key=OPENING),
    ]


# For each signal on things that pass: two exchanges in which one thing passes, and what that thing is.
SCENES = {
    "conversation_carried": (conversation, OPENING),
    "answers_passed": (quotation, ANSWER),
    "reasoning_replay": (replay, BLOCK),
    "bare_replay": (bare, BLOCK),
    "retry_handed_over": (retry, CONTENT),
}


def passes(session: Session, signal: str, rows: list[Row]) -> int:
    """Return how many hand-overs a signal sees."""
    return len(found(session, signal, rows))
