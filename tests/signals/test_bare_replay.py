"""A block without its conversation is what counts; blocks shown with it are honest relaying."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.engines import Session
from stillwatch.evidence.group import Group
from stillwatch.signals.bare_replay import HONEST_RATE, SIGNAL
from tests.signals.makers import bare_group, handovers, plain, population
from tests.signals.tables import BLOCK, BOB, CYD, bare, exchange, passes, replay

NAME = "bare_replay"


def moved(blocks: int, bare_blocks: int) -> Group:
    passed = {"reasoning_replay": handovers(units=blocks)}
    return bare_group(handovers=passed | ({NAME: handovers(units=bare_blocks)} if bare_blocks else {}))


def test_with_its_conversation_a_block_is_not_bare(session: Session) -> None:
    assert passes(session, NAME, bare()) == 1
    assert passes(session, NAME, replay()) == 0


def test_a_block_issued_to_two_accounts_belongs_to_none(session: Session) -> None:
    assert passes(session, NAME, [*bare(), exchange(account_key=CYD, reasoning_issues=[BLOCK])]) == 0


def test_a_block_that_nobody_was_issued_in_this_log_has_no_giver(session: Session) -> None:
    assert passes(session, NAME, [exchange(account_key=BOB, reasoning_refs=[BLOCK])]) == 0


@pytest.mark.parametrize("blocks", (1, 5, 40))
@pytest.mark.parametrize("share", (0.1, 1.0))
def test_honest_relaying_gives_a_mean_of_at_most_one(blocks: int, share: float) -> None:
    k = np.arange(blocks + 1)
    e = np.array([plain(SIGNAL.weigh(moved(blocks, int(x)), population())) for x in k])
    assert binom.pmf(k, blocks, share * HONEST_RATE) @ e <= 1 + 1e-6


def test_five_bare_blocks_of_five_convince() -> None:
    assert plain(SIGNAL.weigh(moved(5, 5), population())) >= 20


def test_relaying_without_a_bare_block_speaks_against_it() -> None:
    assert plain(SIGNAL.weigh(moved(30, 0), population())) < 1


def test_where_no_block_changed_hands_it_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(handovers={NAME: handovers()}), population()) is None
