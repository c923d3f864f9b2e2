"""Parts come together whatever their order and their cuts; what is lost is named."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.reassembly import reassemble

MESSAGES = [{"role": "user", "content": "one two three four five six seven"}]
TEXT = orjson.dumps(MESSAGES).decode()
PARTS = [(number, TEXT[at : at + 10]) for number, at in enumerate(range(0, len(TEXT), 10), 1)]


@given(st.permutations([*PARTS, PARTS[2]]), st.sampled_from([[], [0], [0, len(PARTS) + 1]]))
def test_order_and_repeats_of_the_parts_do_not_matter(parts, others):
    assert reassemble(parts, others) == (MESSAGES, None)


@given(st.integers(0, 9))
def test_a_response_counts_on_from_the_request_or_from_the_start(first):
    others = range(first)
    assert reassemble([(first + n, part) for n, part in PARTS], [0, *others, first]) == (MESSAGES, None)


@given(st.integers(2, len(PARTS) - 1))
def test_a_part_lost_in_the_middle_is_named_and_what_comes_before_is_read(lost):
    value, complaint = reassemble([part for part in PARTS if part[0] != lost], [0])
    assert f"SequenceNumber {lost}" in complaint
    assert not value or MESSAGES[0]["role"].startswith(value[0].get("role", ""))


def test_a_part_lost_at_the_end_is_told():
    value, complaint = reassemble(PARTS[:-1], [0])
    assert value[0]["content"].startswith("one two")
    assert "the end" in complaint


def test_a_part_lost_at_the_start_leaves_nothing():
    value, complaint = reassemble(PARTS[1:], [0])
    assert value is None
    assert "SequenceNumber 1" in complaint
    assert "nothing" in complaint


@pytest.mark.parametrize("split", [[[MESSAGES[0]], [MESSAGES[0]]], [TEXT, TEXT]])
def test_parts_that_are_lists_of_messages_are_strung_together(split):
    assert reassemble(enumerate(split, 1), [0]) == (MESSAGES * 2, None)


def test_two_parts_with_one_number_are_told():
    value, complaint = reassemble([(1, TEXT), (1, "[]")], [0])
    assert value == MESSAGES
    assert "two different parts" in complaint


def test_nothing_is_nothing():
    assert reassemble([], [0, 1]) == (None, None)


def test_a_gap_before_the_first_part_is_the_other_sides_where_the_json_is_whole():
    later = [(number + 4, part) for number, part in PARTS]
    assert reassemble(later, [0, 1, 2, 3]) == (MESSAGES, None)
    value, complaint = reassemble(later[1:], [0, 1, 2, 3])
    assert value is None
    assert "SequenceNumber 4, 5" in complaint
