"""Decoding one JSON value, tolerantly but never without a bound."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.json_values import MAX_DEPTH, NotJSONError, decode, depth, encode


@given(st.binary(max_size=200) | st.text(alphabet='[]{}",:\\u0dE1e9 ntf', max_size=60).map(str.encode))
def test_anything_decodes_or_is_refused_by_one_error(data):
    try:
        decode(data)
    except NotJSONError as error:
        assert str(error)


@given(st.recursive(st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=10))
def test_depth_counts_brackets_outside_strings(value):
    def deepest(item):
        return 1 + max(map(deepest, item), default=0) if isinstance(item, list) else 0

    assert depth(json.dumps(value).encode()) == deepest(value)


def test_the_depth_limit_is_exact():
    assert decode(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(NotJSONError, match="nested deeper than"):
        decode(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


def test_brackets_in_text_are_no_depth():
    assert decode(json.dumps("[{" * 10_000).encode()) == "[{" * 10_000


def test_what_pythons_own_writer_writes_is_read():
    assert math.isnan(decode(b"NaN"))
    assert decode(b'"\\ud83d"') == "\ud83d"


@given(st.recursive(st.text() | st.binary() | st.floats(), lambda x: st.dictionaries(st.text(), x)))
def test_any_value_can_be_shown_in_a_dead_letter(value):
    assert isinstance(encode(value), bytes)
