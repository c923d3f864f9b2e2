"""Validation of one record: typed rows, or the field that is wrong and what to do."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.columns import batch_of
from stillwatch.exchanges.schema import REQUIRED
from stillwatch.exchanges.validate import NOT_NEGATIVE, InvalidRecordError, clean_text, validate
from tests.exchanges import strange
from tests.exchanges.makers import exchange


@given(strange.rows())
def test_what_is_accepted_arrow_takes_and_accepts_again(row):
    try:
        valid = validate(row)
    except InvalidRecordError as error:
        assert error.field in row or error.field in REQUIRED
        assert error.reason
        return
    batch_of([valid]).validate(full=True)
    assert validate(valid) == valid


@given(st.dictionaries(st.text().map("x-{}".format), st.text() | st.integers()))
def test_fields_of_others_are_ignored(extra):
    known = exchange()
    assert validate(extra | known) == validate(known)


@pytest.mark.parametrize("field", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "unknown", ...])
def test_a_missing_required_field_is_named_with_the_options_that_give_it(field, value):
    if field == "time" and value == "unknown":
        return  # no label: refused as a time instead
    with pytest.raises(InvalidRecordError, match=f"--map {field}=PATH") as caught:
        validate(exchange(**{field: value}))
    assert caught.value.field == field


@pytest.mark.parametrize("field", sorted(NOT_NEGATIVE))
def test_negative_counts_are_refused(field):
    with pytest.raises(InvalidRecordError, match="zero or more"):
        validate(exchange(**{field: -1}))


def test_missing_is_not_zero():
    row = validate(exchange(status=0, asn=0, model="unknown", output="", input_tokens=0, ip=None))
    assert row.keys().isdisjoint({"status", "asn", "model", "output", "ip"})
    assert row["input_tokens"] == 0


def test_system_turns_move_to_the_system_text():
    row = validate(
        exchange(
            system="First.",
            messages=[
                {"role": "developer", "content": "Second."},
                {"role": "human", "content": "Hi"},
                {"role": "system", "content": "Third."},
                {"role": "model", "content": None},
            ],
        )
    )
    assert row["system"] == "First.\nSecond.\nThird."
    assert row["messages"] == [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": None}]


def test_system_turns_under_layers_are_refused_since_positions_would_shift():
    layers = [{"author": "user", "message": 0, "start": 0, "end": 1}]
    with pytest.raises(InvalidRecordError, match="write it as `system`"):
        validate(exchange(layers=layers, messages=[{"role": "system", "content": "x"}]))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("messages", "text"),
        ("messages", [17]),
        ("messages", [{"content": "no role"}]),
        ("messages", [{"role": "user", "content": [{"type": "text"}]}]),
        ("tools", ["a", 1]),
        ("tool_calls", [{"name": 1}]),
        ("layers", [{"author": "user", "message": "x"}]),
        ("layers", [None]),
    ],
)
def test_malformed_lists_are_refused_by_field(field, value):
    with pytest.raises(InvalidRecordError, match="expected") as caught:
        validate(exchange(**{field: value}))
    assert caught.value.field == field


def test_arguments_of_a_tool_call_may_come_decoded():
    row = validate(exchange(tool_calls=[{"name": "f", "arguments": {"a": 1}}]))
    assert row["tool_calls"] == [{"name": "f", "arguments": '{"a":1}'}]


def test_text_that_is_no_unicode_is_mended():
    assert clean_text("a\ud800") == "a�"
    assert pa.array([validate(exchange(output="\ud83d"))["output"]]).validate(full=True) is None
