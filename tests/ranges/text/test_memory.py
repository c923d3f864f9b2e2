"""Bytes, numbers and capitals are written exactly, and nothing is written that does not fit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from stillwatch.ranges.text.memory import FULL, SLACK, capitalise, put, put_hex, put_integer
from stillwatch.ranges.text.program import upper_table
from tests.ranges.text.naive import capitalised


@njit
def _put(out, at, pool, first, length):
    return put(out, at, pool, first, length)


@njit
def _hex(out, bits, digits):
    return put_hex(out, 0, bits, digits)


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 90), st.data())
def test_any_piece_is_copied_whole(pool: bytes, at: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(pool)))
    length = data.draw(st.integers(0, len(pool) - first))
    out = np.zeros(SLACK + 400, np.uint8)
    padded = np.frombuffer(pool + bytes(32), np.uint8).copy()
    assert _put(out, at, padded, first, length) == at + length
    assert out[at : at + length].tobytes() == pool[first : first + length]
    assert not out[:at].any()


def test_what_does_not_fit_is_not_written() -> None:
    out = np.zeros(SLACK + 10, np.uint8)
    assert _put(out, 5, np.ones(64, np.uint8), 0, 6) == FULL
    assert not out.any()


@settings(deadline=None)
@given(st.integers(-(2**62), 2**63 - 1))
def test_integers_are_written_in_decimal(value: int) -> None:
    out = np.zeros(64, np.uint8)
    assert out[: put_integer(out, 0, np.int64(value))].tobytes() == str(value).encode()


@settings(deadline=None)
@given(st.integers(0, 2**64 - 1), st.integers(0, 16))
def test_hex_digits_come_lowest_first(bits: int, digits: int) -> None:
    out = np.zeros(64, np.uint8)
    written = out[: _hex(out, np.uint64(bits), digits)].tobytes().decode()
    assert written == f"{bits:016x}"[::-1][:digits]


@settings(deadline=None)
@given(st.text(min_size=1, max_size=3) | st.sampled_from(["ärger", "жена", "λόγος", "ß", "ÿ", "文", "x"]))
def test_the_first_letter_is_raised(text: str) -> None:
    raw = text.encode(errors="replace")
    out = np.concatenate([np.frombuffer(raw, np.uint8), np.zeros(SLACK, np.uint8)])
    capitalise(out, 0, len(raw), upper_table())
    assert out[: len(raw)].tobytes().decode() == capitalised(raw.decode())
