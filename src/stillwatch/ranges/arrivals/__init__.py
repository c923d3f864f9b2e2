"""When requests come and how long their texts are, by tables fitted to public traces of LLM serving."""

from stillwatch.ranges.arrivals.clock import (
    api_rhythms,
    arrivals,
    heavy_tail,
    rhythm,
    rhythms_by_load,
    sessions,
    shapes,
    think_times,
)
from stillwatch.ranges.arrivals.lengths import CONDENSE, LengthTables, profiles

__all__ = [
    "CONDENSE",
    "LengthTables",
    "api_rhythms",
    "arrivals",
    "heavy_tail",
    "profiles",
    "rhythm",
    "rhythms_by_load",
    "sessions",
    "shapes",
    "think_times",
]
