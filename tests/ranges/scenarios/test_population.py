from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.scenarios import population
from stillwatch.ranges.scenarios.population import Population, part, scaled

kinds = st.sampled_from(["chat_users", "migrations", "office", "hydra"])
parts = st.lists(st.builds(part, kinds, st.integers(1, 40), st.integers(0, 500)), max_size=5)


@given(parts, st.integers(1, 300))
def test_pieces_share_accounts_and_exchanges_out_exactly(found: list[population.Part], piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(population, "PIECE", piece)
        whole = Population("p", tuple(found), 1.0)
        pieces = list(whole.pieces())
    assert sum(p.accounts for p in pieces) == whole.accounts
    assert sum(p.exchanges for p in pieces) == whole.exchanges
    assert all(p.accounts >= 1 for p in pieces)
    assert [p for p in found if p.kind in ("office", "hydra")] == [
        p for p in pieces if p.kind in ("office", "hydra")
    ]
    several = [p for p in pieces if "piece" in p.options]
    assert all(p.exchanges <= piece or p.accounts <= 3 for p in several)


def test_pieces_of_a_part_are_told_apart() -> None:
    whole = Population("p", (part("chat_users", 100, 400_000),), 1.0)
    assert len({repr(p) for p in whole.pieces()}) == 3


def test_a_part_of_one_account_is_not_cut() -> None:
    large = part("single_batch", 1, 1_000_000, job="moderation")
    assert list(Population("p", (large,), 1.0).pieces()) == [large]


@given(st.floats(0.05, 20))
def test_more_people_are_a_larger_part_and_more_houses_more_parts(scale: float) -> None:
    people, house = part("chat_users", 100, 900), part("office", 10, 100)
    found = scaled((people, house), scale)
    assert abs(found[0].accounts - 100 * scale) <= max(2, 0.5) and found[0].exchanges >= found[0].accounts
    houses = found[1:]
    assert len(houses) == max(1, round(scale)) and {(h.accounts, h.exchanges) for h in houses} == {(10, 100)}
    assert len({repr(h) for h in houses}) == len(houses)


def test_parts_are_added() -> None:
    whole = Population("p", (part("chat_users", 1, 2),), 1.0).with_parts(part("office", 3, 4))
    assert (whole.accounts, whole.exchanges) == (4, 6)
