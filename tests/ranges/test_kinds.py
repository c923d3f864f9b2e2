from __future__ import annotations

import pytest

from stillwatch.ranges.kinds import HONEST, KINDS, POOLS
from stillwatch.ranges.scenarios import benign, incident
from stillwatch.ranges.world import Part, World
from tests.ranges.reading import play

PARTS = {p.kind: p for p in incident(1.0).parts}


def test_every_kind_stands_in_one_list() -> None:
    assert not HONEST.keys() & POOLS.keys()
    assert HONEST.keys() | POOLS.keys() == KINDS.keys() == PARTS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_kind_keeps_to_its_accounts_and_about_its_exchanges(kind: str, world: World) -> None:
    part = PARTS[kind]
    log = play(world, KINDS[kind], part)
    # Bans bring replacements; small shares are rounded up to a turn for each account.
    assert part.accounts <= len(log.accounts) <= part.accounts + 10
    assert 0.6 * part.exchanges <= len(log.rows) <= 1.6 * part.exchanges + 2 * part.accounts


@pytest.mark.parametrize("kind", sorted({p.kind for p in benign().parts}))
def test_an_honest_kind_never_has_a_campaign(kind: str, world: World) -> None:
    small = Part(kind, PARTS[kind].accounts, 40, PARTS[kind].options)
    log = play(world, HONEST[kind], small)
    assert {row["campaign"] for row in log.rows} == {None}
