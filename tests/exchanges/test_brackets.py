"""Finding the end of a JSON value without decoding it."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.brackets import Walker, concatenated, end_of

objects = st.dictionaries(st.text(), st.text() | st.lists(st.text()), max_size=4)


@given(objects, st.binary(max_size=5), st.integers(1, 20))
def test_the_walker_ends_where_the_value_ends_however_it_is_cut(value, after, size):
    text = json.dumps(value).encode()
    data = text + after
    walker = Walker()
    for start in range(0, len(data), size):
        piece = data[start : start + size]
        position, ended = walker.walk(piece, 0)
        if ended:
            assert start + position == len(text)
            return
    raise AssertionError("the walker went past the end")


@given(st.lists(objects, min_size=1), st.sampled_from(["", " ", "\t "]))
def test_glued_objects_come_apart_again(values, glue):
    assert list(concatenated(glue.join(map(json.dumps, values)).encode())) == values


def test_one_broken_object_means_none():
    assert list(concatenated(b'{"a": 1}{"b": tru}{"c": 3}')) == []


def test_a_line_break_in_a_string_ends_the_broken_value():
    position, ended = Walker().walk(b'{"a": "b\nc"}', 0)
    assert ended and position == 8


def test_end_of_gives_the_start_where_nothing_matches():

    assert end_of(re.compile(b"x+"), b"axxb", 0) == 0
    assert end_of(re.compile(b"x+"), b"axxb", 1) == 3
