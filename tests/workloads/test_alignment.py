"""An alignment pairs equal tokens in order, and finds again what one text was made from."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.workloads.alignment import NONE, align

tokens = st.lists(st.sampled_from("abcdef"), max_size=40)


@given(tokens, tokens)
def test_partners_are_equal_tokens_in_order(one: list[str], other: list[str]) -> None:
    partner = align(one, other)
    paired = [(i, at) for i, at in enumerate(partner) if at != NONE]
    assert len(partner) == len(one)
    assert all(one[i] == other[at] for i, at in paired)
    assert all(a[1] < b[1] for a, b in pairwise(paired))


@given(tokens)
def test_a_text_is_paired_with_itself_throughout(one: list[str]) -> None:
    assert align(one, one) == list(range(len(one)))


@given(tokens, tokens, tokens)
def test_what_both_begin_and_end_with_is_paired(start: list[str], middle: list[str], end: list[str]) -> None:
    assert NONE not in align(start + end, start + middle + end)


@given(st.lists(st.integers(0, 10**6).map(str), unique=True, min_size=1, max_size=40), st.data())
def test_distinct_tokens_that_return_among_others_are_all_found(one: list[str], data: st.DataObject) -> None:
    other: list[str] = []
    for token in one:
        other += data.draw(st.lists(st.sampled_from("xy-"), max_size=3))
        other.append(token)
    assert [other[at] for at in align(one, other)] == one


@given(tokens)
def test_texts_without_a_common_token_have_no_partners(one: list[str]) -> None:
    assert align(one, [token.upper() for token in one]) == [NONE] * len(one)


def test_a_long_constant_is_not_crossed_by_a_stray_word() -> None:
    constant = ["rate", "the", "answer", "below", "from", "one", "to", "five"]
    one = ["blue", *constant, "red"]
    other = ["red", "green", *constant, "blue"]
    assert align(one, other) == [NONE, *range(2, 10), NONE]
