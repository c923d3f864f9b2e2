"""A retry is handed over when what failed on one account is sent on another within seconds."""

from __future__ import annotations

import pytest

from stillwatch.engines import Session
from stillwatch.signals.retry_handed_over import COMMON, WINDOW_SECONDS
from tests.signals.tables import ANN, BOB, CONTENT, CYD, exchange, found, passes

NAME = "retry_handed_over"


def failed(**said: object) -> dict[str, object]:
    return exchange(**{"status": 429, "content_key": CONTENT, "conversation_key": 1} | said)


def again(**said: object) -> dict[str, object]:
    return exchange(**{"account_key": BOB, "at": 0.1, "content_key": CONTENT, "conversation_key": 1} | said)


@pytest.mark.parametrize("status", (401, 403, 429, 500, 503, 529))
def test_a_limit_a_fault_or_a_suspension_is_a_failure(session: Session, status: int) -> None:
    assert passes(session, NAME, [failed(status=status), again()]) == 1


@pytest.mark.parametrize("status", (200, 400, 404, 422, None))
def test_what_succeeds_or_is_the_clients_fault_is_not_retried_elsewhere(
    session: Session, status: int | None
) -> None:
    assert passes(session, NAME, [failed(status=status), again()]) == 0


@pytest.mark.parametrize(
    ("at", "passed"), [(-0.1, 0), (0, 1), (WINDOW_SECONDS, 1), (WINDOW_SECONDS + 0.001, 0), (3600, 0)]
)
def test_only_the_seconds_after_the_failure_count(session: Session, at: float, passed: int) -> None:
    assert passes(session, NAME, [failed(), again(at=at)]) == passed


@pytest.mark.parametrize(
    ("one", "other", "passed"), [(None, None, 1), (1, 1, 1), (1, 2, 0), (None, 1, 0), (1, None, 0)]
)
def test_the_conversation_before_the_turn_is_the_same_or_on_both_sides_unknown(
    session: Session, one: int | None, other: int | None, passed: int
) -> None:
    rows = [failed(conversation_key=one), again(conversation_key=other)]
    assert passes(session, NAME, rows) == passed


def test_another_content_is_another_request(session: Session) -> None:
    assert passes(session, NAME, [failed(), again(content_key=CONTENT + 1)]) == 0
    assert passes(session, NAME, [failed(content_key=None), again(content_key=None)]) == 0


@pytest.mark.parametrize(("holders", "passed"), [(COMMON, True), (COMMON + 1, False)])
def test_what_everybody_sends_is_nobodys_retry(session: Session, holders: int, passed: bool) -> None:
    crowd = [again(account_key=1000 + n, at=5000 + n) for n in range(holders - 2)]
    assert bool(passes(session, NAME, [failed(), again(), *crowd])) is passed


def test_a_request_that_fails_all_around_is_handed_on_each_time(session: Session) -> None:
    rows = [failed(), again(status=500), again(account_key=CYD, at=0.3)]
    pairs = {(giver, taker) for _unit, giver, taker, _key in found(session, NAME, rows)}
    assert pairs == {(ANN, BOB), (ANN, CYD), (BOB, CYD)}
