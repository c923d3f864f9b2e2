"""Keys of whole columns."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.sketches import reference
from stillwatch.sketches.buffers import texts
from stillwatch.sketches.columns import (
    content_words,
    hash_addresses,
    joint_keys,
    list_keys,
    seals,
    sequence_keys,
    text_keys,
    words_of,
)
from stillwatch.sketches.keyring import Purpose, keyring

from .makers import SECRET

RING = keyring(SECRET)


@given(st.lists(st.none() | st.text(max_size=20), max_size=8))
def test_a_key_is_the_sealed_polynomial_of_the_string(values: list[str | None]) -> None:
    found, present = text_keys(pa.array(values, pa.string()), RING, Purpose.SESSION)
    for key, there, value in zip(found.view("i8"), present, values, strict=True):
        assert there == (value is not None)
        if value is not None:
            assert key == reference.seal(reference.hash_string(value, RING), Purpose.SESSION, RING)


def test_lists_leave_nulls_out_and_sequences_mind_order_and_division() -> None:
    array = pa.array([["a", None, "b"], None, []], pa.list_(pa.string()))
    values, ends = list_keys(array, RING, Purpose.REASONING)
    assert list(ends) == [0, 2, 2, 2] and len(set(values[:2])) == 2
    said = [["a", "b"], ["b", "a"], ["ab"], ["a"], ["a", ""], None, []]
    keys, present = sequence_keys(pa.array(said, pa.list_(pa.string())), RING, Purpose.TOOLS)
    assert list(present) == [True] * 5 + [False] * 2
    assert len(set(keys[:5])) == 5


def test_addresses_share_a_network_key_by_prefix() -> None:
    said = [
        "192.0.2.1",
        "192.0.2.250",
        "192.0.3.1",
        "2001:db8:7::1",
        "2001:db8:7:ffff::",
        "2001:db8:8::",
        "x",
        None,
    ]
    ips, prefixes, known = hash_addresses(
        texts(pa.array(said)), RING.point, seals(RING, Purpose.ADDRESS), seals(RING, Purpose.PREFIX)
    )
    assert len(set(ips[:7])) == 7
    assert list(known) == [True] * 6 + [False] * 2
    assert prefixes[0] == prefixes[1] and prefixes[3] == prefixes[4]
    assert len(set(prefixes[:6])) == 4


def test_a_joint_key_tells_which_part_is_missing() -> None:
    a, b = pa.array([1, 1, None, None]), pa.array([1, None, 1, None])
    keys, present = joint_keys([words_of(a), words_of(b)], RING, Purpose.PARAMS)
    assert list(present) == [True, True, True, False]
    assert len(set(keys[:3])) == 3


def test_nested_content_is_told_apart() -> None:
    kind = pa.list_(pa.struct([("a", pa.string()), ("b", pa.int64())]))
    said = [
        [],
        [{"a": "x", "b": 1}],
        [{"a": "x", "b": None}],
        [{"a": None, "b": 1}],
        [None],
        [{"a": "x", "b": 1}] * 2,
    ]
    words, _ = content_words(pa.array(said, kind), RING)
    assert len(set(words)) == len(said)
