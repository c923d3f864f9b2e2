"""What happens anew multiplies over scans and keeps its mean; what stands is counted once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.campaigns.judging import judge
from stillwatch.campaigns.lasting.ledger import (
    add_means,
    add_scan,
    carry,
    chance_of,
    key_of_row,
    open_ledger,
    over_scans,
    pairs_of,
    tallies_of,
    with_tallies,
)
from stillwatch.campaigns.lasting.records import Tally
from stillwatch.campaigns.measuring.handovers import CHANCE_FLOOR
from stillwatch.evidence.evalues import mean_log10
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.signals import HANDOVERS
from stillwatch.signals.conversation_carried import SIGNAL
from tests.campaigns.lasting.makers import PASSED, START, day, pool
from tests.campaigns.makers import names, numbers
from tests.report.makers import evidence
from tests.signals.makers import bare_group, group, handovers, population

FED_BACK = ("answer_pipeline", "bare_replay")  # extraction by what passes: weighed on the sums, then averaged
MEMBERS = pool(count=12)


def summed(pairs: Sequence[tuple[int, int]], scans: int, members: int = 12) -> float:
    """Return log10 e of pairs between whom something passed, over so many scans of little traffic."""
    named = sorted({(f"a{min(p)}", f"a{max(p)}") for p in pairs})
    tally = Tally(len(pairs), pairs=named, chance=0.1 * scans)
    row = SIGNAL.weigh(with_tallies(bare_group(), {PASSED: tally}, members), population())
    return 0.0 if row is None else row.log10_e


def at_random(chance: np.random.Generator, count: int, members: int = 12) -> list[tuple[int, int]]:
    return [tuple(chance.choice(members, 2, replace=False).tolist()) for _event in range(count)]


def test_a_trickle_no_single_scan_could_name_adds_up() -> None:
    chance, reached = np.random.default_rng(2), []
    for _run in range(60):
        days = [
            at_random(chance, int(n)) for n in chance.poisson(1.0, 20)
        ]  # one event a day, ten times chance
        assert max(summed(events, 1) for events in days) < 3.0
        reached.append(summed([pair for events in days for pair in events], 20) > 3.0)
    assert np.mean(reached) >= 0.8


def test_two_accounts_that_write_to_each_other_every_day_are_no_pool() -> None:
    assert summed([(0, 1)] * 60, 60) < 0
    assert summed([(0, 1), (1, 2)] * 30, 60) < 0  # nor are three of twelve


@pytest.mark.parametrize("rate", [0.04, 0.1])
def test_at_any_time_of_sixty_days_of_chance_the_sum_is_large_as_seldom_as_its_size_allows(
    rate: float,
) -> None:
    # Ville: an e-process reaches x ever with chance 1/x at most
    chance, runs, level, reached = np.random.default_rng(3), 300, 1.3, 0
    for _run in range(runs):
        events: list[tuple[int, int]] = []
        for scans in range(1, 61):
            new = at_random(chance, int(chance.poisson(rate)))
            events += new
            if new and summed(events, scans) >= level:
                reached += 1
                break
    assert reached / runs - 3 * math.sqrt(0.05 * 0.95 / runs) <= 10**-level


def test_what_chance_passes_on_quiet_days_is_counted_too() -> None:
    busy = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (7, 8), (8, 9)]
    assert summed(busy, 20) < summed(busy, 1)


@given(st.lists(st.floats(-3, 6), min_size=1, max_size=8))
def test_what_stands_is_the_mean_over_scans(scores: list[float]) -> None:
    means: dict[str, float] = {}
    for scans, score in enumerate(scores):
        row = evidence(signal="scattered_payment", axis="evasion", block="payment", log10_e=score)
        means = add_means(means, scans, (row,))
    assert means["evasion/scattered_payment"] == pytest.approx(mean_log10(scores), abs=1e-4)
    assert means["evasion/scattered_payment"] <= max(scores) + 1e-4


@pytest.mark.parametrize("silent_first", [False, True])
def test_a_scan_in_which_a_signal_is_silent_counts_as_one(silent_first: bool) -> None:
    row = evidence(signal="shared_device", axis="coordination", block="client", log10_e=2.0)
    scans = [(), (row,)] if silent_first else [(row,), ()]
    means: dict[str, float] = {}
    for at, rows in enumerate(scans):
        means = add_means(means, at, rows)
    if silent_first:
        assert means[key_of_row(row)] == pytest.approx(math.log10(101 / 2), abs=1e-5)
    else:
        assert means[key_of_row(row)] == pytest.approx(math.log10(101 / 2), abs=1e-5)


@pytest.mark.parametrize("e", [2.0, 20.0, 1e4])
def test_a_fact_that_stays_for_sixty_scans_keeps_a_mean_of_one(e: float) -> None:
    # all or nothing, drawn once for an account and the same ever after: a product would be e^60 with chance 1/e
    row = evidence(signal="even_load", axis="coordination", block="timing", log10_e=math.log10(e))
    means: dict[str, float] = {}
    for scans in range(60):
        means = add_means(means, scans, (row,))
    assert 10 ** means["coordination/even_load"] / e <= 1 + 1e-4


def test_the_ledger_of_a_group_is_opened_and_carried_on() -> None:
    with day(0, MEMBERS, passed=12) as first, day(1, MEMBERS, passed=12) as second:
        of = group(accounts=numbers(first, MEMBERS), handovers={name: handovers() for name in HANDOVERS})
        judged = judge(of, population())
        opened = open_ledger(first, judged, START)
        assert opened.scans == 1 and opened.passed[PASSED] == Tally(6, (2, 1), (0.05, 0.05))
        assert not any(key.endswith(PASSED) for key in opened.means)
        tallies = add_scan(opened.passed, second, of)
        again = judge(with_tallies(of, tallies, 12), population())
        carried = carry(opened, again, tallies, START)
    assert carried.scans == 2 and carried.passed[PASSED].units == 12
    assert 5 <= len(carried.passed[PASSED].pairs) <= 12
    both = over_scans(again, carried)
    told = {(row.axis, row.signal): row for row in both.evidence}
    for row in judged.evidence:
        kept = told[row.axis, row.signal]
        assert "2 scans" in kept.observed
        if row.signal == PASSED:
            assert kept.log10_e > row.log10_e
        elif row.signal not in (*FED_BACK, *HANDED_OVER):
            assert kept.log10_e == pytest.approx(row.log10_e, abs=1e-4)
    assert both.axes["coordination"] > judged.axes["coordination"]


@pytest.mark.parametrize("formed", [True, False])
def test_what_formed_the_group_counts_by_halves_and_all_else_by_pairs(formed: bool) -> None:
    with day(0, MEMBERS, passed=4) as held:
        of = bare_group(accounts=numbers(held, MEMBERS), handovers={PASSED: handovers(formed=formed)})
        tally = tallies_of(held, of)[PASSED]
        assert tally.units == 6
        if formed:
            assert (tally.tested, tally.pairs, tally.chance) == ((2, 1), [], 0.0)
        else:
            assert tally.tested == (0, 0) and tally.pairs == pairs_of(held, of.accounts)[PASSED]
            assert tally.chance == chance_of(held, of.accounts)[PASSED]


def test_nothing_that_passed_is_what_chance_expected() -> None:
    with day(0, MEMBERS) as held:
        of = bare_group(accounts=numbers(held, MEMBERS))
        tallies = tallies_of(held, of)
    assert tallies[PASSED] == Tally(chance=2 * CHANCE_FLOOR)
    assert with_tallies(of, tallies, 12).handovers == {}


def test_chance_grows_with_the_share_of_the_traffic() -> None:
    with day(0, MEMBERS, passed=8) as held:
        large = chance_of(held, np.arange(held.size))[PASSED]
        assert large == pytest.approx(len(held.handovers.unit))
        assert chance_of(held, numbers(held, names("h", 3)))[PASSED] == 2 * CHANCE_FLOOR


def test_counter_evidence_of_today_holds() -> None:
    counter = (evidence(signal="declared_use", axis="extraction", block="registration", log10_e=-3.0),)
    with day(0, MEMBERS) as held:
        judged = judge(bare_group(accounts=numbers(held, MEMBERS)), population())
        against = replace(judged, counter=counter)
        opened = open_ledger(held, against, START)
    assert over_scans(against, opened).axes["extraction"] < over_scans(judged, opened).axes["extraction"]
