from __future__ import annotations

import pytest

from stillwatch.ranges import Range
from stillwatch.ranges.scenarios import SCENARIOS, scenario
from stillwatch.ranges.scenarios.kinds import POOLS
from tests.ranges.reading import Log


def test_every_scenario_has_its_size() -> None:
    assert set(SCENARIOS) == {"demo", "benign", "incident"}
    demo, benign, incident = (scenario(name) for name in ("demo", "benign", "incident"))
    assert 3_000 <= demo.exchanges <= 6_000 and 120 <= demo.accounts <= 260
    assert 20_000 <= benign.exchanges <= 28_000
    assert 90_000 <= incident.exchanges <= 150_000


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_scenario_scales(name: str) -> None:
    one, four = (scenario(name, s) for s in (1.0, 4.0))
    assert one.days == four.days
    assert 3.5 < four.exchanges / one.exchanges < 4.5


def test_benign_holds_no_pool() -> None:
    assert not {p.kind for p in scenario("benign").parts} & set(POOLS)


def test_honest_traffic_is_several_times_the_campaigns() -> None:
    for scale in (0.5, 1.0):
        parts = scenario("incident", scale).parts
        taken = sum(p.exchanges for p in parts if p.kind in POOLS)
        assert 3 < sum(p.exchanges for p in parts if p.kind not in POOLS) / taken < 6


def test_the_demo_has_three_campaigns(demo_range: Range) -> None:
    assert set(demo_range.truth["campaign"].to_pylist()) == {None, "copper", "willow", "quarry"}


def test_the_incident_has_its_campaigns(whole_log: Log) -> None:
    named = {p.name for p in scenario("incident").parts} - {None}
    found = {r["campaign"] for r in whole_log.rows} - {None}
    assert {c.removesuffix("-a").removesuffix("-b") for c in found} == named


def test_an_unknown_scenario_names_those_that_exist() -> None:
    with pytest.raises(ValueError, match="expected one of demo, benign, incident, found 'peace'"):
        scenario("peace")
