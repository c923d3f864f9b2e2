"""An answer is passed on when enough marks that only it left turn up in another account's prompt."""

from __future__ import annotations

import pytest

from stillwatch.engines import Session
from stillwatch.signals.answers_passed import MIN_MARKS
from tests.signals.tables import ANSWER, BOB, CYD, exchange, found, passes, quotation

NAME = "answers_passed"
MARKS = list(range(1, 2 * MIN_MARKS + 1))


def answered(**said: object) -> dict[str, object]:
    return exchange(**{"output_key": ANSWER, "output_marks": MARKS} | said)


@pytest.mark.parametrize(("shared", "passed"), [(MIN_MARKS - 1, 0), (MIN_MARKS, 1), (2 * MIN_MARKS, 1)])
def test_a_common_phrase_is_no_quotation(session: Session, shared: int, passed: int) -> None:
    rows = [answered(), exchange(account_key=BOB, at=60, quoted_marks=[*MARKS[:shared], 777])]
    assert passes(session, NAME, rows) == passed


def test_a_mark_repeated_in_the_prompt_counts_once(session: Session) -> None:
    rows = [answered(), exchange(account_key=BOB, at=60, quoted_marks=[1] * (3 * MIN_MARKS))]
    assert passes(session, NAME, rows) == 0


def test_marks_that_a_prompt_showed_before_any_answer_are_public(session: Session) -> None:
    document = exchange(account_key=CYD, at=-600, quoted_marks=MARKS)
    assert passes(session, NAME, [document, *quotation()]) == 0


def test_marks_that_two_accounts_were_answered_belong_to_none(session: Session) -> None:
    other = exchange(account_key=CYD, output_key=8, output_marks=MARKS)
    assert passes(session, NAME, [other, *quotation()]) == 0


def test_a_prompt_of_the_same_moment_or_before_quotes_nothing(session: Session) -> None:
    for at in (0, -1):
        assert passes(session, NAME, [answered(), exchange(account_key=BOB, at=at, quoted_marks=MARKS)]) == 0


def test_one_answer_quoted_by_two_is_one_unit_passed_twice(session: Session) -> None:
    takers = [exchange(account_key=account, at=60, quoted_marks=MARKS) for account in (BOB, CYD)]
    moved = found(session, NAME, [answered(), *takers])
    assert [(unit, taker) for unit, _giver, taker, _key in moved] == [(ANSWER, BOB), (ANSWER, CYD)]


def test_marks_of_an_answer_without_a_key_are_left_out(session: Session) -> None:
    rows = [answered(output_key=None), exchange(account_key=BOB, at=60, quoted_marks=MARKS)]
    assert passes(session, NAME, rows) == 0
