"""Ranges: nothing in, labelled traffic out. Simulated honest traffic and campaigns, with the truth beside."""

from stillwatch.ranges.build import Range, build, write
from stillwatch.ranges.scenarios import SCENARIOS, Population, benign, demo, incident
from stillwatch.ranges.world import Part

__all__ = ["SCENARIOS", "Part", "Population", "Range", "benign", "build", "demo", "incident", "write"]
