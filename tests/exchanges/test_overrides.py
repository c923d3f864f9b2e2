"""`--map` and `--set`: paths into the document, typed constants, errors that name the option."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.errors import ReadError
from stillwatch.exchanges.overrides import Overrides, parse_overrides, parse_path, value_at

names = st.text(st.characters(exclude_categories=("Cs",), exclude_characters='."[]\\'), min_size=1)


@given(st.lists(names | st.integers(0, 3), min_size=1, max_size=5), st.integers())
def test_a_path_leads_to_the_value_it_describes(steps, value):
    document, text = value, ""
    for step in reversed(steps):
        document = [None] * step + [document] if isinstance(step, int) else {step: document}
    for step in steps:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    assert value_at(document, parse_path(text)) == value


@given(st.text(max_size=30))
def test_any_path_is_read_or_refused_by_one_error(text):
    try:
        steps = parse_path(text)
    except ReadError as error:
        assert "--map" in str(error)
        return
    assert steps
    assert value_at({"a": [1]}, steps) is None or "a" in text


def test_names_with_dots_are_quoted_in_brackets():
    document = {"headers": {"x.account": "a"}, "choices": [1, 2]}
    assert value_at(document, parse_path('headers["x.account"]')) == "a"
    assert value_at(document, parse_path("choices[-1]")) == 2
    assert value_at(document, parse_path("choices[2]")) is None
    assert value_at(document, parse_path("choices.x")) is None


def test_overrides_replace_what_the_reader_found_even_by_nothing():
    overrides = parse_overrides({"account_id": "who.id", "model": "nowhere"}, {"status": "200"})
    record = overrides.apply({"account_id": "old", "model": "m", "api": "chat"}, {"who": {"id": "new"}})
    assert record == {"account_id": "new", "model": None, "api": "chat", "status": 200}


@pytest.mark.parametrize(
    ("mapping", "constants", "message"),
    [
        ({"acount_id": "x"}, None, "no such field; the fields are exchange_id"),
        (None, {"source_file": "x"}, "no such field"),
        ({"account_id": ""}, None, "the path is empty"),
        ({"account_id": "a[x]"}, None, "cannot read the path"),
        (None, {"status": "ok"}, "--set status=ok: expected a number"),
        (None, {"time": "2026-11-02"}, "append Z"),
        ({"model": "m"}, {"model": "m"}, "by --map and by --set"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_read(mapping, constants, message):
    with pytest.raises(ReadError, match=message):
        parse_overrides(mapping, constants)


def test_no_overrides_are_false():
    assert not Overrides()
    assert not parse_overrides(None, None)
    assert parse_overrides(None, {"platform": "direct"})
    assert json.dumps(parse_overrides(None, {"n": "3"}).constants) == '{"n": 3}'
