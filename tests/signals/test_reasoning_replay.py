"""A reasoning block is replayed when an account presents it that it was not issued to."""

from __future__ import annotations

from stillwatch.engines import Session
from tests.signals.tables import BLOCK, BOB, CYD, exchange, passes, replay

NAME = "reasoning_replay"


def test_with_or_without_its_conversation_it_has_changed_hands(session: Session) -> None:
    for history in ([], [5]):
        presented = exchange(account_key=BOB, at=9, reasoning_refs=[BLOCK], history_keys=history)
        assert passes(session, NAME, [exchange(reasoning_issues=[BLOCK]), presented]) == 1


def test_a_block_that_nobody_was_issued_in_this_log_has_no_giver(session: Session) -> None:
    assert passes(session, NAME, [exchange(account_key=BOB, reasoning_refs=[BLOCK])]) == 0


def test_a_block_issued_to_two_accounts_belongs_to_none(session: Session) -> None:
    assert passes(session, NAME, [*replay(), exchange(account_key=CYD, reasoning_issues=[BLOCK])]) == 0


def test_the_same_account_may_be_issued_a_block_twice(session: Session) -> None:
    assert passes(session, NAME, [*replay(), exchange(at=5, reasoning_issues=[BLOCK])]) == 1


def test_each_block_counts(session: Session) -> None:
    rows = [exchange(reasoning_issues=[1, 2, 3]), exchange(account_key=BOB, at=9, reasoning_refs=[2, 3, 4])]
    assert passes(session, NAME, rows) == 2
