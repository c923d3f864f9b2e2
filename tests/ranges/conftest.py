"""Ranges built once for all their tests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillwatch.ranges import Population, Range, build
from stillwatch.ranges.scenarios import scenario
from stillwatch.ranges.scenarios.kinds import SINGLE
from tests.ranges.makers import Stage, stage
from tests.ranges.reading import Log, read

SMALL = 0.12


@pytest.fixture(scope="session")
def demo_range() -> Range:
    return build("demo", seed=1)


@pytest.fixture(scope="session")
def whole() -> Range:
    """Every kind of traffic, small: single firms and houses are cut down, too."""
    incident = scenario("incident", SMALL / 4)
    once = [p for p in incident.parts if not p.options.get("copy")]
    parts = [replace(p, exchanges=p.exchanges // 4) if p.kind in SINGLE else p for p in once]
    return build(Population("whole", tuple(parts), 7.0), seed=5)


@pytest.fixture(scope="session")
def whole_log(whole: Range) -> Log:
    return read(whole)


@pytest.fixture
def theatre() -> Stage:
    """An empty scene of three days."""
    return stage()
