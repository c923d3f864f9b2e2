"""Beginnings at times of their own have mean at most one, in waves too; new papers right after a stop convince."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.campaigns.measuring.replacements import newcomers, replacements_of
from stillwatch.evidence.group import Group
from stillwatch.signals.replacement import MOST, SIGNAL, rate_of
from tests.signals.lives import DAY, lifecycle, replacement
from tests.signals.makers import bare_group, group, plain, population, upper_bound

LOG = 30 * DAY
MEMBERS, OTHERS = 12, 1_200


def beginnings(random: np.random.Generator, size: int, wave: int, growing: bool) -> np.ndarray:
    """When accounts begin: an eighth within the log, in waves of so many, the others long before."""
    at = (
        random.uniform(0, LOG, -(-size // wave)) if not growing else LOG * random.beta(4, 1, -(-size // wave))
    )
    at = np.where(random.random(len(at)) < 1 / 8, at, -90 * DAY)
    return np.repeat(at, wave)[:size] + random.uniform(0, 3600, size)


def unrelated(random: np.random.Generator, wave: int = 1, growing: bool = False) -> Group:
    """Members that begin like everybody; two of them are stopped at times that have nothing to do with it."""
    begun = beginnings(random, MEMBERS + OTHERS, wave, growing)
    created = begun - random.uniform(0, 3600, len(begun))
    stopped = np.full(MEMBERS, np.nan)
    lived = np.maximum(begun[:2], 0.0)
    stopped[:2] = lived + random.random(2) * (LOG - lived)
    spans = replacements_of(
        begun[:MEMBERS], created[:MEMBERS], stopped, [], newcomers(begun, created), len(begun)
    )
    return bare_group(accounts=np.arange(MEMBERS), lifecycle=lifecycle(MEMBERS, replacements=spans))


@pytest.mark.parametrize(("wave", "growing"), [(1, False), (2, False), (2, True), (5, False)])
def test_accounts_that_begin_like_everybody_have_a_mean_of_at_most_one(wave: int, growing: bool) -> None:
    """Each by itself, in pairs, or half of a customer at once; in a product that grows as well."""
    random = np.random.default_rng(11)
    e = [plain(SIGNAL.weigh(unrelated(random, wave, growing), population())) for _run in range(1_200)]
    assert upper_bound(e) <= 1.5  # three standard errors are up to a half here


def test_half_a_pool_banned_and_replaced_within_a_day_convinces() -> None:
    banned = tuple(
        replacement(within=w, stops=10, others=19, stepped_in=10, outside_begun=2, outside=900)
        for w in (DAY / 4, DAY, 3 * DAY)
    )
    row = SIGNAL.weigh(bare_group(lifecycle=lifecycle(replacements=banned)), population())
    assert row is not None
    assert row.log10_e == SIGNAL.ceiling
    assert "stepped in" in row.summary


def test_one_of_four_banned_and_replaced_is_enough_where_hardly_anybody_begins() -> None:
    one = replacement(stops=1, others=3, stepped_in=1, outside_begun=1, outside=9_000)
    assert plain(SIGNAL.weigh(bare_group(lifecycle=lifecycle(4, replacements=(one,))), population())) >= 20


def test_nobody_who_steps_in_speaks_against_it() -> None:
    none = replacement(stepped_in=0)
    row = SIGNAL.weigh(bare_group(lifecycle=lifecycle(replacements=(none,))), population())
    assert row is not None and row.log10_e < 0
    assert "stepped in" not in row.summary


def test_the_members_own_growth_and_that_of_the_log_raise_the_rate() -> None:
    assert rate_of(replacement(others=9, before=3)) == pytest.approx(1 / 3)
    assert rate_of(replacement(outside_begun=28, outside=288)) == pytest.approx(0.1)
    assert rate_of(replacement(others=2, before=2)) == MOST
    grown = lifecycle(replacements=(replacement(before=4),))
    assert plain(SIGNAL.weigh(bare_group(lifecycle=grown), population())) < 1


def test_it_is_silent_where_nobody_was_stopped_and_where_the_start_picked_the_members() -> None:
    assert SIGNAL.weigh(bare_group(), population()) is None
    assert SIGNAL.weigh(bare_group(lifecycle=lifecycle(replacements=())), population()) is None
    assert SIGNAL.weigh(group(), population()) is not None
    assert SIGNAL.weigh(replace(group(), picked_by_start=True), population()) is None


def test_a_shift_of_all_times_by_weeks_changes_nothing() -> None:
    begun = np.array([0.0, 0.0, 5 * DAY + 600, 5 * DAY + 900])
    created, stopped = begun - 600, np.array([5 * DAY, np.nan, np.nan, np.nan])
    rows = []
    for weeks in (0, 3):
        moved = [values + weeks * 7 * DAY for values in (begun, created, stopped)]
        everybody = newcomers(np.append(moved[0], weeks * 7 * DAY), np.append(moved[1], -99 * DAY))
        spans = replacements_of(*moved, [], everybody, 5)
        rows.append(SIGNAL.weigh(bare_group(lifecycle=lifecycle(4, replacements=spans)), population()))
    assert rows[0] == rows[1] is not None
