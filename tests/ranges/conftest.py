"""Ranges built once for all their tests."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from stillwatch.ranges import Range, build, demo, incident
from stillwatch.ranges.world import World
from tests.ranges.reading import Log, read


@pytest.fixture(scope="session")
def incident_range() -> Range:
    """Every kind of traffic, small."""
    return build(incident(1.0), seed=5)


@pytest.fixture(scope="session")
def incident_log(incident_range: Range) -> Log:
    return read(incident_range)


@pytest.fixture(scope="session")
def demo_range() -> Range:
    return build(demo(), seed=1)


@pytest.fixture
def world() -> World:
    return World(7, datetime(2026, 6, 1, tzinfo=UTC), 3.0)


@pytest.fixture
def rng() -> Random:
    return Random(11)
