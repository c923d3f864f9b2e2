"""Ranges: nothing in, labelled traffic out. Simulated honest traffic and campaigns, with the truth beside."""

from stillwatch.ranges.build import Range, Staged, build, stage
from stillwatch.ranges.scenarios import SCENARIOS, Population, scenario
from stillwatch.ranges.traffic.scene import Part
from stillwatch.ranges.write import Written, write, write_range

__all__ = [
    "SCENARIOS",
    "Part",
    "Population",
    "Range",
    "Staged",
    "Written",
    "build",
    "scenario",
    "stage",
    "write",
    "write_range",
]
