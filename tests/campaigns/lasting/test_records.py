"""A state is what its JSON says, no more and no less."""

from __future__ import annotations

import msgspec
import pytest

from stillwatch.campaigns.lasting.records import VERSION, Change, Echo, Form, State, Tally
from tests.campaigns.lasting.makers import START, candidate, known, ledger, pool

FULL = State(
    secret_id="abc",
    scans=3,
    since=START,
    until=START,
    found={"resale_pool": 1},
    campaigns=[
        known(
            "C-1",
            pool(),
            echo=Echo([Form([1, -2], [3])], {"payment": [5]}, 0.01),
            suspended={"p000": START},
            judgement="confirmed",
        )
    ],
    candidates=[candidate(pool("q"), ledger=ledger(passed={"x": Tally(1, pairs=[("a", "b")])}))],
    history=[Change(START, "C-1", "named")],
)


@pytest.mark.parametrize("state", [State(), FULL])
def test_what_is_encoded_is_decoded_to_the_same(state: State) -> None:
    assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state
    assert state.version == VERSION


def test_the_records_have_a_schema() -> None:
    schema = msgspec.json.schema(State)
    assert {"State", "Known", "Candidate", "Ledger", "Tally", "Echo"} <= schema["$defs"].keys()


@pytest.mark.parametrize(
    ("key", "value"), [("scans", "three"), ("campaigns", [{"members": []}]), ("found", [])]
)
def test_a_field_of_another_kind_is_refused(key: str, value: object) -> None:
    raw = msgspec.to_builtins(FULL) | {key: value}
    with pytest.raises(msgspec.ValidationError, match=key):
        msgspec.json.decode(msgspec.json.encode(raw), type=State)


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        FULL.scans = 4  # type: ignore[misc]
