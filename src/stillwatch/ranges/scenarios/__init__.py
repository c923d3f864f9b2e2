"""Scenarios: ready-made populations by name."""

from stillwatch.ranges.scenarios.catalogue import SCENARIOS, scenario
from stillwatch.ranges.scenarios.kinds import KINDS
from stillwatch.ranges.scenarios.population import Population

__all__ = ["KINDS", "SCENARIOS", "Population", "scenario"]
