"""Baselines: simple detectors that a scan must beat, each scored by the same truth."""

from stillwatch.ranges.scoring.baselines.result import BaselineResult
from stillwatch.ranges.scoring.baselines.runner import BASELINES, run_baseline

__all__ = ["BASELINES", "BaselineResult", "run_baseline"]
