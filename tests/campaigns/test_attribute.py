"""Exchanges are attributed, not accounts: each once, to the work of the campaign or to what shows the tie."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from stillwatch.campaigns.attribute import (
    CONFIDENCE,
    HARVESTS,
    attribute,
    harvested,
    member_weights,
    share_lower,
)
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads import CELLS
from tests.campaigns.makers import TEMPLATE, Passed, bench, finding, names, proposal, tie, traffic, work
from tests.signals.makers import group, use

POOL, PEOPLE = names("a", 6), names("z", 20)
PASSED: list[Passed] = [("answers_passed", i, POOL[i % 6], POOL[(i + 1) % 6], i) for i in range(12)]
PASSED += [("conversation_carried", 99, POOL[0], PEOPLE[0], 40)]


def rows() -> list[dict]:
    """Return a pool that harvests, its members' own traffic, and people; exchange numbers as keys."""
    return (
        work(POOL, 20)
        + work(POOL, 3, 200, CELLS + 5)
        + work(PEOPLE, 4, 300)
        + work(PEOPLE, 2, 500, CELLS + 5)
    )


def found(
    held: Traffic, verdict: Verdict, ids: list[str], workload: int | None = TEMPLATE, log10_e: float = 5.0
) -> Finding:
    """Return a finding on measured accounts."""
    made = proposal(held, ids, workload)
    return finding(measure(bench(held, made), made), verdict, log10_e)


def attributed(held: Traffic, *findings: Finding) -> dict[int, int]:
    """Return the finding's number by exchange_key; no exchange twice."""
    table = held.session.fetch(attribute(held, findings))
    assert table.num_rows == len(set(table["exchange_key"].to_pylist()))
    return dict(zip(table["exchange_key"].to_pylist(), table["campaign"].to_pylist(), strict=True))


@given(st.integers(1, 400), st.data())
def test_the_share_is_a_lower_bound_by_clopper_and_pearson(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    bound = share_lower(part, whole)
    assert 0.0 <= bound <= part / whole
    if part:  # at the bound, as many or more are seen just as rarely as allowed
        assert binom.sf(part - 1, whole, bound) == pytest.approx(1 - CONFIDENCE, rel=1e-6)
    else:
        assert bound == 0.0


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_the_bound_is_above_the_true_share_as_rarely_as_it_says(share: float) -> None:
    whole = 40
    parts = np.arange(whole + 1)
    wrong = np.array([share_lower(int(k), whole) > share for k in parts])
    assert binom.pmf(parts, whole, share)[wrong].sum() <= 1 - CONFIDENCE + 1e-9


def test_more_of_the_same_share_makes_the_bound_tighter() -> None:
    bounds = [share_lower(n, 2 * n) for n in (2, 20, 200)]
    assert bounds == sorted(bounds) and bounds[-1] > 0.45


def test_a_harvest_is_the_members_work_and_not_their_other_traffic() -> None:
    with traffic(rows(), PASSED) as held:
        taken = attributed(held, found(held, "distillation_campaign", POOL))
        assert taken.keys() == set(range(120))


def test_related_accounts_are_attributed_what_shows_the_tie_and_nothing_else() -> None:
    with traffic(rows(), PASSED) as held:
        taken = attributed(held, found(held, "related_accounts", POOL))
        assert taken.keys() == set(range(12))


@pytest.mark.parametrize("seed", range(3))
def test_every_exchange_goes_to_one_campaign_the_first(seed: int) -> None:
    chance = Random(seed)
    with traffic(rows(), PASSED) as held:
        findings = [
            found(held, chance.choice(VERDICTS), sorted(chance.sample(POOL + PEOPLE, 5)))
            for _finding in range(6)
        ]
        taken = attributed(held, *findings)
        alone = [attributed(held, one).keys() for one in findings]
    for key, number in taken.items():
        assert number == min(i for i, keys in enumerate(alone) if key in keys)
    assert taken.keys() == set().union(*alone)


def test_nothing_found_is_nothing_attributed() -> None:
    with traffic(rows(), PASSED) as held:
        assert attributed(held) == {}


@pytest.mark.parametrize("verdict", VERDICTS)
def test_only_a_harvest_has_harvested_workloads_and_the_judged_one_is_first(verdict: Verdict) -> None:
    dull = use(
        workload=5,
        long_answers=0,
        generated=0,
        contents=9,
        outputs=9,
        openings=0,
        short_prompts=0,
        user_form=False,
    )
    of = finding(group(uses=(use(workload=3), dull, use(workload=7))), verdict)
    expected = [3, 7] if verdict in HARVESTS else []
    assert [each.workload for each in harvested(of)] == expected
    assert harvested(finding(group(uses=()), verdict)) == []


def test_where_answers_are_fed_back_what_shows_it_counts_too() -> None:
    plain = [each for each in PASSED if each[0] == "answers_passed"]
    elsewhere: list[Passed] = [
        ("answers_passed", 700, POOL[0], POOL[1], 201),
        ("retry_handed_over", 701, POOL[0], POOL[1], 202),
    ]
    with traffic(rows(), plain + elsewhere) as held:
        of = found(held, "distillation_campaign", POOL)
        fed = replace(
            of, judged=replace(of.judged, evidence=(*of.judged.evidence, tie(3.0, "answer_pipeline")))
        )
        assert attributed(held, fed).keys() - attributed(held, of).keys() == {201}


def test_a_member_weighs_what_ties_it_and_no_more_than_the_group() -> None:
    passed: list[Passed] = [("answers_passed", i, POOL[0], POOL[1], i) for i in range(4)]
    with traffic(rows(), passed) as held:
        of = found(held, "distillation_campaign", POOL, log10_e=50.0)
        weights = member_weights(held, of)
        assert weights.shape == (6,)
        assert weights[0] == weights[1] > weights[2] == weights[5] >= 0
        weak = replace(of, judged=replace(of.judged, axes=of.judged.axes | {"coordination": 0.5}))
        assert member_weights(held, weak).max() <= 0.5
        nothing = replace(of, judged=replace(of.judged, axes=of.judged.axes | {"coordination": -3.0}))
        assert Counter(member_weights(held, nothing).tolist()) == {0.0: 6}
