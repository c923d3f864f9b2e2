"""What every `find` of a signal on things that pass between accounts keeps to."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from stillwatch.engines import Session
from stillwatch.signals import HANDOVERS, SIGNALS
from tests.signals.tables import ANN, BOB, CYD, SCENES, exchange, found

each_find = pytest.mark.parametrize("signal", sorted(HANDOVERS))


def test_there_is_a_scene_for_every_find() -> None:
    assert SCENES.keys() == HANDOVERS.keys()


def test_every_find_belongs_to_a_signal() -> None:
    assert HANDOVERS.keys() <= {signal.name for signal in SIGNALS}


@each_find
def test_what_passes_from_one_account_to_another_is_found_once(session: Session, signal: str) -> None:
    scene, unit = SCENES[signal]
    rows = scene()
    assert found(session, signal, rows) == [(unit, ANN, BOB, rows[1]["exchange_key"])]


@each_find
def test_nothing_passes_inside_one_account(session: Session, signal: str) -> None:
    rows = [row | {"account_key": ANN} for row in SCENES[signal][0]()]
    assert found(session, signal, rows) == []


@each_find
def test_nothing_passes_in_an_empty_log(session: Session, signal: str) -> None:
    assert found(session, signal, []) == []


@each_find
def test_the_order_of_rows_changes_nothing(session: Session, signal: str) -> None:
    rows = [row for _time in range(3) for row in SCENES[signal][0]()]
    rows += [exchange(account_key=account, at=at) for account in (ANN, BOB, CYD) for at in (0, 9, 99)]
    expected = found(session, signal, rows)
    assert expected
    for seed in range(2):
        shuffled = list(rows)
        random.Random(seed).shuffle(shuffled)
        assert found(session, signal, shuffled) == expected


@each_find
@pytest.mark.parametrize("weeks", (-5, 52))
def test_shifting_time_by_whole_weeks_changes_nothing(session: Session, signal: str, weeks: int) -> None:
    rows = SCENES[signal][0]()
    shifted = [row | {"time": row["time"] + timedelta(weeks=weeks)} for row in rows]
    assert found(session, signal, shifted) == found(session, signal, rows)


@each_find
def test_renaming_accounts_renames_the_two_sides_and_no_more(session: Session, signal: str) -> None:
    rows, names = SCENES[signal][0](), {ANN: -(2**63) + 1, BOB: 2**63 - 1}
    renamed = [row | {"account_key": names[row["account_key"]]} for row in rows]
    expected = [(unit, names[g], names[t], key) for unit, g, t, key in found(session, signal, rows)]
    assert found(session, signal, renamed) == expected


@each_find
def test_unrelated_traffic_adds_and_takes_nothing(session: Session, signal: str) -> None:
    rows = SCENES[signal][0]()
    others = [
        exchange(
            account_key=CYD + n, at=n, output_key=9000 + n, content_key=9100 + n, history_keys=[9200 + n]
        )
        for n in range(20)
    ]
    assert found(session, signal, rows + others) == found(session, signal, rows)
