"""Words of the ladder's options as numbers; what is none is told with the option's name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import typer

from stillwatch.cli.ranges import grids


def test_words_become_numbers() -> None:
    assert grids.size("20x50") == (20, 50)
    assert grids.share("0.1") == 0.1
    assert grids.multiple("100") == 100
    assert (grids.level("L6"), grids.level("6"), grids.level("l0")) == (6, 6, 0)


@pytest.mark.parametrize(
    ("text", "rungs"),
    [("0-9", list(range(10))), ("7,0-2", [0, 1, 2, 7]), ("L3", [3]), ("L2-L4,3", [2, 3, 4])],
)
def test_rungs_may_be_listed_and_spanned(text: str, rungs: list[int]) -> None:
    assert grids.levels(text) == rungs


def test_a_list_names_each_value_once() -> None:
    assert grids.listed("20x50, 5x200,20x50", "--sizes", grids.size) == [(20, 50), (5, 200)]


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (grids.size, "20"), (grids.size, "0x5"), (grids.size, "axb"), (grids.size, ""),
        (grids.share, "0"), (grids.share, "1.5"), (grids.share, "nan"), (grids.share, "many"),
        (grids.multiple, "0"), (grids.multiple, "2.5"), (grids.multiple, "-1"),
        (grids.level, "10"), (grids.level, "x"), (grids.levels, "3-"), (grids.levels, "5-2"), (grids.levels, ""),
    ],
)  # fmt: skip
def test_what_is_none_is_told(read: Callable[[str, str], object], word: str) -> None:
    with pytest.raises(typer.BadParameter, match="expected") as told:
        read(word, "--option")
    assert told.value.param_hint == "--option"
