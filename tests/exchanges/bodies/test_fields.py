"""Typed access: absent and null are None, a wrong type names the field."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies import fields
from stillwatch.exchanges.bodies.fields import BodyError
from tests.exchanges.bodies.makers import JSON_VALUES

GETTERS = [
    fields.text,
    fields.identifier,
    fields.number,
    fields.integer,
    fields.flag,
    fields.items,
    fields.object_at,
]


@pytest.mark.parametrize("get", GETTERS)
def test_absent_and_null_are_missing(get):
    assert not get({}, "key")
    assert not get({"key": None}, "key")


@pytest.mark.parametrize("get", GETTERS)
@given(value=JSON_VALUES)
def test_any_value_is_taken_or_refused_by_name(get, value):
    try:
        get({"key": value}, "key", "request.body")
    except BodyError as error:
        assert error.field == "request.body.key"
        assert "expected" in error.reason


@pytest.mark.parametrize(
    ("get", "value", "taken"),
    [
        (fields.text, "a", "a"),
        (fields.text, "", None),
        (fields.identifier, 12, "12"),
        (fields.number, 1, 1.0),
        (fields.integer, 5.0, 5),
        (fields.flag, False, False),
        (fields.items, [1], [1]),
        (fields.object_at, {"a": 1}, {"a": 1}),
    ],
)
def test_values_of_the_documented_type_are_taken(get, value, taken):
    assert get({"key": value}, "key") == taken


@pytest.mark.parametrize(
    ("get", "value"),
    [
        (fields.text, 1),
        (fields.identifier, True),
        (fields.number, True),
        (fields.number, "0.5"),
        (fields.number, float("nan")),
        (fields.integer, 5.5),
        (fields.integer, 2**63),
        (fields.integer, float("inf")),
        (fields.flag, 1),
        (fields.items, {}),
        (fields.object_at, []),
    ],
)
def test_values_of_other_types_are_refused(get, value):
    with pytest.raises(BodyError, match="field `key`"):
        get({"key": value}, "key")


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(BodyError) as raised:
        fields.flag({"key": "x" * 10_000}, "key")
    assert len(raised.value.reason) < 200


def test_the_model_that_answered_is_told_only_where_it_differs():
    same = fields.exchange({"model": "m"}, {"model_served": "m", "output": "x"})
    assert same == {"model": "m", "output": "x"}
    assert fields.exchange({"model": "m"}, {"model_served": "m-2"})["model_served"] == "m-2"


def test_counts_add_up_over_what_is_there():
    assert fields.total(None, None) is None
    assert fields.total(1, None, 2) == 3


@given(JSON_VALUES)
def test_the_schema_hash_does_not_depend_on_the_order_of_keys(value):
    if isinstance(value, dict):
        turned = dict(reversed(value.items()))
        assert fields.schema_hash(value, "x") == fields.schema_hash(turned, "x")


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda i: st.lists(i, max_size=3)))
def test_json_is_written_whatever_the_size_of_its_integers(value):
    assert json.loads(fields.as_json(value, where="x")) == value


@given(st.text(st.characters(exclude_categories=()), max_size=8))
def test_json_survives_lone_surrogates(text):
    written = fields.as_json({"a": text}, where="x")
    written.decode()
    assert fields.from_json(written) == {"a": text}


@given(st.text(max_size=12), st.lists(st.integers(0, 30), max_size=4))
def test_a_text_cut_between_surrogates_is_made_whole(text, cuts):
    units = text.encode("utf-16-le")
    halves = [units[i : i + 2].decode("utf-16-le", "surrogatepass") for i in range(0, len(units), 2)]
    places = sorted({0, len(halves), *(cut % (len(halves) + 1) for cut in cuts)})
    assert fields.run_on("".join(halves[a:b]) for a, b in pairwise(places)) == text


def test_what_is_no_json_is_a_value_error():
    for data in ("{", b"\xff", "[" * 100_000):
        with pytest.raises(ValueError):
            fields.from_json(data)


def test_lone_surrogates_can_be_hashed():
    assert fields.schema_hash({"a": "\ud800"}, "x") == fields.schema_hash({"a": "\ud800"}, "x")


def test_json_too_deep_to_write_is_refused():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(BodyError, match="too deep"):
        fields.as_json(deep, where="x")
