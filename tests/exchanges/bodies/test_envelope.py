"""What envelopes share."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.bodies.envelope import beginning, beside, content_id, parsed_body
from stillwatch.exchanges.bodies.fields import BodyError
from stillwatch.exchanges.reader import Head
from tests.exchanges.bodies.makers import JSON_VALUES


def test_only_canonical_columns_are_taken_from_beside():
    row = {
        "account_id": "a",
        "ip": "198.51.100.7",
        "request": {},
        "note": "x",
        "key_id": None,
        "source_line": 3,
    }
    assert beside(row) == {"account_id": "a", "ip": "198.51.100.7"}


def test_a_formats_own_keys_are_no_columns():
    assert beside({"output": {}, "ip": "198.51.100.7"}, ("output",)) == {"ip": "198.51.100.7"}


def test_only_a_value_longer_than_the_head_is_told_by_its_beginning():
    assert beginning(Head(b' {"custom_id": "a', ())) == b' {"custom_id": "a'
    assert beginning(Head(b'{"a": 1}', ({"a": 1},))) == b""
    assert beginning(Head(b"PAR1", ())) == b""


@pytest.mark.parametrize(
    ("body", "parsed"), [(None, {}), ("", {}), ({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ("{}", {})]
)
def test_bodies_may_be_objects_or_json_in_a_string(body, parsed):
    assert parsed_body(body, "request.body") == parsed


@pytest.mark.parametrize("body", ['{"a": ', "<html>", "[1]", 7, [1]])
def test_other_bodies_are_refused_by_name(body):
    with pytest.raises(BodyError) as raised:
        parsed_body(body, "request.body")
    assert raised.value.field == "request.body"


@given(st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=4))
def test_a_made_up_id_depends_on_the_content_alone(row):
    turned = dict(reversed(row.items()))
    assert content_id(row) == content_id(turned)
    assert len(content_id(row)) == 32
    assert content_id({**row, "more": 1}) != content_id({**row, "more": 2})
    if json.dumps(row) == json.dumps(json.loads(json.dumps(row))):
        assert content_id(json.loads(json.dumps(row))) == content_id(row)
