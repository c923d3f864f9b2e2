"""A wish becomes a part of a population, or says why it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.planting.wish import NAME, Wish, describe, rung_of, size_of, within


def test_sizes_and_rungs_are_read_as_people_write_them() -> None:
    assert size_of("24x50") == (24, 50)
    assert [rung_of(text) for text in ("L3", "l0", "9", None)] == [3, 0, 9, None]


@pytest.mark.parametrize("text", ["24", "x", "0x5", "5x0", "axb"])
def test_a_size_that_is_none_is_told(text: str) -> None:
    with pytest.raises(PlantError, match="24x50"):
        size_of(text)


def test_an_unknown_rung_lists_the_rungs() -> None:
    with pytest.raises(PlantError, match="L4 human hours"):
        rung_of("L12")


def test_a_design_of_its_own_is_planted_as_large_as_wished() -> None:
    part = Wish("probing", 6, 20).part()
    assert (part.kind, part.accounts, part.exchanges, part.name) == ("probing", 6, 120, NAME)


def test_a_share_adds_customers_to_the_harvest() -> None:
    part = Wish(accounts=10, each=20, share=0.1).part()
    assert (part.kind, part.exchanges, part.options["share"]) == ("hydra", 2000, 0.1)


def test_a_rung_brings_its_evasions() -> None:
    assert Wish(rung=3).part().options["identity"] == "virtual_cards"
    assert Wish(rung=0).part().accounts == 1
    assert Wish(rung=6, share=0.5).part().kind == "hydra"
    assert Wish("judging_loop", rung=3).part().kind == "judging_loop"


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish("nonesuch"), "dedicated_pool"),
        (Wish(share=1.5), "above 0"),
        (Wish("probing", share=0.1), "leave --share away"),
        (Wish(accounts=9999, each=9999), "smaller --size"),
    ],
)
def test_what_cannot_be_planted_says_what_to_do(wish: Wish, said: str) -> None:
    with pytest.raises(PlantError, match=said):
        wish.part()


def test_pipelines_work_within_the_time_of_the_log() -> None:
    for seed in range(20):
        part = within(Wish(rung=4).part(), 2.0, 5.0, np.random.default_rng(seed))
        window, rest = part.options["days"], 5.0 - part.options["days"]
        begin = part.options["begin"] * rest
        assert 2.0 - 1e-9 <= begin <= begin + window <= 5.0 + 1e-9


def test_as_many_customers_are_left_as_were_wished_for() -> None:
    wished = Wish(accounts=10, each=20, share=0.25).part()
    part = within(wished, 2.0, 4.0, np.random.default_rng(0))
    harvest = part.exchanges * part.options["share"]
    assert harvest == pytest.approx(200, rel=0.01)
    assert (part.exchanges - harvest) / 2 == pytest.approx(600, rel=0.01)


def test_designs_are_told_in_words() -> None:
    assert "one harvest" in describe("dedicated_pool")
