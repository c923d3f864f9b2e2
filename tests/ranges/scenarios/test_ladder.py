from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.campaigns.designs import HARVEST_OPTIONS, POOL_OPTIONS
from stillwatch.ranges.scenarios.honest import HONEST
from stillwatch.ranges.scenarios.ladder import NAME, RUNGS, SHARES, SIZES, Step, campaign, ladder
from tests.ranges.reading import log

steps = st.builds(
    Step, st.integers(0, 9), st.sampled_from([5, 20, 60]), st.integers(2, 60), st.sampled_from(SHARES)
)


@given(steps)
def test_a_rung_keeps_the_evasions_below_it(step: Step) -> None:
    expected: dict[str, object] = {}
    for rung in RUNGS[: step.level + 1]:
        expected |= rung.options
    found = step.options
    assert {k: v for k, v in found.items() if k != "share"} == {
        k: v for k, v in expected.items() if k != "share"
    }
    assert (
        found.get("share")
        == {True: step.share, False: 1.0 if step.level == 9 else None}[6 <= step.level <= 8]
    )


def test_every_option_of_a_rung_means_something() -> None:
    known = {*POOL_OPTIONS, *HARVEST_OPTIONS, "harvest", "hours", "days", "share", "sticks_by"}
    assert {name for rung in RUNGS for name in rung.options} <= known
    assert [r.level for r in RUNGS] == list(range(10)) and all(r.adds for r in RUNGS)


@given(steps)
def test_the_harvest_is_as_large_on_every_rung(step: Step) -> None:
    made = campaign(step)
    share = float(made.options.get("share", 1.0))
    assert abs(made.exchanges * share - step.harvested) <= 1
    assert made.name == NAME and (made.accounts == 1) == (step.level <= 1)


@given(steps)
def test_honest_traffic_is_a_multiple_of_the_harvest_and_keeps_every_kind(step: Step) -> None:
    whole = ladder(step)
    honest = sum(p.exchanges for p in whole.parts if p.name != NAME)
    assert {p.kind for p in whole.parts} - {campaign(step).kind} == {p.kind for p in HONEST}
    if step.harvested * step.background > 40_000:
        assert 0.75 < honest / step.harvested / step.background < 1.25
    assert sum(p.name == NAME for p in whole.parts) == 1


def test_steps_have_names_of_their_own() -> None:
    every = [Step(n, a, e, s) for n in range(10) for a, e in SIZES for s in SHARES]
    assert len({s.name for s in every}) == len(SIZES) * (7 + 3 * len(SHARES))


@pytest.mark.parametrize("level", range(10))
def test_a_rung_can_be_planted(level: int) -> None:
    step = Step(level, 6, 20, 0.5)
    found = log(campaign(step), days=7.0)
    rows = [r for r in found.rows if r["campaign"] == NAME]
    assert 0.9 * step.harvested <= len(rows) <= 1.1 * step.harvested
    if level == 0:
        assert len({r["messages"][-1]["content"] for r in rows}) <= step.harvested / 20 + 1
    if level == 2:
        assert len({r["ip"] for r in rows}) == 1
    if level >= 3:
        assert {r["ip_class"] for r in rows} <= {"residential", "mobile"}
    if level == 9:
        assert max(Counter(r["account_id"] for r in rows).values()) < 15
