"""A conversation is carried over when an answer only one account ever had comes back as another's history."""

from __future__ import annotations

from stillwatch.engines import Session
from tests.signals.tables import ANN, ANSWER, BOB, CYD, OPENING, conversation, exchange, found, passes

NAME = "conversation_carried"


def test_a_text_that_was_shown_before_it_was_answered_is_public(session: Session) -> None:
    few_shot = exchange(account_key=CYD, at=-600, history_keys=[ANSWER])
    assert passes(session, NAME, [few_shot, *conversation()]) == 0


def test_an_answer_that_two_accounts_were_given_belongs_to_none(session: Session) -> None:
    assert passes(session, NAME, [*conversation(), exchange(account_key=CYD, output_key=ANSWER)]) == 0
    assert passes(session, NAME, [*conversation(), exchange(account_key=BOB, at=900, output_key=ANSWER)]) == 0


def test_history_of_the_same_moment_or_before_is_no_hand_over(session: Session) -> None:
    answered = exchange(output_key=ANSWER)
    assert passes(session, NAME, [answered, exchange(account_key=BOB, at=0, history_keys=[ANSWER])]) == 0
    assert passes(session, NAME, [answered, exchange(account_key=BOB, at=-1, history_keys=[ANSWER])]) == 0


def test_the_giver_may_go_on_with_it_too(session: Session) -> None:
    rows = [*conversation(), exchange(at=30, history_keys=[ANSWER], first_turn_key=OPENING)]
    assert passes(session, NAME, rows) == 1


def test_one_conversation_that_hops_on_every_turn_is_one_unit(session: Session) -> None:
    rows = [
        exchange(output_key=1, first_turn_key=OPENING),
        exchange(account_key=BOB, at=10, history_keys=[1], output_key=2, first_turn_key=OPENING),
        exchange(account_key=CYD, at=20, history_keys=[1, 2], first_turn_key=OPENING),
    ]
    moved = found(session, NAME, rows)
    assert {unit for unit, *_rest in moved} == {OPENING}
    assert {(giver, taker) for _unit, giver, taker, _key in moved} == {(ANN, BOB), (ANN, CYD), (BOB, CYD)}


def test_without_a_first_turn_the_answer_is_the_unit(session: Session) -> None:
    rows = [exchange(output_key=ANSWER), exchange(account_key=BOB, at=60, history_keys=[ANSWER])]
    assert [unit for unit, *_rest in found(session, NAME, rows)] == [ANSWER]


def test_a_short_answer_leaves_no_key_and_passes_unseen(session: Session) -> None:
    rows = [exchange(output_key=None), exchange(account_key=BOB, at=60, history_keys=[])]
    assert passes(session, NAME, rows) == 0
