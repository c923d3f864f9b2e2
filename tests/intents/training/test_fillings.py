"""What programs put into slots is plain in form, varied, and the same for the same seed."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.training.fillings import CODE, PROGRAM_SLOTS, TAGS, program_slot

seeds = st.integers(0, 2**32 - 1)
SHAPES = {"tag": r"\w+", "n": r"[1-9]\d{0,3}", "letter": "[A-E]", "image": r"\[image:[0-9a-f]{16}\]"}


def filled(name: str, seed: int) -> str:
    return program_slot(name, np.random.default_rng(seed))


@pytest.mark.parametrize("name", PROGRAM_SLOTS)
def test_a_filling_follows_from_the_seed_and_there_are_several(name: str) -> None:
    assert filled(name, 7) == filled(name, 7) != ""
    assert len({filled(name, seed) for seed in range(60)}) >= 4


@given(st.sampled_from(sorted(SHAPES)), seeds)
def test_a_filling_has_the_form_its_slot_is_named_after(name: str, seed: int) -> None:
    assert re.fullmatch(SHAPES[name], filled(name, seed))


@given(seeds)
def test_a_table_has_as_many_cells_in_every_line(seed: int) -> None:
    head, *lines = filled("table", seed).splitlines()
    (sign,) = (sign for sign in (",", ";", " | ") if sign in head)
    assert len(lines) >= 3
    assert {line.count(sign) for line in lines} == {head.count(sign)}
    assert len(set(head.split(sign))) == head.count(sign) + 1 >= 3
    assert all(cell.isdigit() for line in lines for cell in line.split(sign))


def test_tags_can_be_tags_and_no_piece_of_code_is_there_twice() -> None:
    assert all(re.fullmatch(r"[a-z]+", tag) for tag in TAGS)
    assert len(set(TAGS)) == len(TAGS) and len(set(CODE)) == len(CODE)
